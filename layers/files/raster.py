"""Terrain from height rasters (GeoTIFF, ASC, HGT, ...); the door to imagery too."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.errors import RasterioIOError
from rasterio.warp import reproject
from rasterio.windows import Window

from layers.errors import CityError
from layers.files.options import ImportOptions
from layers.files.orthophoto import read_imagery
from layers.files.quantities import FOOT
from layers.files.raster_source import (
    HIGHEST,
    LOWEST,
    Dataset,
    Grid,
    Placed,
    grid_for,
    has_colours,
    is_raster,
    kind_of_raster,
    opened,
    placed,
    unreadable,
)
from layers.files.raw import Note
from layers.files.report import FIRST, LayerReport
from layers.frame import Frame, read_crs
from layers.kinds import kind_of
from layers.kinds.base import Layer, Source
from layers.kinds.terrain import Terrain
from layers.progress import Part, Progress, Silent

__all__ = ["is_raster", "read_imagery", "read_raster", "read_terrain"]

MOST_CELLS = 64_000_000  # heights kept, 256 MB
COLLAR_SHARE = 0.02  # zeros along the border and in at least this share of cells are a collar
COLLAR_GAP = 5.0  # m: as long as no real height comes nearer to zero
US_FOOT = 1200.0 / 3937.0
STRIP = 256  # rows carried over between two looks at the stop button
AT_ONCE = 4_000_000  # cells read between two looks

Heights = NDArray[np.float32]


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
        place = placed(sources, frame, options, path.name)
        grid, factor = grid_for(sources, place, options, cells=MOST_CELLS, side=math.inf)
        notes = list(place.notes)
        heights = np.full((grid.rows, grid.columns), np.nan, dtype=np.float32)
        for i, source in enumerate(sources):
            reading = Part(progress, i / len(sources), (i + 0.6) / len(sources))
            values, transform = _read_heights(source, place, options, notes, reading)
            warping = Part(progress, (i + 0.6) / len(sources), (i + 1) / len(sources))
            _lay(values, transform, place, grid, heights, warping)
        _tell_units(sources[0], place, options, notes)
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


def _read_heights(
    source: Dataset,
    place: Placed,
    options: ImportOptions,
    notes: list[Note],
    progress: Progress,
) -> tuple[Heights, Affine]:
    """Read band 1 in metres with NaN for unknown; coarser where that is all the grid needs."""
    step = max(1, math.isqrt(max(1, source.width * source.height // MOST_CELLS)))
    if source.width * source.height > MOST_CELLS * step * step:
        step += 1
    rows, columns = math.ceil(source.height / step), math.ceil(source.width / step)
    out = np.empty((rows, columns), dtype=np.float32)
    factor, told = _unit_factor(source, options)
    unknown = options.nodata if options.nodata is not None else source.nodata
    absurd = 0
    strip = max(1, int(np.clip(AT_ONCE // source.width, 16, 1024)) // step) * step
    for top in range(0, source.height, strip):
        progress.step(top, source.height, "progress-reading")
        window = Window(0, top, source.width, min(strip, source.height - top))
        values, odd = _band(source, window, unknown, factor)
        absurd += odd
        done = _averaged(values, step) if step > 1 else values
        out[top // step : top // step + len(done)] = done
    if absurd:
        notes.append(Note("heights_absurd", {"count": absurd}))
    if unknown is None and (zeros := _collar(out)) is not None:
        notes.append(Note("zero_collar", {"count": int(zeros.sum())}))
        out[zeros] = np.nan
    if told:
        notes.append(Note("heights_converted", {"unit": told}))
    transform = place.transform_of(source) @ Affine.scale(step)
    return out, transform


def _band(
    source: Dataset, window: Window, unknown: float | None, factor: float
) -> tuple[NDArray[np.float32], int]:
    """Read a strip as metres; gives it and the number of values that are no heights."""
    try:
        values = source.read(1, window=window).astype(np.float32)
        mask = source.read_masks(1, window=window) if source.nodata is None else None
    except RasterioIOError as error:
        raise unreadable(Path(source.name).name, error) from error
    if unknown is not None and not math.isnan(unknown):
        values[np.isclose(values, np.float32(unknown), rtol=1e-6, atol=0.0)] = np.nan
        if unknown == 0:
            values[values == 0] = np.nan
    if mask is not None:
        values[mask == 0] = np.nan
    scale, offset = source.scales[0], source.offsets[0]
    metres = (values * scale + offset) * factor
    with np.errstate(invalid="ignore"):
        odd = (metres < LOWEST) | (metres > HIGHEST) | np.isinf(metres)
    metres[odd] = np.nan
    return metres.astype(np.float32), int(odd.sum())


def _averaged(values: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    """Give the mean of each block of `step` by `step` known cells."""
    rows, columns = (math.ceil(n / step) * step for n in values.shape)
    padded = np.full((rows, columns), np.nan, dtype=np.float32)
    padded[: values.shape[0], : values.shape[1]] = values
    blocks = padded.reshape(rows // step, step, columns // step, step)
    known = np.isfinite(blocks)
    count = known.sum(axis=(1, 3))
    total = np.where(known, blocks, 0.0).sum(axis=(1, 3), dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count > 0, total / count, np.nan).astype(np.float32)


def _collar(heights: Heights) -> NDArray[np.bool_] | None:
    """Find zeros that stand for "unknown" though the file does not say so."""
    zero = heights == 0
    border = np.concatenate([zero[0], zero[-1], zero[:, 0], zero[:, -1]])
    if zero.mean() < COLLAR_SHARE or not border.any():
        return None
    real = heights[np.isfinite(heights) & ~zero]
    clear = real.size > 0 and float(np.abs(real).min()) > COLLAR_GAP
    return zero if clear else None


def _unit_factor(source: Dataset, options: ImportOptions) -> tuple[float, str]:
    """Give metres per unit of height, and the unit's name where it is not the metre."""
    if options.height_unit is not None:
        return (FOOT, "ft") if options.height_unit == "ft" else (1.0, "")
    unit = (source.units[0] or "").strip().lower()
    if not unit and source.crs:
        crs = read_crs(source.crs.to_wkt())
        if crs.is_compound:
            unit = crs.sub_crs_list[1].axis_info[0].unit_name.lower()
    if "us" in unit and "foot" in unit.replace("feet", "foot"):
        return US_FOOT, unit
    if unit in {"ft", "foot", "feet", "international foot"}:
        return FOOT, unit
    return 1.0, ""


