"""A layer of shapes as an ordinary GeoPackage table: one row per object, in the layer's order."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.content import one_chunk
from layers.files.gpkg_columns import SqlColumn, float_exceptions, plan_columns, to_sql
from layers.files.gpkg_geometry import blobs_of
from layers.files.gpkg_tables import quote, register_features
from layers.files.project_schema import write_part
from layers.kinds.base import Packed, unpack_shapes
from layers.progress import Part, Progress
from layers.shapes import LINE, POINT, POLYGON, Ints

BATCH = 20_000  # rows between two looks at the stop button
GEOMETRY_NAMES = {POINT: "POINT", LINE: "LINESTRING", POLYGON: "POLYGON"}
ROW_COLUMNS = ("fid", "geom", "cs_id", "cs_feature")
SHAPE_ARRAYS = (
    "shapes.kind", "shapes.coords", "shapes.ring_start", "shapes.shape_start", "shapes.z",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TablePlan:
    """How a layer's content is spread over the columns of its table.

    Attributes
    ----------
    attributes : list of SqlColumn
        One per attribute, in their order.
    objects : dict of str to str
        Columns of the objects (``height``, ...), kept as ``cs_NAME``, with their NumPy types.
    features : int
        Rows of the attribute table.
    has_z : bool
        Whether the shapes have heights.
    """

    attributes: list[SqlColumn]
    objects: dict[str, str]
    features: int
    has_z: bool

    def to_json(self) -> dict[str, Any]:
        """Give plain values for the project file."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> TablePlan:
        """Build it from the values `to_json` gave."""
        columns = [SqlColumn(**column) for column in raw["attributes"]]
        return cls(columns, dict(raw["objects"]), int(raw["features"]), bool(raw["has_z"]))


def is_table(packed: Packed) -> bool:
    """Say whether the content has shapes, numbers and attributes, and so makes a table."""
    return {"shapes.kind", "ids", "feature"} <= packed.arrays.keys() and (
        "attributes" in packed.tables
    )


def write_layer_table(
    con: sqlite3.Connection,
    table: str,
    layer_id: str,
    packed: Packed,
    *,
    accepts: str,
    srs_id: int,
    progress: Progress,
) -> TablePlan:
    """Write a layer's table, its register rows and its parts.

    Parameters
    ----------
    con : sqlite3.Connection
        Project file.
    table, layer_id : str
        Name of the table to make; id of the layer.
    packed : Packed
        Content, see `is_table`.
    accepts : str
        Shapes the kind of layer takes (``polygon``, ``point+line+polygon``), for empty layers.
    srs_id : int
        Row of ``gpkg_spatial_ref_sys``.
    progress : Progress
        Told after each batch.
    """
    plan = _plan(packed)
    declared = [
        '"fid" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL',
        f'"geom" {_geometry_name(packed, accepts)}',
        '"cs_id" INTEGER',
        '"cs_feature" INTEGER',
        *(f"{quote(f'cs_{name}')} {_sql_of(dtype)}" for name, dtype in plan.objects.items()),
        *(f"{quote(c.name)} {c.sql}" for c in plan.attributes if c.name),
    ]
    con.execute(f"CREATE TABLE {quote(table)} ({', '.join(declared)})")
    marks = ", ".join("?" * (len(declared) - 1))
    names = ["geom", "cs_id", "cs_feature", *(f"cs_{name}" for name in plan.objects)]
    names += [c.name for c in plan.attributes if c.name]
    insert = f"INSERT INTO {quote(table)} ({', '.join(quote(n) for n in names)}) VALUES ({marks})"
    whole = Part(progress, 0.0, 0.9)
    for rows in _batches(packed, plan, srs_id, whole):
        con.executemany(insert, rows)
    shapes = unpack_shapes(packed.arrays)
    register_features(
        con, table, geometry=_geometry_name(packed, accepts), has_z=shapes.z is not None,
        srs_id=srs_id, extent=shapes.extent(),
    )  # fmt: skip
    _write_parts(con, layer_id, packed, plan, Part(progress, 0.9, 1.0))
    return plan


def _plan(packed: Packed) -> TablePlan:
    n = len(packed.arrays["ids"])
    objects = {
        name: array.dtype.str
        for name, array in packed.arrays.items()
        if name not in {"ids", "feature"}
        and "." not in name
        and array.shape == (n,)
        and array.dtype.kind in "biuf"
        and array.dtype != np.dtype(np.uint64)
    }
    table = packed.tables["attributes"]
    taken = [*ROW_COLUMNS, *(f"cs_{name}" for name in objects)]
    columns = plan_columns(table, taken)
    return TablePlan(columns, objects, table.num_rows, "shapes.z" in packed.arrays)


def _geometry_name(packed: Packed, accepts: str) -> str:
    kinds = np.unique(packed.arrays["shapes.kind"]).tolist()
    if not kinds:
        words = {"point": POINT, "line": LINE, "polygon": POLYGON}
        kinds = [words[word] for word in accepts.split("+") if word in words]
    return GEOMETRY_NAMES[kinds[0]] if len(kinds) == 1 else "GEOMETRY"


