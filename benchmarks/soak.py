"""A long flight: does memory grow? One JSON line.

    python -m benchmarks.soak --input project.gpkg --minutes 30

The eye flies round after round through the city, low and high, with a rest now and then, a pick, a
selection and an edit that is taken back in every round. The memory the process made itself is
sampled every second. A software rasteriser keeps parts of finished pictures until it is made to
let go of them at rest, so that samples swing; what is kept for good also lifts the lows between.
So the time is parted in ten stretches, and told are the median and the low (one sample in ten lies
below) of each, the slope of a line through all samples after a warm-up of a third of the time, the
rise of the lows from there to the end, and what is left when the city is closed, after a first
short round and after all. ``grows`` is true where the lows, or what is left, rise by more than one
percent of the memory and 20 MB.
"""

from __future__ import annotations

import argparse
import gc
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
STRETCHES = 10  # of the whole time


def run(path: Path, minutes: float, *, tell: bool = True) -> dict[str, Any]:
    """Fly for some time."""
    load_compiled()
    project = load_project(path)
    history = History(project)
    layer = next(iter(project.of_kind("buildings")))
    times: list[float] = []
    samples: list[tuple[float, float]] = []
    with Showing(project) as showing:
        for eye in showing.flight(ROUND, 40.0):
            showing.move(eye)
    left = [_left()]
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
                    showing.stage.let_go()  # as the window does where nobody moves for a while
                    hand_back_free()
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
    left.append(_left())
    return rounded({
        "input": path.name, "minutes": minutes, "rounds": rounds, "frames": len(times),
        "props": most_props, **growth(samples, left), **spread(times, "ms_frame"),
    })  # fmt: skip


def _left() -> float:
    """Give what memory is left when nothing is on stage, MB."""
    gc.collect()
    hand_back_free()
    return own_memory()


def growth(samples: list[tuple[float, float]], left: list[float]) -> dict[str, Any]:
    """Say how memory went: samples (seconds, MB), and what was left after closing, MB."""
    if len(samples) < STRETCHES:
        return {"samples": len(samples)}
    kept = np.array(samples[len(samples) // 3 :])
    slope, _ = np.polyfit(kept[:, 0] / 60.0, kept[:, 1], 1)
    level = float(np.median(kept[:, 1]))
    parts = np.array_split(np.array([mb for _, mb in samples]), STRETCHES)
    lows = np.array([np.percentile(part, 10) for part in parts])
    warm = np.arange(STRETCHES // 3, STRETCHES)
    rise = float(np.polyfit(warm, lows[warm], 1)[0]) * float(warm[-1] - warm[0])
    most = max(LEAST_GROWTH, 0.01 * level)
    return {
        "samples": len(samples),
        "mb_warm": level,
        "mb_peak": max(mb for _, mb in samples),
        "mb_tenths": [round(float(np.median(part)), 1) for part in parts],
        "mb_lows": [round(float(low), 1) for low in lows],
        "mb_per_minute": float(slope),
        "mb_rise": rise,
        "mb_left": [round(mb, 1) for mb in left],
        "grows": bool(rise > most or left[-1] - left[0] > most),
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
