"""The plan that is shown in the window, and the second of it that every picture shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from app.drill_pictures import camera_over, show_now
from app.drill_words import closing_words
from app.drills import closures, plan_problems, plan_rehearsal, streets_in
from app.qt.desk import Desk
from layers.drills import edits
from layers.drills.detours import Detour, detour_marks, detours
from layers.drills.plan import Coords, Element, Plan, extent_of_plan, extent_of_step
from layers.drills.problems import Problem
from layers.drills.rehearsal import CLOSED, Closure, Mark, Now, Rehearsal
from layers.drills.retiming import node_after, node_before
from layers.drills.shots import Camera
from layers.drills.user_symbols import UserSymbol
from layers.errors import CityError
from layers.history import Label
from layers.viewpoint import View

EVERY = 40  # milliseconds between two looks at the clock
SPEEDS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0)


class Drilling(QObject):
    """The plan at hand: chosen, changed, played.

    Parameters
    ----------
    desk : Desk
        What the window works with.

    Signals
    -------
    listed
        There are other plans, or other exercises.
    changed
        Another plan is at hand, or it says something else.
    moved
        Another second is shown.
    playing_changed
    step_chosen : (str,)
        Id of the step that forms are about, "" for none.
    inject_fired : (str,)
        Id of an inject that was given.
    """

    listed = Signal()
    changed = Signal()
    moved = Signal()
    playing_changed = Signal()
    step_chosen = Signal(str)
    inject_fired = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.speed, self.loop, self.follow = 1.0, False, False
        self.fired: dict[str, float] = {}
        self.shut: tuple[Closure, ...] = ()  # streets that were closed by hand
        self.limit = 0.0  # a clock that runs beyond the end of the plan
        self._other: Callable[[], Rehearsal] | None = None
        self._free: Rehearsal | None = None  # the plan with all streets open
        self._detours: tuple[Detour, ...] = ()
        self._number, self._step = 0, ""
        self._plan: Plan | None = None
        self._played: Rehearsal | None = None
        self._problems: list[Problem] | None = None
        self._second, self._looked = 0.0, 0.0
        self._camera: Camera | None = None
        self._shots_of: tuple[object, object] = (None, None)
        self._seen: View | None = None  # what the shots showed last
        self._shown = False
        self._data: object = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._tick)
        desk.project_edited.connect(self._follow_project)
        desk.project_changed.connect(self._begin_anew)
        self._follow_project()

    # What is at hand -------------------------------------------------------------------------

    @property
    def plans(self) -> tuple[Plan, ...]:
        """All plans of the project."""
        return edits.drills_of(self.desk.project).plans

    @property
    def plan(self) -> Plan | None:
        """The plan at hand."""
        return self._plan

    @property
    def played(self) -> Rehearsal | None:
        """The plan made ready to be played."""
        if self._played is None and self._plan is not None:
            if self._other is not None:
                self._played = self._other()
            else:
                marks = tuple(closed_mark(one) for one in self.shut)
                made = plan_rehearsal(self.desk.project, self._plan, self.fired, self.shut, marks)
                self._detours = self._found_detours(made)
                self._played = replace(made, marks=(*made.marks, *detour_marks(self._detours)))
        return self._played

    @property
    def detours(self) -> tuple[Detour, ...]:
        """Who goes another way because streets are closed."""
        return self._detours if self.played is not None and self._other is None else ()

    def _found_detours(self, made: Rehearsal) -> tuple[Detour, ...]:
        assert self._plan is not None
        closed = (*closures(self._plan, self.fired), *self.shut)
        if not closed:
            return ()
        if self._free is None:
            self._free = plan_rehearsal(self.desk.project, self._plan)
        return detours(self._free, made, closed)

    @property
    def stood_in(self) -> bool:
        """Whether an exercise is shown instead of the plan."""
        return self._other is not None

    def stand_in(self, make: Callable[[], Rehearsal] | None) -> None:
        """Show what an exercise says instead of the plan; None shows the plan again."""
        if make is None and self._other is None:
            return
        self._other, self._played = make, None
        self.seek(self._second)

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the plan."""
        if self._problems is None:
            found = [] if self._plan is None else plan_problems(self.desk.project, self._plan)
            self._problems = found
        return self._problems

    @property
    def step(self) -> str:
        """Id of the step that is chosen."""
        return self._step

    @property
    def now(self) -> Now | None:
        """What is to be seen at the second shown."""
        return None if self.played is None else self.played.at(self._second)

    @property
    def showing(self) -> bool:
        """Whether pictures show a second of the plan."""
        return self._shown

    def choose(self, number: int) -> None:
        """Take a plan up and show its first second, from where all of it is seen; 0 takes none."""
        if number == self._number:
            return
        self._choose(number)
        plan, view = self._plan, self.desk.viewport
        if plan is None or not view.ready:
            return
        self.seek(0.0)
        box = extent_of_plan(plan)
        if box is not None and not self.follow:
            view.show_whole(box)

    def _choose(self, number: int) -> None:
        self.pause()
        self._hide()
        self._number, self._second, self._step = number, 0.0, ""
        self.fired, self.shut, self._other = {}, (), None
        self._take_up()
        self.step_chosen.emit("")
        self.moved.emit()

    def choose_step(self, step: str) -> None:
        """Let forms be about a step, and let the picture show where it is."""
        if step != self._step:
            self._step = step
            self.step_chosen.emit(step)
            self._show_place(step)

    def _show_place(self, step: str) -> None:
        """Glide to where a step is, unless it is seen well or the plan leads the eye."""
        box = None if self._plan is None or not step else extent_of_step(self._plan, step)
        if box is not None and not self.playing and not self.follow and self.desk.viewport.ready:
            self.desk.viewport.show_whole(box)

    # Changing --------------------------------------------------------------------------------

    def keep(self, plan: Plan, label: Label | None = None) -> bool:
        """Keep another state of the plan as one undoable step."""
        if plan == self._plan:
            return True
        project = self.desk.project
        stamped = replace(plan, changed=stamp())
        return self.desk.attempt(
            lambda: self.desk.session.run(edits.change_plan(project, stamped, label=label))
        )

    def add(self, plan: Plan, symbols: Sequence[UserSymbol] = ()) -> None:
        """Keep a new plan, and symbols that came with it, and take it up."""
        project = self.desk.project
        title = self.desk.texts.wording.kind("drills")
        made = replace(plan, created=plan.created or stamp(), changed=stamp())
        if self.desk.run(edits.add_plan(project, made, layer_name=title, symbols=symbols)):
            self.choose(self.plans[-1].id)

    # Playing ---------------------------------------------------------------------------------

    @property
    def playing(self) -> bool:
        """Whether the clock runs."""
        return self._timer.isActive()

    @property
    def second(self) -> float:
        """The second that is shown."""
        return self._second

    @property
    def seconds(self) -> float:
        """How long the plan takes."""
        return 0.0 if self.played is None else self.played.table.seconds

    def seek(self, second: float) -> None:
        """Show a second of the plan in every picture."""
        self._second = min(max(second, 0.0), max(self.seconds, self.limit, 0.0))
        self.show()
        self.moved.emit()

    def show(self) -> None:
        """Show the second in every picture."""
        now, plan = self.now, self._plan
        self._shown = now is not None
        for pane in self.desk.viewport.panes:
            if pane.ready:
                show_now(pane.stage, self.desk.project, plan, now)
        if now is not None and self.follow:
            self._look()

    def _look(self) -> None:
        """Look from where the shots of the plan do, as its film does; plans without stay put.

        Who turns away by hand is left alone until the next shot.
        """
        played, project = self.played, self.desk.project
        if played is None:
            return
        if self._shots_of != (played, project.views):
            self._shots_of = (played, project.views)
            camera = camera_over(project, played)
            self._camera = camera if any(s.view in camera.views for s in camera.shots) else None
        if self._camera is None:
            return
        view, before = self._camera.at(self._second), self._seen
        self._seen = view
        if before is None or replace(before, name="", note="", camera=view.camera) != replace(
            view, name="", note=""
        ):
            self.desk.viewport.show_view(view)
        elif before.camera != view.camera:
            self.desk.viewport.viewpoint = view.camera

    def follow_shots(self, *, on: bool) -> None:
        """Look from where the shots of the plan do, or from wherever the eye is."""
        self.follow, self._seen = on, None
        self.show()

    def play(self) -> None:
        """Let the clock run; from the end it begins again."""
        if self._plan is None or self.seconds <= 0.0:
            return
        if self._second >= self.seconds:
            self.seek(0.0)
        self._looked = time.perf_counter()
        self._timer.start()
        self.playing_changed.emit()

    def pause(self) -> None:
        """Stop the clock where it is."""
        if self.playing:
            self._timer.stop()
            self.playing_changed.emit()

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def to_node(self, *, back: bool = False) -> None:
        """Go to where the next step begins or ends, or the one before."""
        if self.played is not None:
            go = node_before if back else node_after
            self.seek(go(self.played.table, self._second))

    def run_for(self, seconds: float) -> None:
        """Let so many seconds of real time pass."""
        then = self._second + seconds * self.speed
        if then >= self.seconds:
            if self.loop and self.seconds > 0.0:
                then %= self.seconds
            else:
                self.pause()
        self.seek(then)

    def fire(self, inject: str) -> None:
        """Give an inject at the second shown, or take it back where it was given."""
        if inject in self.fired:
            del self.fired[inject]
        else:
            self.fired[inject] = self._second
        self._anew()
        if inject in self.fired:
            self.inject_fired.emit(inject)

    @property
    def closed_now(self) -> tuple[Closure, ...]:
        """What is closed by hand at the second shown."""
        return tuple(one for one in self.shut if one.second <= self._second < one.until)

    def close_street(self, ring: Coords) -> bool:
        """Close the streets of an area from the second shown on; units lead around them."""
        if not streets_in(self.desk.project, ring):
            self.desk.tell("warning", "drills-no-street")
            return False
        before = self.detours
        self.shut = (*self.shut, Closure(self._second, ring))
        self._anew()
        plan, fresh = self._plan, [one for one in self.detours if one not in before]
        if plan is not None:
            grave = any(one.stuck or one.after > one.needed + 1.0 for one in fresh)
            self.desk.tell_text(
                "warning" if grave else "info",
                closing_words(plan, self._second, fresh, self.desk.texts.wording),
            )
        return True

    def open_streets(self, only: Closure | None = None) -> None:
        """Open what was closed by hand, or one of it, from the second shown on.

        Who turned off meanwhile goes on; what is closed only later is forgotten.
        """
        kept = []
        for one in self.shut:
            if only is not None and one != only:
                kept.append(one)
            elif one.second < self._second:
                kept.append(replace(one, until=min(one.until, self._second)))
        self.shut = tuple(kept)
        self._anew()

    def forget_closures(self) -> None:
        """Play the plan as if no street had been closed by hand."""
        self.shut = ()
        self._anew()

    def _anew(self) -> None:
        self._played = None
        self.changed.emit()
        self.seek(self._second)

    def _tick(self) -> None:
        looked = time.perf_counter()
        past, self._looked = looked - self._looked, looked
        self.run_for(past)

    # Inside ----------------------------------------------------------------------------------

    def _hide(self) -> None:
        if self._shown:
            self._shown = False
            for pane in self.desk.viewport.panes:
                if pane.ready:
                    show_now(pane.stage, self.desk.project, None, None)

    def _begin_anew(self) -> None:
        self.pause()
        self._data, self._shown, self._number = None, False, -1
        self._follow_project()

    def _follow_project(self) -> None:
        data = edits.drills_of(self.desk.project)
        if data is not self._data and (len(data) or self._plan is not None or data.next_id > 1):
            self._data = data
            self.listed.emit()
        plan = next((one for one in data.plans if one.id == self._number), None)
        if plan is None:
            open_plans = [one for one in data.plans if not one.archived]
            self._choose(open_plans[0].id if open_plans else 0)
        elif plan is not self._plan:
            self._take_up()

    def _take_up(self) -> None:
        try:
            self._plan = edits.drills_of(self.desk.project).get(self._number)
        except CityError:
            self._plan, self._number = None, 0
        self._played = self._problems = self._free = None
        if self._plan is not None and self._step not in {s.id for s in self._plan.steps}:
            self._step = ""
        self.changed.emit()
        if self._shown:
            self.seek(self._second)


def closed_mark(closure: Closure) -> Mark:
    """Give what is seen of a street that is closed by hand."""
    kind = "zone" if len(closure.ring) > 2 else "line"
    element = Element(kind, closure.ring, colour=CLOSED, stays=True)
    return Mark(closure.second, element, "closed", closure.until)


def stamp() -> str:
    """Give this moment, ISO 8601."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
