"""Buildings held against control lines, beside ten times as many and every pair in a loop.

Roads, tracks, rivers, green areas, power lines and cables cross a made-up city, one for fifty
buildings; every second one tells its setback, for the others rules do. The loop over every pair of
building and line finds only what lies inside or within the setback; it is measured with fewer
buildings and told with the product of the counts. Prints one line of JSON; seconds.
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np
import pyarrow as pa
import shapely

from benchmarks.cities import EAST, NORTH, city
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.planning.control_check import CheckParams, check_lines
from layers.rules import chosen
from layers.shapes import Shapes

CLASSES = ("road", "rail", "river", "green", "power", "communication")
BUILDINGS_PER_LINE = 50
SETBACK = 10.0  # metres


def lines_over(buildings: int, extent: tuple[float, float, float, float]) -> Features:
    """Lay lines and areas of six classes over a city."""
    random = np.random.default_rng(6)
    count = max(buildings // BUILDINGS_PER_LINE, 6)
    west, south, east, north = extent
    begin = random.uniform((west, south), (east, north), (count, 2))
    angle = random.choice([0.0, np.pi / 2.0], count) + random.normal(0.0, 0.05, count)
    way = np.column_stack([np.cos(angle), np.sin(angle)]) * random.uniform(200, 1500, (count, 1))
    shapes = np.asarray(shapely.linestrings(np.stack([begin, begin + way], axis=1)), dtype=object)
    kind = np.arange(count) % len(CLASSES)
    wide = np.isin(kind, (2, 3))
    shapes[wide] = shapely.buffer(shapes[wide], 25.0, cap_style="flat")
    told = [SETBACK if k % 2 else None for k in range(count)]
    return Features.of(
        Shapes.from_shapely(shapes),
        pa.table({
            "class": [CLASSES[k] for k in kind], "width_m": np.full(count, 12.0),
            "setback_m": pa.array(told, pa.float64()), "document": ["plan"] * count,
            "line_status": ["approved"] * count, "name": [str(k) for k in range(count)],
        }),
    )  # fmt: skip


def town(count: int) -> tuple[Layer, Layer]:
    """Make a layer of buildings and one of lines over them."""
    frame = city(count)
    shapes = Shapes.from_shapely(frame.geometry.to_numpy())
    data = Buildings.blocks(shapes, frame["height"].to_numpy())
    extent = shapes.extent() or (EAST, NORTH, EAST, NORTH)
    lines = lines_over(count, extent)
    return Layer("buildings", "City", data), Layer("control-lines", "Lines", lines)


def every_pair(buildings: Layer, lines: Layer) -> int:
    """Look at each building and each line, as a first script would."""
    found = 0
    zones = lines.features.shapes.to_shapely()
    width = np.where(shapely.get_dimensions(zones) == 1, 6.0, 0.0)
    for body in buildings.features.shapes.to_shapely():
        for zone, half in zip(zones, width, strict=True):
            found += body.distance(zone) < half + SETBACK
    return found


def run(count: int, few: int) -> dict[str, float]:
    """Measure and give the figures."""
    rules = chosen.rules()
    took = {}
    for size in (few, count // 10, count):
        buildings, lines = town(size)
        check_lines([buildings], [lines], rules, CheckParams())  # libraries are warm
        begun = time.perf_counter()
        found = check_lines([buildings], [lines], rules, CheckParams())
        took[size] = time.perf_counter() - begun
    small = town(few)
    begun = time.perf_counter()
    every_pair(*small)
    naive = time.perf_counter() - begun
    share = (count / few) * (found.lines / len(small[1].features))
    return {
        "buildings": count, "lines": found.lines, "findings": found.table.num_rows,
        "s_check": round(took[count], 3), "s_check_a_tenth": round(took[count // 10], 3),
        "times_for_ten_times_as_many": round(took[count] / took[count // 10], 1),
        "s_every_pair": round(naive * share, 1), "every_pair_measured_with": few,
        "times_slower_every_pair": round(naive * share / took[count], 0),
    }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--few", type=int, default=1_000)
    given = parser.parse_args()
    print(json.dumps(run(given.count, given.few)))
