"""Measuring in the window: clicks in the picture, rows in the panel, files."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QTableWidget,
)

from app.qt.desk import Notice
from app.qt.main_window import MainWindow
from app.qt.panels.measurements import MeasurementsPanel
from app.qt.panels.value_list import ValueList
from layers.edits import SetHeight, measurement_layer
from layers.kinds.measurements import Measurement, Measurements
from layers.viewpoint import Viewpoint
from scene import camera
from tests.app.qt.conftest import EAST, NORTH, canvas, cell, child, click, dialog, event_at

pytestmark = pytest.mark.gui


@pytest.fixture
def city(city: MainWindow) -> MainWindow:
    """The town seen from above."""
    city.viewport.viewpoint = Viewpoint.looking_at(
        (EAST + 130, NORTH + 130, 0.0), 900.0, 0.0, -math.pi / 2
    )
    return city


def place(window: MainWindow, east: float, north: float, height: float = 0.0) -> QPoint:
    stage = window.viewport.stage
    spot = (EAST + east, NORTH + north, height)
    pixel = camera.project_points(stage.viewpoint, [spot], stage.size)[0]
    ratio = canvas(window).devicePixelRatioF()
    return QPoint(round(pixel[0] / ratio), round(pixel[1] / ratio))


def clicks(window: MainWindow, *spots: tuple[float, ...]) -> None:
    for spot in spots:
        QTest.mouseClick(
            canvas(window), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier,
            place(window, *spot),
        )  # fmt: skip


def kept(window: MainWindow) -> tuple[Measurement, ...]:
    layer = measurement_layer(window.desk.project)
    return layer.data.items if layer and isinstance(layer.data, Measurements) else ()


def table(window: MainWindow) -> QTableView:
    return child(window, QTableView, "measurements-table")


def shown(window: MainWindow, column: int = 0) -> list[str]:
    model = table(window).model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def act(window: MainWindow, key: str) -> None:
    action = child(window, QAction, f"measurements-{key}")
    assert action.isEnabled(), key
    action.trigger()


def measure_distance(window: MainWindow, *spots: tuple[float, ...]) -> None:
    window.desk.actions["measure-distance"].trigger()
    clicks(window, *(spots or ((-60.0, -60.0), (-60.0, 240.0))))


def test_two_clicks_measure_a_distance_that_stands_in_the_table(city: MainWindow) -> None:
    measure_distance(city)
    assert shown(city) == ["Distance 1"]
    value = table(city).model().index(0, 2).data()
    assert value.endswith(" m")
    assert float(value[:-2]) == pytest.approx(300.0, abs=2.0)
    assert child(city, QLabel, "measurement-title").text() == "Distance 1"
    values = child(city, ValueList, "measurement-values").texts()
    assert {"Horizontal (grid)", "Horizontal (on the ground)", "Scale factor"} <= set(values)
    assert values["Coordinate system"].startswith("EPSG:4547")
    assert values["Bearing from grid north"].endswith("°")
    undo = city.desk.actions["undo"]
    assert undo.text().replace("&", "") == "Undo Measure Distance 1"
    undo.trigger()
    assert kept(city) == ()
    assert child(city, QLabel, "measurements-empty").isVisible()
    city.desk.actions["redo"].trigger()
    assert shown(city) == ["Distance 1"]


def test_names_are_in_the_language_and_count_on(city: MainWindow) -> None:
    measure_distance(city)
    city.desk.speak("zh-CN")
    measure_distance(city, (-50.0, -60.0), (-50.0, 200.0))
    measure_distance(city, (-40.0, -60.0), (-40.0, 200.0))
    assert shown(city) == ["Distance 1", "距离 1", "距离 2"]


def test_the_answer_stands_beside_the_pointer(
    city: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []
    stage = city.viewport.stage

    def sketch(lines: Any = (), labels: Any = (), area: Any = None) -> None:
        del lines, area
        texts.extend(text for _, text in labels)

    monkeypatch.setattr(stage, "sketch", sketch)
    city.desk.speak("zh-CN")
    city.desk.actions["measure-distance"].trigger()
    clicks(city, (-60.0, -60.0))
    event_at(canvas(city), place(city, -60.0, 140.0), Qt.MouseButton.NoButton)
    assert "m\n水平 " in texts[-1]
    assert " · 高差 +" in texts[-1] or " · 高差 -" in texts[-1]


@pytest.mark.parametrize(
    ("key", "spots", "name"),
    [
        ("measure-point", [(-60.0, -60.0)], "Point 1"),
        ("measure-polyline", [(-60.0, -60.0), (-60.0, 100.0), (80.0, 85.0)], "Line 1"),
        ("measure-area", [(-60.0, -60.0), (-20.0, -60.0), (-20.0, 100.0)], "Area 1"),
        ("measure-angle", [(-60.0, -60.0), (-20.0, -60.0), (-20.0, 100.0)], "Angle 1"),
        ("measure-building", [(130.0, 130.0, 40.0)], "Building 1"),
    ],
)
def test_every_kind_of_measurement_is_made_by_clicks(
    city: MainWindow, qtbot: Any, key: str, spots: list[tuple[float, ...]], name: str
) -> None:
    city.desk.actions[key].trigger()
    assert child(city, QLabel, "measurements-hint").isVisible()
    clicks(city, *spots)
    if key in {"measure-polyline", "measure-area"}:
        qtbot.keyClick(canvas(city), Qt.Key.Key_Return)
    assert shown(city) == [name]
    assert all(shown(city, column)[0] for column in range(4))
    names = child(city, ValueList, "measurement-values").texts()
    assert not [n for n in names if n.endswith(("_m", "_m2", "_m3", "_rad", "_deg", "_ratio"))]


def test_escape_leaves_the_measuring_tool(city: MainWindow, qtbot: Any) -> None:
    city.desk.actions["measure-distance"].trigger()
    clicks(city, (-60.0, -60.0))
    qtbot.keyClick(canvas(city), Qt.Key.Key_Escape)
    assert city.desk.session.tool == "measure-distance"
    qtbot.keyClick(canvas(city), Qt.Key.Key_Escape)
    assert city.desk.session.tool == "tool-pan"
    assert city.desk.actions["tool-pan"].isChecked()
    assert not child(city, QLabel, "measurements-hint").isVisible()


def test_a_border_that_crosses_itself_is_told_and_not_kept(
    city: MainWindow, qtbot: Any, notices: list[Notice]
) -> None:
    city.desk.actions["measure-area"].trigger()
    clicks(city, (-60.0, -60.0), (-20.0, 100.0), (-20.0, -60.0), (-60.0, 100.0))
    qtbot.keyClick(canvas(city), Qt.Key.Key_Return)
    assert kept(city) == ()
    assert "crosses" in notices[-1].text


def test_a_measurement_is_renamed_in_its_row(city: MainWindow, qtbot: Any) -> None:
    measure_distance(city)
    table(city).setFocus()
    act(city, "rename")
    editor = child(table(city).viewport(), QLineEdit, "")
    editor.selectAll()
    qtbot.keyClicks(editor, "Bridge")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(city) == ["Bridge"], timeout=60_000)
    undo = city.desk.actions["undo"]
    assert undo.text().replace("&", "") == "Undo Rename measurement Distance 1 to Bridge"
    undo.trigger()
    assert shown(city) == ["Distance 1"]


def test_a_note_is_kept_and_can_be_undone(city: MainWindow, qtbot: Any) -> None:
    measure_distance(city)
    note = child(city, QLineEdit, "measurement-note")
    note.setFocus()
    qtbot.keyClicks(note, "along the quay")
    qtbot.keyClick(note, Qt.Key.Key_Return)
    assert kept(city)[0].note == "along the quay"
    city.desk.actions["undo"].trigger()
    assert kept(city)[0].note == ""


def test_measurements_are_deleted_and_come_back(city: MainWindow) -> None:
    measure_distance(city)
    measure_distance(city, (-50.0, -60.0), (-50.0, 200.0))
    table(city).selectRow(0)
    act(city, "remove")
    assert shown(city) == ["Distance 2"]
    city.desk.actions["undo"].trigger()
    assert shown(city) == ["Distance 1", "Distance 2"]


def test_a_changed_building_makes_its_measurement_stale_until_measured_again(
    city: MainWindow,
) -> None:
    city.desk.actions["measure-building"].trigger()
    clicks(city, (130.0, 130.0, 40.0))
    stale = child(city, QLabel, "measurement-stale")
    assert shown(city, 2) == ["40.00 m"]
    assert not stale.isVisible()
    city.desk.run(SetHeight("blocks", 5, 64.0))
    assert stale.isVisible()
    act(city, "again-all")
    assert shown(city, 2) == ["64.00 m"]
    assert not stale.isVisible()
    assert not child(city, QAction, "measurements-again-all").isEnabled()
    city.desk.actions["undo"].trigger()
    assert stale.isVisible()
    assert shown(city, 2) == ["40.00 m"]


def test_points_are_typed_and_measured_again(city: MainWindow, qtbot: Any) -> None:
    measure_distance(city)
    act(city, "points")
    shown_dialog: QDialog = dialog(qtbot, "dialog-points")
    points = child(shown_dialog, QTableWidget, "points-table")
    for row, (east, north, height) in enumerate([(0.0, 0.0, 0.0), (30.0, 40.0, 0.0)]):
        for column, value in enumerate((EAST + east, NORTH + north, height)):
            cell(points, row, column).setText(f"{value}")
    answer = child(shown_dialog, QLabel, "points-answer")
    assert answer.text().startswith("50.00 m")
    cell(points, 0, 0).setText("far")
    assert answer.text() == "'far' in row 1 is not a number."
    ok = child(shown_dialog, QPushButton, "ok")
    assert not ok.isEnabled()
    cell(points, 0, 0).setText(f"{EAST}")
    click(ok)
    assert shown(city, 2) == ["50.00 m"]
    assert shown(city) == ["Distance 1"]
    city.desk.actions["undo"].trigger()
    assert shown(city, 2) != ["50.00 m"]


def test_a_point_is_added_to_a_line(city: MainWindow, qtbot: Any) -> None:
    city.desk.actions["measure-polyline"].trigger()
    clicks(city, (-60.0, -60.0), (-60.0, 140.0))
    qtbot.keyClick(canvas(city), Qt.Key.Key_Return)
    act(city, "points")
    shown_dialog = dialog(qtbot, "dialog-points")
    click(child(shown_dialog, QPushButton, "points-add"))
    assert child(shown_dialog, QTableWidget, "points-table").rowCount() == 3
    click(child(shown_dialog, QPushButton, "ok"))
    assert len(kept(city)[0].points) == 3


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "geojson"])
def test_measurements_are_exported(
    city: MainWindow, qtbot: Any, tmp_path: Path, suffix: str, notices: list[Notice]
) -> None:
    measure_distance(city)
    act(city, "export")
    chooser = dialog(qtbot, "measurements-file")
    assert isinstance(chooser, QFileDialog)
    chooser.reject()
    path = tmp_path / f"量测.{suffix}"
    child(city, MeasurementsPanel, "measurements-panel").export_to(path)
    assert notices[-1].text == f"Measurements written to 量测.{suffix}: 1."
    if suffix == "csv":
        with path.open(encoding="utf-8-sig") as file:
            assert next(csv.DictReader(file))["name"] == "Distance 1"
    elif suffix == "geojson":
        assert json.loads(path.read_text(encoding="utf-8"))["features"][0]["id"] == 1
    else:
        assert path.read_bytes()[:2] == b"PK"


def test_values_are_copied_for_a_sheet(city: MainWindow) -> None:
    measure_distance(city)
    act(city, "copy")
    name, kind, value, more = QApplication.clipboard().text().strip().split("\t")
    assert (name, kind) == ("Distance 1", "Distance")
    assert value.endswith(" m")
    assert more.startswith("horizontal ")


def test_rows_and_picture_choose_the_same_measurement(city: MainWindow) -> None:
    measure_distance(city)
    measure_distance(city, (-50.0, -60.0), (-50.0, 200.0))
    layer = measurement_layer(city.desk.project)
    assert layer is not None
    table(city).selectRow(0)
    assert city.desk.session.selection[layer.id].tolist() == [1]
    city.desk.session.select({layer.id: [2]})
    rows = [index.row() for index in table(city).selectionModel().selectedRows()]
    assert rows == [1]
    assert child(city, QLabel, "measurement-title").text() == "Distance 2"
    distance = city.viewport.viewpoint.distance
    act(city, "zoom")
    assert city.viewport.viewpoint.distance < distance


def test_true_lengths_stand_first_where_that_is_wanted(city: MainWindow, qtbot: Any) -> None:
    city.desk.actions["measure-polyline"].trigger()
    clicks(city, (-60.0, -60.0), (-60.0, 240.0))
    qtbot.keyClick(canvas(city), Qt.Key.Key_Return)
    item = kept(city)[0]
    words = city.desk.texts.wording
    assert shown(city, 2) == [words.quantity(item.values["horizontal_m"], "m")]
    city.desk.settings.distance = "ground"
    city.desk.keep_settings()
    assert shown(city, 2) == [words.quantity(item.values["ground_distance_m"], "m")]
    city.desk.settings.distance = "grid"
    city.desk.keep_settings()


def test_a_polygon_selects_what_lies_in_it(city: MainWindow, qtbot: Any) -> None:
    city.desk.actions["tool-polygon"].trigger()
    clicks(city, (-30.0, -30.0), (280.0, -30.0), (-30.0, 280.0))
    qtbot.keyClick(canvas(city), Qt.Key.Key_Return)
    assert sorted(city.desk.session.selection["blocks"].tolist()) == [1, 2, 4]
