"""First picture and frame times of a file of buildings, as one JSON line.

    python -m benchmarks.city_frames --input city.gpkg --views overview,near --json

The cameras are those of the comparison with the web viewers: vertical field of view 36.87
degrees, pitch 50 degrees from straight down, the target in the middle of the data at height 0, the
range 1.5 x 720 px x metres per pixel; ``overview`` is side / 840 m per pixel, ``near`` 0.6 m per
pixel; the median of 12 bearings. Times are milliseconds from libraries loaded to frame finished.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import time
from pathlib import Path
from typing import Any

import pyvista as pv

from benchmarks.memory import PeakMemory
from layers.edits import Together
from layers.files.importing import commands_for, import_file
from layers.files.options import ImportOptions
from layers.history import History
from layers.project import Project
from layers.viewpoint import Viewpoint
from scene.stage import Stage

SIZE = (1280, 720)
BEARINGS = 12
PITCH = math.radians(50.0 - 90.0)


def camera(middle: tuple[float, float], metres_per_pixel: float, bearing: float) -> Viewpoint:
    """Give the eye of one bearing, radians."""
    distance = 1.5 * SIZE[1] * metres_per_pixel
    return Viewpoint.looking_at((*middle, 0.0), distance, bearing, PITCH)


def run(path: Path, views: tuple[str, ...], crs: str | None = None) -> dict[str, Any]:
    """Import, show and time one file."""
    out: dict[str, Any] = {"input": path.name}
    with PeakMemory() as memory:
        start = time.perf_counter()
        project = Project()
        history = History(project)
        imported = import_file(project, path, ImportOptions(kind="buildings", crs=crs))
        command = commands_for(imported)
        assert isinstance(command, Together)
        history.run(command)
        out["t_import"] = _since(start)
        plotter = pv.Plotter(off_screen=True, window_size=list(SIZE))
        stage = Stage(project, plotter)
        extent = project.extent()
        assert extent is not None
        west, south, east, north = extent
        middle = ((west + east) / 2, (south + north) / 2)
        scales = {"overview": max(east - west, north - south) / 840.0, "near": 0.6}
        stage.viewpoint = camera(middle, scales["overview"], 0.0)
        _frame(plotter)
        out["t_first"] = _since(start)
        for name in views:
            times = []
            for number in range(BEARINGS):
                stage.viewpoint = camera(middle, scales[name], math.tau * number / BEARINGS)
                begin = time.perf_counter()
                _frame(plotter)
                times.append(_since(begin))
            out[f"ms_{name}"] = statistics.median(times)
        out |= _picks(stage)
        out["objects"] = sum(len(layer.data) for layer in project.layers)
        stage.close()
        plotter.close()
    out["peak_pss_mb"] = round(memory.megabytes, 1)
    return {k: round(v, 3) if isinstance(v, float) else v for k, v in out.items()}


def _picks(stage: Stage) -> dict[str, float]:
    begin = time.perf_counter()
    stage.pick(640.0, 360.0)
    first = _since(begin)
    times = []
    for number in range(25):
        begin = time.perf_counter()
        stage.pick(400.0 + 20.0 * number, 300.0 + 5.0 * number)
        times.append(_since(begin))
    return {"ms_pick_first": first, "ms_pick": statistics.median(times)}


def _frame(plotter: pv.Plotter) -> None:
    window: Any = plotter.render_window
    window.Render()
    window.WaitForCompletion()


def _since(start: float) -> float:
    return (time.perf_counter() - start) * 1000.0


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--views", default="overview,near")
    parser.add_argument("--crs", default=None)
    parser.add_argument("--json", action="store_true", help="one JSON line (the default output)")
    args = parser.parse_args()
    print(json.dumps(run(args.input, tuple(args.views.split(",")), args.crs)))


if __name__ == "__main__":
    main()
