"""Schemes in the project file and the journal: whole, light, and the ordinary tables untouched."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely

from layers.content import content_hash
from layers.edits import AddLayer, RemoveLayer, SetData, SetHeight
from layers.errors import CityError
from layers.files.journal import Journal
from layers.files.project_file import load_project, open_project, save_project
from layers.files.project_pack import write_pack
from layers.files.project_schemes import block_of, packed_of
from layers.history import History, Label
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.schemes import captured, project_with
from layers.schemes_edits import activate, new_scheme
from layers.schemes_rows import drop
from layers.shapes import Shapes
from tests.layers.files.projects import hard_project


def facts(project: Project) -> list[tuple[str, str, str]]:
    return [(x.id, x.name, content_hash(x.data)) for x in project.layers]


def houses_of(project: Project) -> str:
    return next(project.of_kind("buildings")).id


def with_schemes(project: Project) -> Project:
    """A scheme A that raises, demolishes, adds a layer and drops one; B on top of it."""
    history = History(project)
    houses, other = project.layers[:2]
    assert isinstance(houses.data, Buildings)
    history.run(new_scheme("方案A", author="林"))
    history.run(SetHeight(houses.id, 3, 44.0))
    packed = drop(houses.data.pack(), np.array([12]))
    history.run(SetData(houses.id, Buildings.unpack(packed), Label("edit-test")))
    lawn = Features.of(Shapes.from_shapely([shapely.box(0, 0, 5, 5)]))
    history.run(AddLayer(Layer("features", "Lawn", lawn, layer_id="lawn")))
    history.run(RemoveLayer(other.id))
    history.run(new_scheme("B", parent="方案A"))
    history.run(SetHeight(houses.id, 7, 55.0))
    return project


def test_a_project_with_an_active_scheme_comes_back_as_it_was(tmp_path: Path) -> None:
    project = with_schemes(hard_project())
    file = tmp_path / "p.gpkg"
    save_project(project, file)
    again = load_project(file)
    assert facts(again) == facts(project)
    assert again.schemes.active_scheme is not None
    assert again.schemes.active_scheme.name == "B"
    for name in ("existing", "方案A", "B"):
        assert facts(project_with(again, name)) == facts(project_with(project, name))
    scheme = again.schemes.get("方案A")
    assert (scheme.author, scheme.counts()["removed"]) == ("林", 1)
    save_project(again, file)
    assert facts(load_project(file)) == facts(project)


def test_the_ordinary_tables_hold_the_existing_city(tmp_path: Path) -> None:
    plain, file = tmp_path / "plain.gpkg", tmp_path / "p.gpkg"
    save_project(hard_project(), plain)
    save_project(with_schemes(hard_project()), file)
    found = []
    for path in (plain, file):
        with closing(sqlite3.connect(path)) as con:
            tables = con.execute(
                "SELECT table_name, content FROM citystage_layers ORDER BY position"
            ).fetchall()
            rows = con.execute('SELECT cs_id, cs_height FROM "建筑" ORDER BY fid').fetchall()
            found.append((tables, rows))
    assert found[0] == found[1]


def test_unsaved_edits_of_a_scheme_come_back_after_a_crash(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    project = with_schemes(hard_project())
    save_project(project, file)
    journal = Journal.open(file)
    history = History(project)
    history.run(SetHeight(houses_of(project), 7, 123.0))
    journal.record(project)
    history.run(activate("方案A"))
    history.run(SetHeight(houses_of(project), 3, 99.0))
    journal.record(project)
    wanted, all_of = facts(project), facts(project_with(project, "B"))
    journal.close()
    recovery = Journal.recoverable(file)
    assert recovery is not None
    again = recovery.restore()
    assert facts(again) == wanted
    assert facts(project_with(again, "B")) == all_of
    assert facts(project_with(again, "existing")) == facts(project_with(project, "existing"))


def test_saving_what_the_journal_holds_leaves_nothing_to_recover(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    project = with_schemes(hard_project())
    save_project(project, file)
    with Journal.open(file) as journal:
        History(project).run(SetHeight(houses_of(project), 7, 123.0))
        journal.record(project)
        save_project(project, file)
    assert Journal.recoverable(file) is None


def test_size_on_disk_follows_the_edits(tmp_path: Path) -> None:
    count = 20_000
    east, north = np.divmod(np.arange(count), 200)
    corners = np.array([[0.0, 0.0], [12.0, 0.0], [12.0, 9.0], [0.0, 9.0]])
    coords = (np.column_stack([east, north])[:, None, :] * 30.0 + corners).reshape(-1, 2)
    starts = np.arange(count + 1) * 4
    shapes = Shapes(np.full(count, 3, dtype=np.uint8), coords, starts, np.arange(count + 1))
    project = Project()
    project.insert_layer(
        Layer("buildings", "City", Buildings.blocks(shapes, 9.0), layer_id="houses")
    )
    file = tmp_path / "p.gpkg"
    save_project(project, file)
    before = file.stat().st_size
    history = History(project)
    for number in range(100):
        history.run(new_scheme(f"S{number}"))
        history.run(SetHeight("houses", number + 1, 50.0))
    save_project(project, file)
    assert file.stat().st_size - before < 400_000  # 100 schemes of one building each
    assert len(captured(load_project(file)).items) == 100


def test_a_pack_takes_schemes_along(tmp_path: Path) -> None:
    import zipfile

    project = with_schemes(hard_project())
    write_pack(project, tmp_path / "p.zip")
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        archive.extractall(tmp_path / "out")
    assert facts(load_project(tmp_path / "out" / "p.gpkg")) == facts(project)


def test_a_damaged_scheme_is_told(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    save_project(with_schemes(hard_project()), file)
    with closing(sqlite3.connect(file)) as con, con:
        con.execute("UPDATE citystage_scheme_parts SET data = zeroblob(12)")
    with pytest.raises(CityError) as refused:
        open_project(file)
    assert refused.value.code == "project_file.damaged"


def test_blocks_keep_values_columns_and_tables() -> None:
    packed = hard_project().layers[0].data.pack()
    again = packed_of(block_of(packed))
    assert content_hash(again) == content_hash(packed)
