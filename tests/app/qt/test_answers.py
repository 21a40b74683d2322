"""Answers in the window: a form from parameters, a job, the panel, rows, staleness, files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
)

from app.qt.dialogs.analysis_form import AnalysisForm
from app.qt.main_window import MainWindow
from app.qt.panels.answers import AnswersPanel
from app.qt.panels.result_table import ResultTable
from layers.analyses import edits, table
from layers.edits import SetHeight, SetLook
from layers.kinds.answers import ROWS
from tests.app.qt.conftest import child, click

pytestmark = pytest.mark.gui


@pytest.fixture
def tall(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(table.ANALYSES, "tall", "tests.layers.analyses.test_answers:TALL")
    return "tall"


def asked(window: MainWindow, qtbot: Any, tall: str, limit: float) -> AnalysisForm:
    before = len(edits.answers_of(window.desk.project))
    form = AnalysisForm(window.desk, tall, window)
    form.show()
    child(form, QDoubleSpinBox, "ask-limit").setValue(limit)
    click(child(form, QPushButton, "analysis-go"))
    qtbot.waitUntil(
        lambda: len(edits.answers_of(window.desk.project)) == before + 1, timeout=60_000
    )
    return form


def test_a_form_asks_and_the_answer_stands_in_the_panel(
    city: MainWindow, qtbot: Any, tall: str
) -> None:
    asked(city, qtbot, tall, 20.0)
    panel = child(city, AnswersPanel, "answers-panel")
    assert city.docks["answers"].isVisible()
    rows = child(panel, ResultTable, "answer-table")
    assert rows.count == 9
    item = panel.item
    assert item is not None
    assert item.params["limit"] == 20.0
    rows.choose(3)
    assert city.desk.session.selection["blocks"].tolist() == [4]


def test_a_clicked_mark_chooses_its_row(city: MainWindow, qtbot: Any, tall: str) -> None:
    asked(city, qtbot, tall, 20.0)
    layer = edits.answers_layer(city.desk.project)
    assert layer is not None
    city.desk.session.select({layer.id: [1 * ROWS + 5]})
    rows = child(city, ResultTable, "answer-table")
    assert rows.chosen_rows() == [5]


def test_an_edit_makes_an_answer_stale_and_asking_again_renews_it(
    city: MainWindow, qtbot: Any, tall: str
) -> None:
    asked(city, qtbot, tall, 50.0)
    warning = child(city, QLabel, "answer-stale")
    assert warning.isHidden()
    city.desk.run(SetHeight("blocks", 2, 80.0))
    assert not warning.isHidden()
    assert "Blocks" in warning.text()
    child(city, QAction, "answers-again").trigger()
    qtbot.waitUntil(warning.isHidden, timeout=60_000)
    assert child(city, ResultTable, "answer-table").count == 1
    assert "again" in city.desk.actions["undo"].text()


def test_marks_are_switched_answers_removed_and_brought_back(
    city: MainWindow, qtbot: Any, tall: str
) -> None:
    asked(city, qtbot, tall, 20.0)
    child(city, QAction, "answers-show").trigger()
    assert not edits.answers_of(city.desk.project).items[0].shown
    child(city, QAction, "answers-remove").trigger()
    names = child(city, QListWidget, "answers-list")
    assert names.count() == 0
    city.desk.actions["undo"].trigger()
    assert names.count() == 1


def test_showing_an_answer_shows_the_layer_of_answers_too(
    city: MainWindow, qtbot: Any, tall: str
) -> None:
    asked(city, qtbot, tall, 20.0)
    layer = edits.answers_layer(city.desk.project)
    assert layer is not None
    city.desk.run(SetLook(layer.id, "visible", value=False))
    child(city, QAction, "answers-show").trigger()
    assert layer.visible
    assert edits.answers_of(city.desk.project).items[0].shown
    assert child(city, QAction, "answers-show").isChecked()


def test_a_value_that_cannot_be_is_told_in_the_form(
    city: MainWindow, qtbot: Any, tall: str
) -> None:
    form = AnalysisForm(city.desk, tall, city)
    form.show()
    child(form, QLineEdit, "ask-around").setText("1,2 3")
    click(child(form, QPushButton, "analysis-go"))
    problem = child(form, QLabel, "analysis-problem")
    assert not problem.isHidden()
    assert "'3'" in problem.text()
    assert child(form, QComboBox, "ask-way").count() == 2
    form.reject()


def test_an_answer_is_written_to_a_file(
    city: MainWindow, qtbot: Any, tall: str, tmp_path: Path
) -> None:
    asked(city, qtbot, tall, 20.0)
    child(city, AnswersPanel, "answers-panel").export_to(tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").stat().st_size > 1000


def test_the_picture_glides_to_an_answer_that_is_too_small_and_back(
    city: MainWindow, qtbot: Any, tall: str
) -> None:
    view = city.viewport
    view.zoom(0.02)
    qtbot.waitUntil(lambda: not view.busy, timeout=20_000)
    far = view.viewpoint
    asked(city, qtbot, tall, 20.0)
    qtbot.waitUntil(lambda: not view.busy, timeout=20_000)
    near = view.viewpoint
    assert near.distance < far.distance / 4.0
    assert near.heading == far.heading
    asked(city, qtbot, tall, 25.0)  # it is seen well: the picture stays
    qtbot.waitUntil(lambda: not view.busy, timeout=20_000)
    assert view.viewpoint == near
    city.desk.actions["view-back"].trigger()
    assert view.viewpoint == far
