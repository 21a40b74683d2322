"""Terrain from features: spot heights, contours and lines with heights of their own."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from layers.errors import CityError
from layers.files.ground_tin import Soundings, heights_on_grid, interval_of, usual_step
from layers.files.heights import find_field, unit_of
from layers.files.options import ImportOptions
from layers.files.quantities import FOOT, METRES, quantities
from layers.files.raster_source import HIGHEST, LOWEST, PICTURES, SUFFIXES
from layers.files.raw import Note, RawLayer
from layers.files.reference import frame_for, placed_at, settle
from layers.files.report import LayerReport, Tally
from layers.files.sniff import sniff
from layers.files.vector import READERS, list_layers, read_layers
from layers.frame import CITY_GRID, Frame
from layers.kinds import kind_of
from layers.kinds.base import Layer, Source
from layers.kinds.terrain import Terrain
from layers.progress import Part, Progress, Silent
from layers.shapes import Bools, Floats, Ints

#: Fields that hold heights above datum, tried in this order where none is named.
ELEVATION_NAMES = (
    "elevation", "elev", "contour", "heightabovedatum", "spotheight", "高程", "等高线", "高程值",
    "gaocheng", "ele", "altitude", "alt", "bsgc", "dtm", "dgm", "hoehe", "rastervalu", "gridcode",
    "grid_code", "value", "zcoord", "z", "height", "高度", "标高", "depth",
)  # fmt: skip
MOST_CELLS = 4_000_000.0
CLEAR_OF_ZERO = 5.0  # m: where no other height comes nearer to zero, zeros stand for "unknown"
SAMPLE = 40_000
UNKNOWN = frozenset({-32768.0, -32767.0, -9999.0, -99999.0, -999999.0, -999.0, 9999.0, 99999.0})


@dataclass(slots=True)
class _Gathered:
    """Corners of all features: where, how high, of which row, and which are neighbours."""

    places: Floats
    heights: Floats
    row: Ints
    edges: Ints


def holds_ground_points(path: Path, options: ImportOptions) -> bool:
    """Say whether a file is one of features that is to become terrain."""
    if options.kind != "terrain" or path.suffix.lower() in SUFFIXES | PICTURES:
        return False
    if path.is_dir() and path.suffix.lower() != ".gdb":
        return False
    try:
        return sniff(path) in READERS
    except CityError:  # the raster reader says what it is
        return False


def read_ground_points(
    path: Path, frame: Frame | None, options: ImportOptions, progress: Progress | None = None
) -> tuple[Layer, Frame, LayerReport]:
    """Read spot heights and contours of a file and make a terrain of them.

    Parameters
    ----------
    path : pathlib.Path
        Points, lines or polygons with a field of heights, or with heights of their corners.
    frame : Frame or None
        The project's; None: proposed from the data.
    options : ImportOptions
        ``layer``, ``crs``, ``height_field``, ``height_unit``, ``nodata``, ``resolution`` and
        ``interpolation`` count here.
    progress : Progress or None
        Hears of the stages.

    Raises
    ------
    CityError
        ``ground.too_few``, ``ground.no_heights``, ``height.no_such_field``, and what the
        readers and `layers.files.reference.settle` raise.
    """
    begun = time.perf_counter()
    progress = progress or Silent()
    raw = _read(path, options, Part(progress, 0.0, 0.4))
    sample = _sample(raw)
    if not len(sample):
        raise _no_heights(path.name, len(raw), [])
    reference = settle(
        sample, raw.crs, asked=options.crs, swap=options.swap_axes, frame=frame, where=path.name
    )
    tally = Tally(raw.ids)
    tally.notes.extend((*raw.notes, *reference.notes))
    if frame is None:
        frame, note = frame_for(reference, sample)
        tally.notes.extend([note] if note else [])
    to_project, notes = placed_at(sample, reference, frame, path.name)
    tally.notes.extend(notes)
    progress.step(45, 100, "progress-transforming")
    corners = _corners(raw, options, tally, at_zero=reference.crs == CITY_GRID)
    corners.places = to_project(corners.places) if len(corners.places) else corners.places
    corners = _kept(corners, _finite(corners.places), "outside_crs", tally)
    corners = _without_void(corners, options, tally)
    if len(corners.places) == 0:
        raise _no_heights(path.name, len(raw), raw.attributes.column_names)
    progress.step(60, 100, "progress-building")
    soundings, differing = Soundings.of(corners.places, corners.heights, corners.edges)
    if differing:
        tally.notes.append(Note("heights_differ_at_place", {"count": differing}))
    terrain = _terrain(soundings, options, tally)
    account = tally.close(np.unique(corners.row))
    report = LayerReport(
        name=options.name or (path.stem if raw.name in ("", "entities") else raw.name),
        kind="terrain",
        source=str(path),
        layer=raw.name,
        read=account.read,
        kept=account.kept,
        skipped=account.skipped,
        first=account.first,
        objects=1,
        crs=reference.crs,
        encoding=raw.encoding,
        extent=terrain.extent(),
        messages=tuple(tally.notes),
        seconds=time.perf_counter() - begun,
    )
    progress.step(100, 100, "progress-done")
    source = Source(path, raw.name, options.chosen(), report.to_json())
    layer = Layer("terrain", report.name, terrain, style=kind_of("terrain").style, source=source)
    return layer, frame, report


def _read(path: Path, options: ImportOptions, progress: Progress) -> RawLayer:
    """Read the layers that are meant as one; points and lines may stand in two of them."""
    names = [options.layer] if options.layer and options.layer != "*" else None
    if names is None:
        infos = list_layers(path, encoding=options.encoding)
        if len(infos) > 1:
            names = [i.name for i in infos if i.geometry not in ("none", "surface") and i.count]
    raws = read_layers(path, layers=names, encoding=options.encoding, progress=progress)
    raws = [raw for raw in raws if len(raw)] or raws[:1]
    if len(raws) == 1:
        return raws[0]
    tables = pa.concat_tables([raw.attributes for raw in raws], promote_options="permissive")
    return replace(
        raws[0],
        geometry=np.concatenate([raw.geometry for raw in raws]),
        attributes=tables,
        ids=np.concatenate([raw.ids for raw in raws]),
        notes=tuple(note for raw in raws for note in raw.notes),
        parent=None,
        tile=None,
        surfaces=None,
        unreadable={},
        repaired={},
    )


def _sample(raw: RawLayer) -> Floats:
    present = raw.geometry[~shapely.is_missing(raw.geometry)]
    coords = shapely.get_coordinates(present)
    coords = coords[np.isfinite(coords).all(axis=1) & (coords != 0.0).any(axis=1)]
    return np.asarray(coords[:: max(1, len(coords) // SAMPLE)])


def _corners(raw: RawLayer, options: ImportOptions, tally: Tally, *, at_zero: bool) -> _Gathered:
    """Take features apart into corners with heights, still in the file's system."""
    missing = shapely.is_missing(raw.geometry) | shapely.is_empty(raw.geometry)
    tally.lose("no_geometry", np.flatnonzero(missing))
    rows = np.flatnonzero(~missing)
    parts, part_of = shapely.get_parts(raw.geometry[rows], return_index=True)
    polygons = shapely.get_type_id(parts) == 3
    rings, ring_of = shapely.get_rings(parts[polygons], return_index=True)
    lines = np.concatenate([parts[~polygons], rings])
    of = np.concatenate([part_of[~polygons], part_of[polygons][ring_of]]).astype(np.int64)
    coords, line = shapely.get_coordinates(lines, include_z=True, return_index=True)
    row = rows[of[line]] if len(lines) else np.empty(0, dtype=np.int64)
    heights = _heights(raw, coords, row, options, tally)
    near = np.flatnonzero(line[1:] == line[:-1]) if len(line) else np.empty(0, dtype=np.int64)
    edges = np.column_stack([near, near + 1]).astype(np.int64)
    found = _Gathered(coords[:, :2].copy(), heights, row, edges)
    if not at_zero:
        found = _kept(
            found, np.asarray((found.places != 0.0).any(axis=1)), "zero_coordinate", tally
        )
    return _kept(found, _finite(found.places), "bad_coordinate", tally)


