"""The journal written beside the window: an edit is noted at once, a thread writes it down.

What a step is written from is frozen, so that noting it takes a few references. Telling ten
demolished buildings of a million by what there was before takes half a second; nobody waits for
that but who saves, closes or opens another project.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType

from layers.errors import CityError
from layers.files.journal import Journal, Step, cannot_write
from layers.kinds.base import LayerData
from layers.project import Project

log = logging.getLogger(__name__)


class JournalWriter:
    """Writes the steps of a journal in a thread of its own, in their order.

    Where edits come faster than they are written, what is written next is always the newest:
    the journal is never more than the step at work and one step behind, and no more than one
    state of the project waits in memory. What waits is written before the program ends.

    Parameters
    ----------
    journal : Journal
        Belongs to this writer from now on.
    failed : callable
        Gets the error of a step that could not be written, in the thread at work, once until the
        project is saved. Later steps are tried all the same.
    """

    def __init__(self, journal: Journal, failed: Callable[[CityError], object]) -> None:
        self._journal, self._failed = journal, failed
        self._lock = threading.Lock()
        self._waiting: Step | None = None
        self._saved: Mapping[str, LayerData] | None = None  # all before this is to be forgotten
        self._decided = False  # and what a crash left with it, for there were steps since
        self._noted = False  # whether there was a step since the last save
        self._told = False
        self._discard: Callable[[], object] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="citystage-journal")
        self._work: Future[None] | None = None

    def __enter__(self) -> JournalWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def file(self) -> Path:
        """The journal itself."""
        return self._journal.file

    def take_over(self, discard: Callable[[], object]) -> None:
        """Call `discard` once what an older journal holds is safe.

        That is when the next step is written, or the project is saved or closed on purpose.
        """
        with self._lock:
            self._discard = discard

    def note(self, project: Project) -> None:
        """Let the project as it is now be written; call it after every command, undo and redo."""
        step = Step.of(project)
        with self._lock:
            self._waiting, self._noted = step, True
            self._start()

    def saved(self, project: Project) -> None:
        """Let all steps be forgotten: the project stands in its file as it is now."""
        saved = {layer.id: layer.data for layer in project.layers}
        with self._lock:
            self._waiting, self._saved = None, saved
            self._decided, self._noted = self._decided or self._noted, False
            self._start()

    def flush(self) -> None:
        """Wait until everything noted so far is written, or could not be."""
        with self._lock:
            work = self._work
        if work is not None:
            wait([work])

    def clear(self) -> None:
        """Forget all steps and end: the project is closed on purpose."""
        with self._lock:
            self._waiting = self._saved = None
        self.flush()
        self._thread.shutdown()
        self._journal.clear(decided=self._decided or self._noted)
        self._discard_older()

    def close(self) -> None:
        """Write what waits and end; the steps stay and will be offered again."""
        self.flush()
        self._thread.shutdown()
        self._journal.close()

    # Inside ----------------------------------------------------------------------------------

    def _start(self) -> None:
        """Set the thread to work; the lock is held."""
        if self._work is None or self._work.done():
            self._work = self._thread.submit(self._write)

    def _write(self) -> None:
        """Write until nothing waits (in the thread)."""
        while True:
            with self._lock:
                saved, self._saved = self._saved, None
                step, self._waiting = self._waiting, None
                if saved is None and step is None:
                    self._work = None
                    return
                decided, self._decided = self._decided, False
            if saved is not None:
                self._told = False
                self._forget(saved, decided=decided)
            if step is not None:
                self._keep(step)

    def _forget(self, saved: Mapping[str, LayerData], *, decided: bool) -> None:
        try:
            self._journal.clear(decided=decided)
        except OSError as error:
            self._tell(cannot_write(self.file, str(error)))
        self._journal.stand_on_data(saved)
        self._discard_older()

    def _keep(self, step: Step) -> None:
        try:
            self._journal.write(step)
        except CityError as error:
            self._tell(error)
        except Exception as error:
            log.exception("a step of the journal could not be written")
            self._tell(cannot_write(self.file, f"{type(error).__name__}: {error}"))
        else:
            self._discard_older()

    def _discard_older(self) -> None:
        with self._lock:
            discard, self._discard = self._discard, None
        if discard is not None:
            discard()

    def _tell(self, error: CityError) -> None:
        if not self._told:
            self._told = True
            self._failed(error)
