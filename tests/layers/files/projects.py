"""Projects for the tests of saving: small, and with everything that is hard to keep."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from layers.content import content_hash
from layers.frame import CityGrid, Frame
from layers.kinds.base import Features, Layer, Source
from layers.kinds.buildings import Buildings, Surfaces
from layers.kinds.imagery import Imagery
from layers.kinds.measurements import Measurement, Measurements
from layers.kinds.terrain import Terrain
from layers.project import Info, Project
from layers.shapes import Shapes
from layers.style import Colouring, Entry, Style, by_categories
from layers.viewpoint import View, Viewpoint


def hard_table() -> pa.Table:
    """Three rows of every type, under the names that clash."""
    return pa.table(
        {
            "fid": [5, 6, None],
            "FID": ["a", None, ""],
            "geom": [1.5, float("nan"), None],
            "名称": ["塔楼 'A'", None, 'say "楼"'],
            "cs_id": [True, None, False],
            "": pa.array([1, -128, None], type=pa.int8()),
            "日期": [datetime.date(910, 3, 1), None, datetime.date(9999, 12, 31)],
            "early": pa.array([-1_000_000, None, 0], type=pa.date32()),
            "ms": pa.array([0, None, 86_400_000], type=pa.date64()),
            "moment": pa.array([0, None, -12_345_678_901], type=pa.timestamp("us")),
            "zoned": pa.array([1, None, 2**40], type=pa.timestamp("ns", "Asia/Shanghai")),
            "second": pa.array([0, None, 1_700_000_000], type=pa.timestamp("s")),
            "time": pa.array([datetime.time(1, 2, 3, 4), None, datetime.time(0)]),
            "price": [Decimal("1.50"), None, Decimal("-20.00")],
            "use": pa.array(["住宅", None, "学校"]).dictionary_encode(),
            "list": [[1, 2], None, []],
            "struct": [{"a": 1, "b": "x"}, None, {"a": None, "b": None}],
            "bytes": [b"\x00\xff", None, b""],
            "huge": pa.array([2**64 - 1, None, 0], type=pa.uint64()),
            "f32": pa.array([0.1, None, -0.0], type=pa.float32()),
            "minus": [-0.0, 0.0, None],
            "inf": [float("inf"), float("-inf"), None],
            "nothing": pa.nulls(3),
            "wait": pa.array([1, None, 3], type=pa.duration("ms")),
            "large": pa.array(["x", None, "y"], type=pa.large_string()),
        }
    ).replace_schema_metadata({"note": "kept"})


def hard_buildings() -> Buildings:
    """Two buildings of one feature, a feature without a building, surfaces, a hole."""
    shapes = Shapes.from_shapely(
        [
            shapely.Polygon([(0.1, 0), (10, 0), (10, 10)], [[(5, 1), (6, 1), (6, 2)]]),
            shapely.box(500_000.123456789, 3_000_000.3, 500_010.7, 3_000_020.1),
            shapely.box(20, 20, 30, 30),
        ]
    )
    surfaces = Surfaces(
        np.array([[0, 0, 0], [1, 0, 0.5], [1, 1, 1.0]]),
        np.array([0, 3]),
        np.array([0, 1]),
        np.array([7]),
        np.array([1], dtype=np.uint8),
    )
    return Buildings(
        shapes,
        np.array([7, 3, 12]),
        np.array([2, 2, 0]),
        hard_table(),
        height=np.array([3.3, 10.0, 1e-3]),
        min_height=np.array([-0.0, 1.0, 0.0]),
        base=np.array([np.nan, 5.0, -0.0]),
        height_rule=np.array([0, 2, 4], dtype=np.uint8),
        part_of=np.array([0, 7, 0]),
        drawn=np.array([True, False, True]),
        surfaces=surfaces,
    )


def mixed() -> Features:
    """A point, a line and a polygon with heights, one of them unknown."""
    return Features.of(
        Shapes.from_shapely(
            [
                shapely.Point(1, 2, 3),
                shapely.LineString([(0, 0, 1), (1, 1, np.nan)]),
                shapely.Polygon([(0, 0, 1), (1, 0, 2), (1, 1, 3)]),
            ]
        ),
        pa.table({"id": [1, 2, 3], "name": ["a", "b", None]}),
    )


def hard_project() -> Project:
    """One of everything."""
    project = Project(
        Frame("EPSG:4547", (500_000.25, 3_000_000.0), CityGrid(1.0, 2.0, 0.1), "1985 国家高程基准"),
        Info("滨江新区", "规划院", "note", "2026-03-20T08:00"),
    )
    colouring = by_categories("use", hard_table().column("use"))
    source = Source(Path("/nowhere/楼.shp"), "l", {"encoding": "GBK"}, {"read": 3})
    ranges = Colouring("height", "ranges", (Entry("0 - 9", "#fdf0d0", None, 0.0, 9.0),))
    layers = (
        Layer(
            "buildings", "建筑", hard_buildings(), style=Style(colouring=colouring), source=source
        ),
        Layer("features", "gpkg_x", mixed(), style=Style(outline=None, colouring=ranges)),
        Layer("features", "建筑", Features.of(Shapes.from_shapely([])), visible=False, opacity=0.3),
        Layer("districts", 'a "b"; DROP TABLE x', no_columns()),
        Layer("terrain", "DEM", Terrain(np.eye(3, 4, dtype=np.float32), 0.5, 9.5, 2.0, 2.5)),
        Layer("imagery", "正射影像", Imagery(np.full((2, 3, 4), 7, np.uint8), 0, 0, 3, 2)),
        Layer("measurements", "量测", measurements()),
    )
    for layer in layers:
        project.insert_layer(layer)
    project.views = (
        View("北望", Viewpoint(1.1, 2.2, 3.3), (layers[0].id,), "2026-01-01T12:00", "n"),
        View("plan", Viewpoint(0, 0, 1, projection="parallel"), None),
    )
    return project


def no_columns() -> Features:
    """Shapes whose attribute table has rows but no column."""
    table = pa.table({"x": [1, 2]}).select([])
    shapes = Shapes.from_shapely([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)])
    return Features(shapes, np.array([1, 2]), np.array([1, 0]), table)


def measurements() -> Measurements:
    """Two measurements, one of a building."""
    first = Measurement(
        0, "distance", "桥", ((1.0, 2.0, 3.0), (4.0, 5.0, 6.5)), {"horizontal_m": 4.25},
        crs="EPSG:4547", created="2026-01-01T00:00:00+00:00",
    )  # fmt: skip
    second = Measurement(0, "building", "b", ((0.0, 0.0, 0.0),), {"volume_m3": 1e9}, ("x", 7))
    return Measurements().with_new(first).with_new(second)


def town(count: int = 40, name: str = "blocks") -> Project:
    """A project of one layer of blocks."""
    east, north = np.arange(count) % 20 * 30.0, np.arange(count) // 20 * 30.0
    shapes = Shapes.from_shapely(shapely.box(east, north, east + 20, north + 20))
    table = pa.table({"name": [f"楼 {i}" for i in range(count)], "floors": np.arange(count)})
    project = Project(Frame("EPSG:4547"))
    project.insert_layer(Layer("buildings", name, Buildings.blocks(shapes, 12.0, table)))
    return project


def heights(project: Project) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Heights of the buildings of the first layer."""
    data = project.layers[0].data
    assert isinstance(data, Buildings)
    return np.asarray(data.height)


def raise_first(project: Project, metres: float) -> None:
    """Give the first building of the first layer another height."""
    layer = project.layers[0]
    assert isinstance(layer.data, Buildings)
    layer.data = layer.data.with_heights([int(layer.data.ids[0])], [metres])


def facts_of(project: Project) -> list[object]:
    """Give all a project holds as values that can be compared."""
    return [
        project.frame,
        project.info,
        project.views,
        [
            (y.id, y.kind, y.name, y.visible, y.opacity, y.style, y.source, content_hash(y.data))
            for y in project.layers
        ],
    ]
