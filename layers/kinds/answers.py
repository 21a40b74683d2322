"""Answers: what analyses found, kept with what they were asked, what they read, and their marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from layers.errors import CityError
from layers.files.raw import Note
from layers.kinds.base import Extent, Kind, LayerData, Packed
from layers.rules.rule import Status
from layers.style import Style

Fact = float | int | str | bool
ROWS = 1_000_000  # a mark's number is that of its answer times this, and its row


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """What an answer shows in the scene.

    Attributes
    ----------
    name : str
        Key of the name: ``answers-marks-NAME``.
    data : LayerData
        Usually `Features` in the project's coordinates, of one kind of shape or several; corners
        with heights stand at these metres above the datum. An attribute ``row`` says which row
        of the answer's table an object belongs to.
    field : str
        Attribute that gives the colour: ``status`` (``pass``, ``warning``, ``fail``, ``none``),
        another text, or a number; "" for one colour.
    kind : str
        Which kind of layer draws it: ``features``, ``buildings`` and so on.
    style : Style or None
        The look; None takes the one that fits `field`.
    """

    name: str
    data: LayerData
    field: str = ""
    kind: str = "features"
    style: Style | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What an analysis found.

    Attributes
    ----------
    table : pyarrow.Table
        One row per finding or object. Columns are in snake_case and end with their unit (``_m``,
        ``_m2``, ``_min``, ``_percent``); texts are stable keys or names, not sentences. ``layer``
        and ``object`` name the object of the project a row is about; ``east``, ``north`` and
        ``level`` its place.
    facts : mapping of str to float, int, str or bool
        The headline figures, named like columns.
    marks : tuple of Marks
        What is shown in the scene.
    status : str
        The worst of ``pass``, ``warning``, ``fail``; ``none`` where nothing is judged.
    notes : tuple of Note
        What was assumed or left out, and what the answer cannot tell.
    """

    table: pa.Table
    facts: Mapping[str, Fact] = field(default_factory=dict)
    marks: tuple[Marks, ...] = ()
    status: Status = "none"
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SavedAnalysis:
    """One answer that is kept.

    Attributes
    ----------
    id : int
        Number, unique in the project and never given again.
    kind : str
        Which analysis: a key of ``ANALYSES``.
    name : str
        What people call it.
    params : dict
        What was asked, JSON values.
    inputs : dict of str to str
        Hash of each thing the answer depends on: ``frame``, ``ground``, ``moment``, ``layer:ID``
        and ``rules:PACK``. Another hash now means *stale*.
    outcome : Outcome
        The answer.
    program, created, crs : str
        Program and version; when, ISO 8601 with time zone; coordinate system.
    scheme : str
        Name of the scheme it was asked about, "" for the city as it is shown.
    note : str
        Remark of the user.
    shown : bool
        Whether its marks are drawn.
    """

    id: int
    kind: str
    name: str
    params: Mapping[str, Any]
    inputs: Mapping[str, str]
    outcome: Outcome
    program: str = ""
    created: str = ""
    crs: str = ""
    scheme: str = ""
    note: str = ""
    shown: bool = True

    def extent(self) -> Extent | None:
        """Give the box around all marks, metres; None where there is none."""
        boxes = [box for marks in self.outcome.marks if (box := marks.data.extent()) is not None]
        if not boxes:
            return None
        low, high = np.min(boxes, axis=0), np.max(boxes, axis=0)
        return float(low[0]), float(low[1]), float(high[2]), float(high[3])


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Answers:
    """The answers of a project, in the order they were first asked for.

    Attributes
    ----------
    items : tuple of SavedAnalysis
        Oldest first.
    next_id : int
        Number the next one will get.
    """

    items: tuple[SavedAnalysis, ...] = ()
    next_id: int = 1

    def __len__(self) -> int:
        return len(self.items)

    def extent(self) -> Extent | None:
        """Give west, south, east, north of the marks that are shown, metres."""
        boxes = [
            box
            for item in self.items
            if item.shown
            for marks in item.outcome.marks
            if (box := marks.data.extent()) is not None
        ]
        if not boxes:
            return None
        west, south, east, north = np.array(boxes).T
        return float(west.min()), float(south.min()), float(east.max()), float(north.max())

    def get(self, number: int) -> SavedAnalysis:
        """Give one by its number.

        Raises
        ------
        CityError
            ``answers.no_such_id``.
        """
        for item in self.items:
            if item.id == number:
                return item
        raise CityError("answers.no_such_id", f"There is no answer {number}.", id=number)

    def with_new(self, item: SavedAnalysis) -> Answers:
        """Give the list with one more; it gets the next number, and alone is shown."""
        others = tuple(replace(old, shown=False) if old.shown else old for old in self.items)
        return Answers((*others, replace(item, id=self.next_id)), self.next_id + 1)

    def with_changed(self, item: SavedAnalysis) -> Answers:
        """Give the list with the one of the same number replaced."""
        self.get(item.id)
        items = tuple(item if old.id == item.id else old for old in self.items)
        return Answers(items, self.next_id)

    def without(self, number: int) -> Answers:
        """Give the list without one."""
        self.get(number)
        return Answers(tuple(old for old in self.items if old.id != number), self.next_id)

    def pack(self) -> Packed:
        """Give the content as plain parts."""
        out = Packed(meta={"next_id": self.next_id, "items": []})
        for item in self.items:
            out.meta["items"].append(_plain(item))
            out.tables[f"{item.id}/table"] = item.outcome.table
            for number, marks in enumerate(item.outcome.marks):
                parts, start = marks.data.pack(), f"{item.id}/{number}/"
                out.arrays.update({start + name: array for name, array in parts.arrays.items()})
                out.tables.update({start + name: table for name, table in parts.tables.items()})
        return out

    @classmethod
    def unpack(cls, packed: Packed) -> Answers:
        """Build the content from the parts that `pack` gave."""
        items = tuple(_item(raw, packed) for raw in packed.meta["items"])
        return cls(items, packed.meta["next_id"])


