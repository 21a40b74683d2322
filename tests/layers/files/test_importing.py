from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pytest
import shapely
from ezdxf.filemanagement import new
from shapely import LineString, MultiPolygon, Point, Polygon, box

from layers.errors import Cancelled, CityError
from layers.files.choosing import choose_layers
from layers.files.importing import commands_for, import_file, import_layer
from layers.files.options import ImportOptions
from layers.files.raw import RawLayer, RawSurfaces, as_objects
from layers.files.report import LayerReport
from layers.frame import CityGrid, Frame
from layers.history import History
from layers.kinds.base import Features
from layers.kinds.buildings import Buildings
from layers.project import Project

ZONE = "EPSG:4547"
EAST, NORTH = 500_000.0, 3_380_000.0
FRAME = Frame(ZONE, (EAST, NORTH))


def house(east: float, north: float, size: float = 10.0) -> Polygon:
    return box(EAST + east, NORTH + north, EAST + east + size, NORTH + north + size)


def raw_of(shapes: list[Any], columns: dict[str, Any], **more: Any) -> RawLayer:
    n = len(shapes)
    given = {
        "path": Path("town.gpkg"), "name": "town", "geometry": as_objects(shapes),
        "attributes": pa.table(columns), "crs": ZONE, "encoding": "GBK",
        "ids": as_objects([f"f{i}" for i in range(n)]),
    }  # fmt: skip
    return RawLayer(**{**given, **more})


def buildings(raw: RawLayer, **options: Any) -> tuple[Buildings, LayerReport]:
    layer, _, report = import_layer(raw, FRAME, ImportOptions(kind="buildings", **options))
    assert layer is not None
    assert isinstance(layer.data, Buildings)
    assert report.read == report.kept + sum(report.skipped.values())
    return layer.data, report


def test_a_dirty_layer_is_told_of_feature_by_feature() -> None:
    shapes = [
        house(0, 0),
        MultiPolygon([house(20, 0), house(40, 0)]),
        None,
        Polygon([(EAST, NORTH), (EAST + 4, NORTH + 4), (EAST + 4, NORTH), (EAST, NORTH + 4)]),
        Point(EAST, NORTH),
        house(0, 0),
        house(60, 0, 0.2),
    ]
    raw = raw_of(shapes, {"名称": list("abcdeag"), "层数": [3, 6, 1, 2, 1, 3, 1]})
    data, report = buildings(raw)
    assert (report.read, report.kept, report.objects) == (7, 3, 5)
    assert report.skipped == {"no_geometry": 1, "not_a_polygon": 1, "duplicate": 1, "sliver": 1}
    assert report.repaired == {"self_intersection": 1}
    assert report.first["duplicate"] == ("f5",)
    assert (report.mended, report.encoding, report.crs) == (1, "GBK", ZONE)
    assert report.height_rule == "层数 x 3 m"
    assert data.attributes.column("名称").to_pylist() == ["a", "b", "d"]
    assert data.column("名称").to_pylist() == ["a", "b", "b", "d", "d"]
    np.testing.assert_allclose(data.height, [9, 18, 18, 6, 6])
    assert data.ids.tolist() == [1, 2, 3, 4, 5]
    json.dumps(report.to_json())


def test_attributes_stay_with_names_and_types() -> None:
    columns = {
        "名称": pa.array(["甲", None]), "n": pa.array([1, 2], pa.int16()),
        "day": pa.array([0, 1], pa.date32()), "ok": pa.array([True, None]),
        "x": pa.array([1.5, float("nan")]),
    }  # fmt: skip
    data, _ = buildings(raw_of([house(0, 0), house(20, 0)], columns))
    assert data.attributes.schema == pa.table(columns).schema
    assert data.attributes.column("名称").to_pylist() == ["甲", None]


