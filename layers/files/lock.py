"""One project, one writer: a lock the operating system takes back when a program dies."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import socket
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from layers.errors import CityError


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has a project open.

    Attributes
    ----------
    user, host : str
        Account and computer; "" where unknown.
    pid : int
        Process; 0 where unknown.
    since : str
        When it was opened, ISO 8601 with time zone; "" where unknown.
    """

    user: str = ""
    host: str = ""
    pid: int = 0
    since: str = ""

    @classmethod
    def here(cls) -> Owner:
        """Give this process."""
        try:
            user = getpass.getuser()
        except (OSError, KeyError, ImportError):  # an account without a name
            user = ""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(user, socket.gethostname(), os.getpid(), now)


class ProjectLock:
    """Keeps a project for this program while it is open.

    The lock itself is held by the operating system, so that it goes with the
    process, however that ends. Two hidden files beside the project serve it: one
    is locked, one says who holds it; both go at `release`. Names of one file by
    different links share one lock.

    Attributes
    ----------
    path : pathlib.Path or None
        Real path of the project file; None before `acquire`.
    held : bool
        Whether this object has the lock. It has none in a folder that cannot be
        written to: there the project can only be read anyway.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with ProjectLock().acquire(Path(folder) / "city.gpkg") as lock:
    ...         lock.held
    True
    """

    def __init__(self) -> None:
        self.path: Path | None = None
        self.held = False
        self._lock: FileLock | None = None

    def acquire(self, path: Path) -> ProjectLock:
        """Take the lock of a project file, which need not exist yet; gives itself.

        Raises
        ------
        CityError
            ``project.in_use``, naming who has it; the project can still be opened to
            read, without a lock, or saved under another name.
        """
        real = Path(os.path.realpath(path))
        if self.held and self.path == real:
            return self
        self.release()
        if not real.parent.is_dir():
            self.path = real
            return self
        lock = FileLock(real.with_name(f".{real.name}.lock"), timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise _in_use(real, owner_of(real)) from error
        except OSError:  # a folder that is read-only, or gone: nobody can save there
            self.path = real
            return self
        self.path, self._lock, self.held = real, lock, True
        with contextlib.suppress(OSError):  # the lock counts; the name is a courtesy
            _owner_file(real).write_text(json.dumps(asdict(Owner.here())), encoding="utf-8")
        return self

    def release(self) -> None:
        """Give the lock back; nothing happens where it is not held."""
        if self._lock is None or self.path is None:
            return
        with contextlib.suppress(OSError):
            _owner_file(self.path).unlink()
        file = Path(self._lock.lock_file)
        if os.name == "nt":  # a locked file cannot be removed there
            self._lock.release()
            with contextlib.suppress(OSError):
                file.unlink()
        else:  # removed while held: who opened it before finds no name left and tries again
            with contextlib.suppress(OSError):
                file.unlink()
            self._lock.release()
        self._lock, self.held = None, False

    def __enter__(self) -> ProjectLock:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def _owner_file(real: Path) -> Path:
    return real.with_name(f".{real.name}.owner")


def owner_of(path: Path) -> Owner:
    """Tell who holds the lock of a project file, as far as the file beside it says."""
    try:
        raw = json.loads(_owner_file(Path(os.path.realpath(path))).read_text(encoding="utf-8"))
        return Owner(str(raw["user"]), str(raw["host"]), int(raw["pid"]), str(raw["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Owner()


def _in_use(path: Path, owner: Owner) -> CityError:
    who = owner.user or "somebody"
    host = owner.host or "another computer"
    since = owner.since.replace("T", " ")[:16]
    return CityError(
        "project.in_use",
        f"The project is open already: {who} on {host}, process {owner.pid}, since {since} UTC."
        if owner.pid
        else "The project is open already in another Citystage.",
        hint="close it there, open it to read only, or save it under another name",
        where=str(path),
        user=who,
        host=host,
        pid=owner.pid,
        since=since,
    )
