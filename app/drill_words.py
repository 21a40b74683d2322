"""Plans and what is seen of them as rows and facts that commands, windows and papers show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from app.wording import Wording, current
from layers.drills.detours import Detour
from layers.drills.log import ACTS, Entry
from layers.drills.plan import Plan
from layers.drills.problems import Problem
from layers.drills.rehearsal import Now, Rehearsal
from layers.drills.symbols import symbol_of
from layers.errors import CityError

DETOURS = 4  # that are told one by one


def clock(seconds: float) -> str:
    """Give seconds of a plan as hours, minutes and seconds.

    Examples
    --------
    >>> clock(75), clock(3600)
    ('0:01:15', '1:00:00')
    """
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def timetable_rows(plan: Plan, played: Rehearsal) -> list[dict[str, Any]]:
    """Give a row for each step, in the order of time."""
    roles = {role.id: role.name for role in plan.roles}
    phases = {phase.id: phase.name for phase in plan.phases}
    table = played.table
    return [
        {
            "id": step.id, "begins_s": table.begins[step.id], "ends_s": table.ends[step.id],
            "phase": phases.get(step.phase, step.phase), "role": roles.get(step.role, step.role),
            "title": step.title, "place": step.place_name, "action": step.action,
            "words": step.words, "response": step.response,
        }
        for step in sorted(plan.steps, key=lambda s: (table.begins[s.id], s.id))
    ]  # fmt: skip


def detour_words(plan: Plan, one: Detour, w: Wording) -> str:
    """Give the line that says who comes when because streets are closed."""
    names = {unit.id: unit.name for unit in plan.units}
    titles = {step.id: step.title for step in plan.steps}
    facts: dict[str, Any] = {"unit": names.get(one.unit, one.unit), "time": clock(one.after),
                             "step": titles.get(one.step, one.step)}  # fmt: skip
    if one.stuck:
        return w.t("drills-detour-stuck", **facts)
    if abs(one.later) < 1.0:
        key = "drills-detour-same"
    else:
        key = "drills-detour-later" if one.later > 0.0 else "drills-detour-earlier"
    text = w.t(key, later=clock(abs(one.later)), **facts)
    if one.after > one.needed + 1.0:
        text = f"{text} {w.t('drills-detour-late', late=clock(one.after - one.needed))}"
    return text


def closing_words(
    plan: Plan, second: float, found: Sequence[Detour], wording: Wording | None = None
) -> str:
    """Say what the closing of a street changes: who turns off, and who comes later by how much."""
    w = wording or current()
    if not found:
        return w.t("drills-closing-none", time=clock(second))
    lines = [detour_words(plan, one, w) for one in found[:DETOURS]]
    if len(found) > DETOURS:
        lines.append(w.t("drills-more", count=len(found) - DETOURS))
    units = len({one.unit for one in found})
    return "\n".join([w.t("drills-closing", time=clock(second), count=units), *lines])


def now_facts(plan: Plan, now: Now) -> dict[str, Any]:
    """Give what is seen at a second as values that JSON can hold."""
    roles = {role.id: role.name for role in plan.roles}
    titles = {step.id: step.title for step in plan.steps}

    def told(step_id: str) -> dict[str, Any]:
        step = plan.step(step_id)
        return {
            "id": step.id, "title": step.title, "role": roles.get(step.role, step.role),
            "words": step.words,
        }  # fmt: skip

    return {
        "second": now.second,
        "running": [told(step) for step in now.running],
        "next": [
            {**told(step), "begins_s": begin}
            for step, begin in zip(now.next, now.begins, strict=True)
        ],
        "messages": list(now.messages),
        "camera": now.camera,
        "units": [
            {
                "id": unit.unit, "name": plan.unit(unit.unit).name, "state": unit.state,
                "east": unit.place[0], "north": unit.place[1],
                "heading_deg": None if unit.heading is None else math.degrees(unit.heading) % 360,
                "step": titles.get(unit.step, ""),
            }
            for unit in now.units
        ],
        "shown": [
            {
                "kind": shown.element.kind, "symbol": shown.element.symbol,
                "text": shown.element.text, "about": shown.about,
                "coords": [list(place) for place in shown.element.coords],
            }
            for shown in now.shown
        ],
    }  # fmt: skip


def problem_facts(problem: Problem) -> dict[str, Any]:
    """Give a problem as JSON values with its sentence."""
    return {
        "key": problem.key, "grave": problem.grave, "about": problem.about,
        "text": problem_words(problem), **problem.facts,
    }  # fmt: skip


def problem_words(problem: Problem, words: Wording | None = None) -> str:
    """Give the sentence of a problem."""
    return (words or current()).t(f"drill-problem-{problem.key.replace('_', '-')}", **problem.facts)


def problems_told(found: Sequence[Problem], words: Wording | None = None) -> str:
    """Give the sentence that tells how much is wrong with a plan, and the first of it."""
    w = words or current()
    return w.t("drill-has-problems", count=len(found), first=problem_words(found[0], w))


def parse_fired(texts: Sequence[str], plan: Plan) -> dict[str, float]:
    """Read injects and their seconds, such as ``i1=600``.

    Raises
    ------
    CityError
        ``drill.fire``.
    """
    ids = [inject.id for inject in plan.injects]
    out: dict[str, float] = {}
    for text in texts:
        name, _, second = text.partition("=")
        try:
            value = float(second)
        except ValueError:
            value = math.nan
        if name not in ids or not value >= 0.0:
            raise CityError(
                "drill.fire",
                f"'{text}' is no inject of the plan with a second.",
                hint=f"write ID=SECONDS with one of: {', '.join(ids) or '-'}",
                text=text,
                ids=", ".join(ids) or "-",
            )
        out[name] = value
    return out


def entry_words(plan: Plan, entry: Entry, words: Wording | None = None) -> str:
    """Give a line of the log: when, what, about what, by whom."""
    w = words or current()
    titles = {step.id: step.title for step in plan.steps}
    titles |= {inject.id: inject.title for inject in plan.injects}
    titles |= {goal.id: goal.text for goal in plan.objectives}
    about = titles.get(entry.about, "")
    if entry.act == "symbol" and entry.about:
        made = symbol_of(entry.about)
        about = made.names[1] if w.locale == "zh-CN" else made.names[0]
    elif entry.act in ("taken-back", "opened-way"):
        about = w.t("drill-log-number", number=entry.about)
    value = f"{entry.value:g}" if entry.act == "score" else ""
    text = "" if entry.act == "began" else entry.text
    said = "  ".join(part for part in (about, value, text) if part)
    act = w.t(f"drill-act-{entry.act}") if entry.act in ACTS else entry.act
    return f"{entry.number}  {clock(entry.second)}  {act}  {said}".rstrip() + f"  ({entry.author})"
