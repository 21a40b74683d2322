"""The planning report from the window: what the dialog asks, and the files that come of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QListWidget

from app.qt.desk import Notice
from app.qt.dialogs.planning_report import PlanningReportDialog
from app.qt.main_window import MainWindow
from layers.edits import SetHeight
from layers.schemes_edits import activate, new_scheme
from tests.app.qt.conftest import child

pytestmark = pytest.mark.gui


@pytest.fixture
def asked(city: MainWindow) -> PlanningReportDialog:
    """Give the dialog over a project with a scheme."""
    desk = city.desk
    desk.run(new_scheme("A"))
    desk.run(SetHeight("blocks", 1, 44.0))
    desk.run(activate("existing"))
    desk.actions["planning-report"].trigger()
    return child(city, PlanningReportDialog, "dialog-planning-report")


def test_the_dialog_offers_the_schemes_and_writes_files(
    window: MainWindow, asked: PlanningReportDialog, qtbot: Any, tmp_path: Path
) -> None:
    rows = child(asked, QListWidget, "planning-schemes")
    ticked = [
        rows.item(row).text()
        for row in range(rows.count())
        if rows.item(row).checkState() == Qt.CheckState.Checked
    ]
    assert ticked == ["A"]
    child(asked, QCheckBox, "planning-ask-sunlight").setChecked(False)
    asked.write(tmp_path / "report.pdf")
    files = [tmp_path / "report.pdf", tmp_path / "report.xlsx"]
    qtbot.waitUntil(lambda: all(file.exists() for file in files), timeout=60_000)
    qtbot.waitUntil(lambda: not window.desk.jobs.running, timeout=60_000)
    assert files[0].read_bytes().startswith(b"%PDF")


def test_without_a_scheme_the_dialog_stays_and_says_why(
    asked: PlanningReportDialog, notices: list[Notice], tmp_path: Path
) -> None:
    rows = child(asked, QListWidget, "planning-schemes")
    for row in range(rows.count()):
        rows.item(row).setCheckState(Qt.CheckState.Unchecked)
    asked.write(tmp_path / "report.pdf")
    assert asked.isVisible()
    assert "Two schemes" in notices[-1].text
    assert not list(tmp_path.iterdir())
    asked.reject()
