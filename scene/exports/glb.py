"""Chosen buildings as one GLB file: metres around a point of the project's grid, y up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from layers.errors import CityError
from layers.files.city_export import Chosen, Written, crs_code, extent_of, new_file
from layers.files.gltf import LARGEST, GlbWriter
from layers.frame import Frame
from layers.planning.measure import program
from layers.progress import Progress, Silent
from scene.exports.models import LayerModels
from scene.exports.places import GridPlace
from scene.tiles import split

PIECE = 4000  # buildings written at a time, one mesh each: it bounds the memory


def write_glb(
    frame: Frame,
    chosen: Sequence[Chosen],
    path: Path,
    progress: Progress | None = None,
    *,
    overwrite: bool = False,
) -> Written:
    """Write buildings as closed solids with their colours and attributes.

    The origin is the middle of the chosen buildings at their lowest level, on whole metres; it
    and the coordinate system stand in ``asset.extras``. Each building is a feature with its
    attributes in a property table; a mesh holds up to `PIECE` buildings.

    Parameters
    ----------
    frame : Frame
        The project's coordinate system.
    chosen : sequence of Chosen
        From `layers.files.city_export.choose`.
    path : pathlib.Path
        ``.glb``; appears whole or not at all.
    progress : Progress or None
        Is told how far it is.
    overwrite : bool
        Whether a file may be replaced.

    Raises
    ------
    CityError
        ``export.exists`` and the like, ``export.nothing_drawn``, ``export.too_large``.
    """
    told = progress or Silent()
    with new_file(path, overwrite=overwrite) as beside, GlbWriter(program()) as glb:
        box = extent_of(chosen)
        origin = np.round([(box[0] + box[3]) / 2, (box[1] + box[4]) / 2, box[2]])
        place = GridPlace(origin)
        glb.document["asset"]["extras"] = {
            "crs": crs_code(frame) or frame.crs,
            "origin": [float(value) for value in origin],
            "height_datum": frame.height_datum,
            "axes": "x east, y up, z south; metres of the grid from the origin",
        }
        total = sum(len(one.drawn) for one in chosen)
        done = triangles = 0
        for number, one in enumerate(chosen):
            models = LayerModels(one, number)
            group = split(one.data.shapes.centres()[one.drawn], PIECE)
            order = np.argsort(group, kind="stable")
            bounds = np.searchsorted(group[order], np.arange(group.max(initial=-1) + 2))
            for piece in range(len(bounds) - 1):
                told.step(done, total, "progress-exporting")
                rows = one.drawn[np.sort(order[bounds[piece] : bounds[piece + 1]])]
                name = one.name if len(bounds) == 2 else f"{one.name} {piece + 1}"
                made = models.add(glb, rows, place, name, closed=True)
                triangles += made[1] if made is not None else 0
                done += len(rows)
                if glb.length > LARGEST - (64 << 20):
                    raise CityError(
                        "export.too_large",
                        f"{total} buildings do not fit into one GLB file, which ends at 4 GiB.",
                        hint="choose fewer, or write 3D tiles",
                        count=total,
                    )
        if triangles == 0:
            raise nothing_drawn()
        told.step(total, total, "progress-exporting")
        size = glb.save(beside)
    return Written(path, total, 1, size, triangles)


def nothing_drawn() -> CityError:
    """Make the error of an export without a single triangle."""
    return CityError(
        "export.nothing_drawn",
        "None of the chosen buildings is drawn.",
        hint="choose the parts that stand in place of the outline",
    )
