"""Places are found as people write them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from app.places import find_places, initials, rank
from layers.frame import CityGrid, Frame
from layers.kinds.base import Features, Layer
from layers.project import Project
from layers.shapes import Shapes
from layers.viewpoint import View, Viewpoint

EAST, NORTH = 509_463.0, 3_377_851.0
NAMES = ["江滩公园", "Riverside Park", "汉口江滩公园", "Park Lane", "公园路", None]


def city() -> Project:
    project = Project(Frame("EPSG:4547", (EAST, NORTH), grid=CityGrid(-500_000.0, -3_370_000.0)))
    spots = [shapely.Point(EAST + 100 * i, NORTH + 50 * i) for i in range(6)]
    table = pa.table({"name": NAMES, "use": ["green"] * 5 + ["shop"], "house": list(range(6))})
    data = Features.of(Shapes.from_shapely(np.array(spots, dtype=object)), table)
    project.insert_layer(Layer("places", "Spots", data, layer_id="spots"))
    project.views = (View("Park view", Viewpoint(EAST, NORTH, 100.0)),)
    return project


CITY = city()
LON, LAT = CITY.need_frame().lonlat([[EAST, NORTH]])[0]


@pytest.mark.parametrize(
    ("text", "how"),
    [
        (f"{EAST}, {NORTH}", "project"),
        (f"{NORTH} {EAST}", "project_swapped"),
        (f"X={NORTH} Y={EAST}", "project_swapped"),
        (f"{NORTH}, 38{EAST}", "zone"),
        (f"{LON:.7f},{LAT:.7f}", "lonlat"),
        (f"{LAT:.7f},{LON:.7f}", "lonlat"),
        (f"东经{LON:.7f} 北纬{LAT:.7f}", "lonlat"),
        (f"N{LAT:.7f} E{LON:.7f}", "lonlat"),
        (f"{int(LAT)}°{LAT % 1 * 60:.5f}'N {int(LON)}°{LON % 1 * 60:.5f}'E", "lonlat"),
        (f"{EAST - 500_000}, {NORTH - 3_370_000}", "city_grid"),
    ],
)
def test_coordinates_are_understood_in_each_writing(text: str, how: str) -> None:
    best = find_places(CITY, text)[0]
    assert best.how == how
    assert best.extent is not None
    west, south, east, north = best.extent
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx((EAST, NORTH), abs=1.0)


@settings(max_examples=25, deadline=None)
@given(st.floats(-20_000, 20_000), st.floats(-20_000, 20_000))
def test_what_is_written_as_degrees_comes_back(east: float, north: float) -> None:
    lon, lat = CITY.need_frame().lonlat([[EAST + east, NORTH + north]])[0]
    box = find_places(CITY, f"{lon:.8f}E {lat:.8f}N")[0].extent
    assert box is not None
    assert (box[0] + box[2]) / 2 == pytest.approx(EAST + east, abs=0.01)


def test_the_best_name_stands_first() -> None:
    found = find_places(CITY, "江滩公园")
    assert [place.title for place in found] == ["江滩公园", "汉口江滩公园"]
    assert found[0].object_ids == (1,)
    assert found[0].layer_id == "spots"
    english = [place.title for place in find_places(CITY, "park")]
    assert english == ["Park Lane", "Park view", "Riverside Park"]


def test_first_letters_of_pinyin_find_chinese_names() -> None:
    assert initials("汉口江滩") == "hkjt"
    assert [place.title for place in find_places(CITY, "jtgy")] == ["江滩公园", "汉口江滩公园"]


def test_objects_of_one_value_are_one_place_and_words_may_stand_in_several_fields() -> None:
    (green,) = find_places(CITY, "green")
    assert len(green.object_ids) == 5
    assert find_places(CITY, "lane green")[0].object_ids == (4,)
    assert find_places(CITY, "lane shop") == []


def test_whole_numbers_of_attributes_are_found_and_nonsense_is_not() -> None:
    assert any(place.how == "house" for place in find_places(CITY, "5"))
    assert find_places(CITY, "zzzz") == []
    assert find_places(CITY, "   ") == []
    assert find_places(Project(), "12, 13") == []
    assert find_places(CITY, "12E, 13N") == []  # far away from the city


@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=4))
def test_the_same_text_fits_best(value: str, part: str) -> None:
    assert rank(value, value) == 100.0
    assert 0.0 <= rank(value, part) <= 100.0
