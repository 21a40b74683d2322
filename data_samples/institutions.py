"""University, schools, hospital, culture, sports, administration, care and transport."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from shapely.geometry import Polygon

from data_samples import compounds, shapes
from data_samples.blocks import polygons
from data_samples.buildings import STEEL, Plot
from data_samples.layout import Item, lay, sheet
from data_samples.shapes import put
from data_samples.siting import RowKind, rows

S = shapes

UNIVERSITY: Final = (
    Item(S.rectangle(90.0, 60.0), 0.0, -0.42, "plaza", 0),
    Item(S.you(120.0, 62.0, 18.0), 0.0, -0.27, "education", 11, "主楼", "Main Building"),
    Item(S.rectangle(110.0, 70.0), 0.0, -0.12, "garden", 0),
    Item(S.cross(74.0, 74.0), 0.0, 0.03, "culture", 7, "图书馆", "Library", height=34.0),
    Item(S.comb(84.0, 92.0, 17.0, 3), 0.33, -0.34, "education", 5, "第一教学楼",
         "Teaching Block 1"),
    Item(S.comb(84.0, 92.0, 17.0, 3), -0.33, -0.34, "education", 5, "第二教学楼",
         "Teaching Block 2",
         turn=180.0),
    Item(S.court(74.0, 56.0, 15.0), 0.34, -0.14, "education", 6, "理学楼", "Science Building"),
    Item(S.court(74.0, 56.0, 15.0), -0.34, -0.14, "education", 6, "工学楼", "Engineering Building"),
    Item(S.ell(70.0, 52.0, 17.0), 0.34, -0.01, "education", 7, "信息楼", "Informatics Building"),
    Item(S.tee(62.0, 50.0), -0.34, -0.01, "education", 5, "文科楼", "Humanities Building"),
    Item(S.ellipse(58.0, 46.0), -0.15, 0.17, "culture", 3, "大学生活动中心", "Students' Centre",
         height=19.0),
    Item(S.track(88.0, 168.0), 0.345, 0.29, "track", 0),
    Item(S.rectangle(52.0, 36.0), 0.11, 0.17, "commercial", 3, "第一食堂", "Canteen 1",
         height=14.0),
    Item(S.superellipse(60.0, 46.0), 0.10, 0.30, "sports", 2, "体育馆", "Gymnasium", height=18.0,
         structure=STEEL),
    Item(S.rectangle(46.0, 28.0), 0.11, 0.42, "sports", 1, "游泳馆", "Swimming Hall", height=11.0,
         structure=STEEL),
    Item(S.rectangle(34.0, 22.0), -0.38, 0.10, "medical", 3, "校医院", "University Clinic"),
)  # fmt: skip

SCHOOL: Final = (
    Item(S.track(72.0, 142.0), -0.24, 0.06, "track", 0),
    Item(S.comb(60.0, 74.0, 11.0, 3), 0.24, 0.02, "education", 4, "教学楼", "Teaching Building"),
    Item(S.ell(52.0, 40.0, 14.0), 0.24, -0.32, "education", 5, "行政实验楼", "Laboratory Building"),
    Item(S.rectangle(42.0, 26.0), -0.24, -0.40, "sports", 2, "体育馆", "Gymnasium", height=13.5),
    Item(S.rectangle(34.0, 18.0), 0.30, 0.32, "commercial", 2, "食堂", "Canteen", height=9.5),
    Item(S.slab(3, 14.0, 13.0), 0.22, 0.42, "dormitory", 5, "宿舍楼", "Dormitory"),
    Item(S.rectangle(30.0, 17.0), 0.02, -0.42, "court", 0),
)  # fmt: skip

WIDE_SCHOOL: Final = (
    Item(S.you(74.0, 38.0, 12.0), -0.22, 0.27, "education", 4, "教学楼", "Teaching Building"),
    Item(S.track(62.0, 122.0), -0.17, -0.18, "track", 0, turn=90.0),
    Item(S.ell(46.0, 36.0, 13.0), 0.33, 0.26, "education", 5, "行政实验楼", "Laboratory Building"),
    Item(S.rectangle(36.0, 26.0), 0.34, -0.28, "sports", 2, "体育馆", "Gymnasium", height=13.0),
    Item(S.rectangle(28.0, 18.0), 0.08, 0.36, "commercial", 2, "食堂", "Canteen", height=9.5),
    Item(S.rectangle(30.0, 17.0), 0.34, -0.02, "court", 0),
)  # fmt: skip

HOSPITAL: Final = (
    Item(S.you(96.0, 54.0, 19.0), 0.0, -0.26, "medical", 5, "门诊楼", "Outpatient Building"),
    Item(S.slab(4, 23.0, 24.0), -0.02, 0.06, "medical", 18, "住院一部", "Inpatient Building 1",
         height=76.0),
    Item(S.arc(90.0, 22.0, 52.0), 0.0, 0.30, "medical", 14, "住院二部", "Inpatient Building 2",
         height=60.0),
    Item(S.ell(44.0, 44.0, 17.0), 0.35, -0.03, "medical", 6, "医技楼", "Diagnostics Building"),
    Item(S.rectangle(40.0, 26.0), -0.36, -0.08, "medical", 4, "急救中心", "Emergency Centre"),
    Item(S.rectangle(34.0, 22.0), -0.37, 0.20, "medical", 5, "感染科楼", "Infectious Diseases"),
    Item(S.rectangle(36.0, 20.0), 0.36, 0.22, "research", 6, "科教楼", "Research and Teaching"),
    Item(S.rectangle(26.0, 16.0), 0.36, 0.40, "utility", 2, "能源中心", "Energy Centre"),
    Item(S.rectangle(60.0, 26.0), 0.0, -0.43, "plaza", 0),
    Item(S.rectangle(58.0, 34.0), -0.33, 0.40, "parking", 0),
    Item(S.ellipse(26.0, 26.0), 0.38, -0.38, "helipad", 0),
)  # fmt: skip

CIVIC: Final = (
    Item(S.rectangle(150.0, 56.0), 0.0, -0.40, "plaza", 0),
    Item(S.you(136.0, 66.0, 22.0), 0.0, -0.08, "government", 9, "主楼", "Main Building",
         height=44.0),
    Item(S.ell(44.0, 50.0, 17.0), 0.35, 0.21, "government", 6, "市民服务中心", "Citizens' Service"),
    Item(S.ell(44.0, 50.0, 17.0), -0.35, 0.21, "government", 6, "规划展示馆",
         "Planning Exhibition"),
    Item(S.ellipse(58.0, 48.0), 0.0, 0.27, "government", 4, "会议中心", "Congress Hall",
         height=22.0),
    Item(S.slab(3, 22.0, 15.0), -0.25, 0.42, "government", 7, "公安分局", "Police Headquarters"),
    Item(S.slab(3, 22.0, 15.0), 0.25, 0.42, "government", 7, "法院", "Court House"),
    Item(S.rectangle(54.0, 30.0), 0.40, -0.34, "parking", 0),
)  # fmt: skip

THEATRE: Final = (
    Item(S.ellipse(126.0, 92.0), -0.04, -0.10, "culture", 5, "=滨江大剧院",
         "Binjiang Grand Theatre",
         height=46.0, turn=20.0, structure=STEEL),
    Item(S.leaf(92.0, 40.0), 0.10, 0.20, "culture", 4, "=滨江音乐厅", "Binjiang Concert Hall",
         height=28.0, turn=-16.0),
    Item(S.arc(70.0, 22.0, 70.0), -0.20, 0.33, "culture", 4, "=滨江美术馆", "Binjiang Art Museum",
         height=24.0, turn=200.0),
    Item(S.superellipse(44.0, 30.0), 0.28, 0.37, "culture", 5, "=新区少年宫", "Children's Palace",
         height=26.0),
    Item(S.ellipse(60.0, 26.0), 0.20, -0.36, "pond", 0),
)  # fmt: skip

MUSEUM: Final = (
    Item(S.ring(84.0, 70.0, 22.0), -0.22, 0.0, "culture", 4, "=滨江博物馆", "Binjiang Museum",
         height=27.0, structure=STEEL),
    Item(S.chamfered(70.0, 58.0, 0.3), 0.24, 0.04, "culture", 5, "=滨江图书馆", "Binjiang Library",
         height=32.0),
)  # fmt: skip

STADIUM: Final = (
    Item(S.ring(176.0, 148.0, 27.0), 0.0, -0.16, "sports", 4, "体育场", "Stadium", height=38.0,
         structure=STEEL, turn=90.0),
    Item(S.ellipse(88.0, 72.0), -0.22, 0.30, "sports", 3, "体育馆", "Arena", height=27.0,
         structure=STEEL),
    Item(S.superellipse(72.0, 48.0), 0.24, 0.29, "sports", 2, "游泳馆", "Aquatic Centre",
         height=20.0,
         structure=STEEL),
    Item(S.rectangle(52.0, 24.0), 0.24, 0.435, "parking", 0),
    Item(S.rectangle(40.0, 20.0), -0.26, 0.45, "court", 0),
)  # fmt: skip

EXPO: Final = (
    Item(S.rectangle(72.0, 150.0), -0.26, 0.04, "culture", 2, "A馆", "Hall A", height=23.0,
         structure=STEEL),
    Item(S.rectangle(72.0, 150.0), 0.26, 0.04, "culture", 2, "B馆", "Hall B", height=23.0,
         structure=STEEL),
    Item(S.leaf(108.0, 26.0), 0.0, -0.40, "culture", 2, "登录厅", "Entrance Hall", height=26.0),
    Item(S.rectangle(22.0, 130.0), 0.0, 0.05, "plaza", 0),
)  # fmt: skip

NURSING: Final = (
    Item(S.court(56.0, 42.0, 12.0), -0.24, -0.06, "welfare", 4, "颐养楼", "Residence 1"),
    Item(S.ell(50.0, 40.0, 12.0), 0.22, 0.12, "welfare", 4, "康复楼", "Rehabilitation"),
    Item(S.rectangle(30.0, 16.0), 0.24, -0.30, "welfare", 2, "餐厅", "Dining Hall"),
    Item(S.slab(3, 14.0, 13.0), -0.22, 0.36, "welfare", 4, "护理楼", "Nursing Wing"),
    Item(S.ellipse(40.0, 26.0), 0.0, -0.32, "garden", 0),
)  # fmt: skip

COACHES: Final = (
    Item(S.arc(110.0, 34.0, 46.0), 0.0, 0.26, "transport", 3, "站房", "Terminal", height=21.0,
         structure=STEEL),
    Item(S.rectangle(150.0, 44.0), 0.0, -0.02, "parking", 0),
    Item(S.rectangle(90.0, 15.0), 0.0, -0.24, "transport", 1, "站台雨棚", "Canopy", height=7.0,
         structure=STEEL),
    Item(S.rectangle(64.0, 22.0), -0.28, -0.40, "transport", 2, "检修车间", "Depot", height=10.0),
    Item(S.chamfered(34.0, 30.0), 0.36, 0.30, "hotel", 16, "客运宾馆", "Coach Hotel", height=60.0),
    Item(S.rectangle(50.0, 16.0), 0.30, -0.40, "office", 5, "综合楼", "Office"),
)  # fmt: skip


def _ground(plot: Plot, kind: str) -> None:
    plot.cover(plot.area, kind)


def university(plot: Plot) -> None:
    """The campus: axis in the south, dormitories in the north-west, track in the north-east."""
    _ground(plot, "lawn")
    axes = sheet(plot, 12.0)
    for share in (-0.195, 0.105):
        lane = put(S.rectangle(axes.width * 0.97, 7.0), *axes.at(0.0, share), axes.turn)
        plot.cover(lane, "path", keep=True)
    for share in (-0.205, 0.205):
        lane = put(S.rectangle(7.0, axes.depth * 0.97), *axes.at(share, 0.0), axes.turn)
        plot.cover(lane, "path")
    lay(plot, UNIVERSITY, years=(1998, 2018), setback=6.0, most=12.0)
    lake = put(S.ellipse(64.0, 40.0), *axes.at(-0.10, 0.29), axes.turn + 20.0)
    plot.cover(lake, "pond", keep=True)
    west = put(S.rectangle(axes.width * 0.30, axes.depth * 0.33), *axes.at(-0.34, 0.325), axes.turn)
    _dormitories(plot, axes.turn, west)
    middle = put(
        S.rectangle(axes.width * 0.22, axes.depth * 0.13), *axes.at(-0.02, 0.43), axes.turn
    )
    _dormitories(plot, axes.turn, middle)
    compounds.gates(plot, 3, 2001)


def _dormitories(plot: Plot, turn: float, ground: Polygon) -> None:
    land = polygons(plot.area.intersection(ground), 1.0)[0]
    quarter = Plot(plot.number, land, plot.code, plot.name_zh, plot.name_en, plot.frontage,
                   plot.rng)  # fmt: skip
    quarter.reserved = [*plot.reserved, *(b.area for b in plot.buildings)]
    kind = RowKind(((S.slab(4, 13.5, 15.0), 54.0), (S.slab(3, 13.5, 15.0), 40.5)), 15.0, 9.0, 19.0)
    first = sum(b.use == "dormitory" for b in plot.buildings)

    def build(area: Polygon, _share: float) -> None:
        serial = first + len(quarter.buildings) + 1
        quarter.add(area, "dormitory", 6, year=plot.year(1999, 2012),
                    name=(f"{plot.name_zh}学生公寓{serial}栋",
                        f"{plot.name_en} Dormitory {serial}"))  # fmt: skip

    rows(quarter, lambda _share: kind, build, turn=turn, setback=5.0, fill=0.3)
    plot.buildings.extend(quarter.buildings)


def middle_school(plot: Plot) -> None:
    """A school with a running track, teaching wings, laboratories, hall and dormitory."""
    _ground(plot, "lawn")
    axes = sheet(plot, 14.0)
    items = WIDE_SCHOOL if axes.width > axes.depth * 1.15 else SCHOOL
    compounds.gates(plot, 1, 2004)
    lay(plot, items, years=(2004, 2019), setback=4.0, gap=7.0, most=14.0)


def hospital(plot: Plot) -> None:
    """A general hospital."""
    _ground(plot, "lawn")
    compounds.ring_road(plot, 6.0)
    lay(plot, HOSPITAL, years=(2008, 2020), most=14.0)


def civic(plot: Plot) -> None:
    """The district's administration."""
    _ground(plot, "lawn")
    lay(plot, CIVIC, years=(2010, 2014), most=10.0)


