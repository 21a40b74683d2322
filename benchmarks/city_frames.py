"""First picture and frame times of a file of buildings, as one JSON line.

    python -m benchmarks.city_frames --input city.gpkg --views overview,near --json

The cameras are those of the comparison with the web viewers: vertical field of view 36.87
degrees, pitch 50 degrees from straight down, the target in the middle of the data at height 0, the
range 1.5 x 720 px x metres per pixel; ``overview`` is side / 840 m per pixel, ``near`` 0.6 m per
pixel; the median of 12 bearings. Times are milliseconds from libraries and our compiled loops
loaded to frame finished. The window opens while a thread reads the file, as in the program.

``ms_overview`` and ``ms_near`` are frames of the finished picture, every building in full, edges
not smoothed, as the web viewers draw; ``..._smooth`` smooths them, as the window does at rest;
``..._moving`` are frames while the eye moves.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.memory import PeakMemory
from benchmarks.showing import BEARINGS, Showing, load_compiled, rounded, since
from layers.edits import Together
from layers.files.importing import commands_for, import_file
from layers.files.options import ImportOptions
from layers.history import History
from layers.project import Project
from scene.warming import warm_programs


def imported(path: Path, crs: str | None = None) -> Project:
    """Import a file of buildings into a new project."""
    project = Project()
    result = import_file(project, path, ImportOptions(kind="buildings", crs=crs))
    command = commands_for(result)
    assert isinstance(command, Together)
    History(project).run(command)
    return project


def run(
    path: Path, views: tuple[str, ...], crs: str | None = None, pictures: Path | None = None
) -> dict[str, Any]:
    """Import, show and time one file."""
    out: dict[str, Any] = {"input": path.name}
    load_compiled()
    project, options = Project(), ImportOptions(kind="buildings", crs=crs)
    with PeakMemory() as memory, ThreadPoolExecutor(1) as reader:
        start = time.perf_counter()
        reading = reader.submit(import_file, project, path, options)
        with Showing(project) as showing:
            warm_programs(showing.stage)
            command = commands_for(reading.result())
            out["t_import"] = since(start)
            assert isinstance(command, Together)
            History(project).run(command)
            showing.complete(showing.eye("overview", 0.0))
            out["t_first"] = since(start)
            for name in views:
                out[f"ms_{name}"] = showing.round(name, moving=False)
                if pictures is not None:
                    showing.rest(showing.eye(name, math.tau * (BEARINGS - 1) / BEARINGS))
                    showing.save(pictures / f"citystage_{path.stem}_{name}.png")
                out[f"ms_{name}_moving"] = showing.round(name, moving=True)
                out[f"ms_{name}_smooth"] = showing.round(name, moving=False, smooth=True)
            out |= picks(showing)
            out["objects"] = sum(len(layer.data) for layer in project.layers)
    out["peak_pss_mb"] = round(memory.megabytes, 1)
    return rounded(out)


def picks(showing: Showing) -> dict[str, float]:
    """Time asking for what is under a pixel, near the ground: the first time and the median."""
    stage = showing.stage
    showing.rest(showing.eye("near", 0.0))
    begin = time.perf_counter()
    stage.pick(640.0, 360.0)
    first = since(begin)
    times = []
    for number in range(25):
        begin = time.perf_counter()
        stage.pick(400.0 + 20.0 * number, 300.0 + 5.0 * number)
        times.append(since(begin))
    return {"ms_pick_first": first, "ms_pick": statistics.median(times)}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--views", default="overview,near")
    parser.add_argument("--crs", default=None)
    parser.add_argument("--pictures", type=Path, help="folder to write each view to")
    parser.add_argument("--json", action="store_true", help="one JSON line (the default output)")
    args = parser.parse_args()
    print(json.dumps(run(args.input, tuple(args.views.split(",")), args.crs, args.pictures)))


if __name__ == "__main__":
    main()
