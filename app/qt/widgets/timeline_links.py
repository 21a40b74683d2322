"""Hanging steps of a timeline on each other: a dot that is dragged to another step, or keys."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

if TYPE_CHECKING:
    from app.qt.widgets.timeline import Timeline

DOT = 5  # points; radius of the dot behind a step
HOLD = 9  # points around its middle within which a press takes it


class Linking:
    """The step that another one is about to be hung on.

    Parameters
    ----------
    line : Timeline
        Where they are.
    """

    def __init__(self, line: Timeline) -> None:
        self._line = line
        self.source = ""  # the step that comes first; "" while nothing is hung
        self.goal = ""  # the step that shall follow it
        self.by_keys = False
        self.hovered = ""  # has a dot, too
        self._end: QPoint | None = None

    @property
    def active(self) -> bool:
        """Whether a step is about to be hung on another."""
        return bool(self.source)

    # Where -----------------------------------------------------------------------------------

    def dot(self, step: str) -> QPoint:
        """Give the middle of the dot behind a step."""
        bar = self._line.bar(step)
        return QPoint(bar.right() + DOT + 3, bar.center().y())

    def dotted(self) -> list[str]:
        """Give the steps that have a dot: the chosen one, and the one under the pointer."""
        there = [step for step in (self._line.chosen, self.hovered) if self._line.has(step)]
        return list(dict.fromkeys(there))

    def dot_at(self, place: QPoint) -> str:
        """Give the step whose dot is at a place, "" for none."""
        for step in self.dotted():
            way = self.dot(step) - place
            if math.hypot(way.x(), way.y()) <= HOLD:
                return step
        return ""

    # Doing -----------------------------------------------------------------------------------

    def press(self, place: QPoint) -> bool:
        """Take a dot, or, while keys hang a step, the step that is clicked."""
        if self.by_keys:
            self.goal = self._line.step_at(place)
            self.end()
            return True
        self.source = self.dot_at(place)
        self._end = place if self.source else None
        return self.active

    def move(self, place: QPoint) -> bool:
        """Draw the line to a place."""
        if not self.active or self.by_keys:
            return False
        self._end = place
        goal = self._line.step_at(place)
        self.goal = "" if goal == self.source else goal
        self._line.viewport().update()
        return True

    def begin(self, step: str) -> None:
        """Let keys choose which step shall follow this one."""
        self.source, self.goal, self.by_keys = step, "", True
        self._line.viewport().update()

    def choose(self, way: int) -> None:
        """Choose the next step (1) or the one before (-1) in the order of time."""
        order = [step for step in self._line.in_order() if step != self.source]
        if order:
            begins = self._line.table.begins
            if self.goal in order:
                at = order.index(self.goal) + way
            else:
                later = [k for k, one in enumerate(order) if begins[one] >= begins[self.source]]
                at = (later[0] if later else len(order) - 1) - (way < 0)
            self.goal = order[min(max(at, 0), len(order) - 1)]
            self._line.reveal(self.goal)
        self._line.viewport().update()

    def end(self) -> None:
        """Hang what was chosen, if anything was."""
        source, goal = self.source, self.goal
        self.leave()
        if source and goal and goal != source:
            self._line.link_wanted.emit(source, goal)

    def leave(self) -> None:
        """Hang nothing."""
        self.source, self.goal, self.by_keys, self._end = "", "", False, None
        self._line.viewport().update()

    # Drawing ---------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        """Draw the dots and the line that is being drawn."""
        line = self._line
        accent = QColor(line.desk.theme.colours.accent)
        for step in self.dotted():
            painter.setPen(QPen(QColor(line.desk.theme.colours.base), 1.5))
            painter.setBrush(accent)
            painter.drawEllipse(QPointF(self.dot(step)), DOT, DOT)
        if not self.active or not line.has(self.source):
            return
        start = QPointF(self.dot(self.source))
        goal = line.bar(self.goal) if line.has(self.goal) else None
        if goal is not None:
            painter.setPen(QPen(accent, 2.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(goal.adjusted(-3, -3, 3, 3), 4, 4)
            end = QPointF(goal.left(), goal.center().y())
        elif self._end is not None:
            end = QPointF(self._end)
        else:
            return
        bend = max(abs(end.x() - start.x()) / 2.0, 14.0)
        path = QPainterPath(start)
        path.cubicTo(start + QPointF(bend, 0.0), end - QPointF(bend, 0.0), end)
        painter.setPen(QPen(accent, 2.0, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
