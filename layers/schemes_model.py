"""Schemes: named branches over the existing city, as plain frozen values."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from layers.errors import CityError
from layers.kinds.base import Layer, LayerData, LayerState
from layers.schemes_patch import Patch

#: The words for the city as it is, with no scheme.
EXISTING = "existing"
EXISTING_WORDS = frozenset({"", EXISTING, "现状"})
STATUSES = ("draft", "archived", "promoted")
DRAFT, ARCHIVED, PROMOTED = STATUSES
#: Kinds of layers that belong to the project, whatever scheme is active.
SHARED_KINDS = frozenset({"measurements", "answers", "drills", "imagery", "clouds"})


@dataclass(frozen=True, slots=True, eq=False)
class AddedLayer:
    """A layer that only a scheme has.

    Attributes
    ----------
    position : int
        Where it stands among the layers, from the bottom.
    layer : LayerState
        Name, look and content.
    """

    position: int
    layer: LayerState


@dataclass(frozen=True, slots=True, eq=False)
class Scheme:
    """A named branch: what it changes of its parent, and who made it when.

    Attributes
    ----------
    id, name : str
        Identity; what people call it.
    parent : str
        Id of the scheme it builds on; "" for the existing city.
    author : str
        Who made it.
    created, changed : str
        ISO 8601 with time zone.
    status : str
        One of ``STATUSES``.
    note : str
        Remark.
    patches : mapping of str to Patch
        What differs from the parent, by layer id; layers that do not differ are not there.
    added : tuple of AddedLayer
        Layers that the parent does not have.
    dropped : tuple of str
        Ids of the parent's layers that it does not have.
    """

    id: str
    name: str
    parent: str = ""
    author: str = ""
    created: str = ""
    changed: str = ""
    status: str = DRAFT
    note: str = ""
    patches: Mapping[str, Patch] = field(default_factory=dict)
    added: tuple[AddedLayer, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it changes nothing."""
        return not (self.patches or self.added or self.dropped)

    @property
    def size(self) -> int:
        """Bytes of what differs, whole new layers aside."""
        return sum(patch.size for patch in self.patches.values())

    def counts(self) -> dict[str, int]:
        """Count the objects added, removed and changed, in the layers it shares with its parent."""
        patches = self.patches.values()
        return {
            "added": sum(len(p.added_ids) for p in patches)
            + sum(len(item.layer.data) for item in self.added),
            "removed": sum(len(p.removed) for p in patches),
            "changed": sum(len(p.changed_ids) for p in patches),
        }


def new_id() -> str:
    """Make the identity of a new scheme."""
    return uuid.uuid4().hex[:12]


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A layer and the content it had."""

    layer: Layer
    data: LayerData


@dataclass(frozen=True, slots=True, eq=False)
class Schemes:
    """All schemes of a project, and which one is shown.

    Attributes
    ----------
    items : tuple of Scheme
        In order. What was edited since the active one was activated is not in it
        yet: `layers.schemes.captured` gives them up to date.
    active : str
        Id of the active scheme, "" for the existing city.
    base : tuple of Held
        The existing city while a scheme is active: its layers in order with their content.
    below : tuple of Held
        The parent of the active scheme, the same way.
    """

    items: tuple[Scheme, ...] = ()
    active: str = ""
    base: tuple[Held, ...] = ()
    below: tuple[Held, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.items)

    def contents(self) -> Iterator[LayerData | Patch]:
        """Give the contents that are held here: of the existing city, and of what differs."""
        for held in (*self.base, *self.below):
            yield held.data
        for scheme in self.items:
            yield from scheme.patches.values()
            for item in scheme.added:
                yield item.layer.data

    def get(self, name: str) -> Scheme:
        """Give a scheme by its id or name.

        Raises
        ------
        CityError
            ``schemes.no_such``, naming those there are.
        """
        for scheme in self.items:
            if name in {scheme.id, scheme.name}:
                return scheme
        names = ", ".join(scheme.name for scheme in self.items) or "-"
        raise CityError(
            "schemes.no_such",
            f"There is no scheme '{name}'.",
            hint=f"the schemes are: {names}; '{EXISTING}' is the city as it is",
            scheme=name,
            schemes=names,
        )

    def find(self, name: str) -> Scheme | None:
        """Give a scheme by its id or name; None for the words of the existing city."""
        return None if name in EXISTING_WORDS else self.get(name)

    @property
    def active_scheme(self) -> Scheme | None:
        """The active scheme, None for the existing city."""
        return self.get(self.active) if self.active else None

    def chain(self, scheme: Scheme) -> tuple[Scheme, ...]:
        """Give a scheme and what it builds on, the oldest first."""
        out = [scheme]
        while out[0].parent:
            out.insert(0, self.get(out[0].parent))
        return tuple(out)

    def children(self, scheme_id: str) -> tuple[Scheme, ...]:
        """Give the schemes that build on one ("": on the existing city)."""
        return tuple(scheme for scheme in self.items if scheme.parent == scheme_id)

    def with_scheme(self, scheme: Scheme) -> Schemes:
        """Give these schemes with one put in, in the place of the one of its id or last."""
        if any(other.id == scheme.id for other in self.items):
            items = tuple(scheme if other.id == scheme.id else other for other in self.items)
        else:
            items = (*self.items, scheme)
        return replace(self, items=items)

    def free_name(self, wanted: str, *, but: str = "") -> str:
        """Give a name back where a scheme may take it.

        Parameters
        ----------
        wanted : str
            The name.
        but : str
            Id of a scheme whose own name does not count.

        Raises
        ------
        CityError
            ``schemes.name_empty`` or ``schemes.name_taken``.
        """
        name = wanted.strip()
        if name in EXISTING_WORDS:
            raise CityError(
                "schemes.name_empty",
                f"A scheme cannot be called '{name}'.",
                hint="choose a name of its own, such as A",
                name=name,
            )
        if any(name in {other.name, other.id} and other.id != but for other in self.items):
            raise CityError(
                "schemes.name_taken",
                f"There is a scheme called '{name}' already.",
                hint="choose another name",
                name=name,
            )
        return name
