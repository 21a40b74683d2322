"""Where the project lies on the earth: coordinate system, local origin, city grid, true lengths."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyproj
from numpy.typing import ArrayLike, NDArray
from pyproj.exceptions import CRSError, ProjError

from layers.errors import CityError

Floats = NDArray[np.float64]
EARTH_RADIUS = 6_371_000.0  # metres, mean radius; good to 0.3 % for heights above the ellipsoid
CITY_GRID = "city-grid"  # the name under which --crs takes the project's own grid
_SAME_GROUND = {
    "China 2000": True, "D_China_2000": True, "China_2000": True,
    "World Geodetic System 1984": False, "World Geodetic System 1984 ensemble": False,
    "D_WGS_1984": False, "WGS_1984": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CityGrid:
    """A city's own grid, turned and shifted against the project's coordinate system.

    ``grid = rotate(project, rotation) + (dx, dy)``.

    Attributes
    ----------
    dx, dy : float
        Shift, metres.
    rotation : float
        Turn of the coordinates, counter-clockwise, radians.
    """

    dx: float = 0.0
    dy: float = 0.0
    rotation: float = 0.0

    def to_grid(self, coords: ArrayLike) -> Floats:
        """Turn project coordinates, (n, 2) metres, into the city's grid."""
        xy = np.asarray(coords, dtype=np.float64)
        return np.asarray(xy @ self._turn().T + np.array([self.dx, self.dy]))

    def from_grid(self, coords: ArrayLike) -> Floats:
        """Turn coordinates in the city's grid, (n, 2) metres, into project coordinates."""
        xy = np.asarray(coords, dtype=np.float64) - np.array([self.dx, self.dy])
        return np.asarray(xy @ self._turn())

    def _turn(self) -> Floats:
        c, s = math.cos(self.rotation), math.sin(self.rotation)
        return np.array([[c, -s], [s, c]])


@lru_cache(maxsize=64)
def read_crs(text: str) -> pyproj.CRS:
    """Understand a coordinate system given as ``EPSG:4547``, a number, WKT or PROJ text.

    Raises
    ------
    CityError
        ``crs.unknown`` with what to try.
    """
    cleaned = text.strip()
    if cleaned.isdigit():
        cleaned = f"EPSG:{cleaned}"
    if cleaned.upper() in {"CRS84", "OGC:CRS84"}:  # WGS 84, longitude first as everything here
        cleaned = "EPSG:4326"
    try:
        return pyproj.CRS.from_user_input(cleaned)
    except CRSError as error:
        raise CityError(
            "crs.unknown",
            f"'{text[:80]}' is not a coordinate system that PROJ knows.",
            hint="give an EPSG code such as EPSG:4547 (CGCS2000, 3-degree zone, 114 E)",
            text=text[:80],
        ) from error


def short_name(crs: pyproj.CRS) -> str:
    """Give ``EPSG:4547`` where there is such a code, else the WKT.

    Examples
    --------
    >>> short_name(read_crs("4547"))
    'EPSG:4547'
    """
    authority = crs.to_authority(min_confidence=70)
    return ":".join(authority) if authority else crs.to_wkt()


def is_metric(crs: pyproj.CRS) -> bool:
    """Say whether the system is projected with both axes in metres."""
    return crs.is_projected and all(
        abs(axis.unit_conversion_factor - 1.0) < 1e-12 for axis in crs.axis_info[:2]
    )


@lru_cache(maxsize=64)
def transformer(source: str, target: str) -> pyproj.Transformer:
    """Give the cached way between two systems, always in the order east, north.

    Each thread makes its own of it. Where PROJ knows only one way they are told its steps, so
    that its list of all ways is not searched again for each thread.
    """
    start, end = read_crs(source), read_crs(target)
    if {_alike(start), _alike(end)} == {True, False}:
        steps = [*_steps(start, start.geodetic_crs), *_steps(end.geodetic_crs, end)]
    else:
        way = pyproj.Transformer.from_crs(start, end, always_xy=True)
        if not way.definition.startswith("proj="):
            return way  # depends on the place
        steps = _told(way)
    text = " step ".join(["proj=pipeline", *steps]) if steps else "proj=noop"
    return pyproj.Transformer.from_pipeline(text)


def _alike(crs: pyproj.CRS) -> bool | None:
    """Say whether a system is measured from CGCS2000 (True) or WGS 84 (False), None for others.

    The two agree within centimetres, so PROJ takes the one for the other, after a tenth of a
    second of searching for something better.
    """
    if crs.is_bound or crs.geodetic_crs is None or crs.datum is None:
        return None
    return _SAME_GROUND.get(crs.datum.name)


def _steps(start: pyproj.CRS | None, end: pyproj.CRS | None) -> list[str]:
    return _told(pyproj.Transformer.from_crs(start, end, always_xy=True))


def _told(way: pyproj.Transformer) -> list[str]:
    """Give the steps of a way, each as PROJ writes it."""
    head, *steps = way.definition.split(" step ")
    return [step for step in steps or [head] if not step.startswith("proj=noop")]


