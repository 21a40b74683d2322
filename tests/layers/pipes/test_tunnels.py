"""Utility tunnels: compartments, racks and what lies inside."""

from __future__ import annotations

import pyarrow as pa
import pytest
import shapely

from layers.errors import CityError
from layers.kinds.base import Features
from layers.kinds.pipes import BOX, Pipes
from layers.pipes.classes import CLASS_KEYS, SUBCLASS_KEYS
from layers.pipes.clearance import check_clearances
from layers.pipes.tunnels import compartments_in, contents, in_the_soil, tunnels
from layers.rules.loader import packs_in
from layers.rules.rule import RuleSet
from layers.shapes import Shapes
from tests.layers.pipes.made import network


def test_compartments_are_read_in_both_languages() -> None:
    found = compartments_in("power 2.2x3.0 racks 8; 给水+通信 3×3.0 支架 4；gas 1.8*3")
    assert [(c.name, c.width, c.height, c.racks) for c in found] == [
        ("power", 2.2, 3.0, 8), ("给水+通信", 3.0, 3.0, 4), ("gas", 1.8, 3.0, 0),
    ]  # fmt: skip


def test_a_compartment_without_a_size_is_told() -> None:
    with pytest.raises(CityError) as raised:
        compartments_in("power 2.2x3.0; gas")
    assert raised.value.code == "pipes.compartments"
    assert raised.value.facts["text"] == "gas"


def test_pipes_inside_are_listed_and_wrong_tags_are_told() -> None:
    lines = Shapes.from_shapely([shapely.LineString([(0, i), (50, i)]) for i in range(5)])
    attributes = pa.table({
        "number": ["T1", "P1", "P2", "P3", "P4"],
        "compartments": ["power 2.2x3.0 racks 8; gas 1.8x3.0", None, None, None, None],
        "tunnel": [None, "T1", "T1", "T9", "T1"],
        "compartment": [None, "power", "water", "power", "power"],
        "rack": [None, "3", "1", "1", "9"],
    })  # fmt: skip
    other, power = CLASS_KEYS.index("other"), CLASS_KEYS.index("power")
    pipes = Pipes.of_columns(
        Features.of(lines, attributes), [other, *[power] * 4], [4.6, *[0.1] * 4],
        height=[3.6, *[0.1] * 4], form=[BOX, 0, 0, 0, 0],
        subclass=[SUBCLASS_KEYS.index("tunnel"), 0, 0, 0, 0],
    )  # fmt: skip
    assert tunnels(pipes).tolist() == [0]
    rows = contents(pipes).to_pylist()
    assert [(row["pipe_number"], row["problem"]) for row in rows] == [
        ("P1", None), ("P2", "no-compartment"), ("P3", "no-tunnel"), ("P4", "no-rack"),
        (None, None),
    ]  # fmt: skip
    assert (rows[0]["width_m"], rows[0]["racks"], rows[0]["rack"]) == (2.2, 8, "3")
    assert rows[-1]["compartment"] == "gas"


def test_what_lies_in_a_tunnel_needs_no_clearance_and_the_tunnel_does() -> None:
    lines = [[(0.0, y), (50.0, y)] for y in (0.0, 1.0, 3.5)]
    pipes = network(
        lines, ["other", "power", "drain"], [6.0, 0.15, 0.3], [(10, 10)] * 3,
        attributes={"number": ["T1", "c", "d"], "tunnel": [None, "T1", None]},
        subclass=[SUBCLASS_KEYS.index("tunnel"), 0, 0],
    )  # fmt: skip
    assert in_the_soil(pipes).tolist() == [0, 2]
    rules = RuleSet(tuple(rule for pack in packs_in([]) for rule in pack.rules))
    found = check_clearances(pipes, rules).to_pylist()
    assert [(row["first"], row["second"]) for row in found] == [(1, 3)]
