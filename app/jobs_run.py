"""Running a job file: pictures, measurements and tables into a folder, with a manifest.

What is up to date is left alone: each output keeps a hash of all it was made
from (the job's words, the project's content, the program's version), and each
file its own hash. Outputs appear whole or not at all, and the manifest is
written after each one, so that a job that was stopped goes on where it was.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import wording
from app.api import City
from app.arguments import parse_camera, pick_layers
from app.cutting import cut_from
from app.jobs_answers import JobAnswers, questions_called
from app.jobs_file import JobFile
from app.jobs_model import MeasureJob
from app.jobs_plan import Output, plan
from app.jobs_projects import JobProject, file_hash, placed, text_hash
from app.layer_table import write_layer_table
from layers.errors import CityError
from layers.planning.measure import program
from layers.progress import Part, Progress, Silent
from layers.project import Project
from layers.schemes import project_with

if TYPE_CHECKING:
    from app.pictures import Order, Painter
    from layers.kinds.measurements import Measurement

    Painters = dict[tuple[str, tuple[str, ...]], Painter]

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class JobResult:
    """What a job did.

    Attributes
    ----------
    written, kept : tuple of pathlib.Path
        Files that were made, and those that were up to date.
    manifest : pathlib.Path
        The list of all of them.
    seconds : float
        How long it took.
    """

    written: tuple[Path, ...]
    kept: tuple[Path, ...]
    manifest: Path
    seconds: float


def run_job(
    file: JobFile,
    out: Path,
    *,
    force: bool = False,
    progress: Progress | None = None,
    done: Callable[[Path, bool], None] | None = None,
) -> JobResult:
    """Run a job.

    Parameters
    ----------
    file : JobFile
        From `app.jobs_file.read_job`.
    out : pathlib.Path
        Folder for the files; made where it is missing.
    force : bool
        Make everything again, up to date or not.
    progress : Progress or None
        Is told how far it is; may stop the job, what is finished then stays.
    done : callable or None
        Told each file and whether it was made anew.

    Raises
    ------
    CityError
        What is wrong with the job, with its line; as opening, drawing and
        writing do.
    Cancelled
        If the user stopped it.
    """
    begun = time.perf_counter()
    told = progress or Silent()
    if file.job.language:
        wording.set_current(file.job.language)
    projects = [JobProject(file, number) for number in range(len(file.job.project))]
    try:
        outputs = plan(file, projects, datetime.now().astimezone().date())
        _make_folder(out)
        manifest = Manifest(out, file)
        written: list[Path] = []
        kept: list[Path] = []
        total, before = sum(output.weight for output in outputs), 0.0
        for project, group in groupby(outputs, key=lambda output: output.project):
            todo = []
            for output in group:
                if not force and manifest.up_to_date(output, inputs_of(file, output)):
                    kept += manifest.files(output)
                    before += output.weight
                    if done is not None:
                        for path in manifest.files(output):
                            done(path, False)
                else:
                    todo.append(output)
            if todo:
                share = sum(output.weight for output in todo)
                part = Part(told, before / total, (before + share) / total)
                _make(file, project, todo, manifest, part, written, done)
                before += share
            project.close()
        manifest.finish(outputs)
    finally:
        for project in projects:
            project.close()
    return JobResult(tuple(written), tuple(kept), manifest.path, time.perf_counter() - begun)


def inputs_of(file: JobFile, output: Output) -> str:
    """Hash all that an output is made from."""
    told: dict[str, Any] = {
        "project": output.project.inputs,
        "file": output.file.as_posix(),
        "view": output.view,
        "size": output.size,
        "language": wording.current().locale,
    }
    if output.picture is not None:
        told["picture"] = output.picture.model_dump(mode="json", exclude={"file", "sizes", "size"})
        told["defaults"] = file.job.defaults.model_dump(mode="json", exclude={"sizes", "size"})
        told["answers"] = [
            item.model_dump(mode="json", exclude={"file"})
            for name in output.picture.answers
            for item in questions_called(file, output.project.name, name)
        ]
        told["styles"] = output.project.styles()
    if output.film is not None:
        told["film"] = output.film.model_dump(mode="json")
        told["styles"] = output.project.styles()
    if output.picture is not None or output.film is not None:
        told["kept"] = output.project.kept()
    if output.export is not None:
        told["export"] = output.export.model_dump(mode="json")
        told["styles"] = output.project.styles()
    if output.section is not None:
        told["section"] = output.section.model_dump(mode="json")
    if output.profile is not None:
        told["profile"] = output.profile.model_dump(mode="json")
    if output.analysis is not None:
        told["analysis"] = output.analysis.model_dump(mode="json")
    if output.paper is not None:
        told[output.paper_kind] = output.paper.model_dump(mode="json")
    if output.table is not None:
        told["table"] = output.table.model_dump(mode="json")
        told["measure"] = [item.model_dump(mode="json") for item in file.job.measure]
    return text_hash(told)


class Manifest:
    """The list of what a job wrote, kept beside it as ``manifest.json``.

    Parameters
    ----------
    out : pathlib.Path
        Output folder.
    file : JobFile
        The job.
    """

    def __init__(self, out: Path, file: JobFile) -> None:
        self.path = out / MANIFEST
        self._out, self._file = out, file
        self._entries: dict[str, dict[str, Any]] = {}
        try:
            raw = json.loads(self.path.read_text(encoding="utf-8"))
            self._entries = {entry["file"]: entry for entry in raw["files"]}
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError):
            self._entries = {}  # not ours or cut off: everything counts as out of date

    def up_to_date(self, output: Output, inputs: str) -> bool:
        """Say whether the file is there, untouched, and made from the same things."""
        entry = self._entries.get(output.file.as_posix())
        if entry is None or entry.get("inputs") != inputs:
            return False
        parts = entry.get("parts") or {output.file.as_posix(): entry.get("sha256")}
        return all(sha == file_hash(self._out / name) for name, sha in parts.items())

    def files(self, output: Output) -> tuple[Path, ...]:
        """Give the files of an output that was written before: one, or its sheets and pages."""
        parts = self._entries[output.file.as_posix()].get("parts") or (output.file.as_posix(),)
        return tuple(self._out / name for name in parts)

    def add(
        self, output: Output, inputs: str, seconds: float, files: Sequence[Path] = (),
        remarks: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Note a file that was just written, or several, and write the manifest."""
        name = output.file.as_posix()
        names = [file.relative_to(self._out).as_posix() for file in files]
        parts = {part: file_hash(self._out / part) for part in names}
        several = list(parts) not in ([], [name])
        self._entries[name] = {
            "file": name,
            "sha256": None if several else file_hash(self._out / output.file),
            **({"parts": parts} if several else {}),
            "kind": output.kind,
            "project": output.project.name,
            "view": output.view or None,
            "width": output.size[0] or None,
            "height": output.size[1] or None,
            "seconds": round(seconds, 3),
            **({"remarks": list(remarks)} if remarks else {}),
            "inputs": inputs,
            "program": program(),
        }
        self._write()

    def finish(self, outputs: Sequence[Output]) -> None:
        """Drop what the job does not ask for any more, and write the manifest."""
        names = {output.file.as_posix() for output in outputs}
        self._entries = {name: self._entries[name] for name in self._entries if name in names}
        self._write()

    def _write(self) -> None:
        whole = {
            "job": self._file.path.name,
            "job_sha256": file_hash(self._file.path),
            "program": program(),
            "written": datetime.now().astimezone().isoformat(timespec="seconds"),
            "files": list(self._entries.values()),
        }
        text = json.dumps(whole, ensure_ascii=False, indent=1)
        write_whole(self.path, lambda path: path.write_text(text, encoding="utf-8"))


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place and put it there when it is whole.

    Raises
    ------
    CityError
        ``job.write`` if the folder cannot be written.
    """
    beside = path.with_name(f".part-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(beside)
        beside.replace(path)
    except OSError as error:
        raise CityError(
            "job.write",
            f"The file cannot be written: {error.strerror or error}.",
            hint="check the folder's rights and the space on the disk",
            where=str(path),
            reason=str(error.strerror or error),
        ) from error
    finally:
        beside.unlink(missing_ok=True)


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CityError(
            "job.write",
            f"The file cannot be written: {error.strerror or error}.",
            hint="check the folder's rights and the space on the disk",
            where=str(out),
            reason=str(error.strerror or error),
        ) from error


def _make(
    file: JobFile,
    project: JobProject,
    todo: Sequence[Output],
    manifest: Manifest,
    progress: Progress,
    written: list[Path],
    done: Callable[[Path, bool], None] | None,
) -> None:
    """Make the outputs of one project; each is noted as soon as it is on the disk."""
    out = manifest.path.parent
    city = project.city(Part(progress, 0.0, 0.2))
    answers = JobAnswers(file, project.name, city)
    orders = {output.file: _order(file, output, city, answers) for output in todo if output.picture}
    measured: list[Measurement] | None = None
    painters: Painters = {}
    total, before = sum(output.weight for output in todo), 0.0
    try:
        for output in todo:
            start = time.perf_counter()
            end = before + output.weight
            made: tuple[Path, ...] = (out / output.file,)
            remarks: tuple[str, ...] = ()
            part = Part(progress, 0.2 + 0.8 * before / total, 0.2 + 0.8 * end / total)
            if output.picture is not None:
                painter = _painter(painters, output, city, answers, Part(part, 0.0, 0.5))
                picture = painter.paint(orders[output.file], part)
                write_whole(out / output.file, picture.save)
            elif output.export is not None:
                remarks = _write_export(out / output.file, output, city, part)
            elif output.table is None:
                made = _write_other(out / output.file, output, city, answers, part)
            else:
                if measured is None:
                    measured = _measured(file, project, city)
                _write_table(out / output.file, output, city, measured)
            seconds = time.perf_counter() - start
            manifest.add(output, inputs_of(file, output), seconds, made, remarks)
            written += made
            before = end
            part.step(1, 1)
            if done is not None:
                for path in made:
                    done(path, True)
    finally:
        for painter in painters.values():
            painter.close()


def _painter(
    painters: Painters, output: Output, city: City, answers: JobAnswers, progress: Progress
) -> Painter:
    """Give the stage that shows scheme and answers of a picture; one stays open at a time."""
    from app.pictures import Painter

    assert output.picture is not None
    scheme, named = output.picture.scheme, output.picture.answers
    if (scheme, named) not in painters:
        for other in painters.values():
            other.close()
        painters.clear()
        if named:
            shown = answers.shown_in(city.project, scheme, named, progress)
        else:
            shown = _shown(output, city, scheme)
        painters[scheme, named] = Painter(shown, wording.current().locale)
    return painters[scheme, named]


def _shown(output: Output, city: City, scheme: str) -> Project:
    """Give the project as a scheme has it; "" takes the scheme that is active in the file."""
    try:
        return project_with(city.project, scheme) if scheme else city.project
    except CityError as error:
        raise placed(error, output.place) from error


def _order(file: JobFile, output: Output, city: City, answers: JobAnswers) -> Order:
    from app.pictures import Order

    picture, defaults = output.picture, file.job.defaults
    assert picture is not None
    try:
        camera = None
        if picture.camera is not None:
            text = ",".join(repr(float(number)) for number in picture.camera)
            camera = parse_camera(city.project, text, picture.camera_crs)
        pick_layers(city.project, (*picture.hide, *picture.show))
        answers.check(picture.answers)
        view = city.project.view(output.view) if output.view else None
    except CityError as error:
        raise placed(error, output.place) from error
    return Order(
        view=view,
        camera=camera,
        name=picture.name,
        size=output.size,
        title=picture.title,
        furniture=defaults.furniture if picture.furniture is None else picture.furniture,
        transparent=defaults.transparent if picture.transparent is None else picture.transparent,
        hide=picture.hide,
        show=(*picture.show, "answers") if picture.answers else picture.show,
        moment=picture.moment,
        shadows=defaults.shadows if picture.shadows is None else picture.shadows,
        corner_shade=(
            defaults.corner_shade if picture.corner_shade is None else picture.corner_shade
        ),
        look=picture.look or defaults.look,
        cut=cut_from(picture.cut),
        underground=picture.underground,
        exaggeration=picture.exaggeration or defaults.exaggeration,
        explode=picture.explode,
    )


def _measured(file: JobFile, project: JobProject, city: City) -> list[Measurement]:
    found: list[Measurement] = []
    for number, item in enumerate(file.job.measure):
        if item.project in {"", project.name}:
            try:
                one = _measure(city, item)
            except CityError as error:
                raise placed(error, file.at("measure", number)) from error
            found.append(replace(one, id=len(found) + 1))
    return found


def _measure(city: City, item: MeasureJob) -> Measurement:
    points, crs, name = item.points, item.crs, item.name
    if item.kind == "building":
        assert item.object is not None
        return city.measure_building(item.layer, item.object, name=name)
    ways: dict[str, Callable[[], Measurement]] = {
        "point": lambda: city.measure_point(points[0], crs=crs, name=name),
        "distance": lambda: city.measure_distance(points[0], points[1], crs=crs, name=name),
        "angle": lambda: city.measure_angle(*points[:3], crs=crs, name=name),
        "polyline": lambda: city.measure_polyline(points, crs=crs, name=name),
        "area": lambda: city.measure_area(points, crs=crs, name=name),
        "profile": lambda: city.measure_profile(points, crs=crs, name=name),
        "cutfill": lambda: city.measure_cutfill(
            points, item.level, side_slope=item.side_slope, crs=crs, name=name
        ),
    }
    return ways[item.kind]()


def _write_other(
    path: Path, output: Output, city: City, answers: JobAnswers, progress: Progress
) -> tuple[Path, ...]:
    """Write what is neither a picture, an export nor a table, and give the files."""
    if output.paper is not None:
        return _write_paper(path, output, city, progress)
    if output.film is not None:
        _write_film(path, output, city, progress)
    elif output.section is not None:
        _write_section(path, output, city)
    elif output.profile is not None:
        _write_profile(path, output, city)
    else:
        _write_analysis(path, output, city, answers, progress)
    return (path,)


def _write_film(path: Path, output: Output, city: City, progress: Progress) -> None:
    from app.touring import QUALITIES

    item = output.film
    assert item is not None
    moments = (item.start or item.end, item.end or item.start) if item.start or item.end else ()
    try:
        city.film(
            path, path=item.path, story=item.story, seconds=item.seconds, fps=item.fps,
            size=item.size, moments=moments, hide=item.hide, captions=item.captions,
            shadows=item.shadows, corner_shade=item.corner_shade, look=item.look, cut=item.cut,
            underground=item.underground, explode=item.explode,
            supersample=QUALITIES[item.quality], progress=progress,
        )  # fmt: skip
    except CityError as error:
        raise placed(error, output.place) from error


def _write_export(path: Path, output: Output, city: City, progress: Progress) -> tuple[str, ...]:
    """Write the city for other programs; gives what is to be told of it."""
    from app.exporting import choose_of, remarks, write

    item = output.export
    assert item is not None
    folder = path.parent if item.format == "3dtiles" else path
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        chosen = choose_of(city.project, item.layers, item.where, item.ids)
        made = write(
            city.project, chosen, item.format, folder, progress,
            height_offset=item.height_offset, overwrite=True,
        )  # fmt: skip
    except CityError as error:
        raise placed(error, output.place) from error
    return tuple(remarks(made, wording.current()))


def _write_section(path: Path, output: Output, city: City) -> None:
    from app.pipe_sections import DrawingOptions, section_plate
    from layers.files.plates import SUFFIXES, write_plate

    item = output.section
    assert item is not None
    options = DrawingOptions(
        item.scale, item.exaggeration, item.title, item.number, item.author,
        language=item.words, error_band=item.error_band,
    )  # fmt: skip
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() in SUFFIXES:
            project = _shown(output, city, item.scheme)
            write_plate(section_plate(project, item.kind, item.params, options), path)
        else:
            city.write_answer(path, city.analyse(item.kind, item.params, scheme=item.scheme))
    except CityError as error:
        raise placed(error, output.place) from error


def _write_profile(path: Path, output: Output, city: City) -> None:
    assert output.profile is not None
    try:
        output.profile.write(city, path)
    except CityError as error:
        raise placed(error, output.place) from error


def _write_analysis(
    path: Path, output: Output, city: City, answers: JobAnswers, progress: Progress
) -> None:
    item = output.analysis
    assert item is not None
    found = answers.asked(item, progress)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        city.write_answer(path, found)
    except CityError as error:
        raise placed(error, output.place) from error


def _write_paper(path: Path, output: Output, city: City, progress: Progress) -> tuple[Path, ...]:
    from app.jobs_papers import write_paper

    assert output.paper is not None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        project = _shown(output, city, output.paper.scheme)
        return write_paper(project, output.paper, path, progress)
    except CityError as error:
        raise placed(error, output.place) from error


def _write_table(path: Path, output: Output, city: City, measured: Sequence[Measurement]) -> None:
    table = output.table
    assert table is not None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if table.what == "layer":
            write_layer_table(_shown(output, city, table.scheme), table.layer, path)
        elif table.what == "kept":
            city.write_measurements(path)
        else:
            city.write_measurements(path, measured)
    except CityError as error:
        raise placed(error, output.place) from error
