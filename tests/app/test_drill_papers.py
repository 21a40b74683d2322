"""What a drill's script says, before it has a format."""

from __future__ import annotations

import pytest

from app.drill_papers import KEY_MOMENTS, evaluation, key_moments, script
from app.drills import plan_rehearsal
from layers.drills.plan import (
    Commitment,
    Element,
    Objective,
    Plan,
    Role,
    Start,
    Step,
    Unit,
)
from layers.drills.rehearsal import rehearsal
from layers.drills.shots import Camera, shots_of
from layers.frame import Frame
from layers.paper.document import Document, Heading, Listing, Paragraph, Signatures, Table
from layers.project import Project
from layers.viewpoint import View, Viewpoint

EAST, NORTH = 500_000.0, 3_380_000.0


def plan() -> Plan:
    """Two steps, one with two pumps."""
    steps = (
        Step("s1", "Alarm", Start("at", 0.0), 60.0, role="r1", words="Fire!"),
        Step("s2", "Pumping", Start("after", 30.0, "s1"), 0.0, role="r2", place=(EAST, NORTH),
             units=(Commitment("u1", 2),)),
    )  # fmt: skip
    chapters = {"end": "It ends.", "scope": "适用范围：城区", "own": "Radio: channel 5"}
    return Plan(
        3, "Pumps", type="fire", grade="II", steps=steps, version=4, headings=chapters,
        roles=(Role("r1", "Commander"), Role("r2", "Crew")),
        units=(Unit("u1", "Pump", "r2", count=3),),
        objectives=(Objective("o1", "Fast"), Objective("o2", "Safe", 2.0)),
    )  # fmt: skip


@pytest.fixture
def written() -> Document:
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    return script(project, plan_rehearsal(project, plan()), locale="en", pictures=False)


def test_steps_tell_times_units_and_leave_a_box(written: Document) -> None:
    table = written.blocks[-1]
    assert isinstance(table, Table)
    assert table.wide
    assert isinstance(written.blocks[-2], Heading)  # it goes across with its table
    assert table.head[0] == "From, to"
    assert table.head[-1] == "Evaluator"
    first, second = table.rows
    assert first[0] == "0:00:00\n0:01:00"
    assert first[5] == "Fire!"
    assert second[0] == "0:01:30"  # a moment has no end
    assert second[2] == "Crew\n(Pump × 2)"
    assert second[3] == "E 500000  N 3380000"


def test_chapters_stand_in_their_order_under_their_headings(written: Document) -> None:
    names = [block.text for block in written.blocks if isinstance(block, Heading)]
    at = names.index("适用范围")
    assert names[at : at + 3] == ["适用范围", "End of the response", "Radio"]
    told = [block.text for block in written.blocks if isinstance(block, Paragraph)]
    assert {"城区", "It ends.", "channel 5"} <= set(told)


def test_cover_weights_and_release_are_told(written: Document) -> None:
    assert ("Version", "4") in written.about()
    assert any(value == "Fire" for _, value in written.about())
    goals = next(block for block in written.blocks if isinstance(block, Listing))
    assert goals.items == ("Fast", "Safe (weight 2)")
    signed = next(block for block in written.blocks if isinstance(block, Signatures))
    assert signed.parties == ("Written by", "Checked by", "Approved by")


def test_the_form_for_evaluators_has_the_same_cover() -> None:
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    form = evaluation(project, plan_rehearsal(project, plan()), locale="zh-CN")
    assert ("版本", "4") in form.about()


def test_every_moment_that_shows_something_has_a_picture_and_close_ones_share_it() -> None:
    mark = (Element("symbol", ((0.0, 0.0),)),)
    begins = (0.0, 100.0, 130.0, 400.0)
    steps = tuple(
        Step(f"s{n}", f"{n}", Start("at", at), 40.0, elements=mark) for n, at in enumerate(begins)
    )
    assert key_moments(rehearsal(Plan(0, "Few", steps=steps))) == [20.0, 150.0, 420.0]
    many = tuple(
        Step(f"s{n}", f"{n}", Start("at", 100.0 * n), 40.0, elements=mark) for n in range(60)
    )
    moments = key_moments(rehearsal(Plan(0, "Many", steps=many)))
    assert len(moments) == KEY_MOMENTS
    assert (moments[0], moments[-1]) == (20.0, 5920.0)


def test_pictures_are_drawn_from_where_a_shot_leads_not_from_on_the_way() -> None:
    step = Step("s1", "Shot", Start("at", 60.0), 60.0, elements=(Element("camera", text="Near"),))
    made = Plan(0, "Shots", steps=(step,))
    first = View("", Viewpoint.looking_at((0.0, 0.0, 0.0), 1000.0, 0.0, -0.7))
    near = View("Near", Viewpoint.looking_at((0.0, 0.0, 0.0), 100.0, 1.0, -0.5))
    camera = Camera(first, shots_of(made, rehearsal(made).table), {"Near": near})
    assert camera.settled(59.0) == first
    assert camera.settled(61.0) == near
    assert camera.at(61.0).camera.distance > 500.0
