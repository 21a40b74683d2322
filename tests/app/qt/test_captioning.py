"""Captions over the picture: of a rehearsal, an exercise and a replay; off where not wanted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QCheckBox

from app.drill_captions import captions_of
from app.qt.main_window import MainWindow
from app.qt.overlay import Overlay
from app.qt.panels.drills import DrillsPanel
from app.wording import Wording
from layers.drills.edits import add_plan
from layers.drills.plan import Plan, Role, Start, Step
from scene.captions import Captions
from tests.app.qt.conftest import EAST, NORTH, child, click

pytestmark = pytest.mark.gui


def plan() -> Plan:
    """Two steps with words, one after the other."""
    steps = (
        Step("s1", "Alarm", Start("at", 10.0), 60.0, role="r1", words="All out, please.",
             place=(EAST, NORTH)),
        Step("s2", "Set out", Start("after", 60.0, "s1"), 120.0, role="r1"),
    )  # fmt: skip
    return Plan(0, "Two", roles=(Role("r1", "Commander"),), steps=steps)


@pytest.fixture
def panel(
    city: MainWindow, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DrillsPanel]:
    """The panel with a plan."""
    monkeypatch.setenv("CITYSTAGE_STATE", str(tmp_path / "state"))
    city.desk.actions["drills-panel"].trigger()
    made = cast(DrillsPanel, city.docks.panel("drills"))
    qtbot.waitUntil(made.isVisible)
    city.desk.run(add_plan(city.desk.project, plan()))
    yield made
    city.desk.actions["drills-captions"].setChecked(True)
    city.viewport.count = 1


def told(panel: DrillsPanel, qtbot: Any) -> Captions | None:
    """What stands over the active picture once nothing more is to be written."""
    captioning = panel.captioning
    captioning.write()
    qtbot.waitUntil(lambda: not captioning.busy, timeout=10_000)
    return child(panel.drilling.desk.viewport.active, Overlay, "overlay").captions


def test_captions_of_a_rehearsal_are_those_of_its_film(panel: DrillsPanel, qtbot: Any) -> None:
    assert told(panel, qtbot) is None  # nothing was shown yet
    drilling = panel.drilling
    drilling.seek(20.0)
    shown = told(panel, qtbot)
    played = drilling.played
    assert played is not None
    assert shown == captions_of(played.plan, played.at(20.0), Wording("en"))
    assert shown.spoken == (("Commander", "All out, please."),)
    drilling.seek(100.0)
    assert told(panel, qtbot) == Captions("0:01:40", coming="Next in 0:00:30: Set out")
    drilling.choose(0)
    assert told(panel, qtbot) is None


def test_captions_are_switched_off_beside_the_clock_and_in_the_menu(
    panel: DrillsPanel, qtbot: Any
) -> None:
    panel.drilling.seek(20.0)
    box = child(panel, QCheckBox, "drills-captions")
    assert box.isChecked()
    click(box)
    assert told(panel, qtbot) is None
    desk = panel.drilling.desk
    assert not desk.actions["drills-captions"].isChecked()
    assert not desk.settings.captions
    desk.actions["drills-captions"].trigger()
    assert box.isChecked()
    assert told(panel, qtbot) is not None


def test_captions_stand_in_the_active_picture_alone(panel: DrillsPanel, qtbot: Any) -> None:
    viewport = panel.drilling.desk.viewport
    viewport.count = 2
    panel.drilling.seek(20.0)
    assert told(panel, qtbot) is not None
    other = next(pane for pane in viewport.panes if pane is not viewport.active)
    assert child(other, Overlay, "overlay").captions is None
    other.touched.emit()
    assert viewport.active is other
    assert told(panel, qtbot) is not None


def test_an_exercise_tells_what_was_ticked_and_what_waits(panel: DrillsPanel, qtbot: Any) -> None:
    exercising, drilling = panel.exercising, panel.drilling
    now = [1_000.0]
    exercising.clock = lambda: now[0]
    exercising.start()
    now[0] += 30.0
    exercising.tick()
    shown = told(panel, qtbot)
    assert shown is not None
    assert (shown.kind, shown.step, shown.spoken) == ("Exercise", "", ())  # nobody ticked it yet
    assert shown.alert == "Waiting for 0:00:20: Alarm"
    exercising.tick_step("step-began", "s1")
    shown = told(panel, qtbot)
    assert shown is not None
    assert (shown.step, shown.alert) == ("Alarm", "")
    assert shown.spoken == (("Commander", "All out, please."),)
    exercising.end()
    drilling.seek(0.0)
    shown = told(panel, qtbot)
    assert shown is not None
    assert shown.kind == ""
    panel.review.choose(1)
    panel.review._buttons["replay"].click()
    drilling.seek(31.0)
    shown = told(panel, qtbot)
    assert shown is not None
    assert shown.kind == "Replay"
