"""From a file of a model to a layer: which way is up, how large, where it stands, what it hides."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from layers.errors import CityError
from layers.files.model_choices import ModelChoices, unit_word
from layers.files.model_files import MODEL_ENDINGS, REFUSED
from layers.files.model_read import RawModel, read_model
from layers.files.model_tiles import import_tileset, is_tileset
from layers.files.options import ImportOptions
from layers.files.point_cloud import import_cloud, is_cloud
from layers.files.raw import Note
from layers.files.reference import frame_for, placed_at, rounded_origin, settle
from layers.files.report import LayerReport
from layers.frame import Frame
from layers.kinds.base import Layer, Source
from layers.kinds.model_library import Library, Model, UpAxis
from layers.kinds.models import KIND, Links, Models
from layers.planning.model_links import buildings_under
from layers.progress import Part, Progress, Silent
from layers.project import Project
from layers.shapes import Floats

LARGEST = 100_000.0  # metres; nothing that is placed as one model is wider
SMALLEST = 0.005
FAR = 5_000.0  # metres from the file's origin from which coordinates are taken for a map's
MANY = 20  # buildings above which none is hidden without being asked for
COARSE = 0.002  # metres: steps of a file's numbers that are told


def is_model(path: Path) -> bool:
    """Say whether a file is one of a model by its ending, also one that cannot be read."""
    ending = path.suffix.lower()
    return ending in MODEL_ENDINGS or ending in REFUSED or is_tileset(path) or is_cloud(path)


@dataclass(frozen=True, slots=True, eq=False)
class Shaped:
    """A model that was read, with what its numbers mean.

    Attributes
    ----------
    model : Model
        Ready for a library.
    on_map : ndarray (3,) or None
        East, north, height of its anchor in the file's map coordinates; None for a model that
        is drawn around an origin of its own.
    step : float
        Metres between two numbers the file can tell apart at its coordinates; 0: exact.
    notes : tuple of Note
        What was guessed, mended or is missing.
    """

    model: Model
    on_map: Floats | None
    step: float
    notes: tuple[Note, ...]


def shape_model(raw: RawModel, choices: ModelChoices) -> Shaped:
    """Settle axes, unit and anchor of a model.

    Parameters
    ----------
    raw : RawModel
        What the file holds.
    choices : ModelChoices
        What was chosen.

    Raises
    ------
    CityError
        ``model.size`` where the model would be absurdly large or small.
    """
    notes = list(raw.notes)
    up, up_note = _up_of(raw, choices)
    unit, unit_note = _unit_of(raw, choices)
    notes += [note for note in (up_note, unit_note) if note is not None]
    xyz = _turned(raw.points, up) * unit
    low, high = xyz.min(axis=0), xyz.max(axis=0)
    size = high - low
    _check_size(raw, size, unit)
    middle = np.array([*((low + high) / 2)[:2], low[2]])
    on_map = bool(np.hypot(*middle[:2]) > max(FAR, 5.0 * float(np.hypot(*size[:2]))))
    base = on_map or choices.anchor == "base"
    if not base and choices.anchor is None and _origin_far(low, high):
        base = True
        notes.append(Note("model_origin_far", {"metres": round(float(np.linalg.norm(middle)), 1)}))
    anchor = middle if base else np.zeros(3)
    facts = {
        "width": round(float(size[0]), 2), "depth": round(float(size[1]), 2),
        "height": round(float(size[2]), 2), "triangles": len(raw.triangles),
    }  # fmt: skip
    notes.insert(0, Note("model_size", facts))
    step = raw.step * unit
    if step > COARSE:
        notes.append(Note("model_coarse", {"metres": round(step, 3)}))
    points = _back(xyz - anchor, up) / unit
    x, y, z = (_back(anchor[None], up)[0] / unit).tolist()
    model = Model(
        key=raw.path.stem, points=points.astype(np.float32), triangles=raw.triangles,
        parts=raw.parts, materials=raw.materials, uv=raw.uv, colours=raw.colours,
        textures=raw.textures, up=up, unit=unit, anchor=(x, y, z), source=str(raw.path),
        format=raw.format,
    )  # fmt: skip
    return Shaped(model, anchor if on_map else None, step, tuple(notes))


def _turned(points: Floats, up: UpAxis) -> Floats:
    """Turn the file's axes into east, north, up."""
    if up == "y":
        return np.stack([points[:, 0], -points[:, 2], points[:, 1]], axis=1)
    return points.copy()


