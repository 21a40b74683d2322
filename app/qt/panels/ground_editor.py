"""How the chosen terrain is coloured, and its contour lines."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QPushButton

from app.arguments import ground_tint
from app.qt.desk import Desk
from app.qt.panels.style_form import StyleForm
from layers.edits import AddLayer
from layers.ground_tint import TINTS, height_range, round_step
from layers.kinds.base import Layer
from layers.kinds.terrain import Terrain
from layers.planning.contours import checked_interval, contour_layer, contours
from layers.progress import Progress

CHOICES = ("none", *TINTS)


class GroundEditor(StyleForm):
    """Colours a terrain by height, slope or aspect, and draws contour lines on it.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "ground-editor")
        self._tint = self._combo("ground-tint")
        self._tint.activated.connect(self._tint_picked)
        self._interval = self._metres(
            "ground-contours", 1000.0, 1.0, "style-ground-contours-none", digits=2
        )
        self._interval.valueChanged.connect(self._interval_typed)
        self._lines = QPushButton()
        self._lines.setObjectName("ground-contour-lines")
        desk.texts.bind(self._lines, "setText", "ground-contour-lines")
        desk.texts.bind(self._lines, "setToolTip", "ground-contour-lines-tip")
        self._lines.clicked.connect(lambda _checked=False: self._add_lines())
        self._form.addRow(self._lines)
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
        self._name_choices(self._tint, [f"style-ground-tint-{choice}" for choice in CHOICES])

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
        self._set(colouring=made)

    def _interval_typed(self, metres: float) -> None:
        layer = self._layer
        if layer is None or metres == layer.style.contours:
            return
        assert isinstance(layer.data, Terrain)
        low, high = height_range(layer.data)
        if 0.0 < metres < (high - low) / 2000.0:
            metres = self._usual()
        self._set(contours=metres)
        self.show_layer(layer)

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
