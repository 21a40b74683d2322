"""What a job file may say: its tables and keys, with what each one takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from app.arguments import DEFAULT_SIZE, by_limits
from app.jobs_fields import (
    Apart,
    Camera,
    Colour,
    CutText,
    Exaggeration,
    JobTable,
    Look,
    ModelPlace,
    Moment,
    Names,
    Points,
    Share,
    Size,
    check_placeholders,
    several,
    told,
)
from app.jobs_ground import ProfileJob
from app.jobs_paper_model import (
    DrillJob,
    MapJob,
    PermitJob,
    PipeReportJob,
    RepairSheetJob,
    SymbolsJob,
)
from app.jobs_tours_model import PathJob, ShadowsJob, StoryJob, ViewJob
from layers.errors import CityError

DEFAULT_NAME = "{project}-{view}-{width}x{height}.png"


class ImportJob(JobTable):
    """``[[project.import]]``: a file to import into a project that is made for the job."""

    file: str
    kind: str | None = Field(default=None, alias="as")
    name: str = ""
    layer: str | None = None
    encoding: str | None = None
    crs: str | None = None
    height_field: str | None = None
    floors_field: str | None = None
    min_height_field: str | None = None
    base_field: str | None = None
    storey_height: float = Field(default=3.0, gt=0)
    default_height: float = Field(default=9.0, gt=0)
    height_unit: Literal["m", "ft", "cm", "mm"] | None = None
    heights: Literal["absolute", "relative", "ground"] | None = None
    min_area: float | None = None
    keep_duplicates: bool = False
    nodata: float | None = None
    resolution: float | None = Field(default=None, gt=0)
    interpolation: Literal["linear", "smooth", "plain"] = "linear"
    swap_axes: bool | None = None
    lines: str = ""
    line_fields: str = ""
    field: tuple[str, ...] = ()
    word: tuple[str, ...] = ()
    at: ModelPlace | None = None
    rotate: float = 0.0
    scale: float = Field(default=1.0, gt=0)
    up: Literal["y", "z"] | None = None
    unit: str = ""
    anchor: Literal["origin", "base"] | None = None
    rise: float = 0.0
    hide_buildings: bool | None = None


class ProjectJob(JobTable):
    """``[[project]]``: a project file, the sample, or files to import."""

    name: str = ""
    file: str = ""
    sample: bool = False
    crs: str = ""
    title: str = ""
    imports: tuple[ImportJob, ...] = Field(default=(), alias="import")

    @model_validator(mode="after")
    def _one_source(self) -> ProjectJob:
        chosen = [bool(self.file), self.sample, bool(self.imports)]
        if sum(chosen) != 1:
            raise ValueError(
                CityError(
                    "job.project_source",
                    "A project of a job has one source: 'file', 'sample = true' or "
                    "[[project.import]].",
                    hint="keep one of the three",
                )
            )
        return self

    @property
    def called(self) -> str:
        """What file names and the manifest call it."""
        return self.name or (Path(self.file).stem if self.file else "") or (
            "sample" if self.sample else Path(self.imports[0].file).stem
        )  # fmt: skip


PipeClassKey = Literal["water", "drain", "gas", "heat", "power", "telecom", "industry", "other"]


class StyleJob(JobTable):
    """``[[style]]``: how a layer looks in this job's pictures."""

    layer: str
    project: str = ""
    visible: bool | None = None
    colour: Colour | None = None
    outline: Colour | None = None
    opacity: float | None = Field(default=None, ge=0, le=1)
    line_width: float | None = Field(default=None, gt=0)
    point_size: float | None = Field(default=None, gt=0)
    width_m: float | None = Field(default=None, ge=0)
    width_field: str | None = None
    built: bool | None = None
    tunnels: Literal["hidden", "dashed", "portals"] | None = None
    lamps: float | None = Field(default=None, ge=0)
    left_hand: bool | None = None
    contours: float | None = Field(default=None, ge=0)
    heights: Literal["absolute", "relative", "ground"] | None = None
    pipe_mode: Literal["true", "symbols"] | None = None
    pipe_codes: bool | None = None
    pipe_arrows: bool | None = None
    pipe_errors: bool | None = None
    pipe_hidden: list[PipeClassKey] | None = None
    label_field: str | None = None
    label_size: float | None = Field(default=None, gt=0)
    label_colour: Colour | None = None
    label_rank: str | None = None
    label_behind: bool | None = None
    label_metres: float | None = Field(default=None, ge=0)
    colour_by: str | None = None
    mode: Literal["", "ranges", "categories"] = ""
    limits: tuple[float, ...] = ()
    steps: int = Field(default=6, ge=2, le=7)
    method: Literal["quantiles", "equal"] = "quantiles"
    unit: str = ""

    @model_validator(mode="after")
    def _rising_limits(self) -> StyleJob:
        if self.limits:
            told(lambda _: by_limits("", self.limits), "")
        return self


