"""What is wrong with a network is found, where it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from layers.kinds.base import Features
from layers.kinds.pipes import ASSUMED, BOX, TOLD_NOTHING, Pipes
from layers.pipes.classes import CLASS_KEYS, SUBCLASS_KEYS
from layers.pipes.quality import ISSUES, QualityParams, check_quality, counts
from layers.shapes import Shapes

DRAIN, WATER = CLASS_KEYS.index("drain"), CLASS_KEYS.index("water")


def network(
    nodes: list[tuple[float, float]],
    runs: list[tuple[int, int]],
    *,
    ground: float = 10.0,
    line_class: int = DRAIN,
    start: list[float] | None = None,
    end: list[float] | None = None,
    width: list[float] | None = None,
    numbers: list[str] | None = None,
    **columns: Any,
) -> Pipes:
    """Nodes at places and runs between them, ids from 1; levels 8.0 to 7.9 unless told."""
    k, r = len(nodes), len(runs)
    shapes: list[BaseGeometry] = [shapely.Point(place) for place in nodes]
    shapes += [shapely.LineString([nodes[a], nodes[b]]) for a, b in runs]
    names = numbers or [f"N{i}" for i in range(k)] + [f"R{i}" for i in range(r)]
    plain = Features.of(Shapes.from_shapely(shapes), pa.table({"number": names}))
    return Pipes.of_columns(
        plain, line_class, [0.0] * k + (width or [0.3] * r),
        start_level=[ground] * k + (start or [8.0] * r),
        end_level=[ground - 3.0] * k + (end or [7.9] * r),
        start_node=[0] * k + [a + 1 for a, _ in runs],
        end_node=[0] * k + [b + 1 for _, b in runs], **columns,
    )  # fmt: skip


def found(pipes: Pipes, **params: float) -> dict[str, list[int]]:
    table = check_quality(pipes, QualityParams(**params))
    out: dict[str, list[int]] = {}
    for row in table.to_pylist():
        out.setdefault(row["issue"], []).append(row["id"])
    return out


def test_a_sound_network_has_no_findings() -> None:
    pipes = network([(0, 0), (30, 0), (60, 0)], [(0, 1), (1, 2)], start=[8, 7.9], end=[7.9, 7.8])
    assert found(pipes) == {}


def test_orphan_and_duplicate_points_are_found() -> None:
    pipes = network([(0, 0), (30, 0), (30.01, 0), (50, 50)], [(0, 1), (0, 2)], end=[7.9, 7.8])
    expected = {"duplicate-point": [3], "orphan-point": [4], "dangling-end": [2, 3]}
    assert found(pipes) == expected


def test_duplicate_runs_are_found_either_way_round() -> None:
    pipes = network([(0, 0), (30, 0)], [(0, 1), (1, 0)], start=[8, 7.9], end=[7.9, 8])
    assert found(pipes)["duplicate-run"] == [4]


def test_runs_without_length_are_found_but_drops_are_not() -> None:
    pipes = network([(0, 0), (0, 0.01)], [(0, 1)], start=[8.0], end=[8.0])
    assert found(pipes)["zero-length"] == [3]
    pipes = network([(0, 0), (0, 0.01)], [(0, 1)], start=[8.0], end=[6.0])
    assert "zero-length" not in found(pipes)


def test_an_end_that_stops_just_short_names_what_it_missed() -> None:
    pipes = network([(0, 0), (60, 0), (30, 0.3), (30, 40)], [(0, 1), (3, 2)])
    table = check_quality(pipes).to_pylist()
    assert [(row["issue"], row["id"], row["other"], row["value"]) for row in table] == [
        ("dangling-end", 3, 5, 0.3)
    ]
    assert found(pipes, snap=0.2) == {}


def test_levels_above_the_ground_are_found() -> None:
    drain = network([(0, 0), (30, 0)], [(0, 1)], start=[10.4], end=[9.0])
    assert found(drain) == {"above-ground": [3]}
    water = network([(0, 0), (30, 0)], [(0, 1)], start=[10.4], end=[9.0], line_class=WATER)
    row = check_quality(water).to_pylist()[0]
    assert (row["issue"], row["severity"], row["value"]) == ("negative-depth", "error", -0.4)


def test_the_ground_of_the_project_counts_where_nodes_tell_none() -> None:
    pipes = network([(0, 0), (30, 0)], [(0, 1)], ground=np.nan)
    assert counts(check_quality(pipes)) == {}
    low = check_quality(pipes, ground_at=lambda places: np.full(len(places), 5.0))
    assert counts(low) == {"above-ground": 1}


def test_drains_that_rise_or_narrow_downstream_are_found() -> None:
    pipes = network(
        [(0, 0), (30, 0), (60, 0)], [(0, 1), (1, 2)], start=[8, 7.9], end=[7.9, 7.8],
        width=[0.6, 0.4],
    )  # fmt: skip
    assert found(pipes) == {"smaller-downstream": [5]}
    rising = network([(0, 0), (30, 0)], [(0, 1)], start=[7.0], end=[7.5])
    assert found(rising) == {"against-slope": [3]}


def test_numbers_and_classes_are_looked_at() -> None:
    pipes = network(
        [(0, 0), (30, 0)], [(0, 1)], numbers=["A", "a", ""],
        subclass=[0, 0, SUBCLASS_KEYS.index("mains")],
    )  # fmt: skip
    assert found(pipes) == {"wrong-class": [3], "duplicate-number": [2]}
    some = network([(0, 0), (30, 0)], [(0, 1)], numbers=["A", "", "R"])
    assert found(some) == {"missing-number": [2]}


def test_a_run_that_names_no_node_is_found() -> None:
    pipes = network([(0, 0), (30, 0)], [(0, 1)])
    loose = Pipes.of_columns(
        Features(pipes.shapes, pipes.ids, pipes.feature, pipes.attributes), DRAIN, 0.3,
        start_node=[0, 0, 1],
    )  # fmt: skip
    assert found(loose)["no-node"] == [3]


@settings(max_examples=25, deadline=None)
@given(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), st.integers(0, 2**31))
def test_moving_the_network_changes_no_finding(east: float, north: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    places = rng.integers(0, 40, (12, 2)) * 2.0
    pairs = [(int(a), int(b)) for a, b in rng.integers(0, 12, (14, 2)) if a != b]
    moved = np.round(np.array([east, north])) + places
    here = network([tuple(p) for p in places.tolist()], pairs)
    there = network([tuple(p) for p in moved.tolist()], pairs)
    assert found(here) == found(there)
    assert set(found(here)) <= set(ISSUES)


def test_depths_that_no_pipe_has_are_found_with_their_figures() -> None:
    deep = network([(0, 0), (30, 0)], [(0, 1)], start=[-89.0], end=[-89.1], line_class=WATER)
    row = check_quality(deep).to_pylist()[0]
    assert (row["issue"], row["severity"], row["id"]) == ("too-deep", "error", 3)
    assert (row["value"], row["limit"]) == (99.1, 30.0)
    assert found(deep, deepest=100.0) == {}
    well = network([(0, 0), (30, 0)], [(0, 1)])
    sunk = replace(well, end_level=np.where(well.ids == 1, -89.0, well.end_level))
    assert found(sunk) == {"too-deep": [1]}


def test_sizes_that_no_pipe_has_are_found_but_for_culverts_and_tunnels() -> None:
    assert found(network([(0, 0), (30, 0)], [(0, 1)], width=[99.0])) == {"absurd-size": [3]}
    assert found(network([(0, 0), (30, 0)], [(0, 1)], width=[0.001])) == {"absurd-size": [3]}
    wide = network([(0, 0), (30, 0)], [(0, 1)], width=[8.0])
    assert found(wide) == {"absurd-size": [3]}
    assert found(replace(wide, form=np.array([0, 0, BOX], dtype=np.uint8))) == {}


def test_a_size_that_was_assumed_is_no_finding_but_one_told_as_nothing_is() -> None:
    pipes = network([(0, 0), (30, 0)], [(0, 1)])
    size = ASSUMED["size"]
    assert found(replace(pipes, assumed=np.array([0, 0, size], dtype=np.uint8))) == {}
    zero = np.array([0, 0, size | TOLD_NOTHING], dtype=np.uint8)
    assert found(replace(pipes, assumed=zero)) == {"no-size": [3]}
