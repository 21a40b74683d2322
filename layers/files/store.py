"""The city store: what was computed or read once, kept as memory-mapped files until space is short.

An entry is one file, written beside its place and renamed, so that two programs may use one
folder. It holds arrays and Arrow tables at aligned places, each with a checksum, and ends with a
table of contents. Losing the folder, or any file in it, loses nothing but time.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import logging
import mmap
import os
import struct
import threading
import time
import uuid
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import platformdirs
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray
from psygnal import Signal

from layers.copy_on_write import remember_file
from layers.files.raw import Note

VERSION = 1  # of the files; another version is dropped and made again
USUAL_BYTES = 4 * 1024**3
SUFFIX = ".entry"
_HEAD = struct.Struct("<8sIIQQ")  # magic, version, crc of the contents, where they stand, length
_MAGIC = b"CITYKEPT"
_ALIGN = 64
_CHUNK = 4 * 1024**2
_OLD = 3600.0  # seconds after which a half-written file belongs to nobody
_TOUCH = 60.0  # seconds between two notes that an entry was used
_FULL = {errno.ENOSPC, errno.EDQUOT}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """One entry of the store.

    Attributes
    ----------
    arrays : mapping of str to ndarray
        As they were kept, read-only, paged in from the file when touched.
    tables : mapping of str to pyarrow.Table
        As they were kept; their columns lie in the file too.
    facts : mapping of str to object
        Plain values as JSON holds them.
    """

    arrays: Mapping[str, NDArray[Any]]
    tables: Mapping[str, pa.Table]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """How much a store holds: its folder, entries, bytes, and the most it may hold."""

    folder: Path
    entries: int
    bytes: int
    most_bytes: int


@dataclass(slots=True)
class _Told:
    """What was said already; everything once in the life of a store."""

    keys: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


class _BadFileError(Exception):
    """A file that is not what was written; the text says in what way."""


class Store:
    """A folder of entries, the least recently used of which go when it grows too big.

    Safe to be used by several threads and several programs at once. Nothing that
    goes wrong with the folder ever stops the caller: a full disk or a folder that
    may only be read is told once, and life goes on without.

    Parameters
    ----------
    folder : path-like
        Made when the first entry is kept.
    most_bytes : int
        Size that all entries together may have; 0 keeps and finds nothing.
    """

    #: Emits a `Note` from the thread at work, each kind once: ``store_rebuilt`` (a bad file was
    #: dropped), ``store_full``, ``store_not_writable``.
    told = Signal(Note)

    def __init__(self, folder: Path | str, most_bytes: int = USUAL_BYTES) -> None:
        self.folder = Path(folder)
        self.most_bytes = most_bytes
        self._said = _Told()
        self._writing = most_bytes > 0

    def load(self, key: str, *, check: bool = True) -> Stored | None:
        """Give an entry, None where there is none (or none that is whole).

        Parameters
        ----------
        key : str
            What it was kept under.
        check : bool
            Whether the checksum of every part is compared (some GB/s); without,
            only the table of contents and the length of the file are.
        """
        if self.most_bytes <= 0:
            return None
        path = self._path(key)
        try:
            with path.open("rb") as file:
                stored = _read(file, key, check=check)
                self._mark_used(path, os.fstat(file.fileno()).st_mtime)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (_BadFileError, ValueError, LookupError, TypeError, pa.ArrowException) as error:
            self._drop_bad(path, str(error))
            return None
        except OSError as error:
            self._tell("store_rebuilt", path, error.strerror or str(error))
            return None
        return stored

    def keep(
        self,
        key: str,
        arrays: Mapping[str, ArrayLike],
        facts: Mapping[str, Any] | None = None,
        tables: Mapping[str, pa.Table] | None = None,
    ) -> bool:
        """Keep an entry; one of the same key is replaced.

        Parameters
        ----------
        key : str
            Text that names the content and everything it was computed from.
        arrays : mapping of str to array_like
            Arrays of any shape and of plain types (no objects).
        facts : mapping or None
            Values that JSON can hold.
        tables : mapping of str to pyarrow.Table or None
            Arrow tables.

        Returns
        -------
        bool
            Whether it is kept now. Without space or rights it is not, and that
            is told once.
        """
        if not self._writing:
            return False
        parts = {name: np.asarray(array, order="C") for name, array in arrays.items()}
        for name, array in parts.items():
            if array.dtype.hasobject:
                raise TypeError(f"the array {name} holds objects, which cannot be kept")
        tables = tables or {}
        size = sum(a.nbytes for a in parts.values()) + sum(t.nbytes for t in tables.values())
        if size > self.most_bytes:
            log.info("an entry of %d bytes is more than the store may hold", size)
            return False
        for last_try in (False, True):
            try:
                self._make_room(self.most_bytes - size)
                self._write(key, parts, dict(facts or {}), tables)
            except OSError as error:
                if error.errno in _FULL and not last_try and self._make_room(self.most_bytes // 4):
                    continue
                full = error.errno in _FULL
                self._writing = False
                name = "store_full" if full else "store_not_writable"
                self._tell(name, self.folder, error.strerror or str(error))
                return False
            break
        return True

    def has(self, key: str) -> bool:
        """Say whether there is an entry, without looking into it; counts as a use."""
        path = self._path(key)
        try:
            self._mark_used(path, path.stat().st_mtime)
        except OSError:
            return False
        return self.most_bytes > 0

    def place(self, key: str) -> Path:
        """Give where a file of another make may lie: it is counted and goes as entries do."""
        return self._path(key)

    def make_room(self) -> None:
        """Remove what was used least recently, where a file made the store too large."""
        self._make_room(self.most_bytes)

    def forget(self, key: str) -> None:
        """Remove an entry, if there is one."""
        _remove(self._path(key))

    def clear(self) -> StoreInfo:
        """Remove all entries that nobody holds fast; give what was removed."""
        count = size = 0
        for entry in [*self._entries(), *self._unfinished()]:
            if _remove(entry.path):
                count, size = count + 1, size + entry.size
        return StoreInfo(self.folder, count, size, self.most_bytes)

    def info(self) -> StoreInfo:
        """Tell how much there is."""
        entries = self._entries()
        size = sum(entry.size for entry in entries)
        return StoreInfo(self.folder, len(entries), size, self.most_bytes)

    def _path(self, key: str) -> Path:
        return self.folder / (
            hashlib.blake2b(key.encode("utf-8"), digest_size=16).hexdigest() + SUFFIX
        )

    def _write(
        self,
        key: str,
        arrays: Mapping[str, NDArray[Any]],
        facts: dict[str, Any],
        tables: Mapping[str, pa.Table],
    ) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(key)
        beside = self.folder / f"{path.stem}-{os.getpid()}-{uuid.uuid4().hex[:8]}.part"
        try:
            with beside.open("xb+", buffering=0) as file:
                starts = _write(file, key, arrays, facts, tables)
            try:
                beside.replace(path)
            except PermissionError:  # Windows: another program reads the old one, which is as good
                if not path.exists():
                    raise
                return
            for name, array in arrays.items():
                if not array.flags.writeable:
                    remember_file(array, path, starts[name])
        finally:
            _remove(beside)

    def _mark_used(self, path: Path, known: float) -> None:
        """Let the entry's date say when it was used last."""
        if time.time() - known > _TOUCH:
            with contextlib.suppress(OSError):  # a folder that may only be read
                os.utime(path)

    def _drop_bad(self, path: Path, why: str) -> None:
        _remove(path)
        self._tell("store_rebuilt", path, why)

    def _make_room(self, most: int) -> bool:
        """Remove what was used least recently until `most` bytes are left; say if any went."""
        now = time.time()
        for entry in self._unfinished():
            if now - entry.used > _OLD:
                _remove(entry.path)
        entries = sorted(self._entries(), key=lambda entry: entry.used)
        total = sum(entry.size for entry in entries)
        removed = False
        for entry in entries:
            if total <= most:
                break
            if _remove(entry.path):
                total -= entry.size
                removed = True
        return removed

    def _entries(self) -> list[_Entry]:
        return list(_files(self.folder, SUFFIX))

    def _unfinished(self) -> list[_Entry]:
        return list(_files(self.folder, ".part"))

    def _tell(self, key: str, path: Path, reason: str) -> None:
        log.warning("%s: %s (%s)", key, path, reason)
        with self._said.lock:
            if key in self._said.keys:
                return
            self._said.keys.add(key)
        self.told.emit(Note(key, {"name": path.name, "folder": str(self.folder), "reason": reason}))


