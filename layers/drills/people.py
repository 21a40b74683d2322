"""How many people are in buildings: as told, or by floor area and use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.planning.floor_areas import floor_areas
from layers.planning.uses import USES
from layers.rules.rule import Rule, RuleSet
from layers.shapes import Floats, Ints

AREA_KEY = "people.floor-area"
PLAIN_AREA = 50.0  # square metres a person where no rule says more


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """The people of n buildings.

    Attributes
    ----------
    layer : (n,) object
        Id of the layer of each building.
    object : (n,) int64
        Number of each building; parts give their whole.
    coords : (n, 2) float64
        Middle of the ground plan, project coordinates.
    count : (n,) int64
        Whole people.
    told : int
        Buildings whose number is told by a field.
    unverified : tuple of Rule
        Rules that were used and that nobody has verified.
    """

    layer: np.ndarray[tuple[int], np.dtype[np.object_]]
    object: Ints
    coords: Floats
    count: Ints
    told: int
    unverified: tuple[Rule, ...]

    def __len__(self) -> int:
        return len(self.count)

    def inside(self, chosen: Ints) -> People:
        """Give those of some buildings."""
        return People(
            self.layer[chosen], self.object[chosen], self.coords[chosen], self.count[chosen],
            self.told, self.unverified,
        )  # fmt: skip


def people_of(layers: Sequence[Layer], rules: RuleSet) -> People:
    """Reckon the people of layers of buildings.

    Parameters
    ----------
    layers : sequence of Layer
        Of buildings.
    rules : RuleSet
        With rules about ``people.floor-area`` by use (square metres a person).

    Notes
    -----
    A field that tells people counts before the rule. Parts of a building are added up; whole
    people are rounded up for each building, so that none with floor area is empty.
    """
    names: list[np.ndarray[tuple[int], np.dtype[np.object_]]] = []
    numbers, places, counts = [], [], []
    used: dict[str, Rule] = {}
    told = 0
    for layer in layers:
        data = layer.data
        if not isinstance(data, Buildings):
            continue
        found = floor_areas(data, rules)
        area = np.array([_area(rules, use, used) for use in USES])[found.use]
        by_area = found.counted_m2 / area
        said = np.isfinite(found.people)
        people = np.where(said, found.people, by_area)
        told += int(said.sum())
        whole = np.where(data.part_of > 0, data.part_of, data.ids)[found.rows]
        own, at = np.unique(whole, return_inverse=True)
        weight = np.maximum(found.plan_m2, 1e-6)
        total = np.bincount(at, weight)
        middle = data.shapes.take(found.rows).centres()
        place = [np.bincount(at, weight * middle[:, axis]) / total for axis in (0, 1)]
        names.append(np.full(len(own), layer.id, dtype=object))
        numbers.append(own.astype(np.int64))
        places.append(np.column_stack(place))
        counts.append(np.ceil(np.round(np.bincount(at, people), 6)).astype(np.int64))
    if not names:
        empty = np.zeros(0, dtype=np.int64)
        return People(np.zeros(0, dtype=object), empty, np.zeros((0, 2)), empty, 0, ())
    return People(
        np.concatenate(names), np.concatenate(numbers), np.concatenate(places),
        np.concatenate(counts), told, tuple(r for r in used.values() if not r.verified),
    )  # fmt: skip


def _area(rules: RuleSet, use: str, used: dict[str, Rule]) -> float:
    rule = rules.find(AREA_KEY, {"use": use})
    if rule is None or isinstance(rule.value, tuple):
        return PLAIN_AREA
    used[use] = rule
    return max(float(rule.value), 0.1)
