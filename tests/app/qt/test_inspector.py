"""What is selected, how a layer looks, where it came from: read and changed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QColorDialog,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QMenu,
    QSlider,
    QSpinBox,
    QTableWidget,
    QTabWidget,
    QToolButton,
    QTreeWidget,
)

from app.qt.desk import Notice
from app.qt.main_window import MainWindow
from app.qt.panels.value_list import ValueList
from layers.kinds.base import Source
from tests.app.qt.conftest import cell, child, click, dialog, picture

pytestmark = pytest.mark.gui


def undo_action(window: MainWindow) -> QAction:
    menu = window.menuBar().actions()[1].menu()
    assert isinstance(menu, QMenu)
    return menu.actions()[0]


def select(window: MainWindow, qtbot: Any, *ids: int, layer: str = "blocks") -> None:
    child(window, QTabWidget, "inspector-tabs").setCurrentIndex(0)
    window.desk.session.select({layer: list(ids)} if ids else {})
    QApplication.processEvents()


def facts(window: MainWindow) -> dict[str, str]:
    return child(window, ValueList, "selection-facts").texts()


def attributes(window: MainWindow) -> dict[str, str]:
    return child(window, ValueList, "selection-attributes").texts()


def style_page(window: MainWindow, layer: str = "blocks") -> None:
    child(window, QTabWidget, "inspector-tabs").setCurrentIndex(1)
    window.desk.choose_layer(layer)


def pick(window: MainWindow, name: str, value: str) -> None:
    """Choose an entry of a combo box as a hand does."""
    combo = child(window, QComboBox, name)
    at = combo.findData(value)
    assert at >= 0, f"{name} offers no {value!r}"
    combo.setCurrentIndex(at)
    combo.activated.emit(at)


def test_a_typed_height_can_be_undone_from_the_menu(city: MainWindow, qtbot: Any) -> None:
    select(city, qtbot, 5)
    field = child(city, QDoubleSpinBox, "height")
    assert field.text() == "40.00 m"
    assert facts(city)["Height from"] == "a field of the file"
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "55")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert undo_action(city).text().replace("&", "") == "Undo Set height of building 5 to 55 m"
    QApplication.processEvents()
    assert facts(city)["Height from"] == "typed here"
    assert facts(city)["Level of the top"] == "55.00 m"
    undo_action(city).trigger()
    QApplication.processEvents()
    assert field.text() == "40.00 m"
    assert not undo_action(city).isEnabled()


def test_facts_and_attributes_of_one_building(city: MainWindow, qtbot: Any) -> None:
    select(city, qtbot, 5)
    assert child(city, QLabel, "selection-title").text() == "Block 5"
    assert attributes(city) == {"name": "Block 5"}
    assert facts(city)["Footprint"] == "3,600.0 m²"
    assert facts(city)["Volume"] == "144,000 m³"
    assert facts(city)["Storeys"] == "13 (counted from the height)"


def test_several_buildings_show_what_they_share_and_take_one_height(
    city: MainWindow, qtbot: Any
) -> None:
    select(city, qtbot, 1, 2, 3)
    assert child(city, QLabel, "selection-title").text() == "3 objects"
    assert attributes(city) == {"name": "3 values"}
    assert facts(city)["Volume in all"] == "432,000 m³"
    field = child(city, QDoubleSpinBox, "height")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "12")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert undo_action(city).text().replace("&", "") == "Undo Set height of 3 buildings to 12 m"
    select(city, qtbot, 1, 9)
    assert field.text() == "different heights"
    assert facts(city)["Height (m)"] == "12 to 40"


def test_values_are_copied_with_their_names(city: MainWindow, qtbot: Any) -> None:
    select(city, qtbot, 5)
    shown = child(city, QTreeWidget, "selection-attributes")
    shown.setFocus()
    qtbot.keyClick(shown, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    child(shown, QAction, "selection-attributes-copy").trigger()
    assert QApplication.clipboard().text() == "name\tBlock 5"


def test_nothing_selected_says_what_to_do_in_both_languages(city: MainWindow, qtbot: Any) -> None:
    select(city, qtbot)
    label = child(city, QLabel, "selection-empty")
    assert label.text().startswith("Nothing is selected")
    city.desk.speak("zh-CN")
    assert label.text().startswith("尚未选中")
    assert child(city, QTabWidget, "inspector-tabs").tabText(1) == "样式"
    select(city, qtbot, 5)
    assert "体积" in facts(city)


def test_choosing_an_object_makes_its_layer_the_one_that_commands_are_about(
    city: MainWindow, qtbot: Any
) -> None:
    city.desk.choose_layer("lake")
    select(city, qtbot, 5)
    assert city.desk.layer is not None
    assert city.desk.layer.id == "blocks"


def test_colours_by_ranges_change_the_picture_and_the_legend(city: MainWindow, qtbot: Any) -> None:
    heights = city.desk.project.layer("blocks").features
    data = heights.with_heights([1, 2, 3], [10.0, 20.0, 80.0])  # type: ignore[attr-defined]  # Buildings
    city.desk.project.layer("blocks").data = data
    before = picture(city, qtbot).astype(int)
    style_page(city)
    pick(city, "colouring-mode", "ranges")
    legend = child(city, QTableWidget, "colouring-legend")
    colouring = city.desk.project.layer("blocks").style.colouring
    assert colouring is not None
    assert colouring.field == "height"
    assert legend.rowCount() == len(colouring.entries) + 1
    after = picture(city, qtbot).astype(int)
    assert (np.abs(after - before).sum(axis=2) > 40).mean() > 0.01
    undo_action(city).trigger()
    assert city.desk.project.layer("blocks").style.colouring is None
    assert not legend.isVisible()


def test_categories_are_made_edited_and_taken_back_step_by_step(
    city: MainWindow, qtbot: Any
) -> None:
    style_page(city)
    pick(city, "colouring-mode", "categories")
    pick(city, "colouring-field", "name")
    legend = child(city, QTableWidget, "colouring-legend")
    assert legend.rowCount() == 10  # nine names and all others
    assert cell(legend, 0, 3).text() == "1"
    cell(legend, 0, 1).setText("The first")
    layer = city.desk.project.layer("blocks")
    assert layer.style.colouring is not None
    assert layer.style.colouring.entries[0].label == "The first"
    legend.cellClicked.emit(0, 0)
    choice = dialog(qtbot, "colouring-legend-choice")
    assert isinstance(choice, QColorDialog)
    choice.setCurrentColor(QColor("#123456"))
    choice.accept()
    assert layer.style.colouring.entries[0].colour == "#123456"
    undo_action(city).trigger()
    undo_action(city).trigger()
    assert layer.style.colouring is not None
    assert layer.style.colouring.entries[0].label == "Block 1"
    child(city, QSpinBox, "colouring-steps").setValue(4)
    assert len(layer.style.colouring.entries) == 4
    assert cell(legend, 4, 3).text() == "5"


def test_a_limit_that_makes_no_sense_is_told_and_changes_nothing(
    city: MainWindow, qtbot: Any, notices: list[Notice]
) -> None:
    layer = city.desk.project.layer("blocks")
    layer.data = layer.features.with_heights([1, 2, 3], [10.0, 20.0, 80.0])  # type: ignore[attr-defined]  # Buildings
    style_page(city)
    pick(city, "colouring-mode", "ranges")
    pick(city, "colouring-method", "equal")
    legend = child(city, QTableWidget, "colouring-legend")
    before = layer.style.colouring
    cell(legend, 0, 2).setText("999")
    assert "must lie between" in notices[-1].text
    assert layer.style.colouring == before
    assert cell(legend, 0, 2).text() != "999"
    cell(legend, 0, 2).setText("15")
    assert layer.style.colouring is not None
    assert layer.style.colouring.entries[0].high == 15.0


def test_ranges_of_a_field_without_numbers_are_refused_with_a_hint(
    city: MainWindow, qtbot: Any, notices: list[Notice]
) -> None:
    style_page(city)
    pick(city, "colouring-mode", "ranges")
    pick(city, "colouring-field", "name")
    assert notices[-1].level == "error"
    assert "holds no numbers" in notices[-1].text
    assert child(city, QComboBox, "colouring-field").currentData() == "height"


def test_a_drag_of_a_slider_is_one_step(city: MainWindow) -> None:
    style_page(city, "lake")
    slider = child(city, QSlider, "style-lift-slider")
    layer = city.desk.project.layer("lake")
    before = layer.style.lift
    slider.sliderPressed.emit()
    for at in (10, 20, 40):
        slider.setValue(at)
    slider.sliderReleased.emit()
    assert layer.style.lift == pytest.approx(2.0)
    assert child(city, QDoubleSpinBox, "style-lift").value() == pytest.approx(2.0)
    assert len(city.desk.session.history.labels) == 1
    undo_action(city).trigger()
    assert layer.style.lift == before


def test_a_colour_is_chosen_and_the_picture_follows(city: MainWindow, qtbot: Any) -> None:
    style_page(city)
    before = picture(city, qtbot).astype(int)
    click(child(city, QToolButton, "style-colour"))
    choice = dialog(qtbot, "style-colour-choice")
    assert isinstance(choice, QColorDialog)
    choice.setCurrentColor(QColor("#d01010"))
    choice.accept()
    assert city.desk.project.layer("blocks").style.colour == "#d01010"
    after = picture(city, qtbot).astype(int)
    redder = (after[..., 0] - after[..., 2]) - (before[..., 0] - before[..., 2])
    assert (redder > 40).mean() > 0.01


def test_only_what_means_something_for_a_layer_is_offered(city: MainWindow) -> None:
    style_page(city, "blocks")
    assert child(city, QToolButton, "style-outline").isVisible()
    assert not child(city, QDoubleSpinBox, "style-width-m").isVisible()
    assert not child(city, QDoubleSpinBox, "style-point-size").isVisible()
    style_page(city, "lake")
    assert child(city, QDoubleSpinBox, "style-lift").isVisible()


def test_the_wheel_over_a_number_without_focus_changes_nothing(city: MainWindow) -> None:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent

    style_page(city, "lake")
    field = child(city, QDoubleSpinBox, "style-lift")
    field.clearFocus()
    before = field.value()
    at = QPointF(5, 5)
    event = QWheelEvent(
        at, QPointF(field.mapToGlobal(QPoint(5, 5))), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(field, event)
    assert field.value() == before


def test_the_page_of_the_layer_tells_file_system_and_report(city: MainWindow) -> None:
    layer = city.desk.project.layer("blocks")
    layer.source = Source(
        Path("data") / "blocks.shp",
        report={
            "name": "Blocks", "kind": "buildings", "source": "blocks.shp", "read": 12, "kept": 9,
            "skipped": {"no_geometry": 3}, "first": {"no_geometry": ["7", "8"]},
            "crs": "EPSG:4547", "encoding": "GBK", "height_rule": "default 9 m", "objects": 9,
        },
    )  # fmt: skip
    child(city, QTabWidget, "inspector-tabs").setCurrentIndex(2)
    city.desk.choose_layer("lake")
    city.desk.choose_layer("blocks")
    told = child(city, ValueList, "source-list").texts()
    assert told["Text encoding"] == "GBK"
    assert told["Coordinate system"].startswith("EPSG:4547 CGCS2000")
    assert (told["read"], told["kept"], told["skipped"]) == ("12", "9", "3")
    assert told["File"].endswith("blocks.shp")


def test_the_inspector_is_reached_and_left_by_keys(city: MainWindow, qtbot: Any) -> None:
    select(city, qtbot, 5)
    field = child(city, QDoubleSpinBox, "height")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert child(city, QTreeWidget, "selection-facts").hasFocus()


def test_labels_get_field_size_order_and_colour_step_by_step(city: MainWindow, qtbot: Any) -> None:
    style_page(city)
    layer = city.desk.project.layer("blocks")
    field = child(city, QComboBox, "style-label-field")
    assert not child(city, QComboBox, "style-label-rank").isVisible()
    field.setCurrentIndex(field.findData("name"))
    field.activated.emit(field.currentIndex())
    assert layer.style.label_field == "name"
    assert child(city, QComboBox, "style-label-rank").isVisible()
    child(city, QDoubleSpinBox, "style-label-size").setValue(20.0)
    child(city, QDoubleSpinBox, "style-label-metres").setValue(500.0)
    own = child(city, QCheckBox, "style-label-own-colour")
    qtbot.mouseClick(own, Qt.MouseButton.LeftButton, pos=QPoint(8, own.height() // 2))
    behind = child(city, QCheckBox, "style-label-behind")
    qtbot.mouseClick(behind, Qt.MouseButton.LeftButton, pos=QPoint(8, behind.height() // 2))
    style = layer.style
    assert (style.label_size, style.label_metres, style.label_behind) == (20.0, 500.0, True)
    assert style.label_colour is not None
    undo_action(city).trigger()
    assert not layer.style.label_behind
    assert layer.style.label_colour is not None
