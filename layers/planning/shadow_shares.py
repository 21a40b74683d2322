"""How much of areas lies in shadow at several times, as numbers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import shapely

from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.shapes import POLYGON


def shadow_shares(plan: Layer, areas: Layer) -> pa.Table:
    """Say which share of each area, or footprint, lies in shadow at each time of a plan.

    Parameters
    ----------
    plan : Layer
        Made by `layers.planning.shadow_plan.shadow_plan`.
    areas : Layer
        Polygons, or buildings: then the ground they stand on counts, which other buildings and
        they themselves shade; it is what the plan's areas cover.

    Returns
    -------
    pyarrow.Table
        ``id``, ``area_m2``, a column of percents for each time such as
        ``shaded_pct 2026-12-21 09:00``, and ``shaded_mean_pct``.

    Raises
    ------
    CityError
        ``shadow_shares.no_plan``, ``shadow_shares.no_areas``.
    """
    if plan.kind != "features" or "time" not in plan.features.attributes.column_names:
        raise CityError(
            "shadow_shares.no_plan",
            f"The layer '{plan.name}' holds no shadows of several times.",
            hint="make one first",
            layer=plan.name,
        )
    data = areas.data
    if not isinstance(data, Features | Buildings):
        rows = np.empty(0, dtype=np.int64)
    else:
        rows = np.flatnonzero(data.shapes.kind == POLYGON)
    if not len(rows):
        raise CityError(
            "shadow_shares.no_areas",
            f"The layer '{areas.name}' has no areas.",
            hint="choose a layer of polygons or of buildings",
            layer=areas.name,
        )
    assert isinstance(data, Features | Buildings)
    shapes = shapely.make_valid(data.shapes.take(rows).to_shapely())
    whole = shapely.area(shapes)
    times = np.array(plan.features.attributes.column("time").to_pylist(), dtype=object)
    shadows = shapely.make_valid(plan.features.shapes.to_shapely())
    columns: dict[str, object] = {"id": data.ids[rows], "area_m2": np.round(whole, 2)}
    mean = np.zeros(len(rows))
    known = sorted(set(times.tolist()))
    for time in known:
        mine = shadows[times == time]
        tree = shapely.STRtree(mine)
        at, other = tree.query(shapes, predicate="intersects")
        # parts of the shadow of one time do not overlap: their areas can be summed
        shaded = np.zeros(len(rows))
        np.add.at(shaded, at, shapely.area(shapely.intersection(shapes[at], mine[other])))
        share = 100.0 * np.minimum(shaded / np.maximum(whole, 1e-9), 1.0)
        columns[f"shaded_pct {time}"] = np.round(share, 2)
        mean += share / len(known)
    columns["shaded_mean_pct"] = np.round(mean, 2)
    return pa.table(columns)
