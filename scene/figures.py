"""Many small figures on the ground: whole when near, simple when farther, dots when far."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.kinds.model_library import Model
from layers.shapes import Bools, Floats, Ints
from scene.actors import drop
from scene.model_levels import Level, levels_of
from scene.model_sets import PLAIN, ModelLight, ModelSet
from scene.pixel_marks import RoundMarks
from scene.unit_figures import LENGTHS, figure

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

WHOLE = 13.0  # pixels a figure measures from which on it is whole
SIMPLE = 6.0  # pixels from which on it is simple; smaller ones are dots
DOT = 3.5  # pixels of a dot
AWAY, FAR, NEAR = 0, 1, 2  # not seen, simple, whole; dots are 3
DOTTED = 3
PEOPLE = ("crew", "person")
INKS = {"crew": (0.94, 0.49, 0.10), "person": (0.24, 0.48, 0.29)}


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """How one kind of figure is drawn.

    Attributes
    ----------
    whole : Level
        Near the eye.
    simple : Level or None
        Farther away; None draws nothing then.
    length : float
        Metres.
    ink : (red, green, blue) or None
        Colour of the dots far away; None draws nothing then.
    """

    whole: Level
    simple: Level | None = None
    length: float = 5.0
    ink: tuple[float, float, float] | None = None

    @classmethod
    def of(cls, key: str) -> Kind:
        """Give the kind of a figure of `scene.unit_figures`."""
        simple = figure(f"rough-{key}") if key in PEOPLE else figure(key)
        return cls(figure(key), simple, LENGTHS[key], INKS.get(key))


_of_models: weakref.WeakKeyDictionary[Model, Kind] = weakref.WeakKeyDictionary()


def model_kind(model: Model) -> Kind:
    """Give the kind of a user's model; the same object for the same model."""
    known = _of_models.get(model)
    if known is None:
        levels = levels_of(model)
        length = max(float((model.box()[1] - model.box()[0]).max()), 0.1)
        known = _of_models[model] = Kind(levels[0], levels[-1], length)
    return known


