"""Live positions in the scene: a symbol and a name for each, grey where the report is old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layers.drills.symbol_shapes import Symbol
from layers.shapes import Floats, Ints
from scene.actors import drop
from scene.figures import Figures, Kind
from scene.labels import LabelSet
from scene.symbol_marks import SymbolMarks
from scene.views.base import FrameState, StageContext

SIZE, LEAST = 40.0, 24.0  # pixels near and far
ABOVE = 1.5  # metres over the ground
ORDER = 40.0  # over plans and answers
LABELS = "live"
GONE = -1e5  # metres below, where nobody is seen


@dataclass(frozen=True, slots=True)
class LiveMark:
    """One to be shown.

    Attributes
    ----------
    east, north : float
        Project coordinates.
    symbol : Symbol
        What it is.
    text : str
        Written over it.
    stale : bool
        Whether it is drawn in grey.
    """

    east: float
    north: float
    symbol: Symbol
    text: str
    stale: bool = False


class LiveMarks:
    """All live positions of a stage.

    Parameters
    ----------
    context : StageContext
        Where.
    """

    def __init__(self, context: StageContext) -> None:
        self._context = context
        self._marks: tuple[LiveMark, ...] = ()
        self._drawn: list[SymbolMarks] = []
        self._origin: Floats = context.origin
        self._people: Figures | None = None

    @property
    def marks(self) -> tuple[LiveMark, ...]:
        """What is shown."""
        return self._marks

    def show(self, marks: Sequence[LiveMark]) -> None:
        """Show these and no others."""
        if tuple(marks) == self._marks:
            return
        self._marks = tuple(marks)
        self._draw()
        self._context.request_frame()

    @property
    def people(self) -> int:
        """How many people it has figures for."""
        return 0 if self._people is None else len(self._people)

    def show_people(
        self, places: Floats, turn: Floats, who: Ints | None = None, gone: Floats | None = None
    ) -> None:
        """Show people on the ground at these places and no others.

        Parameters
        ----------
        places : (n, 2) float64
            Project coordinates.
        turn : (n,) float64
            Radians clockwise from north.
        who : (n,) int64 or None
            Their numbers, where some leave: who has a number keeps its clothes.
        gone : (n,) float64 or None
            Metres that each has walked; NaN for who stands still, None for all.
        """
        room = 0 if self._people is None else len(self._people)
        if self._people is not None and (len(places) > room or not len(places)):
            self._people.close()
            self._people, room = None, 0
        if len(places):
            if self._people is None:
                room = len(places)
                same = np.zeros(room, dtype=np.int64)
                self._people = Figures(self._context, [Kind.of("person")], same)
            heights = self._context.ground.surface.height_at(places)
            here = self._context.to_scene(np.column_stack([places, heights]))
            away = np.tile([0.0, 0.0, GONE], (room - len(here), 1))
            numbers = np.arange(room)
            numbers[: len(here)] = np.arange(len(here)) if who is None else who
            walked = np.full(room, np.nan)
            if gone is not None:
                walked[: len(here)] = gone
            self._people.move(
                np.concatenate([here, away]), np.concatenate([turn, np.zeros(len(away))]), numbers,
                walked,
            )  # fmt: skip
        self._context.request_frame()

    def prepare(self, frame: FrameState) -> None:
        """Take the size of the picture, and the zero point of the scene."""
        if self._people is not None:
            self._people.prepare(frame)
        if self._marks and not np.array_equal(self._origin, self._context.origin):
            self._draw()
        for drawn in self._drawn:
            drawn.prepare(frame, self._context.pixel_scale)

    def close(self) -> None:
        """Take everything away."""
        if self._people is not None:
            self._people.close()
            self._people = None
        self._take_away()

    def _take_away(self) -> None:
        for drawn in self._drawn:
            drop(self._context.renderer, drawn.actor)
        self._drawn = []
        self._context.labels.remove(LABELS)

    def _draw(self) -> None:
        self._take_away()
        self._origin = self._context.origin
        if not self._marks:
            return
        places = np.array([(one.east, one.north) for one in self._marks])
        heights = self._context.ground.height_at(places) + ABOVE
        points = self._context.to_scene(np.column_stack([places, heights]))
        stale = np.array([one.stale for one in self._marks])
        for order, (which, grey) in enumerate(((stale, True), (~stale, False))):
            rows = np.flatnonzero(which)
            if not len(rows):
                continue
            drawn = SymbolMarks(
                points[rows], [(self._marks[row].symbol, "") for row in rows], size=SIZE,
                least=LEAST, order=ORDER + 2.0 * order, grey=grey,
            )  # fmt: skip
            self._drawn.append(drawn)
            self._context.materials.painted[drawn.actor] = ORDER + 2.0 * order
            self._context.renderer.AddActor(drawn.actor)
        names = tuple(one.text for one in self._marks)
        self._context.labels.put(
            LABELS, LabelSet(points, names, np.full(len(names), 3e6), rise=SIZE + 4.0, bold=True)
        )
