"""Live positions: what was seen last of each vehicle or team, where, when, in which state.

A `Sighting` is one report, a `Board` keeps the last one of each. Nothing here is kept in the
project; `matches` tells which resources of the project the reports are about, and
`layers.drills.resource_edits` takes their places over when the user asks for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from layers.drills.symbol_shapes import Symbol
from layers.drills.symbols import symbol_of
from layers.files.raw import Note
from layers.kinds.base import Features
from layers.kinds.emergency import SORTS, Emergency
from layers.project import Project
from layers.style import texts

STALE = 60.0  # seconds after which a report is old, unless it says so itself
AHEAD = 300.0  # seconds a clock may be fast before that is told
MOST = 5000  # reports that are kept; who sends more sends rubbish
FAR = 100_000.0  # metres outside the city from which a place is not believed
CODES = ("id", "code", "uid", "callsign", "number", "编号", "编码", "代码", "呼号", "车牌号")


@dataclass(frozen=True, slots=True)
class Sighting:
    """One report of where something is.

    Attributes
    ----------
    key : str
        Who sends; the same for all reports of one.
    east, north : float
        Project coordinates, metres.
    moment : float
        When it was there, seconds since 1970 UTC.
    name : str
        "" where the report says none.
    sort, state : str
        Keys of `layers.kinds.emergency`; ``other`` and ``unknown`` where none is said.
    height : float
        Metres above the ellipsoid or sea, as it is sent; NaN for none.
    course_deg, speed_kmh : float
        Clockwise from north; NaN for none.
    stale_from : float
        From when it calls itself old, seconds since 1970; infinite for never.
    """

    key: str
    east: float
    north: float
    moment: float
    name: str = ""
    sort: str = "other"
    state: str = "unknown"
    height: float = math.nan
    course_deg: float = math.nan
    speed_kmh: float = math.nan
    stale_from: float = math.inf


@dataclass(frozen=True, slots=True)
class Reading:
    """What a look at a source gave.

    Attributes
    ----------
    sightings : tuple of Sighting
        In the order they came.
    notes : tuple of Note
        What could not be used: ``live_*`` keys with ``count``, ``line`` and ``value`` of the
        first one.
    """

    sightings: tuple[Sighting, ...] = ()
    notes: tuple[Note, ...] = ()


def joined(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Make one note of each key, with the sum of the counts and the first of the values."""
    out: dict[str, Note] = {}
    for note in notes:
        known = out.get(note.key)
        counts = [int(str(one.facts["count"])) for one in (note, known) if one is not None]
        facts = note.facts if known is None else known.facts
        out[note.key] = Note(note.key, {**facts, "count": sum(counts)})
    return tuple(out.values())


@dataclass(frozen=True, slots=True)
class Seen:
    """The last report of one, as it counts now.

    Attributes
    ----------
    sighting : Sighting
    age_s : float
        Seconds since it was there, not below zero.
    stale : bool
        Whether it is too old to be trusted.
    """

    sighting: Sighting
    age_s: float
    stale: bool


@dataclass(slots=True)
class Board:
    """The last report of everybody.

    Attributes
    ----------
    stale_after : float
        Seconds.
    """

    stale_after: float = STALE
    _last: dict[str, Sighting] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._last)

    def take(self, sightings: Iterable[Sighting]) -> int:
        """Keep what is newer than what is known; gives how many were.

        A report that comes late, with an earlier moment than the one known, changes nothing.
        """
        taken = 0
        for one in sightings:
            known = self._last.get(one.key)
            if known is None and len(self._last) >= MOST:
                continue
            if known is None or one.moment >= known.moment:
                taken += one != known
                self._last[one.key] = one
        return taken

    def seen(self, now: float) -> tuple[Seen, ...]:
        """Give everybody as they count at a moment, in the order of their keys.

        Parameters
        ----------
        now : float
            Seconds since 1970 UTC.
        """
        out = []
        for key in sorted(self._last):
            one = self._last[key]
            age = max(now - one.moment, 0.0)
            out.append(Seen(one, age, age > self.stale_after or now >= one.stale_from))
        return tuple(out)

    def clear(self) -> None:
        """Forget everybody."""
        self._last.clear()


@dataclass(frozen=True, slots=True)
class Match:
    """A resource of the project that reports are about: its layer, object, name and sort."""

    layer_id: str
    object_id: int
    name: str
    sort: str


def matches(project: Project, keys: Iterable[str]) -> dict[str, Match]:
    """Find the resources that reports are about, by a field with a code, or by their name.

    Two resources of the same name are not told apart: neither is taken.

    Parameters
    ----------
    project : Project
        The city.
    keys : iterable of str
        Keys or names of reports.
    """
    wanted = {key.strip().casefold(): key for key in keys if key.strip()}
    found: dict[str, Match | None] = {}
    for layer in project.of_kind("resources"):
        data = layer.data
        if not isinstance(data, Features) or not len(data):
            continue
        said = Emergency.of(data, "resources", layer.name)
        columns = [said.name]
        columns += [
            texts(data.attributes.column(column))[data.feature]
            for column in data.attributes.column_names
            if column.lower() in CODES
        ]
        for values in columns:
            for row, value in enumerate(values):
                key = wanted.get(str(value or "").strip().casefold())
                if key is None:
                    continue
                match = Match(
                    layer.id, int(said.ids[row]), str(said.name[row]), str(said.sort[row])
                )
                here = (match.layer_id, match.object_id)
                known = found.get(key, match)
                same = known is not None and (known.layer_id, known.object_id) == here
                found[key] = match if same else None
    return {key: match for key, match in found.items() if match is not None}


def match_of(one: Sighting, found: dict[str, Match]) -> Match | None:
    """Give the resource a report is about: by its key, else by its name."""
    return found.get(one.key) or (found.get(one.name) if one.name else None)


def symbol_for(one: Sighting, match: Match | None = None) -> Symbol:
    """Give the symbol of a report, that of its resource where it says no sort."""
    sort = one.sort if one.sort != "other" or match is None else match.sort
    return symbol_of(sort, "B" if any(s.key == sort for s in SORTS["hazards"]) else "D")
