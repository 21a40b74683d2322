"""Where a ray meets pipes: exact on tubes and boxes, with some pixels' grace beside thin ones."""

from __future__ import annotations

import numba as nb
import numpy as np

from layers.kinds.pipes import ROUND
from layers.shapes import Bools, Floats, Ints
from scene.model_rays import enters
from scene.pipe_runs import RunFacts

GRACE = 4.0  # pixels beside a run that still count


class PipeRays:
    """Finds runs and nodes of a layer along rays.

    Parameters
    ----------
    facts : RunFacts
        Where they are.
    """

    def __init__(self, facts: RunFacts) -> None:
        self.facts = facts
        self._ball = np.column_stack(
            [(facts.low + facts.high) / 2.0, np.linalg.norm(facts.high - facts.low, axis=1) / 2.0]
        )
        self._round = facts.pipes.form == ROUND

    def meet(
        self, origin: Floats, way: Floats, pixel: float, visible: Bools, *, parallel: bool
    ) -> tuple[float, int] | None:
        """Give how far a ray runs to the first object, and which it is.

        Parameters
        ----------
        origin, way : (3,) float64
            Project coordinates; `way` is a unit vector.
        pixel : float
            Metres of a pixel, at one metre from the eye unless `parallel`.
        visible : (n,) bool
            Which objects are there.
        parallel : bool
            Whether pixels are of one size at all distances.
        """
        facts = self.facts
        metres, row = _nearest(
            facts.points, facts.first, facts.pipes.runs, self._ball, facts.half_wide,
            facts.half_high, self._round, visible, origin, way, GRACE * pixel, parallel,
        )  # fmt: skip
        nodes = facts.nodes.rows
        away = enters(origin, way, facts.node_low, facts.node_high)
        away[~visible[nodes]] = np.inf
        if len(away) and float(away.min()) <= metres:
            at = int(away.argmin())
            metres, row = float(away[at]), int(nodes[at])
        return (metres, row) if np.isfinite(metres) else None


@nb.njit(cache=True, nogil=True)
def _tube(
    points: Floats, a: int, radius: float, o: Floats, d: Floats
) -> float:  # fmt: skip
    """Give where a ray enters a tube with round ends, inf if it misses."""
    bax, bay, baz = points[a + 1] - points[a]
    oax, oay, oaz = o - points[a]
    baba = bax * bax + bay * bay + baz * baz
    bard = bax * d[0] + bay * d[1] + baz * d[2]
    baoa = bax * oax + bay * oay + baz * oaz
    rdoa = d[0] * oax + d[1] * oay + d[2] * oaz
    oaoa = oax * oax + oay * oay + oaz * oaz
    if baba < 1e-18:
        baba, bard, baoa = 1e-18, 0.0, 0.0
    qa = baba - bard * bard
    qb = baba * rdoa - baoa * bard
    qc = baba * oaoa - baoa * baoa - radius * radius * baba
    if qa > 1e-12 * baba:
        h = qb * qb - qa * qc
        if h < 0.0:
            return np.inf
        t = (-qb - np.sqrt(h)) / qa
        y = baoa + t * bard
        if 0.0 < y < baba:
            return t if t > 0.0 else np.inf
    else:
        y = baoa
    if y > 0.5 * baba:
        oax, oay, oaz = o - points[a + 1]
    qb = d[0] * oax + d[1] * oay + d[2] * oaz
    qc = oax * oax + oay * oay + oaz * oaz - radius * radius
    h = qb * qb - qc
    if h < 0.0:
        return np.inf
    t = -qb - np.sqrt(h)
    return t if t > 0.0 else np.inf


@nb.njit(cache=True, nogil=True)
def _block(points: Floats, a: int, wide: float, high: float, o: Floats, d: Floats) -> float:
    """Give where a ray enters an upright box along a stretch, inf if it misses."""
    way = points[a + 1] - points[a]
    length = np.sqrt((way * way).sum())
    if length < 1e-9:
        return np.inf
    way = way / length
    level = np.sqrt(way[0] ** 2 + way[1] ** 2)
    side = np.array([1.0, 0.0, 0.0])
    if level > 1e-6:
        side = np.array([way[1] / level, -way[0] / level, 0.0])
    up = np.cross(side, way)
    middle = (points[a] + points[a + 1]) / 2.0
    near, far = 0.0, np.inf
    for k in range(3):
        axis = way if k == 0 else side if k == 1 else up
        half = length / 2.0 if k == 0 else wide if k == 1 else high
        at, speed = ((o - middle) * axis).sum(), (d * axis).sum()
        if abs(speed) < 1e-12:
            if abs(at) > half:
                return np.inf
            continue
        one, two = (-half - at) / speed, (half - at) / speed
        near, far = max(near, min(one, two)), min(far, max(one, two))
    return near if near <= far and near > 0.0 else np.inf


@nb.njit(cache=True, nogil=True)
def _gap(points: Floats, a: int, o: Floats, d: Floats) -> tuple[float, float]:
    """Give the least distance of a ray and a stretch, and how far along the ray that is."""
    bb, bd, bo, do = 0.0, 0.0, 0.0, 0.0
    for c in range(3):
        way, gap = points[a + 1, c] - points[a, c], points[a, c] - o[c]
        bb += way * way
        bd += way * d[c]
        bo += way * gap
        do += d[c] * gap
    below = bb - bd * bd
    s = 0.0
    if below > 1e-12:
        s = min(max((bd * do - bo) / below, 0.0), 1.0)
    t = max(do + s * bd, 0.0)
    s = min(max((t * bd - bo) / max(bb, 1e-18), 0.0), 1.0)
    apart = 0.0
    for c in range(3):
        way, gap = points[a + 1, c] - points[a, c], points[a, c] - o[c]
        apart += (gap + s * way - t * d[c]) ** 2
    return np.sqrt(apart), t


@nb.njit(cache=True, nogil=True)
def _off(ball: Floats, o: Floats, d: Floats) -> tuple[float, float]:
    """Give how far a ray passes outside a ball, and the farthest that it may be met at."""
    along, square = 0.0, 0.0
    for c in range(3):
        gap = ball[c] - o[c]
        along += gap * d[c]
        square += gap * gap
    t = max(along, 0.0)
    return np.sqrt(max(square - 2.0 * t * along + t * t, 0.0)) - ball[3], t + ball[3]


@nb.njit(cache=True, nogil=True)
def _nearest(
    points: Floats, first: Ints, runs: Ints, balls: Floats, wide: Floats, high: Floats,
    rounded: Bools, visible: Bools, o: Floats, d: Floats, grace: float, parallel: bool,
) -> tuple[float, int]:  # fmt: skip
    """Give the first run that a ray meets; if none, the one it misses by the fewest pixels."""
    best, who = np.inf, -1
    least, beside, beside_who = 1.0, np.inf, -1
    for r in runs:
        off, most = _off(balls[r], o, d)
        if not visible[r] or off > (grace if parallel else grace * most):
            continue
        half = max(wide[r], high[r])
        for a in range(first[r], first[r + 1] - 1):
            gap, t = _gap(points, a, o, d)
            room = grace if parallel else grace * t
            if gap > 1.5 * half + room or t <= 0.0:
                continue
            if rounded[r]:
                met = _tube(points, a, wide[r], o, d)
            else:
                met = _block(points, a, wide[r], high[r], o, d)
            if met < best:
                best, who = met, r
            share = max(gap - half, 0.0) / max(room, 1e-12)
            if share < least:
                least, beside, beside_who = share, t, r
    if who >= 0:
        return best, who
    return beside, beside_who
