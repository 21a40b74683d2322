"""From clean pieces to the content of a layer: shapes, attributes, heights, parts, surfaces."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from layers.files.flat import FlatGeometry
from layers.files.heights import HeightRules, defaulted, find_fields, settle_heights, tell_unused
from layers.files.kml_heights import Ground, extruded_heights
from layers.files.options import ImportOptions
from layers.files.parts import families
from layers.files.raw import RawLayer, RawSurfaces
from layers.files.reference import Reference
from layers.files.repair import Geometries, Pieces
from layers.files.report import LayerReport, Tally
from layers.frame import Frame
from layers.kinds.base import Features
from layers.kinds.buildings import DEFAULT, Buildings, Surfaces
from layers.progress import Part, Progress
from layers.shapes import Ints, Shapes, runs, starts_of

STRETCH = 40_000  # shapes put into arrays between two looks at the stop button


def features_of(raw: RawLayer, pieces: Pieces, progress: Progress) -> Features:
    """Make plain features; their rows keep the order of the file."""
    alive, feature = distinct(pieces.row)
    shapes = _shapes(pieces.geometry, progress)
    ids = np.arange(1, len(shapes) + 1, dtype=np.int64)
    return Features(shapes, ids, feature.astype(np.int64), _rows_of(raw.attributes, alive))


def distinct(rows: Ints) -> tuple[Ints, Ints]:
    """Give the different rows, rising, and which of them each one is.

    >>> distinct(np.array([4, 2, 4]))
    (array([2, 4]), array([1, 0, 1]))
    """
    if (rows[1:] > rows[:-1]).all():  # the usual case, without sorting
        return rows, np.arange(len(rows))
    alive, which = np.unique(rows, return_inverse=True)
    return alive, which


def _shapes(geometry: Geometries | FlatGeometry, progress: Progress) -> Shapes:
    """Put geometries into flat arrays, a stretch at a time."""
    if isinstance(geometry, FlatGeometry):
        progress.step(0, len(geometry), "progress-building")
        return geometry.to_shapes()
    parts = []
    for start in range(0, len(geometry), STRETCH):
        progress.step(start, len(geometry), "progress-building")
        parts.append(Shapes.from_shapely(geometry[start : start + STRETCH]))
    progress.step(len(geometry), len(geometry), "progress-building")
    return parts[0] if len(parts) == 1 else Shapes.join(parts)


def _rows_of(table: pa.Table, rows: Ints) -> pa.Table:
    """Give the attributes of the features that live on; a number where the file has none."""
    if table.num_columns == 0:
        return pa.table({"id": rows + 1})
    return table if len(rows) == table.num_rows else table.take(pa.array(rows))


def buildings_of(
    raw: RawLayer,
    pieces: Pieces,
    reference: Reference,
    frame: Frame,
    options: ImportOptions,
    tally: Tally,
    report: LayerReport,
    progress: Progress,
    ground: Ground | None = None,
) -> tuple[Buildings, LayerReport]:
    """Make buildings: heights, parts, surfaces; gives them and the report with the height rule."""
    progress.step(13, 20, "progress-heights")
    alive, of_row = distinct(pieces.row)
    fields = find_fields(
        raw.attributes,
        height=options.height_field or "",
        floors=options.floors_field or "",
        min_height=options.min_height_field or "",
        base=options.base_field or "",
        unit=options.height_unit,
    )
    tell_unused(raw.attributes, fields, tally)
    rules = HeightRules(options.storey_height, options.default_height, options.height_unit)
    solid = (pieces.low, pieces.high)
    heights = settle_heights(
        raw.attributes,
        alive,
        fields,
        rules,
        tally,
        solid=solid,
        surfaces=raw.surfaces,
        parent=raw.parent,
        extruded=extruded_heights(raw.attributes, pieces, ground, tally),
    )
    height, low = heights.height[of_row], heights.min_height[of_row]
    rule, level = heights.rule[of_row], np.nan_to_num(heights.base[of_row])
    parting = Part(progress, 0.7, 0.9)
    family = families(raw, pieces, level + height, level + low, rule != DEFAULT, tally, parting)
    k = len(pieces.row)
    source = np.concatenate([np.arange(k), family.rest_of])
    geometry = pieces.geometry
    if len(family.rest):
        geometry = np.concatenate([pieces.objects, family.rest])
    whole = np.where(family.parent >= 0, family.parent + 1, 0)
    shapes = _shapes(geometry, Part(progress, 0.9, 0.98))
    progress.step(99, 100, "progress-building")
    data = Buildings(
        shapes,
        np.arange(1, len(source) + 1, dtype=np.int64),
        of_row[source].astype(np.int64),
        _rows_of(raw.attributes, alive),
        height=height[source],
        min_height=low[source],
        base=heights.base[of_row][source],
        height_rule=rule[source],
        part_of=np.concatenate([whole, family.rest_of + 1]),
        drawn=np.concatenate([family.drawn, np.ones(len(family.rest), dtype=bool)]),
        surfaces=_surfaces(raw.surfaces, pieces, reference, frame),
    )
    report = replace(
        report,
        height_rule=heights.text,
        height_steps=heights.steps,
        height_defaulted=int(defaulted(heights).sum()),
    )
    return data, report


def tell_far_apart(data: Features, tally: Tally) -> None:
    """Remark on the few shapes of a layer that lie far from all others: a slip, perhaps."""
    far = data.strays()
    if len(far):
        centres = data.shapes.centres()
        away = np.hypot(*(centres[far] - np.median(centres, axis=0)).T)
        ids = ", ".join(str(data.ids[at]) for at in far[:3])
        tally.note("far_apart", count=len(far), km=round(float(away.max()) / 1000), ids=ids)


def _surfaces(
    raw: RawSurfaces | None, pieces: Pieces, reference: Reference, frame: Frame
) -> Surfaces | None:
    """Carry the faces of the kept features into the project; owners become building ids."""
    if raw is None or len(raw.owner) == 0 or len(pieces.row) == 0:
        return None
    rows, first = np.unique(pieces.row, return_index=True)
    at = np.searchsorted(rows, raw.owner)
    known = (at < len(rows)) & (rows[np.minimum(at, len(rows) - 1)] == raw.owner)
    faces = np.flatnonzero(known)
    rings = runs(raw.face_start, faces)
    points = runs(raw.ring_start, rings)
    coords = raw.coords[points].copy()
    coords[:, :2] = reference.to(frame)(coords[:, :2])
    return Surfaces(
        coords=coords,
        ring_start=starts_of(np.diff(raw.ring_start)[rings]),
        face_start=starts_of(np.diff(raw.face_start)[faces]),
        owner=first[at[faces]].astype(np.int64) + 1,
        meaning=raw.meaning[faces],
    )
