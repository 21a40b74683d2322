"""Cut and fill: how much ground has to go, and to come, for a level platform."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import shapely
from scipy import ndimage

from layers.errors import CityError
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.measurements import Measurement
from layers.kinds.terrain import Terrain
from layers.planning.measure import kept, placed
from layers.project import Project
from layers.shapes import Bools, Floats, Shapes
from layers.style import Colouring, Entry

CELLS = 40_000  # pieces that a platform is parted into, about
WIDEST_SLOPE = 2_000.0  # metres that a side slope is followed at most
BANDS = (-20.0, -10.0, -5.0, -2.0, -1.0, -0.25, 0.25, 1.0, 2.0, 5.0, 10.0, 20.0)


@dataclass(frozen=True, slots=True, eq=False)
class Earthwork:
    r"""Ground moved for a level platform and the slopes at its sides.

    Heights are taken at the middle of each piece, which is exact wherever the ground is a plane
    over a piece: :math:`V = \sum_i (h_i - z_i) A_i`.

    Attributes
    ----------
    area, change : (n,) float64
        Of each piece: square metres, and metres that the ground changes: negative is cut away.
    places : (n, 2) float64
        Middle of each piece.
    on_slope : (n,) bool
        Whether it belongs to a side slope.
    level : float
        Of the platform, metres above datum.
    side_slope : float
        Metres outwards for one metre of height; 0 for upright sides.
    step : float
        Size of a piece, metres.
    unknown_area : float
        Square metres of the platform over which the ground is unknown; nothing is moved there.
    """

    area: Floats
    change: Floats
    places: Floats
    on_slope: Bools
    level: float
    side_slope: float
    step: float
    unknown_area: float

    def values(self) -> dict[str, float]:
        """Give the figures: volumes in place, without loosening or settling.

        Returns
        -------
        dict
            ``area_m2`` of the platform, ``level_m``, ``cut_m3``, ``fill_m3``, ``balance_m3`` (cut
            less fill: what is left over), ``cut_area_m2``, ``fill_area_m2``, ``deepest_cut_m``,
            ``highest_fill_m``, ``mean_ground_m``; with side slopes ``side_slope_ratio`` and
            ``slope_area_m2``; ``unknown_area_m2`` where ground is unknown.
        """
        volume = self.area * self.change
        cut, fill = -volume[volume < 0].sum(), volume[volume > 0].sum()
        inner = ~self.on_slope
        platform = float(self.area[inner].sum())
        ground = self.level - self.change[inner]
        found = {
            "area_m2": platform + self.unknown_area,
            "level_m": self.level,
            "cut_m3": float(cut),
            "fill_m3": float(fill),
            "balance_m3": float(cut - fill),
            "cut_area_m2": float(self.area[self.change < 0].sum()),
            "fill_area_m2": float(self.area[self.change > 0].sum()),
            "deepest_cut_m": max(float(-self.change.min()), 0.0),
            "highest_fill_m": max(float(self.change.max()), 0.0),
            "mean_ground_m": float((ground * self.area[inner]).sum() / platform),
        }
        if self.side_slope > 0:
            found["side_slope_ratio"] = self.side_slope
            found["slope_area_m2"] = float(self.area[self.on_slope].sum())
        if self.unknown_area > 0:
            found["unknown_area_m2"] = self.unknown_area
        return found


def earthwork(
    project: Project,
    ring: Sequence[Sequence[float]],
    level: float | None = None,
    *,
    side_slope: float = 0.0,
    cells: int = CELLS,
) -> Earthwork:
    """Reckon the ground moved for a platform inside a ring.

    Parameters
    ----------
    project : Project
        Gives the terrain.
    ring : sequence of (east, north[, height])
        Corners of the platform, metres.
    level : float or None
        Height of the platform, metres above datum; None: the mean ground, so that cut and fill
        of the platform are equal.
    side_slope : float
        Metres outwards for one metre of height (1.5 is 1:1.5); 0 for upright sides.
    cells : int
        About how many pieces.

    Raises
    ------
    CityError
        ``earthwork.no_terrain``, ``earthwork.ring``, ``earthwork.side_slope``,
        ``earthwork.unknown``.
    """
    terrain = _terrain_of(project)
    polygon = shapely.Polygon([p[:2] for p in placed(project, ring)])
    if not polygon.is_valid or polygon.area < 1e-3:
        raise CityError(
            "earthwork.ring",
            "The corners do not enclose an area, or their sides cross.",
            hint="put at least three corners around the platform, in order",
        )
    if not 0.0 <= side_slope <= 100.0:
        raise CityError(
            "earthwork.side_slope",
            f"A side slope of 1:{side_slope:g} cannot be built.",
            hint="give metres outwards for one metre of height, 0 to 100, such as 1.5",
            slope=side_slope,
        )
    step = math.sqrt(polygon.area / cells)
    area, places = _pieces(polygon, step)
    ground = terrain.height_at(places)
    known = np.isfinite(ground)
    if not known.any():
        raise CityError(
            "earthwork.unknown",
            "The ground under the platform is unknown.",
            hint="draw the platform where the terrain has data",
        )
    unknown = float(area[~known].sum())
    area, places, ground = area[known], places[known], ground[known]
    if level is None:
        level = float((ground * area).sum() / area.sum())
    change = level - ground
    on_slope = np.zeros(len(area), dtype=bool)
    if side_slope > 0:
        more = _slopes(terrain, polygon, level, side_slope, max(step, min(terrain.grain) / 4.0))
        area, places = np.concatenate([area, more[0]]), np.concatenate([places, more[1]])
        on_slope = np.concatenate([on_slope, np.ones(len(more[0]), dtype=bool)])
        change = np.concatenate([change, more[2]])
    return Earthwork(area, change, places, on_slope, level, side_slope, step, unknown)


def _terrain_of(project: Project) -> Terrain:
    terrain = project.terrain()
    if terrain is None:
        raise CityError(
            "earthwork.no_terrain",
            "Cut and fill need a terrain, and the project has none.",
            hint="import an elevation model, contours or spot heights: --as terrain",
        )
    return terrain


def _pieces(polygon: shapely.Polygon, step: float) -> tuple[Floats, Floats]:
    """Part a polygon into squares, those at its border cut; give areas and middles."""
    west, south, east, north = polygon.bounds
    x = west + step * np.arange(math.ceil((east - west) / step - 1e-9))
    y = south + step * np.arange(math.ceil((north - south) / step - 1e-9))
    left, low = (g.ravel() for g in np.meshgrid(x, y))
    squares = shapely.box(left, low, left + step, low + step)
    shapely.prepare(polygon)
    inside = shapely.contains_properly(polygon, squares)
    crossed = shapely.intersects(polygon, squares) & ~inside
    cut = shapely.intersection(squares[crossed], polygon)
    size = shapely.area(cut)
    middle = shapely.get_coordinates(shapely.centroid(cut[size > 0]))
    whole = np.column_stack([left[inside], low[inside]]) + step / 2.0
    area = np.concatenate([np.full(int(inside.sum()), step * step), size[size > 0]])
    return area, np.concatenate([whole, middle])


def _slopes(
    terrain: Terrain, polygon: shapely.Polygon, level: float, outwards: float, step: float
) -> tuple[Floats, Floats, Floats]:
    """Give areas, middles and changes of the slopes that run out from a platform to the ground.

    Ground above the rising slope is cut, ground below the falling one filled, as far as that
    hangs together with the platform.
    """
    reach = min(outwards * 2.0 + 4.0 * step, WIDEST_SLOPE)
    while True:
        ring = polygon.buffer(reach)
        west, south, east, north = ring.bounds
        size = max(step, math.sqrt((east - west) * (north - south) / 1_000_000.0))
        x = np.arange(west + size / 2.0, east, size)
        y = np.arange(south + size / 2.0, north, size)
        shape = len(y), len(x)
        places = np.column_stack([g.ravel() for g in np.meshgrid(x, y)])
        away = np.asarray(shapely.distance(polygon, shapely.points(places)), dtype=np.float64)
        ground = terrain.height_at(places)
        rise = away / outwards
        down = np.where(ground > level + rise, level + rise - ground, 0.0)
        up = np.where(ground < level - rise, level - rise - ground, 0.0)
        change = np.where(np.isfinite(ground), down + up, 0.0)
        moved = ((change != 0.0) | (away == 0.0)).reshape(shape)
        labels, _ = ndimage.label(moved, structure=np.ones((3, 3)))
        mine = np.unique(labels[(away == 0.0).reshape(shape)])
        joined = np.isin(labels, mine[mine > 0]).ravel() & (change != 0.0) & (away > 0.0)
        farthest = float(away[joined].max()) if joined.any() else 0.0
        if farthest < reach - 2.0 * size or reach >= WIDEST_SLOPE:
            break
        reach = min(2.0 * reach, WIDEST_SLOPE)
    share = _outside(polygon, places[joined], size)
    return size * size * share, places[joined], change[joined]


def _outside(polygon: shapely.Polygon, places: Floats, size: float) -> Floats:
    """Give which share of squares lies outside of a polygon, 0 to 1."""
    half = size / 2.0
    x, y = places[:, 0], places[:, 1]
    squares = shapely.box(x - half, y - half, x + half, y + half)
    near = shapely.intersects(polygon, squares)
    share = np.ones(len(places))
    share[near] = 1.0 - shapely.area(shapely.intersection(squares[near], polygon)) / size**2
    return share


def measure_cutfill(
    project: Project,
    ring: Sequence[Sequence[float]],
    level: float | None = None,
    *,
    side_slope: float = 0.0,
    name: str = "",
) -> Measurement:
    """Measure cut and fill of a platform; see `earthwork` and `Earthwork.values`.

    The corners are kept at the level of the platform.
    """
    found = earthwork(project, ring, level, side_slope=side_slope)
    corners = tuple((float(p[0]), float(p[1]), found.level) for p in ring)
    return kept(project, "cutfill", name, corners, found.values())


def earthwork_layer(found: Earthwork, ring: Sequence[Sequence[float]], name: str) -> Layer:
    """Make a layer that shows where ground is cut and filled, and how much, in colours.

    Pieces are joined to areas of like change; attributes are ``change_from_m``, ``change_to_m``,
    ``change_m`` (mean), ``volume_m3`` (negative is cut) and ``area_m2``.
    """
    step = max(found.step, float(np.sqrt(found.area[found.on_slope].max(initial=0.0))))
    half = 0.5 * step
    band = np.digitize(found.change, BANDS)
    polygon = shapely.Polygon([p[:2] for p in ring])
    shapes, rows = [], []
    for number in np.unique(band):
        mine = band == number
        x, y = found.places[mine, 0], found.places[mine, 1]
        squares = shapely.box(x - half, y - half, x + half, y + half)
        joined = shapely.union_all(squares, grid_size=step / 1000.0)
        if found.side_slope == 0:
            joined = joined.intersection(polygon)
        area = float(found.area[mine].sum())
        volume = float((found.area[mine] * found.change[mine]).sum())
        low = BANDS[number - 1] if number else float(found.change.min())
        high = BANDS[number] if number < len(BANDS) else float(found.change.max())
        shapes.append(joined)
        rows.append((low, high, volume / area, volume, area))
    names = ("change_from_m", "change_to_m", "change_m", "volume_m3", "area_m2")
    columns = {n: [round(float(row[i]), 3) for row in rows] for i, n in enumerate(names)}
    parts, row_of = shapely.get_parts(np.array(shapes), return_index=True)
    flat = shapely.get_type_id(parts) == 3
    data = Features(
        Shapes.from_shapely(list(parts[flat])), np.arange(1, int(flat.sum()) + 1),
        row_of[flat].astype(np.int64), pa.table(columns),
    )  # fmt: skip
    entries = tuple(
        Entry(f"{low:+.2f} … {high:+.2f}", _colour((low + high) / 2.0), low=low, high=high)
        for low, high, *_ in rows
    )
    style = replace(
        kind_of("features").style, colouring=Colouring("change_m", "ranges", entries), lift=0.6
    )
    return Layer("features", name, data, style=style, opacity=0.85)


def _colour(change: float) -> str:
    """Give red for cut, blue for fill, the stronger the more."""
    if abs(change) <= BANDS[6]:
        return "#f2efe6"
    strength = int(np.digitize(abs(change), BANDS[7:]))
    cut = ("#f7d9c4", "#f0b491", "#e58a64", "#d15c46", "#b0322f", "#7d1420")
    fill = ("#cfe0ef", "#a5c8e4", "#72a8d3", "#4384bb", "#235f97", "#103f6e")
    return (cut if change < 0 else fill)[strength]
