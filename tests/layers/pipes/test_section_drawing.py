"""Drawings of sections: in scale, nothing on top of each other, everything said."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.kinds.pipes import BANK, CENTRE, Pipes, class_codes
from layers.pipes.long_drawing import long_plate
from layers.pipes.long_sections import long_section
from layers.pipes.plate import Oval, Path, Plate, Text, paper_for, spread, text_box
from layers.pipes.section_drawing import cross_plate
from layers.pipes.section_frame import PlateFacts
from layers.pipes.sections import SectionParams, cross_section
from tests.layers.pipes.made import EAST, NORTH
from tests.layers.pipes.streets import features, layer, line, sewer, street

ACROSS = [(EAST + 10.0, NORTH - 20.0), (EAST + 10.0, NORTH + 25.0)]


def words(key: str) -> str:
    return key


def texts(plate: Plate) -> list[Text]:
    return [shape for shape in plate.shapes if isinstance(shape, Text)]


def said(plate: Plate) -> set[str]:
    return {text.words for text in texts(plate)}


def test_a_pipe_is_as_large_as_the_scale_says_and_leads_to_its_run() -> None:
    plate = cross_plate(cross_section(street(), ACROSS), words, PlateFacts(scale=50.0))
    ovals = {shape.link: shape for shape in plate.shapes
             if isinstance(shape, Oval) and shape.layer == "pipes-drain"}  # fmt: skip
    drain = ovals["pipes", 2]
    assert (drain.rx, drain.ry) == pytest.approx((0.3 * 20.0, 0.3 * 20.0))
    water = next(s for s in plate.shapes if isinstance(s, Oval) and s.link == ("pipes", 1))
    assert drain.x - water.x == pytest.approx(8.0 * 20.0)
    assert water.y - drain.y == pytest.approx((18.5 - 16.5) * 20.0)


def test_the_table_tells_levels_cover_and_spacing() -> None:
    found = said(cross_plate(cross_section(street(), ACROSS), words))
    assert {"JS1", "JS DN300", "20.00", "18.67", "18.50", "18.35", "1.33", "8.00"} <= found
    assert {"row-ground", "row-top", "row-invert", "row-cover", "row-gap", "Red line"} <= found


def test_assumed_levels_carry_a_star() -> None:
    project = street()
    runs = features([line((-80, 0), (80, 0))])
    vague = Pipes.of_columns(runs, class_codes(["gas"]), [0.0], assumed=[7])
    project.insert_layer(layer("pipes", "vague", vague))
    plate = cross_plate(
        cross_section(project, ACROSS, SectionParams(layers=("vague",))), words
    )  # fmt: skip
    assert {"19.00*", "1.00*"} <= said(plate)


@pytest.mark.parametrize("gap", [0.02, 0.3])
def test_columns_and_labels_of_crowded_pipes_do_not_touch(gap: float) -> None:
    project = street()
    count = 24
    runs = features([line((-80, -6 + gap * k), (80, -6 + gap * k)) for k in range(count)],
                    holes=["2x2"] * count)  # fmt: skip
    crowd = Pipes.of_columns(
        runs, class_codes(["power"] * count), [0.1] * count, form=[BANK] * count,
        start_level=[18.0 + 0.3 * (k % 3) for k in range(count)],
        end_level=[18.0 + 0.3 * (k % 3) for k in range(count)], level_of=[CENTRE] * count,
    )  # fmt: skip
    project.insert_layer(layer("pipes", "crowd", crowd))
    plate = cross_plate(cross_section(project, ACROSS, SectionParams(layers=("crowd",))), words)
    boxes = [text_box(text) for text in texts(plate) if text.link is not None]
    assert len(boxes) >= 7 * count
    for a, b in itertools.combinations(boxes, 2):
        beside = a[2] <= b[0] + 0.05 or b[2] <= a[0] + 0.05
        above = a[3] <= b[1] + 0.05 or b[3] <= a[1] + 0.05
        assert beside or above


def test_everything_stays_on_the_paper() -> None:
    plate = cross_plate(cross_section(street(), ACROSS), words, PlateFacts(title="T", scale=100.0))
    for text in texts(plate):
        west, south, east, north = text_box(text)
        assert west >= 0
        assert south >= 0
        assert east <= plate.width
        assert north <= plate.height
    for shape in plate.shapes:
        if isinstance(shape, Path):
            assert shape.points.min() >= -1e-6
            assert (shape.points <= (plate.width + 1e-6, plate.height + 1e-6)).all()


def test_a_longitudinal_section_draws_heights_larger_and_says_both_scales() -> None:
    project = street()
    project.insert_layer(layer("pipes", "sewer", sewer()))
    section = long_section(project, project.layer("sewer"), [1, 2, 3])
    plate = long_plate(section, words, PlateFacts(scale=500.0, exaggeration=10.0))
    assert "across 1:500  up 1:50" in said(plate)
    assert {"17.75 / 17.55", "0+050.00", "WS2", "5.00", "50.00", "PS DN500"} <= said(plate)
    run = next(s for s in plate.shapes if isinstance(s, Path) and s.link == ("sewer", 1))
    wide, high = np.ptp(run.points, axis=0)
    assert wide == pytest.approx(50.0 * 2.0)
    assert high == pytest.approx((0.4 + 0.25) * 20.0)


def test_paper_grows_with_what_is_drawn() -> None:
    assert paper_for(100.0, 100.0)[0] == "A4"
    assert paper_for(1000.0, 380.0)[0] == "A1+" or paper_for(1000.0, 380.0)[0] == "A0"
    name, wide, high = paper_for(3000.0, 250.0)
    assert (name, wide >= 3000.0, high) == ("A3+", True, 297.0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.0, 100.0), min_size=1, max_size=12), st.floats(0.5, 8.0))
def test_places_spread_in_order_and_not_farther_than_needed(
    wanted: list[float], room: float
) -> None:
    places = sorted(wanted)
    moved = spread(places, [room] * len(places), -1000.0, 1000.0)
    assert (np.diff(moved) >= room - 1e-9).all()
    if (np.diff(places) >= room).all():
        assert moved == pytest.approx(places)
    assert moved.mean() == pytest.approx(np.mean(places))
