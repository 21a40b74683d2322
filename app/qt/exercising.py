"""The exercise that is run: its clock, its log on the disk, and every act that goes into it."""

from __future__ import annotations

import getpass
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.drill_words import closing_words
from app.drills import closures, plan_rehearsal, streets_in
from app.qt.drilling import Drilling, stamp
from app.settings import state_folder
from layers.drills import edits
from layers.drills.detours import Detour, detour_marks, detours
from layers.drills.log import Entry, Exercise, LogFile, read_log
from layers.drills.plan import Coords, Plan
from layers.drills.plan_file import read_plan, write_plan
from layers.drills.rehearsal import Closure, Rehearsal
from layers.drills.replay import (
    Standing,
    as_it_goes,
    closures_in,
    fired_in,
    marks_in,
    standing,
)
from layers.errors import CityError

REFRESH = 10  # ticks after which the scene is worked out anew


class Exercising(QObject):
    """Runs a plan with people.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.

    Attributes
    ----------
    clock : callable
        Gives seconds; they go on while the program is shut.

    Signals
    -------
    changed
        An exercise began or ended, or something was logged.
    ticked
        The clock went on.
    ended : (int,)
        Number of the exercise that was kept.
    """

    changed = Signal()
    ticked = Signal()
    ended = Signal(int)

    def __init__(self, drilling: Drilling) -> None:
        super().__init__()
        self._drilling, self._desk = drilling, drilling.desk
        self.clock: Callable[[], float] = time.time
        self._log: LogFile | None = None
        self._plan: Plan | None = None  # the one that is run, as it was at the start
        self._begun, self._ticks = 0.0, 0
        self._detours: tuple[Detour, ...] = ()
        self._timer = QTimer(self)
        self._timer.setInterval(500)
        self._timer.timeout.connect(self.tick)
        drilling.changed.connect(self.changed)
        self._desk.project_changed.connect(self.leave)

    # How it stands ---------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether an exercise is on."""
        return self._log is not None

    @property
    def at_hand(self) -> bool:
        """Whether an exercise is on, and of the plan at hand."""
        mine, shown = self._plan, self._drilling.plan
        return mine is not None and shown is not None and mine.id == shown.id

    @property
    def plan(self) -> Plan | None:
        """The plan that is run."""
        return self._plan

    @property
    def log_path(self) -> Path | None:
        """The file every act of the exercise that is on goes to."""
        return None if self._log is None else self._log.path

    @property
    def second(self) -> float:
        """Seconds since the exercise began."""
        return max(self.clock() - self._begun, 0.0)

    @property
    def so_far(self) -> Exercise | None:
        """What was logged of the exercise that is on."""
        log, plan = self._log, self._plan
        if log is None or plan is None:
            return None
        return Exercise(0, plan.id, plan.version, "", log.entries)

    @property
    def standing(self) -> Standing | None:
        """What is on, what waits, what comes next; None while no exercise is on."""
        run, plan = self.so_far, self._plan
        return None if run is None or plan is None else standing(plan, run, self.second)

    @property
    def author(self) -> str:
        """Who signs what is logged."""
        return self._desk.settings.author or getpass.getuser()

    @author.setter
    def author(self, name: str) -> None:
        if name.strip() != self._desk.settings.author:
            self._desk.settings.author = name.strip()
            self._desk.keep_settings()

    # Beginning and ending --------------------------------------------------------------------

    def start(self) -> None:
        """Begin an exercise of the plan at hand now."""
        plan = self._drilling.plan
        if plan is None or self.running:
            return
        when = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
        path = _folder() / f"{when}.jsonl"
        self._begun = self.clock()

        def begin() -> None:
            self._take(plan, LogFile(path))
            write_plan(plan, _plan_beside(path), edits.drills_of(self._desk.project).symbols)

        if self._desk.attempt(begin):
            self.add("began", about=f"{plan.id}:{plan.version}", text=plan.name)

    def cut_off(self) -> Path | None:
        """Give the log of an exercise of the plan at hand that was never ended."""
        plan = self._drilling.plan
        found = None if plan is None or self.running else _cut_off((plan,))
        return None if found is None else found[1]

    def any_cut_off(self) -> tuple[Plan, Path] | None:
        """Give the newest exercise of any plan of the project that was never ended."""
        return _cut_off(self._drilling.plans)

    def go_on(self, *, told: bool = True) -> None:
        """Take up an exercise that was cut off; its clock went on meanwhile."""
        plan, path = self._drilling.plan, self.cut_off()
        if plan is None or path is None or self.running:
            return
        try:
            log = LogFile(path)
        except OSError as error:
            self._desk.tell_error(error)
            return
        first = log.entries[0]
        self._begun = datetime.fromisoformat(first.moment).timestamp() - first.second
        self._take(_as_it_was(plan, first, path), log)
        if told:
            self.add("went-on")

    def end_cut_off(self) -> None:
        """Keep an exercise that was cut off as one that ended with its last entry."""
        self.go_on(told=False)
        if self._log is not None:
            self.end(self._log.entries[-1].second)

    def end(self, second: float | None = None) -> None:
        """End the exercise, now or at a second of it, and keep it in the project."""
        log, plan = self._log, self._plan
        if log is None or plan is None:
            return
        if second is not None:
            self._begun = self.clock() - second
        self.add("ended")
        if log.entries[-1].act != "ended":
            return  # the disk did not take it: nothing is lost, and it can be tried again
        self.leave()
        project = self._desk.project
        began = log.entries[0].moment[:16].replace("T", " ")
        name = self._desk.texts.t("drills-exercise-name", time=began)
        run = Exercise(0, plan.id, plan.version, name, log.entries)
        if self._desk.attempt(
            lambda: self._desk.session.run(edits.keep_exercise(project, run, plan))
        ):
            self.ended.emit(edits.drills_of(project).exercises[-1].id)

    def leave(self) -> None:
        """Let the exercise that is on be; its file stays and it can be taken up again."""
        self._timer.stop()
        self._log = self._plan = None
        self._drilling.limit = 0.0
        self._drilling.stand_in(None)
        self.changed.emit()

    def _take(self, plan: Plan, log: LogFile) -> None:
        self._log, self._plan = log, plan
        self._drilling.pause()
        self._timer.start()
        self.tick()

    # Acts ------------------------------------------------------------------------------------

    def add(
        self, act: str, *, about: str = "", text: str = "", place: Coords = (), value: float = 0.0
    ) -> None:
        """Log an act; it is on the disk before anything shows it."""
        log = self._log
        if log is None:
            return
        self._desk.attempt(
            lambda: log.add(
                stamp(), round(self.second, 1), self.author, act,
                about=about, text=text, place=place, value=value,
            )
        )  # fmt: skip
        self._show()
        self.changed.emit()

    def tick_step(self, act: str, step: str) -> None:
        """Tick a step: ``step-began``, ``step-ended`` or ``step-skipped``."""
        run = self.so_far
        if run is None or not step:
            return
        begun = run.times().get(step, (None, None))[0] is not None
        if act == "step-ended" and not begun:
            self.add("step-began", about=step)
        self.add(act, about=step)

    def fire(self, inject: str) -> None:
        """Give an inject, or take it back where it was given."""
        run = self.so_far
        given = [e for e in run.standing() if (e.act, e.about) == ("inject", inject)] if run else []
        if given:
            self.take_back(given[-1].number)
        else:
            self.add("inject", about=inject)

    def close_street(self, ring: Coords) -> None:
        """Close the streets of an area."""
        if not streets_in(self._desk.project, ring):
            self._desk.tell("warning", "drills-no-street")
            return
        before = self.detours
        self.add("closed-way", text=self._desk.texts.t("drills-closed"), place=ring)
        plan, fresh = self._plan, [one for one in self.detours if one not in before]
        if plan is not None:
            grave = any(one.stuck or one.after > one.needed + 1.0 for one in fresh)
            words = closing_words(plan, self.second, fresh, self._desk.texts.wording)
            self._desk.tell_text("warning" if grave else "info", words)

    def open_streets(self, only: Closure | None = None) -> None:
        """Open the streets that were closed by hand, or those of one closure."""
        run = self.so_far
        acts = () if run is None else run.standing()
        opened = {entry.about for entry in acts if entry.act == "opened-way"}
        for entry in acts:
            meant = only is None or (entry.second, entry.place) == (only.second, only.ring)
            if entry.act == "closed-way" and meant and str(entry.number) not in opened:
                self.add("opened-way", about=str(entry.number))

    @property
    def detours(self) -> tuple[Detour, ...]:
        """Who goes another way because streets are closed."""
        return self._detours if self.at_hand and self._drilling.played is not None else ()

    @property
    def closed_now(self) -> tuple[Closure, ...]:
        """What is closed by hand now."""
        run = self.so_far
        closed = () if run is None else closures_in(run)
        return tuple(one for one in closed if one.second <= self.second < one.until)

    def take_back(self, number: int) -> None:
        """Take an entry back; it stays in the log, and so does that it was taken back."""
        self.add("taken-back", about=str(number))

    # The clock -------------------------------------------------------------------------------

    def tick(self) -> None:
        """Show the second of the exercise."""
        if self.at_hand:
            self._drilling.limit = self.second
            self._ticks += 1
            if not self._drilling.stood_in or self._ticks % REFRESH == 0:
                self._show()  # steps that last longer than planned go on being seen
            self._drilling.seek(self.second)
        self.ticked.emit()

    def _show(self) -> None:
        """Show in every picture how the exercise goes."""
        if self.at_hand:
            self._drilling.limit = self.second
            self._drilling.stand_in(self._rehearsal)

    def _rehearsal(self) -> Rehearsal:
        run, plan = self.so_far, self._plan
        assert run is not None
        assert plan is not None
        project, goes, fired = self._desk.project, as_it_goes(plan, run, self.second), fired_in(run)
        made = plan_rehearsal(project, goes, fired, closures_in(run), marks_in(run))
        closed = (*closures(plan, fired), *closures_in(run))
        self._detours = detours(plan_rehearsal(project, goes), made, closed) if closed else ()
        return replace(made, marks=(*made.marks, *detour_marks(self._detours)))


def _as_it_was(plan: Plan, first: Entry, path: Path) -> Plan:
    """Give the plan that was run: from beside its log, else the present one."""
    _, _, version = first.about.partition(":")
    try:
        made = read_plan(_plan_beside(path)).plan
    except (CityError, OSError):
        return plan
    return replace(made, id=plan.id, version=int(version or plan.version))


def _cut_off(plans: Sequence[Plan]) -> tuple[Plan, Path] | None:
    """Give the newest log of some plans that was never ended."""
    names = {plan.name: plan for plan in plans}
    if not names or not _folder().is_dir():
        return None
    for path in sorted(_folder().glob("*.jsonl"), reverse=True):
        entries, _ = read_log(path)
        if entries and entries[0].text in names and all(one.act != "ended" for one in entries):
            return names[entries[0].text], path
    return None


def _folder() -> Path:
    return state_folder() / "exercises"


def _plan_beside(log: Path) -> Path:
    return log.with_suffix(".plan.json")
