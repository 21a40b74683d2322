"""Archives: unpacked into a temporary folder that always goes, guarded against bad ones."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from layers.errors import CityError
from layers.files.encodings import detect
from layers.progress import Progress, Silent

#: Limits against archives that unpack to far more than anybody means them to.
MOST_BYTES = 40 << 30
MOST_FILES = 200_000
MOST_RATIO = 400  # plain text packs 20 to 1, blank rasters 200 to 1
RATIO_FROM = 256 << 20  # bytes below which the ratio does not matter
_BLOCK = 1 << 20
_NO_END = "its end is missing"
_HEAD = 512  # bytes that tell what a packed file is
#: What the unpackers raise for archives that are damaged or of a kind they do not know.
_BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError,
    gzip.BadGzipFile, NotImplementedError,
)  # fmt: skip

#: What is not worth unpacking for layers of features.
_LEFT_OUT = {
    ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".pdf", ".doc", ".docx", ".ecw", ".img", ".jp2",
    ".las", ".laz", ".mp4", ".exe", ".dll",
}  # fmt: skip
_MAC = ("__MACOSX", "._", ".DS_Store")

_OPENERS: dict[bytes, Callable[[Path], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\0": lzma.open,
}


@contextmanager
def unpacked(path: Path, progress: Progress | None = None) -> Iterator[Path]:
    """Give a folder with the content of an archive; it is removed afterwards.

    Parameters
    ----------
    path : pathlib.Path
        A .zip, .tar, .tar.gz and the like, or one file packed with gzip, bzip2 or xz.
    progress : Progress or None
        Told in bytes; may stop the unpacking.

    Yields
    ------
    pathlib.Path

    Raises
    ------
    CityError
        ``file.password``, ``file.damaged_archive``, ``file.archive_path``,
        ``file.archive_bomb``, ``file.no_room``.
    Cancelled
        If the progress says so.
    """
    progress = progress or Silent()
    with tempfile.TemporaryDirectory(prefix="citystage-", ignore_cleanup_errors=True) as folder:
        target = Path(folder).resolve()
        try:
            if zipfile.is_zipfile(path):
                _unpack_zip(path, target, progress)
            elif tarfile.is_tarfile(path):
                _unpack_tar(path, target, progress)
            else:
                _unpack_single(path, target, progress)
        except _BROKEN as error:
            raise CityError(
                "file.damaged_archive",
                f"The archive is damaged or cut off: {str(error).rstrip('.')}.",
                hint="copy or download it again",
                where=str(path),
                name=path.name,
                reason="no-end" if str(error) == _NO_END else str(error).rstrip("."),
            ) from error
        try:
            yield _with_suffix(target)
        except CityError as error:
            _name_archive(error, target, path)
            raise


def first_bytes(path: Path) -> bytes:
    """Give the beginning of the only file in an archive; nothing for other files and archives.

    What is wrong with an archive is for `unpacked` to tell.
    """
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        head = file.read(8)
    opener = next((o for magic, o in _OPENERS.items() if head.startswith(magic)), None)
    try:
        if opener is not None:
            with _opened(opener, path) as source:
                return source.read(_HEAD)
        if head.startswith(b"PK") and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                members = [member for member in archive.infolist() if not member.is_dir()]
                if len(members) == 1 and not members[0].flag_bits & 0x1:
                    with archive.open(members[0]) as source:
                        return source.read(_HEAD)
    except (*_BROKEN, OSError):
        return b""
    return b""


def _with_suffix(folder: Path) -> Path:
    """Give a file geodatabase that was packed without its folder the name GDAL knows it by."""
    tables = [file for file in folder.iterdir() if file.is_file()]
    if not any(file.suffix == ".gdbtable" for file in tables):
        return folder
    inner = folder / "packed.gdb"
    inner.mkdir()
    for file in tables:
        file.rename(inner / file.name)
    return folder


def _name_archive(error: CityError, folder: Path, path: Path) -> None:
    """Let an error speak of the archive instead of the folder it was unpacked to."""
    inside, shown = f"{folder}", str(path)
    error.where = error.where.replace(inside, shown)
    error.message = error.message.replace(inside, path.name)
    error.facts = {
        name: value.replace(inside, path.name) if isinstance(value, str) else value
        for name, value in error.facts.items()
    }


class _Budget:
    """Counts what comes out of an archive against what went in."""

    def __init__(self, path: Path, folder: Path, total: int, progress: Progress) -> None:
        self._path, self._total, self._progress = path, total, progress
        self._packed = max(path.stat().st_size, 1)
        self._room = shutil.disk_usage(folder).free - (64 << 20)
        self._done = 0
        if total > self._room:
            raise self._no_room(total)
        self._check(total)

    def spend(self, size: int) -> None:
        self._done += size
        self._check(self._done)
        if self._done > self._room:
            raise self._no_room(self._done)
        self._progress.step(
            min(self._done, self._total) if self._total else 0, self._total, "progress-unpacking"
        )

    def _check(self, size: int) -> None:
        ratio = size / self._packed
        if size > MOST_BYTES or (size > RATIO_FROM and ratio > MOST_RATIO):
            raise bomb(self._path, f"{size / 2**30:.1f} GiB / {self._packed / 2**20:.1f} MiB")

    def _no_room(self, size: int) -> CityError:
        return CityError(
            "file.no_room",
            f"There is no room to unpack the archive: {size / 2**30:.1f} GiB are needed.",
            hint="free some space on the disk with the temporary folder, or unpack it elsewhere",
            where=str(self._path),
            needed=f"{size / 2**30:.1f}",
        )


def bomb(path: Path, what: str) -> CityError:
    """Make the error for an archive that unpacks to far too much."""
    return CityError(
        "file.archive_bomb",
        f"The archive would unpack to far too much ({what}).",
        hint="if you trust it, unpack it yourself and import the folder",
        where=str(path),
        what=what,
    )


def _safe(path: Path, target: Path, name: str) -> Path | None:
    """Give the place of a member below the target, None for what is left out."""
    clean = PurePosixPath(name.replace("\\", "/"))
    if any(part.startswith(_MAC) for part in clean.parts):
        return None
    if clean.suffix.lower() in _LEFT_OUT or not clean.parts:
        return None
    outside = clean.is_absolute() or ".." in clean.parts or ":" in clean.parts[0]
    place = target.joinpath(*clean.parts)
    if outside or not place.is_relative_to(target):
        raise CityError(
            "file.archive_path",
            f"The archive wants to write outside its folder ('{name[:80]}').",
            hint="it was made badly or with ill intent; do not use it",
            where=str(path),
            member=name[:80],
        )
    return place


def _copy(source: IO[bytes], place: Path, budget: _Budget) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as out:
        while block := source.read(_BLOCK):
            budget.spend(len(block))
            out.write(block)


def _unpack_zip(path: Path, target: Path, progress: Progress) -> None:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > MOST_FILES:
            raise bomb(path, f"{len(members)} files")
        names = _zip_names(members)
        places = [_safe(path, target, name) for name in names]
        wanted = [(m, p) for m, p in zip(members, places, strict=True) if p is not None]
        if locked := [member for member, _ in wanted if member.flag_bits & 0x1]:
            raise CityError(
                "file.password",
                f"{len(locked)} of {len(members)} files in the archive are locked with a password.",
                hint="unpack it with the password and import the folder",
                where=str(path),
                name=path.name,
                count=len(locked),
                total=len(members),
            )
        budget = _Budget(path, target, sum(m.file_size for m, _ in wanted), progress)
        for member, place in wanted:
            with archive.open(member) as source:
                _copy(source, place, budget)


def _zip_names(members: list[zipfile.ZipInfo]) -> list[str]:
    """Read the names of members: Chinese Windows writes them in GBK and does not say so."""
    raw = [
        None if member.flag_bits & 0x800 else _as_bytes(member.orig_filename) for member in members
    ]
    codec = detect([name for name in raw if name is not None]).codec
    names = []
    for member, given in zip(members, raw, strict=True):
        name = member.filename if given is None else given.decode(codec, errors="replace")
        names.append(_unicode_extra(member.extra) or name)
    return names


def _as_bytes(name: str) -> bytes | None:
    try:
        return name.split("\0", maxsplit=1)[0].encode("cp437")
    except UnicodeEncodeError:
        return None


def _unicode_extra(extra: bytes) -> str:
    """Read Info-ZIP's Unicode path field (0x7075), which older writers put beside the name."""
    while len(extra) >= 4:
        tag, size = struct.unpack_from("<HH", extra)
        if tag == 0x7075 and size > 5:
            return extra[9 : 4 + size].decode(errors="replace")
        extra = extra[4 + size :]
    return ""


def _unpack_tar(path: Path, target: Path, progress: Progress) -> None:
    with tarfile.open(path) as archive:
        budget = _Budget(path, target, 0, progress)
        for count, member in enumerate(archive):
            if count > MOST_FILES:
                raise bomb(path, f"more than {MOST_FILES} files")
            place = _safe(path, target, member.name) if member.isfile() else None
            source = archive.extractfile(member) if place is not None else None
            if place is not None and source is not None:
                _copy(source, place, budget)


def _unpack_single(path: Path, target: Path, progress: Progress) -> None:
    with path.open("rb") as file:
        head = file.read(8)
    opener = next((o for magic, o in _OPENERS.items() if head.startswith(magic)), None)
    if opener is None:
        raise zipfile.BadZipFile(_NO_END)
    name = path.stem if path.suffix.lower() in {".gz", ".bz2", ".xz"} else path.name
    with _opened(opener, path) as source:
        _copy(source, target / name, _Budget(path, target, 0, progress))


@contextmanager
def _opened(opener: Callable[[Path], Any], path: Path) -> Iterator[IO[bytes]]:
    file = opener(path)
    try:
        yield file
    finally:
        file.close()
