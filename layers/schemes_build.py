"""Buildings drawn, raised, stacked, moved, turned, copied, split and demolished: plain functions.

Each takes a layer's content and gives another; parts go with the building they belong to.
Attribute fields keep the names the layer has; new buildings fill those that are known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import ArrayLike
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from layers.errors import CityError
from layers.kinds.base import Packed, pack_shapes
from layers.kinds.buildings import EDITED, FIELD, Buildings
from layers.row_match import old_rows
from layers.schemes_rows import ATTRIBUTES, both_schemas, drop, joined, pick, put, with_columns
from layers.shapes import Floats, Ints, Shapes

Ground = Callable[[ArrayLike], Floats]
SMALLEST = 4.0  # m2: what is smaller than that is no footprint


@dataclass(frozen=True, slots=True)
class Use:
    """A use of buildings: its Chinese name and the usual height of a storey, metres."""

    key: str
    name_zh: str
    storey: float


#: Usual storey heights; a drawn building takes them until told otherwise.
USES: dict[str, Use] = {
    use.key: use
    for use in (
        Use("residential", "住宅", 3.0), Use("office", "办公", 4.0),
        Use("commercial", "商业", 4.8), Use("hotel", "酒店", 3.6),
        Use("research", "研发", 4.5), Use("industrial", "厂房", 6.0),
        Use("education", "教育", 3.9), Use("culture", "文化", 5.0),
        Use("medical", "医疗", 4.2),
    )
}  # fmt: skip
USE_FIELDS = ("USE", "use", "function", "building")
USE_FIELDS_ZH = ("用途", "功能", "建筑用途")
STOREY_FIELDS = ("层数", "地上层数", "storeys", "floors", "levels", "building:levels")
HEIGHT_FIELDS = ("高度", "建筑高度", "height", "HEIGHT")
NAME_FIELDS = ("名称", "name", "NAME")
LOW_FIELDS = ("离地高", "min_height")


@dataclass(frozen=True, slots=True)
class Block:
    """A building to be made, or a part of one.

    Attributes
    ----------
    footprint : Polygon
        Project coordinates.
    height : float
        Top above ground, metres.
    low : float
        Underside above ground, metres.
    use : str
        Key of ``USES``.
    storeys : int
        How many storeys it has.
    name : str
        What it is called.
    """

    footprint: Polygon
    height: float
    low: float = 0.0
    use: str = "residential"
    storeys: int = 0
    name: str = ""

    @classmethod
    def of_storeys(
        cls, footprint: Polygon, storeys: int, use: str, *, storey: float = 0.0, low: float = 0.0,
        name: str = "",
    ) -> Block:  # fmt: skip
        """Make one of so many storeys; `storey` 0 takes the usual height of the use, metres.

        Raises
        ------
        CityError
            ``build.storeys`` unless there are 1 to 250 storeys of 2 to 20 m.
        """
        high = storey or USES[use].storey
        if not (1 <= storeys <= 250 and 2.0 <= high <= 20.0):
            raise CityError(
                "build.storeys",
                f"{storeys} storeys of {high:g} m cannot be.",
                hint="give 1 to 250 storeys of 2 to 20 m",
                storeys=storeys,
                metres=high,
            )
        return cls(footprint, low + storeys * high, low, use, storeys, name)


def sound(footprint: Polygon) -> Polygon:
    """Give a footprint back where one can build on it.

    Raises
    ------
    CityError
        ``build.footprint`` if it crosses itself or is smaller than 4 m2.
    """
    if len(footprint.exterior.coords) < 4 or not footprint.is_valid or footprint.area < SMALLEST:
        raise CityError(
            "build.footprint",
            "The footprint crosses itself or is smaller than 4 m².",
            hint="draw at least three corners, one after the other around the building",
        )
    return footprint


def family(data: Buildings, ids: ArrayLike) -> Ints:
    """Give the numbers of buildings together with their parts, and the whole of parts."""
    wanted = np.asarray(ids, dtype=np.int64).reshape(-1)
    at = data.index_of(wanted)
    heads = np.where(data.part_of[at] > 0, data.part_of[at], wanted)
    rows = old_rows(np.union1d(heads, wanted), data.ids)
    part = np.flatnonzero(data.part_of > 0)
    parts = part[np.isin(data.part_of[part], heads)]
    return data.ids[np.union1d(rows[rows >= 0], parts)]


def without(data: Buildings, ids: ArrayLike) -> Buildings:
    """Demolish buildings with all their parts."""
    return Buildings.unpack(drop(data.pack(), family(data, ids)))


def inside(data: Buildings, area: BaseGeometry) -> Ints:
    """Give the numbers of buildings most of whose footprint lies in an area, with their parts."""
    west, south, east, north = area.bounds
    box = data.shapes.bounds()
    near = np.flatnonzero(
        (box[:, 0] <= east) & (box[:, 2] >= west) & (box[:, 1] <= north) & (box[:, 3] >= south)
    )
    if len(near) == 0:
        return np.zeros(0, dtype=np.int64)
    shapes = data.shapes.take(near).to_shapely()
    shapely.prepare(area)
    share = shapely.area(shapely.intersection(shapes, area)) / shapely.area(shapes)
    found = data.ids[near[share > 0.5]]
    return family(data, found) if len(found) else found


def with_blocks(
    data: Buildings, blocks: Sequence[Block], first: int, *, ground: Ground | None = None
) -> tuple[Buildings, Ints]:
    """Build blocks; several make one building of parts, such as a tower on a podium.

    Parameters
    ----------
    data : Buildings
        The layer.
    blocks : sequence of Block
        One building: a single block, or its parts.
    first : int
        Number of the first new object; the next ones follow.
    ground : callable or None
        Gives ground heights at places; parts need it to stand on one level.

    Returns
    -------
    Buildings
        The layer with the new building.
    (k,) int64
        Numbers of what is new, the whole building first.
    """
    for block in blocks:
        sound(block.footprint)
    made = list(blocks)
    stacked = len(made) > 1
    if stacked:
        whole = shapely.union_all([block.footprint for block in made])
        hull = whole if isinstance(whole, Polygon) else whole.convex_hull
        assert isinstance(hull, Polygon)
        top = max(block.height for block in made)
        storeys = sum(block.storeys for block in made)
        made.insert(0, replace(made[0], footprint=hull, height=top, low=0.0, storeys=storeys))
    n = len(made)
    shapes = Shapes.from_shapely([shapely.force_2d(block.footprint) for block in made])
    base = np.full(n, np.nan)
    if stacked and ground is not None:
        base[:] = float(np.min(ground(shapes.take([0]).coords)))
    ids = np.arange(first, first + n, dtype=np.int64)
    drawn = np.ones(n, dtype=bool)
    part_of = np.zeros(n, dtype=np.int64)
    if stacked:
        drawn[0], part_of[1:] = False, first
    new = Buildings(
        shapes, ids, np.arange(n), _facts(data.attributes, made),
        height=np.array([block.height for block in made]),
        min_height=np.array([block.low for block in made]),
        base=base, height_rule=np.full(n, FIELD, dtype=np.uint8), part_of=part_of, drawn=drawn,
    )  # fmt: skip
    return Buildings.unpack(put(data.pack(), new.pack())), ids


def _facts(table: pa.Table, blocks: Sequence[Block]) -> pa.Table:
    """Give attribute rows of new buildings in the fields the layer has."""
    names = table.column_names
    values: dict[str, list[Any]] = {}

    def fill(fields: Sequence[str], found: list[Any], *, otherwise: str = "") -> None:
        known = [name for name in fields if name in names]
        for name in known or ([otherwise] if otherwise else []):
            values[name] = found

    zh = any(name in names for name in USE_FIELDS_ZH)
    fill(USE_FIELDS_ZH, [USES[b.use].name_zh if b.use in USES else b.use for b in blocks])
    fill(USE_FIELDS, [b.use for b in blocks], otherwise="" if zh else "use")
    fill(STOREY_FIELDS, [b.storeys for b in blocks], otherwise="storeys")
    fill(HEIGHT_FIELDS, [b.height for b in blocks])
    fill(LOW_FIELDS, [b.low for b in blocks])
    fill(NAME_FIELDS, [b.name or None for b in blocks])
    fresh = pa.table(values)
    schema = both_schemas(fresh.schema, table.schema)
    columns = []
    for field in schema:
        if field.name in values:
            columns.append(_typed(values[field.name], field.type))
        else:
            columns.append(pa.nulls(len(blocks), field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def _typed(values: list[Any], kind: pa.DataType) -> pa.Array:
    """Give values in the type of a field, empty where they do not fit."""
    try:
        return pa.array(values).cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.nulls(len(values), kind)


def stacked_blocks(
    podium: Polygon, podium_storeys: int, tower: Polygon, tower_storeys: int, *,
    podium_use: str = "commercial", tower_use: str = "residential", name: str = "",
) -> tuple[Block, Block]:  # fmt: skip
    """Make a tower on a podium: two blocks, the second on top of the first."""
    low = Block.of_storeys(podium, podium_storeys, podium_use, name=name)
    high = Block.of_storeys(tower, tower_storeys, tower_use, low=low.height, name=name)
    return low, high


def shrunk(footprint: Polygon, metres: float) -> Polygon:
    """Give the footprint of a tower that stands so many metres back from its podium's edges.

    Raises
    ------
    CityError
        ``build.setback`` if nothing is left.
    """
    left = footprint.buffer(-metres, join_style="mitre")
    parts = [p for p in shapely.get_parts(left) if isinstance(p, Polygon) and p.area > SMALLEST]
    if not parts:
        raise CityError(
            "build.setback",
            f"Nothing is left {metres:g} m inside the podium.",
            hint="give a smaller distance",
            metres=metres,
        )
    return max(parts, key=lambda part: part.area)


def raised(data: Buildings, ids: ArrayLike, metres: float) -> Buildings:
    """Push or pull the tops of buildings by metres; parts of a stack that reach the top follow.

    Raises
    ------
    CityError
        ``build.too_low`` if a top would come below its underside.
    """
    wanted = family(data, ids)
    at = data.index_of(wanted)
    heads = np.where(data.part_of[at] > 0, data.part_of[at], data.ids[at])
    tops = {head: data.height[at[heads == head]].max() for head in np.unique(heads)}
    reach = np.array([tops[head] for head in heads])
    moving = at[np.isclose(data.height[at], reach)]
    tall = data.height[moving] + metres
    bad = moving[tall < data.min_height[moving] + 1.0]
    if len(bad):
        raise CityError(
            "build.too_low",
            f"Building {data.ids[bad[0]]} would be lower than 1 m.",
            hint="push it less",
            building=int(data.ids[bad[0]]),
        )
    return data.with_heights(data.ids[moving], tall)


def with_storeys(
    data: Buildings, building: int, storeys: int, use: str, *, storey: float = 0.0
) -> Buildings:
    """Give a building a number of storeys, their height and a use; metres, 0 for the usual."""
    at = int(data.index_of([building])[0])
    outline = data.shapes.take([at]).to_shapely()[0]
    low = float(data.min_height[at])
    block = Block.of_storeys(outline, storeys, use, storey=storey, low=low)
    rows = pick(data.pack(), np.array([at]))
    table = _filled(rows.tables[ATTRIBUTES], _facts(data.attributes, [block]))
    arrays = {**rows.arrays, "height": np.array([block.height]),
              "height_rule": np.array([EDITED], dtype=np.uint8)}  # fmt: skip
    return Buildings.unpack(put(data.pack(), Packed(rows.meta, arrays, {ATTRIBUTES: table})))


def _filled(before: pa.Table, new: pa.Table) -> pa.Table:
    """Give the new values where there are some, else those of before."""
    before = with_columns(before, new.schema)
    columns = [
        new.column(i) if new.column(i).null_count == 0 else before.column(i)
        for i in range(new.num_columns)
    ]
    return pa.Table.from_arrays(columns, schema=new.schema)


def _taken(data: Buildings, ids: Ints) -> Packed:
    """Give rows of buildings."""
    return pick(data.pack(), data.index_of(ids))


def _shifted(rows: Packed, change: Callable[[Floats], Floats], ground: Ground | None) -> Packed:
    """Give rows of buildings with their places changed; bases follow the ground."""
    arrays = dict(rows.arrays)
    before = arrays["shapes.coords"]
    arrays["shapes.coords"] = change(before)
    base = arrays["base"].copy()
    known = ~np.isnan(base)
    if known.any() and ground is not None:
        step = float(np.min(ground(arrays["shapes.coords"])) - np.min(ground(before)))
        base[known] += step
        arrays["base"] = base
        lift = step
    else:
        lift = 0.0
    if "surfaces.coords" in arrays:
        faces = arrays["surfaces.coords"].copy()
        faces[:, :2] = change(faces[:, :2])
        faces[:, 2] += lift
        arrays["surfaces.coords"] = faces
    return Packed(rows.meta, arrays, rows.tables)


def moved(
    data: Buildings, ids: ArrayLike, east: float, north: float, *, ground: Ground | None = None
) -> Buildings:
    """Move buildings with their parts, metres."""
    shift = np.array([east, north])
    rows = _shifted(_taken(data, family(data, ids)), lambda xy: xy + shift, ground)
    return Buildings.unpack(put(data.pack(), rows))


def turned(
    data: Buildings, ids: ArrayLike, degrees: float, *, centre: Sequence[float] | None = None,
    ground: Ground | None = None,
) -> Buildings:  # fmt: skip
    """Turn buildings with their parts, degrees clockwise seen from above.

    Parameters
    ----------
    data : Buildings
        The layer.
    ids : (k,) array_like of int
        Buildings.
    degrees : float
        Clockwise, as compass directions count.
    centre : (2,) sequence of float or None
        Place that stays; None takes the middle of the boxes around them.
    ground : callable or None
        See `with_blocks`.
    """
    members = family(data, ids)
    box = data.shapes.take(data.index_of(members)).extent()
    assert box is not None
    middle = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
    middle = middle if centre is None else np.asarray(centre, dtype=np.float64)
    angle = math.radians(degrees)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    rows = _shifted(_taken(data, members), lambda xy: (xy - middle) @ turn + middle, ground)
    return Buildings.unpack(put(data.pack(), rows))


def copied(
    data: Buildings, ids: ArrayLike, shifts: ArrayLike, first: int, *,
    ground: Ground | None = None,
) -> tuple[Buildings, Ints]:  # fmt: skip
    """Copy buildings with their parts to other places.

    Parameters
    ----------
    data : Buildings
        The layer.
    ids : (k,) array_like of int
        Buildings.
    shifts : (m, 2) array_like of float
        Metres east and north for each copy; an array of buildings has several.
    first : int
        Number of the first new object.
    ground : callable or None
        See `with_blocks`.

    Returns
    -------
    Buildings, (j,) int64
        The layer, and the numbers of the copies.
    """
    members = family(data, ids)
    taken = _taken(data, members)
    made: list[Packed] = []
    numbers = [np.zeros(0, dtype=np.int64)]
    for shift in np.asarray(shifts, dtype=np.float64).reshape(-1, 2):
        rows = _shifted(taken, lambda xy, by=shift: xy + by, ground)  # type: ignore[misc]  # a bound default
        new = np.arange(first, first + len(members), dtype=np.int64)
        names = dict(zip(rows.arrays["ids"].tolist(), new.tolist(), strict=True))
        arrays = dict(rows.arrays)
        for name in ("ids", "part_of", "surfaces.owner"):
            if name in arrays:
                arrays[name] = np.array([names.get(i, 0) for i in arrays[name].tolist()])
        made.append(Packed(rows.meta, arrays, rows.tables))
        numbers.append(new)
        first += len(members)
    if not made:
        return data, numbers[0]
    return Buildings.unpack(put(data.pack(), joined(made))), np.concatenate(numbers)


def split(data: Buildings, building: int, line: LineString, first: int) -> tuple[Buildings, Ints]:
    """Cut a building in pieces along a line; the largest keeps its number.

    Raises
    ------
    CityError
        ``build.split`` if the line does not cut through, ``build.split_parts`` for
        buildings of parts.
    """
    if len(family(data, [building])) > 1:
        raise CityError(
            "build.split_parts",
            f"Building {building} has parts and cannot be cut.",
            hint="cut its parts one by one after taking them apart",
            building=building,
        )
    from shapely.ops import split as cut

    at = int(data.index_of([building])[0])
    outline = data.shapes.take([at]).to_shapely()[0]
    pieces = [p for p in cut(outline, line).geoms if p.area > SMALLEST]
    if len(pieces) < 2:
        raise CityError(
            "build.split",
            f"The line does not cut through building {building}.",
            hint="draw it from one side of the building to the other",
            building=building,
        )
    pieces.sort(key=lambda piece: -piece.area)
    rows = pick(data.pack(), np.zeros(len(pieces), dtype=np.int64) + at)
    ids = np.array([building, *range(first, first + len(pieces) - 1)], dtype=np.int64)
    shapes = Shapes.from_shapely(pieces)
    if data.surfaces is not None:
        rows = Packed(rows.meta, {k: v for k, v in rows.arrays.items()
                                  if not k.startswith("surfaces.")}, rows.tables)  # fmt: skip
    arrays = {**rows.arrays, **pack_shapes(shapes), "ids": ids}
    return Buildings.unpack(put(data.pack(), Packed(rows.meta, arrays, rows.tables))), ids
