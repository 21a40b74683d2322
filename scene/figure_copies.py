"""Copies of small bodies, and cards for those far away: what moves is one list of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor

from layers.shapes import Floats
from scene.actors import add_attribute, drop, mapper_of, polydata
from scene.dots import DotLook
from scene.model_levels import Level
from scene.shading import set_uniform
from scene.solids import SolidLook
from scene.vtk_arrays import as_array

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

LEAST_ROOM = 32  # figures a mesh has room for
GROWTH = 1.4  # times the room needed that is made
NOBODY = 1e4  # told instead of a turn or of clothes where nobody stands
SPECK = (2.0, 3.2)  # pixels a person is wide and high at least
OWN, SHIRT, TROUSERS = 0.0, 1.0, 2.0
Numbers = NDArray[np.float32]


class Copies:
    """One mesh many times over, one actor; which of the copies are drawn where is told anew.

    Parameters
    ----------
    points : (m, 3) float64
        Corners of one copy.
    triangles : (t, 3) int32
        Positions in `points`.
    attributes : dict of str to (m, c) array
        What else the shader is told of every corner.
    told : str
        Name in the shader of the four numbers that a figure has, the last one `NOBODY` for none.
    look : SolidLook or DotLook
        Shader.
    context : StageContext
        Where.
    closed : bool
        Whether triangles are seen from outside alone.
    """

    def __init__(
        self, points: Floats, triangles: NDArray[np.int32], attributes: dict[str, Floats],
        told: str, look: SolidLook | DotLook, context: StageContext, *, closed: bool,
    ) -> None:  # fmt: skip
        self._points, self._triangles, self._attributes = points, triangles, attributes
        self._told, self._look, self._context, self._closed = told, look, context, closed
        self._actor: Any = None
        self._data: Any = None
        self._numbers: Numbers = np.zeros((0, len(points), 4), dtype=np.float32)
        self._tones: Numbers = np.zeros((0, len(points)), dtype=np.float32)
        self._count = 0

    @property
    def actors(self) -> list[Any]:
        """What is drawn."""
        return [] if self._actor is None else [self._actor]

    def put(self, numbers: Floats, tones: Floats | None = None) -> None:
        """Draw so many copies.

        Parameters
        ----------
        numbers : (n, 4) float64
            Place, scene coordinates, and the fourth number.
        tones : (n,) float64 or None
            Clothes, where the shader asks for them by themselves.
        """
        count, room = len(numbers), len(self._numbers)
        if count > room or (count < room / 4 and room > LEAST_ROOM and count):
            self._make(max(round(GROWTH * count), LEAST_ROOM))
        if self._actor is None:
            return
        last = max(count, self._count)
        self._numbers[:count] = numbers[:, None]
        self._numbers[count:last, :, 3] = NOBODY
        if tones is not None:
            self._tones[:count] = tones[:, None]
            self._data.GetPointData().GetArray("tone").Modified()
        self._count = count
        self._data.GetPointData().GetArray("numbers").Modified()
        self._data.Modified()
        self._actor.SetVisibility(count > 0)

    def _make(self, room: int) -> None:
        """Make room for so many."""
        self.close()
        corners = len(self._points)
        cells = self._triangles[None] + corners * np.arange(room, dtype=np.int32)[:, None, None]
        self._data = polydata(np.tile(self._points, (room, 1)), cells.reshape(-1, 3))
        for name, values in self._attributes.items():
            add_attribute(self._data, name, np.tile(values, (room, 1)))
        self._numbers = np.zeros((room, corners, 4), dtype=np.float32)
        self._numbers[..., 3] = NOBODY
        self._tones = np.zeros((room, corners), dtype=np.float32)
        self._count = 0
        points = self._data.GetPointData()
        points.AddArray(as_array(self._numbers.reshape(-1, 4), "numbers"))
        points.AddArray(as_array(self._tones.reshape(-1), "tone"))
        self._actor = vtkActor()
        self._actor.SetShaderProperty(self._look.shader)
        self._actor.SetPickable(False)
        material = self._actor.GetProperty()
        material.SetLighting(False)
        material.SetAmbient(1.0)
        material.SetDiffuse(0.0)
        material.SetBackfaceCulling(self._closed)
        self._context.materials.shadows.dress(self._look, self._look.shader, material)
        names = {name: name for name in self._attributes}
        if "figureInk" in names:
            names["figureTone"] = "tone"
        self._actor.SetMapper(mapper_of(self._data, **{self._told: "numbers"}, **names))
        self._context.renderer.AddActor(self._actor)

    def show(self, *, shown: bool) -> None:
        """Show or hide all."""
        if self._actor is not None:
            self._actor.SetVisibility(shown and self._count > 0)

    def close(self) -> None:
        """Take everything away."""
        if self._actor is not None:
            drop(self._context.renderer, self._actor)
        self._actor = self._data = None
        self._numbers, self._tones = self._numbers[:0], self._tones[:0]


class FigureLooks:
    """The shaders of all figures of a stage's part: bodies, and cards for those far away."""

    def __init__(self) -> None:
        self.bodies = SolidLook(parts=("clothes", "figure"))
        self.cards = DotLook(
            ("clothes", "figure_card"),
            {
                "cardEye": ("vertex", (0.0, 0.0, 0.0)),
                "cardLook": ("vertex", (0.0, 1.0, 0.0)),
                "cardPixels": ("vertex", (1000.0, *SPECK)),
            },
        )  # fmt: skip

    def prepare(self, frame: FrameState, context: StageContext) -> None:
        """Take the light of the moment, the eye and the size of the picture."""
        self.bodies.follow(context.materials)
        self.cards.follow(context.materials)
        east, north, up = (float(part) for part in frame.eye)
        shader, scale = self.cards.shader, context.pixel_scale
        set_uniform(shader, "vertex", "cardEye", (east, north, up))
        look = (float(frame.look[0]), float(frame.look[1]), float(frame.parallel))
        set_uniform(shader, "vertex", "cardLook", look)
        pixels = (float(frame.pixels), SPECK[0] * scale, SPECK[1] * scale)
        set_uniform(shader, "vertex", "cardPixels", pixels)


