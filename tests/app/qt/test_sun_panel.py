"""The panel of sun and shadow."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QDate, QTime
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QTimeEdit,
)

from app.qt.main_window import MainWindow
from app.qt.panels.sun import SunPanel
from tests.app.qt.conftest import child, click

pytestmark = pytest.mark.gui


def panel_of(window: MainWindow, qtbot: Any) -> SunPanel:
    window.docks.show("sun")
    panel = child(window, SunPanel, "sun-panel")
    qtbot.waitUntil(panel.isVisible)
    return panel


def test_sliders_move_the_sun_and_the_project_keeps_its_own(city: MainWindow, qtbot: Any) -> None:
    panel = panel_of(city, qtbot)
    before = city.desk.project.info.moment
    child(panel, QDateEdit, "sun-date").setDate(QDate(2026, 12, 21))
    child(panel, QSlider, "sun-day").setValue(15 * 12)
    assert child(panel, QTimeEdit, "sun-time").time() == QTime(15, 0)
    assert child(panel, QSlider, "sun-year").value() == 354
    assert city.viewport.stage.moment == "2026-12-21T15:00"
    assert city.desk.project.info.moment == before
    click(child(panel, QPushButton, "sun-keep"))
    assert city.desk.project.info.moment == "2026-12-21T15:00"
    city.desk.actions["undo"].trigger()
    assert city.desk.project.info.moment == before
    assert child(panel, QDateEdit, "sun-date").date().toString("yyyy-MM-dd") == before[:10]


def test_shadows_are_switched_and_drawn(city: MainWindow, qtbot: Any) -> None:
    panel = panel_of(city, qtbot)
    child(panel, QTimeEdit, "sun-time").setTime(QTime(9, 0))
    shadows = city.viewport.stage.shadows
    assert not shadows.on
    check = child(panel, QCheckBox, "sun-shadows")
    check.setChecked(True)
    qtbot.waitUntil(lambda: shadows.drawn > 0, timeout=60_000)
    check.setChecked(False)
    assert not shadows.on


def test_every_pane_gets_the_shadows(city: MainWindow, qtbot: Any) -> None:
    panel = panel_of(city, qtbot)
    child(panel, QCheckBox, "sun-shadows").setChecked(True)
    city.viewport.count = 2
    qtbot.waitUntil(lambda: all(pane.ready for pane in city.viewport.panes), timeout=60_000)
    panel._dress()
    assert [pane.stage.shadows.on for pane in city.viewport.panes] == [True, True]
    child(panel, QTimeEdit, "sun-time").setTime(QTime(9, 0))
    assert len({pane.stage.moment for pane in city.viewport.panes}) == 1
    child(panel, QCheckBox, "sun-shadows").setChecked(False)
    assert [pane.stage.shadows.on for pane in city.viewport.panes] == [False, False]
    city.viewport.count = 1


def test_shadows_of_several_times_become_a_layer(city: MainWindow, qtbot: Any) -> None:
    panel = panel_of(city, qtbot)
    child(panel, QDateEdit, "sun-date").setDate(QDate(2026, 6, 21))
    times, make = child(panel, QLineEdit, "sun-plan-times"), child(panel, QPushButton, "sun-plan")
    times.setText("noon")
    assert not make.isEnabled()
    times.setText("9, 12:30")
    before = len(city.desk.project.layers)
    click(make)
    qtbot.waitUntil(lambda: len(city.desk.project.layers) == before + 1, timeout=30_000)
    made = next(x for x in city.desk.project.layers if x.name.startswith("Shadows 2026"))
    told = set(made.features.attributes.column("time").to_pylist())
    assert told == {"2026-06-21 09:00", "2026-06-21 12:30"}
    city.desk.actions["undo"].trigger()
    assert len(city.desk.project.layers) == before


def test_the_panel_says_where_the_sun_stands_and_that_it_is_night(
    city: MainWindow, qtbot: Any
) -> None:
    panel = panel_of(city, qtbot)
    told = child(panel, QLabel, "sun-told")
    child(panel, QTimeEdit, "sun-time").setTime(QTime(12, 0))
    assert "throws a shadow" in told.text()
    child(panel, QTimeEdit, "sun-time").setTime(QTime(0, 30))
    assert "below the horizon" in told.text()


def test_a_day_runs_until_it_is_stopped(city: MainWindow, qtbot: Any) -> None:
    panel = panel_of(city, qtbot)
    time = child(panel, QTimeEdit, "sun-time")
    time.setTime(QTime(23, 45))
    day = child(panel, QDateEdit, "sun-date").date()
    run = child(panel, QPushButton, "sun-run-day")
    click(run)
    qtbot.waitUntil(lambda: time.time() < QTime(1, 0), timeout=60_000)
    assert child(panel, QDateEdit, "sun-date").date() == day
    click(run)
    assert not run.isChecked()
