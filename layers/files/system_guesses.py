"""What numbers of unknown meaning may be: systems that would fit, and the errors that ask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.errors import CityError
from layers.files.open_sea import is_open_sea
from layers.files.systems import CHINA, WGS84, carry, display, fits, in_box, pair
from layers.frame import CITY_GRID, Frame
from layers.shapes import Floats

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
            wet = swapped and is_open_sea(y, x) and not is_open_sea(x, y)
            if not swapped or np.abs(coords[:, 1]).max() > 90.0 or wet:
                found.insert(0 if wet else len(found), Guess(WGS84, swapped, "degrees"))
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
    mercator = carry(np.array([[x, y]]), "EPSG:3857", WGS84)[0]
    in_china = bool(in_box(mercator[None, :], CHINA)[0]) and abs(x) > 1e6
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


def no_crs(coords: Floats, frame: Frame | None, where: str) -> CityError:
    found = guesses(coords, frame)
    looks = _looks(found, coords)
    first = pair(coords[0]) if len(coords) else "-"
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
    elif best.reason == "degrees":
        text += " (and --swap-axes if latitude stands first)"
    others = [guess.crs for guess in found[1:] if guess.crs != best.crs]
    return text + (f"; it may also be {', '.join(dict.fromkeys(others))}" if others else "")


def crs_wrong(
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
        f"The coordinates cannot be in {display(crs)}; the first is {pair(coords[0])}.",
        hint=_hint(found, frame),
        where=where,
        crs=display(crs),
        meridian=_meridian(frame),
        first=pair(coords[0]),
        looks=looks,
        proposal=found[0].crs if found else "none",
        proposals=", ".join(dict.fromkeys(guess.crs for guess in found)),
        swapped=bool(found and found[0].swapped),
    )


def _can_be(coords: Floats, guess: Guess) -> bool:
    if guess.crs == CITY_GRID:
        return True
    return fits(coords[:, ::-1] if guess.swapped else coords, guess.crs) > 0.5
