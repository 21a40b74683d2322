"""Where a file's coordinates lie: believed, asked for or proposed, never guessed in silence."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyproj
from pyproj.exceptions import ProjError

from layers.errors import CityError
from layers.files.map_shift import shift_of, unshifted
from layers.files.raw import Note
from layers.frame import (
    CITY_GRID,
    Frame,
    is_metric,
    propose_crs,
    read_crs,
    short_name,
    transformer,
)
from layers.shapes import Bools, Floats

WGS84 = "EPSG:4326"
ORIGIN_STEP = 100.0  # m: the scene's origin is a round number
BENT = 0.003  # a projection whose lengths are off by more than this is no ground for a plan
NEAR = 3.0  # degrees: farther outside its area than this a system cannot be meant
REACH = 5e6  # m: farther from a project its plane coordinates mean nothing
FAR = 100_000.0  # m: who imports data so far from the project's should know
CHINA = (73.5, 17.5, 135.1, 53.6)  # west, south, east, north, degrees


#: First codes of the Gauss-Kruger systems of China, the newest datum first (CGCS2000, Xian 1980,
#: Beijing 1954): 3-degree zones 25 to 45 and 6-degree zones 13 to 23 with the number of the zone
#: in the eastings, and 3-degree zones of central meridians 75 to 135 without it.
THREE_DEGREES, SIX_DEGREES = (4513, 2349, 2401), (4491, 2327, 21413)
WITHOUT_NUMBER = (4534, 2370, 2422)


@dataclass(frozen=True, slots=True)
class Guess:
    """A coordinate system that would fit a file's numbers.

    Attributes
    ----------
    crs : str
        ``EPSG:...`` or ``city-grid``.
    swapped : bool
        Whether north stands before east in the file.
    reason : str
        Key of why it fits: ``degrees``, ``zone``, ``metric``, ``mercator``, ``project``
        or ``local``.
    """

    crs: str
    swapped: bool
    reason: str


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

        def carry(coords: Floats) -> Floats:
            xy = coords[:, ::-1] if self.swapped else coords
            if self.shift:
                xy = unshifted(xy, self.shift)
            if self.crs == CITY_GRID:
                assert grid is not None
                return grid.from_grid(xy)
            return _carry(xy, self.crs, frame.crs)

        return carry


def _carry(xy: Floats, source: str, target: str) -> Floats:
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
        raise _no_crs(coords, frame, where)
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
        swapped = (given < 0.1 and fits(coords[:, ::-1], crs) > 0.9) or _only_near_when_swapped(
            coords, crs, frame
        )
        if swapped:
            notes.append(Note("axes_swapped", {"first": _pair(coords[0])}))
        elif _maybe_swapped(coords, crs):
            notes.append(Note("axes_maybe_swapped", {"first": _pair(coords[0])}))
    share = fits(coords[:, ::-1], crs) if swapped else given
    if share < 0.1:
        raise _crs_wrong(coords, crs, swapped, frame, where)
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


def _pair(xy: Floats) -> str:
    metres = 360 < abs(xy).max() < 1e9
    return f"{xy[0]:.1f}, {xy[1]:.1f}" if metres else f"{xy[0]:.6g}, {xy[1]:.6g}"


def fits(coords: Floats, crs: str) -> float:
    """Give the share of coordinates that can be meant in a system: in its area or near it."""
    system = read_crs(crs)
    if system.is_geographic:
        lonlat = coords if _in_degrees(system) else coords * 0.9  # gon
        inside = (np.abs(lonlat[:, 0]) <= 360.0) & (np.abs(lonlat[:, 1]) <= 90.0)
        return float(inside.mean())
    if (np.abs(coords) <= 360.0).all() and (np.abs(coords[:, 1]) <= 90.0).all():
        return 0.0  # degrees in a projected system: metres would all lie at its false origin
    lonlat = _carry(coords, crs, WGS84)
    known = np.isfinite(lonlat).all(axis=1)
    area = system.area_of_use
    if area is None:
        return float(known.mean())
    with np.errstate(invalid="ignore"):
        near = _in_box(lonlat, (area.west, area.south, area.east, area.north))
    return float((known & near).mean())


def _in_degrees(system: pyproj.CRS) -> bool:
    return abs(system.axis_info[0].unit_conversion_factor - np.pi / 180) < 1e-9


def _in_box(lonlat: Floats, box: tuple[float, float, float, float]) -> Bools:
    west, south, east, north = box
    width = (east - west) % 360.0 or 360.0
    along = (lonlat[:, 0] - west + NEAR) % 360.0
    across = (lonlat[:, 1] >= south - NEAR) & (lonlat[:, 1] <= north + NEAR)
    return np.asarray((along <= width + 2 * NEAR) & across)


def _only_near_when_swapped(coords: Floats, crs: str, frame: Frame | None) -> bool:
    """Say whether the data lies at the project when turned, and far away as it stands."""
    if frame is None or not read_crs(crs).is_geographic or frame.origin == (0.0, 0.0):
        return False
    home = frame.lonlat([frame.origin])[0]
    middle = np.median(coords, axis=0)
    away, away_turned = np.abs(middle - home).max(), np.abs(middle[::-1] - home).max()
    return bool(away > 10.0 and away_turned < 2.0)


def _maybe_swapped(coords: Floats, crs: str) -> bool:
    """Say whether degrees would lie in China if the axes were turned, and in the Arctic as told."""
    if not read_crs(crs).is_geographic:
        return False
    x, y = np.median(coords, axis=0)
    return bool(CHINA[1] <= x <= CHINA[3] and CHINA[0] <= y <= 90.0)


def guesses(coords: Floats, frame: Frame | None = None) -> tuple[Guess, ...]:
    """List the systems that would fit numbers of unknown meaning, the likeliest first.

    Parameters
    ----------
    coords : (n, 2) float64
        A sample in the order of the file.
    frame : Frame or None
        The project's; its own system comes first where the numbers lie near its data.
    """
    coords = coords[np.isfinite(coords).all(axis=1)]
    if len(coords) == 0:
        return ()
    found: list[Guess] = []
    middle = np.median(coords, axis=0)
    for swapped in (False, True):
        x, y = middle[::-1] if swapped else middle
        xy = coords[:, ::-1] if swapped else coords
        if frame is not None and np.hypot(x - frame.origin[0], y - frame.origin[1]) < 300_000.0:
            found.append(Guess(frame.crs, swapped, "project"))
        if (np.abs(xy[:, 0]) <= 180.0).all() and (np.abs(xy[:, 1]) <= 90.0).all():
            if _is_drawn_at_zero(xy):
                continue
            if not swapped or np.abs(coords[:, 1]).max() > 90.0:
                found.append(Guess(WGS84, swapped, "degrees"))
            continue
        found.extend(Guess(crs, swapped, reason) for crs, reason in _projected(x, y, frame))
    if frame is not None and frame.grid is not None:
        found.append(Guess(CITY_GRID, False, "local"))
    return tuple(dict.fromkeys(found))


def _is_drawn_at_zero(xy: Floats) -> bool:
    """Say whether numbers stand around 0, 0 and spread as the metres of a drawing do."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    return bool((high - low > 1.0).all() and (low <= 0.0).all() and (high >= 0.0).all())


