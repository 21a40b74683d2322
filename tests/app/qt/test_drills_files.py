"""Plans as files in the window: what is wrong is told, symbols come along, others get theirs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton, QSlider

from app.qt.desk import Notice
from app.qt.main_window import MainWindow
from app.qt.panels.drills import DrillsPanel
from layers.drills.edits import add_plan
from layers.drills.plan_file import plan_to_json, read_plan
from layers.drills.symbol_edits import remove_symbol, symbols_in
from tests.app.qt.conftest import child
from tests.app.qt.test_drills_panel import plan_at_hand, three

pytestmark = pytest.mark.gui

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect x="4" y="8" width="24" height="16" fill="#c62828"/></svg>'
)


@pytest.fixture
def panel(city: MainWindow, qtbot: Any) -> DrillsPanel:
    """The panel with a plan of three steps."""
    city.desk.actions["drills-panel"].trigger()
    made = cast(DrillsPanel, city.docks.panel("drills"))
    qtbot.waitUntil(made.isVisible)
    city.desk.run(add_plan(city.desk.project, three()))
    return made


def test_a_plan_with_a_circle_opens_and_the_first_fault_is_said_at_once(
    panel: DrillsPanel, tmp_path: Path, notices: list[Notice]
) -> None:
    raw = plan_to_json(three())
    raw["name"] = "Circle"
    raw["steps"][1]["start"] = {"mode": "after", "seconds": 0.0, "step": "s3"}
    path = tmp_path / "circle.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    panel.plans.import_from(path)
    assert plan_at_hand(panel).name == "Circle"
    assert len(plan_at_hand(panel).steps) == 3
    assert "wait for each other" in notices[-1].text
    assert notices[-1].level == "warning"


def test_a_symbol_of_ones_own_comes_back_with_its_plan(
    panel: DrillsPanel, city: MainWindow, tmp_path: Path
) -> None:
    drawing = tmp_path / "pump.svg"
    drawing.write_text(DRAWING, encoding="utf-8")
    panel.symbols.bring(str(drawing))
    code = panel.symbols.chosen
    panel.drilling.choose_step("s1")
    panel.symbols.put(code, "symbol", ((500_010.0, 3_380_010.0),))
    path = tmp_path / "plan.json"
    panel.plans.export_to(path)
    assert [one.name for one in read_plan(path).symbols] == ["pump"]
    city.desk.run(remove_symbol(city.desk.project, "pump"))
    assert symbols_in(city.desk.project) == ()
    panel.plans.import_from(path)
    (back,) = symbols_in(city.desk.project)
    assert back.name == "pump"
    assert plan_at_hand(panel).steps[0].elements[-1].symbol == back.code


def test_files_for_others_are_written_from_the_page_of_papers(
    panel: DrillsPanel, city: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    panel.page("paper")
    assert child(panel, QPushButton, "drills-write-files").isEnabled()
    child(panel, QLineEdit, "drills-facts-name")
    for ending in ("geojson", "kml", "xlsx"):
        path = tmp_path / f"plan.{ending}"
        panel.paper.write_file(path)
        qtbot.waitUntil(path.exists, timeout=60_000)
        qtbot.waitUntil(lambda: not city.desk.jobs.running, timeout=60_000)


def test_the_slider_has_the_whole_width(panel: DrillsPanel) -> None:
    slider = child(panel, QSlider, "drills-slider")
    assert slider.width() > 0.8 * panel.timeline.width()
