"""Both ways of a picture into the window: the same pixels, the same mouse, nothing left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.qt import surfaces
from app.qt.canvas import Canvas
from app.qt.surfaces import CardSurface, Heard, ImageSurface, surface_in
from layers.viewpoint import Viewpoint
from scene.stage import Stage
from tests.app.qt.conftest import EAST, NORTH, town

pytestmark = pytest.mark.gui
SIZE = (320, 240)

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


class Shown:
    """A canvas with the town in it, and what it heard."""

    def __init__(self, way: str) -> None:
        self.heard: list[QEvent.Type] = []
        self.canvas = Canvas(None, self._hear, way)
        self.canvas.resize(*SIZE)
        self.stage = Stage(town(), self.canvas.plotter)
        self.stage.viewpoint = Viewpoint.looking_at(
            (EAST + 130.0, NORTH + 130.0, 0.0), 600.0, 0.4, -0.7
        )

    def _hear(self, event: QEvent) -> None:
        if isinstance(event, QMouseEvent):
            self.heard.append(event.type())

    def show(self, qtbot: Any) -> None:
        with qtbot.waitExposed(self.canvas):
            self.canvas.show()
        qtbot.waitUntil(lambda: self.canvas.frames > 0, timeout=20_000)

    def frame(self) -> Pixels:
        """Draw a frame and give its colours, (h, w, 3)."""
        self.canvas.ask()
        image = self.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        raw = np.frombuffer(image.constBits(), dtype=np.uint8)
        return raw.reshape(image.height(), image.width(), 4)[..., 2::-1].copy()

    def close(self) -> None:
        self.stage.close()
        self.canvas.finish()
        self.canvas.deleteLater()


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[Callable[[str], Shown]]:
    """Makes canvases, and frees them."""
    made: list[Shown] = []

    def show(way: str) -> Shown:
        made.append(Shown(way))
        return made[-1]

    yield show
    for one in made:
        one.close()


def test_both_ways_show_the_same_picture(shown: Callable[[str], Shown], qtbot: Any) -> None:
    pictures = []
    for way in ("card", "image"):
        one = shown(way)
        one.show(qtbot)
        pictures.append(one.frame().astype(int))
    card, image = pictures
    assert card.shape == image.shape == (SIZE[1], SIZE[0], 3)
    assert len(np.unique(card.reshape(-1, 3), axis=0)) > 20  # there is a town
    assert np.abs(card - image).max(axis=2).mean() < 0.2


@pytest.mark.parametrize("way", ["card", "image"])
def test_a_picture_of_few_pixels_fills_the_widget(
    way: str, shown: Callable[[str], Shown], qtbot: Any
) -> None:
    one = shown(way)
    one.show(qtbot)
    whole = one.frame().astype(float)
    assert one.canvas.draw_with(0.5)
    assert tuple(one.canvas.plotter.render_window.GetSize()) == (SIZE[0] // 2, SIZE[1] // 2)
    coarse = one.frame().astype(float)
    assert coarse.shape == whole.shape

    def blocks(pixels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        tiles = pixels.reshape(SIZE[1] // 16, 16, SIZE[0] // 16, 16, 3)
        return np.asarray(tiles.mean(axis=(1, 3)))

    assert np.abs(blocks(whole) - blocks(coarse)).mean() < 3.0
    assert not one.canvas.draw_with(0.5)


@pytest.mark.parametrize("way", ["card", "image"])
def test_the_mouse_is_heard_through_the_picture(
    way: str, shown: Callable[[str], Shown], qtbot: Any
) -> None:
    one = shown(way)
    one.show(qtbot)
    window = one.canvas.windowHandle()
    QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(40, 30))
    QTest.mouseMove(window, QPoint(90, 80))
    kinds = QEvent.Type
    qtbot.waitUntil(lambda: kinds.MouseMove in one.heard, timeout=10_000)
    assert one.heard.index(kinds.MouseButtonPress) < one.heard.index(kinds.MouseButtonRelease)
    assert one.canvas.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_what_lies_over_an_image_is_painted_without_drawing_the_city(
    shown: Callable[[str], Shown], qtbot: Any
) -> None:
    one = shown("image")
    one.show(qtbot)
    before, frames = one.frame(), one.canvas.frames
    one.canvas.repaint(QRect(10, 10, 50, 50))
    surface = one.canvas.findChild(ImageSurface)
    assert surface is not None
    surface.repaint()
    assert one.canvas.frames == frames
    one.stage.viewpoint = Viewpoint.looking_at((EAST, NORTH, 0.0), 300.0, 2.0, -0.9)
    one.canvas.ask()
    one.canvas.ask()
    qtbot.waitUntil(lambda: one.canvas.frames > frames, timeout=10_000)
    assert one.canvas.frames == frames + 1  # many wishes are one frame
    assert np.abs(one.frame().astype(int) - before).mean() > 5.0


class Slow:
    """Stands for what tells whether a frame is complete: it is when somebody says so."""

    def __init__(self) -> None:
        self.complete = False

    def Ready(self) -> bool:  # noqa: N802 - VTK's names
        return self.complete

    def Reset(self) -> None:  # noqa: N802
        self.complete = False

    Start = Stop = ReleaseGraphicsResources = lambda _self: None


@pytest.fixture
def slow(shown: Callable[[str], Shown], qtbot: Any) -> Shown:
    """A canvas whose next frame is being filled for as long as nobody calls it complete."""
    one = shown("image")
    one.show(qtbot)
    one.frame()
    surface: Any = one.canvas.findChild(ImageSurface)
    surface._mark = Slow()
    one.canvas.ask()
    qtbot.waitUntil(lambda: surface._flying, timeout=10_000)
    return one


def test_the_window_hears_events_while_a_frame_is_filled(slow: Shown, qtbot: Any) -> None:
    surface: Any = slow.canvas.findChild(ImageSurface)
    frames, told = slow.canvas.frames, []
    for milliseconds in (0, 20, 60):
        QTimer.singleShot(milliseconds, lambda: told.append(1))
    qtbot.waitUntil(lambda: len(told) == 3, timeout=10_000)
    assert slow.canvas.drawing
    assert slow.canvas.frames == frames
    slow.canvas.ask()  # one more is drawn once this one is complete
    assert slow.canvas.frames == frames
    surface._mark.complete = True
    qtbot.waitUntil(lambda: slow.canvas.frames == frames + 1, timeout=10_000)
    qtbot.waitUntil(lambda: surface._flying, timeout=10_000)
    surface._mark.complete = True
    qtbot.waitUntil(lambda: not slow.canvas.drawing, timeout=10_000)
    assert slow.canvas.frames == frames + 2


def test_a_driver_that_never_tells_is_not_trusted_for_long(
    slow: Shown, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = slow.canvas.frames
    monkeypatch.setattr(surfaces, "LOOK_FOR", 0.05)
    qtbot.waitUntil(lambda: slow.canvas.frames == frames + 1, timeout=10_000)


def test_whoever_takes_the_picture_waits_for_the_frame(slow: Shown) -> None:
    frames = slow.canvas.frames
    slow.stage.viewpoint = Viewpoint.looking_at((EAST, NORTH, 0.0), 300.0, 2.0, -0.9)
    before = slow.canvas.grab().toImage()
    assert slow.canvas.frames == frames + 1
    slow.frame()
    assert slow.canvas.frames == frames + 2
    assert slow.canvas.grab().toImage() != before
    assert not slow.canvas.drawing


@pytest.mark.parametrize("change", ["pixels", "size"])
def test_a_frame_of_another_size_is_drawn_instead(change: str, slow: Shown, qtbot: Any) -> None:
    surface: Any = slow.canvas.findChild(ImageSurface)
    frames = slow.canvas.frames
    if change == "pixels":
        assert slow.canvas.draw_with(0.5)
        wanted = (SIZE[0] // 2, SIZE[1] // 2)
        qtbot.waitUntil(lambda: surface._flying, timeout=10_000)
        surface._mark.complete = True
    else:
        wanted = (400, 200)
        slow.canvas.resize(*wanted)
    qtbot.waitUntil(lambda: not slow.canvas.drawing, timeout=10_000)
    assert slow.canvas.frames == frames + 1
    assert (surface._image.width(), surface._image.height()) == wanted


def test_a_canvas_may_be_finished_while_a_frame_is_filled(slow: Shown, qtbot: Any) -> None:
    slow.stage.close()
    slow.canvas.finish()
    frames = slow.canvas.frames
    qtbot.wait(50)
    assert not slow.canvas.drawing
    assert slow.canvas.frames == frames


def test_nobody_draws_for_a_hidden_widget_until_it_is_seen(
    shown: Callable[[str], Shown], qtbot: Any
) -> None:
    one = shown("image")
    one.show(qtbot)
    one.frame()
    one.canvas.hide()
    frames = one.canvas.frames
    one.canvas.ask()
    qtbot.wait(50)
    assert one.canvas.frames == frames
    one.canvas.show()
    qtbot.waitUntil(lambda: one.canvas.frames > frames, timeout=10_000)


def test_a_widget_of_another_size_gets_a_picture_of_it(
    shown: Callable[[str], Shown], qtbot: Any
) -> None:
    one = shown("image")
    one.show(qtbot)
    with qtbot.waitSignal(one.canvas.resized, timeout=10_000):
        one.canvas.resize(400, 200)
    assert one.frame().shape == (200, 400, 3)
    assert tuple(one.canvas.plotter.render_window.GetSize()) == (400, 200)


def test_a_picture_can_be_woken_before_it_is_seen(shown: Callable[[str], Shown]) -> None:
    for way in ("card", "image"):
        one = shown(way)
        begun: list[bool] = []
        one.canvas.beginning.connect(lambda begun=begun: begun.append(True))
        one.canvas.wake()
        assert begun == [True]
        assert one.canvas.frames == 1


def test_a_canvas_that_is_finished_lets_go_of_its_window(
    shown: Callable[[str], Shown], qtbot: Any
) -> None:
    one, gone = Shown("image"), []
    one.show(qtbot)
    one.canvas.plotter.render_window.AddObserver("DeleteEvent", lambda *_: gone.append(True))
    one.close()
    assert gone  # else a connection to the display stays open
    one.canvas.finish()  # once more changes nothing
    one.canvas.resize(200, 100)  # and nothing is drawn any more
    one.canvas.repaint()
    assert one.canvas.frames >= 1


@pytest.mark.parametrize(("program", "kind"), [(True, ImageSurface), (False, CardSurface)])
def test_an_image_is_taken_where_a_program_draws(
    program: bool, kind: type, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtWidgets import QWidget

    monkeypatch.setattr(surfaces, "draws_by_program", lambda _window: program)
    holder = QWidget()
    heard = Heard(lambda: None, lambda _seconds: None, lambda: None)
    surface = surface_in(holder, "auto", heard)
    assert isinstance(surface, kind)
    surface.finish()
    holder.deleteLater()
