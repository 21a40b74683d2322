"""GeoJSON in all the forms it comes in: collections, bare arrays, lines of features, tiles."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from layers.errors import CityError
from layers.files import ogr
from layers.files.columns import row_count_table, stack_tables
from layers.files.flat import FlatGeometry
from layers.files.geojson_crs import system_of
from layers.files.geojson_mend import as_feature, mend_geometry
from layers.files.geojson_quick import FEW, Slim, attributes_of, slimmed, stretches
from layers.files.geojson_text import BARE, WRAPPER, Text, first_features, open_text
from layers.files.json_rows import read_rows
from layers.files.json_spans import Ints
from layers.files.raw import LayerInfo, Note, RawLayer, as_objects, merge_reasons
from layers.files.service_answers import notes_of, refused
from layers.progress import Part, Progress, Silent

Column = NDArray[np.object_] | FlatGeometry
CHUNK = 6 << 20  # bytes of features given to GDAL at a time; about 0.15 s
LISTED = 64 << 20  # bytes up to which listing counts the features

#: Texts stay as written: JSON knows no dates, and GDAL would guess them chunk by chunk.
_OPTIONS = {"DATE_AS_STRING": "YES"}
_OWN_IDS = ("@id", "id")


def list_geojson(path: Path, encoding: str | None) -> list[LayerInfo]:
    """Tell of a GeoJSON file from its first features."""
    small = path.stat().st_size <= LISTED
    text = open_text(path, encoding, limit=None if small else 500)
    raw = _features_or_rows(first_features(text, 500), path, encoding, Silent(), None)
    types = set(np.unique(shapely.get_type_id(shapely.get_parts(raw.geometry))).tolist())
    families = [
        name
        for name, members in (("point", {0, 4}), ("line", {1, 2, 5}), ("polygon", {3, 6}))
        if types & members
    ]
    fields = tuple((f.name, str(f.type)) for f in raw.attributes.schema)
    count = len(text.start) if small else -1
    geometry = "+".join(families) or "unknown"
    return [LayerInfo(path.stem, geometry, count, fields, raw.crs, text.guess.encoding)]


def read_geojson(
    path: Path, layer: str | None, encoding: str | None, progress: Progress, limit: int | None
) -> RawLayer:
    """Read a GeoJSON file, whether a collection, a bare array or features line by line.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    layer : str or None
        Not needed: there is only one.
    encoding : str or None
        Encoding as the user decided; None to find it.
    progress : Progress
        Told after each chunk.
    limit : int or None
        Stop after so many features.

    Returns
    -------
    RawLayer
        Its `repaired` counts the polygons that were nested wrongly.

    Raises
    ------
    CityError
        ``file.damaged``, ``file.cut_off``, ``file.not_geojson``.
    Cancelled
        If the progress says so.
    """
    del layer
    text = open_text(path, encoding, limit=limit, progress=Part(progress, 0.0, 0.3))
    return _features_or_rows(text, path, encoding, Part(progress, 0.3, 1.0), limit)


def _features_or_rows(
    text: Text, path: Path, encoding: str | None, progress: Progress, limit: int | None
) -> RawLayer:
    """Read features; a list of rows where there are none."""
    try:
        return _read_texts([text], path, progress)
    except CityError as error:
        if error.code != "file.not_geojson":
            raise
        if (raw := read_rows(path, encoding, limit)) is None:
            raise
        return raw


def read_tiles(
    paths: Sequence[Path], named: Path, encoding: str | None, progress: Progress, limit: int | None
) -> RawLayer:
    """Read many GeoJSON files of one structure as one layer.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        The tiles.
    named : pathlib.Path
        What the user named: their folder or archive.
    encoding : str or None
        Encoding as the user decided; None to find it for each tile.
    progress : Progress
        Told after each chunk.
    limit : int or None
        Stop after so many features.

    Returns
    -------
    RawLayer
        Its `tile` says which of `paths` each feature stood in.
    """
    texts: list[Text] = []
    found = 0
    opening = Part(progress, 0.0, 0.3)
    for number, path in enumerate(paths):
        opening.step(number, len(paths), "progress-reading")
        texts.append(open_text(path, encoding, limit=limit and limit - found))
        found += len(texts[-1].start)
        if limit is not None and found >= limit:
            break
    raw = _read_texts(texts, named, Part(progress, 0.3, 1.0))
    tile = np.repeat(np.arange(len(texts)), [len(text.start) for text in texts])
    note = Note("tiles_joined", {"count": len(texts)})
    return replace(raw, tile=tile.astype(np.int64)).with_notes(note)


def _read_texts(texts: Sequence[Text], named: Path, progress: Progress) -> RawLayer:
    """Read the features of some texts as one layer."""
    total = sum(len(text.start) for text in texts)
    parts: list[_Chunk] = []
    done = 0
    for _, alike in itertools.groupby(texts, lambda text: (text.head, text.tail)):
        group = list(alike)
        count = sum(len(text.start) for text in group)
        if count >= FEW and group[0].head and all(text.braced for text in group):
            share = Part(progress, done / total, (done + count) / total)
            parts += _read_quickly(_merged(group), named, share)
            done += count
            continue
        for pieces, head, tail in _chunks(group):
            parts.append(_read_chunk(pieces, head, tail, named))
            done += len(pieces)
            progress.step(done, total, "progress-reading")
    if not parts:
        first = texts[0]
        parts = [_read_chunk([], first.head, first.tail, named)]
    return _joined(parts, texts, named)


def _merged(texts: Sequence[Text]) -> Text:
    """Put texts that have the same around their features behind each other."""
    if len(texts) == 1:
        return texts[0]
    offsets = np.cumsum([0, *(len(text.data) for text in texts[:-1])])
    return replace(
        texts[0],
        data=b"".join(text.data for text in texts),
        start=np.concatenate([text.start + at for text, at in zip(texts, offsets, strict=True)]),
        end=np.concatenate([text.end + at for text, at in zip(texts, offsets, strict=True)]),
    )


def _read_quickly(text: Text, named: Path, progress: Progress) -> list[_Chunk]:
    """Read the features of a long text; only what is not a plain polygon goes through GDAL."""
    parts = []
    cuts = stretches(text.start, text.end, CHUNK)
    # While the attributes of one stretch are read, threads read the polygons of the next two.
    pool = ThreadPoolExecutor(2, thread_name_prefix="citystage-polygons")
    try:
        ahead = [
            pool.submit(slimmed, text.data, text.start[a:b], text.end[a:b]) for a, b in cuts[:2]
        ]
        for number, (first, last) in enumerate(cuts):
            progress.step(first, len(text.start), "progress-reading")
            slim = ahead.pop(0).result()
            if number + 2 < len(cuts):
                a, b = cuts[number + 2]
                ahead.append(pool.submit(slimmed, text.data, text.start[a:b], text.end[a:b]))
            part = None if slim is None else _slim_chunk(slim, text, first, named)
            if part is None:
                pieces = list(text.pieces(first, last))
                part = _read_chunk(pieces, text.head, text.tail, named)
            parts.append(part)
    finally:
        pool.shutdown(cancel_futures=True)
    progress.step(len(text.start), len(text.start), "progress-reading")
    return parts


def _slim_chunk(slim: Slim, text: Text, first: int, named: Path) -> _Chunk | None:
    """Add the attributes and the other geometries; None where GDAL does not get along."""
    try:
        if (attributes := attributes_of(slim)) is not None:
            crs = _gdal(text.head + text.piece(0) + text.tail, named).crs if first == 0 else None
            fids = np.arange(len(attributes))
            return _Chunk(slim.geometry, attributes, fids, crs, {}, {})
        raw = _gdal(text.head + slim.text + text.tail, named)
    except CityError:
        return None
    geometry = slim.geometry
    if len(raw) != len(geometry):
        return None
    chunk = _as_chunk(raw)
    hard = np.flatnonzero(~geometry.flat)
    chunk = _with_mended(chunk, {row: text.piece(first + row) for row in hard.tolist()})
    geometry.others[:] = chunk.geometry[hard]
    return replace(chunk, geometry=geometry)


def _chunks(texts: Sequence[Text]) -> Iterator[tuple[list[bytes], bytes, bytes]]:
    pieces: list[bytes] = []
    size = 0
    around: tuple[bytes, bytes] = BARE
    for text in texts:
        if pieces and (text.head, text.tail) != around:
            yield pieces, *around
            pieces, size = [], 0
        around = text.head, text.tail
        for piece in text.pieces():
            pieces.append(piece)
            size += len(piece)
            if size > CHUNK:
                yield pieces, *around
                pieces, size = [], 0
    if pieces:
        yield pieces, *around


@dataclass(frozen=True, slots=True, eq=False)
class _Chunk:
    geometry: Column
    attributes: pa.Table
    fids: Ints
    crs: str | None
    unreadable: dict[str, list[int]]  # reason to rows
    repaired: dict[str, list[int]]


def _read_chunk(pieces: list[bytes], head: bytes, tail: bytes, path: Path) -> _Chunk:
    try:
        raw = _gdal(head + b",".join(pieces) + tail, path)
    except CityError as error:
        if not head:
            raise _not_geojson(pieces[0], path) from error
        return _by_hand(pieces, head, tail, path)
    if head and len(raw) != len(pieces):
        return _by_hand(pieces, head, tail, path)
    return _with_mended(_as_chunk(raw), dict(enumerate(pieces)) if head else {})


def _gdal(text: bytes, path: Path) -> RawLayer:
    return ogr.read(ogr.Asked(text, path, options=_OPTIONS))


def _as_chunk(raw: RawLayer) -> _Chunk:
    some = bool(raw.unreadable or raw.repaired)
    rows = {str(name): row for row, name in enumerate(raw.ids)} if some else {}
    unreadable = {k: [rows[i] for i in ids] for k, ids in raw.unreadable.items()}
    repaired = {k: [rows[i] for i in ids] for k, ids in raw.repaired.items()}
    fids = pa.array(raw.ids, pa.string()).cast(pa.int64()).to_numpy()
    return _Chunk(np.asarray(raw.geometry), raw.attributes, fids, raw.crs, unreadable, repaired)


def _with_mended(chunk: _Chunk, pieces: Mapping[int, bytes]) -> _Chunk:
    """Look again at features without geometry: perhaps GDAL only did not understand it.

    `pieces` are the texts of features by their row; others are left as they are.
    """
    if not pieces:
        return chunk
    unreadable: dict[str, list[int]] = {}
    repaired = dict(chunk.repaired)
    geometry = np.asarray(chunk.geometry, dtype=object)
    nothing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    for row in np.flatnonzero(nothing).tolist():
        if row not in pieces:
            continue
        member = json.loads(pieces[row]).get("geometry")
        if member is None:
            continue
        geometry[row], reason = mend_geometry(member)
        if geometry[row] is None:
            kind = "geometry_unreadable" if _has_coordinates(member) else "geometry_empty"
            unreadable.setdefault(kind, []).append(row)
        elif reason:
            repaired.setdefault(reason, []).append(row)
    return replace(chunk, geometry=geometry, unreadable=unreadable, repaired=repaired)


def _has_coordinates(member: Any) -> bool:
    return isinstance(member, dict) and bool(member.get("coordinates") or member.get("geometries"))


def _by_hand(pieces: list[bytes], head: bytes, tail: bytes, path: Path) -> _Chunk:
    """Read features one by one where the text as a whole does not follow the rules."""
    features: list[bytes] = []
    lost: dict[str, list[int]] = {}
    for row, piece in enumerate(pieces):
        feature, reason = as_feature(piece)
        features.append(json.dumps(feature).encode())
        if reason:
            lost.setdefault(reason, []).append(row)
    if len(lost.get("not_a_feature", [])) == len(pieces):
        raise _not_geojson(b"{}", path)
    try:
        raw = _gdal(head + b",".join(features) + tail, path)
    except CityError:  # what stands around the features is broken as well
        raw = _gdal(BARE[0] + b",".join(features) + BARE[1], path)
    chunk = _with_mended(_as_chunk(raw), dict(enumerate(features)))
    return replace(chunk, unreadable={**chunk.unreadable, **lost})


def _not_geojson(text: bytes, path: Path) -> CityError:
    """Say whether a text is no JSON at all, or JSON about something else."""
    try:
        if (answer := refused(json.loads(text), path)) is not None:
            return answer
    except ValueError as broken:
        return ogr.damaged(path, broken)
    return CityError(
        "file.not_geojson",
        "The JSON file holds no map features.",
        hint="give a GeoJSON file; other JSON needs converting first",
        where=str(path),
        name=path.name,
    )


def _joined(parts: list[_Chunk], texts: Sequence[Text], named: Path) -> RawLayer:
    geometry = _one_column([part.geometry for part in parts])
    tables = [part.attributes for part in parts]
    attributes = stack_tables(tables) if tables else row_count_table(0)
    ids = _ids(attributes, [part.fids for part in parts])
    starts = np.cumsum([0, *(len(part.geometry) for part in parts[:-1])]).tolist()
    placed = list(zip(parts, starts, strict=True))
    unreadable = merge_reasons([_named(part.unreadable, at, ids) for part, at in placed])
    repaired = merge_reasons([_named(part.repaired, at, ids) for part, at in placed])
    around = texts[0].head + texts[0].tail if texts[0].head else texts[0].data[:WRAPPER]
    crs, crs_notes = system_of(parts[0].crs, around, geometry)
    encodings = list(dict.fromkeys(text.guess.encoding for text in texts))
    notes = [note for text in texts[:1] for note in (*text.guess.notes(), *text.notes)]
    return RawLayer(
        path=named,
        name=named.stem.removesuffix(".tar"),
        geometry=geometry,
        attributes=attributes,
        crs=crs,
        encoding=" + ".join(encodings),
        ids=ids,
        notes=(*notes, *crs_notes, *notes_of(around, len(ids))),
        unreadable=unreadable,
        repaired=repaired,
    )


def _one_column(parts: Sequence[Column]) -> Column:
    """Put geometries behind each other, flat where all of them are."""
    flat = [part for part in parts if isinstance(part, FlatGeometry)]
    if len(flat) == len(parts):
        return FlatGeometry.join(flat)
    return np.concatenate([np.asarray(part, dtype=object) for part in parts])


def _named(
    rows: dict[str, list[int]], start: int, ids: NDArray[np.object_]
) -> dict[str, list[str]]:
    return {reason: [str(ids[start + row]) for row in found] for reason, found in rows.items()}


def _ids(attributes: pa.Table, fids: list[Ints]) -> NDArray[np.object_]:
    """Call features by their own id where each has another one, else by their number."""
    rows = attributes.num_rows
    for name in _OWN_IDS:
        if name in attributes.column_names:
            column = attributes.column(name)
            if column.null_count == 0 and _all_differ(column):
                return _as_names(column)
    if all((part == np.arange(len(part))).all() for part in fids):
        return _as_names(pa.chunked_array([pa.array(np.arange(rows))]))
    return _as_names(pa.chunked_array([pa.array(part) for part in fids]))


def _all_differ(column: pa.ChunkedArray) -> bool:
    if pa.types.is_integer(column.type):
        numbers = column.to_numpy()
        if (numbers[1:] > numbers[:-1]).all():  # the usual case, and a quick one
            return True
    return bool(pc.count_distinct(column).as_py() == len(column))


def _as_names(column: pa.ChunkedArray) -> NDArray[np.object_]:
    if pa.types.is_integer(column.type) or pa.types.is_string(column.type):
        names: NDArray[np.object_] = column.cast(pa.string()).to_numpy()
        return names
    return as_objects([str(value) for value in column.to_pylist()])
