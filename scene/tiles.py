"""Tiles: what of a layer of buildings is on the card, and what of that is in the picture.

The layer is a tree of pieces (`scene.choosing`). Before each frame a piece is chosen for every
part of the city in view; those that are missing are made by threads, handed to the card a few at a
time, and kept until room is needed.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from layers.shapes import Bools, Floats, Ints
from scene.ahead import taken_within
from scene.block_look import EDGES_FROM, EDGES_MOVING, BlockLook
from scene.choosing import CELLS, WHOLE, Choice, Eye, Pieces, choose
from scene.merged import Dots
from scene.meshing import Mesh
from scene.piece_meshes import Source, measure_pieces, pieces_of
from scene.vtk_arrays import as_array, as_cells, as_points

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

IN_WORK = 3  # pieces waiting for a thread at a time: what is wanted changes as the eye moves
POINT_SIZES = 0x8642  # GL_PROGRAM_POINT_SIZE

Parts = list[Mesh | Dots]


@dataclass(slots=True)
class _Made:
    solid: list[Any] = field(default_factory=list)
    lines: list[Any] = field(default_factory=list)
    nbytes: int = 0
    seen: int = 0


class Tiles:
    """The actors of one layer of buildings.

    Parameters
    ----------
    context : StageContext
        Where they go.
    look : BlockLook
        What they share.
    """

    def __init__(self, context: StageContext, look: BlockLook) -> None:
        self._context, self._look = context, look
        self._source: Source | None = None
        self._pieces: Pieces | None = None
        self._made: dict[int, _Made] = {}
        self._ready: Bools = np.zeros(0, dtype=bool)
        self._split: Bools = np.zeros(0, dtype=bool)
        self._shown: Bools = np.zeros(0, dtype=bool)
        self._lined: Bools = np.zeros(0, dtype=bool)
        self._version: Ints = np.zeros(0, dtype=np.int64)
        self._threads: ThreadPoolExecutor | None = None
        self._work: dict[int, tuple[int, Future[Parts]]] = {}
        self._queue: deque[int] = deque()
        self._foreseeing = False  # whether threads work for a movement that is still to come
        self._frame = 0
        self.plain = False  # without shaders there are neither points nor hidden buildings
        self.built = 0  # leaves made anew by the last `fill`
        self.choice: Choice | None = None

    # --- what there is ----------------------------------------------------------------------

    def __len__(self) -> int:
        return 0 if self._source is None else len(self._source.tree.leaves)

    @property
    def in_view(self) -> int:
        """How many pieces the last frame showed."""
        return int(self._shown.sum())

    @property
    def pieces(self) -> Pieces | None:
        """The tree of pieces, None before there is anything."""
        return self._pieces

    @property
    def shown(self) -> Bools:
        """Which pieces the last frame showed, (p,)."""
        return self._shown

    @property
    def missing(self) -> int:
        """How many pieces the last frame wanted and did not have."""
        return 0 if self.choice is None else int((self.choice.wanted & ~self._ready).sum())

    @property
    def nbytes(self) -> int:
        """Bytes of all meshes kept."""
        return sum(made.nbytes for made in self._made.values())

    def bytes_of_pieces(self) -> dict[int, int]:
        """Give the bytes of each piece that is kept."""
        return {piece: made.nbytes for piece, made in self._made.items()}

    def fill(self, source: Source, touched: Ints | None = None) -> None:
        """Draw buildings.

        Parameters
        ----------
        source : Source
            The buildings.
        touched : (k,) int64 or None
            Leaves whose buildings are not what they were, in the same tree as before; None
            makes everything anew.
        """
        before, self._source = self._source, source
        if touched is None or self._pieces is None or before is None:
            self._begin(source)
            self.built = len(source.tree.leaves)
            return
        self.built = len(touched)
        # Points of cells know their places in the texture by number.
        first, cells = before.merged.cells.first, source.merged.cells.first
        numbered = first is cells or np.array_equal(first, cells)
        if len(touched) == 0 and numbered:
            return
        nodes = np.zeros(len(source.tree), dtype=bool)
        while len(touched):
            nodes[touched] = True
            touched = np.unique(source.tree.parent[touched])
            touched = touched[touched >= 0]
        measure_pieces(self._pieces, source, self._context.origin, nodes)
        anew = nodes[self._pieces.node]
        stale = np.flatnonzero(anew if numbered else anew | (self._pieces.kind == CELLS))
        self._version[stale] += 1
        for piece in stale:
            number = int(piece)
            if number not in self._made:
                continue
            again = bool(self._shown[number])
            self._drop(number)
            if again:
                self._put(number, self._make(number))
                self._show(number, True)
                self._shown[number] = True

    def _begin(self, source: Source) -> None:
        """Lay out the pieces anew; the root is there at once, so that there is never a hole."""
        self._clear()
        self._pieces = pieces_of(source, self._context.origin)
        count = len(self._pieces)
        self._ready, self._split = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
        self._shown, self._lined = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
        self._version = np.zeros(count, dtype=np.int64)
        self.choice = None
        if self._context.patient and not self.plain:
            self._put(0, self._make(0))

    # --- a frame ----------------------------------------------------------------------------

    def prepare(self, frame: FrameState, *, shown: bool, dense: float = 1.0) -> None:
        """Choose and show what is in view.

        `dense` is the number of pixels of the drawing per pixel of lines.
        """
        if self._pieces is None:
            return
        self._frame += 1
        if not shown:
            self._flip(np.zeros(len(self._pieces), dtype=bool), frame, dense)
            return
        detail = self._context.detail
        patient = self._context.patient and not self.plain
        if patient:
            self._take(detail.uploads_moving if self._context.moving else detail.uploads_still)
        choice = self._choose(frame, moving=self._context.moving)
        if not patient:
            choice = self._complete(frame, choice, moving=self._context.moving)
        self.choice, self._split = choice, choice.split
        self._flip(choice.shown, frame, dense)
        window: Any = self._context.plotter.render_window
        window.GetState().vtkglEnable(POINT_SIZES)
        self._foreseeing &= not self._context.moving and not self.missing
        if patient and not self._foreseeing:
            self._queue_up(choice)
        self._make_room()

    def complete(self, frame: FrameState) -> bool:
        """Say whether the last frame was just what a picture at rest shows."""
        if self._pieces is None:
            return True
        choice = self._choose(frame, moving=False)
        return bool((choice.wanted == self._shown).all())

    def finish(self, frame: FrameState) -> None:
        """Make everything that a picture at rest wants."""
        if self._pieces is not None:
            choice = self._choose(frame, moving=False)
            self._split = self._complete(frame, choice, moving=False).split

    def advance(self, seconds: float) -> bool:
        """Hand over what threads have made, for so long; says whether more is to come."""
        if self._pieces is None or not self._work:
            return False
        if self._context.moving:  # the next frame takes what it has time for
            return True
        taken = taken_within(seconds, self._take)
        if taken and not self._foreseeing:
            self._context.request_frame()
        return True

    def foresee(self, frame: FrameState) -> None:
        """Let threads make what a movement that begins here will want.

        Coarse pieces would else be missing just then, and the fine ones of the picture at rest
        stay for the first frames.
        """
        if self._pieces is None or not self._context.patient or self.plain:
            return
        self._foreseeing = True
        self._queue_up(self._choose(frame, moving=True))

    def _choose(self, frame: FrameState, *, moving: bool) -> Choice:
        assert self._pieces is not None
        detail, context = self._context.detail, self._context
        limit = detail.moving_pixels * context.patience if moving else detail.still_pixels
        cost = detail.moving_triangles / context.patience if moving else detail.still_triangles
        most = detail.props
        if detail.full or self.plain:
            limit, cost, most = 0.0, np.inf, 1 << 30
        scale = 1.0 if moving else context.pixel_scale
        eye = Eye(
            frame.planes, frame.eye, frame.pixels / scale, frame.parallel,
            context.materials.haze_metres,
        )  # fmt: skip
        before = self._split
        if not context.patient:  # a picture must not depend on the one drawn before it
            before = np.zeros(len(before), dtype=bool)
        return choose(self._pieces, eye, self._ready, before, limit, cost, most)

    def _complete(self, frame: FrameState, choice: Choice, *, moving: bool) -> Choice:
        """Make what is missing now: threads make the meshes while they are handed over here."""
        missing = [int(piece) for piece in np.flatnonzero(choice.wanted & ~self._ready)]
        jobs = [self._begin_making(piece) for piece in missing]
        for piece, job in zip(missing, jobs, strict=True):
            self._put(piece, job.result())
        return self._choose(frame, moving=moving)

    def _flip(self, seen: Bools, frame: FrameState, dense: float) -> None:
        """Tell the actors that come and those that go, and show the edges of what is near."""
        pieces = self._pieces
        assert pieces is not None
        lined = np.zeros(len(seen), dtype=bool)
        if self._look.edged and seen.any() and self.choice is not None:
            lined = seen & (pieces.kind == WHOLE)
            least = EDGES_FROM * dense * (EDGES_MOVING if self._context.moving else 1.0)
            lined[lined] = frame.pixels_per_metre(self.choice.away[lined]) > least
        for piece in np.flatnonzero((seen != self._shown) | (lined != self._lined)):
            self._show(int(piece), bool(seen[piece]), bool(lined[piece]))
        for piece in np.flatnonzero(seen):
            self._made[int(piece)].seen = self._frame
        self._shown, self._lined = seen, lined

    def _show(self, piece: int, seen: bool, lined: bool = False) -> None:
        made = self._made.get(piece)
        if made is not None:
            for actor in made.solid:
                actor.SetVisibility(seen)
            for actor in made.lines:
                actor.SetVisibility(lined)

    # --- threads ----------------------------------------------------------------------------

    def _queue_up(self, choice: Choice) -> None:
        """Let threads make what is missing, what shows most first; older wishes are forgotten."""
        pieces = self._pieces
        assert pieces is not None
        missing = choice.wanted | (choice.split & (pieces.kind == CELLS))
        missing &= ~self._ready
        numbers = np.flatnonzero(missing)
        if len(numbers):
            parent = np.maximum(pieces.parent[numbers], 0)
            shows = pieces.error[parent] / np.maximum(choice.away[numbers], 1.0)
            numbers = numbers[np.argsort(-shows, kind="stable")]
        self._queue = deque(int(number) for number in numbers)
        self._feed()

    def _feed(self) -> None:
        """Keep the threads at work."""
        most = IN_WORK * self._context.detail.workers
        while self._queue and len(self._work) < most:
            piece = self._queue.popleft()
            if piece in self._work or self._ready[piece]:
                continue
            self._work[piece] = (int(self._version[piece]), self._begin_making(piece))

    def _begin_making(self, piece: int) -> Future[Parts]:
        """Let a thread make a piece of what is there now, whatever comes meanwhile."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._context.detail.workers, "pieces")
        assert self._source is not None
        assert self._pieces is not None
        kind, node = int(self._pieces.kind[piece]), int(self._pieces.node[piece])
        return self._threads.submit(self._source.make, kind, node, self._centre(piece))

    def _take(self, most: int) -> int:
        """Hand over up to so many finished pieces; gives how many."""
        taken = 0
        for piece in [piece for piece, (_, job) in self._work.items() if job.done()]:
            if taken >= most:
                break
            version, job = self._work.pop(piece)
            parts = job.result()
            if version == self._version[piece] and not self._ready[piece]:
                self._put(piece, parts)
                taken += 1
        self._feed()
        return taken

    def _forget_work(self) -> None:
        for _, job in self._work.values():
            job.cancel()
        self._work, self._queue = {}, deque()

    # --- meshes and actors --------------------------------------------------------------------

    def _centre(self, piece: int) -> Floats:
        """Give what the points of a piece are relative to, project coordinates."""
        assert self._pieces is not None
        low, high = self._pieces.low[piece], self._pieces.high[piece]
        if not low[0] <= high[0]:
            return self._context.origin
        return np.asarray((low + high) / 2 + self._context.origin)

    def _make(self, piece: int) -> Parts:
        assert self._source is not None
        assert self._pieces is not None
        kind, node = int(self._pieces.kind[piece]), int(self._pieces.node[piece])
        return self._source.make(kind, node, self._centre(piece))

    def _put(self, piece: int, parts: Parts) -> None:
        """Make the actors of a piece, not yet to be seen."""
        made = _Made(seen=self._frame)
        for part in parts:
            made.nbytes += part.nbytes
            points, marks = as_points(part.points), as_array(part.marks, "marks")
            if isinstance(part, Dots):
                if len(part.points):
                    made.solid.append(self._actor(part, points, marks, self._look.dots))
                continue
            material = self._look.faces if part.closed else self._look.details
            made.solid.append(self._actor(part, points, marks, material))
            if len(part.edges):
                made.lines.append(self._actor(part, points, marks, self._look.edges))
        self._made[piece] = made
        self._ready[piece] = True

    def _actor(self, part: Mesh | Dots, points: Any, marks: Any, material: Any) -> Any:
        """Make an actor of the triangles, the edges or the points of a mesh."""
        look = self._look
        data = vtkPolyData()
        data.SetPoints(points)
        data.GetPointData().AddArray(marks)
        shader, attributes = look.face_shader, [("mark", "marks")]
        if isinstance(part, Dots):
            data.GetPointData().AddArray(as_array(part.sizes, "sizes"))
            data.SetVerts(as_cells(np.arange(len(part.points), dtype=np.int32).reshape(-1, 1)))
            shader, attributes = look.dot_shader, [*attributes, ("size", "sizes")]
        elif material is look.edges:
            data.SetLines(as_cells(part.edges))
            shader = look.edge_shader
        else:
            data.SetPolys(as_cells(part.triangles))
        mapper = vtkPolyDataMapper()
        mapper.SetInputData(data)
        mapper.SetVBOShiftScaleMethod(0)  # points lie near their middle; facades count metres
        mapper.ScalarVisibilityOff()
        actor = vtkActor()
        actor.SetMapper(mapper)
        actor.SetPosition(*(part.centre - self._context.origin))
        actor.SetProperty(material)
        if shader is not None:
            points_of = vtkDataObject.FIELD_ASSOCIATION_POINTS
            for name, array in attributes:
                mapper.MapDataArrayToVertexAttribute(name, array, points_of, -1)
            actor.SetShaderProperty(shader)
            if material is not look.edges:
                look.compiled.watch(mapper)
            if look.has_facades and shader is look.face_shader:
                look.facades.watch(mapper)
        actor.SetPickable(False)
        actor.SetVisibility(False)
        self._context.drawing_order.add(actor)
        return actor

    def _drop(self, piece: int) -> None:
        made = self._made.pop(piece)
        for actor in (*made.solid, *made.lines):
            self._context.drawing_order.take_away(actor)
            actor.GetMapper().ReleaseGraphicsResources(self._context.plotter.render_window)
        self._ready[piece] = self._shown[piece] = self._lined[piece] = False

    def _make_room(self) -> None:
        """Drop the pieces not seen for longest while they need too much room."""
        detail = self._context.detail
        room, most = detail.mesh_bytes, 2 * detail.props
        total = self.nbytes
        if total <= room and len(self._made) <= most:
            return
        kept = self._context.patient
        old = sorted(
            (made.seen, -made.nbytes, piece)
            for piece, made in self._made.items()
            if made.seen < self._frame and not (kept and piece == 0)
        )
        for _, nbytes, piece in old:
            if total <= room and len(self._made) <= most:
                return
            total += nbytes
            self._drop(piece)

    def _clear(self) -> None:
        self._forget_work()
        for piece in list(self._made):
            self._drop(piece)

    def redress(self) -> None:
        """Give walls and roofs the shader that their look has now."""
        look = self._look
        for made in self._made.values():
            for actor in made.solid:
                if actor.GetProperty() is look.faces or actor.GetProperty() is look.details:
                    actor.SetShaderProperty(look.face_shader)
                    actor.GetMapper().Modified()
                    if look.has_facades:
                        look.facades.watch(actor.GetMapper())

    def walls_in_view(self) -> bool:
        """Say whether walls were drawn in the last frame, not points alone."""
        look = self._look
        return any(
            actor.GetVisibility() and actor.GetProperty() in (look.faces, look.details)
            for made in self._made.values()
            for actor in made.solid
        )

    def begin_plain(self) -> None:
        """Make everything anew after the shaders were given up."""
        self.plain = True
        if self._source is not None:
            self._begin(self._source)

    def close(self) -> None:
        """Take everything away."""
        self._clear()
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)
            self._threads = None
        self._source = self._pieces = self.choice = None
