"""Models in the window: the dialog, the Place tool, the page of the inspector."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QLabel,
    QPushButton,
    QRadioButton,
    QTabWidget,
    QWidget,
)

from app.qt.desk import Notice
from app.qt.dialogs.models_on_points import ModelsOnPointsDialog
from app.qt.main_window import MainWindow
from layers.edits import AddLayer
from layers.kinds.base import Features, Layer
from layers.kinds.models import Models, hidden_buildings, models_of
from layers.shapes import Shapes
from layers.viewpoint import Viewpoint
from scene import camera
from tests.app.qt.conftest import EAST, NORTH, canvas, child, click, dialog
from tests.models import WEDGE, glb

pytestmark = pytest.mark.gui


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A wedge as GLB."""
    points = np.column_stack([WEDGE[:, 0], WEDGE[:, 2], -WEDGE[:, 1]])
    return glb(tmp_path / "wedge.glb", points, image=True)


@pytest.fixture
def city(city: MainWindow) -> MainWindow:
    """The town seen from above."""
    city.viewport.viewpoint = Viewpoint.looking_at(
        (EAST + 130, NORTH + 130, 0.0), 700.0, 0.0, -math.pi / 2
    )
    return city


def models(window: MainWindow) -> list[Layer]:
    return [x for x in window.desk.project.layers if isinstance(x.data, Models)]


def ready(window: MainWindow, qtbot: Any, path: Path) -> QDialog:
    """Drop a file and wait until it was read."""
    window.documents.take([path])
    asked = dialog(qtbot, "dialog-place-model")
    button = child(asked, QPushButton, "place")
    qtbot.waitUntil(button.isEnabled, timeout=60_000)
    return asked


def spot(window: MainWindow, east: float, north: float) -> QPoint:
    stage = window.viewport.stage
    pixel = camera.project_points(stage.viewpoint, [(east, north, 0.0)], stage.size)[0]
    ratio = canvas(window).devicePixelRatioF()
    return QPoint(round(pixel[0] / ratio), round(pixel[1] / ratio))


def keep_picture(window: QWidget, name: str) -> None:
    """Keep a picture of the window where somebody asks for it."""
    if folder := os.environ.get("CITYSTAGE_TEST_PICTURES"):
        window.grab().save(str(Path(folder) / f"{name}.png"))


def test_a_model_comes_in_by_coordinates_and_hides_the_block_under_it(
    city: MainWindow, qtbot: Any, file: Path
) -> None:
    asked = ready(city, qtbot, file)
    assert "10.00 x 20.00 x 30.00 m" in child(asked, QLabel, "model-facts").text()
    assert not child(asked, QRadioButton, "model-place-on-map").isEnabled()
    child(asked, QRadioButton, "model-place-numbers").setChecked(True)
    child(asked, QDoubleSpinBox, "model-east").setValue(EAST + 20)
    child(asked, QDoubleSpinBox, "model-north").setValue(NORTH + 20)
    child(asked, QDoubleSpinBox, "model-turn").setValue(30)
    keep_picture(asked, "model-dialog")
    click(child(asked, QPushButton, "place"))
    qtbot.waitUntil(lambda: bool(models(city)), timeout=60_000)
    layer = models(city)[0]
    data = models_of(layer)
    assert data.places[0].tolist() == [EAST + 20, NORTH + 20, 0.0]
    assert data.turn[0] == 30.0
    assert hidden_buildings(city.desk.project.layers, "blocks").tolist() == [1]
    assert city.desk.session.selection[layer.id].tolist() == [1]
    city.desk.session.undo()
    assert not models(city)


def test_a_click_places_the_file_and_further_clicks_place_more(
    city: MainWindow, qtbot: Any, file: Path
) -> None:
    asked = ready(city, qtbot, file)
    child(asked, QRadioButton, "model-place-click").setChecked(True)
    click(child(asked, QPushButton, "place"))
    assert city.desk.session.tool == "place-model"
    no_snap = Qt.KeyboardModifier.AltModifier
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(canvas(city), left, no_snap, spot(city, EAST - 50, NORTH - 50))
    qtbot.waitUntil(lambda: bool(models(city)), timeout=60_000)
    layer = models(city)[0]
    assert np.abs(models_of(layer).places[0, :2] - [EAST - 50, NORTH - 50]).max() < 2.0
    city.desk.session.tool = "place-model"
    QTest.keyClick(canvas(city), Qt.Key.Key_R)
    QTest.mouseClick(canvas(city), left, no_snap, spot(city, EAST + 80, NORTH + 80))
    data = models_of(layer)
    assert len(data) == 2
    assert data.turn.tolist() == [0.0, 15.0]
    QTest.keyClick(canvas(city), Qt.Key.Key_Escape)
    assert city.desk.session.tool == "tool-pan"
    city.desk.session.undo()
    assert len(models_of(layer)) == 1


