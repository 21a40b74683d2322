"""What a scheme keeps of a layer: the objects that differ, found by comparing and put back.

A patch is made against one content and put on the same one again, which gives the very
same columns. Put on another one (the existing city was edited meanwhile, a parent scheme
went on), objects are found by their numbers, and new ones step aside where their number
is taken.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.content import array_hash, hash_of_pieces, piece_hashes, plain_json, text_hash
from layers.kinds.base import LayerData, Packed, unpack_shapes
from layers.row_match import old_rows
from layers.schemes_rows import (
    ATTRIBUTES,
    both_schemas,
    columns_differ,
    faces_differ,
    has_rows,
    other_arrays,
    pick,
    renumbered,
    shapes_differ,
    table_rows_differ,
    with_columns,
    woven,
)
from layers.shapes import Bools, Ints

_NO_IDS = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Patch:
    """What differs between two contents of a layer.

    Attributes
    ----------
    removed : (r,) int64
        Numbers of objects that are gone.
    rows : Packed or None
        The k objects that are new or changed, whole; ``feature`` names a row of its own
        ``attributes``, which has the columns of the changed layer. None for layers
        without objects.
    new : (k,) bool
        Which of them were not there before.
    at : (t,) int64
        Row of the layer's attribute table for each row of ``rows``' table.
    total : int
        How many rows the layer's attribute table has.
    mark : str
        Says which content `at` counts on; "" where rows cannot keep their places.
    pieces : Packed
        What belongs to no object and differs: grids, libraries, plain values.
    """

    removed: Ints
    rows: Packed | None
    new: Bools
    at: Ints
    total: int
    mark: str
    pieces: Packed = field(default_factory=Packed)

    def __post_init__(self) -> None:
        packs = [self.pieces] if self.rows is None else [self.pieces, self.rows]
        arrays = [array for packed in packs for array in packed.arrays.values()]
        for array in (*arrays, self.removed, self.new, self.at):
            array.setflags(write=False)

    @property
    def changed_ids(self) -> Ints:
        """Numbers of the objects that are otherwise than before."""
        return _NO_IDS if self.rows is None else self.rows.arrays["ids"][~self.new]

    @property
    def added_ids(self) -> Ints:
        """Numbers of the objects that are new."""
        return _NO_IDS if self.rows is None else self.rows.arrays["ids"][self.new]

    @property
    def whole(self) -> bool:
        """Whether something that belongs to no object differs."""
        return bool(self.pieces.arrays or self.pieces.tables or self.pieces.meta)

    @property
    def touches_objects(self) -> bool:
        """Whether objects, or what is beside them, differ; idle attribute rows do not count."""
        rows = 0 if self.rows is None else len(self.rows.arrays["ids"])
        return bool(len(self.removed) or rows or self.whole)

    @property
    def size(self) -> int:
        """Bytes of the columns, for knowing how light a scheme is."""
        packs = [self.pieces] if self.rows is None else [self.pieces, self.rows]
        arrays = sum(a.nbytes for p in packs for a in p.arrays.values())
        return int(arrays + sum(t.nbytes for p in packs for t in p.tables.values()))

    def hash(self) -> str:
        """Give the hash of all it holds."""
        return hash_of_pieces(piece_hashes(packed_patch(self)))


def packed_patch(patch: Patch) -> Packed:
    """Give a patch as plain parts."""
    arrays: dict[str, NDArray[Any]] = {
        "removed": patch.removed, "new": patch.new, "at": patch.at,
        **{f"pieces/{name}": array for name, array in patch.pieces.arrays.items()},
    }  # fmt: skip
    tables = {f"pieces/{name}": table for name, table in patch.pieces.tables.items()}
    if patch.rows is not None:
        arrays |= {f"rows/{name}": array for name, array in patch.rows.arrays.items()}
        tables["rows"] = patch.rows.tables[ATTRIBUTES]
    meta = {"total": patch.total, "mark": patch.mark, "pieces": patch.pieces.meta}
    return Packed(meta, arrays, tables)


def unpacked_patch(packed: Packed) -> Patch:
    """Build a patch from what `packed_patch` gave."""

    def below(place: str, parts: dict[str, Any]) -> dict[str, Any]:
        start = f"{place}/"
        return {k.removeprefix(start): v for k, v in parts.items() if k.startswith(start)}

    rows = None
    if "rows" in packed.tables:
        rows = Packed(
            arrays=below("rows", packed.arrays), tables={ATTRIBUTES: packed.tables["rows"]}
        )
    arrays, meta = packed.arrays, packed.meta
    pieces = Packed(meta["pieces"], below("pieces", arrays), below("pieces", packed.tables))
    return Patch(
        arrays["removed"], rows, arrays["new"], arrays["at"], meta["total"], meta["mark"], pieces
    )


# Data is frozen, so what two contents differ in is found once in their lives.
_known: dict[tuple[int, int], tuple[weakref.ref[Any], weakref.ref[Any], Patch | None]] = {}


def difference(base: LayerData, data: LayerData) -> Patch | None:
    """Give what differs between two contents of a layer; None where nothing does.

    Parameters
    ----------
    base, data : LayerData
        The content before and now, of the same kind.
    """
    if base is data:
        return None
    key = (id(base), id(data))
    kept = _known.get(key)
    if kept is not None and kept[0]() is base and kept[1]() is data:
        return kept[2]
    found = packed_difference(base.pack(), data.pack())

    def forget(_: object) -> None:
        _known.pop(key, None)

    _known[key] = (weakref.ref(base, forget), weakref.ref(data, forget), found)
    return found


def packed_difference(before: Packed, now: Packed) -> Patch | None:
    """Give what differs between two packed contents; see `difference`."""
    pieces = _pieces(before, now)
    if not (has_rows(before) and has_rows(now)):
        none = np.zeros(0, dtype=bool)
        patch = Patch(_NO_IDS, None, none, _NO_IDS, 0, "", pieces)
        return patch if patch.whole else None
    ids, old_ids = now.arrays["ids"], before.arrays["ids"]
    rows = old_rows(ids, old_ids)
    new = rows < 0
    changed = new | shapes_differ(
        unpack_shapes(now.arrays), unpack_shapes(before.arrays), rows
    )  # fmt: skip
    changed |= columns_differ(now, before, rows)
    table, old_table = now.tables[ATTRIBUTES], before.tables[ATTRIBUTES]
    same_schema = table.schema.equals(old_table.schema)
    old_table = with_columns(old_table, table.schema)
    common = np.flatnonzero(~new)
    feature, was = now.arrays["feature"], before.arrays["feature"]
    changed[common] |= table_rows_differ(
        table, feature[common], old_table, was[rows[common]]
    )  # fmt: skip
    changed[common] |= faces_differ(before, now, ids[common])
    removed = old_ids[old_rows(old_ids, ids) < 0]
    at, mark = _attribute_places(before, now, rows, changed, old_table)
    chosen = np.flatnonzero(changed)
    if not (len(chosen) or len(removed) or pieces.meta or pieces.arrays or pieces.tables):
        extra = table.num_rows != old_table.num_rows or not same_schema
        if not (extra or len(at)):
            return None
    rows_of = pick(now, chosen)
    local = np.searchsorted(at, feature[chosen]).astype(np.int64)
    attributes = table.take(pa.array(at)).combine_chunks()
    taken = Packed(arrays={**rows_of.arrays, "feature": local}, tables={ATTRIBUTES: attributes})
    return Patch(removed, taken, new[chosen], at, table.num_rows, mark, pieces)


def _attribute_places(
    before: Packed, now: Packed, rows: Ints, changed: Bools, old_table: pa.Table
) -> tuple[Ints, str]:
    """Give the attribute rows to keep, and the mark of the content they count on."""
    table, count = now.tables[ATTRIBUTES], old_table.num_rows
    feature, was = now.arrays["feature"], before.arrays["feature"]
    own = np.unique(feature[changed])
    still = np.flatnonzero(~changed)
    exact = table.num_rows >= count and bool((feature[still] == was[rows[still]]).all())
    if not exact:
        return own, ""
    places = np.arange(count)
    edited = np.flatnonzero(table_rows_differ(table, places, old_table, places))
    appended = np.arange(count, table.num_rows)
    return np.unique(np.concatenate([own, edited, appended])), mark_of(before)


def mark_of(packed: Packed) -> str:
    """Give what tells one arrangement of objects and attribute rows from another."""
    table = packed.tables[ATTRIBUTES]
    fields = [[f.name, str(f.type)] for f in table.schema]
    hashes = [array_hash(packed.arrays["ids"]), array_hash(packed.arrays["feature"])]
    return text_hash(plain_json([hashes, table.num_rows, fields]))


def _pieces(before: Packed, now: Packed) -> Packed:
    old, new = other_arrays(before), other_arrays(now)
    arrays = {
        name: array
        for name, array in new.items()
        if name not in old
        or (array is not old[name] and array_hash(array) != array_hash(old[name]))
    }
    tables = {
        name: table
        for name, table in now.tables.items()
        if not (has_rows(now) and name == ATTRIBUTES)
        and (name not in before.tables or not table.equals(before.tables[name]))
    }
    meta = {} if plain_json(before.meta) == plain_json(now.meta) else now.meta
    return Packed(meta, arrays, tables)


def patched(packed: Packed, patch: Patch, first_free: int = 0) -> tuple[Packed, dict[int, int]]:
    """Put a patch on a content.

    Parameters
    ----------
    packed : Packed
        The content it was made against, or one that came after that.
    patch : Patch
        What differs.
    first_free : int
        Number from which new objects whose number is taken are numbered.

    Returns
    -------
    Packed
        The changed content.
    dict of int to int
        New objects that had to take another number: old to new.
    """
    names: dict[int, int] = {}
    if patch.rows is not None and has_rows(packed):
        rows, ids = patch.rows, packed.arrays["ids"]
        taken = patch.new & np.isin(rows.arrays["ids"], ids)
        if taken.any():
            most = max(int(ids.max(initial=0)), int(rows.arrays["ids"].max(initial=0)))
            rows, names = renumbered(rows, taken, max(first_free, most + 1))
        feature, table = _attributes(packed, patch, rows)
        packed = woven(packed, rows, patch.removed, feature, table)
    if patch.whole:
        packed = replace(
            packed,
            meta=patch.pieces.meta or packed.meta,
            arrays={**packed.arrays, **patch.pieces.arrays},
            tables={**packed.tables, **patch.pieces.tables},
        )
    return packed, names


def _attributes(packed: Packed, patch: Patch, rows: Packed) -> tuple[Ints, pa.Table]:
    """Give the attribute row of each object put in, and the whole table."""
    old, own = packed.tables[ATTRIBUTES], rows.tables[ATTRIBUTES]
    local = rows.arrays["feature"]
    if patch.mark and patch.mark == mark_of(packed):
        old = with_columns(old, own.schema)
        count = old.num_rows
        kept = int(np.searchsorted(patch.at, count))
        if kept:
            order = np.arange(count)
            order[patch.at[:kept]] = count + np.arange(kept)
            both = pa.concat_tables([old, own.slice(0, kept)])
            old = both.take(pa.array(order)).combine_chunks()
        behind = own.slice(kept)
        table = pa.concat_tables([old, behind]).combine_chunks() if behind.num_rows else old
        return patch.at[local], table
    schema = old.schema
    if not schema.equals(own.schema):
        schema = both_schemas(schema, own.schema)
    feature = (local + old.num_rows).astype(np.int64)
    return feature, pa.concat_tables([with_columns(old, schema), with_columns(own, schema)])
