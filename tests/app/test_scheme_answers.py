"""Questions asked of one scheme stand in the comparison of all, and what nobody asked does too."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
import shapely

from app import api
from app.api import City
from app.scheme_answers import questions, shaded_in_winter, told_of
from app.scheme_reports import compared, figure_rows
from app.wording import Wording
from layers.edits import AddLayer, SetHeight
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.schemes import project_with
from layers.shapes import Shapes
from layers.viewpoint import View, Viewpoint

EAST, NORTH = 508_000.0, 3_378_000.0
CORRIDOR = {
    "limit": "corridor", "width": 20.0,
    "points": [[EAST - 100, NORTH + 10, 1.6], [EAST + 400, NORTH + 10, 60.0]],
}  # fmt: skip
NAMES = ("existing", "A", "B")


@pytest.fixture
def city() -> Iterator[City]:
    boxes = [shapely.box(EAST + 40 * i, NORTH, EAST + 40 * i + 25, NORTH + 20) for i in range(4)]
    data = Buildings.blocks(Shapes.from_shapely(boxes), np.full(4, 6.0))
    with api.new_project(crs="EPSG:4547", title="Town") as made:
        made.run(AddLayer(Layer("buildings", "Houses", data, layer_id="houses")))
        for name, metres in (("A", 60.0), ("B", 9.0)):
            made.new_scheme(name)
            made.run(SetHeight("houses", 1, metres))
        made.activate_scheme("existing")
        yield made


def test_a_question_asked_of_one_scheme_is_asked_of_all(city: City) -> None:
    city.analyse("height-limits", CORRIDOR, scheme="A", name="To the tower: A", keep=True)
    (question,) = questions(city.project)
    assert (question.kind, question.label) == ("height-limits", "To the tower")
    told = told_of(city.project, NAMES)
    assert [facts["height-limits#To the tower.pierced_count"] for facts in told] == [0, 1, 0]
    rows = {row.what: row for row in figure_rows(
        city.project, NAMES, Wording("en"), compared(city.project, NAMES))}  # fmt: skip
    (name,) = (what for what in rows if what.startswith("To the tower: Buildings"))
    assert rows[name].best == (0, 2)


def test_an_answer_that_still_holds_is_taken_and_a_stale_one_is_asked_again(city: City) -> None:
    kept = city.analyse("height-limits", CORRIDOR, scheme="A", name="View A", keep=True)
    city.activate_scheme("A")
    city.run(SetHeight("houses", 1, 5.0))
    city.activate_scheme("existing")
    assert kept.outcome.facts["pierced_count"] == 1
    told = told_of(city.project, NAMES)
    assert told[1]["height-limits#View A.pierced_count"] == 0


def test_the_sun_is_asked_only_where_somebody_wants_it(city: City) -> None:
    params = {"compare": "scheme", "before": "existing", "day": "dahan"}
    city.analyse("sunlight", params, scheme="A", name="Sun: A", keep=True)
    brief = told_of(city.project, NAMES)
    assert "sunlight#Sun.lost_count" in brief[1]
    assert not any(key.startswith("sunlight") for key in brief[2])
    assert "sunlight#Sun.lost_count" in told_of(city.project, NAMES, sun=True)[2]


def test_skylines_are_traced_from_level_views_and_shadows_grow_with_height(city: City) -> None:
    level = View("Street", Viewpoint(EAST - 200, NORTH + 10, 2.0, math.pi / 2, 0.05))
    above = View("Above", Viewpoint(EAST, NORTH, 500.0, 0.0, -0.7))
    told = told_of(city.project, NAMES, [level, above])
    highest = [facts["skyline#@Street.highest_degrees"] for facts in told]
    assert highest[1] == pytest.approx(math.degrees(math.atan2(58.0, 200.0)), abs=0.2)
    assert highest[0] < highest[2] < highest[1]
    assert told[0]["skyline#@Street.changed_percent"] == 0.0
    assert not any("Above" in key for key in told[0])
    shade = [facts["shadows.shaded_winter_m2"] for facts in told]
    assert shade[0] < shade[2] < shade[1]


def test_the_shade_of_one_block_is_that_of_the_sun(city: City) -> None:
    site = shapely.box(EAST, NORTH, EAST + 25, NORTH + 20)
    low = shaded_in_winter(project_with(city.project, "existing"), site)
    high = shaded_in_winter(project_with(city.project, "A"), site)
    assert 0.0 < low < high
