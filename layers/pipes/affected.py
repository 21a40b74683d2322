"""What lies in an area that is to be built on, widened into or cleared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.pipes import ROLES, RUN, STATUSES, Pipes
from layers.pipes.classes import CLASS_KEYS
from layers.pipes.looks import run_codes
from layers.project import Project
from layers.shapes import LINE, POINT, Ints
from layers.style import texts

#: Kinds of layers that are looked at besides pipes and buildings.
FLAT_KINDS = ("roads", "rail", "trees", "greenery", "water", "control-lines", "places")
NAMES = ("name", "名称", "number", "address", "地址")
SCHEMA = pa.schema(
    [
        ("layer", pa.string()), ("object", pa.int64()), ("what", pa.string()),
        ("name", pa.string()), ("class", pa.string()), ("code", pa.string()),
        ("owner", pa.string()), ("contact", pa.string()), ("state", pa.string()),
        ("inside_m", pa.float64()), ("inside_m2", pa.float64()), ("share_percent", pa.float64()),
        ("east", pa.float64()), ("north", pa.float64()), ("level", pa.float64()),
    ]
)  # fmt: skip


def affected_area(
    ring: Sequence[Sequence[float]] = (), line: Sequence[Sequence[float]] = (), width: float = 0.0
) -> BaseGeometry:
    """Give an area from its corners, or from the middle of a road and its new width.

    Parameters
    ----------
    ring : sequence of (east, north)
        Corners.
    line : sequence of (east, north)
        Middle of a road, where there is no ring.
    width : float
        Of the road as it is to be, metres.

    Raises
    ------
    CityError
        ``affected.area``.
    """
    if len(ring) >= 3:
        area: BaseGeometry = shapely.Polygon([point[:2] for point in ring])
    elif len(line) >= 2 and width > 0.0:
        middle = shapely.LineString([point[:2] for point in line])
        area = middle.buffer(width / 2.0, cap_style="flat", join_style="mitre")
    else:
        area = shapely.Polygon()
    if not area.is_valid or area.area < 0.01:
        raise CityError(
            "affected.area",
            "There is no area: it needs three corners, or a line and a width.",
            hint="draw the area, or the middle of the road and say how wide it is to be",
        )
    return area


def affected_by(project: Project, layers: Sequence[Layer], area: BaseGeometry) -> pa.Table:
    """List pipes, nodes, buildings, streets, trees and lines in an area.

    Parameters
    ----------
    project : Project
        Gives the other layers and the ground.
    layers : sequence of Layer
        Pipes that are looked at.
    area : shapely geometry
        Where.

    Returns
    -------
    pyarrow.Table
        One row per object: ``layer``, ``object``, ``what`` (``pipe``, ``node``, ``building`` or
        the kind of the layer), ``name``, ``class``, ``code``, ``owner``, ``contact``, ``state``,
        ``inside_m`` or ``inside_m2`` (length or area inside), ``share_percent`` of the whole,
        ``east``, ``north``, ``level`` of a place inside.
    """
    rows: list[dict[str, object]] = []
    for layer in layers:
        rows += _pipes(layer, area)
    for layer in project.layers:
        if isinstance(layer.data, Buildings):
            rows += _shapes(layer, layer.data, area, "building")
        elif layer.kind in FLAT_KINDS and isinstance(layer.data, Features):
            rows += _shapes(layer, layer.data, area, layer.kind)
    places = np.array([(row["east"], row["north"]) for row in rows], dtype=np.float64)
    ground = project.ground_at(places.reshape(-1, 2))
    for row, level in zip(rows, ground.tolist(), strict=True):
        row.setdefault("level", level)
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _near(data: Features, area: BaseGeometry) -> Ints:
    box = data.shapes.bounds()
    west, south, east, north = area.bounds
    return np.flatnonzero(
        (box[:, 0] <= east) & (box[:, 2] >= west) & (box[:, 1] <= north) & (box[:, 3] >= south)
    )


def _said(data: Features, key: str, rows: Ints) -> list[str]:
    if key not in data.attributes.column_names:
        return [""] * len(rows)
    return [str(word or "") for word in texts(data.column(key))[rows]]


def _pipes(layer: Layer, area: BaseGeometry) -> list[dict[str, object]]:
    pipes = cast("Pipes", layer.data)
    rows = _near(pipes, area)
    shapes = pipes.shapes.take(rows).to_shapely()
    inside = shapely.intersection(shapes, area)
    keep = ~shapely.is_empty(inside)
    rows, shapes, inside = rows[keep], shapes[keep], inside[keep]
    is_run = pipes.role[rows] == RUN
    codes = dict(zip(rows[is_run].tolist(), run_codes(pipes, rows[is_run]), strict=True))
    said = {key: _said(pipes, key, rows) for key in ("number", "owner", "contact")}
    centre, first = pipes.centres(), pipes.shapes.first_coord
    out: list[dict[str, object]] = []
    for k, row in enumerate(rows.tolist()):
        length, whole = float(shapely.length(inside[k])), float(shapely.length(shapes[k]))
        if is_run[k] and length < 0.01:
            continue
        place = inside[k].representative_point()
        one: dict[str, object] = {
            "layer": layer.id, "object": int(pipes.ids[row]),
            "what": "pipe" if is_run[k] else "node", "name": said["number"][k],
            "class": CLASS_KEYS[pipes.line_class[row]],
            "code": codes[row] if is_run[k] else ROLES[pipes.role[row]],
            "owner": said["owner"][k], "contact": said["contact"][k],
            "state": STATUSES[pipes.status[row]], "east": place.x, "north": place.y,
        }  # fmt: skip
        if is_run[k]:
            one |= {"inside_m": length, "share_percent": 100.0 * length / max(whole, 1e-9)}
            own = centre[first[row] : first[row + 1]]
            if np.isfinite(own).any():
                one["level"] = float(np.nanmean(own))
        out.append(one)
    return out


def _shapes(layer: Layer, data: Features, area: BaseGeometry, what: str) -> list[dict[str, object]]:
    rows = _near(data, area)
    if isinstance(data, Buildings):
        rows = rows[data.drawn[rows]]
    shapes = data.shapes.take(rows).to_shapely()
    inside = shapely.intersection(shapes, area)
    keep = np.flatnonzero(~shapely.is_empty(inside))
    names = _names(data, rows[keep])
    out: list[dict[str, object]] = []
    for name, k in zip(names, keep.tolist(), strict=True):
        row, kind = int(rows[k]), int(data.shapes.kind[rows[k]])
        place = inside[k].representative_point()
        one: dict[str, object] = {
            "layer": layer.id, "object": int(data.ids[row]), "what": what, "name": name,
            "east": place.x, "north": place.y,
        }  # fmt: skip
        if kind != POINT:
            measure = shapely.length if kind == LINE else shapely.area
            size, whole = float(measure(inside[k])), float(measure(shapes[k]))
            if size < 0.01:
                continue
            one |= {
                "inside_m" if kind == LINE else "inside_m2": size,
                "share_percent": 100.0 * size / max(whole, 1e-9),
            }
        out.append(one)
    return out


def _names(data: Features, rows: Ints) -> list[str]:
    there = {name.lower(): name for name in data.attributes.column_names}
    for word in NAMES:
        if word in there:
            return _said(data, there[word], rows)
    return [""] * len(rows)