@dataclass(frozen=True, slots=True)
class _Entry:
    path: Path
    size: int
    used: float


def _files(folder: Path, suffix: str) -> Iterator[_Entry]:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as found:
        for file in found:
            if file.name.endswith(suffix):
                with contextlib.suppress(FileNotFoundError):  # another program was faster
                    facts = file.stat()
                    yield _Entry(Path(file.path), facts.st_size, facts.st_mtime)


def _remove(path: Path) -> bool:
    """Remove a file. Who has it mapped keeps what it maps; Windows refuses then."""
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _write(
    file: Any,
    key: str,
    arrays: Mapping[str, NDArray[Any]],
    facts: dict[str, Any],
    tables: Mapping[str, pa.Table],
) -> dict[str, int]:
    """Write an entry; give the bytes at which its arrays begin."""
    file.write(bytes(_HEAD.size))
    parts: list[dict[str, Any]] = []
    for name, array in arrays.items():
        start = _aligned(file)
        crc = _pour(file, array.reshape(-1).view(np.uint8).data if array.size else b"")
        parts.append(
            {
                "name": name,
                "form": "array",
                "dtype": np.lib.format.dtype_to_descr(array.dtype),
                "shape": array.shape,
                "start": start,
                "bytes": array.nbytes,
                "crc": crc,
            }
        )
    for name, table in tables.items():
        start = _aligned(file)
        sink = pa.PythonFile(_Pourer(file), mode="w")
        with pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        end = file.seek(0, os.SEEK_END)
        crc = _checksum(file, start, end - start)
        parts.append(
            {"name": name, "form": "table", "start": start, "bytes": end - start, "crc": crc}
        )
    contents = json.dumps(
        {"key": key, "facts": facts, "parts": parts}, separators=(",", ":"), ensure_ascii=False
    ).encode("utf-8")
    start = _aligned(file)
    crc = _pour(file, memoryview(contents))
    file.seek(0)
    file.write(_HEAD.pack(_MAGIC, VERSION, crc, start, len(contents)))
    return {part["name"]: part["start"] for part in parts}


