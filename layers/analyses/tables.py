"""Answers as files: CSV and XLSX tables, JSON of all, GeoJSON and GeoPackage with marks."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely

from layers.errors import CityError
from layers.files.sheets import appearing, write_csv, write_xlsx
from layers.frame import Frame
from layers.kinds.answers import SavedAnalysis
from layers.kinds.base import Features

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

#: Columns that hold ids of layers; people read their names.
LAYER_COLUMNS = ("layer", "other_layer", "line_layer")
SUFFIXES = (".csv", ".xlsx", ".json", ".geojson", ".gpkg")


def answer_json(item: SavedAnalysis, *, stale: Sequence[str] | None = None) -> dict[str, Any]:
    """Give an answer as values that JSON can hold: question, inputs, figures, rows.

    Parameters
    ----------
    item : SavedAnalysis
        The answer.
    stale : sequence of str or None
        Which inputs have changed since; None where that was not looked at.
    """
    out: dict[str, Any] = {
        "id": item.id,
        "name": item.name,
        "analysis": item.kind,
        "status": item.outcome.status,
        "scheme": item.scheme,
        "params": dict(item.params),
        "facts": {key: plain_value(value) for key, value in item.outcome.facts.items()},
        "notes": [{"key": note.key, **dict(note.facts)} for note in item.outcome.notes],
        "rows": [
            {key: plain_value(value) for key, value in row.items()}
            for row in item.outcome.table.to_pylist()
        ],
        "inputs": dict(item.inputs),
        "crs": item.crs,
        "program": item.program,
        "created": item.created,
        "note": item.note,
    }
    if stale is not None:
        out["stale"] = list(stale)
    return out


def plain_value(value: Any) -> Any:
    """Give a value that JSON can hold; numbers that are none become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [plain_value(v) for v in value]
    if isinstance(value, np.generic):
        return plain_value(value.item())
    return str(value)


def write_answer(
    item: SavedAnalysis,
    path: Path,
    frame: Frame,
    *,
    stale: Sequence[str] | None = None,
    layers: Mapping[str, str] | None = None,
) -> None:
    """Write an answer; the suffix of the path chooses what.

    ``.csv`` and ``.xlsx`` hold the table, the workbook also question, figures and inputs;
    ``.json`` holds all but the marks; ``.geojson`` the marks in longitude and latitude with the
    rows they belong to; ``.gpkg`` the marks, a layer each, in the project's system, and the table.

    Parameters
    ----------
    item : SavedAnalysis
        The answer.
    path : Path
        File to write.
    frame : Frame
        Of the project.
    stale : sequence of str or None
        Which inputs have changed since; None where that was not looked at.
    layers : mapping of str to str or None
        Names of layers by their ids, for tables that people read.

    Raises
    ------
    CityError
        ``tables.suffix``, ``tables.write``.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise CityError(
            "tables.suffix",
            f"A table cannot be written as '{suffix or path.name}'.",
            hint="use .csv, .xlsx, .json, .geojson or .gpkg",
            where=path.name,
            suffix=suffix or path.name,
        )
    table = item.outcome.table
    named = layers or {}
    known = [name in LAYER_COLUMNS for name in table.column_names]
    rows = (
        [named.get(v, v) if k else v for k, v in zip(known, row.values(), strict=True)]
        for row in table.to_pylist()
    )
    with appearing(path) as partial:
        if suffix == ".csv":
            write_csv(partial, table.column_names, rows)
        elif suffix == ".xlsx":
            told = answer_json(item, stale=stale)
            asked = ("question", ("what", "name", "value"), list(_question(told, named)))
            write_xlsx(partial, table.column_names, rows, title=item.kind, more=(asked,))
        elif suffix == ".json":
            text = json.dumps(answer_json(item, stale=stale), ensure_ascii=False, indent=1)
            partial.write_text(text, encoding="utf-8")
        elif suffix == ".geojson":
            whole = {"type": "FeatureCollection", "features": list(_features(item, frame))}
            partial.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
        else:
            ended = partial.with_suffix(".gpkg")  # GDAL wants the ending
            try:
                _write_gpkg(item, ended, frame)
                ended.replace(partial)
            finally:
                ended.unlink(missing_ok=True)


def _question(told: Mapping[str, Any], layers: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    """Give the rows of the sheet that says what was asked, of what, and what came out."""
    for name in ("name", "analysis", "status", "scheme", "created", "program", "crs", "note"):
        yield ("answer", name, told[name])
    for what in ("params", "facts", "inputs"):
        for name, value in told[what].items():
            kind, _, which = name.partition(":")
            shown = f"{kind}:{layers[which]}" if which in layers else name
            plain = layers.get(value, value) if isinstance(value, str) else value
            if isinstance(value, list):
                plain = json.dumps([_named(v, layers) for v in value], ensure_ascii=False)
            yield (what, shown, plain)
    for name in told.get("stale", ()):
        yield ("stale", name, "")


def _named(value: Any, layers: Mapping[str, str]) -> Any:
    return layers.get(value, value) if isinstance(value, str) else value


def _features(item: SavedAnalysis, frame: Frame) -> Iterator[dict[str, Any]]:
    rows = item.outcome.table.to_pylist()
    for marks in item.outcome.marks:
        if not isinstance(marks.data, Features) or not len(marks.data):
            continue
        shapes = marks.data.shapes.to_shapely()
        there = shapely.transform(shapes, lambda c: frame.lonlat(c).round(9))
        own = marks.data.attributes.take(pa.array(marks.data.feature)).to_pylist()
        for shape, attributes in zip(there, own, strict=True):
            at = attributes.get("row")
            row = rows[int(at)] if at is not None and 0 <= int(at) < len(rows) else {}
            values = {k: plain_value(v) for k, v in {**row, **attributes}.items()}
            yield {
                "type": "Feature",
                "geometry": json.loads(shapely.to_geojson(shape)),
                "properties": {"marks": marks.name, **values},
            }


def _write_gpkg(item: SavedAnalysis, path: Path, frame: Frame) -> None:
    import pyogrio

    pyogrio.write_dataframe(_frame_of(item.outcome.table), path, layer="table", driver="GPKG")
    for number, marks in enumerate(item.outcome.marks, 1):
        if isinstance(marks.data, Features) and len(marks.data):
            name = f"{marks.name}_{number}"
            made = _geo_frame(marks.data, frame)
            pyogrio.write_dataframe(made, path, layer=name, driver="GPKG", append=False)


def _frame_of(table: pa.Table) -> Any:
    frame = table.to_pandas()
    for name in frame.columns:
        if frame[name].map(lambda v: isinstance(v, list | dict | np.ndarray)).any():
            frame[name] = frame[name].map(lambda v: json.dumps(plain_value(list(v))))
    return frame


def _geo_frame(data: Features, frame: Frame) -> GeoDataFrame:
    import geopandas

    columns = _frame_of(data.attributes.take(pa.array(data.feature)))
    return geopandas.GeoDataFrame(columns, geometry=data.shapes.to_shapely(), crs=frame.crs)
