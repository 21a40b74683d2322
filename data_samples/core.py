"""The commercial core: podiums with towers, the landmark, the twin towers, malls and hotels.

A podium is a building with a hole where its tower stands; the tower is a building of its own that
starts on the ground. So nothing overlaps in plan and floor areas add up.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from data_samples import shapes
from data_samples.blocks import polygons
from data_samples.buildings import STEEL, TUBE, Plot
from data_samples.frame import smooth
from data_samples.layout import Item, Sheet, lay, sheet
from data_samples.old_town import lots
from data_samples.shapes import put

PEAK: Final = (1190.0, 1345.0)
"""Where the skyline is highest, plan metres."""


def _reach(plot: Plot) -> float:
    return float(np.hypot(plot.area.centroid.x - PEAK[0], plot.area.centroid.y - PEAK[1]))


def podium(
    plot: Plot,
    outline: BaseGeometry,
    towers: list[Polygon],
    floors: int,
    name: tuple[str, str],
    *,
    use: str = "commercial",
    year: int,
) -> None:
    """A podium with holes for its towers; towers that reach its edge cut it open."""  # fmt: skip
    inside = outline.intersection(plot.inner(6.0))
    left = inside.difference(shapely.union_all(towers)) if towers else inside
    for part in polygons(left, 150.0):
        clean = polygons(part.buffer(-1.5, join_style="mitre").buffer(1.5, join_style="mitre"), 120)
        for area in clean:
            pared = area.difference(shapely.union_all(towers)) if towers else area
            for piece in polygons(pared, 120.0):
                plot.add(piece, use, floors, year=year, name=name)


def tower_plan(rng: np.random.Generator, size: float) -> Polygon:
    """One of the plans that office towers have, about `size` metres across."""
    plans = (
        shapes.superellipse(size, size * rng.uniform(0.78, 1.0)),
        shapes.chamfered(size, size * rng.uniform(0.7, 1.0)),
        shapes.notched(size, size * rng.uniform(0.75, 1.0)),
        shapes.leaf(size * 1.45, size * 0.85),
        shapes.ellipse(size * 1.2, size * 0.85),
        shapes.rectangle(size * 1.15, size * 0.72),
        shapes.cross(size * 1.1, size * 1.1),
    )
    return plans[int(rng.choice(len(plans), p=[0.2, 0.22, 0.16, 0.08, 0.08, 0.18, 0.08]))]


def _plaza(plot: Plot) -> Sheet:
    plot.cover(plot.area, "plaza")
    plot.cover(plot.area.buffer(-1.0).difference(plot.area.buffer(-4.0)), "garden")
    return sheet(plot)


def offices(plot: Plot) -> None:
    """One or two towers in a podium, a lower house beside them."""
    rng, axes = plot.rng, _plaza(plot)
    year = plot.year(2011, 2024)
    crown = float(np.clip(218.0 - 0.27 * _reach(plot) + rng.normal(0, 18.0), 70.0, 215.0))
    size = float(np.clip(29.0 + crown * 0.085, 32.0, 46.0))
    east_first = rng.random() < 0.5
    flip = 1.0 if east_first else -1.0
    places = [(0.22 * flip, 0.16), (-0.24 * flip, -0.16)]
    towers: list[Polygon] = []
    for index, place in enumerate(places):
        x, y = axes.at(*place)
        wide = size if index == 0 else size * 0.86
        area = put(tower_plan(rng, wide), x, y, axes.turn)
        if not plot.free(area, 11.0, 22.0):
            area = put(
                tower_plan(rng, wide * 0.8), *axes.at(place[0] * 0.7, place[1] * 0.6), axes.turn
            )
            if not plot.free(area, 9.0, 20.0):
                continue
        height = crown if index == 0 else crown * float(rng.uniform(0.45, 0.75))
        flats = index == 1 and rng.random() < 0.35
        use = "hotel" if flats else "office"
        floors = round(height / (3.7 if flats else 4.15))
        letter = "AB"[index]
        plot.add(area, use, floors, height=height, year=year, structure=TUBE,
                 name=(f"{plot.name_zh}{letter}座", f"{plot.name_en} Tower {letter}"))  # fmt: skip
        towers.append(plot.buildings[-1].area)
    form = int(rng.integers(0, 3))
    wide, deep = axes.width * 0.80, axes.depth * 0.78
    outline = (
        shapes.superellipse(wide, deep, 6.0),
        shapes.ell(wide, deep, deep * 0.52),
        shapes.rectangle(wide, deep * 0.72),
    )[form]
    turn = axes.turn + (180.0 if not east_first and form == 1 else 0.0)
    podium(plot, put(outline, axes.x, axes.y, turn), towers, int(rng.integers(3, 6)),
           (f"{plot.name_zh}裙楼", f"{plot.name_en} Podium"), year=year)  # fmt: skip


def landmark(plot: Plot) -> None:
    """The tallest tower of the district: 250 m."""
    axes = _plaza(plot)
    area = put(shapes.superellipse(50.0, 50.0, 3.0), *axes.at(-0.16, 0.12), axes.turn)
    plot.add(area, "office", 56, height=250.0, year=2023, structure=TUBE,
             name=("滨江中心大厦", "Binjiang Centre Tower"))  # fmt: skip
    hotel = put(shapes.leaf(56.0, 26.0), *axes.at(0.26, -0.08), axes.turn + 80.0)
    plot.add(hotel, "hotel", 34, height=132.0, year=2023, structure=TUBE,
             name=("滨江中心酒店", "Binjiang Centre Hotel"))  # fmt: skip
    podium(plot, put(shapes.superellipse(axes.width * 0.84, axes.depth * 0.78, 3.2), axes.x,
                     axes.y, axes.turn), [b.area for b in plot.buildings], 5,
           ("滨江中心裙楼", "Binjiang Centre Podium"), year=2023)  # fmt: skip


def twin(plot: Plot) -> None:
    """Two towers joined by a bridge high above the ground."""
    axes = _plaza(plot)
    areas = []
    for letter, east, height, floors in (("A", -0.24, 198.0, 46), ("B", 0.24, 182.0, 42)):
        shape = shapes.chamfered(38.0, 42.0, 0.3)
        area = put(shape, *axes.at(east, 0.06), axes.turn)
        plot.add(area, "office", floors, height=height, year=2020, structure=TUBE,
                 name=(f"双子塔{letter}座", f"Twin Tower {letter}"))  # fmt: skip
        areas.append(plot.buildings[-1].area)
    span = put(shapes.rectangle(axes.width * 0.5, 9.0), *axes.at(0.0, 0.06), axes.turn)
    bridge = polygons(span.difference(shapely.union_all(areas)), 40.0)
    if bridge:
        bridge.sort(key=lambda p: p.distance(shapely.Point(*axes.at(0.0, 0.06))))
        plot.add(bridge[0], "commercial", 3, height=129.0, year=2020, structure=STEEL,
                 name=("双子塔空中连廊", "Twin Towers Skybridge"), min_height=114.0)  # fmt: skip
    base = put(
        shapes.rectangle(axes.width * 0.84, axes.depth * 0.62), *axes.at(0.0, 0.04), axes.turn
    )
    open_court = put(
        shapes.rectangle(axes.width * 0.2, axes.depth * 0.8), *axes.at(0.0, 0.0), axes.turn
    )
    podium(plot, base.difference(open_court), areas, 4, ("双子塔裙楼", "Twin Towers Podium"),
           year=2020)  # fmt: skip


def mall(plot: Plot) -> None:
    """A shopping mall with an atrium, and a block of flats above one end."""
    axes = _plaza(plot)
    year = plot.year(2013, 2022)
    tall = put(shapes.rectangle(44.0, 18.0), *axes.at(0.22, 0.26), axes.turn)
    if plot.free(tall, 10.0, 10.0):
        plot.add(tall, "residential", 26, year=year, structure=TUBE,
                 name=(f"{plot.name_zh}公寓", f"{plot.name_en} Apartments"))  # fmt: skip
    towers = [building.area for building in plot.buildings]
    outline = put(shapes.superellipse(axes.width * 0.86, axes.depth * 0.82, 5.0), axes.x, axes.y,
                  axes.turn)  # fmt: skip
    atrium = put(shapes.leaf(axes.width * 0.42, axes.depth * 0.16), *axes.at(-0.08, -0.08),
                 axes.turn + 12.0)  # fmt: skip
    podium(plot, outline.difference(atrium), towers, 6, (plot.name_zh, plot.name_en), year=year)


def hotel(plot: Plot) -> None:
    """A curved hotel slab behind a low hall."""
    axes = _plaza(plot)
    year = plot.year(2012, 2021)
    slab = put(shapes.arc(95.0, 20.0, 46.0), *axes.at(-0.05, 0.12), axes.turn)
    if plot.free(slab, 8.0, 4.0):
        plot.add(slab, "hotel", 27, height=101.0, year=year, structure=TUBE,
                 name=(f"{plot.name_zh}主楼", f"{plot.name_en} Main Tower"))  # fmt: skip
    second = put(shapes.superellipse(32.0, 28.0), *axes.at(0.30, -0.20), axes.turn)
    if plot.free(second, 8.0, 18.0):
        plot.add(second, "office", 19, height=79.0, year=year, structure=TUBE,
                 name=(f"{plot.name_zh}商务楼", f"{plot.name_en} Business Tower"))  # fmt: skip
    towers = [building.area for building in plot.buildings]
    base = put(
        shapes.rectangle(axes.width * 0.72, axes.depth * 0.6), *axes.at(0.0, -0.02), axes.turn
    )
    podium(plot, base, towers, 3, (f"{plot.name_zh}会议楼", f"{plot.name_en} Hall"), use="hotel",
           year=year)  # fmt: skip


def core_square(plot: Plot) -> None:
    """The square over the metro station: sunken court, glass pavilions, rows of trees."""
    axes = sheet(plot)
    plot.cover(plot.area, "plaza")
    green = put(
        shapes.superellipse(axes.width * 0.86, axes.depth * 0.8, 5.0), axes.x, axes.y, axes.turn
    )
    court = put(shapes.ellipse(axes.width * 0.5, axes.depth * 0.46), axes.x, axes.y, axes.turn)
    plot.cover(green, "garden")
    plot.cover(court, "plaza")
    lay(plot, (
        Item(shapes.ellipse(20.0, 12.0), -0.3, -0.3, "transport", 1, "=金融城站1号口",
             "Finance City Station Exit 1", height=6.5, structure=STEEL),
        Item(shapes.ellipse(20.0, 12.0), 0.3, 0.3, "transport", 1, "=金融城站2号口",
             "Finance City Station Exit 2", height=6.5, structure=STEEL),
        Item(shapes.ring(34.0, 26.0, 6.0), 0.0, 0.0, "commercial", 1, "下沉广场", "Sunken Court",
             height=5.4),
    ), years=(2019, 2021), setback=4.0)  # fmt: skip


def shopping_street(plot: Plot) -> None:
    """Houses of two and three storeys along a crooked pedestrian street, a store at its head."""
    rng, axes = plot.rng, sheet(plot, 20.0)
    plot.cover(plot.area, "plaza")
    store = put(shapes.ell(78.0, 62.0, 34.0), *axes.at(0.14, -0.33), axes.turn)
    if plot.free(store, 7.0, 6.0):
        plot.add(
            store, "commercial", 6, year=2008, name=("江南百货大楼", "Jiangnan Department Store")
        )
    cinema = put(shapes.superellipse(46.0, 40.0), *axes.at(-0.28, 0.35), axes.turn)
    if plot.free(cinema, 7.0, 6.0):
        plot.add(cinema, "culture", 4, height=24.0, year=2012, name=("江南影城", "Jiangnan Cinema"))
    bends = [axes.at(*share) for share in ((-0.3, -0.5), (-0.12, -0.2), (0.04, 0.05), (-0.04, 0.5))]
    across = [axes.at(*share) for share in ((-0.5, 0.02), (0.04, 0.05), (0.5, 0.10))]
    street = shapely.union_all([LineString(smooth(bends)).buffer(8.0),
                                LineString(smooth(across)).buffer(5.0)])  # fmt: skip
    plot.cover(street, "path", keep=True)
    land = plot.area.buffer(-4.0).difference(street)
    for quarter in polygons(land, 300.0):
        for lot in lots(quarter, 560.0, rng, 6.0):
            for area in polygons(lot.buffer(-2.3, join_style="mitre").simplify(0.3), 90.0)[:1]:
                yard = polygons(area.buffer(-9.0, join_style="mitre"), 60.0)
                house = Polygon(area.exterior, [yard[0].exterior]) if yard else area
                plot.place(house, "retail", int(rng.choice([2, 2, 3, 3, 4])), setback=4.0, gap=2.0,
                           year=plot.year(2003, 2014))  # fmt: skip
