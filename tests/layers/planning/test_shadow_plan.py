"""Shadows at several times as areas, against arithmetic."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.daylight import sun_position
from layers.errors import CityError
from layers.frame import Frame
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.terrain import Terrain
from layers.planning.shadow_plan import meet_ground, shadow_plan, united
from layers.planning.shadow_shares import shadow_shares
from layers.project import Project
from layers.shapes import Floats, Shapes

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


def test_light_meets_a_slope_where_arithmetic_says() -> None:
    def slope(xy: Floats) -> Floats:
        return np.asarray(0.1 * xy[:, 0])

    places, heights = np.array([[0.0, 0.0], [10.0, 5.0]]), np.array([30.0, 1.0])
    met = meet_ground(slope, places, heights, np.array([2.0, 0.0]), 0.7)
    # 30 - t = 0.1 (2 t): after a fall of 25 m it is 50 m away and as high as the ground there
    assert np.allclose(met[0], [50.0, 0.0], atol=1e-6)
    assert np.allclose(met[1], places[1])  # what starts on the ground stays


@pytest.mark.parametrize(("rise", "longer"), [(0.0, 1.0), (-0.2, 1.3), (0.2, 0.8)])
def test_shadows_lie_on_the_terrain(rise: float, longer: float) -> None:
    project, layer = town()
    flat = shadow_plan(project, [layer], ["2026-12-21T12:00"], name="s")
    north = np.arange(200, -200, -1.0) * 2.0  # the noon shadow falls to the north
    heights = np.repeat(np.where(north > 20.0, (north - 20.0) * rise, 0.0)[:, None], 200, axis=1)
    terrain = Terrain(heights.astype(np.float32), EAST - 200, NORTH + 400, 2.0, 2.0)
    project.insert_layer(Layer("terrain", "Slope", terrain), 0)
    made = shadow_plan(project, [layer], ["2026-12-21T12:00"], name="s")
    plain, on_it = flat.features.shapes.areas()[0], made.features.shapes.areas()[0]
    if rise == 0.0:
        assert on_it == pytest.approx(plain, rel=2e-3)
    else:
        assert (on_it > plain) == (longer > 1.0)
        assert on_it == pytest.approx(plain * longer, rel=0.15)


def test_shares_of_areas_in_shadow_are_those_of_geometry() -> None:
    project, layer = town()
    made = shadow_plan(project, [layer], ["2026-12-21T12:00", "2026-12-21T15:00"], name="s")
    parks = [shapely.box(EAST - 5, NORTH + 12, EAST + 25, NORTH + 60),
             shapely.box(EAST, NORTH - 300, EAST + 10, NORTH - 200)]  # fmt: skip
    areas = Layer(
        "features", "Parks", Features.of(Shapes.from_shapely(parks), pa.table({"a": [1, 2]}))
    )
    table = shadow_shares(made, areas)
    shadows = made.features.shapes.to_shapely()
    for name, shadow in zip(table.column_names[2:4], shadows, strict=True):
        wanted = 100.0 * parks[0].intersection(shadow).area / parks[0].area
        assert table.column(name).to_pylist() == [pytest.approx(wanted, abs=0.02), 0.0]
    ground = shadow_shares(made, layer)
    assert ground.column("shaded_mean_pct").to_pylist() == [pytest.approx(100.0, abs=0.1)]
    for plan, over, code in (
        (areas, areas, "shadow_shares.no_plan"),
        (made, Layer("terrain", "T", Terrain(np.zeros((4, 4), np.float32), 0, 0, 1, 1)),
         "shadow_shares.no_areas"),
    ):  # fmt: skip
        with pytest.raises(CityError) as caught:
            shadow_shares(plan, over)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("day", "declination"),
    [("2026-12-21", -23.43), ("2026-06-21", 23.43), ("2026-03-20", 0.0)],
)
def test_the_shadow_of_noon_is_that_of_the_almanac(day: str, declination: float) -> None:
    """At true noon a tower's shadow is its height times the tangent of latitude less declination.

    The height of the sun in the meridian follows from geometry; pvlib is not asked for it.
    """
    project, layer = town()
    longitude, latitude = project.need_frame().lonlat([[EAST + 10, NORTH + 5]])[0]
    noon = 12.0 - (float(longitude) - 120.0) / 15.0  # Beijing time, without the equation of time
    reach = 0.0
    for minutes in range(-20, 21, 2):  # which is 17 minutes at most
        at = noon + minutes / 60.0
        moment = f"{day}T{int(at):02d}:{int(at % 1 * 60):02d}"
        (shadow,) = shadow_plan(project, [layer], [moment], name="s").features.shapes.to_shapely()
        _, south, _, north = shadow.bounds
        length = max(north - (NORTH + 10.0), NORTH - south, 0.0)
        reach = length if minutes == -20 else min(reach, length)
    wanted = 30.0 * math.tan(math.radians(float(latitude) - declination))
    assert reach == pytest.approx(wanted, abs=0.35)


def test_a_shadow_that_crosses_itself_behind_a_ridge_is_united_with_the_others() -> None:
    folded = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])  # the light met the ground anew
    whole = united(np.array([folded, shapely.box(20, 0, 30, 10)], dtype=object))
    assert shapely.is_valid(whole)
    assert shapely.area(whole) == pytest.approx(50.0 + 100.0)
