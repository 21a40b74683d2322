"""Asking for pipes and summing them up: for scripts, commands and the window alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.pipe_quality import pipe_layers
from app.wording import Wording, dashed
from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.kinds.pipes import Pipes
from layers.project import Project
from layers.shapes import Floats, Ints

if TYPE_CHECKING:
    import pyarrow as pa

    from layers.pipes.statistics import Surroundings

NAME_FIELDS = ("name", "名称", "路名", "NAME", "Name", "road", "道路名称", "区名", "街道")
ADDRESS_REACH = 50.0  # metres from an address within which pipes answer
#: Short names of columns in expressions.
SHORT = {
    "depth": "depth_m", "length": "plan_length_m", "pressure": "pressure_mpa",
    "voltage": "voltage_kv", "age": "age_years", "diameter": "width_mm",
}  # fmt: skip
#: Columns whose cells are keys with a text of their own.
KEYED = {
    "class": "pipe-class-", "subclass": "pipe-class-", "role": "pipe-role-",
    "status": "pipe-status-", "form": "pipe-form-", "depth_from": "pipe-depth-from-",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; every part that is given must hold.

    Attributes
    ----------
    layers : tuple of str
        Names or ids of layers of pipes; empty for all.
    where : str
        An expression, see `layers.conditions`.
    box : (west, south, east, north) or None
        Metres, project coordinates.
    area, along : tuple of (east, north)
        Corners around an area; points of a line.
    road : str
        Name of a road.
    width : float
        Of the strip along a line or a road, metres.
    near : (east, north) or None
        A place; the nearest runs answer.
    most : int
        How many are nearest.
    number : str
        Number of a node or a run, or of both ends: ``WS1-WS2``.
    address : str
        A place by name or address; what lies within 50 m answers, the nearest first.
    chosen : mapping of str to array or None
        Ids by the id of their layer, as a selection is.
    runs_only : bool
        Whether nodes are left out.
    """

    layers: tuple[str, ...] = ()
    where: str = ""
    box: tuple[float, float, float, float] | None = None
    area: tuple[tuple[float, ...], ...] = ()
    along: tuple[tuple[float, ...], ...] = ()
    road: str = ""
    width: float = 20.0
    near: tuple[float, float] | None = None
    most: int = 5
    number: str = ""
    address: str = ""
    chosen: Mapping[str, Any] | None = None
    runs_only: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What was found.

    Attributes
    ----------
    found : tuple of (Layer, (k,) int64)
        Positions in each layer.
    table : pyarrow.Table
        One row per object: ``layer`` (name), ``layer_id``, then as
        `layers.pipes.sheet.information` has it, then ``distance_m`` where a place was asked for.
    """

    found: tuple[tuple[Layer, Ints], ...]
    table: pa.Table

    @property
    def selection(self) -> dict[str, Ints]:
        """Ids by the id of their layer."""
        return {layer.id: layer.features.ids[rows] for layer, rows in self.found if len(rows)}


def ask(project: Project, question: Question, words: Wording | None = None) -> Answer:
    """Find pipes.

    Parameters
    ----------
    project : Project
        Where.
    question : Question
        What.
    words : Wording or None
        Lets expressions name columns in the reader's language.

    Raises
    ------
    CityError
        ``pipes.none``, ``pipes.no_road``, ``pipes.no_place_called``, and as expressions do.
    """
    import pyarrow as pa

    from layers.pipes.sheet import information

    place = question.near
    if question.address:
        place = _place(project, question.address)
    found: list[tuple[Layer, Ints]] = []
    away: list[Floats] = []
    for layer in _asked(project, question.layers):
        assert isinstance(layer.data, Pipes)
        rows = _rows(project, layer.data, question, layer.id, words)
        distance = np.full(len(rows), np.nan)
        if place is not None:
            rows, distance = _near(layer.data, place, rows, question)
        found.append((layer, rows))
        away.append(distance)
    if place is not None:
        found, away = _nearest_of_all(found, away, question)
    tables = []
    for (layer, rows), distance in zip(found, away, strict=True):
        assert isinstance(layer.data, Pipes)
        table = information(layer.data, rows, ground_at=_ground(project), year=date.today().year)
        table = table.add_column(0, "layer", pa.array([layer.name] * len(rows), pa.string()))
        table = table.add_column(1, "layer_id", pa.array([layer.id] * len(rows), pa.string()))
        if place is not None:
            table = table.append_column("distance_m", pa.array(distance.round(3)))
        tables.append(table)
    whole = pa.concat_tables(tables)
    return Answer(tuple(found), whole.sort_by("distance_m") if place is not None else whole)


def fact_names(words: Wording) -> dict[str, str]:
    """Give what else the columns of information may be called in an expression."""
    from layers.pipes.sheet import information

    names = {}
    for column in information(_nothing()).column_names:
        head = fact_head(column, words)
        for text in (head, head.partition(" (")[0], head.partition("（")[0]):
            names[text] = column
    return names | SHORT


def _nothing() -> Pipes:
    """Give a layer without pipes, for its columns."""
    from layers.shapes import Shapes

    return Pipes.of_columns(Features.of(Shapes.from_shapely([])), [], [])


def fact_head(name: str, words: Wording) -> str:
    """Give the heading of a column of information, statistics or checks."""
    text = words.t(f"pipes-fact-{dashed(name)}")
    return name if text == f"pipes-fact-{dashed(name)}" else text


def fact_text(name: str, value: object, words: Wording) -> str:
    """Write a cell for the eye, "" where nothing is known."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if name in KEYED:
        return words.t(f"{KEYED[name]}{value}") if value else ""
    if name == "assumed" and isinstance(value, str):
        return words.listed(words.t(f"pipe-assumed-{word}") for word in value.split())
    if isinstance(value, float):
        digits = 0 if name in {"year", "cables"} else 3 if name.endswith(("_m", "permille")) else 2
        text = f"{value:.{digits}f}"
        return text.rstrip("0").rstrip(".") if name.endswith(("_mm", "_kv", "_mpa")) else text
    return str(value)


