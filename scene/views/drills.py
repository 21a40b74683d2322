"""A drill in the scene: units on their ways, zones that grow, symbols and words, at one second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import shapely
from numpy.typing import ArrayLike

from layers.drills.plan import Element, Plan, Unit
from layers.drills.rehearsal import Now, UnitNow
from layers.drills.symbol_lines import ARROW, area_symbol_of, line_symbol_of
from layers.drills.symbol_shapes import Symbol
from layers.drills.symbols import symbol_of
from layers.drills.unit_looks import unit_figure, unit_symbol
from layers.drills.user_symbols import UserSymbol
from layers.kinds.base import Layer
from layers.kinds.drills import Drills
from layers.shapes import Floats
from layers.style import Colour
from scene.figures import Figures, Kind, model_kind
from scene.labels import LabelSet
from scene.symbol_lines import HatchedArea, PatternLines, arrows_of
from scene.symbol_pictures import Drawn, Sign
from scene.symbol_stacks import SymbolStacks
from scene.unit_marks import MARK, UnitLook, UnitMarks, count_label, heading_of
from scene.views.base import Bounds, FrameState, LayerView, StageContext

STATE_COLOURS: Mapping[str, Colour] = {
    "ready": "#1b8a4b", "committed": "#0057d9", "out-of-service": "#757575", "unknown": "#9e9e9e",
}  # fmt: skip
GHOST, FAINT = "#8d8d8d", 0.42  # of units where they should be
STEP = 15.0  # metres between two corners of a line that follows the ground
ABOVE = 1.2  # metres that lines and marks stand above the ground
SYMBOL, LEAST = 40.0, 25.0  # pixels of symbols, near and far
LINES, UNITS, SIGNS = 2.0, 20.0, 30.0  # places over the scene


class Part(Protocol):
    """Something drawn of a plan."""

    def lay(self, places: list[Floats]) -> None:
        """Draw other lines or rings in the same look."""

    def show(self, *, shown: bool) -> None:
        """Show or hide it."""

    def prepare(self, frame: FrameState) -> None:
        """Take the size of the picture."""

    def close(self) -> None:
        """Take it away."""


Look = tuple[bool, bool, str, str, str]
"""Whether it is an area, whether it grows, symbol, colour, kind: what is drawn together."""
Groups = dict[Look, list[Element]]
Parts = dict[Look, tuple[tuple[Element, ...], Part]]
Makes = tuple[Callable[[list[Element]], list[Floats]], Callable[[Element, list[Floats]], Part]]
"""Gives what is drawn of elements; draws that in the look of the first of them."""


class DrillsView(LayerView):
    """Draws the second of a plan it was told, over everything; nothing before that.

    What is the same at the next second stays as it is; units only move.
    """

    def __init__(self, layer: Layer, context: StageContext) -> None:
        self._areas: Parts = {}
        self._lines: Parts = {}
        self._arrows: Parts = {}
        self._symbols: SymbolStacks | None = None
        self._signs: tuple[Drawn, ...] = ()
        self._models: Figures | None = None
        self._units: UnitMarks | None = None
        self._ghosts: tuple[UnitMarks, SymbolStacks] | None = None
        self._ghosted: tuple[str, ...] = ()
        self._now: Now | None = None
        self._plan: Plan | None = None
        self._looks: dict[tuple[str, str], UnitLook] = {}
        self._looks_of: tuple[object, object] = (None, None)
        super().__init__(layer, context)

    @property
    def now(self) -> Now | None:
        """What is shown."""
        return self._now

    @property
    def signs(self) -> tuple[Sign, ...]:
        """The symbols that are shown: of units, points, lines and areas, each once."""
        out: dict[str, Sign] = {symbol.code: symbol for symbol, _ in self._signs}
        for (area, _, code, _, kind), _ in (*self._lines.items(), *self._areas.items()):
            made: Sign = area_symbol_of(code) if area else line_symbol_of(code, kind)
            out.setdefault(made.code, made)
        return tuple(symbol for code, symbol in out.items() if code)  # plain lines have none

    @property
    def units(self) -> UnitMarks | None:
        """How the units are drawn; None where there are none."""
        return self._units

    def show(self, now: Now | None, plan: Plan | None) -> None:
        """Show a second of a plan; None shows nothing."""
        self._now, self._plan = now, plan
        self._follow()
        self.restyle()
        self.context.request_frame()

    def rebuild(self) -> None:
        """Draw the second anew."""
        self._take_away()
        self._follow()

    # What is drawn ---------------------------------------------------------------------------

    def _follow(self) -> None:
        """Draw what is new, take away what is over, move the units."""
        now, plan = self._now, self._plan
        if now is None or plan is None:
            self._take_away()
            return
        elements = [shown.element for shown in now.shown]
        areas: Groups = defaultdict(list)
        lines: Groups = defaultdict(list)
        for shown in now.shown:
            element = shown.element
            moving = element.grow_from != element.grow_to and shown.share < 1.0
            look = (element.kind == "zone", moving, element.symbol, element.colour, element.kind)
            if element.kind == "zone" and len(element.coords) > 2:
                areas[look].append(element)
                lines[look].append(element)
            elif element.kind in ("route", "line") and len(element.coords) > 1:
                lines[look].append(element)
        _kept(self._areas, areas, (_rings, self._area))
        ordered = dict(sorted(lines.items(), reverse=True))
        _kept(self._lines, ordered, (self._ways, self._line))
        _kept(self._arrows, _pointed(areas), (self._pointers, self._arrow))
        self._put_units(now.units, plan)
        self._put_ghosts(now.ghosts, plan)
        self._put_signs([e for e in elements if e.kind == "symbol" and e.coords])

    def _area(self, first: Element, rings: list[Floats]) -> Part:
        """Draw areas of one look."""
        return HatchedArea(self.context, rings, area_symbol_of(first.symbol), colour=first.colour)

    def _pointers(self, elements: list[Element]) -> list[Floats]:
        """Give where the arrows of areas lie."""
        way = area_symbol_of(elements[0].symbol).arrows
        return self._lifted([x for e in elements for x in arrows_of(np.array(e.coords), way)])

    def _arrow(self, first: Element, lines: list[Floats]) -> Part:
        """Draw the arrows of areas of one look."""
        return PatternLines(self.context, lines, ARROW, colour=first.colour, order=LINES)

    def _ways(self, elements: list[Element]) -> list[Floats]:
        """Give where lines, or borders of areas, lie."""
        corners = [np.array(element.coords) for element in elements]
        if elements[0].kind == "zone":
            corners = [np.vstack([one, one[:1]]) for one in corners]
        return self._lifted(corners)

    def _line(self, first: Element, lines: list[Floats]) -> Part:
        """Draw lines, or borders of areas, of one look."""
        if first.kind == "zone":
            symbol: Any = area_symbol_of(first.symbol)
        else:
            symbol = line_symbol_of(first.symbol, first.kind)
        return PatternLines(self.context, lines, symbol, colour=first.colour, order=LINES)

    def _put_signs(self, elements: list[Element]) -> None:
        """Draw the symbols of units and of the plan.

        Incidents come last: they lie above and speak for a stack.
        """
        elements = sorted(elements, key=lambda e: e.symbol[:1] in ("", "A"))
        looks = () if self._units is None else self._units.looks
        mine = self._mine
        own = [(symbol_of(e.symbol, "A", mine), label_of(e.text)) for e in elements]
        drawn = (*(look.drawn for look in looks), *own)
        points = self.context.to_scene(self._standing([e.coords[0] for e in elements]))
        if self._units is not None:
            points = np.vstack([self._units.points, points])
        if drawn == self._signs and self._symbols is not None:
            self._symbols.move(points)
            return
        self._drop_signs()
        self._signs = drawn
        self._put_models([symbol for symbol, _ in own], points[len(looks) :])
        if drawn:
            rise = np.where(np.arange(len(drawn)) < len(looks), 0.6 * MARK, 0.0)
            self._symbols = SymbolStacks(
                self.context, points, drawn, size=SYMBOL, least=LEAST, order=SIGNS, rise=rise
            )

    def _put_models(self, symbols: list[Symbol | UserSymbol], points: Floats) -> None:
        """Stand the models of users' symbols on their places."""
        rows = [at for at, one in enumerate(symbols) if getattr(one, "model", None) is not None]
        if not rows:
            return
        models = [one.model for one in symbols if isinstance(one, UserSymbol) and one.model]
        kinds = list(dict.fromkeys(model_kind(model) for model in models))
        which = np.array([kinds.index(model_kind(model)) for model in models])
        self._models = Figures(self.context, kinds, which)
        feet = points[rows] - (0.0, 0.0, ABOVE)
        self._models.move(feet, np.zeros(len(rows)))

    def _drop_signs(self) -> None:
        if self._models is not None:
            self._models.close()
            self._models = None
        if self._symbols is not None:
            self._symbols.close()
        self._symbols, self._signs = None, ()

    def _put_units(self, units: tuple[UnitNow, ...], plan: Plan) -> None:
        """Move the units; make them anew where others are there."""
        if plan is not self._looks_of[0] or self._mine is not self._looks_of[1]:
            self._looks, self._looks_of = {}, (plan, self._mine)
        looks = tuple(self._look(plan, unit) for unit in units)
        if self._units is not None and not (looks and self._units.become(looks)):
            self._units.close()
            self._units = None
        if self._units is None and looks:
            self._units = UnitMarks(self.context, looks, UNITS)
        if self._units is not None:
            self._units.move(
                np.array([unit.place for unit in units]),
                np.array([heading_of(unit.heading) for unit in units]),
                np.array([unit.facing for unit in units]),
                np.array([unit.gone for unit in units]),
            )

    def _put_ghosts(self, ghosts: tuple[UnitNow, ...], plan: Plan) -> None:
        """Draw units faint where they should be."""
        known = {unit.id for unit in plan.units}
        ghosts = tuple(ghost for ghost in ghosts if ghost.unit in known)
        if self._ghosts is not None and self._ghosted != tuple(g.unit for g in ghosts):
            self._drop_ghosts()
        self._ghosted = tuple(ghost.unit for ghost in ghosts)
        if not ghosts:
            return
        if self._ghosts is None:
            looks = [replace(self._look(plan, ghost), figure="", colour=GHOST) for ghost in ghosts]
            marks = UnitMarks(self.context, looks, UNITS - 5.0)
            marks.fade(FAINT)
            signs = SymbolStacks(
                self.context, np.zeros((len(looks), 3)), [look.drawn for look in looks],
                size=SYMBOL, least=LEAST, order=SIGNS - 5.0, rise=0.6 * MARK,
            )  # fmt: skip
            self._ghosts = marks, signs
        marks, signs = self._ghosts
        marks.move(
            np.array([ghost.place for ghost in ghosts]),
            np.array([heading_of(ghost.heading) for ghost in ghosts]),
            np.array([ghost.facing for ghost in ghosts]),
        )
        signs.move(marks.points)

    def _drop_ghosts(self) -> None:
        if self._ghosts is not None:
            self._ghosts[0].close()
            self._ghosts[1].close()
        self._ghosts, self._ghosted = None, ()

    def _look(self, plan: Plan, now: UnitNow) -> UnitLook:
        """Give how a unit looks in a state; the same object as long as the plan is the same."""
        key = (now.unit, now.state)
        if key not in self._looks:
            self._looks[key] = self._look_of(plan.unit(now.unit), now.state)
        return self._looks[key]

    def _look_of(self, unit: Unit, state: str) -> UnitLook:
        own = next((one for one in self._mine if one.code == unit.symbol), None)
        symbol = own or unit_symbol(unit)
        colour = STATE_COLOURS.get(state, STATE_COLOURS["unknown"])
        label = count_label(unit.count)
        figure: str | Kind = unit_figure(unit)
        if own is not None and own.model is not None:
            figure = model_kind(own.model)
        return UnitLook((symbol, label), figure, unit.count, colour)

    @property
    def _mine(self) -> tuple[UserSymbol, ...]:
        """The symbols of users in the project."""
        return self.layer.data.symbols if isinstance(self.layer.data, Drills) else ()

    @property
    def _parts(self) -> list[Part]:
        """Areas, then lines, then arrows."""
        parts = (*self._areas.values(), *self._lines.values(), *self._arrows.values())
        return [part for _, part in parts]

    def restyle(self) -> None:
        """Switch everything on or off, and write the names."""
        shown = self.shown and self.layer.opacity > 0.0
        for part in self._parts:
            part.show(shown=shown)
        if self._symbols is not None:
            self._symbols.show(shown=shown)
        if self._models is not None:
            self._models.show(shown=shown)
        if self._units is not None:
            self._units.show(shown=shown)
        if self._ghosts is not None:
            self._ghosts[0].show(shown=shown)
            self._ghosts[1].show(shown=shown, opacity=FAINT)
        over = SYMBOL + 0.6 * MARK + 3.0
        for part_name, lift in (("units", over), ("ghosts", over), ("signs", SYMBOL + 3.0)):
            names, places = self._names(part_name)
            if not (shown and names):
                self.context.labels.remove(f"{self.layer.id}-{part_name}")
                continue
            if part_name == "units" and self._units is not None:
                points = self._units.points  # above figures, where symbols stand
            elif part_name == "ghosts" and self._ghosts is not None:
                points = self._ghosts[0].points
            else:
                points = self.context.to_scene(self._standing(places))
            self.context.labels.put(
                f"{self.layer.id}-{part_name}",
                LabelSet(
                    points, tuple(names),
                    np.full(len(names), 2e6), rise=lift, bold=True,
                ),
            )  # fmt: skip

    def _names(self, part: str) -> tuple[list[str], list[Any]]:
        """Give what is written at units, or at symbols and zones, and where."""
        names: list[str] = []
        places: list[Any] = []
        if self._now is None or self._plan is None:
            return names, places
        called = {unit.id: unit.name for unit in self._plan.units}
        if part == "units":
            return [called[u.unit] for u in self._now.units], [u.place for u in self._now.units]
        if part == "ghosts":
            if self._ghosts is not None:
                places = [ghost.place for ghost in self._now.ghosts if ghost.unit in called]
            return [f"({called[unit]})" for unit in self._ghosted], places
        for shown in self._now.shown:
            element = shown.element
            if element.kind in ("symbol", "zone") and element.text and element.coords:
                names.append(element.text)
                east, north = zip(*element.coords, strict=True)
                places.append((sum(east) / len(east), sum(north) / len(north)))
        return names, places

    def ground_changed(self) -> None:
        """Stand on the new ground."""
        self.rebuild()
        self.restyle()

    def prepare(self, frame: FrameState) -> None:
        """Take the size of the picture."""
        for part in self._parts:
            part.prepare(frame)
        if self._symbols is not None:
            self._symbols.prepare(frame)
        if self._models is not None:
            self._models.prepare(frame)
        if self._units is not None:
            self._units.prepare(frame)
        if self._ghosts is not None:
            self._ghosts[0].prepare(frame)
            self._ghosts[1].prepare(frame)

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
        for part in ("units", "ghosts", "signs"):
            self.context.labels.remove(f"{self.layer.id}-{part}")

    def _take_away(self) -> None:
        for part in self._parts:
            part.close()
        self._areas, self._lines, self._arrows = {}, {}, {}
        self._drop_signs()
        self._drop_ghosts()
        if self._units is not None:
            self._units.close()
            self._units = None

    def _standing(self, places: ArrayLike) -> Floats:
        """Put places on the ground, or on the water over it, (k, 3)."""
        xy = np.asarray(places, dtype=np.float64).reshape(-1, 2)
        heights = self.context.water.raised(xy, self.context.ground.height_at(xy))
        return np.column_stack([xy, heights + ABOVE])

    def _lifted(self, lines: list[Floats]) -> list[Floats]:
        """Lay lines on the ground, with corners enough to follow it."""
        if not lines:
            return []
        each = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
        dense = shapely.segmentize(shapely.linestrings(np.concatenate(lines), indices=each), STEP)
        xy, of = shapely.get_coordinates(dense, return_index=True)
        points = self._standing(xy)
        return np.split(points, np.flatnonzero(np.diff(of)) + 1)


def _kept(parts: Parts, wanted: Groups, makes: Makes) -> None:
    """Draw groups that are new, lay those anew that are other, take away those that are over.

    Elements of one look are drawn together; those that grow are apart from those that stand, so
    that the latter stay as they are.
    """
    for look in [look for look in parts if look not in wanted]:
        parts.pop(look)[1].close()
    places, make = makes
    for look, elements in wanted.items():
        new = tuple(elements)
        if look not in parts:
            parts[look] = new, make(new[0], places(elements))
        elif parts[look][0] != new:
            part = parts[look][1]
            part.lay(places(elements))
            parts[look] = new, part


def _rings(elements: list[Element]) -> list[Floats]:
    return [np.array(element.coords) for element in elements]


def _pointed(areas: Groups) -> Groups:
    """Give the areas that have arrows over their border."""
    out: Groups = {}
    for look, elements in areas.items():
        way = area_symbol_of(look[2]).arrows
        kept = [one for one in elements if arrows_of(np.array(one.coords), way)]
        if kept:
            out[look] = kept
    return out


def label_of(text: str) -> str:
    """Give what is written into a symbol: the first signs of Chinese names, of others nothing."""
    return "" if text.isascii() else text.split(" ", maxsplit=1)[0][:4]
