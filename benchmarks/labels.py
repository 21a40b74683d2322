"""Five thousand names, and ten times as many: what they add to a frame.

Places with Chinese names stand over a square of 6 km. The same flight is drawn with and without
names; prints one line of JSON, times in milliseconds, each frame forced to its end.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyvista as pv

from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.project import Project
from layers.shapes import POINT, Shapes
from layers.viewpoint import Viewpoint
from scene.stage import Stage

EAST, NORTH = 508_000.0, 3_378_000.0
SIDE = 6000.0  # metres
SIZE = (1280, 720)


def named_places(count: int) -> Project:
    """Make a project of so many places with names and a rank, the same every time."""
    random = np.random.default_rng(7)
    places = random.uniform(-SIDE / 2, SIDE / 2, (count, 2)) + np.array((EAST, NORTH))
    steps = np.arange(count + 1)
    shapes = Shapes(np.full(count, POINT, dtype=np.uint8), places, steps, steps)
    table = pa.table(
        {"name": [f"滨江地点 {i}" for i in range(count)], "rank": random.integers(0, 5, count)}
    )
    style = replace(kind_of("places").style, label_field="name", label_rank="rank")
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    project.insert_layer(Layer("places", "Places", Features.of(shapes, table), style=style))
    return project


def run(count: int = 5000, *, frames: int = 40) -> dict[str, Any]:
    """Draw a flight with and without names, with so many and with ten times as many.

    Parameters
    ----------
    count : int
        Names.
    frames : int
        Eyes of the flight, half a degree apart.
    """
    out: dict[str, Any] = {}
    for number in (count, 10 * count):
        out[f"{number:,} names"] = one(number, frames)
    few, many = out.values()
    out["ten_times_as_many_cost"] = round(many["ms_chosen"] / max(few["ms_chosen"], 1e-3), 2)
    return out


def one(count: int, frames: int) -> dict[str, float]:
    """Measure so many names.

    Every eye is drawn with names and without, in turn one first and the other: what they differ
    by, eye by eye, is free of most of what else goes on in the machine. ``ms_chosen`` is the time
    in which names are placed and laid out, measured inside the frame.
    """
    plotter: Any = pv.Plotter(off_screen=True, window_size=list(SIZE))
    plotter.render_window.SetMultiSamples(0)
    begun = time.perf_counter()
    stage = Stage(named_places(count), plotter)
    build = _since(begun)
    chosen: list[float] = []
    prepare = stage.surroundings.prepare

    def timed(frame: Any) -> None:
        start = time.perf_counter()
        prepare(frame)
        if stage.surroundings.overlay:
            chosen.append(_since(start))

    stage.surroundings.prepare = timed  # type: ignore[method-assign]  # measured where it is called
    stage.moving = True
    took: dict[bool, list[float]] = {True: [], False: []}
    for number in range(frames + 1):
        stage.viewpoint = Viewpoint.looking_at(
            (EAST, NORTH, 0.0), 4000.0, math.radians(0.5 * number), math.radians(-35.0)
        )
        for shown in (True, False) if number % 2 else (False, True):
            stage.surroundings.overlay = shown
            begun = time.perf_counter()
            plotter.render_window.Render()
            plotter.render_window.WaitForCompletion()
            took[shown].append(_since(begun))
    stage.close()
    plotter.close()
    more = [on - off for on, off in zip(took[True][1:], took[False][1:], strict=True)]
    figures = {
        "ms_build": build, "ms_first": took[True][0],
        "ms_with": float(np.median(took[True][1:])),
        "ms_without": float(np.median(took[False][1:])),
        "ms_more": float(np.median(more)), "ms_chosen": float(np.median(chosen[1:])),
    }  # fmt: skip
    return {key: round(value, 2) for key, value in figures.items()}


def _since(begun: float) -> float:
    return 1000.0 * (time.perf_counter() - begun)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    args = parser.parse_args()
    print(json.dumps(run(args.count)))


if __name__ == "__main__":
    main()
