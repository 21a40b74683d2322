"""Faces of CityJSON geometries as flat arrays: which way they look, what they are, their plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.files.raw import RawSurfaces
from layers.kinds.buildings import MEANINGS
from layers.shapes import Floats, Ints, starts_of

WALL, ROOF, GROUND = (MEANINGS.index(name) for name in ("wall", "roof", "ground"))
UNSAID = 255  # a face without a meaning of its own
_MEANING_OF = {
    "WallSurface": "wall", "RoofSurface": "roof", "GroundSurface": "ground",
    "ClosureSurface": "closure", "OuterFloorSurface": "floor", "FloorSurface": "floor",
    "OuterCeilingSurface": "ceiling", "CeilingSurface": "ceiling", "InteriorWallSurface": "wall",
    "Window": "window", "WindowSurface": "window", "Door": "door", "DoorSurface": "door",
}  # fmt: skip
_CODE_OF = {name: MEANINGS.index(word) for name, word in _MEANING_OF.items()}
_OTHER = MEANINGS.index("other")
_FLAT = 0.5  # cosine of the slope from which a face without a meaning is roof or ground
_UPRIGHT = 0.02  # cosine below which a face throws no plan worth adding

#: How deep the surfaces lie in the boundaries, by type of geometry.
_DEPTH = {
    "MultiSurface": 0, "CompositeSurface": 0, "Solid": 1, "MultiSolid": 2, "CompositeSolid": 2,
}  # fmt: skip


@dataclass(slots=True)
class Collector:
    """Gathers faces one geometry after the other.

    Attributes
    ----------
    indices : list of int
        Positions of vertices, ring after ring.
    ring_sizes, face_rings, owner, meaning, shell : list of int
        Vertices of each ring; rings, owner, meaning and closed shell (-1 for none)
        of each face.
    left_out : int
        Faces without a usable outer ring.
    """

    indices: list[int] = field(default_factory=list)
    ring_sizes: list[int] = field(default_factory=list)
    face_rings: list[int] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    meaning: list[int] = field(default_factory=list)
    shell: list[int] = field(default_factory=list)
    left_out: int = 0
    shells: int = 0

    def add(self, geometry: dict[str, Any], owner: int, offset: int, count: int) -> bool:
        """Take over the faces of one geometry.

        Parameters
        ----------
        geometry : dict
            A geometry object of CityJSON.
        owner : int
            Row of the city object.
        offset, count : int
            Where its vertices start, and how many there are.

        Returns
        -------
        bool
            Whether it has surfaces at all.
        """
        depth = _DEPTH.get(str(geometry.get("type")))
        if depth is None:
            return False
        semantics = geometry.get("semantics") or {}
        said = [_CODE_OF.get(str(s.get("type")), _OTHER) for s in semantics.get("surfaces") or []]
        values = semantics.get("values")
        for surfaces, chosen in _shells(geometry.get("boundaries") or [], values, depth):
            shell = -1
            if depth:
                shell, self.shells = self.shells, self.shells + 1
            for number, rings in enumerate(surfaces):
                at = chosen[number] if isinstance(chosen, list) and number < len(chosen) else None
                known = isinstance(at, int) and 0 <= at < len(said)
                meaning = said[at] if known else UNSAID  # type: ignore[index, unused-ignore]
                self._face(rings, owner, meaning, shell, offset, count)
        return True

    def _face(
        self, rings: Any, owner: int, meaning: int, shell: int, offset: int, count: int
    ) -> None:
        usable = [ring for ring in rings if _is_ring(ring, count)] if rings else []
        if not usable or usable[0] is not rings[0]:
            self.left_out += 1
            return
        for ring in usable:
            open_ring = ring[:-1] if ring[0] == ring[-1] else ring
            self.indices.extend([index + offset for index in open_ring])
            self.ring_sizes.append(len(open_ring))
        self.face_rings.append(len(usable))
        self.owner.append(owner)
        self.meaning.append(meaning)
        self.shell.append(shell)


def _shells(boundaries: Any, values: Any, depth: int) -> Iterator[tuple[Any, Any]]:
    """Give the surfaces of each outer shell with the numbers of their meanings.

    Inner shells of solids are hollows that nobody sees; they are not given.
    """
    if depth == 0:
        yield boundaries, values
    elif depth == 1:
        if boundaries:
            yield boundaries[0], values[0] if values else None
    else:
        for number, solid in enumerate(boundaries):
            inner = values[number] if isinstance(values, list) and number < len(values) else None
            yield from _shells(solid, inner, depth - 1)


def _is_ring(ring: Any, count: int) -> bool:
    return (
        isinstance(ring, list)
        and len(set(ring)) >= 3
        and all(isinstance(index, int) and 0 <= index < count for index in ring)
    )


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Faces of many objects with what follows from their shape.

    Attributes
    ----------
    surfaces : RawSurfaces
        The faces; those of a closed shell all look outwards.
    normal : (f, 3) float64
        Unit vector each face looks along; zero for faces without an area.
    is_ground : (f,) bool
        Whether a face is the underside of its object: the file says so, or it is the
        lower side of a closed shell.
    turned : (k,) int64
        Owners of shells that were inside out.
    """

    surfaces: RawSurfaces
    normal: Floats
    is_ground: NDArray[np.bool_]
    turned: Ints


