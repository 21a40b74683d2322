"""Resources, hazard sources and a drill for the sample city: gas and fire beside the metro."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import shapely

from app.sample_drill_steps import STEPS, Row
from layers.drills.plan import (
    Commitment,
    Element,
    Inject,
    Mode,
    Objective,
    Phase,
    Place,
    Plan,
    Role,
    Start,
    Step,
    Unit,
)
from layers.edits import AddLayer, save_view
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.shapes import Floats, Shapes
from layers.style import texts
from layers.viewpoint import View, Viewpoint

if TYPE_CHECKING:
    from app.api import City

STATION: Place = (509_090.0, 3_379_628.0)  # Finance City Station
BEGINS = "2026-05-20T09:30:00+08:00"
SEASON, SEASONAL = ("2026-04-01", "2026-10-31"), 2  # when some shelters in parks are open
HYDRANTS = 64  # those nearest to the station
#: Places of the plan, metres east and north of the station, with their names.
SPOTS: dict[str, tuple[float, float, str, str]] = {
    "station": (0, 0, "金融城站站厅", "Station concourse"),
    "exit": (34, 22, "金融城站 B 口", "Station exit B"),
    "leak": (42, 30, "B 口外人行道", "Pavement outside exit B"),
    "valve": (118, 34, "阀 V1", "Valve V1"),
    "valve2": (-60, 26, "阀 V2、V3", "Valves V2 and V3"),
    "hydrant": (96, 12, "消火栓", "Hydrant"),
    "cp": (-148, -8, "现场指挥部", "Command post"),
    "stage": (-214, -12, "集结区", "Staging area"),
    "triage": (-190, -12, "检伤分类点", "Triage"),
    "cross": (-95, -4, "大道路口", "Junction of the avenue"),
    "east": (150, 20, "大厦东侧", "East of the tower"),
    "tower": (70, -60, "华商大厦", "Merchants Tower"),
    "shops": (20, 60, "沿街商铺", "Shops along the street"),
    "power": (60, 110, "开闭所", "Switching station"),
    "route": (-40, 140, "撤离路线", "Way out"),
    "shelter": (-110, 185, "镜湖公园避难点", "Shelter in Mirror Lake Park"),
    "hospital": (756, -48, "新区人民医院", "People's Hospital"),
    "fs1": (-560, 180, "消防一站", "Fire Station 1"),
    "fs2": (1250, 120, "消防二站", "Fire Station 2"),
    "gas": (-820, 420, "燃气抢修中心", "Gas repair centre"),
    "water": (420, 380, "供水调度中心", "Water control"),
    "police": (-380, -120, "交警中队", "Traffic police"),
}
ROLES = (
    ("r1", "总指挥", "Commander", "应急指挥中心", "Command centre", "#c62828"),
    ("r2", "燃气抢修组", "Gas crews", "燃气公司", "Gas company", "#6d4c41"),
    ("r3", "消防一站", "Fire Station 1", "消防救援大队", "Fire brigade", "#e53935"),
    ("r4", "消防二站", "Fire Station 2", "消防救援大队", "Fire brigade", "#f4511e"),
    ("r5", "公安交警", "Police", "公安分局", "Police", "#1e88e5"),
    ("r6", "医疗急救组", "Medical service", "急救中心", "Ambulance service", "#d81b60"),
    ("r7", "地铁运营", "Metro operator", "地铁公司", "Metro company", "#8e24aa"),
    ("r8", "街道办事处", "Sub-district office", "金融城街道", "Finance City office", "#00897b"),
    ("r9", "供电抢修组", "Power crew", "供电公司", "Power company", "#fb8c00"),
    ("r10", "供水保障组", "Water supply", "供水公司", "Water company", "#3949ab"),
    ("r11", "新闻宣传组", "Public information", "宣传部门", "Press office", "#546e7a"),
    ("r12", "导调评估组", "Controllers", "应急管理局", "Emergency office", "#757575"),
)
PHASES = (
    ("p1", "发现与报警", "Discovery and alarm"), ("p2", "先期处置", "First measures"),
    ("p3", "应急响应", "Response"), ("p4", "救援与疏散", "Rescue and evacuation"),
    ("p5", "控制与恢复", "Control and recovery"), ("p6", "终止与评估", "End and review"),
)  # fmt: skip
OBJECTIVES = (
    ("o1", "三分钟内完成报警与核对", "Alarm given and checked within three minutes"),
    ("o2", "八分钟内首批力量到场", "First crews on scene within eight minutes"),
    ("o3", "十五分钟内完成疏散与清点", "Evacuated and counted within fifteen minutes"),
    ("o4", "断气前不灭火", "The flame is not put out before the gas is off"),
)
MEETS = {"s03": "o1", "s04": "o1", "s11": "o2", "s31": "o3", "s45": "o3", "s29": "o4", "s48": "o4"}
WAY_OUT = (
    (20.0, 70.0), (37.0, 71.0), (35.0, 113.0), (32.0, 130.0), (-20.0, 128.0), (-106.0, 123.0),
    (-110.0, 185.0),
)  # fmt: skip
#: Units: id, names, role, kind, where it stands, symbol.
UNITS = (
    ("e1", "一站水罐车", "Engine 1", "r3", "vehicle", "fs1"),
    ("e4", "一站抢险车", "Rescue 1", "r3", "vehicle", "fs1"),
    ("e2", "二站水罐车", "Engine 2", "r4", "vehicle", "fs2"),
    ("e3", "二站云梯车", "Ladder 2", "r4", "vehicle", "fs2"),
    ("k1", "指挥车", "Command car", "r1", "vehicle", "police"),
    ("g1", "燃气抢修一组", "Gas crew 1", "r2", "vehicle", "gas"),
    ("g2", "燃气抢修二组", "Gas crew 2", "r2", "vehicle", "gas"),
    ("c1", "警车 1", "Police car 1", "r5", "vehicle", "police"),
    ("c2", "警车 2", "Police car 2", "r5", "vehicle", "police"),
    ("a1", "救护车 1", "Ambulance 1", "r6", "vehicle", "hospital"),
    ("a2", "救护车 2", "Ambulance 2", "r6", "vehicle", "hospital"),
    ("x1", "供电抢修车", "Power crew car", "r9", "vehicle", "water"),
    ("t1", "站务疏导队", "Station staff", "r7", "team", "station"),
)
#: Views that the plan shows: names, what they look at, metres away, heading and pitch in degrees.
SHOTS: dict[str, tuple[tuple[str, str], str, float, float, float]] = {
    "leak": (("演练 B 口", "Drill: exit B"), "leak", 190.0, 330.0, -34.0),
    "scene": (("演练 现场全景", "Drill: the whole scene"), "leak", 900.0, 10.0, -42.0),
    "stage": (("演练 集结区", "Drill: staging area"), "cp", 330.0, 40.0, -36.0),
    "fire": (("演练 起火点", "Drill: the fire"), "leak", 270.0, 336.0, -46.0),
    "tower": (("演练 大厦", "Drill: the tower"), "tower", 420.0, 215.0, -30.0),
    "way": (("演练 撤离路线", "Drill: the way out"), "route", 430.0, 190.0, -40.0),
}
SHOWN_AT = {
    "s01": "leak", "s05": "scene", "s11": "stage", "s12": "leak", "s16": "scene", "s25": "fire",
    "s31": "tower", "s33": "way", "s36": "tower", "s48": "fire", "s53": "scene",
}  # fmt: skip
VEHICLES_AT = ("fs1", "fs1", "fs2", "fs2", "police", "gas", "gas", "hospital", "hospital", "water")


def add_drill(city: City, *, chinese: bool) -> None:
    """Add resources, hazard sources and the plan to the sample city."""
    _add(city, "resources", _resources(city, chinese=chinese), ("应急资源", "Resources"), chinese)
    _add(city, "hazards", _hazards(chinese=chinese), ("危险源", "Hazard sources"), chinese)
    city.add_plan(sample_plan(chinese=chinese))


def keep_shots(city: City, *, chinese: bool) -> None:
    """Keep the views that the plan shows."""
    for key in SHOTS:
        city.run(save_view(city.project, _shot(city, key, 0 if chinese else 1)))


def _shot(city: City, key: str, word: int) -> View:
    """Give a view that the plan shows; layers and light are those of the project."""
    names, spot, away, heading, pitch = SHOTS[key]
    east, north = _at(spot)
    ground = float(city.project.ground_at(np.array([[east, north]]))[0])
    camera = Viewpoint.looking_at(
        (east, north, ground + 8.0), away, math.radians(heading), math.radians(pitch)
    )
    return View(names[word], camera)


def sample_plan(*, chinese: bool) -> Plan:
    """Give the plan of the drill."""
    word = 0 if chinese else 1
    ring = ((-240, -130), (240, -130), (240, 330), (-240, 330))
    return Plan(
        0,
        ("金融城站燃气泄漏起火演练", "Gas leak and fire at Finance City Station")[word],
        type="gas-leak", grade="III", begins=BEGINS, seed=7,
        region=tuple((STATION[0] + x, STATION[1] + y) for x, y in ring),
        summary=(
            "早高峰后，金融城站 B 口外中压燃气管被施工破坏，气体进入出入口；"
            "二十五分钟后泄漏点起火。",
            "After the morning rush works break the gas main outside exit B of Finance City "
            "Station; gas enters the exit, and after twenty-five minutes the leak catches fire.",
        )[word],
        objectives=tuple(Objective(o[0], o[1 + word]) for o in OBJECTIVES),
        phases=tuple(Phase(p[0], p[1 + word]) for p in PHASES),
        roles=tuple(Role(r[0], r[1 + word], r[3 + word], colour=r[5]) for r in ROLES),
        units=tuple(Unit(u[0], u[1 + word], u[3], u[4], place=_at(u[5])) for u in UNITS),
        steps=tuple(_step(row, word) for row in STEPS),
        injects=_injects(word),
        author=("示例", "Sample")[word],
    )  # fmt: skip


def _step(row: Row, word: int) -> Step:
    mode, _, other = row.start.partition(" ")
    modes: dict[str, Mode] = {"at": "at", "after": "after", "with": "with", "when": "when"}
    condition = ("泄漏点起火", "The leak is on fire")[word] if mode == "when" else ""
    return Step(
        row.id, row.title[word], Start(modes[mode], row.wait, other, condition), row.seconds,
        row.phase, row.role, _at(row.place), _name(row.place, word), row.title[word],
        row.words[word],
        row.response[word], tuple(Commitment(unit) for unit in row.units),
        _elements(row.id, word), (MEETS[row.id],) if row.id in MEETS else (),
    )  # fmt: skip


def _elements(step: str, word: int) -> tuple[Element, ...]:
    """Give what the steps that change the picture show."""
    leak = _at("leak")
    shown: dict[str, tuple[Element, ...]] = {
        "s01": (Element("symbol", (leak,), "A20300", ("燃气泄漏", "Gas leak")[word], stays=True),),
        "s12": (Element("zone", _circle(60.0), "F10100", ("警戒区 60 m", "Cordon 60 m")[word]),),
        "s14": (
            Element("symbol", (_at("cp"),), "D10000", ("指挥部", "Command post")[word], stays=True),
        ),
        "s16": (
            Element("zone", _circle(150.0), "F10100", ("警戒区 150 m", "Cordon 150 m")[word],
                    grow_from=0.4, stays=True),
        ),
        "s25": (
            Element("symbol", (leak,), "A20100", ("起火", "Fire")[word], stays=True),
            Element("message", text=("泄漏点起火", "The leak is on fire")[word]),
        ),
        "s29": (
            Element("zone", _circle(26.0), "F10300", colour="#ff6d00", grow_from=0.5, grow_to=1.0),
        ),
        "s32": (
            Element("line", tuple(_moved(p) for p in WAY_OUT),
                    "E30200", ("撤离路线", "Way out")[word], stays=True),
        ),
        "s33": (
            Element("symbol", (_at("shelter"),), "D40000", ("避难点", "Shelter")[word], stays=True),
        ),
        "s34": (
            Element("symbol", (_at("triage"),), "D30000", ("检伤点", "Triage")[word], stays=True),
        ),
        "s48": (Element("message", text=("灭火", "The flame is out")[word]),),
        "s58": (Element("message", text=("响应终止", "The response has ended")[word]),),
    }  # fmt: skip
    found = shown.get(step, ())
    if step in SHOWN_AT:
        found = (*found, Element("camera", text=SHOTS[SHOWN_AT[step]][0][word]))
    return found


def _injects(word: int) -> tuple[Inject, ...]:
    closed = tuple(_moved(p) for p in ((-130, -20), (-110, -20), (-110, 20), (-130, 20)))
    return (
        Inject(
            "i1", ("集结区道路被事故车辆堵塞", "The road to the staging area is blocked")[word],
            (
                "一辆货车横在路口，救援车辆请改道。",
                "A lorry stands across the junction, go around.",
            )[word],
            ("各车改道，仍在时限内到场", "Crews go around and still come in time")[word], "r12",
            _moved((-120, 0)),
            (_symbol(_moved((-120, 0)), "A20400", ("道路堵塞", "Road blocked")[word]),),
            closed,
        ),
        Inject(
            "i2", ("大厦八层有两人未下楼", "Two people are still on the eighth floor")[word],
            ("八层东侧有两人呼救。", "Two people call from floor eight, east side.")[word],
            ("云梯车转为救人", "The ladder turns to rescue")[word], "r12", _at("tower"),
            (_symbol(_at("tower"), "A20900", ("人员被困", "People trapped")[word]),),
        ),
    )  # fmt: skip


def _symbol(place: Place, code: str, text: str) -> Element:
    return Element("symbol", (place,), code, text)


def _resources(city: City, *, chinese: bool) -> Features:
    """Give 120 resources: hydrants of the water network, stations, vehicles, teams, shelters."""
    word = 0 if chinese else 1
    rows: list[tuple[str, str, Place, str, float, str]] = []
    stations = (
        ("fire-station", "fs1"), ("fire-station", "fs2"), ("hospital", "hospital"),
        ("police", "police"), ("depot", "gas"), ("depot", "water"), ("shelter", "shelter"),
    )  # fmt: skip
    for sort, spot in stations:
        rows.append((sort, _name(spot, word), _at(spot), "ready", 1.0, ""))
    for number, spot in enumerate(VEHICLES_AT):
        name = (f"应急车辆 {number + 1}", f"Vehicle {number + 1}")[word]
        shift = (6.0 * (number % 4), 8.0)
        east, north = _at(spot)
        place = (east + shift[0], north + shift[1])
        state = ("ready", "ready", "ready", "committed", "out-of-service")[number % 5]
        rows.append(("vehicle", name, place, state, 1.0, ("辆", "cars")[word]))
    for name, place, capacity in _parks(city, word):
        rows.append(("shelter", name, place, "ready", capacity, ("人", "people")[word]))
    hydrants = _hydrants(city)[:HYDRANTS]
    rows += [
        ("hydrant", (f"消火栓 {i + 1}", f"Hydrant {i + 1}")[word], place,
         "out-of-service" if i % 21 == 20 else "ready", 1.0, "")
        for i, place in enumerate(hydrants)
    ]  # fmt: skip
    for number in range(120 - len(rows)):
        angle = 2.399963 * number  # the golden angle spreads them evenly
        away = 90.0 + 28.0 * number
        place = (STATION[0] + away * np.cos(angle), STATION[1] + 0.6 * away * np.sin(angle))
        camera = number % 4 != 3
        sort = "camera" if camera else "team"
        called = ("摄像头", "Camera") if camera else ("社区应急队", "Community team")
        rows.append((sort, f"{called[word]} {number + 1}", place, "ready", 1.0 if camera else 6.0,
                     "" if camera else ("人", "people")[word]))  # fmt: skip
    return _features(
        [row[2] for row in rows],
        {
            "sort": [row[0] for row in rows], "name": [row[1] for row in rows],
            "state": [row[3] for row in rows], "quantity": [row[4] for row in rows],
            "unit": [row[5] for row in rows],
            "valid_from": _season(rows, SEASON[0]), "valid_to": _season(rows, SEASON[1]),
        },
    )  # fmt: skip


def _season(rows: list[tuple[str, str, Place, str, float, str]], day: str) -> list[str]:
    """Give a day for the shelters in parks that open for a season only, "" for all others."""
    parks = [row[1] for row in rows if row[0] == "shelter"][-SEASONAL:]
    return [day if row[1] in parks else "" for row in rows]


def _hazards(*, chinese: bool) -> Features:
    word = 0 if chinese else 1
    rows = (
        ("gas-governor", ("中压调压站", "Gas governor station"), (160, 180), "天然气", 0.8),
        ("gas-governor", ("东区调压箱", "Governor box east"), (900, 60), "天然气", 0.2),
        ("gas-station", ("青屏加油站", "Qingping filling station"), (-700, 90), "汽油", 90.0),
        (
            "gas-station",
            ("滨江加气站", "Binjiang gas filling station"),
            (1500, 420),
            "天然气",
            12.0,
        ),
        ("hazardous-store", ("芯片厂特气库", "Speciality gas store"), (1650, 380), "氨", 8.0),
        ("hazardous-store", ("水厂氯库", "Chlorine store"), (1350, 620), "氯", 4.0),
        ("underpass", ("大道下穿通道", "Underpass of the avenue"), (260, -190), "", 0.0),
        ("reservoir", ("滨江堤防薄弱段", "Weak stretch of the dike"), (-300, -420), "", 0.0),
    )
    return _features(
        [_moved(row[2]) for row in rows],
        {
            "sort": [row[0] for row in rows], "name": [row[1][word] for row in rows],
            "substance": [row[3] for row in rows], "amount_t": [row[4] for row in rows],
        },
    )  # fmt: skip


def _parks(city: City, word: int) -> list[tuple[str, Place, float]]:
    """Give parks and schools that take people in, with how many."""
    out: list[tuple[str, Place, float]] = []
    for layer in city.project.of_kind("places"):
        table = layer.features.attributes
        if "class" not in table.column_names:
            continue
        names = texts(table.column(("name", "name_en")[word]))
        kinds = texts(table.column("class"))
        for row, (east, north) in enumerate(layer.features.shapes.coords):
            if kinds[row] == "park":
                out.append(
                    (str(names[row]), (float(east), float(north)), 800.0 + 400.0 * (row % 5))
                )
    return out[:8]


def _hydrants(city: City) -> list[Place]:
    """Give the hydrants of the water network, the nearest to the station first."""
    for layer in city.project.of_kind("pipes"):
        data = layer.features
        if "附属物" not in data.attributes.column_names:
            continue
        is_one = texts(data.attributes.column("附属物"))[data.feature] == "消防栓"
        places = data.shapes.centres()[is_one]
        order = np.argsort(np.hypot(*(places - STATION).T), kind="stable")
        return [(float(x), float(y)) for x, y in places[order]]
    return []


def _add(city: City, kind: str, data: Features, name: tuple[str, str], chinese: bool) -> None:
    layer = Layer(kind, name[0 if chinese else 1], data, style=kind_of(kind).style, visible=False)
    city.run(AddLayer(layer))


def _features(places: list[Place], columns: dict[str, list[str] | list[float]]) -> Features:
    shapes = Shapes.from_shapely([shapely.Point(place) for place in places])
    return Features.of(shapes, pa.table(columns))


def _name(spot: str, word: int) -> str:
    _, _, chinese, english = SPOTS[spot]
    return english if word else chinese


def _at(spot: str) -> Place:
    return _moved(SPOTS[spot][:2])


def _moved(away: tuple[float, float]) -> Place:
    return STATION[0] + away[0], STATION[1] + away[1]


def _circle(radius: float) -> tuple[Place, ...]:
    turns = np.linspace(0.0, 2.0 * np.pi, 33)[:-1]
    ring: Floats = np.array(_at("leak")) + radius * np.column_stack([np.cos(turns), np.sin(turns)])
    return tuple((float(x), float(y)) for x, y in ring)
