"""Schemes over the existing city: which layers each one has, switching, and snapshots of any.

The project always shows the active state. What an active scheme changed is found by
comparing with what lies below it whenever somebody asks (saving, switching, counting), so
that every command of the house edits schemes without knowing of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from layers.history import Label
from layers.kinds import kind_of
from layers.kinds.base import Features, LayerState
from layers.project import Project
from layers.schemes_condensed import CondensedState, State, condensed_state, held_by
from layers.schemes_model import (
    EXISTING,
    SHARED_KINDS,
    AddedLayer,
    Held,
    Scheme,
    Schemes,
)
from layers.schemes_patch import Patch, difference, patched
from layers.swap import Put, Work

City = tuple[Held, ...]


def now() -> str:
    """Give the time as schemes keep it, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def is_shared(held: Held) -> bool:
    """Say whether a layer belongs to the project, whatever scheme is active."""
    return held.layer.kind in SHARED_KINDS


def _live(project: Project) -> City:
    return tuple(Held(layer, layer.data) for layer in project.layers)


def base_city(project: Project) -> City:
    """Give the existing city: all layers it has, in order, with their content.

    Measurements, answers and pictures of the ground belong to the project: they are
    as they are now, whatever scheme is active.
    """
    if not project.schemes.active:
        return _live(project)
    return _with_shared(project.schemes.base, project)


def _with_shared(city: City, project: Project) -> City:
    """Give a city with the shared layers the project has now, each near its place."""
    live = _live(project)
    order = {held.layer.id: i for i, held in enumerate(live)}
    own = {held.layer.id for held in city}
    out = [held for held in city if not is_shared(held) or held.layer.id in order]
    out = [live[order[held.layer.id]] if is_shared(held) else held for held in out]
    for i, held in enumerate(live):
        if is_shared(held) and held.layer.id not in own:
            below = {other.layer.id for other in live[:i]}
            at = max((k + 1 for k, x in enumerate(out) if x.layer.id in below), default=0)
            out.insert(at, held)
    return tuple(out)


def city_of(project: Project, scheme: Scheme | None) -> City:
    """Give the layers of a scheme (None: of the existing city), in order with their content."""
    schemes = project.schemes
    if (scheme.id if scheme else "") == schemes.active:
        return _live(project)
    base = base_city(project)
    if scheme is None:
        return base
    return city_over(base, captured(project).chain(scheme), schemes)


def city_over(base: City, chain: Sequence[Scheme], schemes: Schemes) -> City:
    """Put schemes on a city, one after the other; what they do not change is shared."""
    city = base
    for scheme in chain:
        city = _over(city, scheme, schemes)
    return city


def _over(city: City, scheme: Scheme, schemes: Schemes) -> City:
    out: list[Held] = []
    for held in city:
        if held.layer.id in scheme.dropped:
            continue
        patch = scheme.patches.get(held.layer.id)
        if patch is None:
            out.append(held)
            continue
        first = highest_id(schemes, held.layer.id) + 1
        packed, _ = patched(held.data.pack(), patch, first)
        out.append(Held(held.layer, kind_of(held.layer.kind).unpack(packed)))
    for item in sorted(scheme.added, key=lambda item: item.position):
        layer = item.layer.layer()
        out.insert(min(item.position, len(out)), Held(layer, item.layer.data))
    return tuple(out)


def highest_id(schemes: Schemes, layer_id: str) -> int:
    """Give the highest number that any scheme gave to an object of a layer; 0 for none."""
    most = 0
    for scheme in schemes.items:
        patch = scheme.patches.get(layer_id)
        if patch is not None and patch.rows is not None:
            most = max(most, int(patch.rows.arrays["ids"].max(initial=0)))
        for item in scheme.added:
            if item.layer.id == layer_id and isinstance(item.layer.data, Features):
                most = max(most, int(item.layer.data.ids.max(initial=0)))
    return most


