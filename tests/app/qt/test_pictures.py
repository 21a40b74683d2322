"""Furniture over the picture, copying it, and writing pictures of any size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPushButton,
    QSpinBox,
)

from app.pictures import words_of
from app.qt.desk import Notice
from app.qt.main_window import MainWindow
from app.qt.overlay import Overlay
from app.wording import LOCALES, Wording
from scene.furniture import Words
from tests.app.qt.conftest import child, click, dialog

pytestmark = pytest.mark.gui


def rested(window: MainWindow, qtbot: Any) -> Overlay:
    qtbot.waitUntil(lambda: not window.viewport.busy, timeout=60_000)
    return child(window, Overlay, "overlay")


def light_share(overlay: Overlay) -> float:
    image = overlay.grab().toImage()
    raw = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), -1, 4)
    return float((raw[..., :3].min(axis=2) > 180).mean())


def test_furniture_and_legend_are_switched_in_the_menu(city: MainWindow, qtbot: Any) -> None:
    overlay = rested(city, qtbot)
    assert overlay.furnished
    both = light_share(overlay)
    city.desk.actions["legend"].trigger()
    without_legend = light_share(rested(city, qtbot))
    assert without_legend < both
    city.desk.actions["furniture"].trigger()
    assert not rested(city, qtbot).furnished
    city.desk.actions["legend"].trigger()
    city.desk.actions["furniture"].trigger()
    assert rested(city, qtbot).furnished


@pytest.mark.parametrize("locale", LOCALES)
def test_every_word_on_a_picture_is_in_the_language(locale: str) -> None:
    words, plain = words_of(Wording(locale)), Words()
    for name in Words.__dataclass_fields__:
        text = getattr(words, name)
        if isinstance(text, dict):
            assert all(word and not word.startswith("picture-") for word in text.values())
            continue
        if name == "marks":
            assert text["viewshed"]
            assert "nothing" not in text
            continue
        if name == "chinese":
            assert text == (locale == "zh-CN")
            continue
        assert not text.startswith("picture-")
        wanted = {part.split("}")[0] for part in getattr(plain, name).split("{")[1:]}
        assert {part.split("}")[0] for part in text.split("{")[1:]} == wanted


def test_the_picture_is_copied(city: MainWindow) -> None:
    city.desk.actions["copy-picture"].trigger()
    assert QApplication.clipboard().image().width() > 300


def test_a_picture_of_the_wanted_size_is_written(
    city: MainWindow, tmp_path: Path, qtbot: Any, notices: list[Notice]
) -> None:
    city.desk.actions["export-picture"].trigger()
    shown = dialog(qtbot, "dialog-picture")
    child(shown, QSpinBox, "export-width").setValue(640)
    child(shown, QSpinBox, "export-height").setValue(360)
    assert child(shown, QComboBox, "export-size").currentText() == "Own size"
    child(shown, QLineEdit, "export-title").setText("Lake town 湖城")
    child(shown, QCheckBox, "export-legend").setChecked(False)
    click(child(shown, QPushButton, "export"))
    files = dialog(qtbot, "picture-file")
    assert isinstance(files, QFileDialog)
    files.setDirectory(str(tmp_path))
    field = child(files, QLineEdit, "fileNameEdit")
    field.setText("town")
    QTest.keyClick(field, Qt.Key.Key_Return)
    target = tmp_path / "town.png"
    qtbot.waitUntil(target.exists, timeout=60_000)
    qtbot.waitUntil(lambda: bool(notices), timeout=60_000)
    assert [notice.level for notice in notices] == ["success"]
    with Image.open(target) as picture:
        assert picture.size == (640, 360)
        assert np.asarray(picture.convert("RGB")).std() > 10
    assert city.desk.settings.picture_size == (640, 360)


def test_a_size_by_name_fills_the_pixels(city: MainWindow, qtbot: Any) -> None:
    city.desk.actions["export-picture"].trigger()
    shown = dialog(qtbot, "dialog-picture")
    size = child(shown, QComboBox, "export-size")
    size.setCurrentIndex(size.findText("A3, 300 dpi"))
    assert child(shown, QSpinBox, "export-width").value() == 4961
    size.setCurrentIndex(size.findText("As the window"))
    assert child(shown, QSpinBox, "export-width").value() == city.viewport.stage.size[0]
