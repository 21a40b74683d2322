"""The dialog that writes the city for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
)

from app.qt.desk import Notice
from app.qt.main_window import MainWindow
from layers.edits import AddLayer
from layers.files.gltf import read_glb
from tests.app.qt.conftest import child, click, dialog
from tests.models import layer_of, wedge

pytestmark = pytest.mark.gui


def asked(window: MainWindow, qtbot: Any) -> QDialog:
    window.desk.actions["export-city"].trigger()
    return dialog(qtbot, "dialog-export-city")


def placed(shown: QDialog, qtbot: Any, path: Path) -> None:
    """Press the button and give the file."""
    click(child(shown, QPushButton, "export"))
    chooser = child(shown, QFileDialog, "export-file")
    qtbot.waitUntil(chooser.isVisible)
    chooser.fileSelected.emit(str(path))
    chooser.close()


def test_tiles_are_written_and_told(
    city: MainWindow, qtbot: Any, tmp_path: Path, notices: list[Notice]
) -> None:
    shown = asked(city, qtbot)
    assert child(shown, QDoubleSpinBox, "export-height-offset").isVisible()
    lines = [text for text in shown.findChildren(QLabel) if text.wordWrap() and text.isVisible()]
    assert len(lines) >= 3
    assert all(text.height() >= text.heightForWidth(text.width()) for text in lines)  # none is cut
    placed(shown, qtbot, tmp_path / "tiles")
    qtbot.waitUntil(lambda: any(notice.level == "success" for notice in notices), timeout=60_000)
    document = json.loads((tmp_path / "tiles" / "tileset.json").read_text(encoding="utf-8"))
    assert document["groups"][0]["properties"]["name"] == "Blocks"
    told = next(notice for notice in notices if notice.level == "success")
    assert "9 buildings" in told.text
    assert "ellipsoid" in told.hint


def test_the_selection_is_offered_first(
    city: MainWindow, qtbot: Any, tmp_path: Path, notices: list[Notice]
) -> None:
    city.desk.session.select({"blocks": [2, 5]})
    shown = asked(city, qtbot)
    which = child(shown, QComboBox, "export-which")
    assert which.currentText() == "Selected"
    child(shown, QComboBox, "export-format").setCurrentIndex(1)
    assert not child(shown, QDoubleSpinBox, "export-height-offset").isVisible()
    placed(shown, qtbot, tmp_path / "two.glb")
    qtbot.waitUntil(lambda: any(notice.level == "success" for notice in notices), timeout=60_000)
    metadata = read_glb(tmp_path / "two.glb")[0]["extensions"]["EXT_structural_metadata"]
    assert metadata["propertyTables"][0]["count"] == 2


def test_a_condition_that_fits_nobody_is_told_in_the_dialog(city: MainWindow, qtbot: Any) -> None:
    shown = asked(city, qtbot)
    child(shown, QLineEdit, "export-where").setText("height > 5000")
    click(child(shown, QPushButton, "export"))
    problem = child(shown, QLabel, "export-problem")
    assert problem.isVisible()
    assert "No building or model is chosen" in problem.text()
    shown.reject()


def test_models_are_offered_and_what_is_left_out_is_told(
    city: MainWindow, qtbot: Any, tmp_path: Path, notices: list[Notice]
) -> None:
    desk = city.desk
    east, north = desk.project.need_frame().origin[:2]
    towers = layer_of(wedge(), places=[(east, north, 0.0), (east + 50, north, 0.0)])
    desk.session.history.run(AddLayer(towers))
    shown = asked(city, qtbot)
    which = child(shown, QComboBox, "export-which")
    which.setCurrentIndex(which.findData(towers.id))
    child(shown, QLineEdit, "export-where").setText("object = 2")
    child(shown, QComboBox, "export-format").setCurrentIndex(1)
    placed(shown, qtbot, tmp_path / "towers.glb")
    qtbot.waitUntil(lambda: any(notice.level == "success" for notice in notices), timeout=60_000)
    assert len(read_glb(tmp_path / "towers.glb")[0]["nodes"]) == 1
    told = next(notice for notice in notices if notice.level == "success")
    assert "one model" in told.text
    assert "the condition does not hold: Models (1)" in told.hint
