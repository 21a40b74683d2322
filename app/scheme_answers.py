"""What answers say of schemes: questions that were asked of one are asked of all of them.

Beside them stand figures nobody has to ask for: the skyline that level views show, and the ground
around the site that lies in shadow in winter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.analyses import running
from layers.errors import CityError
from layers.kinds.answers import Answers, SavedAnalysis
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.progress import Part, Progress, Silent
from layers.project import Project
from layers.schemes import project_with
from layers.schemes_compare import changed_area, some_of
from layers.schemes_model import EXISTING
from layers.viewpoint import View

#: Kinds of questions that make sense of any scheme, as they were asked.
KINDS = (
    "height-limits", "sight-lines", "viewshed", "landmark", "sky-view", "skyline", "sunlight",
    "sunlight-facades", "sunlight-ground", "service-radius", "street-wall", "fire-spacing",
    "fire-access",
)  # fmt: skip
#: Those that take long; they are asked anew only where somebody wants the sun.
LONG = frozenset({"sunlight", "sunlight-facades", "sunlight-ground"})
LEVEL = math.radians(-15.0)  # a view that looks further down shows no skyline
HIGHEST_EYE = 60.0  # metres above the ground, from which roofs lie below the horizon
MOST_VIEWS = 4
TIMES = ("09:00", "12:00", "15:00")  # of the shortest day, local
AROUND, CASTING = 300.0, 500.0  # metres around the site that are shaded, and that throw shadows
SHADE, VIEW = "shadows", "@"  # keys of shadows; before the names of views
#: What analyses tell of how much they looked at, not of the scheme.
LEFT_OUT = frozenset(
    {"checked_count", "lines_count", "zones_count", "site_m2", "windows_count", "buildings_count",
     "need_min", "goals_count", "eyes_count", "points_count", "places_count", "towers_count",
     "lanes_count", "pairs_count", "attached_count", "most_percent", "highest_before_degrees"}
)  # fmt: skip
_MARKS = re.compile(r"[\s:：·\-–—_/|（(]+$")


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A question that answers are kept of.

    Attributes
    ----------
    kind : str
        Key of the analysis.
    params : mapping
        What was asked.
    label : str
        What the names of its answers have in common; it has no dots.
    answers : tuple of SavedAnalysis
        About one scheme or another.
    """

    kind: str
    params: Mapping[str, Any]
    label: str
    answers: tuple[SavedAnalysis, ...]

    def key(self, fact: str) -> str:
        """Give the key of one of its figures."""
        return f"{self.kind}#{self.label}.{fact}"


def questions(project: Project) -> list[Question]:
    """List the questions that were asked of this or that scheme, each once."""
    found: dict[tuple[str, str], list[SavedAnalysis]] = {}
    for layer in project.of_kind("answers"):
        for item in layer.data.items if isinstance(layer.data, Answers) else ():
            if item.kind in KINDS:
                plain = repr(sorted(item.params.items()))
                found.setdefault((item.kind, plain), []).append(item)
    return [
        Question(kind, items[0].params, _label([item.name for item in items]), tuple(items))
        for (kind, _), items in found.items()
    ]


def _label(names: Sequence[str]) -> str:
    """Give what names have in common at their beginning, else the first one."""
    first, last = min(names), max(names)
    same = 0
    while same < len(first) and first[same : same + 1] == last[same : same + 1]:
        same += 1
    common = _MARKS.sub("", first[:same]) if len(set(names)) > 1 else ""
    if not common:
        common = re.split(r"[:：]\s*\S+$", names[0])[0]
    return common.replace(".", "·").strip() or names[0].replace(".", "·")


def told_of(
    project: Project, names: Sequence[str], views: Sequence[View] = (),
    progress: Progress = Silent(), *, sun: bool = False,
) -> list[dict[str, float]]:  # fmt: skip
    """Give figures of answers, skylines and shadows for each of some schemes.

    Parameters
    ----------
    project : Project
        The project.
    names : sequence of str
        Schemes; the first is the one to compare with.
    views : sequence of View
        Whose skylines are traced; those that look down, or from high above, are passed over.
    progress : Progress
        Told how far it is.
    sun : bool
        Whether questions about the sun are asked of schemes that have no answer yet.
    """
    asked = questions(project)
    level = [v for v in views if _is_level(project, v)][:MOST_VIEWS]
    site = changed_area(project, names)
    out: list[dict[str, float]] = []
    for number, name in enumerate(names):
        part = Part(progress, number / len(names), (number + 1) / len(names))
        shown = project_with(project, name)
        facts: dict[str, float] = {}
        for question in asked:
            item = _answer(shown, name, question, part, sun=sun)
            for fact, value in _numbers(item):
                facts[question.key(fact)] = value
        for view in level:
            facts |= _skyline(shown, view, part)
        if site is not None:
            with suppress(CityError):  # the sun is down all day: there is nothing to tell
                facts[f"{SHADE}.shaded_winter_m2"] = shaded_in_winter(shown, site, part)
        out.append(facts)
    return out


