"""Bars beside each other for sums: one bar a group, in parts where there are two properties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from app.qt.desk import Desk

ROW = 22  # points from one bar to the next
BAR = 14
GAP = 8
SHARE = 0.34  # of the width that names take at most


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: how long it is, in which colour, and what it is called."""

    value: float
    colour: str
    name: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its name, its parts and the text behind it."""

    name: str
    parts: tuple[Part, ...]
    text: str


class BarChart(QWidget):
    """Draws bars from top to bottom, the longest as wide as there is room.

    Parameters
    ----------
    desk : Desk
        Where colours come from.
    name : str
        Object name.
    """

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._desk = desk
        self._bars: tuple[Bar, ...] = ()
        self._spots: list[tuple[QRectF, str]] = []
        desk.theme.changed.connect(self.update)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is shown."""
        return self._bars

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show other bars."""
        self._bars = tuple(bars)
        self.setMinimumHeight(ROW * len(self._bars) + GAP)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for room for all bars."""
        return QSize(320, ROW * len(self._bars) + GAP)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the bars with their names."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, colours = self.fontMetrics(), self._desk.theme.colours
        wide = float(self.width())
        names = max((metrics.horizontalAdvance(bar.name) for bar in self._bars), default=0)
        texts = max((metrics.horizontalAdvance(bar.text) for bar in self._bars), default=0)
        left = min(names + 2.0 * GAP, wide * SHARE)
        room = max(wide - left - texts - 2.0 * GAP, 10.0)
        most = max((sum(p.value for p in bar.parts) for bar in self._bars), default=0.0) or 1.0
        self._spots = []
        for at, bar in enumerate(self._bars):
            top = GAP / 2.0 + at * ROW
            painter.setPen(QColor(colours.text))
            shown = metrics.elidedText(
                bar.name, Qt.TextElideMode.ElideMiddle, int(left - 1.5 * GAP)
            )
            painter.drawText(
                QRectF(4, top, left - GAP, ROW),
                int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), shown,
            )  # fmt: skip
            x = left
            painter.setPen(Qt.PenStyle.NoPen)
            for part in bar.parts:
                long = room * part.value / most
                field = QRectF(x, top + (ROW - BAR) / 2.0, long, BAR)
                painter.setBrush(QColor(part.colour))
                painter.drawRect(field)
                self._spots.append((field, part.name))
                x += long
            painter.setPen(QColor(colours.dim))
            painter.drawText(
                QRectF(x + GAP / 2.0, top, texts + GAP, ROW),
                int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), bar.text,
            )  # fmt: skip
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Name the part under the pointer."""
        if isinstance(event, QHelpEvent):
            place = event.pos().toPointF()
            name = next((text for field, text in self._spots if field.contains(place)), "")
            QToolTip.showText(event.globalPos(), name, self)
            return True
        return super().event(event)
