"""MapInfo tables that do not say their encoding: told to GDAL by the bytes of their texts."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from layers.files.encodings import detect
from layers.files.raw import Note
from layers.files.sniff import companions

_NEUTRAL = re.compile(rb'charset\s+"?(Neutral)"?', re.IGNORECASE)
#: What MapInfo calls the encodings that tables are in.
_CHARSETS = {
    "GBK": b"WindowsSimpChinese", "GB18030": b"WindowsSimpChinese", "Big5": b"WindowsTradChinese",
    "Shift_JIS": b"WindowsJapanese", "EUC-KR": b"WindowsKorean", "windows-1251": b"WindowsCyrillic",
    "windows-1250": b"WindowsLatin2", "ISO-8859-1": b"WindowsLatin1", "UTF-8": b"UTF-8",
}  # fmt: skip
_SAMPLE = 1 << 20  # bytes of texts looked at
_TEXTS = (".mif", ".mid", ".tab", ".dat")


@contextmanager
def readable(path: Path, encoding: str | None) -> Iterator[tuple[Path, tuple[Note, ...]]]:
    """Give a table whose encoding GDAL knows: itself, or a copy that goes afterwards.

    Parameters
    ----------
    path : pathlib.Path
        A .tab, .mif or .mid file; others are given back as they are.
    encoding : str or None
        Encoding as the user decided; None to find it.

    Yields
    ------
    pathlib.Path and tuple of Note
    """
    files = companions(path) if path.suffix.lower() in {".tab", ".mif", ".mid"} else {}
    head = files.get(".mif") or files.get(".tab")
    notes: list[Note] = []
    if ".mif" in files and ".mid" not in files:
        notes.append(Note("mid_missing", {"name": path.stem}))
    if head is None or not _NEUTRAL.search(head.read_bytes()[:4096]):
        yield path, tuple(notes)
        return
    pieces = [line for file in _texts_of(files) for line in file.split(b"\n")]
    guess = detect([line for line in pieces if not line.isascii()][:4000], chosen=encoding)
    charset = _CHARSETS.get(guess.encoding)
    if guess.reason == "ascii" or charset is None:
        yield path, tuple(notes)
        return
    with tempfile.TemporaryDirectory(prefix="citystage-") as folder:
        for suffix, file in files.items():
            shutil.copyfile(file, Path(folder) / f"table{suffix}")
        copy = Path(folder) / f"table{head.suffix.lower()}"
        text = copy.read_bytes()
        told = _NEUTRAL.sub(lambda found: found[0].replace(found[1], charset), text[:4096])
        copy.write_bytes(told + text[4096:])
        yield copy, (*notes, *guess.notes())


def _texts_of(files: dict[str, Path]) -> Iterator[bytes]:
    for suffix in _TEXTS:
        if suffix in files:
            with files[suffix].open("rb") as file:
                yield file.read(_SAMPLE)
