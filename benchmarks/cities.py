"""Cities of any size for the benchmarks: seeded, rectilinear footprints on a 30 m grid."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

STEP = 30.0  # metres from one building to the next
EAST, NORTH, CRS = 500_000.0, 3_380_000.0, "EPSG:4547"
SEED = 20_260_101

#: Outlines in a unit square, counter-clockwise: bar, L, T, U, plus.
PLANS: tuple[tuple[tuple[float, float], ...], ...] = (
    ((0, 0.2), (1, 0.2), (1, 0.8), (0, 0.8)),
    ((0, 0), (1, 0), (1, 0.4), (0.4, 0.4), (0.4, 1), (0, 1)),
    ((0.35, 0), (0.65, 0), (0.65, 0.6), (1, 0.6), (1, 1), (0, 1), (0, 0.6), (0.35, 0.6)),
    ((0, 0), (1, 0), (1, 1), (0.65, 1), (0.65, 0.35), (0.35, 0.35), (0.35, 1), (0, 1)),
    ((0.3, 0), (0.7, 0), (0.7, 0.3), (1, 0.3), (1, 0.7), (0.7, 0.7), (0.7, 1), (0.3, 1),
     (0.3, 0.7), (0, 0.7), (0, 0.3), (0.3, 0.3)),
)  # fmt: skip
COURT = (((0, 0), (1, 0), (1, 1), (0, 1)), ((0.3, 0.3), (0.3, 0.7), (0.7, 0.7), (0.7, 0.3)))


def city(count: int) -> gpd.GeoDataFrame:
    """Make `count` buildings with height and use, 5 % of them with a courtyard.

    Parameters
    ----------
    count : int
        Number of buildings.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``id, height, use, geometry`` in EPSG:4547.
    """
    rng = np.random.default_rng(SEED)
    side = int(np.ceil(np.sqrt(count)))
    row, column = np.divmod(np.arange(count), side)
    corner = np.column_stack([EAST + column * STEP, NORTH + row * STEP])
    corner += rng.uniform(1.0, 5.0, (count, 2))
    size = rng.uniform(12.0, 22.0, (count, 2))
    plan = rng.integers(0, len(PLANS), count)
    plan[rng.random(count) < 0.05] = len(PLANS)
    shapes = np.empty(count, dtype=object)
    for number, outline in enumerate(PLANS):
        chosen = np.flatnonzero(plan == number)
        unit = np.array([*outline, outline[0]], dtype=np.float64)
        rings = corner[chosen, None, :] + unit[None] * size[chosen, None, :]
        shapes[chosen] = shapely.polygons(shapely.linearrings(rings))
    chosen = np.flatnonzero(plan == len(PLANS))
    for at in chosen:
        outer, hole = (corner[at] + np.array(ring) * size[at] for ring in COURT)
        shapes[at] = shapely.Polygon(outer, [hole])
    height = np.round(rng.lognormal(2.7, 0.6, count).clip(3.0, 250.0), 1)
    use = rng.choice(
        ["residential", "office", "retail", "industrial"], count, p=[0.7, 0.1, 0.1, 0.1]
    )
    table = {"id": np.arange(count), "height": height, "use": use}
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)


def city_file(count: int, folder: Path, suffix: str = ".gpkg") -> Path:
    """Write the city once and give its path; GeoJSON is in longitude and latitude."""
    path = folder / f"city_{count}{suffix}"
    if path.exists():
        return path
    frame = city(count)
    if suffix == ".geojson":
        frame = frame.to_crs("EPSG:4326")
    frame.to_file(path, engine="pyogrio", use_arrow=True)
    return path
