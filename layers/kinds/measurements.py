"""Measurements: what somebody measured, kept with its points, its answer and its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from layers.errors import CityError
from layers.kinds.base import Extent, Kind, Packed
from layers.style import Style

MeasureKind = Literal[
    "point", "distance", "polyline", "area", "building", "angle", "profile", "cutfill"
]
Position = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Measurement:
    """One saved measurement.

    Attributes
    ----------
    id : int
        Number, unique in the layer and never given again.
    kind : str
        What was measured.
    name : str
        What people call it.
    points : tuple of (east, north, height)
        Metres; height above the project's datum.
    values : dict of str to float
        The answer. Every key ends with its unit: ``_m``, ``_m2``, ``_m3``,
        ``_rad``, ``_deg`` (longitude and latitude only), ``_ratio``, ``_count``.
    target : (layer id, object id) or None
        The building that was measured.
    inputs : str
        Hash of what the answer depends on; another one now means *stale*.
    crs : str
        Coordinate system of `points`.
    created : str
        When, ISO 8601 with time zone.
    program : str
        Program and version that measured.
    note : str
        Remark of the user.
    """

    id: int
    kind: MeasureKind
    name: str
    points: tuple[Position, ...]
    values: Mapping[str, float] = field(default_factory=dict)
    target: tuple[str, int] | None = None
    inputs: str = ""
    crs: str = ""
    created: str = ""
    program: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Measurements:
    """The measurements of a project, in the order they were made.

    Attributes
    ----------
    items : tuple of Measurement
        Oldest first.
    next_id : int
        Number the next one will get.
    """

    items: tuple[Measurement, ...] = ()
    next_id: int = 1

    def __len__(self) -> int:
        return len(self.items)

    def extent(self) -> Extent | None:
        """Give west, south, east, north of all points, metres."""
        points = [p for item in self.items for p in item.points]
        if not points:
            return None
        east, north = [p[0] for p in points], [p[1] for p in points]
        return min(east), min(north), max(east), max(north)

    def get(self, measurement_id: int) -> Measurement:
        """Give one by its number.

        Raises
        ------
        CityError
            ``measurements.no_such_id``.
        """
        for item in self.items:
            if item.id == measurement_id:
                return item
        raise CityError(
            "measurements.no_such_id",
            f"There is no measurement {measurement_id}.",
            id=measurement_id,
        )

    def with_new(self, item: Measurement) -> Measurements:
        """Give the list with one more; it gets the next number."""
        return Measurements((*self.items, replace(item, id=self.next_id)), self.next_id + 1)

    def with_changed(self, item: Measurement) -> Measurements:
        """Give the list with the one of the same number replaced."""
        self.get(item.id)
        return Measurements(
            tuple(item if old.id == item.id else old for old in self.items), self.next_id
        )

    def without(self, measurement_id: int) -> Measurements:
        """Give the list without one."""
        self.get(measurement_id)
        return Measurements(
            tuple(old for old in self.items if old.id != measurement_id), self.next_id
        )

    def pack(self) -> Packed:
        """Give the content as plain parts."""
        items = [{**asdict(item), "values": dict(item.values)} for item in self.items]
        return Packed(meta={"items": items, "next_id": self.next_id})

    @classmethod
    def unpack(cls, packed: Packed) -> Measurements:
        """Build the content from the parts that `pack` gave."""
        return cls(tuple(_item(raw) for raw in packed.meta["items"]), packed.meta["next_id"])


def _item(raw: dict[str, Any]) -> Measurement:
    target = raw["target"]
    points = tuple((float(p[0]), float(p[1]), float(p[2])) for p in raw["points"])
    return Measurement(
        **{
            **raw,
            "points": points,
            "target": None if target is None else (str(target[0]), int(target[1])),
        }
    )


KIND = Kind("measurements", Measurements, "point+line+polygon", Style(colour="#d81b60"), 100)
