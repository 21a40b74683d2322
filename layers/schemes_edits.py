"""The commands about schemes: new, activate, archive, duplicate, remove, promote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa

from layers.errors import CityError
from layers.history import Label
from layers.kinds import kind_of
from layers.kinds.base import Features
from layers.project import Project
from layers.schemes import (
    ChangeSchemes,
    City,
    captured,
    city_of,
    city_over,
    now,
    scheme_from,
    showing,
)
from layers.schemes_model import (
    ARCHIVED,
    DRAFT,
    EXISTING,
    PROMOTED,
    STATUSES,
    Held,
    Scheme,
    Schemes,
    new_id,
)
from layers.schemes_rows import ATTRIBUTES


def activate(name: str) -> ChangeSchemes:
    """Make the command that shows a scheme; ``existing`` shows the city as it is.

    Raises (when done)
    ------------------
    CityError
        ``schemes.no_such``; ``schemes.closed`` for archived and promoted ones.
    """

    def plan(project: Project) -> tuple[City, Schemes]:
        scheme = captured(project).find(name)
        if scheme is not None:
            refuse_closed(scheme)
        return showing(project, scheme)

    key = "edit-scheme-existing" if name in {"", EXISTING, "现状"} else "edit-scheme-activate"
    return ChangeSchemes(plan, Label(key, {"name": name}))


def refuse_closed(scheme: Scheme) -> None:
    """Refuse to edit what is archived or promoted.

    Raises
    ------
    CityError
        ``schemes.closed``.
    """
    if scheme.status != DRAFT:
        raise CityError(
            "schemes.closed",
            f"The scheme '{scheme.name}' is {scheme.status} and cannot be edited.",
            hint="duplicate it, or take it out of the archive",
            name=scheme.name,
            status=scheme.status,
        )


def new_scheme(
    name: str, *, parent: str = EXISTING, author: str = "", note: str = "", show_it: bool = True
) -> ChangeSchemes:
    """Make the command that adds a scheme which changes nothing yet.

    Parameters
    ----------
    name : str
        Its name, which no other scheme has.
    parent : str
        Scheme it builds on; what the parent changes later shows in it too.
    author, note : str
        Who makes it, and a remark.
    show_it : bool
        Make it the active one.
    """
    made = new_id()

    def plan(project: Project) -> tuple[City, Schemes]:
        schemes = captured(project)
        below = schemes.find(parent)
        time = now()
        scheme = Scheme(
            made, schemes.free_name(name), "" if below is None else below.id,
            author, time, time, DRAFT, note,
        )  # fmt: skip
        schemes = schemes.with_scheme(scheme)
        if not show_it:
            return _as_shown(project), schemes
        city = city_of(project, below)
        return city, replace(schemes, active=made, base=_base(project), below=city)

    return ChangeSchemes(plan, Label("edit-scheme-new", {"name": name.strip()}))


def _base(project: Project) -> City:
    return city_of(project, None)


def _as_shown(project: Project) -> City:
    return tuple(Held(layer, layer.data) for layer in project.layers)


def _about(
    title: Label, change: Callable[[Project, Schemes], Schemes], leaves: str = ""
) -> ChangeSchemes:
    """Make a command that changes the list; with `leaves` that scheme is left first."""

    def plan(project: Project) -> tuple[City, Schemes]:
        city, schemes = _as_shown(project), captured(project)
        if leaves and schemes.find(leaves) is schemes.active_scheme:
            city, schemes = showing(project, None)
        return city, change(project, schemes)

    return ChangeSchemes(plan, title)


def set_scheme(
    name: str, *, new_name: str | None = None, note: str | None = None, author: str | None = None
) -> ChangeSchemes:
    """Make the command that renames a scheme or changes its remark or author."""

    def change(project: Project, schemes: Schemes) -> Schemes:
        del project
        old = schemes.get(name)
        return schemes.with_scheme(
            replace(
                old,
                name=old.name if new_name is None else schemes.free_name(new_name, but=old.id),
                note=old.note if note is None else note,
                author=old.author if author is None else author,
                changed=now(),
            )
        )

    return _about(Label("edit-scheme-set", {"name": name}), change)


def set_status(name: str, status: str) -> ChangeSchemes:
    """Make the command that archives a scheme or takes it out of the archive.

    Raises (when done)
    ------------------
    CityError
        ``schemes.status`` if the word is none, or the scheme was promoted.
    """

    def change(project: Project, schemes: Schemes) -> Schemes:
        del project
        old = schemes.get(name)
        if status not in STATUSES[:2] or old.status == PROMOTED:
            raise CityError(
                "schemes.status",
                f"The scheme '{old.name}' is {old.status} and cannot become {status}.",
                hint="a promoted scheme is part of the existing city; undo the promotion",
                name=old.name,
                status=old.status,
            )
        return schemes.with_scheme(replace(old, status=status, changed=now()))

    key = "edit-scheme-archive" if status == ARCHIVED else "edit-scheme-restore"
    leaves = name if status == ARCHIVED else ""
    return _about(Label(key, {"name": name}), change, leaves)


def duplicate(name: str, new_name: str, *, author: str = "") -> ChangeSchemes:
    """Make the command that adds a scheme with the same changes under another name."""
    made = new_id()

    def change(project: Project, schemes: Schemes) -> Schemes:
        del project
        old, time = schemes.get(name), now()
        return schemes.with_scheme(
            replace(
                old,
                id=made,
                name=schemes.free_name(new_name),
                author=author or old.author,
                created=time,
                changed=time,
                status=DRAFT,
            )
        )

    return _about(Label("edit-scheme-duplicate", {"name": name}), change)


def remove_scheme(name: str) -> ChangeSchemes:
    """Make the command that removes a scheme; the existing city is shown if it was active.

    Raises (when done)
    ------------------
    CityError
        ``schemes.has_children`` where others build on it.
    """

    def change(project: Project, schemes: Schemes) -> Schemes:
        del project
        old = schemes.get(name)
        children = schemes.children(old.id)
        if children:
            names = ", ".join(child.name for child in children)
            raise CityError(
                "schemes.has_children",
                f"Other schemes build on '{old.name}': {names}.",
                hint="remove those first, or archive this one",
                name=old.name,
                children=names,
            )
        return replace(schemes, items=tuple(item for item in schemes.items if item is not old))

    return _about(Label("edit-scheme-remove", {"name": name}), change, name)


def promote(name: str) -> ChangeSchemes:
    """Make the command that makes a scheme the existing city.

    What it built on is part of that. Schemes over it then stand on the existing city;
    the others keep what they change, now of the new city. The scheme stays in the list
    as promoted, with its counts in the remark.

    Raises (when done)
    ------------------
    CityError
        ``schemes.no_such``, ``schemes.closed``.
    """

    def plan(project: Project) -> tuple[City, Schemes]:
        schemes = captured(project)
        old = schemes.get(name)
        refuse_closed(old)
        base = city_of(project, None)
        city = tuple(_tidied(held, base) for held in city_of(project, old))
        done = {item.id for item in schemes.chain(old)}
        items = [
            _promoted(item) if item.id in done
            else replace(item, parent="") if item.parent in done
            else item
            for item in schemes.items
        ]  # fmt: skip
        return city, Schemes(tuple(items))

    return ChangeSchemes(plan, Label("edit-scheme-promote", {"name": name}))


def _promoted(scheme: Scheme) -> Scheme:
    """Close a scheme whose changes are the city's own now; their counts stay in the remark."""
    counts = scheme.counts()
    told = f"+{counts['added']} -{counts['removed']} ~{counts['changed']}"
    note = f"{scheme.note} ({told})".strip()
    return Scheme(
        scheme.id, scheme.name, "", scheme.author, scheme.created, now(), PROMOTED, note
    )  # fmt: skip


