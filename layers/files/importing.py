"""From a file to layers of the project, with an honest account of what became of each feature."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from layers.edits import AddLayer, SetFrame, Together
from layers.errors import CityError
from layers.files.choosing import choose_layers, geometry_words, holds_osm, propose_kind
from layers.files.contents import buildings_of, distinct, features_of, tell_far_apart
from layers.files.duplicates import joined, repeated
from layers.files.fact_fields import with_facts_of
from layers.files.ground_points import holds_ground_points, read_ground_points
from layers.files.kept import KeptImport, find_import, import_key, keep_import
from layers.files.model_import import import_model, is_model
from layers.files.ogr import listing_once
from layers.files.options import ImportOptions
from layers.files.outlines import outlined
from layers.files.pipe_choices import PipeChoices
from layers.files.pipe_import import import_pipe_file, is_pipe_file
from layers.files.pipe_lines import pipes_of
from layers.files.pipe_network import Ground
from layers.files.plane_units import settled
from layers.files.raster import is_raster, read_raster
from layers.files.raw import LayerInfo, Note, RawLayer
from layers.files.reference import frame_for, placed_at, rounded_origin
from layers.files.repair import Pieces, Wanted, clean, void_around, without_slivers
from layers.files.report import LayerReport, Tally
from layers.files.sniff import check_content
from layers.files.solid_faces import of_whole_features, with_faces
from layers.files.themes import LAYERS, USUAL, of_theme, together
from layers.files.vector import read_layers
from layers.frame import CITY_GRID, Frame
from layers.history import Command, Label
from layers.kinds import KINDS, kind_of
from layers.kinds.base import Features, Kind, Layer, Source
from layers.kinds.buildings import Buildings
from layers.kinds.control_lines import assigned, preset_of, preset_style, recognised
from layers.kinds.emergency import SORTS
from layers.kinds.pipes import Pipes
from layers.progress import Part, Progress, Silent
from layers.project import Project
from layers.shapes import Bools, Floats, Ints
from layers.style import Style

MIN_BUILDING = 0.1  # m2: smaller footprints are slivers
#: Names that formats give to layers of anything; the file's own name tells more.
NAMES_OF_NOTHING = frozenset({"entities", "multipolygons", "lines", "points", "Sheet1"})
MOST_NAMES = 8  # layers that are named in one remark
SAMPLE = 5_000  # features looked at to learn what coordinates mean


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """What an import made; nothing of it is in the project yet.

    Attributes
    ----------
    layers : tuple of Layer
        New layers, in the order of the file.
    frame : Frame
        The project's, or the one proposed for it.
    reports : tuple of LayerReport
        One for each layer that was read, also where nothing of it could be kept.
    sets_frame : bool
        Whether the project has to take `frame` first.
    """

    layers: tuple[Layer, ...]
    frame: Frame
    reports: tuple[LayerReport, ...]
    sets_frame: bool = False


def import_file(
    project: Project,
    path: Path | str,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Read a file (or folder, or archive) into layers for a project, which is not changed.

    Parameters
    ----------
    project : Project
        Its frame, where it has one, is what everything is carried into.
    path : path-like
        The file.
    options : ImportOptions or None
        Choices.
    progress : Progress or None
        Hears of the stages and can stop the work.

    Raises
    ------
    CityError
        What the readers raise; ``import.no_crs``, ``import.crs_wrong``,
        ``import.choose_layer``, ``import.nothing_kept``, ``height.*``, ``raster.*``.
    Cancelled
        If the user stopped it.
    """
    path, options = Path(path), options or ImportOptions()
    progress = progress or Silent()
    if options.kind is not None:
        kind_of(options.kind)
    check_content(path)
    progress.step(0, 0, "progress-looking")
    frame = project.frame
    if is_model(path):
        placed, now, report = import_model(project, path, options, progress)
        return Imported((placed,), now, (report,), sets_frame=now is not frame)
    if is_pipe_file(path, options):
        network, found, report = import_pipe_file(project, path, options, progress)
        now = _centred(found, project, (report,))
        return Imported((network,), now, (report,), sets_frame=now is not frame)
    points = holds_ground_points(path, options)
    if points or is_raster(path, options):
        read = read_ground_points if points else read_raster
        ground, found, report = read(path, frame, options, progress)
        now = _centred(found, project, (report,))
        return Imported((ground,), now, (report,), sets_frame=now is not frame)
    key = None if _hangs_on_ground(path, options) else import_key(project, path, options)
    found_before = None if key is None else find_import(key)
    if found_before is None:
        made = _import_anew(project, path, options, progress)
        if key is not None and not any(isinstance(one.data, Pipes) for one in made.layers):
            keep_import(key, path, made)
    else:
        made = found_before
    progress.step(1, 1, "progress-done")
    where = frame if frame is not None and made.frame == frame else made.frame
    assert where is not None
    now = _centred(where, project, made.reports)
    return Imported(made.layers, now, made.reports, sets_frame=now is not frame)


