"""What threads work out before layers are drawn: the same as without them, and nobody waits."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.terrain import Terrain
from layers.project import Project
from layers.shapes import Shapes
from layers.viewpoint import Viewpoint
from scene.ahead import Ahead, Work, taken_within
from scene.area_tiles import AreaTiles, parted
from scene.drape import Draped
from scene.ground import get_ready, prepare_ground, surface_of
from scene.surface import Surface
from scene.views import flat
from scene.views.flat import FlatView
from tests.scene.cities import SOUTH, WEST, shot, staged

SIZE = (320, 240)
WIDE = 2000.0  # metres
EYE = Viewpoint.looking_at((WEST + 900.0, SOUTH + 900.0, 0.0), 2200.0, 0.2, -0.8)


def hills() -> Terrain:
    step = WIDE / 64
    north, east = np.mgrid[0:65, 0:65] * step
    heights = (30.0 * np.sin(east / 260.0) * np.cos(north / 310.0)).astype(np.float32)
    return Terrain(heights, WEST, SOUTH + WIDE, step, step)


def layer_of(kind: str, shapes: Sequence[shapely.Geometry], **style: object) -> Layer:
    data = Features.of(
        Shapes.from_shapely(np.array(shapes, dtype=object)),
        pa.table({"highway": ["residential"] * len(shapes)}),
    )
    look = replace(kind_of(kind).style, **style)  # type: ignore[arg-type]  # fields of a style
    return Layer(kind, kind, data, style=look)


def country(*, plain: bool = False) -> Project:
    """Areas, water, streets and rails on hills, or on a plane."""
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    if not plain:
        project.insert_layer(Layer("terrain", "Ground", hills(), style=kind_of("terrain").style))
    squares = [
        shapely.box(WEST + x, SOUTH + y, WEST + x + 240.0, SOUTH + y + 240.0)
        for x in range(100, 1700, 260)
        for y in range(100, 1700, 260)
    ]
    project.insert_layer(layer_of("districts", squares[::2]))
    project.insert_layer(layer_of("greenery", squares[1::3]))
    project.insert_layer(layer_of("water", squares[2::5]))
    lines = [
        shapely.LineString([(WEST + 50.0, SOUTH + y), (WEST + 1900.0, SOUTH + y + 90.0)])
        for y in range(90, 1800, 130)
    ]
    project.insert_layer(layer_of("roads", lines))
    project.insert_layer(layer_of("rail", lines[::4]))
    return project


@pytest.fixture
def everything_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flat, "FEW", 0)


@pytest.mark.usefixtures("everything_ahead")
def test_what_threads_lay_on_the_ground_looks_as_if_it_was_laid_when_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with staged(country(), SIZE) as stage:
        stage.viewpoint = EYE
        at_once = shot(stage)
    project = country()
    get_ready(project)
    with staged(project, SIZE, patient=True) as stage:
        taken: list[Any] = []
        take = stage.context.works.take

        def counted(work: Work) -> Any:
            taken.append(take(work))
            return taken[-1]

        monkeypatch.setattr(stage.context.works, "take", counted)
        for _ in range(10_000):
            stage.build(0.05)
            if not stage.waiting:
                break
            threading.Event().wait(0.005)
        stage.viewpoint = EYE
        stage.finish()
        assert len([made for made in taken if made is not None]) >= 4
        np.testing.assert_array_equal(shot(stage), at_once)


def test_a_stage_goes_on_while_threads_work_and_draws_what_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go = threading.Event()
    slow = flat.laid_ahead

    def held(*args: object) -> flat.Laid:
        go.wait(20.0)
        return slow(*args)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(flat, "FEW", 0)
    monkeypatch.setattr(flat, "laid_ahead", held)
    project = country()
    with staged(project, SIZE, patient=True) as stage:
        stage.build(60.0)
        assert [view.layer.kind for view in stage.views.values()] == ["terrain"]
        assert stage.waiting == 5
        go.set()
        stage.build()  # who asks waits
        assert stage.waiting == 0
        assert len(stage.views) == 6


def test_work_for_another_ground_is_not_taken() -> None:
    project = country()
    layer = next(layer for layer in project.layers if layer.kind == "districts")
    with staged(project, SIZE, patient=True) as stage:
        before = FlatView.ahead(layer, stage.context)
        assert before is None  # so few corners are laid when they are drawn
        stage.build()
    works = Ahead()
    works.begin(Work(("one",), lambda: 1))
    assert works.take(Work(("other",), lambda: 2)) is None
    assert works.ready(Work(("other",), lambda: 2))
    assert works.take(Work(("one",), lambda: 3)) == 1
    assert works.take(Work(("one",), lambda: 3)) is None  # given once
    works.begin(Work(("left",), lambda: 4))
    works.forget()
    assert works.take(Work(("left",), lambda: 4)) is None
    works.close()


def test_the_pictures_of_one_terrain_share_its_triangles() -> None:
    ground = hills()
    first = surface_of(ground, 2.0, (WEST, SOUTH, WEST + 100.0, SOUTH + 100.0))
    assert surface_of(ground, 2.0, None) is first
    assert surface_of(ground, 3.0, None) is not first
    assert surface_of(hills(), 2.0, None) is not first
    far = surface_of(ground, 3.0, (WEST - 3e6, SOUTH, WEST, SOUTH + 100.0))
    assert far.reaches_beyond((WEST - 3e6, SOUTH, WEST, SOUTH + 100.0))
    assert isinstance(surface_of(None, 0.0, None), Surface)


def test_a_parted_area_has_all_its_triangles_once(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(3)
    points = np.column_stack([random.uniform(0.0, 900.0, (3000, 2)), np.zeros(3000)])
    triangles = np.arange(3000, dtype=np.int32).reshape(-1, 3)
    owner = np.repeat(np.arange(1000), 3)
    whole = Draped(points, triangles, owner)
    assert parted(whole) == [whole]
    monkeypatch.setattr("scene.area_tiles.PARTED", 10)
    monkeypatch.setattr("scene.area_tiles.FULL", 100)
    parts = parted(whole)
    assert len(parts) > 8
    found = np.concatenate([part.points[part.triangles].reshape(-1, 9) for part in parts])
    wanted = points[triangles].reshape(-1, 9)
    np.testing.assert_array_equal(found[np.lexsort(found.T)], wanted[np.lexsort(wanted.T)])
    for part in parts:
        assert (part.owner[part.triangles] == part.owner[part.triangles[:, :1]]).all()
    assert len(parted(whole, full=400)) == 4


def test_only_the_squares_in_view_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    with staged(country(plain=True), SIZE) as stage:
        whole = shot(stage)
    monkeypatch.setattr("scene.area_tiles.PARTED", 30)
    monkeypatch.setattr("scene.area_tiles.FULL", 10)
    with staged(country(plain=True), SIZE) as stage:
        np.testing.assert_array_equal(shot(stage), whole)
        view = next(view for view in stage.views.values() if view.layer.kind == "districts")
        assert isinstance(view, FlatView)
        tiles = view._parts[0]
        assert isinstance(tiles, AreaTiles)
        assert all(area.actor.GetVisibility() for area in tiles.areas)
        stage.viewpoint = Viewpoint.looking_at((WEST + 300.0, SOUTH + 300.0, 0.0), 200.0, 0.0, -1.5)
        shot(stage)
        seen = [bool(area.actor.GetVisibility()) for area in tiles.areas]
        assert any(seen)
        assert not all(seen)


@pytest.mark.usefixtures("everything_ahead")
def test_a_terrain_that_comes_later_is_followed_by_threads() -> None:
    with staged(country(), SIZE) as stage:
        stage.viewpoint = EYE
        wanted = shot(stage)
    project = country()
    ground = next(layer for layer in project.layers if layer.kind == "terrain")
    at = project.layers.index(ground)
    project.take_layer(ground.id)
    with staged(project, SIZE, patient=True) as stage:
        stage.build()
        assert isinstance(ground.data, Terrain)
        prepare_ground(ground.data, project.extent())
        project.insert_layer(ground, at)
        assert stage.waiting == 6  # the window goes on
        stage.build()
        stage.viewpoint = EYE
        stage.finish()
        np.testing.assert_array_equal(shot(stage), wanted)


def test_what_is_ready_is_taken_one_by_one_and_at_least_one() -> None:
    left = [1, 1, 1]

    def take(most: int) -> int:
        assert most == 1
        return left.pop() if left else 0

    assert taken_within(0.0, take) == 1
    assert taken_within(60.0, take) == 2
    assert taken_within(60.0, take) == 0
