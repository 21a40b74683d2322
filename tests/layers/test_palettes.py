"""Colours for colourings and what is changed in a legend by hand."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.kinds.buildings import Buildings
from layers.palettes import (
    CATEGORY_PALETTES,
    RANGE_PALETTES,
    counted,
    made,
    repainted,
    spread,
    with_entry,
    with_limit,
    without_entry,
)
from layers.shapes import Shapes
from layers.style import rgb


def blocks(heights: list[float]) -> Buildings:
    boxes = [shapely.box(20 * i, 0, 20 * i + 9, 9) for i in range(len(heights))]
    uses = pa.table({"use": ["home" if i % 3 else None for i in range(len(heights))]})
    return Buildings.blocks(Shapes.from_shapely(boxes), heights, uses)


@given(st.lists(st.floats(1, 300), min_size=1, max_size=60), st.integers(2, 7))
@settings(max_examples=60, deadline=None)
def test_every_building_is_counted_once(heights: list[float], steps: int) -> None:
    data = blocks(heights)
    for field, mode in (("height", "ranges"), ("height", "categories"), ("use", "categories")):
        colouring = made(data, field, mode, steps=steps)  # type: ignore[arg-type]  # two literals
        assert sum(counted(data, colouring)) == len(heights)


def test_ranges_hold_all_buildings_and_the_highest_too() -> None:
    data = blocks([3.0, 6.0, 12.0, 60.0, 250.0])
    colouring = made(data, "height", "ranges", steps=3, palette="blue")
    counts = counted(data, colouring)
    assert counts[-1] == 0
    assert sum(counts) == 5
    assert colouring.entries[0].colour == RANGE_PALETTES["blue"][0]
    assert colouring.entries[-1].colour == RANGE_PALETTES["blue"][-1]
    assert colouring.entries[-1].label.endswith("250 m")


@pytest.mark.parametrize("palette", [*CATEGORY_PALETTES.values(), *RANGE_PALETTES.values()])
def test_palettes_are_colours_without_twins(palette: tuple[str, ...]) -> None:
    assert len({rgb(colour) for colour in palette}) == len(palette) >= 7
    assert spread(palette, len(palette)) == list(palette)
    assert len(spread(palette, 1)) == 1


def test_a_moved_limit_moves_both_ranges_and_their_labels() -> None:
    data = blocks([10.0, 20.0, 30.0, 40.0])
    colouring = made(data, "height", "ranges", steps=2, method="equal")
    moved = with_limit(colouring, 0, 35.0)
    assert (moved.entries[0].high, moved.entries[1].low) == (35.0, 35.0)
    assert [entry.label for entry in moved.entries] == ["10 - 35 m", "35 - 40 m"]
    assert counted(data, moved) == [3, 1, 0]
    with pytest.raises(CityError, match="must lie between 10 and 40"):
        with_limit(colouring, 0, 45.0)


def test_a_label_of_ones_own_stays_when_limits_move() -> None:
    colouring = made(blocks([10.0, 20.0, 30.0]), "height", "ranges", steps=2, method="equal")
    own = with_entry(colouring, 0, replace(colouring.entries[0], label="low-rise"))
    assert with_limit(own, 0, 24.0).entries[0].label == "low-rise"


def test_a_removed_range_is_taken_over_by_the_next() -> None:
    data = blocks([10.0, 20.0, 30.0, 40.0])
    colouring = made(data, "height", "ranges", steps=3, method="equal")
    less = without_entry(colouring, 0)
    assert len(less.entries) == 2
    assert counted(data, less)[-1] == 0


def test_other_colours_keep_labels_and_limits() -> None:
    colouring = made(blocks([10.0, 20.0]), "use", "categories", steps=5)
    named = with_entry(colouring, 0, replace(colouring.entries[0], label="Housing"))
    painted = repainted(named, "strong")
    assert painted.entries[0].label == "Housing"
    assert painted.entries[0].colour == CATEGORY_PALETTES["strong"][0]


def test_a_field_without_numbers_has_no_ranges() -> None:
    with pytest.raises(CityError, match="holds no numbers"):
        made(blocks([10.0]), "use", "ranges", steps=3)
