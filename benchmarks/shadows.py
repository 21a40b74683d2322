"""True shadows: what the maps and the asking of them add to a picture.

Prints one line of JSON, times in milliseconds, each frame forced to its end. The city stands beside
a tree for every building; the same flight is drawn with and without shadows. Maps are made anew for
every picture at rest; while the eye moves the last ones stay.
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

from benchmarks.cities import EAST, NORTH, city
from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import POINT, Shapes
from layers.viewpoint import Viewpoint
from scene.stage import Stage

SIZE = (1280, 720)
MORNING = "2026-06-21T09:00"


def _trees(count: int, box: tuple[float, float, float, float]) -> Layer:
    random = np.random.default_rng(11)
    places = random.uniform(box[:2], box[2:], (count, 2))
    steps = np.arange(count + 1)
    shapes = Shapes(np.full(count, POINT, dtype=np.uint8), places, steps, steps)
    table = pa.table({"height": random.uniform(5.0, 18.0, count)})
    return Layer("trees", "Trees", Features.of(shapes, table), style=kind_of("trees").style)


def run(buildings: int = 10_000, *, frames: int = 12) -> dict[str, float]:
    """Draw a flight with and without shadows and give the figures.

    Parameters
    ----------
    buildings : int
        Buildings of the city; as many trees stand among them.
    frames : int
        Frames of the flight, three degrees apart.
    """
    frame = city(buildings)
    shapes = Shapes.from_shapely(frame.geometry.to_numpy())
    data = Buildings.blocks(shapes, frame["height"].to_numpy())
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    project.insert_layer(Layer("buildings", "City", data, style=kind_of("buildings").style))
    box = project.extent()
    assert box is not None
    project.insert_layer(_trees(buildings, box))
    east, north = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    plotter: Any = pv.Plotter(off_screen=True, window_size=list(SIZE))
    plotter.render_window.SetMultiSamples(0)
    stage = Stage(project, plotter)
    stage.moment = MORNING
    out: dict[str, float] = {"buildings": buildings, "trees": buildings}
    for name, on, moving in (
        ("plain", False, False), ("shadows", True, False), ("moving", True, True),
    ):  # fmt: skip
        stage.shadows.on, stage.moving = on, moving
        took, maps = [], stage.shadows.drawn
        for number in range(frames + 1):
            stage.viewpoint = Viewpoint.looking_at(
                (east, north, 0.0), 1500.0, math.radians(3.0 * number), math.radians(-25.0)
            )
            begun = time.perf_counter()
            plotter.render_window.Render()
            plotter.render_window.WaitForCompletion()
            took.append(1000.0 * (time.perf_counter() - begun))
        out[f"ms_first_{name}"], out[f"ms_{name}"] = took[0], float(np.median(took[1:]))
        out[f"maps_{name}"] = stage.shadows.drawn - maps
    out["ms_per_map"] = out["ms_shadows"] - out["ms_moving"]
    out["texel_near_m"] = stage.shadows.windows[0].texel
    stage.close()
    plotter.close()
    return {key: round(value, 2) for key, value in out.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--buildings", type=int, default=10_000)
    parser.add_argument("--frames", type=int, default=12)
    given = parser.parse_args()
    print(json.dumps(run(given.buildings, frames=given.frames)))
