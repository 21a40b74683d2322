"""Columns, shapes and tables kept as what differs from those of another version of a layer.

Whatever is told here is told bit for bit: what is not the same in every bit is kept itself, and
where that saves too little the whole is kept.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.copy_on_write import with_rows
from layers.row_match import MOST_STRETCHES
from layers.schemes_rows import bits, shapes_differ
from layers.scratch import LaidAside, laid_aside
from layers.shapes import (
    Bools,
    Ints,
    Shapes,
    alike,
    remember_alike,
    runs,
    same_arrays,
    spliced,
)

#: Bytes of memory by the address at which they begin; two that share memory share an entry.
Memory = Mapping[int, int]
WORTH = 0.5  # share of its bytes below which what differs is kept instead of the whole
LARGE = 1 << 18  # bytes from which what is kept whole is laid aside in a file
SCATTERED = 8  # a stretch for so many rows: more of them are not worth telling


class Part(Protocol):
    """What is kept of a part of a content."""

    def made(self, beside: Any) -> Any:
        """Give the part again, from the same part of the other version."""

    def memory(self) -> Memory:
        """Tell what is kept in memory."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Where each object of a content stands in the other version.

    Attributes
    ----------
    runs : (s, 3) int64
        First row here, first row there (-1 for what is not there), number of rows.
    count : int
        Rows here.
    still : bool
        Whether all stand where they stand there, and no others do.
    """

    runs: Ints
    count: int
    still: bool

    @classmethod
    def of(cls, rows: Ints, there: int) -> Matching:
        """Make it of where each of n objects stands among others, -1 for not at all."""
        if len(rows) == 0:
            return cls(np.empty((0, 3), dtype=np.int64), 0, there == 0)
        breaks = np.where(rows[:-1] < 0, rows[1:] >= 0, rows[1:] != rows[:-1] + 1)
        begin = np.append(0, np.flatnonzero(breaks) + 1)
        found = np.column_stack([begin, rows[begin], np.diff(begin, append=len(rows))])
        still = len(found) == 1 and rows[0] == 0 and len(rows) == there
        return cls(found, len(rows), still)

    @property
    def rows(self) -> Ints:
        """Where each stands in the other version, (n,) int64, -1 for not at all."""
        here, there, count = self.runs.T
        shift = np.repeat(np.where(there < 0, 0, there - here), count)
        rows = np.arange(self.count, dtype=np.int64) + shift
        rows[np.repeat(there < 0, count)] = -1
        return np.asarray(rows)

    @property
    def same(self) -> Ints:
        """The stretches that are there, (s, 3) int64."""
        return self.runs[self.runs[:, 1] >= 0]

    def carry(self, column: NDArray[Any]) -> NDArray[Any]:
        """Give a column of the other version in the order of this one; what is not there is 0."""
        if len(self.runs) <= MOST_STRETCHES:
            out = np.empty((self.count, *column.shape[1:]), dtype=column.dtype)
            for here, there, count in self.runs.tolist():
                out[here : here + count] = column[there : there + count] if there >= 0 else 0
            return out
        rows = self.rows
        out = np.zeros((self.count, *column.shape[1:]), dtype=column.dtype)
        out[rows >= 0] = column[rows[rows >= 0]]
        return out


def is_free(array: NDArray[Any]) -> bool:
    """Say whether an array lies in a file that is only read, so that it costs no memory.

    One that is mapped privately for the sake of a few rows does not count as such: it takes
    little memory, but each of them holds a file open, of which there can be a thousand or so.
    """
    base: Any = array
    while base is not None:
        if isinstance(base, mmap.mmap):
            return memoryview(base).readonly
        base = base.obj if isinstance(base, memoryview) else getattr(base, "base", None)
    return False


def memory_of(array: NDArray[Any]) -> Memory:
    """Tell what memory an array takes; nothing where it lies in a file."""
    if array.nbytes == 0 or is_free(array):
        return {}
    return {int(array.__array_interface__["data"][0]): array.nbytes}


def memory_of_table(table: pa.Table) -> Memory:
    """Tell what memory a table takes; chunks that tables share are one."""
    out: dict[int, int] = {}
    for column in table.columns:
        for chunk in column.chunks:
            for buffer in _buffers(chunk):
                out[buffer.address] = buffer.size
    return out


def _buffers(array: pa.Array) -> Iterator[pa.Buffer]:
    if pa.types.is_dictionary(array.type):
        yield from _buffers(array.dictionary)
        array = array.indices
    for buffer in array.buffers():
        if buffer is not None and buffer.size:
            yield buffer


@dataclass(frozen=True, slots=True)
class Same:
    """The part is the other version's own."""

    def made(self, beside: Any) -> Any:
        """Give that of the other version."""
        return beside

    def memory(self) -> Memory:
        """Tell that nothing is kept."""
        return {}


SAME = Same()


@dataclass(frozen=True, slots=True)
class Whole:
    """The part itself: a file holds it, or what differs would save too little."""

    value: Any
    taken: Memory = field(default_factory=dict)

    def made(self, beside: Any) -> Any:
        """Give it."""
        del beside
        return self.value

    def memory(self) -> Memory:
        """Tell what it takes."""
        return self.taken


