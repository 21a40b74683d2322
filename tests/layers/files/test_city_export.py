"""Who is written, and that what is written appears whole or not at all."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.errors import Cancelled, CityError
from layers.files.city_export import choose, extent_of, new_file, new_folder
from layers.frame import Frame
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.model_edits import link_buildings
from layers.project import Project
from layers.shapes import Shapes
from tests.models import layer_of, wedge

EAST, NORTH = 500_000.0, 3_380_000.0


def town() -> Project:
    """Six blocks in two layers, and a lake."""
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    boxes = [shapely.box(EAST + 50 * i, NORTH, EAST + 50 * i + 20, NORTH + 20) for i in range(6)]
    uses = pa.table({"use": ["office", "flat", "flat"]})
    old = Buildings.blocks(Shapes.from_shapely(boxes[:3]), [10.0, 20.0, 90.0], uses)
    new = Buildings.blocks(Shapes.from_shapely(boxes[3:]), [10.0, 20.0, 30.0])
    lake = Features.of(Shapes.from_shapely(boxes[:1]))
    project.insert_layer(Layer("buildings", "Old", old))
    project.insert_layer(Layer("buildings", "New", new))
    project.insert_layer(Layer("water", "Lake", lake))
    return project


def stop_half_way(target: AbstractContextManager[Path]) -> None:
    """Write something, then stop."""
    with target as beside:
        (beside / "tileset.json" if beside.is_dir() else beside).write_text("half")
        raise Cancelled


def code_of(action: object, *args: object, **options: object) -> str:
    with pytest.raises(CityError) as caught:
        action(*args, **options)  # type: ignore[operator]
    return caught.value.code


def test_without_names_all_visible_layers_of_buildings_are_chosen() -> None:
    project = town()
    assert [len(one.rows) for one in choose(project)] == [3, 3]
    project.layers[1].visible = False
    assert [one.name for one in choose(project)] == ["Old"]
    assert [one.name for one in choose(project, [project.layers[1]])] == ["New"]


def test_a_condition_chooses_and_layers_without_its_field_give_nothing() -> None:
    project = town()
    assert [one.rows.tolist() for one in choose(project, where="height > 15")] == [[1, 2], [1, 2]]
    assert [one.name for one in choose(project, where="use = flat")] == ["Old"]
    assert code_of(choose, project, where="colour = red") == "filter.field"
    assert code_of(choose, project, where="height > 500") == "export.nothing_chosen"


def test_numbers_need_one_layer() -> None:
    project = town()
    assert code_of(choose, project, ids=[1]) == "export.ids_of_several"
    (one,) = choose(project, [project.layers[0]], ids=[3, 1])
    assert one.rows.tolist() == [0, 2]
    assert code_of(choose, project, [project.layers[0]], ids=[77]) == "features.no_such_id"


def test_what_cannot_be_written_is_told() -> None:
    project = town()
    assert code_of(choose, Project()) == "project.no_crs"
    assert code_of(choose, project, [project.layers[2]]) == "export.not_buildings"
    for layer in project.layers:
        layer.visible = False
    assert code_of(choose, project) == "export.no_buildings"


def test_the_extent_goes_from_the_lowest_underside_to_the_highest_top() -> None:
    box = extent_of(choose(town()))
    assert np.allclose(box, [EAST, NORTH, 0.0, EAST + 270, NORTH + 20, 90.0])


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


def test_what_a_model_stands_for_is_left_out_unless_it_is_named() -> None:
    project = town()
    stands = layer_of(wedge(), places=((EAST + 5, NORTH + 5, 0.0),))
    project.insert_layer(stands)
    link_buildings(project, stands.id).do(project)
    old = next(one for one in choose(project) if one.name == "Old")
    assert (old.rows.tolist(), old.hidden) == ([1, 2], 1)
    (named,) = choose(project, [project.layers[0]], ids=[1])
    assert (named.rows.tolist(), named.hidden) == ([0], 0)
    stands.visible = False
    old = next(one for one in choose(project) if one.name == "Old")
    assert (old.rows.tolist(), old.hidden) == ([0, 1, 2], 0)
