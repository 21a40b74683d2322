"""The ground in the window: colours, contour lines, exaggeration."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QMenu, QPushButton

from app.qt.main_window import MainWindow
from tests.app.qt.conftest import child
from tests.app.qt.test_ground_details import hillside

pytestmark = pytest.mark.gui
__all__ = ["hillside"]


def land(window: MainWindow) -> Any:
    return next(iter(window.desk.project.of_kind("terrain")))


def test_a_terrain_is_coloured_with_one_click_and_undone(hillside: MainWindow) -> None:
    hillside.desk.choose_layer(land(hillside).id)
    tints = child(hillside, QComboBox, "style-ground-tint")
    assert [tints.itemText(i) for i in range(4)][1:] == ["by height", "by slope", "by aspect"]
    for at, field in ((1, "height"), (2, "slope"), (3, "aspect")):
        tints.setCurrentIndex(at)
        tints.activated.emit(at)
        assert land(hillside).style.colouring.field == field
    hillside.desk.actions["undo"].trigger()
    assert land(hillside).style.colouring.field == "slope"
    assert tints.currentIndex() == 2


def test_contour_lines_are_shown_and_become_a_layer(hillside: MainWindow, qtbot: Any) -> None:
    hillside.desk.choose_layer(land(hillside).id)
    child(hillside, QDoubleSpinBox, "style-ground-contours").setValue(5.0)
    assert land(hillside).style.contours == 5.0
    count = len(hillside.desk.project.layers)
    child(hillside, QPushButton, "ground-contour-lines").click()
    qtbot.waitUntil(lambda: len(hillside.desk.project.layers) == count + 1, timeout=60_000)
    added = next(one for one in hillside.desk.project.layers if one.name == "Contours 5 m")
    assert set(added.features.attributes["height_m"].to_pylist()) >= {15.0, 20.0, 65.0}


def test_the_menu_exaggerates_heights_as_a_step_that_can_be_undone(hillside: MainWindow) -> None:
    menu = child(hillside, QMenu, "menu-exaggeration")
    menu.aboutToShow.emit()
    by_name = {action.objectName(): action for action in menu.actions()}
    assert by_name["exaggeration-1"].isChecked()
    by_name["exaggeration-3"].trigger()
    assert hillside.desk.project.info.exaggeration == 3.0
    assert hillside.viewport.viewpoint.stretch == 3.0
    hillside.desk.actions["undo"].trigger()
    assert hillside.viewport.viewpoint.stretch == 1.0
