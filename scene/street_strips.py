"""Narrow strips along paths: paint, kerbs, rails and sleepers, with a fade by distance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from layers.shapes import LINE, Codes, Floats, Ints, Shapes
from layers.street_marks import SLEEPER, STEEL, WHITE, YELLOW
from scene.actors import drop, mapper_of, polydata, set_colours
from scene.flat_parts import surface_actor
from scene.shading import set_uniform

if TYPE_CHECKING:
    from scene.light import Colour
    from scene.views.base import FrameState, StageContext

PAINT = 4.0  # the kind of surface in shaders/street.glsl
KERB = 4
COLOURS: dict[int, tuple[int, int, int]] = {
    WHITE: (236, 236, 230), YELLOW: (234, 198, 84), STEEL: (126, 122, 118),
    SLEEPER: (118, 108, 98), KERB: (222, 220, 214),
}  # fmt: skip
CLEAR, GONE = 0.9, 0.28  # pixels a line is wide where its fading begins and ends


def as_lines(points: Floats, start: Ints) -> Shapes:
    """Take paths as lines, as they are laid on the ground."""
    n = len(start) - 1
    return Shapes(
        np.full(n, LINE, dtype=np.uint8), points[:, :2].copy(), start.copy(), np.arange(n + 1)
    )


def strip_mesh(
    points: Floats, start: Ints, width: Floats
) -> tuple[Floats, NDArray[np.int32], Ints]:
    """Widen paths to level strips.

    Parameters
    ----------
    points : (m, 3) float64
        Corners of the paths, metres.
    start : (k + 1,) int64
        Where each path starts.
    width : (k,) float64
        Metres.

    Returns
    -------
    points : (2 m, 3) float64
        Left ones, then right ones.
    triangles : (t, 3) int32
        Counter-clockwise seen from above.
    path : (2 m,) int64
        Which path each point belongs to.
    """
    m = len(points)
    sizes = np.diff(start)
    path = np.repeat(np.arange(len(sizes)), sizes)
    first, last = np.zeros(m, dtype=bool), np.zeros(m, dtype=bool)
    filled = sizes > 0
    first[start[:-1][filled]] = True
    last[start[1:][filled] - 1] = True
    index = np.arange(m)
    before = points[np.where(first, index, index - 1), :2]
    after = points[np.where(last, index, index + 1), :2]
    here = points[:, :2]
    came, goes = _unit(here - before), _unit(after - here)
    came[first], goes[last] = goes[first], came[last]
    mean = came + goes
    size = np.maximum(np.hypot(mean[:, 0], mean[:, 1]), 0.5)
    normal = np.column_stack([-mean[:, 1], mean[:, 0]]) * (2.0 / size**2)[:, None]
    side = normal * (width[path] / 2.0)[:, None]
    left, right = points.copy(), points.copy()
    left[:, :2] += side
    right[:, :2] -= side
    at = np.flatnonzero(~last)
    faces = np.concatenate(
        [np.column_stack([at + m, at + 1 + m, at]), np.column_stack([at + 1 + m, at + 1, at])]
    ).astype(np.int32)
    return np.vstack([left, right]), faces, np.concatenate([path, path])


def _unit(way: Floats) -> Floats:
    size = np.hypot(way[:, 0], way[:, 1])
    return np.asarray(way / np.maximum(size, 1e-9)[:, None])


class Strips:
    """Many strips, one actor.

    Parameters
    ----------
    points : (m, 3) float64
        Corners of the paths in project coordinates, metres.
    start : (k + 1,) int64
        Where each path starts.
    width : (k,) float64
        Metres.
    kind : (k,) uint8
        Key of ``COLOURS``.
    context : StageContext
        Where.
    step : float
        Place in depth within the layer.
    """

    def __init__(
        self, points: Floats, start: Ints, width: Floats, kind: Codes, context: StageContext,
        *, step: float = 4.0,
    ) -> None:  # fmt: skip
        mesh, triangles, path = strip_mesh(points, start, width)
        data = polydata(context.to_scene(mesh), triangles)
        table = np.array([COLOURS[k] for k in range(len(COLOURS))], dtype=np.uint8)
        set_colours(data, table[kind[path]])
        self._step, self._narrow = step, float(np.median(width)) if len(width) else 0.15
        self.actor: Any = surface_actor(context, step, PAINT)
        self.actor.SetMapper(mapper_of(data))
        context.renderer.AddActor(self.actor)
        self._under: Colour | None = None

    def lie_on(self, under: Colour) -> None:
        """Take the colour into which the strips fade."""
        if under != self._under:
            self._under = under
            set_uniform(self.actor.GetShaderProperty(), "fragment", "paintUnder", under)

    def place(self, order: float, lift: float, context: StageContext) -> None:
        """Take another place above the ground."""
        context.materials.set_order(self.actor, order + self._step)
        self.actor.SetPosition(0.0, 0.0, lift + 0.01 * self._step)

    def follow(self, frame: FrameState) -> None:
        """Fade out where the strips are finer than pixels."""
        pixels = frame.pixels * self._narrow
        gone = 0.0
        if frame.parallel:
            gone = float(np.clip((CLEAR - pixels) / (CLEAR - GONE), 0.0, 1.0))
        fade = (pixels / CLEAR, pixels / GONE, gone)
        set_uniform(self.actor.GetShaderProperty(), "fragment", "paintFade", fade)

    def show(self, shown: bool, opacity: float) -> None:
        """Show or hide them."""
        self.actor.GetProperty().SetOpacity(opacity)
        self.actor.SetVisibility(shown and opacity > 0.0)

    def close(self, context: StageContext) -> None:
        """Take them away."""
        drop(context.renderer, self.actor)


def farthest(frame: FrameState, narrow: float) -> float:
    """Give from which distance on strips are not seen, metres; 0 where they are nowhere."""
    if frame.parallel:
        return np.inf if frame.pixels * narrow > GONE else 0.0
    return float(frame.pixels * narrow / GONE)
