"""Contents kept as what differs from another version come back bit for bit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import condensed as condensing
from layers import condensed_parts, condensed_table
from layers.condensed import Condensed, condensed, memory_of_kept
from layers.content import array_hash, known_hashes
from layers.kinds.base import Features
from layers.kinds.buildings import Buildings, Surfaces
from layers.kinds.measurements import Measurements
from layers.schemes_rows import drop, pick, put
from layers.shapes import Shapes, alike


@pytest.fixture(scope="module", autouse=True, params=["told", "filed"])
def _whatever_it_saves(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tell contents of a few objects as if they were a million, or lay all of them aside."""
    told = request.param == "told"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(condensing, "LESS", math.inf)
        for module in (condensed_parts, condensed_table):
            patch.setattr(module, "WORTH", math.inf if told else 0.0)
            patch.setattr(module, "LARGE", condensed_parts.LARGE if told else 1)
        yield


def exact(value: Any) -> Any:
    """Give all bits of a content, in a form that can be compared."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, pa.Table):
        return value.schema.to_string(), value.schema.metadata, repr(value.to_pydict())
    if isinstance(value, Shapes | Surfaces | Features):
        return {field.name: exact(getattr(value, field.name)) for field in fields(value)}
    return value


def table(n: int) -> pa.Table:
    schema = pa.schema(
        [
            pa.field("name", pa.string()), pa.field("share", pa.float64()),
            pa.field("half", pa.float32()), pa.field("use", pa.dictionary(pa.int8(), pa.string())),
            pa.field("tags", pa.list_(pa.string())), pa.field("old", pa.bool_()),
            pa.field("nothing", pa.null()),
        ],
        metadata={"note": "kept"},
    )  # fmt: skip
    columns = [
        pa.array([f"h{i}" if i % 3 else None for i in range(n)], pa.string()),
        pa.array([(0.0, -0.0, float("nan"), None, 1.5)[i % 5] for i in range(n)], pa.float64()),
        pa.array([float(i) for i in range(n)], pa.float32()),
        pa.array(["home", "work", None][: min(n, 3)] * n, pa.string())[:n].dictionary_encode(),
        pa.array([["a"] * (i % 3) for i in range(n)], pa.list_(pa.string())),
        pa.array([bool(i % 2) for i in range(n)], pa.bool_()),
        pa.nulls(n),
    ]
    columns[3] = columns[3].cast(schema.field("use").type)
    return pa.Table.from_arrays(columns, schema=schema)


def city(n: int) -> Buildings:
    boxes = [
        shapely.box(30 * i, 0, 30 * i + 20, 15)
        if i % 3
        else shapely.box(30 * i, 0, 30 * i + 20, 15).difference(
            shapely.box(30 * i + 5, 5, 30 * i + 9, 9)
        )
        for i in range(n)
    ]
    return Buildings.blocks(Shapes.from_shapely(boxes), np.arange(n) + 10.0, table(n))


def detailed(data: Buildings, owners: list[int]) -> Buildings:
    """Give some buildings two triangles each."""
    if not owners:
        return replace(data, surfaces=None)
    faces = 2 * len(owners)
    coords = np.arange(9.0 * faces).reshape(-1, 3) % 7.0 + np.repeat(owners, 6)[:, None]
    return replace(
        data,
        surfaces=Surfaces(
            coords, np.arange(0, 3 * faces + 1, 3), np.arange(faces + 1),
            np.repeat(np.array(owners, dtype=np.int64), 2), np.zeros(faces, dtype=np.uint8),
        ),
    )  # fmt: skip


EDITS = ("drop", "move", "corner", "copy", "height", "values", "longer", "shuffle", "z", "detail")


def edited(data: Buildings, edit: str, at: int) -> Buildings:
    """Give another version of a content."""
    n = len(data)
    if n == 0:
        return data
    some = np.unique(np.array([at % n, (3 * at) % n]))
    packed = data.pack()
    if edit == "drop":
        return Buildings.unpack(drop(packed, data.ids[some]))
    if edit in {"move", "copy", "corner"}:
        rows = pick(packed, some)
        shapes = data.shapes.take(some).moved(at, -0.0)
        if edit == "corner":
            shapes = Shapes.from_shapely([shapely.Point(9.0 * at, 5).buffer(3)] * len(some))
        arrays = {**rows.arrays, **{f"shapes.{k}": getattr(shapes, k) for k in
                  ("kind", "coords", "ring_start", "shape_start")}}  # fmt: skip
        if shapes.z is not None:
            arrays["shapes.z"] = shapes.z
        else:
            arrays.pop("shapes.z", None)
        if edit == "copy":
            arrays["ids"] = data.ids.max() + 1 + np.arange(len(some))
        return Buildings.unpack(put(packed, replace(rows, arrays=arrays)))
    if edit == "height":
        return data.with_heights(data.ids[some], 5.0 + at)
    if edit == "shuffle":
        order = np.roll(np.arange(n), at)
        columns = {f.name: getattr(data, f.name) for f in fields(data)}
        columns = {k: v[order] if isinstance(v, np.ndarray) else v for k, v in columns.items()}
        return Buildings(**{**columns, "shapes": data.shapes.take(order)})
    if edit == "z":
        z = None if data.shapes.z is not None else np.full(len(data.shapes.coords), np.nan)
        if z is not None and at % 2:
            z[:: at + 1] = at
        return replace(data, shapes=replace(data.shapes, z=z))
    if edit == "detail":
        return detailed(data, data.ids[some].tolist() if at % 4 else [])
    return replace(data, attributes=retold(data.attributes, edit, at))


def retold(attributes: pa.Table, edit: str, at: int) -> pa.Table:
    """Give a table another value, or one more column or one less."""
    name = f"more {at}"
    if edit == "values":
        number = attributes.schema.get_field_index("share")
        values = attributes.column(number).to_pylist()
        values[at % len(values)] = float(at)
        return attributes.set_column(number, "share", pa.array(values, pa.float64()))
    if name in attributes.column_names:
        return attributes.drop_columns([name])
    return attributes.append_column(name, pa.array(range(attributes.num_rows)))


moves = st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 9)), min_size=1, max_size=5)


@given(st.integers(0, 9), moves, moves)
@settings(max_examples=150, deadline=None)
def test_whatever_is_edited_comes_back_bit_for_bit(
    n: int, first: list[tuple[str, int]], then: list[tuple[str, int]]
) -> None:
    before = city(n)
    for edit in first:
        before = edited(before, *edit)
    after = before
    for edit in then:
        after = edited(after, *edit)
    for one, other in ((before, after), (after, before)):
        wanted, beside = exact(one), exact(other)
        kept = condensed(one, other)
        assert kept is not None
        made = kept.restored(other)
        assert exact(made) == wanted
        assert exact(other) == beside
        for here, there, count in alike(made.shapes, other.shapes).tolist():
            plans = [
                replace(shapes, z=None).take(np.arange(first, first + count))
                for shapes, first in ((made.shapes, here), (other.shapes, there))
            ]
            assert exact(plans[0]) == exact(plans[1])
        again = condensed(other, made)
        assert again is not None
        assert exact(again.restored(made)) == beside


def town(n: int = 20_000) -> Buildings:
    places = np.arange(n)
    boxes = [shapely.box(30 * i, 0, 30 * i + 20, 15) for i in range(n)]
    return Buildings.blocks(Shapes.from_shapely(boxes), places % 40 + 10.0)


@pytest.fixture
def _as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condensing, "LESS", 0.9)
    monkeypatch.setattr(condensed_parts, "WORTH", 0.5)
    monkeypatch.setattr(condensed_table, "WORTH", 0.5)
    for module in (condensed_parts, condensed_table):
        monkeypatch.setattr(module, "LARGE", 2**18)


@pytest.mark.usefixtures("_as_it_is")
@pytest.mark.parametrize("edit", ["drop", "move", "corner", "copy", "height", "values"])
def test_a_small_edit_of_a_large_layer_takes_next_to_nothing(edit: str) -> None:
    before = town()
    share = pa.array(np.linspace(0.0, 1.0, len(before)))
    before = replace(before, attributes=before.attributes.append_column("share", share))
    after = edited(before, edit, 17)
    for one, other in ((before, after), (after, before)):
        kept = condensed(one, other)
        assert kept is not None
        assert sum(kept.memory.values()) < 5_000 < sum(memory_of_kept(one).values())
        assert exact(kept.restored(other)) == exact(one)


@pytest.mark.usefixtures("_as_it_is")
def test_what_all_differs_in_is_kept_whole() -> None:
    data, other = town(3_000), town(3_000)
    shapes = other.shapes.moved(1.0, 1.0).take(np.arange(3_000)[::-1])
    other = replace(other, shapes=shapes, ids=other.ids + 5_000)
    assert condensed(data, other) is None
    assert condensed(Measurements(), Measurements()) is None


@pytest.mark.usefixtures("_as_it_is")
def test_faces_of_detailed_buildings_are_told_by_those_that_stay() -> None:
    data = detailed(town(2_000), list(range(1, 1_501)))
    after = Buildings.unpack(drop(data.pack(), np.array([40, 900])))
    for one, other in ((data, after), (after, data)):
        kept = condensed(one, other)
        assert kept is not None
        assert sum(kept.memory.values()) < 4_000
        assert exact(kept.restored(other)) == exact(one)


@pytest.mark.usefixtures("_as_it_is")
def test_large_columns_in_which_all_differs_are_laid_aside() -> None:
    before = town(40_000)
    values = pa.array(np.linspace(0.0, 1.0, len(before)))
    before = replace(before, attributes=before.attributes.append_column("share", values))
    after = replace(
        before,
        shapes=before.shapes.moved(3.0, 4.0),
        height=before.height + 1.0,
        attributes=before.attributes.set_column(1, "share", pa.array(np.sqrt(values))),
    )
    kept = condensed(before, after)
    assert kept is not None
    assert sum(kept.memory.values()) < 100_000
    assert exact(kept.restored(after)) == exact(before)


def test_shapes_that_changed_places_under_the_same_starts_come_back() -> None:
    data = city(5)
    squares = replace(
        data, shapes=Shapes.from_shapely([shapely.box(i, 0, i + 1, 1) for i in range(5)])
    )
    shapes = squares.shapes
    turned = replace(
        squares,
        ids=np.roll(squares.ids, 1),
        shapes=replace(shapes, coords=np.roll(shapes.coords, 4, axis=0)),
    )
    assert turned.shapes.ring_start is shapes.ring_start
    for one, other in ((squares, turned), (turned, squares)):
        kept = condensed(one, other)
        assert kept is not None
        assert exact(kept.restored(other)) == exact(one)


@pytest.mark.usefixtures("_as_it_is")
def test_without_a_folder_what_differs_stays_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condensed_parts, "laid_aside", lambda _raw: None)
    before = town(40_000)
    after = replace(before, height=before.height + 1.0)
    kept = condensed(before, after)
    assert kept is not None
    assert sum(kept.memory.values()) >= before.height.nbytes
    assert exact(kept.restored(after)) == exact(before)


def test_arrays_that_lie_in_a_file_cost_nothing_and_are_kept(tmp_path: Path) -> None:
    before = town(500)
    path = tmp_path / "heights"
    path.write_bytes(before.height.tobytes())
    mapped = np.memmap(path, dtype=np.float64, mode="r")
    mine = np.memmap(path, dtype=np.float64, mode="c")
    assert condensed_parts.is_free(mapped)
    assert condensed_parts.is_free(np.asarray(mapped)[3:])
    assert not condensed_parts.is_free(mine), "each of these holds a file open"
    assert not condensed_parts.is_free(before.height)
    before = replace(before, height=np.asarray(mapped))
    kept = condensed(before, before.with_heights([3], [99.0]))
    assert kept is not None
    assert kept.parts["height"].made(None) is before.height


def test_hashes_that_were_known_are_known_again() -> None:
    before = town(50)
    wanted = array_hash(before.height)
    after = edited(before, "height", 7)
    kept = condensed(before, after)
    assert isinstance(kept, Condensed)
    assert known_hashes(kept.restored(after).pack())["arrays/height"] == wanted


def test_arrays_that_contents_share_are_counted_once() -> None:
    before = town(100)
    after = before.with_heights([3], [7.0])
    both = {**memory_of_kept(before), **memory_of_kept(after)}
    alone = sum(memory_of_kept(before).values())
    assert sum(both.values()) == alone + after.height.nbytes + after.height_rule.nbytes
