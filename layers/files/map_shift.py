"""Degrees that map services of China shift on purpose (GCJ-02, BD-09), carried back to WGS 84."""

from __future__ import annotations

import re

import numpy as np

from layers.shapes import Floats

GCJ, BAIDU = "GCJ-02", "BD-09"
_NAMES = {
    "gcj02": GCJ, "gcj": GCJ, "火星坐标": GCJ, "火星坐标系": GCJ, "国测局坐标": GCJ,
    "bd09": BAIDU, "bd09ll": BAIDU, "百度坐标": BAIDU, "百度坐标系": BAIDU,
}  # fmt: skip
_AXIS, _SQUARED = 6_378_245.0, 0.006693421622965943  # Krassowsky 1940
_WEST, _SOUTH, _EAST, _NORTH = 72.004, 0.8293, 137.8347, 55.8271  # outside nothing is shifted
_TURNS = 8  # passes until the inverse stands still, far below a millimetre


def shift_of(name: str | None) -> str:
    """Give ``GCJ-02`` or ``BD-09`` for what people call them, empty for everything else.

    Examples
    --------
    >>> shift_of("gcj02"), shift_of("BD_09"), shift_of("EPSG:4326")
    ('GCJ-02', 'BD-09', '')
    """
    return _NAMES.get(re.sub(r"[\s_:-]+", "", name or "").lower(), "")


def unshifted(lonlat: Floats, shift: str) -> Floats:
    """Carry shifted degrees back to WGS 84.

    Parameters
    ----------
    lonlat : (n, 2) float64
        Longitudes and latitudes, degrees.
    shift : str
        ``GCJ-02`` or ``BD-09``.

    Returns
    -------
    (n, 2) ndarray of float64

    Notes
    -----
    The way there is known from published programs alone; there is no official description.
    """
    with np.errstate(invalid="ignore"):
        given = _from_baidu(lonlat) if shift == BAIDU else lonlat
        true = given
        for _ in range(_TURNS):
            true = given - _offset(true)
    return np.asarray(true)


def shifted(lonlat: Floats, shift: str) -> Floats:
    """Shift degrees of WGS 84 as map services do.

    Examples
    --------
    >>> shifted(np.array([[116.404, 39.915]]), "GCJ-02").round(6).tolist()
    [[116.410244, 39.916404]]
    """
    there = lonlat + _offset(lonlat)
    if shift != BAIDU:
        return np.asarray(there)
    x, y = there.T
    away = np.hypot(x, y) + 2e-5 * np.sin(y * _WAVE)
    angle = np.arctan2(y, x) + 3e-6 * np.cos(x * _WAVE)
    return np.column_stack([away * np.cos(angle) + 0.0065, away * np.sin(angle) + 0.006])


_WAVE = np.pi * 3000.0 / 180.0


def _from_baidu(lonlat: Floats) -> Floats:
    x, y = (lonlat - (0.0065, 0.006)).T
    away = np.hypot(x, y) - 2e-5 * np.sin(y * _WAVE)
    angle = np.arctan2(y, x) - 3e-6 * np.cos(x * _WAVE)
    return np.column_stack([away * np.cos(angle), away * np.sin(angle)])


def _offset(lonlat: Floats) -> Floats:
    """Give by how many degrees places are shifted, (n, 2)."""
    lon, lat = lonlat.T
    x, y = lon - 105.0, lat - 35.0
    wave = (20.0 * np.sin(6 * np.pi * x) + 20.0 * np.sin(2 * np.pi * x)) * 2 / 3
    north = -100.0 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + wave
    north += (20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3)) * 2 / 3
    north += (160.0 * np.sin(np.pi * y / 12) + 320.0 * np.sin(np.pi * y / 30)) * 2 / 3
    east = 300.0 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + wave
    east += (20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3)) * 2 / 3
    east += (150.0 * np.sin(np.pi * x / 12) + 300.0 * np.sin(np.pi * x / 30)) * 2 / 3
    angle = np.radians(lat)
    flat = 1.0 - _SQUARED * np.sin(angle) ** 2
    along = _AXIS * (1.0 - _SQUARED) / (flat * np.sqrt(flat))  # metres per radian of latitude
    across = _AXIS / np.sqrt(flat) * np.cos(angle)
    inside = (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)
    offset = np.degrees(np.column_stack([east / across, north / along]))
    return np.where(inside[:, None], offset, 0.0)