def test_without_attributes_features_are_numbered(tmp_path: Path) -> None:
    path = tmp_path / "benches.geojson"
    places = [shapely.geometry.mapping(Point(114.0 + i / 1000, 30.0)) for i in range(3)]
    members = [{"type": "Feature", "properties": {}, "geometry": place} for place in places]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": members}))
    layer = import_file(Project(), path).layers[0]
    assert layer.features.attributes.to_pydict() == {"id": [1, 2, 3]}
    assert layer.features.row(2) == {"id": 2}


def test_parts_are_not_drawn_twice_and_keep_their_parent() -> None:
    tower = box(EAST, NORTH, EAST + 4, NORTH + 10)
    raw = raw_of(
        [house(0, 0), tower, house(50, 0)],
        {
            "id": [10, 11, 12], "kind": ["building", "building_part", "building"],
            "root_id": pa.array([None, 10, None], pa.int64()), "height": [20.0, 60.0, 9.0],
        },
    )  # fmt: skip
    data, report = buildings(raw)
    assert data.part_of.tolist() == [0, 1, 0, 1]
    assert data.drawn.tolist() == [False, True, True, True]
    assert data.shapes.areas()[3] == pytest.approx(60.0)
    assert (report.read, report.kept, report.objects) == (3, 3, 4)
    assert data.feature.tolist() == [0, 1, 2, 0]


def test_tiles_repeat_and_cut_buildings_which_come_out_once() -> None:
    left, right = box(EAST, NORTH, EAST + 5, NORTH + 9), box(EAST + 5, NORTH, EAST + 9, NORTH + 9)
    raw = raw_of(
        [house(50, 0), left, right, house(50, 0), house(80, 0)],
        {"id": [1, 2, 2, 1, 3], "height": [9, 12, 12, 9, 6]},
        tile=np.array([0, 0, 1, 1, 1]),
    )
    data, report = buildings(raw)
    assert report.skipped == {"duplicate": 1}
    assert report.repaired == {"joined_at_tile_edge": 2}
    assert (report.kept, report.objects) == (4, 3)
    assert sorted(data.shapes.areas().round(3)) == [81.0, 100.0, 100.0]


def test_faces_of_detailed_buildings_come_with_their_owner() -> None:
    coords = np.array([[0, 0, 5], [10, 0, 5], [10, 10, 5], [0, 10, 12]], dtype=float)
    coords[:, 0] += EAST
    coords[:, 1] += NORTH
    surfaces = RawSurfaces(
        coords=np.vstack([coords, coords + np.array([50, 0, 0])]), ring_start=np.array([0, 4, 8]),
        face_start=np.array([0, 1, 2]), owner=np.array([0, 1]), meaning=np.array([1, 1], np.uint8),
    )  # fmt: skip
    data, report = buildings(raw_of([None, house(50, 0)], {"x": [1, 2]}, surfaces=surfaces))
    assert data.surfaces is not None
    assert data.surfaces.owner.tolist() == [1]
    assert data.surfaces.coords[:, 0].min() == EAST + 50
    assert data.height.tolist() == [7.0]
    assert data.base.tolist() == [5.0]
    assert report.height_rule == "extent of the surfaces"


def test_options_choose_fields_area_duplicates_and_axes() -> None:
    raw = raw_of([house(0, 0), house(0, 0), house(30, 0, 3.0)], {"a": [5, 5, 6], "h": [9, 9, 9]})
    data, report = buildings(raw, height_field="a", keep_duplicates=True, min_area=10.0)
    assert data.height.tolist() == [5.0, 5.0]
    assert report.skipped == {"sliver": 1}
    turned = shapely.transform(raw.geometry, lambda xy: xy[:, ::-1])
    data, report = buildings(raw_of(list(turned), {"a": [1, 2, 3]}), swap_axes=True)
    assert data.shapes.extent() == (EAST, NORTH, EAST + 33, NORTH + 10)


def test_heights_of_coordinates_stay_in_flat_layers() -> None:
    line = LineString([(EAST, NORTH, 3), (EAST + 9, NORTH, 4)])
    layer, _, _ = import_layer(raw_of([line], {"x": [1]}), FRAME, ImportOptions(kind="roads"))
    assert layer is not None
    assert layer.features.shapes.z is not None
    assert layer.features.shapes.z.tolist() == [3, 4]


