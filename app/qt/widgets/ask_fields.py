"""Fields for the parameters of analyses: numbers, choices, layers, rule packs, drawn shapes."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QSpinBox,
    QToolButton,
    QWidget,
)

from app.arguments import parse_points
from app.qt.desk import Desk
from app.qt.drawing import What as Drawn
from app.qt.drawing import ask_in_picture
from app.rules import packs
from app.wording import UNITS, dashed
from layers.analyses.base import Ask
from layers.analyses.edits import answers_of
from layers.drills.response import zones_of
from layers.kinds.base import Features, Layer
from layers.kinds.emergency import Emergency
from layers.shapes import POLYGON

MOST = 1e9
ROWS = 5  # layers seen at once
WINDS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")  # each 45 degrees further, clockwise


class AskField(QWidget):
    """One parameter.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    name : str
        Object name.
    how : Ask
        How it is asked for.
    """

    def __init__(self, desk: Desk, name: str, how: Ask) -> None:
        super().__init__()
        self.setObjectName(f"{name}-field")
        self.desk, self.how = desk, how
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)
        self.make(name)

    def make(self, name: str) -> None:
        """Make the parts."""
        raise NotImplementedError

    def put(self, value: Any) -> None:
        """Show a value."""
        raise NotImplementedError

    def take(self) -> Any:
        """Give the value."""
        raise NotImplementedError

    def follow(self, value_of: Callable[[str], Any]) -> None:
        """Learn where the values of other fields come from."""

    def add(self, part: QWidget) -> None:
        """Put the main part in, and let the caption's key lead to it; usual values behind it."""
        self._box.addWidget(part, 1)
        self.setFocusProxy(part)
        if self.how.usual:
            self._box.addWidget(self._usual_button(part.objectName()))

    def _usual_button(self, name: str) -> QToolButton:
        """Make a button that offers usual values with their words."""
        button, menu, t = QToolButton(), QMenu(self), self.desk.texts.t
        button.setObjectName(f"{name}-usual")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.desk.texts.bind(button, "setText", "ask-usual")
        self.desk.texts.bind(button, "setToolTip", "ask-usual.tip")
        self.desk.texts.bind(button, "setAccessibleName", "ask-usual.tip")
        menu.setObjectName(f"{name}-usual-menu")
        for key, value in self.how.usual:
            figure = f"{value:g}" if isinstance(value, int | float) else str(value)
            action = menu.addAction(f"{figure}   {t(f'usual-{dashed(key)}')}")
            action.setObjectName(f"usual-{dashed(key)}")
            action.triggered.connect(_plain(partial(self.put, value)))
        button.setMenu(menu)
        return button


class NumberAsked(AskField):
    """A number with its unit."""

    def make(self, name: str) -> None:
        """Make a spin box."""
        self._spin = QDoubleSpinBox()
        self._spin.setObjectName(name)
        self._spin.setDecimals(self.how.decimals)
        low, high = self.how.low, self.how.high
        self._spin.setRange(-MOST if math.isinf(low) else low, MOST if math.isinf(high) else high)
        sign = UNITS.get(self.how.unit, (self.how.unit, 1.0, 2))[0]
        self._spin.setSuffix(f" {sign}" if sign else "")
        self._spin.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.add(self._spin)

    def put(self, value: Any) -> None:
        """Show a number."""
        self._spin.setValue(float(value))

    def take(self) -> float:
        """Give the number."""
        return self._spin.value()


class CountAsked(AskField):
    """A whole number."""

    def make(self, name: str) -> None:
        """Make a spin box."""
        self._spin = QSpinBox()
        self._spin.setObjectName(name)
        low = -(2**31) if math.isinf(self.how.low) else int(self.how.low)
        self._spin.setRange(low, 2**31 - 1 if math.isinf(self.how.high) else int(self.how.high))
        self._spin.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.add(self._spin)

    def put(self, value: Any) -> None:
        """Show a number."""
        self._spin.setValue(int(value))

    def take(self) -> int:
        """Give the number."""
        return self._spin.value()


