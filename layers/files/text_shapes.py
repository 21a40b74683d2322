"""Shapes that stand as texts in columns of tables: well-known text, hexadecimal, rings of pairs."""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from layers.errors import CityError
from layers.files import ogr

_NAMES = ("wkt", "wkb", "geometry", "geom", "thegeom", "wktgeom", "shape", "几何", "ewkt", "ewkb",
          "wkbgeometry")  # fmt: skip
_AREAS = re.compile(r"边界|邊界|范围|範圍|轮廓|輪廓|多边形|面|polygon|boundary|outline|ring", re.I)
_SRID = re.compile(r"\s*SRID=(\d+);\s*", re.IGNORECASE)
_WKT = re.compile(
    r"\s*(SRID=\d+;)?\s*((MULTI|CURVE|COMPOUND)?(POINT|LINESTRING|POLYGON|CURVE|SURFACE)|CIRCULARSTRING|"
    r"GEOMETRYCOLLECTION|TIN|TRIANGLE|POLYHEDRALSURFACE)\s*(Z|M|ZM)?\s*(\(|EMPTY)",
    re.IGNORECASE,
)
_HEX = re.compile(r"(0x|\\+x)?0[01][0-9A-Fa-f]{16,}", re.IGNORECASE)
_NUMBER = r"-?\d+(?:\.\d+)?"
_PAIR = rf"{_NUMBER}\s*,\s*{_NUMBER}"
_RING = re.compile(rf"\s*{_PAIR}(\s*[;|]\s*{_PAIR}){{2,}}\s*[;|]?\s*")
#: Shapes of well-known text that shapely does not know.
_CURVED = re.compile(r"CIRCULARSTRING|CURVE|SURFACE|TIN|TRIANGLE", re.IGNORECASE)
Geometries = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class TextShapes:
    """Shapes of a column.

    Attributes
    ----------
    name : str
        The column.
    geometry : (n,) object
        None where nothing usable stands.
    crs : str or None
        Where the texts say it.
    unreadable : (k,) int64
        Rows that say something that cannot be understood.
    """

    name: str
    geometry: Geometries
    crs: str | None
    unreadable: NDArray[np.int64]


def holds_shapes(name: str) -> bool:
    """Say whether a column of a name, without signs and in small letters, may hold shapes.

    >>> holds_shapes("thegeom"), holds_shapes("height")
    (True, False)
    """
    return name in _NAMES


def shapes_in(table: pa.Table, names: dict[str, str]) -> TextShapes | None:
    """Find the column of a table that holds shapes as texts, and read it.

    Parameters
    ----------
    table : pyarrow.Table
        n rows.
    names : dict of str to str
        Columns and their names without signs, in small letters.

    Returns
    -------
    TextShapes or None
        None where there is no such column.
    """
    wanted = [name for name, bare in names.items() if holds_shapes(bare)]
    others = [name for name in names if name not in wanted]
    for name in (*wanted, *others):
        column = table.column(name)
        if not pa.types.is_string(column.type):
            continue
        first = next((v for v in column.slice(0, 200).to_pylist() if v and v.strip()), "")
        texts = _texts(column) if _may_be(first) else None
        if texts is None:
            continue
        if _WKT.match(first):
            return _from_wkt(name, texts)
        if _HEX.fullmatch(first.strip()):
            return _from_hex(name, texts)
        if _RING.fullmatch(first):
            return _from_rings(name, texts)
        if name in wanted:
            return _from_geojson(name, texts)
    return None


def _may_be(text: str) -> bool:
    return bool(
        _WKT.match(text)
        or _HEX.fullmatch(text.strip())
        or _RING.fullmatch(text)
        or text.lstrip().startswith('{"')
    )


def _texts(column: pa.ChunkedArray) -> Geometries:
    values = [v if v and v.strip() else None for v in column.to_pylist()]
    return np.array(values, dtype=object)


