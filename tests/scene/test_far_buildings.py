"""Buildings drawn as points and cells: covered, coloured, hidden and marked as they are."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Shapes
from layers.style import Colouring, Entry
from layers.viewpoint import Viewpoint
from scene import merged as merging
from scene.choosing import BOXES, CELLS, DOTS, WHOLE
from scene.detail import FULL, Detail
from scene.id_texture import HIDDEN, PLAIN, SELECTED
from scene.merged import Merged
from scene.meshing import BlockMesher
from scene.quadtree import Quadtree
from scene.stage import Stage
from scene.views.buildings import BuildingsView
from tests.scene.cities import SOUTH, WEST, city, project_with, shot, staged

pytestmark = pytest.mark.picture

COARSE = Detail(still_pixels=60.0)  # cells of several buildings as soon as they are small
Pixels = NDArray[np.uint8]


def town(count: int = 2000) -> tuple[Project, Layer]:
    """Give a town without edges, seen in cells."""
    project, layer = project_with(city(count))
    layer.style = replace(layer.style, outline=None)
    return project, layer


def kinds(stage: Stage) -> set[int]:
    """Give the kinds of pieces the last frame showed."""
    view = next(iter(stage.views.values()))
    assert isinstance(view, BuildingsView)
    pieces = view.tiles.pieces
    assert pieces is not None
    return set(pieces.kind[view.tiles.shown].tolist())


def from_afar(stage: Stage, metres: float = 9000.0) -> None:
    """Look at the whole town from far away."""
    middle = (WEST + 660.0, SOUTH + 660.0, 0.0)
    stage.viewpoint = Viewpoint.looking_at(middle, metres, 0.3, math.radians(-45))


def blocks(image: Pixels, size: int = 20) -> NDArray[np.float64]:
    """Give means of blocks of pixels."""
    rows, columns = image.shape[0] // size, image.shape[1] // size
    cut = image[: rows * size, : columns * size].astype(float)
    return np.asarray(cut.reshape(rows, size, columns, size, 3).mean(axis=(1, 3)))


def test_every_kind_of_piece_looks_alike_from_where_it_is_used() -> None:
    project, _ = town(5000)
    with staged(project, (400, 300)) as stage:
        for metres, wanted, limit in (
            (14_000.0, CELLS, 3.0), (9000.0, DOTS, 1.0), (4000.0, BOXES, 1.2),
        ):  # fmt: skip
            from_afar(stage, metres)
            stage.detail = FULL
            full = shot(stage)
            assert kinds(stage) == {WHOLE}
            stage.detail = Detail(still_pixels=limit)
            coarse = shot(stage)
            assert wanted in kinds(stage)
            difference = np.abs(blocks(full) - blocks(coarse))
            assert difference.mean() < 2.0
            assert difference.max() < 25.0


def terraces(rows: int = 36) -> Buildings:
    """Give rows of narrow houses that touch each other, with streets of 14 m between."""
    doors, streets = np.meshgrid(np.arange(150), np.arange(rows))
    west, south = WEST + 8.0 * doors.ravel(), SOUTH + 28.0 * streets.ravel()
    plans = shapely.box(west, south, west + 8.0, south + 14.0)
    return Buildings.blocks(Shapes.from_shapely(list(plans)), np.full(len(plans), 14.0))


@pytest.mark.parametrize(("limit", "kind"), [(2.0, DOTS), (40.0, CELLS)])
@pytest.mark.parametrize("pitch", [-25.0, -60.0])
def test_walls_between_houses_do_not_darken_a_dense_town_far_away(
    limit: float, kind: int, pitch: float
) -> None:
    project, layer = project_with(terraces())
    layer.style = replace(layer.style, outline=None)
    middle = (WEST + 600.0, SOUTH + 500.0, 0.0)
    with staged(project, (400, 300)) as stage:
        light = []
        for heading in (0.3, 2.4, 4.5):
            stage.viewpoint = Viewpoint.looking_at(middle, 4500.0, heading, math.radians(pitch))
            stage.detail = FULL
            full = shot(stage).astype(float)
            stage.detail = Detail(still_pixels=limit)
            coarse = shot(stage).astype(float)
            assert kinds(stage) == {kind}
            light.append((coarse - full)[130:170, 180:220].mean())
        assert abs(np.mean(light)) < 6.5


def test_a_picture_finished_high_above_needs_no_second_one() -> None:
    project, _ = town()
    with staged(project, (400, 300), patient=True) as stage:
        stage.build()
        from_afar(stage, 30_000.0)
        stage.detail = Detail(still_pixels=0.1)
        stage.finish()
        first = shot(stage)
        assert stage.complete
        stage.finish()
        np.testing.assert_array_equal(shot(stage), first)


def test_lines_along_roofs_come_building_by_building_so_that_tiles_show_no_seam() -> None:
    project, layer = town()
    bare = layer.style
    look = replace(bare, outline="#000000")
    middle = (WEST + 660.0, SOUTH + 660.0, 0.0)
    with staged(project, (400, 300)) as stage:
        stage.detail = FULL
        darker = []
        pixels = 300.0 / 2.0 / math.tan(math.radians(36.87) / 2.0)  # per radian
        for per_metre in (0.40, 0.52, 0.75, 1.5):
            stage.viewpoint = Viewpoint.looking_at(middle, pixels / per_metre, 0.3, -1.2)
            layer.style = bare
            without = shot(stage).astype(float)
            layer.style = look
            darker.append((without - shot(stage).astype(float)).mean())
        assert darker[0] < 0.3
        assert darker[1] < 0.35 * darker[2]
        assert darker[2] < darker[3]


def test_a_colour_shows_from_afar_as_from_near() -> None:
    project, layer = town()
    entries = (Entry("all", "#c02020", low=0.0, high=1000.0),)
    with staged(project, (400, 300)) as stage:
        stage.detail = COARSE
        from_afar(stage)
        before = shot(stage)
        layer.style = replace(layer.style, colouring=Colouring("height", "ranges", entries))
        after = shot(stage).astype(int)
        changed = (before != after).any(axis=2)
        assert CELLS in kinds(stage)
        assert changed.sum() > 200
        assert np.mean(after[changed, 0] - after[changed, 2] > 20) > 0.95


def test_hidden_buildings_leave_nothing_behind_and_half_a_city_covers_half() -> None:
    project, layer = town()
    assert isinstance(layer.data, Buildings)
    with staged(project, (400, 300)) as stage:
        stage.detail = COARSE
        from_afar(stage)
        whole = shot(stage).astype(float)
        stage.isolate({layer.id: []})
        ground = shot(stage).astype(float)
        stage.isolate({layer.id: layer.data.ids[::2]})
        half = shot(stage).astype(float)
        stage.isolate(None)
        np.testing.assert_array_equal(shot(stage), whole.astype(np.uint8))
        weight = np.abs(whole - ground).sum()
        assert weight > 0
        assert 0.3 < np.abs(half - ground).sum() / weight < 0.8
        layer.visible = False
        np.testing.assert_array_equal(shot(stage), ground.astype(np.uint8))


def test_one_building_isolated_in_a_city_is_seen_from_afar_where_it_stands() -> None:
    project, layer = town()
    assert isinstance(layer.data, Buildings)
    with staged(project, (400, 300)) as stage:
        stage.detail = COARSE
        from_afar(stage, 20_000.0)
        stage.isolate({layer.id: []})
        ground = shot(stage)
        stage.isolate({layer.id: [1234]})
        rows, columns = np.nonzero((shot(stage) != ground).any(axis=2))
        assert 1 <= len(rows) <= 30
        foot = (*layer.data.shapes.centres()[1233], 5.0)
        hit = stage.pick(float(columns.mean()) + 0.5, float(rows.mean()) + 0.5)
        assert hit is not None
        assert math.dist(hit.point[:2], foot[:2]) < 250.0  # some pixels of 45 m


def test_a_selected_building_marks_its_cell() -> None:
    project, layer = town()
    with staged(project, (400, 300)) as stage:
        stage.detail = COARSE
        from_afar(stage)
        before = shot(stage)
        stage.select({layer.id: [1000]})
        after = shot(stage).astype(int)
        changed = (after != before).any(axis=2)
        assert changed.any()
        assert (after[changed, 0] - after[changed, 2]).max() > 60


def test_the_sums_of_cells_are_those_of_their_buildings() -> None:
    data = city(3000)
    mesher = BlockMesher(data, np.full(3000, 7.0))
    tree = Quadtree.of(mesher.plans.places, 200)
    merged = Merged(tree, mesher.solids)
    area = data.shapes.areas()
    random = np.random.default_rng(1)
    for node in np.flatnonzero(tree.children):
        cells = slice(merged.cells.first[node], merged.cells.first[node + 1])
        rows = tree.order[tree.start[node] : tree.end[node]]
        assert merged.sums[cells, 4].sum() == pytest.approx(area[rows].sum())
    for cell in random.integers(0, len(merged), 40):
        rows = tree.order[merged.cells.start[cell] : merged.cells.end[cell]]
        assert merged.sums[cell, 3] == pytest.approx(data.height[rows].max())
        assert merged.sums[cell, 2] == pytest.approx(7.0)


@pytest.mark.parametrize("stretch", [1, 7, 10_000])
def test_texels_are_the_same_however_the_cells_are_shared_out(
    stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, dice = city(600), np.random.default_rng(2)
    mesher = BlockMesher(data, np.zeros(600))
    merged = Merged(Quadtree.of(mesher.plans.places, 50), mesher.solids)
    colours = dice.integers(0, 256, (600, 3)).astype(np.uint8)
    states = dice.choice([HIDDEN, SELECTED, PLAIN], 600, p=(0.3, 0.1, 0.6)).astype(np.uint8)
    one, shared = np.zeros((2, 2 * len(merged), 4), dtype=np.uint8)
    merged.look(mesher.solids, colours, states, one, np.arange(len(merged)))
    monkeypatch.setattr(merging, "STRETCH", stretch)
    merged.look(mesher.solids, colours, states, shared)
    assert np.array_equal(one, shared)
    assert len(np.unique(one[0::2], axis=0)) > 20


def test_texels_of_cells_tell_colour_and_what_is_left() -> None:
    data = city(3000)
    mesher = BlockMesher(data, np.zeros(3000))
    tree = Quadtree.of(mesher.plans.places, 200)
    merged = Merged(tree, mesher.solids)
    colours = np.full((3000, 3), (200, 100, 50), dtype=np.uint8)
    states = np.full(3000, PLAIN, dtype=np.uint8)
    texels = np.zeros((2 * len(merged), 4), dtype=np.uint8)
    merged.look(mesher.solids, colours, states, texels)
    assert (texels[0::2] == (200, 100, 50, PLAIN)).all()
    assert (texels[1::2, 0] == 255).all()
    root = slice(int(merged.cells.first[0]), int(merged.cells.first[1]))
    rows = tree.order[merged.cells.start[root][0] : merged.cells.end[root][0]]
    states[rows] = HIDDEN
    states[tree.order[merged.cells.start[root][1]]] = SELECTED
    again = texels.copy()
    merged.look(mesher.solids, colours, states, again)
    assert again[2 * root.start, 3] == HIDDEN
    assert again[2 * root.start + 3, 3] == 255
    some = texels.copy()
    moved = np.append(rows, tree.order[merged.cells.start[root][1]])
    merged.look(mesher.solids, colours, states, some, merged.cells_with(tree.positions(moved)))
    np.testing.assert_array_equal(some, again)


def test_an_edit_sums_up_just_the_cells_it_touches() -> None:
    data = city(3000)
    mesher = BlockMesher(data, np.zeros(3000))
    tree = Quadtree.of(mesher.plans.places, 200)
    merged = Merged(tree, mesher.solids)
    higher = BlockMesher(data.with_heights([78], [333.0]), np.zeros(3000), mesher)
    touched = merged.cells_with(tree.positions(np.array([77])))
    levels = len({int(level) for level in tree.level[tree.children > 0]})
    assert 1 <= len(touched) <= levels
    merged.follow(higher.solids, touched)
    np.testing.assert_allclose(merged.sums, Merged(tree, higher.solids).sums)


def test_tiles_come_one_by_one_and_end_as_if_drawn_at_once() -> None:
    project, _ = town()
    detail = Detail(still_pixels=0.05)
    with staged(project, (400, 300)) as stage:
        stage.detail = detail
        from_afar(stage, 3000.0)
        wanted = shot(stage)
    project, _ = town()
    with staged(project, (400, 300), patient=True) as stage:
        stage.build()
        stage.detail = detail
        from_afar(stage, 3000.0)
        first = shot(stage)
        assert (first != wanted).any()  # something is there, but not yet all of it
        for _ in range(100_000):
            if not stage.advance(1.0):
                break
            shot(stage)
        np.testing.assert_array_equal(shot(stage), wanted)


def test_a_moving_picture_costs_less_and_the_one_at_rest_is_the_same_as_before() -> None:
    project, layer = town()
    with staged(project, (400, 300)) as stage:
        from_afar(stage, 1500.0)
        still = shot(stage)
        view = stage.views[layer.id]
        assert isinstance(view, BuildingsView)
        pieces = view.tiles.pieces
        assert pieces is not None
        cost = pieces.cost[view.tiles.shown].sum()
        stage.moving = True
        shot(stage)
        assert pieces.cost[view.tiles.shown].sum() < cost
        stage.moving = False
        np.testing.assert_array_equal(shot(stage), still)


def test_meshes_are_dropped_when_they_need_too_much_room() -> None:
    project, layer = town()
    with staged(project, (400, 300)) as stage:
        view = stage.views[layer.id]
        assert isinstance(view, BuildingsView)
        stage.detail = Detail(mesh_bytes=200_000)
        for heading in range(8):
            place = (WEST + 660.0, SOUTH + 660.0, 0.0)
            stage.viewpoint = Viewpoint.looking_at(place, 150.0 + 200 * heading, heading, -0.3)
            picture = shot(stage)
        seen = sum(
            made for piece, made in view.tiles.bytes_of_pieces().items() if view.tiles.shown[piece]
        )
        assert view.tiles.nbytes <= max(200_000, seen)
        stage.detail = Detail()
        np.testing.assert_array_equal(shot(stage), picture)


def test_a_wall_a_metre_from_the_eye_stands_still_at_four_million_metres() -> None:
    project, layer = town(9)
    assert isinstance(layer.data, Buildings)
    box = layer.data.shapes.bounds()[0]
    pictures = []
    with staged(project, (400, 300)) as stage:
        for shift in (0.0, 0.0004, 0.0008):  # less than half a pixel at one metre
            stage.viewpoint = Viewpoint(
                box[0] + 3.0 + shift, box[1] - 1.0, 2.0, heading=0.0, pitch=0.0
            )
            pictures.append(shot(stage).astype(int))
            hit = stage.pick(200, 150)
            assert hit is not None
            assert hit.distance == pytest.approx(1.0, abs=1e-6)
    whole = pictures[0]
    assert np.ptp(whole[100:200, 50:350].mean(axis=(0, 1))) < 60
    assert whole[100:200, 50:350].std(axis=(0, 1)).max() < 6  # one even wall, nothing through it
    for other in pictures[1:]:
        assert (np.abs(other - whole).max(axis=2) > 12).mean() < 0.01
