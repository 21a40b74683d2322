"""Models come in as their files mean them: axes, units, map coordinates, textures, bad files."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from layers.errors import CityError
from layers.files.importing import commands_for, import_file
from layers.files.model_choices import ModelChoices, read_unit, unit_word
from layers.files.model_import import shape_model
from layers.files.model_read import read_model
from layers.files.options import ImportOptions
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.models import models_of
from layers.project import Project
from layers.shapes import Shapes
from tests.models import EAST, NORTH, WEDGE, corners, glb, obj, project

Y_UP = np.column_stack([WEDGE[:, 0], WEDGE[:, 2], -WEDGE[:, 1]])
PLACE = np.array([EAST, NORTH, 0.0])


def taken(
    path: Path, choices: ModelChoices | None = None, city: Project | None = None, **more: str
) -> tuple[Layer, list[str]]:
    """Import a file; give its layer and the keys of what was told."""
    city = city or project()
    options = ImportOptions(model=choices, crs=more.get("crs"))
    imported = import_file(city, path, options)
    commands_for(imported).do(city)
    return city.layers[-1], [note.key for note in imported.reports[0].messages]


def code_of(path: Path, choices: ModelChoices | None = None) -> str:
    with pytest.raises(CityError) as caught:
        taken(path, choices or ModelChoices(at=(EAST, NORTH)))
    assert caught.value.hint
    return caught.value.code


def test_the_corners_of_a_glb_stand_on_the_map_where_they_were_put(tmp_path: Path) -> None:
    layer, _ = taken(glb(tmp_path / "a.glb", Y_UP), ModelChoices(at=(EAST, NORTH)))
    assert np.abs(np.sort(corners(layer), axis=0) - np.sort(WEDGE + PLACE, axis=0)).max() < 1e-3


def test_turning_is_clockwise_and_scale_counts_from_the_place(tmp_path: Path) -> None:
    choices = ModelChoices(at=(EAST, NORTH, 7.0), turn=90.0, scale=2.0)
    layer, _ = taken(glb(tmp_path / "a.glb", Y_UP), choices)
    # a quarter clockwise: what pointed east points south, what pointed north points east
    turned = np.column_stack([WEDGE[:, 1], -WEDGE[:, 0], WEDGE[:, 2]]) * 2.0
    wanted = turned + PLACE + [0, 0, 7.0]
    assert np.abs(np.sort(corners(layer), axis=0) - np.sort(wanted, axis=0)).max() < 1e-3
    assert not models_of(layer).on_ground.any()


def test_up_axis_and_unit_of_the_user_count_more_than_the_guess(tmp_path: Path) -> None:
    path = obj(tmp_path / "a.obj", WEDGE * 1000.0)
    layer, _ = taken(path, ModelChoices(at=(EAST, NORTH), up="z", unit=read_unit("mm")))
    assert np.allclose(models_of(layer).library.models[0].box(), [[0, 0, 0], [10, 20, 30]])
    layer, _ = taken(path, ModelChoices(at=(EAST, NORTH), up="y", unit=0.001))
    assert np.allclose(models_of(layer).library.models[0].box(), [[0, -30, 0], [10, 0, 20]])


def test_what_was_guessed_is_told(tmp_path: Path) -> None:
    layer, told = taken(
        obj(tmp_path / "a.obj", WEDGE + np.array([0, -5, 0])), ModelChoices(at=(EAST, NORTH))
    )
    assert {"model_size", "model_up_guessed", "model_unit_guessed"} <= set(told)
    assert models_of(layer).library.models[0].up == "z"
    _, told = taken(glb(tmp_path / "a.glb", Y_UP), ModelChoices(at=(EAST, NORTH)))
    assert told == ["model_size"]  # glTF says both


def test_map_coordinates_of_an_obj_survive_to_a_tenth_of_a_millimetre(tmp_path: Path) -> None:
    fine = WEDGE * 0.0123 + [500_123.4567, 4_000_321.7654, 12.3456]
    layer, told = taken(obj(tmp_path / "map.obj", fine))
    assert "model_on_map" in told
    assert "model_coarse" not in told
    assert np.abs(np.sort(corners(layer), axis=0) - np.sort(fine, axis=0)).max() < 1e-4
    assert models_of(layer).library.models[0].points.dtype == np.float32


def test_a_glb_in_map_coordinates_tells_that_the_file_itself_is_coarse(tmp_path: Path) -> None:
    on_map = np.column_stack([Y_UP[:, 0] + EAST, Y_UP[:, 1], Y_UP[:, 2] - NORTH])
    imported = import_file(project(), glb(tmp_path / "map.glb", on_map))
    notes = {note.key: note.facts for note in imported.reports[0].messages}
    assert notes["model_coarse"]["metres"] == 0.25  # 24 bits at 4,000,000 m
    assert math.isclose(float(str(notes["model_on_map"]["north"])), NORTH + 10.0, abs_tol=0.5)


def test_a_model_around_its_own_origin_needs_a_place(tmp_path: Path) -> None:
    with pytest.raises(CityError) as caught:
        taken(glb(tmp_path / "a.glb", Y_UP))
    assert caught.value.code == "model.no_place"


def test_an_origin_far_from_the_model_is_told_and_its_base_stands_there(tmp_path: Path) -> None:
    path = glb(tmp_path / "a.glb", Y_UP + np.array([300.0, 0.0, 0.0]))
    layer, told = taken(path, ModelChoices(at=(EAST, NORTH)))
    assert "model_origin_far" in told
    assert np.allclose(corners(layer).mean(axis=0)[:2], PLACE[:2], atol=5.0)


def test_textures_come_with_the_model_and_missing_ones_are_told(tmp_path: Path) -> None:
    layer, _ = taken(glb(tmp_path / "a.glb", Y_UP, image=True), ModelChoices(at=(EAST, NORTH)))
    model = models_of(layer).library.models[0]
    assert len(model.textures) == 1
    assert model.materials[0].texture == 0
    (tmp_path / "b.mtl").write_text("newmtl wall\nKd 1 1 1\nmap_Kd .\\Brick.PNG\n")
    head = "mtllib b.mtl\nusemtl wall\nvt 0 0"
    path = obj(tmp_path / "b.obj", WEDGE, head)
    path.write_text(path.read_text().replace("f 1 3 2", "f 1/1 3/1 2/1"))
    assert "model_texture_missing" in taken(path, ModelChoices(at=(EAST, NORTH)))[1]


def test_a_texture_is_found_whatever_slashes_and_letters_the_file_writes(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (4, 4), (9, 9, 200)).save(tmp_path / "brick.png")
    (tmp_path / "b.mtl").write_text("newmtl wall\nKd 1 1 1\nmap_Kd .\\tex\\Brick.PNG\n")
    path = obj(tmp_path / "b.obj", WEDGE, "mtllib b.mtl\nusemtl wall\nvt 0 0\nvt 1 0\nvt 0 1")
    path.write_text(path.read_text().replace("f 1 3 2", "f 1/1 3/2 2/3"))
    layer, told = taken(path, ModelChoices(at=(EAST, NORTH)))
    assert "model_texture_missing" not in told
    assert len(models_of(layer).library.models[0].textures) == 1


def test_missing_materials_are_told_and_the_model_stands_all_the_same(tmp_path: Path) -> None:
    _, told = taken(obj(tmp_path / "c.obj", WEDGE, "mtllib gone.mtl"), ModelChoices(at=(1, 2)))
    assert "model_materials_missing" in told


def test_bad_files_get_one_sentence_each(tmp_path: Path) -> None:
    whole = glb(tmp_path / "a.glb", Y_UP).read_bytes()
    (tmp_path / "cut.glb").write_bytes(whole[: len(whole) // 2])
    assert code_of(tmp_path / "cut.glb") == "model.cut_short"
    (tmp_path / "tiny.glb").write_bytes(whole[:7])
    assert code_of(tmp_path / "tiny.glb") == "model.cut_short"
    (tmp_path / "page.glb").write_bytes(b"<html>not found, try again later</html>")
    assert code_of(tmp_path / "page.glb") == "model.not_gltf"
    (tmp_path / "empty.obj").write_bytes(b"")
    assert code_of(tmp_path / "empty.obj") == "file.empty"
    (tmp_path / "points.obj").write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\n")
    assert code_of(tmp_path / "points.obj") == "model.no_faces"
    assert code_of(tmp_path / "none.stl") == "file.missing"
    assert code_of(obj(tmp_path / "huge.obj", WEDGE * 1e9)) == "model.size"
    assert code_of(obj(tmp_path / "dust.obj", WEDGE * 1e-6)) == "model.size"
    assert code_of(obj(tmp_path / "nan.obj", WEDGE * np.nan)) in {
        "model.no_numbers", "model.unreadable",
    }  # fmt: skip
    (tmp_path / "house.ifc").write_text("ISO-10303-21;")
    assert code_of(tmp_path / "house.ifc") == "model.format"
    (tmp_path / "old.gltf").write_text('{"asset": {"version": "1.0"}}')
    assert code_of(tmp_path / "old.gltf") == "model.gltf_version"
    (tmp_path / "draco.gltf").write_text(
        '{"asset": {"version": "2.0"}, "extensionsRequired": ["KHR_draco_mesh_compression"]}'
    )
    assert code_of(tmp_path / "draco.gltf") == "model.extension"
    (tmp_path / "alone.gltf").write_text(
        '{"asset": {"version": "2.0"}, "buffers": [{"uri": "a.bin", "byteLength": 9}]}'
    )
    assert code_of(tmp_path / "alone.gltf") == "model.buffer_missing"


def test_some_corners_without_numbers_cost_their_triangles_alone(tmp_path: Path) -> None:
    points = WEDGE.copy()
    points[3, 2] = np.nan
    layer, told = taken(obj(tmp_path / "n.obj", points), ModelChoices(at=(EAST, NORTH), up="z"))
    assert "model_broken_triangles" in told
    assert len(models_of(layer).library.models[0].triangles) == 1


def test_units_are_words_or_metres() -> None:
    assert read_unit("MM") == 0.001
    assert read_unit("0.3048") == 0.3048
    assert unit_word(0.3048) == "ft"
    with pytest.raises(CityError, match="not a unit"):
        read_unit("ell")


def test_few_buildings_under_a_model_are_linked_and_many_are_left_alone(tmp_path: Path) -> None:
    import shapely

    def town(size: float, count: int) -> Project:
        city = project()
        boxes = [
            shapely.box(EAST + i % 6 * size, NORTH + i // 6 * size,
                        EAST + i % 6 * size + size, NORTH + i // 6 * size + size)
            for i in range(count)
        ]  # fmt: skip
        city.insert_layer(
            Layer("buildings", "B", Buildings.blocks(Shapes.from_shapely(boxes), 9.0))
        )
        return city

    path = glb(tmp_path / "a.glb", Y_UP * 2.0)
    layer, told = taken(path, ModelChoices(at=(EAST, NORTH)), town(6.0, 1))
    assert "model_hides" in told
    assert models_of(layer).links.hidden(models_of(layer).links.layers[0]).tolist() == [1]
    layer, told = taken(path, ModelChoices(at=(EAST, NORTH)), town(1.0, 36))
    assert "model_over_many" in told
    assert len(models_of(layer).links) == 0
    layer, told = taken(path, ModelChoices(at=(EAST, NORTH), hide=True), town(1.0, 36))
    assert len(models_of(layer).links) > 20


def test_formats_give_the_same_wedge(tmp_path: Path) -> None:
    import trimesh

    from tests.models import FACES

    for ending in ("stl", "ply", "obj"):
        path = tmp_path / f"w.{ending}"
        trimesh.Trimesh(WEDGE, FACES, process=False).export(path)
        shaped = shape_model(read_model(path), ModelChoices(up="z", unit=1.0))
        assert np.allclose(shaped.model.box(), [[0, 0, 0], [10, 20, 30]]), ending


def test_collada_tells_its_axis_and_unit(tmp_path: Path) -> None:
    import trimesh

    from tests.models import FACES

    path = tmp_path / "w.dae"
    path.write_bytes(trimesh.exchange.dae.export_collada(trimesh.Trimesh(WEDGE * 100, FACES)))
    text = path.read_text().replace("Y_UP", "Z_UP")
    text = text.replace("<asset>", '<asset><unit name="cm" meter="0.01"/>', 1)
    path.write_text(text)
    raw = read_model(path)
    assert raw.unit == 0.01
    assert np.allclose(np.ptp(raw.points, axis=0), [1000, 2000, 3000])


@pytest.mark.shared
def test_delfts_obj_lies_on_its_cityjson(shared_data: Path) -> None:
    folder = shared_data / "nl-delft-3dfier" / "output"
    city = Project()
    for name, crs in (("testarea.json", None), ("testarea.obj", "EPSG:28992")):
        commands_for(import_file(city, folder / name, ImportOptions(crs=crs))).do(city)
    roads = next(layer for layer in city.layers if layer.name == "Road").data.extent()
    model = models_of(city.layers[-1])
    points = corners(city.layers[-1])
    low, high = points.min(axis=0), points.max(axis=0)
    assert roads is not None
    assert low[0] <= roads[0] + 0.01
    assert high[0] >= roads[2] - 0.01
    raw = read_model(folder / "testarea.obj")
    assert np.abs(points.min(axis=0) - raw.points.min(axis=0)).max() < 1e-3
    assert np.abs(points.max(axis=0) - raw.points.max(axis=0)).max() < 1e-3
    assert len(model.library.models[0].materials) == 14


@pytest.mark.shared
def test_real_models_are_read_whole(shared_data: Path) -> None:
    folder = shared_data / "models-py3dtilers"
    cube = read_model(folder / "obj_tiler_data" / "TexturedCube" / "cube.obj")
    assert len(cube.textures) == 1
    tower = read_model(folder / "obj_tiler_data" / "MultiLODModel" / "tour_part_dieu_0.obj")
    assert tower.colours is not None
    assert shape_model(tower, ModelChoices()).model.up == "z"
    tiles = sorted((folder / "tileset_reader_test_data").glob("*/tiles/*.b3dm"))
    assert len(tiles) == 6
    assert all(len(read_model(tile).triangles) > 10 for tile in tiles)
    block = shared_data / "cn-gisclub-buildings"
    assert shape_model(read_model(block / "building.obj"), ModelChoices()).model.up == "y"
    with pytest.raises(CityError, match="IFC"):
        read_model(folder / "ifc_tiler_test_data" / "FZK.ifc")


def test_points_of_a_table_do_not_become_models_by_a_word(tmp_path: Path) -> None:
    import geopandas as gpd
    import shapely

    path = tmp_path / "lamps.gpkg"
    gpd.GeoDataFrame({"geometry": [shapely.Point(EAST, NORTH)]}, crs="EPSG:4547").to_file(path)
    with pytest.raises(CityError) as caught:
        import_file(project(), path, ImportOptions(kind="models"))
    assert caught.value.code == "import.not_for_shapes"
