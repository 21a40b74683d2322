from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.edits import AddLayer, RemoveLayer, SetHeight, SetInfo, SetLook
from layers.errors import CityError
from layers.files.journal import Journal, journal_file, journal_folder
from layers.files.project_file import load_project, origin_of, save_project
from layers.files.recovery import recoverable, untitled
from layers.history import Command, History
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.project import Info, Project
from layers.shapes import Shapes
from tests.layers.files.projects import facts_of, hard_project, heights, raise_first, town

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder for each test."""
    monkeypatch.setenv("CITYSTAGE_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "p.gpkg"
    save_project(town(), path)
    return path


def crashed(path: Path | None, project: Project, *, metres: float = 50.0) -> None:
    """Record a step and go without a word."""
    raise_first(project, metres)
    journal = Journal.open(path)
    journal.record(project)
    journal.close()


def restored(path: Path | None) -> Project:
    found = recoverable(path)
    assert found is not None
    return found.restore()


def test_without_edits_there_is_nothing_to_recover(file: Path, state: Path) -> None:
    journal = Journal.open(file)
    assert recoverable(file) is None
    journal.close()
    assert recoverable(file) is None
    assert recoverable(None) is None
    assert not state.exists()


def test_edits_come_back_exactly(file: Path) -> None:
    project = load_project(file)
    with Journal.open(file) as journal:
        for metres in (20.0, 30.0, 40.0):
            raise_first(project, metres)
            journal.record(project)
        project.layers[0].name = "改名"
        project.info = Info("题")
        journal.record(project)
    found = recoverable(file)
    assert found is not None
    assert (found.steps, found.path, found.problem) == (4, file, None)
    assert found.time.startswith("20")
    assert facts_of(found.restore()) == facts_of(project)
    assert heights(load_project(file))[0] == 12.0  # the file itself is as it was


def test_everything_comes_back_without_a_file(tmp_path: Path) -> None:
    project = hard_project()
    with Journal.open(None) as journal:
        journal.record(project)
    found = recoverable(None)
    assert found is not None
    assert found.path is None
    again = found.restore()
    assert facts_of(again) == facts_of(project)
    assert again.layers[0].features.attributes.schema.equals(
        project.layers[0].features.attributes.schema, check_metadata=True
    )
    save_project(again, tmp_path / "p.gpkg")
    assert facts_of(load_project(tmp_path / "p.gpkg")) == facts_of(project)


def test_everything_comes_back_on_top_of_a_file(tmp_path: Path) -> None:
    save_project(hard_project(), tmp_path / "p.gpkg")
    project = load_project(tmp_path / "p.gpkg")
    project.layers[1].visible = False
    crashed(tmp_path / "p.gpkg", project)
    assert facts_of(restored(tmp_path / "p.gpkg")) == facts_of(project)


def test_several_untitled_projects_are_offered_newest_first() -> None:
    crashed(None, town(name="a"))
    crashed(None, town(name="b"))
    assert len(untitled()) == 2
    for found in untitled():
        found.discard()
    assert untitled() == []


def test_saving_and_clearing_leave_nothing(file: Path) -> None:
    project = load_project(file)
    journal = Journal.open(file)
    raise_first(project, 20.0)
    journal.record(project)
    save_project(project, file)
    journal.clear()
    assert recoverable(file) is None
    assert list(journal_folder().iterdir()) == []
    raise_first(project, 30.0)
    journal.record(project)  # and it goes on after that
    journal.close()
    assert heights(restored(file))[0] == 30.0


def test_a_kill_between_saving_and_clearing_offers_nothing(file: Path) -> None:
    project = load_project(file)
    crashed(file, project)
    save_project(project, file)
    assert recoverable(file) is None
    assert not journal_file(file).exists()


def test_discarded_changes_are_gone(file: Path) -> None:
    crashed(file, load_project(file))
    found = recoverable(file)
    assert found is not None
    found.discard()
    assert recoverable(file) is None


def test_what_a_crash_left_stays_until_somebody_decides(file: Path) -> None:
    crashed(file, load_project(file))
    journal = Journal.open(file)
    journal.clear()
    journal.close()
    assert heights(restored(file))[0] == 50.0


def test_after_a_recovery_the_journal_goes_on(file: Path) -> None:
    crashed(file, load_project(file))
    project = restored(file)
    with Journal.open(file) as journal:
        raise_first(project, 60.0)
        journal.record(project)
    again = restored(file)
    assert heights(again)[0] == 60.0
    save_project(again, file)
    assert heights(load_project(file))[0] == 60.0


def test_a_recovered_project_saves_only_what_changed(file: Path) -> None:
    project = load_project(file)
    project.insert_layer(Layer("features", "p", Features.of(Shapes.from_shapely([]))))
    crashed(file, project)
    again = restored(file)
    origin = origin_of(again)
    assert origin is not None
    assert origin.path == file


def test_the_journal_of_a_running_program_is_not_offered(file: Path) -> None:
    project = load_project(file)
    with Journal.open(file) as journal:
        journal.record(project)
        assert recoverable(file) is None
        with pytest.raises(CityError) as told:
            Journal.open(file)
        assert told.value.code == "journal.in_use"
    with Journal.open(None) as other:
        other.record(project)
        assert recoverable(None) is None


def test_one_edited_building_writes_little(tmp_path: Path) -> None:
    project = town(20_000)
    save_project(project, tmp_path / "p.gpkg")
    journal = Journal.open(tmp_path / "p.gpkg")
    sizes = []
    for metres in range(20, 40):
        raise_first(project, float(metres))
        journal.record(project)
        sizes.append(sum(p.stat().st_size for p in journal_folder().iterdir()))
    steps = np.diff(sizes)
    journal.close()
    assert sizes[0] < 400_000  # the columns of the city stand in the file
    assert steps.max() < 40_000
    assert heights(restored(tmp_path / "p.gpkg"))[0] == 39.0


def test_edits_of_attributes_and_of_many_buildings_come_back(file: Path) -> None:
    project = load_project(file)
    with Journal.open(file) as journal:
        layer = project.layers[0]
        assert isinstance(layer.data, Buildings)
        layer.data = layer.data.with_heights(layer.data.ids, np.arange(40) + 5.0)
        journal.record(project)
        table = layer.data.attributes
        layer.data = replace(layer.data, attributes=table.set_column(1, "floors", pa.nulls(40)))
        journal.record(project)
    assert facts_of(restored(file)) == facts_of(project)


# Trouble


def test_a_damaged_journal_is_told_and_a_new_one_begins(file: Path) -> None:
    crashed(file, load_project(file))
    where = journal_file(file)
    where.write_bytes(b"rubbish" * 1000)
    found = recoverable(file)
    assert found is not None
    assert found.problem is not None
    assert found.problem.code == "journal.damaged"
    with pytest.raises(CityError):
        found.restore()
    journal = Journal.open(file)
    assert journal.problem is not None
    assert where.with_suffix(".damaged").exists()
    project = load_project(file)
    raise_first(project, 70.0)
    journal.record(project)
    journal.close()
    assert heights(restored(file))[0] == 70.0


def test_the_newest_whole_step_is_given_where_the_last_is_damaged(file: Path) -> None:
    project = load_project(file)
    with Journal.open(file) as journal:
        for metres in (20.0, 30.0):
            raise_first(project, metres)
            journal.record(project)
    con = sqlite3.connect(journal_file(file))
    with con:
        con.execute("UPDATE steps SET state=x'00' WHERE number=2")
    con.close()
    assert heights(restored(file))[0] == 20.0


@pytest.mark.parametrize("what", ["gone", "another", "broken"])
def test_a_journal_without_its_project_file_says_so(file: Path, what: str) -> None:
    crashed(file, load_project(file))
    if what == "gone":
        file.unlink()
    elif what == "another":
        file.unlink()
        save_project(town(7), file)
    else:
        file.write_bytes(file.read_bytes()[:9000])
    found = recoverable(file)
    assert found is not None
    with pytest.raises(CityError) as told:
        found.restore()
    assert told.value.code == "journal.incomplete"
    assert recoverable(file) is not None  # nothing is lost by trying


def test_a_journal_that_cannot_be_written_is_told(
    file: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state.write_text("a file where the folder should be")
    project = load_project(file)
    journal = Journal.open(file)
    with pytest.raises(CityError) as told:
        journal.record(project)
    assert told.value.code == "journal.cannot_write"
    state.unlink()
    journal.record(project)
    journal.close()


def test_a_full_disk_costs_no_step_that_was_kept(file: Path) -> None:
    project = load_project(file)
    journal = Journal.open(file)
    raise_first(project, 20.0)
    journal.record(project)
    assert journal._con is not None
    journal._con.execute("PRAGMA max_page_count=20")  # SQLite itself says: disk is full
    rows = np.random.default_rng(0).random((50_000, 2))
    shapes = Shapes.from_shapely(np.asarray(shapely.points(rows)))
    project.insert_layer(Layer("features", "many", Features.of(shapes)))
    with pytest.raises(CityError) as told:
        journal.record(project)
    assert told.value.code == "journal.cannot_write"
    assert "full" in told.value.message
    project.take_layer(project.layers[-1].id)
    raise_first(project, 30.0)
    journal.record(project)
    journal.close()
    assert facts_of(restored(file)) == facts_of(project)


EDITS = """
import os, sys
from pathlib import Path
from layers.files.journal import Journal
from layers.files.project_file import load_project
from tests.layers.files.projects import raise_first, town
path = Path(sys.argv[1]) if sys.argv[1] else None
project = load_project(path) if path else town(500)
journal = Journal.open(path)
number = 10
while True:
    number += 1
    raise_first(project, float(number))
    journal.record(project)
    os.write(1, number.to_bytes(4, "little"))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize("titled", [True, False])
