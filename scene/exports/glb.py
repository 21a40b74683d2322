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
from layers.shapes import Floats, Ints
from scene.exports.models import LayerModels
from scene.exports.places import GridPlace

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
            pieces = neighbours(one.drawn, one.data.shapes.centres()[one.drawn])
            for piece, rows in enumerate(pieces):
                told.step(done, total, "progress-exporting")
                name = one.name if len(pieces) == 1 else f"{one.name} {piece + 1}"
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


def neighbours(rows: Ints, middles: Floats, most: int = PIECE) -> list[Ints]:
    """Split buildings into groups of neighbours by halving along the longer side.

    Parameters
    ----------
    rows : (k,) int64
        Buildings, ascending; so are those of each group.
    middles : (k, 2) float64
        East and north of each, metres.
    most : int
        Members of a group at most.
    """
    if len(rows) <= most:
        return [rows] if len(rows) else []
    axis = int(np.argmax(np.ptp(middles, axis=0)))
    order = np.argpartition(middles[:, axis], len(rows) // 2)
    halves = np.sort(order[: len(rows) // 2]), np.sort(order[len(rows) // 2 :])
    return [group for half in halves for group in neighbours(rows[half], middles[half], most)]


def nothing_drawn() -> CityError:
    """Make the error of an export without a single triangle."""
    return CityError(
        "export.nothing_drawn",
        "None of the chosen buildings is drawn.",
        hint="choose the parts that stand in place of the outline",
    )
