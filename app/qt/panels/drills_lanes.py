"""What is done on the timeline itself: steps hung on each other, let go, copied, added, removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.qt.drilling import Drilling
from app.qt.widgets.timeline import Timeline
from layers.drills.clock import timetable
from layers.drills.plan import Plan, Start, Step
from layers.drills.retiming import chained, freed
from layers.errors import CityError
from layers.history import Label


class LaneActions(QObject):
    """Changes the plan by what is clicked and typed on its timeline.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.
    line : Timeline
        Where it is shown.

    Signals
    -------
    added
        A step was made: it is to be named.
    """

    added = Signal()

    def __init__(self, drilling: Drilling, line: Timeline) -> None:
        super().__init__(line)
        self._drilling, self._line, self._desk = drilling, line, drilling.desk
        line.plan_changed.connect(self.take)
        line.link_wanted.connect(self.hang)
        line.add_wanted.connect(self.add)
        line.remove_wanted.connect(self.remove)
        line.menu_wanted.connect(self._open_menu)

    # Doing -----------------------------------------------------------------------------------

    def take(self, plan: Plan, what: str) -> None:
        """Keep what was dragged or moved by keys."""
        title = Label(f"edit-{what}-step", {"name": plan.step(self._line.chosen).title})
        if not self._drilling.keep(plan, title):
            self._line.show_plan(self._drilling.plan, self._line.conflicts, self._line.actual)

    def hang(self, first: str, then: str) -> None:
        """Let a step begin after the end of another one."""
        plan = self._drilling.plan
        if plan is not None:
            title = Label("edit-hang-step", {"name": plan.step(then).title})
            self._change(lambda: chained(plan, first, then), title)
            self._drilling.choose_step(then)

    def free(self, step: str) -> None:
        """Let a step hang on nothing."""
        plan = self._drilling.plan
        if plan is not None:
            title = Label("edit-free-step", {"name": plan.step(step).title})
            self._change(lambda: freed(plan, step), title)

    def add(self, role: str, second: float) -> None:
        """Add a step of a role at a second, and let it be named."""
        plan = self._drilling.plan
        if plan is None:
            return
        known = any(one.id == role for one in plan.roles)
        title = self._desk.texts.t("drills-new-step")
        step = Step(plan.new_id("s"), title, Start("at", second), role=role if known else "")
        self._put(plan, step)

    def copy(self, step_id: str) -> None:
        """Add the same step once more, right behind it."""
        plan = self._drilling.plan
        if plan is None:
            return
        step = plan.step(step_id)
        name = self._desk.texts.t("drills-copy-name", name=step.title)
        begin = Start("at", timetable(plan).ends[step_id])
        self._put(plan, replace(step, id=plan.new_id("s"), title=name, start=begin))

    def remove(self, step: str) -> None:
        """Remove a step; what hung on it keeps its moment."""
        plan = self._drilling.plan
        if plan is not None and step:
            title = Label("edit-remove-step", {"name": plan.step(step).title})
            self._drilling.keep(plan.without_steps([step]), title)

    def _put(self, plan: Plan, step: Step) -> None:
        if self._drilling.keep(plan.with_step(step), Label("edit-add-step", {"name": step.title})):
            self._drilling.choose_step(step.id)
            self.added.emit()

    def _change(self, make: Callable[[], Plan], title: Label) -> None:
        try:
            self._drilling.keep(make(), title)
        except CityError as error:
            self._desk.tell_error(error)

    # Menu ------------------------------------------------------------------------------------

    def _open_menu(self, step: str, role: str, second: float, at: QPoint) -> None:
        """Offer what can be done with a step, or in a free place of a lane."""
        plan, line, t = self._drilling.plan, self._line, self._desk.texts.t
        if plan is None:
            return
        menu = QMenu(line)
        menu.setObjectName("drills-lane-menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rows: list[tuple[str, str, str, Callable[[], object]]] = []
        if step:
            rows = [
                ("open-form", "edit", t("drills-open-form"), lambda: line.step_opened.emit(step)),
                ("hang", "next", t("drills-hang"), lambda: self._begin_hanging(step)),
                ("copy-step", "copy", t("drills-copy-step"), lambda: self.copy(step)),
                ("delete-step", "remove", t("drills-remove-step"), lambda: self.remove(step)),
            ]
            other = plan.step(step).start.step
            if other and any(one.id == other for one in plan.steps):
                name = plan.step(other).title
                text = t("drills-let-go", name=name)
                rows.insert(2, ("let-go", "close", text, lambda: self.free(step)))
        else:
            rows = [("add-here", "add", t("drills-add-here"), lambda: self.add(role, second))]
        for key, picture, text, does in rows:
            action = QAction(self._desk.theme.icon(picture), text, menu)
            action.setObjectName(f"drills-menu-{key}")
            action.triggered.connect(lambda _on=False, does=does: does())
            menu.addAction(action)
        menu.popup(at)

    def _begin_hanging(self, step: str) -> None:
        self._line.setFocus()
        self._line.linking.begin(step)