def _numbers(item: SavedAnalysis | None) -> Iterator[tuple[str, float]]:
    for fact, value in (item.outcome.facts if item is not None else {}).items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and fact not in LEFT_OUT:
            yield fact, float(value)


def _answer(
    shown: Project, name: str, question: Question, progress: Progress, *, sun: bool
) -> SavedAnalysis | None:
    """Take the answer that is kept and still holds, else ask."""
    for item in question.answers:
        if (item.scheme or EXISTING) == name and not running.changed(shown, item):
            return item
    if question.kind in LONG and not sun:
        return None
    with suppress(CityError):  # it cannot be asked of this scheme: there is nothing to tell
        return running.run(shown, question.kind, dict(question.params), progress, scheme=name)
    return None


def _is_level(project: Project, view: View) -> bool:
    """Say whether a view shows a skyline: it looks level, from not too high above the ground."""
    looks = view.camera
    above = looks.height - float(project.ground_at([[looks.east, looks.north]])[0])
    return looks.projection == "perspective" and looks.pitch > LEVEL and above <= HIGHEST_EYE


def _skyline(shown: Project, view: View, progress: Progress) -> dict[str, float]:
    """Trace the skyline of a view against the existing city."""
    looks = view.camera
    wide = 2.0 * math.atan(math.tan(looks.fov / 2.0) * 16.0 / 9.0)
    params = {
        "eyes": ((looks.east, looks.north, looks.height),), "compare": "scheme",
        "before": EXISTING, "heading": round(math.degrees(looks.heading), 3),
        "width": round(math.degrees(wide), 3),
    }  # fmt: skip
    with suppress(CityError):  # no buildings are seen
        item = running.run(shown, "skyline", params, progress)
        label = view.name.replace(".", "·")
        wanted = ("highest_degrees", "changed_percent")
        return {f"skyline#{VIEW}{label}.{f}": v for f, v in _numbers(item) if f in wanted}
    return {}


def shaded_in_winter(shown: Project, site: BaseGeometry, progress: Progress = Silent()) -> float:
    """Give the ground around a site that buildings shade on the shortest day, mean, m2.

    Parameters
    ----------
    shown : Project
        The city in one scheme.
    site : shapely geometry
        Hull of what any scheme changes; the ground within 300 m of it counts, without footprints.
    progress : Progress
        Told how far it is.

    Raises
    ------
    CityError
        ``shadow_plan.no_sun``, ``shadow_plan.no_buildings``.
    """
    from layers.planning.shadow_plan import shadow_plan

    near, reach = site.buffer(AROUND), site.buffer(CASTING)
    casting: list[Layer] = []
    plans: list[BaseGeometry] = []
    for layer in shown.of_kind("buildings"):
        data = layer.data
        if not isinstance(data, Buildings) or not len(data):
            continue
        middle = data.shapes.centres()
        inside = shapely.contains_xy(reach, middle[:, 0], middle[:, 1])
        if inside.any():
            some = some_of(layer, data.ids[inside])
            assert isinstance(some, Buildings)
            casting.append(replace_data(layer, some))
            rows = np.flatnonzero(some.part_of == 0)
            plans += shapely.make_valid(some.shapes.take(rows).to_shapely()).tolist()
    year = (shown.info.moment or "2026")[:4]
    moments = [f"{year}-12-22T{time}" for time in TIMES]
    plan = shadow_plan(shown, casting, moments, progress, name=SHADE)
    shadows = shapely.make_valid(plan.features.shapes.to_shapely())
    ground = shapely.difference(near, shapely.union_all(plans))
    shapely.prepare(ground)
    return float(shapely.area(shapely.intersection(shadows, ground)).sum() / len(TIMES))


def replace_data(layer: Layer, data: Buildings) -> Layer:
    """Give a layer of the same look with other content, for looking at alone."""
    return Layer(layer.kind, layer.name, data, style=replace(layer.style), layer_id=layer.id)
