"""Schemes in the project file and the journal: plain values, and one block of bytes per layer."""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.content import array_hash, plain_json, text_hash
from layers.errors import CityError
from layers.files.project_schema import CHUNK, built_part, compress, expand, flat_part
from layers.files.project_state import (
    ProjectState,
    digest,
    layer_to_json,
    source_from_json,
    source_to_json,
    style_from_json,
)
from layers.kinds import kind_of
from layers.kinds.base import LayerData, LayerState, Packed
from layers.progress import Progress
from layers.schemes_model import AddedLayer, Scheme, Schemes
from layers.schemes_patch import Patch, packed_patch, unpacked_patch

Block = NDArray[np.uint8]
WritePath = Callable[[Path], dict[str, str]]
ReadPath = Callable[[dict[str, str]], Path]

# Frozen things are packed once in their lives.
_blocks: dict[int, tuple[weakref.ref[Any], Block]] = {}


def block_of(packed: Packed) -> Block:
    """Write a packed content as one block of bytes.

    The first eight bytes tell the length of a JSON text: the plain values, and name,
    form and size of every part; the parts follow in that order.
    """
    raws: list[memoryview] = []
    parts: list[dict[str, Any]] = []
    named = [*(("arrays", k, v) for k, v in packed.arrays.items()),
             *(("tables", k, v) for k, v in packed.tables.items())]  # fmt: skip
    for place, name, part in named:
        header, raw = flat_part(part)
        parts.append({**header, "place": place, "name": name, "bytes": len(raw)})
        raws.append(raw)
    text = plain_json({"meta": packed.meta, "parts": parts}).encode()
    whole = b"".join([len(text).to_bytes(8, "little"), text, *raws])
    block = np.frombuffer(whole, dtype=np.uint8)
    block.setflags(write=False)
    return block


def packed_of(block: Block) -> Packed:
    """Read what `block_of` wrote.

    Raises
    ------
    CityError
        ``project_file.damaged`` if it cannot be read.
    """
    raw = block.tobytes()
    try:
        if len(raw) < 8:
            raise ValueError("too short")
        end = 8 + int.from_bytes(raw[:8], "little")
        told = json.loads(raw[8:end])
        out = Packed(told["meta"])
        for part in told["parts"]:
            piece, end = raw[end : end + part["bytes"]], end + part["bytes"]
            getattr(out, part["place"])[part["name"]] = built_part(part, piece)
    except (ValueError, KeyError, OSError) as error:
        raise _damaged() from error
    return out


def _damaged() -> CityError:
    return CityError(
        "project_file.damaged",
        "The project file is damaged; a scheme in it cannot be read.",
        hint="open the last copy of the file that was good",
        part="schemes",
    )


def _kept(thing: Patch | LayerData) -> Block:
    key = id(thing)
    known = _blocks.get(key)
    if known is not None and known[0]() is thing:
        return known[1]
    block = block_of(packed_patch(thing) if isinstance(thing, Patch) else thing.pack())
    _blocks[key] = (weakref.ref(thing, lambda _: _blocks.pop(key, None)), block)
    return block


def scheme_to_json(scheme: Scheme, write_path: WritePath) -> dict[str, Any]:
    """Give plain values of a scheme; what its layers hold stands in blocks."""
    added = [
        {
            "position": item.position,
            "kind": item.layer.kind,
            "layer": layer_to_json(item.layer),
            "source": source_to_json(item.layer.source, write_path),
        }
        for item in scheme.added
    ]
    plain = {name: getattr(scheme, name) for name in PLAIN}
    return {**plain, "dropped": list(scheme.dropped), "added": added,
            "patches": sorted(scheme.patches)}  # fmt: skip


#: Fields of a scheme that are columns of ``citystage_schemes``.
PLAIN = ("id", "name", "parent", "author", "created", "changed", "status", "note")


def blocks_of(scheme: Scheme) -> Iterator[tuple[str, Block]]:
    """Give the block of each layer that a scheme changes or adds."""
    for layer_id in sorted(scheme.patches):
        yield layer_id, _kept(scheme.patches[layer_id])
    for item in scheme.added:
        yield item.layer.id, _kept(item.layer.data)


