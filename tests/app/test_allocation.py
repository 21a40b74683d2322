"""Large pieces of memory go back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import numpy as np
from app.allocation import LARGE, hand_back_large
assert hand_back_large()
def resident():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * 4096
before = resident()
kept = []
for _ in range(20):
    large = np.ones(2 * LARGE, dtype=np.uint8)
    kept.append(np.ones(100_000, dtype=np.uint8))  # lies behind it where both are in one heap
    del large
print(resident() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems hand memory back by themselves")
def test_what_is_large_leaves_no_hole_when_it_is_free() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(done.stdout) < 8_000_000


HOLES = """
import numpy as np
from app.allocation import hand_back_free
def resident():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * 4096
pieces = [np.ones(100_000, dtype=np.uint8) for _ in range(600)]
before = resident()
kept = pieces[::10]
del pieces
given = hand_back_free()
print(before - resident() if given else -1)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems hand memory back by themselves")
def test_holes_between_what_is_kept_go_back_when_asked() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HOLES], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(done.stdout) > 40_000_000
