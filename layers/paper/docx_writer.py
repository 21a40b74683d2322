"""DOCX through python-docx: real styles, so that an own template decides how it looks."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.files.plates import typeset
from layers.paper.document import (
    STATUS_COLOURS,
    Block,
    Document,
    Facts,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Picture,
    Sheet,
    Signatures,
    Table,
)
from layers.paper.look import DOCX, Look
from layers.paper.orientation import runs
from layers.pipes.plate import Plate

if TYPE_CHECKING:
    from docx.document import Document as Book

DOTS = 200.0  # pixels per inch of drawings
WORD_FAMILY = "Microsoft YaHei"  # where Word has no font of ours, this one is on Chinese Windows
ACCENT, PALE, GREY = "1F5F8B", "E8ECF0", "464646"
CELL = 40  # twentieths of a point above and below the texts of cells
HEADER, FOOTER = 18.0, 20.0  # millimetres of the margins


def write_docx(document: Document, path: Path, look: Look) -> None:
    """Write a document for Word and LibreOffice."""
    import docx

    template = look.template(DOCX)
    book = docx.Document(str(template) if template is not None else None)
    if template is None:
        _dress(book)
    else:
        _empty(book)
    if document.wide:
        _across(book.sections[0])
    if template is None or not _said(book.sections[0].header):
        _running(book, document)
    _cover(book, document)
    writer = _Writer(book, document)
    for run in runs(document):
        writer.lay(run.across or document.wide)
        for block in run.blocks:
            writer.block(block)
    if document.inputs or document.packs:
        writer.lay(document.wide)
        writer.basis()
    core = book.core_properties
    core.title, core.author, core.comments = document.title, document.author, document.program
    with path.open("wb") as file:
        book.save(file)


def _said(part: Any) -> bool:
    return any(paragraph.text.strip() for paragraph in part.paragraphs)


def _empty(book: Book) -> None:
    """Take the text out of a template; page sizes, headers and styles stay."""
    from docx.oxml.ns import qn

    body = book.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)


def _dress(book: Book) -> None:
    """Set fonts, colours and an A4 page where there is no template."""
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    section = book.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(22), Mm(18)
    section.top_margin, section.bottom_margin = Mm(24), Mm(20)
    sizes = {"Normal": 10, "Title": 26, "Subtitle": 14, "Heading 1": 15, "Heading 2": 12,
             "Heading 3": 10.5, "Caption": 8.5}  # fmt: skip
    for name, size in sizes.items():
        style: Any = book.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), WORD_FAMILY)
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        if name not in {"Normal", "Caption", "Subtitle"}:
            style.font.color.rgb = RGBColor.from_string(ACCENT)
    book.styles["Caption"].font.color.rgb = RGBColor.from_string(GREY)


def _across(section: Any) -> None:
    """Lay the pages of a section across."""
    from docx.enum.section import WD_ORIENT

    width, height = sorted((int(section.page_width or 0), int(section.page_height or 0)))
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = height, width


def _running(book: Book, document: Document) -> None:
    """Write the header and the footer with page numbers."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Pt

    section = book.sections[0]
    section.different_first_page_header_footer = document.cover
    wide = _width(section)
    short = document.inputs[0].hash[:12] if document.inputs else ""
    foot = "  ".join(part for part in (document.program, document.date, short) if part)
    parts: list[tuple[Any, str, bool]] = [
        (section.header, f"{document.title}\t{document.project}", False)
    ]
    parts += [(section.footer, f"{foot}\t", True)]
    if document.cover:
        parts += [(section.first_page_footer, f"{foot}\t", False)]
    for part, text, numbered in parts:
        line = part.paragraphs[0]
        line.style.paragraph_format.tab_stops.clear_all()  # those of the style stand before it
        line.paragraph_format.tab_stops.add_tab_stop(wide, WD_TAB_ALIGNMENT.RIGHT)
        line.add_run(text)
        if numbered:
            line.add_run(f"{document.label('page')} ")
            _field(line, "PAGE")
            line.add_run(f" {document.label('of')} ")
            _field(line, "NUMPAGES")
            line.add_run(document.label("end"))
        for run in line.runs:
            run.font.size = Pt(8)


def _width(section: Any) -> Any:
    return section.page_width - section.left_margin - section.right_margin


