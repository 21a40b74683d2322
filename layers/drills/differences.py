"""What differs between two plans, or two versions of one: steps moved, people and words changed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

from layers.drills.clock import timetable
from layers.drills.plan import Plan
from layers.drills.plan_file import plan_to_json

How = Literal["added", "removed", "changed", "moved"]
PARTS = ("objectives", "phases", "roles", "units", "steps", "injects")
OWN = ("id", "version", "created", "changed", "parent", "archived")  # of the record, not the plan


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    Attributes
    ----------
    part : str
        ``plan``, ``objectives``, ``phases``, ``roles``, ``units``, ``steps``, ``injects``.
    how : str
        ``added``, ``removed``, ``changed`` (a field of it), ``moved`` (a step begins earlier or
        later, whatever it hangs on).
    id, name : str
        Of what; "" for the plan.
    field : str
        Which field, "" for none; ``begins_s`` where it moved.
    before, after : object
        Plain values; None where there is none.
    """

    part: str
    how: How
    id: str = ""
    name: str = ""
    field: str = ""
    before: Any = None
    after: Any = None


def differences(before: Plan, after: Plan) -> list[Difference]:
    """List what differs, the plan itself first, then part by part in the order of time.

    A plan and itself differ in nothing; the other way round added is removed.
    """
    one, other = plan_to_json(before), plan_to_json(after)
    names = [f.name for f in fields(Plan) if f.name not in (*OWN, *PARTS)]
    out = [
        Difference("plan", "changed", "", "", name, one.get(name), other.get(name))
        for name in names
        if one.get(name) != other.get(name)
    ]
    begins = timetable(before).begins, timetable(after).begins
    for part in PARTS:
        found = _of_part(part, one.get(part, []), other.get(part, []))
        if part == "steps":
            known = {d.id for d in found if d.how in ("added", "removed")}
            found += [
                Difference(
                    part, "moved", step.id, step.title, "begins_s", begins[0][step.id],
                    begins[1][step.id],
                )
                for step in after.steps
                if step.id in begins[0] and step.id not in known
                and begins[0][step.id] != begins[1][step.id]
            ]  # fmt: skip
            moment = {**begins[0], **begins[1]}
            found.sort(key=lambda d: (moment.get(d.id, 0.0), d.id, d.how, d.field))
        out += found
    return out


def _of_part(part: str, one: list[Any], other: list[Any]) -> list[Difference]:
    old, new = ({raw["id"]: raw for raw in items} for items in (one, other))
    out: list[Difference] = []
    for number, raw in old.items():
        if number not in new:
            out.append(Difference(part, "removed", number, _name(raw), before=raw))
            continue
        now = new[number]
        out += [
            Difference(part, "changed", number, _name(now), field, raw.get(field), now.get(field))
            for field in dict.fromkeys([*raw, *now])
            if raw.get(field) != now.get(field)
        ]
    out += [
        Difference(part, "added", number, _name(raw), after=raw)
        for number, raw in new.items()
        if number not in old
    ]
    return out


def _name(raw: dict[str, Any]) -> str:
    return str(raw.get("title") or raw.get("name") or raw.get("text") or raw["id"])
