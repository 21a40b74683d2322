"""New, open, save, leaving with unsaved changes, another program, a crash."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QRadioButton,
    QStackedWidget,
)

from app.qt.desk import Desk, Notice
from app.qt.main_window import MainWindow
from app.session import Session
from app.settings import Settings
from layers.edits import SetLook
from layers.files.project_file import load_project, save_project
from tests.app.qt.conftest import child, click, dialog, town

pytestmark = pytest.mark.gui


@pytest.fixture
def saved_town(tmp_path: Path) -> Path:
    """A project file."""
    path = tmp_path / "town.gpkg"
    save_project(town(), path)
    return path


def open_file(window: MainWindow, path: Path, qtbot: Any) -> None:
    window.documents.take([path])
    qtbot.waitUntil(lambda: window.desk.session.path == path, timeout=60_000)


def edit(window: MainWindow) -> None:
    window.desk.run(SetLook("blocks", "name", "Towers"))


def page(window: MainWindow) -> str:
    shown = child(window, QStackedWidget, "pages").currentWidget()
    return shown.objectName() if shown is not None else ""


def test_a_new_project_asks_for_its_coordinate_system(window: MainWindow, qtbot: Any) -> None:
    window.desk.actions["new"].trigger()
    shown = dialog(qtbot, "dialog-new-project")
    qtbot.keyClicks(child(shown, QLineEdit, "project-title"), "Harbour")
    child(shown, QRadioButton, "crs-now").click()
    create = child(shown, QPushButton, "create")
    assert not create.isEnabled()
    qtbot.keyClicks(child(shown, QLineEdit, "crs-field"), "4549")
    assert "120E" in child(shown, QLabel, "crs-chosen").text()
    click(create)
    project = window.desk.project
    assert project.frame is not None
    assert (project.frame.crs, project.info.title) == ("EPSG:4549", "Harbour")
    assert page(window) == "viewport"
    assert window.windowTitle().startswith("Harbour (Untitled)")


def test_a_system_in_degrees_is_refused_for_a_project(window: MainWindow, qtbot: Any) -> None:
    window.desk.actions["new"].trigger()
    shown = dialog(qtbot, "dialog-new-project")
    child(shown, QRadioButton, "crs-now").click()
    qtbot.keyClicks(child(shown, QLineEdit, "crs-field"), "4326")
    assert not child(shown, QPushButton, "create").isEnabled()


def test_a_project_is_opened_and_remembered(
    window: MainWindow, saved_town: Path, qtbot: Any
) -> None:
    open_file(window, saved_town, qtbot)
    assert [layer.name for layer in window.desk.project.layers] == ["Lake", "Blocks"]
    assert not window.isWindowModified()
    recent = child(window, QMenu, "menu-recent")
    recent.aboutToShow.emit()
    assert "town.gpkg" in recent.actions()[0].text()
    window.desk.actions["close-project"].trigger()
    assert page(window) == "welcome"
    listed = child(window, QListWidget, "welcome-recent")
    assert listed.item(0).text().startswith("town\n")
    listed.itemActivated.emit(listed.item(0))
    qtbot.waitUntil(lambda: window.desk.session.path == saved_town, timeout=60_000)


def test_a_file_that_is_no_project_gives_one_sentence(
    window: MainWindow, tmp_path: Path, qtbot: Any, notices: list[Notice]
) -> None:
    path = tmp_path / "broken.gpkg"
    path.write_bytes(b"SQLite format 3\0 and then nothing of use")
    window.documents.open(path)
    qtbot.waitUntil(lambda: bool(notices), timeout=60_000)
    assert [notice.level for notice in notices] == ["error"]
    assert page(window) == "welcome"


def test_a_project_without_a_file_asks_where_to_save_it(
    city: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    edit(city)
    city.desk.actions["save"].trigger()
    shown = dialog(qtbot, "save-file")
    assert isinstance(shown, QFileDialog)
    target = tmp_path / "kept.gpkg"
    shown.setDirectory(str(tmp_path))
    field = child(shown, QLineEdit, "fileNameEdit")
    field.setText("kept")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: city.desk.session.path == target, timeout=60_000)
    assert not city.desk.session.unsaved
    assert load_project(target).layer("blocks").name == "Towers"
    assert city.windowTitle().startswith("kept.gpkg")


def test_unsaved_changes_can_keep_the_project_open(
    window: MainWindow, saved_town: Path, qtbot: Any
) -> None:
    open_file(window, saved_town, qtbot)
    edit(window)
    assert window.isWindowModified()
    window.desk.actions["close-project"].trigger()
    question = dialog(qtbot, "dialog-unsaved")
    assert "town.gpkg" in child(question, QLabel, "question-ask").text()
    click(child(question, QPushButton, "cancel"))
    assert window.desk.session.path == saved_town
    assert window.desk.session.unsaved


def test_unsaved_changes_can_be_given_up(window: MainWindow, saved_town: Path, qtbot: Any) -> None:
    open_file(window, saved_town, qtbot)
    edit(window)
    window.desk.actions["close-project"].trigger()
    click(child(dialog(qtbot, "dialog-unsaved"), QPushButton, "discard"))
    assert page(window) == "welcome"
    assert load_project(saved_town).layer("blocks").name == "Blocks"


def test_unsaved_changes_are_saved_before_going_on(
    window: MainWindow, saved_town: Path, qtbot: Any
) -> None:
    open_file(window, saved_town, qtbot)
    edit(window)
    window.desk.actions["close-project"].trigger()
    click(child(dialog(qtbot, "dialog-unsaved"), QPushButton, "save"))
    qtbot.waitUntil(lambda: page(window) == "welcome", timeout=60_000)
    assert load_project(saved_town).layer("blocks").name == "Towers"


def test_closing_the_window_asks_too(city: MainWindow, qtbot: Any) -> None:
    edit(city)
    city.close()
    click(child(dialog(qtbot, "dialog-unsaved"), QPushButton, "cancel"))
    assert city.isVisible()


def test_a_window_without_unsaved_changes_just_closes(window: MainWindow, qtbot: Any) -> None:
    other = MainWindow(Desk(Session(journaled=False), Settings()))
    other.show()
    with qtbot.waitSignal(other.closed, timeout=60_000):
        other.desk.actions["quit"].trigger()
    assert not other.isVisible()


def test_a_project_open_in_another_program_can_be_looked_at_as_a_copy(
    window: MainWindow, saved_town: Path, qtbot: Any
) -> None:
    window.desk.settings.remember(saved_town)
    other = Session(journaled=False)
    other.open(saved_town)
    try:
        window.documents.open(saved_town)
        asked = dialog(qtbot, "dialog-in-use")
        assert "is open already" in child(asked, QLabel, "question-more").text()
        assert window.desk.settings.recent_files == [str(saved_town)]
        click(child(asked, QPushButton, "copy"))
        qtbot.waitUntil(lambda: bool(window.desk.project.layers), timeout=60_000)
        assert window.desk.session.path is None
        edit(window)
        assert other.project.layer("blocks").name == "Blocks"
    finally:
        other.close()


def test_edits_from_before_a_crash_are_offered_again(
    window: MainWindow, saved_town: Path, qtbot: Any
) -> None:
    crashed = Session()
    crashed.open(saved_town)
    crashed.run(SetLook("blocks", "name", "Before the crash"))
    die(crashed)
    window.documents.open(saved_town)
    question = dialog(qtbot, "dialog-recovery")
    click(child(question, QPushButton, "restore"))
    qtbot.waitUntil(lambda: window.desk.session.path == saved_town, timeout=60_000)
    assert window.desk.project.layer("blocks").name == "Before the crash"
    assert window.desk.session.unsaved


def test_a_journal_that_cannot_be_written_is_told_in_the_window(
    window: MainWindow,
    saved_town: Path,
    qtbot: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    blocked = tmp_path / "state"
    blocked.write_text("a file where the folder should be")
    monkeypatch.setenv("CITYSTAGE_STATE", str(blocked))
    open_file(window, saved_town, qtbot)
    told: list[tuple[Notice, bool]] = []

    def hear(notice: Notice) -> None:
        told.append((notice, threading.current_thread() is threading.main_thread()))

    window.desk.noticed.connect(hear)
    edit(window)
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    assert "could not be kept" in told[0][0].text
    assert told[0][1]  # though another thread had found it out
    assert window.desk.project.layer("blocks").name == "Towers"
    window.desk.noticed.disconnect(hear)


def die(session: Session) -> None:
    """Let go of the file as the system does when a process is killed: the journal stays."""
    journal, lock = session._journal, session._lock  # what a kill does has no public name
    assert journal is not None
    assert lock is not None
    journal.close()
    lock.release()
    session._journal = session._lock = None


def test_saving_tells_when_another_program_changed_the_file(
    window: MainWindow, saved_town: Path, qtbot: Any
) -> None:
    open_file(window, saved_town, qtbot)
    edit(window)
    other = load_project(saved_town)
    other.layer("lake").name = "Pond"
    save_project(other, saved_town)
    window.desk.actions["save"].trigger()
    question = dialog(qtbot, "dialog-overwrite")
    click(child(question, QPushButton, "overwrite"))
    qtbot.waitUntil(lambda: not window.desk.session.unsaved, timeout=60_000)
    assert load_project(saved_town).layer("lake").name == "Lake"
