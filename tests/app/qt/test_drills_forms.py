"""The forms of a plan: everything a plan says is typed, drawn, chosen, undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPdf import QPdfDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QToolButton,
    QWidget,
)

from app.qt.main_window import MainWindow
from app.qt.panels.drills import DrillsPanel
from layers.drills.clock import timetable
from layers.drills.plan import Commitment, Plan, Role, Start, Step
from layers.drills.plan_file import write_plan
from tests.app.qt.conftest import EAST, NORTH, canvas, child, click, dialog, pixel


@pytest.fixture
def panel(city: MainWindow, qtbot: Any, tmp_path: Path, monkeypatch: Any) -> DrillsPanel:
    """The panel with an empty plan."""
    monkeypatch.setenv("CITYSTAGE_STATE", str(tmp_path / "state"))
    city.desk.actions["drills-panel"].trigger()
    made = cast(DrillsPanel, city.docks.panel("drills"))
    qtbot.waitUntil(made.isVisible)
    click(child(made, QToolButton, "drills-bar-new"))
    return made


def plan_of(panel: DrillsPanel) -> Plan:
    """The plan at hand."""
    assert panel.drilling.plan is not None
    return panel.drilling.plan


def typed(parent: QWidget, name: str, text: str) -> None:
    """Type into a line, and go on with Enter."""
    field = child(parent, QLineEdit, name)
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def written(parent: QWidget, name: str, text: str) -> None:
    """Type into a field of several lines, and leave it."""
    field = child(parent, QPlainTextEdit, name)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    field.left.emit()  # type: ignore[attr-defined]  # offscreen windows get no focus events


def chosen(parent: QWidget, name: str, value: str) -> None:
    """Choose in a box."""
    box = child(parent, QComboBox, name)
    at = box.findData(value)
    assert at >= 0, [box.itemData(i) for i in range(box.count())]
    box.setCurrentIndex(at)
    box.activated.emit(at)


def section(panel: DrillsPanel, key: str) -> None:
    """Open a section of the plan."""
    panel.page("plan")
    click(child(panel, QPushButton, f"drills-section-{key}"))


def spot(city: MainWindow, east: float, north: float) -> None:
    """Click a place in the picture."""
    at = pixel(city, east, north)
    QTest.mouseClick(canvas(city), Qt.MouseButton.LeftButton, pos=at)


def outline(city: MainWindow, *places: tuple[float, float]) -> None:
    """Draw corners; the last one with a double click."""
    for east, north in places:
        QTest.mouseClick(canvas(city), Qt.MouseButton.LeftButton, pos=pixel(city, east, north))
    QTest.mouseDClick(canvas(city), Qt.MouseButton.LeftButton, pos=pixel(city, *places[-1]))


def test_what_the_plan_is_can_be_typed_and_undone(
    panel: DrillsPanel, city: MainWindow, notices: list[Any]
) -> None:
    section(panel, "facts")
    typed(panel, "drills-facts-name", "Night drill")
    chosen(panel, "drills-facts-type", "fire")
    chosen(panel, "drills-facts-grade", "II")
    written(panel, "drills-facts-summary", "A kitchen burns")
    moment = child(panel, QDateTimeEdit, "drills-facts-begins")
    moment.setDateTime(moment.dateTime().fromString("2026-06-21T09:30:00", Qt.DateFormat.ISODate))
    typed(panel, "drills-facts-author", "Li")
    plan = plan_of(panel)
    assert (plan.name, plan.type, plan.grade) == ("Night drill", "fire", "II")
    assert (plan.summary, plan.begins, plan.author) == (
        "A kitchen burns", "2026-06-21T09:30:00", "Li"
    )  # fmt: skip
    for _ in range(6):
        city.desk.actions["undo"].trigger()
    assert plan_of(panel).name == "New plan"
    assert child(panel, QLineEdit, "drills-facts-name").text() == "New plan"
    typed(panel, "drills-facts-name", "   ")
    assert plan_of(panel).name == "New plan"
    assert child(panel, QLineEdit, "drills-facts-name").text() == "New plan"
    assert "empty" in notices[-1].text


def test_the_area_of_the_drill_is_drawn(panel: DrillsPanel, city: MainWindow) -> None:
    section(panel, "facts")
    click(child(panel, QPushButton, "drills-facts-region"))
    outline(city, (EAST + 80, NORTH + 80), (EAST + 190, NORTH + 80), (EAST + 190, NORTH + 190))
    assert len(plan_of(panel).region) == 3
    assert "3 corners" in child(panel, QLabel, "drills-facts-region-told").text()
    click(child(panel, QPushButton, "drills-facts-no-region"))
    assert plan_of(panel).region == ()


def test_objectives_phases_roles_and_units_have_lists_with_forms(panel: DrillsPanel) -> None:
    section(panel, "objectives")
    click(child(panel, QPushButton, "drills-objectives-add"))
    written(panel, "drills-objectives-text", "All are out in ten minutes")
    child(panel, QDoubleSpinBox, "drills-objectives-weight").setValue(2.5)
    section(panel, "phases")
    click(child(panel, QPushButton, "drills-phases-add"))
    typed(panel, "drills-phases-name", "Alarm")
    click(child(panel, QPushButton, "drills-phases-add"))
    typed(panel, "drills-phases-name", "Rescue")
    click(child(panel, QPushButton, "drills-phases-up"))
    section(panel, "roles")
    click(child(panel, QPushButton, "drills-roles-add"))
    typed(panel, "drills-roles-name", "Crew")
    typed(panel, "drills-roles-organisation", "Fire brigade")
    section(panel, "units")
    click(child(panel, QPushButton, "drills-units-add"))
    typed(panel, "drills-units-name", "Engine")
    role = plan_of(panel).roles[1].id
    chosen(panel, "drills-units-role", role)
    child(panel, QDoubleSpinBox, "drills-units-count").setValue(3)
    child(panel, QDoubleSpinBox, "drills-units-weight-t").setValue(18.0)
    plan = plan_of(panel)
    assert [(o.text, o.weight) for o in plan.objectives] == [("All are out in ten minutes", 2.5)]
    assert [p.name for p in plan.phases] == ["Rescue", "Alarm"]
    assert (plan.roles[1].name, plan.roles[1].organisation) == ("Crew", "Fire brigade")
    unit = plan.units[0]
    assert (unit.name, unit.role, unit.count, unit.weight_t) == ("Engine", role, 3, 18.0)
    section(panel, "roles")
    click(child(panel, QPushButton, "drills-roles-remove"))
    assert [r.name for r in plan_of(panel).roles] == ["Commander"]
    assert plan_of(panel).units[0].role == ""


def test_a_unit_stands_where_it_is_clicked_and_gets_its_symbol(
    panel: DrillsPanel, city: MainWindow, qtbot: Any
) -> None:
    section(panel, "units")
    click(child(panel, QPushButton, "drills-units-add"))
    click(child(panel, QPushButton, "drills-units-place-pick"))
    spot(city, EAST + 80, NORTH + 80)
    place = plan_of(panel).units[0].place
    assert place == pytest.approx((EAST + 80, NORTH + 80), abs=3.0)
    click(child(panel, QPushButton, "drills-units-symbol"))
    asked = dialog(qtbot, "dialog-choose-symbol")
    typed(asked, "symbol-words", "hydrant")
    assert plan_of(panel).units[0].symbol
    click(child(panel, QPushButton, "drills-units-place-none"))
    assert plan_of(panel).units[0].place is None


def test_an_inject_says_shows_and_closes(panel: DrillsPanel, city: MainWindow) -> None:
    section(panel, "injects")
    click(child(panel, QPushButton, "drills-injects-add"))
    typed(panel, "drills-injects-title", "The wind turns")
    written(panel, "drills-injects-words", "Wind from the north")
    click(child(panel, QPushButton, "drills-injects-close-area"))
    outline(city, (EAST + 80, NORTH + 80), (EAST + 190, NORTH + 80), (EAST + 190, NORTH + 190))
    click(child(panel, QPushButton, "drills-injects-message"))
    inject = plan_of(panel).injects[0]
    assert (inject.title, inject.words, len(inject.closes)) == (
        "The wind turns", "Wind from the north", 3
    )  # fmt: skip
    assert [(e.kind, e.text) for e in inject.elements] == [("message", "The wind turns")]
    panel.page("board")
    button = child(panel, QPushButton, f"drills-inject-{inject.id}")
    click(button)
    assert panel.drilling.now is not None
    assert panel.drilling.now.messages == ("The wind turns",)


def test_every_kind_of_element_is_added_changed_and_taken_away(
    panel: DrillsPanel, city: MainWindow
) -> None:
    section(panel, "units")
    click(child(panel, QPushButton, "drills-units-add"))
    click(child(panel, QToolButton, "drills-steps-add-step"))
    units = child(panel, QTableWidget, "drills-step-units")
    item = units.item(0, 0)
    assert item is not None
    item.setCheckState(Qt.CheckState.Checked)
    assert plan_of(panel).steps[0].units == (Commitment(plan_of(panel).units[0].id),)
    click(child(panel, QPushButton, "drills-step-symbol"))
    spot(city, EAST + 80, NORTH + 80)
    corners = ((EAST + 80, NORTH + 80), (EAST + 190, NORTH + 80), (EAST + 190, NORTH + 190))
    for kind in ("zone", "route", "line"):
        click(child(panel, QPushButton, f"drills-step-{kind}"))
        outline(city, *corners)
    for kind in ("message", "camera", "state"):
        click(child(panel, QPushButton, f"drills-step-{kind}"))
    elements = plan_of(panel).steps[0].elements
    assert [e.kind for e in elements] == [
        "symbol", "zone", "route", "line", "message", "camera", "state"
    ]  # fmt: skip
    assert elements[2].unit == elements[6].unit == plan_of(panel).units[0].id
    assert elements[5].text in {view.name for view in city.desk.project.views}
    listed = child(panel, QListWidget, "drills-step-elements")
    listed.setCurrentRow(1)
    form = listed.parentWidget()
    assert form is not None
    child(form, QDoubleSpinBox, "drills-part-grow-to").setValue(2.5)
    child(form, QCheckBox, "drills-part-stays").setChecked(True)
    zone = plan_of(panel).steps[0].elements[1]
    assert (zone.grow_to, zone.stays) == (2.5, True)
    listed.setCurrentRow(4)
    click(child(panel, QPushButton, "drills-step-drop"))
    assert "message" not in {e.kind for e in plan_of(panel).steps[0].elements}
    city.desk.actions["undo"].trigger()
    assert "message" in {e.kind for e in plan_of(panel).steps[0].elements}


def test_what_is_wrong_with_a_step_is_said_above_its_form_at_once(panel: DrillsPanel) -> None:
    section(panel, "units")
    click(child(panel, QPushButton, "drills-units-add"))
    for _ in range(2):
        click(child(panel, QToolButton, "drills-steps-add-step"))
        item = child(panel, QTableWidget, "drills-step-units").item(0, 0)
        assert item is not None
        item.setCheckState(Qt.CheckState.Checked)
    wrong = child(panel, QLabel, "drills-step-problems")
    assert not wrong.isVisible()  # the second step follows the first
    typed(panel, "drills-step-start", "0:00:00")
    assert wrong.isVisible()
    assert "2 are needed and there is one" in wrong.text()
    typed(panel, "drills-step-start", "0:10:00")
    assert not wrong.isVisible()


def test_chapters_and_objectives_of_steps_are_kept(panel: DrillsPanel) -> None:
    section(panel, "chapters")
    written(panel, "drills-chapter-scope", "The whole district")
    assert plan_of(panel).headings == {"scope": "The whole district"}
    section(panel, "objectives")
    click(child(panel, QPushButton, "drills-objectives-add"))
    click(child(panel, QToolButton, "drills-steps-add-step"))
    goals = child(panel, QListWidget, "drills-step-objectives")
    goals.item(0).setCheckState(Qt.CheckState.Checked)
    assert plan_of(panel).steps[0].objectives == (plan_of(panel).objectives[0].id,)


def test_five_steps_from_nothing_are_rehearsed_and_printed(
    panel: DrillsPanel, city: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    typed(panel, "drills-facts-name", "Fire in the library")
    titles = ("Alarm", "Crew sets out", "People are led out", "Fire is fought", "All is over")
    for title in titles:
        click(child(panel, QToolButton, "drills-steps-add-step"))
        typed(panel, "drills-step-title", title)
        written(panel, "drills-step-words", f"{title} now")
    plan = plan_of(panel)
    assert timetable(plan).begins == {f"s{n + 1}": 60.0 * n for n in range(5)}
    panel.drilling.choose_step("s2")
    panel.page("step")
    click(child(panel, QPushButton, "drills-step-pick"))
    spot(city, EAST + 80, NORTH + 80)
    panel.page("board")
    panel.drilling.seek(0.0)
    panel.drilling.speed, panel.drilling.loop = 1.0, False  # other tests played faster
    click(child(panel, QToolButton, "drills-play"))
    for title in titles:
        assert title in child(panel.board, QLabel, "drills-now").text()
        panel.drilling.run_for(60.0)
    assert not panel.drilling.playing
    assert "Nothing comes after this" in child(panel.board, QLabel, "drills-countdown").text()
    path = tmp_path / "script.pdf"
    panel.paper.write_script(path)
    qtbot.waitUntil(path.exists, timeout=60_000)
    qtbot.waitUntil(lambda: not city.desk.jobs.running, timeout=60_000)
    printed = QPdfDocument()
    printed.load(str(path))
    assert printed.error() == QPdfDocument.Error.None_
    pages = [printed.getAllText(at).text() for at in range(printed.pageCount())]
    text = " ".join(" ".join(pages).split())
    assert "Fire in the library" in text
    assert all(f"{title} now" in text for title in titles)
    assert not printed.render(0, printed.pagePointSize(0).toSize()).isNull()


def test_a_plan_that_is_wrong_in_every_way_opens_is_explained_and_loses_nothing(
    panel: DrillsPanel, notices: list[Any], tmp_path: Path
) -> None:
    far = (EAST + 90_000.0, NORTH)
    wrong = Plan(
        0, "Wrong",
        roles=(Role("r1", "Commander"),),
        steps=(
            Step("s1", "Hen", Start("after", 0.0, "s2"), role="r1"),
            Step("s2", "Egg", Start("after", 0.0, "s1"), role="r1"),
            Step("s3", "By nobody", Start("at", 60.0), role="ghost"),
            Step("s4", "Far away", Start("at", 90.0), role="r1", place=far),
        ),
    )  # fmt: skip
    path = tmp_path / "wrong.json"
    write_plan(wrong, path)
    panel.plans.import_from(path)
    assert plan_of(panel).steps == wrong.steps
    panel.page("problems")
    listed = child(panel, QListWidget, "drills-problems")
    told = " ".join(listed.item(at).text() for at in range(listed.count()))
    assert "Hen → Egg → Hen" in told
    assert "names the role “ghost”" in told
    assert "m outside the city" in told
    assert {lane.name for lane in panel.timeline.lanes} == {"Commander", "ghost"}
    panel.drilling.seek(95.0)
    assert panel.drilling.now is not None
    assert {"s3", "s4"} <= set(panel.drilling.now.running)
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole[: whole.index("Far away") + 20], encoding="utf-8")
    panel.plans.import_from(path)
    assert [step.id for step in plan_of(panel).steps][:3] == ["s1", "s2", "s3"]
    assert any("ends in the middle" in notice.text for notice in notices)
    path.write_text("no plan at all", encoding="utf-8")
    panel.plans.import_from(path)
    assert "plan" in notices[-1].text
    assert len(panel.drilling.plans) == 3
