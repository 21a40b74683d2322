"""What GDAL says while it reads, caught instead of printed, in whatever thread it says it."""

from __future__ import annotations

import atexit
import logging
import os
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pyogrio

_KEPT = 20  # different messages kept of one reading
#: What the report counts with the names of the features.
_TOLD_OTHERWISE = ("Non closed ring detected",)
_PYOGRIO_LOG = logging.getLogger("pyogrio")
_lock = threading.Lock()
_log: list[Path] = []


@dataclass(slots=True)
class Said:
    """Messages of one reading.

    Attributes
    ----------
    errors, warnings : list of str
        Different messages in the order they came, at most twenty of each.
    """

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, text: str, *, error: bool) -> None:
        """Keep a message that was not said before."""
        if text.startswith(_TOLD_OTHERWISE):
            return
        into = self.errors if error else self.warnings
        if text not in into and len(into) < _KEPT:
            into.append(text)

    @property
    def all(self) -> list[str]:
        """Errors first."""
        return [*self.errors, *self.warnings]


class _Listener(logging.Handler):
    def __init__(self, said: Said) -> None:
        super().__init__(logging.WARNING)
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        self._said.add(record.getMessage(), error=record.levelno >= logging.ERROR)


@contextmanager
def listening() -> Iterator[Said]:
    """Collect what GDAL says until the block ends.

    pyogrio hears it in the main thread only; in others GDAL writes to a log file, which
    is read here.

    Yields
    ------
    Said
        Complete when the block has ended.
    """
    log = _log_file()
    start = log.stat().st_size if log.exists() else 0
    said = Said()
    listener = _Listener(said)
    before = _PYOGRIO_LOG.propagate
    _PYOGRIO_LOG.addHandler(listener)
    _PYOGRIO_LOG.propagate = False
    try:
        with warnings.catch_warnings(record=True, category=RuntimeWarning) as caught:
            warnings.simplefilter("always", RuntimeWarning)
            yield said
    finally:
        _PYOGRIO_LOG.removeHandler(listener)
        _PYOGRIO_LOG.propagate = before
        for warning in caught:
            said.add(str(warning.message), error=False)
        _from_log(log, start, said)


def _from_log(log: Path, start: int, said: Said) -> None:
    if not log.exists():  # somebody tidied the temporary folder up
        return
    with log.open("rb") as file:
        file.seek(start)
        for line in file:
            kind, _, text = line.decode(errors="replace").strip().partition(": ")
            if kind.startswith(("ERROR", "Warning")):
                said.add(text, error=kind.startswith("ERROR"))


def _log_file() -> Path:
    with _lock:
        if not _log:
            handle, name = tempfile.mkstemp(prefix="citystage-gdal-", suffix=".log")
            os.close(handle)
            _log.append(Path(name))
            atexit.register(_remove)
            pyogrio.set_gdal_config_options({"CPL_LOG": name, "CPL_MAX_ERROR_REPORTS": "1000000"})
        return _log[0]


def _remove() -> None:
    # Windows keeps it while GDAL holds it open; it lies in the temporary folder
    with suppress(OSError):
        _log[0].unlink(missing_ok=True)
