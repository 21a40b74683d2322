"""Writing the district in the formats and habits of planning offices."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
import shapely
from ezdxf.colors import rgb2int
from ezdxf.filemanagement import new as ezdxf_new
from numpy.typing import NDArray
from rasterio.enums import Resampling
from shapely.geometry import Polygon

from data_samples import control_lines, frame, raster, tables
from data_samples.control_lines import Control
from data_samples.frame import Floats
from data_samples.trees import SPECIES, Trees

DBF_LANGUAGE_BYTE = 29
DBF_GBK = 0x4D
DXF_APPLICATION = "CITYPLAN"


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A file of the sample, or one layer of it.

    Attributes
    ----------
    path : Path
        Where it was written.
    kind : str
        As ``citystage import --as`` takes it.
    layer : str
        Layer inside the file, empty where it holds only one.
    crs : str
        Coordinate reference system of its coordinates.
    states_crs : bool
        Whether the file itself says so; where not, the reader has to be told.
    title_en, title_zh : str
        What it shows.
    """

    path: Path
    kind: str
    layer: str
    crs: str
    states_crs: bool
    title_en: str
    title_zh: str


def shapefile(table: gpd.GeoDataFrame, path: Path, encoding: str, *, code_page: bool) -> None:
    """Write a shapefile; without `code_page` only the DBF language byte tells the encoding.

    Parameters
    ----------
    table : GeoDataFrame
        Field names of at most ten bytes in `encoding`.
    path : Path
        Ends in ``.shp``.
    encoding : str
        ``GBK`` or ``UTF-8``.
    code_page : bool
        Whether to leave a ``.cpg`` file beside it.
    """
    pyogrio.write_dataframe(table, path, driver="ESRI Shapefile", encoding=encoding)
    if code_page:
        path.with_suffix(".cpg").write_text(encoding, encoding="ascii")
        return
    path.with_suffix(".cpg").unlink(missing_ok=True)
    with path.with_suffix(".dbf").open("r+b") as dbf:
        dbf.seek(DBF_LANGUAGE_BYTE)
        dbf.write(bytes([DBF_GBK]))


def geopackage(path: Path, layers: Sequence[tuple[str, str, gpd.GeoDataFrame]]) -> None:
    """Write layers (name, Chinese title, table) into one fresh GeoPackage."""
    path.unlink(missing_ok=True)
    for name, title, table in layers:
        pyogrio.write_dataframe(
            table, path, layer=name, driver="GPKG", append=path.exists(),
            layer_options={"IDENTIFIER": title, "DESCRIPTION": title},
        )  # fmt: skip


def geojson(table: gpd.GeoDataFrame, path: Path) -> None:
    """Write GeoJSON in longitude and latitude (RFC 7946)."""
    path.unlink(missing_ok=True)
    pyogrio.write_dataframe(
        tables.lon_lat(table), path, driver="GeoJSON",
        layer_options={"RFC7946": "YES", "COORDINATE_PRECISION": "9"},
    )  # fmt: skip


def drawing(found: Sequence[Control], path: Path) -> None:
    """Write the control lines as a CAD drawing (DXF R2010), one layer per class.

    Lines are open and areas closed light polylines; name, width, setback, issuer and document
    stand in the extended data of application ``CITYPLAN``.
    """
    document = ezdxf_new("R2010", setup=False, units=6)
    document.appids.add(DXF_APPLICATION)
    for kind in control_lines.CLASSES.values():
        document.layers.add(kind.layer, true_color=rgb2int(kind.colour))
    space = document.modelspace()
    origin = (frame.EAST_ORIGIN, frame.NORTH_ORIGIN)
    for control in found:
        kind = control_lines.CLASSES[control.kind]
        area = isinstance(control.shape, Polygon)
        edge = control.shape.exterior if isinstance(control.shape, Polygon) else control.shape
        points = np.round(shapely.get_coordinates(edge) + origin, 3)
        line = space.add_lwpolyline(
            points[:-1] if area else points, close=area, dxfattribs={"layer": kind.layer}
        )
        line.set_xdata(
            DXF_APPLICATION,
            [(1000, f"name={control.name_zh}"), (1000, f"width={control.width:g}"),
             (1000, f"setback={control.setback:g}"), (1000, f"issued_by={kind.issuer}"),
             (1000, f"document={kind.document}")],
        )  # fmt: skip
    document.saveas(path)


def tree_list(trees: Trees, path: Path) -> None:
    """Write the trees as CSV with map coordinates, in UTF-8 with a byte-order mark."""
    chinese = np.array([row[0] for row in SPECIES])
    english = np.array([row[1] for row in SPECIES])
    table = tables.tree_table(
        trees.xy,
        {
            "species": chinese[trees.species],
            "species_en": english[trees.species],
            "height_m": trees.height,
            "crown_m": trees.crown,
            "place": trees.place,
        },
    )
    table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def elevation(heights: Floats, cell: float, path: Path) -> None:
    """Write the terrain: float32, nodata -9999, tiled, deflate."""
    with rasterio.open(
        path, "w", driver="GTiff", width=heights.shape[1], height=heights.shape[0], count=1,
        dtype="float32", crs=frame.CRS, transform=raster.transform(cell, on_map=True),
        nodata=-9999.0, tiled=True, blockxsize=256, blockysize=256, compress="deflate",
        predictor=3, num_threads=os.cpu_count() or 1,
    ) as out:  # fmt: skip
        out.write(heights.astype(np.float32), 1)
        out.update_tags(TITLE="Riverside New District, ground heights in metres")


def photograph(picture: NDArray[np.uint8], cell: float, path: Path) -> None:
    """Write the orthophoto: RGB, tiled, JPEG, with overviews."""
    with rasterio.open(
        path, "w", driver="GTiff", width=picture.shape[2], height=picture.shape[1], count=3,
        dtype="uint8", crs=frame.CRS, transform=raster.transform(cell, on_map=True), tiled=True,
        blockxsize=512, blockysize=512, compress="jpeg", photometric="ycbcr", jpeg_quality=82,
        num_threads=os.cpu_count() or 1,
    ) as out:  # fmt: skip
        out.write(picture)
    settings = rasterio.Env(GDAL_NUM_THREADS="ALL_CPUS", JPEG_QUALITY_OVERVIEW="82")
    with settings, rasterio.open(path, "r+") as out:
        out.build_overviews([2, 4, 8, 16], Resampling.average)
