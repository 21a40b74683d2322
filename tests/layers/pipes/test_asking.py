"""Finding pipes by place, number and expression; what is told of them; sums of lengths."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.kinds.base import Features
from layers.kinds.pipes import INVERT, TOP, Pipes
from layers.pipes import asking
from layers.pipes.sheet import information, lengths
from layers.pipes.statistics import Areas, Roads, Surroundings, bands, crossed, joined, statistics
from layers.shapes import Floats, Shapes
from tests.layers.pipes.made import EAST, NORTH, network


def street() -> Pipes:
    """A sewer of 30 m, a gas pipe of 50 m beside it, a water pipe of 40 m across, far away."""
    return network(
        [[(0, 0), (30, 0)], [(0, 2), (50, 2)], [(200, 0), (200, 40)]],
        ["drain", "gas", "water"], [0.5, 0.2, 0.15], [(7.0, 6.6), (9.0, 9.0), (8.0, 8.0)],
        level_of=[INVERT, TOP, TOP], assumed=[0, 0, 1],
        attributes={
            "number": ["WS1", "RQ7", "JS9"], "from_number": ["W1", "R1", "J1"],
            "to_number": ["W2", "R2", "J2"], "year": [1990, 2005, None],
            "pressure_mpa": [None, 0.3, 0.4], "owner": ["Drain Co", "Gas Co", "Water Co"],
            "road": ["Ring", "Ring", ""], "link": [None, "p.jpg", None],
        },
    )  # fmt: skip


def ground(places: Floats) -> Floats:
    return np.full(len(places), 10.0)


def at(*corners: tuple[float, float]) -> list[tuple[float, float]]:
    return [(EAST + x, NORTH + y) for x, y in corners]


def test_an_area_finds_what_reaches_into_it() -> None:
    found = asking.in_area(street(), at((20, -1), (25, -1), (25, 1), (20, 1)))
    assert found.tolist() == [0]
    assert asking.in_area(street(), at((-5, -5), (60, -5), (60, 5), (-5, 5))).tolist() == [0, 1]


def test_corners_in_one_line_are_no_area() -> None:
    with pytest.raises(CityError, match="enclose no area") as error:
        asking.in_area(street(), at((0, 0), (5, 0), (10, 0)))
    assert error.value.code == "pipes.area"


def test_along_a_line_counts_half_the_width_on_each_side() -> None:
    line = at((0, 1), (50, 1))
    assert asking.along(street(), line, 2.2).tolist() == [0, 1]
    assert asking.along(street(), line, 1.8).tolist() == []


def test_a_road_is_found_by_attribute_and_by_its_line() -> None:
    roads = Features.of(
        Shapes.from_shapely([shapely.LineString(at((190, 20), (210, 20)))]),
        pa.table({"name": ["Lane"]}),
    )
    assert asking.along_road(street(), "ring", roads, "name", 10).tolist() == [0, 1]
    assert asking.along_road(street(), "Lane", roads, "name", 10).tolist() == [2]
    with pytest.raises(CityError, match="road 'Avenue'"):
        asking.along_road(street(), "Avenue", roads, "name", 10)


def test_the_nearest_is_nearest_to_its_outside() -> None:
    rows, away = asking.nearest(street(), (EAST + 10, NORTH + 1.2), most=2)
    assert rows.tolist() == [1, 0]  # 0.8 - 0.1 m against 1.2 - 0.25 m
    assert away.tolist() == pytest.approx([0.7, 0.95])


def test_numbers_are_found_whole_first_then_in_part() -> None:
    pipes = street()
    assert asking.by_number(pipes, "ws1").tolist() == [0]
    assert asking.by_number(pipes, "R2-R1").tolist() == [1]
    assert asking.by_number(pipes, "S").tolist() == [0, 2]
    assert asking.by_number(pipes, "  ").tolist() == []


def test_expressions_ask_for_depth_class_and_own_attributes() -> None:
    pipes = street()
    facts = information(pipes, ground_at=ground, year=2026)
    assert asking.fulfilling(pipes, facts, "depth_m >= 2").tolist() == [0, 2]
    assert asking.fulfilling(pipes, facts, "class = gas and age_years < 30").tolist() == [1]
    assert asking.fulfilling(pipes, facts, "owner ~ water").tolist() == [2]


def test_the_sheet_tells_depth_to_the_invert_of_drains_and_to_the_top_of_others() -> None:
    sewer, gas, water = information(street(), ground_at=ground, year=2026).to_pylist()
    assert (sewer["depth_start_m"], sewer["depth_end_m"]) == (3.0, 3.4)
    assert sewer["cover_end_m"] == pytest.approx(10 - 6.6 - 0.5)
    assert sewer["slope_permille"] == pytest.approx(400 / 30, abs=1e-3)
    assert (sewer["size"], sewer["age_years"], sewer["depth_from"]) == ("DN500", 36, "terrain")
    assert gas["depth_start_m"] == 1.0
    assert gas["invert_start_m"] == pytest.approx(8.8)
    assert gas["link"] == "p.jpg"
    assert water["assumed"] == "start-level"
    assert math.isnan(water["age_years"])


def test_without_ground_nothing_is_guessed() -> None:
    row = information(street()).to_pylist()[0]
    assert math.isnan(row["depth_m"])
    assert row["depth_from"] == ""


def test_depths_of_the_survey_go_before_the_terrain() -> None:
    pipes = network([[(0, 0), (9, 0)]], ["water"], [0.2], [(8.0, 8.0)], level_of=TOP,
                    attributes={"depth_start_m": [1.4], "depth_end_m": [None]})  # fmt: skip
    row = information(pipes, ground_at=ground).to_pylist()[0]
    assert (row["depth_start_m"], row["depth_end_m"], row["depth_from"]) == (1.4, 2.0, "survey")


def test_both_lengths_of_a_steep_run() -> None:
    """30 m in plan and 40 m down make 50 m of pipe."""
    pipes = network([[(0, 0), (30, 0)], [(0, 9), (7, 9)]], ["water"] * 2, [0.1] * 2,
                    [(50.0, 10.0), (np.nan, 3.0)])  # fmt: skip
    plan, true, flat = lengths(pipes)
    assert plan.tolist() == pytest.approx([30, 7])
    assert true.tolist() == pytest.approx([50, 7])
    assert flat.tolist() == pytest.approx([0, 7])


def test_sums_by_class_name_both_lengths() -> None:
    table = statistics(street(), ("class",), around=Surroundings(2026))
    rows = {row["class"]: row for row in table.to_pylist()}
    assert [row["class"] for row in table.to_pylist()] == ["gas", "water", "drain"]
    assert rows["gas"]["plan_length_m"] == 50.0
    assert rows["gas"]["share_percent"] == pytest.approx(100 * 50 / 120, abs=1e-3)
    assert rows["gas"]["mean_age_years"] == 21
    assert rows["water"]["assumed"] == 1
    assert math.isnan(rows["water"]["mean_age_years"])


def test_two_properties_and_their_cross() -> None:
    table = statistics(street(), ("road", "class"))
    assert table.num_rows == 3
    across = crossed(table, ("road", "class")).to_pylist()
    assert across[0] == {"road": "Ring", "drain": 30.0, "gas": 50.0, "water": 0.0, "total": 80.0}


def test_a_run_is_cut_where_its_district_ends() -> None:
    areas = Features.of(
        Shapes.from_shapely([shapely.box(EAST - 9, NORTH - 9, EAST + 10, NORTH + 9),
                             shapely.box(EAST + 10, NORTH - 9, EAST + 40, NORTH + 9)]),
        pa.table({"name": ["West", "East"]}),
    )  # fmt: skip
    table = statistics(street(), ("district",), around=Surroundings(districts=Areas(areas, "name")))
    rows = {row["district"]: row for row in table.to_pylist()}
    assert rows["West"]["plan_length_m"] == pytest.approx(20)
    assert rows["East"]["plan_length_m"] == pytest.approx(20 + 30)
    assert rows[""]["plan_length_m"] == pytest.approx(10 + 40)
    assert [rows[name]["runs"] for name in ("West", "East", "")] == [0, 2, 1]


def test_roads_lend_their_names_to_pipes_without_one() -> None:
    roads = Features.of(
        Shapes.from_shapely([shapely.LineString(at((190, 0), (190, 50)))]),
        pa.table({"n": ["Lane"]}),
    )
    around = Surroundings(roads=Roads(roads, "n"))
    found = {row["road"] for row in statistics(street(), ("road",), around=around).to_pylist()}
    assert found == {"Ring", "Lane"}


@pytest.mark.parametrize("name", ["size", "year", "age", "depth", "pressure", "owner", "material"])
def test_every_property_sums_up_to_the_whole(name: str) -> None:
    table = statistics(street(), (name,), around=Surroundings(2026, ground_at=ground))
    assert sum(table.column("plan_length_m").to_pylist()) == pytest.approx(120)
    assert sum(table.column("runs").to_pylist()) == 3


def test_an_unknown_property_is_named_with_those_there_are() -> None:
    with pytest.raises(CityError, match="'colour'") as error:
        statistics(street(), ("colour",))
    assert "material" in error.value.hint


def test_layers_are_put_together_group_by_group() -> None:
    one = statistics(street(), ("class",), around=Surroundings(2026))
    both = joined(pa.concat_tables([one, one]), ("class",))
    assert both.column("plan_length_m").to_pylist() == [100.0, 80.0, 60.0]
    assert both.column("mean_width_mm").to_pylist() == one.column("mean_width_mm").to_pylist()
    assert sum(both.column("share_percent").to_pylist()) == pytest.approx(100, abs=0.01)


@given(st.lists(st.floats(-5, 100), min_size=1, max_size=20))
@settings(max_examples=30)
def test_bands_hold_their_values(values: list[float]) -> None:
    for value, name in zip(values, bands(np.array(values), (0, 10, 50)), strict=True):
        if name == "<0":
            assert value < 0
        elif name == "50+":
            assert value >= 50
        else:
            low, high = (float(part) for part in name.split("-"))
            assert low <= value < high
