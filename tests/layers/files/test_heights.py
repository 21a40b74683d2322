from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.files.heights import (
    HeightFields,
    HeightRules,
    Heights,
    find_field,
    find_fields,
    plain_name,
    settle_heights,
    unit_of,
)
from layers.files.raw import RawSurfaces, as_objects
from layers.files.report import Tally
from layers.kinds.buildings import DEFAULT, FIELD, FLOORS, SURFACES


def settle(columns: dict[str, list[Any]], **more: Any) -> tuple[Heights, Tally]:
    table = pa.table(columns)
    tally = Tally(as_objects([str(i) for i in range(table.num_rows)]))
    fields = more.pop("fields", None) or find_fields(table)
    rules = more.pop("rules", HeightRules())
    rows = np.arange(table.num_rows)
    return settle_heights(table, rows, fields, rules, tally, **more), tally


@pytest.mark.parametrize(
    "name",
    [
        "height", "Height", "HEIGHT_M", "高度", "建筑高度", "建筑高度（米）", "Building Height (m)",
        "bldg_height", "HEIGHT_FT", "measuredHeight", "H", "building:height", "Height_1",
    ],
)  # fmt: skip
def test_height_fields_are_found_by_name(name: str) -> None:
    assert find_fields(pa.table({"id": [1], name: [12.0]})).height == name


@pytest.mark.parametrize(
    "name",
    [
        "Floor", "floors", "层数", "楼层", "地上层数", "building:levels", "num_floors", "Storeys",
        "CENGSHU",
    ],
)  # fmt: skip
def test_floor_fields_are_found_by_name(name: str) -> None:
    assert find_fields(pa.table({"id": [1], name: [6]})).floors == name


def test_a_field_that_holds_no_heights_is_passed_over() -> None:
    table = pa.table({"height": ["n/a", "none"], "高度": ["12", "9"]})
    assert find_fields(table).height == "高度"
    assert find_fields(pa.table({"height": [0.0, 0.0], "Floor": [3, 4]})) == HeightFields(
        floors="Floor"
    )
    assert find_fields(pa.table({"高度": [-9999.0, 12.0]})).height == "高度"


def test_names_are_compared_without_case_signs_and_brackets() -> None:
    assert plain_name("Roof:Height [m]") == "roofheight"
    assert find_field(["地面标高(m)", "x"], ["地面标高"]) == ["地面标高(m)"]
    assert unit_of("HEIGHT_FT") == "ft"
    assert [unit_of(name) for name in ("lift", "高度", "heightft", "h (feet)")] == [
        "m", "m", "ft", "ft",
    ]  # fmt: skip


def test_floors_are_multiplied_and_the_roof_is_added() -> None:
    heights, _ = settle({"building:levels": [2, 3, None], "roof:height": [1.5, None, 2.0]})
    np.testing.assert_allclose(heights.height, [7.5, 9.0, 9.0])
    assert heights.rule.tolist() == [FLOORS, FLOORS, DEFAULT]
    assert heights.text == "building:levels x 3 m + roof:height; else default 9 m"


def test_each_building_takes_the_best_that_is_told() -> None:
    heights, _ = settle({"height": ["12.5 m", None, ""], "Floor": [9, 4, 0]})
    np.testing.assert_allclose(heights.height, [12.5, 12.0, 9.0])
    assert heights.rule.tolist() == [FIELD, FLOORS, DEFAULT]
    assert [step.key for step in heights.steps] == [
        "height_step_field", "height_step_floors", "height_step_default",
    ]  # fmt: skip


def test_absurd_values_count_as_missing_and_are_told() -> None:
    heights, tally = settle({"height": [10.0, -9999.0, 5000.0, 12.0, 0.0]})
    np.testing.assert_allclose(heights.height, [10, 9, 9, 12, 9])
    note = next(note for note in tally.notes if note.key == "height_absurd")
    assert note.facts["count"] == 2
    assert note.facts["first"] == "1, 2"


def test_floating_parts_keep_their_underside() -> None:
    heights, _ = settle({"height": [50.0, 20.0], "min_height": [30.0, None]})
    np.testing.assert_allclose(heights.min_height, [30, 0])


def test_a_top_below_its_underside_becomes_one_storey_and_is_told() -> None:
    heights, tally = settle({"height": [47.0, None, 10.0], "min_height": [61.0, 22.0, 0.0]})
    np.testing.assert_allclose(heights.height, [64, 25, 10])
    assert heights.rule.tolist() == [DEFAULT, DEFAULT, FIELD]
    assert tally.close(np.arange(3)).repaired == {"top_below_underside": 1}


