"""Attributes of features in glTF: property tables of EXT_structural_metadata.

References
----------
.. [1] Cesium, "3D Metadata Specification" 1.0, sections "Binary Table Format" and "NoData";
   "EXT_structural_metadata", glTF vendor extension.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from layers.files.gltf import GlbWriter
from layers.object_table import as_texts
from layers.shapes import starts_of

_INTEGERS = ("int8", "int16", "int32", "int64")
_NO_NUMBERS = (-9999.0, -999999.0, -1e9, -1e30, -3e38)
_NO_TEXTS = ("", "-", "null", "no data", "\u2205", "\ufffe")


@dataclass(frozen=True, slots=True)
class Property:
    """How one attribute is kept.

    Attributes
    ----------
    key : str
        Its name in the file: letters, digits and underscores.
    name : str
        Its name as people know it.
    kind : str
        ``"BOOLEAN"``, ``"STRING"``, or the component of a number such as ``"INT16"``.
    none : object
        What stands for a missing value; None where none is missing.
    """

    key: str
    name: str
    kind: str
    none: Any = None

    def schema(self) -> dict[str, Any]:
        """Give its entry in the class."""
        entry: dict[str, Any] = {"name": self.name}
        if self.kind in {"BOOLEAN", "STRING"}:
            entry["type"] = self.kind
        else:
            entry |= {"type": "SCALAR", "componentType": self.kind}
        if self.none is None:
            entry["required"] = True
        else:
            entry["noData"] = self.none
        return entry


class Properties:
    """The class of a table of attributes, and pieces of the table written to files.

    Parameters
    ----------
    table : pyarrow.Table
        All rows that will be written: types and marks for missing values are found in it.
    """

    def __init__(self, table: pa.Table) -> None:
        self.columns: tuple[Property, ...] = ()
        taken: set[str] = set()
        found: list[Property] = []
        for name in table.column_names:
            key = _key(name, len(found) + 1, taken)
            taken.add(key)
            found.append(_property(key, name, _plain(table.column(name))))
        self.columns = tuple(found)

    def schema(self, name: str) -> dict[str, Any]:
        """Give the class with a name for people."""
        properties = {column.key: column.schema() for column in self.columns}
        return {"name": name, "properties": properties} if properties else {"name": name}

    def write(self, glb: GlbWriter, table: pa.Table, class_id: str) -> dict[str, Any]:
        """Write rows into a file and give their property table."""
        written: dict[str, Any] = {}
        for column in self.columns:
            values = _plain(table.column(column.name))
            if column.kind == "STRING":
                written[column.key] = _write_texts(glb, values, column)
            else:
                written[column.key] = {"values": glb.view(_numbers(values, column))}
        out: dict[str, Any] = {"class": class_id, "count": table.num_rows}
        if written:
            out["properties"] = written
        return out


def _key(name: str, number: int, taken: set[str]) -> str:
    """Give a name that the format allows and that is not taken.

    >>> _key("floor-count", 3, set()), _key("高度", 4, set())
    ('floor_count', 'field_4')
    """
    key = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_")
    if not key or not re.search(r"[A-Za-z]", key):
        key = f"field_{number}"
    if key[0].isdigit():
        key = f"_{key}"
    while key in taken:
        key += "_"
    return key


def _plain(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([])
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return column


def _property(key: str, name: str, column: pa.Array) -> Property:
    missing = column.null_count > 0
    if pa.types.is_boolean(column.type):
        return Property(key, name, "UINT8", 255) if missing else Property(key, name, "BOOLEAN")
    if pa.types.is_integer(column.type):
        found = _integer(key, name, column, missing=missing)
        if found is not None:
            return found
    if pa.types.is_floating(column.type):
        return _float(key, name, column)
    texts = as_texts(column)
    if not missing:
        return Property(key, name, "STRING")
    used = set(pc.unique(texts).to_pylist())
    return Property(key, name, "STRING", next(t for t in _NO_TEXTS if t not in used))


def _integer(key: str, name: str, column: pa.Array, *, missing: bool) -> Property | None:
    """Find the smallest type for whole numbers; None where they go beyond all."""
    bounds = pc.min_max(column).as_py()
    low, high = bounds["min"] or 0, bounds["max"] or 0
    for kind in _INTEGERS:
        about = np.iinfo(kind)
        fits = about.min + (1 if missing else 0) <= low and high <= about.max
        if fits:
            return Property(key, name, kind.upper(), int(about.min) if missing else None)
    return None


def _float(key: str, name: str, column: pa.Array) -> Property:
    values = np.asarray(pc.fill_null(column.cast(pa.float64()), np.nan))
    kind = "FLOAT32" if pa.types.is_float32(column.type) else "FLOAT64"
    bad = ~np.isfinite(values)
    if not bad.any():
        return Property(key, name, kind)
    return Property(key, name, kind, next(x for x in _NO_NUMBERS if not (values == x).any()))


def _numbers(values: pa.Array, column: Property) -> NDArray[Any]:
    if column.kind == "BOOLEAN":
        flags = np.asarray(values.to_numpy(zero_copy_only=False), dtype=bool)
        return np.packbits(flags, bitorder="little")
    if column.kind.startswith("FLOAT"):
        numbers = np.array(pc.fill_null(values.cast(pa.float64()), np.nan), dtype=np.float64)
        if column.none is not None:
            numbers[~np.isfinite(numbers)] = column.none
        return numbers.astype(column.kind.lower())
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.uint8())
    filled = values if column.none is None else pc.fill_null(values.cast(pa.int64()), column.none)
    return np.asarray(filled.to_numpy(zero_copy_only=False)).astype(column.kind.lower())


def _write_texts(glb: GlbWriter, values: pa.Array, column: Property) -> dict[str, Any]:
    texts = as_texts(values)
    if column.none is not None:
        texts = pc.fill_null(texts, column.none)
    words = [text.encode() for text in texts.to_pylist()]
    offsets = starts_of([len(word) for word in words]).astype(np.uint32)
    joined = np.frombuffer(b"".join(words), dtype=np.uint8)
    return {"values": glb.view(joined), "stringOffsets": glb.view(offsets)}


def read_table(
    document: Mapping[str, Any], view: Callable[[int], bytes], number: int
) -> dict[str, list[Any]]:
    """Read a property table back, columns under their names for people; None where missing.

    Parameters
    ----------
    document : dict
        JSON of a glTF file.
    view : callable
        Gives the bytes of a buffer view by its number.
    number : int
        Which table.
    """
    metadata = document["extensions"]["EXT_structural_metadata"]
    table = metadata["propertyTables"][number]
    count = int(table["count"])
    out: dict[str, list[Any]] = {}
    for key, about in metadata["schema"]["classes"][table["class"]].get("properties", {}).items():
        where = table["properties"][key]
        raw = view(where["values"])
        if about["type"] == "STRING":
            at = np.frombuffer(view(where["stringOffsets"]), dtype=np.uint32)
            values: list[Any] = [raw[at[i] : at[i + 1]].decode() for i in range(count)]
        elif about["type"] == "BOOLEAN":
            bits = np.unpackbits(np.frombuffer(raw, dtype=np.uint8), bitorder="little")
            values = bits[:count].astype(bool).tolist()
        else:
            numbers = np.frombuffer(raw, dtype=about["componentType"].lower())
            values = numbers[:count].tolist()
        if "noData" in about:
            values = [None if value == about["noData"] else value for value in values]
        out[about["name"]] = values
    return out
