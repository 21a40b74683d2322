"""Measurements as tables: CSV, Excel and GeoJSON with units in the header and the CRS stated."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from layers.errors import CityError
from layers.files.sheets import appearing, write_csv, write_xlsx
from layers.frame import Frame, read_crs, short_name
from layers.kinds.measurements import Measurement

#: Columns before the values; keys are words of the trade, the same in every language.
HEAD = ("id", "name", "kind", "crs", "points", "created", "program", "stale", "note")
SUFFIXES = (".csv", ".xlsx", ".geojson", ".json")


def value_columns(items: Sequence[Measurement]) -> list[str]:
    """List the value keys that occur, in the order they first do, angles in degrees."""
    seen: dict[str, None] = {}
    for item in items:
        for key in item.values:
            seen.setdefault(_shown_key(key))
    return list(seen)


def _shown_key(key: str) -> str:
    return f"{key.removesuffix('_rad')}_deg" if key.endswith("_rad") else key


def shown_values(values: Mapping[str, float]) -> dict[str, float]:
    """Give the values for people: radians become degrees, and the key's unit with them."""
    return {
        _shown_key(key): math.degrees(value) if key.endswith("_rad") else value
        for key, value in values.items()
    }


def rows(
    items: Sequence[Measurement], stale: Mapping[int, bool] | None = None
) -> list[dict[str, Any]]:
    """Give one row per measurement: the columns of ``HEAD``, then its values.

    Parameters
    ----------
    items : sequence of Measurement
        What to list.
    stale : mapping of int to bool or None
        For each number whether something it depends on has changed.
    """
    return [
        {
            "id": item.id,
            "name": item.name,
            "kind": item.kind,
            "crs": _crs_text(item.crs),
            "points": "; ".join(f"{p[0]:.3f} {p[1]:.3f} {p[2]:.3f}" for p in item.points),
            "created": item.created,
            "program": item.program,
            "stale": "yes" if stale and stale.get(item.id) else "no",
            "note": item.note,
            **shown_values(item.values),
        }
        for item in items
    ]


def _crs_text(crs: str) -> str:
    if not crs:
        return ""
    known = read_crs(crs)
    short = short_name(known)
    return f"{short} {known.name}" if short.startswith("EPSG") else known.name


def write_measurements(
    items: Sequence[Measurement],
    path: Path,
    frame: Frame,
    stale: Mapping[int, bool] | None = None,
) -> None:
    """Write a table; the suffix of the path chooses CSV, XLSX or GeoJSON.

    CSV is UTF-8 with a mark so that spreadsheets show Chinese. GeoJSON holds
    longitude and latitude as its standard asks; the properties keep the values
    and name the coordinate system they were measured in. The file appears
    whole or not at all.

    Raises
    ------
    CityError
        ``tables.suffix`` for another suffix, ``tables.write`` if the file
        cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise CityError(
            "tables.suffix",
            f"A table cannot be written as '{suffix or path.name}'.",
            hint="use .csv, .xlsx or .geojson",
            where=path.name,
            suffix=suffix or path.name,
        )
    columns = [*HEAD, *value_columns(items)]
    table = rows(items, stale)
    with appearing(path) as partial:
        if suffix == ".csv":
            write_csv(partial, columns, _cells(table, columns))
        elif suffix == ".xlsx":
            write_xlsx(partial, columns, _cells(table, columns), title="measurements")
        else:
            _write_geojson(items, table, frame, partial)


def _cells(table: list[dict[str, Any]], columns: list[str]) -> list[list[Any]]:
    return [[row.get(column) for column in columns] for row in table]


def _write_geojson(
    items: Sequence[Measurement], table: list[dict[str, Any]], frame: Frame, path: Path
) -> None:
    features = []
    for item, row in zip(items, table, strict=True):
        lonlat = frame.lonlat([p[:2] for p in item.points]).round(9).tolist()
        places = [[*at, round(p[2], 3)] for at, p in zip(lonlat, item.points, strict=True)]
        geometry: dict[str, Any] = {"type": "Point", "coordinates": places[0]}
        if item.kind in ("area", "cutfill"):
            geometry = {"type": "Polygon", "coordinates": [[*places, places[0]]]}
        elif len(places) > 1:
            geometry = {"type": "LineString", "coordinates": places}
        features.append({"type": "Feature", "id": item.id, "geometry": geometry, "properties": row})
    whole = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
