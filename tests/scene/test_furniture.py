"""Title, legend, north, scale, date and place stand on pictures of every size, uncut."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from layers.style import CATEGORY_COLOURS, Entry, Legend
from scene import fonts
from scene.furniture import (
    Facts,
    Furniture,
    Words,
    draw_furniture,
    legend_rows,
    round_length,
)
from scene.sheet import fitted

Pixels = NDArray[np.uint8]
CHINESE = Words(
    legend="图例", more="… 另有 {count} 项", north="北", metres="米", kilometres="千米",
    scale_centre="以画面中心为准", scale_everywhere="全图适用",
    position="视点 东 {east} 北 {north} 高 {height} 米",
    direction="方位角 {heading}°，俯仰角 {pitch}°", moment="日照 {date} {time}", other="其他",
)  # fmt: skip
USES = Legend(
    "用地 · 类别", tuple(Entry(f"居住用地 {i}", CATEGORY_COLOURS[i]) for i in range(12)), "area"
)
FACTS = Facts(
    legends=(
        Legend("建筑", (Entry("建筑", "#e6e1d6"),)),
        Legend("道路", (Entry("道路", "#8b8d91"),), "line"),
        Legend("地点", (Entry("地点", "#c2185b"),), "point"),
        USES,
    ),
    heading=0.6, pitch=-0.4, position=(509_500.0, 3_379_200.0, 312.0), metres_per_pixel=0.8,
    moment="2026-06-21T10:00", crs="CGCS2000 / 3-degree Gauss-Kruger CM 114E",
)  # fmt: skip
ALL = Furniture(title="滨江新区总体鸟瞰", subtitle="方案 A", caption="图 3-2", words=CHINESE)
NOTHING = Furniture(legend=False, north=False, scale_bar=False, date=False, coordinates=False)


def inked(pixels: Pixels) -> NDArray[np.bool_]:
    return np.asarray(pixels[..., 3] > 0)


def cards(pixels: Pixels) -> list[tuple[int, int, int, int]]:
    """Give the boxes of what is drawn in one piece: left, top, right, bottom."""
    from scipy import ndimage

    number, _ = ndimage.label(inked(pixels))
    return [
        (part[1].start, part[0].start, part[1].stop, part[0].stop)
        for part in ndimage.find_objects(number)
    ]


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (720, 1280), (3840, 2160), (2000, 500)])
def test_the_pieces_stand_apart_and_inside(size: tuple[int, int]) -> None:
    boxes = cards(draw_furniture(size, ALL, FACTS))
    assert len(boxes) == 5  # title, north, legend, scale, lower line
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= size[0]
        assert 0 <= top < bottom <= size[1]
    margins = [b for b in boxes if b[2] - b[0] < size[0]]
    assert len(margins) == 4
    assert all(b[0] > 4 and b[1] > 4 and b[2] < size[0] - 4 for b in margins)


def test_everything_grows_with_the_picture() -> None:
    small, large = (
        draw_furniture((1280 * n, 720 * n), ALL, replace(FACTS, metres_per_pixel=0.8 / n))
        for n in (1, 3)
    )
    for a, b in zip(sorted(cards(small)), sorted(cards(large)), strict=True):
        assert np.array(b) == pytest.approx(np.array(a) * 3, abs=40)


@pytest.mark.parametrize(
    "what", ["legend", "north", "scale_bar", "date", "coordinates", "title", "subtitle", "caption"]
)
def test_each_piece_can_be_had_alone(what: str) -> None:
    assert not inked(draw_furniture((640, 360), NOTHING, FACTS)).any()
    value: object = "滨江" if what in {"title", "subtitle", "caption"} else True
    wanted = {"legend": False, "north": False, "scale_bar": False, "date": False,
              "coordinates": False, "words": CHINESE, what: value}  # fmt: skip
    alone = Furniture(**wanted)  # type: ignore[arg-type]  # keywords of the parameter
    assert inked(draw_furniture((640, 360), alone, FACTS)).any()


def test_the_legend_shows_each_colour_and_says_what_found_no_room() -> None:
    drawn = draw_furniture((1280, 720), ALL, FACTS)
    colours = {tuple(c) for c in drawn[..., :3].reshape(-1, 3).tolist()}
    wanted = [tuple(int(e.colour[i : i + 2], 16) for i in (1, 3, 5)) for e in USES.entries]
    assert set(wanted) <= colours
    low = draw_furniture((1280, 260), ALL, FACTS)
    few = {tuple(c) for c in low[..., :3].reshape(-1, 3).tolist()}
    assert wanted[0] not in few or wanted[-1] not in few
    assert max(b[3] for b in cards(low)) <= 260


def test_a_layer_of_one_colour_takes_one_line() -> None:
    rows = legend_rows(FACTS.legends)
    assert [row.text for row in rows[:4]] == ["建筑", "道路", "地点", "用地 · 类别"]
    assert rows[3].colour is None
    assert len(rows) == 3 + 1 + 12


def test_the_arrow_turns_against_the_heading() -> None:
    def weight(heading: float) -> NDArray[np.float64]:
        facts = Facts(heading=heading)
        only = Furniture(legend=False, scale_bar=False, date=False, coordinates=False)
        drawn = draw_furniture((1280, 720), only, facts)
        dark = (drawn[..., :3].max(axis=2) < 60) & (drawn[..., 3] > 200)
        rows, columns = np.nonzero(dark[44:80])
        return np.array([columns.mean(), rows.mean()])

    north, east = weight(0.0), weight(math.pi / 2)
    west = weight(-math.pi / 2)
    assert west[0] != pytest.approx(east[0], abs=0.5) or west[1] != pytest.approx(east[1], abs=0.5)
    assert not np.allclose(north, east, atol=0.5)


@given(st.floats(1e-3, 1e7))
def test_the_bar_has_a_round_length_that_fits(metres: float) -> None:
    rounded = round_length(metres)
    assert rounded <= metres * (1 + 1e-6)
    assert rounded > metres / 2.51
    assert f"{rounded:e}"[0] in "125"


def bar_length(facts: Facts, size: tuple[int, int] = (1280, 720)) -> int:
    """Measure the drawn bar, pixels."""
    only = Furniture(legend=False, north=False, date=False, coordinates=False)
    drawn = draw_furniture(size, only, facts)
    dark = (drawn[..., :3].max(axis=2) < 70) & (drawn[..., 3] == 255)
    return max(int(np.ptp(np.flatnonzero(row))) + 1 for row in dark if row.sum() > 60)


@pytest.mark.parametrize("scale", [0.011, 0.8, 1.7, 33.0])
def test_the_bar_is_as_long_as_it_says(scale: float) -> None:
    metres = round_length(scale * 170)
    assert bar_length(Facts(metres_per_pixel=scale)) == pytest.approx(metres / scale, abs=2)


def test_where_the_middle_is_sky_there_is_no_bar() -> None:
    only = Furniture(legend=False, north=False, date=False, coordinates=False)
    assert not inked(draw_furniture((640, 360), only, Facts())).any()


def test_long_texts_end_with_a_sign_and_stay_inside() -> None:
    long = Furniture(title="滨江新区总体鸟瞰" * 30, subtitle="方案" * 200, caption="说明" * 200)
    boxes = cards(draw_furniture((800, 450), long, FACTS))
    assert max(b[2] for b in boxes) <= 800
    font = fonts.font(20)
    cut = fitted("滨江新区总体鸟瞰", font, 90)
    assert cut.endswith("…")
    assert font.getlength(cut) <= 90
    assert fitted("滨江", font, 900) == "滨江"
    assert fitted("滨江", font, 3) == ""


def test_the_same_furniture_is_the_same_to_the_last_pixel() -> None:
    first, second = (draw_furniture((900, 500), ALL, FACTS) for _ in range(2))
    assert np.array_equal(first, second)


@settings(max_examples=15, deadline=None)
@given(st.integers(16, 1500), st.integers(16, 1200))
def test_no_size_is_too_small(width: int, height: int) -> None:
    assert draw_furniture((width, height), ALL, FACTS).shape == (height, width, 4)


def test_pictures_that_are_printed_small_have_larger_letters() -> None:
    usual, larger = (
        cards(draw_furniture((1120, 630), replace(ALL, legend=False, larger=factor), FACTS))
        for factor in (1.0, 1.8)
    )

    def tallest(boxes: list[tuple[int, int, int, int]]) -> int:
        return max(bottom - top for _, top, _, bottom in boxes)

    assert tallest(larger) == pytest.approx(1.8 * tallest(usual), rel=0.1)
    assert all(right <= 1120 and bottom <= 630 for _, _, right, bottom in larger)
