"""JSON that holds rows of a table instead of features: lists of places as services give them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from layers.files.geojson_text import as_utf8
from layers.files.points_csv import layer_of_rows
from layers.files.raw import RawLayer

_FEWEST = 0.5  # share of the members of a list that have to be rows


def read_rows(path: Path, encoding: str | None, limit: int | None) -> RawLayer | None:
    """Read a list of rows with columns of coordinates.

    The list may be the whole file or stand in a member of it (``pois``, ``data``, ``rows``).

    Parameters
    ----------
    path : pathlib.Path
        The file.
    encoding : str or None
        Encoding as the user decided; None to find it.
    limit : int or None
        Stop after so many rows.

    Returns
    -------
    RawLayer or None
        None where there is no such list, or none of its columns says where the rows lie.
    """
    data, guess = as_utf8(path.read_bytes(), encoding)
    try:
        found = _rows(json.loads(data))
    except ValueError:
        return None
    if not found:
        return None
    names = list(dict.fromkeys(key for row in found for key in row))
    cells = [[_text(row.get(name)) for name in names] for row in found[:limit]]
    return layer_of_rows(path, names, cells, guess)


def _rows(value: Any, depth: int = 2) -> list[dict[str, Any]]:
    """Give the longest list of rows in a value."""
    if isinstance(value, list):
        rows = [_flat(row) for row in value if isinstance(row, dict)]
        return rows if len(rows) >= _FEWEST * max(len(value), 1) else []
    if isinstance(value, dict) and depth:
        return max((_rows(inner, depth - 1) for inner in value.values()), key=len, default=[])
    return []


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """Give a row with the members of its objects as columns of their own."""
    out: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, dict) and "type" not in value:
            out.update({f"{key}_{inner}": part for inner, part in value.items()})
        else:
            out[str(key)] = value
    return out


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
