"""Looks into files of models before they are read: what is missing, cut short or not for us."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from layers.errors import CityError
from layers.files.encodings import detect

#: Endings of files of models and what the format is called.
MODEL_ENDINGS = {
    ".glb": "glb", ".gltf": "gltf", ".obj": "obj", ".stl": "stl", ".ply": "ply", ".dae": "dae",
    ".b3dm": "b3dm",
}  # fmt: skip
REFUSED = {
    ".ifc": "glb", ".fbx": "glb", ".skp": "glb or dae", ".3ds": "glb", ".max": "glb",
    ".blend": "glb", ".usd": "glb", ".usdz": "glb", ".rvt": "ifc, then glb", ".3dm": "glb",
}  # fmt: skip
#: Extensions of glTF that a reader cannot leave out; those named here are understood.
UNDERSTOOD = {
    "KHR_materials_unlit", "KHR_materials_pbrSpecularGlossiness",
    "CESIUM_RTC", "KHR_lights_punctual", "KHR_materials_emissive_strength", "KHR_materials_ior",
    "KHR_materials_specular", "KHR_materials_transmission", "KHR_materials_clearcoat",
    "KHR_materials_sheen", "KHR_materials_volume", "KHR_materials_variants", "EXT_texture_webp",
    "EXT_structural_metadata", "EXT_mesh_features", "EXT_instance_features", "KHR_xmp_json_ld",
    "KHR_materials_iridescence", "KHR_materials_anisotropy", "KHR_materials_dispersion",
    "CESIUM_primitive_outline", "EXT_mesh_gpu_instancing",
}  # fmt: skip


_MOST_FOLDERS = 20  # beside a model that are looked into for its textures
#: What may stand before the name of a texture: -s 2 2 1, -clamp on.
_OPTIONS = re.compile(r"^(-\w+(\s+(-?[\d.]+|on|off|[rgbmlz]))*\s+)+")


def texts_in_utf8(data: bytes) -> bytes:
    """Give a text of an OBJ or MTL file in UTF-8; Chinese programs write them in GBK."""
    try:
        data.decode()
    except UnicodeDecodeError:
        lines = [line for line in data.split(b"\n") if not line.isascii()]
        return data.decode(detect(lines[:1000]).codec, errors="replace").encode()
    return data


class Companions(Mapping[str, bytes]):
    """The files beside a model, found however the model writes their names.

    Parameters
    ----------
    folder : pathlib.Path
        Where the model lies.

    Attributes
    ----------
    missing : list of str
        Names of files that are not there, each once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.missing: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return (path.name for path in self.folder.iterdir())

    def __len__(self) -> int:
        return sum(1 for _ in self.folder.iterdir())

    def __getitem__(self, name: str) -> bytes:
        path = self.find(name)
        if path is None:
            raise KeyError(name)
        data = path.read_bytes()
        return texts_in_utf8(data) if path.suffix.lower() == ".mtl" else data

    def find(self, name: str) -> Path | None:
        """Give the file of a name: as written, below the folder, or of the same last name there."""
        bare = _OPTIONS.sub("", name.strip()).strip('"')
        plain = unquote(bare).replace("\\", "/")
        for candidate in (plain, plain.rsplit("/", 1)[-1]):
            path = self.folder / candidate
            if path.is_file():
                return path
        wanted = plain.rsplit("/", 1)[-1].casefold()
        inner = [path for path in sorted(self.folder.iterdir()) if path.is_dir()]
        for folder in (self.folder, *inner[:_MOST_FOLDERS]):
            for path in sorted(folder.iterdir()):
                if path.name.casefold() == wanted and path.is_file():
                    return path
        if plain not in self.missing:
            self.missing.append(plain)
        return None


def refuse_unreadable(path: Path) -> None:
    """Refuse formats that cannot be read here, telling what to turn them into.

    Raises
    ------
    CityError
        ``model.format``; ``model.missing``, ``model.empty``.
    """
    ending = path.suffix.lower()
    if not path.exists():
        raise CityError(
            "model.missing",
            "There is no such file.",
            hint="check the name and the folder",
            where=str(path),
        )
    if path.stat().st_size == 0:
        raise CityError(
            "model.empty", "The file is empty.", hint="export the model again", where=path.name
        )
    if ending in REFUSED:
        raise CityError(
            "model.format",
            f"Models in the format {ending.lstrip('.').upper()} cannot be read here.",
            hint=f"save it as {REFUSED[ending]} in the program it was made with"
            + (", or by IfcConvert house.ifc house.glb," if ending == ".ifc" else "")
            + " and import that",
            where=path.name,
            format=ending.lstrip(".").upper(),
            target=REFUSED[ending],
        )


