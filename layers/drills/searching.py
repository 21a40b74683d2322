"""Plans found by words of any language, type, grade, place and date."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely

from layers.drills.plan import Place, Plan, places_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a plan must be to be found; what is empty does not matter.

    Attributes
    ----------
    words : str
        All of them, in any order, anywhere in its texts; Chinese without spaces is one word.
    type, grade : str
        As in `layers.drills.plan`.
    region : sequence of (float, float)
        Ring that some place of the plan lies in, or its region touches.
    resource : str
        Words that stand in the name of a unit that takes part.
    since, until : str
        First and last day, ``2026-06-21``, of its beginning, or of its last change.
    archived : bool
        Whether plans that were put away are looked at, too.
    """

    words: str = ""
    type: str = ""
    grade: str = ""
    region: Sequence[Place] = ()
    resource: str = ""
    since: str = ""
    until: str = ""
    archived: bool = True


def found(plans: Iterable[Plan], wanted: Wanted) -> list[Plan]:
    """Give the plans that fit, in their order."""
    words = _plain(wanted.words).split()
    return [plan for plan in plans if _fits(plan, wanted, words)]


def _fits(plan: Plan, wanted: Wanted, words: list[str]) -> bool:
    if plan.archived and not wanted.archived:
        return False
    if wanted.type not in ("", plan.type) or wanted.grade not in ("", plan.grade):
        return False
    day = (plan.begins or plan.changed)[:10]
    if (wanted.since and day < wanted.since) or (wanted.until and (not day or day > wanted.until)):
        return False
    units = [_plain(unit.name) for unit in plan.units]
    wanted_units = _plain(wanted.resource).split()
    if not all(any(word in name for name in units) for word in wanted_units):
        return False
    if words and not all(word in text for text in [_plain(texts_of(plan))] for word in words):
        return False
    return len(wanted.region) < 3 or _touches(plan, shapely.Polygon(wanted.region))


def texts_of(plan: Plan) -> str:
    """Give all that a plan says, in one text."""
    parts = [plan.name, plan.summary, plan.author, *plan.headings.values()]
    parts += [text for role in plan.roles for text in (role.name, role.organisation)]
    parts += [unit.name for unit in plan.units] + [phase.name for phase in plan.phases]
    parts += [objective.text for objective in plan.objectives]
    for step in plan.steps:
        parts += [step.title, step.place_name, step.action, step.words, step.response, step.note]
        parts += [element.text for element in step.elements]
    for inject in plan.injects:
        parts += [inject.title, inject.words, inject.response]
    return "\n".join(parts)


def _plain(text: str) -> str:
    """Give a text in small letters and half width, so that ＡＢＣ is found as abc."""
    return unicodedata.normalize("NFKC", text).casefold()


def _touches(plan: Plan, ring: shapely.Polygon) -> bool:
    if len(plan.region) >= 3 and shapely.intersects(ring, shapely.Polygon(plan.region)):
        return True
    places = [place for coords in places_of(plan).values() for place in coords]
    return any(bool(shapely.intersects_xy(ring, *place)) for place in places)
