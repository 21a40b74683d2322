"""Writing the maps and papers that a job file asks for."""

from __future__ import annotations

from pathlib import Path

from app.jobs_paper_model import MapJob, PaperJob, PermitJob, PipeReportJob, RepairSheetJob
from app.papers import write
from app.pipe_maps import MapOptions, write_map
from app.pipe_permit import PermitOptions, permit
from app.pipe_repair import RepairOptions, repair_sheet
from app.pipe_report import BY, ReportOptions, statistics_report
from app.pipes_asking import Question
from layers.progress import Progress
from layers.project import Project


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
    assert isinstance(item, PipeReportJob)
    return write(statistics_report(project, _report(item), progress=progress), path)


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
