"""Lists of a plan with a form each: objectives, phases, roles, units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.qt.drawing import ask_in_picture
from app.qt.drilling import Drilling
from app.qt.panels.drills_fields import Field, FieldForm
from layers.drills.parts import LETTER, Item, Part, items_of, moved_item, with_item, without_item
from layers.drills.plan import Objective, Phase, Plan, Role, Unit
from layers.history import Label

ID = Qt.ItemDataRole.UserRole
HIGH = 34  # points of buttons
UNIT_KINDS = ("vehicle", "team", "person", "drone", "supply")
FIELDS: dict[Part, tuple[Field, ...]] = {
    "objectives": (Field("text", "text"), Field("weight", "number", 0.0, 100.0, 0.5, 1)),
    "phases": (Field("name"),),
    "roles": (
        Field("name"), Field("organisation"), Field("contact"), Field("colour", "colour"),
    ),
    "units": (
        Field("name"), Field("role", "choice"), Field("kind", "choice"),
        Field("count", "number", 1, 10_000), Field("symbol", "symbol"), Field("place", "place"),
        Field("source", "choice"),
        Field("speed_kmh", "number", 0.0, 900.0, 5.0, unit=" km/h", digits=1),
        Field("width_m", "number", 0.0, 20.0, 0.1, 2, " m"),
        Field("height_m", "number", 0.0, 20.0, 0.1, 2, " m"),
        Field("weight_t", "number", 0.0, 500.0, 1.0, 1, " t"),
    ),
}  # fmt: skip


class ItemsPage(QWidget):
    """One list of the plan at hand, and the form of the item that is chosen.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.
    part : str
        Which list.
    fields : sequence of Field or None
        Of the form; None takes those of `FIELDS`.
    """

    def __init__(
        self, drilling: Drilling, part: Part, fields: Sequence[Field] | None = None
    ) -> None:
        super().__init__()
        self.setObjectName(f"drills-{part}")
        self._drilling, self._desk, self.part = drilling, drilling.desk, part
        self._list = QListWidget()
        self._list.setObjectName(f"drills-{part}-list")
        self._list.setMinimumHeight(86)
        self._desk.texts.bind(self._list, "setAccessibleName", f"drills-section-{part}")
        self.form = FieldForm(
            self._desk, f"drills-{part}", FIELDS[part] if fields is None else fields
        )
        self._empty = QLabel()
        self._empty.setObjectName(f"drills-{part}-empty")
        self._empty.setProperty("role", "dim")
        self._empty.setWordWrap(True)
        self._desk.texts.bind(self._empty, "setText", f"drills-{part}-empty")
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(4)
        does: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("add", "add", self.add), ("up", "up", lambda: self.shift(-1)),
            ("down", "down", lambda: self.shift(1)), ("remove", "remove", self.remove),
        )  # fmt: skip
        self._buttons: dict[str, QPushButton] = {}
        for key, picture, what in does:
            button = QPushButton()
            button.setObjectName(f"drills-{part}-{key}")
            button.setMinimumHeight(HIGH)
            self._desk.theme.set_icon(button, picture)
            if key == "add":
                self._desk.texts.bind(button, "setText", f"drills-{part}-add")
            else:
                button.setFixedWidth(40)
                self._desk.texts.bind(button, "setToolTip", f"drills-items-{key}")
                self._desk.texts.bind(button, "setAccessibleName", f"drills-items-{key}")
            button.clicked.connect(lambda _on=False, what=what: what())
            row.addWidget(button, 1 if key == "add" else 0)
            self._buttons[key] = button
        self.box.addLayout(row)
        self.box.addWidget(self._list)
        self.box.addWidget(self._empty)
        self.box.addWidget(self.form)
        self._list.currentItemChanged.connect(lambda *_: self.fill_form())
        self.form.given.connect(self.take)
        drilling.changed.connect(self.fill)
        self._desk.texts.follow(self.fill)

    # Showing ---------------------------------------------------------------------------------

    @property
    def item(self) -> Any:
        """The item that is chosen, None for none."""
        plan, row = self._drilling.plan, self._list.currentItem()
        if plan is None or row is None:
            return None
        return next((i for i in items_of(plan, self.part) if i.id == row.data(ID)), None)

    def choose(self, item_id: str) -> None:
        """Choose an item."""
        for at in range(self._list.count()):
            if self._list.item(at).data(ID) == item_id:
                self._list.setCurrentRow(at)

    def fill(self) -> None:
        """Show the items of the plan at hand."""
        plan, before = self._drilling.plan, self._list.currentItem()
        chosen = "" if before is None else before.data(ID)
        items = () if plan is None else items_of(plan, self.part)
        with QSignalBlocker(self._list):
            self._list.clear()
            for item in items:
                row = QListWidgetItem(self.told(item))
                row.setData(ID, item.id)
                self._list.addItem(row)
                if item.id == chosen:
                    self._list.setCurrentItem(row)
            if items and self._list.currentRow() < 0:
                self._list.setCurrentRow(0)
        self._list.setVisible(bool(items))
        self._empty.setVisible(not items)
        self._buttons["add"].setEnabled(plan is not None)
        self.fill_form()

    def told(self, item: Any) -> str:
        """Give the line of an item in the list."""
        name = str(getattr(item, "name", "") or getattr(item, "text", "") or "")
        if self.part == "units" and item.count > 1:
            name = f"{name} × {item.count}"
        if self.part == "roles" and item.organisation:
            name = f"{name}  ({item.organisation})"
        return name.replace("\n", " ")

    def fill_form(self) -> None:
        """Show the chosen item."""
        item, plan, t = self.item, self._drilling.plan, self._desk.texts.t
        self.form.setVisible(item is not None)
        for key in ("up", "down", "remove"):
            self._buttons[key].setEnabled(item is not None)
        if item is None or plan is None:
            return
        values = {field: getattr(item, field) for field in item.__dataclass_fields__}
        if isinstance(item, Unit):
            values["source"] = f"{item.layer}:{item.object}" if item.layer else ""
        self.form.show_values(values)
        if "role" in values:
            roles = [(role.id, role.name) for role in plan.roles]
            self.form.offer("role", [("", t("drills-nobody")), *roles])
        if isinstance(item, Unit):
            self.form.offer("kind", [(one, t(f"drills-unit-{one}")) for one in UNIT_KINDS])
            self.form.offer("source", [("", t("drills-units-no-source")), *self._sources()])

    def _sources(self) -> list[tuple[str, str]]:
        """Give the resources of the project that a unit can be."""
        from layers.kinds.emergency import Emergency

        rows = []
        for layer in self._desk.project.of_kind("resources"):
            told = Emergency.of(layer.features)
            rows += [
                (f"{layer.id}:{number}", name or f"{layer.name} {number}")
                for number, name in zip(told.ids, told.name, strict=True)
            ]
        return sorted(rows, key=lambda row: row[1])

    # Changing --------------------------------------------------------------------------------

    def keep(self, plan: Plan, name: str) -> bool:
        """Keep another state of the plan as one step that can be undone."""
        return self._drilling.keep(plan, Label("edit-change-plan-part", {"name": name}))

    def add(self) -> None:
        """Add an item and let its first field be typed."""
        plan = self._drilling.plan
        if plan is None:
            return
        item = self.made(plan)
        if self.keep(with_item(plan, self.part, item), self.told(item)):
            self.choose(item.id)
            field = self.form.widget("text" if self.part == "objectives" else self.first)
            field.setFocus()
            if hasattr(field, "selectAll"):
                field.selectAll()

    first = "name"

    def made(self, plan: Plan) -> Item:
        """Make a new item."""
        number = plan.new_id(LETTER[self.part])
        name = self._desk.texts.t(
            f"drills-{self.part}-new", number=len(items_of(plan, self.part)) + 1
        )
        if self.part == "objectives":
            return Objective(number, name)
        if self.part == "phases":
            return Phase(number, name)
        if self.part == "roles":
            return Role(number, name)
        return Unit(number, name)

    def remove(self) -> None:
        """Remove the chosen item; steps that name it let go."""
        item, plan = self.item, self._drilling.plan
        if item is not None and plan is not None:
            self.keep(without_item(plan, self.part, item.id), self.told(item))

    def shift(self, places: int) -> None:
        """Move the chosen item in the list."""
        item, plan = self.item, self._drilling.plan
        if item is not None and plan is not None:
            self.keep(moved_item(plan, self.part, item.id, places), self.told(item))

    def take(self, key: str, value: object) -> None:
        """Take the value of a field."""
        item = self.item
        if item is None:
            return
        if key in ("name", "title", "text") and value == "":
            self.fill_form()  # it has a name
        elif value is ...:
            number = item.id
            ask_in_picture(self._desk, "spot", lambda hit: self._put(number, hit))
        elif key == "source":
            layer, _, number = str(value).rpartition(":")
            self.change(replace(item, layer=layer, object=int(number or 0)))
        else:
            changes: dict[str, Any] = {key: value}
            self.change(replace(item, **changes))

    def change(self, item: Any) -> None:
        """Keep another state of an item."""
        plan = self._drilling.plan
        if plan is not None:
            self.keep(with_item(plan, self.part, item), self.told(item))

    def _put(self, number: str, hit: Any) -> None:
        item = self.item
        if item is not None and item.id == number:
            self.change(replace(item, place=(float(hit.point[0]), float(hit.point[1]))))
