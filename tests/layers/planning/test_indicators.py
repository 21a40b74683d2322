"""Indicators: cases worked out by hand, sums under splits, limits and what they mean."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.analyses import running
from layers.edits import SetHeight
from layers.errors import CityError
from layers.frame import Frame
from layers.history import History
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.planning.floor_areas import floor_areas
from layers.planning.indicators import Zone, indicators
from layers.planning.uses import use_of
from layers.planning.zones import drawn_zone, hull_of, limits_of, zones_by, zones_of
from layers.project import Project
from layers.rules.loader import built_in, rule_set
from layers.rules.rule import RuleSet
from layers.schemes_build import stacked_blocks, with_blocks
from layers.shapes import Shapes

NO_RULES = RuleSet(())
RULES = rule_set(built_in())


def blocks(
    *boxes: tuple[float, float, float, float], heights: list[float], **columns: list[object]
) -> Layer:
    shapes = Shapes.from_shapely([shapely.box(*box) for box in boxes])
    table = pa.table({"id": list(range(len(boxes))), **columns})
    return Layer("buildings", "Houses", Buildings.blocks(shapes, heights, table), layer_id="h")


def plots(*boxes: tuple[float, float, float, float], **columns: list[object]) -> Layer:
    shapes = Shapes.from_shapely([shapely.box(*box) for box in boxes])
    table = pa.table({"name": [f"P{i}" for i in range(len(boxes))], **columns})
    return Layer("districts", "Plots", Features.of(shapes, table), layer_id="p")


def park(*boxes: tuple[float, float, float, float]) -> Layer:
    shapes = Shapes.from_shapely([shapely.box(*box) for box in boxes])
    return Layer("greenery", "Park", Features.of(shapes), layer_id="g")


def test_a_plot_with_one_house_is_reckoned_by_hand() -> None:
    house = blocks((10, 10, 30, 30), heights=[18.0], use=["住宅"], floors=[6])
    zones = zones_of(plots((0, 0, 100, 100), far_max=[2.0], 类别=["居住用地"]))
    found = indicators(zones, [house], [park((50, 0, 100, 50), (50, 0, 100, 50))], RULES)
    (row,) = found.table.to_pylist()
    assert row["site_m2"] == 10_000.0
    assert (row["footprint_m2"], row["floor_area_m2"]) == (400.0, 2400.0)
    assert (row["far"], row["density_percent"]) == (0.24, 4.0)
    assert row["green_percent"] == 25.0
    assert (row["storeys_mean"], row["height_max_m"]) == (6.0, 18.0)
    assert (row["residential_m2"], row["office_m2"]) == (2400.0, 0.0)
    assert (row["dwellings_count"], row["population_count"]) == (24.0, pytest.approx(67.2))
    assert row["parking_count"] == pytest.approx(24.0)
    assert (row["land_use"], row["far_status"], row["status"]) == ("居住用地", "pass", "pass")


def test_mean_storeys_are_all_floors_over_the_land_that_is_built_on() -> None:
    """A podium of 2 storeys and 900 m2 with a tower of 20 and 100 m2: 3,800 / 900."""
    podium = shapely.box(10, 10, 40, 40)
    data, _ = with_blocks(
        Buildings.blocks(Shapes.from_shapely([]), []),
        stacked_blocks(podium, 2, shapely.box(20, 20, 30, 30), 20), 9,
    )  # fmt: skip
    tower = Layer("buildings", "Tower", data, layer_id="h")
    (row,) = indicators(zones_of(plots((0, 0, 100, 100))), [tower], [], RULES).table.to_pylist()
    assert row["floor_area_m2"] == pytest.approx(3800.0)
    assert row["footprint_m2"] == pytest.approx(900.0)
    assert row["storeys_mean"] == pytest.approx(3800.0 / 900.0)


def test_limits_are_kept_or_broken() -> None:
    house = blocks((0, 0, 50, 50), heights=[30.0], floors=[10])
    layer = plots(
        (0, 0, 50, 100), far_max=[5.0], density_max_pct=[40.0], green_min_pct=[30.0],
        height_max_m=[30.0],
    )  # fmt: skip
    (row,) = indicators(zones_of(layer), [house], [], NO_RULES).table.to_pylist()
    statuses = [row[f"{k}_status"] for k in ("far", "density", "green", "height")]
    assert statuses == ["pass", "fail", "fail", "pass"]
    assert row["status"] == "fail"


def test_ratios_in_percent_of_texts_become_ratios() -> None:
    layer = plots((0, 0, 1, 1), (1, 0, 2, 1), 容積率=["200", "0"], 建蔽率=["60", None])
    limits = limits_of(layer.features)
    assert limits["far"].tolist() == [2.0, 0.0]
    assert limits["density_percent"][0] == 60.0
    assert np.isnan(limits["density_percent"][1])


def test_pilotis_low_storeys_and_what_is_below_ground_count_as_the_rules_say() -> None:
    boxes = ((0, 0, 10, 10), (20, 0, 30, 10), (40, 0, 50, 10))
    layer = blocks(
        *boxes, heights=[30.0, 4.0, 30.0], floors=[10, 2, 10], 架空层=[1, 0, 0],
        地下层数=[0, 0, 2],
    )  # fmt: skip
    assert isinstance(layer.data, Buildings)
    areas = floor_areas(layer.data, RULES)
    assert areas.counted_m2.tolist() == [900.0, 100.0, 1000.0]
    assert areas.underground_m2.tolist() == [0.0, 0.0, 200.0]
    assert len(areas.unverified) == 3
    plain = floor_areas(layer.data, NO_RULES)
    assert plain.counted_m2.tolist() == [1000.0, 200.0, 1000.0]
    zones = [Zone("z", shapely.box(0, 0, 100, 100), limits={"far": 5.0})]
    assert indicators(zones, [layer], [], RULES).statuses == ("warning",)
    assert indicators(zones, [layer], [], NO_RULES).statuses == ("pass",)


def test_parts_of_a_building_count_once_on_the_ground() -> None:
    shapes = Shapes.from_shapely([shapely.box(0, 0, 20, 20)] * 2 + [shapely.box(0, 0, 10, 10)])
    data = Buildings.blocks(shapes, [40.0, 10.0, 40.0])
    data = replace(
        data, part_of=np.array([0, 1, 1]), drawn=np.array([False, True, True]),
        min_height=np.array([0.0, 0.0, 10.0]),
    )  # fmt: skip
    layer = Layer("buildings", "H", data)
    zones = [Zone("z", shapely.box(0, 0, 40, 40))]
    (row,) = indicators(zones, [layer], [], NO_RULES).table.to_pylist()
    assert row["footprint_m2"] == 400.0
    assert row["floor_area_m2"] == 400.0 * 3 + 100.0 * 10


@given(
    st.lists(st.tuples(st.floats(0, 80), st.floats(0, 80), st.floats(2, 30), st.floats(2, 30),
                       st.floats(3, 90)), min_size=1, max_size=6),
    st.floats(5, 95),
)  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_floor_area_adds_up_under_splits(
    houses: list[tuple[float, float, float, float, float]], cut: float
) -> None:
    layer = blocks(
        *((e, n, e + w, n + d) for e, n, w, d, _ in houses), heights=[h for *_, h in houses]
    )
    green = park((10, 10, 60, 40), (30, 20, 90, 70))
    whole = shapely.box(0, 0, 120, 120)
    parts = [shapely.box(0, 0, cut, 120), shapely.box(cut, 0, 120, 120)]
    names = ("site_m2", "footprint_m2", "floor_area_m2", "green_m2", "population_count")
    one = indicators([Zone("w", whole)], [layer], [green], RULES).table
    two = indicators([Zone("a", parts[0]), Zone("b", parts[1])], [layer], [green], RULES).table
    for name in names:
        total = float(np.sum(two.column(name).to_numpy()))
        assert total == pytest.approx(one.column(name)[0].as_py(), rel=1e-9, abs=1e-6)


def test_areas_of_one_use_are_put_together_and_drawn_areas_are_checked() -> None:
    layer = plots((0, 0, 10, 10), (20, 0, 30, 10), (10, 0, 20, 10), 类别=["R", "R", "C"])
    zones = zones_by(layer, "类别")
    assert [(z.name, z.shape.area) for z in zones] == [("C", 100.0), ("R", 200.0)]
    with pytest.raises(CityError, match="encloses nothing"):
        drawn_zone([(0, 0), (1, 1)], "x")
    assert [use_of(w) for w in ("办公楼", "Warehouse", "幼儿园", "?", "apartments")] == [
        "office", "industry", "public", "other", "residential",
    ]  # fmt: skip


def test_undo_restores_the_indicators_exactly() -> None:
    project = Project(Frame("EPSG:4547"))
    for layer in (plots((0, 0, 50, 50)), blocks((0, 0, 10, 10), heights=[12.0])):
        project.insert_layer(layer)
    history = History(project)
    before = running.run(project, "indicators")
    history.run(SetHeight("h", 1, 60.0))
    assert running.is_stale(project, before)
    higher = running.run(project, "indicators")
    assert higher.outcome.facts["floor_area_m2"] > before.outcome.facts["floor_area_m2"]  # type: ignore[operator]  # numbers
    history.undo()
    assert running.run(project, "indicators").outcome.table.equals(before.outcome.table)
    assert not running.is_stale(project, before)


def test_a_moved_house_is_reckoned_as_if_everything_were_new() -> None:
    boxes = [(20.0 * k, 0.0, 20.0 * k + 10, 10.0) for k in range(6)]
    layer = blocks(*boxes, heights=[12.0] * 6)
    zones = [Zone("a", shapely.box(0, -5, 55, 20)), Zone("b", shapely.box(55, -5, 200, 20))]
    indicators(zones, [layer], [], NO_RULES)
    assert isinstance(layer.data, Buildings)
    coords = layer.data.shapes.coords.copy()
    coords[8:12, 0] += 10.0  # the third house now stands in both
    moved = replace(layer.data, shapes=replace(layer.data.shapes, coords=coords))
    layer.data = moved
    quick = indicators(zones, [layer], [], NO_RULES).table
    others = [
        (x + 10.0 * (k == 2), s, e + 10.0 * (k == 2), n) for k, (x, s, e, n) in enumerate(boxes)
    ]
    fresh_zones = [Zone(zone.name, shapely.box(*zone.shape.bounds)) for zone in zones]
    fresh = indicators(fresh_zones, [blocks(*others, heights=[12.0] * 6)], [], NO_RULES).table
    for name in ("footprint_m2", "floor_area_m2", "height_max_m"):
        assert quick.column(name).to_pylist() == pytest.approx(fresh.column(name).to_pylist())
    assert quick.column("footprint_m2").to_pylist() == pytest.approx([250.0, 350.0])


@pytest.mark.shared
def test_ratios_of_a_real_plan_are_read(shared_data: object) -> None:
    from pathlib import Path

    from layers.files.importing import import_file

    project = Project()
    path = Path(str(shared_data)) / "tw-landuse-zoning" / "F0201.json"
    (layer,) = import_file(project, path).layers
    limits = limits_of(layer.features)
    assert np.nanmin(limits["far"]) >= 0.0
    assert 0.5 < np.nanmax(limits["far"]) <= 10.0
    assert np.nanmax(limits["density_percent"]) <= 100.0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), max_size=40), st.integers(3, 12))
def test_the_hull_of_many_points_is_that_of_all_at_once(
    corners: list[tuple[int, int]], block: int
) -> None:
    points = np.array(corners, dtype=np.float64).reshape(-1, 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("layers.planning.zones.BLOCK", block)
        found = hull_of(points)
    wanted = shapely.MultiPoint(points).convex_hull
    assert found.area == wanted.area
    if wanted.area:
        assert found.equals(wanted)


def test_a_large_city_is_reckoned_block_by_block_and_gives_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    boxes = [(12.0 * k, 0.0, 12.0 * k + 10.0, 8.0 + k % 3) for k in range(30)]
    zones = [Zone("a", shapely.box(-5, -5, 100, 50)), Zone("b", shapely.box(55, -5, 400, 50))]

    def table() -> pa.Table:
        layer = blocks(*boxes, heights=[9.0 + k for k in range(30)])
        return indicators(zones, [layer], [], NO_RULES).table

    whole = table().to_pylist()
    for module in ("floor_areas", "indicators"):
        monkeypatch.setattr(f"layers.planning.{module}.BLOCK", 7)
    monkeypatch.setattr("layers.planning.indicators._SHARED", [])
    monkeypatch.setattr("layers.planning.floor_areas._LATEST", [])
    for row, wanted in zip(table().to_pylist(), whole, strict=True):
        assert row == {
            k: pytest.approx(v) if isinstance(v, float) else v for k, v in wanted.items()
        }
