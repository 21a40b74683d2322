"""Points of a flat layer: round marks for places, crowns for trees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from layers.kinds.base import Features, Layer
from layers.shapes import Floats, Ints
from layers.style import Rgb
from scene.actors import drop, mapper_of, polydata, set_colours
from scene.pixel_marks import RoundMarks

if TYPE_CHECKING:
    from scene.cover import Cover
    from scene.views.base import FrameState, StageContext

RIM = 0.28  # of the radius
SMALL_CROWN = 2.5  # pixels a crown may measure before it becomes a dot
ALWAYS_DOTS = 120_000  # trees above which crowns are not made
WHITE = (1.0, 1.0, 1.0)
#: Fields, in small letters, that tell how high and how wide a tree is, metres.
HEIGHTS = ("height", "height_m", "高度", "树高", "h")
CROWNS = ("crown", "crown_m", "冠幅", "冠径")


class Places:
    """Draws the points of a layer.

    Parameters
    ----------
    features : Features
        The layer's content.
    rows : (k,) int64
        Which of its objects are points.
    layer : Layer
        Style and kind: ``trees`` get crowns where the eye is near.
    context : StageContext
        Where.
    """

    def __init__(self, features: Features, rows: Ints, layer: Layer, context: StageContext) -> None:
        self._rows, self._layer, self._context = rows, layer, context
        shapes = features.shapes.take(rows)
        ground = context.ground.surface.height_at(shapes.coords)
        self._places = shapes.coords
        self._points = context.to_scene(np.column_stack([shapes.coords, ground]))
        self._cover: Cover | None = None
        trees = layer.kind == "trees"
        size = layer.style.point_size
        if trees:
            self._dots = RoundMarks(
                self._points + np.array([0.0, 0.0, 3.0]), 0.6 * size, pull=0.004
            )
        else:
            self._dots = RoundMarks(self._points, size, rim=RIM, pull=0.02)
        context.renderer.AddActor(self._dots.actor)
        self._crowns: Crowns | None = None
        if trees and len(rows) <= ALWAYS_DOTS:
            self._crowns = Crowns(self._points, tree_sizes(features, rows), context)
        self._marks: dict[str, tuple[RoundMarks, Ints]] = {}
        self._shown = True

    def restyle(self, colours: Rgb, *, shown: bool) -> None:
        """Give every point its colour."""
        own = colours[self._rows]
        data = self._dots.actor.GetMapper().GetInput()
        set_colours(data, np.repeat(own, 4, axis=0))
        mapper = self._dots.actor.GetMapper()
        mapper.ScalarVisibilityOn()
        mapper.SetColorModeToDirectScalars()
        self._dots.actor.GetProperty().SetOpacity(self._layer.opacity)
        if self._crowns is not None:
            self._crowns.paint(own, self._layer.opacity)
        self._shown = shown and self._layer.opacity > 0.0
        for mark, _ in self._marks.values():
            mark.actor.SetVisibility(shown)

    def prepare(self, frame: FrameState, *, shown: bool) -> None:
        """Choose crowns or dots, and give the dots the size of the picture."""
        if self._crowns is None and shown and self._context.cover is not self._cover:
            self._climb(self._context.cover)
        crowns = False
        if self._crowns is not None:
            away = float(np.linalg.norm(np.maximum(
                np.maximum(self._crowns.low - frame.eye, frame.eye - self._crowns.high), 0.0
            )))  # fmt: skip
            crowns = bool(frame.pixels_per_metre(max(away, 1.0)) * 5.0 > SMALL_CROWN)
            self._crowns.actor.SetVisibility(shown and self._shown and crowns)
            middle = float(np.linalg.norm((self._crowns.low + self._crowns.high) / 2 - frame.eye))
            metres = float(frame.pixels_per_metre(max(middle, 1.0))) * 6.0
            own = 0.6 * self._layer.style.point_size
            self._dots.set_size(min(max(metres / self._context.pixel_scale, 1.0), own))
        self._dots.actor.SetVisibility(shown and self._shown and not crowns)
        self._dots.prepare(frame, self._context.pixel_scale)
        trees = self._layer.kind == "trees"
        self._dots.set_light(self._context.materials.light.ground if trees else WHITE)
        for mark, _ in self._marks.values():
            mark.prepare(frame, self._context.pixel_scale)

    def _climb(self, cover: Cover) -> None:
        """Stand on the roofs of the buildings that are drawn now."""
        self._cover = cover
        if self._layer.kind == "trees":
            return
        heights = cover.tops(self._places)
        self._points = self._context.to_scene(np.column_stack([self._places, heights]))
        self._dots.move(self._points)
        for mark, at in self._marks.values():
            mark.move(self._points[at])

    def mark(self, name: str, rows: Ints, colour: tuple[int, int, int]) -> None:
        """Draw some of the points larger, in a colour; `rows` are positions in the layer."""
        old = self._marks.pop(name, None)
        if old is not None:
            drop(self._context.renderer, old[0].actor)
        at = np.flatnonzero(np.isin(self._rows, rows))
        if not len(at):
            return
        red, green, blue = (part / 255.0 for part in colour)
        size = max(self._layer.style.point_size + 5.0, 9.0)
        new = RoundMarks(self._points[at], size, rim=RIM, pull=0.03, colour=(red, green, blue))
        self._context.renderer.AddActor(new.actor)
        self._marks[name] = (new, at)

    def close(self) -> None:
        """Take everything away."""
        actors = [self._dots.actor, *(mark.actor for mark, _ in self._marks.values())]
        if self._crowns is not None:
            actors.append(self._crowns.actor)
        for actor in actors:
            drop(self._context.renderer, actor)


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
    """Low crowns on short trunks, one mesh for all trees.

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
        self.low, self.high = points.min(axis=0), points.max(axis=0)
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
