"""Terrain too large for the memory: an overview now, the heights block by block when asked for."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.errors import RasterioIOError
from rasterio.warp import reproject, transform_bounds
from rasterio.windows import Window

from layers.files.options import ImportOptions
from layers.files.raster_heights import (
    Heights,
    band_of,
    collar_of,
    lay,
    read_heights,
    tell_units,
    unit_factor,
)
from layers.files.raster_source import Dataset, Grid, Placed, unreadable
from layers.files.raw import Note
from layers.files.report import FIRST, LayerReport
from layers.frame import Frame
from layers.kinds.terrain import Terrain
from layers.progress import Part, Progress

OVERVIEW = 1900  # cells along the longer side of the overview
BLOCK = 512  # cells along a side of a block
MOST_BLOCKS = 96  # blocks kept: 100 MB


class HeightFiles:
    """Heights of one or more rasters on one grid of the project, read block by block.

    Parameters
    ----------
    names : sequence of str
        Files as GDAL opens them, the finest first: that counts where they overlap.
    place : Placed
        Where they lie.
    grid : Grid
        What they are carried onto; a single file that has this very grid is read as it is.
    options : ImportOptions
        ``nodata`` and ``height_unit`` count here.
    identity : str
        Of the files and the way of reading.
    """

    def __init__(
        self, names: Sequence[str], place: Placed, grid: Grid, options: ImportOptions, identity: str
    ) -> None:
        self.west = grid.west + 0.5 * grid.step_east
        self.north = grid.north - 0.5 * grid.step_north
        self.step_east, self.step_north = grid.step_east, grid.step_north
        self.rows, self.columns = grid.rows, grid.columns
        self.block = BLOCK
        self.identity = identity
        self.zero_is_unknown = False
        self.cells_read = 0
        self._names, self._place, self._grid, self._options = list(names), place, grid, options
        self._blocks: OrderedDict[tuple[int, int], Heights] = OrderedDict()
        self._opened: list[Dataset] = []
        self._lock = threading.Lock()

    def heights_of(self, row: int, column: int) -> Heights:
        """Give block `row`, `column` with one more row and column of its neighbours.

        Raises
        ------
        CityError
            ``raster.unreadable`` if a file is not there any more.
        """
        with self._lock:
            found = self._blocks.get((row, column))
            if found is None:
                top, left = row * BLOCK, column * BLOCK
                rows, columns = min(BLOCK + 1, self.rows - top), min(BLOCK + 1, self.columns - left)
                found = self._read(top, left, rows, columns)
                found.setflags(write=False)
                self._blocks[row, column] = found
                while len(self._blocks) > MOST_BLOCKS:
                    self._blocks.popitem(last=False)
            else:
                self._blocks.move_to_end((row, column))
            return found

    def overview(self, step: int) -> Heights:
        """Give every `step`-th height of a single file on its own grid, rows and columns.

        The heights are those at the middles of blocks of `step` by `step` cells (`step` odd).
        """
        (source,) = self._sources()
        rows, columns = self.rows // step, self.columns // step
        window = Window(0, 0, columns * step, rows * step)
        factor, _ = unit_factor(source, self._options)
        self.cells_read += rows * columns
        found, _ = band_of(source, window, self._unknown(source), factor, (rows, columns))
        return self._without_zeros(found)

    def _sources(self) -> list[Dataset]:
        if not self._opened:
            for name in self._names:
                try:
                    self._opened.append(rasterio.open(name))
                except RasterioIOError as error:
                    raise unreadable(Path(name).name, error) from error
        return self._opened

    def _unknown(self, source: Dataset) -> float | None:
        unknown = self._options.nodata
        found: float | None = unknown if unknown is not None else source.nodata
        return found

    def _without_zeros(self, heights: Heights) -> Heights:
        if self.zero_is_unknown:
            heights[heights == 0] = np.nan
        return heights

    def _read(self, top: int, left: int, rows: int, columns: int) -> Heights:
        grid = self._grid
        out = np.full((rows, columns), np.nan, dtype=np.float32)
        part = Grid(
            grid.west + left * grid.step_east, grid.north - top * grid.step_north,
            grid.step_east, grid.step_north, columns, rows,
        )  # fmt: skip
        target = CRS.from_user_input(self._place.frame.crs)
        for source in self._sources():
            gaps = np.isnan(out)
            if not gaps.any():
                break
            factor, _ = unit_factor(source, self._options)
            transform = self._place.transform_of(source)
            own = self._place.crs == target and transform.almost_equals(grid.transform)
            if own and (source.height, source.width) == (self.rows, self.columns):
                window = Window(left, top, columns, rows)
                found, _ = band_of(source, window, self._unknown(source), factor)
                self.cells_read += found.size
                found = self._without_zeros(found)
            else:
                found = self._carried(source, part, target, factor)
            out[gaps] = found[gaps]
        return out

    def _carried(self, source: Dataset, part: Grid, target: CRS, factor: float) -> Heights:
        """Read what of a file lies under a part of the grid, bilinear."""
        out = np.full((part.rows, part.columns), np.nan, dtype=np.float32)
        transform = self._place.transform_of(source)
        box = transform_bounds(target, self._place.crs, *part.extent, densify_pts=9)
        corners = [(box[0], box[1]), (box[2], box[1]), (box[0], box[3]), (box[2], box[3])]
        cells = np.array([~transform @ corner for corner in corners])
        low, high = np.floor(cells.min(axis=0)) - 2, np.ceil(cells.max(axis=0)) + 2
        low = np.maximum(low, 0).astype(int)
        high = np.minimum(high, [source.width, source.height]).astype(int)
        if (high <= low).any():
            return out
        window = Window(low[0], low[1], high[0] - low[0], high[1] - low[1])
        found, _ = band_of(source, window, self._unknown(source), factor)
        self.cells_read += found.size
        reproject(
            self._without_zeros(found), out,
            src_transform=transform @ Affine.translation(low[0], low[1]),
            src_crs=self._place.crs, src_nodata=np.nan, dst_transform=part.transform,
            dst_crs=target, dst_nodata=np.nan, resampling=Resampling.bilinear,
        )  # fmt: skip
        return out


def read_large_terrain(
    path: Path,
    sources: list[Dataset],
    place: Placed,
    grid: Grid,
    options: ImportOptions,
    progress: Progress,
    pictures: list[str],
) -> tuple[Terrain, Frame, LayerReport]:
    """Make a terrain of an overview and of files that are read where somebody looks.

    A single file on the project's own grid is sampled; others are carried over coarsely.
    """
    begun = time.perf_counter()
    notes = list(place.notes)
    step = max(1, math.ceil(max(grid.columns, grid.rows) / OVERVIEW))
    step += 1 - step % 2
    identity = ";".join(f"{Path(s.name).name}:{s.width}x{s.height}:{s.dtypes[0]}" for s in sources)
    fine = HeightFiles([s.name for s in sources], place, grid, options, identity)
    coarse = Grid(
        grid.west, grid.north, grid.step_east * step, grid.step_north * step,
        max(grid.columns // step, 2), max(grid.rows // step, 2),
    )  # fmt: skip
    whole = CRS.from_user_input(place.frame.crs) == place.crs and len(sources) == 1
    if whole and place.transform_of(sources[0]).almost_equals(grid.transform):
        progress.step(0, 1, "progress-reading")
        heights = fine.overview(step)
        unknown = options.nodata if options.nodata is not None else sources[0].nodata
        if unknown is None and (zeros := collar_of(heights)) is not None:
            notes.append(Note("zero_collar", {"count": int(zeros.sum()) * step * step}))
            heights[zeros] = np.nan
            fine.zero_is_unknown = True
        _, told = unit_factor(sources[0], options)
        notes += [Note("heights_converted", {"unit": told})] if told else []
    else:
        heights = np.full((coarse.rows, coarse.columns), np.nan, dtype=np.float32)
        for i, source in enumerate(sources):
            part = Part(progress, i / len(sources), (i + 1) / len(sources))
            values, transform = read_heights(source, place, options, notes, part, OVERVIEW**2)
            lay(values, transform, place, coarse, heights, part)
        fine.zero_is_unknown = any(note.key == "zero_collar" for note in notes)
    tell_units(sources[0], place, options, notes)
    terrain = Terrain(
        heights, coarse.west + 0.5 * coarse.step_east, coarse.north - 0.5 * coarse.step_north,
        coarse.step_east, coarse.step_north, fine,
    )  # fmt: skip
    known = heights[np.isfinite(heights)]
    size = {"columns": grid.columns, "rows": grid.rows, "step": round(grid.step_east, 3)}
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    notes.append(Note("terrain_size", {**size, "low": round(low, 1), "high": round(high, 1)}))
    notes.append(Note("terrain_stays_in_file", {"columns": coarse.columns, "rows": coarse.rows}))
    report = LayerReport(
        name=options.name or path.stem,
        kind="terrain",
        source=str(path),
        read=len(sources) + len(pictures),
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