def _back(points: Floats, up: UpAxis) -> Floats:
    """Turn east, north, up into the file's axes."""
    if up == "y":
        return np.stack([points[:, 0], points[:, 2], -points[:, 1]], axis=1)
    return points


def _up_of(raw: RawModel, choices: ModelChoices) -> tuple[UpAxis, Note | None]:
    """Give the axis that points up: chosen, told by the format, or guessed and told."""
    if choices.up is not None:
        return choices.up, None
    if raw.up is not None:
        return raw.up, None
    low, high = raw.points.min(axis=0), raw.points.max(axis=0)
    away = np.abs(low + high) / 2.0
    size = np.maximum(high - low, 1e-9)
    found: UpAxis = "z"
    if away[2] > FAR and away[1] < away[2] / 10.0:
        found = "y"  # north stands in z: a map drawn with y up
    elif max(away[0], away[1]) < FAR:
        resting = np.abs(low) < 0.02 * size  # what stands on 0
        if raw.format == "obj":
            found = "z" if resting[2] and not resting[1] else "y"
            if not resting[1] and not resting[2]:
                found = "z" if size[2] >= size[1] else "y"
        else:
            found = "y" if resting[1] and not resting[2] else "z"
    return found, Note("model_up_guessed", {"axis": found})


def _unit_of(raw: RawModel, choices: ModelChoices) -> tuple[float, Note | None]:
    """Give metres per unit: chosen, told by the format, or guessed by the size and told."""
    if choices.unit is not None:
        return choices.unit, None
    if raw.unit is not None:
        return raw.unit, None
    low, high = raw.points.min(axis=0), raw.points.max(axis=0)
    largest = float((high - low).max())
    if float(np.abs(low + high).max()) / 2.0 > FAR and largest < LARGEST:
        metres = 1.0  # coordinates of a map
    elif largest > 3_000.0:
        metres = 0.001
    else:
        metres = 1.0
    return metres, Note("model_unit_guessed", {"unit": unit_word(metres)})


def _check_size(raw: RawModel, size: Floats, unit: float) -> None:
    largest = float(size.max())
    if SMALLEST <= largest <= LARGEST:
        return
    raise CityError(
        "model.size",
        f"The model would be {largest:.3g} m large with one unit of {unit:g} m.",
        hint="say what its unit is, such as --unit mm, or scale it in the program it was made with",
        where=raw.path.name,
        metres=f"{largest:.3g}",
        unit=unit,
    )


def _origin_far(low: Floats, high: Floats) -> bool:
    """Say whether the file's origin lies so far from the model that it cannot be meant."""
    reach = np.maximum(high - low, 1.0)
    return bool((low - reach > 0).any() or (high + reach < 0).any())


