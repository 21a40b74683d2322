"""The panel of pipes: asking, statistics, as somebody uses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QWidget

from app.qt.main_window import MainWindow
from app.qt.panels.pipes import PAGES, PipesPanel
from app.qt.panels.result_table import ResultTable
from app.qt.widgets.bar_chart import BarChart
from layers.edits import SetData
from layers.frame import Frame
from layers.history import Label
from layers.kinds import KINDS
from layers.kinds.base import Layer
from layers.kinds.pipes import INVERT, TOP, Pipes
from layers.project import Project
from tests.app.qt.conftest import canvas, child, click, pixel
from tests.layers.pipes.made import EAST, NORTH, network
from tests.layers.pipes.streets import flat_terrain, layer

pytestmark = pytest.mark.gui


def underground() -> Project:
    """A sewer and a gas pipe along a street, a water pipe across."""
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    data = network(
        [[(0, 0), (60, 0)], [(0, 2), (60, 2)], [(30, -30), (30, 30)]],
        ["drain", "gas", "water"], [0.5, 0.2, 0.15], [(-3.0, -3.4), (-1.0, -1.0), (-1.3, -1.3)],
        level_of=[INVERT, TOP, TOP], assumed=[0, 0, 1],
        attributes={"number": ["WS1", "RQ7", "JS9"], "material": ["concrete", "PE", "PE"],
                    "year": [1990, 2005, 2010], "owner": ["A", "B", "C"],
                    "link": [None, "photo.jpg", None]},
    )  # fmt: skip
    style = KINDS["pipes"].style
    project.insert_layer(Layer("pipes", "Pipes", data, style=style, layer_id="pipes"))
    return project


@pytest.fixture
def pipes(window: MainWindow, qtbot: Any) -> Iterator[MainWindow]:
    """The window with pipes in it, drawn."""
    before = window.viewport.frames
    window.documents.show_project(underground())
    qtbot.waitUntil(lambda: window.viewport.frames > before, timeout=60_000)
    yield window
    window.docks["pipes"].hide()


def page_of(window: MainWindow, key: str, qtbot: Any) -> QWidget:
    window.desk.actions[f"pipes-{key}"].trigger()
    panel = child(window, PipesPanel, "pipes-panel")
    qtbot.waitUntil(panel.isVisible)
    return panel.page(key)


def choose(page: QWidget, name: str, data: str) -> None:
    box = child(page, QComboBox, name)
    box.setCurrentIndex(box.findData(data))


def test_every_page_opens_and_speaks_both_languages(pipes: MainWindow, qtbot: Any) -> None:
    for row in PAGES:
        page = page_of(pipes, row.key, qtbot)
        assert page.isVisible(), row.key
    pipes.desk.speak("zh-CN")
    labels = [x.text() for x in child(pipes, PipesPanel, "pipes-panel").findChildren(QLabel)]
    assert not [text for text in labels if text.startswith("pipes-")]


def test_an_expression_lists_selects_and_tells_everything(pipes: MainWindow, qtbot: Any) -> None:
    page = page_of(pipes, "ask", qtbot)
    field = child(page, QLineEdit, "pipes-ask-text")
    field.setFocus()
    qtbot.keyClicks(field, "material = PE")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    found = child(page, ResultTable, "pipes-ask-list")
    qtbot.waitUntil(lambda: found.count == 2, timeout=20_000)
    assert pipes.desk.session.selection["pipes"].tolist() == [2, 3]
    found.setFocus()
    found.choose(1)
    assert pipes.desk.session.selection["pipes"].tolist() == [3]
    sheet = child(page, ResultTable, "pipes-ask-sheet")
    told = {sheet.text(row, 0): sheet.text(row, 1) for row in range(sheet.count)}
    assert told["Size"] == "DN150"
    assert told["Top at start (m)"] == "-1.300 (assumed)"
    assert told["Owner"] == "C"


def test_a_pipe_clicked_in_the_picture_tells_its_sheet(pipes: MainWindow, qtbot: Any) -> None:
    page = page_of(pipes, "ask", qtbot)
    child(page, QPushButton, "pipes-ask-go").setFocus()
    pipes.desk.session.select({"pipes": [2]})
    sheet = child(page, ResultTable, "pipes-ask-sheet")
    told = {sheet.text(row, 0): sheet.text(row, 1) for row in range(sheet.count)}
    assert (told["Number"], told["Photo or document"]) == ("RQ7", "photo.jpg")


def test_a_click_finds_what_is_nearest(pipes: MainWindow, qtbot: Any) -> None:
    page = page_of(pipes, "ask", qtbot)
    choose(page, "pipes-ask-how", "near")
    pipes.viewport.fit((EAST - 20, NORTH - 40, EAST + 80, NORTH + 40))
    click(child(page, QPushButton, "pipes-ask-go"))
    assert pipes.desk.session.tool == "draw-spot"
    QTest.mouseClick(canvas(pipes), Qt.MouseButton.LeftButton, pos=middle(pipes))
    found = child(page, ResultTable, "pipes-ask-list")
    qtbot.waitUntil(lambda: found.count == 3, timeout=20_000)
    assert pipes.desk.session.tool == "tool-pan"


def test_an_area_drawn_finds_what_is_in_it(pipes: MainWindow, qtbot: Any) -> None:
    page = page_of(pipes, "ask", qtbot)
    choose(page, "pipes-ask-how", "area")
    pipes.viewport.fit((EAST - 20, NORTH - 40, EAST + 80, NORTH + 40))
    pipes.viewport.look_towards(0.0, -np.pi / 2)
    click(child(page, QPushButton, "pipes-ask-go"))
    for x, y in ((18, 1.5), (41, 1.5), (41, -14), (18, -14)):
        at = pixel(pipes, EAST + x, NORTH + y)
        QTest.mouseClick(canvas(pipes), Qt.MouseButton.LeftButton, pos=at)
    QTest.keyClick(canvas(pipes), Qt.Key.Key_Return)
    found = child(page, ResultTable, "pipes-ask-list")
    qtbot.waitUntil(lambda: found.count == 2, timeout=20_000)
    assert pipes.desk.session.selection["pipes"].tolist() == [1, 3]  # the gas pipe runs beside it


def test_a_box_between_two_corners_finds_what_is_in_it(pipes: MainWindow, qtbot: Any) -> None:
    page = page_of(pipes, "ask", qtbot)
    choose(page, "pipes-ask-how", "box")
    pipes.viewport.fit((EAST - 20, NORTH - 40, EAST + 80, NORTH + 40))
    pipes.viewport.look_towards(0.0, -np.pi / 2)
    click(child(page, QPushButton, "pipes-ask-go"))
    for x, y in ((18, 1.5), (41, -14)):
        at = pixel(pipes, EAST + x, NORTH + y)
        QTest.mouseClick(canvas(pipes), Qt.MouseButton.LeftButton, pos=at)
    QTest.keyClick(canvas(pipes), Qt.Key.Key_Return)
    found = child(page, ResultTable, "pipes-ask-list")
    qtbot.waitUntil(lambda: found.count == 2, timeout=20_000)
    assert pipes.desk.session.selection["pipes"].tolist() == [1, 3]


def middle(window: MainWindow) -> QPoint:
    return canvas(window).rect().center()


def test_statistics_by_two_properties_in_table_chart_and_file(
    pipes: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    page = page_of(pipes, "stats", qtbot)
    choose(page, "pipes-stats-by", "material")
    choose(page, "pipes-stats-and", "class")
    click(child(page, QPushButton, "pipes-stats-go"))
    table = child(page, ResultTable, "pipes-stats-table")
    qtbot.waitUntil(lambda: table.count == 3, timeout=20_000)
    bars = child(page, BarChart, "pipes-stats-chart").bars
    assert [(bar.name, len(bar.parts), bar.text) for bar in bars] == [
        ("PE", 2, "120.0"), ("concrete", 1, "60.0")
    ]  # fmt: skip
    table.export_to(tmp_path / "sums.csv")
    lines = (tmp_path / "sums.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("Material,Class,Runs,Points,Plan length (m),True length (m)")


def test_a_mistake_in_an_expression_is_told(
    pipes: MainWindow, qtbot: Any, notices: list[Any]
) -> None:
    page = page_of(pipes, "ask", qtbot)
    field = child(page, QLineEdit, "pipes-ask-text")
    choose(page, "pipes-ask-how", "where")
    field.setText("colour = 3")
    click(child(page, QPushButton, "pipes-ask-go"))
    qtbot.waitUntil(lambda: bool(notices) and notices[-1].level == "error", timeout=20_000)
    assert "colour" in notices[-1].text


def test_a_check_lists_its_findings_and_a_row_selects_both_pipes(
    pipes: MainWindow, qtbot: Any
) -> None:
    """The water pipe has its top at -1.3, the gas pipe its bottom at -1.2: 0.10 m of 0.15 m."""
    page = page_of(pipes, "check", qtbot)
    for name in ("cover", "drains", "order", "surroundings", "crossing", "survey-error"):
        child(page, QCheckBox, f"pipes-check-{name}").setChecked(False)
    click(child(page, QPushButton, "pipes-check-go"))
    table = child(page, ResultTable, "pipes-check-list")
    told = child(page, QLabel, "pipes-check-told")
    qtbot.waitUntil(lambda: "Nothing" in told.text(), timeout=60_000)
    child(page, QCheckBox, "pipes-check-crossing").setChecked(True)
    click(child(page, QPushButton, "pipes-check-go"))
    qtbot.waitUntil(lambda: table.count > 0, timeout=60_000)
    table.setFocus()
    table.choose(0)
    chosen = pipes.desk.session.selection["pipes"].tolist()
    assert chosen == [2, 3]
    assert table.text(0, 0) == "crossing"
    assert "findings" in told.text()
    pipes.desk.actions["undo"].trigger()


def test_a_changed_pipe_makes_the_check_stale(pipes: MainWindow, qtbot: Any) -> None:
    page = page_of(pipes, "check", qtbot)
    child(page, QCheckBox, "pipes-check-crossing").setChecked(True)
    click(child(page, QPushButton, "pipes-check-go"))
    told = child(page, QLabel, "pipes-check-told")
    qtbot.waitUntil(lambda: "findings" in told.text(), timeout=60_000)
    layer = pipes.desk.project.layer("pipes")
    assert isinstance(layer.data, Pipes)
    deeper = replace(layer.data, end_level=layer.data.end_level - 1.0)
    pipes.desk.run(SetData("pipes", deeper, Label("edit-pipes-levels", {"name": "Pipes"})))
    qtbot.waitUntil(lambda: "check again" in told.text(), timeout=20_000)


def test_a_planned_pipe_is_drawn_told_and_listed(pipes: MainWindow, qtbot: Any) -> None:
    page = page_of(pipes, "plan", qtbot)
    pipes.desk.project.insert_layer(layer("terrain", "ground", flat_terrain(0.0, 200.0)))
    pipes.viewport.fit((EAST - 20, NORTH - 40, EAST + 80, NORTH + 40))
    pipes.viewport.look_towards(0.0, -np.pi / 2)
    choose(page, "pipes-plan-class", "heat")
    child(page, QLineEdit, "pipes-plan-number").setText("H1")
    click(child(page, QPushButton, "pipes-plan-draw"))
    assert pipes.desk.session.tool == "draw-pipe"
    at = middle(pipes)
    for shift in (QPoint(-90, -60), QPoint(90, 60)):
        QTest.mouseMove(canvas(pipes), at + shift)
        QTest.mouseClick(canvas(pipes), Qt.MouseButton.LeftButton, pos=at + shift)
    QTest.keyClick(canvas(pipes), Qt.Key.Key_Return)
    table = child(page, ResultTable, "pipes-plan-list")
    qtbot.waitUntil(lambda: table.count > 0, timeout=60_000)
    layers = {layer.name: layer.data for layer in pipes.desk.project.of_kind("pipes")}
    made = layers["Planned pipes"]
    assert isinstance(made, Pipes)
    assert made.column("number").to_pylist()[0] == "H1"
    told = child(page, QLabel, "pipes-plan-told").text()
    assert "conflicts" in told
    assert "of soil" in told
    pipes.desk.actions["undo"].trigger()
    pipes.desk.actions["undo"].trigger()
    assert "Planned pipes" not in {x.name for x in pipes.desk.project.layers}
