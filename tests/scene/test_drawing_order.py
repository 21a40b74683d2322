"""Drawing what is on top first changes the time of a frame, never the picture."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import pyvista as pv
import shapely
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from layers.edits import AddLayer, RemoveLayer
from layers.history import History
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.shapes import Shapes
from scene.drawing_order import DrawingOrder
from tests.scene.cities import SOUTH, WEST, city, project_with, shot, staged

pytestmark = pytest.mark.picture
GL_BLEND = 0x0BE2


def green() -> Layer:
    field = Shapes.from_shapely([shapely.box(WEST, SOUTH, WEST + 90, SOUTH + 90)])
    return Layer("greenery", "Park", Features.of(field), style=kind_of("greenery").style)


def test_what_stands_is_drawn_first_then_what_lies_on_top_and_signs_last() -> None:
    project, _ = project_with(city(9))
    with staged(project) as stage:
        shot(stage)
        before = [id(p) for p in _props(stage)]
        history = History(project)
        history.run(AddLayer(green()))
        shot(stage)
        after = [id(p) for p in _props(stage)]
        new = [p for p in after if p not in before]
        assert new
        orders = stage.context.materials.orders()
        flat = [orders[p] for p in _props(stage) if p in orders]
        assert flat == sorted(flat, reverse=True)
        first = min(i for i, p in enumerate(_props(stage)) if p in orders)
        assert not any(p in orders for p in _props(stage)[:first])
        assert after.index(new[0]) >= first > 0
        solid = [p.IsA("vtkActor2D") for p in _props(stage)]
        assert solid == sorted(solid)


def test_buildings_are_drawn_unmixed_and_the_sky_last_of_what_is_solid() -> None:
    project, _ = project_with(city(9))
    with staged(project) as stage:
        shot(stage)
        state = stage.context.renderer.GetRenderWindow().GetState()
        mixed: dict[bool, list[bool]] = {True: [], False: []}
        materials = stage.context.materials
        for prop in _props(stage):
            if prop.IsA("vtkActor") and prop.GetVisibility():
                heard = mixed[prop in materials.bare]
                prop.GetMapper().AddObserver(
                    "EndEvent", lambda *_, heard=heard: heard.append(state.GetEnumState(GL_BLEND))
                )
        shot(stage)
        assert mixed[True]
        assert not any(mixed[True])
        assert all(mixed[False][1:])  # the first is what switches it off
        assert state.GetEnumState(GL_BLEND)
        flat = [i for i, p in enumerate(_props(stage)) if p in materials.orders()]
        assert _props(stage).index(materials.backdrop) > max(flat)


def test_colours_are_mixed_again_for_what_lies_over_the_picture() -> None:
    project, _ = project_with(city(9))
    with staged(project) as stage:
        shot(stage)
        state = stage.context.renderer.GetRenderWindow().GetState()
        after: list[bool] = []
        stage.context.renderer.AddObserver(
            "EndEvent", lambda *_: after.append(state.GetEnumState(GL_BLEND))
        )
        clear = shot(stage)
        glass = green()
        glass.opacity = 0.5
        project.insert_layer(glass)  # mixed by weights from here on
        next(iter(project.of_kind("buildings"))).opacity = 0.6
        seen = shot(stage)
        assert stage.context.renderer.GetUseOIT()
        assert after
        assert all(after)
        assert not np.array_equal(clear, seen)


def test_the_picture_stays_the_same_when_layers_come_and_go() -> None:
    project, _ = project_with(city(9))
    with staged(project) as stage:
        alone = shot(stage)
        history = History(project)
        layer = green()
        history.run(AddLayer(layer))
        both = shot(stage)
        history.run(RemoveLayer(layer.id))
        assert np.array_equal(shot(stage), alone)
        history.undo()
        assert np.array_equal(shot(stage), both)
        assert not np.array_equal(both, alone)


def test_sorting_twice_changes_nothing() -> None:
    project, _ = project_with(city(4))
    with staged(project) as stage:
        order = DrawingOrder(stage.context.renderer, stage.context.materials)
        order.keep()
        first = [id(p) for p in _props(stage)]
        order.keep()
        assert [id(p) for p in _props(stage)] == first


def test_what_hides_all_behind_it_comes_and_goes_without_sorting_all_again() -> None:
    project, _ = project_with(city(9))
    with staged(project) as stage:
        shot(stage)
        order = stage.context.drawing_order
        before = _props(stage)
        actors = [_cube() for _ in range(3)]
        for actor in actors:
            order.add(actor)
        after = _props(stage)
        assert after[1:4] == actors[::-1]  # behind the switch, what came last first
        assert [p for p in after if p not in actors] == before
        shot(stage)
        assert _props(stage) == after
        order.keep("all anew")
        assert _props(stage) == after
        for actor in actors:
            order.take_away(actor)
        assert _props(stage) == before
        shot(stage)
        assert _props(stage) == before


def test_the_first_thing_that_is_seen_through_makes_all_be_sorted() -> None:
    project, _ = project_with(city(9))
    with staged(project) as stage:
        shot(stage)
        glass = _cube()
        glass.GetProperty().SetOpacity(0.5)
        stage.context.drawing_order.add(glass)
        assert _props(stage)[-1] is glass
        shot(stage)
        assert _props(stage)[1] is glass
        assert stage.context.renderer.GetUseOIT()


def _cube() -> vtkActor:
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(pv.Cube(center=(0.0, 0.0, -500.0)))
    actor = vtkActor()
    actor.SetMapper(mapper)
    return actor


def _props(stage) -> list:  # type: ignore[no-untyped-def,type-arg]
    props = stage.context.renderer.GetViewProps()
    return [props.GetItemAsObject(i) for i in range(props.GetNumberOfItems())]


def test_symbols_stay_solid_over_areas_that_are_seen_through() -> None:
    project, _ = project_with(city(9))
    park = green()
    park.opacity = 0.5
    places = Shapes.from_shapely([shapely.Point(WEST + 45.0, SOUTH + 45.0)])
    table = pa.table({"name": ["H1"], "type": ["hydrant"]})
    project.insert_layer(park)
    project.insert_layer(Layer("resources", "Hydrants", Features.of(places, table),
                               style=kind_of("resources").style))  # fmt: skip
    with staged(project) as stage:
        seen = shot(stage).astype(int)
        assert not stage.plotter.renderer.GetUseOIT()
        green_ones = (seen[..., 1] > 240) & (seen[..., 0] < 20) & (seen[..., 2] < 20)
        assert green_ones.sum() > 150  # the plain green of class D, not mixed with the ground
        orders = stage.context.materials.orders()
        clear = [orders[p] for p in _props(stage)
                 if p in orders and p.HasTranslucentPolygonalGeometry()]  # fmt: skip
        assert clear == sorted(clear)
