"""Schemes side by side on disk: pictures, what differs, a sheet of all, and tables with deltas."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.answer_words import analysis_name, figure, heading
from app.scheme_answers import LEFT_OUT, SHADE, VIEW, told_of
from app.wording import UNITS, Wording, unit_of
from layers.errors import CityError
from layers.kinds.answers import SavedAnalysis
from layers.kinds.base import Layer
from layers.progress import Part, Progress, Silent
from layers.project import Project
from layers.schemes import captured, project_with
from layers.schemes_compare import (
    COLOURS,
    Figure,
    difference_project,
    differences,
    figures,
    shown_alone,
)
from layers.schemes_model import EXISTING
from layers.viewpoint import View

if TYPE_CHECKING:
    from PIL.Image import Image

Grid = Sequence[Sequence[NDArray[np.uint8] | None]]

#: Analyses that say something about a scheme without being asked for places.
ASKED = ("six-lines", "indicators")
GAP = 12  # pixels between pictures of a sheet
PRINTED = 1.8  # times larger letters are in pictures that stand beside each other on paper
SHEET_WIDTH = 4800  # pixels of a sheet at most
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A row of the table of differences in words.

    Attributes
    ----------
    what : str
        Name of the figure.
    cells : tuple of str
        One per scheme; behind the first one the difference to it in brackets.
    best : tuple of int
        Positions of the better ones.
    """

    what: str
    cells: tuple[str, ...]
    best: tuple[int, ...] = ()


def scheme_word(name: str, wording: Wording) -> str:
    """Give the name of a scheme, or the words for the existing city."""
    return wording.t("schemes-existing") if name == EXISTING else name


def analysed(
    project: Project, name: str, progress: Progress = Silent(), *, sun_before: str = ""
) -> dict[str, SavedAnalysis]:
    """Give what analyses say of a scheme; those that cannot be asked are left out.

    Parameters
    ----------
    project : Project
        The project.
    name : str
        Scheme.
    progress : Progress
        Told how far it is.
    sun_before : str
        Scheme against which the sun of the neighbours' windows is counted; "" leaves it out.
    """
    from layers.analyses import running
    from layers.analyses.table import ANALYSES

    shown = project_with(project, name)
    out: dict[str, SavedAnalysis] = {}
    asked: dict[str, dict[str, Any]] = {key: {} for key in ASKED if key in ANALYSES}
    if sun_before and name != sun_before:
        asked["sunlight"] = {"compare": "scheme", "before": sun_before, "listed": "buildings"}
    for key, params in asked.items():
        with suppress(CityError):  # no control lines, no plots: there is nothing to tell
            out[key] = running.run(shown, key, params, progress, name=key, scheme=name)
    return out


def numbers_of(answers: Mapping[str, SavedAnalysis]) -> dict[str, float]:
    """Give the figures of answers that tell something of a scheme, by analysis and figure."""
    out: dict[str, float] = {}
    for key, item in answers.items():
        for fact, value in item.outcome.facts.items():
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if number and fact not in LEFT_OUT:
                out[f"{key}.{fact}"] = float(value)
    return out


def compared(
    project: Project, names: Sequence[str], progress: Progress = Silent(), *, sun: bool = False,
    views: Sequence[View] | None = None,
) -> tuple[Figure, ...]:  # fmt: skip
    """Give the figures of schemes with what analyses say; the first one is compared with.

    Parameters
    ----------
    project : Project
        The project.
    names : sequence of str
        Schemes.
    progress : Progress
        Told how far it is.
    sun : bool
        Whether windows of neighbours that lose sun against the first one are counted too, and
        kept questions about the sun are asked of all.
    views : sequence of View or None
        Whose skylines are traced; None takes all of the project.
    """
    seen = project.views if views is None else views
    told = told_of(project, names, seen, Part(progress, 0.5, 1.0), sun=sun)
    progress, count = Part(progress, 0.0, 0.5), len(names)
    extra = [
        numbers_of(
            analysed(
                project,
                name,
                Part(progress, number / count, (number + 1) / count),
                sun_before=names[0] if sun else "",
            )
        )
        for number, name in enumerate(names)
    ]
    both = [{**one, **other} for one, other in zip(extra, told, strict=True)]
    return figures(project, names, both)


