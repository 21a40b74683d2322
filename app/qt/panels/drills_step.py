"""The form of a step: what, who, when, where, with which words, by whose means, seen as what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from app.qt.dialogs.frame import caption
from app.qt.drawing import What, ask_in_picture
from app.qt.drilling import Drilling
from app.qt.widgets.quiet_wheel import QuietWheel
from layers.drills.clock import timetable
from layers.drills.plan import (
    MODES,
    Commitment,
    Element,
    Phase,
    Plan,
    Role,
    Start,
    Step,
    Unit,
)
from layers.drills.retiming import hung
from layers.errors import CityError
from layers.history import Label

ID = Qt.ItemDataRole.UserRole
DRAWN: tuple[tuple[str, What], ...] = (("symbol", "spot"), ("zone", "area"), ("route", "line"))
LINES = 46  # points of a field of two lines


def told_time(seconds: float) -> str:
    """Give seconds as ``h:mm:ss`` with a sign.

    Examples
    --------
    >>> told_time(-75.0), told_time(3600.0)
    ('-0:01:15', '1:00:00')
    """
    whole = round(abs(seconds))
    sign = "-" if seconds < 0 and whole else ""
    return f"{sign}{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def read_time(text: str) -> float | None:
    """Read ``90``, ``1:30`` or ``0:01:30``; None for anything else.

    Examples
    --------
    >>> read_time("1:30"), read_time("-0:00:10"), read_time("soon")
    (90.0, -10.0, None)
    """
    text = text.strip().replace("：", ":")
    sign = -1.0 if text.startswith("-") else 1.0
    try:
        parts = [float(part) for part in text.lstrip("+-").split(":")]
    except ValueError:
        return None
    total = 0.0
    for part in parts[:3]:
        total = total * 60.0 + part
    return sign * total if len(parts) <= 3 and total < 1e7 else None


class TextField(QPlainTextEdit):
    """A few lines of text that tell when they are left.

    Signals
    -------
    left
        The keyboard went elsewhere.
    """

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setFixedHeight(LINES)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that the text is complete."""
        super().focusOutEvent(event)
        self.left.emit()


