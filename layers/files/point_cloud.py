"""LAS and LAZ point clouds, thinned to a budget while they are read."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.errors import CityError
from layers.files.options import ImportOptions
from layers.files.raw import Note
from layers.files.reference import frame_for, placed_at, settle
from layers.files.report import LayerReport
from layers.frame import Frame
from layers.kinds.base import Layer, Source
from layers.kinds.clouds import KIND, Cloud
from layers.progress import Progress, Silent
from layers.project import Project
from layers.shapes import Floats

BUDGET = 3_000_000  # points kept
CHUNK = 1_000_000
#: Colours of the classes of the LAS specification (ASPRS): ground, plants, buildings, water, ...
CLASSES = {
    2: (176, 160, 132), 3: (166, 190, 120), 4: (128, 170, 92), 5: (90, 146, 74),
    6: (214, 150, 110), 9: (110, 165, 210), 11: (150, 150, 155), 17: (190, 190, 195),
}  # fmt: skip
PLAIN = (165, 168, 172)


def is_cloud(path: Path) -> bool:
    """Say whether a file is a point cloud, by its ending."""
    return path.suffix.lower() in {".las", ".laz"}


def import_cloud(
    project: Project, path: Path, options: ImportOptions, progress: Progress | None = None
) -> tuple[Layer, Frame, LayerReport]:
    """Read a LAS or LAZ file into a layer of points; the project is not changed.

    Raises
    ------
    CityError
        ``cloud.unreadable``, ``cloud.empty``; ``import.no_crs``, ``import.crs_wrong``.
    """
    begun = time.perf_counter()
    xyz, colours, total, named = _read(path, progress or Silent())
    frame = project.frame
    sample = xyz[:: max(len(xyz) // 5_000, 1), :2]
    asked = options.crs or (frame.crs if frame is not None and named is None else None)
    reference = settle(sample, named, asked=asked, frame=frame, where=path.name)
    notes = list(reference.notes)
    if frame is None:
        frame, note = frame_for(reference, sample)
        notes += [note] if note is not None else []
    to_project, more = placed_at(sample, reference, frame, path.name)
    notes += more
    places = np.column_stack([to_project(xyz[:, :2]), xyz[:, 2]])
    middle = np.round((places.min(axis=0) + places.max(axis=0)) / 2.0)
    x, y, z = middle.tolist()
    data = Cloud((places - middle).astype(np.float32), colours, (x, y, z), total)
    if total > len(data):
        notes.append(Note("cloud_thinned", {"kept": len(data), "total": total}))
    report = LayerReport(
        name=options.name or path.stem, kind=KIND.key, source=str(path), read=1, kept=1,
        objects=len(data), crs=reference.crs, extent=data.extent(), messages=tuple(notes),
        seconds=time.perf_counter() - begun,
    )  # fmt: skip
    source = Source(path, "", options.chosen(), report.to_json())
    return Layer(KIND.key, report.name, data, style=KIND.style, source=source), frame, report


def _read(path: Path, told: Progress) -> tuple[Floats, NDArray[np.uint8], int, str | None]:
    """Read points, a random part of them where there are too many, in random order."""
    import laspy

    random = np.random.default_rng(7)
    places: list[Floats] = []
    looks: list[NDArray[np.uint8]] = []
    try:
        with laspy.open(path) as reader:
            total = int(reader.header.point_count)
            crs = reader.header.parse_crs()
            share = min(BUDGET / max(total, 1), 1.0)
            for number, chunk in enumerate(reader.chunk_iterator(CHUNK)):
                told.step(number * CHUNK, max(total, 1), "progress-reading")
                taken = slice(None) if share >= 1.0 else random.random(len(chunk)) < share
                part = chunk[taken]
                places.append(np.column_stack([part.x, part.y, part.z]).astype(np.float64))
                looks.append(_colours(part))
    except (laspy.LaspyException, OSError, ValueError, RuntimeError) as error:
        raise CityError(
            "cloud.unreadable",
            f"The point cloud cannot be read: {error}.",
            hint="copy or download it again; LAS and LAZ 1.0 to 1.4 can be read",
            where=path.name,
            why=str(error)[:160],
        ) from error
    if sum(len(part) for part in places) == 0:
        raise CityError(
            "cloud.empty",
            "The point cloud holds no points.",
            hint="check whether the right file was chosen",
            where=path.name,
        )
    order = random.permutation(sum(len(part) for part in places))
    named = (
        None if crs is None else str((crs.to_authority() and ":".join(crs.to_authority())) or crs)
    )
    return np.concatenate(places)[order], np.concatenate(looks)[order], total, named


def _colours(part: Any) -> NDArray[np.uint8]:
    """Give the colours of points: their own, else those of their classes."""
    names = set(part.point_format.dimension_names)
    if {"red", "green", "blue"} <= names:
        rgb = np.column_stack([part.red, part.green, part.blue]).astype(np.float64)
        if rgb.any():
            return np.clip(rgb / (257.0 if rgb.max() > 255 else 1.0), 0, 255).astype(np.uint8)
    table = np.tile(np.array(PLAIN, dtype=np.uint8), (256, 1))
    for code, colour in CLASSES.items():
        table[code] = colour
    return np.asarray(table[np.asarray(part.classification, dtype=np.int64) & 255])
