"""A bar of colours with the values at its ends."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

BAR = 12  # points of height of the colours


class ColourBar(QWidget):
    """Shows what the colours mean.

    Parameters
    ----------
    name : str
        Object name.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._colours: tuple[str, ...] = ()
        self._texts: tuple[str, ...] = ()

    def show_ramp(self, colours: Sequence[str], texts: Sequence[str]) -> None:
        """Show these colours, and these texts evenly below them."""
        self._colours, self._texts = tuple(colours), tuple(texts)
        self.setAccessibleName(" - ".join(texts))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for a bar and a line of text."""
        return QSize(240, BAR + self.fontMetrics().height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint bar and texts."""
        del event
        if not self._colours:
            return
        painter = QPainter(self)
        ramp = QLinearGradient(0.0, 0.0, float(self.width()), 0.0)
        last = max(len(self._colours) - 1, 1)
        for at, colour in enumerate(self._colours):
            ramp.setColorAt(at / last, QColor(colour))
        painter.fillRect(QRectF(0, 0, self.width(), BAR), ramp)
        painter.setPen(self.palette().windowText().color())
        line = QRectF(0, BAR + 2, self.width(), self.fontMetrics().height())
        ends = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter,
                Qt.AlignmentFlag.AlignRight)  # fmt: skip
        for text, where in zip(self._texts, ends, strict=False):
            painter.drawText(line, where, text)
        painter.end()
