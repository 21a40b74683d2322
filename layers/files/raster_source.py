"""Rasters as they stand in files: which there are, where they lie, on what grid they go."""

from __future__ import annotations

import math
import os
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyproj
import rasterio
from affine import Affine
from pyproj.exceptions import CRSError
from rasterio.crs import CRS
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning, RasterioIOError
from rasterio.warp import calculate_default_transform, transform_bounds

from layers.errors import CityError
from layers.files.ogr import crs_text
from layers.files.options import ImportOptions
from layers.files.raw import Note
from layers.files.reference import Reference, frame_for, settle
from layers.files.sniff import check_content, companions, sniff
from layers.frame import CITY_GRID, CityGrid, Frame, short_name
from layers.kinds.base import Extent
from layers.shapes import Floats

#: Megabytes of blocks that GDAL keeps; its own choice grows with the machine.
os.environ.setdefault("GDAL_CACHEMAX", "128")

LOWEST, HIGHEST = -500.0, 9000.0  # m: outside, a value is no height on land (Dead Sea, Everest)
LOOKED_AT = 256  # cells along a side of the small copy that a kind is judged by
SUFFIXES = frozenset({
    ".tif", ".tiff", ".asc", ".hgt", ".img", ".vrt", ".dem", ".bil", ".flt", ".grd",
    ".dt0", ".dt1", ".dt2", ".jp2", ".ecw", ".sid",
})  # fmt: skip
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp"})
#: Files of features and models; a folder that holds some is no folder of rasters.
FEATURES = frozenset({
    ".shp", ".gpkg", ".geojson", ".json", ".fgb", ".parquet", ".dxf", ".pbf", ".obj", ".glb",
    ".gltf", ".dae", ".fbx", ".3ds", ".kml", ".gml",
})  # fmt: skip
#: Formats of pictures that GDAL only reads with libraries under licence.
_CLOSED = {".ecw": "ECW", ".sid": "MrSID"}
_LOOKED_INTO = 64 << 20  # bytes of a grid of texts
_WORD = re.compile(rb"(?<!\S)(?![-+]?[\d.,]+(?:[eE][-+]?\d+)?(?!\S))\S+")
_HEADER = {
    b"ncols", b"nrows", b"xllcorner", b"yllcorner", b"xllcenter", b"yllcenter", b"cellsize",
    b"nodata_value", b"dx", b"dy", b"nodata", b"byteorder",
}  # fmt: skip
_TILE = re.compile(r"[NS]\d{2}[EW]\d{3}.*", re.IGNORECASE)
Dataset = Any  # rasterio ships no types


@dataclass(frozen=True, slots=True)
class Grid:
    """A north-up grid of cells in the project.

    Attributes
    ----------
    west, north : float
        Outer corner, metres.
    step_east, step_north : float
        Size of a cell, metres.
    columns, rows : int
        Number of cells.
    """

    west: float
    north: float
    step_east: float
    step_north: float
    columns: int
    rows: int

    @property
    def transform(self) -> Affine:
        """From column and row to east and north."""
        return Affine(self.step_east, 0.0, self.west, 0.0, -self.step_north, self.north)

    @property
    def extent(self) -> Extent:
        """West, south, east, north of the outer edges."""
        south = self.north - self.rows * self.step_north
        return self.west, south, self.west + self.columns * self.step_east, self.north


def is_raster(path: Path, options: ImportOptions) -> bool:
    """Say whether a file or folder is to be read as terrain or imagery."""
    if options.kind in ("terrain", "imagery"):
        return True
    if options.kind is not None:
        return False
    if path.is_dir() or _is_zip(path):
        inside = path.iterdir() if path.is_dir() else _packed(path)
        others = any(p.suffix.lower() in FEATURES for p in inside)
        return not others and bool(raster_files(path))
    return path.suffix.lower() in SUFFIXES | PICTURES


def raster_files(path: Path) -> list[Path]:
    """List the rasters of a folder or a .zip, or the file itself, in order of name."""
    if path.is_dir():
        return sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES)
    if _is_zip(path):
        return [p for p in _packed(path) if p.suffix.lower() in SUFFIXES | PICTURES]
    return [path]


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip" and path.is_file() and zipfile.is_zipfile(path)


