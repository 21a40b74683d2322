"""Drills in the window: a plan made from nothing, dragged, played, run with people, written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QTableWidget,
    QToolButton,
    QWidget,
)

from app.drill_pictures import camera_over
from app.qt.main_window import MainWindow
from app.qt.panels.drills import DrillsPanel
from app.qt.widgets.timeline import Timeline
from layers.drills.clock import timetable
from layers.drills.edits import add_plan, drills_of
from layers.drills.log import read_log
from layers.drills.plan import Element, Inject, Plan, Role, Start, Step
from layers.edits import save_view
from layers.viewpoint import View, Viewpoint
from tests.app.qt.conftest import EAST, NORTH, cell, child, click, dialog, drag


@pytest.fixture
def panel(city: MainWindow, qtbot: Any, tmp_path: Path, monkeypatch: Any) -> DrillsPanel:
    """The panel, opened from the menu, in a town without plans."""
    monkeypatch.setenv("CITYSTAGE_STATE", str(tmp_path / "state"))
    city.desk.actions["drills-panel"].trigger()
    made = cast(DrillsPanel, city.docks.panel("drills"))
    qtbot.waitUntil(made.isVisible)
    return made


def typed(parent: Any, name: str, text: str) -> None:
    """Type into a line as users do, and go on with Enter."""
    field = child(parent, QLineEdit, name)
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def plan_at_hand(panel: DrillsPanel) -> Plan:
    """The plan of the panel."""
    assert panel.drilling.plan is not None
    return panel.drilling.plan


def three() -> Plan:
    """An alarm, then a crew, with a closing order; an inject."""
    roles = (Role("r1", "Commander"), Role("r2", "Crew"))
    steps = (
        Step("s1", "Alarm", Start("at", 0.0), 60.0, role="r1", place=(EAST, NORTH)),
        Step("s2", "Set out", Start("after", 60.0, "s1"), 120.0, role="r2"),
        Step("s3", "Report", Start("with", 30.0, "s2"), 30.0, role="r1"),
    )
    inject = Inject("i1", "A second fire")
    return Plan(0, "Three", type="fire", grade="II", roles=roles, steps=steps, injects=(inject,))


@pytest.fixture
def opened(panel: DrillsPanel, city: MainWindow) -> DrillsPanel:
    """The panel with a plan of three steps."""
    city.desk.run(add_plan(city.desk.project, three()))
    return panel


def line_of(panel: DrillsPanel) -> Timeline:
    """The timeline."""
    return child(panel, Timeline, "drill-timeline")


def test_a_plan_of_five_steps_is_made_rehearsed_and_its_script_written(
    panel: DrillsPanel, city: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    click(child(panel, QToolButton, "drills-bar-new"))
    assert plan_at_hand(panel).name == "New plan"
    for number in range(5):
        panel.drilling.seek(0.0)
        click(child(panel, QToolButton, "drills-steps-add-step"))
        typed(panel, "drills-step-title", f"Step {number + 1}")
        typed(panel, "drills-step-start", f"0:0{number}:00")
        typed(panel, "drills-step-length", "90")
        words = child(panel, QPlainTextEdit, "drills-step-words")
        words.setFocus()
        QTest.keyClicks(words, f"Ready {number + 1}")
        child(panel, QLineEdit, "drills-step-title").setFocus()
    plan = plan_at_hand(panel)
    assert [step.title for step in plan.steps] == [f"Step {n}" for n in range(1, 6)]
    assert [step.words for step in plan.steps] == [f"Ready {n}" for n in range(1, 6)]
    assert timetable(plan).seconds == 4 * 60 + 90
    click(child(panel, QToolButton, "drills-play"))
    assert panel.drilling.playing
    panel.drilling.run_for(61.0)
    click(child(panel, QToolButton, "drills-play"))
    stopped = not panel.drilling.playing
    assert stopped
    assert "Step 2" in child(panel, QLabel, "drills-now").text()
    assert "Step 3" in child(panel, QLabel, "drills-next").text()
    path = tmp_path / "script.docx"
    panel.paper._pictures.setChecked(False)
    panel.paper.write_script(path)
    qtbot.waitUntil(path.exists, timeout=60_000)
    qtbot.waitUntil(lambda: not city.desk.jobs.running, timeout=60_000)
    from docx import Document

    cells = {c.text for t in Document(str(path)).tables for row in t.rows for c in row.cells}
    assert {"Step 1", "Step 5", "Ready 3"} <= cells


def test_a_dragged_step_takes_those_after_it_along_and_is_one_undo(
    opened: DrillsPanel, city: MainWindow
) -> None:
    line = line_of(opened)
    before = timetable(plan_at_hand(opened)).begins
    start = line.bar("s1").center() - QPoint(8, 0)
    drag(
        line.viewport(), start, start + QPoint(round(60 * line.scale), 0), Qt.MouseButton.LeftButton
    )
    after = timetable(plan_at_hand(opened)).begins
    later = after["s1"] - before["s1"]
    assert later > 20.0
    assert {s: after[s] - before[s] for s in after} == {"s1": later, "s2": later, "s3": later}
    city.desk.actions["undo"].trigger()
    assert timetable(plan_at_hand(opened)).begins == before


def test_the_end_of_a_step_is_dragged(opened: DrillsPanel) -> None:
    line = line_of(opened)
    bar = line.bar("s2")
    start = QPoint(bar.right() - 2, bar.center().y())
    drag(line.viewport(), start, start + QPoint(40, 0), Qt.MouseButton.LeftButton)
    assert plan_at_hand(opened).step("s2").seconds > 120.0
    assert timetable(plan_at_hand(opened)).begins["s2"] == 120.0


def test_keys_choose_and_move_steps(opened: DrillsPanel) -> None:
    line = line_of(opened)
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Down)
    QTest.keyClick(line, Qt.Key.Key_Down)
    assert opened.drilling.step == "s2"
    QTest.keyClick(line, Qt.Key.Key_Right)
    assert timetable(plan_at_hand(opened)).begins["s2"] == 120.0 + line.snap
    QTest.keyClick(line, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert plan_at_hand(opened).step("s2").seconds == 120.0 - line.snap


def test_the_slider_and_the_ruler_show_a_second(opened: DrillsPanel) -> None:
    child(opened, QSlider, "drills-slider").setValue(130)
    assert opened.drilling.second == 130.0
    assert "Set out" in child(opened, QLabel, "drills-now").text()
    assert child(opened, QLabel, "drills-countdown").text() == "Next in 0:00:20"
    line = line_of(opened)
    QTest.mouseClick(
        line.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(line.x_of(30.0), 30)
    )  # fmt: skip
    assert opened.drilling.second == pytest.approx(30.0, abs=1.0 / line.scale)


def test_nodes_and_loop(opened: DrillsPanel) -> None:
    for second in (60.0, 120.0, 150.0, 180.0, 240.0, 240.0):
        click(child(opened, QToolButton, "drills-next"))
        assert opened.drilling.second == second
    click(child(opened, QToolButton, "drills-previous"))
    assert opened.drilling.second == 180.0
    opened.drilling.loop = True
    opened.drilling.speed = 2.0
    opened.drilling.run_for(40.0)
    assert opened.drilling.second == pytest.approx(20.0)


def test_the_camera_glides_with_the_shots_and_leaves_who_turns_away_alone(
    opened: DrillsPanel, city: MainWindow
) -> None:
    drilling, project = opened.drilling, city.desk.project
    near = Viewpoint.looking_at((EAST, NORTH, 0.0), 80.0, 1.0, -0.5)
    city.desk.run(save_view(project, View("Near", near)))
    plan = plan_at_hand(opened)
    shot = Element("camera", text="Near", glide=40.0)
    late = replace(plan.steps[1], elements=(shot,))  # begins at 120
    drilling.keep(replace(plan, steps=(plan.steps[0], late, plan.steps[2])))
    QTest.mouseClick(child(opened, QCheckBox, "drills-follow"), Qt.MouseButton.LeftButton)
    assert drilling.follow
    assert drilling.played is not None
    camera = camera_over(project, drilling.played)
    for second in (0.0, 130.0, 145.0, 135.0, 200.0):
        drilling.seek(second)
        assert city.viewport.viewpoint == camera.at(second).camera
    assert city.viewport.viewpoint == near
    away = replace(near, heading=2.0)
    city.viewport.viewpoint = away
    drilling.seek(210.0)
    assert city.viewport.viewpoint == away
    drilling.seek(140.0)
    assert city.viewport.viewpoint == camera.at(140.0).camera


def test_an_inject_is_fired_at_the_second_shown(opened: DrillsPanel) -> None:
    opened.drilling.seek(70.0)
    button = child(opened, QPushButton, "drills-inject-i1")
    click(button)
    assert opened.drilling.fired == {"i1": 70.0}
    assert button.text() == "Inject: A second fire  (0:01:10)"
    click(button)
    assert opened.drilling.fired == {}


def test_a_step_is_hung_on_another_and_circles_are_refused(
    opened: DrillsPanel, notices: list[Any]
) -> None:
    opened.page("step")
    opened.drilling.choose_step("s1")
    mode, other = (child(opened, QComboBox, f"drills-step-{key}") for key in ("mode", "other"))
    mode.setCurrentIndex(mode.findData("after"))
    other.setCurrentIndex(other.findData("s3"))
    other.activated.emit(other.currentIndex())
    assert plan_at_hand(opened).step("s1").start.mode == "at"
    assert "already waits" in notices[-1].text


def test_plans_are_found_by_words_and_put_away(opened: DrillsPanel, city: MainWindow) -> None:
    listed = child(opened, QListWidget, "drills-list")
    click(child(opened, QToolButton, "drills-bar-copy"))
    assert listed.count() == 2
    typed(opened, "drills-search", "copy set")
    assert listed.count() == 1
    click(child(opened, QToolButton, "drills-bar-archive"))
    assert listed.count() == 0
    typed(opened, "drills-search", " ")
    assert [plan.archived for plan in drills_of(city.desk.project).plans] == [False, True]
    assert listed.count() == 1


def test_a_plan_goes_out_and_comes_back(opened: DrillsPanel, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    opened.plans.export_to(path)
    opened.plans.import_from(path)
    assert [plan.name for plan in opened.drilling.plans] == ["Three", "Three 2"]
    assert plan_at_hand(opened).steps == opened.drilling.plans[0].steps


def test_problems_are_listed_and_lead_to_their_step(opened: DrillsPanel) -> None:
    plan = plan_at_hand(opened)
    opened.drilling.keep(plan.with_step(Step("s4", "Lost", Start("after", 0.0, "nowhere"))))
    listed = child(opened, QListWidget, "drills-problems")
    opened.page("problems")
    at = next(i for i in range(listed.count()) if "nowhere" in listed.item(i).text())
    listed.itemClicked.emit(listed.item(at))
    assert opened.drilling.step == "s4"
    assert "s4" in line_of(opened).conflicts


def end(page: QWidget, qtbot: Any) -> None:
    """End the exercise, and mean it."""
    click(child(page, QPushButton, "drills-exercise-end"))
    asked = dialog(qtbot, "dialog-end-exercise")
    click(child(asked, QPushButton, "end-exercise-yes"))


def test_an_exercise_is_logged_kept_and_compared(
    opened: DrillsPanel, city: MainWindow, qtbot: Any
) -> None:
    page, running = opened.exercise, opened.exercising
    now = [1_000.0]
    running.clock = lambda: now[0]
    opened.page("exercise")
    typed(page, "drills-exercise-author", "Li")
    click(child(page, QPushButton, "drills-exercise-start"))
    table = child(page, QTableWidget, "drills-exercise-table")
    now[0] += 45.0
    table.selectRow(0)
    click(child(page, QPushButton, "drills-exercise-began"))
    now[0] += 60.0
    click(child(page, QPushButton, "drills-exercise-ended"))
    typed(page, "drills-exercise-note", "Radio is weak")
    click(child(opened, QPushButton, "drills-inject-i1"))
    path = running.log_path
    assert path is not None
    assert [e.act for e in read_log(path)[0]] == [
        "began", "step-began", "step-ended", "note", "inject"
    ]  # fmt: skip
    end(page, qtbot)
    kept = drills_of(city.desk.project).exercises
    assert [entry.author for entry in kept[0].entries] == ["Li"] * 6
    assert kept[0].times() == {"s1": (45.0, 105.0)}
    review = child(opened, QTableWidget, "drills-review-table")
    assert cell(review, 0, 4).text() == "0:00:45"
    assert line_of(opened).actual == {"s1": (45.0, 105.0)}
    opened.page("review")
    roles = child(opened, QTableWidget, "drills-review-roles")
    assert [cell(roles, 0, column).text() for column in range(4)] == [
        "Commander", "1 / 2", "+0:00:45", "+0:00:45"
    ]  # fmt: skip


def test_an_exercise_that_was_cut_off_is_taken_up_again(
    opened: DrillsPanel, city: MainWindow, qtbot: Any
) -> None:
    page = opened.exercise
    click(child(page, QPushButton, "drills-exercise-start"))
    path = opened.exercising.log_path
    opened.exercising.leave()  # as when the program ends
    click(child(page, QPushButton, "drills-exercise-go-on"))
    assert opened.exercising.log_path == path
    end(page, qtbot)
    acts = [entry.act for entry in drills_of(city.desk.project).exercises[0].entries]
    assert acts == ["began", "went-on", "ended"]
    assert opened.exercising.cut_off() is None


def test_two_plays_show_the_same_at_every_second(opened: DrillsPanel) -> None:
    def play() -> list[Any]:
        opened.drilling.seek(0.0)
        seen = []
        for _ in range(30):
            opened.drilling.run_for(7.0)
            seen.append(opened.drilling.now)
        return seen

    first = play()
    opened.drilling.choose(0)
    opened.drilling.choose(opened.drilling.plans[0].id)
    assert play() == first


def test_the_panel_speaks_chinese(opened: DrillsPanel, city: MainWindow) -> None:
    city.desk.speak("zh-CN")
    assert child(opened, QPushButton, "drills-exercise-start").text() == "开始演练"
    opened.drilling.seek(70.0)
    assert child(opened, QLabel, "drills-countdown").text() == "距下一环节 0:00:50"
