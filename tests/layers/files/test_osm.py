from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pyarrow.compute as pc
import pytest
import shapely

from layers.errors import CityError
from layers.files.osm_relations import structure_of
from layers.files.vector import list_layers, preview, read_layers
from layers.progress import Silent

NODES = [
    (1, 0, 0), (2, 4, 0), (3, 4, 4), (4, 0, 4), (5, 1, 1), (6, 2, 1), (7, 2, 2), (8, 1, 2),
    (31, 9, 0), (32, 13, 0), (33, 13, 4), (34, 9, 4), (35, 10, 1), (36, 11, 1), (37, 11, 2),
]  # fmt: skip
POSITIONS = "".join(
    f'<node id="{number}" lat="{31 + y / 1000}" lon="{121 + x / 1000}" version="1"/>'
    for number, x, y in NODES
)
XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
{POSITIONS}
<node id="9" lat="31.01" lon="121.01" version="1"><tag k="emergency" v="fire_hydrant"/>
 <tag k="fire_hydrant:type" v="pillar"/><tag k="odd:key" v="1"/></node>
<way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
 <tag k="building" v="yes"/><tag k="building:levels" v="12"/><tag k="height" v="36.5"/>
 <tag k="name" v="东方明珠"/><tag k="wheelchair" v="yes"/></way>
<way id="11" version="1"><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="8"/><nd ref="5"/>
 <tag k="building:part" v="yes"/><tag k="min_height" v="10"/></way>
<way id="12" version="1"><nd ref="1"/><nd ref="3"/><tag k="highway" v="residential"/></way>
<way id="13" version="1"><nd ref="31"/><nd ref="32"/><nd ref="33"/><nd ref="34"/>
 <nd ref="31"/></way>
<way id="14" version="1"><nd ref="35"/><nd ref="36"/><nd ref="37"/><nd ref="35"/></way>
<relation id="20" version="1"><member type="way" ref="10" role="outline"/>
 <member type="way" ref="11" role="part"/><tag k="type" v="building"/></relation>
<relation id="21" version="1"><member type="way" ref="13" role="outer"/>
 <member type="way" ref="14" role="inner"/><tag k="type" v="multipolygon"/>
 <tag k="landuse" v="commercial"/></relation>
</osm>
"""


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "t.osm"
    path.write_text(XML, encoding="utf-8")
    return path


def test_tags_become_columns_and_ids_say_what_they_are(extract: Path) -> None:
    layers = {layer.name: layer for layer in read_layers(extract)}
    assert list(layers) == ["points", "lines", "multipolygons"]
    areas = layers["multipolygons"]
    rows = dict(zip(areas.ids.tolist(), areas.attributes.to_pylist(), strict=True))
    assert set(rows) == {"way/10", "way/11", "relation/21"}
    tower = rows["way/10"]
    assert (tower["name"], tower["building:levels"], tower["height"]) == ("东方明珠", "12", "36.5")
    assert tower["other_tags"] == '{"wheelchair":"yes"}'
    assert rows["way/11"]["building:part"] == "yes"
    assert "shop" not in areas.attributes.column_names
    assert layers["points"].attributes.to_pylist()[0]["fire_hydrant:type"] == "pillar"
    assert layers["lines"].ids.tolist() == ["way/12"]
    assert {layer.crs for layer in layers.values()} == {"EPSG:4326"}


def test_a_relation_says_which_building_a_part_belongs_to(extract: Path) -> None:
    areas = read_layers(extract, layers=["multipolygons"])[0]
    assert areas.parent is not None
    parents = dict(zip(areas.ids.tolist(), areas.parent.tolist(), strict=True))
    assert parents["way/11"] == areas.ids.tolist().index("way/10")
    assert parents["way/10"] == parents["relation/21"] == -1


def test_holes_of_relations_are_holes(extract: Path) -> None:
    areas = read_layers(extract, layers=["multipolygons"])[0]
    ring = areas.geometry[areas.ids.tolist().index("relation/21")]
    assert shapely.get_num_interior_rings(shapely.get_parts(ring)).tolist() == [1]


def test_routes_are_listed_but_read_only_when_asked_for(extract: Path) -> None:
    names = [info.name for info in list_layers(extract)]
    assert names[:3] == ["points", "lines", "multipolygons"]
    assert "multilinestrings" in names
    assert read_layers(extract, layers=["multilinestrings"])[0].name == "multilinestrings"
    assert len(preview(extract, layer="multipolygons", rows=1)) == 1


def test_what_an_editor_saved_in_another_order_is_sorted_first(extract: Path) -> None:
    text = extract.read_text(encoding="utf-8")
    nodes, ways = text.index("<node"), text.index("<way")
    end = text.index("</osm>")
    turned = text[:nodes] + text[ways:end] + text[nodes:ways] + text[end:]
    for number in ("10", "1", "2"):  # numbers below zero: drawn, and not uploaded yet
        turned = turned.replace(f'id="{number}"', f'id="-{number}"')
        turned = turned.replace(f'ref="{number}"', f'ref="-{number}"')
    extract.write_text(turned, encoding="utf-8")
    areas = read_layers(extract, layers=["multipolygons"])[0]
    assert set(areas.ids.tolist()) == {"way/-10", "way/11", "relation/21"}


def test_a_change_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.osc"
    path.write_text('<osmChange version="0.6"></osmChange>')
    with pytest.raises(CityError) as caught:
        read_layers(path)
    assert caught.value.facts["what"] == "osc"


def test_an_extract_that_was_cut_off_is_refused(extract: Path) -> None:
    extract.write_text(XML[: len(XML) * 2 // 3], encoding="utf-8")
    with pytest.raises(CityError) as caught:
        read_layers(extract)
    assert caught.value.code == "file.damaged"


def varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def block(kind: bytes, content: bytes) -> bytes:
    blob = field(2, len(content)) + field(3, zlib.compress(content))
    header = field(1, kind) + field(3, len(blob))
    return struct.pack(">I", len(header)) + header + blob


def test_relations_are_found_in_the_binary_format(tmp_path: Path) -> None:
    strings = [b"", b"type", b"building", b"outline", b"part"]
    table = b"".join(field(1, text) for text in strings)
    relation = (
        field(1, 77) + field(2, varint(1)) + field(3, varint(2))
        + field(8, varint(3) + varint(4) + varint(4))
        + field(9, b"".join(varint(zigzag(n)) for n in (1000, -400, 5)))
        + field(10, bytes([1, 1, 2]))
    )  # fmt: skip
    content = field(1, table) + field(2, field(4, relation))
    path = tmp_path / "t.osm.pbf"
    path.write_bytes(block(b"OSMHeader", b"") + block(b"OSMData", content))
    assert structure_of(path, Silent()).parts == {"way/600": "way/1000", "relation/605": "way/1000"}


@pytest.mark.shared
def test_liechtenstein_has_all_its_buildings_and_ways(shared_data: Path) -> None:
    path = next((shared_data / "li-liechtenstein-osm-dem").rglob("*.osm.pbf"))
    layers = {layer.name: layer for layer in read_layers(path)}
    areas, lines = layers["multipolygons"].attributes, layers["lines"].attributes
    assert pc.count(areas.column("building")).as_py() == 14_007
    assert pc.count(lines.column("highway")).as_py() == 6_703
    assert not shapely.is_missing(layers["multipolygons"].geometry).any()
