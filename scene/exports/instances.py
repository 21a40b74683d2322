"""Hand-made models where they stand: nodes of a GLB file, or features of a tile.

In a tile a model that stands once is written corner by corner at its place on the earth, as
buildings are. One that stands often is written once and placed by EXT_mesh_gpu_instancing; where
several tiles show it, its mesh and textures lie in files beside them that viewers fetch once.

References
----------
.. [1] "EXT_mesh_gpu_instancing" and "EXT_instance_features", glTF vendor extensions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.spatial.transform import Rotation

from layers.files.city_choice import ChosenModels
from layers.files.cityjson_models import plain
from layers.files.gltf import GlbWriter, SharedBuffer
from layers.files.gltf_properties import Properties
from layers.shapes import Floats, Ints
from scene.exports.buildings import FEATURES, add_table
from scene.exports.model_meshes import ModelFaces
from scene.exports.places import Place

TELL_EVERY = 2000  # nodes between two steps of progress
INSTANCING, INSTANCES = "EXT_mesh_gpu_instancing", "EXT_instance_features"


class LayerInstances:
    """Writes the models of one layer into GLB files.

    Parameters
    ----------
    chosen : ChosenModels
        Of the layer.
    number : int
        Which of the exported layers it is, from 0; names its class and its shared files.
    """

    def __init__(self, chosen: ChosenModels, number: int) -> None:
        self.chosen = chosen
        self.class_id = f"layer_{number}"
        self._number = number
        self._properties = Properties(self._table(chosen.rows))
        self._shared: dict[int, SharedBuffer] = {}
        which = chosen.data.model[chosen.rows]
        self._often: Ints = np.bincount(which, minlength=len(chosen.data.library))

    @property
    def files(self) -> int:
        """Files written beside the tiles."""
        return sum(one.files for one in self._shared.values())

    @property
    def bytes(self) -> int:
        """Their bytes."""
        return sum(one.length for one in self._shared.values())

    def faces(self, row: int) -> ModelFaces:
        """Give the faces of the model that stands in a row."""
        data = self.chosen.data
        return ModelFaces.of(data.library.models[int(data.model[row])])

    def flat(self) -> int:
        """Count chosen models without any area."""
        data = self.chosen.data
        which, counts = np.unique(data.model[self.chosen.rows], return_counts=True)
        lost = [not ModelFaces.of(data.library.models[i]).parts for i in which.tolist()]
        return int(counts[np.array(lost, dtype=bool)].sum())

    def heavy(self, rows: Ints, most: int) -> Ints:
        """Give those of some rows whose models stand once and take more than some bytes."""
        data = self.chosen.data
        once = rows[self._often[data.model[rows]] == 1]
        return np.array([row for row in once if self.faces(row).bytes > most], dtype=np.int64)

    def share(self, trees: list[Ints], folder: Path, prefix: str) -> None:
        """Let the models that several tiles show lie in files beside them.

        Parameters
        ----------
        trees : list of (k,) int64
            Rows of each tile.
        folder : pathlib.Path
            Where the files are written.
        prefix : str
            What goes before their names where tiles name them.
        """
        data = self.chosen.data
        tiles = np.concatenate([np.unique(data.model[rows]) for rows in trees])
        counts = np.bincount(tiles, minlength=len(data.library))
        for model in np.flatnonzero(counts > 1).tolist():
            folder.mkdir(exist_ok=True)
            name = f"{self._number}-{model}.bin"
            self._shared[model] = SharedBuffer(folder / name, f"{prefix}{name}")

    def _table(self, rows: Ints) -> pa.Table:
        """Give what is computed for models, then their attributes."""
        one, data = self.chosen, self.chosen.data
        keys = data.library.keys
        computed = {
            "object": pa.array(data.ids[rows]),
            "model": pa.array([keys[i] for i in data.model[rows].tolist()], pa.string()),
            "level_m": pa.array(one.level[rows].round(3)),
            "turn_deg": pa.array(data.turn[rows]),
            "scale": pa.array(data.scale[rows]),
        }
        own = data.attributes
        names = [f"{name}_" if name in own.column_names else name for name in computed]
        table = pa.Table.from_arrays(list(computed.values()), names=names)
        taken = own.take(pa.array(data.feature[rows]))
        for name in own.column_names:
            table = table.append_column(name, taken.column(name))
        return table

    def _frames(self, rows: Ints, place: Place) -> tuple[Floats, Floats, Floats]:
        """Give where models stand, how they are turned (quaternions) and how large they are."""
        data = self.chosen.data
        at = data.shapes.coords[rows]
        foot, up = place.uprights(at)
        beside, _ = place.uprights(at + np.array([1.0, 0.0]))
        east = beside - foot
        stretch = np.round(np.linalg.norm(east, axis=1), 8)
        east -= np.einsum("ij,ij->i", east, up)[:, None] * up
        east /= np.linalg.norm(east, axis=1, keepdims=True)
        axes = np.stack([east, up, np.cross(east, up)], axis=2)
        turns = Rotation.from_euler("y", -data.turn[rows, None], degrees=True)
        size = np.stack([stretch, np.ones(len(rows)), stretch], axis=1)
        size *= self.chosen.sizes[rows][:, [0, 2, 1]]
        turned = Rotation.from_matrix(axes) * turns
        return foot + self.chosen.level[rows, None] * up, turned.as_quat(), size

    def add_nodes(
        self, glb: GlbWriter, place: Place, told: Callable[[int], None]
    ) -> tuple[int, int]:
        """Add all models to a file, a node for each; those of one model share its mesh.

        Attributes stand in ``extras`` of the nodes.

        Parameters
        ----------
        glb : GlbWriter
            The file.
        place : Place
            Where they lie.
        told : callable
            Is given the number of models done, now and then.

        Returns
        -------
        nodes, triangles : int
            Models with an area, and their triangles.
        """
        one, data = self.chosen, self.chosen.data
        at, turned, size = self._frames(one.rows, place)
        table = self._table(one.rows).to_pylist()
        meshes: dict[int, int] = {}
        nodes = triangles = 0
        for i, row in enumerate(one.rows.tolist()):
            if i % TELL_EVERY == 0:
                told(i)
            faces, model = self.faces(row), int(data.model[row])
            if not faces.parts:
                continue
            if model not in meshes:
                meshes[model] = self._mesh(glb, faces, None)
            extras = {key: plain(value) for key, value in table[i].items()}
            node: dict[str, Any] = {
                "name": f"{one.name} {data.ids[row]}",
                "mesh": meshes[model],
                "translation": at[i].tolist(),
                "extras": {"layer": one.name} | {k: v for k, v in extras.items() if v is not None},
            }
            if data.turn[row] % 360.0:
                node["rotation"] = turned[i].tolist()
            if (size[i] != 1.0).any():
                node["scale"] = size[i].tolist()
            _put(glb, node)
            nodes += 1
            triangles += faces.triangles
        return nodes, triangles

    def add(self, glb: GlbWriter, rows: Ints, place: Place) -> tuple[Floats, int] | None:
        """Add some models to a tile; None where they have no triangles.

        Returns
        -------
        box : (2, 3) float64
            Smallest and greatest x, y, z in the axes of the place.
        triangles : int
        """
        seen = [row for row in rows.tolist() if self.faces(row).parts]
        if not seen:
            return None
        rows = np.array(seen, dtype=np.int64)
        schema = self._properties.schema(self.chosen.name)
        written = self._properties.write(glb, self._table(rows), self.class_id)
        table = add_table(glb, self.class_id, schema, written)
        feature = {"featureCount": len(rows), "attribute": 0, "propertyTable": table}
        which = self.chosen.data.model[rows]
        boxes, triangles = [], 0
        for model in np.unique(which).tolist():
            mine = np.flatnonzero(which == model)
            faces = self.faces(int(rows[mine[0]]))
            triangles += faces.triangles * len(mine)
            if self._often[model] == 1:
                boxes.append(
                    self._whole(glb, faces, int(rows[mine[0]]), int(mine[0]), place, feature)
                )
            else:
                boxes.append(self._often_placed(glb, faces, rows[mine], mine, place, feature))
        low = np.min([box[0] for box in boxes], axis=0)
        high = np.max([box[1] for box in boxes], axis=0)
        return np.array([low, high]), triangles

    def _whole(
        self, glb: GlbWriter, faces: ModelFaces, row: int, number: int, place: Place,
        feature: dict[str, Any],
    ) -> Floats:  # fmt: skip
        """Write a model corner by corner where it stands; gives its box, (2, 3)."""
        one, data = self.chosen, self.chosen.data
        local = faces.model.local() * one.sizes[row]
        angle = math.radians(float(data.turn[row]))
        c, s = math.cos(angle), math.sin(angle)
        plan = np.column_stack(
            [local[:, 0] * c + local[:, 1] * s, local[:, 1] * c - local[:, 0] * s]
        )
        foot, up = place.uprights(plan + data.shapes.coords[row])
        points = foot + (local[:, 2:] + one.level[row]) * up
        low, high = points.min(axis=0), points.max(axis=0)
        middle = (low + high) / 2.0
        primitives = []
        for i, part in enumerate(faces.parts):
            corners, normals = faces.shaped(part, points)
            entry = faces.primitive(
                glb, i, (corners - middle).astype(np.float32), normals, one.opacity
            )
            owner = np.full(len(corners), number, dtype=np.float32)
            entry["attributes"]["_FEATURE_ID_0"] = glb.accessor(owner)
            entry["extensions"] = {FEATURES: {"featureIds": [feature]}}
            primitives.append(entry)
        glb.use(FEATURES)
        glb.document["meshes"].append({"name": faces.model.key, "primitives": primitives})
        mesh = len(glb.document["meshes"]) - 1
        _put(glb, {"name": faces.model.key, "mesh": mesh, "translation": middle.tolist()})
        return np.array([low, high])

    def _often_placed(
        self, glb: GlbWriter, faces: ModelFaces, rows: Ints, numbers: Ints, place: Place,
        feature: dict[str, Any],
    ) -> Floats:  # fmt: skip
        """Write a model once and place it; gives the box around all, (2, 3)."""
        model = int(self.chosen.data.model[rows[0]])
        mesh = self._mesh(glb, faces, self._shared.get(model))
        at, turned, size = self._frames(rows, place)
        middle = (at.min(axis=0) + at.max(axis=0)) / 2.0
        attributes = {
            "TRANSLATION": glb.accessor((at - middle).astype(np.float32), 0),
            "ROTATION": glb.accessor(turned.astype(np.float32), 0),
            "SCALE": glb.accessor(size.astype(np.float32), 0),
            "_FEATURE_ID_0": glb.accessor(numbers.astype(np.float32), 0),
        }
        _put(glb, {
            "name": faces.model.key, "mesh": mesh, "translation": middle.tolist(),
            "extensions": {
                INSTANCING: {"attributes": attributes}, INSTANCES: {"featureIds": [feature]},
            },
        })  # fmt: skip
        glb.use(INSTANCES)
        glb.use(INSTANCING, needed=True)
        ends = np.concatenate([[p.min(axis=0), p.max(axis=0)] for p in faces.points])
        low, high = ends.min(axis=0), ends.max(axis=0)
        corners = np.array(np.meshgrid(*zip(low, high, strict=True))).reshape(3, -1).T
        turns = Rotation.from_quat(turned)
        found = np.stack([turns.apply(corner * size) + at for corner in corners])
        return np.array([found.min(axis=(0, 1)), found.max(axis=(0, 1))])

    def _mesh(self, glb: GlbWriter, faces: ModelFaces, shared: SharedBuffer | None) -> int:
        """Write a model around its anchor; gives the number of its mesh."""
        primitives = [
            faces.primitive(glb, i, faces.points[i], faces.normals[i], self.chosen.opacity, shared)
            for i in range(len(faces.parts))
        ]
        glb.document["meshes"].append({"name": faces.model.key, "primitives": primitives})
        return len(glb.document["meshes"]) - 1


def _put(glb: GlbWriter, node: dict[str, Any]) -> None:
    nodes = glb.document["nodes"]
    nodes.append(node)
    glb.document["scenes"][0]["nodes"].append(len(nodes) - 1)
