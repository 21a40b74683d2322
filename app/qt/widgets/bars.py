"""Small charts: shares as one bar with its legend, counts as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.qt.desk import Desk

GAP = 4.0
BAR = 16.0  # points a bar is high
COLUMNS = 90  # points columns are high


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole.

    Attributes
    ----------
    name, text : str
        What it is called; its value in words.
    value : float
        Not negative.
    colour : str
        ``#rrggbb``.
    """

    name: str
    text: str
    value: float
    colour: str


class ShareBar(QWidget):
    """Parts of a whole side by side, with a line of legend for each.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    name : str
        Object name.
    """

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._desk = desk
        self._shares: tuple[Share, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_shares(self, shares: Sequence[Share]) -> None:
        """Show other parts."""
        self._shares = tuple(share for share in shares if share.value > 0)
        self.setAccessibleDescription("; ".join(f"{s.name} {s.text}" for s in self._shares))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give room for the bar and its legend."""
        line = self.fontMetrics().height() + 3
        return QSize(200, int(BAR + GAP + line * max(len(self._shares), 1)))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        total = sum(share.value for share in self._shares)
        left, wide = 0.0, float(self.width())
        line = self.fontMetrics().height() + 3
        ink = QColor(self._desk.theme.colours.text)
        for number, share in enumerate(self._shares):
            part = wide * share.value / total
            painter.fillRect(QRectF(left, 0.0, max(part - 1.0, 0.5), BAR), QColor(share.colour))
            left += part
            top = BAR + GAP + number * line
            painter.fillRect(QRectF(0.0, top + line / 2 - 5, 10.0, 10.0), QColor(share.colour))
            painter.setPen(ink)
            box = QRectF(16.0, top, wide - 16.0, line)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), share.name)
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            text = f"{share.text}  {100.0 * share.value / total:.1f} %"
            painter.drawText(box, int(right), text)
        painter.end()


class Columns(QWidget):
    """Counts of classes as columns with their names below.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    name : str
        Object name.
    """

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._desk = desk
        self._values: tuple[tuple[str, int], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_values(self, values: Sequence[tuple[str, int]]) -> None:
        """Show other counts."""
        self._values = tuple(values)
        self.setAccessibleDescription("; ".join(f"{name} {count}" for name, count in values))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give room for columns and names."""
        return QSize(200, COLUMNS + 2 * self.fontMetrics().height() + 6)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw."""
        del event
        if not self._values:
            return
        painter = QPainter(self)
        colours, line = self._desk.theme.colours, self.fontMetrics().height()
        most = max(*(count for _, count in self._values), 1)
        wide = self.width() / len(self._values)
        middle = int(Qt.AlignmentFlag.AlignCenter)
        for k, (name, count) in enumerate(self._values):
            high = COLUMNS * count / most
            left = k * wide
            body = QRectF(left + 2, line + COLUMNS - high, wide - 4, high)
            painter.fillRect(body, QColor(colours.accent))
            painter.setPen(QColor(colours.dim))
            painter.drawText(QRectF(left, line + COLUMNS + 2, wide, line), middle, name)
            painter.setPen(QColor(colours.text))
            if count:
                top = line + COLUMNS - high - line
                painter.drawText(QRectF(left, top, wide, line), middle, str(count))
        painter.end()
