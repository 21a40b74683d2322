"""Ways on small nets that anybody can check, and against networkx on real ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import networkx as nx
import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.files.importing import import_file
from layers.files.options import ImportOptions
from layers.kinds.base import Features
from layers.project import Project
from layers.routing.reach import reach
from layers.routing.streets_net import StreetNet
from layers.routing.ways import Router, Traveller, pieces_in
from layers.shapes import Shapes

Line = list[tuple[float, float]]


def streets(lines: list[Line], **columns: Sequence[str | None]) -> Features:
    """Give a layer of streets."""
    shapes = Shapes.from_shapely([shapely.LineString(line) for line in lines])
    return Features.of(shapes, pa.table({"name": [str(i) for i in range(len(lines))], **columns}))


def ladder() -> Features:
    """Give a square of four streets of 360 m; the upper one is a quick road."""
    return streets(
        [
            [(0, 0), (360, 0)], [(360, 0), (360, 360)], [(0, 0), (0, 360)], [(0, 360), (360, 360)],
        ],
        highway=["residential", "residential", "residential", "primary"],
        maxspeed=["36", "36", "36", "72"],
        oneway=["no", "no", "no", "no"],
    )  # fmt: skip


def test_the_quickest_way_is_not_the_shortest() -> None:
    router = Router.of(StreetNet.of([ladder()]))
    way = router.way((0.0, 360.0), (360.0, 180.0))
    assert way is not None
    assert way.seconds == pytest.approx(18.0 + 18.0)
    assert way.metres == pytest.approx(540.0)
    np.testing.assert_allclose(way.coords, [[0, 360], [360, 360], [360, 180]])


def test_one_way_streets_are_gone_one_way() -> None:
    lines = streets([[(0, 0), (360, 0)]], maxspeed=["36"], oneway=["yes"])
    router = Router.of(StreetNet.of([lines]))
    found = router.matrix([(0, 0), (360, 0)], [(0, 0), (360, 0)])
    np.testing.assert_allclose(found, [[0.0, 36.0], [np.inf, 0.0]], atol=1e-6)
    walker = Router.of(StreetNet.of([lines]), Traveller("foot"))
    assert walker.matrix([(360, 0)], [(0, 0)])[0, 0] == pytest.approx(360 / (5 / 3.6))
    siren = Router.of(StreetNet.of([lines]), Traveller(against=True, factor=2.0))
    assert siren.matrix([(360, 0)], [(0, 0)])[0, 0] == pytest.approx(18.0)
    back = streets([[(0, 0), (360, 0)]], oneway=["-1"])
    assert not np.isfinite(Router.of(StreetNet.of([back])).matrix([(0, 0)], [(360, 0)])).any()


def test_two_places_on_one_street_need_no_junction() -> None:
    router = Router.of(StreetNet.of([ladder()]))
    way = router.way((100.0, 0.0), (60.0, 0.0))
    assert way is not None
    assert way.seconds == pytest.approx(4.0)
    np.testing.assert_allclose(way.coords, [[100, 0], [60, 0]])


def test_places_beside_the_street_are_walked_to() -> None:
    router = Router.of(StreetNet.of([ladder()]))
    way = router.way((100.0, 25.0), (200.0, 0.0))
    assert way is not None
    assert way.seconds == pytest.approx(25.0 / (5.0 / 3.6) + 10.0)
    assert router.way((100.0, 5000.0), (0.0, 0.0)) is None


def test_closed_streets_and_limits_turn_ways() -> None:
    lines = ladder()
    net = StreetNet.of([lines])
    closed = pieces_in(net, [(300.0, 300.0), (400.0, 300.0), (400.0, 320.0), (300.0, 320.0)])
    assert len(closed) == 1
    way = Router.of(net, closed=closed).way((0.0, 360.0), (360.0, 0.0))
    assert way is not None
    assert way.metres == pytest.approx(720.0)
    assert way.seconds == pytest.approx(72.0)
    open_way = Router.of(net).way((0.0, 360.0), (360.0, 0.0))
    assert open_way is not None
    assert open_way.seconds == pytest.approx(54.0)
    low = streets(
        [[(0, 0), (100, 0)], [(0, 0), (0, 50), (100, 50), (100, 0)]], maxheight=["3.5", ""]
    )
    engine = Router.of(StreetNet.of([low]), Traveller(height_m=3.8))
    found = engine.way((0.0, 0.0), (100.0, 0.0))
    assert found is not None
    assert found.metres == pytest.approx(200.0)
    for column, who in (
        ({"maxheight": ("限高3.5米", None)}, Traveller(height_m=3.8)),
        ({"maxweight": ("3500 kg", None)}, Traveller(weight_t=18.0)),
        ({"maxwidth": ("6'6\"", None)}, Traveller(width_m=2.5)),
        ({"width": ("2", None)}, Traveller(width_m=2.5)),
    ):
        tight = streets([[(0, 0), (100, 0)], [(0, 0), (0, 50), (100, 50), (100, 0)]], **column)
        around = Router.of(StreetNet.of([tight]), who).way((0.0, 0.0), (100.0, 0.0))
        assert around is not None
        assert around.metres == pytest.approx(200.0), column
        through = Router.of(StreetNet.of([tight])).way((0.0, 0.0), (100.0, 0.0))
        assert through is not None
        assert through.metres == pytest.approx(100.0)
    with pytest.raises(CityError) as told:
        pieces_in(net, [(0.0, 0.0)])
    assert told.value.code == "routing.area"


def test_bridges_do_not_meet_what_they_cross() -> None:
    cross = [[(0.0, 0.0), (100.0, 0.0)], [(50.0, -50.0), (50.0, 50.0)]]
    level = Router.of(StreetNet.of([streets(cross)]))
    assert np.isfinite(level.matrix([(0, 0)], [(50, 50)])).all()
    over = Router.of(StreetNet.of([streets(cross, bridge=["no", "yes"])]))
    assert not np.isfinite(over.matrix([(0, 0)], [(50, 50)])).any()


def test_ends_that_just_touch_a_street_are_joined() -> None:
    net = StreetNet.of([streets([[(0, 0), (100, 0)], [(40, 0.4), (40, 80)]])])
    assert net.joined == 1
    assert len(net) == 3
    assert np.isfinite(Router.of(net).matrix([(0, 0)], [(40, 80)])).all()


def test_the_nearest_are_told_in_order() -> None:
    router = Router.of(StreetNet.of([ladder()]))
    found = router.nearest((0.0, 0.0), [(360, 0), (0, 100), (0, 9999), (20, 0)], 2)
    assert [number for number, _ in found] == [3, 1]
    assert found[1][1] == pytest.approx(10.0)


def test_nothing_to_go_on_is_told() -> None:
    with pytest.raises(CityError) as told:
        StreetNet.of([])
    assert told.value.code == "routing.no_streets"


def test_what_is_reached_ends_where_the_time_does() -> None:
    router = Router.of(StreetNet.of([streets([[(0, 0), (1000, 0)]], maxspeed=["36"])]))
    (near, far) = reach(router, [(500.0, 0.0)], [20.0, 30.0], beside=10.0)
    assert near.metres == pytest.approx(400.0)
    assert far.metres == pytest.approx(600.0)
    west, south, east, north = shapely.bounds(near.area)
    assert (west, east) == pytest.approx((290.0, 710.0), abs=0.5)
    assert (south, north) == pytest.approx((-10.0, 10.0))


def test_reach_across_junctions_and_one_ways() -> None:
    lines = streets([[(0, 0), (100, 0)], [(100, 0), (300, 0)]], maxspeed=["36", "36"],
                    oneway=["no", "-1"])  # fmt: skip
    router = Router.of(StreetNet.of([lines]))
    (there,) = reach(router, [(50.0, 0.0)], [20.0])
    assert there.metres == pytest.approx(100.0)
    (back,) = reach(router, [(50.0, 0.0)], [20.0], towards=True)
    assert back.metres == pytest.approx(100.0 + 150.0)


@st.composite
def nets(draw: st.DrawFn) -> Features:
    """Make up streets between the corners of a small grid."""
    corner = st.tuples(st.integers(0, 3), st.integers(0, 3))
    pairs = draw(st.lists(st.tuples(corner, corner).filter(lambda p: p[0] != p[1]), min_size=1,
                          max_size=14))  # fmt: skip
    ways = draw(st.lists(st.sampled_from(["no", "yes", "-1"]), min_size=len(pairs),
                         max_size=len(pairs)))  # fmt: skip
    bridges = ["yes"] * len(pairs)  # so that only common corners join them
    return streets([[(100.0 * a, 100.0 * b) for a, b in pair] for pair in pairs],
                   oneway=ways, bridge=bridges)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(nets())
def test_times_are_those_of_networkx(lines: Features) -> None:
    net = StreetNet.of([lines])
    router = Router.of(net)
    graph = nx.MultiDiGraph()
    for number in range(len(net)):
        if np.isfinite(router.forward[number]):
            graph.add_edge(int(net.start[number]), int(net.end[number]), w=router.forward[number])
        if np.isfinite(router.backward[number]):
            graph.add_edge(int(net.end[number]), int(net.start[number]), w=router.backward[number])
    found = router.matrix(net.nodes, net.nodes)
    lengths = dict(nx.all_pairs_dijkstra_path_length(graph, weight="w"))
    for one in range(len(net.nodes)):
        for other in range(len(net.nodes)):
            wanted = 0.0 if one == other else lengths.get(one, {}).get(other, np.inf)
            assert found[one, other] == pytest.approx(wanted, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(nets(), st.integers(0, 15), st.integers(0, 15))
def test_a_way_takes_what_the_matrix_says_and_closing_nothing_changes_nothing(
    lines: Features, one: int, other: int
) -> None:
    net = StreetNet.of([lines])
    start, goal = net.nodes[one % len(net.nodes)], net.nodes[other % len(net.nodes)]
    router = Router.of(net)
    seconds = router.matrix(start, goal)[0, 0]
    way, again = router.way(start, goal), Router.of(net, closed=[]).way(start, goal)
    if way is None:
        assert not np.isfinite(seconds)
        assert again is None
        return
    assert again is not None
    assert way.seconds == pytest.approx(seconds, abs=1e-6)
    np.testing.assert_array_equal(way.coords, again.coords)
    steps = np.diff(way.coords, axis=0)
    assert np.hypot(steps[:, 0], steps[:, 1]).sum() == pytest.approx(way.metres)


def imported(path: Path, kind: str) -> list[Features]:
    """Import a file's layers of one kind."""
    result = import_file(Project(), path, ImportOptions(kind=kind, crs=None))
    return [layer.data for layer in result.layers if isinstance(layer.data, Features)]


