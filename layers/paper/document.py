"""A report before it has a format: headings, texts, tables, pictures, and on what it rests.

Texts come in finished, in the reader's language; the few words that writers add themselves (page
numbers, the heading of the last page) are in `Document.labels`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from layers.pipes.plate import Plate

Cell = str | float | int | None
Tone = Literal["body", "small", "note", "warning"]
Side = Literal["start", "middle", "end"]
#: What the writers say themselves, in English; `Document.labels` puts other words in their place.
LABELS: Final[Mapping[str, str]] = {
    "page": "Page", "of": "of", "end": "", "basis": "Basis of this report", "inputs": "Data used",
    "input": "Data", "hash": "Content hash", "packs": "Rule packs", "pack": "Rule pack",
    "verified": "Verified", "contents": "Contents", "program": "Program", "project": "Project",
    "date": "Date", "author": "Author", "name": "Name", "signature": "Signature and seal",
    "figure": "Figure", "table": "Table",
}  # fmt: skip
#: A number as it is worded, with its unit and a difference in brackets.
FIGURE: Final = re.compile(
    r"-|[+\u2212-]?\d[\d,. \u202f\u00a0]*(\s?[^\W\d]{0,3}[²³%°‰]?)?(\s*\([+\u2212-][^()]*\))?"
)
#: Letters a column is at most as wide as where nobody asks for a width.
MOST_LETTERS: Final = 24
#: Colours of the statuses of rows, and of the words of verdicts.
STATUS_COLOURS: Final[Mapping[str, str]] = {
    "pass": "#2e7d32", "warning": "#ef6c00", "fail": "#c62828", "none": "#757575",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the highest below the title."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; its tone is ``body``, ``small``, ``note`` or ``warning``."""

    text: str
    tone: Tone = "body"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, with numbers or without."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values below each other."""

    rows: tuple[tuple[str, str], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its head stands on every page.

    Attributes
    ----------
    head : tuple of str
        Headings, one per column.
    rows : tuple of tuple of Cell
        Texts, numbers, or None for an empty cell. Numbers stay numbers in a workbook.
    title : str
        Above it; in a workbook the name of its sheet.
    digits : tuple of int
        Digits behind the point, one per column; empty: 2 for all.
    widths : tuple of float
        Shares of the width, one per column; empty: by what stands in them.
    statuses : tuple of str
        ``pass``, ``warning``, ``fail``, ``none`` or "", one per row; colours its first cell.
    wide : bool
        Whether it stands on pages across; one of very many columns does so anyhow.
    note : str
        Below it.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    digits: tuple[int, ...] = ()
    widths: tuple[float, ...] = ()
    statuses: tuple[str, ...] = ()
    wide: bool = False
    note: str = ""

    def texts(self) -> list[list[str]]:
        """Give the rows as texts, numbers with their digits."""
        return [[self.text(column, cell) for column, cell in enumerate(row)] for row in self.rows]

    def text(self, column: int, cell: Cell) -> str:
        """Give a cell as text."""
        if cell is None or (isinstance(cell, float) and math.isnan(cell)):
            return ""
        if isinstance(cell, bool) or not isinstance(cell, float):
            return str(cell)
        digits = self.digits[column] if column < len(self.digits) else 2
        return f"{cell:.{digits}f}"

    def numeric(self) -> list[bool]:
        """Say which columns hold numbers alone."""
        return [
            any(isinstance(row[k], int | float) for row in self.rows)
            and not any(isinstance(row[k], str) and row[k] for row in self.rows)
            for k in range(len(self.head))
        ]

    def right(self) -> list[bool]:
        """Say which columns stand to the right: numbers, and texts of numbers but the first one."""
        texts = [[row[k] for row in self.rows if row[k] not in (None, "")]
                 for k in range(len(self.head))]  # fmt: skip
        told = [
            k > 0 and bool(cells) and all(FIGURE.fullmatch(str(cell)) for cell in cells)
            for k, cells in enumerate(texts)
        ]
        return [a or b for a, b in zip(self.numeric(), told, strict=True)]

    def shares(self) -> list[float]:
        """Give the widths of the columns: those that were asked for, else by their texts."""
        if self.widths:
            return list(self.widths)
        texts = self.texts()[:200]
        return [
            max(
                1.12 * max((_wide(word) for word in self.head[k].split()), default=0),
                min(max((_wide(row[k]) for row in texts), default=0), MOST_LETTERS),
                3.0,
            )
            + 2.6  # the room beside the letters
            for k in range(len(self.head))
        ]


def _wide(text: str) -> int:
    return max((sum(2 if ord(sign) > 0x2E7F else 1 for sign in line)
                for line in text.split("\n")), default=0)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture in the text.

    Attributes
    ----------
    source : Path, bytes or Plate
        A PNG or JPEG file, the bytes of one, or a drawing, which stays lines where it can.
    caption : str
        Below it.
    width_mm : float
        0 takes the width of the text.
    wide : bool
        Whether it stands on a page across.
    """

    source: Path | bytes | Plate
    caption: str = ""
    width_mm: float = 0.0
    wide: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A drawing on a page of its own, as large as the drawing's paper: its scale holds."""

    plate: Plate


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The next page begins."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Fields to be signed: who, name, signature and seal, date."""

    parties: tuple[str, ...]
    title: str = ""


Block = (
    Heading | Paragraph | Listing | Facts | Table | Picture | Sheet | PageBreak | Signatures
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """What a report was made of: its name and the hash of its content."""

    name: str
    hash: str


@dataclass(frozen=True, slots=True)
class PackNote:
    """A rule pack that a report judges by.

    Attributes
    ----------
    name : str
        Standard and title.
    state : str
        How far it was compared with the source, in words.
    verified : bool
        Whether all of its rules were.
    """

    name: str
    state: str
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A report.

    Attributes
    ----------
    title, subtitle : str
        On the cover and in the header.
    blocks : tuple of Block
        What it says.
    project, date, program, author : str
        Name of the project, date (ISO), program with version, who made it.
    facts : tuple of (str, str)
        Further lines of the cover.
    inputs : tuple of Input
        On what data it rests; on the last page.
    packs : tuple of PackNote
        By which rules; on the last page.
    language : str
        ``en`` or ``zh-CN``.
    labels : mapping of str to str
        Words in place of those of ``LABELS``.
    cover, contents, wide : bool
        Whether there is a cover, a table of contents, and whether all pages lie across; else only
        those of wide tables and pictures do.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    subtitle: str = ""
    project: str = ""
    date: str = ""
    program: str = ""
    author: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    inputs: tuple[Input, ...] = ()
    packs: tuple[PackNote, ...] = ()
    language: str = "en"
    labels: Mapping[str, str] = field(default_factory=dict)
    cover: bool = True
    contents: bool = False
    wide: bool = False

    def label(self, key: str) -> str:
        """Give a word of the writers."""
        return self.labels.get(key, LABELS[key])

    def tables(self) -> Iterator[Table]:
        """Give the tables in turn."""
        return (block for block in self.blocks if isinstance(block, Table))

    def about(self) -> list[tuple[str, str]]:
        """Give the lines of the cover: project, date, program, author, then the others."""
        own = [(self.label(key), str(getattr(self, key)))
               for key in ("project", "date", "program", "author")]  # fmt: skip
        return [(name, value) for name, value in [*own, *self.facts] if value]


def table_of(
    columns: Mapping[str, Sequence[Any]], head: Mapping[str, str], **more: Any
) -> Table:  # fmt: skip
    """Make a table of columns: those that `head` names, in its order.

    >>> table_of({"a": [1, 2], "b": [0.5, None]}, {"b": "B", "a": "A"}).rows
    ((0.5, 1), (None, 2))
    """
    cells = [columns[name] for name in head]
    return Table(tuple(head.values()), tuple(zip(*cells, strict=True)), **more)
