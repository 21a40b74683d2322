"""What is to be written of a city, and where to: chosen buildings, new files and new folders."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from layers.conditions import matching
from layers.errors import CityError
from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.models import hidden_buildings
from layers.object_table import AREA, HEIGHT, ID, ObjectTable
from layers.project import Project
from layers.shapes import Bools, Floats, Ints
from layers.style import Style

#: What a line that chooses may call the computed columns.
NAMES = {"object": ID, "height": HEIGHT, "area": AREA}


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """Some buildings of a layer, as they were when they were chosen.

    Attributes
    ----------
    layer_id, name : str
        The layer.
    data : Buildings
        All n buildings of the layer.
    base : (n,) float64
        Level each one stands on, metres above the project's height datum.
    style : Style
        The layer's look.
    opacity : float
        The layer's opacity.
    rows : (k,) int64
        Positions of the chosen ones, ascending. Parts come with the building they belong to,
        and outlines whose parts are drawn in their place are among them.
    hidden : int
        How many were left out because a hand-made model that is seen stands for them.
    """

    layer_id: str
    name: str
    data: Buildings
    base: Floats
    style: Style
    opacity: float
    rows: Ints
    hidden: int = 0

    @property
    def drawn(self) -> Ints:
        """Positions of those that are seen, (d,) int64."""
        return self.rows[self.data.drawn[self.rows]]


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote.

    Attributes
    ----------
    path : pathlib.Path
        The file, or the tileset in its folder.
    objects : int
        Buildings and parts.
    files : int
        Number of files.
    bytes : int
        Their size together.
    triangles : int
        Triangles; 0 where the format has none.
    notes : tuple of str
        Keys of what a reader should know: ``heights_unchanged`` (heights above the project's
        datum were taken for heights above the ellipsoid), ``no_crs_code`` (the coordinate
        system has no code that the format could name), ``models_left_out`` (buildings under
        hand-made models were left out, and the models are not written).
    """

    path: Path
    objects: int
    files: int
    bytes: int
    triangles: int = 0
    notes: tuple[str, ...] = ()


def choose(
    project: Project,
    layers: Sequence[Layer] = (),
    *,
    where: str = "",
    ids: Sequence[int] = (),
) -> tuple[Chosen, ...]:
    """Choose the buildings to write.

    Parameters
    ----------
    project : Project
        The city; it needs a coordinate system.
    layers : sequence of Layer
        Layers of buildings; none means all that are visible.
    where : str
        A line as `layers.conditions` reads it; ``height``, ``area`` and ``object`` are computed
        where there is no field of that name. Layers without the field it names give nothing,
        unless they all do.
    ids : sequence of int
        Numbers of the buildings of one layer; none means all but those that hand-made models
        hide.

    Returns
    -------
    tuple of Chosen
        One for each layer of which something is chosen.

    Raises
    ------
    CityError
        ``project.no_crs``, ``export.no_buildings``, ``export.not_buildings``,
        ``export.ids_of_several``, ``export.nothing_chosen``, ``features.no_such_id``, and as
        reading the line does.
    """
    project.need_frame()
    found = _layers_of(project, layers)
    if len(ids) and len(found) > 1:
        raise CityError(
            "export.ids_of_several",
            f"Numbers of buildings are of one layer, but {len(found)} layers are chosen.",
            hint="name the layer with --layer",
            count=len(found),
        )
    out: list[Chosen] = []
    unknown: CityError | None = None
    for layer in found:
        data = layer.data
        assert isinstance(data, Buildings)
        mask = np.ones(len(data), dtype=bool)
        if len(ids):
            mask[:] = False
            mask[data.index_of(list(ids))] = True
        if where.strip():
            try:
                mask &= matching(ObjectTable(data), where, _names(data))
            except CityError as error:
                if error.code != "filter.field":
                    raise
                unknown = unknown or error
                continue
        chosen = _chosen(project, layer, _with_parts(data, mask), named=len(ids) > 0)
        if len(chosen.rows):
            out.append(chosen)
    if out:
        return tuple(out)
    if unknown is not None:
        raise unknown
    raise CityError(
        "export.nothing_chosen",
        "No building is chosen.",
        hint="check the condition, or choose other layers",
    )


def _chosen(project: Project, layer: Layer, mask: Bools, *, named: bool) -> Chosen:
    """Take the rows of a mask, without what models stand for unless they were named."""
    data = layer.data
    assert isinstance(data, Buildings)
    under = np.zeros(len(data), dtype=bool)
    if not named:
        under = np.isin(data.ids, hidden_buildings(project.layers, layer.id)) & mask
    base = project.base_of(data)
    rows = np.flatnonzero(mask & ~under)
    count = int(under.sum())
    return Chosen(layer.id, layer.name, data, base, layer.style, layer.opacity, rows, count)


