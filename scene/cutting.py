"""Draws a cut: what lies in it is left out of every picture, and the cut faces are closed.

Each fragment asks where in the city it is, and whether the cut takes that away. Its place comes
back from its depth, so that it does not matter which mapper, tile or instance it is of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyvista as pv
import shapely
from vtkmodules.vtkCommonMath import vtkMatrix4x4

from layers.cut import MOST_CORNERS, Cut
from layers.shapes import Floats
from layers.style import rgb
from scene.cut_faces import EARTH, FLOOR, faces_of
from scene.solids import Solid, SolidLook
from scene.views.base import LayerView, StageContext

_NONE = (0.0, 0.0, 0.0)
FAR = 30_000.0  # metres from the city at which planes end
MATRICES = 8  # of eight corners each
SECTIONS = (("//VTK::Clip::Dec", "cutDec"), ("//VTK::Clip::Impl", "cutImpl"))


class Cutting:
    """The cut of one stage.

    Parameters
    ----------
    context : StageContext
        Where.
    """

    def __init__(self, context: StageContext) -> None:
        self._context = context
        self._cut: Cut | None = None
        self._ring: Floats = np.empty((0, 2))
        self._hooked: dict[int, Any] = {}
        self._caps: list[Any] = []
        self._earth: list[Solid] = []  # ground that was cut, in the light of the day
        self._look = SolidLook(lift=0.1)  # it throws no shadow itself, see `cut_shadows.rim`
        self._built_of: tuple[object, ...] = ()  # what the cut faces were made of

    @property
    def cut(self) -> Cut | None:
        """What is taken away, None for nothing."""
        return self._cut

    @cut.setter
    def cut(self, cut: Cut | None) -> None:
        if cut == self._cut:
            return
        self._cut = cut
        self._ring = np.empty((0, 2)) if cut is None else self._near_ring(cut)
        self._built_of = ()
        whole = cut is not None and not cut.pit  # in a pit the ground alone is gone
        self._context.cut = cut if whole else None
        self._context.gone = cut.takes if cut is not None and whole else None
        self._context.dug = cut.takes if cut is not None and not whole else None
        if cut is None:
            self._close_caps()
        self._context.request_frame()

    def moved(self, context: StageContext) -> Cutting:
        """Give the same cut on a stage whose zero point is elsewhere."""
        self.close()
        new = Cutting(context)
        new.cut = self._cut
        return new

    def _follow(self, views: list[LayerView]) -> None:
        """Make the cut faces again where the city changed."""
        now: tuple[object, ...] = (
            self._context.ground.terrain,
            *(part for view in views for part in (view.layer.data, view.casting, *view.bodies)),
        )
        same = len(now) == len(self._built_of)
        if same and all(a is b for a, b in zip(now, self._built_of, strict=True)):
            return
        self._built_of = now
        self._close_caps()
        if self._cut is not None:
            self._build_caps(self._cut, views)

    def prepare(self, views: Iterable[LayerView]) -> None:
        """Tell every actor of the frame where the cut is; costs nothing without one."""
        if self._cut is None and not self._hooked:
            return
        if self._cut is not None:
            self._follow([view for view in views if view.shown])
        self._look.follow(self._context.materials)
        own = {id(actor) for actor in [*self._caps, *(one.actor for one in self._earth)]}
        place = _matrix(self._to_scene().T)  # VTK hands the numbers on column by column
        rings = [_matrix(part) for part in self._corners()]
        alive: dict[int, Any] = {}
        for shader, spared in self._shaders(own):
            key = id(shader)
            if key not in self._hooked:
                if spared:
                    continue
                for tag, part in SECTIONS:
                    shader.AddFragmentShaderReplacement(tag, True, f"{tag}\n{GLSL[part]}\n", False)
            self._tell(shader, place, rings, spared=spared)
            alive[key] = shader
        self._hooked = {**self._hooked, **alive}

    def close(self) -> None:
        """Take the cut faces off the stage."""
        self._close_caps()
        self._hooked = {}

    # Inside --------------------------------------------------------------------------------------

    def _shaders(self, own: set[int]) -> Iterator[tuple[Any, bool]]:
        """Give the shader of every actor that is seen, once, and whether the cut spares it."""
        materials, pit = self._context.materials, self._cut is not None and bool(self._cut.pit)
        ground = {*materials.orders(), *materials.earthbound} if pit else set()
        actors = self._context.renderer.GetActors()
        actors.InitTraversal()
        found: dict[int, tuple[Any, bool]] = {}
        while (actor := actors.GetNextActor()) is not None:
            if id(actor) in own or not actor.GetVisibility():
                continue
            shader = actor.GetShaderProperty()
            spared = pit and actor not in ground
            before = found.get(id(shader))
            found[id(shader)] = (shader, spared and (before is None or before[1]))
        yield from found.values()

    def _tell(self, shader: Any, place: Any, rings: list[Any], *, spared: bool) -> None:
        pool, cut = shader.GetFragmentCustomUniforms(), None if spared else self._cut
        pool.SetUniformf("cutMode", 0.0 if cut is None else 1.0 if cut.keep == "outside" else 2.0)
        pool.SetUniformf("cutCount", float(len(self._ring)))
        zero = float(self._context.origin[2])
        low = -1e9 if cut is None or cut.low is None else cut.low - zero
        high = 1e9 if cut is None or cut.high is None else cut.high - zero
        width, height = self._context.renderer.GetSize()
        pool.SetUniformf("cutLow", low)
        pool.SetUniformf("cutHigh", high)
        slope = None if cut is None else cut.slope
        normal, point = (slope.normal, np.array(slope.point)) if slope else (_NONE, np.zeros(3))
        reach = float((point - self._context.origin) @ np.array(normal)) if slope else -1.0
        pool.SetUniform3f("cutLean", normal)
        pool.SetUniformf("cutLeanAt", reach)
        pool.SetUniformf("cutWidth", float(width))
        pool.SetUniformf("cutHeight", float(height))
        pool.SetUniformMatrix("cutPlace", place)
        for number, ring in enumerate(rings):
            pool.SetUniformMatrix(f"cutRing{number}", ring)

    def _to_scene(self) -> Floats:
        """Give the matrix from the picture (-1 to 1 in each direction) to the scene."""
        renderer = self._context.renderer
        composite = renderer.GetActiveCamera().GetCompositeProjectionTransformMatrix(
            renderer.GetTiledAspectRatio(), -1.0, 1.0
        )
        flat = [composite.GetElement(i, j) for i in range(4) for j in range(4)]
        return np.linalg.inv(np.array(flat).reshape(4, 4))

    def _corners(self) -> Floats:
        """Give the corners as matrices, (8, 4, 4): each column holds two of them."""
        flat = np.zeros(MATRICES * 16)
        flat[: self._ring.size] = self._ring.ravel()
        return flat.reshape(MATRICES, 4, 4)

    def _near_ring(self, cut: Cut) -> Floats:
        """Give the outline in scene coordinates, no farther away than single numbers carry."""
        west, south = self._context.origin[:2]
        square = shapely.box(west - FAR, south - FAR, west + FAR, south + FAR)
        shape = cut.outline.intersection(square)
        if shape.geom_type != "Polygon" or len(shape.exterior.coords) > MOST_CORNERS + 4:
            shape = cut.outline
        return np.array(shape.exterior.coords)[:-1] - self._context.origin[:2]

    def _build_caps(self, cut: Cut, views: Iterable[LayerView]) -> None:
        ring = self._ring + self._context.origin[:2]
        for corners, colour in faces_of(cut, ring, self._context, views):
            if colour in (EARTH, FLOOR) and not cut.pit:
                self._earth.append(self._ground(corners, colour))
            else:
                self._add(corners, colour)

    def _ground(self, faces: Floats, colour: str) -> Solid:
        """Draw cut ground, faces of three or four corners, in sun and shadow."""
        rows = np.arange(faces.shape[0] * faces.shape[1]).reshape(len(faces), -1)
        triangles = rows[:, :3]
        if faces.shape[1] == 4:
            triangles = np.concatenate([triangles, rows[:, [0, 2, 3]]])
        made = Solid(
            faces.reshape(-1, 3), triangles.astype(np.int32), self._look, self._context,
            closed=False,
        )  # fmt: skip
        made.paint(np.tile(np.array(rgb(colour), dtype=np.uint8), (rows.size, 1)))
        return made

    def _add(self, quads: Floats, colour: str) -> None:
        """Draw faces of three or four corners, (n, 3 or 4, 3)."""
        points = self._context.to_scene(quads.reshape(-1, 3)).astype(np.float32)
        corners = quads.shape[1]
        rows = np.arange(len(points)).reshape(-1, corners)
        faces = np.column_stack([np.full(len(quads), corners), rows])
        mesh = pv.PolyData(points, faces.ravel())
        actor = self._context.plotter.add_mesh(
            mesh, color=colour, lighting=False, render=False, reset_camera=False, pickable=False
        )
        self._caps.append(actor)

    def _close_caps(self) -> None:
        for actor in self._caps:
            self._context.plotter.remove_actor(actor, render=False)
        for earth in self._earth:
            earth.close(self._context)
        self._caps, self._earth = [], []


def _matrix(values: Floats) -> Any:
    made = vtkMatrix4x4()
    made.DeepCopy(values.astype(np.float64).ravel().tolist())
    return made


def _glsl() -> dict[str, str]:
    """Write the question of a fragment: am I in the cut?"""
    step = (
        "if (float(n) < cutCount) {{ p = cutRing{m}[{c}].{xy}; "
        "if ((p.y > at.y) != (q.y > at.y) && "
        "at.x < p.x + (at.y - p.y) / (q.y - p.y) * (q.x - p.x)) inside = !inside; "
        "q = p; n++; }}"
    )
    lines = [
        step.format(m=m, c=c, xy=xy)
        for m in range(MATRICES) for c in range(4) for xy in ("xy", "zw")
    ]  # fmt: skip
    last = [
        f"if (int(cutCount) == {8 * m + 2 * c + k + 1}) q = cutRing{m}[{c}].{xy};"
        for m in range(MATRICES) for c in range(4) for k, xy in enumerate(("xy", "zw"))
    ]  # fmt: skip
    body = "\n  ".join([*last, *lines])
    dec = f"""bool cutTakes(vec3 at) {{
  bool inside = false; vec2 p; vec2 q = vec2(0.0); int n = 0;
  {body}
  return inside && at.z > cutLow && at.z < cutHigh && dot(at, cutLean) > cutLeanAt;
}}"""
    impl = """if (cutMode > 0.5) {
  vec4 cutAt = cutPlace * vec4(2.0 * gl_FragCoord.x / cutWidth - 1.0,
    2.0 * gl_FragCoord.y / cutHeight - 1.0, 2.0 * gl_FragCoord.z - 1.0, 1.0);
  if (cutTakes(cutAt.xyz / cutAt.w) == (cutMode < 1.5)) discard;
}"""
    return {"cutDec": dec, "cutImpl": impl}


GLSL = _glsl()
