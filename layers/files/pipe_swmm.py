"""SWMM models as drains: junctions, outfalls, storage, conduits with sections and inverts."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from layers.errors import CityError
from layers.files.pipe_models import FOOT, Link, NetworkModel, Node
from layers.files.raw import Note
from layers.files.water_model import read_inp, sections_of
from layers.kinds.pipes import BOX, INVERT, ROUND

Rows = list[tuple[int, list[str]]]
US_UNITS = ("CFS", "GPM", "MGD")
NODES = {"JUNCTIONS": "junction", "OUTFALLS": "outfall", "STORAGE": "tank", "DIVIDERS": "junction"}
DEVICES = {
    "PUMPS": ("pump-station", "pump"), "ORIFICES": ("valve", "orifice"),
    "WEIRS": ("gully", "weir"), "OUTLETS": ("gully", "outlet"),
}  # fmt: skip
ROUND_SHAPES = ("CIRCULAR", "FORCE_MAIN", "FILLED_CIRCULAR")
#: Sections whose size stands in tables that the model only names.
UNSIZED = ("IRREGULAR", "STREET", "CUSTOM", "DUMMY")


def is_swmm(text: str) -> bool:
    """Say whether the text of an ``.inp`` file is a SWMM model, and not one of EPANET."""
    parts = sections_of(text)
    return bool({"CONDUITS", "XSECTIONS", "SUBCATCHMENTS", "OUTFALLS", "RAINGAGES"} & parts.keys())


def read_swmm(path: Path) -> NetworkModel:
    """Read a SWMM input file; feet become metres where its flow units are American.

    Rows that cannot be read, names that occur twice and conduits without a section are counted.

    Raises
    ------
    CityError
        ``swmm.no_nodes`` where it holds none.
    """
    parts = sections_of(read_inp(path))
    options = {words[0].upper(): words[1] for _, words in parts.get("OPTIONS", []) if words[1:]}
    units = options.get("FLOW_UNITS", "CFS").upper()
    reader = _Reader(parts, FOOT if units in US_UNITS else 1.0)
    nodes = reader.nodes()
    if not nodes:
        raise CityError(
            "swmm.no_nodes",
            "The model holds no junctions, outfalls or storages that can be read.",
            hint="check whether it is whole, or import the lines of a map instead",
            where=path.name,
        )
    absolute = options.get("LINK_OFFSETS", "DEPTH").upper() == "ELEVATION"
    links = reader.links({node.number: node for node in nodes}, absolute=absolute)
    notes = [Note("swmm_units", {"units": units, "metric": str(units not in US_UNITS).lower()})]
    if reader.bent:
        notes.append(Note("swmm_sections", {"count": reader.bent}))
    return NetworkModel(nodes, links, "drain", INVERT, reader.lost, notes)


class _Reader:
    """Takes the parts of a file apart, row by row, and counts what cannot be read."""

    def __init__(self, parts: dict[str, Rows], foot: float) -> None:
        self._parts, self._unit = parts, foot
        self.lost: dict[str, list[str]] = {}
        self.bent = 0

    def _rows(self, part: str) -> Rows:
        return self._parts.get(part, [])

    def _lose(self, reason: str, name: str) -> None:
        self.lost.setdefault(reason, []).append(name)

    def nodes(self) -> list[Node]:
        places = self._places("COORDINATES")
        found: dict[str, Node] = {}
        for part, role in NODES.items():
            for _, words in self._rows(part):
                name = words[0]
                if name in found:
                    self._lose("number_repeated", name)
                    continue
                bottom = self._length(words, 1)
                if math.isnan(bottom):
                    self._lose("row_unreadable", name)
                    continue
                deep = math.nan if part == "OUTFALLS" else self._length(words, 2)
                ground = bottom + deep if deep > 0 else math.nan
                xy = places.get(name, [None])[0]
                facts = {"fixture": part.lower().rstrip("s")} if part != "JUNCTIONS" else {}
                found[name] = Node(name, xy, role, ground, bottom, facts=facts)
        return list(found.values())

    def _places(self, part: str) -> dict[str, list[Any]]:
        out: dict[str, list[Any]] = {}
        for _, words in self._rows(part):
            try:
                out.setdefault(words[0], []).append((float(words[1]), float(words[2])))
            except (IndexError, ValueError):
                self._lose("coordinates_unreadable", words[0])
        return out

    def links(self, nodes: dict[str, Node], *, absolute: bool) -> list[Link]:
        vertices = self._places("VERTICES")
        sections = {words[0]: words for _, words in self._rows("XSECTIONS")}
        found: dict[str, Link] = {}
        for part in ("CONDUITS", *DEVICES):
            for _, words in self._rows(part):
                name = words[0]
                if name in found or len(words) < 3:
                    self._lose("number_repeated" if name in found else "row_unreadable", name)
                    continue
                link = Link(name, words[1], words[2], vertices.get(name, []))
                if part == "CONDUITS":
                    self._conduit(link, words, sections.get(name), nodes, absolute=absolute)
                else:
                    role, word = DEVICES[part]
                    link.device, link.facts = role, {"fixture": word}
                found[name] = link
        return list(found.values())

    def _conduit(
        self,
        link: Link,
        words: list[str],
        section: list[str] | None,
        nodes: dict[str, Node],
        *,
        absolute: bool,
    ) -> None:
        link.length = self._length(words, 3)
        levels = []
        for name, at in ((link.start, 5), (link.end, 6)):
            bottom = nodes[name].bottom if name in nodes else math.nan
            offset = self._length(words, at)
            if math.isnan(offset):  # "*" is none
                levels.append(bottom)
            else:
                levels.append(offset if absolute else bottom + offset)
        link.start_level, link.end_level = levels
        link.facts = {"roughness": _number(words, 4)}
        if section is None or len(section) < 3:
            return
        shape = section[1].upper()
        link.facts["section"] = shape.lower()
        if shape in UNSIZED:
            return
        link.height = self._length(section, 2)
        wide = self._length(section, 3)
        round_ = shape in ROUND_SHAPES
        link.form = ROUND if round_ else BOX
        link.width = link.height if round_ or not wide > 0 else wide
        if not round_ and not shape.startswith("RECT"):
            self.bent += 1

    def _length(self, words: list[str], at: int) -> float:
        return _number(words, at) * self._unit


def _number(words: list[str], at: int) -> float:
    try:
        return float(words[at])
    except (IndexError, ValueError):
        return math.nan
