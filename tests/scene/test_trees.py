"""Trees: sizes from their fields, crowns near and dots far, tile by tile."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.project import Project
from layers.shapes import Shapes
from layers.trees import FORMS, form_of, tree_forms, tree_sizes
from layers.viewpoint import Viewpoint
from scene import trees
from scene.stage import Stage
from scene.tree_models import model_of
from scene.trees import Crowns, Trees, copies
from scene.views.flat import FlatView
from tests.scene.cities import SOUTH, WEST, shot, staged

pytestmark = pytest.mark.picture


def avenue(count: int, table: pa.Table | None = None, *, built: bool = False) -> Layer:
    """Give trees every 10 m along a street to the north."""
    spots = [shapely.Point(WEST, SOUTH + 10.0 * i) for i in range(count)]
    data = Features.of(Shapes.from_shapely(np.array(spots, dtype=object)), table)
    return Layer("trees", "Avenue", data, style=replace(kind_of("trees").style, built=built))


def test_sizes_come_from_the_fields_where_they_are_sound() -> None:
    table = pa.table({"树高": [12.0, None, -3.0, 400.0], "CROWN": ["6.5", "x", None, "4"]})
    layer = avenue(4, table)
    sizes = tree_sizes(layer.features, np.arange(4))
    assert sizes[0].tolist() == [12.0, 6.5]
    assert ((sizes[1:, 0] >= 5.0) & (sizes[1:, 0] <= 9.0)).all()
    assert sizes[3, 1] == 4.0
    assert np.array_equal(sizes, tree_sizes(layer.features, np.arange(4)))


@pytest.mark.parametrize("form", range(len(FORMS)))
@pytest.mark.parametrize("fine", [True, False])
def test_a_model_is_as_high_and_as_wide_as_one(form: int, fine: bool) -> None:
    model = model_of(form, fine)
    assert len(model.light) == len(model.bark) == model.count
    assert model.points[:, 2].max() == pytest.approx(1.0, abs=0.06)
    assert model.points[:, 2].min() >= -0.03
    assert np.hypot(*model.points[:, :2].T).max() == pytest.approx(0.5, abs=0.13)
    assert model.triangles.min() == 0
    assert model.triangles.max() == model.count - 1
    assert model.bark.any() == (fine and FORMS[form] != "shrub")


def test_a_coarse_crown_is_closed() -> None:
    triangles = model_of(0, False).triangles
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    _, count = np.unique(np.sort(edges, axis=1), axis=0, return_counts=True)
    assert (count == 2).all()


def test_species_say_the_form() -> None:
    table = pa.table(
        {"树种": ["马尾松", "香樟", "棕榈", None], "species_en": ["", "", "", "boxwood bush"]}
    )
    layer = avenue(4, table)
    forms = [FORMS[code] for code in tree_forms(layer.features, np.arange(4))]
    assert forms == ["conifer", "broadleaf", "palm", "shrub"]
    assert FORMS[form_of("Pinus massoniana")] == "conifer"


def test_copies_stand_at_their_feet_with_their_sizes() -> None:
    model = model_of(1, True)
    feet = np.array([[10.0, 20.0, 3.0], [-5.0, 0.0, 1.0]])
    points = copies(model, feet, np.array([[12.0, 4.0], [6.0, 2.0]])).reshape(2, model.count, 3)
    assert points[:, :, 2].min(axis=1) == pytest.approx([3.0, 1.0], abs=1e-9)
    assert points[:, :, 2].max(axis=1) == pytest.approx([15.0, 7.0])
    away = np.hypot(*(points[:, :, :2] - feet[:, None, :2]).transpose(2, 0, 1)).max(axis=1)
    assert away == pytest.approx([2.0, 1.0])


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(trees, "MOST", 20)
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    project.insert_layer(avenue(200))
    with staged(project) as made:
        yield made


def tiles_of(stage: Stage) -> list[Any]:
    view = next(iter(stage.views.values()))
    assert isinstance(view, FlatView)
    points = view._places
    assert isinstance(points, Trees)
    return points._tiles


def test_near_tiles_have_crowns_far_ones_dots_and_unseen_ones_nothing(stage: Stage) -> None:
    look = Viewpoint.looking_at((WEST, SOUTH + 300, 0.0), 120.0, 0.0, math.radians(-6))
    stage.viewpoint = look
    shot(stage)
    tiles = tiles_of(stage)
    crowned = [t for t in tiles if t.crowns is not None and t.crowns.solid.actor.GetVisibility()]
    dotted = [t for t in tiles if t.dots.actor.GetVisibility()]
    assert crowned
    assert dotted
    assert len(crowned) + len(dotted) < len(tiles)
    assert not set(map(id, crowned)) & set(map(id, dotted))
    north = max(int(t.rows.max()) for t in crowned)
    assert north < min(int(t.rows.min()) for t in dotted)


def test_crowns_are_made_only_when_needed(stage: Stage) -> None:
    stage.viewpoint = Viewpoint.looking_at((WEST, SOUTH + 1000, 0.0), 9000.0, 0.0, -math.pi / 2)
    shot(stage)
    assert all(tile.crowns is None for tile in tiles_of(stage))
    stage.viewpoint = Viewpoint.looking_at((WEST, SOUTH, 0.0), 60.0, 0.0, math.radians(-20))
    shot(stage)
    made = [tile.crowns for tile in tiles_of(stage) if tile.crowns is not None]
    assert 0 < len(made) < len(tiles_of(stage))
    assert all(isinstance(crowns, Crowns) for crowns in made)


def test_a_hidden_or_clear_layer_shows_no_tree(stage: Stage) -> None:
    layer = stage.project.layers[0]
    stage.viewpoint = Viewpoint.looking_at((WEST, SOUTH, 0.0), 60.0, 0.0, math.radians(-20))
    full = shot(stage)
    layer.opacity = 0.0
    bare = shot(stage)
    assert (full != bare).any()
    layer.opacity = 1.0
    layer.visible = False
    assert np.array_equal(shot(stage), bare)
    layer.visible = True
    assert np.array_equal(shot(stage), full)


def test_each_tree_in_the_picture_is_drawn_once_near_ones_with_trunks(stage: Stage) -> None:
    layer = stage.project.layers[0]
    layer.style = replace(layer.style, built=True)
    stage.viewpoint = Viewpoint.looking_at((WEST, SOUTH + 60, 0.0), 40.0, 0.0, math.radians(-8))
    shot(stage)
    view = next(iter(stage.views.values()))
    assert isinstance(view, FlatView)
    assert isinstance(view._places, Trees)
    counts = view._places.counts()
    assert counts["models"] > 0
    assert counts["dots"] + counts["crowns"] > 0
    assert sum(counts.values()) <= 200
    stage.viewpoint = Viewpoint.looking_at((WEST, SOUTH + 1000, 0.0), 9000.0, 0.0, -math.pi / 2)
    shot(stage)
    assert view._places.counts() == {"models": 0, "crowns": 0, "dots": 200}


def test_models_out_of_the_picture_are_dropped_where_there_are_many(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "KEPT", 1)
    layer = stage.project.layers[0]
    layer.style = replace(layer.style, built=True)
    for north in (0, 900, 1800):
        target = (WEST, SOUTH + north, 0.0)
        stage.viewpoint = Viewpoint.looking_at(target, 25.0, 0.0, math.radians(-60))
        shot(stage)
    made = [tile for tile in tiles_of(stage) if tile.models is not None]
    assert 0 < len(made) <= 3
