"""The tools of the picture; a new tool is a row in ``TOOL_FOR``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.cutting import cut_of
from app.qt.building import BUILD_TOOLS
from app.qt.desk import Desk
from app.qt.drawing import DRAW_TOOLS
from app.qt.line_shaping import LINE_TOOLS
from app.qt.measuring import MEASURE_TOOLS
from app.qt.model_placing import MODEL_TOOLS, move_models
from app.qt.naming import new_name
from app.qt.pipe_drawing import PLAN_TOOLS
from app.qt.pipe_tools import PIPE_TOOLS
from layers.camera_path import along_line
from layers.shapes import Floats
from layers.touring import save_path
from scene.stage import Stage
from scene.tools.events import LEFT, KeyEvent, PointerEvent, Tool
from scene.tools.navigate import Navigate
from scene.tools.roam import Roam
from scene.tools.select import Select
from scene.tools.select_polygon import SelectPolygon
from scene.tools.trace import Trace

PATH_ABOVE = 40.0  # metres over the ground of a path that was clicked


class Orbit:
    """Swings the eye with the left button; everything else is as in `Navigate`."""

    def __init__(self, stage: Stage) -> None:
        self._navigate = Navigate(stage)

    @property
    def cursor(self) -> str:
        """Shape of the pointer."""
        return "turn"

    @property
    def dragging(self) -> bool:
        """Whether the pointer moved with a button held."""
        return self._navigate.dragging

    def pointer(self, event: PointerEvent) -> bool:
        """Take the left button for the right one, but for double clicks."""
        if event.button == LEFT and event.clicks == 1:
            event = replace(event, button="right")
        return self._navigate.pointer(event)

    def key(self, event: KeyEvent) -> bool:
        """Move by keys."""
        return self._navigate.key(event)

    def cancel(self) -> None:
        """Let go."""
        self._navigate.cancel()


def _select(desk: Desk, stage: Stage) -> Tool:
    tool = Select(stage)
    tool.selected.connect(desk.session.select)
    tool.moved.connect(lambda *drag: move_models(desk, *drag))
    tool.box_changed.connect(desk.viewport.show_box)
    return tool


def _polygon(desk: Desk, stage: Stage) -> Tool:
    tool = SelectPolygon(stage)
    tool.selected.connect(desk.session.select)
    tool.left.connect(lambda: desk.session.select({}))
    return tool


def _pan(_desk: Desk, stage: Stage) -> Tool:
    return Navigate(stage)


def _orbit(_desk: Desk, stage: Stage) -> Tool:
    return Orbit(stage)


def _fly(_desk: Desk, stage: Stage) -> Tool:
    return Roam(stage)


def _walk(_desk: Desk, stage: Stage) -> Tool:
    return Roam(stage, on_foot=True)


def _path(desk: Desk, stage: Stage) -> Tool:
    tool = Trace(stage)

    def keep(points: Floats) -> None:
        project, name = desk.project, new_name(desk.texts, desk.project.tours, "path")
        way = along_line(name, points, project.ground_at, above=PATH_ABOVE)
        if desk.run(save_path(project, way)):
            desk.lay_down_tool()
            desk.tell("success", "tours-traced", name=name)

    tool.traced.connect(keep)
    tool.left.connect(desk.lay_down_tool)
    return tool


def _cut(desk: Desk, stage: Stage) -> Tool:
    tool = Trace(stage)

    def cut(points: Floats) -> None:
        v = stage.viewpoint
        places = [(float(p[0]), float(p[1])) for p in points]
        made = desk.attempt(
            lambda: setattr(desk.viewport, "cut", cut_of(desk.project, places, (v.east, v.north)))
        )
        if made:
            desk.lay_down_tool()

    tool.traced.connect(cut)
    tool.left.connect(desk.lay_down_tool)
    return tool


#: How to make each tool; the keys are those of the actions of the group ``tool``.
TOOL_FOR: dict[str, Callable[[Desk, Stage], Tool]] = {
    "tool-select": _select,
    "tool-polygon": _polygon,
    "tool-pan": _pan,
    "tool-orbit": _orbit,
    "tool-fly": _fly,
    "tool-walk": _walk,
    "tool-path": _path,
    "tool-cut": _cut,
    **MEASURE_TOOLS,
    **MODEL_TOOLS,
    **PIPE_TOOLS,
    **DRAW_TOOLS,
    **PLAN_TOOLS,
    **BUILD_TOOLS,
    **LINE_TOOLS,
}
#: Tools that stay chosen when another project is opened; one measures for one project only.
LASTING = frozenset({"tool-select", "tool-pan", "tool-orbit"})
#: Tools in which a click that does not drag selects what is under the pointer.
CLICK_SELECTS = frozenset({"tool-pan", "tool-orbit"})
