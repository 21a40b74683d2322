"""Saving and opening projects: one GeoPackage, old or new, never broken."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import weakref
from dataclasses import dataclass
from pathlib import Path

from layers.content import hash_of_pieces, piece_hashes
from layers.errors import CityError
from layers.files.kept import identity, keep_layers
from layers.files.project_rasters import MISSING, is_referable
from layers.files.project_reader import (
    ReadState,
    check_file,
    opened_for_reading,
    read_state,
    settle,
)
from layers.files.project_schema import read_meta
from layers.files.project_state import ProjectState, project_of, state_of
from layers.files.project_writer import Base, relative_paths, write_state
from layers.files.raw import Note
from layers.files.safe_write import real_target, remove_leftovers, replacing
from layers.progress import Part, Progress, Silent
from layers.project import Project

Seal = tuple[str, bytes, int, int]


@dataclass(frozen=True, slots=True)
class Opened:
    """A project that was opened.

    Attributes
    ----------
    project : Project
        The project.
    notes : tuple of Note
        What the user should know: files that are missing or changed, layers that
        another program changed, an older file that was brought up to date.
    saved : str
        When it was saved, ISO 8601 with time zone.
    program : str
        Version of the program that saved it.
    """

    project: Project
    notes: tuple[Note, ...]
    saved: str
    program: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The file a project was last opened from or saved to, as it was then.

    Attributes
    ----------
    path : pathlib.Path
        Real path of the file.
    seal : Seal
        What another writer would change; see `seal_of`.
    hashes : dict of str to str
        Content hash by layer id.
    trusted : dict of str to str
        The same for the layers whose tables hold exactly that.
    pieces : frozenset of str
        Hashes of all pieces of content in the file.
    """

    path: Path
    seal: Seal
    hashes: dict[str, str]
    trusted: dict[str, str]
    pieces: frozenset[str]


_origins: weakref.WeakKeyDictionary[Project, Origin] = weakref.WeakKeyDictionary()


def origin_of(project: Project) -> Origin | None:
    """Give the file a project was last opened from or saved to; None for a new one."""
    return _origins.get(project)


def remember(project: Project, real: Path, found: ReadState) -> None:
    """Keep in mind what file a project stands on (opening, and recovery after a crash)."""
    _origins[project] = Origin(real, seal_of(real), found.hashes, found.trusted, found.pieces)


def seal_of(path: Path) -> Seal:
    """Give what changes whenever somebody writes to a project file.

    Returns
    -------
    (str, bytes, int, int)
        The ``save_id``; SQLite's change counter, which stands still in WAL mode;
        the size in bytes; the time of the last change, nanoseconds.
    """
    with path.open("rb") as file:
        head = file.read(28)
    with opened_for_reading(path) as (con, _):
        save_id = read_meta(con).get("save_id", "")
    now = path.stat()
    return save_id, head[24:28], now.st_size, now.st_mtime_ns


def save_project(
    project: Project, path: Path, progress: Progress = Silent(), *, overwrite: bool = False
) -> None:
    """Save a project; a kill at any moment leaves the old file or the new one.

    Layers that did not change since the project was opened or saved are not
    written again. Whatever else other programs keep in the file stays in it.

    Parameters
    ----------
    project : Project
        The project; its content is taken at the start of the call.
    path : pathlib.Path
        File to write, ``*.gpkg``. A symbolic link is followed.
    progress : Progress
        Told of the work; `Cancelled` leaves the old file.
    overwrite : bool
        Replace a file that is no project, or that another program changed since
        this project was opened from it.

    Raises
    ------
    CityError
        ``project_file.disk_full``, ``.no_permission``, ``.read_only``,
        ``.no_folder``, ``.is_folder``, ``.busy``, ``.foreign_target``,
        ``.changed_outside``, ``.cannot_write``; the old file is left as it was.
    Cancelled
        If the user stopped it.
    """
    state = state_of(project)
    target = real_target(path)
    if target.exists():
        settle(target)
    base = _base_of(_origins.get(project), target, overwrite=overwrite)
    if not overwrite and target.exists():
        _refuse_foreign(target)
    progress.step(0, 1000, "progress-saving")
    hashes, pieces = content_hashes(state)
    with replacing(target) as temporary:
        write_state(
            state, hashes, temporary, base=base,
            write_path=relative_paths(target.parent), progress=Part(progress, 0.02, 1.0),
        )  # fmt: skip
    _origins[project] = Origin(target, seal_of(target), hashes, hashes, pieces)
    _keep(target, state)


