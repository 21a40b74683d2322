"""Several layers of pipes as one, so that pipes of different owners are held against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from layers.kinds.base import Features
from layers.kinds.pipes import COLUMNS, Pipes
from layers.shapes import Bools, Ints, Shapes
from layers.style import numbers, texts

#: Attributes that rules ask for and tables tell.
TEXTS = ("number", "material", "burial", "owner", "contact", "road", "tunnel")
NUMBERS = ("pressure_mpa", "voltage_kv")


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Objects of several layers, numbered anew.

    Attributes
    ----------
    pipes : Pipes
        All of them; nodes stay with the runs of their own layer.
    layer : (n,) int64
        Which of the layers each came from.
    ids : (n,) int64
        Its number there.
    """

    pipes: Pipes
    layer: Ints
    ids: Ints

    def rows_of(self, ids: Ints) -> Ints:
        """Give positions by the new numbers."""
        return np.asarray(ids, dtype=np.int64) - 1


def together(parts: Sequence[Pipes], keep: Sequence[Bools | None] = ()) -> Together:
    """Put layers of pipes together.

    Parameters
    ----------
    parts : sequence of Pipes
        The layers.
    keep : sequence of (n,) bool or None
        Which objects of each count; nothing for all.
    """
    kept = [*keep, *([None] * (len(parts) - len(keep)))]
    chosen = [
        np.arange(len(part)) if mask is None else np.flatnonzero(mask)
        for part, mask in zip(parts, kept, strict=True)
    ]
    columns: dict[str, list[np.ndarray]] = {name: [] for name in COLUMNS}
    shift = 0
    for part, rows in zip(parts, chosen, strict=True):
        for name in COLUMNS:
            columns[name].append(getattr(part, name)[rows])
        for name in ("start_node", "end_node"):
            columns[name][-1] = _moved(part, rows, columns[name][-1], shift)
        shift += len(rows)
    count = shift
    taken = [part.shapes.take(rows) for part, rows in zip(parts, chosen, strict=True)]
    table = {
        name: np.concatenate([_column(p, name, r) for p, r in zip(parts, chosen, strict=True)])
        for name in (*TEXTS, *NUMBERS)
    } if parts else {}  # fmt: skip
    attributes = pa.table(
        {name: pa.array(values, pa.string()) if name in TEXTS else pa.array(values)
         for name, values in table.items()}
    )  # fmt: skip
    plain = Features(
        Shapes.join(taken), np.arange(1, count + 1, dtype=np.int64), np.arange(count), attributes
    )
    joined = {name: np.concatenate(values) for name, values in columns.items()}
    pipes = Pipes.of_columns(plain, joined.pop("line_class"), joined.pop("width"), **joined)
    owner = np.repeat(np.arange(len(parts)), [len(rows) for rows in chosen])
    ids = np.concatenate([p.ids[r] for p, r in zip(parts, chosen, strict=True)])
    return Together(pipes, owner, ids)


def _moved(part: Pipes, rows: Ints, nodes: Ints, shift: int) -> Ints:
    """Give the new numbers of nodes; 0 for those that are not there."""
    order = np.argsort(part.ids[rows], kind="stable")
    ids = part.ids[rows][order]
    at = np.minimum(np.searchsorted(ids, nodes), max(len(ids) - 1, 0))
    known = (ids[at] == nodes) if len(ids) else np.zeros(len(nodes), dtype=bool)
    return np.where(known, order[at] + shift + 1, 0) if len(ids) else np.zeros_like(nodes)


def _column(part: Pipes, name: str, rows: Ints) -> np.ndarray:
    if name not in part.attributes.column_names:
        empty = np.full(len(rows), None, dtype=object)
        return empty if name in TEXTS else np.full(len(rows), np.nan)
    column = part.attributes.column(name).take(pa.array(part.feature[rows]))
    return texts(column) if name in TEXTS else numbers(column)
