"""The district as tables with geometry on the map, one per layer that is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from data_samples import control_lines, frame, land_use
from data_samples.buildings import USES, Plot, cellars
from data_samples.city import City
from data_samples.control_lines import Control
from data_samples.roof_kinds import ROOFS, crown
from data_samples.street_table import CLASSES as STREET_CLASSES
from data_samples.streets import rails, stations

LEVEL_ZH: Final = {"ground": "地面", "bridge": "桥梁", "viaduct": "高架", "ramp": "匝道"}


def on_map(shapes: Sequence[BaseGeometry]) -> Any:
    """Shapes moved from plan metres to the map grid, to the millimetre."""
    origin = (frame.EAST_ORIGIN, frame.NORTH_ORIGIN)
    array = np.asarray(shapes, dtype=object)
    return shapely.transform(array, lambda xy: np.round(xy + origin, 3))


def _table(columns: dict[str, Sequence[Any]], shapes: Sequence[BaseGeometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=on_map(shapes), crs=frame.CRS)


def buildings(city: City) -> gpd.GeoDataFrame:
    """Buildings, with the column names a Chinese planning office gives them."""
    crowned = crown(city.buildings)
    built = [building for building, _ in crowned]
    return _table(
        {
            "编号": [f"BJ{index:05d}" for index in range(1, len(built) + 1)],
            "名称": [b.name_zh for b in built],
            "NAME_EN": [b.name_en for b in built],
            "用途": [USES[b.use][0] for b in built],
            "USE": [b.use for b in built],
            "层数": [b.floors for b in built],
            "地下层数": [cellars(b) for b in built],
            "高度": [b.height for b in built],
            "离地高": [b.min_height for b in built],
            "建成年份": [b.year for b in built],
            "结构": [b.structure for b in built],
            "屋顶": [ROOFS[top.form] for _, top in crowned],
            "ROOF": [top.form for _, top in crowned],
            "坡高": [top.rise for _, top in crowned],
            "地块": [b.plot + 1 for b in built],
        },
        [b.area for b in built],
    )


def roads(city: City) -> gpd.GeoDataFrame:
    """Street centre lines between junctions."""
    pieces = city.pieces
    return _table(
        {
            "road_id": list(range(1, len(pieces) + 1)),
            "name": [p.street.name_zh for p in pieces],
            "name_en": [p.street.name_en for p in pieces],
            "class": [p.street.kind for p in pieces],
            "类别": [STREET_CLASSES[p.street.kind].name_zh for p in pieces],
            "lanes": [p.lanes for p in pieces],
            "width_m": [p.red_line for p in pieces],
            "carriageway_m": [round(p.carriageway, 1) for p in pieces],
            "speed_kmh": [STREET_CLASSES[p.street.kind].speed for p in pieces],
            "one_way": [int(p.street.one_way) for p in pieces],
            "level": [int(p.structure != "ground") for p in pieces],
            "structure": [p.structure for p in pieces],
            "structure_zh": [LEVEL_ZH[p.structure] for p in pieces],
        },
        [p.line for p in pieces],
    )


def rail_lines() -> gpd.GeoDataFrame:
    """Metro and freight tracks."""
    pieces = rails()
    depth = {-1: -16.0, 0: 0.0, 1: 10.0}
    return _table(
        {
            "name": [p.name_zh for p in pieces],
            "name_en": [p.name_en for p in pieces],
            "class": [p.kind for p in pieces],
            "level": [p.level for p in pieces],
            "rail_height_m": [depth[p.level] for p in pieces],
            "width_m": [11.0 if p.kind == "metro" else 8.0 for p in pieces],
        },
        [p.line for p in pieces],
    )


def station_points() -> gpd.GeoDataFrame:
    """Metro stations."""
    found = stations()
    return _table(
        {
            "name": [s.name_zh for s in found],
            "name_en": [s.name_en for s in found],
            "line": ["轨道交通3号线"] * len(found),
            "level": [s.level for s in found],
        },
        [s.point for s in found],
    )


def water(city: City) -> gpd.GeoDataFrame:
    """River, lakes and ponds with their water level."""
    river = [p for p in shapely.get_parts(city.river) if p.area > 1000.0]
    named = [(p, "滨江", "Binjiang River", "river", frame.WATER_LEVEL) for p in river]
    named += [(k.area, k.name_zh, k.name_en, "lake", k.level) for k in city.lakes]
    named += [
        (part, "水景", "Ornamental Pond", "pond", 37.5)
        for cover in city.covers
        if cover.kind == "pond"
        for part in shapely.get_parts(cover.area)
        if part.geom_type == "Polygon" and part.area > 40.0
    ]
    return _table(
        {
            "name": [row[1] for row in named],
            "name_en": [row[2] for row in named],
            "class": [row[3] for row in named],
            "level_m": [row[4] for row in named],
        },
        [row[0] for row in named],
    )


def greenery(city: City) -> gpd.GeoDataFrame:
    """Parks, protective green and the gardens of compounds and institutions."""
    words = {
        "G1": ("公园绿地", "park"),
        "G2": ("防护绿地", "protective"),
        "G3": ("广场绿地", "square"),
    }
    lakes = shapely.union_all([lake.area for lake in city.lakes])
    rows: list[tuple[BaseGeometry, str, str, str, str]] = []
    for plot in city.plots:
        if plot.code in words:
            zh, en = words[plot.code]
            holes = [b.area for b in plot.buildings]
            land = plot.area.difference(shapely.union_all([lakes, *holes]))
            parts = [p for p in shapely.get_parts(land) if p.area > 30.0]
            rows += [(p, plot.name_zh, plot.name_en, en, zh) for p in parts]
            continue
        for cover in plot.covers:
            if cover.kind == "garden":
                taken = [b.area for b in plot.buildings]
                ponds = [c.area for c in plot.covers if c.kind == "pond"]
                land = cover.area.difference(shapely.union_all([*taken, *ponds]))
                parts = [p for p in shapely.get_parts(land) if p.area > 30.0]
                name, english = f"{plot.name_zh}中心绿地", f"{plot.name_en} Garden"
                rows += [(p, name, english, "garden", "附属绿地") for p in parts]
    rows = [row for row in rows if row[0].geom_type == "Polygon"]
    return _table(
        {
            "名称": [row[1] for row in rows],
            "NAME_EN": [row[2] for row in rows],
            "类别": [row[4] for row in rows],
            "CLASS": [row[3] for row in rows],
            "面积": [round(row[0].area, 1) for row in rows],
        },
        [row[0] for row in rows],
    )


def _limits(plot: Plot) -> tuple[float, float, float, float]:
    """The control plan's limits: those of the class, raised to fit what it was drawn for."""
    usual = land_use.CLASSES[plot.code]
    floor_area = sum(b.area.area * b.floors for b in plot.buildings)
    covered = sum(b.area.area for b in plot.buildings)
    top = max((b.height for b, _ in crown(plot.buildings)), default=0.0)
    far = max(usual.far, np.ceil(floor_area / plot.area.area * 10.0 + 0.5) / 10.0)
    density = max(usual.density, 5.0 * np.ceil(covered / plot.area.area * 20.0))
    height = max(usual.height, 10.0 * np.ceil(top / 10.0)) if usual.height else 0.0
    return float(far if usual.height else 0.0), float(density), usual.green, float(height)


