"""Going back and forth through the looks of a picture."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from layers.viewpoint import Viewpoint
from scene.view_history import MOST, ViewHistory

START = Viewpoint(0.0, 0.0, 100.0)


@given(st.lists(st.sampled_from(["rest", "back", "on"]), max_size=40))
def test_it_behaves_like_the_history_of_a_browser(steps: list[str]) -> None:
    history, looks, at = ViewHistory(), [START], 0
    history.rest(START)
    for number, step in enumerate(steps, 1):
        if step == "rest":
            look = replace(START, east=100.0 * number)
            history.rest(look)
            looks, at = [*looks[: at + 1], look], at + 1
        elif step == "back":
            gone = history.back()
            assert gone == (looks[at - 1] if at else None)
            at = max(at - 1, 0)
        else:
            gone = history.on()
            assert gone == (looks[at + 1] if at < len(looks) - 1 else None)
            at = min(at + 1, len(looks) - 1)
        assert history.can_go_back == (at > 0)
        assert history.can_go_on == (at < len(looks) - 1)


def test_a_look_that_is_much_the_same_is_no_step() -> None:
    history = ViewHistory()
    assert history.rest(START)
    assert not history.rest(replace(START, east=0.5))
    assert history.rest(replace(START, heading=0.1))
    assert history.rest(replace(START, heading=0.1, projection="parallel"))


def test_only_so_many_are_kept() -> None:
    history = ViewHistory()
    for number in range(MOST + 50):
        history.rest(replace(START, east=100.0 * number))
    count = 0
    while history.back() is not None:
        count += 1
    assert count == MOST - 1
    history.clear()
    assert history.back() is None
