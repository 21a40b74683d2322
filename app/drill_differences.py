"""What differs between two plans, in words: for the command line and the window."""

from __future__ import annotations

from typing import Any

from app.drill_words import clock
from app.wording import Wording, dashed
from layers.drills.differences import Difference
from layers.drills.plan import Phase, Plan, Role

LONGEST = 60  # letters of a value


def difference_row(one: Difference, before: Plan, after: Plan, w: Wording) -> list[str]:
    """Word a difference: part, how, what, field, before, after."""
    key = f"drill-field-{dashed(one.field)}"
    field = w.t(key) if one.field and w.has(key) else one.field
    return [
        w.t(f"drill-part-{one.part}"), w.t(f"drill-how-{one.how}"), one.name, field,
        _told(one, one.before, before, w), _told(one, one.after, after, w),
    ]  # fmt: skip


def _told(one: Difference, value: Any, plan: Plan, w: Wording) -> str:
    if value is None or one.how in ("added", "removed"):
        return ""
    text = _value(one.field, value, plan, w)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _value(field: str, value: Any, plan: Plan, w: Wording) -> str:
    named: dict[str, tuple[Role, ...] | tuple[Phase, ...]] = {
        "role": plan.roles, "phase": plan.phases,
    }  # fmt: skip
    told = str(value)
    if field in ("begins_s", "seconds") and isinstance(value, float | int):
        told = clock(value)
    elif field == "type":
        told = w.t(f"drill-type-{value}")
    elif field == "start":
        other = next((s.title for s in plan.steps if s.id == value.get("step")), "")
        words = [clock(abs(value.get("seconds", 0.0))), w.t(f"drills-mode-{value.get('mode')}")]
        told = " · ".join([*words, other or str(value.get("condition", ""))]).rstrip(" ·")
    elif field in named:
        told = next((one.name for one in named[field] if one.id == value), told)
    elif field == "units":
        units = {unit.id: unit.name for unit in plan.units}
        told = w.listed([units.get(raw["unit"], raw["unit"]) for raw in value])
    elif field in ("place", "region", "closes"):
        told = _places(value, w)
    elif isinstance(value, list | tuple | dict):
        told = w.t("drill-value-count", count=len(value))
    return told


def _places(value: Any, w: Wording) -> str:
    if value and isinstance(value[0], int | float):
        return f"{value[0]:.0f}, {value[1]:.0f}"
    return w.t("drill-value-corners", count=len(value))
