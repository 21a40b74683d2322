"""Outlines of buildings that a drawing holds as single lines: put together where they meet."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from layers.files.raw import RawLayer
from layers.shapes import Bools, Floats, Ints
from layers.style import texts

REACH = 0.002  # of the usual length of a line: ends nearer than this are one corner
FEWEST = 3  # lines that can enclose anything
_LAYER = "Layer"  # column of the layers of a drawing

Geometries = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Outlined:
    """A layer whose single lines became outlines.

    Attributes
    ----------
    raw : RawLayer
        The first line of each outline holds the polygon, the others hold nothing.
    absorbed : (k, 2) int64
        Features that were taken in, and the feature that took them.
    used : (m,) int64
        All features that became part of an outline.
    """

    raw: RawLayer
    absorbed: Ints
    used: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Open lines of one layer of a drawing: shapes and the features they belong to."""

    shape: Geometries
    row: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Ring:
    polygon: shapely.Polygon
    rows: Ints


def outlined(raw: RawLayer, rows: Ints) -> Outlined:
    """Put lines together that enclose areas: four lines for a house, an arc and its chord.

    Lines join where their ends meet; where walls are shared, or lines run past the corners,
    the areas between them count. Lines of different layers of a drawing never join.

    Parameters
    ----------
    raw : RawLayer
        A layer that is to become buildings.
    rows : (n,) int64
        The features to look at.

    Returns
    -------
    Outlined
        The same layer where nothing is enclosed.
    """
    nothing = Outlined(raw, np.zeros((0, 2), dtype=np.int64), np.zeros(0, dtype=np.int64))
    if not isinstance(raw.geometry, np.ndarray) or not _may_hold_lines(raw, rows):
        return nothing
    parts, row = _parts(raw.geometry[rows], rows)
    open_lines = np.isin(shapely.get_type_id(parts), (1,)) & ~shapely.is_closed(parts)
    open_lines &= shapely.length(parts) > 0
    if open_lines.sum() < FEWEST:
        return nothing
    rings: list[_Ring] = []
    spent = np.zeros(len(parts), dtype=bool)
    for group in _groups(raw, row, np.flatnonzero(open_lines)):
        found, used = _rings(_Lines(parts[group], row[group]))
        rings += found
        spent[group[used]] = True
    return _with_outlines(raw, parts, row, spent, rings) if rings else nothing


def _may_hold_lines(raw: RawLayer, rows: Ints) -> bool:
    return bool(np.isin(shapely.get_type_id(raw.geometry[rows]), (1, 5, 7)).any())


def _parts(geometry: Geometries, rows: Ints) -> tuple[Geometries, Ints]:
    """Take features apart into single shapes."""
    present = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    parts, row = geometry[present], rows[present]
    while (shapely.get_type_id(parts) > 3).any():
        parts, index = shapely.get_parts(parts, return_index=True)
        row = row[index]
    return parts, row


def _groups(raw: RawLayer, row: Ints, chosen: Ints) -> list[Ints]:
    """Sort lines by the layer of the drawing they lie on."""
    if _LAYER not in raw.attributes.column_names:
        return [chosen]
    names = np.asarray([str(name) for name in texts(raw.attributes.column(_LAYER))])[row[chosen]]
    return [chosen[names == name] for name in np.unique(names)]


def _rings(lines: _Lines) -> tuple[list[_Ring], Bools]:
    """Give what the lines enclose, and which of them are part of it."""
    used = np.zeros(len(lines.row), dtype=bool)
    if len(lines.row) < 2:
        return [], used
    corners, where = _corners(lines.shape)
    degree = np.bincount(corners.ravel(), minlength=len(where))
    count, part = connected_components(
        coo_array(
            (np.ones(len(corners)), (corners[:, 0], corners[:, 1])), (len(where), len(where))
        ),
        directed=False,
    )
    plain = np.ones(count, dtype=bool)
    np.logical_and.at(plain, part, degree == 2)
    of_line = part[corners[:, 0]]
    order = np.argsort(of_line, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(of_line[order])) + 1)
    chains = [group for group in groups if plain[of_line[group[0]]]]
    closed = [_walked(lines.shape, corners, where, group) for group in chains]
    loose = np.setdiff1d(
        np.arange(len(lines.row)), np.concatenate([*chains, np.zeros(0, dtype=np.int64)])
    )
    reach = REACH * float(np.median(shapely.length(lines.shape)))
    split = _divided(lines.shape[loose], closed, reach)
    rings = []
    for group, polygon, parted in zip(chains, closed, split, strict=True):
        if not parted:
            rings.append(_Ring(polygon, lines.row[group]))
            used[group] = True
    left = np.flatnonzero(~used)
    if len(left) >= FEWEST:
        drawn = _snapped(lines.shape[left], where[corners[left]])
        found, taken = _between(drawn, lines.row[left], reach)
        rings += found
        used[left[taken]] = True
    return [ring for ring in rings if ring.polygon.area > 0], used


