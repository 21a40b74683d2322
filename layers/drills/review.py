"""What a run of a plan showed: when steps really were, and how late; plans found by words."""

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


def found(
    plans: Iterable[Plan], words: str = "", *, sort: str = "", grade: str = "",
    archived: bool = False,
) -> list[Plan]:  # fmt: skip
    """List the plans that hold all words anywhere, of a type and a grade.

    Parameters
    ----------
    plans : iterable of Plan
        What is searched.
    words : str
        Parted by blanks; capitals do not matter, Chinese is found within words.
    sort, grade : str
        Type and grade of plans, "" for any.
    archived : bool
        Whether plans that were put away are looked at, too.
    """
    wanted = words.casefold().split()
    return [
        plan for plan in plans
        if (archived or not plan.archived)
        and sort in ("", plan.type) and grade in ("", plan.grade)
        and all(word in _all_words(plan) for word in wanted)
    ]  # fmt: skip


def _all_words(plan: Plan) -> str:
    """Give everything a plan says as one small text."""
    parts = [plan.name, plan.summary, plan.author, *plan.headings.values()]
    parts += [goal.text for goal in plan.objectives]
    parts += [f"{role.name} {role.organisation}" for role in plan.roles]
    parts += [unit.name for unit in plan.units]
    for step in plan.steps:
        parts += [step.title, step.place_name, step.action, step.words, step.response]
    parts += [f"{inject.title} {inject.words}" for inject in plan.injects]
    return "\n".join(parts).casefold()
