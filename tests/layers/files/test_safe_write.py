from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.errors import CityError
from layers.files import project_writer, safe_write
from layers.files.project_file import load_project, save_project
from layers.files.safe_write import real_target, remove_leftovers, replacing
from tests.layers.files.projects import heights, raise_first, town

ROOT = Path(__file__).parents[3]

KILLS = """
import os, random, select, signal, sys
from pathlib import Path
from layers.errors import CityError
from layers.files.project_file import load_project, save_project
from tests.layers.files.projects import heights, raise_first, town

file, rounds = Path(sys.argv[1]), int(sys.argv[2])
project = town(1500)
save_project(project, file)
random.seed(4)
seen, left = set(), 0
for _ in range(rounds):
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        number = int(heights(project)[0])
        while True:
            number += 1
            raise_first(project, float(number % 500 + 10))
            save_project(project, file, overwrite=True)
            os.write(tell, b".")
    os.read(ready, 1)  # it saves now
    select.select([], [], [], random.uniform(0.0, 0.03))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(ready), os.close(tell)
    left += len(list(file.parent.iterdir())) - 1
    project = load_project(file)
    values = heights(project)
    assert len(values) == 1500 and (values[1:] == 12.0).all()
    seen.add(float(values[0]))
    assert [p.name for p in file.parent.iterdir()] == [file.name], "leftovers stay"
print(len(seen), left)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_a_kill_at_any_moment_leaves_the_old_or_the_new_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLS, str(tmp_path / "p.gpkg"), "30"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    different, leftovers = map(int, done.stdout.split())
    assert different > 5  # it really was saving
    assert leftovers > 5  # and really was killed in the middle of it


@pytest.mark.parametrize("place", ["fsync", "replace"])
@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EACCES, "no_permission"),
        (errno.EROFS, "no_permission"),
        (errno.EIO, "cannot_write"),
    ],
)
def test_a_disk_that_refuses_is_told_and_the_old_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, number: int, code: str
) -> None:
    file = tmp_path / "p.gpkg"
    project = town()
    save_project(project, file)
    before = file.read_bytes()
    raise_first(project, 50.0)

    def refuse(*args: object) -> None:
        raise OSError(number, os.strerror(number))

    if place == "fsync":
        monkeypatch.setattr(os, "fsync", refuse)
    else:
        monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(CityError) as told:
        save_project(project, file)
    assert told.value.code == f"project_file.{code}"
    assert told.value.hint
    assert file.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["p.gpkg"]


def test_a_disk_that_fills_up_while_writing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "p.gpkg"
    save_project(town(), file)
    before = file.read_bytes()
    plain = project_writer.opened_for_writing

    @contextlib.contextmanager
    def small(path: Path) -> Iterator[sqlite3.Connection]:
        with plain(path) as con:
            con.execute("PRAGMA max_page_count=40")  # SQLite itself says: disk is full
            yield con

    monkeypatch.setattr(project_writer, "opened_for_writing", small)
    with pytest.raises(CityError) as told:
        save_project(town(20_000), file, overwrite=True)
    assert told.value.code == "project_file.disk_full"
    assert file.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["p.gpkg"]


def test_a_write_protected_file_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    save_project(town(), file)
    file.chmod(0o444)
    with pytest.raises(CityError) as told:
        save_project(town(), file)
    assert told.value.code == "project_file.read_only"
    assert heights(load_project(file))[0] == 12.0


def test_missing_folders_and_folders_as_files_are_told(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "no" / "p.gpkg", "no_folder"), (tmp_path, "is_folder")):
        with pytest.raises(CityError) as told:
            save_project(town(), path)
        assert told.value.code == f"project_file.{code}"


def test_a_link_stays_a_link_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "p.gpkg", tmp_path / "link.gpkg"
    save_project(town(), real)
    link.symlink_to(real)
    project = load_project(link)
    raise_first(project, 44.0)
    save_project(project, link)
    assert link.is_symlink()
    assert heights(load_project(real))[0] == 44.0
    assert real_target(link) == real.resolve()


def test_the_rights_of_the_old_file_stay(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    project = town()
    save_project(project, file)
    file.chmod(0o640)
    save_project(project, file)
    assert file.stat().st_mode & 0o777 == 0o640


def test_only_leftovers_of_dead_processes_are_removed(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    dead = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    host, short = safe_write._host(), safe_write._short(file.name)
    gone = tmp_path / f".citystage-{short}-{int(dead.stdout)}-00000000@{host}.tmp"
    mine = tmp_path / f".citystage-{short}-{os.getpid()}-00000000@{host}.tmp"
    other_file = tmp_path / f".citystage-11111111-{int(dead.stdout)}-00000000@{host}.tmp"
    far_new = tmp_path / f".citystage-{short}-1-00000000@far-away.tmp"
    far_old = tmp_path / f".citystage-{short}-2-00000000@far-away.tmp"
    others = [mine, other_file, far_new, tmp_path / ".citystage-notes.tmp"]
    for path in (gone, far_old, *others):
        path.touch()
    os.utime(far_old, (1e9, 1e9))
    assert remove_leftovers(file) == 2
    assert sorted(tmp_path.iterdir()) == sorted(others)


def test_a_long_chinese_name_can_be_saved(tmp_path: Path) -> None:
    file = tmp_path / f"{'城' * 80}.gpkg"
    save_project(town(), file)
    assert load_project(file).layers


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path) -> None:
    def interrupted() -> None:
        with replacing(tmp_path / "p.gpkg") as temporary:
            temporary.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []
