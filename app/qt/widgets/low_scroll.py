"""A form that scrolls where there is no room for all of it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

LEAST = 120  # height that is always seen, pixels


class LowScroll(QScrollArea):
    """As high as what is in it, lower where the screen wants it, never higher.

    Parameters
    ----------
    content : QWidget
        What scrolls, up and down only.
    """

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidget(content)
        self._content = content

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the size of the content."""
        return self._content.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give its width, and a few lines of height."""
        least = self._content.minimumSizeHint()
        return QSize(least.width(), min(least.height(), LEAST))
