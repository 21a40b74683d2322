"""How the tool in use is handled, written over the head of the picture."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.qt.desk import Desk
from app.qt.tools import LASTING

MARGIN = 12  # points from the head of the picture
SIDE = 118  # points that are left free on both sides, for compass and legend
NARROWEST = 160  # points a hint needs


class ToolHint(QLabel):
    """One or two lines about the tool; nothing about those that everybody knows.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QWidget
        The pictures.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tool-hint")
        self._desk, self._picture = desk, parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.hide()
        parent.installEventFilter(self)
        desk.tool_changed.connect(self._tell)
        desk.texts.changed.connect(self._tell)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the size of the picture."""
        if event.type() == QEvent.Type.Resize:
            self._tell()
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        tool, parent = self._desk.session.tool, self._picture
        text = "" if tool in LASTING else self._desk.texts.t(f"tool-how-{tool}")
        self.setText(text)
        room = parent.width() - 2 * SIDE
        self.setVisible(bool(text) and room > NARROWEST)
        if self.isHidden():
            return
        self.setWordWrap(False)
        width = min(self.sizeHint().width(), room)
        self.setWordWrap(True)
        self.setFixedSize(width, self.heightForWidth(width))
        self.move((parent.width() - width) // 2, MARGIN)
        self.raise_()
