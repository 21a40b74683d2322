"""Documents: what their tables say, and what the writers make of them."""

from __future__ import annotations

import io
import math
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from layers.errors import CityError
from layers.paper.document import (
    Block,
    Document,
    Facts,
    Heading,
    Input,
    Listing,
    PackNote,
    PageBreak,
    Paragraph,
    Picture,
    Sheet,
    Signatures,
    Table,
    table_of,
)
from layers.paper.look import TEMPLATES, Look
from layers.paper.writing import write_document
from layers.paper.xlsx_writer import sheet_name
from layers.pipes.plate import Board, Plate

LONG = Table(
    ("编号", "长度", "注"),
    tuple((f"JS{k:03d}", 1.5 * k, None if k % 2 else "x") for k in range(120)),
    "管线表", digits=(0, 1, 0), statuses=("pass", "warning", "fail", "none"), note="* assumed",
)  # fmt: skip


def plate(width: float = 420.0, height: float = 297.0) -> Plate:
    board = Board()
    board.rectangle(10.0, 10.0, width - 10.0, height - 10.0)
    board.text(50.0, 50.0, "断面 A-A", 5.0)
    return Plate(width, height, tuple(board.shapes), "A-A")


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as page:
        return page.size


def picture() -> bytes:
    made = io.BytesIO()
    Image.fromarray(np.full((40, 60, 3), 200, dtype=np.uint8)).save(made, "PNG")
    return made.getvalue()


BLOCKS: tuple[Block, ...] = (
    Heading("一、概况"), Paragraph("滨江新区地下管线。"), Paragraph("unverified", "warning"),
    Paragraph("note", "note"), Paragraph("small", "small"), Listing(("a", "b"), numbered=True),
    Listing(("c",)), Facts((("管线长度", "12 km"),), "Figures"), Heading("表", 2), LONG,
    Table(("A", "B"), ((1, 2.0),), "wide one", wide=True), Picture(picture(), "Figure 1", 60.0),
    Picture(plate(180.0, 60.0), "drawing"), PageBreak(), Sheet(plate()), Paragraph("after"),
    Signatures(("Applicant", "滨江水务集团"), "Consent"),
)  # fmt: skip
DOCUMENT = Document(
    "占道挖掘许可", BLOCKS, "建设路", "滨江新区", "2026-11-21", "citystage 0.1.0", "P. Lanner",
    (("Place", "建设路"),), (Input("Pipes", "0123456789abcdef"),),
    (PackNote("GB 50289-2016", "0 of 12 rules"), PackNote("own", "all", verified=True)), "zh-CN",
    contents=True,
)  # fmt: skip


def test_cells_are_written_with_the_digits_of_their_column() -> None:
    assert LONG.texts()[1] == ["JS001", "1.5", ""]
    assert LONG.numeric() == [False, True, False]
    assert Table(("a",), ((math.nan,), (2.0,))).texts() == [[""], ["2.00"]]
    assert Table(("a", "b"), ((3, True),), widths=(1.0, 2.0)).shares() == [1.0, 2.0]


def test_columns_of_worded_numbers_stand_to_the_right_but_never_the_first() -> None:
    table = Table(
        ("id", "area", "change", "time", "none", "n"),
        (("1", "1,234.5 m²  (−3.0 m²)", "-", "08:00-09:30", None, 2),
         ("2", "", "+4", "2026-01-20", "", 3)),
    )  # fmt: skip
    assert table.right() == [False, True, True, False, False, True]


def test_a_table_is_made_of_columns_in_the_order_of_the_headings() -> None:
    made = table_of({"x": [1, 2], "y": ["a", "b"], "z": [0, 0]}, {"y": "Y", "x": "X"}, title="t")
    assert made.head == ("Y", "X")
    assert made.rows == (("a", 1), ("b", 2))
    assert made.title == "t"


