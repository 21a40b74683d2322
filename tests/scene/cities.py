"""Small made-up cities, stages and pictures for the tests of the scene."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyvista as pv
import shapely
from hypothesis import strategies as st
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkRenderingCore import vtkWindowToImageFilter

from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Shapes
from scene.stage import Stage

WEST, SOUTH = 500_000.0, 4_000_000.0  # a usual place in a Gauss-Kruger zone


def footprints(count: int, seed: int = 5) -> list[shapely.Polygon]:
    """Give L-shapes, U-shapes and courtyards on a grid of 30 m."""
    random = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(count)))
    out = []
    for i in range(count):
        x, y = WEST + 30.0 * (i % side), SOUTH + 30.0 * (i // side)
        w, d = random.uniform(7.0, 12.0, 2)
        whole = shapely.box(x - w, y - d, x + w, y + d)
        cut = (
            shapely.box(x, y, x + 20, y + 20),
            shapely.box(x - w / 2, y, x + w / 2, y + 20),
            shapely.box(x - w / 2, y - d / 2, x + w / 2, y + d / 2),
            shapely.Point(x, y).buffer(1.0),
        )[i % 4]
        out.append(shapely.difference(whole, cut))
    return out


def city(count: int = 25, seed: int = 5) -> Buildings:
    """Give buildings 6 to 60 m high."""
    heights = np.random.default_rng(seed).uniform(6.0, 60.0, count)
    return Buildings.blocks(Shapes.from_shapely(footprints(count, seed)), heights)


def project_with(data: Buildings) -> tuple[Project, Layer]:
    """Give a project with one layer of buildings."""
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    layer = Layer("buildings", "Blocks", data, style=kind_of("buildings").style)
    project.insert_layer(layer)
    return project, layer


@contextmanager
def staged(
    project: Project, size: tuple[int, int] = (320, 240), *, patient: bool = False
) -> Iterator[Stage]:
    """Put a project on a stage off screen, and take it down again."""
    plotter = pv.Plotter(off_screen=True, window_size=list(size), lighting="none")
    stage = Stage(project, plotter, patient=patient)
    try:
        yield stage
    finally:
        stage.close()
        plotter.close()


def shot(stage: Stage) -> NDArray[np.uint8]:
    """Draw a frame and give its pixels, (rows, columns, 3) uint8, row 0 on top."""
    window: Any = stage.plotter.render_window
    window.Render()
    grab = vtkWindowToImageFilter()
    grab.SetInput(window)
    grab.ReadFrontBufferOff()
    grab.ShouldRerenderOff()
    grab.Update()
    image = grab.GetOutput()
    width, height, _ = image.GetDimensions()
    flat = vtk_to_numpy(image.GetPointData().GetScalars())
    return np.array(flat.reshape(height, width, -1)[::-1, :, :3])


@st.composite
def rings(draw: st.DrawFn, most: int = 12) -> NDArray[np.float64]:
    """Draw a simple ring around a middle, counter-clockwise, with dents."""
    count = draw(st.integers(3, most))
    reach = draw(st.lists(st.floats(4.0, 30.0), min_size=count, max_size=count))
    angle = np.linspace(0.0, 2 * np.pi, count, endpoint=False) + draw(st.floats(0.0, 1.0))
    if count == 3:
        reach = [max(reach)] * 3
    x = WEST + np.array(reach) * np.cos(angle)
    y = SOUTH + np.array(reach) * np.sin(angle)
    return np.column_stack([x, y])


@st.composite
def polygons(draw: st.DrawFn, most: int = 12, holed: bool = True) -> shapely.Polygon:
    """Draw a polygon, sometimes with one or two small holes."""
    ring = draw(rings(most))
    holes = []
    if holed and draw(st.booleans()):
        for turn in (0.0, np.pi)[: draw(st.integers(1, 2))]:
            spot = np.array([WEST, SOUTH]) + 0.8 * np.array([np.cos(turn), np.sin(turn)])
            holes.append(spot + np.array([[-0.3, -0.3], [-0.3, 0.3], [0.3, 0.3], [0.3, -0.3]]))
    made = shapely.Polygon(ring, holes)
    return made if made.is_valid else shapely.Polygon(ring)
