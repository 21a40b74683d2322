"""From whatever a file holds to clean single shapes in project metres, every change counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.files.flat import FlatGeometry
from layers.files.flat_repair import carried, sound, tell_ring_order, together
from layers.files.raw import RawLayer
from layers.files.report import Tally
from layers.progress import Progress, Silent
from layers.shapes import Bools, Floats, Ints

Geometries = NDArray[np.object_]
CHUNK = 20_000  # features between two looks at the stop button
NO_AREA = 1e-6  # m2: below this a ring encloses nothing
OVERLAP = 0.01  # m2: parts of one feature that share more are one
SAME_PLACE = 1e-4  # m: vertices nearer than this are one
POINT_TYPES, LINE_TYPES, POLYGON_TYPES = (0,), (1, 2), (3,)
#: First words of what GEOS says of a broken polygon, and the reason they stand for.
REASONS = {
    "Self-intersection": "self_intersection",
    "Ring Self-intersection": "self_intersection",
    "Interior is disconnected": "self_intersection",
    "Hole lies outside shell": "hole_outside",
    "Holes are nested": "nested_polygon",
    "Nested": "nested_polygon",
    "Duplicate Rings": "duplicate_ring",
    "Too few points": "too_few_points",
}


@dataclass(slots=True)
class Pieces:
    """Single shapes on their way into a layer.

    Attributes
    ----------
    geometry : (k,) object
        Points, lines and polygons.
    row : (k,) int64
        Feature each one belongs to.
    low, high : (n,) float64
        Lowest and highest coordinate of each feature, metres as in the file; NaN
        where it has no heights.
    """

    geometry: Geometries | FlatGeometry
    row: Ints
    low: Floats
    high: Floats

    def take(self, chosen: Bools | Ints) -> Pieces:
        """Give the chosen shapes."""
        geometry = self.geometry
        if isinstance(geometry, FlatGeometry):
            return Pieces(geometry.take(chosen), self.row[chosen], self.low, self.high)
        return Pieces(geometry[chosen], self.row[chosen], self.low, self.high)

    @property
    def objects(self) -> Geometries:
        """The shapes as shapely geometries, (k,) object."""
        return np.asarray(self.geometry, dtype=object)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a kind of layer takes in.

    Attributes
    ----------
    shapes : str
        As in `Kind.shapes`: any of ``point``, ``line``, ``polygon``, joined by ``+``.
    flat : bool
        Drop heights of coordinates (buildings are upright blocks).
    at_zero : bool
        Whether a point at 0, 0 can be meant; elsewhere it stands for "unknown".
    void : float
        Shapes wholly within so much of 0, 0, in the file's units, stand for "unknown" too.
    """

    shapes: str
    flat: bool = False
    at_zero: bool = True
    void: float = 0.0

    @property
    def polygons_only(self) -> bool:
        """Whether nothing but polygons will do."""
        return self.shapes == "polygon"


def void_around(sample: Floats) -> float:
    """Give how far around 0, 0 nothing can be meant where the data lies far away.

    Parameters
    ----------
    sample : (n, 2) float64
        Some coordinates of a layer.

    Returns
    -------
    float
        A hundredth of the usual distance from 0, 0; 0 where the data itself lies around it.

    Examples
    --------
    >>> void_around(np.array([[500_000.0, 3_000_000.0]])), void_around(np.array([[10.0, 2.0]]))
    (30000.0, 0.0)
    """
    coords = sample[np.isfinite(sample).all(axis=1)]
    if len(coords) == 0:
        return 0.0
    usual = float(np.median(np.abs(coords).max(axis=1)))
    metres = usual > 100_000.0
    return usual / 100.0 if metres or 20.0 < usual <= 180.0 else 0.0