def _finite(places: Floats) -> Bools:
    return np.asarray(np.isfinite(places).all(axis=1))


def _heights(
    raw: RawLayer, coords: Floats, row: Ints, options: ImportOptions, tally: Tally
) -> Floats:
    """Give the height of each corner, metres: of the field, else the corner's own."""
    name = options.height_field or ""
    columns = raw.attributes.column_names
    if name and name not in columns:
        fields = ", ".join(columns[:20]) or "-"
        raise CityError(
            "height.no_such_field",
            f"There is no field '{name}' to take heights from.",
            hint=f"the fields are: {fields}",
            field=name,
            fields=fields,
        )
    own = coords[:, 2]
    lively = np.isfinite(own).any() and np.ptp(own[np.isfinite(own)]) > 0
    if not name and not lively:
        name = next(iter(_usable_fields(raw)), "")
    if name:
        unit = options.height_unit or unit_of(name)
        values = quantities(raw.attributes.column(name), unit)
        tally.notes.append(Note("ground_from_field", {"field": name, "unit": unit}))
        return np.asarray(values[row], dtype=np.float64)
    tally.notes.append(Note("ground_from_corners", {}))
    return np.asarray(own * METRES[options.height_unit or "m"])


def _usable_fields(raw: RawLayer) -> list[str]:
    """List fields that carry a name of heights and at least some numbers."""
    found = find_field(raw.attributes.column_names, ELEVATION_NAMES)
    out = []
    for name in found:
        column = raw.attributes.column(name)
        if pa.types.is_nested(column.type) or pa.types.is_temporal(column.type):
            continue
        if np.isfinite(quantities(column)).any():
            out.append(name)
    return out or _third_column(raw)


