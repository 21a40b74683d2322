"""Tables for spreadsheets: CSV and XLSX that show Chinese, run no formulas, and appear whole."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from layers.errors import CityError

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
WIDEST = 60  # letters a column of a sheet is wide at most
LOOKED_AT = 200  # rows that decide how wide the columns are

Row = Sequence[Any]


def needs_folder(*paths: Path) -> None:
    """Make sure that files can lie where they shall; asked before long work, too.

    Raises
    ------
    CityError
        ``tables.no_folder``.
    """
    for path in paths:
        if not path.parent.is_dir():
            raise CityError(
                "tables.no_folder",
                f"There is no folder '{path.parent}' to write '{path.name}' into.",
                hint="make the folder first, or name another one",
                folder=str(path.parent),
                name=path.name,
            )


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """Give a neighbour to write to; it takes the path's place when everything went well.

    Raises
    ------
    CityError
        ``tables.no_folder`` if its folder is not there, ``tables.write`` if the file cannot be
        written; nothing is left behind.
    """
    needs_folder(path)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield partial
        partial.replace(path)
    except OSError as error:
        raise CityError(
            "tables.write",
            f"The file cannot be written: {error.strerror or error}.",
            hint="close the file where it is open, or choose another folder",
            where=str(path),
            reason=error.strerror or str(error),
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def plain(value: Any) -> Any:
    """Give what a cell can hold: numbers that are finite, texts, or nothing."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows as CSV: UTF-8 with a mark, texts that look like formulas behind a quote."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([_quoted(plain(value)) for value in row] for row in rows)


def _quoted(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in FORMULA_SIGNS else value


#: A further sheet of a workbook: its name, header and rows.
Sheet = tuple[str, Sequence[str], Iterable[Row]]


def write_xlsx(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Row],
    *,
    title: str,
    more: Sequence[Sheet] = (),
) -> None:
    """Write rows as a sheet of a workbook, `more` as others: headers bold and fixed."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, names, lines in ((title, header, rows), *more):
        _fill(book.create_sheet(name), names, lines)
    with path.open("wb") as file:
        book.save(file)


def _fill(sheet: Any, header: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows into a sheet, texts as texts."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    def cell(value: Any) -> Any:
        value = plain(value)
        if not isinstance(value, str):
            return value
        text = ILLEGAL_CHARACTERS_RE.sub("", value)
        if text[:1] != "=":
            return text
        made = WriteOnlyCell(sheet, text)
        made.data_type = "s"
        return made

    coming = iter(rows)
    first = [row for row, _ in zip(coming, range(LOOKED_AT), strict=False)]
    for number, name in enumerate(header):
        longest = max([len(name), *(len(str(row[number])) for row in first)])
        sheet.column_dimensions[get_column_letter(number + 1)].width = min(longest + 2, WIDEST)
    sheet.freeze_panes = "B2"
    heads = [WriteOnlyCell(sheet, name) for name in header]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in first:
        sheet.append([cell(value) for value in row])
    for row in coming:
        sheet.append([cell(value) for value in row])
