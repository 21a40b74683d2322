"""What the user prefers; every choice counts at once."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.dialogs.cache_page import CachePage
from app.qt.dialogs.frame import Dialog, caption, heading
from app.qt.dialogs.picture_page import PicturePage
from app.qt.widgets.number_field import roomy
from app.wording import LOCALES, OWN_NAMES

PAGES = (("look", "theme"), ("import", "import"), ("habits", "orbit"), ("cache", "save"),
         ("picture", "view-top"))  # fmt: skip


class SettingsDialog(Dialog):
    """Language and appearance, what an import assumes, habits of hand.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QWidget
        The window.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, "settings", parent)
        self.resize(680, 420)
        self._list = QListWidget()
        self._list.setObjectName("settings-pages")
        self._list.setFixedWidth(170)
        self._list.setIconSize(QSize(18, 18))
        desk.texts.bind(self._list, "setAccessibleName", "dialog-settings")
        self._pages = QStackedWidget()
        for key, icon in PAGES:
            item = QListWidgetItem(desk.theme.icon(icon), "")
            item.setData(Qt.ItemDataRole.UserRole, key)
            self._list.addItem(item)
        pages = (
            self._make_look(),
            self._make_import(),
            self._make_habits(),
            self._make_cache(),
            self._make_picture(),
        )
        for page in pages:
            self._pages.addWidget(page)
        self._list.currentRowChanged.connect(self._pages.setCurrentIndex)
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(self._list)
        row.addWidget(self._pages, 1)
        self.body.addLayout(row, 1)
        self.add_close()
        desk.texts.changed.connect(self._retell)
        desk.theme.changed.connect(self._retell)
        self._retell()
        self._list.setCurrentRow(0)
        self.finished.connect(desk.keep_settings)

    # Pages -----------------------------------------------------------------------------------

    def _make_look(self) -> QWidget:
        page, form = self._page("look")
        self._language = self._combo("settings-language")
        for locale in LOCALES:
            self._language.addItem(OWN_NAMES[locale], locale)
        self._language.setCurrentIndex(self._language.findData(self.desk.texts.locale))
        self._language.activated.connect(self._speak)
        form.addRow(caption(self.desk, "settings-language", self._language), self._language)
        self._theme = self._combo("settings-theme")
        for mode in ("system", "light", "dark"):
            self._theme.addItem("", mode)
        self._theme.setCurrentIndex(self._theme.findData(self.desk.theme.mode))
        self._theme.activated.connect(self._dress)
        form.addRow(caption(self.desk, "settings-theme", self._theme), self._theme)
        return page

    def _make_import(self) -> QWidget:
        page, form = self._page("import")
        settings = self.desk.settings
        for name, value, low, high in (
            ("storey_height", settings.storey_height, 0.6, 20.0),
            ("default_height", settings.default_height, 0.1, 1000.0),
        ):
            spin = QDoubleSpinBox()
            roomy(spin)
            key = f"settings-{name.replace('_', '-')}"
            spin.setObjectName(key)
            spin.setRange(low, high)
            spin.setSuffix(" m")
            spin.setValue(value)
            spin.valueChanged.connect(self._setter(name))
            form.addRow(caption(self.desk, key, spin), spin)
        return page

    def _make_habits(self) -> QWidget:
        page, form = self._page("habits")
        self._choices: dict[str, QComboBox] = {}
        for name, values in (("navigation", ("gis", "cad")), ("distance", ("grid", "ground"))):
            combo = self._combo(f"settings-{name}")
            for value in values:
                combo.addItem("", value)
            combo.setCurrentIndex(combo.findData(getattr(self.desk.settings, name)))
            combo.activated.connect(self._chooser(name, combo))
            form.addRow(caption(self.desk, f"settings-{name}", combo), combo)
            form.addRow("", caption(self.desk, f"settings-{name}-tip", dim=True))
            self._choices[name] = combo
        undo = QDoubleSpinBox()
        roomy(undo)
        undo.setObjectName("settings-undo")
        undo.setRange(0.0, 10_000.0)
        undo.setDecimals(1)
        undo.setSingleStep(0.5)
        undo.setSuffix(" GiB")
        undo.setValue(self.desk.settings.undo_gib)
        undo.valueChanged.connect(self._setter("undo_gib"))
        form.addRow(caption(self.desk, "settings-undo", undo), undo)
        form.addRow("", caption(self.desk, "settings-undo-tip", dim=True))
        return page

    def _make_picture(self) -> QWidget:
        page, form = self._page("picture")
        PicturePage(self.desk, form)
        return page

    def _make_cache(self) -> QWidget:
        page, form = self._page("cache")
        form.addRow(caption(self.desk, "settings-cache-lead", dim=True))
        CachePage(self.desk, form)
        return page

    def _page(self, key: str) -> tuple[QWidget, QFormLayout]:
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(heading(self.desk, f"settings-{key}"))
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(16)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        box.addLayout(form)
        box.addStretch(1)
        return page, form

    def _combo(self, name: str) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(name)
        combo.setMinimumWidth(200)
        return combo

    # Choosing --------------------------------------------------------------------------------

    def _speak(self) -> None:
        self.desk.speak(self._language.currentData())

    def _dress(self) -> None:
        self.desk.dress(self._theme.currentData())

    def _setter(self, name: str) -> object:
        def take(value: float) -> None:
            setattr(self.desk.settings, name, value)

        return take

    def _chooser(self, name: str, combo: QComboBox) -> object:
        def take() -> None:
            setattr(self.desk.settings, name, combo.currentData())
            self.desk.keep_settings()

        return take

    def _retell(self) -> None:
        """Write the words that stand in lists."""
        words = self.desk.texts
        for row, (key, icon) in enumerate(PAGES):
            item = self._list.item(row)
            item.setText(words.t(f"settings-{key}"))
            item.setIcon(self.desk.theme.icon(icon))
        for combo, prefix in (
            (self._theme, "theme"),
            *((combo, f"settings-{name}") for name, combo in self._choices.items()),
        ):
            for i in range(combo.count()):
                combo.setItemText(i, words.plain(f"{prefix}-{combo.itemData(i)}"))