def build(collected: Collector, vertices: Floats) -> Faces:
    """Make arrays of what was gathered.

    Parameters
    ----------
    collected : Collector
        Faces as positions of vertices.
    vertices : (v, 3) float64
        Coordinates in the file's system.
    """
    coords = vertices[np.asarray(collected.indices, dtype=np.int64)].reshape(-1, 3)
    ring_start = starts_of(collected.ring_sizes)
    face_start = starts_of(collected.face_rings)
    owner = np.asarray(collected.owner, dtype=np.int64)
    shell = np.asarray(collected.shell, dtype=np.int64)
    area = _area_vectors(coords, ring_start)
    face_area = _sums(area, face_start)
    inside_out = _inside_out(coords, ring_start, face_start, face_area, shell, collected.shells)
    flipped = (shell >= 0) & inside_out[shell] if len(inside_out) else np.zeros(len(owner), bool)
    coords = _reversed(coords, ring_start, np.repeat(flipped, np.diff(face_start)))
    face_area = np.where(flipped[:, None], -face_area, face_area)
    length = np.linalg.norm(face_area, axis=1)
    normal = np.divide(
        face_area, length[:, None], out=np.zeros_like(face_area), where=length[:, None] > 0
    )
    meaning = np.asarray(collected.meaning, dtype=np.uint8)
    guessed = np.where(normal[:, 2] > _FLAT, ROOF, np.where(normal[:, 2] < -_FLAT, GROUND, WALL))
    told = meaning != UNSAID
    meaning = np.where(told, meaning, guessed).astype(np.uint8)
    surfaces = RawSurfaces(coords, ring_start, face_start, owner, meaning)
    is_ground = (meaning == GROUND) & (told | (shell >= 0))
    return Faces(surfaces, normal, is_ground, np.unique(owner[flipped]))


def _area_vectors(coords: Floats, ring_start: Ints) -> Floats:
    """Give twice the area vector of each ring (Newell), (r, 3)."""
    if len(coords) == 0:
        return np.zeros((0, 3))
    sizes = np.diff(ring_start)
    here = coords - np.repeat(coords[ring_start[:-1]], sizes, axis=0)
    nxt = np.arange(1, len(coords) + 1)
    nxt[ring_start[1:] - 1] = ring_start[:-1]
    return np.asarray(np.add.reduceat(np.cross(here, here[nxt]), ring_start[:-1], axis=0))


def _sums(values: Floats, starts: Ints) -> Floats:
    if len(values) == 0:
        return np.zeros((0, values.shape[1]))
    return np.asarray(np.add.reduceat(values, starts[:-1], axis=0))


