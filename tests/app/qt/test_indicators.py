"""Indicators follow edits and the selection, and are kept as an answer."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
import shapely
from PySide6.QtWidgets import QLabel, QPushButton

from app.qt.main_window import MainWindow
from layers.analyses import edits
from layers.edits import SetHeight
from layers.kinds.base import Features, Layer
from layers.shapes import Shapes
from tests.app.qt.conftest import EAST, NORTH, child, click

pytestmark = pytest.mark.gui


def value(window: MainWindow, name: str, column: int = 1) -> str:
    return child(window, QLabel, f"indicator-{name}-{column}").text()


def test_indicators_follow_edits_selection_and_undo(city: MainWindow, qtbot: Any) -> None:
    halves = [
        shapely.box(EAST - 20, NORTH - 20, EAST + 80, NORTH + 280),
        shapely.box(EAST + 80, NORTH - 20, EAST + 280, NORTH + 280),
    ]
    table = pa.table({"name": ["West", "East"], "far_max": [1.0, 9.0]})
    plots = Features.of(Shapes.from_shapely(halves), table)
    city.desk.project.insert_layer(Layer("districts", "Plots", plots, layer_id="plots"))
    city.docks.show("indicators")
    qtbot.waitUntil(lambda: value(city, "buildings_count") == "9", timeout=30_000)
    assert value(city, "site_m2") == "90,000.0 m²"
    before = value(city, "floor_area_m2")
    city.desk.run(SetHeight("blocks", 1, 200.0))
    qtbot.waitUntil(lambda: value(city, "height_max_m") == "200.00 m", timeout=30_000)
    assert value(city, "floor_area_m2") != before
    city.desk.actions["undo"].trigger()
    qtbot.waitUntil(lambda: value(city, "floor_area_m2") == before, timeout=30_000)
    city.desk.session.select({"plots": [1]})
    qtbot.waitUntil(lambda: value(city, "buildings_count") == "3", timeout=30_000)
    assert "West" in child(city, QLabel, "indicators-title").text()
    assert value(city, "far", 2).startswith("✗")
    click(child(city, QPushButton, "indicators-keep"))
    qtbot.waitUntil(lambda: len(edits.answers_of(city.desk.project)) == 1, timeout=60_000)
    (item,) = edits.answers_of(city.desk.project).items
    assert item.outcome.table.column("zone").to_pylist() == ["West"]
    city.docks["indicators"].close()
