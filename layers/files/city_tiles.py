"""City models that come in tiles, a file for each square kilometre, read as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from layers.errors import CityError
from layers.files import ogr
from layers.files.cityjson import forget, list_cityjson, read_cityjson
from layers.files.columns import stack_tables
from layers.files.raw import LayerInfo, Note, RawLayer, RawSurfaces, merge_reasons
from layers.progress import Part, Progress

LOOKED_INTO = 3  # first tiles whose groups are listed; the last one is, too


def list_tiles(paths: Sequence[Path]) -> list[LayerInfo]:
    """Tell of the groups of city objects in some of the tiles, without counting them."""
    found: dict[str, LayerInfo] = {}
    failed: list[CityError] = []
    for path in dict.fromkeys((*paths[:LOOKED_INTO], paths[-1])):
        try:
            for info in list_cityjson(path, None):
                known = found.setdefault(info.name, replace(info, count=-1))
                fields = tuple(dict.fromkeys((*known.fields, *info.fields)))
                found[info.name] = replace(known, fields=fields)
        except CityError as error:
            failed.append(error)
    if not found and failed:
        raise failed[0]
    return list(found.values())


def read_tiles(
    paths: Sequence[Path], layer: str, named: Path, progress: Progress, limit: int | None
) -> RawLayer:
    """Read one group of city objects from all tiles.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        The tiles.
    layer : str
        Type of the objects at the top, such as ``Building``.
    named : pathlib.Path
        What the user named.
    progress : Progress
        Told after each tile.
    limit : int or None
        Stop after so many objects.

    Returns
    -------
    RawLayer
        In the coordinate system of the first tile; tiles that cannot be read, or are in another
        system, are told.

    Raises
    ------
    CityError
        What the first tile says, if none can be read; ``file.no_such_layer``.
    """
    raws: list[RawLayer] = []
    failed: list[CityError] = []
    done = 0
    for number, path in enumerate(paths):
        share = Part(progress, number / len(paths), (number + 1) / len(paths))
        try:
            raw = read_cityjson(path, layer, None, share, limit)
        except CityError as error:
            if error.code != "file.no_such_layer":
                failed.append(error)
            continue
        finally:
            forget()
        if raws and raw.crs != raws[0].crs:
            failed.append(_other_system(path, str(raw.crs)))
            continue
        raws.append(raw)
        done += len(raw)
        if limit is not None and done >= limit:
            break
    if not raws:
        raise failed[0] if failed else ogr.no_such_layer(named, layer, [])
    made = raws[0] if len(raws) == 1 else _stacked(raws)
    notes = [Note("tiles_joined", {"count": len(raws)})]
    if failed:
        first = f"{Path(failed[0].where).name}: {failed[0].message}"
        notes.append(Note("files_left_out", {"count": len(failed), "first": first}))
    return replace(made, path=named).with_notes(*notes)


def _other_system(path: Path, crs: str) -> CityError:
    return CityError(
        "file.other_system",
        f"It is in another coordinate system than the other tiles ({crs[:40]}).",
        hint="import it by itself",
        where=str(path),
        name=path.name,
        crs=crs[:40],
    )


def _stacked(raws: Sequence[RawLayer]) -> RawLayer:
    """Put layers of the same group behind each other; rows that faces and parts name move on."""
    starts = np.cumsum([0, *(len(raw) for raw in raws)]).tolist()
    parents = [
        np.full(len(raw), -1, dtype=np.int64)
        if raw.parent is None
        else np.where(raw.parent >= 0, raw.parent + start, -1)
        for raw, start in zip(raws, starts, strict=False)
    ]
    notes = {note.key: note for raw in reversed(raws) for note in reversed(raw.notes)}
    return replace(
        raws[0],
        geometry=np.concatenate([np.asarray(raw.geometry, dtype=object) for raw in raws]),
        attributes=stack_tables([raw.attributes for raw in raws]),
        ids=np.concatenate([raw.ids for raw in raws]),
        notes=tuple(note for note in reversed(notes.values()) if note.key not in _COUNTED),
        unreadable=merge_reasons([raw.unreadable for raw in raws]),
        repaired=merge_reasons([raw.repaired for raw in raws]),
        surfaces=_faces(raws, starts),
        parent=None if all(raw.parent is None for raw in raws) else np.concatenate(parents),
    )


#: Remarks that count what is in one tile.
_COUNTED = frozenset({"lod_used", "outline_from_parts", "faces_left_out"})


def _faces(raws: Sequence[RawLayer], starts: Sequence[int]) -> RawSurfaces | None:
    some = [(raw.surfaces, start) for raw, start in zip(raws, starts, strict=False)]
    known = [(faces, start) for faces, start in some if faces is not None]
    if not known:
        return None
    points = np.cumsum([0, *(len(faces.coords) for faces, _ in known)])
    rings = np.cumsum([0, *(len(faces.ring_start) - 1 for faces, _ in known)])
    return RawSurfaces(
        coords=np.concatenate([faces.coords for faces, _ in known]),
        ring_start=np.concatenate(
            [[0], *(f.ring_start[1:] + at for (f, _), at in zip(known, points, strict=False))]
        ),
        face_start=np.concatenate(
            [[0], *(f.face_start[1:] + at for (f, _), at in zip(known, rings, strict=False))]
        ),
        owner=np.concatenate([faces.owner + start for faces, start in known]),
        meaning=np.concatenate([faces.meaning for faces, _ in known]),
    )
