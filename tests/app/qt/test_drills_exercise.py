"""An exercise in the window: ticked, seen, led around closed streets, safe from a crash."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QTableWidget,
    QToolButton,
)

from app.qt.main_window import MainWindow
from app.qt.panels.drills import DrillsPanel
from layers.drills.clock import timetable
from layers.drills.edits import add_plan, drills_of
from layers.drills.log import read_log
from layers.drills.plan import Commitment, Inject, Objective, Plan, Role, Start, Step, Unit
from layers.kinds import KINDS
from layers.kinds.base import Features, Layer
from layers.shapes import Shapes
from tests.app.qt.conftest import EAST, NORTH, canvas, cell, child, click, dialog, pixel


def plan() -> Plan:
    """A crew drives along a street to where it is needed at second 300."""
    steps = (
        Step("s1", "Alarm", Start("at", 0.0), 60.0, role="r1", objectives=("o1",)),
        Step(
            "s2", "Rescue", Start("at", 300.0), 120.0, role="r2", objectives=("o1",),
            place=(EAST + 280.0, NORTH - 20.0), units=(Commitment("u1"),),
        ),
    )  # fmt: skip
    return Plan(
        0, "Rescue", roles=(Role("r1", "Commander"), Role("r2", "Crew")), steps=steps,
        units=(Unit("u1", "Engine", "r2", place=(EAST - 20.0, NORTH - 20.0), speed_kmh=9.0),),
        objectives=(Objective("o1", "Fast help"),), injects=(Inject("i1", "Wind"),),
    )  # fmt: skip


def streets() -> Layer:
    """A street along the south, and one around the block."""
    corners = [(-20, -20), (100, -20), (200, -20), (280, -20)]
    around = [(100, -20), (100, 80), (200, 80), (200, -20)]
    lines = [
        shapely.LineString([(EAST + x, NORTH + y) for x, y in pair])
        for way in (corners, around)
        for pair in pairwise(way)
    ]
    return Layer(
        "roads", "Streets", Features.of(Shapes.from_shapely(lines)), style=KINDS["roads"].style
    )


@pytest.fixture
def opened(city: MainWindow, qtbot: Any, tmp_path: Path, monkeypatch: Any) -> DrillsPanel:
    """The panel with a plan and streets; the clock of exercises stands still."""
    monkeypatch.setenv("CITYSTAGE_STATE", str(tmp_path / "state"))
    city.desk.project.insert_layer(streets())
    city.desk.actions["drills-panel"].trigger()
    made = cast(DrillsPanel, city.docks.panel("drills"))
    qtbot.waitUntil(made.isVisible)
    city.desk.run(add_plan(city.desk.project, plan()))
    made.now = 1_000.0  # type: ignore[attr-defined]  # the tests move it
    made.exercising.clock = lambda: made.now  # type: ignore[attr-defined]  # see above
    return made


def later(panel: DrillsPanel, seconds: float) -> None:
    """Let seconds pass."""
    panel.now += seconds  # type: ignore[attr-defined]  # see `opened`
    panel.exercising.tick()


def spot(city: MainWindow, east: float, north: float) -> None:
    """Click a place in the picture."""
    QTest.mouseClick(canvas(city), Qt.MouseButton.LeftButton, pos=pixel(city, east, north))


def start(panel: DrillsPanel) -> None:
    """Begin an exercise."""
    panel.page("exercise")
    click(child(panel, QPushButton, "drills-exercise-start"))


def end(panel: DrillsPanel, qtbot: Any) -> None:
    """End it, and mean it."""
    panel.page("exercise")
    click(child(panel, QPushButton, "drills-exercise-end"))
    click(child(dialog(qtbot, "dialog-end-exercise"), QPushButton, "end-exercise-yes"))


def test_the_board_says_what_waits_and_its_buttons_tick(opened: DrillsPanel) -> None:
    start(opened)
    later(opened, 20.0)
    opened.page("board")
    assert child(opened.board, QLabel, "drills-late").isVisible()
    assert "+0:00:20  Commander  Alarm" in child(opened.board, QLabel, "drills-due-0").text()
    click(child(opened.board, QPushButton, "drills-due-do-0"))
    assert not child(opened.board, QLabel, "drills-late").isVisible()
    assert "Alarm" in child(opened.board, QLabel, "drills-on-0").text()
    assert child(opened.board, QLabel, "drills-countdown").text() == "Next in 0:04:40"
    later(opened, 30.0)
    click(child(opened.board, QPushButton, "drills-on-do-0"))
    run = opened.exercising.so_far
    assert run is not None
    assert run.times() == {"s1": (20.0, 50.0)}
    large = opened.large_board()
    assert "Rescue" in child(large.board, QLabel, "drills-later-0").text()
    assert child(large.board, QPushButton, "drills-later-do-0").height() > 40
    large.close()


def test_symbols_and_notes_stand_where_they_are_clicked_and_can_be_taken_back(
    opened: DrillsPanel, city: MainWindow, qtbot: Any
) -> None:
    start(opened)
    QTest.keyClicks(child(opened, QLineEdit, "drills-exercise-note"), "Smoke")
    click(child(opened, QPushButton, "drills-exercise-symbol"))
    asked = dialog(qtbot, "dialog-choose-symbol")
    QTest.keyClicks(child(asked, QLineEdit, "symbol-words"), "A20100")
    QTest.keyClick(child(asked, QLineEdit, "symbol-words"), Qt.Key.Key_Return)
    spot(city, EAST + 80.0, NORTH + 80.0)
    later(opened, 5.0)
    now = opened.drilling.now
    assert now is not None
    (shown,) = [one.element for one in now.shown]
    assert (shown.symbol, shown.text) == ("A20100", "Smoke")
    assert shown.coords[0] == pytest.approx((EAST + 80.0, NORTH + 80.0), abs=3.0)
    path = opened.exercising.log_path
    assert path is not None
    assert [e.act for e in read_log(path)[0]] == ["began", "symbol"]
    listed = child(opened, QListWidget, "drills-exercise-log")
    assert "Symbol" in listed.item(0).text()
    listed.setCurrentRow(0)
    click(child(opened, QPushButton, "drills-exercise-take-back"))
    assert opened.drilling.now is not None
    assert opened.drilling.now.shown == ()
    assert [e.act for e in read_log(path)[0]] == ["began", "symbol", "taken-back"]


def test_a_street_that_is_closed_during_play_leads_the_rest_around(
    opened: DrillsPanel, city: MainWindow, notices: list[Any]
) -> None:
    drilling = opened.drilling
    assert drilling.played is not None
    free = drilling.played.courses["u1"]
    assert free.places[:, 1].max() == pytest.approx(NORTH - 20.0)
    drilling.seek(free.legs[0][0] + 20.0)  # it has driven 50 m
    opened.page("board")
    click(child(opened.board, QPushButton, "drills-close-street"))
    spot(city, EAST + 80.0, NORTH + 180.0)  # between houses, far from any street
    assert "no street" in notices[-1].text
    click(child(opened.board, QPushButton, "drills-close-street"))
    spot(city, EAST + 150.0, NORTH - 20.0)
    course = drilling.played.courses["u1"]
    assert course.places[:, 1].max() == pytest.approx(NORTH + 80.0)
    assert course.at(drilling.second)[0] == pytest.approx(free.at(drilling.second)[0])
    assert course.legs[0][1] > free.legs[0][1]
    assert drilling.now is not None
    assert [one.element.kind for one in drilling.now.shown] == ["zone", "line"]  # closed; around
    (detour,) = drilling.detours
    assert (detour.unit, detour.step, detour.stuck) == ("u1", "s2", False)
    assert detour.after == pytest.approx(course.legs[0][1])
    assert "Engine comes 0:01:20 later, at 0:06:20 (Rescue)." in notices[-1].text
    assert "That is 0:01:20 too late!" in notices[-1].text
    assert "Engine comes" in child(opened.board, QLabel, "drills-other-ways").text()
    assert "s2" in opened.timeline.conflicts


def test_streets_are_opened_from_a_second_on_one_by_one_and_forgotten(
    opened: DrillsPanel, city: MainWindow, notices: list[Any]
) -> None:
    drilling = opened.drilling
    assert drilling.played is not None
    free = drilling.played.courses["u1"]
    leaves, comes, _ = free.legs[0]
    for second, east in ((leaves + 10.0, 150.0), (leaves + 20.0, 240.0)):
        drilling.seek(second)
        click(child(opened, QToolButton, "drills-steps-shut-street"))
        spot(city, EAST + east, NORTH - 20.0)
    assert "finds no way around" in notices[-1].text  # the second one is the end of a blind street
    assert [one.second for one in drilling.closed_now] == [leaves + 10.0, leaves + 20.0]
    assert not city.desk.session.selection  # the click closed a street and chose nothing
    drilling.seek(leaves + 25.0)
    click(child(opened, QToolButton, "drills-steps-shut-street"))
    spot(city, EAST + 240.0, NORTH - 20.0)  # a click on a closed one opens it
    assert "open again" in notices[-1].text
    assert [one.until for one in drilling.shut] == [math.inf, leaves + 25.0]
    drilling.seek(leaves + 60.0)
    click(child(opened.board, QPushButton, "drills-open-streets"))
    assert not list(drilling.closed_now)
    assert drilling.played.courses["u1"].legs[0][1] > comes  # who turned off goes on
    drilling.seek(leaves + 15.0)
    assert len(drilling.closed_now) == 1  # it was closed then
    drilling.seek(0.0)
    click(child(opened.board, QPushButton, "drills-forget-closures"))
    again = drilling.played.courses["u1"]
    assert (again.places == free.places).all()


def test_what_happened_is_replayed_scored_and_written(
    opened: DrillsPanel, city: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    start(opened)
    opened.page("board")
    later(opened, 90.0)
    click(child(opened.board, QPushButton, "drills-due-do-0"))
    later(opened, 10.0)
    click(child(opened.board, QPushButton, "drills-on-do-0"))
    click(child(opened.board, QPushButton, "drills-inject-i1"))
    later(opened, 500.0)
    click(child(opened.board, QPushButton, "drills-due-do-0"))
    later(opened, 60.0)
    end(opened, qtbot)
    table = child(opened, QTableWidget, "drills-review-table")
    assert [cell(table, row, 4).text() for row in range(2)] == ["0:01:30", "0:05:00"]
    child(opened, QDoubleSpinBox, "drills-score-value-o1").setValue(70.0)
    assert child(opened, QLabel, "drills-review-whole").text() == "Score: 70 of 100"
    kept = drills_of(city.desk.project).exercises[0]
    assert (kept.entries[-1].act, kept.entries[-1].value) == ("score", 70.0)
    click(child(opened, QPushButton, "drills-review-replay"))
    played = opened.drilling.played
    assert played is not None
    assert played.table.begins == {"s1": 90.0, "s2": 600.0}
    assert played.fired == {"i1": 100.0}
    assert played.courses["u1"].legs[0][1] == pytest.approx(600.0)  # it was there when it began
    assert opened.timeline.actual == {"s1": (90.0, 100.0), "s2": (600.0, None)}
    assert played.planned is not None  # units as they were planned stand faint beside
    opened.page("review")
    click(child(opened, QCheckBox, "drills-review-ghosts"))
    assert opened.drilling.played is not None
    assert opened.drilling.played.planned is None
    assert opened.drilling.played.table.begins == played.table.begins
    click(child(opened, QCheckBox, "drills-review-ghosts"))
    click(child(opened, QPushButton, "drills-review-replay"))
    assert opened.drilling.played is not None
    assert opened.drilling.played.table.begins == timetable(plan()).begins
    path = tmp_path / "review.docx"
    opened.review.write_paper(path)
    qtbot.waitUntil(path.exists, timeout=60_000)
    qtbot.waitUntil(lambda: not city.desk.jobs.running, timeout=60_000)
    from docx import Document

    cells = {c.text for t in Document(str(path)).tables for row in t.rows for c in row.cells}
    assert {"Fast help", "70", "+0:01:30", "+0:05:00"} <= cells
    opened.review.write_log(tmp_path / "log.csv")
    assert "Wind" not in (tmp_path / "log.csv").read_text(encoding="utf-8-sig")  # ids stay ids
    assert "i1" in (tmp_path / "log.csv").read_text(encoding="utf-8-sig")


DIES = """
import os, signal, sys
from pathlib import Path
from layers.drills.log import LogFile
log = LogFile(Path(sys.argv[1]))
for number in range(20):
    log.add("2026-05-20T09:00:00+08:00", float(number), "Li", "note", text="Nr. %d" % number)
    print(number, flush=True)
