"""Attribute tables kept as what differs from another version's, value for value, bit for bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from layers.condensed_parts import (
    LARGE,
    SAME,
    WORTH,
    Memory,
    Part,
    Whole,
    memory_of,
    memory_of_table,
)
from layers.content import one_chunk
from layers.scratch import LaidAside, laid_aside
from layers.shapes import Ints

FEW = 256  # rows up to which what differs is put between slices; beyond that a column is copied


@dataclass(frozen=True, slots=True)
class Values:
    """A column of a table of which some values differ, or that is shorter or longer.

    Attributes
    ----------
    shared : int
        How many rows both have, from the first one on.
    at : (k,) int64
        Those of them that differ.
    own : ChunkedArray
        The k values, and those behind the shared rows.
    """

    shared: int
    at: Ints
    own: pa.ChunkedArray

    def made(self, beside: pa.ChunkedArray) -> pa.ChunkedArray:
        """Put in what differs; what does not is a slice without a copy."""
        if len(self.at) > FEW:
            order = np.arange(self.shared + len(self.own) - len(self.at))
            order[self.at] = len(beside) + np.arange(len(self.at))
            order[self.shared :] = len(beside) + np.arange(len(self.at), len(self.own))
            both = pa.chunked_array([*beside.chunks, *self.own.chunks], beside.type)
            return both.take(pa.array(order))
        out: list[pa.Array] = []
        begin = 0
        for number, row in enumerate(self.at.tolist()):
            out += [*beside.slice(begin, row - begin).chunks, *self.own.slice(number, 1).chunks]
            begin = row + 1
        out += beside.slice(begin, self.shared - begin).chunks
        out += self.own.slice(len(self.at)).chunks
        made = pa.chunked_array([chunk for chunk in out if len(chunk)], beside.type)
        return pa.chunked_array([one_chunk(made)]) if made.num_chunks > 4 * FEW else made

    def memory(self) -> Memory:
        """Tell what is kept."""
        return {**memory_of(self.at), **memory_of_table(pa.table([self.own], ["own"]))}


@dataclass(frozen=True, slots=True)
class Columns:
    """A table as its columns."""

    schema: pa.Schema
    parts: tuple[tuple[int, Part], ...]

    def made(self, beside: pa.Table) -> pa.Table:
        """Give the table, with its own schema."""
        columns = [
            part.made(beside.column(at) if at >= 0 else None) for at, part in self.parts
        ]  # fmt: skip
        return pa.Table.from_arrays(columns, schema=self.schema)

    def memory(self) -> Memory:
        """Tell what is kept."""
        out: dict[int, int] = {}
        for _, part in self.parts:
            out |= part.memory()
        return out


def table_part(now: pa.Table, beside: pa.Table) -> Part:
    """Keep a table.

    Parameters
    ----------
    now : pyarrow.Table
        What is to be kept.
    beside : pyarrow.Table
        That of the other version.
    """
    if now is beside:
        return SAME
    if now.num_columns == 0:
        return Whole(now)
    parts = []
    for number, field in enumerate(now.schema):
        kept = now.column(number)
        found = beside.schema.get_all_field_indices(field.name)
        at = (
            found[0] if len(found) == 1 and beside.schema.field(found[0]).type == field.type else -1
        )
        parts.append((at, _whole(kept) if at < 0 else _column(kept, beside.column(at))))
    return Columns(now.schema, tuple(parts))


@dataclass(frozen=True, slots=True)
class FiledColumn:
    """A column that shares too little with the other version's, laid aside in a file."""

    raw: LaidAside

    def made(self, beside: pa.ChunkedArray | None) -> pa.ChunkedArray:
        """Read it."""
        del beside
        return pa.ipc.open_stream(pa.py_buffer(self.raw.read())).read_all().column(0)

    def memory(self) -> Memory:
        """Tell that it takes none."""
        return {}


def _whole(kept: pa.ChunkedArray) -> Part:
    table = pa.table([kept], ["kept"])
    if kept.nbytes >= LARGE:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        raw = laid_aside(np.frombuffer(sink.getvalue(), dtype=np.uint8))
        if raw is not None:
            return FiledColumn(raw)
    return Whole(kept, memory_of_table(table))


def _column(now: pa.ChunkedArray, beside: pa.ChunkedArray) -> Part:
    shared = min(len(now), len(beside))
    found: list[Ints] = []
    for first, a, b in _side_by_side(now.slice(0, shared), beside.slice(0, shared)):
        other = _differing(a, b)
        if other is None:
            return _whole(now)
        found.append(first + other)
    at = np.concatenate([np.zeros(0, dtype=np.int64), *found])
    if len(at) == 0 and len(now) == len(beside):
        return SAME
    rest = np.concatenate([at, np.arange(shared, len(now))])
    if len(rest) > WORTH * len(now):
        return _whole(now)
    return Values(shared, at, now.take(pa.array(rest)))


def _side_by_side(
    one: pa.ChunkedArray, other: pa.ChunkedArray
) -> Iterator[tuple[int, pa.Array, pa.Array]]:
    """Give pieces of two columns of one length that lie in one chunk of each: first row, both."""
    edges = [np.cumsum([len(chunk) for chunk in column.chunks]) for column in (one, other)]
    cuts = np.unique(np.concatenate([[0], *edges])).astype(np.int64)
    for begin, end in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        pair = []
        for column, ends in zip((one, other), edges, strict=True):
            number = int(np.searchsorted(ends, begin, side="right"))
            before = int(ends[number - 1]) if number else 0
            pair.append(column.chunk(number).slice(begin - before, end - begin))
        yield begin, pair[0], pair[1]


def _differing(a: pa.Array, b: pa.Array) -> Ints | None:
    """Give where two pieces differ in a bit; None where that cannot be told."""
    if _is_one(a, b):
        return np.zeros(0, dtype=np.int64)
    kind = a.type
    if pa.types.is_null(kind):
        return np.zeros(0, dtype=np.int64)
    told = pa.types.is_nested(kind) or isinstance(kind, pa.BaseExtensionType)
    if told or pa.types.is_dictionary(kind):
        return None
    if pa.types.is_floating(kind):
        plain = {16: pa.int16(), 32: pa.int32(), 64: pa.int64()}[kind.bit_width]
        a, b = a.view(plain), b.view(plain)
    try:
        unequal = pc.fill_null(pc.not_equal(a, b), False)
    except pa.ArrowNotImplementedError:
        return None
    out = np.asarray(unequal, dtype=bool) | (np.asarray(a.is_null()) != np.asarray(b.is_null()))
    return np.flatnonzero(out)


def _is_one(a: pa.Array, b: pa.Array) -> bool:
    """Say whether two pieces are the same memory."""
    if isinstance(a.type, pa.BaseExtensionType):
        return _is_one(a.storage, b.storage)
    if pa.types.is_dictionary(a.type):
        return _is_one(a.indices, b.indices) and _is_one(a.dictionary, b.dictionary)
    if a.offset != b.offset or len(a) != len(b):
        return False
    places = [
        [None if buffer is None else (buffer.address, buffer.size) for buffer in array.buffers()]
        for array in (a, b)
    ]
    return places[0] == places[1]
