"""A city taken apart: its layers drawn above one another, each lifted off the one below.

Each lifted layer has a zero point of its own, so that everything its view makes, culls and finds
is where it is drawn. The ground stays; what lies underground sinks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from layers.kinds.base import Layer
from layers.kinds.imagery import Imagery
from layers.kinds.pipes import Pipes
from layers.kinds.terrain import Terrain
from scene.views.base import StageContext

FARTHEST = 2000.0  # metres between two layers
SHARED = ("moving", "patience", "pixel_scale", "detail", "gone", "cut")


class Exploding:
    """How far the layers of one stage are apart.

    Parameters
    ----------
    context : StageContext
        Of the stage; layers on the ground are drawn with it.
    again : callable
        Makes all views anew.
    """

    def __init__(self, context: StageContext, again: Callable[[], None]) -> None:
        self._context, self._again = context, again
        self._spread = 0.0
        self._lifted: dict[str, StageContext] = {}

    @property
    def spread(self) -> float:
        """Metres between two layers, 0 for the city as it is."""
        return self._spread

    @spread.setter
    def spread(self, metres: float) -> None:
        metres = min(max(metres, 0.0), FARTHEST)
        if metres != self._spread:
            self._spread = metres
            self._again()
            self._context.request_frame()

    @property
    def highest(self) -> float:
        """How far the uppermost layer is lifted, metres."""
        return max((one.lift for one in self._lifted.values()), default=0.0)

    def of(self, layer: Layer) -> StageContext:
        """Give the context a view of a layer is to be made with."""
        self._lifted.pop(layer.id, None)
        lift = self._spread * self._rank(layer)
        if lift == 0.0:
            return self._context
        origin = self._context.origin - (0.0, 0.0, lift)
        made = self._lifted[layer.id] = replace(self._context, origin=origin, lift=lift)
        return made

    def follow(self) -> None:
        """Let lifted layers know what changed on the stage; before views are asked anything."""
        for one in self._lifted.values():
            for name in SHARED:
                setattr(one, name, getattr(self._context, name))

    def _rank(self, layer: Layer) -> int:
        """Count the layers shown from the ground up to a layer; downwards what lies below."""
        if isinstance(layer.data, Terrain | Imagery):
            return 0
        shown = [x for x in self._context.project.layers if self._context.shown(x) or x is layer]
        below = isinstance(layer.data, Pipes)
        alike = [
            x for x in shown
            if not isinstance(x.data, Terrain | Imagery) and isinstance(x.data, Pipes) == below
        ]  # fmt: skip
        at = alike.index(layer)
        return at - len(alike) if below else at + 1