def clean(
    raw: RawLayer,
    rows: Ints,
    wanted: Wanted,
    to_project: Callable[[Floats], Floats],
    tally: Tally,
    progress: Progress | None = None,
) -> Pieces:
    """Split, repair and carry the features of a layer into the project.

    Parameters
    ----------
    raw : RawLayer
        What the reader gave.
    rows : (k,) int64
        The features to take.
    wanted : Wanted
        What the layer takes in.
    to_project : callable
        Carries (m, 2) coordinates from the file into the project; what it cannot
        carry comes back as infinity or NaN.
    tally : Tally
        Is told of everything that is mended or left out.
    progress : Progress or None
        Is asked between chunks.
    """
    progress = progress or Silent()
    progress.step(0, len(rows), "progress-repairing")
    _lose_missing(raw, rows, tally)
    column = raw.geometry
    if isinstance(column, FlatGeometry) and _is_quick(column, wanted):
        there = carried(column, to_project, progress)
        easy = sound(there, progress)
        if wanted.void > 0.0:
            easy &= ~(np.abs(column.boxes()).max(axis=1) <= wanted.void)
        tell_ring_order(column, rows, easy, tally)
        pieces = _careful(raw, rows, ~easy, wanted, to_project, tally, progress)
        geometry, row = together(there, rows[easy[rows]], pieces.objects, pieces.row)
        return Pieces(geometry, row, pieces.low, pieces.high)
    _tell_ring_order(raw, rows, tally)
    everything = np.ones(len(raw), dtype=bool)
    return _careful(raw, rows, everything, wanted, to_project, tally, progress)


def _is_quick(column: FlatGeometry, wanted: Wanted) -> bool:
    """Say whether plain polygons can go the quick way: they are wanted, and nothing has heights."""
    return "polygon" in wanted.shapes and not shapely.has_z(column.others).any()


def _careful(
    raw: RawLayer,
    rows: Ints,
    mine: Bools,
    wanted: Wanted,
    to_project: Callable[[Floats], Floats],
    tally: Tally,
    progress: Progress,
) -> Pieces:
    """Look at each of some features with GEOS; chunks are the same whatever is left out."""
    low, high = np.full((2, len(raw)), np.nan)
    done: list[Pieces] = []
    for start in range(0, len(rows), CHUNK):
        progress.step(start, len(rows), "progress-repairing")
        chunk = rows[start : start + CHUNK]
        chunk = chunk[mine[chunk]]
        pieces = _split(raw.some(chunk), chunk, low, high)
        pieces = _of_type(pieces, wanted, tally)
        pieces = _with_numbers(pieces, tally)
        pieces = pieces if wanted.at_zero else _not_at_zero(pieces, wanted.void, tally)
        _measure_heights(pieces)
        pieces = _footprints_of_solids(pieces, tally) if wanted.flat else pieces
        pieces = _carry(pieces, to_project, tally)
        pieces = _without_repeats(pieces, tally)
        pieces = _valid(pieces, tally)
        pieces = _without_overlaps(pieces, tally)
        done.append(_with_size(pieces, tally))
    progress.step(len(rows), len(rows), "progress-repairing")
    if not done:
        return Pieces(np.empty(0, dtype=object), np.zeros(0, dtype=np.int64), low, high)
    geometry = np.concatenate([pieces.objects for pieces in done])
    return Pieces(geometry, np.concatenate([pieces.row for pieces in done]), low, high)


def _lose_missing(raw: RawLayer, rows: Ints, tally: Tally) -> None:
    """Account for features without a geometry, under the reader's reason where it gave one."""
    missing = rows[raw.missing()[rows]]
    names = np.array([str(raw.ids[row]) for row in missing], dtype=object)
    for reason, ids in raw.unreadable.items():
        tally.lose(reason, missing[np.isin(names, np.array(ids, dtype=object))])
    tally.lose("no_geometry", missing)
    names = raw.ids.astype(str) if raw.repaired else names
    for reason, ids in raw.repaired.items():
        tally.mend(reason, np.flatnonzero(np.isin(names, np.array(ids, dtype=str))))


def _tell_ring_order(raw: RawLayer, rows: Ints, tally: Tally) -> None:
    """Mend (the shapes turn them) and count polygons that run against the rest of their layer."""
    geometry = raw.geometry[rows]
    at = np.flatnonzero(shapely.get_type_id(geometry) == 3)
    at = at[~shapely.is_empty(geometry[at])]
    with np.errstate(over="ignore", invalid="ignore"):
        at = at[np.isfinite(shapely.area(geometry[at]))]  # GEOS gives up on NaN and infinity
    if at.size == 0:
        return
    outer = shapely.is_ccw(shapely.get_exterior_ring(geometry[at]))
    usual = outer.mean() >= 0.5
    odd = outer != usual
    holed = np.flatnonzero(shapely.get_num_interior_rings(geometry[at]) > 0)
    if holed.size:
        first_hole = shapely.get_interior_ring(geometry[at[holed]], 0)
        odd[holed] |= shapely.is_ccw(first_hole) == outer[holed]
    odd[odd] = shapely.is_valid(geometry[at[odd]])  # broken ones are mended under their own name
    tally.mend("ring_order", np.setdiff1d(rows[at[odd]], tally.mended_rows()))


