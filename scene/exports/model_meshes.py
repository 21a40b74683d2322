"""Hand-made models as meshes in glTF: flat faces, materials, textures, colours of points."""

from __future__ import annotations

import io
import weakref
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from layers.files.gltf import ELEMENT_ARRAY_BUFFER, GlbWriter, SharedBuffer, linear
from layers.kinds.model_library import Material, Model
from layers.shapes import Floats, Ints

CUT_OUT = 0.3  # of a texture's cover: the window makes a hole where there is less
ALIKE = 1e4  # steps of a unit: normals that fall into the same step are one


@dataclass(frozen=True, slots=True, eq=False)
class PartFaces:
    """Triangles of one material whose points know which way they face.

    Attributes
    ----------
    material : Material
        What they are made of.
    point : (p,) int64
        Position of each point in the model's.
    face : (p,) int64
        A triangle, of the model's, that has the normal of the point.
    corners : (t, 3) uint16 or uint32
        Positions in `point`.
    uv : (p, 2) float32 or None
        Places in the texture as glTF counts them: 0, 0 is the upper left corner.
    colours : (p, 4) uint8 or None
        Light of the points.
    """

    material: Material
    point: Ints
    face: Ints
    corners: NDArray[Any]
    uv: NDArray[np.float32] | None
    colours: NDArray[np.uint8] | None


_made: weakref.WeakKeyDictionary[Model, ModelFaces] = weakref.WeakKeyDictionary()


class ModelFaces:
    """A model cut into parts that a renderer shades face by face, as the window does.

    Parameters
    ----------
    model : Model
        As it stands in its file.

    Attributes
    ----------
    parts : tuple of PartFaces
        Those that have an area.
    points, normals : list of (p, 3) float32
        Of each part, around the anchor in metres: x to the east, y up, z to the south.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        local = model.local()
        corner = model.triangles.astype(np.int64)
        normal = face_normals(local, corner)
        flat = np.round(normal * ALIKE).astype(np.int64)
        _, number = np.unique(flat, axis=0, return_inverse=True)
        facing = number.reshape(-1)
        real = np.asarray((np.abs(normal) > 0.0).any(axis=1))
        made = []
        for part in model.parts:
            mine = part.first + np.flatnonzero(real[part.first : part.last])
            if len(mine):
                made.append(self._part(model.materials[part.material], corner, facing, mine))
        self.parts: tuple[PartFaces, ...] = tuple(made)
        self.points: list[NDArray[np.float32]] = []
        self.normals: list[NDArray[np.float32]] = []
        for one in made:
            points, normals = self.shaped(one, local[:, [0, 2, 1]] * (1.0, 1.0, -1.0))
            self.points.append(points.astype(np.float32))
            self.normals.append(normals)

    @classmethod
    def of(cls, model: Model) -> ModelFaces:
        """Give the faces of a model, cut once."""
        known = _made.get(model)
        if known is None:
            known = _made[model] = cls(model)
        return known

    @property
    def triangles(self) -> int:
        """How many triangles have an area."""
        return sum(len(part.corners) for part in self.parts)

    @property
    def bytes(self) -> int:
        """Bytes of its meshes and the textures they use."""
        used = {part.material.texture for part in self.parts if part.uv is not None}
        meshes = sum(len(part.point) * 36 + part.corners.nbytes for part in self.parts)
        return meshes + sum(len(self.model.textures[i].data) for i in used)

    def _part(self, material: Material, corner: Ints, facing: Ints, mine: Ints) -> PartFaces:
        model = self.model
        key = corner[mine] * (int(facing.max()) + 1) + facing[mine][:, None]
        _, first, number = np.unique(key, return_index=True, return_inverse=True)
        point = corner[mine].reshape(-1)[first]
        face = np.repeat(mine, 3)[first]
        kind = np.uint16 if len(point) < 65535 else np.uint32
        uv = colours = None
        if material.texture >= 0 and model.uv is not None:
            uv = model.uv[point].astype(np.float32)
            uv[:, 1] = 1.0 - uv[:, 1]
        elif model.colours is not None and not (model.colours[point][:, :3] == 255).all():
            colours = np.full((len(point), 4), 255, dtype=np.uint8)
            colours[:, :3] = np.round(linear(model.colours[point][:, :3]) * 255.0)
        corners = number.reshape(-1, 3).astype(kind)
        return PartFaces(material, point, face, corners, uv, colours)

    def shaped(self, part: PartFaces, points: Floats) -> tuple[Floats, NDArray[np.float32]]:
        """Give the points of a part and their normals where the model's points lie elsewhere."""
        normals = face_normals(points, self.model.triangles[part.face].astype(np.int64))
        return points[part.point], normals.astype(np.float32)

    def primitive(
        self,
        glb: GlbWriter,
        part: int,
        points: NDArray[np.float32],
        normals: NDArray[np.float32],
        opacity: float,
        shared: SharedBuffer | None = None,
    ) -> dict[str, Any]:
        """Write a part of the mesh; gives its entry.

        Parameters
        ----------
        glb : GlbWriter
            The file.
        part : int
            Which one.
        points, normals : (p, 3) float32
            In the axes of glTF.
        opacity : float
            Of the layer.
        shared : SharedBuffer or None
            Where its arrays and textures lie instead of in the file.
        """
        one = self.parts[part]
        attributes = {
            "POSITION": glb.accessor(points, bounds=True, shared=shared),
            "NORMAL": glb.accessor(normals, shared=shared),
        }
        if one.uv is not None:
            attributes["TEXCOORD_0"] = glb.accessor(one.uv, shared=shared)
        if one.colours is not None:
            attributes["COLOR_0"] = glb.accessor(one.colours, normalized=True, shared=shared)
        return {
            "attributes": attributes,
            "indices": glb.accessor(one.corners.reshape(-1), ELEMENT_ARRAY_BUFFER, shared=shared),
            "material": self._material(glb, one, opacity, shared),
        }

    def _material(
        self, glb: GlbWriter, part: PartFaces, opacity: float, shared: SharedBuffer | None
    ) -> int:
        told = part.material
        texture = cut_out = None
        if part.uv is not None:
            picture = self.model.textures[told.texture]
            texture = glb.picture(picture.data, picture.name, shared)
            cut_out = CUT_OUT if has_holes(picture.data) else None
        red, green, blue = light_of(told).tolist()
        return glb.material(
            told.name or self.model.key, (red, green, blue), told.colour[3] * opacity,
            two_sided=True, texture=texture, cut_out=cut_out,
        )  # fmt: skip


def face_normals(points: Floats, triangles: Ints) -> Floats:
    """Give unit vectors across triangles, (t, 3); 0 for those without an area."""
    a, b, c = (points[triangles[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    length = np.linalg.norm(across, axis=1, keepdims=True)
    unit: Floats = np.divide(across, length, out=np.zeros_like(across), where=length > 0.0)
    return unit


def light_of(material: Material) -> Floats:
    """Give the light a material throws back, (3,), 0 to 1, of its colour on a screen."""
    return linear(np.asarray(material.colour[:3]) * 255.0)


def has_holes(data: NDArray[np.uint8]) -> bool:
    """Say whether a picture may have parts that are not solid."""
    with Image.open(io.BytesIO(data.tobytes())) as image:
        return "A" in image.getbands() or "transparency" in image.info
