"""Buildings: tiles of blocks and surfaces, coloured through a texture of ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.roof_shapes import roofed
from layers.row_match import carried, old_rows, stretches, unmoved
from layers.shapes import Bools, Floats, Ints, same_arrays
from layers.style import Rgb
from scene.ahead import Work
from scene.block_look import BlockLook
from scene.changes import otherwise, reshaped
from scene.colours import object_colours
from scene.facades import facade_texels
from scene.id_texture import PLAIN, IdTexture, states
from scene.merged import Merged
from scene.meshing import BlockMesher
from scene.model_hides import HiddenByModels
from scene.names import roof_labels
from scene.picking import PixelPolygon
from scene.piece_meshes import Source
from scene.placing import Placing
from scene.prisms import Prisms, nearest_box
from scene.rays import Aim, Hit
from scene.shadow_bodies import Bodies
from scene.tiles import Tiles
from scene.views.base import NOTHING, Body, Bounds, FrameState, LayerView, StageContext

FEW_LEFT = 0.01  # of the buildings: where no more are shown, each is large enough to be seen
MANY = 2000  # buildings from which a thread begins
FEW = 200  # buildings of an edit up to which single cells are followed


class BuildingsView(LayerView):
    """Draws a layer of buildings."""

    exact: ClassVar[bool] = False  # whether colours are drawn as the legend has them

    def __init__(self, layer: Layer, context: StageContext) -> None:
        self._texture, self._kinds = IdTexture(), IdTexture()
        self._kinds_of: tuple[object, ...] = ()
        self._look = BlockLook(self._texture.texture, self._kinds.texture, exact=self.exact)
        self._tiles = Tiles(context, self._look)
        self._source: Source | None = None
        self._placing: Placing | None = None
        self._prisms: Prisms | None = None
        self._bounds: Bounds | None = None
        self._colours: Rgb = np.zeros((0, 3), dtype=np.uint8)
        self._written: NDArray[np.uint8] = np.zeros(0, dtype=np.uint8)
        self._texels: NDArray[np.uint8] = np.zeros((0, 4), dtype=np.uint8)
        self._changed: Ints | None = None  # the few rows of an edit whose look is not written yet
        self._cells: Ints | None = None  # cells that lost or got buildings since
        self._seen: Bools = np.zeros(0, dtype=bool)
        self._casting_of: tuple[object, ...] = ()
        self._casting: tuple[Bools, tuple[Bodies, ...]] = (self._seen, ())
        self._selected: Ints = NOTHING
        self._isolated: Ints | None = None
        self._base_of: tuple[object, ...] = ()
        self._models = HiddenByModels(context, layer.id)
        self._named = False  # whether names were written over roofs
        super().__init__(layer, context)

    @property
    def data(self) -> Buildings:
        """The buildings."""
        data = self.layer.data
        assert isinstance(data, Buildings)
        return data

    @property
    def tiles_built(self) -> int:
        """How many tiles the last change made anew."""
        return self._tiles.built

    @property
    def tiles(self) -> Tiles:
        """What is drawn of the layer, piece by piece."""
        return self._tiles

    @property
    def casting(self) -> Bools:
        """Which buildings throw shadows as blocks: those that are seen and have no faces."""
        return self._cast()[0]

    @property
    def bodies(self) -> tuple[Bodies, ...]:
        """Faces of the buildings that have any."""
        return self._cast()[1]

    def _cast(self) -> tuple[Bools, tuple[Bodies, ...]]:
        assert self._source is not None
        mesher = self._source.mesher
        now = (self._seen, mesher)
        if len(self._casting_of) != 2 or any(
            a is not b for a, b in zip(now, self._casting_of, strict=True)
        ):
            self._casting_of = now
            faced = np.flatnonzero(self._seen & mesher.detailed)
            bodies: tuple[Bodies, ...] = ()
            if len(faced):
                assert mesher.buildings.surfaces is not None
                used, corner = np.unique(mesher.triangles_of(faced)[0], return_inverse=True)
                points = self.context.to_scene(mesher.buildings.surfaces.coords[used])
                bodies = (Bodies.one(points, corner.reshape(-1, 3)),)
            self._casting = (self._seen & ~mesher.detailed, bodies)
        return self._casting

    def solids(self, low: Floats, high: Floats, *, blocks: bool = True) -> Iterator[Body]:
        """Give the buildings that are seen and may touch a box."""
        source = self._source
        if source is None or len(source.boxes) == 0:
            return
        mesher, boxes = source.mesher, source.boxes
        near = (boxes[:, :3] <= high).all(axis=1) & (boxes[:, 3:] >= low).all(axis=1)
        wanted = near & self._seen
        for row in np.flatnonzero(wanted if blocks else wanted & mesher.detailed):
            rows, centre = np.array([row]), boxes[row, :3]
            make = mesher.details if mesher.detailed[row] else mesher.blocks
            if (mesh := make(rows, source.slots, centre)) is not None:
                points = mesh.points.astype(np.float64) + centre
                yield Body(int(self.data.ids[row]), points, mesh.triangles)

    def rebuild(self) -> None:
        """Draw the buildings; tiles in which nothing changed stay as they are."""
        if self._source is None or self._placing is None:
            self._begin()
        else:
            self._follow(self._source, self._placing)
        self._prisms = None
        self._bounds = self._measure()

    def _begin(self) -> None:
        """Draw buildings nobody knows yet."""
        part = self.ahead(self.layer, self.context)
        begun = None if part is None else self.context.works.take(part)
        placing, mesher, boxes, merged = begun or begun_with(self.data, self.context.project)
        self._take(placing, mesher, boxes, merged, None)

    @classmethod
    def ahead(cls, layer: Layer, context: StageContext) -> Work | None:
        """Sort the buildings, and cut their roofs, before they are drawn."""
        data, project = layer.data, context.project
        if not isinstance(data, Buildings) or len(data) < MANY:
            return None
        key = ("buildings", data, project.terrain())
        return Work(key, lambda: begun_with(data, project))

    def _follow(self, before: Source, placed: Placing) -> None:
        """Draw what an edit changed."""
        data, was = self.data, before.mesher
        rows = old_rows(data.ids, was.buildings.ids)
        runs = stretches(rows)
        shaped, plans = reshaped(data, was.buildings, rows), was.plans
        if not same_arrays(data.shapes, was.buildings.shapes):
            plans = was.plans.after(data.shapes, rows, runs, np.flatnonzero(shaped))
        base = self._bases(was, rows, runs, shaped)
        mesher = BlockMesher(roofed(data, base), base, was, plans)
        changed = otherwise(mesher, was, rows, runs, shaped)
        placing, touched = placed.after(data.ids, plans.places_of, rows, runs, changed)
        if touched is None or len(changed) > FEW:
            merged = Merged(placing.tree, mesher.solids)
            self._take(placing, mesher, mesher.boxes(), merged, touched)
            return
        boxes, merged = before.boxes, before.merged
        if runs is None or not unmoved(rows, len(was.buildings)):
            boxes = carried(boxes, rows, runs)
            self._colours = carried(self._colours, rows, runs)
            self._written = carried(self._written, rows, runs)
        if len(changed):
            boxes[changed] = mesher.boxes(changed)
        if placing.tree is before.tree:
            merged.follow(mesher.solids, merged.cells_with(placing.tree.positions(changed)))
            self._take(placing, mesher, boxes, merged, touched, changed)
            return
        merged, cells = merged.after(placing.tree, mesher.solids, placing.moves, changed)
        self._take(placing, mesher, boxes, merged, touched, None if cells is None else changed)
        self._cells = cells

    def _take(
        self, placing: Placing, mesher: BlockMesher, boxes: Floats, merged: Merged,
        touched: Ints | None, changed: Ints | None = None,
    ) -> None:  # fmt: skip
        """Hand a state of the layer to the tiles; `changed` are the few rows of a small edit."""
        self._placing = placing
        self._source = Source(mesher, boxes, placing.slots, placing.tree, merged, placing.room)
        self._changed, self._cells = changed, None
        self._base_of = (self.context.project.terrain(), self.data.base)
        self._tiles.fill(self._source, touched)

    def _bases(
        self, was: BlockMesher, rows: Ints, runs: Ints | None, shaped: Bools
    ) -> Floats:  # fmt: skip
        """Give the levels the buildings stand on; the ground is asked only where it counts."""
        data, project = self.data, self.context.project
        terrain, given = self._base_of
        known = isinstance(given, np.ndarray) and len(was.base) > 0
        if project.terrain() is not terrain or not known:
            return project.base_of(data)
        assert isinstance(given, np.ndarray)
        moved = shaped
        if data.base is not given:
            then = carried(given, rows, runs)
            same = (data.base == then) | (np.isnan(data.base) & np.isnan(then))
            moved = shaped | ~same
        asked = np.flatnonzero(moved | (rows < 0))
        if len(asked) == 0 and len(rows) == len(was.base) and data.base is given:
            return was.base
        base = carried(was.base, rows, runs)
        base[asked] = project.base_of(data, asked)
        return base

    def _measure(self) -> Bounds | None:
        pieces = self._tiles.pieces
        if pieces is None or not np.isfinite(pieces.low[0]).all():
            return None
        low, high = pieces.low[0] + self.context.origin, pieces.high[0] + self.context.origin
        return (low[0], high[0], low[1], high[1], low[2], high[2])

    def restyle(self) -> None:
        """Write colours and states, set opacity and edges."""
        self._look.restyle(self.layer.style, self.layer.opacity)
        self._write(object_colours(self.data, self.layer.style))

    def _write(self, colours: Rgb | None = None) -> None:
        """Write the colour and the state of every building and every cell."""
        source, rows = self._source, self._changed
        assert source is not None
        colours = self._colours if colours is None else colours
        now = self._states()
        cells: Ints | None = None
        if rows is not None and len(self._texels) == 2 * len(source.merged):
            other = now != self._written
            for part in range(3):
                other |= colours[:, part] != self._colours[:, part]
            other[rows] = True
            rows = np.flatnonzero(other)
            if len(rows) <= FEW:
                cells = source.merged.cells_with(source.tree.positions(rows))
                cells = cells if self._cells is None else np.union1d(cells, self._cells)
        if cells is None:
            self._texels = np.zeros((2 * len(source.merged), 4), dtype=np.uint8)
        source.merged.look(source.mesher.solids, colours, now, self._texels, cells)
        self._texture.write(source.slots, colours, now, source.first_cell, self._texels)
        self._colours, self._written = colours, now
        self._changed, self._cells = NOTHING, None
        if self.layer.style.label_field or self._named:
            roof_labels(self.layer, source.boxes[:, 5], np.flatnonzero(self._seen), self.context)
            self._named = bool(self.layer.style.label_field)

    def _states(self) -> NDArray[np.uint8]:
        data = self.data
        hidden = ~data.drawn
        if self._isolated is not None:
            hidden |= ~np.isin(data.ids, self._isolated)
        if len(self._models.ids):
            hidden |= np.isin(data.ids, self._models.ids)
        self._seen = ~hidden
        left = int(self._seen.sum())
        self._look.keep_seen(left < max(FEW_LEFT * len(hidden), 50) and left < len(hidden))
        selected = NOTHING
        if len(self._selected):
            selected = np.flatnonzero(np.isin(data.ids, self._selected))
        return states(hidden, selected)

    def ground_changed(self) -> None:
        """Stand on the new ground."""
        if np.isnan(self.data.base).any():
            self.rebuild()
            self._write()

    def prepare(self, frame: FrameState) -> None:
        """Show the tiles in view and tell the edges how near they are."""
        if self._models.changed():
            self._write()
        redressed = self._look.wear(self.context.materials.look)
        if self._look.has_facades:
            self._write_kinds()
        if redressed:
            self._tiles.redress()
        self._tiles.prepare(frame, shown=self.shown, dense=self.context.pixel_scale)
        window: Any = self.context.plotter.render_window
        self._look.follow(
            frame,
            self.context.materials,
            self.context.pixel_scale,
            float(window.GetMaximumHardwareLineWidth()),
            moving=self.context.moving,
        )

    def _write_kinds(self) -> None:
        """Tell the facades what each building is, where that is not told yet."""
        assert self._placing is not None
        now = (self.data, self._placing.slots)
        if all(a is b for a, b in zip(now, self._kinds_of, strict=False)) and self._kinds_of:
            return
        self._kinds_of = now
        told = facade_texels(self.data)
        self._kinds.write(now[1], told, np.full(len(told), PLAIN, dtype=np.uint8))

    def advance(self, seconds: float) -> bool:
        """Hand over tiles that were made meanwhile."""
        return self._tiles.advance(seconds)

    def complete(self, frame: FrameState) -> bool:
        """Say whether the last frame was just what a picture at rest shows."""
        return self._tiles.complete(frame)

    def foresee(self, frame: FrameState) -> None:
        """Let threads make the tiles that a movement from here will want."""
        self._tiles.foresee(frame)

    def finish(self, frame: FrameState) -> None:
        """Make all tiles that a frame wants."""
        self._tiles.finish(frame)

    def drawn(self) -> None:
        """Draw plainly where the shaders did not compile."""
        unproved = self._look.has_facades and not self._look.facades.proved
        if unproved and self._tiles.walls_in_view():
            self._look.give_up_facades()
            self._tiles.redress()
            self.context.warn("scene-plain-facades")
            self.context.request_frame()
        self._look.facades.settle()
        if self._look.compiled.proved:
            self._look.compiled.settle()
        if self._look.compiled.proved or self._look.face_shader is None:
            return
        if self._tiles.in_view == 0:
            return
        self._look.compiled.settle()
        self._look.give_up()
        self._tiles.begin_plain()
        self.restyle()
        self.context.warn("scene-plain-shading")
        self.context.request_frame()

    def bounds(self) -> Bounds | None:
        """Give the box around all buildings."""
        return self._bounds

    def nearest(self, frame: FrameState) -> float:
        """Give how far the nearest building's box is, metres."""
        pieces, source = self._tiles.pieces, self._source
        if pieces is None or source is None:
            return float("inf")
        tree = source.tree
        return float(
            nearest_box(
                frame.eye + self.context.origin, pieces.low[: len(tree)] + self.context.origin,
                pieces.high[: len(tree)] + self.context.origin, tree.child, tree.children,
                tree.start, tree.end, tree.order, source.boxes,
            )
        )  # fmt: skip

    def pick(self, aim: Aim) -> Hit | None:
        """Give the building under a pixel."""
        source, pieces = self._source, self._tiles.pieces
        if source is None or pieces is None:
            return None
        if self._prisms is None:
            count = len(source.tree)
            low, high = pieces.low[:count], pieces.high[:count]
            around = np.hstack([low + self.context.origin, high + self.context.origin])
            self._prisms = Prisms(source.mesher, source.boxes, source.tree, around)
        met = self._prisms.meet(aim.ray, self._seen)
        if met is None:
            return None
        row, metres, normal = met
        return Hit(self.layer.id, int(self.data.ids[row]), aim.ray.at(metres), normal, metres)

    def inside(self, project: Callable[[Floats], Bools]) -> Ints:
        """Give the ids of the buildings whose middle is chosen."""
        source, pieces = self._source, self._tiles.pieces
        if source is None or pieces is None or len(source.slots) == 0:
            return NOTHING
        leaves = source.tree.leaves
        leaves = leaves[np.isfinite(pieces.low[leaves, 0])]
        sides = np.zeros(len(leaves), dtype=np.int8)
        if isinstance(project, PixelPolygon):
            origin = self.context.origin
            sides = project.sides(pieces.low[leaves] + origin, pieces.high[leaves] + origin)
        whole = [source.rows(node) for node in leaves[sides > 0]]
        asked = [source.rows(node) for node in leaves[sides == 0]]
        rows = np.concatenate([NOTHING, *asked])
        rows = rows[self._seen[rows]]
        middle = (source.boxes[rows, :3] + source.boxes[rows, 3:]) / 2
        found = np.concatenate([NOTHING, *whole])
        found = np.concatenate([found[self._seen[found]], rows[project(middle)]])
        return np.asarray(self.data.ids[np.sort(found)])

    def select(self, ids: Ints) -> None:
        """Show these buildings as selected."""
        self._selected = ids
        self._write()

    def hover(self, object_id: int | None) -> None:
        """Show this building as being pointed at."""
        at = NOTHING if object_id is None else np.flatnonzero(self.data.ids == object_id)
        assert self._placing is not None
        self._look.hover(int(self._placing.slots[at[0]]) if len(at) else -1)

    def isolate(self, ids: Ints | None) -> None:
        """Hide all buildings but these."""
        self._isolated = ids
        self._write()

    def close(self) -> None:
        """Free tiles and texture."""
        super().close()
        self.context.labels.remove(self.layer.id)
        self._look.compiled.settle()
        self._tiles.close()
        self._texture.release(self.context.plotter.render_window)
        self._kinds.release(self.context.plotter.render_window)


class ValuesView(BuildingsView):
    """Draws bodies whose colours stand for values: no light changes them."""

    exact = True


def begun_with(data: Buildings, project: Project) -> tuple[Placing, BlockMesher, Floats, Merged]:
    """Sort buildings nobody knows yet and cut their roofs: places, meshes, boxes and cells."""
    base = project.base_of(data)
    mesher = BlockMesher(roofed(data, base), base)
    placing = Placing.anew(data.ids, mesher.plans.places)
    merged = Merged(placing.tree, mesher.solids)
    return placing, mesher, mesher.boxes(), merged
