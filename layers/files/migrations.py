"""Project files of earlier versions brought up to date, one function per step."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable

from layers.errors import CityError
from layers.files.gpkg_tables import register_own
from layers.files.project_schema import OWN_TABLES, SCHEMA_VERSION, read_meta, write_meta


def schema_version(con: sqlite3.Connection) -> int:
    """Give the version of a project's tables.

    Raises
    ------
    CityError
        ``project_file.newer`` if this program is too old for the file.
    """
    meta = read_meta(con)
    version = int(meta.get("schema_version", "0"))
    if version > SCHEMA_VERSION:
        program = meta.get("program_version", "?")
        raise CityError(
            "project_file.newer",
            f"The project was saved by a newer Citystage ({program}; its tables are version "
            f"{version}, this program reads up to {SCHEMA_VERSION}).",
            hint="update Citystage",
            program=program,
            version=version,
            known=SCHEMA_VERSION,
        )
    return version


def migrate(con: sqlite3.Connection) -> int:
    """Bring a project's tables to the present version, step by step.

    Parameters
    ----------
    con : sqlite3.Connection
        A writable copy of the project; each step is one transaction.

    Returns
    -------
    int
        The version the project had.
    """
    before = schema_version(con)
    for version in range(before, SCHEMA_VERSION):
        with con:
            MIGRATIONS[version](con)
            write_meta(con, {"schema_version": str(version + 1)})
    return before


def _views_in_a_table(con: sqlite3.Connection) -> None:
    """0 to 1: views move from a JSON list to a table; layers get visibility and opacity.

    Version 0 kept ``views`` in ``citystage_meta``, and a layer's switches in the
    column ``look`` (JSON with ``visible`` and ``opacity``) instead of columns.
    """
    con.execute(f"CREATE TABLE citystage_views ({OWN_TABLES['citystage_views']})")
    register_own(con, "citystage_views")
    views = json.loads(read_meta(con).get("views", "[]"))
    con.executemany(
        "INSERT INTO citystage_views VALUES (?, ?, ?)",
        [(i, view["name"], json.dumps(view, ensure_ascii=False)) for i, view in enumerate(views)],
    )
    con.execute("DELETE FROM citystage_meta WHERE key='views'")
    con.execute("ALTER TABLE citystage_layers ADD COLUMN visible INTEGER NOT NULL DEFAULT 1")
    con.execute("ALTER TABLE citystage_layers ADD COLUMN opacity REAL NOT NULL DEFAULT 1.0")
    for layer_id, look in con.execute("SELECT id, look FROM citystage_layers").fetchall():
        raw = json.loads(look)
        con.execute(
            "UPDATE citystage_layers SET visible=?, opacity=? WHERE id=?",
            (int(raw.get("visible", True)), float(raw.get("opacity", 1.0)), layer_id),
        )
    con.execute("ALTER TABLE citystage_layers DROP COLUMN look")


def _schemes(con: sqlite3.Connection) -> None:
    """1 to 2: tables for schemes; a project of version 1 has none."""
    for name in ("citystage_schemes", "citystage_scheme_parts"):
        con.execute(f"CREATE TABLE {name} ({OWN_TABLES[name]})")
        register_own(con, name)


#: The step that starts at each version.
MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {0: _views_in_a_table, 1: _schemes}
