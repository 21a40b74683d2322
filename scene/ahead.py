"""What threads work out of layers before their views are made, so that a window stays awake.

A view says by `LayerView.ahead` what of its making needs neither the card nor anything that may
change meanwhile. A patient stage lets threads do that for every layer that waits, and makes a view
once its part is there; the view takes it by its key. What nobody worked out is made where it is
asked for, so that pictures of scripts need none of this.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work that changes nothing others see.

    Attributes
    ----------
    key : tuple of hashable
        What it is made from: another key, another result. Holds the objects themselves, so that
        none of them goes while the result waits.
    make : callable
        Makes the result, in any thread.
    """

    key: tuple[Hashable, ...]
    make: Callable[[], Any]


class Ahead:
    """Results that are worked out, or being worked out, in threads.

    Parameters
    ----------
    workers : int
        Threads.
    """

    def __init__(self, workers: int = 1) -> None:
        self._workers = workers
        self._threads: ThreadPoolExecutor | None = None
        self._begun: dict[tuple[Hashable, ...], Future[Any]] = {}

    def begin(self, work: Work) -> None:
        """Let a thread do this, unless one does so already."""
        if work.key in self._begun:
            return
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._workers, "ahead")
        self._begun[work.key] = self._threads.submit(work.make)

    def ready(self, work: Work) -> bool:
        """Say whether the result is there, or nobody works on it."""
        begun = self._begun.get(work.key)
        return begun is None or begun.done()

    def take(self, work: Work) -> Any:
        """Give the result once: the thread's, waiting for it; None where none was begun."""
        begun = self._begun.pop(work.key, None)
        if begun is None or begun.cancel():  # no thread came to it yet: quicker here
            return None
        return begun.result()

    def forget(self) -> None:
        """Drop what nobody took."""
        for begun in self._begun.values():
            begun.cancel()
        self._begun = {}

    def close(self) -> None:
        """Forget everything; threads end with what they are at."""
        self.forget()
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None


def taken_within(seconds: float, take: Callable[[int], int]) -> int:
    """Take up what threads have made, one by one for so long, at least one; says how many.

    Parameters
    ----------
    seconds : float
        Begun before it is over, the last one is finished.
    take : callable
        Takes up so many at most and says how many; 0 where there are none.
    """
    until = time.perf_counter() + seconds
    taken = 0
    while take(1):
        taken += 1
        if time.perf_counter() >= until:
            break
    return taken
