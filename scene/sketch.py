"""What a tool draws over the scene while it works: lines, an area, texts."""

from __future__ import annotations

from collections.abc import Sequence

from layers.shapes import Floats
from scene.rays import Point
from scene.views.base import StageContext


class Sketch:
    """The rubber band of a tool."""

    def __init__(self, context: StageContext) -> None:
        self._context = context

    def show(
        self, lines: Sequence[Floats], labels: Sequence[tuple[Point, str]], area: Floats | None
    ) -> None:
        """Draw these and nothing else."""
        del lines, labels, area

    def close(self) -> None:
        """Take everything away."""
