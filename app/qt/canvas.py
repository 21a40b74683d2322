"""The widget the city is drawn in: it hears mouse and keys and counts its frames."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.qt.surfaces import Heard, Surface, surface_in

QUICK_FRAME = 0.03  # seconds; smoothing that is this quick stays on while the eye moves
ROOM_FOR_SAMPLES = 0.12  # seconds; slower pictures are smoothed afterwards, not by more samples
SAMPLES = 8


class Canvas(QWidget):
    """The widget a stage draws in; it hands every event on and asks for frames.

    Parameters
    ----------
    parent : QWidget
        Owner.
    hear : callable
        Gets each mouse, wheel and key event.
    way : str
        How the picture comes into the window, see `app.qt.surfaces.WAYS`.

    Attributes
    ----------
    plotter : pyvista.BasePlotter
        What a stage draws with.

    Signals
    -------
    resized
        The picture has another size.
    begun
        A frame is about to be drawn.
    painted
        It was drawn.
    beginning
        The first one is about to be drawn.
    """

    resized = Signal()
    begun = Signal()
    painted = Signal()
    beginning = Signal()

    def __init__(self, parent: QWidget | None, hear: Callable[[QEvent], None], way: str) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._hear = hear
        self.frames = 0
        self.seconds = 0.0
        self.painted_at = 0.0  # when the last frame ended, by the performance counter
        self._fine = False
        self._fine_seconds = 0.0
        self._drawn_fine = False  # whether the frame that is being drawn is
        heard = Heard(self._begun, self._drawn, self.resized.emit)
        self._surface: Surface = surface_in(self, way, heard)
        self.plotter = self._surface.plotter
        self._breath = QTimer(self)
        self._breath.setSingleShot(True)
        self._breath.setInterval(0)
        self._breath.timeout.connect(self.ask)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Let the picture fill the widget."""
        super().resizeEvent(event)
        self._surface.setGeometry(self.rect())

    def ask(self) -> None:
        """Ask for one frame; many wishes before the next one are one."""
        self._surface.ask()

    def wish(self) -> None:
        """Ask for one frame after everything else that waits.

        Qt paints before it hears timers and keys. So that one frame does not follow the other
        while those wait, the wish is handed on as a timer, behind all that waits already.
        """
        if not self._breath.isActive():
            self._breath.start()

    def wake(self) -> None:
        """Draw a frame nobody sees, so that whatever draws is ready for the first one."""
        self._surface.wake()

    def make_current(self) -> None:
        """Let calls of OpenGL mean this picture."""
        self._surface.make_current()

    def finish(self) -> None:
        """Free what the picture holds; nothing is drawn any more."""
        self._surface.finish()

    @property
    def drawing(self) -> bool:
        """Whether a frame is being drawn, or about to be."""
        return self._surface.drawing

    def grab(self, *place: Any) -> QPixmap:
        """Give the picture as it was asked for last."""
        self._surface.settle()
        return super().grab(*place)

    def _begun(self) -> None:
        if self.frames == 0:
            self.beginning.emit()
        self._drawn_fine = self._fine
        self.begun.emit()

    def _drawn(self, taken: float) -> None:
        """Remember how long a frame took."""
        self.painted_at = time.perf_counter()
        if self._drawn_fine:
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
        if size == tuple(self.plotter.render_window.GetSize()):
            return False
        self._surface.drop()
        self.plotter.render_window.SetSize(*size)
        return True

    def coarsen(self) -> None:
        """Draw without smoothed edges while the eye moves, unless smoothing costs nothing."""
        if self._fine and self._fine_seconds > QUICK_FRAME:
            self._fine = False
            self._surface.drop()
            self.plotter.render_window.SetMultiSamples(0)
            self.plotter.renderer.SetUseFXAA(False)

    def refine(self) -> None:
        """Draw once more with smoothed edges, as well as this machine can in a moment."""
        if self._fine or not self.isVisible():
            return
        self._fine = True
        self._surface.drop()
        if self.seconds < ROOM_FOR_SAMPLES:
            self.plotter.render_window.SetMultiSamples(SAMPLES)
        else:
            self.plotter.renderer.SetUseFXAA(True)
        self.ask()

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
