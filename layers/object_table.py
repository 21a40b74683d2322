"""The objects of a layer as columns: computed ones and attributes, sorted and searched whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike

from layers.kinds.base import Features
from layers.kinds.buildings import HEIGHT_RULES, Buildings
from layers.kinds.pipes import NODE_COLUMNS, NUMBER_COLUMNS, WORD_COLUMNS, Pipes
from layers.shapes import LINE, POINT, POLYGON, Bools, Floats, Ints
from layers.style import numbers

ColumnKind = Literal["integer", "number", "text", "flag", "date", "other"]
#: Columns that are computed; their keys cannot be the name of an attribute by accident.
ID, HEIGHT, HEIGHT_FROM, AREA, LENGTH = "@id", "@height", "@height_from", "@area", "@length"
STATE = "@state"  # of resources and hazard sources, at the moment of the project


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    key : str
        Name of the attribute, or one of the computed columns, which begin with ``@``.
    kind : str
        What it holds.
    """

    key: str
    kind: ColumnKind

    @property
    def computed(self) -> bool:
        """Whether it is computed and no attribute of the file."""
        return self.key.startswith("@")

    @property
    def numeric(self) -> bool:
        """Whether it holds numbers."""
        return self.kind in {"integer", "number"}


class ObjectTable:
    """The objects of a layer, one row each; a column is made when it is first asked for.

    Parameters
    ----------
    data : Features
        n objects.
    rule_words : mapping of str to str
        Words for ``HEIGHT_RULES``; a rule without any keeps its key.
    states : (n,) sequence of str
        What each is now, in words; empty for what has no states.
    """

    def __init__(
        self, data: Features, rule_words: Mapping[str, str] | None = None,
        states: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.data, self.states = data, tuple(states)
        self._rules = [(rule_words or {}).get(rule, rule) for rule in HEIGHT_RULES]
        self._values: dict[str, pa.Array] = {}
        self._texts: dict[str, pa.Array] = {}
        fields = [Column(f.name, column_kind(f.type)) for f in data.attributes.schema]
        kinds = data.shapes.kind
        shapes = {kind for kind in (POINT, LINE, POLYGON) if bool((kinds == kind).any())}
        before, after = [Column(ID, "integer")], []
        if self.states:
            before.append(Column(STATE, "text"))
        if isinstance(data, Buildings):
            before += [Column(HEIGHT, "number"), Column(HEIGHT_FROM, "text")]
        if isinstance(data, Pipes):
            before += pipe_columns()
        if POLYGON in shapes:
            after.append(Column(AREA, "number"))
        if shapes - {POINT}:
            after.append(Column(LENGTH, "number"))
        self.columns: tuple[Column, ...] = (*before, *fields, *after)
        self.length_is_border = not shapes <= {POINT, LINE}

    def __len__(self) -> int:
        return len(self.data)

    def column(self, key: str) -> Column:
        """Give a column by its key."""
        return next(column for column in self.columns if column.key == key)

    def values(self, key: str) -> pa.Array:
        """Give a column, n values in the order of the objects."""
        found = self._values.get(key)
        if found is None:
            found = self._values[key] = self._make(key)
        return found

    def some(self, key: str, rows: ArrayLike) -> pa.Array:
        """Give a column for a few objects by their rows, (k,), without making the whole of it."""
        at, found = np.asarray(rows, dtype=np.int64).reshape(-1), self._values.get(key)
        return self._make(key, at) if found is None else found.take(pa.array(at))

    def texts(self, key: str) -> pa.Array:
        """Give a column as n texts, null where there is no value."""
        found = self._texts.get(key)
        if found is None:
            found = self._texts[key] = as_texts(self.values(key))
        return found

    def numbers(self, key: str) -> Floats:
        """Give a column as numbers, (n,) float64, NaN where there is none."""
        return numbers(self.values(key))

    def order(
        self,
        key: str,
        *,
        descending: bool = False,
        collate: Callable[[Sequence[str]], Sequence[str]] = sorted,
    ) -> Ints:
        """Give the rows in the order of a column, empty ones last, equal ones as they stand.

        Parameters
        ----------
        key : str
            The column.
        descending : bool
            Greatest first.
        collate : callable
            Sorts texts the way readers expect.
        """
        column = self.column(key)
        keys = self.values(key)
        if column.kind in {"text", "other"}:
            keys = _ranks(self.texts(key), collate)
        way = "descending" if descending else "ascending"
        at = pc.array_sort_indices(keys, order=way, null_placement="at_end")
        return np.asarray(at.to_numpy(zero_copy_only=False), dtype=np.int64)

    def containing(self, text: str) -> Bools:
        """Say which rows have a text in any column, (n,); capitals do not count."""
        found = np.zeros(len(self), dtype=bool)
        for column in self.columns:
            found |= contains(self.texts(column.key), text)
        return found

    def _make(self, key: str, rows: Ints | None = None) -> pa.Array:
        return self._computed(key, rows) if key.startswith("@") else self._attribute(key, rows)

    def _computed(self, key: str, rows: Ints | None) -> pa.Array:
        data, at = self.data, slice(None) if rows is None else rows
        if isinstance(data, Pipes) and key in {column.key for column in pipe_columns()}:
            whole = data.column(key.removeprefix("@")).combine_chunks()
            return whole if rows is None else whole.take(pa.array(rows))
        if isinstance(data, Buildings) and key == HEIGHT:
            return pa.array(data.height[at])
        if isinstance(data, Buildings) and key == HEIGHT_FROM:
            codes = pa.array(data.height_rule[at].astype(np.int8))
            return pa.DictionaryArray.from_arrays(codes, pa.array(self._rules)).cast(pa.string())
        if key == STATE:
            told = self.states if rows is None else [self.states[row] for row in rows]
            return pa.array(told, pa.string())
        if key == ID:
            return pa.array(data.ids[at])
        shapes = data.shapes if rows is None else data.shapes.take(rows)
        return pa.array((shapes.areas() if key == AREA else shapes.lengths()).round(3))

    def _attribute(self, key: str, rows: Ints | None) -> pa.Array:
        data = self.data
        column = data.attributes.column(key)
        if rows is not None:
            column = column.take(pa.array(data.feature[rows]))
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        taken = column.combine_chunks()
        if isinstance(taken, pa.ChunkedArray):
            taken = pa.concat_arrays(taken.chunks) if taken.num_chunks else pa.array([])
        if rows is not None:
            return taken
        if len(data.feature) == len(taken) and np.array_equal(data.feature, np.arange(len(taken))):
            return taken
        return taken.take(pa.array(data.feature))


def pipe_columns() -> list[Column]:
    """Give the columns that every pipe has: ``@class``, ``@width``, ``@start_level`` ..."""
    words = [Column(f"@{name}", "text") for name in (*WORD_COLUMNS, "assumed")]
    numbers = [Column(f"@{name}", "number") for name in NUMBER_COLUMNS]
    return [*words, *numbers, *(Column(f"@{name}", "integer") for name in NODE_COLUMNS)]


def column_kind(type_: pa.DataType) -> ColumnKind:
    """Say what a column of an Arrow type holds."""
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    if pa.types.is_boolean(type_):
        return "flag"
    if pa.types.is_integer(type_):
        return "integer"
    if pa.types.is_floating(type_) or pa.types.is_decimal(type_):
        return "number"
    if pa.types.is_string(type_) or pa.types.is_large_string(type_):
        return "text"
    return "date" if pa.types.is_temporal(type_) else "other"


def as_texts(values: pa.Array) -> pa.Array:
    """Give values as texts, null where there is none."""
    try:
        return pc.cast(values, pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        plain = [None if v is None else str(v) for v in values.to_pylist()]
        return pa.array(plain, pa.string())


def contains(texts: pa.Array, part: str) -> Bools:
    """Say which texts contain a part, (n,); capitals do not count, nulls contain nothing."""
    found = pc.fill_null(pc.match_substring(texts, part, ignore_case=True), fill_value=False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def _ranks(texts: pa.Array, collate: Callable[[Sequence[str]], Sequence[str]]) -> pa.Array:
    encoded = texts.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    place = {word: rank for rank, word in enumerate(collate(words))}
    ranks = pa.array([place[word] for word in words], pa.int64())
    return ranks.take(encoded.indices) if words else pa.nulls(len(texts), pa.int64())
