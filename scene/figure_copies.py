"""Copies of small bodies, and cards for those far away: what moves is one list of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor

from layers.shapes import Floats
from scene.actors import add_attribute, drop, mapper_of, polydata
from scene.dots import DotLook
from scene.model_levels import Level
from scene.shading import set_uniform, shader_property
from scene.solids import SolidLook
from scene.vtk_arrays import as_array

if TYPE_CHECKING:
    from scene.materials import Materials
    from scene.views.base import FrameState, StageContext

LEAST_ROOM = 32  # figures a mesh has room for
GROWTH = 1.4  # times the room needed that is made
NOBODY = 1e4  # told instead of a turn or of clothes where nobody stands
STANDS = -1.0  # told instead of a phase of walking by who stands
SHADES = -1.0  # place of soft shadows among what is painted over the scene: below areas
PULL = 0.0015  # share of their distance that they come towards the eye, out of the ground
DARK = 0.42  # of soft shadows in the sun
LONGEST = 1.2  # metres of shadow that a metre throws at most
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
    told : (str, str)
        Names in the shader of the four numbers that a figure has, the last one `NOBODY` for none,
        and of two more.
    look : SolidLook or DotLook or ShadeLook
        Shader.
    context : StageContext
        Where.
    closed : bool
        Whether triangles are seen from outside alone.
    """

    def __init__(
        self, points: Floats, triangles: NDArray[np.int32], attributes: dict[str, Floats],
        told: tuple[str, str], look: SolidLook | DotLook | ShadeLook, context: StageContext, *,
        closed: bool,
    ) -> None:  # fmt: skip
        self._points, self._triangles, self._attributes = points, triangles, attributes
        self._told, self._context = told, context
        self._actor = _actor_of(look, context, closed=closed)  # keeps its place among the others
        self._data: Any = None
        self._numbers: Numbers = np.zeros((0, len(points), 4), dtype=np.float32)
        self._more: Numbers = np.zeros((0, len(points), 2), dtype=np.float32)
        self._count = 0

    @property
    def actors(self) -> list[Any]:
        """What is drawn."""
        return [self._actor]

    def put(self, numbers: Floats, more: Floats) -> None:
        """Draw so many copies.

        Parameters
        ----------
        numbers : (n, 4) float64
            Place, scene coordinates, and the fourth number.
        more : (n, 2) float64
            What else the shader is told of each.
        """
        count, room = len(numbers), len(self._numbers)
        if count > room or (count < room / 4 and room > LEAST_ROOM and count):
            self._make(max(round(GROWTH * count), LEAST_ROOM))
        if self._data is None:
            return
        last = max(count, self._count)
        self._numbers[:count] = numbers[:, None]
        self._numbers[count:last, :, 3] = NOBODY
        self._more[:count] = more[:, None]
        self._data.GetPointData().GetArray("more").Modified()
        self._count = count
        self._data.GetPointData().GetArray("numbers").Modified()
        self._data.Modified()
        self._actor.SetVisibility(count > 0)

    def _make(self, room: int) -> None:
        """Make room for so many."""
        corners = len(self._points)
        cells = self._triangles[None] + corners * np.arange(room, dtype=np.int32)[:, None, None]
        self._data = polydata(np.tile(self._points, (room, 1)), cells.reshape(-1, 3))
        for name, values in self._attributes.items():
            add_attribute(self._data, name, np.tile(values, (room, 1)))
        self._numbers = np.zeros((room, corners, 4), dtype=np.float32)
        self._numbers[..., 3] = NOBODY
        self._more = np.zeros((room, corners, 2), dtype=np.float32)
        self._count = 0
        points = self._data.GetPointData()
        points.AddArray(as_array(self._numbers.reshape(-1, 4), "numbers"))
        points.AddArray(as_array(self._more.reshape(-1, 2), "more"))
        names = {name: name for name in self._attributes}
        told = dict(zip(self._told, ("numbers", "more"), strict=True))
        self._actor.SetMapper(mapper_of(self._data, **told, **names))

    def show(self, *, shown: bool) -> None:
        """Show or hide all."""
        self._actor.SetVisibility(shown and self._count > 0)

    def close(self) -> None:
        """Take everything away."""
        drop(self._context.renderer, self._actor)
        self._data = None
        self._numbers, self._more = self._numbers[:0], self._more[:0]


