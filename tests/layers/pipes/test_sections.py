"""Sections through pipes, held against what a hand draws."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.kinds.pipes import CENTRE, Pipes
from layers.pipes.section_line import SectionLine, joined_spans
from layers.pipes.sections import SectionParams, cross_section
from tests.layers.pipes.made import EAST, NORTH, network
from tests.layers.pipes.streets import layer, sewer, street

ACROSS = [(EAST + 10.0, NORTH - 20.0), (EAST + 10.0, NORTH + 25.0)]


def test_pipes_are_cut_in_order_with_their_levels_and_cover() -> None:
    section = cross_section(street(), ACROSS)
    water, drain, *others = section.pipes
    assert (water.top, water.bottom, water.invert) == pytest.approx((18.67, 18.33, 18.35))
    assert water.cover == pytest.approx(20.0 - 18.67)
    assert (drain.invert, drain.centre, drain.top) == pytest.approx((16.2, 16.5, 16.8))
    assert [water.station, drain.station] == pytest.approx([15.0, 23.0])
    assert {other.number for other in others} == {"MQ1", "XX1"}
    assert section.ground.source == "terrain"


def test_an_oblique_pipe_is_an_ellipse_as_wide_as_its_angle_makes_it() -> None:
    gas = next(p for p in cross_section(street(), ACROSS).pipes if p.number == "MQ1")
    assert gas.angle == pytest.approx(math.pi / 4)
    assert gas.half_along == pytest.approx(0.1 * math.sqrt(2.0))
    assert gas.half_high == pytest.approx(0.1)
    assert (gas.station, gas.east, gas.north) == pytest.approx((30.0, EAST + 10.0, NORTH + 10.0))
    assert gas.plan_error == pytest.approx(0.10 * 2.0 * math.sqrt(2.0))
    assert gas.depth_error == pytest.approx(0.15 * 2.0)


def test_spacing_is_from_middle_to_middle_and_gaps_from_outside_to_outside() -> None:
    section = cross_section(street(), ACROSS)
    assert section.spacing()[0] == pytest.approx(8.0)
    assert section.gaps()[0] == pytest.approx(8.0 - 0.17 - 0.30)
    above = replace(section.pipes[1], station=section.pipes[0].station + 0.1)
    crowded = replace(section, pipes=(section.pipes[0], above, *section.pipes[2:]))
    assert np.isnan(crowded.gaps()).tolist()[:2] == [True, False]  # one lies above the other


def test_pavement_houses_and_control_lines_stand_where_they_are() -> None:
    section = cross_section(street(), ACROSS)
    spans = [(s.surface, round(s.start, 3), round(s.end, 3)) for s in section.strips]
    assert spans == [
        ("footway", 8.5, 12.5), ("carriageway", 12.5, 27.5), ("footway", 27.5, 31.5)
    ]  # fmt: skip
    (house,) = section.blocks
    assert (house.start, house.end, house.bottom, house.top) == pytest.approx((36, 45, 20, 44))
    (red,) = section.marks
    assert red.name == "Red line"
    assert red.station == pytest.approx(34.0)


def test_a_bent_line_is_unfolded() -> None:
    bent = [ACROSS[0], (EAST + 10.0, NORTH - 1.0), (EAST + 30.0, NORTH - 1.0),
            (EAST + 30.0, NORTH + 8.0)]  # fmt: skip
    section = cross_section(street(), bent)
    assert [p.number for p in section.pipes] == ["JS1", "WS1"]
    assert [p.station for p in section.pipes] == pytest.approx([15.0, 19.0 + 20.0 + 4.0])


def test_a_pipe_in_the_line_is_told_and_not_cut() -> None:
    along = [(EAST - 20.0, NORTH - 5.0), (EAST + 20.0, NORTH - 5.0)]
    section = cross_section(street(), along)
    assert [p.number for p in section.pipes] == ["MQ1"]
    assert {"section_along": {"count": 1}} in [{n.key: dict(n.facts)} for n in section.notes]


def test_a_bend_on_the_line_is_cut_once() -> None:
    bend = network([[(-5, -3), (0, 0), (5, -3)], [(0, -9), (0, 9)]], ["water", "gas"], [0.2, 0.1],
                   [(10, 10), (8, 8)])  # fmt: skip
    project = street()
    project.insert_layer(layer("pipes", "bend", bend))
    section = cross_section(project, [(EAST, NORTH - 4.0), (EAST, NORTH + 2.0)],
                            SectionParams(layers=("bend",)))  # fmt: skip
    assert [p.pipe for p in section.pipes] == [1]


def test_two_runs_that_meet_on_the_line_are_cut_once_unless_there_is_a_step() -> None:
    joined = network(
        [[(-5, 0), (0, 0)], [(0, 0), (5, 0)], [(-5, 2), (0, 2)], [(0, 2), (5, 2)]],
        ["drain"] * 4, [0.3] * 4, [(10, 9.9), (9.9, 9.8), (10, 9.9), (9.5, 9.4)],
    )  # fmt: skip
    project = street()
    project.insert_layer(layer("pipes", "joined", joined))
    section = cross_section(project, [(EAST, NORTH - 4.0), (EAST, NORTH + 4.0)],
                            SectionParams(layers=("joined",)))  # fmt: skip
    assert [p.pipe for p in section.pipes] == [1, 3, 4]


def test_levels_that_nobody_knows_are_assumed_and_say_so() -> None:
    project = street()
    old = project.layer("pipes").data
    assert isinstance(old, Pipes)
    project.layer("pipes").data = replace(old, start_level=np.full(4, np.nan))
    section = cross_section(project, ACROSS)
    assert all("level" in pipe.assumed for pipe in section.pipes)
    assert all(pipe.cover == pytest.approx(1.0) for pipe in section.pipes)
    assert any(note.key == "section_assumed_level" for note in section.notes)


def test_without_a_terrain_the_ground_is_that_of_the_manholes() -> None:
    project = street(terrain=False)
    project.insert_layer(layer("pipes", "sewer", sewer()))
    section = cross_section(
        project, [(EAST + 25.0, NORTH - 9.0), (EAST + 25.0, NORTH + 9.0)],
        SectionParams(layers=("sewer",)),
    )  # fmt: skip
    assert section.ground.source == "nodes"
    (pipe,) = section.pipes
    assert (pipe.ground, pipe.invert, pipe.cover) == pytest.approx((20.0, 17.875, 1.725))
    assert pipe.assumed == ()


def test_a_manhole_in_the_way_is_shown_as_wide_as_it_is_cut() -> None:
    project = street()
    project.insert_layer(layer("pipes", "sewer", sewer()))
    at = EAST + 50.0 + 0.21
    section = cross_section(project, [(at, NORTH - 9.0), (at, NORTH + 9.0)],
                            SectionParams(layers=("sewer",)))  # fmt: skip
    (shaft,) = section.shafts
    assert shaft.end - shaft.start == pytest.approx(2.0 * math.sqrt(0.35**2 - 0.21**2))
    assert (shaft.number, shaft.ground, shaft.bottom) == ("WS2", 20.0, 17.5)


def test_a_line_of_one_place_is_refused() -> None:
    with pytest.raises(CityError) as error:
        cross_section(street(), [ACROSS[0], ACROSS[0]])
    assert error.value.code == "sections.line"


def test_a_project_without_pipes_has_no_section() -> None:
    project = street()
    project.take_layer("pipes")
    with pytest.raises(CityError) as error:
        cross_section(project, ACROSS)
    assert error.value.code == "sections.no_pipes"


@settings(max_examples=25, deadline=None)
@given(st.floats(-80.0, 80.0), st.floats(-1e5, 1e5), st.floats(0.05, 1.5))
def test_moving_all_and_turning_the_line_round_change_no_levels(
    shift: float, far: float, angle: float
) -> None:
    def cut(moved: float, *, back: bool) -> list[tuple[float, ...]]:
        pipes = network([[(-200, 0), (200, 0)], [(-200, 4), (200, 30)]], ["water", "gas"],
                        [0.4, 0.2], [(10, 14), (8, 8)], level_of=CENTRE)  # fmt: skip
        pipes = replace(pipes, shapes=pipes.shapes.moved(moved, -moved))
        project = street()
        project.insert_layer(layer("pipes", "made", pipes))
        ends = [(shift, -60.0), (shift + 60.0 / math.tan(angle), 60.0)]
        placed = [(EAST + x + moved, NORTH + y - moved) for x, y in ends]
        made = cross_section(project, placed[::-1] if back else placed,
                             SectionParams(("made",), False, False, False))  # fmt: skip
        return sorted((p.pipe, round(p.centre, 6), round(p.half_along, 6)) for p in made.pipes)

    assert cut(0.0, back=False) == cut(0.0, back=True)
    assert [row[1:] for row in cut(far, back=False)] == [
        pytest.approx(row[1:], abs=1e-4) for row in cut(0.0, back=False)
    ]


def test_stations_run_along_the_line() -> None:
    measured = SectionLine.of([(0, 0, 5), (3, 4, 6), (3, 4, 6), (3, 10, 6)])
    assert measured.length == pytest.approx(11.0)
    assert measured.at([5.0, 8.0]).tolist() == [[3.0, 4.0], [3.0, 7.0]]
    assert joined_spans([(3, 4), (0, 1), (0.5, 2)]) == [(0, 2), (3, 4)]