def _inside_out(
    coords: Floats,
    ring_start: Ints,
    face_start: Ints,
    face_area: Floats,
    shell: Ints,
    shells: int,
) -> NDArray[np.bool_]:
    """Say of each shell whether its faces enclose a negative volume, (shells,)."""
    if shells == 0:
        return np.zeros(0, dtype=bool)
    closed = shell >= 0
    first = coords[ring_start[face_start[:-1]]]
    # count from a corner of the shell itself: far from the origin the digits would not do
    _, corner = np.unique(shell[closed], return_index=True)
    reference = np.zeros((shells, 3))
    reference[shell[closed][corner]] = first[closed][corner]
    away = first[closed] - reference[shell[closed]]
    six_volumes = np.bincount(
        shell[closed], weights=np.einsum("ij,ij->i", away, face_area[closed]), minlength=shells
    )
    return np.asarray(six_volumes < 0)


def _reversed(coords: Floats, ring_start: Ints, rings: NDArray[np.bool_]) -> Floats:
    if not rings.any():
        return coords
    sizes = np.diff(ring_start)
    position = np.arange(len(coords))
    mirrored = np.repeat(ring_start[:-1] + ring_start[1:] - 1, sizes) - position
    return coords[np.where(np.repeat(rings, sizes), mirrored, position)]


def footprints(faces: Faces, rows: int, *, grid: float) -> NDArray[np.object_]:
    """Give the plan of each owner: its ground faces, else all its faces seen from above.

    Parameters
    ----------
    faces : Faces
        Faces of all owners.
    rows : int
        Number of owners.
    grid : float
        Corners nearer than this are one, in units of the coordinates.

    Returns
    -------
    (rows,) ndarray of object
        Polygons and multipolygons, None for owners without a plan.
    """
    out = np.full(rows, None, dtype=object)
    lying = np.abs(faces.normal[:, 2]) > _UPRIGHT
    ground = lying & faces.is_ground
    has_ground = np.zeros(rows, dtype=bool)
    has_ground[faces.surfaces.owner[ground]] = True
    chosen = np.flatnonzero(np.where(has_ground[faces.surfaces.owner], ground, lying))
    if not chosen.size:
        return out
    polygons = _plan_polygons(faces.surfaces, chosen)
    owner = faces.surfaces.owner[chosen]
    order = np.argsort(owner, kind="stable")
    owners, first = np.unique(owner[order], return_index=True)
    for row, group in zip(owners, np.split(polygons[order], first[1:]), strict=True):
        out[row] = _areas_only(_united(group, grid))
    return out


def _united(group: NDArray[np.object_], grid: float) -> shapely.Geometry:
    """Unite polygons; faces that share their edges exactly, the usual case, go fast."""
    first: shapely.Geometry = group[0]
    if len(group) == 1 and shapely.is_valid(first):
        return first
    try:
        made: shapely.Geometry = shapely.coverage_union_all(group)
        whole = shapely.area(group).sum()
        if shapely.is_valid(made) and abs(shapely.area(made) - whole) <= 1e-6 * whole:
            return made
    except shapely.errors.GEOSException:
        pass  # edges that cross: the slow way takes anything
    return shapely.union_all(shapely.make_valid(group), grid_size=grid)


def _areas_only(geometry: shapely.Geometry) -> shapely.Geometry | None:
    if shapely.get_type_id(geometry) not in (3, 6):
        parts = shapely.get_parts(geometry)
        parts = parts[np.isin(shapely.get_type_id(parts), (3, 6))]
        geometry = shapely.union_all(parts)
    return None if shapely.is_empty(geometry) else geometry


def _plan_polygons(surfaces: RawSurfaces, chosen: Ints) -> NDArray[np.object_]:
    """Give the chosen faces as flat polygons, (k,) object."""
    first_ring = surfaces.face_start[chosen]
    counts = np.diff(surfaces.face_start)[chosen]
    rings = np.repeat(first_ring - starts_of(counts)[:-1], counts) + np.arange(counts.sum())
    sizes = np.diff(surfaces.ring_start)[rings]
    points = np.repeat(surfaces.ring_start[rings] - starts_of(sizes)[:-1], sizes) + np.arange(
        sizes.sum()
    )
    made = shapely.linearrings(
        surfaces.coords[points, :2], indices=np.repeat(np.arange(len(rings)), sizes)
    )
    return np.asarray(
        shapely.polygons(np.asarray(made), indices=np.repeat(np.arange(len(chosen)), counts)),
        dtype=object,
    )
