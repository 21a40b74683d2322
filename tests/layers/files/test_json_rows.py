"""JSON that holds rows of a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.layers.files.town import LAT, LON, house, in_degrees, place, refused, taken

ROWS = [{"name": "人民医院", "lon": LON, "lat": LAT}, {"name": "三小", "lon": LON, "lat": LAT}]


@pytest.mark.parametrize(
    "root",
    [
        ROWS,
        {"status": "1", "data": ROWS},
        {"pois": [{"name": "a", "location": f"{LON},{LAT}", "biz": {"cost": 3}}] * 2},
        {"result": {"rows": [{"n": 1, "geometry": {"type": "Point", "coordinates": [LON, LAT]}}]}},
    ],
)
def test_rows_with_coordinates_become_places(tmp_path: Path, root: Any) -> None:
    path = tmp_path / "rows.json"
    path.write_bytes(json.dumps(root, ensure_ascii=False).encode("gbk"))
    assert place(taken(path, None)) == (LON, LAT)


def test_rows_may_hold_outlines_as_text(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([{"wkt": in_degrees(house(0)).wkt, "height": 12}]))
    assert taken(path, crs="EPSG:4326").reports[0].kept == 1


def test_rows_without_places_are_no_map_features(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([{"name": "a", "address": "b"}]))
    assert refused(path).code == "file.not_geojson"
