"""What kind of file this is, told from its content first and its name second."""

from __future__ import annotations

import json
import re
import sqlite3
import stat
import unicodedata
from contextlib import closing
from pathlib import Path

from layers.errors import CityError
from layers.files.encodings import wide_codec
from layers.files.foreign_files import refusal, refuse_magic, refuse_suffix, refuse_text

HEAD = 65_536  # bytes looked at
_PATIENCE = 0.5  # seconds to wait for another program that writes to a database

#: Files of a shapefile that lead to its .shp when they are named instead.
_SHAPE_COMPANIONS = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix"}

#: What the JSON answers of Overpass begin with.
_OVERPASS = re.compile(
    rb'"osm3s"|"generator"\s*:\s*"Overpass|"elements"\s*:\s*\[\s*'
    rb'(\]|\{[^{}\[\]]*"type"\s*:\s*"(node|way|relation|area|count)")'
)
_CITY = re.compile(rb'"type"\s*:\s*"CityJSON"|"CityObjects"\s*:')
_TOPOLOGY = re.compile(rb'"type"\s*:\s*"Topology"')
_ESRI = re.compile(
    rb'"esriGeometry(?=.*"features"\s*:)|"geometryType"\s*:\s*"esri(?=.*"features"\s*:)', re.S
)
_JSON = (
    (re.compile(rb'"type"\s*:\s*"CityJSONFeature"'), "cityjsonseq"),
    (_TOPOLOGY, "topojson"), (_ESRI, "other"),
)  # fmt: skip
_DGN_7 = (b"\x08\x09\xfe\x02", b"\xc8\x09\xfe\x02")  # MicroStation, 2D and 3D


def sniff(path: Path) -> str:
    """Name the format of a file or folder.

    Parameters
    ----------
    path : pathlib.Path
        File or folder.

    Returns
    -------
    str
        ``shapefile``, ``gpkg``, ``sqlite``, ``geojson``, ``geojsonseq``, ``flatgeobuf``,
        ``topojson``, ``parquet``, ``dxf``, ``filegdb``, ``osm``, ``csv``, ``xlsx``, ``cityjson``,
        ``cityjsonseq``, ``citygml``, ``folder``, ``zip``, ``tar``, ``compressed``, or ``other`` for
        what GDAL reads without special care (KML, GML, GPX, MapInfo, Esri JSON).

    Raises
    ------
    CityError
        ``file.missing``, ``file.empty``, ``file.zeros``,
        ``file.not_for_layers`` for other known formats that hold no vector layers,
        ``file.unknown`` for everything else.
    """
    if _is_folder(path):
        return "filegdb" if any(path.glob("*.gdbtable")) else "folder"
    head = _head(path)
    if not head.strip(b" \t\r\n"):
        raise empty_file(path)
    if not head.strip(b"\0"):
        raise CityError(
            "file.zeros",
            "The file holds nothing but zeros: a copy or a download that failed.",
            hint="copy or download it again",
            where=str(path),
            name=path.name,
        )
    for test in (_by_magic, _by_companions, _by_text):
        if found := test(path, head):
            return found
    raise CityError(
        "file.unknown",
        "This is no file that can be read; its first bytes fit no known format.",
        hint="give a Shapefile, GeoPackage, GeoJSON, FlatGeobuf, GeoParquet, DXF, FileGDB, "
        "OSM, CityJSON, KML or CSV file",
        where=str(path),
        name=path.name,
    )


def check_content(path: Path, *, folders: bool = True) -> None:
    """Refuse a file that is not there, cannot be opened, is empty or is no file at all.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    folders : bool
        Whether a folder will do: some formats are one.

    Raises
    ------
    CityError
        ``file.missing``, ``file.unreadable``, ``file.empty``, ``file.not_a_file``,
        ``file.web_address``, ``file.name_broken``.
    """
    _check_name(path)
    if not (folders and _is_folder(path)) and not _head(path):
        raise empty_file(path)


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError:  # whoever opens it says what is wrong
        return False


def _check_name(path: Path) -> None:
    """Refuse web addresses, and names of bytes that are no text in this computer's encoding."""
    if re.match(r"(https?|ftp|s3):[\\/]", str(path)):
        raise CityError(
            "file.web_address",
            "This is a web address; files are read from this computer only.",
            hint="download it first, and give the file",
            where=str(path),
            name=path.name,
        )
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        shown = str(path).encode(errors="replace").decode()
        raise CityError(
            "file.name_broken",
            "The name of the file or of its folder is in another encoding than this computer's.",
            hint="rename it; it was perhaps unpacked from an archive with Chinese names",
            where=shown,
            name=Path(shown).name,
        ) from error


