"""The form of a step: what, who, when, where, with which words, by whose means, seen as what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.drill_words import problem_words
from app.qt.dialogs.frame import caption
from app.qt.drawing import ask_in_picture
from app.qt.drilling import Drilling
from app.qt.panels.drills_elements import ElementsEditor
from app.qt.panels.drills_fields import TextField
from app.qt.widgets.quiet_wheel import QuietWheel
from layers.drills.clock import timetable
from layers.drills.plan import (
    MODES,
    Commitment,
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
HIGH = 84  # points of a list


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
        self._units, self._goals = QTableWidget(0, 2), QListWidget()
        self._new_unit, self._wrong, self._none = QLineEdit(), QLabel(), QLabel()
        self._none.setObjectName("drills-step-none")
        self._none.setWordWrap(True)
        self._desk.texts.bind(self._none, "setText", "drills-step-none")
        self._elements = ElementsEditor(drilling, "drills-step", self._suggested)
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
        box, form = QVBoxLayout(self._inner), QFormLayout()
        box.setContentsMargins(8, 6, 8, 6)
        box.addWidget(self._none)
        box.addWidget(self._wrong)
        box.addLayout(form)
        form.setVerticalSpacing(4)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for key, line in self._lines.items():
            line.setObjectName(f"drills-step-{key}")
        for key, text in self._texts.items():
            text.setObjectName(f"drills-step-{key}")
        for name, part in (
            ("units", self._units), ("objectives", self._goals), ("new-unit", self._new_unit),
            ("problems", self._wrong),
        ):  # fmt: skip
            part.setObjectName(f"drills-step-{name}")
        self._wrong.setProperty("role", "error")
        self._wrong.setWordWrap(True)
        self._units.setFixedHeight(HIGH)
        self._goals.setFixedHeight(HIGH)
        self._units.horizontalHeader().hide()
        self._units.verticalHeader().hide()
        self._units.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._units.horizontalHeader().resizeSection(1, 56)
        self._units.setShowGrid(False)
        self._desk.texts.bind(self._units, "setToolTip", "drills-step-units.tip")
        place = QHBoxLayout()
        self._spot = QLabel()
        self._spot.setObjectName("drills-step-spot")
        place.addWidget(self._spot, 1)
        place.addWidget(self._button("pick", self.pick_place))
        place.addWidget(self._button("no-place", lambda: self._set(place=None)))
        rows: list[tuple[str, QWidget | QHBoxLayout]] = [
            ("title", self._lines["title"]), ("role", self._role), ("phase", self._phase),
            ("mode", self._mode), ("other", self._other), ("start", self._lines["start"]),
            ("condition", self._lines["condition"]), ("length", self._lines["length"]),
            ("place-name", self._lines["place-name"]), ("place", place), *self._texts.items(),
            ("units", self._units), ("new-unit", self._new_unit), ("objectives", self._goals),
        ]  # fmt: skip
        for key, field in rows:
            buddy = field if isinstance(field, QWidget) else None
            form.addRow(caption(self._desk, f"drills-step-{key}", buddy), field)
        box.addWidget(caption(self._desk, "drills-step-elements", self._elements))
        box.addWidget(self._elements)
        box.addStretch(1)
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
        self._goals.itemChanged.connect(lambda _item: self._take_goals())
        self._elements.changed.connect(lambda elements: self._set(elements=elements))
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
        self._none.setVisible(step is None)
        self._elements.show_elements(
            () if step is None else step.elements, "" if step is None else step.id
        )
        self._tell_problems()
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
        self._fill_means(plan, step)
        label = self._form.labelForField(self._lines["start"])
        if isinstance(label, QLabel):
            label.setText(t(f"drills-step-start-{step.start.mode}"))
        self._spot.setText(
            "" if step.place is None else f"E {step.place[0]:.0f}  N {step.place[1]:.0f}"
        )
        self._filling = False

    def _tell_problems(self) -> None:
        """Say above the form what is wrong with the step."""
        mine = [p for p in self._drilling.problems if p.about == self._drilling.step]
        self._wrong.setText("\n".join(f"! {problem_words(problem)}" for problem in mine))
        self._wrong.setVisible(bool(mine) and self._step is not None)

    def _fill_means(self, plan: Plan, step: Step) -> None:
        """Show units and objectives, those of the step checked."""
        taken = {need.unit: need.count for need in step.units}
        self._units.setRowCount(len(plan.units))
        for at, unit in enumerate(plan.units):
            item = QTableWidgetItem(unit.name if unit.count == 1 else f"{unit.name} × {unit.count}")
            _checkable(item, unit.id, on=unit.id in taken)
            count = QTableWidgetItem(f"{taken[unit.id]}" if unit.id in taken else "")
            many = unit.id in taken and (unit.count > 1 or taken[unit.id] > 1)
            count.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsEditable
                if many
                else Qt.ItemFlag.ItemIsEnabled
            )
            self._units.setItem(at, 0, item)
            self._units.setItem(at, 1, count)
        self._goals.clear()
        for goal in plan.objectives:
            row = QListWidgetItem(goal.text.replace("\n", " "))
            _checkable(row, goal.id, on=goal.id in step.objectives)
            self._goals.addItem(row)

    def begin(self) -> None:
        """Let the title be typed."""
        self.ensureVisible(0, 0)
        self._lines["title"].setFocus()
        self._lines["title"].selectAll()

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
        chosen = []
        for at in range(self._units.rowCount()):
            item, count = self._units.item(at, 0), self._units.item(at, 1)
            if item is None or item.checkState() != Qt.CheckState.Checked:
                continue
            told = "" if count is None else count.text().strip()
            number = int(told) if told.isdecimal() else 1
            chosen.append(Commitment(item.data(ID), max(number, 1)))
        self._set(units=tuple(chosen))
        self._fill()  # what could not be read as a number is put right

    def _take_goals(self) -> None:
        if self._filling or self._step is None:
            return
        items = [self._goals.item(at) for at in range(self._goals.count())]
        self._set(objectives=tuple(
            item.data(ID) for item in items if item.checkState() == Qt.CheckState.Checked
        ))  # fmt: skip

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

    def _suggested(self) -> tuple[str, str]:
        step = self._step
        if step is None:
            return "", ""
        return step.units[0].unit if step.units else "", step.title


def _checkable(item: QTableWidgetItem | QListWidgetItem, data: str, *, on: bool) -> None:
    item.setData(ID, data)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def _offer(box: QComboBox, rows: list[tuple[str, str]], chosen: str) -> None:
    """Let a box offer rows (data, text) and show one; one that is not there is shown as it is."""
    box.clear()
    for data, text in rows:
        box.addItem(text, data)
    at = box.findData(chosen)
    box.setCurrentIndex(at)
    if at < 0 and box.isEditable():
        box.setEditText(chosen)
