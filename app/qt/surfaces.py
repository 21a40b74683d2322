"""How a picture comes into the window: straight from the graphics card, or as an image.

With a graphics card VTK draws into a widget of Qt's OpenGL, and the card puts the window together.
Where a program draws instead of a card, that would blend the whole window over the picture for
each frame, as long as half a picture takes. There VTK draws out of sight, as it does for scripts,
and the picture is painted like any other image, in the parts of the window that change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from pyvistaqt import QtInteractor
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray

from scene.rasterisers import draws_by_program
from scene.unseen import unseen_window

WAYS = ("auto", "card", "image")
UNSEEN = (64, 64)  # pixels of a picture nobody asked for yet

Draw = Callable[[Callable[[], None]], None]


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
        """Ask Qt for one frame; many wishes before the next paint are one."""

    def wake(self) -> None:
        """Draw a frame nobody sees."""

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
    draw : callable
        Called for each frame with what draws it.
    resized : callable
        Called when the picture has another size.
    """

    def __init__(self, parent: QWidget, draw: Draw, resized: Callable[[], None]) -> None:
        super().__init__(parent, auto_update=False, multi_samples=0)
        _let_through(self)
        self.setAcceptDrops(False)  # the window takes files
        self._draw, self._resized = draw, resized
        self.plotter: Any = self

    def resizeGL(self, width: int, height: int) -> None:  # noqa: N802 - Qt's name
        """Let VTK know the size, then those who fit the city into it."""
        super().resizeGL(width, height)  # type: ignore[no-untyped-call]  # pyvistaqt is not typed
        self._resized()

    def render(self) -> None:  # type: ignore[override]  # pyvista's render, not Qt's
        """Ask Qt for one frame: VTK draws only when the widget is painted."""
        self.update()

    def paintGL(self) -> None:  # noqa: N802 - Qt's name
        """Draw a frame."""
        self._draw(super().paintGL)

    def ask(self) -> None:
        """Ask Qt for one frame."""
        self.update()

    def wake(self) -> None:
        """Draw a frame nobody sees."""
        self.grabFramebuffer()

    def make_current(self) -> None:
        """Let calls of OpenGL mean this picture."""
        self.makeCurrent()

    def finish(self) -> None:
        """Free what it holds."""
        self.close()


class ImageSurface(QWidget):
    """Shows what a program draws out of sight.

    Parameters
    ----------
    parent : QWidget
        Owner.
    draw : callable
        Called for each frame with what draws it.
    resized : callable
        Called when the picture has another size.
    plotter : pyvista.Plotter
        Out of sight; freed by `finish`.
    """

    def __init__(
        self, parent: QWidget, draw: Draw, resized: Callable[[], None], plotter: Any
    ) -> None:
        super().__init__(parent)
        _let_through(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._draw, self._resized, self.plotter = draw, resized, plotter
        plotter.render_window.SetMultiSamples(0)
        plotter.render_window.SetSwapBuffers(False)  # nobody shows the other buffer
        self._colours = vtkUnsignedCharArray()
        self._image = QImage()
        self._due = True  # whether the image is older than what was asked for

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Let VTK know the size, then those who fit the city into it."""
        super().resizeEvent(event)
        window = self.plotter.render_window
        if window is None:  # finished
            return
        size, ratio = self._full_size, self.devicePixelRatioF()
        window.SetSize(size.width(), size.height())
        window.SetDPI(round(72 * ratio))
        self._due = True
        self._resized()

    @property
    def _full_size(self) -> QSize:
        """How large the widget is, pixels of the screen."""
        ratio = self.devicePixelRatioF()
        return QSize(*(max(round(n * ratio), 1) for n in (self.width(), self.height())))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw a frame if one was asked for, and paint what is seen of it."""
        if self._due and self.plotter.render_window is not None:
            self._due = False
            self._draw(self._shoot)
        painter = QPainter(self)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        if self._image.size() == self._full_size:
            self._image.setDevicePixelRatio(self.devicePixelRatioF())
            painter.drawImage(0, 0, self._image)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.rect(), self._image)
        painter.end()

    def _shoot(self) -> None:
        window = self.plotter.render_window
        window.Render()
        width, height = window.GetSize()
        window.GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, self._colours, 0)
        pixels = vtk_to_numpy(self._colours)
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBX8888)
        image = image.convertToFormat(QImage.Format.Format_RGB32)
        self._image = image.flipped(Qt.Orientation.Vertical)

    def ask(self) -> None:
        """Ask Qt for one frame."""
        self._due = True
        self.update()

    def wake(self) -> None:
        """Draw a frame nobody sees."""
        self._draw(self.plotter.render_window.Render)

    def make_current(self) -> None:
        """Let calls of OpenGL mean this picture."""
        self.plotter.render_window.MakeCurrent()

    def finish(self) -> None:
        """Free what it holds."""
        if self.plotter.render_window is not None:
            self.plotter.close()


def _let_through(surface: QWidget) -> None:
    """Leave mouse and keys to the widget around the picture."""
    surface.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    surface.setFocusPolicy(Qt.FocusPolicy.NoFocus)


def surface_in(parent: QWidget, way: str, draw: Draw, resized: Callable[[], None]) -> Surface:
    """Make the surface that suits this machine.

    Parameters
    ----------
    parent : QWidget
        Owner.
    way : str
        One of `WAYS`: "card" and "image" say which; "auto" looks whether a program draws.
    draw : callable
        Called for each frame with what draws it.
    resized : callable
        Called when the picture has another size.
    """
    if way != "card":
        plotter = unseen_window(UNSEEN)
        plotter.render_window.Initialize()
        if way == "image" or draws_by_program(plotter.render_window):
            return ImageSurface(parent, draw, resized, plotter)
        plotter.close()
    return CardSurface(parent, draw, resized)
