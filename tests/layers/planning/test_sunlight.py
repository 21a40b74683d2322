"""Minutes of sun: worked out by hand, against every single ray, and as obstacles come."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.terrain import Terrain
from layers.planning.obstacles import Obstacles, obstacles
from layers.planning.rays import Rays
from layers.planning.sun_path import SunPath, read_day, sun_path
from layers.planning.sunlight import AHEAD, Sunlit, sunlit
from layers.planning.sunlight_grids import facade_cells
from layers.progress import Progress, Silent
from layers.project import Project
from layers.shapes import Bools, Floats, Shapes
from tests.layers.planning.blocks import EAST, NORTH, Box, place, town

SOLSTICE = sun_path(114.0, 30.0, read_day("dongzhi").date, (9.0, 15.0))
GREAT_COLD = sun_path(114.0, 30.0, read_day("dahan").date, (8.0, 16.0))
SOUTH = np.array([[0.0, -1.0]])


def every_ray(things: Obstacles, places: Floats, normals: Floats, path: SunPath) -> Bools:
    """Look at every minute of every place with a ray."""
    starts = places.copy()
    starts[:, :2] += AHEAD * normals
    scene = Rays(things.points, things.triangles, own=True)
    lit = ~scene.blocked(
        np.repeat(starts, len(path), axis=0), np.tile(path.ways, (len(places), 1))
    ).reshape(len(places), -1)
    facing = normals @ path.ways[:, :2].T > 0.0
    facing[~normals.any(axis=1)] = True
    return np.asarray(lit & facing & (path.ways[:, 2] > 0.0))


def own_rays(things: Obstacles) -> Rays:
    """Give rays that count in double precision, as the heights of shadows do."""
    return Rays(things.points, things.triangles, own=True)


def by_hand(hour: float, latitude: float, declination: float) -> tuple[float, float, float]:
    """Give the sun's way by the formulas of a textbook: east, north, up."""
    phi, delta, omega = (math.radians(v) for v in (latitude, declination, 15.0 * (hour - 12.0)))
    up = math.sin(phi) * math.sin(delta) + math.cos(phi) * math.cos(delta) * math.cos(omega)
    south = math.sin(phi) * math.cos(delta) * math.cos(omega) - math.cos(phi) * math.sin(delta)
    return -math.cos(delta) * math.sin(omega), -south, up


def test_a_long_slab_in_the_south_takes_the_sun_while_its_top_stands_higher() -> None:
    # a slab 28.2 m above the sill, 40 m away, endless to both sides: lit while the angle of the
    # sun in the north-south plane is steeper than 28.2 : 40
    town_ = town([(-5000.0, 0.0, 5000.0, 12.0, 29.1)])
    spot = np.array([place(0.0, 52.0, 0.9)])
    lit = sunlit(obstacles(town_), spot, SOUTH, SOLSTICE)
    minutes = 0
    for minute in range(360):
        _, north, up = by_hand(9.0 + (minute + 0.5) / 60.0, 30.0, -23.44)
        minutes += up / -north > 28.2 / 40.0
    assert lit.minutes()[0] == pytest.approx(minutes, abs=1.0)
    assert 0 < minutes < 360


def test_a_tower_in_the_south_takes_the_minutes_its_width_hides() -> None:
    # 20 m wide, 60 m away: the sun is behind it while its azimuth is within atan(10 / 60)
    lit = sunlit(obstacles(town([(-10.0, 0.0, 10.0, 20.0, 300.0)])),
                 np.array([place(0.0, 80.0, 1.0)]), SOUTH, SOLSTICE)  # fmt: skip
    hidden = 0
    for minute in range(360):
        east, north, _ = by_hand(9.0 + (minute + 0.5) / 60.0, 30.0, -23.44)
        hidden += abs(east / north) < 10.0 / 60.0
    assert 360 - lit.minutes()[0] == pytest.approx(hidden, abs=1.0)
    (first, second) = lit.spells_of(0)
    assert first[0] == 9.0
    assert second[1] == 15.0
    assert (12.0 - first[1]) * 60.0 == pytest.approx(hidden / 2.0, abs=1.0)


def test_a_wall_that_looks_east_is_lit_until_noon_and_one_to_the_north_never() -> None:
    nothing = obstacles(town([(900.0, 900.0, 901.0, 901.0, 3.0)]))
    ways = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    lit = sunlit(nothing, np.array([place(0.0, 0.0, 2.0)] * 3), ways, SOLSTICE)
    assert lit.minutes().tolist() == [180.0, 0.0, 360.0]


def test_short_spells_do_not_count_where_a_rule_says_so() -> None:
    bits = np.packbits([[1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1]], axis=1)
    path = sun_path(114.0, 30.0, read_day("dahan").date, (12.0, 12.2))
    lit = Sunlit(bits, path)
    assert lit.minutes().tolist() == [10.0]
    assert lit.minutes(5.0).tolist() == [6.0]
    assert lit.longest().tolist() == [6.0]


def random_town(seed: int, count: int) -> tuple[list[Box], Floats, Floats]:
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0.0, 250.0, (count, 2))
    size = rng.uniform(6.0, 40.0, (count, 2))
    high = rng.uniform(3.0, 90.0, count)
    boxes = [
        (float(x), float(y), float(x + w), float(y + d), float(h))
        for (x, y), (w, d), h in zip(corner, size, high, strict=True)
    ]
    spots = np.column_stack([rng.uniform(0.0, 300.0, (40, 2)), rng.uniform(0.5, 40.0, 40)])
    spots[:, :2] += [EAST, NORTH]
    angle = rng.uniform(0.0, 2 * np.pi, 40)
    normals = np.column_stack([np.sin(angle), np.cos(angle)])
    normals[::4] = 0.0
    return boxes, spots, normals


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 100_000), st.integers(1, 60))
def test_no_minute_differs_from_looking_with_every_ray(seed: int, count: int) -> None:
    boxes, spots, normals = random_town(seed, count)
    things = obstacles(town(boxes))
    lit = sunlit(things, spots, normals, GREAT_COLD, rays=own_rays(things))
    assert np.array_equal(lit.steps(), every_ray(things, spots, normals, GREAT_COLD))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 100_000))
