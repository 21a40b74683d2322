"""The analysing half of the Python interface; `app.api.City` has these verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.answer_words import analysis_name
from app.rules import own_folder
from app.session import Session
from layers.analyses import edits, running, tables
from layers.edits import SetLook
from layers.errors import CityError
from layers.kinds.answers import SavedAnalysis
from layers.progress import Progress, Silent
from layers.project import Project
from layers.rules import chosen
from layers.schemes import project_with, shown_name


class Analysing:
    """What can be asked about an open project, kept, asked again and written."""

    session: Session

    def analyse(
        self,
        kind: str,
        params: Mapping[str, Any] | None = None,
        *,
        scheme: str = "",
        name: str = "",
        keep: bool = False,
        progress: Progress | None = None,
    ) -> SavedAnalysis:
        """Ask an analysis.

        Parameters
        ----------
        kind : str
            Key of the analysis, such as ``six-lines``; see `layers.analyses.table.ANALYSES`.
        params : mapping or None
            What is asked, by the names of its parameters; the rest takes the defaults.
        scheme : str
            Name of a scheme; "" asks about the city as it is shown.
        name : str
            What to call the answer.
        keep : bool
            Whether to keep it in the project.
        progress : Progress or None
            Is told how far it is.

        Returns
        -------
        SavedAnalysis
            ``outcome`` holds table, figures, marks, status and notes.

        Raises
        ------
        CityError
            ``analysis.unknown``, ``analysis.param_...``, and what the analysis itself says.
        """
        scheme = shown_scheme(self.session.project, scheme)
        project = asked_project(self.session.project, scheme)
        item = ask(project, kind, params, progress, name=name, scheme=scheme)
        return self.keep_answer(item) if keep else item

    def keep_answer(self, item: SavedAnalysis) -> SavedAnalysis:
        """Keep an answer in the project; gives it with its number."""
        from app.wording import current

        command = edits.add_answer(self.session.project, item, layer_name=current().kind("answers"))
        self.session.run(command)
        return self.answers[-1]

    @property
    def answers(self) -> tuple[SavedAnalysis, ...]:
        """The answers kept in the project, oldest first."""
        return edits.answers_of(self.session.project).items

    def answer(self, which: str | int) -> SavedAnalysis:
        """Give an answer by its number or name; see `answer_called`."""
        return answer_called(self.session.project, which)

    def stale_inputs(self, item: SavedAnalysis) -> tuple[str, ...]:
        """Name what has changed since an answer was found; empty while it holds."""
        return stale_inputs(self.session.project, item)

    def ask_again(
        self, which: str | int | SavedAnalysis, progress: Progress | None = None
    ) -> SavedAnalysis:
        """Ask a kept answer's question again on the project as it is now."""
        item = which if isinstance(which, SavedAnalysis) else self.answer(which)
        fresh = ask_again(self.session.project, item, progress)
        self.session.run(edits.renew_answer(self.session.project, fresh))
        return fresh

    def show_answers(self, *ids: int) -> None:
        """Draw the marks of these answers in the scene, and of no others."""
        project = self.session.project
        self.session.run(edits.show_answers(project, ids))
        layer = edits.answers_layer(project)
        if ids and layer is not None and not layer.visible:
            self.session.run(SetLook(layer.id, "visible", True))

    def paint_themes(
        self, params: Mapping[str, Any] | None = None, shown: Sequence[str] | None = None
    ) -> None:
        """Colour the city's objects by theme or phase; all but the themes in `shown` are dimmed."""
        from app.answer_words import cell
        from layers.analyses.base import params_of
        from layers.analyses.themes import ANALYSIS, keys_of, paint

        asked: Any = params_of(ANALYSIS, params or {})
        strange = [key for key in shown or () if key not in keys_of(asked)]
        if strange:
            names = ", ".join(keys_of(asked))
            raise CityError(
                "themes.unknown", f"There is no theme '{strange[0]}'.",
                hint=f"choose one of: {names}", name=strange[0], names=names,
            )  # fmt: skip
        command = paint(self.session.project, asked, shown, lambda key: cell("theme", key))
        self.session.run(command)

    def take_offered(self, item: SavedAnalysis, name: str) -> None:
        """Keep the buildings that an answer offers as a layer of the project, to be edited."""
        self.session.run(edits.take_offered(item, name))

    def remove_answers(self, *ids: int) -> None:
        """Forget answers by their numbers."""
        self.session.run(edits.remove_answers(self.session.project, ids))

    def write_answer(self, path: str | Path, item: SavedAnalysis) -> None:
        """Write an answer: ``.csv``, ``.xlsx``, ``.json``, ``.geojson``, ``.gpkg``, or on paper.

        On paper, see `app.answer_papers`: ``.pdf`` and ``.docx``, skylines ``.svg`` and ``.dxf``.
        """
        from app.answer_papers import papers_of, write_paper

        if Path(path).suffix.lower() in papers_of(item.kind):
            write_paper(self.session.project, item, Path(path))
            return
        frame = self.session.project.need_frame()
        names = {layer.id: layer.name for layer in self.session.project.layers}
        tables.write_answer(item, Path(path), frame, stale=self.stale_inputs(item), layers=names)


def shown_scheme(project: Project, scheme: str = "") -> str:
    """Give the name of the scheme an answer will be about: the one asked for, or what is shown.

    Without schemes it is "": then the city as it is shown is all there is.
    """
    if scheme or not project.schemes:
        return scheme
    return shown_name(project.schemes)


def asked_project(project: Project, scheme: str) -> Project:
    """Give the project to ask about: as it is shown, or a snapshot of a scheme."""
    if not scheme:
        return project
    return project_with(project, scheme)


def ask(
    project: Project,
    kind: str,
    params: Mapping[str, Any] | Any = None,
    progress: Progress | None = None,
    *,
    name: str = "",
    scheme: str = "",
) -> SavedAnalysis:
    """Ask with the rule packs of the user; the answer's name is in the user's language."""
    chosen.use([own_folder()])
    told = progress or Silent()
    return running.run(project, kind, params, told, name=name or analysis_name(kind), scheme=scheme)


def ask_again(
    project: Project, item: SavedAnalysis, progress: Progress | None = None
) -> SavedAnalysis:
    """Ask again on the project as it is now, or on the scheme the answer is about."""
    chosen.use([own_folder()])
    return running.again(asked_project(project, item.scheme), item, progress or Silent())


def stale_inputs(project: Project, item: SavedAnalysis) -> tuple[str, ...]:
    """Name what has changed since an answer was found; ``gone`` where its subject is gone."""
    chosen.use([own_folder()])
    try:
        return running.changed(asked_project(project, item.scheme), item)
    except CityError:  # the scheme is gone
        return ("gone",)


def answer_called(project: Project, which: str | int) -> SavedAnalysis:
    """Give a kept answer by its number or its name.

    Raises
    ------
    CityError
        ``answers.none_such``, naming those there are.
    """
    items = edits.answers_of(project).items
    for item in items:
        if str(item.id) == str(which) or item.name == which:
            return item
    names = ", ".join(f"{item.id} {item.name}" for item in items) or "-"
    raise CityError(
        "answers.none_such",
        f"There is no answer '{which}'.",
        hint=f"there are: {names}",
        which=str(which),
        names=names,
    )