def _packed(path: Path) -> list[Path]:
    """List what a .zip holds, by the names under which GDAL opens it."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.startswith(("__MACOSX", "/"))]
    inside = Path(f"/vsizip/{{{path.absolute().as_posix()}}}")
    return sorted(inside / name for name in names)


@contextmanager
def opened(path: Path) -> Iterator[list[Dataset]]:
    """Open a raster, or all of a folder, for as long as the block lasts.

    Raises
    ------
    CityError
        ``raster.unreadable`` with what GDAL says, ``raster.none`` for an empty
        folder, ``raster.no_place`` where a raster does not say where it lies.
    """
    files = raster_files(path)
    if not files:
        raise CityError(
            "raster.none",
            "There is no raster file in it.",
            hint="name a file, a folder or a .zip with GeoTIFF, ASC or HGT files",
            where=path.name,
        )
    with ExitStack() as stack:
        sources = [stack.enter_context(_open(file)) for file in files]
        for source, file in zip(sources, files, strict=True):
            if source.transform.is_identity:
                raise CityError(
                    "raster.no_place",
                    "The picture does not say where on the earth it lies.",
                    hint="put its world file (.tfw, .jgw, .pgw) beside it, or use a GeoTIFF",
                    where=file.name,
                )
        yield sources


def _open(file: Path) -> Dataset:
    if "vsizip" not in file.parts[:2]:
        check_content(file)
        _check_grid(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # told as raster.no_place
            return rasterio.open(file.as_posix())
    except RasterioIOError as error:
        raise (_known_otherwise(file) or unreadable(file.name, error)) from error


def _check_grid(file: Path) -> None:
    """Refuse a grid of texts with words among its numbers, which GDAL would take for zero."""
    if file.suffix.lower() != ".asc" or file.stat().st_size > _LOOKED_INTO:
        return
    data = file.read_bytes()
    if b"\0" in data[:200]:
        return
    words = [word.decode(errors="replace") for word in _WORD.findall(data) if not _known_word(word)]
    if words:
        raise CityError(
            "raster.words",
            f"The grid holds {len(words)} words where numbers should stand, such as '{words[0]}'.",
            hint="replace them by the value for unknown (NODATA_value, -9999), and import it again",
            where=file.name,
            count=len(words),
            first=words[0],
        )


def _known_word(word: bytes) -> bool:
    return word.lower() in _HEADER or word.lower().lstrip(b"+-") in {b"nan", b"inf", b"1.#qnan"}


def _known_otherwise(file: Path) -> CityError | None:
    """Make a better error than GDAL's for what is known to be something else."""
    suffix = file.suffix.lower()
    if suffix in _CLOSED:
        return CityError(
            "raster.closed_format",
            f"{_CLOSED[suffix]} pictures need a reader under licence, which is not part of this "
            "program.",
            hint="save it as GeoTIFF in the program it is from, or with gdal_translate",
            where=file.name,
            format=_CLOSED[suffix],
        )
    if suffix == ".hgt" and not _TILE.fullmatch(file.stem):
        return CityError(
            "raster.hgt_name",
            "A .hgt file says where it lies by its name alone, such as N30E114.hgt.",
            hint="give it back the name it was downloaded with",
            where=file.name,
        )
    try:
        sniff(file)
    except CityError as error:
        return error if error.facts.get("what") in {"html", "pdf", "rar", "seven-zip"} else None
    return None


def unreadable(name: str, error: Exception) -> CityError:
    """Make the error for a raster that GDAL gives up on, with what GDAL says of it."""
    told = str(error.__cause__ or error).splitlines()[0].rstrip(". ")
    told = re.sub(r"^'[^']*' |[^\s']*[/\\]", "", told)
    return CityError(
        "raster.unreadable",
        f"The raster cannot be read: {told}.",
        hint="check that the file is whole; GeoTIFF, ASC, HGT and IMG are understood",
        where=name,
        reason=told,
    )


def kind_of_raster(source: Dataset) -> Literal["terrain", "imagery"]:
    """Propose whether a raster holds heights or colours."""
    if source.count >= 3 or source.colorinterp[0] == ColorInterp.palette:
        return "imagery"
    if source.dtypes[0] == "uint8":
        return "imagery"
    return "terrain" if _can_be_heights(source) else "imagery"


def has_colours(source: Dataset) -> bool:
    """Say whether a raster is a picture beyond doubt: three bands of bytes, or a palette."""
    deep = source.count >= 3 and all(kind == "uint8" for kind in source.dtypes[:3])
    return deep or source.colorinterp[0] == ColorInterp.palette


def _can_be_heights(source: Dataset) -> bool:
    """Say whether at least half of the values that are known can be heights of ground."""
    shape = (min(source.height, LOOKED_AT), min(source.width, LOOKED_AT))
    try:
        values = source.read(1, out_shape=shape, masked=True).compressed()
    except RasterioIOError:  # told when it is read as a whole
        return True
    values = values[np.isfinite(values)].astype(np.float64)
    if source.dtypes[0] != "uint16" or values.size == 0:
        return True  # what is no height is left out and counted
    return float(((values >= LOWEST) & (values <= HIGHEST)).mean()) >= 0.5


@dataclass(frozen=True, slots=True)
class Placed:
    """What the coordinates of rasters mean, and the project's frame.

    Attributes
    ----------
    reference : Reference
        Of the files.
    frame : Frame
        The project's, or the one proposed.
    notes : tuple of Note
        Remarks.
    """

    reference: Reference
    frame: Frame
    notes: tuple[Note, ...]

    @property
    def crs(self) -> CRS:
        """The system of the files for GDAL; the project's where they are in the city grid."""
        name = self.reference.crs
        return CRS.from_user_input(self.frame.crs if name == CITY_GRID else name)

    def transform_of(self, source: Dataset) -> Affine:
        """Give a raster's way from column and row to coordinates in `crs`."""
        transform: Affine = source.transform
        if self.reference.crs != CITY_GRID:
            return transform
        assert self.frame.grid is not None
        return _from_city_grid(self.frame.grid) @ transform

    def bounds_of(self, source: Dataset) -> Extent:
        """Give west, south, east, north of a raster in `crs`."""
        corners = corners_of(self.transform_of(source), source.width, source.height)
        low, high = corners.min(axis=0), corners.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _from_city_grid(grid: CityGrid) -> Affine:
    c, s = math.cos(grid.rotation), math.sin(grid.rotation)
    return Affine(c, s, 0.0, -s, c, 0.0) @ Affine.translation(-grid.dx, -grid.dy)


