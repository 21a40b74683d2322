"""Every object gets the colour its layer's legend shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from layers.errors import CityError
from layers.kinds.base import Features
from layers.style import Colouring, Entry, Style, by_categories, by_ranges, rgb
from scene.colours import object_colours
from scene.id_texture import HIDDEN, MOST, PLAIN, SELECTED, IdTexture, states
from tests.scene.cities import city

USES = ("housing", "school", None, "housing")


def data() -> Features:
    """Give four buildings 10, 20, 30, 40 m high with a use and a number of floors."""
    table = pa.table({"use": list(USES), "floors": [3, 6, 9, None]})
    return replace(city(4), height=np.array([10.0, 20.0, 30.0, 40.0]), attributes=table)


def test_without_colouring_all_have_the_layers_colour() -> None:
    assert object_colours(data(), Style(colour="#102030")).tolist() == [[16, 32, 48]] * 4


def test_categories_and_the_rest() -> None:
    colouring = by_categories("use", data().attributes.column("use"), other="#010203")
    colours = object_colours(data(), Style(colouring=colouring))
    legend = {entry.value: rgb(entry.colour) for entry in colouring.entries}
    assert [tuple(c) for c in colours] == [legend.get(use, (1, 2, 3)) for use in USES]


def test_ranges_of_a_field_and_of_the_built_height() -> None:
    by_floor = by_ranges("floors", np.array([3.0, 6.0, 9.0]), steps=3, method="equal")
    colours = object_colours(data(), Style(colouring=by_floor))
    assert tuple(colours[0]) == rgb(by_floor.entries[0].colour)
    assert tuple(colours[3]) == rgb(by_floor.other)
    entries = (Entry("low", "#111111", low=0, high=20), Entry("high", "#222222", low=20, high=99))
    colours = object_colours(data(), Style(colouring=Colouring("height", "ranges", entries)))
    assert colours[:, 0].tolist() == [0x11, 0x22, 0x22, 0x22]


def test_heights_can_be_categories_too() -> None:
    colouring = Colouring("height", "categories", (Entry("ten", "#333333", value="10"),), "#000000")
    assert object_colours(data(), Style(colouring=colouring))[:, 0].tolist() == [0x33, 0, 0, 0]


def test_a_field_that_is_gone_gives_the_colour_of_the_rest() -> None:
    colouring = Colouring("gone", "categories", (), other="#0a0b0c")
    assert object_colours(data(), Style(colouring=colouring)).tolist() == [[10, 11, 12]] * 4


def test_hidden_beats_selected() -> None:
    hidden = np.array([False, False, False, True])
    assert states(hidden, np.array([1, 3])).tolist() == [PLAIN, SELECTED, PLAIN, HIDDEN]


def test_more_buildings_than_a_float_can_count_are_refused() -> None:
    with pytest.raises(CityError) as caught:
        IdTexture().write(
            np.array([MOST]), np.zeros((1, 3), dtype=np.uint8), np.zeros(1, dtype=np.uint8)
        )
    assert caught.value.code == "scene.too_many_buildings"
