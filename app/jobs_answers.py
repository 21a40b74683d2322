"""Answers that a job asks for: each found once, written to its file and shown on pictures."""

from __future__ import annotations

from dataclasses import replace

from app.analyses import answer_called
from app.api import City
from app.jobs_file import JobFile
from app.jobs_model import AnalysisJob
from app.jobs_projects import placed
from layers.analyses.edits import LAYER_NAME, answers_layer, answers_of
from layers.errors import CityError
from layers.kinds import kind_of
from layers.kinds.answers import Answers, SavedAnalysis
from layers.kinds.base import Layer
from layers.progress import Progress
from layers.project import Project
from layers.schemes import project_with, shown_name


class JobAnswers:
    """The answers of the questions that a job asks of one project.

    Parameters
    ----------
    file : JobFile
        The job.
    name : str
        What the job calls the project.
    city : City
        The project.
    """

    def __init__(self, file: JobFile, name: str, city: City) -> None:
        self._file, self._name, self._city = file, name, city
        self._found: dict[int, SavedAnalysis] = {}

    def asked(self, item: AnalysisJob, progress: Progress) -> SavedAnalysis:
        """Give the answer to a question of the job, which is asked once.

        Raises
        ------
        CityError
            What the analysis says, with the line of the job file.
        """
        number = self._file.job.analysis.index(item)
        if number not in self._found:
            try:
                self._found[number] = self._city.analyse(
                    item.kind, item.params, scheme=item.scheme, name=item.name, progress=progress
                )
            except CityError as error:
                raise placed(error, self._file.at("analysis", number)) from error
        return self._found[number]

    def check(self, names: tuple[str, ...]) -> None:
        """Make sure that pictures can show these answers.

        Raises
        ------
        CityError
            ``job.no_answer``, naming those there are.
        """
        for name in names:
            if questions_called(self._file, self._name, name):
                continue
            try:
                answer_called(self._city.project, name)
            except CityError as error:
                there = [item.name for item in self._file.job.analysis if item.name]
                there += [item.name for item in answers_of(self._city.project).items]
                names_there = ", ".join(dict.fromkeys(there)) or "-"
                raise CityError(
                    "job.no_answer",
                    f"Neither the job nor the project has an answer '{name}'.",
                    hint=f"give an [[analysis]] that name; there are: {names_there}",
                    name=name,
                    names=names_there,
                ) from error

    def shown_in(
        self, project: Project, scheme: str, names: tuple[str, ...], progress: Progress
    ) -> Project:
        """Give the project as a scheme has it, with the marks of these answers and no others.

        Parameters
        ----------
        project : Project
            Of the job; it is not changed.
        scheme : str
            Which scheme is drawn; "" for the one that is shown.
        names : tuple of str
            Names of questions of the job, or names or numbers of kept answers.
        progress : Progress
            Told of questions that are still to be asked.
        """
        items: list[SavedAnalysis] = []
        for name in names:
            questions = questions_called(self._file, self._name, name)
            found = [self.asked(item, progress) for item in questions]
            items += found or [answer_called(project, name)]
        numbered = tuple(replace(item, id=i, shown=True) for i, item in enumerate(items, 1))
        data = Answers(numbered, len(numbered) + 1)
        copy = project_with(project, scheme or shown_name(project.schemes))
        layer = answers_layer(copy)
        if layer is None:
            kind = kind_of("answers")
            copy.insert_layer(Layer(kind.key, LAYER_NAME, data, style=kind.style))
        else:
            layer.data = data
        return copy


def questions_called(file: JobFile, project: str, name: str) -> list[AnalysisJob]:
    """Give the questions of a job about a project that have a name."""
    return [
        item for item in file.job.analysis
        if item.name == name and item.project in {"", project}
    ]  # fmt: skip
