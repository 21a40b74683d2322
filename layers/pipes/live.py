"""Checks while a planned pipe is drawn: only what lies around it, quick enough for each move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import shapely
from scipy.spatial import cKDTree

from layers.kinds.pipes import RUN, Pipes
from layers.pipes.checking import CheckParams, Site, check_pipes
from layers.pipes.surroundings import Things
from layers.pipes.together import together
from layers.rules.rule import RuleSet
from layers.shapes import Floats

NEAR = 15.0  # metres around a draft within which anything may matter
CHECKS = ("beside", "crossing", "cover", "drains", "surroundings")


class LiveCheck:
    """Holds drafts against what is there.

    Parameters
    ----------
    layers : sequence of (str, Pipes)
        Ids and content of the layers of pipes.
    rules : RuleSet
        The rules.
    site : Site
        Ground, streets, what stands around.
    """

    def __init__(
        self, layers: Sequence[tuple[str, Pipes]], rules: RuleSet, site: Site = Site()
    ) -> None:
        self._ids = [layer_id for layer_id, _ in layers]
        self._parts = [data for _, data in layers]
        self._bounds = [data.shapes.bounds() for data in self._parts]
        self._rules, self._site = rules, site
        self._trees = [shapely.STRtree(some.shapes) for some in site.things]

    def findings(self, made: Pipes) -> pa.Table:
        """Hold a draft against everything near it.

        Parameters
        ----------
        made : Pipes
            Of `layers.pipes.drafting.draft`; its layer is called "".

        Returns
        -------
        pyarrow.Table
            As `layers.pipes.checking.check_pipes` gives it.
        """
        box = _around(made)
        keep = [
            (bounds[:, 0] <= box[2]) & (bounds[:, 2] >= box[0])
            & (bounds[:, 1] <= box[3]) & (bounds[:, 3] >= box[1]) & (data.role == RUN)
            for bounds, data in zip(self._bounds, self._parts, strict=True)
        ]  # fmt: skip
        whole = together([*self._parts, made], [*keep, None])
        own = whole.layer == len(self._parts)
        things = [
            _some(one, tree.query(shapely.box(*box)))
            for one, tree in zip(self._site.things, self._trees, strict=True)
        ]
        site = replace(self._site, things=things, streets=None)
        params = CheckParams(CHECKS, step=5.0)
        return check_pipes(whole, [*self._ids, ""], self._rules, site, params, of=own)


def _around(made: Pipes) -> tuple[float, float, float, float]:
    west, south, east, north = made.shapes.extent() or (0.0, 0.0, 0.0, 0.0)
    return west - NEAR, south - NEAR, east + NEAR, north + NEAR


def _some(things: Things, rows: np.ndarray) -> Things:
    return replace(things, ids=things.ids[rows], shapes=things.shapes[rows])


def marks(table: pa.Table) -> list[tuple[Floats, str]]:
    """Give places of findings, (3,) each, with their status: certain, possible or unknown."""
    columns = [table.column(name).to_pylist() for name in ("east", "north", "level", "certainty")]
    return [
        (np.array([e, n, h if h is not None and np.isfinite(h) else 0.0]), word)
        for e, n, h, word in zip(*columns, strict=True)
    ]


class PipeSnap:
    """Finds the node, or else the run, that somebody means when pointing beside it.

    Parameters
    ----------
    layers : sequence of Pipes
        What is snapped to.
    """

    def __init__(self, layers: Sequence[Pipes]) -> None:
        nodes = [data.shapes.coords[data.shapes.first_coord[data.nodes]] for data in layers]
        self._nodes = np.concatenate(nodes) if nodes else np.empty((0, 2))
        runs = [data.shapes.take(data.runs).to_shapely() for data in layers]
        self._runs = np.concatenate(runs) if runs else np.empty(0, dtype=object)
        self._tree = shapely.STRtree(self._runs)
        self._places = cKDTree(self._nodes) if len(self._nodes) else None

    def snap(self, east: float, north: float, reach: float) -> tuple[float, float] | None:
        """Give the place of a node within reach (metres in plan), else the nearest on a run."""
        if self._places is not None:
            away, at = self._places.query((east, north))
            if away <= reach:
                return float(self._nodes[at, 0]), float(self._nodes[at, 1])
        point = shapely.Point(east, north)
        near = self._tree.query_nearest(point, max_distance=reach, all_matches=False)
        if not len(near):
            return None
        line = self._runs[near[0]]
        place = line.interpolate(line.project(point))
        return float(place.x), float(place.y)
