"""The quick way for plain polygons gives, bit by bit, what the careful way gives."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from layers.content import content_hash
from layers.errors import CityError
from layers.files import flat, flat_repair, geojson, geojson_kernels, json_spans, ogr
from layers.files.flat import FlatGeometry, flat_wkb
from layers.files.importing import import_file
from layers.files.options import ImportOptions
from layers.project import Project

KINDS = ("buildings", "districts", "features")
Ways = Callable[[bool], None]


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> Ways:
    """Choose between the quick way and the careful one, whatever the size of a file."""

    def choose(quick: bool) -> None:
        few = 1 if quick else 10**12
        monkeypatch.setattr(flat, "FEW", few)
        monkeypatch.setattr(geojson, "FEW", few)
        monkeypatch.setattr(json_spans, "LONG", few)

    return choose


def outcome(path: Path, kind: str | None) -> Any:
    try:
        made = import_file(Project(), path, ImportOptions(kind=kind))
    except CityError as error:
        return error.code, error.message
    reports = [{**report.to_json(), "seconds": 0} for report in made.reports]
    return [content_hash(layer.data) for layer in made.layers], reports, made.frame


def compare(path: Path, ways: Ways, kinds: tuple[str | None, ...] = KINDS) -> None:
    for kind in kinds:
        ways(False)
        careful = outcome(path, kind)
        ways(True)
        assert outcome(path, kind) == careful, kind


def shapes(dice: random.Random, n: int) -> list[Any]:
    """Give footprints as people draw them: most sound, some wrong in every way there is."""
    made: list[Any] = []
    for i in range(n):
        x, y = 500_000.0 + 30 * (i % 20), 4_000_000.0 + 30 * (i // 20)
        w, h = dice.uniform(4, 20), dice.uniform(4, 20)
        turn = dice.uniform(0, 1.5)
        ring = np.array([[0, 0], [w, 0], [w, h], [w / 2, h], [w / 2, h / 2], [0, h / 2]])
        c, s = np.cos(turn), np.sin(turn)
        ring = ring @ np.array([[c, s], [-s, c]]) + (x, y)
        hole = [(x + 1, y + 1), (x + 1, y + 1.5), (x + 1.5, y + 1.5)]
        choice = dice.randrange(24)
        made.append(
            {
                0: Polygon([(x, y), (x + w, y + h), (x + w, y), (x, y + h)]),  # a bow tie
                1: Polygon(box(x, y, x + 9, y + 9).exterior, [hole]),
                2: Polygon(box(x, y, x + 9, y + 9).exterior, [np.array(hole) + 50]),
                3: Polygon(box(x, y, x + 9, y + 9).exterior, [hole[::-1], hole]),
                4: Polygon(np.insert(ring, 2, ring[1] + 5e-5, axis=0)),  # a vertex twice
                5: Polygon(ring[::-1]),
                6: MultiPolygon([Polygon(ring)]),
                7: MultiPolygon([Polygon(ring), Polygon(ring + 40)]),
                8: MultiPolygon([Polygon(ring), Polygon(ring + 1)]),
                9: None,
                10: Polygon(),
                11: shapely.Point(x, y),
                12: shapely.LineString(ring),
                13: box(x, y, x + 0.2, y + 0.2),  # a sliver
                14: box(x, y, x + 1e-4, y + 1e-3),
                15: Polygon([(x, y), (x + 9, y), (x + 18, y)]),  # no area
                16: Polygon([(x, y), (x + 9, y), (x + 9, y + 9), (x + 9, y - 4), (x, y + 9)]),
                17: made[dice.randrange(len(made))] if made else None,  # again
                18: shapely.GeometryCollection([Polygon(ring), shapely.Point(x, y)]),
                19: Polygon(
                    box(x, y, x + 9, y + 9).exterior, [[(x, y), (x + 3, y + 1), (x + 2, y + 2)]]
                ),
            }.get(choice, Polygon(ring))
        )
    return made


def town(seed: int, n: int) -> gpd.GeoDataFrame:
    dice = random.Random(seed)
    table = {
        "id": [dice.choice([i, i, 7]) for i in range(n)],
        "height": [dice.choice([12.5, 3, None, -9999, 400]) for _ in range(n)],
        "名称": [dice.choice(["甲", 'a "b" {', None]) for _ in range(n)],
    }
    return gpd.GeoDataFrame(table, geometry=shapes(dice, n), crs=32650)


@pytest.mark.parametrize("seed", range(4))
def test_dirty_files_of_any_format_give_the_same_both_ways(
    seed: int, tmp_path: Path, ways: Ways
) -> None:
    frame = town(seed, 90)
    frame.to_file(tmp_path / "a.gpkg", engine="pyogrio")
    compare(tmp_path / "a.gpkg", ways)
    frame.to_parquet(tmp_path / "a.parquet")
    compare(tmp_path / "a.parquet", ways, ("buildings",))
    frame.to_crs(4326).to_file(tmp_path / "a.geojson", engine="pyogrio", driver="GeoJSON")
    compare(tmp_path / "a.geojson", ways)


def test_heights_of_coordinates_count_the_same_both_ways(tmp_path: Path, ways: Ways) -> None:
    frame = town(9, 40)
    flat_ones = frame[shapely.get_type_id(frame.geometry.values) == 3]
    frame.loc[flat_ones.index[:5], "geometry"] = shapely.force_3d(
        flat_ones.geometry.values[:5], 4.0
    )
    frame.to_file(tmp_path / "a.gpkg", engine="pyogrio")
    compare(tmp_path / "a.gpkg", ways)


SQUARE = "[[[114,30],[114.001,30],[114.001,30.001],[114,30.001],[114,30]]]"
ODD_FEATURES = [
    f'{{"type":"Feature","properties":{{"a":1}},"geometry":{{"type":"Polygon","coordinates":{c}}}}}'
    for c in (
        SQUARE,
        SQUARE.replace(",", " ,\n "),
        SQUARE.replace("114.001", "1.14001e2"),
        SQUARE.replace("114.001", "114.00100000000000000000000001"),
        SQUARE.replace("30.001", "30.001000000000001"),
        SQUARE.replace("30.001", "30.0010000000000012345"),
        SQUARE.replace("[114,30],", "[114,30,5],"),
        SQUARE.replace("[114,30]]]", "[114,30.00001]]]"),
        SQUARE.replace("114,", "-0,"),
        SQUARE.replace("114,", "-0.0,"),
        SQUARE.replace("114.001", "0114.001"),
        SQUARE.replace("114.001", "114."),
        SQUARE.replace("114.001", ".5"),
        SQUARE.replace("114.001", '"114.001"'),
        SQUARE.replace("114.001", "null"),
        SQUARE[1:-1],
        f"[{SQUARE}]",
        "[]",
        "[[]]",
        "null",
        SQUARE[:-1] + "," + SQUARE[1:].replace("114.001", "114.0002"),
    )
] + [
    f'{{"geometry":{{"coordinates":{SQUARE},"type":"Polygon"}},"type":"Feature","properties":null}}',
    '{"type":"Feature","properties":{"geometry":{"type":"x"}},"geometry":{"type":"MultiPolygon",'
    f'"coordinates":[{SQUARE}]}},"id":"q"}}',
    f'{{"type":"Feature","geometry":{{"type":"Polygon","coordinates":{SQUARE},"crs":null}},"properties":{{}}}}',
    f'{{"type":"Feature","geometry":{{"type":"polygon","coordinates":{SQUARE}}},"properties":{{}}}}',
    f'{{"type":"Feature","geometry":{{"type":"Polygon","coordinates":{SQUARE}}},"geometry":null,'
    '"properties":{"a":"}"}}',
    f'{{"type":"Feature","geom\\u0065try":{{"type":"Polygon","coordinates":{SQUARE}}},"properties":{{"a":"\\\\"}}}}',
    '{"type":"Feature","properties":{"a":2.5,"b":[1,2],"c":{"d":1}},"geometry":null}',
    f'{{"type":"Polygon","coordinates":{SQUARE}}}',
    "{}",
]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(chosen=st.lists(st.sampled_from(ODD_FEATURES), min_size=1, max_size=6), plain=st.booleans())
def test_odd_geojson_gives_the_same_both_ways(
    chosen: list[str], plain: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Without attributes GDAL takes what else is called so: here the shape, as a text.
    assume(
        not ('"properties":null' in (all_of := "".join(chosen)) and '{"geometry":{"type"' in all_of)
    )
    path = tmp_path_factory.mktemp("odd") / "a.geojson"
    features = [*chosen, *([ODD_FEATURES[0]] * (len(chosen) + 1) if plain else [])]
    path.write_text('{{"type":"FeatureCollection","features":[{}]}}'.format(",\n".join(features)))
    with pytest.MonkeyPatch.context() as patch:

        def choose(quick: bool) -> None:
            for module, name in ((flat, "FEW"), (geojson, "FEW"), (json_spans, "LONG")):
                patch.setattr(module, name, 1 if quick else 10**12)

        compare(path, choose, ("buildings",))


def read_number(text: str) -> tuple[float, int]:
    data = np.frombuffer(text.encode() + b",", dtype=np.uint8)
    value, at = geojson_kernels._number(data, 0, len(data))
    return float(value), int(at)


@settings(max_examples=400, deadline=None)
@given(st.floats(-200, 200, allow_nan=False), st.integers(0, 18))
def test_a_number_has_the_bits_that_python_gives_it_or_is_left_to_others(
    value: float, digits: int
) -> None:
    for text in (repr(value), f"{value:.{digits}f}"):
        got, at = read_number(text)
        if at >= 0:
            assert (at, np.float64(got).tobytes()) == (
                len(text), np.float64(float(text)).tobytes(),
            )  # fmt: skip
        else:
            assert "e" in text or float(text) == 0.0 or len(text.strip("-").replace(".", "")) > 18


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0.0), ("0.0", 0.0), ("-12.5", -12.5), ("116.391275838999998", 116.391275838999998)],
)
def test_plain_numbers_are_read(text: str, value: float) -> None:
    assert read_number(text) == (value, len(text))


@pytest.mark.parametrize("text", ["", "-", "1e5", "01", "1.", ".5", "+1", "-0", "1" * 20, "NaN"])
def test_other_numbers_are_not_read(text: str) -> None:
    assert read_number(text)[1] == -1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_what_is_called_sound_is_valid(seed: int) -> None:
    dice = np.random.default_rng(seed)
    from layers.files.flat_repair import sound

    rings = [dice.uniform(0, 9, (dice.integers(3, 7), 2)).round(1) for _ in range(40)]
    geometry = np.array([Polygon(ring) for ring in rings], dtype=object)
    import pyarrow as pa

    found = flat_wkb(pa.chunked_array([pa.array(shapely.to_wkb(geometry), pa.binary())] * 101))
    assert found is not None
    column, rest = found
    good = sound(column)[:40]
    assert rest.size == 0
    assert shapely.is_valid(geometry[good]).all()
    assert (shapely.to_wkb(column.some(np.arange(40))) == shapely.to_wkb(geometry)).all()
    assert good.sum() >= 0.8 * (shapely.is_valid(geometry) & (shapely.area(geometry) > 1)).sum() - 3


def test_a_flat_column_is_taken_for_an_array() -> None:
    import pyarrow as pa

    squares = [box(i, 0, i + 0.5, 1) for i in range(3000)]
    mixed = [*squares, None, shapely.Point(1, 2), *squares, MultiPolygon([squares[0]])]
    column = pa.chunked_array([pa.array([None if g is None else g.wkb for g in mixed])])
    from layers.files.wkb import decode_column

    decoded = decode_column(column)
    assert isinstance(decoded.geometry, FlatGeometry)
    whole = np.asarray(decoded.geometry)
    assert (whole == np.array(mixed, dtype=object)).all()
    assert shapely.get_type_id(decoded.geometry).tolist() == decoded.geometry.type_ids().tolist()
    assert decoded.geometry[3001] == shapely.Point(1, 2)
    some = np.array([3000, 3001, 5, 6001, 6002])
    assert decoded.geometry.some(some).tolist() == whole[some].tolist()
    assert decoded.geometry.missing().sum() == 1
    np.testing.assert_array_equal(
        decoded.geometry.boxes(), shapely.bounds(np.array(mixed, dtype=object))
    )
    part = decoded.geometry.take(some[[2, 0, 1]][np.argsort(some[[2, 0, 1]])])
    assert np.asarray(part).tolist() == whole[[5, 3000, 3001]].tolist()


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "cn-shanghai-bund/shanghaiwaitan.json",
        "us-cambridge-gis/Basemap/Misc_Structures/BASEMAP_MiscStructures.geojson",
        "tw-landuse-zoning/F0201.json",
        "cn-gisclub-buildings/data/building.shp",
    ],
)
def test_real_files_give_the_same_both_ways(name: str, shared_data: Path, ways: Ways) -> None:
    compare(shared_data / name, ways, (None,))


def test_stretches_end_where_chunks_of_pieces_would(tmp_path: Path) -> None:
    from layers.files.geojson_quick import stretches

    text = json.dumps(
        {"features": [{"a": "x" * (i % 7)} for i in range(50)]}, separators=(",", ":")
    ).encode()
    spans = json_spans.find_features(text)
    assert spans is not None
    sizes = spans.end - spans.start
    for first, last in stretches(spans.start, spans.end, 40):
        assert sizes[first:last].sum() > 40 or last == 50
        assert sizes[first : last - 1].sum() <= 40


def test_many_parts_give_what_one_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(4)
    corners = [(114 + dice.random(), 30 + dice.random()) for _ in range(300)]
    rings = [box(x, y, x + 1e-4, y + dice.choice((1e-4, 2e-4))) for x, y in corners]
    holes = [one.difference(one.centroid.buffer(1e-5)) for one in rings[::3]]
    frame = gpd.GeoDataFrame({"a": range(400)}, geometry=rings + holes, crs=4326)
    path = tmp_path / "many.gpkg"
    frame.to_file(path, engine="pyogrio")
    monkeypatch.setattr(flat, "FEW", 1)
    whole = outcome(path, "buildings")
    for module, name in ((flat, "RINGS"), (flat_repair, "POLYGONS"), (flat_repair, "STRETCH")):
        monkeypatch.setattr(module, name, 7)
    monkeypatch.setattr(ogr, "BATCH", 30)
    assert outcome(path, "buildings") == whole
    assert whole[1][0]["kept"] == 400


def test_the_set_up_compiles_all_that_an_import_runs(tmp_path: Path, ways: Ways) -> None:
    from layers.files import flat_kernels

    loops = [
        loop
        for module in (flat_kernels, geojson_kernels)
        for name, loop in vars(module).items()
        if hasattr(loop, "signatures") and not name.startswith("_")
    ]
    assert len(loops) >= 9
    for loop in loops:
        loop.disable_compile(False)
    flat_kernels.warm_up()
    geojson_kernels.warm_up()
    for loop in loops:
        assert len(loop.signatures) >= 1
        loop.disable_compile(True)  # another kind of array fails from now on
    try:
        ways(True)
        frame = gpd.GeoDataFrame(
            {"a": range(9)}, geometry=[box(i, 0, i + 0.5, 1) for i in range(9)]
        )
        frame = frame.set_crs(4326)
        for name in ("a.gpkg", "a.geojson", "a.parquet"):
            path = tmp_path / name
            frame.to_parquet(path) if name.endswith("parquet") else frame.to_file(path)
            assert len(import_file(Project(), path).layers[0].data) == 9
    finally:
        for loop in loops:
            loop.disable_compile(False)
