"""The look of the chosen layer: colours, widths, labels, and colours by attribute."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.dialogs.frame import heading
from app.qt.panels.built_editor import BuiltEditor
from app.qt.panels.colouring_editor import ColouringEditor
from app.qt.panels.ground_editor import GroundEditor
from app.qt.panels.label_editor import LabelEditor
from app.qt.panels.lines_editor import LinesEditor
from app.qt.panels.pipes_editor import PipesEditor
from app.qt.widgets.colour_button import ColourButton
from app.qt.widgets.number_field import NumberField, roomy
from app.qt.widgets.quiet_wheel import QuietWheel
from layers.edits import SetLook
from layers.kinds import KINDS
from layers.kinds.base import Features, Layer
from layers.object_table import column_kind
from layers.shapes import LINE, POINT, POLYGON
from layers.style import HEIGHTS, Style

OUTLINE = "#5c574e"  # of a layer that gets an outline for the first time


class StyleEditor(QScrollArea):
    """Shows the style of the chosen layer; each change is a step that can be undone.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("style-editor")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._desk = desk
        self._fields_of: object = None
        self._rows: dict[str, tuple[QLabel, QWidget]] = {}
        self._make()
        desk.layer_chosen.connect(self.refresh)
        desk.project_edited.connect(self.refresh)
        desk.texts.changed.connect(self._retell)
        self._quiet = QuietWheel(self)
        self._quiet.watch(self._body)
        self._retell()

    # Parts -----------------------------------------------------------------------------------

    def _make(self) -> None:
        desk = self._desk
        self._name = QLabel()
        self._name.setObjectName("style-layer")
        self._name.setProperty("role", "heading")
        self._name.setWordWrap(True)
        self._empty = QLabel()
        self._empty.setObjectName("style-empty")
        self._empty.setProperty("role", "dim")
        self._empty.setWordWrap(True)
        desk.texts.bind(self._empty, "setText", "style-empty")
        self._make_form()
        self._labels = LabelEditor(desk)
        self._built = BuiltEditor(desk)
        self._ground = GroundEditor(desk)
        self._pipes = PipesEditor(desk)
        self._lines = LinesEditor(desk)
        self._colouring = ColouringEditor(desk)
        self._colouring_title = heading(desk, "style-colouring")
        self._body = QWidget()
        self._body.setObjectName("dock-body")
        box = QVBoxLayout(self._body)
        box.setContentsMargins(10, 8, 10, 8)
        box.setSpacing(8)
        for part in (self._name, self._empty):
            box.addWidget(part)
        box.addLayout(self._form)
        box.addWidget(self._built)
        box.addWidget(self._ground)
        box.addWidget(self._pipes)
        box.addWidget(self._lines)
        box.addWidget(self._labels)
        box.addSpacing(4)
        box.addWidget(self._colouring_title)
        box.addWidget(self._colouring)
        box.addStretch(1)
        self.setWidget(self._body)

    def _make_form(self) -> None:
        desk = self._desk
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(10)
        self._form.setVerticalSpacing(7)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._colour = ColourButton(desk, "style-colour", "style-colour")
        self._colour.chosen.connect(lambda colour: self._set(colour=colour))
        self._add("colour", self._colour)
        self._add("outline", self._make_outline())
        self._line = self._number("line-width", 0.5, 10.0, 0.5, unit=" px")
        self._line.changed.connect(lambda pixels: self._set(line_width=pixels))
        self._point = self._number("point-size", 1.0, 40.0, 1.0, unit=" px", digits=0)
        self._point.changed.connect(lambda pixels: self._set(point_size=pixels))
        self._width = QDoubleSpinBox()
        self._width.setObjectName("style-width-m")
        self._width.setRange(0.0, 500.0)
        self._width.setDecimals(1)
        self._width.setSuffix(" m")
        roomy(self._width)
        self._width.setKeyboardTracking(False)
        self._width.valueChanged.connect(lambda metres: self._set(width_m=metres))
        self._add("width-m", self._width)
        self._width_field = self._combo("width-field")
        self._width_field.activated.connect(
            lambda at: self._set(width_field=self._width_field.itemData(at))
        )
        self._lift = self._number("lift", 0.0, 20.0, 0.05, unit=" m", digits=2, most=1000.0)
        self._lift.changed.connect(lambda metres: self._set(lift=metres))
        self._heights = self._combo("heights")
        self._heights.activated.connect(lambda at: self._set(heights=HEIGHTS[at]))
        self._opacity = self._number("opacity", 0.0, 100.0, 1.0, unit=" %", digits=0)
        self._opacity.changed.connect(self._set_opacity)

    def _add(self, key: str, field: QWidget) -> None:
        label = QLabel()
        label.setObjectName(f"style-{key}-label")
        label.setProperty("role", "dim")
        label.setBuddy(field)
        self._desk.texts.bind(label, "setText", f"style-{key}")
        self._form.addRow(label, field)
        self._rows[key] = (label, field)

    def _number(
        self,
        key: str,
        low: float,
        high: float,
        step: float,
        *,
        unit: str,
        digits: int = 1,
        most: float | None = None,
    ) -> NumberField:
        field = NumberField(
            self._desk, f"style-{key}", f"style-{key}",
            low=low, high=high, step=step, unit=unit, digits=digits, most=most,
        )  # fmt: skip
        self._add(key, field)
        return field

    def _combo(self, key: str) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(f"style-{key}")
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(8)
        self._desk.texts.bind(combo, "setAccessibleName", f"style-{key}")
        self._add(key, combo)
        return combo

    def _make_outline(self) -> QWidget:
        row = QWidget()
        row.setObjectName("style-outline-row")
        self._outlined = QCheckBox()
        self._outlined.setObjectName("style-outlined")
        self._desk.texts.bind(self._outlined, "setAccessibleName", "style-outline")
        self._desk.texts.bind(self._outlined, "setToolTip", "style-outlined")
        self._outline = ColourButton(self._desk, "style-outline", "style-outline")
        self._outlined.clicked.connect(
            lambda on: self._set(outline=(self._outline.colour or OUTLINE) if on else None)
        )
        self._outline.chosen.connect(lambda colour: self._set(outline=colour))
        box = QHBoxLayout(row)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._outlined)
        box.addWidget(self._outline)
        box.addStretch()
        row.setFocusProxy(self._outlined)
        return row

    # Showing ---------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the style of the chosen layer."""
        layer = self._desk.layer
        self._empty.setVisible(layer is None)
        self._name.setVisible(layer is not None)
        shown = _useful(layer)
        for key, parts in self._rows.items():
            for part in parts:
                part.setVisible(key in shown)
        coloured = layer is not None and isinstance(layer.data, Features)
        self._colouring.setVisible(coloured)
        self._colouring_title.setVisible(coloured)
        self._colouring.show_layer(layer if coloured else None)
        self._labels.show_layer(layer if coloured else None)
        self._built.show_layer(layer)
        self._ground.show_layer(layer)
        self._pipes.show_layer(layer)
        self._lines.show_layer(layer)
        if layer is None:
            self._fields_of = None
            return
        style = layer.style
        self._name.setText(layer.name)
        self._colour.show_colour(style.colour)
        self._outline.show_colour(style.outline or OUTLINE)
        self._outline.setEnabled(style.outline is not None)
        self._outlined.setChecked(style.outline is not None)
        for field, value in (
            (self._line, style.line_width), (self._point, style.point_size),
            (self._lift, style.lift), (self._opacity, layer.opacity * 100.0),
        ):  # fmt: skip
            field.show_value(value)
        with QSignalBlocker(self._width):
            self._width.setValue(style.width_m)
        if self._heights.count() == 0:
            self._heights.addItems([self._desk.texts.t(f"style-heights-{how}") for how in HEIGHTS])
        self._heights.setCurrentIndex(HEIGHTS.index(style.heights))
        self._fill_fields(layer)
        self._width_field.setCurrentIndex(max(self._width_field.findData(style.width_field), 0))

    def _fill_fields(self, layer: Layer) -> None:
        schema = layer.data.attributes.schema if isinstance(layer.data, Features) else None
        if schema is self._fields_of and schema is not None:
            return
        self._fields_of = schema
        none = self._desk.texts.t("style-no-field")
        self._width_field.clear()
        self._width_field.addItem(none, "")
        for field in schema or ():
            if column_kind(field.type) in {"integer", "number"}:
                self._width_field.addItem(field.name, field.name)

    def _retell(self) -> None:
        self._width.setSpecialValueText(self._desk.texts.t("style-width-pixels"))
        self._fields_of = None
        self._heights.clear()
        self._colouring.retell()
        self._labels.retell()
        self._built.retell()
        self._ground.retell()
        self._pipes.retell()
        self._lines.retell()
        self.refresh()

    # Changing --------------------------------------------------------------------------------

    def _set(self, **looks: Any) -> None:
        layer = self._desk.layer
        if layer is None:
            return
        style: Style = replace(layer.style, **looks)
        if style != layer.style:
            self._desk.run(SetLook(layer.id, "style", style))

    def _set_opacity(self, percent: float) -> None:
        layer = self._desk.layer
        if layer is not None and round(layer.opacity * 100.0) != round(percent):
            self._desk.run(SetLook(layer.id, "opacity", percent / 100.0))


def _useful(layer: Layer | None) -> set[str]:
    """Name the looks that mean something for a layer."""
    if layer is None:
        return set()
    out = {"opacity"}
    if KINDS[layer.kind].shapes == "raster":
        return out
    out |= {"colour", "line-width"}
    if layer.kind == "measurements":
        return out | {"point-size"}
    if layer.kind == "buildings":
        return (out | {"outline"}) - {"line-width"}
    if isinstance(layer.data, Features):
        shapes = set(np.unique(layer.data.shapes.kind).tolist())
        out |= {"lift"}
        out |= {"heights"} if layer.data.shapes.z is not None else set()
        out |= {"outline"} if shapes & {POLYGON, POINT} else set()
        out |= {"width-m", "width-field"} if LINE in shapes else set()
        out |= {"point-size"} if POINT in shapes else set()
        out -= {"line-width"} if shapes == {POINT} else set()
    return out
