"""Roofs by attributes: gable, hip, pyramid and shed roofs as closed faces over any footprint.

The height of a building is that of its ridge; the eaves lie lower by the height of the roof. Over
the rectangle around a footprint, along its longest side, the roof is a function that is linear in
pieces; the footprint is cut along the pieces, so that roofs of any outline close with their walls.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from layers.court_roofs import CourtRoof
from layers.kinds.buildings import MEANINGS, Buildings, Surfaces
from layers.looks import turns
from layers.shapes import Bools, Codes, Floats, Ints, starts_of
from layers.style import texts

FORMS = ("flat", "gable", "hip", "shed", "pyramid")
FLAT, GABLE, HIP, SHED, PYRAMID = range(5)
#: Fields, in small letters, that tell the form of a roof, and its height in metres.
FORM_FIELDS = (
    "roof:shape", "roof_shape", "roofshape", "roof_type", "rooftype", "roof", "屋顶", "屋顶形式",
    "屋顶类型",
)  # fmt: skip
HEIGHT_FIELDS = ("roof:height", "roof_height", "roofheight", "屋顶高度", "屋顶高", "坡高")
_WORDS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (PYRAMID, ("pyramid", "pavilion", "tented", "攒尖", "锥")),
    (HIP, ("hip", "四坡", "庑殿", "歇山", "mansard", "gambrel")),
    (GABLE, ("gabl", "saddle", "pitched", "双坡", "两坡", "人字", "硬山", "悬山")),
    (SHED, ("shed", "skillion", "lean", "mono", "单坡")),
)  # fmt: skip
SLOPE = 0.58  # rise against half the width, where no field tells the height: 30 degrees
SHARE = 0.6  # of a building's height that its roof takes at most
MOST_CUT = 3000  # roofs over other outlines than rectangles that are built; others stay flat
MOST_KEPT = 20_000  # cut roofs that are kept, so that an edit does not cut those of a town again
MOST = 50_000  # roofs over rectangles that are built
EVEN = 0.02  # metres by which the corners of a rectangle may be off
GRID = 1e-4  # metres to which cuts are rounded, so that faces share their corners
WALL, ROOF, GROUND = (MEANINGS.index(word) for word in ("wall", "roof", "ground"))


def form_of(word: str) -> int:
    """Give the form, a position in ``FORMS``, that a word means.

    >>> [FORMS[form_of(w)] for w in ("gabled", "四坡屋顶", "skillion", "flat", "?")]
    ['gable', 'hip', 'shed', 'flat', 'flat']
    """
    small = word.lower()
    for form, words in _WORDS:
        if any(part in small for part in words):
            return form
    return FLAT


def roof_forms(buildings: Buildings) -> Codes:
    """Give the form of each roof, (n,) uint8, by the first field that tells one."""
    table = buildings.attributes
    names = {name.lower(): name for name in table.column_names}
    for word in FORM_FIELDS:
        if word in names:
            values = texts(table.column(names[word]))
            known = {v: form_of(v) for v in {v for v in values if v}}
            code = np.array([known.get(v, FLAT) for v in values], dtype=np.uint8)
            return np.asarray(code[buildings.feature])
    return np.zeros(len(buildings), dtype=np.uint8)


def roofed(buildings: Buildings, base: Floats) -> Buildings:
    """Give the same buildings with faces for those whose roof is not flat.

    Parameters
    ----------
    buildings : Buildings
        n buildings; those that have faces already keep them.
    base : (n,) float64
        Level each one stands on, metres above datum.
    """
    form = roof_forms(buildings)
    wanted = (form != FLAT) & buildings.drawn
    if buildings.surfaces is not None:
        wanted &= ~np.isin(buildings.ids, buildings.surfaces.owner)
    rows = np.flatnonzero(wanted)
    if not len(rows):
        return buildings
    faces, way, rise = _Faces(), turns(buildings), _rises(buildings)
    low, high = base + buildings.min_height, base + buildings.height
    corners, plain = _rectangles(buildings, rows, way)
    for ring, row in zip(corners[:MOST], rows[plain][:MOST], strict=True):
        _build_rectangle(
            faces, ring, int(form[row]), float(rise[row]), float(low[row]), float(high[row]),
            int(buildings.ids[row]),
        )  # fmt: skip
    others = rows[~plain][:MOST_CUT]
    polygons = shapely.force_2d(buildings.shapes.take(others).to_shapely())
    for polygon, row in zip(polygons, others, strict=True):
        faces.add_house(
            _house(polygon.wkb, int(form[row]), float(way[row])), float(rise[row]),
            float(low[row]), float(high[row]), int(buildings.ids[row]),
        )  # fmt: skip
    return replace(buildings, surfaces=faces.joined(buildings.surfaces))


@dataclass(frozen=True, slots=True)
class _House:
    """Faces over a footprint: the third coordinate is -1 at the foot, 0 at eaves, 1 at ridges."""

    rings: tuple[Floats, ...]
    counts: tuple[int, ...]  # rings of each face
    meaning: tuple[int, ...]
    missing: float  # against a flat roof at the ridge, m3 for each metre of rise


@lru_cache(MOST_KEPT)
def _house(footprint: bytes, form: int, turn: float) -> _House:
    """Cut a roof over a footprint, as well-known binary, unless it was cut before."""
    polygon = shapely.from_wkb(footprint)
    assert isinstance(polygon, shapely.Polygon)
    faces = _Faces()
    court = CourtRoof.over(polygon) if form in (GABLE, HIP) else None
    if court is not None:
        _build_court(faces, court)
        return faces.house(court.missing())
    roof = Roof(polygon, form, turn)
    _build(faces, roof)
    return faces.house(roof.missing())


def _build_court(faces: _Faces, court: CourtRoof) -> None:
    """Build a roof around a court."""
    for triangle, height in zip(court.faces(), court.heights(), strict=True):
        faces.add([np.column_stack([triangle, height])], 0, ROOF)
    rings = [court.outer, court.inner[::-1]]
    faces.add([np.column_stack([r[::-1], np.full(len(r), -1.0)]) for r in rings], 0, GROUND)
    for ring in rings:
        for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            faces.add([np.array([[*a, -1.0], [*b, -1.0], [*b, 0.0], [*a, 0.0]])], 0, WALL)


def _rectangles(buildings: Buildings, rows: Ints, way: Floats) -> tuple[Floats, Bools]:
    """Find the rectangles among footprints.

    Returns
    -------
    corners : (r, 4, 2) float64
        Of the rectangles, counter-clockwise, the first side the longest.
    plain : (k,) bool
        Which rows are rectangles.
    """
    shapes = buildings.shapes
    first, last = shapes.first_coord[rows], shapes.first_coord[rows + 1]
    plain = (last - first == 4) & (np.diff(shapes.shape_start)[rows] == 1)
    quads = shapes.coords[first[plain][:, None] + np.arange(4)]
    east = np.stack([np.cos(way[rows[plain]]), np.sin(way[rows[plain]])], axis=1)
    north = np.stack([-east[:, 1], east[:, 0]], axis=1)
    middle = quads.mean(axis=1)
    beside = quads - middle[:, None]
    local = np.stack(
        [np.einsum("kij,kj->ki", beside, east), np.einsum("kij,kj->ki", beside, north)], axis=2
    )
    half = np.abs(local).max(axis=1)
    even = (np.abs(np.abs(local) - half[:, None]) < EVEN).all(axis=(1, 2))
    plain[np.flatnonzero(plain)[~even]] = False
    quads = quads[even]
    side = np.hypot(*(quads[:, 1] - quads[:, 0]).T)
    other = np.hypot(*(quads[:, 2] - quads[:, 1]).T)
    turned = np.where((side >= other)[:, None, None], quads, np.roll(quads, -1, axis=1))
    return turned, plain


def _build_rectangle(
    faces: _Faces, ring: Floats, form: int, rise: float, low: float, high: float, owner: int
) -> None:
    """Build a roof over a rectangle whose first side is the longest."""
    eaves = high - rise
    a, b, c, d = (np.array([*corner, eaves]) for corner in ring)
    short = float(np.hypot(*(ring[2] - ring[1])))
    long = float(np.hypot(*(ring[1] - ring[0])))
    start, end = (d + a) / 2.0, (b + c) / 2.0  # of the ridge
    inset = {HIP: min(short / 2.0, long / 2.0), PYRAMID: long / 2.0}.get(form, 0.0)
    way = (end - start) / max(long, 1e-9)
    start, end = start + way * inset, end - way * inset
    start[2] = end[2] = high
    walls: list[list[Floats]] = [[b, a], [c, b], [d, c], [a, d]]  # tops, against the wall's way
    if form == SHED:
        c[2] = d[2] = high
        roofs = [[a, b, c, d]]
    elif form == GABLE:
        roofs = [[a, b, end, start], [c, d, start, end]]
        walls = [[b, a], [c, end, b], [d, c], [a, start, d]]
    elif float(np.hypot(*(end - start)[:2])) < 2.0 * GRID:
        roofs = [[a, b, start], [b, c, start], [c, d, start], [d, a, start]]
    else:
        roofs = [[a, b, end, start], [b, c, end], [c, d, start, end], [d, a, start]]
    for roof in roofs:
        faces.add([np.array(roof)], owner, ROOF)
    feet = np.column_stack([ring, np.full(4, low)])
    faces.add([feet[::-1].copy()], owner, GROUND)
    for number, top in enumerate(walls):
        faces.add([np.vstack([feet[number], feet[(number + 1) % 4], *top])], owner, WALL)


def volumes(buildings: Buildings, at: Ints | None = None) -> Floats:
    """Give the volume of buildings with their roofs, (k,) cubic metres.

    Parameters
    ----------
    buildings : Buildings
        n buildings; those with faces of their own count as blocks.
    at : (k,) int64 or None
        Positions of the wanted ones; None means all.
    """
    part, form, rise = _told(buildings, at)
    shapes, way = part.shapes, turns(part)
    out = shapes.areas() * (part.height - part.min_height)
    rows = np.flatnonzero(form != FLAT)
    corners, plain = _rectangles(part, rows, way)
    side = np.hypot(*np.moveaxis(np.diff(corners[:, :3], axis=1), 2, 0))
    out[rows[plain]] -= rise[rows[plain]] * side.prod(axis=1) * _missing(form[rows[plain]], side)
    rows = rows[~plain]
    polygons = shapely.force_2d(shapes.take(rows).to_shapely())
    for polygon, row in zip(polygons, rows, strict=True):
        out[row] -= rise[row] * _house(polygon.wkb, int(form[row]), float(way[row])).missing
    return np.asarray(out)


def eaves(buildings: Buildings, at: Ints | None = None) -> tuple[Codes, Floats]:
    """Give form and eaves of roofs.

    Parameters
    ----------
    buildings : Buildings
        n buildings; those with faces of their own count as flat.
    at : (k,) int64 or None
        Positions of the wanted ones; None means all.

    Returns
    -------
    form : (k,) uint8
        Positions in ``FORMS``.
    height : (k,) float64
        Of the eaves above the ground, metres; that of the top under a flat roof.
    """
    part, form, rise = _told(buildings, at)
    return form, np.asarray(part.height - np.where(form == FLAT, 0.0, rise))


def _told(buildings: Buildings, at: Ints | None) -> tuple[Buildings, Codes, Floats]:
    """Give some buildings with form and height of their roofs."""
    rows = np.arange(len(buildings)) if at is None else np.asarray(at, dtype=np.int64)
    part = buildings if at is None else _taken(buildings, rows)
    form = roof_forms(part)
    if buildings.surfaces is not None:
        form[np.isin(part.ids, buildings.surfaces.owner)] = FLAT
    return part, form, _rises(part)


def _taken(buildings: Buildings, at: Ints) -> Buildings:
    """Give some buildings with rows of their own, without faces."""
    return Buildings(
        buildings.shapes.take(at), buildings.ids[at], np.arange(len(at)),
        buildings.attributes.take(buildings.feature[at]), buildings.height[at],
        buildings.min_height[at], buildings.base[at], buildings.height_rule[at],
        buildings.part_of[at], buildings.drawn[at],
    )  # fmt: skip


def _missing(form: Codes, side: Floats) -> Floats:
    """Give the share of a roof's height that it lacks over rectangles, (k, 2) longer side first."""
    hip = 0.5 + side[:, 1] / np.maximum(side[:, 0], 1e-9) / 6.0
    return np.asarray(np.select([form == HIP, form == PYRAMID], [hip, 2.0 / 3.0], 0.5))


