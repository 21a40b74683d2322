"""Seeing underground: the ground is glass, everything below it shows through.

All that is ground (terrain, its plain, pictures, flat layers) is drawn after everything else, the
uppermost first and the nearest first. It writes its depth as it is drawn, so that of several
things that lie on each other one alone is laid over what is below: no sorting of triangles and
no peeling, and what is not ground keeps its right place in depth.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from vtkmodules.vtkRenderingCore import vtkPropCollection

from scene.light import add_light
from scene.views.base import StageContext

USUAL = 0.65  # share that is seen through where nobody says
FROM_BELOW = 0.9  # strength of the light on undersides, times that of the sky


class Underground:
    """How much of the ground of one stage is seen through.

    Parameters
    ----------
    context : StageContext
        Where.
    """

    def __init__(self, context: StageContext) -> None:
        self._context = context
        self._lamp: Any = None
        self._drawn: list[Any] = []

    @property
    def share(self) -> float:
        """How much is seen through: 0 for solid ground, 1 for none at all."""
        return self._context.materials.seen_through

    @share.setter
    def share(self, share: float) -> None:
        share = min(max(share, 0.0), 1.0)
        if share == self.share:
            return
        self._context.materials.show_through(share)
        self.light_from_below()
        self._context.request_frame()

    def light_from_below(self) -> None:
        """Let undersides be seen; called whenever the light is another one."""
        renderer = self._context.renderer
        if self._lamp is not None:
            renderer.RemoveLight(self._lamp)
            self._lamp = None
        if self.share > 0.0:
            fill = self._context.materials.light.fill
            self._lamp = add_light(renderer, (0.0, 0.0, -1.0), fill, FROM_BELOW)

    def follow_eye(self) -> None:
        """Hang no skirts from the ground while the eye is below it; before the views get ready."""
        context = self._context
        below = False
        if self.share > 0.0:
            eye = np.array(context.renderer.GetActiveCamera().GetPosition()) + context.origin
            below = bool(eye[2] < context.ground.height_at([eye[:2]])[0])
        context.ground.from_below = below

    def prepare(self) -> None:
        """Sort what is drawn; called when everything that the frame shows is there."""
        if self.share <= 0.0:
            return
        context = self._context
        props: vtkPropCollection = context.renderer.GetViewProps()
        every: list[Any] = [props.GetItemAsObject(i) for i in range(props.GetNumberOfItems())]
        orders = context.materials.orders()
        eye = np.array(context.renderer.GetActiveCamera().GetPosition())
        ground = [prop for prop in every if prop in orders and prop.GetVisibility()]
        others = [prop for prop in every if prop not in orders or not prop.GetVisibility()]
        ground.sort(key=lambda prop: (-orders[prop], _away(prop, eye)))
        wanted = [*others, *ground]
        if wanted != every:
            props.RemoveAllItems()  # not the renderer's own way, which frees what was uploaded
            for prop in wanted:
                props.AddItem(prop)


def _away(prop: Any, eye: np.ndarray) -> float:
    box = np.array(prop.GetBounds())
    return float(np.linalg.norm(np.maximum(np.maximum(box[0::2] - eye, eye - box[1::2]), 0.0)))
