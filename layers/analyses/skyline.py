"""Skyline and height limits as analyses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.analyses.marks import shape_marks
from layers.analyses.sight_from import places_of
from layers.analyses.sunlight import before_of, scheme_before
from layers.planning.obstacles import Obstacles, obstacles
from layers.planning.skyline import SKY, Skyline, changes, skyline
from layers.planning.standing import standing_layers
from layers.planning.visibility import EYE
from layers.progress import Progress
from layers.project import Project
from layers.style import Style

TERRAIN = "terrain"
MARK_AT = 0.98  # share of the way to what is highest at which the line is drawn in space
Facts = dict[str, float | int | str | bool]


@dataclass(frozen=True, slots=True)
class SkylineParams:
    """What is asked.

    Attributes
    ----------
    layers : tuple of str
        Layers of buildings; none means all visible ones.
    eyes : tuple of (east, north) or (east, north, height)
        The viewpoint, the first one counts.
    eye : float
        Height of the eye above the ground where the place has none, metres.
    heading, width : float
        Middle and width of the picture, degrees from grid north.
    step : float
        Degrees from direction to direction.
    reach : float
        Metres.
    compare, before, new, new_objects : str
        As for sunlight.
    """

    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    eyes: tuple[tuple[float, ...], ...] = asking((), "points")
    eye: float = asking(EYE, "number", unit="m", low=0.0, high=5000.0)
    heading: float = asking(0.0, "number", low=-360.0, high=360.0, decimals=0)
    width: float = asking(360.0, "number", low=1.0, high=360.0, decimals=0)
    step: float = asking(0.1, "number", low=0.01, high=10.0)
    reach: float = asking(20_000.0, "number", unit="m", low=10.0, high=200_000.0, decimals=0)
    compare: str = asking("nothing", "choice", choices=("nothing", "scheme", "without"))
    before: str = asking("", "scheme")
    new: str = asking("", "layer", kinds=("buildings",))
    new_objects: str = asking("", "text")


def skylines(
    project: Project, params: SkylineParams
) -> tuple[Skyline, Skyline | None, Obstacles, Obstacles | None]:
    """Trace the skyline that parameters ask for, and that of before where there is one."""
    layers = layers_named(project, params.layers, "buildings")
    eye = places_of(project, params.eyes, "", params.eye)[0]
    old = scheme_before(project, params, layers)
    things = obstacles(project, layers)

    def trace(city: Obstacles) -> Skyline:
        return skyline(
            city, eye, heading=params.heading, width=params.width, step=params.step,
            reach=params.reach,
        )  # fmt: skip

    after = trace(things)
    if old is None:
        return after, None, things, None
    there = obstacles(*old[:2], without=old[2])
    return after, trace(there), things, there


class SkylineView:
    """The analysis ``skyline``."""

    key: ClassVar[str] = "skyline"
    Params: ClassVar[type[SkylineParams]] = SkylineParams
    group: ClassVar[str] = "sight"
    columns: ClassVar[dict[str, str]] = {
        "object": "column-building",
        "length_m": "sight-length",
    }

    def reads(self, project: Project, params: SkylineParams) -> Reads:
        """Buildings, terrain, water and bridges that one stands on."""
        ids = [layer.id for layer in layers_named(project, params.layers, "buildings")]
        ids += [project.layer(params.new).id] if params.new else []
        ids += [layer.id for layer in standing_layers(project)]
        return Reads(tuple(dict.fromkeys(ids)), before=before_of(params))

    def run(self, project: Project, params: SkylineParams, progress: Progress) -> Outcome:
        """Trace the skyline, list who makes it."""
        progress.step(0, 2, "progress-sight")
        after, before, things, there = skylines(project, params)
        progress.step(1, 2, "progress-sight")
        if before is None or there is None:
            table = _makers(after, things, params)
        else:
            table = _changes(after, before, things, there)
        facts: Facts = {"highest_degrees": float(after.angle.max())}
        if before is not None:
            moved = np.abs(after.angle - before.angle) > 0.01
            facts |= {
                "highest_before_degrees": float(before.angle.max()),
                "changed_percent": float(moved.mean() * 100.0),
            }  # fmt: skip
        marks = _line_marks(after, "skyline", "#263238")
        if before is not None:
            marks += _line_marks(before, "skyline-before", "#1e88e5")
        return Outcome(table, facts, marks, "none", (Note("skyline_how"),))


def _width(line: Skyline) -> float:
    return float(np.mod(line.azimuth[1] - line.azimuth[0], 360.0)) if len(line) > 1 else 0.0


def _makers(line: Skyline, things: Obstacles, params: SkylineParams) -> pa.Table:
    """List the buildings that stand highest somewhere, by the degrees they take."""
    owners, count = np.unique(line.owner, return_counts=True)
    rows = []
    for owner, size in zip(owners, count, strict=True):
        if owner == SKY:
            continue
        mine = line.owner == owner
        body = things.body(int(owner)) if owner >= 0 else ("", 0)
        best = int(np.argmax(np.where(mine, line.angle, -np.inf)))
        rows.append(
            (size * params.width / len(line), body, float(line.angle[best]),
             float(line.azimuth[best]), float(line.away[best]))
        )  # fmt: skip
    rows.sort(key=lambda row: -row[0])
    return pa.table({
        "layer": [row[1][0] for row in rows],
        "object": pa.array([row[1][1] or None for row in rows], pa.int64()),
        "what": [TERRAIN if not row[1][1] else "building" for row in rows],
        "takes_degrees": np.round([row[0] for row in rows], 2),
        "highest_degrees": np.round([row[2] for row in rows], 3),
        "azimuth": np.round([row[3] for row in rows], 2),
        "length_m": np.round([row[4] for row in rows], 1),
    })  # fmt: skip


def _changes(after: Skyline, before: Skyline, things: Obstacles, there: Obstacles) -> pa.Table:
    """List the stretches in which the skyline moves."""
    rows = []
    half = _width(after) / 2.0
    for a, b in changes(before, after):
        rise = after.angle[a:b] - before.angle[a:b]
        most = a + int(np.argmax(np.abs(rise)))
        line, city = (after, things) if rise[most - a] > 0 else (before, there)
        owner = int(line.owner[most])
        body = city.body(owner) if owner >= 0 else ("", 0)
        rows.append(
            (body, float(after.azimuth[a] - half), float(after.azimuth[b - 1] + half),
             float(before.angle[most]), float(after.angle[most]), float(line.away[most]))
        )  # fmt: skip
    return pa.table({
        "layer": [row[0][0] for row in rows],
        "object": pa.array([row[0][1] or None for row in rows], pa.int64()),
        "from_degrees": np.round([row[1] % 360.0 for row in rows], 2),
        "to_degrees": np.round([row[2] % 360.0 for row in rows], 2),
        "before_degrees": np.round([row[3] for row in rows], 3),
        "after_degrees": np.round([row[4] for row in rows], 3),
        "change_degrees": np.round([row[4] - row[3] for row in rows], 3),
        "length_m": np.round([row[5] for row in rows], 1),
    })  # fmt: skip


def _line_marks(line: Skyline, name: str, colour: str) -> tuple[Marks, ...]:
    """Draw the line in space, where it touches what is highest."""
    shown = np.isfinite(line.away)
    angle = np.radians(line.azimuth)
    away = np.where(shown, line.away * MARK_AT, 0.0)
    rise = np.tan(np.radians(np.where(shown, line.angle, 0.0)))
    xyz = line.eye + np.column_stack([np.sin(angle) * away, np.cos(angle) * away, rise * away])
    breaks = ~shown[:-1] | ~shown[1:]
    breaks |= np.abs(np.diff(np.where(shown, line.away, 0.0))) > 0.1 * np.maximum(away[:-1], 20.0)
    parts = [part for part in np.split(xyz, np.flatnonzero(breaks) + 1) if len(part) > 1]
    style = Style(colour=colour, outline=None, line_width=3.0, heights="absolute")
    return shape_marks(name, "line", parts, {"row": np.full(len(parts), -1)}, field="", style=style)


ANALYSIS = SkylineView()
