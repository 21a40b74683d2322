"""How high a building is, by the best that its file tells, and how it came to be told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.errors import CityError
from layers.files.quantities import Unit, quantities
from layers.files.raw import Note, RawSurfaces
from layers.files.report import Tally
from layers.kinds.buildings import DEFAULT, FIELD, FLOORS, SURFACES
from layers.shapes import Bools, Codes, Floats, Ints

TALLEST = 1000.0  # m: more is no building (Burj Khalifa 828 m)
MOST_FLOORS = 250
STOREYS = (1.8, 8.0)  # m: heights that give storeys lower or higher than this are no heights
TALL = 150.0  # m: where half of the buildings are higher, the field holds something else
DBF_NAME = 10  # bytes of a field's name that a shapefile keeps
FLAT = 0.5  # m: coordinates that differ by less tell no height
THINNEST = 0.1  # m: what a deck of no thickness gets, since a block needs a height
NO_VALUES = (-9999.0, -999.0, -99.0, -1.0, 9999.0, 99999.0)  # what tables write for "unknown"

#: Names of fields, without spaces and signs, the surest first.
HEIGHT_NAMES = (
    "height", "buildingheight", "建筑高度", "房屋高度", "建築高度", "建物高度", "高度", "楼高",
    "樓高", "房高", "建筑高", "建筑物高度", "measuredheight",
    "heightm", "bldgheight", "buildheight", "bldgh", "bheight", "heightroof", "relheight",
    "renderheight", "heightagl", "aglheight", "bldght", "bldghgt", "buildinght", "buildingh",
    "bldhgt", "bldht", "bldheight",
    "总高度", "建筑总高", "建筑总高度", "总高", "檐口高度", "檐高", "計測高さ", "高さ", "높이",
    "relh", "hgt", "hght", "heigh", "hight", "hoehe", "höhe", "gebaeudehoehe", "gebäudehöhe",
    "hauteur", "altura", "altezza", "hoogte", "wysokosc", "wysokość", "высота",
    "meanheight", "heightmean", "avgheight", "heightavg", "medianheight", "heightmedian",
    "maxheight", "heightmax", "eaveheight", "eavesheight", "hmean", "hmedian", "hmax",
    "jzgd", "jzwgd", "fwgd", "lougao", "gaodu", "gd", "h",
)  # fmt: skip
DRAWN_HEIGHT = "thickness"  # how far CAD drawings extrude an outline upwards
FLOOR_NAMES = (
    "buildinglevels", "floor", "floors", "地上层数", "地上層數", "建筑层数", "房屋层数", "建物層數",
    "层数", "層數", "楼层", "樓層", "楼层数", "樓層數", "总层数", "總樓層數", "建筑物层数",
    "numfloors", "nfloors", "floornum", "floorcount", "floorsnum", "storeysaboveground", "storeys",
    "stories", "storey", "levels", "numstoreys", "numstories", "storeysabo", "bldglevels",
    "numberoffloors", "nooffloors", "nofloors", "numfloor", "floornumber", "floorn", "floorscount",
    "floorcnt", "totalfloors", "numberofstoreys", "numberofstories", "nostoreys", "story",
    "storynum", "storynumber", "numstory", "numlevels", "nlevels", "nolevels", "levelcount",
    "numberoflevels", "地面层数", "地面以上层数", "建筑总层数", "楼层总数", "总楼层", "階数",
    "地上階数", "층수", "지상층수", "grofloco", "geschosse", "geschosszahl", "anzahlgeschosse",
    "nbetages", "nbetage", "etages", "étages", "nombreetages", "plantas", "numplantas", "piani",
    "npiani", "numeropiani", "verdiepingen", "bouwlagen", "этажность", "этажей",
    "buildinglev", "louceng", "cengshu", "jzcs", "fwcs", "zcs", "dscs", "dmcs", "nflr", "flrs",
    "cs", "lc", "fl",
)  # fmt: skip
MIN_HEIGHT_NAMES = (
    "minheight", "buildingminheight", "离地高度", "底部高度", "底高", "起始高度", "minheightm",
)  # fmt: skip
MIN_FLOOR_NAMES = ("buildingminlevel", "minlevel", "起始层")
ROOF_NAMES = ("roofheight",)
BASE_NAMES = (
    "地面高程", "地面标高", "室外地坪标高", "室外地面标高", "场地标高", "基底高程", "基底标高",
    "底面高程", "baseelevation", "baseelev", "groundelevation", "groundelev", "groundel",
    "groundheight",
)  # fmt: skip
_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")
_SIGNS = re.compile(r"[\s_\-:.·/]+")
_FEET = re.compile(r"(feet|foot|英尺|(?<![a-z])ft|(height|hgt|elev)ft)$")
_SMALL = re.compile(r"((?P<cm>厘米|公分|centimet(er|re)s?|cm)|(毫米|millimet(er|re)s?|mm))$")


@dataclass(frozen=True, slots=True)
class HeightFields:
    """Which fields tell of heights; "" for none.

    Attributes
    ----------
    height, floors, min_height, min_floors, roof, base : str
        Names of fields: height above ground, number of floors above ground,
        height and number of floors below the underside, height of the roof
        above the walls, level of the ground above the datum.
    """

    height: str = ""
    floors: str = ""
    min_height: str = ""
    min_floors: str = ""
    roof: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True)
class HeightRules:
    """What to do where the file is silent.

    Attributes
    ----------
    storey_height, default_height : float
        Metres.
    unit : str or None
        Unit of heights in fields; None: by the field's name.
    """

    storey_height: float = 3.0
    default_height: float = 9.0
    unit: Unit | None = None

    def __post_init__(self) -> None:
        for name in ("storey_height", "default_height"):
            metres = getattr(self, name)
            if not 0 < metres <= TALLEST:
                option = "--" + name.replace("_", "-")
                raise CityError(
                    "height.option",
                    f"{option} is {metres:g}; it must be between 0 and {TALLEST:g} metres.",
                    hint=f"leave {option} out for the usual value",
                    option=option,
                    metres=metres,
                )


@dataclass(slots=True, eq=False)
class Heights:
    """Heights of n features, metres.

    Attributes
    ----------
    height, min_height, base : (n,) float64
        As in `Buildings`.
    rule : (n,) uint8
        Position in ``HEIGHT_RULES``.
    steps : tuple of Note
        How heights came to be, each step for what the ones before left open.
    text : str
        The same in English.
    """

    height: Floats
    min_height: Floats
    base: Floats
    rule: Codes
    steps: tuple[Note, ...] = ()
    text: str = ""


def plain_name(name: str) -> str:
    """Give a field's name without case, signs and brackets.

    >>> plain_name("Building:Height (m)"), plain_name("建筑高度（米）")
    ('buildingheight', '建筑高度')
    """
    text = unicodedata.normalize("NFKC", name).lower()
    return _SIGNS.sub("", _BRACKETS.sub("", text))


def find_field(columns: Iterable[str], names: Sequence[str]) -> list[str]:
    """List the columns that carry one of the names, the surest first.

    A unit behind the name (``height_m``, ``HEIGHT_FT``) does no harm, nor does
    a number behind it (``Floor_1``). Names that a shapefile cut off after ten bytes
    (``building_l``, ``地上层``) come last.
    """
    plain: dict[str, str] = {}
    cut: dict[str, str] = {}
    for column in columns:
        if _may_be_cut(column):
            cut.setdefault(plain_name(column), column)
        short = plain_name(column)
        plain.setdefault(short, column)
        for tail in (r"(feet|ft|meters?|metres?|cm|mm|m|厘米|毫米|米)$", r"\d+$"):
            bare = re.sub(tail, "", short)
            if len(bare) > 1:
                plain.setdefault(bare, column)
    found = [plain[name] for name in names if name in plain]
    found += [cut[start] for name in names for start in cut if name.startswith(start)]
    return list(dict.fromkeys(found))


def _may_be_cut(column: str) -> bool:
    """Say whether a name is as long as a DBF table lets it be and still tells of heights.

    >>> [_may_be_cut(name) for name in ("building_l", "floors", "地上层", "建筑物")]
    [True, False, True, False]
    """
    if column.isascii():
        return len(column) == DBF_NAME
    lengths = len(column.encode()), len(column.encode("gb18030"))
    full = DBF_NAME - 2 <= lengths[0] <= DBF_NAME or DBF_NAME - 1 <= lengths[1] <= DBF_NAME
    return full and any(sign in column for sign in "高层層标")


def find_fields(
    table: pa.Table,
    *,
    height: str = "",
    floors: str = "",
    min_height: str = "",
    base: str = "",
    unit: Unit | None = None,
) -> HeightFields:
    """Find the fields that tell of heights; names given are taken.

    Parameters
    ----------
    table : pyarrow.Table
        Attributes.
    height, floors, min_height, base : str
        Fields named by the user; "" to look for one.
    unit : str or None
        Unit of heights; None: by each field's name.

    Raises
    ------
    CityError
        ``height.no_such_field`` naming the fields there are; ``height.no_numbers``
        if a named field holds no usable number.
    """
    given = {"height": height, "floors": floors, "min_height": min_height, "base": base}
    for name in filter(None, given.values()):
        _check_named(table, name)
    found: dict[str, str] = {}
    for key, names, top in (
        ("height", (*HEIGHT_NAMES, DRAWN_HEIGHT), TALLEST),
        ("floors", FLOOR_NAMES, float(MOST_FLOORS)),
        ("min_height", MIN_HEIGHT_NAMES, TALLEST),
        ("min_floors", MIN_FLOOR_NAMES, float(MOST_FLOORS)),
        ("roof", ROOF_NAMES, TALLEST),
        ("base", BASE_NAMES, 9000.0),
    ):
        if given.get(key):
            found[key] = given[key]
            continue
        usable = (
            name
            for name in find_field(table.column_names, names)
            if name not in found.values()
            and _usable(table.column(name), top, unit or unit_of(name))
        )
        found[key] = next(usable, "")
    return HeightFields(**found)


def _check_named(table: pa.Table, name: str) -> None:
    if name not in table.column_names:
        fields = ", ".join(table.column_names[:20]) or "-"
        raise CityError(
            "height.no_such_field",
            f"There is no field '{name}' to take heights from.",
            hint=f"the fields are: {fields}",
            field=name,
            fields=fields,
        )
    if table.num_rows and not np.isfinite(quantities(table.column(name))).any():
        raise CityError(
            "height.no_numbers",
            f"The field '{name}' holds no numbers.",
            hint="name another field with --height-field, or leave it out",
            field=name,
        )


def _usable(column: pa.ChunkedArray, top: float, unit: Unit) -> bool:
    """Say whether at least a few values can be heights (or floors) up to `top`."""
    if pa.types.is_nested(column.type) or pa.types.is_temporal(column.type):
        return False
    values = quantities(column, unit)
    known = values[np.isfinite(values)]
    good = (known > 0) & (known <= top)
    return bool(good.any() and good.sum() >= 0.2 * (~np.isin(known, (0.0, *NO_VALUES))).sum())


def unit_of(name: str) -> Unit:
    """Give the unit that a field's name tells of, metres where it tells none.

    >>> unit_of("HEIGHT_FT"), unit_of("height (feet)"), unit_of("高度"), unit_of("高度(厘米)")
    ('ft', 'ft', 'm', 'cm')
    """
    text = unicodedata.normalize("NFKC", name).lower().rstrip(")]】 ")
    if small := _SMALL.search(text):
        return "cm" if small["cm"] else "mm"
    return "ft" if _FEET.search(text) else "m"


def tell_unused(table: pa.Table, fields: HeightFields, tally: Tally) -> None:
    """Remark on a field that is called after heights although none of its numbers can be one."""
    if fields.height:
        return
    for name in find_field(table.column_names, HEIGHT_NAMES):
        column = table.column(name)
        if pa.types.is_nested(column.type) or pa.types.is_temporal(column.type):
            continue
        values = quantities(column, unit_of(name))
        said = values[np.isfinite(values) & ~np.isin(values, (0.0, *NO_VALUES))]
        if said.size:
            tally.note("heights_unused", field=name, value=float(said[0]))
            return


@dataclass(slots=True)
class _Finding:
    """Heights while they are being found."""

    table: pa.Table
    rows: Ints
    rules: HeightRules
    tally: Tally
    steps: list[Note] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def lengths(self, name: str, *, low: float, high: float) -> Floats:
        """Give a field in metres; absurd values are missing, and counted."""
        values = quantities(self.table.column(name), self.rules.unit or unit_of(name))[self.rows]
        return self._sane(values, name, low, high)

    def counts(self, name: str) -> Floats:
        """Give a field of floors; absurd values are missing, and counted."""
        values = quantities(self.table.column(name))[self.rows]
        return self._sane(values, name, 0.0, float(MOST_FLOORS))

    def _sane(self, values: Floats, name: str, low: float, high: float) -> Floats:
        absurd = np.isfinite(values) & ((values < low) | (values > high))
        if absurd.any():
            which = np.flatnonzero(absurd)
            self.tally.note(
                "height_absurd",
                field=name,
                count=len(which),
                first=self.tally.named(self.rows[which]),
                value=float(values[which[0]]),
            )
        return np.where(absurd | ~np.isfinite(values), np.nan, values)

    def step(self, key: str, text: str, **facts: object) -> None:
        """Remember a step of the rule."""
        self.steps.append(Note(key, facts))
        self.texts.append(text)


def settle_heights(
    table: pa.Table,
    rows: Ints,
    fields: HeightFields,
    rules: HeightRules,
    tally: Tally,
    *,
    solid: tuple[Floats, Floats] | None = None,
    surfaces: RawSurfaces | None = None,
    parent: Ints | None = None,
    extruded: Floats | None = None,
) -> Heights:
    """Settle the heights of features.

    In this order: the extent of its surfaces, the height field, floors times
    storey height (and the roof, where a field tells it), the extent of 3D
    coordinates, the default. Zero and absurd values count as missing.

    Parameters
    ----------
    table : pyarrow.Table
        Attributes of all features of the layer.
    rows : (n,) int64
        The features that live on.
    fields : HeightFields
        From `find_fields`.
    rules : HeightRules
        For what the file does not tell.
    tally : Tally
        Is told of absurd values and of undersides above the top.
    solid : (low, high) of (m,) float64, or None
        Lowest and highest coordinate of each feature of the layer, metres.
    surfaces : RawSurfaces or None
        Faces of the layer.
    parent : (m,) int64 or None
        Feature that each feature is a part of, -1 for none; who has no faces has
        those of its parts.
    extruded : (m,) float64 or None
        How high the file says that shapes are drawn upwards, NaN for the others.
    """
    work = _Finding(table, rows, rules, tally)
    n = len(rows)
    height = np.full(n, np.nan)
    rule = np.full(n, DEFAULT, dtype=np.uint8)
    base = np.full(n, np.nan)
    if surfaces is not None:
        low, high = surface_range(surfaces, table.num_rows, parent)
        high = np.fmax(high, low + THINNEST)  # decks and slabs
        if _from_range(low[rows], high[rows], height, base, rule, 0.0):
            work.step("height_step_surfaces", "extent of the surfaces")
    if fields.height:
        values = work.lengths(fields.height, low=0.0, high=TALLEST)
        if _fill(height, rule, np.where(values > 0, values, np.nan), FIELD):
            work.step("height_step_field", f"field {fields.height}", field=fields.height)
            _doubt(work, fields, values)
        if plain_name(fields.height) == DRAWN_HEIGHT and "Elevation" in table.column_names:
            level = quantities(table.column("Elevation"))[rows]
            base = np.where(np.isnan(base) & (level != 0.0), level, base)
    if fields.floors:
        _from_floors(work, fields, height, rule)
    if extruded is not None and _fill(height, rule, extruded[rows], FIELD):
        work.step("height_step_extruded", "corners of extruded shapes")
    if solid is not None and _from_range(solid[0][rows], solid[1][rows], height, base, rule, FLAT):
        work.step("height_step_solid", "extent of 3D coordinates")
    underside = _undersides(work, fields)
    underside[rule == SURFACES] = 0.0  # their base is the lowest surface already
    _default(work, height, underside, rule)
    if fields.base:
        base = np.where(np.isnan(base), work.lengths(fields.base, low=-500.0, high=9000.0), base)
        tally.note("base_field", field=fields.base)
    text = "; else ".join(work.texts)
    return Heights(height, underside, base, rule, tuple(work.steps), text)


def _doubt(work: _Finding, fields: HeightFields, values: Floats) -> None:
    """Remark on a field whose numbers may be levels, or count another unit."""
    known = values > 0
    facts: dict[str, object] = {"field": fields.height}
    if fields.floors:
        floors = quantities(work.table.column(fields.floors))[work.rows]
        both = known & (floors > 0) & (floors <= MOST_FLOORS)
        storey = float(np.median(values[both] / floors[both])) if both.any() else STOREYS[0]
        if not STOREYS[0] <= storey <= STOREYS[1]:
            facts |= {"floors": fields.floors, "storey": round(storey, 1)}
            work.tally.note("heights_against_floors", **facts)
    elif known.any() and float(np.median(values[known])) > TALL:
        work.tally.note("heights_tall", **facts, median=round(float(np.median(values[known]))))


def _fill(height: Floats, rule: Codes, values: Floats, code: int) -> bool:
    """Fill open heights; says whether there were any to fill."""
    take = np.isnan(height) & np.isfinite(values)
    height[take] = values[take]
    rule[take] = code
    return bool(take.any())


def _from_range(
    low: Floats, high: Floats, height: Floats, base: Floats, rule: Codes, least: float
) -> bool:
    """Take open heights and bases from lowest and highest coordinates that differ enough."""
    with np.errstate(invalid="ignore"):
        take = np.isnan(height) & (high - low >= least) & (high - low <= TALLEST)
    height[take] = (high - low)[take]
    base[take] = low[take]
    rule[take] = SURFACES
    return bool(take.any())


def _from_floors(work: _Finding, fields: HeightFields, height: Floats, rule: Codes) -> None:
    floors = work.counts(fields.floors)
    metres = np.where(floors > 0, floors * work.rules.storey_height, np.nan)
    roof = ""
    if fields.roof:
        metres = metres + np.nan_to_num(work.lengths(fields.roof, low=0.0, high=TALLEST))
        roof = f" + {fields.roof}"
    storey = work.rules.storey_height
    if not _fill(height, rule, metres, FLOORS):
        return
    work.step(
        "height_step_floors",
        f"{fields.floors} x {storey:g} m{roof}",
        field=fields.floors,
        storey=storey,
        roof=fields.roof or "none",
    )


def _undersides(work: _Finding, fields: HeightFields) -> Floats:
    """Give the height of each underside above ground, 0 where nothing is told."""
    low = np.full(len(work.rows), np.nan)
    if fields.min_height:
        low = work.lengths(fields.min_height, low=0.0, high=TALLEST)
    if fields.min_floors:
        floors = work.counts(fields.min_floors) * work.rules.storey_height
        low = np.where(np.isnan(low), floors, low)
    low[np.isnan(low)] = 0.0
    return low


def _default(work: _Finding, height: Floats, underside: Floats, rule: Codes) -> None:
    """Fill what is still open, and lift tops that lie below their underside.

    Floating parts without a height, or with a top below their underside, become
    one storey high.
    """
    wrong = np.flatnonzero(~np.isnan(height) & (height <= underside))
    work.tally.mend("top_below_underside", work.rows[wrong])
    height[wrong] = np.nan
    open_ = np.isnan(height)
    rule[open_] = DEFAULT
    lifted = underside + work.rules.storey_height
    height[open_] = np.where(underside > 0, lifted, work.rules.default_height)[open_]
    default = work.rules.default_height
    if open_.any() or not work.steps:
        work.step("height_step_default", f"default {default:g} m", metres=default)


def surface_range(
    surfaces: RawSurfaces, rows: int, parent: Ints | None = None
) -> tuple[Floats, Floats]:
    """Give the lowest and highest coordinate of the surfaces of each feature, (rows,) each.

    Where `parent` says who is part of whom, a feature without faces takes those
    of its parts.
    """
    per_ring = np.diff(surfaces.ring_start)
    per_face = np.diff(surfaces.face_start)
    owner = np.repeat(np.repeat(surfaces.owner, per_face), per_ring)
    low, high = np.full((2, rows), np.nan)
    np.fmin.at(low, owner, surfaces.coords[:, 2])
    np.fmax.at(high, owner, surfaces.coords[:, 2])
    if parent is not None:
        child = np.flatnonzero((parent >= 0) & np.isfinite(low))
        child = child[np.isnan(low[parent[child]])]
        np.fmin.at(low, parent[child], low[child])
        np.fmax.at(high, parent[child], high[child])
    return low, high


def defaulted(heights: Heights) -> NDArray[np.bool_]:
    """Say which features have no height of their own, (n,) bool."""
    mask: Bools = heights.rule == DEFAULT
    return mask
