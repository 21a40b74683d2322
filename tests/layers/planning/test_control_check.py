"""Buildings against control lines: cases that can be worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.control_lines import NATIONAL, SIX, assigned, lines_of, recognised
from layers.planning.control_check import Bodies, CheckParams, check_lines
from layers.rules.loader import built_in, rule_set
from layers.rules.rule import RuleSet
from layers.shapes import Shapes

NO_RULES = RuleSet(())


def houses(*boxes: tuple[float, float, float, float], height: float = 12.0) -> Layer:
    shapes = Shapes.from_shapely([shapely.box(*box) for box in boxes])
    names = pa.table({"name": [f"House {i + 1}" for i in range(len(boxes))]})
    return Layer("buildings", "Houses", Buildings.blocks(shapes, height, names), layer_id="h")


def drawn(*shapes: Any, **columns: Any) -> Layer:
    features = Features.of(Shapes.from_shapely(list(shapes)), pa.table(columns))
    return Layer("control-lines", "Lines", features, layer_id="l")


def checked(buildings: Layer, lines: Layer, **more: Any) -> list[dict[str, Any]]:
    rules = more.pop("rules", NO_RULES)
    found = check_lines([buildings], [lines], rules, CheckParams(**more))
    rows: list[dict[str, Any]] = found.table.to_pylist()
    return rows


GREEN = {"class": ["green"], "setback_m": [5.0], "document": ["No. 1"], "name": ["Park"]}


@pytest.mark.parametrize(
    ("box", "relation", "area", "shortfall"),
    [
        ((10, 10, 20, 20), "inside", 100.0, 5.0),
        ((-4, 10, 6, 20), "crossing", 60.0, 5.0),
        ((-12, 10, -2, 20), "within_setback", 0.0, 3.0),
    ],
)
def test_a_house_is_inside_crosses_or_stands_too_close(
    box: tuple[float, float, float, float], relation: str, area: float, shortfall: float
) -> None:
    (row,) = checked(houses(box), drawn(shapely.box(0, 0, 100, 100), **GREEN))
    assert row["relation"] == relation
    assert row["intrusion_m2"] == pytest.approx(area)
    assert row["shortfall_m"] == pytest.approx(shortfall)
    assert (row["status"], row["document"], row["name"]) == ("fail", "No. 1", "House 1")


def test_a_house_that_keeps_its_distance_is_not_listed() -> None:
    far = houses((-20, 10, -5, 20), (-20, 30, -5.001, 40))
    assert checked(far, drawn(shapely.box(0, 0, 100, 100), **GREEN)) == []


def test_a_cable_with_a_width_is_a_corridor_and_a_red_line_is_an_edge() -> None:
    line = shapely.LineString([(0, 0), (100, 0)])
    house = houses((40, 2, 60, 12))
    cable = drawn(line, **{"class": ["power"], "width_m": [6.0], "document": ["x"]})
    (row,) = checked(house, cable)
    assert row["intrusion_m2"] == pytest.approx(20.0)  # one metre of the corridor's half
    edge = drawn(line, **{"class": ["road"], "width_m": [6.0], "document": ["x"]})
    assert checked(house, edge) == []
    (row,) = checked(houses((40, -2, 60, 12)), edge)
    assert (row["relation"], row["length_m"]) == ("crossing", pytest.approx(20.0))


def test_drafts_lines_without_document_and_zones_warn_and_old_lines_are_left_out() -> None:
    area = shapely.box(0, 0, 100, 100)
    house = houses((10, 10, 20, 20))
    for columns, status in (
        ({"class": ["green"], "document": ["x"], "status": ["草案"]}, "warning"),
        ({"class": ["green"]}, "warning"),
        ({"class": ["green"], "status": ["approved"]}, "fail"),
        ({"class": ["rail"], "document": ["x"]}, "warning"),
    ):
        (row,) = checked(house, drawn(area, **columns))
        assert row["status"] == status
    old = drawn(area, **{"class": ["green"], "status": ["废止"]})
    assert check_lines([house], [old], NO_RULES).superseded == 1


def test_a_boundary_of_development_asks_to_stay_inside() -> None:
    area = shapely.box(0, 0, 100, 100)
    urban = drawn(area, **{"class": ["城镇开发边界"], "document": ["x"]})
    houses_ = houses((10, 10, 20, 20), (200, 0, 210, 10), (95, 0, 105, 10))
    rows = checked(houses_, urban)
    assert [(row["object"], row["relation"]) for row in rows] == [(2, "outside"), (3, "crossing")]
    assert rows[1]["intrusion_m2"] == pytest.approx(50.0)


def test_a_rule_nobody_verified_warns_where_a_line_tells_no_setback() -> None:
    red = drawn(shapely.box(0, 0, 20, 100), **{"class": ["road"], "width_m": [20.0]})
    house = houses((22, 0, 30, 10), height=12.0)  # 3 m are asked for
    (row,) = checked(house, red, rules=rule_set(built_in()))
    assert (row["relation"], row["status"], row["setback_m"]) == ("within_setback", "warning", 3.0)
    assert row["pack"] == "setbacks-example"
    assert checked(house, red, rules=rule_set(built_in()), rules_fill=False) == []


def test_heights_of_a_line_bind_only_what_stands_between_them() -> None:
    path = {"class": ["communication"], "document": ["x"], "low_m": [30.0], "top_m": [60.0]}
    area = shapely.box(0, 0, 100, 100)
    assert checked(houses((10, 10, 20, 20), height=12.0), drawn(area, **path)) == []
    (row,) = checked(houses((10, 10, 20, 20), height=40.0), drawn(area, **path))
    assert row["relation"] == "inside"


def test_a_line_and_an_area_of_one_name_count_once() -> None:
    both = drawn(
        shapely.box(0, 0, 100, 100), shapely.LineString([(0, 0), (0, 100)]),
        **{"class": ["green", "green"], "document": ["x", "x"], "name": ["Park", "Park"]},
    )  # fmt: skip
    (row,) = checked(houses((-5, 10, 5, 20)), both)
    assert row["intrusion_m2"] == pytest.approx(50.0)
    assert len(checked(houses((-5, 10, 5, 20)), both, merge=False)) == 2


def test_a_tower_that_reaches_beyond_its_outline_counts() -> None:
    shapes = Shapes.from_shapely([shapely.box(0, 0, 10, 10), shapely.box(0, 0, 20, 10)])
    data = Buildings.blocks(shapes, [10.0, 40.0])
    from dataclasses import replace

    data = replace(
        data, part_of=np.array([0, 1]), min_height=np.array([0.0, 10.0]),
        drawn=np.array([True, True]),
    )  # fmt: skip
    layer = Layer("buildings", "H", data, layer_id="h")
    (row,) = checked(layer, drawn(shapely.box(15, 0, 50, 50), **GREEN))
    assert (row["object"], row["intrusion_m2"]) == (1, pytest.approx(50.0))


def test_presets_are_told_apart_by_their_names() -> None:
    line = shapely.LineString([(0, 0), (1, 0)])
    six = drawn(*[line] * 3, **{"Layer": ["道路红线", "河湖蓝线", "电力控制线"]})
    told = lines_of(six.features)
    assert told.preset is SIX
    assert told.classes.tolist() == ["road", "river", "power"]
    law = drawn(*[line] * 4, **{"Layer": ["红线", "蓝线", "紫线", "绿线"]})
    told = lines_of(law.features)
    assert told.preset is NATIONAL
    assert told.classes.tolist() == ["red", "blue", "purple", "green"]


def test_layers_of_a_drawing_become_classes_by_a_template() -> None:
    line = shapely.LineString([(0, 0), (1, 0)])
    drawing = drawn(*[line] * 3, **{"Layer": ["A-01", "道路红线", "0"]}).features
    template = {"A-01": {"class": "green", "setback_m": 5.0, "document": "No. 7"}}
    made, lost = assigned(drawing, SIX, template, "Layer")
    told = lines_of(made)
    assert told.classes.tolist() == ["green", "road", ""]
    assert lost.tolist() == [2]
    assert told.setback[0] == 5.0
    assert told.document[0] == "No. 7"
    with pytest.raises(CityError, match="no class of the preset"):
        assigned(drawing, SIX, {"A-01": {"class": "heritage"}}, "Layer")


@given(st.floats(-40, 40), st.floats(-40, 40), st.floats(1, 30), st.floats(1, 30), st.floats(0, 20))
@settings(max_examples=40, deadline=None)
def test_an_intrusion_is_never_larger_than_the_house_nor_than_the_zone(
    east: float, north: float, width: float, depth: float, setback: float
) -> None:
    zone = shapely.box(0, 0, 20, 20)
    lines = drawn(zone, **{"class": ["green"], "setback_m": [setback], "document": ["x"]})
    house = shapely.box(east, north, east + width, north + depth)
    rows = checked(houses(house.bounds), lines)
    overlap = house.intersection(zone).area
    if overlap > 0.05:
        assert rows[0]["intrusion_m2"] == pytest.approx(overlap)
        whole = house.area - overlap < 0.05
        assert rows[0]["relation"] == ("inside" if whole else "crossing")
    elif house.distance(zone) < setback - 0.01:
        assert rows[0]["shortfall_m"] == pytest.approx(setback - house.distance(zone))
    for row in rows:
        assert 0 <= row["intrusion_m2"] <= min(house.area, zone.area) + 1e-9


def test_lines_of_a_file_take_the_colours_of_the_classes_their_names_speak_for() -> None:
    line = shapely.LineString([(0, 0), (1, 0)])
    drawing = drawn(*[line] * 3, Layer=["道路红线", "绿地绿线", "0"])
    style = recognised(drawing.features, drawing.style)
    assert style.line_preset == "six-lines"
    assert style.colouring is not None
    assert {e.value: e.colour for e in style.colouring.entries} == {
        "道路红线": "#e53935", "绿地绿线": "#43a047",
    }  # fmt: skip
    plain = drawn(*[line] * 3, Layer=["a", "b", "道路"])
    assert recognised(plain.features, plain.style) == plain.style


boxes = st.tuples(
    st.floats(-60, 60), st.floats(-60, 60), st.floats(1, 40), st.floats(1, 40)
).map(lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3]))  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(st.lists(boxes, min_size=1, max_size=6))
def test_a_house_is_judged_alike_alone_and_among_others(
    places: list[tuple[float, float, float, float]],
) -> None:
    road = shapely.LineString([(-80, 3), (80, -7)])
    lines = drawn(
        shapely.box(0, 0, 30, 30), road, shapely.box(-50, -50, 20, 5),
        **{"class": ["green", "power", "river"], "width_m": [None, 8.0, None],
           "setback_m": [5.0, 10.0, None], "document": ["A", "", "B"], "name": ["1", "2", "3"]},
    )  # fmt: skip
    together = {
        (row["object"], row["line"]): (row["relation"], row["status"], row["intrusion_m2"])
        for row in checked(houses(*places), lines)
    }
    for number, place in enumerate(places, start=1):
        alone = checked(houses(place), lines)
        mine = {key: value for key, value in together.items() if key[0] == number}
        assert mine == {
            (number, row["line"]): (row["relation"], row["status"], row["intrusion_m2"])
            for row in alone
        }
        for row in alone:  # against the plainest of computations
            area = shapely.box(*place)
            zone = {"1": shapely.box(0, 0, 30, 30), "2": road.buffer(4.0, cap_style="flat"),
                    "3": shapely.box(-50, -50, 20, 5)}[row["line"]]  # fmt: skip
            assert row["distance_m"] == pytest.approx(area.distance(zone))
            assert row["intrusion_m2"] == pytest.approx(area.intersection(zone).area)


def test_gathered_buildings_are_judged_as_their_layer_is() -> None:
    town = houses((10, 10, 20, 20), (200, 0, 210, 10))
    lines = drawn(shapely.box(0, 0, 100, 100), **GREEN)
    again = check_lines([], [lines], NO_RULES, CheckParams(), bodies=[Bodies.of(town)])
    assert again.table.equals(check_lines([town], [lines], NO_RULES, CheckParams()).table)
    assert again.checked == 2
