"""Measuring: every answer with its grid length, its true ground length and its heights."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import pyarrow as pa
import shapely

from layers import roof_shapes
from layers.content import content_hash
from layers.errors import CityError
from layers.frame import Frame
from layers.kinds.buildings import Buildings
from layers.kinds.measurements import MeasureKind, Measurement, Position
from layers.planning.surface import along_ground, on_ground_ratio
from layers.project import Project
from layers.shapes import Floats, Ints
from layers.style import numbers

#: Fields that hold the number of storeys, tried in this order where none is named.
FLOOR_FIELDS = ("floors", "Floor", "floor", "层数", "building:levels", "storeys", "楼层")
STOREY_HEIGHT = 3.0  # metres, where a building tells no storeys


def program() -> str:
    """Give the program's name and version, kept with every answer."""
    try:
        return f"citystage {version('citystage')}"
    except PackageNotFoundError:
        return "citystage"


def placed(project: Project, points: Sequence[Sequence[float]]) -> tuple[Position, ...]:
    """Give points with heights: a missing or NaN height becomes the ground's.

    Parameters
    ----------
    project : Project
        Gives the ground.
    points : sequence of (east, north) or (east, north, height)
        Metres, project coordinates.

    Raises
    ------
    CityError
        ``measure.point`` for a point that is not two or three finite numbers.
    """
    out = []
    for number, point in enumerate(points, 1):
        values = [float(v) for v in point]
        if len(values) not in {2, 3} or not all(math.isfinite(v) for v in values[:2]):
            raise CityError(
                "measure.point",
                f"Point {number} is not a place: it needs two or three numbers.",
                hint="write points as x,y or x,y,z",
                number=number,
            )
        height = values[2] if len(values) == 3 else math.nan
        if not math.isfinite(height):
            height = float(project.ground_at([values[:2]])[0])
        out.append((values[0], values[1], height))
    return tuple(out)


def inputs_hash(project: Project, kind: MeasureKind, target: tuple[str, int] | None) -> str:
    """Hash what an answer depends on: the frame, the terrain, the building measured.

    Two equal hashes mean that measuring again gives the same answer.
    """
    frame = project.frame
    parts: list[object] = [frame.crs if frame else "", repr(frame.grid) if frame else ""]
    terrain = project.terrain()
    if terrain is not None and kind != "angle":
        parts.append(content_hash(terrain))
    if target is not None:
        layer_id, object_id = target
        data = project.layer(layer_id).data
        if isinstance(data, Buildings):
            at = _with_parts(data, object_id)
            chosen = data.shapes.take(at)
            columns = (chosen.coords, data.height[at], data.min_height[at], data.base[at])
            parts += [hashlib.blake2b(c.tobytes(), digest_size=8).hexdigest() for c in columns]
            parts.append(json.dumps(data.row(object_id), default=str, sort_keys=True))
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def is_stale(project: Project, item: Measurement) -> bool:
    """Say whether something the answer depends on has changed since."""
    try:
        return inputs_hash(project, item.kind, item.target) != item.inputs
    except CityError:  # the building or its layer is gone
        return True


def kept(
    project: Project,
    kind: MeasureKind,
    name: str,
    points: tuple[Position, ...],
    values: dict[str, float],
    target: tuple[str, int] | None = None,
) -> Measurement:
    """Make a measurement of an answer: with what it depends on, the day and the program."""
    return Measurement(
        id=0,
        kind=kind,
        name=name or kind,
        points=points,
        values={key: float(value) for key, value in values.items() if math.isfinite(value)},
        target=target,
        inputs=inputs_hash(project, kind, target),
        crs=project.need_frame().crs,
        created=datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
        program=program(),
    )


def _scale(frame: Frame, points: Sequence[Position]) -> float:
    """Mean grid scale along a line: Simpson's rule per segment, weighted by length."""
    if len(points) == 1:
        return frame.scale_factor(*points[0])
    total = weight = 0.0
    for a, b in itertools.pairwise(points):
        middle = tuple((u + v) / 2 for u, v in zip(a, b, strict=True))
        ends = frame.scale_factor(*a) + frame.scale_factor(*b)
        mean = (ends + 4 * frame.scale_factor(middle[0], middle[1], middle[2])) / 6
        length = math.dist(a[:2], b[:2]) or 1e-9
        total += length / mean
        weight += length
    return weight / total