def _sql_of(dtype: str) -> str:
    kind, size = np.dtype(dtype).kind, np.dtype(dtype).itemsize
    if kind == "f":
        return "DOUBLE" if size == 8 else "FLOAT"
    if kind == "b":
        return "BOOLEAN"
    return {1: "SMALLINT", 2: "MEDIUMINT"}.get(size, "INTEGER")


def _batches(
    packed: Packed, plan: TablePlan, srs_id: int, progress: Progress
) -> Iterator[Iterator[tuple[Any, ...]]]:
    shapes = unpack_shapes(packed.arrays)
    ids, feature = packed.arrays["ids"], packed.arrays["feature"]
    n = len(ids)
    owned = np.zeros(plan.features, dtype=bool)
    owned[feature] = True
    lonely = np.flatnonzero(~owned)  # features without an object keep a row without a shape
    row_feature = np.concatenate([feature, lonely]).astype(np.int64)
    table = packed.tables["attributes"]
    columns = [
        (one_chunk(column), planned.how)
        for column, planned in zip(table.columns, plan.attributes, strict=True)
        if planned.name
    ]
    total = len(row_feature)
    for first in range(0, total, BATCH):
        progress.step(first, total, "progress-saving")
        last = min(first + BATCH, total)
        objects = slice(first, min(last, n))
        empty = [None] * (last - max(first, n)) if last > n else []
        here = row_feature[first:last]
        values: list[list[Any]] = [
            blobs_of(shapes, srs_id, min(first, n), min(last, n)) + empty,
            ids[objects].tolist() + empty,
            here.tolist(),
        ]
        values += [_numbers(packed.arrays[name][objects]) + empty for name in plan.objects]
        values += [to_sql(_rows(array, here), how) for array, how in columns]
        yield zip(*values, strict=True)


def _numbers(array: NDArray[Any]) -> list[Any]:
    values: list[Any] = array.tolist()  # SQLite itself turns NaN into NULL
    return values


def _rows(array: pa.Array, rows: Ints) -> pa.Array:
    first = int(rows[0])
    if int(rows[-1]) - first == len(rows) - 1 and bool((np.diff(rows) == 1).all()):
        return array.slice(first, len(rows))
    return array.take(pa.array(rows))


def _write_parts(
    con: sqlite3.Connection, layer_id: str, packed: Packed, plan: TablePlan, progress: Progress
) -> None:
    parts = _attribute_parts(packed.tables["attributes"], plan)
    known = {*SHAPE_ARRAYS, "ids", "feature", *plan.objects}
    for name, array in packed.arrays.items():
        if name not in known:
            parts[f"arrays/{name}"] = array
        elif name in plan.objects and array.dtype.kind == "f":
            minus = np.flatnonzero((array == 0) & np.signbit(array))
            if minus.size:
                parts[f"minus/{name}"] = minus
    for name, other in packed.tables.items():
        if name != "attributes":
            parts[f"tables/{name}"] = other
    for number, (name, part) in enumerate(parts.items()):
        share = Part(progress, number / len(parts), (number + 1) / len(parts))
        write_part(con, layer_id, name, part, share)


def _attribute_parts(table: pa.Table, plan: TablePlan) -> dict[str, Any]:
    """Give what restores the attributes exactly: types, and what SQLite would bend."""
    parts: dict[str, Any] = {"schema": table.schema.serialize().to_pybytes()}
    opaque = {}
    for number, planned in enumerate(plan.attributes):
        if planned.how not in {"opaque", "category", "float"}:
            continue
        column = one_chunk(table.column(number))
        if planned.how == "opaque":
            opaque[str(number)] = column
        elif planned.how == "category":
            parts[f"categories/{number}"] = pa.table({"value": column.dictionary})
        else:
            rows, exact = float_exceptions(column)
            if rows.size:
                parts[f"exact/{number}/rows"] = rows
                parts[f"exact/{number}/values"] = exact
    if opaque:
        parts["opaque"] = pa.table(opaque)
    return parts


def fetch_batches(
    con: sqlite3.Connection, table: str, names: list[str], progress: Progress
) -> Iterator[list[tuple[Any, ...]]]:
    """Read some columns of a table in the order of ``fid``, one batch of columns after another."""
    total = con.execute(f"SELECT count(*) FROM {quote(table)}").fetchone()[0]
    chosen = ", ".join(quote(name) for name in names)
    rows = con.execute(f"SELECT {chosen} FROM {quote(table)} ORDER BY {quote('fid')}")
    for done in itertools.count(0, BATCH):
        progress.step(min(done, total), total, "progress-loading")
        batch = rows.fetchmany(BATCH)
        if not batch:
            return
        yield list(zip(*batch, strict=True))
