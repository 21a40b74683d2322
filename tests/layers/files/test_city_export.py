"""What is written appears whole or not at all."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from layers.errors import Cancelled, CityError
from layers.files.city_export import new_file, new_folder


def stop_half_way(target: AbstractContextManager[Path]) -> None:
    """Write something, then stop."""
    with target as beside:
        (beside / "tileset.json" if beside.is_dir() else beside).write_text("half")
        raise Cancelled


def code_of(action: object, *args: object, **options: object) -> str:
    with pytest.raises(CityError) as caught:
        action(*args, **options)  # type: ignore[operator]
    return caught.value.code


def test_a_stopped_file_leaves_nothing_and_an_old_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.glb"
    with pytest.raises(Cancelled):
        stop_half_way(new_file(path))
    assert list(tmp_path.iterdir()) == []
    path.write_text("old")
    with pytest.raises(CityError) as caught, new_file(path):
        pass
    assert caught.value.code == "export.exists"
    with pytest.raises(Cancelled):
        stop_half_way(new_file(path, overwrite=True))
    assert path.read_text() == "old"
    with new_file(path, overwrite=True) as beside:
        beside.write_text("new")
    assert path.read_text() == "new"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_is_replaced_only_where_it_holds_a_tileset(tmp_path: Path) -> None:
    path = tmp_path / "tiles"
    with pytest.raises(Cancelled):
        stop_half_way(new_folder(path))
    assert list(tmp_path.iterdir()) == []
    path.mkdir()
    with new_folder(path) as beside:  # an empty one is as good as none
        (beside / "tileset.json").write_text("one")
    assert code_of(lambda: new_folder(path).__enter__()) == "export.exists"
    with new_folder(path, overwrite=True) as beside:
        (beside / "tileset.json").write_text("two")
    assert (path / "tileset.json").read_text() == "two"
    assert [entry.name for entry in tmp_path.iterdir()] == ["tiles"]
    own = tmp_path / "photos"
    own.mkdir()
    (own / "holiday.jpg").write_text("dear")
    code = code_of(lambda: new_folder(own, overwrite=True).__enter__())
    assert code == "export.foreign_folder"
    assert code_of(lambda: new_file(tmp_path / "no" / "a.glb").__enter__()) == "export.folder"
