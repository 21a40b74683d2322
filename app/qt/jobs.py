"""Long work beside the window: the only threads the program owns."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from layers.errors import Cancelled
from layers.progress import Progress

Work = Callable[[Progress], Any]
# Threads that live as long as the window: PROJ and GDAL keep contexts for each thread, and
# objects made in a thread that has ended must not be touched any more.
THREADS = 2
TELL_EVERY = 0.05  # seconds between two reports of progress; more would only fill the queue


class Job(QObject):
    """One long piece of work; it is the `Progress` its work reports to.

    All signals reach the main thread.

    Parameters
    ----------
    title : str
        What is going on, for the reader.
    work : callable
        Takes a `Progress` and gives the result; runs in another thread, so it
        changes nothing that others see.

    Signals
    -------
    progressed : (done, total, text key)
    succeeded : (result,)
    failed : (exception,)
    cancelled
    ended
        Last of all, whatever happened.
    """

    progressed = Signal(int, int, str)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()
    _told = Signal(int, int, str)
    _finished = Signal(str, object)

    def __init__(self, title: str, work: Work) -> None:
        super().__init__()
        self.title = title
        self.progress: tuple[int, int, str] = (0, 0, "")
        self._work = work
        self._stop = threading.Event()
        self._last_told = 0.0
        self._told.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._finished.connect(self._finish, Qt.ConnectionType.QueuedConnection)

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._stop.is_set()

    def step(self, done: int, total: int, text: str = "") -> None:
        """Tell how far the work is (called by the work, in its thread).

        Raises
        ------
        Cancelled
            After `cancel`.
        """
        if self._stop.is_set():
            raise Cancelled
        now = time.monotonic()
        if now - self._last_told >= TELL_EVERY or done >= total > 0:
            self._last_told = now
            self._told.emit(done, total, text)

    def run(self) -> None:
        """Do the work (called in its thread)."""
        try:
            result = self._work(self)
        except Cancelled:
            self._finished.emit("cancelled", None)
        except Exception as error:  # noqa: BLE001 - handed to the window, which shows it
            self._finished.emit("failed", error)
        else:
            self._finished.emit("cancelled" if self._stop.is_set() else "succeeded", result)

    def _tell(self, done: int, total: int, text: str) -> None:
        self.progress = (done, total, text)
        self.progressed.emit(done, total, text)

    def _finish(self, how: str, value: object) -> None:
        try:
            if how == "cancelled":
                self.cancelled.emit()
            elif how == "failed":
                self.failed.emit(value)
            else:
                self.succeeded.emit(value)
        finally:
            self.ended.emit()


class Jobs(QObject):
    """The jobs of the window.

    Signals
    -------
    changed
        A job started or ended.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._running: list[Job] = []
        self._untold: list[Job] = []
        self._futures: list[Future[None]] = []
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="job")

    @property
    def running(self) -> tuple[Job, ...]:
        """Jobs that have not ended and of which the reader hears, oldest first."""
        return tuple(self._running)

    def start(
        self,
        title: str,
        work: Work,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        told: bool = True,
    ) -> Job:
        """Start work beside the window.

        Parameters
        ----------
        title : str
            What is going on, for the reader.
        work : callable
            Plain function of a `Progress`.
        done : callable or None
            Gets the result, on the main thread.
        failed : callable or None
            Gets the exception, on the main thread. Not called for a stopped job.
        told : bool
            Whether the reader hears of it; short work that nobody waits for needs no line.
        """
        job = Job(title, work)
        if done is not None:
            job.succeeded.connect(done)
        if failed is not None:
            job.failed.connect(failed)
        job.ended.connect(self._forget)
        if told:
            self._running.append(job)
            self.changed.emit()
        else:
            self._untold.append(job)
        self._futures = [future for future in self._futures if not future.done()]
        self._futures.append(self._pool.submit(job.run))
        return job

    def cancel_all(self) -> None:
        """Ask every job to stop."""
        for job in (*self._running, *self._untold):
            job.cancel()

    def wait(self, seconds: float = 10.0) -> bool:
        """Wait until the threads are idle; False if some were not in time."""
        return not wait(self._futures, seconds).not_done

    def _forget(self) -> None:
        job = self.sender()
        if job in self._untold:
            self._untold.remove(job)
            return
        if job in self._running:
            self._running.remove(job)
        self.changed.emit()