def _rises(buildings: Buildings) -> Floats:
    """Give the height of each roof, (n,) metres: a field's, else by the width of the building."""
    box = buildings.shapes.bounds()
    across = np.minimum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])
    length = buildings.shapes.lengths()
    area = buildings.shapes.areas()
    half = length / 4.0
    narrow = half - np.sqrt(np.maximum(half**2 - area, 0.0))  # of a rectangle of that area
    out = SLOPE * np.minimum(narrow, across) / 2.0
    names = {name.lower(): name for name in buildings.attributes.column_names}
    for word in HEIGHT_FIELDS:
        if word in names:
            own = buildings.numbers(names[word])
            good = np.isfinite(own) & (own > 0)
            out = np.where(good, own, out)
            break
    return np.asarray(np.minimum(out, SHARE * (buildings.height - buildings.min_height)))


class Roof:
    """The form of a roof over a footprint.

    Parameters
    ----------
    polygon : shapely.Polygon
        Footprint, metres.
    form : int
        Position in ``FORMS``, not flat.
    turn : float
        Of its longest wall, radians from east.
    """

    def __init__(self, polygon: shapely.Polygon, form: int, turn: float) -> None:
        self._origin = np.array(polygon.bounds[:2])
        self._turn = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        local = (shapely.get_coordinates(polygon) - self._origin) @ self._turn
        low, high = local.min(axis=0), local.max(axis=0)
        self._middle, self.half = (low + high) / 2.0, (high - low) / 2.0
        if self.half[1] > self.half[0]:
            self._turn = self._turn[:, ::-1] * [1.0, -1.0]
            local = (shapely.get_coordinates(polygon) - self._origin) @ self._turn
            low, high = local.min(axis=0), local.max(axis=0)
            self._middle, self.half = (low + high) / 2.0, (high - low) / 2.0
        self.form = form
        shifted = shapely.transform(polygon, self._local)
        self.plan = shapely.set_precision(shifted, GRID)

    def _local(self, xy: Floats) -> Floats:
        return np.asarray((xy - self._origin) @ self._turn - self._middle)

    def place(self, local: Floats) -> Floats:
        """Give project coordinates of places beside the ridge."""
        return np.asarray((local + self._middle) @ self._turn.T + self._origin)

    def height(self, local: Floats) -> Floats:
        """Give how high the roof is at places, 0 at the eaves to 1 at the ridge."""
        x, y = np.abs(local[:, 0]), np.abs(local[:, 1])
        a, b = self.half
        if self.form == GABLE:
            return np.asarray(np.clip(1.0 - y / b, 0.0, 1.0))
        if self.form == SHED:
            return np.asarray(np.clip((local[:, 1] + b) / (2.0 * b), 0.0, 1.0))
        if self.form == PYRAMID:
            return np.asarray(np.clip(1.0 - np.maximum(x / a, y / b), 0.0, 1.0))
        return np.asarray(np.clip(np.minimum(1.0 - y / b, (a - x) / b), 0.0, 1.0))

    def pieces(self) -> list[shapely.Polygon]:
        """Cut the footprint into parts over which the roof is a plane."""
        out: list[shapely.Polygon] = []
        for region in self._regions():
            part = shapely.intersection(self.plan, region, grid_size=GRID)
            out += [
                p for p in shapely.get_parts(part)
                if p.geom_type == "Polygon" and p.area > 1e-6
            ]  # fmt: skip
        return out

    def _regions(self) -> list[BaseGeometry]:
        a, b = self.half + 1.0  # beyond the footprint, so that its own edges stay as they are
        far, wide = float(a), float(b)
        if self.form == SHED:
            return [shapely.box(-far, -wide, far, wide)]
        if self.form == GABLE:
            return [shapely.box(-far, -wide, far, 0.0), shapely.box(-far, 0.0, far, wide)]
        half_a, half_b = (float(v) for v in self.half)
        inner = max(half_a - half_b, 0.0) if self.form == HIP else 0.0
        slope = (half_a - inner) / half_b  # metres along for one across, at the ends
        tip = wide * slope
        ridge = [(-inner, 0.0), (inner, 0.0)]
        south = [*ridge, (inner + tip, -wide), (-inner - tip, -wide)]
        north = [*ridge, (inner + tip, wide), (-inner - tip, wide)]
        east = [(inner, 0.0), (inner + tip, -wide), (inner + tip, wide)]
        west = [(-inner, 0.0), (-inner - tip, -wide), (-inner - tip, wide)]
        return [shapely.make_valid(shapely.Polygon(ring)) for ring in (south, east, north, west)]

    def missing(self) -> float:
        """Give what the roof lacks against a flat one at its ridge, m3 for each metre of rise."""
        return sum(
            piece.area * (1.0 - float(self.height(_centroid(piece))[0])) for piece in self.pieces()
        )


