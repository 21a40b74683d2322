"""Files that hold no layers of features: what they are, and what can be done with them."""

from __future__ import annotations

import re
from pathlib import Path

from layers.errors import CityError

#: What a file is, as it is told, and what to try.
KINDS: dict[str, tuple[str, str]] = {
    "dwg": ("A DWG drawing", "save the drawing as DXF in the CAD program and import that"),
    "dgn": ("A MicroStation drawing of version 8",
            "save the drawing as DXF, or as DGN V7, and import that"),
    "ifc": ("An IFC model", "turn it into GLB and place that (IfcConvert house.ifc house.glb), or "
            "into CityJSON, or its footprints into GeoPackage"),
    "step": ("A model of parts (STEP, IGES)", "save it as GLB or OBJ, and place that as a model"),
    "las": ("A point cloud", "name it with its ending .las or .laz, to look at it as points"),
    "cloud": ("A point cloud of this format", "save it as LAS or LAZ (CloudCompare), import that"),
    "raster": ("A raster", "import it as terrain or imagery (--as terrain, --as imagery)"),
    "hdf": ("A file of HDF, NetCDF or GRIB",
            "save the layer that you need as GeoTIFF (gdal_translate), and import that"),
    "gif": ("A GIF picture", "save it as PNG, with its world file beside it"),
    "mesh": ("A 3D model", "unpack it where it is packed, and place it as a model (--at "
             "EAST,NORTH), or import footprints"),
    "tileset": ("A set of 3D Tiles", "name its tileset.json itself, to import it as models"),
    "oblique": ("An oblique model (OSGB, S3M, SLPK, 3MX)",
                "export it as 3D Tiles (b3dm) or as OBJ in the program it is from"),
    "mbtiles": ("A file of map tiles", "ask for the data that the tiles were made from"),
    "pdf": ("A PDF", "ask for the data behind the map: Shapefile, GeoPackage or DXF"),
    "svg": ("A drawing for web pages (SVG)", "export the drawing as DXF, in map coordinates"),
    "rar": ("A RAR archive", "unpack it first, or pack it as .zip"),
    "seven-zip": ("A 7z archive", "unpack it first, or pack it as .zip"),
    "mdb": ("A personal geodatabase (MDB)",
            "export the layers to a file geodatabase or GeoPackage"),
    "office": ("An old or locked file of Office",
               "save the table as .csv or .xlsx without a password"),
    "spreadsheet": ("A table of another office program", "save it as .xlsx or .csv"),
    "document": ("A text document",
                 "copy the table in it into a spreadsheet, and save that as .xlsx"),
    "html": ("A web page", "perhaps an error page saved as a file: download the data again"),
    "script": ("A script", "leave only what stands between the first { and the last }, and save "
               "that as .geojson"),
    "inp": ("A pipe network model (EPANET, SWMM)", "import it as pipes (--as pipes)"),
    "osc": ("A list of changes of OpenStreetMap",
            "apply the changes to an extract (osmium), and import that"),
    "o5m": ("An OpenStreetMap extract as O5M", "turn it into .osm.pbf (osmconvert, osmium)"),
    "gdb-table": ("A part of a file geodatabase", "name the folder .gdb that it lies in"),
    "sql": ("A dump of a database", "restore it, and export its tables as GeoPackage "
            "(ogr2ogr town.gpkg PG:dbname=town)"),
    "lfs": ("A pointer of Git LFS", "the data itself was not downloaded: run git lfs pull, or "
            "download the file itself"),
    "gis-project": ("A project or style of a GIS program",
                    "it only names its data: import the files that it names"),
    "metadata": ("A description of data", "import the file that it describes"),
    "exchange": ("An exchange file (VCT, E00, MapGIS)",
                 "convert it to Shapefile or GeoPackage in the program it is from"),
    "companion": ("A companion of another file", "name the file it belongs to, such as the .shp"),
    "arrow": ("An Arrow file", "save it as GeoParquet"),
}  # fmt: skip

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"AC10", "dwg"), (b"LASF", "las"), (b"II*\0", "raster"), (b"MM\0*", "raster"),
    (b"II+\0", "raster"), (b"\x89PNG", "raster"), (b"\xff\xd8\xff", "raster"), (b"glTF", "mesh"),
    (b"b3dm", "tileset"), (b"%PDF", "pdf"), (b"Rar!", "rar"), (b"7z\xbc\xaf", "seven-zip"),
    (b"\0\1\0\0Standard", "mdb"), (b"ARROW1", "arrow"), (b"\x89HDF", "hdf"), (b"CDF\1", "hdf"),
    (b"CDF\2", "hdf"), (b"GRIB", "hdf"), (b"GIF8", "gif"), (b"PGDMP", "sql"),
    (b"ASTM-E57", "cloud"), (b"PMTiles", "mbtiles"), (b"\xff\xe0\x04o5m", "o5m"),
    (b"Kaydara FBX", "mesh"), (b"EXP  ", "exchange"), (b"HeadBegin", "exchange"),
    (b"WMAP", "exchange"),
)  # fmt: skip
_SUFFIXES = {
    **dict.fromkeys((".obj", ".mtl", ".fbx", ".skp", ".3ds", ".glb", ".gltf"), "mesh"),
    **dict.fromkeys((".osgb", ".s3m", ".s3mb", ".slpk", ".3mx", ".3mxb", ".i3s"), "oblique"),
    **dict.fromkeys((".e57", ".rcp", ".rcs", ".pts", ".pcd", ".ptx"), "cloud"),
    **dict.fromkeys((".ods", ".et", ".numbers", ".wps", ".xlsb"), "spreadsheet"),
    **dict.fromkeys((".docx", ".pptx", ".doc", ".ppt", ".md", ".rtf", ".odt"), "document"),
    **dict.fromkeys((".mxd", ".lyr", ".lyrx", ".aprx", ".qgs", ".qgz", ".qlr", ".qml", ".sld",
                     ".wor", ".mpk"), "gis-project"),
    **dict.fromkeys((".wl", ".wt", ".wp", ".vct", ".e00", ".edb"), "exchange"),
    **dict.fromkeys((".prj", ".cpg", ".sbn", ".sbx", ".qix", ".tfw", ".jgw", ".pgw"), "companion"),
    **dict.fromkeys((".mvt", ".mbtiles", ".pmtiles"), "mbtiles"),
    **dict.fromkeys((".stp", ".step", ".igs", ".iges"), "step"),
    ".inp": "inp", ".asc": "raster", ".sql": "sql", ".backup": "sql", ".svg": "svg",
}  # fmt: skip
_TEXTS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"^\s*(<\?xml[^>]*>\s*)?(<!doctype html|<html)", re.IGNORECASE), "html"),
    (re.compile(rb"^\s*\[(TITLE|JUNCTIONS|OPTIONS)\]", re.IGNORECASE | re.MULTILINE), "inp"),
    (re.compile(rb"^version https://git-lfs"), "lfs"),
    (re.compile(rb"^\s*(--[^\n]*\n\s*)*(SET |BEGIN;|CREATE |DROP |INSERT INTO|PRAGMA )"), "sql"),
    (re.compile(rb"^\s*(--[^\n]*\n)+.{0,40}(dump|database)", re.IGNORECASE), "sql"),
    (
        re.compile(
            rb"^\s*(((export\s+)?(var|let|const)\s+\w+|[\w.]+)\s*=|(\w[\w.$]*\s*\()|export default"
            rb"|//[^\n]*\n)\s*[{\[]"
        ),
        "script",
    ),
    (re.compile(rb"^(#[^\n]*\n)*\s*(mtllib|o|v) \S+", re.IGNORECASE), "mesh"),
    (re.compile(rb"^\s*(<\?xml[^>]*>\s*)?(<!DOCTYPE qgis|<qgis|<StyledLayer)"), "gis-project"),
    (re.compile(rb"^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<svg", re.DOTALL), "svg"),
    (re.compile(rb"^\s*(<\?xml[^>]*>\s*)?<(metadata|gmd:MD_|MD_Metadata)"), "metadata"),
    (re.compile(rb"<ifcXML"), "ifc"),
    (re.compile(rb"<osmChange\b"), "osc"),
)  # fmt: skip


