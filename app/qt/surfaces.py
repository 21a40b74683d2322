"""How a picture comes into the window: straight from the graphics card, or as an image.

With a graphics card VTK draws into a widget of Qt's OpenGL, and the card puts the window together.
Where a program draws instead of a card, that would blend the whole window over the picture for
each frame, as long as half a picture takes. There VTK draws out of sight, as it does for scripts,
and the picture is painted like any other image, in the parts of the window that change.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from pyvistaqt import QtInteractor
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLRenderTimer

from scene.rasterisers import draws_by_program
from scene.unseen import unseen_window

WAYS = ("auto", "card", "image")
UNSEEN = (64, 64)  # pixels of a picture nobody asked for yet
BREATH = 3  # milliseconds between two frames: what waits that long is heard before the next one
LOOK_EVERY = 1  # milliseconds between two looks at a frame that is being filled
LOOK_FOR = 10.0  # seconds after which it is waited for: the driver may not tell when it is complete


@dataclass(frozen=True)
class Heard:
    """Who hears of frames.

    Attributes
    ----------
    begun : callable
        Called before a frame is drawn.
    drawn : callable
        Called with the seconds it took once it is complete.
    resized : callable
        Called when the picture has another size.
    """

    begun: Callable[[], None]
    drawn: Callable[[float], None]
    resized: Callable[[], None]


class Surface(Protocol):
    """What both ways have in common.

    Attributes
    ----------
    plotter : pyvista.BasePlotter
        What a stage draws with.
    """

    plotter: Any

    def setGeometry(self, place: QRect) -> None:  # noqa: N802 - Qt's name
        """Fill this part of the parent."""

    def ask(self) -> None:
        """Ask for one frame; many wishes before the next one are one."""

    def wake(self) -> None:
        """Draw a frame nobody sees."""

    @property
    def drawing(self) -> bool:
        """Whether a frame is being drawn, or about to be."""

    def settle(self) -> None:
        """Wait for the frame that is being drawn, or draw the one that was asked for."""

    def drop(self) -> None:
        """Draw another frame instead of the one being drawn: its size or finish changes."""

    def make_current(self) -> None:
        """Let calls of OpenGL mean this picture."""

    def finish(self) -> None:
        """Free what it holds."""


class CardSurface(QtInteractor):
    """Shows what the graphics card draws.

    Parameters
    ----------
    parent : QWidget
        Owner.
    heard : Heard
        Who hears of frames.
    """

    drawing = False  # a frame is complete once it is painted

    def __init__(self, parent: QWidget, heard: Heard) -> None:
        super().__init__(parent, auto_update=False, multi_samples=0)
        _let_through(self)
        self.setAcceptDrops(False)  # the window takes files
        self._heard = heard
        self.plotter: Any = self

    def resizeGL(self, width: int, height: int) -> None:  # noqa: N802 - Qt's name
        """Let VTK know the size, then those who fit the city into it."""
        super().resizeGL(width, height)  # type: ignore[no-untyped-call]  # pyvistaqt is not typed
        self._heard.resized()

    def render(self) -> None:  # type: ignore[override]  # pyvista's render, not Qt's
        """Ask Qt for one frame: VTK draws only when the widget is painted."""
        self.update()

    def paintGL(self) -> None:  # noqa: N802 - Qt's name
        """Draw a frame."""
        self._heard.begun()
        before = time.perf_counter()
        super().paintGL()  # type: ignore[no-untyped-call]  # pyvistaqt is not typed
        self._heard.drawn(time.perf_counter() - before)

    def ask(self) -> None:
        """Ask Qt for one frame."""
        self.update()

    def wake(self) -> None:
        """Draw a frame nobody sees."""
        self.grabFramebuffer()

    def settle(self) -> None:
        """Qt draws it when it is asked for the picture."""

    def drop(self) -> None:
        """Every frame is complete."""

    def make_current(self) -> None:
        """Let calls of OpenGL mean this picture."""
        self.makeCurrent()

    def finish(self) -> None:
        """Free what it holds."""
        self.close()


class ImageSurface(QWidget):
    """Shows what a program draws out of sight.

    The program's own threads fill a frame with colour. Meanwhile the window hears events: the
    frame is looked after every now and then, and fetched once it is complete.

    Parameters
    ----------
    parent : QWidget
        Owner.
    heard : Heard
        Who hears of frames.
    plotter : pyvista.Plotter
        Out of sight and ready to draw; freed by `finish`.
    """

    def __init__(self, parent: QWidget, heard: Heard, plotter: Any) -> None:
        super().__init__(parent)
        _let_through(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._heard, self.plotter = heard, plotter
        plotter.render_window.SetMultiSamples(0)
        plotter.render_window.SetSwapBuffers(False)  # nobody shows the other buffer
        self._colours = vtkUnsignedCharArray()
        self._image = QImage()
        self._due = True  # whether the image is older than what was asked for
        self._outgrown = True  # whether it has another size than the widget
        self._flying = False  # whether a frame is being filled with colour
        self._since = 0.0
        self._mark: Any = vtkOpenGLRenderTimer()  # tells when a frame is complete
        self._beginning = self._timer(self._begin)
        self._looking = self._timer(self._look)

    def _timer(self, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(call)
        return timer

    @property
    def _window(self) -> Any:
        return self.plotter.render_window  # None once it is finished

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Let VTK know the size, then those who fit the city into it."""
        super().resizeEvent(event)
        if self._window is None:
            return
        self.drop()
        size, ratio = self._full_size, self.devicePixelRatioF()
        self._window.SetSize(size.width(), size.height())
        self._window.SetDPI(round(72 * ratio))
        self._outgrown = True
        self._heard.resized()

    @property
    def _full_size(self) -> QSize:
        """How large the widget is, pixels of the screen."""
        ratio = self.devicePixelRatioF()
        return QSize(*(max(round(n * ratio), 1) for n in (self.width(), self.height())))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint what is seen of the last frame; where there is none of this size, draw one."""
        if self._outgrown:
            self._due = True
            self.settle()
        elif self._due:
            self.ask()
        painter = QPainter(self)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        if self._image.size() == self._full_size:
            self._image.setDevicePixelRatio(self.devicePixelRatioF())
            painter.drawImage(0, 0, self._image)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.rect(), self._image)
        painter.end()

    def ask(self) -> None:
        """Ask for one frame; nobody who does not see it waits for it."""
        self._due = True
        if not self.drawing:
            self._beginning.start(0)

    @property
    def drawing(self) -> bool:
        """Whether a frame is being drawn, or about to be."""
        return self._flying or self._beginning.isActive()

    def _begin(self) -> None:
        if self.isVisible() and not self.window().isMinimized():
            self._start()

    def _start(self) -> None:
        """Draw a frame as far as this thread has to."""
        self._beginning.stop()
        if self._window is None:
            return
        self._due = False
        self._heard.begun()
        self._since = time.perf_counter()
        self._window.MakeCurrent()
        self._mark.Reset()
        self._mark.Start()
        self._window.Render()
        self._mark.Stop()
        self._mark.Ready()  # sends the frame off
        self._flying = True
        self._looking.start(LOOK_EVERY)

    def _look(self) -> None:
        """Fetch the frame if it is complete."""
        self._window.MakeCurrent()
        if self._mark.Ready() or time.perf_counter() - self._since > LOOK_FOR:
            self._fetch()
        else:
            self._looking.start(LOOK_EVERY)

    def _fetch(self) -> None:
        """Take the colours of the frame, and wait for them where it is not complete."""
        self._looking.stop()
        self._flying = self._outgrown = False
        width, height = self._window.GetSize()
        self._window.GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, self._colours, 0)
        pixels = vtk_to_numpy(self._colours)
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBX8888)
        image = image.convertToFormat(QImage.Format.Format_RGB32)
        self._image = image.flipped(Qt.Orientation.Vertical)
        self.update()
        self._heard.drawn(time.perf_counter() - self._since)
        if self._due:
            self._beginning.start(BREATH)

    def settle(self) -> None:
        """Wait for the frame that is being drawn, and draw the one that was asked for."""
        if self._flying:
            self._fetch()
        if self._due and self._window is not None:
            self._start()
            self._fetch()

    def drop(self) -> None:
        """Draw another frame instead of the one being drawn: its size or finish changes."""
        if self._flying:
            self._looking.stop()
            self._flying = False
            self.ask()

    def wake(self) -> None:
        """Draw a frame nobody sees."""
        self._heard.begun()
        before = time.perf_counter()
        self._window.Render()
        self._heard.drawn(time.perf_counter() - before)

    def make_current(self) -> None:
        """Let calls of OpenGL mean this picture."""
        self._window.MakeCurrent()

    def finish(self) -> None:
        """Free what it holds."""
        for timer in (self._beginning, self._looking):
            timer.stop()
        self._flying = False
        if self._window is not None:
            self._window.MakeCurrent()
            self._mark.ReleaseGraphicsResources()
            self.plotter.close()


def _let_through(surface: QWidget) -> None:
    """Leave mouse and keys to the widget around the picture."""
    surface.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    surface.setFocusPolicy(Qt.FocusPolicy.NoFocus)


def surface_in(parent: QWidget, way: str, heard: Heard) -> Surface:
    """Make the surface that suits this machine.

    Parameters
    ----------
    parent : QWidget
        Owner.
    way : str
        One of `WAYS`: "card" and "image" say which; "auto" looks whether a program draws.
    heard : Heard
        Who hears of frames.
    """
    if way != "card":
        plotter = unseen_window(UNSEEN)
        plotter.render_window.Initialize()
        if way == "image" or draws_by_program(plotter.render_window):
            return ImageSurface(parent, heard, plotter)
        plotter.close()
    return CardSurface(parent, heard)
