"""Housing compounds: slabs and towers facing south, shops on the street, gates and gardens."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry import Polygon

from data_samples import shapes
from data_samples.blocks import split
from data_samples.buildings import BRICK, FRAME, WALL, Plot
from data_samples.frame import Floats
from data_samples.names import numbered
from data_samples.shapes import put
from data_samples.siting import RowKind, along_side, east_west, infill, rows, sides

BUILDING_WORD = ("楼", "Building")
SUN_FACTOR = 1.15
"""Clear space between slabs as a multiple of the southern one's height (usual at 30.5 degrees)."""


def shops(plot: Plot, share: float, *, floors: int = 2, depth: float = 11.0, year: int) -> None:
    """Street shops along a share of the sides that lie on streets."""
    rng = plot.rng
    for side in sides(plot):
        if not side.on_street or rng.random() > share:
            continue

        def widths() -> Iterator[float]:
            while True:
                yield float(rng.uniform(18.0, 34.0))
                yield float(rng.choice([0.6, 6.0, 14.0], p=[0.5, 0.3, 0.2]))

        def front(width: float) -> Polygon:
            return shapes.rectangle(width, depth)

        for area, _ in along_side(side, front, widths(), 3.2 + depth / 2):
            storeys = floors if rng.random() < 0.75 else max(1, floors - 1)
            plot.place(area, "retail", storeys, setback=2.8, gap=0.4, year=year)


def gates(plot: Plot, count: int, year: int) -> None:
    """Gates on the longest street sides: a guardhouse beside an entry that stays open."""
    on_street = sorted((s for s in sides(plot, 40.0) if s.on_street), key=lambda s: -s.length)
    for side in on_street[:count]:
        along = side.length * float(plot.rng.uniform(0.4, 0.6))
        east, north = side.at(along, 12.0)
        drive = put(shapes.rectangle(9.0, 24.0), east, north, side.turn)
        plot.cover(drive, "path", keep=True)
        east, north = side.at(along + 8.5, 7.0)
        house = put(shapes.rectangle(5.5, 4.0), east, north, side.turn)
        plot.place(house, "guardhouse", 1, setback=2.0, gap=1.0, year=year,
                   name=(f"{plot.name_zh}门卫室", f"{plot.name_en} Gatehouse"))  # fmt: skip


def kindergarten(plot: Plot, turn: float, year: int) -> None:
    """A kindergarten with a yard in the first corner that has room for both."""
    inner = plot.inner(10.0)
    if inner.is_empty:
        return
    corners = shapely.get_coordinates(inner.exterior.simplify(5.0))[:-1]
    centre = np.asarray(inner.centroid.coords[0])
    for corner in plot.rng.permutation(corners):
        middle = corner + (centre - corner) / np.hypot(*(centre - corner)) * 34.0
        ground = put(shapes.rectangle(50.0, 46.0), middle[0], middle[1], turn)
        if not plot.free(ground, 5.0, 9.0):
            continue
        shape = shapes.ell(42.0, 30.0, 12.0) if plot.rng.random() < 0.5 else shapes.you(44, 28, 11)
        north = _beside(middle, 0.0, 7.0, turn)
        plot.add(put(shape, north[0], north[1], turn + (180.0 if plot.rng.random() < 0.4 else 0)),
                 "kindergarten", 3, year=year,
                 name=(f"{plot.name_zh}幼儿园", f"{plot.name_en} Kindergarten"))  # fmt: skip
        plot.cover(ground, "playground", keep=True)
        return


def _beside(at: Floats, east: float, north: float, turn: float) -> Floats:
    angle = np.radians(turn)
    aside = np.array([east * np.cos(angle) - north * np.sin(angle),
                      east * np.sin(angle) + north * np.cos(angle)])  # fmt: skip
    return np.asarray(at + aside)


def garden(plot: Plot, turn: float) -> None:
    """The green in the middle, with a pond in large compounds."""
    size = np.sqrt(plot.area.area)
    if size < 110.0:
        return
    x, y = plot.area.centroid.x, plot.area.centroid.y
    x += float(plot.rng.uniform(-0.08, 0.08)) * size
    green = put(shapes.superellipse(size * 0.20, size * 0.17, 2.6), x, y, turn)
    plot.cover(green.buffer(2.5), "path", keep=True)
    plot.cover(green, "garden")
    if size > 170.0:
        plot.cover(put(shapes.ellipse(size * 0.10, size * 0.05), x, y, turn + 25.0), "pond")


