"""Where the eye was before: steps back and forth through the looks of a picture."""

from __future__ import annotations

import math

from layers.viewpoint import Viewpoint

MOST = 200
SAME_PLACE = 0.002  # of the distance looked at
SAME_TURN = math.radians(0.2)


class ViewHistory:
    """Looks that were rested at, with one of them being the present.

    The eye moves without steps; whoever owns it calls `rest` when it stands still.
    """

    def __init__(self) -> None:
        self._looks: list[Viewpoint] = []
        self._at = -1

    @property
    def can_go_back(self) -> bool:
        """Whether there is an earlier look."""
        return self._at > 0

    @property
    def can_go_on(self) -> bool:
        """Whether there is a later look."""
        return self._at < len(self._looks) - 1

    def rest(self, viewpoint: Viewpoint) -> bool:
        """Remember a look, unless it is much the same as the present one; says whether it is new.

        Looks that were gone back from are forgotten then.
        """
        if self._looks and same_look(self._looks[self._at], viewpoint):
            return False
        del self._looks[self._at + 1 :]
        self._looks.append(viewpoint)
        del self._looks[:-MOST]
        self._at = len(self._looks) - 1
        return True

    def back(self) -> Viewpoint | None:
        """Go one look back; None where there is none."""
        if not self.can_go_back:
            return None
        self._at -= 1
        return self._looks[self._at]

    def on(self) -> Viewpoint | None:
        """Go one look on; None where there is none."""
        if not self.can_go_on:
            return None
        self._at += 1
        return self._looks[self._at]

    def clear(self) -> None:
        """Forget all."""
        self._looks.clear()
        self._at = -1


def same_look(a: Viewpoint, b: Viewpoint) -> bool:
    """Say whether two looks are so alike that going from one to the other shows nothing."""
    near = SAME_PLACE * max(min(a.distance, b.distance), 1.0)
    moved = math.dist((a.east, a.north, a.height), (b.east, b.north, b.height))
    turned = abs((a.heading - b.heading + math.pi) % math.tau - math.pi)
    return (
        a.projection == b.projection
        and moved < near
        and turned < SAME_TURN
        and abs(a.pitch - b.pitch) < SAME_TURN
        and abs(a.fov - b.fov) < SAME_TURN
        and abs(a.distance / b.distance - 1.0) < 0.01
    )
