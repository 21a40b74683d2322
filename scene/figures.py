"""Many small figures on the ground: whole when near, people far away one card each."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.kinds.model_library import Model
from layers.shapes import Floats, Ints
from scene.figure_copies import (
    SHIRT,
    STANDS,
    TROUSERS,
    Copies,
    FigureLooks,
    bodies,
    cards,
    shades,
)
from scene.model_levels import Level, levels_of
from scene.model_sets import PLAIN, ModelLight, ModelSet
from scene.unit_figures import GREEN, LENGTHS, NAVY, figure, limbs_of

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

WHOLE = 26.0  # pixels a person measures from which on it is whole
MOST_WHOLE = 400  # people that are whole at once; those that look largest
SIMPLE = 6.0  # pixels from which on things are drawn that are no people
FINE = 13.0  # pixels from which on a user's model is drawn with all it has
AWAY, CARD, FAR, NEAR = 0, 1, 2, 3
PEOPLE = ("crew", "person")
CREW = -1.0  # clothes of crews; those of others are told by a number from 0 to 1
SHADED, MOST_SHADED = 8.0, 2000  # pixels from which on figures throw shadows, and how many do
STRIDE = 1.4  # metres of two steps
GOLDEN = 0.618034  # turns between the steps of two neighbours


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """How one kind of figure is drawn.

    Attributes
    ----------
    whole : Level
        Near the eye.
    simple : Level or None
        Farther away; None: people, who are cards there.
    length : float
        Metres.
    made : bool
        Whether it is made by code, of few triangles in plain colours.
    cloth : dict of str to float
        Which colours of it are clothes.
    clothes : float or None
        What all of them wear; None: something else each.
    limbs : tuple of (m,) float64
        Which limb the points of each mesh of `whole` move with.
    """

    whole: Level
    simple: Level | None = None
    length: float = 5.0
    made: bool = False
    cloth: Mapping[str, float] = field(default_factory=dict)
    clothes: float | None = CREW
    limbs: tuple[Floats, ...] = ()

    @classmethod
    def of(cls, key: str) -> Kind:
        """Give the kind of a figure of `scene.unit_figures`."""
        whole, length, limbs = figure(key), LENGTHS[key], limbs_of(key)
        if key == "person":
            cloth = {GREEN: SHIRT, NAVY: TROUSERS}
            return cls(whole, None, length, True, cloth, None, limbs)
        return cls(whole, None if key in PEOPLE else whole, length, True, limbs=limbs)


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
        self._looks, self._light = FigureLooks(), ModelLight()
        self._bodies: dict[int, Copies] = {}
        self._cards = cards(self._looks.cards, context)
        self._shades = shades(self._looks.shades, context)
        self._sets: dict[tuple[int, int], ModelSet] = {}
        self._places = np.zeros((len(which), 3))
        self._turn = np.zeros(len(which))
        self._lengths = np.array([kind.length for kind in self._kinds])[which]
        self._people = np.array([kind.simple is None for kind in self._kinds])[which]
        self._made = np.array([kind.made for kind in self._kinds])[which]
        self._clothes = self._clothes_of(np.arange(len(which)))
        self._gait = np.full(len(which), STANDS)
        self._shaded: Ints = np.zeros(0, dtype=np.int64)
        self._forms: Ints = np.full(len(which), AWAY, dtype=np.int64)
        self._moved, self._shown = True, True

    def __len__(self) -> int:
        return len(self._which)

    def _clothes_of(self, who: Ints) -> Floats:
        """Give what each wears, (n,): the same for the same number, unlike that of the next."""
        every = [np.nan if kind.clothes is None else kind.clothes for kind in self._kinds]
        own = np.array(every)[self._which]
        return np.where(np.isnan(own), (who * 0.618034) % 1.0, own)

    def move(
        self, places: Floats, turn: Floats, who: Ints | None = None, gone: Floats | None = None
    ) -> None:
        """Put the figures at places, turned clockwise from north.

        Parameters
        ----------
        places : (n, 3) float64
            Scene coordinates.
        turn : (n,) float64
            Radians.
        who : (n,) int64 or None
            Numbers of the people, where they do not come in the same order every time: who has a
            number keeps its clothes.
        gone : (n,) float64 or None
            Metres that each has walked, which tells how its legs stand; NaN for who stands still.
        """
        self._places, self._turn, self._moved = places, turn, True
        if who is not None:
            self._clothes = self._clothes_of(who)
        if gone is not None:
            steps = (np.arange(len(places)) if who is None else who) * GOLDEN
            phase = 2.0 * np.pi * ((gone / STRIDE + steps) % 1.0)
            self._gait = np.where(np.isfinite(phase), phase, STANDS)

    def counts(self) -> dict[str, int]:
        """Count what the last frame drew: ``whole``, ``simple``, ``cards``."""
        names = {"simple": FAR, "whole": NEAR, "cards": CARD}
        return {name: int((self._forms == form).sum()) for name, form in names.items()}

    def prepare(self, frame: FrameState) -> None:
        """Choose how each figure is drawn, and put those that moved."""
        if not len(self):
            return
        self._looks.prepare(frame, self._context)
        if self._sets:
            self._light.follow(self._context.renderer.GetActiveCamera(), self._context.materials)
        shaded = self._shaded
        forms = self._choose(frame) if self._shown else np.full(len(self), AWAY, dtype=np.int64)
        self._moved = self._moved or not np.array_equal(shaded, self._shaded)
        if self._moved or not np.array_equal(forms, self._forms):
            self._forms, self._moved = forms, False
            self._put_cards(np.flatnonzero(forms == CARD))
            self._put_shades()
            for number, kind in enumerate(self._kinds):
                mine = self._which == number if len(self._kinds) > 1 else True
                if kind.made:
                    self._put_bodies(number, kind, np.flatnonzero(mine & (forms >= FAR)))
                else:
                    self._put_models(number, kind, mine & (forms >= FAR))

    def _choose(self, frame: FrameState) -> Ints:
        """Give the form of each figure, (n,)."""
        out: Ints = np.full(len(self), AWAY, dtype=np.int64)
        reach = self._lengths[:, None]
        seen = np.flatnonzero(frame.sees(self._places - reach, self._places + reach))
        away = np.linalg.norm(self._places[seen] - frame.eye, axis=1)
        scale = self._context.pixel_scale
        pixels = frame.pixels_per_metre(away) * self._lengths[seen] / scale
        people, made = self._people[seen], self._made[seen]
        whole = people & (pixels >= WHOLE)
        if np.count_nonzero(whole) > MOST_WHOLE:
            least = np.partition(pixels[whole], -MOST_WHOLE)[-MOST_WHOLE]
            whole &= pixels >= least
        near = whole | (~people & (pixels >= np.where(made, SIMPLE, FINE)))
        far = ~people & ~near & (pixels >= SIMPLE)
        out[seen] = np.where(near, NEAR, np.where(far, FAR, np.where(people, CARD, AWAY)))
        throws = np.flatnonzero(pixels >= SHADED)
        if len(throws) > MOST_SHADED:
            throws = throws[np.argpartition(pixels[throws], -MOST_SHADED)[-MOST_SHADED:]]
        self._shaded = seen[np.sort(throws)]
        return out

    def _put_cards(self, rows: Ints) -> None:
        told = np.column_stack([self._places[rows], self._clothes[rows]])
        self._cards.put(told, self._more(rows))

    def _put_shades(self) -> None:
        """Lay a soft shadow below everybody who is near enough to throw one."""
        rows = self._shaded[self._forms[self._shaded] != AWAY]
        half = np.where(self._people[rows], 0.0, 0.5 * self._lengths[rows])
        told = np.column_stack([self._places[rows], self._turn[rows]])
        self._shades.put(told, np.column_stack([half, self._lengths[rows]]))

    def _more(self, rows: Ints) -> Floats:
        """Give clothes and phase of walking, (k, 2)."""
        return np.column_stack([self._clothes[rows], self._gait[rows]])

    def _put_bodies(self, number: int, kind: Kind, rows: Ints) -> None:
        made = self._bodies.get(number)
        if made is None:
            if not len(rows):
                return
            made = bodies(kind.whole, kind.cloth, kind.limbs, self._looks.bodies, self._context)
            self._bodies[number] = made
        made.put(np.column_stack([self._places[rows], self._turn[rows]]), self._more(rows))

    def _put_models(self, number: int, kind: Kind, mine: Any) -> None:
        for form, level in ((NEAR, kind.whole), (FAR, kind.simple)):
            rows = np.flatnonzero(mine & (self._forms == form))
            made = self._sets.get((number, form))
            if made is None and len(rows) and level is not None:
                self._light.follow(
                    self._context.renderer.GetActiveCamera(), self._context.materials
                )
                made = self._sets[number, form] = self._set_of(level)
            if made is None:
                continue
            if len(rows):
                turn = np.degrees(self._turn[rows])
                made.put(self._places[rows], turn, np.ones(len(rows)))
            made.show(shown=len(rows) > 0, opacity=1.0)

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
                for copies in self._copies:
                    copies.show(shown=False)

    @property
    def _copies(self) -> list[Copies]:
        return [*self._bodies.values(), self._cards, self._shades]

    @property
    def actors(self) -> list[Any]:
        """What is drawn."""
        sets = [actor for made in self._sets.values() for actor in made.actors]
        return [*sets, *(actor for copies in self._copies for actor in copies.actors)]

    def close(self) -> None:
        """Take everything away."""
        for made in self._sets.values():
            made.close()
        for copies in self._copies:
            copies.close()
        self._sets, self._bodies = {}, {}


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
