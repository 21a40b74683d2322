"""The shade of corners in pictures that are drawn in parts: gathered, worked out, laid over."""

from __future__ import annotations

import numpy as np

from layers.shapes import Floats, Ints
from scene.occlusion import Depths, shade, smoothed
from scene.texts import Bytes


class CornerShade:
    """Gathers the depths of the parts of one picture and darkens its corners.

    Parameters
    ----------
    size : (int, int)
        Width and height of the picture, pixels.
    every : int
        Pixels along a side of which shade is worked out.
    parallel : bool
        Whether the lines of sight are parallel.
    """

    def __init__(self, size: tuple[int, int], every: int, *, parallel: bool) -> None:
        width, height = size
        self._size, self._every, self._parallel = size, every, parallel
        self._away: Floats = np.full((-(-height // every), -(-width // every)), np.inf)

    def take(
        self, found: Depths, reach: tuple[float, float], box: tuple[int, int, int, int],
        margin: int, step: int,
    ) -> None:  # fmt: skip
        """Take the depth buffer of a part.

        Parameters
        ----------
        found : (h, w) float32
            Row 0 at the bottom, 0 near to 1 far.
        reach : (float, float)
            Near and far of the camera, metres.
        box : (int, int, int, int)
            Left, top, right, bottom of the part, pixels of the picture.
        margin : int
            Pixels drawn around it.
        step : int
            Pixels of the drawing per pixel of the picture.
        """
        left, top, right, bottom = box
        rows, columns = self._within(top, bottom), self._within(left, right)
        depth = found[::-1][
            np.ix_((rows * self._every - top + margin) * step,
                   (columns * self._every - left + margin) * step)
        ].astype(np.float64)  # fmt: skip
        near, far = reach
        if self._parallel:
            away = near + depth * (far - near)
        else:
            away = near * far / (far - depth * (far - near))
        self._away[np.ix_(rows, columns)] = np.where(depth < 1.0, away, np.inf)

    def _within(self, low: int, high: int) -> Ints:
        return np.arange(-(-low // self._every), -(-high // self._every))

    def lay_over(self, pixels: Bytes, scale: float) -> None:
        """Darken a finished picture, (h, w, 4).

        `scale` is its pixels per radian; per metre where the lines of sight are parallel.
        """
        seen = np.isfinite(self._away)
        if not seen.any():
            return
        near, far = float(self._away[seen].min()) * 0.9, float(self._away[seen].max()) * 1.1
        if self._parallel:
            depth = (self._away - near) / (far - near)
        else:
            depth = (far - near * far / np.where(seen, self._away, 1.0)) / (far - near)
        depth[~seen] = 1.0
        shades = smoothed(
            shade(depth[::-1].astype(np.float32), near, far, scale / self._every,
                  parallel=self._parallel)
        )[::-1]  # fmt: skip
        width, height = self._size
        light = _stretched(_stretched(shades, height, self._every).T, width, self._every).T
        rgb = pixels[..., :3]
        rgb[...] = np.rint(rgb * light[..., None]).astype(np.uint8)


def _stretched(values: Depths, count: int, every: int) -> Depths:
    """Give `count` rows between rows that are `every` apart."""
    at = np.arange(count, dtype=np.float32) / np.float32(every)
    low = np.minimum(at.astype(np.int64), len(values) - 1)
    high = np.minimum(low + 1, len(values) - 1)
    part = (at - low)[:, None]
    return np.asarray(values[low] * (1.0 - part) + values[high] * part, dtype=np.float32)
