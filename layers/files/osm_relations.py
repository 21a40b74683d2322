"""What hangs on what in an extract of OpenStreetMap: parts of buildings, and what is missing.

GDAL gives the shapes of an extract but not the members of its relations, so the relations
of type ``building`` are looked up in the file itself, and with them areas whose ways, or
whose corners, were left outside when the extract was cut. The layout of the binary format:
https://wiki.openstreetmap.org/wiki/PBF_Format.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from layers.progress import Progress

_KINDS = ("node", "way", "relation")
_WAYS, _RELATIONS = 3, 4  # numbers of the fields of a group that hold them
_LOOKED_AT = 64 << 20  # bytes of a binary extract up to which ways are counted, too
_AREAS = ("multipolygon",)  # boundaries run out of every extract


Members = list[tuple[str, str]]


@dataclass(slots=True)
class Structure:
    """What hangs on what in an extract.

    Attributes
    ----------
    parts : dict of str to str
        Part to outline, both like ``way/2291``.
    open_ways : set of str
        Closed ways of which the extract has not all corners; not known of binary extracts.
    open_areas : list of str
        Areas made of several ways of which the extract has not all.
    """

    parts: dict[str, str] = field(default_factory=dict)
    open_ways: set[str] = field(default_factory=set)
    open_areas: list[str] = field(default_factory=list)


def structure_of(path: Path, progress: Progress) -> Structure:
    """Find the parts of buildings, and what is missing.

    Parameters
    ----------
    path : pathlib.Path
        An extract, .osm.pbf or .osm.
    progress : Progress
        Told in bytes; may stop the search.

    Returns
    -------
    Structure
        Relations without an outline say nothing. Empty where the file cannot be understood:
        then the shapes alone decide.
    """
    with path.open("rb") as file:
        head = file.read(64)
    ways: set[int] = set()
    found = Structure()
    whole = b"OSMHeader" not in head or path.stat().st_size <= _LOOKED_AT
    if b"OSMHeader" in head:
        relations = list(_from_pbf(path, progress, ways if whole else None))
    else:
        relations = list(_from_xml(path, progress, ways, found.open_ways))
    for relation in relations:
        if relation.kind == "building":
            outlines = [name for name, role in relation.members if role == "outline"]
            if outlines:
                parts = [name for name, role in relation.members if role == "part"]
                found.parts.update(dict.fromkeys(parts, outlines[0]))
        elif whole and not all(_is_there(name, ways) for name, _ in relation.members):
            found.open_areas.append(relation.name)
    return found


def _is_there(name: str, ways: set[int]) -> bool:
    kind, _, number = name.partition("/")
    return kind != "way" or int(number) in ways


@dataclass(frozen=True, slots=True)
class _Relation:
    name: str
    kind: str
    members: Members


def _from_xml(
    path: Path, progress: Progress, ways: set[int], open_ways: set[str]
) -> Iterator[_Relation]:
    total = path.stat().st_size
    nodes: set[str] = set()
    with path.open("rb") as file:
        try:
            for count, (_, element) in enumerate(ElementTree.iterparse(file)):
                if count % 50_000 == 0:
                    progress.step(file.tell(), total, "progress-reading")
                number = element.get("id", "0")
                if element.tag == "node":
                    nodes.add(number)
                elif element.tag == "way":
                    refs = [node.get("ref", "") for node in element.iter("nd")]
                    ways.add(int(number))
                    if refs[:1] == refs[-1:] and not nodes.issuperset(refs):
                        open_ways.add(f"way/{number}")
                elif element.tag == "relation":
                    tags = {tag.get("k"): tag.get("v") for tag in element.iter("tag")}
                    if (kind := str(tags.get("type"))) in ("building", *_AREAS):
                        members = [
                            (f"{m.get('type')}/{m.get('ref')}", m.get("role") or "")
                            for m in element.iter("member")
                        ]
                        yield _Relation(f"relation/{number}", kind, members)
                if element.tag in ("node", "way", "relation"):
                    element.clear()
        except ElementTree.ParseError:
            return  # GDAL, which reads the shapes, says what is wrong with the file


def _from_pbf(path: Path, progress: Progress, ways: set[int] | None) -> Iterator[_Relation]:
    total = path.stat().st_size
    with path.open("rb") as file:
        while len(size := file.read(4)) == 4:
            header = dict(_fields(file.read(struct.unpack(">I", size)[0])))
            blob = file.read(int(header.get(3, 0)))  # type: ignore[call-overload, unused-ignore]
            progress.step(file.tell(), total, "progress-reading")
            if header.get(1) == b"OSMData":
                data = _inflated(blob)
                if data is not None:
                    yield from _relations(data, ways)


def _inflated(blob: bytes) -> bytes | None:
    fields = dict(_fields(blob))
    raw, packed = fields.get(1), fields.get(3)
    if isinstance(raw, bytes):
        return raw
    try:
        return zlib.decompress(packed) if isinstance(packed, bytes) else None
    except zlib.error:
        return None


def _relations(block: bytes, ways: set[int] | None) -> Iterator[_Relation]:
    strings: list[bytes] = []
    groups: list[bytes] = []
    for number, value in _fields(block):
        if isinstance(value, bytes) and number == 1:
            strings = [text for _, text in _fields(value) if isinstance(text, bytes)]
        elif isinstance(value, bytes) and number == 2 and value[:1] == bytes([_RELATIONS << 3 | 2]):
            groups.append(value)
        elif ways is not None and isinstance(value, bytes) and value[:1] == bytes([_WAYS << 3 | 2]):
            ways.update(_number(way) for _, way in _fields(value) if isinstance(way, bytes))
    if not {b"building", b"multipolygon"} & set(strings):
        return
    for group in groups:
        for _, relation in _fields(group):
            if isinstance(relation, bytes):
                yield from _members(relation, strings)


def _number(way: bytes) -> int:
    """Give the number of a way, which is its first field."""
    return _varint(way, 1)[0] if way[:1] == b"\x08" else -1


def _members(relation: bytes, strings: list[bytes]) -> Iterator[_Relation]:
    fields = dict(_fields(relation))
    packed = [
        list(_varints(value)) if isinstance(value := fields.get(number, b""), bytes) else []
        for number in (2, 3, 8, 9, 10)
    ]
    keys, values, roles, deltas, kinds = packed
    tags = {strings[k]: strings[v] for k, v in zip(keys, values, strict=True)}
    kind = tags.get(b"type", b"").decode(errors="replace")
    if kind not in ("building", *_AREAS):
        return
    members: Members = []
    number = 0
    for role, delta, sort in zip(roles, deltas, kinds, strict=True):
        number += (delta >> 1) ^ -(delta & 1)
        members.append((f"{_KINDS[sort]}/{number}", strings[role].decode(errors="replace")))
    yield _Relation(f"relation/{fields.get(1, 0)!s}", kind, members)


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Give number and value of each field of a protocol buffer message."""
    at, end = 0, len(data)
    while at < end:
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = _varint(data, at)
            yield tag >> 3, value
        elif kind == 2:
            size, at = _varint(data, at)
            yield tag >> 3, data[at : at + size]
            at += size
        else:
            at += 8 if kind == 1 else 4


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return value, at


def _varints(data: bytes) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value
