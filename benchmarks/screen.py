"""A display for benchmarks of the window: the one there is, or a virtual one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.running import NotHereError


@contextmanager
def display(*, own: bool = True) -> Iterator[str]:
    """Give the name of a display while it lasts; `own` starts a virtual one.

    Raises
    ------
    NotHereError
        If Xvfb is not installed.
    """
    if not own and os.environ.get("DISPLAY"):
        yield os.environ["DISPLAY"]
        return
    if shutil.which("Xvfb") is None:
        raise NotHereError("the window needs Xvfb, which is not installed")
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        number = server.stdout.readline().strip()
        if not number:
            raise NotHereError("the virtual display did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()
