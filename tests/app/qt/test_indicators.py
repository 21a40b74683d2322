"""Indicators follow edits and the selection, and are kept as an answer."""

from __future__ import annotations

import threading
from typing import Any

import pyarrow as pa
import pytest
import shapely
from PySide6.QtWidgets import QLabel, QPushButton

from app.live_indicators import LiveFigures, find_figures
from app.qt.main_window import MainWindow
from app.qt.panels.indicators import MANY
from layers.analyses import edits
from layers.edits import SetHeight
from layers.kinds.base import Features, Layer
from layers.shapes import Shapes
from tests.app.qt.conftest import EAST, NORTH, child, click

pytestmark = pytest.mark.gui


def value(window: MainWindow, name: str, column: int = 1) -> str:
    return child(window, QLabel, f"indicator-{name}-{column}").text()


@pytest.mark.parametrize("many", [MANY, 1], ids=["small city", "large city"])
def test_indicators_follow_edits_selection_and_undo(
    city: MainWindow, qtbot: Any, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.qt.panels.indicators.MANY", many)
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
    keep = child(city, QPushButton, "indicators-keep")
    qtbot.waitUntil(keep.isEnabled, timeout=30_000)
    click(keep)
    qtbot.waitUntil(lambda: len(edits.answers_of(city.desk.project)) == 1, timeout=60_000)
    (item,) = edits.answers_of(city.desk.project).items
    assert item.outcome.table.column("zone").to_pylist() == ["West"]
    city.docks["indicators"].close()


def test_figures_of_a_large_city_that_changed_meanwhile_are_not_shown(
    city: MainWindow, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.qt.panels.indicators.MANY", 1)
    entered, may = threading.Event(), threading.Event()

    def slow(*args: Any) -> LiveFigures:
        entered.set()
        assert may.wait(60.0)
        return find_figures(*args)

    monkeypatch.setattr("app.qt.panels.indicators.find_figures", slow)
    shown: list[str] = []
    heights = child(city, QLabel, "indicator-height_max_m-1")
    city.docks.show("indicators")
    qtbot.waitUntil(entered.is_set, timeout=30_000)
    assert not child(city, QPushButton, "indicators-keep").isEnabled()
    city.desk.run(SetHeight("blocks", 1, 200.0))  # the window answers while a thread reckons
    city.desk.run(SetHeight("blocks", 1, 300.0))
    qtbot.wait_until(lambda: any(job.stopping for job in city.desk.jobs.running), timeout=30_000)
    may.set()

    def arrived() -> bool:
        shown.append(heights.text())
        return shown[-1] == "300.00 m"

    qtbot.waitUntil(arrived, timeout=30_000)
    assert "200.00 m" not in shown
    city.docks["indicators"].close()
