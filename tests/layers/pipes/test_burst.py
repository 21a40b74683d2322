"""A burst: valves in walking order, who is without water, seized valves, what feeds the rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.errors import CityError
from layers.files.options import ImportOptions
from layers.files.pipe_choices import PipeChoices
from layers.files.pipe_epanet import read_epanet
from layers.files.pipe_models import import_model_network
from layers.frame import Frame
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.pipes import ROLES, Pipes
from layers.pipes.burst import BurstParams, Waterworks, burst
from layers.pipes.graph import Graph
from layers.pipes.isolation import isolate
from layers.pipes.repair_sheet import repair_sheet
from layers.pipes.served import KINDS
from layers.pipes.valves import spots_by_names, valves_by_rule, with_valves
from layers.progress import Silent
from layers.project import Project
from layers.shapes import Shapes
from tests.layers.pipes.test_graph import STREET, STREET_EDGES, STREET_ROLES, Spot, net

BACK = {6: (300.0, 80.0), 7: (0.0, 80.0)}


def town(pipes: Pipes, *layers: Layer) -> tuple[Project, Layer]:
    project = Project(Frame("EPSG:32650"))
    layer = Layer("pipes", "water", pipes)
    for one in (*layers, layer):
        project.insert_layer(one)
    return project, layer


def houses(*spots: tuple[float, float, str]) -> Layer:
    shapes = Shapes.from_shapely([shapely.box(x - 5, y - 5, x + 5, y + 5) for x, y, _ in spots])
    table = pa.table({"name": [name for *_, name in spots], "residents": [7] * len(spots)})
    return Layer("buildings", "houses", Buildings.blocks(shapes, 9.0, table))


def streets(*lines: list[tuple[float, float]]) -> Layer:
    shapes = Shapes.from_shapely([shapely.LineString(line) for line in lines])
    return Layer("roads", "streets", Features.of(shapes))


def test_a_burst_tells_who_is_without_water_and_why() -> None:
    project, layer = town(
        net(STREET, STREET_EDGES, STREET_ROLES),
        houses((310, 10, "第一人民医院"), (300, -20, "Hill School"), (290, 10, "住宅"),
               (900, 0, "farm")),
    )  # fmt: skip
    found = burst(Waterworks.of(project, layer), BurstParams(102))
    assert found.steps.column("valve").to_pylist() == [2, 4]
    assert found.steps.column("walked_m").to_pylist() == [25.0, 125.0]
    rows = found.affected.to_pylist()
    assert [row["kind"] for row in rows] == ["hospital", "school", "customer", "building"]
    assert {row["why"] for row in rows} == {"cut-off"}
    assert found.facts["people"] == 21
    assert found.facts["out_of_reach_count"] == 1
    assert [note.key for note in found.notes] == ["burst_straight", "burst_out_of_reach"]
    assert found.hydrants.to_pylist()[0]["why"] == "isolated"
    assert set(found.affected.column("kind").to_pylist()) <= set(KINDS)


def test_a_place_beside_a_pipe_is_a_burst_of_it_and_one_far_away_is_told() -> None:
    project, layer = town(net(STREET, STREET_EDGES, STREET_ROLES))
    works = Waterworks.of(project, layer)
    found = burst(works, BurstParams(at=(120.0, 6.0)))
    assert found.run == 102
    assert found.place.tolist() == [120.0, 0.0]
    with pytest.raises(CityError) as error:
        burst(works, BurstParams(at=(120.0, 900.0)))
    assert error.value.code == "pipes.nothing_near"
    with pytest.raises(CityError) as error:
        burst(works, BurstParams())
    assert error.value.code == "pipes.burst_where"


def test_a_seized_valve_needs_the_next_ones_and_the_table_says_so_beforehand() -> None:
    places = {**STREET, 8: (-50.0, 0.0), 1: (-100.0, 0.0)}
    edges = [(1, 8), (8, 2), (2, 3), (3, 4), (4, 5)]
    project, layer = town(net(places, edges, {**STREET_ROLES, 8: "valve"}))
    works = Waterworks.of(project, layer)
    found = burst(works, BurstParams(103))
    told = {row["valve"]: row for row in found.if_seized.to_pylist()}
    assert told[2]["instead"] == "8"
    assert told[2]["more_length_m"] == 150.0
    assert told[2]["possible"]
    second = burst(works, BurstParams(103, seized=(2,)))
    assert sorted(second.steps.column("valve").to_pylist()) == [4, 8]
    shut = burst(works, BurstParams(103, closed=(4,)))
    assert shut.steps.column("what").to_pylist() == ["close", "closed-already"]


def test_people_walk_along_the_streets() -> None:
    """The valves stand on both sides of a block; the street goes around it."""
    project, layer = town(
        net(STREET, STREET_EDGES, STREET_ROLES),
        streets([(100, 0), (100, 300), (200, 300), (200, 0)], [(100, 0), (150, 0)]),
    )
    found = burst(Waterworks.of(project, layer), BurstParams(at=(110.0, 0.0)))
    assert found.facts["along_streets"]
    assert found.steps.column("valve").to_pylist() == [2, 4]
    assert found.steps.column("walked_m").to_pylist() == pytest.approx([10.0, 710.0], abs=0.2)
    assert shapely.LineString(found.ways[1]).length == pytest.approx(700.0, abs=0.2)


def test_the_way_water_comes_meanwhile_is_told() -> None:
    """A ring: with one side shut off the far customer gets its water around the other way."""
    places = {1: (0.0, 0.0), 2: (10.0, 0.0), 3: (90.0, 0.0), 4: (100.0, 0.0), 5: (50.0, 300.0)}
    edges = [(1, 2), (2, 3), (3, 4), (4, 5), (5, 1)]
    roles = {1: "reservoir", 2: "valve", 3: "valve", 4: "customer"}
    project, layer = town(net(places, edges, roles))
    found = burst(Waterworks.of(project, layer), BurstParams(102))
    assert found.facts["customers"] == 0
    row = found.feeding.to_pylist()[0]
    assert (row["source"], row["detoured_affected"]) == (1, 1)
    assert row["longest_detour_m"] == pytest.approx(2 * np.hypot(50, 300) - 100, abs=0.1)


def test_a_valve_with_the_same_water_on_both_sides_stays_open() -> None:
    places: dict[int, Spot] = {
        1: (0, 0), 2: (50, 0), 3: (100, 0), 4: (50, 50), 5: (120, 0), 6: (200, 0),
    }  # fmt: skip
    edges = [(1, 2), (2, 3), (3, 4), (4, 1), (3, 5), (5, 6)]
    pipes = net(places, edges, {2: "valve", 5: "valve", 6: "reservoir"})
    found = isolate(Graph.of(pipes), 103)
    assert found.valves.tolist() == [5]
    assert sorted(found.nodes.tolist()) == [1, 2, 3, 4]


def test_a_booster_pump_is_no_source() -> None:
    places: dict[int, Spot] = {1: (0, 0), 2: (50, 0), 3: (100, 0), 4: (150, 0), 5: (200, 0)}
    pipes = net(places, [(1, 2), (2, 3), (3, 4), (4, 5)],
                {1: "reservoir", 2: "valve", 3: "pump-station", 5: "customer"})  # fmt: skip
    found = isolate(Graph.of(pipes), 101)
    assert found.customers.tolist() == [5]
    assert not found.bounded


def test_valves_by_rule_cut_runs_and_keep_their_length() -> None:
    places = {1: (0.0, 0.0), 2: (100.0, 0.0), 3: (200.0, 0.0), 4: (100.0, 100.0)}
    pipes = net(places, [(1, 2), (2, 3), (2, 4)], {1: "reservoir"})
    pipes = replace(pipes, width=np.where(pipes.ids == 102, 0.5, pipes.width))
    spots = valves_by_rule(pipes, "n-1")
    assert sorted(spots) == [(101, 1), (101, 2), (103, 2)]
    cut, valves = with_valves(pipes, spots)
    assert len(valves) == 3
    assert (cut.role[cut.index_of(valves)] == ROLES.index("valve")).all()
    assert cut.shapes.lengths().sum() == pytest.approx(300.0)
    assert len(Graph.of(cut).loose) == 0
    assert len(np.unique(Graph.of(cut).parts()[0])) == 1
    found = isolate(Graph.of(cut), 101)
    assert sorted(found.valves.tolist()) == sorted(valves[:2].tolist())
    assert len(valves_by_rule(pipes, "n")) == 4
    with pytest.raises(CityError) as error:
        valves_by_rule(pipes, "n-7")
    assert error.value.code == "pipes.valve_rule"


NETWORKS = {
    "L-TOWN": "L-Town/L-TOWN.inp",
    "ky4": "asce-tf-wdst/ky4/ky4.inp",
    "Micropolis": "asce-tf-wdst/Micropolis_v1/MICROPOLIS_v1.inp",
}


def read(path: Path) -> Pipes:
    options = ImportOptions(crs="EPSG:32650", pipes=PipeChoices(at=(500_000.0, 4_000_000.0)))
    project = Project(Frame("EPSG:32650"))
    layer, *_ = import_model_network(read_epanet(path), project, path, options, Silent())
    assert isinstance(layer.data, Pipes)
    return layer.data


@pytest.mark.shared
@pytest.mark.parametrize("name", NETWORKS)
def test_what_valves_shut_off_is_what_wntr_calls_a_segment(name: str, shared_data: Path) -> None:
    import wntr

    from layers.files.water_model import read_water_model

    path = shared_data / "epanet-networks" / NETWORKS[name]
    model, _ = read_water_model(path)
    layer = wntr.network.layer.generate_valve_layer(model, "strategic", 1, seed=7)
    layer = layer[layer["link"].isin(model.pipe_name_list)].reset_index(drop=True)
    _, link_segment, _ = wntr.metrics.valve_segments(model.to_graph(), layer)
    pipes = read(path)
    plain = np.where(pipes.role == ROLES.index("valve"), ROLES.index("point"), pipes.role)
    pipes = replace(pipes, role=plain.astype(np.uint8))  # valves of the model regulate only
    pairs = zip(layer["link"], layer["node"], strict=True)
    cut, _ = with_valves(pipes, spots_by_names(pipes, pairs))
    graph = Graph.of(cut)
    numbers = dict(zip(cut.ids.tolist(), cut.column("number").to_pylist(), strict=True))
    links = {f"{link}-1": link for link in (*model.pump_name_list, *model.valve_name_list)}
    links |= {link: link for link in model.pipe_name_list}
    segments: dict[int, set[str]] = {}
    for link, number in link_segment.items():
        segments.setdefault(int(number), set()).add(str(link))
    runs = {links[numbers[run]]: run for run in cut.ids[cut.runs].tolist() if numbers[run] in links}
    for members in list(segments.values())[:: max(1, len(segments) // 120)]:
        found = isolate(graph, runs[next(iter(sorted(members)))])
        mine = {links[numbers[run]] for run in found.runs.tolist() if numbers[run] in links}
        assert mine == members


@pytest.mark.shared
def test_isolating_twice_is_isolating_once_on_a_real_network(shared_data: Path) -> None:
    pipes = read(shared_data / "epanet-networks" / NETWORKS["L-TOWN"])
    cut, _ = with_valves(pipes, valves_by_rule(pipes))
    graph = Graph.of(cut)
    for run in pipes.ids[pipes.runs][::90].tolist():
        once = isolate(graph, run)
        twice = isolate(graph, run, closed=once.valves)
        assert twice.valves.tolist() == []
        assert twice.runs.tolist() == once.runs.tolist()
        assert twice.cut_off_nodes.tolist() == once.cut_off_nodes.tolist()


def test_a_repair_sheet_knows_the_pipe_the_place_the_street_and_the_neighbours() -> None:
    project, layer = town(
        net(STREET, STREET_EDGES, STREET_ROLES),
        streets([(0, 10), (300, 10)]),
    )
    other = Layer("pipes", "gas", net({1: (125, -50), 2: (125, 50)}, [(1, 2)], kind="gas"))
    project.insert_layer(other)
    found = burst(Waterworks.of(project, layer), BurstParams(at=(123.0, 1.0)))
    sheet = repair_sheet(project, layer, found)
    assert sheet.pipe["size"] == "DN300"
    assert sheet.place["east"] == 123.0
    assert sheet.place["road"] is None
    rows = sheet.neighbours.to_pylist()
    assert [(row["layer"], row["class"]) for row in rows] == [("gas", "gas")]
    assert rows[0]["away_m"] == pytest.approx(1.85)
    assert sheet.owners.num_rows == 0
