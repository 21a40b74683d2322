"""Terrain from height rasters (GeoTIFF, ASC, HGT, ...); the door to imagery too."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from layers.errors import CityError
from layers.files.fine_heights import read_large_terrain
from layers.files.options import ImportOptions
from layers.files.orthophoto import read_imagery
from layers.files.raster_heights import Heights, lay, read_heights, tell_units
from layers.files.raster_source import (
    Dataset,
    Grid,
    grid_for,
    has_colours,
    is_raster,
    kind_of_raster,
    opened,
    placed,
)
from layers.files.raw import Note
from layers.files.report import FIRST, LayerReport
from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Layer, Source
from layers.kinds.terrain import Terrain
from layers.progress import Part, Progress, Silent

__all__ = ["is_raster", "read_imagery", "read_raster", "read_terrain"]

MOST_CELLS = 32_000_000  # heights kept in memory, 128 MB; more stay in their files


def read_raster(
    path: Path, frame: Frame | None, options: ImportOptions, progress: Progress | None = None
) -> tuple[Layer, Frame, LayerReport]:
    """Read a raster as terrain or imagery, whichever was chosen or it seems to be.

    Returns
    -------
    Layer
        The new layer.
    Frame
        The project's, or the one proposed.
    LayerReport
        What was read.
    """
    kind = options.kind
    if kind is None:
        with opened(path) as sources:
            kind = _kind_of_all(sources, path.name)
    data: Any
    if kind == "terrain":
        data, frame_after, report = read_terrain(path, frame, options, progress)
    else:
        data, frame_after, report = read_imagery(path, frame, options, progress)
    source = Source(path, "", options.chosen(), report.to_json())
    layer = Layer(kind, report.name, data, style=kind_of(kind).style, source=source)
    return layer, frame_after, report


def _kind_of_all(sources: Sequence[Dataset], where: str) -> Literal["terrain", "imagery"]:
    kinds = [kind_of_raster(source) for source in sources]
    heights = kinds.count("terrain")
    if 0 < heights < len(kinds):
        raise CityError(
            "raster.mixed",
            f"There are {heights} rasters of heights and {len(kinds) - heights} pictures in it.",
            hint="import the files one by one, or say --as terrain or --as imagery",
            where=where,
            heights=heights,
            pictures=len(kinds) - heights,
        )
    return kinds[0]


def read_terrain(
    path: Path,
    frame: Frame | None,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> tuple[Terrain, Frame, LayerReport]:
    """Read ground heights from a raster, or from all rasters of a folder or a .zip.

    A raster that lies north-up in the project's system keeps its cells exactly;
    others are carried over bilinearly. A value belongs to the centre of its cell.

    Parameters
    ----------
    path : pathlib.Path
        File or folder.
    frame : Frame or None
        The project's; None: proposed from the raster.
    options : ImportOptions or None
        ``crs``, ``nodata``, ``height_unit``, ``resolution`` count here.
    progress : Progress or None
        Hears of the stages.

    Raises
    ------
    CityError
        ``raster.*``, and those of `layers.files.reference.settle`.
    """
    begun = time.perf_counter()
    options, progress = options or ImportOptions(), progress or Silent()
    with opened(path) as every:
        sources = [source for source in every if not has_colours(source)]
        pictures = [Path(source.name).name for source in every if has_colours(source)]
        if not sources:
            raise _no_heights_but_colours(pictures, path)
        sources.sort(key=lambda source: abs(source.transform.a * source.transform.e))
        place = placed(sources, frame, options, path.name)
        grid, factor = grid_for(sources, place, options, cells=math.inf, side=math.inf)
        if grid.columns * grid.rows > MOST_CELLS:
            return read_large_terrain(path, sources, place, grid, options, progress, pictures)
        notes = list(place.notes)
        heights = np.full((grid.rows, grid.columns), np.nan, dtype=np.float32)
        for i, source in enumerate(sources):
            reading = Part(progress, i / len(sources), (i + 0.6) / len(sources))
            values, transform = read_heights(source, place, options, notes, reading, MOST_CELLS)
            warping = Part(progress, (i + 0.6) / len(sources), (i + 1) / len(sources))
            lay(values, transform, place, grid, heights, warping)
        tell_units(sources[0], place, options, notes)
        if factor > 1.0:
            notes.append(Note("raster_coarser", {"factor": round(factor, 2)}))
    terrain = _terrain(heights, grid, path)
    low, high = float(np.nanmin(terrain.heights)), float(np.nanmax(terrain.heights))
    rows, columns = terrain.heights.shape
    size = {"columns": columns, "rows": rows, "step": round(grid.step_east, 3)}
    notes.append(Note("terrain_size", {**size, "low": round(low, 1), "high": round(high, 1)}))
    report = LayerReport(
        name=options.name or path.stem,
        kind="terrain",
        source=str(path),
        read=len(every),
        kept=len(sources),
        skipped={"raster_of_colours": len(pictures)} if pictures else {},
        first={"raster_of_colours": tuple(pictures[:FIRST])} if pictures else {},
        objects=1,
        crs=place.reference.crs,
        extent=terrain.extent(),
        messages=tuple(notes),
        seconds=time.perf_counter() - begun,
    )
    return terrain, place.frame, report


def _no_heights_but_colours(pictures: list[str], path: Path) -> CityError:
    return CityError(
        "raster.colours",
        f"The raster holds colours, not heights ({pictures[0]}).",
        hint="import it with --as imagery, or name the file with the heights",
        where=path.name,
        count=len(pictures),
        first=pictures[0],
    )


def _terrain(heights: Heights, grid: Grid, path: Path) -> Terrain:
    """Make the terrain; empty rows and columns along the edges are cut off."""
    known = np.isfinite(heights)
    rows, columns = np.flatnonzero(known.any(axis=1)), np.flatnonzero(known.any(axis=0))
    if rows.size == 0:
        raise CityError(
            "raster.no_heights",
            "The raster holds no usable height.",
            hint="check its value for unknown with --nodata and its unit",
            where=path.name,
        )
    top, bottom = _at_least_two(int(rows[0]), int(rows[-1]) + 1, grid.rows)
    left, right = _at_least_two(int(columns[0]), int(columns[-1]) + 1, grid.columns)
    cut = heights[top:bottom, left:right]
    return Terrain(
        np.ascontiguousarray(cut),
        west=grid.west + (left + 0.5) * grid.step_east,
        north=grid.north - (top + 0.5) * grid.step_north,
        step_east=grid.step_east,
        step_north=grid.step_north,
    )


def _at_least_two(start: int, end: int, total: int) -> tuple[int, int]:
    if end - start >= 2:
        return start, end
    return (start, end + 1) if end < total else (start - 1, end)
