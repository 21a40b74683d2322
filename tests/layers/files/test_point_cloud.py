"""Point clouds come in thinned, coloured by class, in place, and are kept."""

from __future__ import annotations

from pathlib import Path

import laspy
import numpy as np
import pytest

from layers.content import content_hash
from layers.errors import CityError
from layers.files import point_cloud
from layers.files.importing import commands_for, import_file
from layers.files.options import ImportOptions
from layers.files.project_file import load_project, save_project
from layers.kinds.clouds import Cloud
from layers.project import Project
from tests.models import EAST, NORTH, project


def las(path: Path, count: int = 1000) -> Path:
    header = laspy.LasHeader(point_format=3, version="1.2")
    header.offsets, header.scales = [EAST, NORTH, 0.0], [0.001, 0.001, 0.001]
    made = laspy.LasData(header)
    steps = np.arange(count)
    made.x, made.y, made.z = EAST + steps * 0.1, NORTH + steps * 0.2, steps * 0.01
    made.classification = np.where(steps % 2, 2, 6).astype(np.uint8)
    made.write(str(path))
    return path


def test_points_lie_where_the_file_says_in_the_colours_of_their_classes(tmp_path: Path) -> None:
    made = project()
    commands_for(import_file(made, las(tmp_path / "a.laz"))).do(made)
    data = made.layers[0].data
    assert isinstance(data, Cloud)
    places = data.points.astype(np.float64) + np.array(data.origin)
    order = np.argsort(places[:, 0])
    steps = np.arange(1000)
    wanted = np.column_stack([EAST + steps * 0.1, NORTH + steps * 0.2, steps * 0.01])
    assert np.abs(places[order] - wanted).max() < 1e-3
    assert len(np.unique(data.colours, axis=0)) == 2


def test_more_points_than_the_budget_are_thinned_evenly_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(point_cloud, "BUDGET", 400)
    imported = import_file(project(), las(tmp_path / "a.las", 4000))
    data = imported.layers[0].data
    assert isinstance(data, Cloud)
    assert 250 < len(data) < 550
    assert data.total == 4000
    assert "cloud_thinned" in {note.key for note in imported.reports[0].messages}


def test_a_cloud_is_kept_in_the_project_bit_by_bit(tmp_path: Path) -> None:
    made = project()
    commands_for(import_file(made, las(tmp_path / "a.las"))).do(made)
    save_project(made, tmp_path / "p.gpkg")
    again = load_project(tmp_path / "p.gpkg")
    assert content_hash(again.layers[0].data) == content_hash(made.layers[0].data)


def test_a_cut_or_empty_cloud_is_told(tmp_path: Path) -> None:
    whole = las(tmp_path / "a.laz").read_bytes()
    (tmp_path / "cut.laz").write_bytes(whole[:300])
    las(tmp_path / "none.las", 0)
    for name, code in (("cut.laz", "cloud.unreadable"), ("none.las", "cloud.empty")):
        with pytest.raises(CityError) as caught:
            import_file(project(), tmp_path / name)
        assert caught.value.code == code


@pytest.mark.shared
def test_delfts_scan_lies_in_delft(shared_data: Path) -> None:
    path = shared_data / "nl-delft-3dfier" / "ahn3" / "ahn3_cropped_1.laz"
    made = Project()
    commands_for(import_file(made, path, ImportOptions(crs="EPSG:28992"))).do(made)
    data = made.layers[0].data
    assert isinstance(data, Cloud)
    assert len(data) == data.total == 640_510
    west, south, east, north = data.extent() or (0, 0, 0, 0)
    assert 84_800 < west < east < 85_001
    assert 447_400 < south < north < 447_650
