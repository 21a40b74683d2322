"""An answer that would be another today says so: whatever changes it makes it stale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.sample import build_sample
from layers.analyses import running
from layers.analyses.base import Outcome
from layers.analyses.table import ANALYSES
from layers.files.project_file import load_project
from layers.kinds.base import Features
from layers.kinds.terrain import Terrain
from layers.project import Project
from layers.schemes_rows import drop

NEAR = 350.0  # metres around the middle of the sample that are kept
BOX = ((-100, -100), (100, -100), (100, 100), (-100, 100))
#: Slow ones, those that need a whole network or a plan, and those about one object.
ELSEWHERE = {
    "sunlight", "sunlight-facades", "sunlight-ground", "sky-view", "pipe-hydraulics",
    "pipe-conflicts", "pipe-trace", "pipe-burst", "pipe-long-section", "drill-fire",
}  # fmt: skip
#: What cannot be asked without being told something; places are metres from the middle.
QUESTIONS: dict[str, dict[str, Any]] = {
    "sight-lines": {"eyes": ((0, 0),), "targets": ((250, 200, 30.0),)},
    "viewshed": {"eyes": ((0, 0, 30.0),), "reach": 200.0},
    "landmark": {"targets": ((0, 0, 80.0),), "reach": 200.0},
    "skyline": {"eyes": ((0, 0),)},
    "height-limits": {"limit": "cone", "points": ((0, 0),), "radius": 300.0, "slope": 5.0},
    "massing": {"area": "box", "far": 2.0, "height": 50.0},
    "service-radius": {"points": ((0, 0),), "metres": "100,300"},
    "street-wall": {"lines": "Control lines"},
    "pipe-section": {"line": ((-150, -20), (150, 30))},
    "pipe-dig": {"area": "box", "depth": 3.0},
    "pipe-affected": {"area": "box"},
    "drill-nearest": {"point": (0, 0)},
    "drill-plume": {"point": (0, 0)},
    "drill-heat": {"point": (0, 0), "power": 50.0},
    "drill-blast": {"point": (0, 0), "tnt": 500.0},
    "drill-flood": {"point": (0, 0), "depth": 2.0, "radius": 200.0},
    "drill-crowd": {"area": "box", "points": ((250, 0), (-250, 0)), "people": 60},
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The middle of the sample city."""
    folder = tmp_path_factory.mktemp("sample")
    project = load_project(build_sample(folder, locale="en"))
    middle = middle_of(project)
    for layer in project.layers:
        if isinstance(layer.data, Features) and len(layer.data.shapes):
            away = np.hypot(*(layer.data.shapes.centres() - middle).T) > NEAR
            if layer.kind not in {"resources", "hazards"}:
                layer.data = thinned(layer.data, away)
    return project


def middle_of(project: Project) -> NDArray[Any]:
    terrain = project.terrain()
    extent = None if terrain is None else terrain.extent()
    assert extent is not None
    west, south, east, north = extent
    return np.array([(west + east) / 2, (south + north) / 2])


def thinned(data: Features, away: NDArray[Any]) -> Features:
    return type(data).unpack(drop(data.pack(), data.ids[away]))


def question(project: Project, kind: str) -> dict[str, Any]:
    """Put the places of a question around the middle of the project."""
    middle = middle_of(project)

    def place(told: tuple[float, ...]) -> tuple[float, ...]:
        return (float(middle[0] + told[0]), float(middle[1] + told[1]), *told[2:])

    out: dict[str, Any] = {}
    for name, told in QUESTIONS.get(kind, {}).items():
        places = BOX if told == "box" else told
        if not isinstance(places, tuple):
            out[name] = told
        elif isinstance(places[0], tuple):
            out[name] = tuple(place(one) for one in places)
        else:
            out[name] = place(places)
    return out


def said(outcome: Outcome) -> str:
    """Everything an answer tells, as text (so that what is missing equals what is missing)."""
    rows = [column.to_pylist() for column in outcome.table.columns]
    return repr((outcome.status, sorted(outcome.facts.items(), key=str), rows))


@pytest.fixture
def shaken(city: Project) -> Iterator[Project]:
    """The city, and afterwards as it was."""
    before = {layer.id: layer.data for layer in city.layers}
    yield city
    for layer in city.layers:
        layer.data = before[layer.id]


@pytest.mark.parametrize("kind", sorted(set(ANALYSES) - ELSEWHERE))
def test_what_does_not_make_an_answer_stale_does_not_change_it(kind: str, shaken: Project) -> None:
    asked = question(shaken, kind)
    item = running.run(shaken, kind, asked)
    stale = 0
    for layer in shaken.layers:
        was = layer.data
        if isinstance(was, Terrain):
            rise = np.linspace(0.0, 9.0, was.heights.size, dtype=was.heights.dtype)
            layer.data = replace(was, heights=was.heights + rise.reshape(was.heights.shape))
        elif isinstance(was, Features) and len(was.ids):
            layer.data = thinned(was, np.arange(len(was.ids)) % 2 == 0)
        if running.is_stale(shaken, item):
            layer.data = was  # rightly
            stale += 1
    assert stale > 0
    assert said(running.run(shaken, kind, asked).outcome) == said(item.outcome)
