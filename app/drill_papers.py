"""The written drill: the script with every step and word, the form for evaluators, the means."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PIL import Image

from app import papers
from app.drill_pictures import paint
from app.drill_words import clock, problem_words, timetable_rows
from app.drills import city_extent
from app.pictures import Order
from app.wording import Wording, current
from layers.drills.plan import Objective, Plan, Step
from layers.drills.problems import Problem
from layers.drills.rehearsal import Rehearsal
from layers.drills.templates import HEADINGS
from layers.paper.document import (
    Facts,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Picture,
    Signatures,
    Table,
)
from layers.progress import Progress
from layers.project import Project

if TYPE_CHECKING:
    from layers.paper.document import Block, Document

KEY_MOMENTS = 24  # pictures of a script at most
APART = 60.0  # seconds; what is seen sooner after another picture is on that one
SIZE = (1280, 720)
LARGER = 1.5  # times the usual letters: pictures are a hand wide on paper
SYMBOLS_WIDE = 8  # symbols side by side on paper


def script(
    project: Project, played: Rehearsal, found: Sequence[Problem] = (), *, locale: str = "",
    pictures: bool = True, progress: Progress | None = None,
) -> Document:  # fmt: skip
    """Write the script of a drill.

    Parameters
    ----------
    project : Project
        The city; the plan is kept in it.
    played : Rehearsal
        The plan made ready.
    found : sequence of Problem
        What is wrong with it; told at the end.
    locale : str
        Language; "" takes the program's.
    pictures : bool
        Whether the key moments are drawn.
    progress : Progress or None
        Is told each picture.
    """
    w = Wording(locale) if locale else current()
    plan = played.plan
    blocks: list[Block] = [
        Heading(w.t("drill-paper-situation")),
        Facts((
            *_about(plan, w),
            (w.t("drill-paper-length"), clock(played.table.seconds)),
            (w.t("drill-column-steps"), str(len(plan.steps))),
            (w.t("drill-paper-roles"), str(len(plan.roles))),
        )),
    ]  # fmt: skip
    blocks.append(Paragraph(w.t("drill-paper-exercise"), tone="note"))
    if plan.summary:
        blocks.append(Paragraph(plan.summary))
    if plan.objectives:
        blocks += [
            Heading(w.t("drill-paper-objectives")),
            Listing(tuple(_goal(goal, w) for goal in plan.objectives), numbered=True),
        ]
    blocks += _chapters(plan, w)
    blocks += _organisation(plan, w)
    blocks += _resources(played, w)
    if pictures and city_extent(project) is not None:
        blocks += _pictures(project, played, locale, w, progress)
    blocks += _symbols(project, plan, w)
    blocks += _injects(plan, w)
    if found:
        blocks += [
            Heading(w.t("drill-paper-problems")),
            Listing(tuple(problem_words(problem, w) for problem in found)),
        ]
    blocks.append(Signatures(
        tuple(w.t(f"drill-paper-{name}") for name in ("written", "checked", "approved")),
        w.t("drill-paper-release"),
    ))  # fmt: skip
    blocks += _steps(plan, played, w)  # last: it lies across, on pages of its own
    return papers.document(
        project, plan.name, tuple(blocks), subtitle=w.t("drill-paper-script"), words=w,
        author=plan.author, facts=(*_about(plan, w), _version(plan, w)),
    )  # fmt: skip


def evaluation(project: Project, played: Rehearsal, *, locale: str = "") -> Document:
    """Write the form for evaluators: objectives and steps with boxes to fill in."""
    w = Wording(locale) if locale else current()
    plan = played.plan
    goals = [[goal.text, "", ""] for goal in plan.objectives]
    rows = [
        [clock(row["begins_s"]), row["role"], row["title"], row["response"], "", ""]
        for row in timetable_rows(plan, played)
    ]
    heads = ("begins", "role", "title", "response", "actual", "score")
    blocks: list[Block] = []
    if goals:
        blocks += [
            Heading(w.t("drill-paper-objectives")),
            Table(
                tuple(w.t(f"drill-paper-{n}") for n in ("objective", "reached", "remark")),
                tuple(tuple(row) for row in goals),
            ),
        ]
    blocks += [
        Heading(w.t("drill-paper-steps")),
        Table(
            tuple(w.t(f"drill-paper-{name}") for name in heads),
            tuple(tuple(row) for row in rows),
            wide=True,
        ),
        Signatures((w.t("drill-paper-evaluator"), w.t("drill-paper-leader"))),
    ]
    return papers.document(
        project, plan.name, tuple(blocks), subtitle=w.t("drill-paper-form"), words=w,
        author=plan.author, facts=(*_about(plan, w), _version(plan, w)),
    )  # fmt: skip


def _organisation(plan: Plan, w: Wording) -> list[Block]:
    """Tell roles and units."""
    blocks: list[Block] = []
    if plan.roles:
        names: dict[str, list[str]] = {unit.role: [] for unit in plan.units}
        for unit in plan.units:
            names[unit.role].append(unit.name)
        rows = [
            (role.name, role.organisation, ", ".join(names.get(role.id, [])), role.contact)
            for role in plan.roles
        ]
        heads = ("role", "organisation-of", "units", "contact")
        blocks += [
            Heading(w.t("drill-paper-organisation")),
            Table(tuple(w.t(f"drill-paper-{name}") for name in heads), tuple(rows)),
        ]
    return blocks


def _about(plan: Plan, w: Wording) -> tuple[tuple[str, str], ...]:
    """Tell what the plan is for: its type, its grade, when it begins."""
    begins = plan.begins.replace("T", " ")[:16] or w.t("drill-paper-not-given")
    return (
        (w.t("drill-column-type"), w.t(f"drill-type-{plan.type}")),
        (w.t("drill-column-grade"), w.t(f"drill-grade-{plan.grade}")),
        (w.t("drill-paper-begins"), begins),
    )  # fmt: skip


def _version(plan: Plan, w: Wording) -> tuple[str, str]:
    return w.t("archive-column-version"), str(plan.version)


def _goal(goal: Objective, w: Wording) -> str:
    """Tell an objective, with its weight where that is not the usual one."""
    if goal.weight == 1.0:
        return goal.text
    return w.t("drill-paper-weighted", text=goal.text, weight=f"{goal.weight:g}")


def _chapters(plan: Plan, w: Wording) -> list[Block]:
    """Tell the chapters of the written plan, each under its heading."""
    blocks: list[Block] = []
    known = {key: names for key, *names in HEADINGS}
    others = [key for key in plan.headings if key not in known]
    for key in (*(key for key in known if key in plan.headings), *others):
        text = plan.headings[key]
        head, _, told = text.partition("：" if "：" in text else ": ")
        if not text.strip():
            continue
        if key in known and head.strip() not in known[key]:  # typed without its heading
            head, told = w.t(f"drills-chapter-{key}"), text
        blocks += [Heading(head.strip()), Paragraph((told or text).strip())]
    return blocks


def _resources(played: Rehearsal, w: Wording) -> list[Block]:
    """Tell what takes part, how many, and when it is first needed."""
    plan = played.plan
    if not plan.units:
        return []
    roles = {role.id: role.name for role in plan.roles}
    rows = []
    for unit in plan.units:
        busy = [step.id for step in plan.steps if any(c.unit == unit.id for c in step.units)]
        begins = [played.table.begins[step] for step in busy]
        rows.append((
            unit.name, w.t(f"drill-unit-{unit.kind}"), unit.count, roles.get(unit.role, ""),
            clock(min(begins)) if begins else "", len(busy),
        ))  # fmt: skip
    heads = ("unit", "kind", "count", "role", "first", "used")
    return [
        Heading(w.t("drill-paper-resources")),
        Table(
            tuple(w.t(f"drill-paper-{name}") for name in heads), tuple(rows),
            digits=(0,) * len(heads),
        ),
    ]  # fmt: skip


def _pictures(
    project: Project, played: Rehearsal, locale: str, w: Wording, progress: Progress | None
) -> list[Block]:
    """Draw the key moments."""
    moments = key_moments(played)
    blocks: list[Block] = [PageBreak(), Heading(w.t("drill-paper-pictures"))]
    order = Order(size=SIZE, title="", larger=LARGER)
    for now, picture in paint(project, played, moments, order, locale, progress, near=True):
        titles = "; ".join(played.plan.step(step).title for step in now.running[-3:])
        file = io.BytesIO()
        Image.fromarray(picture.pixels[..., :3]).save(file, "JPEG", quality=88)
        blocks.append(Picture(file.getvalue(), f"{clock(now.second)}  {titles}"))
    return blocks


def _symbols(project: Project, plan: Plan, w: Wording) -> list[Block]:
    """Draw the symbols that are used with their codes and names."""
    from app.symbols import sheet, symbols_of_plan

    used = symbols_of_plan(plan, project)
    if not used:
        return []
    image, file = sheet(used, chinese=w.locale == "zh-CN", columns=SYMBOLS_WIDE), io.BytesIO()
    image.save(file, "PNG")
    return [Heading(w.t("drill-paper-symbols")),
            Picture(file.getvalue(), w.t("drill-paper-symbols-told", count=len(used)))]  # fmt: skip


def key_moments(played: Rehearsal) -> list[float]:
    """Give the seconds worth a picture: where something is seen, spread over the plan.

    A plan that shows nothing yet is drawn where units go to places, else where steps begin.
    """
    table, plan = played.table, played.plan
    seen = [step for step in plan.steps if step.elements]
    seen = seen or [step for step in plan.steps if step.place is not None and step.units]
    seen = seen or list(plan.steps)
    every = sorted({table.begins[step.id] + min(step.seconds, 120.0) * 0.5 for step in seen})
    seconds: list[float] = []
    for second in every:  # what begins soon after a picture is shown a little later with it
        if seconds and second - seconds[-1] < APART:
            seconds[-1] = second
        else:
            seconds.append(second)
    if len(seconds) <= KEY_MOMENTS:
        return seconds or [0.0]
    step = (len(seconds) - 1) / (KEY_MOMENTS - 1)
    return sorted({seconds[round(number * step)] for number in range(KEY_MOMENTS)})


def _steps(plan: Plan, played: Rehearsal, w: Wording) -> list[Block]:
    """Tell every step in the order of time."""
    heads = ("time", "phase", "role", "place", "action", "words", "response", "box")
    rows = tuple(
        (
            _times(row), row["phase"], _who(plan, plan.step(row["id"]), row["role"]),
            row["place"] or _spot(plan.step(row["id"]), w), _action(row),
            row["words"], row["response"], "",
        )
        for row in timetable_rows(plan, played)
    )  # fmt: skip
    head = tuple(w.t(f"drill-paper-{name}") for name in heads)
    return [
        Heading(w.t("drill-paper-steps")),
        Table(head, rows, wide=True, widths=(0.8, 1.0, 1.3, 1.2, 1.9, 1.9, 1.7, 1.5)),
    ]


def _times(row: dict[str, Any]) -> str:
    """Give when a step begins and ends."""
    begin, end = clock(row["begins_s"]), clock(row["ends_s"])
    return begin if begin == end else f"{begin}\n{end}"


def _who(plan: Plan, step: Step, role: str) -> str:
    """Give who acts, and with which units."""
    names = {unit.id: unit.name for unit in plan.units}
    units = [
        names.get(need.unit, need.unit) + (f" × {need.count}" if need.count > 1 else "")
        for need in step.units
    ]
    return f"{role}\n({', '.join(units)})" if units else role


def _spot(step: Step, w: Wording) -> str:
    """Give where a step is by its coordinates."""
    if step.place is None:
        return ""
    east, north = (f"{metres:.0f}" for metres in step.place)
    return w.t("drill-paper-spot", east=east, north=north)


def _action(row: dict[str, Any]) -> str:
    """Give what is done: the title, and the action where it says more."""
    title, action = str(row["title"]), str(row["action"])
    return title if not action or action == title else f"{title}. {action}"


def _injects(plan: Plan, w: Wording) -> list[Block]:
    if not plan.injects:
        return []
    heads = ("inject", "words", "response")
    rows = tuple((inject.title, inject.words, inject.response) for inject in plan.injects)
    return [
        Heading(w.t("drill-paper-injects")),
        Table(tuple(w.t(f"drill-paper-{name}") for name in heads), rows),
    ]
