from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.content import content_hash, piece_hashes
from layers.errors import Cancelled, CityError
from layers.files.project_file import load_project, open_project, save_project
from layers.frame import Frame
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Shapes, starts_of
from tests.layers.files.projects import (
    facts_of,
    hard_buildings,
    hard_project,
    heights,
    raise_first,
    town,
)


def test_everything_comes_back_bit_by_bit(tmp_path: Path) -> None:
    project = hard_project()
    save_project(project, tmp_path / "p.gpkg")
    opened = open_project(tmp_path / "p.gpkg")
    assert opened.notes == ()
    for before, after in zip(project.layers, opened.project.layers, strict=True):
        assert piece_hashes(before.data.pack()) == piece_hashes(after.data.pack()), before.name
    assert facts_of(opened.project) == facts_of(project)


def test_types_and_notes_of_the_attribute_table_come_back(tmp_path: Path) -> None:
    save_project(hard_project(), tmp_path / "p.gpkg")
    after = load_project(tmp_path / "p.gpkg").layers[0].features.attributes
    before = hard_buildings().attributes
    assert after.schema.equals(before.schema, check_metadata=True)
    told = [c for c in before.column_names if c != "early"]  # years that Python cannot tell
    assert str(after.select(told).to_pydict()) == str(before.select(told).to_pydict())


def test_a_second_saving_of_what_was_opened_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    save_project(hard_project(), file)
    once = load_project(file)
    save_project(once, tmp_path / "again.gpkg")
    assert facts_of(load_project(tmp_path / "again.gpkg")) == facts_of(load_project(file))


@pytest.mark.parametrize("frame", [None, Frame("EPSG:32618")])
def test_a_project_without_layers_can_be_kept(tmp_path: Path, frame: Frame | None) -> None:
    save_project(Project(frame), tmp_path / "p.gpkg")
    assert facts_of(load_project(tmp_path / "p.gpkg")) == facts_of(Project(frame))


def test_degenerate_shapes_come_back_as_they_are(tmp_path: Path) -> None:
    shapes = Shapes(  # a ring of two points, a line of one, clockwise outside
        np.array([3, 2, 3], dtype=np.uint8),
        np.array([[0, 0], [1, 1], [5, 5], [0, 0], [0, 1], [1, 0]], dtype=float),
        np.array([0, 2, 3, 6]),
        np.array([0, 1, 2, 3]),
    )
    project = Project(Frame("EPSG:4547"))
    project.insert_layer(Layer("features", "odd", Features.of(shapes)))
    save_project(project, tmp_path / "p.gpkg")
    assert facts_of(load_project(tmp_path / "p.gpkg")) == facts_of(project)


def test_two_thousand_columns_come_back(tmp_path: Path) -> None:
    table = pa.table({f"c{i}": [i, None] for i in range(2100)})
    project = Project(Frame("EPSG:4547"))
    shapes = Shapes.from_shapely([shapely.Point(0, 0), shapely.Point(1, 1)])
    project.insert_layer(Layer("features", "wide", Features.of(shapes, table)))
    save_project(project, tmp_path / "p.gpkg")
    assert facts_of(load_project(tmp_path / "p.gpkg")) == facts_of(project)


