"""Attribute columns as SQLite values and back, with the exact Arrow types restored.

SQLite knows integers, reals, texts and bytes. What it would bend (a NaN becomes
NULL, -0.0 becomes 0, a date becomes a text) is put right from the column's Arrow
type and from the few exceptions kept beside the table. Columns of types that SQLite
cannot hold at all (lists, durations, huge integers, ...) stand in the table as a
readable text, their truth is kept as Arrow beside it ("opaque").
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from layers.shapes import Ints

MOST_COLUMNS = 1900  # SQLite takes 2000 in one table
INTEGER_TYPES = {
    "int8": "TINYINT", "int16": "SMALLINT", "int32": "MEDIUMINT", "int64": "INTEGER",
    "uint8": "SMALLINT", "uint16": "MEDIUMINT", "uint32": "INTEGER", "uint64": "INTEGER",
}  # fmt: skip
LAST_DAY = 2_932_896  # 9999-12-31, in days since 1970-01-01
FIRST_DAY = -719_162  # 0001-01-01


@dataclass(frozen=True, slots=True)
class SqlColumn:
    """How one attribute stands in the table.

    Attributes
    ----------
    name : str
        Name of the SQL column, "" where there is none (too many columns).
    sql : str
        Type declared in the table, as GeoPackage names it.
    how : str
        ``int``, ``float``, ``bool``, ``text``, ``bytes``, ``date``, ``datetime``,
        ``time``, ``decimal``, ``category`` or ``opaque``.
    """

    name: str
    sql: str
    how: str


def plan_columns(table: pa.Table, taken: Sequence[str]) -> list[SqlColumn]:
    """Choose names and types of the SQL columns for a table's attributes.

    Parameters
    ----------
    table : pyarrow.Table
        Attributes; names may repeat, be empty or differ by case alone.
    taken : sequence of str
        Column names the layer needs itself (``fid``, ``geom``, ``cs_...``).
    """
    used = {name.casefold() for name in taken}
    out = []
    for number, (field, column) in enumerate(zip(table.schema, table.columns, strict=True)):
        sql, how = _sql_type(column)
        if number + len(taken) >= MOST_COLUMNS:
            out.append(SqlColumn("", "TEXT", "opaque"))
            continue
        name = free_name(_clean(field.name) or f"column_{number + 1}", used)
        used.add(name.casefold())
        out.append(SqlColumn(name, sql, how))
    return out


def free_name(wanted: str, used: set[str]) -> str:
    """Give the name, or the first of NAME_2, NAME_3, ... that is not in `used` (casefolded)."""
    name, number = wanted, 1
    while name.casefold() in used:
        number += 1
        name = f"{wanted}_{number}"
    return name


def _clean(name: str) -> str:
    kept = "".join(c for c in name if c.isprintable()).strip()
    return f"{kept}_" if kept.casefold().startswith("cs_") else kept


def _sql_type(column: pa.ChunkedArray) -> tuple[str, str]:
    kind = column.type
    plain: str | None = INTEGER_TYPES.get(str(kind))
    if plain is not None:
        top = pc.max(column).as_py() if str(kind) == "uint64" and len(column) else None
        return ("TEXT", "opaque") if top is not None and top >= 2**63 else (plain, "int")
    for test, sql, how in (
        (pa.types.is_float64, "DOUBLE", "float"),
        (pa.types.is_float32, "FLOAT", "float"),
        (pa.types.is_boolean, "BOOLEAN", "bool"),
        (_is_text, "TEXT", "text"),
        (_is_bytes, "BLOB", "bytes"),
        (pa.types.is_time, "TEXT", "time"),
        (pa.types.is_decimal, "TEXT", "decimal"),
    ):
        if test(kind):
            return sql, how
    if pa.types.is_dictionary(kind) and _is_text(kind.value_type):
        return "TEXT", "category"
    if (pa.types.is_date(kind) or pa.types.is_timestamp(kind)) and _in_calendar(column):
        return ("DATE", "date") if pa.types.is_date(kind) else ("DATETIME", "datetime")
    return "TEXT", "opaque"


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_binary_view(kind)
        or pa.types.is_fixed_size_binary(kind)
    ) and not pa.types.is_decimal(kind)


def _in_calendar(column: pa.ChunkedArray) -> bool:
    """Say whether all dates lie in the years 1 to 9999 and are whole days where they are dates."""
    kind = column.type
    numbers = pc.drop_null(column.cast(pa.int32() if kind == pa.date32() else pa.int64()))
    if len(numbers) == 0:
        return True
    per_day = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
    day = 1 if kind == pa.date32() else per_day["ms" if pa.types.is_date(kind) else kind.unit]
    values = numbers.to_numpy().astype(np.int64)
    days = values // day
    whole = not pa.types.is_date64(kind) or bool((values % day == 0).all())
    return whole and bool(days.min() >= FIRST_DAY and days.max() <= LAST_DAY)


def to_sql(array: pa.Array, how: str) -> list[Any]:
    """Turn a batch of a column into values for SQLite, None for null."""
    if how in {"int", "text", "float", "bytes"}:
        return list(array.to_pylist())
    return list(_TO_SQL[how](array))


def _bools(array: pa.Array) -> list[Any]:
    return list(pc.cast(array, pa.int8()).to_pylist())


def _dates(array: pa.Array) -> list[Any]:
    days = pc.cast(pc.cast(array, pa.date32()), pa.int32())
    values = pc.fill_null(days, 0).to_numpy(zero_copy_only=False).astype("datetime64[D]")
    return _with_nulls(np.datetime_as_string(values).tolist(), array)


def _datetimes(array: pa.Array) -> list[Any]:
    numbers = pc.fill_null(pc.cast(array, pa.int64()), 0).to_numpy(zero_copy_only=False)
    values = numbers.view(f"datetime64[{array.type.unit}]")
    fine = array.type.unit
    if fine in {"us", "ns"}:  # GeoPackage counts milliseconds; finer only where there is more
        coarse = values.astype("datetime64[ms]")
        fine = "ms" if bool((coarse == values).all()) else fine
    texts = np.datetime_as_string(values, unit="ms" if fine == "s" else fine)
    return _with_nulls([f"{text}Z" for text in texts.tolist()], array)


def _times(array: pa.Array) -> list[Any]:
    width = pa.int32() if pa.types.is_time32(array.type) else pa.int64()
    numbers = pc.fill_null(pc.cast(array, width), 0).to_numpy(zero_copy_only=False)
    values = numbers.astype(np.int64).view(f"datetime64[{array.type.unit}]")
    return _with_nulls([t[11:] for t in np.datetime_as_string(values).tolist()], array)


def _decimals(array: pa.Array) -> list[Any]:
    return [None if v is None else str(v) for v in array.to_pylist()]


def _categories(array: pa.Array) -> list[Any]:
    return list(array.dictionary_decode().to_pylist())


def _readable(array: pa.Array) -> list[Any]:
    try:
        values = array.to_pylist()
    except (ValueError, OverflowError, pa.ArrowException):  # a year Python cannot tell
        try:
            return list(pc.cast(array, pa.string()).to_pylist())
        except pa.ArrowException:  # such a year inside a list; the truth is kept beside
            return [f"({array.type})"] * len(array)
    nested = pa.types.is_nested(array.type)
    return [
        None if v is None else json.dumps(v, ensure_ascii=False, default=str) if nested else str(v)
        for v in values
    ]


_TO_SQL: dict[str, Callable[[pa.Array], list[Any]]] = {
    "bool": _bools, "date": _dates, "datetime": _datetimes, "time": _times,
    "decimal": _decimals, "category": _categories, "opaque": _readable,
}  # fmt: skip


def _with_nulls(values: list[Any], array: pa.Array) -> list[Any]:
    if array.null_count:
        for i in np.flatnonzero(array.is_null().to_numpy(zero_copy_only=False)):
            values[i] = None
    return values


def from_sql(values: Sequence[Any], how: str, kind: pa.DataType) -> tuple[pa.Array, int]:
    """Turn SQLite values into an Arrow array of a type.

    Returns
    -------
    (pyarrow.Array, int)
        The column, and how many values did not fit the type and became null.
    """
    target = kind.value_type if how == "category" else kind
    try:
        return _read_fast(values, how, target), 0
    except (pa.ArrowException, ValueError, TypeError, OverflowError, InvalidOperation):
        kept = [_read_one(value, how, target) for value in values]
        lost = sum(k is None and v is not None for k, v in zip(kept, values, strict=True))
        return pa.array(kept, type=target), lost


def _read_fast(values: Sequence[Any], how: str, kind: pa.DataType) -> pa.Array:
    if how == "bool":
        return pa.array([None if v is None else bool(v) for v in values], type=kind)
    if how == "decimal":
        return pa.array([None if v is None else Decimal(v) for v in values], type=kind)
    if how == "date":
        days = np.array(["NaT" if v is None else v for v in values], dtype="datetime64[D]")
        return pa.array(days, type=pa.date32()).cast(kind)
    if how == "datetime":
        return _moments(["NaT" if v is None else v.removesuffix("Z") for v in values], kind)
    if how == "time":
        texts = ["NaT" if v is None else f"1970-01-01T{v}" for v in values]
        moments = np.array(texts, dtype=f"datetime64[{kind.unit}]")
        numbers = pa.array(moments.view(np.int64), mask=np.isnat(moments))
        width = pa.int32() if pa.types.is_time32(kind) else pa.int64()
        return numbers.cast(width).cast(kind)
    return pa.array(values, type=kind)


def _moments(texts: list[str], kind: pa.DataType) -> pa.Array:
    values = np.array(texts, dtype=f"datetime64[{kind.unit}]")
    return pa.array(values.view(np.int64), mask=np.isnat(values)).cast(kind)


def _read_one(value: Any, how: str, kind: pa.DataType) -> Any:
    """Read a value that another program wrote in a way of its own; None where it cannot be."""
    if value is None:
        return None
    try:
        if how == "text":
            made: Any = value if isinstance(value, str) else str(value)
        elif how == "int":
            made = int(float(value)) if isinstance(value, str) else int(value)
        elif how == "float":
            made = float(value)
        elif how == "datetime":
            made = datetime.datetime.fromisoformat(str(value))
            if made.tzinfo is not None:
                made = made.astimezone(datetime.UTC).replace(tzinfo=None)
            made = made if kind.tz is None else made.replace(tzinfo=datetime.UTC)
        elif how == "bytes":
            made = value if isinstance(value, bytes) else str(value).encode()
        else:
            made = _read_fast([value], how, kind)[0].as_py()
        return pa.array([made], type=kind)[0].as_py()
    except (pa.ArrowException, ValueError, TypeError, OverflowError, InvalidOperation):
        return None


def with_categories(texts: pa.Array, kind: pa.DataType, known: pa.Array) -> pa.Array:
    """Turn texts into categories again, the known ones first, in their old order.

    Where the categories no longer fit the index type the texts are given back.
    """
    more = pc.drop_null(pc.unique(texts.filter(pc.invert(pc.is_in(texts, value_set=known)))))
    values = pa.concat_arrays([known, more.cast(known.type)]) if len(more) else known
    try:
        indices = pc.index_in(texts, value_set=values).cast(kind.index_type)
    except pa.ArrowInvalid:
        return texts
    return pa.DictionaryArray.from_arrays(indices, values, ordered=kind.ordered)


def float_exceptions(array: pa.Array) -> tuple[Ints, NDArray[np.float64]]:
    """Find the numbers SQLite cannot keep: NaN that is not null, and minus zero.

    Returns
    -------
    (k,) int64, (k,) float64
        Rows and their exact values.
    """
    values = pc.fill_null(array, 0.0).to_numpy(zero_copy_only=False).astype(np.float64)
    rows = np.flatnonzero(np.isnan(values) | ((values == 0.0) & np.signbit(values)))
    return rows, values[rows]


def with_exceptions(array: pa.Array, rows: Ints, values: NDArray[np.float64]) -> pa.Array:
    """Put the exceptions back where the table still says NULL or 0 for them."""
    now = array.take(pa.array(rows))
    null = now.is_null().to_numpy(zero_copy_only=False)
    zero = pc.fill_null(pc.equal(now, 0.0), False).to_numpy(zero_copy_only=False)
    keep = np.where(np.isnan(values), null, zero)
    filled = pc.fill_null(array, 0.0).to_numpy(zero_copy_only=False).copy()
    missing = array.is_null().to_numpy(zero_copy_only=False).copy()
    filled[rows[keep]] = values[keep]
    missing[rows[keep]] = False
    return pa.Array.from_buffers(
        array.type,
        len(array),
        [pa.py_buffer(np.packbits(~missing, bitorder="little").tobytes()), pa.py_buffer(filled)],
        null_count=int(missing.sum()),
    )
