"""Point clouds in the picture: colours, thinning far away, following the layer."""

from __future__ import annotations

import math

import numpy as np
import pytest

from layers.kinds.base import Layer
from layers.kinds.clouds import KIND, Cloud
from layers.style import Style
from layers.viewpoint import Viewpoint
from scene.views.clouds import CloudsView
from tests.models import EAST, NORTH, project
from tests.scene.cities import shot, staged

pytestmark = pytest.mark.picture


def cloud(count: int = 120_000) -> Layer:
    """Red points all over a square of 100 m."""
    random = np.random.default_rng(3)
    points = random.uniform(-50, 50, (count, 3)).astype(np.float32)
    points[:, 2] = 10.0
    colours = np.tile(np.array([220, 20, 20], dtype=np.uint8), (count, 1))
    data = Cloud(points, colours, (EAST, NORTH, 0.0), count)
    return Layer(KIND.key, "Scan", data, style=Style(point_size=3.0))


def shown(view: CloudsView) -> int:
    return sum(bool(actor.GetVisibility()) for _, actor in view._actors)


def test_a_cloud_is_drawn_in_its_colours_and_thinner_from_afar() -> None:
    made, layer = project(), cloud()
    made.insert_layer(layer)
    with staged(made) as stage:
        view = stage.views[layer.id]
        assert isinstance(view, CloudsView)
        stage.viewpoint = Viewpoint.looking_at((EAST, NORTH, 10.0), 60.0, 0.0, -math.pi / 2)
        red, green, _ = (int(v) for v in shot(stage)[120, 160])
        assert red > 180
        assert green < 80
        near = shown(view)
        stage.viewpoint = Viewpoint.looking_at((EAST, NORTH, 10.0), 4000.0, 0.0, -math.pi / 2)
        shot(stage)
        assert 0 < shown(view) < near
        layer.visible = False
        shot(stage)
        assert shown(view) == 0
        assert stage.bounds() is None
