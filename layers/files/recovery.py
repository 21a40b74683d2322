"""Unsaved changes after a crash: finding them, telling of them, giving them back."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.content import piece_hashes
from layers.errors import CityError
from layers.files.journal import (
    APPLICATION,
    connect_journal,
    damaged,
    is_locked,
    journal_file,
    journal_folder,
    remove_journal,
)
from layers.files.journal_pieces import Finder, MissingPieceError, Piece, packed_from, pieces_of
from layers.files.project_file import remember
from layers.files.project_rasters import fetch
from layers.files.project_reader import ReadState, opened_for_reading, read_state
from layers.files.project_schema import expand, read_meta
from layers.files.project_schemes import scheme_from_json
from layers.files.project_state import (
    ProjectState,
    frame_from_json,
    info_from_json,
    project_of,
    style_from_json,
)
from layers.files.raw import Note
from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import LayerState, Source
from layers.progress import Part, Progress, Silent
from layers.project import Project
from layers.schemes_model import Schemes
from layers.tours import Tours
from layers.viewpoint import View


@dataclass(frozen=True, slots=True, eq=False)
class Recovery:
    """Changes that were never saved.

    Attributes
    ----------
    path : pathlib.Path or None
        Project file; None for a project that had none yet.
    file : pathlib.Path
        The journal.
    steps : int
        How many steps it holds; 0 where it is damaged.
    time : str
        When the last step was made, ISO 8601 with time zone.
    problem : CityError or None
        Why nothing can be restored: tell it, then `discard`.
    """

    path: Path | None
    file: Path
    steps: int
    time: str
    problem: CityError | None = None

    def restore(self, progress: Progress = Silent()) -> Project:
        """Give the project as it was after the last step that is whole.

        The journal stays as it is: open it with `Journal.open` and go on.

        Raises
        ------
        CityError
            ``journal.damaged``; ``journal.incomplete`` if the project file that the
            changes build on is gone or another one.
        """
        if self.problem is not None:
            raise self.problem
        try:
            with contextlib.closing(connect_journal(self.file)) as con:
                return _restore(con, self.path, self.file, progress)
        except sqlite3.Error as error:
            raise damaged(self.file, str(error)) from error

    def discard(self) -> None:
        """Throw the changes away."""
        remove_journal(self.file)


def recoverable(path: Path | None) -> Recovery | None:
    """Give the unsaved changes of a project file after a crash, None if there are none.

    Changes that a running Citystage is just keeping do not count.

    Parameters
    ----------
    path : pathlib.Path or None
        Project file; None gives the newest of the projects that had no file yet.
    """
    if path is None:
        found = untitled()
        return found[0] if found else None
    return _look(journal_file(path), Path(os.path.realpath(path)))


def untitled() -> list[Recovery]:
    """Give the unsaved projects that had no file yet, newest first."""
    files = sorted(journal_folder().glob("untitled-*.journal"))
    found = [recovery for file in files if (recovery := _look(file, None)) is not None]
    return sorted(found, key=lambda recovery: recovery.time, reverse=True)


def _look(file: Path, path: Path | None) -> Recovery | None:
    if not file.exists():
        return None
    try:
        with contextlib.closing(connect_journal(file)) as con:
            facts = dict(con.execute("SELECT key, value FROM facts"))
            if facts.get("application") != APPLICATION:
                raise sqlite3.DatabaseError(f"written by {facts.get('application', '?')}")
            count = con.execute("SELECT count(*) FROM steps").fetchone()[0]
            last = con.execute(
                "SELECT time, digest FROM steps ORDER BY number DESC LIMIT 1"
            ).fetchone()
    except sqlite3.Error as error:
        if is_locked(error):
            return None
        return Recovery(path, file, 0, "", damaged(file, str(error)))
    if last is None or (path is not None and _saved_state(path) == last[1]):
        remove_journal(file)  # killed between saving and forgetting: all is in the file
        return None
    return Recovery(path, file, int(count), str(last[0]))


def _saved_state(path: Path) -> str | None:
    try:
        with opened_for_reading(path) as (con, _):
            return read_meta(con).get("state")
    except CityError:  # told when the file is opened; the changes are offered all the same
        return None


def _restore(con: sqlite3.Connection, path: Path | None, file: Path, progress: Progress) -> Project:
    base: list[ReadState] = []

    def pieces_on_file() -> dict[str, Piece]:
        if path is None:
            return {}
        base.append(read_state(path, Part(progress, 0.0, 0.6)))
        return _pieces_of(base[0])

    finder = Finder(con, pieces_on_file)
    failed, lacking = "", False
    for (number,) in con.execute("SELECT number FROM steps ORDER BY number DESC").fetchall():
        size, blob = con.execute(
            "SELECT size, state FROM steps WHERE number=?", (number,)
        ).fetchone()
        try:
            raw = json.loads(expand(blob, size))
        except (OSError, ValueError) as error:
            failed = failed or str(error)
            continue
        try:
            project = project_of(_state(raw, finder, Part(progress, 0.6, 1.0)))
        except MissingPieceError as error:
            failed, lacking = failed or str(error), True
            continue
        if path is not None and base:
            remember(project, path, base[0])
        return project
    if path is not None and lacking:
        raise _incomplete(path)
    raise damaged(file, failed or "no step is whole")


def _incomplete(path: Path) -> CityError:
    return CityError(
        "journal.incomplete",
        "The unsaved changes build on a project file that is gone, broken or another one.",
        hint="put the project file back where it was, then open it again",
        where=str(path),
    )


def _pieces_of(found: ReadState) -> dict[str, Piece]:
    out: dict[str, Piece] = {}
    for layer in found.state.layers:
        packed = layer.data.pack()
        hashes = piece_hashes(packed)
        out.update({hashes[name]: piece for name, piece in pieces_of(packed).items()})
    return out


def _state(raw: dict[str, Any], finder: Finder, progress: Progress) -> ProjectState:
    frame = frame_from_json(raw["frame"])
    layers = []
    for number, layer in enumerate(raw["layers"]):
        progress.step(number, len(raw["layers"]), "progress-loading")
        layers.append(_layer(layer, frame, finder, progress))
    views = tuple(View.from_json(view) for view in raw["views"])
    tours = Tours.from_json(raw.get("tours", {}))
    schemes = _schemes(raw.get("schemes", {}), finder)
    return ProjectState(frame, info_from_json(raw["info"]), tuple(layers), views, tours, schemes)


def _schemes(raw: dict[str, Any], finder: Finder) -> Schemes:
    items = []
    for item in raw.get("items", []):
        blocks = {layer_id: finder.find(key) for layer_id, key in item["blocks"].items()}
        items.append(scheme_from_json(item, blocks.__getitem__, lambda at: Path(at["absolute"])))
    return Schemes(tuple(items), raw.get("active", ""))


def _layer(
    raw: dict[str, Any], frame: Frame | None, finder: Finder, progress: Progress
) -> LayerState:
    pieces = {name: finder.find(key) for name, key in raw["pieces"].items()}
    data = kind_of(raw["kind"]).unpack(packed_from(pieces))
    kept = raw["source"]
    path = None if kept["path"] is None else Path(kept["path"])
    source = Source(path, kept["layer"], kept["options"], kept["report"])
    if not raw["whole"]:
        notes: list[Note] = []  # a missing file shows as such in the project
        data, source = fetch(raw["name"], source, data, raw["content"], frame, notes, progress)
    return LayerState(
        raw["id"],
        raw["kind"],
        raw["name"],
        raw["visible"],
        raw["opacity"],
        style_from_json(raw["style"]),
        source,
        data,
    )
