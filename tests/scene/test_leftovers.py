"""A software rasteriser forgets finished pictures when it is told to, and nobody sees it."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

import numpy as np
import pytest

from layers.viewpoint import Viewpoint
from scene.leftovers import Leftovers
from scene.rasterisers import KEEPERS, draws_by_program
from scene.stage import Stage
from tests.scene.cities import SOUTH, WEST, city, project_with, shot, staged

pytestmark = pytest.mark.picture

MIDDLE = (WEST + 820.0, SOUTH + 820.0, 0.0)
LEAST = 1 << 20  # bytes that a picture of thousands of buildings leaves behind


class _Heap(ctypes.Structure):
    """Figures of glibc's ``mallinfo2``."""

    _fields_ = (
        *((f"unused{number}", ctypes.c_size_t) for number in range(4)),
        ("mapped", ctypes.c_size_t),
        *((f"unused{number}", ctypes.c_size_t) for number in range(4, 6)),
        ("used", ctypes.c_size_t),
        *((f"unused{number}", ctypes.c_size_t) for number in range(6, 8)),
    )


def used() -> int:
    """Give the bytes that are taken from the heap and not given back."""
    told = ctypes.CDLL(None).mallinfo2
    told.restype = _Heap
    heap = told()
    return int(heap.used + heap.mapped)


def window_of(stage: Stage) -> Any:
    return stage.plotter.render_window


def rasteriser(stage: Stage) -> bool:
    return draws_by_program(window_of(stage), KEEPERS)


def test_pictures_before_and_after_are_the_same() -> None:
    project, _ = project_with(city(400))
    with staged(project, (320, 180)) as stage:
        stage.viewpoint = Viewpoint.looking_at(MIDDLE, 900.0, 0.3, -0.8)
        before = shot(stage)
        stage.let_go()
        window_of(stage).WaitForCompletion()
        assert np.array_equal(np.asarray(stage.plotter.screenshot(return_img=True)), before)
        after = shot(stage)
        stage.let_go()
        stage.let_go()
        assert np.array_equal(shot(stage), before)
        assert np.array_equal(after, before)


def test_another_size_and_smoothing_afterwards_are_as_ever() -> None:
    project, _ = project_with(city(400))
    pictures = []
    for told in (False, True):
        with staged(project, (320, 180)) as stage:
            stage.viewpoint = Viewpoint.looking_at(MIDDLE, 900.0, 0.3, -0.8)
            shot(stage)
            for wide, high in ((200, 120), (320, 180)):
                if told:
                    stage.let_go()
                window_of(stage).SetSize(wide, high)
                stage.smooth = wide == 320
                picture = shot(stage)
            pictures.append(picture)
    assert np.array_equal(pictures[0], pictures[1])


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="asks glibc"
)
def test_the_heap_holds_less_afterwards() -> None:
    project, _ = project_with(city(4000))
    with staged(project, (640, 360)) as stage:
        stage.viewpoint = Viewpoint.looking_at(MIDDLE, 1800.0, 0.3, -0.8)
        for _ in range(3):
            shot(stage)
        if not rasteriser(stage):
            pytest.skip("a graphics card draws")
        before = used()
        stage.let_go()
        window_of(stage).WaitForCompletion()
        assert used() < before - LEAST


def test_a_driver_that_keeps_nothing_is_not_troubled() -> None:
    class Card:
        def ReportCapabilities(self) -> str:  # noqa: N802 - VTK's name
            return "OpenGL renderer string: A graphics card"

    leftovers = Leftovers(Card())
    assert not leftovers.let_go()
    leftovers.close()
