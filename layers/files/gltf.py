"""Binary glTF (GLB) files, written piece by piece: what was handed over is on the disk.

References
----------
.. [1] Khronos Group, "glTF 2.0 Specification", 2021, sections 3.6 (binary data) and 4.4 (GLB).
"""

from __future__ import annotations

import json
import shutil
import struct
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

ARRAY_BUFFER, ELEMENT_ARRAY_BUFFER = 34962, 34963
_COMPONENT = {"int8": 5120, "uint8": 5121, "int16": 5122, "uint16": 5123, "uint32": 5125,
              "float32": 5126}  # fmt: skip
_TYPE = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}
IN_MEMORY = 32 << 20  # bytes of buffer kept in memory; beyond it they go to a temporary file
LARGEST = (1 << 32) - 1  # bytes a GLB can have: its length is a 32-bit number


class GlbWriter:
    """Collects buffers, accessors and the rest of one GLB file; use it in a ``with`` statement.

    Attributes
    ----------
    document : dict
        The JSON part; whoever writes adds nodes, meshes and materials to it.
    """

    def __init__(self, generator: str) -> None:
        self.document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": generator},
            "scene": 0,
            "scenes": [{"nodes": []}],
            "nodes": [],
            "meshes": [],
            "materials": [],
            "accessors": [],
            "bufferViews": [],
        }
        self._buffer = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - see close
        self._length = 0

    def __enter__(self) -> GlbWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._buffer.close()

    @property
    def length(self) -> int:
        """Bytes of the buffer so far."""
        return self._length

    def use(self, *extensions: str) -> None:
        """Note that extensions are used."""
        known = self.document.setdefault("extensionsUsed", [])
        known += [name for name in extensions if name not in known]

    def view(self, array: NDArray[Any], target: int | None = None) -> int:
        """Write an array as a view of its own, at a multiple of 8 bytes; gives its number."""
        raw = np.ascontiguousarray(array).tobytes() or b"\0"
        entry: dict[str, Any] = {
            "buffer": 0, "byteOffset": self._length, "byteLength": len(raw),
        }  # fmt: skip
        if target is not None:
            entry["target"] = target
        self._buffer.write(raw)
        padding = -len(raw) % 8
        self._buffer.write(b"\0" * padding)
        self._length += len(raw) + padding
        views: list[dict[str, Any]] = self.document["bufferViews"]
        views.append(entry)
        return len(views) - 1

    def accessor(
        self,
        array: NDArray[Any],
        target: int = ARRAY_BUFFER,
        *,
        bounds: bool = False,
        normalized: bool = False,
    ) -> int:
        """Write an array of numbers or vectors; gives the accessor's number.

        Parameters
        ----------
        array : (n,) or (n, k) ndarray
            Of a component type that glTF has; rows of 4 or a multiple of 4 bytes.
        target : int
            ``ARRAY_BUFFER`` or ``ELEMENT_ARRAY_BUFFER``.
        bounds : bool
            Whether to say the smallest and greatest values, as positions must.
        normalized : bool
            Whether whole numbers mean 0 to 1.
        """
        width = 1 if array.ndim == 1 else array.shape[1]
        entry: dict[str, Any] = {
            "bufferView": self.view(array, target),
            "componentType": _COMPONENT[array.dtype.name],
            "count": len(array),
            "type": _TYPE[width],
        }
        if normalized:
            entry["normalized"] = True
        if bounds:
            rows = array.reshape(len(array), width)
            entry["min"] = [float(v) for v in rows.min(axis=0)]
            entry["max"] = [float(v) for v in rows.max(axis=0)]
        accessors: list[dict[str, Any]] = self.document["accessors"]
        accessors.append(entry)
        return len(accessors) - 1

    def material(
        self, name: str, colour: tuple[float, float, float], opacity: float, *, two_sided: bool
    ) -> int:
        """Add a matt material; `colour` is linear, 0 to 1. Gives its number."""
        entry: dict[str, Any] = {
            "name": name,
            "pbrMetallicRoughness": {
                "baseColorFactor": [*(round(c, 5) for c in colour), round(opacity, 4)],
                "metallicFactor": 0.0,
                "roughnessFactor": 1.0,
            },
        }
        if opacity < 1.0:
            entry["alphaMode"] = "BLEND"
        if two_sided:
            entry["doubleSided"] = True
        materials: list[dict[str, Any]] = self.document["materials"]
        if entry in materials:
            return materials.index(entry)
        materials.append(entry)
        return len(materials) - 1

    def save(self, path: Path) -> int:
        """Write the file; gives its length in bytes."""
        document = {key: value for key, value in self.document.items() if value != []}
        document["buffers"] = [{"byteLength": self._length}]
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        total = 12 + 8 + len(text) + 8 + self._length
        if total > LARGEST:
            raise ValueError("a GLB file ends at 4 GiB")
        with path.open("wb") as file:
            file.write(struct.pack("<4sII", b"glTF", 2, total))
            file.write(struct.pack("<I4s", len(text), b"JSON") + text)
            file.write(struct.pack("<I4s", self._length, b"BIN\0"))
            self._buffer.seek(0)
            shutil.copyfileobj(self._buffer, file, 1 << 20)
        return total


def linear(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Turn colours of a screen (sRGB), (n, 3), into light, 0 to 1.

    >>> linear(np.array([[0, 128, 255]], dtype=np.uint8)).round(3).tolist()
    [[0.0, 0.216, 1.0]]
    """
    share = colours.astype(np.float64) / 255.0
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def read_glb(path: Path) -> tuple[dict[str, Any], memoryview]:
    """Take a GLB file apart into its JSON and its buffer.

    Raises
    ------
    ValueError
        If it is no GLB file, or its lengths do not fit.
    """
    raw = path.read_bytes()
    mark, version, total = struct.unpack_from("<4sII", raw)
    if mark != b"glTF" or version != 2 or total != len(raw):
        raise ValueError(f"{path.name} is no GLB 2 file of its length")
    size, kind = struct.unpack_from("<I4s", raw, 12)
    document = json.loads(raw[20 : 20 + size])
    length, other = struct.unpack_from("<I4s", raw, 20 + size)
    if kind != b"JSON" or other != b"BIN\0" or 28 + size + length != total:
        raise ValueError(f"the chunks of {path.name} do not fit")
    return document, memoryview(raw)[28 + size :]
