"""Entities of a drawing that GDAL passes over: found by their handles, read by ezdxf or told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ezdxf.path
import numpy as np
import pyarrow as pa
from ezdxf.addons import iterdxf
from ezdxf.lldxf.const import DXFError
from shapely import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from layers.files.columns import stack_tables
from layers.files.raw import Note, RawLayer
from layers.progress import Progress

_FLATNESS = 0.05  # longest distance between a curve and its straight pieces, drawing units
_DRAWN = {"SPLINE", "MLINE", "HELIX", "ELLIPSE", "ARC", "CIRCLE", "LINE", "LWPOLYLINE", "POLYLINE"}
_NOT_DRAWN = {"VIEWPORT", "ATTDEF", "SEQEND", "VERTEX", "ATTRIB", "ACAD_PROXY_OBJECT", "WIPEOUT"}

_START = re.compile(rb"\n[ ]*2[ ]*\r?\nENTITIES[ ]*\r?\n")
_ENTITY = re.compile(rb"\n[ ]*0\r?\n([A-Z0-9_]+)[ ]*\r?\n[ ]*5\r?\n[ ]*([0-9A-Fa-f]+)")
_PAPER = re.compile(rb"\n[ ]*67\r?\n[ ]*1[ ]*\r?\n")


def completed(
    raw: RawLayer, path: Path, only: str | None, progress: Progress
) -> tuple[RawLayer, list[Note]]:
    """Add to what GDAL read what it passed over.

    Parameters
    ----------
    raw : RawLayer
        What GDAL gave, with the columns ``Layer`` and ``EntityHandle``.
    path : pathlib.Path
        The drawing as text.
    only : str or None
        Name of the CAD layer that was read; None for all.
    progress : Progress
        Told for each entity; may stop the reading.

    Returns
    -------
    raw : RawLayer
        With the curves that only ezdxf understands at its end.
    notes : list of Note
        ``entities_left_out`` with the number and kinds that nobody reads.
    """
    given = set(raw.attributes.column("EntityHandle").to_pylist())
    missing = {handle: kind for handle, kind in _expected(path) if handle not in given}
    if not missing:
        return raw, []
    more: list[tuple[dict[str, Any], BaseGeometry]] = []
    if any(kind in _DRAWN for kind in missing.values()):
        for entity in _drawn(path, set(missing.values()) & _DRAWN):
            progress.step(len(more), 0, "progress-reading")
            handle = str(entity.dxf.handle)
            layer = str(entity.dxf.layer)
            line = _line(entity) if missing.get(handle) and only in (None, layer) else None
            if line is not None:
                more.append(({"Layer": layer, "EntityHandle": handle}, line))
            if line is not None or only not in (None, layer):
                missing.pop(handle, None)
    notes = []
    if missing and only is None:
        kinds = Counter(missing.values())
        told = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common(6))
        notes.append(Note("entities_left_out", {"count": len(missing), "kinds": told}))
    return _extended(raw, more), notes


def _expected(path: Path) -> Iterator[tuple[str, str]]:
    """Give handle and kind of the entities in the model space of a drawing."""
    data = path.read_bytes()
    start = _START.search(data)
    if start is None:
        return
    end = data.find(b"ENDSEC", start.end())
    section = data[start.end() - 1 : end if end > 0 else None]
    found = list(_ENTITY.finditer(section))
    ends = [match.start() for match in found[1:]] + [len(section)]
    for match, stop in zip(found, ends, strict=True):
        kind = match.group(1).decode()
        if kind in _NOT_DRAWN:
            continue
        if not _PAPER.search(section, match.end() - 1, min(stop, match.end() + 400)):
            yield match.group(2).decode(), kind


def _drawn(path: Path, kinds: set[str]) -> Iterator[Any]:
    with path.open("rb") as file:
        try:
            yield from iterdxf.single_pass_modelspace(file, types=kinds)
        except (DXFError, UnicodeDecodeError):
            return  # what was read so far counts; the rest is told as left out


def _line(entity: Any) -> BaseGeometry | None:
    """Give a curve as a line, a multi-line as its lines, None where there is nothing to see."""
    try:
        parts = list(entity.virtual_entities()) if entity.dxftype() == "MLINE" else [entity]
        lines = [
            np.array([tuple(point) for point in ezdxf.path.make_path(part).flattening(_FLATNESS)])
            for part in parts
        ]
    except (DXFError, TypeError, ValueError, ArithmeticError):
        return None
    made = [LineString(line) for line in lines if len(line) > 1]
    if len(made) > 1:
        return MultiLineString(made)
    return made[0] if made else None


def _extended(raw: RawLayer, more: list[tuple[dict[str, Any], BaseGeometry]]) -> RawLayer:
    if not more:
        return raw
    rows = pa.Table.from_pylist([row for row, _ in more])
    geometry = np.empty(len(more), dtype=object)
    geometry[:] = [line for _, line in more]
    ids = np.array([row["EntityHandle"] for row, _ in more], dtype=object)
    return RawLayer(
        path=raw.path,
        name=raw.name,
        geometry=np.concatenate([raw.geometry, geometry]),
        attributes=stack_tables([raw.attributes, rows]),
        crs=raw.crs,
        encoding=raw.encoding,
        ids=np.concatenate([raw.ids, ids]),
        notes=raw.notes,
        unreadable=raw.unreadable,
        repaired=raw.repaired,
    )
