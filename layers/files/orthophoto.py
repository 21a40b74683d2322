"""Imagery from rasters of colours: orthophotos, scanned plans, web map pictures."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.errors import RasterioIOError
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from layers.errors import CityError
from layers.files.options import ImportOptions
from layers.files.picture_pyramid import in_parts
from layers.files.raster_source import (
    Dataset,
    Grid,
    Placed,
    coarser,
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

MOST_PIXELS = 4096.0  # along one side of a picture kept in memory; larger ones stay in files
OVERVIEW = 2048.0  # pixels along the longer side of what is kept of these
MOST_BYTES = 64_000_000  # of parts read from files and kept
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
    calls unknown or masks out is clear. Of a picture with more than 4096 pixels along a side
    an overview is made; the rest is read where somebody looks.

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
    with ExitStack() as stack:
        sources = stack.enter_context(opened(path))
        place = placed(sources, frame, options, path.name)
        sources.sort(key=lambda source: abs(source.transform.a * source.transform.e))
        names = [source.name for source in sources]
        grid, factor = grid_for(sources, place, options, cells=math.inf, side=math.inf)
        fine: PictureFiles | None = None
        if max(grid.columns, grid.rows) > MOST_PIXELS:
            parted, sources = _in_parts(sources, stack, Part(progress, 0.0, 0.5))
            progress = Part(progress, 0.5, 1.0)
            fine = PictureFiles(names, place, grid, options, parted)
            factor = max(grid.columns, grid.rows) / min(OVERVIEW, MOST_PIXELS)
            grid = coarser(grid, factor)
        notes = list(place.notes)
        pixels = np.zeros((grid.rows, grid.columns, 4), dtype=np.uint8)
        for i, source in enumerate(sources):
            part = Part(progress, i / len(sources), (i + 1) / len(sources))
            strip = int(np.clip(AT_ONCE / (grid.columns * max(factor, 1.0) ** 2), 8, 512))
            plain = _palette(source) is None
            stretch = _stretch(source, _bands(source), notes) if plain else None
            _paint(source, place, grid, options, pixels, notes, part, strip, stretch)
        count = len(sources)
    if not pixels[..., 3].any():
        raise CityError(
            "raster.clear",
            "Every pixel of the picture is masked out.",
            hint="check its value for unknown with --nodata",
            where=path.name,
        )
    size = {"columns": grid.columns, "rows": grid.rows, "step": round(grid.step_east, 3)}
    if fine is not None:
        notes.append(Note("picture_stays_in_file", size))
        size = {"columns": fine.grid.columns, "rows": fine.grid.rows, "step": round(fine.step, 3)}
    elif factor > 1.0:
        notes.append(Note("raster_coarser", {"factor": round(factor, 2)}))
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
    return Imagery(pixels, west, south, east, north, fine), place.frame, report


def _in_parts(
    sources: Sequence[Dataset], stack: ExitStack, progress: Progress
) -> tuple[list[Path | None], list[Dataset]]:
    """Give for each picture a copy that can be read in parts, None where it needs none.

    Gives beside them what to read now: the copies, opened for as long as the stack lasts.
    """
    count = len(sources)
    copies = [
        in_parts(source, Part(progress, i / count, (i + 1) / count))
        for i, source in enumerate(sources)
    ]
    opened_copies = [
        source if copy is None else stack.enter_context(rasterio.open(copy))
        for copy, source in zip(copies, sources, strict=True)
    ]
    return copies, opened_copies


def _paint(
    source: Dataset,
    place: Placed,
    grid: Grid,
    options: ImportOptions,
    pixels: Pixels,
    notes: list[Note],
    progress: Progress,
    strip: int,
    stretch: tuple[float, float] | None,
) -> None:
    """Carry one picture onto the grid where that is still clear."""
    if _straight(source, place):
        _paint_straight(source, place, grid, options, pixels, notes, progress, strip, stretch)
        return
    palette = _palette(source)
    unknown = options.nodata if options.nodata is not None else source.nodata
    masked = MaskFlags.alpha in source.mask_flag_enums[0] or unknown is not None
    bands = _bands(source)
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


def _straight(source: Dataset, place: Placed) -> bool:
    """Say whether a picture lies north-up in the project's system already."""
    t = place.transform_of(source)
    target = CRS.from_user_input(place.frame.crs)
    return place.crs == target and not (t.b or t.d) and t.a > 0 > t.e


