"""When and how finely the picture is drawn: quick while the eye moves, then finer and finer."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.allocation import hand_back_free
from app.qt.canvas import QUICK_FRAME, Canvas
from scene.stage import Stage

ASK_EVERY = 12  # milliseconds between two looks at what threads have made ready
MOST_TRIES = 50  # frames after which the picture is taken for what it is
SLOW_FRAME = 0.08  # seconds
TOO_SLOW = 0.25  # seconds; the more a frame takes, the more of its length they wait
PAUSE = 5.0  # such frames between two that show some more pieces of the city
HAND_OVER = 0.008  # seconds of handing over before events are heard again
SMOOTH_AFTER = 150  # milliseconds after a plain picture is complete, where pictures take long
TIDY_AFTER = 200  # milliseconds after it is smoothed
HAND_BACK_AFTER = 4000  # milliseconds after that: the next movement has to fetch it again


class Pacing(QObject):
    """Paces the frames of one canvas.

    While the eye moves the stage draws coarsely and without smoothing. At rest, pieces of the
    city come as threads make them, each batch with a frame; when all are there the picture is
    smoothed once, and then nothing is drawn any more. Where a picture takes long it is first
    shown plain, and smoothed only if nobody does anything for another moment: whoever begins
    to move just then need not wait for it.

    Parameters
    ----------
    canvas : Canvas
        Where the stage draws.
    shade : bool
        Whether corners are shaded in a picture at rest.
    """

    def __init__(self, canvas: Canvas, *, shade: bool = True) -> None:
        super().__init__(canvas)
        self._canvas, self._shade = canvas, shade
        self._stage: Stage | None = None
        self._due = False  # whether the finest picture is still to come
        self._handing = False  # whether pieces are being handed over just now
        self._tries = 0  # frames drawn at rest that were not yet the finest
        self._tidy = False  # whether what lives as long as the project was set aside
        self._tidied = False  # whether that was done for a project before it
        self._unforeseen = False  # whether the next movement is still to be made ready
        self._flown = False  # whether the eye moved since memory was handed back
        self._asking = self._timer(ASK_EVERY, self._ask)
        self._smoothing = self._timer(SMOOTH_AFTER, self._smooth)
        self._tidying = self._timer(TIDY_AFTER, self._tidy_up)
        self._handing_back = self._timer(HAND_BACK_AFTER, self._hand_back)
        self._quick = False  # whether the frame being drawn is one of a movement
        canvas.begun.connect(self._begun)
        canvas.painted.connect(self._painted)

    def _timer(self, milliseconds: int, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(call)
        return timer

    @property
    def busy(self) -> bool:
        """Whether pieces of the city, or a smoother picture of it, are still to come."""
        return self._asking.isActive() or self._due or self._smoothing.isActive()

    def pause(self) -> float:
        """Give how long a picture should wait that only some more pieces of the city ask for.

        Where a frame takes long there are few of them until the city is complete, so that
        everything else in the window is answered in between; seconds.
        """
        seconds = self._canvas.seconds
        if not self._handing or seconds < SLOW_FRAME:
            return 0.0
        pause = PAUSE * seconds * max(seconds / TOO_SLOW, 1.0)
        return max(self._canvas.painted_at + pause - time.perf_counter(), 0.0)

    def take(self, stage: Stage | None) -> None:
        """Pace the frames of this stage from now on."""
        for timer in (self._asking, self._smoothing, self._tidying, self._handing_back):
            timer.stop()
        self._due = False
        self._stage = stage
        self._tidy = False

    def move(self) -> None:
        """Draw quickly: the eye moves."""
        for timer in (self._smoothing, self._tidying, self._handing_back):
            timer.stop()
        self._due, self._tries, self._flown = False, 0, True
        if self._stage is not None:
            self._stage.moving = True
            self._draw_with(self._stage.share)
        self._canvas.coarsen()

    def _draw_with(self, share: float) -> bool:
        """Draw with a share of the pixels along a side; says whether that is another picture."""
        other = self._canvas.draw_with(share)
        if self._stage is not None:  # also where a new size of the window changed the pixels
            self._stage.drawn_with(share, self._canvas.full_size)
        return other

    def rest(self) -> None:
        """Draw finely: the eye stands still."""
        stage = self._stage
        if stage is None or not self._canvas.isVisible() or stage.waiting:
            return  # a city of which layers are missing is not worth a fine picture
        if self._canvas.drawing:  # the last picture of a movement is still to be seen
            self._due = True
            self._asking.start()
            return
        moved, stage.moving = stage.moving, False
        sharper = self._draw_with(1.0)
        self._due = self._asking.isActive()
        if self._due:
            return
        if (sharper or not stage.complete) and self._tries < MOST_TRIES:
            self._tries, self._due = self._tries + 1, True
            if not moved:
                stage.needs_frame.emit()
            return
        self._tries = 0
        if self._canvas.seconds < QUICK_FRAME:
            self._smooth()
        else:
            self._smoothing.start()

    def _smooth(self) -> None:
        """Shade corners and smooth edges of a picture that is complete."""
        stage = self._stage
        if stage is None or stage.closed or stage.moving or not self._canvas.isVisible():
            return
        if self._canvas.drawing:  # its depths would be waited for
            self._smoothing.start()
            return
        if self._shade:
            self._canvas.make_current()
            if stage.shade_corners():
                self._canvas.ask()
        self._canvas.refine()
        self._unforeseen |= self._flown or not self._tidy
        if self._unforeseen:
            self._asking.start()
        if self._flown or not self._tidy:
            self._tidying.start()

    def _tidy_up(self) -> None:
        """Look after Python's memory while nothing is drawn, and later after the rest."""
        if not self._tidy:
            set_aside(anew=self._tidied)
            self._tidy = self._tidied = True
        if self._flown:
            self._handing_back.start()

    def _hand_back(self) -> None:
        """Give back what pictures of a movement took; who moves on at once would wait for it."""
        self._flown = False
        if self._stage is not None and not self._stage.closed and self._canvas.isVisible():
            self._canvas.make_current()
            self._stage.let_go()
        hand_back_free()

    def set_shade(self, shade: bool) -> None:
        """Shade corners in pictures at rest, or not; asks for a frame."""
        self._shade = shade
        if self._stage is not None:
            self._stage.needs_frame.emit()

    def _begun(self) -> None:
        self._quick = self._stage is not None and self._stage.moving

    def _painted(self) -> None:
        if self._stage is not None and not self._stage.closed:
            if self._quick:
                self._stage.took(self._canvas.seconds)
            self._asking.start()

    def _ask(self) -> None:
        if self._stage is None or self._stage.closed:
            return
        self._handing = True
        try:
            more = self._stage.advance(HAND_OVER)
        finally:
            self._handing = False
        if more:
            self._asking.start()
        elif self._due:
            self.rest()
        elif self._unforeseen and not self._stage.moving:
            self._unforeseen = False
            self._stage.foresee()
            self._asking.start()


def set_aside(*, anew: bool = True) -> None:
    """Let the garbage collector forget what is there and will stay.

    It would look through all of it again and again, a third of a second each time, in the middle
    of a flight.

    Parameters
    ----------
    anew : bool
        Whether what was set aside before, for a project that is gone, is looked through once more.
    """
    if anew:
        gc.unfreeze()
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Free what closed pictures held, and give the memory back to the system where that is asked.

    The C library of Linux keeps what was freed in small pieces: hundreds of megabytes after four
    pictures became one.
    """
    set_aside()
    hand_back_free()
