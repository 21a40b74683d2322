"""Mending GeoJSON geometries that GDAL gives up on: wrong nesting, odd coordinates."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

NESTED_POLYGON = "nested_polygon"
NESTED_GEOMETRY = "nested_geometry"
COORDINATES_CLEANED = "coordinates_cleaned"

_DEPTH = {
    "Point": 1, "MultiPoint": 2, "LineString": 2, "MultiLineString": 3, "Polygon": 3,
    "MultiPolygon": 4,
}  # fmt: skip


def mend_geometry(geometry: Any) -> tuple[BaseGeometry | None, str]:
    """Read a geometry of GeoJSON that does not follow the rules.

    A polygon nested like a multipolygon (and the reverse, and the same for lines and
    points) becomes what its brackets say; coordinates that are null, too short or no
    numbers are left out; numbers in quotes are read; open rings are closed.

    Parameters
    ----------
    geometry : object
        The member ``geometry`` as JSON gave it.

    Returns
    -------
    geometry : shapely geometry or None
        None if nothing can be made of it, or if it is empty.
    reason : str
        ``nested_polygon``, ``nested_geometry``, ``coordinates_cleaned``, or empty
        if it needed no mending.

    Examples
    --------
    >>> ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    >>> mend_geometry({"type": "Polygon", "coordinates": [[ring], [ring]]})
    (<MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((0 0, 1 0, 1 1, 0 0)))>, 'nested_polygon')
    """
    if not isinstance(geometry, dict):
        return None, ""
    if isinstance(geometry.get("geometries"), list):
        return _collection(geometry["geometries"])
    kind = str(geometry.get("type", ""))
    coordinates = geometry.get("coordinates")
    if kind not in _DEPTH or not isinstance(coordinates, list) or not coordinates:
        return None, ""
    cleaned, changed = _cleaned(coordinates)
    return (None, "") if cleaned is None else _as_nested(kind, cleaned, changed=changed)


def _as_nested(kind: str, cleaned: Any, *, changed: bool) -> tuple[BaseGeometry | None, str]:
    """Build what the brackets say, which may not be what the type says."""
    depths = _depths(cleaned)
    wanted = _DEPTH[kind]
    base = kind.removeprefix("Multi")
    if depths == {wanted}:
        made = _built(_plain(kind, cleaned))
        return made, COORDINATES_CLEANED if changed else ""
    leaf = _DEPTH[base]
    parts: list[Any] = [cleaned] if max(depths) < leaf else _parts_at(cleaned, leaf)
    if base != "Point" and min(depths) < leaf:
        parts = [part for part in parts if _depths(part) == {leaf}]
    if not parts:
        return None, ""
    many = len(parts) > 1
    made = _built(_plain(f"Multi{base}" if many else base, parts if many else parts[0]))
    return made, NESTED_POLYGON if base == "Polygon" else NESTED_GEOMETRY


def _collection(members: list[Any]) -> tuple[BaseGeometry | None, str]:
    mended = [mend_geometry(member) for member in members]
    geometries = [made for made, _ in mended if made is not None]
    reasons = [reason for _, reason in mended if reason]
    if not geometries:
        return None, ""
    lost = len(geometries) < len(members)
    reason = reasons[0] if reasons else COORDINATES_CLEANED if lost else ""
    return shapely.GeometryCollection(geometries), reason


def _built(geometry: dict[str, Any]) -> BaseGeometry | None:
    try:
        made = shapely.from_geojson(json.dumps(geometry))
    except shapely.errors.GEOSException:
        return None
    return made if made is not None and not made.is_empty else None


def _is_position(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and not isinstance(value[0], list)


def _cleaned(value: list[Any]) -> tuple[Any, bool]:
    """Give coordinates with usable numbers only, None if none are left, and if any changed."""
    if _is_position(value):
        numbers = [_number(part) for part in value[:3]]
        if len(numbers) < 2 or numbers[0] is None or numbers[1] is None:
            return None, True
        usable = [n for n in numbers if n is not None]
        return usable, any(type(part) not in (int, float) for part in value[:3])
    kept, changed = [], False
    for part in value:
        inner, touched = _cleaned(part) if isinstance(part, list) else (None, True)
        changed = changed or touched
        if inner is not None:
            kept.append(inner)
    return (kept or None), changed


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _depths(value: Any) -> set[int]:
    if _is_position(value):
        return {1}
    inner: set[int] = set()
    for part in value:
        inner |= _depths(part)
    return {depth + 1 for depth in inner}


def _parts_at(value: Any, depth: int) -> list[Any]:
    """Collect everything nested so deep; rings without a polygon of their own make one."""
    if max(_depths(value)) <= depth:
        return [value]
    stray = [part for part in value if max(_depths(part)) < depth]
    deeper = [part for part in value if max(_depths(part)) >= depth]
    parts = [found for part in deeper for found in _parts_at(part, depth)]
    return [*([stray] if stray else []), *parts]


def _plain(kind: str, coordinates: Any) -> dict[str, Any]:
    fixers: dict[str, Callable[[Any], Any]] = {
        "Polygon": _rings,
        "MultiPolygon": lambda polygons: [r for r in map(_rings, polygons) if r],
        "MultiLineString": lambda lines: [line for line in lines if len(line) > 1],
    }
    return {"type": kind, "coordinates": fixers.get(kind, lambda c: c)(coordinates)}


def _rings(rings: list[Any]) -> list[Any]:
    closed = [ring if ring[0] == ring[-1] else [*ring, ring[0]] for ring in rings]
    if not closed or len(closed[0]) < 4:
        return []
    return [ring for ring in closed if len(ring) >= 4]


def as_feature(piece: bytes) -> tuple[dict[str, Any], str]:
    """Give the feature a piece of text holds, and why it is an empty one where it holds none."""
    empty: dict[str, Any] = {"type": "Feature", "properties": {}, "geometry": None}
    try:
        value = json.loads(piece)
    except ValueError:
        return empty, "feature_unreadable"
    if not isinstance(value, dict):
        return empty, "not_a_feature"
    if "geometry" in value:
        properties = value.get("properties")
        given = properties if isinstance(properties, dict) else {}
        return {**value, "type": "Feature", "properties": given}, ""
    if "coordinates" in value or "geometries" in value:
        return {**empty, "geometry": value}, ""
    return empty, "not_a_feature"
