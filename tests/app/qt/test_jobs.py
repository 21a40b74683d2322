"""Long work beside the window: results, errors, progress, stopping."""

from __future__ import annotations

import sys
import threading
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from app.qt.jobs import Jobs
from layers.errors import CityError
from layers.progress import Progress

pytestmark = pytest.mark.gui


def test_a_result_arrives_on_the_main_thread(qtbot: Any) -> None:
    jobs = Jobs()
    threads: list[threading.Thread] = []

    def work(_progress: Progress) -> int:
        threads.append(threading.current_thread())
        return 42

    got: list[tuple[int, threading.Thread]] = []
    job = jobs.start("t", work, lambda value: got.append((value, threading.current_thread())))
    with qtbot.waitSignal(job.ended):
        pass
    assert got == [(42, threading.main_thread())]
    assert threads[0] is not threading.main_thread()
    assert jobs.running == ()


def test_an_error_is_handed_over_and_the_job_ends(qtbot: Any) -> None:
    jobs = Jobs()
    got: list[Exception] = []

    def work(_progress: Progress) -> None:
        raise CityError("test.broken", "It is broken.")

    job = jobs.start("t", work, failed=got.append)
    with qtbot.waitSignal(job.ended):
        pass
    assert isinstance(got[0], CityError)
    assert got[0].code == "test.broken"


def test_progress_is_told_with_its_last_step(qtbot: Any) -> None:
    jobs = Jobs()
    told: list[tuple[int, int, str]] = []

    def work(progress: Progress) -> None:
        for i in range(1, 1001):
            progress.step(i, 1000, "progress-working")

    job = jobs.start("t", work)
    job.progressed.connect(lambda *step: told.append(step))
    with qtbot.waitSignal(job.ended):
        pass
    assert told[-1] == (1000, 1000, "progress-working")
    assert len(told) < 200  # the queue is not flooded


def test_a_stopped_job_gives_no_result(qtbot: Any) -> None:
    jobs = Jobs()
    done: list[int] = []
    cancelled: list[bool] = []
    begun, stopped = threading.Event(), threading.Event()

    def work(progress: Progress) -> int:
        begun.set()
        stopped.wait(10)
        progress.step(1, 2)
        return 1

    job = jobs.start("t", work, done.append)
    job.cancelled.connect(lambda: cancelled.append(True))
    begun.wait(10)
    with qtbot.waitSignal(job.ended):
        job.cancel()
        stopped.set()
    assert (done, cancelled) == ([], [True])


def test_a_result_that_comes_after_the_stop_counts_as_stopped(qtbot: Any) -> None:
    jobs = Jobs()
    done: list[int] = []
    stopped = threading.Event()

    def work(_progress: Progress) -> int:
        stopped.wait(10)
        return 1

    job = jobs.start("t", work, done.append)
    with qtbot.waitSignal(job.ended):
        job.cancel()
        stopped.set()
    assert done == []


def test_calls_into_qt_keep_their_hands_off_none(qapp: object) -> None:
    """PySide6 6.12.0 lost a reference to None in each call on Python 3.11, until it died."""
    label = QLabel()
    before = sys.getrefcount(None)
    for _ in range(1000):
        label.setText("x")
    assert sys.getrefcount(None) > before - 500
