"""The ground everything stands on: its height anywhere, and where a ray meets it."""

from __future__ import annotations

import math
import weakref
from typing import TYPE_CHECKING, Any

import numba as nb
import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.kinds.base import Extent
from layers.kinds.buildings import Buildings
from layers.kinds.models import Models
from layers.kinds.terrain import Terrain
from layers.project import Project
from layers.shapes import LINE, POLYGON, Floats, Shapes
from scene.drape import drape_lines, drape_polygons
from scene.ground_tiles import Follower, GroundTiles, Key, ranges
from scene.rays import Point, Ray
from scene.relief import texels
from scene.surface import Surface, plain_of

if TYPE_CHECKING:
    from scene.views.base import FrameState

FARTHEST = 200_000.0  # metres; a ray that runs on so far meets no ground
_surfaces: weakref.WeakKeyDictionary[Terrain, Surface] = weakref.WeakKeyDictionary()


class Ground:
    """The project's terrain, and a level plane around it.

    Parameters
    ----------
    project : Project
        Whose ground it is; asked anew after `forget`.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._level = 0.0
        self._level_of: list[NDArray[Any] | Models] = []  # what it was worked out from
        self._known = False
        self._surface: Surface | None = None
        self._surface_checked = False
        self._tiles: GroundTiles | None = None
        self.solid = True  # whether nothing is seen through the ground
        self.cut: tuple[Key, ...] = ()  # the tiles and blocks looked at, see `look_at`
        self.from_below = False  # whether it is looked at from below, where skirts would hang
        self._surface_of: tuple[Terrain | None, float] = (None, 0.0)
        self.followers: weakref.WeakSet[Follower] = weakref.WeakSet()  # what lies on its pieces

    def forget(self) -> None:
        """Drop what was worked out: the terrain or the layers changed."""
        self._known = self._surface_checked = False

    @property
    def terrain(self) -> Terrain | None:
        """The terrain that counts, None where the ground is a plane."""
        return self._project.terrain()

    @property
    def level(self) -> float:
        """Height of the plane around the terrain, metres above datum.

        The tenth percentile of the terrain; without a terrain that of the levels
        buildings stand on, 0 for those that came with none; without buildings that of the feet
        of models whose heights count from the datum.
        """
        if not self._known:
            terrain = self.terrain
            of = [] if terrain is not None else self._stands()
            same = len(of) == len(self._level_of)
            same = same and all(a is b for a, b in zip(of, self._level_of, strict=True))
            if terrain is not None:
                self._level = terrain.level
            elif not same or not of:
                self._level = _low([_feet(one) if isinstance(one, Models) else one for one in of])
            self._level_of = of
            self._known = True
        return self._level

    def _stands(self) -> list[NDArray[Any] | Models]:
        """Give what tells the level: levels of buildings, else models."""
        every = [layer.data for layer in self._project.layers]
        bases: list[NDArray[Any] | Models] = [x.base for x in every if isinstance(x, Buildings)]
        return bases or [x for x in every if isinstance(x, Models) and not x.on_ground.all()]

    @property
    def surface(self) -> Surface:
        """The triangles that are drawn as ground; the same object until the ground changes."""
        if self._surface is not None and self._surface_checked:
            return self._surface
        self._surface_checked = True
        extent = self._project.extent(visible_only=False)
        if extent is None:
            frame = self._project.frame
            east, north = frame.origin if frame is not None else (0.0, 0.0)
            extent = (east, north, east, north)
        key = (self.terrain, self.level)
        same = self._surface_of[0] is key[0] and self._surface_of[1] == key[1]
        if self._surface is None or not same or not self._surface.reaches_beyond(extent):
            self._surface = surface_of(self.terrain, self.level, extent)
            self._surface_of = key
        return self._surface

    def tiles(self, origin: Floats) -> GroundTiles | None:
        """Give the drawn ground in tiles; None where it is a plane.

        Parameters
        ----------
        origin : (3,) float64
            Project coordinates of the scene's zero point.
        """
        surface, terrain = self.surface, self.terrain
        if terrain is None or surface.flat:
            self._tiles = None
        else:
            old, skirts = self._tiles, self.solid and not self.from_below
            if (
                old is None
                or old.surface is not surface
                or old.terrain is not terrain
                or old.skirts != skirts
                or old.origin is not origin
            ):
                self._tiles = GroundTiles(
                    terrain, surface, origin, skirts=skirts, followers=self.followers
                )
        return self._tiles

    def tiles_for(self, origin: Floats) -> GroundTiles | None:
        """Give the ground in tiles as it is drawn, whatever zero point it was made for."""
        tiles = self._tiles
        if tiles is None or tiles.surface is not self.surface or tiles.terrain is not self.terrain:
            return self.tiles(origin)
        return tiles

    def look_at(self, frame: FrameState, origin: Floats) -> None:
        """Learn from where the ground is going to be looked at, before anything is drawn."""
        tiles = self.tiles_for(origin)
        self.cut = () if tiles is None else tiles.cut(frame)

    def height_at(self, coords: ArrayLike) -> Floats:
        """Give the ground's height at places, (n,) metres above datum; the plane outside."""
        xy = np.asarray(coords, dtype=np.float64).reshape(-1, 2)
        terrain = self.terrain
        if terrain is None:
            return np.full(len(xy), self.level)
        return np.asarray(np.nan_to_num(terrain.height_at(xy), nan=self.level))

    def meet(self, ray: Ray) -> tuple[Point, float] | None:
        """Give where a ray meets the ground and how far that is, None if nowhere."""
        terrain = self.terrain
        metres = np.inf
        if terrain is not None:
            metres = _meet_grid(
                terrain.heights, terrain.west, terrain.north,
                terrain.step_east, terrain.step_north,
                np.array(ray.origin), np.array(ray.direction), FARTHEST,
            )  # fmt: skip
            if terrain.fine is not None and np.isfinite(metres):
                metres = self._meet_closely(ray, float(metres))
        down = ray.direction[2]
        if abs(down) > 1e-12:
            plane = (self.level - ray.origin[2]) / down
            nearer = 0.0 < plane < min(metres, FARTHEST)
            if nearer and (np.isinf(metres) or not self._over_terrain(ray.at(plane))):
                metres = plane
        return (ray.at(float(metres)), float(metres)) if np.isfinite(metres) else None

    def _meet_closely(self, ray: Ray, metres: float) -> float:
        """Find where a ray meets the terrain's own heights near where it meets the overview."""
        assert self.terrain is not None
        room = 12.0 * max(self.terrain.step_east, self.terrain.step_north)
        low, high = max(metres - room, 0.0), metres + room
        for _ in range(3):
            along = np.linspace(low, high, 65)
            points = np.array(ray.origin) + along[:, None] * np.array(ray.direction)
            under = np.flatnonzero(points[:, 2] <= self.height_at(points[:, :2]))
            if under.size == 0 or under[0] == 0:
                break
            low, high = float(along[under[0] - 1]), float(along[under[0]])
            metres = (low + high) / 2.0
        return metres

    def _over_terrain(self, point: Point) -> bool:
        """Say whether the terrain knows the ground at a place."""
        return self.terrain is not None and bool(
            np.isfinite(self.terrain.height_at([point[:2]])[0])
        )