def _projected(x: float, y: float, frame: Frame | None) -> list[tuple[str, str]]:
    """List projected systems for which `x` is a sensible easting and `y` a northing."""
    found: list[tuple[str, str]] = []
    zone, easting = int(x // 1e6), x % 1e6
    chinese = 1.9e6 <= y <= 6.0e6
    if chinese and 25 <= zone <= 45 and 1e5 <= easting <= 9e5:
        found += [(f"EPSG:{first + zone - 25}", "zone") for first in THREE_DEGREES]
    mercator = _carry(np.array([[x, y]]), "EPSG:3857", WGS84)[0]
    in_china = bool(_in_box(mercator[None, :], CHINA)[0]) and abs(x) > 1e6
    if in_china:
        found.append(("EPSG:3857", "mercator"))
    if chinese and 13 <= zone <= 23 and 1e5 <= easting <= 9e5:
        found += [(f"EPSG:{first + zone - 13}", "zone") for first in SIX_DEGREES]
    if chinese and 1e5 <= x <= 9e5:
        number = (_meridian(frame) - 75) // 3
        found += [(f"EPSG:{first + number}", "metric") for first in WITHOUT_NUMBER]
        if 1.5e5 <= x <= 3.6e5 and 2.4e6 <= y <= 2.85e6:
            found.append(("EPSG:3826", "metric"))  # Taiwan
    return found


def _meridian(frame: Frame | None) -> int:
    """Give the central meridian of the 3-degree zone a project lies in, degrees east."""
    if frame is None or frame.origin == (0.0, 0.0):
        return 114  # an example
    nearest = round(float(frame.lonlat([frame.origin])[0, 0]) / 3.0) * 3
    return min(max(nearest, 75), 135)


def _looks(found: tuple[Guess, ...], coords: Floats) -> str:
    if found:
        return found[0].reason
    return "empty" if len(coords) == 0 else "unknown"


def _no_crs(coords: Floats, frame: Frame | None, where: str) -> CityError:
    found = guesses(coords, frame)
    looks = _looks(found, coords)
    first = _pair(coords[0]) if len(coords) else "-"
    words = {
        "degrees": "look like degrees",
        "zone": "look like Gauss-Kruger metres with the zone number in the eastings",
        "metric": "look like metres in a zone whose number they do not tell",
        "mercator": "look like web map metres",
        "project": "would lie at the project's own data",
        "local": "may be in the city's own grid",
        "empty": "are missing",
        "unknown": "look like metres or feet of a local system",
    }[looks]
    return CityError(
        "import.no_crs",
        f"The file does not say its coordinate system; its coordinates {words} ({first}).",
        hint=_hint(found, frame),
        where=where,
        looks=looks,
        first=first,
        meridian=_meridian(frame),
        proposal=found[0].crs if found else "none",
        proposals=", ".join(dict.fromkeys(guess.crs for guess in found)),
        swapped=bool(found and found[0].swapped),
    )


def _hint(found: tuple[Guess, ...], frame: Frame | None) -> str:
    if not found:
        return "ask whoever made the file, and name the system, such as --crs EPSG:4547"
    best = found[0]
    codes = ", ".join(dict.fromkeys(guess.crs for guess in found))
    if best.reason == "metric":
        return (
            "find out the datum and the zone's central meridian, and name the system with --crs; "
            f"for {_meridian(frame)} E it is one of {codes} (CGCS2000, Xian 1980, Beijing 1954)"
        )
    if best.reason == "zone":
        return (
            "find out the datum, and name the system with --crs: one of "
            f"{codes} (CGCS2000, Xian 1980, Beijing 1954)"
            + (" and --swap-axes" if best.swapped else "")
        )
    text = f"if that is right, import it with --crs {best.crs}"
    if best.swapped:
        text += " --swap-axes"
    others = [guess.crs for guess in found[1:] if guess.crs != best.crs]
    return text + (f"; it may also be {', '.join(dict.fromkeys(others))}" if others else "")


def _crs_wrong(
    coords: Floats, crs: str, swapped: bool, frame: Frame | None, where: str
) -> CityError:
    found = tuple(
        guess
        for guess in guesses(coords, frame)
        if (guess.crs, guess.swapped) != (crs, swapped) and _can_be(coords, guess)
    )
    looks = _looks(found, coords)
    return CityError(
        "import.crs_wrong",
        f"The coordinates cannot be in {display(crs)}; the first is {_pair(coords[0])}.",
        hint=_hint(found, frame),
        where=where,
        crs=display(crs),
        meridian=_meridian(frame),
        first=_pair(coords[0]),
        looks=looks,
        proposal=found[0].crs if found else "none",
        proposals=", ".join(dict.fromkeys(guess.crs for guess in found)),
        swapped=bool(found and found[0].swapped),
    )


def _can_be(coords: Floats, guess: Guess) -> bool:
    if guess.crs == CITY_GRID:
        return True
    return fits(coords[:, ::-1] if guess.swapped else coords, guess.crs) > 0.5


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
    lonlat = _carry(middle[None, :], reference.crs, WGS84)[0]
    note = None
    crs = reference.crs
    if not _sensible(reference.crs, middle):
        crs = propose_crs(float(lonlat[0]), float(lonlat[1]))
        note = Note("crs_proposed", {"crs": display(crs), "file": display(reference.crs)})
    east, north = _carry(middle[None, :], reference.crs, crs)[0]
    origin = rounded_origin(float(east), float(north))
    return Frame(crs, origin, height_datum=reference.height_datum), note


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
    carry = reference.to(frame)
    coords = coords[np.isfinite(coords).all(axis=1)]
    there = carry(coords)
    there = there[np.isfinite(there).all(axis=1)]
    unset = frame.origin == (0.0, 0.0)
    middle = np.median(there, axis=0) if len(there) else np.array(frame.origin)
    home = middle if unset else np.array(frame.origin)
    away = float(np.hypot(*(middle - home)))
    if away > REACH or (unset and not fits(middle[None, :], frame.crs)):
        place = _carry(_middle(coords, reference.crs)[None, :], reference.crs, WGS84)[0]
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
        carried = carry(xy)
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
