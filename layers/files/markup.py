"""XML and JSON files in encodings that the parsers behind GDAL do not know."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from layers.errors import CityError
from layers.files.encodings import codec_of
from layers.files.geojson_text import as_utf8

_DECLARED = re.compile(rb"^\s*(<\?xml[^>]*?encoding\s*=\s*[\"'])([\w.:-]+)([\"'])")
_KNOWN = {"utf-8", "utf-16", "utf8", "utf16", "us-ascii", "ascii", "iso-8859-1", "windows-1252"}


@contextmanager
def readable(path: Path, encoding: str | None = None) -> Iterator[Path]:
    """Give a file that GDAL can read: itself, or a copy in UTF-8 that goes afterwards.

    Chinese programs write KML in GB2312 and GBK, which the parser refuses, and JSON, which
    has no way to say so.

    Parameters
    ----------
    path : pathlib.Path
        Any file.
    encoding : str or None
        Encoding of JSON as the user decided; None to find it.

    Yields
    ------
    pathlib.Path
    """
    text = _in_utf8(path, encoding) if path.is_file() else None
    if text is None:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="citystage-") as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(text)
        yield copy


def _in_utf8(path: Path, encoding: str | None) -> bytes | None:
    """Give a text in UTF-8; None for files that can be read as they are."""
    with path.open("rb") as file:
        head = file.read(512)
    if found := _DECLARED.match(head.removeprefix(b"\xef\xbb\xbf")):
        codec = _codec(found[2])
        if not codec:
            return None
        start = path.read_bytes()[found.end() :].decode(codec, errors="replace")
        return found[1] + b"UTF-8" + found[3] + start.encode()
    if head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] != b"{":
        return None
    data = path.read_bytes()
    text, _ = as_utf8(data, encoding)
    return None if text == data else text


def _codec(declared: bytes) -> str:
    """Give Python's codec for an encoding that needs help, empty for the others."""
    name = declared.decode("ascii").lower()
    if name in _KNOWN:
        return ""
    try:
        return codec_of(name)
    except CityError:  # the parser says what it thinks of it
        return ""
