"""The look of the picture from the menu, and layers drawn as they are built."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QMenu

from app.qt.main_window import MainWindow
from layers.looks import LOOKS
from tests.app.qt.conftest import child

pytestmark = pytest.mark.gui


def looks(window: MainWindow) -> QMenu:
    menu = child(window, QMenu, "menu-looks")
    menu.aboutToShow.emit()
    return menu


def test_a_look_is_chosen_saved_with_views_and_undone(city: MainWindow) -> None:
    menu = looks(city)
    assert [action.objectName() for action in menu.actions()] == [f"look-{name}" for name in LOOKS]
    child(city, QAction, "look-night").trigger()
    assert city.desk.project.info.look == "night"
    assert city.viewport.look == "night"
    checked = [action.objectName() for action in looks(city).actions() if action.isChecked()]
    assert checked == ["look-night"]
    city.desk.actions["view-save"].trigger()
    assert city.desk.project.views[-1].look == "night"
    child(city, QAction, "look-white").trigger()
    city.viewport.show_view(city.desk.project.views[-1])
    assert city.viewport.look == "night"
    child(city, QAction, "look-white").trigger()  # the menu counts more than the view
    assert city.viewport.look == "white"
    city.desk.actions["undo"].trigger()
    assert city.desk.project.views[-1:] or city.desk.project.info.look != "white"


def test_water_is_switched_between_map_and_built(city: MainWindow) -> None:
    city.desk.choose_layer("lake")
    box = child(city, QCheckBox, "style-built")
    assert box.isChecked()
    box.click()
    assert not city.desk.project.layer("lake").style.built
    city.desk.actions["undo"].trigger()
    assert city.desk.project.layer("lake").style.built
    assert box.isChecked()
