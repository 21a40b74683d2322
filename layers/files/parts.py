"""Buildings and their parts: who belongs to whom, and which outlines stay undrawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from layers.files.duplicates import id_field
from layers.files.raw import RawLayer
from layers.files.repair import Geometries, Pieces
from layers.files.report import Tally
from layers.progress import Progress, Silent
from layers.shapes import Bools, Floats, Ints
from layers.style import texts

PART_FIELDS = ("building:part", "building_part")  # OpenStreetMap
PART_KINDS = ("building_part",)  # values of `kind` in Mapzen and Tilezen tiles
COVERED = 0.9  # share of an outline from which its parts stand for all of it
MOSTLY = 0.5  # the same where the outline's own height says nothing more than its parts
LEVEL = 0.1  # m: heights this near are one
REST_AREA = 1.0  # m2: smaller rests of an outline are rounding
REST_WIDTH = 0.3  # m: so are narrower ones


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """Who is part of whom among k objects, and what is drawn.

    Attributes
    ----------
    parent : (k,) int64
        Position of the building each object is a part of, -1 for none.
    drawn : (k,) bool
        False for outlines whose parts are drawn in their place.
    rest : (j,) object
        What parts leave of outlines that they cover only in part, polygons.
    rest_of : (j,) int64
        Position of the outline of each rest.
    """

    parent: Ints
    drawn: Bools
    rest: Geometries
    rest_of: Ints


def part_rows(raw: RawLayer) -> tuple[Bools, pa.ChunkedArray | None]:
    """Say which features are parts of buildings, and what they call their parent.

    Returns
    -------
    (n,) ndarray of bool
        Whether a feature is a part.
    pyarrow array or None
        Ids of parents, null for none; None where the file does not name them.
    """
    n, table = len(raw), raw.attributes
    part = np.zeros(n, dtype=bool)
    if raw.parent is not None:
        part |= raw.parent >= 0
    for name in PART_FIELDS:
        if name in table.column_names:
            said = pd.Series(texts(table.column(name)), dtype=object)
            part |= (said.notna() & ~said.isin(["", "no"])).to_numpy(dtype=bool)
    if "kind" in table.column_names:
        kinds = pd.Series(texts(table.column("kind")), dtype=object)
        part |= kinds.isin(PART_KINDS).to_numpy(dtype=bool)
    roots = table.column("root_id") if "root_id" in table.column_names else None
    if roots is not None:
        part |= pc.is_valid(roots).to_numpy(zero_copy_only=False)
    return part, roots


def families(
    raw: RawLayer,
    pieces: Pieces,
    height: Floats,
    min_height: Floats,
    told: Bools,
    tally: Tally,
    progress: Progress | None = None,
) -> Family:
    """Bring parts to their buildings and settle what is drawn.

    A part belongs to the building that its file names (``root_id``, a CityJSON
    parent), else to the smallest outline it lies in. An outline is not drawn
    where its parts cover it from below its top; where they cover some of it and
    stand on the ground, the rest of the outline is drawn as an object of its
    own. Parts that start at or above the outline's top stand on it.

    Parameters
    ----------
    raw : RawLayer
        The layer.
    pieces : Pieces
        Its k clean footprints, metres.
    height, min_height : (k,) float64
        Of each footprint, metres.
    told : (k,) bool
        Whether the height is more than a default.
    tally : Tally
        Is told what was found.
    progress : Progress or None
        Is asked between buildings.
    """
    progress = progress or Silent()
    k = len(pieces.row)
    part_row, roots = part_rows(raw)
    part = part_row[pieces.row]
    parent = np.full(k, -1, dtype=np.int64)
    nothing = Family(
        parent, np.ones(k, dtype=bool), np.empty(0, dtype=object), np.zeros(0, dtype=np.int64)
    )
    if not part.any():
        return nothing
    parent_row = np.full(len(raw), -1, dtype=np.int64)
    if roots is not None:
        parent_row = _rows_of_roots(raw, roots, part_row)
    if raw.parent is not None:
        parent_row = np.where(raw.parent >= 0, raw.parent, parent_row)
    _by_row(parent, parent_row, pieces, part)
    _by_place(parent, pieces, part)
    tally.note("parts", count=int(part.sum()), parents=len(np.unique(parent[parent >= 0])))
    if alone := int((part & (parent < 0)).sum()):
        first = tally.named(pieces.row[part & (parent < 0)])
        tally.note("parts_without_parent", count=alone, first=first)
    return _undrawn(nothing, pieces, height, min_height, told, tally, progress)


def _rows_of_roots(raw: RawLayer, roots: pa.ChunkedArray, part: Bools) -> Ints:
    """Give the row of the building each part names, -1 where it is not in the file."""
    name = id_field(raw.attributes)
    if name is None:
        return np.full(len(raw), -1, dtype=np.int64)
    own = texts(raw.attributes.column(name))
    is_shape = raw.types() >= 2  # a label point carries the same id
    whole = pd.Series(np.arange(len(raw)), index=own)[~part & is_shape]
    whole = whole[whole.index.notna()]
    whole = whole[np.logical_not(whole.index.duplicated())]
    wanted = pd.Index(texts(roots), dtype=object)
    at = whole.index.get_indexer(wanted)
    known = (at >= 0) & wanted.notna()
    return np.where(known, whole.to_numpy()[np.maximum(at, 0)] if len(whole) else -1, -1)


def _by_row(parent: Ints, parent_row: Ints, pieces: Pieces, part: Bools) -> None:
    """Find the object of the row each part names; of several the one it lies in, else the first."""
    mine = np.flatnonzero(part & (parent_row[pieces.row] >= 0))
    order = np.argsort(pieces.row, kind="stable")
    sorted_rows = pieces.row[order]
    wanted = parent_row[pieces.row[mine]]
    start = np.searchsorted(sorted_rows, wanted, side="left")
    end = np.searchsorted(sorted_rows, wanted, side="right")
    found = start < end
    parent[mine[found]] = order[start[found]]
    for i in np.flatnonzero(end - start > 1):
        choice = order[start[i] : end[i]]
        inside = shapely.area(
            shapely.intersection(pieces.geometry[choice], pieces.geometry[mine[i]])
        )
        parent[mine[i]] = choice[int(np.argmax(inside))]


def _by_place(parent: Ints, pieces: Pieces, part: Bools) -> None:
    """Give parts that name nobody to the smallest outline they lie in."""
    lost = np.flatnonzero(part & (parent < 0))
    whole = np.flatnonzero(~part)
    if lost.size == 0 or whole.size == 0:
        return
    points = shapely.point_on_surface(pieces.geometry[lost])
    tree = shapely.STRtree(pieces.geometry[whole])
    i, j = tree.query(points, predicate="within")
    area = shapely.area(pieces.geometry[whole[j]])
    order = np.lexsort((area, i))
    i, j = i[order], j[order]
    first = np.flatnonzero(np.diff(i, prepend=-1))
    parent[lost[i[first]]] = whole[j[first]]


def _undrawn(
    family: Family,
    pieces: Pieces,
    height: Floats,
    min_height: Floats,
    told: Bools,
    tally: Tally,
    progress: Progress,
) -> Family:
    """Settle which outlines are drawn, whole or in part."""
    drawn = family.drawn
    rests: list[Geometries] = []
    rest_of: list[int] = []
    members = np.flatnonzero(family.parent >= 0)
    members = members[np.argsort(family.parent[members], kind="stable")]
    groups = np.split(members, np.flatnonzero(np.diff(family.parent[members])) + 1)
    hidden = 0
    for count, these in enumerate(groups):
        if these.size == 0:
            continue
        if count % 100 == 0:
            progress.step(count, len(groups), "progress-parts")
        at = int(family.parent[these[0]])
        top, low = height[at], min_height[these]
        reach = (low < top - LEVEL) | (not told[at])
        if not reach.any():
            continue
        outline = pieces.geometry[at]
        share = _cover(outline, pieces.geometry[these[reach]])
        bare = not told[at] or top >= height[these].max() - LEVEL
        if share >= COVERED or (bare and share >= MOSTLY):
            drawn[at] = False
            hidden += 1
            continue
        ground = these[reach & (low <= min_height[at] + LEVEL)]
        if ground.size and share > 0.0:
            rest = _rest(outline, pieces.geometry[ground])
            drawn[at] = False
            rests.append(rest)
            rest_of.extend([at] * len(rest))
    if hidden or rests:
        tally.note("outlines_undrawn", count=hidden, cut=len(rests), rests=len(rest_of))
    rest = np.concatenate(rests) if rests else family.rest
    return Family(family.parent, drawn, rest, np.array(rest_of, dtype=np.int64))


def _cover(outline: shapely.Geometry, parts: Geometries) -> float:
    """Give the share of an outline that parts cover."""
    return float(shapely.area(shapely.intersection(shapely.union_all(parts), outline))) / float(
        shapely.area(outline)
    )


def _rest(outline: shapely.Geometry, parts: Geometries) -> Geometries:
    """Give what parts leave of an outline, without slivers of rounding."""
    left = shapely.get_parts(shapely.difference(outline, shapely.union_all(parts)))
    left = left[shapely.get_type_id(left) == 3]
    left = left[shapely.area(left) >= REST_AREA]
    wide = ~shapely.is_empty(shapely.buffer(left, -REST_WIDTH / 2))
    return np.asarray(left[wide], dtype=object)