def ring_road(plot: Plot, inset: float) -> None:
    """The drive around a compound, inside its buildings' edge."""
    ring = plot.area.buffer(-inset).exterior.buffer(2.6)
    plot.cover(ring, "path")


def small_houses(plot: Plot, turn: float, year: int) -> None:
    """Transformer rooms, refuse rooms and bicycle sheds in the corners."""
    count = max(2, round(plot.area.area / 9000.0))
    west, south, east, north = plot.area.bounds
    for kind in range(count * 14):
        if count == 0:
            return
        x, y = plot.rng.uniform(west, east), plot.rng.uniform(south, north)
        width, depth = ((7.0, 5.0), (5.0, 4.5), (14.0, 5.0))[kind % 3]
        area = put(shapes.rectangle(width, depth), x, y, turn)
        count -= plot.place(area, "ancillary", 1, setback=3.0, gap=5.0, year=year)


def number(plot: Plot) -> None:
    """Give the housing blocks their numbers, row by row from the south-west."""
    housing = [i for i, b in enumerate(plot.buildings) if b.use == "residential" and not b.name_zh]
    housing.sort(key=lambda i: (round(plot.buildings[i].area.centroid.y / 30.0),
                                plot.buildings[i].area.centroid.x))  # fmt: skip
    plot.rename(
        {
            index: numbered((plot.name_zh, plot.name_en), place, BUILDING_WORD)
            for place, index in enumerate(housing, start=1)
        }
    )


def slab_row(rng: np.random.Generator, floors: int) -> RowKind:
    """A row of slabs of one to three staircases."""
    unit = float(rng.uniform(19.0, 25.0))
    depth = float(rng.uniform(12.6, 14.4))
    lengths = (3, 2, 1) if floors <= 11 else (2, 1)
    made = tuple((shapes.slab(n, unit, depth), n * unit) for n in lengths)
    gap = 9.5 if floors <= 9 else 13.0
    return RowKind(made, depth, gap, floors * 2.95 * SUN_FACTOR)


def tower_row(rng: np.random.Generator, floors: int) -> RowKind:
    """A row of point towers and two-staircase tower slabs."""
    depth = float(rng.uniform(17.0, 21.0))
    width = float(rng.uniform(27.0, 33.0))
    plans = (shapes.butterfly, shapes.tee, shapes.notched, shapes.cross)
    plan = plans[int(rng.choice(4, p=[0.5, 0.2, 0.22, 0.08]))]
    long = shapes.slab(2, width * 0.86, depth * 0.82)
    made = ((long, width * 1.72), (plan(width, depth), width)) if rng.random() < 0.5 else (
        (plan(width, depth), width),)  # fmt: skip
    return RowKind(made, depth, 17.0, max(30.0, 0.42 * floors * 2.95))


def _housing(plot: Plot, lowest: int, highest: int, year: int, *, brick: bool, fill: float) -> None:
    rng = plot.rng
    turn = east_west(plot.area, 14.0)
    setback = 7.0 if highest <= 11 else 10.0
    step = int(rng.integers(0, 3))

    def storeys(share: float) -> int:
        wanted = lowest + (highest - lowest) * share + rng.uniform(-1.2, 1.2) * (highest > 8)
        return int(np.clip(round(wanted), lowest, highest))

    def kind_of(share: float) -> RowKind:
        floors = storeys(share)
        return tower_row(rng, floors) if floors >= 16 else slab_row(rng, floors)

    def build(area: Polygon, share: float) -> None:
        floors = storeys(share)
        plot.add(area, "residential", floors, year=year + int(rng.integers(0, 2)) + step % 2,
                 structure=BRICK if brick else (WALL if floors > 7 else FRAME))  # fmt: skip

    rows(plot, kind_of, build, turn=turn, setback=setback, fill=fill)
    infill(plot, kind_of(0.5), build, turn=turn, setback=setback)


