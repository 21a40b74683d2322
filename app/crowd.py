"""Pictures and films of people who leave a place."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from app.drill_words import clock
from app.pictures import Order, Painter
from app.wording import Wording, current
from layers.analyses.drill_crowd import CrowdParams, walk_of
from layers.drills.crowd import Walk
from layers.progress import Part, Progress, Silent
from layers.project import Project
from layers.viewpoint import Viewpoint

if TYPE_CHECKING:
    from scene.stage import Stage

FPS = 10.0
LEAST = 60.0  # metres that the picture shows


def crowd_words(walk: Walk, second: float, wording: Wording) -> str:
    """Word what is seen at a second."""
    inside = int((~(walk.left_s <= second)).sum())
    return wording.t("crowd-shown", time=clock(second), inside=inside, count=len(walk.left_s))


def crowd_eye(project: Project, walk: Walk) -> Viewpoint:
    """Give the eye that sees the whole place."""
    low, high = np.array(shapely.bounds(walk.land)).reshape(2, 2)
    east, north = (low + high) / 2.0
    ground = float(project.ground_at(np.array([[east, north]]))[0])
    wide = max(float(np.max(high - low)), LEAST)
    return Viewpoint.looking_at((east, north, ground), 1.5 * wide, 0.0, math.radians(-50.0))


def crowd_film(
    project: Project, params: CrowdParams, path: Path, size: tuple[int, int], speed: float,
    progress: Progress | None = None,
) -> int:  # fmt: skip
    """Film people who leave; gives the number of frames.

    Raises
    ------
    CityError
        Those of walking and of films.
    """
    from scene.film_files import sink_for

    told = progress or Silent()
    found = walk_of(project, params)
    count = math.ceil(float(found.seconds[-1]) / speed * FPS) + 1
    eye = crowd_eye(project, found)
    with sink_for(path, size, FPS) as sink, Painter(project) as painter:
        for number in range(count):
            second = min(number * speed / FPS, float(found.seconds[-1]))
            there = found.at(second)

            def show(stage: Stage, there: tuple[np.ndarray, ...] = there) -> None:
                stage.live.show_people(*there)

            title = crowd_words(found, second, current())
            order = Order(camera=eye, size=size, title=title)
            part = Part(told, number / count, (number + 1) / count)
            sink.add(painter.paint(order, part, show).pixels)
    return count