def _tidied(held: Held, base: City) -> Held:
    """Leave out the attribute rows that only demolished objects had."""
    before = next((x.data for x in base if x.layer.id == held.layer.id), None)
    data = held.data
    if data is before or not isinstance(data, Features):
        return held
    packed = data.pack()
    table, feature = packed.tables[ATTRIBUTES], packed.arrays["feature"]
    used = np.zeros(table.num_rows, dtype=bool)
    used[feature] = True
    if isinstance(before, Features):  # rows without a shape of the file itself stay
        idle = np.ones(before.attributes.num_rows, dtype=bool)
        idle[before.feature] = False
        used[: len(idle)] |= idle[: len(used)]
    if used.all():
        return held
    places = np.cumsum(used) - 1
    arrays = {**packed.arrays, "feature": places[feature].astype(np.int64)}
    tables = {**packed.tables, ATTRIBUTES: table.filter(pa.array(used)).combine_chunks()}
    tidy = replace(packed, arrays=arrays, tables=tables)
    return Held(held.layer, kind_of(held.layer.kind).unpack(tidy))


def rebase(name: str, parent: str) -> ChangeSchemes:
    """Make the command that lets a scheme build on another parent and stay as it looks.

    Raises (when done)
    ------------------
    CityError
        ``schemes.circle`` if the new parent builds on the scheme itself.
    """

    def change(project: Project, schemes: Schemes) -> Schemes:
        old, under = schemes.get(name), schemes.find(parent)
        if under is not None and old in schemes.chain(under):
            raise CityError(
                "schemes.circle",
                f"'{under.name}' builds on '{old.name}' itself.",
                hint="choose a scheme that does not",
                name=old.name,
                parent=under.name,
            )
        base = city_of(project, None)
        below = base if under is None else city_over(base, schemes.chain(under), schemes)
        made = scheme_from(replace(old, changed=now()), below, city_of(project, old))
        if schemes.active == old.id:
            schemes = replace(schemes, below=below)
        return schemes.with_scheme(replace(made, parent="" if under is None else under.id))

    return _about(Label("edit-scheme-rebase", {"name": name}), change)