def measure_point(project: Project, point: Sequence[float], *, name: str = "") -> Measurement:
    """Measure a place: coordinates, longitude and latitude, height above the ground.

    Parameters
    ----------
    project : Project
        Gives the frame and the terrain.
    point : (east, north) or (east, north, height)
        Metres.
    name : str
        What to call it.

    Returns
    -------
    Measurement
        Values ``east_m, north_m, height_m, longitude_deg, latitude_deg,
        scale_factor_ratio``; where there is a terrain ``ground_m`` and
        ``above_ground_m``; with a city grid ``grid_east_m, grid_north_m``.
    """
    frame = project.need_frame()
    (place,) = placed(project, [point])
    east, north, height = place
    longitude, latitude = frame.lonlat([[east, north]])[0]
    values = {
        "east_m": east,
        "north_m": north,
        "height_m": height,
        "longitude_deg": longitude,
        "latitude_deg": latitude,
        "scale_factor_ratio": frame.scale_factor(east, north, height),
    }
    terrain = project.terrain()
    if terrain is not None:
        ground = float(terrain.height_at([[east, north]])[0])
        values |= {"ground_m": ground, "above_ground_m": height - ground}
    if frame.grid is not None:
        grid = frame.grid.to_grid([[east, north]])[0]
        values |= {"grid_east_m": grid[0], "grid_north_m": grid[1]}
    return kept(project, "point", name, (place,), values)


def measure_distance(
    project: Project, start: Sequence[float], end: Sequence[float], *, name: str = ""
) -> Measurement:
    """Measure from one point to another.

    Returns
    -------
    Measurement
        Values ``distance_3d_m, horizontal_m, vertical_m`` (end above start),
        ``bearing_rad`` (from grid north, clockwise), ``true_bearing_rad``,
        ``slope_rad``, ``slope_ratio``, ``scale_factor_ratio`` and
        ``ground_distance_m``: the horizontal length on the ground, at the
        points' heights, grid length over scale factor.

    Raises
    ------
    CityError
        ``measure.same_point`` if both points are the same.
    """
    frame = project.need_frame()
    points = placed(project, [start, end])
    a, b = points
    if a == b:
        raise CityError(
            "measure.same_point",
            "Start and end are the same point.",
            hint="give two different points",
        )
    horizontal = math.dist(a[:2], b[:2])
    rise = b[2] - a[2]
    scale = _scale(frame, points)
    values = {
        "distance_3d_m": math.dist(a, b),
        "horizontal_m": horizontal,
        "vertical_m": rise,
        "slope_rad": math.atan2(rise, horizontal),
        "scale_factor_ratio": scale,
        "ground_distance_m": horizontal / scale,
    }
    if horizontal > 0:
        bearing = math.atan2(b[0] - a[0], b[1] - a[1]) % math.tau
        values["bearing_rad"] = bearing
        values["true_bearing_rad"] = (bearing + frame.convergence(a[0], a[1])) % math.tau
        values["slope_ratio"] = rise / horizontal
    return kept(project, "distance", name, points, values)


def measure_polyline(
    project: Project, points: Sequence[Sequence[float]], *, name: str = ""
) -> Measurement:
    """Measure along a line of two or more points.

    Returns
    -------
    Measurement
        Values ``length_3d_m, horizontal_m, ground_distance_m,
        scale_factor_ratio, climb_m, fall_m, segments_count``; where there is
        a terrain ``along_ground_m``, the length when walking on it.

    Raises
    ------
    CityError
        ``measure.too_few`` for less than two points.
    """
    frame = project.need_frame()
    places = placed(project, points)
    if len(places) < 2 or len(set(places)) < 2:
        raise CityError("measure.too_few", "A line needs at least two different points.", needed=2)
    array = np.array(places)
    steps = np.diff(array, axis=0)
    horizontal = float(np.hypot(steps[:, 0], steps[:, 1]).sum())
    scale = _scale(frame, places)
    values = {
        "length_3d_m": float(np.linalg.norm(steps, axis=1).sum()),
        "horizontal_m": horizontal,
        "ground_distance_m": horizontal / scale,
        "scale_factor_ratio": scale,
        "climb_m": float(np.clip(steps[:, 2], 0, None).sum()),
        "fall_m": float(np.clip(-steps[:, 2], 0, None).sum()),
        "segments_count": float(len(steps)),
    }
    terrain = project.terrain()
    if terrain is not None:
        values["along_ground_m"] = along_ground(terrain, array[:, :2])
    return kept(project, "polyline", name, places, values)