def _split(geometry: Geometries, rows: Ints, low: Floats, high: Floats) -> Pieces:
    """Take multi-part features and collections apart, however deep they nest."""
    present = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    parts, row = geometry[present], rows[present]
    while (shapely.get_type_id(parts) > 3).any():
        parts, index = shapely.get_parts(parts, return_index=True)
        row = row[index]
    full = ~shapely.is_empty(parts)
    return Pieces(parts[full], row[full], low, high)


def _of_type(pieces: Pieces, wanted: Wanted, tally: Tally) -> Pieces:
    """Leave out what the layer cannot hold; closed lines become polygons where only those count."""
    types = shapely.get_type_id(pieces.geometry)
    if wanted.polygons_only:
        lines = np.flatnonzero(np.isin(types, LINE_TYPES))
        closed = lines[shapely.is_closed(pieces.geometry[lines])]
        closed = closed[shapely.get_num_coordinates(pieces.geometry[closed]) >= 4]
        if closed.size:
            pieces = Pieces(pieces.objects.copy(), pieces.row, pieces.low, pieces.high)
            deep = shapely.has_z(pieces.geometry[closed])
            for z in (False, True):
                lines = pieces.geometry[closed[deep == z]]
                coords, owner = shapely.get_coordinates(lines, include_z=z, return_index=True)
                rings = shapely.linearrings(coords, indices=owner)
                pieces.objects[closed[deep == z]] = shapely.polygons(rings)
            types[closed] = 3
            tally.mend("closed_line", pieces.row[closed])
    fits = np.zeros(len(types), dtype=bool)
    for word, codes in (("point", POINT_TYPES), ("line", LINE_TYPES), ("polygon", POLYGON_TYPES)):
        if word in wanted.shapes:
            fits |= np.isin(types, codes)
    reason = {"polygon": "not_a_polygon", "point": "not_a_point", "line": "not_a_line"}
    tally.lose(reason.get(wanted.shapes, "other_shape"), pieces.row[~fits])
    return pieces.take(fits)


def _with_numbers(pieces: Pieces, tally: Tally) -> Pieces:
    """Leave out shapes with NaN or infinity among their coordinates."""
    coords, owner = shapely.get_coordinates(pieces.geometry, return_index=True)
    bad = np.unique(owner[~np.isfinite(coords).all(axis=1)])
    if bad.size == 0:
        return pieces
    keep = np.ones(len(pieces.geometry), dtype=bool)
    keep[bad] = False
    tally.lose("bad_coordinate", pieces.row[bad])
    return pieces.take(keep)


def _not_at_zero(pieces: Pieces, void: float, tally: Tally) -> Pieces:
    """Leave out points at 0, 0, what tables write where they know no place, and shapes near it."""
    far = np.abs(shapely.bounds(pieces.geometry)).max(axis=1, initial=0.0)
    point = shapely.get_type_id(pieces.geometry) == 0
    zero = np.flatnonzero(np.where(point & (void == 0.0), far == 0.0, far <= void))
    if zero.size == 0:
        return pieces
    tally.lose("zero_coordinate", pieces.row[zero])
    keep = np.ones(len(pieces.geometry), dtype=bool)
    keep[zero] = False
    return pieces.take(keep)


def _measure_heights(pieces: Pieces) -> None:
    """Note the lowest and highest coordinate of features that have heights."""
    deep = np.flatnonzero(shapely.has_z(pieces.geometry))
    if deep.size == 0:
        return
    coords, owner = shapely.get_coordinates(
        pieces.geometry[deep], include_z=True, return_index=True
    )
    row, z = pieces.row[deep[owner]], coords[:, 2]
    known = np.isfinite(z)
    np.fmin.at(pieces.low, row[known], z[known])
    np.fmax.at(pieces.high, row[known], z[known])


