"""What map services answer beside features: errors, descriptions, and first pages of more."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from layers.errors import CityError
from layers.files.foreign_files import service_error
from layers.files.raw import Note

_LIMIT = re.compile(rb'"exceededTransferLimit"\s*:\s*true')
_MATCHED = re.compile(rb'"(?:numberMatched|totalFeatures)"\s*:\s*(\d+)')
_QUERY = "/query?where=1=1&outFields=*&f=geojson"  # what asks ArcGIS for all features of a layer


def notes_of(around: bytes, count: int) -> tuple[Note, ...]:
    """Say whether an answer holds the first part of what there is only.

    Parameters
    ----------
    around : bytes
        What stands before and behind the features.
    count : int
        Features in the answer.

    Returns
    -------
    tuple of Note
        At most one.

    Examples
    --------
    >>> notes_of(b'"numberMatched": 5000, "numberReturned": 1000', 1000)[0].facts["total"]
    5000
    """
    if _LIMIT.search(around):
        return (Note("answer_limited", {"count": count, "total": 0}),)
    matched = _MATCHED.search(around)
    if matched and int(matched[1]) > count:
        return (Note("answer_limited", {"count": count, "total": int(matched[1])}),)
    return ()


def refused(root: Any, path: Path) -> CityError | None:
    """Give the error for an answer that holds no features but says something else.

    Parameters
    ----------
    root : object
        The JSON value.
    path : pathlib.Path
        The file.
    """
    if not isinstance(root, dict):
        return None
    said = root.get("error")
    if isinstance(said, dict) and ("message" in said or "code" in said):
        return service_error(
            path, " ".join(str(said[key]) for key in ("code", "message") if key in said)
        )
    described = "currentVersion" in root or "serviceDescription" in root
    if described or {"objectIds", "objectIdFieldName"} <= set(root) or set(root) == {"count"}:
        return CityError(
            "file.service_description",
            "The file describes a layer of a map service; it does not hold its features.",
            hint=f"save what the address of the layer answers with {_QUERY}",
            where=str(path),
            name=path.name,
            query=_QUERY,
        )
    return None
