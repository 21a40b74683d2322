"""Where runs are in the scene: levels, sizes, bends, and tiles of neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from layers.kinds.pipes import BANK, BOX, PLANNED, ROUND, Pipes, chainage
from layers.pipes.flow import flow_of
from layers.pipes.graph import AGAINST, UNKNOWN, Graph
from layers.pipes.looks import (
    assumed_levels,
    bank_shape,
    drawn_levels,
    error_band,
    half_sizes,
)  # fmt: skip
from layers.shapes import Bools, Floats, Ints, starts_of
from scene.ground import Ground
from scene.pipe_meshes import (
    ASSUMED_LEVEL,
    Body,
    Profile,
    Strokes,
    arrow_strokes,
    box_profile,
    joined,
    line_strokes,
    round_profile,
    swept,
)  # fmt: skip
from scene.pipe_meshes import PLANNED as DASHED
from scene.pipe_nodes import NodeFacts, boxes, node_facts
from scene.pipe_tunnels import alike, described, profiles

TILE = 512  # objects
FILLED = 0.8  # share of its cell that a duct of a bank takes
CONCRETE, IRON = 3.0, 1.0
ARROW, BAND = 4.0, 5.0
SHALLOW = 0.4  # metres of ground over a trench that can be opened from above


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Lines of some runs, ready to be swept."""

    points: Floats
    first: Ints
    row: Ints  # per line
    ground: Floats


