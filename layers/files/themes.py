"""Layers of mixed things, OpenStreetMap above all, sorted into kinds by their tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from layers.files.raw import Note, RawLayer, merge_reasons
from layers.shapes import Bools
from layers.style import texts

#: Which features of an OpenStreetMap layer belong to a kind: field and values (None: any).
THEMES: dict[str, tuple[tuple[str, frozenset[str] | None], ...]] = {
    "buildings": (("building", None), ("building:part", None), ("building_part", None)),
    "roads": (("highway", None),),
    "rail": (("railway", None),),
    "water": (
        ("waterway", None),
        ("natural", frozenset({"water", "bay", "strait", "wetland"})),
        ("landuse", frozenset({"reservoir", "basin"})),
        ("water", None),
    ),
    "greenery": (
        ("landuse", frozenset(
            {"forest", "grass", "meadow", "village_green", "recreation_ground", "orchard"}
        )),
        ("leisure", frozenset({"park", "garden", "nature_reserve", "golf_course", "pitch"})),
        ("natural", frozenset({"wood", "scrub", "grassland", "heath", "tree_row"})),
    ),
    "districts": (("landuse", None), ("boundary", None)),
    "trees": (("natural", frozenset({"tree"})),),
}  # fmt: skip
#: Layers of an extract that hold a kind; a kind that is not here may be in any of them.
LAYERS: dict[str, tuple[str, ...]] = {
    "buildings": ("multipolygons",),
    "roads": ("lines",),
    "rail": ("lines",),
    "water": ("multipolygons", "lines"),
    "greenery": ("multipolygons",),
    "trees": ("points",),
    "districts": ("multipolygons",),
    "places": ("points",),
}
#: What an extract becomes where nobody says what it shall be.
USUAL = ("greenery", "water", "roads", "rail", "buildings", "trees")


def of_theme(raw: RawLayer, kind: str) -> Bools:
    """Say which features of a layer of mixed things belong to a kind.

    Only layers of OpenStreetMap (by their ``osm_id``) and tiles made from it (by
    their ``kind``) are sifted; elsewhere everything counts.

    Returns
    -------
    (n,) ndarray of bool
    """
    table, n = raw.attributes, len(raw)
    names = set(table.column_names)
    if kind == "buildings" and "kind" in names:
        said = _texts(table, "kind")
        mine = said.isin(["building", "building_part"]).to_numpy(dtype=bool)
        if mine.any():
            return np.asarray(mine)
    osm = names & {"osm_id", "osm_way_id", "osm_type"}
    tests = [test for test in THEMES.get(kind, ()) if test[0] in names]
    if not osm or not tests:
        # an extract has no column for a tag that none of its features carries
        return np.full(n, not (osm and kind in THEMES and _is_extract(raw)))
    mine = np.zeros(n, dtype=bool)
    for name, values in tests:
        said = _texts(table, name)
        fits = said.notna() & ~said.isin(["", "no"]) if values is None else said.isin(values)
        mine |= fits.to_numpy(dtype=bool)
    return mine


def _is_extract(raw: RawLayer) -> bool:
    """Say whether a layer comes from OpenStreetMap itself, not from a table made of it."""
    first = str(raw.ids[0]) if len(raw) else ""
    return first.startswith(("node/", "way/", "relation/"))


def _texts(table: pa.Table, name: str) -> pd.Series[str]:
    return pd.Series(texts(table.column(name)), dtype=object)


def together(parts: Sequence[RawLayer], name: str) -> RawLayer:
    """Put layers of one file behind each other; fields that one lacks are empty there.

    Parameters
    ----------
    parts : sequence of RawLayer
        At least one, without surfaces; parents and tiles must not be told.
    name : str
        Name of the whole.
    """
    if len(parts) == 1:
        return replace(parts[0], name=name)
    notes: dict[str, Note] = {note.key: note for part in parts for note in part.notes}
    return RawLayer(
        path=parts[0].path,
        name=name,
        geometry=np.concatenate([part.geometry for part in parts]),
        attributes=pa.concat_tables([p.attributes for p in parts], promote_options="permissive"),
        crs=parts[0].crs,
        encoding=parts[0].encoding,
        ids=np.concatenate([part.ids for part in parts]),
        notes=tuple(notes.values()),
        unreadable=merge_reasons([part.unreadable for part in parts]),
        repaired=merge_reasons([part.repaired for part in parts]),
    )