def surface_of(terrain: Terrain | None, level: float, extent: Extent | None) -> Surface:
    """Give the triangles of a ground; all pictures of one terrain share them."""
    if terrain is None:
        return Surface.of(None, level, extent)
    kept = _surfaces.get(terrain)
    if kept is None or kept.level != level or not kept.reaches_beyond(extent):
        kept = _surfaces[terrain] = Surface.of(terrain, level, extent)
    return kept


def get_ready(project: Project) -> None:
    """Work out the ground of a project that is to be shown; a thread may do so.

    Compiled loops that lie in a file are loaded as they are called first, which takes longer than
    what they do here.
    """
    ground = Ground(project)
    surface = ground.surface
    _work_out(surface)
    place = surface.middle
    ground.height_at([place])
    surface.height_at([place])
    ground.meet(Ray((*place, surface.level + 1000.0), (0.0, 0.0, -1.0)))
    corners = np.add(place, [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)])
    start = np.array([0, 3])
    for kind, lay in ((POLYGON, drape_polygons), (LINE, drape_lines)):
        lay(Shapes(np.array([kind], dtype=np.uint8), corners, start, np.array([0, 1])), surface)


def prepare_ground(terrain: Terrain, extent: Extent | None) -> None:
    """Work out the ground of a terrain that is to be added where things are within an extent."""
    _work_out(surface_of(terrain, terrain.level, extent))


