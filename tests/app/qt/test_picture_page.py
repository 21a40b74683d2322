"""The page of the settings about the picture: what is chosen counts in the picture at once."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QListWidget, QSpinBox

from app import settings
from app.qt.main_window import MainWindow
from tests.app.qt.conftest import child, close_dialogs
from tests.app.qt.conftest import dialog as shown

pytestmark = pytest.mark.gui


@pytest.fixture
def dialog(city: MainWindow, qtbot: Any) -> Any:
    """The open settings with the page of the picture in front."""
    before = city.desk.settings.model_copy()
    city.desk.actions["settings"].trigger()
    dialog = shown(qtbot, "dialog-settings")
    child(dialog, QListWidget, "settings-pages").setCurrentRow(4)
    yield dialog
    close_dialogs()
    city.desk.settings.fineness, city.desk.settings.mesh_mb = before.fineness, before.mesh_mb
    city.desk.keep_settings()


def test_a_finer_picture_is_drawn_at_once_and_next_time(dialog: Any, city: MainWindow) -> None:
    usual = city.viewport.stage.detail.still_pixels
    field = child(dialog, QComboBox, "settings-fineness")
    assert [field.itemText(i) for i in range(field.count())] == ["Quick", "Usual", "Fine"]
    field.setCurrentIndex(2)
    field.activated.emit(2)
    assert city.viewport.stage.detail.still_pixels < usual
    assert settings.load().fineness == "fine"


def test_memory_that_is_typed_bounds_the_shapes(dialog: Any, city: MainWindow) -> None:
    field = child(dialog, QSpinBox, "settings-mesh-memory")
    field.selectAll()
    QTest.keyClicks(field, "150")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    field.editingFinished.emit()
    assert city.viewport.stage.detail.mesh_bytes == 150_000_000
    assert settings.load().mesh_mb == 150
