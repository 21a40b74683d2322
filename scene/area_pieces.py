"""Areas on a terrain, piece by piece, each on the very triangles of ground that are drawn there.

The ground is drawn in tiles near the eye and in ever larger and coarser blocks farther away
(`scene.ground_tiles`). For each of them that is in view a piece of the areas is cut out and laid on
the same triangles, so that neither layers nor ground cut into each other at any distance. A window
lets a thread make pieces; the ground stays as it is until all layers have theirs, so that nothing
is missing meanwhile.
"""

from __future__ import annotations

import functools
import time
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from layers.shapes import POLYGON, Floats, Ints, Shapes
from layers.style import Rgb
from scene.ahead import taken_within
from scene.drape import Draped, drape_polygons
from scene.flat_parts import Area
from scene.ground_tiles import Key
from scene.surface import Surface, coarser

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

BEYOND: Key = (1, 0, 0)  # what lies on the plane around the terrain
SMALL = 0.35  # of the error of a block; smaller areas are not seen in it
IN_WORK = 3  # pieces waiting for the thread at a time: what is wanted changes as the eye moves
MOST_KEPT = 400  # pieces of a layer
ASK_AGAIN = 0.3  # seconds between frames of a window that show new pieces


@dataclass(frozen=True, slots=True, eq=False)
class AreaPlan:
    """Areas that are to lie on a terrain; nothing in it changes, so that threads may cut pieces.

    Attributes
    ----------
    shapes : Shapes
        n shapes; what is no polygon gives nothing.
    surface : Surface
        The ground.
    bounds : (n, 4) float64
        Boxes around the shapes, metres.
    ahead : dict
        Pieces that were laid already.
    """

    shapes: Shapes
    surface: Surface
    bounds: Floats
    ahead: dict[Key, Draped] = field(default_factory=dict)

    @classmethod
    def of(cls, shapes: Shapes, surface: Surface, keys: Iterable[Key] = ()) -> AreaPlan:
        """Plan areas, and lay some pieces at once."""
        plan = cls(shapes, surface, shapes.bounds() if len(shapes) else np.empty((0, 4)))
        plan.ahead.update({key: plan.laid(key) for key in keys})
        return plan

    def laid(self, key: Key) -> Draped:
        """Lay what touches a tile or block on its ground; see `BEYOND`, too."""
        if key == BEYOND:
            return self._outside()
        west, south, east, north = box_of(self.surface, key)
        ground = coarser(self.surface)[-key[0]]
        box = self.bounds
        touching = (box[:, 0] < east) & (box[:, 2] > west) & (box[:, 1] < north)
        touching &= (box[:, 3] > south) & (self.shapes.kind == POLYGON)
        if key[0] < 0:
            size = np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])
            touching &= size > SMALL * ground.limit
        within = touching & (box[:, 0] >= west) & (box[:, 2] <= east)
        within &= (box[:, 1] >= south) & (box[:, 3] <= north)
        whole, cut = np.flatnonzero(within), np.flatnonzero(touching & ~within)
        polygons = self._polygons(cut, west, south)
        clipped = shapely.clip_by_rect(polygons, 0.0, 0.0, east - west, north - south)
        return self._draped(ground, whole, cut, clipped, west, south)

    def _outside(self) -> Draped:
        """Lay what lies beyond the terrain on the plane around it."""
        west, south, east, north = self.surface.extent
        box = self.bounds
        out = (box[:, 0] < west) | (box[:, 2] > east) | (box[:, 1] < south) | (box[:, 3] > north)
        cut = np.flatnonzero(out & (self.shapes.kind == POLYGON))
        square = shapely.box(0.0, 0.0, east - west, north - south)
        left = shapely.difference(self._polygons(cut, west, south), square)
        return self._draped(self.surface, cut[:0], cut, left, west, south)

    def _polygons(self, rows: Ints, west: float, south: float) -> Any:
        """Give some of the shapes relative to a place, mended where they are not valid."""
        if not len(rows):
            return np.empty(0, dtype=object)
        polygons = shapely.force_2d(self.shapes.take(rows).moved(-west, -south).to_shapely())
        return np.where(shapely.is_valid(polygons), polygons, shapely.make_valid(polygons))

    def _draped(
        self, ground: Surface, whole: Ints, cut: Ints, clipped: Any, west: float, south: float
    ) -> Draped:
        """Lay whole shapes and what was cut from others on the ground."""
        parts, of = shapely.get_parts(clipped, return_index=True)
        deeper, at = shapely.get_parts(parts, return_index=True)
        parts, of = deeper, of[at]
        good = (shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 1e-6)
        rest = Shapes.from_shapely(parts[good]).moved(west, south)
        mine = self.shapes.take(whole)
        flat = Shapes(mine.kind, mine.coords, mine.ring_start, mine.shape_start)
        owner = np.concatenate([whole, cut[of[good]]])
        made = drape_polygons(Shapes.join([flat, rest]), ground)
        return Draped(made.points, made.triangles, owner[made.owner])


