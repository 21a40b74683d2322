"""Pictures whose files can only be read from the first row on: a copy in parts, made once.

A JPEG of 20,000 pixels would be decoded whole for every part that is looked at. Its copy lies in
the store: tiles of 512 pixels and overviews, each half as large as the one before.
"""

from __future__ import annotations

import logging
import os
import uuid
from pathlib import Path

import rasterio
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import RasterioError
from rasterio.windows import Window

from layers.files.raster_source import Dataset
from layers.files.store import default_store
from layers.progress import Progress

SEQUENTIAL = frozenset({"JPEG", "PNG", "BMP", "GIF"})  # drivers of files without parts
VERSION = 1  # of the copies
TILE = 512  # pixels
SMALLEST = 512  # pixels along the longer side of the last overview, about
QUALITY = 92  # of JPEG, per cent
COPYING = 0.75  # share of the time that the copy takes, the overviews the rest
log = logging.getLogger(__name__)


def is_sequential(source: Dataset) -> bool:
    """Say whether a raster's file has to be read from its first row on for any part of it."""
    return source.driver in SEQUENTIAL  # overviews beside it help from afar alone


def in_parts(source: Dataset, progress: Progress) -> Path | None:
    """Give a copy of a picture that can be read in parts; it is made where there is none yet.

    Parameters
    ----------
    source : Dataset
        The picture.
    progress : Progress
        Hears how far the copy is, and may stop it.

    Returns
    -------
    pathlib.Path or None
        None where the picture needs no copy or there is no place to keep one.
    """
    store = default_store()
    if not is_sequential(source) or store.most_bytes <= 0:
        return None
    try:
        facts = Path(source.name).stat()
    except OSError:  # within an archive
        return None
    key = f"pyramid {VERSION} {source.name} {facts.st_size} {facts.st_mtime_ns}"
    path = store.place(key)
    if store.has(key):
        return path
    beside = path.with_name(f"{path.stem}-{os.getpid()}-{uuid.uuid4().hex[:8]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _copy(source, beside, progress)
        beside.replace(path)
    except (OSError, RasterioError) as error:
        log.warning("no copy of %s in parts: %s", source.name, error)
        return None
    finally:
        beside.unlink(missing_ok=True)
    store.make_room()
    return path if path.exists() else None


def _copy(source: Dataset, path: Path, progress: Progress) -> None:
    """Write the copy strip by strip, then its overviews."""
    coloured = source.count == 3 and set(source.dtypes) == {"uint8"}
    palette = source.colorinterp[0] == ColorInterp.palette
    packed = {"compress": "JPEG", "photometric": "YCBCR", "jpeg_quality": QUALITY}
    if not coloured:
        packed = {"compress": "DEFLATE", "zlevel": 1}
    with rasterio.open(
        path, "w", driver="GTiff", width=source.width, height=source.height, count=source.count,
        dtype=source.dtypes[0], crs=source.crs, transform=source.transform, nodata=source.nodata,
        tiled=True, blockxsize=TILE, blockysize=TILE, bigtiff="IF_SAFER", **packed,
    ) as copy:  # fmt: skip
        if palette:
            copy.write_colormap(1, source.colormap(1))
        elif not coloured:
            copy.colorinterp = source.colorinterp
        for top in range(0, source.height, TILE):
            progress.step(round(COPYING * top), source.height, "progress-in-parts")
            window = Window(0, top, source.width, min(TILE, source.height - top))
            copy.write(source.read(window=window), window=window)
    factors: list[int] = []
    while max(source.width, source.height) / 2 ** len(factors) > SMALLEST:
        factors.append(2 ** (len(factors) + 1))
    progress.step(round(COPYING * source.height), source.height, "progress-in-parts")
    how = Resampling.nearest if palette else Resampling.average
    told = {"COMPRESS_OVERVIEW": "DEFLATE"}
    if coloured:
        told = {"COMPRESS_OVERVIEW": "JPEG", "PHOTOMETRIC_OVERVIEW": "YCBCR",
                "JPEG_QUALITY_OVERVIEW": str(QUALITY)}  # fmt: skip
    with rasterio.Env(**told), rasterio.open(path, "r+") as copy:
        copy.build_overviews(factors, how)
