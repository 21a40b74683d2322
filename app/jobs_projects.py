"""The projects of a job: project files, the sample, or files imported for the job alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import api
from app.api import City
from app.jobs_file import JobFile
from app.jobs_model import ImportJob, ProjectJob, StyleJob
from app.jobs_tours_model import KEPT_TABLES, KeptJob
from layers.errors import CityError
from layers.planning.measure import program
from layers.progress import Part, Progress, Silent

if TYPE_CHECKING:
    from layers.files.model_choices import ModelChoices

BLOCK = 1 << 20
#: Keys of an import that are about models, and the fields of `ModelChoices` they fill.
MODEL_KEYS = {
    "at": "at", "rotate": "turn", "scale": "scale", "up": "up", "unit": "unit",
    "anchor": "anchor", "rise": "rise", "hide_buildings": "hide",
}  # fmt: skip


class JobProject:
    """One project of a job; it is opened only when something of it has to be made.

    Parameters
    ----------
    file : JobFile
        The job.
    number : int
        Which of its projects.
    """

    def __init__(self, file: JobFile, number: int) -> None:
        self._file, self._number = file, number
        self.spec: ProjectJob = file.job.project[number]
        self.name = self.spec.called
        self._city: City | None = None
        self._inputs = ""

    @property
    def inputs(self) -> str:
        """Hash of the project's content as far as files tell it, and of the program's version."""
        if not self._inputs:
            told: dict[str, Any] = {"program": program(), "spec": self.spec.model_dump(mode="json")}
            told["files"] = {str(path): file_hash(path) for path in self._sources()}
            if self.spec.sample:
                from app.sample import VERSION

                told["sample"] = VERSION
            self._inputs = text_hash(told)
        return self._inputs

    def city(self, progress: Progress | None = None) -> City:
        """Open, make or import the project, with the styles, views and paths of the job.

        Raises
        ------
        CityError
            As opening or importing does, with the line of the job file.
        """
        if self._city is None:
            city = self._opened(progress or Silent())
            try:
                self._style(city)
                self._keep(city)
            except BaseException:
                city.close()
                raise
            self._city = city
        return self._city

    def close(self) -> None:
        """Let the project go."""
        if self._city is not None:
            self._city.close()
            self._city = None

    def _opened(self, progress: Progress) -> City:
        if self.spec.file:
            path = self._file.beside(self.spec.file)
            return api.open_project(path, read_only=True, progress=progress)
        if self.spec.sample:
            from app.sample import sample_project

            return api.open_project(sample_project(progress), read_only=True)
        city = api.new_project(crs=self.spec.crs, title=self.spec.title)
        try:
            for number, item in enumerate(self.spec.imports):
                count = len(self.spec.imports)
                part = Part(progress, number / count, (number + 1) / count)
                self._import(city, item, number, part)
        except BaseException:
            city.close()
            raise
        return city

    def _import(self, city: City, item: ImportJob, number: int, progress: Progress) -> None:
        options = item.model_dump(exclude={"file", "kind", *MODEL_KEYS}, exclude_defaults=True)
        path = self._file.beside(item.file)
        try:
            if (model := _model(item)) is not None:
                options["model"] = model
            if options.pop("line_fields", "") or item.lines:
                from app.control_lines import template_for

                told = item.lines
                told = str(self._file.beside(told)) if told.endswith(".toml") else told
                options["lines"] = template_for(told, item.line_fields)
            if any([options.pop("field", ()), options.pop("word", ())]):
                from layers.files.fact_fields import read_facts

                options["facts"] = read_facts(item.field, item.word)
            city.import_file(path, item.kind, progress=progress, **options)
        except CityError as error:
            place = self._file.at("project", self._number, "import", number)
            raise placed(error, place) from error

    def _sources(self) -> Iterator[Path]:
        if self.spec.file:
            from layers.files.project_reader import raster_files

            path = self._file.beside(self.spec.file)
            yield path
            yield from raster_files(path)
        for item in self.spec.imports:
            path = self._file.beside(item.file)
            if path.is_dir():
                yield from sorted(p for p in path.rglob("*") if p.is_file())
            elif path.parent.is_dir():  # a shapefile is several files of one name
                yield from sorted(
                    p for p in path.parent.iterdir() if p.stem == path.stem and p.is_file()
                )

    def _style(self, city: City) -> None:
        for number, style in enumerate(self._file.job.style):
            if style.project in {"", self.name}:
                try:
                    apply_style(city, style)
                except CityError as error:
                    raise placed(error, self._file.at("style", number)) from error

    def _keep(self, city: City) -> None:
        """Put the layers of shadows, the views, paths and stories of the job into the project."""
        for table, number, item in self._kept():
            try:
                item.keep(city)
            except CityError as error:
                raise placed(error, self._file.at(table, number)) from error

    def _kept(self) -> Iterator[tuple[str, int, KeptJob]]:
        for table in KEPT_TABLES:
            items: tuple[KeptJob, ...] = getattr(self._file.job, table)
            for number, item in enumerate(items):
                if item.project in {"", self.name}:
                    yield table, number, item

    def kept(self) -> list[dict[str, Any]]:
        """Give what the job keeps in this project, for the hash of a picture."""
        return [item.model_dump(mode="json") for _, _, item in self._kept()]

    def styles(self) -> list[dict[str, Any]]:
        """Give the styles that the job puts on this project, for the hash of a picture."""
        return [
            style.model_dump(mode="json")
            for style in self._file.job.style
            if style.project in {"", self.name}
        ]


def apply_style(city: City, style: StyleJob) -> None:
    """Make a layer look as a job says.

    Raises
    ------
    CityError
        If there is no such layer or field.
    """
    layer = city.project.layer(style.layer)
    if style.visible is not None:
        (city.show if style.visible else city.hide)(layer.id)
    names = (
        "colour", "outline", "opacity", "line_width", "point_size", "label_field", "label_size",
        "label_colour", "label_rank", "label_behind", "label_metres", "width_m", "width_field",
        "built", "tunnels", "lamps", "left_hand", "contours", "heights", "pipe_mode",
        "pipe_codes", "pipe_arrows", "pipe_errors", "pipe_hidden",
    )  # fmt: skip
    changes = {name: getattr(style, name) for name in names if getattr(style, name) is not None}
    for field in filter(None, (style.label_field, style.label_rank, style.width_field)):
        layer.features.column(field)
    if changes:
        city.style(layer.id, **changes)
    if style.colour_by is not None:
        limits = ",".join(repr(limit) for limit in style.limits)
        city.colour_by(
            layer.id, style.colour_by or None, limits or style.mode, steps=style.steps,
            method=style.method, unit=style.unit,
        )  # fmt: skip


def placed(error: CityError, place: str) -> CityError:
    """Give an error with the line of the job file in front of what it is about."""
    where = f"{place}: {error.where}" if error.where else place
    return CityError(error.code, error.message, hint=error.hint, where=where, **error.facts)


def file_hash(path: Path) -> str:
    """Hash the bytes of a file; one that is not there has its own hash."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
    except FileNotFoundError:
        return "missing"
    return digest.hexdigest()


def text_hash(value: object) -> str:
    """Hash plain values."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    if hasattr(value, "__dataclass_fields__"):
        return asdict(value)  # type: ignore[call-overload]  # a dataclass, as just seen
    return str(value)


def _model(item: ImportJob) -> ModelChoices | None:
    """Give what an import says of a model; None where it says nothing."""
    given = item.model_dump(include=set(MODEL_KEYS), exclude_defaults=True)
    if not given:
        return None
    from layers.files.model_choices import ModelChoices, read_unit

    if "unit" in given:
        given["unit"] = read_unit(given["unit"])
    return ModelChoices(**{MODEL_KEYS[key]: value for key, value in given.items()})
