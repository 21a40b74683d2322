"""Any file of features: what layers it has, and the layers themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from layers.errors import CityError
from layers.files import (
    cad,
    city_tiles,
    cityjson,
    geojson,
    kml_overlays,
    mapinfo,
    markup,
    ogr,
    osm,
    parquet,
    points_csv,
    service_answers,
    shapefile,
    topojson,
)
from layers.files.datasets import CITY_TILES, PACKED, TILES, Dataset, find, nothing_inside
from layers.files.raw import LayerInfo, Note, RawLayer
from layers.files.sniff import sniff
from layers.files.unpack import unpacked
from layers.progress import Part, Progress, Silent


@dataclass(frozen=True, slots=True)
class Reader:
    """How one format is read.

    Attributes
    ----------
    layers : callable
        ``(path, encoding)`` gives the layers without reading them.
    read : callable
        ``(path, layer, encoding, progress, limit)`` gives one of them.
    single : bool
        Whether a file of this format always holds one layer.
    secondary : callable
        Says of a layer's name whether it is read only when it is asked for.
    """

    layers: Callable[[Path, str | None], list[LayerInfo]]
    read: Callable[[Path, str | None, str | None, Progress, int | None], RawLayer]
    single: bool = False
    secondary: Callable[[str | None], bool] = lambda _: False


def _list_ogr(path: Path, encoding: str | None) -> list[LayerInfo]:
    with markup.readable(path, encoding) as text, mapinfo.readable(text, encoding) as (copy, _):
        asked = ogr.Asked(copy, path)
        return [
            replace(
                ogr.info(replace(asked, layer=name)),
                name=_own_name(name, copy, path),
                geometry=kind,
            )
            for name, kind in ogr.layer_names(asked)
        ]


def _own_name(name: str, copy: Path, path: Path) -> str:
    """Give the name of a layer, that of the file where a copy has another."""
    return path.stem if name == copy.stem else name


def _read_ogr(
    path: Path, layer: str | None, encoding: str | None, progress: Progress, limit: int | None
) -> RawLayer:
    with (
        markup.readable(path, encoding) as text,
        mapinfo.readable(text, encoding) as (copy, notes),
    ):
        inner = copy.stem if layer == path.stem and copy.stem != path.stem else layer
        raw = ogr.read(ogr.Asked(copy, path, layer=inner, limit=limit), progress)
        if path.suffix.lower() == ".json" and limit is None:
            raw = raw.with_notes(*service_answers.notes_of(copy.read_bytes(), len(raw)))
    raw = replace(raw, name=layer or raw.name).with_notes(*notes)
    return kml_overlays.without_overlays(raw) if path.suffix.lower() == ".kml" else raw


#: Layers of GPX files that hold the points of lines in other layers.
_POINTS_OF_TRACKS = ("track_points", "route_points")
_OGR = Reader(_list_ogr, _read_ogr)
_GEOJSON = Reader(geojson.list_geojson, geojson.read_geojson, single=True)

#: How each format is read, by the name that `layers.files.sniff.sniff` gives it.
READERS: dict[str, Reader] = {
    "shapefile": Reader(shapefile.list_shapefile, shapefile.read_shapefile, single=True),
    "gpkg": _OGR,
    "sqlite": _OGR,
    "flatgeobuf": _OGR,
    "filegdb": _OGR,
    "other": replace(_OGR, secondary=lambda name: name in _POINTS_OF_TRACKS),
    "geojson": _GEOJSON,
    "topojson": Reader(topojson.list_topojson, topojson.read_topojson),
    "geojsonseq": _GEOJSON,
    "osm": Reader(osm.list_osm, osm.read_osm, secondary=lambda name: name in osm.SECONDARY),
    "dxf": Reader(cad.list_dxf, cad.read_dxf, secondary=lambda name: name != cad.WHOLE),
    "cityjson": Reader(cityjson.list_cityjson, cityjson.read_cityjson),
    "cityjsonseq": Reader(cityjson.list_cityjson, cityjson.read_cityjson),
    "citygml": Reader(cityjson.list_cityjson, cityjson.read_cityjson),
    "csv": Reader(points_csv.list_table, points_csv.read_table, single=True),
    "xlsx": Reader(points_csv.list_sheets, points_csv.read_sheet),
    "dbf": Reader(points_csv.list_dbf, points_csv.read_dbf, single=True),
    "parquet": Reader(parquet.list_parquet, parquet.read_parquet, single=True),
}


def list_layers(path: Path, *, encoding: str | None = None) -> list[LayerInfo]:
    """List the layers of a file, a folder or an archive.

    Parameters
    ----------
    path : pathlib.Path
        What the user named.
    encoding : str or None
        Encoding of the texts as the user decided; None to find it.

    Returns
    -------
    list of LayerInfo
        At least one; the names are unique.

    Raises
    ------
    CityError
        With a code ``file.*``: the file is missing, empty, damaged, locked, of an
        unknown format or holds no features.

    Examples
    --------
    >>> [info.name for info in list_layers(Path("town.gpkg"))]  # doctest: +SKIP
    ['buildings', 'roads']
    """
    with _opened(path, Silent()) as found:
        return [entry.info for entry in _entries(found.datasets, encoding, found.refused)]


def read_layers(
    path: Path,
    *,
    layers: Sequence[str] | None = None,
    encoding: str | None = None,
    progress: Progress | None = None,
) -> list[RawLayer]:
    """Read layers of a file, a folder or an archive.

    Parameters
    ----------
    path : pathlib.Path
        What the user named.
    layers : sequence of str or None
        Names as `list_layers` gives them; None for all that have a geometry.
    encoding : str or None
        Encoding of the texts as the user decided; None to find it.
    progress : Progress or None
        Told several times a second; may stop the reading.

    Returns
    -------
    list of RawLayer
        In the order of the file; at least one.

    Raises
    ------
    CityError
        With a code ``file.*``; ``file.no_such_layer`` names those there are.
    Cancelled
        If the progress says so.
    """
    progress = progress or Silent()
    with _opened(path, Part(progress, 0.0, 0.2)) as found:
        return _read(found, path, layers, encoding, Part(progress, 0.2, 1.0), None)


def preview(
    path: Path, *, layer: str | None = None, encoding: str | None = None, rows: int = 20
) -> RawLayer:
    """Read the first rows of one layer.

    Parameters
    ----------
    path : pathlib.Path
        What the user named.
    layer : str or None
        Name as `list_layers` gives it; None for the first one with a geometry.
    encoding : str or None
        Encoding of the texts as the user decided; None to find it.
    rows : int
        How many rows.

    Returns
    -------
    RawLayer

    Raises
    ------
    CityError
        With a code ``file.*``.
    """
    with _opened(path, Silent()) as found:
        chosen = None if layer is None else [layer]
        return _read(found, path, chosen, encoding, Silent(), rows)[0]


@dataclass(frozen=True, slots=True)
class _Opened:
    datasets: list[Dataset]
    refused: list[CityError]


@contextmanager
def _opened(path: Path, progress: Progress) -> Iterator[_Opened]:
    """Give what there is to read; archives, also those in folders, are unpacked meanwhile."""
    with ExitStack() as stack:
        stack.callback(cityjson.forget)
        opened = _Opened([], [])
        _open(path, opened, stack, progress, depth=2)
        if not opened.datasets:
            raise nothing_inside(path, opened.refused)
        yield opened


def _open(path: Path, opened: _Opened, stack: ExitStack, progress: Progress, *, depth: int) -> None:
    if sniff(path) in PACKED:
        found = find(stack.enter_context(unpacked(path, progress)), path)
    else:
        found = find(path, path)
    opened.datasets.extend(found.datasets)
    opened.refused.extend(found.refused)
    for archive in found.archives:
        try:
            if depth > 0:
                _open(archive, opened, stack, progress, depth=depth - 1)
        except CityError as error:
            opened.refused.append(error)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One layer of one dataset, the name it has there and the name people choose it by."""

    dataset: Dataset
    inner: str | None
    info: LayerInfo


