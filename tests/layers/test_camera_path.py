"""Ways of the eye: through every stop, at an even speed, without jerks."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.camera_path import CameraPath, Track, along_line, between, eased
from layers.errors import CityError
from layers.viewpoint import Viewpoint

PLACES = st.lists(
    st.tuples(
        st.floats(-3000, 3000), st.floats(-3000, 3000), st.floats(5, 400), st.floats(0, 6.2)
    ),
    min_size=2, max_size=7, unique_by=lambda p: (round(p[0] / 20), round(p[1] / 20)),
)  # fmt: skip


def stops(places: list[tuple[float, ...]]) -> tuple[Viewpoint, ...]:
    return tuple(Viewpoint(5e5 + x, 3.4e6 + y, z, turn, -0.5, 200.0) for x, y, z, turn in places)


def hilly(places: np.ndarray) -> np.ndarray:
    return np.asarray(40.0 * np.sin((places[:, 0] - 5e5) / 150.0))


@settings(max_examples=40, deadline=None)
@given(PLACES, st.booleans())
def test_the_way_passes_through_every_stop(places: list[tuple[float, ...]], closed: bool) -> None:
    path = CameraPath("a", stops(places), look="ahead", closed=closed)
    track = Track(path)
    passed = track.place(track.stop_shares)[: len(places)]
    wanted = [[s.east, s.north, s.height] for s in path.stops]
    assert np.abs(passed - wanted).max() < 1e-3


@settings(max_examples=40, deadline=None)
@given(PLACES)
def test_equal_times_make_equal_ways(places: list[tuple[float, ...]]) -> None:
    track = Track(CameraPath("a", stops(places), look="ahead"))
    fine = track.place(np.linspace(0, 1, 20_001))
    pieces = np.linalg.norm(np.diff(fine, axis=0), axis=1).reshape(100, 200).sum(axis=1)
    assert np.abs(pieces / pieces.mean() - 1.0).max() < 0.02


@settings(max_examples=30, deadline=None)
@given(PLACES)
def test_a_free_look_is_that_of_the_stop_where_it_passes(places: list[tuple[float, ...]]) -> None:
    path = CameraPath("a", stops(places))
    track = Track(path)
    for stop, share in zip(path.stops, track.stop_shares, strict=True):
        eye = track.eye(float(share))
        assert math.cos(eye.heading - stop.heading) > 0.9999
        assert eye.pitch == pytest.approx(stop.pitch)
        assert eye.distance == pytest.approx(200.0)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.5))
def test_speed_grows_and_fades_and_never_turns_back(a: float, b: float, ease: float) -> None:
    low, high = min(a, b), max(a, b)
    assert eased(low, ease) <= eased(high, ease) + 1e-12
    assert eased(1.0 - a, ease) == pytest.approx(1.0 - eased(a, ease), abs=1e-9)
    if ease > 0.01:
        assert eased(ease / 1000, ease) < ease / 1000  # it starts from rest


def test_a_head_turns_the_short_way_round() -> None:
    first = Viewpoint(0, 0, 10, math.radians(350), 0, 50)
    path = CameraPath("a", (first, replace(first, east=100.0, heading=math.radians(10))))
    middle = Track(path).eye(0.5).heading
    assert math.cos(middle) == pytest.approx(1.0, abs=1e-6)


def test_turning_on_the_spot_is_a_way_too() -> None:
    first = Viewpoint(0, 0, 10, 0.0, 0.0, 50)
    track = Track(CameraPath("a", (first, replace(first, heading=2.0))))
    assert track.eye(0.5).heading == pytest.approx(1.0, abs=0.05)
    assert track.eye(0.5).east == 0.0


def test_an_eye_over_the_ground_never_dives_into_a_hill() -> None:
    line = [(5e5 + x, 3.4e6) for x in (0, 400, 900, 1500)]
    path = along_line("a", line, hilly, above=20.0, seconds=30)
    places = Track(path, hilly).place(np.linspace(0, 1, 500))
    over = places[:, 2] - hilly(places)
    assert over.min() >= 19.9
    steps = np.diff(places[:, 2])
    assert np.abs(np.diff(steps)).max() < 0.5  # no jerks


def test_looking_ahead_follows_the_line_and_a_target_stays_in_the_middle() -> None:
    line = [(5e5, 3.4e6), (5e5 + 500, 3.4e6), (5e5 + 500, 3.4e6 - 500)]
    ahead = Track(along_line("a", line, lambda xy: np.zeros(len(xy))), None)
    assert ahead.eye(0.02).heading == pytest.approx(math.pi / 2, abs=0.35)
    assert ahead.eye(1.0).heading == pytest.approx(math.pi, abs=0.35)
    target = (5e5 + 200, 3.4e6 - 200, 5.0)
    path = replace(ahead.path, look="target", target=target)
    for share in (0.0, 0.3, 1.0):
        eye = Track(path).eye(share)
        assert np.allclose(eye.target, target, atol=1e-6)


@given(st.floats(0.0, 1.0))
def test_going_between_two_views_begins_and_ends_in_them(share: float) -> None:
    a = Viewpoint.looking_at((0, 0, 0), 200.0, 0.2, -0.6)
    b = Viewpoint.looking_at((5000, 0, 0), 300.0, 6.0, -0.3)
    assert between(a, b, 0.0) == a
    assert between(a, b, 1.0) == b
    eye = between(a, b, share)
    assert eye.height > 0.0
    assert eye.target[0] == pytest.approx(5000 * share * share * (3 - 2 * share), abs=1e-6)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"stops": (Viewpoint(0, 0, 1), Viewpoint(0, 0, 1))}, "path.stops"),
        ({"seconds": 0.0}, "path.seconds"),
        ({"look": "target"}, "path.target"),
        ({"moments": ("2026-06-21T08:00",)}, "path.moments"),
    ],
)
def test_a_path_that_cannot_be_is_refused(change: dict[str, Any], code: str) -> None:
    path = CameraPath("a", (Viewpoint(0, 0, 1), Viewpoint(9, 0, 1)))
    with pytest.raises(CityError) as caught:
        replace(path, **change)
    assert caught.value.code == code


def test_a_path_comes_back_from_its_plain_values() -> None:
    path = CameraPath(
        "a", (Viewpoint(0, 0, 1), Viewpoint(9, 0, 1)), "target", (1.0, 2.0, 3.0), 12.0,
        closed=True, above=30.0, moments=("2026-06-21T08:00", "2026-06-21T18:00"), note="x",
    )  # fmt: skip
    import json

    assert CameraPath.from_json(json.loads(json.dumps(path.to_json()))) == path
