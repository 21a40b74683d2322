"""Places to look from."""

from __future__ import annotations

import pytest
import shapely

from layers.analyses.sight_from import places_of
from layers.errors import CityError
from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Shapes

EAST, NORTH = 500_000.0, 3_450_000.0


def one_house() -> Project:
    project = Project(Frame("EPSG:4549", (EAST, NORTH)))
    box = shapely.box(EAST, NORTH, EAST + 20.0, NORTH + 20.0)
    house = Buildings.blocks(Shapes.from_shapely([box]), 10.0)
    project.insert_layer(Layer("buildings", "House", house))
    return project


def test_degrees_for_metres_are_refused() -> None:
    with pytest.raises(CityError) as caught:
        places_of(one_house(), [[121.49, 31.24]], "", 1.6)
    assert caught.value.code == "sight.far_away"
    assert caught.value.facts["place"] == "121.49, 31.24"


def test_a_hill_far_from_the_city_is_a_place_to_look_from() -> None:
    (place,) = places_of(one_house(), [[EAST - 40_000.0, NORTH]], "", 1.6)
    assert place.tolist() == [EAST - 40_000.0, NORTH, 1.6]
