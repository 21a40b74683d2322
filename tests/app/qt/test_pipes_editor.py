"""How pipes are drawn, in the style panel."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from app.qt.main_window import MainWindow
from layers.edits import AddLayer
from layers.kinds.base import Layer
from layers.kinds.pipes import KIND
from layers.pipes.looks import class_colours
from tests.app.qt.conftest import child
from tests.layers.pipes.test_looks import runs

pytestmark = pytest.mark.gui


def test_pipes_are_switched_between_bodies_and_symbols_and_back(window: MainWindow) -> None:
    layer = Layer("pipes", "mains", runs(3), style=KIND.style)
    window.desk.run(AddLayer(layer))
    window.desk.choose_layer(layer.id)
    mode = child(window, QComboBox, "style-pipe-mode")
    mode.setCurrentIndex(1)
    mode.activated.emit(1)
    assert asdict(layer.style)["pipe_mode"] == "symbols"
    assert child(window, QCheckBox, "style-pipe-errors").isHidden()
    window.desk.actions["undo"].trigger()
    assert asdict(layer.style)["pipe_mode"] == "true"
    assert mode.currentIndex() == 0
    child(window, QCheckBox, "style-pipe-codes").click()
    child(window, QCheckBox, "style-pipe-class-drain").click()
    assert layer.style.pipe_codes
    assert layer.style.pipe_hidden == ("drain",)
    palette = child(window, QComboBox, "style-pipe-palette")
    palette.activated.emit(1)
    assert layer.style.colouring == class_colours("apwa")


def test_other_layers_show_nothing_of_pipes(window: MainWindow) -> None:
    assert child(window, QWidget, "pipes-editor").isHidden()
