"""A hundred thousand pipes: how long frames and picks take, beside naive PyVista tubes.

Runs of four stretches lie in streets of a square town, with a node at each end of every second
run; the ground is seen through. Naive means what a first script does: one PyVista tube per run,
merged into one mesh; that is made for fewer runs, and told per run. Prints one line of JSON;
times in milliseconds, each frame forced to its end.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from typing import Any

import numpy as np
import pyarrow as pa
import pyvista as pv

from layers.frame import Frame
from layers.kinds.base import Features, Layer
from layers.kinds.pipes import KIND, RUN, Pipes
from layers.project import Project
from layers.shapes import LINE, POINT, Shapes, starts_of
from layers.viewpoint import Viewpoint
from scene.pipe_tiles import PipeTiles
from scene.stage import Stage
from scene.views.pipes import PipesView

EAST, NORTH = 508_000.0, 3_378_000.0
SIZE = (1280, 720)
STEP, LONG = 40.0, 36.0  # metres from run to run, and of a run
VIEWS = {"overview": (1.4, -45.0), "district": (0.25, -35.0), "street": (0.008, -20.0)}


def network(count: int) -> Pipes:
    """Make so many runs, and half as many nodes, the same every time."""
    random = np.random.default_rng(11)
    side = math.ceil(math.sqrt(count / 4))
    place = np.arange(count) // 4
    lane = np.arange(count) % 4
    west = EAST + STEP * (place % side - side / 2)
    south = NORTH + STEP * (place // side - side / 2) + 1.5 * lane
    along = np.linspace(0.0, LONG, 5)
    wave = random.normal(0.0, 0.15, (count, 5))
    lines = np.stack([west[:, None] + along, south[:, None] + wave], axis=-1)
    nodes = lines[::2, 0]
    coords = np.concatenate([lines.reshape(-1, 2), nodes])
    sizes = np.concatenate([np.full(count, 5), np.full(len(nodes), 1)])
    n = len(sizes)
    kind = np.where(sizes == 1, POINT, LINE).astype(np.uint8)
    shapes = Shapes(kind, coords, starts_of(sizes), np.arange(n + 1))
    plain = Features.of(shapes, pa.table({"number": np.arange(n)}))
    classes = np.concatenate([np.array([0, 1, 2, 5])[lane], np.array([0, 1, 2, 5])[lane[::2]]])
    depth = np.concatenate([1.0 + 0.4 * lane, np.full(len(nodes), np.nan)])
    role = np.concatenate([np.full(count, RUN), np.where(lane[::2] == 0, 4, 2)])
    return Pipes.of_columns(
        plain, classes, random.choice([0.15, 0.2, 0.3, 0.4, 0.6], n), role=role,
        start_level=-depth, end_level=-depth, level_of=0,
    )  # fmt: skip


def run(count: int = 100_000, *, naive: int = 4000, frames: int = 12) -> dict[str, float]:
    """Draw the pipes and give the figures.

    Parameters
    ----------
    count : int
        Runs.
    naive : int
        Runs that are drawn as naive tubes; 0 for none.
    frames : int
        Frames of each view, each from another side.
    """
    data = network(count)
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    project.insert_layer(Layer("pipes", "Pipes", data, style=KIND.style))
    plotter: Any = pv.Plotter(off_screen=True, window_size=list(SIZE))
    plotter.render_window.SetMultiSamples(0)
    begun = time.perf_counter()
    stage = Stage(project, plotter)
    out: dict[str, float] = {"runs": count, "ms_build": 1000.0 * (time.perf_counter() - begun)}
    stage.underground.share = 0.65
    across = STEP * math.sqrt(count / 4)
    tiles = _tiles(stage)
    for name, (share, pitch) in VIEWS.items():
        took = []
        for number in range(frames + 1):
            turn = math.radians(360.0 / frames * number)
            stage.viewpoint = Viewpoint.looking_at(
                (EAST, NORTH, 0.0), share * across, turn, math.radians(pitch)
            )
            took.append(_frame(plotter))
        out[f"ms_first_{name}"] = took[0]
        out[f"ms_{name}"] = float(np.median(took[1:]))
        out[f"triangles_{name}"] = tiles.triangles()
        if name == "overview":
            out["ms_overview_every_line"] = _every_line(stage, tiles, plotter, frames)
    picks = []
    for x in np.linspace(100, SIZE[0] - 100, 30):
        begun = time.perf_counter()
        stage.pick(float(x), 500.0)
        picks.append(1000.0 * (time.perf_counter() - begun))
    out["ms_pick"] = float(np.median(picks))
    stage.close()
    plotter.close()
    if naive:
        out |= _naive(network(naive), frames)
    return {key: round(value, 2) for key, value in out.items()}


def _every_line(stage: Stage, tiles: PipeTiles, plotter: Any, frames: int) -> float:
    """Give the milliseconds of a frame in which no lines are drawn as one."""
    tiles.groups.together = False
    took = []
    for number in range(frames + 1):
        v = stage.viewpoint
        stage.viewpoint = Viewpoint.looking_at(
            (EAST, NORTH, 0.0), v.distance, math.radians(360.0 / frames * number), v.pitch
        )
        took.append(_frame(plotter))
    tiles.groups.together = True
    return float(np.median(took[1:]))


def _tiles(stage: Stage) -> PipeTiles:
    """Find what draws the pipes."""
    view = next(view for view in stage.views.values() if isinstance(view, PipesView))
    assert view.tiles is not None
    return view.tiles


def _frame(plotter: Any) -> float:
    begun = time.perf_counter()
    plotter.render_window.Render()
    plotter.render_window.WaitForCompletion()
    return 1000.0 * (time.perf_counter() - begun)


def _naive(data: Pipes, frames: int) -> dict[str, float]:
    """Draw runs as tubes of PyVista, merged into one mesh."""
    begun = time.perf_counter()
    centres, first = data.centres(), data.shapes.first_coord
    tubes = []
    for row in data.runs.tolist():
        part = slice(int(first[row]), int(first[row + 1]))
        xyz = np.column_stack([data.shapes.coords[part] - (EAST, NORTH), centres[part]])
        line = pv.lines_from_points(xyz)
        tubes.append(line.tube(radius=float(data.width[row]) / 2.0, n_sides=12))
    mesh = pv.merge(tubes)
    plotter: Any = pv.Plotter(off_screen=True, window_size=list(SIZE))
    plotter.render_window.SetMultiSamples(0)
    plotter.add_mesh(mesh, color="red")
    across = STEP * math.sqrt(len(data.runs) / 4)
    plotter.camera.focal_point = (0.0, 0.0, 0.0)
    plotter.camera.position = (0.0, -across, across)
    plotter.camera.clipping_range = (1.0, 10.0 * across)
    first_ms = 1000.0 * (time.perf_counter() - begun) + _frame(plotter)
    took = []
    for _ in range(frames):
        plotter.camera.azimuth += 360.0 / frames
        took.append(_frame(plotter))
    plotter.close()
    count = len(data.runs)
    return {
        "naive_runs": count, "naive_ms_first": first_ms,
        "naive_ms_overview": float(np.median(took)),
        "naive_ms_first_per_1000": 1000.0 * first_ms / count,
        "naive_ms_overview_per_1000": 1000.0 * float(np.median(took)) / count,
    }  # fmt: skip


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--naive", type=int, default=4000)
    args = parser.parse_args()
    print(json.dumps(run(args.count, naive=args.naive)))


if __name__ == "__main__":
    main()
