from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from layers.errors import CityError
from layers.files.raw import RawLayer
from layers.files.vector import list_layers, read_layers
from layers.kinds.buildings import MEANINGS

CORNERS = [
    [0, 0, 0], [10, 0, 0], [10, 8, 0], [0, 8, 0], [0, 0, 6], [10, 0, 6], [10, 8, 6], [0, 8, 6],
]  # fmt: skip
SHELL = [
    [[3, 2, 1, 0]], [[4, 5, 6, 7]], [[0, 1, 5, 4]], [[1, 2, 6, 5]], [[2, 3, 7, 6]], [[3, 0, 4, 7]],
]  # fmt: skip
SEMANTICS = {
    "surfaces": [{"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "WallSurface"}],
    "values": [[0, 1, 2, 2, 2, 2]],
}


def solid(lod: str = "2.2", shell: Any = None, **more: Any) -> dict[str, Any]:
    return {"type": "Solid", "lod": lod, "boundaries": [shell or SHELL], **more}


def thing(kind: str = "Building", *geometry: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": kind, "geometry": list(geometry), **more}


def model(objects: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [0.5, 0.5, 0.5], "translate": [85000.0, 446000.0, 1.0]},
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/7415"},
        "CityObjects": objects,
        "vertices": CORNERS,
        **members,
    }


def read(tmp_path: Path, content: Any) -> RawLayer:
    path = tmp_path / "t.city.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return read_layers(path)[0]


def keys(layer: RawLayer) -> list[str]:
    return [note.key for note in layer.notes]


def test_a_solid_gives_footprint_faces_and_their_meanings(tmp_path: Path) -> None:
    building = thing("Building", solid(semantics=SEMANTICS), attributes={"名称": "塔", "floors": 3})
    layer = read(tmp_path, model({"b1": building}))
    assert layer.crs == "EPSG:28992"
    assert shapely.bounds(layer.geometry[0]).tolist() == [85000, 446000, 85005, 446004]
    faces = layer.surfaces
    assert faces is not None
    assert [MEANINGS[code] for code in faces.meaning] == ["ground", "roof", *["wall"] * 4]
    assert faces.coords[:, 2].max() == 4.0
    assert faces.owner.tolist() == [0] * 6
    row = layer.attributes.to_pylist()[0]
    assert (row["id"], row["type"], row["lod"], row["名称"], row["floors"]) == (
        "b1", "Building", "2.2", "塔", 3,
    )  # fmt: skip
    assert "height_datum" in keys(layer)


def test_without_semantics_the_way_a_face_looks_decides(tmp_path: Path) -> None:
    layer = read(tmp_path, model({"b1": thing("Building", solid("1"))}))
    assert layer.surfaces is not None
    counts = np.bincount(layer.surfaces.meaning, minlength=3)
    assert counts[:3].tolist() == [4, 1, 1]


def test_a_shell_that_is_inside_out_is_turned_and_told(tmp_path: Path) -> None:
    inverted = [[ring[::-1] for ring in face] for face in SHELL]
    layer = read(tmp_path, model({"good": thing("Building", solid()),
                                  "bad": thing("Building", solid(shell=inverted))}))  # fmt: skip
    assert layer.repaired == {"shell_inside_out": ["bad"]}
    faces = layer.surfaces
    assert faces is not None
    first, second = (faces.coords[faces.ring_start[i * 6 + 1] :][:4] for i in range(2))
    normal = [np.cross(ring[1] - ring[0], ring[2] - ring[1])[2] for ring in (first, second)]
    assert (np.array(normal) > 0).all()


def test_the_highest_level_of_detail_is_used_and_told(tmp_path: Path) -> None:
    flat = {"type": "MultiSurface", "lod": "0", "boundaries": [SHELL[0]]}
    layer = read(tmp_path, model({"b": thing("Building", flat, solid("1.2"), solid("2.2"))}))
    assert layer.surfaces is not None
    assert len(layer.surfaces.owner) == 6
    told = next(note for note in layer.notes if note.key == "lod_used")
    assert told.facts == {"lods": "2.2 (1)"}


def test_a_drawn_footprint_alone_is_enough(tmp_path: Path) -> None:
    flat = {"type": "MultiSurface", "lod": "0", "boundaries": [SHELL[0]]}
    layer = read(tmp_path, model({"b": thing("Building", flat)}))
    assert shapely.area(layer.geometry).tolist() == [20.0]
    assert layer.surfaces is None


def test_parts_know_their_parent_and_lend_it_their_outline(tmp_path: Path) -> None:
    objects = {
        "part": thing("BuildingPart", solid(), parents=["whole"]),
        "whole": thing("Building", attributes={"name": "x"}, children=["part"]),
    }
    layer = read(tmp_path, model(objects))
    assert layer.ids.tolist() == ["part", "whole"]
    assert layer.parent is not None
    assert layer.parent.tolist() == [1, -1]
    assert shapely.area(layer.geometry).tolist() == [20.0, 20.0]
    assert "outline_from_parts" in keys(layer)


def test_other_objects_are_layers_of_their_own(tmp_path: Path) -> None:
    road = {"type": "MultiSurface", "lod": "1", "boundaries": SHELL[:1]}
    path = tmp_path / "t.json"
    path.write_text(
        json.dumps(model({"r": thing("Road", road), "b": thing("Building", solid()),
                          "n": thing("+NoiseWall", road)}))
    )  # fmt: skip
    assert {i.name: i.geometry for i in list_layers(path)} == {
        "Road": "polygon", "Building": "surface+polygon", "+NoiseWall": "polygon",
    }  # fmt: skip
    layers = {layer.name: layer for layer in read_layers(path)}
    assert layers["Road"].surfaces is None
    assert "extension_objects" in keys(layers["+NoiseWall"])


def test_composites_shells_and_templates_are_placed(tmp_path: Path) -> None:
    both = {"type": "CompositeSolid", "lod": "2", "boundaries": [[SHELL], [SHELL]]}
    template = {"type": "MultiSurface", "lod": "2", "boundaries": [[[0, 1, 2]]]}
    matrix = [2, 0, 0, 5, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]
    tree = {
        "type": "GeometryInstance",
        "template": 0,
        "boundaries": [1],
        "transformationMatrix": matrix,
    }
    content = model({"b": thing("Building", both), "t": thing("SolitaryVegetationObject", tree)})
    content["geometry-templates"] = {
        "templates": [template], "vertices-templates": [[0, 0, 0], [1, 0, 0], [0, 1, 0]],
    }  # fmt: skip
    path = tmp_path / "t.json"
    path.write_text(json.dumps(content))
    building, trees = read_layers(path)
    assert building.surfaces is not None
    assert len(building.surfaces.owner) == 12
    assert shapely.bounds(trees.geometry[0]).tolist() == [85010, 446000, 85012, 446002]


def test_a_hole_in_the_ground_stays_a_hole(tmp_path: Path) -> None:
    vertices = [*CORNERS, [2, 2, 0], [4, 2, 0], [4, 4, 0], [2, 4, 0]]
    ground = {"type": "MultiSurface", "lod": "2", "boundaries": [[[3, 2, 1, 0], [8, 9, 10, 11]]],
              "semantics": {"surfaces": [{"type": "GroundSurface"}], "values": [0]}}  # fmt: skip
    layer = read(tmp_path, model({"b": thing("Building", ground)}, vertices=vertices))
    assert shapely.area(layer.geometry).tolist() == [19.0]


def test_faces_without_an_area_are_counted(tmp_path: Path) -> None:
    layer = read(
        tmp_path, model({"b": thing("Building", solid(shell=[*SHELL, [[0, 1]], [[0, 0, 1]]]))})
    )
    told = next(note for note in layer.notes if note.key == "faces_left_out")
    assert told.facts == {"count": 2}


def test_a_text_sequence_has_its_own_vertices_in_each_line(tmp_path: Path) -> None:
    head = model({}, vertices=[])
    lines = [
        {"type": "CityJSONFeature", "id": key, "CityObjects": {key: thing("Building", solid())},
         "vertices": [[x + shift, y, z] for x, y, z in CORNERS]}
        for key, shift in (("a", 0), ("b", 100))
    ]  # fmt: skip
    text = "\n".join(json.dumps(line) for line in [head, *lines])
    layer = read(tmp_path, text)
    assert layer.ids.tolist() == ["a", "b"]
    assert shapely.bounds(layer.geometry)[:, 0].tolist() == [85000.0, 85050.0]


def test_without_transform_coordinates_are_taken_as_they_are(tmp_path: Path) -> None:
    content = model({"b": thing("Building", solid("1"))})
    del content["transform"]
    content["metadata"] = {"referenceSystem": "urn:ogc:def:crs:EPSG::4547"}
    layer = read(tmp_path, content)
    assert layer.crs == "EPSG:4547"
    assert shapely.area(layer.geometry).tolist() == [80.0]


@pytest.mark.parametrize(
    "content",
    ['{"type": "CityJSON", "CityObjects": {"b"', '{"type": "CityJSON", "CityObjects": 5}'],
)
def test_a_broken_file_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(CityError) as caught:
        read(tmp_path, content)
    assert caught.value.code in {"file.damaged", "file.not_cityjson"}


@pytest.mark.shared
def test_the_block_in_delft_has_the_footprints_it_was_made_from(shared_data: Path) -> None:
    folder = shared_data / "nl-delft-3dfier"
    layers = {x.name: x for x in read_layers(folder / "output" / "testarea.json")}
    buildings = layers["Building"]
    source = read_layers(folder / "bgt" / "bgt_pand.sqlite")[0]
    assert len(buildings) == len(source) == 160
    wanted = dict(
        zip(
            source.attributes.column("lokaalid").to_pylist(),
            shapely.area(source.geometry),
            strict=True,
        )
    )
    names = buildings.attributes.column("lokaalid").to_pylist()
    assert shapely.area(buildings.geometry) == pytest.approx([wanted[n] for n in names], rel=1e-4)
    assert not any(shapely.is_missing(layer.geometry).any() for layer in layers.values())