def _work_out(surface: Surface) -> None:
    texels(surface)
    if not surface.flat:
        plain_of(surface)
        ranges(surface)


def _feet(models: Models) -> Floats:
    """Give how high models stand whose heights count from the datum, metres above it."""
    under = np.array([model.box()[0][2] for model in models.library.models])
    feet = models.places[:, 2] + under[models.model] * models.scale
    return np.asarray(feet[~models.on_ground])


def _low(arrays: list[NDArray[Any]]) -> float:
    """Give the tenth percentile of all numbers, rounded down; unknown ones count as 0.

    Full decimetres: one building more or less in a city does not move the ground under all.
    """
    if all(bool(np.isnan(array).all()) for array in arrays):
        return 0.0
    low = float(np.percentile(np.nan_to_num(np.concatenate(arrays)), 10))
    return math.floor(10.0 * low + 1e-6) / 10.0


@nb.njit(cache=True, nogil=True)
def _height(
    heights: NDArray[np.float32], west: float, north: float, dx: float, dy: float,
    east: float, northing: float,
) -> float:  # fmt: skip
    """Give the bilinear height, NaN outside or where one of the four nodes is unknown."""
    rows, columns = heights.shape
    col, row = (east - west) / dx, (north - northing) / dy
    if col < 0 or row < 0 or col > columns - 1 or row > rows - 1:
        return np.nan
    c, r = min(int(col), columns - 2), min(int(row), rows - 2)
    fc, fr = col - c, row - r
    upper = heights[r, c] * (1 - fc) + heights[r, c + 1] * fc
    lower = heights[r + 1, c] * (1 - fc) + heights[r + 1, c + 1] * fc
    return float(upper * (1 - fr) + lower * fr)


@nb.njit(cache=True, nogil=True)
def _meet_grid(
    heights: NDArray[np.float32], west: float, north: float, dx: float, dy: float,
    origin: Floats, direction: Floats, farthest: float,
) -> float:  # fmt: skip
    """Walk along the ray in half cells, then halve the last step; inf where nothing is met."""
    rows, columns = heights.shape
    start, end = 0.0, farthest
    for axis in range(2):
        low = west if axis == 0 else north - (rows - 1) * dy
        high = west + (columns - 1) * dx if axis == 0 else north
        if abs(direction[axis]) < 1e-12:
            if origin[axis] < low or origin[axis] > high:
                return np.inf
            continue
        a = (low - origin[axis]) / direction[axis]
        b = (high - origin[axis]) / direction[axis]
        start, end = max(start, min(a, b)), min(end, max(a, b))
    if start > end:
        return np.inf
    level = np.sqrt(direction[0] ** 2 + direction[1] ** 2)
    step = 0.5 * min(dx, dy) / max(level, 1e-9)
    was, above = start, False
    at = start
    while True:
        ground = _height(
            heights, west, north, dx, dy,
            origin[0] + direction[0] * at, origin[1] + direction[1] * at,
        )  # fmt: skip
        clear = origin[2] + direction[2] * at - ground  # NaN where the ground is unknown
        if clear > 0:
            was, above = at, True
        elif clear <= 0 and above:
            lo, hi = was, at
            for _ in range(40):
                mid = 0.5 * (lo + hi)
                ground = _height(
                    heights, west, north, dx, dy,
                    origin[0] + direction[0] * mid, origin[1] + direction[1] * mid,
                )  # fmt: skip
                if origin[2] + direction[2] * mid - ground > 0:
                    lo = mid
                else:
                    hi = mid
            return hi
        else:
            above = False  # below the ground, or over a gap: wait until it is above again
        if at >= end:
            return np.inf
        at = min(at + step, end)
