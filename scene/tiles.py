"""Tiles: what of a layer of buildings is on the card, and what of that is in the picture.

The layer's buildings are split into tiles of neighbours, each an actor of its own. Before each
frame a few NumPy lines say which tiles are in view, and only those that enter or leave are told.
A level of detail can take the place of this module: it is asked to `fill`, to `prepare` a frame
and to `close`, nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from layers.shapes import Bools, Floats, Ints
from scene.block_look import BlockLook
from scene.meshing import BlockMesher, Mesh
from scene.vtk_arrays import as_array, as_cells, as_points

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

MOST = 1000  # buildings in a tile; anything from 400 to 1600 draws equally fast
EDGES_FROM = 0.45  # pixels per metre below which edges.glsl shows nothing


def split(places: Floats, most: int = MOST) -> Ints:
    """Split places into groups of neighbours by halving along the longer side.

    Parameters
    ----------
    places : (n, 2) float64
        East and north, metres.
    most : int
        Members of a group at most.

    Returns
    -------
    (n,) int64
        Number of the group of each place, from 0.
    """
    group = np.zeros(len(places), dtype=np.int64)
    waiting, done = [np.arange(len(places))], 0
    while waiting:
        rows = waiting.pop()
        if len(rows) <= most:
            group[rows] = done
            done += 1
            continue
        here = places[rows]
        axis = int(np.argmax(here.max(axis=0) - here.min(axis=0)))
        order = np.argpartition(here[:, axis], len(rows) // 2)
        waiting += [rows[order[: len(rows) // 2]], rows[order[len(rows) // 2 :]]]
    return group


@dataclass(slots=True)
class _Tile:
    rows: Ints
    solid: list[Any] = field(default_factory=list)
    lines: list[Any] = field(default_factory=list)


class Tiles:
    """The actors of one layer of buildings.

    Parameters
    ----------
    context : StageContext
        Where they go.
    look : BlockLook
        What they share.
    """

    def __init__(self, context: StageContext, look: BlockLook) -> None:
        self._context, self._look = context, look
        self._tiles: list[_Tile] = []
        self._low: Floats = np.zeros((0, 3))
        self._high: Floats = np.zeros((0, 3))
        self._seen: NDArray[np.bool_] = np.zeros(0, dtype=bool)
        self._lined: NDArray[np.bool_] = np.zeros(0, dtype=bool)
        self.built = 0  # tiles made anew by the last `fill`

    def __len__(self) -> int:
        return len(self._tiles)

    @property
    def in_view(self) -> int:
        """How many tiles the last frame showed."""
        return int(self._seen.sum())

    def fill(
        self, mesher: BlockMesher, boxes: Floats, slots: Ints, group: Ints, touched: Bools
    ) -> None:
        """Draw buildings; only touched tiles are made anew.

        Parameters
        ----------
        mesher : BlockMesher
            n buildings.
        boxes : (n, 6) float64
            West, south, lowest, east, north, highest, project metres.
        slots : (n,) int64
            Place of each building in the texture.
        group : (n,) int64
            Tile of each building, below the length of `touched`.
        touched : (t,) bool
            Tiles whose buildings are not what they were.
        """
        order = np.argsort(group, kind="stable")
        bounds = np.searchsorted(group[order], np.arange(len(touched) + 1))
        count = len(touched)
        for tile in self._tiles[count:]:
            self._empty(tile)
        del self._tiles[count:]
        low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
        low[: len(self._low)], high[: len(self._high)] = self._low[:count], self._high[:count]
        self.built = 0
        for number in range(count):
            rows = order[bounds[number] : bounds[number + 1]]
            if number >= len(self._tiles):
                self._tiles.append(_Tile(rows))
            tile = self._tiles[number]
            tile.rows = rows
            if not touched[number]:
                continue
            self._empty(tile)
            self.built += 1
            if len(rows):
                low[number] = boxes[rows, :3].min(axis=0) - self._context.origin
                high[number] = boxes[rows, 3:].max(axis=0) - self._context.origin
                self._draw(tile, mesher, slots, (low[number] + high[number]) / 2)
        self._low, self._high = low, high
        self._seen, self._lined = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
        for tile in self._tiles:
            for actor in (*tile.solid, *tile.lines):
                actor.SetVisibility(False)

    def prepare(self, frame: FrameState, *, shown: bool, dense: float = 1.0) -> None:
        """Show the tiles that are in view, and the edges of those that are near.

        `dense` is the number of pixels of the drawing per pixel of lines.
        """
        if not self._tiles:
            return
        filled = np.isfinite(self._low[:, 0])
        seen = filled & shown
        if shown:
            seen[filled] = frame.sees(self._low[filled], self._high[filled])
        lined = np.zeros(len(seen), dtype=bool)
        if self._look.edged and seen.any():
            lined[seen] = frame.pixels_per_metre(self._away(frame, seen)) > EDGES_FROM * dense
        for now, was, name in ((seen, self._seen, "solid"), (lined, self._lined, "lines")):
            for number in np.flatnonzero(now != was):
                for actor in getattr(self._tiles[number], name):
                    actor.SetVisibility(bool(now[number]))
        self._seen, self._lined = seen, lined

    def nearest_rows(self, frame: FrameState, within: float) -> Ints:
        """Give the buildings of all tiles nearer to the eye than some metres."""
        filled = np.isfinite(self._low[:, 0])
        near = np.flatnonzero(filled)[self._away(frame, filled) < within]
        if len(near) == 0:
            return np.empty(0, dtype=np.int64)
        return np.concatenate([self._tiles[number].rows for number in near])

    def nearest(self, frame: FrameState) -> float:
        """Give the distance to the nearest tile's box, metres."""
        filled = np.isfinite(self._low[:, 0])
        return float(self._away(frame, filled).min(initial=np.inf))

    def _away(self, frame: FrameState, chosen: Bools) -> Floats:
        low, high = self._low[chosen], self._high[chosen]
        gap = np.maximum(np.maximum(low - frame.eye, frame.eye - high), 0.0)
        return np.asarray(np.linalg.norm(gap, axis=1))

    def _draw(self, tile: _Tile, mesher: BlockMesher, slots: Ints, middle: Floats) -> None:
        centre = middle + self._context.origin
        blocks = mesher.blocks(tile.rows, slots, centre)
        details = mesher.details(tile.rows, slots, centre)
        for mesh, material in ((blocks, self._look.faces), (details, self._look.details)):
            if mesh is not None:
                points, marks = as_points(mesh.points), as_array(mesh.marks, "marks")
                tile.solid.append(self._actor(mesh, points, marks, material))
                if len(mesh.edges):
                    tile.lines.append(self._actor(mesh, points, marks, None))

    def _actor(self, mesh: Mesh, points: Any, marks: Any, material: Any) -> Any:
        """Make an actor of the triangles, or of the edges where no material is given."""
        data = vtkPolyData()
        data.SetPoints(points)
        data.GetPointData().AddArray(marks)
        if material is not None:
            data.SetPolys(as_cells(mesh.triangles))
        else:
            data.SetLines(as_cells(mesh.edges))
        mapper = vtkPolyDataMapper()
        mapper.SetInputData(data)
        mapper.ScalarVisibilityOff()
        actor = vtkActor()
        actor.SetMapper(mapper)
        actor.SetPosition(*(mesh.centre - self._context.origin))
        actor.SetProperty(self._look.edges if material is None else material)
        shader = self._look.edge_shader if material is None else self._look.face_shader
        if shader is not None:
            points_of = vtkDataObject.FIELD_ASSOCIATION_POINTS
            mapper.MapDataArrayToVertexAttribute("mark", "marks", points_of, -1)
            actor.SetShaderProperty(shader)
            if material is not None:
                self._look.compiled.watch(mapper)
        actor.SetPickable(False)
        actor.SetVisibility(False)
        self._context.renderer.AddActor(actor)
        return actor

    def _empty(self, tile: _Tile) -> None:
        for actor in (*tile.solid, *tile.lines):
            self._context.renderer.RemoveActor(actor)
            actor.GetMapper().ReleaseGraphicsResources(self._context.plotter.render_window)
        tile.solid, tile.lines = [], []

    def close(self) -> None:
        """Take everything away."""
        for tile in self._tiles:
            self._empty(tile)
        self._tiles = []
        self._low, self._high = np.zeros((0, 3)), np.zeros((0, 3))
        self._seen, self._lined = np.zeros(0, dtype=bool), np.zeros(0, dtype=bool)
