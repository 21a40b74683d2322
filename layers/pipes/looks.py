"""How pipes are shown: colours by standard, codes, drawn levels, the band of survey error."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from layers.errors import CityError
from layers.kinds.pipes import ASSUMED, BANK, BY_CLASS, ROUND, Pipes
from layers.pipes.classes import CLASSES, SUBCLASSES
from layers.shapes import Bools, Floats, Ints
from layers.style import Colouring, Entry, texts

#: Which standard colours the classes.
PALETTES = ("cjj61", "apwa")
COVER = 1.0  # metres of ground over the top of a run whose levels nobody knows
SIZE = 0.2  # metres, of a run whose size nobody knows
#: Shares of the depth by which a survey may err beside and up or down, CJJ 61-2017; a depth of
#: less than a metre counts as one.
BESIDE, UP = 0.10, 0.15
_LEVEL_BITS = ASSUMED["start-level"] | ASSUMED["end-level"]


def class_colours(palette: str) -> Colouring:
    """Give the colouring of the classes by a standard.

    Parameters
    ----------
    palette : str
        One of ``PALETTES``: ``"cjj61"`` as Chinese surveys, ``"apwa"`` as marks on American roads.

    Raises
    ------
    CityError
        ``pipes.palette``.
    """
    if palette not in PALETTES:
        raise CityError(
            "pipes.palette", f"There are no colours of pipes by '{palette}'.",
            hint="write cjj61 or apwa", text=palette,
        )  # fmt: skip
    if palette == "cjj61":
        return BY_CLASS
    return Colouring(
        "class", "categories",
        tuple(Entry(f"{item.code} {item.key}", item.apwa, value=item.key) for item in CLASSES),
    )  # fmt: skip


def half_sizes(pipes: Pipes) -> tuple[Floats, Floats]:
    """Give half the outer width and height with which each object is drawn, (n,) metres."""
    wide, high = pipes.outer_width / 2.0, pipes.outer_height / 2.0
    wide = np.where(wide > 0.0, wide, np.where(high > 0.0, high, SIZE / 2.0))
    high = np.where(high > 0.0, high, wide)
    return wide, np.where(pipes.form == ROUND, wide, high)


def assumed_levels(pipes: Pipes) -> Bools:
    """Say of which objects a level is not surveyed: assumed by a rule, or not known at all."""
    return np.asarray(((pipes.assumed & _LEVEL_BITS) != 0) | ~pipes.levelled)


def drawn_levels(pipes: Pipes, ground: ArrayLike) -> Floats:
    """Give the level of the middle at every coordinate, also where none is known.

    Parameters
    ----------
    pipes : Pipes
        With m coordinates.
    ground : (m,) array_like of float
        Height of the ground at each, metres above datum.

    Returns
    -------
    (m,) ndarray of float64
        `Pipes.centres`; without a level ``COVER`` metres of ground lie over the top.
    """
    centre = pipes.centres()
    row = np.repeat(np.arange(len(pipes)), np.diff(pipes.shapes.first_coord))
    guess = np.asarray(ground, dtype=np.float64) - COVER - half_sizes(pipes)[1][row]
    return np.where(np.isfinite(centre), centre, guess)


def error_band(depth: ArrayLike) -> tuple[Floats, Floats]:
    """Give by how much a survey may err at depths, beside and up or down, metres.

    References
    ----------
    .. [1] CJJ 61-2017: 0.10 h in plan and 0.15 h in depth, h at least 1 m.

    Examples
    --------
    >>> beside, up = error_band([0.5, 2.0])
    >>> beside.tolist(), up.round(2).tolist()
    ([0.1, 0.2], [0.15, 0.3])
    """
    h = np.maximum(np.asarray(depth, dtype=np.float64), 1.0)
    return BESIDE * h, UP * h


def bank_shape(pipes: Pipes) -> Ints:
    """Give rows and columns of the ducts of each object, (n, 2); 0 for what is no bank.

    Read from ``holes`` (``"3x4"``: three rows of four); a bank that does not say has 2 x 2.
    """
    out = np.zeros((len(pipes), 2), dtype=np.int64)
    banks = np.flatnonzero(pipes.form == BANK)
    if not len(banks):
        return out
    told: list[object] = [None] * len(banks)
    if "holes" in pipes.attributes.column_names:
        told = texts(pipes.column("holes"))[banks].tolist()
    for row, text in zip(banks.tolist(), told, strict=True):
        out[row] = _grid(str(text or ""))
    return out


def _grid(text: str) -> tuple[int, int]:
    """Read rows and columns.

    >>> _grid("3x4"), _grid("2×6"), _grid(""), _grid("9")
    ((3, 4), (2, 6), (2, 2), (1, 9))
    """
    parts = [part for part in text.lower().replace("×", "x").replace("*", "x").split("x") if part]
    try:
        numbers = [int(float(part)) for part in parts]
    except ValueError:
        return 2, 2
    if len(numbers) == 1 and 0 < numbers[0] <= 64:
        return 1, numbers[0]
    if len(numbers) == 2 and all(0 < number <= 24 for number in numbers):
        return numbers[0], numbers[1]
    return 2, 2


def run_codes(pipes: Pipes, rows: Ints) -> list[str]:
    """Give what is written along runs: code of the class and size, such as ``"WS DN400"``.

    Sizes are millimetres; a bank tells its ducts. What is not known is left out.
    """
    grids = bank_shape(pipes)
    out = []
    for row in rows.tolist():
        sub = int(pipes.subclass[row])
        code = SUBCLASSES[sub - 1].code if sub else CLASSES[int(pipes.line_class[row])].code
        wide, high = (round(float(a[row]) * 1000) for a in (pipes.width, pipes.height))
        form = int(pipes.form[row])
        if form == BANK:
            size = f"{grids[row, 0]}x{grids[row, 1]}"
        elif form == ROUND:
            size = f"DN{wide}" if wide else ""
        else:
            size = f"{wide}x{high}" if wide and high else ""
        out.append(f"{code} {size}".strip())
    return out
