"""The same thing twice: repeated features, and buildings that tiles cut into pieces."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from layers.files.flat import FlatGeometry
from layers.files.raw import RawLayer
from layers.files.repair import Pieces
from layers.files.report import Tally
from layers.progress import Progress, Silent
from layers.shapes import Ints
from layers.style import texts

#: Fields that name a feature, the surest first.
ID_FIELDS = ("id", "osm_id", "@id", "osm_way_id", "gml_id", "fid", "objectid", "globalid")
SNAP = 0.001  # m: edges of two tiles this near are one edge
STRAIGHT = 0.005  # m: a vertex this near to its neighbours' line came from the cut


def id_field(table: pa.Table) -> str | None:
    """Give the name of the field that names the features, None where there is none.

    It must be filled and mostly different from feature to feature.
    """
    names = {name.lower(): name for name in reversed(table.column_names)}
    for wanted in ID_FIELDS:
        name = names.get(wanted)
        if name is None or pa.types.is_nested(table.schema.field(name).type):
            continue
        column = table.column(name)
        filled = len(column) - column.null_count
        if filled and len(column.drop_null().unique()) > 0.5 * filled:
            return str(name)
    return None


def repeated(raw: RawLayer, rows: Ints, *, ignore_keys: bool) -> Ints:
    """Find features that repeat an earlier one, geometry and attributes.

    Parameters
    ----------
    raw : RawLayer
        The layer.
    rows : (k,) int64
        The features to compare.
    ignore_keys : bool
        Whether fields that differ in every feature (``OBJECTID``) are left out
        of the comparison.

    Returns
    -------
    (j,) ndarray of int64
        The later ones of each group, in the order of the file.
    """
    rows = rows[~raw.missing()[rows]]
    if isinstance(raw.geometry, FlatGeometry):
        rows = raw.geometry.suspects(rows)
    geometry = raw.some(rows)
    bounds = shapely.bounds(geometry)
    frame = pd.DataFrame(bounds, columns=["west", "south", "east", "north"])
    frame["size"] = shapely.get_num_coordinates(geometry)
    frame["type"] = shapely.get_type_id(geometry)
    again = frame.duplicated(keep=False).to_numpy() & np.isfinite(bounds).all(axis=1)
    near = np.flatnonzero(again)
    if near.size == 0:
        return np.zeros(0, dtype=np.int64)
    same = pd.DataFrame({"shape": shapely.to_wkb(shapely.normalize(geometry[near]))})
    same["values"] = _row_hashes(raw.attributes, rows[near], ignore_keys=ignore_keys)
    return np.asarray(rows[near[same.duplicated(keep="first").to_numpy()]])


def _row_hashes(table: pa.Table, rows: Ints, *, ignore_keys: bool) -> NDArray[np.uint64]:
    """Give a number per feature that is equal where all attributes are."""
    chosen = table.take(pa.array(rows))
    total = np.zeros(len(rows), dtype=np.uint64)
    for place, name in enumerate(table.column_names):
        column = chosen.column(name)
        if ignore_keys and table.num_rows > 1 and _is_key(table.column(name)):
            continue
        values = pd.Series(texts(column), dtype=object).fillna("\u0001null")
        total *= np.uint64(31)
        total += pd.util.hash_pandas_object(values, index=False).to_numpy() + np.uint64(place)
    return total


def _is_key(column: pa.ChunkedArray) -> bool:
    kind = column.type
    if not (
        pa.types.is_integer(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind)
    ):
        return False
    return bool(column.null_count == 0 and len(column.unique()) == len(column))


def joined(
    raw: RawLayer, pieces: Pieces, tally: Tally, progress: Progress | None = None
) -> tuple[Pieces, Ints]:
    """Join the pieces of features that tiles have cut or repeated in part.

    Pieces belong together when they carry the same id (and ``kind``, where there
    is such a field), stand in different tiles, and touch or overlap.

    Parameters
    ----------
    raw : RawLayer
        The layer; nothing happens where it was not read from tiles.
    pieces : Pieces
        Its clean polygons, metres.
    tally : Tally
        Is told of the features that were joined.
    progress : Progress or None
        Is asked between features.

    Returns
    -------
    Pieces
        With one shape for each joined feature, under its first row.
    (j, 2) ndarray of int64
        Features that were taken in, and the row of the one that took them.
    """
    progress = progress or Silent()
    none = np.zeros((0, 2), dtype=np.int64)
    name = None if raw.tile is None else id_field(raw.attributes)
    if raw.tile is None or name is None or len(pieces.row) == 0:
        return pieces, none
    pieces = Pieces(pieces.objects, pieces.row, pieces.low, pieces.high)
    keys = pd.DataFrame({"id": texts(raw.attributes.column(name).take(pa.array(pieces.row)))})
    if "kind" in raw.attributes.column_names:
        keys["kind"] = texts(raw.attributes.column("kind").take(pa.array(pieces.row)))
    polygon = (shapely.get_type_id(pieces.geometry) == 3) & keys["id"].notna().to_numpy()
    group = keys.groupby(list(keys.columns), dropna=False, sort=False).ngroup().to_numpy()
    tiles = pd.Series(raw.tile[pieces.row]).groupby(group).transform("nunique").to_numpy()
    members = np.flatnonzero(polygon & (tiles > 1))
    members = members[np.argsort(group[members], kind="stable")]
    keep = np.ones(len(pieces.geometry), dtype=bool)
    geometry = pieces.objects.copy()
    row = pieces.row.copy()
    absorbed = [none]
    groups = np.split(members, np.flatnonzero(np.diff(group[members])) + 1)
    for count, these in enumerate(groups):
        if len(these) < 2:
            continue
        if count % 200 == 0:
            progress.step(count, len(groups), "progress-tiles")
        whole = shapely.union_all(geometry[these], grid_size=SNAP)
        whole = shapely.simplify(whole, STRAIGHT)
        parts = shapely.get_parts(whole)
        if len(parts) >= len(these) or not shapely.is_valid(parts).all():
            continue
        tally.mend("joined_at_tile_edge", row[these])
        keep[these[len(parts) :]] = False
        geometry[these[: len(parts)]] = parts
        rows, first = np.unique(pieces.row[these]), pieces.row[these].min()
        row[these[: len(parts)]] = first
        absorbed.append(np.column_stack([rows, np.full(len(rows), first)]))
    made = Pieces(geometry, row, pieces.low, pieces.high).take(keep)
    return made, np.concatenate(absorbed)
