"""Opening a project file, or saying in one sentence why that cannot be."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from layers.content import hash_of_pieces, piece_hashes
from layers.errors import CityError
from layers.files.gpkg_tables import APPLICATION_ID, table_names
from layers.files.kept import KeptRow, find_content, find_layers, identity, keep_layers
from layers.files.migrations import migrate, schema_version
from layers.files.project_rasters import fetch
from layers.files.project_rows import read_layer_table
from layers.files.project_schema import SCHEMA_VERSION, read_meta, read_parts
from layers.files.project_schemes import read_schemes
from layers.files.project_state import (
    ProjectState,
    frame_from_json,
    info_from_json,
    source_from_json,
    style_from_json,
)
from layers.files.project_tables import TablePlan
from layers.files.raw import Note
from layers.files.store import default_store
from layers.kinds import kind_of
from layers.kinds.base import LayerData, LayerState, Packed
from layers.kinds.buildings import Buildings
from layers.progress import Part, Progress
from layers.tours import Tours
from layers.viewpoint import View

MAGIC = b"SQLite format 3\0"
SIDE_FILES = ("-wal", "-shm", "-journal")
WAIT = 2.0  # seconds for another program to finish its write


@dataclass(frozen=True, slots=True)
class ReadState:
    """What a project file held.

    Attributes
    ----------
    state : ProjectState
        The project.
    notes : tuple of Note
        What the user should know (missing files, changes by other programs).
    hashes : dict of str to str
        Content hash by layer id.
    trusted : dict of str to str
        The same for the layers that nobody changed since they were written.
    pieces : frozenset of str
        Hashes of all pieces of content, for the journal.
    meta : dict of str to str
        The table of plain facts.
    """

    state: ProjectState
    notes: tuple[Note, ...]
    hashes: dict[str, str]
    trusted: dict[str, str]
    pieces: frozenset[str]
    meta: dict[str, str]


def check_file(path: Path) -> None:
    """See whether a file can be a database at all.

    Raises
    ------
    CityError
        ``project_file.missing``, ``.is_folder``, ``.empty``, ``.not_a_database``,
        ``.truncated`` or ``.no_permission``.
    """
    name = str(path)
    if not path.exists():
        raise CityError(
            "project_file.missing", "There is no such file.",
            hint="check the name and the folder; citystage new makes an empty project",
            where=name,
        )  # fmt: skip
    if path.is_dir():
        raise CityError(
            "project_file.is_folder", "This is a folder, not a file.",
            hint="give the file a name that ends with .gpkg", where=name,
        )  # fmt: skip
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except PermissionError as error:
        raise CityError(
            "project_file.unreadable", "The file may not be read.",
            hint="ask for the right to read it", where=name,
        ) from error  # fmt: skip
    size = path.stat().st_size
    if size == 0:
        raise CityError(
            "project_file.empty", "The file is empty.",
            hint="open the last copy of the file that was good", where=name,
        )  # fmt: skip
    if not head.startswith(MAGIC):
        raise CityError(
            "project_file.not_a_database", "The file is not a GeoPackage.",
            hint=f"if it holds data, import it: citystage import PROJECT.gpkg {path.name}",
            where=name, file=path.name,
        )  # fmt: skip
    page = int.from_bytes(head[16:18], "big")
    page = 65536 if page == 1 else page
    counted = head[24:28] == head[92:96] and int.from_bytes(head[28:32], "big") > 0
    whole = int.from_bytes(head[28:32], "big") * page
    if len(head) < 100 or (counted and size < whole):
        raise CityError(
            "project_file.truncated",
            f"The file is cut off: {size} of {whole} bytes are there.",
            hint="copy it again, or open the last copy that was good",
            where=name, size=size, whole=whole,
        )  # fmt: skip


def settle(path: Path) -> None:
    """Let SQLite finish what another program left beside a database (its journal or log).

    Even an empty log counts: whoever made it may go on writing there, and SQLite would
    take that for changes of the new file of this name.

    Raises
    ------
    CityError
        ``project_file.busy`` while another program has it open for writing.
    """
    if not any(Path(f"{path}{ending}").exists() for ending in SIDE_FILES):
        return
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=WAIT)) as con:
            con.execute("PRAGMA journal_mode=DELETE")
            con.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        raise _busy(path) from error
    except sqlite3.DatabaseError as error:
        raise _damaged(path, str(error)) from error


def _busy(path: Path) -> CityError:
    return CityError(
        "project_file.busy",
        "Another program has the file open for writing.",
        hint="end the editing there (in QGIS: save the edits of the layer), then try again",
        where=str(path),
    )


@contextlib.contextmanager
def opened_for_reading(path: Path) -> Iterator[tuple[sqlite3.Connection, int]]:
    """Open a project file to read; gives it and the version its tables have on disk.

    An older file is brought up to date in a copy. Database errors become sentences.

    Raises
    ------
    CityError
        As `check_file`; ``project_file.foreign``, ``.newer``, ``.busy``, ``.damaged``.
    """
    path = Path(os.path.realpath(path))
    check_file(path)
    with contextlib.suppress(CityError):  # one who edits there does not keep us from reading
        settle(path)
    with contextlib.ExitStack() as stack:
        try:
            con = stack.enter_context(contextlib.closing(_connect(path)))
            _check_tables(con, path)
            version = schema_version(con)
            if version < SCHEMA_VERSION:
                con = stack.enter_context(_migrated(path))
            yield con, version
        except sqlite3.Error as error:
            if "locked" in str(error) or "busy" in str(error):
                raise _busy(path) from error
            raise _damaged(path, str(error)) from error
        except CityError as error:
            error.where = error.where or str(path)
            raise


def _connect(path: Path) -> sqlite3.Connection:
    uri = path.as_uri()
    con = sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=WAIT)
    try:
        con.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        con.close()
        if Path(f"{path}-wal").exists():  # the log holds changes and cannot be read
            raise
        # a file in WAL mode on a disk that cannot be written: nobody else writes there
        con = sqlite3.connect(f"{uri}?mode=ro&immutable=1", uri=True)
        con.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return con


def _check_tables(con: sqlite3.Connection, path: Path) -> None:
    names = table_names(con)
    own = "citystage_meta" in names and read_meta(con).get("application") == "citystage"
    if own:
        return
    geopackage = con.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    if geopackage or "gpkg_contents" in names:
        raise CityError(
            "project_file.foreign",
            "This GeoPackage holds data, but it is not a Citystage project.",
            hint=f"import it: citystage import PROJECT.gpkg {path.name}",
            where=str(path),
            file=path.name,
        )
    raise CityError(
        "project_file.not_a_geopackage",
        "The file is a database, but not a GeoPackage.",
        hint="open a project that Citystage saved (.gpkg)",
        where=str(path),
    )


def _damaged(path: Path, reason: str) -> CityError:
    return CityError(
        "project_file.damaged",
        f"The project file is damaged ({reason}).",
        hint="open the last copy of the file that was good",
        where=str(path),
        part=reason,
    )


@contextlib.contextmanager
def _migrated(path: Path) -> Iterator[sqlite3.Connection]:
    """Bring a copy up to date; the file itself changes when it is saved."""
    with tempfile.TemporaryDirectory(prefix="citystage-") as folder:
        copy = Path(folder) / "project.gpkg"
        shutil.copyfile(path, copy)
        with contextlib.closing(sqlite3.connect(copy)) as con:
            migrate(con)
            yield con


def path_reader(folder: Path) -> Callable[[dict[str, str]], Path]:
    """Make the function that finds paths again: beside the project first, then where they were."""

    def read(kept: dict[str, str]) -> Path:
        near = None
        if "relative" in kept:
            near = Path(os.path.normpath(folder / kept["relative"]))
        far = Path(kept["absolute"]) if "absolute" in kept else None
        if near is not None and (near.exists() or far is None or not far.exists()):
            return near
        assert far is not None
        return far

    return read


def raster_files(path: Path) -> list[Path]:
    """Give the files a project's rasters are read from, without reading anything else.

    Raises
    ------
    CityError
        See `opened_for_reading`.
    """
    with opened_for_reading(path) as (con, _):
        rows = con.execute(
            "SELECT source FROM citystage_layers WHERE storage = 'file' ORDER BY position"
        ).fetchall()
    find = path_reader(Path(os.path.realpath(path)).parent)
    return [find(json.loads(source)["path"]) for (source,) in rows]


def read_state(path: Path, progress: Progress) -> ReadState:
    """Read a whole project file.

    Raises
    ------
    CityError
        See `opened_for_reading`.
    """
    notes: list[Note] = []
    path = Path(os.path.realpath(path))
    seen = identity(path, young=True)
    with opened_for_reading(path) as (con, version):
        known = find_layers(path) if version == SCHEMA_VERSION else {}
        if version < SCHEMA_VERSION:
            notes.append(Note("project_migrated", {"version": version}))
        meta = read_meta(con)
        frame = frame_from_json(json.loads(meta["frame"]))
        con.row_factory = sqlite3.Row
        rows = con.execute("SELECT * FROM citystage_layers ORDER BY position").fetchall()
        views = [
            View.from_json(json.loads(row["view"]))
            for row in con.execute("SELECT view FROM citystage_views ORDER BY position")
        ]
        con.row_factory = None
        find = path_reader(path.parent)
        schemes = read_schemes(con, find)
        layers: list[LayerState] = []
        fresh: dict[str, tuple[str, LayerData, Sequence[Note]]] = {}
        hashes: dict[str, str] = {}
        trusted: dict[str, str] = {}
        pieces: set[str] = set()
        for number, row in enumerate(rows):
            share = Part(progress, number / len(rows), (number + 1) / len(rows))
            content = _content_kept(row, known, notes)
            if content is None:
                told = len(notes)
                content = _read_content(con, row, notes, Part(share, 0.0, 0.9))
                if content is None:
                    continue
                if row["storage"] != "file":
                    fresh[row["id"]] = (row["kind"], content, notes[told:])
            layer = _layer_state(row, content, find)
            if row["storage"] == "file":
                data, source = fetch(
                    layer.name,
                    layer.source,
                    layer.data,
                    row["content"],
                    frame,
                    notes,
                    Part(share, 0.9, 1.0),
                )
                layer = replace(layer, data=data, source=source)
            layers.append(layer)
            these = piece_hashes(layer.data.pack())
            pieces.update(these.values())
            hashes[row["id"]] = hash_of_pieces(these)
            if hashes[row["id"]] == row["content"]:
                trusted[row["id"]] = row["content"]
    whole = ProjectState(
        frame,
        info_from_json(json.loads(meta["info"])),
        tuple(layers),
        tuple(views),
        Tours.from_json(json.loads(meta.get("tours", "{}"))),
        schemes,
    )
    by_id = {layer.id: layer for layer in layers}
    if fresh and version == SCHEMA_VERSION:
        rest = {k: (s.kind, s.data, known[k].notes) for k, s in by_id.items() if k in known}
        keep_layers(path, {**rest, **fresh}, seen)
    progress.step(1000, 1000, "progress-loading")
    return ReadState(whole, tuple(notes), hashes, trusted, frozenset(pieces), meta)


def _layer_state(
    row: sqlite3.Row, content: LayerData, find: Callable[[dict[str, str]], Path]
) -> LayerState:
    return LayerState(
        row["id"],
        row["kind"],
        row["name"],
        bool(row["visible"]),
        float(row["opacity"]),
        style_from_json(json.loads(row["style"])),
        source_from_json(json.loads(row["source"]), find),
        content,
    )


def _content_kept(
    row: sqlite3.Row, known: Mapping[str, KeptRow], notes: list[Note]
) -> LayerData | None:
    """Give a layer's content out of the store; None where it is not there as it is in the file."""
    before = known.get(row["id"])
    if before is None or before.kind != row["kind"] or row["storage"] == "file":
        return None
    kept = find_content(default_store(), before.kind, before.content)
    if kept is None:
        return None
    notes.extend(before.notes)
    return kept.data


