"""Buildings against control lines, as an analysis; see `layers.planning.control_check`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.analyses.marks import STATUS_COLOURS
from layers.kinds.base import Features
from layers.kinds.buildings import Buildings
from layers.kinds.control_lines import FIELDS, PRESETS
from layers.planning.control_check import CROSSING, INSIDE, OUTSIDE, CheckParams, Found, check_lines
from layers.progress import Progress
from layers.project import Project
from layers.rules import chosen
from layers.rules.rule import worst
from layers.shapes import Shapes
from layers.style import Colouring, Entry, Style

SWELL, RISE = 0.25, 0.30  # metres by which marked buildings are larger than the buildings


@dataclass(frozen=True, slots=True)
class SixLinesParams:
    """What is asked.

    Attributes
    ----------
    buildings, lines : tuple of str
        Layers; empty for all that are seen.
    preset : str
        Preset of the classes, ``auto`` for what fits each layer.
    classes : tuple of str
        Only these classes; empty for all.
    setbacks, rules_fill : bool
        Whether setbacks count, and rules where a line tells none.
    least_m2 : float
        Overlaps smaller than this are rounding.
    pack : str
        Rule pack, "" for all.
    """

    buildings: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    lines: tuple[str, ...] = asking((), "layers", kinds=("control-lines",))
    preset: str = asking("auto", "choice", choices=("auto", *PRESETS))
    classes: tuple[str, ...] = asking((), "texts")
    setbacks: bool = asking(True, "flag")
    rules_fill: bool = asking(True, "flag")
    least_m2: float = asking(0.05, "number", unit="m2", low=0.0, high=1000.0)
    pack: str = asking("", "pack")


class SixLines:
    """The analysis ``six-lines``."""

    key: ClassVar[str] = "six-lines"
    Params: ClassVar[type[SixLinesParams]] = SixLinesParams
    group: ClassVar[str] = "planning"
    columns: ClassVar[Mapping[str, str]] = {
        "name": "column-building",
        "length_m": "column-line-length",
    }

    def reads(self, project: Project, params: SixLinesParams) -> Reads:
        """Buildings, lines, rules, and the ground that the places told lie on."""
        buildings = layers_named(project, params.buildings, "buildings")
        lines = layers_named(project, params.lines, "control-lines")
        told = tuple(name for names in FIELDS.values() for name in names)
        return Reads(
            tuple(layer.id for layer in (*buildings, *lines)),
            {
                **{layer.id: ("height", "part_of", "name", "名称") for layer in buildings},
                **{layer.id: told for layer in lines},
            },
            packs=(params.pack or chosen.ALL,) if params.rules_fill else (),
            about=("setback.",),
        )

    def run(self, project: Project, params: SixLinesParams, progress: Progress) -> Outcome:
        """Hold every building against every line."""
        buildings = layers_named(project, params.buildings, "buildings")
        lines = layers_named(project, params.lines, "control-lines")
        rules = chosen.rules((params.pack,))
        preset = "" if params.preset == "auto" else params.preset
        checked = CheckParams(
            preset, params.classes, params.setbacks, params.rules_fill, params.least_m2
        )
        found = check_lines(buildings, lines, rules, checked, progress=progress)
        table = _with_levels(project, found.table)
        status = worst(table.column("status").to_pylist())
        if found.lines and status == "none":
            status = "pass"
        return Outcome(table, _facts(found), _marks(project, table, found), status, _notes(found))


ANALYSIS = SixLines()


def _facts(found: Found) -> dict[str, float | int | str | bool]:
    table = found.table
    relation = np.array(table.column("relation").to_pylist(), dtype=object)
    status = np.array(table.column("status").to_pylist(), dtype=object)
    hit = {
        (layer, number)
        for layer, number, one in zip(
            table.column("layer").to_pylist(), table.column("object").to_pylist(),
            status.tolist(), strict=True,
        )
        if one == "fail"
    }  # fmt: skip
    return {
        "checked_count": found.checked,
        "lines_count": found.lines,
        "buildings_failing_count": len(hit),
        "inside_count": int(np.isin(relation, (INSIDE, OUTSIDE)).sum()),
        "crossing_count": int((relation == CROSSING).sum()),
        "within_setback_count": int((relation == "within_setback").sum()),
        "intrusion_m2": float(np.sum(table.column("intrusion_m2").to_numpy())),
    }


def _notes(found: Found) -> tuple[Note, ...]:
    notes = [Note("lines_parts", {})]
    if found.unclassed:
        notes.append(Note("lines_unclassed", {"count": found.unclassed}))
    if found.superseded:
        notes.append(Note("lines_superseded", {"count": found.superseded}))
    if any(one == "warning" for one in found.table.column("status").to_pylist()):
        notes.append(Note("lines_warning", {}))
    return tuple(notes)


def _with_levels(project: Project, table: pa.Table) -> pa.Table:
    """Give places their level: the top of the building."""
    if table.num_rows == 0:
        return table
    level = np.array(table.column("level").to_numpy())
    for layer in {one: project.layer(one) for one in table.column("layer").to_pylist()}.values():
        data = layer.data
        assert isinstance(data, Buildings)
        rows = np.flatnonzero(np.array(table.column("layer").to_pylist()) == layer.id)
        at = data.index_of(table.column("object").to_numpy()[rows])
        level[rows] += project.base_of(data, at)
    return table.set_column(table.column_names.index("level"), "level", pa.array(level))


def _marks(project: Project, table: pa.Table, found: Found) -> tuple[Marks, ...]:
    """Show the buildings that are found, swollen a little, and what lies inside on the ground."""
    marks: list[Marks] = []
    layers = np.array(table.column("layer").to_pylist(), dtype=object)
    statuses = np.array(table.column("status").to_pylist(), dtype=object)
    numbers = table.column("object").to_numpy()
    for layer_id in dict.fromkeys(layers.tolist()):
        data = project.layer(layer_id).data
        assert isinstance(data, Buildings)
        first: dict[int, int] = {}
        for row in np.flatnonzero(layers == layer_id).tolist():
            first.setdefault(int(numbers[row]), row)  # the worst stands first
        marks.append(_swollen(project, data, first, statuses))
    cuts = [(k, cut) for k, cut in enumerate(found.intrusions) if cut is not None]
    parts = [
        (k, part)
        for k, cut in cuts
        for part in shapely.get_parts(cut)
        if part.geom_type == "Polygon"
    ]
    if parts:
        rows = np.array([k for k, _ in parts])
        attributes = pa.table({"row": rows, "status": statuses[rows].astype(str)})
        areas = Features.of(Shapes.from_shapely([part for _, part in parts]), attributes)
        marks.append(Marks("intrusion", areas, "status"))
    return tuple(marks)


def _swollen(
    project: Project, data: Buildings, first: dict[int, int], statuses: NDArray[np.object_]
) -> Marks:  # fmt: skip
    at = data.index_of(list(first))
    outer = shapely.buffer(data.shapes.take(at).to_shapely(), SWELL, join_style="mitre")
    single = np.array([g.geom_type == "Polygon" and not g.is_empty for g in outer], dtype=bool)
    rows = np.array(list(first.values()))[single]
    shapes = Shapes.from_shapely(outer[single])
    attributes = pa.table({"row": rows, "status": statuses[rows].astype(str)})
    made = Buildings.blocks(shapes, data.height[at][single] + RISE, attributes)
    made = replace(made, base=project.base_of(data, at)[single])
    entries = tuple(Entry(key, colour, value=key) for key, colour in STATUS_COLOURS.items())
    style = Style(colour="#d32f2f", colouring=Colouring("status", "categories", entries))
    return Marks("buildings", made, "status", "buildings", style)
