"""Which layers of a file are meant, and what each of them probably is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from layers.errors import CityError
from layers.files.guessing import accepts, guess_kind
from layers.files.options import ALL_LAYERS, ImportOptions
from layers.files.raw import LayerInfo, RawLayer
from layers.files.sniff import is_overpass, sniff
from layers.files.unpack import first_bytes
from layers.files.vector import READERS, list_layers


def choose_layers(path: Path, options: ImportOptions) -> tuple[list[str] | None, list[str]]:
    """Choose the layers of a file to read; None means: all there are.

    Returns
    -------
    list of str or None
        The layers.
    list of str
        Layers that are left out although nobody asked for certain ones.

    Raises
    ------
    CityError
        ``import.choose_layer`` where several would do, ``import.no_fitting_layer``
        where none does.
    """
    if options.layer is not None and options.layer != ALL_LAYERS:
        return [options.layer], []
    if options.kind is None or holds_one_layer(path):
        return None, []
    infos = list_layers(path, encoding=options.encoding)
    if len(infos) <= 1:
        return None, []
    spatial = [info for info in infos if info.geometry != "none" and info.count != 0]
    kind = options.kind
    fitting = [info for info in spatial if accepts(kind, info.geometry)]
    primary = [info for info in fitting if not info.secondary]
    if options.layer == ALL_LAYERS:
        chosen = primary or fitting
    else:
        meant = [info for info in fitting if propose_kind(info, path) == kind]
        whole = [info for info in meant if info in primary]  # a drawing, not its layers as well
        chosen = whole or meant or primary or fitting
        if len(chosen) > 1 and not meant:
            raise _choose(path, infos)
    if not chosen:
        names = ", ".join(f"{info.name} ({info.geometry})" for info in infos)
        raise CityError(
            "import.no_fitting_layer",
            f"None of the {len(infos)} layers has the shapes for '{kind}'.",
            hint=f"the layers are: {names}",
            where=path.name,
            kind=kind,
            count=len(infos),
            layers=names,
        )
    like = {info.secondary for info in chosen}
    rest = [info.name for info in spatial if info not in chosen and info.secondary in like]
    return [info.name for info in chosen], rest


def holds_one_layer(path: Path) -> bool:
    """Say whether a file is of a format that never holds more than one layer."""
    reader = READERS.get(sniff(path))
    return reader is not None and reader.single


def _choose(path: Path, infos: Sequence[LayerInfo]) -> CityError:
    names = ", ".join(f"{info.name} ({info.geometry}, {info.count})" for info in infos)
    return CityError(
        "import.choose_layer",
        f"The file holds {len(infos)} layers.",
        hint=f"choose one with --layer, or all with --layer '*': {names}",
        where=path.name,
        count=len(infos),
        layers=names,
    )


def propose_kind(info: LayerInfo, path: Path) -> str:
    """Propose what a layer is, by its name, the file's name, its fields and shapes."""
    fields = [name for name, _ in info.fields]
    kind = guess_kind(info.name, info.geometry, fields)
    if kind in ("features", "places") and path.stem != info.name:
        other = guess_kind(path.stem, info.geometry, fields)
        return other if other != "features" else kind
    return kind


def geometry_words(raw: RawLayer) -> str:
    """Name the shapes of a layer that was read, as `LayerInfo.geometry` does."""
    if raw.surfaces is not None and len(raw.surfaces.owner):
        return "surface"
    types = np.flatnonzero(np.bincount(raw.types() + 1)) - 1
    words = {0: "point", 4: "point", 1: "line", 2: "line", 5: "line", 3: "polygon", 6: "polygon"}
    found = {words[code] for code in types.tolist() if code in words}
    if 7 in types:
        return "unknown"
    return "+".join(word for word in ("point", "line", "polygon") if word in found) or "none"


def holds_osm(path: Path) -> bool:
    """Say whether a file is an OpenStreetMap extract, or one that is packed."""
    if sniff(path) == "osm":
        return True
    head = first_bytes(path)
    return b"<osm " in head or b"OSMHeader" in head[:64] or is_overpass(head)