@given(st.lists(st.text(max_size=40), max_size=8))
def test_names_of_sheets_are_short_and_differ(titles: list[str]) -> None:
    taken: list[str] = []
    names = [sheet_name(title, taken) for title in titles]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_a_pdf_holds_text_fonts_and_as_many_pages_as_there_are_pictures(tmp_path: Path) -> None:
    write_document(DOCUMENT, tmp_path / "a.pdf")
    data = (tmp_path / "a.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    assert b"/FontFile" in data  # embedded
    pages = write_document(DOCUMENT, tmp_path / "a.png")
    assert [page.name for page in pages] == [f"a-{k}.png" for k in range(1, len(pages) + 1)]
    sizes = [size_of(page) for page in pages]
    upright, across = (909, 1286), (1286, 909)
    assert sizes[0] == upright
    assert across in sizes  # the wide table
    assert (1819, 1286) in sizes  # the A3 sheet
    assert len(pages) >= 8


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        write_document(DOCUMENT, tmp_path / name)
    one, two = ((tmp_path / name).read_bytes() for name in ("a.pdf", "b.pdf"))
    assert len(one) == len(two)


def test_a_docx_has_headings_tables_with_repeating_heads_pictures_and_sections(
    tmp_path: Path,
) -> None:
    write_document(DOCUMENT, tmp_path / "a.docx")
    book = docx.Document(str(tmp_path / "a.docx"))
    headings = [p.text for p in book.paragraphs if p.style and p.style.name.startswith("Heading")]
    assert headings == ["一、概况", "表", "Basis of this report"]
    assert book.paragraphs[0].text == "占道挖掘许可"
    long = next(t for t in book.tables if len(t.rows) == 121)
    assert long.cell(2, 1).text == "1.5"
    assert "w:tblHeader" in long.rows[0]._tr.xml
    assert len(book.inline_shapes) == 3
    widths = {round(section.page_width.mm) for section in book.sections if section.page_width}
    assert widths == {210, 297, 420}
    first = book.sections[0]
    assert "citystage 0.1.0" in first.footer.paragraphs[0].text
    assert "占道挖掘许可" in first.header.paragraphs[0].text
    assert first.different_first_page_header_footer
    body = zipfile.ZipFile(tmp_path / "a.docx").read("word/footer1.xml").decode()
    assert "NUMPAGES" in body + zipfile.ZipFile(tmp_path / "a.docx").read(
        "word/footer2.xml").decode()  # fmt: skip
    texts = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    assert "0123456789abcdef" in texts
    assert "滨江水务集团" in texts


def test_a_workbook_has_a_sheet_per_table_with_numbers_as_numbers(tmp_path: Path) -> None:
    table = Table(("=cmd", "n"), (("=1+1", 2.5), ("a", None)), "A/B")
    document = replace(DOCUMENT, blocks=(*BLOCKS, table, table))
    write_document(document, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["占道挖掘许可", "管线表", "wide one", "A B", "A B 2"]
    sheet = book["A B"]
    assert sheet["A2"].value == "=1+1"
    assert sheet["A2"].data_type == "s"
    assert sheet["B2"].value == 2.5
    assert sheet["B3"].value is None
    first = [row[1] for row in book["占道挖掘许可"].iter_rows(max_col=2, values_only=True)]
    assert "0123456789abcdef" in first


def test_the_users_own_templates_decide_how_it_looks(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    text = (TEMPLATES / "report.typ").read_text(encoding="utf-8")
    (own / "report.typ").write_text(text.replace('paper: "a4"', 'paper: "a5"'), encoding="utf-8")
    base = docx.Document()
    base.sections[0].header.paragraphs[0].text = "滨江规划院"
    base.add_paragraph("text of the template")
    base.save(str(own / "report.docx"))
    pages = write_document(replace(DOCUMENT, blocks=()), tmp_path / "a.png", Look(folder=own))
    assert size_of(pages[0]) == (641, 909)
    write_document(DOCUMENT, tmp_path / "a.docx", Look(folder=own))
    book = docx.Document(str(tmp_path / "a.docx"))
    assert book.sections[0].header.paragraphs[0].text == "滨江规划院"
    assert all(p.text != "text of the template" for p in book.paragraphs)


def test_a_template_with_an_error_is_told(tmp_path: Path) -> None:
    (tmp_path / "report.typ").write_text("#nothing-like-this()", encoding="utf-8")
    with pytest.raises(CityError, match="unknown variable") as told:
        write_document(DOCUMENT, tmp_path / "a.pdf", Look(folder=tmp_path))
    assert told.value.code == "paper.template"
    assert not (tmp_path / "a.pdf").exists()


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CityError) as told:
        write_document(DOCUMENT, tmp_path / "a.odt")
    assert told.value.code == "paper.suffix"


def test_a_docx_of_wide_pages_lies_across_and_no_picture_leaves_the_page(tmp_path: Path) -> None:
    wide = replace(DOCUMENT, wide=True, blocks=(Picture(picture(), "One", 400.0),))
    write_document(wide, tmp_path / "a.docx")
    book = docx.Document(str(tmp_path / "a.docx"))
    section = book.sections[0]
    assert int(section.page_width or 0) > int(section.page_height or 0)
    room = int(section.page_width or 0) - int(section.left_margin or 0)
    room -= int(section.right_margin or 0)
    assert int(book.inline_shapes[0].width) == room
    style: Any = book.styles["Header"]
    stops = [int(stop.position) for stop in style.paragraph_format.tab_stops]
    assert stops == []  # what stands on the right is not stopped in the middle
    write_document(replace(wide, wide=False), tmp_path / "b.docx")
    upright = docx.Document(str(tmp_path / "b.docx")).sections[0]
    assert int(upright.page_width or 0) < int(upright.page_height or 0)
