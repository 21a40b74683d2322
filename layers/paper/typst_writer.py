"""PDF and pictures of pages, set by typst from a template; texts stay texts, drawings lines."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from layers.errors import CityError
from layers.files.plates import svg_of
from layers.paper.document import (
    LABELS,
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
from layers.paper.look import TYPST, Look
from layers.paper.orientation import runs
from layers.pipes.plate import Plate

DOTS = 110.0  # per inch of pictures of pages
LARGEST_TEMPLATES = 64 * 2**20  # bytes of a folder of templates that are taken along


def write_pdf(document: Document, path: Path, look: Look) -> None:
    """Write a PDF with its fonts in it."""
    with _laid_out(document, look) as page:
        path.write_bytes(_compiled(page, look, "pdf", DOTS)[0])


def page_pictures(document: Document, look: Look, dots: float = DOTS) -> list[bytes]:
    """Give every page as a PNG, `dots` pixels per inch."""
    with _laid_out(document, look) as page:
        return _compiled(page, look, "png", dots)


def _compiled(page: Path, look: Look, form: Any, dots: float) -> list[bytes]:
    import typst

    folders = list(dict.fromkeys(str(file.parent) for file in look.font_files))
    try:
        made: Any = typst.compile(
            str(page), root=str(page.parent), font_paths=folders, format=form, ppi=dots
        )
    except typst.TypstError as error:
        whole = " ".join(str(error.diagnostic).split())  # warnings about fonts come first
        told = whole[max(whole.find("error:"), 0) :].removeprefix("error:").strip(" .")
        raise CityError(
            "paper.template",
            f"The page cannot be set: {told}.",
            hint="put the template right, or take it out of the folder of templates",
            where=TYPST,
            reason=told,
        ) from error
    return list(made) if isinstance(made, list) else [made]


@contextmanager
def _laid_out(document: Document, look: Look) -> Iterator[Path]:
    """Lay the template, the document and its pictures into a folder; give the page to compile."""
    template = look.template(TYPST)
    assert template is not None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if template.parent == look.folder:
            _take_along(look.folder, folder)
        shutil.copyfile(template, folder / "main.typ")
        plain = _plain(document, look, folder)
        (folder / "document.json").write_text(
            json.dumps(plain, ensure_ascii=False), encoding="utf-8"
        )
        yield folder / "main.typ"


def _take_along(source: Path, target: Path) -> None:
    """Copy what lies beside an own template: logos, further typst files."""
    taken = 0
    for path in sorted(source.iterdir()):
        if path.is_file() and path.suffix != ".docx":
            taken += path.stat().st_size
            if taken > LARGEST_TEMPLATES:
                return
            shutil.copyfile(path, target / path.name)


def _plain(document: Document, look: Look, folder: Path) -> dict[str, Any]:
    """Give a document as JSON holds it; its pictures are written into the folder."""
    lang, _, region = document.language.partition("-")
    short = document.inputs[0].hash[:12] if document.inputs else ""
    return {
        "title": document.title, "subtitle": document.subtitle, "project": document.project,
        "date": document.date, "program": document.program, "author": document.author,
        "cover": document.cover, "contents": document.contents, "wide": document.wide,
        "fonts": list(look.families), "lang": lang, "region": region or None, "footnote": short,
        "labels": {**LABELS, **document.labels}, "about": [list(row) for row in document.about()],
        "blocks": list(_blocks(document, folder)),
        "inputs": [{"name": one.name, "hash": one.hash} for one in document.inputs],
        "packs": [{"name": one.name, "state": one.state, "verified": one.verified}
                  for one in document.packs],
    }  # fmt: skip


def _blocks(document: Document, folder: Path) -> Iterator[dict[str, Any]]:
    """Give the blocks with the number of their run, and whether it lies across."""
    number = 0
    for of, run in enumerate(runs(document)):
        for block in run.blocks:
            yield {**_block(block, number, folder), "run": of, "across": run.across}
            number += 1


def _block(block: Block, number: int, folder: Path) -> dict[str, Any]:
    made: dict[str, Any]
    match block:
        case Heading():
            made = {"kind": "heading", "text": block.text, "level": block.level}
        case Paragraph():
            made = {"kind": "paragraph", "text": block.text, "tone": block.tone}
        case Listing():
            made = {"kind": "listing", "items": list(block.items), "numbered": block.numbered}
        case Facts():
            rows = [list(row) for row in block.rows]
            made = {"kind": "facts", "title": block.title, "rows": rows}
        case Table():
            made = {
                "kind": "table", "title": block.title, "head": list(block.head),
                "rows": block.texts(), "shares": block.shares(), "numeric": block.right(),
                "statuses": list(block.statuses), "note": block.note,
            }  # fmt: skip
        case Picture():
            file = picture_file(block.source, folder / f"picture-{number}")
            made = {"kind": "picture", "file": file.name, "caption": block.caption,
                    "width_mm": block.width_mm}  # fmt: skip
        case Sheet():
            file = picture_file(block.plate, folder / f"sheet-{number}")
            made = {"kind": "sheet", "file": file.name, "width_mm": block.plate.width,
                    "height_mm": block.plate.height}  # fmt: skip
        case PageBreak():
            made = {"kind": "break"}
        case Signatures():
            made = {"kind": "signatures", "title": block.title, "parties": list(block.parties)}
    return made


def picture_file(source: Path | bytes | Plate, target: Path) -> Path:
    """Write a picture beside the page, a drawing as SVG; its ending is added to the name."""
    if isinstance(source, Plate):
        file = target.with_suffix(".svg")
        file.write_text(svg_of(source), encoding="utf-8")
    elif isinstance(source, bytes):
        file = target.with_suffix(".jpg" if source[:3] == b"\xff\xd8\xff" else ".png")
        file.write_bytes(source)
    else:
        file = target.with_suffix(source.suffix.lower())
        shutil.copyfile(source, file)
    return file
