"""Chosen buildings as 3D Tiles 1.1: a quadtree of GLB files for viewers of the whole earth.

Refinement is ADD: each tile holds the largest buildings of its square that no tile above it
holds, the smaller ones lie in the tiles below. So every building stands in exactly one tile in
its full shape, nothing is stored twice, ids stay unique, and no simplified double has to be
swapped for the true building. What a viewer leaves out by not refining a tile are the smaller
buildings in it; the tile's geometric error says how large the largest of them is.

References
----------
.. [1] Open Geospatial Consortium, "3D Tiles Specification 1.1", OGC 22-025r4, 2023.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from layers.files.city_export import Chosen, Written, boxes_of, crs_code, extent_of, new_folder
from layers.files.gltf import GlbWriter
from layers.frame import Frame
from layers.planning.measure import program
from layers.progress import Progress, Silent
from layers.shapes import Floats, Ints
from scene.exports.glb import nothing_drawn
from scene.exports.models import SCHEMA, LayerModels
from scene.exports.places import EarthPlace

MOST = 1200  # buildings in a tile that is not split
KEPT = 600  # the largest, which stay in a tile that is split
#: Geometric error for each metre of the largest building left out. Viewers refine above 16 pixels
#: (Cesium's default): a building comes into the picture when it spans about one pixel.
ERROR_PER_METRE = 16.0
DEEPEST = 24  # splits; beyond it buildings lie in one point


@dataclass(slots=True)
class Node:
    """One tile: its buildings and the tiles below it.

    Attributes
    ----------
    rows : (k,) int64
        Buildings of the layer in this tile itself.
    key : str
        Way from the top: ``0`` south-west, ``1`` south-east, ``2`` north-west, ``3`` north-east.
    error : float
        Geometric error, metres: about the largest building below.
    below : list of Node
    """

    rows: Ints
    key: str
    error: float
    below: list[Node] = field(default_factory=list)

    def count(self) -> int:
        """Count the tiles from here down."""
        return 1 + sum(node.count() for node in self.below)


def quadtree(rows: Ints, middles: Floats, sizes: Floats, most: int = MOST) -> Node:
    """Sort buildings into tiles, the largest on top.

    Parameters
    ----------
    rows : (k,) int64
        Buildings.
    middles : (k, 2) float64
        East and north of each, metres.
    sizes : (k,) float64
        How large each is, metres.
    most : int
        Buildings in a tile that is not split; half as many stay in one that is.
    """
    order = np.argsort(-sizes, kind="stable")
    low, high = middles.min(axis=0), middles.max(axis=0)
    half = float((high - low).max()) / 2.0 or 0.5
    return _node(rows[order], middles[order], sizes[order], (low + high) / 2, half, "", most)


def _node(
    rows: Ints, middles: Floats, sizes: Floats, centre: Floats, half: float, key: str, most: int
) -> Node:
    if len(rows) <= most or len(key) >= DEEPEST:
        return Node(np.sort(rows), key, 0.0)
    kept = most // 2
    node = Node(np.sort(rows[:kept]), key, ERROR_PER_METRE * float(sizes[kept]))
    quadrant = (middles[kept:, 0] >= centre[0]) + 2 * (middles[kept:, 1] >= centre[1])
    for number in range(4):
        chosen = kept + np.flatnonzero(quadrant == number)
        if len(chosen):
            shift = np.array([number % 2 - 0.5, number // 2 - 0.5]) * half
            node.below.append(
                _node(
                    rows[chosen], middles[chosen], sizes[chosen], centre + shift, half / 2,
                    f"{key}{number}", most,
                )
            )  # fmt: skip
    return node


class _Tileset:
    """The writing of one tileset: contents into a folder, tiles as JSON."""

    def __init__(self, folder: Path, place: EarthPlace, total: int, progress: Progress) -> None:
        self._folder, self._place, self._total, self._progress = folder, place, total, progress
        self.done = self.files = self.bytes = self.triangles = 0

    def tile(self, node: Node, models: LayerModels, group: int) -> tuple[dict[str, Any], Floats]:
        """Write a tile and all below it; gives its JSON and its box, (2, 3)."""
        self._progress.step(self.done, self._total, "progress-exporting")
        uri = f"content/{group}-{node.key or 'top'}.glb"
        box = np.array([np.full(3, np.inf), np.full(3, -np.inf)])
        out: dict[str, Any] = {"boundingVolume": {}, "geometricError": round(node.error, 3)}
        with GlbWriter(program()) as glb:
            name = models.chosen.name
            made = models.add(glb, node.rows, self._place, name, closed=False)
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
            tile, other = self.tile(child, models, group)
            if np.isfinite(other).all():
                below.append(tile)
                box = np.array([np.minimum(box[0], other[0]), np.maximum(box[1], other[1])])
        if below:
            out["children"] = below
        if np.isfinite(box).all():
            out["boundingVolume"] = {"box": box_of(box)}
        return out, box


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
    chosen: Sequence[Chosen],
    folder: Path,
    progress: Progress | None = None,
    *,
    height_offset: float | None = None,
    overwrite: bool = False,
) -> Written:
    """Write a tileset: ``tileset.json`` and GLB files below ``content``.

    Every corner of every building is carried to the earth's centre through the project's
    coordinate system, so that large towns bend with the earth. The tileset's own axes are east,
    north and up at the middle of the chosen buildings.

    Parameters
    ----------
    frame : Frame
        The project's coordinate system.
    chosen : sequence of Chosen
        From `layers.files.city_export.choose`.
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
    drawn = [one for one in chosen if len(one.drawn)]
    if not drawn:
        raise nothing_drawn()
    with new_folder(folder, overwrite=overwrite) as beside:
        (beside / "content").mkdir()
        box = extent_of(drawn)
        middle = np.array([(box[0] + box[3]) / 2, (box[1] + box[4]) / 2])
        place = EarthPlace(frame, middle, float(box[2]), height_offset or 0.0)
        total = sum(len(one.drawn) for one in drawn)
        work = _Tileset(beside, place, total, progress or Silent())
        tiles, whole = [], np.array([np.full(3, np.inf), np.full(3, -np.inf)])
        largest = 0.0
        for number, one in enumerate(drawn):
            boxes = boxes_of(one, one.drawn)
            sides = boxes[:, 3:] - boxes[:, :3]
            sizes = np.maximum(np.sqrt(sides[:, 0] * sides[:, 1]), sides[:, 2])
            largest = max(largest, float(sizes.max()))
            node = quadtree(one.drawn, (boxes[:, :2] + boxes[:, 3:5]) / 2, sizes)
            tile, its = work.tile(node, LayerModels(one, number), number)
            if np.isfinite(its).all():
                tiles.append(tile)
                whole = np.array([np.minimum(whole[0], its[0]), np.maximum(whole[1], its[1])])
        if not tiles:
            raise nothing_drawn()
        document = _document(frame, drawn, tiles, place, whole, largest, height_offset)
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        (beside / "tileset.json").write_text(text, encoding="utf-8")
        size = work.bytes + len(text.encode())
    notes = ("heights_unchanged",) if height_offset is None else ()
    return Written(folder / "tileset.json", total, work.files + 1, size, work.triangles, notes)


def _document(
    frame: Frame, drawn: Sequence[Chosen], tiles: list[dict[str, Any]], place: EarthPlace,
    whole: Floats, largest: float, height_offset: float | None,
) -> dict[str, Any]:  # fmt: skip
    error = ERROR_PER_METRE * largest
    root = {
        "boundingVolume": {"box": box_of(whole)},
        "geometricError": round(error, 3),
        "refine": "ADD",
        "transform": place.transform,
        "children": tiles,
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
        "groups": [{"class": "layer", "properties": {"name": one.name}} for one in drawn],
        "geometricError": round(2.0 * error, 3),
        "root": root,
    }
