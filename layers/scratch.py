"""Large arrays laid aside in a file of the program's own, which is gone when the program ends."""

from __future__ import annotations

import logging
import tempfile
import threading
import weakref
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from layers.errors import CityError

CHUNK = 8 << 20  # bytes written or read at a time; others may come in between
log = logging.getLogger(__name__)

Raw = NDArray[np.uint8]


class LaidAside:
    """Bytes that lie in a scratch file; their place is free again when nobody holds this."""

    __slots__ = ("__weakref__", "_scratch", "size", "start")

    def __init__(self, scratch: Scratch, start: int, size: int) -> None:
        self._scratch, self.start, self.size = scratch, start, size

    def read(self) -> Raw:
        """Give the bytes back, (size,) uint8.

        Raises
        ------
        CityError
            ``undo.unreadable`` if the disk does not give them.
        """
        try:
            return self._scratch.read(self.start, self.size)
        except OSError as error:
            raise CityError(
                "undo.unreadable",
                f"What undo laid aside cannot be read from the disk ({error}).",
                hint="save the project, and look at the disk of the cache folder",
                reason=str(error),
            ) from error


class Scratch:
    """A file without a name that grows with what is laid aside.

    Parameters
    ----------
    folder : callable
        Gives the folder in which the file is made, None for none.
    """

    def __init__(self, folder: Callable[[], Path | None]) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._lock = threading.Lock()
        self._free: list[tuple[int, int]] = []  # start and end, in order, none beside another
        self._freed: deque[tuple[int, int]] = deque()  # filled by whatever thread lets go
        self._end = 0

    def lay_aside(self, raw: Raw) -> LaidAside | None:
        """Write bytes; None where there is no folder, or no room in it.

        Parameters
        ----------
        raw : (n,) uint8
            At least one byte.
        """
        try:
            with self._lock:
                if self._file is None:
                    self._file = self._open()
                if self._file is None:
                    return None
                start = self._place(len(raw))
            kept = LaidAside(self, start, len(raw))
            weakref.finalize(kept, self._freed.append, (start, start + len(raw))).atexit = False
            for at in range(0, len(raw), CHUNK):
                part = raw[at : at + CHUNK]
                with self._lock:
                    self._file.seek(start + at)
                    if self._file.write(part.data) != len(part):
                        raise OSError("no room is left in the folder of the cache")
        except OSError as error:
            log.warning("what undo keeps stays in memory: %s", error)
            return None
        return kept

    def read(self, start: int, size: int) -> Raw:
        """Give bytes that were laid aside; see `LaidAside.read`."""
        out = np.empty(size, dtype=np.uint8)
        for at in range(0, size, CHUNK):
            part = out[at : at + CHUNK]
            with self._lock:
                assert self._file is not None
                self._file.seek(start + at)
                got = self._file.readinto(part.data)  # type: ignore[attr-defined]  # binary files do
            if got != len(part):
                raise OSError("the scratch file is cut short")
        return out

    def _open(self) -> IO[bytes] | None:
        folder = self._folder()
        if folder is None:
            return None
        folder.mkdir(parents=True, exist_ok=True)
        file = tempfile.TemporaryFile(  # noqa: SIM115 - closed when nobody holds this any more
            dir=folder, prefix="undo-", buffering=0
        )
        weakref.finalize(self, file.close)
        return file

    def _place(self, size: int) -> int:
        """Give the first place that is large enough, taken from now on."""
        while self._freed:
            self._free.append(self._freed.popleft())
        joined: list[tuple[int, int]] = []
        for start, end in sorted(self._free):
            if joined and joined[-1][1] == start:
                joined[-1] = joined[-1][0], end
            else:
                joined.append((start, end))
        if joined and joined[-1][1] == self._end:
            self._end = joined.pop()[0]
            assert self._file is not None
            self._file.truncate(self._end)
        for number, (start, end) in enumerate(joined):
            if end - start >= size:
                joined[number : number + 1] = [(start + size, end)] if end - start > size else []
                self._free = joined
                return start
        self._free = joined
        start, self._end = self._end, self._end + size
        return start


def _beside_the_store() -> Path | None:
    from layers.files.store import default_store

    store = default_store()
    return store.folder.parent if store.most_bytes > 0 else None


_SCRATCH = Scratch(_beside_the_store)


def laid_aside(raw: Raw) -> LaidAside | None:
    """Lay bytes aside beside the store, None where the user wants no cache or there is no room."""
    return _SCRATCH.lay_aside(raw)