def _layers_of(project: Project, layers: Sequence[Layer]) -> list[Layer]:
    for layer in layers:
        if not isinstance(layer.data, Buildings):
            raise CityError(
                "export.not_buildings",
                f"The layer '{layer.name}' holds no buildings.",
                hint="choose layers of buildings",
                name=layer.name,
            )
    found = list(layers) or [
        layer for layer in project.layers if layer.visible and isinstance(layer.data, Buildings)
    ]
    if not any(len(layer.data) for layer in found):
        raise CityError(
            "export.no_buildings",
            "There is no visible layer with buildings.",
            hint="import buildings, show their layer, or name it with --layer",
        )
    return found


def _names(data: Buildings) -> dict[str, str]:
    return {name: key for name, key in NAMES.items() if name not in data.attributes.column_names}


def _with_parts(data: Buildings, mask: Bools) -> Bools:
    """Add the parts of chosen buildings."""
    part = data.part_of > 0
    if not part.any() or mask.all():
        return mask
    return mask | (part & np.isin(data.part_of, data.ids[mask]))


@contextlib.contextmanager
def new_file(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Give a neighbour to write to; it takes the path's place when everything went well.

    Whatever else happens, the neighbour goes and what was there stays.

    Raises
    ------
    CityError
        ``export.exists`` where something is there and may not be replaced, ``export.folder``,
        ``export.no_room``, ``export.write``.
    """
    _check(path, overwrite=overwrite, folder=False)
    beside = path.with_name(f".{path.name}.{os.getpid()}-{uuid.uuid4().hex[:6]}.part")
    try:
        yield beside
        beside.replace(path)
    except OSError as error:
        raise _explained(error, path) from error
    finally:
        beside.unlink(missing_ok=True)


@contextlib.contextmanager
def new_folder(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Give an empty folder to fill; it takes the path's place when everything went well.

    An old folder is replaced only where it is empty, or where `overwrite` is given and it holds a
    tileset; anything else in the way is never removed.

    Raises
    ------
    CityError
        As `new_file` does, and ``export.foreign_folder``.
    """
    _check(path, overwrite=overwrite, folder=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}-{uuid.uuid4().hex[:6]}.part")
    old = beside.with_suffix(".old")
    try:
        beside.mkdir()
        yield beside
        if path.exists():
            path.rename(old)
        beside.rename(path)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        if old.exists() and not path.exists():
            old.rename(path)
        raise _explained(error, path) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _check(path: Path, *, overwrite: bool, folder: bool) -> None:
    parent = path.resolve().parent
    if not parent.is_dir():
        raise CityError(
            "export.folder",
            f"The folder {parent} does not exist.",
            hint="make the folder first, or write elsewhere",
            where=str(path),
            folder=str(parent),
        )
    if not path.exists() or (folder and path.is_dir() and not any(path.iterdir())):
        return
    if path.is_dir() != folder or (folder and not (path / "tileset.json").is_file()):
        raise CityError(
            "export.foreign_folder",
            "Something else is there already and is not removed.",
            hint="give another name",
            where=str(path),
        )
    if not overwrite:
        raise CityError(
            "export.exists",
            "It is there already.",
            hint="give another name, or replace it with --overwrite",
            where=str(path),
        )


def _explained(error: OSError, path: Path) -> CityError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return CityError(
            "export.no_room",
            "There is not enough room on the disk; nothing was written.",
            hint="free some room, or write to another disk",
            where=str(path),
        )
    reason = error.strerror or str(error)
    return CityError(
        "export.write",
        f"It cannot be written: {reason}.",
        hint="check the folder's rights, or write elsewhere",
        where=str(path),
        reason=reason,
    )


def extent_of(chosen: Sequence[Chosen]) -> Floats:
    """Give west, south, lowest, east, north, highest of chosen buildings, (6,) metres."""
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for one in chosen:
        box = boxes_of(one, one.rows)
        low, high = (
            np.minimum(low, box[:, :3].min(axis=0)),
            np.maximum(high, box[:, 3:].max(axis=0)),
        )
    return np.concatenate([low, high])


def boxes_of(chosen: Chosen, rows: Ints) -> Floats:
    """Give west, south, lowest, east, north, highest of some buildings, (k, 6) metres.

    Where a building has surfaces the box of those is taken into it.
    """
    data = chosen.data
    plan = data.shapes.bounds()[rows]
    base = chosen.base[rows]
    out = np.column_stack(
        [plan[:, :2], base + data.min_height[rows], plan[:, 2:], base + data.height[rows]]
    )
    surfaces = data.surfaces
    if surfaces is not None and len(surfaces.owner):
        place = np.full(len(data), -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        first = surfaces.ring_start[surfaces.face_start]
        of_face = place[data.index_of(surfaces.owner)]
        of_point = np.repeat(of_face, np.diff(first))
        mine = of_point >= 0
        for axis in range(3):
            np.minimum.at(out[:, axis], of_point[mine], surfaces.coords[mine, axis])
            np.maximum.at(out[:, 3 + axis], of_point[mine], surfaces.coords[mine, axis])
    return out


def crs_code(frame: Frame) -> str | None:
    """Give ``EPSG:4547`` where the project's system has such a code."""
    from layers.frame import read_crs, short_name

    name = short_name(read_crs(frame.crs))
    return name if name.startswith("EPSG:") else None
