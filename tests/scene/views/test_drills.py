"""A plan in the scene: what stays is not made anew, what is over goes, units look ahead."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from layers.drills.edits import add_plan, drills_layer, drills_of
from layers.drills.plan import Commitment, Element, Plan, Start, Step, Unit
from layers.drills.rehearsal import rehearsal
from layers.history import History
from layers.project import Project
from scene.offscreen import Studio
from scene.views.drills import DrillsView
from tests.scene.cities import city, project_with, shot

pytestmark = pytest.mark.picture
ZONE = ((0.0, 0.0), (60.0, 0.0), (60.0, 60.0), (0.0, 60.0))


def plan() -> Plan:
    return Plan(
        0, "Test", units=(
            Unit("e", "Engine 1", place=(0.0, 0.0)),
            Unit("p", "Visitors", kind="person", count=40, place=(20.0, 20.0)),
        ),
        steps=(
            Step("s1", "Cordon", Start(), 60.0, units=(Commitment("e"),), elements=(
                Element("zone", ZONE, "F10200", "Cordon"),
                Element("line", ZONE[:2], "E30200", "Way out", stays=True),
                Element("symbol", ZONE[:1], "A20100", "Fire"),
                Element("route", ((100.0, 0.0), (200.0, 0.0)), unit="e"),
            )),
            Step("s2", "Later", Start("at", 100.0), 60.0),
        ),
    )  # fmt: skip


@pytest.fixture
def drawn() -> Iterator[tuple[Studio, DrillsView, Project]]:
    project, _ = project_with(city())
    History(project).run(add_plan(project, plan()))
    studio = Studio(project)
    layer = drills_layer(project)
    assert layer is not None
    view = studio.stage.views[layer.id]
    assert isinstance(view, DrillsView)
    yield studio, view, project
    studio.close()


def test_units_of_many_people_are_figures_and_vehicles_look_where_they_go(
    drawn: tuple[Studio, DrillsView, Project],
) -> None:
    _, view, project = drawn
    kept = drills_of(project).plans[0]
    played = rehearsal(kept)
    view.show(played.at(30.0), kept)
    assert view.units is not None
    assert len(view.units.figures) == 41
    now = next(unit for unit in played.at(30.0).units if unit.unit == "e")
    assert now.facing == pytest.approx(math.pi / 2.0, abs=0.4)


def test_what_stays_is_not_made_anew_and_what_is_over_goes(
    drawn: tuple[Studio, DrillsView, Project],
) -> None:
    studio, view, project = drawn
    kept = drills_of(project).plans[0]
    played = rehearsal(kept)
    renderer = studio.stage.plotter.renderer
    before = renderer.GetActors().GetNumberOfItems()
    view.show(played.at(10.0), kept)
    there = {renderer.GetActors().GetItemAsObject(i) for i in
             range(renderer.GetActors().GetNumberOfItems())}  # fmt: skip
    view.show(played.at(20.0), kept)
    again = {renderer.GetActors().GetItemAsObject(i) for i in
             range(renderer.GetActors().GetNumberOfItems())}  # fmt: skip
    assert there == again
    view.show(played.at(120.0), kept)
    assert 0 < renderer.GetActors().GetNumberOfItems() < len(there)
    view.show(None, None)
    assert renderer.GetActors().GetNumberOfItems() == before


def test_states_and_growing_zones_change_without_new_actors(
    drawn: tuple[Studio, DrillsView, Project],
) -> None:
    studio, view, project = drawn
    kept = drills_of(project).plans[0]
    growing = Element("zone", ZONE, "F10300", "Spread", grow_from=0.2)
    state = Element("state", unit="p", text="out-of-service")
    steps = (
        replace(kept.steps[0], elements=(*kept.steps[0].elements, growing)),
        Step("s3", "Tired", Start("at", 30.0), 20.0, elements=(state,)),
    )
    kept = replace(kept, steps=steps)
    played = rehearsal(kept)
    props = studio.stage.plotter.renderer.GetViewProps()
    view.show(played.at(10.0), kept)
    before = {props.GetItemAsObject(at) for at in range(props.GetNumberOfItems())}
    assert view.units is not None
    colours = [look.colour for look in view.units.looks]
    view.show(played.at(40.0), kept)
    assert {props.GetItemAsObject(at) for at in range(props.GetNumberOfItems())} == before
    assert [look.colour for look in view.units.looks] != colours


def test_signs_are_painted_in_their_order_and_not_mixed_unless_something_else_is_seen_through(
    drawn: tuple[Studio, DrillsView, Project],
) -> None:
    studio, view, project = drawn
    kept = drills_of(project).plans[0]
    view.show(rehearsal(kept).at(30.0), kept)
    renderer = studio.stage.plotter.renderer
    painted = studio.stage.context.materials.painted
    shot(studio.stage)
    assert not renderer.GetUseOIT()
    props = renderer.GetViewProps()
    every = [props.GetItemAsObject(at) for at in range(props.GetNumberOfItems())]
    orders = [painted[prop] for prop in every if prop in painted]
    assert len(orders) > 4
    assert orders == sorted(orders)
    (blocks,) = project.of_kind("buildings")
    blocks.opacity = 0.5
    shot(studio.stage)
    assert renderer.GetUseOIT()
    blocks.opacity = 1.0
    shot(studio.stage)
    assert not renderer.GetUseOIT()


def test_a_unit_that_stands_looks_on_where_it_went() -> None:
    kept = plan()
    played = rehearsal(kept)
    after = next(unit for unit in played.at(90.0).units if unit.unit == "e")
    assert after.heading is None
    assert after.facing == pytest.approx(math.pi / 2.0, abs=1e-6)
    assert np.isfinite(after.place).all()
