"""How long work tells how far it is, and learns that it shall stop."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a long operation is given; it calls `step` often."""

    def step(self, done: int, total: int, text: str = "") -> None:
        """Tell that `done` of `total` units are finished.

        Parameters
        ----------
        done, total : int
            Finished and all units; ``total`` 0 means the end is not known.
        text : str
            Key of the text that says what is going on, such as
            ``"progress-reading"``.

        Raises
        ------
        Cancelled
            If the user asked to stop.
        """


class Silent:
    """Progress for callers that do not want to hear of it."""

    def step(self, done: int, total: int, text: str = "") -> None:
        """Do nothing."""


class Part:
    """One stretch of a longer operation, told to the outer progress as a share.

    Parameters
    ----------
    outer : Progress
        Progress of the whole, counted in thousandths.
    start, end : float
        Share of the whole, between 0 and 1, at which this part starts and ends.
    """

    def __init__(self, outer: Progress, start: float, end: float) -> None:
        self._outer, self._start, self._end = outer, start, end

    def step(self, done: int, total: int, text: str = "") -> None:
        """Tell the outer progress where the whole stands."""
        share = done / total if total > 0 else 0.0
        whole = self._start + (self._end - self._start) * min(max(share, 0.0), 1.0)
        self._outer.step(round(whole * 1000), 1000, text)
