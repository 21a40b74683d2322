"""Pipes: a network of runs and of the nodes that join them, with sections and levels."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from layers.errors import CityError
from layers.kinds.base import Features, Kind, Packed, pack_shapes, unpack_shapes
from layers.pipes.classes import CLASS_KEYS, CLASSES, SUBCLASS_KEYS
from layers.shapes import LINE, POINT, Bools, Codes, Floats, Ints, starts_of
from layers.style import Colouring, Entry, Style

#: What an object is, in the order of the codes in `Pipes.role`.
ROLES = (
    "run", "point", "manhole", "valve", "tee", "bend", "end", "hydrant", "meter", "pump-station",
    "reservoir", "tank", "transformer", "cabinet", "well", "gully", "outfall", "customer",
)  # fmt: skip
RUN = 0
#: The form of a section, in the order of the codes in `Pipes.form`.
FORMS = ("round", "box", "bank")
ROUND, BOX, BANK = range(3)
#: What of a run its levels are those of, in the order of the codes in `Pipes.level_of`.
LEVELS = ("top", "invert", "centre")
TOP, INVERT, CENTRE = range(3)
#: In the order of the codes in `Pipes.status`.
STATUSES = ("existing", "planned", "abandoned")
EXISTING, PLANNED, ABANDONED = range(3)
#: Bits of `Pipes.assumed`: what no file said and a rule filled in.
ASSUMED = {"start-level": 1, "end-level": 2, "size": 4, "class": 8}
#: A further bit beside that of the size: the file did tell one, and it was nothing.
TOLD_NOTHING = 16
#: Columns that every pipe has besides its attributes, under the names that colourings, labels
#: and filters use: codes as words, sizes and levels in metres.
WORD_COLUMNS = {
    "role": ROLES, "class": CLASS_KEYS, "subclass": SUBCLASS_KEYS, "form": FORMS,
    "level_of": LEVELS, "status": STATUSES,
}  # fmt: skip
NUMBER_COLUMNS = ("width", "height", "wall", "start_level", "end_level")
NODE_COLUMNS = ("start_node", "end_node")


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Pipes(Features):
    """Runs (lines) and nodes (points) of underground networks. Locks its arrays.

    Attributes
    ----------
    role : (n,) uint8
        Position in ``ROLES``; ``RUN`` exactly for lines.
    line_class : (n,) uint8
        Position in ``CLASS_KEYS`` of `layers.pipes.classes`.
    subclass : (n,) uint8
        Position in ``SUBCLASS_KEYS``; 0 for none.
    form : (n,) uint8
        Position in ``FORMS``.
    width, height : (n,) float64
        Clear width and height of the section of a run, metres; the diameter twice for a round
        one. 0 where it is not known. Of a node: the size of its chamber.
    wall : (n,) float64
        Thickness of the wall, metres; 0 where it is not known.
    start_level, end_level : (n,) float64
        Level of a run at its first and at its last coordinate, metres above the project's
        datum, of what `level_of` says; NaN where it is not known. Of a node: the level of the
        ground and of the bottom.
    level_of : (n,) uint8
        Position in ``LEVELS``.
    start_node, end_node : (n,) int64
        Ids of the nodes a run joins, 0 for none; 0 for nodes.
    status : (n,) uint8
        Position in ``STATUSES``.
    assumed : (n,) uint8
        Bits of ``ASSUMED``, and ``TOLD_NOTHING``.
    model : (b,) uint8
        The hydraulic model the layer was made of: the text of its EPANET file, UTF-8, packed by
        zlib; empty where there is none.
    """

    role: Codes
    line_class: Codes
    subclass: Codes
    form: Codes
    width: Floats
    height: Floats
    wall: Floats
    start_level: Floats
    end_level: Floats
    level_of: Codes
    start_node: Ints
    end_node: Ints
    status: Codes
    assumed: Codes
    model: Codes = field(default_factory=lambda: np.empty(0, dtype=np.uint8))

    def __post_init__(self) -> None:
        Features.__post_init__(self)
        n = len(self.ids)
        columns = [getattr(self, name) for name in COLUMNS]
        lines = self.shapes.kind == LINE
        fits = all(len(column) == n for column in columns) and bool(
            ((self.role == RUN) == lines).all() and (lines | (self.shapes.kind == POINT)).all()
        )
        if not fits:
            raise CityError("pipes.arrays", "The columns of a pipe layer do not fit together.")
        bad = np.flatnonzero(~(self.width >= 0) | ~(self.height >= 0) | ~(self.wall >= 0))
        if bad.size:
            raise CityError(
                "pipes.size",
                f"{bad.size} of {n} pipes have a size below zero; first: {self.ids[bad[0]]}.",
                hint="check the field of the size and its unit",
                count=int(bad.size),
                total=n,
                first=int(self.ids[bad[0]]),
            )
        for column in (*columns, self.model):
            column.setflags(write=False)

    @property
    def runs(self) -> Ints:
        """Positions of the runs, (r,) int64."""
        return np.flatnonzero(self.role == RUN)

    @property
    def nodes(self) -> Ints:
        """Positions of the nodes, (k,) int64."""
        return np.flatnonzero(self.role != RUN)

    @property
    def levelled(self) -> Bools:
        """Which objects have levels at both ends, (n,) bool."""
        return np.isfinite(self.start_level) & np.isfinite(self.end_level)

    @property
    def outer_width(self) -> Floats:
        """Width over the walls, (n,) metres."""
        return self.width + 2.0 * self.wall

    @property
    def outer_height(self) -> Floats:
        """Height over the walls, (n,) metres."""
        return self.height + 2.0 * self.wall

    def centres(self) -> Floats:
        """Give the level of the middle of the section at every coordinate of the layer, (m,).

        Levels between the ends follow the length along the run. NaN where a level is missing.
        A top is taken as the outside of the wall, an invert as the inside of the bottom, as
        surveys have it.
        """
        shapes = self.shapes
        first = shapes.first_coord
        share = chainage(shapes.coords, first)
        row = np.repeat(np.arange(len(self)), np.diff(first))
        level = self.start_level[row] + share * (self.end_level - self.start_level)[row]
        half = self.height / 2.0
        shift = np.zeros(len(self))
        shift = np.where(self.level_of == TOP, -(half + self.wall), shift)
        shift = np.where(self.level_of == INVERT, half, shift)
        return np.asarray(level + shift[row])

    def column(self, name: str) -> pa.ChunkedArray:
        """Give an attribute, or one of the own columns, per object.

        An attribute of the file goes before an own column of the same name. Own columns are
        those of ``WORD_COLUMNS`` (texts), ``NUMBER_COLUMNS`` and ``NODE_COLUMNS``, and
        ``assumed``, the words of ``ASSUMED`` joined by blanks.

        Raises
        ------
        CityError
            ``features.no_such_field``, naming the fields there are.
        """
        if name in self.attributes.column_names or name not in OWN_COLUMNS:
            return Features.column(self, name)
        if name in WORD_COLUMNS:
            codes = self.line_class if name == "class" else getattr(self, name)
            words = pa.array(WORD_COLUMNS[name])
            made = pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int16)), words)
            return pa.chunked_array([made.cast(pa.string())])
        if name == "assumed":
            words = pa.array([" ".join(assumed_words(code)) for code in range(16)])
            codes = pa.array((self.assumed & 15).astype(np.int16))
            return pa.chunked_array([words.take(codes)])
        return pa.chunked_array([pa.array(getattr(self, name))])

    def pack(self) -> Packed:
        """Give the content as plain parts."""
        arrays: dict[str, NDArray[Any]] = {
            **pack_shapes(self.shapes), "ids": self.ids, "feature": self.feature,
            **{name: getattr(self, name) for name in COLUMNS},
        }  # fmt: skip
        meta = {"model": base64.b64encode(self.model.tobytes()).decode()} if len(self.model) else {}
        return Packed(meta, arrays, {"attributes": self.attributes})

    @classmethod
    def unpack(cls, packed: Packed) -> Pipes:
        """Build the content from the parts that `pack` gave.

        What another program wrote into the table and cannot be (a code that means nothing, a
        size below zero, a line that is a node) is put right: unknown codes become the first.
        """
        shapes = unpack_shapes(packed.arrays)
        columns = _possible({name: packed.arrays[name] for name in COLUMNS}, shapes.kind == LINE)
        arrays, attributes = packed.arrays, packed.tables["attributes"]
        model = np.frombuffer(base64.b64decode(str(packed.meta.get("model", ""))), dtype=np.uint8)
        return cls(shapes, arrays["ids"], arrays["feature"], attributes, **columns, model=model)

    @classmethod
    def of_columns(
        cls, plain: Features, line_class: ArrayLike, width: ArrayLike, **columns: ArrayLike
    ) -> Pipes:
        """Make pipes from shapes and those columns that are known; the others get usual values.

        Parameters
        ----------
        plain : Features
            n lines and points.
        line_class : (n,) array_like of int, or int
            Positions in ``CLASS_KEYS``.
        width : (n,) array_like of float, or float
            Metres.
        **columns : (n,) array_like or a single value
            Others of the columns. Without `height` it is the width, without `level_of` it is
            what the class is levelled by, without `role` points are plain points.
        """
        n = len(plain)
        classes = np.broadcast_to(np.asarray(line_class, dtype=np.uint8), (n,)).copy()
        lines = plain.shapes.kind == LINE
        gravity = np.array([item.gravity for item in CLASSES])[classes]
        usual: dict[str, NDArray[Any]] = {
            "role": np.where(lines, RUN, 1).astype(np.uint8),
            "line_class": classes,
            "subclass": np.zeros(n, dtype=np.uint8),
            "form": np.zeros(n, dtype=np.uint8),
            "wall": np.zeros(n),
            "start_level": np.full(n, np.nan),
            "end_level": np.full(n, np.nan),
            "level_of": np.where(gravity, INVERT, TOP).astype(np.uint8),
            "start_node": np.zeros(n, dtype=np.int64),
            "end_node": np.zeros(n, dtype=np.int64),
            "status": np.zeros(n, dtype=np.uint8),
            "assumed": np.zeros(n, dtype=np.uint8),
        }
        usual["width"] = np.broadcast_to(np.asarray(width, dtype=np.float64), (n,)).copy()
        usual["height"] = usual["width"].copy()
        for name, value in columns.items():
            kind = usual[name].dtype
            usual[name] = np.broadcast_to(np.asarray(value, dtype=kind), (n,)).copy()
        return cls(plain.shapes, plain.ids, plain.feature, plain.attributes, **usual)


COLUMNS = (
    "role", "line_class", "subclass", "form", "width", "height", "wall", "start_level", "end_level",
    "level_of", "start_node", "end_node", "status", "assumed",
)  # fmt: skip


OWN_COLUMNS = (*WORD_COLUMNS, *NUMBER_COLUMNS, *NODE_COLUMNS, "assumed")
_CODES = {
    "role": len(ROLES), "line_class": len(CLASS_KEYS), "subclass": len(SUBCLASS_KEYS),
    "form": len(FORMS), "level_of": len(LEVELS), "status": len(STATUSES),
}  # fmt: skip


def _possible(columns: dict[str, NDArray[Any]], lines: Bools) -> dict[str, NDArray[Any]]:
    """Give columns as they can be; the same arrays where nothing is wrong."""
    out = dict(columns)
    for name, count in _CODES.items():
        if (out[name] >= count).any():
            out[name] = np.where(out[name] < count, out[name], 0).astype(np.uint8)
    role = out["role"]
    if ((role == RUN) != lines).any():
        out["role"] = np.where(lines, RUN, np.where(role == RUN, 1, role)).astype(np.uint8)
    unsized = ~(out["width"] >= 0) | ~(out["height"] >= 0)
    if unsized.any():
        out["width"] = np.where(unsized, 0.0, out["width"])
        out["height"] = np.where(unsized, 0.0, out["height"])
    if (~(out["wall"] >= 0)).any():
        out["wall"] = np.where(out["wall"] >= 0, out["wall"], 0.0)
    return out


def assumed_words(code: int) -> list[str]:
    """Name what a rule filled in.

    >>> assumed_words(6)
    ['end-level', 'size']
    """
    return [word for word, bit in ASSUMED.items() if code & bit]


def chainage(coords: Floats, first: Ints) -> Floats:
    """Give how far along its line each coordinate is, 0 at the first and 1 at the last.

    Parameters
    ----------
    coords : (m, 2) float64
        Coordinates of n lines, one after the other.
    first : (n + 1,) int64
        Where each line begins.

    Returns
    -------
    (m,) ndarray of float64
        0 for lines without length and for points.
    """
    step = np.zeros(len(coords))
    step[1:] = np.hypot(*(coords[1:] - coords[:-1]).T)
    step[first[:-1][np.diff(first) > 0]] = 0.0
    along = np.cumsum(step)
    counts = np.diff(first)
    begin = np.repeat(along[np.minimum(first[:-1], max(len(along) - 1, 0))], counts)
    ends = along[np.maximum(first[1:] - 1, 0)] if len(along) else np.zeros(len(counts))
    length = np.repeat(ends, counts) - begin
    return np.divide(along - begin, length, out=np.zeros(len(coords)), where=length > 0)


def joined_by(layer: Pipes) -> tuple[Ints, Ints]:
    """Give the runs at each node, as starts and positions in the layer.

    Returns
    -------
    starts : (k + 1,) int64
        For node j of `Pipes.nodes` its runs stand from ``starts[j]`` to ``starts[j + 1]``.
    runs : (p,) int64
        Positions of the runs.
    """
    runs, nodes = layer.runs, layer.nodes
    order = np.argsort(layer.ids[nodes], kind="stable")
    ids = layer.ids[nodes][order]
    ends = np.concatenate([layer.start_node[runs], layer.end_node[runs]])
    owner = np.concatenate([runs, runs])
    at = np.minimum(np.searchsorted(ids, ends), max(len(ids) - 1, 0))
    known = (ids[at] == ends) if len(ids) else np.zeros(len(ends), dtype=bool)
    node, owner = order[at[known]], owner[known]
    sort = np.argsort(node, kind="stable")
    return starts_of(np.bincount(node, minlength=len(nodes))), owner[sort]


def class_codes(keys: list[str]) -> Codes:
    """Give the positions of class keys in ``CLASS_KEYS``."""
    return np.array([CLASS_KEYS.index(key) for key in keys], dtype=np.uint8)


#: Colours of CJJ 61-2017 by class, as a new layer has them.
BY_CLASS = Colouring(
    "class",
    "categories",
    tuple(Entry(f"{item.code} {item.key}", item.colour, value=item.key) for item in CLASSES),
)
KIND = Kind(
    "pipes",
    Pipes,
    "point+line",
    Style(colour="#4c6a92", line_width=2.5, point_size=5.0, colouring=BY_CLASS, lift=0.5),
    45,
)
