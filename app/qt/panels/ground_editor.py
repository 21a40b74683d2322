"""How the chosen terrain is coloured, and its contour lines."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFormLayout, QLabel, QPushButton, QWidget

from app.arguments import ground_tint
from app.qt.desk import Desk
from app.qt.widgets.number_field import roomy
from layers.edits import AddLayer, SetLook
from layers.ground_tint import TINTS, height_range, round_step
from layers.kinds.base import Layer
from layers.kinds.terrain import Terrain
from layers.planning.contours import checked_interval, contour_layer, contours
from layers.progress import Progress
from layers.style import recoloured

CHOICES = ("none", *TINTS)


class GroundEditor(QWidget):
    """Colours a terrain by height, slope or aspect, and draws contour lines on it.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("ground-editor")
        self._desk = desk
        self._layer: Layer | None = None
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(10)
        form.setVerticalSpacing(7)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._tint = QComboBox()
        self._tint.activated.connect(self._tint_picked)
        self._interval = QDoubleSpinBox()
        self._interval.setRange(0.0, 1000.0)
        self._interval.setDecimals(2)
        self._interval.setSuffix(" m")
        self._interval.setKeyboardTracking(False)
        roomy(self._interval)
        desk.texts.bind(self._interval, "setSpecialValueText", "ground-contours-none")
        self._interval.valueChanged.connect(self._interval_typed)
        for key, field in (("ground-tint", self._tint), ("ground-contours", self._interval)):
            field.setObjectName(key)
            label = QLabel()
            label.setObjectName(f"{key}-label")
            label.setProperty("role", "dim")
            label.setBuddy(field)
            desk.texts.bind(label, "setText", key)
            desk.texts.bind(field, "setAccessibleName", key)
            form.addRow(label, field)
        self._lines = QPushButton()
        self._lines.setObjectName("ground-contour-lines")
        desk.texts.bind(self._lines, "setText", "ground-contour-lines")
        desk.texts.bind(self._lines, "setToolTip", "ground-contour-lines-tip")
        self._lines.clicked.connect(lambda _checked=False: self._add_lines())
        form.addRow(self._lines)
        self.retell()

    def show_layer(self, layer: Layer | None) -> None:
        """Show how a terrain is coloured; hidden for other layers."""
        fits = layer is not None and isinstance(layer.data, Terrain)
        self._layer = layer if fits else None
        self.setVisible(self._layer is not None)
        if self._layer is None:
            return
        colouring = self._layer.style.colouring
        field = colouring.field if colouring is not None else "none"
        self._tint.setCurrentIndex(CHOICES.index(field) if field in CHOICES else 0)
        with QSignalBlocker(self._interval):
            self._interval.setSingleStep(self._usual())
            self._interval.setValue(self._layer.style.contours)

    def retell(self) -> None:
        """Follow another language."""
        at = max(self._tint.currentIndex(), 0)
        self._tint.clear()
        self._tint.addItems([self._desk.texts.t(f"ground-tint-{choice}") for choice in CHOICES])
        self._tint.setCurrentIndex(at)

    def _usual(self) -> float:
        """Give an interval that suits the terrain: about thirty lines."""
        assert self._layer is not None
        assert isinstance(self._layer.data, Terrain)
        low, high = height_range(self._layer.data)
        return round_step(high - low, 30)

    def _tint_picked(self, at: int) -> None:
        layer = self._layer
        if layer is None:
            return
        words = self._desk.texts.wording
        made = None if at == 0 else ground_tint(layer, CHOICES[at], words=words)
        style = recoloured(layer.style, made)
        if style != layer.style:
            self._desk.run(SetLook(layer.id, "style", style))

    def _interval_typed(self, metres: float) -> None:
        layer = self._layer
        if layer is None or metres == layer.style.contours:
            return
        assert isinstance(layer.data, Terrain)
        low, high = height_range(layer.data)
        if 0.0 < metres < (high - low) / 2000.0:
            metres = self._usual()
        self._desk.run(SetLook(layer.id, "style", replace(layer.style, contours=metres)))

    def _add_lines(self) -> None:
        layer = self._layer
        if layer is None:
            return
        data, interval = layer.data, layer.style.contours or self._usual()
        assert isinstance(data, Terrain)
        low, high = height_range(data)
        name = self._desk.texts.t("ground-contour-name", interval=f"{interval:g}")

        def trace(progress: Progress) -> Layer:
            return contour_layer(contours(data, interval, progress=progress), name)

        def add(made: Layer) -> None:
            self._desk.run(AddLayer(made))

        if self._desk.attempt(lambda: checked_interval(interval, high - low)):
            self._desk.start(self._desk.texts.t("ground-contour-job"), trace, add)
