"""Writing a document: the ending of the name decides between PDF, pages as PNG, DOCX and XLSX."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from layers.errors import CityError
from layers.files.sheets import appearing
from layers.paper.document import Document
from layers.paper.docx_writer import write_docx
from layers.paper.look import Look
from layers.paper.typst_writer import page_pictures, write_pdf
from layers.paper.xlsx_writer import write_workbook

#: Who writes what; PNG gives one file per page and goes another way.
WRITERS: dict[str, Callable[[Document, Path, Look], None]] = {
    ".pdf": write_pdf,
    ".docx": write_docx,
    ".xlsx": write_workbook,
}
SUFFIXES = (*WRITERS, ".png")


def write_document(document: Document, path: Path, look: Look = Look()) -> tuple[Path, ...]:
    """Write a document.

    Parameters
    ----------
    document : Document
        What it says.
    path : pathlib.Path
        ``.pdf``, ``.docx``, ``.xlsx`` (its tables, one sheet each) or ``.png`` (one file per
        page, ``NAME-1.png`` and so on).
    look : Look
        Fonts and templates.

    Returns
    -------
    tuple of pathlib.Path
        The files.

    Raises
    ------
    CityError
        ``paper.suffix``; ``paper.template`` where a template has an error; ``tables.write``.
    """
    suffix = checked_suffix(path)
    if suffix != ".png":
        with appearing(path) as partial:
            WRITERS[suffix](document, partial, look)
        return (path,)
    made = []
    pages = page_pictures(document, look)
    for number, page in enumerate(pages, start=1):
        name = path.name if len(pages) == 1 else f"{path.stem}-{number}{path.suffix}"
        with appearing(path.with_name(name)) as partial:
            partial.write_bytes(page)
        made.append(path.with_name(name))
    return tuple(made)


def checked_suffix(path: Path) -> str:
    """Give the ending of a name in small letters.

    Raises
    ------
    CityError
        ``paper.suffix`` where nothing writes it.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise CityError(
            "paper.suffix",
            f"A report cannot be written as '{suffix or path.name}'.",
            hint="use .pdf, .docx, .xlsx or .png",
            where=path.name,
            suffix=suffix or path.name,
        )
    return suffix
