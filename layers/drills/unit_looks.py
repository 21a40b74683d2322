"""What a unit of a plan looks like: its symbol, and its figure near the eye."""

from __future__ import annotations

import re

from layers.drills.plan import Unit
from layers.drills.symbol_shapes import Symbol
from layers.drills.symbols import symbol_of
from layers.drills.user_symbols import LETTER

#: What names of units say, and the symbol it means, the first that fits.
_NAMES: tuple[tuple[str, str], ...] = (
    (r"ambulance|救护", "ambulance"),
    (r"police.?(car|van|vehicle)|patrol|警车|巡逻车", "police-car"),
    (r"fire.?(engine|truck)|\bengine\b|ladder|pump|tender|rescue \d|消防车|水罐|泡沫|云梯|登高"
     r"|抢险救援|一站|二站", "fire-engine"),
    (r"drone|uav|无人机", "drone"),
    (r"comm(and|unications?) (car|van|vehicle)|通信车", "vehicle"),
)  # fmt: skip
_KINDS = {"vehicle": "vehicle", "team": "team", "person": "team", "drone": "drone",
          "supply": "depot"}  # fmt: skip
_FIGURES = {"fire-engine": "fire-engine", "ambulance": "ambulance", "police-car": "police-car",
            "drone": "drone", "vehicle": "vehicle", "depot": "vehicle"}  # fmt: skip


def unit_symbol(unit: Unit) -> Symbol:
    """Give the symbol of a unit: that of its code, else what its name and kind mean.

    A user's symbol is looked for by those who know the project's own ones.

    >>> unit_symbol(Unit("a", "救护车 1")).key, unit_symbol(Unit("t", "Staff", kind="team")).key
    ('ambulance', 'team')
    """
    if unit.symbol and not unit.symbol.startswith(LETTER):
        return symbol_of(unit.symbol)
    if unit.kind in ("vehicle", "drone"):
        for pattern, key in _NAMES:
            if re.search(pattern, unit.name, re.IGNORECASE):
                return symbol_of(key)
    return symbol_of(_KINDS.get(unit.kind, "vehicle"))


def unit_figure(unit: Unit) -> str:
    """Give the figure of a unit near the eye; "" for things that have none.

    >>> unit_figure(Unit("e", "Engine 1")), unit_figure(Unit("p", "Visitors", kind="person"))
    ('fire-engine', 'person')
    """
    if unit.kind in ("team", "person"):
        return "crew" if unit.kind == "team" else "person"
    symbol = unit_symbol(unit)
    return _FIGURES.get(symbol.key, "vehicle" if unit.kind in ("vehicle", "supply") else "")
