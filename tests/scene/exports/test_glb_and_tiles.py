"""GLB files and 3D tiles hold every building once, whole, in its colour, at its place on earth."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyproj
import pytest
from numpy.typing import NDArray

from layers.errors import Cancelled, CityError
from layers.files.city_choice import choose
from layers.files.gltf import linear, read_glb
from layers.files.gltf_properties import read_table
from layers.frame import Frame
from layers.kinds.buildings import Buildings, Surfaces
from layers.project import Project
from layers.style import Style, by_categories, recoloured, rgb
from scene.exports.glb import neighbours, write_glb
from scene.exports.places import EarthPlace
from scene.exports.tile_tree import Node, quadtree
from scene.exports.tiles3d import write_tiles3d
from tests.scene.cities import SOUTH, WEST, city, project_with

Doubles = NDArray[np.float64]
TYPES = {5121: np.uint8, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
WIDTH = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}


@dataclass
class Opened:
    """A GLB file as numbers, after all checks that need nothing but the file."""

    document: dict[str, Any]
    buffer: memoryview

    @classmethod
    def of(cls, path: Path) -> Opened:
        opened = cls(*read_glb(path))
        opened.check()
        return opened

    def view(self, number: int) -> bytes:
        about = self.document["bufferViews"][number]
        return bytes(self.buffer[about["byteOffset"] :][: about["byteLength"]])

    def accessor(self, number: int) -> NDArray[Any]:
        about = self.document["accessors"][number]
        values = np.frombuffer(self.view(about["bufferView"]), TYPES[about["componentType"]])
        width = WIDTH[about["type"]]
        assert len(values) == about["count"] * width
        return values if width == 1 else values.reshape(-1, width)

    def check(self) -> None:
        end = 0
        for about in self.document["bufferViews"]:
            assert about["byteOffset"] >= end
            assert about["byteOffset"] % 8 == 0
            end = about["byteOffset"] + about["byteLength"]
        assert end <= len(self.buffer)
        for node, primitive in self.primitives():
            assert len(node["translation"]) == 3
            number = primitive["attributes"]["POSITION"]
            points, about = self.accessor(number), self.document["accessors"][number]
            assert np.array_equal(points.min(axis=0), np.float32(about["min"]))
            assert np.array_equal(points.max(axis=0), np.float32(about["max"]))
            corners = self.accessor(primitive["indices"])
            assert corners.max() < len(points)
            assert len(corners) % 3 == 0
            normals = self.accessor(primitive["attributes"]["NORMAL"])
            assert np.allclose(np.linalg.norm(normals, axis=1), 1.0, atol=1e-5)
            (feature,) = primitive["extensions"]["EXT_mesh_features"]["featureIds"]
            ids = self.accessor(primitive["attributes"]["_FEATURE_ID_0"])
            assert ids.min() >= 0
            assert ids.max() < feature["featureCount"]
            metadata = self.document["extensions"]["EXT_structural_metadata"]
            table = metadata["propertyTables"][feature["propertyTable"]]
            assert table["count"] == feature["featureCount"]

    def primitives(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        return [
            (node, primitive)
            for node in self.document["nodes"]
            for primitive in self.document["meshes"][node["mesh"]]["primitives"]
        ]

    def triangles(self) -> tuple[Doubles, NDArray[np.int64], Doubles]:
        """Give corners (t, 3, 3), the object each belongs to, and its normal as written."""
        corners, objects, normals = [], [], []
        for node, primitive in self.primitives():
            points = self.accessor(primitive["attributes"]["POSITION"]) + np.array(
                node["translation"]
            )
            index = self.accessor(primitive["indices"]).reshape(-1, 3)
            corners.append(points[index])
            ids = self.accessor(primitive["attributes"]["_FEATURE_ID_0"]).astype(int)
            (feature,) = primitive["extensions"]["EXT_mesh_features"]["featureIds"]
            numbers = np.array(self.table(feature["propertyTable"])["object"])
            assert (ids[index] == ids[index[:, :1]]).all()
            objects.append(numbers[ids[index[:, 0]]])
            normals.append(self.accessor(primitive["attributes"]["NORMAL"])[index[:, 0]])
        return np.concatenate(corners), np.concatenate(objects), np.concatenate(normals)

    def table(self, number: int = 0) -> dict[str, list[Any]]:
        return read_table(self.document, self.view, number)


def signed_volumes(corners: Doubles) -> Doubles:
    """Give the volume between each triangle and the origin."""
    return np.asarray(
        np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])) / 6.0
    )


def mixed(count: int = 60) -> Buildings:
    """Blocks with courtyards, some floating, some parts undrawn, with gaps in the attributes."""
    data = city(count)
    table = pa.table({"用途": ["住宅" if i % 3 else None for i in range(count)], "n": range(count)})
    return replace(
        data,
        attributes=table,
        min_height=np.where(np.arange(count) % 7 == 0, 4.0, 0.0),
        base=np.linspace(-3.0, 40.0, count),
        drawn=np.arange(count) % 11 != 5,
    )


def test_solids_are_closed_and_have_the_volume_of_the_buildings(tmp_path: Path) -> None:
    data = mixed()
    project, _ = project_with(data)
    written = write_glb(project.need_frame(), choose(project), tmp_path / "a.glb")
    opened = Opened.of(tmp_path / "a.glb")
    corners, objects, normals = opened.triangles()
    assert written.triangles == len(corners)
    volume = np.bincount(objects, signed_volumes(corners), minlength=len(data) + 1)[1:]
    real = data.shapes.areas() * (data.height - data.min_height) * data.drawn
    assert np.allclose(volume, real, rtol=1e-4, atol=0.05)
    assert set(objects.tolist()) == set(data.ids[data.drawn].tolist())
    flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert (np.einsum("ij,ij->i", flat, normals) > -1e-6).all()
    up = normals[:, 1] > 0.99
    roofs = np.bincount(objects[up], np.linalg.norm(flat[up], axis=1) / 2, len(data) + 1)[1:]
    assert np.allclose(roofs, data.shapes.areas() * data.drawn, rtol=1e-4)
    grid = np.round(corners * 1000).astype(int).reshape(-1, 3)
    _, number = np.unique(grid, axis=0, return_inverse=True)
    a, b, c = number.reshape(-1, 3).T
    edges = np.concatenate([np.column_stack(pair) for pair in ((a, b), (b, c), (c, a))])
    ways = {tuple(edge) for edge in edges.tolist()}
    assert ways == {(j, i) for i, j in ways}


def test_the_origin_brings_a_glb_back_to_the_map(tmp_path: Path) -> None:
    data = mixed()
    project, _ = project_with(data)
    write_glb(project.need_frame(), choose(project, ids=[2]), tmp_path / "a.glb")
    opened = Opened.of(tmp_path / "a.glb")
    extras = opened.document["asset"]["extras"]
    assert extras["crs"] == "EPSG:4547"
    corners, _, _ = opened.triangles()
    x, y, z = corners.reshape(-1, 3).T
    east, north, level = x + extras["origin"][0], extras["origin"][1] - z, y + extras["origin"][2]
    box = data.shapes.bounds()[1]
    found = [east.min(), north.min(), east.max(), north.max()]
    assert np.allclose(found, box, atol=0.002)
    assert np.allclose([level.min(), level.max()],
                       data.base[1] + np.array([0.0, data.height[1]]), atol=0.002)  # fmt: skip
    assert opened.table()["用途"] == ["住宅"]


def test_colours_are_those_of_the_style(tmp_path: Path) -> None:
    data = mixed()
    project, layer = project_with(data)
    layer.style = Style(colour="#336699")
    layer.opacity = 0.5
    write_glb(project.need_frame(), choose(project), tmp_path / "a.glb")
    (material,) = Opened.of(tmp_path / "a.glb").document["materials"]
    wanted = linear(np.array([rgb("#336699")], dtype=np.uint8))[0]
    assert np.allclose(material["pbrMetallicRoughness"]["baseColorFactor"], [*wanted, 0.5],
                       atol=1e-4)  # fmt: skip
    assert material["alphaMode"] == "BLEND"
    layer.style = recoloured(layer.style, by_categories("用途", data.column("用途")))
    write_glb(project.need_frame(), choose(project), tmp_path / "b.glb")
    opened = Opened.of(tmp_path / "b.glb")
    (_, primitive), *_ = opened.primitives()
    colours = opened.accessor(primitive["attributes"]["COLOR_0"])
    ids = opened.accessor(primitive["attributes"]["_FEATURE_ID_0"]).astype(int)
    uses = np.array(opened.table()["用途"], dtype=object)
    coloured = {use: {tuple(c) for c in colours[uses[ids] == use].tolist()} for use in ("住宅",)}
    entry = layer.style.colouring.entries[0] if layer.style.colouring else None
    assert entry is not None
    light = np.round(linear(np.array([rgb(entry.colour)], dtype=np.uint8))[0] * 255)
    assert coloured["住宅"] == {(*light.astype(int).tolist(), 255)}


def tiles_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    found, waiting = [], [document["root"]]
    while waiting:
        tile = waiting.pop()
        found.append(tile)
        for child in tile.get("children", ()):
            assert child["geometricError"] <= tile["geometricError"]
            assert inside(child["boundingVolume"]["box"], tile["boundingVolume"]["box"])
            waiting.append(child)
    return found


def inside(inner: list[float], outer: list[float]) -> bool:
    """Say whether a box lies in another; both along the axes."""
    a, b = np.array(inner), np.array(outer)
    half_a, half_b = a[[3, 7, 11]], b[[3, 7, 11]]
    return bool((np.abs(a[:3] - b[:3]) + half_a <= half_b + 0.02).all())


def test_a_tileset_holds_every_building_once_inside_its_boxes(tmp_path: Path) -> None:
    data = mixed(3000)
    project, _ = project_with(data)
    written = write_tiles3d(project.need_frame(), choose(project), tmp_path / "tiles")
    document = json.loads((tmp_path / "tiles" / "tileset.json").read_text(encoding="utf-8"))
    assert document["asset"]["version"] == "1.1"
    assert document["root"]["refine"] == "ADD"
    assert document["geometricError"] >= document["root"]["geometricError"]
    tiles = tiles_of(document)
    contents = [tile for tile in tiles if "content" in tile]
    assert written.files == len(contents) + 1
    assert len(list((tmp_path / "tiles" / "content").iterdir())) == len(contents)
    assert written.bytes == sum(
        path.stat().st_size for path in (tmp_path / "tiles").rglob("*") if path.is_file()
    )
    seen: list[int] = []
    for tile in contents:
        opened = Opened.of(tmp_path / "tiles" / tile["content"]["uri"])
        x, y, z = opened.triangles()[0].reshape(-1, 3).T
        low, high = np.array([x.min(), -z.max(), y.min()]), np.array([x.max(), -z.min(), y.max()])
        box = [*(low + high) / 2, *np.diag((high - low) / 2).ravel()]
        assert inside(box, tile["boundingVolume"]["box"])
        if not tile.get("children"):
            assert tile["geometricError"] == 0.0
        seen += opened.table()["object"]
    assert sorted(seen) == data.ids[data.drawn].tolist()


@pytest.mark.parametrize(("crs", "offset"), [("EPSG:4547", 0.0), ("EPSG:32618", -32.5)])
def test_corners_lie_at_their_place_on_the_earth(tmp_path: Path, crs: str, offset: float) -> None:
    data = mixed(400)
    _, layer = project_with(data)
    project = Project(Frame(crs, (WEST, SOUTH)))
    project.insert_layer(layer)
    write_tiles3d(project.need_frame(), choose(project), tmp_path / "tiles", height_offset=offset)
    document = json.loads((tmp_path / "tiles" / "tileset.json").read_text(encoding="utf-8"))
    matrix = np.array(document["root"]["transform"]).reshape(4, 4).T
    assert np.allclose(matrix[:3, :3] @ matrix[:3, :3].T, np.eye(3), atol=1e-12)
    assert np.allclose(np.linalg.det(matrix[:3, :3]), 1.0)
    earth = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    globe = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    lon, lat = earth.transform(*data.shapes.coords.T)
    first = data.shapes.first_coord
    for tile in tiles_of(document):
        if "content" not in tile:
            continue
        corners, objects, _ = Opened.of(tmp_path / "tiles" / tile["content"]["uri"]).triangles()
        x, y, z = corners.reshape(-1, 3).T
        placed = np.column_stack([x, -z, y]) @ matrix[:3, :3].T + matrix[:3, 3]
        for number in np.unique(objects)[::40]:
            mine = placed[np.repeat(objects == number, 3)]
            at = slice(first[number - 1], first[number])
            for height in (data.min_height[number - 1], data.height[number - 1]):
                level = data.base[number - 1] + height + offset
                truth = np.column_stack(
                    globe.transform(lon[at], lat[at], np.full(len(lon[at]), level))
                )
                gap = np.linalg.norm(mine[:, None] - truth[None], axis=2).min(axis=0)
                assert gap.max() < 0.005


def test_a_town_as_wide_as_a_province_bends_with_the_earth() -> None:
    place = EarthPlace(Frame("EPSG:4547"), np.array([500_000.0, 3_400_000.0]), 0.0)
    foot, up = place.uprights(np.array([[500_000.0, 3_400_000.0], [530_000.0, 3_400_000.0]]))
    assert np.allclose(foot[0], 0.0, atol=1e-6)
    assert np.allclose(up[0], [0.0, 1.0, 0.0], atol=1e-9)
    assert -72.0 < foot[1, 1] < -69.0  # 30 km away the ground lies 70 m below the level plane


def test_the_tree_keeps_the_largest_on_top() -> None:
    random = np.random.default_rng(3)
    middles, sizes = random.uniform(0, 1000, (5000, 2)), random.uniform(5, 200, 5000)

    def walk(node: Node, above: float) -> list[int]:
        assert node.error <= above
        rows: list[int] = node.rows.tolist()
        for below in node.below:
            largest = sizes[below.rows].max()
            assert largest <= sizes[node.rows].min() + 1e-9
            assert node.error >= 16.0 * largest - 1e-6
            rows += walk(below, node.error)
        return rows

    tree = quadtree(np.arange(5000), middles, sizes, 200)
    assert sorted(walk(tree, np.inf)) == list(range(5000))
    pile = quadtree(np.arange(900), np.zeros((900, 2)), np.ones(900), 200)
    assert sorted(walk_all(pile)) == list(range(900))  # in one point: still an end


def walk_all(node: Node) -> list[int]:
    return [*node.rows.tolist(), *(row for below in node.below for row in walk_all(below))]


def test_groups_of_neighbours_hold_everybody_once() -> None:
    middles = np.random.default_rng(1).uniform(0, 1000, (1003, 2))
    groups = neighbours(np.arange(1003) * 2, middles, 100)
    assert max(len(group) for group in groups) <= 100
    assert sorted(np.concatenate(groups).tolist()) == (np.arange(1003) * 2).tolist()


def test_surfaces_take_the_place_of_the_block(tmp_path: Path) -> None:
    data = mixed(4)
    x, y, base = WEST, SOUTH, 10.0
    ground = [(x, y, base), (x, y + 8, base), (x + 8, y + 8, base), (x + 8, y, base)]
    top = (x + 4, y + 4, base + 9.0)
    faces = [ground] + [[ground[(i + 1) % 4], ground[i], top] for i in range(4)]
    sizes = [len(face) for face in faces]
    surfaces = Surfaces(
        np.array([point for face in faces for point in face]),
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.arange(6, dtype=np.int64),
        np.full(5, 1, dtype=np.int64),
        np.array([2, 1, 1, 1, 1], dtype=np.uint8),
    )
    project, _ = project_with(replace(data, surfaces=surfaces))
    write_glb(project.need_frame(), choose(project, ids=[1]), tmp_path / "a.glb")
    corners, _, _ = Opened.of(tmp_path / "a.glb").triangles()
    assert signed_volumes(corners).sum() == pytest.approx(8 * 8 * 9 / 3, rel=1e-5)


def test_several_layers_have_classes_and_groups_of_their_own(tmp_path: Path) -> None:
    project, layer = project_with(mixed(20))
    other, second = project_with(city(5))
    del other
    second.name = "Second"
    project.insert_layer(second)
    write_tiles3d(project.need_frame(), choose(project), tmp_path / "t")
    document = json.loads((tmp_path / "t" / "tileset.json").read_text(encoding="utf-8"))
    assert [group["properties"]["name"] for group in document["groups"]] == [layer.name, "Second"]
    assert [tile["content"]["group"] for tile in document["root"]["children"]] == [0, 1]
    write_glb(project.need_frame(), choose(project), tmp_path / "a.glb")
    metadata = Opened.of(tmp_path / "a.glb").document["extensions"]["EXT_structural_metadata"]
    assert [c["name"] for c in metadata["schema"]["classes"].values()] == [layer.name, "Second"]
    assert [table["count"] for table in metadata["propertyTables"]] == [18, 5]


def test_stopping_leaves_nothing_and_nothing_drawn_is_told(tmp_path: Path) -> None:
    class Impatient:
        def step(self, done: int, *_: object) -> None:
            if done > 0:
                raise Cancelled

    project, _ = project_with(mixed(3000))
    with pytest.raises(Cancelled):
        write_tiles3d(project.need_frame(), choose(project), tmp_path / "t", Impatient())
    with pytest.raises(Cancelled):
        write_glb(project.need_frame(), choose(project), tmp_path / "a.glb", Impatient())
    assert list(tmp_path.iterdir()) == []
    for write in (write_glb, write_tiles3d):
        with pytest.raises(CityError) as caught:
            write(project.need_frame(), choose(project, ids=[6]), tmp_path / "a.glb")
        assert caught.value.code == "export.nothing_drawn"
    assert list(tmp_path.iterdir()) == []
