"""Resources and hazard sources as symbols; as round marks where their style has colours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from layers.drills.in_service import moment_in
from layers.drills.symbol_edits import symbols_in
from layers.drills.symbol_shapes import Symbol
from layers.drills.symbols import symbol_of
from layers.drills.user_symbols import UserSymbol
from layers.kinds.base import Features
from layers.kinds.emergency import NOT_NOW, SORTS, Emergency
from layers.style import Rgb, texts
from scene.flat_points import Places
from scene.symbol_pictures import Drawn
from scene.symbol_stacks import SymbolStacks

if TYPE_CHECKING:
    from scene.views.base import FrameState

CODES = ("symbol", "symbol_code", "符号", "符号代码")  # fields that name a symbol of their own
IDLE = ("out-of-service", NOT_NOW)  # states in which nothing can be counted on
SIZE = 3.0  # pixels of a symbol per pixel of the style's marks
LEAST = 0.45  # of that, seen from far


def _codes(features: Features) -> NDArray[np.object_]:
    """Give the symbols that the objects themselves name, "" where they name none."""
    names = [name for name in CODES if name in features.attributes.column_names]
    if not names:
        return np.full(len(features), "", dtype=object)
    told = texts(features.attributes.column(names[0]))[features.feature]
    return np.array([(value or "").strip() for value in told], dtype=object)


def idle(symbol: Symbol | UserSymbol) -> Symbol | UserSymbol:
    """Give a symbol in a grey frame, of what cannot be counted on now; users' own stay as drawn."""
    return replace(symbol, code=f"X{symbol.code[1:]}") if isinstance(symbol, Symbol) else symbol


class SymbolPoints(Places):
    """Draws each point as the symbol of its sort, in grey what is out of service or not valid."""

    def _build(self, features: Features) -> None:
        super()._build(features)
        kind = self._layer.kind if self._layer.kind in SORTS else "resources"
        letter = "B" if kind == "hazards" else "D"
        self._said = Emergency.of(features, kind, self._layer.name)
        sorts = self._said.sort[self._rows]
        own = symbols_in(self._context.project)
        codes = _codes(features)[self._rows]
        self._signs = [
            symbol_of(code or str(sort), letter, own)
            for code, sort in zip(codes, sorts, strict=True)
        ]
        self._asked = self._now()
        drawn = self._drawn()
        size = SIZE * self._layer.style.point_size
        self._symbols = SymbolStacks(
            self._context, self._points, drawn, size=size, least=LEAST * size,
            also=[(sign, "") for one in dict.fromkeys(self._signs) for sign in (one, idle(one))],
        )  # fmt: skip
        self._stood = self._points

    def _now(self) -> str:
        """Give the moment that is asked about: that of the plan that is shown, or the project's."""
        return self._context.clock or self._context.project.info.moment

    def _drawn(self) -> list[Drawn]:
        """Give the symbols as they are now: without colour what cannot be counted on."""
        states = self._said.states(moment_in(self._context.project, self._asked))[self._rows]
        return [
            (idle(sign) if state in IDLE else sign, "")
            for sign, state in zip(self._signs, states, strict=True)
        ]

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
        if self._asked != self._now():
            self._asked = self._now()
            self._symbols.draw(self._drawn())
        if self._symbols.actors[0].GetVisibility():
            self._symbols.prepare(frame)