def corners_of(transform: Affine, width: int, height: int) -> Floats:
    """Give the four outer corners of a raster, (4, 2)."""
    return np.array(
        [transform @ (c, r) for c, r in ((0, 0), (width, 0), (0, height), (width, height))]
    )


def placed(
    sources: Sequence[Dataset], frame: Frame | None, options: ImportOptions, where: str
) -> Placed:
    """Settle where rasters lie, and the frame where the project has none.

    Raises
    ------
    CityError
        As `layers.files.reference.settle`; ``raster.several_crs`` where the files
        of a folder differ.
    """
    told = {_told(source) for source in sources}
    if len(told) > 1 and options.crs is None:
        raise CityError(
            "raster.several_crs",
            f"The {len(sources)} rasters are in {len(told)} coordinate systems.",
            hint="import them one by one",
            where=where,
            count=len(sources),
            systems=len(told),
        )
    corners = np.concatenate(
        [corners_of(source.transform, source.width, source.height) for source in sources]
    )
    reference = settle(corners, told.pop(), asked=options.crs, swap=False, frame=frame, where=where)
    notes = list(reference.notes)
    if frame is None:
        frame, note = frame_for(reference, corners)
        notes += [note] if note else []
    return Placed(reference, frame, tuple(notes))


def _told(source: Dataset) -> str | None:
    if not source.crs:
        return _beside(Path(source.name))
    code = source.crs.to_epsg()
    return f"EPSG:{code}" if code else crs_text(str(source.crs.to_wkt()))


def _beside(file: Path) -> str | None:
    """Read the system that a .prj beside a picture names; GDAL looks there for few formats."""
    if "vsizip" in file.parts[:2]:
        return None
    prj = companions(file).get(".prj")
    if prj is None:
        return None
    try:
        text = prj.read_text(encoding="utf-8", errors="replace")
        return crs_text(short_name(pyproj.CRS.from_user_input(text.strip())))
    except (CRSError, OSError):
        return None


def grid_for(
    sources: Sequence[Dataset], place: Placed, options: ImportOptions, *, cells: float, side: float
) -> tuple[Grid, float]:
    """Make the grid that rasters go on.

    Parameters
    ----------
    sources : sequence of raster datasets
        The files.
    place : Placed
        Where they lie.
    options : ImportOptions
        May name a resolution.
    cells, side : float
        Most cells of the whole, and along one side.

    Returns
    -------
    Grid
        North-up, in project metres; that of the file itself where it fits.
    float
        How many times coarser than the files it is, 1 or more.
    """
    target = CRS.from_user_input(place.frame.crs)
    own = _own_grid(sources, place, target)
    if own is not None:
        grid = own
    else:
        boxes, steps = [], []
        for source in sources:
            bounds = place.bounds_of(source)
            boxes.append(transform_bounds(place.crs, target, *bounds, densify_pts=21))
            transform, _, _ = calculate_default_transform(
                place.crs, target, source.width, source.height, *bounds
            )
            steps.append(abs(transform.a))
        grid = _covering(np.array(boxes), min(steps), min(steps))
    fine = min(grid.step_east, grid.step_north)
    step = max(options.resolution or 0.0, 0.0)
    factor = max(
        1.0,
        math.sqrt(grid.columns * grid.rows / cells),
        max(grid.columns, grid.rows) / side,
        step / fine,
    )
    if step and step < fine:
        factor = step / fine
        factor = max(factor, math.sqrt(grid.columns * grid.rows / cells))
    return coarser(grid, factor) if factor != 1.0 else grid, factor


def coarser(grid: Grid, factor: float) -> Grid:
    """Give a grid over the same ground with cells so many times larger."""
    box = np.array([grid.extent])
    return _covering(box, grid.step_east * factor, grid.step_north * factor)


def _own_grid(sources: Sequence[Dataset], place: Placed, target: CRS) -> Grid | None:
    """Give a single raster's own grid where it is north-up in the project's system already."""
    if len(sources) != 1 or place.crs != target:
        return None
    t = place.transform_of(sources[0])
    if t.b or t.d or t.a <= 0 or t.e >= 0:
        return None
    return Grid(t.c, t.f, t.a, -t.e, sources[0].width, sources[0].height)


def _covering(boxes: Floats, step_east: float, step_north: float) -> Grid:
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    columns = max(2, math.ceil((east - west) / step_east - 1e-6))
    rows = max(2, math.ceil((north - south) / step_north - 1e-6))
    return Grid(float(west), float(north), step_east, step_north, columns, rows)