def figure_name(key: str, wording: Wording) -> str:
    """Give the words of a figure."""
    question, mark, fact = key.rpartition(".")
    if question == SHADE:
        return wording.t("compare-figure-shaded-winter")
    if mark:
        analysis, _, label = question.partition("#")
        name = label or analysis_name(analysis, wording)
        if label.startswith(VIEW):
            name = wording.t("compare-skyline-of", view=label.removeprefix(VIEW))
        return f"{name}: {heading(analysis, fact, wording)}"
    site = wording.t("compare-on-site") if key.startswith("site_") else ""
    name = key.removeprefix("site_").rpartition("_")[0].replace("_", "-")
    return wording.t(f"compare-figure-{name}") + site


def figure_rows(
    project: Project, names: Sequence[str], wording: Wording, found: Sequence[Figure] | None = None
) -> list[FigureRow]:
    """Give the table of differences in words."""

    def told(fact: str, value: float) -> str:
        plain = wording.number(value, 3)
        return figure(fact, value, wording) if unit_of(fact) in UNITS else plain

    rows = []
    for one in figures(project, names) if found is None else found:
        fact = one.key.rpartition(".")[2]
        cells = []
        for number, (value, delta) in enumerate(zip(one.values, one.deltas, strict=True)):
            text = told(fact, value)
            if number and math.isfinite(delta) and abs(delta) > 1e-9:
                sign = "+" if delta > 0 else "−"
                text += f"  ({sign}{told(fact, abs(delta))})"
            cells.append(text)
        rows.append(FigureRow(figure_name(one.key, wording), tuple(cells), one.best))
    return rows


def checked_names(project: Project, names: Sequence[str]) -> list[str]:
    """Give the schemes to compare by their names, each once.

    Raises
    ------
    CityError
        ``schemes.no_such``; ``compare.two`` with fewer than two.
    """
    schemes = captured(project)
    found = [schemes.find(name.strip()) for name in names]
    told = list(dict.fromkeys(EXISTING if s is None else s.name for s in found))
    if len(told) < 2:
        raise CityError(
            "compare.two",
            "Two schemes at least are compared.",
            hint="write --schemes existing,A or --schemes A,B",
        )
    return told


def views_of(project: Project, wanted: Sequence[str]) -> list[View]:
    """Give the views to compare in; ``all`` means all named ones.

    Raises
    ------
    CityError
        ``project.no_such_view``, ``compare.no_views``.
    """
    if list(wanted) in (["all"], ["*"]):
        views = list(project.views)
    else:
        views = [project.view(name) for name in wanted]
    if not views:
        raise CityError(
            "compare.no_views",
            "The project has no named views.",
            hint="keep one with: citystage views PROJECT.gpkg --save NAME",
        )
    return views