def box_of(surface: Surface, key: Key) -> tuple[float, float, float, float]:
    """Give west, south, east, north of a tile or block, metres."""
    level, row, col = key
    cells, side = surface.tile << -level, surface.side
    corners = np.array([
        [col * cells, min((row + 1) * cells, side)], [min((col + 1) * cells, side), row * cells],
    ], dtype=np.float64)  # fmt: skip
    (west, south), (east, north) = surface.from_cells(corners).tolist()
    return west, south, east, north


def tile_of(key: Key) -> Key:
    """Give the tile that a quarter lies in; tiles and blocks are themselves."""
    deep = max(key[0], 0)
    return min(key[0], 0), key[1] >> deep, key[2] >> deep


class AreaPieces:
    """Filled areas of a layer on a terrain.

    Parameters
    ----------
    plan : AreaPlan
        The areas.
    rows : (n,) int64
        Which object of the layer each is.
    context : StageContext
        Where.
    share, relief, surface
        As `scene.flat_parts.Area.of` takes them.
    """

    def __init__(
        self, plan: AreaPlan, rows: Ints, context: StageContext, *,
        share: float, relief: float, surface: float | None,
    ) -> None:  # fmt: skip
        self._plan, self._rows, self._context = plan, rows, context
        self._share, self._relief, self._surface = share, relief, surface
        self._made: OrderedDict[Key, Area | None] = OrderedDict()
        self._laid = dict(plan.ahead)  # pieces whose actors are still to be made
        self._work: dict[Key, Future[Draped]] = {}
        self._asked: dict[Key, None] = {}  # what the frame at hand misses, in order
        self._queue: list[Key] = []
        self._seen: set[Key] = set()
        self._painted: tuple[Rgb, float] | None = None
        self._placed = (0.0, 0.0)
        self._shown = False
        self._drawn_at = 0.0
        context.ground.followers.add(self)

    @property
    def shown(self) -> set[Key]:
        """The pieces of the last frame."""
        return self._seen

    # --- the part of a view ---------------------------------------------------------------------

    def paint(self, colours: Rgb, opacity: float, *, shown: bool) -> None:
        """Give every object its colour."""
        self._painted, self._shown = (colours, opacity), shown and opacity > 0.0
        for key, area in self._made.items():
            if area is not None:
                area.paint(colours, opacity, shown=self._shown and key in self._seen)

    def place(self, order: float, lift: float, context: StageContext) -> None:
        """Take another place above the ground."""
        self._placed = order, lift
        for area in self._made.values():
            if area is not None:
                area.place(order, lift, context)

    def prepare(self, frame: FrameState, context: StageContext) -> None:
        """Show the pieces that lie on the ground of the frame."""
        tiles = context.ground.tiles_for(context.origin)
        if tiles is None or not self._shown:
            self._show({})
            return
        detail = context.detail
        if context.patient:
            self._take(detail.uploads_moving if context.moving else detail.uploads_still)
        wanted: dict[Key, float] = {BEYOND: 0.0}
        for key, sheet in tiles.shown(frame, patient=context.patient):
            wanted[tile_of(key)] = sheet.away if key[0] < 0 else 0.0
        missing = [key for key in wanted if key not in self._made]
        if not context.patient or not (self._made or self._laid):
            for key in missing:
                self._put(key, self._laid.pop(key) if key in self._laid else self._plan.laid(key))
        else:
            self._asked |= dict.fromkeys(key for key in missing if key not in self._laid)
        self._queue, self._asked = list(self._asked), {}
        self._drop_work()
        self._feed()
        self._show({key: away for key, away in wanted.items() if key in self._made})
        for key, away in wanted.items():
            area = self._made.get(key)
            if area is not None:
                pool = area.actor.GetShaderProperty().GetVertexCustomUniforms()
                pool.SetUniform3f("depthAway", (away * frame.stretch, frame.away_factor, 0.0))
        self._make_room()

    def close(self, context: StageContext) -> None:
        """Take everything away."""
        context.ground.followers.discard(self)
        for job in self._work.values():
            job.cancel()
        self._work, self._queue, self._asked, self._laid = {}, [], {}, {}
        for area in self._made.values():
            if area is not None:
                area.close(context)
        self._made, self._seen = OrderedDict(), set()

    # --- pieces ---------------------------------------------------------------------------------

    def ready(self, keys: list[Key]) -> bool:
        """Say whether all these pieces are there; a thread begins with those that are not."""
        if not self._shown:
            return True
        missing = [key for key in keys if key not in self._made]
        self._asked |= dict.fromkeys(key for key in missing if key not in self._laid)
        return not missing

    @property
    def complete(self) -> bool:
        """Whether nothing is still to come."""
        return not self._shown or not (self._work or self._queue or self._laid)

    def advance(self, seconds: float) -> bool:
        """Hand over what the thread has made, for so long; says whether more is to come."""
        if self.complete:
            return False
        if self._context.moving:  # the next frame takes what it has time for
            return True
        taken = taken_within(seconds, self._take)
        late = time.perf_counter() - self._drawn_at > ASK_AGAIN
        if taken and (late or not self._work):
            self._drawn_at = time.perf_counter()
            self._context.request_frame()
        return True

    def finish(self, frame: FrameState) -> None:
        """Make everything that a frame wants."""
        tiles = self._context.ground.tiles_for(self._context.origin)
        if tiles is None or not self._shown:
            return
        keys = [tile_of(key) for key, _ in tiles.shown(frame, patient=False)]
        for key in (*keys, BEYOND):
            if key not in self._made:
                self._put(key, self._laid.pop(key) if key in self._laid else self._plan.laid(key))

    def _drop_work(self) -> None:
        """Forget what the frame at hand does not ask for."""
        for key in [key for key in self._work if key not in self._queue]:
            if self._work[key].cancel():
                del self._work[key]

    def _feed(self) -> None:
        """Keep the thread at work."""
        while self._queue and len(self._work) < IN_WORK:
            key = self._queue.pop(0)
            if key not in self._work and key not in self._made:
                self._work[key] = _cutter().submit(self._plan.laid, key)

    def _take(self, most: int) -> int:
        """Hand over up to so many finished pieces; gives how many."""
        done = [key for key, job in self._work.items() if job.done()]
        self._laid |= {key: self._work.pop(key).result() for key in done}
        taken = list(self._laid)[:most]
        for key in taken:
            self._put(key, self._laid.pop(key))
        self._feed()
        return len(taken)

    def _put(self, key: Key, laid: Draped) -> None:
        """Make the actor of a piece, not yet to be seen."""
        if key in self._made:
            return
        if not len(laid.triangles):
            self._made[key] = None
            return
        area = Area.of(
            self._plan.shapes, self._rows, self._context, share=self._share, step=1.0,
            relief=self._relief, surface=self._surface, draped=laid,
        )  # fmt: skip
        if self._painted is not None:
            area.paint(*self._painted, shown=False)
        area.place(*self._placed, self._context)
        area.actor.SetVisibility(False)
        self._made[key] = area

    def _show(self, keys: dict[Key, float]) -> None:
        """Show these pieces and no others."""
        for key in self._seen.symmetric_difference(keys):
            if (area := self._made.get(key)) is not None:
                area.actor.SetVisibility(key in keys)
        for key in keys:
            self._made.move_to_end(key)
        self._seen = set(keys)

    def _make_room(self) -> None:
        """Drop the pieces not seen for longest."""
        for key in list(self._made):
            if len(self._made) <= max(MOST_KEPT, 2 * len(self._seen)):
                return
            if key not in self._seen and key != BEYOND:
                area = self._made.pop(key)
                if area is not None:
                    area.close(self._context)


@functools.cache
def _cutter() -> ThreadPoolExecutor:
    """Give the thread that cuts pieces, the same for all layers."""
    return ThreadPoolExecutor(1, "areas")
