"""What the fields of streets say of speed, width, height, weight and who may go there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.kinds.base import Features
from layers.shapes import Bools, Codes, Floats, Ints
from layers.streets import NAMES, SaidFields

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
        Metres, metres and tonnes; infinity where there is no limit.
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
            own = said.numbers(meaning)
            return np.where(np.isfinite(own) & (own > 0.0), own, np.inf)

        shut = np.array([word in CLOSED for word in said.words("access")], dtype=bool)
        return cls(
            speed * KMH, limit("max_width"), limit("max_height"), limit("max_weight"), shut
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
