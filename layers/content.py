"""What a layer's content is, as a hash: equal content, equal text, on every machine."""

from __future__ import annotations

import hashlib
import json
import weakref
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from layers.kinds.base import LayerData, Packed

DIGEST_BYTES = 16
Value = TypeVar("Value")

# Frozen parts are shared between versions of a layer, so each is hashed once in its life.
_array_hashes: dict[int, tuple[weakref.ref[Any], str]] = {}
_table_hashes: dict[int, tuple[weakref.ref[Any], dict[str, str]]] = {}


def content_hash(data: LayerData | Packed) -> str:
    """Give the hash of a layer's content.

    The same content gives the same hash after saving, loading, slicing or
    chunking; another type, order, name or bit gives another one. Schema metadata
    (notes of pandas and the like) does not count.

    Parameters
    ----------
    data : LayerData or Packed
        Content; its arrays are locked, so that the hash of each is kept.

    Returns
    -------
    str
        32 hexadecimal digits (BLAKE2b, 128 bits).
    """
    return hash_of_pieces(piece_hashes(data if isinstance(data, Packed) else data.pack()))


def hash_of_pieces(pieces: dict[str, str]) -> str:
    """Give the hash of a whole from the hashes of its pieces."""
    return text_hash("\n".join(f"{name}={pieces[name]}" for name in sorted(pieces)))


def piece_hashes(packed: Packed) -> dict[str, str]:
    """Give the hash of each piece of a layer's content.

    Returns
    -------
    dict of str to str
        Keys are ``meta``, ``arrays/NAME``, ``tables/NAME/schema`` and
        ``tables/NAME/NUMBER`` for each column.
    """
    pieces = {"meta": text_hash(plain_json(packed.meta))}
    for name, array in packed.arrays.items():
        pieces[f"arrays/{name}"] = array_hash(array)
    for name, table in packed.tables.items():
        for key, value in _hashes_of_table(table).items():
            pieces[f"tables/{name}/{key}"] = value
    return pieces


def remember_hashes(packed: Packed, pieces: Mapping[str, str]) -> None:
    """Take over the hashes of a content whose arrays and tables came with them.

    Parameters
    ----------
    packed : Packed
        Content with locked arrays.
    pieces : mapping of str to str
        What `piece_hashes` gave for the same content.
    """
    for name, array in packed.arrays.items():
        if not array.flags.writeable and f"arrays/{name}" in pieces:
            _remember(_array_hashes, array, pieces[f"arrays/{name}"])
    for name, table in packed.tables.items():
        start = f"tables/{name}/"
        hashes = {k.removeprefix(start): v for k, v in pieces.items() if k.startswith(start)}
        if len(hashes) == table.num_columns + 1:
            _remember(_table_hashes, table, hashes)


def known_hashes(packed: Packed) -> dict[str, str]:
    """Give the hashes of those pieces that were asked for before; see `piece_hashes`."""
    pieces: dict[str, str] = {}
    for name, array in packed.arrays.items():
        of_array = _array_hashes.get(id(array))
        if of_array is not None and of_array[0]() is array:
            pieces[f"arrays/{name}"] = of_array[1]
    for name, table in packed.tables.items():
        of_table = _table_hashes.get(id(table))
        if of_table is not None and of_table[0]() is table:
            pieces |= {f"tables/{name}/{key}": value for key, value in of_table[1].items()}
    return pieces


def text_hash(text: str) -> str:
    """Give the hash of a text."""
    return hashlib.blake2b(text.encode("utf-8"), digest_size=DIGEST_BYTES).hexdigest()


def plain_json(value: Any) -> str:
    """Write a value as JSON in one way only: sorted keys, no spaces, numbers in full."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )


def _plain(value: object) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot stand in a project")


def array_hash(array: NDArray[Any]) -> str:
    """Give the hash of an array's type, shape and bytes; kept where the array is locked."""
    if array.flags.writeable:
        return _hash_array(array)
    return _remembered(_array_hashes, array, _hash_array)


def _hashes_of_table(table: pa.Table) -> dict[str, str]:
    return _remembered(_table_hashes, table, _hash_table)


def _remembered(
    memory: dict[int, tuple[weakref.ref[Any], Value]], part: Any, make: Callable[[Any], Value]
) -> Value:
    key = id(part)
    known = memory.get(key)
    if known is not None and known[0]() is part:
        return known[1]
    return _remember(memory, part, make(part))


