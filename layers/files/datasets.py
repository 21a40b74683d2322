"""What a folder or an unpacked archive holds: single files, and many tiles of one structure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from layers.errors import CityError
from layers.files.sniff import sniff

TILES = "tiles"  # format of many GeoJSON files that are one layer
CITY_TILES = "city-tiles"  # format of many CityGML or CityJSON files that are one model

#: Suffixes worth looking into when a whole folder is named.
_LOOKED_AT = {
    ".shp", ".gpkg", ".sqlite", ".db", ".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson",
    ".jsonl", ".fgb", ".parquet", ".geoparquet", ".dxf", ".pbf", ".osm", ".csv", ".tsv", ".kml",
    ".kmz", ".gml", ".citygml", ".gpx", ".tab", ".mif", ".xlsx", ".gz", ".bz2", ".zip", ".tar",
    ".tgz",
    ".dwg", ".dgn", ".ifc", ".mdb", ".xls", ".rar", ".7z", ".osc",  # refused, which is told
    ".obj", ".glb", ".gltf", ".fbx", ".skp", ".3ds",
}  # fmt: skip
PACKED = {"zip", "tar", "compressed"}  # formats that are unpacked first
_NUMBERED = re.compile(r"^(?:[a-z]{0,5}[ _-]?|.*?(?:tile|part|chunk|sheet|block)s?[ _-]?)"
                       r"\d+(?:[ _x-]?[a-z]?\d+){0,3}$", re.IGNORECASE)  # fmt: skip
#: Formats of city models, those that can be tiles of one together.
_MODELS = {"citygml": "citygml", "cityjson": "cityjson", "cityjsonseq": "cityjson"}
_FEW, _MANY = 3, 8  # so many numbered files, or files of any name that differ in digits only


@dataclass(frozen=True, slots=True)
class Dataset:
    """One thing to read.

    Attributes
    ----------
    format : str
        As `sniff` names it, or ``tiles``, or ``city-tiles``.
    paths : tuple of pathlib.Path
        Its file; all files of tiles.
    name : str
        What to call it.
    """

    format: str
    paths: tuple[Path, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a file or folder holds.

    Attributes
    ----------
    datasets : list of Dataset
        In the order of their names.
    archives : list of pathlib.Path
        Archives that lie in the folder.
    refused : list of CityError
        What was said of files that cannot be read.
    """

    datasets: list[Dataset]
    archives: list[Path]
    refused: list[CityError]


def find(root: Path, named: Path) -> Found:
    """Find what a file or folder holds.

    Parameters
    ----------
    root : pathlib.Path
        File, folder, or folder that an archive was unpacked to.
    named : pathlib.Path
        What the user named.

    Raises
    ------
    CityError
        What `sniff` says, if it is a single file that cannot be read.
    """
    if root.is_file() or sniff(root) == "filegdb":
        return Found([Dataset(sniff(root), (root,), named.stem)], [], [])
    files = list(_files(root))
    tiles = _tiles([p for p in files if p.suffix.lower() in {".json", ".geojson"}], root, named)
    in_tiles = {path for dataset in tiles for path in dataset.paths}
    found = Found(list(tiles), [], [])
    for path in files:
        if path in in_tiles:
            continue
        try:
            kind = sniff(path)
        except CityError as error:
            found.refused.append(error)
            continue
        if kind in PACKED:
            found.archives.append(path)
        else:
            found.datasets.append(Dataset(kind, (path,), path.stem))
    found.datasets[:] = _with_models(found.datasets, root, named)
    found.datasets.sort(key=lambda dataset: str(dataset.paths[0]))
    return found


def _with_models(datasets: list[Dataset], root: Path, named: Path) -> list[Dataset]:
    """Join the tiles of a city model: files of one format in one folder."""
    groups: dict[tuple[str, Path], list[Dataset]] = {}
    rest: list[Dataset] = []
    for dataset in datasets:
        if dataset.format in _MODELS:
            groups.setdefault((_MODELS[dataset.format], dataset.paths[0].parent), []).append(
                dataset
            )
        else:
            rest.append(dataset)
    for (_, folder), group in groups.items():
        if len(group) == 1:
            rest += group
            continue
        paths = tuple(sorted((path for one in group for path in one.paths), key=_natural))
        name = named.stem.removesuffix(".tar") if folder == root else folder.name
        rest.append(Dataset(CITY_TILES, paths, name))
    return rest


def nothing_inside(named: Path, refused: list[CityError]) -> CityError:
    """Make the error for a folder or an archive without anything that can be read."""
    if len(refused) == 1:
        return refused[0]
    return CityError(
        "file.nothing_inside",
        "Nothing in there can be imported as a layer of features.",
        hint="name a folder or an archive with Shapefile, GeoPackage, GeoJSON, DXF, "
        "FileGDB, OSM or CityJSON files in it",
        where=str(named),
        name=named.name,
    )


def _files(root: Path) -> Iterator[Path]:
    """Give the files worth looking at, those in file geodatabases left alone."""
    for path in sorted(root.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if path.is_symlink():  # it may lead back up
                continue
            if sniff(path) == "filegdb":
                yield path
            else:
                yield from _files(path)
        elif path.is_file() and (path.suffix.lower() in _LOOKED_AT or _is_stops(path)):
            yield path


def _is_stops(path: Path) -> bool:
    """Say whether a file is the table of stops of a timetable (GTFS)."""
    return path.name.lower() == "stops.txt" and (path.parent / "routes.txt").is_file()


def _tiles(files: list[Path], root: Path, named: Path) -> list[Dataset]:
    """Find files that differ in numbers only and hold features of the same structure."""
    groups: dict[str, list[Path]] = {}
    for path in files:
        relative = path.relative_to(root).with_suffix("").as_posix()
        pattern = re.sub(r"\d+", "#", relative) + path.suffix.lower()
        groups.setdefault(pattern, []).append(path)
    found = []
    for paths in groups.values():
        numbered = all(_NUMBERED.match(path.stem) and not _is_year(path.stem) for path in paths)
        if len(paths) >= (_FEW if numbered else _MANY) and _same_structure(paths):
            whole = len(paths) == len(files)
            name = named.stem.removesuffix(".tar") if whole else paths[0].parent.name
            found.append(Dataset(TILES, tuple(sorted(paths, key=_natural)), name))
    return found


def _is_year(stem: str) -> bool:
    digits = re.search(r"(?<!\d)(19|20)\d\d(?!\d)", stem)
    return digits is not None


def _natural(path: Path) -> tuple[object, ...]:
    """Sort 2 before 10."""
    parts = re.split(r"(\d+)", path.as_posix())
    return tuple((int(p), "") if p.isdigit() else (-1, p) for p in parts)


def _same_structure(paths: list[Path]) -> bool:
    """Compare the first keys of some of the files."""
    chosen = paths[:: max(len(paths) // 5, 1)][:5]
    kinds = set()
    for path in chosen:
        try:
            kinds.add(sniff(path))
        except CityError:
            return False
    if kinds != {"geojson"}:
        return False
    heads = [_root_keys(path) for path in chosen]
    return all(head == heads[0] for head in heads)


def _root_keys(path: Path) -> str:
    """Tell a bare array from a collection, and one structure of properties from another."""
    with path.open("rb") as file:
        head = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] == b"[":
        return "array"
    properties = re.search(rb'"properties"\s*:\s*(\{[^{}]*\})', head)
    try:
        keys = sorted(json.loads(properties.group(1))) if properties else []
    except ValueError:
        keys = []
    return f"collection {keys}"
