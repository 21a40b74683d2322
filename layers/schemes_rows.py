"""Objects of any layer of shapes as rows: taking some, putting some, telling which differ.

A layer's content is seen as `Packed`: shapes, one number per object in every plain
column, attribute rows that objects share, and the faces of detailed buildings, which
go with the building that owns them. Nothing here knows a kind of layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from layers.content import one_chunk
from layers.copy_on_write import with_rows
from layers.kinds.base import Packed, pack_shapes, unpack_shapes
from layers.row_match import old_rows, weave, woven_column
from layers.shapes import (
    Bools,
    Ints,
    Shapes,
    alike,
    between,
    lengths_of,
    runs,
    starts_of,
    with_shapes,
)

ATTRIBUTES = "attributes"
FACES = ("coords", "ring_start", "face_start", "owner", "meaning")
#: Columns that name other objects of the same layer by their number; 0 names none.
REFERENCES = ("part_of", "start_node", "end_node")
_SHAPES = frozenset(
    {"shapes.kind", "shapes.coords", "shapes.ring_start", "shapes.shape_start", "shapes.z"}
)


def has_rows(packed: Packed) -> bool:
    """Say whether a content consists of objects with numbers, shapes and attributes."""
    return {"ids", "feature", "shapes.kind"} <= packed.arrays.keys() and (
        ATTRIBUTES in packed.tables
    )


def plain_columns(packed: Packed) -> tuple[str, ...]:
    """Name the arrays that hold one value per object, ids and attribute rows aside."""
    return tuple(
        name for name in packed.arrays if "." not in name and name not in {"ids", "feature"}
    )


def other_arrays(packed: Packed) -> dict[str, NDArray[Any]]:
    """Give the arrays that belong to no single object: libraries, links, grids."""
    if not has_rows(packed):
        return dict(packed.arrays)
    return {
        name: array
        for name, array in packed.arrays.items()
        if "." in name and name not in _SHAPES and not name.startswith("surfaces.")
    }


def bits(values: NDArray[Any]) -> NDArray[Any]:
    """Give numbers as plain bits, so that what is not a number equals itself."""
    if values.dtype.kind == "f":
        return np.ascontiguousarray(values).view(f"u{values.dtype.itemsize}")
    return values


def pick(packed: Packed, at: Ints) -> Packed:
    """Take objects out, with their own attribute rows and faces and nothing else.

    Parameters
    ----------
    packed : Packed
        Content with rows.
    at : (k,) int64
        Positions of the objects.
    """
    shapes = unpack_shapes(packed.arrays).take(at)
    arrays: dict[str, NDArray[Any]] = {**pack_shapes(shapes), "ids": packed.arrays["ids"][at]}
    owned, local = np.unique(packed.arrays["feature"][at], return_inverse=True)
    arrays["feature"] = local.astype(np.int64)
    for name in plain_columns(packed):
        arrays[name] = packed.arrays[name][at]
    arrays |= pick_faces(packed, arrays["ids"])
    table = packed.tables[ATTRIBUTES].take(pa.array(owned))
    return Packed(arrays=arrays, tables={ATTRIBUTES: table.combine_chunks()})


def joined(parts: Sequence[Packed]) -> Packed:
    """Put rows that `pick` gave behind each other; each keeps attribute rows of its own."""
    first = parts[0]
    shapes = Shapes.join([unpack_shapes(part.arrays) for part in parts])
    arrays: dict[str, NDArray[Any]] = dict(pack_shapes(shapes))
    before = starts_of([part.tables[ATTRIBUTES].num_rows for part in parts])
    arrays["feature"] = np.concatenate(
        [part.arrays["feature"] + before[i] for i, part in enumerate(parts)]
    )
    for name in ("ids", *plain_columns(first)):
        arrays[name] = np.concatenate([part.arrays[name] for part in parts])
    arrays |= join_faces([pick_faces(part, part.arrays["ids"]) for part in parts])
    table = pa.concat_tables([part.tables[ATTRIBUTES] for part in parts])
    return Packed(first.meta, arrays, {ATTRIBUTES: table.combine_chunks()})


def pick_faces(packed: Packed, owners: Ints, *, invert: bool = False) -> dict[str, NDArray[Any]]:
    """Give the faces of some buildings (or of all others); nothing where there are none."""
    if "surfaces.owner" not in packed.arrays:
        return {}
    owner = packed.arrays["surfaces.owner"]
    chosen = np.flatnonzero(np.isin(owner, owners, invert=invert))
    if len(chosen) == len(owner):
        return {f"surfaces.{name}": packed.arrays[f"surfaces.{name}"] for name in FACES}
    if len(chosen) == 0:
        return {}
    rings = runs(packed.arrays["surfaces.face_start"], chosen)
    points = runs(packed.arrays["surfaces.ring_start"], rings)
    return {
        "surfaces.coords": packed.arrays["surfaces.coords"][points],
        "surfaces.ring_start": starts_of(np.diff(packed.arrays["surfaces.ring_start"])[rings]),
        "surfaces.face_start": starts_of(np.diff(packed.arrays["surfaces.face_start"])[chosen]),
        "surfaces.owner": owner[chosen],
        "surfaces.meaning": packed.arrays["surfaces.meaning"][chosen],
    }


def join_faces(parts: Sequence[dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """Put the faces of several contents behind each other."""
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return dict(parts[0]) if parts else {}

    def starts(name: str) -> Ints:
        return starts_of(np.concatenate([np.diff(part[name]) for part in parts]))

    out: dict[str, NDArray[Any]] = {
        name: np.concatenate([part[name] for part in parts])
        for name in ("surfaces.coords", "surfaces.owner", "surfaces.meaning")
    }
    return {
        **out,
        "surfaces.ring_start": starts("surfaces.ring_start"),
        "surfaces.face_start": starts("surfaces.face_start"),
    }


def faces_differ(before: Packed, now: Packed, ids: Ints) -> Bools:
    """Say which of these buildings have other faces than before, (n,)."""
    none = np.zeros(len(ids), dtype=bool)
    names = [f"surfaces.{name}" for name in FACES]
    old = [before.arrays.get(name) for name in names]
    new = [now.arrays.get(name) for name in names]
    if all(a is b for a, b in zip(old, new, strict=True)):
        return none
    marks = [_face_marks(packed) for packed in (before, now)]
    return np.array([marks[0].get(i) != marks[1].get(i) for i in ids.tolist()], dtype=bool)


def _face_marks(packed: Packed) -> dict[int, tuple[bytes, ...]]:
    """Give the faces of each building as bytes, in their order."""
    if "surfaces.owner" not in packed.arrays:
        return {}
    a = packed.arrays
    coords, rings, faces = (a[f"surfaces.{n}"] for n in ("coords", "ring_start", "face_start"))
    out: dict[int, tuple[bytes, ...]] = {}
    for face, owner in enumerate(a["surfaces.owner"].tolist()):
        edges = rings[faces[face] : faces[face + 1] + 1]
        mark = (
            coords[edges[0] : edges[-1]].tobytes(),
            np.diff(edges).tobytes(),
            a["surfaces.meaning"][face : face + 1].tobytes(),
        )
        out[owner] = (*out.get(owner, ()), *mark)
    return out


def shapes_differ(now: Shapes, before: Shapes, rows: Ints) -> Bools:
    """Say which shapes are not what they were, (n,); those without a row before count.

    Parameters
    ----------
    now, before : Shapes
        n shapes now, and those of before.
    rows : (n,) int64
        Where each stood before, -1 for new ones.
    """
    changed = rows < 0
    asked = ~changed
    for at, old, count in alike(now, before).tolist():
        asked[at : at + count] &= rows[at : at + count] != np.arange(old, old + count)
    common = np.flatnonzero(asked)
    if len(common) == 0:
        return changed
    was = rows[common]
    other = now.kind[common] != before.kind[was]
    rings_now = lengths_of(now.shape_start, common)
    here, there = now.corners_at(common), before.corners_at(was)
    points_now = here[1] - here[0]
    other |= rings_now != lengths_of(before.shape_start, was)
    other |= points_now != there[1] - there[0]
    equal = np.flatnonzero(~other)
    if len(equal):
        a, b = runs(now.shape_start, common[equal]), runs(before.shape_start, was[equal])
        sizes = lengths_of(now.ring_start, a) != lengths_of(before.ring_start, b)
        first = starts_of(rings_now[equal])[:-1]
        other[equal] |= np.logical_or.reduceat(sizes, first)
        a, b = (between(begin[equal], end[equal]) for begin, end in (here, there))
        moved = (bits(now.coords[a]) != bits(before.coords[b])).any(axis=1)
        if now.z is not None or before.z is not None:
            moved |= bits(_heights(now, a)) != bits(_heights(before, b))
        other[equal] |= np.logical_or.reduceat(moved, starts_of(points_now[equal])[:-1])
    changed[common] |= other
    return changed


def _heights(shapes: Shapes, at: Ints) -> NDArray[np.float64]:
    return np.full(len(at), np.nan) if shapes.z is None else shapes.z[at]


def columns_differ(now: Packed, before: Packed, rows: Ints) -> Bools:
    """Say which objects have another value in a plain column, (n,); new ones do not count."""
    out = np.zeros(len(rows), dtype=bool)
    still = len(rows) == len(before.arrays["ids"]) and bool((rows == np.arange(len(rows))).all())
    common = rows >= 0
    was = rows[common]
    for name in plain_columns(now):
        column, old = now.arrays[name], before.arrays.get(name)
        if column is old and still:
            continue
        if old is None:
            out |= common
        else:
            out[common] |= np.asarray(bits(column[common]) != bits(old[was]))
    return out


def table_rows_differ(now: pa.Table, at: Ints, before: pa.Table, was: Ints) -> Bools:
    """Say which attribute rows are not what they were, (k,).

    Parameters
    ----------
    now, before : pyarrow.Table
        Tables of the same columns.
    at, was : (k,) int64
        The rows to compare, in each.
    """
    out = np.zeros(len(at), dtype=bool)
    if len(at) == 0 or (now is before and (at is was or np.array_equal(at, was))):
        return out
    ordered = np.array_equal(at, was)
    top = int(at.max()) + 1
    whole = top <= min(now.num_rows, before.num_rows)
    for name in now.column_names:
        new, old = now.column(name), before.column(name)
        if ordered and whole and new.slice(0, top).equals(old.slice(0, top)):
            continue
        out |= _values_differ(one_chunk(new.take(pa.array(at))), one_chunk(old.take(pa.array(was))))
    return out


def _values_differ(new: pa.Array, old: pa.Array) -> Bools:
    kind = new.type
    if pa.types.is_dictionary(kind):
        new, old = new.dictionary_decode(), old.dictionary_decode()
    if pa.types.is_nested(kind) or isinstance(kind, pa.BaseExtensionType):
        pairs = zip(new.to_pylist(), old.to_pylist(), strict=True)
        return np.array([a != b for a, b in pairs], dtype=bool)
    if pa.types.is_null(kind):
        return np.zeros(len(new), dtype=bool)
    differ = pc.fill_null(pc.not_equal(new, old), False)
    gone = np.asarray(new.is_null()) != np.asarray(old.is_null())
    out = np.asarray(differ, dtype=bool) | gone
    if pa.types.is_floating(kind):
        out &= ~(np.isnan(_floats(new)) & np.isnan(_floats(old)) & ~gone)
    return np.asarray(out, dtype=bool)


def _floats(column: pa.Array) -> NDArray[np.float64]:
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False))


def with_columns(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Give a table the columns of a schema: others go, missing ones are empty."""
    if table.schema.equals(schema):
        return table
    columns = []
    for field in schema:
        at = table.schema.get_field_index(field.name)
        if at >= 0 and table.schema.field(at).type == field.type:
            columns.append(table.column(at))
        else:
            columns.append(pa.nulls(table.num_rows, field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def both_schemas(one: pa.Schema, other: pa.Schema) -> pa.Schema:
    """Give all columns of two tables; where a name has two types the second counts."""
    wanted = {field.name: field for field in one}
    wanted |= {field.name: field for field in other}
    return pa.schema([field.with_nullable(True) for field in wanted.values()])


def put(packed: Packed, rows: Packed, *, without: Ints | None = None) -> Packed:
    """Put objects in: those whose number is there are replaced in place, others come last.

    Parameters
    ----------
    packed : Packed
        Content with rows.
    rows : Packed
        k objects as `pick` gives them.
    without : (m,) int64 or None
        Numbers of objects to leave out; those that are not there do not count.

    Returns
    -------
    Packed
        Attribute rows that are new stand behind the others; who is replaced and has
        the same attributes keeps the row it had.
    """
    schema = packed.tables[ATTRIBUTES].schema
    if not schema.equals(rows.tables[ATTRIBUTES].schema):
        schema = both_schemas(schema, rows.tables[ATTRIBUTES].schema)
    old = with_columns(packed.tables[ATTRIBUTES], schema)
    new = with_columns(rows.tables[ATTRIBUTES], schema)
    local = rows.arrays["feature"]
    found = old_rows(rows.arrays["ids"], packed.arrays["ids"])
    there = np.flatnonzero(found >= 0)
    was = packed.arrays["feature"][found[there]]
    same = ~table_rows_differ(new, local[there], old, was)
    fresh = np.ones(len(local), dtype=bool)
    fresh[there[same]] = False
    used, places = np.unique(local[fresh], return_inverse=True)
    feature = np.zeros(len(local), dtype=np.int64)
    feature[there[same]] = was[same]
    feature[fresh] = old.num_rows + places
    table = pa.concat_tables([old, new.take(pa.array(used))]) if len(used) else old
    gone = np.zeros(0, dtype=np.int64) if without is None else without
    return woven(packed, rows, gone, feature, table)


def woven(
    packed: Packed, rows: Packed, gone: Ints, feature: Ints, table: pa.Table
) -> Packed:  # fmt: skip
    """Weave objects into a content; see `put`.

    Parameters
    ----------
    packed, rows : Packed
        The content, and k objects.
    gone : (m,) int64
        Numbers to leave out.
    feature : (k,) int64
        Rows of `table` for the new objects.
    table : pyarrow.Table
        The attributes of the whole.
    """
    ids, new = packed.arrays["ids"], rows.arrays["ids"]
    found = old_rows(new, ids)
    away = old_rows(gone, ids)
    parts = weave(len(ids), found, away[away >= 0])
    shapes, added = unpack_shapes(packed.arrays), unpack_shapes(rows.arrays)
    still = bool((away < 0).all() and (found >= 0).all())
    order = np.zeros(0, dtype=np.int64) if parts is not None else _order_of(ids, found, gone)
    if still and not shapes_differ(added, shapes, found).any():
        pass
    elif parts is not None:
        shapes = with_shapes(shapes, found, added, parts) if len(parts) else shapes.take([])
    else:
        shapes = Shapes.join([shapes, added]).take(order)
    arrays: dict[str, NDArray[Any]] = {**pack_shapes(shapes)}
    for name in ("ids", "feature", *plain_columns(packed)):
        before = packed.arrays[name]
        now = feature if name == "feature" else rows.arrays[name]
        if still and np.array_equal(bits(now), bits(before[found])):
            arrays[name] = before
        elif still:
            arrays[name] = with_rows(before, found, now)
        elif parts is not None:
            arrays[name] = woven_column(before, now, parts)
        else:
            arrays[name] = np.concatenate([before, now.astype(before.dtype)])[order]
    replaced = np.concatenate([gone, new])
    arrays |= join_faces([pick_faces(packed, replaced, invert=True), pick_faces(rows, new)])
    arrays |= other_arrays(packed)
    tables = {**packed.tables, ATTRIBUTES: table}
    return Packed(packed.meta, {k: arrays[k] for k in _order(packed, arrays)}, tables)


def _order_of(ids: Ints, found: Ints, gone: Ints) -> Ints:
    """Give the rows of a woven content, those put in counted behind all that there were."""
    count = len(ids)
    order = np.arange(count)
    order[found[found >= 0]] = count + np.flatnonzero(found >= 0)
    if len(gone):
        order = order[~np.isin(ids, gone)]
    return np.concatenate([order, count + np.flatnonzero(found < 0)])


def _order(packed: Packed, arrays: dict[str, NDArray[Any]]) -> list[str]:
    """Name the arrays in the order the kind packs them."""
    first = [name for name in packed.arrays if name in arrays]
    return [*first, *(name for name in arrays if name not in packed.arrays)]


def drop(packed: Packed, ids: Ints) -> Packed:
    """Take objects out of a content; their attribute rows stay, owned by nobody."""
    none = pick(packed, np.zeros(0, dtype=np.int64))
    table = packed.tables[ATTRIBUTES]
    return woven(packed, none, ids, none.arrays["feature"], table)


def renumbered(rows: Packed, taken: Bools, first: int) -> tuple[Packed, dict[int, int]]:
    """Give objects whose number is taken a new one, and what names them with it.

    Parameters
    ----------
    rows : Packed
        Objects.
    taken : (k,) bool
        Those that need another number.
    first : int
        The first free number.

    Returns
    -------
    Packed
        The same objects.
    dict of int to int
        New numbers by the old ones.
    """
    old = rows.arrays["ids"][taken]
    if len(old) == 0:
        return rows, {}
    ids = rows.arrays["ids"].copy()
    ids[taken] = np.arange(first, first + len(old))
    names = dict(zip(old.tolist(), ids[taken].tolist(), strict=True))
    arrays = {**rows.arrays, "ids": ids}
    for name in (*REFERENCES, "surfaces.owner"):
        if name in arrays:
            arrays[name] = np.array(
                [names.get(i, i) for i in arrays[name].tolist()], dtype=arrays[name].dtype
            )
    return Packed(rows.meta, arrays, rows.tables), names