def districts(city: City) -> gpd.GeoDataFrame:
    """Plots by land use, with streets and water, and the limits of the control plan."""
    nothing = (0.0, 0.0, 0.0, 0.0)
    rows: list[tuple[BaseGeometry, str, str, str, tuple[float, float, float, float]]] = [
        (plot.area, plot.code, plot.name_zh, plot.name_en, _limits(plot)) for plot in city.plots
    ]
    rows.extend((part, "E1", "滨江", "Binjiang River", nothing)
                for part in shapely.get_parts(city.river) if part.area > 1000.0)  # fmt: skip
    taken = shapely.union_all([row[0] for row in rows], grid_size=0.01)
    gaps = frame.extent().difference(taken.buffer(0.02)).buffer(-0.5).buffer(0.5, quad_segs=2)
    left = shapely.set_precision(gaps, 0.001)
    for part in sorted(shapely.get_parts(left), key=lambda p: -p.area):
        if part.geom_type == "Polygon" and part.area > 400.0:
            island = part.area < 20000.0 and part.distance(city.river) < 1.0
            row = ("G1", "白鹭洲", "Egret Island") if island else ("S1", "城市道路", "Streets")
            rows.append((part, *row, nothing))
    codes = [row[1] for row in rows]
    return _table(
        {
            "plot": list(range(1, len(rows) + 1)),
            "code": codes,
            "类别": [land_use.CLASSES[code].name_zh for code in codes],
            "class_en": [land_use.CLASSES[code].name_en for code in codes],
            "name": [row[2] for row in rows],
            "name_en": [row[3] for row in rows],
            "far_max": [row[4][0] for row in rows],
            "density_max_pct": [row[4][1] for row in rows],
            "green_min_pct": [row[4][2] for row in rows],
            "height_max_m": [row[4][3] for row in rows],
            "area_m2": [round(row[0].area, 1) for row in rows],
        },
        [row[0] for row in rows],
    )


