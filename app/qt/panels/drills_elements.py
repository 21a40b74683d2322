"""What a step or an inject puts into the picture: symbols, zones, ways, words, views, states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QGridLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from app.qt.drawing import What, ask_in_picture
from app.qt.drilling import Drilling
from app.qt.panels.drills_fields import Field, FieldForm
from layers.drills.plan import ELEMENTS, Coords, Element
from layers.edits import save_view
from layers.kinds.emergency import STATES
from layers.viewpoint import View

DRAWN: dict[str, What] = {"symbol": "spot", "zone": "area", "route": "line", "line": "line"}
ROWS: dict[str, tuple[str, ...]] = {
    "symbol": ("symbol", "text", "stays"),
    "zone": ("text", "symbol", "colour", "grow_from", "grow_to", "stays"),
    "route": ("unit", "colour", "stays"),
    "line": ("text", "symbol", "colour", "stays"),
    "message": ("text", "stays"),
    "camera": ("view", "glide"),
    "state": ("unit", "state"),
}
FIELDS = (
    Field("symbol", "symbol"), Field("text"), Field("unit", "choice"), Field("state", "choice"),
    Field("view", "choice"), Field("colour", "colour"),
    Field("grow_from", "number", 0.0, 20.0, 0.1, 2), Field("grow_to", "number", 0.0, 20.0, 0.1, 2),
    Field("glide", "number", 0.0, 3600.0, 5.0, unit="s"), Field("stays", "check"),
)  # fmt: skip
HIGH = 84  # points of the list


class ElementsEditor(QWidget):
    """The elements of a step or an inject: added, drawn, changed, taken away.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.
    name : str
        Begins the names of the widgets.
    suggested : callable
        Gives the unit that a new route or state is for ("" for none), and words of a new element.

    Signals
    -------
    changed : (tuple of Element,)
        The elements as they shall be.
    """

    changed = Signal(object)

    def __init__(
        self, drilling: Drilling, name: str, suggested: Callable[[], tuple[str, str]]
    ) -> None:
        super().__init__()
        self._drilling, self._desk, self._suggested = drilling, drilling.desk, suggested
        self._elements: tuple[Element, ...] = ()
        self._owner = ""
        self._list = QListWidget()
        self._list.setObjectName(f"{name}-elements")
        self._list.setFixedHeight(HIGH)
        self._form = FieldForm(self._desk, "drills-part", FIELDS)
        self._redraw = self._button(f"{name}-redraw", "drills-part-redraw", self.redraw)
        self._drop = self._button(f"{name}-drop", "drills-step-drop", self.drop)
        box, kinds = QVBoxLayout(self), QGridLayout()
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        kinds.setSpacing(4)
        for at, kind in enumerate(ELEMENTS):
            button = self._button(
                f"{name}-{kind}", f"drills-element-{kind}", partial(self.add, kind)
            )
            kinds.addWidget(button, at // 4, at % 4)
        box.addWidget(self._list)
        box.addLayout(kinds)
        box.addWidget(self._form)
        below = QGridLayout()
        below.addWidget(self._redraw, 0, 0)
        below.addWidget(self._drop, 0, 1)
        box.addLayout(below)
        self._list.currentRowChanged.connect(lambda _at: self._fill_form())
        self._form.given.connect(self._take)
        self._desk.texts.follow(lambda: self.show_elements(self._elements, self._owner))

    def _button(self, name: str, key: str, does: Callable[[], object]) -> QPushButton:
        button = QPushButton()
        button.setObjectName(name)
        self._desk.texts.bind(button, "setText", key)
        button.clicked.connect(lambda _on=False: does())
        return button

    # Showing ---------------------------------------------------------------------------------

    def show_elements(self, elements: tuple[Element, ...], owner: str) -> None:
        """Show the elements of a step or inject; the chosen one stays, of new ones the last is."""
        at = self._list.currentRow() if owner == self._owner else 0
        if len(elements) > len(self._elements) and owner == self._owner:
            at = len(elements) - 1
        self._elements, self._owner = elements, owner
        plan, t = self._drilling.plan, self._desk.texts.t
        names = {} if plan is None else {unit.id: unit.name for unit in plan.units}
        with QSignalBlocker(self._list):
            self._list.clear()
            for element in elements:
                said = [element.text, names.get(element.unit, element.unit)]
                if element.kind == "state":
                    said = [said[1], t(f"resource-state-{element.text}")]
                words = "  ".join(one for one in said if one) or element.symbol
                kind = element.kind
                told = t(f"drills-element-{kind}") if kind in ELEMENTS else kind
                self._list.addItem(f"{told}  {words}")
            self._list.setCurrentRow(min(at, len(elements) - 1))
        self._fill_form()

    @property
    def _chosen(self) -> int:
        at = self._list.currentRow()
        return at if 0 <= at < len(self._elements) else -1

    def _fill_form(self) -> None:
        plan, at, t = self._drilling.plan, self._chosen, self._desk.texts.t
        element = self._elements[at] if at >= 0 else None
        kind = "" if element is None else element.kind
        self._form.setVisible(kind in ROWS)
        self._redraw.setVisible(kind in DRAWN)
        self._drop.setVisible(element is not None)
        if plan is None or element is None:
            return
        self._form.show_rows(ROWS.get(kind, ()))
        self._form.show_values({
            "symbol": element.symbol, "text": element.text, "unit": element.unit,
            "state": element.text, "view": element.text, "colour": element.colour,
            "grow_from": element.grow_from, "grow_to": element.grow_to, "stays": element.stays,
            "glide": element.glide,
        })  # fmt: skip
        self._form.offer("unit", [(unit.id, unit.name) for unit in plan.units])
        self._form.offer("state", [(state, t(f"resource-state-{state}")) for state in STATES])
        views = [(view.name, view.name) for view in self._desk.project.views]
        self._form.offer("view", [*views, ("", t("drills-part-this-view"))])

    # Changing --------------------------------------------------------------------------------

    def add(self, kind: str) -> None:
        """Add an element; one that has a place is drawn in the picture."""
        unit, words = self._suggested()
        plan = self._drilling.plan
        if kind in ("route", "state") and not unit:
            units = () if plan is None else plan.units
            if not units:
                self._desk.tell("warning", "drills-route-needs-unit")
                return
            unit = units[0].id
        made = {
            "symbol": Element(kind, text=words),
            "zone": Element(kind, text=""),
            "route": Element(kind, unit=unit),
            "line": Element(kind),
            "message": Element(kind, text=words),
            "camera": Element(kind),
            "state": Element(kind, unit=unit, text="committed"),
        }[kind]
        if kind == "camera":
            made = replace(made, text=self._keep_view())
        if kind in DRAWN:
            owner = self._owner
            ask_in_picture(self._desk, DRAWN[kind], lambda hit: self._put(owner, made, hit))
        else:
            self.changed.emit((*self._elements, made))

    def redraw(self) -> None:
        """Let the chosen element be drawn anew."""
        at = self._chosen
        if at >= 0:
            what = DRAWN[self._elements[at].kind]
            owner = self._owner
            ask_in_picture(self._desk, what, lambda hit: self._put_again(owner, at, hit))

    def drop(self) -> None:
        """Take the chosen element away."""
        at = self._chosen
        if at >= 0:
            self.changed.emit((*self._elements[:at], *self._elements[at + 1 :]))

    def _put(self, owner: str, element: Element, drawn: Any) -> None:
        if owner == self._owner:  # else another step was chosen while it was drawn
            made = replace(element, coords=corners_of(drawn))
            self.changed.emit((*self._elements, made))

    def _put_again(self, owner: str, at: int, drawn: Any) -> None:
        if owner == self._owner and at < len(self._elements):
            self._swap(at, replace(self._elements[at], coords=corners_of(drawn)))

    def _swap(self, at: int, element: Element) -> None:
        self.changed.emit((*self._elements[:at], element, *self._elements[at + 1 :]))

    def _take(self, key: str, value: object) -> None:
        at = self._chosen
        if at < 0:
            return
        if key == "view" and not value:
            value = self._keep_view()
        name = "text" if key in ("view", "state") else key
        changes: dict[str, Any] = {name: value}
        self._swap(at, replace(self._elements[at], **changes))

    def _keep_view(self) -> str:
        """Keep what the picture shows as a view; gives its name."""
        viewport, project = self._desk.viewport, self._desk.project
        words = self._suggested()[1] or self._desk.texts.t("drills-element-camera")
        names = {view.name for view in project.views}
        name, number = words, 2
        while name in names:
            name, number = f"{words} {number}", number + 1
        view = View(name, viewport.viewpoint, viewport.hidden_layers(), viewport.moment,
                    look=viewport.look, cut=viewport.cut,
                    underground=viewport.underground, explode=viewport.explode)  # fmt: skip
        return name if self._desk.run(save_view(project, view)) else ""


def corners_of(drawn: Any) -> Coords:
    """Give a hit or corners, as the picture gives them, as places of a plan."""
    points = [drawn.point] if hasattr(drawn, "point") else drawn
    return tuple((round(float(p[0]), 3), round(float(p[1]), 3)) for p in points)
