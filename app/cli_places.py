"""Places written on the command line: points, paths, boxes in project metres."""

from __future__ import annotations

from layers.errors import CityError

Point = tuple[float, ...]


def point_of(text: str) -> Point:
    """Read ``east,north`` or ``east,north,height``.

    Raises
    ------
    CityError
        ``place.text``.

    Examples
    --------
    >>> point_of("500, 600,1.7")
    (500.0, 600.0, 1.7)
    """
    numbers = _numbers(text)
    if len(numbers) not in {2, 3}:
        raise _bad(text)
    return numbers


def points_of(texts: list[str] | None) -> tuple[Point, ...]:
    """Read several points; see `point_of`."""
    return tuple(point_of(text) for text in texts or ())


def path_of(text: str) -> tuple[Point, ...]:
    """Read points with spaces or semicolons between them.

    >>> path_of("0,0 10,0;10,20")
    ((0.0, 0.0), (10.0, 0.0), (10.0, 20.0))
    """
    return tuple(point_of(word) for word in text.replace(";", " ").split())


def box_of(text: str) -> tuple[Point, ...]:
    """Read ``west,south,east,north`` as the ring of a box, or a ring of points.

    >>> box_of("0,0,2,1")
    ((0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0))
    """
    if not text.strip():
        return ()
    if ";" in text or len(text.split()) > 2:
        return path_of(text)
    numbers = _numbers(text)
    if len(numbers) != 4 or not (numbers[0] < numbers[2] and numbers[1] < numbers[3]):
        raise _bad(text)
    west, south, east, north = numbers
    return (west, south), (east, south), (east, north), (west, north)


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise _bad(text) from error


def _bad(text: str) -> CityError:
    return CityError(
        "place.text",
        f"'{text[:60]}' is no place.",
        hint="write east,north or east,north,height in project metres, a box as "
        "west,south,east,north",
        text=text[:60],
    )
