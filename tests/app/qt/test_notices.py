"""The bar that tells something once."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QLabel

from app.qt.main_window import MainWindow
from app.qt.notices import NoticeBar
from tests.app.qt.conftest import child


def test_all_lines_are_seen_whatever_was_told_before(city: MainWindow) -> None:
    bar = child(city, NoticeBar, "notice")
    heights = []
    for lines in (1, 5, 2):
        city.desk.tell_text("warning", "\n".join(f"Line {n}" for n in range(lines)))
        text = child(bar, QLabel, "notice-text")
        assert bar.height() >= text.heightForWidth(text.width())
        heights.append(bar.height())
    assert heights[0] < heights[2] < heights[1]
    bar.hide()


def test_what_only_informs_gets_out_of_the_way_of_the_pointer(city: MainWindow) -> None:
    bar, at = child(city, NoticeBar, "notice"), QPointF(5.0, 5.0)
    for level, stays in (("info", False), ("warning", True)):
        city.desk.tell_text(level, "Click a place")  # type: ignore[arg-type]  # both are levels
        QApplication.sendEvent(bar, QEnterEvent(at, at, at))
        assert bar.isVisible() is stays
    bar.hide()