def _entries(
    found: list[Dataset], encoding: str | None, refused: list[CityError], *, quick: bool = False
) -> list[_Entry]:
    """List the layers of all datasets under names that are unique."""
    listed: list[_Entry] = []
    taken: set[str] = set()
    for dataset in found:
        try:
            infos = _infos(dataset, encoding, quick=quick)
        except CityError as error:
            if len(found) == 1:
                raise
            refused.append(error)
            continue
        aside = READERS[dataset.format].secondary if dataset.format in READERS else None
        for info in infos:
            name = next(name for name in _possible_names(dataset, info) if name not in taken)
            taken.add(name)
            apart = aside is not None and aside(info.name)
            listed.append(_Entry(dataset, info.name, replace(info, name=name, secondary=apart)))
    return listed


def _possible_names(dataset: Dataset, info: LayerInfo) -> Iterator[str]:
    yield info.name
    if dataset.name != info.name:
        yield f"{dataset.name}/{info.name}"
    longer = f"{dataset.paths[0].parent.name}/{info.name}"
    yield longer
    yield from (f"{longer} {number}" for number in count(2))


def _infos(dataset: Dataset, encoding: str | None, *, quick: bool) -> list[LayerInfo]:
    if dataset.format == TILES:
        first = geojson.list_geojson(dataset.paths[0], encoding)[0]
        return [replace(first, name=dataset.name, count=-1)]
    if dataset.format == CITY_TILES:
        return city_tiles.list_tiles(dataset.paths)
    reader = READERS[dataset.format]
    if quick and reader.single:
        return [LayerInfo(dataset.name, "unknown", -1, (), None, None)]
    infos = reader.layers(dataset.paths[0], encoding)
    return [replace(infos[0], name=dataset.name)] if reader.single else infos


