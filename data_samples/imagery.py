"""The orthophoto: colours and grain for the classes of ground, crowns, light on the hill."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, zoom

from data_samples import frame
from data_samples.frame import Floats
from data_samples.ground import CELL, CODE
from data_samples.raster import Classes, cells_at
from data_samples.trees import SPECIES, Trees

TONES: Final[dict[str, tuple[int, int, int, float]]] = {
    # red, green, blue, strength of the grain
    "pavement": (168, 163, 154, 5), "asphalt": (88, 89, 92, 4), "marking_white": (214, 214, 208, 4),
    "marking_yellow": (206, 176, 92, 4), "verge": (98, 122, 70, 11), "compound": (112, 132, 84, 13),
    "lawn": (116, 139, 82, 11), "path": (186, 178, 162, 5), "plaza": (190, 181, 166, 6),
    "garden": (92, 124, 66, 13), "pond": (72, 100, 96, 3), "river": (96, 112, 100, 3),
    "playground": (186, 128, 96, 5), "track": (164, 84, 66, 4), "track_line": (222, 210, 200, 3),
    "pitch": (92, 142, 70, 6), "court": (74, 116, 132, 4), "parking": (122, 122, 122, 6),
    "yard": (150, 140, 124, 8), "concrete": (158, 154, 146, 8), "lorry_white": (216, 216, 212, 3),
    "lorry_blue": (70, 104, 150, 4), "container_red": (152, 74, 58, 6),
    "container_blue": (66, 98, 140, 6), "container_green": (82, 118, 92, 6),
    "container_white": (190, 188, 182, 5),
    "park": (106, 134, 76, 13), "forest": (62, 84, 48, 15), "reeds": (128, 130, 74, 16),
    "belt": (88, 112, 62, 12), "embankment": (152, 148, 136, 6), "helipad": (126, 128, 130, 3),
    "apron": (170, 164, 152, 6), "ballast": (122, 112, 102, 9), "rail": (92, 80, 74, 4),
    "deck": (104, 104, 106, 4), "parapet": (182, 180, 174, 3),
    "crown_dark": (44, 66, 36, 9), "crown": (64, 92, 46, 9), "crown_light": (88, 118, 60, 9),
    "crown_pine_dark": (34, 54, 36, 8), "crown_pine": (48, 74, 44, 8),
    "crown_pine_light": (66, 94, 54, 8), "crown_gold_dark": (78, 88, 40, 9),
    "crown_gold": (112, 120, 54, 9), "crown_gold_light": (142, 148, 72, 9),
    "roof_light": (186, 182, 174, 5), "roof_grey": (142, 142, 142, 6), "roof_red": (158, 92, 74, 7),
    "roof_blue": (92, 128, 162, 5), "roof_tile": (92, 92, 94, 8),
    "roof_tile_ridge": (124, 122, 120, 6), "roof_white": (208, 208, 206, 4),
    "roof_brown": (152, 130, 110, 6), "roof_edge": (206, 202, 194, 3),
    "roof_green": (118, 138, 92, 9), "solar": (66, 74, 98, 5),
    "roof_steel": (126, 136, 146, 5), "machine": (112, 112, 110, 12), "stone": (142, 136, 126, 6),
    "car_white": (220, 220, 218, 3), "car_dark": (58, 60, 64, 5), "car_red": (150, 56, 48, 5),
}  # fmt: skip

LIT: Final = ("forest", "park", "embankment", "lawn", "compound", "belt", "reeds", "path", "garden",
              "crown", "crown_light", "crown_dark", "crown_pine", "crown_pine_light",
              "crown_pine_dark", "crown_gold", "crown_gold_light", "crown_gold_dark")  # fmt: skip
"""Ground whose brightness follows the slope."""

_PINES: Final = ("Masson pine", "Dawn redwood")
_GOLDEN: Final = ("Ginkgo", "Golden rain tree", "Weeping willow")


def crowns(grid: Classes, trees: Trees) -> None:
    """Stamp the crowns on the grid, lit from the north-west."""
    english = np.array([row[1] for row in SPECIES])[trees.species]
    family = np.where(np.isin(english, _PINES), 1, np.where(np.isin(english, _GOLDEN), 2, 0))
    names = ("crown", "crown_pine", "crown_gold")
    row, column = cells_at(trees.xy, CELL)
    radius = np.clip(np.round(trees.crown / 2 / CELL), 2, 9).astype(int)
    keep_decks = np.isin(np.arange(256), [CODE["deck"], CODE["parapet"]])
    for size in np.unique(radius):
        span = np.arange(-size, size + 1)
        dy, dx = (part.ravel() for part in np.meshgrid(span, span, indexing="ij"))
        reach = np.hypot(dx, dy) / (size + 0.3)
        inside = reach <= 1.0
        dy, dx, reach = dy[inside], dx[inside], reach[inside]
        light = (-dx - dy) / (size * 1.5) - reach * 0.35
        shade = np.where(light > 0.18, 2, np.where(light < -0.42, 0, 1))
        for kind, name in enumerate(names):
            chosen = (radius == size) & (family == kind)
            if not chosen.any():
                continue
            tones = np.array([CODE[f"{name}_dark"], CODE[name], CODE[f"{name}_light"]], np.uint8)
            rows = np.clip(row[chosen][:, None] + dy, 0, grid.shape[0] - 1)
            columns = np.clip(column[chosen][:, None] + dx, 0, grid.shape[1] - 1)
            values = np.broadcast_to(tones[shade], rows.shape)
            free = ~keep_decks[grid[rows, columns]]
            grid[rows[free], columns[free]] = values[free]


def _grain(rng: np.random.Generator) -> NDArray[np.float32]:
    """A tile of grain that repeats without a seam: fine, middle and coarse together."""
    white = rng.standard_normal((1024, 1024)).astype(np.float32)
    middle = gaussian_filter(white, 2.5, mode="wrap")
    coarse = gaussian_filter(rng.standard_normal((1024, 1024)).astype(np.float32), 16, mode="wrap")
    mixed = 0.45 * white + 0.7 * middle / middle.std() + 0.8 * coarse / coarse.std()
    return np.asarray(mixed / mixed.std(), dtype=np.float32)


def _hill_light(heights: Floats, cell: float) -> NDArray[np.float32]:
    """Brightness of the ground under a low sun in the north-west, 1 on the level."""
    north, east = np.gradient(heights, cell)
    light = 1.0 + 0.55 * (east + north)
    return np.asarray(np.clip(gaussian_filter(light, 1.0), 0.72, 1.25), dtype=np.float32)


def _water_tint(rows: slice, columns: int) -> NDArray[np.float32]:
    """How far the water at each cell is from the bank, 0 at the bank to 1 in the middle."""
    x = ((np.arange(columns) + 0.5) * CELL).astype(np.float32)
    y = frame.DEPTH - (np.arange(rows.start, rows.stop, dtype=np.float32) + 0.5) * CELL
    away = np.abs(y[:, None] - frame.river_centre(x).astype(np.float32)[None, :])
    return np.clip(1.0 - away / frame.river_half_width(x).astype(np.float32)[None, :], 0.0, 1.0)


def develop(grid: Classes, heights: Floats, height_cell: float) -> NDArray[np.uint8]:
    """The picture.

    Parameters
    ----------
    grid : (rows, columns) ndarray of uint8
        Classes with crowns.
    heights : ndarray of float64
        Ground heights, for the light on slopes.
    height_cell : float
        Their cell size, metres.

    Returns
    -------
    (3, rows, columns) ndarray of uint8
        Red, green, blue.
    """
    tone = np.zeros((256, 3), np.float32)
    strength = np.zeros(256, np.float32)
    for kind, (red, green, blue, grain) in TONES.items():
        tone[CODE[kind]] = red, green, blue
        strength[CODE[kind]] = grain
    lit = np.zeros(256, bool)
    lit[[CODE[kind] for kind in LIT]] = True
    tile = _grain(frame.random(9))
    light = _hill_light(heights, height_cell)
    factor = round(height_cell / CELL)
    picture = np.empty((3, *grid.shape), np.uint8)
    step = 500
    wide = -(-grid.shape[1] // 1024)
    for start in range(0, grid.shape[0], step):
        rows = slice(start, min(start + step, grid.shape[0]))
        classes = grid[rows]
        row_tile = np.take(tile, np.arange(rows.start, rows.stop) % 1024, axis=0)
        noise = np.tile(row_tile, (1, wide))[:, : grid.shape[1]] * strength[classes]
        slope = zoom(light[rows.start // factor : -(-rows.stop // factor)], factor, order=0)
        slope = slope[: classes.shape[0], : classes.shape[1]]
        bright = np.where(lit[classes], slope, np.float32(1.0))
        river = classes == CODE["river"]
        tint = _water_tint(rows, grid.shape[1])[river]
        for band in range(3):
            colour = (tone[:, band][classes] + noise) * bright
            colour[river] -= tint * (26.0, 16.0, 8.0)[band]
            picture[band, rows] = np.clip(colour, 0, 255)
    return picture
