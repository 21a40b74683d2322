"""Translucent walls that stand on lines and around areas, and lids that close them above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor

from layers.shapes import POLYGON, Floats, Ints, Shapes
from layers.style import Rgb
from scene.actors import drop, mapper_of, polydata, set_colours
from scene.drape import drape_lines, drape_polygons
from scene.pixel_marks import IN_AIR, WideLines
from scene.views.base import FrameState, StageContext

FOOT, HEAD = 0.46, 0.16  # opacity of a wall at its foot and at its head
LID = 0.20
RIM = 1.5  # pixels of the line along the head
LONGEST = 40.0  # metres of a wall between two uprights at most


@dataclass(slots=True)
class Walls:
    """Walls and lids of many objects in one actor.

    Attributes
    ----------
    actor : vtkActor
        The walls.
    data : vtkPolyData
        Its triangles.
    owner : (m,) int64
        Position of the object each point belongs to.
    clear : (m,) float64
        Opacity of each point beside the layer's.
    rim : WideLines or None
        The line along the head.
    rim_owner : (k,) int64
        Whose it is.
    """

    actor: Any
    data: Any
    owner: Ints
    clear: Floats
    rim: WideLines | None
    rim_owner: Ints

    @classmethod
    def of(
        cls, shapes: Shapes, rows: Ints, low: Floats, top: Floats, context: StageContext, *,
        lids: bool,
    ) -> Walls | None:  # fmt: skip
        """Build walls on lines and borders.

        Parameters
        ----------
        shapes : Shapes
            n lines and polygons.
        rows : (n,) int64
            Position of the object each belongs to.
        low, top : (n,) float64
            Foot and head, metres above the ground below them.
        context : StageContext
            Where.
        lids : bool
            Whether areas are closed above.
        """
        lines = drape_lines(shapes, context.ground.surface)
        if not len(lines.owner):
            return None
        each = np.repeat(lines.owner, np.diff(lines.start))
        count = len(lines.points)
        foot, head = lines.points.copy(), lines.points.copy()
        foot[:, 2] += low[each]
        head[:, 2] += top[each]
        last = np.zeros(count, dtype=bool)
        last[lines.start[1:] - 1] = True
        a = np.flatnonzero(~last)
        b = a + 1
        quads = np.vstack(
            [np.column_stack([a, b, b + count]), np.column_stack([a, b + count, a + count])]
        )
        points, triangles, owner = [foot, head], [quads], [each, each]
        clear = [np.full(count, FOOT), np.full(count, HEAD)]
        areas = np.flatnonzero(shapes.kind == POLYGON)
        if lids and len(areas):
            lid = drape_polygons(shapes.take(areas), context.ground.surface)
            of = areas[lid.owner]
            raised = lid.points.copy()
            raised[:, 2] += top[of]
            triangles.append(lid.triangles.astype(np.int64) + 2 * count)
            points.append(raised)
            owner.append(of)
            clear.append(np.full(len(of), LID))
        data = polydata(
            context.to_scene(np.concatenate(points)), np.concatenate(triangles).astype(np.int32)
        )
        actor = vtkActor()
        actor.SetMapper(mapper_of(data))
        look = actor.GetProperty()
        look.SetLighting(False)
        look.SetAmbient(1.0)
        look.SetDiffuse(0.0)
        actor.ForceTranslucentOn()
        actor.SetPickable(False)
        context.renderer.AddActor(actor)
        rim = WideLines(context.to_scene(head), lines.start, RIM, mode=IN_AIR)
        context.renderer.AddActor(rim.actor)
        whose = np.asarray(rows[np.concatenate(owner)])
        return cls(actor, data, whose, np.concatenate(clear), rim, rows[each])

    def paint(self, colours: Rgb, opacity: float, *, shown: bool) -> None:
        """Give every object its colour; walls fade towards their heads."""
        mixed = np.column_stack(
            [colours[self.owner], np.clip(self.clear * opacity * 255.0, 0, 255).astype(np.uint8)]
        )
        set_colours(self.data, mixed.astype(np.uint8))
        mapper = self.actor.GetMapper()
        mapper.SetScalarVisibility(True)
        mapper.SetColorModeToDirectScalars()
        visible = shown and opacity > 0.0
        self.actor.SetVisibility(visible)
        if self.rim is not None:
            self.rim.paint(colours[self.rim_owner])
            self.rim.actor.GetMapper().SetScalarVisibility(True)
            self.rim.actor.GetProperty().SetOpacity(opacity)
            self.rim.actor.SetVisibility(visible)

    def place(self, order: float, lift: float, context: StageContext) -> None:
        """Stand where they are."""
        del order, context
        self.actor.SetPosition(0.0, 0.0, lift)

    def prepare(self, frame: FrameState, context: StageContext) -> None:
        """Take the size of the picture."""
        if self.rim is not None:
            self.rim.prepare(frame, context.pixel_scale)
            self.rim.set_light((1.0, 1.0, 1.0))

    def close(self, context: StageContext) -> None:
        """Take them away."""
        drop(context.renderer, self.actor)
        if self.rim is not None:
            drop(context.renderer, self.rim.actor)
