"""How streets, rails, water, green and trees of the chosen layer are built."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox

from app.qt.desk import Desk
from app.qt.panels.style_form import StyleForm
from layers.kinds.base import Features, Layer
from layers.style import TUNNELS

#: Kinds of layers that can be drawn as they are built, and what else can be said of them.
BUILT: dict[str, tuple[str, ...]] = {
    "roads": ("lamps", "tunnels", "left-hand"), "rail": ("tunnels",), "water": (),
    "greenery": (), "trees": (),
}  # fmt: skip


class BuiltEditor(StyleForm):
    """Switches a layer between the look of a map and that of what is built.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "built-editor")
        self._built = QCheckBox()
        self._built.setObjectName("style-built")
        desk.texts.bind(self._built, "setText", "style-built-on")
        desk.texts.bind(self._built, "setToolTip", "style-built-tip")
        self._built.clicked.connect(lambda on: self._set(built=on))
        self._add("built", self._built)
        self._lamps = self._metres("lamps", 200.0, 5.0, "style-lamps-none")
        self._lamps.valueChanged.connect(lambda metres: self._set(lamps=metres))
        self._left = QCheckBox()
        self._left.setObjectName("style-left-hand")
        desk.texts.bind(self._left, "setText", "style-left-hand-on")
        self._left.clicked.connect(lambda on: self._set(left_hand=on))
        self._add("left-hand", self._left)
        self._tunnels = self._combo("tunnels")
        self._tunnels.activated.connect(lambda at: self._set(tunnels=TUNNELS[at]))
        self.retell()

    def show_layer(self, layer: Layer | None) -> None:
        """Show how a layer is built; hidden where there is nothing to say."""
        fits = layer is not None and layer.kind in BUILT and isinstance(layer.data, Features)
        self._layer = layer if fits else None
        self.setVisible(self._layer is not None)
        if self._layer is None:
            return
        style = self._layer.style
        self._reveal({"built", *(BUILT[self._layer.kind] if style.built else ())})
        self._built.setChecked(style.built)
        self._left.setChecked(style.left_hand)
        with QSignalBlocker(self._lamps):
            self._lamps.setValue(style.lamps)
        self._tunnels.setCurrentIndex(TUNNELS.index(style.tunnels))

    def retell(self) -> None:
        """Follow another language."""
        self._name_choices(self._tunnels, [f"style-tunnels-{how}" for how in TUNNELS])
        self.show_layer(self._layer)
