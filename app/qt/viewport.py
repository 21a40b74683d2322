"""The widget VTK draws into: the one place where Qt and VTK meet."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from pyvistaqt import QtInteractor

QUICK_FRAME = 0.03  # seconds; smoothing that is this quick stays on while the eye moves
ROOM_FOR_SAMPLES = 0.12  # seconds; slower pictures are smoothed afterwards, not by more samples
SAMPLES = 8


class Canvas(QtInteractor):
    """The widget VTK draws into; it hands every event on and renders only when painted.

    Parameters
    ----------
    parent : QWidget
        Owner.
    hear : callable
        Gets each mouse, wheel and key event.

    Signals
    -------
    resized
        The picture has another size.
    painted
        A frame was drawn.
    beginning
        The first frame is about to be drawn.
    """

    resized = Signal()
    painted = Signal()
    beginning = Signal()

    def __init__(self, parent: QWidget, hear: Callable[[QEvent], None]) -> None:
        super().__init__(parent, auto_update=False, multi_samples=0)
        self.setObjectName("canvas")
        self.setAcceptDrops(False)  # the window takes files
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._hear = hear
        self._window: Any = self.ren_win
        self.frames = 0
        self.seconds = 0.0
        self.painted_at = 0.0  # when the last frame ended, by the performance counter
        self._fine = False
        self._fine_seconds = 0.0
        self._breath = QTimer(self)
        self._breath.setSingleShot(True)
        self._breath.setInterval(0)
        self._breath.timeout.connect(self.update)

    def resizeGL(self, width: int, height: int) -> None:  # noqa: N802 - Qt's name
        """Let VTK know the size, then those who fit the city into it."""
        super().resizeGL(width, height)  # type: ignore[no-untyped-call]  # pyvistaqt is not typed
        self.resized.emit()

    def render(self) -> None:  # type: ignore[override]  # pyvista's render, not Qt's
        """Ask Qt for one frame; many wishes before the next paint are one."""
        self.update()

    def wish(self) -> None:
        """Ask for one frame after everything else that waits.

        Qt paints before it hears timers and keys. So that one frame does not follow the other
        while those wait, the wish is handed on as a timer, behind all that waits already.
        """
        if not self._breath.isActive():
            self._breath.start()

    def paintGL(self) -> None:  # noqa: N802 - Qt's name
        """Draw a frame and remember how long it took."""
        if self.frames == 0:
            self.beginning.emit()
        before = time.perf_counter()
        super().paintGL()  # type: ignore[no-untyped-call]  # pyvistaqt is not typed
        self.painted_at = time.perf_counter()
        taken = self.painted_at - before
        if self._fine:
            self._fine_seconds = taken
        else:
            self.seconds = taken
        self.frames += 1
        self.painted.emit()

    @property
    def full_size(self) -> tuple[int, int]:
        """Width and height of the widget, pixels of the screen."""
        ratio = self.devicePixelRatioF()
        return max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1)

    def draw_with(self, share: float) -> bool:
        """Draw with a share of the pixels along each side; says whether that is another one.

        The picture is stretched to the size of the widget as it is handed to Qt.
        """
        width, height = self.full_size
        size = max(round(width * share), 1), max(round(height * share), 1)
        if size == tuple(self._window.GetSize()):
            return False
        self._window.SetSize(*size)
        return True

    def coarsen(self) -> None:
        """Draw without smoothed edges while the eye moves, unless smoothing costs nothing."""
        if self._fine and self._fine_seconds > QUICK_FRAME:
            self._fine = False
            self._window.SetMultiSamples(0)
            self.renderer.SetUseFXAA(False)

    def refine(self) -> None:
        """Draw once more with smoothed edges, as well as this machine can in a moment."""
        if self._fine or not self.isVisible():
            return
        self._fine = True
        if self.seconds < ROOM_FOR_SAMPLES:
            self._window.SetMultiSamples(SAMPLES)
        else:
            self.renderer.SetUseFXAA(True)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Let a tool that is typed into keep keys that are shortcuts elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride:
            self._hear(event)
            return event.isAccepted()
        return bool(super().event(event))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)

    def enterEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)
