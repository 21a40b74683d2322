"""What is written as CityJSON is read back as the same buildings."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from numpy.typing import NDArray

from layers.errors import Cancelled, CityError
from layers.files.city_choice import Choice, LeftOut, choose
from layers.files.cityjson import read_cityjson
from layers.files.cityjson_export import write_cityjson
from layers.files.importing import import_file
from layers.files.options import ImportOptions
from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings, Surfaces
from layers.progress import Silent
from layers.project import Project
from layers.shapes import Shapes
from tests.models import WEDGE, corners, layer_of, textured, wedge

EAST, NORTH = 508_000.25, 3_378_000.5


def a_town() -> Buildings:
    """A courtyard, an L, a floating bridge and a tower in parts, with gaps in the attributes."""
    court = shapely.box(EAST, NORTH, EAST + 30, NORTH + 30).difference(
        shapely.box(EAST + 10, NORTH + 10, EAST + 20, NORTH + 20)
    )
    ell = shapely.box(EAST + 40, NORTH, EAST + 70, NORTH + 30).difference(
        shapely.box(EAST + 55, NORTH + 15, EAST + 70, NORTH + 30)
    )
    bridge = shapely.box(EAST + 80, NORTH, EAST + 110, NORTH + 8)
    outline = shapely.box(EAST + 120, NORTH, EAST + 160, NORTH + 20)
    low = shapely.box(EAST + 120, NORTH, EAST + 150, NORTH + 20)
    high = shapely.box(EAST + 150, NORTH, EAST + 160, NORTH + 20)
    shapes = Shapes.from_shapely([court, ell, bridge, outline, low, high])
    table = pa.table(
        {
            "用途": ["住宅", None, "bridge", "mall", "mall", "tower"],
            "storeys": pa.array([7, None, 1, None, 3, 30]),
            "listed": pa.array([True, False, None, None, None, None]),
            "rent": [1.5, float("nan"), None, 2.0, 3.0, 4.0],
        }
    )
    made = Buildings.blocks(shapes, [21.0, 9.5, 9.0, 90.0, 12.0, 90.0], table)
    return replace(
        made,
        min_height=np.array([0.0, 0.0, 5.0, 0.0, 0.0, 0.0]),
        base=np.array([3.25, 3.0, 2.0, 1.0, 1.0, 1.0]),
        part_of=np.array([0, 0, 0, 0, 4, 4]),
        drawn=np.array([True, True, True, False, True, True]),
    )


def project_of(data: Buildings, crs: str = "EPSG:4547") -> Project:
    project = Project(Frame(crs, (EAST, NORTH)))
    project.insert_layer(Layer("buildings", "Town", data))
    return project


def read_back(path: Path, crs: str = "EPSG:4547") -> Buildings:
    project = Project(Frame(crs, (EAST, NORTH)))
    (layer,) = import_file(project, path, ImportOptions(kind="buildings")).layers
    assert isinstance(layer.data, Buildings)
    return layer.data


def levels(data: Buildings) -> NDArray[np.float64]:
    """Give underside and top of each building above datum, (n, 2)."""
    return np.column_stack([data.base + data.min_height, data.base + data.height])


@pytest.mark.parametrize("name", ["town.city.json", "town.city.jsonl"])
def test_buildings_come_back_equal(tmp_path: Path, name: str) -> None:
    data = a_town()
    project = project_of(data)
    written = write_cityjson(project.need_frame(), choose(project), tmp_path / name, title="城")
    assert written.objects == 6
    assert written.bytes == (tmp_path / name).stat().st_size
    back = read_back(tmp_path / name)
    assert np.array_equal(back.drawn, data.drawn)
    assert np.array_equal(back.part_of, data.part_of)
    same = shapely.equals_exact(
        shapely.normalize(back.shapes.to_shapely()), shapely.normalize(data.shapes.to_shapely()),
        0.001,
    )  # fmt: skip
    assert same.all()
    drawn = data.drawn
    assert np.allclose(levels(back)[drawn], levels(data)[drawn], atol=0.001)
    assert back.attributes.column("用途").to_pylist() == data.attributes.column("用途").to_pylist()
    assert back.attributes.column("storeys").to_pylist() == [7, None, 1, None, 3, 30]
    assert back.attributes.column("listed").to_pylist() == [True, False, None, None, None, None]
    assert back.attributes.column("rent").to_pylist() == [1.5, None, None, 2.0, 3.0, 4.0]
    # and a second time: what came from CityJSON keeps its keys and gains no fields
    again = project_of(back)
    write_cityjson(again.need_frame(), choose(again), tmp_path / f"again-{name}")
    twice = read_back(tmp_path / f"again-{name}")
    assert twice.attributes.equals(back.attributes)
    assert np.array_equal(twice.part_of, data.part_of)


def solids(document: dict[str, Any]) -> list[tuple[str, list[list[list[int]]]]]:
    return [
        (geometry["lod"], geometry["boundaries"][0])
        for thing in document["CityObjects"].values()
        for geometry in thing.get("geometry", ())
        if geometry["type"] == "Solid"
    ]


def test_the_file_is_valid_in_itself(tmp_path: Path) -> None:
    project = project_of(a_town())
    path = tmp_path / "town.city.json"
    write_cityjson(project.need_frame(), choose(project), path)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["version"] == "2.0"
    crs = document["metadata"]["referenceSystem"]
    assert crs == "https://www.opengis.net/def/crs/EPSG/0/4547"
    objects, vertices = document["CityObjects"], document["vertices"]
    assert [thing["type"] for thing in objects.values()].count("BuildingPart") == 2
    for key, thing in objects.items():
        assert all(key in objects[child]["parents"] for child in thing.get("children", ()))
        for geometry in thing["geometry"]:
            if "semantics" in geometry:
                faces = geometry["boundaries"][0]
                assert len(geometry["semantics"]["values"][0]) == len(faces)
    assert sorted(lod for lod, _ in solids(document)) == ["1.2", "1.2", "1.2", "1.3", "1.3"]
    used: set[int] = set()
    for _, shell in solids(document):
        edges = [
            edge for face in shell for ring in face for edge in zip(ring, ring[1:] + ring[:1],
                                                                    strict=True)
        ]  # fmt: skip
        assert len(set(edges)) == len(edges)
        assert {(b, a) for a, b in edges} == set(edges)
        used |= {corner for edge in edges for corner in edge}
    assert max(used) < len(vertices)
    extent = document["metadata"]["geographicalExtent"]
    scale, shift = (np.array(document["transform"][k]) for k in ("scale", "translate"))
    real = np.array(vertices) * scale + shift
    assert np.allclose([*real.min(axis=0), *real.max(axis=0)], extent, atol=0.001)


def pyramid() -> Surfaces:
    """A pyramid over the L: a ground face and four slopes, closed."""
    x, y = EAST + 40, NORTH
    base = [(x, y, 2.0), (x + 10, y, 2.0), (x + 10, y + 10, 2.0), (x, y + 10, 2.0)]
    top = (x + 5, y + 5, 12.0)
    faces = [base[::-1]] + [[base[i], base[(i + 1) % 4], top] for i in range(4)]
    sizes = [len(face) for face in faces]
    return Surfaces(
        coords=np.array([point for face in faces for point in face]),
        ring_start=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        face_start=np.arange(6, dtype=np.int64),
        owner=np.full(5, 2, dtype=np.int64),
        meaning=np.array([2, 1, 1, 1, 0], dtype=np.uint8),
    )


def test_surfaces_are_written_with_their_meanings(tmp_path: Path) -> None:
    project = project_of(replace(a_town(), surfaces=pyramid()))
    path = tmp_path / "town.city.json"
    (one,) = choose(project, ids=[2]).buildings
    write_cityjson(project.need_frame(), Choice((one,)), path)
    document = json.loads(path.read_text(encoding="utf-8"))
    (thing,) = document["CityObjects"].values()
    (geometry,) = thing["geometry"]
    assert (geometry["type"], geometry["lod"]) == ("Solid", "2")
    names = [surface["type"] for surface in geometry["semantics"]["surfaces"]]
    said = [names[value] for value in geometry["semantics"]["values"][0]]
    assert said == ["GroundSurface", *["RoofSurface"] * 3, "WallSurface"]
    back = read_back(path)
    assert back.surfaces is not None
    assert np.allclose(back.surfaces.coords, pyramid().coords, atol=0.001)
    assert np.array_equal(back.surfaces.meaning, pyramid().meaning)
    open_one = pyramid()
    keep = Surfaces(open_one.coords[4:].copy(), open_one.ring_start[1:] - 4,
                    np.arange(5, dtype=np.int64), open_one.owner[1:].copy(),
                    open_one.meaning[1:].copy())  # fmt: skip
    project = project_of(replace(a_town(), surfaces=keep))
    write_cityjson(project.need_frame(), choose(project, ids=[2]), path, overwrite=True)
    (thing,) = json.loads(path.read_text(encoding="utf-8"))["CityObjects"].values()
    assert thing["geometry"][0]["type"] == "MultiSurface"


def test_a_part_brings_its_building_and_a_building_its_parts(tmp_path: Path) -> None:
    project = project_of(a_town())
    (one,) = choose(project, ids=[4]).buildings
    assert one.rows.tolist() == [3, 4, 5]
    (part,) = choose(project, ids=[6]).buildings
    path = tmp_path / "part.city.json"
    write_cityjson(project.need_frame(), Choice((part,)), path)
    objects = json.loads(path.read_text(encoding="utf-8"))["CityObjects"]
    assert [thing["type"] for thing in objects.values()] == ["Building", "BuildingPart"]


def test_features_of_several_shapes_are_one_building(tmp_path: Path) -> None:
    boxes = [shapely.box(EAST + 50 * i, NORTH, EAST + 50 * i + 20, NORTH + 20) for i in range(2)]
    data = replace(
        Buildings.blocks(Shapes.from_shapely(boxes), 10.0, pa.table({"name": ["twins", "-"]})),
        feature=np.zeros(2, dtype=np.int64),
        base=np.zeros(2),
    )
    project = project_of(data)
    write_cityjson(project.need_frame(), choose(project), tmp_path / "a.json")
    objects = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["CityObjects"]
    assert len(objects) == 1
    back = read_back(tmp_path / "a.json")
    assert back.feature.tolist() == [0, 0]
    assert np.allclose(levels(back), [[0.0, 10.0], [0.0, 10.0]])


def test_a_system_without_a_code_is_told_and_another_ending_refused(tmp_path: Path) -> None:
    crs = "+proj=tmerc +lon_0=114.1 +k=1 +x_0=500000 +ellps=GRS80 +units=m +type=crs"
    project = project_of(a_town(), crs)
    written = write_cityjson(project.need_frame(), choose(project), tmp_path / "a.json")
    assert written.notes == ("no_crs_code",)
    with pytest.raises(CityError) as caught:
        write_cityjson(project.need_frame(), choose(project), tmp_path / "a.gml")
    assert caught.value.code == "export.cityjson_suffix"


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    class Impatient:
        def step(self, *_: object) -> None:
            raise Cancelled

    project = project_of(a_town())
    with pytest.raises(Cancelled):
        write_cityjson(project.need_frame(), choose(project), tmp_path / "a.json", Impatient())
    assert list(tmp_path.iterdir()) == []


def test_models_are_templates_that_stand_where_they_stood(tmp_path: Path) -> None:
    project = project_of(a_town())
    places = [(EAST, NORTH, 4.0), (EAST + 50, NORTH, 0.0), (EAST, NORTH + 60, 1.0)]
    layer = layer_of(
        textured(), wedge(), wedge("line", WEDGE * (1.0, 0.0, 0.0)), places=[*places, places[0]],
        model=[0, 1, 1, 2], turn=[0.0, 40.0, -75.0, 0.0], scale=[1.0, 2.0, 0.5, 1.0],
        on_ground=False,
    )  # fmt: skip
    project.insert_layer(layer)
    for name in ("town.city.json", "town.city.jsonl"):
        written = write_cityjson(project.need_frame(), choose(project), tmp_path / name)
        assert (written.objects, written.models) == (6, 3)
        assert written.left_out == (LeftOut("Models", "models", 1, "no_faces"),)
        assert "no_textures" in written.notes
        raw = read_cityjson(tmp_path / name, "GenericCityObject", None, Silent(), None)
        for row, shape in enumerate(raw.geometry):  # seen from above, by the reader
            low, high = corners(layer, row).min(axis=0), corners(layer, row).max(axis=0)
            assert np.allclose(shape.bounds, [*low[:2], *high[:2]], atol=0.002)
        assert raw.attributes.column("model").to_pylist() == ["textured", "wedge", "wedge"]
    document = json.loads((tmp_path / "town.city.json").read_text(encoding="utf-8"))
    assert len(document["geometry-templates"]["templates"]) == 2
    shared = np.array(document["geometry-templates"]["vertices-templates"])
    things = [t for t in document["CityObjects"].values() if t["type"] == "GenericCityObject"]
    for row, thing in enumerate(things):
        (geometry,) = thing["geometry"]
        form = document["geometry-templates"]["templates"][geometry["template"]]
        matrix = np.array(geometry["transformationMatrix"]).reshape(4, 4)
        whole = np.array(document["vertices"][geometry["boundaries"][0]])
        anchor = whole * document["transform"]["scale"] + document["transform"]["translate"]
        mine = shared[np.unique(np.array(form["boundaries"]).reshape(-1))] @ matrix[:3, :3].T
        gap = np.linalg.norm((mine + anchor)[:, None] - corners(layer, row)[None], axis=2)
        assert max(gap.min(axis=0).max(), gap.min(axis=1).max()) < 0.002
    red, plain = document["appearance"]["materials"]
    assert np.allclose(red["diffuseColor"], np.array([200, 30, 30]) / 255, atol=0.01)
    assert plain["diffuseColor"] == [1.0, 1.0, 1.0]


def test_a_building_of_several_blocks_has_a_solid_for_each(tmp_path: Path) -> None:
    boxes = [shapely.box(EAST + 40 * i, NORTH, EAST + 40 * i + 20, NORTH + 20) for i in range(2)]
    one = Buildings.blocks(Shapes.from_shapely(boxes), [10.0, 10.0], pa.table({"n": [1, 2]}))
    project = project_of(replace(one, feature=np.zeros(2, dtype=np.int64)))
    write_cityjson(project.need_frame(), choose(project), tmp_path / "a.json")
    (thing,) = json.loads((tmp_path / "a.json").read_text())["CityObjects"].values()
    assert [geometry["type"] for geometry in thing["geometry"]] == ["Solid", "Solid"]
    assert len(read_back(tmp_path / "a.json")) == 2
