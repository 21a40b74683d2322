"""Live positions in the window: followed when the user says so, grey when old, taken over."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pytest
import shapely
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

from app.qt.desk import Notice
from app.qt.main_window import MainWindow
from app.qt.panels.live import LivePanel
from layers.kinds.base import Features, Layer
from layers.kinds.emergency import Emergency
from layers.shapes import Shapes
from tests.app.qt.conftest import EAST, NORTH, cell, child


@pytest.fixture
def panel(city: MainWindow, qtbot: Any) -> Iterator[LivePanel]:
    """The panel, opened from the menu, in a town with one engine."""
    table = pa.table({"name": ["Engine 1"], "sort": ["vehicle"], "state": ["ready"]})
    data = Features.of(Shapes.from_shapely([shapely.Point(EAST, NORTH)]), table)
    city.desk.project.insert_layer(Layer("resources", "Fleet", data, layer_id="fleet"))
    city.desk.actions["drills-live"].trigger()
    made = cast(LivePanel, city.docks.panel("live"))
    qtbot.waitUntil(made.isVisible)
    yield made
    made.stop()


def press(panel: LivePanel, name: str) -> None:
    """Press a button."""
    button = child(panel, QPushButton, name)
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def typed(panel: LivePanel, name: str, text: str) -> None:
    """Type into a line."""
    field = child(panel, QLineEdit, name)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def test_a_file_is_followed_and_what_is_old_is_grey(
    panel: LivePanel, city: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    path, now = tmp_path / "fleet.csv", time.time()
    path.write_text(
        f"name,east,north,time,state\nEngine 1,{EAST + 90},{NORTH + 20},{now},busy\n"
        f"Drone,{EAST + 50},{NORTH + 70},{now - 600},\nEngine 9,0,,\n",
        encoding="utf-8",
    )
    typed(panel, "live-file", str(path))
    press(panel, "live-start")
    table = child(panel, QTableWidget, "live-table")
    qtbot.waitUntil(lambda: table.rowCount() == 2, timeout=20_000)
    marks = city.viewport.panes[0].stage.live.marks
    assert [(one.text.split(" · ")[0], one.stale) for one in marks] == [
        ("Drone", True), ("Engine 1", False),
    ]  # fmt: skip
    assert cell(table, 0, 3).text() == "10 min"
    assert "1 old" in child(panel, QLabel, "live-status").text()
    assert child(panel, QListWidget, "live-notes").count() == 1
    press(panel, "live-take-over")
    layer = city.desk.project.layer("fleet")
    assert isinstance(layer.data, Features)
    said = Emergency.of(layer.data, "resources")
    assert said.coords.tolist() == [[EAST + 90, NORTH + 20]]
    assert said.state.tolist() == ["committed"]
    city.desk.actions["undo"].trigger()
    press(panel, "live-start")
    assert panel.following is None
    assert not city.viewport.panes[0].stage.live.marks
    assert "no port" in child(panel, QLabel, "live-status").text()


def test_a_file_that_is_not_there_and_a_broker_that_is_not_there_are_told(
    panel: LivePanel, city: MainWindow, qtbot: Any, notices: list[Notice]
) -> None:
    typed(panel, "live-file", "nowhere.csv")
    press(panel, "live-start")
    qtbot.waitUntil(lambda: bool(notices), timeout=20_000)
    assert "nowhere.csv" in notices[-1].text
    assert panel.following is None
    box = child(panel, QComboBox, "live-source")
    box.setCurrentIndex(1)
    assert not child(panel, QLineEdit, "live-file").isVisible()
    press(panel, "live-start")
    assert panel.following is None
    typed(panel, "live-broker", "127.0.0.1:9")
    press(panel, "live-start")
    qtbot.waitUntil(lambda: "127.0.0.1:9" in notices[-1].text, timeout=20_000)
    assert panel.following is None
    box.setCurrentIndex(0)
