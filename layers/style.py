"""How a layer wants to look: plain values that can be saved, compared and undone."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from layers.errors import CityError

Colour = str  # "#rrggbb"
Rgb = NDArray[np.uint8]
Tunnels = Literal["hidden", "dashed", "portals"]
TUNNELS = ("hidden", "dashed", "portals")
Heights = Literal["ground", "absolute", "relative"]
HEIGHTS: tuple[Heights, ...] = ("ground", "absolute", "relative")
PipeMode = Literal["true", "symbols"]
PIPE_MODES = ("true", "symbols")
LineForm = Literal["ground", "walls", "volumes"]
LINE_FORMS: tuple[LineForm, ...] = ("ground", "walls", "volumes")
MANY_BOUNDS = 24  # bounds of colours from which on a search is quicker than looking at each

#: Eight colours that stay apart for most colour-blind readers, then their lighter twins.
CATEGORY_COLOURS: tuple[Colour, ...] = (
    "#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#76b7b2", "#edc948", "#b07aa1", "#9c755f",
    "#a0cbe8", "#ffbe7d", "#8cd17d", "#ff9d9a", "#b6d7d4", "#f7e6a1", "#d4a6c8", "#d7b5a6",
)  # fmt: skip
#: Light to dark, even steps of lightness, from sand over orange to plum.
RANGE_COLOURS: tuple[Colour, ...] = (
    "#fdf0d0", "#f9cf8e", "#f3a35c", "#e2723f", "#bf4440", "#8c2a4d", "#551f4e",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a legend.

    Attributes
    ----------
    label : str
        What the reader sees.
    colour : str
        ``#rrggbb``.
    value : str or None
        The category it stands for; None in a colouring by ranges.
    low, high : float or None
        The range it stands for, low included, high excluded (the last one
        includes it); None in a colouring by categories.
    """

    label: str
    colour: Colour
    value: str | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Colouring:
    """Colours by the values of a field.

    Attributes
    ----------
    field : str
        Name of an attribute, or ``"height"`` for the built height.
    mode : str
        ``"categories"`` or ``"ranges"``.
    entries : tuple of Entry
        The legend, top to bottom.
    other : str
        Colour of everything that no entry stands for.
    """

    field: str
    mode: Literal["categories", "ranges"]
    entries: tuple[Entry, ...]
    other: Colour = "#b8b8b8"


@dataclass(frozen=True, slots=True)
class Style:
    """The look of one layer.

    Attributes
    ----------
    colour : str
        ``#rrggbb`` of everything that `colouring` does not colour.
    outline : str or None
        Colour of edges and borders; None for none.
    line_width : float
        Width of lines and outlines, pixels.
    width_m : float
        Width of lines drawn as ribbons on the ground, metres; 0 keeps pixels.
    width_field : str
        Attribute that gives the ribbon's width in metres, "" for none.
    point_size : float
        Size of points, pixels.
    colouring : Colouring or None
        Colours by attribute.
    label_field : str
        Attribute written beside each object, "" for none.
    label_size : float
        Size of its letters, pixels.
    label_colour : str or None
        ``#rrggbb`` of the letters; None takes a dark shade of `colour`.
    label_rank : str
        Attribute of numbers that says which labels go first where there is no room for all,
        high before low; "" puts large objects first.
    label_behind : bool
        Whether labels are written even where something stands before their object.
    label_metres : float
        Farthest an object may be for its label to be written; 0 for as far as one sees.
    lift : float
        Metres above the ground at which flat things are drawn.
    fill : float
        How solid areas are drawn, 0 to 1, beside the layer's opacity; 0 as its kind is.
    built : bool
        Whether streets, rails, water, green and trees are drawn as they are built (surfaces,
        kerbs, lanes, decks, waves, trunks) instead of as a map shows them; colours stay.
    tunnels : str
        What shows of underground streets and rails on the ground: ``"hidden"``, ``"dashed"``
        lines or ``"portals"``.
    lamps : float
        Metres from one street lamp to the next on a side; 0 for no lamps.
    left_hand : bool
        Whether streets are driven on the left.
    heights : str
        Where shapes stand whose corners have heights: ``"ground"`` leaves those out, ``"absolute"``
        takes them as metres above datum, ``"relative"`` as metres above the ground.
    contours : float
        Metres of height from one contour line of a terrain to the next; 0 for no lines.
    pipe_mode : str
        How pipes are drawn: ``"true"`` bodies under the ground, or ``"symbols"`` of a map.
    pipe_codes : bool
        Whether code and size are written along pipes, instead of `label_field`.
    pipe_arrows : bool
        Whether arrows tell the flow where it is known.
    pipe_errors : bool
        Whether the band is drawn in which a pipe may lie by the error of its survey.
    pipe_hidden : tuple of str
        Keys of the classes of pipes that are left out.
    line_preset : str
        Which preset the classes of control lines belong to (`layers.kinds.control_lines`); ""
        takes the one that fits.
    line_form : str
        How control lines are drawn: on the ``"ground"``, as standing ``"walls"``, or as
        ``"volumes"``.
    line_height : float
        Metres above the ground up to which walls and volumes stand where a line tells no height.
    """

    colour: Colour = "#d9d4c7"
    outline: Colour | None = None
    line_width: float = 1.0
    width_m: float = 0.0
    width_field: str = ""
    point_size: float = 6.0
    colouring: Colouring | None = None
    label_field: str = ""
    label_size: float = 13.0
    label_colour: Colour | None = None
    label_rank: str = ""
    label_behind: bool = False
    label_metres: float = 0.0
    lift: float = 0.0
    fill: float = 0.0
    built: bool = False
    tunnels: Tunnels = "hidden"
    lamps: float = 0.0
    left_hand: bool = False
    heights: Heights = "ground"
    contours: float = 0.0

    pipe_mode: PipeMode = "true"
    pipe_codes: bool = False
    pipe_arrows: bool = False
    pipe_errors: bool = False
    pipe_hidden: tuple[str, ...] = ()

    line_preset: str = ""
    line_form: LineForm = "ground"
    line_height: float = 30.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "pipe_hidden", tuple(self.pipe_hidden))  # files know lists alone
        if self.pipe_mode not in PIPE_MODES:
            raise CityError(
                "style.pipe_mode",
                f"'{self.pipe_mode}' does not say how pipes are drawn.",
                hint="write true or symbols",
                text=str(self.pipe_mode),
            )
        if self.line_form not in LINE_FORMS:
            raise CityError(
                "style.line_form",
                f"'{self.line_form}' does not say how control lines are drawn.",
                hint="write ground, walls or volumes",
                text=str(self.line_form),
            )
        if self.tunnels not in TUNNELS:
            raise CityError(
                "style.tunnels",
                f"'{self.tunnels}' does not say how tunnels are drawn.",
                hint="write hidden, dashed or portals",
                text=str(self.tunnels),
            )
        checked_heights(self.heights)
        for colour in (self.colour, self.outline, self.label_colour):
            if colour is not None:
                rgb(colour)


