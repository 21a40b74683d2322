"""The stage's pace: quick pictures while the eye moves, fine ones at rest, shade last of all."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scene import frames
from scene.detail import Detail
from scene.occlusion import Occlusion, depths, shade, smoothed
from scene.views import VIEW_FOR

if TYPE_CHECKING:
    from psygnal import SignalInstance

    from layers.kinds.base import Layer
    from layers.project import Project
    from layers.shapes import Ints
    from layers.viewpoint import Viewpoint
    from scene.exploding import Exploding
    from scene.leftovers import Leftovers
    from scene.surroundings import Surroundings
    from scene.views.base import LayerView, StageContext

MOST_PATIENCE = 3.0  # times coarser a moving picture may get: dots stay a few pixels wide
#: Shares of the pixels along a side that a moving picture is drawn with.
SHARES = (1.0, 0.85, 0.75, 0.65, 0.57, 0.5)
LATE = 1.1  # times the time it may take from which a moving picture gets fewer pixels
RISING = 1.15  # a frame counts as so many times slower than those before it at most
COARSE = 2  # pixels along a side of which the shade of corners is worked out


class Paced:
    """What of a stage has to do with time; a base of `scene.stage.Stage`."""

    project: Project
    context: StageContext
    exploding: Exploding
    surroundings: Surroundings
    needs_frame: SignalInstance
    _patient: bool
    _waiting: list[Layer]  # whose views are still to be made
    _views: dict[str, LayerView]
    _selection: dict[str, Ints]
    _leftovers: Leftovers
    _occlusion: Occlusion
    _viewpoint: Viewpoint
    _looked: tuple[object, ...] = ()  # eye and ground that threads began to work for
    _share: float = 1.0
    _outdated: bool = True  # whether shapes changed since the last frame
    _took: float | None = None  # seconds of a moving frame, single slow ones left out
    _first: bool = False  # whether the first frame of a movement is still to come
    _sharpness: float = 1.0
    _full: tuple[int, int] | None = None  # pixels of the window where it draws with fewer

    @property
    def waiting(self) -> int:
        """How many layers still wait for `build` to be drawn."""
        return len(self._waiting)

    def build(self, seconds: float = math.inf) -> None:
        """Make views that wait, from the bottom up, until some time has passed.

        Parameters
        ----------
        seconds : float
            No other view is begun after so long, nor one that threads still work for; without
            it all are made, however long that takes.
        """
        begun = time.monotonic()
        positions = {layer.id: i for i, layer in enumerate(self.project.layers)}
        self._waiting.sort(key=lambda layer: positions.get(layer.id, -1))
        if self._patient and math.isfinite(seconds):
            self._begin()
        while self._waiting:
            at = 0 if math.isinf(seconds) else self._next_ready()
            if at is None:
                return
            layer = self._waiting.pop(at)
            view = self._views[layer.id] = VIEW_FOR[layer.kind](layer, self.exploding.of(layer))
            view.set_order(positions.get(layer.id, 0))
            if layer.id in self._selection:
                view.select(self._selection[layer.id])
            self.needs_frame.emit()
            if time.monotonic() - begun > seconds:
                return
        self.context.works.forget()

    def _begin(self) -> None:
        """Let threads work for the views that wait, first for what is looked at."""
        context = self.context
        looked = (self._viewpoint, context.ground.surface)
        if looked != self._looked:
            self._looked = looked
            context.ground.look_at(frames.state(context.renderer), context.origin)
        for layer in self._waiting:
            if (part := VIEW_FOR[layer.kind].ahead(layer, self.context)) is not None:
                self.context.works.begin(part)

    def _next_ready(self) -> int | None:
        """Give the lowest of the layers that wait whose view can be made at once."""
        for at, layer in enumerate(self._waiting):
            part = VIEW_FOR[layer.kind].ahead(layer, self.context)
            if part is None or self.context.works.ready(part):
                return at
        return None

    @property
    def moving(self) -> bool:
        """Whether the eye moves: pictures are then quick rather than fine."""
        return self.context.moving

    @moving.setter
    def moving(self, moving: bool) -> None:
        if moving != self.context.moving:
            self.context.moving = moving
            if moving:
                self._sharpen()
            self.needs_frame.emit()

    @property
    def detail(self) -> Detail:
        """How much is drawn, and how finely."""
        return self.context.detail

    @detail.setter
    def detail(self, detail: Detail) -> None:
        self.context.detail = detail
        self.needs_frame.emit()

    def took(self, seconds: float) -> None:
        """Learn how long the last frame took.

        Slow ones give the next moving ones fewer pixels, very slow ones make them coarser.
        """
        if self.context.moving:
            detail = self.context.detail
            over = seconds / detail.moving_seconds
            change = 1.25 if over > 1.2 else 0.9 if over < 0.7 else 1.0
            self.context.patience = min(max(self.context.patience * change, 1.0), MOST_PATIENCE)
            first, self._first = self._first, False
            if self._took is None or first:
                self._took = seconds if self._took is None else self._took
                return
            self._took = min(seconds, self._took * RISING)
            fewer = [share for share in SHARES if share < self._share]
            if self._took > LATE * detail.sharp_seconds and fewer:
                fitting = self._share * math.sqrt(detail.sharp_seconds / self._took)
                self._share = max((s for s in fewer if s <= fitting), default=fewer[-1])
                self._took = None

    def _sharpen(self) -> None:
        """Take more pixels for a movement that begins, where they cost little enough."""
        self._first = True
        if (took := self._took) is None:
            return
        most = self.context.detail.sharp_seconds
        fitting = self._share * math.sqrt(most / max(took, 1e-6))
        wanted = max((s for s in SHARES if s < fitting), default=self._share)
        if wanted > self._share:
            self._took = took * (wanted / self._share) ** 2
            self._share = wanted

    @property
    def share(self) -> float:
        """Share of the pixels along a side that a moving picture is to be drawn with.

        It falls while frames are slow and rises where a new movement begins on a quick machine,
        never within a movement: pictures that change their sharpness catch the eye.
        """
        return self._share if self.context.moving else 1.0

    def drawn_with(self, share: float, full: tuple[int, int]) -> None:
        """Learn that the window draws with a share of its pixels, which `full` are."""
        before = 1.0 if self._full is None else self._sharpness
        self._full, self._sharpness = (None if share == 1.0 else full), share
        self.context.pixel_scale *= share / before

    def advance(self, seconds: float = 0.004) -> bool:
        """Take up what threads have made ready, for so long.

        Returns
        -------
        bool
            Whether more is to come, so that it pays to ask again soon.
        """
        more = [view.advance(seconds) for view in self._views.values() if view.shown]
        return any(more)

    @property
    def complete(self) -> bool:
        """Whether the last frame was just what a picture at rest from here shows."""
        if self._outdated:
            return False
        frame = frames.state(self.context.renderer)
        return all(view.complete(frame) for view in self._views.values() if view.shown)

    def foresee(self) -> None:
        """Begin to make ready what a movement from here will want; `advance` takes it up."""
        frame = frames.state(self.context.renderer)
        frame = replace(frame, pixels=frame.pixels * self._share)
        for view in self._views.values():
            if view.shown:
                view.foresee(frame)

    def finish(self) -> None:
        """Make everything for a picture at rest from here, however long it takes."""
        self.build()
        self.context.moving = False
        self.exploding.follow()
        self.surroundings.follow_eye()  # what haze hides need not be fine
        frame = frames.state(self.context.renderer)
        for view in self._views.values():
            if view.shown:
                view.finish(frame)
        self.needs_frame.emit()

    def shade_corners(self) -> bool:
        """Lay the shade of corners over the picture that was drawn last.

        It stays until something else is to be seen.

        Returns
        -------
        bool
            Whether there is now shade that was not there; the next frame shows it.
        """
        if self._occlusion.shown:
            return False
        renderer: Any = self.context.renderer
        frame = frames.state(renderer)
        near, far = renderer.GetActiveCamera().GetClippingRange()
        found = depths(renderer.GetRenderWindow())[::COARSE, ::COARSE]
        shades = shade(
            np.ascontiguousarray(found), near, far, frame.pixels / COARSE, parallel=frame.parallel
        )
        self._occlusion.show(smoothed(shades))
        return True

    def let_go(self) -> None:
        """Let the driver forget finished pictures; for a moment in which nothing is drawn.

        The window must have drawn before, and its context be current.
        """
        self._leftovers.let_go()

    def _outdate(self) -> None:
        """Take the shade away and wait for the next frame, unless only colours are others."""
        self._occlusion.forget()
        self._outdated |= not self._occlusion.kept

    def _same_shapes(self) -> None:
        """Ask for a frame in which only colours are others, so that shade stays."""
        self._occlusion.kept = True
        try:
            self.needs_frame.emit()
        finally:
            self._occlusion.kept = False
