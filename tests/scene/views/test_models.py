"""Models in the picture: where they stand, their colours, what is near and far, what they hide."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely

from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.model_library import Library, Material, Model, Part
from layers.kinds.models import KIND, Models
from layers.model_edits import change_models, link_buildings, remove_models
from layers.shapes import Shapes
from layers.viewpoint import Viewpoint
from scene import camera
from scene.model_levels import levels_of
from scene.views.models import ModelsView
from tests.models import EAST, NORTH, corners, layer_of, project, textured, wedge
from tests.scene.cities import shot, staged

pytestmark = pytest.mark.picture
NEAR = Viewpoint.looking_at((EAST + 4, NORTH + 5, 10.0), 90.0, 0.0, math.radians(-20))


def ball() -> Model:
    """A bumpy ball of many triangles in two colours."""
    import trimesh

    mesh = trimesh.creation.icosphere(4, 5.0)
    points = np.asarray(mesh.vertices) + np.array([0, 0, 5.0])
    colours = np.full((len(points), 4), 255, dtype=np.uint8)
    colours[:, 1:3] = np.where(points[:, 2:3] > 5.0, 20, 200)
    return Model(
        "ball", points.astype(np.float32), np.asarray(mesh.faces, dtype=np.int32),
        (Part(0, len(mesh.faces), 0),), (Material(),), colours=colours,
    )  # fmt: skip


def test_a_model_is_drawn_where_its_corners_are() -> None:
    made, layer = project(), layer_of(wedge())
    with staged(made) as stage:
        stage.viewpoint = NEAR
        empty = shot(stage)
        made.insert_layer(layer)
        stage.viewpoint = NEAR
        drawn = shot(stage)
        changed = np.argwhere((drawn != empty).any(axis=2))
        pixels = camera.project_points(NEAR, corners(layer), stage.size)
        assert np.abs(changed.min(axis=0)[::-1] - pixels.min(axis=0)).max() < 2.5
        assert np.abs(changed.max(axis=0)[::-1] - pixels.max(axis=0)).max() < 2.5


def test_a_texture_colours_the_model_and_a_selection_tints_it() -> None:
    made, layer = project(), layer_of(textured())
    made.insert_layer(layer)
    with staged(made) as stage:
        stage.viewpoint = NEAR
        red, green, blue = (int(v) for v in shot(stage)[120, 160])
        assert red > green + 60
        assert red > blue + 60
        stage.select({layer.id: [1]})
        _, more_green, _ = (int(v) for v in shot(stage)[120, 160])
        assert more_green > green + 20


def test_picking_meets_the_triangles_not_the_box() -> None:
    made, layer = project(), layer_of(wedge(), turn=40.0, scale=1.5)
    made.insert_layer(layer)
    with staged(made) as stage:
        stage.viewpoint = NEAR
        middle = corners(layer).mean(axis=0)
        x, y = camera.project_points(NEAR, [middle], stage.size)[0]
        hit = stage.pick(x, y)
        assert hit is not None
        assert (hit.layer_id, hit.object_id) == (layer.id, 1)
        box = corners(layer)
        beside = np.array([box[:, 0].max() - 0.1, box[:, 1].max() - 0.1, box[:, 2].max() - 0.1])
        x, y = camera.project_points(NEAR, [beside], stage.size)[0]
        other = stage.pick(x, y)
        assert other is None or other.layer_id != layer.id
        assert stage.pick_box(0, 0, 320, 240)[layer.id].tolist() == [1]


def test_far_models_are_simpler_and_the_budget_holds() -> None:
    places = [(EAST + 30.0 * (i % 40), NORTH + 30.0 * (i // 40), 0.0) for i in range(1600)]
    data = Models.placed(Library((ball(),)), places)
    made, layer = project(), Layer(KIND.key, "Balls", data, style=KIND.style)
    made.insert_layer(layer)
    with staged(made) as stage:
        view = stage.views[layer.id]
        assert isinstance(view, ModelsView)
        stage.viewpoint = Viewpoint.looking_at((EAST + 600, NORTH + 600, 0), 2500, 0, -0.7)
        shot(stage)
        far = view.triangles
        stage.viewpoint = Viewpoint.looking_at((EAST + 30, NORTH + 30, 5), 30, 0, -0.2)
        shot(stage)
        full = len(data.library.models[0].triangles)
        assert far < 1600 * full / 20
        assert full <= view.triangles < 1600 * full / 4


def test_copies_grow_simpler_and_further_from_the_model() -> None:
    levels = levels_of(ball())
    assert len(levels) >= 3
    assert levels[0].error == 0.0
    assert all(a.error < b.error for a, b in pairwise(levels))
    assert all(a.triangles > b.triangles for a, b in pairwise(levels))


def houses() -> Layer:
    boxes = [shapely.box(EAST + x, NORTH, EAST + x + 9, NORTH + 9) for x in (0.0, 40.0)]
    return Layer("buildings", "H", Buildings.blocks(Shapes.from_shapely(boxes), 12.0))


def test_a_linked_building_leaves_the_picture_and_the_pointer_and_comes_back() -> None:
    made, blocks, layer = project(), houses(), layer_of(wedge(), scale=0.9)
    made.insert_layer(blocks)
    made.insert_layer(layer)
    above = Viewpoint.looking_at((EAST + 7, NORTH + 7, 0.0), 60.0, 0.0, -math.pi / 2)

    def under() -> str:
        shot(stage)
        x, y = camera.project_points(above, [(EAST + 8.5, NORTH + 8.5, 12.0)], stage.size)[0]
        hit = stage.pick(x, y)
        return hit.layer_id if hit is not None else ""

    with staged(made) as stage:
        stage.viewpoint = above
        assert under() == blocks.id
        link = link_buildings(made, layer.id)
        link.do(made)
        assert under() != blocks.id
        layer.visible = False
        assert under() == blocks.id
        layer.visible = True
        assert under() != blocks.id
        stage.show_only({layer.id: False})
        assert under() == blocks.id
        stage.show_only(None)
        remove = remove_models(made, layer.id, [1])
        remove.do(made)
        assert under() == blocks.id
        remove.undo(made)
        assert under() != blocks.id
        link.undo(made)
        assert under() == blocks.id


def test_a_moved_model_is_drawn_anew_and_the_view_fits_it() -> None:
    made, layer = project(), layer_of(wedge())
    made.insert_layer(layer)
    with staged(made) as stage:
        shot(stage)
        change_models(made, layer.id, [1], shift=(100, 0, 0)).do(made)
        shot(stage)
        box = stage.bounds()
        assert box is not None
        assert np.allclose(box[:2], (EAST + 100, EAST + 110))
        assert np.allclose(box[4:], (0, 30))
        layer.visible = False
        assert stage.bounds() is None
