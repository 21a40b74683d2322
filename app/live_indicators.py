"""Indicators of a site that follow its edits: zones that stay, figures, heights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from app.rules import own_folder
from layers.analyses.indicators import IndicatorParams, reckoned, zones_asked
from layers.kinds.buildings import Buildings
from layers.planning.indicators import Zone
from layers.progress import Progress, Silent
from layers.project import Project
from layers.rules import chosen
from layers.shapes import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class LiveFigures:
    """What is shown of a site.

    Attributes
    ----------
    rows : tuple of dict
        Indicators of each zone, by the names of their columns.
    zones : tuple of Zone
        The places.
    whole : bool
        Whether they are the whole site and not plots that were chosen.
    heights : (k,) int64
        Buildings by height, in the steps that were asked for.
    """

    rows: tuple[dict[str, Any], ...]
    zones: tuple[Zone, ...]
    whole: bool
    heights: Ints


def find_figures(
    project: Project,
    params: IndicatorParams,
    steps: Sequence[float],
    known: Sequence[Zone] = (),
    progress: Progress = Silent(),
) -> LiveFigures:
    """Reckon the figures of a site.

    Parameters
    ----------
    project : Project
        The city, or a copy for a thread.
    params : IndicatorParams
        Which places.
    steps : sequence of float
        Bounds between which buildings are counted by height, metres.
    known : sequence of Zone
        Zones of last time. Those that are the same stay the same objects, by which only
        buildings that changed are shared out to them again.
    progress : Progress
        Told how far it is.

    Raises
    ------
    CityError
        As `zones_asked`.
    """
    chosen.use([own_folder()])
    zones = [_as_known(zone, known) for zone in zones_asked(project, params)]
    rows = reckoned(project, zones, params, progress).table.to_pylist()
    whole = params.way == "site"
    heights = _heights(project, np.asarray(steps), () if whole else zones)
    return LiveFigures(tuple(rows), tuple(zones), whole, heights)


def _as_known(zone: Zone, known: Sequence[Zone]) -> Zone:
    for before in known:
        rest = (zone.name, zone.layer, zone.object, zone.use, zone.limits)
        then = (before.name, before.layer, before.object, before.use, before.limits)
        if rest == then and shapely.equals_exact(zone.shape, before.shape):
            return before
    return zone


def _heights(project: Project, steps: Floats, zones: Sequence[Zone]) -> Ints:
    """Count buildings by height; of plots those whose middle lies in one."""
    counts = np.zeros(len(steps) - 1, dtype=np.int64)
    for layer in project.layers:
        data = layer.data
        if not isinstance(data, Buildings) or not layer.visible:
            continue
        rows = np.flatnonzero(data.part_of == 0)
        if zones:
            middle = shapely.points(data.shapes.centres()[rows])
            inside = np.zeros(len(rows), dtype=bool)
            for zone in zones:
                inside |= shapely.contains(zone.shape, middle)
            rows = rows[inside]
        counts += np.histogram(data.height[rows], steps)[0]
    return counts
