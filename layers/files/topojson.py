"""TopoJSON: read by GDAL, its coordinate system settled as GeoJSON's is."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from layers.files import ogr
from layers.files.geojson_crs import system_of
from layers.files.markup import readable
from layers.files.raw import LayerInfo, RawLayer
from layers.files.systems import WGS84
from layers.progress import Progress

_HEAD = 1 << 16
_TYPE = re.compile(rb'"type"\s*:\s*"Topology"')
_OBJECTS = re.compile(rb'"(objects|arcs)"\s*:')


def list_topojson(path: Path, encoding: str | None) -> list[LayerInfo]:
    """Tell of the collections in a file."""
    with _told_first(path, encoding) as copy:
        asked = ogr.Asked(copy, path)
        return [
            replace(ogr.info(replace(asked, layer=name)), name=name, geometry=kind, crs=WGS84)
            for name, kind in ogr.layer_names(asked)
        ]


def read_topojson(
    path: Path, layer: str | None, encoding: str | None, progress: Progress, limit: int | None
) -> RawLayer:
    """Read one collection of a TopoJSON file, with quantised arcs or without.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    layer : str or None
        Name of the collection; None for the only one.
    encoding : str or None
        Encoding as the user decided; None to find it.
    progress : Progress
        Told after each batch.
    limit : int or None
        Stop after so many features.

    Returns
    -------
    RawLayer
        In longitude and latitude, unless the file names another system or its numbers can be
        no degrees.

    Raises
    ------
    CityError
        ``file.damaged``, ``file.no_such_layer``.
    Cancelled
        If the progress says so.
    """
    with _told_first(path, encoding) as copy:
        raw = ogr.read(ogr.Asked(copy, path, layer=layer, limit=limit), progress)
        data = copy.read_bytes()
    at = _OBJECTS.search(data)
    around = data[: min(at.start(), _HEAD)] if at else data[:_HEAD]
    crs, notes = system_of(raw.crs or WGS84, around + data[-4096:], raw.geometry)
    return replace(raw, crs=crs).with_notes(*notes)


@contextmanager
def _told_first(path: Path, encoding: str | None) -> Iterator[Path]:
    """Give a file in UTF-8 whose type stands at its beginning, where GDAL looks for it."""
    with readable(path, encoding) as copy:
        with copy.open("rb") as file:
            head = file.read(1024)
        if _TYPE.search(head):
            yield copy
            return
        with tempfile.TemporaryDirectory(prefix="citystage-") as folder:
            other = Path(folder) / path.name
            data = copy.read_bytes()
            other.write_bytes(data.replace(b"{", b'{"type":"Topology",', 1))
            yield other
