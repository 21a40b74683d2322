"""Instances of glTF files are ordinary nodes to the reader, wherever their numbers lie."""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from layers.errors import CityError
from layers.files.gltf_instances import spread
from layers.files.model_read import read_model


def document(uri: str | None, binary: bytes, **attributes: int) -> dict[str, Any]:
    """A triangle of three corners that is to stand at two places."""
    buffer = {"byteLength": len(binary)} | ({"uri": uri} if uri else {})
    views = [(0, 36), (36, 24), (60, 16), (76, 6)]
    return {
        "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}],
        "extensionsUsed": ["EXT_mesh_gpu_instancing"],
        "extensionsRequired": ["EXT_mesh_gpu_instancing"],
        "nodes": [{"mesh": 0, "translation": [100.0, 0.0, 0.0],
                   "extensions": {"EXT_mesh_gpu_instancing": {"attributes": attributes}}}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 3}]}],
        "buffers": [buffer],
        "bufferViews": [{"buffer": 0, "byteOffset": at, "byteLength": size} for at, size in views],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3",
             "min": [0, 0, 0], "max": [1, 1, 0]},
            {"bufferView": 1, "componentType": 5126, "count": 2, "type": "VEC3"},
            {"bufferView": 2, "componentType": 5122, "count": 2, "type": "VEC4",
             "normalized": True},
            {"bufferView": 3, "componentType": 5123, "count": 3, "type": "SCALAR"},
        ],
    }  # fmt: skip


def numbers() -> bytes:
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], dtype="<f4")
    places = np.array([[10, 0, 0], [0, 20, 0]], dtype="<f4")
    turns = np.array([[0, 0, 0, 32767], [0, 32767, 0, 0]], dtype="<i2")
    return (
        points.tobytes() + places.tobytes() + turns.tobytes() + np.array([0, 1, 2], "<u2").tobytes()
    )


WANTED = {(110, 0, 0), (111, 0, 0), (110, 1, 0), (100, 20, 0), (99, 20, 0), (100, 21, 0)}


def seen(path: Path) -> set[tuple[int, ...]]:
    points = read_model(path).points
    return {tuple(point) for point in np.round(points).astype(int).tolist()}


@pytest.mark.parametrize("where", ["glb", "beside", "inside"])
def test_each_instance_is_placed_and_turned(tmp_path: Path, where: str) -> None:
    binary = numbers()
    if where == "glb":
        text = json.dumps(document(None, binary, TRANSLATION=1, ROTATION=2)).encode()
        text += b" " * (-len(text) % 4)
        padded = binary + b"\0" * (-len(binary) % 4)
        parts = struct.pack("<I4s", len(text), b"JSON") + text
        parts += struct.pack("<I4s", len(padded), b"BIN\0") + padded
        path = tmp_path / "a.glb"
        path.write_bytes(struct.pack("<4sII", b"glTF", 2, 12 + len(parts)) + parts)
    else:
        uri = "data:application/octet-stream;base64," + base64.b64encode(binary).decode()
        if where == "beside":
            uri = "a.bin"
            (tmp_path / "a.bin").write_bytes(binary)
        path = tmp_path / "a.gltf"
        path.write_text(json.dumps(document(uri, binary, TRANSLATION=1, ROTATION=2)))
    assert seen(path) == WANTED


def test_a_file_without_instances_stays_as_it_is() -> None:
    data = b'{"asset": {"version": "2.0"}}'
    assert spread(data, "gltf", {}) is data


def test_instances_that_are_cut_short_are_told(tmp_path: Path) -> None:
    broken = document("a.bin", numbers(), TRANSLATION=1)
    broken["accessors"][1]["count"] = 9
    (tmp_path / "a.bin").write_bytes(numbers())
    (tmp_path / "a.gltf").write_text(json.dumps(broken))
    with pytest.raises(CityError) as caught:
        read_model(tmp_path / "a.gltf")
    assert caught.value.code == "model.unreadable"
    assert "cut short" in caught.value.message
