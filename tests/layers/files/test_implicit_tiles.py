"""Trees of 3D Tiles that are not written out."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from layers.errors import CityError
from layers.files.implicit_tiles import rule_of
from layers.files.model_tiles import tiles_of


def bits(*ones: int, size: int) -> bytes:
    flags = np.zeros(size, dtype=np.uint8)
    flags[list(ones)] = 1
    return np.packbits(flags, bitorder="little").tobytes().ljust(8, b"\0")


def subtree(path: Path, tiles: bytes, contents: bytes, below: Any) -> None:
    root = {
        "buffers": [{"byteLength": 16}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 8},
            {"buffer": 0, "byteOffset": 8, "byteLength": 8},
        ],
        "tileAvailability": {"bitstream": 0},
        "contentAvailability": [{"bitstream": 1}],
        "childSubtreeAvailability": {"constant": below},
    }
    text = json.dumps(root).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<4sIQQ", b"subt", 1, len(text), 16) + text + tiles + contents)


def tileset(folder: Path, scheme: str = "QUADTREE", **more: Any) -> Path:
    rule = {
        "subdivisionScheme": scheme, "subtreeLevels": 2, "availableLevels": 4,
        "subtrees": {"uri": "sub/{level}/{x}/{y}.subtree"},
    }  # fmt: skip
    root = {"geometricError": 9, "content": {"uri": "c/{level}_{x}_{y}.glb"}, **more}
    if "extensions" not in more:
        root["implicitTiling"] = rule
    else:
        root["extensions"] = {"3DTILES_implicit_tiling": rule}
    path = folder / "tileset.json"
    path.write_text(json.dumps({"asset": {"version": "1.1"}, "geometricError": 9, "root": root}))
    return path


def names(path: Path) -> list[str]:
    return sorted(tile.path.name for tile in tiles_of(path))


@pytest.mark.parametrize("more", [{}, {"extensions": True}])
def test_the_finest_tiles_with_content_are_found(tmp_path: Path, more: dict[str, Any]) -> None:
    # the root, its children 0 (x=0 y=0) and 3 (x=1 y=1); content in all three
    every = bits(0, 1, 4, size=5)
    subtree(tmp_path / "sub/0/0/0.subtree", every, every, 0)
    assert names(tileset(tmp_path, **more)) == ["1_0_0.glb", "1_1_1.glb"]
    assert len(names(tileset(tmp_path, refine="ADD", **more))) == 3


def test_subtrees_below_are_followed(tmp_path: Path) -> None:
    every = bits(0, 2, size=5)  # the root and its child 1 (x=1 y=0)
    subtree(tmp_path / "sub/0/0/0.subtree", every, every, 1)
    for x, y in ((2, 0), (3, 0), (2, 1), (3, 1)):
        alone = bits(0, size=5)
        subtree(tmp_path / f"sub/2/{x}/{y}.subtree", alone, alone, 0)
    assert names(tileset(tmp_path)) == ["2_2_0.glb", "2_2_1.glb", "2_3_0.glb", "2_3_1.glb"]


def test_a_missing_subtree_is_told(tmp_path: Path) -> None:
    with pytest.raises(CityError, match="list of tiles"):
        names(tileset(tmp_path))
    assert rule_of({"children": []}) is None