def write_comparison(
    project: Project,
    names: Sequence[str],
    folder: Path,
    *,
    views: Sequence[str] = ("all",),
    size: tuple[int, int] = (1600, 900),
    moment: str = "",
    shadows: bool = False,
    found: Sequence[Figure] | None = None,
    locale: str = "",
    progress: Progress | None = None,
) -> list[Path]:
    """Write pictures of schemes at the same cameras and sun, what differs, a sheet and tables.

    Parameters
    ----------
    project : Project
        The project.
    names : sequence of str
        Schemes; the first is the one to compare with.
    folder : pathlib.Path
        Made where it is missing.
    views : sequence of str
        Named views; ``all`` for all.
    size : (int, int)
        Of each picture, pixels.
    moment : str
        ISO 8601 local time of the sun for all; "" takes the views' or the project's.
    shadows : bool
        Whether there are true shadows.
    found : sequence of Figure or None
        From `compared`, where it was asked before.
    locale : str
        Language; "" takes the program's.
    progress : Progress or None
        Is told how far it is.

    Returns
    -------
    list of pathlib.Path
        ``VIEW-SCHEME.png``, ``VIEW-difference-SCHEME.png``, ``sheet.png``, ``comparison.pdf``,
        ``comparison.csv``, ``comparison.xlsx`` and ``objects.csv``.

    Raises
    ------
    CityError
        ``compare.two``, ``compare.no_views``, ``schemes.no_such``; as drawing and writing do.
    """
    told = progress or Silent()
    wording = Wording(locale) if locale else _current()
    chosen, looks = checked_names(project, names), views_of(project, views)
    folder.mkdir(parents=True, exist_ok=True)
    projects = [(scheme_word(name, wording), shown_alone(project, name)) for name in chosen]
    parts = {what: wording.t(f"compare-{what}") for what in COLOURS}
    for name in chosen[1:]:
        words = f"{wording.t('compare-difference')} {scheme_word(name, wording)}"
        projects.append((words, difference_project(project, chosen[0], name, parts)))
    grid: list[list[NDArray[np.uint8] | None]] = [[] for _ in range(2 * len(looks))]
    for below in grid[1::2]:
        below.append(None)  # the one to compare with differs from itself in nothing
    files: list[Path] = []
    for column, (word, shown) in enumerate(projects):
        part = Part(told, 0.8 * column / len(projects), 0.8 * (column + 1) / len(projects))
        true = shadows and column < len(chosen)
        drawn = draw_views(
            shown, looks, word, wording, size, moment, shadows=true, progress=part
        )  # fmt: skip
        for line, (view, picture) in enumerate(zip(looks, drawn, strict=True)):
            path = folder / f"{_safe(view.name)}-{_safe(word)}.png"
            picture.save(path)
            files.append(path)
            grid[2 * line + (column >= len(chosen))].append(picture.pixels[..., :3])
    files.append(_write_sheet(folder / "sheet.png", grid))
    asked = compared(project, chosen, Part(told, 0.8, 0.95)) if found is None else found
    files += _write_tables(folder, asked, chosen, wording)
    files.append(_write_pdf(folder, project, chosen, asked, wording, files[-3]))
    files.append(_write_objects(folder, project, chosen, wording))
    told.step(1, 1)
    return files


def _current() -> Wording:
    from app.wording import current

    return current()


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name).strip(" .") or "_"


def draw_views(
    project: Project, views: Sequence[View], word: str, wording: Wording, size: tuple[int, int],
    moment: str, *, shadows: bool, progress: Progress, printed: bool = False,
) -> list[Any]:  # fmt: skip
    """Draw all views of a scheme, with its name in the heading; gives `scene` pictures.

    Those that are printed beside each other have larger letters, and their legend below them.
    """
    from app.pictures import Order, Painter

    out = []
    with Painter(project, wording.locale) as painter:
        for number, view in enumerate(views):
            part = Part(progress, number / len(views), (number + 1) / len(views))
            title = f"{view.name} · {word}"
            order = Order(
                view=view, size=size, title=title, moment=moment, shadows=shadows,
                legend=not printed, coordinates=not printed, larger=PRINTED if printed else 1.0,
            )  # fmt: skip
            out.append(painter.paint(order, part))
    return out


def _write_sheet(path: Path, grid: Grid) -> Path:
    """Put all pictures on one: a column for each scheme, under it what differs."""
    sheet_of(grid).save(path)
    return path


def sheet_of(grid: Grid) -> Image:
    """Put pictures of one size beside and below each other, None for an empty place."""
    from PIL import Image

    first = grid[0][0]
    assert first is not None
    height, width = first.shape[:2]
    columns = max(len(row) for row in grid)
    scale = min(1.0, SHEET_WIDTH / (columns * (width + GAP) + GAP))
    w, h = max(round(width * scale), 16), max(round(height * scale), 9)
    sheet = Image.new(
        "RGB", (columns * (w + GAP) + GAP, len(grid) * (h + GAP) + GAP), "white"
    )  # fmt: skip
    for line, row in enumerate(grid):
        for column, pixels in enumerate(row):
            if pixels is None:
                continue
            small = Image.fromarray(np.ascontiguousarray(pixels)).resize(
                (w, h), Image.Resampling.LANCZOS
            )
            sheet.paste(small, (GAP + column * (w + GAP), GAP + line * (h + GAP)))
    return sheet


