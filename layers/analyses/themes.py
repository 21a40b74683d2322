"""Themes and phases counted: buildings, floor area, green land and people of each; and kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.analyses.indicators import ABOUT
from layers.edits import Together
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.planning import themes
from layers.planning.floor_areas import FloorAreas
from layers.planning.indicators import Assumptions, areas_of
from layers.planning.theme_paint import painted
from layers.planning.uses import CLASS_FIELDS, USES, first_field
from layers.progress import Progress
from layers.project import Project
from layers.rules import chosen
from layers.shapes import POLYGON, Shapes
from layers.style import Colouring, Entry, Style, texts

WAYS = ("districts", "phases")


@dataclass(frozen=True, slots=True)
class ThemeParams:
    """What is asked.

    Attributes
    ----------
    way : str
        ``districts`` or ``phases``.
    zones : tuple of str
        Layers of districts; empty for all.
    class_field : str
        Attribute of the districts that tells the land use.
    phase_field : str
        Attribute that tells the phase.
    year : int
        Year up to which what tells no phase exists; 0 for none.
    hidden : tuple of str
        Keys that are off in this theme.
    dwelling_m2, household : float
        Floor area of a dwelling; people in one.
    pack : str
        Rule pack of what counts as floor area.
    """

    way: str = asking("districts", "choice", choices=WAYS)
    zones: tuple[str, ...] = asking((), "layers", kinds=("districts",))
    class_field: str = asking("", "text")
    phase_field: str = asking("", "text")
    year: int = asking(0, "count", low=0, high=3000)
    hidden: tuple[str, ...] = asking((), "texts")
    dwelling_m2: float = asking(100.0, "number", unit="m2", low=10.0, high=1000.0)
    household: float = asking(2.8, "number", low=0.1, high=20.0)
    pack: str = asking("floor-area", "pack")


class Themes:
    """The analysis ``themes``."""

    key: ClassVar[str] = "themes"
    Params: ClassVar[type[ThemeParams]] = ThemeParams
    group: ClassVar[str] = "planning"
    columns: ClassVar[Mapping[str, str]] = {}

    def reads(self, project: Project, params: ThemeParams) -> Reads:
        """Everything that belongs to the city, and the districts."""
        layers = themes.city_layers(project)
        if params.way == "districts":
            layers = [*layers, *_districts(project, params)]
        return Reads(
            tuple(layer.id for layer in layers), packs=(params.pack,), about=ABOUT, ground=False
        )

    def run(self, project: Project, params: ThemeParams, progress: Progress) -> Outcome:
        """Count what lies in each theme."""
        keys = keys_of(params)
        members = members_of(project, params)
        table = counted(params, members)
        progress.step(1, 1)
        total = int(np.sum(table.column("objects_count").to_numpy()))
        facts = {"objects_count": total, "groups_count": table.num_rows}
        notes = (Note("themes_middle", {}),) if params.way == "districts" else ()
        marks = _marks(project, params, keys, table) if params.way == "districts" else ()
        return Outcome(table, facts, marks, "none", notes)


ANALYSIS = Themes()


def keys_of(params: ThemeParams) -> tuple[str, ...]:
    """Give the keys of the groups."""
    return themes.THEME_KEYS if params.way == "districts" else themes.PHASE_KEYS


def members_of(project: Project, params: ThemeParams) -> list[themes.Members]:
    """Group the city as parameters say."""
    if params.way == "districts":
        return themes.by_theme(project, _districts(project, params), params.class_field)
    return themes.by_phase(project, params.phase_field, params.year)


def paint(
    project: Project,
    params: ThemeParams,
    shown: Collection[str] | None = None,
    named: Callable[[str], str] = str,
) -> Together:
    """Make the command that colours objects by theme or phase; see `theme_paint.painted`."""
    by_theme = params.way == "districts"
    return painted(
        project, members_of(project, params), keys_of(params),
        themes.THEME_COLOURS if by_theme else themes.PHASE_COLOURS,
        field="theme" if by_theme else "project_phase", shown=shown, named=named,
    )  # fmt: skip


def counted(params: ThemeParams, members: list[themes.Members]) -> pa.Table:
    """Count objects, buildings, floor area, green land and people of each group.

    Returns
    -------
    pyarrow.Table
        ``theme``, ``shown``, ``objects_count``, ``buildings_count``, ``floor_area_m2``,
        ``population_count``, ``green_m2``; groups with nothing in them are left out.
    """
    keys = keys_of(params)
    n = len(keys)
    objects, houses = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    floor, people, green = np.zeros(n), np.zeros(n), np.zeros(n)
    rules = chosen.rules((params.pack,))
    told = Assumptions(params.dwelling_m2, params.household)
    for one in members:
        objects += np.bincount(one.group, minlength=n)
        data = one.layer.data
        if isinstance(data, Buildings):
            areas = areas_of(data, rules, "")
            of = one.group[areas.rows]
            houses += np.bincount(one.group[data.part_of == 0], minlength=n)
            floor += np.bincount(of, weights=areas.counted_m2, minlength=n)
            people += np.bincount(of, weights=_people(areas, told), minlength=n)
        elif one.layer.kind == "greenery":
            green += np.bincount(one.group, weights=one.layer.features.shapes.areas(), minlength=n)
    there = np.flatnonzero(objects > 0)
    return pa.table(
        {
            "theme": [keys[k] for k in there],
            "shown": [keys[k] not in params.hidden for k in there],
            "objects_count": objects[there], "buildings_count": houses[there],
            "floor_area_m2": floor[there], "population_count": people[there],
            "green_m2": green[there],
        }
    )  # fmt: skip


def _people(areas: FloorAreas, told: Assumptions) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    living = areas.use == USES.index("residential")
    homes = np.where(living, areas.counted_m2 / told.dwelling_m2, 0.0)
    homes = np.where(np.isfinite(areas.dwellings), areas.dwellings, homes)
    return np.where(np.isfinite(areas.people), areas.people, homes * told.household)


def _districts(project: Project, params: ThemeParams) -> list[Layer]:
    if params.zones:
        return layers_named(project, params.zones, "districts")
    found = list(project.of_kind("districts"))
    return found or layers_named(project, (), "districts")  # tells that there is none


def _marks(
    project: Project, params: ThemeParams, keys: tuple[str, ...], table: pa.Table
) -> tuple[Marks, ...]:
    """Show districts in the colours of their themes; those that are off are left out."""
    rows = {key: row for row, key in enumerate(table.column("theme").to_pylist())}
    parts: list[BaseGeometry] = []
    names: list[str] = []
    for layer in _districts(project, params):
        data = layer.features
        field = params.class_field or first_field(data, CLASS_FIELDS)
        words = texts(data.column(field)) if field else [None] * len(data)
        for row, shape in enumerate(data.shapes.to_shapely()):
            key = themes.theme_of(words[row])
            if data.shapes.kind[row] == POLYGON and key in rows and key not in params.hidden:
                parts += [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
                names += [key] * (len(parts) - len(names))
    if not parts:
        return ()
    attributes = pa.table({"row": [rows[name] for name in names], "theme": names})
    entries = tuple(Entry(key, themes.THEME_COLOURS[key], value=key) for key in keys)
    style = Style(outline="#6d6a60", lift=0.6, colouring=Colouring("theme", "categories", entries))
    features = Features.of(Shapes.from_shapely(parts), attributes)
    return (Marks("zones", features, "theme", "districts", style),)
