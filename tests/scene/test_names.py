"""Names stand in their areas, half way along their lines, at their points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.shapes import Shapes
from scene.names import anchors, ink_of, label_set, names_of
from tests.scene.cities import SOUTH, WEST

U_SHAPE = shapely.box(0, 0, 30, 30).difference(shapely.box(10, 5, 20, 31))
GEOMETRY = [
    shapely.affinity.translate(U_SHAPE, WEST, SOUTH),
    shapely.LineString([(WEST, SOUTH), (WEST + 30, SOUTH), (WEST + 30, SOUTH + 10)]),
    shapely.Point(WEST + 7, SOUTH + 8),
    shapely.box(WEST, SOUTH, WEST + 3, SOUTH + 3),
]


def layer(names: list[object]) -> Layer:
    shapes = Shapes.from_shapely(np.array(GEOMETRY, dtype=object))
    data = Features.of(shapes, pa.table({"name": names}))
    style = replace(kind_of("features").style, label_field="name")
    return Layer("features", "Things", data, style=style)


def test_each_form_has_its_anchor() -> None:
    spots = anchors(layer(["a"] * 4).features, np.arange(4))
    assert GEOMETRY[0].contains(shapely.Point(spots[0]))
    assert spots[1].tolist() == [WEST + 20, SOUTH]
    assert spots[2].tolist() == [WEST + 7, SOUTH + 8]
    assert anchors(layer(["a"] * 4).features, np.empty(0, dtype=np.int64)).shape == (0, 2)


def test_objects_without_a_name_get_none() -> None:
    names = names_of(layer(["滨江", None, "  ", " quay "]), np.arange(4))
    assert names.rows.tolist() == [0, 3]
    assert names.texts == ("滨江", "quay")


def test_numbers_can_be_names() -> None:
    assert names_of(layer([12.0, None, 3.5, float("nan")]), np.arange(4)).texts == ("12", "3.5")


def test_larger_things_go_first() -> None:
    made = layer(["a"] * 4)
    rank = names_of(made, np.arange(4)).rank
    assert rank[0] > rank[3] > rank[2]


def test_names_are_dark_whatever_the_layer_looks_like() -> None:
    made = layer(["a"] * 4)
    for colour in ("#ffffff", "#000000", "#ffff00", "#c2185b"):
        made.style = replace(made.style, colour=colour)
        assert max(ink_of(made)) < 130


def test_a_field_can_say_which_names_go_first() -> None:
    made = layer(["a", "b", "c", "d"])
    data = made.features
    ranked = data.attributes.append_column("rank", pa.array([1.0, None, 9.0, 4.0]))
    other = Layer("features", "Things", replace(data, attributes=ranked), style=made.style)
    other.style = replace(made.style, label_rank="rank")
    names = names_of(other, np.arange(4))
    assert [names.texts[i] for i in np.argsort(-names.rank)] == ["c", "d", "a", "b"]


def test_of_very_many_names_the_foremost_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scene.names.MOST", 2)
    names = names_of(layer(["a", "b", "c", "d"]), np.arange(4))
    assert names.texts == ("a", "b")


def test_bright_letters_have_a_dark_halo() -> None:
    made = layer(["a"] * 4)
    made.style = replace(made.style, label_colour="#ffffff", label_size=20.0, label_metres=300.0)
    labels = label_set(made, np.zeros((4, 3)), names_of(made, np.arange(4)))
    assert max(labels.halo) < 60 < min(labels.ink)
    assert (labels.pixels, labels.farthest, labels.hideable) == (20.0, 300.0, True)
