"""Looking into the city in the window: underground, cuts by numbers, objects alone, panes alike."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QDateTime, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QDoubleSpinBox,
    QSlider,
    QToolBar,
)

from app.qt.dialogs.export_film import ExportFilm
from app.qt.main_window import MainWindow
from layers.camera_path import CameraPath
from layers.cut import Cut
from layers.touring import save_path, save_story
from layers.tours import Slide, Story
from layers.viewpoint import Viewpoint
from tests.app.qt.conftest import EAST, NORTH, child

MIDDLE = (EAST + 130.0, NORTH + 130.0, 0.0)
LOOK = Viewpoint.looking_at(MIDDLE, 600.0, 0.3, math.radians(-45))


@pytest.fixture
def town(city: MainWindow) -> Any:
    """The town from the usual place, with the panel open."""
    city.viewport.viewpoint = LOOK
    city.docks.show("inside")
    yield city
    city.viewport.count = 1
    city.viewport.cut = None
    city.viewport.underground = 0.0
    city.docks["inside"].hide()


def press(window: MainWindow, key: str) -> None:
    window.desk.actions[key].trigger()


def test_one_key_shows_the_underground_and_the_slider_says_how_much(town: MainWindow) -> None:
    slider = child(town, QSlider, "inside-share")
    press(town, "underground")
    assert town.viewport.underground == pytest.approx(0.65)
    assert slider.value() == 65
    slider.setValue(40)
    assert town.viewport.underground == pytest.approx(0.40)
    press(town, "underground")
    assert town.viewport.underground == 0.0
    press(town, "underground")
    assert town.viewport.underground == pytest.approx(0.40)  # as it was last time
    assert town.desk.actions["underground"].isChecked()


def test_a_named_view_keeps_the_underground(town: MainWindow) -> None:
    town.viewport.underground = 0.5
    press(town, "view-save")
    name = town.desk.project.views[-1].name
    assert town.desk.project.views[-1].underground == 0.5
    town.viewport.underground = 0.0
    town.show_view(name)
    assert town.viewport.underground == 0.5


def test_a_cut_is_typed_in_numbers(town: MainWindow) -> None:
    kind = child(town, QComboBox, "inside-kind")
    kind.setCurrentIndex(kind.findData("plane"))
    kind.activated.emit(kind.currentIndex())
    cut = town.viewport.cut
    assert cut is not None
    np.testing.assert_allclose(cut.outline.exterior.distance(cut.outline.centroid), 50_000)
    child(town, QDoubleSpinBox, "inside-heading").setValue(90.0)
    east = child(town, QDoubleSpinBox, "inside-east")
    east.setValue(EAST + 30.0)
    cut = town.viewport.cut
    assert cut is not None
    assert cut.outline.bounds[0] == pytest.approx(EAST + 30.0, abs=0.1)
    kind.setCurrentIndex(kind.findData("none"))
    kind.activated.emit(kind.currentIndex())
    assert town.viewport.cut is None


def test_what_is_selected_stands_alone_until_the_key_is_pressed_again(
    town: MainWindow, notices: list[Any]
) -> None:
    press(town, "isolate")
    assert not town.desk.actions["isolate"].isChecked()
    assert notices
    town.desk.session.select({"blocks": [2]})
    press(town, "isolate")
    assert town.viewport.count == 1
    assert town.desk.actions["isolate"].isChecked()
    x, y = town.viewport.stage.size[0] / 2, town.viewport.stage.size[1] / 2
    box = town.viewport.stage.pick_box(0, 0, 2 * x, 2 * y)
    assert box.get("blocks", np.empty(0)).tolist() == [2]
    press(town, "isolate")
    assert not town.desk.actions["isolate"].isChecked()
    assert len(town.viewport.stage.pick_box(0, 0, 2 * x, 2 * y)["blocks"]) > 1


def test_a_new_picture_looks_as_the_first(town: MainWindow) -> None:
    viewport = town.viewport
    viewport.underground = 0.3
    viewport.active.stage.look = "white"
    viewport.active.stage.moment = "2026-12-21T09:00"
    layer = town.desk.project.layer("lake")
    viewport.active.stage.show_only({"lake": False})
    viewport.count = 2
    first, second = viewport.panes
    assert second.stage.look == "white"
    assert second.stage.underground.share == 0.3
    assert second.stage.moment == "2026-12-21T09:00"
    assert second.viewpoint == first.viewpoint
    assert not second.shown(layer)
    first.stage.look = first.stage.moment = ""
    first.stage.show_only(None)


def test_the_toolbar_fits_into_a_small_window(town: MainWindow) -> None:
    bar = child(town, QToolBar, "toolbar")
    assert bar.sizeHint().width() <= 1280


def test_a_film_is_asked_for_from_the_toolbar(town: MainWindow, notices: list[Any]) -> None:
    press(town, "film")
    assert notices


def test_a_film_is_asked_for_with_a_running_day(town: MainWindow) -> None:
    way = CameraPath("way", (LOOK, replace(LOOK, heading=1.0)), seconds=2.0)
    form = ExportFilm(town.desk, way, town)
    assert form.moments() == ()
    child(form, QCheckBox, "film-day").setChecked(True)
    first, last = form.moments()
    assert first < last  # a day that runs, not a day that stands still
    for name, text in (("film-day-from", "2026-06-21T06:00"), ("film-day-to", "2026-06-21T20:30")):
        edit = child(form, QDateTimeEdit, name)
        assert edit.isEnabled()
        edit.setDateTime(QDateTime.fromString(text, Qt.DateFormat.ISODate))
    assert form.moments() == ("2026-06-21T06:00", "2026-06-21T20:30")
    assert not child(form, QCheckBox, "film-captions").isVisibleTo(form)
    form.reject()


def test_the_dialog_of_films_offers_every_path_and_story(town: MainWindow) -> None:
    way = CameraPath("way", (LOOK, replace(LOOK, heading=1.0)), seconds=2.0)
    town.desk.session.run(save_path(town.desk.project, way))
    story = Story("tale", (Slide("near"), Slide("far")))
    town.desk.session.run(save_story(town.desk.project, story))
    form = ExportFilm(town.desk, way, town)
    names = child(form, QComboBox, "film-name")
    assert [names.itemText(row) for row in range(names.count())] == ["way", "tale"]
    seconds, captions = (
        child(form, QDoubleSpinBox, "film-seconds"),
        child(form, QCheckBox, "film-captions"),
    )
    assert (seconds.value(), seconds.isEnabled()) == (2.0, True)
    assert captions.isHidden()
    names.setCurrentIndex(1)
    assert (seconds.value(), seconds.isEnabled()) == (story.seconds, False)
    assert not captions.isHidden()
    assert form.moments() == ()
    form.reject()


def test_a_leaning_plane_is_cut_by_typed_numbers(town: MainWindow) -> None:
    kind = child(town, QComboBox, "inside-kind")
    kind.setCurrentIndex(kind.findData("slope"))
    kind.activated.emit(kind.currentIndex())
    cut = town.viewport.cut
    assert cut is not None
    assert cut.slope is not None
    child(town, QDoubleSpinBox, "inside-lean").setValue(60.0)
    leaning = town.viewport.cut
    assert leaning is not None
    assert leaning.slope is not None
    assert leaning.slope.normal[2] == pytest.approx(math.sin(math.radians(60.0)))
    assert child(town, QDoubleSpinBox, "inside-low").isHidden()


def test_a_cut_that_was_clicked_shows_its_numbers_and_is_moved_by_the_slider(
    town: MainWindow,
) -> None:
    town.viewport.cut = Cut.plane((EAST + 100.0, NORTH + 50.0), math.radians(90))
    town.viewport.rested.emit()
    kind = child(town, QComboBox, "inside-kind")
    assert kind.currentData() == "plane"
    east, north = (child(town, QDoubleSpinBox, f"inside-{name}") for name in ("east", "north"))
    assert (east.value(), north.value()) == (EAST + 100.0, NORTH + 50.0)
    slider = child(town, QSlider, "inside-sweep")
    slider.setSliderDown(True)
    slider.setValue(50)
    slider.setValue(20)
    moved = 0.5 * LOOK.distance * 0.2
    assert east.value() == pytest.approx(EAST + 100.0 + moved, abs=0.06)
    cut = town.viewport.cut
    assert cut is not None
    assert cut.outline.bounds[0] == pytest.approx(east.value(), abs=0.01)
    slider.setSliderDown(False)
    assert slider.value() == 0
    assert east.value() == pytest.approx(EAST + 100.0 + moved, abs=0.06)


def test_a_box_of_a_view_is_changed_in_numbers(town: MainWindow) -> None:
    box = Cut.box((EAST + 60.0, NORTH + 60.0), (80.0, 40.0), math.radians(20), low=3.0,
                  keep="inside")  # fmt: skip
    town.viewport.cut = box
    town.viewport.rested.emit()
    assert child(town, QComboBox, "inside-kind").currentData() == "box"
    high = child(town, QDoubleSpinBox, "inside-high")
    assert high.text() == "no end"
    high.setValue(25.0)
    cut = town.viewport.cut
    assert cut is not None
    np.testing.assert_allclose(cut.ring, box.ring, atol=0.1)
    assert (cut.low, cut.high, cut.keep) == (3.0, 25.0, "inside")
    outline = Cut(((EAST, NORTH), (EAST + 90, NORTH), (EAST + 50, NORTH + 70)), low=-15.0)
    town.viewport.cut = outline
    town.viewport.rested.emit()
    assert child(town, QComboBox, "inside-kind").currentData() == "drawn"
    child(town, QDoubleSpinBox, "inside-low").setValue(-4.0)
    assert town.viewport.cut == replace(outline, low=-4.0)


def test_layers_are_taken_apart_and_a_cut_puts_them_together(town: MainWindow, qtbot: Any) -> None:
    field = child(town, QDoubleSpinBox, "inside-apart")
    field.setValue(80.0)
    stage = town.viewport.stage
    qtbot.waitUntil(lambda: not stage.waiting, timeout=60_000)
    assert town.viewport.explode == 80.0
    assert {view.lift for view in stage.views.values()} == {80.0, 160.0}
    town.viewport.cut = Cut.level((EAST, NORTH), 20.0)
    qtbot.waitUntil(lambda: not stage.waiting, timeout=60_000)
    assert town.viewport.explode == 0.0
    assert field.value() == 0.0
