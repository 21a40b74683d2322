"""The old town: courtyard houses wall to wall along crooked lanes, and the villages in the town."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from data_samples import shapes
from data_samples.blocks import cut_line, polygons, split
from data_samples.buildings import BRICK, FRAME, TIMBER, Plot
from data_samples.shapes import put
from data_samples.siting import east_west


def lots(area: Polygon, largest: float, rng: np.random.Generator, lean: float) -> list[Polygon]:
    """House lots: the area cut again and again with a slightly leaning line.

    Parameters
    ----------
    area : Polygon
        Land inside the lanes.
    largest : float
        Square metres above which a lot is cut, give or take a third.
    rng : numpy.random.Generator
        Where the cuts fall.
    lean : float
        Largest lean of a cut, degrees.

    Returns
    -------
    list of Polygon
        They cover the area; neighbours share walls.
    """
    done: list[Polygon] = []
    waiting = [area]
    while waiting:
        lot = waiting.pop()
        if lot.area < largest * rng.uniform(0.7, 1.35):
            done.append(lot)
            continue
        halves = split(lot, float(rng.uniform(0.38, 0.62)), float(rng.uniform(-lean, lean)))
        if len(halves) == 2:
            waiting.extend(halves)
        else:
            done.append(lot)
    return done


def _house(area: Polygon) -> Polygon | None:
    """A footprint fit to build: one piece, no slivers, a few corners."""
    left = area.buffer(-1.2, join_style="mitre").buffer(1.2, join_style="mitre").simplify(0.25)
    found = polygons(left.intersection(area), 18.0)
    return found[0] if found else None


def _courtyard(lot: Polygon, rng: np.random.Generator) -> list[Polygon]:
    """One house around a court, or two or three halls beside a yard."""
    outer = _house(lot.buffer(-0.25, join_style="mitre"))
    if outer is None:
        return []
    chance = rng.random()
    wing = float(rng.uniform(3.4, 4.8))
    if chance < 0.50 and outer.area > 120.0:
        yard = outer.buffer(-wing, join_style="mitre")
        yards = polygons(yard, 9.0)
        if yards:
            return [Polygon(outer.exterior, [polygons(yards[0].simplify(0.3), 1.0)[0].exterior])]
    if chance < 0.68 and outer.area > 90.0:
        corner = shapely.get_coordinates(outer.exterior)[int(rng.integers(0, 4))]
        reach = np.sqrt(outer.area) * rng.uniform(0.42, 0.58)
        turn = east_west(outer)
        cut = put(shapes.rectangle(2 * reach, 2 * reach), corner[0], corner[1], turn)
        return polygons(outer.difference(cut), 25.0)[:1]
    if chance < 0.88 and outer.area > 110.0:
        first = cut_line(outer, float(rng.uniform(0.30, 0.42))).buffer(0.15)
        second = cut_line(outer, float(rng.uniform(0.60, 0.70))).buffer(0.15)
        parts = polygons(outer.difference(shapely.union_all([first, second])), 14.0)
        halls = sorted(parts, key=lambda p: (p.centroid.x, p.centroid.y))
        keep = [halls[0], halls[-1]] if len(halls) > 2 else halls
        return [hall for hall in keep if _house(hall) is not None]
    return [outer]


def old_town(plot: Plot) -> None:
    """Courtyard houses of one to three storeys."""
    rng = plot.rng
    plot.cover(plot.area, "yard")
    for lot in lots(plot.area.buffer(-0.4), 235.0, rng, 7.0):
        if rng.random() < 0.03:
            plot.cover(lot.buffer(-1.0), "garden")
            continue
        for area in _courtyard(lot, rng):
            if not plot.inner(0.2).contains(area):
                continue
            floors = int(rng.choice([1, 2, 2, 3], p=[0.42, 0.30, 0.18, 0.10]))
            at_street = plot.frontage.distance(area) < 3.0
            use = "retail" if at_street and rng.random() < 0.45 else "courtyard"
            old = rng.random() < 0.6
            plot.add(
                area, use, floors,
                height=floors * 3.3 + float(rng.uniform(1.2, 2.4)),
                year=plot.year(1890, 1948) if old else plot.year(1955, 1994),
                structure=TIMBER if old else BRICK,
            )  # fmt: skip


def village(plot: Plot) -> None:
    """A village swallowed by the town: houses a metre apart, four to six storeys."""
    rng = plot.rng
    plot.cover(plot.area, "yard")
    for lot in lots(plot.area.buffer(-0.8), 165.0, rng, 4.0):
        if rng.random() < 0.05:
            continue
        area = _house(lot.buffer(-float(rng.uniform(0.5, 1.1)), join_style="mitre"))
        if area is None or not plot.inner(0.4).contains(area):
            continue
        floors = int(rng.choice([2, 3, 4, 5, 6], p=[0.08, 0.24, 0.32, 0.26, 0.10]))
        at_street = plot.frontage.distance(area) < 3.0
        use = "retail" if at_street and rng.random() < 0.3 else "residential"
        plot.add(area, use, floors, height=floors * 3.0 + float(rng.uniform(0.6, 2.6)),
                 year=plot.year(1988, 2009), structure=BRICK if floors < 5 else FRAME)  # fmt: skip


def temple(plot: Plot) -> None:
    """A temple on its axis: gate, drum and bell pavilions, two halls, side wings, pagoda."""
    plot.cover(plot.area, "plaza")
    turn = east_west(plot.area, 14.0)
    x, y = plot.area.centroid.x, plot.area.centroid.y
    flat = shapely.affinity.rotate(plot.area, -turn, origin=(x, y))
    depth = (flat.bounds[3] - flat.bounds[1]) * 0.86
    halls = (
        (shapes.rectangle(14.0, 7.0), 0.0, -0.44, 7.5, "山门", "Gate"),
        (shapes.rectangle(6.0, 6.0), -12.0, -0.28, 9.0, "鼓楼", "Drum Tower"),
        (shapes.rectangle(6.0, 6.0), 12.0, -0.28, 9.0, "钟楼", "Bell Tower"),
        (shapes.rectangle(20.0, 12.0), 0.0, -0.08, 14.0, "大雄宝殿", "Great Hall"),
        (shapes.rectangle(5.0, 24.0), -17.0, 0.06, 6.0, "西厢", "West Wing"),
        (shapes.rectangle(5.0, 24.0), 17.0, 0.06, 6.0, "东厢", "East Wing"),
        (shapes.rectangle(18.0, 9.0), 0.0, 0.20, 10.5, "藏经阁", "Scripture Hall"),
        (shapes.regular(8, 11.0), 0.0, 0.42, 38.0, "塔", "Pagoda"),
    )
    angle = np.radians(turn)
    for shape, east, share, height, zh, en in halls:
        north = share * depth
        area = put(shape, x + east * np.cos(angle) - north * np.sin(angle),
                   y + east * np.sin(angle) + north * np.cos(angle), turn)  # fmt: skip
        plot.place(area, "heritage", 7 if "塔" in zh else 1, setback=1.0, gap=0.8, height=height,
                   year=1786, structure=TIMBER,
                   name=(f"{plot.name_zh}{zh}", f"{plot.name_en} {en}"))  # fmt: skip
    plot.cover(plot.area.buffer(-1.5).exterior.buffer(1.5), "garden")


def bell_tower(plot: Plot) -> None:
    """The bell tower on its square, with shop rows around it."""
    plot.cover(plot.area, "plaza")
    x, y = plot.area.centroid.x, plot.area.centroid.y
    turn = east_west(plot.area, 14.0)
    plot.place(put(shapes.chamfered(22.0, 22.0, 0.12), x, y, turn), "heritage", 3, setback=3.0,
               height=26.0, year=1672, structure=TIMBER,
               name=("滨江钟楼", "Binjiang Bell Tower"))  # fmt: skip
    rim = plot.area.buffer(-0.5).difference(plot.area.buffer(-9.5))
    for lot in lots(polygons(rim.difference(_arms(x, y, turn)), 30.0)[0], 150.0, plot.rng, 3.0):
        area = _house(lot.buffer(-0.3, join_style="mitre"))
        if area is not None:
            plot.place(area, "retail", 2, setback=0.3, gap=0.05, height=8.4, year=1988,
                       structure=BRICK)  # fmt: skip


def _arms(x: float, y: float, turn: float) -> BaseGeometry:
    streets = (shapes.rectangle(400.0, 12.0), shapes.rectangle(12.0, 400.0))
    return shapely.union_all([put(street, x, y, turn) for street in streets])
