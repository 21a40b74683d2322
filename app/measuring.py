"""The measuring half of the Python interface; `app.api.City` has these verbs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from app.arguments import parse_points
from app.session import Session
from layers.edits import add_measurement, measurement_layer, remove_measurements
from layers.errors import CityError
from layers.kinds.measurements import Measurement, Measurements
from layers.planning import measure, measure_tables
from layers.planning.contours import Contours, contours
from layers.planning.earthwork import Earthwork, earthwork, measure_cutfill
from layers.planning.profile import Profile, measure_profile, profile_along
from layers.progress import Progress
from layers.project import Project

Place = Sequence[float]


class Measuring:
    """What can be measured in an open project, and kept, and written as a table."""

    session: Session

    @property
    def project(self) -> Project:
        """The project."""
        return self.session.project

    def measure_point(
        self, point: Place, *, crs: str = "", name: str = "", keep: bool = False
    ) -> Measurement:
        """Measure a place; see `layers.planning.measure.measure_point` for the values.

        Parameters
        ----------
        point : (x, y) or (x, y, height)
            Metres in the project's system, or coordinates in `crs`; without a height the
            ground's counts.
        crs : str
            System of the point, such as ``EPSG:4326`` or ``city-grid``.
        name : str
            What to call the measurement.
        keep : bool
            Whether to keep it in the project.
        """
        (place,) = self._places([point], crs)
        return self._measured(measure.measure_point(self.project, place, name=name), keep=keep)

    def measure_distance(
        self, start: Place, end: Place, *, crs: str = "", name: str = "", keep: bool = False
    ) -> Measurement:
        """Measure from one point to another; see `measure_point` for the parameters."""
        a, b = self._places([start, end], crs)
        return self._measured(measure.measure_distance(self.project, a, b, name=name), keep=keep)

    def measure_polyline(
        self, points: Sequence[Place], *, crs: str = "", name: str = "", keep: bool = False
    ) -> Measurement:
        """Measure along a line; see `measure_point` for the parameters."""
        places = self._places(points, crs)
        return self._measured(measure.measure_polyline(self.project, places, name=name), keep=keep)

    def measure_area(
        self, ring: Sequence[Place], *, crs: str = "", name: str = "", keep: bool = False
    ) -> Measurement:
        """Measure the area inside a ring; see `measure_point` for the parameters."""
        places = self._places(ring, crs)
        return self._measured(measure.measure_area(self.project, places, name=name), keep=keep)

    def measure_profile(
        self, line: Sequence[Place], *, crs: str = "", name: str = "", keep: bool = False
    ) -> Measurement:
        """Measure the ground along a line; see `layers.planning.profile` for the values."""
        places = self._places(line, crs)
        return self._measured(measure_profile(self.project, places, name=name), keep=keep)

    def measure_cutfill(
        self, ring: Sequence[Place], level: float | None = None, *, side_slope: float = 0.0,
        crs: str = "", name: str = "", keep: bool = False,
    ) -> Measurement:  # fmt: skip
        """Measure cut and fill of a platform; see `layers.planning.earthwork` for the values.

        Parameters
        ----------
        ring : sequence of (x, y)
            Corners of the platform.
        level : float or None
            Its height, metres above datum; None: where cut and fill are equal.
        side_slope : float
            Metres outwards for one metre of height; 0 for upright sides.
        crs, name, keep
            As for `measure_point`.
        """
        found = measure_cutfill(
            self.project, self._places(ring, crs), level, side_slope=side_slope, name=name
        )
        return self._measured(found, keep=keep)

    def profile(
        self, line: Sequence[Place], *, crs: str = "", spacing: float | None = None
    ) -> Profile:
        """Give the ground along a line, station by station; ``profile.write`` it as you like."""
        return profile_along(self.project, self._places(line, crs), spacing=spacing)

    def contours(self, interval: float, *, progress: Progress | None = None) -> Contours:
        """Trace contour lines of the terrain that counts.

        Parameters
        ----------
        interval : float
            Metres of height from line to line.
        progress : Progress or None
            Is told how far it is.

        Raises
        ------
        CityError
            ``contours.no_terrain``, ``contours.interval``.
        """
        terrain = self.project.terrain()
        if terrain is None:
            raise CityError(
                "contours.no_terrain",
                "Contour lines need a terrain, and the project has none.",
                hint="import an elevation model, contours or spot heights: --as terrain",
            )
        return contours(terrain, interval, progress=progress)

    def earthwork(
        self, ring: Sequence[Place], level: float | None = None, *, side_slope: float = 0.0,
        crs: str = "",
    ) -> Earthwork:  # fmt: skip
        """Give the ground moved for a platform, piece by piece; see `measure_cutfill`."""
        return earthwork(self.project, self._places(ring, crs), level, side_slope=side_slope)

    def measure_angle(
        self, first: Place, corner: Place, last: Place, *, crs: str = "", name: str = "",
        keep: bool = False,
    ) -> Measurement:  # fmt: skip
        """Measure the angle at a corner; see `measure_point` for the parameters."""
        a, b, c = self._places([first, corner, last], crs)
        return self._measured(measure.measure_angle(self.project, a, b, c, name=name), keep=keep)

    def measure_building(
        self, layer: str, object_id: int, *, name: str = "", keep: bool = False
    ) -> Measurement:
        """Measure height, volume and floor area of a building.

        Parameters
        ----------
        layer : str
            Name or id of a layer of buildings.
        object_id : int
            Number of the building in the layer.
        name, keep
            As for `measure_point`.
        """
        found = measure.measure_building(self.project, layer, object_id, name=name)
        return self._measured(found, keep=keep)

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """The measurements kept in the project, oldest first."""
        layer = measurement_layer(self.project)
        return layer.data.items if layer and isinstance(layer.data, Measurements) else ()

    def remove_measurements(self, *ids: int) -> None:
        """Forget measurements by their numbers."""
        self.session.run(remove_measurements(self.project, ids))

    def write_measurements(
        self, path: str | Path, items: Iterable[Measurement] | None = None
    ) -> int:
        """Write measurements as a table and give their number.

        Parameters
        ----------
        path : str or pathlib.Path
            ``.csv``, ``.xlsx`` or ``.geojson``.
        items : iterable of Measurement or None
            Which ones; None writes those kept in the project.
        """
        chosen = list(self.measurements if items is None else items)
        stale = {item.id: measure.is_stale(self.project, item) for item in chosen}
        frame = self.project.need_frame()
        measure_tables.write_measurements(chosen, Path(path), frame, stale)
        return len(chosen)

    def _places(self, points: Sequence[Place], crs: str) -> list[Place]:
        if not crs:
            return list(points)
        frame = self.project.need_frame()
        carried = frame.from_any([list(p[:2]) for p in points], crs)
        return [(*xy, *p[2:]) for xy, p in zip(carried.tolist(), points, strict=True)]

    def _measured(self, item: Measurement, *, keep: bool) -> Measurement:
        if not keep:
            return item
        from app.wording import current

        self.session.run(
            add_measurement(self.project, item, layer_name=current().kind("measurements"))
        )
        return self.measurements[-1]


def measured(
    city: Measuring, kind: str, text: str, *, crs: str = "", name: str = "", keep: bool = False
) -> Measurement:
    """Measure what a text on the command line or in a job file says.

    Parameters
    ----------
    city : Measuring
        The open project.
    kind : str
        ``point``, ``distance``, ``polyline``, ``area``, ``angle`` or ``building``.
    text : str
        Points, or ``LAYER:NUMBER`` of a building.
    crs : str
        System of the points; "" means the project's.
    name : str
        What to call it.
    keep : bool
        Whether to keep it in the project.
    """
    if kind == "building":
        layer, _, number = text.rpartition(":")
        if not layer or not number.strip().isdigit():
            raise CityError(
                "argument.building",
                f"'{text}' does not name a building.",
                hint="write LAYER:NUMBER, such as Buildings:17",
                text=text,
            )
        return city.measure_building(layer, int(number), name=name, keep=keep)
    if kind == "point":
        (place,) = parse_points(text, least=1, most=1)
        return city.measure_point(place, crs=crs, name=name, keep=keep)
    if kind == "distance":
        a, b = parse_points(text, least=2, most=2)
        return city.measure_distance(a, b, crs=crs, name=name, keep=keep)
    if kind == "angle":
        a, b, c = parse_points(text, least=3, most=3)
        return city.measure_angle(a, b, c, crs=crs, name=name, keep=keep)
    if kind == "polyline":
        return city.measure_polyline(parse_points(text, least=2), crs=crs, name=name, keep=keep)
    return city.measure_area(parse_points(text, least=3), crs=crs, name=name, keep=keep)


def facts_of(item: Measurement) -> dict[str, Any]:
    """Give a measurement as values that JSON can hold; angles are in degrees."""
    return {
        "id": item.id,
        "kind": item.kind,
        "name": item.name,
        "crs": item.crs,
        "points": [list(point) for point in item.points],
        "values": measure_tables.shown_values(item.values),
    }
