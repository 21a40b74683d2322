"""What lies over water: areas of plans and hazards are seen on its surface, not on its bed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.kinds.base import Features
from layers.shapes import POLYGON, Floats, Ints, Shapes
from layers.water import WaterLevels, told_levels
from scene.drape import Draped, DrapedLines, drape_lines, drape_polygons
from scene.surface import Surface
from scene.water import LIFT, climbs

Geometries = NDArray[np.object_]
ABOVE = 0.05  # metres over the water


def joined(laid: Sequence[Draped]) -> Draped:
    """Put what lies on different surfaces together."""
    starts = np.cumsum([0, *(len(one.points) for one in laid)])
    moved = [one.triangles + start for one, start in zip(laid, starts, strict=False)]
    return Draped(
        np.concatenate([one.points for one in laid]),
        np.concatenate(moved).astype(np.int32),
        np.concatenate([one.owner for one in laid]),
    )


class WaterTops:
    """The surfaces of water that are drawn as water.

    Parameters
    ----------
    waters : sequence of Features
        Layers of water.
    surface : Surface
        The ground.
    """

    def __init__(self, waters: Sequence[Features], surface: Surface) -> None:
        self._surface = surface
        self._areas: list[Geometries] = []
        self._levels: list[WaterLevels] = []
        self._trees: list[Any] = []
        for features in waters:
            shapes = features.shapes.take(np.flatnonzero(features.shapes.kind == POLYGON))
            told = told_levels(features)[features.shapes.kind == POLYGON]
            areas = shapely.make_valid(shapely.force_2d(shapes.to_shapely()))
            self._areas.append(areas)
            self._trees.append(shapely.STRtree(areas))
            self._levels.append(WaterLevels(shapes, told, surface.height_at))

    def over(self, areas: Geometries) -> list[Draped]:
        """Give the parts of areas that lie over water, on its surface.

        Parameters
        ----------
        areas : (n,) array of polygons
            Project coordinates.

        Returns
        -------
        list of Draped
            One for each layer of water that is met; `owner` are positions in `areas`.
        """
        out = []
        for water, tree, levels in zip(self._areas, self._trees, self._levels, strict=True):
            mine, row = tree.query(areas, predicate="intersects")
            pieces, of = _polygons(shapely.intersection(areas[mine], water[row]))
            if len(pieces):
                out.append(self._laid(pieces, mine[of], row[of], levels))
        return out

    def dry(self, areas: Geometries) -> tuple[Geometries, Ints]:
        """Give what of areas lies beside the water, polygons (k,), and of which each is, (k,)."""
        out = areas.copy()
        for water, tree in zip(self._areas, self._trees, strict=True):
            mine, row = tree.query(out, predicate="intersects")
            for number in np.unique(mine).tolist():
                met = shapely.union_all(water[row[mine == number]])
                out[number] = shapely.difference(out[number], met)
        return _polygons(out)

    def borders(self, areas: Geometries) -> DrapedLines:
        """Give the borders of areas on the ground, and on the surface of water they cross.

        Parameters
        ----------
        areas : (n,) array of polygons
            Project coordinates.
        """
        outlines = shapely.boundary(areas)
        dry = outlines.copy()
        laid = []
        for water, tree, levels in zip(self._areas, self._trees, self._levels, strict=True):
            mine, row = tree.query(outlines, predicate="intersects")
            pieces, of = _lines(shapely.intersection(outlines[mine], water[row]))
            if len(pieces):
                draped = drape_lines(Shapes.from_shapely(pieces), self._surface)
                lake = np.repeat(row[of][draped.owner], np.diff(draped.start))
                points = self._lifted(draped.points, lake, levels)
                laid.append(replace(draped, points=points, owner=mine[of][draped.owner]))
            for number in np.unique(mine).tolist():
                met = shapely.union_all(water[row[mine == number]])
                dry[number] = shapely.difference(dry[number], met)
        pieces, of = _lines(dry)
        draped = drape_lines(Shapes.from_shapely(pieces), self._surface)
        laid.append(replace(draped, owner=of[draped.owner]))
        ends = np.cumsum([0, *(len(one.points) for one in laid)])
        starts = [one.start[:-1] + end for one, end in zip(laid, ends, strict=False)]
        return DrapedLines(
            np.concatenate([one.points for one in laid]),
            np.concatenate([*starts, ends[-1:]]),
            np.concatenate([one.owner for one in laid]),
        )

    def raised(self, places: Floats, heights: Floats) -> Floats:
        """Give heights, (n,) metres, of the ground at places, (n, 2), or of the water over it."""
        out = heights
        for tree, levels in zip(self._trees, self._levels, strict=True):
            mine, row = tree.query(shapely.points(places), predicate="intersects")
            if len(mine):
                out = out.copy()
                out[mine] = np.maximum(out[mine], levels.at(places[mine], row))
        return out

    def _laid(self, pieces: Geometries, mine: Ints, row: Ints, levels: WaterLevels) -> Draped:
        """Lay pieces on the water, where it is drawn: over its bed, seldom over its level."""
        draped = drape_polygons(Shapes.from_shapely(pieces), self._surface)
        points = self._lifted(draped.points, row[draped.owner], levels)
        return replace(draped, points=points, owner=np.asarray(mine[draped.owner]))

    @staticmethod
    def _lifted(points: Floats, lake: Ints, levels: WaterLevels) -> Floats:
        """Lift points from the bed onto the water, (m, 3); `lake` is which area each is in."""
        out = points.copy()
        bed = points[:, 2]
        level = levels.at(points[:, :2], lake)
        out[:, 2] = np.clip(bed + LIFT, level, level + climbs(bed - level, lake)) + ABOVE
        return out


def _lines(found: Geometries) -> tuple[Geometries, Ints]:
    """Give the lines among geometries and which geometry each is of."""
    parts, of = shapely.get_parts(found, return_index=True)
    inner, again = shapely.get_parts(parts, return_index=True)  # of collections
    kind = shapely.get_type_id(inner)
    line = np.isin(kind, (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING))
    line &= shapely.length(inner) > 0.0
    return inner[line], np.asarray(of[again][line])


def _polygons(found: Geometries) -> tuple[Geometries, Ints]:
    """Give the polygons among geometries and which geometry each is of."""
    parts, of = shapely.get_parts(found, return_index=True)
    inner, again = shapely.get_parts(parts, return_index=True)  # of collections
    flat = shapely.get_type_id(inner) == shapely.GeometryType.POLYGON
    flat &= shapely.area(inner) > 0.0
    return inner[flat], np.asarray(of[again][flat])
