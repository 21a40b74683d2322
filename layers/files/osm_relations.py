"""Which parts belong to which building, as relations of OpenStreetMap say.

GDAL gives the shapes of an extract but not the members of its relations, so the few
relations of type ``building`` are looked up in the file itself. The layout of the binary
format: https://wiki.openstreetmap.org/wiki/PBF_Format.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from layers.progress import Progress

_KINDS = ("node", "way", "relation")
_RELATIONS = 4  # number of the field of a group that holds relations


def building_parts(path: Path, progress: Progress) -> dict[str, str]:
    """Find the parts of buildings.

    Parameters
    ----------
    path : pathlib.Path
        An extract, .osm.pbf or .osm.
    progress : Progress
        Told in bytes; may stop the search.

    Returns
    -------
    dict of str to str
        Part to outline, both like ``way/2291``; relations without an outline say nothing.
        Empty where the file cannot be understood: then the shapes alone decide.
    """
    with path.open("rb") as file:
        head = file.read(64)
    members = _from_pbf(path, progress) if b"OSMHeader" in head else _from_xml(path, progress)
    found: dict[str, str] = {}
    for relation in members:
        outlines = [name for name, role in relation if role == "outline"]
        if outlines:
            parts = [name for name, role in relation if role == "part"]
            found.update(dict.fromkeys(parts, outlines[0]))
    return found


Members = list[tuple[str, str]]


def _from_xml(path: Path, progress: Progress) -> Iterator[Members]:
    total = path.stat().st_size
    with path.open("rb") as file:
        try:
            for count, (_, element) in enumerate(ElementTree.iterparse(file)):
                if count % 50_000 == 0:
                    progress.step(file.tell(), total, "progress-reading")
                if element.tag == "relation":
                    tags = {tag.get("k"): tag.get("v") for tag in element.iter("tag")}
                    if tags.get("type") == "building":
                        yield [
                            (f"{m.get('type')}/{m.get('ref')}", m.get("role") or "")
                            for m in element.iter("member")
                        ]
                if element.tag in ("node", "way", "relation"):
                    element.clear()
        except ElementTree.ParseError:
            return  # GDAL, which reads the shapes, says what is wrong with the file


def _from_pbf(path: Path, progress: Progress) -> Iterator[Members]:
    total = path.stat().st_size
    with path.open("rb") as file:
        while len(size := file.read(4)) == 4:
            header = dict(_fields(file.read(struct.unpack(">I", size)[0])))
            blob = file.read(int(header.get(3, 0)))  # type: ignore[call-overload, unused-ignore]
            progress.step(file.tell(), total, "progress-reading")
            if header.get(1) == b"OSMData":
                data = _inflated(blob)
                if data is not None:
                    yield from _relations(data)


def _inflated(blob: bytes) -> bytes | None:
    fields = dict(_fields(blob))
    raw, packed = fields.get(1), fields.get(3)
    if isinstance(raw, bytes):
        return raw
    try:
        return zlib.decompress(packed) if isinstance(packed, bytes) else None
    except zlib.error:
        return None


def _relations(block: bytes) -> Iterator[Members]:
    strings: list[bytes] = []
    groups: list[bytes] = []
    for number, value in _fields(block):
        if isinstance(value, bytes) and number == 1:
            strings = [text for _, text in _fields(value) if isinstance(text, bytes)]
        elif isinstance(value, bytes) and number == 2 and value[:1] == bytes([_RELATIONS << 3 | 2]):
            groups.append(value)
    if b"building" not in strings:
        return
    for group in groups:
        for _, relation in _fields(group):
            if isinstance(relation, bytes):
                yield from _members(relation, strings)


def _members(relation: bytes, strings: list[bytes]) -> Iterator[Members]:
    fields = dict(_fields(relation))
    packed = [
        list(_varints(value)) if isinstance(value := fields.get(number, b""), bytes) else []
        for number in (2, 3, 8, 9, 10)
    ]
    keys, values, roles, deltas, kinds = packed
    tags = {strings[k]: strings[v] for k, v in zip(keys, values, strict=True)}
    if tags.get(b"type") != b"building":
        return
    members: Members = []
    number = 0
    for role, delta, kind in zip(roles, deltas, kinds, strict=True):
        number += (delta >> 1) ^ -(delta & 1)
        members.append((f"{_KINDS[kind]}/{number}", strings[role].decode(errors="replace")))
    yield members


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
