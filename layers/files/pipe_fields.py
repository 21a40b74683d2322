"""Which field of a pipe survey says what: guessed from names, kept as a template, read again."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from layers.errors import CityError
from layers.files.pipe_values import METRES, cleaned

Table = Literal["points", "lines"]


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Names of fields by what they say, the surest first; compared without blanks, capitals, units
#: in brackets and underscores.
POINT_NAMES: dict[str, tuple[str, ...]] = {
    "number": _names(
        "管线点号 管点编号 物探点号 外业点号 图上点号 点号 点编号 管点号 井号 井编号 "
        "节点编号 节点号 编号 expno pointid pointno nodeid nodeno manholeid mhid name id "
        "node point number"
    ),
    "east": _names(
        "东坐标 横坐标 坐标y y坐标 y east easting e 经度 lon longitude xcoord xcoordinate"
    ),
    "north": _names(
        "北坐标 纵坐标 坐标x x坐标 x north northing n 纬度 lat latitude ycoord ycoordinate"
    ),
    "ground": _names(
        "地面高程 地面标高 地表高程 井盖高程 井口高程 井面高程 地面高 高程 surfh "
        "groundlevel ground groundelevation rimlevel rim rimelev coverlevel surfacelevel "
        "elevation elev z h"
    ),
    "depth": _names("井深 井底深 管点埋深 埋深 深度 welldepth manholedepth depth"),
    "bottom": _names("井底高程 井底标高 井底 wellbottom bottomlevel bottom invert sump"),
    "chamber": _names("井径 井室尺寸 井直径 井盖规格 chamber chambersize"),
    "feature": _names("点特征 特征点 特征 管点特征 feature pointtype type"),
    "fixture": _names(
        "附属物 附属物名称 附属设施 附属物类型 subsid fixture appurtenance facility"
    ),
    "class": _names(
        "管线类型 管线种类 管线类别 管线代码 管类 管种 专业 class pipeclass utility system "
        "layer"
    ),
}  # fmt: skip
LINE_NAMES: dict[str, tuple[str, ...]] = {
    "number": _names(
        "管线编号 管段编号 管段号 线号 线编号 lineid lineno pipeid pipeno sectionid assetid "
        "编号 name id pipe number"
    ),
    "from_number": _names(
        "起点点号 起点编号 起始点号 起点号 本点号 管线起点 起点 起井编号 上游井号 上游点号 "
        "spoint startpoint fromnode from startnode usnode usmh upnode node1 inlet "
        "fromnumber startid fromid"
    ),
    "to_number": _names(
        "终点点号 终点编号 终止点号 终点号 连接点号 连向 连接方向 管线终点 终点 终井编号 "
        "下游井号 下游点号 epoint endpoint tonode to endnode dsnode dsmh downnode node2 "
        "outlet tonumber endid toid"
    ),
    "class": POINT_NAMES["class"],
    "subclass": _names("管线小类 小类 子类 subclass subtype"),
    "size": _names(
        "管径或断面尺寸 管径断面 断面尺寸 管径 规格 直径 口径 断面 psize dsize size "
        "diameter diam dia dn pipesize nominaldiameter"
    ),
    "width": _names("断面宽 管宽 宽度 宽 width"),
    "height": _names("断面高 管高 高度 高 height"),
    "wall": _names("壁厚 管壁厚 wall wallthickness thickness"),
    "form": _names("断面形式 断面类型 断面形状 form shape sectiontype"),
    "start_depth": _names(
        "起点埋深 起始埋深 起埋深 本点埋深 起点管线埋深 sdeep startdepth depthstart "
        "fromdepth usdepth depthstartm"
    ),
    "end_depth": _names(
        "终点埋深 终止埋深 终埋深 连接点埋深 终点管线埋深 edeep enddepth depthend todepth "
        "dsdepth depthendm"
    ),
    "depth": _names("埋深 管线埋深 平均埋深 depth burialdepth cover"),
    "start_level": _names(
        "起点管顶高程 起点管底高程 起点管线高程 起点管内底高程 起点管内底标高 起点管底标高 "
        "起点管顶标高 起点高程 起点标高 shigh startlevel usinvert upinvert invertup "
        "startinvert invup fromelev uselev startelevation usil"
    ),
    "end_level": _names(
        "终点管顶高程 终点管底高程 终点管线高程 终点管内底高程 终点管内底标高 终点管底标高 "
        "终点管顶标高 终点高程 终点标高 ehigh endlevel dsinvert downinvert invertdown "
        "endinvert invdown toelev dselev endelevation dsil"
    ),
    "flow": _names("流向 水流方向 flowdirect flowdirection flow"),
}  # fmt: skip
#: Fields that become attributes under these names, of points and of lines.
ATTRIBUTE_NAMES: dict[str, tuple[str, ...]] = {
    "material": _names("管材 材质 管线材质 管道材质 材料 material mat pipematerial"),
    "date": _names(
        "建设年代 建设日期 敷设日期 敷设年代 埋设日期 埋设年代 建成日期 竣工日期 铺设时间 "
        "年代 mdate builddate installdate installed date yearbuilt 建设年份 年份 year "
        "installyear"
    ),
    "pressure_mpa": _names("压力 压力mpa 设计压力 工作压力 压力等级 pressure pressurempa"),
    "voltage_kv": _names("电压 电压kv 电压值 电压等级 voltage voltagekv"),
    "cables": _names("电缆根数 电缆条数 光缆根数 线缆根数 条数 根数 cabnum cablecount cables"),
    "holes": _names("总孔数 孔数 管孔数 孔数排列 管孔排列 holenum holes ducts"),
    "owner": _names("权属单位 权属 产权单位 所属单位 管理单位 belong owner ownership"),
    "road": _names("道路名称 所在道路 所属道路 路名 道路 road street roadname"),
    "burial": _names("埋设方式 敷设方式 埋设类型 敷设类型 embed embedtype burial laying"),
    "quality": _names("探测精度 精度等级 数据质量 精度 quality accuracy qualitylevel"),
    "status": _names("使用状态 使用状况 管线状态 状态 usestatus status state lifecycle"),
    "note": _names("备注 说明 note notes remark remarks comment"),
    "link": _names("照片 图片 附件 文档 photo picture link url"),
    "compartments": _names("舱室 舱室组成 管廊舱室 compartments"),
    "tunnel": _names("所属管廊 管廊编号 tunnel"),
    "compartment": _names("所在舱室 舱 舱号 compartment"),
    "rack": _names("支架 支架层 支架号 rack"),
    "contact": _names("联系方式 联系电话 电话 contact phone"),
}  # fmt: skip
UNITS = {"size": ("mm", "cm", "m", "in"), "length": ("m", "cm", "mm", "ft")}


@dataclass(frozen=True, slots=True)
class FieldMap:
    """Which field says what, for the points and the lines of a survey.

    Attributes
    ----------
    points, lines : mapping of str to str
        What is said (``number``, ``east``, ``from_number``, ``material`` ...) to the name of
        the field.
    size_unit : str
        Unit of sizes without one; "" looks at the numbers.
    length_unit : str
        Unit of depths and levels.
    first_of_size : str
        ``height`` or ``width``: what the first number of 400x300 is.
    """

    points: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    size_unit: str = ""
    length_unit: str = "m"
    first_of_size: str = "height"

    def to_toml(self) -> str:
        """Write it as a template that can be edited and used again."""
        lines = ["# Fields of a pipe survey, for 'citystage pipes import --map'.", ""]
        for title in ("points", "lines"):
            lines.append(f"[{title}]")
            chosen: Mapping[str, str] = getattr(self, title)
            lines += [f"{key} = {_quoted(name)}" for key, name in chosen.items()]
            lines.append("")
        lines += [
            "[units]",
            f"size = {_quoted(self.size_unit)}  # mm, cm, m, in; empty: look at the numbers",
            f"length = {_quoted(self.length_unit)}  # of depths and levels: m, cm, mm, ft",
            f"first_of_size = {_quoted(self.first_of_size)}  # of 400x300: height or width",
        ]
        return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def read_map(path: Path) -> FieldMap:
    """Read a template.

    Raises
    ------
    CityError
        ``pipes.map`` if it cannot be read or says something unknown.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _bad_map(path, str(error)) from error
    for title in raw:
        if title not in {"points", "lines", "units"}:
            raise _bad_map(path, f"there is no part [{title}]")
    for title, known in (("points", KNOWN_POINT), ("lines", KNOWN_LINE)):
        for key, name in raw.get(title, {}).items():
            if key not in known:
                raise _bad_map(path, f"[{title}] has no '{key}'; it has {', '.join(known)}")
            if not isinstance(name, str):
                raise _bad_map(path, f"[{title}] {key} is not the name of a field")
    units = raw.get("units", {})
    size, length = units.get("size", ""), units.get("length", "m")
    first = units.get("first_of_size", "height")
    if size not in {"", *UNITS["size"]} or length not in METRES:
        raise _bad_map(path, "[units] size is mm, cm, m or in, length m, cm, mm or ft")
    if first not in {"height", "width"}:
        raise _bad_map(path, "[units] first_of_size is height or width")
    return FieldMap(dict(raw.get("points", {})), dict(raw.get("lines", {})), size, length, first)


