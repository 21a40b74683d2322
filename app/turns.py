"""How the threads of this program take turns."""

from __future__ import annotations

import sys

TURN = 0.0005  # seconds


def take_short_turns() -> None:
    """Let a thread that waits for Python's lock get it soon.

    By itself Python lets one thread keep it for five milliseconds each time: a file that is read
    while the window opens, and pieces of a city made during a flight, wait for it again and again.
    """
    sys.setswitchinterval(TURN)
