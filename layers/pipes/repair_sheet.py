"""All that a repair sheet of a burst needs: the pipe, the place, the valves, the neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from layers.kinds.base import Features, Layer
from layers.kinds.pipes import RUN, Pipes
from layers.pipes.burst import Burst
from layers.pipes.sheet import information
from layers.project import Project
from layers.shapes import LINE, Floats
from layers.style import texts

AROUND = 5.0  # metres around the burst within which other pipes matter to who digs
ROAD_NEAR = 60.0  # metres to a street that gives the place its name
ROAD_NAMES = ("name", "名称", "road", "name:zh", "name_zh", "name:en", "name_en")
NEIGHBOURS = (
    "id", "number", "class", "subclass", "size", "material", "depth_m", "pressure_mpa",
    "voltage_kv", "owner", "contact", "status", "assumed",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class RepairSheet:
    """What stands on a repair sheet.

    Attributes
    ----------
    burst : Burst
        Valves, affected, hydrants, what if a valve is seized, what feeds the rest, figures, notes.
    pipe : dict
        The row of `layers.pipes.sheet.information` of the pipe: size, material, pressure, year,
        depth, owner, contact and so on; None where something is not known.
    place : dict
        ``east``, ``north``, ``longitude``, ``latitude``, ``ground_m``, ``centre_m``, ``top_m``
        (of the pipe there), ``cover_m``, ``road``, ``road_away_m``.
    neighbours : pyarrow.Table
        Other pipes within ``AROUND`` metres, nearest first: ``NEIGHBOURS`` and ``layer``,
        ``away_m`` (in plan, surface to surface).
    owners : pyarrow.Table
        Whom to call: ``owner``, ``contact``, ``pipes`` (how many).
    """

    burst: Burst
    pipe: dict[str, Any]
    place: dict[str, Any]
    neighbours: pa.Table
    owners: pa.Table


def repair_sheet(project: Project, layer: Layer, found: Burst) -> RepairSheet:
    """Gather all that a repair sheet needs.

    Parameters
    ----------
    project : Project
        Its terrain, streets and other layers of pipes are looked at.
    layer : Layer
        The layer in which it bursts.
    found : Burst
        The answer; see `layers.analyses.pipe_burst.burst_of`.
    """
    pipes = layer.data
    assert isinstance(pipes, Pipes)
    row = int(pipes.index_of([found.run])[0])
    ground = None if project.terrain() is None else project.ground_at
    year = int(project.info.moment[:4])
    pipe = information(pipes, np.array([row]), ground_at=ground, year=year).to_pylist()[0]
    neighbours = _neighbours(project, layer, found)
    return RepairSheet(
        found, {name: _plain(value) for name, value in pipe.items()},
        _place(project, pipes, row, found.place), neighbours, _owners(neighbours, pipe),
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and np.isnan(value) else value


def _place(project: Project, pipes: Pipes, row: int, at: Floats) -> dict[str, Any]:
    """Tell where it bursts: coordinates, levels there, street."""
    first = pipes.shapes.first_coord
    line = pipes.shapes.take([row]).to_shapely()[0]
    along = float(shapely.line_locate_point(line, shapely.Point(*at)))
    coords = pipes.shapes.coords[first[row] : first[row + 1]]
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(coords, axis=0).T))])
    centre = float(np.interp(along, steps, pipes.centres()[first[row] : first[row + 1]]))
    top = centre + float(pipes.outer_height[row]) / 2.0
    ground = float(project.ground_at(at[None])[0]) if project.terrain() is not None else np.nan
    longitude, latitude = project.need_frame().lonlat(at[None])[0].tolist()
    road, away = _road(project, at)
    told = {
        "east": round(float(at[0]), 3), "north": round(float(at[1]), 3),
        "longitude": longitude, "latitude": latitude, "ground_m": ground, "centre_m": centre,
        "top_m": top, "cover_m": ground - top, "road": road, "road_away_m": away,
    }  # fmt: skip
    return {name: _plain(value) for name, value in told.items()}


def _road(project: Project, at: Floats) -> tuple[str | None, float]:
    """Name the nearest street that has a name."""
    best: tuple[str | None, float] = (None, float("nan"))
    nearest = ROAD_NEAR
    point = shapely.Point(*at)
    for layer in project.of_kind("roads"):
        data = layer.data
        if not isinstance(data, Features):
            continue
        column = next((n for n in ROAD_NAMES if n in data.attributes.column_names), None)
        if column is None:
            continue
        names = texts(data.column(column))
        rows = np.flatnonzero((data.shapes.kind == LINE) & np.array([bool(n) for n in names]))
        if not len(rows):
            continue
        away = shapely.distance(data.shapes.take(rows).to_shapely(), point)
        k = int(np.argmin(away))
        if float(away[k]) < nearest:
            nearest = float(away[k])
            best = str(names[rows[k]]), round(nearest, 1)
    return best


def _neighbours(project: Project, layer: Layer, found: Burst) -> pa.Table:
    """List the other pipes near the place, of all layers."""
    ground = None if project.terrain() is None else project.ground_at
    point = shapely.Point(*found.place)
    tables = []
    for other in project.layers:
        pipes = other.data
        if not isinstance(pipes, Pipes):
            continue
        runs = np.flatnonzero(pipes.role == RUN)
        box = pipes.shapes.bounds()[runs]
        east, north = found.place
        near = (box[:, 0] <= east + AROUND) & (box[:, 2] >= east - AROUND)
        near &= (box[:, 1] <= north + AROUND) & (box[:, 3] >= north - AROUND)
        runs = runs[near]
        if other.id == layer.id:
            runs = runs[pipes.ids[runs] != found.run]
        away = shapely.distance(pipes.shapes.take(runs).to_shapely(), point)
        away = np.maximum(away - pipes.outer_width[runs] / 2.0, 0.0)
        keep = away <= AROUND
        told = information(pipes, runs[keep], ground_at=ground).select(list(NEIGHBOURS))
        told = told.append_column("layer", pa.array([other.name] * len(told), pa.string()))
        tables.append(told.append_column("away_m", pa.array(np.round(away[keep], 2))))
    return pa.concat_tables(tables, promote_options="permissive").sort_by("away_m")


def _owners(neighbours: pa.Table, pipe: dict[str, Any]) -> pa.Table:
    """List whom to call: the owner of the pipe first, then those of its neighbours."""
    count: dict[tuple[str, str], int] = {}
    rows = [pipe, *neighbours.to_pylist()]
    for row in rows:
        if row["owner"] or row["contact"]:
            key = (row["owner"] or "", row["contact"] or "")
            count[key] = count.get(key, 0) + 1
    return pa.table({
        "owner": pa.array([owner for owner, _ in count], pa.string()),
        "contact": pa.array([contact for _, contact in count], pa.string()),
        "pipes": pa.array(list(count.values()), pa.int64()),
    })  # fmt: skip
