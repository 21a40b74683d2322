"""Answers on paper: statements about sunlight, drawings of skylines, and any other as a report."""

from __future__ import annotations

from pathlib import Path

from app.analyses import asked_project
from layers.kinds.answers import SavedAnalysis
from layers.progress import Progress
from layers.project import Project

PAPERS = (".pdf", ".docx")
DRAWINGS = (".svg", ".dxf")


def papers_of(kind: str) -> tuple[str, ...]:
    """Give the endings of files that an answer can be written to on paper.

    >>> papers_of("skyline")
    ('.pdf', '.svg', '.dxf')
    """
    return (PAPERS[0], *DRAWINGS) if kind == "skyline" else PAPERS


def write_paper(
    project: Project, item: SavedAnalysis, path: Path, progress: Progress | None = None
) -> None:
    """Write an answer on paper; the suffix chooses how.

    The statement about sunlight and the skyline are worked out anew, on the scheme they are about;
    of other answers figures, remarks and table are printed.

    Parameters
    ----------
    project : Project
        The open project.
    item : SavedAnalysis
        The answer.
    path : pathlib.Path
        File to write.
    progress : Progress or None
        Told how far it is.

    Raises
    ------
    CityError
        As the analyses do, and where the file cannot be written.
    """
    if item.kind == "skyline":
        from app.skyline_picture import draw_skyline

        draw_skyline(project, item.params, path, scheme=item.scheme, title=item.name)
    elif item.kind == "sunlight":
        from app.sunlight_paper import write_statement

        shown = asked_project(project, item.scheme)
        write_statement(shown, item.params, path, progress, author=project.info.author)
    else:
        from app.papers import answer_blocks, document, write

        report = document(project, item.name, answer_blocks(item), author=project.info.author)
        write(report, path)
