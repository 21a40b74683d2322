"""Tracing: what is joined, loops, up and down, ways, and what a source feeds."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.kinds.pipes import Pipes
from layers.pipes.flow import REASONS, flow_of, on_loops
from layers.pipes.graph import AGAINST, ALONG, UNKNOWN, Graph
from layers.pipes.trace import Traced, TraceParams, trace
from tests.layers.pipes.test_graph import EDGES, PLACES, Spot, net


def told(found: Traced) -> list[int]:
    return sorted(found.runs.tolist())


def test_what_is_joined_is_found_from_a_run_or_a_node() -> None:
    pipes = net(PLACES, EDGES)
    from_node, from_run = (trace(pipes, TraceParams("connected", start)) for start in (6, 106))
    assert told(from_node) == told(from_run) == [101, 102, 103, 104, 105, 106]
    assert from_node.facts["parts"] == 2
    assert from_node.facts["length_m"] == 600.0
    rows = from_node.table.to_pylist()
    assert [row["distance_m"] for row in rows] == [0.0, 100.0, 200.0, 200.0, 300.0, 300.0]


def test_a_closed_valve_stops_what_is_joined() -> None:
    pipes = net(PLACES, EDGES, {4: "valve"})
    assert told(trace(pipes, TraceParams("connected", 6, closed=(4,)))) == [106]


def test_loops_are_the_runs_without_which_all_stays_joined() -> None:
    found = trace(net(PLACES, EDGES), TraceParams("loops", 6))
    assert told(found) == [101, 102, 103, 104]
    assert found.facts["loops"] == 1


def test_the_only_way_from_a_source_has_a_direction_and_a_loop_has_none() -> None:
    pipes = net(PLACES, EDGES, {1: "reservoir"})
    graph = Graph.of(pipes)
    flow = flow_of(graph)
    assert flow.way.tolist() == [UNKNOWN] * 4 + [ALONG, ALONG, UNKNOWN]
    assert [REASONS[code] for code in flow.why[4:]] == ["only-way", "only-way", "unknown"]
    down = trace(pipes, TraceParams("downstream", 105))
    assert told(down) == [106]
    assert down.certain.all()
    up = trace(pipes, TraceParams("upstream", 6))
    assert told(up) == [101, 102, 103, 104, 105, 106]
    assert dict(zip(up.runs.tolist(), up.certain.tolist(), strict=True)) == {
        101: False, 102: False, 103: False, 104: False, 105: True, 106: True,
    }  # fmt: skip
    assert up.facts["uncertain_runs_count"] == 4


def test_computed_flows_make_the_direction_certain() -> None:
    pipes = net(PLACES, EDGES, {1: "reservoir"})
    computed = {101: 0.01, 102: 0.01, 103: 0.01, 104: -0.02, 105: 0.03, 106: 0.03}
    found = trace(pipes, TraceParams("downstream", 3), computed)
    assert told(found) == [103, 105, 106]
    assert found.certain.all()
    assert set(found.table.column("known_by").to_pylist()) == {"hydraulics"}


def test_pumps_and_check_valves_tell_a_direction() -> None:
    places: dict[int, Spot] = {1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (3, 0)}
    pipes = net(places, [(1, 2), (2, 3), (3, 4)], {2: "pump-station"})
    fixture = pa.array([None] * 6 + ["check valve"])
    pipes = Pipes.of_columns(
        type(pipes)(  # the same with an attribute
            pipes.shapes, pipes.ids, pipes.feature,
            pipes.attributes.append_column("fixture", fixture),
            **{name: getattr(pipes, name) for name in _columns()},
        ),
        pipes.line_class, pipes.width, **{name: getattr(pipes, name) for name in _columns()
                                          if name not in {"line_class", "width"}},
    )  # fmt: skip
    flow = flow_of(Graph.of(pipes))
    assert [REASONS[code] for code in flow.why] == ["pump", "pump", "check-valve"]
    assert flow.way.tolist() == [ALONG] * 3


def _columns() -> tuple[str, ...]:
    from layers.kinds.pipes import COLUMNS

    return COLUMNS


def test_a_way_is_given_in_order_with_distances() -> None:
    found = trace(net(PLACES, EDGES), TraceParams("way", 2, to=6))
    assert found.runs.tolist()[-2:] == [105, 106]
    assert found.facts["length_m"] == 400.0
    with pytest.raises(CityError) as error:
        trace(net(PLACES, EDGES), TraceParams("way", 2, to=8))
    assert error.value.code == "pipes.no_way"


def test_a_source_serves_what_is_nearer_to_it_than_to_any_other() -> None:
    places: dict[int, Spot] = {k: (100.0 * k, 0.0) for k in range(1, 7)}
    pipes = net(places, [(k, k + 1) for k in range(1, 6)], {1: "reservoir", 6: "tank"})
    found = trace(pipes, TraceParams("service", 1))
    assert found.nodes.tolist() == [1, 2, 3]
    assert found.area is not None
    near = trace(pipes, TraceParams("service", 6, metres=100.0))
    assert near.nodes.tolist() == [5, 6]


def test_what_cannot_be_asked_is_told() -> None:
    with pytest.raises(CityError) as error:
        trace(net(PLACES, EDGES), TraceParams("colour", 1))
    assert error.value.code == "pipes.trace_what"


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_run_is_on_a_loop_where_its_ends_stay_joined_without_it(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 9))
    edges = data.draw(st.lists(
        st.tuples(st.integers(1, count), st.integers(1, count)).filter(lambda e: e[0] != e[1]),
        min_size=1, max_size=14,
    ))  # fmt: skip
    places = {k: (float(k * 10 % 70), float(k * 7 % 50)) for k in range(1, count + 1)}
    looped = on_loops(Graph.of(net(places, edges)))
    for k in range(len(edges)):
        rest = [edge for other, edge in enumerate(edges) if other != k]
        part, _ = Graph.of(net(places, rest)).parts() if rest else (np.arange(count), None)
        assert looped[k] == (part[edges[k][0] - 1] == part[edges[k][1] - 1])
        assert AGAINST == -ALONG
