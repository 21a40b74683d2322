"""The drawn ground in pieces of several levels: coarse far away, as fine as the data near the eye.

The square of the `Surface` is parted into tiles. Near the eye each is drawn with the surface's own
triangles, farther away blocks of two by two tiles, of four by four and so on with ever fewer, as
long as that makes less than a given error on the screen; very near it is parted further into
quarters, whose heights are read from the terrain when they come into view. Pieces hang skirts from
their borders, so that no gap shows between levels. What lies on the ground lies on the triangles
of the block or tile that is drawn (`scene.area_pieces`), or on the surface's own: other levels
step back in depth by as much as they differ from those.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numba as nb
import numpy as np
from numpy.typing import NDArray

from layers.kinds.base import Extent
from layers.kinds.terrain import Terrain
from layers.shapes import Floats, Ints
from scene.actors import polydata
from scene.surface import (
    COARSEST,
    FINEST,
    Heights,
    Surface,
    Triangles,
    halves,
    is_split,
    kept,
    node_errors,
    roots,
)

if TYPE_CHECKING:
    from scene.views.base import FrameState

PIXELS = 1.5  # error on the screen that is allowed
BLOCKS = COARSEST  # levels of blocks, each twice as wide and twice as coarse as the one below
SHEETS_AT_ONCE = 6  # blocks and tiles made in one frame of a window
CELLS = 64  # along a side of a quarter's mesh
AT_ONCE = 3  # quarters made in one frame of a window
MOST_KEPT = 400  # meshes of quarters
MOST_SHOWN = 500  # quarters in one frame; where more are wanted, errors may be larger
MOST_AWAY = 8.0  # metres

Key = tuple[int, int, int]  # level, row, column; 0 are the tiles, -1 blocks of four, 1 quarters


class Follower(Protocol):
    """What lies on pieces of the ground and has pieces of its own to make for them."""

    def ready(self, keys: list[Key]) -> bool:
        """Say whether everything lies on these blocks or tiles; what is missing is begun."""


@dataclass(slots=True, eq=False)
class Sheet:
    """One piece of the drawn ground.

    Attributes
    ----------
    points : (m, 3) float64
        Project coordinates, metres; the skirt's come last.
    triangles : (k, 3) int32
        Counter-clockwise seen from above; the skirt's come last.
    bare : int
        Triangles without the skirt.
    away : float
        How far it differs from the surface's own triangles, metres.
    extent : (west, south, east, north)
        Metres.
    data : vtkPolyData
        The same in scene coordinates.
    """

    points: Floats
    triangles: Triangles
    bare: int
    away: float
    extent: Extent
    data: Any


class GroundTiles:
    """Chooses and makes the pieces of ground for a frame.

    Parameters
    ----------
    terrain : Terrain
        Whose heights are read near the eye.
    surface : Surface
        The triangles that things lie on.
    origin : (3,) float64
        Project coordinates of the scene's zero point.
    skirts : bool
        Whether pieces hang skirts from their borders; without them there is one level only, so
        that ground that is seen through has no curtains.
    followers : collection of Follower
        What has to be ready for a piece before a window draws that instead of coarser ones.
    """

    def __init__(
        self, terrain: Terrain, surface: Surface, origin: Floats, *, skirts: bool = True,
        followers: Collection[Follower] = (),
    ) -> None:  # fmt: skip
        self.terrain, self.surface, self.skirts = terrain, surface, skirts
        self.waiting = 0  # pieces that the last frame would have liked
        self.origin = origin
        self._followers = followers
        self._side = surface.side // surface.tile
        self._sheets: dict[Key, Sheet] = {}
        self._quarters: OrderedDict[Key, Sheet] = OrderedDict()
        self._shown: list[tuple[Key, Sheet]] = []
        self._frame: FrameState | None = None
        self._parted: set[Key] = set()  # blocks that the last frame drew in parts
        self._room = 0  # sheets that this frame may still make
        lows, highs, self._rough = ranges(surface)
        count = self._side
        row, col = (g.ravel() for g in np.mgrid[:count, :count])
        wide, high = surface.tile * surface.step_east, surface.tile * surface.step_north
        west, north = surface.west + col * wide, surface.north - row * high
        self.low = np.column_stack([west, north - high, lows]) - origin
        self.high = np.column_stack([west + wide, north, highs]) - origin
        self._boxes = self._block_boxes()
        self._deepest = self._levels() if skirts else 0

    @property
    def drawn(self) -> list[tuple[Key, Sheet]]:
        """The pieces of the last frame."""
        return self._shown

    def _block_boxes(self) -> list[tuple[Floats, Floats]]:
        """Give the corners of boxes around tiles, blocks of four and so on, (n, n, 3) each."""
        out = [(self.low.reshape(self._side, -1, 3), self.high.reshape(self._side, -1, 3))]
        for _ in range(BLOCKS if self.skirts else 0):
            pair = out[-1]
            starts = np.arange(0, len(pair[0]), 2)
            low = np.minimum.reduceat(np.minimum.reduceat(pair[0], starts, axis=0), starts, axis=1)
            high = np.maximum.reduceat(np.maximum.reduceat(pair[1], starts, axis=0), starts, axis=1)
            out.append((low, high))
        return out

    def _levels(self) -> int:
        """Give how often a tile can be quartered until its mesh is as fine as the data."""
        grain = min(self.terrain.grain)
        step = min(self.surface.step_east, self.surface.step_north)
        coarse = self.surface.limit > FINEST * 1.01
        if not coarse and grain > 0.7 * step:
            return 0
        wanted = math.ceil(math.log2(self.surface.tile * step / (CELLS * grain)) - 0.5)
        return max(wanted, 1 if coarse else 0)

    def shown(self, frame: FrameState, *, patient: bool) -> list[tuple[Key, Sheet]]:
        """Give the pieces to draw, each with its key; the same list for the same frame.

        Parameters
        ----------
        frame : FrameState
            From where.
        patient : bool
            Whether only a few pieces may be made now and coarser ones stand in for others.
        """
        if frame is self._frame:
            return self._shown
        self._frame, self.waiting = frame, 0
        self._room = SHEETS_AT_ONCE if patient else 1 << 30
        allowed = PIXELS
        for _ in range(6):
            blocks = self._blocks(frame, allowed, patient=patient)
            quarters = self._to_quarter(frame, blocks, allowed)
            if len(quarters) <= MOST_SHOWN:
                break
            allowed *= 1.5
        made = 0
        out: list[tuple[Key, Sheet]] = []
        for key in blocks:
            if key in quarters:
                pieces: list[tuple[Key, Sheet]] = []
                made += self._refined(key, quarters, pieces, AT_ONCE - made if patient else 1 << 30)
                if pieces:
                    out += pieces
                    continue
            out.append((key, self._sheet(key)))  # also a tile that stands in for its quarters
        while len(self._quarters) > max(MOST_KEPT, len(out) + MOST_SHOWN):
            self._quarters.popitem(last=False)
        self._shown = out
        return out

    def cut(self, frame: FrameState) -> tuple[Key, ...]:
        """Give the blocks and tiles that a picture would show, without making any."""
        parted = self._parted
        keys = tuple(self._blocks(frame, PIXELS, patient=False))
        self._parted = parted
        return keys

    def _blocks(self, frame: FrameState, allowed: float, *, patient: bool) -> list[Key]:
        """Choose blocks and tiles that cover what is in view."""
        level, stretch = 1 - len(self._boxes), frame.stretch
        count = len(self._boxes[-level][0])
        row, col = (g.ravel() for g in np.mgrid[:count, :count])
        out: list[Key] = []
        parted: set[Key] = set()
        while True:
            low, high = self._boxes[-level]
            seen = frame.sees(low[row, col], high[row, col])
            row, col = row[seen], col[seen]
            if level == 0:
                break
            per_metre = frame.pixels_per_metre(_away(frame.eye, low[row, col], high[row, col]))
            split = 2.0**-level * self.surface.limit * per_metre * stretch > allowed
            for i, key in enumerate(_keys(level, row, col)):
                if patient and bool(split[i]) is not (key in self._parted):
                    split[i] ^= not self._agreed(frame, key, parting=bool(split[i]))
                (parted.add if split[i] else out.append)(key)
            level += 1
            row = np.add.outer(2 * row[split], [0, 0, 1, 1]).ravel()
            col = np.add.outer(2 * col[split], [0, 1, 0, 1]).ravel()
            inside = (row < len(self._boxes[-level][0])) & (col < len(self._boxes[-level][0]))
            row, col = row[inside], col[inside]
        self._parted = parted
        return out + _keys(0, row, col)

    def _agreed(self, frame: FrameState, key: Key, *, parting: bool) -> bool:
        """Say whether a block may now be drawn in parts, or whole again."""
        wanted = [key]
        if parting:
            low, high = self._boxes[-1 - key[0]]
            wanted = [k for k in _children(key) if max(k[1:]) < len(low)]
            row, col = np.array(wanted)[:, 1:].T
            wanted = [wanted[i] for i in np.flatnonzero(frame.sees(low[row, col], high[row, col]))]
        ready = [follower.ready(wanted) for follower in self._followers]
        missing = [k for k in wanted if k not in self._sheets]
        if len(missing) > self._room:
            self.waiting += 1
            return False
        self._room -= len(missing)
        for one in missing:
            self._sheet(one)
        return all(ready)

    def _to_quarter(self, frame: FrameState, blocks: list[Key], allowed: float) -> set[Key]:
        """Give the tiles and quarters that are to be drawn in quarters."""
        parted: set[Key] = set()
        if not self._deepest:
            return parted
        tiles = np.array([r * self._side + c for level, r, c in blocks if level == 0], dtype=int)
        away = _away(frame.eye, self.low[tiles], self.high[tiles])
        rough = np.maximum(self._rough[tiles], self.surface.limit)
        over = rough * frame.pixels_per_metre(away) * frame.stretch > allowed
        for tile, most in zip(tiles[over].tolist(), rough[over].tolist(), strict=True):
            self._part(frame, (0, *divmod(tile, self._side)), most, tile, allowed, parted)
        return parted

    def _part(
        self, frame: FrameState, key: Key, rough: float, tile: int, allowed: float,
        parted: set[Key],
    ) -> None:  # fmt: skip
        """Note a piece as parted, and those of its quarters whose error shows."""
        parted.add(key)
        if key[0] + 1 >= self._deepest or len(parted) > 4 * MOST_SHOWN:
            return
        for child in _children(key):
            low, high = self._box(child, tile)
            if not frame.sees(low[None], high[None])[0]:
                continue
            per_metre = float(frame.pixels_per_metre(_away(frame.eye, low[None], high[None]))[0])
            per_metre *= frame.stretch
            if rough / 2.0 * per_metre > allowed:
                self._part(frame, child, rough / 2.0, tile, allowed, parted)

    def _box(self, key: Key, tile: int) -> tuple[Floats, Floats]:
        level, row, col = key
        share = 1.0 / (1 << level)
        wide, high = (self.high[tile, :2] - self.low[tile, :2]) * share
        first_row, first_col = (n << level for n in divmod(tile, self._side))
        west = self.low[tile, 0] + (col - first_col) * wide
        north = self.high[tile, 1] - (row - first_row) * high
        return (
            np.array([west, north - high, self.low[tile, 2]]),
            np.array([west + wide, north, self.high[tile, 2]]),
        )

    def _refined(self, key: Key, parted: set[Key], out: list[tuple[Key, Sheet]], most: int) -> int:
        """Append the quarters of a piece; nothing where one of them is still to be made.

        Returns
        -------
        int
            How many were made.
        """
        children = _children(key)
        made = 0
        for child in children:
            if child in self._quarters:
                self._quarters.move_to_end(child)
            elif made < most:
                self._quarters[child] = self._made(child)
                made += 1
            else:
                self.waiting += 1
        if not all(child in self._quarters for child in children):
            return made
        for child in children:
            finer: list[tuple[Key, Sheet]] = []
            if child in parted:
                made += self._refined(child, parted, finer, most - made)
            out += finer or [(child, self._quarters[child])]
        return made

    def _sheet(self, key: Key) -> Sheet:
        """Give a tile with the surface's triangles, or a block with fewer of them."""
        found = self._sheets.get(key)
        if found is None:
            s, (level, row, col) = self.surface, key
            factor, cells = 2.0**-level, s.tile << -level
            top, left = row * cells, col * cells
            down, across = min(cells, s.side - top), min(cells, s.side - left)
            nodes = _tile_leaves(s.errors, s.limit * factor, top, left, cells)
            used, corners = np.unique(nodes, return_inverse=True)
            r, c = used // (s.side + 1), used % (s.side + 1)
            heights = np.column_stack([c, r, s.heights[r, c]]).astype(np.float64)
            triangles = corners.reshape(-1, 3).astype(np.int32)
            edge = _border(c - left, r - top, across, down)
            away = 0.0 if level == 0 else factor * s.limit
            depth = 3.0 * max(self._rough_of(key), 4.0 * factor * s.limit)
            found = self._finished(s.from_cells(heights), triangles, edge, depth, away)
            self._sheets[key] = found
        return found

    def _rough_of(self, key: Key) -> float:
        """Give how rough the finest nodes of a block are, metres."""
        level, row, col = key
        rough = self._rough.reshape(self._side, -1)
        size = 1 << -level
        return float(rough[row * size : (row + 1) * size, col * size : (col + 1) * size].max())

    def _made(self, key: Key) -> Sheet:
        """Make a quarter from the terrain's own heights."""
        level, row, col = key
        s = self.surface
        cells = s.tile / (1 << level)
        across = np.arange(CELLS + 1) * (cells / CELLS)
        c, r = np.meshgrid(col * cells + across, row * cells + across)
        places = s.from_cells(np.column_stack([c.ravel(), r.ravel()]))
        heights = self.terrain.height_at(places)
        unknown = np.flatnonzero(~np.isfinite(heights))
        heights[unknown] = s.height_at(places[unknown])
        grid = heights.reshape(CELLS + 1, CELLS + 1).astype(np.float32)
        tile = (row >> level) * self._side + (col >> level)
        rough = max(float(self._rough[tile]), s.limit) / (1 << level)
        nodes = _tile_leaves(node_errors(grid), 0.5 * rough, 0, 0, CELLS)
        used, corners = np.unique(nodes, return_inverse=True)
        i, j = used // (CELLS + 1), used % (CELLS + 1)
        points = np.column_stack([places[used], heights[used]])
        some = np.arange(0, len(used), max(1, len(used) // 200))
        away = float(np.abs(heights[used][some] - s.height_at(places[used][some])).max())
        edge = _border(j, i, CELLS, CELLS)
        triangles = corners.reshape(-1, 3).astype(np.int32)
        return self._finished(points, triangles, edge, 6.0 * rough + 2.0 * away, away)

    def _finished(
        self, points: Floats, triangles: Triangles, edge: Ints, depth: float, away: float
    ) -> Sheet:
        bare = len(triangles)
        if self.skirts:
            points, triangles = _skirted(points, triangles, edge, depth + 0.5)
        data = polydata(points - self.origin, triangles)
        (west, south), (east, north) = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
        extent = float(west), float(south), float(east), float(north)
        return Sheet(points, triangles, bare, min(1.5 * away, MOST_AWAY), extent, data)


def _children(key: Key) -> list[Key]:
    level, row, col = key
    return [(level + 1, 2 * row + i, 2 * col + j) for i in (0, 1) for j in (0, 1)]


def _away(eye: Floats, low: Floats, high: Floats) -> Floats:
    """Give the distances from the eye to boxes, (n,) metres, one metre at least."""
    apart = np.maximum(np.maximum(low - eye, eye - high), 0.0)
    return np.asarray(np.maximum(np.sqrt((apart**2).sum(axis=1)), 1.0))


def _keys(level: int, row: Ints, col: Ints) -> list[Key]:
    return [(level, r, c) for r, c in zip(row.tolist(), col.tolist(), strict=True)]


def _border(col: Ints, row: Ints, across: int, down: int) -> Ints:
    """List the nodes on the border of a piece, counter-clockwise seen from above, closed."""
    ring: list[Ints] = []
    for on, along in (
        (row == down, col), (col == across, -row), (row == 0, -col), (col == 0, row),
    ):  # fmt: skip
        at = np.flatnonzero(on)
        ring.append(at[np.argsort(along[at], kind="stable")][:-1])
    closed = np.concatenate(ring)
    return np.append(closed, closed[0])


def _skirted(
    points: Floats, triangles: Triangles, edge: Ints, depth: float
) -> tuple[Floats, Triangles]:
    """Hang a wall from a closed border; it looks outwards."""
    n, k = len(points), len(edge) - 1
    feet = points[edge[:-1]] - [0.0, 0.0, depth]
    here, nxt = edge[:-1], edge[1:]
    below, then = n + np.arange(k), n + (np.arange(k) + 1) % k
    walls = np.concatenate(
        [np.column_stack([here, below, then]), np.column_stack([here, then, nxt])]
    )
    return np.concatenate([points, feet]), np.concatenate([triangles, walls.astype(np.int32)])


@kept
def ranges(surface: Surface) -> tuple[Floats, Floats, Floats]:
    """Give lowest and highest height of each tile, and how rough its finest nodes are, metres."""
    tile, side = surface.tile, surface.side
    starts = np.arange(0, side, tile)
    inner = surface.heights[:-1, :-1]
    low = np.minimum.reduceat(np.minimum.reduceat(inner, starts, axis=0), starts, axis=1)
    high = np.maximum.reduceat(np.maximum.reduceat(inner, starts, axis=0), starts, axis=1)
    fine = surface.errors[0:-1:2, 1:-1:2].astype(np.float64)
    fine = np.where(np.isfinite(fine), fine, 0.0)
    count = side // tile
    blocks = fine[: len(fine) // count * count, : fine.shape[1] // count * count]
    rough = 2.0 * blocks.reshape(count, -1, count, blocks.shape[1] // count).mean(axis=(1, 3))
    slack = surface.limit if math.isfinite(surface.limit) else 0.0
    return (
        (low.ravel() - 2.0 * slack).astype(np.float64),
        (high.ravel() + 2.0 * slack).astype(np.float64),
        rough.ravel(),
    )


@nb.njit(cache=True, nogil=True)
def _tile_leaves(
    errors: Heights, limit: float, top: int, left: int, tile: int
) -> NDArray[np.int64]:
    """Give the nodes of the triangles of one tile, row * (n + 1) + column, three to each."""
    width = errors.shape[0]
    out = np.empty(3 * 1024, dtype=np.int64)
    stack = np.empty((64, 6), dtype=np.int32)
    stack[:2] = roots(width - 1)
    pile, k = 2, 0
    t = np.empty(6, dtype=np.int32)
    while pile > 0:
        pile -= 1
        t[:] = stack[pile]
        west, east = min(t[0], t[2], t[4]), max(t[0], t[2], t[4])
        north, south = min(t[1], t[3], t[5]), max(t[1], t[3], t[5])
        if east <= left or west >= left + tile or south <= top or north >= top + tile:
            continue
        inside = west >= left and east <= left + tile and north >= top and south <= top + tile
        if not inside or is_split(errors, limit, t):
            halves(t, stack[pile], stack[pile + 1])
            pile += 2
            continue
        if k + 3 > len(out):
            more = np.empty(2 * len(out), dtype=np.int64)
            more[:k] = out[:k]
            out = more
        for i in range(3):
            out[k + i] = t[2 * i + 1] * width + t[2 * i]
        k += 3
    return out[:k].copy()
