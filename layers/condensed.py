"""Contents of layers kept as what differs from another version, to be made again bit for bit.

Undo keeps what was there before each step. In a city of a million buildings that is a hundred
megabytes a step, of which all but some hundred bytes stand in the content after the step as well.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from layers.condensed_parts import (
    SAME,
    SCATTERED,
    Matching,
    Memory,
    Part,
    Whole,
    column,
    is_free,
    memory_of,
    memory_of_table,
    shapes_part,
)
from layers.condensed_table import table_part
from layers.content import known_hashes, remember_hashes
from layers.kinds.base import Features, LayerData
from layers.kinds.buildings import Surfaces
from layers.row_match import old_rows
from layers.shapes import Ints, Shapes

FEW = 64  # stretches that are always told
LESS = 0.9  # share of a content's bytes that must not be reached by what is kept of it


@dataclass(frozen=True, slots=True, eq=False)
class Condensed:
    """A content of objects as what differs from another one.

    Attributes
    ----------
    kind : type
        Class of the content.
    beside : tuple of int
        Marks of the content it differs from: objects, corners, attribute rows.
    parts : mapping of str to Part
        What is kept of each of its columns.
    hashes : mapping of str to str
        Those of its pieces that were known.
    memory : mapping of int to int
        Bytes that are kept, by address.
    """

    kind: type[Features]
    beside: tuple[int, int, int]
    parts: Mapping[str, Part]
    hashes: Mapping[str, str]
    memory: Memory

    def restored(self, beside: LayerData) -> Features:
        """Give the content again.

        Parameters
        ----------
        beside : LayerData
            The content it differs from, bit for bit.
        """
        assert isinstance(beside, Features)
        assert _marks(beside) == self.beside, "this is not the content it differs from"
        made = {name: part.made(getattr(beside, name)) for name, part in self.parts.items()}
        content = self.kind(**made)
        remember_hashes(content.pack(), self.hashes)
        return content


Kept = LayerData | Condensed


def _marks(content: Features) -> tuple[int, int, int]:
    return len(content), len(content.shapes.coords), content.attributes.num_rows


def condensed(content: LayerData, beside: LayerData) -> Condensed | None:
    """Keep a content as what differs from another one.

    Takes about as long as the step itself; touches nothing, so that a thread may do it.

    Parameters
    ----------
    content : LayerData
        What is to be kept. Only contents of objects can be told that way.
    beside : LayerData
        The content that will be at hand when it is wanted again.

    Returns
    -------
    Condensed or None
        None where that saves too little.
    """
    if not isinstance(content, Features) or type(content) is not type(beside):
        return None
    assert isinstance(beside, Features)
    matching = Matching.of(old_rows(content.ids, beside.ids), len(beside))
    if len(matching.runs) > max(len(content) // SCATTERED, FEW):
        return None
    sizes = len(content), len(beside)
    parts: dict[str, Part] = {
        name: _part(getattr(content, name), getattr(beside, name), matching, sizes)
        for name in (field.name for field in fields(content))
    }
    memory = dict(memory_of(matching.runs))
    for part in parts.values():
        memory |= part.memory()
    if sum(memory.values()) > LESS * sum(memory_of_kept(content).values()):
        return None
    hashes = known_hashes(content.pack())
    return Condensed(type(content), _marks(beside), parts, hashes, memory)


def _part(now: Any, there: Any, matching: Matching, sizes: tuple[int, int]) -> Part:
    if isinstance(now, Shapes):
        return shapes_part(now, there, matching)
    if isinstance(now, pa.Table):
        return table_part(now, there)
    if isinstance(now, np.ndarray) and (len(now), len(there)) == sizes:
        return column(now, there, matching)
    if now is there:
        return SAME
    if isinstance(now, Surfaces) and isinstance(there, Surfaces):
        return _faces_part(now, there)
    return Whole(now, _memory_of(now))


@dataclass(frozen=True, slots=True)
class _Faces:
    """Faces of detailed buildings, as shapes with heights and their owners."""

    shapes: Part
    owner: Part

    def made(self, beside: Surfaces) -> Surfaces:
        made: Shapes = self.shapes.made(_as_shapes(beside))
        assert made.z is not None
        coords = np.column_stack([made.coords, made.z])
        owner = self.owner.made(beside.owner)
        return Surfaces(coords, made.ring_start, made.shape_start, owner, made.kind)

    def memory(self) -> Memory:
        return {**self.shapes.memory(), **self.owner.memory()}


def _as_shapes(faces: Surfaces) -> Shapes:
    return Shapes(
        faces.meaning, faces.coords[:, :2], faces.ring_start, faces.face_start, faces.coords[:, 2]
    )  # fmt: skip


def _faces_part(now: Surfaces, there: Surfaces) -> Part:
    """Keep faces; the k-th face of a building is held against its k-th face there."""
    whole = Whole(now, _memory_of(now))
    if all(is_free(getattr(now, field.name)) for field in fields(now)):
        return whole
    matching = Matching.of(_face_rows(now.owner, there.owner), len(there.owner))
    shapes = shapes_part(_as_shapes(now), _as_shapes(there), matching)
    made = _Faces(shapes, column(now.owner, there.owner, matching))
    return made if sum(made.memory().values()) < LESS * sum(whole.taken.values()) else whole


def _face_rows(now: Ints, there: Ints) -> Ints:
    owners = np.union1d(now, there)
    found = [(np.searchsorted(owners, owner), _turns(owner)) for owner in (now, there)]
    most = 1 + max(int(turn.max(initial=0)) for _, turn in found)
    mine, others = (owner * most + turn for owner, turn in found)
    return old_rows(mine, others)


def _turns(owner: Ints) -> Ints:
    """Say for each face the how manieth of its building it is, (f,) int64."""
    order = np.argsort(owner, kind="stable")
    ranked = owner[order]
    first = np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1])[: len(ranked)])
    out = np.empty(len(owner), dtype=np.int64)
    out[order] = np.arange(len(owner)) - np.repeat(first, np.diff(first, append=len(owner)))
    return out


# Contents are frozen: what each takes is counted once in its life.
_memories: dict[int, tuple[weakref.ref[Any], Memory]] = {}


def memory_of_kept(kept: object) -> Memory:
    """Tell what memory a content takes, or what is kept of one.

    Parameters
    ----------
    kept : LayerData, Patch or Condensed
        A frozen value of arrays and tables.

    Returns
    -------
    mapping of int to int
        Bytes by address; what lies in files does not count.
    """
    if isinstance(kept, Condensed):
        return kept.memory
    key = id(kept)
    known = _memories.get(key)
    if known is not None and known[0]() is kept:
        return known[1]
    memory = _memory_of(kept)
    _memories[key] = weakref.ref(kept, lambda _: _memories.pop(key, None)), memory
    return memory


def _memory_of(value: Any) -> Memory:
    if isinstance(value, np.ndarray):
        return memory_of(value)
    if isinstance(value, pa.Table):
        return memory_of_table(value)
    out: dict[int, int] = {}
    if is_dataclass(value):
        for field in fields(value):
            out |= _memory_of(getattr(value, field.name))
    elif isinstance(value, dict):
        for part in value.values():
            out |= _memory_of(part)
    return out
