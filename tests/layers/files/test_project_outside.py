"""What a GIS changes in a project is taken over and told."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from layers.errors import CityError
from layers.files.project_file import Opened, load_project, open_project, save_project
from layers.kinds.buildings import Buildings
from tests.layers.files.projects import facts_of, hard_project, heights, raise_first, town


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "p.gpkg"
    save_project(town(), path)
    return path


def run(file: Path, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(file)) as con, con:
        con.execute(sql, values)


def keys(opened: Opened) -> list[str]:
    return [note.key for note in opened.notes]


def blob(geometry: shapely.Geometry) -> bytes:
    return b"GP\x00\x01" + (4547).to_bytes(4, "little") + shapely.to_wkb(geometry)


def test_a_changed_attribute_and_height_are_read(file: Path) -> None:
    run(file, "UPDATE blocks SET name='新', cs_height=30 WHERE fid=1")
    project = load_project(file)
    assert project.layers[0].features.row(1)["name"] == "新"
    assert heights(project)[0] == 30.0


def test_a_change_taken_back_here_is_still_written(file: Path) -> None:
    run(file, "UPDATE blocks SET cs_height=30, cs_height_rule=4 WHERE fid=1")
    project = load_project(file)
    raise_first(project, 12.0)
    data = project.layers[0].data
    assert isinstance(data, Buildings)
    save_project(project, file)
    assert heights(load_project(file))[0] == 12.0


def test_a_new_row_becomes_a_new_building(file: Path) -> None:
    run(file, "INSERT INTO blocks (geom, name) VALUES (?, 'new')", blob(shapely.box(0, 0, 1, 1)))
    opened = open_project(file)
    data = opened.project.layers[0].data
    assert isinstance(data, Buildings)
    assert len(data) == 41
    assert data.ids[-1] == 41
    assert data.row(41)["name"] == "new"
    assert (data.height[-1], data.drawn[-1], np.isnan(data.base[-1])) == (9.0, True, True)
    assert keys(opened) == ["project_layer_changed"]


def test_a_multipart_shape_becomes_several_objects_of_one_feature(file: Path) -> None:
    two = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)])
    run(file, "UPDATE blocks SET geom=? WHERE fid=5", blob(two))
    run(file, "INSERT INTO blocks (geom, name) VALUES (?, 'pair')", blob(two))
    data = load_project(file).layers[0].features
    assert len(data) == 43
    assert len(set(data.ids.tolist())) == 43
    assert data.attributes.num_rows == 41
    assert data.row(int(data.ids[-1]))["name"] == "pair"
    assert data.feature[-1] == data.feature[-2]
    assert data.feature[4] == data.feature[5]
    assert data.ids[4] == 5


def test_a_copied_row_gets_a_number_of_its_own(file: Path) -> None:
    names = "geom, cs_id, cs_feature, cs_height"
    run(file, f"INSERT INTO blocks ({names}, name) SELECT {names}, 'copy' FROM blocks WHERE fid=3")
    data = load_project(file).layers[0].features
    assert len(set(data.ids.tolist())) == 41
    assert data.row(3)["name"] == "楼 2"
    assert data.row(41)["name"] == "copy"


def test_removed_rows_are_gone_with_their_attributes(file: Path) -> None:
    run(file, "DELETE FROM blocks WHERE fid IN (1, 7)")
    data = load_project(file).layers[0].features
    assert len(data) == 38
    assert data.attributes.num_rows == 38
    assert data.row(8)["name"] == "楼 7"


def test_new_and_removed_fields_follow(file: Path) -> None:
    run(file, 'ALTER TABLE blocks ADD COLUMN "备注" TEXT')
    run(file, 'ALTER TABLE blocks ADD COLUMN "area" REAL')
    run(file, "ALTER TABLE blocks DROP COLUMN floors")
    run(file, 'UPDATE blocks SET "备注"=?, area=2 WHERE fid=2', "好")
    opened = open_project(file)
    data = opened.project.layers[0].features
    assert data.attributes.column_names == ["name", "备注", "area"]
    assert data.row(2) == {"name": "楼 1", "备注": "好", "area": 2.0}
    assert keys(opened) == ["project_layer_changed"]


def test_values_that_do_not_fit_become_null(file: Path) -> None:
    run(file, "UPDATE blocks SET floors='many', cs_height=-3, cs_min_height='low' WHERE fid=2")
    run(file, "UPDATE blocks SET floors='7' WHERE fid=3")
    opened = open_project(file)
    data = opened.project.layers[0].data
    assert isinstance(data, Buildings)
    assert data.row(2)["floors"] is None
    assert data.row(3)["floors"] == 7
    assert (data.height[1], data.min_height[1]) == (9.0, 0.0)
    assert keys(opened) == ["project_layer_changed"]


@pytest.mark.parametrize(
    "bad", [b"", b"GP", b"rubbish" * 9, blob(shapely.Point()), blob(shapely.box(0, 0, 1, 1))[:-9]]
)
def test_an_unreadable_shape_leaves_its_row_out(file: Path, bad: bytes) -> None:
    run(file, "UPDATE blocks SET geom=? WHERE fid=2", bad)
    opened = open_project(file)
    assert len(opened.project.layers[0].features) == 39
    assert opened.project.layers[0].features.row(3)["name"] == "楼 2"
    assert keys(opened) == ["project_layer_changed"]


def test_a_removed_table_is_told(file: Path) -> None:
    run(file, "DROP TABLE blocks")
    opened = open_project(file)
    assert opened.project.layers == ()
    assert keys(opened) == ["project_layer_gone"]


def test_a_table_written_by_gdal_over_ours_can_be_opened(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    save_project(hard_project(), file)
    for name, _ in pyogrio.list_layers(file):
        frame = pyogrio.read_dataframe(file, layer=name)
        frame = gpd.GeoDataFrame(pd.concat([frame, frame.iloc[:1]]), crs=frame.crs)
        if len(frame):
            frame.to_file(file, layer=name, driver="GPKG", mode="w")
    opened = open_project(file)
    assert [len(x.data) for x in opened.project.layers[:2]] == [4, 4]
    save_project(opened.project, file)
    assert facts_of(load_project(file)) == facts_of(opened.project)


def test_a_spatial_index_of_theirs_does_not_disturb_saving(file: Path) -> None:
    frame = gpd.read_file(file, layer="blocks")
    frame.to_file(file, layer="blocks", driver="GPKG", SPATIAL_INDEX="YES")
    project = load_project(file)
    raise_first(project, 60.0)
    save_project(project, file)
    project.layers[0].name = "renamed"
    save_project(project, file)
    assert heights(load_project(file))[0] == 60.0
    with closing(sqlite3.connect(file)) as con:
        names = [r[0] for r in con.execute("SELECT name FROM sqlite_master")]
        assert not [n for n in names if "rtree" in n]
        assert con.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_saving_over_what_another_program_changed_meanwhile_is_refused(file: Path) -> None:
    project = load_project(file)
    run(file, "UPDATE blocks SET cs_height=30 WHERE fid=1")
    with pytest.raises(CityError) as told:
        save_project(project, file)
    assert told.value.code == "project_file.changed_outside"
    assert "blocks" in told.value.message
    save_project(project, file.with_name("mine.gpkg"))
    assert heights(load_project(file.with_name("mine.gpkg")))[0] == 12.0
    save_project(project, file, overwrite=True)
    assert heights(load_project(file))[0] == 12.0


def test_saving_over_what_another_citystage_saved_meanwhile_is_refused(file: Path) -> None:
    project, other = load_project(file), load_project(file)
    other.views = ()
    save_project(other, file)
    with pytest.raises(CityError) as told:
        save_project(project, file)
    assert told.value.code == "project_file.changed_outside"


def test_a_mere_touch_of_the_file_is_no_change(file: Path) -> None:
    project = load_project(file)
    run(file, "CREATE TABLE theirs (a)")  # their own business
    os.utime(file)
    raise_first(project, 20.0)
    save_project(project, file)
    assert heights(load_project(file))[0] == 20.0
    with closing(sqlite3.connect(file)) as con:
        assert con.execute("SELECT count(*) FROM theirs").fetchone() == (0,)


def test_what_a_gis_left_in_its_write_ahead_log_is_read(file: Path) -> None:
    con = sqlite3.connect(file)
    con.execute("PRAGMA journal_mode=WAL")
    con.execute("UPDATE blocks SET cs_height=33 WHERE fid=1")
    con.commit()
    for ending in ("", "-wal"):  # as after a crash of that program
        Path(f"{file}{ending}").with_name(f"copy.gpkg{ending}").write_bytes(
            Path(f"{file}{ending}").read_bytes()
        )
    con.close()
    copy = file.with_name("copy.gpkg")
    project = load_project(copy)
    assert heights(project)[0] == 33.0
    raise_first(project, 34.0)
    save_project(project, copy)
    assert not Path(f"{copy}-wal").exists()
    assert heights(load_project(copy))[0] == 34.0


def test_saving_waits_for_nobody_who_is_editing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.files.project_reader.WAIT", 0.05)
    project = load_project(file)
    con = sqlite3.connect(file, isolation_level=None)
    try:
        con.execute("PRAGMA journal_mode=WAL")
        con.execute("BEGIN IMMEDIATE")
        con.execute("UPDATE blocks SET cs_height=33 WHERE fid=1")
        con.execute("COMMIT")
        con.execute("BEGIN IMMEDIATE")
        with pytest.raises(CityError) as told:
            save_project(project, file)
        assert told.value.code == "project_file.busy"
    finally:
        con.close()


def test_a_project_that_a_gis_edits_can_be_opened_but_not_replaced(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.files.project_reader.WAIT", 0.05)
    con = sqlite3.connect(file)
    con.execute("PRAGMA journal_mode=WAL")
    con.execute("SELECT count(*) FROM blocks").fetchone()
    assert Path(f"{file}-wal").stat().st_size == 0  # nothing written yet, but it is open there
    project = load_project(file)
    raise_first(project, 70.0)
    with pytest.raises(CityError) as told:
        save_project(project, file)
    assert told.value.code == "project_file.busy"
    con.execute("UPDATE blocks SET cs_height=33 WHERE fid=1")
    con.commit()
    assert heights(load_project(file))[0] == 33.0
    con.close()
    with pytest.raises(CityError) as told:
        save_project(project, file)
    assert told.value.code == "project_file.changed_outside"
