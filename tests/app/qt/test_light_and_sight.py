"""Sunlight and skylines in the window: forms, answers, papers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton

from app.qt.dialogs.analysis_form import AnalysisForm
from app.qt.main_window import MainWindow
from app.qt.panels.answers import AnswersPanel
from app.qt.panels.result_table import ResultTable
from layers.analyses import edits
from tests.app.qt.conftest import child, click

pytestmark = pytest.mark.gui


def asked(window: MainWindow, qtbot: Any, kind: str, **texts: str) -> None:
    """Fill the form of an analysis, press the button and wait for the answer."""
    before = len(edits.answers_of(window.desk.project))
    form = AnalysisForm(window.desk, kind, window)
    form.show()
    assert kind != "sunlight" or child(form, QComboBox, "ask-zone").count() == 7
    for name, text in texts.items():
        child(form, QLineEdit, f"ask-{name}").setText(text)
    click(child(form, QPushButton, "analysis-go"))
    qtbot.waitUntil(
        lambda: len(edits.answers_of(window.desk.project)) == before + 1, timeout=60_000
    )


def test_the_sun_on_windows_is_asked_for_and_its_statement_written(
    city: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    asked(city, qtbot, "sunlight", day="dongzhi")
    panel = child(city, AnswersPanel, "answers-panel")
    item = panel.item
    assert item is not None
    assert item.kind == "sunlight"
    assert child(panel, ResultTable, "answer-table").count == item.outcome.table.num_rows
    paper = tmp_path / "statement.pdf"
    panel.export_to(paper)
    qtbot.waitUntil(paper.exists, timeout=60_000)


def test_the_skyline_is_drawn_from_the_answer(city: MainWindow, qtbot: Any, tmp_path: Path) -> None:
    extent = city.desk.project.extent()
    assert extent is not None
    asked(city, qtbot, "skyline", eyes=f"{extent[0] - 80},{extent[1] - 80}")
    panel = child(city, AnswersPanel, "answers-panel")
    picture = tmp_path / "skyline.svg"
    panel.export_to(picture)
    qtbot.waitUntil(picture.exists, timeout=60_000)
