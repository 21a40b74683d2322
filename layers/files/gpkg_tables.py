"""The frame of a GeoPackage: its own tables, coordinate systems, and the registers of tables.

References
----------
.. [1] OGC 12-128r19, "OGC GeoPackage Encoding Standard" 1.4, clauses 1.1.2 to 2.1.5, annex F.10.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from pyproj.enums import WktVersion
from pyproj.exceptions import CRSError

from layers.files.gpkg_columns import free_name
from layers.frame import read_crs
from layers.kinds.base import Extent

APPLICATION_ID = 0x47504B47  # "GPKG"
USER_VERSION = 10400
UNDEFINED_CARTESIAN = -1
FIRST_OWN_SRS = 200_000
OWN_DATA_TYPE = "citystage"  # in gpkg_contents: readers that do not know it leave the table alone
RESERVED_PREFIXES = ("gpkg_", "sqlite_", "rtree_", "citystage_", "idx_")

TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (
    srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT,
    definition_12_063 TEXT NOT NULL DEFAULT 'undefined');
CREATE TABLE gpkg_contents (
    table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
    srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
    CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
    scope TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
INSERT INTO gpkg_extensions VALUES
    ('gpkg_spatial_ref_sys', 'definition_12_063', 'gpkg_crs_wkt',
     'http://www.geopackage.org/spec/#extension_crs_wkt', 'read-write');
INSERT INTO gpkg_spatial_ref_sys VALUES
    ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined',
     'undefined Cartesian coordinate reference system', 'undefined'),
    ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined',
     'undefined geographic coordinate reference system', 'undefined');
"""
REGISTERS = (
    "gpkg_geometry_columns", "gpkg_extensions", "gpkg_ogr_contents", "gpkg_data_columns",
    "gpkg_metadata_reference", "gpkg_contents",
)  # fmt: skip


def quote(name: str) -> str:
    """Give a table or column name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def create_geopackage(con: sqlite3.Connection) -> None:
    """Write the tables every GeoPackage has into an empty database."""
    con.execute(f"PRAGMA application_id={APPLICATION_ID}")
    con.execute(f"PRAGMA user_version={USER_VERSION}")
    con.executescript(TABLES)
    srs_id_of(con, "EPSG:4326")


def table_names(con: sqlite3.Connection) -> set[str]:
    """Give the names of all tables and views."""
    with closing(con.execute("SELECT name FROM sqlite_master WHERE type IN ('table','view')")) as c:
        return {row[0] for row in c}


def srs_id_of(con: sqlite3.Connection, crs: str | None) -> int:
    """Give the row of a coordinate system in the register, adding it where it is missing.

    Systems with a code keep it as their row; others get rows from 200000 on and
    are known by their text.
    """
    if crs is None:
        return UNDEFINED_CARTESIAN
    system = read_crs(crs)
    code = system.to_authority(min_confidence=100) if not crs.startswith("EPSG:") else None
    organisation, number = ("EPSG", crs[5:]) if crs.startswith("EPSG:") else (code or ("NONE", ""))
    new_text = system.to_wkt()
    if number.isdigit():
        srs_id = int(number)
        known = con.execute(
            "SELECT 1 FROM gpkg_spatial_ref_sys WHERE srs_id=? AND organization=? COLLATE NOCASE",
            (srs_id, organisation),
        ).fetchone()
        if known:
            return srs_id
    else:
        known = con.execute(
            "SELECT srs_id FROM gpkg_spatial_ref_sys WHERE description=? AND srs_id>=?",
            (new_text, FIRST_OWN_SRS),
        ).fetchone()
        if known:
            return int(known[0])
    taken = {row[0] for row in con.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")}
    if not number.isdigit() or int(number) in taken:
        srs_id = max([FIRST_OWN_SRS - 1, *taken]) + 1
    try:
        old_text = system.to_wkt(WktVersion.WKT1_GDAL)
    except CRSError:  # too new for the old grammar; readers take the other column
        old_text = "undefined"
    columns = "srs_name, srs_id, organization, organization_coordsys_id, definition, description"
    con.execute(
        f"INSERT INTO gpkg_spatial_ref_sys ({columns}) VALUES (?, ?, ?, ?, ?, ?)",
        (system.name, srs_id, organisation, int(number or srs_id), old_text, new_text),
    )
    names = {row[1] for row in con.execute("PRAGMA table_info(gpkg_spatial_ref_sys)")}
    if "definition_12_063" in names:
        con.execute(
            "UPDATE gpkg_spatial_ref_sys SET definition_12_063=? WHERE srs_id=?", (new_text, srs_id)
        )
    return srs_id


def choose_table_name(wanted: str, used: set[str]) -> str:
    """Give a name for a layer's table, as near to the layer's name as GeoPackage allows.

    Parameters
    ----------
    wanted : str
        Name of the layer.
    used : set of str
        Names taken, casefolded.
    """
    kept = "".join(c for c in wanted if c.isprintable() and c not in "\"'`").strip()[:100]
    if not kept:
        kept = "layer"
    if kept.casefold().startswith(RESERVED_PREFIXES):
        kept = f"layer_{kept}"
    return free_name(kept, used)


def register_features(
    con: sqlite3.Connection,
    table: str,
    *,
    geometry: str,
    has_z: bool,
    srs_id: int,
    extent: Extent | None,
) -> None:
    """Enter a table of shapes into the registers."""
    box = extent or (None, None, None, None)
    con.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, min_x, min_y, max_x, max_y,"
        " srs_id) VALUES (?, 'features', ?, ?, ?, ?, ?, ?)",
        (table, table, *box, srs_id),
    )
    heights = 0 if not has_z else 2 if geometry == "GEOMETRY" else 1  # prohibited, optional, must
    con.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, ?, 0)",
        (table, geometry, srs_id, heights),
    )


def register_own(con: sqlite3.Connection, table: str) -> None:
    """Enter one of Citystage's own tables: told, and hidden from lists of layers."""
    con.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description)"
        " VALUES (?, ?, ?, 'Citystage project data')",
        (table, OWN_DATA_TYPE, table),
    )
    con.execute(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, 'citystage_project',"
        " 'docs/project-file.md of Citystage', 'read-write')",
        (table,),
    )


def drop_features(con: sqlite3.Connection, table: str) -> None:
    """Take a table of shapes, its spatial index and its register rows out."""
    names = table_names(con)
    for index in [n for n in names if n.casefold() == f"rtree_{table}_geom".casefold()]:
        con.execute(f"DROP TABLE {quote(index)}")
    con.execute(f"DROP TABLE IF EXISTS {quote(table)}")
    for register in REGISTERS:
        if register in names:
            con.execute(f"DELETE FROM {register} WHERE table_name=? COLLATE NOCASE", (table,))