def _head(path: Path) -> bytes:
    try:
        _check_regular(path)
        with path.open("rb") as file:
            return file.read(HEAD)
    except FileNotFoundError as error:
        raise CityError(
            "file.missing",
            "There is no such file.",
            hint="check the path; on a network drive, check that it is connected",
            where=str(path),
            name=path.name,
        ) from error
    except OSError as error:
        raise CityError(
            "file.unreadable",
            f"The file cannot be opened: {error.strerror or error}.",
            hint="check that you may read it and that no other program holds it",
            where=str(path),
            name=path.name,
            reason=error.strerror or str(error),
        ) from error


def _check_regular(path: Path) -> None:
    """Refuse what is no file but a pipe or a device: reading it may never end."""
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise CityError(
            "file.not_a_file",
            "This is no file but a pipe or a device.",
            hint="save the data as a file first",
            where=str(path),
            name=path.name,
        )


def _by_magic(path: Path, head: bytes) -> str:
    if head.startswith(b"SQLite format 3\0"):
        return _sqlite(path)
    if head.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        return _zip(path, head)
    for magic, found in (
        (b"\x00\x00\x27\x0a", "shapefile"), (b"fgb\x03", "flatgeobuf"), (b"PAR1", "parquet"),
        (b"AutoCAD Binary DXF", "dxf"), (b"\x1f\x8b", "compressed"), (b"BZh", "compressed"),
        (b"\xfd7zXZ\0", "compressed"), (_DGN_7[0], "other"), (_DGN_7[1], "other"),
    ):  # fmt: skip
        if head.startswith(magic):
            return found
    if b"OSMHeader" in head[:32]:
        return "osm"
    if head[257:262] == b"ustar":
        return "tar"
    refuse_magic(path, head)
    return ""


def empty_file(path: Path) -> CityError:
    """Make the error for a file without content."""
    return CityError(
        "file.empty",
        "The file is empty.",
        hint="copy or download it again",
        where=str(path),
        name=path.name,
    )


def _zip(path: Path, head: bytes) -> str:
    if b"xl/" in head[:4096]:
        return "xlsx"
    if path.suffix.lower() not in {".xlsx", ".xlsm", ".zip"}:
        refuse_suffix(path)
    return "xlsx" if b"[Content_Types].xml" in head[:200] else "zip"


def _sqlite(path: Path) -> str:
    try:
        names = _tables(path)
    except sqlite3.DatabaseError as error:
        raise CityError(
            "file.damaged",
            f"The database is damaged or cut off: {error}.",
            hint="copy or download the file again",
            where=str(path),
            name=path.name,
            reason=str(error),
        ) from error
    if "gpkg_contents" in names:
        return "gpkg"
    if {"tiles", "metadata"} <= names and "geometry_columns" not in names:
        raise refusal(path, "mbtiles")
    return "sqlite"


