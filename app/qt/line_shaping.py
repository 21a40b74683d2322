"""The tool that changes the corners of control lines, and what it says while it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from app.qt.desk import Desk
from layers.edits import SetData
from layers.errors import CityError
from layers.history import Label
from layers.kinds.buildings import Buildings
from layers.planning.control_check import Found, buildings_hit
from layers.planning.line_edits import with_rings
from layers.planning.line_live import LiveLines, counts
from layers.rules import chosen
from layers.shapes import Floats
from scene.sketch_solids import box_lines
from scene.stage import Stage
from scene.tools.events import Tool
from scene.tools.reshape_line import Reshaped, ReshapeLine

TOOL, KIND = "line-reshape", "control-lines"
SHOWN = 60  # buildings that are outlined while a line is dragged


def start_reshaping(desk: Desk) -> None:
    """Let the corners of the selected control line be dragged."""
    desk.session.tool = "tool-pan"  # the same tool again begins anew
    desk.session.tool = TOOL
    desk.tell("info", "line-reshape-how")


def reshape(desk: Desk, layer_id: str, number: int, rings: Sequence[Floats]) -> bool:
    """Give a control line other corners, as a step that can be undone; tell what it meets now."""

    def run() -> None:
        data = with_rings(desk.project.layer(layer_id).features, number, rings)
        desk.session.run(SetData(layer_id, data, Label("edit-reshape-line")))

    return desk.attempt(run)


def words(desk: Desk, found: Found) -> str:
    """Word what a line meets."""
    told = counts(found)
    if not found.table.num_rows:
        return desk.texts.t("line-live-clear") if found.lines else desk.texts.t("line-live-class")
    parts = [
        desk.texts.t(f"line-live-{key}", count=int(told[key]))
        for key in ("inside", "crossing", "setback") if told[key]
    ]  # fmt: skip
    if told["area"] > 0.0:
        parts.append(desk.texts.wording.quantity(told["area"], "m2"))
    return ", ".join(parts)


def _outlines(desk: Desk, found: Found) -> list[Floats]:
    """Give lines around the buildings that are found."""
    lines: list[Floats] = []
    for layer_id, ids in buildings_hit(found.table).items():
        data = desk.project.layer(layer_id).data
        assert isinstance(data, Buildings)
        at = data.index_of(ids[:SHOWN])
        bases = desk.project.base_of(data, at)
        for row, base in zip(at.tolist(), bases.tolist(), strict=True):
            shape = data.shapes.take([row])
            ring = shape.coords[: shape.ring_start[1]]
            low, high = float(data.min_height[row]), float(data.height[row])
            lines += box_lines(ring, base + low, max(high - low, 0.1))
    return lines


def _make(desk: Desk, stage: Stage) -> Tool:
    live = LiveLines(desk.project, chosen.rules())

    def judge(now: Reshaped) -> tuple[str, Sequence[Floats]]:
        try:
            found = live.check(desk.project.layer(now.layer_id), now.number, now.rings)
        except CityError as error:  # an outline that crosses itself: told, not taken
            return desk.texts.error(error)[0], ()
        return words(desk, found), _outlines(desk, found)

    tool = ReshapeLine(stage, KIND, judge)

    def done(now: Reshaped) -> None:
        reshape(desk, now.layer_id, now.number, now.rings)
        tool.show()

    def take(layer_id: str, number: int) -> None:
        desk.session.select({layer_id: np.array([number])} if number else {})

    tool.reshaped.connect(done)
    tool.taken.connect(take)
    tool.left.connect(desk.lay_down_tool)
    for layer_id, ids in desk.session.selection.items():
        if desk.project.layer(layer_id).kind == KIND and len(ids) == 1:
            tool.take(layer_id, int(ids[0]))
    return tool


LINE_TOOLS: dict[str, Callable[[Desk, Stage], Tool]] = {TOOL: _make}
