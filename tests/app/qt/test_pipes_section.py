"""The page of sections: asked for, clicked, kept, written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.qt.main_window import MainWindow
from app.qt.panels.pipes import PipesPanel
from app.qt.panels.pipes_section import SectionPage
from layers.analyses.edits import answers_of
from layers.pipes.plate import Oval
from tests.layers.pipes.made import EAST, NORTH
from tests.layers.pipes.streets import layer, sewer, street

pytestmark = pytest.mark.gui


@pytest.fixture
def page(window: MainWindow, qtbot: Any) -> SectionPage:
    project = street()
    project.insert_layer(layer("pipes", "sewer", sewer()))
    window.desk.session.adopt(project, None)
    window.docks.show("pipes")
    panel = window.docks.panel("pipes")
    assert isinstance(panel, PipesPanel)
    made = panel.page("section")
    assert isinstance(made, SectionPage)
    qtbot.waitUntil(made.view.isVisible)
    return made


def cut(page: SectionPage, qtbot: Any) -> None:
    before = page.view.plate
    page.cut_along(np.array([[EAST + 10, NORTH - 20, 5.0], [EAST + 10, NORTH + 25, 5.0]]))
    qtbot.waitUntil(lambda: page.view.plate not in (None, before), timeout=20_000)


def test_clicking_a_pipe_in_the_drawing_selects_it(page: SectionPage, qtbot: Any) -> None:
    cut(page, qtbot)
    plate = page.view.plate
    assert plate is not None
    drain = next(
        s for s in plate.shapes if isinstance(s, Oval) and s.link == ("pipes", 2)
    )  # fmt: skip
    at = page.view.mapFromScene(drain.x, plate.height - drain.y)
    QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at.x(), at.y()))
    assert {k: v.tolist() for k, v in page.desk.session.selection.items()} == {"pipes": [2]}


def test_what_is_selected_in_the_picture_is_marked_in_the_drawing(
    page: SectionPage, qtbot: Any
) -> None:
    cut(page, qtbot)
    before = len(page.view.scene().items())
    page.desk.session.select({"pipes": [1]})
    marked = len(page.view.scene().items())
    assert marked > before
    page.desk.session.select({})
    assert len(page.view.scene().items()) == before


def test_a_way_between_nodes_is_unrolled_kept_and_written(
    page: SectionPage, qtbot: Any, tmp_path: Path
) -> None:
    page.unroll({"path": "WS1, WS4"})
    qtbot.waitUntil(lambda: page.view.plate is not None, timeout=20_000)
    page.export_to(tmp_path / "long.svg")
    assert "WS3" in (tmp_path / "long.svg").read_text(encoding="utf-8")
    page.keep()
    project = page.desk.project
    qtbot.waitUntil(lambda: len(answers_of(project).items) == 1, timeout=20_000)
    assert answers_of(project).items[0].kind == "pipe-long-section"
    cut(page, qtbot)
    across = page.view.plate
    assert page._kept.count() == 1
    page._kept.activated.emit(0)
    qtbot.waitUntil(lambda: page.view.plate is not across, timeout=20_000)
    found = {shape.link for shape in page.view.plate.shapes if shape.link}  # type: ignore[union-attr]  # is there
    assert ("sewer", 1) in found


def test_selected_pipes_are_unrolled_in_their_order(page: SectionPage, qtbot: Any) -> None:
    page.desk.session.select({"sewer": [2, 1]})
    page._how.setCurrentIndex(2)
    page.go()
    qtbot.waitUntil(lambda: page.view.plate is not None, timeout=20_000)
    found = {shape.link for shape in page.view.plate.shapes if shape.link}  # type: ignore[union-attr]  # is there
    assert {("sewer", 1), ("sewer", 2)} <= found


def test_another_project_empties_the_page(page: SectionPage, qtbot: Any) -> None:
    cut(page, qtbot)
    page.desk.session.new()
    assert page.view.plate is None