@dataclass(frozen=True, slots=True)
class Filed:
    """An array that shares too little with the other version, laid aside in a file."""

    raw: LaidAside
    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    def made(self, beside: Any) -> NDArray[Any]:
        """Read it."""
        del beside
        return self.raw.read().view(self.dtype).reshape(self.shape)

    def memory(self) -> Memory:
        """Tell that it takes none."""
        return {}


def whole(array: NDArray[Any]) -> Part:
    """Keep an array itself: where it is, or in a file if it is large."""
    memory = memory_of(array)
    if memory and array.nbytes >= LARGE and not array.dtype.hasobject:
        raw = laid_aside(np.ascontiguousarray(array).reshape(-1).view(np.uint8))
        if raw is not None:
            return Filed(raw, array.dtype, array.shape)
    return Whole(array, memory)


@dataclass(frozen=True, slots=True)
class Rows:
    """A column of which some rows differ."""

    matching: Matching
    at: Ints
    values: NDArray[Any]

    def made(self, beside: NDArray[Any]) -> NDArray[Any]:
        """Carry the column over and put in what differs."""
        if self.matching.still:
            return with_rows(beside, self.at, self.values)
        out = self.matching.carry(beside)
        out[self.at] = self.values
        return out

    def memory(self) -> Memory:
        """Tell what the values take; the stretches are told by the whole."""
        return {**memory_of(self.at), **memory_of(self.values)}


