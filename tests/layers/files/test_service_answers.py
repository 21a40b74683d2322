"""What map services answer beside features is told, not taken for damage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.layers.files.town import collection, houses, keys, refused, told


@pytest.mark.parametrize(
    ("root", "code"),
    [
        ({"error": {"code": 499, "message": "Token Required"}}, "file.service_error"),
        ({"currentVersion": 11.2, "name": "B", "geometryType": "esriGeometryPolygon"},
         "file.service_description"),
        ({"objectIdFieldName": "OBJECTID", "objectIds": [1, 2]}, "file.service_description"),
        ({"count": 312}, "file.service_description"),
        ({"a": 1}, "file.not_geojson"),
    ],
)  # fmt: skip
def test_answers_without_features_are_named(
    tmp_path: Path, root: dict[str, Any], code: str
) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(root))
    assert refused(path).code == code


@pytest.mark.parametrize(
    "members", [{"exceededTransferLimit": True}, {"numberMatched": 40}, {"totalFeatures": 40}]
)
def test_a_first_page_says_that_there_is_more(tmp_path: Path, members: dict[str, Any]) -> None:
    path = tmp_path / "page.geojson"
    path.write_text(collection(*houses(2), **members))
    assert "answer_limited" in keys(told(path))
    path.write_text(collection(*houses(2), numberMatched=2))
    assert "answer_limited" not in keys(told(path))
