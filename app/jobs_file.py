"""Job files: what a script shall draw, measure and write, in TOML, checked line by line."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.jobs_ground import ProfileJob
from app.jobs_model import (
    AnalysisJob,
    DefaultsJob,
    ExportJob,
    FilmJob,
    ImportJob,
    Job,
    MeasureJob,
    PictureJob,
    ProjectJob,
    SectionJob,
    StyleJob,
    TableJob,
)
from app.jobs_paper_model import PAPER_TABLES
from app.jobs_tours_model import KEPT_TABLES, SlideJob
from app.toml_lines import Lines
from app.toml_lines import Path as KeyPath
from layers.errors import CityError

MOST_SHOWN = 8


class JobError(CityError):
    """A job file with mistakes: the first one, and the others behind it."""

    def __init__(self, first: CityError, others: tuple[CityError, ...] = ()) -> None:
        super().__init__(
            first.code, first.message, hint=first.hint, where=first.where, **first.facts
        )
        self.others = others


@dataclass(frozen=True)
class JobFile:
    """A job with the place it came from.

    Attributes
    ----------
    path : pathlib.Path
        The file; relative paths in it start from its folder.
    job : Job
        What is to be done.
    lines : Lines
        Where each key stands.
    """

    path: Path
    job: Job
    lines: Lines

    def at(self, *keys: str | int) -> str:
        """Give the place of a key, such as ``night.toml:12``."""
        return f"{self.path.name}:{self.lines.of(keys)}"

    def beside(self, name: str) -> Path:
        """Give a path that the file names."""
        path = Path(name).expanduser()
        return path if path.is_absolute() else self.path.parent / path


def read_job(path: Path) -> JobFile:
    """Read and check a job file.

    Parameters
    ----------
    path : pathlib.Path
        A ``.toml`` file; ``docs/job-file.md`` tells its keys.

    Returns
    -------
    JobFile

    Raises
    ------
    CityError
        ``job.missing_file``, ``job.syntax``; `JobError` with each mistake, its
        line, its key and what is allowed there.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise CityError(
            "job.missing_file",
            f"The job file cannot be read: {reason}.",
            hint="check its name; a job file is a UTF-8 text in TOML",
            where=str(path),
            reason=str(reason),
        ) from error
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax(path, str(error)) from error
    lines = Lines(text)
    try:
        job = Job.model_validate(raw)
    except ValidationError as error:
        raise _mistakes(path, lines, error) from error
    file = JobFile(path, job, lines)
    _check_projects(file)
    return file


def _check_projects(file: JobFile) -> None:
    names = [project.called for project in file.job.project]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        number = len(names) - 1 - names[::-1].index(twice[0])
        raise CityError(
            "job.project_twice",
            f"Two projects of the job are called '{twice[0]}'.",
            hint="give one of them another 'name'",
            where=file.at("project", number),
            name=twice[0],
        )
    tables = ("style", "picture", "measure", "table", "film", "export", "section", "profile",
              "analysis")  # fmt: skip
    for section in (*tables, *KEPT_TABLES, *PAPER_TABLES):
        for number, item in enumerate(getattr(file.job, section)):
            if item.project and item.project not in names:
                listed = ", ".join(names)
                raise CityError(
                    "job.no_such_project",
                    f"The job has no project '{item.project}'.",
                    hint=f"its projects are: {listed}",
                    where=file.at(section, number, "project"),
                    project=item.project,
                    projects=listed,
                )


def _syntax(path: Path, told: str) -> CityError:
    what, _, place = told.partition(" (at ")
    line = place.removeprefix("line ").partition(",")[0].rstrip(")")
    where = f"{path.name}:{line}" if line.isdigit() else path.name
    return CityError(
        "job.syntax",
        f"This is not TOML: {what[:1].lower()}{what[1:]}.",
        hint="texts stand in quotation marks, lists in brackets, tables under [name]",
        where=where,
        reason=what,
    )


