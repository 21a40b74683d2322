"""Work without Python, shared between the cores of a small machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

THREADS = 2  # the window draws meanwhile, and finds its turn


def in_threads(work: Callable[[int], None], parts: Sequence[int]) -> Iterator[None]:
    """Do the parts of some work that needs no Python in threads; comes back after each part.

    Parameters
    ----------
    work : callable
        Is given a part.
    parts : sequence of int
        All of them; a single one is done here.
    """
    if len(parts) < 2:
        yield from map(work, parts)
        return
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="citystage-parts")
    try:
        yield from pool.map(work, parts)
    finally:
        pool.shutdown(cancel_futures=True)
