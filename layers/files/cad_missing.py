"""Entities of a drawing that GDAL passes over: found by their handles, read by ezdxf or told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ezdxf.path
import numpy as np
import pyarrow as pa
from ezdxf.entities import factory
from ezdxf.lldxf.const import DXFError
from ezdxf.lldxf.extendedtags import ExtendedTags
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
_LAYER = re.compile(rb"\n[ ]*8\r?\n([^\r\n]*)")
_PAPER = re.compile(rb"\n[ ]*67\r?\n[ ]*1[ ]*\r?\n")


def completed(
    raw: RawLayer, path: Path, only: str | None, codec: str, progress: Progress
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
    codec : str
        Python codec of the texts.
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
    missing = [entity for entity in _expected(path.read_bytes()) if entity.handle not in given]
    more: list[tuple[dict[str, Any], BaseGeometry]] = []
    lost: Counter[str] = Counter()
    for entity in missing:
        progress.step(len(more), 0, "progress-reading")
        layer = entity.layer(codec)
        if only not in (None, layer):
            continue
        line = _line(entity) if entity.kind in _DRAWN else None
        if line is None:
            lost[entity.kind] += 1
        else:
            more.append(({"Layer": layer, "EntityHandle": entity.handle}, line))
    notes = []
    if lost:
        told = ", ".join(f"{kind} {count}" for kind, count in lost.most_common(6))
        notes.append(Note("entities_left_out", {"count": lost.total(), "kinds": told}))
    return _extended(raw, more), notes


@dataclass(frozen=True, slots=True)
class _Entity:
    kind: str
    handle: str
    text: bytes

    def layer(self, codec: str) -> str:
        found = _LAYER.search(self.text)
        return found.group(1).strip().decode(codec, errors="replace") if found else "0"


def _expected(data: bytes) -> Iterator[_Entity]:
    """Give the entities in the model space of a drawing."""
    start = _START.search(data)
    if start is None:
        return
    end = data.find(b"ENDSEC", start.end())
    section = data[start.end() - 1 : end if end > 0 else None]
    section = re.sub(rb"\n[ ]*0[ ]*\r?\n$", b"\n", section)
    found = list(_ENTITY.finditer(section))
    if not found:
        return
    ends = [match.start() for match in found[1:]] + [len(section)]
    for match, stop in zip(found, ends, strict=True):
        kind = match.group(1).decode()
        if kind in _NOT_DRAWN or _PAPER.search(section, match.end() - 1, stop):
            continue
        yield _Entity(kind, match.group(2).decode(), section[match.start() : stop])


def _line(written: _Entity) -> BaseGeometry | None:
    """Give a curve as a line, a multi-line as its lines, None where there is nothing to see."""
    try:
        text = written.text.decode("latin-1").replace("\r", "").strip("\n")
        entity: Any = factory.load(ExtendedTags.from_text(text + "\n"))
        parts = list(entity.virtual_entities()) if entity.dxftype() == "MLINE" else [entity]
        lines = [
            np.array([tuple(point) for point in ezdxf.path.make_path(part).flattening(_FLATNESS)])
            for part in parts
        ]
    except (DXFError, TypeError, ValueError, ArithmeticError, AttributeError, IndexError):
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
