"""Trees: rows along the kerbs, woods on the hill, clumps in parks, shade in the compounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from data_samples import frame
from data_samples.city import City
from data_samples.frame import Floats
from data_samples.ground import CELL, CODE, beside
from data_samples.raster import Classes, cells_at
from data_samples.streets import Piece, clearances

SPECIES: Final = (
    # Chinese, English, lowest and highest, crown as a share of the height
    ("香樟", "Camphor", 7.0, 13.0, 0.62),
    ("悬铃木", "London plane", 9.0, 17.0, 0.55),
    ("银杏", "Ginkgo", 8.0, 15.0, 0.40),
    ("栾树", "Golden rain tree", 7.0, 12.0, 0.55),
    ("桂花", "Sweet osmanthus", 3.0, 5.5, 0.75),
    ("樱花", "Cherry", 3.5, 6.5, 0.80),
    ("垂柳", "Weeping willow", 6.0, 11.0, 0.70),
    ("马尾松", "Masson pine", 9.0, 18.0, 0.36),
    ("水杉", "Dawn redwood", 12.0, 24.0, 0.24),
    ("广玉兰", "Magnolia", 6.0, 11.0, 0.52),
)
_NUMBER: Final = {english: index for index, (_, english, *_rest) in enumerate(SPECIES)}

GROVES: Final[dict[str, tuple[float, float, tuple[str, ...], str]]] = {
    # ground: spacing in metres, share kept, species, word for the place
    "forest": (7.0, 0.92, ("Masson pine", "Masson pine", "Camphor", "Golden rain tree"), "山林"),
    "park": (9.0, 0.48, ("Camphor", "Weeping willow", "Cherry", "Ginkgo", "Dawn redwood"), "公园"),
    "belt": (6.5, 0.85, ("Dawn redwood", "Camphor", "Magnolia"), "防护绿地"),
    "garden": (8.0, 0.55, ("Sweet osmanthus", "Cherry", "Magnolia", "Ginkgo"), "附属绿地"),
    "lawn": (11.0, 0.45, ("Camphor", "Golden rain tree", "Ginkgo", "Magnolia"), "附属绿地"),
    "compound": (8.5, 0.45, ("Camphor", "Sweet osmanthus", "Magnolia", "Cherry"), "附属绿地"),
    "plaza": (12.0, 0.22, ("Ginkgo", "Camphor"), "广场"),
    "reeds": (13.0, 0.30, ("Weeping willow", "Dawn redwood"), "公园"),
    "yard": (8.0, 0.10, ("Sweet osmanthus", "Camphor"), "庭院"),
}

CLEAR_OF: Final = ("asphalt", "deck", "parapet", "river", "pond", "path", "track", "track_line",
                   "pitch", "court", "parking", "playground", "helipad", "ballast", "rail",
                   "concrete", "stone", "marking_white",
                   "marking_yellow")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trees:
    """All trees as columns.

    Attributes
    ----------
    xy : (n, 2) ndarray of float64
        Stems, plan metres, to the centimetre.
    species : (n,) ndarray of int64
        Rows of `SPECIES`.
    height, crown : (n,) ndarray of float64
        Height and crown diameter, metres.
    place : (n,) ndarray of str
        Street, park and so on, in Chinese.
    """

    xy: Floats
    species: NDArray[np.int64]
    height: Floats
    crown: Floats
    place: NDArray[np.str_]


def _kerb(piece: Piece, spacing: float, reach: Floats) -> Floats:
    start, end = (r + (9.0 if r > 5.0 else 3.0) for r in reach)
    inset = piece.carriageway / 2 + 1.6
    at = np.arange(start, piece.line.length - end, spacing)
    return np.vstack([beside(piece.line, at, side * inset) for side in (-1.0, 1.0)])


def _street_trees(city: City) -> tuple[Floats, NDArray[np.int64]]:
    kinds = ("Camphor", "London plane", "Ginkgo", "Golden rain tree", "Magnolia")
    streets = sorted({piece.street.name_zh for piece in city.pieces})
    species_of = {name: _NUMBER[kinds[index % len(kinds)]] for index, name in enumerate(streets)}
    ground = [piece for piece in city.pieces if piece.structure == "ground"]
    points, species = [], []
    for piece, reach in zip(ground, clearances(ground), strict=True):
        if piece.street.kind == "lane":
            continue
        row = _kerb(piece, 7.0 if piece.street.kind == "local" else 8.0, reach)
        points.append(row)
        species.append(np.full(len(row), species_of[piece.street.name_zh]))
    return np.vstack(points), np.concatenate(species).astype(np.int64)


def _jittered(spacing: float, rng: np.random.Generator) -> Floats:
    x = np.arange(spacing / 2, frame.WIDTH, spacing)
    y = np.arange(spacing / 2, frame.DEPTH, spacing)
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    moved = grid + rng.uniform(-0.38, 0.38, grid.shape) * spacing
    return np.asarray(moved)


def _clumps(points: Floats, rng: np.random.Generator) -> Floats:
    """A field between 0 and 1 that varies over some thirty metres: trees stand in clumps."""
    field = gaussian_filter(rng.standard_normal((250, 300)), 2.2, mode="wrap")
    ranks = field.ravel().argsort().argsort().reshape(field.shape) / field.size
    row = np.clip(points[:, 1] / 10.0, 0, 249).astype(int)
    column = np.clip(points[:, 0] / 10.0, 0, 299).astype(int)
    return np.asarray(ranks[row, column])


def _clear(points: Floats, grid: Classes, reach: float) -> NDArray[np.bool_]:
    """Whether no roof, carriageway, water or sports ground lies within `reach` metres."""
    closed = np.zeros(256, bool)
    closed[[CODE[kind] for kind in CLEAR_OF]] = True
    closed[
        [
            code
            for kind, code in CODE.items()
            if kind.startswith(("roof", "solar", "car", "lorry", "container"))
        ]
    ] = True
    good = np.ones(len(points), bool)
    for dx, dy in ((0, 0), (reach, 0), (-reach, 0), (0, reach), (0, -reach)):
        row, column = cells_at(points + np.array([dx, dy]), CELL)
        good &= ~closed[grid[row, column]]
    return good


def plant(city: City, grid: Classes) -> Trees:
    """Plant the district.

    Parameters
    ----------
    city : City
        Streets for the rows along the kerbs.
    grid : ndarray of uint8
        Classes of `data_samples.ground.paint`.

    Returns
    -------
    Trees
        Ordered by kind of place; no tree stands in a building, on a carriageway or in water.
    """
    rng = frame.random(7)
    xy, species = _street_trees(city)
    keep = _clear(xy, grid, 0.6)
    parts = [(xy[keep], species[keep], np.full(int(keep.sum()), "行道树"))]
    for ground, (spacing, share, kinds, place) in GROVES.items():
        points = _jittered(spacing, rng)
        row, column = cells_at(points, CELL)
        points = points[grid[row, column] == CODE[ground]]
        chance = rng.random(len(points))
        if ground not in {"forest", "belt"}:
            chance = 0.5 * chance + 0.5 * _clumps(points, rng)
        points = points[(chance < share) & _clear(points, grid, 1.6)]
        numbers = np.array([_NUMBER[kind] for kind in kinds])
        parts.append((points, rng.choice(numbers, len(points)), np.full(len(points), place)))
    stems = np.vstack([part[0] for part in parts]).round(2)
    kind = np.concatenate([part[1] for part in parts])
    places = np.concatenate([part[2] for part in parts])
    figures = np.array([row[2:] for row in SPECIES], dtype=float)[kind]
    low, high, ratio = figures.T
    height = (low + (high - low) * rng.beta(2.2, 2.0, len(stems))).round(1)
    crown = (height * ratio * rng.uniform(0.85, 1.15, len(stems))).clip(1.6, 9.0).round(1)
    return Trees(stems, kind, height, crown, places)
