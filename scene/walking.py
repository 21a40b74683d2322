"""What stands in the way of somebody on foot, and what carries them: walls, ground, roofs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Floats

EYE = 1.65  # metres from the feet to the eyes
BODY = 0.35  # metres from the middle of a body to a wall, at least
STEP = 0.5  # metres that feet climb in a stride
HEAD = 0.15  # metres above the eyes that must be free
REACH = 80.0  # metres around somebody in which buildings are looked at
FAR_ENOUGH = 40.0  # metres one sees ahead without a wall
STRIDE = 0.25  # metres that are walked at a time
STEEPEST = 1.2  # rise over run of the ground that feet climb


class Surroundings:
    """The buildings near somebody on foot, as what blocks and what carries.

    Parameters
    ----------
    project : Project
        Where one walks.
    shown : callable
        Whether a layer is to be seen: hidden buildings stand in nobody's way.
    """

    def __init__(self, project: Project, shown: Callable[[Layer], bool]) -> None:
        self._project, self._shown = project, shown
        self._middle = np.full(2, np.inf)
        self._seen: tuple[object, ...] = ()
        self._walls: list[shapely.Polygon] = []
        self._low: Floats = np.empty(0)
        self._high: Floats = np.empty(0)

    def walk(self, feet: Floats, way: Floats) -> Floats:
        """Give where somebody gets who wants to go a way: along walls, not through them.

        Parameters
        ----------
        feet : (3,) float64
            East, north, height of the feet.
        way : (2,) float64
            Metres east and north.
        """
        length = float(np.hypot(*way))
        count = max(int(np.ceil(length / STRIDE)), 1)
        at = feet.copy()
        for _ in range(count):
            at = self._stride(at, way / count)
        return at

    def support(self, feet: Floats) -> float:
        """Give the height that carries feet: the ground, or a roof they stand on or step on."""
        self._look_around(feet[:2])
        ground = float(self._project.ground_at([feet[:2]])[0])
        here = shapely.Point(feet[:2])
        under = [
            high
            for wall, high in zip(self._walls, self._high, strict=True)
            if high <= feet[2] + STEP and wall.intersects(here)
        ]
        return float(max([ground, *under]))

    def freed(self, feet: Floats) -> Floats:
        """Give the nearest place outside of walls, on the ground."""
        out = feet.copy()
        out[2] = float(self._project.ground_at([out[:2]])[0])
        self._look_around(out[:2])
        out[:2] = self._pushed(out)
        out[2] = self.support(out)
        return out

    def clearest(self, feet: Floats, heading: float) -> float:
        """Give the heading, radians, in which one sees far; the present one where that will do."""
        self._look_around(feet[:2])
        turns = heading + np.radians([0, 30, -30, 60, -60, 90, -90, 120, -120, 150, -150, 180])
        here, best, most = feet[:2], heading, 0.0
        for turn in turns:
            ahead = here + REACH * np.array([np.sin(turn), np.cos(turn)])
            sight, eye = shapely.LineString([here, ahead]), shapely.Point(here)
            met = [
                wall.intersection(sight).distance(eye)
                for wall, bottom, top in zip(self._walls, self._low, self._high, strict=True)
                if bottom < feet[2] + EYE < top and wall.intersects(sight)
            ]
            free = min(met, default=REACH)
            if free >= FAR_ENOUGH:
                return float(turn)
            if free > most:
                best, most = float(turn), free
        return best

    # Inside --------------------------------------------------------------------------------------

    def _stride(self, feet: Floats, way: Floats) -> Floats:
        new = feet.copy()
        new[:2] += way
        self._look_around(new[:2])
        new[:2] = self._pushed(new)
        if np.hypot(*(new[:2] - feet[:2])) > 2.0 * np.hypot(*way) + BODY:
            return feet  # squeezed out on another side: there is no way
        if self._blocking(new):
            return feet
        new[2] = self.support(new)
        run = float(np.hypot(*(new[:2] - feet[:2])))
        if new[2] - feet[2] > max(STEEPEST * run, 1e-6) and new[2] - feet[2] > STEP:
            return feet
        ground_rise = float(self._project.ground_at([new[:2]])[0]) - feet[2]
        if run > 1e-6 and ground_rise > STEEPEST * max(run, STRIDE):
            return feet
        return new

    def _blocking(self, feet: Floats) -> list[shapely.Polygon]:
        """Give the walls a body at a place would stand in."""
        here = shapely.Point(feet[:2])
        low, high = feet[2] + STEP, feet[2] + EYE + HEAD
        return [
            wall
            for wall, bottom, top in zip(self._walls, self._low, self._high, strict=True)
            if top > low and bottom < high and wall.distance(here) < BODY - 1e-3
        ]

    def _pushed(self, feet: Floats) -> Floats:
        """Give the place a body is pushed to by the walls it touches."""
        at = feet.copy()
        for _ in range(4):
            touching = self._blocking(at)
            if not touching:
                break
            here = shapely.Point(at[:2])
            wall = min(touching, key=lambda w: w.exterior.distance(here))
            edge = wall.boundary if not wall.contains(here) else wall.exterior
            near = np.array(edge.interpolate(edge.project(here)).coords[0])
            out = at[:2] - near
            if wall.contains(here):
                out = -out
            away = float(np.hypot(*out))
            if away < 1e-9:
                middle = np.array(wall.centroid.coords[0])
                out, away = near - middle, float(np.hypot(*(near - middle))) or 1.0
            at[:2] = near + out / away * BODY
        return at[:2]

    def _look_around(self, at: Floats) -> None:
        """Take up the buildings near a place, unless that was done a few steps ago."""
        layers = [
            layer
            for layer in self._project.layers
            if isinstance(layer.data, Buildings) and self._shown(layer)
        ]
        seen = tuple(layer.data for layer in layers)
        same = len(seen) == len(self._seen) and all(
            a is b for a, b in zip(seen, self._seen, strict=True)
        )
        if same and np.hypot(*(at - self._middle)) < REACH / 2:
            return
        self._middle, self._seen = at.copy(), seen
        self._walls, low, high = [], [], []
        for layer in layers:
            data = layer.data
            assert isinstance(data, Buildings)
            box = data.shapes.bounds()
            near = np.flatnonzero(
                (box[:, 0] < at[0] + REACH) & (box[:, 2] > at[0] - REACH)
                & (box[:, 1] < at[1] + REACH) & (box[:, 3] > at[1] - REACH)
                & data.drawn
            )  # fmt: skip
            base = self._project.base_of(data, near)
            for row, shape in enumerate(data.shapes.take(near).to_shapely()):
                for part in getattr(shape, "geoms", [shape]):
                    self._walls.append(part)
                    lowest = data.min_height[near[row]]
                    low.append(base[row] + (lowest if lowest > 0 else -1e3))
                    high.append(base[row] + data.height[near[row]])
        self._low, self._high = np.array(low), np.array(high)
