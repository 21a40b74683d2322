"""Sheets of workbooks as people see them: joined cells filled, formulas worked out."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.cell import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from layers.files import ogr
from layers.files.raw import Note
from layers.files.sheet_formulas import Calculator

BROKEN = (
    InvalidFileException,
    BadZipFile,
    KeyError,
    ValueError,
    OSError,
    AttributeError,
    TypeError,
)
_MOST = 12 << 20  # bytes of a workbook up to which formulas and joined cells are looked at
_TELLING = re.compile(rb"<mergeCell |<f[ >/]")


@dataclass(slots=True)
class Sheet:
    """One sheet.

    Attributes
    ----------
    title : str
        Its name.
    cells : list of list of str
        Rows of texts, those without content left out.
    computed : int
        Cells whose formulas were worked out here.
    open : list of str
        Cells whose formulas nobody has calculated, such as ``"B2"``.
    """

    title: str
    cells: list[list[str]]
    computed: int = 0
    open: list[str] = field(default_factory=list)

    def notes(self) -> list[Note]:
        """Say what became of formulas."""
        notes = []
        if self.computed:
            notes.append(Note("formulas_computed", {"count": self.computed}))
        if self.open:
            facts = {"count": len(self.open), "first": ", ".join(self.open[:3])}
            notes.append(Note("formulas_open", facts))
        return notes


def sheets_of(path: Path, limit: int | None = None) -> Iterator[Sheet]:
    """Give the sheets of a workbook that hold anything.

    Parameters
    ----------
    path : pathlib.Path
        An .xlsx or .xlsm file.
    limit : int or None
        Read so many rows of each at most.

    Raises
    ------
    CityError
        ``file.damaged``.
    """
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        written = _with_formulas(path)
    except (AttributeError, TypeError) as error:
        raise ogr.damaged(path, ValueError("its parts do not fit together")) from error
    except BROKEN as error:
        raise ogr.damaged(path, error) from error
    worker = None if written is None else Calculator(written)
    try:
        for sheet in book.worksheets:
            rows = [list(row) for row in islice(sheet.iter_rows(values_only=True), limit)]
            found = Sheet(sheet.title, [])
            if written is not None and worker is not None:
                _complete(rows, written[sheet.title], worker, found)
                _fill(rows, written[sheet.title])
            found.cells = [cells for row in rows if any(cells := [cell_text(v) for v in row])]
            if found.cells:
                yield found
    finally:
        book.close()


def _with_formulas(path: Path) -> Any:
    """Open a workbook with its formulas where it has formulas or joined cells."""
    if path.stat().st_size > _MOST:
        return None
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        if not any(_TELLING.search(archive.read(name)) for name in names):
            return None
    return openpyxl.load_workbook(path)


def _complete(rows: list[list[Any]], sheet: Any, worker: Calculator, found: Sheet) -> None:
    """Work out the formulas whose values the file does not hold."""
    for number, row in enumerate(rows, start=1):
        for at, value in enumerate(row):
            if value is not None:
                continue
            text = sheet.cell(number, at + 1).value
            if not (isinstance(text, str) and text.startswith("=")):
                continue
            row[at] = worker.value(sheet.title, number, at + 1)
            if row[at] is None:
                found.open.append(f"{get_column_letter(at + 1)}{number}")
            else:
                found.computed += 1


def _fill(rows: list[list[Any]], sheet: Any) -> None:
    """Give joined cells below each other the value that stands in the first of them."""
    for area in sheet.merged_cells.ranges:
        if area.max_row == area.min_row:
            continue
        above = rows[area.min_row - 1] if area.min_row <= len(rows) else []
        at = area.min_col - 1
        if at >= len(above):
            continue
        for row in rows[area.min_row : area.max_row]:
            if at < len(row) and row[at] is None:
                row[at] = above[at]


def cell_text(value: Any) -> str:
    """Give what a cell holds as text."""
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
