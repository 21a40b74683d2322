"""Models are placed, moved, linked and removed by commands that can be undone exactly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.content import content_hash
from layers.errors import CityError
from layers.files.journal import Journal
from layers.files.project_file import load_project, save_project
from layers.files.project_pack import unpack, write_pack
from layers.history import History
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.model_library import Library
from layers.kinds.models import KIND, Links, Models, hidden_buildings, models_of
from layers.model_edits import (
    add_model,
    change_models,
    link_buildings,
    link_these,
    place_more,
    placed_on_points,
    remove_models,
    set_axes,
    unlink_buildings,
)
from layers.planning.model_links import buildings_under, footprints
from layers.project import Project
from layers.shapes import Shapes
from tests.models import EAST, NORTH, corners, layer_of, project, textured, wedge


def city(*more: object) -> tuple[Project, Layer, Layer]:
    """A project with four houses of 8 m on a grid of 50 m and a wedge on the first."""
    made = project()
    boxes = [
        shapely.box(EAST + x, NORTH + y, EAST + x + 8, NORTH + y + 8)
        for x in (0, 50)
        for y in (0, 50)
    ]
    houses = Layer("buildings", "Houses", Buildings.blocks(Shapes.from_shapely(boxes), 9.0))
    made.insert_layer(houses)
    models = layer_of(wedge(), textured())
    made.insert_layer(models)
    return made, houses, models


def state(made: Project) -> list[str]:
    return [content_hash(layer.data) for layer in made.layers]


def test_every_command_can_be_undone_exactly() -> None:
    made, houses, models = city()
    commands = [
        place_more(made, models.id, [(EAST + 50, NORTH, 0.0)], "textured", turn=30)[0],
        change_models(made, models.id, [1], place=(EAST + 9, NORTH + 9), turn_by=15, scale_by=2),
        set_axes(made, models.id, "wedge", up="y", unit=0.1),
        add_model(made, models.id, wedge("another")),
        link_buildings(made, models.id),
        link_these(made, models.id, 1, [(houses.id, 4)]),
        unlink_buildings(made, models.id),
        remove_models(made, models.id, [1]),
    ]
    for command in commands:
        history = History(made)
        before = state(made)
        history.run(command)
        history.undo()
        assert state(made) == before, command.label.key


def test_placing_more_keeps_what_there_is_and_never_gives_a_number_twice() -> None:
    made, _, models = city()
    command, ids = place_more(made, models.id, [(EAST, NORTH, 0), (EAST + 1, NORTH, 0)], "textured")
    command.do(made)
    data = models_of(models)
    assert ids.tolist() == [2, 3]
    assert data.ids.tolist() == [1, 2, 3]
    assert data.model.tolist() == [0, 1, 1]
    assert data.column("name").to_pylist() == ["wedge", "textured", "textured"]
    with pytest.raises(CityError, match="no model 'oak'"):
        place_more(made, models.id, [(0, 0, 0)], "oak")


def test_a_linked_building_is_hidden_until_the_model_goes_or_is_hidden() -> None:
    made, houses, models = city()
    link_buildings(made, models.id).do(made)
    assert hidden_buildings(made.layers, houses.id).tolist() == [1]
    models.visible = False
    assert hidden_buildings(made.layers, houses.id).tolist() == []
    models.visible = True
    remove_models(made, models.id, [1]).do(made)
    assert hidden_buildings(made.layers, houses.id).tolist() == []


def test_links_follow_a_model_that_is_moved() -> None:
    made, houses, models = city()
    link_buildings(made, models.id).do(made)
    change_models(made, models.id, [1], place=(EAST + 50, NORTH)).do(made)
    assert hidden_buildings(made.layers, houses.id).tolist() == [3]
    change_models(made, models.id, [1], place=(EAST + 500, NORTH)).do(made)
    assert hidden_buildings(made.layers, houses.id).tolist() == []


def test_a_model_beside_a_building_hides_nothing() -> None:
    made, _, models = city()
    change_models(made, models.id, [1], place=(EAST + 8.1, NORTH + 0.0)).do(made)
    assert buildings_under(made, models_of(models)) == []


def test_on_the_ground_or_absolute_the_model_stays_where_it_is() -> None:
    made, _, models = city()
    before = corners(models)
    change_models(made, models.id, [1], on_ground=False).do(made)
    assert not models_of(models).on_ground.any()
    assert np.abs(corners(models) - before).max() < 1e-9


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 360), st.floats(0.1, 10), st.floats(-1e6, 1e6), st.floats(0, 5e6))
def test_footprints_and_extents_hold_all_corners(
    turn: float, scale: float, east: float, north: float
) -> None:
    layer = layer_of(wedge(), places=[(east, north, 0.0)], turn=turn, scale=scale)
    points = corners(layer)
    west, south, right, top = layer.data.extent() or (0, 0, 0, 0)
    slack = 1e-6 * max(abs(east), abs(north), 1.0)
    assert west - slack <= points[:, 0].min()
    assert points[:, 0].max() <= right + slack
    assert south - slack <= points[:, 1].min()
    assert points[:, 1].max() <= top + slack
    shadow = footprints(models_of(layer))[0]
    assert shadow.buffer(1e-3).covers(shapely.MultiPoint(points[:, :2]))


def test_saving_opening_packing_and_recovering_keep_models_bit_by_bit(tmp_path: Path) -> None:
    made, houses, models = city()
    place_more(made, models.id, [(EAST + 50, NORTH, 3.0)], "textured", turn=30, on_ground=False)[
        0
    ].do(made)
    link_buildings(made, models.id).do(made)
    wanted = state(made)
    path = tmp_path / "a.gpkg"
    save_project(made, path)
    again = load_project(path)
    assert state(again) == wanted
    data = models_of(again.layers[1])
    assert data.library.models[1].textures[0].data.tobytes()[:4] == b"\x89PNG"
    assert (
        data.links.hidden(houses.id).tolist() == models_of(models).links.hidden(houses.id).tolist()
    )
    write_pack(again, tmp_path / "a.zip")
    assert state(load_project(unpack(tmp_path / "a.zip", tmp_path / "out"))) == wanted
    journal = Journal.open(path)
    change_models(again, again.layers[1].id, [1], turn=77.0).do(again)
    journal.record(again)
    journal.close()
    recovery = Journal.recoverable(path)
    assert recovery is not None
    assert state(recovery.restore()) == state(again)
    recovery.discard()


def test_a_gis_may_move_copy_and_spoil_models(tmp_path: Path) -> None:
    import sqlite3

    made, _, _ = city()
    path = tmp_path / "a.gpkg"
    save_project(made, path)
    with sqlite3.connect(path) as con:
        con.execute("INSERT INTO Models (geom, name) SELECT geom, 'copy' FROM Models")
        con.execute("UPDATE Models SET cs_scale = -3, cs_model = 99 WHERE name = 'copy'")
    con.close()
    data = models_of(load_project(path).layers[1])
    assert len(data) == 2
    assert data.scale.tolist() == [1.0, 1.0]
    assert data.model.tolist() == [0, 0]
    assert data.on_ground.all()


def test_models_stand_on_the_points_of_a_layer_by_its_fields() -> None:
    points = Features.of(
        Shapes.from_shapely([shapely.Point(EAST + i, NORTH) for i in range(4)]),
        pa.table(
            {
                "kind": ["wedge", "Textured", "palm", None],
                "bearing": [10.0, None, 30.0, 40.0],
                "tall": [60.0, 15.0, -1.0, None],
            }
        ),
    )
    data, unknown = placed_on_points(
        points, Library((wedge(), textured())), model_field="kind", turn_field="bearing",
        height_field="tall",
    )  # fmt: skip
    assert unknown == 2
    assert data.model.tolist() == [0, 1, 0, 0]
    assert data.turn.tolist() == [10.0, 0.0, 30.0, 40.0]
    assert data.scale.tolist() == [2.0, 0.5, 1.0, 1.0]
    assert data.attributes.column_names == ["kind", "bearing", "tall"]


def test_a_texture_shared_by_models_is_kept_once() -> None:
    one, two = textured("a"), textured("b")
    packed = Library((one, two)).pack()
    assert len(packed.arrays["library.textures"]) == len(one.textures[0].data)
    back = Library.unpack(packed)
    assert back.keys == ("a", "b")
    assert back.models[1].textures[0].data.tobytes() == two.textures[0].data.tobytes()


def test_impossible_columns_are_refused() -> None:
    with pytest.raises(CityError, match="positive scale"):
        Models.placed(Library((wedge(),)), [(0, 0, 0)], scale=0.0)
    with pytest.raises(CityError, match="Two models"):
        Library((wedge(), wedge()))
    with pytest.raises(CityError, match="holds no models"):
        models_of(Layer("places", "P", Features.of(Shapes.from_shapely([shapely.Point(0, 0)]))))
    assert Links.of([(1, "a", 2), (1, "a", 2)]).triples() == [(1, "a", 2)]
    assert KIND.key == "models"
