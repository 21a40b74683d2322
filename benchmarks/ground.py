"""Terrain of 10,000 x 10,000 cells: time to open, to the first frame, and of frames after it.

Beside it stand a read of the whole raster with rasterio and a plain PyVista StructuredGrid of
every n-th cell (all of them do not fit). Prints one line of JSON; times in milliseconds, each
frame forced to its end.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyvista as pv
import rasterio
from rasterio.transform import from_origin
from rasterio.windows import Window

from layers.files.importing import commands_for, import_file
from layers.files.options import ImportOptions
from layers.history import History
from layers.kinds.terrain import Terrain
from layers.project import Project
from layers.viewpoint import Viewpoint
from scene.stage import Stage

WEST, NORTH = 500_000.0, 3_380_000.0
SIZE = (1280, 720)
VIEWS = {"overview": (16_000.0, -40.0), "middle": (1_500.0, -30.0), "near": (200.0, -15.0)}
STRIP = 500


def land(path: Path, cells: int) -> None:
    """Write broken land of so many metres along a side, one height a metre, the same every time."""
    random = np.random.default_rng(5)
    waves = [(random.uniform(0, 7, 2), 4000.0 / 2**k, 120.0 / 1.8**k) for k in range(9)]
    east = np.arange(cells)
    with rasterio.open(
        path, "w", driver="GTiff", width=cells, height=cells, count=1, dtype="float32",
        crs="EPSG:32650", transform=from_origin(WEST, NORTH, 1.0, 1.0), nodata=-9999.0,
        tiled=True, blockxsize=256, blockysize=256,
    ) as file:  # fmt: skip
        for top in range(0, cells, STRIP):
            south = np.arange(top, min(top + STRIP, cells))[:, None]
            heights = np.full((len(south), cells), 300.0)
            for (a, b), length, size in waves:
                turn = 0.7 * a
                along = east * math.cos(turn) + south * math.sin(turn)
                across = south * math.cos(turn) - east * math.sin(turn)
                heights += size * np.sin(along / length + a) * np.sin(across / length + b)
            window = Window(0, top, cells, len(south))
            file.write(heights.astype(np.float32), 1, window=window)


def _frame(plotter: Any) -> float:
    begun = time.perf_counter()
    plotter.render()
    plotter.render_window.WaitForCompletion()
    return (time.perf_counter() - begun) * 1e3


def ours(path: Path, frames: int) -> dict[str, float]:
    """Open the file and draw it as the program does."""
    begun = time.perf_counter()
    project = Project()
    found = import_file(project, path, ImportOptions(kind="terrain"))
    History(project).run(commands_for(found))
    out = {"open_ms": (time.perf_counter() - begun) * 1e3}
    plotter = pv.Plotter(off_screen=True, window_size=list(SIZE))
    stage = Stage(project, plotter)
    plotter.show(auto_close=False)
    _frame(plotter)
    out["first_frame_ms"] = (time.perf_counter() - begun) * 1e3
    terrain = found.layers[0].data
    assert isinstance(terrain, Terrain)
    west, south, east, north = terrain.extent() or (0.0, 0.0, 0.0, 0.0)
    middle = ((west + east) / 2, (south + north) / 2)
    height = float(terrain.height_at([middle])[0])
    for name, (distance, pitch) in VIEWS.items():
        place = (*middle, height)
        times = []
        for number in range(frames + 2):
            heading = 2 * math.pi * number / frames
            stage.viewpoint = Viewpoint.looking_at(place, distance, heading, math.radians(pitch))
            if number < 2:
                _frame(plotter)
            else:
                _frame(plotter)  # makes what comes into view
                stage.viewpoint = replace(stage.viewpoint)
                times.append(_frame(plotter))
        out[f"{name}_ms"] = float(np.median(times))
        tiles = stage.ground.tiles(stage.context.origin)
        if tiles is not None:
            shown = tiles.drawn
            out[f"{name}_triangles"] = float(sum(len(s.triangles) for _, s in shown))
    random = np.random.default_rng(1)
    places = random.uniform((west, south), (east, north), (1_000_000, 2))
    begun = time.perf_counter()
    terrain.height_at(places)
    out["million_heights_ms"] = (time.perf_counter() - begun) * 1e3
    stage.close()
    plotter.close()
    return out


def plain(path: Path, every: int, frames: int) -> dict[str, float]:
    """Read the whole and draw every n-th cell as a StructuredGrid."""
    begun = time.perf_counter()
    with rasterio.open(path) as file:
        heights = file.read(1)
    out = {"rasterio_whole_ms": (time.perf_counter() - begun) * 1e3}
    heights = heights[::every, ::every]
    east, south = np.meshgrid(np.arange(heights.shape[1]), np.arange(heights.shape[0]))
    grid = pv.StructuredGrid(east * float(every), -south * float(every), heights.astype(float))
    plotter = pv.Plotter(off_screen=True, window_size=list(SIZE))
    plotter.add_mesh(grid, color="tan")
    plotter.show(auto_close=False)
    _frame(plotter)
    out["first_frame_ms"] = (time.perf_counter() - begun) * 1e3
    out["cells"] = float(heights.size)
    times = []
    for _ in range(frames):
        plotter.camera.Azimuth(360.0 / frames)
        times.append(_frame(plotter))
    out["overview_ms"] = float(np.median(times))
    plotter.close()
    return out


def run(cells: int = 10_000, *, every: int = 5, frames: int = 6) -> dict[str, Any]:
    """Measure and give the figures.

    Parameters
    ----------
    cells : int
        Along a side of the raster.
    every : int
        The plain grid takes every n-th cell.
    frames : int
        Frames of each view; the median counts.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "land.tif"
        land(path, cells)
        found = {"cells": cells, "ours": ours(path, frames), "plain": plain(path, every, frames)}
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return found


def main() -> None:
    """Print the figures as one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=10_000)
    parser.add_argument("--every", type=int, default=5)
    parser.add_argument("--frames", type=int, default=6)
    given = parser.parse_args()
    print(json.dumps(run(given.cells, every=given.every, frames=given.frames)))


if __name__ == "__main__":
    main()
