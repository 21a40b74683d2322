"""Hand-made models stand in exported files where they stand in the window, in their looks."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyproj
import pytest
import trimesh
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from layers.errors import Cancelled
from layers.files.city_choice import LeftOut, choose
from layers.files.gltf import read_glb
from layers.files.gltf_properties import read_table
from layers.kinds.base import Layer
from layers.kinds.model_library import Material, Model, Part
from layers.model_edits import link_buildings
from layers.project import Project
from scene.exports import tiles3d
from scene.exports.glb import write_glb
from scene.exports.tiles3d import write_tiles3d
from tests.models import EAST, FACES, NORTH, WEDGE, corners, layer_of, project, textured, wedge
from tests.scene.cities import city, project_with

Doubles = NDArray[np.float64]
KINDS = {5121: np.uint8, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
WIDE = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}


class File:
    """A GLB file and what stands beside it, read by the glTF specification alone."""

    def __init__(self, path: Path) -> None:
        self.document, own = read_glb(path)
        self.buffers = [bytes(own)]
        for about in self.document["buffers"][1:]:
            self.buffers.append((path.parent / about["uri"]).read_bytes())
            assert len(self.buffers[-1]) >= about["byteLength"]
        self.path = path

    def view(self, number: int) -> bytes:
        about = self.document["bufferViews"][number]
        start = about["byteOffset"]
        return bytes(self.buffers[about["buffer"]][start : start + about["byteLength"]])

    def accessor(self, number: int) -> NDArray[Any]:
        about = self.document["accessors"][number]
        found = np.frombuffer(self.view(about["bufferView"]), KINDS[about["componentType"]])
        return found.reshape(about["count"], WIDE[about["type"]]).squeeze()

    def image(self, texture: int) -> Image.Image:
        about = self.document["images"][self.document["textures"][texture]["source"]]
        if "uri" in about:
            return Image.open(self.path.parent / about["uri"])
        return Image.open(io.BytesIO(self.view(about["bufferView"])))

    def table(self, number: int) -> dict[str, list[Any]]:
        return read_table(self.document, self.view, number)

    def placed(self) -> dict[int, Doubles]:
        """Give the points of each object of the property tables, in the axes of glTF."""
        found: dict[int, list[Doubles]] = {}
        for node in self.document["nodes"]:
            mesh = self.document["meshes"][node["mesh"]]
            shift = np.array(node["translation"])
            often = node.get("extensions", {}).get("EXT_mesh_gpu_instancing")
            for primitive in mesh["primitives"]:
                points = self.accessor(primitive["attributes"]["POSITION"]).astype(float)
                if often is None:
                    (feature,) = primitive["extensions"]["EXT_mesh_features"]["featureIds"]
                    ids = self.accessor(primitive["attributes"]["_FEATURE_ID_0"]).astype(int)
                    numbers = np.array(self.table(feature["propertyTable"])["object"])[ids]
                    for one in np.unique(numbers):
                        found.setdefault(int(one), []).append(points[numbers == one] + shift)
                    continue
                (feature,) = node["extensions"]["EXT_instance_features"]["featureIds"]
                given = {k: self.accessor(v) for k, v in often["attributes"].items()}
                objects = self.table(feature["propertyTable"])["object"]
                for at, turn, size, number in zip(
                    given["TRANSLATION"], given["ROTATION"], given["SCALE"],
                    given["_FEATURE_ID_0"], strict=True,
                ):  # fmt: skip
                    turned = Rotation.from_quat(turn).apply(points * size)
                    found.setdefault(objects[int(number)], []).append(turned + at + shift)
        return {number: np.concatenate(parts) for number, parts in found.items()}


def town() -> tuple[Project, Layer]:
    """A textured wedge once, a plain one three times: turned, sized, on the ground and above."""
    places = [(EAST, NORTH, 0.0), (EAST + 900, NORTH, 3.0), (EAST, NORTH + 700, 0.0),
              (EAST - 40, NORTH - 90, 55.5)]  # fmt: skip
    layer = layer_of(
        textured(), wedge(), places=places, model=[0, 1, 1, 1], turn=[30.0, 0.0, 200.0, -15.0],
        scale=[1.0, 2.0, 0.5, 1.25], on_ground=[True, True, False, False],
        attributes=pa.table({"name": ["hall", "a", None, "塔"], "n": [1.5, None, 2.5, 3.0]}),
    )  # fmt: skip
    made = project()
    made.insert_layer(layer)
    return made, layer


def apart(one: Doubles, other: Doubles) -> float:
    """Give how far the farthest point of either is from the nearest of the other."""
    ways = ((one, other), (other, one))
    return max(float(np.max(cKDTree(a).query(b)[0])) for a, b in ways)


def test_a_glb_has_a_node_for_each_model_and_their_meshes_once(tmp_path: Path) -> None:
    made, layer = town()
    written = write_glb(made.need_frame(), choose(made), tmp_path / "a.glb")
    assert (written.objects, written.models, written.triangles) == (0, 4, 16)
    document = File(tmp_path / "a.glb").document
    assert len(document["meshes"]) == 2
    assert [node["mesh"] for node in document["nodes"]] == [0, 1, 1, 1]
    first, _, third, fourth = (node["extras"] for node in document["nodes"])
    assert (first["name"], first["object"], first["model"]) == ("hall", 1, "textured")
    assert "name" not in third
    assert fourth["name"] == "塔"
    assert fourth["turn_deg"] == -15.0
    # as another program reads it
    scene: Any = trimesh.load(tmp_path / "a.glb", process=False)
    origin = np.array(document["asset"]["extras"]["origin"])
    for row, node in enumerate(document["nodes"]):
        transform, name = scene.graph[node["name"]]
        seen = trimesh.transform_points(scene.geometry[name].vertices, transform)
        placed = np.column_stack([seen[:, 0], -seen[:, 2], seen[:, 1]]) + origin
        assert apart(placed, corners(layer, row)) < 0.005


def test_materials_and_textures_are_those_of_the_model(tmp_path: Path) -> None:
    made, layer = town()
    layer.opacity = 0.5
    write_glb(made.need_frame(), choose(made), tmp_path / "a.glb")
    opened = File(tmp_path / "a.glb")
    red, plain = opened.document["materials"]
    look = red["pbrMetallicRoughness"]
    assert look["baseColorFactor"] == [1.0, 1.0, 1.0, 0.5]
    assert opened.image(look["baseColorTexture"]["index"]).getpixel((0, 0)) == (200, 30, 30)
    assert red["doubleSided"]
    assert red["alphaMode"] == plain["alphaMode"] == "BLEND"
    primitive = opened.document["meshes"][0]["primitives"][0]
    points = opened.accessor(primitive["attributes"]["POSITION"])
    uv = opened.accessor(primitive["attributes"]["TEXCOORD_0"])
    at_origin = uv[(points == 0).all(axis=1)]
    assert (at_origin == [0.0, 1.0]).all()  # the lower left corner, as glTF counts
    index = opened.accessor(primitive["indices"]).reshape(-1, 3)
    flat = np.cross(
        points[index[:, 1]] - points[index[:, 0]], points[index[:, 2]] - points[index[:, 0]]
    )
    normals = opened.accessor(primitive["attributes"]["NORMAL"])[index[:, 0]]
    assert np.allclose(flat / np.linalg.norm(flat, axis=1, keepdims=True), normals, atol=1e-6)


def test_holes_of_textures_and_colours_of_points_are_kept(tmp_path: Path) -> None:
    leaf = Image.new("RGBA", (4, 4), (0, 200, 0, 0))
    out = io.BytesIO()
    leaf.save(out, "PNG")
    kind = textured()
    holed = replace(
        kind,
        textures=(
            replace(kind.textures[0], data=np.frombuffer(out.getvalue(), dtype=np.uint8).copy()),
        ),
    )
    colours = np.array(
        [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255], [9, 9, 9, 255]], dtype=np.uint8
    )
    painted = Model("painted", WEDGE.astype(np.float32), FACES.astype(np.int32), (Part(0, 4, 0),),
                    (Material("m", (0.5, 1.0, 1.0, 1.0)),), colours=colours)  # fmt: skip
    made = project()
    made.insert_layer(
        layer_of(holed, painted, places=[(EAST, NORTH, 0), (EAST, NORTH, 0)], model=[0, 1])
    )
    write_glb(made.need_frame(), choose(made), tmp_path / "a.glb")
    opened = File(tmp_path / "a.glb")
    leafy, mixed = opened.document["materials"]
    assert (leafy["alphaMode"], leafy["alphaCutoff"]) == ("MASK", 0.3)
    assert mixed["pbrMetallicRoughness"]["baseColorFactor"][0] == pytest.approx(0.21404, abs=1e-4)
    attributes = opened.document["meshes"][1]["primitives"][0]["attributes"]
    points = opened.accessor(attributes["POSITION"])
    light = opened.accessor(attributes["COLOR_0"])
    assert (light[(points == [10, 0, 0]).all(axis=1)] == [0, 255, 0, 255]).all()


def tiles_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    found, waiting = [], [document["root"]]
    while waiting:
        tile = waiting.pop()
        found.append(tile)
        for child in tile.get("children", ()):
            assert child["geometricError"] <= tile["geometricError"]
            inner, outer = (np.array(one["boundingVolume"]["box"]) for one in (child, tile))
            reach = np.abs(inner[:3] - outer[:3]) + inner[[3, 7, 11]]
            assert (reach <= outer[[3, 7, 11]] + 0.02).all()
            waiting.append(child)
    return found


def on_earth(folder: Path) -> dict[int, Doubles]:
    """Give the points of each model of a tileset, geocentric; each inside the box of its tile."""
    document = json.loads((folder / "tileset.json").read_text(encoding="utf-8"))
    matrix = np.array(document["root"]["transform"]).reshape(4, 4).T
    out: dict[int, Doubles] = {}
    for tile in tiles_of(document):
        if "content" not in tile:
            continue
        for number, points in File(folder / tile["content"]["uri"]).placed().items():
            enu = np.column_stack([points[:, 0], -points[:, 2], points[:, 1]])
            box = np.array(tile["boundingVolume"]["box"])
            assert (np.abs(enu - box[:3]) <= box[[3, 7, 11]] + 0.01).all()
            assert number not in out  # nothing twice
            out[number] = enu @ matrix[:3, :3].T + matrix[:3, 3]
    return out


def truth(layer: Layer, row: int, crs: str, offset: float = 0.0) -> Doubles:
    """Give where the points of a model lie on the earth, by PROJ alone."""
    east, north, up = corners(layer, row).T
    lon, lat = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(east, north)
    globe = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    return np.column_stack(globe.transform(lon, lat, up + offset))


def test_models_of_a_tileset_lie_at_their_place_on_the_earth(tmp_path: Path) -> None:
    made, layer = town()
    chosen = choose(made)
    written = write_tiles3d(made.need_frame(), chosen, tmp_path / "t", height_offset=-12.0)
    assert (written.objects, written.models, written.triangles) == (0, 4, 16)
    found = on_earth(tmp_path / "t")
    assert sorted(found) == [1, 2, 3, 4]
    for row in range(4):
        assert apart(found[row + 1], truth(layer, row, "EPSG:4547", -12.0)) < 0.01
    document = json.loads((tmp_path / "t" / "tileset.json").read_text(encoding="utf-8"))
    assert [group["properties"]["name"] for group in document["groups"]] == ["Models"]
    (glb,) = (tmp_path / "t" / "content").iterdir()
    opened = File(glb)
    assert opened.document["extensionsRequired"] == ["EXT_mesh_gpu_instancing"]
    table = opened.table(0)
    assert table["name"] == ["hall", "a", None, "塔"]
    assert table["n"] == [1.5, None, 2.5, 3.0]
    assert table["model"] == ["textured", "wedge", "wedge", "wedge"]


def test_a_form_that_many_tiles_show_is_written_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 3000
    random = np.random.default_rng(4)
    plan = random.uniform(0, 4000, (count, 2)) + np.array([EAST, NORTH])
    layer = layer_of(
        textured(),
        wedge(),
        places=np.column_stack([plan, np.zeros(count)]),
        model=(np.arange(count) == 7).astype(int),
        turn=random.uniform(0, 360, count),
        scale=random.uniform(0.5, 2, count),
    )
    made = project()
    made.insert_layer(layer)
    monkeypatch.setattr(tiles3d, "HEAVY", 100)  # even a wedge that stands once
    written = write_tiles3d(made.need_frame(), choose(made), tmp_path / "t")
    assert written.models == count
    files = sorted(path.relative_to(tmp_path / "t") for path in (tmp_path / "t").rglob("*.*"))
    assert written.files == len(files)
    assert written.bytes == sum((tmp_path / "t" / path).stat().st_size for path in files)
    shared = [path.name for path in files if path.parent.name == "models"]
    assert shared == ["0-0-0.png", "0-0.bin"]
    found = on_earth(tmp_path / "t")
    assert sorted(found) == list(range(1, count + 1))
    for row in (0, 7, 1500, 2999):
        assert apart(found[row + 1], truth(layer, row, "EPSG:4547")) < 0.01
    document = json.loads((tmp_path / "t" / "tileset.json").read_text(encoding="utf-8"))
    alone = [
        tile
        for tile in tiles_of(document)
        if tile.get("content", {}).get("uri") == "content/0-m8.glb"
    ]
    assert len(alone) == 1  # it has a tile of its own, fetched when it is seen


def test_a_large_model_bends_with_the_earth(tmp_path: Path) -> None:
    wide = wedge("wide", WEDGE * 1000.0)
    made = project()
    layer = layer_of(wide, places=[(EAST + 100_000, NORTH, 0.0)], turn=[77.0])
    made.insert_layer(layer)
    write_tiles3d(made.need_frame(), choose(made), tmp_path / "t")
    assert apart(on_earth(tmp_path / "t")[1], truth(layer, 0, "EPSG:4547")) < 0.01


def test_models_stand_in_place_of_buildings(tmp_path: Path) -> None:
    data = city(9)
    made, blocks = project_with(data)
    centre = data.shapes.centres()[4]
    stands = layer_of(wedge(), places=[(*centre, 0.0)])
    made.insert_layer(stands)
    link_buildings(made, stands.id).do(made)
    written = write_glb(made.need_frame(), choose(made), tmp_path / "a.glb")
    assert (
        written.objects + sum(one.count for one in written.left_out if one.reason == "under_model")
        == 9
    )
    assert written.models == 1
    written = write_tiles3d(made.need_frame(), choose(made), tmp_path / "t")
    document = json.loads((tmp_path / "t" / "tileset.json").read_text(encoding="utf-8"))
    groups = [group["properties"]["name"] for group in document["groups"]]
    assert groups == [blocks.name, "Models"]
    seen = {tile["content"]["group"] for tile in tiles_of(document) if "content" in tile}
    assert seen == {0, 1}


def test_models_without_an_area_are_told_and_stopping_leaves_nothing(tmp_path: Path) -> None:
    line = wedge("line", WEDGE * (1.0, 0.0, 0.0))
    made = project()
    made.insert_layer(layer_of(wedge(), line, places=[(EAST, NORTH, 0)] * 3, model=[0, 1, 1]))
    told = LeftOut("Models", "models", 2, "no_faces")
    glb = write_glb(made.need_frame(), choose(made), tmp_path / "a.glb")
    tiles = write_tiles3d(made.need_frame(), choose(made), tmp_path / "t")
    assert told in glb.left_out
    assert told in tiles.left_out
    assert glb.models == tiles.models == 1

    class Impatient:
        def step(self, *_: object) -> None:
            raise Cancelled

    before = sorted(tmp_path.iterdir())
    for write, name in ((write_glb, "b.glb"), (write_tiles3d, "u")):
        with pytest.raises(Cancelled):
            write(made.need_frame(), choose(made), tmp_path / name, Impatient())
    assert sorted(tmp_path.iterdir()) == before
