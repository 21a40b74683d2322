"""The archive in the window: plans found by everything, compared, copied in part, begun anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QTableWidget,
)

from app.qt.main_window import MainWindow
from app.qt.panels.drills import DrillsPanel
from app.qt.panels.drills_archive import ArchivePanel
from layers.drills.clock import timetable
from layers.drills.edits import add_plan, change_plan, drills_of
from layers.drills.plan import Plan, Role, Start, Step, Unit
from tests.app.qt.conftest import EAST, NORTH, canvas, cell, child, pixel


def gas() -> Plan:
    """A plan in Chinese with two steps and an engine."""
    steps = (
        Step("s1", "报警", Start("at", 0.0), 60.0, role="r1", place=(EAST + 30, NORTH + 30)),
        Step("s2", "出动", Start("after", 60.0, "s1"), 120.0, role="r1"),
        Step("s3", "总结", Start("after", 60.0, "s2"), 60.0, role="r1"),
    )
    return Plan(
        0, "燃气泄漏", type="gas-leak", grade="II", begins="2026-05-20T09:30:00+08:00",
        roles=(Role("r1", "指挥长"),), units=(Unit("e1", "消防车1"),), steps=steps,
    )  # fmt: skip


def rain() -> Plan:
    """A plan in English elsewhere."""
    step = Step("s1", "Close the underpass", Start("at", 0.0), 60.0, place=(EAST + 250, NORTH))
    return Plan(
        0, "Rain", type="waterlogging", grade="IV", begins="2026-07-01T09:00:00+08:00",
        steps=(step,), archived=True,
    )  # fmt: skip


@pytest.fixture
def panel(city: MainWindow, qtbot: Any) -> ArchivePanel:
    """The panel, opened from the menu, with two plans."""
    for plan in (gas(), rain()):
        city.desk.run(add_plan(city.desk.project, plan))
    city.desk.actions["drills-archive"].trigger()
    made = cast(ArchivePanel, city.docks.panel("archive"))
    qtbot.waitUntil(made.isVisible)
    for name in ("words", "resource", "since", "until"):
        child(made, QLineEdit, f"archive-{name}").clear()
    child(made, QPushButton, "archive-whole").click()
    return made


def shown(panel: ArchivePanel) -> list[str]:
    """Names in the table."""
    table = child(panel, QTableWidget, "archive-table")
    return [cell(table, row, 0).text() for row in range(table.rowCount())]


def typed(panel: ArchivePanel, name: str, text: str) -> None:
    """Type into a line."""
    field = child(panel, QLineEdit, f"archive-{name}")
    field.clear()
    if text.isascii():
        QTest.keyClicks(field, text)
    else:
        field.setText(text)  # as an input method does


def press(panel: ArchivePanel, name: str) -> None:
    """Press a button."""
    button = child(panel, QPushButton, f"archive-{name}")
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_plans_are_found_by_words_type_unit_and_day(panel: ArchivePanel) -> None:
    assert shown(panel) == ["燃气泄漏", "Rain"]
    for name, text, names in (
        ("words", "报警", ["燃气泄漏"]), ("words", "underpass", ["Rain"]), ("words", "", [
            "燃气泄漏", "Rain"]),
        ("resource", "消防车", ["燃气泄漏"]), ("resource", "", ["燃气泄漏", "Rain"]),
        ("since", "2026-06-21", ["Rain"]), ("since", "soon", ["燃气泄漏", "Rain"]),
        ("since", "", ["燃气泄漏", "Rain"]), ("until", "2026-06-01", ["燃气泄漏"]),
        ("until", "", ["燃气泄漏", "Rain"]),
    ):  # fmt: skip
        typed(panel, name, text)
        assert shown(panel) == names, (name, text)
    box = child(panel, QComboBox, "archive-grade")
    box.setCurrentIndex(box.findData("IV"))
    assert shown(panel) == ["Rain"]
    box.setCurrentIndex(0)


def test_plans_are_found_in_a_region_drawn_in_the_picture(
    panel: ArchivePanel, city: MainWindow, qtbot: Any
) -> None:
    press(panel, "draw")
    corners = [(0, 0), (80, 0), (80, 80), (0, 80)]
    for east, north in corners:
        at = pixel(city, EAST + east, NORTH + north)
        QTest.mouseClick(canvas(city), Qt.MouseButton.LeftButton, pos=at)
    qtbot.keyClick(canvas(city), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(panel) == ["燃气泄漏"])
    assert "region" in child(panel, QLabel, "archive-told").text()
    press(panel, "whole")
    assert len(shown(panel)) == 2


def test_versions_are_compared_and_brought_back(panel: ArchivePanel, city: MainWindow) -> None:
    project = city.desk.project
    plan = drills_of(project).plans[0]
    later = plan.with_step(replace(plan.step("s2"), start=Start("after", 180.0, "s1")))
    city.desk.run(change_plan(project, later, keep=True))
    child(panel, QTableWidget, "archive-table").selectRow(0)
    table = child(panel, QTableWidget, "archive-differences")
    rows = [
        [cell(table, row, column).text() for column in range(6)] for row in range(table.rowCount())
    ]
    assert ["Step", "moved", "出动", "Begins", "0:02:00", "0:04:00"] in rows
    assert ["Step", "moved", "总结", "Begins", "0:05:00", "0:07:00"] in rows
    press(panel, "restore-version")
    assert drills_of(project).plans[0].step("s2").start.seconds == 60.0
    assert drills_of(project).plans[0].version == 3
    city.desk.actions["undo"].trigger()
    assert drills_of(project).plans[0].step("s2").start.seconds == 180.0


def test_a_copy_leaves_nodes_out_and_has_new_ones(
    panel: ArchivePanel, city: MainWindow, qtbot: Any
) -> None:
    child(panel, QTableWidget, "archive-table").selectRow(0)
    panel.page("nodes")
    steps = child(panel, QTableWidget, "archive-steps")
    cell(steps, 1, 0).setCheckState(Qt.CheckState.Unchecked)
    typed(panel, "node-time", "0:10:00")
    typed(panel, "node-title", "Debrief")
    press(panel, "add-node")
    assert steps.rowCount() == 4
    press(panel, "copy-ticked")
    before, _, copy = drills_of(city.desk.project).plans
    assert [step.title for step in before.steps] == ["报警", "出动", "总结"]
    assert [step.title for step in copy.steps] == ["报警", "总结", "Debrief"]
    assert timetable(copy).begins["s3"] == 300.0  # it keeps its moment
    assert copy.parent == before.id
    drills = cast(DrillsPanel, city.docks.panel("drills"))
    qtbot.waitUntil(drills.isVisible)
    assert drills.drilling.plan == copy


def test_a_plan_of_the_library_stands_where_it_was_clicked(
    panel: ArchivePanel, city: MainWindow
) -> None:
    panel.page("library")
    templates = child(panel, QListWidget, "archive-templates")
    assert templates.count() == 5
    templates.setCurrentRow(1)
    press(panel, "put")
    at = pixel(city, EAST + 80, NORTH + 80)
    QTest.mouseClick(canvas(city), Qt.MouseButton.LeftButton, pos=at)
    plan = drills_of(city.desk.project).plans[-1]
    assert plan.type == "gas-leak"
    assert plan.steps[0].elements[0].coords[0] == pytest.approx((EAST + 80, NORTH + 80), abs=3.0)
    assert cast(DrillsPanel, city.docks.panel("drills")).drilling.plan == plan


def test_plans_are_put_away_and_taken_out(panel: ArchivePanel, city: MainWindow) -> None:
    table = child(panel, QTableWidget, "archive-table")
    table.selectRow(1)
    press(panel, "restore")
    assert not drills_of(city.desk.project).plans[1].archived
    press(panel, "put-away")
    assert drills_of(city.desk.project).plans[1].archived