def _read(
    opened: _Opened,
    path: Path,
    layers: Sequence[str] | None,
    encoding: str | None,
    progress: Progress,
    limit: int | None,
) -> list[RawLayer]:
    refused = opened.refused
    listed = _entries(opened.datasets, encoding, refused, quick=True)
    names = [entry.info.name for entry in listed]
    for wanted in layers or ():
        if wanted not in names:
            raise ogr.no_such_layer(path, wanted, names)
    chosen = [entry for entry in listed if _is_wanted(entry, layers)]
    if not chosen:
        raise _no_geometry(path, names)
    made: list[RawLayer] = []
    for number, entry in enumerate(chosen):
        share = Part(progress, number / len(chosen), (number + 1) / len(chosen))
        try:
            raw = _read_one(entry, path, encoding, share, limit)
        except CityError as error:
            if len(opened.datasets) == 1 or layers is not None:
                raise
            refused.append(error)
            continue
        made.append(replace(raw, path=path, name=entry.info.name))
        if limit is not None:
            break
    if not made:
        raise refused[-1]
    if layers is None:
        made[0] = made[0].with_notes(*_left_out(listed, refused))
    return made


def _left_out(listed: list[_Entry], refused: list[CityError]) -> list[Note]:
    """Say what of a file or folder was not read."""
    notes = []
    if tables := [entry.info.name for entry in listed if entry.info.geometry == "none"]:
        notes.append(Note("tables_left_out", {"count": len(tables), "first": tables[0]}))
    if refused:
        first = f"{Path(refused[0].where).name}: {refused[0].message}"
        notes.append(Note("files_left_out", {"count": len(refused), "first": first}))
    return notes


def _is_wanted(entry: _Entry, layers: Sequence[str] | None) -> bool:
    if layers is not None:
        return entry.info.name in layers
    if entry.dataset.format == TILES:
        return True
    return entry.info.geometry != "none" and not entry.info.secondary


def _no_geometry(path: Path, names: list[str]) -> CityError:
    if not names:
        return CityError(
            "file.no_layers",
            "There is no layer in the file.",
            hint="check whether it is the right file, or export it again",
            where=str(path),
            name=path.name,
        )
    shown = ", ".join(names[:12])
    return CityError(
        "file.no_geometry",
        f"The file has tables but no places: {shown}.",
        hint="give a file with geometry, or a table with columns of coordinates as .csv",
        where=str(path),
        layers=shown,
        name=path.name,
    )


def _read_one(
    entry: _Entry,
    path: Path,
    encoding: str | None,
    progress: Progress,
    limit: int | None,
) -> RawLayer:
    dataset = entry.dataset
    if dataset.format == TILES:
        return geojson.read_tiles(dataset.paths, path, encoding, progress, limit)
    if dataset.format == CITY_TILES:
        assert entry.inner is not None
        return city_tiles.read_tiles(dataset.paths, entry.inner, path, progress, limit)
    reader = READERS[dataset.format]
    return reader.read(dataset.paths[0], entry.inner, encoding, progress, limit)
