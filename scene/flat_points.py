"""Points of a flat layer: round marks, larger ones for those chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from layers.kinds.base import Features, Layer
from layers.shapes import Ints
from layers.style import Rgb
from scene.actors import drop
from scene.own_heights import heights_of
from scene.pixel_marks import RoundMarks
from scene.shadow_bodies import Bodies

if TYPE_CHECKING:
    from scene.cover import Cover
    from scene.views.base import FrameState, StageContext

RIM = 0.28  # of the radius


class Places:
    """Draws the points of a layer as round marks that stand on roofs.

    Parameters
    ----------
    features : Features
        The layer's content.
    rows : (k,) int64
        Which of its objects are points.
    layer : Layer
        Style and opacity.
    context : StageContext
        Where.
    """

    def __init__(self, features: Features, rows: Ints, layer: Layer, context: StageContext) -> None:
        self._rows, self._layer, self._context = rows, layer, context
        shapes = features.shapes.take(rows)
        own = heights_of(shapes, layer.style.heights, context.ground)
        ground = context.ground.surface.height_at(shapes.coords) if own is None else own
        self._standing = own is None  # on roofs and ground
        self._places = shapes.coords
        self._points = context.to_scene(np.column_stack([shapes.coords, ground]))
        self._cover: Cover | None = None
        self._marks: dict[str, tuple[RoundMarks, Ints]] = {}
        self._build(features)

    def _build(self, features: Features) -> None:
        """Make the actors."""
        del features
        self._dots = RoundMarks(self._points, self._layer.style.point_size, rim=RIM, pull=0.02)
        self._context.renderer.AddActor(self._dots.actor)

    @property
    def bodies(self) -> tuple[Bodies, ...]:
        """What of them throws shadows; marks throw none."""
        return ()

    def _actors(self) -> list[Any]:
        """List the actors of the points."""
        return [self._dots.actor]

    def restyle(self, colours: Rgb, *, shown: bool) -> None:
        """Give every point its colour."""
        self._dots.paint(colours[self._rows])
        self._dots.actor.GetProperty().SetOpacity(self._layer.opacity)
        self._dots.actor.SetVisibility(shown and self._layer.opacity > 0.0)
        for mark, _ in self._marks.values():
            mark.actor.SetVisibility(shown)

    def prepare(self, frame: FrameState, *, shown: bool) -> None:
        """Stand on the roofs that are drawn now, and take the size of the picture."""
        if self._standing and shown and self._context.cover is not self._cover:
            self._cover = self._context.cover
            heights = self._cover.tops(self._places)
            self._points = self._context.to_scene(np.column_stack([self._places, heights]))
            self._dots.move(self._points)
            for mark, at in self._marks.values():
                mark.move(self._points[at])
        self._dots.prepare(frame, self._context.pixel_scale)
        self._dots.tone(self._context.materials.look)
        self._prepare_marks(frame)

    def _prepare_marks(self, frame: FrameState) -> None:
        for mark, _ in self._marks.values():
            mark.prepare(frame, self._context.pixel_scale)

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
        for actor in [*self._actors(), *(mark.actor for mark, _ in self._marks.values())]:
            drop(self._context.renderer, actor)
