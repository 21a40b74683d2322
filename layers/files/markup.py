"""XML files (KML, GML, GPX) whose declared encoding the parser behind GDAL does not know."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from layers.errors import CityError
from layers.files.encodings import codec_of

_DECLARED = re.compile(rb"^\s*(<\?xml[^>]*?encoding\s*=\s*[\"'])([\w.:-]+)([\"'])")
_KNOWN = {"utf-8", "utf-16", "utf8", "utf16", "us-ascii", "ascii", "iso-8859-1", "windows-1252"}


@contextmanager
def readable(path: Path) -> Iterator[Path]:
    """Give a file that GDAL can read: itself, or a copy in UTF-8 that goes afterwards.

    Chinese programs write KML in GB2312 and GBK, which the parser refuses.

    Parameters
    ----------
    path : pathlib.Path
        Any file.

    Yields
    ------
    pathlib.Path
    """
    found = None
    if path.is_file():
        with path.open("rb") as file:
            found = _DECLARED.match(file.read(512).removeprefix(b"\xef\xbb\xbf"))
    codec = _codec(found[2]) if found else ""
    if not codec:
        yield path
        return
    assert found is not None
    text = path.read_bytes()[found.end() :].decode(codec, errors="replace")
    with tempfile.TemporaryDirectory(prefix="citystage-") as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(found[1] + b"UTF-8" + found[3] + text.encode())
        yield copy


def _codec(declared: bytes) -> str:
    """Give Python's codec for an encoding that needs help, empty for the others."""
    name = declared.decode("ascii").lower()
    if name in _KNOWN:
        return ""
    try:
        return codec_of(name)
    except CityError:  # the parser says what it thinks of it
        return ""
