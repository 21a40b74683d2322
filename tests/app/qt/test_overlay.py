"""What lies over the picture is painted in parts that are all of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter

from app.qt.overlay import cut_out

pytestmark = pytest.mark.gui
boxes = st.tuples(*(st.integers(0, 90) for _ in range(2)), *(st.integers(1, 30) for _ in range(2)))


@given(st.lists(boxes, max_size=6))
@settings(deadline=None, max_examples=60)
def test_the_parts_are_all_that_is_drawn_and_do_not_overlap(plates: list[Any]) -> None:
    pixels = np.zeros((100, 120, 4), dtype=np.uint8)
    for left, top, wide, high in plates:
        pixels[top : top + high, left : left + wide] = (200, 100, 50, 255)
    parts = cut_out(pixels, 1.0)
    covered = np.zeros(pixels.shape[:2], dtype=int)
    image = QImage(120, 100, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    for part, place in parts:
        painter.drawImage(place, part)
        x, y = round(place.x()), round(place.y())
        covered[y : y + part.height(), x : x + part.width()] += 1
    painter.end()
    painted = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(100, 120, 4)
    assert np.array_equal(painted[..., [2, 1, 0, 3]], pixels)
    assert covered.max(initial=0) <= 1


def test_on_a_fine_screen_the_parts_lie_where_they_were() -> None:
    pixels = np.zeros((100, 200, 4), dtype=np.uint8)
    pixels[60:80, 100:140] = 255
    ((part, place),) = cut_out(pixels, 2.0, (10.0, 20.0))
    assert (part.width(), part.height(), part.devicePixelRatio()) == (40, 20, 2.0)
    assert (place.x(), place.y()) == (55.0, 40.0)