def column(now: NDArray[Any], beside: NDArray[Any], matching: Matching) -> Part:
    """Keep a column with one row for each object.

    Parameters
    ----------
    now : (n, ...) ndarray
        What is to be kept.
    beside : (m, ...) ndarray
        The column of the other version.
    matching : Matching
        Where each of the n objects stands there.
    """
    if now is beside and matching.still:
        return SAME
    fits = now.dtype == beside.dtype and now.shape[1:] == beside.shape[1:]
    if is_free(now) or not fits or now.dtype.hasobject:
        return whole(now)
    carried = beside if matching.still else matching.carry(beside)
    other = differing(now, carried)
    if not matching.still:
        for here, there, count in matching.runs.tolist():
            if there < 0:
                other[here : here + count] = True
    at = np.flatnonzero(other)
    if len(at) == 0 and matching.still:
        return SAME
    if len(at) * (8 + now.nbytes // max(len(now), 1)) > WORTH * now.nbytes:
        return whole(now)
    return Rows(matching, at, now[at])


def differing(now: NDArray[Any], beside: NDArray[Any]) -> Bools:
    """Say which rows of two arrays of one shape and type differ in a bit, (n,)."""
    other = np.asarray(bits(now) != bits(beside))
    return np.asarray(other.any(axis=tuple(range(1, other.ndim))))


@dataclass(frozen=True, slots=True)
class Corners:
    """Shapes of which some differ; all have as many corners as in the other version."""

    kind: Part
    coords: Part
    z: Part
    same: Ints

    def made(self, beside: Shapes) -> Shapes:
        """Put the corners in that differ."""
        made = Shapes(
            self.kind.made(beside.kind), self.coords.made(beside.coords),
            beside.ring_start, beside.shape_start, self.z.made(beside.z),
        )  # fmt: skip
        if made.coords is not beside.coords and not len(alike(made, beside)):
            remember_alike(made, beside, self.same)
        return made

    def memory(self) -> Memory:
        """Tell what is kept."""
        kept = self.kind.memory(), self.coords.memory(), self.z.memory(), memory_of(self.same)
        return _together(*kept)


@dataclass(frozen=True, slots=True)
class Woven:
    """Shapes woven of stretches of the other version's and of those that differ."""

    parts: Ints
    own: Shapes
    heights: bool
    same: Ints

    def made(self, beside: Shapes) -> Shapes:
        """Weave them."""
        sources = beside, self.own
        if len(self.parts) <= MOST_STRETCHES and len(self.parts):
            made = spliced([(sources[i], a, b) for i, a, b in self.parts.tolist()])
        else:
            first = self.parts[:, 1] + np.where(self.parts[:, 0] == 1, len(beside), 0)
            count = self.parts[:, 2] - self.parts[:, 1]
            order = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
            made = Shapes.join(sources).take(order)
        if (made.z is not None) != self.heights:
            z = np.full(len(made.coords), np.nan) if self.heights else None
            made = Shapes(made.kind, made.coords, made.ring_start, made.shape_start, z)
        remember_alike(made, beside, self.same)
        return made

    def memory(self) -> Memory:
        """Tell what is kept."""
        return _together(memory_of(self.parts), memory_of_shapes(self.own), memory_of(self.same))


@dataclass(frozen=True, slots=True)
class WholeShapes:
    """Shapes array by array, and where they are known to be as in the other version."""

    parts: Mapping[str, Part]
    same: Ints

    @classmethod
    def of(cls, now: Shapes, beside: Shapes, same: Ints) -> WholeShapes:
        """Keep each array that is not the other version's own."""
        parts: dict[str, Part] = {}
        for name in ("kind", "coords", "ring_start", "shape_start", "z"):
            array, there = getattr(now, name), getattr(beside, name)
            if array is there:
                parts[name] = SAME
            else:
                parts[name] = Whole(None) if array is None else whole(array)
        return cls(parts, same)

    def made(self, beside: Shapes) -> Shapes:
        """Give them; where they are alike is noted."""
        made = Shapes(
            **{name: part.made(getattr(beside, name)) for name, part in self.parts.items()}
        )
        if len(self.same) and not len(alike(made, beside)):
            remember_alike(made, beside, self.same)
        return made

    def memory(self) -> Memory:
        """Tell what they take."""
        return _together(*(part.memory() for part in self.parts.values()), memory_of(self.same))


def memory_of_shapes(shapes: Shapes) -> Memory:
    """Tell what memory the arrays of shapes take."""
    arrays = shapes.kind, shapes.coords, shapes.ring_start, shapes.shape_start
    heights = () if shapes.z is None else (shapes.z,)
    return _together(*(memory_of(array) for array in (*arrays, *heights)))


def _together(*parts: Memory) -> Memory:
    out: dict[int, int] = {}
    for part in parts:
        out |= part
    return out


def shapes_part(now: Shapes, beside: Shapes, matching: Matching) -> Part:
    """Keep shapes; see `column`."""
    if same_arrays(now, beside):
        return SAME
    starts = now.ring_start is beside.ring_start and now.shape_start is beside.shape_start
    standing = starts and matching.still and (now.z is None) == (beside.z is None)
    joinable = _joinable(now, beside)
    rows = matching.rows
    if standing and joinable and len(now) and not len(alike(now, beside)):
        changed = _moved(now, beside)  # corner by corner, quicker than shape by shape
    else:
        changed = shapes_differ(now, beside, rows)
    rows[changed] = -1
    left = Matching.of(rows, len(beside))
    if not joinable:
        return WholeShapes.of(now, beside, left.same)
    if standing:
        return _corners(now, beside, np.flatnonzero(changed), left.same)
    arrays = now.kind, now.coords, now.ring_start, now.shape_start
    if all(is_free(array) for array in arrays) and (now.z is None or is_free(now.z)):
        return WholeShapes.of(now, beside, left.same)
    own = now.take(np.flatnonzero(changed))
    parts = np.zeros_like(left.runs)
    _, there, count = left.runs.T
    parts[:, 0] = there < 0
    counted = np.cumsum(np.where(there < 0, count, 0)) - np.where(there < 0, count, 0)
    parts[:, 1] = np.where(there < 0, counted, there)
    parts[:, 2] = parts[:, 1] + count
    made = Woven(parts, own, now.z is not None, left.same)
    if _size(made.memory()) < WORTH * _size(memory_of_shapes(now)):
        return made
    return WholeShapes.of(now, beside, left.same)


def _size(memory: Memory) -> int:
    return sum(memory.values())


def _joinable(now: Shapes, beside: Shapes) -> bool:
    """Say whether stretches of both behind each other are what `now` is, in type as well."""
    pairs = (
        (now.kind, beside.kind), (now.coords, beside.coords),
        (now.ring_start, beside.ring_start), (now.shape_start, beside.shape_start),
    )  # fmt: skip
    z = now.z is None or beside.z is None or now.z.dtype == beside.z.dtype
    starts = now.ring_start.dtype == now.shape_start.dtype == np.int64
    z = z and (now.z is None or now.z.dtype == np.float64)
    first = now.ring_start[0] == now.shape_start[0] == 0
    return bool(all(a.dtype == b.dtype for a, b in pairs) and z and starts and first)


def _moved(now: Shapes, beside: Shapes) -> Bools:
    """Say which shapes differ from those in the same places, with as many corners, (n,)."""
    other = differing(now.coords, beside.coords)
    if now.z is not None and beside.z is not None:
        other |= differing(now.z, beside.z)
    changed = np.logical_or.reduceat(other, now.first_coord[:-1])
    return np.asarray(changed | (now.kind != beside.kind))


def _corners(now: Shapes, beside: Shapes, changed: Ints, same: Ints) -> Part:
    points = Matching(np.array([[0, 0, len(now.coords)]]), len(now.coords), True)
    most = 2 * len(changed) > len(now)  # then the corners need not be listed one by one
    at = np.arange(len(now.coords)) if most else runs(now.first_coord, changed)
    kind = column(now.kind, beside.kind, Matching(np.array([[0, 0, len(now)]]), len(now), True))
    coords = _chosen(now.coords, beside.coords, at, points)
    z: Part = SAME
    if now.z is not None and beside.z is not None:
        z = _chosen(now.z, beside.z, at, points)
    return Corners(kind, coords, z, same)


def _chosen(now: NDArray[Any], beside: NDArray[Any], at: Ints, matching: Matching) -> Part:
    """Keep a column of which it is known where it may differ."""
    if now is beside:
        return SAME
    if is_free(now):
        return Whole(now)
    if len(at) * (8 + now.nbytes // max(len(now), 1)) > WORTH * now.nbytes:
        return whole(now)
    return Rows(matching, at, now[at])