def _mistakes(path: Path, lines: Lines, error: ValidationError) -> JobError:
    found = [_mistake(path, lines, details) for details in error.errors()]
    found.sort(key=lambda item: int(item.where.rpartition(":")[2]))
    return JobError(found[0], tuple(found[1:MOST_SHOWN]))


def _mistake(path: Path, lines: Lines, details: ErrorDetails) -> CityError:
    keys: KeyPath = details["loc"]
    where = f"{path.name}:{lines.of(keys)}"
    names = [key for key in keys if isinstance(key, str)]
    key = names[-1] if names else "-"
    cause = details.get("ctx", {}).get("error")
    if isinstance(cause, ValueError) and cause.args and isinstance(cause.args[0], CityError):
        told = cause.args[0]
        return CityError(told.code, told.message, hint=told.hint, where=where, **told.facts)
    kind = details["type"]
    if kind == "extra_forbidden":
        return _unknown_key(where, key, keys)
    if kind == "missing":
        table = table_name(keys[:-1])
        return CityError(
            "job.missing",
            f"{table} needs the key '{key}'.",
            hint=f"write {key} = ...",
            where=where,
            table=table,
            key=key,
        )
    if kind == "literal_error":
        allowed = str(details.get("ctx", {}).get("expected", "")).replace("'' or ", "")
        given = str(details["input"])
        return CityError(
            "job.choice",
            f"'{given}' is not allowed for '{key}'.",
            hint=f"write {allowed}",
            where=where,
            value=given,
            key=key,
            allowed=allowed,
        )
    return CityError(
        "job.value",
        f"'{_short(details['input'])}' does not suit '{key}': {_plain(details['msg'])}.",
        hint="docs/job-file.md tells what each key takes",
        where=where,
        value=_short(details["input"]),
        key=key,
        reason=_plain(details["msg"]),
    )


def _unknown_key(where: str, key: str, keys: KeyPath) -> CityError:
    allowed = keys_allowed(keys[:-1])
    near = difflib.get_close_matches(key, allowed, n=1, cutoff=0.6)
    listed = ", ".join(allowed)
    table = table_name(keys[:-1])
    return CityError(
        "job.unknown_key",
        f"{table} has no key '{key}'.",
        hint=f"did you mean '{near[0]}'? The keys are: {listed}"
        if near
        else f"the keys are: {listed}",
        where=where,
        table=table,
        key=key,
        guess=near[0] if near else "no",
        keys=listed,
    )


def keys_allowed(path: KeyPath) -> list[str]:
    """List the keys that a table of a job file may have.

    >>> keys_allowed(("table", 0))
    ['file', 'project', 'what', 'layer', 'scheme']
    """
    table: type[BaseModel] = Job
    inner: dict[str, type[BaseModel]] = {
        "project": ProjectJob, "import": ImportJob, "defaults": DefaultsJob, "style": StyleJob,
        "picture": PictureJob, "measure": MeasureJob, "table": TableJob,
        "film": FilmJob,
        "export": ExportJob, "section": SectionJob, "profile": ProfileJob,
        "analysis": AnalysisJob, "slides": SlideJob,
        **KEPT_TABLES, **PAPER_TABLES,
    }  # fmt: skip
    for key in path:
        if isinstance(key, str) and key in inner:
            table = inner[key]
    return [field.alias or name for name, field in table.model_fields.items()]


def table_name(path: KeyPath) -> str:
    """Give how a table is headed in the file, such as ``[[picture]]``."""
    names = [key for key in path if isinstance(key, str)]
    if not names:
        return "The job file"
    dotted = ".".join(names)
    return f"[{dotted}]" if names == ["defaults"] else f"[[{dotted}]]"


def _plain(text: str) -> str:
    plain = text.removeprefix("Input should be ").removeprefix("Value error, ")
    return plain[:1].lower() + plain[1:]


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
