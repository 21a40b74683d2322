"""The library of plans: five kinds of drills to begin with, in Chinese and English.

The chapters follow the order that GB/T 29639-2020 gives special emergency plans, from memory and
unverified. Texts and times are examples; whoever uses a template makes them fit the place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from layers.drills.plan import (
    Commitment,
    Element,
    Grade,
    Inject,
    Objective,
    Phase,
    Place,
    Plan,
    Role,
    Start,
    Step,
    Unit,
)
from layers.drills.template_texts import TEMPLATES, Told
from layers.errors import CityError

#: Chapters of a written plan: key, Chinese, English.
HEADINGS = (
    ("scope", "适用范围", "Scope"),
    ("command", "应急指挥机构及职责", "Command and duties"),
    ("start", "响应启动", "Start of the response"),
    ("measures", "处置措施", "Measures"),
    ("support", "应急保障", "Support"),
    ("end", "响应终止", "End of the response"),
)
PHASES = (
    ("p1", "预警与报告", "Alarm and report"),
    ("p2", "响应启动", "Start of the response"),
    ("p3", "应急处置", "Measures"),
    ("p4", "响应终止与恢复", "End and recovery"),
)
COLOURS = ("#e53935", "#1e88e5", "#43a047", "#fb8c00", "#8e24aa", "#00897b", "#6d4c41", "#3949ab")
CORNERS = 32


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of drill to begin with.

    Attributes
    ----------
    key : str
        ``high-rise-fire``, ``gas-leak``, ``waterlogging``, ``earthquake-shelter``,
        ``large-event``.
    type, grade : str
        Of the plans made from it.
    zone : float
        Radius of its cordon, metres.
    name, summary : (str, str)
        Chinese and English.
    """

    key: str
    type: str
    grade: Grade
    zone: float
    name: Told
    summary: Told


def templates() -> tuple[Template, ...]:
    """Give the templates there are."""
    return tuple(
        Template(key, raw.type, raw.grade, raw.zone, raw.name, raw.summary)
        for key, raw in TEMPLATES.items()
    )


def plan_from(key: str, at: Place, *, name: str = "", chinese: bool = True) -> Plan:
    """Make a plan of a template.

    Parameters
    ----------
    key : str
        Which template.
    at : (float, float)
        Where it happens, project coordinates; everything else stands around it.
    name : str
        "" takes that of the template.
    chinese : bool
        Language of its texts, else English.

    Raises
    ------
    CityError
        ``drill.no_such_template``.
    """
    raw = TEMPLATES.get(key)
    if raw is None:
        keys = ", ".join(TEMPLATES)
        raise CityError(
            "drill.no_such_template",
            f"There is no template '{key}'.",
            hint=f"choose one of: {keys}",
            key=key,
            keys=keys,
        )
    word = 0 if chinese else 1
    roles = tuple(
        Role(role, told[word], colour=COLOURS[number % len(COLOURS)])
        for number, (role, told) in enumerate(raw.roles)
    )
    units = tuple(
        Unit(unit, told[word], role, kind, place=_around(at, 250.0 + 40.0 * number, number))
        for number, (unit, role, kind, told) in enumerate(raw.units)
    )
    objectives = tuple(
        Objective(f"o{number + 1}", told[word]) for number, told in enumerate(raw.objectives)
    )
    steps: list[Step] = []
    for number, (phase, role, minute, lasts, unit, title, words, expected) in enumerate(raw.steps):
        step_id = f"s{number + 1:02d}"
        begin = Start("at", 0.0) if not number else Start("after", minute * 60.0, steps[-1].id)
        if minute < 0:
            begin = Start("with", -minute * 60.0, steps[-1].id)
        steps.append(
            Step(
                step_id, title[word], begin, lasts * 60.0, phase, role,
                _around(at, 15.0 + 5.0 * (number % 4), number), action=title[word],
                words=words[word], response=expected[word],
                units=(Commitment(unit),) if unit else (),
                elements=_elements(number, at, raw.zone, raw.symbol, raw.name[word], word),
                objectives=(objectives[number % len(objectives)].id,),
            )
        )  # fmt: skip
    happens, told, answer = (text[word] for text in raw.inject)
    inject = Inject("i1", happens, told, answer, raw.roles[0][0], _around(at, 40.0, 5))
    headings = {
        head: f"{names[word]}: {raw.chapters[head][word]}" if not chinese
        else f"{names[word]}：{raw.chapters[head][word]}"
        for head, *names in HEADINGS
    }  # fmt: skip
    return Plan(
        0, name.strip() or raw.name[word], raw.type, raw.grade, _ring(at, max(raw.zone * 2, 300.0)),
        summary=raw.summary[word], objectives=objectives,
        phases=tuple(Phase(phase, names[word]) for phase, *names in PHASES),
        roles=roles, units=units, steps=tuple(steps), injects=(inject,), headings=headings,
    )  # fmt: skip


def _elements(
    number: int, at: Place, zone: float, symbol: str, name: str, word: int
) -> tuple[Element, ...]:
    """Give what is seen: the incident with the first step, the cordon with the fourth."""
    if number == 0:
        return (Element("symbol", (at,), symbol, name, stays=True),)
    if number == 3:
        text = ("警戒区", "Cordon")[word]
        return (
            Element("zone", _ring(at, zone), "F10100", f"{text} {zone:g} m", grow_from=0.4,
                    stays=True),
        )  # fmt: skip
    return ()


def _around(at: Place, away: float, number: int) -> Place:
    angle = 2.399963 * number  # the golden angle spreads them evenly
    return (
        round(at[0] + away * math.cos(angle), 2), round(at[1] + away * math.sin(angle), 2)
    )  # fmt: skip


def _ring(at: Place, radius: float) -> tuple[Place, ...]:
    turns = [2.0 * math.pi * corner / CORNERS for corner in range(CORNERS)]
    return tuple(
        (round(at[0] + radius * math.cos(a), 2), round(at[1] + radius * math.sin(a), 2))
        for a in turns
    )
