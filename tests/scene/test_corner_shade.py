"""Scripts draw the shade of corners that the window draws, the same each time."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from layers.viewpoint import Viewpoint
from scene import offscreen
from scene.offscreen import PictureRequest, Studio
from scene.stage import Stage
from tests.scene.cities import SOUTH, WEST, city, project_with, shot

SIZE = (640, 360)


def eye(projection: str = "perspective") -> Viewpoint:
    v = Viewpoint.looking_at((WEST + 150, SOUTH + 150, 0.0), 420.0, 0.6, math.radians(-40))
    return replace(v, projection="parallel" if projection == "parallel" else "perspective")


def request(projection: str = "perspective", *, shade: bool = True) -> PictureRequest:
    return PictureRequest(eye(projection), SIZE, supersample=1, labels=False, corner_shade=shade)


@pytest.mark.parametrize("projection", ["perspective", "parallel"])
def test_pictures_have_the_shade_of_the_window(projection: str) -> None:
    with Studio(project_with(city(64))[0]) as studio:
        plain = studio.picture(request(projection, shade=False)).pixels[..., :3].astype(int)
        ours = studio.picture(request(projection)).pixels[..., :3].astype(int)
        stage: Stage = studio.stage
        shot(stage)
        assert stage.shade_corners()
        window = shot(stage).astype(int)
    assert (plain - ours).max() > 15  # corners are darker
    assert np.percentile(plain - ours, 0.01) >= -1  # and nothing is brighter
    apart = np.abs(ours - window).max(axis=2)
    assert np.percentile(apart, 99) <= 12
    assert apart.mean() < 1.5


def test_parts_of_a_picture_have_no_seams_of_shade(monkeypatch: pytest.MonkeyPatch) -> None:
    with Studio(project_with(city(64))[0]) as studio:
        whole = studio.picture(request()).pixels.astype(int)
        assert np.array_equal(whole, studio.picture(request()).pixels)
        monkeypatch.setattr(offscreen, "TILE", 200)
        parts = studio.picture(request()).pixels.astype(int)
    assert np.percentile(np.abs(whole - parts), 99.5) <= 6