def _footprints_of_solids(pieces: Pieces, tally: Tally) -> Pieces:
    """Give one footprint to features made of upright faces: the shadow of all their faces."""
    deep = shapely.has_z(pieces.geometry)
    if not deep.any():
        return pieces
    flat = shapely.force_2d(pieces.geometry)
    size = np.ptp(shapely.bounds(flat).reshape(-1, 2, 2), axis=1).max(axis=1)
    upright = deep & (shapely.area(flat) <= 1e-6 * np.maximum(size, 1e-12) ** 2)
    solid = np.intersect1d(pieces.row[upright], pieces.row[deep & ~upright])
    pieces = Pieces(flat, pieces.row, pieces.low, pieces.high)
    if solid.size == 0:
        return pieces
    member = np.isin(pieces.row, solid)
    faces, owner = flat[member & ~upright], pieces.row[member & ~upright]
    order = np.argsort(owner, kind="stable")
    groups = np.split(faces[order], np.flatnonzero(np.diff(owner[order])) + 1)
    shadows = np.array([shapely.union_all(shapely.make_valid(group)) for group in groups])
    parts, index = shapely.get_parts(shadows, return_index=True)
    tally.note("solid_footprints", count=int(solid.size), first=tally.named(solid))
    return Pieces(
        np.concatenate([flat[~member], parts]),
        np.concatenate([pieces.row[~member], solid[index]]),
        pieces.low,
        pieces.high,
    )


def _carry(pieces: Pieces, to_project: Callable[[Floats], Floats], tally: Tally) -> Pieces:
    """Carry all coordinates into the project; what lies outside its system is left out."""
    coords, owner = shapely.get_coordinates(
        pieces.geometry, include_z=bool(shapely.has_z(pieces.geometry).any()), return_index=True
    )
    there = to_project(coords[:, :2])
    lost = ~np.isfinite(there).all(axis=1)
    if lost.any():
        bad = np.unique(owner[lost])
        keep = np.ones(len(pieces.geometry), dtype=bool)
        keep[bad] = False
        tally.lose("outside_crs", pieces.row[bad])
        return _carry(pieces.take(keep), to_project, tally)
    deep = shapely.has_z(pieces.geometry)
    geometry = pieces.objects.copy()
    for mask, z in ((~deep, False), (deep, True)):
        if mask.any():
            mine = mask[owner]
            new = np.column_stack([there[mine], coords[mine, 2]]) if z else there[mine]
            geometry[mask] = shapely.set_coordinates(geometry[mask], new)
    return Pieces(geometry, pieces.row, pieces.low, pieces.high)


def _without_repeats(pieces: Pieces, tally: Tally) -> Pieces:
    """Take out vertices that repeat the one before them."""
    slim = _slim(pieces.objects)
    before = shapely.get_num_coordinates(pieces.geometry)
    changed = shapely.get_num_coordinates(slim) != before
    broken = shapely.is_empty(slim) | (shapely.get_type_id(slim) > 3)
    slim[broken] = pieces.geometry[broken]
    tally.mend("repeated_vertices", pieces.row[changed & ~broken])
    return Pieces(slim, pieces.row, pieces.low, pieces.high)


def _slim(geometry: Geometries) -> Geometries:
    """Take repeated vertices out; a ring that would vanish is left as it is, for `_valid`."""
    try:
        return np.asarray(shapely.remove_repeated_points(geometry, SAME_PLACE), dtype=object)
    except shapely.errors.GEOSException:
        if len(geometry) == 1:
            return geometry.copy()
        half = len(geometry) // 2
        return np.concatenate([_slim(geometry[:half]), _slim(geometry[half:])])


