"""Rasters of a project: kept by the name of their file, with a small picture for its absence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from layers.content import content_hash
from layers.errors import CityError
from layers.files.options import ImportOptions
from layers.files.raster import read_imagery, read_terrain
from layers.files.raw import Note
from layers.frame import Frame
from layers.kinds.base import Layer, LayerData, Source
from layers.kinds.imagery import Imagery
from layers.kinds.terrain import Terrain
from layers.progress import Progress

PREVIEW = 512  # cells along the longer side
MISSING = "missing"  # option of a source whose file was not there: hash of the whole content


def is_missing(layer: Layer) -> bool:
    """Say whether a layer stands in for a file that could not be read, at low resolution."""
    return MISSING in layer.source.options


def is_referable(source: Source, data: LayerData) -> bool:
    """Say whether a layer is a raster whose file can be read again."""
    return isinstance(data, Terrain | Imagery) and source.path is not None and source.path.exists()


def read_again(
    source: Source, data_type: type[Any], frame: Frame | None, progress: Progress
) -> LayerData:
    """Read a raster from its file with the options it was imported with.

    Raises
    ------
    CityError
        What the raster readers raise.
    """
    assert source.path is not None
    options = options_of(source.options)
    if issubclass(data_type, Terrain):
        return read_terrain(source.path, frame, options, progress)[0]
    return read_imagery(source.path, frame, options, progress)[0]


def options_of(raw: Mapping[str, Any]) -> ImportOptions:
    """Build import options from the values kept with a layer; unknown ones do not count."""
    known = {field.name for field in fields(ImportOptions)}
    return ImportOptions(**{key: value for key, value in raw.items() if key in known})


def gives_the_same(
    source: Source, data: LayerData, content: str, frame: Frame | None, progress: Progress
) -> bool:
    """Say whether reading the file again gives exactly the content the layer has."""
    try:
        again = read_again(source, type(data), frame, progress)
    except CityError:  # cannot be read any more: the content is kept in the project instead
        return False
    return content_hash(again) == content


def preview(data: LayerData) -> LayerData:
    """Give a raster with at most 512 cells along each side, over the same ground."""
    if isinstance(data, Terrain):
        return _small_terrain(data)
    if isinstance(data, Imagery):
        rows, columns = data.pixels.shape[:2]
        down = _spread(rows, min(rows, PREVIEW))
        across = _spread(columns, min(columns, PREVIEW))
        return replace(data, pixels=np.ascontiguousarray(data.pixels[np.ix_(down, across)]))
    return data


def _spread(count: int, wanted: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Choose `wanted` of `count` cells: those under the middles of the larger ones."""
    return ((np.arange(wanted) + 0.5) * count / wanted).astype(np.int64)


def _small_terrain(data: Terrain) -> Terrain:
    rows, columns = data.heights.shape
    down, across = min(rows, PREVIEW), min(columns, PREVIEW)
    if (down, across) == (rows, columns):
        return data
    step_east = data.step_east * (columns - 1) / (across - 1)
    step_north = data.step_north * (rows - 1) / (down - 1)
    east = data.west + np.arange(across) * step_east
    north = data.north - np.arange(down) * step_north
    grid = np.stack(np.meshgrid(east, north), axis=-1).reshape(-1, 2)
    heights = data.height_at(grid).reshape(down, across).astype(np.float32)
    return Terrain(heights, data.west, data.north, step_east, step_north)


def fetch(
    name: str,
    source: Source,
    small: LayerData,
    content: str,
    frame: Frame | None,
    notes: list[Note],
    progress: Progress,
) -> tuple[LayerData, Source]:
    """Read a raster of a project from its file; the preview stands in where that fails.

    Parameters
    ----------
    name : str
        Name of the layer, for the notes.
    source : Source
        Its file and options.
    small : LayerData
        The preview kept in the project.
    content : str
        Hash of the content at saving.
    frame : Frame or None
        The project's.
    notes : list of Note
        Takes ``raster_missing``, ``raster_unreadable`` or ``raster_changed``.
    progress : Progress
        Told of the reading.
    """
    path = source.path
    facts: dict[str, object] = {"name": name, "path": str(path)}
    if path is None or not path.exists():
        notes.append(Note("raster_missing", facts))
        return small, _marked(source, content)
    try:
        data = read_again(source, type(small), frame, progress)
    except CityError as error:
        notes.append(Note("raster_unreadable", {**facts, "reason": error.message}))
        return small, _marked(source, content)
    if content_hash(data) != content:
        notes.append(Note("raster_changed", facts))
    return data, source


def _marked(source: Source, content: str) -> Source:
    return replace(source, options={**source.options, MISSING: content})


def unmarked(source: Source) -> Source:
    """Give the source as it is kept in the file, without the mark of absence."""
    options = {key: value for key, value in source.options.items() if key != MISSING}
    return replace(source, options=options)
