"""Answers of Overpass in JSON become what the same things in XML are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from tests.layers.files.town import content, heights, house, in_degrees, keys, refused, taken, told


def corners(shape: Any) -> list[dict[str, float]]:
    return [{"lat": y, "lon": x} for x, y in shapely.get_coordinates(in_degrees(shape)).tolist()]


def way(number: int, east: float = 0.0, **tags: str) -> dict[str, Any]:
    nodes = [10 * number + i for i in range(4)]
    return {
        "type": "way", "id": number, "nodes": [*nodes, nodes[0]],
        "tags": {"building": "yes", **tags}, "geometry": corners(house(east)),
    }  # fmt: skip


def bare(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {key: value for key, value in {**element, **more}.items() if key != "geometry"}


def answer(path: Path, *elements: dict[str, Any], **members: Any) -> Path:
    root = {"version": 0.6, "generator": "Overpass API", **members, "elements": list(elements)}
    path.write_text(json.dumps(root, ensure_ascii=False, indent=1))
    return path


def test_ways_with_their_corners_and_ways_with_nodes_beside_them_are_the_same(
    tmp_path: Path,
) -> None:
    drawn = [way(1, height="12 m", name="和平里 <1> & \x02"), way(2, east=30, height="9")]
    nodes = [
        {"type": "node", "id": number, **place}
        for element in drawn
        for number, place in zip(element["nodes"][:4], element["geometry"], strict=False)
    ]
    geom = taken(answer(tmp_path / "geom.json", *drawn))
    body = taken(answer(tmp_path / "body.json", *map(bare, drawn), *nodes))
    assert heights(geom) == heights(body) == [12.0, 9.0]
    assert content(geom).attributes.column("name").to_pylist()[0] == "和平里 <1> & "
    assert content(geom).shapes.coords == pytest.approx(content(body).shapes.coords, abs=1e-6)
    assert geom.reports[0].first == {}


def test_members_of_relations_are_drawn_inside_them(tmp_path: Path) -> None:
    outer, inner = corners(house(size=30.0)), corners(house(8.0, 8.0))
    relation = {
        "type": "relation", "id": 9, "tags": {"type": "multipolygon", "building": "yes"},
        "members": [
            {"type": "way", "ref": 1, "role": "outer", "geometry": outer[:3]},
            {"type": "way", "ref": 2, "role": "outer", "geometry": outer[2:]},
            {"type": "way", "ref": 3, "role": "inner", "geometry": inner},
        ],
    }  # fmt: skip
    blocks = content(taken(answer(tmp_path / "r.json", relation)))
    assert blocks.shapes.areas() == pytest.approx([900 - 144], rel=1e-3)


def test_what_was_cut_off_is_left_out_and_counted(tmp_path: Path) -> None:
    clipped = way(2, east=30)
    clipped["geometry"][1] = None
    lost = {
        "type": "relation", "id": 9, "tags": {"type": "multipolygon", "building": "yes"},
        "members": [{"type": "way", "ref": 77, "role": "outer"}],
    }  # fmt: skip
    report = told(answer(tmp_path / "a.json", way(1), clipped, lost))
    assert (report.kept, report.skipped) == (1, {"osm_corners_missing": 1})
    assert report.first["osm_corners_missing"] == ("way/2",)
    assert "osm_ways_missing" in keys(report)


def test_middles_become_points(tmp_path: Path) -> None:
    path = answer(tmp_path / "c.json", bare(way(1), center={"lat": 30.55, "lon": 114.3}))
    report = told(path, None)
    assert (report.kind, report.kept) == ("places", 1)
    assert "overpass_centres" in keys(report)


def test_an_answer_that_broke_off_says_so(tmp_path: Path) -> None:
    late = "runtime error: Query timed out"
    assert "overpass_stopped" in keys(told(answer(tmp_path / "a.json", way(1), remark=late)))
    assert refused(answer(tmp_path / "b.json", remark=late)).code == "file.overpass_stopped"
    assert refused(answer(tmp_path / "c.json", bare(way(1)))).code == "file.overpass_bare"
    assert refused(answer(tmp_path / "d.json")).code == "import.empty"


def test_places_of_an_extract_without_houses_come_in_all_the_same(tmp_path: Path) -> None:
    node = {"type": "node", "id": 5, "lat": 30.55, "lon": 114.3, "tags": {"amenity": "hospital"}}
    report = told(answer(tmp_path / "hospitals.json", node), None)
    assert (report.kind, report.kept) == ("places", 1)