def _tables(path: Path) -> set[str]:
    """Give the names of the tables of a database, also where nothing may be written beside it.

    Raises
    ------
    CityError
        ``file.locked`` where another program is writing.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro"
    query = "SELECT name FROM sqlite_master"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE)) as db:
            return {str(row[0]).lower() for row in db.execute(query)}
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise CityError(
                "file.locked",
                "Another program is writing to the file and keeps it locked.",
                hint="save and close it there (QGIS, ArcGIS, a script), and try again",
                where=str(path),
                name=path.name,
            ) from error
        with closing(sqlite3.connect(f"{uri}&immutable=1", uri=True)) as db:
            return {str(row[0]).lower() for row in db.execute(query)}


def _by_companions(path: Path, head: bytes) -> str:
    suffix = path.suffix.lower()
    if suffix in _SHAPE_COMPANIONS and shape_of(path) is not None:
        return "shapefile"
    if suffix == ".dbf":  # with an index beside it, it is what a shapefile left
        return "shapefile" if _beside(path, ".shx") else "dbf"
    if suffix == ".gdbtable":
        raise refusal(path, "gdb-table")
    if suffix == ".tab" and b"definition table" in head.lower() and b"type native" in head.lower():
        _check_mapinfo(path)
    refuse_suffix(path)
    return "other" if suffix in {".tab", ".mif", ".mid"} else ""


def shape_of(path: Path) -> Path | None:
    """Give the .shp file that a companion file belongs to, whatever the case of its suffix."""
    return path if path.suffix.lower() == ".shp" else _beside(path, ".shp")


def _beside(path: Path, suffix: str) -> Path | None:
    """Give the file of the same name with another suffix, whatever its case."""
    return companions(path).get(suffix)


def companions(path: Path) -> dict[str, Path]:
    """Give the files of a file's name by their suffixes in small letters.

    A name with other capitals, or composed otherwise, counts where none is the same to the
    letter: on Windows and macOS they are the same.
    """
    found: dict[str, Path] = {}
    plain = _plain_stem(path)
    for other in sorted(path.parent.iterdir()):
        if _plain_stem(other) == plain:
            suffix = other.suffix.lower()
            if suffix not in found or other.stem == path.stem:
                found[suffix] = other
    return found


def _plain_stem(path: Path) -> str:
    return unicodedata.normalize("NFC", path.stem).casefold()


def _check_mapinfo(path: Path) -> None:
    missing = [suffix for suffix in (".dat", ".map", ".id") if not _beside(path, suffix)]
    if missing:
        raise CityError(
            "file.companions_missing",
            f"Files that belong to it are missing: {path.stem}{f', {path.stem}'.join(missing)}.",
            hint="copy all files of the table (.tab, .dat, .map, .id) into one folder",
            where=str(path),
            name=path.name,
            missing=", ".join(path.stem + suffix for suffix in missing),
        )


def _by_text(path: Path, head: bytes) -> str:
    text = _as_utf8(head)
    refuse_text(path, text)
    start = text.lstrip(b" \t\r\n\x1e")[:1]
    if start in (b"{", b"["):
        return _json(path, text)
    if start == b"<":
        return _xml(text)
    if re.match(rb"\s*(999\s*\n[^\n]*\n\s*)*0\s*\r?\n\s*SECTION", text):
        return "dxf"
    return "csv" if _is_table(path, text) else ""


def _as_utf8(head: bytes) -> bytes:
    if wide := wide_codec(head):
        return head[: len(head) // 2 * 2].decode(wide, errors="replace").encode()
    return head.removeprefix(b"\xef\xbb\xbf")


def _json(path: Path, text: bytes) -> str:
    if b'"geometricError"' in text and b'"asset"' in text:
        raise refusal(path, "tileset")
    for pattern, found in _JSON:
        if pattern.search(text):
            return found
    if re.search(rb'"asset"\s*:\s*\{[^}]*"version"\s*:\s*"2', text):
        raise refusal(path, "mesh")
    if is_overpass(text):
        return "osm"
    if text.lstrip()[:1] == b"\x1e" or _lines_of_json(text):
        return "cityjsonseq" if _CITY.search(text) else "geojsonseq"
    end = _tail(path) if text.lstrip()[:1] == b"{" else b""
    if _CITY.search(text) or b"CityObjects" in end:
        return "cityjson"
    return "topojson" if _TOPOLOGY.search(end) else "geojson"


def is_overpass(text: bytes) -> bool:
    """Say whether the beginning of a JSON text is that of an answer of Overpass.

    >>> is_overpass(b'{"version": 0.6, "generator": "Overpass API", "elements": []}')
    True
    """
    return text.lstrip()[:1] == b"{" and _OVERPASS.search(text) is not None


def _tail(path: Path) -> bytes:
    """Give the end of a file: CityJSON writers may put the telling members last."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - HEAD, 0))
        return file.read()


def _lines_of_json(text: bytes) -> bool:
    """Say whether the first line is a whole JSON object and another one follows."""
    first, _, rest = text.lstrip().partition(b"\n")
    if not rest.lstrip(b"\r\n \x1e").startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except ValueError:
        return False


def _xml(text: bytes) -> str:
    if re.search(rb"<osm\b", text):
        return "osm"
    if b"opengis.net/citygml" in text or re.search(rb"<([\w]+:)?CityModel\b", text):
        return "citygml"
    if re.search(rb"<kml\b|<gpx\b|opengis.net/gml|<gml:|FeatureCollection\b", text):
        return "other"
    return ""


def _is_table(path: Path, text: bytes) -> bool:
    """Say whether a text looks like rows and columns."""
    if b"\0" in text:
        return False
    control = sum(text.count(bytes([code])) for code in range(32) if code not in (9, 10, 13, 26))
    if control > len(text) // 1000:
        return False
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    if len(lines) < 1:
        return False
    fits = any(
        sign in lines[0] and all(sign in line for line in lines[:-1])
        for sign in (b",", b";", b"\t", b"|")
    )
    return fits or path.suffix.lower() in {".csv", ".tsv"} or _is_spaced(lines)


def _is_spaced(lines: list[bytes]) -> bool:
    """Say whether the lines are numbers with blanks between them (survey points)."""
    widths = {len(line.split()) for line in lines[1:-1] or lines}
    digits = sum(1 for line in lines for part in line.split() if re.fullmatch(rb"-?[\d.]+", part))
    return len(widths) == 1 and min(widths) >= 2 and digits >= len(lines)
