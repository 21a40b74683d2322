"""How a timeline is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from app.drill_words import clock
from layers.drills.plan import Plan, Step

if TYPE_CHECKING:
    from app.qt.widgets.timeline import Timeline

COLOURS = (
    "#1e88e5", "#e53935", "#43a047", "#fb8c00", "#8e24aa", "#00897b", "#6d4c41", "#3949ab",
    "#c0ca33", "#d81b60", "#546e7a", "#00acc1",
)  # fmt: skip
NOW = "#e53935"
BAND = 20  # points of the band of phases
HANDLE = 5


def paint(line: Timeline, painter: QPainter) -> None:
    """Draw a timeline."""
    from app.qt.widgets.timeline import RULER

    names = line.names

    colours = line.desk.theme.colours
    whole = line.viewport().rect()
    painter.fillRect(whole, QColor(colours.base))
    if line.plan is None:
        painter.setPen(QColor(colours.dim))
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        painter.drawText(whole.adjusted(20, 20, -20, -20), flags, line.desk.texts.t("drills-none"))
        return
    body = QRect(names, RULER, whole.width() - names, whole.height() - RULER)
    painter.setClipRect(body)
    _lanes(line, painter, body)
    _grid(line, painter, body)
    _links(line, painter, line.plan)
    for step in line.plan.steps:
        _step(line, painter, line.plan, step, body)
    _guide(line, painter, body)
    line.linking.paint(painter)
    painter.setClipping(False)
    _ruler(line, painter, line.plan, whole)
    _names(line, painter, whole)
    _cursor(line, painter, whole)
    _hint(line, painter, whole)


def colour_of(plan: Plan, role: str) -> QColor:
    """Give the colour of a lane."""
    for at, one in enumerate(plan.roles):
        if one.id == role:
            return QColor(one.colour or COLOURS[at % len(COLOURS)])
    return QColor("#78909c")


def _lanes(line: Timeline, painter: QPainter, body: QRect) -> None:
    colours = line.desk.theme.colours
    for at, lane in enumerate(line.lanes):
        area = QRect(body.left(), line.top_of(lane), body.width(), lane.height)
        if at % 2:
            painter.fillRect(area, QColor(colours.alternate))
        painter.setPen(QColor(colours.border))
        painter.drawLine(area.bottomLeft(), area.bottomRight())


def _grid(line: Timeline, painter: QPainter, body: QRect) -> None:
    painter.setPen(QPen(QColor(line.desk.theme.colours.border), 1, Qt.PenStyle.DotLine))
    for second in _marks(line, body):
        x = line.x_of(second)
        painter.drawLine(x, body.top(), x, body.bottom())


def _marks(line: Timeline, body: QRect) -> list[float]:
    every = line.grid
    first = max(int(line.second_at(body.left()) // every), 0)
    last = int(line.second_at(body.right()) // every) + 1
    return [number * every for number in range(first, last)]


def _links(line: Timeline, painter: QPainter, plan: Plan) -> None:
    """Draw what hangs on what."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    there = {step.id for step in plan.steps}
    for step in plan.steps:
        other = step.start.step
        if step.start.mode not in ("after", "with") or other not in there:
            continue
        near = line.chosen in (step.id, other)
        colour = QColor(line.desk.theme.colours.accent if near else line.desk.theme.colours.dim)
        colour.setAlpha(255 if near else 70)
        begin, end = line.bar(other), line.bar(step.id)
        start = QPointF(
            begin.right() if step.start.mode == "after" else begin.left(), begin.center().y()
        )
        goal = QPointF(end.left(), end.center().y())
        path = QPainterPath(start)
        bend = max(abs(goal.x() - start.x()) / 2.0, 14.0)
        path.cubicTo(start + QPointF(bend, 0.0), goal - QPointF(bend, 0.0), goal)
        painter.setPen(QPen(colour, 2.0 if near else 1.2))
        painter.drawPath(path)
        painter.setBrush(colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF([goal, goal + QPointF(-6, -3.5), goal + QPointF(-6, 3.5)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _guide(line: Timeline, painter: QPainter, body: QRect) -> None:
    """Draw where a dragged step caught the begin or end of another one."""
    if line.guide is not None:
        x = line.x_of(line.guide)
        painter.setPen(QPen(QColor(line.desk.theme.colours.accent), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(x, body.top(), x, body.bottom())


def _hint(line: Timeline, painter: QPainter, whole: QRect) -> None:
    """Tell what keys do while they hang a step."""
    if not line.linking.by_keys or line.plan is None:
        return
    colours, metrics = line.desk.theme.colours, painter.fontMetrics()
    text = line.desk.texts.t("drills-link-hint", name=line.plan.step(line.linking.source).title)
    high = metrics.height() + 10
    area = QRect(0, whole.height() - high, whole.width(), high)
    painter.fillRect(area, QColor(colours.accent_soft))
    painter.setPen(QColor(colours.text))
    told = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width() - 16)
    painter.drawText(area.adjusted(8, 0, -8, 0), int(Qt.AlignmentFlag.AlignVCenter), told)


def _step(line: Timeline, painter: QPainter, plan: Plan, step: Step, body: QRect) -> None:
    area = line.bar(step.id)
    if not area.adjusted(0, 0, 300, 0).intersects(body):
        return
    colours = line.desk.theme.colours
    fill = colour_of(plan, step.role)
    chosen, wrong = step.id == line.chosen, step.id in line.conflicts
    pen = QPen(QColor(colours.error if wrong else colours.text if chosen else fill.darker(130)))
    pen.setWidthF(2.4 if chosen or wrong else 1.0)
    painter.setPen(pen)
    painter.setBrush(fill)
    middle = QPointF(area.center())
    if step.seconds <= 0.0:
        left = QPointF(area.left(), middle.y())
        painter.drawPolygon(QPolygonF([left + QPointF(x, y) for x, y in (
            (-7, 0), (0, -8), (7, 0), (0, 8)
        )]))  # fmt: skip
    else:
        painter.drawRoundedRect(QRectF(area), 3, 3)
        if chosen:
            painter.fillRect(
                area.right() - 3, area.top() + 5, 2, area.height() - 10, Qt.GlobalColor.white
            )
    _title(line, painter, step, area, fill)
    if wrong:
        mark = QRectF(area.left() - 8, area.top() - 4, 14, 14)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.error))
        painter.drawEllipse(mark)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(mark, int(Qt.AlignmentFlag.AlignCenter), "!")
    _actual(line, painter, step, area)


def _title(line: Timeline, painter: QPainter, step: Step, area: QRect, fill: QColor) -> None:
    """Write the title on its step, or behind it where there is free room."""
    metrics = painter.fontMetrics()
    needed = metrics.horizontalAdvance(step.title)
    inside = step.seconds > 0.0 and area.width() >= min(needed + 10, 36)
    flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
    if inside:
        painter.setPen(Qt.GlobalColor.white if fill.lightness() < 170 else Qt.GlobalColor.black)
        left = max(area.left(), line.names)
        room = area.adjusted(left - area.left() + 5, 0, -5, 0)
        painter.drawText(
            room, flags, metrics.elidedText(step.title, Qt.TextElideMode.ElideRight, room.width())
        )
        return
    free = line.room_after(step.id) - 14
    if free >= 24:
        painter.setPen(QColor(line.desk.theme.colours.text))
        room = QRect(area.right() + 9, area.top(), free, area.height())
        painter.drawText(
            room, flags, metrics.elidedText(step.title, Qt.TextElideMode.ElideRight, free)
        )


def _actual(line: Timeline, painter: QPainter, step: Step, area: QRect) -> None:
    """Draw when a step really was, below where it was planned."""
    begin, end = line.actual.get(step.id, (None, None))
    if begin is None:
        return
    left = line.x_of(begin)
    right = line.x_of(end if end is not None else max(line.second, begin))
    late = begin > line.table.begins[step.id] + 30.0
    colour = QColor(line.desk.theme.colours.warning if late else line.desk.theme.colours.success)
    painter.setPen(QPen(QColor(line.desk.theme.colours.base), 1))
    painter.setBrush(colour)
    painter.drawRect(QRect(left, area.bottom() - 5, max(right - left, 4), 7))


def _ruler(line: Timeline, painter: QPainter, plan: Plan, whole: QRect) -> None:
    from app.qt.widgets.timeline import RULER

    names = line.names

    colours = line.desk.theme.colours
    painter.fillRect(QRect(0, 0, whole.width(), RULER), QColor(colours.panel))
    painter.setClipRect(QRect(names, 0, whole.width() - names, RULER))
    metrics = painter.fontMetrics()
    for at, phase in enumerate(plan.phases):
        mine = [step.id for step in plan.steps if step.phase == phase.id]
        if not mine:
            continue
        left = line.x_of(min(line.table.begins[s] for s in mine))
        right = line.x_of(max(line.table.ends[s] for s in mine))
        area = QRect(left, 2, max(right - left, 4), BAND - 4)
        fill = QColor(colours.accent_soft if at % 2 else colours.pressed)
        painter.fillRect(area, fill)
        painter.setPen(QColor(colours.text))
        text = metrics.elidedText(phase.name, Qt.TextElideMode.ElideRight, area.width() - 8)
        painter.drawText(area.adjusted(4, 0, -4, 0), int(Qt.AlignmentFlag.AlignVCenter), text)
    painter.setPen(QColor(colours.dim))
    for second in _marks(line, QRect(names, 0, whole.width() - names, RULER)):
        x = line.x_of(second)
        painter.drawLine(x, RULER - 5, x, RULER)
        area = QRect(x + 3, BAND, 80, RULER - BAND - 2)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), clock(second))
    painter.setClipping(False)
    painter.setPen(QColor(colours.border))
    painter.drawLine(0, RULER, whole.width(), RULER)