def _centroid(piece: shapely.Polygon) -> Floats:
    return shapely.get_coordinates(shapely.centroid(piece))


class _Faces:
    """Collects faces of surfaces."""

    def __init__(self) -> None:
        self._points: list[Floats] = []
        self._rings: list[int] = []
        self._faces: list[int] = []
        self._owner: list[int] = []
        self._meaning: list[int] = []

    def add(self, rings: list[Floats], owner: int, meaning: int) -> None:
        """Add a face with its rings, (k, 3) each, the outer one first."""
        self._points += rings
        self._rings += [len(ring) for ring in rings]
        self._faces.append(len(rings))
        self._owner.append(owner)
        self._meaning.append(meaning)

    def add_house(self, house: _House, rise: float, low: float, high: float, owner: int) -> None:
        """Add the faces of a house of that size."""
        whole = np.vstack(house.rings)
        share = whole[:, 2]
        whole[:, 2] = np.where(share < 0.0, low, high - rise + rise * share)
        sizes = [len(ring) for ring in house.rings]
        self._points.append(whole)
        self._rings += sizes
        self._faces += house.counts
        self._owner += [owner] * len(house.counts)
        self._meaning += house.meaning

    def house(self, missing: float) -> _House:
        """Give what was collected as a house."""
        rings, counts = tuple(self._points), tuple(self._faces)
        return _House(rings, counts, tuple(self._meaning), missing)

    def joined(self, before: Surfaces | None) -> Surfaces:
        """Give all faces behind those there were."""
        made = Surfaces(
            np.vstack(self._points), starts_of(self._rings), starts_of(self._faces),
            np.array(self._owner, dtype=np.int64), np.array(self._meaning, dtype=np.uint8),
        )  # fmt: skip
        if before is None or not len(before.owner):
            return made
        return Surfaces(
            np.vstack([before.coords, made.coords]),
            np.concatenate([before.ring_start, made.ring_start[1:] + before.ring_start[-1]]),
            np.concatenate([before.face_start, made.face_start[1:] + before.face_start[-1]]),
            np.concatenate([before.owner, made.owner]),
            np.concatenate([before.meaning, made.meaning]),
        )


