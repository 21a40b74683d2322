"""Pictures and films of drills: the city at a second of a plan, what is on, what is next."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from app.arguments import overview
from app.drill_captions import captions_of, title_of
from app.pictures import Order, Painter
from app.wording import Wording, current
from layers.drills.edits import drills_layer
from layers.drills.plan import Plan, extent_of_step, places_of
from layers.drills.rehearsal import Now, Rehearsal
from layers.drills.resource_problems import begins_at
from layers.drills.shots import Camera, shots_of
from layers.errors import CityError
from layers.kinds.buildings import Buildings
from layers.progress import Part, Progress, Silent
from layers.project import Project
from layers.shapes import Floats
from layers.viewpoint import View, Viewpoint

if TYPE_CHECKING:
    from scene.offscreen import Picture
    from scene.stage import Stage

FPS = (1.0, 60.0)
SPEEDS = (0.1, 600.0)
MOST_FRAMES = 100_000
NEAREST = 240.0  # metres that a picture from near shows at least
BESIDE = 25.0  # metres beside a gliding eye in which it rises over roofs
WIDE = 200.0  # metres from the way of the eye to the middles of buildings that may stand in it
AROUND = 1.25  # times the extent of the places that the picture shows


@dataclass(frozen=True, slots=True)
class Film:
    """What film of a rehearsal is wanted.

    Attributes
    ----------
    fps, speed : float
        Frames a second; seconds of the plan per second of the film.
    start, end : float
        Seconds of the plan.
    legend : bool
        Whether a legend stands in it: symbols, zones and states of the drill, colours of answers.
    kind : str
        What is filmed instead of the plan, written before the time: a replay; "" for the plan.
    """

    fps: float = 10.0
    speed: float = 60.0
    start: float = 0.0
    end: float = 0.0
    legend: bool = False
    kind: str = ""

    def seconds(self, whole: float) -> list[float]:
        """Give the second of the plan that each frame shows.

        Raises
        ------
        CityError
            ``drill.film`` for numbers a film cannot have.
        """
        end = self.end or whole
        good = FPS[0] <= self.fps <= FPS[1] and SPEEDS[0] <= self.speed <= SPEEDS[1]
        count = math.ceil(max(end - self.start, 0.0) / max(self.speed, 1e-9) * self.fps) + 1
        if not good or not 0.0 <= self.start < end or count > MOST_FRAMES:
            raise CityError(
                "drill.film",
                "The film needs 1 to 60 frames a second, a speed of 0.1 to 600, "
                "and a beginning before its end.",
                hint="try 10 frames a second at a speed of 60",
            )
        return [min(self.start + i * self.speed / self.fps, end) for i in range(count)]


def camera_over(project: Project, played: Rehearsal) -> Camera:
    """Give the eye over a rehearsal: the views the plan names, before them all its places."""
    views = {view.name: view for view in project.views}
    first = View("", overview_of(project, played.plan))
    return Camera(first, shots_of(played.plan, played.table), views, partial(roofs_at, project))


def roofs_at(project: Project, places: Floats) -> Floats:
    """Give the highest roof beside each of some places, (k,) metres above datum; -inf for none.

    Parameters
    ----------
    project : Project
        Its buildings that are shown count.
    places : (k, 2) float64
        Project coordinates.
    """
    out = np.full(len(places), -np.inf)
    low, high = places.min(axis=0) - WIDE, places.max(axis=0) + WIDE
    for layer in project.of_kind("buildings"):
        data = layer.data
        if not layer.visible or not isinstance(data, Buildings):
            continue
        middles = data.shapes.centres()
        inside = ((middles > low) & (middles < high)).all(axis=1) & data.drawn
        rows = np.flatnonzero(inside)
        if len(rows):
            tree = shapely.STRtree(shapely.make_valid(data.shapes.take(rows).to_shapely()))
            place, row = tree.query(shapely.points(places), predicate="dwithin", distance=BESIDE)
            tops = project.base_of(data, rows) + data.height[rows]
            np.maximum.at(out, place, tops[row])
    return out


def overview_of(project: Project, plan: Plan) -> Viewpoint:
    """Give the eye that sees all places of a plan, or the city where it has none."""
    places = [p for coords in places_of(plan).values() for p in coords]
    steps = [step.place for step in plan.steps if step.place is not None]
    ring = np.array(plan.region or steps or places, dtype=float).reshape(-1, 2)
    if not len(ring):
        return overview(project)
    low, high = ring.min(axis=0), ring.max(axis=0)
    east, north = (low + high) / 2.0
    ground = float(project.ground_at(np.array([[east, north]]))[0])
    wide = AROUND * max(float(np.max(high - low)), 120.0)
    return Viewpoint.looking_at((east, north, ground), 1.5 * wide, 0.0, math.radians(-42.0))


def near_view(project: Project, plan: Plan, now: Now) -> Viewpoint | None:
    """Give the eye that sees the places of what is on; None where that is nowhere."""
    boxes = [box for step in now.running if (box := extent_of_step(plan, step)) is not None]
    if not boxes:
        return None
    low, high = np.min(boxes, axis=0)[:2], np.max(boxes, axis=0)[2:]
    east, north = (float(x) for x in (low + high) / 2.0)
    ground = float(project.ground_at(np.array([[east, north]]))[0])
    wide = AROUND * max(float(np.max(high - low)), NEAREST)
    return Viewpoint.looking_at((east, north, ground), 1.5 * wide, 0.0, math.radians(-42.0))


def paint(
    project: Project,
    played: Rehearsal,
    seconds: Iterable[float],
    order: Order,
    locale: str = "",
    progress: Progress | None = None,
    *,
    words: bool = False,
    kind: str = "",
    near: bool = False,
) -> Iterator[tuple[Now, Picture]]:
    """Draw the city at some seconds of a plan, one after the other.

    Parameters
    ----------
    project : Project
        The city; the plan is kept in it.
    played : Rehearsal
        The plan made ready.
    seconds : iterable of float
        Of the plan.
    order : Order
        From where and how large; without view and camera the shots of the plan are shown.
    locale : str
        Language of the furniture; "" takes the program's.
    progress : Progress or None
        Is told each picture.
    words : bool
        Whether captions stand at the lower edge, as in the window, instead of a heading.
    kind : str
        What captions call it, if it is not the plan.
    near : bool
        For single pictures: the eye has come to where a shot leads it, and plans without shots
        are seen from near what is on, else from above it all.
    """
    told = progress or Silent()
    moments = list(seconds)
    plan = played.plan
    fixed = order.view is not None or order.camera is not None
    camera = camera_over(project, played)
    wording = Wording(locale) if locale else current()
    with Painter(project, locale) as painter:
        for number, second in enumerate(moments):
            now = played.at(second)
            view = camera.settled(second) if near else camera.at(second)
            if near and not camera.shots:
                view = replace(view, camera=near_view(project, plan, now) or view.camera)
            placed = order if fixed else replace(order, view=view)
            part = Part(told, number / len(moments), (number + 1) / len(moments))
            title = order.title
            if title is None:
                title = "" if words else title_of(plan, now)

            def show(stage: Stage, now: Now = now) -> None:
                show_now(stage, project, plan, now)

            told_now = replace(placed, title=title)
            if words:
                told_now = replace(told_now, captions=captions_of(plan, now, wording, kind=kind))
            yield now, painter.paint(told_now, part, show)


def show_now(stage: Stage, project: Project, plan: Plan | None, now: Now | None) -> None:
    """Show a second of a plan on a stage; None shows nothing of a drill."""
    from scene.views.drills import DrillsView

    stage.context.clock = ""
    if plan is not None and now is not None:
        stage.context.clock = begins_at(project, plan).later(now.second).text
    layer = drills_layer(project)
    view = None if layer is None else stage.views.get(layer.id)
    if isinstance(view, DrillsView):
        view.show(now, plan)


def film(
    project: Project,
    played: Rehearsal,
    path: Path,
    order: Order,
    wanted: Film | None = None,
    locale: str = "",
    progress: Progress | None = None,
) -> int:
    """Make the film of a rehearsal, frame by frame; gives the number of frames.

    Captions stand in it, as in the window, and a legend of the drill where one is wanted.

    Raises
    ------
    CityError
        ``drill.film``; ``film.suffix``, ``film.exists``, ``film.write``, ``film.encoder``.
    Cancelled
        If the user stopped it; nothing is left then.
    """
    from scene.film_files import sink_for

    wanted = wanted or Film()
    moments = wanted.seconds(played.table.seconds)
    with sink_for(path, order.size, wanted.fps) as sink:
        legend = replace(order, legend=wanted.legend, layers=False)
        frames = paint(
            project, played, moments, legend, locale, progress, words=order.furniture,
            kind=wanted.kind,
        )  # fmt: skip
        for _, picture in frames:
            sink.add(picture.pixels)
    return len(moments)
