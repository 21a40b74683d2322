"""The objects of a layer as a table: their attributes with lengths, areas and heights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from layers import roof_shapes
from layers.drills.in_service import moment_in
from layers.errors import CityError
from layers.files.sheets import appearing, write_csv, write_xlsx
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import HEIGHT_RULES, Buildings
from layers.kinds.emergency import SORTS, Emergency
from layers.kinds.pipes import NUMBER_COLUMNS, OWN_COLUMNS, Pipes
from layers.project import Project
from layers.shapes import LINE, POINT, POLYGON, Ints

SUFFIXES = (".csv", ".xlsx")
ROWS_OF_A_SHEET = 1_048_575


def write_layer_table(
    project: Project, name: str, path: Path, rows: Sequence[int] | Ints | None = None
) -> int:
    """Write a layer's objects as CSV or XLSX and give their number.

    The columns are the object's number, what was computed (units in the
    header), then the attributes of the file under their own names. CSV is UTF-8
    with a mark so that spreadsheets show Chinese.

    Parameters
    ----------
    project : Project
        Holds the layer, gives the ground.
    name : str
        Name or id of a layer of shapes.
    path : pathlib.Path
        ``.csv`` or ``.xlsx``; appears whole or not at all.
    rows : (k,) array_like of int or None
        Positions of the objects to write, in this order; None writes all.

    Raises
    ------
    CityError
        ``layer.no_shapes``, ``tables.layer_suffix``, ``tables.too_long``, ``tables.write``.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise CityError(
            "tables.layer_suffix",
            f"A layer's table cannot be written as '{suffix or path.name}'.",
            hint="use .csv or .xlsx",
            where=path.name,
            suffix=suffix or path.name,
        )
    layer = project.layer(name)
    features = layer.features
    chosen = np.arange(len(features)) if rows is None else np.asarray(rows, dtype=np.int64)
    if suffix == ".xlsx" and len(chosen) > ROWS_OF_A_SHEET:
        raise CityError(
            "tables.too_long",
            f"'{layer.name}' has {len(chosen)} objects; a sheet holds {ROWS_OF_A_SHEET}.",
            hint="use .csv",
            where=path.name,
            name=layer.name,
            count=len(chosen),
            most=ROWS_OF_A_SHEET,
        )
    computed = computed_columns(project, layer)
    header = [*computed, *features.attributes.column_names]
    lines = _rows(features, computed, chosen)
    with appearing(path) as beside:
        if suffix == ".csv":
            write_csv(beside, header, lines)
        else:
            write_xlsx(beside, header, lines, title="objects")
    return len(chosen)


def computed_columns(project: Project, layer: Layer) -> dict[str, list[Any]]:
    """Give what is computed for each object: columns of n values, units in their names.

    Every layer has ``object``, ``east_m`` and ``north_m`` (the middle); lines
    ``length_m``, polygons ``area_m2`` and ``perimeter_m``; buildings also
    ``height_m``, ``min_height_m``, ``ground_m``, ``eaves_m``, ``roof``, ``volume_m3``,
    ``height_from``
    and ``part_of``; resources ``state_now``, at the project's moment; pipes what
    `layers.kinds.pipes.OWN_COLUMNS` names. Where the
    attributes have such a name already the computed column takes an underscore behind it.
    """
    features = layer.features
    shapes, kinds = features.shapes, set(np.unique(features.shapes.kind).tolist())
    centres = shapes.centres()
    columns: dict[str, Any] = {"object": features.ids}
    columns |= {"east_m": centres[:, 0].round(3), "north_m": centres[:, 1].round(3)}
    if kinds - {POINT}:
        label = "length_m" if kinds <= {POINT, LINE} else "perimeter_m"
        columns[label] = shapes.lengths().round(3)
    if POLYGON in kinds:
        columns["area_m2"] = shapes.areas().round(3)
    if isinstance(features, Buildings):
        form, eaves = roof_shapes.eaves(features)
        columns |= {
            "height_m": features.height.round(3),
            "min_height_m": features.min_height.round(3),
            "ground_m": project.base_of(features).round(3),
            "eaves_m": eaves.round(3),
            "roof": np.array(roof_shapes.FORMS, dtype=object)[form],
            "volume_m3": roof_shapes.volumes(features).round(1),
            "height_from": np.array(HEIGHT_RULES, dtype=object)[features.height_rule],
            "part_of": features.part_of,
        }
    if isinstance(features, Pipes):
        names = {name: f"{name}_m" for name in NUMBER_COLUMNS}
        columns |= {
            names.get(name, name): _filled(features.column(name).to_pylist())
            for name in OWN_COLUMNS
        }
    if layer.kind in SORTS:
        said = Emergency.of(features, layer.kind, layer.name)
        columns["state_now"] = said.states(moment_in(project))
    taken = set(features.attributes.column_names)
    return {
        f"{name}_" if name in taken else name: (
            values if isinstance(values, list) else values.tolist()
        )
        for name, values in columns.items()
    }


def _filled(values: list[Any]) -> list[Any]:
    """Give values with metres rounded to a tenth of a millimetre."""
    return [round(value, 4) if isinstance(value, float) else value for value in values]


def _rows(features: Features, computed: dict[str, list[Any]], chosen: Ints) -> Iterator[list[Any]]:
    attributes = features.attributes.take(features.feature[chosen]).to_pydict()
    picked = [[values[i] for i in chosen] for values in computed.values()]
    columns = [*picked, *attributes.values()]
    for row in zip(*columns, strict=True):
        yield list(row)