def _field(line: Any, code: str) -> None:
    """Write a field that Word counts."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind, text in (("begin", ""), ("", code), ("end", "")):
        run = line.add_run()
        if kind:
            made = OxmlElement("w:fldChar")
            made.set(qn("w:fldCharType"), kind)
        else:
            made = OxmlElement("w:instrText")
            made.text = text
        run._r.append(made)


def _cover(book: Book, document: Document) -> None:
    from docx.shared import Mm

    title = book.add_paragraph(document.title, style="Title")
    if document.cover:
        title.paragraph_format.space_before = Mm(45)
    if document.subtitle:
        book.add_paragraph(document.subtitle, style="Subtitle")
    if document.cover:
        book.add_paragraph().paragraph_format.space_before = Mm(60)
    _pairs(book, document.about())
    if document.cover:
        _break(book)


def _break(book: Any) -> None:
    book.add_page_break()


def _pairs(book: Book, rows: Any) -> None:
    rows = list(rows)
    if not rows:
        return
    table = book.add_table(rows=0, cols=2)
    _grid(table)
    for name, value in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, value
    _set_widths(book, table, [1.0, 2.4])
    book.add_paragraph()


def _grid(table: Any) -> None:
    """Give a table lines, whatever styles there are."""
    names = {style.name for style in table.part.document.styles}
    table.style = "Table Grid" if "Table Grid" in names else None
    _roomy(table)


def _roomy(table: Any) -> None:
    """Let a little room above and below the texts of cells."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    room = OxmlElement("w:tblCellMar")
    for side in ("top", "bottom"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(CELL))
        edge.set(qn("w:type"), "dxa")
        room.append(edge)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is None:
        table._tbl.tblPr.append(room)
    else:
        look.addprevious(room)


def _set_widths(book: Book, table: Any, shares: list[float]) -> None:
    whole = int(_width(book.sections[-1]))
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        wide = int(whole * share / sum(shares))
        column.width = wide
        for cell in column.cells:
            cell.width = wide


class _Writer:
    """Writes blocks one after the other."""

    def __init__(self, book: Book, document: Document) -> None:
        self._book, self._document = book, document
        self._across = document.wide
        self._broken = False  # a page ends here; an empty line of its own could fill another one

    def block(self, block: Block) -> None:
        """Write a block."""
        book = self._book
        broken, self._broken = self._broken, isinstance(block, PageBreak)
        if broken and not isinstance(block, Heading):
            _break(book)
        match block:
            case Heading():
                made = book.add_heading(block.text, level=min(block.level, 9))
                made.paragraph_format.page_break_before = broken or None
            case Paragraph():
                self._paragraph(block)
            case Listing():
                style = "List Number" if block.numbered else "List Bullet"
                for item in block.items:
                    book.add_paragraph(item, style=style)
            case Facts():
                if block.title:
                    self._headed(block.title)
                _pairs(book, block.rows)
            case Table():
                self._table(block)
            case Picture():
                self._picture(block)
            case Sheet():
                self._sheet(block)
            case PageBreak():
                pass  # whatever comes next begins a page
            case Signatures():
                self._signatures(block)

    def _paragraph(self, block: Paragraph) -> None:
        from docx.shared import Pt, RGBColor

        run = self._book.add_paragraph().add_run(block.text)
        if block.tone == "small":
            run.font.size = Pt(8.5)
        elif block.tone != "body":
            run.bold = True
            colour = STATUS_COLOURS["warning"][1:] if block.tone == "warning" else ACCENT
            run.font.color.rgb = RGBColor.from_string(colour.upper())

    def _headed(self, title: str) -> None:
        """Write the title of a table; it stays on the page of the table."""
        line = self._book.add_paragraph()
        line.add_run(title).bold = True
        line.paragraph_format.keep_with_next = True

    def _table(self, block: Table) -> None:
        if block.title:
            self._headed(block.title)
        table = self._book.add_table(rows=1, cols=len(block.head))
        _grid(table)
        numeric = block.right()
        for cell, name in zip(table.rows[0].cells, block.head, strict=True):
            _write(cell, name, bold=True, fill=PALE)
        _repeat(table.rows[0])
        for number, row in enumerate(block.texts()):
            made = table.add_row()
            _whole(made)
            state = block.statuses[number] if number < len(block.statuses) else ""
            for column, (cell, text) in enumerate(zip(made.cells, row, strict=True)):
                colour = STATUS_COLOURS[state] if state and column == 0 else ""
                _write(cell, text, right=numeric[column], colour=colour, bold=bool(colour))
        _set_widths(self._book, table, block.shares())
        _after_table(self._book, block.note)

    def lay(self, across: bool) -> None:
        """Go on with pages across or upright, where the last ones were not."""
        from docx.enum.section import WD_ORIENT, WD_SECTION

        if across == self._across:
            return
        self._across, self._broken = across, False
        section = self._book.add_section(WD_SECTION.NEW_PAGE)
        sizes = sorted((int(section.page_width or 0), int(section.page_height or 0)))
        width, height = (sizes[1], sizes[0]) if across else (sizes[0], sizes[1])
        section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = width, height
        _run_on(section, self._book.sections[0])

    def _picture(self, block: Picture) -> None:
        from docx.shared import Mm

        room = _width(self._book.sections[-1])
        wide = min(Mm(block.width_mm), room) if block.width_mm else room
        self._book.add_picture(_stream(block.source), width=wide)
        if block.caption:
            self._book.paragraphs[-1].paragraph_format.keep_with_next = True
            self._book.add_paragraph(block.caption, style="Caption")

    def _sheet(self, block: Sheet) -> None:
        """Put a drawing on a page of its own size, up to the largest that Word takes."""
        from docx.enum.section import WD_SECTION
        from docx.shared import Mm

        before = self._book.sections[-1]
        size = before.page_width, before.page_height
        margins = {name: getattr(before, name) for name in _MARGINS}
        section = self._book.add_section(WD_SECTION.NEW_PAGE)
        factor = min(1.0, 558.0 / max(block.plate.width, block.plate.height))  # Word: 22 inches
        wide, high = block.plate.width * factor, block.plate.height * factor
        section.page_width, section.page_height = Mm(wide), Mm(high)
        for name in _MARGINS:
            setattr(section, name, Mm(0))
        for part in (section.header, section.footer):
            part.is_linked_to_previous = False
        self._book.add_picture(_stream(block.plate), width=Mm(wide - 1.0))
        line = self._book.paragraphs[-1].paragraph_format
        line.space_after = line.space_before = Mm(0)
        after = self._book.add_section(WD_SECTION.NEW_PAGE)
        after.page_width, after.page_height = size
        for name, value in margins.items():
            setattr(after, name, value)
        after.header.is_linked_to_previous = after.footer.is_linked_to_previous = False
        for part, first in ((after.header, before.header), (after.footer, before.footer)):
            _copied(first, part)

    def _signatures(self, block: Signatures) -> None:
        from docx.shared import Mm

        if block.title:
            self._headed(block.title)
        table = self._book.add_table(rows=1, cols=4)
        _grid(table)
        words = ("", *(self._document.label(key) for key in ("name", "signature", "date")))
        for cell, word in zip(table.rows[0].cells, words, strict=True):
            _write(cell, word, bold=True, fill=PALE)
        for party in block.parties:
            row = table.add_row()
            row.height = Mm(15)
            _write(row.cells[0], party)
        _set_widths(self._book, table, [2.0, 1.4, 2.0, 1.2])

    def basis(self) -> None:
        """Write on what the document rests."""
        document, label = self._document, self._document.label
        if not (document.inputs or document.packs):
            return
        self._book.add_heading(label("basis"), level=1)
        if document.inputs:
            rows = tuple((one.name, one.hash) for one in document.inputs)
            self._table(Table((label("input"), label("hash")), rows, widths=(1.0, 1.0)))
        if document.packs:
            packs = tuple((one.name, one.state) for one in document.packs)
            self._table(Table((label("pack"), label("verified")), packs, widths=(1.0, 1.0)))


