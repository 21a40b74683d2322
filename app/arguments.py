"""What people write on the command line and in job files: points, cameras, sizes, colourings."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pyarrow as pa

from app.wording import Wording, current
from layers.errors import CityError
from layers.ground_tint import COMPASS, tint
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.clouds import Cloud
from layers.kinds.models import Models
from layers.kinds.terrain import Terrain
from layers.palettes import RANGE_PALETTES, built, field_numbers, field_values, spread
from layers.project import Project
from layers.shapes import Floats
from layers.style import Colouring, Entry, by_categories, by_ranges
from layers.viewpoint import DEFAULT_FOV, Viewpoint

WGS84 = "EPSG:4326"
LARGEST_WIDTH = 16384
LARGEST_HEIGHT = 16384
DEFAULT_SIZE = (1600, 900)
Point = tuple[float, ...]
Method = Literal["quantiles", "equal"]


def parse_numbers(text: str) -> tuple[float, ...]:
    """Read numbers separated by commas.

    Raises
    ------
    CityError
        ``argument.number``, naming the part that is none.

    Examples
    --------
    >>> parse_numbers("114.3, 30.6")
    (114.3, 30.6)
    """
    out = []
    for part in text.replace("，", ",").split(","):
        try:
            value = float(part)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise CityError(
                "argument.number",
                f"'{part.strip()}' in '{text.strip()}' is not a number.",
                hint="write numbers with a point and put commas between them, such as 120.5,30",
                part=part.strip(),
                text=text.strip(),
            )
        out.append(value)
    return tuple(out)


def parse_points(text: str, *, least: int = 1, most: int | None = None) -> tuple[Point, ...]:
    """Read points: ``x,y`` or ``x,y,z`` each, with spaces or semicolons between them.

    Parameters
    ----------
    text : str
        Such as ``"508000,3378000 508100,3378000"``.
    least, most : int
        How many points there may be; None for any number.

    Raises
    ------
    CityError
        ``argument.number``, ``argument.point`` or ``argument.points``.

    Examples
    --------
    >>> parse_points("1,2 3,4,5")
    ((1.0, 2.0), (3.0, 4.0, 5.0))
    """
    tidy = re.sub(r"\s*[,，]\s*", ",", text.strip())
    parts = [part for part in re.split(r"[\s;；]+", tidy) if part]
    points = tuple(parse_numbers(part) for part in parts)
    for part, point in zip(parts, points, strict=True):
        if len(point) not in {2, 3}:
            raise CityError(
                "argument.point",
                f"'{part}' is not a point: it has {len(point)} numbers.",
                hint="write points as x,y or x,y,z with spaces between them",
                text=part,
                count=len(point),
            )
    if len(points) < least or (most is not None and len(points) > most):
        needed = str(least) if most == least else f"{least}+" if most is None else f"{least}-{most}"
        raise CityError(
            "argument.points",
            f"'{text.strip()}' has {len(points)} points; {needed} are needed.",
            hint="write points as x,y or x,y,z with spaces between them",
            text=text.strip(),
            count=len(points),
            needed=needed,
        )
    return points


def parse_size(text: str) -> tuple[int, int]:
    """Read the size of a picture, ``WIDTHxHEIGHT`` in pixels.

    Raises
    ------
    CityError
        ``argument.size``.

    Examples
    --------
    >>> parse_size("1920x1080")
    (1920, 1080)
    """
    match = re.fullmatch(r"\s*(\d{1,6})\s*[xX×*]\s*(\d{1,6})\s*", text)
    width, height = (int(match[1]), int(match[2])) if match else (0, 0)
    return checked_size(width, height, text)


def checked_size(width: int, height: int, text: str = "") -> tuple[int, int]:
    """Give the size back where a picture can have it.

    Raises
    ------
    CityError
        ``argument.size``.
    """
    if not (16 <= width <= LARGEST_WIDTH and 16 <= height <= LARGEST_HEIGHT):
        shown = text.strip() or f"{width}x{height}"
        raise CityError(
            "argument.size",
            f"'{shown}' is not a picture size from 16x16 to {LARGEST_WIDTH}x{LARGEST_HEIGHT}.",
            hint="write WIDTHxHEIGHT in pixels, such as 1920x1080",
            text=shown,
            largest=f"{LARGEST_WIDTH}x{LARGEST_HEIGHT}",
        )
    return width, height


def parse_camera(project: Project, text: str, crs: str = WGS84) -> Viewpoint:
    """Read a camera: ``lon,lat,height,heading,pitch`` and, if wanted, the field of view.

    Parameters
    ----------
    project : Project
        Gives the coordinate system and the ground.
    text : str
        Degrees for all but the height, metres above the project's height datum.
        The heading is clockwise from grid north; a pitch of 0 is level, -90
        looks straight down.
    crs : str
        System of the first two numbers; ``city-grid`` and any EPSG code do.

    Raises
    ------
    CityError
        ``argument.number`` or ``argument.camera``.
    """
    values = parse_numbers(text)
    if len(values) not in {5, 6}:
        raise CityError(
            "argument.camera",
            f"A camera has five numbers, or six with the field of view; '{text}' has "
            f"{len(values)}.",
            hint="write longitude,latitude,height,heading,pitch, such as 114.10,30.52,600,20,-35",
            text=text,
            count=len(values),
        )
    x, y, height, heading, pitch = values[:5]
    if not -90 <= pitch <= 90:
        raise CityError(
            "argument.pitch",
            f"A pitch of {pitch:g} degrees cannot be.",
            hint="0 looks level, -90 straight down",
            pitch=pitch,
        )
    east, north = project.need_frame().from_any([[x, y]], crs)[0]
    fov = math.radians(values[5]) if len(values) == 6 else DEFAULT_FOV
    ground = float(project.ground_at([[east, north]])[0])
    return Viewpoint(
        east=float(east),
        north=float(north),
        height=height,
        heading=math.radians(heading % 360.0),
        pitch=math.radians(pitch),
        distance=turning_distance(height - ground, math.radians(pitch)),
        fov=fov,
    )


def turning_distance(above_ground: float, pitch: float) -> float:
    """Guess how far away the thing is that a camera looks at: where its ray meets the ground.

    >>> round(turning_distance(100.0, -math.pi / 2)), round(turning_distance(100.0, 0.0))
    (100, 1000)
    """
    if pitch < -1e-3 and above_ground > 0:
        return min(max(above_ground / math.sin(-pitch), 10.0), 20_000.0)
    return 1000.0


def camera_text(project: Project, camera: Viewpoint) -> str:
    """Write a camera as `parse_camera` reads it."""
    longitude, latitude = project.need_frame().lonlat([[camera.east, camera.north]])[0]
    heading, pitch = math.degrees(camera.heading) % 360.0, math.degrees(camera.pitch)
    return (
        f"{longitude:.7f},{latitude:.7f},{camera.height:.2f},{heading:.2f},{pitch:.2f},"
        f"{math.degrees(camera.fov):.2f}"
    )


def overview(
    project: Project,
    heading: float = 0.0,
    pitch: float = math.radians(-38.0),
    *,
    aspect: float = 16 / 9,
) -> Viewpoint:
    """Put the eye where everything visible is in the picture; heading and pitch in radians.

    Raises
    ------
    CityError
        ``argument.empty_project`` where nothing lies in the project.
    """
    extent = project.extent(main=True) or project.extent(visible_only=False, main=True)
    if extent is None:
        raise nothing_to_see()
    west, south, east, north = extent
    corners = [[x, y] for x in np.linspace(west, east, 9) for y in np.linspace(south, north, 9)]
    ground = project.ground_at(corners)
    top = float(ground.max())
    for layer in project.layers:
        if layer.visible and (reached := _top_of(project, layer, float(ground.mean()))) is not None:
            top = max(top, reached)
    return Viewpoint.over(
        extent, float(ground.min()), top, heading=heading, pitch=pitch, aspect=aspect
    )


def _top_of(project: Project, layer: Layer, ground: float) -> float | None:
    """Give how high what stands in a layer reaches, metres above datum; None where it lies."""
    data = layer.data
    if isinstance(data, Buildings) and len(data):
        foot = np.where(np.isfinite(data.base), data.base, ground)
        return float(np.quantile(foot + data.height, 0.98))
    if isinstance(data, Models) and len(data):
        high = np.array([model.box()[1, 2] for model in data.library.models])
        foot = data.heights(project.ground_at(data.shapes.coords))
        return float((foot + high[data.model] * data.scale).max())
    if isinstance(data, Cloud) and (box := data.box()) is not None:
        return float(box[1, 2])
    return None


def nothing_to_see() -> CityError:
    """Give the error for a project in which nothing lies."""
    return CityError(
        "argument.empty_project",
        "The project holds nothing to look at.",
        hint="import a file first",
    )


def split_field(project: Project, text: str) -> tuple[Layer, str, str]:
    """Read ``LAYER:FIELD``, with ``:ranges``, ``:categories`` or limits (``:24,50,100``) behind.

    Layers and fields may hold colons themselves (``building:levels``).

    Returns
    -------
    Layer, str, str
        The layer, the field, and the mode as `colouring` takes it.

    Raises
    ------
    CityError
        ``argument.colour_by``; as finding the layer or the field does.
    """
    mode = ""
    rest = text
    head, _, tail = text.rpartition(":")
    limits = re.fullmatch(r"[-+.\d,， ]*\d[-+.\d,， ]*", tail) is not None
    if head and (tail in {"ranges", "categories"} or (limits and ":" in head)):
        rest, mode = head, tail
    cuts = [i for i, sign in enumerate(rest) if sign == ":"]
    if not cuts:
        raise CityError(
            "argument.colour_by",
            f"'{text}' does not name a layer and a field.",
            hint="write LAYER:FIELD, such as Buildings:height:ranges",
            text=text,
        )
    names = {layer.name for layer in project.layers} | {layer.id for layer in project.layers}
    for cut in cuts:
        if rest[:cut] in names:
            return project.layer(rest[:cut]), rest[cut + 1 :], mode
    return project.layer(rest[: cuts[0]]), rest[cuts[0] + 1 :], mode


def colouring(
    layer: Layer,
    field: str,
    mode: str = "",
    *,
    steps: int = 6,
    method: Method = "quantiles",
    unit: str = "",
) -> Colouring:
    """Make a colouring of a layer by a field.

    Parameters
    ----------
    layer : Layer
        A layer of shapes.
    field : str
        An attribute, or ``height`` for the built height of buildings; of a terrain ``height``,
        ``slope`` or ``aspect``.
    mode : str
        ``"ranges"``, ``"categories"``, limits between ranges such as
        ``"24,50,100"``, or "" to take ranges for a field with more than 12
        different numbers and categories for all else.
    steps, method, unit
        As `layers.style.by_ranges` takes them.

    Raises
    ------
    CityError
        ``features.no_such_field``, ``style.no_numbers``, ``layer.no_shapes``.
    """
    if isinstance(layer.data, Terrain):
        return ground_tint(layer, field, parse_numbers(mode) if mode not in {"", "ranges"} else ())
    features: Features = layer.features
    if built(features, field):
        unit = unit or "m"
    values = field_numbers(features, field)
    if not mode:
        mode = _fitting_mode(field_values(features, field), values)
    if mode == "categories":
        return by_categories(field, field_values(features, field))
    if mode != "ranges":
        return by_limits(field, parse_numbers(mode), unit)
    return by_ranges(field, values, steps=steps, method=method, unit=unit)


def ground_tint(
    layer: Layer, field: str, limits: Sequence[float] = (), *, words: Wording | None = None
) -> Colouring:
    """Make a colouring of a terrain by height, slope or aspect; see `layers.ground_tint.tint`."""
    assert isinstance(layer.data, Terrain)
    words = words or current()
    names = [words.t(f"compass-{name.lower()}") for name in COMPASS]
    return tint(layer.data, field, limits, directions=names)


def _fitting_mode(column: pa.Array | pa.ChunkedArray, values: Floats) -> str:
    finite = values[np.isfinite(values)]
    numeric = finite.size > 0.8 * max(len(column) - column.null_count, 1)
    return "ranges" if numeric and len(np.unique(finite)) > 12 else "categories"


def by_limits(name: str, limits: Sequence[float], unit: str = "") -> Colouring:
    """Make a colouring with ranges between limits that somebody chose.

    Raises
    ------
    CityError
        ``argument.limits`` if they do not rise, or are more than 20.

    Examples
    --------
    >>> [entry.label for entry in by_limits("height", (24, 50), "m").entries]
    ['< 24 m', '24 - 50 m', '≥ 50 m']
    """
    rising = all(low < high for low, high in itertools.pairwise(limits))
    if not rising or not 1 <= len(limits) <= 20:
        text = ",".join(f"{limit:g}" for limit in limits)
        raise CityError(
            "argument.limits",
            f"'{text}' are not limits of ranges.",
            hint="write 1 to 20 numbers that rise, such as 24,50,100",
            text=text,
        )
    tail = f" {unit}" if unit else ""
    edges: list[float | None] = [None, *map(float, limits), None]
    colours = spread(RANGE_PALETTES["sand"], len(limits) + 1)
    entries = []
    for (low, high), colour in zip(itertools.pairwise(edges), colours, strict=True):
        if low is None:
            label = f"< {high:g}{tail}"
        else:
            label = f"≥ {low:g}{tail}" if high is None else f"{low:g} - {high:g}{tail}"
        entries.append(Entry(label, colour, low=low, high=high))
    return Colouring(name, "ranges", tuple(entries))


def pick_layers(project: Project, names: Sequence[str]) -> set[str]:
    """Give the ids of layers named by id, by name, or by kind.

    Raises
    ------
    CityError
        ``project.no_such_layer``.
    """
    chosen: set[str] = set()
    for name in names:
        same = [layer.id for layer in project.layers if name in {layer.id, layer.name}]
        of_kind = [layer.id for layer in project.of_kind(name)]
        chosen.update(same or of_kind or [project.layer(name).id])
    return chosen


def outline_of(project: Project, text: str) -> list[tuple[float, ...]]:
    """Give the corners of the first line or outer ring of an object named LAYER:NUMBER.

    Raises
    ------
    CityError
        ``argument.object``; as `Project.layer` and `Features.index_of` do.
    """
    name, _, number = text.rpartition(":")
    data = project.layer(name).data if name else None
    if not isinstance(data, Features) or not number.strip().isdigit():
        raise CityError(
            "argument.object",
            f"'{text}' does not name an object of a layer of shapes.",
            hint="write LAYER:NUMBER, such as Roads:12",
            text=text,
        )
    (at,) = data.index_of([int(number)])
    shapes = data.shapes
    first = int(shapes.shape_start[at])
    start, end = (int(n) for n in shapes.ring_start[first : first + 2])
    return [tuple(place) for place in shapes.coords[start:end].tolist()]
