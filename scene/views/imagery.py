"""Imagery: an orthophoto lying on the ground, sharp where it is looked at."""

from __future__ import annotations

import functools
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import shapely

from layers.errors import CityError
from layers.kinds.imagery import Imagery
from layers.shapes import Shapes
from scene.actors import drop, mapper_of, polydata
from scene.drape import drape_polygons
from scene.ground_tiles import Sheet
from scene.picture_parts import LEVELS, SIZE, Part, ground_in_view, wanted_parts
from scene.relief import Bytes, image_texture
from scene.views.base import Bounds, FrameState, LayerView

LONGEST = 4096  # texels along one side of the overview
NAMES = ("Base", "A", "B", "C", "D")
Name = tuple[int | str, ...]
_NONE = np.zeros((1, 1, 4), dtype=np.uint8)


class ImageryView(LayerView):
    """Draws a picture on the ground, at its place among the flat layers."""

    flat = True

    def __init__(self, layer: Any, context: Any) -> None:
        self._actors: dict[Name, tuple[Any, Any]] = {}
        self._fixed: dict[Name, Any] = {}  # pieces that are always there
        self._order = 1
        self._coming: tuple[Part, Future[Bytes]] | None = None
        super().__init__(layer, context)

    @property
    def imagery(self) -> Imagery:
        """The picture."""
        data = self.layer.data
        assert isinstance(data, Imagery)
        return data

    def rebuild(self) -> None:
        """Take the picture and the ground as they are now."""
        self._take_away()
        data, origin = self.imagery, self.context.origin
        pixels = texels(data.pixels)
        self._clear = pixels.shape[2] == 4
        self._textures = [image_texture(pixels), *(image_texture(_NONE) for _ in range(LEVELS))]
        wide, high = data.east - data.west, data.north - data.south
        base = (data.west - origin[0], data.south - origin[1], 1.0 / wide, 1.0 / high)
        self._frames: list[tuple[float, ...]] = [base, *([(0.0,) * 4] * LEVELS)]
        self._held: list[Part | None] = [None] * LEVELS
        self._wanted: tuple[Part, ...] = ()
        self._last: FrameState | None = None
        self._waiting = self._gone = False
        surface = self.context.ground.surface
        self._fixed = {}
        if surface.flat or not _within(data, surface.extent):
            self._fixed["beyond",] = self._beyond()
        corners = np.array([[data.west, data.south], [data.east, data.north]])
        middle = np.vstack([corners, corners[:, ::-1], corners.mean(axis=0)])
        heights = surface.height_at(middle)
        self._heights = float(heights.min()), float(heights.max())

    def _beyond(self) -> Any:
        """Make the piece of the picture that lies on the plane beyond the terrain."""
        data, surface = self.imagery, self.context.ground.surface
        sheet: Any = shapely.box(data.west, data.south, data.east, data.north)
        if not surface.flat:
            sheet = sheet.difference(shapely.box(*surface.extent))
        shapes = Shapes.from_shapely(list(shapely.get_parts(sheet)))
        draped = drape_polygons(shapes, surface)
        return polydata(self.context.to_scene(draped.points), draped.triangles)

    def restyle(self) -> None:
        """Give the picture its opacity and visibility."""
        for _, actor in self._actors.values():
            self._dress(actor)
        if not self.shown:
            self._hide()

    def _dress(self, actor: Any) -> None:
        look = actor.GetProperty()
        look.SetColor(1.0, 1.0, 1.0)
        look.SetOpacity(self.layer.opacity)
        if self.layer.opacity < 1.0 or self._clear:
            actor.ForceTranslucentOn()
        else:
            actor.ForceTranslucentOff()
            actor.ForceOpaqueOn()

    def _hide(self) -> None:
        for _, actor in self._actors.values():
            actor.SetVisibility(False)

    def ground_changed(self) -> None:
        """Lie on the ground that is drawn now."""
        self.rebuild()
        self.restyle()

    def set_order(self, position: int) -> None:
        """Learn the place among the flat layers."""
        self._order = position + 1
        for _, actor in self._actors.values():
            self.context.materials.set_order(actor, float(self._order))

    def prepare(self, frame: FrameState) -> None:
        """Lie on the pieces of ground in view, with the parts that are sharp enough."""
        if not self.shown:
            self._waiting = False
            return
        sheets: list[tuple[Name, Any, float]] = [
            (name, data, 0.0) for name, data in self._fixed.items()
        ]
        tiles = self.context.ground.tiles(self.context.origin)
        if tiles is not None:
            shown = tiles.shown(frame, patient=self.context.patient)
            sheets += [(n, s.data, s.away) for n, s in shown if self._covers(s)]
        names = {name for name, _, _ in sheets}
        for name in [n for n in self._actors if n not in names]:
            self._actors[name][1].SetVisibility(False)
            if len(self._actors) > 2 * len(names) + 200:
                drop(self.context.renderer, self._actors.pop(name)[1])
        for name, data, away in sheets:
            actor = self._actor(name, data)
            actor.SetVisibility(True)
            pool = actor.GetShaderProperty().GetVertexCustomUniforms()
            pool.SetUniform3f("depthAway", (away * frame.stretch, frame.away_factor, 0.0))
        self._sharpen(frame)

    def drawn(self) -> None:
        """Ask for another frame while parts of the picture are still to be read."""
        if self._waiting and self._coming is None:
            self.context.request_frame()

    def _covers(self, sheet: Sheet) -> bool:
        d, (west, south, east, north) = self.imagery, sheet.extent
        return west < d.east and east > d.west and south < d.north and north > d.south

    def _actor(self, name: Name, data: Any) -> Any:
        known = self._actors.get(name)
        if known is not None and known[0] is data:
            return known[1]
        if known is not None:
            drop(self.context.renderer, known[1])
        actor = self.context.materials.ground_actor(
            float(self._order), surface="picture", contoured=True
        )
        mapper = mapper_of(data)
        mapper.ScalarVisibilityOff()
        actor.SetMapper(mapper)
        look = actor.GetProperty()
        for letter, texture in zip(NAMES, self._textures, strict=True):
            look.SetTexture(f"picture{letter}", texture)
        self._place(actor)
        self._dress(actor)
        self.context.renderer.AddActor(actor)
        self._actors[name] = (data, actor)
        return actor

    def _place(self, actor: Any) -> None:
        pool = actor.GetShaderProperty().GetFragmentCustomUniforms()
        for letter, frame in zip(NAMES, self._frames, strict=True):
            pool.SetUniform4f(f"frame{letter}", frame)

    def _sharpen(self, frame: FrameState) -> None:
        """Read the parts that are looked at: all for a picture, by a thread for a window."""
        fine = self.imagery.fine
        if fine is None or self._gone:
            self._waiting = False
            return
        still = self._last is not None and _same_sight(frame, self._last)
        self._last = frame
        if self.context.patient and not still:
            self._waiting = True  # once the eye rests
            return
        if not still or not self._wanted:
            self._wanted = self._parts(frame)
        missing = [part for part in self._wanted if part not in self._held]
        if self.context.patient:
            self._ask_for(missing[-1:])
        else:
            for part in missing:
                if not self._read(part):
                    break
        self._waiting = self.context.patient and any(p not in self._held for p in self._wanted)
        if not self._waiting:
            self._wanted = self._wanted if still else ()

    def _ask_for(self, parts: list[Part]) -> None:
        """Let a thread read a part; one at a time, since what is wanted changes."""
        fine = self.imagery.fine
        if self._coming is not None or not parts or fine is None:
            return
        part = parts[0]
        self._coming = part, _reader().submit(fine.part, part.west, part.north, part.step, SIZE)

    def advance(self, seconds: float) -> bool:
        """Take up the part that a thread has read; says whether one is still to come."""
        del seconds
        if self._coming is None:
            return False
        part, future = self._coming
        if not future.done():
            return True
        self._coming = None
        if part in self._wanted:
            self._read(part)
        self.context.request_frame()  # it asks for the next part, if one is missing
        return False

    def complete(self, frame: FrameState) -> bool:
        """Say whether all parts were there in the last frame."""
        del frame
        return not self.shown or not self._waiting

    def finish(self, frame: FrameState) -> None:
        """Read all parts that a frame wants."""
        if self.imagery.fine is None or not self.shown:
            return
        self._wanted = self._parts(frame)
        for part in self._wanted:
            if part not in self._held and not self._read(part):
                break
        self._waiting = False

    def _parts(self, frame: FrameState) -> tuple[Part, ...]:
        data, origin = self.imagery, self.context.origin
        fine = data.fine
        assert fine is not None
        level = float(self.context.ground.surface.level)
        for _ in range(2):
            places, grain = ground_in_view(frame, level - origin[2])
            if len(places) == 0:
                return ()
            near = places[[int(grain.argmin())]] + origin[:2]
            level = float(self.context.ground.height_at(near)[0])
        coarsest = (data.east - data.west) / data.pixels.shape[1]
        box = data.west, data.south, data.east, data.north
        return wanted_parts(places + origin[:2], grain, box, fine.step, coarsest)

    def _read(self, part: Part) -> bool:
        """Put a part into a texture that is not wanted now; False if the file is not there."""
        fine, origin = self.imagery.fine, self.context.origin
        assert fine is not None
        try:
            pixels = fine.part(part.west, part.north, part.step, SIZE)
        except CityError:
            self.context.warn("scene-picture-gone")
            self._wanted, self._gone = (), True
            return False
        held = [i for i, old in enumerate(self._held) if old is None or old not in self._wanted]
        self._held[held[0]] = part
        order = sorted(range(LEVELS), key=lambda i: _fineness(self._held[i]))
        fresh = image_texture(pixels[::-1])
        textures = self._textures[1:]
        textures[held[0]] = fresh
        self._held = [self._held[i] for i in order]
        self._textures[1:] = [textures[i] for i in order]
        wide = SIZE * part.step
        frames = self._frames[1:]
        frames[held[0]] = (
            part.west - origin[0], part.north - wide - origin[1], 1.0 / wide, 1.0 / wide
        )  # fmt: skip
        self._frames[1:] = [frames[i] for i in order]
        for _, actor in self._actors.values():
            look = actor.GetProperty()
            for letter, texture in zip(NAMES[1:], self._textures[1:], strict=True):
                look.RemoveTexture(f"picture{letter}")
                look.SetTexture(f"picture{letter}", texture)
            self._place(actor)
        return True

    def bounds(self) -> Bounds | None:
        """Give the box around the picture."""
        d, (low, high) = self.imagery, self._heights
        return d.west, d.east, d.south, d.north, low, high

    def nearest(self, frame: FrameState) -> float:
        """Leave the distance to the ground itself."""
        del frame
        return float("inf")

    def close(self) -> None:
        """Take the picture away."""
        super().close()
        self._take_away()

    def _take_away(self) -> None:
        for _, actor in self._actors.values():
            drop(self.context.renderer, actor)
        self._actors = {}