def _hangs_on_ground(path: Path, options: ImportOptions) -> bool:
    """Say whether the project's terrain has a say in what an import gives."""
    return options.heights == "relative" or path.suffix.lower() in {".kml", ".kmz"}


def _import_anew(
    project: Project, path: Path, options: ImportOptions, progress: Progress
) -> KeptImport:
    """Read a file of shapes into layers."""
    with listing_once():
        jobs = _jobs(path, options, Part(progress, 0.0, 0.45))
    made = _from_jobs(project, path, jobs, progress)
    if not made.layers and options.layer is None and options.kind is None and holds_osm(path):
        rest = _of_no_theme(path, options, Part(progress, 0.0, 0.45))
        made = _from_jobs(project, path, rest, progress)
    if not made.layers:
        raise _nothing_kept(path, made.reports)
    by_theme = options.layer is None and options.kind is None and holds_osm(path)
    return replace(made, reports=_told_once(made.reports)) if by_theme else made


def _told_once(reports: Sequence[LayerReport]) -> tuple[LayerReport, ...]:
    """Leave out themes of an extract that it has nothing of, and remarks made before."""
    told: list[LayerReport] = []
    known: set[str] = set()
    for report in reports:
        if report.kept:
            more = tuple(note for note in report.messages if note.key not in known)
            known.update(note.key for note in more if note.key == "osm_ways_missing")
            told.append(replace(report, messages=more))
    return tuple(told)


def _of_no_theme(
    path: Path, options: ImportOptions, progress: Progress
) -> list[tuple[RawLayer, ImportOptions]]:
    """Give what an extract holds that is of none of the usual themes: hospitals, stops, squares."""
    raws = read_layers(path, layers=["multipolygons", "lines", "points"], progress=progress)
    kinds = {"points": "places"}
    return [(raw, replace(options, kind=kinds.get(raw.name, "features"))) for raw in raws]


def _from_jobs(
    project: Project, path: Path, every: list[tuple[RawLayer, ImportOptions]], progress: Progress
) -> KeptImport:
    jobs = [job for job in every if len(job[0])]
    frame_now = project.frame
    layers: list[Layer] = []
    reports: list[LayerReport] = []
    layer: Layer | None
    for i, (raw, chosen) in enumerate(jobs):
        start = 0.45 + 0.55 * i / len(jobs)
        part = Part(progress, start, start + 0.55 / len(jobs))
        raw = raw.with_notes(*_imported_before(project, path, raw.name))  # noqa: PLW2901
        layer, frame_now, report = import_layer(
            raw, frame_now, chosen, part, ground=ground_of(project)
        )
        if layer is not None:
            layers.append(layer)
        reports.append(report)
    if frame_now is None:
        raise _nothing_kept(path, reports)
    return KeptImport(tuple(layers), frame_now, tuple(reports))


def _imported_before(project: Project, path: Path, layer: str) -> list[Note]:
    """Say that the project has a layer of the same file already."""
    for other in project.layers:
        source = other.source
        if source.path is not None and source.layer == layer and source.path == path:
            return [Note("imported_before", {"name": other.name})]
    return []


def _jobs(
    path: Path, options: ImportOptions, progress: Progress
) -> list[tuple[RawLayer, ImportOptions]]:
    """Read what is wanted of a file; give each layer-to-be with the choices for it."""
    if options.layer is None and (kinds := _themes_of(path, options)):
        wanted = dict.fromkeys(name for kind in kinds for name in LAYERS[kind])
        raws = read_layers(path, layers=list(wanted), progress=progress)
        by_name = {raw.name: raw for raw in raws}
        return [
            (
                together([by_name[name] for name in LAYERS[kind]], options.name or kind),
                replace(options, kind=kind),
            )
            for kind in kinds
        ]
    names, others = choose_layers(path, options)
    raws = read_layers(path, layers=names, encoding=options.encoding, progress=progress)
    if others:
        shown = ", ".join(others[:MOST_NAMES]) + (" ..." if len(others) > MOST_NAMES else "")
        raws[0] = raws[0].with_notes(
            Note("layers_left_out", {"count": len(others), "names": shown})
        )
    if len(raws) == 1:
        return [(raws[0], options)]
    return [(raw, replace(options, name="")) for raw in raws]


