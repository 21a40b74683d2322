"""The city as 3D Tiles 1.1: a quadtree of GLB files for viewers of the whole earth.

Refinement is ADD: each tile holds the largest buildings of its square that no tile above it
holds, the smaller ones lie in the tiles below. So every building stands in exactly one tile in
its full shape, nothing is stored twice, ids stay unique, and no simplified double has to be
swapped for the true building. What a viewer leaves out by not refining a tile are the smaller
buildings in it; the tile's geometric error tells how large the largest of them is.

Hand-made models are sorted in the same way, layer by layer. A large one that stands once has a
tile of its own, so that it is fetched when it is seen.

References
----------
.. [1] Open Geospatial Consortium, "3D Tiles Specification 1.1", OGC 22-025r4, 2023.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from layers.files.city_choice import FLAT, Choice, ChosenModels, LeftOut, boxes_of
from layers.files.city_export import Written, crs_code, new_folder
from layers.files.gltf import GlbWriter
from layers.frame import Frame
from layers.planning.measure import program
from layers.progress import Progress, Silent
from layers.shapes import Floats, Ints
from scene.exports.buildings import SCHEMA, LayerMeshes
from scene.exports.glb import nothing_drawn, told_of
from scene.exports.instances import LayerInstances
from scene.exports.places import EarthPlace, Place
from scene.exports.tile_tree import ERROR_PER_METRE, Node, quadtree

PER_METRE_OF_TREES = 4.0  # instead of `ERROR_PER_METRE`: they come when they span four pixels
HEAVY = 256 << 10  # bytes of a model from which it gets a tile of its own


class Pieces(Protocol):
    """Something that writes the objects of a layer into tiles."""

    def add(self, glb: GlbWriter, rows: Ints, place: Place) -> tuple[Floats, int] | None:
        """Add some objects; gives their box, (2, 3), and the number of their triangles."""


class _Tileset:
    """The writing of one tileset: contents into a folder, tiles as JSON."""

    def __init__(self, folder: Path, place: EarthPlace, total: int, progress: Progress) -> None:
        self._folder, self._place, self._total, self._progress = folder, place, total, progress
        self.done = self.files = self.bytes = self.triangles = 0
        self.largest = 0.0
        self.tiles: list[dict[str, Any]] = []
        self.box = _nowhere()

    def tree(self, node: Node, pieces: Pieces, group: int, sizes: Floats) -> None:
        """Write a tree below the root; `sizes` are those of its objects."""
        tile, box = self._tile(node, pieces, group)
        self.largest = max(self.largest, float(sizes.max()))
        if np.isfinite(box).all():
            self.tiles.append(tile)
            self.box = _around(self.box, box)

    def _tile(self, node: Node, pieces: Pieces, group: int) -> tuple[dict[str, Any], Floats]:
        """Write a tile and all below it; gives its JSON and its box, (2, 3)."""
        self._progress.step(self.done, self._total, "progress-exporting")
        uri = f"content/{group}-{node.key or 'top'}.glb"
        box = _nowhere()
        out: dict[str, Any] = {"boundingVolume": {}, "geometricError": round(node.error, 3)}
        with GlbWriter(program()) as glb:
            made = pieces.add(glb, node.rows, self._place)
            if made is not None:
                inner, triangles = made
                box = _enu(inner)
                self.bytes += glb.save(self._folder / uri)
                self.files += 1
                self.triangles += triangles
                out["content"] = {"uri": uri, "group": group}
        self.done += len(node.rows)
        below = []
        for child in node.below:
            tile, other = self._tile(child, pieces, group)
            if np.isfinite(other).all():
                below.append(tile)
                box = _around(box, other)
        if below:
            out["children"] = below
        if np.isfinite(box).all():
            out["boundingVolume"] = {"box": box_of(box)}
        return out, box


def _nowhere() -> Floats:
    return np.array([np.full(3, np.inf), np.full(3, -np.inf)])


def _around(one: Floats, other: Floats) -> Floats:
    return np.array([np.minimum(one[0], other[0]), np.maximum(one[1], other[1])])


def _enu(box: Floats) -> Floats:
    """Turn a box in the axes of glTF (east, up, south) into east, north, up."""
    low, high = box
    return np.array([[low[0], -high[2], low[1]], [high[0], -low[2], high[1]]])


def box_of(box: Floats) -> list[float]:
    """Write a box, (2, 3), as middle and half axes; a little wider than float32 can move."""
    middle, half = (box[0] + box[1]) / 2, (box[1] - box[0]) / 2 + 0.01
    return [float(v) for v in np.round([*middle, half[0], 0, 0, 0, half[1], 0, 0, 0, half[2]], 4)]


def write_tiles3d(
    frame: Frame,
    chosen: Choice,
    folder: Path,
    progress: Progress | None = None,
    *,
    height_offset: float | None = None,
    overwrite: bool = False,
) -> Written:
    """Write a tileset: ``tileset.json``, GLB files below ``content``, and what those share.

    Every corner of every building is carried to the earth's centre through the project's
    coordinate system, so that large towns bend with the earth. The tileset's own axes are east,
    north and up at the middle of what is chosen. Each layer is a group of contents.

    Parameters
    ----------
    frame : Frame
        The project's coordinate system.
    chosen : Choice
        From `layers.files.city_choice.choose`.
    folder : pathlib.Path
        Appears whole or not at all.
    progress : Progress or None
        Is told how far it is.
    height_offset : float or None
        Height of the project's datum above the WGS 84 ellipsoid there (of the geoid, for heights
        above sea level), metres. None takes 0 and tells so.
    overwrite : bool
        Whether a tileset in the folder may be replaced.

    Returns
    -------
    Written

    Raises
    ------
    CityError
        ``export.exists`` and the like, ``export.nothing_drawn``, ``crs.outside``.
    """
    city = chosen.of_drawn()
    if not city.buildings and not city.models:
        raise nothing_drawn()
    with new_folder(folder, overwrite=overwrite) as beside:
        (beside / "content").mkdir()
        box = city.extent()
        middle = np.array([(box[0] + box[3]) / 2, (box[1] + box[4]) / 2])
        place = EarthPlace(frame, middle, float(box[2]), height_offset or 0.0)
        total = sum(len(one.rows) for one in city)
        work = _Tileset(beside, place, total, progress or Silent())
        for number, one in enumerate(city.buildings):
            sizes, middles = _sizes(boxes_of(one, one.rows))
            work.tree(quadtree(one.rows, middles, sizes), LayerMeshes(one, number), number, sizes)
        flat = []
        for number, stands in enumerate(city.models, len(city.buildings)):
            lost = _put_models(work, stands, number, beside)
            flat.append(LeftOut(stands.name, stands.kind, lost, FLAT))
        if not work.tiles:
            raise nothing_drawn()
        document = _document(frame, city, work, place, height_offset)
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        (beside / "tileset.json").write_text(text, encoding="utf-8")
        size = work.bytes + len(text.encode())
    notes = ("heights_unchanged",) if height_offset is None else ()
    path = folder / "tileset.json"
    written = Written(path, 0, work.files + 1, size, work.triangles, notes)
    return told_of(city, flat, written)


def _sizes(boxes: Floats) -> tuple[Floats, Floats]:
    """Give how large the objects in boxes, (k, 6), are, and their middles, (k, 2), metres."""
    sides = boxes[:, 3:] - boxes[:, :3]
    sizes = np.maximum(np.sqrt(sides[:, 0] * sides[:, 1]), sides[:, 2])
    return sizes, (boxes[:, :2] + boxes[:, 3:5]) / 2


def _put_models(work: _Tileset, chosen: ChosenModels, number: int, folder: Path) -> int:
    """Write a layer of models; gives how many of them have no faces."""
    pieces = LayerInstances(chosen, number)
    alone = pieces.heavy(chosen.rows, HEAVY)
    rows = np.setdiff1d(chosen.rows, alone)
    trees = []
    for row in alone.tolist():
        sizes, _ = _sizes(chosen.boxes(np.array([row])))
        key = f"m{chosen.data.ids[row]}"
        error = ERROR_PER_METRE * float(sizes[0])
        leaf = Node(np.array([row]), key, 0.0)
        trees.append((Node(np.zeros(0, dtype=np.int64), key, error, [leaf]), sizes))
    if len(rows):
        sizes, middles = _sizes(chosen.boxes(rows))
        fine = ERROR_PER_METRE if chosen.kind == "models" else PER_METRE_OF_TREES
        trees.append((quadtree(rows, middles, sizes, per_metre=fine), sizes))
    shown = [node.rows for top, _ in trees for node in top.walk()]
    pieces.share(shown, folder / "content" / "models", "models/")
    for top, sizes in trees:
        work.tree(top, pieces, number, sizes)
    work.files += pieces.files
    work.bytes += pieces.bytes
    return pieces.flat()


def _document(
    frame: Frame, city: Choice, work: _Tileset, place: EarthPlace, height_offset: float | None
) -> dict[str, Any]:
    error = ERROR_PER_METRE * work.largest
    root = {
        "boundingVolume": {"box": box_of(work.box)},
        "geometricError": round(error, 3),
        "refine": "ADD",
        "transform": place.transform,
        "children": work.tiles,
    }
    properties = {"name": {"type": "STRING", "required": True}}
    return {
        "asset": {
            "version": "1.1",
            "generator": program(),
            "extras": {
                "crs": crs_code(frame) or frame.crs,
                "height_datum": frame.height_datum,
                "height_offset": height_offset or 0.0,
            },
        },
        "schema": {"id": SCHEMA, "classes": {"layer": {"properties": properties}}},
        "groups": [{"class": "layer", "properties": {"name": one.name}} for one in city],
        "geometricError": round(2.0 * error, 3),
        "root": root,
    }