def test_an_edit_writes_only_its_layer_again(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    project = town()
    project.insert_layer(
        Layer("features", "p", Features.of(Shapes.from_shapely([shapely.Point(0, 0)])))
    )
    save_project(project, file)
    with closing(sqlite3.connect(file)) as con, con:
        con.execute("UPDATE gpkg_contents SET description='stays' WHERE data_type='features'")
    project = load_project(file)
    raise_first(project, 77.0)
    save_project(project, file)
    with closing(sqlite3.connect(file)) as con:
        notes = dict(con.execute("SELECT table_name, description FROM gpkg_contents"))
    assert (notes["p"], notes["blocks"]) == ("stays", "")
    assert heights(load_project(file))[0] == 77.0


def test_removed_and_renamed_layers_leave_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    project = hard_project()
    save_project(project, file)
    project.layer("gpkg_x").name = "新名"
    project.take_layer(project.layers[0].id)
    save_project(project, file)
    assert facts_of(load_project(file)) == facts_of(project)
    with closing(sqlite3.connect(file)) as con:
        tables = {r[0] for r in con.execute("SELECT name FROM sqlite_master WHERE type='table'")}
        kept = {r[0] for r in con.execute("SELECT layer_id FROM citystage_parts")}
        assert con.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert "新名" in tables
    assert "layer_gpkg_x" not in tables
    assert kept <= {layer.id for layer in project.layers}


def test_another_coordinate_system_rewrites_the_tables(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    project = town()
    save_project(project, file)
    project.frame = Frame("EPSG:4548")
    save_project(project, file)
    with closing(sqlite3.connect(file)) as con:
        assert con.execute("SELECT srs_id FROM gpkg_geometry_columns").fetchall() == [(4548,)]
        first = con.execute("SELECT geom FROM blocks LIMIT 1").fetchone()[0]
    assert int.from_bytes(first[4:8], "little") == 4548


def test_a_project_moves_to_another_file_with_what_others_keep_in_it(tmp_path: Path) -> None:
    save_project(town(), tmp_path / "a.gpkg")
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as con, con:
        con.execute("CREATE TABLE layer_styles (name TEXT)")
    project = load_project(tmp_path / "a.gpkg")
    raise_first(project, 50.0)
    save_project(project, tmp_path / "b.gpkg")
    with closing(sqlite3.connect(tmp_path / "b.gpkg")) as con:
        assert con.execute("SELECT count(*) FROM layer_styles").fetchone() == (0,)
    assert heights(load_project(tmp_path / "a.gpkg"))[0] == 12.0
    assert heights(load_project(tmp_path / "b.gpkg"))[0] == 50.0


def test_the_file_does_not_grow_with_every_saving(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    project = town(3000)
    save_project(project, file)
    first = file.stat().st_size
    for metres in range(20, 28):
        raise_first(project, float(metres))
        save_project(project, file)
    assert file.stat().st_size < 1.5 * first


# Files that cannot be opened


def broken(tmp_path: Path, what: str) -> Path:
    file = tmp_path / f"{what}.gpkg"
    if what == "folder":
        file.mkdir()
    elif what == "empty":
        file.touch()
    elif what == "text":
        file.write_text("id,name\n1,a\n" * 20, encoding="utf-8")
    elif what == "database":
        with closing(sqlite3.connect(file)) as con, con:
            con.execute("CREATE TABLE t (a)")
    elif what == "foreign":
        import geopandas as gpd

        gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(0, 0)], crs=4326).to_file(file)
    elif what != "missing":
        save_project(town(200), file)
        raw = bytearray(file.read_bytes())
        if what == "truncated":
            raw = raw[: len(raw) // 2]
        elif what == "stub":
            raw = raw[:50]
        elif what == "scrambled":
            raw[4096 : len(raw) - 4096] = bytes(len(raw) - 8192)
        elif what == "newer":
            with closing(sqlite3.connect(file)) as con, con:
                con.execute("UPDATE citystage_meta SET value='99' WHERE key='schema_version'")
            raw = bytearray(file.read_bytes())
        file.write_bytes(raw)
    return file


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("missing", "missing"),
        ("folder", "is_folder"),
        ("empty", "empty"),
        ("text", "not_a_database"),
        ("database", "not_a_geopackage"),
        ("foreign", "foreign"),
        ("truncated", "truncated"),
        ("stub", "truncated"),
        ("scrambled", "damaged"),
        ("newer", "newer"),
    ],
)
def test_a_file_that_is_no_project_is_told_in_one_sentence(
    tmp_path: Path, what: str, code: str
) -> None:
    file = broken(tmp_path, what)
    with pytest.raises(CityError) as told:
        load_project(file)
    error = told.value
    assert error.code == f"project_file.{code}"
    assert file.name in error.where
    assert error.hint
    assert error.message.endswith(".")
    assert "\n" not in error.message


@pytest.mark.parametrize("what", ["text", "database", "foreign"])
def test_saving_never_overwrites_somebody_elses_data(tmp_path: Path, what: str) -> None:
    file = broken(tmp_path, what)
    before = file.read_bytes()
    with pytest.raises(CityError) as told:
        save_project(town(), file)
    assert told.value.code == "project_file.foreign_target"
    assert file.read_bytes() == before
    save_project(town(), file, overwrite=True)
    assert len(load_project(file).layers) == 1


def test_a_project_may_replace_a_damaged_one(tmp_path: Path) -> None:
    file = broken(tmp_path, "truncated")
    save_project(town(), file)
    assert len(load_project(file).layers) == 1


# Progress and the stop button


class Stops:
    """Stops at a step; counts them."""

    def __init__(self, at: int) -> None:
        self.at, self.seen, self.shares = at, 0, [0.0]

    def step(self, done: int, total: int, text: str = "") -> None:
        assert text.startswith("progress-")
        self.seen += 1
        if total:
            self.shares.append(done / total)
        if self.seen == self.at:
            raise Cancelled


def test_a_saving_stopped_at_any_step_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    project = town()
    save_project(project, file)
    before = file.read_bytes()
    raise_first(project, 99.0)
    watch = Stops(-1)
    save_project(project, tmp_path / "elsewhere.gpkg", watch)
    project = load_project(file)
    raise_first(project, 99.0)
    for at in range(1, watch.seen + 1):
        with pytest.raises(Cancelled):
            save_project(project, file, Stops(at))
        assert file.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["elsewhere.gpkg", "p.gpkg"]
    save_project(project, file)
    assert heights(load_project(file))[0] == 99.0