class FlagAsked(AskField):
    """Yes or no."""

    def make(self, name: str) -> None:
        """Make a check box."""
        self._check = QCheckBox()
        self._check.setObjectName(name)
        self.add(self._check)

    def put(self, value: Any) -> None:
        """Show it."""
        self._check.setChecked(bool(value))

    def take(self) -> bool:
        """Give it."""
        return self._check.isChecked()


class BearingAsked(AskField):
    """A direction: one of eight in words, or degrees."""

    def make(self, name: str) -> None:
        """Make a list of directions and a spin box, each follows the other."""
        self._named, self._spin = QComboBox(), QDoubleSpinBox()
        self._named.setObjectName(f"{name}-named")
        self.desk.texts.bind(self._named, "setAccessibleName", "ask-bearing-named")
        for at, key in enumerate(WINDS):
            self._named.addItem(self.desk.texts.t(f"bearing-{key}"), 45.0 * at)
        self._named.addItem(self.desk.texts.t("bearing-other"), None)
        self._spin.setObjectName(name)
        self._spin.setRange(0.0, 360.0)
        self._spin.setDecimals(0)
        self._spin.setSuffix("°")
        self._spin.setWrapping(True)
        self._spin.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._named.activated.connect(self._named_one)
        self._spin.valueChanged.connect(self._name)
        self._box.addWidget(self._named, 1)
        self.add(self._spin)
        self.setFocusProxy(self._named)

    def _named_one(self, _at: int) -> None:
        if self._named.currentData() is not None:
            self._spin.setValue(float(self._named.currentData()))

    def _name(self, degrees: float) -> None:
        at = self._named.findData(degrees % 360.0)
        self._named.setCurrentIndex(at if at >= 0 else self._named.count() - 1)

    def put(self, value: Any) -> None:
        """Show a direction."""
        whole = float(value) == round(float(value))
        self._spin.setDecimals(0 if whole else 1)
        self._spin.setValue(float(value))
        self._name(self._spin.value())

    def take(self) -> float:
        """Give degrees clockwise from north."""
        return self._spin.value()


class TextAsked(AskField):
    """A text; of moments and dates with a hint how to write them."""

    def make(self, name: str) -> None:
        """Make a line."""
        self._line = QLineEdit()
        self._line.setObjectName(name)
        hint = {"moment": self.desk.project.info.moment, "date": "2026-01-20"}.get(self.how.what)
        self._line.setPlaceholderText(hint or "")
        self.add(self._line)

    def put(self, value: Any) -> None:
        """Show a text; of several values with commas between them."""
        several = isinstance(value, list | tuple)
        self._line.setText(", ".join(str(v) for v in value) if several else str(value))

    def take(self) -> str:
        """Give the text."""
        return self._line.text().strip()


class ChosenAsked(AskField):
    """One of several: a choice, a layer, a rule pack, a scheme, an attribute, zones."""

    def make(self, name: str) -> None:
        """Make a list to choose from."""
        self._combo = QComboBox()
        self._combo.setObjectName(name)
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self._combo.setSizeAdjustPolicy(policy)
        self._combo.setMinimumContentsLength(12)
        for data, text in self._entries():
            self._combo.addItem(text, data)
        if self.how.what == "field":
            self._combo.setEditable(True)
        self.add(self._combo)

    def _entries(self) -> list[tuple[str, str]]:
        t, what = self.desk.texts.t, self.how.what
        if what == "choice":
            return [(key, self._choice(key)) for key in self.how.choices]
        if what == "layer":
            fitting = [(layer.id, layer.name) for layer in fitting_layers(self.desk, self.how)]
            nothing = [("", t("ask-nothing"))] if self.how.optional and len(fitting) != 1 else []
            return nothing + fitting
        if what == "pack":
            shown = [(pack.id, f"{pack.standard} {pack.id}".strip()) for pack in packs()]
            return [("", t("ask-all-packs")), *shown]
        if what == "zones":
            kept = [one for one in answers_of(self.desk.project).items if len(zones_of(one))]
            return [("", t("ask-nothing")), *((one.name, one.name) for one in kept)]
        if what == "scheme":
            names = [(scheme.name, scheme.name) for scheme in self.desk.project.schemes.items]
            return [("", t("analysis-scheme-shown")), *names]
        return [("", "")]

    def _choice(self, key: str) -> str:
        """Give the words for a choice; ``choice-FIELD-KEY`` goes before ``choice-KEY``."""
        t, field = self.desk.texts.t, self._combo.objectName().removeprefix("ask-")
        own = f"choice-{field}-{dashed(key)}"
        return t(own) if t(own) != own else t(f"choice-{dashed(key)}")

    def follow(self, value_of: Callable[[str], Any]) -> None:
        """Offer the attributes of the layer that another field names."""
        if self.how.what != "field":
            return
        wanted = str(value_of(self.how.of))
        for layer in self.desk.project.layers:
            if wanted in (layer.id, layer.name) and isinstance(layer.data, Features):
                for name in layer.data.attributes.column_names:
                    self._combo.addItem(name, name)

    def put(self, value: Any) -> None:
        """Choose it; a layer also by its name."""
        at = self._combo.findData(value)
        at = self._combo.findText(str(value)) if at < 0 else at
        if at >= 0:
            self._combo.setCurrentIndex(at)
        elif self._combo.isEditable():
            self._combo.setEditText(str(value))

    def take(self) -> str:
        """Give its key or id."""
        if self._combo.isEditable():
            return self._combo.currentText().strip()
        return str(self._combo.currentData() or "")


