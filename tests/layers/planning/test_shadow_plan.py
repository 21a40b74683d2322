"""Shadows at several times as areas, against arithmetic."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely

from layers.daylight import sun_position
from layers.errors import CityError
from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.planning.shadow_plan import shadow_plan
from layers.project import Project
from layers.shapes import Shapes

EAST, NORTH = 500_000.0, 3_380_000.0


def town(low: float = 0.0) -> tuple[Project, Layer]:
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    box = shapely.box(EAST, NORTH, EAST + 20, NORTH + 10)
    data = replace(Buildings.blocks(Shapes.from_shapely([box]), 30.0), min_height=np.array([low]))
    layer = Layer("buildings", "Town", data)
    project.insert_layer(layer)
    return project, layer


def test_a_tower_throws_the_shadow_of_arithmetic() -> None:
    project, layer = town()
    made = shadow_plan(project, [layer], ["2026-12-21T12:00", "2026-12-21T15:00"], name="s")
    longitude, latitude = project.need_frame().lonlat([[EAST + 10, NORTH + 5]])[0]
    for row, moment in enumerate(("2026-12-21T12:00", "2026-12-21T15:00")):
        azimuth, elevation = sun_position(float(longitude), float(latitude), moment)
        reach = 30.0 / math.tan(elevation)
        dx, dy = -reach * math.sin(azimuth), -reach * math.cos(azimuth)
        # footprint swept along a vector: its area, and what each pair of sides sweeps
        wanted = 20 * 10 + abs(dx) * 10 + abs(dy) * 20
        assert made.features.shapes.areas()[row] == pytest.approx(wanted, rel=2e-3)
        assert made.features.numbers("sun_elevation_deg")[row] == pytest.approx(
            math.degrees(elevation), abs=0.01
        )
    assert made.features.attributes.column("time").to_pylist() == [
        "2026-12-21 12:00", "2026-12-21 15:00",
    ]  # fmt: skip
    assert made.style.colouring is not None
    assert len(made.style.colouring.entries) == 2


def test_what_floats_throws_a_shadow_away_from_its_foot() -> None:
    project, layer = town(low=25.0)
    made = shadow_plan(project, [layer], ["2026-12-21T12:00"], name="s")
    (shadow,) = made.features.shapes.to_shapely()
    assert not shadow.intersects(shapely.Point(EAST + 10, NORTH + 11))


def test_night_and_towns_without_buildings_are_told() -> None:
    project, layer = town()
    for layers, moments, code in (
        ([layer], ["2026-12-21T02:00"], "shadow_plan.no_sun"),
        ([], ["2026-12-21T12:00"], "shadow_plan.no_buildings"),
    ):
        with pytest.raises(CityError) as caught:
            shadow_plan(project, layers, moments, name="s")
        assert caught.value.code == code
    some = shadow_plan(project, [layer], ["2026-12-21T02:00", "2026-12-21T12:00"], name="s")
    assert len(some.features) == 1
