"""City models in tiles become one layer."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.layers.files.town import EAST, NORTH, content, heights, keys, refused, taken, told


def tile(path: Path, number: int, crs: str = "4547", **attributes: Any) -> Path:
    corners = [[0, 0, 0], [9, 0, 0], [9, 9, 0], [0, 9, 0]]
    sides = [[[i, (i + 1) % 4, 4 + (i + 1) % 4, 4 + i]] for i in range(4)]
    faces = [[[0, 3, 2, 1]], [[4, 5, 6, 7]], *sides]
    solid = {"type": "Solid", "lod": "1", "boundaries": [faces]}
    objects = {
        f"h{number}": {"type": "Building", "attributes": attributes},
        f"p{number}": {"type": "BuildingPart", "parents": [f"h{number}"], "geometry": [solid]},
    }
    path.write_text(
        json.dumps(
            {
                "type": "CityJSON", "version": "2.0", "CityObjects": objects,
                "transform": {"scale": [1, 1, 1], "translate": [EAST + 20 * number, NORTH, 20]},
                "metadata": {
                    "referenceSystem": f"https://www.opengis.net/def/crs/EPSG/0/{crs}"
                },
                "vertices": corners + [[x, y, 8 + number] for x, y, _ in corners],
            }
        )
    )  # fmt: skip
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_a_folder_of_tiles_is_one_layer_with_parts_and_faces(tmp_path: Path, packed: bool) -> None:
    folder = tmp_path / "滨江"
    folder.mkdir()
    for number in range(3):
        tile(folder / f"{number}_2.city.json", number, storeys=number + 2)
    source = folder
    if packed:
        source = tmp_path / "滨江.zip"
        with zipfile.ZipFile(source, "w") as archive:
            for path in folder.iterdir():
                archive.write(path, f"a/{path.name}")
    made = taken(source)
    assert len(made.layers) == 1
    assert "tiles_joined" in keys(made.reports[0])
    blocks = content(made)
    assert sorted(set(heights(made))) == [8.0, 9.0, 10.0]
    assert blocks.surfaces is not None
    assert len(blocks.surfaces.owner) == 18
    assert blocks.attributes.column("storeys").drop_null().to_pylist() == [2, 3, 4]


def test_tiles_that_cannot_be_read_or_lie_elsewhere_are_told(tmp_path: Path) -> None:
    tile(tmp_path / "1.json", 1)
    tile(tmp_path / "2.json", 2, crs="4548")
    (tmp_path / "3.json").write_text('{"type": "CityJSON", "CityObjects": {')
    report = told(tmp_path)
    note = next(note for note in report.messages if note.key == "files_left_out")
    assert note.facts["count"] == 2
    assert report.kept == 2
    (tmp_path / "1.json").unlink()
    (tmp_path / "2.json").write_text('{"type": "CityJSON", "CityObjects": [')
    assert refused(tmp_path).code == "file.damaged"
