"""Themes and phases: switched on and off across all layers, one alone, counted, kept."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.answer_words import cell, column_name, figure
from app.qt.asking import ask
from app.qt.desk import Desk
from app.qt.dialogs.frame import caption
from app.rules import own_folder
from layers.analyses import edits
from layers.analyses.base import params_of, plain_params
from layers.analyses.themes import ANALYSIS, WAYS, ThemeParams, counted, keys_of, members_of
from layers.errors import CityError
from layers.kinds.answers import SavedAnalysis
from layers.planning.themes import PHASE_COLOURS, THEME_COLOURS, Members, shown_ids
from layers.rules import chosen

COLUMNS = ("theme", "buildings_count", "floor_area_m2", "population_count", "green_m2")
KEY = Qt.ItemDataRole.UserRole
ON, OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class ThemesPanel(QWidget):
    """The panel of themes.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("themes-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._params = ThemeParams()
        self._members: list[Members] = []
        self._members_for: tuple[object, ...] = ()
        self._following = False
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(0)
        self._waiting.timeout.connect(self.refresh)
        self._make()
        for signal in (desk.project_edited, desk.texts.changed):
            signal.connect(self._later)
        desk.project_changed.connect(self._forget)

    def _make(self) -> None:
        desk = self._desk
        self._way, self._saved = QComboBox(), QComboBox()
        self._way.setObjectName("themes-way")
        self._saved.setObjectName("themes-saved")
        self._way.activated.connect(self._way_chosen)
        self._saved.activated.connect(self._saved_chosen)
        self._tree = QTreeWidget()
        self._tree.setObjectName("themes-tree")
        self._tree.setRootIsDecorated(False)
        self._tree.setUniformRowHeights(True)
        self._tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._tree.itemChanged.connect(self._ticked)
        self._tree.itemDoubleClicked.connect(lambda item: self.only(str(item.data(0, KEY))))
        self._empty = QLabel()
        self._empty.setObjectName("themes-empty")
        self._empty.setProperty("role", "dim")
        self._empty.setWordWrap(True)
        desk.texts.bind(self._empty, "setText", "themes-empty")
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 8, 10, 8)
        box.setSpacing(6)
        for key, field in (("themes-way", self._way), ("themes-saved", self._saved)):
            row = QHBoxLayout()
            row.addWidget(caption(desk, key, field, dim=True))
            row.addWidget(field, 1)
            box.addLayout(row)
        box.addWidget(self._empty)
        box.addWidget(self._tree, 1)
        buttons = QHBoxLayout()
        for name, does in (("all", self.all), ("only", self._only), ("save", self._save)):
            button = QPushButton()
            button.setObjectName(f"themes-{name}")
            desk.texts.bind(button, "setText", f"themes-{name}")
            button.clicked.connect(lambda _checked=False, does=does: does())
            buttons.addWidget(button)
        box.addLayout(buttons)
        colours = QHBoxLayout()
        for name, does in (("paint", self.paint), ("dim", self._dim)):
            button = QPushButton()
            button.setObjectName(f"themes-{name}")
            desk.texts.bind(button, "setText", f"themes-{name}")
            button.clicked.connect(lambda _checked=False, does=does: does())
            colours.addWidget(button)
        box.addLayout(colours)

    # Following -------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Catch up."""
        super().showEvent(event)
        self._later()

    def _later(self) -> None:
        if self.isVisible():
            self._waiting.start()

    def _forget(self) -> None:
        self._params, self._members, self._members_for = ThemeParams(), [], ()
        self._later()

    def refresh(self) -> None:
        """Group and count anew where something changed."""
        self._fill_choices()
        project = self._desk.project
        key = (self._params, *(layer.data for layer in project.layers if layer.kind != "answers"))
        same = len(key) == len(self._members_for) and all(
            a is b or (isinstance(a, ThemeParams) and a == b)
            for a, b in zip(key, self._members_for, strict=True)
        )
        if not same:
            try:
                self._members = members_of(project, self._params)
            except CityError:  # no districts
                self._members = []
            self._members_for = key
        some = bool(self._members)
        self._empty.setVisible(not some)
        self._tree.setVisible(some)
        self._fill()

    def _fill_choices(self) -> None:
        t = self._desk.texts.t
        self._way.clear()
        for way in WAYS:
            self._way.addItem(t(f"choice-way-{way}"), way)
        self._way.setCurrentIndex(WAYS.index(self._params.way))
        self._saved.clear()
        self._saved.addItem(t("themes-none"), 0)
        for item in self._themes():
            self._saved.addItem(item.name, item.id)

    def _themes(self) -> list[SavedAnalysis]:
        items = edits.answers_of(self._desk.project).items
        return [item for item in items if item.kind == ANALYSIS.key]

    def _fill(self) -> None:
        words = self._desk.texts.wording
        self._following = True
        self._tree.clear()
        self._tree.setHeaderLabels([column_name(name, words) for name in COLUMNS])
        chosen.use([own_folder()])
        rows = counted(self._params, self._members).to_pylist() if self._members else []
        colours = THEME_COLOURS if self._params.way == "districts" else PHASE_COLOURS
        for row in rows:
            item = QTreeWidgetItem(
                [cell("theme", row["theme"], words)]
                + [figure(name, row[name], words) for name in COLUMNS[1:]]
            )
            item.setData(0, KEY, row["theme"])
            item.setCheckState(0, OFF if row["theme"] in self._params.hidden else ON)
            item.setIcon(0, _swatch(colours[row["theme"]]))
            for column in range(1, len(COLUMNS)):
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
            self._tree.addTopLevelItem(item)
        self._following = False

    # Doing -----------------------------------------------------------------------------------

    def _items(self) -> list[QTreeWidgetItem]:
        found = [self._tree.topLevelItem(k) for k in range(self._tree.topLevelItemCount())]
        return [item for item in found if item is not None]

    def _ticked(self) -> None:
        if self._following:
            return
        off = tuple(str(i.data(0, KEY)) for i in self._items() if i.checkState(0) == OFF)
        self.hide_these(off)

    def hide_these(self, hidden: tuple[str, ...]) -> None:
        """Switch these groups off and all others on, in the scene."""
        from dataclasses import replace

        self._params = replace(self._params, hidden=hidden)
        self._members_for = (self._params, *self._members_for[1:])
        keys = keys_of(self._params)
        shown = [key for key in keys if key not in hidden]
        self._desk.viewport.isolate(shown_ids(self._members, keys, shown))
        self._following = True
        for item in self._items():
            item.setCheckState(0, OFF if item.data(0, KEY) in hidden else ON)
        self._following = False

    def all(self) -> None:
        """Switch everything on."""
        self.hide_these(())

    def only(self, key: str) -> None:
        """Switch everything off but one group."""
        self.hide_these(tuple(k for k in keys_of(self._params) if k != key))

    def _only(self) -> None:
        item = self._tree.currentItem()
        if item is not None:
            self.only(str(item.data(0, KEY)))

    def paint(self, shown: tuple[str, ...] | None = None) -> None:
        """Colour objects by their group; all but those in `shown` are dimmed."""
        from layers.analyses.themes import paint

        words = self._desk.texts.wording
        try:
            command = paint(
                self._desk.project, self._params, shown, lambda key: cell("theme", key, words)
            )
        except CityError as error:
            self._desk.tell_error(error)
            return
        self._desk.session.run(command)

    def _dim(self) -> None:
        item = self._tree.currentItem()
        if item is not None:
            self.paint((str(item.data(0, KEY)),))

    def _way_chosen(self, at: int) -> None:
        if WAYS[at] != self._params.way:
            self.all()
            self._params = ThemeParams(way=WAYS[at])
            self.refresh()

    def _save(self) -> None:
        ask(self._desk, ANALYSIS.key, plain_params(self._params))

    def _saved_chosen(self, at: int) -> None:
        number = self._saved.itemData(at)
        for item in self._themes():
            if item.id == number:
                params: Any = params_of(ANALYSIS, item.params)
                self._params = params
                self.refresh()
                self.hide_these(params.hidden)
                return
        self.all()


def _swatch(colour: str) -> QIcon:
    made = QPixmap(12, 12)
    made.fill(QColor(colour))
    return QIcon(made)