def test_no_minute_differs_on_rough_ground(seed: int) -> None:
    rng = np.random.default_rng(seed)
    heights = np.cumsum(rng.normal(0.0, 1.5, (80, 80)), axis=1).astype(np.float32)
    ground = Terrain(heights, EAST - 50.0, NORTH + 350.0, 5.0, 5.0)
    boxes, spots, normals = random_town(seed, 12)
    project = town(boxes, ground)
    spots[:, 2] += project.ground_at(spots[:, :2])
    things = obstacles(project)
    lit = sunlit(things, spots, normals, GREAT_COLD, rays=own_rays(things))
    assert np.array_equal(lit.steps(), every_ray(things, spots, normals, GREAT_COLD))


def odd_town(seed: int) -> Project:
    """Make a project of angles, courts, gables, slabs on stilts and blocks, on slanting ground."""
    rng = np.random.default_rng(seed)
    shapes, height, under, roof = [], [], [], []
    for _ in range(25):
        x, y = rng.uniform(0.0, 200.0, 2)
        w, d = rng.uniform(12.0, 40.0, 2)
        outline = shapely.box(x, y, x + w, y + d)
        form = rng.integers(0, 5)
        if form == 1:  # an angle
            outline = outline.difference(shapely.box(x + w / 3, y - 1.0, x + w + 1.0, y + d / 2))
        if form == 2:  # a court
            outline = outline.difference(shapely.box(x + 4.0, y + 4.0, x + w - 4.0, y + d - 4.0))
        turned = shapely.affinity.rotate(outline, float(rng.uniform(0.0, 90.0)))
        shapes.append(shapely.affinity.translate(turned, EAST, NORTH))
        height.append(float(rng.uniform(8.0, 60.0)))
        under.append(float(rng.uniform(3.0, 6.0)) if form == 3 else 0.0)
        roof.append("gabled" if form == 4 else ("hip" if rng.random() < 0.2 else "flat"))
    data = Buildings.blocks(
        Shapes.from_shapely(shapes), np.array(height), pa.table({"roof:shape": roof})
    )
    data = replace(data, min_height=np.array(under))
    project = Project(Frame("EPSG:4547"))
    if seed % 2:
        slope = np.linspace(0.0, 20.0, 60, dtype=np.float32)[:, None] + np.zeros(
            (1, 60), np.float32
        )
        project.insert_layer(
            Layer("terrain", "Ground", Terrain(slope, EAST - 50.0, NORTH + 250.0, 5.0, 5.0))
        )
    project.insert_layer(Layer("buildings", "Town", data))
    return project


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 100_000))
def test_no_minute_differs_on_any_storey_of_odd_buildings(seed: int) -> None:
    project = odd_town(seed)
    cells = facade_cells(project, list(project.of_kind("buildings")), 6.0)
    chosen = np.random.default_rng(seed).permutation(len(cells.places))[:150]
    spots, normals = cells.places[chosen], cells.normal[chosen]
    things = obstacles(project)
    lit = sunlit(things, spots, normals, GREAT_COLD, rays=own_rays(things))
    assert np.array_equal(lit.steps(), every_ray(things, spots, normals, GREAT_COLD))


def test_a_city_of_blocks_needs_no_ray() -> None:
    boxes, spots, normals = random_town(4, 40)
    assert sunlit(obstacles(town(boxes)), spots, normals, GREAT_COLD).rays == 0


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 100_000), st.integers(1, 30))
def test_sunlight_never_rises_when_an_obstacle_is_added(seed: int, count: int) -> None:
    boxes, spots, normals = random_town(seed, count + 1)
    fewer = sunlit(obstacles(town(boxes[:-1])), spots, normals, GREAT_COLD)
    more = sunlit(obstacles(town(boxes)), spots, normals, GREAT_COLD)
    assert not (more.steps() & ~fewer.steps()).any()


def test_what_is_too_low_and_too_far_is_left_out_without_a_difference() -> None:
    boxes, spots, normals = random_town(7, 60)
    project = town(boxes)
    low = float(spots[:3, 2].min())
    box = (*spots[:3, :2].min(axis=0), *spots[:3, :2].max(axis=0))
    slope = float(np.tan(GREAT_COLD.elevation.min()))
    near = obstacles(project, near=box, lowest=low, slope=slope)
    assert len(near) < 60
    a = sunlit(near, spots[:3], normals[:3], GREAT_COLD)
    b = sunlit(obstacles(project), spots[:3], normals[:3], GREAT_COLD)
    assert np.array_equal(a.bits, b.bits)


def test_it_can_be_stopped() -> None:
    class StopError(Exception):
        pass

    class Impatient(Silent):
        def step(self, *_: object) -> None:
            raise StopError

    boxes, spots, normals = random_town(3, 10)
    impatient: Progress = Impatient()
    with pytest.raises(StopError):
        sunlit(obstacles(town(boxes)), spots, normals, GREAT_COLD, impatient)


def test_a_place_that_lies_nowhere_on_earth_is_told() -> None:
    from layers.analyses import running

    project = town([(0.0, 0.0, 10.0, 10.0, 9.0)])
    project.frame = None
    with pytest.raises(CityError) as error:
        running.run(project, "sunlight")
    assert error.value.code == "project.no_crs"
