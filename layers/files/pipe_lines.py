"""Lines and points of a file of shapes as a network of pipes."""

from __future__ import annotations

import numpy as np

from layers.kinds.base import Features
from layers.kinds.pipes import Pipes
from layers.pipes.classes import CLASS_KEYS, class_of


def pipes_of(plain: Features, name: str) -> Pipes:
    """Make pipes of plain lines and points.

    Parameters
    ----------
    plain : Features
        n lines and points in project coordinates.
    name : str
        Name of the file or layer, which may tell the class.
    """
    known = class_of(name)
    key = "other" if known is None else known[0]
    codes = np.full(len(plain), CLASS_KEYS.index(key))
    return Pipes.of_columns(plain, codes, 0.0)
