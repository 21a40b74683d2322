"""What was read before comes back equal, and never where anything it depends on has changed."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from shapely import box

from layers import content
from layers.content import content_hash
from layers.errors import Cancelled
from layers.files import importing, kept, project_reader
from layers.files.importing import Imported, commands_for, import_file
from layers.files.kept import finish, identity
from layers.files.options import ImportOptions
from layers.files.project_file import Opened, open_project, save_project
from layers.files.store import Store, default_store, settle_default
from layers.frame import Frame
from layers.history import History
from layers.project import Project


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of this test alone, for files of any size and age."""
    monkeypatch.setenv("CITYSTAGE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(kept, "LEAST", 1)
    monkeypatch.setattr(kept, "YOUNG", 0.0)
    yield default_store()
    finish()


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A small GeoJSON with something to report."""
    n = 40
    shapes = [box(114 + i / 1000, 30, 114 + i / 1000 + 2e-4, 30.0002) for i in range(n)]
    shapes[3] = shapes[2]
    table = {"height": [9.0] * (n - 1) + [None], "名称": ["甲"] * n}
    path = tmp_path / "town.geojson"
    gpd.GeoDataFrame(table, geometry=shapes, crs=4326).to_file(path, driver="GeoJSON")
    return path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was read from files, not out of the store."""
    calls: list[str] = []
    anew: Callable[..., Any] = importing._import_anew
    table: Callable[..., Any] = project_reader._read_content

    def import_anew(*args: Any) -> Any:
        calls.append("import")
        return anew(*args)

    def read_content(*args: Any) -> Any:
        calls.append("layer")
        return table(*args)

    monkeypatch.setattr(importing, "_import_anew", import_anew)
    monkeypatch.setattr(project_reader, "_read_content", read_content)
    return calls


def imported(path: Path, project: Project | None = None, **options: Any) -> Imported:
    made = import_file(project or Project(), path, ImportOptions(**options))
    finish()
    return made


def facts(made: Imported) -> Any:
    content._array_hashes.clear()  # hashes of what is there, not of what was remembered
    content._table_hashes.clear()
    layers = [
        (layer.kind, layer.name, layer.style, content_hash(layer.data), layer.data.extent())
        for layer in made.layers
    ]
    sources = [asdict(layer.source) for layer in made.layers]
    for source in sources:
        source["report"]["seconds"] = 0
    reports = [{**report.to_json(), "seconds": 0} for report in made.reports]
    return layers, sources, reports, made.frame, made.sets_frame


def test_a_second_import_is_equal_and_reads_nothing(town: Path, read: list[str]) -> None:
    first = imported(town, kind="buildings")
    second = imported(town, kind="buildings")
    assert read == ["import"]
    assert facts(second) == facts(first)
    assert second.layers[0].id != first.layers[0].id
    assert second.reports[0].skipped == {"duplicate": 1}


def test_an_import_into_a_project_keeps_its_frame(town: Path, read: list[str]) -> None:
    project = Project(Frame("EPSG:4547", (500_000.0, 3_300_000.0)))
    first, second = imported(town, project), imported(town, project)
    assert read == ["import"]
    assert (first.sets_frame, second.sets_frame) == (False, False)
    assert second.frame is project.frame
    assert facts(second) == facts(first)


def test_other_choices_frames_and_projects_read_again(town: Path, read: list[str]) -> None:
    imported(town, kind="buildings")
    imported(town, kind="districts")
    imported(town, kind="buildings", default_height=12.0)
    imported(town, Project(Frame("EPSG:4547")), kind="buildings")
    project = Project()
    History(project).run(commands_for(imported(town, kind="buildings")))
    read.clear()
    again = imported(town, project, kind="buildings")
    assert read == ["import"]
    assert [note.key for note in again.reports[0].messages][:1] == ["imported_before"]


def test_a_changed_file_is_read_again(town: Path, read: list[str]) -> None:
    imported(town)
    changed = town.stat()
    text = town.read_text().replace("甲", "乙", 1)
    town.write_text(text)
    os.utime(town, ns=(changed.st_atime_ns, changed.st_mtime_ns))  # same size, same date
    second = imported(town)
    assert read == ["import", "import"]
    assert second.layers[0].features.attributes.column("名称")[0].as_py() == "乙"
    town.with_suffix(".prj").write_text("beside it")
    imported(town)
    assert len(read) == 3


def test_small_and_young_files_are_not_kept(
    town: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "LEAST", 10**9)
    imported(town)
    monkeypatch.setattr(kept, "LEAST", 1)
    monkeypatch.setattr(kept, "YOUNG", 10**9)
    imported(town)
    assert store.info().entries == 0


def test_a_folder_of_too_many_files_has_no_identity(tmp_path: Path) -> None:
    for i in range(kept.MOST_FILES + 1):
        (tmp_path / f"{i}.txt").write_text("x")
    assert identity(tmp_path) is None


def test_a_damaged_entry_is_read_again_with_one_message(
    town: Path, store: Store, read: list[str]
) -> None:
    first = imported(town)
    heard: list[str] = []
    store.told.connect(lambda note: heard.append(note.key))
    for path in store.folder.glob("*.entry"):
        path.write_bytes(path.read_bytes()[:-7])
    second = imported(town)
    assert read == ["import", "import"]
    assert heard == ["store_rebuilt"]
    assert facts(second) == facts(first)
    imported(town)
    assert len(read) == 2


def test_content_that_was_evicted_is_read_again(town: Path, store: Store, read: list[str]) -> None:
    made = imported(town)
    store.forget(f"content {content_hash(made.layers[0].data)}")
    assert facts(imported(town)) == facts(made)
    assert read == ["import", "import"]


@pytest.mark.parametrize("when", range(0, 12, 3))
def test_a_stopped_import_leaves_nothing_behind(
    town: Path, store: Store, tmp_path: Path, when: int
) -> None:
    class Stop:
        left = when

        def step(self, *_: object) -> None:
            self.left -= 1
            if self.left < 0:
                raise Cancelled

    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(Cancelled):
        import_file(Project(), town, ImportOptions(kind="buildings"), Stop())
    finish()
    assert store.info().entries == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_full_disk_does_not_touch_the_import(
    town: Path, store: Store, monkeypatch: pytest.MonkeyPatch, read: list[str]
) -> None:
    monkeypatch.setattr(Store, "keep", lambda *_, **__: False)
    first = imported(town)
    assert facts(imported(town)) == facts(first)
    assert read == ["import", "import"]


def saved(town: Path) -> Path:
    project = Project()
    History(project).run(commands_for(imported(town, kind="buildings")))
    path = town.with_name("p.gpkg")
    save_project(project, path)
    finish()
    return path


def state(opened: Opened) -> Any:
    content._array_hashes.clear()
    content._table_hashes.clear()
    layers = [
        (layer.id, layer.kind, layer.name, layer.style, asdict(layer.source))
        for layer in opened.project.layers
    ]
    hashes = [content_hash(layer.data) for layer in opened.project.layers]
    notes = [(note.key, dict(note.facts)) for note in opened.notes]
    return layers, hashes, opened.project.frame, notes


def plainly(path: Path) -> Opened:
    """Open a project without any store."""
    usual = default_store().most_bytes
    settle_default(None, 0)
    try:
        return open_project(path)
    finally:
        settle_default(None, usual)


def test_a_saved_project_opens_out_of_the_store_and_is_equal(town: Path, read: list[str]) -> None:
    path = saved(town)
    read.clear()
    opened = open_project(path)
    assert read == []
    assert state(opened) == state(plainly(path))
    heights = opened.project.layers[0].features.numbers("height")
    assert np.isnan(heights).sum() == 1


def test_a_project_that_was_opened_once_opens_quickly_then(
    town: Path, store: Store, read: list[str]
) -> None:
    path = saved(town)
    store.clear()
    read.clear()
    first = open_project(path)
    finish()
    second = open_project(path)
    assert read == ["layer"]
    assert state(second) == state(first)


def test_an_edit_by_another_program_is_seen_and_told_every_time(
    town: Path, read: list[str]
) -> None:
    path = saved(town)
    with closing(sqlite3.connect(path)) as con:
        con.execute('UPDATE "town" SET cs_height = 33.5 WHERE fid = 1')
        con.execute('UPDATE "town" SET cs_height = -3 WHERE fid = 2')
        con.commit()
    read.clear()
    first = open_project(path)
    finish()
    second = open_project(path)
    assert read == ["layer"]
    assert [note.key for note in second.notes] == ["project_layer_changed"]
    assert state(second) == state(first) == state(plainly(path))
    data: Any = second.project.layers[0].data
    assert data.height[0] == 33.5


def test_a_project_out_of_the_store_is_edited_and_saved_like_any_other(town: Path) -> None:
    path = saved(town)
    opened = open_project(path)
    layer = opened.project.layers[0]
    data: Any = layer.data
    layer.data = data.with_heights(data.ids[:1], 77.0)
    save_project(opened.project, path)
    finish()
    again: Any = open_project(path).project.layers[0].data
    assert again.height[0] == 77.0
    assert state(open_project(path)) == state(plainly(path))


def test_clearing_the_store_under_an_open_project_breaks_nothing(town: Path, store: Store) -> None:
    path = saved(town)
    opened = open_project(path)
    store.clear()
    before = state(opened)
    save_project(opened.project, path.with_name("q.gpkg"))
    assert state(opened)[1] == before[1]
    assert state(open_project(path.with_name("q.gpkg")))[1] == before[1]


def test_writing_waits_for_the_first_picture_unless_the_program_ends(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOMENT", 60.0)
    import_file(Project(), town)
    assert not kept._waiting[-1].done()
    try:
        kept.hurry()
        kept._waiting[-1].result(timeout=30.0)
    finally:
        kept._hurry.clear()
    assert imported(town).layers
