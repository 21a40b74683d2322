"""Fly through real data: import a file or folder, fly along its long side; one JSON line.

python -m benchmarks.flythrough --input TILES [--pictures FOLDER]
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path
from typing import Any

from benchmarks.city_frames import imported
from benchmarks.memory import PeakMemory
from benchmarks.showing import Showing, load_compiled, rounded, since, spread
from layers.viewpoint import Viewpoint

FRAMES = 240


def way(showing: Showing, frames: int = FRAMES) -> list[Viewpoint]:
    """Give the eyes of a flight over the middle of where the buildings stand, low, then higher."""
    layer = next(iter(showing.project.of_kind("buildings")))
    bounds = layer.features.shapes.bounds()
    middles = (bounds[:, :2] + bounds[:, 2:]) / 2
    centre = middles.mean(axis=0)
    spread_ = middles - centre
    east, north = spread_[:: max(len(spread_) // 5000, 1)].T
    turn = 0.5 * math.atan2(2.0 * float((east * north).mean()),
                            float((east * east).mean() - (north * north).mean()))  # fmt: skip
    along = spread_ @ (math.cos(turn), math.sin(turn))
    first, last = sorted((float(along.min()) * 0.7, float(along.max()) * 0.7))
    out = []
    for number in range(frames):
        at = first + (last - first) * number / frames
        x, y = centre[0] + at * math.cos(turn), centre[1] + at * math.sin(turn)
        height = 350.0 + 900.0 * math.sin(math.pi * number / frames) ** 2
        sway = math.radians(25.0) * math.sin(number / 20.0)
        heading = math.pi / 2 - turn + sway
        out.append(Viewpoint(float(x), float(y), height, heading, math.radians(-22.0), 1200.0))
    return out


def run(path: Path, pictures: Path | None = None) -> dict[str, Any]:
    """Import and fly."""
    load_compiled()
    out: dict[str, Any] = {"input": path.name}
    with PeakMemory() as memory:
        start = time.perf_counter()
        project = imported(path)
        out["t_import"] = since(start)
        out["objects"] = sum(len(layer.data) for layer in project.layers)
        with Showing(project) as showing:
            eyes = way(showing)
            showing.rest(eyes[0])
            out["t_first"] = since(start)
            out |= spread((showing.move(eye) for eye in eyes), "ms_moving")
            out |= spread((showing.rest(eye) for eye in eyes[::20]), "ms_still")
            if pictures is not None:
                pictures.mkdir(parents=True, exist_ok=True)
                for number in (0, FRAMES // 2, FRAMES - 40):
                    showing.rest(eyes[number], smooth=True)
                    showing.save(pictures / f"fly_{number:03d}.png")
    out["peak_pss_mb"] = round(memory.megabytes, 1)
    return rounded(out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--pictures", type=Path)
    args = parser.parse_args()
    print(json.dumps(run(args.input, args.pictures)))
