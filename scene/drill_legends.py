"""Legends of drills: symbols, zones and lines that a picture shows, what colours of units say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from layers.drills.symbol_shapes import COLOURS
from layers.drills.user_symbols import UserSymbol
from layers.style import Entry, Legend
from scene.furniture import Words
from scene.symbol_pictures import Sign
from scene.views.base import LayerView
from scene.views.drills import GHOST, STATE_COLOURS, DrillsView

OWN = "#5c6770"  # of symbols that users brought
SHAPES = {"zone": "area", "route": "line", "line": "line"}


def drill_legends(views: Iterable[LayerView], words: Words) -> tuple[Legend, ...]:
    """Give the legends of what drills show at this second, none where there is nothing.

    Parameters
    ----------
    views : iterable of LayerView
        Of a stage.
    words : Words
        Texts in the reader's language.

    Returns
    -------
    tuple of Legend
        Symbols with codes and names; zones and lines with what they are; states of units.
    """
    seen = [
        view
        for view in views
        if isinstance(view, DrillsView) and view.shown and view.layer.opacity > 0.0
    ]
    made = (_symbols(seen, words), _zones(seen, words), _states(seen, words))
    return tuple(legend for legend in made if legend is not None)


def _symbols(views: list[DrillsView], words: Words) -> Legend | None:
    found: dict[str, Sign] = {}
    for view in views:
        found |= {sign.code: sign for sign in view.signs}
    if not found:
        return None
    signs = tuple(sorted(found.values(), key=lambda s: (isinstance(s, UserSymbol), s.code)))
    entries = tuple(
        Entry(f"{sign.code} {sign.names[1 if words.chinese else 0]}",
              COLOURS.get(sign.letter, OWN))
        for sign in signs
    )  # fmt: skip
    return Legend(words.symbols, entries, "area", signs=signs)


def _zones(views: list[DrillsView], words: Words) -> Legend | None:
    """Name zones and lines by their texts, streets that are closed by what they are."""
    known = {"closed": words.closed, "detour": words.detour}
    found: dict[Entry, str] = {}
    for view in views:
        for shown in () if view.now is None else view.now.shown:
            element = shown.element
            name = known.get(shown.about) or element.text
            if element.kind in SHAPES and name and element.coords:
                colour = element.colour or COLOURS.get(element.symbol[:1], COLOURS["F"])
                found.setdefault(Entry(name, colour), SHAPES[element.kind])
    if not found:
        return None
    shapes = tuple("area" if shape == "area" else "line" for shape in found.values())
    return _headed(words.zones, tuple(found), shapes)


def _states(views: list[DrillsView], words: Words) -> Legend | None:
    """Say what the colours of the discs say that units stand on."""
    states, ghosts = set(), False
    for view in views:
        if view.now is not None:
            states |= {unit.state for unit in view.now.units}
            ghosts = ghosts or bool(view.now.ghosts)
    entries = [
        Entry(words.unit_states.get(state, state), colour)
        for state, colour in STATE_COLOURS.items()
        if state in states
    ]
    if ghosts:
        entries.append(Entry(words.planned, GHOST))
    if not entries:
        return None
    return _headed(words.states, tuple(entries), ("point",) * len(entries))


def _headed(title: str, entries: tuple[Entry, ...], shapes: tuple[Any, ...]) -> Legend:
    """Give a legend that keeps its heading over a single line, too."""
    return Legend(title, entries, shapes[0], shapes, signs=(None,) * len(entries))
