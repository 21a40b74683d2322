"""What a run of a plan showed: when steps really were, and how late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from layers.drills.clock import timetable
from layers.drills.log import Exercise
from layers.drills.plan import Plan


@dataclass(frozen=True, slots=True)
class Delay:
    """How a step went.

    Attributes
    ----------
    step, role : str
        Which; who had to act.
    planned_s, planned_end_s : float
        When it should begin and end, seconds of the plan.
    actual_s, actual_end_s : float or None
        When it did; None: never.
    """

    step: str
    role: str
    planned_s: float
    planned_end_s: float
    actual_s: float | None
    actual_end_s: float | None

    @property
    def late_s(self) -> float | None:
        """Seconds it began later than planned, negative for earlier; None for never."""
        return None if self.actual_s is None else self.actual_s - self.planned_s

    @property
    def longer_s(self) -> float | None:
        """Seconds it took longer than planned; None while it did not end."""
        if self.actual_s is None or self.actual_end_s is None:
            return None
        return (self.actual_end_s - self.actual_s) - (self.planned_end_s - self.planned_s)


@dataclass(frozen=True, slots=True)
class RoleDelay:
    """How a role did: steps done of all it had, mean and longest delay of beginnings, seconds."""

    role: str
    done: int
    steps: int
    mean_s: float | None
    most_s: float | None


def delays(plan: Plan, exercise: Exercise) -> list[Delay]:
    """List planned and actual times of every step, in the planned order."""
    table, times = timetable(plan), exercise.times()
    out = []
    for step in sorted(plan.steps, key=lambda one: (table.begins[one.id], one.id)):
        begin, end = times.get(step.id, (None, None))
        out.append(
            Delay(step.id, step.role, table.begins[step.id], table.ends[step.id], begin, end)
        )
    return out


def delays_by_role(rows: Iterable[Delay]) -> list[RoleDelay]:
    """Sum delays up by role, those with the longest mean first."""
    by: dict[str, list[Delay]] = defaultdict(list)
    for row in rows:
        by[row.role].append(row)
    out = []
    for role, mine in by.items():
        late = [row.late_s for row in mine if row.late_s is not None]
        mean = sum(late) / len(late) if late else None
        out.append(RoleDelay(role, len(late), len(mine), mean, max(late, default=None)))
    return sorted(out, key=lambda row: -(row.mean_s if row.mean_s is not None else -1e9))


@dataclass(frozen=True, slots=True)
class Score:
    """How an objective was reached.

    Attributes
    ----------
    objective, text : str
        Which; in words.
    weight : float
        What it counts.
    steps, done, on_time, skipped : int
        Steps that show it; those that were done, that began in time, that were left out.
    mean_late_s : float or None
        Mean delay of those that were done, seconds; None for none.
    value : float or None
        What evaluators gave, 0 to 100; None while nobody did.
    remark, author : str
        Of the last who scored it.
    """

    objective: str
    text: str
    weight: float
    steps: int
    done: int
    on_time: int
    skipped: int
    mean_late_s: float | None
    value: float | None = None
    remark: str = ""
    author: str = ""

    @property
    def suggested(self) -> float | None:
        """Share of its steps that began in time, in hundredths; None where no step shows it."""
        return 100.0 * self.on_time / self.steps if self.steps else None


IN_TIME = 60.0  # seconds of delay that still count as in time


def scores(plan: Plan, exercise: Exercise, in_time: float = IN_TIME) -> list[Score]:
    """Give the score sheet: every objective with its figures and what evaluators gave.

    Parameters
    ----------
    plan : Plan
        As it was when it was run.
    exercise : Exercise
        What was logged; the last score of an objective counts.
    in_time : float
        Seconds of delay that still count as in time.
    """
    rows = {row.step: row for row in delays(plan, exercise)}
    left = exercise.skipped()
    given = {e.about: e for e in exercise.standing() if e.act == "score"}
    out = []
    for goal in plan.objectives:
        mine = [rows[step.id] for step in plan.steps if goal.id in step.objectives]
        late = [row.late_s for row in mine if row.late_s is not None]
        told = given.get(goal.id)
        out.append(
            Score(
                goal.id, goal.text, goal.weight, len(mine), len(late),
                sum(one <= in_time for one in late), sum(row.step in left for row in mine),
                sum(late) / len(late) if late else None,
                None if told is None else told.value,
                "" if told is None else told.text, "" if told is None else told.author,
            )
        )  # fmt: skip
    return out


def whole_score(rows: Iterable[Score]) -> float | None:
    """Give the mean of all scores that were given, by weight; None where none was."""
    given = [(row.value, row.weight) for row in rows if row.value is not None and row.weight > 0]
    whole = sum(weight for _, weight in given)
    return sum(value * weight for value, weight in given) / whole if whole else None