def reproject(coords: ArrayLike, source: str, target: str) -> Floats:
    """Carry coordinates from one system to another.

    Parameters
    ----------
    coords : (n, 2) array_like of float
        East and north, or longitude and latitude in degrees.
    source, target : str
        Coordinate systems.

    Returns
    -------
    (n, 2) ndarray of float64

    Raises
    ------
    CityError
        ``crs.transform`` if a coordinate cannot be carried over; names the first.
    """
    xy = np.asarray(coords, dtype=np.float64).reshape(-1, 2)
    if source == target or len(xy) == 0:
        return xy
    way = transformer(source, target)
    try:
        out = np.column_stack(way.transform(xy[:, 0], xy[:, 1]))
    except ProjError as error:
        raise CityError(
            "crs.transform",
            f"PROJ cannot carry coordinates from {source[:40]} to {target[:40]}: {error}.",
            hint="name the file's coordinate system with --crs",
            source=source[:40],
            target=target[:40],
            reason=str(error),
        ) from error
    bad = np.flatnonzero(~np.isfinite(out).all(axis=1) & np.isfinite(xy).all(axis=1))
    if bad.size:
        x, y = xy[bad[0]]
        raise CityError(
            "crs.outside",
            f"{bad.size} of {len(xy)} coordinates lie outside {target[:40]}; first: {x:g}, {y:g}.",
            hint="check whether the axes are swapped, or name the right system with --crs",
            count=int(bad.size),
            total=len(xy),
            target=target[:40],
            first=f"{x:g}, {y:g}",
        )
    return out


def propose_crs(longitude: float, latitude: float) -> str:
    """Propose a metric system for a place: CGCS2000 3-degree zones in China, UTM elsewhere.

    Parameters
    ----------
    longitude, latitude : float
        The middle of the data, degrees.

    Returns
    -------
    str
        ``EPSG:4534`` to ``EPSG:4554`` (CGCS2000 / 3-degree Gauss-Kruger with the
        central meridian in the name, no zone number in the eastings), or WGS 84 / UTM.

    Examples
    --------
    >>> propose_crs(114.3, 30.6), propose_crs(-74.0, 40.7)
    ('EPSG:4547', 'EPSG:32618')
    """
    in_china = 73.5 <= longitude <= 135.1 and 17.5 <= latitude <= 53.6
    taiwan = 119.3 <= longitude <= 122.1 and 21.8 <= latitude <= 25.4
    if in_china and not taiwan:
        meridian = min(max(round(longitude / 3.0) * 3, 75), 135)
        return f"EPSG:{4534 + (meridian - 75) // 3}"
    if taiwan:
        return "EPSG:3826"
    zone = min(max(int((longitude + 180.0) // 6.0) + 1, 1), 60)
    return f"EPSG:{(32600 if latitude >= 0 else 32700) + zone}"


@dataclass(frozen=True, slots=True)
class Frame:
    """The coordinate system every layer of a project is kept in.

    Attributes
    ----------
    crs : str
        ``EPSG:...`` or WKT of a projected system in metres.
    origin : (float, float)
        East and north of the point the scene is drawn around, metres.
    grid : CityGrid or None
        The city's own grid, if it has one.
    height_datum : str
        What heights count from, as told to the reader (``1985 National Height Datum``).
    """

    crs: str
    origin: tuple[float, float] = (0.0, 0.0)
    grid: CityGrid | None = None
    height_datum: str = ""

    def __post_init__(self) -> None:
        crs = read_crs(self.crs)
        if not is_metric(crs):
            raise CityError(
                "crs.not_metric",
                f"The project needs a projected coordinate system in metres; {crs.name} is not.",
                hint="choose a CGCS2000 3-degree zone such as EPSG:4547, or a UTM zone",
                name=crs.name,
            )

    @property
    def name(self) -> str:
        """The name people know the system by."""
        return read_crs(self.crs).name

    def lonlat(self, coords: ArrayLike) -> Floats:
        """Give longitude and latitude, degrees (WGS 84), of project coordinates, (n, 2)."""
        return reproject(coords, self.crs, "EPSG:4326")

    def from_lonlat(self, coords: ArrayLike) -> Floats:
        """Give project coordinates of longitude and latitude in degrees (WGS 84), (n, 2)."""
        return reproject(coords, "EPSG:4326", self.crs)

    def from_any(self, coords: ArrayLike, crs: str) -> Floats:
        """Carry coordinates in any system, or in ``city-grid``, into the project, (n, 2)."""
        if crs == CITY_GRID:
            return self._grid().from_grid(coords)
        return reproject(coords, crs, self.crs)

    def scale_factor(self, east: float, north: float, height: float = 0.0) -> float:
        r"""Give grid length over ground length at a place.

        The projection's point scale (mean of the two directions, equal for
        conformal projections) times the reduction to the ellipsoid,
        :math:`k \, R / (R + h)`.

        Parameters
        ----------
        east, north : float
            Project coordinates, metres.
        height : float
            Height above the ellipsoid, taken as the height above datum, metres.

        Returns
        -------
        float
            A grid distance divided by this is the distance on the ground.

        Raises
        ------
        CityError
            ``crs.outside`` if the place lies outside the system.
        """
        longitude, latitude = self.lonlat([[east, north]])[0]
        factors = pyproj.Proj(read_crs(self.crs)).get_factors(longitude, latitude)
        point = math.sqrt(factors.meridional_scale * factors.parallel_scale)
        return float(point * EARTH_RADIUS / (EARTH_RADIUS + height))

    def convergence(self, east: float, north: float) -> float:
        """Give the angle from true north to grid north, clockwise, radians."""
        longitude, latitude = self.lonlat([[east, north]])[0]
        factors = pyproj.Proj(read_crs(self.crs)).get_factors(longitude, latitude)
        return math.radians(factors.meridian_convergence)

    def _grid(self) -> CityGrid:
        if self.grid is None:
            raise CityError(
                "crs.no_city_grid",
                "The project has no city grid.",
                hint="set its shift and rotation in the project settings, or name an EPSG code",
            )
        return self.grid
