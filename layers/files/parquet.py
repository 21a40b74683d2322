"""GeoParquet, read with pyarrow: the GDAL of the wheels has no driver for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
from numpy.typing import NDArray
from pyproj.exceptions import CRSError

from layers.files.columns import plain_table, row_count_table
from layers.files.ogr import crs_text, damaged
from layers.files.point_columns import names_places, places
from layers.files.points_csv import no_coordinates
from layers.files.raw import LayerInfo, Note, RawLayer, as_objects
from layers.files.wkb import Decoded, decode_column
from layers.frame import short_name
from layers.progress import Progress

BATCH = 20_000  # rows between two chances to stop

_NAMES = ("geometry", "geom", "wkb_geometry", "shape")


def list_parquet(path: Path, encoding: str | None) -> list[LayerInfo]:
    """Tell of a GeoParquet file from its footer."""
    del encoding
    with _opened(path) as file:
        geo = _geo(file)
        column = _geometry_column(file.schema_arrow, geo)
        fields = tuple((f.name, str(f.type)) for f in file.schema_arrow if f.name != column)
        types = " ".join(geo.get("columns", {}).get(column, {}).get("geometry_types", []))
        families = [word for word in ("point", "line", "polygon") if word in types.lower()]
        names = [name for name, _ in fields]
        bare = "point" if not column and names_places(names) else "none"
        kind = "+".join(families) or ("unknown" if column else bare)
        crs, _ = _crs(geo, column)
        return [LayerInfo(path.stem, kind, file.metadata.num_rows, fields, crs, None)]


def read_parquet(
    path: Path, layer: str | None, encoding: str | None, progress: Progress, limit: int | None
) -> RawLayer:
    """Read a GeoParquet file, also one without the ``geo`` metadata but with a WKB column.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    layer, encoding : str or None
        Not needed: there is one layer, and texts are UTF-8.
    progress : Progress
        Told after each batch.
    limit : int or None
        Stop after so many rows.

    Returns
    -------
    RawLayer

    Raises
    ------
    CityError
        ``file.damaged``, ``file.no_coordinates``.
    Cancelled
        If the progress says so.
    """
    del layer, encoding
    with _opened(path) as file:
        geo = _geo(file)
        column = _geometry_column(file.schema_arrow, geo)
        table = _rows(file, progress, limit)
    crs, notes = _crs(geo, column)
    ids = as_objects([str(row) for row in range(table.num_rows)])
    none: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
    empty = np.full(table.num_rows, None, dtype=object)
    decoded = Decoded(empty, none, none, none)
    if column:
        decoded = _geometry(path, table.column(column), column)
        table = table.drop_columns([column])
    table = table.replace_schema_metadata(None)
    plain = plain_table(table) if table.num_columns else row_count_table(len(ids))
    if not column:
        return _of_places(path, plain, ids)
    lost, closed = ids[decoded.unreadable].tolist(), ids[decoded.closed].tolist()
    return RawLayer(
        path=path,
        name=path.stem,
        geometry=decoded.geometry,
        attributes=plain,
        crs=crs,
        encoding=None,
        ids=ids,
        notes=notes,
        unreadable={"geometry_unreadable": lost} if lost else {},
        repaired={"ring_closed": closed} if closed else {},
    )


def _of_places(path: Path, table: pa.Table, ids: NDArray[np.object_]) -> RawLayer:
    """Read a table whose columns of coordinates say where the rows lie."""
    found = places(table)
    if found is None:
        raise no_coordinates(path, table.column_names)
    bad = ids[found.unreadable].tolist()
    return RawLayer(
        path=path,
        name=path.stem,
        geometry=found.geometry,
        attributes=table,
        crs=found.crs,
        encoding=None,
        ids=ids,
        notes=found.notes,
        unreadable={"coordinates_unreadable": bad} if bad else {},
    )


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, OSError) as error:
        raise damaged(path, error) from error


def _rows(file: pq.ParquetFile, progress: Progress, limit: int | None) -> pa.Table:
    total = file.metadata.num_rows if limit is None else min(limit, file.metadata.num_rows)
    batches: list[pa.RecordBatch] = []
    done = 0
    for batch in file.iter_batches(batch_size=min(BATCH, limit or BATCH)):
        batches.append(batch)
        done += batch.num_rows
        progress.step(min(done, total), total, "progress-reading")
        if done >= total:
            break
    table = pa.Table.from_batches(batches, schema=None if batches else file.schema_arrow)
    return table.slice(0, total)


def _geo(file: pq.ParquetFile) -> dict[str, Any]:
    raw = (file.schema_arrow.metadata or {}).get(b"geo", b"{}")
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _geometry_column(schema: pa.Schema, geo: dict[str, Any]) -> str:
    if geo.get("primary_column") in schema.names:
        return str(geo["primary_column"])
    for field in schema:
        extension = (field.metadata or {}).get(b"ARROW:extension:name", b"")
        if extension.startswith(b"geoarrow."):
            return str(field.name)
    for field in schema:
        binary = pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type)
        if field.name.lower() in _NAMES and binary:
            return str(field.name)
    return ""


def _geometry(path: Path, column: pa.ChunkedArray, name: str) -> Decoded:
    if pa.types.is_large_binary(column.type):
        column = column.cast(pa.binary())
    if pa.types.is_binary(column.type):
        return decode_column(column)
    # one of the native encodings (lists of coordinates) that GeoParquet 1.1 allows
    read = geopandas.read_parquet(path, columns=[name]).geometry.to_numpy()[: len(column)]
    none: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
    return Decoded(np.asarray(read, dtype=object), none, none, none)


def _crs(geo: dict[str, Any], column: str) -> tuple[str | None, tuple[Note, ...]]:
    """Read the coordinate system: left out it is longitude and latitude, null is unknown."""
    about = geo.get("columns", {}).get(column)
    if about is None:
        return None, ()
    given = about.get("crs", "OGC:CRS84")
    if given is None:
        return None, ()
    try:
        return crs_text(short_name(pyproj.CRS.from_user_input(given))), ()
    except CRSError as error:
        return None, (Note("crs_unreadable", {"reason": str(error)[:120]}),)
