"""Profiles and cut and fill in the window: drawn, shown, changed, written."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QFileDialog, QLabel, QPushButton

from app.qt.main_window import MainWindow
from layers.edits import AddLayer
from layers.kinds import kind_of
from layers.kinds.base import Layer
from layers.kinds.terrain import Terrain
from layers.viewpoint import Viewpoint
from tests.app.qt.conftest import EAST, NORTH, canvas, child, click
from tests.app.qt.test_measuring import clicks, kept

pytestmark = pytest.mark.gui


@pytest.fixture
def hillside(city: MainWindow) -> MainWindow:
    """The town on ground that rises one in ten towards the east, seen from above."""
    east = np.arange(0.0, 600.0, 5.0)
    heights = np.tile(10.0 + 0.1 * east, (120, 1)).astype(np.float32)
    ground = Terrain(heights, EAST - 150.0, NORTH + 450.0, 5.0, 5.0)
    land = Layer("terrain", "Land", ground, style=kind_of("terrain").style)
    city.desk.run(AddLayer(land))
    city.viewport.viewpoint = Viewpoint.looking_at(
        (EAST + 130, NORTH + 130, 30.0), 900.0, 0.0, -math.pi / 2
    )
    return city


def drawn(window: MainWindow, kind: str, *spots: tuple[float, float]) -> None:
    window.desk.session.tool = f"measure-{kind}"
    clicks(window, *((e, n, 25.0 + 0.1 * e) for e, n in spots))
    QTest.keyClick(canvas(window), Qt.Key.Key_Return)


def test_a_profile_drawn_with_the_mouse_shows_its_plot(
    hillside: MainWindow, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn(hillside, "profile", (-60.0, -40.0), (260.0, -40.0))
    qtbot.waitUntil(lambda: len(kept(hillside)) == 1, timeout=60_000)
    item = kept(hillside)[0]
    assert item.kind == "profile"
    assert item.values["gain_m"] == pytest.approx(32.0, abs=1.5)
    plot = child(hillside, QLabel, "profile-plot")
    qtbot.waitUntil(lambda: not plot.pixmap().isNull(), timeout=60_000)
    path = tmp_path / "p.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    click(child(hillside, QPushButton, "ground-save-plot"))
    with Image.open(path) as written:
        assert written.size == (1200, 600)
    table = tmp_path / "p.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(table), ""))
    click(child(hillside, QPushButton, "ground-save-table"))
    assert table.read_text(encoding="utf-8-sig").startswith("station_m")
    click(child(hillside, QPushButton, "ground-as-lines"))
    assert any(layer.name == item.name for layer in hillside.desk.project.layers)


def test_level_and_slope_of_cut_and_fill_can_be_changed_and_undone(
    hillside: MainWindow, qtbot: Any
) -> None:
    drawn(hillside, "cutfill", (-60.0, -60.0), (40.0, -60.0), (40.0, -20.0), (-60.0, -20.0))
    qtbot.waitUntil(lambda: len(kept(hillside)) == 1, timeout=60_000)
    first = kept(hillside)[0]
    assert first.values["balance_m3"] == pytest.approx(0.0, abs=1e-3)
    level = child(hillside, QDoubleSpinBox, "ground-level")
    assert level.value() == pytest.approx(first.values["level_m"], abs=0.01)
    level.setValue(first.values["level_m"] + 2.0)
    child(hillside, QDoubleSpinBox, "ground-slope").setValue(1.5)
    click(child(hillside, QPushButton, "ground-apply"))
    again = kept(hillside)[0]
    assert again.id == first.id
    assert again.values["side_slope_ratio"] == 1.5
    assert again.values["fill_m3"] > 2.0 * again.values["area_m2"]
    click(child(hillside, QPushButton, "ground-as-areas"))
    shown = [layer for layer in hillside.desk.project.layers if layer.name == first.name]
    assert shown
    assert shown[0].style.colouring is not None
    hillside.desk.session.history.undo()
    hillside.desk.session.history.undo()
    assert "side_slope_ratio" not in kept(hillside)[0].values