def _themes_of(path: Path, options: ImportOptions) -> tuple[str, ...]:
    """Give the kinds to make of an OpenStreetMap extract; nothing for other files."""
    if not holds_osm(path):
        return ()
    if options.kind is None:
        return USUAL
    return (options.kind,) if options.kind in LAYERS else ()


def ground_of(project: Project) -> Ground | None:
    """Give the ground of a project as a function of places, None where it has no terrain."""
    return None if project.terrain() is None else project.ground_at


def _centred(frame: Frame, project: Project, reports: Sequence[LayerReport]) -> Frame:
    """Give a frame that was chosen without data its origin in the middle of the first data."""
    extents = [report.extent for report in reports if report.extent is not None]
    if frame is not project.frame or project.layers or frame.origin != (0.0, 0.0) or not extents:
        return frame
    west, south, east, north = extents[0]
    return replace(frame, origin=rounded_origin((west + east) / 2, (south + north) / 2))


def commands_for(imported: Imported) -> Command:
    """Make the one step that puts what was imported into the project."""
    steps: list[Command] = [SetFrame(imported.frame)] if imported.sets_frame else []
    steps += [AddLayer(layer) for layer in imported.layers]
    names = ", ".join(layer.name for layer in imported.layers)
    facts: dict[str, object] = {"name": names, "count": len(imported.layers)}
    return Together(tuple(steps), Label("edit-import", facts))


def import_layer(
    raw: RawLayer,
    frame: Frame | None,
    options: ImportOptions,
    progress: Progress | None = None,
    *,
    ground: Ground | None = None,
) -> tuple[Layer | None, Frame | None, LayerReport]:
    """Make one layer of what a reader gave.

    Parameters
    ----------
    raw : RawLayer
        The features.
    frame : Frame or None
        The project's; None: proposed from the data.
    options : ImportOptions
        Choices.
    progress : Progress or None
        Hears of the stages.
    ground : callable or None
        The project's ground at places, for pipes; None where it has no terrain.

    Returns
    -------
    Layer or None
        None where nothing could be kept.
    Frame or None
        The project's, or the proposed one; None where there was none and no feature
        says where it lies.
    LayerReport
        What became of the features.
    """
    begun = time.perf_counter()
    progress = progress or Silent()
    kind = kind_of(_kind_for(raw, options))
    sample = sample_of(raw)
    report, where = _begun_report(raw, kind, options)
    if not np.isfinite(sample).all(axis=1).any():
        return None, frame, _without_places(raw, report)
    raw, sample, reference = settled(raw, sample, frame, options, where)
    tally = Tally(raw.ids)
    tally.notes.extend((*raw.notes, *reference.notes))
    home = frame
    if frame is None:
        frame, note = frame_for(reference, sample)
        tally.notes.extend([note] if note else [])
    to_project, notes = placed_at(sample, reference, frame, where)
    tally.notes.extend(notes if home else ())
    raw, rows, taken = _with_outlines(raw, kind, options, tally, Part(progress, 0.0, 0.15))
    at_zero = reference.crs == CITY_GRID
    void = 0.0 if at_zero else void_around(sample)
    wanted = Wanted(kind.shapes, kind.data is Buildings, at_zero=at_zero, void=void)
    bodies = with_faces(raw) if wanted.flat else raw
    pieces = clean(bodies, rows, wanted, to_project, tally, Part(progress, 0.15, 0.6))
    raw = of_whole_features(raw, bodies, pieces)
    pieces, absorbed = joined(raw, pieces, tally, Part(progress, 0.6, 0.65))
    pieces = without_slivers(pieces, _least_area(kind, options), tally)
    data: Features
    if kind.data is Buildings:
        data, report = buildings_of(
            raw, pieces, reference, frame, options, tally, report, progress, ground
        )
    else:
        data = features_of(raw, pieces, Part(progress, 0.65, 1.0))
    data = _of_kind(data, kind, report.name, options, ground, tally)
    tell_far_apart(data, tally)
    account = tally.close(_living(pieces, np.concatenate([absorbed, taken])))
    style = _styled(kind, options)
    if kind.key == "control-lines":
        data, style = _lined(data, style, options, tally)
    report = replace(
        report, crs=reference.crs, read=account.read, kept=account.kept, repaired=account.repaired,
        skipped=account.skipped, first=account.first, mended=account.mended, objects=len(data),
        extent=data.extent(), messages=tuple(tally.notes), seconds=time.perf_counter() - begun,
    )  # fmt: skip
    progress.step(20, 20, "progress-building")
    source = Source(raw.path, raw.name, options.chosen(), report.to_json())
    made = Layer(kind.key, report.name, data, style=style, source=source) if len(data) else None
    return made, frame, report


