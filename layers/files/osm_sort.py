"""OpenStreetMap extracts as GDAL needs them: XML, in the order of nodes, ways and relations."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from layers.files import ogr
from layers.files.overpass import write_as_xml
from layers.files.raw import Note

_ORDER = {"bounds": 0, "node": 1, "way": 2, "relation": 3}
_GONE = (b'action="delete"', b"action='delete'", b'visible="false"', b"visible='false'")
_NODE = re.compile(rb"<node\b[^>]*?\bid=[\"'](-?\d+)[\"']")


@dataclass(frozen=True, slots=True)
class Ordered:
    """An extract that GDAL can read.

    Attributes
    ----------
    path : pathlib.Path
        The extract itself, or a temporary copy.
    notes : tuple of Note
        Remarks.
    """

    path: Path
    notes: tuple[Note, ...] = ()


@contextmanager
def in_order(path: Path) -> Iterator[Ordered]:
    """Give an extract that is sorted XML or binary: the file itself, or a temporary copy.

    Editors save new things first, and answers of web services put ways before their
    nodes; GDAL would find no shapes in such a file. Answers in JSON are written as XML.

    Yields
    ------
    Ordered

    Raises
    ------
    CityError
        ``file.damaged`` if a file that needs sorting cannot be parsed, and as
        `layers.files.overpass.write_as_xml`.
    """
    with path.open("rb") as file:
        head = file.read(1024)
    if b"OSMHeader" in head[:64]:
        yield Ordered(path)
        return
    is_json = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    if not is_json and _is_sorted(path.read_bytes()):
        yield Ordered(path)
        return
    with tempfile.TemporaryDirectory(prefix="citystage-") as folder:
        copy = Path(folder) / "sorted.osm"
        if is_json:
            yield Ordered(copy, tuple(write_as_xml(path, copy)))
            return
        _sort(path, copy)
        yield Ordered(copy)


def _sort(path: Path, copy: Path) -> None:
    try:
        tree = ElementTree.parse(path)
    except ElementTree.ParseError as error:
        raise ogr.damaged(path, error) from error
    root = tree.getroot()
    known = [child for child in root if child.tag in _ORDER and not _is_gone(child)]
    known.sort(key=lambda child: (_ORDER[child.tag], int(child.get("id", "0"))))
    root[:] = known
    tree.write(copy, encoding="utf-8", xml_declaration=True)


def _is_gone(child: ElementTree.Element) -> bool:
    """Say whether somebody deleted it in an editor and did not upload that yet."""
    return child.get("action") == "delete" or child.get("visible") == "false"


def _is_sorted(data: bytes) -> bool:
    if any(mark in data for mark in _GONE):
        return False
    first_way, first_relation = data.find(b"<way"), data.find(b"<relation")
    last_node, last_way = data.rfind(b"<node"), data.rfind(b"<way")
    if (0 <= first_way < last_node) or (0 <= first_relation < max(last_node, last_way)):
        return False
    numbers = np.array([int(match.group(1)) for match in _NODE.finditer(data)], dtype=np.int64)
    return bool((np.diff(numbers) > 0).all() and (numbers[:1] >= 0).all())
