"""High-tech parks, factories, warehouses, the wharf, and the works that supply the district."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from shapely.geometry import Polygon

from data_samples import shapes
from data_samples.buildings import FRAME, STEEL, TUBE, Plot
from data_samples.compounds import gates, ring_road
from data_samples.layout import Item, Sheet, lay, sheet
from data_samples.shapes import put
from data_samples.siting import RowKind, east_west, infill, rows


def _numbered(plot: Plot, zh: str, en: str) -> tuple[str, str]:
    serial = 1 + sum(b.name_zh.endswith(zh) for b in plot.buildings)
    return f"{plot.name_zh}{serial}号{zh}", f"{plot.name_en} {en} {serial}"


def _research_plan(rng: np.random.Generator) -> tuple[Polygon, float, float]:
    wide, deep = float(rng.uniform(40.0, 62.0)), float(rng.uniform(32.0, 44.0))
    kind = int(rng.integers(0, 8))
    shape = (
        shapes.ell(wide, deep, 17.0),
        shapes.you(wide, deep, 16.0),
        shapes.court(wide, deep, 13.0),
        shapes.rectangle(wide, 20.0),
        shapes.tee(wide, deep),
        shapes.superellipse(wide * 0.8, deep * 0.9),
        shapes.arc(wide, 18.0, 62.0),
        shapes.chamfered(deep, deep),
    )[kind]
    west, south, east, north = shape.bounds
    return shape, east - west, north - south


def _park(plot: Plot, low: int, high: int, gap: float, *, share_tall: float) -> None:
    rng = plot.rng
    turn = east_west(plot.area, 20.0)
    plot.cover(plot.area, "lawn")
    gates(plot, 1, 2016)
    ring_road(plot, 5.0)
    axes = sheet(plot, 20.0)
    if plot.area.area > 14000.0:
        green = put(shapes.superellipse(axes.width * 0.24, axes.depth * 0.2), axes.x, axes.y, turn)
        plot.cover(green, "garden", keep=True)
        plot.cover(put(shapes.ellipse(axes.width * 0.12, axes.depth * 0.07), axes.x, axes.y, turn),
                   "pond")  # fmt: skip

    def build(area: Polygon, _share: float) -> None:
        tall = rng.random() < share_tall
        floors = int(rng.integers(high, high + 9)) if tall else int(rng.integers(low, high + 1))
        zh, en = _numbered(plot, "楼", "Building")
        plot.add(area, "research" if rng.random() < 0.7 else "office", floors,
                 year=plot.year(2012, 2024), structure=TUBE if floors > 14 else FRAME,
                 name=(zh, en))  # fmt: skip

    def kind_of(_share: float) -> RowKind:
        made = [_research_plan(rng) for _ in range(3)]
        depth = max(d for _, _, d in made)
        return RowKind(tuple((s, w) for s, w, _ in made), depth, gap, gap + 4.0)

    rows(plot, kind_of, build, turn=turn, setback=8.0, fill=0.3)
    small = RowKind(((shapes.rectangle(30.0, 17.0), 30.0),), 17.0, gap, gap)
    infill(plot, small, build, turn=turn, setback=8.0, step=10.0)


def research(plot: Plot) -> None:
    """Research houses of four to eight storeys around a green, one or two taller."""
    _park(plot, 4, 8, 15.0, share_tall=0.12)


def headquarters(plot: Plot) -> None:
    """Company headquarters of eight to twenty storeys."""
    _park(plot, 7, 12, 18.0, share_tall=0.35)


def _hall_rows(
    plot: Plot, *, widths: tuple[float, float], depths: tuple[float, float], gap: float,
    use: str, heights: tuple[float, float], years: tuple[int, int], words: tuple[str, str],
) -> None:  # fmt: skip
    rng = plot.rng
    turn = east_west(plot.area, 45.0)

    def build(area: Polygon, _share: float) -> None:
        zh, en = _numbered(plot, *words)
        plot.add(area, use, int(rng.choice([1, 1, 1, 2])), height=float(rng.uniform(*heights)),
                 year=plot.year(*years), structure=STEEL, name=(zh, en))  # fmt: skip

    def kind_of(_share: float) -> RowKind:
        depth = float(rng.uniform(*depths))
        long, short = float(rng.uniform(*widths)), float(rng.uniform(widths[0] * 0.5, widths[0]))
        hall = shapes.rectangle(long, depth)
        if rng.random() < 0.3:
            hall = shapes.ell(long, depth, depth * 0.6)
        made = ((hall, long), (shapes.rectangle(short, depth), short))
        return RowKind(made, depth, gap, gap + 3.0)

    rows(plot, kind_of, build, turn=turn, setback=9.0, fill=0.35)
    small = RowKind(
        ((shapes.rectangle(widths[0] * 0.55, 16.0), widths[0] * 0.55),), 16.0, 10.0, 9.0
    )
    infill(plot, small, build, turn=turn, setback=9.0, step=10.0)


def _yards(plot: Plot, reach: float) -> None:
    """Concrete around the halls, lorries at the docks; what lies further stays green."""
    halls = [b.area for b in plot.buildings if b.use in {"industrial", "warehouse", "utility"}]
    if not halls:
        return
    yard = shapely.union_all(shapely.buffer(np.asarray(halls, dtype=object), reach, quad_segs=2))
    plot.cover(yard.intersection(plot.area.buffer(-4.0)), "concrete")
    plot.cover(plot.area.buffer(-4.0).difference(plot.area.buffer(-9.0)), "path")
    lorries: dict[str, list[Polygon]] = {"lorry_white": [], "lorry_blue": []}
    for hall in halls:
        west, south, east, _ = hall.bounds
        for x in np.arange(west + 8.0, east - 8.0, 5.5):
            if plot.rng.random() < 0.3:
                kind = "lorry_white" if plot.rng.random() < 0.6 else "lorry_blue"
                lorries[kind].append(put(shapes.rectangle(2.6, 9.5), float(x), south - 6.0))
    for kind, found in lorries.items():
        if found:
            inside = shapely.intersection(shapely.union_all(found), plot.area.buffer(-5.0))
            plot.cover(inside.difference(shapely.union_all(halls)), kind)


def _office(plot: Plot, years: tuple[int, int]) -> None:
    lay(plot, (
        Item(shapes.rectangle(46.0, 16.0), -0.24, -0.36, "office", 5, "办公楼", "Office"),
        Item(shapes.rectangle(30.0, 14.0), 0.30, -0.38, "dormitory", 5, "倒班宿舍",
             "Workers' Dormitory"),
    ), years=years, setback=8.0, gap=9.0)  # fmt: skip


def clean_factory(plot: Plot) -> None:
    """High-tech production: halls of two to four storeys and an office building."""
    plot.cover(plot.area, "lawn")
    gates(plot, 1, 2014)
    _office(plot, (2012, 2020))
    _hall_rows(plot, widths=(70.0, 110.0), depths=(34.0, 48.0), gap=14.0, use="industrial",
               heights=(12.0, 22.0), years=(2012, 2023), words=("厂房", "Hall"))  # fmt: skip
    _yards(plot, 9.0)


def light_industry(plot: Plot) -> None:
    """Light industry in standard halls."""
    plot.cover(plot.area, "lawn")
    gates(plot, 1, 2006)
    _office(plot, (2002, 2010))
    _hall_rows(plot, widths=(55.0, 85.0), depths=(24.0, 34.0), gap=12.0, use="industrial",
               heights=(8.5, 14.0), years=(2002, 2015), words=("车间", "Workshop"))  # fmt: skip
    _yards(plot, 7.5)


def factory(plot: Plot) -> None:
    """Heavy works: long halls, an office, chimneys and tanks."""
    plot.cover(plot.area, "lawn")
    gates(plot, 1, 1988)
    _office(plot, (1978, 1996))
    items = (
        Item(shapes.ellipse(6.0, 6.0, 20), 0.40, 0.38, "utility", 1, "烟囱", "Chimney",
             height=58.0),
        Item(shapes.ellipse(15.0, 15.0, 28), 0.40, 0.16, "utility", 1, "1号储罐", "Tank 1",
             height=12.0),
        Item(shapes.ellipse(15.0, 15.0, 28), 0.40, 0.00, "utility", 1, "2号储罐", "Tank 2",
             height=12.0),
    )  # fmt: skip
    lay(plot, items, years=(1978, 1996), gap=7.0)
    _hall_rows(plot, widths=(85.0, 140.0), depths=(28.0, 44.0), gap=13.0, use="industrial",
               heights=(12.0, 21.0), years=(1976, 2008), words=("车间", "Workshop"))  # fmt: skip
    _yards(plot, 12.0)


def _stacks(plot: Plot, yard: Polygon, axes: Sheet) -> None:
    """Rows of containers with lanes between the blocks."""
    inner = yard.intersection(plot.area.buffer(-6.0)).buffer(-2.0)
    colours = ("container_red", "container_blue", "container_green", "container_white")
    found: dict[str, list[Polygon]] = {colour: [] for colour in colours}
    for north in np.arange(0.22, 0.45, 2.7 / axes.depth):
        if round(north * axes.depth / 2.7) % 7 == 0:
            continue
        for column, east in enumerate(np.arange(-0.34, 0.34, 12.6 / axes.width)):
            if column % 5 == 4 or plot.rng.random() < 0.18:
                continue
            box = put(shapes.rectangle(12.2, 2.44), *axes.at(float(east), float(north)), axes.turn)
            if inner.contains(box):
                found[colours[int(plot.rng.integers(0, 4))]].append(box)
    for colour, boxes in found.items():
        if boxes:
            plot.cover(shapely.MultiPolygon(boxes), colour)


def warehouses(plot: Plot) -> None:
    """Warehouses of the port and a container yard."""
    plot.cover(plot.area, "concrete")
    gates(plot, 1, 2004)
    axes = sheet(plot)
    yard = put(
        shapes.rectangle(axes.width * 0.7, axes.depth * 0.24), *axes.at(0.0, 0.33), axes.turn
    )
    plot.cover(yard, "concrete", keep=True)
    _stacks(plot, yard, axes)
    _hall_rows(plot, widths=(80.0, 120.0), depths=(32.0, 44.0), gap=18.0, use="warehouse",
               heights=(9.0, 13.0), years=(1998, 2012), words=("仓库", "Warehouse"))  # fmt: skip
    _yards(plot, 14.0)


def logistics(plot: Plot) -> None:
    """Logistics halls with wide yards for lorries."""
    plot.cover(plot.area, "concrete")
    gates(plot, 1, 2017)
    _hall_rows(plot, widths=(90.0, 150.0), depths=(40.0, 52.0), gap=22.0, use="warehouse",
               heights=(10.0, 16.0), years=(2012, 2022), words=("库", "Store"))  # fmt: skip
    _yards(plot, 18.0)


def wharf(plot: Plot) -> None:
    """The quay: cranes' track and two sheds."""
    plot.cover(plot.area, "concrete")
    axes = sheet(plot)
    for share in (-0.32, 0.0, 0.30):
        shed = put(shapes.rectangle(58.0, 14.0), *axes.at(share, -0.06), axes.turn)
        plot.place(shed, "warehouse", 1, setback=4.0, height=8.5, year=1996, structure=STEEL,
                   name=(f"{plot.name_zh}前方仓库", f"{plot.name_en} Transit Shed"))  # fmt: skip