def free_id(project: Project, layer_id: str) -> int:
    """Give the first number that no object of a layer has, in any scheme or without."""
    most = highest_id(project.schemes, layer_id)
    layers = [project.layer(layer_id).data, *(h.data for h in base_city(project)
                                              if h.layer.id == layer_id)]  # fmt: skip
    for data in layers:
        if isinstance(data, Features):
            most = max(most, int(data.ids.max(initial=0)))
    return most + 1


def captured(project: Project) -> Schemes:
    """Give the schemes with what was edited in the active one, ready to be kept.

    Costs a comparison of the layers that were edited, once for each edit.
    """
    schemes = project.schemes
    scheme = schemes.active_scheme
    if scheme is None:
        return schemes
    made = scheme_from(scheme, _with_shared(schemes.below, project), _live(project))
    if _same(scheme, made):
        return schemes
    return schemes.with_scheme(replace(made, changed=now()))


def scheme_from(scheme: Scheme, below: City, city: City) -> Scheme:
    """Give a scheme that makes `city` of the city below it."""
    there = {held.layer.id: held for held in below}
    ids = {held.layer.id for held in city}
    patches: dict[str, Patch] = {}
    added: list[AddedLayer] = []
    kept = {item.layer.id: item for item in scheme.added}
    for position, held in enumerate(city):
        if is_shared(held):
            continue
        old = there.get(held.layer.id)
        if old is None:
            item = AddedLayer(position, LayerState.of(held.layer, held.data))
            known = kept.get(held.layer.id)
            same = known is not None and _same_layer(known.layer, item.layer)
            if known is not None and same:  # the order of others does not make it another one
                item = known
            added.append(item)
            continue
        patch = difference(old.data, held.data)
        if patch is not None:
            patches[held.layer.id] = patch
    dropped = tuple(
        held.layer.id for held in below if held.layer.id not in ids and not is_shared(held)
    )
    return replace(scheme, patches=patches, added=tuple(added), dropped=dropped)


def _same_layer(one: LayerState, other: LayerState) -> bool:
    return one.data is other.data and all(
        getattr(one, name) == getattr(other, name)
        for name in ("kind", "name", "visible", "opacity", "style", "source")
    )


def _same(one: Scheme, other: Scheme) -> bool:
    if one.patches.keys() != other.patches.keys() or one.dropped != other.dropped:
        return False
    if len(one.added) != len(other.added):
        return False
    if any(a is not b for a, b in zip(one.added, other.added, strict=True)):
        return False
    pairs = [(patch, other.patches[key]) for key, patch in one.patches.items()]
    return all(a is b or a.hash() == b.hash() for a, b in pairs)


def project_with(project: Project, name: str) -> Project:
    """Give a project that shows a scheme, without switching anything in this one.

    Frozen content is shared; layers, ids, views and looks are the same. Analyses run on it.

    Parameters
    ----------
    project : Project
        The project.
    name : str
        Name or id of a scheme; ``existing``, ``现状`` or "" for the existing city.

    Raises
    ------
    CityError
        ``schemes.no_such``.
    """
    schemes = captured(project)
    scheme = schemes.find(name)
    base = base_city(project)
    below = _below(base, scheme, schemes)
    city = city_of(project, scheme)
    copy = Project(project.frame, project.info)
    for held in city:
        copy.insert_layer(LayerState.of(held.layer, held.data).layer())
    copy.views, copy.tours = project.views, project.tours
    if scheme is None:
        copy.schemes = replace(schemes, active="", base=(), below=())
    else:
        copy.schemes = replace(schemes, active=scheme.id, base=base, below=below)
    return copy


def _below(base: City, scheme: Scheme | None, schemes: Schemes) -> City:
    if scheme is None or not scheme.parent:
        return base
    return city_over(base, schemes.chain(schemes.get(scheme.parent)), schemes)


def show_stored(project: Project, schemes: Schemes, active: str) -> None:
    """Give a project that was read its schemes, and show the one that was active."""
    project.schemes = replace(schemes, active="", base=(), below=())
    if active:
        show(project, *showing(project, project.schemes.get(active)))


