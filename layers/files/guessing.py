"""What a layer of a file probably is, by its name, its fields and its shapes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from layers.files.heights import FLOOR_NAMES, HEIGHT_NAMES, find_field
from layers.kinds import kind_of

#: Kind and what in a name speaks for it; the first that speaks and fits the shapes wins.
WORDS: tuple[tuple[str, str], ...] = (
    ("control-lines", r"控制线|红线|蓝线|绿线|紫线|黄线|黑线|control.?line|red.?line|setback"),
    ("hazards", r"危险源|风险源|隐患点|hazard"),
    ("resources", r"应急|救援|emergency.?resource|resources?\b"),
    (
        "pipes",
        r"管线|管网|管道|管段|(给水|排水|污水|雨水|供水|燃气|天然气|热力|电力|通信)(线|管)|"
        r"pipes?\b|pipeline|sewers?\b|conduit|water.?main|gas.?main|utilit(y|ies)\b",
    ),
    (
        "greenery",
        r"绿地|绿化|林地|草地|植被|公园|green|grass|forest|vegetation|plant.?cover|parks?\b|(?<!on)begroeid",
    ),
    (
        "districts",
        r"边界|界线|[县区]界|行政|用地|地块|分区|规划|district|zon(e|ing)|land.?use|parcel",
    ),
    ("buildings", r"建筑|房屋|楼栋|楼房|building|bldg|footprint|pand\b|gebaeude|gebäude|batiment"),
    ("rail", r"地铁|轨道|轻轨|铁路|rail|metro|subway|tram"),
    ("water", r"水系|水域|水体|河|湖|黄浦江|江$|water|river|lake|canal|hydro|flood|jiang$"),
    ("roads", r"道路|路网|街道|车行|road|street|highway|cent(er|re)line|wegdeel|strasse"),
    ("trees", r"树|乔木|(?<!s)trees?"),
    (
        "places",
        r"poi|设施|医院|学校|站点|hydrant|station|shelter|hospital|school|light|pole|barrel",
    ),
)  # fmt: skip
#: Fields of OpenStreetMap whose presence tells the kind.
TAGS = {"highway": "roads", "railway": "rail", "waterway": "water", "building": "buildings"}
ZONING_FIELDS = re.compile(
    r"容积率|容積率|建蔽率|建筑密度|用地性质|用地代码|使用分|zone_?type|zcode", re.I
)


def accepts(kind: str, geometry: str) -> bool:
    """Say whether a kind can hold some of the shapes a layer has (`LayerInfo.geometry`)."""
    shapes = kind_of(kind).shapes
    if geometry in ("unknown", ""):
        return True
    if kind == "buildings" and ("surface" in geometry or geometry == "line"):
        return True  # closed lines of a drawing become footprints
    return any(word in shapes for word in geometry.replace("surface", "polygon").split("+"))


def guess_kind(name: str, geometry: str, fields: Iterable[str]) -> str:
    """Propose a kind of layer.

    Parameters
    ----------
    name : str
        Name of the layer, or of the file.
    geometry : str
        Its shapes, as in `LayerInfo.geometry`.
    fields : iterable of str
        Names of its fields.

    Returns
    -------
    str
        A key of ``KINDS``; ``features`` where nothing speaks for another.

    Examples
    --------
    >>> guess_kind("房屋建筑", "polygon", []), guess_kind("data", "polygon", ["Id", "Floor"])
    ('buildings', 'buildings')
    >>> guess_kind("黄浦区_绿地", "polygon", []), guess_kind("subway", "line", [])
    ('greenery', 'rail')
    """
    fields = list(fields)
    if "surface" in geometry:
        return "buildings"
    text = name.lower()
    for kind, words in WORDS:
        sure = geometry in ("polygon", "unknown") or kind != "buildings"
        if sure and re.search(words, text) and _suits(kind, geometry):
            return kind
    if any(ZONING_FIELDS.search(field) for field in fields) and "polygon" in geometry:
        return "districts"
    plain = {field.lower() for field in fields}
    for tag, kind in TAGS.items():
        if tag in plain and _suits(kind, geometry):
            return kind
    if "polygon" in geometry:
        tall = find_field(fields, [n for n in (*HEIGHT_NAMES, *FLOOR_NAMES) if len(n) > 2])
        return "buildings" if tall else "features"
    return "places" if geometry == "point" else "features"


def _suits(kind: str, geometry: str) -> bool:
    """Say whether a kind is what such shapes usually are."""
    if kind == "pipes":
        return geometry in ("line", "point+line")
    if geometry == "point":
        return kind in ("places", "trees", "resources", "hazards")
    if geometry == "line":
        return kind not in ("places", "trees", "districts", "buildings", "resources", "hazards")
    return accepts(kind, geometry) and kind not in ("trees", "resources")
