"""OpenStreetMap XML in the order that GDAL needs: nodes, ways, relations, each by its number."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from layers.files import ogr

_ORDER = {"bounds": 0, "node": 1, "way": 2, "relation": 3}
_NODE = re.compile(rb"<node\b[^>]*?\bid=[\"'](-?\d+)[\"']")


@contextmanager
def in_order(path: Path) -> Iterator[Path]:
    """Give an extract that is sorted: the file itself, or a temporary copy.

    Editors save new things first, and answers of web services put ways before their
    nodes; GDAL would find no shapes in such a file.

    Yields
    ------
    pathlib.Path

    Raises
    ------
    CityError
        ``file.damaged`` if a file that needs sorting cannot be parsed.
    """
    with path.open("rb") as file:
        is_binary = b"OSMHeader" in file.read(64)
    if is_binary or _is_sorted(path.read_bytes()):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="citystage-") as folder:
        copy = Path(folder) / "sorted.osm"
        try:
            tree = ElementTree.parse(path)
        except ElementTree.ParseError as error:
            raise ogr.damaged(path, error) from error
        root = tree.getroot()
        known = [child for child in root if child.tag in _ORDER]
        known.sort(key=lambda child: (_ORDER[child.tag], int(child.get("id", "0"))))
        root[:] = known
        tree.write(copy, encoding="utf-8", xml_declaration=True)
        yield copy


def _is_sorted(data: bytes) -> bool:
    first_way, first_relation = data.find(b"<way"), data.find(b"<relation")
    last_node, last_way = data.rfind(b"<node"), data.rfind(b"<way")
    if (0 <= first_way < last_node) or (0 <= first_relation < max(last_node, last_way)):
        return False
    numbers = np.array([int(match.group(1)) for match in _NODE.finditer(data)], dtype=np.int64)
    return bool((np.diff(numbers) > 0).all() and (numbers[:1] >= 0).all())
