"""Pieces of layers in a journal: each once by its hash, small changes as differences."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.content import one_chunk
from layers.errors import CityError
from layers.files.journal_splices import DIFFERENT, SMALL, spliced, unspliced
from layers.files.project_schema import CHUNK, built_part, compress, expand, flat_part
from layers.kinds.base import Packed

#: A schema with the number of rows, or an array, a column, the meta data of a layer.
Piece = Any


class MissingPieceError(Exception):
    """A piece that the journal counts on is nowhere to be found, or cannot be read."""


def pieces_of(packed: Packed) -> dict[str, Piece]:
    """Take a layer's content apart, under the names that `piece_hashes` gives.

    Returns
    -------
    dict of str to object
        JSON values for ``meta``, arrays for ``arrays/...``, a table of no rows and
        a count for ``.../schema``, tables of one column for the columns.
    """
    pieces: dict[str, Piece] = {"meta": packed.meta}
    for name, array in packed.arrays.items():
        pieces[f"arrays/{name}"] = array
    for name, table in packed.tables.items():
        pieces[f"tables/{name}/schema"] = (table.schema.serialize().to_pybytes(), table.num_rows)
        for number, column in enumerate(table.columns):
            pieces[f"tables/{name}/{number}"] = column
    return pieces


def packed_from(pieces: dict[str, Piece]) -> Packed:
    """Put a layer's content together again."""
    arrays: dict[str, NDArray[Any]] = {}
    tables: dict[str, pa.Table] = {}
    for name, piece in pieces.items():
        place, _, rest = name.partition("/")
        if place == "arrays":
            arrays[rest] = piece
        elif place == "tables" and rest.endswith("/schema"):
            key = rest.removesuffix("/schema")
            raw, rows = piece
            schema = pa.ipc.read_schema(pa.py_buffer(raw))
            columns = [pieces[f"tables/{key}/{number}"] for number in range(len(schema))]
            tables[key] = (
                pa.Table.from_arrays(columns, schema=schema)
                if columns
                else pa.table({"row": np.zeros(rows)}).select([])
            )
    return Packed(pieces["meta"], arrays, tables)


def write_piece(
    con: sqlite3.Connection, name: str, key: str, piece: Piece, before: tuple[str, Piece] | None
) -> None:
    """Keep a piece under its hash.

    Parameters
    ----------
    con : sqlite3.Connection
        Journal.
    name, key : str
        Name in the layer; hash.
    piece : object
        What `pieces_of` gave.
    before : (str, object) or None
        Hash and piece of the same name one step earlier, which the journal or the
        project file holds.
    """
    header: dict[str, Any]
    if name == "meta":
        header, raw = {"form": "json"}, memoryview(json.dumps(piece, default=_plain).encode())
    elif name.endswith("/schema"):
        header, raw = {"form": "schema", "rows": piece[1]}, memoryview(piece[0])
    elif isinstance(piece, np.ndarray):
        if before is not None and (change := _difference(before[1], piece)) is not None:
            rows, values = change
            blob = rows.tobytes() + values.tobytes()
            header = {"form": "change", "count": len(rows), "dtype": values.dtype.str}
            _insert(con, key, header, memoryview(blob), before[0])
            return
        old = None if before is None else before[1]
        if isinstance(old, np.ndarray) and (told := spliced(old, piece)) is not None:
            assert before is not None
            _insert(con, key, told[0], memoryview(told[1]), before[0])
            return
        header, raw = flat_part(piece)
    else:
        header, raw = flat_part(pa.table({"value": one_chunk(piece)}))
    _insert(con, key, header, raw, None)


def _plain(value: object) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot stand in a project")