def test_the_inspector_moves_turns_sizes_and_shows_buildings_again(
    city: MainWindow, qtbot: Any, file: Path
) -> None:
    asked = ready(city, qtbot, file)
    child(asked, QRadioButton, "model-place-numbers").setChecked(True)
    child(asked, QDoubleSpinBox, "model-east").setValue(EAST + 20)
    child(asked, QDoubleSpinBox, "model-north").setValue(NORTH + 20)
    click(child(asked, QPushButton, "place"))
    qtbot.waitUntil(lambda: bool(models(city)), timeout=60_000)
    layer = models(city)[0]
    child(city, QTabWidget, "inspector-tabs").setCurrentIndex(0)  # another may have been left open
    editor = child(city, QWidget, "model-editor")
    qtbot.waitUntil(editor.isVisible, timeout=60_000)

    def type_in(name: str, value: float) -> None:
        field = child(editor, QDoubleSpinBox, name)
        field.setValue(value)
        field.editingFinished.emit()

    qtbot.wait(50)
    keep_picture(city, "model-window")
    type_in("model-turn", 45.0)
    type_in("model-scale", 2.0)
    type_in("model-height", 5.0)
    type_in("model-east", EAST + 21.5)
    data = models_of(layer)
    assert data.places[0].tolist() == [EAST + 21.5, NORTH + 20, 5.0]
    assert (data.turn[0], data.scale[0]) == (45.0, 2.0)
    click(child(editor, QPushButton, "model-show-again"))
    assert not len(models_of(layer).links)
    click(child(editor, QPushButton, "model-hide"))
    assert len(models_of(layer).links) == 1
    unit = child(editor, QComboBox, "model-unit")
    unit.setCurrentIndex(unit.findData(0.01))
    unit.activated.emit(unit.currentIndex())
    assert np.allclose(models_of(layer).library.models[0].box()[1], [0.1, 0.2, 0.3])
    click(child(editor, QPushButton, "model-remove"))
    assert len(models_of(layer)) == 0
    for _ in range(9):
        city.desk.session.undo()
    assert not models(city)


def test_a_bad_file_is_told_and_leaves_everything_as_it_was(
    city: MainWindow, qtbot: Any, file: Path, notices: list[Notice]
) -> None:
    cut = file.with_name("cut.glb")
    cut.write_bytes(file.read_bytes()[:100])
    city.documents.take([cut])
    qtbot.waitUntil(lambda: any(n.level == "error" for n in notices), timeout=60_000)
    assert "cut short" in next(n for n in notices if n.level == "error").text
    assert not models(city)


def test_models_stand_on_the_points_of_a_layer_turned_and_sized_by_its_fields(
    city: MainWindow, qtbot: Any, file: Path
) -> None:
    places = Shapes.from_shapely([shapely.Point(EAST + x, NORTH + 80) for x in (80, 180)])
    table = pa.table({"name": ["a", "b"], "angle": [30.0, 60.0], "height": [15.0, 60.0]})
    layer = Layer("features", "Poles", Features.of(places, table))
    city.desk.session.run(AddLayer(layer))
    city.desk.actions["models-on-points"].trigger()
    asked = dialog(qtbot, "dialog-models-on-points")
    assert isinstance(asked, ModelsOnPointsDialog)
    assert child(asked, QComboBox, "on-points-layer").currentData() == layer.id
    assert child(asked, QComboBox, "on-points-turn").currentData() == "angle"
    assert child(asked, QComboBox, "on-points-height").currentData() == "height"
    assert not child(asked, QPushButton, "place").isEnabled()
    asked.take([file])
    keep_picture(asked, "models-on-points")
    click(child(asked, QPushButton, "place"))
    qtbot.waitUntil(lambda: bool(models(city)), timeout=60_000)
    data = models_of(models(city)[0])
    assert data.turn.tolist() == [30.0, 60.0]
    assert data.scale.tolist() == pytest.approx([0.5, 2.0])
    assert data.places[:, 0].tolist() == [EAST + 80, EAST + 180]
    city.desk.session.undo()
    city.desk.session.undo()
