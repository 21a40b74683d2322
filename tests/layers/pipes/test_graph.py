"""Ways, parts, loops, and what lies upstream and downstream."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.kinds.base import Features
from layers.kinds.pipes import INVERT, ROLES, Pipes, class_codes
from layers.pipes.graph import Graph, directions
from layers.pipes.isolation import isolate
from layers.shapes import Shapes

Spot = tuple[float, float]


def net(
    places: dict[int, Spot], edges: list[tuple[int, int]], roles: dict[int, str] | None = None,
    kind: str = "water", inverts: dict[int, float] | None = None,
) -> Pipes:  # fmt: skip
    """Make a network: nodes with ids, then runs numbered from 101."""
    geometry: list[shapely.Geometry] = [shapely.Point(*spot) for spot in places.values()]
    geometry += [shapely.LineString([places[a], places[b]]) for a, b in edges]
    ids = np.array([*places, *(101 + k for k in range(len(edges)))], dtype=np.int64)
    n = len(ids)
    plain = Features(
        Shapes.from_shapely(np.array(geometry, dtype=object)), ids, np.arange(n),
        pa.table({"id": ids}),
    )  # fmt: skip
    level = inverts or {}
    zeros = [0] * len(places)
    return Pipes.of_columns(
        plain, class_codes([kind] * n), 0.3,
        role=[ROLES.index((roles or {}).get(k, "point")) for k in places] + [0] * len(edges),
        start_node=zeros + [a for a, _ in edges], end_node=zeros + [b for _, b in edges],
        start_level=[np.nan] * len(places) + [level.get(a, np.nan) for a, _ in edges],
        end_level=[np.nan] * len(places) + [level.get(b, np.nan) for _, b in edges],
        level_of=INVERT,
    )  # fmt: skip


#: A ring 1-2-3-4 with a tail 4-5-6 and a part 7-8 of its own.
PLACES: dict[int, Spot] = {
    1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 100), 5: (0, 200), 6: (0, 300),
    7: (900, 0), 8: (950, 0),
}  # fmt: skip
EDGES = [(1, 2), (2, 3), (3, 4), (4, 1), (4, 5), (5, 6), (7, 8)]


def test_parts_and_loops_are_counted() -> None:
    graph = Graph.of(net(PLACES, EDGES))
    assert len(np.unique(graph.parts()[0])) == 2
    assert graph.loops() == 1
    assert len(graph.loose) == 0


def test_the_shortest_way_is_found_and_its_length_told() -> None:
    graph = Graph.of(net(PLACES, EDGES))
    runs, metres = graph.way(2, 6)
    assert metres == pytest.approx(400.0)
    assert runs.tolist()[-2:] == [105, 106]
    with pytest.raises(CityError) as error:
        graph.way(1, 8)
    assert error.value.code == "pipes.no_way"
    with pytest.raises(CityError):
        graph.node(99)


def test_drains_are_followed_by_their_fall() -> None:
    """2 falls to 1, 1 to 4, 3 to 4, 4 to 5, 5 to 6; between 2 and 3 it is level."""
    inverts = {1: 9.0, 2: 9.5, 3: 9.5, 4: 8.0, 5: 7.0, 6: 6.0, 7: 5.0, 8: 4.0}
    graph = Graph.of(net(PLACES, EDGES, kind="drain", inverts=inverts))
    way = directions(graph)
    assert way.tolist() == [-1, 0, 1, -1, 1, 1, 1]
    runs, nodes, sure = graph.follow(1, way)
    assert (runs.tolist(), nodes.tolist()) == ([104, 105, 106], [1, 4, 5, 6])
    assert sure.all()
    runs, nodes, sure = graph.follow(5, way, upstream=True)
    assert nodes.tolist() == [1, 2, 3, 4, 5]
    assert dict(zip(runs.tolist(), sure.tolist(), strict=True))[102] is False


#: A source 1, a street 1-2-3-4-5 with valves 2 and 4, a customer 5 and a hydrant 3.
STREET: dict[int, Spot] = {1: (0, 0), 2: (100, 0), 3: (150, 0), 4: (200, 0), 5: (300, 0)}
STREET_ROLES = {1: "reservoir", 2: "valve", 3: "hydrant", 4: "valve", 5: "customer"}
STREET_EDGES = [(1, 2), (2, 3), (3, 4), (4, 5)]


def test_a_burst_between_two_valves_closes_both_and_dries_what_lies_behind() -> None:
    graph = Graph.of(net(STREET, STREET_EDGES, STREET_ROLES))
    found = isolate(graph, 102)
    assert found.valves.tolist() == [2, 4]
    assert sorted(found.runs.tolist()) == [102, 103]
    assert found.hydrants.tolist() == [3]
    assert found.cut_off_runs.tolist() == [104]
    assert found.customers.tolist() == [5]
    assert found.bounded
    assert found.walk == pytest.approx(25.0 + 100.0)
    assert found.sources.tolist() == [1]


def test_a_seized_valve_is_passed_over() -> None:
    graph = Graph.of(net(STREET, STREET_EDGES, STREET_ROLES))
    found = isolate(graph, 102, seized=np.array([2]))
    assert found.valves.tolist() == [4]
    assert sorted(found.runs.tolist()) == [101, 102, 103]
    assert not found.bounded
    with pytest.raises(CityError) as error:
        isolate(graph, 102, seized=np.array([3]))
    assert error.value.code == "pipes.no_valve"


def test_a_valve_that_is_closed_anyway_need_not_be_walked_to() -> None:
    graph = Graph.of(net(STREET, STREET_EDGES, STREET_ROLES))
    found = isolate(graph, 102, closed=np.array([4]))
    assert (found.valves.tolist(), found.already_closed.tolist()) == ([2], [4])


def test_another_source_behind_keeps_the_customers_wet() -> None:
    places = {**STREET, 6: (400.0, 0.0)}
    graph = Graph.of(net(places, [*STREET_EDGES, (5, 6)], {**STREET_ROLES, 6: "tank"}))
    found = isolate(graph, 102)
    assert found.customers.tolist() == []
    assert found.sources.tolist() == [1, 6]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_isolating_keeps_every_source_away_from_the_burst(data: st.DataObject) -> None:
    count = data.draw(st.integers(3, 12))
    edges = data.draw(
        st.lists(
            st.tuples(st.integers(1, count), st.integers(1, count)).filter(lambda e: e[0] != e[1]),
            min_size=2, max_size=20,
        )
    )  # fmt: skip
    roles = {
        k: data.draw(st.sampled_from(["point", "valve", "valve", "reservoir"]))
        for k in range(1, count + 1)
    }
    places = {k: (float(k * 10 % 70), float(k * 7 % 50)) for k in range(1, count + 1)}
    graph = Graph.of(net(places, edges, roles))
    burst = data.draw(st.integers(101, 100 + len(edges)))
    found = isolate(graph, burst)
    assert burst in found.runs
    inside = set(found.runs.tolist())
    shut = set(found.valves.tolist())
    for k, (a, b) in enumerate(edges):  # no run outside touches one inside but at a closed valve
        for other, (c, d) in enumerate(edges):
            if 101 + k in inside and 101 + other not in inside:
                assert {a, b} & {c, d} <= shut
    again = isolate(graph, burst, closed=found.valves)
    assert again.valves.tolist() == []
    assert set(again.runs.tolist()) == inside
    reached = set(found.nodes.tolist())
    assert found.bounded is not any(roles[k] == "reservoir" for k in reached)
