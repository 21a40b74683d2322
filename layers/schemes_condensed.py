"""What a project showed before a change of schemes, kept as what differs from what it shows after.

A city beside its existing one and its parent's holds mostly the same contents; each content is
kept once, and only where the other state has none that it could be told by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from layers.condensed import Condensed, condensed
from layers.kinds.base import Layer, LayerData
from layers.schemes_model import Held, Schemes

City = tuple[Held, ...]
#: The layers a project shows, and its schemes.
State = tuple[City, Schemes]
#: Which city of a state (0 the one that is shown, 1 the existing one, 2 the parent's), layer.
Place = tuple[int, str]


@dataclass(frozen=True, slots=True, eq=False)
class _Recipe:
    """A content: as it stands in a place of the other state, by what differs from it, or itself."""

    place: Place | None
    kept: Condensed | LayerData | None

    def made(self, there: dict[Place, LayerData]) -> LayerData:
        if isinstance(self.kept, Condensed):
            assert self.place is not None
            return self.kept.restored(there[self.place])
        if self.kept is not None:
            return self.kept
        assert self.place is not None
        return there[self.place]


@dataclass(frozen=True, slots=True, eq=False)
class CondensedState:
    """A state of a project as what differs from another one.

    Attributes
    ----------
    cities : tuple of tuple of (Layer, int)
        The layers of each city, with the number of their content in `recipes`.
    recipes : tuple of _Recipe
        The contents; layers that shared one share it again.
    schemes : Schemes
        The schemes without cities.
    """

    cities: tuple[tuple[tuple[Layer, int], ...], ...]
    recipes: tuple[_Recipe, ...]
    schemes: Schemes

    def restored(self, beside: State) -> State:
        """Give the state again, from the one it differs from."""
        there = _places(beside)
        made = [recipe.made(there) for recipe in self.recipes]
        city, base, below = (
            tuple(Held(layer, made[number]) for layer, number in city) for city in self.cities
        )
        return city, replace(self.schemes, base=base, below=below)

    def held(self) -> Iterator[object]:
        """Give what is kept."""
        for recipe in self.recipes:
            if recipe.kept is not None:
                yield recipe.kept
        yield from self.schemes.contents()


def condensed_state(state: State, beside: State) -> CondensedState:
    """Keep a state as what differs from another one.

    Parameters
    ----------
    state : State
        What is to be kept.
    beside : State
        The state that will be at hand when it is wanted again.
    """
    there = _places(beside)
    same: dict[int, Place] = {}
    for place, content in there.items():
        same.setdefault(id(content), place)
    recipes: list[_Recipe] = []
    numbers: dict[int, int] = {}
    cities = []
    for city in _cities(state):
        told = []
        for held in city:
            key = id(held.data)
            if key not in numbers:
                numbers[key] = len(recipes)
                recipes.append(_recipe(held, same.get(key), there))
            told.append((held.layer, numbers[key]))
        cities.append(tuple(told))
    return CondensedState(tuple(cities), tuple(recipes), replace(state[1], base=(), below=()))


def held_by(state: State) -> Iterator[object]:
    """Give the contents of a state."""
    for held in state[0]:
        yield held.data
    yield from state[1].contents()


def _recipe(held: Held, same: Place | None, there: dict[Place, LayerData]) -> _Recipe:
    if same is not None:
        return _Recipe(same, None)
    for number in range(3):
        place = number, held.layer.id
        if place in there:
            made = condensed(held.data, there[place])
            return _Recipe(None, held.data) if made is None else _Recipe(place, made)
    return _Recipe(None, held.data)


def _cities(state: State) -> tuple[City, City, City]:
    city, schemes = state
    return city, schemes.base, schemes.below


def _places(state: State) -> dict[Place, LayerData]:
    return {
        (number, held.layer.id): held.data
        for number, city in enumerate(_cities(state))
        for held in city
    }
