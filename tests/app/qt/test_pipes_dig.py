"""The page of digging: drawn, listed, opened in the picture, dug again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.qt.main_window import MainWindow
from app.qt.panels.pipes import PipesPanel
from app.qt.panels.pipes_dig import HOW, DigPage
from layers.analyses.edits import answers_of
from tests.layers.pipes.made import EAST, NORTH
from tests.layers.pipes.streets import street

pytestmark = pytest.mark.gui

RING = np.array([(EAST + x, NORTH + y, 20.0) for x, y in ((30, -8), (40, -8), (40, -2), (30, -2))])


@pytest.fixture
def page(window: MainWindow, qtbot: Any) -> DigPage:
    window.desk.session.adopt(street(), None)
    window.docks.show("pipes")
    panel = window.docks.panel("pipes")
    assert isinstance(panel, PipesPanel)
    made = panel.page("dig")
    assert isinstance(made, DigPage)
    qtbot.waitUntil(made.list.isVisible)
    return made


def dig(page: DigPage, qtbot: Any) -> None:
    page._how.setCurrentIndex(HOW.index("pit"))
    page.drawn(RING)
    qtbot.waitUntil(lambda: page.item is not None, timeout=30_000)


def test_a_pit_is_listed_kept_and_opened_in_the_picture(page: DigPage, qtbot: Any) -> None:
    dig(page, qtbot)
    assert page.list.count >= 1
    assert page.owners.count >= 1
    assert answers_of(page.desk.project).items[0].kind == "pipe-dig"
    cut = page.desk.viewport.cut
    assert cut is not None
    assert cut.pit
    page._show_pit.setChecked(False)
    assert page.desk.viewport.cut is None
    page._show_pit.setChecked(True)


def test_a_row_selects_its_pipe(page: DigPage, qtbot: Any) -> None:
    dig(page, qtbot)
    page.list.choose(0)
    assert {k: v.tolist() for k, v in page.desk.session.selection.items()} == {"pipes": [1]}


def test_digging_again_takes_the_place_of_the_answer(page: DigPage, qtbot: Any) -> None:
    dig(page, qtbot)
    before = page.item
    page._depth.setValue(0.5)
    page.again()
    qtbot.waitUntil(lambda: page.item is not before, timeout=30_000)
    assert len(answers_of(page.desk.project).items) == 1
    assert page.item is not None
    assert page.item.outcome.facts["hits_count"] == 0


def test_the_trench_of_a_selected_pipe_is_dug(page: DigPage, qtbot: Any) -> None:
    page._how.setCurrentIndex(HOW.index("pipe"))
    page.go()
    assert page.item is None  # nothing is selected
    page.desk.session.select({"pipes": [2]})
    page.go()
    qtbot.waitUntil(lambda: page.item is not None, timeout=30_000)
    assert page._offer.isEnabled()


def test_a_cleared_area_lists_what_stands_there(page: DigPage, qtbot: Any) -> None:
    page._how.setCurrentIndex(HOW.index("area"))
    page.drawn(RING)
    qtbot.waitUntil(lambda: page.item is not None, timeout=30_000)
    assert page.item is not None
    assert page.item.kind == "pipe-affected"
    assert page.desk.viewport.cut is None