class StepForm(QScrollArea):
    """The form of the chosen step; what is typed is kept when a field is left.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand and the chosen step.
    """

    def __init__(self, drilling: Drilling) -> None:
        super().__init__()
        self.setObjectName("drills-step")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._drilling, self._desk = drilling, drilling.desk
        self._filling = False
        self._lines = {
            key: QLineEdit() for key in ("title", "start", "condition", "length", "place-name")
        }
        self._texts = {key: TextField() for key in ("action", "words", "response", "note")}
        self._role, self._phase, self._mode, self._other = (self._choice(key) for key in (
            "role", "phase", "mode", "other"
        ))  # fmt: skip
        for box in (self._role, self._phase):
            box.setEditable(True)
            field = QLineEdit()
            field.setObjectName(f"{box.objectName()}-text")
            box.setLineEdit(field)
            box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            edit = box.lineEdit()
            assert edit is not None
            edit.setStyleSheet("padding: 0; border: none; min-height: 0;")
        self._units, self._elements = QListWidget(), QListWidget()
        self._new_unit = QLineEdit()
        self._inner = QWidget()
        self._lay_out()
        self.setWidget(self._inner)
        self._wheel = QuietWheel(self)
        self._wheel.watch(self)
        self._connect()
        drilling.step_chosen.connect(lambda _step: self._fill())
        drilling.changed.connect(self._fill)
        self._desk.texts.follow(self._fill)

    def _choice(self, key: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"drills-step-{key}")
        box.setMinimumContentsLength(8)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        return box

    def _button(self, key: str, does: Callable[[], object]) -> QPushButton:
        button = QPushButton()
        button.setObjectName(f"drills-step-{key}")
        self._desk.texts.bind(button, "setText", f"drills-step-{key}")
        button.clicked.connect(lambda _on=False: does())
        return button

    def _lay_out(self) -> None:
        form = QFormLayout(self._inner)
        form.setContentsMargins(8, 6, 8, 6)
        form.setVerticalSpacing(4)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for key, line in self._lines.items():
            line.setObjectName(f"drills-step-{key}")
        for key, text in self._texts.items():
            text.setObjectName(f"drills-step-{key}")
        for name, part in (
            ("units", self._units), ("elements", self._elements), ("new-unit", self._new_unit),
        ):  # fmt: skip
            part.setObjectName(f"drills-step-{name}")
        for part in (self._units, self._elements):
            part.setFixedHeight(84)
        place, drawn = QHBoxLayout(), QHBoxLayout()
        place.addWidget(self._button("pick", self.pick_place))
        place.addWidget(self._button("no-place", lambda: self._set(place=None)))
        for kind, what in DRAWN:
            drawn.addWidget(self._button(kind, partial(self.draw, kind, what)))
        drawn.addWidget(self._button("drop", self._drop))
        rows: list[tuple[str, QWidget | QHBoxLayout]] = [
            ("title", self._lines["title"]), ("role", self._role), ("phase", self._phase),
            ("mode", self._mode), ("other", self._other), ("start", self._lines["start"]),
            ("condition", self._lines["condition"]), ("length", self._lines["length"]),
            ("place-name", self._lines["place-name"]), ("place", place), *self._texts.items(),
            ("units", self._units), ("new-unit", self._new_unit), ("elements", self._elements),
            ("draw", drawn),
        ]  # fmt: skip
        for key, field in rows:
            buddy = field if isinstance(field, QWidget) else None
            form.addRow(caption(self._desk, f"drills-step-{key}", buddy), field)
        self._form = form
        self._desk.texts.bind(self._new_unit, "setPlaceholderText", "drills-step-new-unit.tip")
        self._desk.texts.bind(self._lines["start"], "setToolTip", "drills-step-time.tip")
        self._desk.texts.bind(self._lines["length"], "setToolTip", "drills-step-time.tip")

    def _connect(self) -> None:
        lines = self._lines
        for key in ("title", "place-name"):
            lines[key].editingFinished.connect(partial(self._take_line, key))
        for key, text in self._texts.items():
            text.left.connect(partial(self._take_text, key))
        for key in ("start", "condition"):
            lines[key].editingFinished.connect(self._take_start)
        lines["length"].editingFinished.connect(self._take_length)
        self._mode.activated.connect(lambda _at: self._take_mode())
        self._other.activated.connect(lambda _at: self._take_mode())
        for box, take in ((self._role, self._take_role), (self._phase, self._take_phase)):
            box.activated.connect(lambda _at, take=take: take())
            edit = box.lineEdit()
            assert edit is not None
            edit.editingFinished.connect(take)
        self._units.itemChanged.connect(lambda _item: self._take_units())
        self._new_unit.returnPressed.connect(self._add_unit)

    # What is shown ---------------------------------------------------------------------------

    @property
    def _step(self) -> Step | None:
        plan, chosen = self._drilling.plan, self._drilling.step
        if plan is None:
            return None
        return next((step for step in plan.steps if step.id == chosen), None)

    def _fill(self) -> None:
        plan, step = self._drilling.plan, self._step
        self._inner.setEnabled(step is not None)
        if plan is None or step is None:
            return
        self._filling = True
        for key, value in (
            ("title", step.title), ("start", told_time(step.start.seconds)),
            ("condition", step.start.condition), ("length", told_time(step.seconds)),
            ("place-name", step.place_name),
        ):  # fmt: skip
            if self._lines[key].text() != value:
                self._lines[key].setText(value)
        for key, text in self._texts.items():
            if text.toPlainText() != getattr(step, key):
                text.setPlainText(getattr(step, key))
        t = self._desk.texts.t
        _offer(self._role, [(r.id, r.name) for r in plan.roles], step.role)
        _offer(self._phase, [("", ""), *((p.id, p.name) for p in plan.phases)], step.phase)
        _offer(self._mode, [(m, t(f"drills-mode-{m}")) for m in MODES], step.start.mode)
        others = [(one.id, one.title) for one in plan.steps if one.id != step.id]
        _offer(self._other, [("", ""), *others], step.start.step)
        self._form.setRowVisible(self._other, step.start.mode in ("after", "with"))
        self._form.setRowVisible(self._lines["condition"], step.start.mode == "when")
        self._units.clear()
        taken = {need.unit for need in step.units}
        for unit in plan.units:
            item = QListWidgetItem(unit.name if unit.count == 1 else f"{unit.name} × {unit.count}")
            item.setData(ID, unit.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            on = Qt.CheckState.Checked if unit.id in taken else Qt.CheckState.Unchecked
            item.setCheckState(on)
            self._units.addItem(item)
        self._elements.clear()
        names = {unit.id: unit.name for unit in plan.units}
        for element in step.elements:
            said = element.text or names.get(element.unit, "") or element.symbol
            self._elements.addItem(t(f"drills-element-{element.kind}") + f"  {said}")
        self._filling = False

    # What is changed -------------------------------------------------------------------------

    def _set(self, **values: Any) -> None:
        step, plan = self._step, self._drilling.plan
        if self._filling or step is None or plan is None:
            return
        if values.get("title") == "":
            self._fill()  # a step has a title
            return
        self._keep(plan, replace(step, **values))

    def _keep(self, plan: Plan, step: Step) -> None:
        made = plan.with_step(step)
        if made != self._drilling.plan:
            self._drilling.keep(made, Label("edit-change-step", {"name": step.title}))

    def _take_line(self, key: str) -> None:
        self._set(**{key.replace("-", "_"): self._lines[key].text().strip()})

    def _take_text(self, key: str) -> None:
        self._set(**{key: self._texts[key].toPlainText().strip()})

    def _take_start(self) -> None:
        step, seconds = self._step, read_time(self._lines["start"].text())
        if self._filling or step is None:
            return
        if seconds is None:
            self._desk.tell("warning", "drills-no-time", text=self._lines["start"].text())
            self._fill()
            return
        if told_time(seconds) == told_time(step.start.seconds):
            seconds = step.start.seconds  # fractions stay as long as nobody types
        said = self._lines["condition"].text().strip()
        self._set(start=replace(step.start, seconds=seconds, condition=said))

    def _take_length(self) -> None:
        step, seconds = self._step, read_time(self._lines["length"].text())
        if self._filling or step is None:
            return
        if seconds is None or seconds < 0.0:
            self._desk.tell("warning", "drills-no-time", text=self._lines["length"].text())
            self._fill()
        elif told_time(seconds) != told_time(step.seconds):
            self._set(seconds=seconds)

    def _take_mode(self) -> None:
        plan, step = self._drilling.plan, self._step
        if self._filling or plan is None or step is None:
            return
        mode, other = self._mode.currentData(), self._other.currentData() or ""
        if mode in ("at", "when"):
            start = Start(mode, timetable(plan).begins[step.id], "", step.start.condition)
            self._set(start=start)
        elif not other or other == step.id:
            self._form.setRowVisible(self._other, True)  # the other step is still to be chosen
        else:
            try:
                made = hung(plan, step.id, other, mode)
            except CityError as error:
                self._desk.tell_error(error)
                self._fill()
                return
            self._drilling.keep(made, Label("edit-change-step", {"name": step.title}))

    def _take_role(self) -> None:
        plan, step = self._drilling.plan, self._step
        name = self._role.currentText().strip()
        if self._filling or plan is None or step is None or not name:
            return
        same = next((role for role in plan.roles if role.name == name), None)
        if same is None:
            same = Role(plan.new_id("r"), name)
            plan = replace(plan, roles=(*plan.roles, same))
        self._keep(plan, replace(step, role=same.id))

    def _take_phase(self) -> None:
        plan, step = self._drilling.plan, self._step
        name = self._phase.currentText().strip()
        if self._filling or plan is None or step is None:
            return
        same = next((phase for phase in plan.phases if phase.name == name), None)
        if same is None and name:
            same = Phase(plan.new_id("p"), name)
            plan = replace(plan, phases=(*plan.phases, same))
        self._keep(plan, replace(step, phase="" if same is None else same.id))

    def _take_units(self) -> None:
        step = self._step
        if self._filling or step is None:
            return
        counts = {need.unit: need.count for need in step.units}
        items = [self._units.item(at) for at in range(self._units.count())]
        chosen = [
            item.data(ID) for item in items if item.checkState() == Qt.CheckState.Checked
        ]  # fmt: skip
        self._set(units=tuple(Commitment(unit, counts.get(unit, 1)) for unit in chosen))

    def _add_unit(self) -> None:
        plan, step, name = self._drilling.plan, self._step, self._new_unit.text().strip()
        if plan is None or step is None or not name:
            return
        unit = Unit(plan.new_id("u"), name, step.role)
        self._new_unit.clear()
        plan = replace(plan, units=(*plan.units, unit))
        self._keep(plan, replace(step, units=(*step.units, Commitment(unit.id))))

    # Places ----------------------------------------------------------------------------------

    def pick_place(self) -> None:
        """Let the place of the step be clicked in the picture."""
        if self._step is not None:
            ask_in_picture(
                self._desk, "spot",
                lambda hit: self._set(place=(float(hit.point[0]), float(hit.point[1]))),
            )  # fmt: skip

    def draw(self, kind: str, what: What) -> None:
        """Let an element be drawn in the picture; a route is for the first unit of the step."""
        step = self._step
        if step is None:
            return
        if kind == "route" and not step.units:
            self._desk.tell("warning", "drills-route-needs-unit")
            return
        ask_in_picture(self._desk, what, lambda made: self.drawn(kind, made))

    def drawn(self, kind: str, made: Any) -> None:
        """Take what was drawn: a hit, or corners."""
        step = self._step
        if step is None:
            return
        points = [made.point] if kind == "symbol" else made
        coords = tuple((round(float(p[0]), 3), round(float(p[1]), 3)) for p in points)
        unit = step.units[0].unit if kind == "route" else ""
        text = step.title if kind == "symbol" else ""
        self._set(elements=(*step.elements, Element(kind, coords, text=text, unit=unit)))

    def _drop(self) -> None:
        step, at = self._step, self._elements.currentRow()
        if step is not None and 0 <= at < len(step.elements):
            self._set(elements=(*step.elements[:at], *step.elements[at + 1 :]))


def _offer(box: QComboBox, rows: list[tuple[str, str]], chosen: str) -> None:
    """Let a box offer rows (data, text) and show one; one that is not there is shown as it is."""
    box.clear()
    for data, text in rows:
        box.addItem(text, data)
    at = box.findData(chosen)
    box.setCurrentIndex(at)
    if at < 0 and box.isEditable():
        box.setEditText(chosen)
