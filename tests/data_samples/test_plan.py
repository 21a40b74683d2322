"""Streets, rail, land use, green and places."""

from __future__ import annotations

from collections import Counter

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from data_samples import land_use
from tests.data_samples.conftest import Sample


def test_streets_have_classes_names_and_figures(roads: gpd.GeoDataFrame) -> None:
    assert set(roads["class"]) == {
        "expressway", "ramp", "arterial", "collector", "local", "lane",
    }  # fmt: skip
    assert roads["name"].notna().all()
    assert roads["name_en"].notna().all()
    assert roads["lanes"].between(1, 8).all()
    assert roads["speed_kmh"].between(15, 80).all()
    assert roads["width_m"].between(5, 60).all()
    assert roads["one_way"].sum() > 10
    length = roads.geometry.length.groupby(roads["class"]).sum() / 1000
    assert length["arterial"] > 12
    assert length["collector"] > 15
    assert length["local"] > 10


def test_streets_of_a_level_meet_only_at_shared_end_points(roads: gpd.GeoDataFrame) -> None:
    for level in (0, 1):
        lines = np.asarray(roads.geometry[roads["level"] == level])
        assert shapely.is_simple(lines).all()
        first, second = shapely.STRtree(lines).query(lines, predicate="intersects")
        pairs = first < second
        first, second = first[pairs], second[pairs]
        common = shapely.intersection(lines[first], lines[second])
        ends = shapely.union(shapely.boundary(lines[first]), shapely.boundary(lines[second]))
        assert (shapely.get_dimensions(common) == 0).all()
        shared = shapely.intersection(
            shapely.boundary(lines[first]), shapely.boundary(lines[second])
        )
        assert shapely.equals(common, shared).all()
        assert shapely.covers(ends, common).all()


def test_every_street_can_be_reached_from_every_other(roads: gpd.GeoDataFrame) -> None:
    lines = np.asarray(roads.geometry)
    ends = np.vstack([shapely.get_coordinates(shapely.get_point(lines, at)) for at in (0, -1)])
    points, which = np.unique(ends.round(2), axis=0, return_inverse=True)
    start, end = np.split(which.ravel(), 2)
    graph = coo_matrix((np.ones(len(lines)), (start, end)), shape=(len(points), len(points)))
    assert connected_components(graph, directed=False)[0] == 1


def test_two_bridges_cross_the_river(sample: Sample, roads: gpd.GeoDataFrame) -> None:
    bridges = roads[roads["structure"] == "bridge"]
    assert sorted(bridges["class"]) == ["arterial", "expressway"]
    water = sample.read("water").to_crs("EPSG:4547")
    river = water[water["class"] == "river"].geometry.union_all()
    crossing = bridges.geometry.intersection(river).length
    assert crossing.between(150, 260).all()


def test_the_metro_runs_under_and_over_the_ground(sample: Sample) -> None:
    rail = sample.read("rail", "rail")
    metro = rail[rail["class"] == "metro"]
    assert set(metro["level"]) == {-1, 0, 1}
    assert metro.geometry.length.sum() > 2900
    stations = sample.read("places", "stations")
    assert len(stations) >= 5
    assert stations.geometry.distance(metro.geometry.union_all()).max() < 0.1


def test_land_use_covers_the_district_without_overlap(districts: gpd.GeoDataFrame) -> None:
    assert districts.geometry.is_valid.all()
    assert set(districts["code"]) <= set(land_use.CLASSES)
    assert districts["code"].nunique() >= 20
    west, south, east, north = districts.total_bounds
    assert (east - west, north - south) == pytest.approx((3000.0, 2500.0), abs=0.1)
    whole = districts.geometry.area.sum()
    union = districts.geometry.union_all().area
    assert whole - union < 50.0
    assert union > 0.985 * 3000 * 2500
    assert districts["name"].notna().all()


def test_land_use_is_balanced_like_a_town(districts: gpd.GeoDataFrame) -> None:
    area = districts.geometry.area.groupby(districts["code"].str[0]).sum()
    share = area / area.sum()
    assert 0.2 < share["R"] < 0.45
    assert 0.08 < share["G"] < 0.3
    assert 0.1 < share["S"] < 0.3
    assert share["B"] > 0.02
    assert share["M"] > 0.05


def test_trees_stand_clear_of_buildings_and_water(
    sample: Sample, buildings: gpd.GeoDataFrame
) -> None:
    table = pd.read_csv(sample.path("trees"), encoding="utf-8-sig")
    stems = np.asarray(shapely.points(table["x"], table["y"]))
    water = sample.read("water").to_crs("EPSG:4547")
    taken = np.concatenate([np.asarray(buildings.geometry), np.asarray(water.geometry)])
    hit, _ = shapely.STRtree(taken).query(stems, predicate="within")
    assert np.unique(np.asarray(hit)).size < 0.001 * len(stems)


def test_green_areas_do_not_cover_buildings(sample: Sample, buildings: gpd.GeoDataFrame) -> None:
    green = sample.read("greenery")
    assert set(green["类别"]) == {"公园绿地", "防护绿地", "广场绿地", "附属绿地"}
    assert green.geometry.is_valid.all()
    areas, found = np.asarray(green.geometry), np.asarray(buildings.geometry)
    where, which = shapely.STRtree(areas).query(found, predicate="intersects")
    assert shapely.area(shapely.intersection(found[where], areas[which])).max(initial=0) < 0.2


def test_places_name_what_people_look_for(sample: Sample) -> None:
    places = sample.read("places")
    assert (places.geom_type == "Point").all()
    names = set(places["name"])
    assert {
        "滨江大学",
        "青屏山公园",
        "滨江大桥",
        "滨江二桥",
        "滨江",
        "滨江古城",
        "金融城站",
    } <= names
    kinds = Counter(places["class"])
    assert kinds["compound"] > 20
    assert kinds["station"] == 7
