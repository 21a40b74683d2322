"""The ground along a line: heights, rise and fall, slopes; as numbers, table and line."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from layers.errors import CityError
from layers.files.sheets import appearing, write_csv, write_xlsx
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.measurements import Measurement
from layers.planning.measure import kept, placed
from layers.project import Project
from layers.shapes import Floats, Shapes

MOST_STATIONS = 20_000
SUFFIXES = (".csv", ".xlsx")


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Heights of the ground along a line.

    Attributes
    ----------
    station : (n,) float64
        Metres from the start along the line in plan, rising; 0 first.
    places : (n, 2) float64
        East and north, metres.
    height : (n,) float64
        Metres above datum; NaN where the terrain is unknown.
    corner : (n,) bool
        Whether it is a corner of the line itself.
    """

    station: Floats
    places: Floats
    height: Floats
    corner: np.ndarray[tuple[int], np.dtype[np.bool_]]

    @property
    def slope(self) -> Floats:
        """Rise over run from each station to the next, (n - 1,), positive uphill."""
        return np.asarray(np.diff(self.height) / np.diff(self.station))

    def values(self) -> dict[str, float]:
        r"""Give the figures of the profile.

        The mean height is that of the line, not of the stations:
        :math:`\int h\,ds / \int ds` by the trapezoidal rule, which is exact for ground made of
        straight pieces. Slopes are told as angles; the mean one is that of
        :math:`\int |dh| / \int ds`.

        Returns
        -------
        dict
            ``horizontal_m, along_ground_m, min_m, max_m, mean_m, start_m, end_m, gain_m, loss_m,
            mean_slope_rad, steepest_up_rad, steepest_down_rad``; ``unknown_length_m`` where a part
            of the line has no known ground.
        """
        run, rise = np.diff(self.station), np.diff(self.height)
        known = np.isfinite(rise)
        if not known.any():
            raise CityError(
                "profile.unknown",
                "The ground along the line is unknown.",
                hint="draw the line where the terrain has data",
            )
        run, rise = run[known], rise[known]
        middle = ((self.height[1:] + self.height[:-1]) / 2.0)[known]
        slope = rise / run
        finite = self.height[np.isfinite(self.height)]
        found = {
            "horizontal_m": float(self.station[-1]),
            "along_ground_m": float(np.hypot(run, rise).sum()),
            "min_m": float(finite.min()),
            "max_m": float(finite.max()),
            "mean_m": float((middle * run).sum() / run.sum()),
            "start_m": float(finite[0]),
            "end_m": float(finite[-1]),
            "gain_m": float(rise[rise > 0].sum()),
            "loss_m": float(-rise[rise < 0].sum()),
            "mean_slope_rad": math.atan(float(np.abs(rise).sum() / run.sum())),
            "steepest_up_rad": math.atan(max(float(slope.max()), 0.0)),
            "steepest_down_rad": math.atan(max(float(-slope.min()), 0.0)),
        }
        if not known.all():
            found["unknown_length_m"] = float(self.station[-1] - run.sum())
        return found


