"""Draws a cut: what lies in it is left out of every picture, and the cut faces are closed.

Each fragment asks where in the city it is, and whether the cut takes that away. Its place comes
back from its depth, so that it does not matter which mapper, tile or instance it is of.
"""

from __future__ import annotations

import itertools
from functools import partial
from typing import Any

import numpy as np
import pyvista as pv
import shapely
from vtkmodules.vtkCommonMath import vtkMatrix4x4

from layers.cut import MOST_CORNERS, Cut
from layers.kinds.buildings import Buildings
from layers.shapes import Floats
from scene.cut_picking import taken
from scene.views.base import StageContext

BUILT, EARTH, FLOOR = "#b9574a", "#a58b6f", "#c0a98c"  # cut walls, cut ground, a pit's floor
DEEP = 60.0  # metres of ground that are shown where a cut has no lower end
STEP = 3.0  # metres between two heights of the ground along a cut
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
        self._context.gone = None if cut is None else partial(taken, cut)
        if cut is None:
            self._close_caps()
        self._context.request_frame()

    def moved(self, context: StageContext) -> Cutting:
        """Give the same cut on a stage whose zero point is elsewhere."""
        self.close()
        new = Cutting(context)
        new.cut = self._cut
        return new

    def _follow(self) -> None:
        """Make the cut faces again where the city changed."""
        context = self._context
        shown = [x.data for x in context.project.layers if context.shown(x)]
        now: tuple[object, ...] = (context.ground.terrain, *shown)
        same = len(now) == len(self._built_of)
        if same and all(a is b for a, b in zip(now, self._built_of, strict=True)):
            return
        self._built_of = now
        self._close_caps()
        if self._cut is not None:
            self._build_caps(self._cut)

    def prepare(self) -> None:
        """Tell every actor of the frame where the cut is; costs nothing without one."""
        if self._cut is None and not self._hooked:
            return
        if self._cut is not None:
            self._follow()
        own = {id(actor) for actor in self._caps}
        actors = self._context.renderer.GetActors()
        actors.InitTraversal()
        place = _matrix(self._to_scene().T)  # VTK hands the numbers on column by column
        rings = [_matrix(part) for part in self._corners()]
        alive: dict[int, Any] = {}
        while (actor := actors.GetNextActor()) is not None:
            if id(actor) in own or not actor.GetVisibility():
                continue
            shader = actor.GetShaderProperty()
            key = id(shader)
            if key not in self._hooked and key not in alive:
                for tag, part in SECTIONS:
                    shader.AddFragmentShaderReplacement(tag, True, f"{tag}\n{GLSL[part]}\n", False)
            if key not in alive:
                self._tell(shader, place, rings)
            alive[key] = shader
        self._hooked = {**self._hooked, **alive}

    def close(self) -> None:
        """Take the cut faces off the stage."""
        self._close_caps()
        self._hooked = {}

    # Inside --------------------------------------------------------------------------------------

    def _tell(self, shader: Any, place: Any, rings: list[Any]) -> None:
        pool, cut = shader.GetFragmentCustomUniforms(), self._cut
        pool.SetUniformf("cutMode", 0.0 if cut is None else 1.0 if cut.keep == "outside" else 2.0)
        pool.SetUniformf("cutCount", float(len(self._ring)))
        zero = float(self._context.origin[2])
        low = -1e9 if cut is None or cut.low is None else cut.low - zero
        high = 1e9 if cut is None or cut.high is None else cut.high - zero
        width, height = self._context.renderer.GetSize()
        pool.SetUniformf("cutLow", low)
        pool.SetUniformf("cutHigh", high)
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

    def _build_caps(self, cut: Cut) -> None:
        walls: list[Floats] = []
        earth: list[Floats] = []
        ring = np.vstack([self._ring, self._ring[:1]]) + self._context.origin[:2]
        extent = self._context.project.extent(visible_only=False)
        if extent is None:
            return
        area = shapely.box(*extent).buffer(200.0)
        for a, b in itertools.pairwise(ring):
            side = shapely.LineString([a, b]).intersection(area)
            if isinstance(side, shapely.LineString) and side.length > 0.01:
                walls += self._wall_sections(cut, side)
                earth += self._ground_section(cut, side)
        roofs, floor = self._level_sections(cut)
        for quads, colour in ((walls, BUILT), (earth, EARTH)):
            if quads:
                self._add(np.array(quads), colour)
        for triangles, colour in ((roofs, BUILT), (floor, FLOOR)):
            if triangles:
                self._add(np.array(triangles), colour)

    def _span(self, cut: Cut, low: float, high: float) -> tuple[float, float]:
        bottom = low if cut.low is None else max(low, cut.low)
        return bottom, high if cut.high is None else min(high, cut.high)

    def _wall_sections(self, cut: Cut, side: shapely.LineString) -> list[Floats]:
        """Give the upright rectangles in which a side of the cut meets buildings."""
        quads: list[Floats] = []
        for data, rows, base in self._touched(side):
            for row, level, shape in zip(rows, base, data.shapes.take(rows).to_shapely(),
                                         strict=True):  # fmt: skip
                low, high = self._span(cut, level + data.min_height[row], level + data.height[row])
                met = shape.intersection(side)
                for part in getattr(met, "geoms", [met]):
                    if low < high and part.geom_type == "LineString" and part.length > 0.01:
                        (ax, ay), (bx, by) = part.coords[0], part.coords[-1]
                        quads.append(np.array(
                            [(ax, ay, low), (bx, by, low), (bx, by, high), (ax, ay, high)]
                        ))  # fmt: skip
        return quads

    def _ground_section(self, cut: Cut, side: shapely.LineString) -> list[Floats]:
        """Give the upright strips of earth along a side of the cut."""
        count = min(max(int(side.length / STEP), 1), 4000) + 1
        places = np.array([p.coords[0] for p in shapely.line_interpolate_point(
            side, np.linspace(0.0, side.length, count))])  # fmt: skip
        top = np.asarray(self._context.ground.height_at(places))
        bottom = float(top.min()) - DEEP if cut.low is None else cut.low
        if cut.high is not None:
            top = np.minimum(top, cut.high)
        quads = []
        for i in range(count - 1):
            if max(top[i], top[i + 1]) <= bottom:
                continue
            (ax, ay), (bx, by) = places[i], places[i + 1]
            quads.append(np.array([
                (ax, ay, bottom), (bx, by, bottom),
                (bx, by, max(top[i + 1], bottom)), (ax, ay, max(top[i], bottom)),
            ]))  # fmt: skip
        return quads

    def _level_sections(self, cut: Cut) -> tuple[list[Floats], list[Floats]]:
        """Give triangles: buildings at the heights where the cut ends, earth at its floor."""
        built: list[Floats] = []
        floor_faces: list[Floats] = []
        area = shapely.Polygon(self._ring + self._context.origin[:2])
        for height in (cut.low, cut.high):
            if height is None:
                continue
            for data, rows, base in self._touched(area):
                low = base + data.min_height[rows]
                at = rows[(low < height) & (base + data.height[rows] > height)]
                for shape in data.shapes.take(at).to_shapely():
                    built += _triangles(shape.intersection(area), height)
        if cut.low is not None and cut.keep == "outside":
            extent = self._context.project.extent(visible_only=False)
            floor = area if extent is None else area.intersection(shapely.box(*extent).buffer(500))
            middle = np.array(floor.representative_point().coords[0])
            if float(self._context.ground.height_at([middle])[0]) > cut.low:
                floor_faces = _triangles(floor, cut.low)
        return built, floor_faces

    def _touched(self, shape: Any) -> Any:
        """Give the buildings that a shape touches: data, rows, ground levels; layer by layer."""
        project = self._context.project
        west, south, east, north = shape.bounds
        for layer in project.layers:
            data = layer.data
            if not isinstance(data, Buildings) or not self._context.shown(layer):
                continue
            box = data.shapes.bounds()
            rows = np.flatnonzero(
                (box[:, 0] <= east) & (box[:, 2] >= west) & (box[:, 1] <= north)
                & (box[:, 3] >= south) & data.drawn
            )  # fmt: skip
            boxes = shapely.box(*box[rows].T)
            rows = rows[shapely.intersects(boxes, shape)]
            if rows.size:
                yield data, rows, project.base_of(data, rows)

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
        self._caps = []


def _triangles(shape: Any, height: float) -> list[Floats]:
    """Cut level polygons into triangles at a height, each (3, 3)."""
    out: list[Floats] = []
    for part in getattr(shape, "geoms", [shape]):
        if part.geom_type == "Polygon" and part.area > 0.01:
            for triangle in shapely.constrained_delaunay_triangles(part).geoms:
                corners = np.array(triangle.exterior.coords)[:3]
                out.append(np.column_stack([corners, [height] * 3]))
    return out


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
  return inside && at.z > cutLow && at.z < cutHigh;
}}"""
    impl = """if (cutMode > 0.5) {
  vec4 cutAt = cutPlace * vec4(2.0 * gl_FragCoord.x / cutWidth - 1.0,
    2.0 * gl_FragCoord.y / cutHeight - 1.0, 2.0 * gl_FragCoord.z - 1.0, 1.0);
  if (cutTakes(cutAt.xyz / cutAt.w) == (cutMode < 1.5)) discard;
}"""
    return {"cutDec": dec, "cutImpl": impl}


GLSL = _glsl()
