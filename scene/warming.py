"""Loads the compiled loops of opening and drawing a city before anybody waits for them."""

from __future__ import annotations

import numpy as np
import shapely

from layers.files import flat_kernels, geojson_kernels
from layers.files.reference import look_up
from layers.kinds.buildings import Buildings
from layers.roof_shapes import roofed
from layers.shapes import Shapes
from scene.choosing import BOXES, CELLS, DOTS, WHOLE, Eye, choose
from scene.merged import Merged
from scene.meshing import BlockMesher
from scene.piece_meshes import Source, pieces_of
from scene.placing import Placing
from scene.prisms import nearest_box
from scene.surface import Surface


def warm_up() -> None:
    """Carry a hamlet through reading, meshing and choosing, so that no city waits for their loops.

    Needs no window and may run in a thread of its own.
    """
    look_up("EPSG:32650")  # opens the database of coordinate systems
    flat_kernels.warm_up()
    geojson_kernels.warm_up()
    places = [(east, north) for east in range(0, 2000, 40) for north in range(0, 2000, 40)]
    boxes = shapely.box(*np.array([(e, n, e + 20, n + 12) for e, n in places], dtype=float).T)
    data = Buildings.blocks(Shapes.from_shapely(list(boxes)), 10.0)
    base = np.zeros(len(data))
    mesher = BlockMesher(roofed(data, base), base)
    placing = Placing.anew(data.ids, mesher.plans.places)
    tree = placing.tree
    merged = Merged(tree, mesher.solids)
    source = Source(mesher, mesher.boxes(), placing.slots, tree, merged, placing.room)
    colours, plain = np.zeros((len(data), 3), dtype=np.uint8), np.zeros(len(data), dtype=np.uint8)
    texels = np.zeros((2 * len(merged.sums), 4), dtype=np.uint8)
    merged.look(mesher.solids, colours, plain, texels)
    pieces = pieces_of(source, np.zeros(3))
    eye = Eye(np.tile([0.0, 0.0, 0.0, 1.0], (4, 1)), np.array([0.0, 0.0, 500.0]), 900.0, False)
    none = np.zeros(len(pieces), dtype=bool)
    choose(pieces, eye, none, none, 1.0)
    leaf = int(tree.leaves[0])
    for kind, node in ((CELLS, 0), (DOTS, leaf), (BOXES, leaf), (WHOLE, leaf)):
        source.make(kind, node, np.zeros(3))
    count = len(tree)
    nearest_box(
        eye.place, pieces.low[:count] + 0.0, pieces.high[:count] + 0.0, tree.child, tree.children,
        tree.start, tree.end, tree.order, source.boxes,
    )  # fmt: skip
    Surface.of(None, 0.0, (0.0, 0.0, 2000.0, 2000.0)).mesh()
