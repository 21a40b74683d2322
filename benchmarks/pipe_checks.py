"""A hundred thousand pipes held against each other, beside all pairs and a loop over a tree.

The town is a grid of streets, 100 m apart, with eight pipes in each, so that 64 pairs cross at
every corner. The two naive ways do what a first script does with
Shapely, for fewer pipes: every pair, told per 100,000 with the square of the count; and for each
pipe what a tree gives around it, told per 100,000 with the count. All three must find the same
pairs. Prints one line of JSON; seconds.
"""

from __future__ import annotations

import argparse
import json
import math
import time

import numpy as np
import shapely

from layers.kinds.base import Features
from layers.kinds.pipes import Pipes
from layers.pipes.checking import Site, check_pipes
from layers.pipes.clearance import ClearanceParams, check_clearances
from layers.pipes.nearness import meetings
from layers.pipes.together import together
from layers.rules.loader import built_in, rule_set
from layers.shapes import LINE, Floats, Shapes

EAST, NORTH = 508_000.0, 3_378_000.0
BLOCK = 100.0  # metres from street to street
WITHIN = 1.0  # metres from outside to outside
ASKED = 100_000
Pairs = set[tuple[int, int]]


def town(count: int) -> Pipes:
    """Make about so many runs: eight pipes in each street of a grid, a run from block to block."""
    side = max(math.ceil(math.sqrt(count / 16)), 1)
    block, lane, turned = (
        x.ravel() for x in np.meshgrid(np.arange(side * side), np.arange(8), [False, True])
    )
    random = np.random.default_rng(5)
    along, across = (block % side) * BLOCK, (block // side) * BLOCK + 1.2 * lane
    low = np.column_stack([along - BLOCK / 2, across])
    high = np.column_stack([along + BLOCK / 2, across])
    ends = np.stack([low, high], axis=1)
    ends[turned] = ends[turned][:, :, ::-1]
    ends += np.array([EAST, NORTH])
    n = len(ends)
    shapes = Shapes(np.full(n, LINE, dtype=np.uint8), ends.reshape(-1, 2),
                    2 * np.arange(n + 1), np.arange(n + 1))  # fmt: skip
    node = 1 + ((block // side) * (side + 1) + block % side) * 16 + lane * 2 + turned
    depth = 0.8 + 0.35 * lane + random.uniform(0.0, 0.3, n)
    return Pipes.of_columns(
        Features.of(shapes), np.array([4, 5, 0, 2, 3, 6, 1, 1])[lane],
        np.array([0.15, 0.1, 0.3, 0.2, 0.4, 0.3, 0.6, 0.8])[lane],
        start_level=-depth, end_level=-depth, level_of=2, start_node=node, end_node=node + 16,
    )  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=ASKED)
    parser.add_argument("--pairs", type=int, default=600)
    parser.add_argument("--tree", type=int, default=6_000)
    options = parser.parse_args()
    rules = rule_set(built_in())
    check_clearances(town(100), rules)  # the kernels are compiled
    data = town(options.count)
    begun = time.perf_counter()
    found = check_clearances(data, rules)
    took = time.perf_counter() - begun
    plain = ClearanceParams(survey_error=False)
    begun = time.perf_counter()
    check_clearances(data, rules, plain)
    sharp = time.perf_counter() - begun
    whole = together([data])
    begun = time.perf_counter()
    check_pipes(whole, ["town"], rules, Site(flat, open_ground))
    every = time.perf_counter() - begun
    few, some = town(options.pairs), town(options.tree)
    begun = time.perf_counter()
    by_pairs = all_pairs(few)
    pairs = time.perf_counter() - begun
    begun = time.perf_counter()
    by_tree = tree_loop(some)
    tree = time.perf_counter() - begun
    begun = time.perf_counter()
    joined = together([data, data])
    merging = time.perf_counter() - begun
    print(json.dumps({
        "runs": len(data), "rows_found": found.num_rows, "s_all_rules": took,
        "s_without_survey_error": sharp, "s_every_check_of_pipes": every,
        "s_two_layers_as_one": merging,
        "objects_of_two_layers": len(joined.pipes),
        "s_all_pairs_per_100000": pairs * (ASKED / len(few)) ** 2,
        "s_tree_loop_per_100000": tree * ASKED / len(some),
        "all_pairs_measured_with": len(few), "tree_loop_measured_with": len(some),
        "same_pairs": by_pairs == ours(few) and by_tree == ours(some),
    }))  # fmt: skip


def flat(places: Floats) -> Floats:
    """Give level ground."""
    return np.zeros(len(places))


def open_ground(places: Floats) -> tuple[str, ...]:
    """Give what lies beside carriageways."""
    return ("footway",) * len(places)


def ours(data: Pipes) -> Pairs:
    """Give the pairs that cross or come near, our way."""
    met = meetings(data, data.runs, WITHIN)
    return set(zip(met.first.tolist(), met.second.tolist(), strict=True))


def parts_of(data: Pipes) -> tuple[list[shapely.LineString], list[float], list[tuple[int, int]]]:
    """Give lines, half widths and nodes, as a script has them."""
    rows = data.runs
    half = (data.outer_width[rows] / 2.0).tolist()
    nodes = list(zip(data.start_node[rows].tolist(), data.end_node[rows].tolist(), strict=True))
    return list(data.shapes.take(rows).to_shapely()), half, nodes


def near(
    i: int, j: int, lines: list[shapely.LineString], half: list[float],
    nodes: list[tuple[int, int]],
) -> bool:  # fmt: skip
    """Say whether two pipes come near each other and share no node."""
    if set(nodes[i]) & set(nodes[j]):
        return False
    away = lines[i].distance(lines[j])
    if away == 0.0:
        place = lines[i].intersection(lines[j])
        return not math.isnan(lines[i].project(place.representative_point()))
    return away <= half[i] + half[j] + WITHIN


def all_pairs(data: Pipes) -> Pairs:
    """Compare each with each."""
    lines, half, nodes = parts_of(data)
    return {
        (i, j)
        for i in range(len(lines))
        for j in range(i + 1, len(lines))
        if near(i, j, lines, half, nodes)
    }


def tree_loop(data: Pipes) -> Pairs:
    """Compare each with what a tree gives around it."""
    lines, half, nodes = parts_of(data)
    tree = shapely.STRtree(lines)
    widest = float(np.max(half))
    out = set()
    for i, line in enumerate(lines):
        for j in tree.query(line.buffer(half[i] + widest + WITHIN)).tolist():
            if j > i and near(i, j, lines, half, nodes):
                out.add((i, j))
    return out


if __name__ == "__main__":
    main()
