"""The six planning control lines: communication, road, rail, river, green and power."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from data_samples import frame
from data_samples.blocks import polygons
from data_samples.city import City
from data_samples.street_table import EXPRESSWAY_S
from data_samples.streets import corridor, rails, stations


@dataclass(frozen=True, slots=True)
class LineClass:
    """One of the six: its names, CAD layer, colour, and who issues it."""

    name_zh: str
    name_en: str
    layer: str
    colour: tuple[int, int, int]
    issuer: str
    document: str


CLASSES: Final[dict[str, LineClass]] = {
    "communication": LineClass("通信", "Communication", "通信控制线", (142, 68, 173),
                               "滨江新区经济和信息化局", "滨经信规〔2024〕6号"),
    "road": LineClass("道路", "Road", "道路红线", (229, 57, 53), "滨江新区自然资源和规划局",
                      "滨规发〔2024〕18号"),
    "rail": LineClass("轨道", "Rail transit", "轨道控制线", (251, 140, 0),
                      "滨江市轨道交通建设办公室", "滨轨办〔2022〕31号"),
    "river": LineClass("河湖", "River and lake", "河湖蓝线", (30, 136, 229), "滨江新区水务局",
                       "滨水规〔2023〕9号"),
    "green": LineClass("绿地", "Green space", "绿地绿线", (67, 160, 71), "滨江新区园林和林业局",
                       "滨园规〔2023〕14号"),
    "power": LineClass("电力", "Power", "电力控制线", (33, 33, 33), "滨江供电公司",
                       "滨供规〔2024〕3号"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Control:
    """A control line or the area it encloses.

    Attributes
    ----------
    kind : str
        Key of `CLASSES`.
    shape : BaseGeometry
        A line or a polygon, plan metres.
    name_zh, name_en : str
        What is controlled.
    width : float
        Width of the controlled corridor, metres; 0 for areas without one.
    setback : float
        Distance buildings keep from the line, metres.
    """

    kind: str
    shape: BaseGeometry
    name_zh: str
    name_en: str
    width: float
    setback: float


def _polygons(shape: BaseGeometry, least: float = 100.0) -> list[Polygon]:
    return [shapely.set_precision(p, 0.01) for p in polygons(shape, least)]


def _edges(area: Polygon) -> list[LineString]:
    """The outline without what runs along the district's own edge."""
    rim = frame.extent().exterior.buffer(0.5)
    lines = shapely.line_merge(area.boundary.difference(rim))
    parts = shapely.get_parts(lines)
    return [p for p in parts if p.geom_type in {"LineString", "LinearRing"} and p.length > 5.0]


def _roads(city: City) -> list[Control]:
    setbacks = {"expressway": 20.0, "arterial": 10.0, "collector": 8.0, "local": 5.0}
    by_street = defaultdict(list)
    for piece in city.pieces:
        if piece.street.kind in setbacks:
            by_street[piece.street.name_zh].append(piece)
    found = []
    for name, pieces in by_street.items():
        first = pieces[0]
        for area in _polygons(corridor(pieces).intersection(frame.extent())):
            row = (name, first.street.name_en, first.red_line, setbacks[first.street.kind])
            found.append(Control("road", area, *row))
            found.extend(Control("road", line, *row) for line in _edges(area))
    return found


def _rails() -> list[Control]:
    found = []
    reach = {-1: 50.0, 0: 20.0, 1: 30.0}
    words = {-1: ("地下段", "underground"), 0: ("地面段", "at grade"), 1: ("高架段", "viaduct")}
    for piece in rails():
        zh, en = words[piece.level]
        row = (f"{piece.name_zh}{zh}", f"{piece.name_en}, {en}", 2 * reach[piece.level], 0.0)
        found.append(Control("rail", piece.line, *row))
        area = piece.line.buffer(reach[piece.level], cap_style="flat").intersection(frame.extent())
        found.extend(Control("rail", part, *row) for part in _polygons(area))
    for station in stations():
        row = (f"{station.name_zh}用地", f"{station.name_en} site", 22.0, 10.0)
        site = station.box.intersection(frame.extent())
        found.extend(Control("rail", part, *row) for part in _polygons(site))
    return found