class HazardAsked(AskField):
    """A hazard source of the project, with its sort and substance, or none.

    Signals
    -------
    chosen
        One was chosen: its name or number.
    """

    chosen = Signal(str)

    def make(self, name: str) -> None:
        """Make a list of the sources there are."""
        t, combo = self.desk.texts.t, QComboBox()
        self._combo, self.substances = combo, dict[str, str]()
        combo.setObjectName(name)
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        combo.setSizeAdjustPolicy(policy)
        combo.setMinimumContentsLength(12)
        combo.addItem(t("ask-hazard-none"), "")
        for layer in self.desk.project.of_kind("hazards"):
            if not isinstance(layer.data, Features):
                continue
            said = Emergency.of(layer.data, "hazards", layer.name)
            for row, called in enumerate(said.name):
                key = str(called) or str(said.ids[row])
                more = str(said.substance[row]) or t(f"sort-{said.sort[row]}")
                combo.addItem(f"{key} ({more})", key)
                self.substances[key] = str(said.substance[row])
        combo.currentIndexChanged.connect(lambda _at: self.chosen.emit(self.take()))
        self.add(combo)

    def put(self, value: Any) -> None:
        """Choose one by name or number."""
        at = self._combo.findData(str(value))
        if at < 0:
            self._combo.addItem(str(value), str(value))
            at = self._combo.count() - 1
        self._combo.setCurrentIndex(at)

    def take(self) -> str:
        """Give its name or number, "" for none."""
        return str(self._combo.currentData() or "")


