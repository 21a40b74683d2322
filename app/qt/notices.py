"""The bar above the picture that tells something once."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.qt.desk import Desk, Notice

#: How long a good message stays, milliseconds. Warnings and errors stay until they are closed.
SHOWN_FOR = 6000
WIDEST, MARGIN = 760, 12  # points
COLOUR = {"info": "accent", "success": "success", "warning": "warning", "error": "error"}


class NoticeBar(QFrame):
    """Shows the newest notice: a sentence, what to try, and a button that closes it.

    Signals
    -------
    details_wanted
        The reader asked for more.
    """

    details_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._desk = desk
        self._level = "info"
        self._icon = QLabel()
        self._icon.setObjectName("notice-icon")
        self._text = QLabel()
        self._text.setObjectName("notice-text")
        self._hint = QLabel()
        self._hint.setObjectName("notice-hint")
        self._hint.setProperty("role", "dim")
        for label in (self._text, self._hint):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._more = QToolButton()
        self._more.setObjectName("notice-details")
        desk.texts.bind(self._more, "setText", "notice-details")
        self._more.clicked.connect(self.details_wanted)
        close = QToolButton()
        close.setObjectName("notice-close")
        desk.theme.set_icon(close, "close")
        desk.texts.bind(close, "setToolTip", "notice-close")
        close.clicked.connect(self.hide)
        words = self._words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._text)
        words.addWidget(self._hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 8, 9)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._more)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()
        parent.installEventFilter(self)
        desk.noticed.connect(self.show_notice)
        desk.theme.changed.connect(self._dress)

    def show_notice(self, notice: Notice) -> None:
        """Show a notice in place of the one before; quiet ones are for the messages alone."""
        if notice.quiet:
            return
        self._level = notice.level
        self._text.setText(notice.text)
        hint = self._desk.texts.t("notice-try", hint=notice.hint) if notice.hint else ""
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._more.setVisible(bool(notice.details))
        self._dress()
        self.show()
        self.place()
        self.raise_()
        self._timer.stop()
        if notice.level in {"info", "success"}:
            self._timer.start(SHOWN_FOR)

    def place(self) -> None:
        """Stand at the top of the parent, in the middle."""
        parent = self.parentWidget()
        if parent is None:
            return
        for layout in (self._words, self.layout()):
            if layout is not None:
                layout.invalidate()  # else it remembers how high the notice before was
        width = min(WIDEST, parent.width() - 2 * MARGIN)
        self.setFixedWidth(max(width, 200))
        self.setFixedHeight(max(self.heightForWidth(self.width()), self.minimumSizeHint().height()))
        self.move((parent.width() - self.width()) // 2, MARGIN)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Get out of the way of who wants to click the picture below, once it was read."""
        super().enterEvent(event)
        if self._level == "info" and self._more.isHidden():
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the size of the parent."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return super().eventFilter(watched, event)

    def _dress(self) -> None:
        self.setProperty("level", self._level)
        self.style().unpolish(self)
        self.style().polish(self)
        picture = self._desk.theme.icon(self._level, COLOUR[self._level])
        self._icon.setPixmap(picture.pixmap(20, 20))
