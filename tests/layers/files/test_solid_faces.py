"""Bodies of upright polygons (MultiPatch, polyhedra) keep their walls and roofs."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from shapely import MultiPolygon, Polygon

from layers.files.importing import import_file
from layers.files.options import ImportOptions
from layers.kinds.buildings import MEANINGS, Buildings
from layers.project import Project

EAST, NORTH, LEVEL = 528_000.0, 3_381_000.0, 20.0
Corner = tuple[float, float, float]


def face(*corners: Corner) -> Polygon:
    return Polygon([*corners, corners[0]])


def gabled(east: float, eaves: float = 6.0, ridge: float = 9.0) -> MultiPolygon:
    """Give a house of 10 by 16 m as seven faces that look outwards."""
    x, y = EAST + east, NORTH
    plan = [(x, y), (x + 10, y), (x + 10, y + 16), (x, y + 16)]
    a, b, c, d = ((*p, LEVEL) for p in plan)
    e, f, g, h = ((*p, LEVEL + eaves) for p in plan)
    m, n = (x + 5, y, LEVEL + ridge), (x + 5, y + 16, LEVEL + ridge)
    return MultiPolygon([
        face(a, d, c, b), face(a, b, f, m, e), face(c, d, h, n, g), face(b, c, g, f),
        face(d, a, e, h), face(f, g, n, m), face(h, e, m, n),
    ])  # fmt: skip


def taken(path: Path, kind: str | None = "buildings") -> Buildings:
    data = import_file(Project(), path, ImportOptions(kind=kind)).layers[0].data
    assert isinstance(data, Buildings)
    return data


@pytest.mark.parametrize("name", ["h.gpkg", "h.shp"])
@pytest.mark.parametrize("kind", ["buildings", None])
def test_a_house_of_faces_keeps_its_roof(tmp_path: Path, name: str, kind: str | None) -> None:
    path = tmp_path / name
    frame = gpd.GeoDataFrame({"n": [1, 2]}, geometry=[gabled(0), gabled(30)], crs=4547)
    options = {"SHPT": "MULTIPATCH"} if name.endswith("shp") else {}
    pyogrio.write_dataframe(frame, path, **options)
    data = taken(path, kind)
    assert data.height.tolist() == [9.0, 9.0]
    assert data.base.tolist() == [LEVEL, LEVEL]
    np.testing.assert_allclose(data.shapes.areas(), 160.0)
    assert data.surfaces is not None
    words = {MEANINGS[code] for code in data.surfaces.meaning.tolist()}
    assert words == {"wall", "roof", "ground"}
    assert set(data.surfaces.owner.tolist()) == set(data.ids.tolist())


def test_features_that_become_several_buildings_lose_their_faces(tmp_path: Path) -> None:
    apart = MultiPolygon([*gabled(0).geoms, *gabled(50).geoms])
    path = tmp_path / "h.gpkg"
    gpd.GeoDataFrame({"n": [1, 2]}, geometry=[apart, gabled(100)], crs=4547).to_file(path)
    data = taken(path)
    assert len(data) == 3
    assert data.surfaces is not None
    assert len(set(data.surfaces.owner.tolist())) == 1


def test_plans_with_heights_are_no_bodies(tmp_path: Path) -> None:
    squares = [shapely.box(EAST + i * 20, NORTH, EAST + i * 20 + 9, NORTH + 9) for i in range(5)]
    flat = shapely.force_3d(MultiPolygon(squares), 25.0)
    path = tmp_path / "h.gpkg"
    gpd.GeoDataFrame({"height": [9.0]}, geometry=[flat], crs=4547).to_file(path)
    data = taken(path)
    assert data.surfaces is None
    assert data.height.tolist() == [9.0] * 5
