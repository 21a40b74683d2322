"""A session keeps one project, its lock, its journal and what is selected."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.session import Session
from app.wording import Message
from layers.edits import RemoveLayer, SetInfo, SetLook
from layers.errors import CityError
from layers.project import Info


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    state = tmp_path / "state"
    monkeypatch.setenv("CITYSTAGE_STATE", str(state))
    return state


def dirty(session: Session) -> bool:
    return session.unsaved


def rename(session: Session, title: str) -> None:
    session.run(SetInfo(Info(title=title)))


def test_a_new_session_is_empty_saved_and_without_a_file() -> None:
    session = Session()
    assert session.path is None
    assert not session.unsaved
    with pytest.raises(CityError) as caught:
        session.save()
    assert caught.value.code == "session.no_path"


def test_saving_under_a_name_and_opening_gives_the_same_project(tmp_path: Path) -> None:
    session = Session()
    session.new("EPSG:4547", "First")
    rename(session, "Second")
    assert dirty(session)
    session.save_as(tmp_path / "a.gpkg")
    assert not dirty(session)
    session.undo()
    assert dirty(session)
    session.redo()
    session.close()
    other = Session()
    assert other.open(tmp_path / "a.gpkg") == ()
    assert other.project.info.title == "Second"
    other.close()


def test_a_project_that_is_open_cannot_be_opened_or_written_elsewhere(tmp_path: Path) -> None:
    first, second = Session(), Session()
    first.new("EPSG:4547")
    first.save_as(tmp_path / "a.gpkg")
    with pytest.raises(CityError) as caught:
        second.open(tmp_path / "a.gpkg")
    assert caught.value.code == "project.in_use"
    with pytest.raises(CityError):
        second.save_as(tmp_path / "a.gpkg")
    first.save_as(tmp_path / "b.gpkg")  # lets the first file go
    second.open(tmp_path / "a.gpkg")
    first.close()
    second.close()
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["a.gpkg", "b.gpkg"]


def test_a_file_that_cannot_be_opened_leaves_the_open_project_and_no_lock(tmp_path: Path) -> None:
    session = Session()
    session.new(title="Kept")
    (tmp_path / "bad.gpkg").write_text("no project")
    for _ in range(2):
        with pytest.raises(CityError) as caught:
            session.open(tmp_path / "bad.gpkg")
        assert caught.value.code == "project_file.not_a_database"
    assert session.project.info.title == "Kept"


def test_edits_survive_a_crash_and_are_offered_again(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    session = Session()
    session.new("EPSG:4547", "Saved")
    session.save_as(path)
    rename(session, "Unsaved")
    assert session._journal is not None
    session._journal.close()  # what a crash leaves: no clear, the lock gone with the process
    assert session._lock is not None
    session._lock.release()

    after = Session()
    recovery = after.recoverable(path)
    assert recovery is not None
    after.recover(recovery, path)
    assert after.project.info.title == "Unsaved"
    assert after.unsaved
    after.save()
    after.close()
    assert Session().recoverable(path) is None


def test_an_untitled_project_survives_a_crash_once() -> None:
    session = Session()
    rename(session, "Never saved")
    assert session._journal is not None
    session._journal.close()
    after = Session()
    recovery = after.recoverable(None)
    assert recovery is not None
    after.recover(recovery, None)
    assert after.project.info.title == "Never saved"
    after.close()
    assert Session().recoverable(None) is None


def test_a_journal_that_cannot_be_written_is_told_and_the_edit_is_done(own_state: Path) -> None:
    own_state.write_text("a file where the folder should be")
    session = Session()
    heard: list[Message] = []

    def hear(message: Message) -> None:
        heard.append(message)

    session.message.connect(hear)
    rename(session, "One")
    session.flush()
    rename(session, "Two")
    session.flush()
    assert session.project.info.title == "Two"
    assert [m.error.code for m in heard if m.error] == ["journal.cannot_write"]


def test_the_selection_is_told_only_when_it_changes_and_forgets_removed_layers(town: Path) -> None:
    session = Session(journaled=False)
    session.open(town)
    changes: list[int] = []

    def hear() -> None:
        changes.append(1)

    session.selection_changed.connect(hear)
    layer = session.project.layer("Buildings")
    session.select({layer.id: [3, 1, 3], "empty": []})
    session.select({layer.id: [1, 3]})
    assert {k: v.tolist() for k, v in session.selection.items()} == {layer.id: [1, 3]}
    assert len(changes) == 1
    session.run(RemoveLayer(layer.id))
    assert session.selection == {}
    session.undo()
    assert len(session.project.layers) == 2
    session.close()


def test_an_import_is_one_step_that_can_be_undone(town_files: dict[str, Path]) -> None:
    session = Session(journaled=False)
    session.import_files([town_files["buildings"], town_files["roads"]])
    assert [layer.kind for layer in session.project.layers] == ["roads", "buildings"]
    assert session.project.frame is not None
    session.undo()
    session.undo()
    assert session.project.layers == ()
    assert session.project.frame is None


def test_another_project_starts_with_an_empty_history(town: Path) -> None:
    session = Session(journaled=False)
    session.open(town)
    told: list[str] = []

    def hear() -> None:
        told.append(session.project.info.title)

    session.project_changed.connect(hear)
    session.run(SetLook(session.project.layers[0].id, "visible", False))
    session.tool = "measure"
    session.new(title="Other")
    assert told == ["Other"]
    assert session.history.undo_label is None
    assert not session.unsaved
    Session(journaled=False).open(town)  # the first file is free again
