from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.content import content_hash, piece_hashes
from layers.kinds.base import Packed
from tests.layers.files.projects import hard_buildings, hard_table


def of_table(table: pa.Table) -> str:
    return content_hash(Packed(tables={"attributes": table}))


def test_slices_and_chunks_of_the_same_rows_have_one_hash() -> None:
    table = hard_table()
    twice = pa.concat_tables([table, table])
    parts = pa.concat_tables([table.slice(0, 1), table.slice(1)])
    assert of_table(twice.slice(3)) == of_table(table) == of_table(parts)
    assert of_table(twice) != of_table(table)


def test_notes_of_other_programs_in_a_schema_do_not_count() -> None:
    table = hard_table()
    assert of_table(table.replace_schema_metadata({"pandas": "{}"})) == of_table(table)


def test_every_cell_counts() -> None:
    table = hard_table()
    seen = {of_table(table)}
    for number, field in enumerate(table.schema):
        changed = table.column(number).take(pa.array([2, 1, 2]))
        seen.add(of_table(table.set_column(number, field, changed)))
    same = sum(field.name in {"nothing"} for field in table.schema)  # nulls are equal
    assert len(seen) == table.num_columns + 1 - same


def test_types_names_and_nulls_count() -> None:
    hashes = {
        of_table(pa.table({"a": pa.array([1], type=pa.int32())})),
        of_table(pa.table({"a": pa.array([1], type=pa.int64())})),
        of_table(pa.table({"b": pa.array([1], type=pa.int64())})),
        of_table(pa.table({"a": pa.array([None], type=pa.int64())})),
        of_table(pa.table({"a": ["ab", "c"]})),
        of_table(pa.table({"a": ["a", "bc"]})),
        of_table(pa.table({"a": pa.array([None, "abc"])})),
        of_table(pa.table({"a": pa.array(["", "abc"])})),
    }
    assert len(hashes) == 8


def test_bits_of_arrays_count() -> None:
    def of(array: object) -> str:
        return content_hash(Packed(arrays={"a": np.asarray(array)}))

    assert len({of([0.0]), of([-0.0]), of([np.nan]), of([[0.0]]), of([0]), of([0.0, 0.0])}) == 6


def test_one_edited_height_changes_two_pieces_alone() -> None:
    before = hard_buildings()
    after = before.with_heights([7], [99.0])
    old, new = piece_hashes(before.pack()), piece_hashes(after.pack())
    assert {k for k in new if old[k] != new[k]} == {"arrays/height", "arrays/height_rule"}


def test_an_array_that_can_still_change_is_never_remembered() -> None:
    array = np.zeros(4)
    first = content_hash(Packed(arrays={"a": array}))
    array[0] = 1
    assert content_hash(Packed(arrays={"a": array})) != first


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.text(max_size=8)), max_size=12),
    st.integers(0, 12),
)
def test_texts_hash_alike_wherever_they_are_cut(values: list[str | None], at: int) -> None:
    whole = pa.chunked_array([pa.array(values, type=pa.string())])
    cut = pa.chunked_array([whole.slice(0, at).combine_chunks(), whole.slice(at).combine_chunks()])
    assert of_table(pa.table({"a": whole})) == of_table(pa.table({"a": cut}))
