"""What a person can choose when pipes are imported."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from layers.errors import CityError
from layers.files.pipe_fields import FieldMap, read_map
from layers.pipes.classes import class_of


@dataclass(frozen=True, slots=True)
class PipeChoices:
    """Choices for pipes; what is left out is guessed from the file and told.

    Attributes
    ----------
    lines : str
        Path of the table of runs where it is not in the file of the points, "" for none.
    fields : str
        Path of a template of fields, "" to guess them by name.
    table : FieldMap or None
        The fields themselves; they go before a template.
    line_class : str
        Class or subclass of all that does not say its own, such as ``sewage``.
    at : (east, north) or None
        Where the origin of a model without a coordinate system stands, project metres.
    unit : float or None
        Metres in one unit of the file's coordinates; None: by its system, or by the lengths
        of its pipes where it has none.
    coordinate_factor : float or None
        What coordinates are multiplied with first; None: 1, or what the lengths of the pipes
        tell where coordinates are off by a power of ten.
    """

    lines: str = ""
    fields: str = ""
    table: FieldMap | None = None
    line_class: str = ""
    at: tuple[float, float] | None = None
    unit: float | None = None
    coordinate_factor: float | None = None

    def __post_init__(self) -> None:
        if self.line_class and class_of(self.line_class) is None:
            raise CityError(
                "pipes.class",
                f"There is no class of pipes called '{self.line_class}'.",
                hint="write water, drain, gas, heat, power, telecom, industry, other, a subclass "
                "such as sewage, or a code such as WS",
                word=self.line_class,
            )
        for number in (self.unit, self.coordinate_factor):
            if number is not None and not 0 < number < math.inf:
                raise CityError(
                    "pipes.factor",
                    f"{number:g} cannot be a unit or a factor of coordinates.",
                    hint="write a number above 0, such as 0.3048",
                    number=number,
                )
        if self.at is not None and not all(math.isfinite(value) for value in self.at):
            raise CityError(
                "pipes.at",
                "A network stands at two numbers: east and north.",
                hint="write --at 508000,3378000",
            )

    def field_map(self) -> FieldMap | None:
        """Give the fields, or read their template; None where none was chosen."""
        if self.table is not None:
            return self.table
        return read_map(Path(self.fields)) if self.fields else None
