"""Faces of buildings that come as bundles of upright polygons: MultiPatch, polyhedra, meshes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from layers.files.cityjson_faces import UNSAID, Collector, build
from layers.files.raw import RawLayer
from layers.files.repair import Geometries, Pieces
from layers.shapes import Bools, Floats, Ints, runs, starts_of

FEWEST = 4  # faces a body has at least
_FLAT = 1e-6  # area of a plan against the square of its size below which a face stands upright


def with_faces(raw: RawLayer) -> RawLayer:
    """Give a layer the faces of those features that are bodies, not plans.

    A body is a feature of at least four polygons with heights of which some stand upright and
    some do not.

    Parameters
    ----------
    raw : RawLayer
        A layer of buildings whose format knows no faces.

    Returns
    -------
    RawLayer
        The same where there are no bodies.
    """
    if raw.surfaces is not None or not isinstance(raw.geometry, np.ndarray):
        return raw
    many = np.isin(shapely.get_type_id(raw.geometry), (6, 7))
    rows = np.flatnonzero(many & shapely.has_z(raw.geometry))
    if rows.size == 0:
        return raw
    faces, row = raw.geometry[rows], rows
    while (shapely.get_type_id(faces) > 3).any():
        faces, at = shapely.get_parts(faces, return_index=True)
        row = row[at]
    plain = shapely.get_type_id(faces) == 3
    faces, row = faces[plain], row[plain]
    upright = _are_upright(faces)
    count = np.bincount(row, minlength=len(raw))
    standing = np.bincount(row[upright], minlength=len(raw))
    body = (count >= FEWEST) & (standing > 0) & (standing < count)
    mine = body[row]
    if not mine.any():
        return raw
    collected, vertices = _collected(faces[mine], row[mine])
    return replace(raw, surfaces=build(collected, vertices).surfaces)


def _are_upright(faces: Geometries) -> Bools:
    flat = shapely.force_2d(faces)
    size = np.ptp(shapely.bounds(flat).reshape(-1, 2, 2), axis=1).max(axis=1)
    return np.asarray(shapely.area(flat) <= _FLAT * np.maximum(size, 1e-12) ** 2)


def _collected(faces: Geometries, row: Ints) -> tuple[Collector, Floats]:
    """Gather the rings of faces, open, the faces of one feature as one shell."""
    rings, face = shapely.get_rings(faces, return_index=True)
    coords, ring = shapely.get_coordinates(rings, include_z=True, return_index=True)
    last = np.ones(len(coords), dtype=bool)
    last[:-1] = ring[1:] != ring[:-1]
    keep = ~last & np.isfinite(coords).all(axis=1)
    sizes = np.bincount(ring[keep], minlength=len(rings))
    per_face = np.bincount(face, minlength=len(faces))
    first_ring = starts_of(per_face)[:-1]
    good = sizes[first_ring] >= 3
    chosen = runs(starts_of(per_face), np.flatnonzero(good))
    taken = np.zeros(len(rings), dtype=bool)
    taken[chosen] = True
    kept = keep & taken[ring]
    vertices = coords[kept]
    _, shell = np.unique(row[good], return_inverse=True)
    return (
        Collector(
            indices=list(range(len(vertices))),
            ring_sizes=sizes[taken].tolist(),
            face_rings=per_face[good].tolist(),
            owner=row[good].tolist(),
            meaning=[UNSAID] * int(good.sum()),
            shell=shell.tolist(),
            shells=int(shell.max(initial=-1)) + 1,
        ),
        vertices,
    )


def of_whole_features(raw: RawLayer, bodies: RawLayer, pieces: Pieces) -> RawLayer:
    """Give the layer with faces of features that became one building: whose else were they?

    Parameters
    ----------
    raw, bodies : RawLayer
        Before and after `with_faces`.
    pieces : Pieces
        What became of the features.
    """
    if bodies is raw or bodies.surfaces is None:
        return raw
    count = np.bincount(pieces.row, minlength=len(raw))
    s = bodies.surfaces
    good = np.flatnonzero(count[s.owner] == 1)
    if len(good) in (0, len(s.owner)):
        return bodies if len(good) else raw
    rings = runs(s.face_start, good)
    return replace(
        raw,
        surfaces=replace(
            s,
            coords=s.coords[runs(s.ring_start, rings)],
            ring_start=starts_of(np.diff(s.ring_start)[rings]),
            face_start=starts_of(np.diff(s.face_start)[good]),
            owner=s.owner[good],
            meaning=s.meaning[good],
        ),
    )
