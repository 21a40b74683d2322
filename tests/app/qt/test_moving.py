"""Moving through the city as a user does: keys, clicks, several pictures, paths, films."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QTableWidget,
    QWidget,
)

from app.qt import overview_map
from app.qt.compass import Compass
from app.qt.dialogs.export_film import ExportFilm
from app.qt.main_window import MainWindow
from app.qt.overview_map import OverviewMap
from app.qt.panels.tours import ToursPanel
from app.qt.tools import LASTING, TOOL_FOR
from app.wording import LOCALES, Wording
from layers.camera_path import CameraPath
from layers.edits import SetHeight
from layers.touring import save_path, save_story
from layers.tours import Slide, Story
from layers.viewpoint import View, Viewpoint
from scene.tools.roam import Roam
from scene.walking import EYE
from tests.app.qt.conftest import EAST, NORTH, canvas, child, click, dialog, drag, pixel

MIDDLE = (EAST + 130.0, NORTH + 130.0, 0.0)
LOOK = Viewpoint.looking_at(MIDDLE, 600.0, 0.3, math.radians(-45))


@pytest.fixture
def town(city: MainWindow, qtbot: Any) -> Any:
    """The town from the usual place, in one picture."""
    city.viewport.viewpoint = LOOK
    qtbot.waitUntil(lambda: not city.viewport.busy, timeout=30_000)
    yield city
    city.viewport.count = 1
    city.viewport.linked = True
    city.moving.player.stop()
    city.desk.session.tool = "tool-pan"


def rest(window: MainWindow, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: not window.viewport.busy, timeout=30_000)


def press(window: MainWindow, keys: str) -> None:
    """Press the shortcut of the window."""
    window.desk.actions[keys].trigger()


def playing(window: MainWindow) -> bool:
    return window.moving.player.playing


def test_the_view_goes_back_and_on_again(town: MainWindow, qtbot: Any) -> None:
    back, on = town.desk.actions["view-back"], town.desk.actions["view-forward"]
    first = town.viewport.viewpoint
    press(town, "view-plan")
    rest(town, qtbot)
    plan = town.viewport.viewpoint
    assert (plan.pitch, plan.projection) == (-math.pi / 2, "parallel")
    assert back.isEnabled()
    back.trigger()
    assert town.viewport.viewpoint == first
    qtbot.waitUntil(on.isEnabled)
    on.trigger()
    assert town.viewport.viewpoint == plan


def test_keys_that_are_held_fly_and_do_not_choose_tools(town: MainWindow, qtbot: Any) -> None:
    press(town, "tool-fly")
    widget, before = canvas(town), town.viewport.viewpoint
    widget.setFocus()
    QTest.keyPress(widget, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: town.viewport.viewpoint != before, timeout=60_000)
    QTest.keyRelease(widget, Qt.Key.Key_S)
    assert town.desk.session.tool == "tool-fly"
    tool = town.viewport.tool
    assert isinstance(tool, Roam)
    assert not tool.moving
    now = town.viewport.viewpoint
    way = np.array([now.east - before.east, now.north - before.north, now.height - before.height])
    assert way @ np.array(before.direction) < 0  # backwards


def test_a_walker_stands_at_eye_height_and_goes_where_one_clicks(
    town: MainWindow, qtbot: Any
) -> None:
    press(town, "tool-walk")
    qtbot.waitUntil(
        lambda: town.viewport.viewpoint.height == pytest.approx(EYE, abs=0.02), timeout=60_000
    )
    assert town.viewport.viewpoint.pitch == 0.0
    before = town.viewport.viewpoint
    size = canvas(town).size()
    down = QPoint(size.width() // 2, int(size.height() * 0.9))
    QTest.mouseClick(canvas(town), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, down)
    after = town.viewport.viewpoint
    assert (after.east, after.north) != (before.east, before.north)
    assert after.height == pytest.approx(EYE, abs=0.02)
    drag(canvas(town), QPoint(200, 200), QPoint(300, 200), Qt.MouseButton.LeftButton)
    assert town.viewport.viewpoint.heading != pytest.approx(after.heading)
    assert town.viewport.viewpoint.east == after.east


def test_a_click_on_the_compass_turns_north_and_a_drag_turns_around(
    town: MainWindow, qtbot: Any
) -> None:
    rose = child(town.viewport, Compass, "compass")
    assert rose.isVisible()
    qtbot.waitUntil(lambda: rose.heading == pytest.approx(0.3), timeout=60_000)
    drag(rose, QPoint(32, 4), QPoint(60, 32), Qt.MouseButton.LeftButton)
    turned = town.viewport.viewpoint.heading
    assert math.cos(turned - (0.3 - math.pi / 2)) > 0.95
    target = town.viewport.viewpoint.target
    click(rose)
    assert math.cos(town.viewport.viewpoint.heading) == pytest.approx(1.0)
    assert town.viewport.viewpoint.target == pytest.approx(target, abs=0.01)


def test_a_click_on_the_overview_map_goes_there(town: MainWindow) -> None:
    small = child(town.viewport, OverviewMap, "overview-map")
    place = (EAST + 230.0, NORTH + 30.0)
    at = small.to_map(*place)
    assert small.to_place(at) == pytest.approx(place)
    QTest.mouseClick(small, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at.toPoint())
    assert town.viewport.viewpoint.target[:2] == pytest.approx(place, abs=6.0)
    press(town, "overview")
    assert not small.isVisible()
    press(town, "overview")
    assert small.isVisible()


def test_a_large_city_comes_to_the_overview_map_while_the_window_answers(
    town: MainWindow, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = child(town.viewport, OverviewMap, "overview-map")
    at_once = small.grab().toImage()
    monkeypatch.setattr(overview_map, "AT_ONCE", 0)
    layer = town.desk.project.layers[0]
    layer.visible = False
    with qtbot.waitSignal(small._drawn, timeout=60_000):
        assert small.grab().toImage() == at_once  # until the other is drawn
    qtbot.waitUntil(lambda: small.grab().toImage() != at_once, timeout=60_000)
    layer.visible = True
    with qtbot.waitSignal(small._drawn, timeout=60_000):
        small.grab()
    qtbot.waitUntil(lambda: small.grab().toImage() == at_once, timeout=60_000)


def test_one_types_a_name_and_goes_there_with_enter(town: MainWindow, qtbot: Any) -> None:
    press(town, "go-to")
    asked = dialog(qtbot, "dialog-go-to")
    text, found = child(asked, QLineEdit, "go-to-text"), child(asked, QListWidget, "go-to-list")
    qtbot.keyClicks(text, "Block 7")
    qtbot.waitUntil(lambda: found.count() == 1, timeout=60_000)
    QTest.keyClick(text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not asked.isVisible(), timeout=60_000)
    assert {k: list(v) for k, v in town.desk.session.selection.items()} == {"blocks": [7]}
    assert town.viewport.viewpoint.target[:2] == pytest.approx((EAST + 30, NORTH + 230), abs=30)


def test_coordinates_come_to_the_middle_and_are_marked_until_one_clicks(
    town: MainWindow, qtbot: Any
) -> None:
    town.desk.actions["go-to"].trigger()
    box = dialog(qtbot, "dialog-go-to")
    field = child(box, QLineEdit, "go-to-text")
    qtbot.keyClicks(field, f"{EAST + 30}, {NORTH + 90}")
    found = child(box, QListWidget, "go-to-list")
    qtbot.waitUntil(lambda: found.count() > 0, timeout=20_000)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    rest(town, qtbot)
    middle = QPoint(canvas(town).width() // 2, canvas(town).height() // 2)
    off = pixel(town, EAST + 30, NORTH + 90) - middle
    assert off.manhattanLength() <= 2
    sketch = town.viewport.active.stage.sketch_view
    assert sketch.shown
    click(canvas(town))
    assert not town.viewport.active.stage.sketch_view.shown


def test_what_is_selected_is_shown_up_to_its_top(town: MainWindow, qtbot: Any) -> None:
    tower = town.desk.project.layer("blocks")
    town.desk.run(SetHeight("blocks", 5, 300.0))
    town.desk.session.select({"blocks": [5]})
    town.desk.actions["zoom-selection"].trigger()
    rest(town, qtbot)
    west, south, east, north = tower.features.shapes.bounds()[4].tolist()
    for x in (west, east):
        for y in (south, north):
            for height in (0.0, 300.0):
                assert canvas(town).rect().contains(pixel(town, x, y, height))


def test_nothing_found_is_said(town: MainWindow, qtbot: Any) -> None:
    press(town, "go-to")
    asked = dialog(qtbot, "dialog-go-to")
    qtbot.keyClicks(child(asked, QLineEdit, "go-to-text"), "nowhere")
    told = child(asked, QLabel, "go-to-told")
    qtbot.waitUntil(lambda: "nowhere" in told.text(), timeout=60_000)
    assert not child(asked, QPushButton, "go").isEnabled()


def test_linked_eyes_move_together_and_free_ones_do_not(town: MainWindow, qtbot: Any) -> None:
    panes = town.viewport
    panes.linked = True
    press(town, "panes-4")
    assert panes.count == 4
    qtbot.waitUntil(lambda: all(pane.frames for pane in panes.panes), timeout=60_000)
    panes.zoom(2.0)
    assert len({pane.viewpoint for pane in panes.panes}) == 1
    press(town, "panes-linked")
    headings = [round(pane.viewpoint.heading, 3) for pane in panes.panes]
    assert headings == [0.3] * 4
    second = panes.panes[1]
    touch = child(second, QWidget, "canvas")
    QTest.mouseClick(touch, Qt.MouseButton.MiddleButton)
    assert panes.active is second
    assert child(panes, QFrame, "pane-2").property("active") == "yes"
    panes.look_towards(2.0, -0.5)
    headings = [round(pane.viewpoint.heading, 3) for pane in panes.panes]
    assert headings == [0.3, 2.0, 0.3, 0.3]
    press(town, "panes-1")
    assert panes.count == 1
    assert panes.panes == (panes.active,)
    rest(town, qtbot)


def test_a_selection_and_a_closed_project_reach_every_picture(town: MainWindow, qtbot: Any) -> None:
    press(town, "panes-2")
    town.desk.session.select({"blocks": [3]})
    assert all(list(pane.stage.selection["blocks"]) == [3] for pane in town.viewport.panes)
    town.desk.session.history.mark_saved()
    town.documents.close()
    assert all(not pane.stage.project.layers for pane in town.viewport.panes)
    press(town, "panes-1")


# Paths, stories, films --------------------------------------------------------------------------


def with_views(window: MainWindow) -> ToursPanel:
    far = Viewpoint.looking_at(MIDDLE, 900.0, 2.0, -0.6)
    window.desk.project.views = (View("near", LOOK, note="Here"), View("far", far))
    panel = window.docks.panel("tours")
    assert isinstance(panel, ToursPanel)
    window.docks.show("tours")
    return panel


def test_a_path_through_the_views_is_made_played_and_undone(town: MainWindow, qtbot: Any) -> None:
    panel = with_views(town)
    panel.add_path_of_views()
    shown = child(panel, QListWidget, "tours-list")
    assert [shown.item(i).text() for i in range(shown.count())] == ["Path 1  ·  10 s"]
    shown.setCurrentRow(0)
    child(panel, QAction, "tours-play").trigger()
    assert playing(town)
    assert town.viewport.viewpoint.distance == pytest.approx(600.0)
    town.moving.player.seek(10.0)
    assert town.viewport.viewpoint.distance == pytest.approx(900.0)
    QTest.keyClick(town, Qt.Key.Key_Escape)
    assert not playing(town)
    town.desk.actions["undo"].trigger()
    assert town.desk.project.tours.paths == ()


def test_clicked_points_become_a_path(town: MainWindow, qtbot: Any, notices: list[Any]) -> None:
    press(town, "tool-path")
    widget = canvas(town)
    for at in (QPoint(300, 300), QPoint(400, 350), QPoint(500, 300)):
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QTest.keyClick(widget, Qt.Key.Key_Return)
    (path,) = town.desk.project.tours.paths
    assert (len(path.stops), path.look, path.above) == (3, "ahead", 40.0)
    assert town.desk.session.tool == "tool-pan"
    assert notices[-1].text.startswith("Path 1 is made")
    panel = town.docks.panel("tours")
    assert isinstance(panel, ToursPanel)
    assert panel.chosen() == path


def test_a_path_is_changed_in_its_dialog(town: MainWindow, qtbot: Any) -> None:
    panel = with_views(town)
    panel.add_path_of_views()
    child(panel, QListWidget, "tours-list").setCurrentRow(0)
    child(panel, QAction, "tours-edit").trigger()
    asked = dialog(qtbot, "dialog-path-editor")
    child(asked, QLineEdit, "path-name").setText("Round trip")
    child(asked, QDoubleSpinBox, "path-seconds").setValue(33.0)
    child(asked, QComboBox, "path-look").setCurrentIndex(2)
    child(asked, QLineEdit, "path-start").setText("2026-06-21T08:00")
    click(child(asked, QPushButton, "ok"))
    (path,) = town.desk.project.tours.paths
    assert (path.name, path.seconds, path.look) == ("Round trip", 33.0, "target")
    assert path.moments == ("2026-06-21T08:00", "2026-06-21T08:00")


def test_a_story_plays_with_its_texts_and_its_slides_can_be_moved(
    town: MainWindow, qtbot: Any
) -> None:
    panel = with_views(town)
    panel.add_story()
    child(panel, QListWidget, "tours-list").setCurrentRow(0)
    child(panel, QAction, "tours-play").trigger()
    caption = child(town.viewport, QLabel, "player-caption")
    assert "Here" in caption.text()
    assert not town.menuBar().isVisible()
    town.moving.player.stop()
    assert town.menuBar().isVisible()
    child(panel, QAction, "tours-edit").trigger()
    asked = dialog(qtbot, "dialog-story-editor")
    table = child(asked, QTableWidget, "story-slides")
    table.setCurrentCell(0, 0)
    click(child(asked, QPushButton, "story-down"))
    click(child(asked, QPushButton, "ok"))
    (story,) = town.desk.project.tours.stories
    assert [slide.view for slide in story.slides] == ["far", "near"]


def test_a_film_is_written_from_the_panel(town: MainWindow, qtbot: Any, tmp_path: Path) -> None:
    path = CameraPath("short", (LOOK, Viewpoint.looking_at(MIDDLE, 500.0)), seconds=0.4)
    town.desk.session.run(save_path(town.desk.project, path))
    town.moving.film(path)
    asked = dialog(qtbot, "dialog-export-film")
    assert isinstance(asked, ExportFilm)
    child(asked, QDoubleSpinBox, "film-fps").setValue(5)
    child(asked, QComboBox, "film-quality").setCurrentIndex(0)
    assert child(asked, QLabel, "film-frames").text().startswith("2 ")
    click(child(asked, QPushButton, "film"))
    files = asked.findChild(QFileDialog, "film-file")
    assert files is not None
    files.reject()
    out = tmp_path / "short.mp4"
    asked.write(str(out))
    qtbot.waitUntil(out.exists, timeout=60_000)
    assert out.stat().st_size > 1000


def test_a_story_of_a_view_that_is_gone_says_so(town: MainWindow, notices: list[Any]) -> None:
    story = Story("broken", (Slide("nothing"),))
    town.desk.session.run(save_story(town.desk.project, story))
    town.moving.play(story)
    assert not playing(town)
    assert "nothing" in notices[-1].text
    QApplication.processEvents()


def test_three_clicks_dig_a_pit_that_a_view_keeps_and_one_action_closes(town: MainWindow) -> None:
    press(town, "tool-cut")
    widget = canvas(town)
    for at in (QPoint(300, 300), QPoint(420, 300), QPoint(360, 400)):
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QTest.keyClick(widget, Qt.Key.Key_Return)
    cut = town.viewport.cut
    assert cut is not None
    assert (len(cut.ring), cut.low, cut.keep) == (3, -15.0, "outside")
    press(town, "view-save")
    assert town.desk.project.views[0].cut == cut
    press(town, "cut-turn")
    turned = town.viewport.cut
    assert turned is not None
    assert turned.keep == "inside"
    press(town, "cut-clear")
    assert town.viewport.cut is None
    assert not town.desk.actions["cut-clear"].isEnabled()
    town.viewport.show_view(town.desk.project.views[0])
    assert town.viewport.cut == cut


def test_the_head_of_the_picture_tells_how_the_tool_is_handled(
    town: MainWindow, qtbot: Any
) -> None:
    hint = child(town, QLabel, "tool-hint")
    assert not hint.isVisible()
    town.desk.actions["tool-cut"].trigger()
    assert hint.isVisible()
    assert hint.text().startswith("Two clicks and Enter")
    place = hint.mapTo(town.viewport, hint.rect().center())
    assert abs(place.x() - town.viewport.width() / 2) < 2
    assert hint.geometry().bottom() < town.viewport.height() / 2
    town.desk.speak("zh-CN")
    assert hint.text().startswith("单击两点后回车")
    town.desk.actions["tool-fly"].trigger()
    assert "W A S D" in hint.text()
    qtbot.keyClick(canvas(town), Qt.Key.Key_Escape)
    assert town.desk.session.tool == "tool-pan"
    assert not hint.isVisible()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_tool_says_how_it_is_handled(locale: str) -> None:
    words = Wording(locale)
    told = {key: words.t(f"tool-how-{key}") for key in TOOL_FOR if key not in LASTING}
    assert not [key for key, text in told.items() if text == f"tool-how-{key}"]
