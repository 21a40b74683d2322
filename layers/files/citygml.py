"""CityGML 1.0 to 3.0, handed on as CityJSON: buildings with surfaces, parts under their parents.

Elements are known by their local names: the versions differ in namespaces above all.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from layers.errors import CityError
from layers.files import ogr
from layers.files.markup import readable
from layers.files.raw import Note
from layers.frame import read_crs

#: Children of a city object that are objects of their own, and belong to it.
_PARTS = {
    "BuildingPart", "BuildingInstallation", "BuildingConstructiveElement", "BridgePart",
    "BridgeInstallation", "BridgeConstructionElement", "BridgeConstructiveElement", "TunnelPart",
    "TunnelInstallation", "TrafficArea", "AuxiliaryTrafficArea",
}  # fmt: skip
_SURFACES = {
    "WallSurface", "RoofSurface", "GroundSurface", "ClosureSurface", "OuterFloorSurface",
    "OuterCeilingSurface", "WaterSurface", "WaterGroundSurface", "Window", "Door",
    "WindowSurface", "DoorSurface",
}  # fmt: skip
_MEMBERS = {"cityObjectMember", "featureMember"}
_GROUPS = {"CityObjectGroup", "Appearance", "ReliefFeature"}  # hold no shapes of things
_GEOMETRY = re.compile(r"lod(\d)(Solid|MultiSurface|Surface|Geometry|FootPrint|RoofEdge)$")
_GENERIC = re.compile(r"(string|int|double|date|uri|measure)Attribute$", re.IGNORECASE)
_FACES = {"Polygon", "PolygonPatch", "Triangle", "Rectangle"}
_HREF = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")
#: How German surveys call their systems: zone of UTM on ETRS89, of Gauss-Krueger on DHDN.
_UTM, _GAUSS = re.compile(r"ETRS89_UTM(3[123])"), re.compile(r"DHDN_3GK([2-5])")


@dataclass(slots=True)
class _City:
    """What was found so far, as CityJSON holds it."""

    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    vertices: list[tuple[float, float, float]] = field(default_factory=list)
    system: str = ""
    dimension: int = 3
    lost: int = 0  # links to faces that are not there

    def key(self, element: Element) -> str:
        """Name an object by its id, made unique."""
        given = next((v for k, v in element.attrib.items() if _local(k) == "id"), "")
        name = given or f"{_local(element.tag)} {len(self.things) + 1}"
        return name if name not in self.things else f"{name} {len(self.things) + 1}"


def as_cityjson(path: Path) -> tuple[dict[str, Any], list[Note]]:
    """Read a CityGML file.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    dict
        The city as the root of a CityJSON file, its vertices as real coordinates; longitude
        stands before latitude.
    list of Note
        Remarks.

    Raises
    ------
    CityError
        ``file.damaged`` if it is no whole XML.
    """
    city = _City()
    try:
        with readable(path) as copy:
            _read(city, copy)
    except (ET.ParseError, ValueError) as error:
        raise ogr.damaged(path, error) from error
    system = _system(city.system)
    vertices: list[Any] = city.vertices
    if _is_latitude_first(city.system):
        vertices = [(y, x, z) for x, y, z in vertices]
    notes = [Note("links_unresolved", {"count": city.lost})] if city.lost else []
    root = {
        "type": "CityJSON",
        "version": "2.0",
        "CityObjects": city.things,
        "vertices": vertices,
        "metadata": {"referenceSystem": system} if system else {},
    }
    return root, notes


def _read(city: _City, path: Path) -> None:
    for event, element in ET.iterparse(path, events=("start", "end")):
        if not city.system and "srsName" in element.attrib:
            city.system = element.attrib["srsName"]
        if event == "start":
            continue
        name = _local(element.tag)
        if name == "Envelope" and "srsDimension" in element.attrib:
            city.dimension = int(element.attrib["srsDimension"])
        elif name in _MEMBERS:
            for thing in element:
                if _local(thing.tag) not in _GROUPS:
                    _add(city, thing, "", _polygons_by_id(thing))
            element.clear()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _system(name: str) -> str:
    """Give a system as EPSG code where surveys have a name of their own for it.

    >>> _system("urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH"), _system("EPSG:25833")
    ('EPSG:25832', 'EPSG:25833')
    """
    if utm := _UTM.search(name):
        return f"EPSG:258{utm[1]}"
    if gauss := _GAUSS.search(name):
        return f"EPSG:{31464 + int(gauss[1])}"
    return name


def _is_latitude_first(name: str) -> bool:
    """Say whether a system is named in the way that keeps its own order, latitude first.

    >>> _is_latitude_first("urn:ogc:def:crs:EPSG::6697"), _is_latitude_first("EPSG:4326")
    (True, False)
    """
    code = re.search(r"EPSG\D+(?:0/)?(\d{4,6})", name)
    if code is None or not name.lower().startswith(("urn:ogc", "http")):
        return False
    try:
        crs = read_crs(code[1])
    except CityError:  # whoever reads the system's name is told
        return False
    return crs.is_geographic and crs.axis_info[0].direction == "north"


def _polygons_by_id(thing: Element) -> dict[str, Element]:
    found = {}
    for element in thing.iter():
        if _local(element.tag) in _FACES or _local(element.tag).endswith("Surface"):
            for key, value in element.attrib.items():
                if _local(key) == "id":
                    found[value] = element
    return found


def _add(city: _City, thing: Element, parent: str, known: dict[str, Element]) -> None:
    """Take over one object and what belongs to it."""
    key = city.key(thing)
    made: dict[str, Any] = {"type": _local(thing.tag), "attributes": _attributes(thing)}
    if parent:
        made["parents"] = [parent]
    city.things[key] = made
    made["geometry"] = _geometries(city, thing, known)
    for part in thing:
        for child in part:
            if _local(child.tag) in _PARTS:
                _add(city, child, key, known)


def _attributes(thing: Element) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for child in thing:
        name = _local(child.tag)
        if len(child) == 0 and (child.text or "").strip():
            out.setdefault(name, _value(child.text or ""))
        elif name == "address":
            words = (text.strip() for text in child.itertext())
            out["address"] = " ".join(word for word in words if word)
        elif name == "height" and (measured := _height(child)) is not None:
            out.setdefault("measuredHeight", measured)
        elif name not in {"boundedBy", "boundary"} and not name.startswith(("lod", "consistsOf")):
            out.update(_generic(child))
    return out


def _height(element: Element) -> Any:
    """Give the value of a height as CityGML 3 writes it, in metres."""
    for value in element.iter():
        if _local(value.tag) == "value" and (value.text or "").strip():
            return _value(value.text or "")
    return None


def _generic(element: Element) -> dict[str, Any]:
    """Read generic attributes, of which each has a name and a value, also sets of them."""
    out: dict[str, Any] = {}
    for one in element.iter():
        if not _GENERIC.search(_local(one.tag)):
            continue
        values = {_local(child.tag): child.text or "" for child in one}
        name = one.attrib.get("name") or values.get("name", "")
        if name and values.get("value", "").strip():
            out[name.strip()] = _value(values["value"])
    return out


def _value(text: str) -> Any:
    """Give a number as such; codes with leading zeros stay text.

    >>> _value("12.50"), _value("3"), _value("007")
    (12.5, 3, '007')
    """
    text = text.strip()
    if not _NUMBER.fullmatch(text) or len(text) > 17:
        return text
    return int(text) if text.lstrip("-").isdecimal() else float(text)


def _geometries(city: _City, thing: Element, known: dict[str, Element]) -> list[dict[str, Any]]:
    """Give the shapes of one object, one for each level of detail."""
    faces: dict[str, list[tuple[Element, str]]] = {}
    plain: dict[str, list[tuple[Element, str]]] = {}
    solid: set[str] = set()
    for child in thing:
        name = _local(child.tag)
        if name in {"boundedBy", "boundary"}:
            for surface in child:
                if _local(surface.tag) in _SURFACES:
                    _of_surface(city, surface, known, faces)
        elif match := _GEOMETRY.match(name):
            level = match[1]
            plain.setdefault(level, []).extend((f, "") for f in _faces(city, child, known))
            if match[2] == "Solid":
                solid.add(level)
    out = []
    for level in sorted({*faces, *plain}):
        chosen = faces.get(level) or plain.get(level, [])
        if made := _geometry(city, level, chosen, closed=level in solid):
            out.append(made)
    return out


def _of_surface(
    city: _City,
    surface: Element,
    known: dict[str, Element],
    faces: dict[str, list[tuple[Element, str]]],
) -> None:
    """Take the faces of a wall, a roof, and of the windows and doors in it."""
    meaning = _local(surface.tag)
    for child in surface:
        if match := _GEOMETRY.match(_local(child.tag)):
            found = [(face, meaning) for face in _faces(city, child, known)]
            faces.setdefault(match[1], []).extend(found)
        for inner in child:
            if _local(inner.tag) in _SURFACES:
                _of_surface(city, inner, known, faces)


def _faces(city: _City, element: Element, known: dict[str, Element]) -> Iterator[Element]:
    """Give the faces under an element, those it only points to included."""
    for one in element.iter():
        if _local(one.tag) in _FACES:
            yield one
        elif _HREF in one.attrib and _local(one.tag).endswith(("urfaceMember", "member")):
            target = known.get(one.attrib[_HREF].removeprefix("#"))
            if target is None:
                city.lost += 1
            elif _local(target.tag) in _FACES:
                yield target
            else:
                yield from _faces(city, target, known)


def _geometry(
    city: _City, level: str, faces: list[tuple[Element, str]], *, closed: bool
) -> dict[str, Any] | None:
    boundaries: list[list[list[int]]] = []
    values: list[int | None] = []
    meanings: list[str] = []
    seen: set[int] = set()
    for face, meaning in faces:
        if id(face) in seen:
            continue
        seen.add(id(face))
        rings = [ring for ring in _rings(city, face) if ring]
        if not rings:
            continue
        boundaries.append(rings)
        if meaning and meaning not in meanings:
            meanings.append(meaning)
        values.append(meanings.index(meaning) if meaning else None)
    if not boundaries:
        return None
    said: list[Any] = values
    if closed:
        said = [values]
    return {
        "type": "Solid" if closed else "MultiSurface",
        "lod": level,
        "boundaries": [boundaries] if closed else boundaries,
        "semantics": {"surfaces": [{"type": name} for name in meanings], "values": said},
    }


def _rings(city: _City, face: Element) -> Iterator[list[int]]:
    """Give the rings of a face as positions of new vertices, the outer one first."""
    for ring in face.iter():
        if _local(ring.tag) == "LinearRing":
            points = _points(ring, city.dimension)
            if len(points) > 1 and points[0] == points[-1]:
                points = points[:-1]
            first = len(city.vertices)
            city.vertices.extend(points)
            yield list(range(first, first + len(points)))


def _points(ring: Element, dimension: int) -> list[tuple[float, float, float]]:
    numbers: list[float] = []
    size = dimension
    for element in ring.iter():
        name, text = _local(element.tag), element.text or ""
        if name in {"posList", "pos"}:
            size = int(element.attrib.get("srsDimension", size))
            part = [float(word) for word in text.split()]
            size = len(part) if name == "pos" else size
            numbers += part
        elif name == "coordinates":  # x,y,z x,y,z as in GML 2
            words = text.split()
            size = words[0].count(",") + 1 if words else size
            numbers += [float(number) for word in words for number in word.split(",")]
    if len(numbers) % size and len(numbers) % 2 == 0:
        size = 2
    count = len(numbers) // size
    flat = [tuple(numbers[i * size : (i + 1) * size]) for i in range(count)]
    return [(p[0], p[1], p[2] if size > 2 else 0.0) for p in flat]