def test_loading_can_be_stopped(tmp_path: Path) -> None:
    save_project(hard_project(), tmp_path / "p.gpkg")
    with pytest.raises(Cancelled):
        load_project(tmp_path / "p.gpkg", Stops(3))


def test_progress_only_goes_forward_and_reaches_the_end(tmp_path: Path) -> None:
    watch = Stops(-1)
    project = town(30_000)
    save_project(project, tmp_path / "p.gpkg", watch)
    assert watch.shares == sorted(watch.shares)
    assert watch.shares[-1] == 1.0
    watch = Stops(-1)
    load_project(tmp_path / "p.gpkg", watch)
    assert watch.shares == sorted(watch.shares)
    assert watch.shares[-1] == 1.0


# Properties

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=64)
PLACES = st.tuples(NUMBERS, NUMBERS)


@st.composite
def shapes(draw: st.DrawFn, kinds: tuple[int, ...] = (1, 2, 3)) -> Shapes:
    kind, rings, points = [], [], []
    for _ in range(draw(st.integers(0, 6))):
        code = draw(st.sampled_from(kinds))
        kind.append(code)
        count = draw(st.integers(1, 3)) if code == 3 else 1
        rings.append(count)
        points += [1 if code == 1 else draw(st.integers(2, 5)) for _ in range(count)]
    total = sum(points)
    coords = np.array(draw(st.lists(PLACES, min_size=total, max_size=total))).reshape(-1, 2)
    z = None
    if draw(st.booleans()):
        z = np.array(draw(st.lists(st.floats(width=64), min_size=total, max_size=total)))
        z = np.where(np.isnan(z), np.nan, z).astype(np.float64)
    return Shapes(np.array(kind, dtype=np.uint8), coords, starts_of(points), starts_of(rings), z)


COLUMNS: dict[Any, st.SearchStrategy[Any]] = {
    pa.string(): st.text(st.characters(codec="utf-8"), max_size=6),
    pa.int64(): st.integers(-(2**63), 2**63 - 1),
    pa.uint16(): st.integers(0, 65535),
    pa.float64(): st.floats(width=64),
    pa.bool_(): st.booleans(),
    pa.date32(): st.dates(),
    pa.timestamp("us"): st.datetimes(),
    pa.binary(): st.binary(max_size=5),
    pa.list_(pa.int32()): st.lists(st.integers(-5, 5), max_size=3),
}


@st.composite
def tables(draw: st.DrawFn, rows: int) -> pa.Table:
    names = draw(
        st.lists(
            st.sampled_from(["fid", "GEOM", "cs_height", "名称", "a", "A", "", "rowid", "a b"]),
            min_size=1,
            max_size=5,
        )
    )
    columns = []
    for _ in names:
        kind = draw(st.sampled_from(list(COLUMNS)))
        cell = st.one_of(st.none(), COLUMNS[kind])
        columns.append(pa.array(draw(st.lists(cell, min_size=rows, max_size=rows)), type=kind))
    return pa.Table.from_arrays(columns, names=names)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_layer_comes_back_as_it_was(tmp_path: Path, data: st.DataObject) -> None:
    body = data.draw(shapes())
    n = len(body)
    rows = data.draw(st.integers(1 if n else 0, 8))
    feature = np.array(
        data.draw(st.lists(st.integers(0, max(rows - 1, 0)), min_size=n, max_size=n)),
        dtype=np.int64,
    )
    ids = data.draw(st.lists(st.integers(-5, 2**62), min_size=n, max_size=n, unique=True))
    layer = Features(body, np.array(ids, dtype=np.int64), feature, data.draw(tables(rows)))
    project = Project(Frame("EPSG:4547"))
    name = data.draw(st.text(max_size=12))
    project.insert_layer(Layer("features", name, layer))
    project.insert_layer(Layer("features", name.swapcase(), layer))
    save_project(project, tmp_path / "p.gpkg")
    opened = open_project(tmp_path / "p.gpkg")
    assert opened.notes == ()
    after = [x.features for x in opened.project.layers]
    assert [content_hash(x) for x in after] == [content_hash(layer)] * 2
    assert after[0].attributes.schema.equals(layer.attributes.schema)
    assert [x.name for x in opened.project.layers] == [name, name.swapcase()]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_buildings_come_back_as_they_were(tmp_path: Path, data: st.DataObject) -> None:
    body = data.draw(shapes(kinds=(3,)))
    n = len(body)
    high = data.draw(st.lists(st.floats(0.1, 1e6, width=64), min_size=n, max_size=n))
    blocks = Buildings.blocks(body, np.array(high, dtype=np.float64), data.draw(tables(n)))
    project = Project(Frame("EPSG:4547"))
    project.insert_layer(Layer("buildings", "b", blocks))
    save_project(project, tmp_path / "p.gpkg")
    assert facts_of(load_project(tmp_path / "p.gpkg")) == facts_of(project)