def measure_area(
    project: Project, ring: Sequence[Sequence[float]], *, name: str = ""
) -> Measurement:
    """Measure the area inside a ring of three or more points.

    Returns
    -------
    Measurement
        Values ``area_m2`` (plan, grid), ``true_area_m2`` (plan, on the ground:
        grid area over the square of the scale factor), ``area_3d_m2`` (of the
        ring in space), ``perimeter_m``, ``scale_factor_ratio``; where there is
        a terrain ``on_ground_m2``, the area of its surface inside.

    Raises
    ------
    CityError
        ``measure.too_few`` or ``measure.crossing`` if the ring crosses itself.
    """
    frame = project.need_frame()
    places = placed(project, ring)
    if len(places) > 1 and places[0] == places[-1]:
        places = places[:-1]
    if len(set(places)) < 3:
        raise CityError(
            "measure.too_few", "An area needs at least three different points.", needed=3
        )
    array = np.array(places)
    polygon = shapely.Polygon(array[:, :2])
    if not polygon.is_valid:
        raise CityError(
            "measure.crossing",
            "The border of the area crosses or touches itself.",
            hint="put the points in order around the area",
        )
    centre = array.mean(axis=0)
    scale = frame.scale_factor(centre[0], centre[1], centre[2])
    here = array - centre
    newell = np.cross(here, np.roll(here, -1, axis=0)).sum(axis=0)
    values = {
        "area_m2": polygon.area,
        "true_area_m2": polygon.area / scale**2,
        "area_3d_m2": float(np.linalg.norm(newell)) / 2,
        "perimeter_m": polygon.length,
        "scale_factor_ratio": scale,
    }
    terrain = project.terrain()
    if terrain is not None:
        values["on_ground_m2"] = polygon.area * on_ground_ratio(terrain, polygon)
    return kept(project, "area", name, places, values)


def measure_angle(
    project: Project,
    first: Sequence[float],
    corner: Sequence[float],
    last: Sequence[float],
    *,
    name: str = "",
) -> Measurement:
    """Measure the angle at a corner.

    Returns
    -------
    Measurement
        Values ``angle_rad`` (in space, 0 to pi) and ``horizontal_angle_rad``
        (in plan, 0 to pi).

    Raises
    ------
    CityError
        ``measure.same_point`` if an arm has no length.
    """
    places = placed(project, [first, corner, last])
    a, b, c = (np.array(p) for p in places)
    u, v = a - b, c - b
    if not (np.linalg.norm(u) > 0 and np.linalg.norm(v) > 0):
        raise CityError(
            "measure.same_point",
            "An arm of the angle has no length.",
            hint="give three different points",
        )
    values = {"angle_rad": _between(u, v)}
    if np.linalg.norm(u[:2]) > 0 and np.linalg.norm(v[:2]) > 0:
        values["horizontal_angle_rad"] = _between(u[:2], v[:2])
    return kept(project, "angle", name, places, values)


def _between(u: Floats, v: Floats) -> float:
    u, v = u / np.linalg.norm(u), v / np.linalg.norm(v)
    return 2.0 * math.atan2(float(np.linalg.norm(u - v)), float(np.linalg.norm(u + v)))


def _with_parts(buildings: Buildings, object_id: int) -> Ints:
    """Positions that make up a building: its parts where they are drawn for it, else itself."""
    own = buildings.index_of([object_id])
    if buildings.drawn[own[0]]:
        return own
    parts = np.flatnonzero((buildings.part_of == object_id) & buildings.drawn)
    return np.asarray(parts, dtype=np.int64) if parts.size else own


def floors_of(buildings: Buildings, field: str = "", at: Ints | None = None) -> Floats:
    """Give the storeys each building tells, (k,) float64, NaN where it tells none.

    Parameters
    ----------
    buildings : Buildings
        n buildings.
    field : str
        Attribute to read; "" tries ``FLOOR_FIELDS``.
    at : (k,) int64 or None
        Positions of the wanted ones; None means all.
    """
    names = (field,) if field else FLOOR_FIELDS
    for name in names:
        if name in buildings.attributes.column_names:
            rows = buildings.feature if at is None else buildings.feature[at]
            told = numbers(buildings.attributes.column(name).take(pa.array(rows)))
            return np.where(told > 0, told, np.nan)
    return np.full(len(buildings) if at is None else len(at), np.nan)


