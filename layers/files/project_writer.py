"""Writing a project's state into a project file; layers that did not change are left in place."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from layers.content import plain_json
from layers.files.gpkg_tables import choose_table_name, drop_features, quote, srs_id_of, table_names
from layers.files.migrations import migrate
from layers.files.project_rasters import (
    MISSING,
    gives_the_same,
    is_referable,
    preview,
    unmarked,
)
from layers.files.project_schema import (
    SCHEMA_VERSION,
    create_project_tables,
    write_meta,
    write_part,
)
from layers.files.project_schemes import whole_digest, write_schemes
from layers.files.project_state import (
    ProjectState,
    frame_to_json,
    source_to_json,
)
from layers.files.project_tables import is_table, write_layer_table
from layers.kinds import kind_of
from layers.kinds.base import LayerState
from layers.progress import Part, Progress

COPY_PIECE = 8 * 2**20
FREE_SHARE = 0.3  # of the file; above this the file is packed again
FREE_PAGES = 2000


@dataclass(frozen=True, slots=True)
class Base:
    """The file the project came from, of which unchanged layers can be kept.

    Attributes
    ----------
    path : pathlib.Path
        A project file that nobody else changed since.
    trusted : mapping of str to str
        Content hash of each layer whose table holds exactly that content.
    """

    path: Path
    trusted: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A layer as it already stands in the file."""

    storage: str
    table: str | None


def program_version() -> str:
    """Give the version of Citystage, for files."""
    try:
        return version("citystage")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"


def relative_paths(folder: Path) -> Callable[[Path], dict[str, str]]:
    """Make the function that writes paths for a project in a folder.

    A path is kept twice: relative to the project's folder, with forward slashes,
    and whole, for a project file that moves alone.
    """

    def write(path: Path) -> dict[str, str]:
        whole = path.parent.resolve() / path.name
        kept = {"absolute": str(whole)}
        with contextlib.suppress(ValueError):  # another drive of Windows
            kept["relative"] = Path(os.path.relpath(whole, folder)).as_posix()
        return kept

    return write


