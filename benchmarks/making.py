"""Make a project of a made-up city: import the file, save the project; one JSON line.

    python -m benchmarks.making --input city.gpkg --project project.gpkg

What the program keeps for the second start (tiles, prepared layers) is made as well, by drawing
the city once.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from benchmarks.city_frames import imported
from benchmarks.memory import PeakMemory
from benchmarks.showing import Showing, rounded, since
from layers.files.project_file import load_project, save_project


def run(path: Path, target: Path) -> dict[str, Any]:
    """Import, save, open and draw once; milliseconds."""
    out: dict[str, Any] = {"input": path.name}
    with PeakMemory() as memory:
        begin = time.perf_counter()
        project = imported(path)
        out["t_import"] = since(begin)
        begin = time.perf_counter()
        save_project(project, target)
        out["ms_save"] = since(begin)
    out["peak_pss_mb"] = round(memory.megabytes, 1)
    with Showing(load_project(target)) as showing:
        showing.rest(showing.eye("overview", 0.0))
    out["megabytes"] = round(target.stat().st_size / 1e6, 1)
    return rounded(out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--project", type=Path, required=True)
    args = parser.parse_args()
    print(json.dumps(run(args.input, args.project)))
