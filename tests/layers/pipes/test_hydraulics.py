"""Pressure and flow: mapped to the layer, before and after a closure, failures in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from layers.errors import CityError
from layers.pipes.burst import BurstParams, Waterworks, burst
from layers.pipes.hydraulics import HydraulicParams, hydraulics, run_pressure, run_table, said
from layers.pipes.valves import valves_by_rule, with_valves
from tests.layers.pipes.test_burst import NETWORKS, read, town
from tests.layers.pipes.test_graph import STREET, STREET_EDGES, STREET_ROLES, net


def test_a_layer_without_a_model_is_computed_with_what_is_usual_and_says_so() -> None:
    found = hydraulics(net(STREET, STREET_EDGES, STREET_ROLES))
    keys = {note.key for note in found.notes}
    assert keys == {"hydraulics_customers", "hydraulics_head"}
    assert found.flow[0].tolist() == pytest.approx([0.05] * 4, abs=1e-3)
    assert 39.0 < found.pressure[0][list(found.node_ids).index(5)] <= 40.0
    assert run_pressure(net(STREET, STREET_EDGES), found).shape == (1, 4)


def test_closing_a_valve_stops_the_flow_behind_it() -> None:
    pipes = net(STREET, STREET_EDGES, STREET_ROLES)
    found = hydraulics(pipes, HydraulicParams(closed=(4,), shut=(104,), dry=(5,)))
    assert found.flow[0].tolist() == pytest.approx([0.0] * 4, abs=1e-3)
    table = run_table(pipes, found)
    assert table.column("run").to_pylist() == [101, 102, 103, 104]
    assert np.isnan(found.pressure[0][list(found.node_ids).index(5)])


def test_what_takes_more_than_can_come_is_told_as_negative_pressure() -> None:
    from tests.layers.pipes.test_graph import Spot

    far: dict[int, Spot] = {1: (0, 0), 2: (90_000, 0)}
    pipes = net(far, [(1, 2)], {1: "reservoir", 2: "customer"})
    pipes = replace(pipes, width=np.where(pipes.ids == 101, 0.01, pipes.width))
    notes = {note.key: note.facts for note in hydraulics(pipes).notes}
    assert notes["hydraulics_negative_nodes"]["count"] == 1


def test_a_network_that_nothing_feeds_is_refused() -> None:
    with pytest.raises(CityError) as error:
        hydraulics(net({1: (0, 0), 2: (9, 0)}, [(1, 2)]))
    assert error.value.code == "hydraulics.no_source"
    with pytest.raises(CityError) as error:
        hydraulics(net({1: (0, 0), 2: (9, 0)}, [(1, 2)], kind="gas"))
    assert error.value.code == "hydraulics.no_pipes"


def test_warnings_of_the_engine_become_remarks() -> None:
    report = """
  WARNING: Node J7 disconnected at 1:00:00 hrs.
  WARNING: Node J9 disconnected at 2:00:00 hrs.
  WARNING: Pump P1 closed because cannot deliver head at 0:06:00 hrs.
  WARNING: Negative pressures at 1:00:00 hrs.
"""
    found = {note.key: dict(note.facts) for note in said(report)}
    assert found["hydraulics_disconnected"] == {"count": 2, "time": "1:00:00", "name": "J7"}
    assert found["hydraulics_pump"]["name"] == "P1"
    assert [note.facts["name"] for note in said(report, {"J7"})] == ["J9", "P1"]


@pytest.mark.shared
def test_the_engine_gives_what_wntr_gives(shared_data: Path) -> None:
    import wntr

    path = shared_data / "epanet-networks" / NETWORKS["ky4"]
    pipes = read(path)
    found = hydraulics(pipes)
    model = wntr.network.WaterNetworkModel(str(path))
    model.options.time.duration = 0
    numbers = dict(zip(pipes.ids.tolist(), pipes.column("number").to_pylist(), strict=True))
    heads = wntr.sim.WNTRSimulator(model).run_sim().node["pressure"].iloc[0]
    mine = [found.pressure[0][k] for k, node in enumerate(found.node_ids.tolist())
            if numbers[node] in model.junction_name_list]  # fmt: skip
    theirs = [heads[numbers[node]] for node in found.node_ids.tolist()
              if numbers[node] in model.junction_name_list]  # fmt: skip
    assert np.abs(np.array(mine) - np.array(theirs)).max() < 0.5


@pytest.mark.shared
def test_a_closure_lowers_the_pressure_around_and_not_far_away(shared_data: Path) -> None:
    pipes, _ = with_valves(
        pipes := read(shared_data / "epanet-networks" / NETWORKS["L-TOWN"]), valves_by_rule(pipes)
    )
    project, layer = town(pipes)
    before = hydraulics(pipes, HydraulicParams(2.0))
    busiest = int(before.run_ids[np.argmax(np.abs(before.flow[0]))])
    found = burst(Waterworks.of(project, layer), BurstParams(busiest)).isolation
    after = hydraulics(pipes, HydraulicParams(
        2.0, tuple(found.valves.tolist()),
        (*found.runs.tolist(), *found.cut_off_runs.tolist()),
        (*found.nodes.tolist(), *found.cut_off_nodes.tolist()),
    ))  # fmt: skip
    assert len(before.seconds) == 25
    assert after.flow[0][list(after.run_ids).index(busiest)] == 0.0
    change = after.pressure[0] - before.pressure[0]
    assert np.nanmin(change) < -1.0
    assert after.notes == ()