def _tell_units(source: Dataset, place: Placed, options: ImportOptions, notes: list[Note]) -> None:
    """Remark where the plane counts feet and the file does not say what heights count."""
    if options.height_unit is not None or source.units[0] or place.reference.crs == "city-grid":
        return
    crs = read_crs(place.reference.crs)
    if crs.is_projected and abs(crs.axis_info[0].unit_conversion_factor - 1.0) > 0.1:
        notes.append(Note("heights_taken_as_metres", {"unit": crs.axis_info[0].unit_name}))


def _lay(
    values: Heights,
    transform: Affine,
    place: Placed,
    grid: Grid,
    heights: Heights,
    progress: Progress,
) -> None:
    """Carry heights onto the grid where it is still unknown."""
    target = CRS.from_user_input(place.frame.crs)
    if place.crs == target and transform == grid.transform and values.shape == heights.shape:
        heights[...] = np.where(np.isnan(heights), values, heights)
        return
    for top in range(0, grid.rows, STRIP):
        progress.step(top, grid.rows, "progress-transforming")
        rows = min(STRIP, grid.rows - top)
        strip = np.full((rows, grid.columns), np.nan, dtype=np.float32)
        reproject(
            values,
            strip,
            src_transform=transform,
            src_crs=place.crs,
            src_nodata=np.nan,
            dst_transform=grid.transform @ Affine.translation(0, top),
            dst_crs=target,
            dst_nodata=np.nan,
            resampling=Resampling.bilinear,
        )
        part = heights[top : top + rows]
        part[...] = np.where(np.isnan(part), strip, part)


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