with log.path.open("a") as file:
    file.write('{"number": 21, "mom')  # in the middle of the next one
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_program_that_is_killed_loses_no_entry(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", DIES, str(path)], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    entries, wrong = read_log(path)
    assert [entry.text for entry in entries] == [f"Nr. {number}" for number in range(20)]
    assert wrong == 1


def test_a_second_window_takes_the_exercise_up_with_the_plan_that_was_run(
    opened: DrillsPanel, city: MainWindow, qtbot: Any
) -> None:
    start(opened)
    later(opened, 30.0)
    opened.page("board")
    click(child(opened.board, QPushButton, "drills-due-do-0"))
    opened.exercising.leave()  # as when the program is killed
    changed = opened.drilling.plan
    assert changed is not None
    opened.drilling.keep(changed.without_steps(["s2"]))
    opened.page("exercise")
    click(child(opened, QPushButton, "drills-exercise-go-on"))
    assert opened.exercising.plan is not None
    assert [step.id for step in opened.exercising.plan.steps] == ["s1", "s2"]
    run = opened.exercising.so_far
    assert run is not None
    assert run.times() == {"s1": (30.0, None)}
    end(opened, qtbot)
    data = drills_of(city.desk.project)
    assert len(data.plan_of(data.exercises[0]).steps) == 2
    assert len(data.plans[0].steps) == 1


def test_a_click_on_the_timeline_still_shows_its_second_after_a_replay(
    opened: DrillsPanel, qtbot: Any
) -> None:
    start(opened)
    later(opened, 10.0)
    end(opened, qtbot)
    assert not opened.drilling.stood_in
    line = opened.timeline
    at = QPoint(line.x_of(200.0), 30)
    QTest.mouseClick(line.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert opened.drilling.second == pytest.approx(200.0, abs=1.0 / line.scale)


def cut_off(panel: DrillsPanel) -> None:
    """Log two acts, then leave as a program that is killed."""
    start(panel)
    later(panel, 30.0)
    panel.exercising.tick_step("step-began", "s1")
    panel.exercising.leave()


def test_an_exercise_that_was_cut_off_is_offered_when_its_project_is_opened(
    opened: DrillsPanel, city: MainWindow, qtbot: Any
) -> None:
    cut_off(opened)
    city.docks["drills"].hide()
    later(opened, 60.0)
    city.desk.project_changed.emit()  # as when the project is opened again
    asked = dialog(qtbot, "dialog-resume-exercise")
    assert "Rescue" in child(asked, QLabel, "question-ask").text()
    assert "All 2 entries" in child(asked, QLabel, "question-more").text()
    click(child(asked, QPushButton, "resume-go-on"))
    assert opened.exercising.running
    assert opened.isVisible()
    run = opened.exercising.so_far
    assert run is not None
    assert [entry.act for entry in run.entries] == ["began", "step-began", "went-on"]
    opened.exercising.leave()


def test_an_exercise_that_was_cut_off_can_end_where_it_was(
    opened: DrillsPanel, city: MainWindow, qtbot: Any
) -> None:
    cut_off(opened)
    later(opened, 3600.0)
    city.desk.project_changed.emit()
    click(child(dialog(qtbot, "dialog-resume-exercise"), QPushButton, "resume-end"))
    (run,) = drills_of(city.desk.project).exercises
    assert [(entry.act, entry.second) for entry in run.entries] == [
        ("began", 0.0), ("step-began", 30.0), ("ended", 30.0),
    ]  # fmt: skip
    assert opened.exercising.any_cut_off() is None


def test_later_asks_again_the_next_time(opened: DrillsPanel, city: MainWindow, qtbot: Any) -> None:
    cut_off(opened)
    for _ in range(2):
        city.desk.project_changed.emit()
        click(child(dialog(qtbot, "dialog-resume-exercise"), QPushButton, "resume-later"))
        assert not opened.exercising.running
    assert opened.exercising.any_cut_off() is not None
