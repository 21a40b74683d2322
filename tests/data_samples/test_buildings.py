"""The buildings: enough, varied, where they belong, and believable in their figures."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from tests.data_samples.conftest import Sample


def shapes(table: gpd.GeoDataFrame) -> np.ndarray:
    return np.asarray(table.geometry)


def test_there_are_more_than_four_thousand_with_all_attributes(buildings: gpd.GeoDataFrame) -> None:
    assert len(buildings) >= 4000
    assert list(buildings.columns) == [
        "编号", "名称", "NAME_EN", "用途", "USE", "层数", "地下层数", "高度", "离地高", "建成年份",
        "结构", "屋顶", "ROOF", "坡高", "地块", "geometry",
    ]  # fmt: skip
    assert buildings["编号"].is_unique
    assert buildings["USE"].nunique() >= 18
    assert set(buildings["结构"]) == {"框架", "剪力墙", "砖混", "钢结构", "砖木", "框筒"}
    assert buildings["建成年份"].between(1600, 2025).all()


def test_footprints_are_valid_polygons_of_a_sensible_size(buildings: gpd.GeoDataFrame) -> None:
    found = shapes(buildings)
    assert shapely.is_valid(found).all()
    assert (shapely.get_type_id(found) == 3).all()
    assert shapely.area(found).min() > 10
    assert shapely.area(found).max() < 20_000


def test_no_building_overlaps_another(buildings: gpd.GeoDataFrame) -> None:
    found = shapes(buildings)
    first, second = shapely.STRtree(found).query(found, predicate="intersects")
    pairs = first < second
    common = shapely.area(shapely.intersection(found[first[pairs]], found[second[pairs]]))
    assert common.max(initial=0.0) < 0.2  # a hair's breadth along a shared wall


def test_each_building_stands_on_its_plot(
    buildings: gpd.GeoDataFrame, districts: gpd.GeoDataFrame
) -> None:
    plots = shapes(districts.set_index("plot").loc[buildings["地块"]])
    outside = shapely.area(shapely.difference(shapes(buildings), plots))
    assert outside.max() < 0.1


@pytest.mark.parametrize("kind", ["roads", "water", "rail"])
def test_no_building_stands_in_streets_water_or_tracks(
    sample: Sample, buildings: gpd.GeoDataFrame, kind: str
) -> None:
    table = sample.read(kind, kind if kind != "water" else "").to_crs("EPSG:4547")
    if kind == "rail":
        table = table[table["level"] >= 0]
    width = 0.0 if kind == "water" else table["width_m"] / 2
    taken = np.asarray(table.geometry.buffer(width, cap_style="flat") if kind != "water"
                       else table.geometry)  # fmt: skip
    found = shapes(buildings)
    where, which = shapely.STRtree(taken).query(found, predicate="intersects")
    common = shapely.area(shapely.intersection(found[where], taken[which]))
    assert common.max(initial=0.0) < 0.2


def test_heights_run_from_sheds_to_one_tower_of_250_metres(buildings: gpd.GeoDataFrame) -> None:
    assert buildings["高度"].max() == 250.0
    assert buildings.loc[buildings["高度"].idxmax(), "名称"] == "滨江中心大厦"
    assert buildings["高度"].min() > 2.5
    assert (buildings["高度"] > 100).sum() >= 10
    assert (buildings["高度"].between(50, 100)).sum() >= 120
    storey = (buildings["高度"] - buildings["离地高"]) / buildings["层数"]
    assert storey[buildings["USE"] == "residential"].between(2.8, 4.6).all()


def test_a_bridge_between_towers_floats(buildings: gpd.GeoDataFrame) -> None:
    floating = buildings[buildings["离地高"] > 0]
    assert 1 <= len(floating) <= 5
    assert (floating["高度"] > floating["离地高"]).all()


def test_plans_are_more_than_boxes(buildings: gpd.GeoDataFrame) -> None:
    found = shapes(buildings)
    holes = shapely.get_num_interior_rings(found)
    corners = shapely.get_num_coordinates(found) - 1
    assert ((holes > 0) & (buildings["USE"] == "courtyard")).sum() > 150
    assert (corners >= 40).sum() > 60
    share = shapely.area(found) / shapely.area(shapely.minimum_rotated_rectangle(found))
    assert (share < 0.8).sum() > 400


def test_housing_faces_south(buildings: gpd.GeoDataFrame) -> None:
    compounds = buildings["名称"].fillna("").str.contains("号楼")
    slabs = buildings[
        compounds & (buildings["USE"] == "residential") & buildings["层数"].between(6, 11)
    ]
    boxes = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shapes(slabs)))
    boxes = boxes.reshape(len(slabs), 5, 2)
    sides = np.diff(boxes[:, :3], axis=1)
    longest = sides[np.arange(len(slabs)), np.argmax(np.hypot(*np.moveaxis(sides, 2, 0)), axis=1)]
    turn = np.degrees(np.arctan2(longest[:, 1], longest[:, 0])) % 180.0
    off = np.minimum(turn, 180.0 - turn)
    assert len(slabs) > 300
    assert (off <= 15.0).mean() > 0.95


def test_compounds_and_landmarks_have_names(buildings: gpd.GeoDataFrame) -> None:
    names = set(buildings["名称"].dropna())
    assert "滨江花园3号楼" in names
    for part in ("滨江大学图书馆", "滨江大剧院", "滨江新区人民医院门诊楼", "双子塔A座", "滨江钟楼"):
        assert part in names
    named = buildings["名称"].notna()
    assert buildings.loc[named, "NAME_EN"].notna().all()
    assert not buildings.loc[named, "NAME_EN"].str.contains(r"[^\x00-\x7f]").any()
    assert named.sum() > 1000


@pytest.mark.parametrize(
    ("code", "least", "most"),
    [("R2", 0.9, 2.8), ("B2", 4.0, 10.0), ("M2", 0.25, 0.9), ("A31", 0.5, 1.5), ("A7", 0.5, 1.6)],
)
def test_floor_area_ratios_are_those_of_a_town(
    buildings: gpd.GeoDataFrame, districts: gpd.GeoDataFrame, code: str, least: float, most: float
) -> None:
    floor_area = (buildings.geometry.area * buildings["层数"]).groupby(buildings["地块"]).sum()
    plots = districts[districts["code"] == code].set_index("plot")
    ratio = floor_area.reindex(plots.index, fill_value=0.0).sum() / plots.geometry.area.sum()
    assert least < ratio < most


def test_no_plot_breaks_the_limits_of_its_plan(
    buildings: gpd.GeoDataFrame, districts: gpd.GeoDataFrame
) -> None:
    plots = districts.set_index("plot")
    grouped = buildings.groupby("地块")
    area = plots.geometry.area.loc[grouped.size().index]
    limit = plots.loc[grouped.size().index]
    floor_area = (buildings.geometry.area * buildings["层数"]).groupby(buildings["地块"]).sum()
    covered = buildings.geometry.area.groupby(buildings["地块"]).sum()
    assert (floor_area / area <= limit["far_max"] + 0.01).all()
    assert (100 * covered / area <= limit["density_max_pct"] + 0.1).all()
    assert (grouped["高度"].max() <= limit["height_max_m"]).all()
