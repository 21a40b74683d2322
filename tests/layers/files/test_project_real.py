"""Real data sets, imported, saved, opened and recovered."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.content import piece_hashes
from layers.files.importing import commands_for, import_file
from layers.files.journal import Journal
from layers.files.options import ImportOptions
from layers.files.project_file import open_project, save_project
from layers.history import History
from layers.project import Project

SETS = (
    "cn-shanghai-bund/shanghaiwaitan.json",
    "li-liechtenstein-osm-dem/liecthenstein-aster-dem-v2-3857.tif",
    "tw-landuse-zoning/F0201.json",
)


def pieces(project: Project) -> list[dict[str, str]]:
    return [piece_hashes(layer.data.pack()) for layer in project.layers]


@pytest.mark.shared
@pytest.mark.parametrize("name", SETS)
def test_real_data_come_back_bit_by_bit(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("CITYSTAGE_STATE", str(tmp_path / "state"))
    found = sorted(shared_data.rglob(Path(name).name))
    project = Project()
    imported = import_file(project, found[0], ImportOptions(layer="*"))
    History(project).run(commands_for(imported))
    with Journal.open(None) as journal:
        journal.record(project)
    recovery = Journal.recoverable(None)
    assert recovery is not None
    assert pieces(recovery.restore()) == pieces(project)
    save_project(project, tmp_path / "p.gpkg")
    opened = open_project(tmp_path / "p.gpkg")
    assert opened.notes == ()
    assert pieces(opened.project) == pieces(project)
    assert [y.source.report for y in opened.project.layers] == [
        y.source.report for y in project.layers
    ]