def _bad_map(path: Path, why: str) -> CityError:
    return CityError(
        "pipes.map",
        f"The template of fields cannot be used: {why}.",
        hint="write one with 'citystage pipes fields FILES --save-map template.toml'",
        where=path.name,
        why=why,
    )


KNOWN_POINT = tuple(dict.fromkeys([*POINT_NAMES, *ATTRIBUTE_NAMES]))
KNOWN_LINE = tuple(dict.fromkeys([*LINE_NAMES, *ATTRIBUTE_NAMES]))


def bare(name: str) -> str:
    """Give a field's name without blanks, capitals, signs and units in brackets."""
    text = re.sub(r"[\(（\[【].*?[\)）\]】]", "", cleaned(name).casefold())
    return re.sub(r"[\s_\-./:]", "", text)


def guess_fields(names: Iterable[str], table: Table) -> dict[str, str]:
    """Guess which field says what.

    Parameters
    ----------
    names : iterable of str
        Fields of the table.
    table : str
        ``points`` or ``lines``.

    Returns
    -------
    dict of str to str
        What is said to the name of the field; each field is taken once.

    Examples
    --------
    >>> guess_fields(["起点点号", "连接点号", "管径(mm)", "管材"], "lines")
    {'from_number': '起点点号', 'to_number': '连接点号', 'size': '管径(mm)', 'material': '管材'}
    """
    known = {**(POINT_NAMES if table == "points" else LINE_NAMES), **ATTRIBUTE_NAMES}
    there: dict[str, str] = {}
    for name in names:
        there.setdefault(bare(name), name)
    found: dict[str, str] = {}
    for key, wanted in known.items():
        for word in wanted:
            field_name = there.get(bare(word))
            if field_name is not None and field_name not in found.values():
                found[key] = field_name
                break
    return found


