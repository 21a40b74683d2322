"""What was written as 3D Tiles is read back to where it stood, building by building."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import cKDTree

from layers.files.city_choice import choose
from layers.files.model_tiles import import_tileset
from layers.files.options import ImportOptions
from layers.frame import Frame
from layers.kinds.models import Models
from layers.project import Project
from layers.shapes import Floats
from scene.exports import tile_tree, tiles3d
from scene.exports.tiles3d import write_tiles3d
from tests.models import EAST, NORTH, layer_of, textured, wedge
from tests.models import corners as model_corners
from tests.models import project as project_of_models
from tests.scene.cities import SOUTH, WEST, city, project_with


def corners(project: Project) -> Floats:
    """Give the corners of all buildings, at their feet and at their tops."""
    (layer,) = project.layers
    data = choose(project).buildings[0]
    shapes = layer.features.shapes
    owner = np.repeat(np.arange(len(shapes)), np.diff(shapes.first_coord))
    low = data.base + data.data.min_height
    high = data.base + data.data.height
    return np.vstack(
        [np.column_stack([shapes.coords, level[owner]]) for level in (low, high)]
    )  # fmt: skip


def placed(data: Models) -> Floats:
    """Give all points of models where they stand."""
    return np.concatenate(
        [
            data.library.models[model].points.astype(np.float64) + place
            for model, place in zip(data.model, data.places, strict=True)
        ]
    )


@pytest.mark.parametrize(
    ("crs", "east", "north"),
    [("EPSG:4547", WEST, SOUTH), ("EPSG:32618", 583e3, 4507e3), ("EPSG:28992", 85e3, 446e3)],
)  # fmt: skip
def test_tiles_come_back_within_a_centimetre(
    tmp_path: Path, crs: str, east: float, north: float
) -> None:
    data = city(1800)
    data = replace(
        data,
        shapes=data.shapes.moved(east - WEST, north - SOUTH),
        base=np.linspace(-3.0, 60.0, 1800),
        min_height=np.where(np.arange(1800) % 7 == 0, 4.0, 0.0),
    )
    _, layer = project_with(data)
    project = Project(Frame(crs, (east, north)))
    project.insert_layer(layer)
    write_tiles3d(project.need_frame(), choose(project), tmp_path / "t", height_offset=0.0)
    again = Project(Frame(crs, (east, north)))
    back, _, report = import_tileset(again, tmp_path / "t" / "tileset.json", ImportOptions())
    assert report.kept == len(list((tmp_path / "t" / "content").iterdir()))
    assert isinstance(back.data, Models)
    truth, found = corners(project), placed(back.data)
    assert np.max(cKDTree(found).query(truth)[0]) < 0.01  # every corner is there
    assert np.max(cKDTree(truth).query(found)[0]) < 0.01  # and nothing else


def test_instances_of_tiles_are_read_back_where_they_stood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 50
    random = np.random.default_rng(2)
    plan = random.uniform(0, 900, (count, 2)) + np.array([EAST, NORTH])
    layer = layer_of(
        textured(),
        wedge(),
        places=np.column_stack([plan, random.uniform(0, 30, count)]),
        model=(np.arange(count) == 3).astype(int),
        turn=random.uniform(0, 360, count),
        scale=random.uniform(0.5, 2.0, count),
        on_ground=False,
    )
    made = project_of_models()
    made.insert_layer(layer)
    small = partial(tile_tree.quadtree, most=20)  # several tiles that share a file
    monkeypatch.setattr(tiles3d, "quadtree", small)
    write_tiles3d(made.need_frame(), choose(made), tmp_path / "t", height_offset=0.0)
    assert len(list((tmp_path / "t" / "content" / "models").iterdir())) == 2
    back, _, _ = import_tileset(
        project_of_models(), tmp_path / "t" / "tileset.json", ImportOptions()
    )
    assert isinstance(back.data, Models)
    truth = np.concatenate([model_corners(layer, row) for row in range(count)])
    found = placed(back.data)
    assert np.max(cKDTree(found).query(truth)[0]) < 0.01
    assert np.max(cKDTree(truth).query(found)[0]) < 0.01
    assert any(model.textures for model in back.data.library.models)
