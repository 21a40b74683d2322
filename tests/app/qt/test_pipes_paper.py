"""The page of maps and papers: made, looked at, written."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from app.qt.main_window import MainWindow
from app.qt.panels.pipes import PipesPanel
from app.qt.panels.pipes_paper import WHAT, PaperPage
from layers.paper.document import Document
from layers.pipes.plate import Plate
from tests.layers.pipes.made import EAST, NORTH
from tests.layers.pipes.streets import layer, street
from tests.layers.pipes.test_graph import STREET, STREET_EDGES, STREET_ROLES, net

pytestmark = pytest.mark.gui


@pytest.fixture
def page(window: MainWindow, qtbot: Any) -> PaperPage:
    window.desk.session.adopt(street(), None)
    window.docks.show("pipes")
    panel = window.docks.panel("pipes")
    assert isinstance(panel, PipesPanel)
    made = panel.page("paper")
    assert isinstance(made, PaperPage)
    return made


def make(page: PaperPage, qtbot: Any, what: str, place: Any = None) -> None:
    page.made = None
    page._what.setCurrentIndex(WHAT.index(what))
    if place is None:
        page.go()
    else:
        page.drawn(place)
    qtbot.waitUntil(lambda: page.made is not None, timeout=60_000)


def test_a_map_is_drawn_and_written(page: PaperPage, qtbot: Any, tmp_path: Path) -> None:
    page._texts["title"].setText("Plan 1")
    make(page, qtbot, "map")
    assert isinstance(page.made, Plate)
    assert page.made.title == "Plan 1"
    assert page.view.plate is page.made
    page.export_to(tmp_path / "plan.svg")
    page.export_to(tmp_path / "plan")
    assert (tmp_path / "plan.svg").stat().st_size > 1000
    assert (tmp_path / "plan.pdf").read_bytes().startswith(b"%PDF")


def test_a_map_is_cut_into_sheets_that_can_be_turned_and_written(
    page: PaperPage, qtbot: Any, tmp_path: Path
) -> None:
    page._several.setChecked(True)
    page._scale.setValue(100.0)
    page._size.setCurrentIndex(page._size.findData("A4"))
    make(page, qtbot, "map")
    count = page._sheet.count()
    assert count == len(page.sheets) > 1
    assert page.form.isRowVisible(page._sheet)
    page._sheet.setCurrentIndex(1)
    page._sheet.activated.emit(1)
    assert page.view.plate is page.sheets[1]
    page.export_to(tmp_path / "plan.svg")
    assert {path.name for path in tmp_path.glob("plan*")} == {
        f"plan-{k}.svg" for k in range(1, count + 1)
    }
    page._several.setChecked(False)
    page._scale.setValue(0.0)
    make(page, qtbot, "map")
    assert not page.form.isRowVisible(page._sheet)


def test_a_permit_is_made_of_what_is_drawn(page: PaperPage, qtbot: Any, tmp_path: Path) -> None:
    line = np.array([(EAST + 20.0, NORTH - 12.0, 20.0), (EAST + 20.0, NORTH + 12.0, 20.0)])
    page._texts["applicant"].setText("Water works")
    page._depth.setValue(1.6)
    make(page, qtbot, "permit", line)
    assert isinstance(page.made, Document)
    assert ("Applicant", "Water works") in page.made.facts
    assert len(page._pages.findChildren(QLabel)) >= 4
    page.export_to(tmp_path / "permit.docx")
    assert (tmp_path / "permit.docx").is_file()


def test_a_repair_sheet_is_made_of_a_click(window: MainWindow, page: PaperPage, qtbot: Any) -> None:
    project = street()
    project.take_layer("pipes")
    project.insert_layer(layer("pipes", "water", net(STREET, STREET_EDGES, STREET_ROLES)))
    window.desk.session.adopt(project, None)
    make(page, qtbot, "repair", SimpleNamespace(point=(120.0, 3.0, 20.0)))
    assert isinstance(page.made, Document)


def test_a_report_needs_no_place_and_fields_follow_the_paper(page: PaperPage, qtbot: Any) -> None:
    make(page, qtbot, "report")
    assert isinstance(page.made, Document)
    assert not page.form.isRowVisible(page._scale)
    page._what.setCurrentIndex(WHAT.index("permit"))
    assert page.form.isRowVisible(page._depth)
    assert not page.form.isRowVisible(page._by)
