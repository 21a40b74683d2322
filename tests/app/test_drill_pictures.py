"""Two plays of a plan are the same pictures; what is shown comes and goes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
import shapely

from app.drill_captions import captions_of
from app.drill_pictures import paint, roofs_at
from app.drills import plan_rehearsal
from app.pictures import Order
from app.wording import Wording
from layers.drills.edits import add_plan, change_plan, drills_of
from layers.drills.plan import Commitment, Element, Plan, Role, Start, Step, Unit
from layers.drills.rehearsal import rehearsal
from layers.edits import save_view
from layers.frame import Frame
from layers.history import History
from layers.kinds import KINDS
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Shapes
from layers.viewpoint import View, Viewpoint

EAST, NORTH = 500_000.0, 3_380_000.0
RING = tuple((EAST + x, NORTH + y) for x, y in ((0.0, 0.0), (90.0, 0.0), (90.0, 90.0), (0.0, 90.0)))


@pytest.fixture(scope="module")
def town() -> Project:
    """Two blocks and a plan: a zone grows from second 60 on, a car and walkers come for it."""
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    boxes = [shapely.box(EAST + x, NORTH, EAST + x + 40, NORTH + 40) for x in (-100.0, 120.0)]
    data = Buildings.blocks(Shapes.from_shapely(boxes), 20.0)
    project.insert_layer(Layer("buildings", "Blocks", data, style=KINDS["buildings"].style))
    zone = Element("zone", RING, colour="#e53935", grow_from=0.2, stays=True)
    step = Step(
        "s1", "Fire", Start("at", 60.0), 60.0, role="r1", place=(EAST + 45.0, NORTH + 45.0),
        units=(Commitment("u1"), Commitment("u2")),
        elements=(zone, Element("symbol", RING[:1], "A20100", "Fire", stays=True)),
    )  # fmt: skip
    car = Unit("u1", "Engine", "r1", place=(EAST - 150.0, NORTH + 60.0))
    crew = Unit("u2", "Crew", "r1", "team", count=12, place=(EAST - 20.0, NORTH - 10.0))
    plan = Plan(0, "Fire", roles=(Role("r1", "Crew"),), units=(car, crew), steps=(step,))
    History(project).run(add_plan(project, plan))
    return project


def test_resources_are_grey_while_the_plan_plays_outside_of_their_valid_time(
    town: Project,
) -> None:
    project = Project(town.frame)
    place = Shapes.from_shapely([shapely.Point(EAST + 45.0, NORTH - 30.0)])
    table = pa.table({"sort": ["hospital"], "valid_to": ["2026-01-01 10:05"]})
    style = KINDS["resources"].style
    project.insert_layer(Layer("resources", "R", Features.of(place, table), style=style))
    step = Step("s1", "Wait", Start("at", 0.0), 900.0, place=(EAST, NORTH))
    plan = Plan(0, "P", begins="2026-01-01T10:00:00+08:00", steps=(step,))
    History(project).run(add_plan(project, plan))
    early, late = pictures(project, 0.0, 600.0)

    def green(picture: np.ndarray) -> int:
        colours = picture[..., :3].astype(int)
        return int((colours[..., 1] - colours[..., [0, 2]].max(axis=-1) > 100).sum())

    assert green(early) > 50
    assert green(late) == 0


def pictures(project: Project, *seconds: float) -> list[np.ndarray]:
    """Draw some seconds of a play of its own."""
    played = plan_rehearsal(project, drills_of(project).plans[0])
    order = Order(size=(320, 240), title="")
    return [picture.pixels for _, picture in paint(project, played, seconds, order, "en")]


def test_two_plays_are_equal_to_the_pixel(town: Project) -> None:
    seconds = (0.0, 48.0, 55.0, 90.0, 120.0)  # the car drives and people walk from 40 on
    first = pictures(town, *seconds)
    again = pictures(town, *reversed(seconds))  # scrubbed backwards
    for one, other in zip(first, reversed(again), strict=True):
        assert np.array_equal(one, other)
    assert all(not np.array_equal(a, b) for a, b in pairwise(first[:-1]))
    for second, picture in zip(seconds, first, strict=True):
        assert np.array_equal(pictures(town, second)[0], picture)  # come to by itself


def test_two_plays_are_equal_near_people_who_walk(town: Project) -> None:
    played = plan_rehearsal(town, drills_of(town).plans[0])
    course = played.courses["u2"]
    seconds = [played.table.begins["s1"] - early for early in (8.0, 7.6, 5.0)]
    east, north = course.at(seconds[1])[0]
    eye = Viewpoint.looking_at((east, north, 0.8), 14.0, 2.0, -0.2)
    order = Order(size=(320, 240), title="", camera=eye, furniture=False)

    def drawn(*moments: float) -> list[np.ndarray]:
        return [p.pixels for _, p in paint(town, played, moments, order, "en")]

    forth, back = drawn(*seconds), drawn(*reversed(seconds))
    for one, other in zip(forth, reversed(back), strict=True):
        assert np.array_equal(one, other)
    assert not np.array_equal(forth[0], forth[1])  # half a step later


def test_the_eye_glides_alike_forth_and_back_and_words_are_written(town: Project) -> None:
    history = History(town)
    place = (EAST + 40.0, NORTH + 40.0, 0.0)
    history.run(save_view(town, View("Near", Viewpoint.looking_at(place, 150.0, 1.0, -0.5))))
    plan = drills_of(town).plans[0]
    shot = Element("camera", text="Near", glide=40.0)
    steps = (*plan.steps, Step("s2", "Look", Start("at", 100.0), 30.0, elements=(shot,)))
    history.run(change_plan(town, replace(plan, steps=steps)))
    seconds = (99.0, 110.0, 120.0, 150.0)
    forth, back = pictures(town, *seconds), pictures(town, *reversed(seconds))
    for one, other in zip(forth, reversed(back), strict=True):
        assert np.array_equal(one, other)
    assert all(not np.array_equal(a, b) for a, b in pairwise(forth))  # it moves all the time
    assert np.array_equal(forth[-1], pictures(town, 170.0)[0])  # and has come to rest
    history.undo()
    history.undo()


def test_a_film_says_who_says_what_and_what_comes_next(town: Project) -> None:
    plan = drills_of(town).plans[0]
    first = replace(plan.steps[0], words="Fire at the corner!")
    played = rehearsal(replace(plan, steps=(first, Step("s2", "Over", Start("at", 200.0)))))
    english = Wording("en")
    told = captions_of(played.plan, played.at(70.0), english)
    assert told.spoken == (("Crew", "Fire at the corner!"),)
    assert (told.time, told.step, told.kind) == ("0:01:10", "Fire", "")
    assert told.coming == "Next in 0:02:10: Over"
    assert captions_of(played.plan, played.at(10.0), english).spoken == ()
    assert captions_of(played.plan, played.at(250.0), english).coming == ""
    order = Order(size=(320, 240), title="")
    ((_, plain),) = paint(town, played, [70.0], order, "en")
    ((_, words),) = paint(town, played, [70.0], replace(order, title=None), "en", words=True)
    rows = np.nonzero((plain.pixels != words.pixels).any(axis=(1, 2)))[0]
    assert len(rows)
    assert rows.min() > 120


def test_a_film_has_a_legend_of_the_drill_where_one_is_wanted(town: Project) -> None:
    played = plan_rehearsal(town, drills_of(town).plans[0])

    def drawn(*, legend: bool = True, layers: bool = True) -> np.ndarray:
        wanted = Order(size=(640, 400), title="", legend=legend, layers=layers)
        ((_, picture),) = paint(town, played, [90.0], wanted, "en", words=True)
        return np.asarray(picture.pixels)

    bare, drill, every = drawn(legend=False), drawn(layers=False), drawn()

    def marked(one: np.ndarray, other: np.ndarray) -> tuple[int, int, int]:
        rows, columns = np.nonzero((one != other).any(axis=2))
        return int(rows.min()), int(rows.max()), int(columns.min())

    top, bottom, left = marked(bare, drill)
    assert left > 320  # where the window has it
    assert marked(bare, every)[0] == top
    assert marked(drill, every)[1] > bottom - 20  # layers come below


def test_a_gliding_eye_knows_the_roofs_beside_it(town: Project) -> None:
    places = np.array([[EAST - 80.0, NORTH + 20.0], [EAST - 45.0, NORTH + 20.0], [EAST, NORTH]])
    assert roofs_at(town, places).tolist() == [20.0, 20.0, -np.inf]
    (blocks,) = town.of_kind("buildings")
    blocks.visible = False
    assert not np.isfinite(roofs_at(town, places)).any()
    blocks.visible = True


def test_a_zone_is_seen_from_its_second_on_and_grows(town: Project) -> None:
    def red(pixels: np.ndarray) -> int:
        seen = pixels[..., :3].astype(int)
        return int(((seen[..., 0] - seen[..., 1] > 40) & (seen[..., 0] > 120)).sum())

    before, begun, whole = (red(p) for p in pictures(town, 30.0, 70.0, 119.0))
    assert before < begun < whole
