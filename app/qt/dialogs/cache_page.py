"""The page of the settings about the cache: how big, where, how full, and away with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
)

from app.caching import is_fixed, settle, size_words
from app.qt.desk import Desk
from app.qt.dialogs.frame import caption
from app.qt.widgets.number_field import roomy


class CachePage(QObject):
    """Fills a form with the choices about the cache.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    form : QFormLayout
        Takes the fields; its page owns this object.
    """

    def __init__(self, desk: Desk, form: QFormLayout) -> None:
        super().__init__(form)
        self._desk = desk
        self._size = QDoubleSpinBox()
        roomy(self._size)
        self._size.setObjectName("settings-cache-size")
        self._size.setRange(0.0, 10_000.0)
        self._size.setDecimals(1)
        self._size.setSuffix(" GiB")
        self._size.setValue(desk.settings.cache_gib)
        self._size.valueChanged.connect(self._resize)
        form.addRow(caption(desk, "settings-cache-size", self._size), self._size)
        self._folder = QLineEdit(desk.settings.cache_folder)
        self._folder.setObjectName("settings-cache-folder")
        self._folder.textChanged.connect(self._name)
        self._folder.editingFinished.connect(self._move)
        choose = QPushButton()
        choose.setObjectName("settings-cache-choose")
        desk.texts.bind(choose, "setText", "settings-cache-choose")
        choose.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.addWidget(self._folder, 1)
        row.addWidget(choose)
        form.addRow(caption(desk, "settings-cache-folder", self._folder), row)
        if is_fixed():
            self._folder.setEnabled(False)
            choose.setEnabled(False)
            form.addRow("", caption(desk, "settings-cache-fixed", dim=True))
        self._holds = QLabel()
        self._holds.setObjectName("settings-cache-holds")
        self._holds.setProperty("role", "dim")
        self._holds.setWordWrap(True)
        form.addRow("", self._holds)
        clear = QPushButton()
        clear.setObjectName("settings-cache-clear")
        desk.texts.bind(clear, "setText", "settings-cache-clear")
        clear.clicked.connect(self._clear)
        form.addRow("", clear)
        desk.texts.changed.connect(self._retell)
        self._retell()

    def _resize(self, gib: float) -> None:
        self._desk.settings.cache_gib = gib

    def _name(self, folder: str) -> None:
        self._desk.settings.cache_folder = folder.strip()

    def _move(self) -> None:
        self._desk.keep_settings()
        self._retell()

    def _choose(self) -> None:
        words = self._desk.texts
        here = self._folder.text() or str(Path.home())
        folder = QFileDialog.getExistingDirectory(
            self._folder, words.plain("settings-cache-folder"), here
        )
        if folder:
            self._folder.setText(folder)
            self._move()

    def _clear(self) -> None:
        settle(self._desk.settings).clear()
        self._retell()

    def _retell(self) -> None:
        """Write the words that change: what stands in an empty field, how full the cache is."""
        words = self._desk.texts
        self._size.setSpecialValueText(words.plain("settings-cache-off"))
        self._folder.setPlaceholderText(words.plain("settings-cache-usual"))
        found = settle(self._desk.settings).info()
        self._holds.setText(
            words.t("settings-cache-holds", folder=str(found.folder), size=size_words(found.bytes))
        )
