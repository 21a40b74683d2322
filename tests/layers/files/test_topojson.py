"""TopoJSON, with quantised arcs and without."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from tests.layers.files.town import (
    LAT,
    LON,
    ZONE,
    content,
    heights,
    house,
    in_degrees,
    place,
    refused,
    taken,
)


def topology(shapes: list[Any], step: float = 0.0, **members: Any) -> dict[str, Any]:
    arcs = [shapely.get_coordinates(shape).tolist() for shape in shapes]
    if step:
        origin = [114.0, 30.0]
        whole = [[[round((v - o) / step) for v, o in zip(p, origin, strict=True)] for p in arc]
                 for arc in arcs]  # fmt: skip
        arcs = [
            [arc[0], *([b[0] - a[0], b[1] - a[1]] for a, b in itertools.pairwise(arc))]
            for arc in whole
        ]
        members["transform"] = {"scale": [step, step], "translate": origin}
    drawn = [
        {"type": "Polygon", "arcs": [[i]], "properties": {"height": 8 + i, "名称": "和平里"}}
        for i in range(len(arcs))
    ]
    objects = {"buildings": {"type": "GeometryCollection", "geometries": drawn}}
    return {"type": "Topology", "objects": objects, "arcs": arcs, **members}


TOWN = [in_degrees(house(i * 20)) for i in range(3)]


@pytest.mark.parametrize("step", [0.0, 1e-7])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_arcs_are_joined_and_lie_where_they_shall(
    tmp_path: Path, step: float, encoding: str
) -> None:
    path = tmp_path / "town.topojson"
    path.write_bytes(json.dumps(topology(TOWN, step), ensure_ascii=False).encode(encoding))
    imported = taken(path)
    assert heights(imported) == [8.0, 9.0, 10.0]
    assert place(imported) == (LON, LAT)
    assert content(imported).attributes.column("名称").to_pylist() == ["和平里"] * 3


def test_a_type_behind_many_arcs_is_found(tmp_path: Path) -> None:
    made = topology(TOWN)
    path = tmp_path / "town.json"
    made["arcs"] = made["arcs"] * 800
    path.write_text(json.dumps({key: made[key] for key in ("arcs", "objects", "type")}))
    assert len(content(taken(path))) == 3


def test_numbers_that_are_no_degrees_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "town.topojson"
    path.write_text(json.dumps(topology([house(0)])))
    assert refused(path).code == "import.no_crs"
    assert place(taken(path, crs=ZONE)) == (LON, LAT)
