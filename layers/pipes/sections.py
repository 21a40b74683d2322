"""Cross sections: which pipes a line cuts, how large they appear, and how deep they lie."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike

from layers.errors import CityError
from layers.files.raw import Note
from layers.kinds.base import Layer
from layers.kinds.pipes import ASSUMED, BANK, FORMS, ROLES, ROUND, STATUSES, Pipes, chainage
from layers.pipes.classes import CLASS_KEYS, CLASSES, SUBCLASS_KEYS
from layers.pipes.looks import COVER, bank_shape, error_band, half_sizes, run_codes
from layers.pipes.section_line import (
    Block,
    GroundLine,
    Mark,
    SectionLine,
    Strip,
    blocks_along,
    marks_along,
    strips_along,
    terrain_ground,
)
from layers.pipes.section_trees import CutTree, trees_along
from layers.pipes.tunnels import TUNNEL, compartments_in
from layers.project import Project
from layers.shapes import Bools, Floats, Ints
from layers.style import Colour, texts

LEAST_ANGLE = math.radians(5.0)  # pipes met at less are drawn as wide as at this angle
LEVEL_BITS = ASSUMED["start-level"] | ASSUMED["end-level"]
SHAFTS = ("manhole", "well", "gully", "valve", "pump-station")
SHAFT_HALF = 0.5  # metres, of a chamber whose size nobody told


@dataclass(frozen=True, slots=True)
class SectionParams:
    """What a section shows.

    Attributes
    ----------
    layers : tuple of str
        Ids or names of the pipe layers; none means all.
    buildings, pavement, control_lines, trees : bool
        Whether those are looked for.
    """

    layers: tuple[str, ...] = ()
    buildings: bool = True
    pavement: bool = True
    control_lines: bool = True
    trees: bool = True


@dataclass(frozen=True, slots=True)
class CutPipe:
    """A run where a section cuts it; all lengths in metres, levels above the datum.

    Attributes
    ----------
    layer, pipe : str, int
        Ids of the layer and of the run.
    number, owner, material, code : str
        ``number`` and so on of the attributes, "" where nothing is told; `code` is class and
        size, such as ``"WS DN400"``.
    line_class, subclass, form, status : str
        Keys.
    colour : str
        Of its class after CJJ 61.
    station : float
        Where its middle lies along the section.
    east, north : float
        Where that is.
    centre, invert, top, bottom : float
        Levels: of the middle, of the inside of the bottom, and of the outside above and below.
    half_along, half_high : float
        Half its outer size along the section and upwards; an oblique cut makes it wider.
    inner_along, inner_high : float
        The same within the walls; as the outer ones where no wall is told.
    angle : float
        Between the section and the run, radians, 0 to pi/2.
    ground : float
        Level of the ground over it.
    width, height : float
        Clear size; 0 where nobody knows.
    grid : (int, int)
        Rows and columns of the ducts of a bank.
    parts : tuple of float
        Clear widths of the compartments of a tunnel.
    assumed : tuple of str
        ``"level"``, ``"size"``, ``"class"``, ``"ground"``: what was not told.
    plan_error, depth_error : float
        How far a survey may be off here after CJJ 61; `plan_error` along the section.
    """

    layer: str
    pipe: int
    number: str
    owner: str
    material: str
    code: str
    line_class: str
    subclass: str
    form: str
    status: str
    colour: Colour
    station: float
    east: float
    north: float
    centre: float
    invert: float
    top: float
    bottom: float
    half_along: float
    half_high: float
    inner_along: float
    inner_high: float
    angle: float
    ground: float
    width: float
    height: float
    grid: tuple[int, int] = (0, 0)
    parts: tuple[float, ...] = ()
    assumed: tuple[str, ...] = ()
    plan_error: float = 0.0
    depth_error: float = 0.0

    @property
    def cover(self) -> float:
        """Soil over the outside of the top, metres."""
        return self.ground - self.top


@dataclass(frozen=True, slots=True)
class CutShaft:
    """A manhole or chamber that a section runs through: ids, role, number, from which to which
    station, ground and bottom level (metres).
    """

    layer: str
    node: int
    role: str
    number: str
    start: float
    end: float
    ground: float
    bottom: float


@dataclass(frozen=True, slots=True, eq=False)
class CrossSection:
    """What a line cuts.

    Attributes
    ----------
    line : SectionLine
        Where.
    ground : GroundLine
        The surface.
    pipes : tuple of CutPipe
        In order along the line.
    shafts : tuple of CutShaft
        Manholes in the way.
    strips, blocks, marks, trees : tuple
        Surfaces of streets, buildings, control lines, trees.
    notes : tuple of Note
        What was assumed and left out.
    """

    line: SectionLine
    ground: GroundLine
    pipes: tuple[CutPipe, ...]
    shafts: tuple[CutShaft, ...] = ()
    strips: tuple[Strip, ...] = ()
    blocks: tuple[Block, ...] = ()
    marks: tuple[Mark, ...] = ()
    trees: tuple[CutTree, ...] = ()
    notes: tuple[Note, ...] = ()

    def spacing(self) -> Floats:
        """Give the distance of the middles of neighbours along the line, (k - 1,) metres."""
        return np.asarray(np.diff([pipe.station for pipe in self.pipes]), dtype=np.float64)

    def gaps(self) -> Floats:
        """Give the distance of neighbours from outside to outside along the line, (k - 1,).

        It is NaN where one lies above or inside the other, as pipes do in a tunnel.
        """
        half = np.array([pipe.half_along for pipe in self.pipes])
        free = np.asarray(self.spacing() - half[:-1] - half[1:])
        return np.where(free < 0.0, np.nan, free)


def cross_section(
    project: Project, points: Sequence[Sequence[float]] | ArrayLike,
    params: SectionParams = SectionParams(),
) -> CrossSection:  # fmt: skip
    """Cut along a line.

    Parameters
    ----------
    project : Project
        Pipes, terrain, streets, buildings, control lines, trees.
    points : (n, 2 or more) array_like of float
        The line, two places or more; bent ones are unfolded.
    params : SectionParams
        What is looked for.

    Raises
    ------
    CityError
        ``sections.line``, ``sections.no_pipes`` where the project has none.
    """
    line = SectionLine.of(points)
    layers = section_layers(project, params.layers)
    surface = terrain_ground(project, line)
    met = [_Met.of(layer, line) for layer in layers]
    ground = surface or pipes_ground(line, [(m.pipes, m.rows, m.station, m.share) for m in met])
    pipes = [pipe for one in met for pipe in one.cut(line, ground)]
    pipes.sort(key=lambda pipe: (pipe.station, -pipe.centre))
    along = sum(one.along for one in met)
    trees = trees_along(project, line, ground) if params.trees else ()
    blocks = blocks_along(project, line) if params.buildings else ()
    beside = [Note("section_tree_pits", {"count": len(trees)})] if trees else []
    if cellars := sum(block.assumed for block in blocks):
        beside.append(Note("section_cellars", {"count": cellars}))
    return CrossSection(
        line, ground, tuple(pipes),
        tuple(shaft for layer in layers for shaft in shafts_along(layer, line, ground)),
        strips_along(project, line) if params.pavement else (),
        blocks,
        marks_along(project, line) if params.control_lines else (),
        trees,
        (*section_notes(pipes, ground, along), *beside),
    )  # fmt: skip


def section_layers(project: Project, wanted: Collection[str] = ()) -> list[Layer]:
    """Give the pipe layers a section looks at.

    Raises
    ------
    CityError
        ``sections.no_pipes``, ``project.no_such_layer``.
    """
    found = [project.layer(name) for name in wanted] if wanted else list(project.layers)
    pipes = [layer for layer in found if isinstance(layer.data, Pipes)]
    if not pipes:
        raise CityError(
            "sections.no_pipes",
            "There are no pipes to cut.",
            hint="import some with 'citystage pipes import', or name another layer",
        )
    return pipes


def section_notes(pipes: Sequence[CutPipe], ground: GroundLine, along: int = 0) -> tuple[Note, ...]:
    """Say what was assumed and left out."""
    notes = []
    if ground.source != "terrain":
        notes.append(Note(f"section_ground_{ground.source}"))
    elif not ground.known.all():
        notes.append(Note("section_ground_partly"))
    for what in ("level", "size", "class"):
        count = sum(what in pipe.assumed for pipe in pipes)
        if count:
            notes.append(Note(f"section_assumed_{what}", {"count": count}))
    above = sum(pipe.cover < -0.05 for pipe in pipes)
    if above:
        notes.append(Note("section_above_ground", {"count": above}))
    if along:
        notes.append(Note("section_along", {"count": along}))
    if any(pipe.angle < LEAST_ANGLE for pipe in pipes):
        notes.append(Note("section_flat_angle"))
    return tuple(notes)


@dataclass(frozen=True, slots=True, eq=False)
class _Met:
    """Where a line meets the runs of a layer.

    Attributes
    ----------
    rows : (k,) int64
        Positions of the runs.
    station, angle : (k,) float64
        Along the line, metres; between line and run, radians.
    share : (k,) float64
        Along the run, 0 to 1.
    centre : (k,) float64
        Level of the middle, NaN where it is not known.
    along : int
        Runs that lie in the line rather than across it.
    """

    layer: Layer
    pipes: Pipes
    rows: Ints
    station: Floats
    angle: Floats
    share: Floats
    centre: Floats
    along: int

    @classmethod
    def of(cls, layer: Layer, line: SectionLine, leave: Collection[int] = ()) -> _Met:
        """Find them; ids in `leave` do not count."""
        pipes = layer.data
        assert isinstance(pipes, Pipes)
        rows = _near_runs(pipes, line)
        if leave:
            rows = rows[~np.isin(pipes.ids[rows], list(leave))]
        start, end, owner, from_share, to_share, level = _pieces(pipes, rows)
        found: list[tuple[Floats, ...]] = []
        lying: set[int] = set()
        for k in range(len(line.points) - 1):
            a, way = line.points[k], line.points[k + 1] - line.points[k]
            long = float(np.hypot(*way))
            u = end - start
            cross = way[0] * u[:, 1] - way[1] * u[:, 0]
            size = long * np.hypot(*u.T)
            flat = np.abs(cross) <= 1e-9 * np.maximum(size, 1e-12)
            w = start - a
            with np.errstate(divide="ignore", invalid="ignore"):
                s = (w[:, 0] * u[:, 1] - w[:, 1] * u[:, 0]) / cross
                t = (w[:, 0] * way[1] - w[:, 1] * way[0]) / cross
                sine = np.abs(cross) / size
            last = k == len(line.points) - 2
            within = ~flat & (s >= 0.0) & ((s <= 1.0) if last else (s < 1.0))
            hit = np.flatnonzero(within & (t >= 0.0) & (t <= 1.0))
            lying |= _lying(flat, start, end, owner, a, way)
            found.append((
                owner[hit].astype(np.float64), line.station[k] + s[hit] * long,
                np.arcsin(np.clip(sine[hit], 0.0, 1.0)),
                from_share[hit] + t[hit] * (to_share - from_share)[hit],
                level[hit, 0] + t[hit] * (level[hit, 1] - level[hit, 0]),
            ))  # fmt: skip
        owner_, station, angle, share, centre = (
            np.concatenate(part) for part in zip(*found, strict=True)
        )
        order = np.lexsort((station, owner_))
        keep = np.ones(len(order), dtype=bool)  # a bend on the line is met by both its pieces
        keep[1:] = (np.diff(owner_[order]) != 0) | (np.abs(np.diff(station[order])) > 1e-4)
        chosen = order[keep]
        return cls(
            layer, pipes, owner_[chosen].astype(np.int64), station[chosen], angle[chosen],
            share[chosen], centre[chosen], len(lying - set(owner_.astype(int).tolist())),
        )  # fmt: skip

    def cut(self, line: SectionLine, ground: GroundLine) -> list[CutPipe]:
        """Describe each."""
        pipes, rows = self.pipes, self.rows
        soil, places = ground.at(self.station), line.at(self.station)
        wide, high = (half[rows] for half in half_sizes(pipes))
        centre = np.where(np.isfinite(self.centre), self.centre, soil - COVER - high)
        sine = np.sin(np.maximum(self.angle, LEAST_ANGLE))
        beside, up = error_band(soil - centre)
        grids, codes = bank_shape(pipes), run_codes(pipes, rows)
        said = {key: _said(pipes, key, rows) for key in ("number", "owner", "material")}
        compartments = _compartments(pipes, rows)
        known = np.interp(self.station, ground.station, ground.known.astype(float)) > 0.999
        ends: set[tuple[float, str, float]] = set()
        out = []
        for k, row in enumerate(rows.tolist()):
            place = round(float(self.station[k]), 3), codes[k], round(float(centre[k]), 2)
            if not 1e-9 < self.share[k] < 1.0 - 1e-9:  # two runs that meet there are cut once
                if place in ends:
                    continue
                ends.add(place)
            wall = float(pipes.wall[row])
            clear = float(pipes.height[row])
            out.append(CutPipe(
                self.layer.id, int(pipes.ids[row]), said["number"][k], said["owner"][k],
                said["material"][k], codes[k], CLASS_KEYS[pipes.line_class[row]],
                SUBCLASS_KEYS[pipes.subclass[row]], FORMS[pipes.form[row]],
                STATUSES[pipes.status[row]], CLASSES[int(pipes.line_class[row])].colour,
                float(self.station[k]), float(places[k, 0]), float(places[k, 1]),
                float(centre[k]), float(centre[k] - (clear / 2.0 if clear else high[k])),
                float(centre[k] + high[k]), float(centre[k] - high[k]),
                float(wide[k] / sine[k]), float(high[k]),
                float(max(wide[k] - wall, 0.0) / sine[k]), float(max(high[k] - wall, 0.0)),
                float(self.angle[k]), float(soil[k]), float(pipes.width[row]), clear,
                (int(grids[row, 0]), int(grids[row, 1])), compartments[k],
                assumed_of(pipes, row, ground_known=bool(known[k])),
                float(beside[k] / sine[k]), float(up[k]),
            ))  # fmt: skip
        return out


def crossings(
    layer: Layer, line: SectionLine, ground: GroundLine, leave: Collection[int]
) -> list[CutPipe]:
    """Give the runs of a layer that cross a line, but for those with these ids."""
    return _Met.of(layer, line, leave).cut(line, ground)


def assumed_of(pipes: Pipes, row: int, *, ground_known: bool = True) -> tuple[str, ...]:
    """Name what of a run was not told."""
    bits = int(pipes.assumed[row])
    unknown = not bool(pipes.levelled[row])
    out = ["level"] if bits & LEVEL_BITS or unknown else []
    out += ["size"] if bits & ASSUMED["size"] or pipes.width[row] <= 0.0 else []
    out += ["class"] if bits & ASSUMED["class"] else []
    return (*out, *(() if ground_known else ("ground",)))


def pipes_ground(
    line: SectionLine, met: Sequence[tuple[Pipes, Ints, Floats, Floats]]
) -> GroundLine:
    """Give a ground made from what surveys of pipes tell, where there is no terrain.

    Parameters
    ----------
    line : SectionLine
        Where.
    met : sequence of (Pipes, rows, stations, shares)
        Runs met: position, where along the line and where along the run.
    """
    station: list[float] = []
    level: list[float] = []
    told: list[bool] = []
    for pipes, rows, along, share in met:
        start, end, known = ends_ground(pipes, rows)
        station += along.tolist()
        level += (start + share * (end - start)).tolist()
        told += known.tolist()
    s, z, k = np.array(station), np.array(level), np.array(told, dtype=bool)
    sure = np.isfinite(z)
    s, z, k = s[sure], z[sure], k[sure]
    if k.any():
        s, z = s[k], z[k]
    if not len(s):
        flat = np.zeros(2)
        return GroundLine(np.array([0.0, line.length]), flat, np.zeros(2, dtype=bool), "assumed")
    order = np.argsort(s, kind="stable")
    s, z = s[order], z[order]
    ends = np.unique(np.concatenate([[0.0], s, [line.length]]))
    return GroundLine(
        ends, np.interp(ends, s, z), np.full(len(ends), bool(k.any())),
        "nodes" if k.any() else "assumed",
    )  # fmt: skip


def ends_ground(pipes: Pipes, rows: Ints) -> tuple[Floats, Floats, Bools]:
    """Give the level of the ground at both ends of runs as surveys tell it.

    First the levels at their nodes count, then depths and ground levels of the runs, then the
    top with a usual cover.

    Returns
    -------
    start, end : (k,) float64
        Metres above datum, NaN where not even the pipe has a level.
    known : (k,) bool
        Whether a survey says it at both ends.
    """
    nodes = pipes.nodes
    soil = dict(zip(pipes.ids[nodes].tolist(), pipes.start_level[nodes].tolist(), strict=True))
    top = half_sizes(pipes)[1]
    centre = pipes.centres()
    first = pipes.shapes.first_coord
    names = pipes.attributes.column_names
    depth = {key: pipes.numbers(key) if key in names else np.full(len(pipes), np.nan)
             for key in ("depth_start_m", "depth_end_m", "ground_m")}  # fmt: skip
    out = np.full((len(rows), 2), np.nan)
    known = np.zeros((len(rows), 2), dtype=bool)
    for k, row in enumerate(rows.tolist()):
        for side, node, own, deep, at in (
            (0, pipes.start_node[row], pipes.start_level[row], depth["depth_start_m"][row],
             first[row]),
            (1, pipes.end_node[row], pipes.end_level[row], depth["depth_end_m"][row],
             first[row + 1] - 1),
        ):  # fmt: skip
            for value, sure in (
                (soil.get(int(node), math.nan), True), (own + deep, True),
                (depth["ground_m"][row], True), (centre[at] + top[row] + COVER, False),
            ):  # fmt: skip
                if math.isfinite(value):
                    out[k, side], known[k, side] = value, sure
                    break
    return out[:, 0], out[:, 1], np.asarray(known.all(axis=1))


def shafts_along(layer: Layer, line: SectionLine, ground: GroundLine) -> list[CutShaft]:
    """Give the manholes of a layer that a line runs through."""
    pipes = layer.data
    assert isinstance(pipes, Pipes)
    nodes = pipes.nodes
    nodes = nodes[np.isin(pipes.role[nodes], [ROLES.index(name) for name in SHAFTS])]
    place = pipes.shapes.coords[pipes.shapes.first_coord[nodes]]
    half = np.where(pipes.width[nodes] > 0.0, pipes.width[nodes] / 2.0, SHAFT_HALF)
    low, high = line.points.min(axis=0), line.points.max(axis=0)
    near = ((place >= low - half[:, None]) & (place <= high + half[:, None])).all(axis=1)
    shape, out = line.shape, []
    numbers = _said(pipes, "number", nodes[near])
    for node, (x, y), r, number in zip(
        nodes[near].tolist(), place[near], half[near].tolist(), numbers, strict=True
    ):
        dot = shapely.Point(x, y)
        away = shape.distance(dot)
        if away >= r:
            continue
        chord, middle = math.sqrt(r * r - away * away), shape.project(dot)
        soil = float(pipes.start_level[node])
        soil = soil if math.isfinite(soil) else float(ground.at([middle])[0])
        bottom = float(pipes.end_level[node])
        out.append(CutShaft(
            layer.id, int(pipes.ids[node]), ROLES[pipes.role[node]], number,
            middle - chord, middle + chord, soil, bottom if math.isfinite(bottom) else soil - 2.0,
        ))  # fmt: skip
    return out


# Inside ---------------------------------------------------------------------------------------


def _near_runs(pipes: Pipes, line: SectionLine) -> Ints:
    """Give the runs whose boxes the box of the line meets."""
    runs = pipes.runs
    box = pipes.shapes.bounds()[runs]
    low, high = line.points.min(axis=0), line.points.max(axis=0)
    near = (box[:, 0] <= high[0]) & (box[:, 2] >= low[0])
    near &= (box[:, 1] <= high[1]) & (box[:, 3] >= low[1])
    return np.asarray(runs[near])


def _pieces(pipes: Pipes, rows: Ints) -> tuple[Floats, Floats, Ints, Floats, Floats, Floats]:
    """Give the straight pieces of runs: start, end, run, shares of both ends, levels (k, 2)."""
    first = pipes.shapes.first_coord
    share = chainage(pipes.shapes.coords, first)
    counts = np.maximum(first[rows + 1] - first[rows] - 1, 0)
    begin = np.repeat(first[rows] - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
    xy, level = pipes.shapes.coords, pipes.centres()
    owner = np.repeat(rows, counts)
    return (
        xy[begin], xy[begin + 1], owner, share[begin], share[begin + 1],
        np.column_stack([level[begin], level[begin + 1]]),
    )  # fmt: skip


def _lying(
    flat: Bools, start: Floats, end: Floats, owner: Ints, a: Floats, way: Floats
) -> set[int]:
    """Give the runs that lie in a piece of the line."""
    rows = np.flatnonzero(flat)
    if not len(rows):
        return set()
    long = float(np.hypot(*way))
    w = start[rows] - a
    beside = np.abs(w[:, 0] * way[1] - w[:, 1] * way[0]) / long
    one, two = (((p[rows] - a) @ way) / long for p in (start, end))
    met = (beside < 0.05) & (np.maximum(one, two) > 0.0) & (np.minimum(one, two) < long)
    return {int(row) for row in owner[rows[met]]}


def _said(pipes: Pipes, key: str, rows: Ints) -> list[str]:
    if key not in pipes.attributes.column_names:
        return [""] * len(rows)
    return [str(word or "") for word in texts(pipes.column(key))[rows]]


def _compartments(pipes: Pipes, rows: Ints) -> list[tuple[float, ...]]:
    """Give the clear widths of the compartments of tunnels among runs."""
    out: list[tuple[float, ...]] = []
    for row, text in zip(rows.tolist(), _said(pipes, "compartments", rows), strict=True):
        parts: tuple[float, ...] = ()
        if pipes.subclass[row] == TUNNEL and pipes.form[row] not in (ROUND, BANK) and text:
            try:
                parts = tuple(part.width for part in compartments_in(text))
            except CityError:  # told by the quality check; the tunnel is drawn without walls
                parts = ()
        out.append(parts)
    return out
