"""What a GeoJSON text says of its coordinate system, and whether its numbers can be degrees."""

from __future__ import annotations

import json
import re

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.errors import CityError
from layers.files.flat import FlatGeometry
from layers.files.raw import Note
from layers.frame import read_crs, short_name

MOSTLY = 0.5  # share of features that tells whether the numbers of a file are degrees
_MEMBER = re.compile(rb'"crs"\s*:\s*("(?:[^"\\]|\\.)*"|\{[^{}]*(?:\{[^{}]*\}[^{}]*)?\})')


def system_of(
    crs: str | None, around: bytes, geometry: NDArray[np.object_] | FlatGeometry
) -> tuple[str | None, tuple[Note, ...]]:
    """Settle what a text says of its system.

    Parameters
    ----------
    crs : str or None
        What GDAL made of it; WGS 84 where nothing is said.
    around : bytes
        What stands around the features.
    geometry : (n,) object
        The features' shapes.

    Returns
    -------
    str or None
        None where the text does not say it and its numbers are no degrees.
    tuple of Note
        Remarks.
    """
    member = _MEMBER.search(around)
    if member is not None:
        return _told(crs, member.group(1))
    if b'"crs"' in around and not re.search(rb'"crs"\s*:\s*null', around):
        return crs, ()
    if crs is None:
        return None, ()
    bounds = geometry.boxes() if isinstance(geometry, FlatGeometry) else shapely.bounds(geometry)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    degrees, turned = _within(bounds, 361.0, 91.0), _within(bounds, 91.0, 361.0)
    if len(bounds) and max(degrees.mean(), turned.mean()) < MOSTLY:
        # no member says so, yet these cannot be degrees: the file does not say its system
        x, y = bounds[np.argmin(degrees), :2]
        style = ".0f" if max(abs(x), abs(y)) < 1e9 else ".3g"
        return None, (Note("not_lonlat", {"x": format(x, style), "y": format(y, style)}),)
    return crs, ()


def _told(crs: str | None, text: bytes) -> tuple[str | None, tuple[Note, ...]]:
    """Read the member ``crs``: GDAL takes WGS 84 for what it does not understand."""
    try:
        member = json.loads(text)
    except ValueError:
        return crs, ()
    properties = member.get("properties") if isinstance(member, dict) else {"name": member}
    name = str(properties.get("name") or "") if isinstance(properties, dict) else ""
    if not name or crs not in (None, "EPSG:4326") or re.search(r"4326|CRS84|WGS ?_?84", name):
        return crs, ()
    try:
        return short_name(read_crs(name.replace("urn:ogc:def:crs:", "").replace("::", ":"))), ()
    except CityError as error:
        return None, (Note("crs_unreadable", {"reason": error.message}),)


def _within(bounds: NDArray[np.float64], x: float, y: float) -> NDArray[np.bool_]:
    """Say which boxes lie between -x and x, -y and y."""
    return np.asarray((np.abs(bounds) <= (x, y, x, y)).all(axis=1))
