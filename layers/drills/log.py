"""What happened in an exercise: a list that only grows, written to disk line by line."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from layers.errors import CityError

ACTS = (
    "began", "paused", "went-on", "ended", "step-began", "step-ended", "step-skipped", "inject",
    "note", "symbol", "closed-way", "opened-way", "message", "score", "taken-back",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One act of an exercise.

    Attributes
    ----------
    number : int
        From 1, without gaps.
    moment : str
        Of the clock on the wall, ISO 8601 with time zone.
    second : float
        Of the plan.
    author, act : str
        Who; one of ``ACTS``.
    about : str
        The step, the inject or the objective; of a symbol its code; of a way that was opened, and
        of what was taken back, the number of the entry.
    text : str
        Note, message, label.
    place : tuple of (float, float)
        Project coordinates; empty for none.
    value : float
        A score, for ``score``.
    """

    number: int
    moment: str
    second: float
    author: str
    act: str
    about: str = ""
    text: str = ""
    place: tuple[tuple[float, float], ...] = ()
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Exercise:
    """One run of a plan with people.

    Attributes
    ----------
    id : int
        Number, unique in the project.
    plan, version : int
        The plan and which of its versions was run.
    name : str
        What people call it.
    entries : tuple of Entry
        In the order they were logged.
    """

    id: int
    plan: int
    version: int
    name: str
    entries: tuple[Entry, ...] = ()

    @property
    def began(self) -> str:
        """Moment of the first entry, "" before there is one."""
        return self.entries[0].moment if self.entries else ""

    @property
    def seconds(self) -> float:
        """Second of the last act of the exercise itself; what is scored later does not count."""
        return max((e.second for e in self.entries if e.act != "score"), default=0.0)

    def standing(self) -> tuple[Entry, ...]:
        """Give the entries that were not taken back; taking back is an entry, too."""
        gone = {e.about for e in self.entries if e.act == "taken-back"}
        return tuple(e for e in self.entries if e.act != "taken-back" and str(e.number) not in gone)

    def skipped(self) -> set[str]:
        """Give the steps that were left out."""
        return {e.about for e in self.standing() if e.act == "step-skipped"}

    def times(self) -> dict[str, tuple[float | None, float | None]]:
        """Give when each step really began and ended, seconds of the plan; None for never."""
        out: dict[str, tuple[float | None, float | None]] = {}
        for entry in self.standing():
            begin, end = out.get(entry.about, (None, None))
            if entry.act == "step-began" and begin is None:
                out[entry.about] = (entry.second, end)
            elif entry.act == "step-ended":
                out[entry.about] = (begin, entry.second)
        return out


class LogFile:
    """A file with one entry a line; each is on the disk before the next is taken.

    Parameters
    ----------
    path : pathlib.Path
        Where; entries that are there stay.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._entries, self.cut = read_log(path) if path.exists() else ([], 0)
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.cut:
            _end_line(path)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What was logged."""
        return tuple(self._entries)

    def add(self, moment: str, second: float, author: str, act: str, **more: Any) -> Entry:
        """Log an act.

        Raises
        ------
        CityError
            ``drill.log_write`` where it cannot be written; nothing is taken up then.
        """
        entry = Entry(len(self._entries) + 1, moment, second, author, act, **more)
        line = json.dumps(asdict(entry), ensure_ascii=False) + "\n"
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise CityError(
                "drill.log_write",
                f"The log of the exercise cannot be written: {error.strerror}.",
                hint="make room on the disk, or choose another folder",
                where=str(self.path),
                reason=str(error.strerror),
            ) from error
        self._entries.append(entry)
        return entry


def read_log(path: Path) -> tuple[list[Entry], int]:
    """Read a log; gives the entries and how many lines could not be read."""
    out: list[Entry] = []
    wrong = 0
    for line in path.read_bytes().decode("utf-8", errors="replace").splitlines():
        if not line.strip():
            continue
        try:
            out.append(entry_from_json(json.loads(line)))
        except (json.JSONDecodeError, TypeError, KeyError, ValueError):
            wrong += 1
    return out, wrong


def entry_from_json(raw: dict[str, Any]) -> Entry:
    """Build an entry from JSON values; fields of later versions are left out."""
    known = {field.name for field in fields(Entry)}
    values = {name: value for name, value in raw.items() if name in known}
    values["place"] = tuple((float(x), float(y)) for x, y in values.get("place", ()))
    return Entry(**values)


def exercise_to_json(exercise: Exercise) -> dict[str, Any]:
    """Give an exercise as plain JSON values."""
    return asdict(exercise)


def exercise_from_json(raw: dict[str, Any]) -> Exercise:
    """Build an exercise from what `exercise_to_json` gave."""
    entries: Iterable[dict[str, Any]] = raw["entries"]
    return Exercise(
        raw["id"], raw["plan"], raw["version"], raw["name"],
        tuple(entry_from_json(entry) for entry in entries),
    )  # fmt: skip


def _end_line(path: Path) -> None:
    """End the last line of a file that was cut short, so that the next entry stands alone."""
    with path.open("r+b") as file:
        file.seek(0, os.SEEK_END)
        if file.tell() == 0:
            return
        file.seek(-1, os.SEEK_END)
        if file.read(1) != b"\n":
            file.write(b"\n")
