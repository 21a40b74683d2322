"""What a person can choose when a file is imported."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from layers.errors import CityError
from layers.files.encodings import shown_name
from layers.files.fact_fields import FactFields
from layers.files.line_templates import LineTemplate
from layers.files.model_choices import ModelChoices
from layers.files.pipe_choices import PipeChoices
from layers.files.quantities import Unit
from layers.style import Heights, checked_heights

Interpolation = Literal["linear", "smooth", "plain"]

ALL_LAYERS = "*"  # as the name of a layer: every layer that fits


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Choices for one file; what is left out is found by looking.

    Attributes
    ----------
    kind : str or None
        Kind of layer, a key of ``KINDS``; None: proposed from names, fields, shapes.
    name : str
        Name of the new layer; "" for that of the file.
    layer : str or None
        Layer of a file of several; ``"*"`` for all that fit the kind.
    encoding : str or None
        Encoding of texts.
    crs : str or None
        Coordinate system of the file, or ``city-grid``.
    swap_axes : bool or None
        Whether north stands before east; None: look.
    height_field, floors_field, min_height_field, base_field : str or None
        Fields for buildings; None: found by name.
    storey_height, default_height : float
        Metres, for buildings that tell floors, or nothing.
    height_unit : str or None
        Unit of heights in fields, or of a raster's heights: ``"m"``, ``"ft"``, ``"cm"``, ``"mm"``.
        None: by the field's name, metres for rasters that do not say.
    min_area : float or None
        Polygons smaller than this are slivers and left out, m2; None: 0.1 for
        buildings, nothing for other kinds.
    keep_duplicates : bool
        Whether features that repeat an earlier one are kept.
    nodata : float or None
        Value that stands for "unknown" in a raster that does not say.
    resolution : float or None
        Size of a raster's cells in the project, metres; None: as fine as the file.
    interpolation : str
        How ground is made of spot heights and contours: ``linear``, plane triangles with
        flat ones bent; ``plain``, plane triangles as they are; ``smooth``, without kinks.
    heights : str or None
        What the heights of corners mean: ``"absolute"`` metres above datum, ``"relative"`` metres
        above the ground, ``"ground"`` nothing. Flat layers keep it in their style; for buildings
        it is about the level they stand on. None: flat layers lie on the ground, buildings take
        levels as absolute.
    model : ModelChoices or None
        Where a hand-made model stands, and how.
    pipes : PipeChoices or None
        Tables, fields and places of pipes.
    lines : LineTemplate or None
        What the values of a field mean for control lines; None: the names in the file decide.
    facts : FactFields or None
        Which field says what of resources and hazard sources; None: guessed by their names.
    """

    kind: str | None = None
    name: str = ""
    layer: str | None = None
    encoding: str | None = None
    crs: str | None = None
    swap_axes: bool | None = None
    height_field: str | None = None
    floors_field: str | None = None
    min_height_field: str | None = None
    base_field: str | None = None
    storey_height: float = 3.0
    default_height: float = 9.0
    height_unit: Unit | None = None
    min_area: float | None = None
    keep_duplicates: bool = False
    nodata: float | None = None
    resolution: float | None = None
    interpolation: Interpolation = "linear"
    heights: Heights | None = None
    model: ModelChoices | None = None
    pipes: PipeChoices | None = None
    lines: LineTemplate | None = None
    facts: FactFields | None = None

    def __post_init__(self) -> None:
        if self.resolution is not None and not 0 < self.resolution < float("inf"):
            raise CityError(
                "import.resolution",
                f"--resolution is {self.resolution:g}; it must be more than 0 metres.",
                hint="leave --resolution out to keep the cells of the file",
                metres=self.resolution,
            )
        if self.interpolation not in get_args(Interpolation):
            raise CityError(
                "import.interpolation",
                f"'{self.interpolation}' is no way to make ground of points.",
                hint="write linear, smooth or plain",
                method=self.interpolation,
            )
        if self.heights is not None:
            checked_heights(self.heights)
        if self.encoding:
            shown_name(self.encoding)  # raises for a name that nobody knows

    def chosen(self) -> dict[str, Any]:
        """Give what differs from the defaults, as values that JSON can hold."""
        usual = asdict(ImportOptions())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}
