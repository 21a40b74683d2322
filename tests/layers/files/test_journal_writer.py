"""The journal is written by a thread: complete, in order, and only the end waits for it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from layers.errors import CityError
from layers.files.journal import Journal, Step, journal_file, journal_folder
from layers.files.journal_writer import JournalWriter
from layers.files.project_file import load_project, save_project
from layers.files.project_schema import expand
from layers.files.project_state import state_of
from layers.files.recovery import recoverable
from layers.project import Info, Project
from layers.schemes_edits import activate, new_scheme
from tests.layers.files.projects import facts_of, heights, raise_first, town

ROOT = Path(__file__).parents[3]
TITLES = [f"edit {number}" for number in range(20)]


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


class Told:
    """Hears of errors."""

    def __init__(self) -> None:
        self.errors: list[CityError] = []

    def __call__(self, error: CityError) -> None:
        self.errors.append(error)


class SlowJournal(Journal):
    """Writes a step only when it may, and says when it is about to."""

    def __init__(self, path: Path | None) -> None:
        super().__init__(path)
        self.writing, self.may = threading.Event(), threading.Event()

    def write(self, step: Step) -> None:
        self.writing.set()
        assert self.may.wait(60.0)
        super().write(step)


def titles(path: Path | None) -> list[str]:
    """Give the titles of all steps that stand in a journal, in their order."""
    with sqlite3.connect(journal_file(path)) as con:
        rows = con.execute("SELECT state, size FROM steps ORDER BY number").fetchall()
    con.close()
    return [json.loads(expand(blob, size))["info"]["title"] for blob, size in rows]


def entitle(project: Project, writer: JournalWriter, title: str) -> None:
    project.info = Info(title)
    writer.note(project)


def test_every_step_that_was_waited_for_stands_in_its_order(file: Path) -> None:
    project = load_project(file)
    with JournalWriter(Journal.open(file), Told()) as writer:
        for title in TITLES:
            entitle(project, writer, title)
            writer.flush()
    assert titles(file) == TITLES


def test_steps_nobody_waited_for_are_in_order_and_the_last_is_there(file: Path) -> None:
    project = load_project(file)
    with JournalWriter(Journal.open(file), Told()) as writer:
        for metres, title in enumerate(TITLES, 20):
            raise_first(project, float(metres))
            entitle(project, writer, title)
    found = titles(file)
    assert found == sorted(found, key=TITLES.index)
    recovery = recoverable(file)
    assert recovery is not None
    assert facts_of(recovery.restore()) == facts_of(project)


def test_an_edit_does_not_wait_for_the_one_that_is_written(file: Path) -> None:
    project = load_project(file)
    journal = SlowJournal(file)
    with JournalWriter(journal, Told()) as writer:
        entitle(project, writer, TITLES[0])
        assert journal.writing.wait(60.0)
        for title in TITLES[1:]:  # returns though nothing can be written
            entitle(project, writer, title)
        journal.may.set()
    assert titles(file) == [TITLES[0], TITLES[-1]]  # the newest comes next, not the next in line


def test_what_is_edited_after_a_step_was_noted_is_not_in_it(file: Path) -> None:
    project = load_project(file)
    journal = SlowJournal(file)
    with JournalWriter(journal, Told()) as writer:
        raise_first(project, 33.0)
        entitle(project, writer, "noted")
        wanted = facts_of(project)
        raise_first(project, 44.0)
        project.info = Info("later")
        project.layers[0].name = "later"
        journal.may.set()
    recovery = recoverable(file)
    assert recovery is not None
    assert facts_of(recovery.restore()) == wanted


def test_the_active_scheme_of_a_step_is_the_one_that_was_noted() -> None:
    project = town()
    new_scheme("Plan").do(project)
    activate("Plan").do(project)
    raise_first(project, 33.0)
    step, wanted = Step.of(project), state_of(project)
    raise_first(project, 44.0)
    found = step.moment.state()
    patches = [state.schemes.items[0].patches for state in (found, wanted)]
    assert [patch.hash() for patch in patches[0].values()] == [
        patch.hash() for patch in patches[1].values()
    ]
    later = state_of(project).schemes.items[0].patches
    assert [p.hash() for p in later.values()] != [p.hash() for p in patches[0].values()]


def test_saving_drops_what_waits_and_the_journal_goes_on_after_it(file: Path) -> None:
    project = load_project(file)
    journal = SlowJournal(file)
    with JournalWriter(journal, Told()) as writer:
        entitle(project, writer, "written just now")
        assert journal.writing.wait(60.0)
        entitle(project, writer, "waits")
        writer.saved(project)
        entitle(project, writer, "after")
        journal.may.set()
    assert titles(file) == ["after"]


def test_a_project_saved_before_its_first_step_was_written_leaves_no_older_steps(
    file: Path,
) -> None:
    with Journal.open(file) as crashed:
        project = load_project(file)
        raise_first(project, 33.0)
        crashed.record(project)
    journal = SlowJournal(file)
    writer = JournalWriter(journal, Told())
    entitle(project, writer, "edited after the recovery")
    writer.saved(project)
    journal.may.set()
    writer.flush()
    assert not journal_file(file).exists()
    writer.close()


def test_closing_on_purpose_waits_for_the_step_at_work_and_leaves_nothing(file: Path) -> None:
    project = load_project(file)
    journal = SlowJournal(file)
    writer = JournalWriter(journal, Told())
    entitle(project, writer, "written just now")
    assert journal.writing.wait(60.0)
    entitle(project, writer, "waits")
    closing = threading.Thread(target=writer.clear)
    closing.start()
    journal.may.set()
    closing.join(60.0)
    assert not closing.is_alive()
    assert list(journal_folder().iterdir()) == []


def test_steps_of_a_running_program_are_its_own(file: Path) -> None:
    project = load_project(file)
    with JournalWriter(Journal.open(file), Told()) as writer:
        entitle(project, writer, "mine")
        writer.flush()
        assert recoverable(file) is None
        with pytest.raises(CityError) as told:
            Journal.open(file)
        assert told.value.code == "journal.in_use"


def test_an_older_journal_goes_once_the_new_one_holds_what_it_held(file: Path) -> None:
    project, gone = load_project(file), threading.Event()
    journal = SlowJournal(file)
    writer = JournalWriter(journal, Told())
    writer.take_over(gone.set)
    entitle(project, writer, "restored")
    assert journal.writing.wait(60.0)
    assert not gone.is_set()
    journal.may.set()
    writer.flush()
    assert gone.is_set()
    writer.close()


@pytest.mark.parametrize("how", ["saved", "closed on purpose", "cannot be written", "crash"])
def test_an_older_journal_stays_only_while_nothing_else_holds_its_edits(
    file: Path, state: Path, how: str
) -> None:
    state.write_text("a file where the folder should be")
    project, gone = load_project(file), threading.Event()
    writer = JournalWriter(Journal.open(file), Told())
    writer.take_over(gone.set)
    if how != "crash":
        entitle(project, writer, "restored")
        writer.flush()
    if how == "saved":
        writer.saved(project)
        writer.flush()
    elif how == "closed on purpose":
        writer.clear()
    assert gone.is_set() == (how in {"saved", "closed on purpose"})
    writer.close()


# Trouble


def test_a_journal_that_cannot_be_written_is_told_once_until_the_project_is_saved(
    file: Path, state: Path
) -> None:
    state.write_text("a file where the folder should be")
    project, told = load_project(file), Told()
    writer = JournalWriter(Journal.open(file), told)
    for title in TITLES[:3]:
        entitle(project, writer, title)
        writer.flush()
    assert [error.code for error in told.errors] == ["journal.cannot_write"]
    writer.saved(project)
    entitle(project, writer, "again")
    writer.flush()
    assert len(told.errors) == 2
    state.unlink()
    entitle(project, writer, "there is room again")  # is kept, though nobody saved
    writer.close()
    assert titles(file) == ["there is room again"]


def test_a_fault_of_ours_is_told_and_later_steps_are_kept(
    file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    project, told = load_project(file), Told()
    writer = JournalWriter(Journal.open(file), told)
    with monkeypatch.context() as broken:
        broken.setattr(Journal, "_write", lambda *_: 1 / 0)
        entitle(project, writer, "lost")
        writer.flush()
    entitle(project, writer, "kept")
    writer.close()
    assert [error.facts["reason"] for error in told.errors] == [
        "ZeroDivisionError: division by zero"
    ]
    assert "ZeroDivisionError" in caplog.text
    assert titles(file) == ["kept"]


EDITS = """
import os, signal, sys
from pathlib import Path
from app.session import Session
from layers.edits import SetHeight
session = Session()
session.open(Path(sys.argv[1]))
layer = session.project.layers[0]
def raise_to(metres):
    session.run(SetHeight(layer.id, int(layer.data.ids[0]), metres))
