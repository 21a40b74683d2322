"""The tables of a pipe survey: sheets of a workbook or text files, points and lines told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pyarrow as pa

from layers.errors import CityError
from layers.files.columns import stack_tables, unique_name
from layers.files.pipe_fields import FieldMap, Table, guess_fields, looks_like
from layers.files.points_csv import raw_cells, typed_column
from layers.files.raw import Note
from layers.files.sniff import check_content
from layers.files.workbooks import BROKEN

TITLES = 10  # rows among which the names of the columns are looked for


@dataclass(frozen=True, slots=True, eq=False)
class SurveySheet:
    """One table of a survey.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    name : str
        The sheet, or the file's name without its ending.
    what : str or None
        ``points``, ``lines``, or None where it is neither.
    table : pyarrow.Table
        Its rows, columns typed as plainly as they can be.
    skipped : int
        Rows above the one with the names, such as a title.
    """

    path: Path
    name: str
    what: Table | None
    table: pa.Table
    skipped: int


def read_sheets(
    path: Path, encoding: str | None = None, fields: FieldMap | None = None
) -> list[SurveySheet]:
    """Read all tables of a file and tell which are points and which are lines.

    Parameters
    ----------
    path : pathlib.Path
        ``.xlsx``, ``.csv`` or another text with separators.
    encoding : str or None
        Of a text; None finds it.
    fields : FieldMap or None
        A template; a sheet that has its fields is what it says.

    Raises
    ------
    CityError
        What `layers.files.sniff.check_content` and `raw_cells` raise.
    """
    check_content(path, folders=False)
    return [_sheet(path, name, cells, fields) for name, cells in raw_cells(path, encoding)]


def _sheet(path: Path, name: str, cells: list[list[str]], fields: FieldMap | None) -> SurveySheet:
    best, above, what = -1, 0, None
    for number, row in enumerate(cells[:TITLES]):
        names = [cell.strip() for cell in row if cell.strip()]
        meant = _meant(names, fields)
        count = max(len(guess_fields(names, "points")), len(guess_fields(names, "lines")))
        score = count + (100 if meant else 0)
        if score > best:
            best, above, what = score, number, meant
    header: list[str] = []
    for at, cell in enumerate(cells[above] if cells else []):
        header.append(unique_name(cell.strip() or f"column_{at + 1}", header))
    body = cells[above + 1 :]
    columns = [
        typed_column([row[at] if at < len(row) else "" for row in body])
        for at in range(len(header))
    ]
    return SurveySheet(path, name, what, pa.Table.from_arrays(columns, names=header), above)


def _meant(names: Sequence[str], fields: FieldMap | None) -> Table | None:
    there = set(names)
    if fields is not None:
        lines, points = fields.lines, fields.points
        if {lines.get("from_number"), lines.get("to_number")} <= there:
            return "lines"
        if {points.get(key) for key in ("number", "east", "north")} <= there:
            return "points"
    return looks_like(names)


def holds_survey(path: Path) -> bool:
    """Say whether the sheets of a workbook tell points and the lines between them.

    What is wrong with the file is for its reader to tell.
    """
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except BROKEN:
        return False
    found = set()
    try:
        for sheet in book.worksheets:
            for row in sheet.iter_rows(max_row=TITLES, values_only=True):
                names = [str(cell).strip() for cell in row if cell is not None]
                found.add(looks_like(names))
    finally:
        book.close()
    return {"points", "lines"} <= found


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """The points and the runs of a survey as two tables.

    Attributes
    ----------
    points, lines : pyarrow.Table
        All sheets of each behind each other, with ``sheet``, the name of the sheet, where there
        are several.
    fields : FieldMap
        Which field says what.
    notes : tuple of Note
        Which sheets were taken, and which not.
    """

    points: pa.Table
    lines: pa.Table
    fields: FieldMap
    notes: tuple[Note, ...]


SHEET = "sheet"


def read_survey(
    path: Path,
    lines: Path | None = None,
    fields: FieldMap | None = None,
    encoding: str | None = None,
) -> Survey:
    """Read a survey of points and lines.

    Parameters
    ----------
    path : pathlib.Path
        Table of the points, or workbook with sheets of both.
    lines : pathlib.Path or None
        Table of the lines where it is another file.
    fields : FieldMap or None
        A template; None guesses.
    encoding : str or None
        Of texts.

    Raises
    ------
    CityError
        ``pipes.no_points`` or ``pipes.no_lines``, naming the fields there are.
    """
    sheets = read_sheets(path, encoding, fields)
    if lines is not None:
        sheets += read_sheets(lines, encoding, fields)
    points_found = [sheet for sheet in sheets if sheet.what == "points"]
    lines_found = [sheet for sheet in sheets if sheet.what == "lines"]
    for found, what in ((points_found, "points"), (lines_found, "lines")):
        if not found:
            raise _missing(path, sheets, what)
    points, runs = _together(points_found), _together(lines_found)
    template = fields or FieldMap()
    settled = FieldMap(
        template.points or guess_fields(points.column_names, "points"),
        template.lines or guess_fields(runs.column_names, "lines"),
        template.size_unit, template.length_unit, template.first_of_size,
    )  # fmt: skip
    _check(settled, points, runs, path)
    left = [sheet.name for sheet in sheets if sheet.what is None and sheet.table.num_rows]
    notes = [Note("pipes_sheets", {
        "points": ", ".join(sheet.name for sheet in points_found),
        "lines": ", ".join(sheet.name for sheet in lines_found),
    })]  # fmt: skip
    if left:
        notes.append(Note("pipes_sheets_left", {"names": ", ".join(left), "count": len(left)}))
    return Survey(points, runs, settled, tuple(notes))


def _together(sheets: list[SurveySheet]) -> pa.Table:
    if len(sheets) == 1:
        return sheets[0].table
    named = []
    for sheet in sheets:
        table = (
            sheet.table.drop_columns([SHEET])
            if SHEET in sheet.table.column_names
            else (sheet.table)
        )
        named.append(table.append_column(SHEET, pa.array([sheet.name] * table.num_rows)))
    return stack_tables(named)


def _check(fields: FieldMap, points: pa.Table, lines: pa.Table, path: Path) -> None:
    """Refuse a template that names fields that are not there."""
    for table, chosen in ((points, fields.points), (lines, fields.lines)):
        gone = [name for name in chosen.values() if name not in table.column_names]
        if gone:
            names = ", ".join(table.column_names)
            raise CityError(
                "pipes.no_such_field",
                f"The template names a field '{gone[0]}' that is not in the table.",
                hint=f"the fields are: {names}",
                where=path.name,
                field=gone[0],
                fields=names,
            )


def _missing(path: Path, sheets: list[SurveySheet], what: str) -> CityError:
    there = "; ".join(
        f"{sheet.name}: {', '.join(sheet.table.column_names[:8])}" for sheet in sheets
    )
    if what == "points":
        return CityError(
            "pipes.no_points",
            "No table tells points: a number, an east and a north coordinate.",
            hint="give the table of the points, with --lines for this one, or name the fields in a "
            f"template (--map); there are {there}",
            where=path.name,
            fields=there,
        )
    return CityError(
        "pipes.no_lines",
        "No table tells lines: the numbers of the points where they begin and end.",
        hint=f"name the other file with --lines, or the fields in a template (--map); there are "
        f"{there}",
        where=path.name,
        fields=there,
    )