def measure_building(
    project: Project,
    layer_id: str,
    object_id: int,
    *,
    storey_height: float = STOREY_HEIGHT,
    name: str = "",
) -> Measurement:
    """Measure a building; one drawn by its parts is measured by its parts.

    Parameters
    ----------
    project : Project
        Holds the layer.
    layer_id : str
        Layer of buildings, by id or name.
    object_id : int
        The building.
    storey_height : float
        Metres per storey for buildings that tell no storeys.
    name : str
        What to call it.

    Returns
    -------
    Measurement
        Values ``height_m`` (top above ground, the ridge of a roof),
        ``eaves_m`` (eaves above ground, where the highest part has a pitched
        roof), ``ground_m`` (level it stands on), ``top_m`` (level of the top),
        ``footprint_m2``, ``perimeter_m``, ``volume_m3`` (with the form of the
        roof), ``floors_count``, ``floors_assumed_count`` (1 where the
        storeys were counted from the height), ``floor_area_m2`` (footprint
        times storeys, above ground).

    Raises
    ------
    CityError
        ``measure.not_buildings`` for a layer of another kind.
    """
    layer = project.layer(layer_id)
    data = layer.data
    if not isinstance(data, Buildings):
        raise CityError(
            "measure.not_buildings", f"'{layer.name}' holds no buildings.",
            hint="name a layer of buildings", name=layer.name,
        )  # fmt: skip
    if not storey_height > 0:
        raise CityError(
            "measure.storey_height", "The storey height must be greater than zero.",
            hint="3 m is usual for housing",
        )  # fmt: skip
    own = int(data.index_of([object_id])[0])
    at = _with_parts(data, object_id)
    shapes = data.shapes.take(at)
    area = shapes.areas()
    height, low = data.height[at], data.min_height[at]
    base = project.base_of(data, np.append(at, own))
    ground = float(base[-1])
    told = floors_of(data, at=at)
    counted = np.maximum(np.round((height - low) / storey_height), 1.0)
    floors = np.where(np.isfinite(told), told, counted)
    plan = shapely.union_all(shapes.to_shapely())
    centre = shapes.centres().mean(axis=0)
    values = {
        "height_m": float(height.max()),
        "ground_m": ground,
        "top_m": float((base[:-1] + height).max()),
        "footprint_m2": float(plan.area),
        "perimeter_m": float(plan.length),
        "volume_m3": float(roof_shapes.volumes(data, at).sum()),
        "floors_count": float(floors.max()),
        "floors_assumed_count": float(not np.isfinite(told).all()),
        "floor_area_m2": float((area * floors).sum()),
    }
    values |= _eaves(data, at)
    top = (float(centre[0]), float(centre[1]), values["top_m"])
    return kept(
        project, "building", name or f"{layer.name} {object_id}", (top,), values,
        (layer.id, int(object_id)),
    )  # fmt: skip


def _eaves(data: Buildings, at: Ints) -> dict[str, float]:
    """Give the height of the eaves where the highest of some parts has a pitched roof."""
    form, eaves = roof_shapes.eaves(data, at)
    highest = int(data.height[at].argmax())
    return {} if form[highest] == roof_shapes.FLAT else {"eaves_m": float(eaves[highest])}


def measure_again(project: Project, item: Measurement) -> Measurement:
    """Measure the same thing on the project as it is now; number, name and note stay.

    Raises
    ------
    CityError
        As the measuring functions do; also if the building is gone.
    """
    from layers.planning.earthwork import measure_cutfill
    from layers.planning.profile import measure_profile

    p = item.points
    if item.kind == "building":
        if item.target is None:
            raise CityError("measure.not_buildings", "The measurement names no building.")
        fresh = measure_building(project, item.target[0], item.target[1], name=item.name)
    else:
        ways: dict[str, Callable[[], Measurement]] = {
            "point": lambda: measure_point(project, p[0]),
            "distance": lambda: measure_distance(project, p[0], p[1]),
            "polyline": lambda: measure_polyline(project, p),
            "area": lambda: measure_area(project, p),
            "angle": lambda: measure_angle(project, p[0], p[1], p[2]),
            "profile": lambda: measure_profile(project, p),
            "cutfill": lambda: measure_cutfill(
                project,
                p,
                item.values["level_m"],
                side_slope=item.values.get("side_slope_ratio", 0.0),
            ),
        }
        fresh = ways[item.kind]()
    return replace(fresh, id=item.id, name=item.name, note=item.note)
