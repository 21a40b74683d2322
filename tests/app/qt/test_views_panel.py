"""Named views: keep, go to, rename, update, delete."""

from __future__ import annotations

import math
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QMenu, QToolButton

from app.qt.main_window import MainWindow
from layers.edits import SetLook
from tests.app.qt.conftest import child, click

pytestmark = pytest.mark.gui


def listed(window: MainWindow) -> QListWidget:
    return child(window, QListWidget, "views-list")


def names(window: MainWindow) -> list[str]:
    return [view.name for view in window.desk.project.views]


def save(window: MainWindow) -> None:
    window.desk.actions["view-save"].trigger()


def test_a_view_is_saved_and_named_in_one_go(city: MainWindow, qtbot: Any) -> None:
    save(city)
    editor = child(listed(city), QLineEdit, "")
    editor.selectAll()
    qtbot.keyClicks(editor, "From the lake")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(city) == ["From the lake"], timeout=60_000)


def test_going_to_a_view_brings_eye_and_layers_back(city: MainWindow) -> None:
    city.desk.run(SetLook("lake", "visible", False))
    kept = city.viewport.viewpoint
    save(city)
    city.desk.run(SetLook("lake", "visible", True))
    city.viewport.look_towards(1.0, -math.pi / 3)
    listed(city).itemActivated.emit(listed(city).item(0))
    assert city.viewport.viewpoint == kept
    assert city.viewport.hidden_layers() == ("lake",)
    assert city.desk.project.layer("lake").visible  # the layer itself is as it was


def test_the_tree_shows_what_a_view_shows_and_can_change_it(city: MainWindow) -> None:
    from PySide6.QtWidgets import QTreeView

    save(city)
    city.desk.run(SetLook("blocks", "visible", False))
    listed(city).itemActivated.emit(listed(city).item(0))
    model = child(city, QTreeView, "layer-tree").model()
    index = model.index(0, 0)
    state = Qt.ItemDataRole.CheckStateRole
    assert Qt.CheckState(index.data(state)) == Qt.CheckState.Checked
    model.setData(index, Qt.CheckState.Unchecked, state)
    assert Qt.CheckState(index.data(state)) == Qt.CheckState.Unchecked
    assert city.viewport.hidden_layers() == ("blocks",)


def test_views_stand_in_the_menu_and_can_be_gone_to_from_there(city: MainWindow) -> None:
    menu = child(city, QMenu, "menu-views")
    assert not menu.isEnabled()
    kept = city.viewport.viewpoint
    save(city)
    city.viewport.zoom(2.0)
    menu.aboutToShow.emit()
    menu.actions()[0].trigger()
    assert city.viewport.viewpoint == kept


def test_a_view_is_updated_and_deleted_from_the_bar(city: MainWindow) -> None:
    save(city)
    city.viewport.zoom(2.0)
    click(child(city, QToolButton, "views-bar-update"))
    assert city.desk.project.views[0].camera == city.viewport.viewpoint
    click(child(city, QToolButton, "views-bar-remove"))
    assert names(city) == []
    city.desk.actions["undo"].trigger()
    assert len(names(city)) == 1


def test_two_views_cannot_have_one_name(city: MainWindow) -> None:
    save(city)
    save(city)
    first, second = names(city)
    listed(city).item(1).setText(first)
    assert names(city) == [first, second]
    assert listed(city).item(1).text() == second