def _third_column(raw: RawLayer) -> list[str]:
    """Give the column of numbers behind east and north in a table without names of columns."""
    used = next((note.facts for note in raw.notes if note.key == "no_header"), None)
    if used is None:
        return []
    names = raw.attributes.column_names
    behind = names[max(names.index(str(used[key])) for key in ("east", "north")) + 1 :]
    numeric = [n for n in behind if pa.types.is_floating(raw.attributes.column(n).type)]
    return numeric[:1]


def _without_void(corners: _Gathered, options: ImportOptions, tally: Tally) -> _Gathered:
    """Leave out heights that cannot be: unknown, absurd, and zeros far below all others."""
    heights = corners.heights
    known = np.isfinite(heights) & ~np.isin(heights, [k * v for k in (1.0, FOOT) for v in UNKNOWN])
    if options.nodata is not None:
        known &= heights != options.nodata
    corners = _kept(corners, known, "no_height", tally)
    heights = corners.heights
    corners = _kept(corners, (heights >= LOWEST) & (heights <= HIGHEST), "absurd_height", tally)
    zero = corners.heights == 0.0
    others = np.abs(corners.heights[~zero])
    if zero.any() and others.size and float(others.min()) > CLEAR_OF_ZERO and zero.mean() < 0.5:
        corners = _kept(corners, ~zero, "no_height", tally)
    return corners


def _kept(corners: _Gathered, keep: Bools, reason: str, tally: Tally) -> _Gathered:
    """Leave out corners; a feature that loses all of them is skipped for the reason."""
    if keep.all():
        return corners
    number = np.cumsum(keep) - 1
    edges = corners.edges[keep[corners.edges].all(axis=1)] if len(corners.edges) else corners.edges
    tally.lose(reason, np.unique(corners.row[~keep]))
    return _Gathered(corners.places[keep], corners.heights[keep], corners.row[keep], number[edges])


def _terrain(soundings: Soundings, options: ImportOptions, tally: Tally) -> Terrain:
    low, high = soundings.places.min(axis=0), soundings.places.max(axis=0)
    step = options.resolution or usual_step(soundings, MOST_CELLS)
    least = float(np.sqrt(np.prod(np.maximum(high - low, 1e-3)) / (4.0 * MOST_CELLS)))
    if step < least:
        tally.notes.append(Note("raster_coarser", {"factor": round(least / step, 2)}))
        step = least
    west, north = np.floor(low[0] / step) * step, np.ceil(high[1] / step) * step
    columns = max(int(np.ceil((high[0] - west) / step)) + 1, 2)
    rows = max(int(np.ceil((north - low[1]) / step)) + 1, 2)
    heights = heights_on_grid(
        soundings, float(west), float(north), step, (rows, columns), options.interpolation
    )
    if not np.isfinite(heights).any():
        raise _no_heights("", len(soundings.places), [])
    facts: dict[str, object] = {
        "points": len(soundings.places), "columns": columns, "rows": rows, "step": round(step, 3),
        "low": round(float(np.nanmin(heights)), 1), "high": round(float(np.nanmax(heights)), 1),
        "interval": round(interval_of(soundings.heights), 2),
    }  # fmt: skip
    tally.notes.append(Note("ground_interpolated", facts))
    return Terrain(heights, float(west), float(north), float(step), float(step))


def _no_heights(where: str, count: int, fields: list[str]) -> CityError:
    names = ", ".join(fields[:20]) or "-"
    return CityError(
        "ground.no_heights",
        f"None of the {count} features tells a height above datum.",
        hint=f"name the field of heights with --height-field; the fields are: {names}",
        where=where,
        count=count,
        fields=names,
    )
