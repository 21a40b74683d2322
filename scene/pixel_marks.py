"""Lines and round marks whose width counts in pixels, at every distance and on every driver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import vtk

from layers.shapes import Floats, Ints
from layers.style import Rgb
from scene.actors import add_attribute, mapper_of, polydata, set_colours, set_points
from scene.light import Colour
from scene.shading import set_uniform, shader_property

if TYPE_CHECKING:
    from scene.views.base import FrameState

ON_GROUND, IN_AIR, ON_TOP = 0.0, 1.0, 2.0
_WHITE: Colour = (1.0, 1.0, 1.0)


class WideLines:
    """Many lines of one width, one actor.

    Parameters
    ----------
    points : (m, 3) float64
        Scene coordinates of the corners.
    start : (k + 1,) int64
        Where each line starts.
    width : float
        Pixels.
    mode : float
        ``ON_GROUND``, ``IN_AIR`` or ``ON_TOP``.
    colours : (m, 3) uint8 or None
        A colour for each corner; None takes `colour` for all.
    colour : (red, green, blue)
        0 to 1.
    order : float
        Place above the ground in depth.
    """

    def __init__(
        self, points: Floats, start: Ints, width: float, *, mode: float = ON_GROUND,
        colours: Rgb | None = None, colour: Colour = _WHITE, order: float = 0.0,
    ) -> None:  # fmt: skip
        self._width = width
        self.actor = vtk.vtkActor()
        self._shader = shader_property(
            "wide_line",
            uniforms={
                "lineFrame": ("vertex", (100.0, 100.0, width)),
                "depthOrder": ("vertex", float(order)),
                "lineMode": ("vertex", float(mode)),
                "lineLight": ("fragment", _WHITE),
            },
        )
        self.actor.SetShaderProperty(self._shader)
        self.actor.SetMapper(_line_mapper(points, start, colours))
        _unlit(self.actor, colour)

    def prepare(self, frame: FrameState, pixel_scale: float) -> None:
        """Take the size of the picture that is about to be drawn."""
        width, height = frame.size
        value = (float(width), float(height), self._width * pixel_scale)
        set_uniform(self._shader, "vertex", "lineFrame", value)

    def set_width(self, pixels: float) -> None:
        """Change the width."""
        self._width = pixels

    def set_order(self, order: float) -> None:
        """Change the place above the ground in depth."""
        set_uniform(self._shader, "vertex", "depthOrder", float(order))

    def set_light(self, light: Colour) -> None:
        """Change the light on the lines."""
        set_uniform(self._shader, "fragment", "lineLight", light)


def _line_mapper(points: Floats, start: Ints, colours: Rgb | None) -> Any:
    count = len(points)
    sizes = np.diff(start)
    first = np.zeros(count, dtype=bool)
    last = np.zeros(count, dtype=bool)
    filled = sizes > 0
    first[start[:-1][filled]] = True
    last[start[1:][filled] - 1] = True
    index = np.arange(count)
    before = np.where(first, index, index - 1)
    after = np.where(last, index, index + 1)
    closed = filled & (sizes > 3)
    heads, tails = start[:-1][closed], start[1:][closed] - 1
    same = (points[heads] == points[tails]).all(axis=1)
    before[heads[same]], after[tails[same]] = tails[same] - 1, heads[same] + 1
    at = np.flatnonzero(~last)
    triangles = np.concatenate(
        [
            np.column_stack([2 * at, 2 * at + 1, 2 * at + 3]),
            np.column_stack([2 * at, 2 * at + 3, 2 * at + 2]),
        ]
    ).astype(np.int32)
    data = polydata(np.repeat(points, 2, axis=0), triangles)
    add_attribute(data, "before", np.repeat(points[before], 2, axis=0))
    add_attribute(data, "after", np.repeat(points[after], 2, axis=0))
    add_attribute(data, "side", np.tile([1.0, -1.0], count))
    if colours is not None:
        set_colours(data, np.repeat(colours, 2, axis=0))
    return mapper_of(data, lineBefore="before", lineAfter="after", lineSide="side")


class RoundMarks:
    """Many round marks of one size, one actor.

    Parameters
    ----------
    points : (m, 3) float64
        Scene coordinates.
    size : float
        Diameter, pixels.
    rim : float
        Width of the rim as share of the radius.
    pull : float
        How far marks come towards the eye, as share of their distance; ``ON_TOP`` draws them over
        everything.
    colours : (m, 3) uint8 or None
        A colour for each mark; None takes `colour` for all.
    colour, rim_colour : (red, green, blue)
        0 to 1.
    """

    def __init__(
        self, points: Floats, size: float, *, rim: float = 0.0, pull: float = 0.01,
        colours: Rgb | None = None, colour: Colour = _WHITE, rim_colour: Colour = _WHITE,
    ) -> None:  # fmt: skip
        self._size = size
        self.actor = vtk.vtkActor()
        self._shader = shader_property(
            "mark",
            uniforms={
                "markFrame": ("vertex", (100.0, 100.0, size)),
                "markPull": ("vertex", float(pull)),
                "markNear": ("vertex", 0.0),
                "markRing": ("fragment", float(rim)),
                "markLight": ("fragment", _WHITE),
                "rimColour": ("fragment", rim_colour),
            },
        )
        self.actor.SetShaderProperty(self._shader)
        count = len(points)
        at = 4 * np.arange(count)
        triangles = np.concatenate(
            [np.column_stack([at, at + 1, at + 2]), np.column_stack([at, at + 2, at + 3])]
        ).astype(np.int32)
        data = polydata(np.repeat(points, 4, axis=0), triangles)
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], dtype=np.float32)
        add_attribute(data, "corner", np.tile(corners, (count, 1)))
        if colours is not None:
            set_colours(data, np.repeat(colours, 4, axis=0))
        self.actor.SetMapper(mapper_of(data, markCorner="corner"))
        _unlit(self.actor, colour)

    def prepare(self, frame: FrameState, pixel_scale: float) -> None:
        """Take the size of the picture that is about to be drawn."""
        width, height = frame.size
        value = (float(width), float(height), self._size * pixel_scale)
        set_uniform(self._shader, "vertex", "markFrame", value)
        near, far = frame.near, frame.far
        pull = 0.0 if frame.parallel else 2.0 * near * far / max(far - near, 1e-6)
        set_uniform(self._shader, "vertex", "markNear", pull)

    def move(self, points: Floats) -> None:
        """Put the marks at other points, as many as before, scene coordinates."""
        set_points(self.actor.GetMapper().GetInput(), np.repeat(points, 4, axis=0))

    def set_size(self, pixels: float) -> None:
        """Change the diameter."""
        self._size = pixels

    def set_light(self, light: Colour) -> None:
        """Change the light on the marks."""
        set_uniform(self._shader, "fragment", "markLight", light)


def _unlit(actor: Any, colour: Colour) -> None:
    look = actor.GetProperty()
    look.SetLighting(False)
    look.SetAmbient(1.0)
    look.SetDiffuse(0.0)
    look.SetColor(*colour)
    actor.SetPickable(False)
