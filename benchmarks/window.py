"""Flights through a project in the real window: frames, and how long it does not answer.

    python -m benchmarks.window --input project.gpkg --flights 5

The window is opened on a virtual display (``--display`` takes the one there is), as large as the
pictures of the other benchmarks. The eye is moved every 16 ms, as by somebody who holds a key, in
the order of the flight, however long a frame takes; a second timer beats every 2 ms. The longest
time between two beats is the longest time the window did not answer. One JSON line.

To ask the system for the memory keeps frames waiting (see `benchmarks.memory`), so it is asked
while the project is opened and in one flight more, of which the gaps do not count.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.memory import PeakMemory
from benchmarks.running import NotHereError
from benchmarks.screen import display
from benchmarks.showing import SIZE, flight_over, load_compiled, rounded, since
from layers.viewpoint import Viewpoint

if TYPE_CHECKING:
    from app.qt.main_window import MainWindow

EVERY = 16  # milliseconds between two eyes
BEAT = 2
SETTLED = 600.0  # seconds to wait for a project at most


class Watch:
    """Runs the window's events and keeps the time between beats."""

    def __init__(self, window: MainWindow) -> None:
        from PySide6.QtCore import Qt, QTimer
        from PySide6.QtWidgets import QApplication

        self._app: Any = QApplication.instance()
        self.window = window
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._beat = QTimer(window)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(self._beaten)
        self._beat.start(BEAT)

    def _beaten(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000.0)
        self._last = now

    def forget(self) -> None:
        """Begin to watch anew."""
        self.gaps.clear()
        self._last = time.perf_counter()

    def run(self, seconds: float) -> None:
        """Let the window live for some time."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            self._app.processEvents()
            time.sleep(0.0005)

    def settle(self, quiet: float = 0.6) -> float:
        """Wait until nothing runs and nothing is drawn for some time; milliseconds until then."""
        viewport = self.window.viewport
        begin = last = time.perf_counter()
        frames = -1
        while time.perf_counter() - last < quiet and time.perf_counter() - begin < SETTLED:
            self._app.processEvents()
            time.sleep(0.001)
            busy = bool(self.window.desk.jobs.running) or viewport.busy
            if busy or viewport.frames != frames:
                frames, last = viewport.frames, time.perf_counter()
        return (last - begin) * 1000.0

    def fly(self, eyes: list[Viewpoint]) -> dict[str, float]:
        """Move the eye along a way, one step every 16 ms of the clock; some figures."""
        viewport = self.window.viewport
        frames, begin = viewport.frames, time.perf_counter()
        self.forget()
        while (step := int((time.perf_counter() - begin) * 1000.0 / EVERY)) < len(eyes):
            if viewport.viewpoint != eyes[step]:
                viewport.viewpoint = eyes[step]
            self._app.processEvents()
            time.sleep(0.0005)
        taken = time.perf_counter() - begin
        return {
            "gap": max(self.gaps, default=taken * 1000.0),
            "gap_p99": float(np.percentile(self.gaps or [taken * 1000.0], 99)),
            "frames_per_second": (viewport.frames - frames) / taken,
        }


def opened(path: Path) -> MainWindow:
    """Open the window on a project."""
    from app import settings as settings_file
    from app.qt import start
    from app.qt.desk import Desk
    from app.session import Session

    start.make_application(["citystage"])
    window = start.open_window(Desk(Session(journaled=False), settings_file.load()))
    window.resize(1560, 960)
    window.viewport.setFixedSize(*SIZE)
    window.documents.open(path)
    return window


def run(path: Path, flights: int, steps: int) -> dict[str, Any]:
    """Open a project and fly through it."""
    load_compiled()
    out: dict[str, Any] = {"input": path.name}
    with PeakMemory() as memory:
        start = time.perf_counter()
        window = opened(path)
        watch = Watch(window)
        watch.run(0.05)
        while window.desk.jobs.running and time.perf_counter() - start < SETTLED:
            watch.run(0.01)
        if not window.desk.project.layers:
            raise SystemExit(f"{path.name} was not opened")
        out["t_open"] = since(start)
        watch.settle()
        out["t_complete"] = since(start) - 600.0
    out["gap_opening"] = max(watch.gaps, default=0.0)
    viewport = window.viewport
    out["width"], out["height"] = viewport.width(), viewport.height()
    done = []
    for number in range(flights):
        done.append(flown(watch, number, steps))
        out["ms_rest"] = watch.settle()
    gaps = [flight["gap"] for flight in done]
    out["gap_median"], out["gap_worst"] = float(np.median(gaps)), max(gaps)
    out["gap_p99"] = float(np.median([flight["gap_p99"] for flight in done]))
    rates = [flight["frames_per_second"] for flight in done]
    out["frames_per_second"] = float(np.median(rates))
    frames = viewport.frames
    watch.run(2.0)
    out["frames_at_rest"] = viewport.frames - frames
    with PeakMemory() as memory_flying:
        flown(watch, 0, steps)
    window.desk.session.history.mark_saved()
    window.close()
    out["peak_pss_mb"] = round(max(memory.megabytes, memory_flying.megabytes), 1)
    return rounded(out)


def flown(watch: Watch, number: int, steps: int) -> dict[str, float]:
    """Fly one of the ways, from rest."""
    eyes = flight_over(watch.window.desk.project, steps, 6.0, turn=1.1 * number)
    watch.window.viewport.viewpoint = eyes[0]
    watch.settle()
    return watch.fly(eyes)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--flights", type=int, default=5)
    parser.add_argument("--steps", type=int, default=600, help="eyes of a flight, 16 ms each")
    parser.add_argument("--display", action="store_true", help="the display there is")
    args = parser.parse_args()
    try:
        with display(own=not args.display) as name, tempfile.TemporaryDirectory() as home:
            os.environ["DISPLAY"] = name
            for kind in ("CONFIG", "STATE"):
                os.environ[f"CITYSTAGE_{kind}"] = str(Path(home) / kind.lower())
            print(json.dumps(run(args.input.resolve(), args.flights, args.steps)))
    except NotHereError as error:
        print(f"skipped: {error}", file=sys.stderr)
        print(json.dumps({"skipped": str(error)}))
    sys.stdout.flush()
    os._exit(0)  # the window is closed; what Qt would still free is not measured


if __name__ == "__main__":
    sys.exit(main())
