"""Going to a place: coordinates, names, values; a list that narrows while one types."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QWidget

from app.places import Place, find_places
from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog

PLACE = Qt.ItemDataRole.UserRole
WAIT = 180  # milliseconds after the last key before the city is searched
MOST = 50


class GoTo(Dialog):
    """Asks for a place and goes there.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QWidget
        The window.
    go : callable
        Shows a place.
    """

    def __init__(self, desk: Desk, parent: QWidget, go: Callable[[Place], None]) -> None:
        super().__init__(desk, "go-to", parent)
        self.setMinimumSize(560, 420)
        self._go = go
        self._ask = QLineEdit()
        self._ask.setObjectName("go-to-text")
        self._ask.setClearButtonEnabled(True)
        desk.texts.bind(self._ask, "setPlaceholderText", "go-to-ask")
        desk.texts.bind(self._ask, "setAccessibleName", "go-to-ask")
        self._ask.installEventFilter(self)
        self._list = QListWidget()
        self._list.setObjectName("go-to-list")
        self._list.itemActivated.connect(self._choose)
        self._list.itemClicked.connect(self._show)
        desk.texts.bind(self._list, "setAccessibleName", "go-to-found")
        self._told = QLabel()
        self._told.setObjectName("go-to-told")
        self._told.setProperty("role", "dim")
        self._told.setWordWrap(True)
        desk.texts.bind(self._told, "setText", "go-to-help")
        for widget in (self._ask, self._list, self._told):
            self.body.addWidget(widget)
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(WAIT)
        self._waiting.timeout.connect(self._find)
        self._ask.textChanged.connect(self._typed)
        self.add_cancel()
        self._button = self.add_button("go", "go-to-go", primary=True)
        self._button.clicked.connect(self._choose)
        self._button.setEnabled(False)
        self._ask.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the arrow keys of the text move in the list, and Enter go there."""
        if watched is self._ask and isinstance(event, QKeyEvent):
            pressed = event.type() == QEvent.Type.KeyPress
            if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up} and pressed:
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                row = min(max(self._list.currentRow() + step, 0), self._list.count() - 1)
                self._list.setCurrentRow(row)
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and pressed:
                if self._waiting.isActive():
                    self._find()
                self._choose()
                return True
        return super().eventFilter(watched, event)

    def _typed(self, _text: str) -> None:
        self._waiting.start()

    def _find(self) -> None:
        self._waiting.stop()
        text, texts = self._ask.text(), self.desk.texts
        found = find_places(self.desk.project, text, MOST)
        names = {layer.id: layer.name for layer in self.desk.project.layers}
        self._list.clear()
        for place in found:
            item = QListWidgetItem(f"{place.title}\n{_words(self.desk, place, names)}")
            item.setData(PLACE, place)
            self._list.addItem(item)
        if found:
            self._list.setCurrentRow(0)
        self._button.setEnabled(bool(found))
        self._told.setText(
            texts.t("go-to-help") if found or not text.strip() else texts.t("find-none", text=text)
        )

    def _show(self, item: QListWidgetItem) -> None:
        """Go there and stay open, to look at the next one."""
        self._go(item.data(PLACE))

    def _choose(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            self.accept()
            self._go(item.data(PLACE))


def _words(desk: Desk, place: Place, names: dict[str, str]) -> str:
    if place.kind != "object":
        what = place.how.replace("_", "-") or place.kind
        return desk.texts.t(f"place-{what}")
    field = f" · {place.how}" if place.how else ""
    many = f" ({len(place.object_ids)})" if len(place.object_ids) > 1 else ""
    return f"{names.get(place.layer_id, '')}{field}{many}"
