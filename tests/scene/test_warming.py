"""Loops are loaded before a city is opened."""

from __future__ import annotations

import numpy as np
import shapely

from layers import triangles
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Shapes
from layers.viewpoint import Viewpoint
from scene import choosing, id_texture, merged, piece_meshes, plans, prisms, quadtree
from scene.offscreen import PictureRequest, render_picture
from scene.stage import Stage
from scene.unseen import unseen_window
from scene.warming import warm_programs, warm_up

KERNELS = (
    choosing._look, choosing._want, choosing._show, merged._add_up, merged._mix, merged._sum_up,
    quadtree._codes, quadtree._cut, id_texture._put, triangles._clip_all, triangles._take,
    piece_meshes._measure_leaves, piece_meshes._measure_inner, plans._measure, plans.fill_boxes,
    prisms.nearest_box, prisms._meet,
)  # fmt: skip


def test_a_city_of_blocks_needs_no_loop_that_was_not_loaded() -> None:
    warm_up()
    known = [set(kernel.signatures) for kernel in KERNELS]
    assert all(known)
    at = np.arange(900) % 30 * 40.0, np.arange(900) // 30 * 40.0
    boxes = shapely.box(at[0], at[1], at[0] + 20.0, at[1] + 15.0)
    boxes[7] = boxes[7].difference(boxes[7].centroid.buffer(2.0))
    project = Project()
    data = Buildings.blocks(Shapes.from_shapely(list(boxes)), 12.0)
    project.insert_layer(Layer("buildings", "Blocks", data))
    eye = Viewpoint.looking_at((600.0, 600.0, 0.0), 1500.0, 0.0, -0.8)
    render_picture(project, PictureRequest(view=eye, size=(64, 48)))
    plotter = unseen_window((64, 48))
    stage = Stage(project, plotter)
    stage.viewpoint = eye
    assert stage.pick(32.0, 24.0) is not None
    stage.close()
    plotter.close()
    assert [set(kernel.signatures) for kernel in KERNELS] == known


def test_nothing_of_the_hamlet_that_warms_the_card_is_ever_seen() -> None:
    project, plotter = Project(), unseen_window((64, 48))
    stage = Stage(project, plotter, patient=True)
    try:
        plotter.render_window.Render()
        before, props = plotter.screenshot(), plotter.renderer.GetViewProps().GetNumberOfItems()
        warm_programs(stage)
        assert not np.array_equal(plotter.screenshot(), before)  # it was drawn
        plotter.render_window.Render()
        assert np.array_equal(plotter.screenshot(), before)
        assert plotter.renderer.GetViewProps().GetNumberOfItems() == props
        assert stage.context.patient
        assert not stage.views
        assert not project.layers
    finally:
        stage.close()
        plotter.close()