def test_a_killed_program_loses_no_recorded_edit(file: Path, titled: bool) -> None:
    path = file if titled else None
    child = subprocess.Popen(
        [sys.executable, "-c", EDITS, str(path or "")], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    for _ in range(25):
        last = child.stdout.read(4)
    child.kill()
    last = (last + child.stdout.read())[-4:]
    child.wait()
    child.stdout.close()
    told = int.from_bytes(last, "little")
    assert heights(restored(path))[0] in (told, told + 1)


# Properties


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 40)), min_size=1, max_size=10))
def test_any_run_of_edits_comes_back(file: Path, moves: list[tuple[int, int]]) -> None:
    journal_file(file).unlink(missing_ok=True)
    project = load_project(file)
    history = History(project)
    with Journal.open(file) as journal:
        for what, number in moves:
            layer = next(project.of_kind("buildings"), None)
            if layer is None:
                break
            commands: list[Command] = [
                SetHeight(layer.id, number, number + 0.5),
                SetLook(layer.id, "opacity", number / 50),
                SetInfo(Info(str(number))),
                AddLayer(Layer("features", f"f{number}", Features.of(Shapes.from_shapely([])))),
                RemoveLayer(project.layers[-1].id),
            ]
            if what == 5:
                history.undo()
            elif what != 4 or len(project.layers) > 1:
                history.run(commands[what])
            journal.record(project)
    found = recoverable(file)
    if found is not None:  # None: everything was taken back
        assert facts_of(found.restore()) == facts_of(project)
        found.discard()
    else:
        assert facts_of(load_project(file)) == facts_of(project)
