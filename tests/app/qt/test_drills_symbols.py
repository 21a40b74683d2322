"""The palette of symbols: found, liked, brought, placed by a click and by a drag."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
)

from app import settings
from app.qt.main_window import MainWindow
from app.qt.panels.drills import DrillsPanel
from app.qt.panels.drills_symbols import MIME
from layers.drills.symbol_edits import symbols_in
from layers.drills.symbols import ALL
from tests.app.qt.conftest import EAST, NORTH, canvas, child, click, pixel
from tests.layers.files.test_symbol_import import glb, svg


@pytest.fixture
def panel(city: MainWindow, qtbot: Any, tmp_path: Path, monkeypatch: Any) -> DrillsPanel:
    """The palette, opened from the menu, in a town without plans."""
    monkeypatch.setenv("CITYSTAGE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("CITYSTAGE_CONFIG", str(tmp_path / "config"))
    city.desk.actions["drills-symbols"].trigger()
    made = cast(DrillsPanel, city.docks.panel("drills"))
    qtbot.waitUntil(made.symbols.isVisible)
    city.desk.settings.favourite_symbols = []
    child(made, QLineEdit, "symbols-words").clear()
    only(made, "")
    return made


def codes(panel: DrillsPanel) -> list[str]:
    shown = child(panel, QListWidget, "symbols-list")
    return [str(shown.item(at).data(Qt.ItemDataRole.UserRole)) for at in range(shown.count())]


def search(panel: DrillsPanel, words: str) -> None:
    field = child(panel, QLineEdit, "symbols-words")
    field.selectAll()
    QTest.keyClicks(field, words) if words else field.clear()


def choose(panel: DrillsPanel, words: str) -> None:
    search(panel, words)
    child(panel, QListWidget, "symbols-list").setCurrentRow(0)


def only(panel: DrillsPanel, letter: str) -> None:
    box = child(panel, QComboBox, "symbols-class")
    box.setCurrentIndex(box.findData(letter))
    box.activated.emit(box.currentIndex())


def test_symbols_are_found_by_pinyin_and_class(panel: DrillsPanel) -> None:
    assert len(codes(panel)) == len(ALL)
    search(panel, "xfc")
    assert codes(panel) == ["D20301"]
    search(panel, "")
    only(panel, "E")
    assert len(codes(panel)) == 9
    search(panel, "nothing")
    assert "nothing" in child(panel, QLabel, "symbols-told").text()


def test_a_symbol_is_placed_by_a_click_and_makes_plan_and_step(
    panel: DrillsPanel, city: MainWindow
) -> None:
    choose(panel, "fire")
    click(child(panel, QPushButton, "symbols-place"))
    QTest.mouseClick(
        canvas(city), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
        pixel(city, EAST, NORTH),
    )  # fmt: skip
    plan = panel.drilling.plan
    assert plan is not None
    (element,) = plan.steps[0].elements
    assert (element.kind, element.symbol) == ("symbol", "A20100")
    assert element.coords[0] == pytest.approx((EAST, NORTH), abs=3.0)
    assert panel.symbols.isVisible()


def test_a_symbol_is_dragged_into_the_picture(panel: DrillsPanel, city: MainWindow) -> None:
    choose(panel, "hospital")
    data = QMimeData()
    data.setData(MIME, QByteArray(b"D30000"))
    at = canvas(city).mapTo(city, pixel(city, EAST, NORTH))
    keys, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, keys, none)
    QApplication.sendEvent(city, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, keys, none)
    QApplication.sendEvent(city, drop)
    assert drop.isAccepted()
    plan = panel.drilling.plan
    assert plan is not None
    (element,) = plan.steps[0].elements
    assert element.symbol == "D30000"
    assert element.coords[0] == pytest.approx((EAST, NORTH), abs=3.0)
    away = QDropEvent(QPointF(QPoint(1, 1)), Qt.DropAction.CopyAction, data, keys, none)
    QApplication.sendEvent(city, away)
    kept = panel.drilling.plan
    assert kept is not None
    assert len(kept.steps[0].elements) == 1


def test_favourites_are_kept_in_the_settings(panel: DrillsPanel) -> None:
    choose(panel, "xhs")
    click(child(panel, QPushButton, "symbols-like"))
    assert settings.load().favourite_symbols == ["D20200"]
    search(panel, "")
    only(panel, "favourites")
    assert codes(panel) == ["D20200"]
    child(panel, QListWidget, "symbols-list").setCurrentRow(0)
    click(child(panel, QPushButton, "symbols-like"))
    assert codes(panel) == []
    assert settings.load().favourite_symbols == []


def test_own_symbols_come_from_files_and_go_again(
    panel: DrillsPanel, city: MainWindow, tmp_path: Path
) -> None:
    panel.symbols.bring(str(svg(tmp_path)))
    panel.symbols.bring(str(glb(tmp_path)))
    assert [one.name for one in symbols_in(city.desk.project)] == ["pump", "tank"]
    assert panel.symbols.chosen == "U00002"
    only(panel, "U")
    assert codes(panel) == ["U00001", "U00002"]
    child(panel, QListWidget, "symbols-list").setCurrentRow(0)
    click(child(panel, QPushButton, "symbols-drop"))
    assert codes(panel) == ["U00002"]
    city.desk.actions["undo"].trigger()
    assert codes(panel) == ["U00001", "U00002"]
    panel.symbols.bring(str(svg(tmp_path, "<svg", "bad.svg")))
    assert len(symbols_in(city.desk.project)) == 2
