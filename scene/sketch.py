"""What a tool draws over the scene while it works: lines, an area, texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from layers.shapes import Floats
from scene.labels import LabelSet
from scene.overlay import Overlay
from scene.rays import Point
from scene.views.base import FrameState, StageContext

COLOUR = "#e0461e"
LABELS = "sketch"


class Sketch:
    """The rubber band of a tool.

    Parameters
    ----------
    context : StageContext
        Where.
    """

    def __init__(self, context: StageContext) -> None:
        self._context = context
        self._overlay: Overlay | None = None

    @property
    def shown(self) -> bool:
        """Whether anything is drawn."""
        return self._overlay is not None

    def show(
        self, lines: Sequence[Floats], labels: Sequence[tuple[Point, str]], area: Floats | None
    ) -> None:
        """Draw these and nothing else."""
        self.close()
        if not lines and not labels and area is None:
            return
        corners = [line for line in lines[:1] if len(line)]
        points = np.concatenate(corners) if corners else np.empty((0, 3))
        areas = [] if area is None else [area]
        self._overlay = Overlay(
            self._context, lines, areas, points, colour=COLOUR, mark=7.0, order=8.0
        )
        if labels:
            places = self._context.to_scene([point for point, _ in labels])
            rank = np.full(len(labels), 1e9)
            texts = tuple(text for _, text in labels)
            self._context.labels.put(
                LABELS, LabelSet(places, texts, rank, rise=14.0, bold=True, must=True)
            )

    def prepare(self, frame: FrameState) -> None:
        """Take the size of the picture that is about to be drawn."""
        if self._overlay is not None:
            self._overlay.prepare(frame)

    def close(self) -> None:
        """Take everything away."""
        self._context.labels.remove(LABELS)
        if self._overlay is not None:
            self._overlay.close()
            self._overlay = None
