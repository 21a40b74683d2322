"""What a person can choose when a model is imported or placed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from layers.errors import CityError
from layers.kinds.model_library import UpAxis

#: Metres in the units that models are drawn in.
UNITS = {"m": 1.0, "cm": 0.01, "mm": 0.001, "km": 1000.0, "ft": 0.3048, "in": 0.0254}
Anchor = Literal["origin", "base"]


@dataclass(frozen=True, slots=True)
class ModelChoices:
    """Choices for models; what is left out is guessed from the file and told.

    Attributes
    ----------
    at : tuple of float or None
        East, north and perhaps height above the datum where it stands, metres in the project's
        system; without a height it stands on the ground. None: the file's own map coordinates.
    turn : float
        Degrees clockwise seen from above.
    scale : float
        Size against the file.
    up : str or None
        Axis of the file that points up.
    unit : float or None
        Metres in one unit of the file.
    anchor : str or None
        What of the model stands at the place: the file's ``origin``, or the middle of its
        ``base``; None: the origin unless it lies far from the model.
    rise : float
        Metres the model is lifted above the ground, or above the given height.
    hide : bool or None
        Whether buildings under it are hidden; None: unless there are many.
    """

    at: tuple[float, ...] | None = None
    turn: float = 0.0
    scale: float = 1.0
    up: UpAxis | None = None
    unit: float | None = None
    anchor: Anchor | None = None
    rise: float = 0.0
    hide: bool | None = None

    def __post_init__(self) -> None:
        if self.at is not None and (
            len(self.at) not in {2, 3} or not all(math.isfinite(v) for v in self.at)
        ):
            raise CityError(
                "model.at",
                "A model stands at two or three numbers: east, north and perhaps a height.",
                hint="write --at 508000,3378000 or --at 508000,3378000,35",
            )
        if not 0 < self.scale < math.inf or not math.isfinite(self.turn + self.rise):
            raise CityError(
                "model.scale",
                f"The scale of a model is more than 0, not {self.scale:g}.",
                hint="1 is the size of the file; for another unit use --unit",
                scale=self.scale,
            )
        if self.up not in {None, "y", "z"}:
            raise CityError(
                "model.up",
                f"'{self.up}' is no axis that points up.",
                hint="write y or z",
                up=str(self.up),
            )


def read_unit(text: str) -> float:
    """Give metres in a unit: a word of ``UNITS`` or a number.

    >>> read_unit("mm"), read_unit("0.5")
    (0.001, 0.5)

    Raises
    ------
    CityError
        ``model.unit``.
    """
    word = text.strip().lower()
    try:
        metres = UNITS[word] if word in UNITS else float(word)
    except ValueError:
        metres = math.nan
    if not 0 < metres < math.inf:
        names = ", ".join(UNITS)
        raise CityError(
            "model.unit",
            f"'{text}' is not a unit of length.",
            hint=f"write {names} or a number of metres",
            text=text,
            names=names,
        )
    return metres


def unit_word(metres: float) -> str:
    """Name a unit, or write its metres.

    >>> unit_word(0.01), unit_word(0.5)
    ('cm', '0.5 m')
    """
    for word, value in UNITS.items():
        if math.isclose(value, metres, rel_tol=1e-9):
            return word
    return f"{metres:g} m"
