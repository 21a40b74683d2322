"""Ways through a hundred thousand edges: from one place to all, and what is reached in minutes.

The town is a grid of two-way streets with a speed of its own each, so that every street is two
edges. The same net is asked of networkx, and both must give the same seconds. Prints one line of
JSON; milliseconds.
"""

from __future__ import annotations

import argparse
import json
import time

import networkx as nx
import numpy as np
import pyarrow as pa
import shapely

from layers.kinds.base import Features
from layers.routing.reach import reach
from layers.routing.streets_net import StreetNet
from layers.routing.ways import Router, Traveller
from layers.shapes import Shapes

EAST, NORTH = 508_000.0, 3_378_000.0
BLOCK = 100.0  # metres from corner to corner


def town(edges: int) -> Features:
    """Make a grid of streets that has about so many edges, the same every time."""
    side = max(round((edges / 4) ** 0.5), 3)
    number = np.arange(side * side).reshape(side, side)
    begin = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    goal = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    place = np.column_stack([number.ravel() % side, number.ravel() // side]) * BLOCK
    place += np.array([EAST, NORTH])
    lines = [shapely.LineString(pair) for pair in np.stack([place[begin], place[goal]], axis=1)]
    speeds = np.random.default_rng(5).choice([20.0, 30.0, 40.0, 60.0], len(begin))
    return Features.of(Shapes.from_shapely(lines), pa.table({"maxspeed": speeds}))


def of_networkx(router: Router, start: int) -> tuple[float, np.ndarray]:
    """Give what networkx takes from one node to all, and its seconds."""
    graph = nx.DiGraph()
    net = router.net
    for one, other, there, back in zip(
        net.start.tolist(), net.end.tolist(), router.forward.tolist(), router.backward.tolist(),
        strict=True,
    ):  # fmt: skip
        graph.add_edge(one, other, weight=there)
        graph.add_edge(other, one, weight=back)
    begun = time.perf_counter()
    found = nx.single_source_dijkstra_path_length(graph, start)
    took = time.perf_counter() - begun
    return took, np.array([found.get(node, np.inf) for node in range(len(net.nodes))])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, default=100_000)
    options = parser.parse_args()
    roads = town(options.edges)
    begun = time.perf_counter()
    net = StreetNet.of([roads])
    router = Router.of(net, Traveller())
    ready = time.perf_counter() - begun
    start = len(net.nodes) // 2
    took = []
    for _ in range(9):
        begun = time.perf_counter()
        seconds = router.seconds_from(net.nodes[[start]])
        took.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    reach(router, net.nodes[[start]], [300.0, 480.0, 900.0])
    areas = time.perf_counter() - begun
    theirs, told = of_networkx(router, start)
    print(json.dumps({
        "edges": 2 * len(net.start), "ms_made_ready": ready * 1e3,
        "ms_one_to_all": float(np.median(took)) * 1e3, "ms_one_to_all_slowest": max(took) * 1e3,
        "ms_areas_of_5_8_15_minutes": areas * 1e3, "ms_networkx": theirs * 1e3,
        "same_seconds": bool(np.allclose(seconds, told)),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