def scheme_from_json(
    raw: Mapping[str, Any], block: Callable[[str], Block], read_path: ReadPath
) -> Scheme:
    """Build a scheme.

    Parameters
    ----------
    raw : mapping
        What `scheme_to_json` gave.
    block : callable
        Gives the block of a layer by its id.
    read_path : callable
        Undoes what ``write_path`` did.
    """
    added = []
    for item in raw["added"]:
        look = item["layer"]
        data = kind_of(item["kind"]).unpack(packed_of(block(look["id"])))
        layer = LayerState(
            look["id"], item["kind"], look["name"], look["visible"], look["opacity"],
            style_from_json(look["style"]), source_from_json(item["source"], read_path), data,
        )  # fmt: skip
        added.append(AddedLayer(item["position"], layer))
    patches = {key: unpacked_patch(packed_of(block(key))) for key in raw["patches"]}
    plain = {name: str(raw.get(name, "")) for name in PLAIN}
    return Scheme(
        **plain, patches=patches, added=tuple(added), dropped=tuple(raw["dropped"])
    )  # fmt: skip


def digest_of(schemes: Schemes) -> str:
    """Give the hash of all schemes; "" where there are none. Times of changes do not count."""
    if not schemes:
        return ""
    whole: list[Any] = []
    for scheme in schemes.items:
        plain = scheme_to_json(scheme, lambda path: {"path": str(path)})
        blocks = [[layer_id, array_hash(block)] for layer_id, block in blocks_of(scheme)]
        whole.append([{**plain, "changed": ""}, blocks])
    return text_hash(plain_json([schemes.active, whole]))


def whole_digest(state: ProjectState, hashes: Mapping[str, str]) -> str:
    """Give the hash of all a project holds, schemes included; see `digest`."""
    plain, schemes = digest(state, hashes), digest_of(state.schemes)
    return text_hash(plain + schemes) if schemes else plain


def write_schemes(
    con: sqlite3.Connection, schemes: Schemes, write_path: WritePath, progress: Progress
) -> None:
    """Write all schemes into a project file."""
    con.execute("DELETE FROM citystage_schemes")
    con.execute("DELETE FROM citystage_scheme_parts")
    for position, scheme in enumerate(schemes.items):
        progress.step(position, len(schemes.items), "progress-saving")
        raw = scheme_to_json(scheme, write_path)
        content = {key: raw[key] for key in ("dropped", "added", "patches")}
        row = (position, *(raw[name] for name in PLAIN), int(scheme.id == schemes.active))
        con.execute(
            f"INSERT INTO citystage_schemes VALUES ({', '.join('?' * (len(row) + 1))})",
            (*row, plain_json(content)),
        )
        for layer_id, block in blocks_of(scheme):
            for number in range(max(-(-len(block) // CHUNK), 1)):
                piece = block[number * CHUNK : (number + 1) * CHUNK]
                con.execute(
                    "INSERT INTO citystage_scheme_parts VALUES (?, ?, ?, ?, ?)",
                    (scheme.id, layer_id, number, len(piece), compress(piece.data)),
                )


def read_schemes(con: sqlite3.Connection, read_path: ReadPath) -> Schemes:
    """Read all schemes of a project file; `Schemes.active` names the one that was shown.

    Raises
    ------
    CityError
        ``project_file.damaged``.
    """
    columns = ", ".join((*PLAIN, "active", "content"))
    rows = con.execute(f"SELECT {columns} FROM citystage_schemes ORDER BY position").fetchall()
    items, active = [], ""
    for row in rows:
        plain: dict[str, Any] = dict(zip(PLAIN, row, strict=False))
        scheme_id = plain["id"]
        active = scheme_id if row[-2] else active

        def block(layer_id: str, scheme_id: str = scheme_id) -> Block:
            pieces = con.execute(
                "SELECT size, data FROM citystage_scheme_parts WHERE scheme=? AND layer_id=?"
                " ORDER BY chunk",
                (scheme_id, layer_id),
            ).fetchall()
            try:
                whole = b"".join(expand(data, size) for size, data in pieces)
            except (OSError, ValueError) as error:
                raise _damaged() from error
            return np.frombuffer(whole, dtype=np.uint8)

        items.append(scheme_from_json({**plain, **json.loads(row[-1])}, block, read_path))
    return Schemes(tuple(items), active)
