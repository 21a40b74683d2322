"""Areas on a terrain: each piece on the ground that is drawn there, nothing twice, no hole."""

from __future__ import annotations

import math
import threading
from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.terrain import Terrain
from layers.project import Project
from layers.shapes import Shapes
from layers.viewpoint import Viewpoint
from scene.area_pieces import BEYOND, AreaPieces, AreaPlan, box_of, tile_of
from scene.drape import Draped
from scene.ground_tiles import BLOCKS, Key
from scene.stage import Stage
from scene.surface import Surface, coarser
from scene.views.flat import FlatView
from tests.scene.cities import SOUTH, WEST, shot, staged

STEP = 12.0
CELLS = 300
WIDE = STEP * CELLS


def hills() -> Terrain:
    north, east = np.mgrid[0 : CELLS + 1, 0 : CELLS + 1] * STEP
    land = 60.0 * np.sin(east / 400.0) * np.cos(north / 350.0) + 5.0 * np.sin(east / 37.0)
    return Terrain((300.0 + land).astype(np.float32), WEST, SOUTH + WIDE, STEP, STEP)


def fields() -> Shapes:
    """Give squares with paths between them, one with a hole, one that reaches beyond the ground."""
    squares: list[BaseGeometry] = [
        shapely.box(WEST + x, SOUTH + y, WEST + x + 290.0, SOUTH + y + 290.0)
        for x in range(0, int(WIDE), 300)
        for y in range(0, int(WIDE), 300)
    ]
    squares[40] = squares[40].difference(squares[40].centroid.buffer(80.0))
    middle = SOUTH + WIDE / 2.0
    squares.append(shapely.box(WEST - 900.0, middle, WEST + 500.0, middle + 5.0))
    return Shapes.from_shapely(np.array(squares, dtype=object))


def area(draped: Draped) -> float:
    a, b, c = (draped.points[draped.triangles[:, i], :2] for i in range(3))
    twice = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    assert (twice > 0).all()
    return float(twice.sum()) / 2.0


@pytest.mark.parametrize("level", [0, -1, -2, -BLOCKS])
def test_the_pieces_of_a_level_cover_all_areas_once_and_lie_on_its_ground(level: int) -> None:
    shapes, surface = fields(), Surface.of(hills(), 300.0, None, triangles=8000)
    plan = AreaPlan.of(shapes, surface)
    ground = coarser(surface)[-level]
    side = -(-surface.side // (surface.tile << -level))
    total = area(plan.laid(BEYOND))
    for row in range(side):
        for col in range(side):
            made = plan.laid((level, row, col))
            if not len(made.points):
                continue
            total += area(made)
            west, south, east, north = box_of(surface, (level, row, col))
            low, high = made.points[:, :2].min(axis=0), made.points[:, :2].max(axis=0)
            assert (low >= np.array([west, south]) - 1e-4).all()
            assert (high <= np.array([east, north]) + 1e-4).all()
            off = made.points[:, 2] - ground.height_at(made.points[:, :2])
            assert np.abs(off).max() < 1e-3
    assert total == pytest.approx(float(shapely.area(shapes.to_shapely()).sum()), rel=1e-6)


def test_areas_too_small_to_be_seen_are_left_out_far_away() -> None:
    surface = Surface.of(hills(), 300.0, None, triangles=2000)
    small = coarser(surface)[BLOCKS].limit * 0.3
    boxes = [
        shapely.box(WEST + 50, SOUTH + 50, WEST + 50 + w, SOUTH + 50 + w) for w in (900, small)
    ]
    plan = AreaPlan.of(Shapes.from_shapely(np.array(boxes, dtype=object)), surface)
    assert set(plan.laid((-BLOCKS, 0, 0)).owner) == {0}
    near = [plan.laid((0, r, c)) for r in range(16) for c in range(16)]
    assert {int(i) for made in near for i in np.unique(made.owner)} == {0, 1}


def test_quarters_belong_to_their_tile() -> None:
    assert tile_of((2, 13, 6)) == (0, 3, 1)
    assert tile_of((0, 3, 1)) == (0, 3, 1)
    assert tile_of((-2, 3, 1)) == (-2, 3, 1)


def country() -> Project:
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    project.insert_layer(Layer("terrain", "Ground", hills(), style=kind_of("terrain").style))
    style = replace(kind_of("greenery").style, built=False)
    project.insert_layer(Layer("greenery", "Fields", Features.of(fields()), style=style))
    return project


def eye(away: float, pitch: float = -30.0) -> Viewpoint:
    middle = (WEST + WIDE / 2.0, SOUTH + WIDE / 2.0, 300.0)
    return Viewpoint.looking_at(middle, away, 0.3, math.radians(pitch))


def pieces_of(stage: Stage) -> AreaPieces:
    view = next(v for v in stage.views.values() if v.layer.kind == "greenery")
    assert isinstance(view, FlatView)
    part = view._parts[0]
    assert isinstance(part, AreaPieces)
    return part


def tiles_of(stage: Stage) -> set[Key]:
    tiles = stage.ground.tiles(stage.context.origin)
    assert tiles is not None
    return {tile_of(key) for key, _ in tiles.drawn}


@pytest.mark.picture
def test_far_areas_are_coarser_and_no_ground_shows_through_them() -> None:
    seen = []
    with staged(country(), (320, 240)) as stage:
        for away in (300.0, 3_000.0, 30_000.0):
            stage.viewpoint = eye(away)
            picture = shot(stage).astype(int)
            part = pieces_of(stage)
            assert part.shown - {BEYOND} == tiles_of(stage)
            seen.append(min(key[0] for key in part.shown - {BEYOND}))
            middle = picture[118:122, 150:170]
            green = middle[..., 1] - middle[..., 2] > 30
            assert green.mean() > 0.6
    assert seen[0] > seen[2] == -BLOCKS


@pytest.mark.picture
def test_a_window_gets_the_picture_of_a_script_and_shows_no_ground_without_its_areas() -> None:
    with staged(country(), (320, 240)) as stage:
        stage.viewpoint = eye(700.0)
        wanted = shot(stage)
    with staged(country(), (320, 240), patient=True) as stage:
        stage.build()
        stage.viewpoint = eye(30_000.0)
        shot(stage)
        stage.viewpoint = eye(700.0)
        for _ in range(400):
            shot(stage)
            part = pieces_of(stage)
            assert tiles_of(stage) <= part.shown
            threading.Event().wait(0.002)
            if not stage.advance(0.01) and stage.complete:
                break
        assert stage.complete
        off = np.abs(shot(stage).astype(int) - wanted).max(axis=2)
        assert np.mean(off > 24) < 0.005  # a level is kept a little longer than it is chosen
        stage.viewpoint = eye(650.0)
        stage.finish()
        assert tiles_of(stage) <= pieces_of(stage).shown | part.shown
