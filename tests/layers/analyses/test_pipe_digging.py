"""Digging meets what lies there, whether its layer is shown or not."""

from __future__ import annotations

from layers.analyses import running
from layers.kinds.base import Layer
from layers.kinds.pipes import KIND
from tests.layers.pipes.made import EAST, NORTH, network
from tests.layers.pipes.streets import street

RING = [[EAST + x, NORTH + y] for x, y in ((-6, -9), (6, -9), (6, -1), (-6, -1))]


def test_pipes_of_hidden_layers_are_hit_as_well() -> None:
    project = street()
    for kind, asked in (
        ("pipe-dig", {"area": RING, "depth": 3.0}), ("pipe-affected", {"area": RING})
    ):  # fmt: skip
        shown = running.run(project, kind, asked).outcome.table.num_rows
        assert shown > 0
        far = network([[(500, 500), (560, 500)]], ["gas"], [0.2], [(-1.0, -1.0)])
        project.insert_layer(Layer(KIND.key, "Planned", far, style=KIND.style))
        project.layer("pipes").visible = False
        assert running.run(project, kind, asked).outcome.table.num_rows == shown
        project.layer("pipes").visible = True
