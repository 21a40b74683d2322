"""3D Tiles come in at their finest level and stand where their matrices put them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer

from layers.errors import CityError
from layers.files.importing import commands_for, import_file
from layers.files.model_tiles import is_tileset, tiles_of
from layers.files.options import ImportOptions
from layers.kinds.models import models_of
from layers.project import Project
from tests.models import EAST, NORTH, WEDGE, corners, glb, project

Y_UP = np.column_stack([WEDGE[:, 0], WEDGE[:, 2], -WEDGE[:, 1]])


def tileset(folder: Path, root: dict[str, object]) -> Path:
    path = folder / "tileset.json"
    path.write_text(
        json.dumps({"asset": {"version": "1.0"}, "geometricError": 500, "root": root}),
        encoding="utf-8",
    )
    return path


def moved(east: float, north: float, height: float) -> list[float]:
    return [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, east, north, height, 1]


def test_matrices_add_up_and_coarse_tiles_are_left_out(tmp_path: Path) -> None:
    for name in ("coarse", "fine", "more"):
        glb(tmp_path / f"{name}.glb", Y_UP)
    path = tileset(
        tmp_path,
        {
            "geometricError": 500, "refine": "ADD", "transform": moved(EAST, NORTH, 10),
            "children": [
                {
                    "geometricError": 20, "refine": "REPLACE", "content": {"uri": "coarse.glb"},
                    "children": [{"geometricError": 1, "content": {"uri": "fine.glb"}}],
                },
                {
                    "geometricError": 1, "transform": moved(100, 0, 0),
                    "content": {"url": "more.glb"},
                },
            ],
        },
    )  # fmt: skip
    assert [tile.path.stem for tile in tiles_of(path)] == ["fine", "more"]
    made = project()
    imported = import_file(made, path)
    commands_for(imported).do(made)
    layer = made.layers[0]
    assert len(models_of(layer)) == 2
    for row, shift in ((0, 0.0), (1, 100.0)):
        wanted = WEDGE + np.array([EAST + shift, NORTH, 10.0])
        assert np.abs(np.sort(corners(layer, row), axis=0) - np.sort(wanted, axis=0)).max() < 1e-3


def test_tiles_around_the_middle_of_the_earth_stand_on_the_map(tmp_path: Path) -> None:
    up = Transformer.from_crs("EPSG:4547", "EPSG:4979", always_xy=True)
    out = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    wanted = WEDGE + np.array([EAST, NORTH, 50.0])
    lon, lat = up.transform(wanted[:, 0], wanted[:, 1])
    centre = np.array(out.transform(lon[0], lat[0], 50.0))
    local = np.column_stack(out.transform(lon, lat, wanted[:, 2])) - centre
    glb(tmp_path / "t.glb", np.column_stack([local[:, 0], local[:, 2], -local[:, 1]]))
    path = tileset(
        tmp_path, {"geometricError": 1, "transform": moved(*centre), "content": {"uri": "t.glb"}}
    )
    made = project()
    imported = import_file(made, path)
    commands_for(imported).do(made)
    assert "model_tiles_geocentric" in {n.key for n in imported.reports[0].messages}
    found = corners(made.layers[0])
    assert np.abs(np.sort(found, axis=0) - np.sort(wanted, axis=0)).max() < 0.002


def test_broken_and_empty_tilesets_are_told(tmp_path: Path) -> None:
    other = tmp_path / "a.json"
    other.write_text('{"type": "FeatureCollection", "features": []}')
    assert not is_tileset(other)
    cases = (
        ({"geometricError": 1, "content": {"uri": "cloud.pnts"}}, "model.tiles_none"),
        ({"geometricError": 1, "content": {"uri": "gone.glb"}}, "model.tiles_missing"),
    )
    for root, code in cases:
        with pytest.raises(CityError) as caught:
            import_file(project(), tileset(tmp_path, root))
        assert caught.value.code == code
    path = tmp_path / "tileset.json"
    path.write_text('{"geometricError": 1, "root": ')
    with pytest.raises(CityError) as caught:
        import_file(project(), path)
    assert caught.value.code == "model.tileset"


@pytest.mark.shared
def test_the_tiles_of_py3dtilers_fill_their_bounding_volumes(shared_data: Path) -> None:
    folder = shared_data / "models-py3dtilers" / "tileset_reader_test_data"
    for name, middle, half in (
        ("white_buildings", (1843097.75, 5174345.75, 177.4), (29.125, 25.25, 10.0)),
        ("textured_cube", (1843397.0, 5173891.0, 300.0), (50.0, 50.0, 50.0)),
    ):
        made = Project()
        options = ImportOptions(crs="EPSG:3946")
        commands_for(import_file(made, folder / name / "tileset.json", options)).do(made)
        layer = made.layers[0]
        points = np.concatenate([corners(layer, row) for row in range(len(layer.data))])
        assert np.allclose(points.min(axis=0), np.subtract(middle, half), atol=0.01)
        assert np.allclose(points.max(axis=0), np.add(middle, half), atol=0.01)