def saved(
    path: Path, shapes: list[Any], crs: str | None = ZONE, layer: str = "", **columns: Any
) -> Path:
    frame = gpd.GeoDataFrame(columns or {"n": range(len(shapes))}, geometry=shapes, crs=crs)
    frame.to_file(path, **({"layer": layer} if layer else {}))
    return path


def test_an_import_is_one_step_that_undo_takes_back_whole(tmp_path: Path) -> None:
    path = saved(tmp_path / "houses.gpkg", [house(0, 0), house(20, 0)], floors=[3, 4])
    project = Project()
    imported = import_file(project, path)
    assert (len(project.layers), project.frame) == (0, None)
    history = History(project)
    history.run(commands_for(imported))
    assert [layer.kind for layer in project.layers] == ["buildings"]
    assert project.need_frame().crs == ZONE
    assert project.layers[0].source.report["kept"] == 2
    assert history.undo_label is not None
    assert history.undo_label.facts["name"] == "houses"
    history.undo()
    assert len(project.layers) == 0
    assert project.frame is None


def test_a_frame_chosen_without_data_gets_its_origin_from_the_first(tmp_path: Path) -> None:
    path = saved(tmp_path / "houses.gpkg", [house(0, 0), house(400, 0)])
    project = Project(Frame("EPSG:32650"))
    imported = import_file(project, path, ImportOptions(kind="buildings"))
    History(project).run(commands_for(imported))
    assert project.frame is not None
    assert project.frame.crs == "EPSG:32650"
    west, south, east, north = project.layers[0].data.extent() or (0, 0, 0, 0)
    assert abs(project.frame.origin[0] - (west + east) / 2) <= 50
    assert abs(project.frame.origin[1] - (south + north) / 2) <= 50
    again = import_file(project, path, ImportOptions(kind="buildings"))
    assert not again.sets_frame
    assert again.frame is project.frame


