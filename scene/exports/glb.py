"""A chosen part of the city as one GLB file: metres around a point of the grid, y up."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from layers.errors import CityError
from layers.files.city_choice import FLAT, Choice, LeftOut
from layers.files.city_export import Written, crs_code, new_file
from layers.files.gltf import LARGEST, GlbWriter
from layers.frame import Frame
from layers.planning.measure import program
from layers.progress import Progress, Silent
from layers.shapes import Floats, Ints
from scene.exports.buildings import LayerMeshes
from scene.exports.instances import LayerInstances
from scene.exports.places import GridPlace

PIECE = 4000  # buildings written at a time, one mesh each: it bounds the memory
SPARE = 64 << 20  # bytes that the JSON of a file may need


def write_glb(
    frame: Frame,
    chosen: Choice,
    path: Path,
    progress: Progress | None = None,
    *,
    overwrite: bool = False,
) -> Written:
    """Write buildings as closed solids and hand-made models, with colours and attributes.

    The origin is the middle of what is chosen at its lowest level, on whole metres; it and the
    coordinate system stand in ``asset.extras``. Each building is a feature with its attributes
    in a property table; a mesh holds up to `PIECE` buildings. Each model is a node whose
    ``extras`` tell its attributes; models of one form share their mesh and their textures.

    Parameters
    ----------
    frame : Frame
        The project's coordinate system.
    chosen : Choice
        From `layers.files.city_choice.choose`.
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
    told, city = progress or Silent(), chosen.of_drawn()
    with new_file(path, overwrite=overwrite) as beside, GlbWriter(program()) as glb:
        if not city.buildings and not city.models:
            raise nothing_drawn()
        box = city.extent()
        origin = np.round([(box[0] + box[3]) / 2, (box[1] + box[4]) / 2, box[2]])
        place = GridPlace(origin)
        glb.document["asset"]["extras"] = {
            "crs": crs_code(frame) or frame.crs,
            "origin": [float(value) for value in origin],
            "height_datum": frame.height_datum,
            "axes": "x east, y up, z south; metres of the grid from the origin",
        }
        total = sum(len(one.rows) for one in city)
        done = triangles = 0
        flat = []
        for number, one in enumerate(city.buildings):
            meshes = LayerMeshes(one, number)
            pieces = neighbours(one.rows, one.data.shapes.centres()[one.rows])
            for piece, rows in enumerate(pieces):
                told.step(done, total, "progress-exporting")
                name = one.name if len(pieces) == 1 else f"{one.name} {piece + 1}"
                made = meshes.add(glb, rows, place, name, closed=True)
                triangles += made[1] if made is not None else 0
                done += len(rows)
                _check_room(glb, total)
        for stands in city.models:
            step = partial(_tell, told, done, total)
            nodes, its = LayerInstances(stands, 0).add_nodes(glb, place, step)
            flat.append(LeftOut(stands.name, stands.kind, len(stands.rows) - nodes, FLAT))
            triangles, done = triangles + its, done + len(stands.rows)
            _check_room(glb, total)
        if triangles == 0:
            raise nothing_drawn()
        told.step(total, total, "progress-exporting")
        size = glb.save(beside)
    return told_of(city, flat, Written(path, 0, 1, size, triangles))


def _tell(told: Progress, before: int, total: int, done: int) -> None:
    told.step(before + done, total, "progress-exporting")


def told_of(city: Choice, flat: list[LeftOut], written: Written) -> Written:
    """Complete what is told of an export; `flat` are models and trees without any area."""
    lost = {
        kind: sum(one.count for one in flat if one.kind == kind) for kind in ("models", "trees")
    }
    return replace(
        written,
        objects=city.count(),
        models=city.count("models") - lost["models"],
        trees=city.count("trees") - lost["trees"],
        left_out=(*city.left_out, *(one for one in flat if one.count)),
    )


def _check_room(glb: GlbWriter, total: int) -> None:
    if glb.length > LARGEST - SPARE:
        raise CityError(
            "export.too_large",
            f"{total} buildings and models do not fit into one GLB file, which ends at 4 GiB.",
            hint="choose fewer, or write 3D tiles",
            count=total,
        )


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
        "Nothing of what is chosen is drawn.",
        hint="choose the parts that stand in place of the outline",
    )
