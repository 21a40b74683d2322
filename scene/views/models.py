"""Hand-made models: near ones as drawn, far ones simplified, as many as there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from layers.kinds.base import Layer
from layers.kinds.models import Models
from layers.shapes import Bools, Floats, Ints
from scene.model_levels import Level, levels_of
from scene.model_rays import enters, rays_of
from scene.model_sets import HOVERED, PLAIN, SELECTED, ModelLight, ModelSet
from scene.rays import Aim, Hit, unit
from scene.shadow_bodies import Bodies, Form
from scene.views.base import NOTHING, Body, Bounds, FrameState, LayerView, StageContext

ALLOWED = 1.2  # pixels by which a model may differ from what it is
BUDGET = 1_500_000  # triangles of all models of a layer in a frame
COARSEST = 64.0  # times `ALLOWED` at most
HIDDEN = -1


class ModelsView(LayerView):
    """Draws a layer of models."""

    def __init__(self, layer: Layer, context: StageContext) -> None:
        self._light = ModelLight()
        self._sets: dict[int, ModelSet] = {}
        self._codes: Ints = NOTHING
        self._levels: list[tuple[Level, ...]] = []
        self._selected: Ints = NOTHING
        self._isolated: Ints | None = None
        self._hovered: int | None = None
        self._places: Floats = np.zeros((0, 3))
        self._low: Floats = np.zeros((0, 3))
        self._high: Floats = np.zeros((0, 3))
        self._origins: Floats = np.zeros((0, 3))
        self._bodies: tuple[Bodies, ...] | None = None
        super().__init__(layer, context)

    @property
    def data(self) -> Models:
        """The models."""
        data = self.layer.data
        assert isinstance(data, Models)
        return data

    @property
    def triangles(self) -> int:
        """How many triangles the last frame drew."""
        drawn = self._codes[self._codes != HIDDEN]
        return sum(
            self._level_of(int(code)).triangles * int(count)
            for code, count in zip(*np.unique(drawn, return_counts=True), strict=True)
        )

    def rebuild(self) -> None:
        """Find where everything stands; sets are made when a frame needs them."""
        for made in self._sets.values():
            made.close()
        self._sets, self._codes, self._bodies = {}, NOTHING, None
        data = self.data
        self._levels = [levels_of(model) for model in data.library.models]
        ground = self.context.project.ground_at(data.shapes.coords)
        self._places = np.column_stack([data.shapes.coords, data.heights(ground)])
        self._boxes()
        count = len(data.library)
        self._origins = np.zeros((count, 3))
        for i in range(count):
            rows = data.model == i
            if rows.any():
                self._origins[i] = self.context.to_scene(self._places[rows].mean(axis=0))
                if int(rows.sum()) == 1:
                    self._origins[i] = self.context.to_scene(self._places[rows][0])

    def _boxes(self) -> None:
        """Find the boxes around the models, project metres."""
        data = self.data
        ends = np.array([model.box() for model in data.library.models]).reshape(-1, 2, 3)
        x = ends[:, [0, 1, 0, 1], 0][data.model] * data.scale[:, None]
        y = ends[:, [0, 0, 1, 1], 1][data.model] * data.scale[:, None]
        angle = np.radians(data.turn)[:, None]
        c, s = np.cos(angle), np.sin(angle)
        east, north = x * c + y * s, y * c - x * s
        z = ends[:, :, 2][data.model] * data.scale[:, None]
        low = np.stack([east.min(axis=1), north.min(axis=1), z[:, 0]], axis=1)
        high = np.stack([east.max(axis=1), north.max(axis=1), z[:, 1]], axis=1)
        self._low, self._high = self._places + low, self._places + high

    def restyle(self) -> None:
        """Take opacity and visibility."""
        for made in self._sets.values():
            made.show(shown=self.shown, opacity=self.layer.opacity)

    def ground_changed(self) -> None:
        """Stand on the new ground."""
        if self.data.on_ground.any():
            self.rebuild()

    @property
    def bodies(self) -> tuple[Bodies, ...]:
        """All models that are seen."""
        if self._bodies is None:
            data, visible = self.data, self._visible()
            made = []
            for number, levels in enumerate(self._levels):
                rows = np.flatnonzero(visible & (data.model == number))
                if not len(rows):
                    continue
                angle = np.radians(-data.turn[rows])
                places, sizes = self.context.to_scene(self._places[rows]), data.scale[rows]
                made.append(
                    Bodies.many(
                        tuple(_form(level) for level in levels[:-1] or levels), places,
                        np.column_stack([np.cos(angle), np.sin(angle)]),
                        np.column_stack([sizes, sizes]),
                    )
                )  # fmt: skip
            self._bodies = tuple(made)
        return self._bodies

    def solids(self, low: Floats, high: Floats, *, blocks: bool = True) -> Iterator[Body]:
        """Give the models that are seen and may touch a box."""
        del blocks
        near = (self._low <= high).all(axis=1) & (self._high >= low).all(axis=1)
        for row in np.flatnonzero(near & self._visible()):
            model = self.data.library.models[int(self.data.model[row])]
            angle, size = np.radians(self.data.turn[row]), self.data.scale[row]
            c, s = np.cos(angle), np.sin(angle)
            turned = model.local() @ np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
            points = turned * size + self._places[row]
            yield Body(int(self.data.ids[row]), points, model.triangles)

    def prepare(self, frame: FrameState) -> None:
        """Choose the copy of each model by how large it is in the picture, and draw those."""
        self._light.follow(self.context.renderer.GetActiveCamera(), self.context.materials)
        codes = self._choose(frame)
        if np.array_equal(codes, self._codes):
            return
        before, self._codes = self._codes, codes
        changed = codes != before if len(before) == len(codes) else np.ones(len(codes), dtype=bool)
        touched = set(codes[changed].tolist())
        if len(before) == len(codes):
            touched |= set(before[changed].tolist())
        for code in sorted(touched - {HIDDEN}):
            self._draw(code, np.flatnonzero(codes == code))

    def _draw(self, code: int, rows: Ints) -> None:
        made = self._sets.get(code)
        if made is None and rows.size == 0:
            return
        if made is None:
            shader = self._light.shaders[code % 3]
            origin = self._origins[code // 3 // 8]
            made = ModelSet(self._level_of(code), origin, shader, self.context)
            self._sets[code] = made
            materials = [actor.GetProperty() for actor in made.actors]
            self.context.materials.shadows.dress(
                self._light, shader, *materials, names=("materialTex", "anisotropyTex")
            )
        data = self.data
        made.put(self.context.to_scene(self._places[rows]), data.turn[rows], data.scale[rows])
        made.show(shown=self.shown and rows.size > 0, opacity=self.layer.opacity)

    def _level_of(self, code: int) -> Level:
        return self._levels[code // 3 // 8][code // 3 % 8]

    def _visible(self) -> Bools:
        visible = np.ones(len(self.data), dtype=bool)
        if self._isolated is not None:
            visible = np.isin(self.data.ids, self._isolated)
        return visible

    def _choose(self, frame: FrameState) -> Ints:
        """Give model, level and state of each instance as one number, `HIDDEN` out of view."""
        data = self.data
        codes = np.full(len(data), HIDDEN, dtype=np.int64)
        if len(data) == 0 or not self.shown:
            return codes
        low, high = self._low - self.context.origin, self._high - self.context.origin
        seen = np.flatnonzero(frame.sees(low, high) & self._visible())
        if seen.size == 0:
            return codes
        gap = np.maximum(np.maximum(low[seen] - frame.eye, frame.eye - high[seen]), 0.0)
        away = np.linalg.norm(gap, axis=1)
        pixels = frame.pixels_per_metre(away) * data.scale[seen] / self.context.pixel_scale
        model = data.model[seen]
        allowed = ALLOWED
        while True:
            level, total = self._fitting(model, pixels, allowed)
            if total <= BUDGET or allowed >= ALLOWED * COARSEST:
                break
            allowed *= 2.0
        state = np.full(seen.size, PLAIN, dtype=np.int64)
        ids = data.ids[seen]
        if len(self._selected):
            state[np.isin(ids, self._selected)] = SELECTED
        if self._hovered is not None:
            state[ids == self._hovered] = HOVERED
        codes[seen] = (model * 8 + level) * 3 + state
        return codes

    def _fitting(self, model: Ints, pixels: Floats, allowed: float) -> tuple[Ints, int]:
        """Give the coarsest copy within so many pixels for each, and the triangles of all."""
        level = np.zeros(len(model), dtype=np.int64)
        total = 0
        for i, levels in enumerate(self._levels):
            rows = np.flatnonzero(model == i)
            if rows.size == 0:
                continue
            errors = np.array([one.error for one in levels])
            fits = errors[None, :] * pixels[rows, None] <= allowed
            fits[:, 0] = True
            level[rows] = len(levels) - 1 - np.argmax(fits[:, ::-1], axis=1)
            sizes = np.array([one.triangles for one in levels])
            total += int(sizes[level[rows]].sum())
        return level, total

    def bounds(self) -> Bounds | None:
        """Give the box around all models."""
        if len(self._low) == 0:
            return None
        low, high = self._low.min(axis=0), self._high.max(axis=0)
        return (low[0], high[0], low[1], high[1], low[2], high[2])

    def nearest(self, frame: FrameState) -> float:
        """Give how far the nearest model's box is, metres."""
        low, high = self._low - self.context.origin, self._high - self.context.origin
        gap = np.maximum(np.maximum(low - frame.eye, frame.eye - high), 0.0)
        return float(np.linalg.norm(gap, axis=1).min(initial=np.inf))

    def pick(self, aim: Aim) -> Hit | None:
        """Give the model under a pixel, on its triangles."""
        data = self.data
        origin, way = np.array(aim.ray.origin), np.array(aim.ray.direction)
        near = enters(origin, way, self._low, self._high)
        near[~self._visible()] = np.inf
        best: tuple[float, int, Floats] | None = None
        for row in np.argsort(near, kind="stable"):
            if not np.isfinite(near[row]) or (best is not None and near[row] > best[0]):
                break
            angle, scale = np.radians(data.turn[row]), data.scale[row]
            c, s = np.cos(angle), np.sin(angle)
            into = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]) / scale
            model = data.library.models[int(data.model[row])]
            met = rays_of(model).meet(into @ (origin - self._places[row]), into @ way)
            if met is not None and (best is None or met[0] < best[0]):
                best = (met[0], int(row), into.T @ met[1])
        if best is None:
            return None
        metres, row, normal = best
        east, north, up = unit(normal).tolist()
        at = aim.ray.at(metres)
        return Hit(self.layer.id, int(data.ids[row]), at, (east, north, up), metres)

    def inside(self, project: Callable[[Floats], Bools]) -> Ints:
        """Give the ids of the models whose middle is chosen."""
        rows = np.flatnonzero(self._visible())
        middle = (self._low[rows] + self._high[rows]) / 2
        return np.asarray(self.data.ids[rows[project(middle)]])

    def select(self, ids: Ints) -> None:
        """Show these models as selected."""
        self._selected = ids

    def hover(self, object_id: int | None) -> None:
        """Show this model as being pointed at."""
        self._hovered = object_id

    def isolate(self, ids: Ints | None) -> None:
        """Hide all models but these."""
        self._isolated, self._bodies = ids, None

    def close(self) -> None:
        """Free what was drawn."""
        super().close()
        for made in self._sets.values():
            made.close()
        self._sets = {}


def _form(level: Level) -> Form:
    """Give a copy of a model as a form that throws shadows."""
    count = np.cumsum([0] + [len(mesh.points) for mesh in level.meshes])
    points = np.vstack([mesh.points for mesh in level.meshes]).astype(np.float64)
    triangles = np.vstack(
        [mesh.triangles + np.int32(n) for mesh, n in zip(level.meshes, count, strict=False)]
    )
    return Form(points, triangles, level.error)
