"""The terrain is the ground of the picture, shaded, coloured by height, with a plain around."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from layers.frame import Frame
from layers.ground_tint import tint
from layers.kinds import kind_of
from layers.kinds.base import Layer
from layers.kinds.terrain import Terrain
from layers.project import Project
from layers.style import by_ranges, rgb
from layers.viewpoint import Viewpoint
from scene import camera, frames, ground_tiles
from scene.ground_tiles import GroundTiles
from scene.stage import Stage
from scene.surface import Surface
from scene.views.terrain import TerrainView
from tests.scene.cities import SOUTH, WEST, shot, staged
from tests.scene.test_surface import hills

pytestmark = pytest.mark.picture


def with_terrain(terrain: Terrain) -> tuple[Project, Layer]:
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    layer = Layer("terrain", "Land", terrain, style=kind_of("terrain").style)
    project.insert_layer(layer)
    return project, layer


def look(stage: Stage, tilt: float, distance: float = 700.0) -> None:
    middle = (WEST + 220.0, SOUTH + 170.0, 30.0)
    stage.viewpoint = Viewpoint.looking_at(middle, distance, 0.0, -math.radians(tilt))


def test_slopes_towards_the_sun_are_lighter() -> None:
    project, _ = with_terrain(hills())
    project.info = replace(project.info, moment="2026-06-21T17:30")  # sun in the west
    with staged(project) as stage:
        look(stage, 90, 500)
        evening = shot(stage).astype(int)
        stage.moment = "2026-06-21T07:30"  # sun in the east
        morning = shot(stage).astype(int)
    turned = (evening - morning).sum(axis=2)
    assert turned.max() > 40
    assert turned.min() < -40


def test_heights_can_be_told_by_colours() -> None:
    project, layer = with_terrain(hills())
    heights = hills().heights.astype(np.float64).ravel()
    with staged(project) as stage:
        look(stage, 90, 500)
        plain = shot(stage)
        layer.style = replace(layer.style, colouring=by_ranges("height", heights, steps=5))
        tinted = shot(stage)
        assert len(np.unique(tinted.reshape(-1, 3), axis=0)) > len(
            np.unique(plain.reshape(-1, 3), axis=0)
        )
        layer.style = replace(layer.style, colouring=None)
        assert np.array_equal(shot(stage), plain)


def pixel_of(stage: Stage, east: float, north: float) -> tuple[int, int]:
    height = float(stage.ground.height_at([(east, north)])[0])
    x, y = camera.project_points(stage.viewpoint, [(east, north, height)], stage.size)[0]
    return int(y), int(x)


def test_the_ground_has_the_colour_of_its_class_of_height_slope_and_direction() -> None:
    project, layer = with_terrain(hills())
    hill = (WEST + 135.0, SOUTH + 210.0)
    spots = {"plain": (WEST + 300.0, SOUTH + 300.0), "east": (hill[0] + 35.0, hill[1]),
             "south": (hill[0], hill[1] - 35.0)}  # fmt: skip
    seen: dict[tuple[str, str], np.ndarray] = {}
    with staged(project) as stage:
        look(stage, 90, 500)
        for field in ("height", "slope", "aspect"):
            limits = [15.0, 40.0] if field == "height" else []
            layer.style = replace(layer.style, colouring=tint(hills(), field, limits))
            pixels = shot(stage).astype(float)
            for name, spot in spots.items():
                colour = pixels[pixel_of(stage, *spot)]
                seen[field, name] = colour / colour.sum()

    def close(field: str, spot: str, colour: str) -> bool:
        wanted = np.array(rgb(colour), dtype=float)
        return bool(np.abs(seen[field, spot] - wanted / wanted.sum()).max() < 0.03)

    assert close("height", "plain", tint(hills(), "height", [15.0, 40.0]).entries[0].colour)
    assert close("slope", "plain", tint(hills(), "slope").entries[0].colour)
    assert close("slope", "east", tint(hills(), "slope").entries[-1].colour)
    directions = tint(hills(), "aspect").entries
    assert close("aspect", "east", directions[2].colour)
    assert close("aspect", "south", directions[4].colour)


def test_contour_lines_are_drawn_at_their_heights_and_keep_their_width() -> None:
    project, layer = with_terrain(hills())
    with staged(project) as stage:
        for distance in (250.0, 900.0):
            look(stage, 90, distance)
            layer.style = replace(layer.style, contours=0.0)
            plain = shot(stage).astype(int)
            layer.style = replace(layer.style, contours=5.0)
            lines = (np.abs(shot(stage).astype(int) - plain).sum(axis=2) > 60) & (
                plain.sum(axis=2) > 0
            )
            rows, columns = np.nonzero(lines)
            assert len(rows) > 60
            places = np.array(
                [hit.point for y, x in zip(rows[::7].tolist(), columns[::7].tolist(), strict=True)
                 if (hit := stage.pick(x + 0.5, y + 0.5)) is not None]
            )  # fmt: skip
            off = np.abs(places[:, 2] / 5.0 - np.round(places[:, 2] / 5.0)) * 5.0
            pixel = camera.metres_per_pixel(stage.viewpoint, tuple(places[0]), stage.size)
            assert np.quantile(off, 0.9) < 0.35 + 3.0 * pixel
        assert lines.mean() < 0.12
        assert len(stage.context.labels) > 0
        layer.style = replace(layer.style, contours=0.0)
        assert np.array_equal(shot(stage).astype(int), plain)


def test_the_ground_reaches_the_horizon_and_fades_into_it() -> None:
    project, _ = with_terrain(hills())
    with staged(project) as stage:
        look(stage, 6, 900)
        pixels = shot(stage).astype(int)
        columns = pixels[:, ::40].mean(axis=1)
        assert np.abs(np.diff(columns, axis=0)).max() < 30  # no edge between ground and sky
        horizon = np.array(stage.context.materials.light.horizon) * 255
        assert (np.abs(pixels - horizon).max(axis=2).min(axis=1) < 6).any()


def test_a_hidden_terrain_leaves_no_ground_and_comes_back() -> None:
    project, layer = with_terrain(hills())
    with staged(project) as stage:
        look(stage, 60)
        seen = shot(stage)
        layer.visible = False
        assert np.ptp(shot(stage).reshape(-1, 3).astype(int), axis=0).max() < 12
        layer.visible = True
        assert np.array_equal(shot(stage), seen)


def near_ground(stage: Stage, tilt: float, distance: float) -> None:
    middle = (WEST + 500.0, SOUTH + 500.0, 200.0)
    stage.viewpoint = Viewpoint.looking_at(middle, distance, 0.0, -math.radians(tilt))
    shot(stage)


def rough(cells: int = 300, step: float = 4.0) -> Terrain:
    """Give a square of broken land, so that finer pieces of ground pay near the eye."""
    y, x = np.mgrid[0:cells, 0:cells].astype(np.float64)
    land = 40.0 * np.sin(x / 23.0) * np.cos(y / 31.0) + 6.0 * np.sin(x / 2.3) * np.sin(y / 2.9)
    heights = (200.0 + land).astype(np.float32)
    return Terrain(heights, WEST, SOUTH + (cells - 1) * step, step, step)


def test_only_tiles_in_the_picture_are_drawn() -> None:
    project, _ = with_terrain(rough())
    with staged(project) as stage:
        near_ground(stage, 30, 60)
        tiles = stage.ground.tiles(stage.context.origin)
        assert tiles is not None
        frame = frames.state(stage.context.renderer)
        near = tiles.shown(frame, patient=False)
        stage.viewpoint = stage.fit()
        whole = tiles.shown(frames.state(stage.context.renderer), patient=False)
        assert 0 < covered(near) < covered(whole) / 4
        west, south, east, north = stage.ground.surface.extent
        assert covered(whole) == pytest.approx((east - west) * (north - south), rel=0.3)


def test_far_ground_is_few_large_pieces_and_near_ground_many_small_ones() -> None:
    terrain = rough()
    ground = Surface.of(terrain, 200.0, None, triangles=3000)
    tiles = GroundTiles(terrain, ground, np.array([WEST, SOUTH, 0.0]))
    project, _ = with_terrain(terrain)
    with staged(project) as stage:
        seen = []
        for away in (400.0, 4_000.0, 40_000.0):
            near_ground(stage, 60, away)
            seen.append(tiles.shown(frames.state(stage.context.renderer), patient=False))
    assert [len(shown) for shown in seen] == sorted((len(shown) for shown in seen), reverse=True)
    assert {key[0] for key, _ in seen[2]} == {-ground_tiles.BLOCKS}
    assert max(key[0] for key, _ in seen[0]) >= 0


class Slow:
    """Something on the ground that has only the pieces it is told of."""

    def __init__(self) -> None:
        self.made: set[ground_tiles.Key] = {(-ground_tiles.BLOCKS, 0, 0)}
        self.asked: set[ground_tiles.Key] = set()

    def ready(self, keys: list[ground_tiles.Key]) -> bool:
        self.asked |= set(keys)
        return self.made.issuperset(keys)


def test_a_window_keeps_the_ground_until_all_that_lies_on_it_is_ready() -> None:
    terrain, slow = rough(), Slow()
    ground = Surface.of(terrain, 200.0, None, triangles=3000)
    tiles = GroundTiles(terrain, ground, np.array([WEST, SOUTH, 0.0]), followers=[slow])
    project, _ = with_terrain(terrain)
    with staged(project) as stage:
        near_ground(stage, 60, 400.0)
        for _ in range(40):
            frame = frames.state(stage.context.renderer)
            shown = [key for key, _ in tiles.shown(frame, patient=True)]
            tiles_of = {(min(k[0], 0), k[1] >> max(k[0], 0), k[2] >> max(k[0], 0)) for k in shown}
            assert tiles_of <= slow.made  # never a piece that has not what lies on it
            if tiles.waiting == 0 and not slow.asked - slow.made:
                break
            slow.made |= slow.asked
        whole = {key for key, _ in tiles.shown(frames.state(stage.context.renderer), patient=False)}
        assert max(key[0] for key in shown) >= 0
        assert {key for key in shown if key[0] <= 0} >= {key for key in whole if key[0] < 0}


def covered(shown: list[tuple[ground_tiles.Key, ground_tiles.Sheet]]) -> float:
    boxes = np.array([sheet.extent for _, sheet in shown])
    return float(((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])).sum())


def test_pieces_of_ground_get_finer_near_the_eye_and_stay_within_the_error() -> None:
    terrain = rough()
    ground = Surface.of(terrain, 200.0, None, triangles=3000)
    tiles = GroundTiles(terrain, ground, np.array([WEST, SOUTH, 0.0]))
    project, _ = with_terrain(terrain)
    with staged(project) as stage:
        for away, most in ((3000.0, 4.0), (60.0, 1.0)):
            near_ground(stage, 30, away)
            frame = frames.state(stage.context.renderer)
            shown = tiles.shown(frame, patient=False)
            assert tiles.waiting == 0
            assert shown
            for _, sheet in shown:
                bare = sheet.points[np.unique(sheet.triangles[: sheet.bare])]
                off = np.abs(bare[:, 2] - terrain.height_at(bare[:, :2]))
                assert np.isnan(off).all() or np.nanmean(off) < most
    assert max(name[0] for name, _ in shown) >= 1


def test_pieces_of_ground_cover_it_once() -> None:
    terrain = rough()
    ground = Surface.of(terrain, 200.0, None, triangles=3000)
    tiles = GroundTiles(terrain, ground, np.array([WEST, SOUTH, 0.0]))
    project, _ = with_terrain(terrain)
    with staged(project) as stage:
        stage.viewpoint = stage.fit(pitch=-math.pi / 2)
        shown = tiles.shown(frames.state(stage.context.renderer), patient=False)
    total = 0.0
    for _, sheet in shown:
        a, b, c = (sheet.points[sheet.triangles[: sheet.bare, i]] for i in range(3))
        area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
        assert (area > 0).all()
        total += float(area.sum()) / 2.0
        west, south, east, north = sheet.extent
        assert float(area.sum()) / 2.0 == pytest.approx((east - west) * (north - south), rel=1e-6)
    west, south, east, north = ground.extent
    assert total <= (east - west) * (north - south) * (1 + 1e-6)


def test_a_window_makes_few_pieces_of_ground_at_a_time_and_gets_them_all() -> None:
    terrain = rough()
    ground = Surface.of(terrain, 200.0, None, triangles=3000)
    tiles = GroundTiles(terrain, ground, np.array([WEST, SOUTH, 0.0]))
    project, _ = with_terrain(terrain)
    with staged(project) as stage:
        near_ground(stage, 30, 60)
        for _ in range(200):
            before = len(tiles._quarters)
            tiles.shown(frames.state(stage.context.renderer), patient=True)
            assert len(tiles._quarters) - before <= ground_tiles.AT_ONCE
            if tiles.waiting == 0:
                break
        assert tiles.waiting == 0
        assert len(tiles._quarters) > 2 * ground_tiles.AT_ONCE


def test_the_uppermost_terrain_counts() -> None:
    project, lower = with_terrain(hills())
    flat = Terrain(np.full((9, 9), 300.0, np.float32), WEST, SOUTH + 400, 50.0, 50.0)
    upper = Layer("terrain", "Plan", flat, style=kind_of("terrain").style)
    with staged(project) as stage:
        assert stage.views[lower.id].bounds() is not None
        project.insert_layer(upper)
        box = stage.views[upper.id].bounds()
        assert box is not None
        assert box[4] == box[5] == 300.0
        assert stage.views[lower.id].bounds() is None
        project.take_layer(upper.id)
        assert stage.views[lower.id].bounds() is not None


def test_the_eye_knows_how_near_the_ground_is() -> None:
    project, layer = with_terrain(hills())
    with staged(project) as stage:
        look(stage, 90, 500)
        shot(stage)
        near, far = stage.context.renderer.GetActiveCamera().GetClippingRange()
        assert 30 < near < 460 < far
        view = stage.views[layer.id]
        assert isinstance(view, TerrainView)


def test_a_terrain_that_knows_nothing_is_drawn_as_plain_ground() -> None:
    project, layer = with_terrain(
        Terrain(np.full((6, 6), np.nan, np.float32), WEST, SOUTH, 50.0, 50.0)
    )
    with staged(project) as stage:
        look(stage, 60)
        assert np.ptp(shot(stage).reshape(-1, 3).astype(int), axis=0).max() < 40
        assert stage.views[layer.id].bounds() is None


def test_without_a_terrain_there_is_a_plain() -> None:
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    with staged(project) as stage:
        stage.viewpoint = Viewpoint.looking_at((WEST, SOUTH, 0.0), 500.0, 0.0, math.radians(-15))
        pixels = shot(stage).astype(int)
        ground, sky = pixels[-20:].mean(axis=(0, 1)), pixels[:10].mean(axis=(0, 1))
        assert sky[2] > sky[0] + 4
        assert ground[2] < ground[0]
