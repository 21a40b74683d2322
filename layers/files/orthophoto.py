"""Imagery from rasters of colours: orthophotos, scanned plans, web map pictures."""

from __future__ import annotations

import math
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.errors import RasterioIOError
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from layers.errors import CityError
from layers.files.options import ImportOptions
from layers.files.raster_source import (
    Dataset,
    Grid,
    Placed,
    grid_for,
    opened,
    placed,
    unreadable,
)
from layers.files.raw import Note
from layers.files.report import LayerReport
from layers.frame import Frame
from layers.kinds.imagery import Imagery
from layers.progress import Part, Progress, Silent

MOST_PIXELS = 8192.0  # along one side: what graphics cards take as one texture
AT_ONCE = 6_000_000  # pixels of the file read between two looks at the stop button
LOOKED_AT = 1024  # pixels along the side of the small copy that brightness is judged by

Pixels = NDArray[np.uint8]


def read_imagery(
    path: Path,
    frame: Frame | None,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> tuple[Imagery, Frame, LayerReport]:
    """Read a picture, or all pictures of a folder, north-up in the project's system.

    Grey, colour, palette and deeper than 8 bit pictures are taken; what the file
    calls unknown or masks out is clear. The longer side has at most 8192 pixels.

    Parameters
    ----------
    path : pathlib.Path
        File or folder.
    frame : Frame or None
        The project's; None: proposed from the picture.
    options : ImportOptions or None
        ``crs``, ``nodata``, ``resolution`` count here.
    progress : Progress or None
        Hears of the stages.

    Raises
    ------
    CityError
        ``raster.*``, and those of `layers.files.reference.settle`.
    """
    begun = time.perf_counter()
    options, progress = options or ImportOptions(), progress or Silent()
    with opened(path) as sources:
        place = placed(sources, frame, options, path.name)
        grid, factor = grid_for(sources, place, options, cells=math.inf, side=MOST_PIXELS)
        notes = list(place.notes)
        pixels = np.zeros((grid.rows, grid.columns, 4), dtype=np.uint8)
        for i, source in enumerate(sources):
            part = Part(progress, i / len(sources), (i + 1) / len(sources))
            strip = int(np.clip(AT_ONCE / (grid.columns * max(factor, 1.0) ** 2), 8, 512))
            _paint(source, place, grid, options, pixels, notes, part, strip)
        count = len(sources)
    if not pixels[..., 3].any():
        raise CityError(
            "raster.clear",
            "Every pixel of the picture is masked out.",
            hint="check its value for unknown with --nodata",
            where=path.name,
        )
    if factor > 1.0:
        notes.append(Note("raster_coarser", {"factor": round(factor, 2)}))
    size = {"columns": grid.columns, "rows": grid.rows, "step": round(grid.step_east, 3)}
    notes.append(Note("imagery_size", size))
    west, south, east, north = grid.extent
    report = LayerReport(
        name=options.name or path.stem,
        kind="imagery",
        source=str(path),
        read=count,
        kept=count,
        objects=1,
        crs=place.reference.crs,
        extent=grid.extent,
        messages=tuple(notes),
        seconds=time.perf_counter() - begun,
    )
    return Imagery(pixels, west, south, east, north), place.frame, report


def _paint(
    source: Dataset,
    place: Placed,
    grid: Grid,
    options: ImportOptions,
    pixels: Pixels,
    notes: list[Note],
    progress: Progress,
    strip: int,
) -> None:
    """Carry one picture onto the grid where that is still clear."""
    palette = _palette(source)
    unknown = options.nodata if options.nodata is not None else source.nodata
    masked = MaskFlags.alpha in source.mask_flag_enums[0] or unknown is not None
    bands = _bands(source)
    stretch = _stretch(source, bands, notes) if palette is None else None
    if len(bands) == 3 and source.count > 4:
        notes.append(Note("first_bands", {"count": source.count}))
    with WarpedVRT(
        source,
        src_crs=place.crs,
        src_transform=place.transform_of(source),
        crs=CRS.from_user_input(place.frame.crs),
        transform=grid.transform,
        width=grid.columns,
        height=grid.rows,
        src_nodata=unknown,
        nodata=unknown,
        add_alpha=not masked,
        resampling=Resampling.nearest if palette is not None else Resampling.bilinear,
    ) as warped:
        for top in range(0, grid.rows, strip):
            progress.step(top, grid.rows, "progress-transforming")
            window = Window(0, top, grid.columns, min(strip, grid.rows - top))
            colours, seen = _strip(warped, window, bands, palette, stretch)
            part = pixels[top : top + strip]
            new = seen & (part[..., 3] == 0)
            part[new] = np.concatenate([colours, np.full_like(colours[..., :1], 255)], axis=2)[new]


def _strip(
    warped: Dataset,
    window: Window,
    bands: list[int],
    palette: Pixels | None,
    stretch: tuple[float, float] | None,
) -> tuple[Pixels, NDArray[np.bool_]]:
    """Read rows as red, green, blue, and where anything is known."""
    try:
        values = warped.read(bands, window=window)
        seen = warped.dataset_mask(window=window) > 0
    except RasterioIOError as error:
        raise unreadable(Path(warped.src_dataset.name).name, error) from error
    if palette is not None:
        colours = palette[np.clip(values[0], 0, 255).astype(np.uint8)]
        return colours[..., :3], seen & (colours[..., 3] > 0)
    if stretch is not None:
        low, high = stretch
        with np.errstate(invalid="ignore"):
            share = (values.astype(np.float32) - low) / max(high - low, 1e-9)
            values = (np.clip(np.nan_to_num(share), 0.0, 1.0) * 255).round().astype(np.uint8)
    rgb = values if len(bands) == 3 else np.repeat(values[:1], 3, axis=0)
    return np.moveaxis(rgb, 0, -1).astype(np.uint8), seen


def _bands(source: Dataset) -> list[int]:
    """Choose the bands for red, green, blue; one band for grey and palettes."""
    by_colour = {colour: i + 1 for i, colour in enumerate(source.colorinterp)}
    wanted = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
    if all(colour in by_colour for colour in wanted):
        return [by_colour[colour] for colour in wanted]
    return [1, 2, 3] if source.count >= 3 else [1]


def _palette(source: Dataset) -> Pixels | None:
    """Give the colours of a palette, (256, 4); None where there is none."""
    if source.colorinterp[0] != ColorInterp.palette:
        return None
    table = np.zeros((256, 4), dtype=np.uint8)
    for value, colour in source.colormap(1).items():
        if 0 <= value < 256:
            table[value] = colour
    return table


def _stretch(source: Dataset, bands: list[int], notes: list[Note]) -> tuple[float, float] | None:
    """Give the values that become black and white, for pictures deeper than 8 bit."""
    if all(source.dtypes[band - 1] == "uint8" for band in bands):
        return None
    scale = min(1.0, LOOKED_AT / max(source.width, source.height))
    shape = (max(1, int(source.height * scale)), max(1, int(source.width * scale)))
    small = source.read(bands, out_shape=(len(bands), *shape), masked=True).astype(np.float64)
    values = small.compressed()
    values = values[np.isfinite(values)]
    if values.size == 0:
        return 0.0, 1.0
    low, high = (float(v) for v in np.percentile(values, (2.0, 98.0)))
    notes.append(Note("stretched", {"low": round(low, 3), "high": round(high, 3)}))
    return low, high
