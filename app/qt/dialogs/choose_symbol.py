"""The choice of an emergency symbol: by name, code or initials of pinyin."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog
from app.qt.symbol_icons import symbol_icon, symbol_name
from app.symbols import found

CODE = Qt.ItemDataRole.UserRole


class ChooseSymbol(Dialog):
    """Lets a symbol be chosen; a click or Enter takes it.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QWidget
        The window it belongs to.

    Signals
    -------
    chosen : (str,)
        Code of the symbol.
    """

    chosen = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, "choose-symbol", parent)
        self.resize(460, 520)
        self._words = QLineEdit()
        self._words.setObjectName("symbol-words")
        self._words.setClearButtonEnabled(True)
        desk.texts.bind(self._words, "setPlaceholderText", "choose-symbol-words")
        self._list = QListWidget()
        self._list.setObjectName("symbol-list")
        self._list.setIconSize(QSize(40, 40))
        self.body.addWidget(self._words)
        self.body.addWidget(self._list, 1)
        none = self.add_button("symbol-none", "choose-symbol-none")
        none.clicked.connect(lambda _on=False: self._take(""))
        leave = self.add_button("symbol-leave", "choose-symbol-leave")
        leave.clicked.connect(self.reject)
        self._words.textChanged.connect(self._fill)
        self._words.returnPressed.connect(self._take_first)
        self._list.itemClicked.connect(lambda item: self._take(item.data(CODE)))
        self._list.itemActivated.connect(lambda item: self._take(item.data(CODE)))
        self._fill()
        self._words.setFocus()

    def _fill(self) -> None:
        self._list.clear()
        for symbol in found(self._words.text(), self.desk.project):
            told = f"{symbol_name(symbol, self.desk.texts.locale)}\n{symbol.code}"
            item = QListWidgetItem(symbol_icon(symbol), told)
            item.setData(CODE, symbol.code)
            self._list.addItem(item)
        if not self._list.count():
            self._list.addItem(self.desk.texts.t("choose-symbol-nothing"))
            self._list.item(0).setFlags(Qt.ItemFlag.NoItemFlags)

    def _take_first(self) -> None:
        item = self._list.item(0)
        if item is not None and item.data(CODE) is not None:
            self._take(item.data(CODE))

    def _take(self, code: str | None) -> None:
        if code is not None:
            self.accept()
            self.chosen.emit(code)
