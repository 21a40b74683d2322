"""Edits of buildings as undoable commands; they land in the active scheme."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry import LineString, Polygon

from layers.edits import SetData
from layers.errors import CityError
from layers.history import Label
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.schemes import free_id
from layers.schemes_build import (
    Block,
    copied,
    inside,
    moved,
    raised,
    shrunk,
    split,
    turned,
    with_blocks,
    with_storeys,
    without,
)
from layers.shapes import Floats, Ints


def buildings_of(project: Project, layer_id: str) -> Buildings:
    """Give the content of a layer of buildings.

    Raises
    ------
    CityError
        ``edit.not_buildings``, ``project.no_such_layer``.
    """
    layer = project.layer(layer_id)
    if not isinstance(layer.data, Buildings):
        raise CityError(
            "edit.not_buildings", f"'{layer.name}' holds no buildings.", name=layer.name
        )
    return layer.data


def build(project: Project, layer_id: str, blocks: Sequence[Block]) -> tuple[SetData, Ints]:
    """Make the command that builds one building of one or several blocks.

    Returns
    -------
    SetData
        The command.
    (k,) int64
        Numbers of what is new.
    """
    data = buildings_of(project, layer_id)
    made, ids = with_blocks(data, blocks, free_id(project, layer_id), ground=project.ground_at)
    return SetData(layer_id, made, Label("edit-build-new", {"building": int(ids[0])})), ids


def blocks_for(
    corners: ArrayLike, *, use: str, storeys: int, storey: float = 0.0, podium_storeys: int = 0,
    podium_use: str = "commercial", setback: float = 0.0,
) -> tuple[Block, ...]:  # fmt: skip
    """Give the blocks over a drawn outline: a plain one, or a tower on a podium.

    Parameters
    ----------
    corners : (k, 2) or (k, 3) array_like
        Outline, the first corner not repeated.
    use, storeys, storey
        Of the building, or of the tower; see `Block.of_storeys`.
    podium_storeys : int
        0 for no podium.
    podium_use : str
        Key of ``USES``.
    setback : float
        Metres the tower stands back from the podium's edges.
    """
    footprint = Polygon(np.asarray(corners, dtype=np.float64)[:, :2])
    if podium_storeys <= 0:
        return (Block.of_storeys(footprint, storeys, use, storey=storey),)
    low = Block.of_storeys(footprint, podium_storeys, podium_use)
    tower = shrunk(footprint, setback) if setback > 0.0 else footprint
    return low, Block.of_storeys(tower, storeys, use, storey=storey, low=low.height)


def demolish(project: Project, layer_id: str, ids: ArrayLike) -> SetData:
    """Make the command that takes buildings out, with their parts."""
    data = buildings_of(project, layer_id)
    made = without(data, ids)
    return SetData(
        layer_id, made, Label("edit-build-demolish", {"count": len(data) - len(made)})
    )  # fmt: skip


def demolish_inside(project: Project, layer_id: str, corners: ArrayLike) -> SetData:
    """Make the command that takes out the buildings that lie in an area for the most part.

    Raises
    ------
    CityError
        ``build.nothing_inside``.
    """
    area = shapely.make_valid(Polygon(np.asarray(corners, dtype=np.float64)[:, :2]))
    ids = inside(buildings_of(project, layer_id), area)
    if len(ids) == 0:
        raise CityError(
            "build.nothing_inside",
            "No building lies in this area for the most part.",
            hint="draw around whole buildings",
        )
    return demolish(project, layer_id, ids)


def move(
    project: Project, layer_id: str, ids: ArrayLike, east: float, north: float
) -> SetData:  # fmt: skip
    """Make the command that moves buildings, metres."""
    data = buildings_of(project, layer_id)
    made = moved(data, ids, east, north, ground=project.ground_at)
    metres = round(float(np.hypot(east, north)), 2)
    return SetData(layer_id, made, Label("edit-build-move", {"metres": metres}))


def turn(
    project: Project, layer_id: str, ids: ArrayLike, degrees: float,
    centre: Sequence[float] | None = None,
) -> SetData:  # fmt: skip
    """Make the command that turns buildings, degrees clockwise."""
    data = buildings_of(project, layer_id)
    made = turned(data, ids, degrees, centre=centre, ground=project.ground_at)
    return SetData(layer_id, made, Label("edit-build-turn", {"degrees": round(degrees, 2)}))


def push(project: Project, layer_id: str, ids: ArrayLike, metres: float) -> SetData:
    """Make the command that makes buildings higher or lower by metres."""
    made = raised(buildings_of(project, layer_id), ids, metres)
    return SetData(layer_id, made, Label("edit-build-raise", {"metres": round(metres, 2)}))


def copy(
    project: Project, layer_id: str, ids: ArrayLike, shifts: ArrayLike
) -> tuple[SetData, Ints]:  # fmt: skip
    """Make the command that copies buildings to other places.

    Parameters
    ----------
    project, layer_id, ids
        Which buildings.
    shifts : (m, 2) array_like of float
        Metres east and north of each copy.
    """
    data = buildings_of(project, layer_id)
    first = free_id(project, layer_id)
    made, new = copied(data, ids, shifts, first, ground=project.ground_at)
    count = len(np.asarray(shifts, dtype=np.float64).reshape(-1, 2))
    return SetData(layer_id, made, Label("edit-build-copy", {"count": count})), new


def array_shifts(east: float, north: float, columns: int, rows: int, gap: float) -> Floats:
    """Give the places of an array of copies: `columns` along a way, `rows` square to it.

    Parameters
    ----------
    east, north : float
        Metres from one column to the next.
    columns, rows : int
        How many stand in the array, the original counted.
    gap : float
        Metres from one row to the next, to the left of the way.

    Returns
    -------
    (columns * rows - 1, 2) float64
        Metres east and north.
    """
    length = float(np.hypot(east, north)) or 1.0
    along = np.array([east, north])
    across = np.array([-north, east]) / length * gap
    places = [along * c + across * r for r in range(rows) for c in range(columns)]
    return np.array(places[1:]).reshape(-1, 2)


def cut(
    project: Project, layer_id: str, building: int, corners: ArrayLike
) -> tuple[SetData, Ints]:  # fmt: skip
    """Make the command that cuts a building along a line."""
    line = LineString(np.asarray(corners, dtype=np.float64)[:, :2])
    data = buildings_of(project, layer_id)
    made, ids = split(data, building, line, free_id(project, layer_id))
    return SetData(layer_id, made, Label("edit-build-split", {"building": building})), ids


def crossed(data: Buildings, corners: ArrayLike) -> int:
    """Give the building that a line crosses longest; 0 where it crosses none."""
    line = LineString(np.asarray(corners, dtype=np.float64)[:, :2])
    box = data.shapes.bounds()
    west, south, east, north = line.bounds
    near = np.flatnonzero(
        (box[:, 0] <= east) & (box[:, 2] >= west) & (box[:, 1] <= north) & (box[:, 3] >= south)
    )
    if len(near) == 0:
        return 0
    lengths = shapely.length(shapely.intersection(data.shapes.take(near).to_shapely(), line))
    best = int(np.argmax(lengths))
    return int(data.ids[near[best]]) if lengths[best] > 0.0 else 0


def set_storeys(
    project: Project, layer_id: str, building: int, storeys: int, use: str, storey: float = 0.0
) -> SetData:
    """Make the command that gives a building storeys, their height and a use."""
    made = with_storeys(buildings_of(project, layer_id), building, storeys, use, storey=storey)
    title = Label("edit-build-storeys", {"building": building, "storeys": storeys})
    return SetData(layer_id, made, title)