def showing(project: Project, scheme: Scheme | None) -> tuple[City, Schemes]:
    """Work out what a project holds when it shows a scheme (None: the existing city)."""
    schemes = captured(project)
    base = base_city(project)
    if scheme is None:
        return base, replace(schemes, active="", base=(), below=())
    scheme = schemes.get(scheme.id)
    below = _below(base, scheme, schemes)
    city = city_of(project, scheme)
    return city, replace(schemes, active=scheme.id, base=base, below=below)


def show(project: Project, city: City, schemes: Schemes) -> None:
    """Let a project hold these layers and schemes; layers that stay as they are say nothing."""
    wanted = {held.layer.id: held for held in city}
    for layer in project.layers:
        if layer.id not in wanted:
            project.take_layer(layer.id)
    there = {layer.id for layer in project.layers}
    for at, held in enumerate(city):
        if held.layer.id not in there:
            if held.layer.data is not held.data:
                held.layer.data = held.data
            project.insert_layer(held.layer, at)
        elif project.layer(held.layer.id).data is not held.data:
            project.layer(held.layer.id).data = held.data
    for at, held in enumerate(city):
        if project.layers[at].id != held.layer.id:
            project.move_layer(held.layer.id, at)
    project.schemes = schemes


Plan = Callable[[Project], tuple[City, Schemes]]


@dataclass(eq=False)
class ChangeSchemes:
    """Change the schemes, the layers shown, or both, as one step that is undone exactly.

    Attributes
    ----------
    plan : callable
        Gives the layers and schemes there shall be; may raise, then nothing was touched.
    title : Label
        What it is for.
    """

    plan: Plan
    title: Label
    _before: State | CondensedState | None = field(default=None, init=False, repr=False)
    _after: State | CondensedState | None = field(default=None, init=False, repr=False)
    _done: bool = field(default=False, init=False, repr=False)

    @property
    def label(self) -> Label:
        """What the change is for."""
        return self.title

    def do(self, project: Project) -> None:
        """Show what was planned."""
        after = self._after
        if after is None:
            after = self.plan(project)
        before = _live(project), project.schemes
        if isinstance(after, CondensedState):
            after = after.restored(before)
        self._before, self._after, self._done = before, after, True
        show(project, *after)

    def undo(self, project: Project) -> None:
        """Show what was shown before."""
        before, after = self._before, (_live(project), project.schemes)
        assert before is not None
        if isinstance(before, CondensedState):
            before = before.restored(after)
        self._before, self._after, self._done = before, after, False
        show(project, *before)

    def held(self) -> Iterator[object]:
        """Give the contents that are kept."""
        for state in (self._before, self._after):
            if isinstance(state, CondensedState):
                yield from state.held()
            elif state is not None:
                yield from held_by(state)

    def condensing(self) -> Work | None:
        """Give the work of keeping less of them."""
        done = self._done
        kept, beside = (self._before, self._after) if done else (self._after, self._before)
        if kept is None or beside is None:
            return None
        assert not isinstance(kept, CondensedState)
        assert not isinstance(beside, CondensedState)
        return partial(self._condense, kept, beside, done=done)

    def _condense(self, kept: State, beside: State, *, done: bool) -> Put:
        made = condensed_state(kept, beside)

        def put() -> None:
            now = (self._before, self._after) if self._done else (self._after, self._before)
            if self._done is done and now[0] is kept and now[1] is beside:
                self._before, self._after = (made, None) if done else (None, made)

        return put

    def absorb(self, later: object) -> bool:
        """Keep steps apart."""
        del later
        return False


def same_objects(project: Project, one: str, other: str) -> bool:
    """Say whether two schemes give the same city, object by object."""
    cities = [
        {held.layer.id: held.data for held in city_of(project, captured(project).find(name))}
        for name in (one, other)
    ]
    if cities[0].keys() != cities[1].keys():
        return False
    patches = [difference(cities[0][key], cities[1][key]) for key in cities[0]]
    return not any(patch is not None and patch.touches_objects for patch in patches)


def shown_name(schemes: Schemes) -> str:
    """Give the name of the active scheme, or the word for the existing city."""
    scheme = schemes.active_scheme
    return EXISTING if scheme is None else scheme.name
