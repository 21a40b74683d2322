"""Answers of the Overpass service in JSON, written out as OpenStreetMap XML that GDAL reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from layers.errors import CityError
from layers.files import ogr
from layers.files.raw import Note

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML has no way to write them
_OWN = 1 << 52  # first number of nodes that the answer knows by their places alone
_MISSING = _OWN - 1  # node that is never there

Tags = dict[str, str]
Place = tuple[float, float]  # latitude, longitude
Member = tuple[str, int, str]


@dataclass(slots=True)
class _Answer:
    """What an answer holds, by number."""

    nodes: dict[int, tuple[Place, Tags]] = field(default_factory=dict)
    ways: dict[int, tuple[list[int], Tags]] = field(default_factory=dict)
    relations: dict[int, tuple[list[Member], Tags]] = field(default_factory=dict)
    centres: int = 0
    made: dict[Place, int] = field(default_factory=dict)

    def node_at(self, place: Place) -> int:
        """Give the number of a node that the answer knows by its place alone."""
        if place not in self.made:
            self.made[place] = _OWN + len(self.made)
            self.nodes[self.made[place]] = place, {}
        return self.made[place]


def write_as_xml(path: Path, target: Path) -> list[Note]:
    """Write an answer as OpenStreetMap XML: nodes, ways, relations, each by its number.

    Ways with their corners (``out geom``) and ways whose nodes stand beside them
    (``out body; >; out skel``) give the same. What has a middle only (``out center``)
    becomes a node there.

    Parameters
    ----------
    path : pathlib.Path
        The answer.
    target : pathlib.Path
        The file to write.

    Returns
    -------
    list of Note
        Remarks.

    Raises
    ------
    CityError
        ``file.damaged`` if it is no JSON, ``file.overpass_bare`` if it names things without
        saying where they are, ``file.overpass_stopped`` if it holds nothing but the reason why.
    """
    try:
        root = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise ogr.damaged(path, error) from error
    elements = root.get("elements") if isinstance(root, dict) else None
    things = [e for e in elements if isinstance(e, dict)] if isinstance(elements, list) else []
    answer = _Answer()
    for thing in things:
        _take(answer, thing)
    remark = str(root.get("remark") or "")[:200] if isinstance(root, dict) else ""
    _check(path, answer, remark)
    with target.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n')
        file.writelines(_lines(answer))
        file.write("</osm>\n")
    notes = [Note("overpass_stopped", {"reason": remark})] if remark else []
    if answer.centres:
        notes.append(Note("overpass_centres", {"count": answer.centres}))
    return notes


def _take(answer: _Answer, thing: dict[str, Any]) -> None:
    """Take over one thing; what comes twice, with and without tags, is one."""
    kind, number = thing.get("type"), thing.get("id")
    if not isinstance(number, int):
        return
    given = thing.get("tags")
    tags = {str(k): str(v) for k, v in given.items()} if isinstance(given, dict) else {}
    place = _place(thing)
    if kind == "node" and place is not None:
        answer.nodes[number] = place, tags or answer.nodes.get(number, (place, {}))[1]
    elif kind == "way":
        corners = _corners(answer, thing)
        known, known_tags = answer.ways.get(number, ([], {}))
        answer.ways[number] = corners or known, tags or known_tags
        _centre(answer, thing, tags, bare=not corners and not known)
    elif kind == "relation":
        members = _members(answer, thing)
        known_members, known_tags = answer.relations.get(number, ([], {}))
        answer.relations[number] = members or known_members, tags or known_tags
        _centre(answer, thing, tags, bare=not members)


def _place(thing: Any) -> Place | None:
    if not isinstance(thing, dict):
        return None
    lat, lon = thing.get("lat"), thing.get("lon")
    if isinstance(lat, int | float) and isinstance(lon, int | float):
        return float(lat), float(lon)
    return None


def _corners(answer: _Answer, thing: dict[str, Any]) -> list[int]:
    """Give the nodes of a way; a corner outside of what was asked for is a node that is missing."""
    named = thing.get("nodes")
    nodes = [n for n in named if isinstance(n, int)] if isinstance(named, list) else []
    drawn = thing.get("geometry")
    if not isinstance(drawn, list):
        return nodes
    places = [_place(corner) for corner in drawn]
    if len(nodes) != len(places):
        return [_MISSING if place is None else answer.node_at(place) for place in places]
    for node, place in zip(nodes, places, strict=True):
        if place is not None:
            answer.nodes.setdefault(node, (place, {}))
    return nodes


def _members(answer: _Answer, thing: dict[str, Any]) -> list[Member]:
    """Give the members of a relation; ways that are drawn inside it become ways."""
    found: list[Member] = []
    members = thing.get("members")
    for member in members if isinstance(members, list) else []:
        number = member.get("ref") if isinstance(member, dict) else None
        if not isinstance(number, int):
            continue
        kind = str(member.get("type"))
        if kind == "way" and isinstance(member.get("geometry"), list):
            known, tags = answer.ways.get(number, ([], {}))
            answer.ways[number] = known or _corners(answer, member), tags
        elif kind == "node" and (place := _place(member)) is not None:
            answer.nodes.setdefault(number, (place, {}))
        found.append((kind, number, str(member.get("role") or "")))
    return found


def _centre(answer: _Answer, thing: dict[str, Any], tags: Tags, *, bare: bool) -> None:
    """Make a node of what the answer knows the middle of, and nothing more."""
    place = _place(thing.get("center"))
    nodes = thing.get("nodes")
    without = bare or not any(n in answer.nodes for n in nodes or ())
    if place is not None and tags and without and thing.get("geometry") is None:
        answer.nodes[_OWN * 2 + answer.centres] = place, tags
        answer.centres += 1


def _check(path: Path, answer: _Answer, remark: str) -> None:
    """Refuse an answer without places."""
    named = len(answer.ways) + len(answer.relations)
    if not answer.nodes and named:
        raise CityError(
            "file.overpass_bare",
            f"The answer of Overpass names {named} things without saying where they are.",
            hint="end the query with 'out geom;', and save the answer again",
            where=str(path),
            name=path.name,
            count=named,
        )
    if not answer.nodes and remark:
        raise CityError(
            "file.overpass_stopped",
            f"Overpass stopped before it answered: {remark.rstrip('.')}.",
            hint="ask for a smaller area, or with a longer [timeout:]",
            where=str(path),
            name=path.name,
            reason=remark.rstrip("."),
        )


def _lines(answer: _Answer) -> Iterator[str]:
    for number, ((lat, lon), tags) in sorted(answer.nodes.items()):
        yield f'<node id="{number}" version="1" lat="{lat!r}" lon="{lon!r}">{_tags(tags)}</node>\n'
    for number, (nodes, tags) in sorted(answer.ways.items()):
        refs = "".join(f'<nd ref="{node}"/>' for node in nodes)
        yield f'<way id="{number}" version="1">{refs}{_tags(tags)}</way>\n'
    for number, (members, tags) in sorted(answer.relations.items()):
        inner = "".join(
            f'<member type={quoteattr(kind)} ref="{ref}" role={_quoted(role)}/>'
            for kind, ref, role in members
        )
        yield f'<relation id="{number}" version="1">{inner}{_tags(tags)}</relation>\n'


def _tags(tags: Tags) -> str:
    return "".join(f"<tag k={_quoted(k)} v={_quoted(v)}/>" for k, v in tags.items())


def _quoted(text: str) -> str:
    return quoteattr(_CONTROL.sub("", text))
