"""The skyline, against single rays and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.analyses import running
from layers.files.plates import svg_of
from layers.planning.obstacles import obstacles
from layers.planning.rays import Rays
from layers.planning.skyline import SKY, changes, inside_of, skyline
from layers.planning.skyline_drawing import skyline_plate
from tests.layers.planning.blocks import EAST, NORTH, layer_of, place, town


def test_a_tower_stands_as_high_as_its_height_over_its_distance() -> None:
    things = obstacles(town([(-10.0, 100.0, 10.0, 120.0, 101.6)]))
    line = skyline(things, np.array(place(0.0, 0.0, 1.6)), width=90.0, step=0.5)
    middle = np.argmin(np.abs((line.azimuth + 180.0) % 360.0 - 180.0 - 0.25))
    assert line.angle[middle] == pytest.approx(45.0, abs=0.01)
    assert line.away[middle] == pytest.approx(100.0, abs=0.1)
    wide = (line.owner == 0).sum() * 0.5
    assert wide == pytest.approx(2 * math.degrees(math.atan(10 / 100)), abs=0.5)
    assert (line.owner[line.owner != 0] == SKY).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(-180.0, 180.0), st.floats(20.0, 360.0))
def test_just_above_the_line_is_sky_and_just_below_is_city(
    seed: int, heading: float, width: float
) -> None:
    rng = np.random.default_rng(seed)
    boxes = []
    for _ in range(15):
        x, y = rng.uniform(-200, 200, 2)
        if abs(x) < 30 and abs(y) < 30:
            continue
        boxes.append((float(x), float(y), float(x + 12), float(y + 9), float(rng.uniform(5, 60))))
    things = obstacles(town([*boxes, (300.0, 0.0, 310.0, 10.0, 5.0)]))
    eye = np.array(place(0.0, 0.0, 1.6))
    if inside_of(things, eye):
        return
    line = skyline(things, eye, heading=heading, width=width, step=width / 200)
    rays = Rays(things.points, things.triangles)
    if (line.owner == SKY).all():
        return
    for shift, blocked in ((0.02, False), (-0.02, True)):
        rows = np.flatnonzero(line.owner != SKY)
        up, around = np.radians(line.angle[rows] + shift), np.radians(line.azimuth[rows])
        ways = np.column_stack([
            np.sin(around) * np.cos(up), np.cos(around) * np.cos(up), np.sin(up),
        ])  # fmt: skip
        found = rays.blocked(np.broadcast_to(eye, ways.shape), ways)
        assert (found == blocked).mean() > 0.99  # at corners a ray may pass beside


def test_a_new_tower_is_found_where_it_rises() -> None:
    project = town([(-50.0, 200.0, 50.0, 210.0, 30.0)])
    project.insert_layer(layer_of([(0.0, 260.0, 20.0, 280.0, 120.0)], "New"))
    params = {"eyes": ((EAST, NORTH),), "width": 60.0, "compare": "without", "new": "New"}
    found = running.run(project, "skyline", params).outcome
    (row,) = found.table.to_pylist()
    assert (row["layer"], row["object"]) == (project.layer("New").id, 1)
    assert row["before_degrees"] == pytest.approx(math.degrees(math.atan(28.4 / 200)), abs=0.1)
    assert row["after_degrees"] == pytest.approx(math.degrees(math.atan(118.4 / 260)), abs=0.1)
    assert 0.0 < float(found.facts["changed_percent"]) < 20.0
    makers = running.run(project, "skyline", {"eyes": ((EAST, NORTH),)}).outcome.table
    assert set(makers.column("object").to_pylist()) == {1}


def test_nothing_changes_where_nothing_changed() -> None:
    things = obstacles(town([(-10.0, 100.0, 10.0, 120.0, 101.6)]))
    line = skyline(things, np.array(place(0.0, 0.0, 1.6)))
    assert changes(line, line) == []


def test_a_drawing_shows_both_lines() -> None:
    before = obstacles(town([(-50.0, 200.0, 50.0, 210.0, 30.0)]))
    after = obstacles(town([(-50.0, 200.0, 50.0, 210.0, 30.0), (0.0, 260.0, 20.0, 280.0, 120.0)]))
    eye = np.array(place(0.0, 0.0, 1.6))
    lines = [skyline(things, eye, width=60.0) for things in (after, before)]
    svg = svg_of(skyline_plate(lines[0], lambda key: key, lines[1], "Skyline"))
    assert "#e53935" in svg
    assert "Skyline" in svg
    assert "#e53935" not in svg_of(skyline_plate(lines[1], lambda key: key, None, "Skyline"))
