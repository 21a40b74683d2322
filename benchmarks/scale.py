"""What a project costs at its size: opening, frames, a flight, colours, edits, picks, memory.

    python -m benchmarks.scale --input project.gpkg

One JSON line, milliseconds. The project is one that `benchmarks.making` saved; its tiles lie in
the store of derived data if somebody opened it before.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.city_frames import picks
from benchmarks.memory import PeakMemory
from benchmarks.showing import Showing, load_compiled, rounded, since, spread
from layers import schemes_commands as commands
from layers.edits import SetHeight
from layers.files.project_file import load_project
from layers.history import History
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.shapes import Ints
from layers.style import by_ranges
from scene.meshing import BlockMesher

FLIGHT = 120  # frames
CELL = 900.0  # metres of the squares that full meshes are made for


def run(path: Path) -> dict[str, Any]:
    """Open a project and time what a planner does with it."""
    out: dict[str, Any] = {"input": path.name}
    load_compiled()
    with PeakMemory() as memory:
        start = time.perf_counter()
        project = load_project(path)
        out["t_open"] = since(start)
        with Showing(project) as showing:
            showing.rest(showing.eye("overview", 0.0))
            out["t_first"] = since(start)
            out["objects"] = sum(len(layer.data) for layer in project.layers)
            for name in ("overview", "near"):
                out[f"ms_{name}_moving"] = showing.round(name, moving=True)
                out[f"ms_{name}"] = showing.round(name, moving=False)
                out[f"ms_{name}_smooth"] = showing.round(name, moving=False, smooth=True)
            out |= flown(showing)
            out |= picks(showing)
            layer = next(iter(project.of_kind("buildings")))
            history = History(project)
            out |= styled(showing, layer)
            out |= edited(showing, layer, history)
        out["peak_pss_mb"] = round(memory.megabytes, 1)
        out |= meshed(layer)
    return rounded(out)


def flown(showing: Showing) -> dict[str, float]:
    """Fly the same way twice; the second time is measured."""
    eyes = showing.flight(FLIGHT)
    for eye in eyes[::10]:
        showing.move(eye)
    return spread((showing.move(eye) for eye in eyes), "ms_flight")


def styled(showing: Showing, layer: Layer) -> dict[str, float]:
    """Colour all by an attribute, hide all but every other one: until the frame is there."""
    data = layer.data
    assert isinstance(data, Buildings)
    eye = showing.eye("overview", 0.0)
    frame = showing.rest(eye)
    plain = layer.style
    colouring = by_ranges("height", data.numbers("height"), steps=7)

    def recolour(number: int) -> None:
        layer.style = replace(plain, colouring=colouring if number % 2 == 0 else None)

    def isolate(number: int) -> None:
        ids = data.ids[number % 2 :: 2]
        showing.stage.isolate({layer.id: ids})

    out = {"ms_frame_before_style": frame}
    out["ms_recolour"] = _median(showing, recolour)
    out["ms_filter"] = _median(showing, isolate)
    showing.stage.isolate(None)
    layer.style = plain
    showing.frame()
    return out


def edited(showing: Showing, layer: Layer, history: History) -> dict[str, float]:
    """Change, move, remove and copy buildings, and take it back: until the frame is there."""
    data = layer.data
    assert isinstance(data, Buildings)
    middle = np.abs(data.shapes.bounds()[:, :2] - showing.middle).sum(axis=1)
    nearest = data.ids[np.argsort(middle)[:40]]
    showing.rest(showing.eye("near", 0.0))
    out: dict[str, float] = {}

    def height(number: int) -> None:
        history.run(SetHeight(layer.id, int(nearest[number]), 80.0 + number))

    def undo(_number: int) -> None:
        history.undo()

    out["ms_edit"] = _median(showing, height)
    out["ms_undo"] = _median(showing, undo)

    def move(number: int) -> None:
        history.run(commands.move(history.project, layer.id, nearest[number : number + 1], 7, 3))

    out["ms_move"] = _median(showing, move)
    out["ms_move_undone"] = _median(showing, undo)

    def remove(number: int) -> None:
        ten = nearest[10 * number : 10 * number + 10]
        history.run(commands.demolish(history.project, layer.id, ten))

    out["ms_remove_ten"] = _median(showing, remove, 3)
    out["ms_add_ten"] = _median(showing, undo, 3)

    def copy(number: int) -> None:
        shifts = [[4.0 + 30.0 * i, 11.0] for i in range(1, 11)]
        one = nearest[number : number + 1]
        history.run(commands.copy(history.project, layer.id, one, shifts)[0])

    out["ms_copy_ten"] = _median(showing, copy, 3)
    out["ms_copy_undone"] = _median(showing, undo, 3)
    return out


def only(data: Buildings, rows: Ints) -> Buildings:
    """Give a part of the buildings, without detailed surfaces."""
    columns = ("ids", "feature", "height", "min_height", "base", "height_rule", "part_of", "drawn")
    taken = {name: getattr(data, name)[rows] for name in columns}
    return replace(data, shapes=data.shapes.take(rows), surfaces=None, **taken)


def _median(showing: Showing, change: Callable[[int], None], repeats: int = 5) -> float:
    times = []
    for number in range(repeats):
        begin = time.perf_counter()
        change(number)
        showing.frame()
        times.append(since(begin))
    return statistics.median(times)


def meshed(layer: Layer) -> dict[str, float]:
    """Make the full mesh of every tile from the arrays alone, once warm."""
    data = layer.data
    assert isinstance(data, Buildings)
    base = np.zeros(len(data))
    few = only(data, np.arange(min(len(data), 500)))
    BlockMesher(few, base[: len(few)]).blocks(np.arange(len(few)), np.arange(len(few)), np.zeros(3))
    begin = time.perf_counter()
    middles = data.shapes.centres()
    square = np.floor(middles / CELL).astype(np.int64)
    order = np.lexsort(square.T)
    first = np.flatnonzero(np.any(np.diff(square[order], axis=0, prepend=-1), axis=1))
    ordering = since(begin)
    begin = time.perf_counter()
    mesher = BlockMesher(data, base)
    slots, triangles = np.arange(len(data)), 0
    for rows in np.split(order, first[1:]):
        mesh = mesher.blocks(rows, slots, np.array([*middles[rows[0]], 0.0]))
        triangles += len(mesh.triangles) if mesh is not None else 0
    return {"ms_mesh": since(begin), "ms_mesh_ordering": ordering, "triangles": float(triangles)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, required=True)
    print(json.dumps(run(parser.parse_args().input)))
