"""The score of the risk map: nearer, more, and more people never make it less."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from layers.drills.risk import LIMITS, hazard_at, level_of, score

shares = st.floats(0.0, 0.98)


@given(shares, st.floats(10.0, 800.0), st.floats(0.0, 5000.0), st.floats(0.0, 5000.0))
def test_farther_from_a_source_is_never_worse(
    weight: float, reach: float, one: float, other: float
) -> None:
    near, far = sorted((one, other))
    found = hazard_at([(near, 0.0), (far, 0.0)], [(0.0, 0.0)], [weight], [reach])
    assert found[0] >= found[1] >= 0.0
    assert found[0] <= weight + 1e-12


@given(st.lists(shares, min_size=1, max_size=5), shares, st.floats(0.0, 900.0))
def test_another_source_and_more_people_never_make_it_less(
    several: list[float], more: float, people: float
) -> None:
    def at(weights: list[float]) -> float:
        count = len(weights)
        return float(hazard_at([(0, 0)], [(50.0, 0.0)] * count, weights, [100.0] * count)[0])

    assert at([*several, more]) >= at(several) - 1e-12
    hazard = at(several)
    found = score([hazard, hazard], [people, people + 10.0])
    assert 0.0 <= found[0] <= found[1] <= 100.0


def test_colours_follow_the_limits() -> None:
    assert level_of([*LIMITS, 0.0]) == ["red", "orange", "yellow", "blue"]
    assert level_of(np.array(LIMITS) - 0.01) == ["orange", "yellow", "blue"]
