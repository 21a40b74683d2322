"""What people write: points, sizes, cameras, layers and fields."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from app.arguments import (
    camera_text,
    colouring,
    overview,
    parse_camera,
    parse_points,
    parse_size,
    pick_layers,
    split_field,
)
from layers.errors import CityError
from layers.frame import CityGrid, Frame
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.clouds import Cloud
from layers.kinds.terrain import Terrain
from layers.project import Project
from layers.shapes import Shapes
from layers.style import colour_numbers

EAST, NORTH = 508_000.0, 3_378_000.0


def blocks(count: int = 20) -> Buildings:
    boxes = [
        shapely.box(EAST + 30 * i, NORTH, EAST + 30 * i + 20, NORTH + 20) for i in range(count)
    ]
    heights = 10.0 + 2.0 * np.arange(count)
    table = pa.table(
        {
            "use": ["住宅", "办公"] * (count // 2),
            "building:levels": list(range(1, count + 1)),
            "code": [str(i) for i in range(count)],
        }
    )
    return Buildings.blocks(Shapes.from_shapely(boxes), heights, table)


@pytest.fixture
def project() -> Project:
    project = Project(Frame("EPSG:4547", grid=CityGrid(dx=-500_000.0, dy=-3_370_000.0)))
    ground = Terrain(np.full((3, 60), 40.0, np.float32), EAST - 100, NORTH + 100, 100, 100)
    project.insert_layer(Layer("terrain", "Ground", ground))
    project.insert_layer(Layer("buildings", "Old: town", blocks(), layer_id="b1"))
    return project


@pytest.mark.parametrize(
    "text",
    ["1,2 3,4", " 1 , 2   3,4 ", "1,2;3,4", "1，2；3，4", "1,2\n3,4"],
)
def test_points_may_be_written_in_many_ways(text: str) -> None:
    assert parse_points(text) == ((1.0, 2.0), (3.0, 4.0))


@given(
    st.lists(
        st.lists(st.floats(-1e8, 1e8), min_size=2, max_size=3).map(tuple), min_size=1, max_size=6
    )
)
def test_points_come_back_as_they_were_written(points: list[tuple[float, ...]]) -> None:
    text = " ".join(",".join(repr(v) for v in point) for point in points)
    assert parse_points(text) == tuple(points)


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("1,2 3,x", "argument.number", "'x' in '3,x'"),
        ("1,nan 3,4", "argument.number", "'nan'"),
        ("1 2", "argument.point", "it has 1 numbers"),
        ("1,2,3,4 1,2", "argument.point", "it has 4 numbers"),
        ("1,2", "argument.points", "has 1 points; 2 are needed"),
        ("1,2 3,4 5,6", "argument.points", "has 3 points; 2 are needed"),
        ("", "argument.points", "has 0 points"),
    ],
)
def test_a_wrong_point_is_named(text: str, code: str, told: str) -> None:
    with pytest.raises(CityError) as caught:
        parse_points(text, least=2, most=2)
    assert caught.value.code == code
    assert told in caught.value.message


@pytest.mark.parametrize("text", ["1920X1080", " 1920 x 1080 ", "1920×1080", "1920*1080"])
def test_sizes_may_be_written_in_many_ways(text: str) -> None:
    assert parse_size(text) == (1920, 1080)


@pytest.mark.parametrize("text", ["", "1920", "1920x", "0x100", "20000x100", "-5x10", "1e3x10"])
def test_an_impossible_size_says_how_to_write_it(text: str) -> None:
    with pytest.raises(CityError) as caught:
        parse_size(text)
    assert caught.value.code == "argument.size"
    assert "1920x1080" in caught.value.hint


def test_a_camera_in_degrees_becomes_a_viewpoint_and_comes_back(project: Project) -> None:
    camera = parse_camera(project, "114.0834,30.5215,140,380,-30,45")
    assert math.degrees(camera.heading) == pytest.approx(20)
    assert math.degrees(camera.fov) == pytest.approx(45)
    assert camera.distance == pytest.approx(200)  # 100 m above ground, 30 degrees down
    again = parse_camera(project, camera_text(project, camera))
    assert again.east == pytest.approx(camera.east, abs=0.02)
    assert again.pitch == pytest.approx(camera.pitch)


def test_a_camera_may_stand_in_the_projects_or_the_citys_own_grid(project: Project) -> None:
    metric = parse_camera(project, f"{EAST},{NORTH},100,0,-90", "EPSG:4547")
    grid = parse_camera(project, "8000,8000,100,0,-90", "city-grid")
    assert (metric.east, metric.north) == pytest.approx((EAST, NORTH))
    assert (grid.east, grid.north) == pytest.approx((EAST, NORTH))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,2,3", "argument.camera"),
        ("114,30,100,0,-95", "argument.pitch"),
        ("114,30,100,0,-30,0", "view.fov"),
        ("114,30,a,0,-30", "argument.number"),
    ],
)
def test_a_wrong_camera_is_told(project: Project, text: str, code: str) -> None:
    with pytest.raises(CityError) as caught:
        parse_camera(project, text)
    assert caught.value.code == code


def test_an_overview_sees_what_is_visible_and_an_empty_project_has_none(project: Project) -> None:
    project.layer("Ground").visible = False
    camera = overview(project)
    east, north, _ = camera.target
    assert EAST < east < EAST + 600
    assert NORTH < north < NORTH + 20
    with pytest.raises(CityError, match="nothing to look at"):
        overview(Project(Frame("EPSG:4547")))


def test_layers_and_fields_may_hold_colons(project: Project) -> None:
    layer, field, mode = split_field(project, "Old: town:building:levels:ranges")
    assert (layer.id, field, mode) == ("b1", "building:levels", "ranges")
    assert split_field(project, "b1:use")[1:] == ("use", "")
    with pytest.raises(CityError) as caught:
        split_field(project, "use")
    assert caught.value.code == "argument.colour_by"
    with pytest.raises(CityError, match="no layer 'New'"):
        split_field(project, "New:use")


def test_a_colouring_fits_its_field(project: Project) -> None:
    layer = project.layer("b1")
    heights = colouring(layer, "height", steps=4)
    assert (heights.mode, len(heights.entries)) == ("ranges", 4)
    assert heights.entries[0].label.endswith(" m")
    assert colouring(layer, "use").mode == "categories"
    assert colouring(layer, "code").mode == "ranges"
    assert colouring(layer, "code", "categories").mode == "categories"
    with pytest.raises(CityError) as caught:
        colouring(layer, "nope")
    assert "building:levels" in caught.value.hint


def test_limits_make_the_ranges(project: Project) -> None:
    layer, field, mode = split_field(project, "b1:height:12,20.5")
    made = colouring(layer, field, mode)
    assert [e.label for e in made.entries] == ["< 12 m", "12 - 20.5 m", "≥ 20.5 m"]
    assert len(np.unique(colour_numbers(np.array([1.0, 12.0, 99.0]), made), axis=0)) == 3
    assert split_field(project, "b1:2020")[1:] == ("2020", "")
    with pytest.raises(CityError) as caught:
        colouring(layer, "height", "20,12")
    assert caught.value.code == "argument.limits"


def test_layers_are_picked_by_name_id_and_kind(project: Project) -> None:
    assert pick_layers(project, ["Old: town"]) == {"b1"} == pick_layers(project, ["buildings"])
    with pytest.raises(CityError, match="no layer"):
        pick_layers(project, ["nope"])


def test_an_overview_sees_the_top_of_clouds_and_of_buildings_on_hills() -> None:
    def seen(top: float) -> float:
        cloud = Cloud(
            np.array([[0, 0, 0], [50, 50, top]], dtype=np.float32),
            np.zeros((2, 3), dtype=np.uint8), (EAST, NORTH, 0.0), 2,
        )  # fmt: skip
        project = Project(Frame("EPSG:4547", (EAST, NORTH)))
        project.insert_layer(Layer("clouds", "Cloud", cloud))
        return overview(project).height

    assert seen(300.0) > seen(10.0) + 200.0