def gltf_header(path: Path) -> dict[str, Any]:
    """Read the JSON part of a .gltf, .glb or .b3dm file and check that the rest is there.

    Raises
    ------
    CityError
        ``model.cut_short``, ``model.not_gltf``, ``model.gltf_version``, ``model.extension``.
    """
    data = path.read_bytes()
    if path.suffix.lower() == ".gltf":
        header = _json(data, path)
    else:
        start = glb_start(data, path)
        header = _json(_json_chunk(data[start:], path), path)
    version = str(header.get("asset", {}).get("version", ""))
    if not version.startswith("2"):
        raise CityError(
            "model.gltf_version",
            f"This is glTF {version or '?'}; version 2 can be read.",
            hint="open and save it again with a newer program",
            where=path.name,
            version=version or "?",
        )
    unknown = sorted({*header.get("extensionsRequired", ()), *_packed(header)} - UNDERSTOOD)
    if unknown:
        names = ", ".join(unknown)
        raise CityError(
            "model.extension",
            f"The file needs {names}, which cannot be read here.",
            hint="export it without compression (Draco, meshopt) and with PNG or JPEG textures",
            where=path.name,
            names=names,
        )
    return header


def _packed(header: dict[str, Any]) -> set[str]:
    """Give the extensions without which the points of a model are not there."""
    accessors = header.get("accessors", ())
    found: set[str] = set()
    for mesh in header.get("meshes", ()):
        for part in mesh.get("primitives", ()):
            number = part.get("attributes", {}).get("POSITION")
            known = isinstance(number, int) and number < len(accessors)
            if (
                known
                and "bufferView" not in accessors[number]
                and "sparse" not in accessors[number]
            ):
                found.update(part.get("extensions", {}))
    return found


def glb_start(data: bytes, path: Path) -> int:
    """Give where the GLB begins: 0, or behind the tables of a .b3dm."""
    if path.suffix.lower() != ".b3dm":
        return 0
    if len(data) < 28 or data[:4] != b"b3dm":
        raise _cut_short(path, len(data), 28)
    total, *tables = struct.unpack_from("<5I", data, 8)
    if len(data) < total:
        raise _cut_short(path, len(data), total)
    return 28 + sum(int(size) for size in tables)


def rtc_centre(data: bytes) -> tuple[float, float, float]:
    """Give RTC_CENTER of a .b3dm's feature table, 0, 0, 0 where there is none."""
    size = struct.unpack_from("<I", data, 12)[0]
    try:
        table = json.loads(data[28 : 28 + size] or b"{}")
    except ValueError:
        return 0.0, 0.0, 0.0
    centre = table.get("RTC_CENTER")
    if not isinstance(centre, list) or len(centre) != 3:
        return 0.0, 0.0, 0.0
    return float(centre[0]), float(centre[1]), float(centre[2])


def _json_chunk(data: bytes, path: Path) -> bytes:
    if len(data) < 20 or data[:4] != b"glTF":
        if data[:1] in {b"{", b"<"} or len(data) >= 20:
            raise CityError(
                "model.not_gltf",
                "The file does not hold a glTF model.",
                hint="check the ending, or export it again as GLB",
                where=path.name,
            )
        raise _cut_short(path, len(data), 20)
    total = struct.unpack_from("<I", data, 8)[0]
    size = struct.unpack_from("<I", data, 12)[0]
    if len(data) < max(total, 20 + size):
        raise _cut_short(path, len(data), max(total, 20 + size))
    return data[20 : 20 + size]


def _json(data: bytes, path: Path) -> dict[str, Any]:
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except ValueError as error:
        raise CityError(
            "model.not_gltf",
            "The file does not hold a glTF model.",
            hint="check the ending, or export it again as GLB",
            where=path.name,
        ) from error
    return found if isinstance(found, dict) else {}


def _cut_short(path: Path, there: int, needed: int) -> CityError:
    return CityError(
        "model.cut_short",
        f"The file is cut short: {there} of {needed} bytes are there.",
        hint="copy or download it again",
        where=path.name,
        there=there,
        needed=needed,
    )


def check_buffers(header: dict[str, Any], companions: Companions, path: Path) -> None:
    """Make sure that the buffers beside a .gltf are there and whole.

    Raises
    ------
    CityError
        ``model.buffer_missing``, ``model.cut_short``.
    """
    for buffer in header.get("buffers", ()):
        uri = buffer.get("uri", "")
        if not uri or uri.startswith("data:"):
            continue
        found = companions.find(uri)
        if found is None:
            raise CityError(
                "model.buffer_missing",
                f"The file '{uri}' with the model's points is not there.",
                hint="copy it beside the .gltf, or export as one GLB",
                where=path.name,
                name=uri,
            )
        size = int(buffer.get("byteLength", 0))
        if found.stat().st_size < size:
            raise _cut_short(found, found.stat().st_size, size)
    for image in header.get("images", ()):
        uri = image.get("uri", "")
        if uri and not uri.startswith("data:"):
            companions.find(uri)


def obj_facts(path: Path) -> tuple[list[str], int, int]:
    """Give the material files an OBJ names, and how many points and faces it has."""
    names: list[str] = []
    points = faces = 0
    with path.open("rb") as file:
        for line in file:
            if line.startswith(b"v "):
                points += 1
            elif line.startswith(b"f "):
                faces += 1
            elif line.startswith(b"mtllib"):
                names.append(texts_in_utf8(line[6:]).decode().strip())
    return names, points, faces
