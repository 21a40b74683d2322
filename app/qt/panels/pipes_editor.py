"""How the chosen layer of pipes is drawn: bodies or symbols, codes, flow, error, classes."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from app.qt.desk import Desk
from app.qt.panels.style_form import StyleForm
from layers.kinds.base import Layer
from layers.kinds.pipes import Pipes
from layers.pipes.classes import CLASS_KEYS, CLASSES
from layers.pipes.looks import PALETTES, class_colours
from layers.style import PIPE_MODES

SWITCHES = ("codes", "arrows", "errors")


class PipesEditor(StyleForm):
    """Says how pipes are drawn.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "pipes-editor")
        self._mode = self._combo("pipe-mode")
        self._mode.activated.connect(lambda at: self._set(pipe_mode=PIPE_MODES[at]))
        self._palette = self._combo("pipe-palette")
        self._palette.activated.connect(self._palette_picked)
        self._switches: dict[str, QCheckBox] = {}
        for name in SWITCHES:
            box = QCheckBox()
            box.setObjectName(f"style-pipe-{name}")
            desk.texts.bind(box, "setText", f"style-pipe-{name}-on")
            box.clicked.connect(lambda on, name=name: self._set(**{f"pipe_{name}": on}))
            self._add(f"pipe-{name}", box)
            self._switches[name] = box
        self._classes: dict[str, QCheckBox] = {}
        self._add("pipe-hidden", self._make_classes())
        self.retell()

    def _make_classes(self) -> QWidget:
        """Make a box with a mark for each class."""
        area = QWidget()
        area.setObjectName("style-pipe-hidden")
        grid = QGridLayout(area)
        grid.setContentsMargins(0, 0, 0, 0)
        for at, item in enumerate(CLASSES):
            box = QCheckBox(item.code)
            box.setObjectName(f"style-pipe-class-{item.key}")
            box.clicked.connect(lambda _on: self._classes_clicked())
            grid.addWidget(box, at // 4, at % 4)
            self._classes[item.key] = box
        return area

    def show_layer(self, layer: Layer | None) -> None:
        """Show how pipes are drawn; hidden for other layers."""
        data = None if layer is None else layer.data
        self._layer = layer if isinstance(data, Pipes) else None
        self.setVisible(self._layer is not None)
        if self._layer is None or not isinstance(data, Pipes):
            return
        style = self._layer.style
        self._mode.setCurrentIndex(PIPE_MODES.index(style.pipe_mode))
        own = [name for name in PALETTES if class_colours(name) == style.colouring]
        self._palette.setCurrentIndex(PALETTES.index(own[0]) if own else len(PALETTES))
        for name, box in self._switches.items():
            box.setChecked(getattr(style, f"pipe_{name}"))
        used = {CLASS_KEYS[code] for code in data.line_class.tolist()}
        for key, box in self._classes.items():
            box.setChecked(key not in style.pipe_hidden)
            box.setEnabled(key in used)
        true = style.pipe_mode == "true"
        shown = {"pipe-mode", "pipe-palette", "pipe-codes", "pipe-hidden"}
        self._reveal(shown | ({"pipe-arrows", "pipe-errors"} if true else set()))

    def retell(self) -> None:
        """Follow another language."""
        t = self._desk.texts.t
        for combo, key, words in (
            (self._mode, "style-pipe-mode", PIPE_MODES),
            (self._palette, "style-pipe-palette", (*PALETTES, "own")),
        ):
            self._name_choices(combo, [f"{key}-{word}" for word in words])
        for key, box in self._classes.items():
            box.setToolTip(t(f"pipe-class-{key}"))
        self.show_layer(self._layer)

    def _palette_picked(self, at: int) -> None:
        if at < len(PALETTES):
            self._set(colouring=class_colours(PALETTES[at]))
        else:
            self.show_layer(self._layer)

    def _classes_clicked(self) -> None:
        hidden = tuple(key for key, box in self._classes.items() if not box.isChecked())
        self._set(pipe_hidden=hidden)