def checked_heights(how: str) -> str:
    """Check what heights of corners mean, and give it.

    Raises
    ------
    CityError
        ``style.heights`` for another word.
    """
    if how not in HEIGHTS:
        raise CityError(
            "style.heights",
            f"'{how}' does not say what heights in shapes mean.",
            hint="write ground, absolute or relative",
            text=str(how),
        )
    return how


def rgb(colour: Colour) -> tuple[int, int, int]:
    """Give red, green, blue, 0 to 255, of ``#rrggbb``.

    Raises
    ------
    CityError
        ``style.colour`` if it is not such a text.
    """
    try:
        if len(colour) != 7 or colour[0] != "#":
            raise ValueError(colour)
        number = int(colour[1:], 16)
    except ValueError as error:
        raise CityError(
            "style.colour",
            f"'{colour}' is not a colour.",
            hint="write it as #rrggbb, such as #e53935",
            colour=colour,
        ) from error
    return number >> 16, number >> 8 & 255, number & 255


def figure(value: float) -> str:
    """Write a limit of a class as people read it: four digits that count, no powers of ten.

    Examples
    --------
    >>> [figure(v) for v in (2.5, 1234.56, 166666.7, 0.00012345)]
    ['2.5', '1235', '166,667', '0.0001234']
    """
    return f"{value:,.0f}" if abs(value) >= 9999.5 else f"{value:.4g}"


