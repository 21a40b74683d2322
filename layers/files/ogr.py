"""Reading with GDAL through Arrow: in batches, so that it can be stopped."""

from __future__ import annotations

import re
import sqlite3
import threading
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import pyogrio.raw
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FieldError

from layers.errors import CityError
from layers.files.columns import plain_table, row_count_table
from layers.files.flat import FlatGeometry
from layers.files.gdal_messages import listening
from layers.files.gpkg_tables import create_geopackage
from layers.files.raw import LayerInfo, Note, RawLayer
from layers.files.reference import look_up
from layers.files.wkb import decode_column
from layers.progress import Progress, Silent

BATCH = 20_000  # features between two chances to stop; about 0.1 s
_PATIENCE = 0.1  # seconds between two looks at how far the reading is

#: Names of the column with GDAL's own numbers that say nothing to people.
_INNER_IDS = {"ogc_fid", "fid", "ogr_fid"}

_listed = threading.local()

_FAMILIES = (
    ("point", re.compile("point", re.IGNORECASE)),
    ("line", re.compile("line|curve(?!poly)|circularstring", re.IGNORECASE)),
    ("polygon", re.compile("polygon|surface|tin|triangle", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be read, and how GDAL is told to open it.

    Attributes
    ----------
    source : pathlib.Path or bytes
        File or its content.
    path : pathlib.Path
        The file as the user named it, for messages.
    layer : str or None
        Layer in a file of several; None for the only one.
    encoding : str or None
        Encoding GDAL is told.
    options : dict
        Open options of GDAL's driver.
    limit : int or None
        Stop after so many features.
    sql : str or None
        Statement to read instead of a layer.
    strict : bool
        Whether any error that GDAL tells of makes the whole file unusable.
    absent : int
        Features that the file counts and rightly does not give (deleted ones).
    """

    source: Path | bytes
    path: Path
    layer: str | None = None
    encoding: str | None = None
    options: dict[str, str] = field(default_factory=dict)
    limit: int | None = None
    sql: str | None = None
    strict: bool = False
    absent: int = 0

    @property
    def openable(self) -> str | bytes:
        """What pyogrio takes."""
        return self.source if isinstance(self.source, bytes) else str(self.source)


@contextmanager
def configured(**options: str) -> Iterator[None]:
    """Set configuration options of GDAL for a while."""
    before = {name: pyogrio.get_gdal_config_option(name) for name in options}
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


@contextmanager
def listing_once() -> Iterator[None]:
    """Look up the layers of a file once within it, however often this thread asks."""
    _listed.known = {}
    try:
        yield
    finally:
        _listed.known = None


def _known() -> dict[Any, Any]:
    """Give what was looked up before; outside of `listing_once` nothing is remembered."""
    known: dict[Any, Any] | None = getattr(_listed, "known", None)
    return {} if known is None else known


def warm_up() -> None:
    """Let GDAL get ready to open databases before somebody waits for one."""
    with closing(sqlite3.connect(":memory:")) as con:
        create_geopackage(con)
        empty = con.serialize()
    with suppress(DataSourceError, RuntimeError), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with listening():
            pyogrio.list_layers(empty)


@contextmanager
def explained(path: Path, layer: str | None = None) -> Iterator[None]:
    """Turn what pyogrio raises into one clear sentence.

    Raises
    ------
    CityError
        ``file.damaged``, ``file.texts_unreadable`` or ``file.no_such_layer``.
    """
    try:
        yield
    except DataLayerError as error:
        raise no_such_layer(path, layer or "", []) from error
    except UnicodeDecodeError as error:
        raise CityError(
            "file.texts_unreadable",
            "The names of its fields are in an encoding that the file does not tell.",
            hint="save it as GeoPackage, or as Shapefile, in the program it is from",
            where=str(path),
            name=path.name,
        ) from error
    except (DataSourceError, FieldError, pa.ArrowException, RuntimeError, OSError) as error:
        raise damaged(path, error) from error


def damaged(path: Path, error: Exception) -> CityError:
    """Make the error for a file that its reader gives up on."""
    reason = " ".join(_without_paths(str(error)).split())
    reason = re.sub(r";? It might help to specify .*|'[^']*' (?=not recognized)", "", reason)
    reason = reason.replace(str(path), path.name)[:200].rstrip(".")
    return CityError(
        "file.damaged",
        f"The file is damaged, cut off or not what its name says: {reason}.",
        hint="copy or download the file again, or open and save it in the program it is from",
        where=str(path),
        name=path.name,
        reason=reason,
    )


def no_such_layer(path: Path, layer: str, names: list[str]) -> CityError:
    """Make the error for a layer that the file does not have."""
    shown = ", ".join(names[:12])
    return CityError(
        "file.no_such_layer",
        f"There is no layer '{layer}' in the file.",
        hint=f"the layers are: {shown}" if shown else "list the layers of the file",
        where=str(path),
        layer=layer,
        layers=shown,
        name=path.name,
    )


def layer_names(asked: Asked) -> list[tuple[str, str]]:
    """List the layers of a file with their geometry family.

    Raises
    ------
    CityError
        ``file.damaged``.
    """
    known, key = _known(), ("layers", asked.openable)
    if key in known:
        return list(known[key])
    with explained(asked.path), listening():
        rows = pyogrio.list_layers(asked.openable)
    names = [(str(name), family(kind)) for name, kind in rows]
    known[key] = tuple(names)
    return names


def family(geometry_type: str | None) -> str:
    """Give ``point``, ``line``, ``polygon``, ``unknown`` or ``none`` for GDAL's type name.

    >>> family("2.5D MultiPolygon"), family("LineString Z"), family(None)
    ('polygon', 'line', 'none')
    """
    if not geometry_type or geometry_type == "None":
        return "none"
    return next((name for name, fits in _FAMILIES if fits.search(geometry_type)), "unknown")


def info(asked: Asked, *, count: bool = True) -> LayerInfo:
    """Tell of one layer without reading it.

    Raises
    ------
    CityError
        ``file.damaged`` or ``file.no_such_layer``.
    """
    known: dict[Any, LayerInfo] = _known()
    key = ("info", asked.openable, asked.layer, asked.encoding, *sorted(asked.options.items()))
    if key in known:
        return known[key]
    with explained(asked.path, asked.layer), listening():
        meta = pyogrio.read_info(
            asked.openable,
            layer=asked.layer,
            encoding=asked.encoding,
            force_feature_count=count,
            **asked.options,
        )
    types = [_type_word(kind, sub) for kind, sub in _ogr_types(meta)]
    told = LayerInfo(
        name=str(meta.get("layer_name") or asked.layer or asked.path.stem),
        geometry=family(meta["geometry_type"]),
        count=int(meta["features"]),
        fields=tuple(zip((str(f) for f in meta["fields"]), types, strict=True)),
        crs=crs_text(meta["crs"]),
        encoding=None,
    )
    if count or told.count >= 0:
        known[key] = told
    return told


def _ogr_types(meta: dict[str, Any]) -> Iterator[tuple[str, str]]:
    return zip(meta["ogr_types"], meta["ogr_subtypes"], strict=True)


def _type_word(kind: str, sub: str) -> str:
    if sub == "OFSTBoolean":
        return "bool"
    words = {
        "OFTInteger": "int32", "OFTInteger64": "int64", "OFTReal": "double", "OFTString": "string",
        "OFTDate": "date32[day]", "OFTTime": "time32[ms]", "OFTDateTime": "timestamp[ms]",
        "OFTBinary": "binary",
    }  # fmt: skip
    return words.get(kind, "string")


def read(asked: Asked, progress: Progress | None = None) -> RawLayer:
    """Read one layer.

    Parameters
    ----------
    asked : Asked
        File, layer and how to open it.
    progress : Progress or None
        Told after each batch; may stop the reading.

    Returns
    -------
    RawLayer
        Named after the layer; `encoding` is None.

    Raises
    ------
    CityError
        ``file.damaged`` or ``file.no_such_layer``.
    Cancelled
        If the progress says so.
    """
    progress = progress or Silent()
    progress.step(0, 0, "progress-reading")
    uncounted = asked.limit or asked.sql or isinstance(asked.source, bytes)
    total = 0 if uncounted else info(asked, count=False).count
    with explained(asked.path, asked.layer), listening() as said:
        meta, table = _collect(asked, max(total, 0), progress)
        made = _layer(asked, meta, table)
    if said.errors and asked.strict:
        raise damaged(asked.path, RuntimeError(said.errors[0]))
    if asked.limit is None and 0 < len(made) < total - asked.absent:
        raise truncated(asked.path, len(made), total)
    if said.all:
        facts = {"count": len(said.all), "first": _without_paths(said.all[0])[:200]}
        made = made.with_notes(Note("reader_warnings", facts))
    return made


def _without_paths(text: str) -> str:
    """Leave out where GDAL's own source stood when it was built."""
    return re.sub(r"\S*/([\w.]+\.(?:cpp|h)), (\d+): ", "", text)


def truncated(path: Path, count: int, total: int) -> CityError:
    """Make the error for a file that ends too early."""
    return CityError(
        "file.truncated",
        f"The file ends in the middle: {count} of {total} features are there.",
        hint="copy or download it again",
        where=str(path),
        name=path.name,
        count=count,
        total=total,
    )


def _collect(asked: Asked, total: int, progress: Progress) -> tuple[dict[str, Any], pa.Table]:
    """Read in a thread of its own: GDAL may work for seconds before it gives anything."""
    batches: list[pa.RecordBatch] = []
    opened: list[tuple[dict[str, Any], pa.Schema]] = []
    failed: list[BaseException] = []
    stopped, begun, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        try:
            _batches(asked, opened, batches, begun, stopped)
        except BaseException as error:  # noqa: BLE001 - raised again by the caller below
            failed.append(error)
        finally:
            begun.set()
            ended.set()

    if isinstance(asked.source, bytes):  # a small piece of text
        work()
    else:
        thread = threading.Thread(target=work, name="citystage-reading")
        thread.start()
        try:
            while not begun.wait(_PATIENCE):
                progress.step(0, total, "progress-reading")
            if opened:
                look_up(crs_text(opened[0][0]["crs"]))
            while not ended.wait(_PATIENCE):
                done = sum(batch.num_rows for batch in list(batches))
                progress.step(done, total, "progress-reading")
        except BaseException:
            stopped.set()  # the thread ends with its batch and closes the file
            raise
        thread.join()
    if failed:
        raise failed[0]
    meta, schema = opened[0]
    table = pa.Table.from_batches(batches, schema=schema)
    progress.step(table.num_rows, table.num_rows, "progress-reading")
    return meta, table if asked.limit is None else table.slice(0, asked.limit)


def _batches(
    asked: Asked,
    opened: list[tuple[dict[str, Any], pa.Schema]],
    batches: list[pa.RecordBatch],
    begun: threading.Event,
    stopped: threading.Event,
) -> None:
    with pyogrio.raw.open_arrow(
        asked.openable,
        layer=asked.layer,
        encoding=asked.encoding,
        sql=asked.sql,
        batch_size=BATCH if asked.limit is None else min(asked.limit, BATCH),
        use_pyarrow=True,
        return_fids=True,
        **asked.options,
    ) as (meta, reader):
        opened.append((meta, reader.schema))
        begun.set()
        done = 0
        for batch in reader:
            batches.append(batch)
            done += batch.num_rows
            if stopped.is_set() or (asked.limit is not None and done >= asked.limit):
                break


def _layer(asked: Asked, meta: dict[str, Any], table: pa.Table) -> RawLayer:
    names = table.schema.names
    fids = table.column(0).to_numpy()  # a property may have the same name as this column
    geometry_name = meta["geometry_name"] or "wkb_geometry"
    ids = pa.array(fids).cast(pa.string()).to_numpy(zero_copy_only=False)
    geometry: NDArray[np.object_] | FlatGeometry = np.full(table.num_rows, None, dtype=object)
    unreadable: dict[str, list[str]] = {}
    repaired: dict[str, list[str]] = {}
    keep_fids = names[0].lower() not in _INNER_IDS and names[0] not in names[1:]
    kept = list(range(0 if keep_fids else 1, len(names)))
    if geometry_name in names:
        at = len(names) - 1 - names[::-1].index(geometry_name)
        kept.remove(at)
        decoded = decode_column(table.column(at), lambda rows: _straight(asked, fids[rows]))
        geometry = decoded.geometry
        for into, reason, rows in (
            (unreadable, "geometry_unreadable", decoded.unreadable),
            (repaired, "ring_closed", decoded.closed),
            (repaired, "curve_straightened", decoded.curved),
        ):
            if rows.size:
                into[reason] = ids[rows].tolist()
    attributes = plain_table(table.select(kept)) if kept else row_count_table(table.num_rows)
    return RawLayer(
        path=asked.path,
        name=asked.layer or asked.path.stem,
        geometry=geometry,
        attributes=attributes,
        crs=crs_text(meta["crs"]),
        encoding=None,
        ids=ids,
        unreadable=unreadable,
        repaired=repaired,
    )


def crs_text(crs: str | None) -> str | None:
    """Give a coordinate system as ``EPSG:...`` or WKT; longitude before latitude is understood."""
    if crs is None or re.search(r'^\w+\["(Undefined|Unknown)|^(LOCAL_CS|ENGCRS)\[', crs):
        return None  # such a system does not say where on the earth it lies
    return "EPSG:4326" if crs == "OGC:CRS84" else crs or None


def _straight(asked: Asked, fids: NDArray[np.int64]) -> list[bytes | None]:
    """Read some features again with their arcs as short straight pieces."""
    _, _, geometry, _ = pyogrio.raw.read(
        asked.openable, layer=asked.layer, columns=[], fids=fids, **asked.options
    )
    return list(geometry)
