"""What lies over the picture without being part of the scene: the box of a selection."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.qt.desk import Desk


class Overlay(QWidget):
    """Lets every event through to the picture below.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QWidget
        The picture.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._desk = desk
        self._box: QRectF | None = None

    @property
    def box(self) -> QRectF | None:
        """The box that is drawn, in points."""
        return self._box

    def show_box(self, box: QRectF | None) -> None:
        """Draw a box, or none."""
        self._box = box
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw."""
        if self._box is None:
            return
        painter = QPainter(self)
        colour = QColor(self._desk.theme.colours.accent)
        painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DashLine))
        colour.setAlpha(40)
        painter.setBrush(colour)
        painter.drawRect(self._box)
        painter.end()