def _names(line: Timeline, painter: QPainter, whole: QRect) -> None:
    from app.qt.widgets.timeline import RULER

    names = line.names

    assert line.plan is not None
    colours = line.desk.theme.colours
    painter.setClipRect(QRect(0, RULER + 1, names, whole.height()))
    painter.fillRect(QRect(0, RULER + 1, names, whole.height()), QColor(colours.panel))
    for lane in line.lanes:
        area = QRect(0, line.top_of(lane), names, lane.height)
        painter.fillRect(
            QRect(0, area.top() + 3, 4, area.height() - 6), colour_of(line.plan, lane.role)
        )
        painter.setPen(QColor(colours.text))
        text = painter.fontMetrics().elidedText(lane.name, Qt.TextElideMode.ElideRight, names - 18)
        painter.drawText(area.adjusted(10, 0, -6, 0), int(Qt.AlignmentFlag.AlignVCenter), text)
        painter.setPen(QColor(colours.border))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
    painter.setClipping(False)
    painter.drawLine(names, 0, names, whole.height())


def _cursor(line: Timeline, painter: QPainter, whole: QRect) -> None:
    names = line.names
    x = line.x_of(line.second)
    if not names <= x <= whole.width():
        return
    painter.setPen(QPen(QColor(NOW), 2))
    painter.drawLine(x, BAND, x, whole.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(NOW))
    painter.drawPolygon(QPolygonF([QPointF(x - HANDLE, BAND), QPointF(x + HANDLE, BAND),
                                   QPointF(x, BAND + 2 * HANDLE)]))  # fmt: skip
