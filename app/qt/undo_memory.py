"""Keeps what undo holds within its bound, beside the window and while nothing moves."""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtCore import QObject, QTimer

from app.caching import GIB
from app.qt.desk import Desk
from app.qt.panes import Panes
from layers.progress import Progress

AT_REST = 700  # milliseconds without edits and movements before a thread begins
NEXT = 20  # milliseconds between two steps that are condensed
log = logging.getLogger(__name__)


class UndoMemory(QObject):
    """Condenses older steps of the history in a thread, one after the other.

    The thread only reads what is frozen. What it worked out is put into its place here, on the
    main thread, and only where no step was made or undone meanwhile.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    viewport : Panes
        The pictures; while they move or are being refined nothing begins.
    """

    def __init__(self, desk: Desk, viewport: Panes) -> None:
        super().__init__(viewport)
        self._desk, self._viewport = desk, viewport
        self._working = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._begin)
        desk.session.condenses = False
        desk.project_edited.connect(self._wait)
        desk.settings_changed.connect(self._settle)
        viewport.moved.connect(self._moved)
        self._settle()

    @property
    def busy(self) -> bool:
        """Whether something is being condensed, or soon will be."""
        return self._working or self._timer.isActive()

    def _settle(self) -> None:
        self._desk.session.undo_bytes = round(self._desk.settings.undo_gib * GIB)
        self._wait()

    def _wait(self) -> None:
        if not self._working:
            self._timer.start(AT_REST)

    def _moved(self) -> None:
        if self._timer.isActive():
            self._timer.start(AT_REST)

    def _begin(self) -> None:
        if self._viewport.busy:
            self._timer.start(AT_REST)
            return
        work = self._desk.session.history.condensing()
        if work is None:
            return

        def condense(_progress: Progress) -> Any:
            return work()

        self._working = True
        job = self._desk.jobs.start("", condense, self._put, self._failed, told=False)
        job.ended.connect(self._ended)

    def _put(self, put: Any) -> None:
        put()
        self._timer.start(NEXT)

    def _failed(self, error: Exception) -> None:
        log.error("an older step could not be condensed; it stays as it is", exc_info=error)

    def _ended(self) -> None:
        self._working = False
