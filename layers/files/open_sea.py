"""Whether a place lies in the open sea: towns do not, so its axes may be turned."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import h5py

AROUND = 1  # cells to each side that have to be water: about ten kilometres
_SEA = 255  # what the table of altitudes holds where there is no land


def is_open_sea(longitude: float, latitude: float) -> bool:
    """Say whether there is nothing but sea around a place.

    Parameters
    ----------
    longitude, latitude : float
        Degrees.

    Returns
    -------
    bool
        False also where the table of altitudes is not there.

    References
    ----------
    The altitudes that come with pvlib (``data/Altitude.h5``): cells of five minutes of arc from
    90 north and 180 west on, 255 for water.

    Examples
    --------
    >>> is_open_sea(48.13, 11.57), is_open_sea(11.57, 48.13)  # off Socotra, Munich
    (True, False)
    """
    if not (-180.0 <= longitude <= 180.0 and -90.0 <= latitude <= 90.0):
        return False
    return _around(int((longitude + 180.0) * 12.0), int((90.0 - latitude) * 12.0))


@lru_cache(maxsize=64)
def _around(column: int, row: int) -> bool:
    path = _table()
    if path is None:
        return False
    with h5py.File(path) as file:
        cells = file["Altitude"][
            max(row - AROUND, 0) : row + AROUND + 1, max(column - AROUND, 0) : column + AROUND + 1
        ]
    return bool(cells.size) and bool((cells == _SEA).all())


@lru_cache(maxsize=1)
def _table() -> Path | None:
    spec = find_spec("pvlib")
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        path = Path(folder) / "data" / "Altitude.h5"
        if path.is_file():
            return path
    return None
