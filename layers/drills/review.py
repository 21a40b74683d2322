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
