"""Words at the lower edge: wrapped as people wrap them, in the picture, over other things."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scene import fonts
from scene.captions import (
    HIGHEST,
    NO_END,
    NO_START,
    Captions,
    caption_picture,
    draw_captions,
    wrapped,
)
from scene.furniture import Facts, Furniture, draw_furniture
from scene.sheet import Sheet

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


TOLD = Captions(
    "0:32:10", "Level III response is declared (+2)", "Exercise", "Keep out of exit B",
    (
        ("总指挥", "启动三级响应，各组按预案行动。各组十分钟内报到，人员立即后撤并清点，"
         "未断气前不灭火。"),
        ("Fire Station 1", "Station 1 responding."),
    ), "Next in 0:00:20: Fire Station 2 turns out",
)  # fmt: skip
SIZES = [(640, 360), (1280, 720), (720, 1280), (1000, 380), (2560, 1440)]


def furnished(size: tuple[int, int], captions: Captions | None) -> np.ndarray:
    wanted = Furniture(title="Drill", captions=captions)
    return draw_furniture(size, wanted, Facts(metres_per_pixel=1.0))


@pytest.mark.parametrize("size", SIZES)
def test_captions_stand_at_the_lower_edge_and_hide_little(size: tuple[int, int]) -> None:
    bare, full = furnished(size, None), furnished(size, TOLD)
    rows, columns = np.nonzero((bare != full).any(axis=2))
    assert np.ptp(rows) <= HIGHEST * size[1]
    assert rows.min() > 0.5 * size[1]
    margin = Sheet(size).margin
    assert columns.min() >= margin - 1
    assert columns.max() < size[0] - margin + 2
    assert len(rows) > 0.01 * size[0] * size[1]


@pytest.mark.parametrize("size", SIZES)
def test_the_window_draws_the_captions_of_a_film(size: tuple[int, int]) -> None:
    bare, full = furnished(size, None), furnished(size, TOLD)
    made = caption_picture(size, TOLD, furnished=True, corner=(0.0, 0.0))
    assert made is not None
    pixels, left, top = made
    high, wide = pixels.shape[:2]
    assert np.array_equal(full[top : top + high, left : left + wide], pixels)
    full[top : top + high, left : left + wide] = bare[top : top + high, left : left + wide]
    assert np.array_equal(full, bare)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("corner", [(0.0, 0.0), (220.0, 200.0), (400.0, 150.0)])
def test_captions_leave_free_what_stands_in_the_corners(
    size: tuple[int, int], corner: tuple[float, float]
) -> None:
    sheet = Sheet(size)
    box = draw_captions(sheet, TOLD, True, size[1] - 30.0, corner)
    assert box is not None
    left, top, right, bottom = box
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]
    clear = size[0] - corner[0], size[1] - corner[1]
    assert right <= clear[0] or bottom <= clear[1]
    bar = sheet.margin + sheet.u(214), size[1] - 30.0 - sheet.u(51)
    assert left >= bar[0] or bottom <= bar[1]


def test_captions_are_readable_on_any_ground() -> None:
    made = caption_picture((1280, 720), TOLD, furnished=True, corner=(0.0, 0.0))
    assert made is not None
    shown = made[0].astype(float)
    for ground in (0.0, 128.0, 255.0):
        share = shown[..., 3:] / 255.0
        seen = (shown[..., :3] * share + ground * (1.0 - share)).min(axis=2)
        paper = np.median(seen)
        assert paper > 200.0
        assert (seen < 0.45 * paper).mean() > 0.02  # dark letters on it


def test_old_words_go_first_where_a_picture_is_low() -> None:
    heights = [
        caption_picture((900, high), TOLD, furnished=True, corner=(0.0, 0.0))
        for high in (160, 300, 900)
    ]
    rows = [0 if made is None else made[0].shape[0] for made in heights]
    assert 0 < rows[0] < rows[1] < rows[2]


def test_without_words_nothing_is_drawn() -> None:
    bare = furnished((640, 360), None)
    assert np.array_equal(bare, furnished((640, 360), Captions()))
    assert caption_picture((640, 360), Captions(), furnished=True, corner=(0.0, 0.0)) is None
