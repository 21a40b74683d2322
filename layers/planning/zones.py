"""The places whose indicators are asked for: plots, districts together by a field, drawn areas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.planning.indicators import LIMIT_FIELDS, PERCENT_FROM, Zone
from layers.planning.uses import CLASS_FIELDS, first_field
from layers.project import Project
from layers.shapes import POLYGON, Floats
from layers.style import numbers, texts

BLOCK = 200_000  # points whose hull is found at a time
NAMES = ("name", "名称", "地块", "plot", "NAME", "编号", "地块编号", "分區次")


def zones_of(layer: Layer, ids: Sequence[int] = (), *, class_field: str = "") -> list[Zone]:
    """Make a zone of each area of a layer, with the limits its fields tell.

    Parameters
    ----------
    layer : Layer
        Plots or districts.
    ids : sequence of int
        Only these; empty for all.
    class_field : str
        Attribute that tells the land use; "" looks for one.

    Raises
    ------
    CityError
        ``indicators.no_areas`` where there is none.
    """
    data = layer.features
    rows = np.flatnonzero(data.shapes.kind == POLYGON)
    if len(ids):
        rows = rows[np.isin(data.ids[rows], list(ids))]
    if not len(rows):
        raise CityError(
            "indicators.no_areas", f"'{layer.name}' holds no areas to reckon indicators of.",
            hint="name a layer of plots or districts, or draw an area", name=layer.name,
        )  # fmt: skip
    shapes = _sound(data.shapes.take(rows).to_shapely())
    names, uses = _words(data, NAMES), _words(data, (class_field, *CLASS_FIELDS))
    limits = limits_of(data)
    return [
        Zone(
            names[row] or str(data.ids[row]), shape, layer.id, int(data.ids[row]), uses[row],
            {key: float(values[row]) for key, values in limits.items() if np.isfinite(values[row])},
        )
        for row, shape in zip(rows.tolist(), shapes, strict=True)
    ]  # fmt: skip


def zones_by(layer: Layer, field: str) -> list[Zone]:
    """Put the areas of a layer that have the same value together; their limits are left out."""
    data = layer.features
    values = texts(data.column(field))
    rows = np.flatnonzero(data.shapes.kind == POLYGON)
    shapes = _sound(data.shapes.to_shapely())
    found: dict[str, list[int]] = {}
    for row in rows.tolist():
        found.setdefault(values[row] or "-", []).append(row)
    return [
        Zone(name, shapely.union_all(shapes[members]), layer.id, None, name)
        for name, members in sorted(found.items())
    ]


def drawn_zone(ring: ArrayLike, name: str) -> Zone:
    """Make a zone of a drawn area.

    Raises
    ------
    CityError
        ``indicators.ring`` where it encloses nothing or crosses itself.
    """
    corners = np.asarray(ring, dtype=np.float64)
    shape = shapely.Polygon(corners[:, :2]) if len(corners) > 2 else shapely.Polygon()
    if not shape.is_valid or shape.area <= 0:
        raise CityError(
            "indicators.ring", "The drawn area encloses nothing or crosses itself.",
            hint="draw it again, corner after corner",
        )  # fmt: skip
    return Zone(name, shape)


def whole_zone(project: Project, name: str, layers: Sequence[Layer]) -> Zone:
    """Make a zone of all districts together, or of the hull of the buildings where there is none.

    Raises
    ------
    CityError
        ``indicators.no_site`` where nothing lies anywhere.
    """
    districts = list(project.of_kind("districts"))
    if districts:
        parts = [
            _sound(layer.features.shapes.take(layer.features.shapes.kind == POLYGON).to_shapely())
            for layer in districts
        ]
        whole: BaseGeometry = shapely.union_all(np.concatenate(parts))
    else:
        corners = [layer.features.shapes.coords for layer in layers]
        points: Floats = np.concatenate(corners) if corners else np.empty((0, 2))
        whole = hull_of(points)
    if whole.area <= 0:
        raise CityError(
            "indicators.no_site", "There is no site to reckon indicators of.",
            hint="draw an area, or import plots with --as districts",
        )  # fmt: skip
    return Zone(name, whole)


def hull_of(points: Floats) -> BaseGeometry:
    """Give the convex hull of points, (n, 2); an empty polygon for fewer than two.

    The hull of a line through the points is made in a tenth of the time that many points take,
    and one of the hulls of blocks lets other threads run in between.
    """
    while len(points) > BLOCK:
        blocks = [points[begin : begin + BLOCK] for begin in range(0, len(points), BLOCK)]
        hulls = [x if len(x) < 3 else shapely.get_coordinates(hull_of(x)) for x in blocks]
        fewer = np.concatenate(hulls)
        if len(fewer) > 0.5 * len(points):
            break
        points = fewer
    return shapely.LineString(points).convex_hull if len(points) > 1 else shapely.Polygon()


def limits_of(data: Features) -> dict[str, Floats]:
    """Read the limits that fields tell, (n,) each; ratios in percent become ratios."""
    out: dict[str, Floats] = {}
    for key, fields in LIMIT_FIELDS.items():
        name = first_field(data, fields)
        if not name:
            continue
        values = _plain_numbers(data, name)
        if key == "far" and np.nanmax(np.append(values, 0.0)) > PERCENT_FROM:
            values = values / 100.0
        percent = key.endswith("_percent")
        if percent and 0 < np.nanmax(np.append(values, 0.0)) <= 1.0:
            values = values * 100.0
        out[key] = values
    return out


def _plain_numbers(data: Features, name: str) -> Floats:
    """Give numbers, also of texts such as ``"200%"``."""
    found = numbers(data.column(name))
    if np.isfinite(found).any():
        return found
    words = texts(data.column(name))
    return np.array([_number(word) for word in words], dtype=np.float64)


def _number(word: str | None) -> float:
    try:
        return float((word or "").strip().rstrip("%％"))
    except ValueError:
        return float("nan")


def _words(data: Features, fields: Sequence[str]) -> list[str]:
    name = first_field(data, [field for field in fields if field])
    if not name:
        return [""] * len(data)
    return ["" if text is None else str(text) for text in texts(data.column(name))]


def _sound(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    bad = ~shapely.is_valid(shapes)
    shapes[bad] = shapely.make_valid(shapes[bad])
    return shapes