def looks_like(names: Iterable[str]) -> Table | None:
    """Say whether fields are those of points or of lines of a survey; None for neither."""
    names = list(names)
    lines, points = guess_fields(names, "lines"), guess_fields(names, "points")
    if {"from_number", "to_number"} <= lines.keys():
        return "lines"
    return "points" if {"number", "east", "north"} <= points.keys() else None


def unit_in(name: str) -> str:
    """Give the unit that a field's name carries in brackets or at its end, "" for none.

    >>> unit_in("管径(mm)"), unit_in("depth_m"), unit_in("管径")
    ('mm', '', '')
    """
    text = cleaned(name).casefold()
    inside = re.search(r"[\(（\[]\s*(mm|cm|m|in|ft|毫米|厘米|米)\s*[\)）\]]", text)
    words = {"毫米": "mm", "厘米": "cm", "米": "m"}
    return words.get(inside[1], inside[1]) if inside else ""


def level_meaning(name: str) -> str | None:
    """Say what of a pipe a field of levels or depths speaks of: top, invert, centre, or unsaid."""
    text = bare(name)
    for word, pattern in (("invert", "底|invert|inv|il$"), ("top", "顶|top|crown|obvert"),
                          ("centre", "中心|管中|cent(re|er)|axis")):  # fmt: skip
        if re.search(pattern, text):
            return word
    return None