_MARGINS = ("left_margin", "right_margin", "top_margin", "bottom_margin")


def _run_on(section: Any, first: Any) -> None:
    """Give a section the running lines of the first one, their ends at its own margin."""
    from docx.enum.text import WD_TAB_ALIGNMENT

    section.different_first_page_header_footer = False
    for part, old in ((section.header, first.header), (section.footer, first.footer)):
        part.is_linked_to_previous = False
        _copied(old, part)
        for line in part.paragraphs:
            stops = line.paragraph_format.tab_stops
            if len(stops) == 1 and stops[0].alignment == WD_TAB_ALIGNMENT.RIGHT:
                stops.clear_all()
                stops.add_tab_stop(_width(section), WD_TAB_ALIGNMENT.RIGHT)


def _after_table(book: Book, note: str) -> None:
    """Write the note below a table, or as little as Word wants there."""
    from docx.shared import Pt

    line = book.add_paragraph(note)
    if note:
        line.style = "Caption"
    else:
        line.paragraph_format.space_after = Pt(0)
        line.paragraph_format.line_spacing = Pt(6)


def _copied(source: Any, target: Any) -> None:
    """Copy the lines of a header or footer into another."""
    from copy import deepcopy

    body = target._element
    for child in list(body):
        body.remove(child)
    for child in source._element:
        body.append(deepcopy(child))


def _stream(source: Path | bytes | Plate) -> io.BytesIO:
    if isinstance(source, Plate):
        return io.BytesIO(typeset(source, "png", DOTS))
    return io.BytesIO(source if isinstance(source, bytes) else source.read_bytes())


def _write(
    cell: Any, text: str, *, bold: bool = False, right: bool = False, colour: str = "",
    fill: str = "",
) -> None:  # fmt: skip
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    line = cell.paragraphs[0]
    run = line.add_run(text)
    run.font.size, run.bold = Pt(8.5), bold or None
    line.paragraph_format.space_after = Pt(0)
    if right:
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour[1:].upper())
    if fill:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)


def _repeat(row: Any) -> None:
    """Let a row stand on every page of its table."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement("w:tblHeader")
    made.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(made)


def _whole(row: Any) -> None:
    """Keep a row on one page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
