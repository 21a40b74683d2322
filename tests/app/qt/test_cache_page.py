"""The page of the settings about the cache, with keys and clicks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDialog,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
)

from app import settings
from app.caching import settle
from app.qt.main_window import MainWindow
from layers.files.raw import Note
from layers.files.store import USUAL_BYTES, default_store, settle_default
from tests.app.qt.conftest import child, click, close_dialogs
from tests.app.qt.conftest import dialog as shown


@pytest.fixture
def dialog(window: MainWindow, qtbot: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The open settings with the page of the cache in front."""
    monkeypatch.delenv("CITYSTAGE_CACHE")
    before = window.desk.settings.model_copy()
    window.desk.settings.cache_folder = str(tmp_path / "first")
    window.desk.keep_settings()
    window.desk.actions["settings"].trigger()
    dialog = shown(qtbot, "dialog-settings")
    child(dialog, QListWidget, "settings-pages").setCurrentRow(3)
    yield dialog
    close_dialogs()
    window.desk.settings.cache_gib = before.cache_gib
    window.desk.settings.cache_folder = before.cache_folder
    settings.save(before)
    settle_default(None, USUAL_BYTES)


def test_size_and_folder_count_at_once_and_are_kept(
    window: MainWindow, dialog: QDialog, tmp_path: Path
) -> None:
    field = child(dialog, QLineEdit, "settings-cache-folder")
    field.selectAll()
    QTest.keyClicks(field, str(tmp_path / "second"))
    size = child(dialog, QDoubleSpinBox, "settings-cache-size")
    size.setValue(0.5)
    dialog.accept()
    assert default_store().folder == tmp_path / "second" / "store"
    assert default_store().most_bytes == 2**29
    assert settings.load().cache_gib == 0.5
    assert window.desk.settings.cache_folder == str(tmp_path / "second")


def test_no_cache_is_a_size_too(dialog: QDialog) -> None:
    size = child(dialog, QDoubleSpinBox, "settings-cache-size")
    size.setValue(0.0)
    assert size.text() == "No cache"


def test_the_page_tells_how_full_the_cache_is_and_empties_it(
    window: MainWindow, dialog: QDialog
) -> None:
    settle(window.desk.settings).keep("a", {"x": [0.0] * 1_000_000})
    label = child(dialog, QLabel, "settings-cache-holds")
    window.desk.speak("zh-CN")
    assert "8.0 MB" in label.text()
    click(child(dialog, QPushButton, "settings-cache-clear"))
    assert "0 MB" in label.text()
    assert settle(window.desk.settings).info().entries == 0


def test_a_remark_of_the_cache_comes_up_in_the_window(
    window: MainWindow, dialog: QDialog, qtbot: Any
) -> None:
    with qtbot.waitSignal(window.desk.noticed) as told:
        settle(window.desk.settings).told.emit(Note("store_full", {"folder": "F", "reason": "r"}))
    (notice,) = told.args
    assert notice.level == "warning"
    assert "disk of the cache is full (F)" in notice.text