def _keep(target: Path, state: ProjectState) -> None:
    """Keep what was saved for the next opening; rasters stay in their files."""
    layers = {
        layer.id: (layer.kind, layer.data, ())
        for layer in state.layers
        if not is_referable(layer.source, layer.data) and MISSING not in layer.source.options
    }
    keep_layers(target, layers, identity(target, young=True))


def content_hashes(state: ProjectState) -> tuple[dict[str, str], frozenset[str]]:
    """Give the content hash of each layer by id, and the hashes of all pieces."""
    hashes: dict[str, str] = {}
    pieces: set[str] = set()
    for layer in state.layers:
        these = piece_hashes(layer.data.pack())
        pieces.update(these.values())
        hashes[layer.id] = hash_of_pieces(these)
    return hashes, frozenset(pieces)


def _base_of(origin: Origin | None, target: Path, *, overwrite: bool) -> Base | None:
    """Give the file whose unchanged layers can be kept, if it still is what it was."""
    if origin is None or not origin.path.exists():
        return None
    try:
        settle(origin.path)
        if seal_of(origin.path) == origin.seal:
            return Base(origin.path, origin.trusted)
        found = read_state(origin.path, Silent())
    except CityError:
        if origin.path == target and not overwrite:
            raise
        return None
    changed = _changed_layers(origin, found)
    if changed and origin.path == target and not overwrite:
        names = ", ".join(changed)
        raise CityError(
            "project_file.changed_outside",
            f"Another program changed the file since it was opened here ({names}).",
            hint="save under another name to keep both, or save over it on purpose",
            where=str(target),
            layers=names,
        )
    return Base(origin.path, found.trusted)


def _changed_layers(origin: Origin, found: ReadState) -> list[str]:
    """Name the layers another program changed; a mere touch of the file changes none."""
    names = {layer.id: layer.name for layer in found.state.layers}
    ids = [*found.hashes, *(i for i in origin.hashes if i not in found.hashes)]
    changed = [names.get(i, i) for i in ids if found.hashes.get(i) != origin.hashes.get(i)]
    if not changed and found.meta.get("save_id") != origin.seal[0]:
        return ["-"]  # another Citystage saved it: views or looks may differ
    return changed


def _refuse_foreign(target: Path) -> None:
    """Refuse to write over a file that holds something else than a project."""
    if target.stat().st_size == 0:
        return
    try:
        with contextlib.suppress(sqlite3.Error), opened_for_reading(target):
            return
    except CityError as error:
        if error.code in {"project_file.newer", "project_file.busy"}:
            raise
        if error.code not in {
            "project_file.foreign",
            "project_file.not_a_database",
            "project_file.not_a_geopackage",
        }:  # a damaged or cut off project may be replaced
            return  # fmt: skip
    raise CityError(
        "project_file.foreign_target",
        "There is another file of this name, and it is not a Citystage project.",
        hint="choose another name",
        where=str(target),
    )


def open_project(path: Path, progress: Progress = Silent()) -> Opened:
    """Open a project and tell what the user should know about it.

    Parameters
    ----------
    path : pathlib.Path
        Project file.
    progress : Progress
        Told of the work.

    Raises
    ------
    CityError
        ``project_file.missing``, ``.is_folder``, ``.empty``, ``.unreadable``,
        ``.not_a_database``, ``.not_a_geopackage``, ``.foreign``, ``.truncated``,
        ``.damaged``, ``.newer``, ``.busy``.
    Cancelled
        If the user stopped it.
    """
    real = Path(os.path.realpath(path))
    check_file(real)
    remove_leftovers(real)
    found = read_state(real, progress)
    project = project_of(found.state)
    remember(project, real, found)
    return Opened(
        project,
        found.notes,
        found.meta.get("saved", ""),
        found.meta.get("program_version", ""),
    )


def load_project(path: Path, progress: Progress = Silent()) -> Project:
    """Open a project; see `open_project`."""
    return open_project(path, progress).project
