"""Colours of the ground: round classes of height, surveyors' classes of slope, eight directions."""

from __future__ import annotations

import numpy as np
import pytest

from layers.errors import CityError
from layers.ground_tint import round_step, tint
from tests.layers.planning.test_contours import cone


def test_heights_fall_into_round_classes_from_lowest_to_highest() -> None:
    entries = tint(cone(), "height").entries
    limits = [entry.high or 0.0 for entry in entries[:-1]]
    step = np.unique(np.round(np.diff(limits), 6))
    assert len(step) == 1
    assert 5 <= len(entries) <= 13
    assert entries[0].low == pytest.approx(float(cone().heights.min()))
    assert entries[-1].high == pytest.approx(60.0)
    assert entries[0].label.startswith("<")
    assert entries[-1].label.startswith(">")


def test_slopes_are_parted_as_land_surveys_do_and_limits_can_be_given() -> None:
    labels = [entry.label for entry in tint(cone(), "slope").entries]
    assert labels == ["< 2°", "2-6°", "6-15°", "15-25°", "> 25°"]
    assert len(tint(cone(), "slope", [10.0, 30.0, 400.0]).entries) == 3


def test_directions_have_the_names_of_the_reader() -> None:
    names = ["北", "东北", "东", "东南", "南", "西南", "西", "西北"]
    entries = tint(cone(), "aspect", directions=names).entries
    assert [entry.label for entry in entries] == names
    assert (entries[0].low, entries[-1].high) == (-22.5, 337.5)


def test_other_fields_are_refused() -> None:
    with pytest.raises(CityError, match="colour"):
        tint(cone(), "area")


def test_steps_are_round() -> None:
    assert [round_step(span, 10) for span in (1.0, 9.0, 37.0, 1600.0)] == [0.1, 1.0, 5.0, 200.0]
