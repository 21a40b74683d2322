"""The timeline under mouse and keys: steps hung on each other, handed on, copied, removed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLineEdit, QListWidget, QMenu, QToolButton

from app.qt.main_window import MainWindow
from app.qt.panels.drills import DrillsPanel
from app.qt.widgets.timeline import NAMES, ROWS, RULER, Timeline
from layers.drills.clock import timetable
from layers.drills.edits import add_plan
from layers.drills.plan import Plan, Role, Start, Step
from tests.app.qt.conftest import EAST, NORTH, child, click, drag

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def three() -> Plan:
    """Two steps of a commander, one of a crew; none hangs on another."""
    roles = (Role("r1", "Commander"), Role("r2", "Crew"), Role("r3", "Police"))
    steps = (
        Step("s1", "Alarm", Start("at", 0.0), 120.0, role="r1", place=(EAST, NORTH)),
        Step("s2", "Set out", Start("at", 60.0), 120.0, role="r2"),
        Step("s3", "Report", Start("at", 400.0), 100.0, role="r1"),
    )
    return Plan(0, "Three", roles=roles, steps=steps)


def many() -> Plan:
    """Twelve roles and sixty-two steps, as large drills have."""
    names = [f"Sub-district office {n}" for n in range(12)]
    roles = tuple(Role(f"r{n}", name) for n, name in enumerate(names))
    steps = tuple(
        Step(f"s{n}", f"Step number {n}", Start("at", 80.0 * n), 200.0, role=f"r{n % 12}")
        for n in range(62)
    )
    return Plan(0, "Many", roles=roles, steps=steps)


@pytest.fixture
def panel(city: MainWindow, qtbot: Any, tmp_path: Path, monkeypatch: Any) -> DrillsPanel:
    """The panel with a plan of three steps."""
    monkeypatch.setenv("CITYSTAGE_STATE", str(tmp_path / "state"))
    city.desk.actions["drills-panel"].trigger()
    made = cast(DrillsPanel, city.docks.panel("drills"))
    qtbot.waitUntil(made.isVisible)
    city.desk.run(add_plan(city.desk.project, three()))
    made.drilling.follow_shots(on=False)  # the window is shared: others may have let it lead
    return made


def plan_of(panel: DrillsPanel) -> Plan:
    """The plan at hand."""
    assert panel.drilling.plan is not None
    return panel.drilling.plan


def line_of(panel: DrillsPanel) -> Timeline:
    """The timeline."""
    return child(panel, Timeline, "drill-timeline")


def menu(line: Timeline, at: QPoint) -> QMenu:
    """Click the right button and give the menu that opens."""
    QTest.mouseClick(line.viewport(), Qt.MouseButton.RightButton, NONE, at)
    found = QApplication.activePopupWidget()
    assert isinstance(found, QMenu)
    return found


def choose(opened: QMenu, key: str) -> None:
    """Choose an entry of a menu."""
    action = next(a for a in opened.actions() if a.objectName() == f"drills-menu-{key}")
    opened.close()
    action.trigger()


def test_the_dot_behind_a_step_is_dragged_to_the_step_that_shall_follow(
    panel: DrillsPanel, city: MainWindow
) -> None:
    line = line_of(panel)
    QTest.mouseClick(line.viewport(), LEFT, NONE, line.bar("s1").center())
    drag(line.viewport(), line.linking.dot("s1"), line.bar("s2").center(), LEFT)
    plan = plan_of(panel)
    assert plan.step("s2").start == Start("after", 0.0, "s1")  # it began too early before
    assert timetable(plan).begins["s2"] == 120.0
    QTest.mouseClick(line.viewport(), LEFT, NONE, line.bar("s2").center())
    drag(line.viewport(), line.linking.dot("s2"), line.bar("s3").center(), LEFT)
    assert plan_of(panel).step("s3").start == Start("after", 160.0, "s2")  # its moment stays
    for _ in range(2):
        city.desk.actions["undo"].trigger()
    assert plan_of(panel).steps == three().steps


def test_circles_are_refused_and_told(panel: DrillsPanel, notices: list[Any]) -> None:
    line = line_of(panel)
    line.link_wanted.emit("s1", "s3")
    line.link_wanted.emit("s3", "s1")
    assert plan_of(panel).step("s1").start.mode == "at"
    assert "already waits" in notices[-1].text


def test_keys_hang_a_step_hand_it_on_and_remove_it(panel: DrillsPanel) -> None:
    line = line_of(panel)
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Down)
    assert panel.drilling.step == "s1"
    QTest.keyClick(line, Qt.Key.Key_L)
    assert line.linking.by_keys
    QTest.keyClick(line, Qt.Key.Key_Down)
    QTest.keyClick(line, Qt.Key.Key_Down)
    assert line.linking.goal == "s3"
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert plan_of(panel).step("s3").start == Start("after", 280.0, "s1")
    assert panel.drilling.step == "s3"
    QTest.keyClick(line, Qt.Key.Key_L)
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert not line.linking.active
    QTest.keyClick(line, Qt.Key.Key_Down, CONTROL)
    assert plan_of(panel).step("s3").role == "r2"
    QTest.keyClick(line, Qt.Key.Key_Up, CONTROL)
    QTest.keyClick(line, Qt.Key.Key_Up, CONTROL)  # there is no lane above the first
    assert plan_of(panel).step("s3").role == "r1"
    QTest.keyClick(line, Qt.Key.Key_Delete)
    assert [step.id for step in plan_of(panel).steps] == ["s1", "s2"]


def test_a_step_is_dragged_to_another_lane(panel: DrillsPanel, city: MainWindow) -> None:
    line = line_of(panel)
    start = line.bar("s3").center()
    police = next(lane for lane in line.lanes if lane.role == "r3")
    goal = QPoint(start.x(), line.top_of(police) + police.height // 2)
    drag(line.viewport(), start, goal, LEFT)
    assert plan_of(panel).step("s3").role == "r3"
    assert timetable(plan_of(panel)).begins["s3"] == 400.0  # straight down: it keeps its moment
    undo = city.desk.actions["undo"]
    assert undo.text() == "&Undo Give step Report to another role"
    undo.trigger()
    assert plan_of(panel).step("s3").role == "r1"


def test_a_dragged_step_snaps_to_the_end_of_another_and_shows_where(panel: DrillsPanel) -> None:
    line = line_of(panel)
    start = line.bar("s3").center()
    far = line.x_of(182.0) - line.x_of(400.0)  # near the end of "Set out"
    seen: list[float | None] = []
    QTest.mousePress(line.viewport(), LEFT, NONE, start)
    from tests.app.qt.conftest import event_at

    event_at(line.viewport(), start + QPoint(far, 0), LEFT)
    seen.append(line.guide)
    QTest.mouseRelease(line.viewport(), LEFT, NONE, start + QPoint(far, 0))
    assert seen == [180.0]
    assert timetable(plan_of(panel)).begins["s3"] == 180.0
    assert line.guide is None


def test_the_menu_of_a_step_lets_go_copies_and_removes(panel: DrillsPanel) -> None:
    line = line_of(panel)
    line.link_wanted.emit("s1", "s3")
    choose(menu(line, line.bar("s3").center()), "let-go")
    assert plan_of(panel).step("s3").start == Start("at", 400.0)
    choose(menu(line, line.bar("s1").center()), "copy-step")
    copy = plan_of(panel).steps[-1]
    assert (copy.title, copy.place, copy.start) == (
        "Alarm (copy)", (EAST, NORTH), Start("at", 120.0),
    )  # fmt: skip
    choose(menu(line, line.bar("s3").center()), "delete-step")
    assert "s3" not in {step.id for step in plan_of(panel).steps}
    choose(menu(line, line.bar("s2").center()), "hang")
    assert line.linking.source == "s2"
    QTest.mouseClick(line.viewport(), LEFT, NONE, line.bar(copy.id).center())
    assert plan_of(panel).step(copy.id).start.step == "s2"


def test_a_step_is_added_where_a_lane_is_clicked_twice(panel: DrillsPanel) -> None:
    line = line_of(panel)
    police = next(lane for lane in line.lanes if lane.role == "r3")
    at = QPoint(line.x_of(240.0), line.top_of(police) + police.height // 2)
    QTest.mouseDClick(line.viewport(), LEFT, NONE, at)
    made = plan_of(panel).steps[-1]
    assert made.role == "r3"
    assert made.start.seconds == pytest.approx(240.0, abs=line.snap)
    title = child(panel, QLineEdit, "drills-step-title")
    assert title.isVisible()  # it can be named at once
    assert title.text() == "New step"


def test_twelve_lanes_stand_close_and_the_drill_takes_the_room_of_the_window(
    panel: DrillsPanel, city: MainWindow, qtbot: Any
) -> None:
    city.desk.run(add_plan(city.desk.project, many()))
    panel.drilling.choose(panel.drilling.plans[-1].id)
    line = line_of(panel)
    assert line.row == ROWS[0]
    assert line.names > NAMES[0]  # long names of roles are read
    before = (line.viewport().width(), line.viewport().height())
    click(child(panel, QToolButton, "drills-rooms-room"))
    shown = [d.objectName() for d in city.findChildren(QDockWidget) if d.isVisible()]
    assert shown == ["dock-drills"]
    qtbot.waitUntil(lambda: line.viewport().height() > before[1])
    assert line.viewport().width() > 1.5 * before[0]
    seen = [x for x in line.lanes if RULER <= line.top_of(x) < line.viewport().height()]
    assert len(seen) >= 5
    click(child(panel, QToolButton, "drills-rooms-room"))
    assert city.docks["layers"].isVisible()
    assert panel.plans.isVisible()


def test_a_plan_that_is_taken_up_begins_at_its_first_second_where_it_plays(
    panel: DrillsPanel, city: MainWindow, qtbot: Any
) -> None:
    panel.drilling.seek(100.0)
    far = replace(three(), name="Far", region=tuple(
        (EAST + x, NORTH + y) for x, y in ((900.0, 0.0), (1000.0, 0.0), (1000.0, 100.0))
    ))  # fmt: skip
    city.desk.run(add_plan(city.desk.project, far))
    listed = child(panel, QListWidget, "drills-list")
    listed.setCurrentRow(1)
    assert plan_of(panel).name == "Far"
    assert (panel.drilling.second, line_of(panel).second) == (0.0, 0.0)
    qtbot.waitUntil(lambda: not city.viewport.busy, timeout=20_000)
    east, _, _ = city.viewport.viewpoint.target
    assert east == pytest.approx(EAST + 950.0, abs=60.0)


def test_a_chosen_step_is_brought_into_the_picture_and_back_leads_where_one_was(
    panel: DrillsPanel, city: MainWindow, qtbot: Any
) -> None:
    view = city.viewport
    qtbot.waitUntil(lambda: not view.busy, timeout=20_000)
    panel.drilling.choose_step("s1")  # it is seen, but too small
    panel.drilling.choose_step("")
    qtbot.waitUntil(lambda: not view.busy, timeout=20_000)
    near = view.viewpoint
    view.zoom(0.02)
    qtbot.waitUntil(lambda: not view.busy, timeout=20_000)
    far = view.viewpoint
    panel.drilling.choose_step("s1")
    qtbot.waitUntil(lambda: not view.busy, timeout=20_000)
    assert view.viewpoint.distance < far.distance / 4.0
    assert view.viewpoint.distance == pytest.approx(near.distance, rel=0.5)
    panel.drilling.choose_step("")
    seen = view.viewpoint
    panel.drilling.choose_step("s1")  # it is seen well: nothing moves
    assert view.viewpoint == seen
    city.desk.actions["view-back"].trigger()
    assert view.viewpoint == far
