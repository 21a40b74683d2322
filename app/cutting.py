"""Cuts as people write them on the command line and in job files."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

from app.arguments import parse_numbers, parse_points
from layers.cut import Cut
from layers.errors import CityError
from layers.project import Project

PIT = 15.0  # metres below the lowest ground that a clicked outline is dug


def parse_cut(text: str) -> Cut:
    """Read a cut; points in the project's coordinates, heights above datum, degrees.

    A plane leans where its point has a height: ``lean`` is how far it bows to the side that stays.

    Examples
    --------
    >>> parse_cut("plane 508000,3378000 heading=90").keep
    'outside'
    >>> parse_cut("box 508000,3378000 200x100 heading=20 low=10 high=90 keep").keep
    'inside'
    >>> parse_cut("plane 508000,3378000,20 heading=90 lean=30").slope is None
    False
    >>> len(parse_cut("polygon 0,0 90,0 90,50 low=3").ring)
    3

    Raises
    ------
    CityError
        ``cut.text`` if it is none of these; ``cut.shape``, ``argument.number``.
    """
    kind, *words = text.split()
    keep = "keep" in words
    facts: dict[str, float | None] = {
        "low": None, "high": None, "heading": 0.0, "lean": 0.0,
    }  # fmt: skip
    points: list[tuple[float, ...]] = []
    size: tuple[float, ...] = (0.0, 0.0)
    for word in words:
        name, mark, value = word.partition("=")
        if mark and name in facts:
            facts[name] = parse_numbers(value)[0]
        elif word != "keep" and "," in word:
            points += parse_points(word)
        elif word != "keep" and "x" in word:
            wide, _, deep = word.partition("x")
            size = parse_numbers(f"{wide},{deep}")[:2]
        elif word != "keep":
            raise _refused(text)
    heading = math.radians(facts["heading"] or 0.0)
    inside: Literal["inside", "outside"] = "inside" if keep else "outside"
    if kind == "plane" and len(points) == 1 and len(points[0]) > 2:
        lean = math.radians(facts["lean"] or 0.0)
        return replace(Cut.leaning(points[0], heading, lean), keep=inside)
    if kind == "plane" and len(points) == 1 and not facts["lean"]:
        return replace(Cut.plane(points[0], heading), keep=inside)
    if kind == "level" and len(points) == 1 and facts["low"] is not None:
        return replace(Cut.level(points[0], facts["low"]), keep=inside)
    if kind == "box" and len(points) == 1 and min(size) > 0:
        return Cut.box(points[0], size, heading, facts["low"], facts["high"], inside)
    if kind == "polygon" and len(points) >= 3:
        ring = tuple((point[0], point[1]) for point in points)
        return Cut(ring, facts["low"], facts["high"], inside)
    raise _refused(text)


def cut_text(cut: Cut) -> str:
    """Write a cut as `parse_cut` reads it; "" for a pit, which has no such words.

    Examples
    --------
    >>> cut_text(parse_cut("box 508000,3378000 200x100 heading=20 low=10 keep"))
    'box 508000.000,3378000.000 200.000x100.000 heading=20.000 low=10.000 keep'
    """
    if cut.pit:
        return ""
    form = cut.form
    words = [{"leaning": "plane", "outline": "polygon"}.get(form.kind, form.kind)]
    places = cut.ring if form.kind == "outline" else (form.place,)
    words += [",".join(f"{number:.3f}" for number in place) for place in places]
    if form.kind == "box":
        words.append("x".join(f"{metres:.3f}" for metres in form.size))
    if form.kind not in {"outline", "level"}:
        words.append(f"heading={math.degrees(form.heading) % 360.0:.3f}")
    if form.kind == "leaning":
        words.append(f"lean={math.degrees(form.lean):.3f}")
    words += [f"{key}={value:.3f}" for key, value in (("low", cut.low), ("high", cut.high))
              if value is not None]  # fmt: skip
    return " ".join([*words, "keep"] if cut.keep == "inside" else words)


def cut_from(told: str | Cut | None) -> Cut | None:
    """Give a cut from a text or as it is; "" and None are none."""
    if isinstance(told, str):
        return parse_cut(told) if told else None
    return told


def cut_of(project: Project, points: list[tuple[float, float]], eye: tuple[float, float]) -> Cut:
    """Make a cut from points somebody clicked.

    Two make an upright plane through them that takes away the side of the eye; three or more
    the outline of a pit.

    Parameters
    ----------
    project : Project
        Gives the ground.
    points : list of (east, north)
        Where was clicked.
    eye : (east, north)
        Where the eye is.
    """
    if len(points) == 2:
        (ax, ay), (bx, by) = points
        heading = math.atan2(bx - ax, by - ay) + math.pi / 2
        side = (eye[0] - ax) * math.sin(heading) + (eye[1] - ay) * math.cos(heading)
        return Cut.plane(points[0], heading if side > 0 else heading + math.pi)
    return Cut(tuple(points), low=float(project.ground_at(points).min()) - PIT)


def _refused(text: str) -> CityError:
    return CityError(
        "cut.text",
        f"'{text}' is not a cut.",
        hint="write plane X,Y heading=90, plane X,Y,Z heading=90 lean=30, level X,Y low=40, "
        "box X,Y 200x100 heading=20 low=10 high=90, or polygon X,Y X,Y X,Y low=10; "
        "add keep to keep what is inside",
        text=text,
    )
