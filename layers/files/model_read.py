"""Reads one file of a model into plain arrays, still in the file's axes, unit and coordinates."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from layers.errors import CityError
from layers.files.gltf_instances import spread
from layers.files.model_files import (
    MODEL_ENDINGS,
    Companions,
    check_buffers,
    glb_start,
    gltf_header,
    obj_facts,
    refuse_unreadable,
    rtc_centre,
    texts_in_utf8,
)
from layers.files.raw import Note
from layers.kinds.model_library import WHITE, Bytes, Colour, Material, Part, Texture, UpAxis
from layers.progress import Progress, Silent
from layers.shapes import Floats

MOST_PIXELS = 4096  # on a side of a texture; larger ones are made smaller
Triangles = NDArray[np.int32]


@dataclass(slots=True, eq=False)
class RawModel:
    """A model as its file has it.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    format : str
        As in ``MODEL_ENDINGS``.
    points : (p, 3) float64
        The file's axes, unit and coordinates.
    triangles : (t, 3) int32
        Positions in `points`, those of one part behind each other.
    parts, materials, textures
        As in `layers.kinds.model_library.Model`.
    uv : (p, 2) float32 or None
        Places in the texture.
    colours : (p, 4) uint8 or None
        Colours of points.
    up : str or None
        Axis that points up where the format says so.
    unit : float or None
        Metres in a unit where the format says so.
    step : float
        Difference of two numbers that the file can just tell apart at its largest coordinate,
        in its unit; 0 for numbers written out or kept with 53 bits.
    notes : list of Note
        Remarks.
    """

    path: Path
    format: str
    points: Floats
    triangles: Triangles
    parts: tuple[Part, ...]
    materials: tuple[Material, ...]
    uv: NDArray[np.float32] | None = None
    colours: Bytes | None = None
    textures: tuple[Texture, ...] = ()
    up: UpAxis | None = None
    unit: float | None = None
    step: float = 0.0
    notes: list[Note] = field(default_factory=list)


def read_model(path: Path, progress: Progress | None = None) -> RawModel:
    """Read a GLB, glTF, OBJ, STL, PLY, DAE or B3DM file.

    Parameters
    ----------
    path : pathlib.Path
        The file; what it names (buffers, textures, materials) is looked for beside it.
    progress : Progress or None
        Told of the stages.

    Raises
    ------
    CityError
        ``model.format``, ``.missing``, ``.empty``, ``.cut_short``, ``.not_gltf``,
        ``.gltf_version``, ``.extension``, ``.buffer_missing``, ``.no_faces``, ``.unreadable``,
        ``.no_numbers``.
    """
    told = progress or Silent()
    told.step(0, 4, "progress-looking")
    refuse_unreadable(path)
    kind = MODEL_ENDINGS[path.suffix.lower()]
    companions = Companions(path.parent)
    notes: list[Note] = []
    if kind in {"glb", "gltf", "b3dm"}:
        header = gltf_header(path)
        check_buffers(header, companions, path)
    elif kind == "obj":
        _check_obj(path, companions, notes)
    told.step(1, 4, "progress-reading")
    scene = _load(path, kind, companions)
    told.step(3, 4, "progress-building")
    raw = _gathered(path, kind, scene, notes)
    if kind in {"glb", "gltf", "b3dm"}:
        raw.points += _gltf_shift(path, kind, header)
        raw.up, raw.unit, raw.step = _gltf_up(header), 1.0, _gltf_step(header)
        if count := _unread_textures(header):
            raw.notes.append(Note("model_texture_missing", {"count": count, "names": "KTX2, AVIF"}))
    elif kind == "dae":
        raw.up, raw.unit = _collada_facts(path)
    elif kind in {"stl", "ply"} and b"double" not in path.read_bytes()[:2000]:
        raw.step = float(np.spacing(np.float32(np.nanmax(np.abs(raw.points)))))
    if companions.missing:
        names = [name for name in companions.missing if not name.lower().endswith(".mtl")]
        if names:
            facts = {"count": len(names), "names": ", ".join(names[:5])}
            raw.notes.append(Note("model_texture_missing", facts))
    _drop_broken(raw)
    told.step(4, 4, "progress-building")
    return raw


def _check_obj(path: Path, companions: Companions, notes: list[Note]) -> None:
    names, points, faces = obj_facts(path)
    if faces == 0:
        raise CityError(
            "model.no_faces",
            f"The file holds {points} points and no faces.",
            hint="export it with faces (as a mesh, not as lines or points)",
            where=path.name,
            points=points,
        )
    lost = [name for name in names if companions.find(name) is None]
    if lost:
        notes.append(Note("model_materials_missing", {"names": ", ".join(lost)}))


def _load(path: Path, kind: str, companions: Companions) -> Any:
    """Let trimesh read the file; gives its scene."""
    import trimesh

    logging.getLogger("trimesh").setLevel(logging.CRITICAL)
    try:
        data = path.read_bytes()
        if kind == "obj":
            data = texts_in_utf8(data)
        if kind == "b3dm":
            data, kind = data[glb_start(data, path) :], "glb"
        if kind in {"glb", "gltf"}:
            data = spread(data, kind, companions)
        return trimesh.load_scene(
            io.BytesIO(data), file_type=kind, resolver=companions, process=kind == "stl"
        )
    except CityError:
        raise
    except MemoryError as error:
        raise _unreadable(path, "too large for the memory") from error
    except Exception as error:
        raise _unreadable(path, f"{error}".splitlines()[0] if f"{error}" else "") from error


def _unreadable(path: Path, why: str) -> CityError:
    return CityError(
        "model.unreadable",
        f"The file cannot be read as a model: {why[:160] or 'its structure is broken'}.",
        hint="open it in the program it was made with and export it again, best as GLB",
        where=path.name,
        why=why[:160],
    )


class _Gathering:
    """Joins the pieces of a scene; equal materials and pictures are kept once."""

    def __init__(self) -> None:
        self.points: list[Floats] = []
        self.triangles: list[Triangles] = []
        self.uv: list[NDArray[np.float32]] = []
        self.colours: list[Bytes] = []
        self.owner: list[int] = []
        self.materials: list[Material] = []
        self.textures: list[Texture] = []
        self._pictures: dict[int, int] = {}
        self.has_uv = self.has_colours = False
        self.shrunk = 0
        self.count = 0

    def add(self, mesh: Any, transform: Floats) -> None:
        """Take a mesh at its place."""
        points = np.asarray(mesh.vertices, dtype=np.float64)
        placed = points @ transform[:3, :3].T + transform[:3, 3]
        faces = np.asarray(mesh.faces, dtype=np.int64)
        if np.linalg.det(transform[:3, :3]) < 0:
            faces = faces[:, ::-1]
        before = self.count
        self.count += len(points)
        material, uv, colours = self._look(mesh)
        if material not in self.materials:
            self.materials.append(material)
        self.owner.append(self.materials.index(material))
        self.points.append(placed)
        self.triangles.append((faces + before).astype(np.int32))
        count = len(points)
        fits = uv is not None and len(uv) == count and material.texture >= 0
        self.has_uv |= fits
        empty = np.zeros((count, 2), dtype=np.float32)
        self.uv.append(np.asarray(uv, dtype=np.float32)[:, :2] if fits else empty)
        self.has_colours |= colours is not None
        white = np.full((count, 4), 255, dtype=np.uint8)
        self.colours.append(white if colours is None else colours)

    def _look(self, mesh: Any) -> tuple[Material, Any, Bytes | None]:
        visual = mesh.visual
        if visual.kind == "texture":
            material = visual.material
            image = getattr(material, "baseColorTexture", None)
            colour = getattr(material, "baseColorFactor", None)
            if hasattr(material, "diffuse"):
                image, colour = getattr(material, "image", None), material.diffuse
                kwargs = getattr(material, "kwargs", None) or {}
                named = any(key in kwargs for key in ("kd", "Kd")) or "diffuse" in kwargs
                if image is not None or (not named and not kwargs):
                    colour = None  # the picture is the colour; the file gives no other
            name = str(getattr(material, "name", "") or "")
            made = Material(name, _colour(colour), self._texture(image))
            extra = getattr(visual, "vertex_attributes", None)
            own = extra.get("color") if extra is not None and "color" in extra else None
            return made, getattr(visual, "uv", None), _bytes_of(own, len(mesh.vertices))
        if visual.kind == "vertex":
            colours = np.asarray(visual.vertex_colors, dtype=np.uint8)
            return Material(), None, colours.reshape(-1, 4)
        if visual.kind == "face":
            mean = np.asarray(visual.face_colors, dtype=np.float64).mean(axis=0) / 255.0
            return Material("", _colour(mean)), None, None
        return Material(), None, None

    def _texture(self, image: Any) -> int:
        if image is None:
            return -1
        known = self._pictures.get(id(image))
        if known is not None:
            return known
        try:
            data, shrunk = _encoded(image)
        except (OSError, ValueError, SyntaxError):
            return -1
        self.shrunk += shrunk
        name = str(getattr(image, "info", {}).get("file_path", "") or f"{len(self.textures) + 1}")
        self.textures.append(Texture(name, data))
        self._pictures[id(image)] = len(self.textures) - 1
        return len(self.textures) - 1


def _bytes_of(values: Any, count: int) -> Bytes | None:
    if values is None:
        return None
    array = np.asarray(values)
    if array.ndim != 2 or len(array) != count or array.shape[1] not in {3, 4}:
        return None
    if array.dtype.kind == "f":
        array = np.clip(array * 255.0, 0, 255)
    out = np.full((count, 4), 255, dtype=np.uint8)
    out[:, : array.shape[1]] = array
    return out


def _colour(value: Any) -> Colour:
    if value is None:
        return WHITE
    array = np.asarray(value, dtype=np.float64).reshape(-1)
    if np.asarray(value).dtype.kind in "iu":
        array = array / 255.0
    if len(array) not in {3, 4} or not np.isfinite(array).all():
        return WHITE
    r, g, b, a = np.clip([*array, 1.0][:4], 0.0, 1.0).tolist()
    return round(r, 4), round(g, 4), round(b, 4), round(a, 4)


def _encoded(image: Any) -> tuple[Bytes, bool]:
    """Give a picture as the bytes of a file, made smaller where it is very large."""
    large = max(image.size) > MOST_PIXELS
    jpeg = image.format == "JPEG"
    if large:
        ratio = MOST_PIXELS / max(image.size)
        size = (max(int(image.width * ratio), 1), max(int(image.height * ratio), 1))
        image = image.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    if jpeg:
        image.convert("RGB").save(out, "JPEG", quality=92)
    else:
        mode = "RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB"
        image.convert(mode).save(out, "PNG")
    return np.frombuffer(out.getvalue(), dtype=np.uint8).copy(), large


def _gathered(path: Path, kind: str, scene: Any, notes: list[Note]) -> RawModel:
    whole = _Gathering()
    for node in scene.graph.nodes_geometry:
        transform, name = scene.graph[node]
        mesh = scene.geometry[name]
        if hasattr(mesh, "faces") and len(mesh.faces) and len(mesh.vertices):
            whole.add(mesh, np.asarray(transform, dtype=np.float64))
    if not whole.points:
        count = sum(len(getattr(g, "vertices", ())) for g in scene.geometry.values())
        raise CityError(
            "model.no_faces",
            f"The file holds {count} points and no faces.",
            hint="export it with faces (as a mesh, not as lines or points)",
            where=path.name,
            points=count,
        )
    order = np.argsort(whole.owner, kind="stable")
    triangles = np.concatenate([whole.triangles[i] for i in order])
    parts: list[Part] = []
    at = 0
    for number in range(len(whole.materials)):
        size = sum(len(whole.triangles[i]) for i in order if whole.owner[i] == number)
        parts.append(Part(at, at + size, number))
        at += size
    if whole.shrunk:
        facts = {"count": whole.shrunk, "pixels": MOST_PIXELS}
        notes.append(Note("model_texture_shrunk", facts))
    return RawModel(
        path, kind, np.concatenate(whole.points), triangles, tuple(parts),
        tuple(whole.materials), np.concatenate(whole.uv) if whole.has_uv else None,
        np.concatenate(whole.colours) if whole.has_colours else None, tuple(whole.textures),
        notes=notes,
    )  # fmt: skip


def _unread_textures(header: dict[str, Any]) -> int:
    """Count textures that are there in formats only that cannot be read."""
    textures = header.get("textures", ())
    kinds = [texture.get("extensions", {}) for texture in textures if "source" not in texture]
    return sum(bool({"KHR_texture_basisu", "EXT_texture_avif"} & set(kind)) for kind in kinds)


def _gltf_shift(path: Path, kind: str, header: dict[str, Any]) -> Floats:
    """Give what is added to all points: centres that extensions and tables keep apart."""
    shift = np.zeros(3)
    centre = header.get("extensions", {}).get("CESIUM_RTC", {}).get("center")
    if isinstance(centre, Sequence) and len(centre) == 3:
        shift += np.asarray(centre, dtype=np.float64)
    if kind == "b3dm":
        x, y, z = rtc_centre(path.read_bytes())
        shift += (x, z, -y) if _gltf_up(header) == "y" else (x, y, z)
    return shift


def _gltf_up(header: dict[str, Any]) -> UpAxis:
    """Give glTF's y, unless an old tileset says otherwise."""
    named = str(header.get("asset", {}).get("gltfUpAxis", "y")).lower()
    return "z" if named == "z" else "y"