def theatre(plot: Plot) -> None:
    """The cultural centre on the river."""
    _ground(plot, "plaza")
    plot.cover(plot.area.buffer(-6.0).difference(plot.area.buffer(-15.0)), "garden")
    lay(plot, THEATRE, years=(2016, 2021))


def museum(plot: Plot) -> None:
    """Museum and library."""
    _ground(plot, "plaza")
    plot.cover(plot.area.buffer(-2.0).difference(plot.area.buffer(-8.0)), "garden")
    lay(plot, MUSEUM, years=(2014, 2019))


def stadium(plot: Plot) -> None:
    """Stadium, arena and pool."""
    _ground(plot, "plaza")
    axes = sheet(plot, 12.0)
    plot.cover(put(S.ellipse(122.0, 94.0), *axes.at(0.0, -0.16), axes.turn + 90.0), "track")
    plot.cover(put(S.rectangle(64.0, 96.0), *axes.at(0.0, -0.16), axes.turn), "pitch")
    lay(plot, STADIUM, years=(2009, 2015), setback=5.0, most=12.0)


def expo(plot: Plot) -> None:
    """Exhibition halls."""
    _ground(plot, "plaza")
    lay(plot, EXPO, years=(2015, 2018), most=14.0)


def nursing(plot: Plot) -> None:
    """A home for the old at the foot of the hill."""
    _ground(plot, "lawn")
    lay(plot, NURSING, years=(2012, 2020), most=20.0)


