"""Trees: models with trunks near the eye, low crowns farther off, dots far away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.kinds.base import Features
from layers.shapes import Bools, Codes, Floats, Ints
from layers.style import Rgb
from layers.trees import tree_forms, tree_sizes
from scene.actors import drop
from scene.dots import DotLook, Dots
from scene.flat_points import Places
from scene.shadow_bodies import Bodies, Form
from scene.solids import Solid, SolidLook
from scene.tree_models import BARK, TreeModel, model_of, turns_of

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

SMALL = 2.6  # pixels a crown may measure before it becomes a dot
HASTE = 2.0  # times larger they must be while the eye moves
LARGE = 22.0  # pixels a crown measures from which on a tree has a trunk
USUAL = 6.0  # metres a crown is wide
MOST = 300  # trees in a tile
KEPT = 128  # tiles whose models are kept when they are out of the picture
ROUGH = 0.25  # metres of a texel from which on shadows are those of low crowns


@dataclass(slots=True)
class _Tile:
    """Neighbouring trees: their models and crowns, made when first needed, and their dots.

    `rows` are those that stand, `every` also those whose ground is dug away.
    """

    every: Ints
    rows: Ints
    dots: Dots
    crowns: Crowns | None = None
    models: Crowns | None = None


class Trees(Places):
    """Draws the trees of a layer in tiles, each as models, as crowns or as dots."""

    def _build(self, features: Features) -> None:
        self._sizes = tree_sizes(features, self._rows)
        self._forms = tree_forms(features, self._rows)
        self._look, self._dot_look = SolidLook(softness=1.0), DotLook(leaves=True)
        self._colours: Rgb = np.zeros((len(self._rows), 3), dtype=np.uint8)
        self._tiles: list[_Tile] = []
        self._full = self._layer.style.built
        self._bodies: tuple[Bodies, ...] | None = None
        self._dug: Callable[[Floats], Bools] | None = None
        self._stands: Bools = np.ones(len(self._rows), dtype=bool)
        group = neighbours(self._points[:, :2], MOST)
        low, high = [], []
        for number in range(int(group.max(initial=-1)) + 1):
            rows = np.flatnonzero(group == number)
            feet = self._points[rows]
            self._tiles.append(_Tile(rows, rows, self._dots_of(rows)))
            low.append(feet.min(axis=0) - USUAL)
            tall = float(self._sizes[rows, 0].max())
            high.append(feet.max(axis=0) + np.array([USUAL, USUAL, tall]))
        self._low, self._high = np.array(low).reshape(-1, 3), np.array(high).reshape(-1, 3)

    def _dots_of(self, rows: Ints) -> Dots:
        """Make the dots of some trees."""
        middle = self._points[rows].copy()
        middle[:, 2] += self._sizes[rows, 0] / 2
        dots = Dots(middle, self._dot_look)
        material = dots.actor.GetProperty()
        self._context.materials.shadows.dress(self._dot_look, self._dot_look.shader, material)
        self._context.renderer.AddActor(dots.actor)
        return dots

    def _dig(self) -> None:
        """Take away the trees whose ground is dug away, and stand the others up again."""
        self._dug = self._context.dug
        standing = np.ones(len(self._rows), dtype=bool)
        if self._dug is not None and len(standing):
            standing = ~self._dug(self._points + self._context.origin)
        touched = standing != self._stands
        self._stands = standing
        if not touched.any():
            return
        self._bodies = None
        for tile in self._tiles:
            if not touched[tile.every].any():
                continue
            tile.rows = tile.every[standing[tile.every]]
            for part in (tile.crowns, tile.models):
                if part is not None:
                    part.solid.close(self._context)
            tile.crowns = tile.models = None
            drop(self._context.renderer, tile.dots.actor)
            tile.dots = self._dots_of(tile.rows)
            tile.dots.paint(self._colours[tile.rows], self._layer.opacity)

    @property
    def bodies(self) -> tuple[Bodies, ...]:
        """The crowns; trunks too where a shadow is drawn finely."""
        if self._bodies is None:
            made = []
            for form in np.unique(self._forms[self._stands]):
                mine = np.flatnonzero((self._forms == form) & self._stands)
                fine, rough = model_of(int(form), True), model_of(int(form), False)
                feet = self._points[mine]
                turn = turns_of(feet + self._context.origin)
                forms = (
                    Form(fine.points, fine.triangles),
                    Form(rough.points, rough.triangles, ROUGH),
                )
                angles = np.column_stack([np.cos(turn), np.sin(turn)])
                made.append(Bodies.many(forms, feet, angles, self._sizes[mine][:, ::-1].copy()))
            self._bodies = tuple(made)
        return self._bodies

    def _actors(self) -> list[Any]:
        bodies = [
            part.solid.actor
            for tile in self._tiles
            for part in (tile.crowns, tile.models)
            if part is not None
        ]
        return [*(tile.dots.actor for tile in self._tiles), *bodies]

    def counts(self) -> dict[str, int]:
        """Count the trees that the last frame showed: ``models``, ``crowns`` and ``dots``."""
        out = {"models": 0, "crowns": 0, "dots": 0}
        for tile in self._tiles:
            for name, part in (("models", tile.models), ("crowns", tile.crowns)):
                if part is not None and part.solid.actor.GetVisibility():
                    out[name] += len(tile.rows)
            if tile.dots.actor.GetVisibility():
                out["dots"] += len(tile.rows)
        return out

    def restyle(self, colours: Rgb, *, shown: bool) -> None:
        """Give every tree its colour."""
        self._colours = colours[self._rows]
        for tile in self._tiles:
            tile.dots.paint(self._colours[tile.rows], self._layer.opacity)
            for part in (tile.crowns, tile.models):
                if part is not None:
                    part.paint(self._colours[tile.rows], self._layer.opacity)
        for mark, _ in self._marks.values():
            mark.actor.SetVisibility(shown)

    def prepare(self, frame: FrameState, *, shown: bool) -> None:
        """Choose models, crowns or dots for each tile in the picture."""
        if self._context.dug is not self._dug:
            self._dig()
        scale = self._context.pixel_scale
        shown = shown and self._layer.opacity > 0.0
        self._look.follow(self._context.materials)
        self._dot_look.follow(self._context.materials)
        haste = HASTE if self._context.moving else 1.0
        seen = frame.sees(self._low, self._high) & shown
        gap = np.maximum(np.maximum(self._low - frame.eye, frame.eye - self._high), 0.0)
        nearest = np.linalg.norm(gap, axis=1)
        middle = np.linalg.norm((self._low + self._high) / 2 - frame.eye, axis=1)
        wide = frame.pixels_per_metre(np.maximum(nearest, 1.0)) * USUAL / scale
        usual = frame.pixels_per_metre(np.maximum(middle, 1.0)) * USUAL / scale
        for tile, visible, near, size in zip(self._tiles, seen, wide, usual, strict=True):
            self._show(tile, bool(visible), float(near) / haste, float(size))
        self._forget()
        self._prepare_marks(frame)

    def _show(self, tile: _Tile, visible: bool, near: float, size: float) -> None:
        visible = visible and len(tile.rows) > 0
        full = visible and self._full and near > LARGE
        crowned = visible and not full and near > SMALL
        dotted = visible and not full and not crowned
        if full and tile.models is None:
            tile.models = self._make(tile.rows, fine=True)
        if crowned and tile.crowns is None:
            tile.crowns = self._make(tile.rows, fine=False)
        if tile.models is not None:
            tile.models.solid.show(full)
        if tile.crowns is not None:
            tile.crowns.solid.show(crowned)
        tile.dots.actor.SetVisibility(dotted)
        if dotted:
            most = 0.6 * self._layer.style.point_size
            tile.dots.set_size(min(max(size, 1.0), max(most, 1.0)) * self._context.pixel_scale)

    def _forget(self) -> None:
        """Drop models that are not in the picture where there are many."""
        kept = [tile for tile in self._tiles if tile.models is not None]
        for tile in kept[: max(len(kept) - KEPT, 0)]:
            assert tile.models is not None
            if not tile.models.solid.actor.GetVisibility():
                tile.models.solid.close(self._context)
                tile.models = None

    def _make(self, rows: Ints, *, fine: bool) -> Crowns:
        made = Crowns(
            self._points[rows] + self._context.origin, self._sizes[rows], self._forms[rows],
            self._look, self._context, fine=fine,
        )  # fmt: skip
        made.paint(self._colours[rows], self._layer.opacity)
        return made


def neighbours(places: Floats, most: int) -> Ints:
    """Split places, (n, 2), into groups of at most so many by halving along the longer side."""
    group = np.zeros(len(places), dtype=np.int64)
    waiting, done = [np.arange(len(places))], 0
    while waiting:
        rows = waiting.pop()
        if len(rows) <= most:
            group[rows] = done
            done += 1
            continue
        here = places[rows]
        axis = int(np.argmax(here.max(axis=0) - here.min(axis=0)))
        order = np.argpartition(here[:, axis], len(rows) // 2)
        waiting += [rows[order[: len(rows) // 2]], rows[order[len(rows) // 2 :]]]
    return group


class Crowns:
    """Copies of the models of trees, one mesh for many.

    Parameters
    ----------
    feet : (n, 3) float64
        Where the trees stand, project coordinates.
    sizes : (n, 2) float64
        Height and crown width, metres.
    forms : (n,) uint8
        Positions in `layers.trees.FORMS`.
    look : SolidLook
        Shader.
    context : StageContext
        Where.
    fine : bool
        Whether they have trunks and round crowns.
    """

    def __init__(
        self, feet: Floats, sizes: Floats, forms: Codes, look: SolidLook, context: StageContext,
        *, fine: bool,
    ) -> None:  # fmt: skip
        points, triangles = [], []
        self._parts: list[tuple[Ints, TreeModel]] = []
        shift = 0
        for form in np.unique(forms):
            mine = np.flatnonzero(forms == form)
            model = model_of(int(form), fine)
            points.append(copies(model, feet[mine], sizes[mine]))
            cells = model.triangles[None] + (np.arange(len(mine)) * model.count)[:, None, None]
            triangles.append((cells.reshape(-1, 3) + shift).astype(np.int32))
            shift += len(mine) * model.count
            self._parts.append((mine, model))
        self.solid = Solid(np.vstack(points), np.vstack(triangles), look, context)

    def paint(self, colours: Rgb, opacity: float) -> None:
        """Give every tree its colour, a little lighter or darker than the next."""
        out = []
        vary = 0.90 + 0.20 * ((np.arange(len(colours)) * 0.618034) % 1.0)
        for mine, model in self._parts:
            light = model.light[None, :, None] * vary[mine][:, None, None]
            own = np.clip(colours[mine][:, None, :] * light, 0, 255).astype(np.uint8)
            own[:, model.bark] = BARK
            out.append(own.reshape(-1, 3))
        self.solid.paint(np.vstack(out), opacity)


def copies(model: TreeModel, feet: Floats, sizes: Floats) -> Floats:
    """Place a model at many feet, (n, 3), with sizes (n, 2) of height and width, each turned.

    Returns
    -------
    (n m, 3) float64
    """
    turn = turns_of(feet)
    c, s = np.cos(turn)[:, None], np.sin(turn)[:, None]
    unit = model.points
    out = np.empty((len(feet), model.count, 3))
    wide = sizes[:, 1:2]
    out[..., 0] = (unit[:, 0] * c - unit[:, 1] * s) * wide + feet[:, :1]
    out[..., 1] = (unit[:, 0] * s + unit[:, 1] * c) * wide + feet[:, 1:2]
    out[..., 2] = unit[:, 2] * sizes[:, :1] + feet[:, 2:]
    return out.reshape(-1, 3)
