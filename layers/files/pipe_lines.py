"""Lines and points of a file of shapes as a network of pipes, with attributes or without."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from layers.files.pipe_fields import FieldMap, guess_fields, level_meaning, unit_in
from layers.files.pipe_network import BY_CLASS, Draft, Ground, join_ends, line_ends, settled
from layers.files.pipe_values import (
    FORM_WORDS,
    STATUS_WORDS,
    cleaned,
    column_texts,
    dates,
    each,
    metres,
    role_of,
    sizes,
    word_codes,
    years,
)
from layers.files.raw import Note
from layers.kinds.base import Features
from layers.kinds.pipes import BOX, LEVELS, ROLES, ROUND, Pipes
from layers.pipes.classes import CLASS_KEYS, SUBCLASS_KEYS, WORDS, class_of
from layers.shapes import LINE, POINT, Bools, Codes, Floats, Ints

NUMBERS = ("pressure_mpa", "voltage_kv")
OTHER = CLASS_KEYS.index("other")
LAYER_FIELDS = ("Layer", "layer", "图层", "LAYER", "sheet")


@dataclass(frozen=True, slots=True, eq=False)
class RunColumns:
    """What a table tells of r runs, as the columns of a draft of the same names."""

    line_class: Codes
    subclass: Codes
    class_assumed: Bools
    form: Codes
    status: Codes
    level_of: Codes
    width: Floats
    height: Floats
    wall: Floats
    start_level: Floats
    end_level: Floats
    start_depth: Floats
    end_depth: Floats
    table: pa.Table
    notes: list[Note]


def pipes_of(
    plain: Features, name: str, ground_at: Ground | None, fields: FieldMap | None = None
) -> tuple[Pipes, list[Note]]:
    """Make pipes of plain lines and points.

    Parameters
    ----------
    plain : Features
        n lines and points in project coordinates.
    name : str
        Name of the file or layer, which may tell the class.
    ground_at : callable or None
        Ground of the project, None where it has no terrain.
    fields : FieldMap or None
        Which field says what; None guesses by their names.

    Returns
    -------
    Pipes
        Its nodes are the points of the file and the places where lines begin or end.
    list of Note
        What was found, assumed and joined.
    """
    kind = plain.shapes.kind
    runs, points = np.flatnonzero(kind == LINE), np.flatnonzero(kind == POINT)
    lines = plain.shapes.take(runs)
    run_rows = plain.attributes.take(pa.array(plain.feature[runs]))
    point_rows = plain.attributes.take(pa.array(plain.feature[points]))
    told = run_columns(run_rows, name, fields)
    z = _heights(plain, runs)
    first = plain.shapes.first_coord
    xy, start, end, degree = join_ends(plain.shapes.coords[first[points]], *line_ends(lines))
    made = len(xy) - len(points)
    role, classes, table, ground = node_columns(point_rows, degree, made, fields)
    unset = classes[0] == 255
    node_class, node_subclass = classes_of_runs(len(xy), start, end, told)
    own, fine = classes
    draft = Draft(
        xy=xy, role=role, node_class=np.where(unset, node_class, own).astype(np.uint8),
        node_subclass=np.where(unset, node_subclass, fine).astype(np.uint8),
        ground=ground[0], bottom=ground[1], chamber=ground[2], node_table=table, lines=lines,
        run_table=told.table, start=start, end=end, line_class=told.line_class,
        subclass=told.subclass, form=told.form, status=told.status, level_of=told.level_of,
        width=told.width, height=told.height, wall=told.wall,
        start_level=np.where(np.isfinite(told.start_level), told.start_level, z[0]),
        end_level=np.where(np.isfinite(told.end_level), told.end_level, z[1]),
        start_depth=told.start_depth, end_depth=told.end_depth, class_assumed=told.class_assumed,
    )  # fmt: skip
    pipes, notes = settled(draft, ground_at)
    if made:
        notes.insert(0, Note("pipes_nodes_made", {"count": made}))
    return pipes, [*told.notes, *notes]


def _heights(plain: Features, runs: Ints) -> tuple[Floats, Floats]:
    """Give the heights of the ends where the lines have some that are not all 0."""
    nothing = np.full(len(runs), np.nan)
    z = plain.shapes.z
    if z is None or not len(runs):
        return nothing, nothing
    first = plain.shapes.first_coord
    start, end = z[first[runs]], z[first[runs + 1] - 1]
    if not np.nan_to_num(np.concatenate([start, end])).any():
        return nothing, nothing
    return start, end


def run_columns(table: pa.Table, name: str, fields: FieldMap | None) -> RunColumns:
    """Read what a table tells of runs.

    Parameters
    ----------
    table : pyarrow.Table
        r rows.
    name : str
        Name of the file or layer, which may tell the class of all of them.
    fields : FieldMap or None
        Which field says what; None guesses.
    """
    known = dict(fields.lines) if fields is not None and fields.lines else {}
    guessed = guess_fields(table.column_names, "lines")
    chosen = {key: f for key, f in (known or guessed).items() if f in table.column_names}
    r, notes = table.num_rows, []

    def cells(key: str) -> list[str]:
        return column_texts(table.column(chosen[key])) if key in chosen else [""] * r

    length = fields.length_unit if fields is not None else "m"

    def lengths(key: str) -> Floats:
        return metres(cells(key), unit_in(chosen.get(key, "")) or length)

    classes, fine, guess = _classes(table, chosen, cells("class"), cells("subclass"), name)
    width, height, form, size_notes = _sections(chosen, cells, fields)
    notes += size_notes
    start_depth, end_depth, both = lengths("start_depth"), lengths("end_depth"), lengths("depth")
    meanings = [level_meaning(chosen.get(key, "")) for key in ("start_level", "start_depth")]
    said = next((word for word in meanings if word), None)
    level_of = np.full(r, BY_CLASS if said is None else LEVELS.index(said), dtype=np.uint8)
    return RunColumns(
        line_class=classes, subclass=fine, class_assumed=guess, form=form,
        status=word_codes(cells("status"), STATUS_WORDS), level_of=level_of, width=width,
        height=height, wall=_walls(cells("wall"), chosen),
        start_level=lengths("start_level"), end_level=lengths("end_level"),
        start_depth=np.where(np.isfinite(start_depth), start_depth, both),
        end_depth=np.where(np.isfinite(end_depth), end_depth, both),
        table=canonical(table, chosen), notes=notes,
    )  # fmt: skip


def _walls(cells: list[str], chosen: dict[str, str]) -> Floats:
    unit = unit_in(chosen.get("wall", ""))
    return sizes(cells, unit or "mm")[0]


def _classes(
    table: pa.Table, chosen: dict[str, str], words: list[str], fine: list[str], name: str
) -> tuple[Codes, Codes, Bools]:
    """Give class, subclass and whether that is a guess, from fields, drawing layer or name."""
    layers = [""] * table.num_rows
    for field in LAYER_FIELDS:
        if field in table.column_names and chosen.get("class") != field:
            layers = column_texts(table.column(field))
            break
    whole = word_class(name)
    key = next((key for key in ("number", "from_number") if key in chosen), None)
    numbers = [""] * table.num_rows if key is None else column_texts(table.column(chosen[key]))
    letters = [re.sub(r"[^A-Za-z].*", "", text) for text in numbers]

    def one(told: str) -> tuple[int, int, bool]:
        word, sub, layer, prefix = told.split("\0")
        found = class_of(sub) if sub else None
        found = found or word_class(word) or word_class(layer) or whole or word_class(prefix)
        if found is None:
            return OTHER, SUBCLASS_KEYS.index("unknown"), True
        return CLASS_KEYS.index(found[0]), SUBCLASS_KEYS.index(found[1]), False

    joined = ["\0".join(parts) for parts in zip(words, fine, layers, letters, strict=True)]
    read = each(joined, one)
    columns = np.array(read, dtype=np.int64).reshape(-1, 3)
    return columns[:, 0].astype(np.uint8), columns[:, 1].astype(np.uint8), columns[:, 2] > 0


def word_class(text: str) -> tuple[str, str] | None:
    """Tell a class from a name that may hold more than the word, such as ``JS-管线_2019``.

    >>> word_class("WS-LINE"), word_class("ky4_pipes"), word_class("某路给水管线")
    (('drain', 'sewage'), None, ('water', ''))
    """
    text = cleaned(text)
    if not text:
        return None
    if found := class_of(text):
        return found
    for part in re.split(r"[\s_\-./()（）]+", text):
        if part and not part.isdigit() and (found := class_of(part)):
            return found
    chinese = [word for word in WORDS if not word.isascii() and word in text]
    return WORDS[max(chinese, key=len)] if chinese else None


def _sections(
    chosen: dict[str, str], cells: Callable[[str], list[str]], fields: FieldMap | None
) -> tuple[Floats, Floats, Codes, list[Note]]:
    """Give width, height and form of sections."""
    asked = (fields.size_unit if fields is not None else "") or unit_in(chosen.get("size", ""))
    first, second, unit = sizes(cells("size"), asked or None)
    notes: list[Note] = []
    boxed = np.isfinite(second)
    first_is_width = fields is not None and fields.first_of_size == "width"
    tall, wide = (second, first) if first_is_width else (first, second)
    width, height = np.where(boxed, wide, first), np.where(boxed, tall, first)
    if "size" in chosen and not asked and unit == "m" and np.isfinite(first).any():
        notes.append(Note("pipes_size_in_metres", {"field": chosen["size"]}))
    if boxed.any():
        facts = {"count": int(boxed.sum()), "first": "width" if first_is_width else "height"}
        notes.append(Note("pipes_boxes", facts))
    for key in ("width", "height"):
        if key in chosen:
            own = sizes(cells(key), unit_in(chosen[key]) or None)[0]
            if key == "width":
                width = np.where(np.isfinite(own), own, width)
            else:
                height = np.where(np.isfinite(own), own, height)
    form = word_codes([f"{a} {b}" for a, b in zip(cells("form"), cells("burial"), strict=True)],
                      FORM_WORDS)  # fmt: skip
    square = (form == ROUND) & (boxed | (np.isfinite(height) & (height != width)))
    form = np.where(square, BOX, form)
    height = np.where(np.isfinite(height), height, width)
    return width, height, form.astype(np.uint8), notes


def canonical(table: pa.Table, chosen: dict[str, str]) -> pa.Table:
    """Give a table with the known attributes under their common names, the rest as it is.

    Fields that became columns of the pipes (sizes, levels) stay under the names of the file too.
    """
    names = {
        "number", "from_number", "to_number", "material", "date", "pressure_mpa", "voltage_kv",
        "cables", "holes", "owner", "road", "burial", "quality", "note", "link", "contact",
        "compartments", "tunnel", "compartment", "rack",
    }  # fmt: skip
    made: dict[str, pa.Array | pa.ChunkedArray] = {}
    for key, field in chosen.items():
        if key not in names:
            continue
        cells = column_texts(table.column(field))
        if key == "date":
            made["year"], made["date"] = years(cells), dates(cells)
        elif key in NUMBERS:
            made[key] = pa.array(_quantity(key, cells, field), from_pandas=True)
        elif key == "cables":
            counts = metres(cells)
            made[key] = pa.array(counts, from_pandas=True).cast(pa.int64(), safe=False)
        else:
            made[key] = pa.array([text or None for text in cells], pa.string())
    used = {field for key, field in chosen.items() if key in names}
    for name in table.column_names:
        if name not in used:
            made[name if name not in made else f"{name}_"] = table.column(name)
    return pa.table(made) if made else table


def _quantity(key: str, cells: list[str], field: str) -> Floats:
    """Read pressures as MPa and voltages as kV, whatever their unit."""
    values = metres(cells)
    text = (field + " ".join(cells[:200])).casefold()
    if key == "pressure_mpa":
        if "kpa" in text:
            return values / 1000.0
        return values / 10.0 if "bar" in text or "公斤" in text else values
    volts = "kv" not in text and "千伏" not in text and np.nanmax(values, initial=0.0) > 1000.0
    return values / 1000.0 if volts else values


def node_columns(
    table: pa.Table, degree: Ints, made: int, fields: FieldMap | None
) -> tuple[Codes, tuple[Codes, Codes], pa.Table, list[Floats]]:
    """Read what a table tells of the first nodes; `made` more have no row.

    Returns
    -------
    role : (k,) uint8
        From words, else by how many runs end there.
    classes : two of (k,) uint8
        Class and subclass, 255 where none is told.
    table : pyarrow.Table
        k rows of attributes.
    levels : three of (k,) float64
        Ground, bottom and size of the chamber, metres.
    """
    p = table.num_rows
    known = dict(fields.points) if fields is not None and fields.points else {}
    guessed = guess_fields(table.column_names, "points")
    chosen = {key: f for key, f in (known or guessed).items() if f in table.column_names}

    def cells(key: str) -> list[str]:
        return column_texts(table.column(chosen[key])) if key in chosen else [""] * p

    roles = [
        role_of(fixture, feature)
        for fixture, feature in zip(cells("fixture"), cells("feature"), strict=True)
    ]
    role = np.full(len(degree), ROLES.index("point"), dtype=np.uint8)
    role[degree == 1] = ROLES.index("end")
    role[degree > 2] = ROLES.index("tee")
    role[:p][[word is not None for word in roles]] = [ROLES.index(w) for w in roles if w]
    classes = np.full((2, len(degree)), 255, dtype=np.uint8)
    if "class" in chosen:
        for i, found in enumerate(each(cells("class"), word_class)):
            if found is not None:
                classes[:, i] = CLASS_KEYS.index(found[0]), SUBCLASS_KEYS.index(found[1])
    rows = canonical(table, chosen)
    empty = pa.table({column: pa.nulls(made, rows.schema.field(column).type)
                      for column in rows.column_names})  # fmt: skip
    whole = pa.concat_tables([rows, empty]) if rows.num_columns else pa.table({"number": pa.nulls(
        len(degree), pa.string())})  # fmt: skip
    values = [np.full(len(degree), np.nan) for _ in range(3)]
    unit = fields.length_unit if fields is not None else "m"
    for i, key in enumerate(("ground", "bottom")):
        values[i][:p] = metres(cells(key), unit_in(chosen.get(key, "")) or unit)
    depth = metres(cells("depth"), unit_in(chosen.get("depth", "")) or unit)
    values[1][:p] = np.where(np.isfinite(values[1][:p]), values[1][:p], values[0][:p] - depth)
    values[2][:p] = sizes(cells("chamber"), unit_in(chosen.get("chamber", "")) or "mm")[0]
    return role, (classes[0], classes[1]), whole, values


def classes_of_runs(k: int, start: Ints, end: Ints, told: RunColumns) -> tuple[Codes, Codes]:
    """Give nodes the class of a run at them, ``other`` where there is none."""
    classes = np.full(k, OTHER, dtype=np.uint8)
    fine = np.zeros(k, dtype=np.uint8)
    for node in (end, start):
        classes[node], fine[node] = told.line_class, told.subclass
    return classes, fine
