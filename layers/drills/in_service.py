"""Which moment a question about resources is asked of, and what is not in service then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
from numpy.typing import NDArray

from layers.content import text_hash
from layers.daylight import instant, read_moment, utc_offset_of
from layers.errors import CityError
from layers.files.raw import Note
from layers.kinds.base import Features
from layers.kinds.emergency import SORTS, Emergency, valid_of
from layers.kinds.valid_time import EPOCH, Moment, read_time
from layers.project import Project
from layers.shapes import Bools

NAMED = 3  # names that a remark tells


def moment_in(project: Project, when: str = "") -> Moment:
    """Give the moment that is asked about, on the clock of the city.

    Parameters
    ----------
    project : Project
        The city; its place tells how far its clock is ahead of UTC.
    when : str
        A day or a moment, ``2026-06-30 18:00``; "" takes the project's moment.

    Raises
    ------
    CityError
        ``daylight.moment``.
    """
    text = when.strip() or project.info.moment
    try:
        told = read_moment(text)
    except CityError:
        span = read_time(text)
        if span is None or not np.isfinite(span.begin):
            raise
        zone = UTC if span.zoned else None
        told = (EPOCH + timedelta(seconds=span.begin)).replace(tzinfo=zone)
    return of_datetime(project, told)


def of_datetime(project: Project, told: datetime) -> Moment:
    """Give a moment on the clock of the city; a moment in UTC is carried there."""
    place = _place(project)
    if place is None:
        return Moment.of(told)
    if told.tzinfo is None:
        return Moment.of(instant(*place, told.isoformat()))
    if told.utcoffset():
        return Moment.of(told)  # that is the clock of those who wrote it, summer time included
    return Moment.of(told.astimezone(timezone(timedelta(hours=utc_offset_of(*place)))))


def _place(project: Project) -> tuple[float, float] | None:
    """Give longitude and latitude of the middle of the city; None where nobody knows them."""
    extent = project.extent(visible_only=False)
    if project.frame is None or extent is None:
        return None
    middle = ((extent[0] + extent[2]) / 2.0, (extent[1] + extent[3]) / 2.0)
    longitude, latitude = project.frame.lonlat([middle])[0].tolist()
    return (longitude, latitude) if np.isfinite([longitude, latitude]).all() else None


def not_now(said: Emergency, moment: Moment | None) -> Bools:
    """Say which of a layer are outside of their valid time, (n,); none where no time is asked."""
    if moment is None:
        return np.zeros(len(said), dtype=bool)
    return ~said.valid.holds(moment)


def called(said: Emergency) -> NDArray[np.object_]:
    """Give names, and numbers of those that have none, (n,)."""
    return np.where(said.name == "", said.ids.astype(str).astype(object), said.name)


def service_facts(project: Project, ids: Iterable[str], when: str) -> dict[str, str]:
    """Give what an answer depends on beside its layers: who is in service at the moment.

    So an answer stays good while the sun of the project moves and nobody comes or goes.

    Parameters
    ----------
    project : Project
        The city.
    ids : iterable of str
        Layers that are read, of any kind.
    when : str
        See `moment_in`.
    """
    out = []
    moment = moment_in(project, when)
    for layer in map(project.layer, dict.fromkeys(ids)):
        if not isinstance(layer.data, Features) or layer.kind not in SORTS:
            continue
        gone = ~valid_of(layer.data).holds(moment)
        if gone.any():
            out.append(f"{layer.id}:{','.join(map(str, layer.data.ids[gone].tolist()))}")
    return {"in-service": text_hash(" ".join(out))} if out else {}


def service_note(names: Iterable[object], moment: Moment) -> tuple[Note, ...]:
    """Give the remark that tells who is left out, none where nobody is."""
    told = [str(name) for name in names]
    if not told:
        return ()
    shown = ", ".join(told[:NAMED]) + (" …" if len(told) > NAMED else "")
    facts = {"count": len(told), "names": shown, "when": moment.text}
    return (Note("drill_not_in_service", facts),)
