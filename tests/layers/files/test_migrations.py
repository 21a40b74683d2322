from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from layers.errors import CityError
from layers.files.migrations import MIGRATIONS, migrate, schema_version
from layers.files.project_file import load_project, open_project, save_project
from layers.files.project_schema import SCHEMA_VERSION
from tests.layers.files.projects import facts_of, hard_project, heights, raise_first


def as_version_1(file: Path) -> None:
    """Turn a project without schemes into the layout before there were any."""
    with closing(sqlite3.connect(file)) as con, con:
        con.execute("UPDATE citystage_meta SET value='1' WHERE key='schema_version'")
        for table in ("citystage_schemes", "citystage_scheme_parts"):
            con.execute(f"DROP TABLE {table}")
            for register in ("gpkg_contents", "gpkg_extensions"):
                con.execute(f"DELETE FROM {register} WHERE table_name='{table}'")


def as_version_0(file: Path) -> None:
    """Turn a project into the layout before the first release."""
    as_version_1(file)
    with closing(sqlite3.connect(file)) as con, con:
        views = [
            json.loads(r[0])
            for r in con.execute("SELECT view FROM citystage_views ORDER BY position")
        ]
        con.execute("INSERT INTO citystage_meta VALUES ('views', ?)", (json.dumps(views),))
        con.execute("UPDATE citystage_meta SET value='0' WHERE key='schema_version'")
        con.execute("DROP TABLE citystage_views")
        for register in ("gpkg_contents", "gpkg_extensions"):
            con.execute(f"DELETE FROM {register} WHERE table_name='citystage_views'")
        con.execute("ALTER TABLE citystage_layers ADD COLUMN look TEXT")
        for layer_id, visible, opacity in con.execute(
            "SELECT id, visible, opacity FROM citystage_layers"
        ).fetchall():
            look = json.dumps({"visible": bool(visible), "opacity": opacity})
            con.execute("UPDATE citystage_layers SET look=? WHERE id=?", (look, layer_id))
        con.execute("ALTER TABLE citystage_layers DROP COLUMN visible")
        con.execute("ALTER TABLE citystage_layers DROP COLUMN opacity")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "old.gpkg"
    save_project(hard_project(), file)
    as_version_0(file)
    return file


def test_there_is_a_step_from_every_version() -> None:
    assert sorted(MIGRATIONS) == list(range(SCHEMA_VERSION))
    assert all(step.__doc__ for step in MIGRATIONS.values())


def test_an_old_project_opens_as_it_was_and_stays_untouched(tmp_path: Path, old: Path) -> None:
    before = old.read_bytes()
    save_project(hard_project(), tmp_path / "new.gpkg")
    opened = open_project(old)
    new = load_project(tmp_path / "new.gpkg")
    assert [note.key for note in opened.notes] == ["project_migrated"]
    assert opened.project.views == tuple(
        v
        if v.hidden is None
        else type(v)(v.name, v.camera, opened.project.views[0].hidden, v.moment, v.note)
        for v in new.views
    )
    assert [(y.name, y.visible, y.opacity) for y in opened.project.layers] == [
        (y.name, y.visible, y.opacity) for y in new.layers
    ]
    assert old.read_bytes() == before


def test_saving_an_old_project_brings_the_file_up_to_date(old: Path) -> None:
    project = load_project(old)
    raise_first(project, 70.0)
    save_project(project, old)
    opened = open_project(old)
    assert opened.notes == ()
    assert facts_of(opened.project) == facts_of(project)
    assert heights(opened.project)[0] == 70.0
    with closing(sqlite3.connect(old)) as con:
        assert schema_version(con) == SCHEMA_VERSION
        assert con.execute(
            "SELECT count(*) FROM gpkg_contents WHERE table_name='citystage_views'"
        ).fetchone() == (1,)


def test_a_step_that_fails_leaves_its_version(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(con: sqlite3.Connection) -> None:
        con.execute("CREATE TABLE half (a)")
        raise sqlite3.OperationalError("no")

    monkeypatch.setitem(MIGRATIONS, 0, half)
    with closing(sqlite3.connect(old)) as con:
        with pytest.raises(sqlite3.OperationalError):
            migrate(con)
        assert schema_version(con) == 0
    with pytest.raises(CityError) as told:
        load_project(old)
    assert told.value.code == "project_file.damaged"
