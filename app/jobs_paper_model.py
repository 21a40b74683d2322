"""Maps and papers of pipes, sheets of symbols and papers of drills in a job file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from app.jobs_fields import JobTable, Names, Points, check_placeholders
from layers.errors import CityError

Language = Literal["", "en", "zh-CN"]
Scale = Annotated[float, Field(ge=0)]


def _lines(value: object) -> object:
    return [value] if isinstance(value, str) else value


Lines = Annotated[tuple[Points, ...], BeforeValidator(_lines)]


class PaperJob(JobTable):
    """What every map and paper has."""

    endings: ClassVar[tuple[str, ...]] = (".pdf", ".docx", ".xlsx", ".png")

    file: str
    project: str = ""
    scheme: str = ""
    title: str = ""
    number: str = ""
    author: str = ""
    date: str = ""
    words: Language = ""

    @model_validator(mode="after")
    def _suits_a_paper(self) -> PaperJob:
        check_placeholders(self.file, ("project", "date", "n"))
        suffix = Path(self.file).suffix.lower()
        if suffix not in self.endings:
            drawn = ".dxf" in self.endings
            raise ValueError(
                CityError(
                    "plates.suffix" if drawn else "paper.suffix",
                    f"A {'drawing' if drawn else 'report'} cannot be written as "
                    f"'{suffix or self.file}'.",
                    hint=f"use {', '.join(self.endings[:-1])} or {self.endings[-1]}",
                    suffix=suffix or self.file,
                )
            )
        return self


class MapJob(PaperJob):
    """``[[map]]``: a distribution map of pipes, on one sheet or several."""

    endings = (".svg", ".pdf", ".png", ".dxf")

    box: tuple[float, float, float, float] | None = None
    road: str = ""
    where: str = ""
    layers: Names = ()
    classes: Names = ()
    by: str = "class"
    zones: str = ""
    scale: Scale = 0.0
    paper: Literal["", "A4", "A3", "A2", "A1", "A0"] = ""
    sheets: bool = False
    labels: bool = True
    nodes: bool = True
    flow: bool = True
    backdrop: bool = True


class PermitJob(PaperJob):
    """``[[permit]]``: the package for a permit to open a road."""

    area: Points = ()
    line: Points = ()
    pipe: int = 0
    layer: str = ""
    depth: float = Field(default=2.0, gt=0)
    width: float = Field(default=0.0, ge=0)
    slope: float = Field(default=0.5, ge=0)
    near: float = Field(default=2.0, ge=0)
    sections: Lines = ()
    applicant: str = ""
    purpose: str = ""
    place: str = ""
    period: str = ""
    zones: str = ""
    scale: Scale = 0.0

    @model_validator(mode="after")
    def _one_pit(self) -> PermitJob:
        if sum([bool(self.area), bool(self.line), bool(self.pipe)]) != 1:
            raise ValueError(
                CityError(
                    "job.permit",
                    "A permit is for one of 'area', 'line' and 'pipe'.",
                    hint='write line = "X,Y X,Y", area = "X,Y X,Y X,Y" or pipe = 17',
                )
            )
        return self

    @property
    def dig(self) -> dict[str, Any]:
        """What is dug: parameters of the analysis ``pipe-dig``."""
        asked: dict[str, Any] = {
            "depth": self.depth, "width": self.width, "slope": self.slope, "near": self.near,
        }  # fmt: skip
        for name in ("area", "line"):
            if points := getattr(self, name):
                asked[name] = [list(point[:2]) for point in points]
        return asked | ({"pipe": self.pipe, "layer": self.layer} if self.pipe else {})


class RepairSheetJob(PaperJob):
    """``[[repair_sheet]]``: the sheet for a crew that goes to a burst."""

    at: Points = ()
    run: str = ""
    seized: str = ""
    closed: str = ""
    line_class: str = Field(default="water", alias="class")
    layer: str = ""
    scale: Scale = 0.0

    @property
    def burst(self) -> dict[str, Any]:
        """What bursts: parameters of the analysis ``pipe-burst``."""
        at = {"at": list(self.at[0][:2])} if self.at else {}
        return {
            "layer": self.layer, "run": self.run, "seized": self.seized, "closed": self.closed,
            "line_class": self.line_class, **at,
        }  # fmt: skip

    @model_validator(mode="after")
    def _one_place(self) -> RepairSheetJob:
        if len(self.at) > 1 or bool(self.at) == bool(self.run):
            raise ValueError(
                CityError(
                    "job.repair_sheet",
                    "A repair sheet is for one of 'at' and 'run'.",
                    hint='write at = "X,Y" or run = "JS104"',
                )
            )
        return self


class PipeReportJob(PaperJob):
    """``[[pipe_report]]``: the report on the stock of pipes."""

    by: Names = ()
    cross: tuple[()] | tuple[str, str] = ("class", "material")
    road: str = ""
    where: str = ""
    layers: Names = ()
    map: bool = True
    quality: bool = True


class SymbolsJob(PaperJob):
    """``[[symbols]]``: emergency symbols side by side with codes and names: a sheet or a legend."""

    endings = (".png", ".jpg")

    find: str = ""
    plan: str = ""
    codes: Names = ()
    dark: bool = False
    columns: int = Field(default=12, ge=1, le=40)


class DrillJob(PaperJob):
    """``[[drill]]``: what goes out of a plan: script or form, or a file for other programs."""

    endings = (".pdf", ".docx", ".xlsx", ".json", ".geojson", ".czml", ".kml", ".xml")

    plan: str
    what: Literal["script", "form", "resources"] = "script"
    pictures: bool = True
    at: float | None = None

    @model_validator(mode="after")
    def _suits_a_list(self) -> DrillJob:
        if self.what == "resources" and Path(self.file).suffix.lower() != ".xlsx":
            raise ValueError(
                CityError(
                    "job.drill_list",
                    "The list of resources is a workbook.",
                    hint='write file = "resources.xlsx"',
                )
            )
        return self


#: Tables of a job file by their names.
PAPER_TABLES: dict[str, type[PaperJob]] = {
    "map": MapJob, "permit": PermitJob, "repair_sheet": RepairSheetJob,
    "pipe_report": PipeReportJob, "symbols": SymbolsJob, "drill": DrillJob,
}  # fmt: skip
