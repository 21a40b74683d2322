"""The tables of a document as a workbook: a first sheet about it, then one sheet per table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from layers.paper.document import STATUS_COLOURS, Cell, Document, Facts, Table
from layers.paper.look import Look

LONGEST = 31  # letters of a sheet's name that Excel takes
WIDEST = 60


def write_workbook(document: Document, path: Path, look: Look) -> None:
    """Write the tables; numbers stay numbers, texts are never formulas."""
    from openpyxl import Workbook

    del look
    book = Workbook()
    first = book.active
    assert first is not None
    names: list[str] = []
    first.title = sheet_name(document.title, names)
    _about(first, document)
    for number, table in enumerate(document.tables(), start=1):
        name = table.title or f"{document.label('table')} {number}"
        _fill(book.create_sheet(sheet_name(name, names)), table)
    with path.open("wb") as file:
        book.save(file)


def sheet_name(text: str, taken: list[str]) -> str:
    """Give a name that Excel takes for a sheet and that no other sheet has, and remember it.

    >>> sheet_name("A/B: [draft]", []), sheet_name("a", ["A"])
    ('A B draft', 'a 2')
    """
    plain = " ".join(re.sub(r"[\\/*?:\[\]]", " ", text).split())[:LONGEST].strip("' ") or "1"
    name, number = plain, 1
    while name.casefold() in {other.casefold() for other in taken}:
        number += 1
        name = f"{plain[: LONGEST - 4]} {number}"
    taken.append(name)
    return name


def _about(sheet: Any, document: Document) -> None:
    from openpyxl.styles import Font

    _put(sheet, 1, 1, document.title).font = Font(bold=True, size=14)
    row = 2
    lines: list[tuple[str, str]] = [("", document.subtitle)] if document.subtitle else []
    lines += document.about()
    for block in document.blocks:
        if isinstance(block, Facts):
            lines += [("", ""), *([(block.title, "")] if block.title else []), *block.rows]
    lines += [("", "")] if document.inputs or document.packs else []
    lines += [(one.name, one.hash) for one in document.inputs]
    lines += [(one.name, one.state) for one in document.packs]
    for name, value in lines:
        _put(sheet, row, 1, name)
        _put(sheet, row, 2, value)
        row += 1
    _widths(sheet, [(name, value) for name, value in lines])


def _fill(sheet: Any, table: Table) -> None:
    from openpyxl.styles import Font, PatternFill

    for column, name in enumerate(table.head, start=1):
        cell = _put(sheet, 1, column, name)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE8ECF0")
    for number, row in enumerate(table.rows, start=2):
        for column, value in enumerate(row, start=1):
            cell = _put(sheet, number, column, value)
            if isinstance(value, float):
                digits = table.digits[column - 1] if column <= len(table.digits) else 2
                cell.number_format = "0" if digits == 0 else f"0.{'0' * digits}"
        state = table.statuses[number - 2] if number - 2 < len(table.statuses) else ""
        if state:
            colour = f"FF{STATUS_COLOURS[state][1:].upper()}"
            sheet.cell(number, 1).font = Font(bold=True, color=colour)
    sheet.freeze_panes = "A2"
    if table.rows:
        sheet.auto_filter.ref = sheet.dimensions
    _widths(sheet, [table.head, *table.texts()[:200]])
    if table.note:
        _put(sheet, len(table.rows) + 3, 1, table.note)


def _put(sheet: Any, row: int, column: int, value: Cell) -> Any:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
    elif not (isinstance(value, float) and value != value):  # noqa: PLR0124 - what is no number
        cell.value = value
    return cell


def _widths(sheet: Any, rows: Iterable[tuple[str, ...] | list[str]]) -> None:
    from openpyxl.utils import get_column_letter

    widest: dict[int, int] = {}
    for row in rows:
        for column, text in enumerate(row, start=1):
            letters = sum(2 if ord(sign) > 0x2E7F else 1 for sign in str(text))
            widest[column] = max(widest.get(column, 6), letters)
    for column, letters in widest.items():
        sheet.column_dimensions[get_column_letter(column)].width = min(letters + 2, WIDEST)
