"""Long GeoJSON of plain polygons is read quickly, and the same comes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.files import geojson, geojson_quick
from layers.files.geojson_quick import attributes_of, slimmed
from layers.files.json_spans import find_features
from layers.files.raw import RawLayer
from layers.progress import Silent

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
VALUES = st.one_of(
    st.none(),
    st.integers(-(2**40), 2**40),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 3)),
    st.booleans(),
    TEXTS,
    st.sampled_from(["2020-01-01", "2020-01-01T10:00:00", "10:30", "1.5", "住宅"]),
)
KINDS = st.one_of(
    st.just(st.integers(-(2**33), 2**33)), st.just(st.integers(0, 99)), st.just(TEXTS),
    st.just(st.booleans()), st.just(st.floats(-1e5, 1e5)),
    st.just(st.sampled_from(["2020-01-01", "2021-12-31"])), st.just(st.none()), st.just(VALUES),
)  # fmt: skip


def feature(number: int, properties: Any, **more: Any) -> dict[str, Any]:
    ring = [[number, 0], [number + 0.5, 0], [number, 0.5], [number, 0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": shape, **more}


def written(path: Path, features: list[dict[str, Any]], indent: int | None = None) -> Path:
    whole = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=indent), encoding="utf-8")
    return path


def read(path: Path) -> RawLayer:
    return geojson.read_geojson(path, None, None, Silent(), None)


def attributes(features: list[dict[str, Any]]) -> pa.Table | None:
    text = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    spans = find_features(text)
    assert spans is not None
    slim = slimmed(text, spans.start, spans.end)
    assert slim is not None
    return attributes_of(slim)


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, Any]]:
    fields = draw(st.dictionaries(TEXTS.filter(bool), KINDS, min_size=1, max_size=4))
    return [{name: draw(kind) for name, kind in fields.items()} for _ in range(5)]


@given(rows=tables(), indent=st.sampled_from([None, 1]))
@settings(max_examples=60, deadline=None)
def test_what_is_read_quickly_is_what_gdal_reads(
    rows: list[dict[str, Any]], indent: int | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("quick") / "a.geojson"
    written(path, [feature(number, row) for number, row in enumerate(rows)], indent)
    slow = read(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(geojson, "FEW", 1)
        quick = read(path)
    assert quick.attributes.schema.names == slow.attributes.schema.names
    assert quick.attributes.schema.types == slow.attributes.schema.types
    assert quick.attributes.to_pylist() == slow.attributes.to_pylist()
    assert quick.crs == slow.crs
    assert list(quick.ids) == list(slow.ids)


def test_attributes_of_plain_features_need_no_gdal() -> None:
    table = attributes(
        [feature(n, {"层数": n, "use": "住宅", "built": "2020-01-01"}) for n in range(3)]
    )
    assert table is not None
    assert table.schema.types == [pa.int32(), pa.string(), pa.string()]
    assert table.column("built").to_pylist() == ["2020-01-01"] * 3
    assert np.array_equal(table.column("层数"), [0, 1, 2])


@pytest.mark.parametrize(
    "odd",
    [
        feature(1, {"a": [1, 2]}),
        feature(1, {"a": {"b": 1}}),
        feature(1, {"a": "text"}),
        feature(1, {"a": 1}, id=7),
    ],
)
def test_what_is_not_plain_is_left_to_gdal(odd: dict[str, Any]) -> None:
    assert attributes([feature(0, {"a": 1}), odd]) is None


def test_a_feature_that_is_not_a_polygon_takes_its_neighbours_to_gdal(tmp_path: Path) -> None:
    features = [feature(n, {"a": n}) for n in range(geojson_quick.FEW + 10)]
    features[7]["geometry"] = {"type": "Point", "coordinates": [7, 7]}
    raw = read(written(tmp_path / "a.geojson", features))
    assert len(raw) == len(features)
    assert np.array_equal(raw.attributes.column("a"), np.arange(len(features)))
    assert raw.types()[7] == 0
