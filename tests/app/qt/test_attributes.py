"""The table of a layer's objects, as hands use it."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QLineEdit, QMenu

from app.qt.main_window import MainWindow
from app.qt.panels.attributes import AttributesPanel
from app.qt.panels.object_view import ObjectView
from layers.edits import SetHeight
from layers.frame import Frame
from layers.kinds import KINDS
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Shapes
from layers.viewpoint import Viewpoint
from scene import camera
from tests.app.qt.conftest import EAST, NORTH, canvas, child, dialog

pytestmark = pytest.mark.gui
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def town() -> Project:
    """Six blocks with uses and storeys, and two streets."""
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    boxes = [shapely.box(EAST + x * 100, NORTH, EAST + x * 100 + 60, NORTH + 60) for x in range(6)]
    table = pa.table(
        {
            "name": ["Block 10", "Block 2", "School", "Tower", None, "Mill"],
            "用途": ["住宅", "住宅", "教育", "办公", "住宅", "厂房"],
            "floors": pa.array([6, 11, 4, 30, 18, None]),
        }
    )
    heights = [18.0, 33.0, 14.0, 120.0, 54.0, 9.0]
    blocks = Buildings.blocks(Shapes.from_shapely(boxes), heights, table)
    lines = [shapely.LineString([(EAST, NORTH - y), (EAST + 600, NORTH - y)]) for y in (20, 60)]
    streets = Features.of(Shapes.from_shapely(lines), pa.table({"lanes": [2, 4]}))
    for kind, name, data in (("roads", "Streets", streets), ("buildings", "Blocks", blocks)):
        layer = Layer(kind, name, data, style=KINDS[kind].style, layer_id=name.lower())
        project.insert_layer(layer)
    return project


@pytest.fixture
def table(window: MainWindow, qtbot: Any) -> Iterator[MainWindow]:
    """The window with the table open."""
    window.documents.show_project(town())
    window.docks.show("attributes")
    qtbot.waitUntil(lambda: child(window, ObjectView, "object-table").isVisible(), timeout=60_000)
    yield window
    window.docks["attributes"].hide()


def view(window: MainWindow) -> ObjectView:
    return child(window, ObjectView, "object-table")


def column(window: MainWindow, heading: str) -> int:
    model = view(window).model()
    titles = [model.headerData(i, Qt.Orientation.Horizontal) for i in range(model.columnCount())]
    return titles.index(heading)


def cells(window: MainWindow, heading: str) -> list[str]:
    model, at = view(window).model(), column(window, heading)
    return [model.index(row, at).data() for row in range(model.rowCount())]


def type_filter(window: MainWindow, qtbot: Any, line: str) -> None:
    field = child(window, QLineEdit, "attributes-filter")
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    field.insert(line)


def selected(window: MainWindow) -> list[int]:
    return sorted(int(i) for i in window.desk.session.selection.get("blocks", []))


def counts(window: MainWindow) -> str:
    return child(window, QLabel, "attributes-counts").text()


def press_row(window: MainWindow, row: int, held: Any = Qt.KeyboardModifier.NoModifier) -> None:
    shown = view(window)
    at = shown.visualRect(shown.model().index(row, 1)).center()
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, held, at)


def test_the_topmost_layer_is_shown_with_types_and_empty_cells(table: MainWindow) -> None:
    assert child(table, QComboBox, "attributes-layer").currentText() == "Blocks"
    assert cells(table, "floors") == ["6", "11", "4", "30", "18", "–"]
    model = view(table).model()
    tip = model.headerData(
        column(table, "floors"), Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole
    )
    assert tip == "floors: integer"
    assert counts(table) == "6 of 6 rows, 0 selected"


def test_numbers_are_sorted_as_numbers_and_texts_as_readers_do(table: MainWindow) -> None:
    header = view(table).horizontalHeader()
    header.setSortIndicator(column(table, "floors"), Qt.SortOrder.DescendingOrder)
    assert cells(table, "floors") == ["30", "18", "11", "6", "4", "–"]
    header.setSortIndicator(column(table, "name"), Qt.SortOrder.AscendingOrder)
    assert cells(table, "name") == ["Block 2", "Block 10", "Mill", "School", "Tower", "–"]


def test_a_filter_expression_selects_rows(table: MainWindow, qtbot: Any) -> None:
    type_filter(table, qtbot, "floors > 10 and 用途 = 住宅")
    qtbot.waitUntil(lambda: view(table).model().rowCount() == 2, timeout=60_000)
    qtbot.keyClick(child(table, QLineEdit, "attributes-filter"), Qt.Key.Key_Return)
    assert selected(table) == [2, 5]
    assert counts(table) == "2 of 6 rows, 2 selected"


def test_any_text_is_looked_for_in_every_column(table: MainWindow, qtbot: Any) -> None:
    type_filter(table, qtbot, "block")
    qtbot.waitUntil(lambda: cells(table, "name") == ["Block 10", "Block 2"], timeout=60_000)
    type_filter(table, qtbot, "")
    qtbot.waitUntil(lambda: view(table).model().rowCount() == 6, timeout=60_000)


def test_a_wrong_filter_says_what_is_wrong_in_both_languages(table: MainWindow, qtbot: Any) -> None:
    problem = child(table, QLabel, "attributes-problem")
    type_filter(table, qtbot, "storeys > 10")
    qtbot.waitUntil(problem.isVisible)
    assert problem.text() == (
        "There is no field 'storeys'. Try: the fields are: name, 用途, floors"
    )
    assert view(table).model().rowCount() == 6
    table.desk.speak("zh-CN")
    assert problem.text().startswith("没有名为“storeys”的字段。")
    type_filter(table, qtbot, "高度 > 100")
    qtbot.waitUntil(lambda: view(table).model().rowCount() == 1, timeout=60_000)
    assert not problem.isVisible()


def test_rows_select_in_the_picture_and_the_picture_selects_rows(
    table: MainWindow, qtbot: Any
) -> None:
    press_row(table, 1)
    assert selected(table) == [2]
    press_row(table, 3, SHIFT)
    assert selected(table) == [2, 3, 4]
    press_row(table, 2, CONTROL)
    assert selected(table) == [2, 4]
    table.viewport.viewpoint = Viewpoint.looking_at(
        (EAST + 280, NORTH + 30, 0.0), 900.0, 0.0, -math.pi / 2
    )
    stage = table.viewport.stage
    pixel = camera.project_points(stage.viewpoint, [(EAST + 430, NORTH + 30, 54.0)], stage.size)[0]
    at = QPoint(round(pixel[0]), round(pixel[1]))
    QTest.mouseClick(canvas(table), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert selected(table) == [5]
    assert counts(table) == "6 of 6 rows, 1 selected"
    assert view(table).currentIndex().row() == 4


def test_rows_are_chosen_with_the_keys(table: MainWindow, qtbot: Any) -> None:
    press_row(table, 0)
    shown = view(table)
    shown.setFocus()
    qtbot.keyClick(shown, Qt.Key.Key_Down)
    assert selected(table) == [2]
    qtbot.keyClick(shown, Qt.Key.Key_Down, SHIFT)
    assert selected(table) == [2, 3]
    qtbot.keyClick(shown, Qt.Key.Key_End, SHIFT)
    assert selected(table) == [2, 3, 4, 5, 6]
    qtbot.keyClick(shown, Qt.Key.Key_A, CONTROL)
    assert selected(table) == [1, 2, 3, 4, 5, 6]


def test_the_selection_is_inverted_and_shown_alone(table: MainWindow) -> None:
    press_row(table, 0)
    child(table, QAction, "attributes-invert").trigger()
    assert selected(table) == [2, 3, 4, 5, 6]
    only = child(table, QAction, "attributes-only")
    only.trigger()
    assert view(table).model().rowCount() == 5
    table.desk.session.select({"blocks": [4]})
    assert cells(table, "name") == ["Tower"]
    only.trigger()
    assert view(table).model().rowCount() == 6


def test_rows_are_copied_as_they_are_shown(table: MainWindow) -> None:
    header = view(table).horizontalHeader()
    for index in range(view(table).model().columnCount()):
        header.setSectionHidden(
            index, index not in {column(table, "name"), column(table, "floors")}
        )
    header.setSortIndicator(column(table, "floors"), Qt.SortOrder.AscendingOrder)
    table.desk.session.select({"blocks": [1, 6]})
    child(table, QAction, "attributes-copy").trigger()
    assert QApplication.clipboard().text() == "name\tfloors\nBlock 10\t6\nMill\t\n"
    header.moveSection(header.visualIndex(column(table, "floors")), 0)
    child(table, QAction, "attributes-copy").trigger()
    assert QApplication.clipboard().text().startswith("floors\tname\n")


def test_columns_are_hidden_and_shown_from_the_menu(table: MainWindow) -> None:
    child(table, QAction, "attributes-columns").trigger()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    name = column(table, "name")
    next(a for a in menu.actions() if a.objectName() == f"column-{name}").trigger()
    menu.close()
    assert view(table).isColumnHidden(name)
    child(table, QComboBox, "attributes-layer").activated.emit(1)
    assert cells(table, "lanes") == ["2", "4"]
    child(table, QComboBox, "attributes-layer").activated.emit(0)
    assert view(table).isColumnHidden(name)  # the layer keeps its columns


def test_the_rows_found_are_exported(table: MainWindow, qtbot: Any, tmp_path: Path) -> None:
    type_filter(table, qtbot, "floors > 10")
    qtbot.waitUntil(lambda: view(table).model().rowCount() == 3, timeout=60_000)
    child(table, QAction, "attributes-export").trigger()
    shown = dialog(qtbot, "table-file")
    assert isinstance(shown, QFileDialog)
    shown.reject()
    path = tmp_path / "高层.csv"
    child(table, AttributesPanel, "attributes-panel").export_to(path)
    qtbot.waitUntil(path.is_file, timeout=60_000)
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["Block 2", "Tower", ""]
    assert [row["height_m"] for row in rows] == ["33.0", "120.0", "54.0"]


def test_an_edit_changes_the_table_and_keeps_sort_and_filter(table: MainWindow, qtbot: Any) -> None:
    type_filter(table, qtbot, "height > 50")
    qtbot.waitUntil(lambda: view(table).model().rowCount() == 2, timeout=60_000)
    table.desk.run(SetHeight("blocks", 1, 77.0))
    assert cells(table, "Height (m)") == ["77", "120", "54"]
    table.desk.actions["undo"].trigger()
    assert cells(table, "Height (m)") == ["120", "54"]


def test_a_double_click_comes_nearer(table: MainWindow) -> None:
    before = table.viewport.viewpoint.distance
    shown = view(table)
    at = shown.visualRect(shown.model().index(3, 1)).center()
    QTest.mouseDClick(
        shown.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
    )
    assert selected(table) == [4]
    assert table.viewport.viewpoint.distance < before


def test_a_hundred_thousand_rows_make_no_cell_until_it_is_looked_at(
    window: MainWindow, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 100_000
    rng = np.random.default_rng(5)
    corners = rng.uniform(0, 20_000, (count, 2)) + np.array([EAST, NORTH])
    shapes = Shapes.from_shapely(shapely.points(corners).tolist())
    data = Features.of(
        shapes,
        pa.table({"name": [f"T{i}" for i in range(count)], "size": rng.uniform(0, 9, count)}),
    )
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    project.insert_layer(Layer("trees", "Trees", data, layer_id="trees", visible=False))
    window.documents.show_project(project)
    window.docks.show("attributes")
    qtbot.waitUntil(lambda: view(window).model().rowCount() == count, timeout=60_000)
    asked: list[object] = []
    model = view(window).model()
    plain = model.data

    def data_of(*args: Any) -> Any:
        asked.append(args)
        return plain(*args)

    monkeypatch.setattr(model, "data", data_of)
    view(window).horizontalHeader().setSortIndicator(
        column(window, "size"), Qt.SortOrder.AscendingOrder
    )
    window.desk.session.select({"trees": data.ids[::2]})
    QApplication.processEvents()
    assert 0 < len(asked) < 10_000
    assert counts(window) == "100,000 of 100,000 rows, 50,000 selected"
    window.docks["attributes"].hide()
