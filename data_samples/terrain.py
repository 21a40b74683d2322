"""The ground's height: river bed, embankments, plain, hill, lakes, and roads smoothed into it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter, map_coordinates
from shapely.geometry import Polygon

from data_samples import frame
from data_samples.city import City, island
from data_samples.frame import Floats
from data_samples.parks import Lake
from data_samples.raster import mask, shape_of

CELL: Final = 2.0
BED: Final = 30.2
CREST: Final = 39.6
SUMMIT: Final = 79.0


def _noise(rng: np.random.Generator, wave: float) -> Floats:
    """Smooth noise with a wavelength of about `wave` metres and a spread of 1."""
    rows, columns = shape_of(CELL)
    step = wave / 3.0
    coarse = rng.standard_normal((int(frame.DEPTH / step) + 5, int(frame.WIDTH / step) + 5))
    coarse = gaussian_filter(coarse, 1.0, mode="wrap")
    coarse /= coarse.std()
    y = np.arange(rows) * CELL / step + 1.5
    x = np.arange(columns) * CELL / step + 1.5
    at = np.stack(np.meshgrid(y, x, indexing="ij"))
    return np.asarray(map_coordinates(coarse, at, order=3, mode="nearest"))


def _smoothstep(value: Floats) -> Floats:
    share = np.clip(value, 0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)


def _river_profile(x: Floats, y: Floats) -> Floats:
    """Height along a section across the river: bed, revetment, crest, and down to the plain."""
    half = frame.river_half_width(x)
    away = np.abs(y - frame.river_centre(x)) - half
    inside = np.clip(-away / half, 0.0, 1.0)
    bed = frame.WATER_LEVEL - 0.6 - (frame.WATER_LEVEL - 0.6 - BED) * np.sqrt(inside)
    rise = _smoothstep((away + 2.0) / 10.0)
    crest_to_plain = CREST - 2.2 * _smoothstep((away - 16.0) / 34.0)
    plain = crest_to_plain + np.clip(away - 60.0, 0.0, None) * 0.0042
    return np.asarray(np.where(away < -2.0, bed, bed * (1.0 - rise) + plain * rise))


def _hill(city: City, rng: np.random.Generator) -> Floats:
    wood = [p.area for p, name in zip(city.plots, city.programmes, strict=True)
            if name == "hill_park"]  # fmt: skip
    rows, columns = shape_of(CELL)
    inside = mask(wood, CELL)
    padded = np.pad(inside, ((300, 0), (300, 0)), mode="edge")
    depth = distance_transform_edt(padded)[300:, 300:] * CELL
    x = (np.arange(columns) + 0.5) * CELL
    y = frame.DEPTH - (np.arange(rows) + 0.5) * CELL
    east, north = np.meshgrid(x, y)
    domes = (
        1.0 * np.exp(-(((east - 250) / 170) ** 2 + ((north - 2140) / 185) ** 2))
        + 0.55 * np.exp(-(((east - 130) / 150) ** 2 + ((north - 1940) / 125) ** 2))
        + 0.50 * np.exp(-(((east - 200) / 150) ** 2 + ((north - 2350) / 150) ** 2))
        + 0.22 * np.exp(-(((east - 400) / 100) ** 2 + ((north - 2060) / 180) ** 2))
    )
    ridges = 1.0 + 0.10 * _noise(rng, 130.0) + 0.05 * _noise(rng, 55.0)
    raw = domes * ridges * _smoothstep(depth / 170.0)
    foot = distance_transform_edt(~inside) * CELL
    apron = 3.6 * np.exp(-foot / 140.0) * (foot > 0) + 3.6 * (foot == 0)
    return np.asarray(raw / raw.max() * (SUMMIT - 46.5) + apron)


def _blend(target: Floats, ground: Floats, weight: Floats) -> Floats:
    return np.asarray(ground * (1.0 - weight) + target * weight)


def _window(area: Polygon, margin: float) -> tuple[slice, slice, NDArray[np.bool_]]:
    """Rows and columns around an area, and which of their cells lie in it."""
    west, south, east, north = area.bounds
    rows, columns = shape_of(CELL)
    top = max(int((frame.DEPTH - north - margin) / CELL), 0)
    left = max(int((west - margin) / CELL), 0)
    down = slice(top, min(int((frame.DEPTH - south + margin) / CELL), rows))
    across = slice(left, min(int((east + margin) / CELL), columns))
    return down, across, mask([area], CELL)[down, across]


def _carve(ground: Floats, lake: Lake) -> None:
    """Sink a lake's bed below its level and slope the shore down to it."""
    down, across, inside = _window(lake.area, 60.0)
    depth = distance_transform_edt(inside) * CELL
    shore = distance_transform_edt(~inside) * CELL
    weight = np.where(inside, 1.0, np.exp(-((shore / 18.0) ** 2)))
    bed = lake.level - np.clip(depth * 0.12, 0.0, 1.8) + np.where(inside, 0.0, 0.15)
    ground[down, across] = _blend(bed, ground[down, across], weight)


def _raise_island(ground: Floats) -> None:
    down, across, inside = _window(island(), 20.0)
    reach = gaussian_filter(distance_transform_edt(inside) * CELL, 1.5)
    top = frame.WATER_LEVEL + 0.1 + 3.0 * _smoothstep(reach / 22.0)
    here = ground[down, across]
    ground[down, across] = np.where(inside, np.maximum(here, top), here)


def heights(city: City) -> Floats:
    """Ground heights.

    Parameters
    ----------
    city : City
        Streets, water and plots.

    Returns
    -------
    (1250, 1500) ndarray of float64
        Metres, to the centimetre; first row in the north. The river shows its bed.
    """
    rng = frame.random(8)
    rows, columns = shape_of(CELL)
    x = (np.arange(columns) + 0.5) * CELL
    y = frame.DEPTH - (np.arange(rows) + 0.5) * CELL
    east, north = np.meshgrid(x, y)
    ground = _river_profile(east, north)
    land = _smoothstep((np.abs(north - frame.river_centre(east))
                        - frame.river_half_width(east) - 40.0) / 160.0)  # fmt: skip
    ground += land * (1.1 * _noise(rng, 700.0) + 0.28 * _noise(rng, 160.0))
    ground += _hill(city, rng)
    roads = mask(
        [p.line.buffer(p.red_line / 2) for p in city.pieces if p.structure == "ground"], CELL
    )
    weight = gaussian_filter(roads.astype(float), 2.5)
    ground = _blend(gaussian_filter(ground, 9.0), ground, np.clip(weight * 1.5, 0.0, 1.0) * land)
    for lake in city.lakes:
        _carve(ground, lake)
    _raise_island(ground)
    paved = gaussian_filter(ground, 1.2)
    return np.asarray(_blend(paved, ground, np.clip(roads * 1.0, 0.0, 1.0)).round(2))
