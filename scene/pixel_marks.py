"""Lines and round marks whose width counts in pixels, at every distance and on every driver."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor

from layers.shapes import Floats, Ints
from layers.style import Rgb
from scene.actors import add_attribute, mapper_of, polydata, set_colours, set_points
from scene.light import Colour
from scene.looks import GRADE_UNIFORMS, ORDINARY, Look, show_grade
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
        self.actor = vtkActor()
        self._shader = shader_property(
            "wide_line",
            "grade",
            uniforms={
                **GRADE_UNIFORMS,
                "lineFrame": ("vertex", (100.0, 100.0, width)),
                "depthOrder": ("vertex", float(order)),
                "lineMode": ("vertex", float(mode)),
                "lineLight": ("fragment", _WHITE),
            },
        )
        self.actor.SetShaderProperty(self._shader)
        self._data, self._corner = line_data(points, start)
        self.actor.SetMapper(
            mapper_of(self._data, lineBefore="before", lineAfter="after", lineSide="side")
        )
        _unlit(self.actor, colour)
        if colours is not None:
            self.paint(colours)

    def prepare(self, frame: FrameState, pixel_scale: float) -> None:
        """Take the size of the picture that is about to be drawn."""
        width, height = frame.size
        value = (float(width), float(height), self._width * pixel_scale)
        set_uniform(self._shader, "vertex", "lineFrame", value)

    def paint(self, colours: Rgb) -> None:
        """Give each point its colour, (m, 3) uint8."""
        set_colours(self._data, colours[self._corner])
        mapper = self.actor.GetMapper()
        mapper.ScalarVisibilityOn()
        mapper.SetColorModeToDirectScalars()

    def set_order(self, order: float) -> None:
        """Change the place above the ground in depth."""
        set_uniform(self._shader, "vertex", "depthOrder", float(order))

    def set_light(self, light: Colour) -> None:
        """Change the light on the lines."""
        set_uniform(self._shader, "fragment", "lineLight", light)

    def tone(self, look: Look, *, lasting: bool = True) -> None:
        """Take the tones of a look; `lasting` colours stay on a white model."""
        _tone(self._shader, look, lasting=lasting)


def line_data(points: Floats, start: Ints) -> tuple[Any, Ints]:
    """Give the triangles of lines, and which point each corner belongs to."""
    first, last = np.zeros(len(points), dtype=bool), np.zeros(len(points), dtype=bool)
    filled = np.diff(start) > 0
    first[start[:-1][filled]] = True
    last[start[1:][filled] - 1] = True
    index = np.arange(len(points))
    before, after = np.where(first, index, index - 1), np.where(last, index, index + 1)
    closed = np.diff(start) > 3
    heads, tails = start[:-1][closed], start[1:][closed] - 1
    same = (points[heads] == points[tails]).all(axis=1)
    before[heads[same]], after[tails[same]] = tails[same] - 1, heads[same] + 1
    at = np.flatnonzero(~last)  # where a stretch starts; it ends at the next point
    corner = np.column_stack([at, at, at + 1, at + 1]).reshape(-1)
    four = 4 * np.arange(len(at))
    triangles = np.concatenate(
        [np.column_stack([four, four + 1, four + 3]), np.column_stack([four, four + 3, four + 2])]
    ).astype(np.int32)
    data = polydata(points[corner], triangles)
    add_attribute(data, "before", points[before[corner]])
    add_attribute(data, "after", points[after[corner]])
    add_attribute(data, "side", np.tile([1.0, -1.0, 2.0, -2.0], len(at)))
    return data, corner


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
        How far marks come towards the eye at least, as share of their distance; ``ON_TOP`` and
        more draws them over everything, the more the higher.
    colours : (m, 3) uint8 or None
        A colour for each mark; None takes `colour` for all.
    colour, rim_colour : (red, green, blue)
        0 to 1.
    metres : float
        Diameter, metres; `size` is then the smallest one. 0 takes `size` for all.
    soft : bool
        Whether marks fade towards their rims, as the light around a lamp.
    """

    def __init__(
        self, points: Floats, size: float, *, rim: float = 0.0, pull: float = 0.01,
        colours: Rgb | None = None, colour: Colour = _WHITE, rim_colour: Colour = _WHITE,
        metres: float = 0.0, soft: bool = False,
    ) -> None:  # fmt: skip
        self._size, self._pull, self._metres = size, pull, metres
        self.actor = vtkActor()
        self._shader = shader_property(
            "mark",
            "grade",
            uniforms={
                **GRADE_UNIFORMS,
                "markFrame": ("vertex", (100.0, 100.0, size)),
                "markShift": ("vertex", 0.0),
                "markOnTop": ("vertex", float(pull - ON_TOP) if pull >= ON_TOP else -1.0),
                "markMetres": ("vertex", (float(metres), 1.0, float(size))),
                "markParallel": ("vertex", 0.0),
                "markSoft": ("fragment", float(soft)),
                "markRing": ("fragment", float(rim)),
                "markFore": ("fragment", 0.0),
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
        self.actor.SetMapper(mapper_of(data, markCorner="corner"))
        _unlit(self.actor, colour)
        if colours is not None:
            self.paint(colours)

    def prepare(self, frame: FrameState, pixel_scale: float) -> None:
        """Take the size of the picture that is about to be drawn."""
        width, height = frame.size
        value = (float(width), float(height), self._size * pixel_scale)
        set_uniform(self._shader, "vertex", "markFrame", value)
        if self._metres > 0.0:
            true = (self._metres, float(frame.pixels), self._size * pixel_scale)
            set_uniform(self._shader, "vertex", "markMetres", true)
            set_uniform(self._shader, "vertex", "markParallel", float(frame.parallel))
        shift = self._shift(frame, pixel_scale)
        set_uniform(self._shader, "vertex", "markShift", shift)
        if self._pull < ON_TOP:
            set_uniform(self._shader, "fragment", "markFore", 0.3 * shift)

    def _shift(self, frame: FrameState, pixel_scale: float) -> float:
        """Give the clip depth by which a disc on level ground clears it at its lower edge."""
        steep = max(-float(frame.look[2]), 0.08)
        flat = math.sqrt(1.0 - min(steep, 1.0) ** 2)
        behind = 0.55 * self._size * pixel_scale / frame.pixels * flat / steep
        depth = max(frame.far - frame.near, 1e-6)
        if frame.parallel:
            return 2.0 * (behind + 3.0) / depth
        share = min(max(behind, self._pull), 0.12)
        return share * 2.0 * frame.near * frame.far / depth

    def paint(self, colours: Rgb) -> None:
        """Give each mark its colour, (m, 3) uint8."""
        mapper = self.actor.GetMapper()
        set_colours(mapper.GetInput(), np.repeat(colours, 4, axis=0))
        mapper.ScalarVisibilityOn()
        mapper.SetColorModeToDirectScalars()

    def move(self, points: Floats) -> None:
        """Put the marks at other points, as many as before, scene coordinates."""
        set_points(self.actor.GetMapper().GetInput(), np.repeat(points, 4, axis=0))

    def set_size(self, pixels: float) -> None:
        """Change the diameter."""
        self._size = pixels

    def set_light(self, light: Colour) -> None:
        """Change the light on the marks."""
        set_uniform(self._shader, "fragment", "markLight", light)

    def tone(self, look: Look, *, lasting: bool = True) -> None:
        """Take the tones of a look; `lasting` colours stay on a white model."""
        _tone(self._shader, look, lasting=lasting)


def _tone(shader: Any, look: Look, *, lasting: bool) -> None:
    """Tone thin things at night and in blueprints; on a white model some colours are wanted."""
    show_grade(shader, look if look.even or look.night or not lasting else ORDINARY)


def _unlit(actor: Any, colour: Colour) -> None:
    look = actor.GetProperty()
    look.SetLighting(False)
    look.SetAmbient(1.0)
    look.SetDiffuse(0.0)
    look.SetColor(*colour)
    actor.SetPickable(False)
