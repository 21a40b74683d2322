"""A layer's content before and after a step, of which undo keeps only what it must.

Steps are undone last in, first out. So what a layer holds when a step is undone is what it held
after the step: that need not be kept, and what was before can be kept as what differs from it.
The same holds the other way round for a step that is done again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from layers.condensed import Condensed, Kept, condensed
from layers.kinds.base import Layer, LayerData

#: Quick: puts what was worked out into its place, if nothing changed there meanwhile.
Put = Callable[[], None]
#: Takes its time and touches nothing, so that a thread may do it.
Work = Callable[[], Put]


@dataclass(eq=False, slots=True)
class Swap:
    """The contents of one layer before and after a step.

    Attributes
    ----------
    before, after : LayerData, Condensed or None
        None where it was not worked out yet, or will be at hand.
    done : bool
        Whether the layer holds the content after the step.
    """

    before: Kept | None = None
    after: Kept | None = None
    done: bool = False

    def do(self, layer: Layer) -> None:
        """Give a layer the content after the step."""
        before, after = layer.data, self.after
        assert after is not None
        if isinstance(after, Condensed):
            after = after.restored(before)
        self.before, self.after, self.done = before, after, True
        layer.data = after

    def undo(self, layer: Layer) -> None:
        """Give a layer the content before the step."""
        before, after = self.before, layer.data
        assert before is not None
        if isinstance(before, Condensed):
            before = before.restored(after)
        self.before, self.after, self.done = before, after, False
        layer.data = before

    def absorb(self, later: Swap) -> bool:
        """Let this step end where a later one does; False where it cannot any more."""
        if isinstance(self.before, Condensed):
            return False
        self.after = later.after
        return True

    def held(self) -> Iterator[Kept]:
        """Give what is kept."""
        for kept in (self.before, self.after):
            if kept is not None:
                yield kept

    def condensing(self) -> Work | None:
        """Give the work of keeping less; None where there is nothing left to do."""
        kept, beside = (self.before, self.after) if self.done else (self.after, self.before)
        if kept is None or beside is None:
            return None
        assert not isinstance(kept, Condensed)
        assert not isinstance(beside, Condensed)
        return partial(self._condense, kept, beside, done=self.done)

    def _condense(self, kept: LayerData, beside: LayerData, *, done: bool) -> Put:
        made = condensed(kept, beside) or kept

        def put() -> None:
            now = (self.before, self.after) if self.done else (self.after, self.before)
            if self.done is done and now[0] is kept and now[1] is beside:
                self.before, self.after = (made, None) if done else (None, made)

        return put
