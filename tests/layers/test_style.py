"""Looks are plain values; colours follow the numbers and words of the data."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import CityError
from layers.style import (
    MANY_BOUNDS,
    Colouring,
    Entry,
    Style,
    by_categories,
    by_ranges,
    colour_numbers,
    colour_texts,
    numbers,
    rgb,
    texts,
)


def test_colours_are_read_and_wrong_ones_refused() -> None:
    assert rgb("#e53935") == (229, 57, 53)
    for wrong in ("red", "#fff", "#gggggg"):
        with pytest.raises(CityError) as told:
            Style(colour=wrong)
        assert told.value.code == "style.colour"


def test_the_most_frequent_words_get_an_entry_and_the_rest_the_other_colour() -> None:
    column = pa.array(["住宅"] * 5 + ["办公"] * 3 + ["学校", None])
    colouring = by_categories("用途", column, most=2, other="#000000")
    assert [e.value for e in colouring.entries] == ["住宅", "办公"]
    colours = colour_texts(texts(column), colouring)
    assert colours[0].tolist() == list(rgb(colouring.entries[0].colour))
    assert colours[8].tolist() == colours[9].tolist() == [0, 0, 0]


def test_whole_numbers_as_categories_have_no_trailing_digits() -> None:
    assert texts(pa.array([1.0, 2.5, None, float("nan")])).tolist() == ["1", "2.5", None, None]


def test_numbers_are_read_out_of_texts() -> None:
    got = numbers(pa.array(["3", "4.5", "three", None]))
    np.testing.assert_array_equal(got, [3.0, 4.5, np.nan, np.nan])


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40),
    st.integers(2, 7),
    st.sampled_from(["quantiles", "equal"]),
)
def test_every_number_falls_into_exactly_one_range(
    values: list[float], steps: int, method: str
) -> None:
    array = np.array(values)
    colouring = by_ranges(
        "h", array, steps=steps, method="equal" if method == "equal" else "quantiles",
        other="#010203",
    )  # fmt: skip
    colours = colour_numbers(array, colouring)
    assert not (colours == (1, 2, 3)).all(axis=1).any()
    lows = [e.low for e in colouring.entries]
    assert lows == sorted(lows, key=lambda v: v or 0.0)


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(-9, 9)), st.one_of(st.none(), st.integers(-9, 9))
        ),
        max_size=MANY_BOUNDS,
    ),
    st.lists(st.one_of(st.integers(-10, 10), st.just(float("nan"))), min_size=1, max_size=30),
)
def test_ranges_with_gaps_and_overlaps_colour_as_read_one_by_one(
    ranges: list[tuple[int | None, int | None]], values: list[float]
) -> None:
    entries = tuple(
        Entry(label=str(i), colour=f"#{i + 1:06x}", low=low, high=high)
        for i, (low, high) in enumerate(ranges)
    )
    array = np.array(values, dtype=np.float64)
    found = colour_numbers(array, Colouring("h", "ranges", entries, "#ffffff"))
    for value, colour in zip(values, found, strict=True):
        wanted = rgb("#ffffff")
        for i, entry in enumerate(entries):
            low = -np.inf if entry.low is None else entry.low
            high = np.inf if entry.high is None else entry.high
            if low <= value < high or (i == len(entries) - 1 and value == high):
                wanted = rgb(entry.colour)
        assert tuple(colour) == wanted


def test_missing_numbers_get_the_other_colour() -> None:
    colouring = by_ranges("h", np.array([1.0, 2.0, 3.0]), other="#010203")
    assert colour_numbers(np.array([np.nan]), colouring).tolist() == [[1, 2, 3]]


def test_large_numbers_stand_in_legends_without_powers_of_ten() -> None:
    found = by_ranges("area", np.array([12.5, 45_000.0, 9_999.7, 1_250_000.0]), unit="m²", steps=3)
    labels = [entry.label for entry in found.entries]
    assert not any("e+" in label for label in labels)
    assert labels[-1].endswith("1,250,000 m²")


def test_a_field_without_numbers_cannot_be_ranged() -> None:
    with pytest.raises(CityError) as told:
        by_ranges("name", np.array([np.nan]))
    assert told.value.code == "style.no_numbers"
