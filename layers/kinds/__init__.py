"""The table of layer kinds; a new kind is a module here and a row below."""

from __future__ import annotations

from layers.errors import CityError
from layers.kinds import (
    answers,
    buildings,
    clouds,
    drills,
    emergency,
    imagery,
    measurements,
    models,
    pipes,
    terrain,
    vector,
)
from layers.kinds.base import Kind

KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        terrain.KIND,
        imagery.KIND,
        *vector.KINDS,
        *emergency.KINDS,
        buildings.KIND,
        pipes.KIND,
        models.KIND,
        clouds.KIND,
        answers.KIND,
        drills.KIND,
        measurements.KIND,
    )
}


def kind_of(key: str) -> Kind:
    """Give a kind by its word.

    Raises
    ------
    CityError
        ``kind.unknown``, naming those there are.
    """
    if key not in KINDS:
        names = ", ".join(KINDS)
        raise CityError(
            "kind.unknown",
            f"There is no kind of layer called '{key}'.",
            hint=f"choose one of: {names}",
            kind=key,
            kinds=names,
        )
    return KINDS[key]