def profile_along(
    project: Project, points: Sequence[Sequence[float]], *, spacing: float | None = None
) -> Profile:
    """Read the ground along a line.

    Parameters
    ----------
    project : Project
        Gives the terrain.
    points : sequence of (east, north[, height])
        Corners of the line, metres; heights do not count.
    spacing : float or None
        Metres between stations at most; None: half a cell of the terrain, wider for lines that
        would have more than 20,000 of them.

    Raises
    ------
    CityError
        ``profile.no_terrain``, ``profile.spacing``, ``measure.same_point`` for a line without
        length.
    """
    terrain = project.terrain()
    if terrain is None:
        raise CityError(
            "profile.no_terrain",
            "A profile needs a terrain, and the project has none.",
            hint="import an elevation model, contours or spot heights: --as terrain",
        )
    if spacing is not None and not 0.0 < spacing < math.inf:
        raise CityError(
            "profile.spacing",
            f"Stations cannot be {spacing:g} metres apart.",
            hint="give a spacing greater than zero",
            metres=spacing,
        )
    line = np.array([p[:2] for p in placed(project, points)], dtype=np.float64)
    line = line[np.append(True, np.hypot(*np.diff(line, axis=0).T) > 1e-9)]
    if len(line) < 2:
        raise CityError(
            "measure.same_point",
            "All points are the same place.",
            hint="choose points that lie apart",
        )
    lengths = np.hypot(*np.diff(line, axis=0).T)
    step = spacing or min(terrain.grain) / 2.0
    step = max(step, float(lengths.sum()) / MOST_STATIONS)
    parts, corners = [], []
    for a, b, length in zip(line[:-1], line[1:], lengths, strict=True):
        count = max(1, math.ceil(length / step - 1e-9))
        share = np.arange(count)[:, None] / count
        parts.append(a + share * (b - a))
        corners.append(np.arange(count) == 0)
    places = np.concatenate([*parts, line[-1:]])
    corner = np.concatenate([*corners, [True]])
    station = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(places, axis=0).T))])
    return Profile(station, places, terrain.height_at(places), corner)


def measure_profile(
    project: Project, points: Sequence[Sequence[float]], *, name: str = ""
) -> Measurement:
    """Measure the ground along a line; the values are those of `Profile.values`."""
    profile = profile_along(project, points)
    at = placed(project, [[*p[:2]] for p in points])
    return kept(project, "profile", name, at, profile.values())


def write_profile(profile: Profile, path: Path) -> int:
    """Write the stations of a profile as CSV or XLSX and give their number.

    Raises
    ------
    CityError
        ``tables.suffix``, ``tables.write``.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise CityError(
            "tables.suffix",
            f"A table cannot be written as '{suffix or path.name}'.",
            hint="use .csv or .xlsx",
            where=path.name,
            suffix=suffix or path.name,
        )
    header = ["station_m", "east_m", "north_m", "height_m", "slope_percent", "corner"]
    slope = np.append(profile.slope * 100.0, np.nan)
    rows = [
        [round(float(s), 3), round(float(e), 3), round(float(n), 3), round(float(h), 3),
         round(float(g), 3), "yes" if c else ""]
        for s, (e, n), h, g, c in zip(
            profile.station, profile.places, profile.height, slope, profile.corner, strict=True
        )
    ]  # fmt: skip
    with appearing(path) as partial:
        if suffix == ".csv":
            write_csv(partial, header, rows)
        else:
            write_xlsx(partial, header, rows, title="profile")
    return len(rows)


def profile_layer(profile: Profile, name: str) -> Layer:
    """Make a layer of a profile: a line for each stretch between corners, with its figures.

    Attributes are ``from_m``, ``to_m``, ``height_from_m``, ``height_to_m``, ``gain_m``,
    ``loss_m`` and ``slope_percent``.
    """
    ends = np.flatnonzero(profile.corner)
    columns: dict[str, list[float]] = {
        key: [] for key in ("from_m", "to_m", "height_from_m", "height_to_m", "gain_m", "loss_m",
                            "slope_percent")
    }  # fmt: skip
    lines = []
    for a, b in itertools.pairwise(ends.tolist()):
        rise = np.diff(profile.height[a : b + 1])
        run = float(profile.station[b] - profile.station[a])
        row = (
            profile.station[a], profile.station[b], profile.height[a], profile.height[b],
            rise[rise > 0].sum(), -rise[rise < 0].sum(),
            100.0 * (profile.height[b] - profile.height[a]) / run,
        )  # fmt: skip
        for key, value in zip(columns, row, strict=True):
            columns[key].append(round(float(value), 3))
        lines.append(profile.places[[a, b]])
    return _line_layer(lines, columns, name)


def _line_layer(lines: list[Floats], columns: dict[str, list[float]], name: str) -> Layer:
    shapes = Shapes.from_shapely([shapely.LineString(line) for line in lines])
    n = len(lines)
    data = Features(shapes, np.arange(1, n + 1), np.arange(n), pa.table(columns))
    return Layer("features", name, data, style=kind_of("features").style)
