"""Marks of kept answers in the scene: each drawn by the view of the kind of thing it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from layers.analyses.marks import look_of
from layers.kinds.answers import ROWS, Answers, Marks, SavedAnalysis
from layers.kinds.base import Features, Layer
from layers.shapes import Bools, Floats, Ints
from layers.style import numbers
from scene.rays import Aim, Hit
from scene.views.base import NOTHING, Bounds, FrameState, LayerView, StageContext
from scene.views.buildings import ValuesView
from scene.views.flat import FlatView

Key = tuple[int, int, int]


class AfloatView(FlatView):
    """Draws areas over water on it: what is asked of hazards counts there, too."""

    afloat = True


class AnswersView(LayerView):
    """Draws the marks of the answers that are shown."""

    def __init__(self, layer: Layer, context: StageContext) -> None:
        self._parts: dict[Key, tuple[SavedAnalysis, LayerView]] = {}
        self._position = 0
        super().__init__(layer, context)

    def rebuild(self) -> None:
        """Make views of new marks, take those away that are gone."""
        data = self.layer.data
        assert isinstance(data, Answers)
        wanted: dict[Key, tuple[SavedAnalysis, Marks]] = {
            (item.id, number, id(marks)): (item, marks)
            for item in data.items
            if item.shown
            for number, marks in enumerate(item.outcome.marks)
        }
        for key in [key for key in self._parts if key not in wanted]:
            self._parts.pop(key)[1].close()
        for key, (item, marks) in wanted.items():
            if key in self._parts:
                self._parts[key] = (item, self._parts[key][1])
            elif len(marks.data):
                self._parts[key] = (item, self._view_of(marks))

    def _view_of(self, marks: Marks) -> LayerView:
        from scene.views import VIEW_FOR

        # The same id: a named view that hides the answers hides their marks.
        inner = Layer(
            marks.kind, marks.name, marks.data, style=look_of(marks), layer_id=self.layer.id,
            visible=self.layer.visible, opacity=self.layer.opacity,
        )  # fmt: skip
        valued = marks.kind == "buildings" and inner.style.colouring is not None
        made = ValuesView if valued else VIEW_FOR[marks.kind]
        view = (AfloatView if made is FlatView else made)(inner, self.context)
        view.set_order(self._position)
        return view

    def restyle(self) -> None:
        """Let the marks follow visibility and opacity."""
        for _, view in self._parts.values():
            inner = view.layer
            if inner.visible != self.layer.visible:
                inner.visible = self.layer.visible
            if inner.opacity != self.layer.opacity:
                inner.opacity = self.layer.opacity
            view.restyle()

    def ground_changed(self) -> None:
        """Lie on the new ground."""
        for _, view in self._parts.values():
            view.ground_changed()

    def set_order(self, position: int) -> None:
        """Take the place of the layer."""
        self._position = position
        for _, view in self._parts.values():
            view.set_order(position)

    def prepare(self, frame: FrameState) -> None:
        """Get the marks ready."""
        for _, view in self._parts.values():
            view.prepare(frame)

    def drawn(self) -> None:
        """Tell the marks."""
        for _, view in self._parts.values():
            view.drawn()

    def advance(self, seconds: float) -> bool:
        """Hand over what was made meanwhile."""
        more = False
        for _, view in self._parts.values():
            more = view.advance(seconds) or more
        return more

    def complete(self, frame: FrameState) -> bool:
        """Say whether all marks were whole."""
        return all(view.complete(frame) for _, view in self._parts.values())

    def finish(self, frame: FrameState) -> None:
        """Make all marks."""
        for _, view in self._parts.values():
            view.finish(frame)

    def bounds(self) -> Bounds | None:
        """Give the box around all marks."""
        boxes = [box for _, view in self._parts.values() if (box := view.bounds()) is not None]
        if not boxes:
            return None
        array = np.array(boxes)
        low, high = array[:, 0::2].min(axis=0), array[:, 1::2].max(axis=0)
        return (
            float(low[0]), float(high[0]), float(low[1]),
            float(high[1]), float(low[2]), float(high[2]),
        )  # fmt: skip

    def nearest(self, frame: FrameState) -> float:
        """Give the distance of the nearest mark."""
        return min((view.nearest(frame) for _, view in self._parts.values()), default=float("inf"))

    def pick(self, aim: Aim) -> Hit | None:
        """Give the mark under a pixel; its number tells answer and row."""
        for item, view in self._parts.values():
            hit = view.pick(aim)
            if hit is not None:
                row = _rows_of(view.layer, np.array([hit.object_id]))
                number = int(item.id * ROWS + row[0])
                return replace(hit, layer_id=self.layer.id, object_id=number)
        return None

    def inside(self, project: Callable[[Floats], Bools]) -> Ints:
        """Marks are not gathered by frames: what they mark is."""
        del project
        return NOTHING

    def select(self, ids: Ints) -> None:
        """Draw the marks of these rows in the colour of choice."""
        for item, view in self._parts.values():
            own = ids[ids // ROWS == item.id] % ROWS
            data = view.layer.data
            if not isinstance(data, Features):
                continue
            rows = _rows_of(view.layer, data.ids)
            view.select(data.ids[np.isin(rows, own)])

    def hover(self, object_id: int | None) -> None:
        """Draw the marks of this row as being pointed at."""
        for item, view in self._parts.values():
            data = view.layer.data
            if not isinstance(data, Features):
                continue
            chosen = None
            if object_id is not None and object_id // ROWS == item.id:
                rows = _rows_of(view.layer, data.ids)
                found = data.ids[rows == object_id % ROWS]
                chosen = int(found[0]) if len(found) else None
            view.hover(chosen)

    def close(self) -> None:
        """Take everything away."""
        super().close()
        for _, view in self._parts.values():
            view.close()
        self._parts = {}


def _rows_of(layer: Layer, ids: Ints) -> Ints:
    """Give the row of its answer's table for each of some marks; 0 where none is told."""
    data = layer.data
    if not isinstance(data, Features) or "row" not in data.attributes.column_names:
        return np.zeros(len(ids), dtype=np.int64)
    at = data.index_of(ids)
    return np.asarray(numbers(data.attributes.column("row"))[data.feature[at]], dtype=np.int64)
