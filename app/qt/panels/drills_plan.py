"""The page of the plan itself: facts, objectives, phases, roles, units, injects, chapters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.qt.drawing import ask_in_picture
from app.qt.drilling import Drilling
from app.qt.panels.drills_elements import ElementsEditor, corners_of
from app.qt.panels.drills_fields import Field, FieldForm
from app.qt.panels.drills_items import ItemsPage
from app.qt.widgets.quiet_wheel import QuietWheel
from layers.drills.parts import PARTS, Part, items_of
from layers.drills.plan import GRADES, TYPES, Inject, Plan
from layers.drills.templates import HEADINGS
from layers.history import Label

FACTS = (
    Field("name"), Field("type", "choice"), Field("grade", "choice"), Field("begins", "moment"),
    Field("author"), Field("summary", "text"), Field("seed", "number", 0, 1e6),
)  # fmt: skip
INJECT = (
    Field("title"), Field("words", "text"), Field("response", "text"), Field("role", "choice"),
    Field("place", "place"),
)  # fmt: skip
SECTIONS = ("facts", *PARTS, "chapters")
HIGH = 34  # points of buttons


class FactsPage(QWidget):
    """What the plan is: name, type, grade, place, begin, who wrote it, what has happened.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.
    """

    def __init__(self, drilling: Drilling) -> None:
        super().__init__()
        self._drilling, self._desk = drilling, drilling.desk
        self.form = FieldForm(self._desk, "drills-facts", FACTS)
        self._region = QLabel()
        self._region.setObjectName("drills-facts-region-told")
        self._region.setWordWrap(True)
        box, row = QVBoxLayout(self), QHBoxLayout()
        box.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._region, 1)
        for key, does in (("region", self.draw_region), ("no-region", self.drop_region)):
            button = QPushButton()
            button.setObjectName(f"drills-facts-{key}")
            self._desk.texts.bind(button, "setText", f"drills-facts-{key}")
            button.clicked.connect(lambda _on=False, does=does: does())
            row.addWidget(button)
        box.addWidget(self.form)
        box.addLayout(row)
        box.addStretch(1)
        self.form.given.connect(self._take)
        drilling.changed.connect(self.fill)
        self._desk.texts.follow(self.fill)

    def fill(self) -> None:
        """Show the plan at hand."""
        plan, t = self._drilling.plan, self._desk.texts.t
        self.setEnabled(plan is not None)
        self.form.offer("type", [(one, t(f"drill-type-{one}")) for one in TYPES])
        self.form.offer("grade", [(one, t(f"drill-grade-{one}")) for one in GRADES])
        if plan is None:
            return
        self.form.show_values({field.key: getattr(plan, field.key) for field in FACTS})
        if len(plan.region) > 2:
            self._region.setText(t("drills-facts-region-told", count=len(plan.region)))
        else:
            self._region.setText(t("drills-facts-region-none"))

    def draw_region(self) -> None:
        """Let the area the drill plays in be drawn in the picture."""
        plan = self._drilling.plan
        if plan is not None:
            number = plan.id
            ask_in_picture(self._desk, "area", lambda drawn: self._put(number, drawn))

    def drop_region(self) -> None:
        """Forget the area."""
        self._keep(region=())

    def _put(self, number: int, drawn: Any) -> None:
        plan = self._drilling.plan
        if plan is not None and plan.id == number:
            self._keep(region=corners_of(drawn))

    def _take(self, key: str, value: object) -> None:
        self._keep(**{key: value})

    def _keep(self, **changes: Any) -> None:
        plan = self._drilling.plan
        if plan is not None and not self._drilling.keep(replace(plan, **changes)):
            self.fill()  # a name that is empty or taken is told, and the old one comes back


class InjectsPage(ItemsPage):
    """What may happen at any moment: words, place, what is seen, which streets close."""

    first = "title"

    def __init__(self, drilling: Drilling) -> None:
        super().__init__(drilling, "injects", INJECT)
        self._closes = QLabel()
        self._closes.setObjectName("drills-injects-closes-told")
        self._closes.setWordWrap(True)
        self._more = QWidget()
        box, row = QVBoxLayout(self._more), QHBoxLayout()
        box.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._closes, 1)
        for key, does in (("close-area", self.draw_closed), ("open", self.open_ways)):
            button = QPushButton()
            button.setObjectName(f"drills-injects-{key}")
            self._desk.texts.bind(button, "setText", f"drills-injects-{key}")
            button.clicked.connect(lambda _on=False, does=does: does())
            row.addWidget(button)
        self.elements = ElementsEditor(drilling, "drills-injects", self._suggested)
        self.elements.changed.connect(self._take_elements)
        box.addLayout(row)
        box.addWidget(self.elements)
        self.box.addWidget(self._more)
        self.fill()

    def fill_form(self) -> None:
        """Show the chosen inject."""
        super().fill_form()
        if not hasattr(self, "elements"):
            return
        inject, t = self.item, self._desk.texts.t
        self._more.setVisible(inject is not None)
        if inject is not None:
            closes = "drills-injects-closes" if len(inject.closes) > 1 else "drills-injects-free"
            self._closes.setText(t(closes))
            self.elements.show_elements(inject.elements, inject.id)

    def told(self, item: Any) -> str:
        """Give the line of an inject."""
        return str(item.title)

    def made(self, plan: Plan) -> Inject:
        """Make a new inject."""
        title = self._desk.texts.t("drills-injects-new", number=len(plan.injects) + 1)
        return Inject(plan.new_id("i"), title)

    def draw_closed(self) -> None:
        """Let the area whose streets close be drawn in the picture."""
        inject = self.item
        if inject is not None:
            number = inject.id
            ask_in_picture(self._desk, "area", lambda drawn: self._put_closed(number, drawn))

    def open_ways(self) -> None:
        """Close no streets."""
        if self.item is not None:
            self.change(replace(self.item, closes=()))

    def _put_closed(self, number: str, drawn: Any) -> None:
        if self.item is not None and self.item.id == number:
            self.change(replace(self.item, closes=corners_of(drawn)))

    def _suggested(self) -> tuple[str, str]:
        inject, plan = self.item, self._drilling.plan
        unit = plan.units[0].id if plan is not None and plan.units else ""
        return unit, "" if inject is None else inject.title

    def _take_elements(self, elements: Any) -> None:
        if self.item is not None:
            self.change(replace(self.item, elements=elements))


class ChaptersPage(QWidget):
    """The chapters of the written plan, after GB/T 29639."""

    def __init__(self, drilling: Drilling) -> None:
        super().__init__()
        self._drilling, self._desk = drilling, drilling.desk
        self._keys = tuple(head for head, *_ in HEADINGS)
        fields = tuple(Field(key, "text") for key in self._keys)
        self.form = FieldForm(self._desk, "drills-chapter", fields)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.form)
        box.addStretch(1)
        self.form.given.connect(self._take)
        drilling.changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        plan = self._drilling.plan
        self.setEnabled(plan is not None)
        told = {} if plan is None else plan.headings
        self.form.show_values({key: told.get(key, "") for key in self._keys})

    def _take(self, key: str, value: object) -> None:
        plan = self._drilling.plan
        if plan is not None:
            told = {**plan.headings, key: str(value)}
            headings = {key: text for key, text in told.items() if text}
            title = Label("edit-change-plan", {"name": plan.name})
            self._drilling.keep(replace(plan, headings=headings), title)


class PlanPage(QScrollArea):
    """The plan itself, one section at a time, each under a large button.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.
    """

    def __init__(self, drilling: Drilling) -> None:
        super().__init__()
        self.setObjectName("drills-plan")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._drilling, self._desk = drilling, drilling.desk
        inner, self._stack = QWidget(), QStackedWidget()
        box, grid = QVBoxLayout(inner), QGridLayout()
        box.setContentsMargins(8, 6, 8, 6)
        grid.setSpacing(4)
        group = QButtonGroup(self)
        self._buttons: list[QPushButton] = []
        self._pages: list[QWidget] = [
            FactsPage(drilling),
            *(ItemsPage(drilling, part) for part in PARTS if part != "injects"),
            InjectsPage(drilling),
            ChaptersPage(drilling),
        ]
        for at, key in enumerate(SECTIONS):
            button = QPushButton()
            button.setObjectName(f"drills-section-{key}")
            button.setCheckable(True)
            button.setMinimumHeight(HIGH)
            group.addButton(button, at)
            button.setStyleSheet("padding: 4px 2px;")
            grid.addWidget(button, at // 4, at % 4)
            self._buttons.append(button)
            self._stack.addWidget(self._pages[at])
        box.addLayout(grid)
        box.addWidget(self._stack, 1)
        self.setWidget(inner)
        self._wheel = QuietWheel(self)
        self._wheel.watch(self)
        group.idClicked.connect(self._show)
        drilling.changed.connect(self._name)
        self._desk.texts.follow(self._name)
        self._show(0)

    def section(self, key: str) -> None:
        """Show a section."""
        self._show(SECTIONS.index(key))

    def _show(self, at: int) -> None:
        for number, page in enumerate(self._pages):  # only the one that is shown asks for room
            policy = page.sizePolicy()
            here = policy.Policy.Preferred if number == at else policy.Policy.Ignored
            policy.setVerticalPolicy(here)
            policy.setHorizontalPolicy(policy.Policy.Ignored)
            page.setSizePolicy(policy)
        self._stack.setCurrentIndex(at)
        self._buttons[at].setChecked(True)
        self._stack.updateGeometry()

    def _name(self) -> None:
        plan = self._drilling.plan
        for key, button in zip(SECTIONS, self._buttons, strict=True):
            text = self._desk.texts.t(f"drills-section-{key}")
            part: Part | None = next((one for one in PARTS if one == key), None)
            if plan is not None and part is not None:
                text = f"{text} ({len(items_of(plan, part))})"
            button.setText(text)
