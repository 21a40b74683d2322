"""Places that one looks from, or at: told by coordinates, or those of a layer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import shapely

from layers.errors import CityError
from layers.kinds.base import Extent, Layer
from layers.planning.standing import standing_at
from layers.planning.sunlight_grids import GroundGrid, ground_grid
from layers.planning.visibility import eyes_at
from layers.project import Project
from layers.shapes import Floats

FAR_AWAY = 50_000.0  # metres beyond the city from which nobody looks at it


def places_of(
    project: Project, points: Sequence[Sequence[float]], layer_name: str, above: float
) -> Floats:
    """Give places by coordinates, or the points of a layer, or the tops of its buildings.

    Raises
    ------
    CityError
        ``sight.no_places``, ``sight.far_away``.
    """
    if layer_name:
        places = _places_in(project, project.layer(layer_name), above)
    else:
        places = eyes_at(points, partial(standing_at, project), above)
        _check_near(project, places)
    if not len(places):
        raise nothing_said()
    return places


def _places_in(project: Project, layer: Layer, above: float) -> Floats:
    from layers.kinds.buildings import Buildings

    data = layer.features
    if isinstance(data, Buildings):
        rows = np.flatnonzero(data.drawn)
        middle = shapely.get_coordinates(
            shapely.point_on_surface(data.shapes.take(rows).to_shapely())
        )[:, :2]
        top = project.base_of(data)[rows] + data.height[rows] + 0.2
        return np.column_stack([middle, top])
    shapes = data.shapes
    flat = shapes.centres()
    level = standing_at(project, flat) + above
    if shapes.z is not None:
        z = shapes.z[shapes.first_coord[:-1]]
        level = np.where(np.isfinite(z), z, level)
    return np.column_stack([flat, level])


def _check_near(project: Project, places: Floats) -> None:
    """Refuse places from which nothing of the city can be seen, such as degrees for metres."""
    extent = project.extent()
    if extent is None or not len(places):
        return
    west, south, east, north = extent
    beyond = np.maximum.reduce([
        west - places[:, 0], places[:, 0] - east, south - places[:, 1], places[:, 1] - north
    ])  # fmt: skip
    worst = int(np.argmax(beyond))
    if beyond[worst] > FAR_AWAY:
        x, y = places[worst, :2]
        raise CityError(
            "sight.far_away",
            f"The place {x:.2f}, {y:.2f} lies {beyond[worst] / 1000.0:,.0f} km outside the city.",
            hint="give east and north in the project's coordinate system, not degrees",
            place=f"{x:.2f}, {y:.2f}",
            km=f"{beyond[worst] / 1000.0:,.0f}",
        )


def nothing_said() -> CityError:
    return CityError(
        "sight.no_places",
        "Nothing says where to look from, or at what.",
        hint="give places as east,north or east,north,height, or a layer",
    )


def standing_grid(
    project: Project, layers: Sequence[Layer], box: Extent, spacing: float,
    area: shapely.Geometry | None = None,
) -> GroundGrid:  # fmt: skip
    """Lay a grid on what one stands on: ground, water, bridges."""
    ground = partial(standing_at, project)
    return ground_grid(project, layers, box, spacing, area, ground=ground)