def refuse_magic(path: Path, head: bytes) -> None:
    """Refuse what is known by its first bytes, of formats without layers.

    Raises
    ------
    CityError
        ``file.not_for_layers``.
    """
    suffix = path.suffix.lower()
    if suffix == ".dgn":
        raise refusal(path, "dgn")
    if head.startswith(b"ISO-10303-21"):
        raise refusal(path, "ifc" if b"IFC" in head[:4096].upper() else "step")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise refusal(path, _SUFFIXES.get(suffix, "office"))
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise refusal(path, what)


def refuse_suffix(path: Path) -> None:
    """Refuse what is known by the ending of its name alone.

    Raises
    ------
    CityError
        ``file.not_for_layers``.
    """
    what = _SUFFIXES.get(path.suffix.lower())
    if what is not None:
        raise refusal(path, what)


def refuse_text(path: Path, text: bytes) -> None:
    """Refuse what is known by the beginning of its text.

    Raises
    ------
    CityError
        ``file.not_for_layers``; ``file.service_error`` for the refusal of a map service.
    """
    if b"ExceptionReport" in text[:2000] or b"ServiceException" in text[:2000]:
        said = re.search(rb"<[\w:]*(?:ExceptionText|ServiceException)\b[^>]*>([^<]+)", text)
        raise service_error(path, said[1].decode(errors="replace") if said else "")
    for pattern, what in _TEXTS:
        if pattern.search(text[:2000]):
            raise refusal(path, what)


def refusal(path: Path, what: str) -> CityError:
    """Make the error for a known format that holds no layers of features."""
    name, hint = KINDS[what]
    return CityError(
        "file.not_for_layers",
        f"{name} cannot be imported as a layer of features.",
        hint=hint,
        where=str(path),
        what=what,
        name=path.name,
    )


def service_error(path: Path, reason: str) -> CityError:
    """Make the error for a file that holds what a map service said instead of data."""
    reason = " ".join(reason.split())[:160].rstrip(".") or "-"
    return CityError(
        "file.service_error",
        f"The file holds the refusal of a map service: {reason}.",
        hint="ask the service again, logged in where it wants that, and save its answer",
        where=str(path),
        name=path.name,
        reason=reason,
    )
