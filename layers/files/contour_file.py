"""Contour lines as a file for other programs: GeoPackage, GeoJSON, shapefile, DXF."""

from __future__ import annotations

import tempfile
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import shapely

from layers.errors import CityError
from layers.frame import Frame
from layers.planning.contours import Contours

DRIVERS = {
    ".gpkg": "GPKG", ".geojson": "GeoJSON", ".json": "GeoJSON", ".shp": "ESRI Shapefile",
    ".dxf": "DXF",
}  # fmt: skip
DEGREES = "EPSG:4326"  # GeoJSON knows no other system


def write_contours(found: Contours, frame: Frame | None, path: Path) -> None:
    """Write contour lines with their heights as third coordinate and as attribute.

    Attributes are ``height_m`` and ``heavy`` (1 for every fifth height); in DXF the lines are on
    the layers CONTOUR and CONTOUR_HEAVY. The file appears whole or not at all.

    Parameters
    ----------
    found : Contours
        The lines.
    frame : Frame or None
        Their system; GeoJSON is written in degrees.
    path : Path
        ``.gpkg``, ``.geojson``, ``.shp`` or ``.dxf``.

    Raises
    ------
    CityError
        ``contours.file`` for another ending, ``contours.none`` without lines, ``contours.write``.
    """
    driver = DRIVERS.get(path.suffix.lower())
    if driver is None:
        raise CityError(
            "contours.file",
            f"'{path.name}' is no file for contour lines.",
            hint="let its name end in .gpkg, .geojson, .shp or .dxf",
            name=path.name,
        )
    if len(found) == 0:
        raise CityError(
            "contours.none",
            f"The terrain has no contour line at whole multiples of {found.interval:g} m.",
            hint="choose a smaller interval",
            interval=f"{found.interval:g}",
        )
    counts = shapely.get_num_coordinates(found.lines)
    flat = shapely.get_coordinates(found.lines)
    solid = np.column_stack([flat, np.repeat(found.level, counts)])
    lines = shapely.linestrings(solid, indices=np.repeat(np.arange(len(found)), counts))
    columns: dict[str, object] = {
        "height_m": np.round(found.level, 6), "heavy": found.heavy.astype(np.int32)
    }  # fmt: skip
    if driver == "DXF":
        columns = {"Layer": np.where(found.heavy, "CONTOUR_HEAVY", "CONTOUR")}
    crs = frame.crs if frame is not None else None
    table = geopandas.GeoDataFrame(columns, geometry=lines, crs=crs)
    if driver == "GeoJSON" and crs is not None:
        table = table.to_crs(DEGREES)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.stem}-") as folder:
            options = {} if driver == "DXF" else {"layer": path.stem}
            pyogrio.write_dataframe(table, Path(folder) / path.name, driver=driver, **options)
            for part in sorted(Path(folder).iterdir()):
                part.replace(path.parent / part.name)
    except (OSError, pyogrio.errors.DataSourceError) as error:
        raise CityError(
            "contours.write",
            f"The contour lines cannot be written: {error}",
            hint="look at the rights of the folder, and close programs that hold the file",
            where=str(path),
            reason=str(error),
        ) from error
