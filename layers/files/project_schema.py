"""Citystage's own tables in a project file, and the parts of layers kept in them."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.errors import CityError
from layers.files.gpkg_tables import create_geopackage, register_own
from layers.progress import Progress

SCHEMA_VERSION = 2
CHUNK = 16 * 2**20  # bytes before compression; SQLite takes a thousand million in one value

OWN_TABLES = {
    "citystage_meta": "key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL",
    "citystage_layers": (
        "id TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL, kind TEXT NOT NULL,"
        " name TEXT NOT NULL, visible INTEGER NOT NULL, opacity REAL NOT NULL,"
        " style TEXT NOT NULL, source TEXT NOT NULL, content TEXT NOT NULL,"
        " storage TEXT NOT NULL, table_name TEXT, columns TEXT, meta TEXT NOT NULL"
    ),
    "citystage_parts": (
        "layer_id TEXT NOT NULL, name TEXT NOT NULL, chunk INTEGER NOT NULL,"
        " header TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (layer_id, name, chunk)"
    ),
    "citystage_views": (
        "position INTEGER NOT NULL, name TEXT NOT NULL PRIMARY KEY, view TEXT NOT NULL"
    ),
    "citystage_schemes": (
        "position INTEGER NOT NULL, id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL,"
        " parent TEXT NOT NULL, author TEXT NOT NULL, created TEXT NOT NULL,"
        " changed TEXT NOT NULL, status TEXT NOT NULL, note TEXT NOT NULL,"
        " active INTEGER NOT NULL, content TEXT NOT NULL"
    ),
    "citystage_scheme_parts": (
        "scheme TEXT NOT NULL, layer_id TEXT NOT NULL, chunk INTEGER NOT NULL,"
        " size INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (scheme, layer_id, chunk)"
    ),
}


def create_project_tables(con: sqlite3.Connection) -> None:
    """Write the tables of an empty project into an empty database."""
    create_geopackage(con)
    for name, columns in OWN_TABLES.items():
        con.execute(f"CREATE TABLE {name} ({columns})")
        register_own(con, name)


def read_meta(con: sqlite3.Connection) -> dict[str, str]:
    """Give the table of plain facts."""
    return dict(con.execute("SELECT key, value FROM citystage_meta"))


def write_meta(con: sqlite3.Connection, facts: dict[str, str]) -> None:
    """Set plain facts."""
    con.executemany("INSERT OR REPLACE INTO citystage_meta VALUES (?, ?)", facts.items())


def write_part(
    con: sqlite3.Connection,
    layer_id: str,
    name: str,
    part: NDArray[Any] | pa.Table | bytes,
    progress: Progress,
) -> None:
    """Keep an array, a table or plain bytes of a layer, compressed, in pieces of 16 MiB."""
    header, raw = flat_part(part)
    total = max(-(-len(raw) // CHUNK), 1)
    for number in range(total):
        progress.step(number, total, "progress-saving")
        piece = bytes(raw[number * CHUNK : (number + 1) * CHUNK])
        con.execute(
            "INSERT INTO citystage_parts VALUES (?, ?, ?, ?, ?)",
            (
                layer_id,
                name,
                number,
                json.dumps({**header, "bytes": len(piece), "chunks": total}),
                compress(piece),
            ),
        )


def flat_part(part: NDArray[Any] | pa.Table | bytes) -> tuple[dict[str, Any], memoryview]:
    """Give what a part is, and its bytes."""
    if isinstance(part, bytes):
        return {"form": "bytes"}, memoryview(part)
    if isinstance(part, pa.Table):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, part.schema) as writer:
            writer.write_table(part)
        return {"form": "arrow"}, memoryview(sink.getvalue())
    if part.dtype.hasobject:
        raise TypeError("an array of Python objects cannot stand in a project")
    flat = np.ascontiguousarray(part).reshape(-1).view(np.uint8)
    header = {"form": "array", "dtype": part.dtype.str, "shape": list(part.shape)}
    return header, flat.data


def built_part(header: dict[str, Any], raw: bytes | bytearray) -> NDArray[Any] | pa.Table | bytes:
    """Build a part from what `flat_part` gave."""
    if header["form"] == "array":
        array = np.frombuffer(raw, dtype=np.dtype(header["dtype"])).reshape(header["shape"])
        array.setflags(write=False)
        return array
    if header["form"] == "arrow":
        return pa.ipc.open_stream(pa.py_buffer(raw)).read_all()
    return bytes(raw)


def compress(raw: bytes | memoryview) -> bytes:
    """Compress with Zstandard; fast, and good enough."""
    if len(raw) == 0:
        return b""
    return bytes(pa.Codec("zstd", compression_level=1).compress(raw, asbytes=True))


def expand(data: bytes, size: int) -> bytes:
    """Undo `compress`."""
    return bytes(pa.decompress(data, size, codec="zstd", asbytes=True)) if size else b""


def read_parts(
    con: sqlite3.Connection, layer_id: str, progress: Progress
) -> dict[str, NDArray[Any] | pa.Table | bytes]:
    """Read all parts of a layer.

    Raises
    ------
    CityError
        ``project_file.damaged`` if pieces are missing or cannot be expanded.
    """
    out: dict[str, NDArray[Any] | pa.Table | bytes] = {}
    rows = con.execute(
        "SELECT name, chunk, header, data FROM citystage_parts WHERE layer_id=?"
        " ORDER BY name, chunk",
        (layer_id,),
    )
    raw = bytearray()
    for name, chunk, text, data in rows:
        header = json.loads(text)
        progress.step(chunk, header["chunks"], "progress-loading")
        if chunk == 0:
            raw = bytearray()
        try:
            raw += expand(data, header["bytes"])
            if chunk == header["chunks"] - 1:
                out[name] = built_part(header, raw)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise CityError(
                "project_file.damaged",
                "The project file is damaged; a part of a layer cannot be read.",
                hint="open the last copy of the file that was good",
                part=name,
            ) from error
    return out