def bodies(
    level: Level, cloth: Mapping[str, float], look: SolidLook, context: StageContext
) -> Copies:
    """Give room for copies of a figure made by code.

    Parameters
    ----------
    level : Level
        Its meshes, each of one colour.
    cloth : dict of str to float
        What clothes the parts of a colour ``rrggbb`` are: ``SHIRT``, ``TROUSERS``.
    look : SolidLook
        Of bodies.
    context : StageContext
        Where.
    """
    points, triangles, inks, before = [], [], [], 0
    for mesh in level.meshes:
        points.append(mesh.points.astype(np.float64))
        triangles.append(mesh.triangles + before)
        before += len(mesh.points)
        red, green, blue = mesh.colour[:3]
        name = "".join(f"{round(255 * part):02x}" for part in (red, green, blue))
        ink = np.array([red, green, blue, cloth.get(name, OWN)])
        inks.append(np.tile(ink, (len(mesh.points), 1)))
    ink_of = {"figureInk": np.concatenate(inks)}
    corners = np.concatenate(triangles).astype(np.int32)
    return Copies(np.concatenate(points), corners, ink_of, "figureAt", look, context, closed=True)


def cards(look: DotLook, context: StageContext) -> Copies:
    """Give room for people far away."""
    corner = np.array([[-2.0, 0.0], [2.0, 0.0], [0.0, 2.0]])  # holds -1 to 1, 0 to 1
    triangles = np.array([[0, 1, 2]], dtype=np.int32)
    points = np.zeros((3, 3))
    return Copies(points, triangles, {"cardCorner": corner}, "cardAt", look, context, closed=False)
