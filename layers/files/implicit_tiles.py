"""3D Tiles whose tree is not written out: which tiles there are stands in bits of subtrees.

References
----------
OGC 3D Tiles 1.1, implicit tiling: https://docs.ogc.org/cs/22-025r4/22-025r4.html
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np

from layers.errors import CityError
from layers.shapes import Bools

_EXTENSION = "3DTILES_implicit_tiling"
_CHILDREN = {"QUADTREE": 4, "OCTREE": 8}


def rule_of(node: dict[str, Any]) -> dict[str, Any] | None:
    """Give what a tile says of the tree below it; None where its children are written out."""
    rule = node.get("implicitTiling") or node.get("extensions", {}).get(_EXTENSION)
    return rule if isinstance(rule, dict) else None


@dataclass(frozen=True, slots=True)
class _Tree:
    folder: Path
    template: str  # of the files of subtrees
    levels: int  # of each subtree
    children: int  # 4 or 8
    whole: bool  # whether tiles with children are wanted, too


@dataclass(frozen=True, slots=True, eq=False)
class _Subtree:
    tiles: Bools
    contents: Bools
    below: Bools


def implicit_contents(
    folder: Path, node: dict[str, Any], rule: dict[str, Any], *, additive: bool
) -> Iterator[str]:
    """Give the names of the files of the finest tiles.

    Parameters
    ----------
    folder : pathlib.Path
        Where the tileset lies.
    node : dict
        The tile with the rule and the template of the names of contents.
    rule : dict
        From `rule_of`.
    additive : bool
        Whether finer tiles add to coarser ones instead of replacing them.

    Raises
    ------
    CityError
        ``model.tileset`` where a subtree is missing or broken.
    """
    contents = node.get("contents") or ([node["content"]] if node.get("content") else [])
    names = [str(c.get("uri") or c.get("url") or "") for c in contents if isinstance(c, dict)]
    subtrees = rule.get("subtrees") or {}
    tree = _Tree(
        folder,
        str(subtrees.get("uri", "")),
        int(rule.get("subtreeLevels", 0)),
        _CHILDREN.get(str(rule.get("subdivisionScheme", "")).upper(), 4),
        additive,
    )
    for level, place in _with_content(tree, 0, (0, 0, 0)):
        for name in names:
            yield _named(name, level, place)


def _with_content(
    tree: _Tree, level: int, place: tuple[int, int, int]
) -> Iterator[tuple[int, tuple[int, int, int]]]:
    """Give level and place of the tiles that are wanted in a subtree and those below it."""
    part = _read(tree, level, place)
    many = tree.children
    for depth in range(tree.levels):
        first, after = _before(depth, many), _before(depth + 1, many)
        for morton in range(many**depth):
            if not part.tiles[first + morton]:
                continue
            begin = morton * many
            last = depth + 1 == tree.levels
            finer = part.below[begin : begin + many] if last else part.tiles[after + begin :][:many]
            here = _below(place, depth, morton, many)
            if part.contents[first + morton] and (tree.whole or not finer.any()):
                yield level + depth, here
            if last:
                for child in np.flatnonzero(finer).tolist():
                    there = _below(here, 1, child, many)
                    yield from _with_content(tree, level + tree.levels, there)


def _before(depth: int, many: int) -> int:
    """Give how many tiles a subtree has above a depth."""
    return int((many**depth - 1) // (many - 1))


def _below(place: tuple[int, int, int], depth: int, morton: int, many: int) -> tuple[int, int, int]:
    """Give the place of a tile so many levels below another, by its number on the curve."""
    axes = 2 if many == 4 else 3
    out = [axis << depth for axis in place]
    for bit in range(depth):
        for axis in range(axes):
            out[axis] |= (morton >> (bit * axes + axis) & 1) << bit
    return out[0], out[1], out[2] if axes == 3 else 0


def _named(template: str, level: int, place: tuple[int, int, int]) -> str:
    x, y, z = place
    for key, value in (("level", level), ("x", x), ("y", y), ("z", z)):
        template = template.replace(f"{{{key}}}", str(value))
    return unquote(template)


def _read(tree: _Tree, level: int, place: tuple[int, int, int]) -> _Subtree:
    path = tree.folder / _named(tree.template, level, place)
    try:
        data = path.read_bytes()
        text, inner = data, b""
        if data[:4] == b"subt":
            size, rest = struct.unpack_from("<QQ", data, 8)
            text, inner = data[24 : 24 + size], data[24 + size : 24 + size + rest]
        root = json.loads(text)
        count = _before(tree.levels, tree.children)
        views = _Views(path.parent, root, inner)
        said = root.get("contentAvailability") or [{"constant": 0}]
        return _Subtree(
            views.bits(root["tileAvailability"], count),
            views.bits(said[0] if isinstance(said, list) else said, count),
            views.bits(root["childSubtreeAvailability"], tree.children**tree.levels),
        )
    except (OSError, ValueError, KeyError, IndexError, TypeError, struct.error) as error:
        raise CityError(
            "model.tileset",
            "The list of tiles cannot be read.",
            hint="name the tileset.json of the set, with its folders beside it",
            where=path.name,
        ) from error


class _Views:
    """The bits of a subtree."""

    def __init__(self, folder: Path, root: dict[str, Any], inner: bytes) -> None:
        self._folder, self._root, self._inner = folder, root, inner

    def bits(self, said: dict[str, Any], count: int) -> Bools:
        if "constant" in said:
            return np.full(count, bool(said["constant"]))
        view = self._root["bufferViews"][said.get("bitstream", said.get("bufferView"))]
        buffer = self._root["buffers"][view["buffer"]]
        data = self._inner
        if uri := buffer.get("uri"):
            data = (self._folder / unquote(str(uri))).read_bytes()
        start = int(view.get("byteOffset", 0))
        raw = np.frombuffer(data[start : start + int(view["byteLength"])], dtype=np.uint8)
        found = np.unpackbits(raw, bitorder="little")[:count].astype(bool)
        if len(found) < count:
            raise ValueError("too few bits")
        return found
