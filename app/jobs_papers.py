"""Writing the maps and papers that a job file asks for."""

from __future__ import annotations

from pathlib import Path

from app.jobs_paper_model import (
    DrillJob,
    MapJob,
    PaperJob,
    PermitJob,
    PipeReportJob,
    RepairSheetJob,
    SymbolsJob,
)
from app.papers import write
from app.pipe_maps import MapOptions, write_map
from app.pipe_permit import PermitOptions, permit
from app.pipe_repair import RepairOptions, repair_sheet
from app.pipe_report import BY, ReportOptions, statistics_report
from app.pipes_asking import Question
from app.wording import Wording, current
from layers.errors import CityError
from layers.files.safe_write import replacing
from layers.progress import Progress
from layers.project import Project

PAPERS = (".pdf", ".docx", ".xlsx")


def write_paper(
    project: Project, item: PaperJob, path: Path, progress: Progress
) -> tuple[Path, ...]:
    """Write a map or a paper.

    Parameters
    ----------
    project : Project
        As the scheme of the item has it.
    item : PaperJob
        What is asked for.
    path : pathlib.Path
        The file.
    progress : Progress
        Told of the stages.

    Returns
    -------
    tuple of pathlib.Path
        What was written: the file, or ``NAME-1``, ``NAME-2`` ... for sheets and pages.

    Raises
    ------
    CityError
        As maps, analyses and their writers do.
    """
    if isinstance(item, MapJob):
        return write_map(project, path, _map(item))
    if isinstance(item, PermitJob):
        return write(permit(project, _permit(item), progress=progress), path)
    if isinstance(item, RepairSheetJob):
        return write(repair_sheet(project, _repair(item), progress=progress), path)
    if isinstance(item, SymbolsJob):
        return (_symbols(project, item, path),)
    if isinstance(item, DrillJob):
        return _drill(project, item, path, progress)
    assert isinstance(item, PipeReportJob)
    return write(statistics_report(project, _report(item), progress=progress), path)


def _symbols(project: Project, item: SymbolsJob, path: Path) -> Path:
    """Draw symbols: those of a plan, of codes, or those that words find."""
    from app.symbols import any_symbol, found, sheet, symbols_of_plan
    from layers.drills.edits import drills_of

    if item.plan:
        chosen = symbols_of_plan(drills_of(project).named(item.plan), project)
    elif item.codes:
        chosen = [any_symbol(code, project) for code in item.codes]
    else:
        chosen = found(item.find, project)
    if not chosen:
        raise CityError(
            "symbol.nothing",
            "There is no symbol to draw.",
            hint="choose other words, codes, or a plan that shows symbols",
        )
    words = Wording(item.words) if item.words else current()
    drawn = sheet(chosen, chinese=words.locale == "zh-CN", dark=item.dark, columns=item.columns)
    with replacing(path) as partial:
        drawn.save(partial, "JPEG" if path.suffix.lower() == ".jpg" else "PNG")
    return path


def _drill(project: Project, item: DrillJob, path: Path, progress: Progress) -> tuple[Path, ...]:
    """Write the script or form of a plan, or the plan for other programs."""
    from app import drill_papers
    from app.drill_files import write_played, write_resources
    from app.drills import plan_problems, plan_rehearsal
    from layers.drills.edits import drills_of
    from layers.drills.plan_file import write_plan

    kept = drills_of(project)
    plan = kept.named(item.plan)
    if path.suffix.lower() == ".json":
        write_plan(plan, path, kept.symbols)
        return (path,)
    played = plan_rehearsal(project, plan)
    words = Wording(item.words) if item.words else current()
    if item.what == "resources":
        write_resources(project, played, path, words)
        return (path,)
    if path.suffix.lower() not in PAPERS:
        write_played(project, played, path, at=item.at, words=words)
        return (path,)
    if item.what == "form":
        return write(drill_papers.evaluation(project, played, locale=item.words), path)
    made = drill_papers.script(
        project, played, plan_problems(project, plan), locale=item.words,
        pictures=item.pictures, progress=progress,
    )  # fmt: skip
    return write(made, path)


def _map(item: MapJob) -> MapOptions:
    return MapOptions(
        Question(layers=item.layers, where=item.where, road=item.road), item.box, item.by,
        item.classes, item.zones, item.labels, item.nodes, item.flow, item.backdrop, item.scale,
        item.paper, item.title, item.number, item.author, item.date, item.words,
        sheets=item.sheets,
    )  # fmt: skip


def _permit(item: PermitJob) -> PermitOptions:
    cuts = tuple(tuple((point[0], point[1]) for point in line) for line in item.sections)
    return PermitOptions(
        item.dig, cuts, item.applicant, item.purpose, item.place, item.period, item.title,
        item.number, item.author, item.date, item.words, item.scale, item.zones,
    )  # fmt: skip


def _repair(item: RepairSheetJob) -> RepairOptions:
    return RepairOptions(
        item.burst, item.title, item.number, item.author, item.date, item.words, item.scale
    )


def _report(item: PipeReportJob) -> ReportOptions:
    return ReportOptions(
        item.by or BY, item.cross or None,
        Question(layers=item.layers, where=item.where, road=item.road), item.quality, item.map,
        item.title, item.number, item.author, item.date, item.words,
    )  # fmt: skip
