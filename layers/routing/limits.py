"""What the fields of streets say of speed, width, height, weight and who may go there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.kinds.base import Features
from layers.shapes import Bools, Codes, Floats, Ints
from layers.streets import NAMES, NARROWEST, WIDEST, SaidFields

KMH = 1.0 / 3.6
#: Usual speed by class, km/h: the lower design speeds of CJJ 37 by class of urban road, and for
#: yards and paths what is driven and walked there. Not verified; a field ``maxspeed`` wins.
SPEEDS_KMH: dict[str, float] = {
    "motorway": 80.0, "trunk": 60.0, "primary": 40.0, "secondary": 35.0, "tertiary": 30.0,
    "link": 30.0, "path": 5.0, "cycleway": 15.0, "track": 15.0, "lane": 15.0, "local": 25.0,
}  # fmt: skip
WALK_KMH = 5.0
CLOSED = frozenset({"no", "private", "否", "禁行", "封闭"})


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """What holds on each of n streets.

    Attributes
    ----------
    speed : (n,) float64
        Usual speed, metres a second.
    width, height, weight : (n,) float64
        Metres, metres and tonnes; infinity where there is no limit. A street is not wider than
        it says itself.
    shut : (n,) bool
        Whether the public may not drive there.
    """

    speed: Floats
    width: Floats
    height: Floats
    weight: Floats
    shut: Bools

    @classmethod
    def of(cls, features: Features, row: Ints, kind: Codes) -> Limits:
        """Read the fields of some objects."""
        said = SaidFields(features, row)
        usual = np.array([SPEEDS_KMH[name] for name in NAMES])[kind]
        told = _speeds(said.words("speed"))
        speed = np.where(np.isfinite(told) & (told >= 3.0) & (told <= 160.0), told, usual)

        def limit(meaning: str) -> Floats:
            own = _numbers(said.words(meaning))
            return np.where(np.isfinite(own) & (own > 0.0), own, np.inf)

        width = np.minimum(limit("max_width"), _believed(said.numbers("width")))
        shut = np.array([word in CLOSED for word in said.words("access")], dtype=bool)
        return cls(
            speed * KMH, width, limit("max_height"), limit("max_weight"), shut
        )  # fmt: skip

    @classmethod
    def join(cls, parts: Sequence[Limits]) -> Limits:
        """Put several behind each other."""
        return cls(
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("speed", "width", "height", "weight", "shut")
            )
        )

    def take(self, chosen: Ints) -> Limits:
        """Give those of some streets."""
        return Limits(
            self.speed[chosen], self.width[chosen], self.height[chosen], self.weight[chosen],
            self.shut[chosen],
        )  # fmt: skip


def _numbers(words: NDArray[np.object_]) -> Floats:
    """Read limits such as ``3.5``, ``限高4.5米``, ``12'6``, ``3500 kg``: metres, tonnes, (n,).

    >>> _numbers(np.array(["3,5 m", "限高4.5米", "12'6", "3500 kg", "none"], dtype=object)).round(2)
    array([3.5 , 4.5 , 3.81, 3.5 ,  nan])
    """
    out = np.full(len(words), np.nan)
    for at, word in enumerate(words):
        found = re.search(r"(\d+(?:[.,]\d+)?)\s*(kg|公斤|ft|')?\s*(\d+)?", word) if word else None
        if found is None:
            continue
        size, unit = float(found[1].replace(",", ".")), found[2] or ""
        if unit in ("ft", "'"):
            size = (size + float(found[3] or 0) / 12.0) * 0.3048
        out[at] = size / 1000.0 if unit in ("kg", "公斤") else size
    return out


def _believed(width: Floats) -> Floats:
    """Give widths that streets tell of themselves, infinity where that is none, (n,)."""
    known = np.isfinite(width) & (width >= NARROWEST) & (width <= WIDEST)
    return np.where(known, width, np.inf)


def _speeds(words: NDArray[np.object_]) -> Floats:
    """Read speeds such as ``50``, ``50 km/h``, ``30 mph``, ``walk``, (n,) km/h."""
    out = np.full(len(words), np.nan)
    for at, word in enumerate(words):
        if not word:
            continue
        if word == "walk":
            out[at] = WALK_KMH
        elif found := re.match(r"\s*(\d+(?:\.\d+)?)\s*(mph)?", word):
            out[at] = float(found[1]) * (1.609344 if found[2] else 1.0)
    return out
