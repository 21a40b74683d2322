"""Small towns near Wuhan as files, and what became of them at import."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyproj
import pytest
import shapely
from shapely import Polygon, box

from layers.errors import CityError
from layers.files.importing import Imported, import_file
from layers.files.options import ImportOptions
from layers.files.report import LayerReport
from layers.kinds.buildings import Buildings
from layers.project import Project

ZONE = "EPSG:4547"
LON, LAT = 114.30, 30.55
EAST, NORTH = pyproj.Transformer.from_crs(4326, ZONE, always_xy=True).transform(LON, LAT)


def house(east: float = 0.0, north: float = 0.0, size: float = 12.0) -> Polygon:
    shape: Polygon = box(EAST + east, NORTH + north, EAST + east + size, NORTH + north + size)
    return shape


def in_degrees(shape: Any) -> Any:
    way = pyproj.Transformer.from_crs(ZONE, 4326, always_xy=True)
    return shapely.transform(shape, lambda xy: shapely.get_coordinates(
        shapely.points(*way.transform(xy[:, 0], xy[:, 1]))))  # fmt: skip


def feature(shape: Any, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": None if shape is None else shapely.geometry.mapping(shape),
    }


def collection(*features: dict[str, Any], **members: Any) -> str:
    return json.dumps(
        {"type": "FeatureCollection", **members, "features": list(features)}, ensure_ascii=False
    )


def houses(count: int = 3, **properties: Any) -> list[dict[str, Any]]:
    return [feature(in_degrees(house(i * 20)), n=i, **properties) for i in range(count)]


def taken(path: Path, kind: str | None = "buildings", **options: Any) -> Imported:
    imported = import_file(Project(), path, ImportOptions(kind=kind, **options))
    for report in imported.reports:
        assert report.read == report.kept + sum(report.skipped.values())
    return imported


def told(path: Path, kind: str | None = "buildings", **options: Any) -> LayerReport:
    return taken(path, kind, **options).reports[0]


def refused(path: Path, kind: str | None = "buildings", **options: Any) -> CityError:
    with pytest.raises(CityError) as caught:
        import_file(Project(), path, ImportOptions(kind=kind, **options))
    assert caught.value.hint
    return caught.value


def keys(report: LayerReport) -> list[str]:
    return [note.key for note in report.messages]


def content(imported: Imported) -> Buildings:
    data = imported.layers[0].data
    assert isinstance(data, Buildings)
    return data


def heights(imported: Imported) -> list[float]:
    return [round(height, 2) for height in content(imported).height.tolist()]


def place(imported: Imported) -> tuple[float, float]:
    east, north, *_ = imported.reports[0].extent or (0.0, 0.0)
    lon, lat = imported.frame.lonlat([(east, north)])[0]
    return round(float(lon), 3), round(float(lat), 3)