def _coaches(plot: Plot) -> None:
    """Coaches in rows on the yard, and a strip of trees around it."""
    axes = sheet(plot, 12.0)
    plot.cover(plot.area.difference(plot.area.buffer(-9.0)), "lawn")
    for tone, rows_at in (("lorry_white", (-0.06, 0.02)), ("lorry_blue", (-0.02, -0.32))):
        found = [
            put(S.rectangle(2.6, 11.5), *axes.at(float(east), north), axes.turn + 12.0)
            for north in rows_at
            for east in np.arange(-0.26, 0.27, 3.9 / axes.width)
            if plot.rng.random() < 0.62
        ]
        plot.cover(shapely.union_all(found), tone)


def bus_station(plot: Plot) -> None:
    """The coach station."""
    _ground(plot, "pavement")
    lay(plot, COACHES, years=(2005, 2012), most=12.0)
    _coaches(plot)


def market_hall(plot: Plot) -> None:
    """A covered market with stalls around it."""
    _ground(plot, "pavement")
    plot.cover(plot.area.difference(plot.area.buffer(-5.0)), "lawn")
    axes = sheet(plot, 14.0)
    hall = S.rectangle(min(96.0, axes.width * 0.6), min(52.0, axes.depth * 0.5))
    plot.place(put(hall, axes.x, axes.y, axes.turn), "commercial", 2, height=12.5, year=1999,
               structure=STEEL, name=("解放路农贸市场", "Jiefang Road Market"))  # fmt: skip
    compounds.shops(plot, 1.0, depth=9.0, year=1997)
    for north in (-0.36, 0.36):
        stalls = put(S.rectangle(axes.width * 0.55, 6.0), *axes.at(0.0, north), axes.turn)
        plot.place(stalls, "retail", 1, gap=5.0, year=2001, structure=STEEL)
