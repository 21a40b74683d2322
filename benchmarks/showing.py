"""A project on an off-screen stage, the cameras of the comparison, and the clock."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pvlib  # noqa: F401 - loaded before the clock starts, like every other library

from app.allocation import hand_back_large
from app.turns import take_short_turns
from layers.project import Project
from layers.viewpoint import Viewpoint
from scene.detail import Detail
from scene.stage import Stage
from scene.unseen import unseen_window
from scene.warming import warm_up

SIZE = (1280, 720)
BEARINGS = 12  # directions of the eye
PITCH = math.radians(50.0 - 90.0)


def load_compiled() -> None:
    """Begin as the program does: loops loaded, as by the window that waits, memory handed back."""
    hand_back_large()
    take_short_turns()
    warm_up()


def since(start: float) -> float:
    """Give the milliseconds since a reading of ``time.perf_counter``."""
    return (time.perf_counter() - start) * 1000.0


def rounded(figures: dict[str, Any]) -> dict[str, Any]:
    """Keep three digits behind the point."""
    return {k: round(v, 3) if isinstance(v, float) else v for k, v in figures.items()}


def spread(times: Iterable[float], name: str) -> dict[str, float]:
    """Give median, 95th percentile and worst of some times under `name`, milliseconds."""
    array = np.array(list(times))
    return {
        name: float(np.median(array)),
        f"{name}_p95": float(np.percentile(array, 95)),
        f"{name}_worst": float(array.max()),
    }


def flight_over(
    project: Project, frames: int, speed: float, *, turn: float = 0.0
) -> list[Viewpoint]:
    """Give the eyes of a low, winding way through the middle of a project.

    The same way through every city, whatever its size.

    Parameters
    ----------
    project : Project
        The city.
    frames : int
        How many.
    speed : float
        Metres from one to the next.
    turn : float
        Direction of the way, radians from east to north.
    """
    extent = project.extent()
    assert extent is not None
    east, north = (extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2
    out = []
    for number in range(frames):
        way = (number - frames / 2) * speed
        aside = 400.0 * math.sin(way / 700.0)
        x = east + way * math.cos(turn) - aside * math.sin(turn)
        y = north + way * math.sin(turn) + aside * math.cos(turn)
        heading = math.pi / 2 - turn + math.radians(35.0) * math.sin(way / 1000.0)
        height = 260.0 + 120.0 * math.sin(way / 1700.0)
        out.append(Viewpoint(x, y, height, heading, math.radians(-16.0), 800.0))
    return out


class Showing:
    """Draws a project without a window and says how long each frame took.

    Parameters
    ----------
    project : Project
        What is drawn.
    size : (int, int)
        Width and height, pixels.
    detail : Detail or None
        How finely; None takes what the window takes.
    """

    def __init__(
        self, project: Project, size: tuple[int, int] = SIZE, detail: Detail | None = None
    ) -> None:
        self.project, self.size = project, size
        self.plotter = unseen_window(size)
        self.stage = Stage(project, self.plotter, patient=True, detail=detail)
        self.stage.build()

    def __enter__(self) -> Showing:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stage.close()
        self.plotter.close()

    @property
    def middle(self) -> tuple[float, float]:
        """East and north of the middle of the city, metres."""
        extent = self.project.extent(visible_only=False)
        assert extent is not None
        return (extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2

    def eye(self, name: str, bearing: float) -> Viewpoint:
        """Give the eye of ``overview`` or ``near`` at a bearing, radians."""
        extent = self.project.extent(visible_only=False)
        assert extent is not None
        west, south, east, north = extent
        scale = max(east - west, north - south) / 840.0 if name == "overview" else 0.6
        distance = 1.5 * SIZE[1] * scale
        return Viewpoint.looking_at((*self.middle, 0.0), distance, bearing, PITCH)

    def frame(self) -> float:
        """Draw one frame to its end; milliseconds."""
        window: Any = self.plotter.render_window
        begin = time.perf_counter()
        window.Render()
        window.WaitForCompletion()
        return since(begin)

    def draw_with(self, share: float) -> None:
        """Draw with a share of the pixels along each side, as the window does while it moves."""
        wanted = (round(self.size[0] * share), round(self.size[1] * share))
        if wanted != tuple(self.plotter.render_window.GetSize()):
            self.plotter.render_window.SetSize(*wanted)
            self.stage.drawn_with(share, self.size)

    def move(self, eye: Viewpoint) -> float:
        """Draw one frame as while the eye moves; milliseconds."""
        begin = time.perf_counter()
        self.stage.moving, self.stage.smooth = True, False
        self.draw_with(self.stage.share)
        self.stage.advance()
        self.stage.viewpoint = eye
        self.stage.took(self.frame() / 1000.0)
        return since(begin)

    def complete(self, eye: Viewpoint, *, smooth: bool = False) -> None:
        """Let the eye rest and draw one picture in which nothing is missing."""
        self.stage.viewpoint, self.stage.smooth = eye, smooth
        self.draw_with(1.0)
        self.stage.finish()
        self.frame()

    def rest(self, eye: Viewpoint, *, smooth: bool = False) -> float:
        """Let the eye rest until the picture is complete, then time one frame of that picture."""
        self.complete(eye, smooth=smooth)
        return self.frame()

    def round(self, name: str, *, moving: bool, smooth: bool = False) -> float:
        """Give the median frame of `BEARINGS` bearings, milliseconds."""
        eyes = [self.eye(name, math.tau * number / BEARINGS) for number in range(BEARINGS)]
        if moving:
            for eye in eyes[-5:]:
                self.move(eye)
            return statistics.median(self.move(eye) for eye in eyes)
        return statistics.median(self.rest(eye, smooth=smooth) for eye in eyes)

    def flight(self, frames: int, speed: float = 60.0) -> list[Viewpoint]:
        """Give the eyes of a way through the middle of the city."""
        return flight_over(self.project, frames, speed)

    def save(self, path: Path) -> None:
        """Write what was drawn last."""
        self.plotter.screenshot(str(path))
