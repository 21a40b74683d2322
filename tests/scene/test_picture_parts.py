"""Large pictures are read where they are looked at, the finest near the eye."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scene.picture_parts import LEVELS, ground_in_view, wanted_parts
from scene.views.base import FrameState

BOX = (0.0, 0.0, 4000.0, 4000.0)


def straight_down(height: float, pixels: float = 1000.0, *, parallel: bool = False) -> FrameState:
    """Give a frame that looks straight down at 2000, 2000, half as wide as it is high."""
    if parallel:
        planes = np.array([[1, 0, 0, -1900.0], [-1, 0, 0, 2100.0], [0, 1, 0, -1900.0],
                           [0, -1, 0, 2100.0]])  # fmt: skip
        pixels = 2.0
    else:
        s = np.sqrt(0.5)
        planes = np.array([[s, 0, -s, 0], [-s, 0, -s, 0], [0, s, -s, 0], [0, -s, -s, 0]])
        planes[:, 3] = -planes[:, :3] @ [2000.0, 2000.0, height]
    return FrameState(
        planes, np.array([2000.0, 2000.0, height]), np.array([0.0, 0.0, -1.0]), (800, 800),
        pixels, parallel,
    )  # fmt: skip


def test_the_ground_in_view_is_what_the_sight_meets() -> None:
    places, grain = ground_in_view(straight_down(100.0), 0.0)
    np.testing.assert_allclose(places.min(axis=0), [1900.0, 1900.0])
    np.testing.assert_allclose(places.max(axis=0), [2100.0, 2100.0])
    assert 0.1 <= grain.min() <= grain.max() < 0.2
    places, grain = ground_in_view(straight_down(100.0, parallel=True), 0.0)
    np.testing.assert_allclose(places.max(axis=0), [2100.0, 2100.0])
    np.testing.assert_allclose(grain, 0.5)


def test_sight_above_the_horizon_meets_no_ground() -> None:
    frame = straight_down(100.0)
    up = FrameState(-frame.planes, frame.eye, -frame.look, frame.size, frame.pixels, False)
    assert len(ground_in_view(up, 0.0)[0]) == 0


@settings(max_examples=40, deadline=None)
@given(st.floats(5.0, 3000.0), st.sampled_from([0.05, 0.2, 1.0]))
def test_parts_are_few_nested_and_sharp_enough(height: float, finest: float) -> None:
    places, grain = ground_in_view(straight_down(height), 0.0)
    parts = wanted_parts(places, grain, BOX, finest, 8.0, size=512)
    assert len(parts) <= LEVELS
    steps = [part.step for part in parts]
    assert steps == sorted(steps)
    if not parts:
        assert grain.min() > 4.0
        return
    first = parts[0]
    assert first.step >= finest
    assert first.step <= 2.0 * max(grain.min(), finest)
    middle = np.array([2000.0, 2000.0])
    wide = 512 * first.step
    assert (middle >= [first.west, first.north - wide]).all()
    assert (middle <= [first.west + wide, first.north]).all()


def test_nothing_is_read_of_a_picture_out_of_sight() -> None:
    places, grain = ground_in_view(straight_down(100.0), 0.0)
    assert wanted_parts(places, grain, (9000.0, 9000.0, 9900.0, 9900.0), 0.1, 2.0) == ()
