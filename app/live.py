"""Live positions followed: sources begun and polled, the board kept, what is said of each."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.wording import Wording, current
from layers.drills.live import STALE, Board, Match, Seen, joined, match_of, matches, symbol_for
from layers.drills.live_sources import Source
from layers.errors import CityError
from layers.files.raw import Note
from layers.project import Project

if TYPE_CHECKING:
    from scene.live_marks import LiveMark


@dataclass(slots=True)
class Following:
    """A source that is followed for a project.

    Attributes
    ----------
    source : Source
        Begun by the one who follows it.
    board : Board
        Who was seen last where.
    clock : callable
        Seconds since 1970 UTC.
    """

    source: Source
    board: Board = field(default_factory=lambda: Board(STALE))
    clock: Callable[[], float] = time.time
    reports: int = 0
    problem: CityError | None = None
    _notes: tuple[Note, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """What could not be used since it was begun."""
        return self._notes

    def look(self, project: Project) -> bool:
        """Take what is new; gives whether anything was. What went wrong stands in `problem`."""
        try:
            reading = self.source.poll(project, self.clock())
        except CityError as error:
            self.problem = error
            return False
        if reading is None:
            return False
        self.problem = None
        self.reports += len(reading.sightings)
        self._notes = joined((*self._notes, *reading.notes))
        return self.board.take(reading.sightings) > 0 or bool(reading.notes)

    def seen(self) -> tuple[Seen, ...]:
        """Give everybody as they count now."""
        return self.board.seen(self.clock())


def matched(project: Project, seen: tuple[Seen, ...]) -> dict[str, Match]:
    """Find the resources that were seen, by the key of the report."""
    found = matches(project, [w for one in seen for w in (one.sighting.key, one.sighting.name)])
    out = {one.sighting.key: match_of(one.sighting, found) for one in seen}
    return {key: match for key, match in out.items() if match is not None}


def name_of(one: Seen, found: dict[str, Match]) -> str:
    """Give the name of one: its own, that of its resource, or its key."""
    match = found.get(one.sighting.key)
    return one.sighting.name or (match.name if match else "") or one.sighting.key


def age(seconds: float, wording: Wording) -> str:
    """Word how long ago something was: 12 s, 3 min, 2 h."""
    if seconds < 120.0:
        return wording.t("live-age-s", count=round(seconds))
    if seconds < 7200.0:
        return wording.t("live-age-min", count=round(seconds / 60.0))
    return wording.t("live-age-h", count=round(seconds / 3600.0))


def marks(project: Project, seen: tuple[Seen, ...], wording: Wording) -> list[LiveMark]:
    """Give what the scene shows: symbol and name, the age behind the names of old ones."""
    from scene.live_marks import LiveMark

    found = matched(project, seen)
    out = []
    for one in seen:
        s = one.sighting
        text = name_of(one, found)
        if one.stale:
            text = wording.t("live-stale-name", name=text, age=age(one.age_s, wording))
        symbol = symbol_for(s, found.get(s.key))
        out.append(LiveMark(s.east, s.north, symbol, text, one.stale))
    return out


def facts(project: Project, seen: tuple[Seen, ...]) -> list[dict[str, Any]]:
    """Give what is known of each as plain values."""
    found = matched(project, seen)
    out = []
    for one in seen:
        s = one.sighting
        match = found.get(s.key)
        place = project.need_frame().lonlat([[s.east, s.north]])[0] if project.frame else None
        out.append(
            {
                "key": s.key, "name": name_of(one, found),
                "sort": match.sort if match is not None and s.sort == "other" else s.sort,
                "state": s.state, "east": round(s.east, 2), "north": round(s.north, 2),
                "lon": None if place is None else round(float(place[0]), 7),
                "lat": None if place is None else round(float(place[1]), 7),
                "height_m": _given(s.height), "course_deg": _given(s.course_deg),
                "speed_kmh": _given(s.speed_kmh), "age_s": round(one.age_s, 1),
                "stale": one.stale, "layer": match.layer_id if match else None,
                "object": match.object_id if match else None,
            }
        )  # fmt: skip
    return out


def _given(value: float) -> float | None:
    return round(value, 2) if math.isfinite(value) else None


def note_words(notes: tuple[Note, ...], wording: Wording | None = None) -> list[str]:
    """Word what could not be used."""
    w = wording or current()
    return [w.note(note) for note in notes]