def _build(faces: _Faces, roof: Roof) -> None:
    pieces = roof.pieces()
    corners = np.unique(np.vstack([shapely.get_coordinates(piece) for piece in pieces]), axis=0)

    def lifted(ring: Floats) -> Floats:
        return np.column_stack([roof.place(ring), roof.height(ring)])

    for piece in pieces:
        oriented = shapely.orient_polygons(piece)
        rings = [oriented.exterior, *oriented.interiors]
        faces.add([lifted(shapely.get_coordinates(r)[:-1]) for r in rings], 0, ROOF)
    whole = shapely.orient_polygons(roof.plan)
    outline = [whole.exterior, *whole.interiors]
    floor = [shapely.get_coordinates(ring)[:-1][::-1] for ring in outline]
    faces.add([np.column_stack([roof.place(r), np.full(len(r), -1.0)]) for r in floor], 0, GROUND)
    for ring in outline:
        for a, b in zip(*_ends(shapely.get_coordinates(ring)), strict=True):
            top = _along(a, b, corners)
            bottom = np.column_stack([roof.place(np.array([a, b])), [-1.0, -1.0]])
            faces.add([np.vstack([bottom, lifted(top)[::-1]])], 0, WALL)


def _ends(ring: Floats) -> tuple[Floats, Floats]:
    return ring[:-1], ring[1:]


def _along(a: Floats, b: Floats, corners: NDArray[np.float64]) -> Floats:
    """Give the corners of roof faces on a stretch of wall, its ends among them, in order."""
    way = b - a
    length = float(np.hypot(*way))
    beside = corners - a
    along = beside @ way / max(length, 1e-12)
    off = np.abs(beside[:, 0] * way[1] - beside[:, 1] * way[0]) / max(length, 1e-12)
    inner: Bools = (off < 3.0 * GRID) & (along > 2.0 * GRID) & (along < length - 2.0 * GRID)
    order: Ints = np.argsort(along[inner])
    return np.vstack([a[None], corners[inner][order], b[None]])