def _valid(pieces: Pieces, tally: Tally) -> Pieces:
    """Make broken polygons whole; lines without length are left out."""
    bad = np.flatnonzero(~shapely.is_valid(pieces.geometry))
    if bad.size == 0:
        return pieces
    polygon = shapely.get_type_id(pieces.geometry[bad]) == 3
    short = bad[~polygon]
    tally.lose("no_length", pieces.row[short])
    bad = bad[polygon]
    said = shapely.is_valid_reason(pieces.geometry[bad])
    reasons = np.array([_reason(text) for text in said], dtype=object)
    mended = shapely.make_valid(pieces.geometry[bad], method="structure", keep_collapsed=False)
    empty = shapely.is_empty(mended)
    tally.lose("no_area", pieces.row[bad[empty]])
    for reason in np.unique(reasons[~empty].astype(str)):
        tally.mend(str(reason), pieces.row[bad[~empty & (reasons == reason)]])
    parts, index = mended[~empty], np.flatnonzero(~empty)
    while (shapely.get_type_id(parts) > 3).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        index = index[inner]
    area = shapely.get_type_id(parts) == 3
    keep = np.ones(len(pieces.geometry), dtype=bool)
    keep[bad] = False
    keep[short] = False
    geometry = np.concatenate([pieces.geometry[keep], parts[area]])
    row = np.concatenate([pieces.row[keep], pieces.row[bad[index[area]]]])
    order = np.argsort(row, kind="stable")
    return Pieces(geometry[order], row[order], pieces.low, pieces.high)


def _without_overlaps(pieces: Pieces, tally: Tally) -> Pieces:
    """Unite polygons of one feature that cover each other: they would stand there twice."""
    polygon = shapely.get_type_id(pieces.geometry) == 3
    at = np.flatnonzero(polygon)
    many = at[np.bincount(pieces.row[at])[pieces.row[at]] > 1] if at.size else at
    if many.size == 0:
        return pieces
    tree = shapely.STRtree(pieces.geometry[many])
    one, other = tree.query(pieces.geometry[many], predicate="intersects")
    mine = (one < other) & (pieces.row[many[one]] == pieces.row[many[other]])
    one, other = many[one[mine]], many[other[mine]]
    shared = shapely.area(shapely.intersection(pieces.geometry[one], pieces.geometry[other]))
    covered = np.unique(pieces.row[one[shared > OVERLAP]])
    if covered.size == 0:
        return pieces
    member = polygon & np.isin(pieces.row, covered)
    inside = np.flatnonzero(member)[np.argsort(pieces.row[member], kind="stable")]
    groups = np.split(inside, np.flatnonzero(np.diff(pieces.row[inside])) + 1)
    united = np.array([shapely.union_all(pieces.geometry[group]) for group in groups])
    parts, index = shapely.get_parts(united, return_index=True)
    tally.mend("overlapping_parts", covered)
    geometry = np.concatenate([pieces.geometry[~member], parts])
    row = np.concatenate([pieces.row[~member], covered[index]])
    order = np.argsort(row, kind="stable")
    return Pieces(geometry[order], row[order], pieces.low, pieces.high)


def _reason(text: str) -> str:
    for start, reason in REASONS.items():
        if text.startswith(start):
            return reason
    return "invalid_geometry"


def _with_size(pieces: Pieces, tally: Tally) -> Pieces:
    """Leave out polygons that enclose nothing and lines without length."""
    types = shapely.get_type_id(pieces.geometry)
    nothing = (types == 3) & ~(shapely.area(pieces.geometry) > NO_AREA)
    still = np.isin(types, LINE_TYPES) & ~(shapely.length(pieces.geometry) > 0)
    tally.lose("no_area", pieces.row[nothing])
    tally.lose("no_length", pieces.row[still])
    return pieces.take(~(nothing | still))


def without_slivers(pieces: Pieces, min_area: float, tally: Tally) -> Pieces:
    """Leave out polygons smaller than `min_area`, m2."""
    if min_area <= 0:
        return pieces
    if isinstance(pieces.geometry, FlatGeometry):
        types = np.asarray(pieces.geometry.type_ids())
        area = pieces.geometry.areas()
        close = np.flatnonzero(np.abs(area - min_area) < 1e-6 * min_area)
        area[close] = shapely.area(pieces.geometry.some(close))  # as GEOS rounds it
    else:
        types = np.asarray(shapely.get_type_id(pieces.geometry), dtype=np.int64)
        area = shapely.area(pieces.geometry)
    sliver = (types == 3) & (area < min_area)
    tally.lose("sliver", pieces.row[sliver])
    return pieces.take(~sliver)
