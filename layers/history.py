"""Undo and redo: every change is a command with a label."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from psygnal import Signal

from layers.held_memory import HeldMemory, Holding
from layers.project import Project
from layers.swap import Put, Work


@dataclass(frozen=True, slots=True)
class Label:
    """What a step did, as a text key with values: ``edit-add-layer`` and the layer's name."""

    key: str
    facts: dict[str, object] = field(default_factory=dict)


class Command(Protocol):
    """One change of a project."""

    @property
    def label(self) -> Label:
        """What it does, completes "Undo ..."."""

    def do(self, project: Project) -> None:
        """Make the change; where it raises, nothing was touched."""

    def undo(self, project: Project) -> None:
        """Take the change back exactly."""

    def absorb(self, later: Command) -> bool:
        """Take a later step of the same gesture into this one; False where that is not the same."""


class History:
    """Steps done and undone.

    Contents of layers that steps keep take memory. Where that is more than `most` allows, the
    oldest steps, and those undone longest ago, are condensed: they keep what differs from the
    content that will be at hand when their turn comes, and give the very same bits back. No
    step is lost by that, and the newest one always stays as it is.

    Parameters
    ----------
    project : Project
        What the steps change.
    most : int or None
        Bytes that steps may keep beside the project itself; None for no bound.

    Signals
    -------
    changed
        After each do, undo, redo, mark of saving.
    """

    changed = Signal()

    def __init__(self, project: Project, most: int | None = None) -> None:
        self.project = project
        self.most = most
        self._done: list[Command] = []
        self._undone: list[Command] = []
        self._saved: Command | None = None
        self._lost_saved = False
        self._gesture_from: int | None = None
        self._memory = HeldMemory()
        # How many steps from the oldest on, and from that undone longest ago, are condensed.
        self._lean_done = self._lean_undone = 0

    def run(self, command: Command) -> None:
        """Do a command and remember it; one that fails is not remembered."""
        command.do(self.project)
        if self._saved is not None and self._saved in self._undone:
            self._lost_saved = True
        self._memory.forget(self._undone)
        self._undone.clear()
        self._lean_undone = 0
        in_gesture = self._gesture_from is not None and len(self._done) > self._gesture_from
        mergeable = in_gesture and self._done[-1] is not self._saved
        if not (mergeable and self._done[-1].absorb(command)):
            self._done.append(command)
        self._memory.note(self._done[-1])
        self.changed.emit()

    @contextmanager
    def gesture(self) -> Iterator[None]:
        """Let equal steps inside count as one (a drag)."""
        self._gesture_from = len(self._done)
        try:
            yield
        finally:
            self._gesture_from = None

    def begin_gesture(self) -> None:
        """Start a gesture that ends elsewhere (button down)."""
        self._gesture_from = len(self._done)

    def end_gesture(self) -> None:
        """End the gesture (button up)."""
        self._gesture_from = None

    def undo(self) -> None:
        """Take the last step back; nothing happens where there is none."""
        if self._done:
            command = self._done[-1]
            command.undo(self.project)
            self._undone.append(self._done.pop())
            self._lean_done = min(self._lean_done, len(self._done))
            self._memory.note(command)
            self.changed.emit()

    def redo(self) -> None:
        """Do the last step that was taken back again."""
        if self._undone:
            command = self._undone[-1]
            command.do(self.project)
            self._done.append(self._undone.pop())
            self._lean_undone = min(self._lean_undone, len(self._undone))
            self._memory.note(command)
            self.changed.emit()

    def held_bytes(self) -> int:
        """Count the bytes that steps keep beside what the project itself holds or a file does."""
        return self._memory.beside(self.project.contents())

    def condensing(self) -> Work | None:
        """Give the next work of condensing; None where the bound is kept, or nothing is left.

        The work touches nothing, so that a thread may do it; it gives what puts its result into
        place on the thread that owns the history, unless steps were made or undone meanwhile.
        """
        if self.most is None or self.held_bytes() <= self.most:
            return None
        while True:
            older, later = len(self._done) - self._lean_done, len(self._undone) - self._lean_undone
            if max(older, later) < 2:  # the newest step stays as it is
                return None
            steps, at = (
                (self._done, self._lean_done)
                if older >= later
                else (self._undone, self._lean_undone)
            )
            command = steps[at]
            work = command.condensing() if isinstance(command, Holding) else None
            if work is not None:
                return partial(self._condense, command, work)
            if steps is self._done:
                self._lean_done += 1
            else:
                self._lean_undone += 1

    def _condense(self, command: Command, work: Work) -> Put:
        put = work()

        def put_and_count() -> None:
            put()
            if any(other is command for other in (*self._done, *self._undone)):
                self._memory.note(command)

        return put_and_count

    def condense(self) -> None:
        """Condense at once until the bound is kept, or nothing is left to condense."""
        while (work := self.condensing()) is not None:
            work()()

    @property
    def undo_label(self) -> Label | None:
        """What `undo` would take back."""
        return self._done[-1].label if self._done else None

    @property
    def redo_label(self) -> Label | None:
        """What `redo` would do."""
        return self._undone[-1].label if self._undone else None

    @property
    def labels(self) -> tuple[Label, ...]:
        """Everything done, oldest first."""
        return tuple(command.label for command in self._done)

    @property
    def unsaved(self) -> bool:
        """Whether the project differs from what was last saved or opened."""
        top = self._done[-1] if self._done else None
        return self._lost_saved or top is not self._saved

    def mark_saved(self) -> None:
        """Remember that the project as it is now is on disk."""
        self._saved = self._done[-1] if self._done else None
        self._lost_saved = False
        self.changed.emit()

    def mark_unsaved(self) -> None:
        """Remember that the project differs from the disk whatever is undone (recovery)."""
        self._lost_saved = True
        self.changed.emit()
