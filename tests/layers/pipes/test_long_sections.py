"""Longitudinal sections, held against what a hand draws."""

from __future__ import annotations

import numpy as np
import pytest

from layers.errors import CityError
from layers.kinds.pipes import Pipes
from layers.pipes.long_drawing import station_text, stop_levels
from layers.pipes.long_sections import (
    LongSection,
    long_section,
    nodes_called,
    way_between,
    way_of_runs,
)
from layers.project import Project
from tests.layers.pipes.streets import layer, sewer, street


def project_with(pipes: Pipes, *, terrain: bool = True) -> Project:
    project = street(terrain=terrain)
    project.insert_layer(layer("pipes", "sewer", pipes))
    return project


def unrolled(first: str, last: str, *, terrain: bool = True) -> LongSection:
    project = project_with(sewer(), terrain=terrain)
    pipes = sewer()
    way = way_between(pipes, nodes_called(pipes, [first, last]))
    return long_section(project, project.layer("sewer"), way)


def test_a_way_goes_forward_whatever_way_its_runs_were_drawn() -> None:
    section = unrolled("WS1", "WS4")
    assert [one.pipe for one in section.stretches] == [1, 2, 3]
    assert [one.forward for one in section.stretches] == [True, False, True]
    assert [stop.number for stop in section.stops] == ["WS1", "WS2", "WS3", "WS4"]
    assert [stop.station for stop in section.stops] == pytest.approx([0, 50, 100, 130])
    assert section.line.length == pytest.approx(130.0)


def test_inverts_slopes_and_the_step_at_a_manhole_are_those_of_the_survey() -> None:
    section = unrolled("WS1", "WS4")
    assert [one.slope for one in section.stretches] == pytest.approx([0.005, 0.005, 0.005])
    assert stop_levels(section, 0, "invert") == pytest.approx((18.0,))
    assert stop_levels(section, 1, "invert") == pytest.approx((17.75, 17.55))
    assert stop_levels(section, 2, "invert") == pytest.approx((17.3,))
    assert section.stops[1].bottom == 17.5


def test_turned_round_the_way_rises() -> None:
    section = unrolled("WS4", "WS1")
    assert [one.slope for one in section.stretches] == pytest.approx([-0.005, -0.005, -0.005])
    assert stop_levels(section, 2, "invert") == pytest.approx((17.55, 17.75))


def test_a_tee_is_shown_with_what_joins_there() -> None:
    section = unrolled("WS1", "WS4")
    (branch,) = section.stops[1].branches
    assert (branch.pipe, branch.code, branch.falls_in) == (4, "PS DN300", True)
    assert branch.centre == pytest.approx(18.2 + 0.15)
    assert all(not stop.branches for k, stop in enumerate(section.stops) if k != 1)


def test_what_crosses_is_cut_and_the_way_itself_is_not() -> None:
    section = unrolled("WS1", "WS4")
    crossing = {pipe.number: pipe for pipe in section.crossings}
    assert set(crossing) == {"MQ1", "WS1", "XX1"}
    assert crossing["WS1"].station == pytest.approx(103.0)
    assert crossing["MQ1"].station == pytest.approx(0.0)


def test_without_a_terrain_levels_of_manholes_are_the_ground() -> None:
    section = unrolled("WS1", "WS4", terrain=False)
    assert section.ground.source == "nodes"
    assert section.ground.at([0.0, 70.0]).tolist() == [20.0, 20.0]
    assert any(note.key == "section_ground_nodes" for note in section.notes)


def test_runs_picked_out_of_order_become_a_way() -> None:
    pipes = sewer()
    assert way_of_runs(pipes, [3, 1, 2]) in ([3, 2, 1], [1, 2, 3])
    assert way_of_runs(pipes, [2]) == [2]
    assert way_of_runs(pipes, [1, 3]) in ([1, 2, 3], [3, 2, 1])


def test_branches_are_no_way() -> None:
    with pytest.raises(CityError) as error:
        way_of_runs(sewer(), [1, 2, 4])
    assert error.value.code == "sections.no_way"


def test_nodes_are_known_by_number_or_id() -> None:
    assert nodes_called(sewer(), ["ws2", "7"]) == [6, 7]
    with pytest.raises(CityError) as error:
        nodes_called(sewer(), ["WS77"])
    assert error.value.code == "sections.no_such_node"
    with pytest.raises(CityError) as error:
        way_between(sewer(), [5, 5])
    assert error.value.code == "sections.nodes"


def test_a_loop_can_be_unrolled_whole() -> None:
    pipes = sewer()
    start, end = pipes.start_node.copy(), pipes.end_node.copy()
    start[3], end[3] = 8, 5  # the branch now leads from WS4 back to WS1
    ring = Pipes(
        pipes.shapes, pipes.ids, pipes.feature, pipes.attributes,
        **{name: getattr(pipes, name) for name in (
            "role", "line_class", "subclass", "form", "width", "height", "wall", "start_level",
            "end_level", "level_of", "status", "assumed")},
        start_node=start, end_node=end,
    )  # fmt: skip
    assert sorted(way_of_runs(ring, [1, 2, 3, 4])) == [1, 2, 3, 4]


def test_stations_are_written_as_engineers_do() -> None:
    assert [station_text(v) for v in (0.0, 999.999, 12_345.6)] == [
        "0+000.00", "1+000.00", "12+345.60"
    ]  # fmt: skip


def test_levels_between_bends_follow_the_length_along_the_run() -> None:
    section = unrolled("WS1", "WS2")
    one = section.stretches[0]
    assert np.interp(25.0, one.station, one.invert) == pytest.approx(17.875)
