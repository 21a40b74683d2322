"""What an import tells of itself: read, kept, repaired and skipped, each with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.files.raw import Note
from layers.kinds.base import Extent
from layers.shapes import Ints

FIRST = 5  # how many culprits a report names for each reason


@dataclass(frozen=True, slots=True, eq=False)
class LayerReport:
    """The account of one imported layer; ``read == kept + sum(skipped.values())``.

    Attributes
    ----------
    name, kind : str
        The new layer.
    source, layer : str
        The file, and the layer in it.
    read, kept : int
        Features of the file that were read and that live on.
    repaired : dict of str to int
        Reason to number of kept features that were mended.
    skipped : dict of str to int
        Reason to number of features left out; each feature counts once.
    first : dict of str to tuple of str
        Reason to what the first features are called in the file.
    objects : int
        What can be selected, after multi-part features were split.
    mended : int
        Kept features that were mended for any reason.
    crs : str
        Coordinate system of the file, ``EPSG:...`` or WKT.
    encoding : str or None
        Encoding the texts were read with.
    height_rule : str
        How heights came to be, in English, such as ``"Floor x 3 m; else default 9 m"``;
        empty for layers without heights.
    height_steps : tuple of Note
        The same, one note for each step, for translation.
    height_defaulted : int
        Kept features that have no height of their own.
    extent : (west, south, east, north) or None
        Project coordinates, metres.
    messages : tuple of Note
        Remarks.
    seconds : float
        How long it took.
    """

    name: str
    kind: str
    source: str
    layer: str = ""
    read: int = 0
    kept: int = 0
    repaired: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    first: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    objects: int = 0
    mended: int = 0
    crs: str = ""
    encoding: str | None = None
    height_rule: str = ""
    height_steps: tuple[Note, ...] = ()
    height_defaulted: int = 0
    extent: Extent | None = None
    messages: tuple[Note, ...] = ()
    seconds: float = 0.0

    def to_json(self, word: Callable[[Note], str] | None = None) -> dict[str, Any]:
        """Give the report as values that JSON can hold.

        Parameters
        ----------
        word : callable or None
            Turns a remark into a sentence; without it remarks are objects of
            ``key`` and ``facts``.
        """
        return {
            "name": self.name,
            "kind": self.kind,
            "source": self.source,
            "layer": self.layer,
            "read": self.read,
            "kept": self.kept,
            "repaired": dict(self.repaired),
            "skipped": dict(self.skipped),
            "first": {reason: list(ids) for reason, ids in self.first.items()},
            "objects": self.objects,
            "mended": self.mended,
            "crs": self.crs,
            "encoding": self.encoding,
            "height_rule": self.height_rule or None,
            "height_steps": [note_to_json(note) for note in self.height_steps],
            "height_defaulted": self.height_defaulted,
            "extent": None if self.extent is None else list(self.extent),
            "messages": [word(note) if word else note_to_json(note) for note in self.messages],
            "seconds": round(self.seconds, 3),
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> LayerReport:
        """Read what `to_json` gave without wording."""
        values = {name: raw[name] for name in cls.__dataclass_fields__ if name in raw}
        values["height_rule"] = raw.get("height_rule") or ""
        for name in ("messages", "height_steps"):
            values[name] = tuple(Note(n["key"], n["facts"]) for n in raw.get(name, ()))
        values["first"] = {k: tuple(v) for k, v in raw.get("first", {}).items()}
        if raw.get("extent") is not None:
            west, south, east, north = raw["extent"]
            values["extent"] = (west, south, east, north)
        return cls(**values)


def note_to_json(note: Note) -> dict[str, Any]:
    """Give a remark as values that JSON can hold."""
    return {"key": note.key, "facts": {name: _plain(fact) for name, fact in note.facts.items()}}


def _plain(fact: object) -> object:
    if isinstance(fact, np.generic):
        return fact.item()
    if isinstance(fact, str | int | float | bool) or fact is None:
        return fact
    if isinstance(fact, Sequence):
        return [_plain(part) for part in fact]
    return str(fact)


class Tally:
    """Counts what happens to the features of one layer while it is imported.

    A feature may lose some of its parts and live on; it is skipped only when no
    part is left. It then counts under the first reason that took a part.

    Parameters
    ----------
    ids : (n,) object
        What to call each feature.
    """

    def __init__(self, ids: NDArray[np.object_]) -> None:
        self.ids = ids
        self._lost: list[tuple[str, Ints]] = []
        self._mended: list[tuple[str, Ints]] = []
        self.notes: list[Note] = []

    def lose(self, reason: str, rows: NDArray[np.integer[Any]]) -> None:
        """Tell that a part of each of these features was left out."""
        if len(rows):
            self._lost.append((reason, np.unique(rows).astype(np.int64)))

    def mend(self, reason: str, rows: NDArray[np.integer[Any]]) -> None:
        """Tell that these features were mended."""
        if len(rows):
            self._mended.append((reason, np.unique(rows).astype(np.int64)))

    def note(self, key: str, **facts: object) -> None:
        """Keep a remark."""
        self.notes.append(Note(key, facts))

    def first(self, rows: NDArray[np.integer[Any]]) -> tuple[str, ...]:
        """Give what the first of these features are called."""
        return tuple(str(self.ids[row]) for row in rows[:FIRST])

    def named(self, rows: NDArray[np.integer[Any]]) -> str:
        """Give the same as one text, for a remark."""
        return ", ".join(self.first(rows))

    def mended_rows(self) -> Ints:
        """Give the features mended so far."""
        return _union([rows for _, rows in self._mended])

    def close(self, kept: Ints) -> Account:
        """Draw the line: who was skipped why, and who was mended.

        Parameters
        ----------
        kept : (k,) int64
            Features of which at least one object lives on.
        """
        lives = np.zeros(len(self.ids), dtype=bool)
        lives[kept] = True
        settled = lives.copy()
        skipped: dict[str, Ints] = {}
        mended: dict[str, list[Ints]] = {}
        for reason, rows in self._lost:
            gone = rows[~settled[rows]]
            if gone.size:
                settled[gone] = True
                skipped[reason] = _union([skipped.get(reason, gone), gone])
            if (partly := rows[lives[rows]]).size:
                mended.setdefault("part_left_out", []).append(partly)
        for reason, rows in self._mended:
            if (alive := rows[lives[rows]]).size:
                mended.setdefault(reason, []).append(alive)
        if not settled.all():
            silent = np.flatnonzero(~settled)
            skipped["no_geometry"] = _union([skipped.get("no_geometry", silent), silent])
        repaired = {reason: _union(rows) for reason, rows in mended.items()}
        both = {**repaired, **skipped}
        return Account(
            read=len(self.ids),
            kept=int(lives.sum()),
            repaired={reason: len(rows) for reason, rows in repaired.items()},
            skipped={reason: len(rows) for reason, rows in skipped.items()},
            first={reason: self.first(rows) for reason, rows in both.items()},
            mended=len(_union(list(repaired.values()))),
        )


@dataclass(frozen=True, slots=True)
class Account:
    """The figures of a closed tally; the names are those of `LayerReport`."""

    read: int
    kept: int
    repaired: dict[str, int]
    skipped: dict[str, int]
    first: dict[str, tuple[str, ...]]
    mended: int


def _union(rows: Sequence[Ints]) -> Ints:
    if len(rows) == 1:
        return rows[0]  # distinct and rising already
    return np.unique(np.concatenate(rows)) if rows else np.zeros(0, dtype=np.int64)