def group_text(by: str, group: str, words: Wording) -> str:
    """Write the name of a group of statistics, or the heading of its column, for the eye."""
    if not group:
        return words.t("pipes-not-told")
    if by in KEYED and words.has(f"{KEYED[by]}{group}"):
        return words.t(f"{KEYED[by]}{group}")
    return fact_head(group, words)


def fact_rows(table: pa.Table, words: Wording) -> tuple[list[str], list[list[Any]]]:
    """Give headings and rows of a table as files have them: words in the reader's language."""
    names = [name for name in table.column_names if name != "layer_id"]
    rows = [
        [fact_text(name, row[name], words) if isinstance(row[name], str) else row[name]
         for name in names]
        for row in table.to_pylist()
    ]  # fmt: skip
    return [fact_head(name, words) for name in names], rows


def write_facts(table: pa.Table, path: Path, words: Wording, title: str = "pipes") -> int:
    """Write a table as CSV or XLSX with headings and words in the reader's language.

    Raises
    ------
    CityError
        ``tables.layer_suffix``, ``tables.write``.
    """
    from layers.files.sheets import appearing, write_csv, write_xlsx

    suffix = path.suffix.lower()
    if suffix not in {".csv", ".xlsx"}:
        raise CityError(
            "tables.layer_suffix",
            f"A layer's table cannot be written as '{suffix or path.name}'.",
            hint="use .csv or .xlsx",
            where=path.name,
            suffix=suffix or path.name,
        )
    header, rows = fact_rows(table, words)
    with appearing(path) as beside:
        if suffix == ".csv":
            write_csv(beside, header, rows)
        else:
            write_xlsx(beside, header, rows, title=title)
    return len(rows)


def surroundings(
    project: Project, districts: str = "", district_field: str = "", roads: str = ""
) -> Surroundings:
    """Give what statistics may ask for: districts, roads, ground, the year.

    Parameters
    ----------
    project : Project
        Where the layers are.
    districts : str
        Layer of areas; "" takes the first of districts.
    district_field : str
        Attribute with their names; "" takes what looks like one.
    roads : str
        Layer of roads; "" takes the first of roads.
    """
    from layers.pipes.statistics import Areas, Roads, Surroundings

    area = _layer(project, districts, "districts")
    road = _layer(project, roads, "roads")
    return Surroundings(
        date.today().year,
        Areas(area, district_field or name_field(area)) if area is not None else None,
        Roads(road, name_field(road)) if road is not None and name_field(road) else None,
        _ground(project),
    )


