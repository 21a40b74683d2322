"""A long flight: does memory grow? One JSON line.

    python -m benchmarks.soak --input project.gpkg --minutes 30

The eye flies round after round through the city, low and high, with a rest now and then, a pick,
a selection and an edit that is taken back in every round. The memory the process made itself is
sampled every second. After a warm-up of a third of the time it must not grow: the slope of a line
through the samples, MB a minute, and the rise it stands for over the rest of the time are told,
and the medians of ten stretches of the whole time, from which growth and swings are told apart.
``grows`` is true above one percent of the memory and 20 MB.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from app.allocation import hand_back_free
from benchmarks.memory import own_memory
from benchmarks.showing import Showing, load_compiled, rounded, spread
from layers.edits import SetHeight
from layers.files.project_file import load_project
from layers.history import History
from layers.kinds.buildings import Buildings

ROUND = 240  # frames
LEAST_GROWTH = 20.0  # MB that do not count


def run(path: Path, minutes: float, *, tell: bool = True) -> dict[str, Any]:
    """Fly for some time."""
    load_compiled()
    project = load_project(path)
    history = History(project)
    layer = next(iter(project.of_kind("buildings")))
    times: list[float] = []
    samples: list[tuple[float, float]] = []
    with Showing(project) as showing:
        props = showing.plotter.renderer.GetViewProps()
        most_props, rounds = 0, 0
        start = sampled = time.monotonic()
        while (now := time.monotonic() - start) < minutes * 60.0:
            for number, eye in enumerate(showing.flight(ROUND, 40.0 + 20.0 * (rounds % 3))):
                times.append(showing.move(eye))
                most_props = max(most_props, props.GetNumberOfItems())
                if number % 60 == 59:
                    showing.rest(eye)
                    hand_back_free()  # as the window does at rest
                if time.monotonic() - sampled >= 1.0:
                    sampled = time.monotonic()
                    samples.append((sampled - start, own_memory()))
            showing.move(showing.eye("overview", math.tau * rounds / 7.0))
            hit = showing.stage.pick(640.0, 420.0)
            if hit is not None and hit.object_id:
                showing.stage.select({layer.id: [hit.object_id]})
            data = layer.data
            assert isinstance(data, Buildings)
            history.run(SetHeight(layer.id, int(data.ids[rounds % len(data)]), 20.0 + rounds % 50))
            history.undo()
            rounds += 1
            if tell and samples:
                print(f"  {now / 60.0:5.1f} min  {samples[-1][1]:7.1f} MB", file=sys.stderr)
    return rounded({
        "input": path.name, "minutes": minutes, "rounds": rounds, "frames": len(times),
        "props": most_props, **growth(samples), **spread(times, "ms_frame"),
    })  # fmt: skip


def growth(samples: list[tuple[float, float]]) -> dict[str, Any]:
    """Say how memory went after the first third of the samples (seconds, MB)."""
    if len(samples) < 6:
        return {"samples": len(samples)}
    kept = np.array(samples[len(samples) // 3 :])
    slope, _ = np.polyfit(kept[:, 0] / 60.0, kept[:, 1], 1)
    rise = float(slope) * float(kept[-1, 0] - kept[0, 0]) / 60.0
    level = float(np.median(kept[:, 1]))
    mb_of = np.array([mb for _, mb in samples])
    return {
        "samples": len(samples),
        "mb_warm": level,
        "mb_peak": max(mb for _, mb in samples),
        "mb_tenths": [round(float(np.median(part)), 1) for part in np.array_split(mb_of, 10)],
        "mb_per_minute": float(slope),
        "mb_rise": rise,
        "grows": bool(rise > max(LEAST_GROWTH, 0.01 * level)),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--quiet", action="store_true", help="no line a round")
    args = parser.parse_args()
    print(json.dumps(run(args.input, args.minutes, tell=not args.quiet)))
