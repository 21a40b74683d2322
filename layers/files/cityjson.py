"""CityJSON 1.0 to 2.0, its sequences, and CityGML: buildings with surfaces, parts and parents."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError

from layers.errors import CityError
from layers.files import ogr
from layers.files.citygml import as_cityjson
from layers.files.cityjson_faces import Collector, Faces, build, footprints
from layers.files.columns import unique_name
from layers.files.raw import LayerInfo, Note, RawLayer, as_objects
from layers.frame import short_name
from layers.progress import Part, Progress
from layers.shapes import Floats, Ints

_FLAT_TYPES = {"MultiSurface", "CompositeSurface"}
_OWN_FIELDS = ("id", "type", "lod", "parent")


@dataclass(slots=True)
class Entry:
    """One city object and where its vertices start."""

    key: str
    thing: dict[str, Any]
    offset: int
    count: int

    @property
    def kind(self) -> str:
        """Its type, such as ``BuildingPart``."""
        return str(self.thing.get("type", "GenericCityObject"))

    @property
    def parent(self) -> str:
        """Key of the first object above it, empty for none."""
        parents = self.thing.get("parents")
        return str(parents[0]) if isinstance(parents, list) and parents else ""

    @property
    def geometries(self) -> list[dict[str, Any]]:
        """Its geometries, as far as they are any."""
        given = self.thing.get("geometry")
        return [g for g in given if isinstance(g, dict)] if isinstance(given, list) else []

    @property
    def attributes(self) -> dict[str, Any]:
        """Its attributes."""
        given = self.thing.get("attributes")
        return given if isinstance(given, dict) else {}


@dataclass(slots=True)
class Model:
    """All city objects of a file.

    Attributes
    ----------
    version : str
        Version the file names.
    crs : str or None
        Horizontal system, ``EPSG:...`` or WKT.
    entries : list of Entry
        Objects in the order of the file.
    vertices : (v, 3) float64
        Real coordinates.
    templates : list of dict
        Geometries that instances place several times.
    template_offset, template_count : int
        Where the vertices of templates start, and how many there are.
    notes : list of Note
        Remarks for the report.
    forms : dict of int to (vertices, template)
        Templates that were placed already, counting through their own vertices.
    """

    version: str
    crs: str | None
    entries: list[Entry]
    vertices: Floats
    templates: list[dict[str, Any]] = field(default_factory=list)
    template_offset: int = 0
    template_count: int = 0
    notes: list[Note] = field(default_factory=list)
    forms: dict[int, tuple[Floats, dict[str, Any]]] = field(default_factory=dict)


def list_cityjson(path: Path, encoding: str | None) -> list[LayerInfo]:
    """Tell of the groups of city objects in a file."""
    del encoding
    model = open_model(path)
    infos = []
    for name, entries in _groups(model).items():
        fields = dict.fromkeys((str(key), "string") for e in entries for key in e.attributes)
        family = "surface+polygon" if _is_detailed(name) else "polygon"
        infos.append(LayerInfo(name, family, len(entries), tuple(fields), model.crs, None))
    return infos


def read_cityjson(
    path: Path, layer: str | None, encoding: str | None, progress: Progress, limit: int | None
) -> RawLayer:
    """Read one group of city objects.

    Parameters
    ----------
    path : pathlib.Path
        CityJSON file or CityJSON text sequence.
    layer : str or None
        ``Building`` (the default where there are any), ``Road`` ...: the type of the
        objects at the top; what is below them (parts, installations) comes with them.
    encoding : str or None
        Not needed: texts are UTF-8.
    progress : Progress
        Told for each thousand objects.
    limit : int or None
        Stop after so many objects.

    Returns
    -------
    RawLayer
        Footprints from the ground surfaces, else from all surfaces seen from above;
        buildings and bridges also have their surfaces of the highest level of detail.

    Raises
    ------
    CityError
        ``file.damaged``, ``file.not_cityjson``, ``file.no_such_layer``.
    """
    del encoding
    progress.step(0, 0, "progress-reading")
    model = open_model(path)
    groups = _groups(model)
    if layer is None:
        layer = "Building" if "Building" in groups else next(iter(groups), "")
    if layer not in groups:
        raise ogr.no_such_layer(path, layer, list(groups))
    try:
        return _layer(path, layer, model, groups[layer][:limit], progress)
    except (
        KeyError,
        TypeError,
        ValueError,
        IndexError,
        AttributeError,
    ) as error:  # boundaries that are none
        raise ogr.damaged(path, error) from error


_last: dict[tuple[str, int, int], Model] = {}


def open_model(path: Path) -> Model:
    """Parse a file; the last one stays in memory until `forget`, for its other layers.

    Raises
    ------
    CityError
        ``file.damaged`` if it is no JSON, ``file.not_cityjson`` if it is another kind.
    """
    about = path.stat()
    key = (str(path), about.st_mtime_ns, about.st_size)
    if key not in _last:
        model = _parsed(path)
        _last.clear()
        _last[key] = model
        return model
    return _last[key]


def forget() -> None:
    """Let go of the last file that was parsed."""
    _last.clear()


def _parsed(path: Path) -> Model:
    data = path.read_bytes()
    if data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        city, remarks = as_cityjson(path)
        model = _model(city, [])
        model.notes.extend(remarks)
        return model
    try:
        root = json.loads(data)
        features: list[dict[str, Any]] = []
        broken = 0
    except ValueError as error:
        lines = [line for line in data.splitlines() if line.strip(b" \x1e")]
        parsed = [_feature(line.strip(b"\x1e")) for line in lines]
        if not parsed or parsed[0] is None or len(parsed) < 2:
            raise ogr.damaged(path, error) from error
        root, features = parsed[0], [feature for feature in parsed[1:] if feature is not None]
        broken = len(parsed) - 1 - len(features)
    if not isinstance(root, dict) or not (features or isinstance(root.get("CityObjects"), dict)):
        raise CityError(
            "file.not_cityjson",
            "The JSON file holds no city objects.",
            hint="give a CityJSON file of version 1.0 to 2.0",
            where=str(path),
            name=path.name,
        )
    if root.get("type") == "CityJSONFeature":
        raise CityError(
            "file.no_cityjson_header",
            "The first line of the text sequence, which tells scale and place, is missing.",
            hint="export it again, or put the line of type CityJSON back at the top",
            where=str(path),
            name=path.name,
        )
    try:
        model = _model(root, features)
        if broken:
            model.notes.append(Note("lines_unreadable", {"count": broken}))
        return model
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise ogr.damaged(path, error) from error


def _feature(line: bytes) -> dict[str, Any] | None:
    """Read one line of a text sequence; None where it is broken."""
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _model(root: dict[str, Any], features: list[dict[str, Any]]) -> Model:
    blocks = [root, *features]
    vertices: list[Floats] = []
    entries: list[Entry] = []
    offset = 0
    for block in blocks:
        points = _real(block.get("vertices") or [], block.get("transform") or root.get("transform"))
        for key, value in (block.get("CityObjects") or {}).items():
            thing = value if isinstance(value, dict) else {}
            entries.append(Entry(str(key), thing, offset, len(points)))
        vertices.append(points)
        offset += len(points)
    templates = root.get("geometry-templates") or {}
    shared = np.asarray(templates.get("vertices-templates") or [], dtype=float).reshape(-1, 3)
    crs, notes = _crs(root.get("metadata") or {})
    return Model(
        version=str(root.get("version", "")),
        crs=crs,
        entries=entries,
        vertices=np.concatenate([*vertices, shared]),
        templates=list(templates.get("templates") or []),
        template_offset=offset,
        template_count=len(shared),
        notes=notes,
    )


def _real(vertices: list[Any], transform: dict[str, Any] | None) -> Floats:
    points = np.asarray(vertices, dtype=np.float64).reshape(-1, 3)
    if not transform:
        return points
    return np.asarray(points * np.asarray(transform["scale"]) + np.asarray(transform["translate"]))


def _crs(metadata: dict[str, Any]) -> tuple[str | None, list[Note]]:
    """Read the system: ``urn:ogc:def:crs:EPSG::7415``, or a web address that ends the same way."""
    said = metadata.get("referenceSystem") or (metadata.get("crs") or {}).get("epsg")
    if not said:
        return None, []
    text = f"EPSG:{said}" if isinstance(said, int) else str(said)
    parts = [part for part in text.replace("/", ":").split(":") if part]
    if "," in text:  # urn:ogc:def:crs,crs:EPSG::4547,crs:EPSG::5737 joins plane and heights
        text = "+".join(f"EPSG:{code}" for code in re.findall(r"EPSG:[^,]*?(\d+)(?=,|$)", text))
    elif text.isdecimal():
        text = f"EPSG:{text}"
    elif len(parts) >= 3:
        text = f"{parts[-3] if parts[-2] == '0' else parts[-2]}:{parts[-1]}"
    try:
        crs = pyproj.CRS.from_user_input(text)
    except CRSError as error:
        return None, [Note("crs_unreadable", {"reason": str(error)[:120]})]
    if not crs.is_compound:
        return short_name(crs.to_2d()), []
    flat, vertical = crs.sub_crs_list[:2]
    return short_name(flat), [Note("height_datum", {"name": vertical.name})]


def _groups(model: Model) -> dict[str, list[Entry]]:
    """Sort objects by the type of the object at their top."""
    by_key = {entry.key: entry for entry in model.entries}
    groups: dict[str, list[Entry]] = {}
    for entry in model.entries:
        top, seen = entry, {entry.key}
        while top.parent in by_key and top.parent not in seen:
            seen.add(top.parent)
            top = by_key[top.parent]
        groups.setdefault(top.kind, []).append(entry)
    return groups


def _is_detailed(kind: str) -> bool:
    return kind.lstrip("+").startswith(("Building", "Bridge", "Tunnel"))


def _layer(
    path: Path, name: str, model: Model, entries: list[Entry], progress: Progress
) -> RawLayer:
    collected, lods, vertices = _collect(model, entries, Part(progress, 0.0, 0.5))
    faces = build(collected, vertices)
    ids = as_objects([entry.key for entry in entries])
    rows = {entry.key: row for row, entry in enumerate(entries)}
    parent = np.array([rows.get(entry.parent, -1) for entry in entries], dtype=np.int64)
    geometry = _geometry(model, entries, faces, Part(progress, 0.5, 1.0))
    inherited = _from_children(geometry, parent)
    notes = [*model.notes, *_lod_notes(lods)]
    if collected.left_out:
        notes.append(Note("faces_left_out", {"count": collected.left_out}))
    if inherited:
        notes.append(Note("outline_from_parts", {"count": inherited}))
    if extra := Counter(entry.kind for entry in entries if entry.kind.startswith("+")):
        kinds = ", ".join(extra)
        notes.append(Note("extension_objects", {"count": extra.total(), "kinds": kinds}))
    turned = ids[faces.turned].tolist()
    return RawLayer(
        path=path,
        name=name,
        geometry=geometry,
        attributes=_attributes(entries, lods),
        crs=model.crs,
        encoding=None,
        ids=ids,
        notes=tuple(notes),
        repaired={"shell_inside_out": turned} if turned else {},
        surfaces=faces.surfaces if _is_detailed(name) and len(faces.normal) else None,
        parent=parent if (parent >= 0).any() else None,
    )


def _lod_number(geometry: dict[str, Any]) -> float:
    try:
        return float(geometry.get("lod", 0))
    except (TypeError, ValueError):
        return 0.0


def _collect(
    model: Model, entries: list[Entry], progress: Progress
) -> tuple[Collector, list[str], Floats]:
    """Gather the faces of the highest level of detail of each object."""
    collected = Collector()
    placed: list[Floats] = []
    lods: list[str] = []
    next_vertex = len(model.vertices)
    for row, entry in enumerate(entries):
        if row % 1000 == 0:
            progress.step(row, len(entries), "progress-reading")
        geometries = entry.geometries
        solid = [g for g in geometries if _lod_number(g) >= 1 or g.get("type") not in _FLAT_TYPES]
        best = max((_lod_number(g) for g in solid), default=-1.0)
        lod = ""
        for geometry in solid:
            if _lod_number(geometry) != best:
                continue
            if geometry.get("type") == "GeometryInstance":
                points, template = _instance(model, entry, geometry)
                if template is not None:
                    collected.add(template, row, next_vertex, len(points))
                    placed.append(points)
                    next_vertex += len(points)
                    lod = str(template.get("lod", ""))
            elif collected.add(geometry, row, entry.offset, entry.count):
                lod = str(geometry.get("lod", ""))
        lods.append(lod)
    return collected, lods, np.concatenate([model.vertices, *placed])


def _instance(
    model: Model, entry: Entry, geometry: dict[str, Any]
) -> tuple[Floats, dict[str, Any] | None]:
    """Place a template: its vertices times the matrix, moved to the reference point."""
    number = geometry.get("template", -1)
    anchor = (geometry.get("boundaries") or [-1])[0]
    if not 0 <= number < len(model.templates) or not 0 <= anchor < entry.count:
        return np.zeros((0, 3)), None
    matrix = np.asarray(geometry.get("transformationMatrix") or np.eye(4).ravel(), dtype=float)
    matrix = matrix.reshape(4, 4)
    if number not in model.forms:
        model.forms[number] = _form(model, number)
    points, template = model.forms[number]
    turned = points @ matrix[:3, :3].T + matrix[:3, 3]
    return turned + model.vertices[entry.offset + anchor], template


def _form(model: Model, number: int) -> tuple[Floats, dict[str, Any]]:
    """Give a template with the vertices it uses alone: it may be placed thousands of times."""
    template = model.templates[number]
    boundaries = template.get("boundaries") or []
    used, at = np.unique(np.fromiter(_numbers(boundaries), dtype=np.int64), return_inverse=True)
    whole = model.vertices[model.template_offset : model.template_offset + model.template_count]
    if len(used) and not 0 <= used[0] <= used[-1] < model.template_count:
        return whole, template  # faces with corners nowhere are left out and counted later
    numbers = iter(at.tolist())
    points = whole[used]
    return points, {**template, "boundaries": _renumbered(boundaries, numbers)}


def _numbers(boundaries: Any) -> Iterator[int]:
    for item in boundaries:
        if isinstance(item, list):
            yield from _numbers(item)
        else:
            yield int(item)


def _renumbered(boundaries: Any, numbers: Iterator[int]) -> list[Any]:
    return [
        _renumbered(item, numbers) if isinstance(item, list) else next(numbers)
        for item in boundaries
    ]


def _geometry(
    model: Model, entries: list[Entry], faces: Faces, progress: Progress
) -> NDArray[np.object_]:
    progress.step(0, 2, "progress-reading")
    metric = np.abs(faces.surfaces.coords[:, :2]).max(initial=0.0) > 400.0
    grid = 1e-3 if metric else 1e-8
    geometry = footprints(faces, len(entries), grid=grid)
    progress.step(1, 2, "progress-reading")
    missing = np.flatnonzero(shapely.is_missing(geometry))
    outlines = Collector()
    for row in missing:
        _flat_outline(outlines, entries[row], int(row))
    if outlines.face_rings:
        flat = footprints(build(outlines, model.vertices), len(entries), grid=grid)
        geometry[missing] = flat[missing]
    for row in np.flatnonzero(shapely.is_missing(geometry)):
        geometry[row] = _lines_or_points(model, entries[row])
    return geometry


def _flat_outline(collected: Collector, entry: Entry, row: int) -> None:
    """Take the lowest level of detail that has surfaces: a drawn footprint or roof edge."""
    for geometry in sorted(entry.geometries, key=_lod_number):
        if collected.add(geometry, row, entry.offset, entry.count):
            return


def _lines_or_points(model: Model, entry: Entry) -> Any:
    for geometry in entry.geometries:
        boundaries = geometry.get("boundaries") or []
        if geometry.get("type") == "MultiPoint" and boundaries:
            return shapely.MultiPoint(model.vertices[np.asarray(boundaries) + entry.offset])
        if geometry.get("type") == "MultiLineString" and boundaries:
            lines = [model.vertices[np.asarray(line) + entry.offset] for line in boundaries]
            return shapely.MultiLineString([line for line in lines if len(line) > 1])
    return None


def _from_children(geometry: NDArray[np.object_], parent: Ints) -> int:
    """Give objects without a shape of their own the outline of what is below them."""
    missing = set(np.flatnonzero(shapely.is_missing(geometry)).tolist()) & set(parent.tolist())
    filled = 0
    for row in missing:
        children = geometry[parent == row]
        children = children[~shapely.is_missing(children)]
        children = children[np.isin(shapely.get_type_id(children), (3, 6))]
        if len(children):
            geometry[row] = shapely.union_all(shapely.make_valid(children))
            filled += 1
    return filled


def _lod_notes(lods: list[str]) -> list[Note]:
    counted = Counter(lod for lod in lods if lod)
    told = ", ".join(f"{lod} ({count})" for lod, count in sorted(counted.items()))
    return [Note("lod_used", {"lods": told})] if told else []


def _attributes(entries: list[Entry], lods: list[str]) -> pa.Table:
    names: list[str] = list(_OWN_FIELDS)
    columns: list[pa.Array] = [
        pa.array([entry.key for entry in entries], pa.string()),
        pa.array([entry.kind for entry in entries], pa.string()),
        pa.array([lod or None for lod in lods], pa.string()),
        pa.array([entry.parent or None for entry in entries], pa.string()),
    ]
    given = [entry.attributes for entry in entries]
    for key in dict.fromkeys(str(key) for row in given for key in row):
        names.append(unique_name(key, names))
        columns.append(_column([row.get(key) for row in given]))
    return pa.Table.from_arrays(columns, names=names)


def _column(values: Iterable[Any]) -> pa.Array:
    """Give values of JSON the plainest type that holds them all."""
    known = list(values)
    kinds = {type(value) for value in known if value is not None}
    if kinds == {bool}:
        return pa.array(known, pa.bool_())
    if kinds == {int} and all(abs(value) < 2**63 for value in known if value is not None):
        return pa.array(known, pa.int64())
    if kinds and kinds <= {int, float}:
        return pa.array([None if v is None else float(v) for v in known], pa.float64())
    texts = [
        v if v is None or isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in known
    ]
    return pa.array(texts, pa.string())