def test_all_layers_of_a_file_come_with_their_proposed_kinds(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    saved(path, [house(0, 0)], layer="建筑")
    saved(path, [LineString([(EAST, NORTH), (EAST + 50, NORTH)])], layer="道路")
    saved(path, [Point(EAST, NORTH)], layer="行道树")
    imported = import_file(Project(), path)
    assert [(layer.name, layer.kind) for layer in imported.layers] == [
        ("建筑", "buildings"), ("道路", "roads"), ("行道树", "trees"),
    ]  # fmt: skip
    only = import_file(Project(), path, ImportOptions(kind="buildings"))
    assert [layer.name for layer in only.layers] == ["建筑"]
    named = import_file(Project(), path, ImportOptions(layer="道路", name="Streets"))
    assert [layer.name for layer in named.layers] == ["Streets"]


def test_where_several_layers_would_do_one_has_to_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    for name in ("one", "two"):
        saved(path, [house(0, 0)], layer=name)
    with pytest.raises(CityError) as caught:
        import_file(Project(), path, ImportOptions(kind="buildings"))
    assert caught.value.code == "import.choose_layer"
    assert "one" in caught.value.hint
    both = import_file(Project(), path, ImportOptions(kind="buildings", layer="*"))
    assert [layer.kind for layer in both.layers] == ["buildings", "buildings"]
    with pytest.raises(CityError) as caught:
        choose_layers(path, ImportOptions(kind="trees"))
    assert caught.value.code == "import.no_fitting_layer"


def test_a_drawing_gives_its_layer_of_buildings_or_everything(tmp_path: Path) -> None:
    drawing = new()
    drawing.layers.add("建筑")
    space = drawing.modelspace()
    for east in (0, 30):
        corners = shapely.get_coordinates(house(east, 0))[:4]
        space.add_lwpolyline(corners.tolist(), close=True, dxfattribs={"layer": "建筑"})
    space.add_line((EAST, NORTH), (EAST + 90, NORTH))
    path = tmp_path / "总图.dxf"
    drawing.saveas(path)
    houses = import_file(Project(), path, ImportOptions(kind="buildings", crs=ZONE))
    assert [layer.name for layer in houses.layers] == ["建筑"]
    assert houses.reports[0].repaired == {"closed_line": 2}
    whole = import_file(Project(), path, ImportOptions(crs=ZONE))
    assert [(layer.name, layer.kind, len(layer.data)) for layer in whole.layers] == [
        ("总图", "features", 3)
    ]


def test_a_file_that_does_not_say_where_it_is_asks(tmp_path: Path) -> None:
    path = saved(tmp_path / "houses.shp", [house(0, 0)], crs=None)
    with pytest.raises(CityError) as caught:
        import_file(Project(), path)
    assert caught.value.code == "import.no_crs"
    imported = import_file(Project(), path, ImportOptions(crs="4547"))
    assert imported.reports[0].crs == ZONE


def test_the_citys_own_grid_is_turned_back(tmp_path: Path) -> None:
    grid = CityGrid(-490_000.0, -3_370_000.0, 0.1)
    shape = shapely.transform(house(0, 0), grid.to_grid)
    path = saved(tmp_path / "houses.shp", [shape], crs=None)
    project = Project(Frame(ZONE, (EAST, NORTH), grid))
    imported = import_file(project, path, ImportOptions(kind="buildings", crs="city-grid"))
    extent = imported.reports[0].extent
    assert extent == pytest.approx((EAST, NORTH, EAST + 10, NORTH + 10), abs=1e-3)


def test_where_nothing_can_be_kept_the_reasons_are_given(tmp_path: Path) -> None:
    path = saved(tmp_path / "places.geojson", [Point(114, 30), Point(114.1, 30)], crs="EPSG:4326")
    with pytest.raises(CityError, match="2 x not a polygon") as caught:
        import_file(Project(), path, ImportOptions(kind="buildings"))
    assert caught.value.code == "import.nothing_kept"
    with pytest.raises(CityError, match="terrain") as caught:
        import_layer(raw_of([house(0, 0)], {"x": [1]}), FRAME, ImportOptions(kind="terrain"))
    assert caught.value.code == "import.not_for_shapes"
    with pytest.raises(CityError, match="no kind of layer"):
        import_file(Project(), path, ImportOptions(kind="houses"))


def test_an_import_can_be_stopped_at_every_stage(tmp_path: Path) -> None:
    path = saved(tmp_path / "houses.gpkg", [house(i * 20, 0) for i in range(30)])

    class StopAt:
        def __init__(self, step: int) -> None:
            self.left = step
            self.texts: list[str] = []

        def step(self, done: int, total: int, text: str = "") -> None:
            assert total == 0 or 0 <= done <= total
            self.texts.append(text)
            self.left -= 1
            if self.left < 0:
                raise Cancelled

    project = Project()
    whole = StopAt(10_000)
    import_file(project, path, ImportOptions(kind="buildings"), whole)
    assert {"progress-repairing", "progress-duplicates", "progress-heights"} <= set(whole.texts)
    for stop in range(len(whole.texts)):
        with pytest.raises(Cancelled):
            import_file(project, path, ImportOptions(kind="buildings"), StopAt(stop))
    assert project.layers == ()


def test_importing_twice_gives_the_same(tmp_path: Path) -> None:
    path = saved(tmp_path / "houses.gpkg", [house(i * 20, 0) for i in range(5)], h=[3.0] * 5)
    one, two = (import_file(Project(), path, ImportOptions(kind="buildings")) for _ in range(2))
    first, second = one.layers[0].data, two.layers[0].data
    assert isinstance(first, Features)
    assert isinstance(second, Features)
    np.testing.assert_array_equal(first.shapes.coords, second.shapes.coords)
    assert one.frame == two.frame
