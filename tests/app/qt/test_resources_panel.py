"""Resources in the window: table and scene in step, facts typed, places clicked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pyarrow as pa
import pytest
import shapely
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QTableWidget

from app.layer_table import computed_columns
from app.qt.desk import Notice
from app.qt.main_window import MainWindow
from app.qt.panels.attributes import AttributesPanel
from app.qt.panels.resources import ResourcesPanel
from app.resource_words import state_now, states_now
from layers.drills.resource_edits import set_facts
from layers.edits import SetInfo
from layers.kinds.base import Features, Layer
from layers.kinds.emergency import Emergency
from layers.shapes import Shapes
from tests.app.qt.conftest import EAST, NORTH, canvas, cell, child, pixel


@pytest.fixture
def panel(city: MainWindow, qtbot: Any) -> ResourcesPanel:
    """The panel, opened from the menu, with two hydrants named as files name them."""
    table = pa.table({"名称": ["消火栓1", "消火栓2"], "类型": ["消火栓", "消火栓"]})
    places = [shapely.Point(EAST + 80 + 100 * i, NORTH + 80) for i in range(2)]
    data = Features.of(Shapes.from_shapely(places), table)
    city.desk.project.insert_layer(Layer("resources", "Hydrants", data, layer_id="hydrants"))
    city.desk.actions["drills-resources"].trigger()
    made = cast(ResourcesPanel, city.docks.panel("resources"))
    qtbot.waitUntil(made.isVisible)
    made._retell()
    return made


def told(window: MainWindow, layer: str = "hydrants") -> Emergency:
    """What the layer says."""
    data = window.desk.project.layer(layer).data
    assert isinstance(data, Features)
    return Emergency.of(data, "resources")


def rows(panel: ResourcesPanel) -> QTableWidget:
    """The table."""
    return child(panel, QTableWidget, "resources-table")


def press(panel: ResourcesPanel, name: str) -> None:
    """Press a button."""
    button = child(panel, QPushButton, f"resources-{name}")
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def clicked(window: MainWindow, east: float, north: float) -> None:
    """Click a place in the picture."""
    at = pixel(window, EAST + east, NORTH + north)
    QTest.mouseClick(canvas(window), Qt.MouseButton.LeftButton, pos=at)


def test_facts_go_into_the_fields_of_the_file_and_new_ones_get_fields(
    panel: ResourcesPanel, city: MainWindow, notices: list[Notice]
) -> None:
    rows(panel).selectRow(1)
    assert city.desk.session.selection["hydrants"].tolist() == [2]
    name = child(panel, QLineEdit, "resources-name")
    assert name.text() == "消火栓2"
    name.selectAll()
    QTest.keyClicks(name, "H2")
    QTest.keyClick(name, Qt.Key.Key_Return)
    state = child(panel, QComboBox, "resources-state")
    state.setCurrentIndex(state.findData("out-of-service"))
    state.activated.emit(state.currentIndex())
    said = told(city)
    assert said.name.tolist() == ["消火栓1", "H2"]
    assert said.state.tolist() == ["unknown", "out-of-service"]
    assert cell(rows(panel), 1, 2).text() == "out of service"
    many = child(panel, QLineEdit, "resources-quantity")
    QTest.keyClicks(many, "some")
    QTest.keyClick(many, Qt.Key.Key_Return)
    assert "some" in notices[-1].text
    assert many.text() == ""
    city.desk.actions["undo"].trigger()
    assert told(city).state.tolist() == ["unknown", "unknown"]


def test_the_scene_chooses_rows(panel: ResourcesPanel, city: MainWindow) -> None:
    city.desk.session.select({"hydrants": [1]})
    assert panel.chosen == [1]
    assert child(panel, QLineEdit, "resources-name").text() == "消火栓1"


def test_resources_are_placed_moved_and_removed_by_clicks(
    panel: ResourcesPanel, city: MainWindow
) -> None:
    sort = child(panel, QComboBox, "resources-sort")
    sort.setCurrentIndex(sort.findData("camera"))
    press(panel, "place")
    clicked(city, 80, 180)
    said = told(city)
    assert said.sort.tolist()[-1] == "camera"
    assert said.coords[2] == pytest.approx([EAST + 80, NORTH + 180], abs=3.0)
    assert panel.chosen == [3]
    press(panel, "move")
    clicked(city, 180, 180)
    assert told(city).coords[2] == pytest.approx([EAST + 180, NORTH + 180], abs=3.0)
    press(panel, "remove")
    assert len(told(city)) == 2
    child(panel, QLineEdit, "resources-words").setText("栓2")
    assert rows(panel).rowCount() == 1
    child(panel, QLineEdit, "resources-words").clear()


def test_what_is_outside_of_its_valid_time_is_told_in_the_table(
    panel: ResourcesPanel, city: MainWindow, notices: list[Notice]
) -> None:
    rows(panel).selectRow(0)
    until = child(panel, QLineEdit, "resources-valid_to")
    until.insert("2026年6月30日")
    QTest.keyClick(until, Qt.Key.Key_Return)
    assert until.text() == "2026-06-30"
    assert cell(rows(panel), 0, 2).text() == "unknown"
    info = replace(city.desk.project.info, moment="2026-07-01T08:00")
    city.desk.run(SetInfo(info))
    assert cell(rows(panel), 0, 2).text() == "not in service at this time"
    assert "2026-06-30" in cell(rows(panel), 0, 2).toolTip()
    assert cell(rows(panel), 1, 2).text() == "unknown"
    rows(panel).selectRow(0)
    QTest.keyClicks(until, " soon")
    QTest.keyClick(until, Qt.Key.Key_Return)
    assert "is no date" in notices[-1].text
    assert told(city).valid.words(0) == ("", "2026-06-30")


def test_the_table_of_attributes_and_the_selection_tell_the_state_now(
    panel: ResourcesPanel, city: MainWindow, qtbot: Any
) -> None:
    desk = city.desk
    desk.run(set_facts(desk.project, "hydrants", [1], {"valid_to": "2026-06-30", "state": "ready"}))
    layer = desk.project.layer("hydrants")
    assert states_now(desk.project, layer, desk.texts.wording) == ("ready", "unknown")
    city.docks.show("attributes")
    table = cast(AttributesPanel, city.docks.panel("attributes"))
    qtbot.waitUntil(table.isVisible)
    desk.choose_layer("hydrants")

    def cells() -> list[str]:
        model = table._model
        heads = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(4)]
        column = heads.index("State now")
        return [str(model.index(row, column).data()) for row in range(2)]

    assert cells() == ["ready", "unknown"]
    desk.run(SetInfo(replace(desk.project.info, moment="2026-07-01T08:00")))
    assert cells() == ["not in service at this time", "unknown"]
    assert state_now(desk.project, layer, 0, desk.texts.wording) == cells()[0]
    found = computed_columns(desk.project, layer)
    assert found["state_now"] == ["not-in-service", "unknown"]