def _gltf_step(header: dict[str, Any]) -> float:
    """Give the step of single numbers at the largest of the positions kept in the file."""
    largest = 0.0
    for mesh in header.get("meshes", ()):
        for part in mesh.get("primitives", ()):
            number = part.get("attributes", {}).get("POSITION")
            if isinstance(number, int) and number < len(header.get("accessors", ())):
                accessor = header["accessors"][number]
                ends = [*accessor.get("min", ()), *accessor.get("max", ())]
                largest = max([largest, *(abs(float(v)) for v in ends)])
    return float(np.spacing(np.float32(largest)))


def _collada_facts(path: Path) -> tuple[UpAxis | None, float | None]:
    head = path.read_bytes()[:20_000]
    up = re.search(rb"<up_axis>\s*([XYZ])_UP", head)
    unit = re.search(rb"<unit\b[^>]*\bmeter\s*=\s*[\"']([-+.\deE]+)", head)
    metres = float(unit.group(1)) if unit else 1.0
    axis: UpAxis = "z" if up is not None and up.group(1) == b"Z" else "y"
    return axis, metres if metres > 0 else None


def _drop_broken(raw: RawModel) -> None:
    """Leave out triangles with a corner nowhere, or without any extent; tell how many.

    Raises
    ------
    CityError
        ``model.no_numbers`` if none is left.
    """
    good = np.asarray(np.isfinite(raw.points).all(axis=1))
    kept = np.asarray(good[raw.triangles].all(axis=1))
    nowhere = int((~kept).sum())
    corner = raw.triangles
    kept &= (
        (corner[:, 0] != corner[:, 1])
        & (corner[:, 1] != corner[:, 2])
        & (corner[:, 0] != corner[:, 2])
    )
    if not kept.any():
        raise CityError(
            "model.no_numbers",
            f"None of the {len(kept)} triangles has three corners with numbers.",
            hint="export the model again",
            where=raw.path.name,
            count=len(kept),
        )
    if nowhere:
        raw.notes.append(Note("model_broken_triangles", {"count": nowhere, "total": len(kept)}))
    if not kept.all():
        counts = [int(kept[p.first : p.last].sum()) for p in raw.parts]
        ends = np.cumsum(counts).tolist()
        pairs = zip(raw.parts, counts, ends, strict=True)
        raw.parts = tuple(Part(end - n, end, p.material) for p, n, end in pairs if n)
        raw.triangles = raw.triangles[kept]
    used = np.zeros(len(raw.points), dtype=bool)
    used[raw.triangles] = True
    if not used.all():
        number = (np.cumsum(used) - 1).astype(np.int32)
        raw.triangles = number[raw.triangles]
        raw.points = raw.points[used]
        raw.uv = None if raw.uv is None else raw.uv[used]
        raw.colours = None if raw.colours is None else raw.colours[used]