def import_model(
    project: Project, path: Path, options: ImportOptions, progress: Progress | None = None
) -> tuple[Layer, Frame, LayerReport]:
    """Read a model into a new layer with one instance; the project is not changed.

    Parameters
    ----------
    project : Project
        Gives frame, ground and the buildings that may lie under the model.
    path : pathlib.Path
        The file.
    options : ImportOptions
        ``name``, ``crs`` and ``model``.
    progress : Progress or None
        Told of the stages.

    Raises
    ------
    CityError
        As `read_model` and `shape_model`; ``model.no_place`` where neither the file nor the
        choices say where it stands; ``import.no_crs``, ``import.crs_wrong``.
    """
    if is_cloud(path):
        return import_cloud(project, path, options, progress)
    if is_tileset(path):
        return import_tileset(project, path, options, progress)
    begun = time.perf_counter()
    choices = options.model or ModelChoices()
    told = progress or Silent()
    raw = read_model(path, Part(told, 0.0, 0.7))
    shaped = shape_model(raw, choices)
    notes = list(shaped.notes)
    frame, crs = project.frame, project.frame.crs if project.frame is not None else ""
    if choices.at is not None:
        frame, place, on_ground = _chosen_place(project, choices, options, path)
        model = shaped.model
    elif shaped.on_map is not None:
        model, place, frame, crs, more = _on_map(shaped, frame, options, path)
        notes += more
        on_ground = False
    else:
        raise CityError(
            "model.no_place",
            "The model is drawn around an origin of its own and does not say where it stands.",
            hint="say where: --at EAST,NORTH in the project's coordinates, "
            "--rotate degrees if it is turned",
            where=path.name,
        )
    place = place + np.array([0.0, 0.0, choices.rise])
    data = Models.placed(
        Library((model,)), [place], turn=choices.turn, scale=choices.scale, on_ground=on_ground
    )
    told.step(8, 10, "progress-building")
    data, more = with_links(project, data, choices.hide)
    notes += more
    name = options.name or path.stem
    report = LayerReport(
        name=name, kind=KIND.key, source=str(path), read=1, kept=1, objects=1, crs=crs,
        extent=data.extent(), messages=tuple(notes), seconds=time.perf_counter() - begun,
    )  # fmt: skip
    told.step(10, 10, "progress-done")
    source = Source(path, "", options.chosen(), report.to_json())
    return Layer(KIND.key, name, data, style=KIND.style, source=source), frame, report


def _chosen_place(
    project: Project, choices: ModelChoices, options: ImportOptions, path: Path
) -> tuple[Frame, Floats, bool]:
    assert choices.at is not None
    frame = project.frame
    east, north = choices.at[:2]
    if frame is None or options.crs:
        coords = np.array([[east, north]])
        reference = settle(coords, None, asked=options.crs, frame=frame, where=path.name)
        frame = frame or frame_for(reference, coords)[0]
        to_project, _ = placed_at(coords, reference, frame, path.name)
        east, north = to_project(coords)[0].tolist()
    height = choices.at[2] if len(choices.at) == 3 else 0.0
    return frame, np.array([east, north, height]), len(choices.at) == 2


def _on_map(
    shaped: Shaped, frame: Frame | None, options: ImportOptions, path: Path
) -> tuple[Model, Floats, Frame, str, list[Note]]:
    """Carry a model from its map into the project; its points stay exact near its place."""
    assert shaped.on_map is not None
    local = shaped.model.local()
    coords = local[:, :2] + shaped.on_map[:2]
    sample = coords[:: max(len(coords) // 5_000, 1)]
    asked = options.crs or (frame.crs if frame is not None else None)  # models never name one
    reference = settle(sample, None, asked=asked, frame=frame, where=path.name)
    notes = list(reference.notes)
    if frame is None:
        frame, note = frame_for(reference, sample)
        frame = replace(frame, origin=rounded_origin(*sample.mean(axis=0).tolist()))
        notes += [note] if note is not None else []
    to_project, more = placed_at(sample, reference, frame, path.name)
    notes += more
    placed = to_project(coords)
    middle = (placed.min(axis=0) + placed.max(axis=0)) / 2.0
    if reference.crs == frame.crs and np.array_equal(placed, coords):
        middle = shaped.on_map[:2]
    points = np.column_stack([placed - middle, local[:, 2]]).astype(np.float32)
    place = np.array([*middle, shaped.on_map[2]])
    x, y, z = place.tolist()
    notes.append(Note("model_on_map", {"east": round(x, 2), "north": round(y, 2)}))
    model = replace(shaped.model, points=points, up="z", unit=1.0, anchor=(x, y, z))
    return model, place, frame, reference.crs, notes


def with_links(project: Project, data: Models, hide: bool | None) -> tuple[Models, list[Note]]:
    """Link models to the buildings under them; gives them and what is to be told."""
    if hide is False:
        return data, []
    found = buildings_under(project, data)
    if not found:
        return data, []
    count = len({(layer, building) for _, layer, building in found})
    if hide is None and count > MANY:
        return data, [Note("model_over_many", {"count": count})]
    links = Links.of([*data.links.triples(), *found])
    return replace(data, links=links), [Note("model_hides", {"count": count})]