class RunFacts:
    """A layer of pipes in the scene.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    ground : Ground
        What it lies under.
    """

    def __init__(self, pipes: Pipes, ground: Ground) -> None:
        self.pipes = pipes
        shapes = pipes.shapes
        self.ground = ground.height_at(shapes.coords)
        if ground.terrain is None:  # nodes know the ground better than a plane does
            rows = pipes.nodes[np.isfinite(pipes.start_level[pipes.nodes])]
            self.ground[shapes.first_coord[rows]] = pipes.start_level[rows]
        self.levels = drawn_levels(pipes, self.ground)
        self.half_wide, self.half_high = half_sizes(pipes)
        self.first = shapes.first_coord
        self.points = np.column_stack([shapes.coords, self.levels])
        self.kind = np.where(pipes.status == PLANNED, DASHED, 0.0) + np.where(
            assumed_levels(pipes), ASSUMED_LEVEL, 0.0
        )
        self.nodes: NodeFacts = node_facts(pipes, self.levels, self.ground)
        self.node_low, self.node_high = boxes(self.nodes)
        self.low, self.high = self._boxes()
        self.banks = bank_shape(pipes)
        self.tunnels = described(pipes)

    def _boxes(self) -> tuple[Floats, Floats]:
        """Give a box around every object, (n, 3) each, project coordinates."""
        n = len(self.pipes)
        low, high = np.zeros((n, 3)), np.zeros((n, 3))
        if n:
            low = np.minimum.reduceat(self.points, self.first[:-1], axis=0)
            high = np.maximum.reduceat(self.points, self.first[:-1], axis=0)
        around = np.column_stack([self.half_wide, self.half_wide, self.half_high])
        low, high = low - around, high + around
        low[self.nodes.rows], high[self.nodes.rows] = self.node_low, self.node_high
        return low, high

    def tiles(self) -> list[Ints]:
        """Sort the objects into tiles of neighbours, along Morton's curve."""
        n = len(self.pipes)
        if not n:
            return []
        middle = (self.low + self.high)[:, :2] / 2.0
        west, size = middle.min(axis=0), np.maximum(np.ptp(middle, axis=0).max(), 1e-9)
        cell = ((middle - west) / size * 1023.0).astype(np.int64)
        code = np.zeros(n, dtype=np.int64)
        for bit in range(10):
            code |= ((cell[:, 0] >> bit) & 1) << (2 * bit) | ((cell[:, 1] >> bit) & 1) << (
                2 * bit + 1
            )
        return np.array_split(np.argsort(code, kind="stable"), max(round(n / TILE), 1))

    @cached_property
    def flow(self) -> tuple[Ints, Bools]:
        """Runs whose flow is known, and which of them flow against their line."""
        graph = Graph.of(self.pipes)
        way = flow_of(graph).way
        known = way != UNKNOWN
        return graph.runs[known], way[known] == AGAINST

    @cached_property
    def middles(self) -> Floats:
        """Middle of every object, on the run itself, (n, 3) project coordinates."""
        out = (self.low + self.high) / 2.0
        runs = self.pipes.runs
        out[runs] = self._half_way(runs)[0]
        return out

    def _half_way(self, rows: Ints) -> tuple[Floats, Floats]:
        """Give the middle of the middle stretch of runs, and the point after it."""
        counts = np.diff(self.first)[rows]
        a = self.first[rows] + np.maximum((counts - 2 + (counts % 2)) // 2, 0)
        b = np.minimum(a + 1, self.first[rows + 1] - 1)
        return (self.points[a] + self.points[b]) / 2.0, self.points[b]

    # --- bodies --------------------------------------------------------------------------------

    def _part(self, rows: Ints) -> Part:
        """Take the lines of runs, without points that repeat."""
        counts = np.diff(self.first)[rows]
        index = np.repeat(self.first[rows] - starts_of(counts)[:-1], counts) + np.arange(
            int(counts.sum())
        )
        points, line = self.points[index], np.repeat(np.arange(len(rows)), counts)
        keep = np.ones(len(points), dtype=bool)
        if len(points) > 1:
            near = np.linalg.norm(points[1:] - points[:-1], axis=1) < 1e-3
            keep[1:] = ~(near & (line[1:] == line[:-1]))
        left = np.bincount(line[keep], minlength=len(rows))
        return Part(points[keep], starts_of(left), rows, self.ground[index[keep]])

    def straightened(self, rows: Ints, tolerance: float) -> Part:
        """Take the lines of runs without bends of less than so many metres."""
        lines = self.pipes.shapes.take(rows).to_shapely()
        ends = self.points[self.first[rows], 2], self.points[self.first[rows + 1] - 1, 2]
        plain, line = shapely.get_coordinates(
            shapely.simplify(shapely.force_2d(lines), tolerance, preserve_topology=False),
            return_index=True,
        )
        first = starts_of(np.bincount(line, minlength=len(rows)))
        share = chainage(plain, first)
        up = ends[0][line] + share * (ends[1] - ends[0])[line]
        return Part(np.column_stack([plain, up]), first, rows, up)

    def _sweep(
        self, rows: Ints, profile: Profile, *, caps: bool, kind: float = 0.0, grow: bool = False
    ) -> Body:
        part = self._part(rows)
        counts = np.diff(part.first)
        wide = np.repeat(self.half_wide[rows], counts)
        high = np.repeat(self.half_high[rows], counts)
        kinds = self.kind[rows] + kind
        if grow:
            beside, up = error_band(part.ground - part.points[:, 2])
            wide, high, kinds = wide + beside, high + up, np.full(len(rows), BAND)
        return swept(
            part.points, part.first, wide, high, profile, rows.astype(np.float64), kinds, caps=caps
        )

    def bodies(self, rows: Ints, sides: int) -> Body:
        """Build runs in their true size.

        Parameters
        ----------
        rows : (k,) int64
            Which.
        sides : int
            Of round pipes; below six, banks are boxes and ends are left open.
        """
        parts: list[Body] = []
        fine = sides >= 6
        if fine and self.tunnels:
            inside = rows[np.isin(rows, list(self.tunnels))]
            parts += self._opened(inside)
            rows = rows[~np.isin(rows, inside)]
        form = self.pipes.form[rows]
        parts += [
            self._sweep(rows[form == ROUND], round_profile(sides), caps=fine),
            self._sweep(rows[form == BOX], box_profile(), caps=True),
        ]
        if fine:
            parts.append(self._cover_plates(rows[form == BOX]))
        banks = rows[form == BANK]
        if len(banks):
            parts.append(self._banks(banks, 8) if fine
                         else self._sweep(banks, box_profile(), caps=True))  # fmt: skip
        return joined(parts)

    def _cover_plates(self, rows: Ints) -> Body:
        """Lay plates on trenches that end just below the ground."""
        first = self.first
        over = [
            float(np.nanmedian((self.ground - self.points[:, 2])[first[row] : first[row + 1]]))
            for row in rows.tolist()
        ]
        shallow = rows[np.array(over).reshape(-1) - self.half_high[rows] < SHALLOW]
        plain = box_profile()
        plate = Profile(plain.points * [1.1, 0.05] + [0.0, 1.05], plain.outward, plain.edges)
        return self._sweep(shallow, plate, caps=True, kind=IRON)

    def _opened(self, rows: Ints) -> list[Body]:
        """Build tunnels without roof: floor, walls of the compartments, racks."""
        out = []
        for same, parts in alike(self.tunnels, rows):
            sizes = np.column_stack([self.half_wide[same], self.half_high[same]]) * 2.0
            for wide, high in np.unique(sizes, axis=0).tolist():
                mine = same[(sizes == [wide, high]).all(axis=1)]
                concrete, racks = profiles(parts, wide, high)
                out += [self._sweep(mine, one, caps=True, kind=CONCRETE) for one in concrete]
                out += [self._sweep(mine, one, caps=True, kind=IRON) for one in racks]
        return out

    def _banks(self, rows: Ints, sides: int) -> Body:
        """Build the ducts of banks in their rows and columns, on a bed of concrete."""
        parts: list[Body] = []
        grids, which = np.unique(self.banks[rows], axis=0, return_inverse=True)
        for number, (high, wide) in enumerate(grids.tolist()):
            mine = rows[which.reshape(-1) == number]
            parts += [
                self._duct(
                    mine, sides, (2 * c + 1) / wide - 1.0, (2 * r + 1) / high - 1.0, wide, high
                )
                for r in range(high)
                for c in range(wide)
            ]
        bed = box_profile()
        floor = Profile(
            bed.points * [1.0, 0.04] - [0.0, 1.0], bed.outward, bed.edges
        )  # a slab under the lowest row
        parts.append(self._sweep(rows, floor, caps=True, kind=CONCRETE))
        return joined(parts)

    def _duct(
        self, rows: Ints, sides: int, right: float, up: float, columns: int, layers: int
    ) -> Body:
        """Build one duct of banks: its place in the section from -1 to 1."""
        plain = round_profile(sides)
        out: list[Body] = []
        ratio = np.round(self.half_wide[rows] / np.maximum(self.half_high[rows], 1e-9), 3)
        for share in np.unique(ratio):  # a duct stays round in a section that is not square
            cell = min(share / columns, 1.0 / layers) * FILLED
            points = plain.points * [cell / share, cell] + [right, up]
            one = Profile(points, plain.outward, plain.edges)
            out.append(self._sweep(rows[ratio == share], one, caps=True))
        return joined(out)

    def error_bodies(self, rows: Ints) -> Body:
        """Build what runs may fill by the error of their survey."""
        form = self.pipes.form[rows]
        return joined([
            self._sweep(rows[form == ROUND], round_profile(12), caps=True, grow=True),
            self._sweep(rows[form != ROUND], box_profile(), caps=True, grow=True),
        ])  # fmt: skip

    def strokes(self, rows: Ints, tolerance: float = 0.0) -> Strokes:
        """Draw runs as lines, without bends of less than so many metres."""
        part = self._part(rows) if tolerance <= 0.0 else self.straightened(rows, tolerance)
        half = np.maximum(self.half_wide[rows], self.half_high[rows])
        return line_strokes(part.points, part.first, half, rows.astype(np.float64), self.kind[rows])

    def arrows(self, rows: Ints) -> Strokes | None:
        """Draw arrows of flow on those of the runs whose flow is known."""
        known, against = self.flow
        mine = np.isin(known, rows)
        runs, back = known[mine], against[mine]
        if not len(runs):
            return None
        middle, ahead = self._half_way(runs)
        ahead = np.where(back[:, None], 2.0 * middle - ahead, ahead)
        half = np.maximum(self.half_wide[runs], self.half_high[runs])
        return arrow_strokes(
            middle, ahead, half, runs.astype(np.float64), np.full(len(runs), ARROW)
        )
