"""The selected objects: what they are, what was computed, their attributes, the height to edit."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.measure_words import origin_lines, value_lines
from app.qt.desk import Desk
from app.qt.models.values import rule_words
from app.qt.panels.model_editor import ModelEditor
from app.qt.panels.named_list import bar_of
from app.qt.panels.selection_facts import (
    geometry_lines,
    one_object,
    several_facts,
    several_objects,
)
from app.qt.panels.value_list import Line, ValueList
from app.qt.widgets.number_field import roomy
from layers.edits import SetData, SetHeight
from layers.errors import CityError
from layers.history import Label
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.measurements import Measurements
from layers.object_table import ObjectTable, as_texts
from layers.shapes import Ints

NAME_FIELDS = ("name", "名称", "Name", "NAME", "建筑名称", "name_zh", "名字")
HIGHEST = 3000.0


class SelectionView(QWidget):
    """The page of the inspector on what is selected.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("selection-view")
        self._desk = desk
        self._table: ObjectTable | None = None
        self._locale = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.refresh)
        self._make()
        for signal in (desk.selection_changed, desk.project_edited, desk.layer_chosen,
                       desk.texts.changed):  # fmt: skip
            signal.connect(self._want)
        self.refresh()

    # Parts -----------------------------------------------------------------------------------

    def _make(self) -> None:
        desk = self._desk
        self._empty = QLabel()
        self._empty.setObjectName("selection-empty")
        self._empty.setProperty("role", "dim")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(16)
        desk.texts.bind(self._empty, "setText", "selection-empty")
        self._title = QLabel()
        self._title.setObjectName("selection-title")
        self._title.setProperty("role", "heading")
        self._title.setWordWrap(True)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._layer_name = QLabel()
        self._layer_name.setObjectName("selection-layer")
        self._layer_name.setProperty("role", "dim")
        self._layers = QComboBox()
        self._layers.setObjectName("selection-layers")
        desk.texts.bind(self._layers, "setAccessibleName", "selection-layers")
        self._layers.activated.connect(
            lambda at: self._desk.choose_layer(str(self._layers.itemData(at)))
        )
        keys = ("zoom-selection", "select-none")
        bar = bar_of("selection-bar", [desk.actions[key] for key in keys])
        bar.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(bar, 0, Qt.AlignmentFlag.AlignTop)
        self._facts = ValueList(desk, "selection-facts", "selection-facts", fitted=True)
        self._attributes = ValueList(desk, "selection-attributes", "selection-attributes",
                                     typed=True)  # fmt: skip
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setObjectName("selection-split")
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._facts)
        self._split.addWidget(self._attributes)
        self._split.setStretchFactor(0, 2)
        self._split.setStretchFactor(1, 3)
        full = QWidget()
        full.setObjectName("selection-full")
        box = QVBoxLayout(full)
        box.setContentsMargins(8, 8, 8, 6)
        box.setSpacing(6)
        box.addLayout(top)
        box.addWidget(self._layer_name)
        box.addWidget(self._layers)
        box.addWidget(self._make_height())
        box.addWidget(ModelEditor(desk))
        box.addWidget(self._split, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(full)

    def _make_height(self) -> QWidget:
        self._height_row = QWidget()
        self._height_row.setObjectName("height-row")
        label = QLabel()
        label.setObjectName("height-label")
        self._desk.texts.bind(label, "setText", "selection-height")
        self._height = QDoubleSpinBox()
        self._height.setObjectName("height")
        self._height.setRange(0.0, HIGHEST)
        self._height.setDecimals(2)
        self._height.setSuffix(" m")
        roomy(self._height)
        self._height.setKeyboardTracking(False)
        self._desk.texts.bind(self._height, "setAccessibleName", "selection-height")
        self._desk.texts.bind(self._height, "setToolTip", "selection-height-tip")
        self._height.editingFinished.connect(self._height_typed)
        label.setBuddy(self._height)
        row = QHBoxLayout(self._height_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self._height, 1)
        return self._height_row

    # Showing ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Read only what somebody looks at."""
        super().showEvent(event)
        self.refresh()

    def _want(self) -> None:
        if self.isVisible():
            self._soon.start()

    def _shown(self) -> tuple[Layer, Ints] | None:
        """Give the layer that is told about and what is selected in it."""
        selection, chosen = self._desk.session.selection, self._desk.layer
        if not selection:
            return None
        if chosen is not None and chosen.id in selection:
            layer = chosen
        else:
            most = max(selection, key=lambda key: len(selection[key]))
            layer = self._desk.project.layer(most)
        return layer, selection[layer.id]

    def refresh(self) -> None:
        """Show what is selected now."""
        self._soon.stop()
        shown = self._shown()
        self._stack.setCurrentIndex(0 if shown is None else 1)
        if shown is None:
            self._table = None
            return
        layer, ids = shown
        self._show_layers(layer)
        data = layer.data
        if isinstance(data, Measurements):
            self._show_measurement(data, ids)
        elif isinstance(data, Features):
            try:
                self._show_objects(layer, data, data.index_of(ids))
            except CityError:  # some are gone; the selection follows in a moment
                self._stack.setCurrentIndex(0)

    def _show_layers(self, layer: Layer) -> None:
        words, selection = self._desk.texts.wording, self._desk.session.selection
        self._layer_name.setText(f"{layer.name} · {words.kind(layer.kind)}")
        self._layer_name.setVisible(len(selection) == 1)
        self._layers.setVisible(len(selection) > 1)
        self._layers.clear()
        for layer_id, ids in selection.items():
            name = self._desk.project.layer(layer_id).name
            count = words.number(len(ids), 0)
            self._layers.addItem(words.t("selection-in-layer", count=count, name=name), layer_id)
        self._layers.setCurrentIndex(self._layers.findData(layer.id))

    def _show_objects(self, layer: Layer, data: Features, at: Ints) -> None:
        words = self._desk.texts.wording
        if self._table is None or self._table.data is not data or self._locale != words.locale:
            self._table, self._locale = ObjectTable(data, rule_words(words)), words.locale
        table = self._table
        if len(at) == 1:
            self._title.setText(self._name(table, int(at[0]), layer))
            self._facts.show_lines(geometry_lines(self._desk.project, layer, table, at, words))
            self._attributes.show_lines(one_object(table, int(at[0]), words))
        else:
            count = words.number(len(at), 0)
            self._title.setText(words.t("selection-several", count=count))
            self._facts.show_lines(several_facts(layer, table, at, words))
            self._attributes.show_lines(several_objects(table, at, words))
        self._attributes.show()
        self._height_row.setVisible(isinstance(data, Buildings))
        if isinstance(data, Buildings):
            self._show_height(data, at)

    def _show_height(self, data: Buildings, at: Ints) -> None:
        heights = data.height[at]
        same = bool((heights == heights[0]).all())
        with QSignalBlocker(self._height):
            self._height.setSpecialValueText(self._desk.texts.t("selection-heights-differ"))
            self._height.setValue(float(heights[0]) if same else 0.0)

    def _show_measurement(self, data: Measurements, ids: Ints) -> None:
        words = self._desk.texts.wording
        self._height_row.hide()
        self._attributes.hide()
        items = [item for item in data.items if item.id in ids]
        if len(items) == 1:
            self._title.setText(items[0].name)
            pairs = value_lines(items[0], words) + origin_lines(items[0], words)
            self._facts.show_lines([Line(name, value) for name, value in pairs])
        else:
            count = words.number(len(items), 0)
            self._title.setText(words.t("selection-several", count=count))
            self._facts.show_lines([Line(i.name, words.t(f"measure-{i.kind}")) for i in items])

    def _name(self, table: ObjectTable, at: int, layer: Layer) -> str:
        names = {column.key for column in table.columns}
        for key in NAME_FIELDS:
            if key in names:
                text = as_texts(table.some(key, [at]))[0].as_py()
                if text and text.strip():
                    return str(text)
        kind = self._desk.texts.wording.kind(layer.kind)
        return self._desk.texts.t("selection-one", kind=kind, id=int(table.data.ids[at]))

    # Changing --------------------------------------------------------------------------------

    def _height_typed(self) -> None:
        shown = self._shown()
        metres = round(self._height.value(), 2)
        if shown is None or not isinstance(shown[0].data, Buildings) or metres <= 0.0:
            return
        layer, ids = shown
        data = shown[0].data
        heights = data.height[data.index_of(ids)]
        if np.all(np.abs(heights - metres) < 0.005):
            return
        if len(ids) == 1:
            done = self._desk.run(SetHeight(layer.id, int(ids[0]), metres))
        else:
            done = self._desk.attempt(lambda: self._set_heights(layer, data, ids, metres))
        if not done:
            self.refresh()

    def _set_heights(self, layer: Layer, data: Buildings, ids: Ints, metres: float) -> None:
        title = Label("edit-set-heights", {"count": len(ids), "metres": metres})
        self._desk.session.run(SetData(layer.id, data.with_heights(ids, metres), title))
