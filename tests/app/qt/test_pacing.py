"""Pictures while the eye moves and at rest: how many pixels they have, and who may wait."""

from __future__ import annotations

import gc
import time
import weakref
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication

from app.qt import pacing
from app.qt.canvas import Canvas
from app.qt.main_window import MainWindow
from app.qt.pacing import give_back, set_aside
from app.qt.pane import STILL_AFTER
from scene.stage import Stage
from tests.app.qt.conftest import canvas

pytestmark = pytest.mark.gui


def parts(window: MainWindow) -> tuple[Stage, Canvas]:
    widget = canvas(window)
    assert isinstance(widget, Canvas)
    return window.viewport.stage, widget


def drawn_size(widget: Canvas) -> tuple[int, int]:
    window: Any = widget.plotter.render_window
    width, height = window.GetSize()
    return width, height


def slow_frames(stage: Stage, number: int) -> None:
    stage.moving = True
    for _ in range(number):
        stage.took(10.0 * stage.detail.moving_seconds)


def turn(window: MainWindow) -> None:
    v = window.viewport.viewpoint
    window.viewport.viewpoint = replace(v, heading=v.heading + 0.1)


def test_a_slow_machine_moves_with_fewer_pixels_and_rests_with_all(city: MainWindow) -> None:
    stage, widget = parts(city)
    stage.context.patience = 1.0
    city.viewport.active._pacing.rest()
    full = widget.full_size
    assert drawn_size(widget) == full
    ratio = stage.context.pixel_scale
    slow_frames(stage, 12)
    turn(city)
    assert drawn_size(widget) == (round(full[0] / 2), round(full[1] / 2))
    assert stage.size == full  # whoever points means pixels of the window
    assert stage.context.pixel_scale == pytest.approx(ratio / 2)
    widget.grab()
    city.viewport.active._pacing.rest()
    assert drawn_size(widget) == full
    assert stage.size == full
    assert stage.context.pixel_scale == pytest.approx(ratio)


def test_a_quick_machine_gets_its_pixels_back_with_the_next_movement(city: MainWindow) -> None:
    stage, _ = parts(city)
    slow_frames(stage, 12)
    assert stage.share == 0.5
    for _ in range(40):
        stage.took(0.001)
    assert stage.share == 0.5  # never within a movement
    stage.moving = False
    assert stage.share == 1.0
    stage.moving = True
    assert stage.share == 1.0


def test_timers_come_to_their_turn_between_two_frames(city: MainWindow, qtbot: Any) -> None:
    stage, widget = parts(city)
    told: list[str] = []
    widget.painted.connect(lambda: told.append("frame"))
    QTimer.singleShot(0, lambda: told.append("timer"))
    turn(city)
    qtbot.waitUntil(lambda: "frame" in told, timeout=20_000)
    assert told.index("timer") < told.index("frame")
    assert not stage.closed


def test_the_garbage_collector_leaves_alone_what_stays(city: MainWindow) -> None:
    assert city.isVisible()
    set_aside()
    assert gc.get_freeze_count() > 10_000
    gc.unfreeze()


def test_a_window_that_gets_another_size_in_a_movement_is_pointed_at_rightly(
    city: MainWindow,
) -> None:
    stage, widget = parts(city)
    stage.context.patience = 1.0
    slow_frames(stage, 12)
    turn(city)
    ratio = stage.context.pixel_scale
    size = city.size()
    city.resize(size.width() - 120, size.height() - 60)
    QApplication.processEvents()
    widget.grab()  # the last picture of the movement was seen
    city.viewport.active._pacing.rest()
    assert stage.size == widget.full_size == drawn_size(widget)
    assert stage.context.pixel_scale == pytest.approx(ratio * 2)
    city.resize(size)
    QApplication.processEvents()
    city.viewport.active._pacing.rest()


def test_pictures_that_were_closed_are_forgotten(city: MainWindow) -> None:
    city.viewport.count = 4
    stages = [weakref.ref(frame.stage) for frame in city.viewport.panes[1:]]
    city.viewport.count = 1
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    give_back()
    assert [stage() for stage in stages] == [None] * 3


