"""What resources and hazard sources are now, in words."""

from __future__ import annotations

import numpy as np

from app.wording import Wording
from layers.drills.in_service import moment_in
from layers.kinds.base import Features, Layer
from layers.kinds.emergency import SORTS, Emergency
from layers.project import Project


def state_now(project: Project, layer: Layer, row: int, words: Wording) -> str:
    """Give the state of one object of a layer at the project's moment, "" where it has none."""
    data = layer.data
    if layer.kind not in SORTS or not isinstance(data, Features):
        return ""
    at = np.array([row], dtype=np.int64)
    one = Features(
        data.shapes.take(at), data.ids[at], np.zeros(1, dtype=np.int64),
        data.attributes.take(data.feature[at]),
    )  # fmt: skip
    told = states_now(project, Layer(layer.kind, layer.name, one), words)
    return told[0] if told else ""


def states_now(project: Project, layer: Layer, words: Wording) -> tuple[str, ...]:
    """Give the state of every object of a layer at the project's moment, in words.

    Outside of its valid time each is *not in service at this time*. Other kinds of layers, and
    hazard sources without valid times, have no states: nothing is given.
    """
    if layer.kind not in SORTS or not isinstance(layer.data, Features):
        return ()
    said = Emergency.of(layer.data, layer.kind, layer.name)
    if layer.kind == "hazards" and not said.valid.limited.any():
        return ()
    states = said.states(moment_in(project))
    told = {state: words.t(f"resource-state-{state}") for state in set(states.tolist())}
    return tuple(told[state] for state in states.tolist())
