"""Peak memory of this process: proportional set size, sampled beside the work.

To tell it the system looks through every page of the process, which takes ten milliseconds and
keeps frames waiting: it is asked as often as the harness of the web viewers asks, no more.
"""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType


class PeakMemory:
    """Context manager; `megabytes` is the peak of the samples taken inside (Linux only, else 0)."""

    def __init__(self, every: float = 0.5) -> None:
        self.megabytes = 0.0
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
        self.megabytes = max(self.megabytes, proportional_set_size())

    def _watch(self) -> None:
        while not self._stop.wait(self._every):
            self.megabytes = max(self.megabytes, proportional_set_size())


def proportional_set_size() -> float:
    """Give the memory this process answers for now, MB; 0 where the system does not tell."""
    rollup = Path("/proc/self/smaps_rollup")
    if not rollup.exists():
        return 0.0
    for line in rollup.read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return float(line.split()[1]) / 1024.0
    return 0.0


def own_memory() -> float:
    """Give the memory this process made itself, without files and libraries, MB; 0 if not told.

    Unlike the proportional set size it does not change as other programs come and go.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    lines = status.read_text(encoding="ascii", errors="replace").splitlines()
    wanted = ("RssAnon:", "RssShmem:")
    return sum(float(line.split()[1]) for line in lines if line.startswith(wanted)) / 1024.0
