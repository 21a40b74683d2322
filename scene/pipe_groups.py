"""Pipes very far away: lines that would lie in the same pixels are drawn once, for many tiles."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from layers.shapes import Bools, Floats, Ints
from scene.pipe_runs import RunFacts

TOGETHER = 16  # neighbouring tiles that are drawn as one
FINEST = 1.0  # metres of a pixel from which on lines are thinned
SAME = 2.0  # pixels, at most, that lines drawn as one are apart
_MIX = np.uint64(0x9E3779B97F4A7C15)


def thinned(facts: RunFacts, rows: Ints, metres: float) -> tuple[Floats, Ints]:
    """Draw runs as lines, one for all whose ends lie in the same squares.

    Parameters
    ----------
    facts : RunFacts
        Where they are.
    rows : (k,) int64
        Which; the first of those that lie in the same squares is drawn.
    metres : float
        Side of the squares, and how far bends may be off.

    Returns
    -------
    points : (2 s, 3) float64
        Both ends of each line, project coordinates.
    row : (s,) int64
        Which run each is of.
    """
    part = facts.straightened(rows, metres)
    line = np.repeat(np.arange(len(rows)), np.diff(part.first))
    a = np.flatnonzero(line[1:] == line[:-1])
    cell = np.floor(part.points[:, :2] / metres).astype(np.int64).astype(np.uint64)
    code = cell[:, 0] * _MIX + cell[:, 1]
    low, high = np.minimum(code[a], code[a + 1]), np.maximum(code[a], code[a + 1])
    _, once = np.unique(low * _MIX + high, return_index=True)
    a = a[np.sort(once)]
    return part.points[np.column_stack([a, a + 1]).reshape(-1)], rows[line[a]]


@dataclass(slots=True)
class _Group:
    """Neighbouring tiles, their runs, and what was made of them by the size of the squares."""

    tiles: Ints
    runs: Ints
    actors: dict[float, Any] = field(default_factory=dict)


class PipeGroups:
    """Tiles drawn together where they are so far away that many lines fall into one pixel.

    Parameters
    ----------
    facts : RunFacts
        Where the pipes are.
    runs : sequence of int64 arrays
        Runs of each tile, neighbours beside each other.
    draw : callable
        Makes an actor of lines, as `thinned` gives them, and adds it to the picture.
    drop : callable
        Takes an actor away.
    """

    def __init__(
        self, facts: RunFacts, runs: Sequence[Ints], draw: Callable[[Floats, Ints], Any],
        drop: Callable[[Any], None],
    ) -> None:  # fmt: skip
        self._facts, self._draw, self._drop = facts, draw, drop
        self._visible: Bools = np.ones(len(facts.pipes), dtype=bool)
        self._selected: Bools = np.zeros(len(facts.pipes), dtype=bool)
        self._opacity = 1.0
        self.together = True  # False: every tile draws its own lines
        self._hovered = -1
        self._pointed: tuple[int, float, Any] | None = None  # run, size of squares, its line
        self._groups = []
        for begin in range(0, len(runs), TOGETHER):
            tiles = np.arange(begin, min(begin + TOGETHER, len(runs)))
            rows = np.concatenate([runs[tile] for tile in tiles.tolist()])
            level = facts.points[facts.first[rows], 2]
            self._groups.append(_Group(tiles, rows[np.argsort(-level, kind="stable")]))

    def paint(self, visible: Bools, selected: Ints) -> None:
        """Follow what is hidden and selected: of what falls together that is drawn first."""
        chosen = np.zeros(len(visible), dtype=bool)
        chosen[selected] = True
        changed = (visible != self._visible) | (chosen != self._selected)
        self._visible, self._selected = visible.copy(), chosen
        if changed.any():
            for group in self._groups:
                if changed[group.runs].any():
                    self._clear(group)

    def hover(self, row: int) -> None:
        """Remember the run that is pointed at, -1 for none: it gets a line of its own."""
        self._hovered = row

    def show(self, opacity: float) -> None:
        """Follow the opacity of the layer."""
        self._opacity = opacity
        if self._pointed is not None:
            self._pointed[2].GetProperty().SetOpacity(opacity)
        for group in self._groups:
            for actor in group.actors.values():
                actor.GetProperty().SetOpacity(opacity)

    def prepare(self, far: Bools, seen: Bools, pixel: Floats) -> Bools:
        """Show groups all of whose tiles in view are far.

        Parameters
        ----------
        far, seen : (t,) bool
            Which tiles are far enough to be lines without small bends, which are in view.
        pixel : (t,) float64
            Metres that a pixel covers where each tile is nearest.

        Returns
        -------
        (t,) bool
            The tiles that are drawn so, and need no lines of their own.
        """
        drawn = np.zeros(len(far), dtype=bool)
        pointed = 0.0
        for group in self._groups:
            own = group.tiles[seen[group.tiles]]
            size = 0.0
            if self.together and len(own) and far[own].all():
                fine = float(pixel[own].min()) * SAME
                size = 2.0 ** math.floor(math.log2(fine)) if fine > FINEST * SAME else 0.0
            for metres, actor in group.actors.items():
                actor.SetVisibility(metres == size)
            if size:
                if size not in group.actors:
                    group.actors[size] = self._made(group, size)
                drawn[group.tiles] = True
                if self._hovered >= 0 and (group.runs == self._hovered).any():
                    pointed = size
        self._point(pointed)
        return drawn

    def _point(self, metres: float) -> None:
        """Draw the run that is pointed at, which may be drawn as one with another; 0 for none."""
        if self._pointed is not None and (
            not metres or self._pointed[:2] != (self._hovered, metres)
        ):
            self._drop(self._pointed[2])
            self._pointed = None
        if metres and self._pointed is None and self._visible[self._hovered]:
            row = np.array([self._hovered], dtype=np.int64)
            actor = self._draw(*thinned(self._facts, row, metres))
            actor.GetProperty().SetOpacity(self._opacity)
            self._pointed = self._hovered, metres, actor

    def _made(self, group: _Group, metres: float) -> Any:
        rows = group.runs[self._visible[group.runs]]
        rows = rows[np.argsort(~self._selected[rows], kind="stable")]
        for other in [size for size in group.actors if not metres / 4 < size < metres * 4]:
            self._drop(group.actors.pop(other))
        actor = self._draw(*thinned(self._facts, rows, metres))
        actor.GetProperty().SetOpacity(self._opacity)
        return actor

    def actors(self) -> list[Any]:
        """List what was made."""
        own = [] if self._pointed is None else [self._pointed[2]]
        return [actor for group in self._groups for actor in group.actors.values()] + own

    def hide(self) -> None:
        """Show none of them."""
        for actor in self.actors():
            actor.SetVisibility(False)

    def _clear(self, group: _Group) -> None:
        for actor in group.actors.values():
            self._drop(actor)
        group.actors = {}

    def close(self) -> None:
        """Take everything away."""
        self._point(0.0)
        for group in self._groups:
            self._clear(group)
