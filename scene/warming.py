"""Loads the compiled loops of opening and drawing a city before anybody waits for them."""

from __future__ import annotations

import numpy as np
import shapely

from layers.files import flat_kernels, geojson_kernels, ogr
from layers.files.kept import program
from layers.files.reference import look_up
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.roof_shapes import roofed
from layers.shapes import Shapes
from scene.choosing import BOXES, CELLS, DOTS, WHOLE, Eye, choose
from scene.frames import state
from scene.id_texture import IdTexture
from scene.merged import Merged
from scene.meshing import BlockMesher
from scene.piece_meshes import Source, pieces_of
from scene.placing import Placing
from scene.prisms import Prisms, nearest_box
from scene.rays import Ray
from scene.stage import Stage
from scene.surface import Surface
from scene.views.buildings import BuildingsView


def hamlet(east: float = 0.0, north: float = 0.0) -> Buildings:
    """Make some blocks on 2 km x 2 km; `east` and `north` are its lower left corner, metres."""
    places = [(e, n) for e in range(0, 2000, 40) for n in range(0, 2000, 40)]
    corners = np.array([(e, n, e + 20, n + 12) for e, n in places], dtype=float)
    corners += np.array([east, north, east, north])
    boxes = shapely.box(*corners.T)
    boxes[0] = boxes[0].difference(boxes[0].buffer(-3.0))  # one around a court
    return Buildings.blocks(Shapes.from_shapely(list(boxes)), 10.0)


def warm_programs(stage: Stage) -> None:
    """Draw a hamlet once so that the graphics card's programs for buildings are made.

    The window's next frame shows nothing of it.

    Parameters
    ----------
    stage : Stage
        Of a project in which nothing has a place yet; others need not be warmed.
    """
    context = stage.context
    if stage.project.extent(visible_only=False) is not None:
        return
    patient, context.patient = context.patient, False
    east, north = context.origin[:2]
    view = BuildingsView(Layer("buildings", "", hamlet(east - 1000.0, north - 1000.0)), context)
    try:
        view.prepare(state(context.renderer))
        context.renderer.GetRenderWindow().Render()
    finally:
        view.close()
        context.patient = patient


def warm_up() -> None:
    """Carry a hamlet from reading to picking, so that no city waits for its loops.

    Needs no window and may run in a thread of its own.
    """
    look_up("EPSG:32650")  # opens the database of coordinate systems
    program()
    ogr.warm_up()
    flat_kernels.warm_up()
    geojson_kernels.warm_up()
    data = hamlet()
    base = np.zeros(len(data))
    mesher = BlockMesher(roofed(data, base), base)
    placing = Placing.anew(data.ids, mesher.plans.places)
    tree = placing.tree
    merged = Merged(tree, mesher.solids)
    source = Source(mesher, mesher.boxes(), placing.slots, tree, merged, placing.room)
    colours, plain = np.zeros((len(data), 3), dtype=np.uint8), np.zeros(len(data), dtype=np.uint8)
    texels = np.zeros((2 * len(merged.sums), 4), dtype=np.uint8)
    merged.look(mesher.solids, colours, plain, texels)
    IdTexture().write(placing.slots, colours, plain)
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
    down = Ray((10.0, 6.0, 500.0), (0.0, 0.0, -1.0))
    Prisms(mesher, source.boxes, tree).meet(down, np.ones(len(data), dtype=bool))
    Surface.of(None, 0.0, (0.0, 0.0, 2000.0, 2000.0)).mesh()