class Figures:
    """Figures that stand and move on the ground.

    Parameters
    ----------
    context : StageContext
        Where.
    kinds : sequence of Kind
        What there is.
    which : (n,) int64
        Position in `kinds` of each figure.
    """

    def __init__(self, context: StageContext, kinds: Sequence[Kind], which: Ints) -> None:
        self._context, self._kinds, self._which = context, tuple(kinds), which
        self._light = ModelLight()
        self._sets: dict[tuple[int, int], ModelSet] = {}
        self._dots: dict[int, tuple[RoundMarks, int]] = {}
        self._places = np.zeros((len(which), 3))
        self._turn = np.zeros(len(which))
        self._lengths = np.array([kind.length for kind in self._kinds])[which]
        self._forms: Ints = np.full(len(which), AWAY, dtype=np.int64)
        self._moved, self._shown = True, True

    def __len__(self) -> int:
        return len(self._which)

    def move(self, places: Floats, turn: Floats) -> None:
        """Put the figures at places, (n, 3) scene coordinates, turned clockwise from north.

        Parameters
        ----------
        places : (n, 3) float64
            Scene coordinates.
        turn : (n,) float64
            Radians.
        """
        self._places, self._turn, self._moved = places, np.degrees(turn), True

    def counts(self) -> dict[str, int]:
        """Count what the last frame drew: ``whole``, ``simple``, ``dots``."""
        names = {"simple": FAR, "whole": NEAR, "dots": DOTTED}
        return {name: int((self._forms == form).sum()) for name, form in names.items()}

    def prepare(self, frame: FrameState) -> None:
        """Choose how each figure is drawn, and put those that moved."""
        self._light.follow(self._context.renderer.GetActiveCamera(), self._context.materials)
        forms = self._choose(frame) if self._shown else np.full(len(self), AWAY, dtype=np.int64)
        if self._moved or not np.array_equal(forms, self._forms):
            self._forms, self._moved = forms, False
            for number in range(len(self._kinds)):
                self._put(number, self._which == number)
        for marks, _ in self._dots.values():
            marks.prepare(frame, self._context.pixel_scale)

    def _choose(self, frame: FrameState) -> Ints:
        away = np.linalg.norm(self._places - frame.eye, axis=1)
        scale = self._context.pixel_scale
        pixels = frame.pixels_per_metre(away) * self._lengths / scale
        forms = np.where(pixels >= WHOLE, NEAR, np.where(pixels >= SIMPLE, FAR, DOTTED))
        reach = self._lengths[:, None]
        forms[~frame.sees(self._places - reach, self._places + reach)] = AWAY
        return np.asarray(forms, dtype=np.int64)

    def _put(self, number: int, mine: Bools) -> None:
        kind = self._kinds[number]
        for form, level in ((NEAR, kind.whole), (FAR, kind.simple)):
            rows = np.flatnonzero(mine & (self._forms == form))
            made = self._sets.get((number, form))
            if made is None and len(rows) and level is not None:
                made = self._sets[number, form] = self._set_of(level)
            if made is None:
                continue
            if len(rows):
                made.put(self._places[rows], self._turn[rows], np.ones(len(rows)))
            made.show(shown=len(rows) > 0, opacity=1.0)
        self._put_dots(number, kind, np.flatnonzero(mine & (self._forms == DOTTED)))

    def _put_dots(self, number: int, kind: Kind, rows: Ints) -> None:
        old = self._dots.get(number)
        if old is not None and old[1] == len(rows):
            old[0].move(self._places[rows])
            return
        if old is not None:
            drop(self._context.renderer, old[0].actor)
            del self._dots[number]
        if len(rows) and kind.ink is not None:
            marks = RoundMarks(self._places[rows], DOT, pull=0.004, colour=kind.ink)
            self._context.renderer.AddActor(marks.actor)
            self._dots[number] = (marks, len(rows))

    def _set_of(self, level: Level) -> ModelSet:
        shader = self._light.shaders[PLAIN]
        made = ModelSet(level, np.zeros(3), shader, self._context)
        materials = [actor.GetProperty() for actor in made.actors]
        self._context.materials.shadows.dress(
            self._light, shader, *materials, names=("materialTex", "anisotropyTex")
        )
        return made

    def show(self, *, shown: bool) -> None:
        """Show or hide all."""
        if shown != self._shown:
            self._shown, self._moved = shown, True
            if not shown:
                for made in self._sets.values():
                    made.show(shown=False, opacity=1.0)
                for marks, _ in self._dots.values():
                    drop(self._context.renderer, marks.actor)
                self._dots = {}

    @property
    def actors(self) -> list[Any]:
        """What is drawn."""
        sets = [actor for made in self._sets.values() for actor in made.actors]
        return [*sets, *(marks.actor for marks, _ in self._dots.values())]

    def close(self) -> None:
        """Take everything away."""
        for made in self._sets.values():
            made.close()
        for marks, _ in self._dots.values():
            drop(self._context.renderer, marks.actor)
        self._sets, self._dots = {}, {}


def formation(count: int, apart: float, wide: int = 0) -> Floats:
    """Give places of so many beside and behind each other, (count, 2) metres right and ahead.

    Parameters
    ----------
    count : int
        How many; the first rows are full.
    apart : float
        Metres between two of them; neighbours stand a little unevenly, always alike.
    wide : int
        How many stand beside each other; 0 makes the whole twice as long as wide.

    >>> formation(1, 1.0).tolist()
    [[0.0, 0.0]]
    """
    if count == 1:
        return np.zeros((1, 2))
    across = wide or max(round((count / 2.0) ** 0.5), 1)
    at = np.arange(count)
    column, row = at % across, at // across
    rows = -(-count // across)
    uneven = np.column_stack([(at * 0.618034) % 1.0, (at * 0.754878) % 1.0]) - 0.5
    middle = np.column_stack([column - (across - 1) / 2.0, (rows - 1) / 2.0 - row])
    return np.asarray(apart * (middle + 0.45 * uneven * (wide == 0)))
