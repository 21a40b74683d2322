"""Where exported meshes lie: metres around a point of the grid, or around a point of the earth.

In both the axes are those of glTF: x to the east, y up, z to the south.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from layers.frame import Frame
from layers.shapes import Floats

AXIS = 6_378_137.0  # metres, WGS 84
FLATTENING = 1.0 / 298.257223563
SQUARED = FLATTENING * (2.0 - FLATTENING)  # first eccentricity, squared


class Place(Protocol):
    """A way from project coordinates to the coordinates of a mesh."""

    def uprights(self, coords: Floats) -> tuple[Floats, Floats]:
        """Give the upright line over each place.

        Parameters
        ----------
        coords : (n, 2) float64
            East and north, project metres.

        Returns
        -------
        foot : (n, 3) float64
            Where the line has the height 0 above the project's datum.
        up : (n, 3) float64
            What one metre of height adds.
        """


class GridPlace:
    """Metres of the project's grid around an origin.

    Parameters
    ----------
    origin : (3,) float64
        East, north, height of the point that becomes (0, 0, 0).
    """

    def __init__(self, origin: Floats) -> None:
        self.origin = origin

    def uprights(self, coords: Floats) -> tuple[Floats, Floats]:
        """Give the upright line over each place; see `Place`."""
        foot = np.empty((len(coords), 3))
        foot[:, 0] = coords[:, 0] - self.origin[0]
        foot[:, 1] = -self.origin[2]
        foot[:, 2] = self.origin[1] - coords[:, 1]
        return foot, np.broadcast_to(np.array([0.0, 1.0, 0.0]), foot.shape)


class EarthPlace:
    """Metres around a point of the earth: east, up, south of it, without bending it flat.

    Parameters
    ----------
    frame : Frame
        The project's coordinate system.
    centre : (2,) float64
        East and north of the point, project metres.
    height : float
        Its height above the project's datum, metres.
    offset : float
        What is added to heights above the project's datum to get heights above the ellipsoid:
        the height of the geoid there, metres.
    """

    def __init__(self, frame: Frame, centre: Floats, height: float, offset: float = 0.0) -> None:
        self._frame, self.offset = frame, offset
        lonlat = np.radians(frame.lonlat([centre]))[0]
        sin_lon, cos_lon = np.sin(lonlat[0]), np.cos(lonlat[0])
        sin_lat, cos_lat = np.sin(lonlat[1]), np.cos(lonlat[1])
        #: Rows east, north, up in the coordinates of the earth's centre.
        self.axes = np.array(
            [
                [-sin_lon, cos_lon, 0.0],
                [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat],
                [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat],
            ]
        )
        foot, up = geocentric(lonlat[None])
        self.centre: Floats = foot[0] + (height + offset) * up[0]

    @property
    def transform(self) -> list[float]:
        """The 4 x 4 matrix from east, north, up to the earth, column after column."""
        matrix = np.eye(4)
        matrix[:3, :3] = self.axes.T
        matrix[:3, 3] = self.centre
        return [float(value) for value in matrix.T.ravel()]

    def uprights(self, coords: Floats) -> tuple[Floats, Floats]:
        """Give the upright line over each place; see `Place`."""
        foot, up = geocentric(np.radians(self._frame.lonlat(coords)))
        local = (foot + self.offset * up - self.centre) @ self.axes.T
        return _turned(local), _turned(up @ self.axes.T)


def _turned(enu: Floats) -> Floats:
    """Turn east, north, up into east, up, south."""
    return np.column_stack([enu[:, 0], enu[:, 2], -enu[:, 1]])


def geocentric(lonlat: Floats) -> tuple[Floats, Floats]:
    """Give the point on the WGS 84 ellipsoid and its upright.

    Parameters
    ----------
    lonlat : (n, 2) float64
        Longitude and latitude, radians.

    Returns
    -------
    foot : (n, 3) float64
        Earth-centred, earth-fixed, metres.
    up : (n, 3) float64
        Unit vectors.

    References
    ----------
    .. [1] IOGP Publication 373-7-2, "Coordinate Conversions and Transformations including
       Formulas", 2.2.1 (EPSG method 9602).
    """
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    up = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    across = AXIS / np.sqrt(1.0 - SQUARED * up[:, 2] ** 2)
    return up * across[:, None] * np.array([1.0, 1.0, 1.0 - SQUARED]), up
