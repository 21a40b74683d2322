"""What the shader of facades reads of each building."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from layers.kinds.buildings import Buildings
from layers.looks import floor_heights, turns, uses

HIGHEST = 12.75  # metres a storey may have in a byte


def facade_texels(buildings: Buildings) -> NDArray[np.uint8]:
    """Give use, height of a storey and turn of each building, (n, 3) uint8.

    The use in sixteenths, the height in twentieths of a metre, the turn of the longest wall in
    256ths of a right angle, as ``shaders/facade.glsl`` reads them.
    """
    use = uses(buildings)
    out = np.empty((len(use), 3), dtype=np.uint8)
    out[:, 0] = use * 16
    out[:, 1] = np.clip(np.rint(floor_heights(buildings, use) / HIGHEST * 255.0), 1, 255)
    out[:, 2] = np.minimum(np.rint(turns(buildings) / (np.pi / 2.0) * 255.0), 255)
    return out
