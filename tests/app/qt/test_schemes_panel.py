"""Schemes in the window: the dock, the tools, merging, comparing, as a user does it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTabWidget,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
)

from app.qt.building import adjust, import_buildings
from app.qt.compare_window import CompareWindow
from app.qt.main_window import MainWindow
from app.qt.panels.result_table import ResultTable
from app.qt.scheme_pictures import Curtain
from layers.edits import SetHeight
from layers.kinds.buildings import Buildings
from layers.schemes import captured
from layers.schemes_edits import activate, new_scheme
from scene import camera
from scene.tools.adjust_building import Adjustment
from scene.tools.draw_footprint import DrawFootprint
from scene.tools.events import ALT, LEFT, PointerEvent
from tests.app.qt.conftest import EAST, NORTH, cell, child, click, dialog

pytestmark = pytest.mark.gui


def tree(window: MainWindow) -> QTreeWidget:
    return child(window, QTreeWidget, "schemes-tree")


def items(window: MainWindow) -> dict[str, QTreeWidgetItem]:
    found, at = {}, QTreeWidgetItemIterator(tree(window))
    while at.value() is not None:
        found[at.value().text(0)] = at.value()
        at += 1
    return found


def press(window: MainWindow, key: str) -> None:
    click(child(window, QToolButton, f"schemes-bar-{key}"))


def blocks(window: MainWindow) -> Buildings:
    data = window.desk.project.layer("blocks").data
    assert isinstance(data, Buildings)
    return data


@pytest.fixture
def schemes(city: MainWindow) -> MainWindow:
    """The town with its dock of schemes open."""
    city.desk.actions["schemes-panel"].trigger()
    return city


def test_a_scheme_is_made_named_and_marked_as_active(schemes: MainWindow, qtbot: Any) -> None:
    press(schemes, "add")
    editor = child(tree(schemes), QLineEdit, "")
    editor.selectAll()
    qtbot.keyClicks(editor, "Towers")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Towers" in items(schemes), timeout=60_000)
    assert items(schemes)["Towers"].font(0).bold()
    assert not items(schemes)["Existing city"].font(0).bold()
    sign = child(schemes, QToolButton, "status-scheme")
    assert (sign.text(), sign.isVisible()) == ("Towers", True)


def test_edits_count_in_the_tree_and_the_existing_city_comes_back(schemes: MainWindow) -> None:
    desk = schemes.desk
    before = blocks(schemes)
    desk.run(new_scheme("A"))
    desk.run(SetHeight("blocks", 1, 90.0))
    assert items(schemes)["A"].text(1) == "+0 ~1 −0"
    tree(schemes).setCurrentItem(items(schemes)["Existing city"])
    press(schemes, "activate")
    assert blocks(schemes) is before
    desk.session.undo()
    assert blocks(schemes).height[0] == 90.0


def test_a_scheme_is_copied_archived_and_removed(schemes: MainWindow, qtbot: Any) -> None:
    schemes.desk.run(new_scheme("A"))
    press(schemes, "copy")
    (copy,) = [name for name in items(schemes) if name not in {"A", "Existing city"}]
    tree(schemes).setCurrentItem(items(schemes)[copy])
    press(schemes, "archive")
    assert items(schemes)[copy].text(2) == "archived"
    press(schemes, "remove")
    click(child(dialog(qtbot, "dialog-remove-scheme"), QPushButton, "yes"))
    qtbot.waitUntil(lambda: copy not in items(schemes), timeout=60_000)


def test_promoting_asks_first(schemes: MainWindow, qtbot: Any) -> None:
    schemes.desk.run(new_scheme("A"))
    schemes.desk.run(SetHeight("blocks", 1, 90.0))
    press(schemes, "promote")
    click(child(dialog(qtbot, "dialog-promote-scheme"), QPushButton, "yes"))
    qtbot.waitUntil(lambda: not schemes.desk.project.schemes.active, timeout=60_000)
    assert blocks(schemes).height[0] == 90.0
    assert items(schemes)["A"].text(2) == "promoted"


def test_conflicts_are_decided_in_the_dialog(schemes: MainWindow, qtbot: Any) -> None:
    desk = schemes.desk
    for name, metres in (("A", 50.0), ("B", 60.0)):
        desk.run(new_scheme(name))
        desk.run(SetHeight("blocks", 1, metres))
    desk.run(activate("A"))
    press(schemes, "merge")
    asked = dialog(qtbot, "dialog-merge-schemes")
    table = child(asked, QTableWidget, "merge-conflicts")
    assert [cell(table, 0, column).text() for column in range(4)] == [
        "Blocks", "1", "changed", "changed",
    ]  # fmt: skip
    child(asked, QComboBox, "merge-side-0").setCurrentIndex(1)
    click(child(asked, QPushButton, "merge"))
    qtbot.waitUntil(lambda: blocks(schemes).height[0] == 60.0, timeout=60_000)


def draw(window: MainWindow, *places: tuple[float, float]) -> None:
    stage, tool = window.viewport.stage, window.viewport.tool
    assert isinstance(tool, DrawFootprint)
    for east, north in places:
        point = (EAST + east, NORTH + north, 0.0)
        x, y = camera.project_points(stage.viewpoint, [point], stage.size)[0, :2]
        for kind in ("move", "press", "release"):
            button = LEFT if kind != "move" else ""
            told = PointerEvent(kind, float(x), float(y), button, frozenset({ALT}))
            tool.pointer(told)


def test_a_building_is_drawn_with_the_storeys_of_the_form(schemes: MainWindow) -> None:
    desk = schemes.desk
    desk.run(new_scheme("A"))
    child(schemes, QComboBox, "build-use").setCurrentIndex(1)
    child(schemes, QSpinBox, "build-storeys").setValue(20)
    child(schemes, QSpinBox, "build-podium").setValue(2)
    desk.actions["build-draw"].trigger()
    draw(schemes, (-150, -150), (-90, -150), (-90, -100), (-150, -100))
    schemes.viewport.tool.key(_key("enter"))
    data = blocks(schemes)
    assert len(data) == 12  # a whole, its podium and its tower
    assert data.height[-1] == pytest.approx(2 * 4.8 + 20 * 4.0)
    assert desk.session.selection["blocks"].tolist() == [10]
    assert captured(desk.project).get("A").counts()["added"] == 3
    desk.session.undo()
    assert len(blocks(schemes)) == 9


def _key(name: str) -> Any:
    from scene.tools.events import KeyEvent

    return KeyEvent(name)


def test_digits_belong_to_the_tool_that_is_typed_into(schemes: MainWindow, qtbot: Any) -> None:
    from tests.app.qt.conftest import canvas

    schemes.desk.actions["build-draw"].trigger()
    draw(schemes, (-150, -150), (-90, -150))
    eye = schemes.viewport.viewpoint
    picture = canvas(schemes)
    picture.setFocus()
    QTest.keyClick(picture, Qt.Key.Key_5)  # from above, where no tool is typed into
    tool = schemes.viewport.tool
    assert isinstance(tool, DrawFootprint)
    assert tool.typed == "5"
    assert schemes.viewport.viewpoint == eye
    tool.cancel()


def test_copies_stand_in_the_array_of_the_form(schemes: MainWindow) -> None:
    import numpy as np

    child(schemes, QSpinBox, "build-columns").setValue(3)
    child(schemes, QSpinBox, "build-rows").setValue(2)
    adjust(schemes.desk, Adjustment("copy", "blocks", np.array([1]), east=0.0, north=-300.0))
    assert len(blocks(schemes)) == 9 + 5
    child(schemes, QSpinBox, "build-columns").setValue(2)
    child(schemes, QSpinBox, "build-rows").setValue(1)


def test_selected_buildings_get_storeys_or_go(schemes: MainWindow) -> None:
    desk = schemes.desk
    desk.session.select({"blocks": [2, 3]})
    child(schemes, QSpinBox, "build-storeys").setValue(4)
    child(schemes, QComboBox, "build-use").setCurrentIndex(0)
    click(child(schemes, QPushButton, "build-apply"))
    assert blocks(schemes).height[1:3].tolist() == [12.0, 12.0]
    click(child(schemes, QPushButton, "build-remove"))
    assert len(blocks(schemes)) == 7
    assert not child(schemes, QPushButton, "build-apply").isEnabled()


def test_buildings_of_a_file_take_the_place_of_those_below(
    schemes: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    tower = shapely.box(EAST + 10, NORTH + 10, EAST + 50, NORTH + 50)
    feature = {"type": "Feature", "geometry": shapely.geometry.mapping(tower),
               "properties": {"height": 120}}  # fmt: skip
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}
    file = tmp_path / "tower.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}))
    import_buildings(schemes.desk, file)
    qtbot.waitUntil(lambda: blocks(schemes).height.max() == 120.0, timeout=60_000)
    assert len(blocks(schemes)) == 9


@pytest.fixture
def compared(schemes: MainWindow) -> CompareWindow:
    desk = schemes.desk
    for name, metres in (("A", 90.0), ("B", 20.0)):
        desk.run(new_scheme(name))
        desk.run(SetHeight("blocks", 5, metres))
    desk.actions["compare-schemes"].trigger()
    return child(schemes, CompareWindow, "compare-window")


def count(window: CompareWindow) -> int:
    return len(window.pictures)


def test_schemes_are_compared_in_every_way(compared: CompareWindow, qtbot: Any) -> None:
    way = child(compared, QComboBox, "compare-way")
    table = child(compared, QTableWidget, "compare-table")
    assert compared.chosen == ["existing", "A"]
    assert count(compared) == 1
    assert cell(table, 1, 2).text() == "1  (+1)"
    child(compared, QComboBox, "compare-scheme-3").setCurrentIndex(2)
    way.setCurrentIndex(1)
    assert compared.chosen == ["existing", "A", "B"]
    assert count(compared) == 3
    first, second, third = compared.pictures
    eye = camera.orbit(first.stage.viewpoint, 0.4, 0.0)
    first.stage.viewpoint = eye
    assert second.stage.viewpoint == third.stage.viewpoint == eye
    way.setCurrentIndex(2)
    curtain = child(compared, Curtain, "curtain")
    assert compared.pictures[0].stage.viewpoint == eye
    assert not curtain.blinking
    way.setCurrentIndex(3)
    assert child(compared, Curtain, "curtain").blinking
    compared.close()


def test_a_row_of_the_objects_that_differ_is_looked_at(compared: CompareWindow) -> None:
    listed = child(compared, ResultTable, "compare-objects")
    tabs = child(compared, QTabWidget, "compare-tabs")
    assert tabs.tabText(1) == "Objects (1)"
    assert [listed.text(0, k) for k in (0, 1, 3, 7)] == ["A", "changed", "5", "90.0"]
    before = compared.pictures[0].stage.viewpoint
    listed.choose(0)
    eye = compared.pictures[0].stage.viewpoint
    assert eye != before
    assert eye.heading == before.heading
    child(compared, QComboBox, "compare-way").setCurrentIndex(1)
    child(compared, QComboBox, "compare-scheme-3").setCurrentIndex(2)
    assert [listed.text(k, 0) for k in range(listed.count)] == ["A", "B"]
    listed.choose(1)
    first, *others = compared.pictures
    assert all(other.stage.viewpoint == first.stage.viewpoint for other in others)
    compared.close()


def test_a_comparison_is_written(compared: CompareWindow, tmp_path: Path) -> None:
    from layers.edits import save_view
    from layers.viewpoint import View

    parent = compared.parent()
    assert isinstance(parent, MainWindow)
    save_view(compared.project, View("Here", parent.viewport.viewpoint)).do(compared.project)
    compared.export(tmp_path, (320, 180))
    names = {path.name for path in tmp_path.iterdir()}
    assert {"comparison.pdf", "comparison.csv", "comparison.xlsx", "sheet.png"} <= names
    assert sum(name.startswith("Here-") for name in names) == 3
    compared.close()
