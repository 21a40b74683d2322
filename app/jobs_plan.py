"""What a job will write: every picture and table with its file name, before anything is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from app.jobs_file import JobFile
from app.jobs_ground import ProfileJob
from app.jobs_model import AnalysisJob, ExportJob, FilmJob, PictureJob, SectionJob, TableJob
from app.jobs_paper_model import PAPER_TABLES, PaperJob
from app.jobs_projects import JobProject, placed
from layers.errors import CityError
from layers.planning.measure_tables import SUFFIXES

OtherJob = FilmJob | ExportJob | SectionJob | ProfileJob | AnalysisJob
Written = TypeVar("Written", bound=OtherJob | PaperJob)
OTHERS = ("film", "export", "section", "profile", "analysis")
ALL_VIEWS = "*"
OVERVIEW = "overview"
MEASURED_TABLE = TableJob(file="{project}-measurements.csv")
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


@dataclass(frozen=True)
class Output:
    """One file to write.

    Attributes
    ----------
    file : pathlib.PurePath
        Relative to the output folder.
    project : JobProject
        Whose picture or table it is.
    place : str
        Line of the job file.
    picture : PictureJob or None
        What to draw.
    view : str
        Name of the view; "" for a camera or the overview.
    size : (int, int)
        Pixels; (0, 0) for tables.
    table : TableJob or None
        What to write.
    film : FilmJob or None
        What to film.
    export : ExportJob or None
        What to write.
    section : SectionJob or None
        What to cut.
    profile : ProfileJob or None
        Along which line to read the ground.
    analysis : AnalysisJob or None
        What to ask.
    paper : PaperJob or None
        Which map or paper to write; it may become several files.
    paper_kind : str
        Which table of the job that is.
    """

    file: Path
    project: JobProject
    place: str
    picture: PictureJob | None = None
    view: str = ""
    size: tuple[int, int] = (0, 0)
    table: TableJob | None = None
    export: ExportJob | None = None
    film: FilmJob | None = None
    section: SectionJob | None = None
    profile: ProfileJob | None = None
    analysis: AnalysisJob | None = None
    paper: PaperJob | None = None
    paper_kind: str = ""

    @property
    def kind(self) -> str:
        """``picture``, ``table``, the table of another output, or that of a paper."""
        if self.paper is not None:
            return self.paper_kind
        return next(
            (name for name in (*OTHERS, "picture") if getattr(self, name) is not None), "table"
        )

    @property
    def weight(self) -> float:
        """How long it will take, in pictures of full HD."""
        one = 0.5 + self.size[0] * self.size[1] / 2_073_600
        if self.film is None:
            return one
        return one * max(self.film.fps * (self.film.seconds or 20.0), 1.0)


def plan(file: JobFile, projects: Sequence[JobProject], today: date) -> list[Output]:
    """List what a job writes, in the order of the projects.

    Parameters
    ----------
    file : JobFile
        The job.
    projects : sequence of JobProject
        Its projects; one is opened only where ``views = "*"`` asks for its views.
    today : datetime.date
        For the placeholder ``{date}``.

    Raises
    ------
    CityError
        ``job.same_output`` if two of them would be one file, ``job.picture_suffix``,
        ``job.nothing``.
    """
    outputs: list[Output] = []
    for project in projects:
        drawn = sum(output.picture is not None for output in outputs)
        outputs += _pictures(file, project, drawn, today)
        outputs += _tables(file, project, today)
        outputs += _others(file, project, today)
        outputs += _papers(file, project, today)
    if not outputs:
        raise CityError(
            "job.nothing",
            "The job asks for nothing.",
            hint="add [[picture]], [[table]], [[film]], [[export]], [[section]], [[profile]], "
            "[[analysis]], [[map]], [[permit]], [[repair_sheet]], [[pipe_report]], [[symbols]] or "
            "[[drill]]",
            where=file.path.name,
        )
    seen: dict[str, Output] = {}
    for output in outputs:
        other = seen.setdefault(output.file.as_posix().casefold(), output)
        if other is not output:
            raise CityError(
                "job.same_output",
                f"Two outputs would be the same file '{output.file.as_posix()}'.",
                hint="put {project}, {view}, {width} or {n} into 'file', or name it otherwise",
                where=output.place,
                file=output.file.as_posix(),
            )
    return outputs


def _pictures(file: JobFile, project: JobProject, before: int, today: date) -> Iterator[Output]:
    defaults = file.job.defaults
    count = before
    for number, item in enumerate(file.job.picture):
        if item.project not in {"", project.name}:
            continue
        place = file.at("picture", number)
        sizes = item.sizes or ((item.size,) if item.size else ()) or defaults_sizes(file)
        for view in _views(item, project, place):
            for size in sizes:
                count += 1
                shown = view or item.name or ("camera" if item.camera else OVERVIEW)
                facts = {
                    "project": project.name, "view": shown, "date": today.isoformat(),
                    "width": size[0], "height": size[1], "n": count,
                }  # fmt: skip
                name = file_name(item.file or defaults.file, facts)
                if not name.suffix:
                    name = name.with_name(f"{name.name}.png")
                if name.suffix.lower() != ".png":
                    raise CityError(
                        "job.picture_suffix",
                        f"A picture cannot be written as '{name.suffix}'.",
                        hint="let its file name end with .png",
                        where=place,
                        suffix=name.suffix,
                    )
                yield Output(name, project, place, picture=item, view=view, size=size)


def _views(item: PictureJob, project: JobProject, place: str) -> Sequence[str]:
    if item.camera is not None:
        return ("",)
    if item.view:
        return (item.view,)
    if ALL_VIEWS in item.views:
        names = [view.name for view in project.city().views]
        if not names:
            raise CityError(
                "job.no_views",
                f"The project '{project.name}' has no named views.",
                hint="keep one with: citystage views PROJECT.gpkg --save NAME",
                where=place,
                project=project.name,
            )
        return names
    return item.views or ("",)


def _tables(file: JobFile, project: JobProject, today: date) -> Iterator[Output]:
    items = [
        (file.at("table", number), item)
        for number, item in enumerate(file.job.table)
        if item.project in {"", project.name}
    ]
    measured = [m for m in file.job.measure if m.project in {"", project.name}]
    if measured and not any(item.what == "measured" for _, item in items):
        items.append((file.at("measure", 0), MEASURED_TABLE))
    for number, (place, item) in enumerate(items, 1):
        facts = {"project": project.name, "date": today.isoformat(), "n": number}
        name = file_name(item.file, facts)
        allowed = SUFFIXES if item.what != "layer" else (".csv", ".xlsx")
        if name.suffix.lower() not in allowed:
            error = CityError(
                "tables.suffix",
                f"A table cannot be written as '{name.suffix or name.name}'.",
                hint="use .csv, .xlsx or .geojson",
                suffix=name.suffix or name.name,
            )
            raise placed(error, place)
        yield Output(name, project, place, table=item)


def _others(file: JobFile, project: JobProject, today: date) -> Iterator[Output]:
    """List films, exports, sections, profiles and analyses."""
    for table in OTHERS:
        items: tuple[OtherJob, ...] = getattr(file.job, table)
        for item, name, place in _named(file, project, today, table, items):
            size = item.size if isinstance(item, FilmJob) else (0, 0)
            made: dict[str, Any] = {table: item}
            yield Output(name, project, place, size=size, **made)


def _papers(file: JobFile, project: JobProject, today: date) -> Iterator[Output]:
    for table in PAPER_TABLES:
        items: tuple[PaperJob, ...] = getattr(file.job, table)
        for item, name, place in _named(file, project, today, table, items):
            yield Output(name, project, place, paper=item, paper_kind=table)


def _named(
    file: JobFile, project: JobProject, today: date, table: str, items: tuple[Written, ...]
) -> Iterator[tuple[Written, Path, str]]:
    """Give the items of a table that a project has, with their files and places in the job."""
    count = 0
    for number, item in enumerate(items):
        if item.project in {"", project.name}:
            count += 1
            facts = {"project": project.name, "date": today.isoformat(), "n": count}
            yield item, file_name(item.file, facts), file.at(table, number)


def defaults_sizes(file: JobFile) -> tuple[tuple[int, int], ...]:
    """Give the sizes of pictures that name none."""
    defaults = file.job.defaults
    return (defaults.size,) if defaults.size else defaults.sizes


def file_name(pattern: str, facts: dict[str, object]) -> Path:
    """Fill a file name; signs that file systems dislike become ``_`` in the values.

    >>> file_name("{view}/{n:02}.png", {"view": "a/b?", "n": 7}).as_posix()
    'a_b_/07.png'
    """
    safe = {
        key: _UNSAFE.sub("_", value).strip(" .") or "_" if isinstance(value, str) else value
        for key, value in facts.items()
    }
    return Path(pattern.format(**safe))
