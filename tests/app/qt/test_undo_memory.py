"""Undo keeps to its memory beside the window, and the setting of it counts at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QDoubleSpinBox, QListWidget

from app import settings
from app.qt.main_window import MainWindow
from layers.condensed import Condensed
from layers.content import content_hash
from layers.edits import SetHeight
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.schemes_commands import demolish
from layers.shapes import Shapes
from tests.app.qt.conftest import EAST, NORTH, child, close_dialogs, town
from tests.app.qt.conftest import dialog as shown

pytestmark = pytest.mark.gui


@pytest.fixture
def large(window: MainWindow, qtbot: Any) -> Iterator[MainWindow]:
    """The window with 2,000 small houses, and next to no memory for undo."""
    import shapely

    before = window.desk.settings.undo_gib
    places = np.stack(np.meshgrid(np.arange(50), np.arange(40)), axis=-1).reshape(-1, 2) * 20.0
    boxes = [shapely.box(EAST + x, NORTH + y, EAST + x + 9, NORTH + y + 9) for x, y in places]
    project = town()
    houses = Buildings.blocks(Shapes.from_shapely(boxes), 9.0)
    project.insert_layer(Layer("buildings", "Houses", houses, layer_id="houses"))
    frames = window.viewport.frames
    window.documents.show_project(project)
    qtbot.waitUntil(lambda: window.viewport.frames > frames, timeout=60_000)
    yield window
    window.desk.settings.undo_gib = before
    window.desk.keep_settings()


def held(window: MainWindow) -> int:
    return window.desk.session.history.held_bytes()


def test_older_steps_are_condensed_at_rest_and_come_back(large: MainWindow, qtbot: Any) -> None:
    desk = large.desk
    hashes = [content_hash(desk.project.layer("houses").data)]
    for number in range(4):
        desk.run(demolish(desk.project, "houses", [10 * number + 1, 10 * number + 5]))
        hashes.append(content_hash(desk.project.layer("houses").data))
    whole = held(large)
    desk.settings.undo_gib = 0.0
    desk.keep_settings()
    qtbot.waitUntil(lambda: held(large) < whole / 2, timeout=60_000)
    qtbot.waitUntil(lambda: not large.undo_memory.busy, timeout=60_000)
    kept = [type(k) for step in desk.session.history._done for k in step.held()]  # type: ignore[attr-defined]  # all do
    assert kept.count(Condensed) == 3
    assert desk.jobs.running == ()
    for wanted in reversed(hashes[:-1]):
        desk.actions["undo"].trigger()
        assert content_hash(desk.project.layer("houses").data) == wanted
    for wanted in hashes[1:]:
        desk.actions["redo"].trigger()
        assert content_hash(desk.project.layer("houses").data) == wanted


def test_edits_while_a_thread_condenses_are_safe(
    large: MainWindow, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, edited = large.desk, threading.Event()
    condensing = desk.session.history.condensing

    def after_the_edits() -> Callable[[], Any] | None:
        work = condensing()
        return None if work is None else lambda: edited.wait(60.0) and work()

    monkeypatch.setattr(desk.session.history, "condensing", after_the_edits)
    desk.settings.undo_gib = 0.0
    desk.keep_settings()
    for metres in (20.0, 30.0, 40.0):
        desk.run(SetHeight("houses", 7, metres))
    qtbot.waitUntil(lambda: bool(desk.jobs._untold), timeout=60_000)
    desk.actions["undo"].trigger()
    desk.actions["undo"].trigger()
    desk.run(SetHeight("houses", 7, 55.0))
    edited.set()
    qtbot.waitUntil(lambda: not large.undo_memory.busy, timeout=60_000)
    for metres in (55.0, 20.0, 9.0):
        data = desk.project.layer("houses").data
        assert isinstance(data, Buildings)
        assert data.height[6] == metres
        desk.actions["undo"].trigger()


def test_the_memory_of_undo_is_a_setting(window: MainWindow, qtbot: Any) -> None:
    before = window.desk.settings.undo_gib
    assert window.desk.session.history.most == 2**29
    window.desk.actions["settings"].trigger()
    dialog = shown(qtbot, "dialog-settings")
    child(dialog, QListWidget, "settings-pages").setCurrentRow(2)
    child(dialog, QDoubleSpinBox, "settings-undo").setValue(2.0)
    dialog.accept()
    close_dialogs()
    assert window.desk.session.history.most == 2**31
    assert settings.load().undo_gib == 2.0
    window.desk.settings.undo_gib = before
    window.desk.keep_settings()
