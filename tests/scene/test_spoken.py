"""Words at the lower edge: wrapped as people wrap them, in the picture, over other things."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scene import fonts
from scene.furniture import Facts, Furniture, Sheet, draw_furniture
from scene.spoken import NO_END, NO_START, wrapped

FONT = fonts.font(18)


def test_words_of_letters_stay_whole() -> None:
    text = "Leave by exit A in order, help the old and the young, and do not use the lifts."
    lines = wrapped(text, FONT, 240.0, most=9)
    assert len(lines) > 2
    assert " ".join(lines) == text
    assert all(FONT.getlength(line) <= 240.0 for line in lines)


def test_chinese_breaks_anywhere_but_before_closing_signs() -> None:
    text = "请有序从 A 口离开，照顾老人儿童；邻近商铺立即熄火断电，听从疏散人员（红马甲）指挥。"
    for width in range(120, 400, 7):
        lines = wrapped(text, FONT, float(width), most=20)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert not any(line[0] in NO_START for line in lines)
        assert not any(line[-1] in NO_END for line in lines[:-1])


def test_what_finds_no_room_ends_with_dots() -> None:
    lines = wrapped("word " * 100, FONT, 200.0)
    assert len(lines) == 2
    assert lines[-1].endswith("…")


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("ab 城市，。（）xyz…"), max_size=60), st.floats(60.0, 400.0))
def test_no_line_is_wider_than_its_room(text: str, width: float) -> None:
    lines = wrapped(text, FONT, width, most=100)
    assert all(FONT.getlength(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (720, 1280)])
def test_spoken_words_stand_at_the_lower_edge_and_nowhere_else(size: tuple[int, int]) -> None:
    said = (
        ("总指挥", "启动三级响应，各组按预案行动。"),
        ("Fire Station 1", "Station 1 responding."),
    )
    bare = draw_furniture(size, Furniture(title="Drill"), Facts(metres_per_pixel=1.0))
    full = draw_furniture(
        size, Furniture(title="Drill", spoken=said, coming="Next in 0:00:20"),
        Facts(metres_per_pixel=1.0),
    )  # fmt: skip
    rows, columns = np.nonzero((bare != full).any(axis=2))
    assert rows.min() > 0.6 * size[1]
    assert columns.min() > 0
    assert columns.max() < size[0] - Sheet(size).margin + 2
    assert len(rows) > 0.01 * size[0] * size[1]


def test_without_words_nothing_is_drawn() -> None:
    bare = draw_furniture((640, 360), Furniture(), Facts())
    same = draw_furniture((640, 360), Furniture(spoken=(), coming=""), Facts())
    assert np.array_equal(bare, same)
