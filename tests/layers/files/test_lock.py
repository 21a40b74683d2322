from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from layers.errors import CityError
from layers.files.lock import Owner, ProjectLock, owner_of
from layers.files.project_file import load_project, save_project
from tests.layers.files.projects import town

ROOT = Path(__file__).parents[3]
HOLD = """
import sys
from pathlib import Path
from layers.files.lock import ProjectLock
lock = ProjectLock().acquire(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.readline()
"""


def holder(path: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def ended(child: subprocess.Popen[str]) -> None:
    child.kill()
    child.communicate()


def test_the_second_program_is_told_who_has_the_project(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    save_project(town(), file)
    child = holder(file)
    try:
        with pytest.raises(CityError) as told:
            ProjectLock().acquire(file)
        error = told.value
        assert error.code == "project.in_use"
        assert error.facts["pid"] == child.pid
        assert str(child.pid) in error.message
        assert {"user", "host", "since"} <= error.facts.keys()
        assert "read only" in error.hint
        assert len(load_project(file).layers) == 1  # reading is always possible
    finally:
        ended(child)


def test_the_lock_of_a_killed_program_vanishes(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    ended(holder(file))
    lock = ProjectLock().acquire(file)
    assert lock.held
    assert owner_of(file).pid == os.getpid()
    lock.release()
    assert list(tmp_path.iterdir()) == []


def test_releasing_cleans_up_and_lets_the_next_one_in(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    for _ in range(3):
        lock = ProjectLock().acquire(file)
        with lock, pytest.raises(CityError):
            ProjectLock().acquire(file)
        assert not lock.held
        assert list(tmp_path.iterdir()) == []
    lock.release()


def test_one_lock_moves_from_project_to_project(tmp_path: Path) -> None:
    lock = ProjectLock().acquire(tmp_path / "a.gpkg")
    assert lock.acquire(tmp_path / "a.gpkg") is lock
    lock.acquire(tmp_path / "b.gpkg")
    ProjectLock().acquire(tmp_path / "a.gpkg").release()
    lock.release()
    assert list(tmp_path.iterdir()) == []


def test_two_names_of_one_file_share_a_lock(tmp_path: Path) -> None:
    (tmp_path / "p.gpkg").touch()
    (tmp_path / "link.gpkg").symlink_to(tmp_path / "p.gpkg")
    with ProjectLock().acquire(tmp_path / "p.gpkg"), pytest.raises(CityError):
        ProjectLock().acquire(tmp_path / "link.gpkg")


def test_a_garbled_owner_is_just_unknown(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    with ProjectLock().acquire(file):
        (tmp_path / ".p.gpkg.owner").write_text("{", encoding="utf-8")
        with pytest.raises(CityError) as told:
            ProjectLock().acquire(file)
    assert told.value.message == "The project is open already in another Citystage."
    assert owner_of(file) == Owner()


def test_saving_under_a_lock_keeps_it(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    with ProjectLock().acquire(file):
        for _ in range(2):
            save_project(town(), file, overwrite=True)
            with pytest.raises(CityError):
                ProjectLock().acquire(file)


def test_where_nothing_can_be_written_there_is_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = ProjectLock().acquire(tmp_path / "gone" / "p.gpkg")
    assert not lock.held
    lock.release()
    assert list(tmp_path.iterdir()) == []

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("filelock.FileLock.acquire", refuse)
    assert not ProjectLock().acquire(tmp_path / "p.gpkg").held
