"""Sections through pipes as analyses; see `layers.pipes.sections` and `long_sections`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from layers.analyses.base import Marks, Outcome, Reads, asking
from layers.analyses.choosing import layer_named
from layers.analyses.marks import shape_marks
from layers.errors import CityError
from layers.kinds.base import Layer
from layers.kinds.pipes import Pipes
from layers.pipes.long_drawing import stop_levels
from layers.pipes.long_sections import (
    LongSection,
    long_section,
    nodes_called,
    way_between,
    way_of_runs,
)
from layers.pipes.sections import CrossSection, CutPipe, SectionParams, cross_section
from layers.progress import Progress
from layers.project import Project
from layers.style import Style

LINE = Style(colour="#d81b60", line_width=4.0, lift=0.0, heights="absolute")


@dataclass(frozen=True, slots=True)
class CrossParams:
    """What is asked.

    Attributes
    ----------
    line : tuple of (east, north)
        Where the section is cut.
    layers : tuple of str
        Layers of pipes; none means all.
    buildings, pavement, control_lines, trees : bool
        Whether those are looked for.
    """

    line: tuple[tuple[float, float], ...] = asking((), "line", optional=False)
    layers: tuple[str, ...] = asking((), "layers", kinds=("pipes",))
    buildings: bool = asking(True, "flag")
    pavement: bool = asking(True, "flag")
    control_lines: bool = asking(True, "flag")
    trees: bool = asking(True, "flag")


@dataclass(frozen=True, slots=True)
class LongParams:
    """What is asked.

    Attributes
    ----------
    layer : str
        Layer of the way; "" takes the one in which its nodes or runs are.
    path : str
        Numbers or ids of the nodes it leads through, with commas between.
    runs : str
        Ids of the runs it is made of, in place of `path`.
    layers : tuple of str
        Layers that may cross it; none means all.
    pavement : bool
        Whether streets over it are looked for.
    """

    layer: str = asking("", "layer", kinds=("pipes",))
    path: str = asking("", "text")
    runs: str = asking("", "text")
    layers: tuple[str, ...] = asking((), "layers", kinds=("pipes",))
    pavement: bool = asking(True, "flag")


def cross_of(project: Project, params: CrossParams) -> CrossSection:
    """Cut what the parameters ask for."""
    return cross_section(
        project, params.line,
        SectionParams(
            params.layers, params.buildings, params.pavement, params.control_lines, params.trees
        ),
    )  # fmt: skip


def long_of(project: Project, params: LongParams) -> LongSection:
    """Unroll what the parameters ask for.

    Raises
    ------
    CityError
        ``sections.nodes`` where neither a path nor runs are named; as the steps do.
    """
    names = [word.strip() for word in params.path.replace("，", ",").split(",") if word.strip()]
    runs = [word.strip() for word in params.runs.replace("，", ",").split(",") if word.strip()]
    layer = _layer_of(project, params.layer, names)
    pipes = layer.data
    assert isinstance(pipes, Pipes)
    if names:
        way = way_between(pipes, nodes_called(pipes, names))
    else:
        way = way_of_runs(pipes, [_whole(run) for run in runs])
    return long_section(project, layer, way, SectionParams(params.layers, pavement=params.pavement))


def _whole(text: str) -> int:
    if not text.isdigit():
        raise CityError(
            "pipes.no_run",
            f"{text} is not a run that joins two nodes of the layer.",
            hint="choose a pipe; loose ones are listed by the quality check",
            id=text,
        )
    return int(text)


def _layer_of(project: Project, name: str, nodes: list[str]) -> Layer:
    """Give the layer that is named, or the first that has all the nodes."""
    if name:
        return project.layer(layer_named(project, name, "pipes"))
    layers = [layer for layer in project.layers if isinstance(layer.data, Pipes)]
    problem: CityError | None = None
    for layer in layers if nodes and len(layers) > 1 else ():
        assert isinstance(layer.data, Pipes)
        try:
            nodes_called(layer.data, nodes)
        except CityError as error:
            known = error.facts.get("name") != nodes[0]  # the first one is in this layer
            problem = error if problem is None or known else problem
        else:
            return layer
    if problem is not None:
        raise problem
    return project.layer(layer_named(project, "", "pipes"))


class PipeSection:
    """The analysis ``pipe-section``."""

    key: ClassVar[str] = "pipe-section"
    Params: ClassVar[type[CrossParams]] = CrossParams
    group: ClassVar[str] = "pipes"
    columns: ClassVar[dict[str, str]] = {
        name: f"pipe-section-{words}" for name, words in (
            ("number", "number"), ("class", "class"), ("code", "code"), ("material", "material"),
            ("owner", "owner"), ("state", "state"), ("station_m", "station"),
            ("ground_m", "ground"),
            ("top_m", "top"), ("level", "centre"), ("invert_m", "invert"), ("cover_m", "cover"),
            ("spacing_m", "spacing"), ("gap_m", "gap"), ("angle_degrees", "angle"),
            ("plan_error_m", "plan-error"), ("depth_error_m", "depth-error"),
            ("pipes_count", "pipes"), ("length_m", "length"), ("least_cover_m", "least-cover"),
            ("least_gap_m", "least-gap"),
        )
    }  # fmt: skip

    def reads(self, project: Project, params: CrossParams) -> Reads:
        """Pipes, and what else stands along the line."""
        kinds = ["pipes"]
        kinds += ["buildings"] if params.buildings else []
        kinds += ["roads"] if params.pavement else []
        kinds += ["control-lines"] if params.control_lines else []
        kinds += ["trees"] if params.trees else []
        chosen = {project.layer(name).id for name in params.layers}
        return Reads(tuple(
            layer.id for layer in project.layers
            if layer.kind in kinds and (layer.kind != "pipes" or not chosen or layer.id in chosen)
        ))  # fmt: skip

    def run(self, project: Project, params: CrossParams, progress: Progress) -> Outcome:
        """Cut along the line."""
        section = cross_of(project, params)
        progress.step(1, 1)
        table = cross_table(section)
        facts: dict[str, float | int | str | bool] = {
            "pipes_count": len(section.pipes), "length_m": section.line.length,
        }  # fmt: skip
        if section.pipes:
            facts["least_cover_m"] = min(pipe.cover for pipe in section.pipes)
        gaps = section.gaps() if section.pipes else np.empty(0)
        if np.isfinite(gaps).any():
            facts["least_gap_m"] = float(np.nanmin(gaps))
        marks = _line_marks(section.line.points, section.ground.at(section.line.station), table)
        return Outcome(table, facts, marks, "none", section.notes)


class PipeLongSection:
    """The analysis ``pipe-long-section``."""

    key: ClassVar[str] = "pipe-long-section"
    Params: ClassVar[type[LongParams]] = LongParams
    group: ClassVar[str] = "pipes"
    columns: ClassVar[dict[str, str]] = {
        name: f"pipe-section-{words}" for name, words in (
            ("number", "number"), ("what", "what"), ("code", "code"), ("material", "material"),
            ("station_m", "station"), ("ground_m", "ground"), ("top_m", "top"),
            ("level", "centre"), ("invert_m", "invert"), ("invert_after_m", "invert-after"),
            ("cover_m", "cover"), ("slope_permille", "slope-permille"),
            ("next_m", "next"), ("length_m", "length"), ("runs_count", "runs"),
            ("crossings_count", "crossings"), ("branches_count", "branches"),
            ("least_cover_m", "least-cover"), ("fall_m", "fall"),
        )
    }  # fmt: skip

    def reads(self, project: Project, params: LongParams) -> Reads:
        """Pipes and streets."""
        kinds = ("pipes", "roads") if params.pavement else ("pipes",)
        return Reads(tuple(layer.id for layer in project.layers if layer.kind in kinds))

    def run(self, project: Project, params: LongParams, progress: Progress) -> Outcome:
        """Unroll the way."""
        section = long_of(project, params)
        progress.step(1, 1)
        table = long_table(section)
        first, last = section.stretches[0], section.stretches[-1]
        facts: dict[str, float | int | str | bool] = {
            "length_m": section.line.length, "runs_count": len(section.stretches),
            "crossings_count": len(section.crossings),
            "branches_count": sum(len(stop.branches) for stop in section.stops),
            "fall_m": float(first.centre[0] - last.centre[-1]),
            "least_cover_m": min(
                float((section.ground.at(one.station) - one.top).min())
                for one in section.stretches
            ),
        }  # fmt: skip
        marks = _line_marks(section.line.points, section.ground.at(section.line.station), table)
        return Outcome(table, facts, marks, "none", section.notes)


def cross_table(section: CrossSection) -> pa.Table:
    """List the pipes of a cross section in order, one row each.

    Columns: ``layer``, ``object``, ``number``, ``class``, ``code``, ``material``, ``owner``,
    ``state``, ``station_m``, ``east``, ``north``, ``ground_m``, ``top_m``, ``level`` (centre),
    ``invert_m``, ``cover_m``, ``spacing_m`` and ``gap_m`` (to the next one: from middle to middle,
    from outside to outside, along the section), ``angle_degrees``, ``plan_error_m``,
    ``depth_error_m``, ``assumed``.
    """
    spacing = [*section.spacing().tolist(), math.nan]
    gaps = [*section.gaps().tolist(), math.nan]
    rows = [
        {**_pipe_row(pipe), "spacing_m": spacing[k], "gap_m": gaps[k]}
        for k, pipe in enumerate(section.pipes)
    ]
    return pa.Table.from_pylist(rows, schema=CROSS_SCHEMA)


def _pipe_row(pipe: CutPipe) -> dict[str, object]:
    return {
        "layer": pipe.layer, "object": pipe.pipe, "number": pipe.number,
        "class": pipe.line_class, "code": pipe.code, "material": pipe.material,
        "owner": pipe.owner, "state": pipe.status, "station_m": pipe.station, "east": pipe.east,
        "north": pipe.north, "ground_m": pipe.ground, "top_m": pipe.top, "level": pipe.centre,
        "invert_m": pipe.invert, "cover_m": pipe.cover, "angle_degrees": math.degrees(pipe.angle),
        "plan_error_m": pipe.plan_error, "depth_error_m": pipe.depth_error,
        "assumed": ",".join(pipe.assumed),
    }  # fmt: skip


def long_table(section: LongSection) -> pa.Table:
    """List the nodes of a way, what joins there and what crosses, by their stations.

    Columns: ``what`` (node, branch, crossing-pipe), ``layer``, ``object``, ``number``, ``code``,
    ``material``, ``station_m``, ``east``, ``north``, ``ground_m``, ``top_m``, ``level`` (centre),
    ``invert_m`` (of the run that comes), ``invert_after_m`` (of that which goes), ``cover_m``,
    ``slope_permille`` and ``next_m`` (of the run to the next node), ``assumed``.
    """
    rows: list[dict[str, object]] = []
    for k, stop in enumerate(section.stops):
        inverts = stop_levels(section, k, "invert")
        top = max(stop_levels(section, k, "top"))
        after = section.stretches[k] if k < len(section.stretches) else None
        beside = section.stretches[max(k - 1, 0) : k + 1]
        east, north = section.line.at([stop.station])[0].tolist()
        place = {"station_m": stop.station, "east": east, "north": north, "ground_m": stop.ground}
        rows.append({
            **place, "what": "node", "layer": section.layer, "object": stop.node,
            "number": stop.number, "code": after.code if after else "",
            "material": after.material if after else "", "top_m": top,
            "level": stop_levels(section, k, "centre")[-1], "invert_m": inverts[0],
            "invert_after_m": inverts[-1], "cover_m": stop.ground - top,
            "slope_permille": after.slope * 1000.0 if after else None,
            "next_m": after.length if after else None,
            "assumed": ",".join(sorted({word for one in beside for word in one.assumed})),
        })  # fmt: skip
        rows += [{
            **place, "what": "branch", "layer": section.layer, "object": branch.pipe,
            "code": branch.code, "level": branch.centre,
            "top_m": branch.centre + branch.half_high,
            "cover_m": stop.ground - branch.centre - branch.half_high,
        } for branch in stop.branches]  # fmt: skip
    for pipe in section.crossings:
        rows.append({
            key: value for key, value in _pipe_row(pipe).items() if key in LONG_SCHEMA.names
        } | {"what": "crossing-pipe"})  # fmt: skip
    rows.sort(key=lambda row: float(str(row["station_m"])))
    return pa.Table.from_pylist(rows, schema=LONG_SCHEMA)


CROSS_SCHEMA = pa.schema(
    [
        ("layer", pa.string()), ("object", pa.int64()), ("number", pa.string()),
        ("class", pa.string()), ("code", pa.string()), ("material", pa.string()),
        ("owner", pa.string()), ("state", pa.string()), ("station_m", pa.float64()),
        ("east", pa.float64()), ("north", pa.float64()), ("ground_m", pa.float64()),
        ("top_m", pa.float64()), ("level", pa.float64()), ("invert_m", pa.float64()),
        ("cover_m", pa.float64()), ("spacing_m", pa.float64()), ("gap_m", pa.float64()),
        ("angle_degrees", pa.float64()), ("plan_error_m", pa.float64()),
        ("depth_error_m", pa.float64()), ("assumed", pa.string()),
    ]
)  # fmt: skip
LONG_SCHEMA = pa.schema(
    [
        ("what", pa.string()), ("layer", pa.string()), ("object", pa.int64()),
        ("number", pa.string()), ("code", pa.string()), ("material", pa.string()),
        ("station_m", pa.float64()), ("east", pa.float64()), ("north", pa.float64()),
        ("ground_m", pa.float64()), ("top_m", pa.float64()), ("level", pa.float64()),
        ("invert_m", pa.float64()), ("invert_after_m", pa.float64()), ("cover_m", pa.float64()),
        ("slope_permille", pa.float64()), ("next_m", pa.float64()), ("assumed", pa.string()),
    ]
)  # fmt: skip


def _line_marks(points: np.ndarray, ground: np.ndarray, table: pa.Table) -> tuple[Marks, ...]:
    """Mark the line on the ground, and what it meets."""
    line = shape_marks(
        "section-line", "line", [np.column_stack([points, ground + 0.3])], {"row": [-1]},
        field="", style=LINE,
    )  # fmt: skip
    if not table.num_rows:
        return line
    places = [np.array([[row["east"], row["north"], row["level"]]]) for row in table.to_pylist()]
    field = "class" if "class" in table.column_names else "what"
    met = shape_marks(
        "section-met", "point", places,
        {"row": np.arange(table.num_rows), field: table.column(field)}, field=field,
    )  # fmt: skip
    return (*line, *met)


CROSS, LONG = PipeSection(), PipeLongSection()