for number in range(10, 30):
    raise_to(float(number))
session.flush()
raise_to(30.0)
end = sys.argv[2]
if end == "kill":
    os.kill(os.getpid(), signal.SIGKILL)
elif end == "exit":
    os._exit(3)
"""


@pytest.mark.parametrize(
    ("end", "last"),
    [
        pytest.param(
            "kill", (29.0, 30.0),
            marks=pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL"),
        ),
        ("exit", (29.0, 30.0)),
        ("return", (30.0,)),  # nobody closed the session, but Python came to its end
    ],
)  # fmt: skip
def test_a_program_that_ends_hard_loses_no_more_than_the_step_at_work(
    file: Path, end: str, last: tuple[float, ...]
) -> None:
    subprocess.run(
        [sys.executable, "-c", EDITS, str(file), end],
        cwd=ROOT, check=False, env=dict(os.environ), timeout=120,
    )  # fmt: skip
    recovery = recoverable(file)
    assert recovery is not None
    restored = recovery.restore()
    assert heights(restored)[0] in last
    raise_first(restored, heights(load_project(file))[0])
    assert list(heights(restored)) == list(heights(load_project(file)))


def test_a_kill_between_saving_and_forgetting_offers_nothing(file: Path) -> None:
    project = load_project(file)
    journal = SlowJournal(file)
    writer = JournalWriter(journal, Told())
    raise_first(project, 33.0)
    writer.note(project)
    journal.may.set()
    writer.flush()  # as a session does before it saves
    save_project(project, file)
    writer.close()
    assert recoverable(file) is None
