"""Where an export goes, and what came of it: new files and folders, and the tale of them."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from layers.errors import CityError
from layers.files.city_choice import LeftOut
from layers.frame import Frame


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
        system has no code that the format could name), ``no_textures`` (models are written in
        the mean colours of their pictures).
    models : int
        Hand-made models, each place counted.
    trees : int
        Trees.
    left_out : tuple of LeftOut
        What is not in it, and why.
    """

    path: Path
    objects: int
    files: int
    bytes: int
    triangles: int = 0
    notes: tuple[str, ...] = ()
    models: int = 0
    trees: int = 0
    left_out: tuple[LeftOut, ...] = ()


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


def crs_code(frame: Frame) -> str | None:
    """Give ``EPSG:4547`` where the project's system has such a code."""
    from layers.frame import read_crs, short_name

    name = short_name(read_crs(frame.crs))
    return name if name.startswith("EPSG:") else None
