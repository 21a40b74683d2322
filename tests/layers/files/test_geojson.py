from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import Cancelled, CityError
from layers.files import geojson
from layers.files.geojson_mend import mend_geometry
from layers.files.json_spans import find_features
from layers.files.raw import RawLayer
from layers.files.vector import list_layers, preview, read_layers

RING = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
SMALL = [[5, 5], [6, 5], [6, 6], [5, 5]]


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def point(x: float, y: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [x, y]}


def read(tmp_path: Path, content: Any, name: str = "a.geojson") -> RawLayer:
    path = tmp_path / name
    if not isinstance(content, bytes):
        content = json.dumps(content, ensure_ascii=False).encode()
    path.write_bytes(content)
    return read_layers(path)[0]


def collection(*features: Any, **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", **members, "features": list(features)}


def test_wrongly_nested_polygons_are_repaired_counted_and_named(tmp_path: Path) -> None:
    layer = read(
        tmp_path,
        collection(
            feature(polygon(RING), n=1),
            feature({"type": "Polygon", "coordinates": [[RING], [SMALL]]}, n=2),
            feature({"type": "MultiPolygon", "coordinates": [RING]}, n=3),
        ),
    )
    assert layer.repaired == {"nested_polygon": ["1", "2"]}
    assert shapely.area(layer.geometry).tolist() == [16.0, 16.5, 16.0]
    assert layer.unreadable == {}


def test_a_bare_array_with_mixed_shapes_is_one_layer(tmp_path: Path) -> None:
    layer = read(tmp_path, [feature(point(1, 2), a=1), feature(polygon(RING), b="x")])
    assert len(layer) == 2
    assert layer.attributes.to_pydict() == {"a": [1, None], "b": [None, "x"]}
    assert list_layers(tmp_path / "a.geojson")[0].geometry == "point+polygon"


def test_features_keep_their_order_whatever_their_ids(tmp_path: Path) -> None:
    ids = [5, 3, 900, 3, 1]
    features = [{**feature(None, k=i), "id": i} for i in ids]
    features[2]["geometry"] = {"type": "Polygon", "coordinates": [[RING]]}
    layer = read(tmp_path, collection(*features))
    assert layer.attributes.column("k").to_pylist() == ids
    assert np.flatnonzero(~shapely.is_missing(layer.geometry)).tolist() == [2]
    assert layer.repaired == {"nested_polygon": ["900"]}


def test_text_ids_name_the_features(tmp_path: Path) -> None:
    layer = read(
        tmp_path, collection(*({**feature(point(0, i)), "id": f"way/{i}"} for i in (7, 9)))
    )
    assert layer.ids.tolist() == ["way/7", "way/9"]


@pytest.mark.parametrize(
    ("encoding", "shown"), [("gbk", "GBK"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16")]
)
def test_texts_are_read_in_the_encoding_they_are_in(
    tmp_path: Path, encoding: str, shown: str
) -> None:
    text = json.dumps(collection(feature(point(1, 2), 名称="外滩街道办事处")), ensure_ascii=False)
    layer = read(tmp_path, text.encode(encoding))
    assert layer.encoding == shown
    assert layer.attributes.to_pylist() == [{"名称": "外滩街道办事处"}]


def test_a_crs_member_counts_wherever_it_stands(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3826"}}
    before = read(tmp_path, collection(feature(point(250000, 2650000)), crs=crs))
    after = read(tmp_path, {**collection(feature(point(250000, 2650000))), "crs": crs})
    assert before.crs == after.crs == "EPSG:3826"


def test_coordinates_that_are_no_degrees_have_no_silent_system(tmp_path: Path) -> None:
    layer = read(tmp_path, collection(feature(point(500000, 3380000))))
    assert layer.crs is None
    assert [note.key for note in layer.notes] == ["not_lonlat"]
    assert read(tmp_path, collection(feature(point(121, 31)))).crs == "EPSG:4326"


def test_lines_of_features_are_read_and_a_broken_line_is_kept_as_unreadable(
    tmp_path: Path,
) -> None:
    lines = [json.dumps(feature(point(i, 1), a=i)) for i in range(3)]
    layer = read(tmp_path, "\n".join([lines[0], lines[1], "{broken", lines[2], ""]).encode())
    assert layer.attributes.column("a").to_pylist() == [0, 1, None, 2]
    assert layer.unreadable == {"feature_unreadable": ["2"]}


def test_values_stay_as_they_are_written(tmp_path: Path) -> None:
    layer = read(
        tmp_path,
        collection(
            feature(point(0, 0), d="0910-05-01", code="007", n=-9999, tags=["a", "b"], o={"k": 1}),
            feature(point(0, 0), d="2020-01-01T00:00:00Z", code=None, n=1.5, tags=None, o=None),
        ),
    )
    rows = layer.attributes.to_pylist()
    assert [row["d"] for row in rows] == ["0910-05-01", "2020-01-01T00:00:00Z"]
    assert [row["code"] for row in rows] == ["007", None]
    assert [row["n"] for row in rows] == [-9999.0, 1.5]
    assert json.loads(rows[0]["tags"]) == ["a", "b"]
    assert json.loads(rows[0]["o"]) == {"k": 1}


def test_chunks_of_a_large_file_fit_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geojson, "CHUNK", 200)
    features = [feature(point(i, 0), a=i if i < 20 else i + 0.5) for i in range(40)]
    features += [feature(point(40, 0), a=None, late="x"), feature(point(41, 0), a="text")]
    layer = read(tmp_path, collection(*features))
    assert len(layer) == 42
    assert layer.ids.tolist() == [str(i) for i in range(42)]
    assert shapely.get_x(layer.geometry).tolist() == list(range(42))
    assert layer.attributes.column("late").to_pylist()[-2:] == ["x", None]
    assert layer.attributes.column("a").to_pylist()[-2:] == [None, "text"]


def test_a_null_geometry_is_no_error_and_an_empty_one_is_told(tmp_path: Path) -> None:
    empty = {"type": "Polygon", "coordinates": []}
    layer = read(
        tmp_path, collection(feature(None, a=1), feature(empty, a=2), feature(point(1, 1)))
    )
    assert len(layer) == 3
    missing = sum(len(ids) for ids in layer.unreadable.values())
    assert missing <= 1


def test_a_file_cut_in_the_middle_says_how_much_is_there(tmp_path: Path) -> None:
    text = json.dumps(collection(*(feature(point(i, 0)) for i in range(5)))).encode()
    with pytest.raises(CityError, match="after 4 whole features") as caught:
        read(tmp_path, text[:-30])
    assert caught.value.code == "file.cut_off"


@pytest.mark.parametrize("content", [{"a": 1}, [{"a": 1}, {"b": 2}], "text"])
def test_json_about_something_else_is_refused(tmp_path: Path, content: Any) -> None:
    with pytest.raises(CityError) as caught:
        read(tmp_path, content)
    assert caught.value.code in {"file.not_geojson", "file.unknown"}


def test_reading_can_be_stopped(tmp_path: Path) -> None:
    class Stopping:
        def step(self, done: int, total: int, text: str = "") -> None:  # noqa: ARG002
            raise Cancelled

    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(collection(feature(point(0, 0)))))
    with pytest.raises(Cancelled):
        read_layers(path, progress=Stopping())


def test_preview_gives_the_first_rows_only(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(collection(*(feature(point(i, 0), a=i) for i in range(50)))))
    assert preview(path, rows=3).attributes.column("a").to_pylist() == [0, 1, 2]


texts = st.text(st.characters(codec="utf-8"), max_size=12)


@given(
    st.lists(st.dictionaries(texts, st.one_of(texts, st.integers(), st.lists(texts))), max_size=6)
)
@settings(max_examples=60, deadline=None)
def test_features_are_found_whatever_stands_in_them(properties: list[dict[str, Any]]) -> None:
    features = [feature(point(1, 2), **{"p": p}) for p in properties]
    data = json.dumps({"x": '"features": [', "features": features, "y": "]"}).encode()
    spans = find_features(data)
    assert spans is not None
    found = [json.loads(data[s:e]) for s, e in zip(spans.start, spans.end, strict=True)]
    assert found == features


@given(st.integers(0, 3))
@settings(max_examples=10, deadline=None)
def test_a_polygon_keeps_its_area_however_deep_it_is_nested(depth: int) -> None:
    coordinates: Any = [RING]
    for _ in range(depth):
        coordinates = [coordinates]
    made, reason = mend_geometry({"type": "Polygon", "coordinates": coordinates})
    assert made is not None
    assert made.area == 16.0
    assert reason == ("nested_polygon" if depth else "")


def test_odd_coordinates_are_cleaned_and_told() -> None:
    made, reason = mend_geometry({"type": "Point", "coordinates": ["121.5", "31.2"]})
    assert made == shapely.Point(121.5, 31.2)
    assert reason == "coordinates_cleaned"
    made, reason = mend_geometry({"type": "LineString", "coordinates": [[0, 0], None, [1, 1]]})
    assert made == shapely.LineString([(0, 0), (1, 1)])
    assert mend_geometry({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}) == (None, "")
    assert mend_geometry("nothing") == (None, "")


@pytest.mark.shared
def test_the_bund_is_read_whole(shared_data: Path) -> None:
    layers = {layer.name: layer for layer in read_layers(shared_data / "cn-shanghai-bund")}
    buildings = layers["shanghaiwaitan"]
    assert len(buildings) == 10_613
    assert not shapely.is_missing(buildings.geometry).any()
    assert len(buildings.repaired["nested_polygon"]) == 8
    assert {name for name, layer in layers.items() if layer.encoding == "GBK"} == {
        "外滩街道边界", "上海主城区地铁",
    }  # fmt: skip


@pytest.mark.shared
def test_taiwanese_plans_say_their_system_and_their_texts(shared_data: Path) -> None:
    layer = read_layers(shared_data / "tw-landuse-zoning" / "G0104.json")[0]
    assert (len(layer), layer.crs) == (308, "EPSG:3826")
    assert "蘇澳擴大都市計畫" in layer.attributes.column("計畫_1").to_pylist()
