"""Pages and tools that ask a network: a click, tables, seized valves, colours over time."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QSlider, QTabWidget
from shapely import box

from app.qt.main_window import MainWindow
from app.qt.panels.pipes import PipesPanel
from app.qt.panels.pipes_burst import BurstPage
from app.qt.panels.pipes_hydraulics import HydraulicsPage
from app.qt.panels.pipes_trace import TracePage
from app.qt.panels.result_table import ResultTable
from app.qt.pipe_tools import place_of
from layers.analyses.edits import answers_of
from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.pipes.classes import SUBCLASS_KEYS
from layers.project import Project
from layers.shapes import Shapes
from scene.rays import Hit
from scene.views.pipes import PipesView
from tests.app.qt.conftest import child, click
from tests.layers.pipes.made import network
from tests.layers.pipes.test_graph import STREET, STREET_EDGES, STREET_ROLES, net

pytestmark = pytest.mark.gui


@pytest.fixture
def street(window: MainWindow) -> MainWindow:
    project = Project(Frame("EPSG:32650"))
    houses = Shapes.from_shapely([box(305, 5, 315, 15), box(290, 5, 300, 15)])
    project.insert_layer(Layer("buildings", "houses", Buildings.blocks(houses, 9.0)))
    project.insert_layer(Layer(
        "pipes", "water", net(STREET, STREET_EDGES, STREET_ROLES), layer_id="pipes",
    ))  # fmt: skip
    window.desk.session.adopt(project, None)
    window.docks.show("pipes")
    return window


def page(window: MainWindow, key: str) -> Any:
    return cast(PipesPanel, window.docks.panel("pipes")).page(key)


def answered(made: Any, qtbot: Any, count: int = 1) -> None:
    kept = made.desk.project
    qtbot.waitUntil(lambda: len(answers_of(kept).items) == count, timeout=20_000)
    qtbot.waitUntil(lambda: made.item is not None, timeout=20_000)


def test_a_click_on_a_pipe_tells_what_its_burst_means(street: MainWindow, qtbot: Any) -> None:
    made: BurstPage = page(street, "burst")
    made.take(("pipes", 102, 110.0, 0.0))
    answered(made, qtbot)
    valves = child(made, ResultTable, "pipes-burst-valve")
    assert [valves.text(row, 0) for row in range(valves.count)] == ["1", "2"]
    tabs = child(made, QTabWidget, "pipes-burst-tabs")
    assert [tabs.tabText(k).rpartition(" ")[2] for k in range(3)] == ["(2)", "(4)", "(2)"]
    assert "2 valves" in made._told.text()


def test_the_next_click_takes_the_place_of_the_answer_unless_it_is_kept(
    street: MainWindow, qtbot: Any
) -> None:
    made: BurstPage = page(street, "burst")
    made.take(("pipes", 102, 110.0, 0.0))
    answered(made, qtbot)
    made.take(("pipes", 104, 250.0, 0.0))
    qtbot.waitUntil(lambda: made.item is not None and made.item.params["run"] == "#104")
    assert len(answers_of(street.desk.project).items) == 1
    click(child(made, QPushButton, "pipes-burst-keep"))
    made.take(("pipes", 102, 110.0, 0.0))
    answered(made, qtbot, 2)


def test_a_valve_that_is_seized_is_passed_over_from_the_table(
    street: MainWindow, qtbot: Any
) -> None:
    made: BurstPage = page(street, "burst")
    made.take(("pipes", 102, 110.0, 0.0))
    answered(made, qtbot)
    child(made, ResultTable, "pipes-burst-valve").choose(0)
    click(child(made, QPushButton, "pipes-burst-seize"))
    assert child(made, QLineEdit, "pipes-burst-seized").text() == "#2"
    qtbot.waitUntil(lambda: made.item is not None and made.item.params["seized"] == "#2")
    assert made.item is not None
    assert made.item.outcome.status == "fail"


def test_the_network_is_followed_from_a_click(street: MainWindow, qtbot: Any) -> None:
    made: TracePage = page(street, "trace")
    what = child(made, QComboBox, "pipes-trace-what")
    what.setCurrentIndex(what.findData("downstream"))
    made.take(("pipes", 102, 110.0, 0.0))
    answered(made, qtbot)
    found = child(made, ResultTable, "pipes-trace-list")
    assert found.count == 2
    what.setCurrentIndex(what.findData("way"))
    made.take(("pipes", 1, 0.0, 0.0))
    made.take(("pipes", 5, 300.0, 0.0))
    qtbot.waitUntil(lambda: found.count == 4)


def test_a_place_on_the_ground_means_the_nearest_pipe(street: MainWindow) -> None:
    assert place_of(street.desk, Hit("", 0, (250.0, 9.0, 0.0))) == ("pipes", 104, 250.0, 9.0)
    assert place_of(street.desk, Hit("", 0, (250.0, 900.0, 0.0))) is None
    assert place_of(street.desk, Hit("pipes", 3, (0.0, 0.0, 0.0))) == ("pipes", 3, 0.0, 0.0)


def test_pressure_colours_the_pipes_and_goes_again(street: MainWindow, qtbot: Any) -> None:
    made: HydraulicsPage = page(street, "hydraulics")
    made.compute("pipes", "#104", "")
    qtbot.waitUntil(lambda: made._result is not None, timeout=20_000)
    view = street.desk.viewport.stage.views["pipes"]
    assert isinstance(view, PipesView)
    assert view._tint is not None
    grey = (view._tint[-1] == view._tint[0]).all()
    assert grey  # the last run is shut off
    before = view._tint.copy()
    state = child(made, QComboBox, "pipes-hydraulics-state")
    state.setCurrentIndex(0)
    assert not np.array_equal(view._tint, before)
    assert child(made, QSlider, "pipes-hydraulics-time").orientation() == Qt.Orientation.Horizontal
    click(child(made, QPushButton, "pipes-hydraulics-keep"))
    qtbot.waitUntil(lambda: len(answers_of(street.desk.project).items) == 1, timeout=20_000)
    click(child(made, QPushButton, "pipes-hydraulics-clear"))
    assert view._tint is None


def test_valves_are_put_in_by_rule_and_taken_out_by_undo(street: MainWindow) -> None:
    made: BurstPage = page(street, "burst")
    before = len(street.desk.project.layer("pipes").data)
    click(child(made, QPushButton, "pipes-burst-valves"))
    assert len(street.desk.project.layer("pipes").data) > before
    street.desk.session.history.undo()
    assert len(street.desk.project.layer("pipes").data) == before


def test_the_answer_is_written_to_a_file(street: MainWindow, qtbot: Any, tmp_path: Path) -> None:
    made: BurstPage = page(street, "burst")
    made.take(("pipes", 102, 110.0, 0.0))
    answered(made, qtbot)
    assert made.item is not None
    for suffix in ("csv", "xlsx", "json"):
        made._write(made.item, tmp_path / f"burst.{suffix}")
        assert (tmp_path / f"burst.{suffix}").stat().st_size > 100


def test_what_lies_in_utility_tunnels_is_listed_and_selected(
    window: MainWindow, qtbot: Any
) -> None:
    project = Project(Frame("EPSG:32650"))
    told: list[object] = ["power 2.4x3.0 racks 6; water 3.2x3.0", None]
    pipes = network(
        [[(0, 0), (50, 0)], [(0, 1), (50, 1)]], ["other", "power"], [6.2, 0.2],
        form=[1, 0], subclass=[SUBCLASS_KEYS.index("tunnel"), 0],
        attributes={"number": ["ZH1", "DL1"], "compartments": told, "tunnel": [None, "ZH1"],
                    "compartment": [None, "power"], "rack": [None, "9"]},
    )  # fmt: skip
    project.insert_layer(Layer("pipes", "tunnel", pipes, layer_id="pipes"))
    window.desk.session.adopt(project, None)
    window.docks.show("pipes")
    made = page(window, "tunnels")
    found = child(made, ResultTable, "pipes-tunnels-list")
    assert found.count == 2
    child(made, QLineEdit, "pipes-tunnels-find").setText("DL1")
    assert found.count == 1
    found.choose(0)
    click(child(made, QPushButton, "pipes-tunnels-zoom"))
    assert window.desk.session.selection["pipes"].tolist() == [2]
    assert "1" in made._told.text()


def test_the_ground_is_opened_at_one_click_and_closed_again(street: MainWindow) -> None:
    view, action = street.desk.viewport, street.desk.actions["open-ground"]
    street.desk.session.select({"pipes": [102]})
    before = view.viewpoint
    action.trigger()
    assert action.isChecked()
    assert view.underground > 0.0
    assert math.hypot(view.viewpoint.east - 125.0, view.viewpoint.north) < 40.0
    action.trigger()
    assert not action.isChecked()
    assert view.underground == 0.0
    assert view.viewpoint == before


def test_the_pipes_of_an_answer_are_selected_where_they_lie(street: MainWindow, qtbot: Any) -> None:
    made: BurstPage = page(street, "burst")
    made.take(("pipes", 102, 110.0, 0.0))
    answered(made, qtbot)
    assert sorted(street.desk.session.selection["pipes"].tolist()) == [102, 103, 104]
