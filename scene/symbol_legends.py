"""Legends of emergency symbols: which stand in a picture, with code and name."""

from __future__ import annotations

from collections.abc import Iterable

from layers.drills.symbol_shapes import COLOURS
from layers.drills.user_symbols import UserSymbol
from layers.style import Entry, Legend
from scene.furniture import Words
from scene.symbol_pictures import Sign
from scene.views.base import LayerView
from scene.views.drills import DrillsView

OWN = "#5c6770"  # of symbols that users brought


def symbol_legends(views: Iterable[LayerView], words: Words) -> tuple[Legend, ...]:
    """Give the legend of the symbols that drills show at this second, none where there are none.

    Parameters
    ----------
    views : iterable of LayerView
        Of a stage.
    words : Words
        Texts in the reader's language.
    """
    found: dict[str, Sign] = {}
    for view in views:
        if isinstance(view, DrillsView) and view.shown and view.layer.opacity > 0.0:
            found |= {sign.code: sign for sign in view.signs}
    if not found:
        return ()
    signs = tuple(sorted(found.values(), key=lambda s: (isinstance(s, UserSymbol), s.code)))
    entries = tuple(
        Entry(f"{sign.code} {sign.names[1 if words.chinese else 0]}",
              COLOURS.get(sign.letter, OWN))
        for sign in signs
    )  # fmt: skip
    return (Legend(words.symbols, entries, "area", signs=signs),)
