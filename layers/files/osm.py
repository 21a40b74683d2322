"""OpenStreetMap extracts (.osm.pbf, .osm): points, lines and areas with their tags as columns."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.files import ogr
from layers.files.osm_relations import Structure, structure_of
from layers.files.osm_sort import in_order
from layers.files.raw import LayerInfo, Note, RawLayer, as_objects
from layers.progress import Part, Progress

#: Layers read only when they are asked for: routes, and relations that are no areas.
SECONDARY = ("multilinestrings", "other_relations")

_NAMES = "name,name:en,name:zh,ref,operator,wikidata,ele"
_ADDRESS = "addr:street,addr:housenumber,addr:city,addr:postcode"
_SERVICES = (
    "amenity,shop,office,tourism,leisure,healthcare,emergency,public_transport,historic,military,"
    "craft,sport,place,population,capacity,access,opening_hours"
)
_BUILDINGS = (
    "building,building:part,building:levels,building:min_level,building:levels:underground,height,"
    "min_height,est_height,levels,min_level,max_level,roof:height,roof:levels,roof:shape,"
    "roof:material,roof:colour,building:material,building:colour,building:use,building:flats,"
    "building:architecture,start_date,layer,location"
)
_GROUND = "landuse,natural,water,waterway,wetland,man_made,power,barrier,surface,intermittent"
_WAYS = (
    "highway,railway,waterway,aerialway,aeroway,power,barrier,man_made,natural,leisure,route,lanes,"
    "width,maxspeed,oneway,surface,bridge,tunnel,layer,service,access,foot,bicycle,cycleway,"
    "sidewalk,maxheight,maxwidth,maxweight,junction,electrified,gauge,usage,intermittent,boundary,admin_level,building,height"
)
_POINTS = (
    "highway,natural,species,genus,leaf_type,height,diameter_crown,circumference,barrier,power,"
    "railway,man_made,entrance,fire_hydrant:type,fire_hydrant:diameter,fire_hydrant:pressure,"
    "fire_hydrant:position,water_source,couplings,traffic_signals,crossing,lamp_type,manhole"
)
_AREAS = (
    "aeroway,amenity,boundary,building,building:part,craft,geological,historic,landuse,leisure,"
    "military,natural,office,place,shop,sport,tourism,highway=platform,public_transport=platform,"
    "water,waterway=riverbank,waterway=dock,power=plant,power=substation,man_made=silo,"
    "man_made=storage_tank,man_made=water_tower,man_made=pier,man_made=bridge,man_made=works,"
    "healthcare,emergency,parking,wetland,area:highway,indoor"
)
_CONFIG = f"""\
attribute_name_laundering=no
tags_format=json
report_all_nodes=no
report_all_ways=no
closed_ways_are_polygons={_AREAS}
[points]
osm_id=yes
attributes={_NAMES},{_SERVICES},{_POINTS},{_ADDRESS}
unsignificant=created_by,converted_by,source,time,attribution
other_tags=yes
[lines]
osm_id=yes
attributes={_NAMES},{_WAYS}
other_tags=yes
[multipolygons]
osm_id=yes
attributes=type,{_NAMES},{_BUILDINGS},{_GROUND},{_SERVICES},highway,railway,aeroway,boundary,admin_level,area:highway,{_ADDRESS}
other_tags=yes
[multilinestrings]
osm_id=yes
attributes=type,{_NAMES},{_WAYS}
other_tags=yes
[other_relations]
osm_id=yes
attributes=type,{_NAMES},building,building:levels,height
other_tags=yes
"""
_KIND_OF = {"points": "node", "lines": "way"}


def list_osm(path: Path, encoding: str | None) -> list[LayerInfo]:
    """Tell of the layers of an extract; what they hold is only known by reading them."""
    del encoding
    with _configured() as options, in_order(path) as ordered:
        asked = ogr.Asked(ordered.path, path, options=options)
        names = ogr.layer_names(asked)
        return [
            replace(ogr.info(replace(asked, layer=name), count=False), name=name, geometry=kind)
            for name, kind in sorted(names, key=lambda row: row[0] in SECONDARY)
        ]


def read_osm(
    path: Path, layer: str | None, encoding: str | None, progress: Progress, limit: int | None
) -> RawLayer:
    """Read one layer of an extract.

    Parameters
    ----------
    path : pathlib.Path
        The extract.
    layer : str or None
        ``points``, ``lines``, ``multipolygons`` (the default) or one of ``SECONDARY``.
    encoding : str or None
        Not needed: texts are UTF-8.
    progress : Progress
        Told while reading; the number of features is not known before.
    limit : int or None
        Stop after so many features.

    Returns
    -------
    RawLayer
        Tags that occur are columns, rare ones are JSON text in ``other_tags``. The
        ids are like ``way/2291``. A closed way that is the outer ring of an area
        relation is left out by GDAL: the relation stands for both. Areas know the
        building they are a part of where a relation of type ``building`` says so.

    Raises
    ------
    CityError
        ``file.damaged`` or ``file.no_such_layer``.
    Cancelled
        If the progress says so.
    """
    del encoding
    layer = layer or "multipolygons"
    with (
        _configured() as options,
        in_order(path) as ordered,
        ogr.configured(OSM_USE_CUSTOM_INDEXING="YES" if ordered.path == path else "NO"),
    ):
        asked = ogr.Asked(
            ordered.path, path, layer=layer, options=options, limit=limit, strict=True
        )
        raw = ogr.read(asked, Part(progress, 0.0, 0.9))
        ids = _ids(raw.attributes, layer)
        raw = replace(raw, ids=ids, attributes=_without_empty(raw.attributes))
        raw = raw.with_notes(*ordered.notes)
        if layer != "multipolygons" or limit is not None:
            return raw
        structure = structure_of(ordered.path, Part(progress, 0.9, 1.0))
    parent = _parents(ids, structure.parts)
    raw = _without_open_rings(raw, structure)
    return raw if parent is None else replace(raw, parent=parent)


@contextmanager
def _configured() -> Iterator[dict[str, str]]:
    """Give the open options that say which tags become columns."""
    with tempfile.TemporaryDirectory(prefix="citystage-") as folder:
        config = Path(folder) / "osm.ini"
        config.write_text(_CONFIG, encoding="utf-8")
        yield {"CONFIG_FILE": str(config)}


def _ids(attributes: pa.Table, layer: str) -> NDArray[np.object_]:
    own = attributes.column("osm_id").to_pylist()
    if "osm_way_id" not in attributes.column_names:
        kind = _KIND_OF.get(layer, "relation")
        return as_objects([f"{kind}/{number}" for number in own])
    ways = attributes.column("osm_way_id").to_pylist()
    return as_objects(
        [
            f"way/{way}" if way else f"relation/{number}"
            for way, number in zip(ways, own, strict=True)
        ]
    )


def _without_open_rings(raw: RawLayer, structure: Structure) -> RawLayer:
    """Leave out areas of which corners are missing, and tell of those that lack whole ways."""
    rows = [row for row, name in enumerate(raw.ids.tolist()) if name in structure.open_ways]
    if rows:
        geometry = np.asarray(raw.geometry, dtype=object).copy()
        geometry[rows] = None
        lost = {"osm_corners_missing": [str(raw.ids[row]) for row in rows]}
        raw = replace(raw, geometry=geometry, unreadable={**raw.unreadable, **lost})
    if structure.open_areas:
        first = ", ".join(structure.open_areas[:3])
        facts = {"count": len(structure.open_areas), "first": first}
        raw = raw.with_notes(Note("osm_ways_missing", facts))
    return raw


def _without_empty(attributes: pa.Table) -> pa.Table:
    """Leave out tags that no feature has; they are only there because they might have been."""
    kept = [
        name
        for name in attributes.column_names
        if name in ("osm_id", "osm_way_id")
        or attributes.column(name).null_count < attributes.num_rows
    ]
    return attributes.select(kept)


def _parents(ids: NDArray[np.object_], parts: dict[str, str]) -> NDArray[np.int64] | None:
    """Give the row of the outline each part belongs to, -1 for none."""
    if not parts:
        return None
    rows = {name: row for row, name in enumerate(ids.tolist())}
    parent = np.full(len(ids), -1, dtype=np.int64)
    for part, outline in parts.items():
        if part in rows and outline in rows and part != outline:
            parent[rows[part]] = rows[outline]
    return parent if (parent >= 0).any() else None