@pytest.mark.shared
def test_ways_of_cambridge_are_those_of_networkx(shared_data: Path) -> None:
    city = shared_data / "us-cambridge-gis"
    lines = imported(city / "Trans/Street_Centerlines/TRANS_Centerlines.geojson", "roads")
    net = StreetNet.of(lines)
    assert len(net) > 2500
    assert (net.oneway == 1).sum() > 400
    assert (net.oneway == -1).sum() > 400
    router = Router.of(net)
    graph = nx.DiGraph()
    for tail, head, cost in (
        (net.start, net.end, router.forward), (net.end, net.start, router.backward),
    ):  # fmt: skip
        for one, other, seconds in zip(tail.tolist(), head.tolist(), cost.tolist(), strict=True):
            if np.isfinite(seconds):
                known = graph.get_edge_data(one, other, {"w": np.inf})["w"]
                graph.add_edge(one, other, w=min(seconds, known))
    rng = np.random.default_rng(3)
    for one, other in rng.integers(0, len(net.nodes), (25, 2)):
        way = router.way(net.nodes[one], net.nodes[other])
        try:
            wanted = nx.dijkstra_path_length(graph, int(one), int(other), weight="w")
        except (nx.NetworkXNoPath, nx.NodeNotFound):
            continue
        assert way is not None
        assert way.seconds == pytest.approx(wanted, rel=1e-4, abs=1e-3)


