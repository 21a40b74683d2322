"""Streets: what fields say, areas, deck heights, paint, lamps, the level of water."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from layers.errors import CityError
from layers.kinds.base import Features
from layers.shapes import Floats, Shapes
from layers.street_areas import Ends, street_areas
from layers.street_heights import CLEARANCE, GRADE, LEVEL_HEIGHT, THICKNESS, decks_of
from layers.street_marks import (
    SLEEPER,
    WHITE,
    YELLOW,
    Marks,
    rail_marks,
    street_lamps,
    street_marks,
)
from layers.streets import NAMES, STRUCTURES, Streets, class_of
from layers.style import Style
from layers.water import told_levels, water_heights

EAST, NORTH = 508_000.0, 3_378_000.0


def lines(*points: Sequence[tuple[float, float]]) -> NDArray[np.object_]:
    moved = [[(EAST + x, NORTH + y) for x, y in part] for part in points]
    return np.array([shapely.LineString(part) for part in moved], dtype=object)


def features(shapes: NDArray[np.object_], **columns: list[object]) -> Features:
    columns = columns or {"id": list(range(len(shapes)))}
    return Features.of(Shapes.from_shapely(shapes), pa.table(columns))


def streets(shapes: NDArray[np.object_], **columns: list[object]) -> Streets:
    return Streets.of(features(shapes, **columns))


CROSS = lines(
    [(-100, 0), (0, 0)], [(0, 0), (100, 0)], [(0, 0), (0, 100)], [(0, -100), (0, 0)]
)  # fmt: skip


# --- fields ---------------------------------------------------------------------------------------


def test_tags_of_openstreetmap_are_understood() -> None:
    one = lines(*[[(0, i), (10, i)] for i in range(5)])
    made = streets(
        one,
        highway=["motorway", "residential", "footway", "primary_link", "secondary"],
        lanes=["3", None, None, None, "4"],
        oneway=["yes", "no", None, "-1", None],
        bridge=[None, None, None, "viaduct", "yes"],
        tunnel=[None, "yes", None, None, None],
        layer=[None, "-1", None, "2", "1"],
        width=[None, "24 ft", None, "5.5 m", None],
    )
    assert [NAMES[k] for k in made.kind] == ["motorway", "local", "path", "link", "secondary"]
    assert made.lanes.tolist() == [3, 2, 0, 1, 4]
    assert made.oneway.tolist() == [1, 0, 0, -1, 0]
    assert [STRUCTURES[s] for s in made.structure] == [
        "ground", "tunnel", "ground", "viaduct", "bridge",
    ]  # fmt: skip
    assert made.level.tolist() == [0, -1, 0, 2, 1]
    assert made.width[1] == pytest.approx(24 * 0.3048)
    assert made.width[3] == 5.5
    assert made.walked.tolist() == [False, False, True, False, False]


def test_chinese_fields_are_understood() -> None:
    made = streets(
        lines(*[[(0, i), (10, i)] for i in range(3)]),
        道路等级=["主干路", "支路", "匝道"],
        车行道宽度=[24.0, 9.0, 7.0],
        红线宽度=[40.0, 16.0, None],
        结构=["", "隧道", "匝道"],
        单行=["否", "是", "是"],
    )
    assert [NAMES[k] for k in made.kind] == ["primary", "local", "link"]
    assert made.width.tolist() == [24.0, 9.0, 7.0]
    assert made.sidewalk.tolist() == [8.0, 3.5, 0.0]
    assert [STRUCTURES[s] for s in made.structure] == ["ground", "tunnel", "ramp"]
    assert made.oneway.tolist() == [0, 1, 1]
    assert class_of(["城市次干路", "?"]) == ["secondary", "local"]


def test_the_width_field_of_the_style_counts_where_no_other_width_is() -> None:
    data = features(lines([(0, 0), (10, 0)]), breit=[11.0])
    assert Streets.of(data, Style(width_field="breit")).width.tolist() == [11.0]
    plain = features(lines([(0, 0), (10, 0)]))
    assert Streets.of(plain, Style(width_m=4.0)).width.tolist() == [4.0]


def test_absurd_numbers_are_not_believed() -> None:
    made = streets(
        lines([(0, 0), (10, 0)], [(0, 5), (10, 5)]), lanes=[-3.0, 400.0], width=[-1.0, math.nan]
    )
    assert made.lanes.tolist() == [2, 2]
    assert (made.width == 7.0).all()


def test_a_style_refuses_tunnels_it_does_not_know() -> None:
    with pytest.raises(CityError) as caught:
        Style(tunnels="glass")  # type: ignore[arg-type]  # what a job file may say
    assert caught.value.code == "style.tunnels"


# --- areas ----------------------------------------------------------------------------------------


def test_a_street_alone_has_length_times_width() -> None:
    areas = street_areas(lines([(0, 0), (120, 50)]), np.array([8.0]), np.array([2.0]))
    assert areas.carriageway[0].area == pytest.approx(130 * 8.0)
    assert areas.footway.area == pytest.approx(130 * 4.0)


def test_a_crossing_has_no_gap_and_no_overlap() -> None:
    width, walk = np.full(4, 8.0), np.full(4, 3.0)
    areas = street_areas(CROSS, width, walk, corner=0.0)
    whole = areas.carriageway[0]
    assert whole.area == pytest.approx(2 * 200 * 8.0 - 64.0)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert whole.intersection(areas.footway).area == pytest.approx(0.0, abs=1e-6)
    both = whole.union(areas.footway)
    assert both.area == pytest.approx(2 * 200 * 14.0 - 14.0**2)
    assert both.geom_type == "Polygon"


def test_kerbs_are_round_at_crossings() -> None:
    width = np.full(4, 8.0)
    round_ones = street_areas(CROSS, width, np.full(4, 3.0), corner=5.0).carriageway[0]
    added = round_ones.area - (2 * 200 * 8.0 - 64.0)
    assert added == pytest.approx(4 * (1 - math.pi / 4) * 25.0, rel=0.15)


def test_a_wide_street_does_not_stick_out_behind_a_narrow_one_it_ends_at() -> None:
    tee = lines([(-50, 0), (0, 0)], [(0, 0), (50, 0)], [(0, 0), (0, 80)])
    area = street_areas(tee, np.array([6.0, 6.0, 24.0]), np.zeros(3), corner=0.0).carriageway[0]
    assert area.bounds[1] == pytest.approx(NORTH - 3.0)


def test_groups_share_the_area_and_the_higher_rank_gets_the_crossing() -> None:
    areas = street_areas(
        CROSS, np.full(4, 8.0), np.zeros(4), group=np.array([0, 0, 1, 1]),
        rank=np.array([2, 2, 7, 7]), corner=0.0,
    )  # fmt: skip
    low, high = areas.carriageway
    assert high.area == pytest.approx(200 * 8.0)
    assert low.area == pytest.approx(200 * 8.0 - 64.0)
    assert low.intersection(high).area == pytest.approx(0.0, abs=1e-6)


def test_paths_lie_beside_streets_not_on_them() -> None:
    both = lines([(0, 0), (100, 0)], [(50, -30), (50, 30)])
    areas = street_areas(both, np.array([8.0, 2.0]), np.zeros(2), walked=np.array([False, True]))
    assert areas.path[0].area == pytest.approx(60 * 2.0 - 8.0 * 2.0)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-200, 200), st.integers(-200, 200)), min_size=3, max_size=8,
        unique=True,
    ),
    st.lists(st.integers(3, 30), min_size=8, max_size=8),
)  # fmt: skip
def test_surfaces_never_overlap_and_cover_what_is_wide(
    points: list[tuple[int, int]], widths: list[int]
) -> None:
    star = lines(*[[points[0], point] for point in points[1:]])
    width = np.array(widths[: len(star)], dtype=np.float64)
    areas = street_areas(star, width, np.full(len(star), 2.0), group=np.arange(len(star)))
    parts = [*areas.carriageway, areas.footway]
    whole = shapely.union_all(parts)
    assert sum(part.area for part in parts) == pytest.approx(whole.area, rel=1e-6)
    flat = shapely.union_all(shapely.buffer(star, width / 2.0, cap_style="flat"))
    assert flat.difference(whole.buffer(0.01)).area == pytest.approx(0.0, abs=1e-3)


# --- decks ----------------------------------------------------------------------------------------


def level(height: float) -> Callable[[Floats], Floats]:
    return lambda xy: np.full(len(xy), height)


def test_a_bridge_clears_the_water_and_meets_the_ground_at_its_ends() -> None:
    way = lines([(-400, 0), (-200, 0)], [(-200, 0), (200, 0)], [(200, 0), (400, 0)])
    made = streets(way, bridge=["no", "yes", "no"])
    river = np.array([shapely.box(EAST - 60, NORTH - 500, EAST + 60, NORTH + 500)], dtype=object)

    def ground(xy: Floats) -> Floats:
        return np.where(np.abs(xy[:, 0] - EAST) < 60, 28.0, 36.0)

    decks = decks_of(way, made, ground, water=river, water_level=np.array([33.5]))
    assert decks.of.tolist() == [1]
    assert decks.height[[0, -1]] == pytest.approx([36.0, 36.0])
    over = np.abs(decks.place[:, 0] - EAST) < 60
    assert (decks.height[over] - THICKNESS - 33.5 >= CLEARANCE - 1e-6).all()
    assert (np.abs(np.diff(decks.height) / np.diff(decks.along)) <= GRADE + 1e-6).all()


def test_a_bridge_does_not_follow_the_valley() -> None:
    way = lines([(-300, 0), (-100, 0)], [(-100, 0), (100, 0)], [(100, 0), (300, 0)])
    made = streets(way, bridge=[None, "yes", None])

    def ground(xy: Floats) -> Floats:
        return 50.0 - 20.0 * np.maximum(1.0 - np.abs(xy[:, 0] - EAST) / 100.0, 0.0)

    decks = decks_of(way, made, ground)
    assert decks.height == pytest.approx(np.full(len(decks.height), 50.0), abs=0.2)


def test_a_viaduct_has_its_level_and_a_ramp_leads_down() -> None:
    way = lines(
        [(-300, 0), (0, 0)], [(0, 0), (300, 0)], [(0, 0), (150, 60)], [(150, 60), (300, 60)]
    )
    made = streets(way, structure=["viaduct", "viaduct", "ramp", "ground"], level=[1, 1, 1, 0])
    decks = decks_of(way, made, level(20.0))
    high = decks.height[decks.line == 0]
    assert high == pytest.approx(np.full(len(high), 20.0 + LEVEL_HEIGHT), abs=0.3)
    ramp = decks.height[decks.line == 2]
    assert ramp[0] == pytest.approx(20.0 + LEVEL_HEIGHT, abs=0.3)
    assert ramp[-1] == pytest.approx(20.0)
    assert (np.diff(ramp) < 0.05).all()


def test_nothing_raised_gives_no_decks() -> None:
    decks = decks_of(CROSS, streets(CROSS), level(5.0))
    assert len(decks) == 0


# --- paint and lamps ------------------------------------------------------------------------------


def painted(**columns: list[object]) -> tuple[Streets, Marks]:
    made = streets(CROSS, **columns)
    ends = Ends.of(CROSS, made.width)
    return made, street_marks(CROSS, made, ends, np.arange(4))


def test_four_lanes_have_a_double_yellow_line_and_dashes_between_lanes() -> None:
    one = lines([(0, 0), (100, 0)])
    made = streets(one, highway=["primary"], lanes=["4"], width=["14"])
    marks = street_marks(one, made, Ends.of(one, made.width), np.arange(1))
    yellow = marks.kind == YELLOW
    assert int(yellow.sum()) == 2
    first = marks.points[marks.start[:-1]]
    assert sorted(np.round(first[yellow, 1] - NORTH, 2)) == [-0.2, 0.2]
    dashes = np.abs(np.abs(first[:, 1] - NORTH) - 3.325) < 0.1
    assert int(dashes.sum()) == 20
    assert (marks.width > 0).all()


def test_crossings_and_stop_lines_stand_back_from_the_junction() -> None:
    made, marks = painted(highway=["primary"] * 4, lanes=["4"] * 4)
    away = np.abs(marks.points - [EAST, NORTH]).max(axis=1)
    assert away.min() >= made.width[0] / 2.0
    stops = marks.width == 0.40
    assert int(stops.sum()) == 4
    assert (marks.kind[stops] == WHITE).all()


def test_who_drives_on_the_left_stops_on_the_left() -> None:
    made = streets(CROSS, highway=["primary"] * 4, lanes=["4"] * 4)
    ends = Ends.of(CROSS, made.width)
    middles = []
    for left in (False, True):
        marks = street_marks(CROSS, made, ends, np.arange(4), left_hand=left)
        stops = np.flatnonzero(marks.width == 0.40)
        middles.append(
            np.array([marks.points[marks.start[i] : marks.start[i + 1]].mean(0) for i in stops])
        )
        toward = np.array([EAST, NORTH]) - middles[-1]  # the way of those who come
        ahead = np.where(
            np.abs(toward) == np.abs(toward).max(axis=1, keepdims=True), np.sign(toward), 0.0
        )
        side = ahead[:, 0] * toward[:, 1] - ahead[:, 1] * toward[:, 0]  # the junction lies left
        assert (side > 0).all() if not left else (side < 0).all()
    assert not np.allclose(middles[0], middles[1])


def test_narrow_and_unpaved_streets_are_not_painted() -> None:
    _, marks = painted(highway=["service"] * 4)
    assert len(marks) == 0
    _, marks = painted(highway=["primary"] * 4, surface=["gravel"] * 4)
    assert len(marks) == 0


def test_rails_lie_in_pairs_on_sleepers() -> None:
    one = lines([(0, 0), (65, 0)])
    made = Streets.of(features(one, railway=["rail"], tracks=[2]), rails=True)
    marks = rail_marks(one, made, np.arange(1), 4.2)
    assert int((marks.kind == SLEEPER).sum()) == 200
    assert int((marks.kind != SLEEPER).sum()) == 4


def test_lamps_stand_beside_lit_streets_and_look_over_them() -> None:
    one = lines([(0, 0), (300, 0)], [(0, 100), (300, 100)])
    made = streets(one, highway=["primary", "primary"], lit=["yes", "no"])
    lamps = street_lamps(one, made, 30.0)
    assert set(lamps.line.tolist()) == {0}
    assert len(lamps.place) == 20
    off = np.abs(lamps.place[:, 1] - NORTH)
    assert (off > made.width[0] / 2.0).all()
    assert np.allclose(lamps.toward[:, 1], -np.sign(lamps.place[:, 1] - NORTH))


# --- water ----------------------------------------------------------------------------------------


def pool(*polygons: shapely.Polygon, **columns: list[object]) -> Features:
    return features(np.array(polygons, dtype=object), **columns)


def test_water_lies_at_the_level_that_is_told_else_at_its_shore() -> None:
    lake = shapely.box(EAST, NORTH, EAST + 200, NORTH + 200)
    data = pool(lake, lake, 水位=[31.5, None])
    told = told_levels(data)
    places = np.array([[EAST + 100, NORTH + 100.0]] * 2)

    def ground(xy: Floats) -> Floats:
        inside = (np.abs(xy - [EAST + 100, NORTH + 100]) < 90).all(axis=1)
        return np.where(inside, 20.0, 30.0)

    heights = water_heights(data.shapes, told, ground, places, np.arange(2))
    assert heights.tolist() == [31.5, 30.0]


def test_a_river_sinks_along_its_course() -> None:
    river = shapely.box(EAST, NORTH, EAST + 4000, NORTH + 60)
    data = pool(river)

    def ground(xy: Floats) -> Floats:
        bump = 2.0 * (np.sin(xy[:, 0] / 3.0) > 0.95)
        return 60.0 - (xy[:, 0] - EAST) * 0.01 + bump

    along = EAST + np.linspace(300, 3700, 12)
    places = np.column_stack([along, np.full(12, NORTH + 30.0)])
    heights = water_heights(data.shapes, told_levels(data), ground, places, np.zeros(12, np.int64))
    want = 60.0 - (along - EAST) * 0.01
    assert np.abs(heights - want).max() < 1.2
    assert (np.diff(heights) < 0).all()
