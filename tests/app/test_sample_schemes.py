"""The sample's schemes stand where they shall: one crosses a road line, one keeps its distance."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from app import api
from app.api import City
from app.sample_schemes import EAST, NAMES, NORTH, SITE, SOUTH, VIEW_FROM, VIEW_TO, add_schemes
from layers.edits import AddLayer
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.schemes import project_with
from layers.shapes import Shapes


@pytest.fixture(scope="module")
def city() -> City:
    site = shapely.Polygon(np.array(SITE, dtype=float) + np.array([EAST, NORTH]))
    middle = site.centroid
    boxes = [shapely.box(middle.x - 9, middle.y - 6, middle.x + 9, middle.y + 6),
             shapely.box(EAST + 10, NORTH + 10, EAST + 30, NORTH + 30)]  # fmt: skip
    city = api.new_project(crs="EPSG:4547")
    shapes = Shapes.from_shapely(boxes)
    city.run(AddLayer(Layer("buildings", "Houses", Buildings.blocks(shapes, 25.0))))
    trees = Features.of(Shapes.from_shapely([shapely.Point(EAST + 2040, NORTH + 1192),
                                             shapely.Point(EAST, NORTH)]))  # fmt: skip
    city.run(AddLayer(Layer("trees", "Trees", trees)))
    add_schemes(city, chinese=False)
    return city


def built(city: City, key: str) -> Buildings:
    project = project_with(city.project, NAMES[key][1])
    data = next(project.of_kind("buildings")).data
    assert isinstance(data, Buildings)
    return data


def test_the_existing_city_is_shown_and_the_plot_is_cleared_in_both(city: City) -> None:
    assert city.scheme == "existing"
    assert len(next(city.project.of_kind("buildings")).data) == 2
    for key in NAMES:
        data = built(city, key)
        assert data.ids[0] == 2  # what stands elsewhere stays
        assert city.schemes.get(NAMES[key][1]).counts()["removed"] >= 1


def test_the_court_crosses_the_road_line_by_three_metres_and_the_towers_keep_ten(
    city: City,
) -> None:
    for key, deepest in (("A", 0.0), ("B", 3.0)):
        outlines = built(city, key).shapes.to_shapely()[1:]
        corners = shapely.get_coordinates(outlines)
        way = np.diff(np.array(SOUTH), axis=0)[0]
        way /= np.hypot(*way)
        depth = (corners - np.array([EAST, NORTH]) - SOUTH[0]) @ np.array([-way[1], way[0]])
        assert max(-depth.min(), 0.0) == pytest.approx(deepest, abs=1e-6)
        if key == "A":
            assert depth.min() >= 10.0


def test_a_tower_stands_in_the_protected_view_and_the_court_does_not(city: City) -> None:
    begin, end = np.array(VIEW_FROM), np.array(VIEW_TO)
    sight = shapely.LineString(np.array([begin[:2], end[:2]]) + np.array([EAST, NORTH]))
    found = {}
    for key in NAMES:
        data = built(city, key)
        shapes = data.shapes.to_shapely()
        high = []
        for shape, height in zip(shapes[1:], data.height[1:], strict=True):
            if shape.distance(sight) < 12.0:
                share = sight.project(shape.centroid) / sight.length
                level = begin[2] + share * (end[2] - begin[2]) - 38.0  # above the ground there
                high.append(height - level)
        found[key] = max(high, default=0.0)
    assert found["A"] > 5.0
    assert found["B"] <= 0.0


def test_trees_go_where_buildings_come(city: City) -> None:
    counts = [len(next(project_with(city.project, names[1]).of_kind("trees")).data)
              for names in NAMES.values()]  # fmt: skip
    assert min(counts) == 1
    assert len(next(city.project.of_kind("trees")).data) == 2
