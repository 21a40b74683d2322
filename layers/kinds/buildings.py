"""Buildings: footprints with heights, parts under parents, and surfaces where a file has them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike

from layers.copy_on_write import with_rows
from layers.errors import CityError
from layers.kinds.base import Features, Kind, Packed, pack_shapes, unpack_shapes
from layers.shapes import POLYGON, Bools, Codes, Floats, Ints, Shapes
from layers.style import Style

#: Where a height came from, in the order of the codes in `Buildings.height_rule`.
HEIGHT_RULES = ("field", "floors", "default", "surfaces", "edited")
FIELD, FLOORS, DEFAULT, SURFACES, EDITED = range(5)
#: What a surface is, in the order of the codes in `Surfaces.meaning`.
MEANINGS = ("wall", "roof", "ground", "closure", "floor", "ceiling", "window", "door", "other")


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Surfaces:
    """Plane faces of detailed buildings (CityJSON LOD1 to LOD3 and the like).

    Attributes
    ----------
    coords : (m, 3) float64
        East, north, height above datum, metres.
    ring_start : (r + 1,) int64
        Where each open ring starts in `coords`.
    face_start : (f + 1,) int64
        Where each face starts among the rings; its first ring is the outer one,
        counter-clockwise seen from outside.
    owner : (f,) int64
        Id of the building each face belongs to.
    meaning : (f,) uint8
        Position in ``MEANINGS``.
    """

    coords: Floats
    ring_start: Ints
    face_start: Ints
    owner: Ints
    meaning: Codes

    def __post_init__(self) -> None:
        fits = (
            self.coords.ndim == 2
            and self.coords.shape[1] == 3
            and self.ring_start[-1] == len(self.coords)
            and self.face_start[-1] == len(self.ring_start) - 1
            and len(self.owner) == len(self.meaning) == len(self.face_start) - 1
        )
        if not fits:
            raise CityError(
                "surfaces.arrays", "The arrays of building surfaces do not fit together."
            )
        for array in (self.coords, self.ring_start, self.face_start, self.owner, self.meaning):
            array.setflags(write=False)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Buildings(Features):
    """Upright blocks over footprints. Takes its arrays over and locks them.

    Attributes
    ----------
    height : (n,) float64
        Top above the ground under the building, metres, greater than zero.
    min_height : (n,) float64
        Underside above the ground, metres; 0 except for floating parts, below `height`.
    base : (n,) float64
        Height of the ground under the building above the project's datum,
        metres; NaN means: take it from the terrain, 0 where there is none.
    height_rule : (n,) uint8
        Position in ``HEIGHT_RULES``: how the height came to be.
    part_of : (n,) int64
        Id of the building this is a part of, 0 for none.
    drawn : (n,) bool
        False for outlines whose parts are drawn in their place.
    surfaces : Surfaces or None
        Faces that are drawn instead of the block for the buildings they name.
    """

    height: Floats
    min_height: Floats
    base: Floats
    height_rule: Codes
    part_of: Ints
    drawn: Bools
    surfaces: Surfaces | None = None

    def __post_init__(self) -> None:
        Features.__post_init__(self)
        n = len(self.ids)
        columns = (
            self.height, self.min_height, self.base, self.height_rule, self.part_of, self.drawn,
        )  # fmt: skip
        if any(len(column) != n for column in columns) or (self.shapes.kind != POLYGON).any():
            raise CityError(
                "buildings.arrays", "The columns of a building layer do not fit together."
            )
        bad = np.flatnonzero(~(self.height > 0) | ~np.isfinite(self.height))
        if bad.size:
            raise CityError(
                "buildings.height",
                f"{bad.size} of {n} buildings have no positive height; first: {self.ids[bad[0]]}.",
                hint="fill the height column, or import with --default-height 9",
                count=int(bad.size),
                total=n,
                first=int(self.ids[bad[0]]),
            )
        bad = np.flatnonzero(~(self.min_height < self.height) | (self.min_height < 0))
        if bad.size:
            raise CityError(
                "buildings.min_height",
                f"{bad.size} of {n} buildings start above their own top or below the ground; "
                f"first: {self.ids[bad[0]]}.",
                hint="check the field of the lower height",
                count=int(bad.size),
                total=n,
                first=int(self.ids[bad[0]]),
            )
        for column in columns:
            column.setflags(write=False)

    def with_heights(self, ids: ArrayLike, metres: ArrayLike) -> Buildings:
        """Give the same buildings with other heights for some; they count as edited.

        Parameters
        ----------
        ids : (k,) array_like of int
            Buildings to change.
        metres : (k,) array_like of float
            Top above ground, metres.
        """
        at = self.index_of(ids)
        edited = np.full(len(at), EDITED, dtype=np.uint8)
        return replace(
            self,
            height=with_rows(self.height, at, np.asarray(metres, dtype=np.float64)),
            height_rule=with_rows(self.height_rule, at, edited),
        )

    def pack(self) -> Packed:
        """Give the content as plain parts."""
        arrays = {
            **pack_shapes(self.shapes),
            "ids": self.ids,
            "feature": self.feature,
            "height": self.height,
            "min_height": self.min_height,
            "base": self.base,
            "height_rule": self.height_rule,
            "part_of": self.part_of,
            "drawn": self.drawn,
        }
        if self.surfaces is not None:
            for name in ("coords", "ring_start", "face_start", "owner", "meaning"):
                arrays[f"surfaces.{name}"] = getattr(self.surfaces, name)
        return Packed(arrays=arrays, tables={"attributes": self.attributes})

    @classmethod
    def unpack(cls, packed: Packed) -> Buildings:
        """Build the content from the parts that `pack` gave."""
        a = packed.arrays
        surfaces = None
        if "surfaces.coords" in a:
            surfaces = Surfaces(
                a["surfaces.coords"],
                a["surfaces.ring_start"],
                a["surfaces.face_start"],
                a["surfaces.owner"],
                a["surfaces.meaning"],
            )
        return cls(
            unpack_shapes(a),
            a["ids"],
            a["feature"],
            packed.tables["attributes"],
            height=a["height"],
            min_height=a["min_height"],
            base=a["base"],
            height_rule=a["height_rule"],
            part_of=a["part_of"],
            drawn=a["drawn"],
            surfaces=surfaces,
        )

    @classmethod
    def blocks(
        cls, shapes: Shapes, height: ArrayLike, attributes: pa.Table | None = None
    ) -> Buildings:
        """Make plain blocks standing on the ground, numbered from 1.

        Parameters
        ----------
        shapes : Shapes
            n polygons.
        height : (n,) array_like of float, or float
            Heights, metres.
        attributes : pyarrow.Table or None
            n rows; a column ``id`` is made where there is none.
        """
        n = len(shapes)
        plain = Features.of(shapes, attributes)
        return cls(
            shapes,
            plain.ids,
            plain.feature,
            plain.attributes,
            height=np.broadcast_to(np.asarray(height, dtype=np.float64), (n,)).copy(),
            min_height=np.zeros(n),
            base=np.full(n, np.nan),
            height_rule=np.full(n, FIELD, dtype=np.uint8),
            part_of=np.zeros(n, dtype=np.int64),
            drawn=np.ones(n, dtype=bool),
        )


KIND = Kind("buildings", Buildings, "polygon", Style(colour="#e6e1d6", outline="#5c574e"), 90)
