"""Taking the changes of one scheme into another, object by object, with conflicts shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from layers.errors import CityError
from layers.history import Label
from layers.kinds import kind_of
from layers.kinds.base import LayerData, Packed, unpack_shapes
from layers.project import Project
from layers.row_match import old_rows
from layers.schemes import ChangeSchemes, City, captured, city_of, city_over, now, scheme_from
from layers.schemes_edits import refuse_closed
from layers.schemes_model import Held, Scheme, Schemes
from layers.schemes_patch import Patch, difference, packed_difference, patched
from layers.schemes_rows import drop, pick, put, renumbered
from layers.shapes import Floats, Ints

Side = Literal["ours", "theirs"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """An object that both schemes changed, each in its own way.

    Attributes
    ----------
    layer : str
        Id of the layer.
    object_id : int
        Number of the object; 0 where the layer as a whole is meant (a terrain).
    ours, theirs : str
        What each did: ``removed``, ``changed`` or ``whole``.
    """

    layer: str
    object_id: int
    ours: str
    theirs: str


def conflicts(project: Project, into: str, name: str) -> tuple[Conflict, ...]:
    """Give what two schemes changed differently, measured against what both build on.

    Parameters
    ----------
    project : Project
        The project.
    into, name : str
        The scheme that takes, and the one that gives.

    Raises
    ------
    CityError
        ``schemes.no_such``.
    """
    schemes = captured(project)
    ours, theirs = schemes.get(into), schemes.get(name)
    ground = _common(project, schemes, ours, theirs)
    cities = [_by_id(city_of(project, scheme)) for scheme in (ours, theirs)]
    found: list[Conflict] = []
    for layer_id, base in _by_id(ground).items():
        sides = [city.get(layer_id) for city in cities]
        found += _layer_conflicts(layer_id, base, sides[0], sides[1])
    return tuple(found)


def _by_id(city: City) -> dict[str, LayerData]:
    return {held.layer.id: held.data for held in city}


def _common(project: Project, schemes: Schemes, one: Scheme, other: Scheme) -> City:
    """Give the city of the youngest scheme that both build on, or the existing one."""
    theirs = {scheme.id for scheme in schemes.chain(other)}
    chain = [scheme for scheme in schemes.chain(one) if scheme.id in theirs]
    base = city_of(project, None)
    return city_over(base, chain, schemes)


def _layer_conflicts(
    layer_id: str, base: LayerData, ours: LayerData | None, theirs: LayerData | None
) -> list[Conflict]:
    if ours is None or theirs is None:
        other = theirs if ours is None else ours
        if other is None or difference(base, other) is None:
            return []
        did = ("removed", "whole") if ours is None else ("whole", "removed")
        return [Conflict(layer_id, 0, *did)]
    one, two = difference(base, ours), difference(base, theirs)
    if one is None or two is None:
        return []
    out = []
    if one.whole and two.whole and _pieces_hash(one) != _pieces_hash(two):
        out.append(Conflict(layer_id, 0, "whole", "whole"))
    both = np.intersect1d(_touched(one), _touched(two))
    for object_id in (*both.tolist(), *_same_newcomers(one, two)):
        mine, yours = (
            "removed" if object_id in patch.removed else "changed" for patch in (one, two)
        )
        if mine == yours and (mine == "removed" or _same_object(one, two, object_id)):
            continue
        out.append(Conflict(layer_id, int(object_id), mine, yours))
    return out


def _touched(patch: Patch) -> Ints:
    return np.concatenate([patch.removed, patch.changed_ids])


def _same_newcomers(one: Patch, two: Patch) -> list[int]:
    """Give the new objects of both that have one number and one place: one was a copy."""
    out = []
    for object_id in np.intersect1d(one.added_ids, two.added_ids).tolist():
        boxes = [_box(patch, object_id) for patch in (one, two)]
        low = np.maximum(boxes[0][:2], boxes[1][:2])
        if (low <= np.minimum(boxes[0][2:], boxes[1][2:])).all():
            out.append(int(object_id))
    return out


def _box(patch: Patch, object_id: int) -> Floats:
    return np.asarray(unpack_shapes(_object(patch, object_id).arrays).bounds()[0])


def _pieces_hash(patch: Patch) -> str:
    return replace(patch, removed=np.zeros(0, dtype=np.int64), rows=None, mark="", total=0).hash()


def _object(patch: Patch, object_id: int) -> Packed:
    assert patch.rows is not None
    return pick(patch.rows, np.flatnonzero(patch.rows.arrays["ids"] == object_id))


def _same_object(one: Patch, two: Patch, object_id: int) -> bool:
    return packed_difference(_object(one, object_id), _object(two, object_id)) is None


def merge(
    into: str,
    name: str,
    *,
    prefer: Side | None = None,
    choices: Mapping[tuple[str, int], Side] | None = None,
) -> ChangeSchemes:
    """Make the command that takes what one scheme changes into another.

    Parameters
    ----------
    into, name : str
        The scheme that takes, and the one that gives; the latter stays as it is.
    prefer : "ours", "theirs" or None
        Which side counts where both changed an object; None refuses to guess.
    choices : mapping of (layer id, object number) to side, or None
        Which side counts for single objects, before `prefer`.

    Raises (when done)
    ------------------
    CityError
        ``schemes.conflicts`` where both changed something and nobody chose;
        ``schemes.same``, ``schemes.closed``, ``schemes.no_such``.
    """

    def plan(project: Project) -> tuple[City, Schemes]:
        schemes = captured(project)
        ours, theirs = schemes.get(into), schemes.get(name)
        if ours is theirs:
            raise CityError(
                "schemes.same", f"'{ours.name}' is one and the same scheme.",
                hint="name two different schemes", name=ours.name,
            )  # fmt: skip
        refuse_closed(ours)
        kept = _decided(project, conflicts(project, into, name), prefer, choices or {})
        city = _merged(project, schemes, ours, theirs, kept)
        active = schemes.active == ours.id
        base = city_of(project, None)
        parent = schemes.find(ours.parent)
        below = base if parent is None else city_over(base, schemes.chain(parent), schemes)
        made = scheme_from(replace(ours, changed=now()), below, city)
        shown = city if active else tuple(Held(layer, layer.data) for layer in project.layers)
        return shown, schemes.with_scheme(made)

    return ChangeSchemes(plan, Label("edit-scheme-merge", {"name": name, "into": into}))


def _decided(
    project: Project,
    found: tuple[Conflict, ...],
    prefer: Side | None,
    choices: Mapping[tuple[str, int], Side],
) -> set[tuple[str, int]]:
    """Give what stays as we have it; refuses what nobody decided."""
    sides = {(c.layer, c.object_id): choices.get((c.layer, c.object_id), prefer) for c in found}
    open_ones = [key for key, side in sides.items() if side is None]
    if open_ones:
        names = {held.layer.id: held.layer.name for held in city_of(project, None)}
        layer_id, object_id = open_ones[0]
        first = f"{names.get(layer_id, layer_id)} {object_id}"
        raise CityError(
            "schemes.conflicts",
            f"Both schemes changed {len(open_ones)} objects; first: {first}.",
            hint="choose a side: --prefer ours or --prefer theirs",
            count=len(open_ones),
            first=first,
        )
    return {key for key, side in sides.items() if side == "ours"}


def _merged(
    project: Project, schemes: Schemes, ours: Scheme, theirs: Scheme, kept: set[tuple[str, int]]
) -> City:
    ground = _by_id(_common(project, schemes, ours, theirs))
    giving = city_of(project, theirs)
    given = _by_id(giving)
    taking = city_of(project, ours)
    out: list[Held] = []
    for held in taking:
        layer_id = held.layer.id
        base, new = ground.get(layer_id), given.get(layer_id)
        if base is None:
            out.append(held)
        elif new is None:  # they took the layer out
            if (layer_id, 0) in kept:
                out.append(held)
        elif (patch := difference(base, new)) is None:
            out.append(held)
        else:
            keep = np.array([i for key, i in kept if key == layer_id], dtype=np.int64)
            out.append(Held(held.layer, _taken_in(held, patch, keep)))
    there = {held.layer.id for held in taking}
    for at, held in enumerate(giving):
        lost = held.layer.id in ground and (held.layer.id, 0) not in kept
        changed = lost and difference(ground[held.layer.id], held.data) is not None
        if held.layer.id not in there and (held.layer.id not in ground or changed):
            out.insert(min(at, len(out)), held)
    return tuple(out)


def _taken_in(held: Held, patch: Patch, keep: Ints) -> LayerData:
    """Put what a patch changes into a layer, but for the objects in `keep` (0: the pieces)."""
    packed: Packed = held.data.pack()
    if patch.rows is not None:
        ids = patch.rows.arrays["ids"]
        own = _twins(packed, patch)
        wanted = np.flatnonzero(~np.isin(ids, keep))
        rows, new = pick(patch.rows, wanted), patch.new[wanted]
        taken = new & (old_rows(rows.arrays["ids"], packed.arrays["ids"]) >= 0)
        taken &= ~np.isin(rows.arrays["ids"], own)
        most = max(int(packed.arrays["ids"].max(initial=0)), int(ids.max(initial=0)))
        rows, _ = renumbered(rows, taken, most + 1)
        gone = patch.removed[~np.isin(patch.removed, keep)]
        packed = drop(packed, gone) if len(gone) else packed
        if len(wanted):
            packed = put(packed, rows)
    if patch.whole and 0 not in keep.tolist():
        bare = replace(patch, removed=keep[:0], rows=None, mark="")
        packed, _ = patched(packed, bare)
    return kind_of(held.layer.kind).unpack(packed)


def _twins(packed: Packed, patch: Patch) -> Ints:
    """Give the new objects of a patch that stand in a content already, in the same place."""
    assert patch.rows is not None
    ids = patch.added_ids
    there = old_rows(ids, packed.arrays["ids"])
    ids, there = ids[there >= 0], there[there >= 0]
    if len(ids) == 0:
        return ids
    mine = unpack_shapes(packed.arrays).take(there).bounds()
    at = old_rows(ids, patch.rows.arrays["ids"])
    yours = unpack_shapes(patch.rows.arrays).take(at).bounds()
    low, high = np.maximum(mine[:, :2], yours[:, :2]), np.minimum(mine[:, 2:], yours[:, 2:])
    return np.asarray(ids[(low <= high).all(axis=1)])
