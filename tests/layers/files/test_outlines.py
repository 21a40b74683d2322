"""Houses that a drawing holds as single lines."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from ezdxf.filemanagement import new
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box

from layers.files.importing import Imported
from tests.layers.files.town import EAST, NORTH, ZONE, content, heights, house, refused, taken


def sides(shape: Any, gap: float = 0.0) -> list[LineString]:
    corners = shapely.get_coordinates(shape).tolist()
    return [LineString([a, (b[0] + gap, b[1])]) for a, b in pairwise(corners)]


def imported(path: Path, lines: list[LineString], **fields: Any) -> Imported:
    gpd.GeoDataFrame({"n": range(len(lines)), **fields}, geometry=lines, crs=ZONE).to_file(path)
    return taken(path)


def test_four_lines_are_a_house_with_the_height_of_the_first(tmp_path: Path) -> None:
    lines = [*sides(house(0)), *sides(house(30))]
    made = imported(tmp_path / "h.gpkg", lines, height=[12.0] * 4 + [20.0] * 4)
    assert heights(made) == [12.0, 20.0]
    assert content(made).shapes.areas() == pytest.approx([144, 144])
    assert made.reports[0].kept == 8
    assert made.reports[0].repaired == {"outline_of_lines": 8}


def test_ends_a_few_millimetres_apart_meet_and_wide_gaps_stay_open(tmp_path: Path) -> None:
    near = imported(tmp_path / "a.gpkg", sides(house(0), gap=0.005))
    assert content(near).shapes.areas() == pytest.approx([144], abs=0.1)
    far = gpd.GeoDataFrame(geometry=sides(house(0), gap=0.3), crs=ZONE)
    far.to_file(tmp_path / "b.gpkg")
    error = refused(tmp_path / "b.gpkg")
    assert error.facts["why"] == {"not_a_polygon": 4}


def test_shared_walls_part_a_row_into_houses(tmp_path: Path) -> None:
    walls = [LineString([(EAST + x, NORTH), (EAST + x, NORTH + 12)]) for x in (0, 10, 20, 30)]
    fronts = [LineString([(EAST, NORTH + y), (EAST + 30, NORTH + y)]) for y in (0, 12)]
    made = imported(tmp_path / "row.gpkg", [*walls, *fronts])
    assert sorted(content(made).shapes.areas()) == pytest.approx([120, 120, 120], abs=1e-3)
    assert made.reports[0].kept == 6


def test_lines_that_run_past_the_corners_enclose_a_house(tmp_path: Path) -> None:
    lines = [LineString([(EAST - 2, NORTH + y), (EAST + 14, NORTH + y)]) for y in (0, 12)]
    lines += [LineString([(EAST + x, NORTH - 2), (EAST + x, NORTH + 14)]) for x in (0, 12)]
    made = imported(tmp_path / "cross.gpkg", lines)
    assert content(made).shapes.areas() == pytest.approx([144])


def test_lines_of_other_layers_of_a_drawing_do_not_join(tmp_path: Path) -> None:
    drawing = new("R2010")
    space = drawing.modelspace()
    for layer, shape in (("房屋", house(0)), ("道路", box(EAST - 5, NORTH - 5, EAST + 40, NORTH))):
        for line in sides(shape)[: 4 if layer == "房屋" else 3]:
            start, end = line.coords
            space.add_line(start, end, dxfattribs={"layer": layer, "thickness": 15})
    block = drawing.blocks.new("house")
    for line in sides(box(0, 0, 10, 8)):
        start, end = line.coords
        block.add_line(start, end)
    space.add_blockref("house", (EAST + 60, NORTH), dxfattribs={"layer": "房屋"})
    drawing.saveas(tmp_path / "总图.dxf")
    made = taken(tmp_path / "总图.dxf", crs=ZONE, layer="entities")
    assert sorted(content(made).shapes.areas()) == pytest.approx([80, 144])
    assert made.reports[0].skipped == {"not_a_polygon": 3}


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_the_order_and_direction_of_lines_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, count: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    sizes = random.uniform(6, 15, count)
    lines = [line for i, size in enumerate(sizes) for line in sides(house(i * 20, 0.0, size))]
    turned = [line.reverse() if random.random() < 0.5 else line for line in lines]
    shuffled = [turned[i] for i in random.permutation(len(turned))]
    made = imported(tmp_path_factory.mktemp("o") / "h.gpkg", shuffled)
    assert sorted(content(made).shapes.areas()) == pytest.approx(sorted(sizes**2))