class PictureJob(JobTable):
    """``[[picture]]``: one picture, or one for each of its views and sizes."""

    project: str = ""
    view: str = ""
    views: Names = ()
    camera: Camera | None = None
    camera_crs: str = "EPSG:4326"
    name: str = ""
    sizes: tuple[Size, ...] = ()
    size: Size | None = None
    title: str | None = None
    furniture: bool | None = None
    transparent: bool | None = None
    moment: Moment = ""
    shadows: bool | None = None
    corner_shade: bool | None = None
    look: Look = ""
    cut: CutText = ""
    underground: Share | None = None
    explode: Apart | None = None
    exaggeration: Exaggeration = 0.0
    scheme: str = ""
    answers: Names = ()
    hide: Names = ()
    show: Names = ()
    file: str = ""

    @model_validator(mode="after")
    def _one_eye(self) -> PictureJob:
        if sum([bool(self.view), bool(self.views), self.camera is not None]) > 1:
            raise ValueError(
                CityError(
                    "job.picture_eye",
                    "A picture has one of 'view', 'views' and 'camera'.",
                    hint="write one [[picture]] for each",
                )
            )
        return self

    @model_validator(mode="after")
    def _known_placeholders(self) -> PictureJob:
        if self.file:
            check_placeholders(self.file)
        return self


class DefaultsJob(JobTable):
    """``[defaults]``: what counts for every picture that says nothing else."""

    sizes: tuple[Size, ...] = (DEFAULT_SIZE,)
    size: Size | None = None
    furniture: bool = True
    transparent: bool = False
    shadows: bool = False
    corner_shade: bool = True
    look: Look = ""
    exaggeration: Exaggeration = 0.0
    file: str = DEFAULT_NAME

    @model_validator(mode="after")
    def _known_placeholders(self) -> DefaultsJob:
        check_placeholders(self.file)
        return self


class MeasureJob(JobTable):
    """``[[measure]]``: one measurement, made anew at each run."""

    kind: Literal[
        "point", "distance", "polyline", "area", "angle", "building", "profile", "cutfill"
    ]
    project: str = ""
    name: str = ""
    points: Points = ()
    crs: str = ""
    layer: str = ""
    object: int | None = None
    level: float | None = None
    side_slope: float = Field(default=0.0, ge=0, le=100)

    @model_validator(mode="after")
    def _enough(self) -> MeasureJob:
        needed = {"point": (1, 1), "distance": (2, 2), "angle": (3, 3), "polyline": (2, None)}
        needed["profile"] = (2, None)
        if self.kind == "building":
            if not self.layer or self.object is None:
                raise ValueError(
                    CityError(
                        "job.building",
                        "A building to measure needs 'layer' and 'object'.",
                        hint='write layer = "Buildings" and object = 17',
                    )
                )
            return self
        least, most = needed.get(self.kind, (3, None))
        if len(self.points) < least or (most is not None and len(self.points) > most):
            wanted = str(least) if least == most else f"{least}+"
            raise ValueError(
                CityError(
                    "job.points",
                    f"A {self.kind} needs {wanted} points, not {len(self.points)}.",
                    hint='write points = "x,y x,y" or points = [[x, y], [x, y]]',
                    kind=self.kind,
                    needed=wanted,
                    count=len(self.points),
                )
            )
        return self


class TableJob(JobTable):
    """``[[table]]``: measurements, or a layer's objects, as a table."""

    file: str
    project: str = ""
    what: Literal["measured", "kept", "layer"] = "measured"
    layer: str = ""
    scheme: str = ""

    @model_validator(mode="after")
    def _sensible(self) -> TableJob:
        check_placeholders(self.file, ("project", "date", "n"))
        if (self.what == "layer") != bool(self.layer):
            raise ValueError(
                CityError(
                    "job.table_layer",
                    'A table of a layer needs what = "layer" and the layer\'s name.',
                    hint='write what = "layer" and layer = "Buildings"',
                )
            )
        return self


class FilmJob(JobTable):
    """``[[film]]``: a camera path or a story of the project, drawn frame by frame."""

    file: str
    project: str = ""
    path: str = ""
    story: str = ""
    seconds: float | None = Field(default=None, gt=0)
    fps: float = Field(default=25.0, ge=1, le=120)
    size: Size = (1280, 720)
    start: Moment = ""
    end: Moment = ""
    hide: Names = ()
    captions: bool = True
    shadows: bool = False
    corner_shade: bool = False
    look: Look = ""
    cut: CutText = ""
    underground: Share | None = None
    explode: Apart | None = None
    quality: Literal["draft", "good", "best"] = "good"

    @model_validator(mode="after")
    def _one_show(self) -> FilmJob:
        check_placeholders(self.file, ("project", "date", "n"))
        if bool(self.path) == bool(self.story) or not self.file.lower().endswith(".mp4"):
            raise ValueError(
                CityError(
                    "job.film",
                    "A film of a job has one of 'path' and 'story', and a file that ends with "
                    ".mp4.",
                    hint='write path = "flight" and file = "flight.mp4"',
                )
            )
        return self


