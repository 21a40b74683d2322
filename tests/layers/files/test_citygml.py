"""CityGML of several versions and levels of detail gives the buildings that CityJSON would."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pyproj
import pytest

from layers.errors import CityError
from layers.files.importing import Imported, import_file
from layers.files.options import ImportOptions
from layers.kinds.buildings import MEANINGS, Buildings
from layers.project import Project

EAST, NORTH, BASE = 528_000.0, 3_381_000.0, 20.0
Place = tuple[float, float, float]
NAMES = ("GroundSurface", "RoofSurface", *["WallSurface"] * 4)


def box_faces(east: float, height: float) -> list[list[Place]]:
    """Give the faces of a block of 10 m, seen from outside: ground, roof, walls."""
    plan = [(east, NORTH), (east + 10, NORTH), (east + 10, NORTH + 10), (east, NORTH + 10)]
    low = [(x, y, BASE) for x, y in plan]
    high = [(x, y, BASE + height) for x, y in plan]
    walls = [[low[i], low[i - 3], high[i - 3], high[i]] for i in range(4)]
    return [low[::-1], high, *walls]


def polygon(face: list[Place], name: str = "") -> str:
    numbers = " ".join(f"{x} {y} {z}" for x, y, z in [*face, face[0]])
    return (
        f'<gml:Polygon gml:id="{name}"><gml:exterior><gml:LinearRing>'
        f'<gml:posList srsDimension="3">{numbers}</gml:posList>'
        "</gml:LinearRing></gml:exterior></gml:Polygon>"
    )


def members(inner: list[str]) -> str:
    return "".join(f"<gml:surfaceMember>{one}</gml:surfaceMember>" for one in inner)


def solid(inner: str, level: int) -> str:
    return (
        f"<bldg:lod{level}Solid><gml:Solid><gml:exterior><gml:CompositeSurface>{inner}"
        f"</gml:CompositeSurface></gml:exterior></gml:Solid></bldg:lod{level}Solid>"
    )


def city(
    *buildings: str, system: str = "urn:ogc:def:crs,crs:EPSG::4547,crs:EPSG::5737", version: int = 2
) -> str:
    base = "http://www.opengis.net/citygml"
    places = f'<gml:boundedBy><gml:Envelope srsName="{system}" srsDimension="3"/></gml:boundedBy>'
    inside = "".join(f"<core:cityObjectMember>{one}</core:cityObjectMember>" for one in buildings)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><core:CityModel xmlns:core="{base}/{version}.0" '
        f'xmlns:bldg="{base}/building/{version}.0" xmlns:gen="{base}/generics/{version}.0" '
        'xmlns:gml="http://www.opengis.net/gml" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"{places}{inside}</core:CityModel>"
    )


def block(key: str, east: float, height: float) -> str:
    """Give a building of level 1."""
    faces = members([polygon(face) for face in box_faces(east, height)])
    return (
        f'<bldg:Building gml:id="{key}"><gml:name>楼{key}</gml:name>'
        '<gen:stringAttribute name="用途"><gen:value>住宅</gen:value></gen:stringAttribute>'
        f"<bldg:storeysAboveGround>4</bldg:storeysAboveGround>{solid(faces, 1)}</bldg:Building>"
    )


def detailed(key: str, east: float, height: float) -> str:
    """Give a building of level 2, whose solid points to the faces of walls and roof."""
    faces = box_faces(east, height)
    links = "".join(f'<gml:surfaceMember xlink:href="#{key}-{i}"/>' for i in range(len(faces)))
    bounds = "".join(
        f"<bldg:boundedBy><bldg:{name}><bldg:lod2MultiSurface><gml:MultiSurface>"
        f"{members([polygon(face, f'{key}-{i}')])}</gml:MultiSurface></bldg:lod2MultiSurface>"
        f"</bldg:{name}></bldg:boundedBy>"
        for i, (name, face) in enumerate(zip(NAMES, faces, strict=True))
    )
    return f'<bldg:Building gml:id="{key}">{solid(links, 2)}{bounds}</bldg:Building>'


def taken(path: Path) -> tuple[Imported, Buildings]:
    imported = import_file(Project(), path, ImportOptions(kind="buildings"))
    data = imported.layers[0].data
    assert isinstance(data, Buildings)
    return imported, data


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("packed", [False, True])
def test_blocks_keep_their_heights_bases_and_attributes(
    tmp_path: Path, version: int, *, packed: bool
) -> None:
    text = city(block("A", EAST, 12.0), block("B", EAST + 20, 15.0), version=version)
    path = tmp_path / ("c.gml.gz" if packed else "c.gml")
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    imported, data = taken(path)
    assert data.height.tolist() == [12.0, 15.0]
    assert data.base.tolist() == [BASE, BASE]
    assert data.shapes.areas().tolist() == [100.0, 100.0]
    assert imported.reports[0].crs == "EPSG:4547"
    row = data.attributes.to_pylist()[1]
    assert (row["id"], row["name"], row["用途"], row["storeysAboveGround"]) == (
        "B",
        "楼B",
        "住宅",
        4,
    )


def test_walls_and_roofs_keep_their_meaning_and_stand_there_once(tmp_path: Path) -> None:
    path = tmp_path / "c.gml"
    path.write_text(city(detailed("A", EAST, 12.0)))
    _, data = taken(path)
    assert data.surfaces is not None
    meanings = [MEANINGS[code] for code in data.surfaces.meaning.tolist()]
    assert sorted(meanings) == ["ground", "roof", "wall", "wall", "wall", "wall"]


def test_parts_belong_to_their_building(tmp_path: Path) -> None:
    parts = ""
    for key, east in (("P", EAST), ("Q", EAST + 10)):
        part = block(key, east, 9.0).replace("bldg:Building ", "bldg:BuildingPart ")
        part = part.replace("</bldg:Building>", "</bldg:BuildingPart>")
        parts += f"<bldg:consistsOfBuildingPart>{part}</bldg:consistsOfBuildingPart>"
    path = tmp_path / "c.gml"
    path.write_text(city(f'<bldg:Building gml:id="W">{parts}</bldg:Building>'))
    _, data = taken(path)
    assert len(data) == 3
    assert sorted(data.part_of.tolist()) == [0, 1, 1]


def test_latitude_comes_first_where_the_system_says_so(tmp_path: Path) -> None:
    way = pyproj.Transformer.from_crs(4547, 4326, always_xy=True)
    faces = [
        [(*way.transform(x, y)[::-1], z) for x, y, z in face] for face in box_faces(EAST, 12.0)
    ]
    inner = members([polygon(face) for face in faces])
    path = tmp_path / "c.gml"
    house = f'<bldg:Building gml:id="A">{solid(inner, 1)}</bldg:Building>'
    path.write_text(city(house, system="http://www.opengis.net/def/crs/EPSG/0/4979"))
    imported, data = taken(path)
    assert imported.frame.crs == "EPSG:4547"
    np.testing.assert_allclose(data.shapes.centres()[0], (EAST + 5, NORTH + 5), atol=0.1)


def test_german_names_of_systems_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "c.gml"
    text = city(block("A", EAST, 12.0), system="urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH")
    path.write_text(text.replace(f"{NORTH:.1f}"[:4], "5381"))
    assert taken(path)[0].reports[0].crs == "EPSG:25832"


def test_links_to_nowhere_are_counted_and_a_cut_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.gml"
    text = city(detailed("A", EAST, 12.0), detailed("B", EAST + 20, 12.0))
    path.write_text(text.replace("#B-0", "#nobody"))
    notes = {note.key: note.facts for note in taken(path)[0].reports[0].messages}
    assert notes["links_unresolved"] == {"count": 1}
    path.write_text(text[: len(text) // 2])
    with pytest.raises(CityError) as caught:
        taken(path)
    assert caught.value.code == "file.damaged"
