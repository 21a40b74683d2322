"""What may be built on a plot: the envelope of its limits, what breaks it, and a plausible fill."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from layers.errors import CityError

NORTHERN = 0.35  # how far north the outside of an edge must look to count as a northern one
ROAD_REACH = 35.0  # metres from an edge within which a street makes it a street side
LEAST = 30.0  # m2 of an envelope's storey that is worth building
#: Ground plans that are tried, the largest first: width and depth, metres.
TOWERS = ((26.0, 26.0), (20.0, 20.0), (15.0, 15.0))
SLABS = ((54.0, 15.0), (36.0, 13.0), (24.0, 12.0), (16.0, 10.0))
ENOUGH = 0.95  # of the floor area allowed, from which smaller plans are not tried
FORMS = ("towers", "slabs", "best")
APART = 13.0  # metres between bodies side by side
FEWEST = 4  # numbers of storeys that are tried at least
TRIES = 60  # numbers of storeys that are tried at most
PLACES = 2500  # that are tried for one body where rows do not fit
MANY, FINE = 2000, 0.02  # corners from which on an envelope is simplified, by so many metres
GRACE = 0.01  # metres that a body may stand out of the envelope
SHARE = 0.999  # of a body that must lie inside the envelope


@dataclass(frozen=True, slots=True)
class PlotLimits:
    """What binds a plot; 0 for what does not.

    Attributes
    ----------
    far : float
        Floor area ratio.
    density : float
        Ground that may be covered, percent.
    height : float
        Metres above the ground.
    setback, road_setback, north_setback : float
        Metres from every edge, from edges at streets, from northern edges; the greatest counts.
    sun_angle : float
        Degrees of the plane that rises from northern edges, under which everything stays.
    """

    far: float = 0.0
    density: float = 0.0
    height: float = 60.0
    setback: float = 5.0
    road_setback: float = 8.0
    north_setback: float = 0.0
    sun_angle: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Barrier:
    """Ground that must stay free from a height on.

    Attributes
    ----------
    shape : BaseGeometry
        Where, shapely.
    low : float
        From how high on, metres above the ground; 0 for altogether.
    name : str
        What it is.
    """

    shape: BaseGeometry
    low: float = 0.0
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One layer of the envelope.

    Attributes
    ----------
    low, top : float
        Metres above the ground.
    shape : BaseGeometry
        What may be built between them.
    binding : tuple of str
        What made it smaller than the one below: ``setback``, ``sun_angle``, names of barriers.
    """

    low: float
    top: float
    shape: BaseGeometry
    binding: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A building that is offered.

    Attributes
    ----------
    shape : BaseGeometry
        Footprint.
    storeys : int
        Above ground.
    height : float
        Metres.
    """

    shape: BaseGeometry
    storeys: int
    height: float


def envelope(
    plot: BaseGeometry, limits: PlotLimits, roads: BaseGeometry | None = None,
    barriers: Sequence[Barrier] = (), *, step: float = 3.0,
) -> list[Step]:  # fmt: skip
    """Give what may be built on a plot, layer by layer from the ground.

    Parameters
    ----------
    plot : BaseGeometry
        Polygon of the plot.
    limits : PlotLimits
        What binds it.
    roads : BaseGeometry or None
        Streets nearby; edges within 35 m of one are street sides.
    barriers : sequence of Barrier
        Control lines and corridors.
    step : float
        Height of a layer that is looked at, metres; equal ones are put together.

    Raises
    ------
    CityError
        ``massing.plot`` for a plot without area, ``massing.height`` without a height,
        ``massing.nothing`` where the setbacks leave nothing.
    """
    if plot.is_empty or plot.area <= 0:
        raise CityError(
            "massing.plot", "The plot has no area.", hint="choose another plot, or draw one",
        )  # fmt: skip
    if not limits.height > 0:
        raise CityError(
            "massing.height", "An envelope needs a limit of height.",
            hint="say how high may be built",
        )  # fmt: skip
    base = plot
    sides = _sides(plot, limits, roads)
    for metres in sorted({metres for _, metres in sides if metres > 0}):
        alike = _joined([edge for edge, own in sides if own == metres])
        base = base.difference(shapely.buffer(alike, metres, cap_style="round"))
    if shapely.get_num_coordinates(base) > MANY:
        base = shapely.simplify(base, FINE)
    steps = _stacked(base, plot, limits, barriers, step)
    if not steps:
        raise CityError(
            "massing.nothing", "Setbacks and lines leave nothing to build on this plot.",
            hint="take smaller setbacks, or another plot",
        )  # fmt: skip
    return steps


def _stacked(
    base: BaseGeometry, plot: BaseGeometry, limits: PlotLimits, barriers: Sequence[Barrier],
    step: float,
) -> list[Step]:  # fmt: skip
    """Pile the layers up until too little is left."""
    steps: list[Step] = []
    north = _joined([edge for edge, outward in _edges(plot) if outward[1] > NORTHERN])
    slope = math.tan(math.radians(limits.sun_angle)) if limits.sun_angle > 0 else 0.0
    for k in range(max(math.ceil(limits.height / step - 1e-9), 1)):
        low, top = k * step, min((k + 1) * step, limits.height)
        shape = base
        binding: list[str] = []
        if slope and not north.is_empty:
            cut = shape.difference(shapely.buffer(north, top / slope))
            if cut.area < shape.area - 0.01:
                shape, binding = cut, [*binding, "sun_angle"]
        for barrier in barriers:
            if barrier.low < top and shape.intersects(barrier.shape):
                shape = shape.difference(barrier.shape)
                binding += [barrier.name] if barrier.name not in binding else []
        if shape.area < LEAST:
            break
        last = steps[-1] if steps else None
        if last is not None and abs(last.shape.area - shape.area) < 0.01:
            steps[-1] = Step(last.low, top, last.shape, last.binding)
        else:
            steps.append(Step(low, top, shape, tuple(binding)))
    return steps


def _joined(edges: Sequence[BaseGeometry]) -> BaseGeometry:
    """Put edges together into lines as long as they go: one wide line is quicker than many."""
    merged = shapely.line_merge(shapely.multilinestrings(list(edges)))
    assert isinstance(merged, BaseGeometry)
    return merged


def _edges(plot: BaseGeometry) -> list[tuple[BaseGeometry, tuple[float, float]]]:
    """Give the edges of the outer rings with the way they look outwards."""
    out: list[tuple[BaseGeometry, tuple[float, float]]] = []
    for part in shapely.get_parts(plot):
        if part.geom_type != "Polygon":
            continue
        ring = shapely.get_coordinates(shapely.get_exterior_ring(shapely.orient_polygons(part)))
        for a, b in itertools.pairwise(ring.tolist()):
            length = math.dist(a, b)
            if length > 1e-6:  # counter-clockwise: outwards is to the right
                outward = ((b[1] - a[1]) / length, -(b[0] - a[0]) / length)
                out.append((shapely.LineString([a, b]), outward))
    return out


def _sides(
    plot: BaseGeometry, limits: PlotLimits, roads: BaseGeometry | None
) -> list[tuple[BaseGeometry, float]]:
    out = []
    edges = _edges(plot)
    middles = shapely.centroid(np.array([edge for edge, _ in edges], dtype=object))
    at_street = np.zeros(len(edges), dtype=bool)
    if roads is not None:
        shapely.prepare(roads)
        at_street = shapely.dwithin(roads, middles, ROAD_REACH)
    for (edge, outward), street in zip(edges, at_street.tolist(), strict=True):
        metres = limits.setback
        if street:
            metres = max(metres, limits.road_setback)
        if outward[1] > NORTHERN:
            metres = max(metres, limits.north_setback)
        out.append((edge, metres))
    return out


def volume(steps: Sequence[Step]) -> float:
    """Give what an envelope holds, m3."""
    return float(sum(step.shape.area * (step.top - step.low) for step in steps))


def outside(shape: BaseGeometry, height: float, steps: Sequence[Step]) -> tuple[float, float, str]:
    """Tell how much of a building lies outside an envelope.

    Returns
    -------
    (float, float, str)
        Volume outside, m3; height above the envelope's top, metres; what is broken first:
        ``height``, ``setback``, ``sun_angle`` or the name of a barrier; "" for nothing.
    """
    lost, broken = 0.0, ""
    for step in steps:
        top = min(step.top, height)
        if top > step.low:
            over = shape.difference(step.shape).area
            if over > 0.05:
                lost += over * (top - step.low)
                broken = broken or (step.binding[0] if step.binding else "setback")
    above = max(height - steps[-1].top, 0.0)
    if above > 0.01:
        lost += shape.area * above
        broken = broken or "height"
    return lost, above, broken


def fill(
    plot: BaseGeometry, steps: Sequence[Step], limits: PlotLimits, *,
    storey: float = 3.0, spacing: float = 1.2, form: str = "best",
) -> list[Body]:  # fmt: skip
    """Offer buildings that stay in an envelope and use the ratio and density allowed best.

    Parameters
    ----------
    plot : BaseGeometry
        Polygon of the plot.
    steps : sequence of Step
        Its envelope.
    limits : PlotLimits
        Ratio and density.
    storey : float
        Height of a storey, metres.
    spacing : float
        Distance between rows from north to south, times their height.
    form : str
        ``towers``, ``slabs`` or ``best``: what gives more floor area.

    Returns
    -------
    list of Body
        Rows along the plot's southern side; empty where none fits.
    """
    best: list[Body] = []
    most = limits.far * plot.area if limits.far > 0 else math.inf
    cover = limits.density / 100.0 * plot.area if limits.density > 0 else math.inf
    highest = int(steps[-1].top / storey + 1e-9)
    aim = ENOUGH * min(most, cover * highest)
    turn = _turn(plot)
    ground = _Ground(steps, turn)
    for plate in plates(form):
        if _floor(best) >= aim:
            break
        places = steps[0].shape.area / (plate[0] * plate[1])
        for storeys in _tries(highest, places):
            if _floor(best) >= aim:
                break
            flat, grown = ground.up_to(storeys * storey)
            if flat.area < max(LEAST, SHARE * plate[0] * plate[1]):
                continue
            made = _placed(flat, grown, plate, storeys * storey, spacing)
            made = [affinity.rotate(one, turn, origin=(0, 0), use_radians=True) for one in made]
            bodies = _within(made, storeys, storey, most, cover)
            if _floor(bodies) > _floor(best) * 1.001:
                best = bodies
    return best


def plates(form: str) -> tuple[tuple[float, float], ...]:
    """Give the ground plans that a form tries, the largest first."""
    if form in ("towers", "slabs"):
        return TOWERS if form == "towers" else SLABS
    return (SLABS[0], TOWERS[0], SLABS[1], TOWERS[1], *SLABS[2:], *TOWERS[2:])


def why_nothing(
    plot: BaseGeometry, steps: Sequence[Step], limits: PlotLimits, *,
    storey: float = 3.0, form: str = "best",
) -> tuple[str, dict[str, float]]:  # fmt: skip
    """Say why no building is offered on a plot that has an envelope.

    Returns
    -------
    (str, dict of str to float)
        ``height`` (less than a storey), ``ratio`` or ``density`` (less than the smallest ground
        plan) or ``narrow`` (none fits into the envelope), and the figures that tell it, metres
        and square metres.
    """
    wide, deep = min(plates(form), key=lambda plate: plate[0] * plate[1])
    smallest, facts = wide * deep, {"wide_m": wide, "deep_m": deep}
    if steps[-1].top < storey - 1e-6:
        return "height", {"top_m": steps[-1].top, "storey_m": storey}
    allowed = limits.far * plot.area if limits.far > 0 else math.inf
    if allowed < smallest:
        return "ratio", {**facts, "allowed_m2": allowed, "smallest_m2": smallest}
    allowed = limits.density / 100.0 * plot.area if limits.density > 0 else math.inf
    if allowed < smallest:
        return "density", {**facts, "allowed_m2": allowed, "smallest_m2": smallest}
    ground = steps[0].shape
    inner = max(
        (shapely.length(shapely.maximum_inscribed_circle(part, 0.1)) * 2.0
         for part in shapely.get_parts(ground)), default=0.0,
    )  # fmt: skip
    return "narrow", {**facts, "width_m": float(inner), "area_m2": float(ground.area)}


def _tries(highest: int, places: float) -> list[int]:
    """Give the numbers of storeys to try, fewer of them where there is room for many bodies."""
    most = min(max(int(PLACES / max(places, 1.0)), FEWEST), TRIES)
    every = max(math.ceil(highest / most), 1)
    return list(range(highest, 0, -every))


class _Ground:
    """The ground on which something of a height may stand, turned so that the plot lies level.

    Parameters
    ----------
    steps : sequence of Step
        The envelope.
    turn : float
        How far the plot is turned from east, radians.
    """

    def __init__(self, steps: Sequence[Step], turn: float) -> None:
        self._steps, self._turn = steps, turn
        self._known: dict[int, tuple[BaseGeometry, BaseGeometry]] = {}

    def up_to(self, height: float) -> tuple[BaseGeometry, BaseGeometry]:
        """Give that ground, and the same with a little grace, prepared to be asked."""
        if height > self._steps[-1].top + 1e-6:
            return shapely.Polygon(), shapely.Polygon()
        count = sum(step.low < height - 1e-6 for step in self._steps)
        if count not in self._known:
            region = self._steps[0].shape
            for step in self._steps[1:count]:
                region = region.intersection(step.shape)
            flat = affinity.rotate(region, -self._turn, origin=(0, 0), use_radians=True)
            grown = shapely.buffer(flat, GRACE, join_style="mitre")
            shapely.prepare(flat)
            shapely.prepare(grown)
            self._known[count] = flat, grown
        return self._known[count]


def _placed(
    flat: BaseGeometry, grown: BaseGeometry, plate: tuple[float, float], height: float,
    spacing: float,
) -> list[BaseGeometry]:  # fmt: skip
    """Put plates in rows from west to east; of several starts the one with most."""
    west, south, east, north = flat.bounds
    wide, deep = plate
    along, across = wide + APART, max(deep + APART, spacing * height + deep)
    best: list[BaseGeometry] = []
    for shift in (0.0, 0.25, 0.5, 0.75):
        for rise in (0.0, 0.34, 0.67):
            easts = np.arange(west + shift * along, east - wide + 1e-6, along)
            norths = np.arange(south + rise * deep, north - deep + 1e-6, across)
            if not len(easts) or not len(norths):
                continue
            grid_e, grid_n = np.meshgrid(easts, norths)
            boxes = shapely.box(grid_e, grid_n, grid_e + wide, grid_n + deep).ravel()
            kept = boxes[shapely.covers(grown, boxes)]
            if len(kept) > len(best):
                best = list(kept)
    return best or _alone(flat, plate)


def _alone(flat: BaseGeometry, plate: tuple[float, float]) -> list[BaseGeometry]:
    """Look for one place for one plate, lying along or across, as far south as there is one."""
    west, south, east, north = flat.bounds
    if flat.area < SHARE * plate[0] * plate[1]:
        return []
    step = max(math.sqrt((east - west) * (north - south) / PLACES), 0.5)
    for wide, deep in (plate, plate[::-1]):
        easts = np.arange(west, east - wide + 1e-6, step)
        norths = np.arange(south, north - deep + 1e-6, step)
        if not len(easts) or not len(norths):
            continue
        grid_n, grid_e = np.meshgrid(norths, easts, indexing="ij")
        boxes = shapely.box(grid_e, grid_n, grid_e + wide, grid_n + deep).ravel()
        fits = np.flatnonzero(shapely.covers(flat, boxes))
        if len(fits):
            return [boxes[fits[0]]]
    return []


def _turn(plot: BaseGeometry) -> float:
    """Give how far the plot's longer side is turned from east, between -45 and 45 degrees."""
    box = shapely.minimum_rotated_rectangle(plot)
    corners = shapely.get_coordinates(box)
    sides = np.diff(corners[:3], axis=0)
    way = sides[int(np.argmax(np.hypot(*sides.T)))] if len(sides) else np.array([1.0, 0.0])
    angle = math.atan2(float(way[1]), float(way[0]))
    return (angle + math.pi / 4) % (math.pi / 2) - math.pi / 4


def _within(
    shapes: Sequence[BaseGeometry], storeys: int, storey: float, most: float, cover: float
) -> list[Body]:
    """Keep as many as density and ratio allow; the last one is as high as is left."""
    out: list[Body] = []
    covered = floor = 0.0
    for shape in shapes:
        area = float(shape.area)
        left = int((most - floor) / area + 1e-9) if math.isfinite(most) else storeys
        count = min(storeys, left)
        if count < 1 or covered + area > cover + 1e-6:
            break
        out.append(Body(shape, count, count * storey))
        covered, floor = covered + area, floor + area * count
    return out


def _floor(bodies: Sequence[Body]) -> float:
    return float(sum(body.shape.area * body.storeys for body in bodies))
