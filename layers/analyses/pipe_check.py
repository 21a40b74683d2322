"""Pipes against all rules, as an analysis; see `layers.pipes.checking`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from layers.analyses.base import Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.analyses.marks import place_marks
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.pipes import PLANNED, Pipes
from layers.pipes.checking import CheckParams, Site, check_pipes
from layers.pipes.pavement import street_lines, surface_at
from layers.pipes.surroundings import Things
from layers.pipes.together import Together, together
from layers.progress import Part, Progress
from layers.project import Project
from layers.rules import chosen
from layers.rules.rule import Fact, worst
from layers.shapes import POINT, POLYGON
from layers.streets import Streets
from layers.style import texts
from layers.trees import SHRUB, tree_forms

#: Words in the attributes of a control line that say pipes belong into its area.
ALLOWED = ("road", "道路", "red line", "红线")
#: Words that say an area is kept for pipes of a class.
KEPT_FOR = {"telecom": ("communication", "通信"), "power": ("power", "电力")}
TRAMS = ("tram", "light_rail", "有轨", "电车")
ABOUT = ("pipes.", "drains.", "overhead.")  # what rules are looked up
AROUND = ("roads", "trees", "rail", "control-lines")


@dataclass(frozen=True, slots=True)
class PipeCheckParams:
    """What is asked.

    Attributes
    ----------
    layers : tuple of str
        Layers of pipes; empty for all.
    beside, crossing, cover, drains, order, surroundings : bool
        Which rules are checked: clearance beside each other and where two cross, cover along the
        run, drains, the order under streets, what stands around.
    survey_error : bool
        Whether clearances are told apart as certain and possible by the error of the survey.
    step : float
        Distance between two places at which cover is looked at, metres.
    planned : bool
        Whether only planned pipes are held against everything.
    keep_all : bool
        Whether what is in order is listed too.
    pack : str
        Rule pack, "" for all.
    """

    layers: tuple[str, ...] = asking((), "layers", kinds=("pipes",))
    beside: bool = asking(True, "flag")
    crossing: bool = asking(True, "flag")
    cover: bool = asking(True, "flag")
    drains: bool = asking(True, "flag")
    order: bool = asking(True, "flag")
    surroundings: bool = asking(True, "flag")
    survey_error: bool = asking(True, "flag")
    step: float = asking(5.0, "number", unit="m", low=0.1, high=100.0)
    planned: bool = asking(False, "flag")
    keep_all: bool = asking(False, "flag")
    pack: str = asking("", "pack")

    @property
    def checks(self) -> tuple[str, ...]:
        """Names of what is checked."""
        names = ("beside", "crossing", "cover", "drains", "order", "surroundings")
        return tuple(name for name in names if getattr(self, name))


class PipeCheck:
    """The analysis ``pipe-check``."""

    key: ClassVar[str] = "pipe-check"
    Params: ClassVar[type[PipeCheckParams]] = PipeCheckParams
    group: ClassVar[str] = "pipes"
    columns: ClassVar[dict[str, str]] = {}

    def reads(self, project: Project, params: PipeCheckParams) -> Reads:
        """Pipes, terrain, streets and what stands around, rules."""
        return reads_of(project, params)

    def run(self, project: Project, params: PipeCheckParams, progress: Progress) -> Outcome:
        """Hold pipes against the rules."""
        layers = all_pipes(project, params.layers)
        whole = together([layer.data for layer in layers if isinstance(layer.data, Pipes)])
        of = whole.pipes.status == PLANNED if params.planned else None
        table = check_pipes(
            whole, [layer.id for layer in layers], chosen.rules((params.pack,)),
            site_of(project, params), CheckParams(
                params.checks, params.step, params.survey_error, params.keep_all
            ), of=of, progress=Part(progress, 0.05, 1.0),
        )  # fmt: skip
        return outcome(table, whole, tuple(notes(project, params)))


def all_pipes(project: Project, names: Sequence[str]) -> list[Layer]:
    """Give the named layers of pipes, or all of them, those that are not shown too.

    Raises
    ------
    CityError
        ``analysis.no_layer``, ``project.no_such_layer``.
    """
    every = [layer.id for layer in project.of_kind("pipes")]
    return layers_named(project, names or every, "pipes")


def reads_of(project: Project, params: PipeCheckParams) -> Reads:
    """Tell what a check reads."""
    found = [layer.id for layer in all_pipes(project, params.layers)]
    columns: dict[str, tuple[str, ...]] = {}
    if params.order or params.cover or params.surroundings:
        found += [layer.id for layer in project.layers if layer.kind in AROUND]
    if params.surroundings:
        for layer in project.of_kind("buildings"):
            found.append(layer.id)
            columns[layer.id] = ()
    return Reads(tuple(found), columns, packs=(params.pack or chosen.ALL,), about=ABOUT)


def outcome(table: pa.Table, whole: Together, told: tuple[Note, ...] = ()) -> Outcome:
    """Make the answer of a table of findings."""
    certainty = table.column("certainty")
    count = {
        f"{word}_count": int(pc.sum(pc.equal(certainty, word)).as_py() or 0)
        for word in ("certain", "possible", "unknown")
    }
    facts: dict[str, float | int | str | bool] = {"runs_count": len(whole.pipes.runs), **count}
    for name in sorted(set(table.column("check").to_pylist())):
        broken = pc.and_(pc.equal(table.column("check"), name), pc.not_equal(certainty, "clear"))
        facts[f"{name.replace('-', '_')}_count"] = int(pc.sum(broken).as_py() or 0)
    if more := int(pc.sum(table.column("more")).as_py() or 0):
        told = (*told, Note("pipe_check_trees", {"count": more}))
    return Outcome(
        table, facts, place_marks(table, "place"), worst(table.column("status").to_pylist()), told
    )


def notes(project: Project, params: PipeCheckParams) -> Iterable[Note]:
    """Tell what could not be looked at."""
    if project.terrain() is None and params.cover:
        yield Note("pipe_check_no_terrain")
    if not any(project.of_kind("roads")) and (params.cover or params.order):
        yield Note("pipe_check_no_streets")
    if any(not rule.verified for rule in chosen.rules((params.pack,)).rules):
        yield Note("pipe_check_unverified")


def site_of(project: Project, params: PipeCheckParams) -> Site:
    """Gather what pipes are held against."""
    ground = None if project.terrain() is None else project.ground_at
    things: list[Things] = []
    if params.surroundings:
        for layer in project.layers:
            things += _things(layer)
    return Site(
        ground,
        surface_at(project) if params.cover else None,
        street_lines(project) if params.order else None,
        things,
    )


def _things(layer: Layer) -> Iterable[Things]:
    """Give what stands in a layer and pipes keep away from."""
    data = layer.data
    if not isinstance(data, Features) or not len(data):
        return
    kind = data.shapes.kind
    if isinstance(data, Buildings):
        rows = np.flatnonzero(data.drawn & (data.min_height <= 0.0))
        yield Things("building", layer.id, data.ids[rows], data.shapes.take(rows).to_shapely())
    elif layer.kind == "trees":
        rows = np.flatnonzero(kind == POINT)
        shrub = tree_forms(data, rows) == SHRUB
        for what, some in (("tree", rows[~shrub]), ("shrub", rows[shrub])):
            yield Things(what, layer.id, data.ids[some], data.shapes.take(some).to_shapely())
    elif layer.kind == "rail":
        streets = Streets.of(data, layer.style, rails=True)
        rows = streets.row[streets.on_ground]
        words = _said(data)
        tram = np.array([any(w in words[row] for w in TRAMS) for row in rows], dtype=bool)
        for what, some in (("tram-rail", rows[tram]), ("railway", rows[~tram])):
            yield Things(what, layer.id, data.ids[some], data.shapes.take(some).to_shapely())
    elif layer.kind == "control-lines":
        words = _said(data)
        free = np.array([any(w in word for w in ALLOWED) for word in words], dtype=bool)
        areas = (kind == POLYGON) & ~free
        for serves, said in {**KEPT_FOR, "": ()}.items():
            mine = np.array([any(w in word for w in said) for word in words], dtype=bool)
            rows = np.flatnonzero(areas & (mine if serves else areas))
            areas = areas & ~mine
            facts: dict[str, Fact] = {"serves": serves} if serves else {}
            shapes = data.shapes.take(rows).to_shapely()
            yield Things("control-line", layer.id, data.ids[rows], shapes, facts)


def _said(data: Features) -> list[str]:
    """Give all texts of each object, in small letters."""
    out = [""] * len(data)
    for name in data.attributes.column_names:
        column = data.attributes.column(name)
        if pa.types.is_string(column.type) or pa.types.is_dictionary(column.type):
            for row, word in enumerate(texts(data.column(name))):
                out[row] += f" {word or ''}".casefold()
    return out


ANALYSIS = PipeCheck()
