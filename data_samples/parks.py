"""Parks, squares and protective green: paths, water, lawns and a few pavilions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely.geometry import LineString, Polygon

from data_samples import frame, shapes
from data_samples.blocks import polygons
from data_samples.buildings import TIMBER, Plot
from data_samples.shapes import put

LAKE_LEVEL = 37.0
WETLAND_LEVEL = 34.2


@dataclass(frozen=True, slots=True)
class Lake:
    """Standing water with its level in metres."""

    area: Polygon
    name_zh: str
    name_en: str
    level: float


def blob(rng: np.random.Generator, width: float, depth: float, roughness: float = 0.18) -> Polygon:
    """A shore: an ellipse with a few soft bays."""
    angle = np.linspace(0.0, 2 * np.pi, 72, endpoint=False)
    radius = np.ones_like(angle)
    for wave in (2, 3, 4, 5):
        radius += roughness / wave * 2 * np.cos(wave * angle + rng.uniform(0, 2 * np.pi)) * 0.6
    return shapes.polygon(np.column_stack([np.cos(angle) * radius * width / 2,
                                           np.sin(angle) * radius * depth / 2]))  # fmt: skip


def _path(plot: Plot, points: list[tuple[float, float]], width: float) -> None:
    line = LineString(frame.smooth(points, 6.0))
    plot.cover(line.buffer(width / 2), "path")


def _loop(plot: Plot, inset: float, width: float) -> None:
    for part in polygons(plot.area.buffer(-inset).buffer(-20.0).buffer(20.0), 200.0):
        plot.cover(part.exterior.buffer(width / 2), "path")


def _pavilion(plot: Plot, x: float, y: float, zh: str, en: str) -> None:
    shape = shapes.regular(6, 9.0)
    plot.place(put(shape, x, y), "heritage", 1, setback=2.0, gap=2.0, height=6.5, year=2015,
               structure=TIMBER, name=(zh, en))  # fmt: skip


def lake_park(plot: Plot) -> list[Lake]:
    """The park around the lake, with an island, a tea house and a small museum."""
    plot.cover(plot.area, "park")
    x, y = plot.area.centroid.x, plot.area.centroid.y
    shore = put(blob(plot.rng, 235.0, 118.0, 0.24), x + 12.0, y - 8.0, 8.0)
    island = put(blob(plot.rng, 34.0, 24.0, 0.1), x - 30.0, y - 4.0)
    lake = shore.difference(island)
    plot.cover(shore.buffer(9.0).difference(shore.buffer(5.0)), "path")
    _loop(plot, 12.0, 3.4)
    west, south, east, north = plot.area.bounds
    for points in (
        [(west + 10, south + 30), (x - 150, y - 70), (x - 128, y + 10), (x - 150, north - 30)],
        [(x + 10, north - 5), (x + 20, y + 90), (x + 30, y + 68)],
        [(x, south + 5), (x + 14, y - 100), (x + 4, y - 78)],
        [(x + 146, y), (x + 180, y + 30), (east - 12, y + 50)],
        [(x - 132, y), (x - 180, y + 6), (west + 12, y + 24)],
    ):
        _path(plot, points, 3.4)
    plot.cover(put(shapes.ellipse(70.0, 44.0), x + 16.0, y - 116.0), "plaza")
    plot.reserved.append(shore.buffer(4.0))
    for dx, dy, zh, en in ((150.0, 62.0, "听雨亭", "Tingyu Pavilion"),
                           (-150.0, 74.0, "望湖亭", "Wanghu Pavilion")):  # fmt: skip
        _pavilion(plot, x + dx, y + dy, zh, en)
    plot.place(put(shapes.ell(34.0, 24.0, 10.0), x - 160.0, y - 62.0), "commercial", 2,
               name=("镜湖茶楼", "Mirror Lake Tea House"))  # fmt: skip
    plot.place(put(shapes.court(44.0, 34.0, 10.0), x + 172.0, y - 64.0), "culture", 2,
               name=("新区城市展厅", "New District Gallery"))  # fmt: skip
    return [Lake(part, "镜湖", "Mirror Lake", LAKE_LEVEL) for part in polygons(lake, 500.0)]


def wetland_park(plot: Plot) -> list[Lake]:
    """Reed ponds with walkways between them."""
    plot.cover(plot.area, "reeds")
    x, y = plot.area.centroid.x, plot.area.centroid.y
    ponds = []
    for dx, dy, width, depth, turn in ((-12.0, 70.0, 120.0, 74.0, 6.0), (10.0, -26.0, 110.0, 66.0,
        -8.0),
                                       (-22.0, -108.0, 100.0, 56.0, 4.0)):  # fmt: skip
        pond = put(blob(plot.rng, width, depth, 0.3), x + dx, y + dy, turn)
        ponds.extend(polygons(pond.intersection(plot.area.buffer(-10.0)), 300.0))
    _loop(plot, 7.0, 3.0)
    west, _, east, _ = plot.area.bounds
    for north in (22.0, -70.0):
        _path(plot, [(west + 2, y + north), (x - 30, y + north + 8), (x + 30, y + north - 6),
                     (east - 4, y + north)], 2.6)  # fmt: skip
    plot.reserved.extend(pond.buffer(3.0) for pond in ponds)
    _pavilion(plot, x + 60.0, y + 22.0, "观鸟亭", "Birdwatchers' Pavilion")
    return [Lake(pond, "苇塘", "Weitang Ponds", WETLAND_LEVEL) for pond in ponds]


def hill_park(plot: Plot) -> list[Lake]:
    """The wooded hill: stairs to the top, a ring path and a pagoda."""
    plot.cover(plot.area, "forest")
    for points in (
        [
            (430.0, 1772.0),
            (380.0, 1850.0),
            (330.0, 1930.0),
            (300.0, 2010.0),
            (262.0, 2080.0),
            (250.0, 2132.0),
        ],
        [(528.0, 2080.0), (440.0, 2110.0), (350.0, 2088.0), (262.0, 2080.0)],
        [(12.0, 1790.0), (70.0, 1900.0), (130.0, 1990.0), (180.0, 2080.0), (250.0, 2132.0)],
        [(60.0, 2490.0), (120.0, 2380.0), (200.0, 2300.0), (244.0, 2200.0), (250.0, 2132.0)],
        [
            (20.0, 1776.0),
            (160.0, 1800.0),
            (300.0, 1790.0),
            (430.0, 1800.0),
            (505.0, 1910.0),
            (525.0, 2060.0),
            (520.0, 2240.0),
            (505.0, 2480.0),
        ],
    ):
        _path(plot, points, 4.0)
    plot.cover(put(shapes.ellipse(46.0, 40.0), 250.0, 2140.0), "plaza")
    plot.place(put(shapes.regular(8, 18.0), 250.0, 2142.0), "heritage", 9, height=46.0, year=1998,
               name=("青屏塔", "Qingping Pagoda"), structure=TIMBER)  # fmt: skip
    for x, y, zh, en in ((330.0, 1944.0, "半山亭", "Mid-hill Pavilion"),
                         (208.0, 2290.0, "松风亭", "Songfeng Pavilion"),
                         (128.0, 1974.0, "揽江亭", "Lanjiang Pavilion")):  # fmt: skip
        _pavilion(plot, x + 9.0, y, zh, en)
    plot.cover(put(shapes.ellipse(70.0, 40.0), 440.0, 1790.0), "plaza")
    plot.place(put(shapes.you(40.0, 22.0, 9.0), 380.0, 1800.0, 8.0), "culture", 2, year=2011,
               name=("青屏山游客中心", "Qingping Visitor Centre"))  # fmt: skip
    return []


def riverside_park(plot: Plot) -> list[Lake]:
    """The embankment: promenade at the water, lawns, paths, small squares."""
    plot.cover(plot.area, "park")
    x = np.arange(-50.0, 3060.0, 10.0)
    centre, half = frame.river_centre(x), frame.river_half_width(x)
    side = 1.0 if plot.area.centroid.y > float(frame.river_centre(plot.area.centroid.x)) else -1.0
    bank = LineString(np.column_stack([x, centre + side * half]))
    plot.cover(bank.buffer(7.0), "embankment")
    plot.cover(bank.buffer(13.5).difference(bank.buffer(7.0)), "plaza")
    plot.cover(bank.buffer(30.0).difference(bank.buffer(27.0)), "path")
    west, _, east, _ = plot.area.bounds
    depth = plot.area.area / (east - west)
    for east_at in np.arange(west + 70.0, east - 40.0, 165.0):
        y = float(
            frame.river_centre(east_at) + side * (frame.river_half_width(east_at) + depth * 0.52)
        )
        size = float(plot.rng.uniform(18.0, 34.0))
        plot.cover(put(shapes.ellipse(size * 1.5, min(size, depth * 0.5)), east_at, y), "plaza")
        if plot.rng.random() < 0.5:
            _pavilion(plot, float(east_at), y + 2.0, "江亭", "River Pavilion")
    return []


def neighbourhood_park(plot: Plot) -> list[Lake]:
    """A park of the neighbourhood with a square, crossing paths and a pond."""
    plot.cover(plot.area, "park")
    x, y = plot.area.centroid.x, plot.area.centroid.y
    west, south, east, north = plot.area.bounds
    _loop(plot, 9.0, 3.0)
    pond = put(blob(plot.rng, 62.0, 40.0, 0.2), x - 34.0, y + 18.0, 20.0)
    for points in (
        [(west, south), (x - 20, y - 28), (x + 26, y - 6), (east, north)],
        [(east, south), (x + 30, y - 30), (x + 10, y + 30), (x - 12, north)],
    ):
        _path(plot, points, 3.2)
    plot.cover(put(shapes.ellipse(40.0, 30.0), x + 22.0, y - 14.0), "plaza")
    plot.cover(put(shapes.rectangle(30.0, 16.0), x + 52.0, y + 34.0, 4.0), "court", keep=True)
    plot.reserved.append(pond.buffer(2.0))
    _pavilion(plot, x + 22.0, y - 14.0, "休憩亭", "Rest Pavilion")
    return [Lake(pond, f"{plot.name_zh}水池", f"{plot.name_en} Pond", 36.5)]


def protective_green(plot: Plot) -> list[Lake]:
    """A belt of trees beside the expressway or the railway."""
    plot.cover(plot.area, "belt")
    return []
