"""Tools that ask a network where it is clicked: tracing and bursts, as often as one clicks."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection

import numpy as np
import shapely

from app.qt.desk import Desk
from layers.kinds.pipes import RUN, Pipes
from layers.pipes.burst import CATCH
from layers.pipes.classes import CLASS_KEYS
from layers.pipes.flow import working
from scene.rays import Hit
from scene.stage import Stage
from scene.tools.events import Tool
from scene.tools.spot import Spot

#: Classes of pipes in which something is under pressure.
BURSTING = ("water", "gas", "heat")
#: A place of a network: layer, object (a run or a node), east, north.
Place = tuple[str, int, float, float]
_takers: weakref.WeakKeyDictionary[Desk, dict[str, Callable[..., object]]] = (
    weakref.WeakKeyDictionary()
)


def listen(desk: Desk, key: str, take: Callable[..., object]) -> None:
    """Let the page ``pipes-KEY`` take what is clicked, or what another page hands over."""
    _takers.setdefault(desk, {})[key] = take


def hand_over(desk: Desk, key: str, *what: object) -> None:
    """Open a page and let it take something."""
    desk.actions[f"pipes-{key}"].trigger()  # makes the page the first time
    take = _takers.get(desk, {}).get(key)
    if take is not None:
        take(*what)


def network_tool(key: str) -> Callable[[Desk, Stage], Tool]:
    """Give what makes the tool whose clicks the page ``pipes-KEY`` takes."""

    def make(desk: Desk, stage: Stage) -> Tool:
        tool = Spot(stage)
        tool.taken.connect(lambda hit: _give(desk, key, hit))
        return tool

    return make


def _give(desk: Desk, key: str, hit: Hit) -> None:
    place = place_of(desk, hit, BURSTING if key == "burst" else CLASS_KEYS)
    if place is None:
        desk.tell("warning", "pipes-tool-no-pipe")
        return
    hand_over(desk, key, place)


def place_of(desk: Desk, hit: Hit, classes: Collection[str] = CLASS_KEYS) -> Place | None:
    """Give the pipe that was clicked, or the one nearest to a place on the ground above.

    Parameters
    ----------
    desk : Desk
        The open project.
    hit : Hit
        What was clicked.
    classes : collection of str
        Which pipes are meant; where another was clicked, the nearest of these.
    """
    wanted = [CLASS_KEYS.index(key) for key in classes]
    east, north = float(hit.point[0]), float(hit.point[1])
    layers = [one for one in desk.project.layers if isinstance(one.data, Pipes)]
    for layer in layers:
        pipes = layer.data
        assert isinstance(pipes, Pipes)
        if layer.id == hit.layer_id and hit.object_id:
            row = pipes.index_of([hit.object_id])[0]
            if pipes.line_class[row] in wanted:
                return layer.id, hit.object_id, east, north
    best: Place | None = None
    nearest = CATCH
    for layer in layers:
        pipes = layer.data
        assert isinstance(pipes, Pipes)
        rows = np.flatnonzero(
            working(pipes) & (pipes.role == RUN) & np.isin(pipes.line_class, wanted)
        )
        if not len(rows):
            continue
        away = shapely.distance(pipes.shapes.take(rows).to_shapely(), shapely.Point(east, north))
        at = int(np.argmin(away))
        if float(away[at]) < nearest:
            nearest, best = float(away[at]), (layer.id, int(pipes.ids[rows[at]]), east, north)
    return best


#: Rows for the table of tools.
PIPE_TOOLS: dict[str, Callable[[Desk, Stage], Tool]] = {
    "tool-trace": network_tool("trace"),
    "tool-burst": network_tool("burst"),
}
