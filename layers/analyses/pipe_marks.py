"""Marks of networks: on the ground, or at the level of the pipes where there is no terrain."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from layers.analyses.marks import shape_marks
from layers.kinds.answers import Marks
from layers.kinds.pipes import Pipes
from layers.project import Project
from layers.shapes import Floats, Ints
from layers.shapes import runs as ranges
from layers.style import Style


class NetworkMarks:
    """Makes marks about some pipes.

    Parameters
    ----------
    project : Project
        Where they lie; without a terrain the ground is nowhere, and levels are those of the pipes.
    pipes : Pipes
        The layer.
    """

    def __init__(self, project: Project, pipes: Pipes) -> None:
        self._pipes = pipes
        self._raised = project.terrain() is None and bool(pipes.levelled.any())

    def runs(self, ids: Ints) -> list[Floats]:
        """Give runs as lines, (k, 2), or (k, 3) where they are drawn at their level."""
        rows = self._pipes.index_of(ids)
        shapes = self._pipes.shapes.take(rows)
        coords = shapes.coords
        if self._raised:
            index = ranges(self._pipes.shapes.first_coord, rows)
            level = self._pipes.centres()[index]
            usual = float(np.nanmean(level)) if np.isfinite(level).any() else 0.0
            coords = np.column_stack([coords, np.where(np.isfinite(level), level, usual)])
        starts = shapes.first_coord.tolist()
        return [coords[a:b] for a, b in itertools.pairwise(starts)]

    def at_level_of(self, ids: Ints, coords: Sequence[Floats]) -> list[Floats]:
        """Give other places, each (k, 2), the mean level of some runs where that is needed."""
        if not self._raised:
            return list(coords)
        rows = self._pipes.index_of(ids)
        level = np.concatenate([self._pipes.start_level[rows], self._pipes.end_level[rows]])
        usual = float(np.nanmean(level)) if np.isfinite(level).any() else 0.0
        return [np.column_stack([one, np.full(len(one), usual)]) for one in coords]

    def make(
        self, name: str, what: str, coords: Sequence[Floats], columns: Mapping[str, ArrayLike],
        *, field: str = "", style: Style | None = None,
    ) -> tuple[Marks, ...]:  # fmt: skip
        """Make marks; see `layers.analyses.marks.shape_marks`."""
        if style is not None and self._raised:
            style = replace(style, heights="absolute")
        return shape_marks(name, what, coords, columns, field=field, style=style)