def _made(name: str, texts: Geometries, geometry: Geometries, crs: str | None) -> TextShapes:
    given = np.array([text is not None for text in texts], dtype=bool)
    return TextShapes(name, geometry, crs, np.flatnonzero(given & shapely.is_missing(geometry)))


def _from_wkt(name: str, texts: Geometries) -> TextShapes:
    """Read well-known text; what shapely does not know (arcs, surfaces) is left to GDAL."""
    first = next((m for text in texts if text and (m := _SRID.match(text))), None)
    crs = f"EPSG:{first[1]}" if first and first[1] != "0" else None
    plain = np.array([t if t is None else _SRID.sub("", t, count=1) for t in texts], dtype=object)
    curved = np.array([t is not None and _CURVED.search(t) is not None for t in plain], dtype=bool)
    straight = plain.copy()
    straight[curved] = None
    geometry = np.asarray(shapely.from_wkt(straight, on_invalid="ignore"), dtype=object)
    if curved.any():
        geometry[curved] = _by_gdal(plain[curved].tolist())
    return _made(name, texts, geometry, crs)


def _by_gdal(texts: Sequence[str]) -> Geometries:
    nothing = np.full(len(texts), None, dtype=object)
    with tempfile.TemporaryDirectory(prefix="citystage-") as folder:
        path = Path(folder) / "shapes.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, quoting=csv.QUOTE_ALL)
            rows.writerow(["number", "WKT"])
            rows.writerows(enumerate(texts))
        try:
            read = np.asarray(ogr.read(ogr.Asked(path, path)).geometry, dtype=object)
        except CityError:  # told as texts that cannot be read
            return nothing
    return read if len(read) == len(texts) else nothing


def _from_hex(name: str, texts: Geometries) -> TextShapes:
    """Read well-known binary as databases print it: plain, ``0x...`` or ``\\x...``."""
    plain = [t if t is None else re.sub(r"^\s*(0x|\\+x)", "", t, flags=re.I).strip() for t in texts]
    geometry = np.asarray(
        shapely.from_wkb(np.array(plain, dtype=object), on_invalid="ignore"), dtype=object
    )
    srids = np.unique(shapely.get_srid(geometry))
    srids = srids[srids > 0]
    return _made(name, texts, geometry, f"EPSG:{int(srids[0])}" if len(srids) == 1 else None)


def _from_geojson(name: str, texts: Geometries) -> TextShapes:
    """Read GeoJSON geometries, which are longitude and latitude by their rules."""
    geometry = np.asarray(shapely.from_geojson(texts, on_invalid="ignore"), dtype=object)
    return _made(name, texts, geometry, _degrees(geometry))


def _from_rings(name: str, texts: Geometries) -> TextShapes:
    """Read ``lon,lat;lon,lat;...``, the parts of one feature parted by ``|``."""
    closed = _AREAS.search(name) is not None
    geometry = np.array(
        [None if t is None else _ring(t, closed=closed) for t in texts], dtype=object
    )
    return _made(name, texts, geometry, _degrees(geometry))


def _ring(text: str, *, closed: bool) -> shapely.Geometry | None:
    parts = []
    for part in text.split("|"):
        try:
            pairs = [json.loads(f"[{pair}]") for pair in part.split(";") if pair.strip()]
            coords = np.array(pairs, dtype=np.float64)
        except ValueError:
            return None
        if coords.ndim != 2 or len(coords) < 2:
            return None
        area = len(coords) >= 3 and (closed or bool((coords[0] == coords[-1]).all()))
        parts.append(shapely.Polygon(coords) if area else shapely.LineString(coords))
    return parts[0] if len(parts) == 1 else shapely.GeometryCollection(parts)


def _degrees(geometry: Geometries) -> str | None:
    """Give WGS 84 where at least half of the corners can be degrees."""
    coords = np.abs(shapely.get_coordinates(geometry))
    fits = (coords[:, 0] <= 361.0) & (coords[:, 1] <= 90.0)
    return "EPSG:4326" if fits.size == 0 or fits.mean() >= 0.5 else None
