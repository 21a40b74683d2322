"""Heights of rasters as numbers in metres: what is unknown, in which unit, onto which grid."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import MaskFlags, Resampling
from rasterio.errors import RasterioIOError
from rasterio.warp import reproject
from rasterio.windows import Window

from layers.files.options import ImportOptions
from layers.files.quantities import FOOT, METRES
from layers.files.raster_source import HIGHEST, LOWEST, Dataset, Grid, Placed, unreadable
from layers.files.raw import Note
from layers.frame import read_crs
from layers.progress import Progress

COLLAR_SHARE = 0.02  # zeros along the border and in at least this share of cells are a collar
COLLAR_GAP = 5.0  # m: as long as no real height comes nearer to zero
US_FOOT = 1200.0 / 3937.0
#: Metres in one of the units that rasters name, the metre aside.
_METRIC = {
    "dm": 0.1, "decimetre": 0.1, "decimeter": 0.1, "cm": 0.01, "centimetre": 0.01,
    "centimeter": 0.01, "mm": 0.001, "millimetre": 0.001, "millimeter": 0.001,
}  # fmt: skip
STRIP = 256  # rows carried over between two looks at the stop button
AT_ONCE = 4_000_000  # cells read between two looks

Heights = NDArray[np.float32]


def read_heights(
    source: Dataset,
    place: Placed,
    options: ImportOptions,
    notes: list[Note],
    progress: Progress,
    most: int,
) -> tuple[Heights, Affine]:
    """Read band 1 in metres with NaN for unknown; coarser where that is all the grid needs."""
    step = max(1, math.isqrt(max(1, source.width * source.height // most)))
    if source.width * source.height > most * step * step:
        step += 1
    rows, columns = math.ceil(source.height / step), math.ceil(source.width / step)
    out = np.empty((rows, columns), dtype=np.float32)
    factor, told = unit_factor(source, options)
    unknown = options.nodata if options.nodata is not None else source.nodata
    absurd = 0
    strip = max(1, int(np.clip(AT_ONCE // source.width, 16, 1024)) // step) * step
    for top in range(0, source.height, strip):
        progress.step(top, source.height, "progress-reading")
        window = Window(0, top, source.width, min(strip, source.height - top))
        values, odd = band_of(source, window, unknown, factor)
        absurd += odd
        done = averaged(values, step) if step > 1 else values
        out[top // step : top // step + len(done)] = done
    if absurd:
        notes.append(Note("heights_absurd", {"count": absurd}))
    declared = unknown is not None and np.isnan(out).any()  # and really used
    if not declared and (zeros := collar_of(out)) is not None:
        notes.append(Note("zero_collar", {"count": int(zeros.sum())}))
        out[zeros] = np.nan
    if told:
        notes.append(Note("heights_converted", {"unit": told}))
    transform = place.transform_of(source) @ Affine.scale(step)
    return out, transform


def band_of(
    source: Dataset,
    window: Window,
    unknown: float | None,
    factor: float,
    shape: tuple[int, int] | None = None,
) -> tuple[NDArray[np.float32], int]:
    """Read a part as metres; gives it and the number of values that are no heights.

    With a shape, that many rows and columns of the part are picked out.
    """
    try:
        values = source.read(1, window=window, out_shape=shape).astype(np.float32)
        masked = source.nodata is None and MaskFlags.all_valid not in source.mask_flag_enums[0]
        mask = source.read_masks(1, window=window, out_shape=shape) if masked else None
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


def averaged(values: NDArray[np.float32], step: int) -> NDArray[np.float32]:
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


def collar_of(heights: Heights) -> NDArray[np.bool_] | None:
    """Find zeros that stand for "unknown" though the file does not say so."""
    zero = heights == 0
    border = np.concatenate([zero[0], zero[-1], zero[:, 0], zero[:, -1]])
    if zero.mean() < COLLAR_SHARE or not border.any():
        return None
    real = heights[np.isfinite(heights) & ~zero]
    clear = real.size > 0 and float(np.abs(real).min()) > COLLAR_GAP
    return zero if clear else None


def unit_factor(source: Dataset, options: ImportOptions) -> tuple[float, str]:
    """Give metres per unit of height, and the unit's name where it is not the metre."""
    if options.height_unit is not None:
        chosen = options.height_unit
        return METRES[chosen], "" if chosen == "m" else chosen
    unit = (source.units[0] or "").strip().lower()
    if not unit and source.crs:
        crs = read_crs(source.crs.to_wkt())
        if crs.is_compound:
            unit = crs.sub_crs_list[1].axis_info[0].unit_name.lower()
    if "us" in unit and "foot" in unit.replace("feet", "foot"):
        return US_FOOT, unit
    if unit in {"ft", "foot", "feet", "international foot"}:
        return FOOT, unit
    if unit in _METRIC:
        return _METRIC[unit], unit
    return 1.0, ""


def tell_units(source: Dataset, place: Placed, options: ImportOptions, notes: list[Note]) -> None:
    """Remark where the plane counts feet and the file does not say what heights count."""
    if options.height_unit is not None or source.units[0] or place.reference.crs == "city-grid":
        return
    crs = read_crs(place.reference.crs)
    if crs.is_projected and abs(crs.axis_info[0].unit_conversion_factor - 1.0) > 0.1:
        notes.append(Note("heights_taken_as_metres", {"unit": crs.axis_info[0].unit_name}))


def lay(
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