class _Pourer:
    """A file that Arrow writes to: each piece whole, errors as they are."""

    closed = False

    def __init__(self, file: Any) -> None:
        self._file = file

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        _pour(self._file, view)
        return len(view)

    def tell(self) -> int:
        return int(self._file.tell())

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """The file stays open: more parts follow."""


def _aligned(file: Any) -> int:
    here = int(file.seek(0, os.SEEK_END))
    _pour(file, memoryview(bytes(-here % _ALIGN)))
    return here + -here % _ALIGN


def _pour(file: Any, data: Any) -> int:
    """Write all of `data`; give its checksum."""
    crc = 0
    view = memoryview(data)
    for start in range(0, len(view), _CHUNK):
        piece = view[start : start + _CHUNK]
        crc = zlib.crc32(piece, crc)
        while len(piece):
            piece = piece[file.write(piece) :]
    return crc


def _checksum(file: BinaryIO, start: int, size: int) -> int:
    """Give the checksum of a stretch, read through a small buffer that never counts as memory."""
    crc = 0
    file.seek(start)
    buffer = memoryview(bytearray(min(_CHUNK, max(size, 1))))
    while size > 0:
        got = file.readinto(buffer[: min(size, len(buffer))])  # type: ignore[attr-defined]  # of raw files
        if not got:
            raise _BadFileError("the file is cut short")
        crc = zlib.crc32(buffer[:got], crc)
        size -= got
    return crc


def _read(file: BinaryIO, key: str, *, check: bool) -> Stored:
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise _BadFileError("the file is cut short")
    magic, version, crc, start, length = _HEAD.unpack(head)
    if magic != _MAGIC:
        raise _BadFileError("the file was not written to its end")
    if version != VERSION:
        raise _BadFileError(f"the file is of version {version}, not {VERSION}")
    size = os.fstat(file.fileno()).st_size
    if start + length != size:
        raise _BadFileError(
            "the file is cut short" if size < start + length else "the file is too long"
        )
    file.seek(start)
    text = file.read(length)
    if zlib.crc32(text) != crc:
        raise _BadFileError("the table of contents has another checksum")
    contents = json.loads(text)
    if contents["key"] != key:
        raise _BadFileError("the file holds something else")
    if check:
        for part in contents["parts"]:
            if _checksum(file, part["start"], part["bytes"]) != part["crc"]:
                raise _BadFileError(f"the part '{part['name']}' has another checksum")
    mapped = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
    arrays: dict[str, NDArray[Any]] = {}
    tables: dict[str, pa.Table] = {}
    for part in contents["parts"]:
        if part["form"] == "array":
            arrays[part["name"]] = array = _array(mapped, part)
            remember_file(array, Path(file.name), part["start"])
        else:
            view = memoryview(mapped)[part["start"] : part["start"] + part["bytes"]]
            tables[part["name"]] = pa.ipc.open_file(pa.py_buffer(view)).read_all()
    return Stored(arrays, tables, contents["facts"])


def _array(mapped: mmap.mmap, part: dict[str, Any]) -> NDArray[Any]:
    descr = part["dtype"]
    if isinstance(descr, list):
        descr = [tuple(field) for field in descr]
    array: NDArray[Any] = np.ndarray(
        tuple(part["shape"]), np.dtype(descr), buffer=mapped, offset=part["start"]
    )
    array.setflags(write=False)
    return array


_default: dict[tuple[Path, int], Store] = {}
_settled: dict[str, Any] = {"folder": None, "most_bytes": USUAL_BYTES}
_lock = threading.Lock()


def settle_default(folder: Path | None, most_bytes: int) -> Store:
    """Say where the usual store lies and how big it may grow; give it.

    Parameters
    ----------
    folder : pathlib.Path or None
        None: the user's cache folder. The variable ``CITYSTAGE_CACHE`` goes before both.
    most_bytes : int
        0 for none at all.
    """
    with _lock:
        _settled.update(folder=folder, most_bytes=most_bytes)
    return default_store()


def default_store() -> Store:
    """Give the store of this user, the same object as long as place and size stay the same."""
    named = os.environ.get("CITYSTAGE_CACHE", "")
    with _lock:
        chosen = Path(named) if named else _settled["folder"]
        place = chosen or platformdirs.user_cache_path("citystage", appauthor=False)
        where = (Path(place) / "store", int(_settled["most_bytes"]))
        return _default.setdefault(where, Store(*where))