def test_levels_below_a_part_become_metres() -> None:
    heights, _ = settle({"building:levels": [10], "building:min_level": [4]})
    assert heights.min_height.tolist() == [12.0]


def test_feet_are_told_by_the_name_or_the_option() -> None:
    heights, _ = settle({"HEIGHT_FT": [100.0]})
    assert heights.height[0] == pytest.approx(30.48)
    heights, _ = settle({"height": [100.0]}, rules=HeightRules(unit="ft"))
    assert heights.height[0] == pytest.approx(30.48)
    heights, _ = settle({"HEIGHT_FT": [100.0]}, rules=HeightRules(unit="m"))
    assert heights.height[0] == pytest.approx(100.0)


def test_3d_coordinates_tell_height_and_base() -> None:
    low, high = np.array([4.0, 7.0, np.nan]), np.array([16.0, 7.0, np.nan])
    heights, _ = settle({"name": ["a", "b", "c"]}, solid=(low, high))
    np.testing.assert_allclose(heights.height, [12, 9, 9])
    np.testing.assert_allclose(heights.base, [4, np.nan, np.nan])
    assert heights.rule.tolist() == [SURFACES, DEFAULT, DEFAULT]


def test_surfaces_win_over_fields() -> None:
    surfaces = RawSurfaces(
        coords=np.array([[0, 0, 2.0], [1, 0, 2.0], [1, 1, 14.0]]),
        ring_start=np.array([0, 3]), face_start=np.array([0, 1]), owner=np.array([1]),
        meaning=np.zeros(1, dtype=np.uint8),
    )  # fmt: skip
    heights, _ = settle({"height": [5.0, 6.0]}, surfaces=surfaces)
    np.testing.assert_allclose(heights.height, [5, 12])
    np.testing.assert_allclose(heights.base, [np.nan, 2])


def test_a_building_without_faces_has_the_height_of_its_parts() -> None:
    surfaces = RawSurfaces(
        coords=np.array(
            [[0, 0, 2.0], [1, 0, 2.0], [1, 1, 14.0], [0, 0, 1.0], [1, 0, 1.0], [1, 1, 9]]
        ),
        ring_start=np.array([0, 3, 6]), face_start=np.array([0, 1, 2]), owner=np.array([1, 2]),
        meaning=np.zeros(2, dtype=np.uint8),
    )  # fmt: skip
    heights, _ = settle({"x": [1, 2, 3]}, surfaces=surfaces, parent=np.array([-1, 0, 0]))
    np.testing.assert_allclose(heights.height, [13, 12, 8])
    np.testing.assert_allclose(heights.base, [1, 2, 1])


def test_a_ground_level_field_gives_the_base() -> None:
    heights, tally = settle({"Floor": [2, 3], "地面标高": ["12.5", None]})
    np.testing.assert_allclose(heights.base, [12.5, np.nan])
    assert any(note.key == "base_field" for note in tally.notes)


def test_without_any_height_everything_is_flagged_as_default() -> None:
    heights, _ = settle({"name": ["a", "b"]}, rules=HeightRules(default_height=12.0))
    assert heights.height.tolist() == [12.0, 12.0]
    assert heights.text == "default 12 m"
    assert (heights.rule == DEFAULT).all()


def test_a_named_field_must_exist_and_hold_numbers() -> None:
    table = pa.table({"高": ["x", "y"], "Floor": [1, 2]})
    with pytest.raises(CityError, match="no field 'hoch'") as caught:
        find_fields(table, height="hoch")
    assert caught.value.code == "height.no_such_field"
    assert "Floor" in caught.value.hint
    with pytest.raises(CityError, match="holds no numbers"):
        find_fields(table, height="高")
    assert find_fields(table, height="Floor").height == "Floor"


@pytest.mark.parametrize("bad", [0.0, -3.0, 5000.0, float("nan")])
def test_rules_out_of_reason_are_refused(bad: float) -> None:
    with pytest.raises(CityError, match="--storey-height"):
        HeightRules(storey_height=bad)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True)),
            st.one_of(st.none(), st.floats(-10, 2000)),
            st.one_of(st.none(), st.integers(-5, 400)),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_every_building_ends_with_a_sane_height(rows: list[tuple[Any, Any, Any]]) -> None:
    high, low, floors = (list(column) for column in zip(*rows, strict=True))
    fields = HeightFields(height="h", min_height="m", floors="f")
    table = {
        "h": pa.array(high, pa.float64()),
        "m": pa.array(low, pa.float64()),
        "f": pa.array(floors, pa.int64()),
    }
    heights, _ = settle(table, fields=fields)
    assert np.isfinite(heights.height).all()
    assert (heights.height > heights.min_height).all()
    assert (heights.min_height >= 0).all()
    assert (heights.height <= 1003).all()
