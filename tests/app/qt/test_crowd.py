"""People who leave a place, in the window: drawn, exits clicked, walked, watched."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QSlider, QSpinBox

from app.qt.asking import ask
from app.qt.main_window import MainWindow
from app.qt.panels.crowd import CrowdPanel
from layers.analyses.edits import answers_layer, answers_of
from tests.app.qt.conftest import EAST, NORTH, canvas, child, pixel


def clicked(window: MainWindow, east: float, north: float) -> None:
    """Click a place in the picture."""
    at = pixel(window, EAST + east, NORTH + north)
    QTest.mouseClick(canvas(window), Qt.MouseButton.LeftButton, pos=at)


def test_people_are_walked_out_of_a_drawn_place_and_watched(city: MainWindow, qtbot: Any) -> None:
    city.desk.actions["drills-crowd"].trigger()
    panel = cast(CrowdPanel, city.docks.panel("crowd"))
    qtbot.waitUntil(panel.isVisible)
    buttons = {
        name: child(panel, QPushButton, f"crowd-{name}")
        for name in ("draw", "exit", "start", "play", "clear")
    }
    assert not buttons["start"].isEnabled()
    QTest.mouseClick(buttons["draw"], Qt.MouseButton.LeftButton)
    for east, north in ((62, 62), (98, 62), (98, 98), (62, 98)):  # between the blocks
        clicked(city, east, north)
    qtbot.keyClick(canvas(city), Qt.Key.Key_Return)
    QTest.mouseClick(buttons["exit"], Qt.MouseButton.LeftButton)
    clicked(city, 96, 80)
    assert "1 exit" in child(panel, QLabel, "crowd-told").text()
    child(panel, QSpinBox, "crowd-people").setValue(40)
    QTest.mouseClick(buttons["start"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.walk is not None, timeout=60_000)
    panel.toggle()  # it plays at once
    slider = child(panel, QSlider, "crowd-second")
    slider.setValue(20)
    stage = city.viewport.panes[0].stage
    places = panel.walk.at(2.0)[0] if panel.walk is not None else np.zeros(0)
    assert 0 < len(places) <= 40
    assert f"{len(places)} of 40" in child(panel, QLabel, "crowd-now").text()
    slider.setValue(slider.maximum())
    assert "0 of 40" in child(panel, QLabel, "crowd-now").text()
    assert answers_of(city.desk.project).items[-1].kind == "drill-crowd"
    QTest.mouseClick(buttons["clear"], Qt.MouseButton.LeftButton)
    assert panel.walk is None
    assert stage.live.people == 0


def test_who_asks_sees_the_answer_though_answers_were_hidden(city: MainWindow, qtbot: Any) -> None:
    corners = [(62.0, 62.0), (98.0, 62.0), (98.0, 98.0), (62.0, 98.0)]
    ring = tuple((EAST + east, NORTH + north) for east, north in corners)
    params = {"area": ring, "points": ((EAST + 98.0, NORTH + 80.0),), "people": 5}
    for count in (1, 2):
        ask(city.desk, "drill-crowd", params)
        qtbot.waitUntil(
            lambda count=count: len(answers_of(city.desk.project).items) == count, timeout=60_000
        )
        layer = answers_layer(city.desk.project)
        assert layer is not None
        assert layer.visible
        layer.visible = False