def _compound(plot: Plot, lowest: int, highest: int, year: int, shop_share: float) -> None:
    turn = east_west(plot.area, 14.0)
    big = plot.area.area > 26000.0
    gates(plot, 2 if big else 1, year)
    shops(plot, shop_share, year=year)
    if big:
        kindergarten(plot, turn, year)
    garden(plot, turn)
    ring_road(plot, 5.5)
    _housing(plot, lowest, highest, year, brick=False, fill=0.4)
    small_houses(plot, turn, year)
    number(plot)


def slabs(plot: Plot) -> None:
    """Slabs of 6 to 11 storeys."""
    top = int(plot.rng.choice([7, 9, 11, 11]))
    _compound(plot, max(6, top - 3), top, plot.year(2006, 2017), 0.45)


def towers(plot: Plot) -> None:
    """Towers of 18 to 33 storeys."""
    top = int(plot.rng.choice([24, 27, 30, 33]))
    _compound(plot, max(18, top - 7), top, plot.year(2012, 2023), 0.5)


def mixed(plot: Plot) -> None:
    """Slabs in the south, towers in the north, as the sun asks for."""
    top = int(plot.rng.choice([18, 24, 28]))
    _compound(plot, 8, top, plot.year(2009, 2021), 0.5)


def old_slabs(plot: Plot) -> None:
    """Brick slabs of the eighties and nineties, close together, six storeys, many shops."""
    year = plot.year(1983, 1998)
    turn = east_west(plot.area, 14.0)
    gates(plot, 2, year)
    shops(plot, 0.8, floors=2, depth=9.0, year=year + 6)
    if plot.area.area > 45000.0:
        kindergarten(plot, turn, year)
    rng = plot.rng

    def kind_of(_share: float) -> RowKind:
        made = slab_row(rng, 6)
        return RowKind(made.shapes, made.depth, 7.0, 17.0)

    def build(area: Polygon, _share: float) -> None:
        plot.add(area, "residential", int(rng.choice([5, 6, 6, 7])), year=year, structure=BRICK)

    ring_road(plot, 5.0)
    rows(plot, kind_of, build, turn=turn, setback=6.0, fill=0.4)
    infill(plot, kind_of(0.0), build, turn=turn, setback=6.0)
    small_houses(plot, turn, year)
    number(plot)


def villas(plot: Plot) -> None:
    """Detached and paired houses of two or three storeys along winding drives."""
    year = plot.year(2005, 2016)
    turn = east_west(plot.area, 20.0)
    gates(plot, 1, year)
    garden(plot, turn)
    ring_road(plot, 4.5)
    rng = plot.rng
    single = shapes.polygon([(-7, -6), (2, -6), (2, -4.5), (7, -4.5), (7, 6), (-2, 6), (-2, 4.8),
                             (-7, 4.8)])  # fmt: skip
    pair = shapes.slab(2, 10.5, 12.0)
    terrace = shapes.slab(4, 8.4, 12.5)

    def kind_of(share: float) -> RowKind:
        made = ((terrace, 33.6), (pair, 21.0)) if share < 0.35 else ((pair, 21.0), (single, 14.0))
        return RowKind(made, 12.5, 7.0, 14.0)

    def build(area: Polygon, _share: float) -> None:
        plot.add(area, "residential", int(rng.choice([2, 3, 3])), year=year)

    rows(plot, kind_of, build, turn=turn, setback=6.0, fill=0.3)
    infill(plot, RowKind(((single, 14.0),), 12.0, 8.0, 11.0), build, turn=turn, setback=6.0)
    small_houses(plot, turn, year)
    number(plot)


def divided(area: Polygon, largest: float, rng: np.random.Generator) -> list[Polygon]:
    """The area cut across until no part is larger than `largest` square metres."""
    done: list[Polygon] = []
    waiting = [area]
    while waiting:
        part = waiting.pop(0)
        if part.area <= largest:
            done.append(part)
            continue
        halves = split(part, float(rng.uniform(0.42, 0.58)))
        if len(halves) != 2:
            done.append(part)
            continue
        waiting.extend(halves)
    return done