@pytest.mark.shared
def test_times_through_liechtenstein_are_those_of_networkx(shared_data: Path) -> None:
    folder = shared_data / "li-liechtenstein-osm-dem/baremaps-testing/src/main/resources"
    lines = imported(folder / "liechtenstein/liechtenstein.osm.pbf", "roads")
    net = StreetNet.of(lines)
    assert len(net) > 10_000
    assert (net.oneway != 0).sum() > 300
    assert np.isfinite(net.limits.height).any()  # low bridges are told in other tags of the file
    router = Router.of(net)
    graph = nx.DiGraph()
    for tail, head, cost in (
        (net.start, net.end, router.forward), (net.end, net.start, router.backward),
    ):  # fmt: skip
        for one, other, seconds in zip(tail.tolist(), head.tolist(), cost.tolist(), strict=True):
            if np.isfinite(seconds):
                known = graph.get_edge_data(one, other, {"w": np.inf})["w"]
                graph.add_edge(one, other, w=min(seconds, known))
    parts = sorted(nx.strongly_connected_components(graph), key=lambda part: -len(part))
    start = min(parts[0])
    wanted = nx.single_source_dijkstra_path_length(graph, start, weight="w")
    found = router.seconds_from(net.nodes[start])
    reached = np.array(sorted(wanted))
    assert len(reached) > 7_000
    np.testing.assert_allclose(found[reached], [wanted[node] for node in reached], atol=1e-6)


@pytest.mark.shared
def test_the_nearest_stations_of_hydrants_in_cambridge(shared_data: Path) -> None:
    city = shared_data / "us-cambridge-gis"
    router = Router.of(StreetNet.of(
        imported(city / "Trans/Street_Centerlines/TRANS_Centerlines.geojson", "roads")
    ))  # fmt: skip
    (stations,) = imported(
        city / "Public_Safety/Fire_Stations/PUBLICSAFETY_FireStations.geojson", "places"
    )
    (hydrants,) = imported(city / "Infra/Hydrants/INFRA_Hydrants.geojson", "places")
    from_all = router.matrix(stations.shapes.coords, hydrants.shapes.coords[:50])
    for number, place in enumerate(hydrants.shapes.coords[:5]):
        found = router.nearest(place, stations.shapes.coords, 3)
        assert len(found) == 3
        order = np.argsort(from_all[:, number], kind="stable")[:3]
        assert [station for station, _ in found] == order.tolist()
