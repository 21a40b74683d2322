"""Drills: the plans of a project with their earlier versions, and the exercises that were run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.drills.log import Exercise, exercise_from_json, exercise_to_json
from layers.drills.plan import Plan, places_of
from layers.drills.plan_file import plan_from_json, plan_to_json
from layers.errors import CityError
from layers.kinds.base import Extent, Kind, Packed
from layers.style import Style

if TYPE_CHECKING:
    from layers.drills.user_symbols import UserSymbol  # it knows the kinds, too

MOST_VERSIONS = 50  # earlier versions kept of one plan; the oldest go first


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Drills:
    """Plans and exercises.

    Attributes
    ----------
    plans : tuple of Plan
        In the order they were made.
    versions : tuple of Plan
        Earlier versions of plans, oldest first.
    exercises : tuple of Exercise
        In the order they were run.
    next_id : int
        Number the next plan or exercise will get.
    symbols : tuple of UserSymbol
        Symbols of users' own, in the order they came.
    """

    plans: tuple[Plan, ...] = ()
    versions: tuple[Plan, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    next_id: int = 1
    symbols: tuple[UserSymbol, ...] = ()

    def __len__(self) -> int:
        return len(self.plans)

    def extent(self) -> Extent | None:
        """Give west, south, east, north of all places the plans name, metres."""
        places = [
            place
            for plan in self.plans
            for coords in (*places_of(plan).values(), plan.region)
            for place in coords
        ]
        if not places:
            return None
        west, south = np.min(places, axis=0)
        east, north = np.max(places, axis=0)
        return float(west), float(south), float(east), float(north)

    def get(self, number: int) -> Plan:
        """Give a plan by its number.

        Raises
        ------
        CityError
            ``drill.no_such_plan``.
        """
        for plan in self.plans:
            if plan.id == number:
                return plan
        raise CityError("drill.no_such_plan", f"There is no plan {number}.", id=number)

    def named(self, name: str) -> Plan:
        """Give a plan by its name or its number.

        Raises
        ------
        CityError
            ``drill.no_such_name``, naming those there are.
        """
        for plan in self.plans:
            if name in (plan.name, str(plan.id)):
                return plan
        names = ", ".join(plan.name for plan in self.plans)
        raise CityError(
            "drill.no_such_name",
            f"There is no plan called '{name}'.",
            hint=f"choose one of: {names}" if names else "make a plan or import one first",
            name=name,
            names=names,
        )

    def with_new(self, plan: Plan) -> Drills:
        """Give the drills with one plan more; it gets the next number and a name of its own."""
        names = {old.name for old in self.plans}
        name, number = plan.name, 2
        while name in names:
            name, number = f"{plan.name} {number}", number + 1
        made = replace(plan, id=self.next_id, name=name)
        return replace(self, plans=(*self.plans, made), next_id=self.next_id + 1)

    def with_changed(self, plan: Plan, *, keep: bool = False) -> Drills:
        """Give the drills with the plan of the same number replaced.

        With `keep` the state before is kept as a version and the plan counts one more.
        """
        before = self.get(plan.id)
        versions = self.versions
        if keep:
            plan = replace(plan, version=before.version + 1)
            own = [old for old in versions if old.id == plan.id]
            first = set(map(id, own[: max(len(own) + 1 - MOST_VERSIONS, 0)]))
            versions = (*(old for old in versions if id(old) not in first), before)
        plans = tuple(plan if old.id == plan.id else old for old in self.plans)
        return replace(self, plans=plans, versions=versions)

    def without(self, number: int) -> Drills:
        """Give the drills without a plan, its versions and its exercises."""
        self.get(number)
        return replace(
            self,
            plans=_others(self.plans, lambda plan: plan.id == number),
            versions=_others(self.versions, lambda plan: plan.id == number),
            exercises=_others(self.exercises, lambda run: run.plan == number),
        )

    def versions_of(self, number: int) -> tuple[Plan, ...]:
        """Give all states of a plan, the oldest first, the present one last."""
        return (*(old for old in self.versions if old.id == number), self.get(number))

    def with_version(self, plan: Plan) -> Drills:
        """Give the drills with a state of a plan among its earlier versions."""
        if any((old.id, old.version) == (plan.id, plan.version) for old in self.versions):
            return self
        return replace(self, versions=(*self.versions, plan))

    def run(self, number: int) -> Exercise:
        """Give an exercise by its number.

        Raises
        ------
        CityError
            ``drill.no_such_run``, naming those there are; ``drill.no_runs`` where there are none.
        """
        if not self.exercises:
            raise CityError(
                "drill.no_runs",
                "No exercise was run yet.",
                hint="start one in the panel Drills, tab Exercise",
            )
        for one in self.exercises:
            if one.id == number:
                return one
        numbers = ", ".join(str(one.id) for one in self.exercises)
        raise CityError(
            "drill.no_such_run",
            f"There is no exercise {number}.",
            hint=f"choose one of: {numbers}",
            id=number,
            numbers=numbers,
        )

    def plan_of(self, exercise: Exercise) -> Plan:
        """Give the plan as it was when it was run; the present one where that is not kept."""
        states = self.versions_of(exercise.plan)
        return next((s for s in reversed(states) if s.version == exercise.version), states[-1])

    def with_exercise(self, exercise: Exercise) -> Drills:
        """Give the drills with an exercise more, or with the one of its number replaced."""
        if any(old.id == exercise.id for old in self.exercises):
            kept = tuple(exercise if old.id == exercise.id else old for old in self.exercises)
            return replace(self, exercises=kept)
        made = replace(exercise, id=self.next_id)
        return replace(self, exercises=(*self.exercises, made), next_id=self.next_id + 1)

    def pack(self) -> Packed:
        """Give the content as plain parts."""
        meta: dict[str, Any] = {
            "next_id": self.next_id,
            "plans": [_kept(plan) for plan in self.plans],
            "versions": [_kept(plan) for plan in self.versions],
            "exercises": [exercise_to_json(run) for run in self.exercises],
        }
        if not self.symbols:
            return Packed(meta=meta)
        from layers.drills.user_symbols import pack_symbols

        own = pack_symbols(self.symbols)
        return Packed(meta={**meta, "symbols": own.meta}, arrays=own.arrays)

    @classmethod
    def unpack(cls, packed: Packed) -> Drills:
        """Build the content from the parts that `pack` gave."""
        from layers.drills.user_symbols import unpack_symbols

        meta = packed.meta
        return cls(
            tuple(_plan(raw) for raw in meta["plans"]),
            tuple(_plan(raw) for raw in meta["versions"]),
            tuple(exercise_from_json(raw) for raw in meta["exercises"]),
            meta["next_id"],
            unpack_symbols(meta["symbols"], packed) if "symbols" in meta else (),
        )


def _kept(plan: Plan) -> dict[str, Any]:
    return {"plan": plan_to_json(plan), "id": plan.id}


def _plan(raw: dict[str, Any]) -> Plan:
    return replace(plan_from_json(raw["plan"]).plan, id=raw["id"])


def _others(items: tuple[Any, ...], gone: Callable[[Any], bool]) -> tuple[Any, ...]:
    return tuple(item for item in items if not gone(item))


KIND = Kind("drills", Drills, "point+line+polygon", Style(colour="#e53935"), 91)
