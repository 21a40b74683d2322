"""Asking analyses from the window: in a job, with progress; the answer is kept and shown."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app import analyses
from app.answer_papers import write_paper
from app.answer_words import analysis_name
from app.qt.desk import Desk
from app.wording import dashed
from layers.analyses import edits
from layers.analyses.running import snapshot
from layers.analyses.table import ANALYSES, GROUPS, analysis_of
from layers.edits import SetLook, Together
from layers.kinds.answers import SavedAnalysis
from layers.kinds.base import Extent, Features
from layers.progress import Progress
from layers.project import Project

#: Who wants to know of new answers: the panel of answers.
_shown: weakref.WeakKeyDictionary[Desk, Callable[[int], object]] = weakref.WeakKeyDictionary()


def listen(desk: Desk, show: Callable[[int], object]) -> None:
    """Let somebody show an answer by its number whenever one came."""
    _shown[desk] = show


def ask(
    desk: Desk,
    kind: str,
    params: Mapping[str, Any] | None = None,
    *,
    scheme: str = "",
    name: str = "",
    then: Callable[[SavedAnalysis], object] | None = None,
) -> None:
    """Ask an analysis beside the window and keep its answer.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    kind : str
        Key of the analysis.
    params : mapping or None
        What is asked; None takes the defaults.
    scheme : str
        Name of the scheme to ask about, "" for what is shown.
    name : str
        What to call the answer.
    then : callable or None
        Gets the answer after it was kept.
    """
    project = desk.project
    scheme = analyses.shown_scheme(project, scheme)
    frozen = snapshot(project)

    def work(progress: Progress) -> SavedAnalysis:
        asked = analyses.asked_project(frozen, scheme)
        return analyses.ask(asked, kind, params, progress, name=name, scheme=scheme)

    def done(item: SavedAnalysis) -> None:
        if desk.project is not project:
            return  # another project was opened meanwhile
        title = desk.texts.wording.kind("answers")
        command = edits.add_answer(project, item, layer_name=title)
        layer = edits.answers_layer(project)
        if layer is not None and not layer.visible:  # who asks wants to see
            shown = SetLook(layer.id, "visible", value=True)
            command = Together((command, shown), command.label)
        if not desk.run(command):
            return
        kept = edits.answers_of(project).items[-1]
        _tell(desk, kept)
        box = _in_city(kept.extent(), project)
        if box is not None:
            desk.viewport.show_whole(box)
        if then is not None:
            then(kept)

    desk.start(analysis_name(kind, desk.texts.wording), work, done)


def _in_city(box: Extent | None, project: Project) -> Extent | None:
    """Give the part of a box that lies in the city; None where there is none."""
    layers = [x.data for x in project.layers if x.kind != "answers"]
    every = [x.main_extent() if isinstance(x, Features) else x.extent() for x in layers]
    boxes = [one for one in every if one is not None]
    if box is None or not boxes:
        return box
    west, south = (max(box[k], min(one[k] for one in boxes)) for k in (0, 1))
    east, north = (min(box[k], max(one[k] for one in boxes)) for k in (2, 3))
    return (west, south, east, north) if west <= east and south <= north else None


def write_on_paper(desk: Desk, item: SavedAnalysis, path: Path) -> None:
    """Write an answer as a report or drawing beside the window."""
    frozen = snapshot(desk.project)

    def done(_: object) -> None:
        desk.tell("success", "answers-exported", name=path.name)

    desk.start(item.name, lambda progress: write_paper(frozen, item, path, progress), done)


def again(desk: Desk, item: SavedAnalysis) -> None:
    """Ask a kept answer's question again beside the window."""
    project = desk.project
    frozen = snapshot(project)

    def work(progress: Progress) -> SavedAnalysis:
        return analyses.ask_again(frozen, item, progress)

    def done(fresh: SavedAnalysis) -> None:
        there = any(old.id == item.id for old in edits.answers_of(project).items)
        if desk.project is project and there and desk.run(edits.renew_answer(project, fresh)):
            _tell(desk, fresh)

    desk.start(item.name, work, done)


def _tell(desk: Desk, item: SavedAnalysis) -> None:
    show = _shown.get(desk)
    if show is not None:
        show(item.id)


def fill_menu(desk: Desk, menu: QMenu) -> None:
    """Let a menu hold every analysis when it is first opened, those of one group together."""

    def fill() -> None:
        if menu.isEmpty():
            _fill(desk, menu)

    menu.aboutToShow.connect(fill)


def _fill(desk: Desk, menu: QMenu) -> None:
    for group in GROUPS:
        keys = [key for key in ANALYSES if analysis_of(key).group == group]
        if not keys:
            continue
        inner = QMenu(menu)
        inner.setObjectName(f"menu-analyses-{group}")
        inner.setToolTipsVisible(True)
        desk.texts.bind(inner, "setTitle", f"analyses-group-{group}")
        menu.addMenu(inner)
        for key in keys:
            action = QAction(inner)
            action.setObjectName(f"analysis-{key}")
            desk.texts.bind(action, "setText", f"analysis-{dashed(key)}")
            desk.texts.bind(action, "setToolTip", f"analysis-{dashed(key)}.tip")
            action.triggered.connect(_opener(desk, key, menu))
            inner.addAction(action)


def _opener(desk: Desk, key: str, menu: QMenu) -> Callable[[bool], None]:
    def open_form(_checked: bool = False) -> None:
        from app.qt.dialogs.analysis_form import AnalysisForm

        parent = menu.parentWidget()
        AnalysisForm(desk, key, parent.window() if parent is not None else menu).show()

    return open_form
