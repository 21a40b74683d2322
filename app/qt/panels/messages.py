"""Everything that was told, newest at the bottom, with what to try."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from app.qt.desk import Desk, Notice
from app.qt.menus import name_buttons
from app.qt.notices import COLOUR

LEVEL = Qt.ItemDataRole.UserRole
MOST = 500  # lines; older ones are dropped


class MessagesPanel(QWidget):
    """The panel of what was told.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("messages-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._list = QListWidget()
        self._list.setObjectName("messages-list")
        self._list.setWordWrap(True)
        self._list.setAlternatingRowColors(True)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        desk.texts.bind(self._list, "setAccessibleName", "panel-messages")
        bar = QToolBar()
        bar.setObjectName("messages-bar")
        bar.setProperty("role", "panel")
        bar.setIconSize(QSize(16, 16))
        for key, picture, keys, does in (
            ("copy", "copy", "Ctrl+C", self._copy),
            ("clear", "remove", "", self._list.clear),
        ):
            action = QAction(self)
            action.setObjectName(f"messages-{key}")
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(does)
            desk.texts.bind(action, "setText", f"messages-{key}")
            desk.theme.set_icon(action, picture)
            self.addAction(action)
            bar.addAction(action)
        name_buttons(bar)
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 4, 6, 6)
        box.setSpacing(4)
        box.addWidget(bar)
        box.addWidget(self._list, 1)
        desk.noticed.connect(self._add)
        desk.theme.changed.connect(self._dress)

    def texts(self) -> list[str]:
        """Give every line, oldest first."""
        return [self._list.item(i).text() for i in range(self._list.count())]

    def _add(self, notice: Notice) -> None:
        when = datetime.now().astimezone().strftime("%H:%M:%S")
        lines = [f"{when}  {notice.text}"]
        if notice.hint:
            lines.append(self._desk.texts.t("notice-try", hint=notice.hint))
        if notice.details:
            lines.append(notice.details)
        item = QListWidgetItem("\n".join(lines))
        item.setData(LEVEL, notice.level)
        item.setIcon(self._desk.theme.icon(notice.level, COLOUR[notice.level]))
        self._list.addItem(item)
        while self._list.count() > MOST:
            self._list.takeItem(0)
        self._list.scrollToBottom()

    def _dress(self) -> None:
        for row in range(self._list.count()):
            item = self._list.item(row)
            level = str(item.data(LEVEL))
            item.setIcon(self._desk.theme.icon(level, COLOUR[level]))

    def _copy(self) -> None:
        items = self._list.selectedItems()
        chosen = [item.text() for item in items] if items else self.texts()
        QGuiApplication.clipboard().setText("\n".join(chosen))
