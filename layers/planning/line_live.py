"""One control line held against the buildings around it, quickly enough while it is dragged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from layers.kinds.base import Features, Layer
from layers.kinds.control_lines import preset_key
from layers.planning.control_check import Bodies, CheckParams, Found, check_lines
from layers.planning.line_edits import with_rings
from layers.project import Project
from layers.rules.rule import RuleSet


class LiveLines:
    """Checks single lines; gathers the buildings once and keeps them as long as they stay.

    Parameters
    ----------
    project : Project
        Its visible layers of buildings are looked at.
    rules : RuleSet
        With rules of setbacks.
    """

    def __init__(self, project: Project, rules: RuleSet) -> None:
        self._project, self._rules = project, rules
        self._bodies: dict[str, Bodies] = {}

    def check(self, layer: Layer, number: int, rings: Sequence[ArrayLike]) -> Found:
        """Hold a line with other corners against all buildings.

        Parameters
        ----------
        layer : Layer
            Layer of the line.
        number : int
            The line.
        rings : sequence of (k, 2) array_like of float
            Its corners, see `layers.planning.line_edits.rings_of`.

        Raises
        ------
        CityError
            ``lines.too_short``, ``lines.crossed``.
        """
        features = layer.features
        at = features.index_of([number])
        row = int(features.feature[at[0]])
        alone = Features(
            features.shapes.take(at), features.ids[at], np.zeros(1, dtype=np.int64),
            features.attributes.slice(row, 1),
        )  # fmt: skip
        alone = with_rings(alone, number, rings)
        params = CheckParams(layer.style.line_preset or preset_key(features))
        line = Layer(layer.kind, layer.name, alone, style=layer.style, layer_id=layer.id)
        return check_lines([], [line], self._rules, params, bodies=self._gathered())

    def _gathered(self) -> list[Bodies]:
        out = {}
        for layer in self._project.of_kind("buildings"):
            if layer.visible:
                known = self._bodies.get(layer.id)
                fresh = known is None or known.data is not layer.data
                out[layer.id] = Bodies.of(layer) if fresh or known is None else known
        self._bodies = out
        return list(out.values())


def counts(found: Found) -> dict[str, float]:
    """Give how many buildings are inside, crossed and within the setback, and m2 inside."""
    relations = found.table.column("relation").to_pylist()
    return {
        "inside": sum(one in ("inside", "outside") for one in relations),
        "crossing": relations.count("crossing"),
        "setback": relations.count("within_setback"),
        "area": float(np.sum(found.table.column("intrusion_m2").to_numpy())),
    }
