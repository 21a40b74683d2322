"""Chosen buildings as meshes in glTF: points, colours, feature ids and their attributes.

References
----------
.. [1] "EXT_mesh_features" and "EXT_structural_metadata", glTF vendor extensions by Cesium.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.files.city_choice import Chosen
from layers.files.gltf import ELEMENT_ARRAY_BUFFER, GlbWriter, linear
from layers.files.gltf_properties import Properties
from layers.kinds.buildings import HEIGHT_RULES
from layers.shapes import Floats, Ints
from scene.colours import object_colours
from scene.exports.places import Place
from scene.exports.solids import FaceIndex, Solids, solids_of

FEATURES, METADATA = "EXT_mesh_features", "EXT_structural_metadata"
SCHEMA = "citystage"


def add_table(glb: GlbWriter, class_id: str, schema: dict[str, Any], table: dict[str, Any]) -> int:
    """Add a property table and its class to a file; gives the table's number."""
    extensions = glb.document.setdefault("extensions", {})
    metadata = extensions.setdefault(
        METADATA, {"schema": {"id": SCHEMA, "classes": {}}, "propertyTables": []}
    )
    metadata["schema"]["classes"][class_id] = schema
    metadata["propertyTables"].append(table)
    glb.use(METADATA)
    return len(metadata["propertyTables"]) - 1


class LayerMeshes:
    """Writes the buildings of one layer into GLB files, some at a time.

    Parameters
    ----------
    chosen : Chosen
        Of the layer.
    number : int
        Which of the exported layers it is, from 0; names its class.
    """

    def __init__(self, chosen: Chosen, number: int) -> None:
        self.chosen = chosen
        self.class_id = f"layer_{number}"
        self._faces = FaceIndex(chosen.data)
        colours = object_colours(chosen.data, chosen.style)
        one = len(colours) == 0 or bool((colours[chosen.rows] == colours[chosen.rows[0]]).all())
        self._colours = colours
        self._one = linear(colours[chosen.rows[:1]])[0] if one else None
        self._properties = Properties(self._table(chosen.drawn))

    @property
    def schema(self) -> dict[str, Any]:
        """The class of the layer's attributes."""
        return self._properties.schema(self.chosen.name)

    def _table(self, rows: Ints) -> pa.Table:
        """Give what is computed for buildings, then their attributes."""
        data = self.chosen.data
        own = data.attributes
        rules = pa.array(HEIGHT_RULES)
        parts = data.part_of[rows]
        computed: dict[str, pa.Array] = {
            "object": pa.array(data.ids[rows]),
            "height_m": pa.array(data.height[rows].round(3)),
            "min_height_m": pa.array(data.min_height[rows].round(3)),
            "ground_m": pa.array(self.chosen.base[rows].round(3)),
            "height_from": pa.DictionaryArray.from_arrays(
                pa.array(data.height_rule[rows].astype(np.int8)), rules
            ),
        }
        if (data.part_of > 0).any():
            computed["part_of"] = pa.array(parts, mask=parts == 0)
        names = [f"{name}_" if name in own.column_names else name for name in computed]
        table = pa.Table.from_arrays(list(computed.values()), names=names)
        taken = own.take(pa.array(data.feature[rows]))
        for name in own.column_names:
            table = table.append_column(name, taken.column(name))
        return table

    def add(
        self, glb: GlbWriter, rows: Ints, place: Place, name: str = "", *, closed: bool = False
    ) -> tuple[Floats, int] | None:
        """Add some buildings to a file as one node; None where they have no triangles.

        Parameters
        ----------
        glb : GlbWriter
            The file.
        rows : (k,) int64
            Drawn buildings of the layer.
        place : Place
            Where they lie.
        name : str
            What the node is called; "" for the name of the layer.
        closed : bool
            Whether blocks on the ground get an underside.

        Returns
        -------
        box : (2, 3) float64
            Smallest and greatest x, y, z in the axes of the place.
        triangles : int
        """
        made = solids_of(self.chosen, rows, place, self._faces, closed=closed)
        solids = [(part, i == 1) for i, part in enumerate(made) if part is not None]
        solids = [(part, two) for part, two in solids if len(part.triangles)]
        if not solids:
            return None
        low = np.min([part.points.min(axis=0) for part, _ in solids], axis=0)
        high = np.max([part.points.max(axis=0) for part, _ in solids], axis=0)
        middle = (low + high) / 2.0
        document, name = glb.document, name or self.chosen.name
        written = self._properties.write(glb, self._table(rows), self.class_id)
        table = add_table(glb, self.class_id, self.schema, written)
        glb.use(FEATURES)
        primitives = [
            self._primitive(glb, part, rows, middle, table, two_sided=two) for part, two in solids
        ]
        document["meshes"].append({"name": name, "primitives": primitives})
        document["nodes"].append(
            {
                "name": name,
                "mesh": len(document["meshes"]) - 1,
                "translation": [float(value) for value in middle],
            }
        )
        document["scenes"][0]["nodes"].append(len(document["nodes"]) - 1)
        return np.array([low, high]), sum(len(part.triangles) for part, _ in solids)

    def _primitive(
        self, glb: GlbWriter, solids: Solids, rows: Ints, middle: Floats, table: int,
        *, two_sided: bool,
    ) -> dict[str, Any]:  # fmt: skip
        points = (solids.points - middle).astype(np.float32)
        normals = solids.normals.astype(np.float32)
        attributes = {
            "POSITION": glb.accessor(points, bounds=True),
            "NORMAL": glb.accessor(normals),
        }
        tint = (1.0, 1.0, 1.0)
        if self._one is None:
            colours = np.full((len(rows), 4), 255, dtype=np.uint8)
            light = linear(self._colours[rows])
            colours[:, :3] = np.round(light * 255.0)
            attributes["COLOR_0"] = glb.accessor(colours[solids.owner], normalized=True)
        else:
            tint = tuple(float(value) for value in self._one)  # type: ignore[assignment]
        attributes["_FEATURE_ID_0"] = glb.accessor(solids.owner.astype(np.float32))
        corners: NDArray[Any] = solids.triangles.astype(
            np.uint16 if len(points) < 65535 else np.uint32
        )
        return {
            "attributes": attributes,
            "indices": glb.accessor(corners.ravel(), ELEMENT_ARRAY_BUFFER),
            "material": glb.material(
                self.chosen.name, tint, self.chosen.opacity, two_sided=two_sided
            ),
            "extensions": {
                FEATURES: {
                    "featureIds": [
                        {"featureCount": len(rows), "attribute": 0, "propertyTable": table}
                    ]
                }
            },
        }
