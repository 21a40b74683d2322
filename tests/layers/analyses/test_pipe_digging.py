"""Digging meets what lies there, whether its layer is shown or not."""

from __future__ import annotations

import numpy as np
import pytest

from app.pipes_planning import add_planned
from layers.analyses import running
from layers.analyses.choosing import network_named
from layers.edits import AddLayer
from layers.errors import CityError
from layers.kinds.base import Layer
from layers.kinds.pipes import KIND
from layers.pipes.drafting import Design
from layers.pipes.excavation import soil_of
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


def test_planned_pipes_tell_the_soil_of_their_trenches() -> None:
    """60 m of DN200 under 1.3 m of cover: a floor of 1.0 m, 0.2 + 0.1 m below the top."""
    project = street()
    points = np.array([[EAST + x, NORTH - 40.0] for x in (-30.0, 0.0, 30.0)])
    step = add_planned(project, points, Design("water", width=0.2, cover=1.3))
    assert isinstance(step, AddLayer)
    project.insert_layer(step.layer)
    deep = 1.3 + 0.2 + 0.1
    for slope in (0.0, 0.5):
        facts = running.run(project, "pipe-conflicts", {"slope": slope}).outcome.facts
        assert facts["trench_m"] == pytest.approx(60.0)
        assert facts["soil_m3"] == pytest.approx(60.0 * (1.0 * deep + slope * deep**2), rel=1e-3)


def test_a_layer_of_planned_pipes_leaves_no_doubt_which_network_is_meant() -> None:
    project = street()
    step = add_planned(project, np.array([[EAST, NORTH], [EAST + 9.0, NORTH]]), Design("water"))
    assert isinstance(step, AddLayer)
    project.insert_layer(step.layer)
    assert network_named(project, "") == "pipes"
    assert network_named(project, step.layer.id) == step.layer.id
    far = network([[(500, 500), (560, 500)]], ["gas"], [0.2], [(-1.0, -1.0)])
    project.insert_layer(Layer(KIND.key, "More", far, style=KIND.style))
    with pytest.raises(CityError, match="3 layers"):
        network_named(project, "")


def test_runs_in_the_air_have_no_trench_and_are_counted() -> None:
    pipes = network([[(0, 0), (10, 0)], [(0, 9), (10, 9)]], ["gas", "gas"], [0.2, 0.2],
                    [(18.0, 18.0), (30.0, 30.0)])  # fmt: skip
    soil = soil_of(pipes, pipes.ids, lambda places: np.full(len(places), 20.0))
    assert soil.left_out == 1
    assert soil.length == pytest.approx(10.0)
    assert soil.volume == pytest.approx(10.0 * 1.0 * 2.2)
