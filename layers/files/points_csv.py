"""Tables of places: CSV and other texts with separators, Excel sheets, DBF tables."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.errors import CityError
from layers.files import ogr
from layers.files.columns import redecode, unique_name
from layers.files.encodings import Guess, detect, wide_codec
from layers.files.point_columns import Places, names_places, places
from layers.files.raw import LayerInfo, Note, RawLayer, as_objects
from layers.files.shapefile import dbf_samples
from layers.files.sniff import empty_file
from layers.files.workbooks import sheets_of
from layers.progress import Progress, Silent

_SEPARATORS = (",", ";", "\t", "|", "，")
_WHOLE = re.compile(r"[+-]?(0|[1-9]\d{0,17})")
_BROKEN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_COMMAS = re.compile(r"\s*-?\d+,\d+(\s+-?\d+(,\d+)?){1,}\s*")  # 1,5 2,5 7,0
_UNNAMED = 0.2  # weight of a separator that does not stand between the names of columns
_COUNTED = 16 << 20  # bytes up to which listing counts the rows
_SAMPLE = 1 << 20
_STEP = 20_000
_Quoting = Literal[0, 3]  # csv.QUOTE_MINIMAL, csv.QUOTE_NONE
#: Encodings tried where the usual ones give no names of columns that anybody knows.
_SELDOM = ("Shift_JIS", "EUC-KR", "windows-1251", "windows-1250")
_TITLES = 10  # rows among which the names of the columns are looked for

csv.field_size_limit(1 << 27)  # a polygon as text may be long


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    header: list[str]
    cells: list[list[str]]
    named: bool
    ragged: int
    guess: Guess
    above: int = 0  # rows over the one with the names, such as a title
    open_quote: bool = False  # whether quotation marks count as letters
    more: tuple[Note, ...] = ()  # what the reader of a workbook has to say

    def notes(self) -> list[Note]:
        notes = [*self.guess.notes(), *self.more]
        if self.above:
            notes.append(Note("rows_above_header", {"count": self.above}))
        if self.open_quote:
            notes.append(Note("quote_open", {}))
        if self.ragged:
            notes.append(Note("ragged_rows", {"count": self.ragged}))
        return notes


def list_table(path: Path, encoding: str | None) -> list[LayerInfo]:
    """Tell of a text table from its beginning."""
    small = path.stat().st_size <= _COUNTED
    rows = _understood(path, encoding, Silent(), None if small else 200)
    table = _typed(rows.header, rows.cells[:500])
    found = places(table, named=rows.named)
    fields = tuple((f.name, str(f.type)) for f in table.schema)
    count = len(rows.cells) if small else -1
    kind = found.kind if found else "none"
    crs = found.crs if found else None
    return [LayerInfo(path.stem, kind, count, fields, crs, rows.guess.encoding)]


def read_table(
    path: Path, layer: str | None, encoding: str | None, progress: Progress, limit: int | None
) -> RawLayer:
    """Read a text table with columns of coordinates or of well-known text.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    layer : str or None
        Not needed: there is only one.
    encoding : str or None
        Encoding as the user decided; None to find it.
    progress : Progress
        Told every few thousand rows.
    limit : int or None
        Stop after so many rows.

    Returns
    -------
    RawLayer
        Whole and broken numbers become numbers; codes with leading zeros and
        everything else stays text.

    Raises
    ------
    CityError
        ``file.no_coordinates``, naming the columns there are.
    """
    del layer
    rows = _understood(path, encoding, progress, limit)
    table = _typed(rows.header, rows.cells)
    return _layer(path, path.stem, table, rows.named, rows.guess.encoding, rows.notes())


def _layer(
    path: Path, name: str, table: pa.Table, named: bool, encoding: str | None, notes: list[Note]
) -> RawLayer:
    found = places(table, named=named)
    if found is None:
        raise no_coordinates(path, table.column_names)
    ids = as_objects([str(row + 1) for row in range(table.num_rows)])
    bad = ids[found.unreadable].tolist()
    return RawLayer(
        path=path,
        name=name,
        geometry=found.geometry,
        attributes=_without_shapes(table, found),
        crs=found.crs,
        encoding=encoding,
        ids=ids,
        notes=(*notes, *found.notes),
        unreadable={"coordinates_unreadable": bad} if bad else {},
    )


def layer_of_rows(
    path: Path, names: list[str], cells: list[list[str]], guess: Guess
) -> RawLayer | None:
    """Make a layer of rows of texts; None where no column says where they lie."""
    header: list[str] = []
    for name in names:
        header.append(unique_name(name, header))
    table = _typed(header, cells)
    if places(table) is None:
        return None
    return _layer(path, path.stem, table, True, guess.encoding, [*guess.notes()])


def _without_shapes(table: pa.Table, found: Places) -> pa.Table:
    """Leave out long texts of geometry; columns of coordinates stay, as the file has them."""
    return table.drop_columns(list(found.columns)) if found.kind == "unknown" else table


def no_coordinates(path: Path, names: Sequence[str]) -> CityError:
    """Make the error for a table that does not say where its rows lie."""
    shown = ", ".join(name[:40] for name in list(names)[:12])
    return CityError(
        "file.no_coordinates",
        "No columns of the table say where the rows lie.",
        hint=f"name them lon and lat, x and y, 经度 and 纬度, or wkt; the columns are: {shown}",
        where=str(path),
        columns=shown,
        name=path.name,
    )


def _understood(path: Path, encoding: str | None, progress: Progress, limit: int | None) -> _Rows:
    """Read the rows of a table; in a seldom encoding where only that names columns of places."""
    rows = _text_rows(path, encoding, progress, limit)
    if rows.guess.reason != "content" or names_places(rows.header):
        return rows
    for name in _SELDOM:
        others = _text_rows(path, name, Silent(), limit)
        if names_places(others.header):
            guess = replace(others.guess, reason="content", candidates=(name, rows.guess.encoding))
            return replace(others, guess=guess)
    return rows


def _text_rows(path: Path, encoding: str | None, progress: Progress, limit: int | None) -> _Rows:
    data = path.read_bytes()
    text, guess = _decoded(data, encoding)
    quoting: _Quoting = csv.QUOTE_NONE if _is_open_quote(text) else csv.QUOTE_MINIMAL
    separator = _separator(text[:_SAMPLE], quoting)
    source: Iterable[list[str]] = (line.split() for line in text.splitlines())
    if separator:
        source = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting)
    elif _COMMAS.fullmatch(text.splitlines()[-1]):
        source = (line.replace(",", ".").split() for line in text.splitlines())
    cells: list[list[str]] = []
    try:
        for row in source:
            if any(cell.strip() for cell in row):
                cells.append(row)
                if len(cells) % _STEP == 0:
                    progress.step(len(cells), 0, "progress-reading")
                if limit is not None and len(cells) > limit:
                    break
    except csv.Error as error:
        raise ogr.damaged(path, error) from error
    if not cells:
        raise empty_file(path)
    rows = _rows(cells, guess, limit)
    return replace(rows, open_quote=quoting == csv.QUOTE_NONE)


def _is_open_quote(text: str) -> bool:
    """Say whether a quotation mark is opened and never closed: the rest would be one cell."""
    if text.count('"') % 2 == 0:
        return False
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for _ in rows:
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def raw_cells(path: Path, encoding: str | None) -> list[tuple[str, list[list[str]]]]:
    """Give the cells of every table of a file as texts, without guessing what they mean.

    Parameters
    ----------
    path : pathlib.Path
        An Excel file, or a text with separators.
    encoding : str or None
        Encoding of a text as the user decided; None to find it.

    Returns
    -------
    list of (str, list of list of str)
        Name of the sheet (or of the file) and its rows; empty rows and sheets are left out.
    """
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        return [(sheet.title, sheet.cells) for sheet in sheets_of(path)]
    text, _ = _decoded(path.read_bytes(), encoding)
    separator = _separator(text[:_SAMPLE])
    source: Iterable[list[str]] = (line.split() for line in text.splitlines())
    if separator:
        source = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    cells = [row for row in source if any(cell.strip() for cell in row)]
    if not cells:
        raise empty_file(path)
    return [(path.stem, cells)]


def _decoded(data: bytes, encoding: str | None) -> tuple[str, Guess]:
    if wide := wide_codec(data):
        return data.decode(wide, errors="replace"), detect(b"", chosen="UTF-16")
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")
    lines = [line for line in data[: 4 * _SAMPLE].split(b"\n") if not line.isascii()]
    guess = detect(lines[:4000], chosen=encoding)
    return data.decode(guess.codec, errors="replace"), guess


def _separator(sample: str, quoting: _Quoting = csv.QUOTE_MINIMAL) -> str:
    """Find the separator: it gives the most columns, the same number in most lines."""
    best, most = "", 0.0
    if _COMMAS.fullmatch(sample.splitlines()[-2] if sample.count("\n") > 1 else sample):
        return ""
    for sign in _SEPARATORS:
        lines = csv.reader(io.StringIO(sample, newline=""), delimiter=sign, quoting=quoting)
        rows = islice(lines, 100)
        try:
            widths = [len(row) for row in rows if row]
        except csv.Error:
            continue
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        weight = usual * widths.count(usual) / len(widths)
        if widths[0] == 1:  # the names of the columns are parted by something else
            weight *= _UNNAMED
        if usual > 1 and weight > most:
            best, most = sign, weight
    return best


def _rows(cells: list[list[str]], guess: Guess, limit: int | None) -> _Rows:
    above, names = _header_row(cells)
    cells = [_filled(names, cells[:above]), *cells[above + 1 :]]
    first = [cell.strip() for cell in cells[0]]
    named = sum(bool(_BROKEN.fullmatch(cell)) for cell in first) < 2
    width = len(first) if named else max(len(row) for row in cells[:1000])
    header: list[str] = []
    for number in range(width):
        given = first[number] if named and number < len(first) else ""
        header.append(unique_name(given or f"column_{number + 1}", header))
    body = (cells[1:] if named else cells)[:limit]
    ragged = sum(len(row) != width for row in body)
    return _Rows(header, body, named, ragged, guess, above)


def _header_row(cells: list[list[str]]) -> tuple[int, list[str]]:
    """Find the row that names columns of places; titles and remarks may stand above it.

    Names may stand in two rows, one above the other: 坐标 over X and Y.
    """
    for pairs_only in (True, False):
        above: list[str] = []
        for number, row in enumerate(cells[:_TITLES]):
            names = [cell.strip() for cell in row]
            if names_places(names, pairs_only=pairs_only):
                return number, row
            both = [low or high for low, high in zip_longest(names, above, fillvalue="")]
            named = not any(map(_BROKEN.fullmatch, names))
            if above and named and names_places(both, pairs_only=pairs_only):
                return number, both
            above = names
    return 0, cells[0]


def _filled(names: Sequence[str], above: Sequence[Sequence[str]]) -> list[str]:
    """Give names with the blanks filled by what stands over them, titles of the table aside."""
    out = list(names)
    for row in reversed(above[-3:]):
        if sum(bool(cell.strip()) for cell in row) < 2:
            continue
        pairs = zip_longest(out, row[: len(out)], fillvalue="")
        out = [name if name.strip() else over for name, over in pairs]
    return out


def _typed(header: list[str], cells: Iterable[Sequence[str]]) -> pa.Table:
    rows = list(cells)
    columns = [
        typed_column([row[at] if at < len(row) else "" for row in rows])
        for at in range(len(header))
    ]
    return pa.Table.from_arrays(columns, names=header)


def typed_column(texts: Sequence[str]) -> pa.Array:
    """Give a column of texts the plainest type that keeps every value as it was.

    >>> typed_column(["7", " 12", ""]).to_pylist(), typed_column(["007", "12"]).to_pylist()
    ([7, 12, None], ['007', '12'])
    """
    stripped = [text.strip() or None for text in texts]
    given = [text for text in stripped if text is not None]
    if given and all(_WHOLE.fullmatch(text) for text in given):
        return pa.array([None if text is None else int(text) for text in stripped], pa.int64())
    if given and all(_BROKEN.fullmatch(text) and not _is_code(text) for text in given):
        return pa.array([None if text is None else float(text) for text in stripped], pa.float64())
    return pa.array(stripped, pa.string())


def _is_code(text: str) -> bool:
    """Say whether digits are a code and no quantity: leading zeros, or more than a number keeps."""
    digits = text.lstrip("+-")
    return bool(re.match(r"0\d", digits)) or ("." not in digits and len(digits) > 18)


def list_sheets(path: Path, encoding: str | None) -> list[LayerInfo]:
    """Tell of the sheets of an Excel file."""
    del encoding
    infos = []
    for name, rows in _sheets(path, 200):
        table = _typed(rows.header, rows.cells)
        found = places(table, named=rows.named)
        fields = tuple((f.name, str(f.type)) for f in table.schema)
        kind = found.kind if found else "none"
        infos.append(LayerInfo(name, kind, -1, fields, found.crs if found else None, None))
    return infos


def read_sheet(
    path: Path, layer: str | None, encoding: str | None, progress: Progress, limit: int | None
) -> RawLayer:
    """Read one sheet of an Excel file; parameters and errors as for `read_table`."""
    del encoding
    progress.step(0, 0, "progress-reading")
    for name, rows in _sheets(path, limit):
        if layer in (None, name):
            table = _typed(rows.header, rows.cells)
            made = _layer(path, name, table, rows.named, None, rows.notes())
            _check_formulas(path, made)
            return made
    raise ogr.no_such_layer(path, layer or "", [name for name, _ in _sheets(path, 1)])


def _check_formulas(path: Path, raw: RawLayer) -> None:
    """Refuse a sheet of which no row has a place since nobody calculated its formulas."""
    open_ = next((note for note in raw.notes if note.key == "formulas_open"), None)
    if open_ is not None and raw.missing().all():
        count, first = open_.facts["count"], open_.facts["first"]
        raise CityError(
            "file.formulas_open",
            f"No row has a place: {count} formulas were never calculated ({first}).",
            hint="open the table in Excel, WPS or LibreOffice, save it there, and import it again",
            where=f"{path.name} ({raw.name})",
            name=path.name,
            count=count,
            first=first,
        )


def _sheets(path: Path, limit: int | None) -> Iterator[tuple[str, _Rows]]:
    for sheet in sheets_of(path, None if limit is None else limit + _TITLES):
        rows = _rows(sheet.cells, detect(b""), limit)
        yield sheet.title, replace(rows, more=tuple(sheet.notes()))


def list_dbf(path: Path, encoding: str | None) -> list[LayerInfo]:
    """Tell of a DBF table without geometry beside it."""
    raw = _dbf(path, encoding, Silent(), 200)
    found = places(raw.attributes)
    fields = tuple((f.name, str(f.type)) for f in raw.attributes.schema)
    kind = found.kind if found else "none"
    return [LayerInfo(path.stem, kind, -1, fields, found.crs if found else None, raw.encoding)]


def read_dbf(
    path: Path, layer: str | None, encoding: str | None, progress: Progress, limit: int | None
) -> RawLayer:
    """Read a DBF table with columns of coordinates; parameters and errors as for `read_table`."""
    del layer
    raw = _dbf(path, encoding, progress, limit)
    return _layer(path, path.stem, raw.attributes, True, raw.encoding, list(raw.notes))


def _dbf(path: Path, encoding: str | None, progress: Progress, limit: int | None) -> RawLayer:
    declared, samples = dbf_samples(path)
    guess = detect(samples, declared=declared, chosen=encoding)
    raw = ogr.read(ogr.Asked(path, path, encoding="ISO-8859-1", limit=limit), progress)
    table, _ = redecode(raw.attributes, guess.codec)
    none: NDArray[np.object_] = np.full(table.num_rows, None, dtype=object)
    return RawLayer(path, path.stem, none, table, None, guess.encoding, raw.ids, guess.notes())