def _write_tables(
    folder: Path, found: Sequence[Figure], names: Sequence[str], wording: Wording
) -> list[Path]:
    from layers.files.sheets import appearing, write_csv, write_xlsx

    header, rows = figure_values(found, names, wording)
    csv, xlsx = folder / "comparison.csv", folder / "comparison.xlsx"
    with appearing(csv) as partial:
        write_csv(partial, header, rows)
    with appearing(xlsx) as partial:
        write_xlsx(partial, header, rows, title=wording.t("compare-title"))
    return [csv, xlsx]


def _write_objects(
    folder: Path, project: Project, names: Sequence[str], wording: Wording
) -> Path:  # fmt: skip
    """Write which objects of each scheme differ from the first one."""
    from app.scheme_objects import object_changes, object_heads, object_values
    from layers.files.sheets import appearing, write_csv

    rows = [
        [scheme_word(name, wording), *object_values(change, wording)]
        for name in names[1:]
        for change in object_changes(project, names[0], name)
    ]
    path = folder / "objects.csv"
    with appearing(path) as partial:
        write_csv(partial, [wording.t("answers-column-scheme"), *object_heads(wording)], rows)
    return path


def figure_values(
    found: Sequence[Figure], names: Sequence[str], wording: Wording
) -> tuple[list[str], list[list[Any]]]:
    """Give headings and rows of the table of differences, numbers as numbers."""
    words = [scheme_word(name, wording) for name in names]
    delta = wording.t("compare-column-delta")
    header = [wording.t("compare-column-what"), wording.t("compare-column-key"), *words,
              *(f"{delta} {word}" for word in words[1:])]  # fmt: skip
    header.append(wording.t("compare-column-best"))
    rows = [
        [figure_name(f.key, wording), f.key, *f.values, *f.deltas[1:],
         ", ".join(words[i] for i in f.best)]
        for f in found
    ]  # fmt: skip
    return header, rows


def _write_pdf(
    folder: Path, project: Project, names: Sequence[str], found: Sequence[Figure],
    wording: Wording, sheet: Path,
) -> Path:  # fmt: skip
    from app.papers import document, look
    from layers.paper.document import Picture, Table
    from layers.paper.writing import write_document

    words = [scheme_word(name, wording) for name in names]
    rows = figure_rows(project, names, wording, found)
    best = wording.t("compare-column-best")
    table = Table(
        head=(wording.t("compare-column-what"), *words, best),
        rows=tuple((row.what, *row.cells, ", ".join(words[i] for i in row.best)) for row in rows),
        title=wording.t("compare-table"),
    )
    report = document(
        project,
        wording.t("compare-title"),
        (Picture(sheet, wide=_lies(sheet)), table),
        subtitle=" / ".join(words),
        layers=differing(project, names, wording),
        author=project.info.author,
        cover=False,
        words=wording,
    )
    path = folder / "comparison.pdf"
    write_document(report, path, look())
    return path


def _lies(picture: Path) -> bool:
    """Say whether a picture is wider than tall, so that it wants a page across."""
    from PIL import Image

    with Image.open(picture) as opened:
        return opened.width > opened.height


def differing(project: Project, names: Sequence[str], wording: Wording) -> list[Layer]:
    """Give the layers that differ, as every scheme has them, for their hashes in the report."""
    found: list[Layer] = []
    ids = {item.layer_id for name in names[1:] for item in differences(project, names[0], name)}
    for name in names:
        for layer in project_with(project, name).layers:
            if layer.id in ids:
                layer.name = f"{layer.name} · {scheme_word(name, wording)}"
                found.append(layer)
    return found


def figures_json(found: Sequence[Figure], names: Sequence[str]) -> list[dict[str, Any]]:
    """Give the figures as values that JSON can hold."""
    return [
        {
            "key": figure.key,
            "values": {n: _plain(v) for n, v in zip(names, figure.values, strict=True)},
            "deltas": {n: _plain(v) for n, v in zip(names, figure.deltas, strict=True)},
            "best": [names[i] for i in figure.best],
        }
        for figure in found
    ]


def _plain(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None