def _round_tank(size: float, east: float, north: float, zh: str, en: str) -> Item:
    return Item(shapes.ellipse(size, size, 40), east, north, "utility", 1, zh, en, height=5.5)


SEWAGE: Final = (
    _round_tank(38.0, -0.28, 0.34, "1号二沉池", "Settler 1"),
    _round_tank(38.0, 0.26, 0.34, "2号二沉池", "Settler 2"),
    _round_tank(38.0, -0.28, 0.13, "3号二沉池", "Settler 3"),
    _round_tank(38.0, 0.26, 0.13, "4号二沉池", "Settler 4"),
    Item(shapes.rectangle(88.0, 44.0), 0.0, -0.09, "utility", 1, "生化池", "Aeration Basin",
         height=6.0),
    Item(shapes.rectangle(40.0, 18.0), -0.22, -0.28, "utility", 2, "鼓风机房", "Blower House"),
    Item(shapes.rectangle(36.0, 16.0), 0.24, -0.28, "utility", 2, "污泥脱水间", "Sludge House"),
    Item(shapes.rectangle(42.0, 15.0), 0.0, -0.42, "office", 4, "综合楼", "Office"),
)  # fmt: skip

WATER: Final = (
    Item(shapes.rectangle(72.0, 30.0), -0.34, 0.14, "utility", 1, "沉淀池", "Settling Basin",
         height=5.0),
    Item(shapes.rectangle(72.0, 30.0), -0.34, -0.20, "utility", 1, "滤池", "Filter House",
         height=8.0),
    _round_tank(40.0, -0.08, 0.14, "1号清水池", "Clear Water Tank 1"),
    _round_tank(40.0, 0.06, 0.14, "2号清水池", "Clear Water Tank 2"),
    Item(shapes.rectangle(50.0, 18.0), -0.02, -0.22, "utility", 2, "送水泵房", "Pumping Station"),
    Item(shapes.rectangle(40.0, 16.0), 0.22, -0.24, "office", 4, "综合楼", "Office"),
    Item(shapes.rectangle(34.0, 20.0), 0.24, 0.14, "utility", 2, "加药间", "Dosing House"),
    Item(shapes.ellipse(17.0, 17.0, 28), 0.38, 0.0, "utility", 1, "水塔", "Water Tower",
         height=36.0),
)  # fmt: skip

SUBSTATION: Final = (
    Item(shapes.rectangle(52.0, 24.0), -0.20, 0.10, "utility", 3, "配电装置楼", "Switchgear House",
         height=17.0),
    Item(shapes.rectangle(22.0, 12.0), 0.26, -0.26, "utility", 2, "主控楼", "Control House"),
    Item(shapes.rectangle(44.0, 26.0), 0.24, 0.16, "concrete", 0),
)  # fmt: skip


def sewage_works(plot: Plot) -> None:
    """Round settlers, a basin and their houses."""
    plot.cover(plot.area, "lawn")
    ring_road(plot, 7.0)
    lay(plot, SEWAGE, years=(2010, 2014), gap=5.0)


def water_works(plot: Plot) -> None:
    """The water works."""
    plot.cover(plot.area, "lawn")
    ring_road(plot, 7.0)
    lay(plot, WATER, years=(2006, 2012), gap=5.0)


def substation(plot: Plot) -> None:
    """The 220 kV substation."""
    plot.cover(plot.area, "concrete")
    lay(plot, SUBSTATION, years=(2009, 2012))
