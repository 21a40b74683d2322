"""A drill in the scene: units on their ways, zones that grow, symbols and words, at one second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import ArrayLike

from layers.drills.plan import Element, Plan
from layers.drills.rehearsal import Now, UnitNow
from layers.drills.symbol_shapes import Symbol
from layers.drills.symbols import symbol_of
from layers.kinds.base import Layer
from layers.shapes import Floats
from layers.style import Colour
from scene.actors import drop
from scene.labels import LabelSet
from scene.overlay import Overlay
from scene.symbol_marks import SymbolMarks
from scene.views.base import Bounds, FrameState, LayerView, StageContext

#: GB/T 35649-2017: colours of the classes of symbols, lines and areas (`standards`, D7).
CLASS_COLOURS: Mapping[str, Colour] = {
    "A": "#e00000", "B": "#d9a400", "C": "#0057d9", "D": "#009a3d", "E": "#e00000", "F": "#e00000",
}  # fmt: skip
STATE_COLOURS: Mapping[str, Colour] = {
    "ready": "#1b8a4b", "committed": "#0057d9", "out-of-service": "#757575", "unknown": "#9e9e9e",
}  # fmt: skip
PLAIN: Colour = "#e00000"
STEP = 15.0  # metres between two corners of a line that follows the ground
ABOVE = 1.2  # metres that lines and marks stand above the ground
UNIT_MARK, SYMBOL = 15.0, 44.0  # pixels


class DrillsView(LayerView):
    """Draws the second of a plan it was told, over everything; nothing before that."""

    def __init__(self, layer: Layer, context: StageContext) -> None:
        self._overlays: list[Overlay] = []
        self._symbols: SymbolMarks | None = None
        self._now: Now | None = None
        self._plan: Plan | None = None
        super().__init__(layer, context)

    @property
    def now(self) -> Now | None:
        """What is shown."""
        return self._now

    def show(self, now: Now | None, plan: Plan | None) -> None:
        """Show a second of a plan; None shows nothing."""
        self._now, self._plan = now, plan
        self.rebuild()
        self.restyle()
        self.context.request_frame()

    def rebuild(self) -> None:
        """Draw the second anew."""
        self._take_away()
        now = self._now
        if now is None or self._plan is None:
            return
        lines: dict[Colour, list[Floats]] = defaultdict(list)
        areas: dict[Colour, list[Floats]] = defaultdict(list)
        signs: list[tuple[Floats, Symbol, str]] = []
        for shown in now.shown:
            element = shown.element
            colour = colour_of(element)
            if element.kind == "zone" and len(element.coords) > 2:
                ring = self._lifted(np.array([*element.coords, element.coords[0]]))
                areas[colour].append(ring[:-1])
                lines[colour].append(ring)
            elif element.kind in ("route", "line") and len(element.coords) > 1:
                lines[colour].append(self._lifted(np.array(element.coords)))
            elif element.kind == "symbol" and element.coords:
                place = self._standing(element.coords[:1])
                signs.append((place, symbol_of(element.symbol, "A"), label_of(element.text)))
        for order, colour in enumerate(dict.fromkeys((*areas, *lines))):
            self._overlays.append(
                Overlay(
                    self.context,
                    lines[colour],
                    areas[colour],
                    np.zeros((0, 3)),
                    colour=colour,
                    order=2.0 * order,
                )
            )
        self._draw_units(now.units, 2.0 * len(self._overlays))
        if signs:
            points = self.context.to_scene(np.concatenate([place for place, _, _ in signs]))
            drawn = [(symbol, label) for _, symbol, label in signs]
            self._symbols = SymbolMarks(
                points, drawn, size=SYMBOL, least=0.6 * SYMBOL, order=2.0 * len(self._overlays)
            )
            self.context.renderer.AddActor(self._symbols.actor)

    def _draw_units(self, units: tuple[UnitNow, ...], order: float) -> None:
        by_state: dict[str, list[Floats]] = defaultdict(list)
        for unit in units:
            by_state[unit.state].append(self._standing([unit.place]))
        for step, (state, places) in enumerate(sorted(by_state.items())):
            colour = STATE_COLOURS.get(state, STATE_COLOURS["unknown"])
            self._overlays.append(
                Overlay(
                    self.context,
                    [],
                    [],
                    np.concatenate(places),
                    colour=colour,
                    mark=UNIT_MARK,
                    order=order + 2.0 * step,
                )
            )

    def restyle(self) -> None:
        """Switch everything on or off, and write the names."""
        shown = self.shown and self.layer.opacity > 0.0
        for overlay in self._overlays:
            overlay.show(shown=shown)
        if self._symbols is not None:
            self._symbols.actor.SetVisibility(shown)
        for part, rise in (("units", 10.0), ("signs", SYMBOL + 4.0)):
            names, places = self._names(part)
            if not (shown and names):
                self.context.labels.remove(f"{self.layer.id}-{part}")
                continue
            self.context.labels.put(
                f"{self.layer.id}-{part}",
                LabelSet(
                    self.context.to_scene(np.concatenate(places)), tuple(names),
                    np.full(len(names), 2e6), rise=rise, bold=True,
                ),
            )  # fmt: skip

    def _names(self, part: str) -> tuple[list[str], list[Floats]]:
        """Give what is written at units, or at symbols and zones, and where."""
        names: list[str] = []
        places: list[Floats] = []
        if self._now is None or self._plan is None:
            return names, places
        if part == "units":
            for unit in self._now.units:
                names.append(self._plan.unit(unit.unit).name)
                places.append(self._standing([unit.place]))
            return names, places
        for shown in self._now.shown:
            element = shown.element
            if element.kind in ("symbol", "zone") and element.text and element.coords:
                middle = np.mean(np.array(element.coords), axis=0)
                names.append(element.text)
                places.append(self._standing([middle]))
        return names, places

    def ground_changed(self) -> None:
        """Stand on the new ground."""
        self.rebuild()
        self.restyle()

    def prepare(self, frame: FrameState) -> None:
        """Take the size of the picture."""
        for overlay in self._overlays:
            overlay.prepare(frame)
        if self._symbols is not None:
            self._symbols.prepare(frame, self.context.pixel_scale)

    def bounds(self) -> Bounds | None:
        """Give the box around what is shown."""
        if self._now is None:
            return None
        places = [unit.place for unit in self._now.units]
        places += [place for shown in self._now.shown for place in shown.element.coords]
        if not places:
            return None
        points = self._standing(places)
        low, high = points.min(axis=0), points.max(axis=0)
        return (
            float(low[0]), float(high[0]), float(low[1]),
            float(high[1]), float(low[2]), float(high[2]),
        )  # fmt: skip

    def nearest(self, frame: FrameState) -> float:
        """It is drawn over everything, so the depth of the scene is not its own."""
        del frame
        return float("inf")

    def close(self) -> None:
        """Take everything away."""
        super().close()
        self._take_away()
        for part in ("units", "signs"):
            self.context.labels.remove(f"{self.layer.id}-{part}")

    def _take_away(self) -> None:
        for overlay in self._overlays:
            overlay.close()
        self._overlays = []
        if self._symbols is not None:
            drop(self.context.renderer, self._symbols.actor)
            self._symbols = None

    def _standing(self, places: ArrayLike) -> Floats:
        """Put places on the ground, (k, 3)."""
        xy = np.asarray(places, dtype=np.float64).reshape(-1, 2)
        return np.column_stack([xy, self.context.ground.height_at(xy) + ABOVE])

    def _lifted(self, corners: Floats) -> Floats:
        """Lay a line on the ground, with corners enough to follow it."""
        return self._standing(shapely.get_coordinates(shapely.segmentize(
            shapely.LineString(corners), STEP
        )))  # fmt: skip


def label_of(text: str) -> str:
    """Give what is written into a symbol: the first signs of Chinese names, of others nothing."""
    return "" if text.isascii() else text.split(" ", maxsplit=1)[0][:4]


def colour_of(element: Element) -> Colour:
    """Give the colour of an element: its own, else that of its symbol's class."""
    return element.colour or CLASS_COLOURS.get(element.symbol[:1].upper(), PLAIN)
