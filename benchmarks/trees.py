"""A hundred thousand trees: how long the first frame and those after it take.

Trees of four forms stand in rows over a square of 6 km, seen from above, from 400 m and from the
street. Prints one line of JSON; times in milliseconds, each frame forced to its end.
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
SPECIES = ("camphor", "pine", "palm", "hedge")
SIZE = (1280, 720)
VIEWS = {  # distance and pitch
    "overview": (7000.0, -40.0), "middle": (900.0, -30.0), "near": (400.0, -25.0),
    "street": (60.0, -6.0),
}  # fmt: skip


def forest(count: int, *, built: bool = True) -> Project:
    """Make a project of so many trees, the same every time."""
    random = np.random.default_rng(7)
    places = random.uniform(-SIDE / 2, SIDE / 2, (count, 2)) + np.array((EAST, NORTH))
    steps = np.arange(count + 1)
    shapes = Shapes(np.full(count, POINT, dtype=np.uint8), places, steps, steps)
    table = pa.table(
        {
            "species": [SPECIES[i] for i in random.integers(0, len(SPECIES), count)],
            "height": random.uniform(3.0, 16.0, count),
        }
    )
    style = replace(kind_of("trees").style, built=built)
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    project.insert_layer(Layer("trees", "Trees", Features.of(shapes, table), style=style))
    return project


def run(count: int = 100_000, *, built: bool = True, frames: int = 12) -> dict[str, float]:
    """Draw the trees and give the figures.

    Parameters
    ----------
    count : int
        Trees.
    built : bool
        Whether near ones are models with trunks.
    frames : int
        Frames of each view, each from another side.
    """
    project = forest(count, built=built)
    plotter: Any = pv.Plotter(off_screen=True, window_size=list(SIZE))
    plotter.render_window.SetMultiSamples(0)
    begun = time.perf_counter()
    stage = Stage(project, plotter)
    out: dict[str, float] = {"trees": count, "built": float(built)}
    out["ms_build"] = 1000.0 * (time.perf_counter() - begun)
    for name, (distance, pitch) in VIEWS.items():
        took = []
        for number in range(frames + 1):
            turn = math.radians(360.0 / frames * number)
            stage.viewpoint = Viewpoint.looking_at(
                (EAST, NORTH, 0.0), distance, turn, math.radians(pitch)
            )
            begun = time.perf_counter()
            plotter.render_window.Render()
            plotter.render_window.WaitForCompletion()
            took.append(1000.0 * (time.perf_counter() - begun))
        out[f"ms_first_{name}"] = took[0]
        out[f"ms_{name}"] = float(np.median(took[1:]))
    stage.close()
    plotter.close()
    return {key: round(value, 1) for key, value in out.items()}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--plain", action="store_true", help="crowns and dots alone")
    args = parser.parse_args()
    print(json.dumps(run(args.count, built=not args.plain)))


if __name__ == "__main__":
    main()