def _remember(memory: dict[int, tuple[weakref.ref[Any], Value]], part: Any, made: Value) -> Value:
    key = id(part)
    memory[key] = (weakref.ref(part, lambda _: memory.pop(key, None)), made)
    return made


def _hash_array(array: NDArray[Any]) -> str:
    digest = hashlib.blake2b(f"{array.dtype.str}{array.shape}".encode(), digest_size=DIGEST_BYTES)
    digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return digest.hexdigest()


def _hash_table(table: pa.Table) -> dict[str, str]:
    fields = [[f.name, str(f.type), f.nullable] for f in table.schema]
    out = {"schema": text_hash(plain_json([fields, table.num_rows]))}
    for number, column in enumerate(table.columns):
        digest = hashlib.blake2b(str(column.type).encode(), digest_size=DIGEST_BYTES)
        _feed(digest, one_chunk(column))
        out[str(number)] = digest.hexdigest()
    return out


def one_chunk(column: pa.ChunkedArray) -> pa.Array:
    """Give a column as one array; chunks with dictionaries of their own share one then."""
    if column.num_chunks == 1:
        return column.chunk(0)
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    joined = column.combine_chunks()
    if isinstance(joined, pa.ChunkedArray):
        return joined.chunk(0) if joined.num_chunks else pa.array([], type=column.type)
    return joined


def _feed(digest: hashlib.blake2b, array: pa.Array) -> None:
    """Feed an Arrow array whatever its offset, chunking and the rubbish under its nulls."""
    kind = array.type
    digest.update(len(array).to_bytes(8, "little"))
    if isinstance(kind, pa.BaseExtensionType):
        _feed(digest, array.storage)
        return
    if pa.types.is_dictionary(kind):
        _feed(digest, array.dictionary_decode())
        return
    valid = np.asarray(array.is_valid().to_numpy(zero_copy_only=False), dtype=bool)
    digest.update(np.packbits(valid).data)
    if pa.types.is_null(kind):
        return
    if pa.types.is_struct(kind):
        for child in array.flatten():
            _feed(digest, child)
    elif pa.types.is_nested(kind):
        if pa.types.is_union(kind) or pa.types.is_map(kind):  # Arrow has no kernels for these
            digest.update(plain_json([str(v) for v in array.to_pylist()]).encode())
            return
        lengths = pc.fill_null(pc.list_value_length(array), 0)
        digest.update(np.asarray(lengths.to_numpy(zero_copy_only=False), dtype=np.int64).data)
        _feed(digest, pc.list_flatten(array))
    elif pa.types.is_boolean(kind):
        values = pc.fill_null(array, False).to_numpy(zero_copy_only=False)
        digest.update(np.packbits(np.asarray(values, dtype=bool)).data)
    elif _has_offsets(kind):
        _feed_texts(digest, array)
    else:
        _feed_fixed(digest, array, valid)


def _has_offsets(kind: pa.DataType) -> bool:
    tests = (
        pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view,
        pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view,
    )  # fmt: skip
    return any(test(kind) for test in tests)


def _feed_texts(digest: hashlib.blake2b, array: pa.Array) -> None:
    wide = pa.large_string() if pa.types.is_string_view(array.type) else array.type
    wide = pa.large_binary() if pa.types.is_binary_view(array.type) else wide
    array = pc.cast(array, wide) if wide != array.type else array
    if array.null_count:
        empty: str | bytes = "" if "string" in str(wide) else b""
        array = pc.fill_null(array, pa.scalar(empty, type=wide))
    lengths = pc.binary_length(array).to_numpy(zero_copy_only=False).astype(np.int64)
    digest.update(lengths.data)
    _, offsets, values = array.buffers()
    if values is None or len(array) == 0:
        return
    width: type[np.generic] = np.int64 if "large" in str(wide) else np.int32
    edges = np.frombuffer(offsets, dtype=width)
    first, last = int(edges[array.offset]), int(edges[array.offset + len(array)])
    digest.update(memoryview(values)[first:last])


def _feed_fixed(digest: hashlib.blake2b, array: pa.Array, valid: NDArray[np.bool_]) -> None:
    buffer = array.buffers()[1]
    width = array.type.bit_width // 8
    if buffer is None or len(array) == 0 or width == 0:
        return
    raw = np.frombuffer(buffer, dtype=np.uint8)
    raw = raw[array.offset * width : (array.offset + len(array)) * width]
    if not valid.all():
        raw = raw.reshape(len(array), width).copy()
        raw[~valid] = 0
    digest.update(np.ascontiguousarray(raw).reshape(-1).data)
