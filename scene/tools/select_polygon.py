"""Choosing objects inside a polygon that is clicked around them, as `scene.tools.trace` says.

Ending it selects what has its middle inside; Shift held then adds, Control takes in and out.
"""

from __future__ import annotations

import numpy as np
from psygnal import Signal

from layers.shapes import Floats
from scene import camera
from scene.stage import Stage
from scene.tools.select import combined
from scene.tools.trace import Trace

FEWEST = 3


class SelectPolygon(Trace):
    """Selects inside a polygon. It changes nothing itself: it tells the new selection.

    Parameters
    ----------
    stage : Stage
        Where objects are found and the polygon is drawn.

    Signals
    -------
    selected : (dict of layer id to ids,)
        What shall be selected now, all of it.
    left : ()
        Escape was pressed without corners.
    """

    selected = Signal(object)

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, closed=True)

    def _tell(self, points: Floats, modifiers: frozenset[str]) -> None:
        stage = self._stage
        pixels = camera.project_points(stage.viewpoint, points, stage.size)
        pixels = pixels[np.isfinite(pixels).all(axis=1)]
        if len(pixels) >= FEWEST:
            found = stage.pick_polygon(pixels)
            self.selected.emit(combined(stage.selection, found, modifiers))

    def _draw(self, places: Floats) -> None:
        closed = len(places) >= FEWEST
        self._stage.sketch([np.concatenate([places, places[:1]]) if closed else places])
