"""Writing a file whole or not at all: a temporary neighbour, fsync, and one rename."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import socket
import sqlite3
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from layers.content import text_hash
from layers.errors import CityError

OTHER_HOST_AGE = 86_400.0  # seconds after which another machine's leftover counts as dead
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_TEMPORARY = re.compile(
    r"^\.citystage-(?P<file>[0-9a-f]{8})-(?P<pid>\d+)-[0-9a-f]{8}@(?P<host>.+)\.tmp(-journal)?$"
)


def real_target(path: Path) -> Path:
    """Follow symbolic links to the file that is meant, so that a link stays a link.

    Raises
    ------
    CityError
        ``project_file.is_folder``, ``project_file.no_folder`` or
        ``project_file.read_only`` where it cannot be written.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise CityError(
            "project_file.is_folder",
            "This is a folder, not a file.",
            hint="give the file a name that ends with .gpkg",
            where=str(path),
        )
    if not target.parent.is_dir():
        raise CityError(
            "project_file.no_folder",
            f"The folder {target.parent} does not exist.",
            hint="make the folder first, or save elsewhere",
            where=str(path),
            folder=str(target.parent),
        )
    if target.exists() and not (target.stat().st_mode & 0o222 and os.access(target, os.W_OK)):
        raise CityError(
            "project_file.read_only",
            "The file is write-protected.",
            hint="save under another name, or take the protection off",
            where=str(path),
        )
    return target


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a temporary path beside `target`; what is there at the end takes its place.

    Where the block raises, the temporary file goes and the old file stays as it
    was. The temporary file lies in the target's folder, so that the rename never
    crosses to another device.

    Parameters
    ----------
    target : pathlib.Path
        What `real_target` gave.

    Raises
    ------
    CityError
        ``project_file.disk_full``, ``project_file.no_permission`` or
        ``project_file.cannot_write``, with the old file untouched.
    """
    remove_leftovers(target)
    token = uuid.uuid4().hex[:8]
    temporary = target.parent / (
        f".citystage-{_short(target.name)}-{os.getpid()}-{token}@{_host()}.tmp"
    )
    try:
        yield temporary
        if target.exists():
            shutil.copymode(target, temporary)
        _sync(temporary)
        temporary.replace(target)
        _sync_folder(target.parent)
    except (OSError, sqlite3.OperationalError, MemoryError) as error:
        raise _explained(error, target) from error
    finally:
        for leftover in (temporary, Path(f"{temporary}-journal")):
            with contextlib.suppress(FileNotFoundError, PermissionError):
                leftover.unlink()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":  # a folder cannot be opened there; the rename is journaled
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network folders refuse; the rename is done
            os.fsync(handle)
    finally:
        os.close(handle)


def _explained(error: Exception, target: Path) -> CityError:
    number = error.errno if isinstance(error, OSError) else None
    text = str(error)
    if isinstance(error, MemoryError):
        return CityError(
            "project_file.no_memory",
            "There is not enough memory; the file was left as it was.",
            hint="close other programs, or remove layers that are not needed",
            where=str(target),
        )
    if number in _FULL or "disk is full" in text:
        return CityError(
            "project_file.disk_full",
            "There is not enough room on the disk; the file was left as it was.",
            hint="free some room, or save to another disk",
            where=str(target),
        )
    if number in _FORBIDDEN or "readonly" in text or "unable to open" in text:
        return CityError(
            "project_file.no_permission",
            f"The folder {target.parent} cannot be written to.",
            hint="save to another folder",
            where=str(target),
            folder=str(target.parent),
        )
    return CityError(
        "project_file.cannot_write",
        f"The file cannot be written ({text}); it was left as it was.",
        hint="save to another folder",
        where=str(target),
        reason=text,
    )


def remove_leftovers(target: Path) -> int:
    """Remove temporary files that dead processes left beside a file; gives their number."""
    removed = 0
    try:
        neighbours = list(target.parent.iterdir())
    except OSError:  # a folder that cannot be listed keeps its leftovers
        return 0
    for path in neighbours:
        found = _TEMPORARY.match(path.name)
        if found is None or found["file"] != _short(target.name):
            continue
        with contextlib.suppress(OSError):  # gone already, or in use (Windows)
            if found["host"] == _host():
                dead = not _alive(int(found["pid"]))
            else:
                dead = time.time() - path.stat().st_mtime > OTHER_HOST_AGE
            if dead:
                path.unlink()
                removed += 1
    return removed


def _short(name: str) -> str:
    return text_hash(name)[:8]


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9-]", "-", socket.gethostname())[:40] or "host"


def _alive(pid: int) -> bool:
    """Say whether a process runs. On Windows a file in use cannot be removed, which is enough."""
    if sys.platform == "win32":
        return pid == os.getpid()
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