def _insert(
    con: sqlite3.Connection, key: str, header: dict[str, Any], raw: memoryview, base: str | None
) -> None:
    total = max(-(-len(raw) // CHUNK), 1)
    for number in range(total):
        part = bytes(raw[number * CHUNK : (number + 1) * CHUNK])
        text = json.dumps({**header, "bytes": len(part), "chunks": total})
        con.execute(
            "INSERT OR REPLACE INTO pieces VALUES (?, ?, ?, ?, ?)",
            (key, number, base, text, compress(part)),
        )


def _difference(old: Piece, new: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[Any]] | None:
    """Give where two arrays differ and the new values; None where that saves nothing."""
    same_form = isinstance(old, np.ndarray) and old.dtype == new.dtype and old.shape == new.shape
    if not same_form or new.nbytes < SMALL or new.dtype.itemsize not in {1, 2, 4, 8}:
        return None
    bits = np.dtype(f"u{new.dtype.itemsize}")
    now = np.ascontiguousarray(new).reshape(-1).view(bits)
    rows = np.flatnonzero(now != np.ascontiguousarray(old).reshape(-1).view(bits))
    return (rows, now[rows]) if len(rows) < DIFFERENT * len(now) else None


def _changed(old: NDArray[Any], header: dict[str, Any], raw: bytes) -> NDArray[Any]:
    """Make the array again that `_difference` told."""
    array = old.copy()
    rows = np.frombuffer(raw, dtype=np.int64, count=header["count"])
    bits = np.dtype(header["dtype"])
    array.reshape(-1).view(bits)[rows] = np.frombuffer(raw, dtype=bits, offset=rows.nbytes)
    array.setflags(write=False)
    return array


@dataclass(slots=True)
class Finder:
    """Finds pieces by hash: in the journal, else in the project file it stands on.

    Attributes
    ----------
    con : sqlite3.Connection
        Journal.
    outside : callable
        Gives the pieces of the project file by hash; asked once, when needed.
    """

    con: sqlite3.Connection
    outside: Callable[[], dict[str, Piece]]
    _file: dict[str, Piece] | None = field(default=None, init=False)
    _found: dict[str, Piece] = field(default_factory=dict, init=False)

    def find(self, key: str) -> Piece:
        """Give a piece.

        Raises
        ------
        MissingPieceError
            If it is nowhere, or damaged.
        """
        if key not in self._found:
            self._found[key] = self._build(key)
        return self._found[key]

    def _build(self, key: str) -> Piece:
        changes: list[tuple[dict[str, Any], bytes]] = []
        at, seen = key, set()
        while True:
            stored = self._stored(at)
            if stored is None:
                piece = self._from_file(at)
                break
            header, raw, base = stored
            if header["form"] not in {"change", "splice"}:
                piece = _built(header, raw)
                break
            changes.append((header, raw))
            seen.add(at)
            if base is None or base in seen:
                raise MissingPieceError(at)
            at = base
        if not changes:
            return piece
        for header, raw in reversed(changes):
            made = unspliced if header["form"] == "splice" else _changed
            piece = made(piece, header, raw)
        return piece

    def _stored(self, key: str) -> tuple[dict[str, Any], bytes, str | None] | None:
        rows = self.con.execute(
            "SELECT chunk, base, header, data FROM pieces WHERE hash=? ORDER BY chunk", (key,)
        ).fetchall()
        if not rows:
            return None
        header = json.loads(rows[0][2])
        if len(rows) != header["chunks"]:
            raise MissingPieceError(key)
        try:
            raw = b"".join(expand(data, json.loads(text)["bytes"]) for _, _, text, data in rows)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise MissingPieceError(key) from error
        return header, raw, rows[0][1]

    def _from_file(self, key: str) -> Piece:
        if self._file is None:
            try:
                self._file = self.outside()
            except CityError as error:
                raise MissingPieceError(key) from error
        if key not in self._file:
            raise MissingPieceError(key)
        return self._file[key]


def _built(header: dict[str, Any], raw: bytes) -> Piece:
    form = header["form"]
    if form == "json":
        return json.loads(raw)
    if form == "schema":
        return raw, header["rows"]
    if form == "arrow":
        return one_chunk(built_part(header, raw).column(0))  # type: ignore[union-attr]  # a table
    return built_part(header, raw)
