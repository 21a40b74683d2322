"""Pipes as they are drawn: tiles of neighbours, round near the eye, lines far away."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor

from layers.kinds.pipes import ROLES, RUN
from layers.shapes import Bools, Floats, Ints
from layers.style import Rgb
from scene.actors import add_attribute, drop, mapper_of, polydata
from scene.id_texture import IdTexture, states
from scene.looks import GRADE_UNIFORMS, show_grade
from scene.pipe_groups import PipeGroups
from scene.pipe_meshes import Body, Strokes
from scene.pipe_nodes import BIG, node_body
from scene.pipe_runs import RunFacts
from scene.shading import Uniform, set_uniform, shader_property

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

#: Ways to draw a tile: round with joints and symbols, four-sided, lines, lines without small bends.
FINE, PLAIN, LINES, FAR = range(4)
FINE_PIXELS, PLAIN_PIXELS = 2.2, 0.8  # least half width of a run in pixels, by the way it is drawn
SIDES = {FINE: 12, PLAIN: 4}
MOST_FINE = 60_000  # stretches that are drawn round in one frame
BUDGET = 0.025  # seconds of a frame of a window for new tiles
KEPT = 400  # bodies that are kept
SMALL_BEND = 0.5  # metres; left out where it fills less than `BEND_PIXELS`
BEND_PIXELS = 0.35
LINE_PIXELS = 1.6  # least width of a line
DARK = 0.82  # lines have no shaded side
_NONE = (0.0, 0.0, 0.0)
_SHARED: dict[str, tuple[str, Uniform]] = {
    "pipeHovered": ("vertex", -1.0),
    "pipePixels": ("vertex", 1000.0),
    "hazeColour": ("fragment", _NONE),
    "hazeMetres": ("fragment", 0.0),
    **GRADE_UNIFORMS,
}
_LIT: dict[str, tuple[str, Uniform]] = {
    "sunDirection": ("fragment", (0.0, 0.0, 1.0)),
    "groundLight": ("fragment", (1.0, 1.0, 1.0)),
    "skyTint": ("fragment", (1.0, 1.0, 1.0)),
}
_THIN: dict[str, tuple[str, Uniform]] = {
    **{name: told for name, told in _SHARED.items() if name != "pipePixels"},
    "pipeAway": ("vertex", 0.0),
    "pipeDark": ("fragment", DARK),
}
_LINE: dict[str, tuple[str, Uniform]] = {
    "pipeFrame": ("vertex", (100.0, 100.0, LINE_PIXELS)),
    "pipeAway": ("vertex", 0.0),
    "pipeDark": ("fragment", DARK),
}


class PipeLook:
    """Shaders, and the texture with colour and state of every object of a layer."""

    def __init__(self) -> None:
        self.texture = IdTexture()
        self.body = shader_property("pipe", "grade", uniforms={**_SHARED, **_LIT})
        self.line = shader_property("pipe_line", "grade", uniforms={**_SHARED, **_LINE})
        self.thin = shader_property("pipe_thin", "grade", uniforms=_THIN)

    def paint(self, colours: Rgb, visible: Bools, selected: Ints) -> None:
        """Give every object its colour and state."""
        slots = np.arange(len(colours), dtype=np.int64)
        self.texture.write(slots, colours, states(~visible, selected))

    def hover(self, row: int) -> None:
        """Mark the object pointed at; -1 for none."""
        for shader in (self.body, self.line, self.thin):
            set_uniform(shader, "vertex", "pipeHovered", float(row))

    def follow(self, frame: FrameState, context: StageContext) -> None:
        """Take the light and the size of the frame."""
        materials = context.materials
        light, haze = materials.light, materials.haze_metres
        mean = sum(light.fill) / 3.0
        red, green, blue = (0.6 + 0.4 * part / mean for part in light.fill)
        for shader in (self.body, self.line, self.thin):
            set_uniform(shader, "fragment", "hazeColour", light.horizon)
            set_uniform(shader, "fragment", "hazeMetres", haze)
            show_grade(shader, materials.look)
        set_uniform(self.line, "vertex", "pipePixels", frame.pixels)
        set_uniform(self.body, "vertex", "pipePixels", frame.pixels / context.pixel_scale)
        set_uniform(self.body, "fragment", "sunDirection", light.key)
        set_uniform(self.body, "fragment", "groundLight", light.ground)
        set_uniform(self.body, "fragment", "skyTint", (red, green, blue))
        width, height = frame.size
        size = (float(width), float(height), LINE_PIXELS * context.pixel_scale)
        set_uniform(self.line, "vertex", "pipeFrame", size)
        for shader in (self.line, self.thin):
            set_uniform(shader, "vertex", "pipeAway", frame.away_factor)

    def release(self, window: Any) -> None:
        """Free the texture."""
        self.texture.release(window)


@dataclass(slots=True)
class _Tile:
    """Neighbours."""

    runs: Ints
    nodes: Ints  # places in NodeFacts
    big: Ints
    stretches: int
    half: float  # metres: most runs are not wider
    actors: dict[str, Any] = field(default_factory=dict)
    seen_at: int = 0


class PipeTiles:
    """The pipes of a layer in their true size.

    Parameters
    ----------
    facts : RunFacts
        Where they are.
    look : PipeLook
        Shaders and colours.
    context : StageContext
        Where.
    """

    def __init__(self, facts: RunFacts, look: PipeLook, context: StageContext) -> None:
        self.facts, self._look, self._context = facts, look, context
        self.waiting = False
        self.arrows, self.errors = False, False
        self.levels: list[int] = []  # how each tile was drawn last; -1 out of view
        self._frame = 0
        role = facts.pipes.role
        place = np.full(len(role), -1, dtype=np.int64)
        place[facts.nodes.rows] = np.arange(len(facts.nodes.rows))
        counts = np.diff(facts.first)
        big = np.isin(role, [ROLES.index(name) for name in BIG])
        self.tiles: list[_Tile] = []
        low, high = [], []
        for rows in facts.tiles():
            runs, nodes = rows[role[rows] == RUN], rows[role[rows] != RUN]
            half = np.maximum(facts.half_wide, facts.half_high)[runs]
            typical = float(np.quantile(half, 0.9)) if len(half) else 0.3
            stretches = int((counts[runs] - 1).sum())
            tall = place[nodes[big[nodes]]]
            self.tiles.append(_Tile(runs, place[nodes], tall, stretches, typical))
            low.append(facts.low[rows].min(axis=0))
            high.append(facts.high[rows].max(axis=0))
        self.groups = PipeGroups(
            facts, [tile.runs for tile in self.tiles], self._thin_actor,
            lambda actor: drop(context.renderer, actor),
        )  # fmt: skip
        shape = (len(low), 3)
        self._low = np.reshape(low, shape) - context.origin
        self._high = np.reshape(high, shape) - context.origin

    def show(self, shown: bool, opacity: float) -> None:
        """Follow the layer's switch and opacity."""
        for tile in self.tiles:
            for actor in tile.actors.values():
                actor.GetProperty().SetOpacity(opacity)
                if not shown:
                    actor.SetVisibility(False)
        self.groups.show(opacity)
        if not shown:
            self.groups.hide()

    def wanted(self, frame: FrameState) -> Ints:
        """Give how each tile is to be drawn, -1 for those out of view."""
        seen = frame.sees(self._low, self._high)
        gap = np.maximum(np.maximum(self._low - frame.eye, frame.eye - self._high), 0.0)
        away = np.linalg.norm(gap, axis=1)
        half = np.array([tile.half for tile in self.tiles])
        scale = self._context.pixel_scale * self._context.patience
        pixels = frame.pixels_per_metre(away) * half / scale
        level = np.where(
            pixels >= FINE_PIXELS, FINE, np.where(pixels >= PLAIN_PIXELS, PLAIN, LINES)
        )
        small = frame.pixels_per_metre(away) * SMALL_BEND / scale < BEND_PIXELS
        level[small & (level == LINES)] = FAR
        stretches = np.array([tile.stretches for tile in self.tiles], dtype=np.int64)
        order = np.argsort(away, kind="stable")
        fine = order[seen[order] & (level[order] == FINE)]
        over = np.cumsum(stretches[fine]) > MOST_FINE
        level[fine[over]] = PLAIN
        plain = order[seen[order] & (level[order] == PLAIN)]
        level[plain[np.cumsum(stretches[plain]) > 3 * MOST_FINE]] = LINES
        return np.where(seen, level, -1)

    def prepare(self, frame: FrameState, shown: bool, opacity: float) -> None:
        """Make and show what the frame needs, the nearest first."""
        self._frame += 1
        self._look.follow(frame, self._context)
        wanted = self.wanted(frame) if shown and self.tiles else np.full(len(self.tiles), -1)
        grouped = self._group(frame, wanted)
        until = time.monotonic() + (BUDGET if self._context.patient else math.inf)
        self.waiting = False
        self.levels = []
        for tile, wish, group in zip(self.tiles, wanted.tolist(), grouped.tolist(), strict=True):
            level = wish
            names = [name for name in self._names(level) if name != "far" or not group]
            missing = [name for name in names if name not in tile.actors]
            if missing and time.monotonic() > until:
                self.waiting = True
                names, level = ["far"], FAR
            for name in names:
                self._ensure(tile, name, opacity)
            for name, actor in tile.actors.items():
                actor.SetVisibility(name in names)
            if names:
                tile.seen_at = self._frame
            self.levels.append(level)
        self._forget()

    def _group(self, frame: FrameState, wanted: Ints) -> Bools:
        """Draw tiles together that are very far; give which of them are."""
        gap = np.maximum(np.maximum(self._low - frame.eye, frame.eye - self._high), 0.0)
        scale = self._context.pixel_scale * self._context.patience
        metres = scale / np.maximum(frame.pixels_per_metre(np.linalg.norm(gap, axis=1)), 1e-12)
        return self.groups.prepare(wanted == FAR, wanted >= 0, metres)

    def _names(self, level: int) -> list[str]:
        """Name the parts of a tile that are drawn at a level."""
        if level < 0:
            return []
        names = {FINE: ["fine", "nodes"], PLAIN: ["plain", "nodes"], LINES: ["lines", "big"],
                 FAR: ["far", "big"]}[level]  # fmt: skip
        if self.arrows:
            names = [*names, "arrows"]
        if self.errors and level < LINES:
            names = [*names, "errors"]
        return names

    def _ensure(self, tile: _Tile, name: str, opacity: float) -> None:
        if name in tile.actors:
            return
        facts = self.facts
        made: Body | Strokes | None
        if name in ("fine", "plain"):
            made = facts.bodies(tile.runs, SIDES[FINE if name == "fine" else PLAIN])
        elif name == "errors":
            made = facts.error_bodies(tile.runs)
        elif name in ("nodes", "big"):
            made = node_body(facts.nodes.take(tile.nodes if name == "nodes" else tile.big))
        elif name in ("lines", "far"):
            made = facts.strokes(tile.runs, SMALL_BEND if name == "far" else 0.0)
        else:
            made = facts.arrows(tile.runs)
        actor = self._actor(made)
        actor.GetProperty().SetOpacity(opacity)
        tile.actors[name] = actor

    def _actor(self, made: Body | Strokes | None) -> Any:
        actor = vtkActor()
        actor.SetPickable(False)
        if made is None or not len(made.triangles):
            return actor  # nothing to draw, and known to be so
        scene = self._context.to_scene(made.points)
        middle = scene.mean(axis=0).round()
        data = polydata(scene - middle, made.triangles)
        add_attribute(data, "mark", made.mark)
        if isinstance(made, Body):
            add_attribute(data, "outward", made.outward)
            mapper = mapper_of(data, pipeMark="mark", pipeOutward="outward")
            actor.SetShaderProperty(self._look.body)
        else:
            add_attribute(data, "other", self._context.to_scene(made.other) - middle)
            add_attribute(data, "side", made.side)
            mapper = mapper_of(data, pipeMark="mark", pipeOther="other", pipeSide="side")
            actor.SetShaderProperty(self._look.line)
        actor.GetProperty().SetBackfaceCulling(isinstance(made, Body))
        self._put(actor, mapper, middle)
        return actor

    def _thin_actor(self, points: Floats, rows: Ints) -> Any:
        """Make lines of a pixel or two; wide ones only where the driver has them."""
        actor = vtkActor()
        actor.SetPickable(False)
        if not len(rows):
            return actor
        scene = self._context.to_scene(points)
        middle = scene.mean(axis=0).round()
        ends = np.arange(len(points), dtype=np.int32).reshape(-1, 2)
        data = polydata(scene - middle, lines=ends)
        add_attribute(data, "mark", np.repeat(rows, 2))
        window = self._context.renderer.GetRenderWindow()
        most = float(window.GetMaximumHardwareLineWidth()) if window is not None else 1.0
        wide = LINE_PIXELS * self._context.pixel_scale
        actor.GetProperty().SetLineWidth(wide if wide <= most else 1.0)
        actor.SetShaderProperty(self._look.thin)
        self._put(actor, mapper_of(data, pipeMark="mark"), middle)
        return actor

    def _put(self, actor: Any, mapper: Any, middle: Floats) -> None:
        """Add an actor in the colours of the shaders."""
        actor.SetMapper(mapper)
        actor.SetPosition(*middle)
        look = actor.GetProperty()
        look.SetLighting(False)
        look.SetAmbient(1.0)
        look.SetDiffuse(0.0)
        look.SetTexture("pipeLook", self._look.texture.texture)
        self._context.renderer.AddActor(actor)

    def _forget(self) -> None:
        """Free bodies not seen for longest when there are too many; lines stay."""
        kept = sum(len(tile.actors) for tile in self.tiles)
        if kept <= KEPT + 2 * len(self.tiles):
            return
        for tile in sorted(self.tiles, key=lambda tile: tile.seen_at):
            if tile.seen_at == self._frame or kept <= KEPT:
                return
            for name in [name for name in tile.actors if name != "far"]:
                drop(self._context.renderer, tile.actors.pop(name))
                kept -= 1

    def close(self) -> None:
        """Take everything away."""
        for tile in self.tiles:
            for actor in tile.actors.values():
                drop(self._context.renderer, actor)
            tile.actors = {}
        self.groups.close()

    def triangles(self) -> int:
        """Count the triangles and thin lines that are shown."""
        made = [a for tile in self.tiles for a in tile.actors.values()] + self.groups.actors()
        shown = [a for a in made if a.GetVisibility()]
        data = [actor.GetMapper().GetInput() for actor in shown if actor.GetMapper()]
        return sum(one.GetNumberOfPolys() + one.GetNumberOfLines() for one in data)

    def bounds(self) -> tuple[Floats, Floats] | None:
        """Give the corners of a box around everything, scene coordinates."""
        if not len(self._low):
            return None
        return self._low.min(axis=0), self._high.max(axis=0)

    def nearest(self, frame: FrameState) -> float:
        """Give how near the nearest tile's box is, metres."""
        gap = np.maximum(np.maximum(self._low - frame.eye, frame.eye - self._high), 0.0)
        return float(np.linalg.norm(gap, axis=1).min(initial=np.inf))
