"""What stands at the nodes of pipes, as simple shapes: shafts, valves, hydrants, cabinets."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.kinds.pipes import ROLES, Pipes, joined_by
from layers.pipes.looks import half_sizes
from layers.shapes import Bools, Floats, Ints
from scene.pipe_meshes import Body, joined

OWN, PLATE, RED, CONCRETE = range(4)
SHAFTS = ("manhole", "well", "gully")
#: What stands so high or wide that it is drawn from afar too.
BIG = ("pump-station", "reservoir", "tank", "transformer")
NECK, CHAMBER, PLATE_HALF = 0.35, 0.50, 0.38  # metres, half widths
DEEP = 2.0  # metres from the ground to the bottom of a chamber nobody measured


@dataclass(frozen=True, slots=True, eq=False)
class NodeFacts:
    """Where nodes are.

    Attributes
    ----------
    rows : (k,) int64
        Positions in the layer.
    place : (k, 2) float64
        East and north.
    ground, bottom, level : (k,) float64
        Heights of the ground, of the bottom of a chamber, and of the middle of the runs.
    half : (k,) float64
        Half the width of the widest run that joins.
    size : (k,) float64
        Half the width of the chamber; 0 where it is not known.
    heading : (k, 2) float64
        Unit vector along a run that joins.
    role : (k,) uint8
        Position in ``ROLES``.
    """

    rows: Ints
    place: Floats
    ground: Floats
    bottom: Floats
    level: Floats
    half: Floats
    size: Floats
    heading: Floats
    role: NDArray[np.uint8]

    def take(self, at: Ints | Bools) -> NodeFacts:
        """Give some of them."""
        return NodeFacts(
            self.rows[at], self.place[at], self.ground[at], self.bottom[at], self.level[at],
            self.half[at], self.size[at], self.heading[at], self.role[at],
        )  # fmt: skip

    def top(self) -> Floats:
        """Give how high each reaches, metres above datum."""
        above = np.array([_ABOVE.get(role, 0.07) for role in ROLES])
        buried = np.isin(self.role, [ROLES.index(name) for name in BURIED])
        return np.where(buried, self.level + 1.6 * self.half, self.ground + above[self.role])

    def reach(self) -> Floats:
        """Give half the width of each, metres."""
        wide = np.array([_WIDE.get(role, CHAMBER) for role in ROLES])[self.role]
        buried = np.isin(self.role, [ROLES.index(name) for name in BURIED])
        out = np.where(buried, 1.25 * self.half, np.maximum(wide, self.size))
        return np.where(self.role == ROLES.index("valve"), np.maximum(2.8 * self.half, 0.15), out)


#: What lies wholly in the ground.
BURIED = ("point", "tee", "bend", "end")
_ABOVE = {"hydrant": 0.95, "pump-station": 2.8, "reservoir": 3.0, "tank": 6.0, "transformer": 1.8,
          "cabinet": 1.4, "customer": 0.3, "outfall": 0.1, "meter": 0.05}  # fmt: skip
_BELOW = {"hydrant": 0.0, "pump-station": -3.0, "reservoir": -3.0, "tank": -0.5,
          "transformer": -0.2, "cabinet": -0.1, "customer": -0.1, "outfall": -2.5,
          "meter": -0.8, "valve": -0.06}  # fmt: skip
_WIDE = {"hydrant": 0.16, "pump-station": 2.5, "reservoir": 6.0, "tank": 4.0, "transformer": 1.0,
         "cabinet": 0.5, "customer": 0.25, "outfall": 0.7, "meter": 0.35}  # fmt: skip


def node_facts(pipes: Pipes, levels: Floats, ground: Floats) -> NodeFacts:
    """Find where nodes are.

    Parameters
    ----------
    pipes : Pipes
        The layer, n objects of m coordinates.
    levels, ground : (m,) float64
        Level of the middle of runs, and of the ground, at every coordinate.
    """
    nodes, first = pipes.nodes, pipes.shapes.first_coord
    place, soil = pipes.shapes.coords[first[nodes]], ground[first[nodes]]
    starts, runs = joined_by(pipes)
    of = np.repeat(np.arange(len(nodes)), np.diff(starts))
    at_start = pipes.start_node[runs] == pipes.ids[nodes][of]
    end = np.where(at_start, first[runs], first[runs + 1] - 1)
    inner = np.clip(np.where(at_start, end + 1, end - 1), first[runs], first[runs + 1] - 1)
    wide, high = half_sizes(pipes)
    level, half = soil - 1.2, np.full(len(nodes), 0.1)
    lowest = np.full(len(nodes), np.inf)
    heading = np.tile([1.0, 0.0], (len(nodes), 1))
    if len(of):
        count = np.maximum(np.bincount(of, minlength=len(nodes)), 1)
        mean = np.bincount(of, weights=levels[end], minlength=len(nodes)) / count
        met = np.diff(starts) > 0
        level = np.where(met, mean, level)
        widest = np.zeros(len(nodes))
        np.maximum.at(widest, of, np.maximum(wide, high)[runs])
        half = np.where(met, widest, half)
        np.minimum.at(lowest, of, levels[end] - high[runs])
        step = pipes.shapes.coords[inner] - pipes.shapes.coords[end]
        heading[of] = step / np.maximum(np.linalg.norm(step, axis=1), 1e-9)[:, None]
    told = pipes.end_level[nodes]
    guess = np.where(np.isfinite(lowest), lowest - 0.15, soil - DEEP)
    bottom = np.minimum(np.where(np.isfinite(told), told, guess), soil - 0.3)
    return NodeFacts(
        nodes, place, soil, bottom, level, half, pipes.width[nodes] / 2.0, heading,
        pipes.role[nodes],
    )  # fmt: skip


# --- shapes ----------------------------------------------------------------------------------


def _turned(outline: Floats) -> Body:
    """Turn an outline of radius and height, bottom to top, around the upright; closed."""
    sides = 12
    angle = 2.0 * np.pi * np.arange(sides) / sides
    around = np.column_stack([np.cos(angle), np.sin(angle)])
    points, outward, faces = list[Floats](), list[Floats](), list[Ints]()
    for (r0, z0), (r1, z1) in itertools.pairwise(outline):
        slope = np.array([z1 - z0, r0 - r1])
        slope = slope / max(float(np.hypot(*slope)), 1e-9)
        at = 2 * sides * (len(points) // 2)
        for radius, height in ((r0, z0), (r1, z1)):
            points.append(np.column_stack([around * radius, np.full(sides, height)]))
            outward.append(np.column_stack([around * slope[0], np.full(sides, slope[1])]))
        i, j = np.arange(sides), (np.arange(sides) + 1) % sides
        faces.append(np.column_stack([i, j, sides + j]) + at)
        faces.append(np.column_stack([i, sides + j, sides + i]) + at)
    return _template(np.vstack(points), np.vstack(outward), np.vstack(faces))


def _template(points: Floats, outward: Floats, faces: Ints) -> Body:
    nothing = np.zeros((len(points), 4), dtype=np.float32)
    return Body(points, faces.astype(np.int32), outward.astype(np.float32), nothing)


def _cube() -> Body:
    """Give a box from -1 to 1 across and from 0 to 1 up."""
    points, outward, faces = list[Floats](), list[Floats](), list[Ints]()
    for axis in range(3):
        for sign in (-1.0, 1.0):
            one, two = [k for k in range(3) if k != axis]
            corner = np.zeros((4, 3))
            corner[:, axis] = sign
            corner[:, one], corner[:, two] = [-1, 1, 1, -1], [-1, -1, 1, 1]
            normal = np.zeros(3)
            normal[axis] = sign
            right = bool(np.cross(corner[1] - corner[0], corner[2] - corner[0]) @ normal > 0)
            order = [[0, 1, 2], [0, 2, 3]] if right else [[0, 2, 1], [0, 3, 2]]
            faces.append(np.array(order) + 4 * len(points))
            corner[:, 2] = (corner[:, 2] + 1.0) / 2.0
            points.append(corner)
            outward.append(np.tile(normal, (4, 1)))
    return _template(np.vstack(points), np.vstack(outward), np.vstack(faces))


def _ball() -> Body:
    angle = np.linspace(-np.pi / 2.0, np.pi / 2.0, 7)
    made = _turned(np.column_stack([np.cos(angle), (np.sin(angle) + 1.0) / 2.0]))
    smooth = made.points * [1.0, 1.0, 2.0] - [0.0, 0.0, 1.0]
    return _template(made.points, smooth, made.triangles.astype(np.int64))


CYLINDER = _turned(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]))
CONE = _turned(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
CUBE, BALL = _cube(), _ball()


@dataclass(frozen=True, slots=True, eq=False)
class _Where:
    """Where copies of a shape are put: foot, half across and along, height, heading."""

    foot: Floats
    across: Floats
    along: Floats
    high: Floats
    heading: Floats


def _copies(shape: Body, where: _Where, slot: Floats, kind: float) -> Body:
    """Put copies of a shape; its x goes along the heading."""
    k, v = len(where.foot), len(shape.points)
    cos, sin = where.heading[:, 0, None], where.heading[:, 1, None]
    x = shape.points[:, 0] * where.along[:, None]
    y = shape.points[:, 1] * where.across[:, None]
    z = shape.points[:, 2] * where.high[:, None]
    points = np.stack([cos * x - sin * y, sin * x + cos * y, z], axis=-1) + where.foot[:, None]
    a, b = shape.outward[:, 0], shape.outward[:, 1]
    up = np.broadcast_to(shape.outward[:, 2], (k, v))
    outward = np.stack([cos * a - sin * b, sin * a + cos * b, up], axis=-1)
    mark = np.zeros((k, v, 4), dtype=np.float32)
    mark[:, :, 0], mark[:, :, 1] = slot[:, None], kind
    faces = shape.triangles[None] + (v * np.arange(k))[:, None, None]
    return Body(
        points.reshape(-1, 3), faces.reshape(-1, 3).astype(np.int32),
        outward.reshape(-1, 3).astype(np.float32), mark.reshape(-1, 4),
    )  # fmt: skip


class _Builder:
    """Builds what stands at some nodes of one role."""

    def __init__(self, facts: NodeFacts) -> None:
        self.facts, self.parts = facts, list[Body]()

    def put(
        self, shape: Body, low: Floats, high: Floats, across: Floats | float,
        along: Floats | float | None = None, kind: float = OWN,
    ) -> None:  # fmt: skip
        """Put a shape from one height to another at every node."""
        facts = self.facts
        n = len(facts.rows)
        wide = np.broadcast_to(np.asarray(across, dtype=np.float64), (n,))
        deep = wide if along is None else np.broadcast_to(np.asarray(along, np.float64), (n,))
        foot = np.column_stack([facts.place, low])
        where = _Where(foot, wide, deep, np.maximum(high - low, 0.01), facts.heading)
        self.parts.append(_copies(shape, where, facts.rows.astype(np.float64), kind))


def _shaft(b: _Builder) -> None:
    f = b.facts
    tall = f.ground - f.bottom
    wide = np.maximum(np.where(f.size > 0.0, f.size, CHAMBER), 0.25)
    neck = np.minimum(wide, NECK)
    shoulder = f.bottom + np.minimum(np.maximum(1.8, 2.2 * f.half + 0.3), 0.65 * tall)
    b.put(CYLINDER, f.bottom, shoulder, wide, kind=CONCRETE)
    b.put(CYLINDER, shoulder, f.ground - 0.04, neck, kind=CONCRETE)
    b.put(CYLINDER, f.ground - 0.06, f.ground + 0.05, PLATE_HALF, kind=PLATE)
    b.put(CYLINDER, f.ground + 0.05, f.ground + 0.07, 0.26, kind=OWN)


def _gully(b: _Builder) -> None:
    f = b.facts
    b.put(CUBE, f.bottom, f.ground - 0.04, 0.25, 0.35, kind=CONCRETE)
    b.put(CUBE, f.ground - 0.06, f.ground + 0.05, 0.28, 0.40, kind=PLATE)


def _valve(b: _Builder) -> None:
    f = b.facts
    r = np.maximum(2.1 * f.half, 0.12)
    for sign in (-1.0, 1.0):  # two cones, nose to nose along the run, on their sides
        b.parts.append(_lying_cone(f, r, sign))
    b.put(CYLINDER, f.level, f.ground, 0.035)
    b.put(CYLINDER, f.level + r, f.level + r + 0.05, np.maximum(0.8 * r, 0.08), kind=RED)
    b.put(CUBE, f.ground - 0.06, f.ground + 0.05, 0.14, kind=PLATE)


def _lying_cone(f: NodeFacts, r: Floats, sign: float) -> Body:
    points, normal = CONE.points, CONE.outward.astype(np.float64)
    # upright z becomes the way back to the node: the base stands away from it
    lying = np.column_stack([sign * (1.0 - points[:, 2]) * 1.3, points[:, 1], points[:, 0]])
    away = np.column_stack([-sign * normal[:, 2], normal[:, 1], normal[:, 0]])
    faces = CONE.triangles if sign > 0 else CONE.triangles[:, ::-1]
    shape = _template(lying, away, np.asarray(faces, dtype=np.int64))
    where = _Where(np.column_stack([f.place, f.level]), r, r, r, f.heading)
    return _copies(shape, where, f.rows.astype(np.float64), OWN)


def _hydrant(b: _Builder) -> None:
    f = b.facts
    b.put(CYLINDER, f.level, f.ground, 0.06)
    b.put(CYLINDER, f.ground, f.ground + 0.75, 0.12, kind=RED)
    b.put(BALL, f.ground + 0.62, f.ground + 0.95, 0.15, kind=RED)
    b.put(CUBE, f.ground + 0.45, f.ground + 0.57, 0.06, 0.22, kind=RED)


def _joint(b: _Builder) -> None:
    f = b.facts
    r = 1.02 * f.half
    b.put(BALL, f.level - r, f.level + r, r)


def _tee(b: _Builder) -> None:
    f = b.facts
    r = 1.22 * f.half
    b.put(BALL, f.level - r, f.level + r, r)


def _block(low: float, high: float, across: float, along: float) -> Callable[[_Builder], None]:
    def build(b: _Builder) -> None:
        ground = b.facts.ground
        b.put(CUBE, ground + low, ground + high, across, along)
        b.put(CYLINDER, np.minimum(b.facts.level, ground - 0.05), ground, 0.06)

    return build


def _station(b: _Builder) -> None:
    f = b.facts
    b.put(CUBE, np.minimum(f.level - 1.0, f.ground - 3.0), f.ground, 2.0, 2.4, kind=CONCRETE)
    b.put(CUBE, f.ground, f.ground + 2.4, 2.0, 2.5, kind=CONCRETE)
    b.put(CUBE, f.ground + 2.4, f.ground + 2.8, 2.1, 2.6)


def _basin(b: _Builder) -> None:
    f = b.facts
    wide = np.maximum(f.size, 6.0)
    b.put(CYLINDER, f.ground - 3.0, f.ground + 2.6, wide, kind=CONCRETE)
    b.put(CYLINDER, f.ground + 2.6, f.ground + 3.0, 0.97 * wide)


def _tank(b: _Builder) -> None:
    f = b.facts
    wide = np.maximum(f.size, 4.0)
    b.put(CYLINDER, f.ground - 0.5, f.ground + 5.0, wide, kind=CONCRETE)
    b.put(CONE, f.ground + 5.0, f.ground + 6.0, 1.03 * wide)


_BUILD: dict[str, Callable[[_Builder], None]] = {
    "manhole": _shaft, "well": _shaft, "gully": _gully, "valve": _valve, "hydrant": _hydrant,
    "point": _joint, "bend": _joint, "end": _joint, "tee": _tee,
    "meter": _block(-0.8, 0.05, 0.3, 0.35), "pump-station": _station, "reservoir": _basin,
    "tank": _tank, "transformer": _block(-0.2, 1.8, 0.7, 1.0),
    "cabinet": _block(-0.1, 1.4, 0.22, 0.5), "outfall": _block(-2.5, 0.1, 0.7, 0.3),
    "customer": _block(-0.1, 0.3, 0.18, 0.25),
}  # fmt: skip


def node_body(facts: NodeFacts, only: tuple[str, ...] = ()) -> Body:
    """Build what stands at nodes; with `only`, at those of some roles."""
    parts: list[Body] = []
    for code in np.unique(facts.role):
        role = ROLES[int(code)]
        if role in _BUILD and (not only or role in only):
            builder = _Builder(facts.take(facts.role == code))
            _BUILD[role](builder)
            parts += builder.parts
    return joined(parts)


def boxes(facts: NodeFacts) -> tuple[Floats, Floats]:
    """Give corners (k, 3) of a box around what stands at each node, project coordinates."""
    reach = np.maximum(facts.reach(), 0.05)[:, None]
    below = np.array([_BELOW.get(role, -np.inf) for role in ROLES])[facts.role]
    foot = np.where(np.isfinite(below), facts.ground + below, facts.bottom)
    r = np.maximum(2.1 * facts.half, 0.12)
    buried = np.isin(facts.role, [ROLES.index(name) for name in BURIED])
    station = np.where(facts.role == ROLES.index("pump-station"), 1.0, 0.0)
    low = np.minimum(np.where(buried, np.inf, foot), facts.level - np.maximum(r, station))
    top = np.maximum(facts.top(), low + 0.05)
    return (
        np.column_stack([facts.place - reach, low]), np.column_stack([facts.place + reach, top])
    )  # fmt: skip


__all__ = ["BIG", "NodeFacts", "boxes", "node_body", "node_facts"]
