"""Where each key of a TOML text stands, so that a mistake can be told with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]
_HEADER = re.compile(r"^\[(\[?)(.*?)\]\]?\s*(?:#.*)?$", re.DOTALL)


class Lines:
    """The lines of the keys of a TOML text that `tomllib` can read.

    Parameters
    ----------
    text : str
        The TOML text.

    Examples
    --------
    >>> lines = Lines('[job]\\nlanguage = "en"\\n[[picture]]\\nview = "A"\\n')
    >>> lines.of(("picture", 0, "view")), lines.of(("picture", 0, "size"))
    (4, 3)
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        counts: dict[Path, int] = {}
        table: Path = ()
        for line, statement in statements(text):
            header = _HEADER.match(statement)
            if header:
                table = self._place(keys_of(header[2]), counts)
                if header[1]:
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, counts[table])
                self._keep(table, line)
            else:
                key, _, value = _split(statement)
                path = (*table, *keys_of(key))
                self._keep(path, line)
                self._items(path, value, line)

    def of(self, path: Path) -> int:
        """Give the line of a key, or of the nearest thing around it; 1 where nothing is known."""
        found: Path = ()
        for key in path:
            if (*found, key) in self._lines:
                found = (*found, key)
            elif key != 0:  # one table may stand where a list of them is meant
                break
        return self._lines.get(found, 1)

    def _keep(self, path: Path, line: int) -> None:
        for length in range(1, len(path) + 1):
            self._lines.setdefault(path[:length], line)
        self._lines[path] = line

    def _place(self, keys: Path, counts: dict[Path, int]) -> Path:
        """Name the element of a list of tables that a header below it means: the last one."""
        out: Path = ()
        for number, key in enumerate(keys, 1):
            out = (*out, key)
            if number < len(keys) and out in counts:
                out = (*out, counts[out])
        return out

    def _items(self, path: Path, value: str, line: int) -> None:
        """Find the lines of the items of a list that stretches over several lines."""
        if not value.lstrip().startswith("[") or "\n" not in value:
            return
        for index, offset in enumerate(item_starts(value)):
            self._lines[(*path, index)] = line + value.count("\n", 0, offset)


def statements(text: str) -> Iterator[tuple[int, str]]:
    """Give each header and each ``key = value`` with its line; a value may span lines."""
    line, start, depth = 1, 0, 0
    valued = False  # whether the equals sign was met: brackets before it make a header
    held: list[str] = []
    for kind, piece in tokens(text):
        if kind == "sign" and piece == "\n" and depth == 0:
            if start:
                yield start, "".join(held).strip()
            held, start, valued = [], 0, False
        elif kind != "comment":
            if not start and piece.strip():
                start = line
            if kind == "sign" and valued:
                depth += (piece in "[{") - (piece in "]}")
            valued = valued or (kind == "sign" and piece == "=")
            held.append(piece)
        line += piece.count("\n")
    if start:
        yield start, "".join(held).strip()


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Cut a text into strings, comments and single signs."""
    at = 0
    while at < len(text):
        for mark in ('"""', "'''", '"', "'"):
            if text.startswith(mark, at):
                end = _string_end(text, at, mark)
                yield "string", text[at:end]
                at = end
                break
        else:
            if text[at] == "#":
                end = text.find("\n", at)
                end = len(text) if end < 0 else end
                yield "comment", text[at:end]
                at = end
            else:
                yield "sign", text[at]
                at += 1


def keys_of(text: str) -> Path:
    """Read a dotted key, with quoted parts as they are meant.

    >>> keys_of('a."b c".d')
    ('a', 'b c', 'd')
    """
    try:
        inner: Any = tomllib.loads(f"{text.strip()} = 0")
    except tomllib.TOMLDecodeError:
        return (text.strip(),)
    out: list[str] = []
    while isinstance(inner, dict):
        (key, inner), *_ = inner.items()
        out.append(key)
    return tuple(out)


def item_starts(value: str) -> list[int]:
    """Give where the items of a list begin in its text."""
    starts: list[int] = []
    depth, at, waiting = 0, 0, False
    for kind, piece in tokens(value):
        content = kind == "string" or (kind == "sign" and not piece.isspace() and piece not in ",]")
        if waiting and content:
            starts.append(at)
            waiting = False
        if kind == "sign":
            depth += (piece in "[{") - (piece in "]}")
            waiting = waiting or (depth == 1 and piece in "[,")
        at += len(piece)
    return starts


def _split(statement: str) -> tuple[str, str, str]:
    at = 0
    for kind, piece in tokens(statement):
        if kind == "sign" and piece == "=":
            return statement[:at], "=", statement[at + 1 :]
        at += len(piece)
    return statement, "", ""


def _string_end(text: str, at: int, mark: str) -> int:
    escapes = mark[0] == '"'
    end = at + len(mark)
    while end < len(text):
        if escapes and text[end] == "\\":
            end += 2
        elif text.startswith(mark, end):
            end += len(mark)
            while len(mark) == 3 and text.startswith(mark[0], end):
                end += 1  # up to two more quotation marks belong to the string
            return end
        else:
            end += 1
    return len(text)
