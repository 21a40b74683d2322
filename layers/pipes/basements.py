"""How deep buildings reach below the ground."""

from __future__ import annotations

import numpy as np

from layers.kinds.buildings import Buildings
from layers.planning.floor_areas import UNDERGROUND
from layers.planning.uses import first_field
from layers.shapes import Floats, Ints
from layers.style import numbers

STOREY = 3.6  # metres of a storey below ground where nobody tells the depth
DEPTHS = ("basement_depth_m", "basement_depth", "地下深度", "地下室深度")


def basement_depths(data: Buildings, rows: Ints) -> tuple[Floats, Floats]:
    """Give how deep buildings reach below the ground.

    Parameters
    ----------
    data : Buildings
        The layer.
    rows : (k,) int64
        Which.

    Returns
    -------
    depth : (k,) float64
        Metres; 0 where nothing is told. From a field that tells the depth, else 3.6 m for each
        storey below ground.
    floors : (k,) float64
        Storeys below ground; NaN where the depth itself is told.
    """
    deep, floors = np.zeros(len(rows)), np.full(len(rows), np.nan)
    if name := first_field(data, UNDERGROUND):
        told = np.maximum(np.nan_to_num(numbers(data.column(name))[rows]), 0.0)
        deep, floors = told * STOREY, np.where(told > 0, told, np.nan)
    if name := first_field(data, DEPTHS):
        told = np.abs(np.nan_to_num(numbers(data.column(name))[rows]))
        deep, floors = np.where(told > 0, told, deep), np.where(told > 0, np.nan, floors)
    return deep, floors
