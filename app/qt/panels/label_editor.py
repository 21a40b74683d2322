"""What is written beside the objects of the chosen layer, and how."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from app.qt.desk import Desk
from app.qt.panels.style_form import StyleForm
from app.qt.widgets.colour_button import ColourButton
from app.qt.widgets.number_field import NumberField
from layers.kinds.base import Features, Layer
from layers.object_table import column_kind

INK = "#26292e"  # of labels that get a colour of their own for the first time


class LabelEditor(StyleForm):
    """Shows how a layer is labelled; each change is a step that can be undone.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "label-editor")
        self._fields_of: object = None
        self._field = self._combo("label-field")
        self._field.activated.connect(lambda at: self._set(label_field=self._field.itemData(at)))
        self._size = NumberField(
            desk, "style-label-size", "style-label-size",
            low=7.0, high=40.0, step=1.0, unit=" px", digits=0, most=96.0,
        )  # fmt: skip
        self._size.changed.connect(lambda pixels: self._set(label_size=pixels))
        self._add("label-size", self._size)
        self._add("label-colour", self._make_colour())
        self._rank = self._combo("label-rank")
        self._rank.activated.connect(lambda at: self._set(label_rank=self._rank.itemData(at)))
        self._far = self._metres("label-metres", 1_000_000.0, 100.0, "style-label-any-distance")
        self._far.valueChanged.connect(lambda metres: self._set(label_metres=metres))
        self._behind = QCheckBox()
        self._behind.setObjectName("style-label-behind")
        desk.texts.bind(self._behind, "setText", "style-label-behind-on")
        self._behind.clicked.connect(lambda on: self._set(label_behind=on))
        self._add("label-behind", self._behind)

    def show_layer(self, layer: Layer | None) -> None:
        """Show how a layer is labelled; None where it cannot be."""
        self._layer = layer if layer is not None and isinstance(layer.data, Features) else None
        self.setVisible(self._layer is not None)
        if self._layer is None:
            self._fields_of = None
            return
        style = self._layer.style
        self._fill(self._layer)
        self._reveal(set(self._rows) if style.label_field else {"label-field"})
        self._field.setCurrentIndex(max(self._field.findData(style.label_field), 0))
        self._rank.setCurrentIndex(max(self._rank.findData(style.label_rank), 0))
        self._size.show_value(style.label_size)
        self._own.setChecked(style.label_colour is not None)
        self._colour.setEnabled(style.label_colour is not None)
        self._colour.show_colour(style.label_colour or INK)
        self._behind.setChecked(style.label_behind)
        with QSignalBlocker(self._far):
            self._far.setValue(style.label_metres)

    def retell(self) -> None:
        """Follow another language."""
        self._fields_of = None
        self.show_layer(self._layer)

    def _fill(self, layer: Layer) -> None:
        schema = layer.features.attributes.schema
        if schema is self._fields_of:
            return
        self._fields_of = schema
        texts = self._desk.texts
        for combo, first in ((self._field, "style-no-field"), (self._rank, "style-label-by-size")):
            combo.clear()
            combo.addItem(texts.t(first), "")
        for field in schema:
            self._field.addItem(field.name, field.name)
            if column_kind(field.type) in {"integer", "number"}:
                self._rank.addItem(field.name, field.name)

    def _make_colour(self) -> QWidget:
        row = QWidget()
        self._own = QCheckBox()
        self._own.setObjectName("style-label-own-colour")
        self._desk.texts.bind(self._own, "setAccessibleName", "style-label-own-colour")
        self._desk.texts.bind(self._own, "setToolTip", "style-label-own-colour")
        self._colour = ColourButton(self._desk, "style-label-colour", "style-label-colour")
        self._own.clicked.connect(
            lambda on: self._set(label_colour=(self._colour.colour or INK) if on else None)
        )
        self._colour.chosen.connect(lambda colour: self._set(label_colour=colour))
        box = QHBoxLayout(row)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._own)
        box.addWidget(self._colour)
        box.addStretch()
        row.setFocusProxy(self._own)
        return row
