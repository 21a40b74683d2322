from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.files.quantities import number_in, quantities


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("12.13 m", 12.13), ("3.5", 3.5), ("12,5", 12.5), ("约30米", 30.0), ("-9999", -9999.0),
        ("40'", 12.192), ("12 ft 6 in", 3.81), ("100 feet", 30.48), ("1,234.5", 1234.5),
        ("１２．５ｍ", 12.5), ("30层", 30.0), ("6F", 6.0), ("六层", 6.0), ("二十一", 21.0),
        ("地上6层地下2层", 6.0), ("10-12", 12.0), ("3;4", 4.0), ("+12", 12.0), (".5", 0.5),
        ("2.5e2", 250.0), ("H=12.5", 12.5), ("0,500", 0.5),
    ],
)  # fmt: skip
def test_numbers_are_found_as_people_write_them(text: str, metres: float) -> None:
    assert number_in(text) == pytest.approx(metres)


@pytest.mark.parametrize("text", ["", "   ", "tall", "N/A", "-", "层"])
def test_a_text_without_a_number_gives_none(text: str) -> None:
    assert math.isnan(number_in(text))


def test_bare_numbers_take_the_unit_of_the_field_and_marked_ones_keep_theirs() -> None:
    assert number_in("10", "ft") == pytest.approx(3.048)
    assert number_in("10'", "ft") == pytest.approx(3.048)


@settings(max_examples=100)
@given(st.text(max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    assert isinstance(number_in(text), float)


@settings(max_examples=100)
@given(st.floats(-1e5, 1e5).map(lambda x: round(x, 3)))
def test_what_python_writes_is_read_back(metres: float) -> None:
    assert number_in(f"{metres:.3f} m") == pytest.approx(metres)


def test_columns_of_any_type_become_numbers() -> None:
    expected = [3.0, np.nan, 4.5]
    for column in (
        pa.array(["3", None, "4.5 m"]),
        pa.chunked_array([["3"], [None, "4,5"]]),
        pa.array(["3", None, "4.5"]).dictionary_encode(),
        pa.array([3.0, None, 4.5]),
    ):
        np.testing.assert_allclose(quantities(column), expected)
    assert quantities(pa.array([10], pa.int32()), "ft") == pytest.approx([3.048])
    assert len(quantities(pa.array([], pa.string()))) == 0
