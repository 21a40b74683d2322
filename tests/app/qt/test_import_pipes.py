"""The dialog that reads survey tables and models of pipes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton

from app.qt.dialogs.import_pipes import ImportPipesDialog
from app.qt.main_window import MainWindow
from layers.kinds.pipes import Pipes
from tests.app.qt.conftest import child, click, dialog
from tests.layers.files.test_pipe_survey import LINES, POINTS, workbook

pytestmark = pytest.mark.gui


def shown(window: MainWindow, qtbot: Any, path: Path) -> ImportPipesDialog:
    window.documents.take_pipes(path)
    found = dialog(qtbot, "dialog-import-pipes")
    assert isinstance(found, ImportPipesDialog)
    return found


def pipes_of(window: MainWindow) -> list[Pipes]:
    return [layer.data for layer in window.desk.project.layers if isinstance(layer.data, Pipes)]


def test_tables_show_their_fields_and_come_in(city: MainWindow, qtbot: Any, tmp_path: Path) -> None:
    asked = shown(city, qtbot, workbook(tmp_path / "survey.xlsx", 点表=POINTS, 线表=LINES))
    assert child(asked, QComboBox, "pipes-field-points-number").currentText() == "物探点号"
    assert child(asked, QComboBox, "pipes-field-lines-size").currentText() == "管径或断面尺寸(mm)"
    click(child(asked, QPushButton, "import-pipes"))
    qtbot.waitUntil(lambda: len(pipes_of(city)) == 1, timeout=60_000)
    assert len(pipes_of(city)[0].runs) == 3
    city.desk.session.undo()
    assert not pipes_of(city)


def test_a_field_that_is_missing_has_to_be_chosen_first(
    city: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    strange = [["strange", *POINTS[0][1:]], *POINTS[1:]]
    asked = shown(city, qtbot, workbook(tmp_path / "survey.xlsx", a=strange, b=LINES))
    button = child(asked, QPushButton, "import-pipes")
    assert not button.isEnabled()
    assert "Number" in child(asked, QLabel, "pipes-said").text()
    box = child(asked, QComboBox, "pipes-field-points-number")
    box.setCurrentIndex(box.findData("strange"))
    assert button.isEnabled()
    asked.save_template(tmp_path / "template.toml")
    assert 'number = "strange"' in (tmp_path / "template.toml").read_text(encoding="utf-8")
    click(button)
    qtbot.waitUntil(lambda: len(pipes_of(city)) == 1, timeout=60_000)


def test_a_model_without_a_system_is_put_where_one_says(
    city: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    path = tmp_path / "net.inp"
    path.write_text(
        "[JUNCTIONS]\n A 10\n B 12\n[RESERVOIRS]\n R 40\n[PIPES]\n P1 R A 100 300 100 0 Open\n"
        " P2 A B 100 200 100 0 Open\n[OPTIONS]\n Units LPS\n[COORDINATES]\n R 0 0\n A 100 0\n"
        " B 200 0\n[END]\n",
        encoding="utf-8",
    )
    asked = shown(city, qtbot, path)
    child(asked, QLineEdit, "pipes-at").setText("500300, 3380300")
    click(child(asked, QPushButton, "import-pipes"))
    qtbot.waitUntil(lambda: len(pipes_of(city)) == 1, timeout=60_000)
    extent = pipes_of(city)[0].extent()
    assert extent is not None
    assert extent[0] == pytest.approx(500_200.0)