def test_pieces_of_a_city_that_takes_long_to_draw_wait_for_each_other(
    city: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    stage, widget = parts(city)
    pacing = city.viewport.active._pacing
    frames = -1
    while widget.frames != frames:  # what tests before this one began
        frames = widget.frames
        for _ in range(20):
            QApplication.processEvents()
        qtbot.waitUntil(lambda: not city.viewport.busy, timeout=20_000)

    def handed_over(_seconds: float) -> bool:
        stage.needs_frame.emit()
        return False

    monkeypatch.setattr(stage, "advance", handed_over)
    widget.seconds, widget.painted_at = 60.0, time.perf_counter()
    frames = widget.frames
    pacing._ask()
    for _ in range(20):
        QApplication.processEvents()
    assert widget.frames == frames  # one of so slow pictures every few minutes
    assert city.viewport.busy
    stage.needs_frame.emit()  # somebody did something
    qtbot.waitUntil(lambda: widget.frames > frames, timeout=20_000)
    monkeypatch.undo()
    widget.seconds = 0.0  # the next picture need not wait any more
    stage.needs_frame.emit()


def test_a_slow_picture_is_shown_plain_and_smoothed_only_if_nobody_moves_on(
    city: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    _, widget = parts(city)
    pacing = city.viewport.active._pacing
    qtbot.waitUntil(lambda: not city.viewport.busy, timeout=20_000)
    smoothed: list[int] = []
    monkeypatch.setattr("app.qt.pacing.QUICK_FRAME", -1.0)  # every picture is a slow one
    monkeypatch.setattr(widget, "refine", lambda: smoothed.append(widget.frames))
    for _ in range(2):
        turn(city)
        qtbot.waitUntil(pacing._smoothing.isActive, timeout=20_000)
        assert not smoothed
        assert city.viewport.busy
    before = widget.frames
    turn(city)  # whoever moves on need not wait for it
    assert not pacing._smoothing.isActive()
    qtbot.waitUntil(lambda: bool(smoothed), timeout=20_000)
    assert smoothed[0] > before  # the plain picture was drawn first
    assert not city.viewport.stage.moving


def test_a_movement_is_not_at_rest_before_its_last_picture_is_seen(
    city: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    stage, widget = parts(city)
    qtbot.waitUntil(lambda: not city.viewport.busy, timeout=20_000)
    turn(city)
    with monkeypatch.context() as patch:
        patch.setattr(Canvas, "drawing", True)  # as where a program takes long to fill it
        qtbot.wait(3 * STILL_AFTER)
        assert city.viewport.stage.moving
        assert city.viewport.busy
    qtbot.waitUntil(lambda: not city.viewport.busy, timeout=20_000)
    assert not stage.moving
    assert drawn_size(widget) == widget.full_size


def test_a_quick_picture_is_smoothed_at_once(
    city: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    _, widget = parts(city)
    pacing = city.viewport.active._pacing
    qtbot.waitUntil(lambda: not city.viewport.busy, timeout=20_000)
    smoothed: list[int] = []
    monkeypatch.setattr("app.qt.pacing.QUICK_FRAME", 1e9)
    monkeypatch.setattr(widget, "refine", lambda: smoothed.append(widget.frames))
    pacing.rest()
    assert smoothed
    assert not pacing._smoothing.isActive()


def test_what_came_since_is_set_aside_without_looking_through_the_rest(city: MainWindow) -> None:
    assert city.isVisible()
    set_aside()
    before = gc.get_freeze_count()
    made = [[number] for number in range(1000)]
    set_aside(anew=False)
    assert gc.get_freeze_count() >= before + len(made)
    gc.unfreeze()


def test_memory_of_a_movement_is_handed_back_once_and_not_to_who_moves_on(
    city: MainWindow, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[float] = []
    monkeypatch.setattr(pacing, "hand_back_free", lambda: given.append(time.monotonic()))
    paced = city.viewport.active._pacing
    paced._handing_back.setInterval(600)
    for _ in range(2):  # each movement ends a rest that was too short
        turn(city)
        qtbot.waitUntil(paced._handing_back.isActive, timeout=20_000)
    turn(city)
    assert not paced._handing_back.isActive()
    assert not given
    qtbot.waitUntil(lambda: bool(given), timeout=20_000)
    qtbot.wait(1500)
    assert len(given) == 1
