"""Where a file's coordinates lie: believed, asked for or proposed, never guessed in silence."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from pyproj.exceptions import ProjError

from layers.errors import CityError
from layers.files.map_shift import unshifted
from layers.files.open_sea import is_open_sea
from layers.files.raw import Note
from layers.files.system_guesses import crs_wrong, no_crs
from layers.files.systems import WGS84, carry, display, fits, horizontal, pair
from layers.frame import CITY_GRID, Frame, is_metric, propose_crs, read_crs, transformer
from layers.shapes import Floats

ORIGIN_STEP = 100.0  # m: the scene's origin is a round number
BENT = 0.003  # a projection whose lengths are off by more than this is no ground for a plan
REACH = 5e6  # m: farther from a project its plane coordinates mean nothing
FAR = 100_000.0  # m: who imports data so far from the project's should know


@dataclass(frozen=True, slots=True)
class Reference:
    """What the coordinates of a file mean.

    Attributes
    ----------
    crs : str
        ``EPSG:...``, WKT, or ``city-grid``.
    swapped : bool
        North stands before east in the file.
    height_datum : str
        What heights count from, where the file says so.
    notes : tuple of Note
        Remarks.
    shift : str
        ``GCJ-02`` or ``BD-09`` where degrees are shifted as map services of China do.
    """

    crs: str
    swapped: bool = False
    height_datum: str = ""
    notes: tuple[Note, ...] = ()
    shift: str = ""

    def to(self, frame: Frame) -> Callable[[Floats], Floats]:
        """Give the function that carries (n, 2) coordinates into the project.

        What cannot be carried comes back as infinity.
        """
        grid = frame.grid
        if self.crs == CITY_GRID and grid is None:
            raise _no_city_grid()

        def there(coords: Floats) -> Floats:
            xy = coords[:, ::-1] if self.swapped else coords
            if self.shift:
                xy = unshifted(xy, self.shift)
            if self.crs == CITY_GRID:
                assert grid is not None
                return grid.from_grid(xy)
            return carry(xy, self.crs, frame.crs)

        return there


def settle(
    coords: Floats,
    told: str | None,
    *,
    asked: str | None = None,
    swap: bool | None = None,
    frame: Frame | None = None,
    where: str = "",
) -> Reference:
    """Settle what a file's coordinates mean.

    Parameters
    ----------
    coords : (n, 2) float64
        A sample of its coordinates, in the order of the file.
    told : str or None
        The system the file names.
    asked : str or None
        The system the user names; it wins.
    swap : bool or None
        Whether the user says that the axes are swapped; None: look.
    frame : Frame or None
        The project's, where it has one.
    where : str
        The file, for messages.

    Raises
    ------
    CityError
        ``import.no_crs`` where neither the file nor the user says it;
        ``import.crs_wrong`` where the numbers cannot be in the named system;
        ``crs.unknown``, ``crs.no_city_grid``.
    """
    coords = coords[np.isfinite(coords).all(axis=1)]
    named = asked or told
    if named is None:
        raise no_crs(coords, frame, where)
    crs, datum = horizontal(named)
    notes: list[Note] = []
    if asked and told:
        told_crs = horizontal(told)[0]
        if told_crs != crs:
            notes.append(Note("crs_overridden", {"told": display(told_crs), "used": display(crs)}))
    if crs == CITY_GRID:
        if frame is None or frame.grid is None:
            raise _no_city_grid()
        return Reference(crs, bool(swap), datum, tuple(notes))
    if len(coords) == 0:
        return Reference(crs, bool(swap), datum, tuple(notes))
    given = fits(coords, crs)
    swapped = bool(swap)
    if swap is None:
        swapped = (
            (given < 0.1 and fits(coords[:, ::-1], crs) > 0.9)
            or _only_near_when_swapped(coords, crs, frame)
            or _only_on_land_when_swapped(coords, crs, frame)
        )
        if swapped:
            notes.append(Note("axes_swapped", {"first": pair(coords[0])}))
    share = fits(coords[:, ::-1], crs) if swapped else given
    if share < 0.1:
        raise crs_wrong(coords, crs, swapped, frame, where)
    if share < 0.9:
        outside = {"crs": display(crs), "share": round((1 - share) * 100)}
        notes.append(Note("outside_area", outside))
    return Reference(crs, swapped, datum, tuple(notes))


def look_up(crs: str | None) -> None:
    """Let PROJ find a system that `settle` will ask for, while a file is still being read.

    What is wrong with it is for `settle` to tell.
    """
    if crs is None:
        return
    with suppress(CityError, ProjError):
        flat = horizontal(crs)[0]
        if flat != CITY_GRID and not read_crs(flat).is_geographic:
            transformer(flat, WGS84)


def _only_near_when_swapped(coords: Floats, crs: str, frame: Frame | None) -> bool:
    """Say whether the data lies at the project when turned, and far away as it stands."""
    if frame is None or not read_crs(crs).is_geographic or frame.origin == (0.0, 0.0):
        return False
    home = frame.lonlat([frame.origin])[0]
    middle = np.median(coords, axis=0)
    away, away_turned = np.abs(middle - home).max(), np.abs(middle[::-1] - home).max()
    return bool(away > 10.0 and away_turned < 2.0)


def _only_on_land_when_swapped(coords: Floats, crs: str, frame: Frame | None) -> bool:
    """Say whether degrees lie in the open sea as they stand, and on land when turned."""
    if not read_crs(crs).is_geographic or fits(coords[:, ::-1], crs) < 0.9:
        return False
    x, y = np.median(coords, axis=0).tolist()
    if frame is not None and frame.origin != (0.0, 0.0):
        home = frame.lonlat([frame.origin])[0]
        if np.abs((x, y) - home).max() < 2.0:  # the project itself lies there
            return False
    return is_open_sea(x, y) and not is_open_sea(y, x)


def _no_city_grid() -> CityError:
    return CityError(
        "crs.no_city_grid",
        "The project has no city grid.",
        hint="set its shift and rotation in the project settings, or name an EPSG code",
    )


def frame_for(reference: Reference, coords: Floats) -> tuple[Frame, Note | None]:
    """Make the frame of a project from its first data.

    A sensible metric system of the file is kept; else the fitting one is
    proposed: CGCS2000 3-degree zones in China, UTM elsewhere.

    Parameters
    ----------
    reference : Reference
        Of the file.
    coords : (n, 2) float64
        A sample of its coordinates, in the order of the file.

    Returns
    -------
    Frame
        With the rounded middle of the data as origin.
    Note or None
        A remark where another system than the file's was chosen.

    Raises
    ------
    CityError
        ``import.no_place`` if there are no coordinates to choose by.
    """
    coords = coords[np.isfinite(coords).all(axis=1)]
    if len(coords) == 0:
        raise CityError(
            "import.no_place",
            "The file holds no coordinates from which the project's system could be chosen.",
            hint="choose the project's coordinate system first, such as --crs EPSG:4547",
        )
    middle = _middle(coords[:, ::-1] if reference.swapped else coords, reference.crs)
    lonlat = carry(middle[None, :], reference.crs, WGS84)[0]
    note = None
    crs = reference.crs
    if not _sensible(reference.crs, middle):
        crs = propose_crs(float(lonlat[0]), float(lonlat[1]))
        facts = {"crs": display(crs), "file": display(reference.crs), "place": _place(lonlat)}
        note = Note("crs_proposed", facts)
    east, north = carry(middle[None, :], reference.crs, crs)[0]
    origin = rounded_origin(float(east), float(north))
    return Frame(crs, origin, height_datum=reference.height_datum), note


def _place(lonlat: Floats) -> str:
    """Give a place as people read it.

    >>> _place(np.array([114.3, -30.55]))
    '114.30 E, 30.55 S'
    """
    (lon, east), (lat, north) = zip(lonlat.tolist(), ("EW", "NS"), strict=True)
    return f"{abs(lon):.2f} {east[lon < 0]}, {abs(lat):.2f} {north[lat < 0]}"


def _middle(coords: Floats, crs: str) -> Floats:
    """Give the middle of coordinates; of longitudes on both sides of 180 degrees, near 180."""
    if crs != CITY_GRID and read_crs(crs).is_geographic and np.ptp(coords[:, 0]) > 180.0:
        turned = np.column_stack([coords[:, 0] % 360.0, coords[:, 1]])
        if np.ptp(turned[:, 0]) < 180.0:
            x, y = np.median(turned, axis=0)
            return np.array([(x + 180.0) % 360.0 - 180.0, y])
    return np.asarray(np.median(coords, axis=0))


def placed_at(
    coords: Floats, reference: Reference, frame: Frame, where: str = ""
) -> tuple[Callable[[Floats], Floats], tuple[Note, ...]]:
    """Give the function that carries a layer into a project it may be far from.

    Parameters
    ----------
    coords : (n, 2) float64
        A sample of the layer's coordinates, in the order of the file; at least one
        of them finite.
    reference : Reference
        Of the file.
    frame : Frame
        The project's.
    where : str
        The file, for messages.

    Returns
    -------
    callable
        As `Reference.to` gives it; what lies more than 5000 km away comes back as
        infinity.
    tuple of Note
        ``far_from_project`` where the layer lies more than 100 km from its origin.

    Raises
    ------
    CityError
        ``import.elsewhere`` if the layer as a whole lies more than 5000 km away.
    """
    to_project = reference.to(frame)
    coords = coords[np.isfinite(coords).all(axis=1)]
    there = to_project(coords)
    there = there[np.isfinite(there).all(axis=1)]
    unset = frame.origin == (0.0, 0.0)
    middle = np.median(there, axis=0) if len(there) else np.array(frame.origin)
    home = middle if unset else np.array(frame.origin)
    away = float(np.hypot(*(middle - home)))
    if away > REACH or (unset and not fits(middle[None, :], frame.crs)):
        place = carry(_middle(coords, reference.crs)[None, :], reference.crs, WGS84)[0]
        if reference.swapped:
            place = place[::-1]
        raise CityError(
            "import.elsewhere",
            f"The data lies far outside of what the project's system {display(frame.crs)} "
            f"can hold: around longitude {place[0]:.2f}, latitude {place[1]:.2f}.",
            hint="check the file's coordinate system (--crs); if it is right, make a project "
            "of its own for this data",
            where=where,
            crs=display(frame.crs),
            longitude=round(float(place[0]), 2),
            latitude=round(float(place[1]), 2),
        )
    notes = (Note("far_from_project", {"km": round(away / 1000)}),) if away > FAR else ()

    def within(xy: Floats) -> Floats:
        carried = to_project(xy)
        away = np.abs(carried - home) > REACH
        beyond = away[:, 0] | away[:, 1]
        return np.where(beyond[:, None], np.inf, carried) if beyond.any() else carried

    return within, notes


def rounded_origin(east: float, north: float) -> tuple[float, float]:
    """Give a place rounded to 100 m, for the origin of the scene.

    >>> rounded_origin(512_345.6, 3_380_049.9)
    (512300.0, 3380000.0)
    """
    return round(east / ORIGIN_STEP) * ORIGIN_STEP, round(north / ORIGIN_STEP) * ORIGIN_STEP


def _sensible(crs: str, middle: Floats) -> bool:
    """Say whether a system is metric and true to length, within 0.3 %, at a place."""
    if crs == CITY_GRID or not is_metric(read_crs(crs)):
        return False
    scale = Frame(crs).scale_factor(float(middle[0]), float(middle[1]))
    return bool(abs(scale - 1.0) < BENT)
