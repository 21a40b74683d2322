"""The compass over the picture: shows where north is; a click turns there, a drag turns around."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.qt.desk import Desk

SIZE = 64  # points
DRAG = 4.0  # points the pointer moves before a click is a drag


class Compass(QWidget):
    """A rose that turns with the eye.

    Parameters
    ----------
    desk : Desk
        Colours and words.
    parent : QWidget
        The picture.

    Signals
    -------
    turned : (float,)
        Look to this heading, radians clockwise from north.
    """

    turned = Signal(float)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("compass")
        self.setFixedSize(SIZE, SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._desk = desk
        self._heading, self._pitch = 0.0, -0.8
        self._pressed: QPointF | None = None
        self._from = 0.0
        self._dragged = False
        desk.texts.bind(self, "setToolTip", "compass")
        desk.texts.bind(self, "setAccessibleName", "compass")

    @property
    def heading(self) -> float:
        """What it shows, radians."""
        return self._heading

    def show_look(self, heading: float, pitch: float) -> None:
        """Turn the rose, radians."""
        if (heading, pitch) != (self._heading, self._pitch):
            self._heading, self._pitch = heading, pitch
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin a click or a drag."""
        self._pressed, self._dragged = event.position(), False
        self._from = self._angle(event.position()) + self._heading

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Turn the rose with the pointer."""
        if self._pressed is None:
            return
        way = event.position() - self._pressed
        self._dragged = self._dragged or math.hypot(way.x(), way.y()) > DRAG
        if self._dragged:
            self.turned.emit((self._from - self._angle(event.position())) % math.tau)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Turn north up, unless the rose was dragged."""
        if self._pressed is not None and not self._dragged:
            self.turned.emit(0.0)
        self._pressed = None

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, paper = QColor("#1d2a32"), QColor(255, 255, 255, 215)
        painter.translate(SIZE / 2, SIZE / 2)
        painter.setPen(QPen(QColor(29, 42, 50, 90), 1.0))
        painter.setBrush(paper)
        radius = SIZE / 2 - 2
        painter.drawEllipse(QPointF(0, 0), radius, radius)
        painter.rotate(-math.degrees(self._heading))
        painter.setPen(QPen(QColor(29, 42, 50, 150), 1.2))
        for quarter in range(4):
            painter.save()
            painter.rotate(90.0 * quarter)
            painter.drawLine(QPointF(0, -radius + 1), QPointF(0, -radius + 5))
            painter.restore()
        painter.setPen(Qt.PenStyle.NoPen)
        half = 6.0
        painter.setBrush(QColor("#d0342c"))
        painter.drawPolygon(QPolygonF([QPointF(0, -14), QPointF(half, 3), QPointF(-half, 3)]))
        painter.setBrush(QColor("#9aa5ad"))
        painter.drawPolygon(QPolygonF([QPointF(0, 20), QPointF(half, 3), QPointF(-half, 3)]))
        font = painter.font()
        font.setPixelSize(11)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(QRectF(-10, -radius + 2, 20, 14), Qt.AlignmentFlag.AlignCenter,
                         self._desk.texts.t("compass-north"))  # fmt: skip
        painter.end()

    def _angle(self, at: QPointF) -> float:
        """Give the bearing of a place on the rose from its middle, clockwise from the top."""
        return math.atan2(at.x() - SIZE / 2, SIZE / 2 - at.y())