def _waters(city: City) -> list[Control]:
    river = shapely.union_all([city.river]).buffer(0.0)
    whole = polygons(river, 1000.0)[0]
    blue = Polygon(whole.exterior).buffer(20.0, quad_segs=3).intersection(frame.extent())
    found = []
    for area in _polygons(blue):
        row = ("滨江", "Binjiang River", 20.0, 30.0)
        found.append(Control("river", area, *row))
        found.extend(Control("river", line, *row) for line in _edges(area))
    for lake in city.lakes:
        for area in _polygons(lake.area.buffer(8.0)):
            row = (lake.name_zh, lake.name_en, 8.0, 10.0)
            found.append(Control("river", area, *row))
            found.extend(Control("river", line, *row) for line in _edges(area))
    return found


def _greens(city: City) -> list[Control]:
    found = []
    for plot in city.plots:
        if plot.code not in {"G1", "G2", "G3"}:
            continue
        area = shapely.set_precision(plot.area, 0.01)
        row = (plot.name_zh, plot.name_en, 0.0, 5.0)
        found.append(Control("green", area, *row))
        found.extend(Control("green", line, *row) for line in _edges(area))
    return found


def _corridor(
    kind: str, line: LineString, names: tuple[str, str], width: float, setback: float
) -> list[Control]:
    inside = shapely.intersection(line, frame.extent())
    area = inside.buffer(width / 2, cap_style="flat").intersection(frame.extent())
    parts = _polygons(area, 20.0)
    return [Control(kind, inside, *names, width, setback),
            *(Control(kind, part, *names, width, setback) for part in parts)]  # fmt: skip


def _street_axis(city: City, name: str, offset: float) -> LineString:
    pieces = [p.line for p in city.pieces if p.street.name_zh == name]
    merged = shapely.line_merge(shapely.multilinestrings(pieces))
    longest = max(shapely.get_parts(merged), key=lambda p: p.length)
    return LineString(longest.offset_curve(offset).simplify(0.05))


def _power(city: City) -> list[Control]:
    belt = LineString(frame.curve_on_sheet(
        [(EXPRESSWAY_S + 46, 1560), (EXPRESSWAY_S + 46, 610), (EXPRESSWAY_S + 46, 90),
         (EXPRESSWAY_S + 46, -66), (EXPRESSWAY_S + 44, -640), (EXPRESSWAY_S + 60, -722),
         (2400, -726), (2700, -724), (2850, -722)], 20.0))  # fmt: skip
    return [
        *_corridor("power", belt, ("110千伏滨湾线", "110 kV Binwan overhead line"), 20.0, 10.0),
        *_corridor("power", _street_axis(city, "解放路", -11.0),
                   ("10千伏解放路电缆通道", "10 kV Jiefang Road cable duct"), 3.0, 1.0),
        *_corridor("power", _street_axis(city, "望江路", 9.5),
                   ("10千伏望江路电缆通道", "10 kV Wangjiang Road cable duct"), 3.0, 1.0),
    ]  # fmt: skip


def _communication(city: City) -> list[Control]:
    found = []
    for street, zh, en, offset in (
        ("新区大道", "新区大道通信主干管道", "New District Avenue trunk ducts", 19.0),
        ("中央大道", "中央大道通信主干管道", "Central Avenue trunk ducts", 15.5),
        ("建设路", "建设路通信主干管道", "Jianshe Road trunk ducts", -15.5),
        ("科技路", "科技路通信管道", "Keji Road ducts", -9.5),
    ):
        found.extend(
            _corridor("communication", _street_axis(city, street, offset), (zh, en), 3.0, 1.5)
        )
    towers = LineString([(250.0, 2142.0), (1210.0, 1272.0)])
    names = ("青屏山至滨江中心微波通道", "Qingping Hill to Binjiang Centre microwave path")
    found.extend(_corridor("communication", towers, names, 30.0, 0.0))
    return found


def controls(city: City) -> list[Control]:
    """All control lines and areas of the district, class by class."""
    return [*_communication(city), *_roads(city), *_rails(), *_waters(city), *_greens(city),
            *_power(city)]  # fmt: skip
