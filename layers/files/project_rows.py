"""The table of a layer read back, with whatever another program changed in it.

A table that Citystage wrote comes back bit by bit. Rows, fields and shapes that a
GIS added, changed or removed in the meantime are taken over and counted: a new row
becomes a new object, a multi-part shape one object per part, a removed row is gone.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.content import one_chunk
from layers.files.gpkg_columns import SqlColumn, from_sql, with_categories, with_exceptions
from layers.files.gpkg_geometry import Decoded, shapes_of
from layers.files.gpkg_tables import quote
from layers.files.project_tables import ROW_COLUMNS, TablePlan, fetch_batches
from layers.kinds.base import Packed, pack_shapes
from layers.kinds.buildings import DEFAULT
from layers.progress import Progress
from layers.shapes import POLYGON, Bools, Ints, Shapes

#: What an object gets that another program added, by column; 0 for all others.
NEW_OBJECT = {
    "height": 9.0, "base": float("nan"), "height_rule": DEFAULT, "drawn": True,
    "scale": 1.0, "on_ground": True, "start_level": float("nan"), "end_level": float("nan"),
}  # fmt: skip
FOREIGN_TYPES = (
    ("INT", "int", pa.int64()), ("BOOL", "bool", pa.bool_()), ("DATETIME", "datetime", None),
    ("DATE", "date", pa.date32()), ("REAL", "float", pa.float64()), ("DOUB", "float", pa.float64()),
    ("FLOA", "float", pa.float64()), ("BLOB", "bytes", pa.binary()),
)  # fmt: skip


@dataclass(slots=True)
class Outside:
    """What another program changed in a layer's table.

    Attributes
    ----------
    added, removed_fields, added_fields, unreadable, unfit : int
        Objects added; fields removed and added; rows whose shape cannot be read;
        values that did not fit their field or column and were replaced.
    """

    added: int = 0
    removed_fields: int = 0
    added_fields: int = 0
    unreadable: int = 0
    unfit: int = 0

    def __bool__(self) -> bool:
        return any(
            (self.added, self.removed_fields, self.added_fields, self.unreadable, self.unfit)
        )


@dataclass(slots=True)
class _Rows:
    """The columns of a table, batch by batch."""

    shapes: list[Shapes] = field(default_factory=list)
    row: list[Ints] = field(default_factory=list)
    unreadable: int = 0
    foreign: bool = False
    ids: list[Any] = field(default_factory=list)
    feature: list[Any] = field(default_factory=list)
    objects: dict[str, list[Any]] = field(default_factory=dict)
    attributes: list[list[pa.Array]] = field(default_factory=list)

    def take_shapes(self, decoded: Decoded) -> None:
        self.shapes.append(decoded.shapes)
        self.row.append(decoded.row + len(self.ids))
        self.unreadable += len(decoded.unreadable)
        self.foreign |= decoded.foreign


def read_layer_table(
    con: sqlite3.Connection,
    table: str,
    plan: TablePlan,
    parts: dict[str, Any],
    progress: Progress,
    *,
    polygons_only: bool = False,
) -> tuple[Packed, Outside]:
    """Read a layer's table back.

    Parameters
    ----------
    con : sqlite3.Connection
        Project file.
    table : str
        Name of the table.
    plan : TablePlan
        How it was written.
    parts : dict
        The layer's parts, as `read_parts` gives them.
    progress : Progress
        Told after each batch.
    polygons_only : bool
        Leave other shapes out, for kinds that cannot hold them.

    Returns
    -------
    (Packed, Outside)
        The content, and what another program had changed.
    """
    schema = pa.ipc.read_schema(pa.py_buffer(parts["schema"]))
    outside = Outside()
    declared = {row[1]: row[2] for row in con.execute(f"PRAGMA table_info({quote(table)})")}
    planned, fields = _columns_there(plan, schema, declared, outside)
    rows = _fetch(con, table, plan, planned, fields, declared, progress, outside)
    obj_row = np.concatenate(rows.row) if rows.row else np.empty(0, dtype=np.int64)
    shapes = Shapes.join(rows.shapes)
    outside.unreadable = rows.unreadable
    if polygons_only and not (shapes.kind == POLYGON).all():
        outside.unreadable += int((shapes.kind != POLYGON).sum())
        obj_row, shapes = obj_row[shapes.kind == POLYGON], shapes.take(shapes.kind == POLYGON)
    if plan.has_z and shapes.z is None:
        shapes = replace(shapes, z=np.full(len(shapes.coords), np.nan))
    ids, row_feature, outside.added = _identities(rows, obj_row, plan.features)
    feature = row_feature[obj_row]
    there = np.flatnonzero(row_feature >= 0)
    old, first = np.unique(row_feature[there], return_index=True)
    arrays = {**pack_shapes(shapes), "ids": ids, "feature": np.searchsorted(old, feature)}
    for name, dtype in plan.objects.items():
        values = rows.objects.get(name)
        arrays[name] = _object_column(name, dtype, values, obj_row, parts, outside)
    _mend_heights(arrays, outside)
    arrays |= {k.removeprefix("arrays/"): v for k, v in parts.items() if k.startswith("arrays/")}
    columns = _attributes(rows, planned, fields, there[first], old, parts)
    tables = {"attributes": _table(columns, fields, len(old), schema)}
    tables |= {k.removeprefix("tables/"): v for k, v in parts.items() if k.startswith("tables/")}
    return Packed(arrays=arrays, tables=tables), outside


def _columns_there(
    plan: TablePlan, schema: pa.Schema, declared: dict[str, str], outside: Outside
) -> tuple[list[tuple[int, SqlColumn]], list[pa.Field]]:
    """Match the planned attributes with the columns that are there; new ones follow behind.

    Each goes with its number at writing, -1 for a new one.
    """
    planned, fields = [], []
    for number, (column, kept) in enumerate(zip(plan.attributes, schema, strict=True)):
        if column.name and column.name not in declared:
            outside.removed_fields += 1
            continue
        planned.append((number, column))
        fields.append(kept)
    known = {*ROW_COLUMNS, *(f"cs_{name}" for name in plan.objects)}
    known |= {column.name for column in plan.attributes}
    for name, sql in declared.items():
        if name not in known:
            how, kind = next(
                ((h, k) for word, h, k in FOREIGN_TYPES if word in sql.upper()),
                ("text", pa.string()),
            )
            planned.append((-1, SqlColumn(name, sql, how)))
            fields.append(pa.field(name, kind if kind is not None else pa.timestamp("ms", "UTC")))
            outside.added_fields += 1
    return planned, fields


def _fetch(
    con: sqlite3.Connection,
    table: str,
    plan: TablePlan,
    planned: list[tuple[int, SqlColumn]],
    fields: list[pa.Field],
    declared: dict[str, str],
    progress: Progress,
    outside: Outside,
) -> _Rows:
    objects = [name for name in plan.objects if f"cs_{name}" in declared]
    in_table = [(i, column) for i, (_, column) in enumerate(planned) if column.how != "opaque"]
    own = [name for name in ("geom", "cs_id", "cs_feature") if name in declared]
    names = [*own, *(f"cs_{name}" for name in objects), *(c.name for _, c in in_table)]
    rows = _Rows(objects={name: [] for name in objects}, attributes=[[] for _ in planned])
    for batch in fetch_batches(con, table, names, progress):
        columns = dict(zip(names, batch, strict=True))
        size = len(batch[0])
        nothing: tuple[Any, ...] = (None,) * size
        rows.take_shapes(shapes_of(columns.get("geom", nothing)))
        rows.ids.extend(columns.get("cs_id", nothing))
        rows.feature.extend(columns.get("cs_feature", nothing))
        for name in objects:
            rows.objects[name].extend(columns[f"cs_{name}"])
        for i, column in in_table:
            array, lost = from_sql(columns[column.name], column.how, fields[i].type)
            rows.attributes[i].append(array)
            outside.unfit += lost
    return rows


def _whole_numbers(values: list[Any]) -> tuple[Ints, Bools]:
    """Give a column of integers and where there is one."""
    there = np.array([isinstance(v, int) for v in values], dtype=bool)
    if there.all():
        return np.array(values, dtype=np.int64), there
    return np.array([v if isinstance(v, int) else 0 for v in values], dtype=np.int64), there


def _identities(rows: _Rows, obj_row: Ints, features: int) -> tuple[Ints, Ints, int]:
    """Give each object its number, each row its feature (-1 for none), and count new objects.

    A row that Citystage wrote keeps its feature, and its first part its number.
    Other parts and other rows get new ones.
    """
    row_ids, has_id = _whole_numbers(rows.ids)
    row_feature, has_feature = _whole_numbers(rows.feature)
    ids, there = row_ids[obj_row], np.flatnonzero(has_id[obj_row])
    own = np.zeros(len(ids), dtype=bool)
    own[there[np.unique(ids[there], return_index=True)[1]]] = True  # a copied row repeats a number
    fresh = np.flatnonzero(~own)
    if fresh.size:
        start = int(ids[own].max(initial=0)) + 1
        ids = ids.copy()
        ids[fresh] = np.arange(start, start + fresh.size)
    keeps = np.zeros(len(row_ids), dtype=bool)
    keeps[obj_row[own]] = True
    shaped = np.zeros(len(row_ids), dtype=bool)
    shaped[obj_row] = True
    known = has_feature & (row_feature >= 0) & (keeps | ~shaped)
    row_feature = np.where(known, row_feature, -1)
    new = np.flatnonzero(shaped & ~known)
    start = max(features, int(row_feature.max(initial=-1)) + 1)
    row_feature[new] = np.arange(start, start + new.size)
    return ids, row_feature, int(fresh.size)


def _object_column(
    name: str,
    dtype: str,
    values: list[Any] | None,
    obj_row: Ints,
    parts: dict[str, Any],
    outside: Outside,
) -> NDArray[Any]:
    kind = np.dtype(dtype)
    default = NEW_OBJECT.get(name, 0)
    if values is None:  # the whole column was taken out
        outside.unfit += len(obj_row)
        return np.full(len(obj_row), default, dtype=kind)
    missing = float("nan") if kind.kind == "f" and name not in {"height", "min_height"} else default
    try:
        column = np.array([missing if v is None else v for v in values], dtype=kind)
    except (ValueError, TypeError, OverflowError):
        column = np.full(len(values), default, dtype=kind)
        for i, value in enumerate(values):
            try:
                column[i] = default if value is None else value
            except (ValueError, TypeError, OverflowError):
                outside.unfit += 1
    column = column[obj_row]
    minus = parts.get(f"minus/{name}")
    if minus is not None:
        minus = minus[minus < len(column)]
        column[minus] = np.where(column[minus] == 0, -0.0, column[minus])
    return column


def _mend_heights(arrays: dict[str, NDArray[Any]], outside: Outside) -> None:
    """Put heights right that another program left out or made impossible."""
    height, low = arrays.get("height"), arrays.get("min_height")
    if height is None or low is None:
        return
    bad = ~(height > 0) | ~np.isfinite(height)
    height[bad] = NEW_OBJECT["height"]
    sunk = ~(low < height) | (low < 0)
    low[sunk] = 0.0
    outside.unfit += int((bad | sunk).sum())


def _attributes(
    rows: _Rows,
    planned: list[tuple[int, SqlColumn]],
    fields: list[pa.Field],
    source: Ints,
    old: Ints,
    parts: dict[str, Any],
) -> list[pa.Array]:
    """Give the attributes, one row per feature.

    `source` holds the row that tells each feature's attributes, `old` the number
    that each feature had when the parts were written.
    """
    in_order = len(source) == len(rows.ids) and bool((np.diff(source) == 1).all())
    columns: list[pa.Array] = []
    for (number, column), wanted, chunks in zip(planned, fields, rows.attributes, strict=True):
        if column.how == "opaque":
            columns.append(_of_old_rows(parts["opaque"].column(str(number)), old))
            continue
        target = wanted.type.value_type if column.how == "category" else wanted.type
        array = pa.concat_arrays(chunks) if chunks else pa.array([], type=target)
        array = array if in_order else array.take(pa.array(source))
        if column.how == "category":
            known = one_chunk(parts[f"categories/{number}"].column(0))
            array = with_categories(array, wanted.type, known)
        if f"exact/{number}/rows" in parts:
            was, values = parts[f"exact/{number}/rows"], parts[f"exact/{number}/values"]
            still = np.isin(was, old)
            array = with_exceptions(array, np.searchsorted(old, was[still]), values[still])
        columns.append(array)
    return columns


def _of_old_rows(column: pa.ChunkedArray, old: Ints) -> pa.Array:
    """Give the kept values of features by their old numbers; null for new features."""
    array = one_chunk(column)
    if len(old) == len(array) and bool((old == np.arange(len(old))).all()):
        return array
    return array.take(pa.array(old, mask=old >= len(array)))


def _table(
    columns: list[pa.Array], fields: list[pa.Field], rows: int, schema: pa.Schema
) -> pa.Table:
    if not columns:
        return pa.table({"row": np.zeros(rows)}).select([])
    typed = [
        field if array.type == field.type else pa.field(field.name, array.type)
        for array, field in zip(columns, fields, strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=pa.schema(typed, metadata=schema.metadata))
