"""Resources and hazard sources as symbols; as round marks where their style has colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layers.drills.symbols import symbol_of
from layers.kinds.base import Features
from layers.kinds.emergency import SORTS, Emergency
from layers.style import Rgb
from scene.flat_points import Places
from scene.symbol_stacks import SymbolStacks

if TYPE_CHECKING:
    from scene.views.base import FrameState

SIZE = 3.0  # pixels of a symbol per pixel of the style's marks
LEAST = 0.45  # of that, seen from far


class SymbolPoints(Places):
    """Draws each point as the symbol of its sort."""

    def _build(self, features: Features) -> None:
        super()._build(features)
        kind = self._layer.kind if self._layer.kind in SORTS else "resources"
        letter = "B" if kind == "hazards" else "D"
        sorts = Emergency.of(features, kind, self._layer.name).sort[self._rows]
        drawn = [(symbol_of(str(sort), letter), "") for sort in sorts]
        size = SIZE * self._layer.style.point_size
        self._symbols = SymbolStacks(
            self._context, self._points, drawn, size=size, least=LEAST * size
        )
        self._stood = self._points

    def _actors(self) -> list[Any]:
        return [*super()._actors(), *self._symbols.actors]

    def restyle(self, colours: Rgb, *, shown: bool) -> None:
        """Show symbols, or marks in the colours of the style."""
        super().restyle(colours, shown=shown)
        plain = self._layer.style.colouring is None
        there = shown and self._layer.opacity > 0.0
        self._dots.actor.SetVisibility(there and not plain)
        self._symbols.show(shown=there and plain, opacity=self._layer.opacity)

    def prepare(self, frame: FrameState, *, shown: bool) -> None:
        """Stand where the marks stand, and take the size of the picture."""
        super().prepare(frame, shown=shown)
        if self._stood is not self._points:
            self._stood = self._points
            self._symbols.move(self._points)
        if self._symbols.actors[0].GetVisibility():
            self._symbols.prepare(frame)
