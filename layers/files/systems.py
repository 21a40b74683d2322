"""Coordinate systems as files name them: carried, told by name, held against numbers."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyproj
from pyproj.exceptions import ProjError

from layers.errors import CityError
from layers.files.map_shift import shift_of
from layers.frame import CITY_GRID, read_crs, short_name, transformer
from layers.shapes import Bools, Floats

WGS84 = "EPSG:4326"
NEAR = 3.0  # degrees: farther outside its area than this a system cannot be meant
CHINA = (73.5, 17.5, 135.1, 53.6)  # west, south, east, north, degrees


def carry(xy: Floats, source: str, target: str) -> Floats:
    if source == target:
        return xy
    try:
        return np.column_stack(transformer(source, target).transform(xy[:, 0], xy[:, 1]))
    except ProjError as error:
        reason = str(error).rstrip(".")
        raise CityError(
            "crs.transform",
            f"PROJ cannot carry coordinates from {source[:40]} to {target[:40]}: {reason}.",
            hint="name the file's coordinate system with --crs",
            source=source[:40],
            target=target[:40],
            reason=reason,
        ) from error


@lru_cache(maxsize=64)
def horizontal(text: str) -> tuple[str, str]:
    """Split a system with heights into its flat part and the name of its height datum.

    Examples
    --------
    >>> horizontal("EPSG:7415")
    ('EPSG:28992', 'NAP height')
    """
    if text == CITY_GRID:
        return text, ""
    crs = read_crs(text)
    datum = ""
    if crs.is_compound:
        flat, upright = crs.sub_crs_list[:2]
        crs, datum = flat, upright.name
    elif crs.is_geocentric:
        raise CityError(
            "import.geocentric",
            f"The file's coordinates are geocentric ({crs.name}): they count from the middle "
            "of the earth.",
            hint="convert the file to a projected or geographic system first",
            name=crs.name,
        )
    elif len(crs.axis_info) == 3:
        crs = crs.to_2d()
    return short_name(crs), datum


def display(crs: str) -> str:
    """Give a system's code with its name, as people know it.

    Examples
    --------
    >>> display("EPSG:4326")
    'EPSG:4326 (WGS 84)'
    """
    if crs == CITY_GRID or shift_of(crs):
        return crs
    name = read_crs(crs).name
    return f"{crs} ({name})" if crs.upper().startswith("EPSG:") else name


def pair(xy: Floats) -> str:
    metres = 360 < abs(xy).max() < 1e9
    return f"{xy[0]:.1f}, {xy[1]:.1f}" if metres else f"{xy[0]:.6g}, {xy[1]:.6g}"


def fits(coords: Floats, crs: str, near: float = NEAR) -> float:
    """Give the share of coordinates that can be meant in a system: in its area or near it.

    Parameters
    ----------
    coords : (n, 2) float64
        Coordinates, east first.
    crs : str
        The system.
    near : float
        Degrees outside its area that still count.
    """
    system = read_crs(crs)
    if system.is_geographic:
        lonlat = coords if _in_degrees(system) else coords * 0.9  # gon
        inside = (np.abs(lonlat[:, 0]) <= 360.0) & (np.abs(lonlat[:, 1]) <= 90.0)
        return float(inside.mean())
    reach = np.abs(coords).max(axis=0)
    if reach.max() <= 360.0 and reach.min() <= 90.0:
        return 0.0  # degrees in a projected system: metres would all lie at its false origin
    lonlat = carry(coords, crs, WGS84)
    known = np.isfinite(lonlat).all(axis=1)
    area = system.area_of_use
    if area is None:
        return float(known.mean())
    with np.errstate(invalid="ignore"):
        inside = in_box(lonlat, (area.west, area.south, area.east, area.north), near)
    return float((known & inside).mean())


def _in_degrees(system: pyproj.CRS) -> bool:
    return abs(system.axis_info[0].unit_conversion_factor - np.pi / 180) < 1e-9


def in_box(lonlat: Floats, box: tuple[float, float, float, float], near: float = NEAR) -> Bools:
    """Say which places lie in a box of west, south, east, north, or so many degrees outside."""
    west, south, east, north = box
    width = (east - west) % 360.0 or 360.0
    along = (lonlat[:, 0] - west + near) % 360.0
    across = (lonlat[:, 1] >= south - near) & (lonlat[:, 1] <= north + near)
    return np.asarray((along <= width + 2 * near) & across)
