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
from layers.viewpoint import Viewpoint
from scene.drill_legends import drill_legends
from scene.furniture import Facts, Furniture, Words, draw_furniture, legend_rows
from scene.offscreen import Studio
from scene.views.drills import STATE_COLOURS, DrillsView
from tests.scene.cities import SOUTH, WEST, city, project_with, shot

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


@pytest.mark.parametrize("away", [60.0, 260.0])
def test_signs_keep_their_colours_behind_and_before_what_is_seen_through(
    drawn: tuple[Studio, DrillsView, Project], away: float
) -> None:
    studio, view, project = drawn
    middle = (WEST + 60.0, SOUTH + 60.0)
    ring = tuple((middle[0] + x, middle[1] + y) for x, y in ZONE)
    shown = (
        Element("symbol", (middle,), "A20100", "Fire"),
        Element("line", ring[:2], "E30200", "Way out"),
    )
    car = Unit("e", "Engine 1", place=(middle[0] - 15.0, middle[1] + 15.0))
    kept = replace(plan(), units=(car,), steps=(Step("s1", "On", Start(), 60.0, elements=shown),))
    stage = studio.stage
    view.show(rehearsal(kept).at(30.0), kept)
    stage.viewpoint = Viewpoint.looking_at((*middle, 10.0), away, 0.0, math.radians(-25.0))
    (blocks,) = project.of_kind("buildings")
    painted = stage.context.materials.painted

    def drawn_with(opacity: float, *, signs: bool) -> np.ndarray:
        blocks.opacity = opacity
        before = {one: one.GetVisibility() for one in painted}
        for one in painted:
            one.SetVisibility(bool(before[one]) and signs)
        picture = shot(stage)[..., :3].astype(int)
        for one, visible in before.items():
            one.SetVisibility(visible)
        return picture

    solid, bare = drawn_with(1.0, signs=True), drawn_with(1.0, signs=False)
    bold = (np.abs(solid - bare) > 110).any(axis=2)  # of signs, without soft edges
    assert bold.sum() > 200
    glass = drawn_with(0.4, signs=True)
    assert stage.plotter.renderer.GetUseOIT()
    assert (np.abs(glass - solid) > 20).any(axis=2).sum() > 200
    assert (np.abs(glass - solid)[bold] < 40).all(axis=1).mean() > 0.95
    assert np.array_equal(drawn_with(1.0, signs=True), solid)


def test_a_unit_that_stands_looks_on_where_it_went() -> None:
    kept = plan()
    played = rehearsal(kept)
    after = next(unit for unit in played.at(90.0).units if unit.unit == "e")
    assert after.heading is None
    assert after.facing == pytest.approx(math.pi / 2.0, abs=1e-6)
    assert np.isfinite(after.place).all()


def test_a_legend_names_the_symbols_that_are_shown_with_their_codes(
    drawn: tuple[Studio, DrillsView, Project],
) -> None:
    studio, view, project = drawn
    kept = drills_of(project).plans[0]
    played = rehearsal(kept)
    assert drill_legends(studio.stage.views.values(), Words()) == ()
    view.show(played.at(30.0), kept)
    words = Words(symbols="符号", chinese=True, unit_states={"ready": "待命"})
    legend, zones, states = drill_legends(studio.stage.views.values(), words)
    assert [entry.label for entry in zones.entries] == ["Cordon", "Way out"]
    assert zones.shapes == ("area", "line")
    assert [entry.label for entry in states.entries] == ["待命", "committed"]
    assert [entry.colour for entry in states.entries] == [
        STATE_COLOURS[state] for state in ("ready", "committed")
    ]
    told = [entry.label for entry in legend.entries]
    assert legend.title == "符号"
    assert {label.split()[0] for label in told} >= {"A20100", "D20301", "E30200", "F10200"}
    assert "A20100 火灾" in told
    rows = legend_rows([legend])
    assert [row.sign is not None for row in rows] == [False, *[True] * len(told)]
    facts = Facts(legends=(legend,))
    signed = draw_furniture((640, 400), Furniture(), facts)
    plain = replace(legend, signs=())
    assert (draw_furniture((640, 400), Furniture(), Facts(legends=(plain,))) != signed).any()
    view.show(played.at(120.0), kept)  # what is over is not named any more
    legend = drill_legends(studio.stage.views.values(), Words())[0]
    assert not any(entry.label.startswith("A20100") for entry in legend.entries)


def test_planned_units_are_faint_beside_the_actual_ones(
    drawn: tuple[Studio, DrillsView, Project],
) -> None:
    studio, view, project = drawn
    kept = drills_of(project).plans[0]
    now = rehearsal(kept).at(30.0)
    count = studio.stage.plotter.renderer.GetViewProps().GetNumberOfItems
    studio.stage.viewpoint = Viewpoint.looking_at((0.0, 20.0, 0.0), 250.0)
    view.show(now, kept)
    plain, before = shot(studio.stage), count()
    engine = next(unit for unit in now.units if unit.unit == "e")
    ghost = replace(engine, place=(engine.place[0], engine.place[1] + 40.0))
    view.show(replace(now, ghosts=(ghost,)), kept)
    faint = shot(studio.stage)
    assert count() > before
    assert not np.array_equal(faint, plain)
    assert not studio.stage.plotter.renderer.GetUseOIT()
    view.show(now, kept)
    assert np.array_equal(shot(studio.stage), plain)
    assert count() == before