@contextlib.contextmanager
def opened_for_writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a temporary file without any safety net: a failure throws the file away."""
    con = sqlite3.connect(path, isolation_level=None)
    try:
        con.execute("PRAGMA journal_mode=DELETE")  # a copied file may still be in WAL mode
        for setting in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE",
                        "cache_size=-65536", "temp_store=MEMORY"):  # fmt: skip
            con.execute(f"PRAGMA {setting}")
        yield con
    finally:
        con.close()


def write_state(
    state: ProjectState,
    hashes: Mapping[str, str],
    temporary: Path,
    *,
    base: Base | None,
    write_path: Callable[[Path], dict[str, str]],
    progress: Progress,
) -> None:
    """Write a project file.

    Parameters
    ----------
    state : ProjectState
        What to write.
    hashes : mapping of str to str
        Content hash of each layer by id.
    temporary : pathlib.Path
        File to make.
    base : Base or None
        Earlier file to keep unchanged layers of.
    write_path : callable
        How paths of sources are kept.
    progress : Progress
        Told often; may stop the work.
    """
    start = 0.0
    if base is not None:
        start = 0.1
        _copy(base.path, temporary, Part(progress, 0.0, start))
    with opened_for_writing(temporary) as con:
        if base is None:
            create_project_tables(con)
        else:
            migrate(con)
        con.execute("BEGIN")
        kept = _drop_changed(con, state, hashes, base)
        _name_tables(con, state, kept)
        share = (0.98 - start) / max(len(state.layers), 1)
        for position, layer in enumerate(state.layers):
            part = Part(progress, start + position * share, start + (position + 1) * share)
            _write_layer(
                con, state, position, hashes[layer.id], kept.get(layer.id), write_path, part
            )
        write_schemes(con, state.schemes, write_path, Part(progress, 0.97, 0.98))
        _write_facts(con, state, whole_digest(state, hashes))
        con.execute("COMMIT")
        _pack_if_airy(con)
    progress.step(1000, 1000, "progress-saving")


def _copy(source: Path, target: Path, progress: Progress) -> None:
    size = source.stat().st_size
    with source.open("rb") as reader, target.open("xb") as writer:
        done = 0
        while piece := reader.read(COPY_PIECE):
            progress.step(done, size, "progress-saving")
            writer.write(piece)
            done += len(piece)


def _drop_changed(
    con: sqlite3.Connection, state: ProjectState, hashes: Mapping[str, str], base: Base | None
) -> dict[str, Kept]:
    """Take out what is not in the project as it is now; give what may stay."""
    srs_id = srs_id_of(con, None if state.frame is None else state.frame.crs)
    srs = dict(con.execute("SELECT table_name, srs_id FROM gpkg_geometry_columns"))
    kept: dict[str, Kept] = {}
    rows = con.execute("SELECT id, content, storage, table_name FROM citystage_layers").fetchall()
    for layer_id, content, storage, table in rows:
        same = base is not None and hashes.get(layer_id) == content == base.trusted.get(layer_id)
        if same and (storage != "table" or srs.get(table) == srs_id):
            kept[layer_id] = Kept(storage, table)
            continue
        if table is not None:
            drop_features(con, table)
        con.execute("DELETE FROM citystage_parts WHERE layer_id=?", (layer_id,))
        con.execute("DELETE FROM citystage_layers WHERE id=?", (layer_id,))
    return kept


def _name_tables(con: sqlite3.Connection, state: ProjectState, kept: dict[str, Kept]) -> None:
    """Let the tables of renamed layers follow their layers."""
    for layer in state.layers:
        known = kept.get(layer.id)
        if known is None or known.table is None:
            continue
        used = {name.casefold() for name in table_names(con)} - {known.table.casefold()}
        plain = choose_table_name(layer.name, set())
        if known.table == plain or known.table.startswith(f"{plain}_"):
            continue
        new = choose_table_name(layer.name, used)
        con.execute(f"DROP TABLE IF EXISTS {quote(f'rtree_{known.table}_geom')}")
        for trigger in con.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name=?", (known.table,)
        ).fetchall():
            con.execute(f"DROP TRIGGER {quote(trigger[0])}")
        con.execute(f"ALTER TABLE {quote(known.table)} RENAME TO {quote(new)}")
        for register in ("gpkg_extensions", "gpkg_ogr_contents"):
            if register in table_names(con):
                con.execute(f"DELETE FROM {register} WHERE table_name=?", (known.table,))
        con.execute(
            "UPDATE gpkg_contents SET table_name=?, identifier=? WHERE table_name=?",
            (new, new, known.table),
        )
        con.execute(
            "UPDATE gpkg_geometry_columns SET table_name=? WHERE table_name=?", (new, known.table)
        )
        con.execute("UPDATE citystage_layers SET table_name=? WHERE id=?", (new, layer.id))


def _write_layer(
    con: sqlite3.Connection,
    state: ProjectState,
    position: int,
    content: str,
    kept: Kept | None,
    write_path: Callable[[Path], dict[str, str]],
    progress: Progress,
) -> None:
    layer = state.layers[position]
    look = {
        "position": position,
        "kind": layer.kind,
        "name": layer.name,
        "visible": int(layer.visible),
        "opacity": layer.opacity,
        "style": plain_json(asdict(layer.style)),
        "source": plain_json(source_to_json(unmarked(layer.source), write_path)),
    }
    if kept is None:
        look["content"] = content
        look |= _write_content(con, state, layer, content, progress)
        columns = ", ".join(["id", *look])
        marks = ", ".join("?" * (len(look) + 1))
        con.execute(
            f"INSERT INTO citystage_layers ({columns}) VALUES ({marks})",
            (layer.id, *look.values()),
        )
        return
    progress.step(1, 1, "progress-saving")
    changes = ", ".join(f"{name}=?" for name in look)
    con.execute(f"UPDATE citystage_layers SET {changes} WHERE id=?", (*look.values(), layer.id))


def _write_content(
    con: sqlite3.Connection,
    state: ProjectState,
    layer: LayerState,
    content: str,
    progress: Progress,
) -> dict[str, Any]:
    """Write a layer's content; gives how it is kept."""
    how: dict[str, Any] = {"storage": "parts", "table_name": None, "columns": None}
    data = layer.data
    if MISSING in layer.source.options:  # the content is the preview already
        how |= {"storage": "file", "content": layer.source.options[MISSING]}
    elif is_referable(layer.source, data):
        reading, progress = Part(progress, 0.0, 0.5), Part(progress, 0.5, 1.0)
        if gives_the_same(layer.source, data, content, state.frame, reading):
            how["storage"], data = "file", preview(data)
    packed = data.pack()
    meta = plain_json(packed.meta)
    if is_table(packed):
        used = {name.casefold() for name in table_names(con)}
        table = choose_table_name(layer.name, used)
        srs_id = srs_id_of(con, None if state.frame is None else state.frame.crs)
        plan = write_layer_table(
            con, table, layer.id, packed,
            accepts=kind_of(layer.kind).shapes, srs_id=srs_id, progress=progress,
        )  # fmt: skip
        columns = json.dumps(plan.to_json(), ensure_ascii=False)
        return {"storage": "table", "table_name": table, "columns": columns, "meta": meta}
    parts = [*(("arrays/" + k, v) for k, v in packed.arrays.items()),
             *(("tables/" + k, v) for k, v in packed.tables.items())]  # fmt: skip
    for number, (name, part) in enumerate(parts):
        share = Part(progress, number / len(parts), (number + 1) / len(parts))
        write_part(con, layer.id, name, part, share)
    return {**how, "meta": meta}


def _write_facts(con: sqlite3.Connection, state: ProjectState, whole: str) -> None:
    con.execute("DELETE FROM citystage_views")
    con.executemany(
        "INSERT INTO citystage_views VALUES (?, ?, ?)",
        [(i, view.name, plain_json(view.to_json())) for i, view in enumerate(state.views)],
    )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    write_meta(
        con,
        {
            "application": "citystage",
            "schema_version": str(SCHEMA_VERSION),
            "program_version": program_version(),
            "saved": now,
            "state": whole,
            "save_id": uuid.uuid4().hex,
            "frame": plain_json(frame_to_json(state.frame)),
            "info": plain_json(asdict(state.info)),
            "tours": plain_json(state.tours.to_json()),
        },
    )


def _pack_if_airy(con: sqlite3.Connection) -> None:
    """Write the file anew without its free pages where they are many."""
    free = con.execute("PRAGMA freelist_count").fetchone()[0]
    pages = con.execute("PRAGMA page_count").fetchone()[0]
    if free > FREE_PAGES and free > FREE_SHARE * pages:
        con.execute("VACUUM")