def sum_up(
    project: Project, by: tuple[str, ...], question: Question, around: Surroundings,
    words: Wording | None = None,
) -> pa.Table:  # fmt: skip
    """Sum up the pipes that answer a question; see `layers.pipes.statistics.statistics`."""
    import pyarrow as pa

    from layers.pipes.statistics import joined, statistics

    tables = []
    whole = question == Question(layers=question.layers)
    for layer in _asked(project, question.layers):
        assert isinstance(layer.data, Pipes)
        rows = None if whole else _rows(project, layer.data, question, layer.id, words)
        tables.append(statistics(layer.data, by, rows, around))
    return tables[0] if len(tables) == 1 else joined(pa.concat_tables(tables), by)


def name_field(layer: Features) -> str:
    """Give the attribute that looks like a name, else the first one; "" where there is none."""
    names = layer.attributes.column_names
    return next((name for name in NAME_FIELDS if name in names), names[0] if names else "")


def _layer(project: Project, name: str, kind: str) -> Features | None:
    if name:
        return project.layer(name).features
    found = next(project.of_kind(kind), None)
    return found.features if found is not None else None


def _asked(project: Project, names: tuple[str, ...]) -> list[Layer]:
    if not names:
        return pipe_layers(project)
    return [layer for name in names for layer in pipe_layers(project, name)]


def _ground(project: Project) -> Any:
    return None if project.terrain() is None else project.ground_at


def _rows(
    project: Project, pipes: Pipes, question: Question, layer_id: str, words: Wording | None
) -> Ints:
    """Find the objects of one layer for which everything but the place holds."""
    from layers.pipes import asking
    from layers.pipes.sheet import information

    rows = np.arange(len(pipes))
    if question.chosen is not None:
        ids = question.chosen.get(layer_id, ())
        rows = np.sort(pipes.index_of(ids)) if len(ids) else rows[:0]
    if question.box is not None:
        west, south, east, north = question.box
        corners = [(west, south), (east, south), (east, north), (west, north)]
        rows = np.intersect1d(rows, asking.in_area(pipes, corners))
    if question.area:
        rows = np.intersect1d(rows, asking.in_area(pipes, question.area))
    if question.along:
        rows = np.intersect1d(rows, asking.along(pipes, question.along, question.width))
    if question.road:
        roads = _layer(project, "", "roads")
        field = name_field(roads) if roads is not None else ""
        found = asking.along_road(pipes, question.road, roads, field, question.width)
        rows = np.intersect1d(rows, found)
    if question.number:
        rows = np.intersect1d(rows, asking.by_number(pipes, question.number))
    if question.where:
        facts = information(pipes, ground_at=_ground(project), year=date.today().year)
        names = fact_names(words) if words is not None else None
        rows = np.intersect1d(rows, asking.fulfilling(pipes, facts, question.where, names))
    return asking.of_runs(pipes, rows) if question.runs_only else rows


def _near(
    pipes: Pipes, place: tuple[float, float], rows: Ints, question: Question
) -> tuple[Ints, Floats]:
    """Order what answers by its distance from a place."""
    from layers.pipes.asking import nearest, of_runs

    if question.near is not None:
        rows = of_runs(pipes, rows)
    most = question.most if question.near is not None else len(rows)
    rows, distance = nearest(pipes, place, rows, most)
    if question.address and question.near is None:
        close = distance <= ADDRESS_REACH
        rows, distance = rows[close], distance[close]
    return rows, distance


def _nearest_of_all(
    found: list[tuple[Layer, Ints]], away: list[Floats], question: Question
) -> tuple[list[tuple[Layer, Ints]], list[Floats]]:
    """Keep the nearest of several layers together."""
    if question.near is None or len(found) < 2:
        return found, away
    limit = np.sort(np.concatenate(away))[: question.most]
    last = limit[-1] if len(limit) else -1.0
    kept = [(layer, rows[d <= last]) for (layer, rows), d in zip(found, away, strict=True)]
    return kept, [d[d <= last] for d in away]


def _place(project: Project, text: str) -> tuple[float, float]:
    """Find the place an address means."""
    from app.places import find_places

    for place in find_places(project, text):
        if place.extent is not None:
            west, south, east, north = place.extent
            return (west + east) / 2.0, (south + north) / 2.0
        if place.object_ids:
            layer = project.layer(place.layer_id).features
            middle = layer.shapes.centres()[layer.index_of(place.object_ids[:1])[0]]
            return float(middle[0]), float(middle[1])
    raise CityError(
        "pipes.no_place_called",
        f"Nothing in the project is called '{text}'.",
        hint="write a name or an address as a layer has it, or coordinates such as 508000,3378000",
        text=text,
    )