class LayersAsked(AskField):
    """Some layers; all ticked stands for all that fit."""

    def make(self, name: str) -> None:
        """Make a list with ticks."""
        self._list = QListWidget()
        self._list.setObjectName(name)
        for layer in fitting_layers(self.desk, self.how):
            entry = QListWidgetItem(layer.name)
            entry.setData(Qt.ItemDataRole.UserRole, layer.id)
            entry.setFlags(entry.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            entry.setCheckState(Qt.CheckState.Checked)
            self._list.addItem(entry)
        rows = max(min(self._list.count(), ROWS), 1)
        self._list.setFixedHeight(rows * (self.fontMetrics().height() + 10) + 6)
        self.add(self._list)

    def _items(self) -> list[QListWidgetItem]:
        return [self._list.item(row) for row in range(self._list.count())]

    def put(self, value: Any) -> None:
        """Tick these layers, by id or name; none given ticks the visible ones."""
        wanted = set(value)
        for entry in self._items():
            layer_id = entry.data(Qt.ItemDataRole.UserRole)
            on = layer_id in wanted or entry.text() in wanted
            if not wanted:
                on = self.desk.project.layer(layer_id).visible
            entry.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def take(self) -> list[str]:
        """Give the ids of the ticked layers."""
        ticked = Qt.CheckState.Checked
        return [
            str(entry.data(Qt.ItemDataRole.UserRole))
            for entry in self._items()
            if entry.checkState() == ticked
        ]


class DrawnAsked(AskField):
    """A place, a line or an area: drawn in the picture, taken from the selection, or typed."""

    def make(self, name: str) -> None:
        """Make a line for coordinates and two buttons."""
        self._line = QLineEdit()
        self._line.setObjectName(name)
        self.desk.texts.bind(self._line, "setPlaceholderText", f"ask-shape-{self.how.what}")
        self.add(self._line)
        for key, icon, does in (
            ("draw", "edit", self._draw),
            ("selected", "select", self._from_selection),
        ):
            button = QToolButton()
            button.setObjectName(f"{name}-{key}")
            self.desk.theme.set_icon(button, icon)
            self.desk.texts.bind(button, "setToolTip", f"ask-shape-{key}")
            self.desk.texts.bind(button, "setAccessibleName", f"ask-shape-{key}")
            button.clicked.connect(_plain(does))
            self._box.addWidget(button)

    def _draw(self) -> None:
        ways: dict[str, Drawn] = {"point": "spot", "points": "line", "line": "line", "area": "area"}
        way = ways[self.how.what]
        if way == "spot":
            ask_in_picture(self.desk, way, lambda hit: self.put(hit.point))
        else:
            ask_in_picture(self.desk, way, self._drawn)

    def _drawn(self, points: Any) -> None:
        array = np.asarray(points, dtype=np.float64)
        self.put(array[:, :2] if self.how.what == "area" else array)

    def _from_selection(self) -> None:
        found = selected_coords(self.desk, self.how.what)
        if found is None:
            self.desk.tell("info", "ask-shape-none-selected")
        else:
            self.put(found)

    def put(self, value: Any) -> None:
        """Show coordinates."""
        rows = np.asarray(value, dtype=np.float64)
        rows = rows.reshape(1, -1) if rows.ndim == 1 and rows.size else rows
        texts = [",".join(f"{v:.3f}" for v in row if math.isfinite(v)) for row in rows]
        self._line.setText(" ".join(texts))
        self._line.setCursorPosition(0)

    def take(self) -> list[Any]:
        """Give coordinates.

        Raises
        ------
        CityError
            ``argument.point`` and the like where the text holds no points.
        """
        text = self._line.text().strip()
        if not text:
            return []
        least = {"line": 2, "area": 3}.get(self.how.what, 1)
        points = parse_points(text, least=least)
        return list(points[0]) if self.how.what == "point" else [list(point) for point in points]


FIELD_FOR: dict[str, type[AskField]] = {
    "number": NumberAsked,
    "count": CountAsked,
    "bearing": BearingAsked,
    "hazard": HazardAsked,
    "flag": FlagAsked,
    "text": TextAsked,
    "texts": TextAsked,
    "moment": TextAsked,
    "date": TextAsked,
    "choice": ChosenAsked,
    "layer": ChosenAsked,
    "pack": ChosenAsked,
    "scheme": ChosenAsked,
    "zones": ChosenAsked,
    "field": ChosenAsked,
    "layers": LayersAsked,
    "point": DrawnAsked,
    "points": DrawnAsked,
    "line": DrawnAsked,
    "area": DrawnAsked,
}


def fitting_layers(desk: Desk, how: Ask) -> list[Layer]:
    """Give the layers that a parameter can name, top first."""
    return [
        layer
        for layer in reversed(desk.project.layers)
        if (layer.kind in how.kinds if how.kinds else isinstance(layer.data, Features))
    ]


def selected_coords(desk: Desk, what: str) -> Any | None:
    """Give coordinates of what is selected: middles, the line, or the outer ring of an area."""
    for layer_id, ids in desk.session.selection.items():
        data = desk.project.layer(layer_id).data
        if not isinstance(data, Features):
            continue
        shapes = data.shapes.take(data.index_of(ids))
        if what == "points":
            return shapes.centres()
        if what == "point":
            return shapes.centres()[0]
        if what == "line" and len(shapes.coords) > 1:
            return shapes.coords[: shapes.first_coord[1]]
        if what == "area" and shapes.kind[0] == POLYGON:
            return shapes.coords[: shapes.ring_start[1]]
    return None


def _plain(does: Callable[[], object]) -> Callable[[bool], None]:
    def call(_checked: bool = False) -> None:
        does()

    return call
