"""Attribute columns of files brought to plain Arrow types, with nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from layers.files.encodings import decode

_PLAINER = (
    (
        (pa.types.is_null, pa.types.is_large_string, pa.types.is_string_view,
         pa.types.is_duration, pa.types.is_interval),
        pa.string(),
    ),
    ((pa.types.is_large_binary, pa.types.is_fixed_size_binary), pa.binary()),
    ((pa.types.is_decimal, pa.types.is_float16), pa.float64()),
)  # fmt: skip


def plain_table(table: pa.Table) -> pa.Table:
    """Give a table with plain columns only.

    Lists, structs and maps become JSON text, dictionaries their values, decimals and
    half floats become float64, columns without any value become text, long and view
    strings plain ones. Numbers, booleans, texts, dates, times and bytes stay.

    Parameters
    ----------
    table : pyarrow.Table
        Any table; its columns may have the same name.

    Returns
    -------
    pyarrow.Table
        The same rows; a second column of one name gets a number behind it.
    """
    names: list[str] = []
    columns: list[pa.ChunkedArray] = []
    for name, column in zip(table.schema.names, table.columns, strict=True):
        names.append(unique_name(name, names))
        columns.append(plain_column(column))
    if not names:
        return table.select([])
    return pa.Table.from_arrays(columns, names=names)


def unique_name(name: str, taken: Iterable[str]) -> str:
    """Give a column name that is not taken yet.

    >>> unique_name("height", ["height", "height_2"])
    'height_3'
    """
    used, number, candidate = set(taken), 1, name
    while candidate in used:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def plain_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give one column in a plain type; see `plain_table`."""
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        stored = [chunk.storage for chunk in column.chunks]
        return plain_column(pa.chunked_array(stored, type=kind.storage_type))
    if pa.types.is_dictionary(kind):
        return plain_column(column.cast(kind.value_type))
    if pa.types.is_nested(kind):
        texts = [None if v is None else _as_json(v) for v in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, pa.string())])
    wanted = next((to for fits, to in _PLAINER if any(fit(kind) for fit in fits)), kind)
    return column if wanted == kind else column.cast(wanted)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def redecode(table: pa.Table, codec: str) -> tuple[pa.Table, dict[str, int]]:
    """Read anew the texts of a table that were opened as ISO-8859-1.

    Parameters
    ----------
    table : pyarrow.Table
        Texts hold one sign per byte of the file.
    codec : str
        Python codec the bytes are in.

    Returns
    -------
    table : pyarrow.Table
        The same rows with texts and column names as they were meant.
    broken : dict of str to int
        Column to the number of distinct values with unreadable bytes.
    """
    names: list[str] = []
    columns: list[pa.ChunkedArray] = []
    broken: dict[str, int] = {}
    for name, column in zip(table.schema.names, table.columns, strict=True):
        shown = unique_name(decode(name.encode("latin-1", errors="replace"), codec), names)
        names.append(shown)
        if pa.types.is_string(column.type):
            column, bad = _redecode_column(column, codec)  # noqa: PLW2901 - the same column
            if bad:
                broken[shown] = bad
        columns.append(column)
    return (pa.Table.from_arrays(columns, names=names) if names else table), broken


def _redecode_column(column: pa.ChunkedArray, codec: str) -> tuple[pa.ChunkedArray, int]:
    if pc.all(pc.string_is_ascii(column), min_count=0).as_py():
        return column, 0
    encoded = column.combine_chunks().dictionary_encode()
    texts = [
        decode(value.encode("latin-1", errors="replace"), codec)
        for value in encoded.dictionary.to_pylist()
    ]
    broken = sum("�" in text for text in texts)
    return pa.chunked_array([pa.array(texts, pa.string()).take(encoded.indices)]), broken


def stack_tables(tables: Sequence[pa.Table]) -> pa.Table:
    """Put tables behind each other, whatever columns and types each of them has.

    A column missing in one table is null there. Whole and broken numbers become
    float64, booleans and numbers become numbers, anything else together becomes text.
    A column without values takes the type it has elsewhere.

    Parameters
    ----------
    tables : sequence of pyarrow.Table
        At least one; plain columns only.

    Returns
    -------
    pyarrow.Table
        As many rows as all together, columns in the order they first occur.
    """
    if len(tables) == 1:
        return tables[0]
    types: dict[str, pa.DataType] = {}
    for table in tables:
        for field, column in zip(table.schema, table.columns, strict=True):
            kind = pa.null() if column.null_count == len(column) else field.type
            types[field.name] = _together(types.get(field.name, pa.null()), kind)
    columns = []
    for name, kind in types.items():
        wanted = pa.string() if pa.types.is_null(kind) else kind
        chunks: list[pa.Array] = []
        for table in tables:
            if name in table.column_names:
                chunks.extend(_cast(table.column(name), wanted).chunks)
            else:
                chunks.append(pa.nulls(table.num_rows, wanted))
        columns.append(pa.chunked_array(chunks, type=wanted))
    if not columns:
        return row_count_table(sum(table.num_rows for table in tables))
    return pa.Table.from_arrays(columns, names=list(types))


def row_count_table(rows: int) -> pa.Table:
    """Give a table of so many rows and no columns."""
    return pa.table({"row": pa.nulls(rows)}).select([])


def _together(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    if one == other or pa.types.is_null(other):
        return one
    if pa.types.is_null(one):
        return other
    numeric = [t for t in (one, other) if pa.types.is_integer(t) or pa.types.is_floating(t)]
    if len(numeric) == 2:
        floating = any(pa.types.is_floating(t) for t in numeric)
        return pa.float64() if floating else pa.int64()
    if len(numeric) == 1 and any(pa.types.is_boolean(t) for t in (one, other)):
        return numeric[0]
    if pa.types.is_timestamp(one) and pa.types.is_timestamp(other):
        return pa.timestamp("us", one.tz or other.tz)
    return pa.string()


def _cast(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    if column.null_count == len(column):
        return pa.chunked_array([pa.nulls(len(column), wanted)])
    return column if column.type == wanted else column.cast(wanted)
