"""Control lines drawn and changed in the window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QPushButton

from app.qt.dialogs.control_line import ControlLineDialog
from app.qt.main_window import MainWindow
from app.qt.widgets.corner_table import CornerTable
from layers.kinds.base import Layer
from layers.kinds.control_lines import lines_of
from scene.tools.reshape_line import Reshaped, ReshapeLine
from tests.app.qt.conftest import EAST, NORTH, cell, child, click

pytestmark = pytest.mark.gui


def lines(window: MainWindow) -> Layer:
    return next(window.desk.project.of_kind("control-lines"))


def test_a_line_is_drawn_set_off_typed_anew_and_removed(city: MainWindow) -> None:
    dialog = ControlLineDialog(city.desk, city)
    dialog.show()
    kinds = child(dialog, QComboBox, "control-line-class")
    kinds.setCurrentIndex(kinds.findData("power"))
    child(dialog, QLineEdit, "control-line-document").setText("No. 7")
    child(dialog, QDoubleSpinBox, "control-line-setback").setValue(12.0)
    click(child(dialog, QPushButton, "control-line-draw-line"))
    assert city.desk.session.tool == "draw-snapped-line"
    dialog.add([(EAST, NORTH, 5.0), (EAST + 100, NORTH, 5.0)], closed=False)
    layer = lines(city)
    told = lines_of(layer.features)
    assert (told.classes[0], told.document[0], told.setback[0]) == ("power", "No. 7", 12.0)
    assert layer.style.line_preset == "six-lines"
    click(child(dialog, QPushButton, "control-line-offset"))
    assert layer.features.shapes.coords[2:, 1].tolist() == [NORTH + 10.0] * 2
    corners = child(dialog, QLineEdit, "control-line-corners")
    corners.setText(f"{EAST},{NORTH} {EAST},{NORTH + 50}")
    click(child(dialog, QPushButton, "control-line-corners"))
    assert layer.features.shapes.coords[1].tolist() == [EAST, NORTH + 50]
    click(child(dialog, QPushButton, "control-line-remove"))
    assert layer.features.ids.tolist() == [2]
    city.desk.actions["undo"].trigger()
    city.desk.actions["undo"].trigger()
    assert layer.features.shapes.coords[1].tolist() == [EAST + 100, NORTH]
    dialog.close()


def test_corners_are_typed_into_the_table_and_dragged_with_the_tool(city: MainWindow) -> None:
    dialog = ControlLineDialog(city.desk, city)
    dialog.show()
    dialog.add([(EAST, NORTH, 0.0), (EAST + 100, NORTH, 0.0)], closed=False)
    layer = lines(city)
    table = child(dialog, CornerTable, "control-line-table")
    assert (table.rowCount(), cell(table, 0, 2).text()) == (2, "100.000")
    cell(table, 1, 1).setText(f"{NORTH + 30}")
    assert layer.features.shapes.coords[1].tolist() == [EAST + 100, NORTH + 30]
    table.setCurrentCell(0, 0)
    click(child(dialog, QPushButton, "control-line-corner-add"))
    assert layer.features.shapes.coords.tolist()[1] == [EAST + 50, NORTH + 15]
    assert table.rowCount() == 3
    cell(table, 1, 0).setText("abc")  # is no number: what was there comes back
    assert cell(table, 1, 0).text() == f"{EAST + 50:.3f}"
    table.setCurrentCell(1, 0)
    click(child(dialog, QPushButton, "control-line-corner-remove"))
    assert len(layer.features.shapes.coords) == 2
    click(child(dialog, QPushButton, "control-line-shape"))
    assert city.desk.session.tool == "line-reshape"
    tool = city.desk.viewport.tool
    assert isinstance(tool, ReshapeLine)
    assert tool.held == (layer.id, 1)
    tool.reshaped.emit(Reshaped(layer.id, 1, (np.array([[EAST, NORTH], [EAST, NORTH + 5]]),)))
    assert cell(table, 1, 0).text() == f"{EAST:.3f}"
    city.desk.actions["undo"].trigger()
    assert cell(table, 1, 0).text() == f"{EAST + 100:.3f}"
    dialog.close()
