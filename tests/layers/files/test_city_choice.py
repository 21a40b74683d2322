"""Who is chosen to be written, and who is told to stay behind."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.errors import CityError
from layers.files.city_choice import LeftOut, choose
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


def code_of(action: object, *args: object, **options: object) -> str:
    with pytest.raises(CityError) as caught:
        action(*args, **options)  # type: ignore[operator]
    return caught.value.code


def test_without_names_all_visible_layers_of_buildings_are_chosen() -> None:
    project = town()
    assert [len(one.rows) for one in choose(project).buildings] == [3, 3]
    project.layers[1].visible = False
    assert [one.name for one in choose(project).buildings] == ["Old"]
    assert [one.name for one in choose(project, [project.layers[1]]).buildings] == ["New"]


def test_a_condition_chooses_and_layers_without_its_field_give_nothing() -> None:
    project = town()
    assert [one.rows.tolist() for one in choose(project, where="height > 15").buildings] == [
        [1, 2],
        [1, 2],
    ]
    assert [one.name for one in choose(project, where="use = flat").buildings] == ["Old"]
    assert code_of(choose, project, where="colour = red") == "filter.field"
    assert code_of(choose, project, where="height > 500") == "export.nothing_chosen"


def test_numbers_need_one_layer() -> None:
    project = town()
    assert code_of(choose, project, ids=[1]) == "export.ids_of_several"
    (one,) = choose(project, [project.layers[0]], ids=[3, 1]).buildings
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
    box = choose(town()).extent()
    assert np.allclose(box, [EAST, NORTH, 0.0, EAST + 270, NORTH + 20, 90.0])


def test_what_a_model_stands_for_is_left_out_where_the_model_is_written() -> None:
    project = town()
    stands = layer_of(wedge(), places=((EAST + 5, NORTH + 5, 0.0),))
    project.insert_layer(stands)
    link_buildings(project, stands.id).do(project)
    chosen = choose(project)
    assert [one.rows.tolist() for one in chosen.buildings] == [[1, 2], [0, 1, 2]]
    assert [one.rows.tolist() for one in chosen.models] == [[0]]
    assert LeftOut("Old", "buildings", 1, "under_model") in chosen.left_out
    (named,) = choose(project, [project.layers[0]], ids=[1]).buildings
    assert named.rows.tolist() == [0]
    (alone,) = choose(project, [project.layers[0]]).buildings
    assert alone.rows.tolist() == [0, 1, 2]  # without the model there would be a hole
    stands.visible = False
    chosen = choose(project)
    assert [one.rows.tolist() for one in chosen.buildings] == [[0, 1, 2], [0, 1, 2]]
    assert not chosen.models
    assert LeftOut("Models", "models", 1, "layer_hidden") in chosen.left_out


def test_everything_that_is_seen_and_not_written_is_told_with_its_reason() -> None:
    project = town()
    assert choose(project).left_out == (LeftOut("Lake", "water", 1, "kind_not_written"),)
    project.layers[2].visible = False
    project.layers[1].visible = False
    assert choose(project).left_out == (LeftOut("New", "buildings", 3, "layer_hidden"),)
    chosen = choose(project, where="use = flat")
    assert LeftOut("Old", "buildings", 1, "condition_not_met") in chosen.left_out
    assert choose(project, [project.layers[0]]).left_out == ()


def test_models_are_chosen_by_their_attributes_and_alone() -> None:
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    places = [(EAST, NORTH, 0.0), (EAST + 9, NORTH, 5.0)]
    kinds = pa.table({"kind": ["oak", "lime"]})
    project.insert_layer(layer_of(wedge(), places=places, attributes=kinds, on_ground=False))
    assert not choose(project).buildings
    (one,) = choose(project, where="kind = lime").models
    assert one.rows.tolist() == [1]
    assert choose(project, where="kind = lime").left_out == (
        LeftOut("Models", "models", 1, "condition_not_met"),
    )
    (two,) = choose(project, [project.layers[0]], ids=[1]).models
    assert two.rows.tolist() == [0]
    box = choose(project).extent()
    assert np.allclose(box, [EAST, NORTH, 0.0, EAST + 19, NORTH + 20, 35.0])
    assert code_of(choose, project, where="height > 3") == "filter.field"


def test_roofs_told_by_attributes_are_part_of_what_is_written() -> None:
    project = town()
    layer = project.layers[0]
    data = layer.data
    assert isinstance(data, Buildings)
    roofs = data.attributes.append_column("roof:shape", pa.array(["gabled", "flat", None]))
    layer.data = Buildings.blocks(data.shapes, data.height, roofs)
    one = choose(project).buildings[0]
    assert one.data.surfaces is not None
    assert set(one.data.surfaces.owner.tolist()) == {1}