def _with_outlines(
    raw: RawLayer, kind: Kind, options: ImportOptions, tally: Tally, progress: Progress
) -> tuple[RawLayer, Ints, Ints]:
    """Choose the features to take, and put single lines together to outlines of buildings.

    Gives the layer, its rows, and who was taken in by whom.
    """
    rows = _rows_to_take(raw, kind, options, tally, progress)
    if kind.data is not Buildings:
        return raw, rows, np.zeros((0, 2), dtype=np.int64)
    found = outlined(raw, rows)
    tally.mend("outline_of_lines", found.used)
    if len(found.absorbed):
        rows = np.setdiff1d(rows, found.absorbed[:, 0])
    return found.raw, rows, found.absorbed


def _least_area(kind: Kind, options: ImportOptions) -> float:
    if options.min_area is not None:
        return options.min_area
    return MIN_BUILDING if kind.key == "buildings" else 0.0


def _of_kind(
    data: Features,
    kind: Kind,
    name: str,
    options: ImportOptions,
    ground: Ground | None,
    tally: Tally,
) -> Features:
    """Give features what their kind knows beyond shapes; what was found goes to the remarks."""
    if kind.data is Buildings:
        return _levelled(data, options, ground)
    if kind.data is Pipes:
        return _piped(data, name, options, ground, tally)
    if kind.key in SORTS:
        data, told = with_facts_of(data, options.facts, kind.key, name)
        tally.notes.extend(told)
    return data


def _lined(
    data: Features, style: Style, options: ImportOptions, tally: Tally
) -> tuple[Features, Style]:
    """Give control lines their classes and colours: by a template, else by their names."""
    chosen = options.lines
    if chosen is None:
        return data, recognised(data, style)
    preset = preset_of(chosen.preset)
    if chosen.field not in data.attributes.column_names:
        tally.notes.append(Note("lines_no_field", {"field": chosen.field}))
        return data, recognised(data, style)
    made, lost = assigned(data, preset, chosen.mapping, chosen.field, chosen.fields)
    tally.notes.append(Note("lines_assigned", {"count": len(data) - len(lost)}))
    if len(lost):
        tally.notes.append(Note("lines_lost", {"count": len(lost)}))
    return made, preset_style(style, preset, chosen.words)


def _styled(kind: Kind, options: ImportOptions) -> Style:
    """Give the look of a new layer: its kind's, with what heights of corners mean."""
    if options.heights is None or kind.data is not Features:
        return kind.style
    return replace(kind.style, heights=options.heights)


def _levelled(data: Features, options: ImportOptions, ground: Ground | None) -> Features:
    """Give buildings the levels they stand on, by what the choices say levels mean."""
    assert isinstance(data, Buildings)
    if options.heights in {None, "absolute"} or len(data) == 0 or data.surfaces is not None:
        return data
    base = np.full(len(data), np.nan)  # whoever has no level stands on the ground
    if options.heights == "relative":
        level = 0.0 if ground is None else ground(data.shapes.centres())
        base = np.asarray(data.base + level)
    return replace(data, base=base)


def _piped(
    plain: Features, name: str, options: ImportOptions, ground: Ground | None, tally: Tally
) -> Pipes:
    """Make pipes of plain lines and points; what was found and assumed goes to the remarks."""
    chosen = options.pipes or PipeChoices()
    pipes, remarks = pipes_of(plain, chosen.line_class or name, ground, chosen.field_map())
    tally.notes.extend(remarks)
    return pipes


def _begun_report(raw: RawLayer, kind: Kind, options: ImportOptions) -> tuple[LayerReport, str]:
    """Begin the account of a layer; give it and what to call the layer in errors."""
    name = raw.path.stem if raw.name in NAMES_OF_NOTHING else raw.name
    report = LayerReport(
        name=options.name or name,
        kind=kind.key,
        source=str(raw.path),
        layer=raw.name,
        crs=options.crs or raw.crs or "",
        encoding=raw.encoding,
    )
    where = raw.path.name if name == raw.path.stem else f"{raw.path.name} ({name})"
    return report, where


