"""Files that were read before: what an import or a layer of a project gave, out of the store.

Three sorts of entries lie in the store. *Content* is kept under its own hash, so that an import
and the project it is saved in share it. A *file as it was* (name, size, date, samples of its bytes)
leads to the contents it gave: by an import with certain choices, or as layers of a project.
A file that changed in any way, another program or other libraries: nothing is found.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pyogrio
import pyproj
import shapely

from layers.content import hash_of_pieces, piece_hashes, remember_hashes
from layers.files.options import ImportOptions
from layers.files.project_state import frame_from_json, frame_to_json
from layers.files.project_writer import program_version
from layers.files.raw import Note
from layers.files.report import LayerReport, note_to_json
from layers.files.store import Store, default_store
from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Layer, LayerData, Packed, Source
from layers.project import Project

LEAST = 1 << 20  # bytes: what is smaller is read as fast as it is found
MOST_FILES = 500
SAMPLES, SAMPLE = 16, 1 << 14  # places of a file that are looked at, and bytes of each
MOMENT = 0.4  # seconds after which writing begins: the first picture comes first
YOUNG = 0.05  # seconds: a file written so lately may be written again within one tick of its date

log = logging.getLogger(__name__)
_writer = ThreadPoolExecutor(1, thread_name_prefix="citystage-store")
_waiting: list[Future[None]] = []
_hurry = threading.Event()


@dataclass(frozen=True, slots=True)
class KeptImport:
    """What an import gave before the project's origin was settled."""

    layers: tuple[Layer, ...]
    frame: Frame | None
    reports: tuple[LayerReport, ...]


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A layer of a project file: kind, hash of its content, and what reading it gave to tell."""

    kind: str
    content: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class KeptLayer:
    """Content of a layer with the hashes of its pieces."""

    data: LayerData
    pieces: Mapping[str, str]


def identity(path: Path, *, young: bool = False) -> str | None:
    """Give a text that changes when a file, what belongs to it, or a folder of files changes.

    Parameters
    ----------
    path : pathlib.Path
        File or folder.
    young : bool
        Whether a file that was written a moment ago counts too: SQLite counts every
        change in its first bytes, so that a second change cannot hide in one tick.

    Returns
    -------
    str or None
        None where keeping it would not pay (small files) or not be safe (just written).
    """
    try:
        files = _files_of(path)
        if files is None:
            return None
        digest = hashlib.blake2b(str(path).encode(), digest_size=16)
        total = 0
        for file in files:
            facts = file.stat()
            if not young and time.time() - facts.st_mtime < YOUNG:
                return None
            total += facts.st_size
            digest.update(f"\n{file.name} {facts.st_size} {facts.st_mtime_ns} ".encode())
            _feed_samples(digest, file, facts.st_size)
    except OSError:
        return None
    return digest.hexdigest() if total >= LEAST else None


def _files_of(path: Path) -> list[Path] | None:
    """List the files an import of a path may look at; None for too many."""
    if path.is_dir():
        found = []
        for place, _, names in os.walk(path):
            found += [Path(place) / name for name in names]
            if len(found) > MOST_FILES:
                return None
        return sorted(found)
    near = []
    with os.scandir(path.parent) as entries:
        for entry in entries:
            beside = entry.name.startswith(f"{path.stem}.") and ".gpkg" not in entry.name.lower()
            if (beside or entry.name.startswith(path.name)) and entry.is_file():
                near.append(Path(entry.path))
    return sorted({path, *near}) if len(near) <= MOST_FILES else None


def _feed_samples(digest: Any, file: Path, size: int) -> None:
    with file.open("rb") as opened:
        if size <= SAMPLES * SAMPLE:
            digest.update(opened.read())
            return
        for number in range(SAMPLES):  # the first and the last bytes are among them
            opened.seek((size - SAMPLE) * number // (SAMPLES - 1))
            digest.update(opened.read(SAMPLE))


@cache
def program() -> str:
    """Give a text that changes with the program and with the libraries that read files."""
    digest = hashlib.blake2b(digest_size=8)
    here = Path(__file__).parents[1]
    code = [*here.glob("files/*.py"), *here.glob("kinds/*.py"), here / "frame.py"]
    there = [file for file in (*code, here / "shapes.py") if file.is_file()]  # not in a bundle
    for file in sorted(there):  # a checkout changes without a new version
        facts = file.stat()
        digest.update(f"{file.relative_to(here)} {facts.st_size} {facts.st_mtime_ns}".encode())
    libraries = (pyogrio.__gdal_version_string__, pyproj.__proj_version__, shapely.__version__)
    return f"{program_version()} {digest.hexdigest()} {libraries}"


def import_key(project: Project, path: Path, options: ImportOptions) -> str | None:
    """Name everything an import depends on; None where it is not worth keeping."""
    if default_store().most_bytes <= 0 or (seen := identity(path)) is None:
        return None
    before = [
        (layer.name, layer.source.layer)
        for layer in project.layers
        if layer.source.path is not None and layer.source.path == path
    ]
    whole = {
        "path": str(path),
        "file": seen,
        "options": asdict(options),
        "frame": frame_to_json(project.frame),
        "before": before,
        "program": program(),
    }
    return "import " + json.dumps(whole, sort_keys=True)


def find_import(key: str) -> KeptImport | None:
    """Give what an import gave before; None where it is not (or not wholly) there."""
    begun = time.perf_counter()
    store = default_store()
    entry = store.load(key)
    if entry is None:
        return None
    layers = []
    for row in entry.facts["layers"]:
        kept = find_content(store, row["kind"], row["content"])
        if kept is None:
            return None
        source = row["source"]
        layers.append((row, kept.data, source))
    seconds = time.perf_counter() - begun
    reports = [LayerReport.from_json(raw) for raw in entry.facts["reports"]]
    made = [
        Layer(
            row["kind"],
            row["name"],
            data,
            style=kind_of(row["kind"]).style,
            source=Source(
                Path(source["path"]),
                source["layer"],
                source["options"],
                {**source["report"], "seconds": round(seconds, 3)},
            ),
        )
        for row, data, source in layers
    ]
    return KeptImport(
        tuple(made),
        frame_from_json(entry.facts["frame"]),
        tuple(replace(report, seconds=seconds) for report in reports),
    )


def keep_import(key: str, path: Path, found: KeptImport) -> None:
    """Keep what an import gave, in the background; not where the file changed meanwhile."""
    layers = [(layer.kind, layer.name, layer.source, layer.data) for layer in found.layers]

    def work() -> None:
        seen = identity(path)
        if seen is None or seen != json.loads(key.removeprefix("import "))["file"]:
            return
        store = default_store()
        rows = []
        for kind, name, source, data in layers:
            content = keep_content(store, data)
            if content is None:
                return
            facts = {**asdict(source), "path": str(source.path)}
            rows.append({"kind": kind, "name": name, "content": content, "source": facts})
        facts = {
            "layers": rows,
            "frame": frame_to_json(found.frame),
            "reports": [report.to_json() for report in found.reports],
        }
        store.keep(key, {}, facts)

    later(work)


def find_layers(path: Path) -> dict[str, KeptRow]:
    """Give what the layers of a project file were when it was read or written, by layer id.

    Only the contents that are still in the store count; nothing where the file
    changed since, be it in one byte of what SQLite writes at every change.
    """
    store = default_store()
    if store.most_bytes <= 0 or (seen := identity(path, young=True)) is None:
        return {}
    entry = store.load(_project_key(path, seen))
    if entry is None:
        return {}
    return {
        layer_id: KeptRow(
            row["kind"], row["content"], tuple(Note(n["key"], n["facts"]) for n in row["notes"])
        )
        for layer_id, row in entry.facts["layers"].items()
    }


def keep_layers(
    path: Path, layers: Mapping[str, tuple[str, LayerData, Sequence[Note]]], seen: str | None
) -> None:
    """Keep the layers of a project file in the background.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    layers : mapping of str to (str, LayerData, sequence of Note)
        By layer id: kind, content, and what reading it gave to tell.
    seen : str or None
        The file's `identity` when it was read or written.
    """
    if seen is None or default_store().most_bytes <= 0:
        return

    def work() -> None:
        store = default_store()
        rows = {}
        for layer_id, (kind, data, notes) in layers.items():
            content = keep_content(store, data)
            if content is not None:
                said = [note_to_json(note) for note in notes]
                rows[layer_id] = {"kind": kind, "content": content, "notes": said}
        if identity(path, young=True) == seen:
            store.keep(_project_key(path, seen), {}, {"layers": rows})

    later(work)


def _project_key(path: Path, seen: str) -> str:
    return f"project {path} {seen} {program()}"


def find_content(store: Store, kind: str, content: str) -> KeptLayer | None:
    """Give the content of a layer by its hash."""
    entry = store.load(f"content {content}")
    if entry is None:
        return None
    packed = Packed(entry.facts["meta"], dict(entry.arrays), dict(entry.tables))
    pieces: dict[str, str] = entry.facts["pieces"]
    remember_hashes(packed, pieces)
    return KeptLayer(kind_of(kind).unpack(packed), pieces)


def keep_content(store: Store, data: LayerData) -> str | None:
    """Keep the content of a layer under its hash; gives the hash, None if it cannot be kept."""
    packed = data.pack()
    pieces = piece_hashes(packed)
    content = hash_of_pieces(pieces)
    if store.load(f"content {content}") is not None:  # whole, not merely there
        return content
    facts = {"meta": packed.meta, "pieces": pieces}
    kept = store.keep(f"content {content}", packed.arrays, facts, packed.tables)
    return content if kept else None


def later(work: Callable[[], None]) -> None:
    """Do some writing into the store a moment later; the program's end waits for it."""
    _waiting[:] = [future for future in _waiting if not future.done()]
    due = time.monotonic() + MOMENT

    def work_then() -> None:
        _hurry.wait(max(due - time.monotonic(), 0.0))
        work()

    future = _writer.submit(work_then)
    future.add_done_callback(_tell_failure)
    _waiting.append(future)


def _tell_failure(future: Future[None]) -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        log.error("what was read could not be kept", exc_info=error)


def finish() -> None:
    """Wait until everything that was to be kept is kept; raises what went wrong."""
    waiting: Sequence[Future[None]] = list(_waiting)
    _hurry.set()
    try:
        for future in waiting:
            future.result()
    finally:
        _hurry.clear()


def hurry() -> None:
    """Begin at once with what is still to be kept: the program ends."""
    _hurry.set()
