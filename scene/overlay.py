"""Lines, areas and marks drawn over the whole scene: what tools sketch and what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mapbox_earcut
import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor

from layers.shapes import Floats, starts_of
from layers.style import Colour, rgb
from scene.actors import drop, mapper_of, polydata
from scene.pixel_marks import ON_TOP, RoundMarks, WideLines
from scene.views.base import FrameState, StageContext

FILL = 0.22  # opacity of areas
HALO = 2.5  # pixels of white around lines
WHITE = (1.0, 1.0, 1.0)


class Overlay:
    """Some lines, areas and points of one colour over the scene.

    Parameters
    ----------
    context : StageContext
        Where.
    lines : sequence of (k, 3) float64
        Project coordinates; closed ones repeat their first point.
    areas : sequence of (k, 3) float64
        Outlines of filled areas, open.
    points : (m, 3) float64
        Where round marks stand.
    colour : str
        ``#rrggbb``.
    width : float
        Of lines, pixels.
    mark : float
        Diameter of marks, pixels.
    order : float
        What has a higher order lies above; one overlay takes two steps.
    """

    def __init__(
        self,
        context: StageContext,
        lines: Sequence[Floats],
        areas: Sequence[Floats],
        points: Floats,
        *,
        colour: Colour,
        width: float = 2.5,
        mark: float = 8.0,
        order: float = 0.0,
    ) -> None:
        self._context = context
        self._actors: list[Any] = []
        self._wide: list[WideLines] = []
        self._marks: list[RoundMarks] = []
        red, green, blue = (part / 255.0 for part in rgb(colour))
        ink = (red, green, blue)
        for area in areas:
            self._fill(area, ink)
        kept = [line for line in lines if len(line) > 1]
        if kept:
            joined = context.to_scene(np.concatenate(kept))
            starts = starts_of([len(line) for line in kept])
            for step, (pixels, own) in enumerate(((width + HALO, WHITE), (width, ink))):
                wide = WideLines(
                    joined, starts, pixels, mode=ON_TOP, colour=own, order=order + step
                )
                self._wide.append(wide)
                self._add(wide.actor)
        if len(points):
            marks = RoundMarks(
                context.to_scene(points), mark, rim=0.35, pull=ON_TOP + order, colour=WHITE,
                rim_colour=ink,
            )  # fmt: skip
            self._marks.append(marks)
            self._add(marks.actor)

    def _fill(self, area: Floats, ink: tuple[float, float, float]) -> None:
        here = self._context.to_scene(area)
        flat = here[:, :2] - here[:1, :2]
        index = mapbox_earcut.triangulate_float64(flat, np.array([len(flat)], dtype=np.uint32))
        if not len(index):
            return
        actor = vtkActor()
        actor.SetMapper(mapper_of(polydata(here, index.reshape(-1, 3).astype(np.int32))))
        look = actor.GetProperty()
        look.SetLighting(False)
        look.SetAmbient(1.0)
        look.SetDiffuse(0.0)
        look.SetColor(*ink)
        look.SetOpacity(FILL)
        actor.SetPickable(False)
        self._add(actor)

    def _add(self, actor: Any) -> None:
        self._context.renderer.AddActor(actor)
        self._actors.append(actor)

    def show(self, *, shown: bool, opacity: float = 1.0) -> None:
        """Switch everything on or off."""
        for actor in self._actors:
            actor.SetVisibility(shown and opacity > 0.0)

    def prepare(self, frame: FrameState) -> None:
        """Take the size of the picture that is about to be drawn."""
        for wide in self._wide:
            wide.prepare(frame, self._context.pixel_scale)
        for marks in self._marks:
            marks.prepare(frame, self._context.pixel_scale)

    def close(self) -> None:
        """Take everything away."""
        for actor in self._actors:
            drop(self._context.renderer, actor)
        self._actors, self._wide, self._marks = [], [], []
