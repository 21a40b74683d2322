"""GeoJSON texts: in whatever encoding and form, cut into their features."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from layers.errors import CityError
from layers.files.encodings import Guess, detect, shown_name, wide_codec
from layers.files.geojson_glued import after_collection, begins_with_collection, unglued
from layers.files.json_spans import BLOCK, Ints, Spans, find_features
from layers.files.raw import Note
from layers.files.sniff import empty_file
from layers.progress import Progress, Silent

READ = 64 << 20  # bytes between two chances to stop
WRAPPER = 1 << 18  # bytes before and after the features that GDAL is given with each chunk
#: What stands around features that have nothing around them.
BARE = (b'{"type":"FeatureCollection","features":[', b"]}")

_TEXT_WITH_SIGNS = re.compile(rb"[\x80-\xff][^\"\r\n]{0,400}")


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """One GeoJSON text, in UTF-8, cut into its features.

    Attributes
    ----------
    path : pathlib.Path
        Where it came from.
    data : bytes
        The whole text.
    start, end : (n,) int64
        Where each feature starts and ends.
    head, tail : bytes
        What stands around the features; members such as ``crs`` stand there.
    guess : Guess
        The encoding it was in.
    notes : tuple of Note
        Remarks.
    """

    path: Path
    data: bytes
    start: Ints
    end: Ints
    head: bytes
    tail: bytes
    guess: Guess
    notes: tuple[Note, ...] = ()

    @property
    def braced(self) -> bool:
        """Whether all features stand from brace to brace, nothing around them."""
        view = np.frombuffer(self.data, dtype=np.uint8)
        return bool((view[self.start] == 0x7B).all() and (view[self.end - 1] == 0x7D).all())

    def pieces(self, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """Give the features one by one."""
        start, end = self.start[first:last], self.end[first:last]
        for a, b in zip(start.tolist(), end.tolist(), strict=True):
            yield self.data[a:b].strip(b"\r\n\x1e ")

    def piece(self, row: int) -> bytes:
        """Give one feature."""
        return self.data[int(self.start[row]) : int(self.end[row])]


def open_text(
    path: Path,
    encoding: str | None = None,
    *,
    limit: int | None = None,
    progress: Progress | None = None,
) -> Text:
    """Read a file and find its features.

    Raises
    ------
    CityError
        ``file.cut_off`` if the text ends in the middle.
    Cancelled
        If the progress says so.
    """
    progress = progress or Silent()
    data, guess = as_utf8(_content(path, progress), encoding)
    if not data[:BLOCK].strip(b" \t\r\n\0"):
        raise empty_file(path)
    if _is_lines(data):
        start, end = _lines(data, limit)
        return Text(path, data, start, end, *BARE, guess)
    spans = find_features(
        data,
        limit=limit,
        told=lambda done: progress.step(done, len(data), "progress-reading"),
    )
    if spans is None:  # a single feature or geometry, or nothing GeoJSON at all
        whole = np.array([0]), np.array([len(data)])
        return Text(path, data, *whole, b"", b"", guess)
    if spans.closing < 0 and (limit is None or len(spans.start) < limit):
        raise CityError(
            "file.cut_off",
            f"The file ends in the middle, after {len(spans.start)} whole features.",
            hint="copy or download it again",
            where=str(path),
            name=path.name,
            count=len(spans.start),
        )
    if limit is None and (rest := after_collection(data, spans)):
        around = _wrapper(data[: len(data) - len(rest)].rstrip(b" \t\r\n,\x1e"), spans)
        data, start, end, count = unglued(data, spans, rest)
        note = Note("texts_joined", {"count": count})
        return Text(path, data, start, end, *around, guess, (note,))
    return Text(path, data, spans.start, spans.end, *_wrapper(data, spans), guess)


def first_features(text: Text, count: int) -> Text:
    return replace(text, start=text.start[:count], end=text.end[:count])


def _content(path: Path, progress: Progress) -> bytes:
    """Read a file piece by piece, so that it can be stopped."""
    total = path.stat().st_size
    pieces = []
    with path.open("rb") as file:
        while piece := file.read(READ):
            pieces.append(piece)
            progress.step(0, total, "progress-reading")
    return b"".join(pieces)


def _is_utf8(data: bytes) -> bool:
    """Say whether a text is UTF-8; other threads get their turn between the blocks."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), BLOCK):
            decoder.decode(data[start : start + BLOCK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def as_utf8(data: bytes, encoding: str | None) -> tuple[bytes, Guess]:
    """Give a JSON text in UTF-8, and the encoding it was in."""
    if wide := wide_codec(data):
        guess = Guess("UTF-16", "declared", ("UTF-16",), "UTF-16")
        return data.decode(wide, errors="replace").encode(), guess
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.isascii() and not encoding:
        return data, detect(b"")
    if encoding and shown_name(encoding) != "UTF-8":
        guess = detect(b"", chosen=encoding)
    else:
        found = islice(_TEXT_WITH_SIGNS.finditer(data), 4000)
        guess = detect([match.group() for match in found], chosen=encoding)
        if guess.encoding == "UTF-8" and _is_utf8(data):
            return data, guess
    return data.decode(guess.codec, errors="replace").encode(), guess


def _is_lines(data: bytes) -> bool:
    begin = _behind_blanks(data, 0)
    if data[begin : begin + 1] == b"\x1e":
        return True
    ending = data.find(b"\n", begin, BLOCK)
    second = _behind_blanks(data, ending) if ending >= 0 else len(data)
    if data[begin : begin + 1] != b"{" or data[second : second + 1] != b"{":
        return False
    first = data[begin:ending]
    if begins_with_collection(first):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except ValueError:
        return False


def _behind_blanks(data: bytes, at: int) -> int:
    while data[at : at + 1] in (b" ", b"\t", b"\r", b"\n"):
        at += 1
    return at


def _lines(data: bytes, limit: int | None) -> tuple[Ints, Ints]:
    """Find where each line (or each record after a record separator) starts and ends."""
    view = np.frombuffer(data, dtype=np.uint8)
    separator = 0x1E if 0x1E in data[:64] else 0x0A
    breaks = np.flatnonzero(view == separator).astype(np.int64)
    start = np.concatenate([[0], breaks + 1])
    end = np.concatenate([breaks, [len(data)]])
    blank = np.array([not data[s:e].strip() for s, e in zip(start, end, strict=True)])
    return start[~blank][:limit], end[~blank][:limit]


def _wrapper(data: bytes, spans: Spans) -> tuple[bytes, bytes]:
    """Give what stands around the features, reduced to its crs where there is too much of it."""
    head = data[: spans.opening]
    tail = data[spans.closing :] if spans.closing >= 0 else _closing(head)
    if head.lstrip()[:1] == b"[":
        return BARE
    if len(head) + len(tail) > WRAPPER:
        crs = re.search(rb'"crs"\s*:\s*\{[^{}]*\{[^{}]*\}[^{}]*\}', head[:WRAPPER] + tail)
        member = crs.group() + b"," if crs else b""
        return b'{"type":"FeatureCollection",' + member + b'"features":[', b"]}"
    if b'"type"' not in head + tail:
        head = head.replace(b"{", b'{"type":"FeatureCollection",', 1)
    return head, tail


def _closing(head: bytes) -> bytes:
    return b"]}" if head.lstrip()[:1] == b"{" else b"]"
