"""Drawing and changing control lines: what a line says, drawn in the scene, set off, typed."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from app.arguments import parse_points
from app.control_lines import styled
from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog, caption
from app.qt.drawing import ask_in_picture
from app.qt.line_shaping import reshape, start_reshaping
from app.qt.widgets.corner_table import CornerTable
from app.qt.widgets.quiet_wheel import QuietWheel
from layers.edits import AddLayer, SetData
from layers.errors import CityError
from layers.history import Label
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.control_lines import PRESETS, STATUSES, preset_key
from layers.planning import line_edits
from layers.schemes import free_id
from layers.shapes import POLYGON, Ints

NEW = ""


class ControlLineDialog(Dialog):
    """Asks what a control line says, and lets it be drawn; stays open beside the picture.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QWidget
        The window.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, "control-line", parent)
        self.setWindowFlag(Qt.WindowType.Tool)
        self._make_fields()
        self._make_buttons()
        self.add_close()
        self._wheel = QuietWheel(self)
        self._wheel.watch(self)
        desk.project_changed.connect(self.close)
        desk.selection_changed.connect(self._selected)
        desk.project_edited.connect(self._selected)
        self._fill_layers()
        self._selected()

    # Parts -----------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(7)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._layers, self._preset = QComboBox(), QComboBox()
        self._class, self._status = QComboBox(), QComboBox()
        self._name, self._document = QLineEdit(), QLineEdit()
        self._width = _metres(1000.0)
        self._setback = _metres(1000.0)
        self._top = _metres(5000.0)
        rows: tuple[tuple[str, QWidget], ...] = (
            ("layer", self._layers), ("preset", self._preset), ("class", self._class),
            ("name", self._name), ("width", self._width), ("setback", self._setback),
            ("top", self._top), ("document", self._document), ("status", self._status),
        )  # fmt: skip
        for key, field in rows:
            field.setObjectName(f"control-line-{key}")
            form.addRow(caption(self.desk, f"control-line-{key}", field, dim=True), field)
        t = self.desk.texts.t
        for key in PRESETS:
            self._preset.addItem(t(f"line-preset-{key}"), key)
        for status in STATUSES:
            self._status.addItem(t(f"cell-{status}"), status)
        self._preset.currentIndexChanged.connect(self._fill_classes)
        self._layers.currentIndexChanged.connect(self._layer_chosen)
        self._fill_classes()
        self.body.addLayout(form)

    def _make_buttons(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(6)
        self._offset = _metres(10_000.0, least=-10_000.0)
        self._offset.setObjectName("control-line-offset")
        self._offset.setValue(10.0)
        self.desk.texts.bind(self._offset, "setAccessibleName", "control-line-offset")
        self._corners = QLineEdit()
        self._corners.setObjectName("control-line-corners")
        self.desk.texts.bind(self._corners, "setPlaceholderText", "ask-shape-line")
        self._buttons: dict[str, QPushButton] = {}
        for at, (key, does) in enumerate(
            (
                ("draw-line", self._draw_line), ("draw-area", self._draw_area),
                ("redraw", self._redraw), ("remove", self._remove),
            )
        ):  # fmt: skip
            grid.addWidget(self._button(key, does), at // 2, at % 2)
        grid.addWidget(self._offset, 2, 0)
        grid.addWidget(self._button("offset", self._set_off), 2, 1)
        grid.addWidget(self._corners, 3, 0)
        grid.addWidget(self._button("corners", self._type_corners), 3, 1)
        self.body.addLayout(grid)
        self._table = CornerTable(self.desk.texts)
        self._table.changed.connect(self._typed_rings)
        self.body.addWidget(self._table)
        row = QHBoxLayout()
        row.setSpacing(6)
        for key, does in (
            ("shape", self._shape), ("corner-add", self._table.add_after),
            ("corner-remove", self._table.remove_chosen),
        ):  # fmt: skip
            row.addWidget(self._button(key, does))
        self.body.addLayout(row)

    def _button(self, key: str, does: Any) -> QPushButton:
        button = QPushButton()
        button.setObjectName(f"control-line-{key}")
        button.setAutoDefault(False)
        self.desk.texts.bind(button, "setText", f"control-line-{key}")
        button.clicked.connect(lambda _checked=False: does())
        self._buttons[key] = button
        return button

    # Filling ---------------------------------------------------------------------------------

    def _fill_layers(self) -> None:
        self._layers.clear()
        for layer in reversed(self.desk.project.layers):
            if layer.kind == "control-lines":
                self._layers.addItem(layer.name, layer.id)
        self._layers.addItem(self.desk.texts.t("control-line-new-layer"), NEW)
        chosen = self.desk.layer
        if chosen is not None and chosen.kind == "control-lines":
            self._layers.setCurrentIndex(self._layers.findData(chosen.id))

    def _layer_chosen(self) -> None:
        layer = self._layer()
        self._preset.setEnabled(layer is None)
        if layer is not None and len(layer.data):
            key = layer.style.line_preset or preset_key(layer.features)
            self._preset.setCurrentIndex(self._preset.findData(key))

    def _fill_classes(self) -> None:
        self._class.clear()
        for one in PRESETS[str(self._preset.currentData())].classes:
            self._class.addItem(self.desk.texts.t(f"line-{one.key}"), one.key)

    def _layer(self) -> Layer | None:
        wanted = self._layers.currentData()
        return next((layer for layer in self.desk.project.layers if layer.id == wanted), None)

    def _selected_lines(self) -> tuple[Layer, Ints] | None:
        for layer_id, ids in self.desk.session.selection.items():
            layer = self.desk.project.layer(layer_id)
            if layer.kind == "control-lines":
                there = ids[np.isin(ids, layer.features.ids)]
                return (layer, there) if len(there) else None
        return None

    def _selected(self) -> None:
        chosen = self._selected_lines()
        one = chosen is not None and len(chosen[1]) == 1
        for key in ("offset", "remove"):
            self._buttons[key].setEnabled(chosen is not None)
        for key in ("redraw", "corners", "corner-add", "corner-remove"):
            self._buttons[key].setEnabled(one)
        for field in (self._corners, self._table):
            field.setEnabled(one)
        if chosen is None or not one:
            self._corners.clear()
            self._table.show_rings((), closed=False)
            return
        features, number = chosen[0].features, int(chosen[1][0])
        closed = bool(features.shapes.kind[features.index_of([number])[0]] == POLYGON)
        rings = line_edits.rings_of(features, number)
        self._table.show_rings(rings, closed=closed)
        ring = rings[0]
        self._corners.setText(" ".join(f"{east:.3f},{north:.3f}" for east, north in ring))
        self._corners.setCursorPosition(0)

    # Doing -----------------------------------------------------------------------------------

    def _values(self) -> dict[str, Any]:
        return {
            "class": self._class.currentData(), "name": self._name.text().strip(),
            "width_m": self._width.value() or None, "setback_m": self._setback.value() or None,
            "top_m": self._top.value() or None, "document": self._document.text().strip(),
            "line_status": self._status.currentData(),
        }  # fmt: skip

    def _draw_line(self) -> None:
        ask_in_picture(self.desk, "snapped-line", lambda points: self.add(points, closed=False))

    def _draw_area(self) -> None:
        ask_in_picture(self.desk, "snapped-area", lambda points: self.add(points, closed=True))

    def add(self, points: Any, *, closed: bool) -> None:
        """Add a line or area with what the fields say, as one step."""
        desk = self.desk

        def make() -> None:
            shapes = line_edits.line_shape(points, closed=closed)
            layer = self._layer()
            features = layer.features if layer is not None else line_edits.no_lines()
            first = free_id(desk.project, layer.id) if layer is not None else 0
            made, ids = line_edits.with_line(features, shapes, self._values(), first=first)
            title = Label("edit-draw-line")
            if layer is None:
                preset = str(self._preset.currentData())
                kind = kind_of("control-lines")
                name = desk.texts.wording.kind("control-lines")
                style = styled(kind.style, preset, desk.texts.wording)
                layer = Layer(kind.key, name, made, style=style)
                desk.session.run(AddLayer(layer))
                self._fill_layers()
                self._layers.setCurrentIndex(self._layers.findData(layer.id))
            else:
                desk.session.run(SetData(layer.id, made, title))
            desk.session.select({layer.id: list(ids)})

        desk.attempt(make)

    def _change(self, label: Label, what: Any) -> None:
        chosen = self._selected_lines()
        if chosen is None:
            return
        layer, ids = chosen

        def make() -> None:
            made: Features = what(layer.features, ids)
            self.desk.session.run(SetData(layer.id, made, label))

        self.desk.attempt(make)
        self._selected()

    def _redraw(self) -> None:
        chosen = self._selected_lines()
        if chosen is None:
            return
        features = chosen[0].features
        closed = bool(features.shapes.kind[features.index_of(chosen[1])[0]] == POLYGON)
        way: Literal["snapped-area", "snapped-line"] = "snapped-area" if closed else "snapped-line"
        ask_in_picture(self.desk, way, self.reshape)

    def reshape(self, points: Any) -> None:
        """Give the selected line other corners."""

        def change(features: Features, ids: Ints) -> Features:
            at = features.index_of(ids)[0]
            shape = line_edits.line_shape(points, closed=features.shapes.kind[at] == POLYGON)
            return line_edits.reshaped(features, int(ids[0]), shape)

        self._change(Label("edit-reshape-line"), change)

    def _shape(self) -> None:
        start_reshaping(self.desk)

    def _typed_rings(self, rings: Any) -> None:
        chosen = self._selected_lines()
        if chosen is not None:
            reshape(self.desk, chosen[0].id, int(chosen[1][0]), rings)
        self._selected()

    def _type_corners(self) -> None:
        try:
            points = np.array([point[:2] for point in parse_points(self._corners.text(), least=2)])
        except CityError as error:
            self.desk.tell_error(error)
            return
        self.reshape(points)

    def _set_off(self) -> None:
        metres, chosen = self._offset.value(), self._selected_lines()
        free = free_id(self.desk.project, chosen[0].id) if chosen is not None else 1

        def change(features: Features, ids: Ints) -> Features:
            for number in ids.tolist():
                at = features.index_of([number])
                shapes = line_edits.offset(features.shapes.take(at), metres)
                first = max(free, int(features.ids.max()) + 1)
                features, _ = line_edits.with_line(
                    features, shapes, features.row(number), first=first
                )
            return features

        self._change(Label("edit-offset-line", {"metres": f"{metres:g}"}), change)

    def _remove(self) -> None:
        self._change(
            Label("edit-remove-line"),
            lambda features, ids: line_edits.without(features, ids.tolist()),
        )


def _metres(most: float, least: float = 0.0) -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setRange(least, most)
    field.setDecimals(2)
    field.setSuffix(" m")
    field.setKeyboardTracking(False)
    return field
