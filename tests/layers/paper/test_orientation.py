"""Which pages stand upright and which lie across."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from layers.paper.document import (
    Block,
    Document,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Picture,
    Sheet,
    Signatures,
    Table,
)
from layers.paper.orientation import lies, runs
from layers.paper.writing import write_document
from layers.pipes.plate import Plate

SMALL = Table(("A", "B"), ((1, 2.0),))
LONG = Table(("A", "B"), tuple((k, 2.0) for k in range(60)))
WIDE = replace(SMALL, wide=True)
MANY = Table(tuple(f"quantity {k}" for k in range(14)), (tuple(1.5 for _ in range(14)),))
DRAWING = Plate(250.0, 120.0, (), "")


def kinds(*blocks: Block) -> list[tuple[bool, int]]:
    return [(run.across, len(run.blocks)) for run in runs(Document("T", blocks))]


def test_a_table_of_many_columns_lies_and_one_with_given_widths_stands() -> None:
    assert lies(MANY)
    assert not lies(SMALL)
    assert not lies(replace(MANY, widths=(1.0,) * 14))


def test_a_drawing_that_would_shrink_lies_unless_its_width_was_asked_for() -> None:
    assert lies(Picture(DRAWING))
    assert not lies(Picture(DRAWING, "", 150.0))
    assert not lies(Picture(replace(DRAWING, width=180.0)))
    assert lies(Picture(b"", wide=True))


def test_headings_and_notes_go_with_their_table_and_text_stands_upright() -> None:
    text, table = (Heading("One"), Paragraph("x")), (Heading("Two"), Paragraph("y"))
    assert kinds(*text, LONG, *table, WIDE, Paragraph("note"), Heading("Three"), LONG) == [
        (False, 3), (True, 4), (False, 2),
    ]  # fmt: skip


def test_a_chapter_begins_on_the_page_of_its_first_wide_table() -> None:
    assert kinds(LONG, Heading("1"), Paragraph("lead"), Heading("2", 2), WIDE) == [
        (False, 1), (True, 4),
    ]  # fmt: skip


def test_a_few_lines_between_two_pages_across_stay_there() -> None:
    assert kinds(WIDE, Heading("Few"), SMALL, Heading("Next"), WIDE) == [(True, 5)]
    assert kinds(WIDE, Heading("Many"), LONG, Heading("Next"), WIDE) == [
        (True, 1), (False, 2), (True, 2),
    ]  # fmt: skip


def test_a_few_lines_before_a_drawing_on_its_own_page_take_no_page() -> None:
    few = (Heading("Drawings"), Listing(("1. Map",)))
    assert kinds(WIDE, *few, Sheet(DRAWING), LONG) == [(True, 3), (False, 2)]
    assert kinds(WIDE, Heading("Long"), LONG, Sheet(DRAWING)) == [(True, 1), (False, 3)]


def test_page_breaks_where_the_paper_turns_leave_no_empty_page(tmp_path: Path) -> None:
    blocks: tuple[Block, ...] = (
        Paragraph("text"), PageBreak(), Heading("Wide"), WIDE, PageBreak(), Heading("End"), LONG,
    )  # fmt: skip
    assert kinds(*blocks) == [(False, 1), (True, 2), (False, 2)]
    pages = write_document(Document("T", blocks, cover=False), tmp_path / "p.png")
    sizes = []
    for page in pages:
        with Image.open(page) as opened:
            sizes.append(opened.width > opened.height)
    assert sizes[:3] == [False, True, False]


def test_what_is_all_across_or_all_upright_is_one_run() -> None:
    assert runs(Document("T")) == ()
    assert kinds(SMALL, LONG) == [(False, 2)]
    assert [run.across for run in runs(Document("T", (SMALL, WIDE), wide=True))] == [True]


def test_a_docx_turns_its_pages_as_often_as_a_pdf(tmp_path: Path) -> None:
    blocks = (Paragraph("text"), LONG, Heading("Wide"), WIDE, Heading("End"), LONG)
    write_document(Document("T", blocks, cover=False), tmp_path / "a.docx")
    sections = docx.Document(str(tmp_path / "a.docx")).sections
    lying = [int(one.page_width or 0) > int(one.page_height or 0) for one in sections]
    assert lying == [False, True, False]


def test_a_title_is_left_out_below_a_heading_that_says_the_same_on_these_pages() -> None:
    named = replace(LONG, title="Gaps")
    (alone,) = runs(Document("T", (Heading("Gaps"), named, Heading("Other"), named)))
    assert [block.title for block in alone.blocks if isinstance(block, Table)] == ["", "Gaps"]
    turned = runs(Document("T", (Heading("Gaps"), named, replace(named, wide=True))))
    assert [run.blocks[-1].title for run in turned] == ["", "Gaps"]  # type: ignore[union-attr]  # tables


PARTS = st.sampled_from(
    [Heading("H"), Paragraph("p"), Listing(("a",)), SMALL, LONG, WIDE, Sheet(DRAWING),
     Signatures(("x",))]
)  # fmt: skip


@given(st.lists(PARTS, max_size=14))
def test_nothing_is_lost_or_moved_and_neighbours_differ(blocks: list[Block]) -> None:
    found = runs(Document("T", tuple(blocks)))
    assert [block for run in found for block in run.blocks] == blocks
    turned = [run.across for run in found]
    assert all(a != b for a, b in itertools.pairwise(turned))
    assert all(run.across for run in found for block in run.blocks if lies(block))
    assert not any(isinstance(b, Sheet) for run in found if run.across for b in run.blocks)


def test_a_docx_ends_with_its_last_table_and_runs_on_to_the_margin_of_each_page(
    tmp_path: Path,
) -> None:
    blocks = (LONG, PageBreak(), Heading("Pictures"), LONG, Heading("Wide"), WIDE)
    write_document(Document("T", blocks, project="City"), tmp_path / "a.docx")
    book = docx.Document(str(tmp_path / "a.docx"))
    lying = [int(one.page_width or 0) > int(one.page_height or 0) for one in book.sections]
    assert lying == [False, True]  # no empty page upright behind the last table
    pictures = next(line for line in book.paragraphs if line.text == "Pictures")
    assert pictures.paragraph_format.page_break_before  # no line of its own for the break
    across = book.sections[1]
    wide, left, right = across.page_width, across.left_margin, across.right_margin
    assert wide is not None
    assert left is not None
    assert right is not None
    room = wide - left - right
    for part in (across.header, across.footer):
        (stop,) = part.paragraphs[0].paragraph_format.tab_stops
        assert stop.position == pytest.approx(room, abs=1000)
    assert "City" in across.header.paragraphs[0].text
    assert not across.different_first_page_header_footer
