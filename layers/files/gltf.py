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
_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg"}
IN_MEMORY = 32 << 20  # bytes of buffer kept in memory; beyond it they go to a temporary file
LARGEST = (1 << 32) - 1  # bytes a GLB can have: its length is a 32-bit number


class SharedBuffer:
    """A buffer beside several GLB files that all use it; arrays go into it once.

    Parameters
    ----------
    path : pathlib.Path
        Where it is written.
    uri : str
        How the GLB files name it.

    Attributes
    ----------
    files, length : int
        Files written (buffer and pictures) and their bytes.
    """

    def __init__(self, path: Path, uri: str) -> None:
        self.path, self.uri = path, uri
        self.files, self.length = 1, 0
        self.size = 0  # of the buffer alone
        self._kept: dict[int, tuple[NDArray[Any], int]] = {}
        self._pictures: dict[int, tuple[NDArray[Any], str]] = {}
        path.write_bytes(b"")

    def offset_of(self, array: NDArray[Any]) -> int:
        """Give where an array begins; it is written when it is first asked for."""
        known = self._kept.get(id(array))
        if known is None:
            raw = np.ascontiguousarray(array).tobytes()
            raw += b"\0" * (-len(raw) % 8)
            with self.path.open("ab") as file:
                file.write(raw)
            known = self._kept[id(array)] = array, self.size
            self.size += len(raw)
            self.length += len(raw)
        return known[1]

    def picture(self, data: NDArray[np.uint8]) -> str:
        """Give how a picture is named; it is written beside the buffer when first asked for."""
        known = self._pictures.get(id(data))
        if known is None:
            end = f"-{len(self._pictures)}{_SUFFIXES[picture_type(data)]}"
            self.path.with_name(self.path.stem + end).write_bytes(data.tobytes())
            known = self._pictures[id(data)] = data, self.uri.removesuffix(".bin") + end
            self.files += 1
            self.length += len(data)
        return known[1]


def picture_type(data: NDArray[np.uint8]) -> str:
    """Say what the bytes of a picture are: ``image/png`` or ``image/jpeg``."""
    return "image/jpeg" if data[:2].tobytes() == b"\xff\xd8" else "image/png"


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
            "textures": [],
            "images": [],
            "accessors": [],
            "bufferViews": [],
        }
        self._shared: list[SharedBuffer] = []
        self._pictures: dict[int, int] = {}
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

    def use(self, *extensions: str, needed: bool = False) -> None:
        """Note that extensions are used, and whether nobody can do without."""
        for key in ("extensionsUsed", "extensionsRequired") if needed else ("extensionsUsed",):
            known = self.document.setdefault(key, [])
            known += [name for name in extensions if name not in known]

    def view(
        self,
        array: NDArray[Any],
        target: int | None = None,
        shared: SharedBuffer | None = None,
    ) -> int:
        """Write an array as a view of its own, at a multiple of 8 bytes; gives its number.

        With `shared` it lies in that buffer, which stands beside this file.
        """
        entry: dict[str, Any]
        if shared is not None:
            if shared not in self._shared:
                self._shared.append(shared)
            number, offset = self._shared.index(shared) + 1, shared.offset_of(array)
            entry = {"buffer": number, "byteOffset": offset, "byteLength": array.nbytes}
        else:
            raw = np.ascontiguousarray(array).tobytes() or b"\0"
            entry = {"buffer": 0, "byteOffset": self._length, "byteLength": len(raw)}
            self._buffer.write(raw)
            padding = -len(raw) % 8
            self._buffer.write(b"\0" * padding)
            self._length += len(raw) + padding
        if target is not None:
            entry["target"] = target
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
        shared: SharedBuffer | None = None,
    ) -> int:
        """Write an array of numbers or vectors; gives the accessor's number.

        Parameters
        ----------
        array : (n,) or (n, k) ndarray
            Of a component type that glTF has; rows of 4 or a multiple of 4 bytes.
        target : int
            ``ARRAY_BUFFER`` or ``ELEMENT_ARRAY_BUFFER``, 0 for neither.
        bounds : bool
            Whether to say the smallest and greatest values, as positions must.
        normalized : bool
            Whether whole numbers mean 0 to 1.
        shared : SharedBuffer or None
            Where it lies instead of in this file.
        """
        width = 1 if array.ndim == 1 else array.shape[1]
        entry: dict[str, Any] = {
            "bufferView": self.view(array, target or None, shared),
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

    def picture(self, data: NDArray[np.uint8], name: str, shared: SharedBuffer | None) -> int:
        """Add the bytes of a PNG or JPEG as a texture, each once; gives its number."""
        known = self._pictures.get(id(data))
        if known is not None:
            return known
        image: dict[str, Any] = {"name": name} if name else {}
        if shared is None:
            image |= {"bufferView": self.view(data), "mimeType": picture_type(data)}
        else:
            image["uri"] = shared.picture(data)
        images, textures = self.document["images"], self.document["textures"]
        images.append(image)
        textures.append({"source": len(images) - 1})
        self._pictures[id(data)] = len(textures) - 1
        return len(textures) - 1

    def material(
        self,
        name: str,
        colour: tuple[float, float, float],
        opacity: float,
        *,
        two_sided: bool,
        texture: int | None = None,
        cut_out: float | None = None,
    ) -> int:
        """Add a matt material; gives its number.

        Parameters
        ----------
        name : str
            What it is called.
        colour : (red, green, blue)
            Light, 0 to 1; a texture is multiplied with it.
        opacity : float
            0 to 1.
        two_sided : bool
            Whether faces are seen from behind.
        texture : int or None
            From `picture`.
        cut_out : float or None
            Where the texture covers less than this there is a hole.
        """
        entry: dict[str, Any] = {
            "name": name,
            "pbrMetallicRoughness": {
                "baseColorFactor": [*(round(c, 5) for c in colour), round(opacity, 4)],
                "metallicFactor": 0.0,
                "roughnessFactor": 1.0,
            },
        }
        if texture is not None:
            entry["pbrMetallicRoughness"]["baseColorTexture"] = {"index": texture}
        if opacity < 1.0:
            entry["alphaMode"] = "BLEND"
        elif cut_out is not None:
            entry |= {"alphaMode": "MASK", "alphaCutoff": cut_out}
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
        document["buffers"] = [
            {"byteLength": self._length},
            *({"uri": one.uri, "byteLength": one.size} for one in self._shared),
        ]
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


def linear(colours: NDArray[np.uint8] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn colours of a screen (sRGB, 0 to 255), (n, 3) or (3,), into light, 0 to 1.

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