def control_table(found: Sequence[Control], *, areas: bool) -> gpd.GeoDataFrame:
    """Control lines, or the areas they enclose."""
    chosen = [c for c in found if isinstance(c.shape, Polygon) == areas]
    classes = [control_lines.CLASSES[c.kind] for c in chosen]
    return _table(
        {
            "class": [c.kind for c in chosen],
            "类别": [k.name_zh for k in classes],
            "name": [c.name_zh for c in chosen],
            "name_en": [c.name_en for c in chosen],
            "width_m": [c.width for c in chosen],
            "setback_m": [c.setback for c in chosen],
            "issued_by": [k.issuer for k in classes],
            "document": [k.document for k in classes],
        },
        [c.shape for c in chosen],
    )


def places(city: City) -> gpd.GeoDataFrame:
    """Named points: institutions, compounds, parks, stations, bridges."""
    rows: dict[tuple[str, str], tuple[Point, str, str, str]] = {}
    kinds = {"R": "compound", "A": "institution", "B": "commerce", "M": "industry",
             "W": "logistics", "G": "park", "U": "utility", "S": "transport"}  # fmt: skip
    for plot in sorted(city.plots, key=lambda p: -p.area.area):
        if plot.code in {"A7", "G2"} and plot.name_zh in {"防护绿地"}:
            continue
        kind = "industry" if plot.code == "A35" else kinds[plot.code[0]]
        key = (plot.name_zh, kind)
        rows.setdefault(key, (plot.area.representative_point(), plot.name_zh, plot.name_en, kind))
    for station in stations():
        rows[station.name_zh, "station"] = (
            station.point,
            station.name_zh,
            station.name_en,
            "station",
        )
    for piece in city.pieces:
        if piece.structure == "bridge":
            zh, en = (("滨江二桥", "Binjiang Second Bridge") if piece.street.kind == "expressway"
                      else ("滨江大桥", "Binjiang Bridge"))  # fmt: skip
            rows[zh, "bridge"] = (piece.line.interpolate(0.5, normalized=True), zh, en, "bridge")
    river = Point(700.0, float(frame.river_centre(700.0)))
    rows["滨江", "water"] = (river, "滨江", "Binjiang River", "water")
    found = list(rows.values())
    return _table(
        {
            "name": [row[1] for row in found],
            "name_en": [row[2] for row in found],
            "class": [row[3] for row in found],
        },
        [row[0] for row in found],
    )


def lon_lat(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The table in longitude and latitude, nine decimals (a tenth of a millimetre)."""
    moved = table.to_crs("EPSG:4326")
    shapes = shapely.transform(np.asarray(moved.geometry), lambda xy: np.round(xy, 9))
    return moved.set_geometry(gpd.GeoSeries(shapes, index=moved.index, crs="EPSG:4326"))


def tree_table(xy: Any, columns: dict[str, Any]) -> pd.DataFrame:
    """Trees as plain columns with map coordinates."""
    return pd.DataFrame(
        {
            "x": np.round(xy[:, 0] + frame.EAST_ORIGIN, 2),
            "y": np.round(xy[:, 1] + frame.NORTH_ORIGIN, 2),
            **columns,
        }
    )
