"""Trees beside a section, with the pits they stand in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from layers.kinds.base import Features
from layers.pipes.section_line import GroundLine, SectionLine
from layers.project import Project
from layers.shapes import POINT
from layers.trees import SHRUB, tree_forms, tree_sizes

NEAR = 2.5  # metres beside the line within which a tree is shown
PIT, PIT_DEEP = 1.5, 1.0  # metres, of the pit of a tree, which nobody surveys


@dataclass(frozen=True, slots=True)
class CutTree:
    """A tree beside a line: ids, station and how far beside (metres), ground level, height, crown.

    `deep` is how far its pit reaches below the ground.
    """

    layer: str
    tree: int
    station: float
    beside: float
    ground: float
    height: float
    crown: float
    deep: float = PIT_DEEP


def trees_along(project: Project, line: SectionLine, ground: GroundLine) -> tuple[CutTree, ...]:
    """Give the trees that stand within 2.5 m of a line, in order; shrubs do not count."""
    shape, out = line.shape, []
    for layer in project.of_kind("trees"):
        data = layer.data
        if not isinstance(data, Features):
            continue
        rows = np.flatnonzero(data.shapes.kind == POINT)
        coords = data.shapes.coords[data.shapes.first_coord[rows]]
        places = np.asarray(shapely.points(coords), dtype=object)
        near = np.flatnonzero(shapely.dwithin(places, shape, NEAR))
        near = near[tree_forms(data, rows[near]) != SHRUB]
        sizes = tree_sizes(data, rows[near])
        station = np.atleast_1d(shapely.line_locate_point(shape, places[near]))
        for k, (high, crown) in enumerate(sizes.tolist()):
            at, place = float(station[k]), places[near[k]]
            out.append(CutTree(
                layer.id, int(data.ids[rows[near[k]]]), at, float(place.distance(shape)),
                float(ground.at(at)), high, crown,
            ))  # fmt: skip
    return tuple(sorted(out, key=lambda tree: tree.station))
