"""Places, lines and areas that a panel asks for and somebody gives in the picture."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, Literal

from app.qt.desk import Desk
from scene.rays import Hit
from scene.stage import Stage
from scene.tools.draw_footprint import DrawFootprint
from scene.tools.events import Tool
from scene.tools.spot import Spot
from scene.tools.trace import Trace

What = Literal["spot", "line", "area", "snapped-line", "snapped-area"]
_waiting: weakref.WeakKeyDictionary[Desk, Callable[[Any], object]] = weakref.WeakKeyDictionary()


def ask_in_picture(desk: Desk, what: What, then: Callable[[Any], object]) -> None:
    """Let the next thing drawn in the picture be given to somebody.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    what : str
        ``"spot"``: a click, `then` gets a `scene.rays.Hit`. ``"line"``: points up to a double
        click, `then` gets (k, 3) float64 with two points at least. ``"area"``: the same, three
        at least, and the first is not repeated. The two that are snapped catch corners and edges
        and take typed lengths.
    then : callable
        Is called once; not at all where another tool is chosen before.
    """
    _waiting[desk] = then
    desk.session.tool = "tool-pan"  # the same tool again begins anew
    desk.session.tool = f"draw-{what}"
    desk.tell("info", f"draw-{what}")


def _give(desk: Desk, made: object) -> None:
    then = _waiting.pop(desk, None)
    desk.lay_down_tool()
    if then is not None:
        then(made)


def _spot(desk: Desk, stage: Stage) -> Tool:
    tool = Spot(stage)

    def keep(hit: Hit) -> None:
        _give(desk, hit)

    tool.taken.connect(keep)
    return tool


def _traced(*, closed: bool) -> Callable[[Desk, Stage], Tool]:
    def make(desk: Desk, stage: Stage) -> Tool:
        tool = Trace(stage, closed=closed)
        tool.traced.connect(lambda points: _give(desk, points))
        tool.left.connect(desk.lay_down_tool)
        return tool

    return make


def _snapped(fewest: int) -> Callable[[Desk, Stage], Tool]:
    def make(desk: Desk, stage: Stage) -> Tool:
        tool = DrawFootprint(stage, fewest=fewest)
        tool.drawn.connect(lambda points: _give(desk, points))
        tool.left.connect(desk.lay_down_tool)
        return tool

    return make


DRAW_TOOLS: dict[str, Callable[[Desk, Stage], Tool]] = {
    "draw-spot": _spot,
    "draw-line": _traced(closed=False),
    "draw-area": _traced(closed=True),
    "draw-snapped-line": _snapped(2),
    "draw-snapped-area": _snapped(3),
}
