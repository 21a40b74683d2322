"""A chosen part of the city as CityJSON 2.0 or a CityJSON text sequence, one object at a time.

References
----------
.. [1] H. Ledoux, B. Dukai (eds.), "CityJSON 2.0 Specifications", 2023: 3.2 geometry objects,
   4 transform object, 5 metadata.
.. [2] F. Biljecki, H. Ledoux, J. Stoter, "An improved LOD specification for 3D building models",
   Computers, Environment and Urban Systems 59, 25-37, 2016: LOD 1.2, 1.3 and 2.2.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from layers.errors import CityError
from layers.files.city_choice import Choice, Chosen
from layers.files.city_export import Written, crs_code, new_file
from layers.files.cityjson_models import Templates, plain
from layers.frame import Frame
from layers.kinds.buildings import MEANINGS
from layers.object_table import as_texts
from layers.progress import Progress, Silent
from layers.shapes import Floats, Ints, starts_of

SCALE = 0.001  # metres a step of the whole numbers is
SEQUENCE = (".jsonl", ".ndjson")
SUFFIXES = (".json", ".cityjson", *SEQUENCE)
TELL_EVERY = 500  # buildings between two steps of progress
#: What a surface is called, by its place in ``MEANINGS``.
_SURFACES = {
    "wall": "WallSurface", "roof": "RoofSurface", "ground": "GroundSurface",
    "closure": "ClosureSurface", "floor": "OuterFloorSurface", "ceiling": "OuterCeilingSurface",
    "window": "Window", "door": "Door",
}  # fmt: skip
_OWN = ("id", "type", "lod", "parent")  # columns that came from a CityJSON file's structure


@dataclass(slots=True)
class _Thing:
    """A feature to write: its objects, by position in the layer."""

    key: str
    rows: list[int]
    parts: list[tuple[str, int]]


def write_cityjson(
    frame: Frame,
    chosen: Choice,
    path: Path,
    progress: Progress | None = None,
    *,
    title: str = "",
    overwrite: bool = False,
) -> Written:
    """Write buildings with their parts, attributes and surfaces, and hand-made models.

    A block becomes a solid of LOD 1.2 with ground, roof and walls, of LOD 1.3 where the
    building has parts; detailed surfaces are written as they are with their meanings, as a
    solid where they close. A building whose parts are drawn in its place has its footprint as
    LOD 0. A model is a generic object that places a template, in the mean colours of its
    pictures. Coordinates are rounded to millimetres.

    Parameters
    ----------
    frame : Frame
        The project's coordinate system.
    chosen : Choice
        From `layers.files.city_choice.choose`.
    path : pathlib.Path
        ``.json`` (``.city.json``) for one object, ``.jsonl`` for a text sequence of which readers
        need only a line at a time; appears whole or not at all.
    progress : Progress or None
        Is told how far it is.
    title : str
        Title for the metadata.
    overwrite : bool
        Whether a file may be replaced.

    Raises
    ------
    CityError
        ``export.cityjson_suffix``, ``export.exists`` and the like.
    """
    _check_suffix(path)
    told = progress or Silent()
    box = chosen.extent()
    shift = np.floor(box[:3])
    buildings, taken = chosen.count(), set[str]()
    total, done = sum(len(one.rows) for one in chosen), 0
    templates = Templates(chosen.models, SCALE, shift, taken)
    head = {**_head(frame, box, shift, title), **templates.head}
    sequence = path.suffix.lower() in SEQUENCE
    with new_file(path, overwrite=overwrite) as beside, _Sink(beside, head, sequence) as sink:
        for one in chosen.buildings:
            maker = _Maker(one, shift, taken, alone=len(list(chosen)) == 1)
            for number, thing in enumerate(maker.things()):
                if number % TELL_EVERY == 0:
                    told.step(done, total, "progress-exporting")
                objects, vertices = maker.objects(thing)
                sink.add(thing.key, objects, vertices)
                done += len(thing.rows) + len(thing.parts)
        for number, (key, placed, vertices) in enumerate(templates.objects()):
            if number % TELL_EVERY == 0:
                told.step(buildings + number, total, "progress-exporting")
            sink.add(key, placed, vertices)
        sink.finish()
        told.step(total, total, "progress-exporting")
        size = beside.stat().st_size
    notes = () if crs_code(frame) else ("no_crs_code",)
    if templates.pictures:
        notes = (*notes, "no_textures")
    return Written(
        path, buildings, 1, size, 0, notes, templates.count("models"), templates.count("trees"),
        (*chosen.left_out, *templates.flat),
    )  # fmt: skip


def _check_suffix(path: Path) -> None:
    if path.suffix.lower() not in SUFFIXES:
        raise CityError(
            "export.cityjson_suffix",
            f"CityJSON cannot be written as '{path.suffix or path.name}'.",
            hint="use .json, or .jsonl for a text sequence",
            where=path.name,
            suffix=path.suffix or path.name,
        )


def _head(frame: Frame, box: Floats, shift: Floats, title: str) -> dict[str, Any]:
    metadata: dict[str, Any] = {"geographicalExtent": [round(float(v), 3) for v in box]}
    if title:
        metadata["title"] = title
    if code := crs_code(frame):
        number = code.removeprefix("EPSG:")
        metadata["referenceSystem"] = f"https://www.opengis.net/def/crs/EPSG/0/{number}"
    return {
        "type": "CityJSON",
        "version": "2.0",
        "metadata": metadata,
        "transform": {"scale": [SCALE] * 3, "translate": [float(v) for v in shift]},
    }


class _Sink:
    """The file: objects go out as they come, vertices after all of them or line by line."""

    def __init__(self, path: Path, head: dict[str, Any], sequence: bool) -> None:
        self._path, self._head, self._sequence = path, head, sequence
        self._count = 0
        self._first = True

    def __enter__(self) -> _Sink:
        self._file: IO[str] = self._path.open("w", encoding="utf-8", newline="\n")
        self._vertices: IO[str] = tempfile.SpooledTemporaryFile(
            max_size=32 << 20, mode="w+", encoding="utf-8"
        )
        if self._sequence:
            self._file.write(_text({**self._head, "CityObjects": {}, "vertices": []}) + "\n")
        else:
            self._file.write(_text(self._head)[:-1] + ',"CityObjects":{')
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._vertices.close()

    def add(self, key: str, objects: dict[str, Any], vertices: list[list[int]]) -> None:
        """Write a building with its parts; boundaries count through `vertices`."""
        if self._sequence:
            feature = {
                "type": "CityJSONFeature", "id": key, "CityObjects": objects,
                "vertices": vertices,
            }  # fmt: skip
            self._file.write(_text(feature) + "\n")
            return
        for thing in objects.values():
            for geometry in thing.get("geometry", ()):
                geometry["boundaries"] = _moved(geometry["boundaries"], self._count)
        text = _text(objects)[1:-1]
        self._file.write(text if self._first else f",\n{text}")
        if vertices:
            text = _text(vertices)[1:-1]
            self._vertices.write(text if self._count == 0 else f",{text}")
        self._count += len(vertices)
        self._first = False

    def finish(self) -> None:
        """Write what comes last."""
        if not self._sequence:
            self._end()
        self._file.flush()

    def _end(self) -> None:
        self._file.write('},\n"vertices":[')
        self._vertices.seek(0)
        while block := self._vertices.read(1 << 20):
            self._file.write(block)
        self._file.write("]}\n")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _moved(boundaries: Any, by: int) -> Any:
    if isinstance(boundaries, int):
        return boundaries + by
    return [_moved(item, by) for item in boundaries]


class _Maker:
    """Makes the objects of one layer.

    Parameters
    ----------
    chosen : Chosen
        Of the layer.
    shift : (3,) float64
        What coordinates are counted from.
    taken : set of str
        Keys that are used already; grows.
    alone : bool
        Whether no other layer is written.
    """

    def __init__(
        self, chosen: Chosen, shift: Floats, taken: set[str], *, alone: bool = False
    ) -> None:
        self._chosen, self._data, self._taken = chosen, chosen.data, taken
        data = self._data
        base = chosen.base
        self._shift = shift
        self._low = np.round((base + data.min_height - shift[2]) / SCALE).astype(np.int64)
        self._high = np.round((base + data.height - shift[2]) / SCALE).astype(np.int64)
        owner = np.zeros(0, dtype=np.int64)
        if data.surfaces is not None and len(data.surfaces.owner):
            owner = data.index_of(data.surfaces.owner)
        self._faces = np.argsort(owner, kind="stable")
        self._first_face = starts_of(np.bincount(owner, minlength=len(data)))
        names = data.attributes.column_names
        self._structured = all(name in names for name in _OWN)
        self._names = [n for n in names if not (self._structured and n in _OWN)]
        self._attributes = data.attributes.select(self._names)
        self._numbered = alone and not self._structured

    def _own(self, name: str, row: int) -> str | None:
        """Give what a file itself said of the object of a row."""
        if not self._structured:
            return None
        value = self._data.attributes.column(name).slice(int(self._data.feature[row]), 1)
        told: list[str | None] = as_texts(value.combine_chunks()).to_pylist()
        return told[0]

    def things(self) -> Iterator[_Thing]:
        """Group objects to features, parts below their buildings, in the order of the layer."""
        data, rows = self._data, self._chosen.rows
        above = self._above(rows[data.part_of[rows] > 0])
        parts = np.array(sorted(above), dtype=np.int64)
        tops = np.setdiff1d(rows, parts)
        if above:  # a part is nothing without its building
            tops = np.union1d(tops, np.setdiff1d(np.array(list(above.values())), parts))
        below: dict[int, list[int]] = {}
        for row in parts.tolist():
            top, seen = above[row], {row}
            while top in above and top not in seen:
                seen.add(top)
                top = above[top]
            below.setdefault(int(data.feature[top]), []).append(row)
        _, first, group = np.unique(data.feature[tops], return_index=True, return_inverse=True)
        tops = tops[np.argsort(first[group], kind="stable")]
        ends = np.flatnonzero(np.diff(data.feature[tops])) + 1
        start = 0
        for end in [*ends.tolist(), len(tops)]:
            mine = tops[start:end].tolist()
            start = end
            if not mine:
                continue
            key = self._key(mine[0])
            under = below.get(int(data.feature[mine[0]]), ())
            yield _Thing(key, mine, [(self._key(row, key), row) for row in under])

    def _above(self, parts: Ints) -> dict[int, int]:
        """Give the row of the building each of some parts belongs to, where it is known."""
        if not len(parts):
            return {}
        order = np.argsort(self._data.ids, kind="stable")
        wanted = self._data.part_of[parts]
        at = np.minimum(np.searchsorted(self._data.ids[order], wanted), len(order) - 1)
        up = order[at]
        known = (self._data.ids[up] == wanted) & (up != parts)
        return dict(zip(parts[known].tolist(), up[known].tolist(), strict=True))

    def _key(self, row: int, above: str = "") -> str:
        """Give an object a key of its own: the file's, else its number."""
        number = int(self._data.ids[row])
        key = self._own("id", row) or (f"{above or self._chosen.name}-{number}")
        if self._numbered:
            return key  # numbers differ: nothing has to be remembered of a million of them
        while key in self._taken:
            key = f"{key}-{number}"
        self._taken.add(key)
        return key

    def objects(self, thing: _Thing) -> tuple[dict[str, Any], list[list[int]]]:
        """Give the city objects of a feature and their vertices."""
        vertices: dict[tuple[int, int, int], int] = {}
        parted = bool(thing.parts)
        top: dict[str, Any] = {"type": "Building"}
        out = {thing.key: top}
        self._describe(top, thing.rows[0])
        geometry = self._geometry(thing.rows, vertices, parted=parted)
        if geometry:
            top["geometry"] = geometry
        if parted:
            top["children"] = [key for key, _ in thing.parts]
        for key, row in thing.parts:
            part: dict[str, Any] = {"type": "BuildingPart", "parents": [thing.key]}
            self._describe(part, row)
            if geometry := self._geometry([row], vertices, parted=True):
                part["geometry"] = geometry
            out[key] = part
        return out, [list(vertex) for vertex in vertices]

    def _describe(self, out: dict[str, Any], row: int) -> None:
        line = self._attributes.slice(int(self._data.feature[row]), 1).to_pydict()
        told = {name: plain(values[0]) for name, values in line.items()}
        told = {name: value for name, value in told.items() if value is not None}
        if told:
            out["attributes"] = told

    def _geometry(
        self, rows: list[int], vertices: dict[tuple[int, int, int], int], *, parted: bool
    ) -> list[dict[str, Any]]:
        drawn = [row for row in rows if self._data.drawn[row]]
        if not drawn:
            plates = [self._plate(row, vertices) for row in rows]
            return [{"type": "MultiSurface", "lod": "0", "boundaries": plates}]
        detailed = [row for row in drawn if self._detailed(row)]
        out = [self._surfaces(row, vertices) for row in detailed]
        blocks = [self._block(row, vertices) for row in drawn if not self._detailed(row)]
        if not blocks:
            return out
        lod = "1.3" if parted else "1.2"
        meant = {"surfaces": [{"type": _SURFACES[name]} for name in ("ground", "roof", "wall")]}
        # A building of several blocks has several solids: the schema allows it no MultiSolid.
        out += [
            {
                "type": "Solid", "lod": lod, "boundaries": [shell],
                "semantics": {**meant, "values": [[0, 1, *[2] * (len(shell) - 2)]]},
            }
            for shell in blocks
        ]  # fmt: skip
        return out

    def _detailed(self, row: int) -> bool:
        return bool(self._first_face[row + 1] > self._first_face[row])

    def _rings(self, row: int) -> list[list[tuple[int, int]]]:
        """Give the rings of a footprint in whole steps, without corners that fall together."""
        shapes = self._data.shapes
        out = []
        for ring in range(shapes.shape_start[row], shapes.shape_start[row + 1]):
            points = shapes.coords[shapes.ring_start[ring] : shapes.ring_start[ring + 1]]
            points = np.round((points - self._shift[:2]) / SCALE).astype(np.int64)
            keep = (points != np.roll(points, 1, axis=0)).any(axis=1)
            if keep.sum() >= 3:
                out.append([(int(x), int(y)) for x, y in points[keep]])
        return out

    def _plate(self, row: int, vertices: dict[tuple[int, int, int], int]) -> list[list[int]]:
        low = int(self._low[row])
        return [[_number(vertices, (x, y, low)) for x, y in ring] for ring in self._rings(row)]

    def _block(self, row: int, vertices: dict[tuple[int, int, int], int]) -> list[list[list[int]]]:
        """Give the shell of a block: ground, roof, walls."""
        low, high = int(self._low[row]), int(self._high[row])
        rings = self._rings(row)
        below = [[_number(vertices, (x, y, low)) for x, y in ring] for ring in rings]
        above = [[_number(vertices, (x, y, high)) for x, y in ring] for ring in rings]
        walls = [
            [[down[i], down[j], up[j], up[i]]]
            for down, up in zip(below, above, strict=True)
            for i, j in ((i, (i + 1) % len(down)) for i in range(len(down)))
        ]
        return [[ring[::-1] for ring in below], above, *walls]

    def _surfaces(self, row: int, vertices: dict[tuple[int, int, int], int]) -> dict[str, Any]:
        """Give detailed surfaces with their meanings, as a solid where they close."""
        surfaces = self._data.surfaces
        assert surfaces is not None
        boundaries: list[list[list[int]]] = []
        codes: list[int] = []
        mine = self._faces[self._first_face[row] : self._first_face[row + 1]]
        for face in mine.tolist():
            rings = []
            for ring in range(surfaces.face_start[face], surfaces.face_start[face + 1]):
                points = surfaces.coords[surfaces.ring_start[ring] : surfaces.ring_start[ring + 1]]
                points = np.round((points - self._shift) / SCALE).astype(np.int64)
                keep = (points != np.roll(points, 1, axis=0)).any(axis=1)
                if keep.sum() >= 3:
                    rings.append([_number(vertices, tuple(p)) for p in points[keep].tolist()])
                elif not rings:
                    break  # a face that is a line at a millimetre is none
            if rings:
                boundaries.append(rings)
                codes.append(int(surfaces.meaning[face]))
        kinds = sorted({code for code in codes if MEANINGS[code] in _SURFACES})
        values = [kinds.index(code) if code in kinds else None for code in codes]
        solid = _closes(boundaries)
        semantics = {
            "surfaces": [{"type": _SURFACES[MEANINGS[code]]} for code in kinds],
            "values": [values] if solid else values,
        }
        lod = self._own("lod", row) or "2"
        return {
            "type": "Solid" if solid else "MultiSurface",
            "lod": lod,
            "boundaries": [boundaries] if solid else boundaries,
            "semantics": semantics,
        }


def _number(vertices: dict[tuple[int, int, int], int], vertex: Any) -> int:
    """Give the number of a vertex, a new one where it is new."""
    return vertices.setdefault(vertex, len(vertices))


def _closes(boundaries: list[list[list[int]]]) -> bool:
    """Say whether each edge of the faces is met by one edge the other way."""
    edges: set[tuple[int, int]] = set()
    for rings in boundaries:
        for ring in rings:
            for edge in zip(ring, ring[1:] + ring[:1], strict=True):
                if edge in edges:
                    return False
                edges.add(edge)
    return bool(edges) and all((b, a) in edges for a, b in edges)
