"""Files that are pipes and nothing else: hydraulic models and survey tables."""

from __future__ import annotations

from pathlib import Path

from layers.files.options import ImportOptions
from layers.files.pipe_epanet import read_epanet
from layers.files.pipe_models import import_model_network
from layers.files.pipe_survey import import_survey
from layers.files.pipe_swmm import is_swmm, read_swmm
from layers.files.pipe_tables import holds_survey, read_sheets
from layers.files.report import LayerReport
from layers.files.water_model import read_inp
from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.pipes import KIND
from layers.progress import Progress
from layers.project import Project

BOOKS = (".xlsx", ".xlsm")
TABLES = (*BOOKS, ".csv", ".txt", ".tsv")


def is_pipe_file(path: Path, options: ImportOptions) -> bool:
    """Say whether a file is a hydraulic model, or a table that is to be read as a survey.

    A table is one where it is asked for: pipes of a table with a table of lines, a template, or
    sheets of which one tells points and one tells lines. A workbook with such sheets is one also
    where nobody says what it is.
    """
    if not path.is_file():
        return False
    ending = path.suffix.lower()
    if ending == ".inp" and options.kind in {None, KIND.key}:
        return True
    if options.kind is None and options.layer is None and ending in BOOKS:
        return holds_survey(path)
    if options.kind != KIND.key or ending not in TABLES:
        return False
    chosen = options.pipes
    if chosen is not None and (chosen.lines or chosen.fields or chosen.table is not None):
        return True
    return ending in BOOKS or any(sheet.what == "lines" for sheet in read_sheets(path))


def import_pipe_file(
    project: Project, path: Path, options: ImportOptions, progress: Progress
) -> tuple[Layer, Frame, LayerReport]:
    """Make a layer of a hydraulic model or a survey; the project is not changed.

    Raises
    ------
    CityError
        What the readers raise, and settling the coordinate system.
    """
    progress.step(0, 2, "progress-reading")
    if path.suffix.lower() in TABLES:
        return import_survey(project, path, options, progress)
    model = read_swmm(path) if is_swmm(read_inp(path)) else read_epanet(path)
    return import_model_network(model, project, path, options, progress)
