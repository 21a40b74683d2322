"""Trees of exported files are those of the window: form, height, crown, turn, colour."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from layers.files.city_choice import choose
from layers.files.cityjson_export import write_cityjson
from layers.kinds.base import Features, Layer
from layers.project import Project
from layers.shapes import Shapes
from layers.style import Style
from scene.exports.glb import write_glb
from scene.exports.tiles3d import write_tiles3d
from scene.exports.trees import trees_of
from scene.tree_models import model_of
from scene.trees import copies
from tests.models import EAST, NORTH, project
from tests.scene.exports.test_models_out import File, apart, on_earth

MAKERS = {"trees": trees_of}


def grove() -> tuple[Project, Layer]:
    """A pine, a lime and a shrub of known sizes, and an area that is no tree."""
    points = [shapely.Point(EAST + 20 * i, NORTH + 5 * i) for i in range(3)]
    fields = pa.table(
        {"species": ["Masson pine", "Lime", "灌木", None], "height": [12.0, 9.0, 1.5, None],
         "crown": [4.0, 7.5, 2.0, None]}
    )  # fmt: skip
    shapes = Shapes.from_shapely([*points, shapely.box(EAST, NORTH, EAST + 5, NORTH + 5)])
    layer = Layer("trees", "Grove", Features.of(shapes, fields), style=Style(built=True))
    made = project()
    made.insert_layer(layer)
    return made, layer


def drawn(row: int, form: int, height: float, crown: float) -> np.ndarray:
    """Give the points of a tree as the window draws it, project coordinates."""
    feet = np.array([[EAST + 20 * row, NORTH + 5 * row, 0.0]])
    return copies(model_of(form, True), feet, np.array([[height, crown]]))


SEEN = ((0, 1, 12.0, 4.0), (1, 0, 9.0, 7.5), (2, 3, 1.5, 2.0))


def test_trees_of_a_glb_have_the_points_that_the_window_draws(tmp_path: Path) -> None:
    made, _ = grove()
    chosen = choose(made, makers=MAKERS)
    written = write_glb(made.need_frame(), chosen, tmp_path / "a.glb")
    assert (written.objects, written.models, written.trees) == (0, 0, 3)
    opened = File(tmp_path / "a.glb")
    origin = opened.document["asset"]["extras"]["origin"]
    for seen, node in zip(SEEN, opened.document["nodes"], strict=True):
        size, turn = np.array(node["scale"]), node.get("rotation", [0, 0, 0, 1])
        mesh = opened.document["meshes"][node["mesh"]]["primitives"][0]
        points = opened.accessor(mesh["attributes"]["POSITION"]).astype(float) * size
        c, s = 1 - 2 * turn[1] ** 2, 2 * turn[1] * turn[3]
        x, z = points[:, 0] * c + points[:, 2] * s, points[:, 2] * c - points[:, 0] * s
        placed = np.column_stack([x, -z, points[:, 1]])
        at = np.array(node["translation"])
        placed += np.array([at[0], -at[2], at[1]]) + origin
        assert apart(placed, drawn(*seen)) < 0.002
    assert [node["extras"]["species"] for node in opened.document["nodes"]][2] == "灌木"


def test_trees_of_tiles_and_of_cityjson_stand_at_their_place(tmp_path: Path) -> None:
    made, layer = grove()
    chosen = choose(made, makers=MAKERS)
    tiles = write_tiles3d(made.need_frame(), chosen, tmp_path / "t")
    assert tiles.trees == 3
    found = on_earth(tmp_path / "t")
    assert sorted(found) == layer.features.ids[:3].tolist()
    for seen, number in zip(SEEN, sorted(found), strict=True):
        tall = np.ptp(np.linalg.norm(found[number], axis=1))
        assert abs(tall - np.ptp(drawn(*seen)[:, 2])) < 0.01
    written = write_cityjson(made.need_frame(), chosen, tmp_path / "a.city.json")
    assert written.trees == 3
    document = json.loads((tmp_path / "a.city.json").read_text(encoding="utf-8"))
    kinds = {thing["type"] for thing in document["CityObjects"].values()}
    assert kinds == {"SolitaryVegetationObject"}
    shared = np.array(document["geometry-templates"]["vertices-templates"])
    transform = document["transform"]
    for seen, thing in zip(SEEN, document["CityObjects"].values(), strict=True):
        (geometry,) = thing["geometry"]
        form = document["geometry-templates"]["templates"][geometry["template"]]
        used = np.unique(np.array(form["boundaries"]).reshape(-1))
        matrix = np.array(geometry["transformationMatrix"]).reshape(4, 4)
        anchor = np.array(document["vertices"][geometry["boundaries"][0]]) * transform["scale"]
        points = shared[used] @ matrix[:3, :3].T + anchor + transform["translate"]
        assert apart(points, drawn(*seen)) < 0.005
        assert len(form["material"]["citystage"]["values"]) == len(form["boundaries"])
    assert len(document["appearance"]["materials"]) > 3


def test_without_a_maker_trees_are_told_as_left_out_and_a_condition_chooses_them() -> None:
    made, layer = grove()
    (one,) = choose(made, where="height > 5", makers=MAKERS).models
    assert one.data.ids[one.rows].tolist() == layer.features.ids[:2].tolist()
    assert one.kind == "trees"
