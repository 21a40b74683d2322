"""One window for all tests of the window; each test gets it empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pytest
import shapely
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QTableWidget, QTableWidgetItem, QWidget

from app import settings as settings_file
from app.qt import start
from app.qt.desk import Desk, Notice
from app.qt.main_window import MainWindow
from app.session import Session
from app.settings import Settings
from layers.frame import Frame
from layers.kinds import KINDS
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Shapes
from scene import camera

W = TypeVar("W", bound=QObject)
EAST, NORTH = 500_000.0, 3_380_000.0
SIZE = (1100, 760)


def town() -> Project:
    """Nine blocks of 40 m on a lake, 100 m apart."""
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    boxes = [
        shapely.box(EAST + x * 100, NORTH + y * 100, EAST + x * 100 + 60, NORTH + y * 100 + 60)
        for y in range(3)
        for x in range(3)
    ]
    names = pa.table({"name": [f"Block {i + 1}" for i in range(9)]})
    blocks = Buildings.blocks(Shapes.from_shapely(boxes), 40.0, names)
    lake = Features.of(
        Shapes.from_shapely([shapely.box(EAST - 200, NORTH - 200, EAST + 500, NORTH + 500)])
    )
    project.insert_layer(Layer("water", "Lake", lake, style=KINDS["water"].style, layer_id="lake"))
    project.insert_layer(
        Layer("buildings", "Blocks", blocks, style=KINDS["buildings"].style, layer_id="blocks")
    )
    return project


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as `start` makes it."""
    return start.make_application(["citystage"])


@pytest.fixture(scope="session")
def shared_window(qapp: QApplication) -> Iterator[MainWindow]:
    """The window; costly to make, so there is one."""
    settings_file.save(Settings(language="en", theme="light"))
    window = start.open_window(Desk(Session(), settings_file.load()))
    window.resize(*SIZE)
    yield window
    window.desk.session.history.mark_saved()
    window.close()


@pytest.fixture
def window(shared_window: MainWindow, qtbot: Any) -> Iterator[MainWindow]:
    """The window as after a start: welcome page, English, light."""
    window, desk = shared_window, shared_window.desk
    fresh(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    yield window
    desk.jobs.cancel_all()
    qtbot.waitUntil(lambda: not desk.jobs.running, timeout=60_000)
    close_dialogs()
    fresh(window)


def fresh(window: MainWindow) -> None:
    """Put the window back to what a start shows."""
    desk = window.desk
    desk.session.history.mark_saved()
    window.documents.close()
    desk.settings.recent_files = []
    desk.speak("en")
    desk.dress("light")
    desk.session.tool = "tool-pan"
    window.docks.reset()


def close_dialogs() -> None:
    """Close what a test left open."""
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog) and widget.isVisible():
            widget.reject()


@pytest.fixture
def city(window: MainWindow, qtbot: Any) -> MainWindow:
    """The window with the town of `town` in it, drawn."""
    before = window.viewport.frames
    window.documents.show_project(town())
    qtbot.waitUntil(lambda: window.viewport.frames > before, timeout=60_000)
    return window


@pytest.fixture
def notices(window: MainWindow) -> Iterator[list[Notice]]:
    """What the window told."""
    told: list[Notice] = []
    window.desk.noticed.connect(told.append)
    yield told
    window.desk.noticed.disconnect(told.append)


def child(parent: QObject, kind: type[W], name: str) -> W:
    """Find a widget by its name, and insist on it."""
    found = parent.findChild(kind, name)
    assert found is not None, f"there is no {kind.__name__} '{name}'"
    return found


def dialog(qtbot: Any, name: str) -> QDialog:
    """Wait for a dialog."""

    def seen() -> QDialog | None:
        shown = [w for w in QApplication.topLevelWidgets() if w.objectName() == name]
        return next((w for w in shown if isinstance(w, QDialog) and w.isVisible()), None)

    qtbot.waitUntil(lambda: seen() is not None, timeout=60_000)
    found = seen()
    assert found is not None
    return found


def cell(table: QTableWidget, row: int, column: int) -> QTableWidgetItem:
    """Give a cell, and insist on it."""
    item = table.item(row, column)
    assert item is not None, f"there is no cell {row}, {column}"
    return item


def click(widget: QWidget) -> None:
    """Click the middle of a widget."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def drag(widget: QWidget, start: QPoint, end: QPoint, button: Qt.MouseButton) -> None:
    """Drag with a button held."""
    held = Qt.KeyboardModifier.NoModifier
    QTest.mousePress(widget, button, held, start)
    for share in (0.3, 0.6, 1.0):
        at = start + (end - start) * share
        event_at(widget, at, button)
    QTest.mouseRelease(widget, button, held, end)


def event_at(widget: QWidget, at: QPoint, button: Qt.MouseButton) -> None:
    """Send a move with a button held; QTest's own says that none is."""
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    where = QPointF(at)
    moved = QMouseEvent(
        QEvent.Type.MouseMove, where, QPointF(widget.mapToGlobal(at)), Qt.MouseButton.NoButton,
        button, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(widget, moved)


def canvas(window: MainWindow) -> QWidget:
    """The widget the picture is in."""
    return child(window, QWidget, "canvas")


def pixel(window: MainWindow, east: float, north: float, height: float = 0.0) -> QPoint:
    """Give where a place is seen in the picture."""
    seen = window.viewport.viewpoint
    size = (canvas(window).width(), canvas(window).height())
    x, y = camera.project_points(seen, [(east, north, height)], size)[0, :2]
    return QPoint(round(x), round(y))


def picture(window: MainWindow, qtbot: Any) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Give the picture once it rests and its edges are smooth, (h, w, 3)."""
    drawn: Any = canvas(window)
    drawn.grab()
    qtbot.waitUntil(lambda: drawn._fine and not window.viewport.busy, timeout=20_000)
    image = drawn.grab().toImage()
    raw = np.frombuffer(image.constBits(), dtype=np.uint8)
    rows = raw.reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4)[..., 2::-1]


def menu_texts(window: MainWindow) -> list[str]:
    """The titles of the menu bar without their marks."""
    return [action.text().replace("&", "") for action in window.menuBar().actions()]


Check = Callable[[], bool]
