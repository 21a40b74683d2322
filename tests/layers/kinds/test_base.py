"""Features and layers: identity, attributes, and the way to plain parts and back."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.errors import CityError
from layers.kinds import KINDS, kind_of
from layers.kinds.base import Features, Layer
from layers.shapes import Shapes


@pytest.fixture
def parks() -> Features:
    shapes = Shapes.from_shapely([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)])
    table = pa.table({"name": ["东湖公园", "西园"], "trees": [7, None]})
    return Features(shapes, np.array([5, 9]), np.array([1, 0]), table)


def test_objects_are_found_by_number_and_know_their_row(parks: Features) -> None:
    assert parks.index_of([9, 5]).tolist() == [1, 0]
    assert parks.row(9) == {"name": "东湖公园", "trees": 7}
    np.testing.assert_array_equal(parks.numbers("trees"), [np.nan, 7.0])


def test_missing_numbers_and_fields_are_told(parks: Features) -> None:
    with pytest.raises(CityError, match="1 of 2 objects are not in the layer; first: 4"):
        parks.index_of([5, 4])
    with pytest.raises(CityError, match="name, trees"):
        parks.column("height")


def test_the_parts_of_a_layer_build_it_again(parks: Features) -> None:
    again = Features.unpack(parks.pack())
    assert again.ids.tolist() == [5, 9]
    assert again.attributes.equals(parks.attributes)
    pairs = zip(again.shapes.to_shapely(), parks.shapes.to_shapely(), strict=True)
    assert all(a.equals(b) for a, b in pairs)


def test_columns_that_do_not_fit_are_refused(parks: Features) -> None:
    with pytest.raises(CityError):
        Features(parks.shapes, np.array([5, 5]), np.array([0, 1]), parks.attributes)
    with pytest.raises(CityError):
        Features(parks.shapes, np.array([5, 9]), np.array([0, 2]), parks.attributes)


def test_a_layer_tells_when_its_data_or_its_look_changes(parks: Features) -> None:
    layer = Layer("greenery", "Parks", parks)
    heard: list[str] = []
    layer.data_changed.connect(lambda: heard.append("data"))
    layer.look_changed.connect(lambda: heard.append("look"))
    layer.data = parks
    layer.visible = False
    layer.opacity = 3.0
    assert heard == ["data", "look", "look"]
    assert layer.opacity == 1.0


def test_every_kind_has_its_word_and_an_unknown_one_names_them_all() -> None:
    assert all(key == kind.key for key, kind in KINDS.items())
    with pytest.raises(CityError, match="buildings") as told:
        kind_of("houses")
    assert told.value.code == "kind.unknown"
