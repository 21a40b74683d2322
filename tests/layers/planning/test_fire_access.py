"""Lanes for fire engines and places for ladders: cases that can be worked out by hand."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
import shapely

from layers.analyses import running
from layers.frame import Frame
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.planning.fire_access import LaneLimits, Surroundings, access, lanes_of, towers_of
from layers.planning.site_checks import stock_of
from layers.project import Project
from layers.schemes_build import stacked_blocks, with_blocks
from layers.shapes import Shapes

SLAB = (0.0, 0.0, 60.0, 15.0)


def town(
    *others: tuple[float, float, float, float, float], height: float = 54.0, **streets: Any
) -> Project:
    """A slab of 60 x 15 m, other blocks, and streets of given widths."""
    project = Project(Frame("EPSG:4547"))
    boxes = [shapely.box(*SLAB), *(shapely.box(*other[:4]) for other in others)]
    heights = [height, *(other[4] for other in others)]
    uses = pa.table({"use": ["office"] * len(boxes)})
    data = Buildings.blocks(Shapes.from_shapely(boxes), heights, uses)
    project.insert_layer(Layer("buildings", "Blocks", data, layer_id="b"))
    lines, widths = streets.get("lines", []), streets.get("widths", [])
    if lines:
        table = pa.table({"width_m": widths, "carriageway_m": widths})
        features = Features.of(
            Shapes.from_shapely([shapely.LineString(line) for line in lines]), table
        )
        project.insert_layer(Layer("roads", "Streets", features, layer_id="r"))
    return project


def looked(project: Project, length: float = 20.0) -> Any:
    limits = LaneLimits()
    stock = stock_of(list(project.of_kind("buildings")))
    lanes = lanes_of(list(project.of_kind("roads")), limits)
    around = Surroundings(lanes, stock.shapes, stock.body, stock.high, stock.shapes[:0])
    (tower,) = towers_of(stock, 27.0)
    return access(tower, around, limits, length)


SOUTH = [(-50, -10), (110, -10)]


def test_a_lane_along_one_long_side_serves_that_side() -> None:
    one = looked(town(lines=[SOUTH], widths=[6.0]))
    assert one.sides == 1
    assert one.lane == pytest.approx(60.0, abs=1.0)
    assert one.gap == pytest.approx(7.0, abs=0.1)  # 10 m less half of the width


def test_narrow_lanes_far_lanes_and_lanes_behind_houses_do_not_serve() -> None:
    assert looked(town(lines=[SOUTH], widths=[3.5])).sides == 0
    assert looked(town(lines=[[(-50, -40), (110, -40)]], widths=[6.0])).sides == 0
    hidden = looked(town((0, -6, 60, -3, 8.0), lines=[SOUTH], widths=[6.0]))
    assert (hidden.sides, hidden.lane) == (0, 0.0)


def test_a_ring_serves_both_long_sides() -> None:
    ring = [(-10, -10), (70, -10), (70, 25), (-10, 25), (-10, -10)]
    one = looked(town(lines=[ring], widths=[6.0]))
    assert one.sides == 2
    assert one.lane == pytest.approx(150.0, abs=1.0)


def test_places_for_ladders_need_ground_that_is_free() -> None:
    free = looked(town())
    assert free.pad == pytest.approx(60.0, abs=1.0)
    for pad in free.pads:
        area = shapely.Polygon(pad)
        assert area.area == pytest.approx(200.0)
        assert 5.0 - 1e-6 <= area.distance(shapely.box(*SLAB)) <= 10.0 + 1e-6
    north, south = (-5, 18, 65, 27, 9.0), (25, -16, 65, -12, 9.0)
    # north nothing fits between 5 and 10 m; south the west end is free: 0 to 25 m, less nothing
    assert looked(town(north, south)).pad == pytest.approx(25.0, abs=1.0)


def test_a_podium_in_front_of_a_tower_takes_its_place() -> None:
    project = Project(Frame("EPSG:4547"))
    podium, tower = shapely.box(0, -12, 60, 27), shapely.box(0, 0, 60, 15)
    data, _ = with_blocks(
        Buildings.blocks(Shapes.from_shapely([shapely.box(500, 0, 510, 10)]), 6.0),
        stacked_blocks(podium, 2, tower, 18), 2,
    )  # fmt: skip
    project.insert_layer(Layer("buildings", "Blocks", data, layer_id="b"))
    one = looked(project)
    assert one.long_side == pytest.approx(60.0)
    assert one.pad == 0.0


def test_the_answer_lists_what_is_lacking_as_warnings_of_rules_nobody_verified() -> None:
    outcome = running.run(town(lines=[SOUTH], widths=[6.0]), "fire-access").outcome
    rows = outcome.table.to_pylist()
    assert [(row["check"], row["actual"], row["required"]) for row in rows] == [("lane", 1.0, 2.0)]
    assert rows[0]["clause"] == "7.1.2"
    assert outcome.status == "warning"
    assert outcome.facts["lacking_count"] == 1
    kept = running.run(town(lines=[SOUTH], widths=[6.0]), "fire-access", {"keep_all": True}).outcome
    assert [row["check"] for row in kept.table.to_pylist()] == [
        "lane", "lane_gap", "pad", "pad_trees", "pad_slope"
    ]  # fmt: skip
    low = running.run(town(height=20.0), "fire-access").outcome
    assert (low.table.num_rows, low.facts["towers_count"], low.status) == (0, 0, "none")


def planted(project: Project, *places: tuple[float, float], height: float = 8.0) -> Project:
    """Trees with crowns of 4 m."""
    table = pa.table({"height": [height] * len(places), "crown": [4.0] * len(places)})
    features = Features.of(Shapes.from_shapely([shapely.Point(p) for p in places]), table)
    project.insert_layer(Layer("trees", "Trees", features, layer_id="t"))
    return project


ROWS = tuple((x, y) for y in (-8.0, 23.0) for x in range(0, 61, 4))


def test_trees_before_the_facade_take_places_for_ladders_away() -> None:
    outcome = running.run(planted(town(), *ROWS), "fire-access", {"keep_all": True}).outcome
    rows = {row["check"]: row for row in outcome.table.to_pylist()}
    assert rows["pad"]["actual"] == 0.0
    assert (rows["pad_trees"]["required"], rows["pad_trees"]["clause"]) == (0.0, "7.2.2")
    assert rows["pad_trees"]["actual"] > 10
    assert rows["pad_trees"]["status"] == "warning"
    assert "fire-trees" in {marks.name for marks in outcome.marks}
    low = planted(town(), *ROWS, height=3.0)
    kept = running.run(low, "fire-access", {"keep_all": True}).outcome
    assert kept.facts["trees_count"] == 0
    assert {row["check"]: row["actual"] for row in kept.table.to_pylist()}["pad"] >= 59.0


def test_a_tree_beside_the_places_leaves_them_as_they_are() -> None:
    outcome = running.run(planted(town(), (30.0, 48.0)), "fire-access").outcome
    assert outcome.facts["trees_count"] == 0


STUB = [[(-200, -10), (80, -10)], [(-200, -300), (-200, 200)], [(-400, -300), (400, -300)],
        [(400, -300), (400, 200)]]  # fmt: skip


def turning(project: Project, **params: Any) -> list[dict[str, Any]]:
    asked = {"keep_all": True, **params}
    rows = running.run(project, "fire-access", asked).outcome.table.to_pylist()
    return [row for row in rows if row["check"] == "turning"]


def test_a_dead_end_at_a_tower_needs_room_to_turn() -> None:
    (free,) = turning(town(lines=STUB, widths=[6.0] * 4))
    assert (free["required"], free["clause"]) == (15.0, "7.1.9")
    assert free["actual"] >= 15.0
    assert (free["east"], free["north"]) == (80.0, -10.0)
    walls = (82, -40, 90, 40, 9.0), (64, -4, 82, 10, 9.0), (60, -40, 82, -15, 9.0)
    (tight,) = turning(town(*walls, lines=STUB, widths=[6.0] * 4))
    assert 9.0 <= tight["actual"] <= 11.0  # the walls north and south are 11 m apart
    assert tight["status"] == "warning"


def areas(project: Project, kind: str, *boxes: tuple[float, float, float, float]) -> Project:
    """Put areas of a kind into a town."""
    shapes = Shapes.from_shapely([shapely.box(*box) for box in boxes])
    project.insert_layer(Layer(kind, kind, Features.of(shapes), layer_id=kind))
    return project


def test_room_to_turn_is_known_to_be_paved_or_said_to_be_unknown() -> None:
    bare = town(lines=STUB, widths=[6.0] * 4)
    outcome = running.run(bare, "fire-access", {"keep_all": True}).outcome
    (free,) = [row for row in outcome.table.to_pylist() if row["check"] == "turning"]
    assert free["paving"] == "unknown"
    assert [note.facts for note in outcome.notes if note.key == "fire_access_unpaved"] == [
        {"count": 1}
    ]
    place = areas(town(lines=STUB, widths=[6.0] * 4), "roads", (70.0, -20.0, 90.0, -0.5))
    outcome = running.run(place, "fire-access", {"keep_all": True}).outcome
    (paved,) = [row for row in outcome.table.to_pylist() if row["check"] == "turning"]
    assert paved["paving"] == "paved"
    assert 15.0 <= paved["actual"] <= 19.5
    assert not [note for note in outcome.notes if note.key == "fire_access_unpaved"]


def test_nobody_turns_on_green() -> None:
    lawn = areas(
        town(lines=STUB, widths=[6.0] * 4), "greenery", (61.0, -7.0, 120.0, 40.0),
        (61.0, -60.0, 120.0, -13.0), (88.0, -14.0, 120.0, -6.0),
    )  # fmt: skip
    (row,) = turning(lawn)
    assert row["actual"] <= 7.0  # the carriageway alone is 6 m wide
    assert row["status"] == "warning"
    hidden = turning(lawn, green=["greenery"])
    assert hidden == [row]


def test_through_streets_short_stubs_and_cut_off_ends_are_no_dead_ends() -> None:
    joined = [[(-200, -10), (400, -10)], *STUB[1:]]
    assert turning(town(lines=joined, widths=[6.0] * 4)) == []
    assert turning(town(lines=STUB, widths=[6.0] * 4), dead_end=400.0) == []
    assert turning(town(lines=[SOUTH], widths=[6.0])) == []  # both ends lie on the border


def test_a_dead_end_is_followed_back_over_several_pieces() -> None:
    split = [[(-200, -10), (0, -10)], [(0, -10), (80, -10)], *STUB[1:]]
    assert len(turning(town(lines=split, widths=[6.0] * 5), dead_end=200.0)) == 1
