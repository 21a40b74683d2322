"""Instances of EXT_mesh_gpu_instancing as ordinary nodes, for a reader that does not know them.

References
----------
.. [1] "EXT_mesh_gpu_instancing", glTF vendor extension: a node's mesh is drawn at
   ``TRANSLATION``, ``ROTATION`` and ``SCALE`` of each instance, below the node's own transform.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

NAME = "EXT_mesh_gpu_instancing"
_WIDE = {"TRANSLATION": 3, "ROTATION": 4, "SCALE": 3}
_KINDS = {5120: np.int8, 5122: np.int16, 5126: np.float32}
_WHOLE = {5120: 127.0, 5122: 32767.0, 5126: 1.0}  # what means 1


def spread(data: bytes, kind: str, companions: Mapping[str, bytes]) -> bytes:
    """Give a GLB or glTF file whose instances are nodes; the same bytes where it has none.

    Parameters
    ----------
    data : bytes
        The file.
    kind : str
        ``"glb"`` or ``"gltf"``.
    companions : mapping of str to bytes
        Files beside it, by their names.

    Raises
    ------
    ValueError, KeyError, IndexError
        Where the file does not hold what it names.
    """
    if NAME.encode() not in data:
        return data
    text, binary = data, b""
    if kind == "glb":
        size = struct.unpack_from("<I", data, 12)[0]
        text, binary = data[20 : 20 + size], data[28 + size :]
    document = json.loads(text)
    found = _Arrays(document, binary, companions)
    for node in list(document.get("nodes", ())):
        told = node.get("extensions", {}).pop(NAME, None)
        if told is None or "mesh" not in node:
            continue
        given = {key: found.numbers(told["attributes"][key], key)
                 for key in _WIDE if key in told["attributes"]}  # fmt: skip
        mesh = node.pop("mesh")
        first = len(document["nodes"])
        count = max((len(values) for values in given.values()), default=0)
        document["nodes"] += [
            {"mesh": mesh} | {key.lower(): values[i].tolist() for key, values in given.items()}
            for i in range(count)
        ]
        node["children"] = [*node.get("children", ()), *range(first, first + count)]
    for key in ("extensionsUsed", "extensionsRequired"):
        if key in document:
            document[key] = [name for name in document[key] if name != NAME]
    out = json.dumps(document).encode()
    if kind != "glb":
        return out
    out += b" " * (-len(out) % 4)
    parts = struct.pack("<I4s", len(out), b"JSON") + out
    if binary:
        parts += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(parts)) + parts


class _Arrays:
    """The accessors of a document that instances use."""

    def __init__(
        self, document: dict[str, Any], binary: bytes, beside: Mapping[str, bytes]
    ) -> None:
        self._document, self._binary, self._beside = document, binary, beside

    def numbers(self, number: int, name: str) -> NDArray[np.float64]:
        """Give the values of an accessor, (n, 3) or (n, 4)."""
        about = self._document["accessors"][number]
        view = self._document["bufferViews"][about["bufferView"]]
        kind, wide = np.dtype(_KINDS[about["componentType"]]), _WIDE[name]
        start = view.get("byteOffset", 0) + about.get("byteOffset", 0)
        step = view.get("byteStride", kind.itemsize * wide)
        raw = self._buffer(view["buffer"])
        if len(raw) < start + step * (about["count"] - 1) + kind.itemsize * wide:
            raise ValueError(f"the {name} of instances are cut short")
        rows = np.ndarray((about["count"], wide), kind, raw, start, (step, kind.itemsize))
        return rows.astype(np.float64) / _WHOLE[about["componentType"]]

    def _buffer(self, number: int) -> bytes:
        uri = str(self._document["buffers"][number].get("uri", ""))
        if uri.startswith("data:"):
            return base64.b64decode(uri.split(",", 1)[1])
        return self._beside[uri] if uri else self._binary