def _plain(item: SavedAnalysis) -> dict[str, Any]:
    outcome = item.outcome
    return {
        **{name: getattr(item, name) for name in TEXTS},
        "params": dict(item.params),
        "inputs": dict(item.inputs),
        "facts": dict(outcome.facts),
        "status": outcome.status,
        "notes": [[note.key, dict(note.facts)] for note in outcome.notes],
        "marks": [
            {
                "name": marks.name, "field": marks.field, "kind": marks.kind,
                "style": None if marks.style is None else asdict(marks.style),
                "meta": marks.data.pack().meta,
            }
            for marks in outcome.marks
        ],
    }  # fmt: skip


TEXTS = ("id", "kind", "name", "program", "created", "crs", "scheme", "note", "shown")


def _item(raw: dict[str, Any], packed: Packed) -> SavedAnalysis:
    outcome = Outcome(
        packed.tables[f"{raw['id']}/table"],
        raw["facts"],
        tuple(_marks(m, f"{raw['id']}/{i}/", packed) for i, m in enumerate(raw["marks"])),
        raw["status"],
        tuple(Note(key, facts) for key, facts in raw["notes"]),
    )
    texts = {name: raw[name] for name in TEXTS if name in raw}
    return SavedAnalysis(params=raw["params"], inputs=raw["inputs"], outcome=outcome, **texts)


def _marks(raw: dict[str, Any], start: str, packed: Packed) -> Marks:
    from layers.files.project_state import style_from_json
    from layers.kinds import kind_of

    parts = Packed(
        raw["meta"],
        {k.removeprefix(start): v for k, v in packed.arrays.items() if k.startswith(start)},
        {k.removeprefix(start): v for k, v in packed.tables.items() if k.startswith(start)},
    )
    style = None if raw["style"] is None else style_from_json(raw["style"])
    data = kind_of(raw["kind"]).unpack(parts)
    return Marks(raw["name"], data, raw["field"], raw["kind"], style)


KIND = Kind("answers", Answers, "point+line+polygon", Style(colour="#c62828"), 90)
