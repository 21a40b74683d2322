"""The layers, as hands use them: names, visibility, order, opacity, legends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLineEdit, QMenu, QSlider, QTreeView

from app.qt.main_window import MainWindow
from layers.edits import SetLook
from layers.style import by_categories, recoloured
from tests.app.qt.conftest import child, picture

pytestmark = pytest.mark.gui


def tree(window: MainWindow) -> QTreeView:
    return child(window, QTreeView, "layer-tree")


def rows(window: MainWindow) -> list[str]:
    model = tree(window).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def choose(window: MainWindow, name: str) -> None:
    model = tree(window).model()
    tree(window).setCurrentIndex(model.index(rows(window).index(name), 0))


def edit_menu_undo(window: MainWindow) -> QAction:
    menu = window.menuBar().actions()[1].menu()
    assert isinstance(menu, QMenu)
    return menu.actions()[0]


def test_the_topmost_layer_stands_first_with_its_number_of_objects(city: MainWindow) -> None:
    assert rows(city) == ["Blocks", "Lake"]
    assert tree(city).model().index(0, 1).data() == "9"


def test_a_layer_is_renamed_with_f2_and_the_menu_tells_what_undo_takes_back(
    city: MainWindow, qtbot: Any
) -> None:
    choose(city, "Blocks")
    tree(city).setFocus()
    qtbot.keyClick(tree(city), Qt.Key.Key_F2)
    editor = child(tree(city), QLineEdit, "")
    editor.selectAll()
    qtbot.keyClicks(editor, "Old town")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows(city) == ["Old town", "Lake"], timeout=60_000)
    undo = edit_menu_undo(city)
    assert undo.text().replace("&", "") == "Undo Rename layer to Old town"
    undo.trigger()
    assert rows(city) == ["Blocks", "Lake"]
    assert not undo.isEnabled()


def test_hiding_a_layer_with_its_box_changes_the_picture(city: MainWindow, qtbot: Any) -> None:
    seen = picture(city, qtbot).astype(int)
    index = tree(city).model().index(0, 0)
    tree(city).setCurrentIndex(index)
    qtbot.keyClick(tree(city), Qt.Key.Key_Space)
    assert not city.desk.project.layer("blocks").visible
    hidden = picture(city, qtbot).astype(int)
    assert (np.abs(seen - hidden).sum(axis=2) > 30).mean() > 0.02
    city.desk.actions["undo"].trigger()
    assert city.desk.project.layer("blocks").visible
    back = picture(city, qtbot).astype(int)
    assert (np.abs(seen - back).sum(axis=2) > 30).mean() < 0.002


def test_a_dragged_layer_changes_the_order(city: MainWindow) -> None:
    model = tree(city).model()
    data: QMimeData = model.mimeData([model.index(1, 0)])
    model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, model.index(-1, -1))
    assert rows(city) == ["Lake", "Blocks"]
    assert [layer.id for layer in city.desk.project.layers] == ["blocks", "lake"]
    city.desk.actions["undo"].trigger()
    assert rows(city) == ["Blocks", "Lake"]


def test_layers_move_up_and_down_by_their_actions(city: MainWindow) -> None:
    choose(city, "Lake")
    assert not city.desk.actions["layer-down"].isEnabled()
    city.desk.actions["layer-up"].trigger()
    assert rows(city) == ["Lake", "Blocks"]
    assert not city.desk.actions["layer-up"].isEnabled()


def test_a_drag_of_the_opacity_is_one_step(city: MainWindow) -> None:
    choose(city, "Blocks")
    slider = child(city, QSlider, "layer-opacity")
    slider.sliderPressed.emit()
    for value in (80, 60, 40):
        slider.setValue(value)
    slider.sliderReleased.emit()
    assert city.desk.project.layer("blocks").opacity == pytest.approx(0.4)
    assert len(city.desk.session.history.labels) == 1
    city.desk.actions["undo"].trigger()
    assert slider.value() == 100


def test_a_layer_is_removed_with_delete_and_comes_back(city: MainWindow, qtbot: Any) -> None:
    choose(city, "Lake")
    tree(city).setFocus()
    QTest.keyClick(tree(city), Qt.Key.Key_Delete)
    assert rows(city) == ["Blocks"]
    city.desk.actions["undo"].trigger()
    assert rows(city) == ["Blocks", "Lake"]


def test_only_one_layer_is_shown_as_one_step(city: MainWindow) -> None:
    choose(city, "Blocks")
    city.desk.actions["layer-only"].trigger()
    assert [layer.visible for layer in city.desk.project.layers] == [False, True]
    assert city.desk.actions["undo"].text().replace("&", "") == "Undo Show only Blocks"


def test_the_legend_stands_under_its_layer(city: MainWindow) -> None:
    layer = city.desk.project.layer("blocks")
    colouring = by_categories("name", layer.features.attributes.column("name"))
    city.desk.run(SetLook("blocks", "style", recoloured(layer.style, colouring)))
    model = tree(city).model()
    parent = model.index(0, 0)
    assert model.rowCount(parent) == 9
    assert model.index(0, 0, parent).data() == "Block 1"
    assert model.parent(model.index(3, 0, parent)) == parent


def test_the_context_menu_offers_what_can_be_done(city: MainWindow, qtbot: Any) -> None:
    place = tree(city).visualRect(tree(city).model().index(0, 0)).center()
    tree(city).customContextMenuRequested.emit(QPoint(place))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    names = {action.objectName() for action in menu.actions()}
    assert {"action-layer-zoom", "action-layer-rename", "action-layer-remove"} <= names
    menu.close()


def test_names_can_be_read_in_the_narrowest_panel(city: MainWindow) -> None:
    dock = child(city, QDockWidget, "dock-layers")
    city.resizeDocks([dock], [40], Qt.Orientation.Horizontal)
    QApplication.sendPostedEvents()
    before_the_name = 90  # tick, sign, swatch
    shown = tree(city).visualRect(tree(city).model().index(0, 0)).width() - before_the_name
    assert shown > tree(city).fontMetrics().horizontalAdvance("Blocks")
