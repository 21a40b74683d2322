"""The picture: pointing, choosing, moving, and no frame without a reason."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QStackedWidget

from app.qt.main_window import MainWindow
from app.qt.overlay import Overlay
from app.qt.pane import Pane
from layers.viewpoint import Viewpoint
from scene import camera
from tests.app.qt.conftest import EAST, NORTH, canvas, child, drag, event_at

pytestmark = pytest.mark.gui


def place(window: MainWindow, east: float, north: float, height: float = 0.0) -> QPoint:
    """Where a point of the town lies in the picture, in points."""
    stage = window.viewport.stage
    pixel = camera.project_points(stage.viewpoint, [(east, north, height)], stage.size)[0]
    ratio = canvas(window).devicePixelRatioF()
    return QPoint(round(pixel[0] / ratio), round(pixel[1] / ratio))


def middle_block(window: MainWindow) -> QPoint:
    return place(window, EAST + 130, NORTH + 130, 40.0)


def from_above(window: MainWindow) -> None:
    window.viewport.viewpoint = Viewpoint.looking_at(
        (EAST + 130, NORTH + 130, 0.0), 900.0, 0.0, -math.pi / 2
    )


def left_click(window: MainWindow, at: QPoint, held: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(canvas(window), Qt.MouseButton.LeftButton, held, at)


def selected(window: MainWindow) -> list[int]:
    return sorted(int(i) for i in window.desk.session.selection.get("blocks", []))


def test_a_click_selects_the_building_under_it(city: MainWindow) -> None:
    left_click(city, middle_block(city))
    assert selected(city) == [5]
    assert child(city, QLabel, "status-selected").text() == "1 selected"


def test_shift_adds_to_the_selection_and_escape_empties_it(city: MainWindow) -> None:
    from_above(city)
    left_click(city, middle_block(city))
    left_click(city, place(city, EAST + 30, NORTH + 30, 40.0), Qt.KeyboardModifier.ShiftModifier)
    assert selected(city) == [1, 5]
    QTest.keyClick(canvas(city), Qt.Key.Key_Escape)
    assert selected(city) == []


def test_a_box_selects_what_lies_in_it(city: MainWindow) -> None:
    from_above(city)
    city.desk.actions["tool-select"].trigger()
    start = place(city, EAST - 20, NORTH + 170)
    end = place(city, EAST + 170, NORTH - 20)
    overlay = child(city, Overlay, "overlay")
    boxes = []
    QTest.mousePress(canvas(city), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    event_at(canvas(city), end, Qt.MouseButton.LeftButton)
    boxes.append(overlay.box is not None)
    QTest.mouseRelease(canvas(city), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    boxes.append(overlay.box is not None)
    assert boxes == [True, False]
    assert selected(city) == [1, 2, 4, 5]


def test_dragging_with_the_pan_tool_moves_the_city_with_the_pointer(city: MainWindow) -> None:
    from_above(city)
    start = place(city, EAST + 130, NORTH + 300)
    end = start + QPoint(60, 40)
    drag(canvas(city), start, end, Qt.MouseButton.LeftButton)
    moved = place(city, EAST + 130, NORTH + 300)
    assert (moved - end).manhattanLength() <= 3
    assert selected(city) == []  # a drag is no click


def test_nothing_is_looked_for_under_the_pointer_while_the_eye_moves(
    city: MainWindow, qtbot: Any
) -> None:
    told: list[object] = []
    city.viewport.pointed.connect(told.append)
    at, held = QPoint(300, 300), Qt.KeyboardModifier.NoModifier
    QTest.mousePress(canvas(city), Qt.MouseButton.RightButton, held, at)
    told.clear()
    before = city.viewport.frames
    for step in range(1, 6):
        event_at(canvas(city), at + QPoint(10 * step, 0), Qt.MouseButton.RightButton)
    qtbot.waitUntil(
        lambda: city.viewport.frames > before and not city.viewport.busy, timeout=60_000
    )
    assert told == []
    end = at + QPoint(50, 0)
    QTest.mouseRelease(canvas(city), Qt.MouseButton.RightButton, held, end)
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)


def test_measuring_ends_with_the_project(city: MainWindow, qtbot: Any) -> None:
    city.desk.actions["measure-distance"].trigger()
    city.documents.close()
    assert city.desk.session.tool == "tool-pan"
    assert city.desk.actions["tool-pan"].isChecked()


def test_the_right_button_turns_and_a_right_click_opens_the_menu(city: MainWindow) -> None:
    before = city.viewport.viewpoint
    drag(canvas(city), QPoint(300, 300), QPoint(400, 300), Qt.MouseButton.RightButton)
    assert city.viewport.viewpoint.heading != pytest.approx(before.heading)
    QTest.mouseClick(
        canvas(city), Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, middle_block(city)
    )
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.objectName() == "place-menu"
    menu.close()


def test_the_orbit_tool_turns_with_the_left_button(city: MainWindow) -> None:
    city.desk.actions["tool-orbit"].trigger()
    before = city.viewport.viewpoint.heading
    drag(canvas(city), QPoint(300, 300), QPoint(420, 300), Qt.MouseButton.LeftButton)
    assert city.viewport.viewpoint.heading != pytest.approx(before)


def test_the_wheel_comes_nearer_to_what_is_under_the_pointer(city: MainWindow) -> None:
    from_above(city)
    at = place(city, EAST + 30, NORTH + 30, 40.0)
    where = QPointF(at)
    event = QWheelEvent(
        where, QPointF(canvas(city).mapToGlobal(at)), QPoint(), QPoint(0, 240),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    height = city.viewport.viewpoint.height
    QApplication.sendEvent(canvas(city), event)
    assert city.viewport.viewpoint.height < height
    assert (place(city, EAST + 30, NORTH + 30, 40.0) - at).manhattanLength() <= 2


def test_the_status_line_tells_the_place_under_the_pointer(city: MainWindow, qtbot: Any) -> None:
    from_above(city)
    event_at(canvas(city), place(city, EAST + 300, NORTH + 300), Qt.MouseButton.NoButton)
    label = child(city, QLabel, "status-coordinates")
    qtbot.waitUntil(lambda: "E 50030" in label.text() or "E 50029" in label.text(), timeout=60_000)
    assert child(city, QLabel, "status-lonlat").text().startswith("114.0")


@pytest.mark.parametrize(
    ("key", "heading"),
    [("view-north", 0.0), ("view-east", 90.0), ("view-south", 180.0), ("view-west", -90.0)],
)
def test_the_views_from_the_sides_look_there(city: MainWindow, key: str, heading: float) -> None:
    city.desk.actions[key].trigger()
    turned = math.degrees(city.viewport.viewpoint.heading) - heading
    assert turned % 360 == pytest.approx(0.0, abs=1e-6)


def test_the_view_from_above_and_the_whole_city(city: MainWindow) -> None:
    city.desk.actions["view-top"].trigger()
    assert city.viewport.viewpoint.pitch == pytest.approx(-math.pi / 2)
    city.viewport.viewpoint = Viewpoint.looking_at((EAST + 9000, NORTH, 0.0), 50.0)
    city.desk.actions["home"].trigger()
    size = city.viewport.stage.size
    corners = [(EAST, NORTH, 0.0), (EAST + 260, NORTH + 260, 40.0)]
    seen = camera.project_points(city.viewport.viewpoint, corners, size)
    assert ((seen > 0) & (seen < np.array(size))).all()


def test_parallel_projection_is_switched_and_the_action_follows(city: MainWindow) -> None:
    action, seen = city.desk.actions["parallel"], []
    for _ in range(2):
        action.trigger()
        seen.append((city.viewport.viewpoint.projection, action.isChecked()))
    assert seen == [("parallel", True), ("perspective", False)]


def test_a_burst_of_changes_is_one_frame_and_rest_needs_none(city: MainWindow, qtbot: Any) -> None:
    def rests() -> bool:
        before = city.viewport.frames
        QApplication.processEvents()
        return city.viewport.frames == before and not city.viewport.busy

    qtbot.waitUntil(rests, timeout=60_000)
    before = city.viewport.frames
    for _ in range(20):
        city.viewport.zoom(1.01)
    qtbot.waitUntil(lambda: city.viewport.frames > before, timeout=60_000)
    assert city.viewport.frames == before + 1
    qtbot.waitUntil(rests, timeout=60_000)
    after = city.viewport.frames
    assert after <= before + 3  # the second one has all pixels, the third smooth edges
    for _ in range(5):
        QApplication.processEvents()
    assert city.viewport.frames == after


def test_coordinates_under_the_pointer_are_copied(city: MainWindow, qtbot: Any) -> None:
    from_above(city)
    event_at(canvas(city), place(city, EAST + 300, NORTH + 300), Qt.MouseButton.NoButton)
    label = child(city, QLabel, "status-coordinates")
    qtbot.waitUntil(lambda: label.text() != "", timeout=60_000)
    city.desk.actions["copy-coordinates"].trigger()
    east, north, height = (float(x) for x in QApplication.clipboard().text().split(","))
    assert (east, north) == pytest.approx((EAST + 300, NORTH + 300), abs=3.0)
    assert height == pytest.approx(0.0, abs=0.5)


def test_a_picture_behind_the_welcome_page_is_made_ready_once(
    window: MainWindow, qtbot: Any
) -> None:
    pages = QStackedWidget()
    qtbot.addWidget(pages)
    pane = Pane(window.desk)
    for page in (QLabel("welcome"), pane):
        pages.addWidget(page)
    with qtbot.waitExposed(pages):
        pages.show()
    pane.begin()
    try:
        assert not pane.isVisible()
        assert pane.frames == 0
        pane.wake()
        assert pane.frames == 1
        pane.wake()
        assert pane.frames == 1
        assert not pane.stage.views
    finally:
        pane.close_stage()
