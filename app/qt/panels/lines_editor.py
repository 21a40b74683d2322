"""How control lines stand: their preset, walls or volumes, and how high."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker

from app.qt.desk import Desk
from app.qt.panels.style_form import StyleForm
from layers.edits import SetLook
from layers.kinds.base import Layer
from layers.kinds.control_lines import PRESETS, preset_style
from layers.style import LINE_FORMS


class LinesEditor(StyleForm):
    """The part of the style panel that is about control lines."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "style-lines")
        self._preset = self._combo("line-preset")
        self._preset.activated.connect(self._choose)
        self._how = self._combo("line-form")
        self._how.activated.connect(lambda at: self._set(line_form=LINE_FORMS[at]))
        self._height = self._metres("line-height", 2000.0, 5.0, "style-line-height-none")
        self._height.valueChanged.connect(lambda metres: self._set(line_height=metres))
        self.retell()

    def show_layer(self, layer: Layer | None) -> None:
        """Show a layer's look; hidden for other kinds."""
        lines = layer is not None and layer.kind == "control-lines"
        self._layer = layer if lines else None
        self.setVisible(lines)
        if layer is None or not lines:
            return
        style = layer.style
        self._preset.setCurrentIndex(max(self._preset.findData(style.line_preset), 0))
        self._how.setCurrentIndex(LINE_FORMS.index(style.line_form))
        with QSignalBlocker(self._height):
            self._height.setValue(style.line_height)
        self._reveal({"line-preset", "line-form"} | (
            {"line-height"} if style.line_form != "ground" else set()
        ))  # fmt: skip

    def retell(self) -> None:
        """Speak the language of now."""
        t = self._desk.texts.t
        self._preset.clear()
        self._preset.addItem(t("choice-auto"), "")
        for key in PRESETS:
            self._preset.addItem(t(f"line-preset-{key}"), key)
        self._name_choices(self._how, [f"style-line-form-{how}" for how in LINE_FORMS])
        self.show_layer(self._layer)

    def _choose(self, at: int) -> None:
        """Take a preset with the colours of its classes."""
        layer, key = self._layer, str(self._preset.itemData(at) or "")
        if layer is None or key == layer.style.line_preset:
            return
        style = layer.style
        t = self._desk.texts.t
        if key:
            labels = {one.key: t(f"line-{one.key}") for one in PRESETS[key].classes}
            coloured = layer.features.attributes.column_names
            if "class" in coloured:
                style = preset_style(style, PRESETS[key], labels)
                self._desk.run(SetLook(layer.id, "style", style))
                return
        self._set(line_preset=key)
