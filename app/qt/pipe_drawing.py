"""Planned pipes in the window: what the next one is like, and the tool that draws it."""

from __future__ import annotations

import weakref
from collections.abc import Callable

import numpy as np

from app.pipes_planning import add_planned, live_check
from app.qt.desk import Desk
from layers.kinds.pipes import Pipes
from layers.pipes.drafting import Design, design_levels, draft
from layers.pipes.live import LiveCheck, PipeSnap
from layers.shapes import Floats
from scene.rays import Point
from scene.stage import Stage
from scene.tools.draw_pipe import DrawPipe, Preview
from scene.tools.events import Tool

TOOL = "draw-pipe"
MOST_TOLD = 6  # findings written beside the pipe
_designs: weakref.WeakKeyDictionary[Desk, Design] = weakref.WeakKeyDictionary()
_drawn: weakref.WeakKeyDictionary[Desk, Callable[[], object]] = weakref.WeakKeyDictionary()


def begin(desk: Desk, design: Design, drawn: Callable[[], object]) -> None:
    """Let the next pipe be drawn; `drawn` is called after it is in the project."""
    _designs[desk], _drawn[desk] = design, drawn
    desk.session.tool = "tool-pan"  # the same tool again begins anew
    desk.session.tool = TOOL
    desk.tell("info", "pipes-plan-draw")


class _Live:
    """What is drawn for points, checked against what lies around them."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._project = desk, desk.project
        self._check: LiveCheck | None = None  # made when the first piece is drawn

    def preview(self, points: Floats) -> Preview:
        """Draw a pipe at its levels, and tell where it comes too near."""
        design, ground_at = _designs.get(self._desk, Design()), self._project.ground_at
        xy = points[:, :2]
        levels = design_levels(xy, design, ground_at)
        ground = np.asarray(ground_at(xy))
        line = np.column_stack([xy, levels])
        drops = [
            np.array([[x, y, low], [x, y, high]])
            for (x, y), low, high in zip(xy.tolist(), levels, ground, strict=True)
        ]
        words = self._desk.texts.wording
        labels: list[tuple[Point, str]] = []
        if float(np.hypot(*np.diff(xy, axis=0).T).min()) > 1.0:
            if self._check is None:
                self._check = live_check(self._project)
            labels = self._findings(draft(xy, design, ground_at))
        x, y, h = (float(value) for value in line[-1])
        told = words.t(
            "pipes-plan-level", level=words.number(h, 2),
            depth=words.number(float(ground[-1] - levels[-1]), 2),
        )  # fmt: skip
        return Preview([line, *drops], [*labels, ((x, y, float(ground[-1])), told)])

    def _findings(self, made: Pipes) -> list[tuple[Point, str]]:
        assert self._check is not None
        words = self._desk.texts.wording
        labels: list[tuple[Point, str]] = []
        for row in self._check.findings(made).to_pylist():
            if row["certainty"] not in {"certain", "possible"} or row["check"] == "control-line":
                continue
            level = row["level"] if row["level"] == row["level"] else 0.0
            text = words.t(
                "pipes-plan-finding", check=words.t(f"pipe-check-{row['check']}"),
                with_=row["other_number"] or "", actual=words.number(row["actual"], 2),
                required=words.number(row["required"], 2), unit=row["unit"],
                certainty=row["certainty"],
            )  # fmt: skip
            labels.append(((row["east"], row["north"], level), text))
            if len(labels) == MOST_TOLD:
                break
        return labels


def _draw(desk: Desk, stage: Stage) -> Tool:
    project = desk.project
    layers = [x.data for x in project.of_kind("pipes") if isinstance(x.data, Pipes)]
    tool = DrawPipe(stage, PipeSnap(layers).snap, _Live(desk).preview)

    def keep(points: Floats) -> None:
        desk.lay_down_tool()
        design, then = _designs.get(desk, Design()), _drawn.get(desk)
        done = desk.attempt(lambda: desk.session.run(add_planned(project, points, design)))
        if done and then is not None:
            then()

    tool.traced.connect(keep)
    return tool


PLAN_TOOLS: dict[str, Callable[[Desk, Stage], Tool]] = {TOOL: _draw}
