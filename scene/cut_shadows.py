"""What throws shadows where the city is cut open: only what is left of it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import shapely

from layers.cut import Cut
from layers.kinds.buildings import Buildings
from layers.shapes import Bools, Floats, Ints, runs
from scene.clipping import convex_parts, remaining
from scene.shadow_bodies import Bodies
from scene.shadow_raster import Casters

if TYPE_CHECKING:
    from scene.views.base import LayerView, StageContext

STATION = 2.0  # metres between two heights of the ground along a rim
MOST_STATIONS = 4000
UNDER = 0.25  # metres below the ground that a rim ends for the light, so that it darkens none
DEEP = 60.0  # metres of ground where a cut has no lower end
AROUND = 200.0  # metres around the city in which the ground throws shadows into a cut
MOST = 2_000_000  # triangles of copies that are cut exactly; more are left out by their place


def sides(cut: Cut, boxes: Floats, low: Floats, high: Floats) -> tuple[Bools, Bools]:
    """Say which boxes a cut takes whole and which it leaves whole.

    Parameters
    ----------
    cut : Cut
        What is taken away.
    boxes : (n, 4) float64
        West, south, east, north, project coordinates.
    low, high : (n,) float64
        Heights above datum.

    Returns
    -------
    gone, whole : (n,) bool
        What is neither is cut.
    """
    outline, plans = cut.outline, shapely.box(*boxes.T)
    shapely.prepare(outline)
    within = np.asarray(shapely.covers(outline, plans), dtype=bool)
    beyond = ~np.asarray(shapely.intersects(outline, plans), dtype=bool)
    if cut.low is not None:
        within &= low >= cut.low
        beyond |= high <= cut.low
    if cut.high is not None:
        within &= high <= cut.high
        beyond |= low >= cut.high
    if cut.slope is not None:
        middle = np.column_stack([(boxes[:, :2] + boxes[:, 2:]) / 2, (low + high) / 2])
        half = np.column_stack([(boxes[:, 2:] - boxes[:, :2]) / 2, (high - low) / 2])
        away = cut.slope.over(middle)
        reach = half @ np.abs(np.array(cut.slope.normal))
        within &= away >= reach
        beyond |= away <= -reach
    return (within, beyond) if cut.keep == "outside" else (beyond, within)


class CutShadows:
    """Remembers what a cut left of what throws shadows."""

    def __init__(self) -> None:
        self._cut: Cut | None = None
        self._blocks: dict[str, tuple[Casters, Bools, Bools, Bodies | None]] = {}
        self._bodies: dict[int, tuple[Bodies, tuple[Bodies, ...]]] = {}

    def blocks(
        self, cut: Cut, view: LayerView, casters: Casters, origin: Floats
    ) -> tuple[Bools, Bodies | None]:
        """Give which blocks of a layer stand whole, and the rest of those that are cut."""
        self._follow(cut)
        mask = view.casting
        known = self._blocks.get(view.layer.id)
        if known is None or known[0] is not casters or known[1] is not mask:
            boxes = casters.boxes + np.tile(origin[:2], 2)
            gone, whole = sides(cut, boxes, casters.low + origin[2], casters.high + origin[2])
            rest = remaining(soup_of(casters, np.flatnonzero(mask & ~gone & ~whole)) + origin, cut)
            known = (casters, mask, mask & whole, _body(rest, origin))
            self._blocks[view.layer.id] = known
        return known[2], known[3]

    def bodies(self, cut: Cut, all_of: Iterable[Bodies], origin: Floats) -> list[Bodies]:
        """Give what is left of bodies; the same objects until something changes."""
        self._follow(cut)
        before, self._bodies = self._bodies, {}
        for body in all_of:
            known = before.get(id(body))
            if known is None or known[0] is not body:
                known = (body, tuple(_left(cut, body, origin)))
            self._bodies[id(body)] = known
        return [part for _, parts in self._bodies.values() for part in parts]

    def _follow(self, cut: Cut) -> None:
        if cut != self._cut:
            self._cut = cut
            self._blocks, self._bodies = {}, {}


def blocks_of(views: Iterable[LayerView]) -> list[tuple[LayerView, Buildings]]:
    """Give the views of buildings that have any, with their data."""
    return [(v, data) for v in views if isinstance(data := v.layer.data, Buildings) and len(data)]


def soup_of(casters: Casters, rows: Ints) -> Floats:
    """Give the walls, roofs and undersides of blocks as triangles, (t, 3, 3) scene metres."""
    if not len(rows):
        return np.zeros((0, 3, 3))
    after = np.arange(1, len(casters.coords) + 1)
    after[casters.ring_start[1:] - 1] = casters.ring_start[:-1]
    coord_start = casters.ring_start[casters.shape_start]
    here = runs(coord_start, rows)
    owner = np.repeat(rows, np.diff(coord_start)[rows])
    a, b = casters.coords[here], casters.coords[after[here]]
    low, high = casters.low[owner][:, None], casters.high[owner][:, None]
    a0, a1, b0, b1 = (np.hstack(pair) for pair in ((a, low), (a, high), (b, low), (b, high)))
    corners, row = casters.roofs.of(rows)
    plan = casters.coords[corners + casters.first[row][:, None]]
    tops, floors = (
        np.dstack([plan, np.repeat(level[row][:, None], 3, axis=1)])
        for level in (casters.high, casters.low)
    )
    walls = (np.stack([a0, b0, b1], axis=1), np.stack([a0, b1, a1], axis=1))
    return np.concatenate([*walls, tops, floors[:, ::-1]])


def _body(soup: Floats, origin: Floats) -> Bodies | None:
    """Give triangles in project coordinates as a body in scene metres; None of none."""
    if not len(soup):
        return None
    points = soup.reshape(-1, 3) - origin
    return Bodies.one(points, np.arange(len(points)).reshape(-1, 3))


def rim(cut: Cut, context: StageContext, slant: Floats) -> Bodies | None:
    """Give the walls of earth that throw the shadow of a cut's rim into the cut.

    Those that face the light throw none; they would darken themselves.

    Parameters
    ----------
    cut : Cut
        What is taken away.
    context : StageContext
        Gives the ground and how far the city goes.
    slant : (2,) float64
        Way to where light comes from, east and north metres per metre of height.
    """
    extent = context.project.extent(visible_only=False)
    if cut.keep != "outside" or cut.slope is not None or extent is None:
        return None
    area = shapely.box(*extent).buffer(AROUND)
    corners = np.array(cut.outline.exterior.coords)
    walls = []
    for a, b in itertools.pairwise(corners):
        inward = np.array([a[1] - b[1], b[0] - a[0]])  # the outline runs counter-clockwise
        side = shapely.LineString([a, b]).intersection(area)
        if inward @ slant >= 0.0 or not isinstance(side, shapely.LineString) or side.is_empty:
            continue
        count = min(max(math.ceil(side.length / STATION), 1), MOST_STATIONS) + 1
        along = shapely.line_interpolate_point(side, np.linspace(0.0, side.length, count))
        places = shapely.get_coordinates(along)
        top = np.asarray(context.ground.height_at(places)) - UNDER
        low = np.full(count, top.min() - DEEP if cut.low is None else cut.low)
        top = np.maximum(top, low)
        a0, a1 = np.column_stack([places, low]), np.column_stack([places, top])
        walls.append(np.stack([a0[:-1], a0[1:], a1[1:]], axis=1))
        walls.append(np.stack([a0[:-1], a1[1:], a1[:-1]], axis=1))
    return _body(np.concatenate([np.zeros((0, 3, 3)), *walls]), context.origin)


def _left(cut: Cut, body: Bodies, origin: Floats) -> Iterable[Bodies]:
    """Give what a cut leaves of copies of a body."""
    gone, whole = sides(
        cut, body.boxes + np.tile(origin[:2], 2), body.low + origin[2], body.high + origin[2]
    )
    if whole.all():
        yield body
        return
    form, touched = body.forms[0], np.flatnonzero(~gone & ~whole)
    if len(touched) * len(form.triangles) > MOST:
        places = body.places + origin
        places[:, 2] = (body.low + body.high) / 2 + origin[2]
        whole = whole | (~gone & ~cut.takes(places))
        touched = touched[:0]
    if whole.any():
        yield Bodies(
            body.forms, body.places[whole], body.turns[whole], body.sizes[whole],
            body.boxes[whole], body.low[whole], body.high[whole],
        )  # fmt: skip
    parts = convex_parts(cut)
    soups = [np.zeros((0, 3, 3))]
    for row in touched:
        (c, s), (wide, tall) = body.turns[row], body.sizes[row]
        turn = np.array([[c * wide, s * wide, 0.0], [-s * wide, c * wide, 0.0], [0.0, 0.0, tall]])
        soup = (form.points @ turn + body.places[row] + origin)[form.triangles]
        if len(soup):
            plan = np.hstack([soup[..., :2].min(axis=1), soup[..., :2].max(axis=1)])
            off, kept = sides(cut, plan, soup[..., 2].min(axis=1), soup[..., 2].max(axis=1))
            soups += [soup[kept], remaining(soup[~off & ~kept], cut, parts)]
    if (rest := _body(np.concatenate(soups), origin)) is not None:
        yield rest
