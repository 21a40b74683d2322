"""Themes are switched in the scene, and kept."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
import shapely
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton, QTreeWidget

from app.qt.main_window import MainWindow
from app.qt.panels.themes import ThemesPanel
from layers.analyses import edits
from layers.kinds.base import Features, Layer
from layers.shapes import Shapes
from tests.app.qt.conftest import EAST, NORTH, child, click

pytestmark = pytest.mark.gui


def isolated(window: MainWindow) -> bool:
    return window.desk.viewport.isolated


def test_a_theme_is_switched_off_alone_kept_and_taken_up_again(
    city: MainWindow, qtbot: Any
) -> None:
    halves = [
        shapely.box(EAST - 20, NORTH - 20, EAST + 80, NORTH + 280),
        shapely.box(EAST + 80, NORTH - 20, EAST + 280, NORTH + 280),
    ]
    plots = Features.of(Shapes.from_shapely(halves), pa.table({"class": ["housing", "retail"]}))
    city.desk.project.insert_layer(Layer("districts", "Plots", plots, layer_id="plots"))
    city.docks.show("themes")
    tree = child(city, QTreeWidget, "themes-tree")
    qtbot.waitUntil(lambda: tree.topLevelItemCount() >= 2, timeout=30_000)
    names = [tree.topLevelItem(k).text(0) for k in range(tree.topLevelItemCount())]  # type: ignore[union-attr]  # they are there
    assert names[:2] == ["Housing", "Commerce"]
    row = tree.topLevelItem(0)
    assert row is not None
    assert row.text(1) == "3"
    row.setCheckState(0, Qt.CheckState.Unchecked)
    assert isolated(city) is True
    click(child(city, QPushButton, "themes-save"))
    qtbot.waitUntil(lambda: len(edits.answers_of(city.desk.project)) == 1, timeout=60_000)
    click(child(city, QPushButton, "themes-all"))
    assert isolated(city) is False
    saved = child(city, QComboBox, "themes-saved")
    qtbot.waitUntil(lambda: saved.count() == 2, timeout=30_000)
    saved.setCurrentIndex(1)
    saved.activated.emit(1)
    assert isolated(city) is True
    panel = child(city, ThemesPanel, "themes-panel")
    panel.only("commercial")
    assert isolated(city) is True
    panel.all()
    city.docks["themes"].close()
