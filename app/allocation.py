"""How the C library keeps the memory of this program."""

from __future__ import annotations

import ctypes
import sys

LARGE = 2 << 20  # bytes; a picture of a small window has more, most arrays of a tile fewer
_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of glibc's malloc.h


def hand_back_large() -> bool:
    """Let memory of large pieces go back to the system as soon as they are free.

    By itself glibc keeps ever larger pieces in one heap, where pictures whose size changes with
    every movement leave holes: a city needs a fifth more memory, and it creeps up over hours.

    Returns
    -------
    bool
        Whether the C library can do it; others than glibc do it their own way.
    """
    if sys.platform != "linux":
        return False
    choose = getattr(ctypes.CDLL(None), "mallopt", None)
    return choose is not None and choose(_MMAP_THRESHOLD, LARGE) == 1


def hand_back_free() -> bool:
    """Give the system what is free between smaller pieces; takes some milliseconds.

    Meshes that come and go while the eye moves leave holes of which glibc keeps hold: a tenth
    more memory after half an hour of flight.

    Returns
    -------
    bool
        Whether something was given back.
    """
    if sys.platform != "linux":
        return False
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim is not None and trim(0) == 1
