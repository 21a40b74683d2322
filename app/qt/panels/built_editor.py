"""How streets, rails, water, green and trees of the chosen layer are built."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFormLayout, QLabel, QWidget

from app.qt.desk import Desk
from app.qt.widgets.number_field import roomy
from layers.edits import SetLook
from layers.kinds.base import Features, Layer
from layers.style import TUNNELS

#: Kinds of layers that can be drawn as they are built, and what else can be said of them.
BUILT: dict[str, tuple[str, ...]] = {
    "roads": ("lamps", "tunnels"), "rail": ("tunnels",), "water": (), "greenery": (), "trees": (),
}  # fmt: skip


class BuiltEditor(QWidget):
    """Switches a layer between the look of a map and that of what is built.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("built-editor")
        self._desk = desk
        self._layer: Layer | None = None
        self._rows: dict[str, tuple[QLabel, QWidget]] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(10)
        self._form.setVerticalSpacing(7)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._built = QCheckBox()
        self._built.setObjectName("style-built")
        desk.texts.bind(self._built, "setText", "style-built-on")
        desk.texts.bind(self._built, "setToolTip", "style-built-tip")
        self._built.clicked.connect(lambda on: self._set(built=on))
        self._add("built", self._built)
        self._lamps = QDoubleSpinBox()
        self._lamps.setObjectName("style-lamps")
        self._lamps.setRange(0.0, 200.0)
        self._lamps.setDecimals(0)
        self._lamps.setSingleStep(5.0)
        self._lamps.setSuffix(" m")
        self._lamps.setKeyboardTracking(False)
        roomy(self._lamps)
        desk.texts.bind(self._lamps, "setSpecialValueText", "style-lamps-none")
        self._lamps.valueChanged.connect(lambda metres: self._set(lamps=metres))
        self._add("lamps", self._lamps)
        self._tunnels = QComboBox()
        self._tunnels.setObjectName("style-tunnels")
        self._tunnels.activated.connect(lambda at: self._set(tunnels=TUNNELS[at]))
        self._add("tunnels", self._tunnels)
        self.retell()

    def _add(self, key: str, field: QWidget) -> None:
        label = QLabel()
        label.setObjectName(f"style-{key}-label")
        label.setProperty("role", "dim")
        label.setBuddy(field)
        self._desk.texts.bind(label, "setText", f"style-{key}")
        self._desk.texts.bind(field, "setAccessibleName", f"style-{key}")
        self._form.addRow(label, field)
        self._rows[key] = (label, field)

    def show_layer(self, layer: Layer | None) -> None:
        """Show how a layer is built; hidden where there is nothing to say."""
        fits = layer is not None and layer.kind in BUILT and isinstance(layer.data, Features)
        self._layer = layer if fits else None
        self.setVisible(self._layer is not None)
        if self._layer is None:
            return
        style = self._layer.style
        for key, parts in self._rows.items():
            shown = key == "built" or (style.built and key in BUILT[self._layer.kind])
            for part in parts:
                part.setVisible(shown)
        self._built.setChecked(style.built)
        with QSignalBlocker(self._lamps):
            self._lamps.setValue(style.lamps)
        self._tunnels.setCurrentIndex(TUNNELS.index(style.tunnels))

    def retell(self) -> None:
        """Follow another language."""
        at = self._tunnels.currentIndex()
        self._tunnels.clear()
        self._tunnels.addItems([self._desk.texts.t(f"style-tunnels-{how}") for how in TUNNELS])
        self._tunnels.setCurrentIndex(max(at, 0))
        self.show_layer(self._layer)

    def _set(self, **looks: Any) -> None:
        if self._layer is None:
            return
        style = replace(self._layer.style, **looks)
        if style != self._layer.style:
            self._desk.run(SetLook(self._layer.id, "style", style))
