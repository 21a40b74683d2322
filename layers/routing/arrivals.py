"""How soon the nearest of some places gets to each of many others, and which one that is."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from layers.routing.limits import KMH
from layers.routing.ways import Router, Spots
from layers.shapes import Floats, Ints


def seconds_at(router: Router, origins: ArrayLike, places: ArrayLike) -> Floats:
    """Give the seconds from the nearest origin to each place, (n,); infinite for no way.

    Parameters
    ----------
    router : Router
        Streets and traveller.
    origins : (k, 2) array_like
        Fire stations; metres.
    places : (n, 2) array_like
        Buildings, hydrants; metres.
    """
    here, there = router.spots(places), router.spots(origins)
    at_node = router.seconds_from(origins)
    pace = router.traveller.off_road_kmh * KMH
    on = np.flatnonzero(here.piece >= 0)
    piece, share = here.piece[on], here.share[on]
    net = router.net
    ahead = at_node[net.start[piece]] + _part(router.forward[piece], share)
    back = at_node[net.end[piece]] + _part(router.backward[piece], 1.0 - share)
    best = np.minimum(ahead, back)
    best = np.minimum(best, _straight(router, there, piece, share, pace))
    out = np.full(len(here), np.inf)
    out[on] = best + here.away[on] / pace
    return out


def _part(seconds: Floats, share: Floats) -> Floats:
    """Give a share of some seconds; what is shut takes forever, and no way takes no time."""
    known = np.isfinite(seconds)
    return np.where(known, np.where(known, seconds, 0.0) * share, np.where(share > 0, np.inf, 0.0))


def _straight(router: Router, there: Spots, piece: Ints, share: Floats, pace: float) -> Floats:
    """Give the seconds from an origin on the very piece of street a place lies on."""
    best = np.full(len(piece), np.inf)
    order: Ints = np.argsort(there.piece, kind="stable")
    low = np.searchsorted(there.piece[order], piece, side="left")
    high = np.searchsorted(there.piece[order], piece, side="right")
    for i in np.flatnonzero(high > low):
        own = order[low[i] : high[i]]
        more = share[i] - there.share[own]
        way = np.where(
            more >= 0.0,
            _part(np.full(len(own), router.forward[piece[i]]), np.abs(more)),
            _part(np.full(len(own), router.backward[piece[i]]), np.abs(more)),
        )
        best[i] = float((way + there.away[own] / pace).min())
    return best