def _read_content(
    con: sqlite3.Connection, row: sqlite3.Row, notes: list[Note], progress: Progress
) -> LayerData | None:
    """Read a layer's content; None where another program took its table out."""
    kind = kind_of(row["kind"])
    meta: dict[str, Any] = json.loads(row["meta"])
    parts = read_parts(con, row["id"], Part(progress, 0.0, 0.1))
    if row["storage"] == "table":
        if row["table_name"] not in table_names(con):
            notes.append(Note("project_layer_gone", {"name": row["name"]}))
            return None
        plan = TablePlan.from_json(json.loads(row["columns"]))
        packed, outside = read_layer_table(
            con, row["table_name"], plan, parts, Part(progress, 0.1, 1.0),
            polygons_only=issubclass(kind.data, Buildings),
        )  # fmt: skip
        if outside:
            counts = {
                "name": row["name"], "added": outside.added, "unreadable": outside.unreadable,
                "unfit": outside.unfit,
            }  # fmt: skip
            notes.append(Note("project_layer_changed", counts))
        return kind.unpack(Packed(meta, packed.arrays, packed.tables))
    arrays: dict[str, Any] = {}
    tables: dict[str, Any] = {}
    for name, part in parts.items():
        place, _, key = name.partition("/")
        (arrays if place == "arrays" else tables)[key] = part
    return kind.unpack(Packed(meta, arrays, tables))
