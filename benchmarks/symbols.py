"""Five thousand symbols and ten thousand people: what they add to a frame.

Resources of all sorts stand over a square of 6 km and make room for each other; the same flight is
drawn with and without them. Then people walk over a square of 300 m: all of them are put to new
places before every frame. Prints one line of JSON, times in milliseconds, each frame forced to its
end.
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
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.emergency import RESOURCE_SORTS
from layers.project import Project
from layers.shapes import POINT, Shapes
from layers.viewpoint import Viewpoint
from scene.figures import Figures, Kind
from scene.frames import state
from scene.stage import Stage

EAST, NORTH = 508_000.0, 3_378_000.0
SIDE, SQUARE = 6000.0, 300.0  # metres
SIZE = (1280, 720)
WALK = 1.3  # metres a second
FRAME = 0.04  # seconds of walking between two frames


def resources(count: int) -> Project:
    """Make a project of so many resources, the same every time."""
    random = np.random.default_rng(7)
    places = random.normal(0.0, SIDE / 5, (count, 2)) + np.array((EAST, NORTH))
    steps = np.arange(count + 1)
    shapes = Shapes(np.full(count, POINT, dtype=np.uint8), places, steps, steps)
    sorts = [RESOURCE_SORTS[at % len(RESOURCE_SORTS)].key for at in range(count)]
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    data = Features.of(shapes, pa.table({"sort": sorts}))
    style = kind_of("resources").style
    project.insert_layer(Layer("resources", "Resources", data, style=style))
    return project


def run(count: int = 5000, people: int = 10_000, *, frames: int = 40) -> dict[str, float]:
    """Draw flights with and without symbols, and people walking, and give the figures."""
    plotter: Any = pv.Plotter(off_screen=True, window_size=list(SIZE))
    plotter.render_window.SetMultiSamples(0)
    begun = time.perf_counter()
    project = resources(count)
    stage = Stage(project, plotter)
    out: dict[str, float] = {"symbols": count, "people": people, "ms_build": _since(begun)}
    stage.moving = True
    took: dict[bool, list[float]] = {True: [], False: []}
    for number in range(frames + 1):
        stage.viewpoint = Viewpoint.looking_at(
            (EAST, NORTH, 0.0), 4000.0, math.radians(0.5 * number), math.radians(-35.0)
        )
        for shown in (True, False) if number % 2 else (False, True):
            project.layers[0].visible = shown
            begun = time.perf_counter()
            plotter.render_window.Render()
            plotter.render_window.WaitForCompletion()
            took[shown].append(_since(begun))
    out["ms_with"] = float(np.median(took[True][1:]))
    out["ms_without"] = float(np.median(took[False][1:]))
    out["ratio_symbols"] = out["ms_with"] / out["ms_without"]
    project.layers[0].visible = False
    out.update(_crowd(stage, plotter, people, frames))
    stage.close()
    plotter.close()
    return {key: round(value, 2) for key, value in out.items()}


def _flight(stage: Stage, plotter: Any, distance: float, frames: int) -> float:
    took = []
    for number in range(frames + 1):
        stage.viewpoint = Viewpoint.looking_at(
            (EAST, NORTH, 0.0), distance, math.radians(0.5 * number), math.radians(-35.0)
        )
        begun = time.perf_counter()
        plotter.render_window.Render()
        plotter.render_window.WaitForCompletion()
        took.append(_since(begun))
    return float(np.median(took[1:]))


def _crowd(stage: Stage, plotter: Any, people: int, frames: int) -> dict[str, float]:
    """Let people walk in the middle distance and near."""
    random = np.random.default_rng(3)
    start = np.column_stack(
        [random.uniform(-SQUARE / 2, SQUARE / 2, (people, 2)), np.zeros(people)]
    )
    start += stage.context.to_scene((EAST, NORTH, 0.0))
    turn = random.uniform(0.0, 2.0 * math.pi, people)
    way = np.column_stack([np.sin(turn), np.cos(turn), np.zeros(people)])
    figures = Figures(stage.context, [Kind.of("person")], np.zeros(people, dtype=np.int64))
    out: dict[str, float] = {}
    for name, distance in (("far", 900.0), ("middle", 350.0), ("near", 90.0)):
        out[f"ms_square_{name}"] = _flight(stage, plotter, distance, frames // 2)
        took = []
        for number in range(frames + 1):
            stage.viewpoint = Viewpoint.looking_at(
                (EAST, NORTH, 0.0), distance, math.radians(0.5 * number), math.radians(-35.0)
            )
            begun = time.perf_counter()
            figures.move(start + way * WALK * FRAME * number, turn)
            figures.prepare(state(stage.plotter.renderer))
            plotter.render_window.Render()
            plotter.render_window.WaitForCompletion()
            took.append(_since(begun))
        out[f"ms_people_{name}"] = float(np.median(took[1:]))
        out[f"ratio_people_{name}"] = out[f"ms_people_{name}"] / out[f"ms_square_{name}"]
        out.update({f"{key}_{name}": value for key, value in figures.counts().items()})
        figures.show(shown=False)
        figures.prepare(state(stage.plotter.renderer))
        figures.show(shown=True)
    figures.close()
    return out


def _since(begun: float) -> float:
    return 1000.0 * (time.perf_counter() - begun)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--people", type=int, default=10_000)
    given = parser.parse_args()
    print(json.dumps(run(given.count, given.people)))
