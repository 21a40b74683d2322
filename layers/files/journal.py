"""The journal: what changed since the last save, kept after every step, offered after a crash.

A SQLite file in the user's state folder, one per project file or untitled project.
Each step keeps the whole state of the project as a short text; the columns it names
are kept once by their hash, or stand in the project file already. Recording one
edited building writes a few hundred bytes.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import platformdirs

from layers.content import array_hash, hash_of_pieces, piece_hashes, plain_json, text_hash
from layers.errors import CityError
from layers.files.journal_pieces import Piece, pieces_of, write_piece
from layers.files.project_file import Origin, origin_of
from layers.files.project_rasters import is_referable, preview
from layers.files.project_schema import compress
from layers.files.project_schemes import blocks_of, scheme_to_json, whole_digest
from layers.files.project_state import Moment, ProjectState, frame_to_json, layer_to_json
from layers.kinds.base import LayerData, LayerState
from layers.project import Project

if TYPE_CHECKING:
    from layers.files.recovery import Recovery

APPLICATION = "citystage-journal-1"
HEAVY = 16 * 2**20  # bytes from which a raster with a file is kept by its name
ENDINGS = ("", "-wal", "-shm", "-journal")
TABLES = """
CREATE TABLE IF NOT EXISTS facts (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pieces (
    hash TEXT NOT NULL, chunk INTEGER NOT NULL, base TEXT, header TEXT NOT NULL,
    data BLOB NOT NULL, PRIMARY KEY (hash, chunk));
CREATE TABLE IF NOT EXISTS steps (
    number INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, digest TEXT NOT NULL,
    size INTEGER NOT NULL, state BLOB NOT NULL);
"""


def journal_folder() -> Path:
    """Give the folder of all journals; ``CITYSTAGE_STATE`` names another state folder."""
    named = os.environ.get("CITYSTAGE_STATE")
    state = Path(named) if named else platformdirs.user_state_path("citystage", appauthor=False)
    return state / "journals"


def journal_file(path: Path | None) -> Path:
    """Give the journal of a project file, or a new one for an untitled project."""
    if path is None:
        return journal_folder() / f"untitled-{uuid.uuid4().hex[:12]}.journal"
    return journal_folder() / f"{text_hash(os.path.realpath(path))}.journal"


def remove_journal(file: Path) -> None:
    """Take a journal and SQLite's files beside it away."""
    for ending in ENDINGS:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            Path(f"{file}{ending}").unlink()


def connect_journal(file: Path) -> sqlite3.Connection:
    """Open a journal for this process alone.

    Raises
    ------
    sqlite3.OperationalError
        If another process has it.
    sqlite3.DatabaseError
        If it is damaged.
    """
    con = sqlite3.connect(file, isolation_level=None, timeout=0.0, check_same_thread=False)
    try:
        con.execute("PRAGMA locking_mode=EXCLUSIVE")
        con.execute("PRAGMA journal_mode=WAL")
        con.execute("PRAGMA synchronous=NORMAL")
        con.execute("BEGIN IMMEDIATE")  # takes the lock and shows whether the file is sound
        con.execute("SELECT count(*) FROM sqlite_master").fetchone()
        con.execute("COMMIT")
    except sqlite3.Error:
        con.close()
        raise
    return con


def is_locked(error: sqlite3.Error) -> bool:
    """Say whether another process has the file."""
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


def damaged(file: Path, reason: str) -> CityError:
    """Make the sentence about a journal that cannot be read."""
    return CityError(
        "journal.damaged",
        f"The journal of unsaved changes is damaged ({reason}); they cannot be restored.",
        hint="go on with the project as it was last saved",
        where=str(file),
        reason=reason,
    )


def cannot_write(file: Path, reason: str) -> CityError:
    """Make the sentence about a step that could not be kept."""
    return CityError(
        "journal.cannot_write",
        f"The last change could not be kept for a restart after a crash ({reason}).",
        hint="save the project, and free some room on the disk",
        where=str(file),
        reason=reason,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A project after an edit with the file it stands on: all that a step is written from.

    Attributes
    ----------
    moment : Moment
        The project.
    origin : Origin or None
        The file it was opened from or saved to last.
    """

    moment: Moment
    origin: Origin | None

    @classmethod
    def of(cls, project: Project) -> Step:
        """Take a project as it is now; costs nothing."""
        return cls(Moment.of(project), origin_of(project))


@dataclass(slots=True)
class _Known:
    """A layer as it stood at the last step."""

    data: LayerData
    pieces: dict[str, Piece]
    hashes: dict[str, str]
    content: str


class Journal:
    """Keeps every step since the last save.

    Parameters
    ----------
    path : pathlib.Path or None
        Project file, None while the project has none.

    Attributes
    ----------
    path : pathlib.Path or None
        Real path of the project file.
    file : pathlib.Path
        The journal itself.
    problem : CityError or None
        Tells of a damaged journal that was put aside when this one was opened.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = None if path is None else Path(os.path.realpath(path))
        self.file = journal_file(path)
        self.problem: CityError | None = None
        self._con: sqlite3.Connection | None = None
        self._stored: set[str] = set()
        self._known: dict[str, _Known] = {}
        self._saved: dict[str, LayerData] = {}

    @classmethod
    def open(cls, path: Path | None) -> Journal:
        """Open the journal of a project; steps left by a crash stay until `clear`.

        Nothing is written before the first `record`.

        Raises
        ------
        CityError
            ``journal.in_use`` if another process keeps it.
        """
        journal = cls(path)
        if journal.file.exists():
            try:
                connect_journal(journal.file).close()
            except sqlite3.DatabaseError as error:
                if is_locked(error):
                    raise CityError(
                        "journal.in_use",
                        "Another Citystage keeps the journal of this project.",
                        hint="close the project there",
                        where=str(journal.path or journal.file),
                    ) from error
                journal.problem = damaged(journal.file, str(error))
                with contextlib.suppress(OSError):  # then `record` will tell
                    journal.file.replace(journal.file.with_suffix(".damaged"))
                    remove_journal(journal.file)
        return journal

    @staticmethod
    def recoverable(path: Path | None) -> Recovery | None:
        """Give the unsaved changes a crash left; see `layers.files.recovery.recoverable`."""
        from layers.files.recovery import recoverable

        return recoverable(path)

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _connect(self) -> sqlite3.Connection:
        if self._con is None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            con = connect_journal(self.file)
            try:
                con.executescript(TABLES)
                facts = {
                    "application": APPLICATION,
                    "path": "" if self.path is None else str(self.path),
                }
                con.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts.items())
                self._stored = {row[0] for row in con.execute("SELECT DISTINCT hash FROM pieces")}
            except sqlite3.Error:
                con.close()
                raise
            self._con = con
        return self._con

    def stand_on(self, project: Project) -> None:
        """Learn how the project stands on its file, so that steps need only tell what differs.

        Call it where the two are the same: after opening and after saving.
        """
        self.stand_on_data({layer.id: layer.data for layer in project.layers})

    def stand_on_data(self, saved: Mapping[str, LayerData]) -> None:
        """Learn what each layer holds in the project file, by its id."""
        self._saved = dict(saved)

    def _as_saved(self, layer: LayerState) -> _Known | None:
        """Give a layer as it stands on the file, None where that is not known."""
        data = self._saved.get(layer.id)
        if data is None or data is layer.data or type(data) is not type(layer.data):
            return None
        packed = data.pack()
        if sum(array.nbytes for array in packed.arrays.values()) > HEAVY and is_referable(
            layer.source, data
        ):
            return None
        return _Known(data, pieces_of(packed), piece_hashes(packed), "")

    def record(self, project: Project) -> None:
        """Keep the project as it is now; call it after every command, undo and redo.

        Raises
        ------
        CityError
            ``journal.cannot_write``; the project itself is not touched.
        """
        self.write(Step.of(project))

    def write(self, step: Step) -> None:
        """Keep a step that was taken before, in whatever thread, one at a time.

        Raises
        ------
        CityError
            ``journal.cannot_write``.
        """
        origin = step.origin
        on_file = origin.pieces if origin is not None and origin.path == self.path else frozenset()
        state = step.moment.state()
        try:
            con = self._connect()
            con.execute("BEGIN")
            try:
                self._write(con, state, on_file)
                con.execute("COMMIT")
            except BaseException:
                if con.in_transaction:  # SQLite itself goes back where the disk is full
                    con.execute("ROLLBACK")
                self._stored = {row[0] for row in con.execute("SELECT DISTINCT hash FROM pieces")}
                self._known.clear()
                raise
        except (sqlite3.Error, OSError) as error:
            raise cannot_write(self.file, str(error)) from error

    def _write(self, con: sqlite3.Connection, state: ProjectState, on_file: frozenset[str]) -> None:
        known: dict[str, _Known] = {}
        layers: list[dict[str, Any]] = []
        for layer in state.layers:
            before = self._known.get(layer.id) or self._as_saved(layer)
            if before is not None and before.data is layer.data:
                now = before
            else:
                now = self._keep(con, layer, before, on_file)
            known[layer.id] = now
            layers.append(_layer_text(layer, now))
        self._known = known
        whole = {
            "frame": frame_to_json(state.frame),
            "info": asdict(state.info),
            "views": [view.to_json() for view in state.views],
            "tours": state.tours.to_json(),
            "layers": layers,
            "schemes": self._keep_schemes(con, state),
        }
        text = plain_json(whole).encode()
        con.execute(
            "INSERT INTO steps (time, digest, size, state) VALUES (?, ?, ?, ?)",
            (
                datetime.now(UTC).isoformat(timespec="seconds"),
                whole_digest(state, {layer_id: layer.content for layer_id, layer in known.items()}),
                len(text),
                compress(text),
            ),
        )

    def _keep_schemes(self, con: sqlite3.Connection, state: ProjectState) -> dict[str, Any]:
        items = []
        for scheme in state.schemes.items:
            blocks: dict[str, str] = {}
            for layer_id, block in blocks_of(scheme):
                key = blocks[layer_id] = array_hash(block)
                if key not in self._stored:
                    write_piece(con, "schemes", key, block, None)
                    self._stored.add(key)
            items.append({**scheme_to_json(scheme, _whole_path), "blocks": blocks})
        return {"active": state.schemes.active, "items": items}

    def _keep(
        self,
        con: sqlite3.Connection,
        layer: LayerState,
        before: _Known | None,
        on_file: frozenset[str],
    ) -> _Known:
        packed = layer.data.pack()
        hashes = piece_hashes(packed)
        content = hash_of_pieces(hashes)
        heavy = sum(array.nbytes for array in packed.arrays.values()) > HEAVY
        if heavy and is_referable(layer.source, layer.data):  # the file itself is the truth
            packed = preview(layer.data).pack()
            hashes = piece_hashes(packed)
        pieces = pieces_of(packed)
        for name, piece in pieces.items():
            key = hashes[name]
            if key in on_file or key in self._stored:
                continue
            old = None
            if before is not None and name in before.hashes:
                was = before.hashes[name]
                if was in on_file or was in self._stored:
                    old = was, before.pieces[name]
            write_piece(con, name, key, piece, old)
            self._stored.add(key)
        return _Known(layer.data, pieces, hashes, content)

    def clear(self, *, decided: bool = False) -> None:
        """Forget all steps: the project was saved, or closed on purpose.

        Steps that a crash left stay where nothing was recorded since, for nobody
        has decided on them yet; `decided` takes them away as well.
        """
        if self._con is None and not decided:
            return
        if self._con is not None:
            self._con.close()
        self._con = None
        self._stored.clear()
        self._known.clear()
        remove_journal(self.file)

    def close(self) -> None:
        """Let go of the journal; what it holds stays and will be offered again."""
        if self._con is None:
            return
        empty = self._con.execute("SELECT count(*) FROM steps").fetchone()[0] == 0
        self._con.close()
        self._con = None
        if empty:
            remove_journal(self.file)


def _whole_path(path: Path) -> dict[str, str]:
    return {"absolute": str(Path(path).absolute())}


def _layer_text(layer: LayerState, now: _Known) -> dict[str, Any]:
    path = layer.source.path
    return {
        **layer_to_json(layer),
        "source": {
            "path": None if path is None else str(Path(path).absolute()),
            "layer": layer.source.layer,
            "options": layer.source.options,
            "report": layer.source.report,
        },
        "content": now.content,
        "pieces": now.hashes,
        "whole": hash_of_pieces(now.hashes) == now.content,
    }