class ExportJob(JobTable):
    """``[[export]]``: buildings for other programs: 3D Tiles, GLB or CityJSON."""

    file: str
    project: str = ""
    layers: Names = ()
    where: str = ""
    ids: tuple[int, ...] = ()
    height_offset: float | None = None

    @property
    def format(self) -> Literal["3dtiles", "glb", "cityjson"]:
        """What the name of the file asks for; a tileset is named by its ``tileset.json``."""
        if Path(self.file).name == "tileset.json":
            return "3dtiles"
        return "glb" if self.file.lower().endswith(".glb") else "cityjson"

    @model_validator(mode="after")
    def _sensible(self) -> ExportJob:
        check_placeholders(self.file, ("project", "date", "n"))
        path = Path(self.file)
        if path.suffix.lower() not in {".glb", ".json", ".jsonl"} or self.file == "tileset.json":
            raise ValueError(
                CityError(
                    "job.export_file",
                    f"'{self.file}' does not say what to write.",
                    hint="end it with .glb, .city.json, .city.jsonl, or name FOLDER/tileset.json",
                    name=self.file,
                )
            )
        return self


class SectionJob(JobTable):
    """``[[section]]``: a section through pipes, as a drawing or as its table."""

    file: str
    project: str = ""
    line: Points = ()
    path: str = ""
    runs: str = ""
    layers: Names = ()
    layer: str = ""
    scale: float = Field(default=0.0, ge=0)
    exaggeration: float = Field(default=0.0, ge=0, le=100)
    title: str = ""
    number: str = ""
    author: str = ""
    words: Literal["", "en", "zh-CN", "both"] = ""
    error_band: bool = True
    scheme: str = ""

    @model_validator(mode="after")
    def _sensible(self) -> SectionJob:
        check_placeholders(self.file, ("project", "date", "n"))
        if sum(map(bool, (self.line, self.path, self.runs))) != 1:
            raise ValueError(
                CityError(
                    "sections.which",
                    "A section needs a line, a path or runs: exactly one of them.",
                    hint='write line = "X,Y X,Y", path = "WS1,WS9" or runs = "12,13"',
                )
            )
        return self

    @property
    def kind(self) -> Literal["pipe-section", "pipe-long-section"]:
        """Key of the analysis."""
        return "pipe-section" if self.line else "pipe-long-section"

    @property
    def params(self) -> dict[str, Any]:
        """What the analysis takes."""
        if self.line:
            return {"line": [list(p[:2]) for p in self.line], "layers": list(self.layers)}
        way = {"path": self.path, "runs": self.runs, "layer": self.layer}
        return {**way, "layers": list(self.layers)}


class AnalysisJob(JobTable):
    """``[[analysis]]``: a question of the city; its answer as a file, and kept or not."""

    file: str
    kind: str
    project: str = ""
    params: dict[str, Any] = Field(default_factory=dict)
    name: str = ""
    scheme: str = ""

    @model_validator(mode="after")
    def _sensible(self) -> AnalysisJob:
        from layers.analyses.tables import SUFFIXES

        check_placeholders(self.file, ("project", "date", "n"))
        suffix = Path(self.file).suffix.lower()
        if suffix not in SUFFIXES:
            raise ValueError(
                CityError(
                    "tables.suffix",
                    f"A table cannot be written as '{suffix or self.file}'.",
                    hint="use .csv, .xlsx, .json, .geojson or .gpkg",
                    suffix=suffix or self.file,
                )
            )
        return self


class Job(JobTable):
    """A whole job file."""

    language: Literal["", "en", "zh-CN"] = ""
    project: Annotated[tuple[ProjectJob, ...], BeforeValidator(several)]
    defaults: DefaultsJob = DefaultsJob()
    style: tuple[StyleJob, ...] = ()
    shadows: tuple[ShadowsJob, ...] = ()
    view: tuple[ViewJob, ...] = ()
    path: tuple[PathJob, ...] = ()
    story: tuple[StoryJob, ...] = ()
    picture: tuple[PictureJob, ...] = ()
    measure: tuple[MeasureJob, ...] = ()
    table: tuple[TableJob, ...] = ()
    film: tuple[FilmJob, ...] = ()
    export: tuple[ExportJob, ...] = ()
    section: tuple[SectionJob, ...] = ()
    profile: tuple[ProfileJob, ...] = ()
    map: tuple[MapJob, ...] = ()
    permit: tuple[PermitJob, ...] = ()
    repair_sheet: tuple[RepairSheetJob, ...] = ()
    pipe_report: tuple[PipeReportJob, ...] = ()
    symbols: tuple[SymbolsJob, ...] = ()
    drill: tuple[DrillJob, ...] = ()
    analysis: tuple[AnalysisJob, ...] = ()

    @model_validator(mode="after")
    def _some_project(self) -> Job:
        if not self.project:
            raise ValueError(
                CityError(
                    "job.no_project",
                    "The job has no project.",
                    hint='write [project] and below it file = "city.gpkg"',
                )
            )
        return self