def _without_places(raw: RawLayer, report: LayerReport) -> LayerReport:
    """Account for a layer of which no feature says where it lies."""
    tally = Tally(raw.ids)
    rows = np.arange(len(raw))
    nowhere = clean(
        raw, rows, Wanted("point+line+polygon", at_zero=False), lambda coords: coords, tally
    )
    assert len(nowhere.row) == 0
    account = tally.close(nowhere.row)
    return replace(
        report, read=account.read, skipped=account.skipped, first=account.first, messages=raw.notes
    )


def _kind_for(raw: RawLayer, options: ImportOptions) -> str:
    """Give the chosen kind, else the proposed one.

    Raises
    ------
    CityError
        ``import.not_for_shapes`` for kinds that are not made of shapes.
    """
    if options.kind is not None:
        wanted = KINDS[options.kind]
        if not issubclass(wanted.data, Features) or wanted.shapes == "model":
            raise CityError(
                "import.not_for_shapes",
                f"'{options.kind}' cannot be made from a file of points, lines or polygons.",
                hint="import it as buildings, roads, water, greenery, districts or features",
                where=raw.path.name,
                kind=options.kind,
            )
        return options.kind
    fields = tuple((name, "") for name in raw.attributes.column_names)
    info = LayerInfo(
        raw.name, geometry_words(with_faces(raw)), len(raw), fields, raw.crs, raw.encoding
    )
    return propose_kind(info, raw.path)


def sample_of(raw: RawLayer) -> Floats:
    """Give some of a layer's coordinates, spread over its features, (k, 2) in file order."""
    present = np.flatnonzero(~(raw.missing() | raw.empty()))
    coords: Floats = np.empty((0, 2))
    for step in {max(1, len(present) // SAMPLE): None, 1: None}:  # all, where some tell nothing
        coords = raw.coords_of(present[::step])
        coords = coords[(coords != 0.0).any(axis=1)]  # what stands at 0, 0 says nothing
        if np.isfinite(coords).all(axis=1).any():
            break
    return np.asarray(coords[:: max(1, len(coords) // (4 * SAMPLE))])


def _living(pieces: Pieces, absorbed: Ints) -> Ints:
    """List the features that live on, alone or in the object that took them in."""
    if len(absorbed) == 0:
        return distinct(pieces.row)[0]
    absorber = absorbed[np.isin(absorbed[:, 1], pieces.row), 0]
    return np.union1d(pieces.row, absorber)


def _rows_to_take(
    raw: RawLayer, kind: Kind, options: ImportOptions, tally: Tally, progress: Progress
) -> Ints:
    """Choose the features that belong to the kind and do not repeat others."""
    progress.step(0, 3, "progress-repairing")
    mine = of_theme(raw, kind.key)
    fits = mine & ~_wrong_shape(raw, kind, tally)
    tally.lose("other_theme", np.flatnonzero(~mine))
    rows = np.flatnonzero(fits)
    if options.keep_duplicates:
        return rows
    progress.step(1, 3, "progress-duplicates")
    again = repeated(raw, rows, ignore_keys=kind.key == "buildings")
    progress.step(2, 3, "progress-duplicates")
    tally.lose("duplicate", again)
    return np.setdiff1d(rows, again, assume_unique=True) if again.size else rows


def _wrong_shape(raw: RawLayer, kind: Kind, tally: Tally) -> Bools:
    """Leave out, early, whole features of a type of shape that the kind cannot hold."""
    types = raw.types()
    if kind.shapes == "polygon":
        wrong = np.isin(types, (0, 4))
        tally.lose("not_a_polygon", np.flatnonzero(wrong))
        return wrong
    return np.zeros(len(raw), dtype=bool)


def _nothing_kept(path: Path, reports: Sequence[LayerReport]) -> CityError:
    read = sum(report.read for report in reports)
    counts: dict[str, int] = {}
    for report in reports:
        for reason, count in report.skipped.items():
            counts[reason] = counts.get(reason, 0) + count
    why = ", ".join(f"{count} x {reason.replace('_', ' ')}" for reason, count in counts.items())
    if read == 0:
        return CityError(
            "import.empty",
            "The file holds no features.",
            hint="check whether the right file or layer was chosen",
            where=path.name,
        )
    kinds = ", ".join(dict.fromkeys(report.kind for report in reports))
    return CityError(
        "import.nothing_kept",
        f"None of the {read} features can be kept as {kinds}: {why}.",
        hint="import it as another kind, or choose another layer",
        where=path.name,
        read=read,
        kinds=kinds,
        why=counts,
    )
