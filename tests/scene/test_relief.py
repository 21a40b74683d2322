"""Slopes survive the way through the bytes of a texture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.kinds.terrain import Terrain
from scene.relief import LEVEL, coded, image_texture, placement, texels
from scene.surface import Surface
from tests.scene.cities import SOUTH, WEST


def decoded(byte: int) -> float:
    """Give the slope as ground.glsl reads it."""
    share = (byte - 128.0) / 127.0
    return 2.0 * share * abs(share)


@given(st.floats(-2, 2))
def test_a_slope_comes_back_fine_near_level_and_coarser_where_steep(slope: float) -> None:
    back = decoded(int(coded(np.array([slope], dtype=np.float32))[0]))
    assert back == pytest.approx(slope, abs=0.0002 + 0.012 * np.sqrt(abs(slope)))


def test_cliffs_are_as_steep_as_a_byte_can_say() -> None:
    assert decoded(int(coded(np.array([90.0]))[0])) == pytest.approx(2.0)
    assert decoded(int(coded(np.array([-90.0]))[0])) == pytest.approx(-2.0)


def test_land_that_rises_to_the_east_and_falls_to_the_north() -> None:
    y, x = np.mgrid[0:33, 0:33].astype(np.float32)
    heights = 50 + 0.1 * 5.0 * x + 0.2 * 5.0 * y  # row 0 is the northernmost
    surface = Surface.of(Terrain(heights, WEST, SOUTH, 5.0, 5.0), 50.0, None)
    pixels = texels(surface)
    west, south, across, up = placement(surface)
    col = int((WEST + 80 - west) * across * pixels.shape[1])
    row = int((SOUTH - 80 - south) * up * pixels.shape[0])
    east_slope, north_slope = decoded(int(pixels[row, col, 0])), decoded(int(pixels[row, col, 1]))
    assert east_slope == pytest.approx(0.1, abs=0.01)
    assert north_slope == pytest.approx(-0.2, abs=0.01)
    assert pixels[row, col, 2] == 255
    assert pixels[0, 0].tolist() == [LEVEL, LEVEL, 0]


def test_a_plane_has_one_level_texel() -> None:
    pixels = texels(Surface.of(None, 3.0, None))
    assert pixels.tolist() == [[[LEVEL, LEVEL, 0]]]
    assert image_texture(pixels).GetInput().GetDimensions() == (1, 1, 1)
