"""The panel of resources: a table in step with the scene, a form, places by a click."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.dialogs.frame import caption
from app.qt.drawing import ask_in_picture
from layers.drills.in_service import moment_in
from layers.drills.resource_edits import (
    FACTS,
    add_resource,
    column_of,
    move_resource,
    remove_resources,
    set_facts,
)
from layers.edits import SetLook, Together
from layers.kinds.base import Features, Layer
from layers.kinds.emergency import NOT_NOW, OTHER, SORTS, STATES, Emergency
from scene.rays import Hit

OBJECT = Qt.ItemDataRole.UserRole
COLUMNS = ("name", "sort", "state")
CHOSEN = ("sort", "state")
TYPED = tuple(fact for fact in FACTS if fact not in CHOSEN)
BIG = 34  # points of buttons that are pressed in a hurry
COLOURS = {"ready": "#1b8a4b", "committed": "#0057d9", "out-of-service": "#757575",
           "unknown": "#9e9e9e", NOT_NOW: "#757575"}  # fmt: skip


class ResourcesPanel(QWidget):
    """Resources and hazard sources of one layer, and the facts of the one that is chosen.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("resources-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._data: object = None
        self._layer = QComboBox()
        self._layer.setObjectName("resources-layer")
        self._words = QLineEdit()
        self._words.setObjectName("resources-words")
        self._words.setClearButtonEnabled(True)
        desk.texts.bind(self._words, "setPlaceholderText", "resources-words")
        desk.texts.bind(self._layer, "setAccessibleName", "resources-layer")
        self._table = self._make_table()
        self._boxes = {fact: QComboBox() for fact in CHOSEN}
        self._lines = {fact: QLineEdit() for fact in TYPED}
        self._buttons: dict[str, QPushButton] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 8, 10, 8)
        box.addWidget(self._layer)
        box.addWidget(self._words)
        box.addWidget(self._table, 3)
        box.addLayout(self._make_buttons())
        box.addWidget(self._make_form(), 4)
        self._layer.currentIndexChanged.connect(self._layer_chosen)
        self._words.textChanged.connect(self._fill)
        self._table.itemSelectionChanged.connect(self._row_chosen)
        self._table.cellDoubleClicked.connect(lambda _row, _column: self.go_there())
        desk.project_edited.connect(self._follow)
        desk.project_changed.connect(self._follow)
        desk.selection_changed.connect(self._follow_selection)
        desk.texts.follow(self._retell)

    # Parts -----------------------------------------------------------------------------------

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, len(COLUMNS))
        table.setObjectName("resources-table")
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        return table

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for name, does in (
            ("place", self.ask_place), ("move", self.ask_move), ("remove", self.remove),
        ):  # fmt: skip
            button = self._buttons[name] = QPushButton()
            button.setObjectName(f"resources-{name}")
            button.setMinimumHeight(BIG)
            self._desk.texts.bind(button, "setText", f"resources-{name}")
            self._desk.texts.bind(button, "setToolTip", f"resources-{name}.tip")
            button.clicked.connect(lambda _on=False, does=does: does())
            row.addWidget(button)
        return row

    def _make_form(self) -> QScrollArea:
        part = QWidget()
        form = QFormLayout(part)
        form.setContentsMargins(0, 4, 0, 4)
        for state in STATES:
            self._boxes["state"].addItem(state, state)
        for fact in FACTS:
            field: QWidget = self._boxes.get(fact) or self._lines[fact]
            field.setObjectName(f"resources-{fact}")
            form.addRow(
                caption(self._desk, f"resources-fact-{fact.replace('_', '-')}", field), field
            )
            if fact in CHOSEN:
                self._boxes[fact].activated.connect(partial(self._picked, fact))
            else:
                self._lines[fact].editingFinished.connect(partial(self._typed, fact))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(part)
        return scroll

    # What is chosen --------------------------------------------------------------------------

    @property
    def layer(self) -> Layer | None:
        """The layer whose rows are shown."""
        chosen = self._layer.currentData()
        return next((one for one in self._layers() if one.id == chosen), None)

    @property
    def chosen(self) -> list[int]:
        """Objects of the rows that are chosen."""
        rows = self._table.selectionModel().selectedRows()
        items = [self._table.item(row.row(), 0) for row in rows]
        return [int(item.data(OBJECT)) for item in items if item is not None]

    def _layers(self) -> list[Layer]:
        project = self._desk.project
        return [
            layer for kind in ("resources", "hazards") for layer in project.of_kind(kind)
            if isinstance(layer.data, Features)
        ]  # fmt: skip

    def _said(self) -> Emergency | None:
        layer = self.layer
        if layer is None or not isinstance(layer.data, Features):
            return None
        return Emergency.of(layer.data, layer.kind, layer.name)

    # Doing -----------------------------------------------------------------------------------

    def ask_place(self) -> None:
        """Let the place of a new one be clicked."""
        ask_in_picture(self._desk, "spot", self._place)

    def ask_move(self) -> None:
        """Let the new place of the chosen one be clicked."""
        if self.chosen:
            ask_in_picture(self._desk, "spot", self._move)

    def remove(self) -> None:
        """Remove the chosen ones; undo brings them back."""
        layer, ids = self.layer, self.chosen
        if layer is not None and ids:
            self._desk.run(remove_resources(self._desk.project, layer.id, ids))

    def go_there(self) -> None:
        """Show the chosen one from near."""
        said, ids = self._said(), self.chosen
        if said is not None and ids:
            east, north = said.coords[np.flatnonzero(said.ids == ids[0])[0]]
            self._desk.viewport.fit((east - 120.0, north - 120.0, east + 120.0, north + 120.0))

    def _place(self, hit: Hit) -> None:
        desk, layer = self._desk, self.layer
        kind = layer.kind if layer is not None else "resources"
        sort = self._boxes["sort"].currentData() or SORTS[kind][0].key
        facts = {"sort": sort, "name": desk.texts.t(f"sort-{sort}")}
        if kind == "resources":
            facts["state"] = "ready"
        command, layer_id, number = add_resource(
            desk.project, kind, (float(hit.point[0]), float(hit.point[1])), facts,
            layer_id=layer.id if layer is not None else "",
            layer_name=desk.texts.wording.kind(kind),
        )  # fmt: skip
        if layer is not None and not layer.visible:  # who places one wants to see it
            command = Together((command, SetLook(layer.id, "visible", value=True)), command.label)
        if desk.run(command):
            self._follow()
            self._layer.setCurrentIndex(self._layer.findData(layer_id))
            desk.session.select({layer_id: [number]})

    def _move(self, hit: Hit) -> None:
        layer, ids = self.layer, self.chosen
        if layer is not None and ids:
            place = (float(hit.point[0]), float(hit.point[1]))
            self._desk.run(move_resource(self._desk.project, layer.id, ids[0], place))

    def _picked(self, fact: str, _at: int) -> None:
        self._keep(fact, self._boxes[fact].currentData())

    def _typed(self, fact: str) -> None:
        if self._lines[fact].isModified():
            self._lines[fact].setModified(False)
            self._keep(fact, self._lines[fact].text())

    def _keep(self, fact: str, value: object) -> None:
        layer, ids, desk = self.layer, self.chosen, self._desk
        if layer is None or not ids:
            return
        desk.attempt(
            lambda: desk.session.run(set_facts(desk.project, layer.id, ids, {fact: value}))
        )
        self._show_facts()

    # Showing ---------------------------------------------------------------------------------

    def _follow(self) -> None:
        layers = self._layers()
        now = moment_in(self._desk.project)
        data = [(layer.id, layer.name, layer.data, now) for layer in layers]
        if data == self._data:
            return
        self._data = data
        chosen = self._layer.currentData()
        with QSignalBlocker(self._layer):
            self._layer.clear()
            for layer in layers:
                self._layer.addItem(layer.name, layer.id)
            self._layer.setCurrentIndex(max(self._layer.findData(chosen), 0) if layers else -1)
        self._offer_sorts()
        self._fill()

    def _layer_chosen(self) -> None:
        self._offer_sorts()
        self._fill()

    def _offer_sorts(self) -> None:
        layer, box = self.layer, self._boxes["sort"]
        kind = layer.kind if layer is not None else "resources"
        with QSignalBlocker(box):
            box.clear()
            for sort in (*(one.key for one in SORTS[kind]), OTHER):
                box.addItem(self._desk.texts.t(f"sort-{sort}"), sort)
        hazard = kind == "hazards"
        form = self._lines["substance"].parentWidget()
        layout = form.layout() if form is not None else None
        if isinstance(layout, QFormLayout):
            for fact in ("substance", "amount_t"):
                layout.setRowVisible(self._lines[fact], hazard)
            layout.setRowVisible(self._boxes["state"], not hazard)

    def _fill(self) -> None:
        said, table, t = self._said(), self._table, self._desk.texts.t
        now = moment_in(self._desk.project)
        states = said.states(now) if said is not None else ()
        rows: list[int] = []
        if said is not None:
            words = self._words.text().strip().casefold()
            told = [t(f"sort-{sort}") for sort in said.sort]
            rows = [k for k in range(len(said)) if words in f"{said.name[k]} {told[k]}".casefold()]
        with QSignalBlocker(table):
            table.clearSelection()
            table.setRowCount(len(rows))
            for row, k in enumerate(rows):
                assert said is not None
                cells = (
                    str(said.name[k]) or str(said.ids[k]), t(f"sort-{said.sort[k]}"),
                    t(f"resource-state-{states[k]}"),
                )  # fmt: skip
                for column, text in enumerate(cells):
                    item = QTableWidgetItem(text)
                    item.setData(OBJECT, int(said.ids[k]))
                    if column == 2:
                        item.setForeground(_colour(str(states[k])))
                        if states[k] == NOT_NOW:
                            begin, end = said.valid.words(k, now.offset)
                            item.setToolTip(t("resources-valid", begin=begin or "–",
                                              end=end or "–", when=now.text))  # fmt: skip
                    table.setItem(row, column, item)
        self._follow_selection()

    def _follow_selection(self) -> None:
        """Choose the rows of what is selected in the scene."""
        layer = self.layer
        layers = {one.id for one in self._layers()}
        other = next((one for one in self._desk.session.selection if one in layers), "")
        if layer is not None and other and other != layer.id:
            self._layer.setCurrentIndex(self._layer.findData(other))
            return
        ids = set()
        if layer is not None:
            ids = set(self._desk.session.selection.get(layer.id, np.zeros(0)).tolist())
        with QSignalBlocker(self._table):
            self._table.clearSelection()
            self._table.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
            for row in range(self._table.rowCount()):
                item = self._table.item(row, 0)
                if item is not None and item.data(OBJECT) in ids:
                    self._table.selectRow(row)
                    self._table.scrollToItem(item)
            self._table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._show_facts()

    def _row_chosen(self) -> None:
        layer = self.layer
        if layer is not None:
            self._desk.session.select({layer.id: self.chosen})
            self._bring_into_sight()
        self._show_facts()

    def _bring_into_sight(self) -> None:
        """Glide to what is chosen, unless it is seen well."""
        said, ids = self._said(), self.chosen
        if said is not None and ids and self._desk.viewport.ready:
            coords = said.coords[np.isin(said.ids, ids)]
            (west, south), (east, north) = coords.min(axis=0)[:2], coords.max(axis=0)[:2]
            self._desk.viewport.show_whole((float(west), float(south), float(east), float(north)))

    def _show_facts(self) -> None:
        layer, ids = self.layer, self.chosen
        there = layer is not None and bool(ids)
        for name in ("move", "remove"):
            self._buttons[name].setEnabled(there and (name != "move" or len(ids) == 1))
        for field in (*self._boxes.values(), *self._lines.values()):
            field.setEnabled(there)
        self._boxes["sort"].setEnabled(True)  # a new one gets it
        said = self._said()
        if not there or said is None or layer is None or not isinstance(layer.data, Features):
            for line in self._lines.values():
                line.clear()
            return
        row = int(np.flatnonzero(said.ids == ids[0])[0])
        values = layer.data.row(ids[0])
        for fact, line in self._lines.items():
            column = column_of(layer.data, fact)
            value = values.get(column) if column else None
            line.setText(f"{value:g}" if isinstance(value, float) else str(value or ""))
            line.setModified(False)
        for fact, box in self._boxes.items():
            key = str(said.sort[row] if fact == "sort" else said.state[row])
            with QSignalBlocker(box):
                box.setCurrentIndex(box.findData(key))

    def _retell(self) -> None:
        t = self._desk.texts.t
        self._table.setHorizontalHeaderLabels([t(f"resources-fact-{name}") for name in COLUMNS])
        box = self._boxes["state"]
        for at, state in enumerate(STATES):
            box.setItemText(at, t(f"resource-state-{state}"))
        self._data = None
        self._follow()


def _colour(state: str) -> QBrush:
    return QBrush(QColor(COLOURS[state]))