def _divided(loose: Geometries, closed: list[shapely.Polygon], reach: float) -> Bools:
    """Say which rings have a wall across them: a line that begins and ends on the ring."""
    rings = np.array([shapely.boundary(polygon) for polygon in closed], dtype=object)
    out = np.zeros(len(rings), dtype=bool)
    if len(rings) == 0 or len(loose) == 0:
        return out
    line, ring = shapely.STRtree(rings).query(loose, predicate="dwithin", distance=reach)
    across = np.ones(len(line), dtype=bool)
    for at in (0, -1):
        across &= shapely.distance(shapely.get_point(loose[line], at), rings[ring]) <= reach
    out[ring[across]] = True
    return out


def _corners(shape: Geometries) -> tuple[Ints, Floats]:
    """Number the places where lines end, near ones as one; gives (n, 2) and the places."""
    ends = np.stack(
        [shapely.get_coordinates(shapely.get_point(shape, at), include_z=True) for at in (0, -1)],
        axis=1,
    )
    flat = ends.reshape(-1, 3)
    reach = REACH * float(np.median(shapely.length(shape)))
    pairs = cKDTree(flat[:, :2]).query_pairs(reach, output_type="ndarray")
    joined = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), (len(flat), len(flat)))
    count, number = connected_components(joined, directed=False)
    first = np.zeros(count, dtype=np.int64)
    first[number[::-1]] = np.arange(len(flat))[::-1]
    return number.reshape(-1, 2).astype(np.int64), flat[first]


def _walked(shape: Geometries, corners: Ints, where: Floats, group: Ints) -> shapely.Polygon:
    """Go once around lines that form one ring."""
    at: dict[int, list[int]] = {}
    for line in group.tolist():
        for corner in corners[line].tolist():
            at.setdefault(corner, []).append(line)
    line, corner = int(group[0]), int(corners[group[0], 0])
    path: list[Floats] = []
    for _ in range(len(group)):
        coords = shapely.get_coordinates(shape[line], include_z=bool(shape[line].has_z))
        far = int(corners[line, 1])
        if corners[line, 0] != corner:
            coords, far = coords[::-1], int(corners[line, 0])
        coords = coords.copy()
        coords[0] = where[corner, : coords.shape[1]]
        path.append(coords[:-1])
        corner = far
        line = next((other for other in at[corner] if other != line), line)
    width = min(part.shape[1] for part in path)
    ring = np.concatenate([part[:, :width] for part in path])
    return shapely.Polygon(ring) if len(ring) >= FEWEST else shapely.Polygon()


def _snapped(shape: Geometries, ends: Floats) -> Geometries:
    """Let lines end at the corners they share."""
    out = []
    for line, (first, last) in zip(shape, ends, strict=True):
        coords = shapely.get_coordinates(line)
        coords[0], coords[-1] = first[:2], last[:2]
        out.append(shapely.LineString(coords))
    return np.array(out, dtype=object)


def _between(shape: Geometries, row: Ints, reach: float) -> tuple[list[_Ring], Bools]:
    """Give the areas between lines that cross or branch, and which lines bound them."""
    used = np.zeros(len(row), dtype=bool)
    grid = reach / 1000.0
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(shape, grid_size=grid)]))
    if len(faces) == 0:
        return [], used
    face, line = shapely.STRtree(shape).query(faces, predicate="dwithin", distance=reach)
    edges = shapely.buffer(shapely.boundary(faces), reach / 4.0, cap_style="flat")
    on = shapely.length(shapely.intersection(shape[line], edges[face]))
    shares = on > reach
    used[np.unique(line[shares])] = True
    rings = [
        _Ring(polygon, row[line[shares & (face == number)]]) for number, polygon in enumerate(faces)
    ]
    return rings, used


def _with_outlines(
    raw: RawLayer, parts: Geometries, row: Ints, spent: Bools, rings: list[_Ring]
) -> Outlined:
    """Put each outline at the first of its lines that holds none yet."""
    geometry = np.asarray(raw.geometry, dtype=object).copy()
    touched = np.unique(row[spent])
    kept: dict[int, list[shapely.Geometry]] = {int(r): [] for r in touched}
    for part, owner in zip(parts[~spent], row[~spent].tolist(), strict=True):
        if owner in kept:
            kept[owner].append(part)
    made: dict[int, list[shapely.Polygon]] = {}
    home: dict[int, int] = {}
    for ring in rings:
        rows = np.unique(ring.rows).tolist()
        owner = next((r for r in rows if r not in made), rows[0])
        made.setdefault(owner, []).append(ring.polygon)
        home.update((r, owner) for r in rows if r not in home)
    for owner in touched.tolist():
        whole = [*kept[owner], *made.get(owner, [])]
        geometry[owner] = None if not whole else whole[0] if len(whole) == 1 else _all(whole)
    taken = [(r, home[r]) for r in touched.tolist() if geometry[r] is None and r in home]
    absorbed = np.array(taken, dtype=np.int64).reshape(-1, 2)
    return Outlined(replace(raw, geometry=geometry), absorbed, touched)


def _all(shapes: list[shapely.Geometry]) -> shapely.Geometry:
    return shapely.GeometryCollection(shapes)
