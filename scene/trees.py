"""Trees: low crowns where the eye is near, dots where it is far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.kinds.base import Features
from layers.shapes import Floats, Ints
from layers.style import Rgb
from scene.actors import mapper_of, polydata, set_colours
from scene.flat_points import Places
from scene.pixel_marks import RoundMarks

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

SMALL = 2.6  # pixels a crown may measure before it becomes a dot
USUAL = 6.0  # metres a crown is wide
MOST = 1500  # trees in a tile
#: Fields, in small letters, that tell how high and how wide a tree is, metres.
HEIGHTS = ("height", "height_m", "高度", "树高", "h")
CROWNS = ("crown", "crown_m", "冠幅", "冠径")


@dataclass(slots=True)
class _Tile:
    """Neighbouring trees: their crowns, made when first needed, and their dots."""

    rows: Ints
    dots: RoundMarks
    crowns: Crowns | None = None


class Trees(Places):
    """Draws the trees of a layer in tiles, each as crowns or as dots."""

    def _build(self, features: Features) -> None:
        from scene.tiles import split

        self._sizes = tree_sizes(features, self._rows)
        self._colours: Rgb = np.zeros((len(self._rows), 3), dtype=np.uint8)
        self._tiles: list[_Tile] = []
        group = split(self._points[:, :2], MOST)
        low, high = [], []
        for number in range(int(group.max(initial=-1)) + 1):
            rows = np.flatnonzero(group == number)
            feet = self._points[rows]
            middle = feet + np.column_stack([np.zeros((len(rows), 2)), self._sizes[rows, 0] / 2])
            dots = RoundMarks(middle, 1.0, pull=0.004)
            self._context.renderer.AddActor(dots.actor)
            self._tiles.append(_Tile(rows, dots))
            low.append(feet.min(axis=0) - USUAL)
            tall = float(self._sizes[rows, 0].max())
            high.append(feet.max(axis=0) + np.array([USUAL, USUAL, tall]))
        self._low, self._high = np.array(low).reshape(-1, 3), np.array(high).reshape(-1, 3)

    def _actors(self) -> list[Any]:
        crowns = [tile.crowns.actor for tile in self._tiles if tile.crowns is not None]
        return [*(tile.dots.actor for tile in self._tiles), *crowns]

    def restyle(self, colours: Rgb, *, shown: bool) -> None:
        """Give every tree its colour."""
        self._colours = colours[self._rows]
        for tile in self._tiles:
            tile.dots.paint(self._colours[tile.rows])
            tile.dots.actor.GetProperty().SetOpacity(self._layer.opacity)
            if tile.crowns is not None:
                tile.crowns.paint(self._colours[tile.rows], self._layer.opacity)
        for mark, _ in self._marks.values():
            mark.actor.SetVisibility(shown)

    def prepare(self, frame: FrameState, *, shown: bool) -> None:
        """Choose crowns or dots for each tile in the picture."""
        scale = self._context.pixel_scale
        shown = shown and self._layer.opacity > 0.0
        seen = frame.sees(self._low, self._high) & shown
        gap = np.maximum(np.maximum(self._low - frame.eye, frame.eye - self._high), 0.0)
        nearest = np.linalg.norm(gap, axis=1)
        middle = np.linalg.norm((self._low + self._high) / 2 - frame.eye, axis=1)
        wide = frame.pixels_per_metre(np.maximum(nearest, 1.0)) * USUAL / scale
        usual = frame.pixels_per_metre(np.maximum(middle, 1.0)) * USUAL / scale
        most = 0.6 * self._layer.style.point_size
        light = self._context.materials.light.ground
        for tile, visible, near, size in zip(self._tiles, seen, wide, usual, strict=True):
            crowned = bool(visible) and bool(near > SMALL)
            if crowned and tile.crowns is None:
                tile.crowns = self._crowns(tile.rows)
            if tile.crowns is not None:
                tile.crowns.actor.SetVisibility(crowned)
            tile.dots.actor.SetVisibility(bool(visible) and not crowned)
            if visible and not crowned:
                tile.dots.set_size(min(max(float(size), 1.0), max(most, 1.0)))
                tile.dots.prepare(frame, scale)
                tile.dots.set_light(light)
        self._prepare_marks(frame)

    def _crowns(self, rows: Ints) -> Crowns:
        made = Crowns(self._points[rows], self._sizes[rows], self._context)
        made.paint(self._colours[rows], self._layer.opacity)
        return made


def tree_sizes(features: Features, rows: Ints) -> Floats:
    """Give height and crown width of trees, (k, 2) metres.

    From the fields in ``HEIGHTS`` and ``CROWNS`` where there are such; else 5 to 9 m high, the
    same for the same tree at every time.
    """
    seed = (features.ids[rows].astype(np.uint64) * np.uint64(2654435761)) % np.uint64(1 << 32)
    chance = seed.astype(np.float64) / float(1 << 32)
    height = 5.0 + 4.0 * chance
    crown = 0.62 * height
    names = {name.lower(): name for name in features.attributes.column_names}
    for words, target in ((HEIGHTS, height), (CROWNS, crown)):
        for word in words:
            if word in names:
                own = features.numbers(names[word])[rows]
                good = np.isfinite(own) & (own > 0.3) & (own < 120.0)
                target[good] = own[good]
                break
    return np.column_stack([height, crown])


class Crowns:
    """Low crowns, one mesh for many trees.

    Parameters
    ----------
    points : (n, 3) float64
        Feet of the trees, scene coordinates.
    sizes : (n, 2) float64
        Height and crown width, metres.
    context : StageContext
        Where.
    """

    def __init__(self, points: Floats, sizes: Floats, context: StageContext) -> None:
        unit, triangles, shade = _crown()
        scale = np.column_stack([sizes[:, 1] / 2, sizes[:, 1] / 2, sizes[:, 0]])
        turn = points[:, 0] * 0.7 + points[:, 1] * 1.3
        c, s = np.cos(turn)[:, None], np.sin(turn)[:, None]
        x = unit[None, :, 0] * c - unit[None, :, 1] * s
        y = unit[None, :, 0] * s + unit[None, :, 1] * c
        z = np.broadcast_to(unit[None, :, 2], x.shape)
        corners = np.stack([x, y, z], axis=2) * scale[:, None, :] + points[:, None, :]
        count = len(unit)
        cells = triangles[None] + (np.arange(len(points)) * count)[:, None, None]
        self._shade = shade
        self._data = polydata(corners.reshape(-1, 3), cells.reshape(-1, 3).astype(np.int32))
        self.actor: Any = context.materials.ground_actor(0.0)
        self.actor.SetMapper(mapper_of(self._data))
        context.renderer.AddActor(self.actor)
        self._count = len(points)

    def paint(self, colours: Rgb, opacity: float) -> None:
        """Give every tree its colour, a little lighter or darker than the next."""
        vary = 0.92 + 0.16 * ((np.arange(self._count) * 0.618034) % 1.0)
        light = self._shade[None, :, None] * vary[:, None, None]
        own = np.clip(colours[:, None, :] * light, 0, 255).astype(np.uint8)
        set_colours(self._data, own.reshape(-1, 3))
        mapper = self.actor.GetMapper()
        mapper.ScalarVisibilityOn()
        mapper.SetColorModeToDirectScalars()
        self.actor.GetProperty().SetOpacity(opacity)


def _crown() -> tuple[Floats, Ints, Floats]:
    """Give a crown of width 2 and height 1: points, triangles, light on each point."""
    five = np.arange(5) * 2 * np.pi / 5
    lower = np.column_stack([0.72 * np.cos(five), 0.72 * np.sin(five), np.full(5, 0.30)])
    upper = np.column_stack(
        [1.0 * np.cos(five + np.pi / 5), 1.0 * np.sin(five + np.pi / 5), np.full(5, 0.62)]
    )
    points = np.vstack([[0.0, 0.0, 0.04], lower, upper, [0.0, 0.0, 1.0]])
    k = np.arange(5)
    nxt = (k + 1) % 5
    triangles = np.vstack(
        [
            np.column_stack([np.zeros(5, int), 1 + nxt, 1 + k]),
            np.column_stack([1 + k, 1 + nxt, 6 + k]),
            np.column_stack([1 + nxt, 6 + nxt, 6 + k]),
            np.column_stack([6 + k, 6 + nxt, np.full(5, 11)]),
        ]
    )
    light = np.concatenate([[0.45], np.full(5, 0.70), np.full(5, 0.98), [1.18]])
    return points, triangles, light