def _paint_straight(
    source: Dataset,
    place: Placed,
    grid: Grid,
    options: ImportOptions,
    pixels: Pixels,
    notes: list[Note],
    progress: Progress,
    strip: int,
    stretch: tuple[float, float] | None,
) -> None:
    """Carry a picture that needs no turning: parts are read at the size of the grid."""
    palette, bands = _palette(source), _bands(source)
    if len(bands) == 3 and source.count > 4:
        notes.append(Note("first_bands", {"count": source.count}))
    t = place.transform_of(source)
    left, right = ((edge - grid.west) / grid.step_east for edge in (t.c, t.c + t.a * source.width))
    first, last = max(math.ceil(left - 0.5), 0), min(math.ceil(right - 0.5), grid.columns)
    top, foot = ((grid.north - edge) / grid.step_north for edge in (t.f, t.f + t.e * source.height))
    above, below = max(math.ceil(top - 0.5), 0), min(math.ceil(foot - 0.5), grid.rows)
    if first >= last:
        return
    for row in range(above, below, strip):
        progress.step(row - above, below - above, "progress-transforming")
        end = min(row + strip, below)
        window = Window(
            (first - left) * grid.step_east / t.a, (row - top) * grid.step_north / -t.e,
            (last - first) * grid.step_east / t.a, (end - row) * grid.step_north / -t.e,
        ).intersection(Window(0, 0, source.width, source.height))  # fmt: skip
        shape = (end - row, last - first)
        smooth = Resampling.average if grid.step_east > t.a else Resampling.bilinear
        how = Resampling.nearest if palette is not None or shape == _size(window) else smooth
        colours, seen = _part(source, window, shape, bands, palette, stretch, how, options.nodata)
        part = pixels[row:end, first:last]
        new = seen & (part[..., 3] == 0)
        part[new] = np.concatenate([colours, np.full_like(colours[..., :1], 255)], axis=2)[new]


def _size(window: Window) -> tuple[float, float]:
    return window.height, window.width


def _part(
    source: Dataset,
    window: Window,
    shape: tuple[int, int],
    bands: list[int],
    palette: Pixels | None,
    stretch: tuple[float, float] | None,
    how: Resampling,
    nodata: float | None,
) -> tuple[Pixels, NDArray[np.bool_]]:
    """Read a part at a size as red, green, blue, and where anything is known."""
    try:
        values = source.read(bands, window=window, out_shape=(len(bands), *shape), resampling=how)
        seen = source.dataset_mask(window=window, out_shape=shape) > 0
    except RasterioIOError as error:
        raise unreadable(Path(source.name).name, error) from error
    if nodata is not None:
        seen &= (values != nodata).any(axis=0)
    return _coloured(values, seen, bands, palette, stretch)


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
    return _coloured(values, seen, bands, palette, stretch)


def _coloured(
    values: NDArray[Any],
    seen: NDArray[np.bool_],
    bands: list[int],
    palette: Pixels | None,
    stretch: tuple[float, float] | None,
) -> tuple[Pixels, NDArray[np.bool_]]:
    """Make red, green, blue of what a file holds."""
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


class PictureFiles:
    """A picture that stays in its files; parts are read at the size they are needed.

    Parameters
    ----------
    names : sequence of str
        Files as GDAL opens them, the finest first.
    place : Placed
        Where they lie.
    grid : Grid
        The whole at full size.
    options : ImportOptions
        ``nodata`` counts here.
    parted : sequence of pathlib.Path or None
        Copies of the files that can be read in parts, None for those that need none.
    """

    def __init__(
        self, names: Sequence[str], place: Placed, grid: Grid, options: ImportOptions,
        parted: Sequence[Path | None] = (),
    ) -> None:  # fmt: skip
        self.grid, self.step = grid, min(grid.step_east, grid.step_north)
        self.identity = ";".join(Path(name).name for name in names)
        self.identity += f":{grid.columns}x{grid.rows}"
        self.bytes_held = 0
        self._names, self._place, self._options = list(names), place, options
        self._parted = list(parted) or [None] * len(names)
        self._stretch: dict[str, tuple[float, float] | None] = {}
        self._opened: list[Dataset] = []
        self._lock = threading.Lock()  # several pictures of a window read the same files
        self._parts: OrderedDict[tuple[float, float, float, int], Pixels] = OrderedDict()

    def part(self, west: float, north: float, step: float, size: int) -> Pixels:
        """Give (size, size, 4) pixels of `step` metres from a north-west corner on.

        Raises
        ------
        CityError
            ``raster.unreadable`` if a file is not there any more.
        """
        with self._lock:
            return self._part((west, north, step, size))

    def _part(self, key: tuple[float, float, float, int]) -> Pixels:
        west, north, step, size = key
        if (found := self._parts.get(key)) is not None:
            self._parts.move_to_end(key)
            return found
        pixels = np.zeros((size, size, 4), dtype=np.uint8)
        grid = Grid(west, north, step, step, size, size)
        for source in self._sources():
            _paint(
                source, self._place, grid, self._options, pixels, [], Silent(), size,
                self._stretch_of(source),
            )  # fmt: skip
        pixels.setflags(write=False)
        self._parts[key] = pixels
        self.bytes_held += pixels.nbytes
        while self.bytes_held > MOST_BYTES and len(self._parts) > 1:
            self.bytes_held -= self._parts.popitem(last=False)[1].nbytes
        return pixels

    def _sources(self) -> list[Dataset]:
        if not self._opened:
            for name, copy in zip(self._names, self._parted, strict=True):
                there = copy is not None and copy.exists()
                try:
                    self._opened.append(rasterio.open(copy if there else name))
                except RasterioIOError as error:
                    raise unreadable(Path(name).name, error) from error
        return self._opened

    def _stretch_of(self, source: Dataset) -> tuple[float, float] | None:
        if source.name not in self._stretch:
            palette = _palette(source)
            made = _stretch(source, _bands(source), []) if palette is None else None
            self._stretch[source.name] = made
        return self._stretch[source.name]
