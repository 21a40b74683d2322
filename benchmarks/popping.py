"""How much of what changes between two pictures of an approach is due to levels of detail.

    python -m benchmarks.popping --input city.gpkg --steps 60

The eye comes nearer from twelve kilometres to one, each picture complete and with smooth edges, and
beside each the same picture with every building in full. Between two steps the picture in full
changes because the eye moves; what changes in the difference of the two pictures beyond that is
what the levels of detail add: a building that changes its form, a cell that becomes buildings.
Means over squares of 8 pixels, grey levels of 255. One JSON line.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.city_frames import imported
from benchmarks.showing import Showing, rounded
from layers.shapes import Floats
from layers.viewpoint import Viewpoint
from scene.detail import FULL

FAR, NEAR = 12_000.0, 1_000.0  # metres from the target
PITCH = math.radians(-25.0)
SQUARE = 8  # pixels


def squares(showing: Showing, eye: Viewpoint) -> Floats:
    """Draw a complete picture and give the mean grey of its squares."""
    showing.complete(eye, smooth=True)
    grey = np.asarray(showing.plotter.screenshot(return_img=True))[..., :3].mean(axis=-1)
    rows, columns = (side // SQUARE for side in grey.shape)
    kept = grey[: rows * SQUARE, : columns * SQUARE]
    return np.asarray(kept.reshape(rows, SQUARE, columns, SQUARE).mean(axis=(1, 3)))


def run(path: Path, steps: int) -> dict[str, Any]:
    """Come nearer; say how the pictures changed."""
    project = imported(path)
    added, moved, off = [], [], []
    with Showing(project) as ours, Showing(project, detail=FULL) as full:
        before: tuple[Floats, Floats] | None = None
        for distance in np.geomspace(FAR, NEAR, steps):
            eye = Viewpoint.looking_at((*ours.middle, 0.0), float(distance), 0.5, PITCH)
            now = squares(ours, eye), squares(full, eye)
            off.append(np.abs(now[0] - now[1]).mean())
            if before is not None:
                added.append(np.abs((now[0] - now[1]) - (before[0] - before[1])))
                moved.append(np.abs(now[1] - before[1]))
            before = now
    means = [float(one.mean()) for one in added]
    natural = [float(one.mean()) for one in moved]
    return rounded({
        "input": path.name, "steps": steps, "error": float(np.mean(off)),
        "added": float(np.mean(means)), "added_worst_step": max(means),
        "added_worst_p99": max(float(np.percentile(one, 99)) for one in added),
        "moved": float(np.mean(natural)), "moved_worst_step": max(natural),
        "moved_worst_p99": max(float(np.percentile(one, 99)) for one in moved),
    })  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=60)
    args = parser.parse_args()
    print(json.dumps(run(args.input, args.steps)))
