"""GLB files hold what was handed over, at the places they say, attributes with their gaps."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.files.gltf import GlbWriter, read_glb
from layers.files.gltf_properties import Properties, read_table


def written(table: pa.Table, path: Path) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Write a table alone into a file and read it back."""
    properties = Properties(table)
    with GlbWriter("test") as glb:
        entry = properties.write(glb, table, "things")
        glb.document["extensions"] = {
            "EXT_structural_metadata": {
                "schema": {"id": "s", "classes": {"things": properties.schema("Things")}},
                "propertyTables": [entry],
            }
        }
        glb.save(path)
    document, buffer = read_glb(path)

    def view(number: int) -> bytes:
        about = document["bufferViews"][number]
        assert about["byteOffset"] % 8 == 0
        return bytes(buffer[about["byteOffset"] : about["byteOffset"] + about["byteLength"]])

    return document, read_table(document, view, 0)


def test_a_file_says_its_own_lengths_and_the_bounds_of_positions(tmp_path: Path) -> None:
    points = np.array([[1.5, -2.0, 3.0], [4.0, 5.0, -6.25]], dtype=np.float32)
    with GlbWriter("test") as glb:
        number = glb.accessor(points, bounds=True)
        size = glb.save(tmp_path / "a.glb")
    assert (tmp_path / "a.glb").stat().st_size == size
    assert size % 4 == 0
    document, buffer = read_glb(tmp_path / "a.glb")
    accessor = document["accessors"][number]
    assert accessor["min"] == [1.5, -2.0, -6.25]
    assert accessor["max"] == [4.0, 5.0, 3.0]
    assert bytes(buffer[:24]) == points.tobytes()
    assert document["buffers"][0]["byteLength"] == len(buffer)


def test_every_type_of_attribute_comes_back_with_its_missing_values(tmp_path: Path) -> None:
    table = pa.table(
        {
            "名称": pa.array(["塔 A", None, ""]),
            "name": pa.array(["x", "y", "zz"]),
            "floors": pa.array([1, None, 300]),
            "small": pa.array([-3, 5, 7], pa.int64()),
            "big": pa.array([2**40, -(2**40), 0]),
            "price": pa.array([1.25, float("nan"), None]),
            "none": pa.array([-9999.0, None, 1.0]),
            "listed": pa.array([True, None, False]),
            "open": pa.array([True, False, True]),
            "built": pa.array([datetime.date(1999, 5, 1), None, None]),
            "use": pa.array(["a", "b", "a"]).dictionary_encode(),
            "nothing": pa.nulls(3),
            "floors ": pa.array([0.5, 1.5, 2.5], pa.float32()),
        }
    )
    document, back = written(table, tmp_path / "t.glb")
    assert back["名称"] == ["塔 A", None, ""]
    assert back["name"] == ["x", "y", "zz"]
    assert back["floors"] == [1, None, 300]
    assert back["small"] == [-3, 5, 7]
    assert back["big"] == [2**40, -(2**40), 0]
    assert back["price"] == [1.25, None, None]
    assert back["none"] == [-9999.0, None, 1.0]
    assert back["listed"] == [1, None, 0]
    assert back["open"] == [True, False, True]
    assert back["built"] == ["1999-05-01", None, None]
    assert back["use"] == ["a", "b", "a"]
    assert back["nothing"] == [None, None, None]
    assert back["floors "] == [0.5, 1.5, 2.5]
    extension = document["extensions"]["EXT_structural_metadata"]
    properties = extension["schema"]["classes"]["things"]["properties"]
    assert len(properties) == len(table.column_names)
    assert all(key.isidentifier() and key.isascii() for key in properties)
    assert properties["floors"]["componentType"] == "INT16"
    assert properties["small"]["componentType"] == "INT8"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.none() | st.integers(-(2**62), 2**62),
            st.none() | st.text(max_size=8).filter(lambda t: "\ufffe" not in t),
            st.none() | st.floats(allow_nan=False, allow_infinity=False),
            st.none() | st.booleans(),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_any_table_comes_back(
    tmp_path_factory: Any, rows: list[tuple[int | None, str | None, float | None, bool | None]]
) -> None:
    whole, words, numbers, flags = (list(column) for column in zip(*rows, strict=True))
    clean = [None if w is None else w.encode("utf-8", "replace").decode() for w in words]
    table = pa.table(
        {
            "i": pa.array(whole, pa.int64()),
            "t": pa.array(clean, pa.string()),
            "f": pa.array(numbers, pa.float64()),
            "b": pa.array(flags, pa.bool_()),
        }
    )
    _, back = written(table, tmp_path_factory.mktemp("glb") / "t.glb")
    assert back["i"] == whole
    assert back["t"] == clean
    assert back["f"] == numbers
    assert back["b"] == flags
