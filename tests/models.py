"""Small made-up models and their files for tests."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import trimesh
from PIL import Image

from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.model_library import Library, Material, Model, Part, Texture
from layers.kinds.models import KIND, Models
from layers.project import Project

EAST, NORTH = 500_000.0, 4_000_000.0
#: East, north, up of a wedge: 10 m east, 20 m north, 30 m up at its origin's corner only.
WEDGE = np.array([[0, 0, 0], [10, 0, 0], [0, 20, 0], [0, 0, 30]], dtype=float)
FACES = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]])


def wedge(key: str = "wedge", points: np.ndarray | None = None) -> Model:
    """A wedge whose corners tell its axes apart."""
    corners = WEDGE if points is None else points
    return Model(
        key, corners.astype(np.float32), FACES.astype(np.int32), (Part(0, 4, 0),), (Material(),)
    )


def picture(colour: tuple[int, int, int] = (200, 30, 30)) -> Texture:
    """A PNG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(out, "PNG")
    return Texture("red.png", np.frombuffer(out.getvalue(), dtype=np.uint8).copy())


def textured(key: str = "textured") -> Model:
    """A wedge with a red picture on it."""
    uv = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], dtype=np.float32)
    return Model(
        key, WEDGE.astype(np.float32), FACES.astype(np.int32), (Part(0, 4, 0),),
        (Material("red", (1.0, 1.0, 1.0, 1.0), 0),), uv=uv, textures=(picture(),),
    )  # fmt: skip


def glb(path: Path, points: np.ndarray, image: bool = False) -> Path:
    """Write a GLB whose points are in the file's own axes (y up)."""
    mesh = trimesh.Trimesh(points, FACES, process=False)
    if image:
        material = trimesh.visual.material.PBRMaterial(
            baseColorTexture=Image.new("RGB", (8, 8), (10, 200, 10)), metallicFactor=0.0
        )
        uv = np.zeros((len(points), 2))
        mesh.visual = trimesh.visual.TextureVisuals(uv=uv, material=material)
    path.write_bytes(trimesh.Scene(mesh).export(file_type="glb"))
    return path


def obj(path: Path, points: np.ndarray, head: str = "") -> Path:
    """Write an OBJ with all digits."""
    lines = [head] if head else []
    lines += [f"v {x!r} {y!r} {z!r}" for x, y, z in points.tolist()]
    lines += ["f " + " ".join(str(i + 1) for i in face) for face in FACES.tolist()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def project() -> Project:
    """An empty project in a zone of China."""
    return Project(Frame("EPSG:4547", (EAST, NORTH)))


def layer_of(*models: Model, places: object = ((EAST, NORTH, 0.0),), **columns: object) -> Layer:
    """A layer that shows the first model on places."""
    data = Models.placed(Library(models or (wedge(),)), places, **columns)  # type: ignore[arg-type] # tests
    return Layer(KIND.key, "Models", data, style=KIND.style)


def corners(layer: Layer, row: int = 0, ground: float = 0.0) -> np.ndarray:
    """Where the points of a model lie in project coordinates, by the definition of its columns."""
    data = layer.data
    assert isinstance(data, Models)
    local = data.library.models[int(data.model[row])].local() * data.scale[row]
    angle = np.radians(data.turn[row])
    c, s = np.cos(angle), np.sin(angle)
    east = local[:, 0] * c + local[:, 1] * s
    north = local[:, 1] * c - local[:, 0] * s
    place = data.places[row].copy()
    place[2] = data.heights(np.full(len(data), ground))[row]
    return np.asarray(np.column_stack([east, north, local[:, 2]]) + place)