def texts(column: pa.Array | pa.ChunkedArray) -> NDArray[np.object_]:
    """Give a column as texts, (n,) object, None where there is no value."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        return np.array(
            [None if v is None or math.isnan(v) else f"{v:g}" for v in column.to_pylist()],
            dtype=object,
        )
    try:
        column = pc.cast(column, pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return np.array([None if v is None else str(v) for v in column.to_pylist()], dtype=object)
    return np.array(column.to_pylist(), dtype=object)


def numbers(column: pa.Array | pa.ChunkedArray) -> NDArray[np.float64]:
    """Give a column as float64, (n,), NaN where there is no number."""
    if pa.types.is_boolean(column.type) or not (
        pa.types.is_integer(column.type)
        or pa.types.is_floating(column.type)
        or pa.types.is_decimal(column.type)
    ):
        out = np.full(len(column), np.nan)
        for i, text in enumerate(texts(column)):
            try:
                out[i] = float(text)
            except (TypeError, ValueError):
                continue
        return out
    cast = pc.cast(column, pa.float64())
    return np.array(pc.fill_null(cast, float("nan")).to_numpy(), dtype=np.float64)


def colour_numbers(values: NDArray[np.float64], colouring: Colouring) -> Rgb:
    """Give the colours, (n, 3) uint8, of numbers under a colouring by ranges."""
    lows = [-np.inf if entry.low is None else entry.low for entry in colouring.entries]
    highs = [np.inf if entry.high is None else entry.high for entry in colouring.entries]
    bounds = np.unique([bound for bound in (*lows, *highs) if np.isfinite(bound)])
    places = [-np.inf, *bounds]  # on the left end of each stretch between two bounds
    palette = np.full((len(places) + 1, 3), rgb(colouring.other), dtype=np.uint8)
    for entry, low, high in zip(colouring.entries, lows, highs, strict=True):
        for number, place in enumerate(places):
            if low <= place < high:
                palette[number] = rgb(entry.colour)
    if len(bounds) > MANY_BOUNDS:
        stretch = np.searchsorted(bounds, values, side="right").astype(np.uint16)
    else:
        stretch = np.zeros(len(values), dtype=np.uint8)
        for bound in bounds:
            stretch += values >= bound
    stretch[np.isnan(values)] = len(places)
    out = palette.take(stretch, axis=0)
    if colouring.entries:
        out[values == highs[-1]] = rgb(colouring.entries[-1].colour)
    return out


def colour_texts(values: NDArray[np.object_], colouring: Colouring) -> Rgb:
    """Give the colours, (n, 3) uint8, of texts under a colouring by categories."""
    palette = {entry.value: rgb(entry.colour) for entry in colouring.entries}
    other = rgb(colouring.other)
    return np.array([palette.get(v, other) for v in values], dtype=np.uint8).reshape(-1, 3)


def by_categories(
    name: str, column: pa.Array | pa.ChunkedArray, *, most: int = 12, other: Colour = "#b8b8b8"
) -> Colouring:
    """Make a colouring with an entry for each of the most frequent values.

    Parameters
    ----------
    name : str
        The field's name.
    column : pyarrow array
        Its values.
    most : int
        Number of entries at most; rarer values get the colour `other`.
    other : str
        Colour of the rest, ``#rrggbb``.
    """
    values, counts = np.unique([v for v in texts(column) if v is not None], return_counts=True)
    chosen = sorted(values[np.argsort(-counts, kind="stable")[:most]].tolist())
    entries = tuple(
        Entry(label=v, colour=CATEGORY_COLOURS[i % len(CATEGORY_COLOURS)], value=v)
        for i, v in enumerate(chosen)
    )
    return Colouring(name, "categories", entries, other)


def by_ranges(
    name: str,
    values: NDArray[np.float64],
    *,
    steps: int = 6,
    method: Literal["quantiles", "equal"] = "quantiles",
    unit: str = "",
    other: Colour = "#b8b8b8",
) -> Colouring:
    """Make a colouring with up to `steps` ranges of numbers.

    Parameters
    ----------
    name : str
        The field's name.
    values : (n,) ndarray of float64
        Its numbers; NaN is ignored.
    steps : int
        Number of ranges, 2 to 7.
    method : str
        ``"quantiles"`` gives ranges of equal count, ``"equal"`` of equal width.
    unit : str
        Written behind the numbers of the legend.
    other : str
        Colour of objects without a number.

    Raises
    ------
    CityError
        ``style.no_numbers`` if the field holds no number.
    """
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        raise CityError(
            "style.no_numbers",
            f"The field '{name}' holds no numbers.",
            hint="colour by categories instead",
            field=name,
        )
    steps = min(max(steps, 2), len(RANGE_COLOURS))
    share = np.linspace(0.0, 1.0, steps + 1)
    low, high = finite.min(), finite.max()
    inner = np.quantile(finite, share) if method == "quantiles" else low + share * (high - low)
    edges = np.unique(np.clip(np.concatenate([[low], inner[1:-1], [high]]), low, high))
    if len(edges) == 1:
        edges = np.array([edges[0], edges[0]])
    pick = np.linspace(0, len(RANGE_COLOURS) - 1, max(len(edges) - 1, 1)).round().astype(int)
    tail = f" {unit}" if unit else ""
    entries = tuple(
        Entry(
            f"{figure(lower)} - {figure(upper)}{tail}",
            RANGE_COLOURS[pick[i]],
            None,
            float(lower),
            float(upper),
        )
        for i, (lower, upper) in enumerate(itertools.pairwise(edges))
    )
    return Colouring(name, "ranges", entries, other)


@dataclass(frozen=True, slots=True)
class Legend:
    """What a legend box shows for one layer.

    Attributes
    ----------
    title : str
        Layer name, and the field where it is coloured by one.
    entries : tuple of Entry
        Lines, top to bottom.
    shape : str
        ``"area"``, ``"line"`` or ``"point"``: the form of the little sign.
    shapes : tuple of str
        The form of each line's sign where they differ; () where they do not.
    signs : tuple
        Emergency symbols drawn before the lines in place of colours; () for none.
    """

    title: str
    entries: tuple[Entry, ...] = field(default=())
    shape: Literal["area", "line", "point"] = "area"
    shapes: tuple[Literal["area", "line", "point"], ...] = ()
    signs: tuple[Any, ...] = ()


def recoloured(style: Style, colouring: Colouring | None) -> Style:
    """Give the style with another colouring."""
    return replace(style, colouring=colouring)
