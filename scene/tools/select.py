"""Choosing objects: click for one, drag a box for many, Shift adds, Control takes in and out.

Selected models are dragged over the ground.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from psygnal import Signal

from layers.shapes import Ints
from scene.stage import Stage
from scene.tools.drag_models import DragModels
from scene.tools.events import CONTROL, DRAG_FROM, LEFT, SHIFT, KeyEvent, PointerEvent
from scene.tools.navigate import Navigate

Selection = dict[str, Ints]
Box = tuple[float, float, float, float]


class Select:
    """Selects with the left button; the other buttons and the wheel move the eye.

    It changes nothing itself: it tells the new selection, and whoever owns the selection shows it.

    Parameters
    ----------
    stage : Stage
        Where objects are found; ``stage.selection`` is what there is so far.

    Signals
    -------
    selected : (dict of layer id to ids,)
        What shall be selected now, all of it.
    moved : (layer id, (k,) int64, (3,) float64)
        Selected models were dragged by a way, metres east, north, up.
    box_changed : (west x, north y, east x, south y in pixels) or None
        The rubber band, for the window to draw; None when it is gone.
    """

    selected = Signal(object)
    moved = Signal(str, object, object)
    box_changed = Signal(object)

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.navigate = Navigate(stage, left_pans=False)
        self._from: tuple[float, float] | None = None
        self._box: Box | None = None
        self._drag: DragModels | None = None

    @property
    def cursor(self) -> str:
        """Shape of the pointer."""
        if self._drag is not None:
            return "closed_hand"
        return "cross" if self._box is not None else self.navigate.cursor

    def pointer(self, event: PointerEvent) -> bool:
        """Take a click or a box, or let the eye move."""
        if self._from is None and self.navigate.pointer(event):
            return True
        if event.kind == "press" and event.button == LEFT:
            self._from = (event.x, event.y)
            return True
        if self._from is not None and event.kind == "move":
            self._follow(event, self._from)
            return True
        if self._from is not None and event.kind == "release" and event.button == LEFT:
            self._finish(event)
            return True
        return False

    def _follow(self, event: PointerEvent, start: tuple[float, float]) -> None:
        """Drag selected models that were taken hold of, else a box."""
        here = (event.x, event.y)
        begun = self._drag is not None or self._box is not None
        if not begun and math.dist(start, here) < DRAG_FROM:
            return
        if not begun and not event.modifiers & {SHIFT, CONTROL}:
            self._drag = DragModels.of(self._stage, self._stage.pick(*start))
        if self._drag is not None:
            self._drag.to(*here)
            return
        self._box = _box(start, here)
        self.box_changed.emit(self._box)

    def _finish(self, event: PointerEvent) -> None:
        """Tell what was clicked, boxed or dragged."""
        drag = self._drag
        if drag is not None:
            self.cancel()
            if drag.shift.any():
                self.moved.emit(drag.layer_id, drag.ids, drag.shift)
            return
        found = self._in_box() if self._box is not None else self._under(event.x, event.y)
        self.cancel()
        self.selected.emit(combined(self._stage.selection, found, event.modifiers))

    def key(self, event: KeyEvent) -> bool:
        """Clear with Escape; other keys move the eye."""
        if event.key == "escape":
            if self._from is not None or self._drag is not None:
                self.cancel()
            else:
                self.selected.emit({})
            return True
        return self.navigate.key(event)

    def cancel(self) -> None:
        """Let go of a box."""
        self._from = None
        self.navigate.cancel()
        if self._drag is not None:
            self._drag.cancel()
            self._drag = None
        if self._box is not None:
            self._box = None
            self.box_changed.emit(None)

    def _in_box(self) -> Selection:
        assert self._box is not None
        return self._stage.pick_box(*self._box)

    def _under(self, x: float, y: float) -> Selection:
        hit = self._stage.pick(x, y)
        if hit is None or hit.object_id == 0:
            return {}
        return {hit.layer_id: np.array([hit.object_id], dtype=np.int64)}


def combined(old: Mapping[str, Ints], found: Selection, modifiers: frozenset[str]) -> Selection:
    """Give the selection after something was found: alone, added (Shift) or toggled (Control).

    Parameters
    ----------
    old : mapping of str to (k,) int64
        Ids selected so far, by layer.
    found : dict of str to (k,) int64
        Ids just clicked or boxed.
    modifiers : frozenset of str
        Of ``SHIFT`` and ``CONTROL``.
    """
    if not modifiers & {SHIFT, CONTROL}:
        return found
    join = np.setxor1d if CONTROL in modifiers else np.union1d
    none = np.empty(0, dtype=np.int64)
    both = {k: join(old.get(k, none), found.get(k, none)) for k in {*old, *found}}
    return {k: ids for k, ids in both.items() if len(ids)}


def _box(a: tuple[float, float], b: tuple[float, float]) -> Box:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])
