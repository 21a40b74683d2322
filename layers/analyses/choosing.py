"""Which layers an analysis is about."""

from __future__ import annotations

from collections.abc import Sequence

from layers.errors import CityError
from layers.kinds.base import Layer, LayerData
from layers.kinds.pipes import PLANNED, Pipes
from layers.project import Project


def layer_named(project: Project, name: str, *kinds: str) -> str:
    """Give the id of a layer: the one that is named, or the only one of the kinds.

    Raises
    ------
    CityError
        ``analysis.no_layer`` where there is none, ``analysis.which_layer`` where there are
        several, ``project.no_such_layer``.
    """
    if name:
        return project.layer(name).id
    found = [layer for layer in project.layers if layer.kind in kinds]
    if len(found) == 1:
        return found[0].id
    if not found:
        raise _none(kinds)
    names = ", ".join(layer.name for layer in found)
    raise CityError(
        "analysis.which_layer",
        f"There are {len(found)} layers of the kind '{kinds[0]}'.",
        hint=f"name one of: {names}",
        kind=kinds[0],
        count=len(found),
        names=names,
    )


def network_named(project: Project, name: str) -> str:
    """Give the id of a layer of pipes that water runs in.

    The one that is named, or the only one; layers of planned pipes alone do not count.

    Raises
    ------
    CityError
        As `layer_named` says.
    """
    laid = [layer for layer in project.of_kind("pipes") if not _all_planned(layer.data)]
    return laid[0].id if not name and len(laid) == 1 else layer_named(project, name, "pipes")


def _all_planned(data: LayerData) -> bool:
    if not isinstance(data, Pipes) or not len(data.runs):
        return False
    return bool((data.status[data.runs] == PLANNED).all())


def layers_named(
    project: Project, names: Sequence[str], *kinds: str, needed: bool = True
) -> list[Layer]:
    """Give the layers that are named, or all visible ones of the kinds.

    Raises
    ------
    CityError
        ``analysis.no_layer`` where there is none and one is needed, ``project.no_such_layer``.
    """
    if names:
        return [project.layer(name) for name in names]
    found = [layer for layer in project.layers if layer.kind in kinds]
    found = [layer for layer in found if layer.visible] or found
    if needed and not found:
        raise _none(kinds)
    return found


def _none(kinds: Sequence[str]) -> CityError:
    return CityError(
        "analysis.no_layer",
        f"The project holds no layer of the kind '{kinds[0]}'.",
        hint="import one first",
        kind=kinds[0],
    )