def _actor_of(look: SolidLook | DotLook | ShadeLook, context: StageContext, *, closed: bool) -> Any:
    """Give an actor without a mesh, hidden."""
    actor = vtkActor()
    actor.SetShaderProperty(look.shader)
    actor.SetPickable(False)
    actor.SetVisibility(False)
    material = actor.GetProperty()
    material.SetLighting(False)
    material.SetAmbient(1.0)
    material.SetDiffuse(0.0)
    material.SetBackfaceCulling(closed)
    if isinstance(look, ShadeLook):
        actor.ForceTranslucentOn()
        context.materials.painted[actor] = SHADES
    else:
        context.materials.shadows.dress(look, look.shader, material)
    context.renderer.AddActor(actor)
    return actor


class ShadeLook:
    """The shader of soft shadows on the ground."""

    def __init__(self) -> None:
        self.shader = shader_property(
            "shade",
            uniforms={
                "shadeWay": ("vertex", (0.0, 0.0, 0.0)),
                "shadePull": ("vertex", 0.0),
                "shadeDark": ("fragment", DARK),
            },
        )

    def follow(self, frame: FrameState, materials: Materials) -> None:
        """Take the light of the moment and the depth of the picture."""
        light = materials.light
        east, north, up = light.key
        long = min(float(np.hypot(east, north)) / max(up, 0.05), LONGEST)
        flat = max(float(np.hypot(east, north)), 1e-6)
        way = (-east / flat, -north / flat, long)
        set_uniform(self.shader, "vertex", "shadeWay", way)
        pull = 0.02 if frame.parallel else PULL
        set_uniform(self.shader, "vertex", "shadePull", pull * abs(frame.away_factor))
        set_uniform(self.shader, "fragment", "shadeDark", DARK * (1.0 - 0.6 * light.sky_share))


class FigureLooks:
    """The shaders of all figures of a stage's part: bodies, cards for those far away, shadows."""

    def __init__(self) -> None:
        self.shades = ShadeLook()
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
        self.shades.follow(frame, context.materials)
        east, north, up = (float(part) for part in frame.eye)
        shader, scale = self.cards.shader, context.pixel_scale
        set_uniform(shader, "vertex", "cardEye", (east, north, up))
        look = (float(frame.look[0]), float(frame.look[1]), float(frame.parallel))
        set_uniform(shader, "vertex", "cardLook", look)
        pixels = (float(frame.pixels), SPECK[0] * scale, SPECK[1] * scale)
        set_uniform(shader, "vertex", "cardPixels", pixels)


def bodies(
    level: Level, cloth: Mapping[str, float], limbs: Sequence[Floats], look: SolidLook,
    context: StageContext,
) -> Copies:  # fmt: skip
    """Give room for copies of a figure made by code.

    Parameters
    ----------
    level : Level
        Its meshes, each of one colour.
    cloth : dict of str to float
        What clothes the parts of a colour ``rrggbb`` are: ``SHIRT``, ``TROUSERS``.
    limbs : sequence of (m,) float64
        Which limb the points of each mesh belong to, as `scene.unit_figures.limbs_of` gives it.
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
    told_of = {"figureInk": np.concatenate(inks), "figureLimb": np.concatenate(limbs)[:, None]}
    corners = np.concatenate(triangles).astype(np.int32)
    told = ("figureAt", "figureMore")
    return Copies(np.concatenate(points), corners, told_of, told, look, context, closed=True)


def cards(look: DotLook, context: StageContext) -> Copies:
    """Give room for people far away."""
    corner = np.array([[-2.0, 0.0], [2.0, 0.0], [0.0, 2.0]])  # holds -1 to 1, 0 to 1
    triangles = np.array([[0, 1, 2]], dtype=np.int32)
    points, told = np.zeros((3, 3)), ("cardAt", "cardMore")
    return Copies(points, triangles, {"cardCorner": corner}, told, look, context, closed=False)


def shades(look: ShadeLook, context: StageContext) -> Copies:
    """Give room for soft shadows: a triangle around a circle each."""
    corner = np.array([[0.0, 2.0], [-np.sqrt(3.0), -1.0], [np.sqrt(3.0), -1.0]])
    triangles = np.array([[0, 1, 2]], dtype=np.int32)
    points, told = np.zeros((3, 3)), ("shadeAt", "shadeMore")
    return Copies(points, triangles, {"shadeCorner": corner}, told, look, context, closed=False)
