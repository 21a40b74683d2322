"""Where the limit is: corners, pixels, uploads or Python; one JSON line.

    python -m benchmarks.limits --input project.gpkg

Each view is drawn at full size, at half the width and height (what it gains is the cost of
pixels), without buildings (what stays is sky, ground and Python), and once from an eye that turns
every frame (what it loses is choosing and handing over tiles). A profile says how much of a moving
frame is Python, and which functions cost most.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import math
import pstats
import statistics
from pathlib import Path
from typing import Any

from benchmarks.showing import BEARINGS, SIZE, Showing, load_compiled, rounded
from layers.files.project_file import load_project
from layers.project import Project
from layers.viewpoint import Viewpoint

HALF = (SIZE[0] // 2, SIZE[1] // 2)
MOST = 6  # functions named


def _eyes(showing: Showing, name: str) -> list[Viewpoint]:
    return [showing.eye(name, math.tau * number / BEARINGS) for number in range(BEARINGS)]


def views(project: Project, size: tuple[int, int], tail: str) -> dict[str, float]:
    """Time both views at one size: moving, at rest, at rest without buildings."""
    out: dict[str, float] = {}
    with Showing(project, size) as showing:
        showing.rest(showing.eye("overview", 0.0))
        for name in ("overview", "near"):
            out[f"{name}_moving{tail}"] = showing.round(name, moving=True)
            out[f"{name}_still{tail}"] = showing.round(name, moving=False)
            again = [showing.rest(showing.eye(name, 0.0)) for _ in range(5)]
            out[f"{name}_same{tail}"] = statistics.median(again)
        layers = list(project.of_kind("buildings"))
        for layer in layers:
            layer.visible = False
        for name in ("overview", "near"):
            out[f"{name}_empty{tail}"] = showing.round(name, moving=False)
        for layer in layers:
            layer.visible = True
    return out


def profiled(project: Project) -> dict[str, Any]:
    """Profile moving frames of both views and a flight: the share of Python, the costly parts."""
    out: dict[str, Any] = {}
    with Showing(project) as showing:
        showing.rest(showing.eye("overview", 0.0))
        ways = {
            "overview": _eyes(showing, "overview"),
            "near": _eyes(showing, "near"),
            "flight": showing.flight(60),
        }
        for name, eyes in ways.items():
            for eye in eyes[::6]:
                showing.move(eye)
            profile = cProfile.Profile()
            profile.enable()
            total = sum(showing.move(eye) for eye in eyes)
            profile.disable()
            table = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # typeshed omits it
            own = {key: row[2] * 1000.0 / len(eyes) for key, row in table.items()}
            drawing = sum(ms for key, ms in own.items() if _draws(key))
            out[f"{name}_frame"] = total / len(eyes)
            out[f"{name}_python"] = total / len(eyes) - drawing
            most = sorted((k for k in own if not _draws(k)), key=lambda k: -own[k])[:MOST]
            out[f"{name}_most"] = [f"{_named(key)} {own[key]:.2f} ms" for key in most]
    return out


def _draws(key: tuple[str, int, str]) -> bool:
    return "Render" in key[2] or "WaitForCompletion" in key[2]


def _named(key: tuple[str, int, str]) -> str:
    file, _, function = key
    return f"{Path(file).stem}.{function}" if file != "~" else function


def run(path: Path) -> dict[str, Any]:
    """Open a project and look for its limits."""
    load_compiled()
    project = load_project(path)
    out: dict[str, Any] = {"input": path.name}
    out |= views(project, SIZE, "")
    out |= views(project, HALF, "_half")
    out |= profiled(project)
    return rounded(out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--input", type=Path, required=True)
    print(json.dumps(run(parser.parse_args().input)))