@functools.cache
def _reader() -> ThreadPoolExecutor:
    """Give the thread that reads parts of pictures, the same for all views."""
    return ThreadPoolExecutor(1, "pictures")


def _fineness(part: Part | None) -> float:
    return float("inf") if part is None else part.step


def _within(data: Imagery, extent: tuple[float, float, float, float]) -> bool:
    west, south, east, north = extent
    return data.west >= west and data.south >= south and data.east <= east and data.north <= north


def _same_sight(one: FrameState, other: FrameState) -> bool:
    """Say whether two frames look from the same place in the same direction."""
    same = one.size == other.size and np.array_equal(one.eye, other.eye)
    return bool(same and np.array_equal(one.planes, other.planes))


def texels(pixels: Bytes) -> Bytes:
    """Give a picture's bytes for a texture: row 0 at the bottom, no side above the longest.

    Pixels are averaged in blocks; those without colour do not count. A picture that is solid
    everywhere gives three channels.
    """
    step = -(-max(pixels.shape[:2]) // LONGEST)
    if step > 1:
        rows, columns = (n // step for n in pixels.shape[:2])
        cut = pixels[: rows * step, : columns * step].reshape(rows, step, columns, step, 4)
        alpha = cut[..., 3:].astype(np.float32)
        weight = alpha.sum(axis=(1, 3))
        colour = (cut[..., :3] * alpha).sum(axis=(1, 3)) / np.maximum(weight, 1.0)
        pixels = np.concatenate([colour, weight / step**2], axis=2).round().astype(np.uint8)
    if bool((pixels[..., 3] == 255).all()):
        pixels = pixels[..., :3]
    return pixels[::-1]
