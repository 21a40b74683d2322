"""A risk map in four colours: what may happen nearby, times who is there.

A screening score of our own, from 0 to 100, documented here and shown with every answer:

.. math:: score = 100 \\; h \\; (0.4 + 0.6 \\, p), \\qquad
   h = 1 - \\prod_i \\left(1 - s_i \\, e^{-d_i / r_i}\\right)

with the weight :math:`s_i` of a hazard source by its sort and amount, the distance :math:`d_i`
and the reach :math:`r_i` of the sort, and the share :math:`p` of people per hectare of a full
place. From 60 on it is red, from 35 orange, from 15 yellow, else blue.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from layers.kinds.emergency import Emergency
from layers.shapes import Floats

LEVELS = ("red", "orange", "yellow", "blue")
COLOURS = {"red": "#d50000", "orange": "#ff6d00", "yellow": "#ffd600", "blue": "#2962ff"}
LIMITS = (60.0, 35.0, 15.0)  # least score of red, orange and yellow
FULL = 400.0  # people a hectare of a place that counts as full
ALONE = 0.4  # share of the score that stands where nobody is
USUAL_T = 10.0  # tonnes at which a sort has its weight; ten times as much counts half as much more


@dataclass(frozen=True, slots=True)
class Danger:
    """How a sort of hazard counts.

    Attributes
    ----------
    weight : float
        0 to 1, at the source.
    reach : float
        Metres at which it has fallen to a third.
    by_amount : bool
        Whether tonnes make it more or less.
    """

    weight: float
    reach: float
    by_amount: bool = False


#: By sort; figures of our own, unverified.
DANGERS: dict[str, Danger] = {
    "hazardous-store": Danger(0.9, 400.0, True),
    "gas-station": Danger(0.7, 150.0, True),
    "gas-governor": Danger(0.6, 120.0),
    "reservoir": Danger(0.7, 600.0),
    "underpass": Danger(0.5, 120.0),
    "slope": Danger(0.6, 150.0),
    "high-rise": Danger(0.4, 60.0),
    "other": Danger(0.4, 150.0),
}


def weights(found: Emergency) -> tuple[Floats, Floats]:
    """Give weight, 0 to 1, and reach, metres, of every source, (n,) each."""
    dangers = [DANGERS.get(str(sort), DANGERS["other"]) for sort in found.sort]
    weight = np.array([danger.weight for danger in dangers], dtype=np.float64)
    reach = np.array([danger.reach for danger in dangers], dtype=np.float64)
    counts = np.array([danger.by_amount for danger in dangers], dtype=bool)
    tonnes = np.where(np.isfinite(found.amount_t), found.amount_t, USUAL_T)
    more = 1.0 + 0.5 * np.log10(np.maximum(tonnes, 1e-3) / USUAL_T)
    factor = np.where(counts, np.clip(more, 0.3, 2.0), 1.0)
    return np.clip(weight * factor, 0.0, 0.98), reach * np.sqrt(factor)


def hazard_at(places: ArrayLike, sources: ArrayLike, weight: ArrayLike, reach: ArrayLike) -> Floats:
    """Give how much may happen at some places, 0 to 1, (k,).

    Parameters
    ----------
    places : (k, 2) array_like
        Project coordinates.
    sources : (n, 2) array_like
        Hazard sources.
    weight, reach : (n,) array_like
        See `weights`.
    """
    at = np.asarray(places, dtype=np.float64).reshape(-1, 2)
    none = np.ones(len(at))
    for place, own, far in zip(
        np.asarray(sources, dtype=np.float64).reshape(-1, 2), np.asarray(weight, dtype=np.float64),
        np.asarray(reach, dtype=np.float64), strict=True,
    ):  # fmt: skip
        none *= 1.0 - own * np.exp(-np.hypot(*(at - place).T) / far)
    return np.asarray(1.0 - none)


def score(hazard: ArrayLike, people_per_ha: ArrayLike) -> Floats:
    """Give the score, 0 to 100, of what may happen (0 to 1) and people a hectare, (k,)."""
    share = np.clip(np.asarray(people_per_ha, dtype=np.float64) / FULL, 0.0, 1.0)
    return np.asarray(
        100.0 * np.asarray(hazard, dtype=np.float64) * (ALONE + (1.0 - ALONE) * share)
    )


def level_of(scores: ArrayLike) -> list[str]:
    """Give the colour of scores.

    Examples
    --------
    >>> level_of([80.0, 35.0, 20.0, 0.0])
    ['red', 'orange', 'yellow', 'blue']
    """
    steps = np.searchsorted(-np.array(LIMITS), -np.asarray(scores, dtype=np.float64), side="left")
    return [LEVELS[step] for step in steps.tolist()]
